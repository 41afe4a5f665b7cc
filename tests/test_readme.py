"""The README is documentation that runs: its task, copied as printed, makes a clip and passes its own derivation."""

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from morse.cli import main

ROOT = Path(__file__).parents[1]


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


def _morse(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line over the tree in ``folder``."""
    command = [sys.executable, "-m", "morse.cli", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_example_task_works_as_printed(tmp_path: Path) -> None:
    for package in ("morse", "generators", "harness", "templates"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    (source,) = _blocks("python")
    (template,) = _blocks("jinja")
    (tmp_path / "generators/temporal/flash_count.py").write_text(source)
    questions = tmp_path / "templates/questions/en/temporal"
    questions.mkdir(exist_ok=True)
    (questions / "flash_count.j2").write_text(template)

    ran = _morse(tmp_path, "preview", "flash_count", "--difficulty", "1", "--out", "look")

    assert ran.returncode == 0, ran.stderr
    assert "how_often (recall, integer)" in ran.stdout
    assert (tmp_path / "look/flash_count-1-0.mp4").stat().st_size > 1000
    assert (tmp_path / "look/flash_count-1-0.png").exists()


def test_the_commands_run_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    commands = [line.split() for block in _blocks("sh") for line in block.splitlines() if line.startswith("./run ")]
    assert [command[1] for command in commands] == [
        "generate",
        "test",
        "generate",
        "baselines",
        "score",
        "score",
        "compare",
        "evaluate",
    ]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for _, name, *arguments in commands:
        if name == "test" or (name == "evaluate" and find_spec("inspect_ai") is None):
            continue
        small = ["--size", "256x144", "--fps", "4"] if name == "generate" else []
        ran = CliRunner().invoke(main, [name, *arguments, *small])
        assert ran.exit_code == 0, f"morse {name}: {ran.output}"
        if name == "score" and "oracle" in arguments[1]:
            assert "100.0 %" in ran.output


def test_the_table_of_tasks_is_the_registry() -> None:
    from docs.readme import with_table

    text = (ROOT / "README.md").read_text()
    assert with_table(text) == text, "run: python -m docs.readme"


def test_the_badges_say_what_is_so() -> None:
    from docs.readme import BADGES, badges

    text, found = (ROOT / "README.md").read_text(), badges()
    assert {path.stem for path in BADGES.glob("*.svg")} == set(found)
    for name, picture in found.items():
        assert (BADGES / f"{name}.svg").read_text(encoding="utf-8") == picture, "run: python -m docs.readme"
        assert f"(docs/badges/{name}.svg)" in text


def test_every_picture_and_file_that_is_linked_is_there() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text())
    assert len(linked) > 3 and [name for name in linked if not (ROOT / name).exists()] == []


def test_every_column_of_the_comparison_has_its_sources() -> None:
    head = next(line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("| | MORSE |"))
    others = [name.strip() for name in head.strip("|").split("|")][2:]
    sources = re.findall(
        r"^\*\*(.+?)\.\*\* .*\[paper\]\(https://arxiv\.org/abs/",
        (ROOT / "docs/comparison.md").read_text(),
        re.MULTILINE,
    )
    assert sources == others and len(others) == 5
