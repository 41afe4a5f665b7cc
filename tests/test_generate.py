"""``morse generate``, ``refresh`` and ``tasks`` as a user meets them: bad input is one line, and nothing is written."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from morse.cli import main
from morse.dataset import open_dataset
from tests.toy_sets import own_task, tree

SMALL = ("--size", "64x36", "--fps", "8", "--workers", "1")


@pytest.fixture(autouse=True)
def _toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    with own_task():
        yield


def morse(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--category latent_stat", "no category 'latent_stat' (did you mean 'latent_state'?)"),
        ("--task toi", "no task 'toi' (did you mean 'toy'?)"),
        ("--task toy --set flahses=3", "no knob 'flahses' (did you mean 'flashes'?)"),
        ("--category latent_state --set flahses=3", "no task of 'latent_state' has the knob 'flahses'"),
        (
            "--task toy --set flashes=40000",
            "task 'toy' at level 3: flashes=40000: Input should be less than or equal to 500",
        ),
        ("--task toy --set flashes=many", "flashes=many: Input should be a valid integer"),
        ("--task toy --set flashes", "'flashes' is not of the form KNOB=VALUE"),
        ("--task toy --difficulty 0", "difficulty '0': levels start at 1"),
        ("--task toy --difficulty=-1", "difficulty '-1' is not a level"),
        ("--task toy --difficulty hard", "difficulty 'hard' is not a level"),
        ("--task toy --count 0", "0 is not in the range x>=1"),
        ("--task toy --style baroque", "no style 'baroque'"),
        ("--task toy --language xx", "no questions in language 'xx'"),
        ("--task toy --language ../..", "language '../..'"),
        ("--task toy --split ../x", "split '../x'"),
        ("--task toy --size 100x100", "scenes are 16:9"),
        ("--task toy --size 769x433", "width 769: Input should be a multiple of 2"),
        ("--task toy --size large", "'large' is not of the form WIDTHxHEIGHT"),
        ("--task toy --recipe mini", "--task cannot be given with --recipe"),
        ("--recipe mini --no-video", "--no-video cannot be given with --recipe"),
        ("--recipe nothing", "no recipe 'nothing'"),
        ("", "say what to make: --category, --task or --recipe"),
        ("--task toy --seed=", "the seed is empty"),
        ("--task toy --nonsense", "No such option"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(arguments: str, message: str, tmp_path: Path) -> None:
    result = morse("generate", *arguments.split(), "--workers", "1")
    assert result.exit_code == 2, result.output
    assert message in result.stderr
    assert result.stderr.startswith("morse: ")
    assert len(result.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_another_folder_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "thesis.tex").write_text("x")
    result = morse("generate", "--task", "toy", "--out", str(folder))
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "not empty, and not a data set" in result.stderr
    assert [path.name for path in folder.iterdir()] == ["thesis.tex"]
    result = morse("generate", "--task", "toy", "--out", str(folder / "thesis.tex"))
    assert result.exit_code == 2


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    if os.geteuid() == 0:  # root may write anywhere
        monkeypatch.setattr("morse.writing.os.access", lambda path, mode: "closed" not in str(path))
    result = morse("generate", "--task", "toy", "--out", "closed/set")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "not writable" in result.stderr
    assert list((tmp_path / "closed").iterdir()) == []


def test_a_set_is_made_found_finished_and_refreshed(tmp_path: Path) -> None:
    command = ("generate", "--task", "toy", "--difficulty", "1-2", "--count", "2", *SMALL)
    result = morse(*command)
    assert result.exit_code == 0, result.output
    (folder,) = (tmp_path / "outputs").iterdir()
    assert folder.name.startswith("toy-1-2-x2")
    assert f"outputs/{folder.name}: 4 clips, 8 questions" in result.stdout
    before = tree(folder)
    again = morse(*command)
    assert again.exit_code == 0
    assert "is finished already: 4 clips, 8 questions" in again.stdout
    assert tree(folder) == before
    other = morse("generate", "--task", "toy", "--count", "3", *SMALL, "--out", str(folder))
    assert (other.exit_code, len(other.stderr.splitlines())) == (2, 1)
    assert "another recipe" in other.stderr
    assert tree(folder) == before

    fresh = morse("refresh", str(folder), "--workers", "1")
    assert fresh.exit_code == 0, fresh.output
    old, new = open_dataset(folder), open_dataset(tmp_path / "outputs" / f"{folder.name}-fresh-1")
    assert new.manifest.recipe == old.manifest.recipe
    assert new.plan.seed != old.plan.seed
    assert not {clip.clip_id for clip in new.clips()} & {clip.clip_id for clip in old.clips()}
    assert {clip.video_sha256 for clip in new.clips()} != {clip.video_sha256 for clip in old.clips()}


def test_tasks_are_listed() -> None:
    assert "toy" in morse("tasks").stdout
    shown = morse("tasks", "toy").stdout
    assert "Squares light up one after another." in shown
    assert "question kinds: last, first" in shown
    # the ramp by hand: 2 at level 1, 1 more a level
    (row,) = [line for line in shown.splitlines() if "flashes" in line]
    assert [cell.strip() for cell in row.split("│")[2:8]] == ["2", "3", "4", "6", "11", "21"]
    assert morse("tasks", "toi").exit_code == 2
