"""Accuracy by skill, operations and size: what an observer that loses operations scores is what the arithmetic says."""

import json
import math
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harness.breakdown import broken_down
from harness.observers import Observer, Puzzle
from harness.report import Report, make_report
from harness.responses import Response
from harness.stand_ins import LOSING, respond
from morse.cli import main
from morse.dataset import Dataset, open_dataset
from morse.schema import Choice, Integer, PrivateAnswer, PublicQuestion, Trace
from morse.seeding import Key, Rng

LOSS, VIEWINGS = 0.1, 15
Cell = tuple[str, ...]


def morse(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(main, arguments)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten clips each of two tasks at two levels, without video."""
    folder = tmp_path_factory.mktemp("breakdown") / "set"
    options = "--task sliding_number --task lights_circle --difficulty 1,4 --count 10 --no-video --workers 1 --seed s"
    done = morse("generate", *options.split(), "--out", str(folder))
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(scope="module")
def losing(folder: Path) -> Path:
    """What the observer among the stand-ins says that loses operations."""
    asked, said = respond(open_dataset(folder), LOSING)
    rows = [
        {"question_id": item.question.question_id, "response": text} for item, text in zip(asked, said, strict=True)
    ]
    path = folder / f"{LOSING}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def needed(question: PublicQuestion, private: PrivateAnswer, operations: int) -> int:
    """How many operations of the clip an answer hangs on, by what the question asks."""
    slots = private.slots
    if question.kind == "operation_order":
        return int(str(slots["number"]))  # all up to it must be counted
    if question.kind in ("operation_number", "operation_count"):
        return int(str(private.answer))  # all up to it; all that are counted
    if question.kind == "value_after":
        number = int(str(slots["number"]))
        return operations - number if slots["shown"] == "end" else number
    return operations


def luck(question: PublicQuestion, private: PrivateAnswer) -> float:
    """How often a guess is right: one of four options, one of so many numbers; whole states and plans are not guessed."""
    if isinstance(question.format, Choice):
        return 1 / 4
    return 1 / len(private.domain) if isinstance(question.format, Integer) and private.domain else 0.0


def size_of(trace: Trace) -> str:
    knobs = trace.params
    return (
        f"{knobs['rows']} rows × {knobs['columns']} columns"
        if "rows" in knobs
        else f"{len(trace.states[0].values)} lamps"
    )


def test_an_observer_that_loses_operations_scores_what_arithmetic_says(folder: Path) -> None:
    """Of n operations that matter it has all with probability 0.9ⁿ, and knows the answer; else it guesses."""
    data = open_dataset(folder)
    answers = {answer.question_id: answer for answer in data.answers()}
    questions, clips = list(data.questions()), {clip.clip_id: clip for clip in data.clips()}
    traces = {clip_id: data.trace(clip_id) for clip_id in clips}
    cells: dict[str, Cell] = {}
    chances: dict[Cell, list[float]] = defaultdict(list)
    for question in questions:
        trace, private = traces[question.clip_id], answers[question.question_id]
        operations = int(str(trace.params["operations"]))
        known = (1 - LOSS) ** needed(question, private, operations)
        cell = cells[question.question_id] = (question.skills[0], str(operations), size_of(trace))
        chances[cell].append(known + (1 - known) * luck(question, private))
    skills = {"order", "counting", "state tracking", "state comparison", "state prediction", "planning"}
    assert {cell[0] for cell in chances} == skills and len(chances) == 6 * 4

    found: dict[Cell, float] = dict.fromkeys(chances, 0.0)
    observer = Observer(lapses=LOSS)
    for viewing in range(VIEWINGS):
        said = {}
        for question in questions:
            name = question.question_id
            puzzle = Puzzle.of_record(question, answers[name], clips[question.clip_id], traces[question.clip_id].events)
            said[name] = Response(
                name, observer.respond(puzzle, Rng(Key("lapses", 1, 1, "test", name, viewing), "respond"))
            )
        for cell, accuracy in _table(make_report(questions, answers, said, recipe="r"), data).items():
            found[cell] += accuracy / VIEWINGS
    for cell, own in chances.items():
        error = math.sqrt(sum(p * (1 - p) for p in own) / VIEWINGS) / len(own)
        assert found[cell] == pytest.approx(sum(own) / len(own), abs=4 * error), cell
    every = [p for own in chances.values() for p in own]
    right = sum(found[cell] * len(own) for cell, own in chances.items())
    assert right == pytest.approx(sum(every), abs=4 * math.sqrt(sum(p * (1 - p) for p in every) / VIEWINGS))


def _table(report: Report, data: Dataset) -> Mapping[Cell, float]:
    groups = broken_down(report, data, ["skill, operations,size"]).groups["skill, operations, size"]
    return {group.name: group.accuracy.mean for group in groups if group.accuracy is not None}


def test_the_table_prints(folder: Path, losing: Path) -> None:
    done = morse("score", str(folder), str(losing), "--by", "skill,operations,size", "--by", "decoys")
    assert done.exit_code == 0, done.output
    lines = [" ".join(line.split()) for line in done.output.splitlines()]
    assert any(line.startswith("skill operations size accuracy") for line in lines)
    rows = [line for line in lines if line.startswith("planning ")]
    # numbers stand in their order, in texts too
    assert [row.split(" ")[1:4] for row in rows] == [
        ["5", "8", "lamps"], ["6", "3", "rows"], ["10", "10", "lamps"], ["11", "3", "rows"],
    ]  # fmt: skip
    assert any(line.startswith("decoys accuracy") for line in lines)


def test_what_nothing_has_is_refused(folder: Path, losing: Path) -> None:
    done = morse("score", str(folder), str(losing), "--by", "skill,operatons")
    assert done.exit_code == 2
    assert "nothing is called 'operatons' (did you mean 'operations'?)" in done.output
