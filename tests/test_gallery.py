"""``morse view``: what its page holds, what the server gives and refuses, and a walk through it in Chromium."""

import http.client
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from harness.gallery.contents import Contents
from harness.gallery.motion import TOLERANCE, key_rows, motion
from harness.gallery.poster import poster
from harness.gallery.runs import runs_of
from harness.report import score_files
from morse.cli import main
from morse.dataset import open_dataset, video_path
from morse.errors import BadInput
from morse.stage.encoder import Encoder
from morse.stage.frames import Canvas
from tests.browser import chromium, opened
from tests.gallery_sets import HOSTILE, make_toys, served, write_run

in_chromium = pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")
MARKS = "110?-011"
OTHERS = "1101-000"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four clips of two questions each, with videos."""
    return make_toys(tmp_path_factory.mktemp("made") / "a set")


@pytest.fixture(scope="module")
def run(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(made, tmp_path_factory.mktemp("runs") / "eagle.jsonl", MARKS)


@pytest.fixture(scope="module")
def other(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(made, tmp_path_factory.mktemp("runs") / "owl.jsonl", OTHERS)


@pytest.fixture
def contents(made: Path, run: Path, other: Path) -> Contents:
    data = open_dataset(made)
    return Contents(data, runs_of(data, made, [str(run), f"owl={other}"]))


def said_by(file: bytes | Path | None) -> Any:
    """The value that a data file calls the page with."""
    assert isinstance(file, bytes)
    text = file.decode("ascii")
    return json.loads(text[text.index("(") + 1 : text.rindex(")")])


def morse(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.output


# ── what the page holds ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_index_has_the_verdicts_of_morse_score(contents: Contents, made: Path, run: Path) -> None:
    index = said_by(contents.file("data/index.js"))
    assert index["runs"] == ["eagle", "owl"]
    verdicts = [question["verdicts"] for clip in index["clips"] for question in clip["questions"]]
    letters = {"1": "r", "0": "w", "?": "u", "-": "m"}
    assert verdicts == [letters[one] + letters[two] for one, two in zip(MARKS, OTHERS, strict=True)]
    scored = [r.outcome if r.outcome != "scored" else r.correct for r in score_files(made, run).results]
    assert scored == [{"1": True, "0": False, "?": "unparsed", "-": "missing"}[mark] for mark in MARKS]


def test_a_clip_says_what_was_read_and_why_it_scored_so(contents: Contents, made: Path, run: Path) -> None:
    clips = [said_by(contents.file(f"data/{name[:2]}/{name}.js")) for name in contents.clips]
    questions = [question for clip in clips for question in clip["questions"]]
    results = score_files(made, run).results
    for question, result in zip(questions, results, strict=True):
        said = question["said"][0]
        assert question["answer"] == result.answer
        assert said["read"] == (result.said if result.outcome == "scored" else None)
        if result.reason:
            assert ["reason", result.reason] in said["why"]
        if result.near_miss:
            assert ["apart", result.near_miss] in said["why"]
    wrong = questions[MARKS.index("0")]["said"][0]
    assert ["rule", "what was read is not the reference answer"] in wrong["why"]


def test_a_clip_has_events_evidence_and_tracks(contents: Contents, made: Path) -> None:
    name = next(iter(contents.clips))
    clip = said_by(contents.file(f"data/{name[:2]}/{name}.js"))
    trace = open_dataset(made).trace(name)
    assert [event["claim"] for event in clip["events"]] == [event.claim for event in trace.events]
    assert clip["questions"][1]["evidence"] == [{"start": 0.0, "end": 0.6, "objects": [trace.events[0].objects[0]]}]
    # The toy's square "a" is 2 wide at (-6, 0) of a world 16 wide and 9 high, all the time.
    assert clip["tracks"]["a"] == [
        [0, 0.062, 0.389, 0.188, 0.611, 1.0],
        [clip["frames"] - 1, 0.062, 0.389, 0.188, 0.611, 1.0],
    ]
    assert "seed" not in json.dumps(clip)


def test_the_public_half_alone_tells_no_answer(made: Path, run: Path) -> None:
    """Nothing of the private half is read, and a response is shown without a verdict."""
    data = replace(open_dataset(made), private=None)
    contents = Contents(data, runs_of(data, made, [str(run)]))
    index = said_by(contents.file("data/index.js"))
    assert index["answers"] is False
    for name in contents.clips:
        clip = said_by(contents.file(f"data/{name[:2]}/{name}.js"))
        assert {"events", "objects", "tracks", "states", "params"}.isdisjoint(clip)
        for question in clip["questions"]:
            assert {"answer", "evidence", "steps", "letter"}.isdisjoint(question)
            assert {said["verdict"] for said in question["said"]} <= {"unscored", "unparsed"}


def test_a_report_tells_answers_and_is_refused_for_a_public_half(made: Path, run: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert morse("score", made, run, "--json", report)[0] == 0
    code, said = morse("view", made, report, "--public", "--out", tmp_path / "page")
    assert (code, said.count("\n")) == (2, 1) and "a report tells the answers" in said
    assert not (tmp_path / "page").exists()


def test_runs_of_another_set_are_refused(made: Path, run: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert morse("score", made, run, "--json", report)[0] == 0
    report.write_text(report.read_text().replace('"question_id": "', '"question_id": "x'))
    code, said = morse("view", made, report, "--out", tmp_path / "page")
    assert (code, said.count("\n")) == (2, 1) and "other questions" in said


def test_a_folder_of_morse_evaluate_is_a_run(made: Path, run: Path, tmp_path: Path) -> None:
    for name in ("frames-8", "video"):
        (tmp_path / name).mkdir()
        shutil.copyfile(run, tmp_path / name / "responses.jsonl")
    found = runs_of(open_dataset(made), made, [str(tmp_path / "frames-8"), f"best={tmp_path / 'video'}"])
    assert list(found) == ["frames-8", "best"] and found["frames-8"] == found["best"]
    with pytest.raises(BadInput, match="no such file"):
        runs_of(open_dataset(made), made, [str(tmp_path)])


def test_only_files_of_the_page_can_be_named(contents: Contents) -> None:
    name = next(iter(contents.clips))
    assert contents.file(video_path(name)) == contents.data.public / video_path(name)
    strange = [
        "../private/plan.json", "private/plan.json", "data/../../private/answers.jsonl", "questions.jsonl", "manifest.json",
        f"videos/{name[:2]}/{name}.js", f"data/{name[:2]}/{name}.mp4", f"videos/ff/{name}.mp4", "videos/00/0000000000000000.mp4",
        f"videos/{name[:2]}/{name}.mp4/", f"posters/{name[:2]}/../../x.jpg", "/etc/passwd", "data", "\0",
    ]  # fmt: skip
    assert [path for path in strange if contents.file(path) is not None] == []


def test_a_video_that_leads_out_of_the_set_is_not_given(made: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(made, tmp_path / "set"))
    contents = Contents(open_dataset(copy), {})
    video = copy / "public" / video_path(next(iter(contents.clips)))
    video.unlink()
    (tmp_path / "secret.mp4").write_bytes(b"secret")
    video.symlink_to(tmp_path / "secret.mp4")
    with pytest.raises(BadInput, match="a link out of the data set"):
        contents.file(video_path(video.stem))


def test_a_poster_is_a_small_picture_of_the_clip(made: Path, tmp_path: Path) -> None:
    video = next((made / "public/videos").rglob("*.mp4"))
    picture = poster(video)
    assert picture[:3] == b"\xff\xd8\xff" and 500 < len(picture) < 40_000
    (tmp_path / "x.mp4").write_bytes(b"no video")
    with pytest.raises(BadInput, match="cannot be decoded"):
        poster(tmp_path / "x.mp4")


def test_a_poster_is_not_of_a_blank_page(tmp_path: Path) -> None:
    """A picture in the first third of a clip, and nothing but a curtain after it."""
    blank = np.full((72, 128, 3), 90, np.uint8)
    drawn = blank.copy()
    drawn[::4] = 250
    with Encoder(tmp_path / "clip.mp4", Canvas(128, 72, 8), "rgb24", "") as encoder:
        encoder.write(drawn, 24)
        encoder.write(blank, 40)
    with Image.open(io.BytesIO(poster(tmp_path / "clip.mp4"))) as picture:
        grey = np.asarray(picture.convert("L"), int)
    assert grey.max() - grey.min() > 80


# ── tracks ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(
    st.lists(st.tuples(*[st.floats(-1, 2) for _ in range(4)], st.floats(0, 1)), min_size=1, max_size=60),
    st.integers(1, 3),
)
@settings(max_examples=60, deadline=None)
def test_lines_between_key_frames_are_near_the_tracks(values: list[tuple[float, ...]], hold: int) -> None:
    boxes = np.repeat(np.array(values), hold, axis=0)
    rows = np.column_stack([np.arange(len(boxes)), boxes])
    keys = key_rows(rows)
    assert keys[0] == 0 and keys[-1] == len(rows) - 1 and keys == sorted(set(keys))
    for column in range(5):
        line = np.interp(rows[:, 0], rows[keys, 0], rows[keys, column + 1])
        assert np.abs(line - rows[:, column + 1]).max() <= TOLERANCE[column] + 1e-9


def test_steady_motion_takes_two_key_frames_and_a_jump_two_more() -> None:
    frames = np.arange(100)
    left = np.where(frames < 50, frames / 200, 0.9)
    names = ("left", "top", "right", "bottom", "visible")
    columns: dict[str, Any] = {"left": left, "top": left * 0, "right": left + 0.1, "bottom": left * 0 + 1}
    columns["visible"] = np.ones(100)
    batch = pa.record_batch(
        {"frame": pa.array(frames, pa.int32()), "object": pa.array(["ball"] * 100)}
        | {name: pa.array(columns[name], pa.float32()) for name in names}
    )
    found = motion([batch.slice(0, 30), batch.slice(30)])
    assert [row[0] for row in found["ball"]] == [0, 49, 50, 99]


# ── the server ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def asked(contents: Contents) -> Iterator[Any]:
    """Asks the server: method, path, heads → status, heads, body."""
    with served(contents) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)

        def ask(path: str, method: str = "GET", body: bytes | None = None, **heads: str) -> tuple[int, Any, bytes]:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in heads.items()})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

        yield ask
        connection.close()


def test_ranges_of_a_video(asked: Any, contents: Contents) -> None:
    path = video_path(next(iter(contents.clips)))
    whole = (contents.data.public / path).read_bytes()
    status, heads, body = asked(f"/{path}")
    assert (status, body, heads["Accept-Ranges"], heads["Content-Type"]) == (200, whole, "bytes", "video/mp4")
    end = len(whole) - 1
    for asked_for, first, last in (("0-9", 0, 9), ("100-", 100, end), ("-7", end - 6, end), (f"5-{end + 900}", 5, end)):
        status, heads, body = asked(f"/{path}", Range=f"bytes={asked_for}")
        assert (status, body) == (206, whole[first : last + 1]), asked_for
        assert heads["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"
    status, heads, body = asked(f"/{path}", Range=f"bytes={len(whole)}-")
    assert (status, heads["Content-Range"], body) == (416, f"bytes */{len(whole)}", b"")
    for several in ("bytes=0-1,4-5", "bytes=-", "lines=1-2"):
        assert asked(f"/{path}", Range=several)[0::2] == (200, whole)
    status, heads, body = asked(f"/{path}", "HEAD")
    assert (status, int(heads["Content-Length"]), body) == (200, len(whole), b"")


def test_what_the_server_refuses(asked: Any) -> None:
    assert asked("/")[0] == 200
    for path in ("/private/plan.json", "/../private/plan.json", "/%2e%2e/private/plan.json", "//etc/passwd", "/data"):
        assert asked(path)[0] == 404, path
    assert asked("/", Host="evil.example")[0] == 403
    assert asked("/", Host="evil.example", method="HEAD")[0] == 403
    assert asked("/answer", "POST", b"{}")[0] == 403  # no origin
    assert asked("/answer", "POST", b"{}", Origin="http://evil.example")[0] == 403


def test_a_port_that_is_taken_is_one_line(made: Path, contents: Contents) -> None:
    with served(contents) as server:
        code, said = morse("view", made, "--port", server.port)
    assert (code, said.count("\n")) == (1, 1) and str(server.port) in said


# ── the folder ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def written(made: Path, run: Path, other: Path, tmp_path: Path) -> Path:
    page = tmp_path / "a page"
    code, said = morse("view", made, run, other, "--out", page)
    assert code == 0 and "index.html" in said
    return page


def test_the_folder_holds_all_that_it_needs(written: Path, contents: Contents) -> None:
    files = {path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()}
    assert files == {*contents.names()}
    assert len(files) == 4 * 3 + 2
    page = (written / "index.html").read_text(encoding="utf-8")
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


def test_a_page_is_written_over_a_page_only(written: Path, made: Path, tmp_path: Path) -> None:
    assert morse("view", made, "--out", written)[0] == 0
    index = (written / "data/index.js").read_text()
    assert '"runs":[]' in index
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.tex").write_text("x")
    code, said = morse("view", made, "--out", tmp_path / "mine")
    assert (code, said.count("\n")) == (2, 1) and "no page" in said
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.tex"]


# ── in the browser ──────────────────────────────────────────────────────────────────────────────────────────────────

SHOWN = "[...document.querySelectorAll('.card')].map(card => card.dataset.clip)"
FITS = "document.documentElement.scrollWidth <= innerWidth"


def choose(name: str, value: str) -> str:
    return (
        f"(() => {{ const s = document.querySelector('[data-filter={name}]'); s.value = '{value}';"
        " s.dispatchEvent(new Event('change', {bubbles: true})); })()"
    )


def told(verdicts: str, run: str, verdict: str) -> bool:
    """Whether a question's verdicts (a letter a run) fit a filter."""
    if verdict == "split":
        return len({letter == "r" for letter in verdicts}) > 1
    return verdict[0] in (verdicts[int(run)] if run else verdicts)


