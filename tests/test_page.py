"""The page of a report: what is on it, that no text of a model gets out of its place, and a walk through it in Chromium."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner
from datasets import answer, question, write_dataset, write_responses

from harness.page import page
from harness.report import score_files
from morse.cli import main
from morse.dataset import open_dataset, video_path
from morse.schema import Choice, Evidence, Integer
from tests.browser import chromium, opened

HOSTILE = (
    "</pre></details><script>window.pwned = 1</script><img src=x onerror='window.pwned = 2'>"
    '"><svg onload="window.pwned = 3"><a href="javascript:window.pwned = 4">A</a> {{ 7 * 7 }} {% raw %} \x00\x1b\u202e\ud800 &lt; ]]> <!-- \nAnswer: B'
)
OPTIONS = Choice(options=("red & <b>bold</b>", "green", '"blue"', "pink"))


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Eight clips of two questions at levels 1 to 4, the first clip with a video, and its evidence at 1 to 2 s."""
    items = []
    for clip in range(8):
        options = {"clip": f"{clip:016x}", "level": 1 + clip // 2, "category": "spatial" if clip % 2 else "temporal"}
        items.append((question(2 * clip, OPTIONS, **options), "A"))
        items.append((question(2 * clip + 1, Integer(), **options), 7))
    items[0] = (
        items[0][0].model_copy(update={"text": "Which <i>one</i>?", "prompt": "Which <i>one</i>?\n(A) red"}),
        "A",
    )
    folder = write_dataset(tmp_path / "a set", items)
    evidence = (Evidence(start=1.0, end=2.0),)
    lines = [answer(q, value).model_copy(update={"evidence": evidence}).model_dump_json() for q, value in items]
    (folder / "private/answers.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    video = folder / "public" / video_path("0" * 16)
    video.parent.mkdir(parents=True)
    with av.open(str(video), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=8)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for number in range(32):
            frame = av.VideoFrame.from_ndarray(np.full((36, 64, 3), number * 8, np.uint8), "rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return folder


@pytest.fixture
def written(dataset: Path, tmp_path: Path) -> Path:
    """The page, written by the command beside the data set's folder, of a model that is right on A and off by one on 7."""
    rows: list[dict[str, object]] = [
        {
            "question_id": f"q{i}",
            "response": "A" if i % 2 == 0 else "8",
            "usage": {"tokens": 10},
            "frames": [0.5, 1.2, 1.6],
        }
        for i in range(2, 15)
    ]
    rows.append({"question_id": "q0", "response": HOSTILE, "model": "<script>window.pwned = 5</script> M"})
    rows.append({"question_id": "q1", "response": "who knows"})
    given = write_responses(tmp_path / "r.jsonl", rows)
    page = tmp_path / "pages" / "report.html"
    result = CliRunner().invoke(main, ["score", str(dataset), str(given), "--html", str(page)])
    assert result.exit_code == 0, result.output
    return page


class Outline(HTMLParser):
    """The elements of a page with their attributes, the text in each class, and whether all that opens closes."""

    EMPTY = frozenset({"meta", "input", "line", "rect", "circle", "path"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))


def test_the_page_holds_the_figures_and_closes_what_it_opens(written):
    outline = Outline(written.read_text(encoding="utf-8"))
    assert outline.open == []
    text = " ".join(data for _, data in outline.texts)
    assert "one too many" in text and "evidence 1.0–2.0 s" in text and "tokens" in text
    ids = {attributes.get("id") for _, attributes in outline.tags}
    assert {"categories", "levels", "evidence", "misses", "cost", *(f"q{i}" for i in range(16))} <= ids
    sources = [attributes["src"] for tag, attributes in outline.tags if tag == "video"]
    assert sources[0] == "../a%20set/public/videos/00/" + "0" * 16 + ".mp4" and len(sources) == 16


def test_the_curve_stays_above_the_line_of_chance(tmp_path):
    """Half of the questions have a chance of ½, of the others it is not known; all that is right is guessed."""
    items = [
        (question(n, OPTIONS, clip=f"{n:016x}", level=1 + n // 20, chance=0.5 if n % 2 else None), "A")
        for n in range(80)
    ]
    folder = write_dataset(tmp_path / "set", items)
    right = [n < 20 or n % 4 == 1 for n in range(80)]
    rows: list[dict[str, object]] = [{"question_id": f"q{n}", "response": "A" if right[n] else "B"} for n in range(80)]
    report = score_files(folder, write_responses(tmp_path / "r.jsonl", rows), curves=True)
    html = page(report, open_dataset(folder), tmp_path / "page.html")
    [path] = re.findall(r'<path class="curve" d="M([^"]*)"', html)
    [line] = re.findall(r'<line class="chance" x1="40"[^>]* y1="([\d.]+)"', html)
    lowest = max(float(point.split(",")[1]) for point in path.split(" L"))  # y grows downwards
    assert report.curves["spatial"].chance == 0.25
    assert float(line) == 20 + 160 * 0.75 and lowest <= float(line)


def test_nothing_is_loaded_from_elsewhere(written):
    """All addresses are relative; nothing but clips has any."""
    for tag, attributes in Outline(written.read_text(encoding="utf-8")).tags:
        for name in ("src", "href", "action", "data", "poster"):
            assert name not in attributes or (tag == "video" and str(attributes[name]).startswith("../"))


def test_hostile_text_stays_text(written):
    page = written.read_text(encoding="utf-8")
    outline = Outline(page)
    assert [tag for tag, _ in outline.tags].count("script") == 1
    assert not any(name.startswith("on") for _, attributes in outline.tags for name in attributes)
    assert not {"img", "a", "i", "iframe"} & {tag for tag, _ in outline.tags}
    assert "\x00" not in page and "\x1b" not in page and "{{ 7 * 7 }}" in page
    response = next(data for tag, data in outline.texts if tag == "bdi" and "pwned" in data)
    assert response.startswith(
        "</pre></details><script>window.pwned = 1</script><img src=x onerror='window.pwned = 2'>"
    )


def test_a_page_that_cannot_be_written_is_one_line(dataset, tmp_path):
    given = write_responses(tmp_path / "r.jsonl", [{"question_id": "q0", "response": "A"}])
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(main, ["score", str(dataset), str(given), "--html", str(tmp_path / "file" / "x.html")])
    assert result.exit_code == 1 and result.output.count("\n") == 1 and "file" in result.output


def test_reports_keep_what_the_page_shows(dataset, tmp_path):
    given = write_responses(tmp_path / "r.jsonl", [{"question_id": "q1", "response": "8", "frames": [5.0]}])
    report = score_files(dataset, given)
    assert report.results[1].near_miss == "one too many" and report.results[1].failure == "not shown"
    assert json.loads(report.model_dump_json())["near_misses"][0]["share"] == 1.0 and report.curves == {}


@pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("dark", [False, True])
def test_a_walk_through_the_page(written, dark, tmp_path):
    """Nothing hostile ran; filters sift; a response opens beside its clip; its evidence plays; nothing overflows."""
    with opened(written.as_uri(), dark=dark) as page:
        assert page.evaluate("window.pwned") is None
        assert page.evaluate("document.getElementById('count').textContent") == "16 of 16"
        page.evaluate(
            "(document.getElementById('verdict').value = 'right', document.getElementById('verdict').dispatchEvent(new Event('input')))"
        )
        shown = "Array.from(document.querySelectorAll('details.item:not([hidden])')).map(e => e.id)"
        assert page.evaluate(shown) == [f"q{i}" for i in range(2, 16, 2)]
        page.evaluate(
            "(document.getElementById('verdict').value = '', document.getElementById('verdict').dispatchEvent(new Event('input')))"
        )
        page.type("#find", "who knows")
        assert page.evaluate(shown) == ["q1"]
        page.evaluate(
            "(document.getElementById('find').value = '', document.getElementById('find').dispatchEvent(new Event('input')))"
        )
        page.click("#q0 > summary")
        assert page.evaluate("document.getElementById('q0').open") is True
        assert "window.pwned" in page.evaluate("document.querySelector('#q0 pre.response').innerText")
        page.click("#q0 button.span")
        moved = "new Promise(done => { const v = document.querySelector('#q0 video'), until = Date.now() + 8000; const look = () => v.currentTime >= 1 || Date.now() > until ? done(v.currentTime) : setTimeout(look, 50); look(); })"
        assert page.evaluate(moved) >= 1.0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True
        ink, paper = page.evaluate(
            "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
        )
        light, dim = (sum(map(int, colour[4:-1].split(", "))) for colour in ((ink, paper) if dark else (paper, ink)))
        assert light > 600 and dim < 200
        page.screenshot(tmp_path / "page.png")
        assert (tmp_path / "page.png").stat().st_size > 5000
