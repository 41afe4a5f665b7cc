"""The documentation's pages: what is on a task's page, and that the site, where mkdocs is installed, builds and loads nothing."""

import importlib.util
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from docs.site import EXAMPLES, FRAMES, HEADINGS, about, read_proofs, task_page, write_pages, write_picture
from harness.gates import Row
from morse.pipeline import imagine, make_key
from morse.task import registry

NAME = "sequence_recall"


def test_every_task_has_the_fixed_headings() -> None:
    for task in registry().tasks.values():
        assert tuple(about(task).parts) == HEADINGS, task.name
        assert all(len(text) > 10 for text in about(task).parts.values()), task.name


def test_a_page_has_knobs_and_questions_at_three_levels() -> None:
    task = registry().task(NAME)
    row = Row("uniform answers", NAME, None, None, 0.0123, "≤ 0.05", True, "worst *kind*")
    page = task_page(task, "x.webp", 12.0, [row])
    assert "| items |" in page and "| uniform answers | 0.0123 | ≤ 0.05 | passed | worst \\*kind\\* |" in page
    assert re.findall(r"^### Level (\d+)$", page, re.MULTILINE) == [str(level) for level in EXAMPLES]
    asked = [q for level in EXAMPLES for q in imagine(make_key(task, level, "documentation", 0)).questions]
    assert page.count("<details") == page.count("</details>") == len(asked)
    assert all(question.text.replace("'", "&#39;") in page for question in asked)


def test_a_picture_moves_and_is_small(tmp_path: Path) -> None:
    seconds = write_picture(registry().task(NAME), tmp_path / "picture.webp")
    assert seconds > 5 and (tmp_path / "picture.webp").stat().st_size < 600_000
    with Image.open(tmp_path / "picture.webp") as picture:
        assert picture.is_animated and 5 < picture.n_frames <= FRAMES  # type: ignore[attr-defined]


def test_proofs_are_read_from_what_audit_writes(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from morse.cli import main

    file = tmp_path / "audit.json"
    CliRunner().invoke(
        main, ["audit", NAME, "--difficulty", "1", "--items", "20", "--workers", "1", "--json", str(file)]
    )
    proofs = read_proofs(file)[NAME]
    assert len({row.gate for row in proofs}) == len(proofs) > 10


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
    write_pages(tmp_path, [registry().task(NAME)], pictures=False)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(tmp_path / "mkdocs.yml")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    pages = list((tmp_path / "html").rglob("*.html"))
    assert {"index.html", f"{NAME}.html", "add_a_task.html", "coverage.html"} <= {page.name for page in pages}
    for page in pages:
        found = Addresses(page.read_text(encoding="utf-8"))
        assert found.loaded and not [address for address in found.loaded if re.match(r"\w+:|//", address)], page
        for address in found.linked:
            target = address.partition("#")[0]
            if target and not re.match(r"\w+:|//", target):
                assert (page.parent / target).exists() or target.startswith("/"), f"{page}: {address}"
