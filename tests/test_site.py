"""The documentation's pages: what is on a task's page, and that the site, where mkdocs is installed, builds and loads nothing."""

import importlib.util
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image, ImageSequence

from docs import site
from docs.pictures import FRAMES, LARGEST, Wanted, draw, moving, picture_of
from docs.proofs import Proof, read_proofs
from docs.task_pages import EXAMPLES, HEADINGS, about, task_page
from harness.gates import Row
from morse.cli import main
from morse.errors import BadInput
from morse.pipeline import imagine, make_key
from morse.task import registry
from tests.browser import chromium, opened

NAME = "sequence_recall"


def test_every_task_has_the_fixed_headings() -> None:
    for task in registry().tasks.values():
        assert tuple(about(task).parts) == HEADINGS, task.name
        assert all(len(text) > 10 for text in about(task).parts.values()), task.name


def test_a_page_has_knobs_and_questions_at_three_levels() -> None:
    task = registry().task(NAME)
    row = Row("uniform answers", NAME, None, None, 0.0123, "≤ 0.05", True, "worst *kind*, n < 9")
    page = task_page(task, "x.webp", Proof((row,), "5eed", (1, 3)))
    assert "| items |" in page
    assert "| uniform answers | 0.0123 | ≤ 0.05 | passed | worst \\*kind\\*, n &lt; 9 |" in page
    assert f"morse audit {NAME} --json" in task_page(task, None) and "5eed" in page
    assert re.findall(r"^### Level (\d+)$", page, re.MULTILINE) == [str(level) for level in EXAMPLES]
    asked = [q for level in EXAMPLES for q in imagine(make_key(task, level, "documentation", 0)).questions]
    assert page.count("<details") == page.count("</details>") == len(asked)
    assert all(question.text.replace("'", "&#39;") in page for question in asked)


def test_a_picture_moves_and_is_small(tmp_path: Path) -> None:
    draw(Wanted(NAME, tmp_path / "picture.webp"))
    assert 5_000 < (tmp_path / "picture.webp").stat().st_size <= LARGEST
    with Image.open(tmp_path / "picture.webp") as picture, Image.open(tmp_path / "picture.jpg") as still:
        assert picture.is_animated and 5 < picture.n_frames <= FRAMES  # type: ignore[attr-defined]
        seen = [np.asarray(frame.convert("RGB"), float) for frame in ImageSequence.Iterator(picture)]
        apart = [np.abs(np.asarray(still, float) - frame).mean() for frame in seen]
    assert min(apart) < 6 < max(apart)  # the still is one of its frames


def test_colours_are_those_of_the_stage() -> None:
    for form, pixel in (("rgb24", (9, 80, 200)), ("rgba", (9, 80, 200, 255)), ("bgra", (200, 80, 9, 255))):
        assert picture_of(np.array([[pixel]], np.uint8), form).getpixel((0, 0)) == (9, 80, 200), form


def test_a_busy_picture_is_made_small_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (6, 72, 128, 3), np.uint8)  # noqa: TID251  (no record)
    frames = [Image.fromarray(picture) for picture in noise]
    sizes = []
    for most in (10_000_000, 30_000, 12_000):
        monkeypatch.setattr("docs.pictures.LARGEST", most)
        sizes.append(len(moving(frames)))
        assert sizes[-1] <= most
    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) == 3


def test_proofs_are_read_from_what_audit_writes(tmp_path: Path) -> None:
    folder, file = tmp_path / "audits", tmp_path / "audits/small.json"  # the folder is made
    code = CliRunner().invoke(
        main, ["audit", NAME, "--difficulty", "1", "--items", "20", "--workers", "1", "--json", str(file)]
    )
    assert code.exit_code in (0, 1)
    proof = read_proofs(folder)[NAME]
    assert len({row.gate for row in proof.rows}) == len(proof.rows) > 10 and proof.levels == (1,)
    audit = json.loads(file.read_text())
    file.write_text(json.dumps(audit | {"versions": {NAME: audit["versions"][NAME] - 1, "gone": 1}}))
    assert read_proofs(folder) == {}  # the task has changed since
    file.write_text(json.dumps({"rows": []}))
    with pytest.raises(BadInput, match=r"small\.json: is not what `morse audit --json` writes"):
        read_proofs(folder)


def test_bad_input_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["docs.site", "--task", "no_such_task", "--out", str(tmp_path / "site")])
    assert site.main() == 2
    assert capsys.readouterr().err.count("\n") == 1 and not (tmp_path / "site").exists()


class Addresses(HTMLParser):
    """What a page loads or links to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.linked: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and (name == "src" or (name == "href" and tag == "link")):
                self.loaded.append(value)
            elif value and name == "href" and tag == "a":
                self.linked.append(value)


@pytest.mark.skipif(importlib.util.find_spec("mkdocs") is None, reason="mkdocs is not installed (the extra docs)")
def test_the_site_builds_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    tasks = [registry().task(name) for name in ("maze", "event_order", NAME)]
    site.write_pages(tmp_path, tasks)
    site.build(tmp_path)  # a warning of mkdocs's would be an error
    pages = list((tmp_path / "html").rglob("*.html"))
    assert {"index.html", f"{NAME}.html", "maze.html", "add_a_task.html", "scale.html"} <= {page.name for page in pages}
    for page in pages:
        found = Addresses(page.read_text(encoding="utf-8"))
        assert found.loaded and not [address for address in found.loaded if re.match(r"\w+:|//", address)], page
        for address in [*found.loaded, *found.linked]:
            target = address.partition("#")[0].partition("?")[0]
            if target and not re.match(r"\w+:|//", target):
                assert (page.parent / target).exists() or target.startswith("/"), f"{page}: {address}"
    if chromium() is not None:
        with opened((tmp_path / "html/tasks/index.html").as_uri(), width=390, height=3000) as page:
            assert page.until("[...document.images].filter(i => i.offsetParent).every(i => i.naturalWidth === 600)")
            assert page.evaluate("[...document.querySelectorAll('.tasks a')].map(a => a.querySelector('b').innerText)") == [
                "maze", "event order", "sequence recall",
            ]  # fmt: skip
            assert page.until("document.documentElement.scrollWidth <= innerWidth")
            assert page.requests and all(url.startswith(("file://", "data:")) for url in page.requests)
