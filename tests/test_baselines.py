"""``morse baselines``: guessers and learners at chance on a sound set, and above it where the words give the answer away."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.learners import ABOUT, learned
from harness.stand_ins import STAND_INS, above_chance
from harness.stats import Estimate
from morse.cli import main
from morse.dataset import open_dataset
from morse.generate import generate
from morse.schema import Recipe, RecipePart
from tests.conftest import toys_registered
from tests.toy_sets import InProcess


def made(folder: Path, task: str, count: int) -> Path:
    recipe = Recipe(name="r", parts=(RecipePart(task=task, levels=(3,), count=count),), video=False)
    generate(recipe, folder, seed="baselines", workers=1, say=lambda _: None)
    return folder


@pytest.fixture(autouse=True)
def _in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("morse.generate.Workers", InProcess)


def test_whatever_knows_nothing_is_at_chance_unless_the_options_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the toy "telling" the right option is the longest: guessers and learners find it, in the sound one they do not."""
    few = ("blind, options", "last frame")  # each takes seconds
    monkeypatch.setattr("harness.learners.ABOUT", {name: ABOUT[name] for name in few})
    with toys_registered():
        for task in ("telling", "toy"):
            folder = made(tmp_path / task, task, 50)
            result = CliRunner().invoke(main, ["baselines", str(folder)], env={"COLUMNS": "150"})
            assert result.exit_code == 0, result.output
            rows = {line[:14].strip(): line for line in result.output.splitlines()}
            assert rows.keys() >= {*STAND_INS, *few}
            above = {name for name, line in rows.items() if "ABOVE CHANCE" in line}
            assert above == ({"longest", "blind, options", "last frame"} if task == "telling" else set()), result.output
            assert "100.0 %" in rows["oracle"]


def test_too_few_questions_are_said_to_be_too_few(tmp_path: Path) -> None:
    with toys_registered():
        found = learned(open_dataset(made(tmp_path / "set", "toy", 3)))
    assert {one.name for one in found} == {*ABOUT}
    assert all(one.score is None and one.chance is None for one in found)


def test_above_chance_is_far_below_the_interval() -> None:
    """One-sided 5 % shared by twelve: z = 2.638 beside 1.960, so the lower half of the interval counts 1.346 times."""
    figure = Estimate(mean=0.4, error=0.05, low=0.3, high=0.5, questions=100, clips=50)
    assert above_chance(figure, 0.265)
    assert not above_chance(figure, 0.266)
    assert not above_chance(None, 0.25)
    assert not above_chance(figure, None)
