"""The scorer in one file: without pydantic, without MORSE, without any package it says what the harness says."""

import ast
import json
import runpy
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from test_parsing import FORMATS, READS, UNREADABLE

from harness import plain_records
from harness.exported import judged
from harness.one_file import NAME, put_scorer, scorer
from harness.references import gaming_responses, mutations, reference_response
from harness.reward import Target, reward
from morse.pipeline import Item, imagine, make_key
from morse.schema import AnswerFormat
from morse.task import registry

FORMAT: TypeAdapter[AnswerFormat] = TypeAdapter(AnswerFormat)
DRIVER = """
import dataclasses, json, pickle, sys
sys.path.insert(0, sys.argv[1])
import morse_scorer
assert pickle.loads(pickle.dumps(morse_scorer.reward_fn)) is morse_scorer.reward_fn
for line in sys.stdin:
    row = json.loads(line)
    if "target" in row:
        print(json.dumps(dataclasses.asdict(morse_scorer.reward(row["target"], row["response"]))))
    else:
        print(json.dumps(morse_scorer.judged(row["scoring"], row["response"])))
print(json.dumps(sorted(name for name in sys.modules if name.partition(".")[0] in ("morse", "harness", "pydantic"))))
"""


def alone(folder: Path, rows: list[dict[str, Any]]) -> list[Any]:
    """What the file says of each row, in a Python that has nothing but its standard library."""
    put_scorer(folder)
    command = [sys.executable, "-I", "-S", "-c", DRIVER, str(folder)]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    said = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr[-2000:]
    *found, modules = map(json.loads, said.stdout.splitlines())
    assert modules == [] and len(found) == len(rows)
    return found


def as_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


def test_texts_are_read_and_scored_as_by_the_harness(tmp_path: Path) -> None:
    texts = [(form, text) for form, text, _ in READS] + [*UNREADABLE]
    texts += [(form, text) for form in FORMATS for text in gaming_responses(form).values()]
    rows = []
    for form, text in texts:
        said = judged({"format": form.model_dump(mode="json"), "answer": None}, text)["parsed"]
        answer = said if form.type != "plan" else None
        rows.append({"scoring": {"format": form.model_dump(mode="json"), "answer": answer}, "response": text})
    assert {row["scoring"]["format"]["type"] for row in rows} >= {form.type for form in FORMATS}
    assert alone(tmp_path, rows) == [as_json(judged(row["scoring"], row["response"])) for row in rows]


def items() -> Iterator[Item]:
    for name in registry().tasks:
        yield imagine(make_key(registry().task(name), 2, "one file", 0))


def test_every_tasks_references_and_wrong_answers_score_and_earn_alike(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = []
    wanted = []
    for item in items():
        for number, question in enumerate(item.questions):
            form, answer = question.format, question.answer
            rng = item.key.stream("mutations").fork(str(number))
            responses = [reference_response(form, other) for other in (answer, *mutations(form, answer, rng)[:6])]
            steps = "\n".join(f"{step.claim} @ {step.time} s" for step in question.steps[:3])
            scoring = {"format": form.model_dump(mode="json"), "answer": as_json(answer)}
            for response in [*responses, None]:
                rows.append({"scoring": scoring, "response": response})
                wanted.append(judged(scoring, response))
            target = Target(
                format=form,
                answer=answer,
                steps=question.steps,
                evidence=question.evidence,
                duration=item.layout.duration,
            )
            for response in (f"{steps}\nEvidence: 1.0 to 2.5 s\n{responses[0]}", responses[-1]):
                rows.append({"target": target.model_dump_json(), "response": response})
                wanted.append(asdict(reward(target, response)))
    found = alone(tmp_path, rows)
    differ = [(row, one, other) for row, one, other in zip(rows, found, wanted, strict=True) if one != as_json(other)]
    assert not differ, differ[0]
    assert len(rows) > 4000 and sum(row.get("score", 0) for row in found) > 500


def test_the_file_is_always_the_same_and_names_no_package() -> None:
    text = scorer()
    scorer.cache_clear()
    again = subprocess.run(
        [sys.executable, "-c", "from harness.one_file import scorer; print(scorer(), end='')"],
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert again == text
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(text))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported and imported <= sys.stdlib_module_names


def test_it_scores_lines_from_the_command_line(tmp_path: Path) -> None:
    put_scorer(tmp_path)
    form = {"type": "choice", "options": ["x", "y"]}
    rows = [{"scoring": {"format": form, "answer": "B"}, "response": text} for text in ("Answer: B", "Answer: A")]
    said = subprocess.run(
        [sys.executable, "-I", "-S", str(tmp_path / NAME)],
        input="".join(json.dumps(row) + "\n" for row in rows),
        capture_output=True,
        text=True,
        check=True,
    )
    assert [json.loads(line)["score"] for line in said.stdout.splitlines()] == [1.0, 0.0]


@pytest.mark.parametrize(
    "row",
    [
        {"type": "choice"},
        {"type": "choice", "options": ["a", "b"], "more": 1},
        {"type": "choice", "options": "ab"},
        {"type": "number", "absolute": "wide"},
        {"type": "haiku"},
        {},
        7,
    ],
)
def test_what_is_no_format_is_refused_by_both(row: Any, tmp_path: Path) -> None:
    """The records in plain Python against pydantic's."""
    put_scorer(tmp_path)
    offered = runpy.run_path(str(tmp_path / NAME))
    with pytest.raises(ValidationError):
        FORMAT.validate_python(row)
    with pytest.raises(ValueError, match=r"is none of|has no|needs|is no"):
        offered["judged"]({"format": row, "answer": None}, "A")


def test_plain_records_are_frozen_and_equal_by_value() -> None:
    class Point(plain_records.BaseModel):
        x: float
        names: tuple[str, ...] = ()

    one, other = Point(x=1, names=["a"]), Point.model_validate_json('{"x": 1.0, "names": ["a"]}')
    assert one == other and hash(one) == hash(other) and one != Point(x=2) and one.names == ("a",)
    assert json.loads(one.model_dump_json()) == {"x": 1.0, "names": ["a"]}
    with pytest.raises(AttributeError):
        one.x = 3