@in_chromium
@pytest.mark.parametrize("dark", [False, True])
def test_a_walk_through_the_page_from_disk(written: Path, contents: Contents, dark: bool, tmp_path: Path) -> None:
    """Filters sift, a clip opens, evidence plays, answers open when asked, keys work; nothing is asked of another machine."""
    index = said_by(contents.file("data/index.js"))["clips"]
    with opened((written / "index.html").as_uri(), width=1400, height=1000, dark=dark) as page:
        assert page.until("document.querySelectorAll('.card').length === 4")
        assert page.until("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
        page.evaluate(choose("level", "2"))
        assert page.evaluate(SHOWN) == [clip["id"] for clip in index if clip["level"] == 2]
        page.evaluate(choose("verdict", "unparsed"))
        fits = [c["id"] for c in index if c["level"] == 2 and any("u" in q["verdicts"] for q in c["questions"])]
        assert page.evaluate(SHOWN) == fits
        page.click("#clear")
        assert page.until(f"({SHOWN}).length === 4")
        for run, verdict in (("0", "wrong"), ("1", "right"), ("", "split")):
            page.evaluate(choose("run", run) + ";" + choose("verdict", verdict))
            fits = [c["id"] for c in index if any(told(q["verdicts"], run, verdict) for q in c["questions"])]
            assert page.evaluate(SHOWN) == fits and 0 < len(fits) < 4, (run, verdict)
        page.click("#clear")
        assert page.until(f"({SHOWN}).length === 4")
        page.press("?")
        assert "from clip to clip" in page.evaluate("document.querySelector('#help[open]').innerText")
        page.click("#help button")
        page.type("#find", index[2]["id"][:9])
        assert page.evaluate(SHOWN) == [index[2]["id"]]
        page.click(".card")
        assert page.until("document.querySelector('.clip video')?.readyState > 0")
        assert page.evaluate(
            "document.querySelector('.answer').hidden && !document.body.innerText.includes('Reference')"
        )
        page.click(".lane.evidence .span")
        start, end = page.evaluate(
            "(() => { const e = app.view.clip.questions[0].evidence[0]; return [e.start, e.end]; })()"
        )
        assert page.until(f"app.view.player.video.paused && app.view.player.now >= {end} - 0.05")
        assert start < page.evaluate("app.view.player.now") < end + 0.3
        page.click(".reveal")
        wanted = said_by(contents.file(f"data/{index[2]['id'][:2]}/{index[2]['id']}.js"))["questions"][0]["answer"]
        assert page.evaluate("document.querySelector('.answer .key b').innerText") == wanted
        before = page.evaluate("app.view.player.frame")
        page.press(",")
        assert page.until(f"app.view.player.frame === {before - 1} && !app.view.player.video.seeking")
        page.press(".")
        assert page.until(f"app.view.player.frame === {before}")
        page.press("+")
        assert page.evaluate("app.view.player.video.playbackRate") == 1.5
        page.press("t")
        assert page.evaluate("document.querySelector('[data-toggle=trails]').ariaPressed") == "true"
        page.press("?")
        assert "play the evidence" in page.evaluate("document.querySelector('#help[open]').innerText")
        page.click("#help button")
        page.evaluate("document.querySelector('.questions').style.paddingBottom = '3000px'")  # as with many questions
        page.evaluate("scrollTo(0, 2000)")
        top, bottom = page.evaluate(
            "(r => [r.top, r.bottom])(document.querySelector('.clip .player').getBoundingClientRect())"
        )
        assert 0 <= top < bottom <= 1000  # the picture stays beside the questions
        page.evaluate("document.querySelector('.questions').style.paddingBottom = ''")
        page.press("n")
        assert page.evaluate("location.hash") == f"#clip={index[2]['id']}"  # it is the only one that the search leaves
        page.press("Escape")
        assert page.until("document.body.dataset.view === 'grid'")
        assert page.evaluate(SHOWN) == [index[2]["id"]]
        assert page.until(FITS)
        page.resize(390, 844)
        assert page.until(FITS)
        page.click(".card")
        assert page.until("document.body.dataset.view === 'clip'") and page.until(FITS)
        ink, paper = page.evaluate(
            "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
        )
        light, dim = (sum(map(int, colour[4:-1].split(", "))) for colour in ((ink, paper) if dark else (paper, ink)))
        assert light > 600 and dim < 200
        assert page.requests and all(url.startswith("file://") for url in page.requests)


@in_chromium
def test_boxes_lie_on_the_objects(contents: Contents) -> None:
    """The overlay of the toy's square "a" is drawn at its place: 1/16 to 3/16 of the width, and nowhere at the far right."""
    with served(contents) as server, opened(server.url, width=1400, height=1000) as page:
        assert page.until("document.querySelectorAll('.card').length === 4")
        page.click(".card")
        assert page.until("document.querySelector('.clip video')?.readyState > 1")
        page.evaluate("app.view.player.seek(0.1)")
        ink = (
            "(x, y) => { const c = app.view.player.canvas; const d = c.getContext('2d').getImageData(Math.round(x * c.width) - 3,"
            " Math.round(y * c.height) - 3, 7, 7).data; return d.some((value, i) => i % 4 === 3 && value > 0); }"
        )
        points = [(1 / 16, 0.5), (3 / 16, 0.5), (2 / 16, 7 / 18), (2 / 16, 0.5), (0.99, 0.5)]
        assert page.evaluate(f"{points and [list(p) for p in points]}.map(p => ({ink})(...p))") == [
            True,
            True,
            True,
            False,
            False,
        ]
        page.click("[data-toggle=boxes]")
        assert page.evaluate(f"({ink})({1 / 16}, 0.5)") is False
        assert all(url.startswith((server.url, "data:")) for url in page.requests)


@in_chromium
def test_hostile_text_stays_text(made: Path, tmp_path: Path) -> None:
    """In questions, prompts, names of objects and events, parameters, responses and the names of runs."""
    copy = Path(shutil.copytree(made, tmp_path / "set"))
    questions = [json.loads(line) for line in (copy / "public/questions.jsonl").read_text().splitlines()]
    for question in questions:
        question |= {"text": HOSTILE, "prompt": HOSTILE}
    (copy / "public/questions.jsonl").write_text("".join(json.dumps(q) + "\n" for q in questions))
    for file in (copy / "private/traces").rglob("*.json"):
        trace = json.loads(file.read_text())
        trace["objects"][0] |= {"id": HOSTILE, "kind": HOSTILE}
        trace["events"][0] |= {"kind": HOSTILE, "values": {HOSTILE: HOSTILE}}
        trace["states"] = [{"start": 0, "end": 1, "values": {HOSTILE: [[HOSTILE]]}, "shown": False}]
        trace["params"] = {HOSTILE: HOSTILE}
        file.write_text(json.dumps(trace))
    rows = [{"question_id": question["question_id"], "response": HOSTILE} for question in questions]
    (tmp_path / "r.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    page_folder = tmp_path / "page"
    assert morse("view", copy, f"{HOSTILE.split('=')[0]}={tmp_path / 'r.jsonl'}", "--out", page_folder)[0] == 0
    with opened((page_folder / "index.html").as_uri(), width=1400, height=1000) as page:
        assert page.until("document.querySelectorAll('.card').length === 4")
        page.click(".card")
        assert page.until("document.body.dataset.view === 'clip'")
        page.press("a")
        for tab in range(page.evaluate("document.querySelectorAll('[role=tab]').length")):
            page.evaluate(f"document.querySelectorAll('[role=tab]')[{tab}].click()")
            assert "window.pwned = 1" in page.evaluate("document.querySelector('.clip').innerText")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("window.pwned") is None
        assert page.evaluate("document.querySelectorAll('.clip img, .clip script, .clip iframe').length") == 0
        assert page.evaluate("document.querySelector('.question .text').textContent").startswith("</script><script>")
        assert page.until(FITS)


@in_chromium
def test_a_thousand_clips_stay_smooth(tmp_path: Path) -> None:
    """Few cards are in the page at first, sifting takes a blink, and scrolling brings the rest."""
    data = open_dataset(make_toys(tmp_path / "many", count=500, video=False))
    with served(Contents(data, {})) as server, opened(server.url, width=1400, height=1000) as page:
        assert page.until("document.querySelectorAll('.card').length > 0")
        assert page.evaluate("document.getElementById('count').textContent") == "1,000 clips"
        assert page.evaluate("document.querySelectorAll('.card').length") <= 144
        took = page.evaluate(
            f"(() => {{ const begun = performance.now(); {choose('level', '2')}; document.body.offsetHeight; return performance.now() - begun; }})()"
        )
        assert page.evaluate("document.getElementById('count').textContent") == "500 of 1,000 clips"
        assert took < 500
        page.click("#clear")
        page.call("Performance.enable", timeDomain="threadTicks")  # work, however busy the machine is
        before = {m["name"]: m["value"] for m in page.call("Performance.getMetrics")["metrics"]}
        frames = page.evaluate(
            "new Promise(done => { let count = 0, rest = 0; const step = () => { const was = scrollY; scrollBy(0, 300); count++;"
            " rest = scrollY === was ? rest + 1 : 0; rest > 30 ? done(count - rest) : requestAnimationFrame(step); }; step(); })"
        )
        after = {m["name"]: m["value"] for m in page.call("Performance.getMetrics")["metrics"]}
        assert page.evaluate("document.querySelectorAll('.card').length") == 1000
        work = sum(after[name] - before[name] for name in ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration"))
        assert frames > 100 and work / frames < 0.012  # of the 16.7 ms that a frame has
