"""A small finished data set on disk, made of given questions, for tests of what reads data sets."""

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue

from morse.schema import (
    AnswerFormat,
    Condition,
    Effect,
    Manifest,
    Operator,
    PlanProblem,
    PrivateAnswer,
    PublicQuestion,
    Reasoning,
    Recipe,
    RecipePart,
    Step,
)

CANARY = "MORSE canary 0"


def question(
    number: int,
    format: AnswerFormat,
    *,
    clip: str = "0" * 16,
    category: str = "spatial",
    level: int = 1,
    chance: float | None = 0.25,
    reasoning: Reasoning = "recall",
    asked_at: float | None = None,
) -> PublicQuestion:
    return PublicQuestion(
        question_id=f"q{number}",
        clip_id=clip,
        task="orbit",
        category=category,
        level=level,
        kind="nearest",
        reasoning=reasoning,
        skills=(),
        text="?",
        prompt="?",
        format=format,
        asked_at=asked_at,
        chance=chance,
        min_frames=2,
        min_fps=2.0,
        canary=CANARY,
    )


def press_one(button: str) -> dict[str, JsonValue]:
    """The plan problem of pressing one of three buttons, and no other."""
    press = Operator(
        name="press", parameters={"?a": ("a", "b", "c")}, does=(Effect(action="set", term="lit(?a)", value=True),)
    )
    others = (Condition(term=f"lit({other})", value=False) for other in "abc" if other != button)
    goal = (Condition(term=f"lit({button})"), *others)
    return PlanProblem(initial={}, operators=(press,), goal=goal, solution=(f"press({button})",)).model_dump(
        mode="json"
    )


def answer(of: PublicQuestion, value: JsonValue, steps: tuple[Step, ...] = ()) -> PrivateAnswer:
    return PrivateAnswer(
        question_id=of.question_id,
        clip_id=of.clip_id,
        answer=value,
        option_values=(),
        domain=None,
        evidence=(),
        steps=steps,
        slots={},
        phrasing=0,
    )


def write_dataset(folder: Path, items: Sequence[tuple[PublicQuestion, JsonValue]], headline: str = "accuracy") -> Path:
    """The set's files, as :func:`morse.dataset.open_dataset` reads them."""
    (folder / "public").mkdir(parents=True)
    (folder / "private").mkdir()
    manifest = Manifest(
        morse_version="0.1.0",
        recipe=Recipe(name="by-hand", parts=(RecipePart(task="orbit", levels=(1,), count=1),), headline=headline),
        task_versions={"orbit": 1},
        fingerprint={},
        canary=CANARY,
        commitment="",
        clips=len({item.clip_id for item, _ in items}),
        questions=len(items),
        complete=True,
        files={},
    )
    (folder / "public/manifest.json").write_text(manifest.model_dump_json(), encoding="utf-8")
    (folder / "public/questions.jsonl").write_text(
        "".join(item.model_dump_json() + "\n" for item, _ in items), encoding="utf-8"
    )
    lines = "".join(answer(item, value).model_dump_json() + "\n" for item, value in items)
    (folder / "private/answers.jsonl").write_text(lines, encoding="utf-8")
    return folder


def write_responses(file: Path, rows: list[dict[str, object]]) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file
