"""``morse export --to training``: what is taught is right, what is rejected is wrong, by the rules that score."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.metrics.steps import claims, compare
from harness.reward import Target, reward
from harness.scoring import score
from harness.training import FILES, HINTS
from morse.cli import main
from morse.dataset import open_dataset
from morse.generate import generate
from morse.schema import Recipe, RecipePart

TASKS = ("event_order", "cups")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A data set of two tasks, and its export."""
    folder = tmp_path_factory.mktemp("training")
    parts = tuple(RecipePart(task=task, levels=(1,), count=1) for task in TASKS)
    recipe = Recipe(name="train", parts=parts, split="train", width=128, height=72, fps=4)
    generate(recipe, folder / "set", seed="1" * 64, workers=1, say=lambda text: None)
    arguments = [
        "export",
        str(folder / "set"),
        "--to",
        "training",
        "--out",
        str(folder / "out"),
        "--views",
        str(folder / "views"),
    ]
    run = CliRunner().invoke(main, arguments)
    assert run.exit_code == 0, run.output
    return folder / "set", folder / "out"


def rows(out: Path, name: str) -> list[dict]:
    return [json.loads(line) for line in (out / f"{name}.jsonl").read_text().splitlines()]


def test_every_file_is_there_and_names_videos_that_are(made: tuple[Path, Path]) -> None:
    _, out = made
    for name in FILES:
        found = rows(out, name)
        assert found and all((out / row["video"]).is_file() for row in found), name


def test_what_is_taught_is_right_and_its_steps_are_the_references(made: tuple[Path, Path]) -> None:
    folder, out = made
    data = open_dataset(folder)
    formats = {question.question_id: question.format for question in data.questions()}
    answers = {answer.question_id: answer for answer in data.answers()}
    assert len(rows(out, "sft")) == len(formats)
    for name in ("sft", "sft_steps"):
        for row in rows(out, name):
            user, assistant = row["messages"]
            assert user["content"][0] == {"type": "video", "video": row["video"]}
            text = assistant["content"][0]["text"]
            private = answers[row["question_id"]]
            assert score(formats[row["question_id"]], private.answer, text).correct, (name, text)
            if name == "sft_steps":
                assert "write each step" in user["content"][1]["text"]
                assert compare(private.steps, claims(text))["all"].f1 >= 0.9, text


def test_what_is_rejected_is_wrong_and_says_why(made: tuple[Path, Path]) -> None:
    _, out = made
    targets = {row["question_id"]: row["target"] for row in rows(out, "rl")}
    pairs = rows(out, "preferences")
    assert len({row["question_id"] for row in pairs}) >= 0.8 * len(targets)
    for row in pairs:
        chosen, rejected = (reward(targets[row["question_id"]], row[side]) for side in ("chosen", "rejected"))
        assert chosen.total == 1.0 and rejected.accuracy == 0 and rejected.total < 1 and row["reason"], row


def test_negated_questions_ask_for_all_that_is_wrong(made: tuple[Path, Path]) -> None:
    _, out = made
    right = {row["question_id"]: row["messages"][1]["content"][0]["text"] for row in rows(out, "sft")}
    for row in rows(out, "negated"):
        assert reward(row["target"], row["answer"]).total == 1.0
        letters = set(Target.model_validate_json(row["target"]).answer)  # type: ignore[arg-type]
        assert not letters & set(right[row["question_id"]].removeprefix("Answer: ").split(", "))
        assert "NOT right" in row["prompt"]


def test_hints_give_away_more_and_more(made: tuple[Path, Path]) -> None:
    _, out = made
    given: dict[str, list[int]] = {}
    for row in rows(out, "hints"):
        given.setdefault(row["question_id"], []).append(row["steps_given"])
        assert row["hint"] in HINTS and ("This much is known" in row["prompt"]) == (row["steps_given"] > 0)
    assert all(counts == sorted(set(counts)) and counts[0] == 0 for counts in given.values())
    assert any(len(counts) == len(HINTS) for counts in given.values())


def test_without_answers_there_is_nothing_to_learn(made: tuple[Path, Path], tmp_path: Path) -> None:
    run = CliRunner().invoke(
        main, ["export", str(made[0]), "--to", "training", "--no-answers", "--out", str(tmp_path / "x")]
    )
    assert run.exit_code == 2 and "training is made of them" in run.output
