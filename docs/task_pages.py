"""A page a task in Markdown: its docstring, ramps, a picture, questions of three levels, what its audit found."""

import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from docs.pictures import LEVEL as PICTURED
from docs.pictures import ROOT
from docs.proofs import Proof
from docs.readme import drawn_with
from harness.page import worded
from morse.pipeline import Item, imagine, make_key
from morse.schema import PublicQuestion, Question
from morse.task import CATEGORIES, Task
from morse.task_table import LEVELS, levels_rows, question_kinds

EXAMPLES = (1, 3, 6)
"""Levels of the clips whose questions a page shows."""
HEADINGS = ("What is shown", "What is asked", "Difficulty", "Source")
SPANS = 6
"""Evidence spans that are written out under an answer."""


@dataclass(frozen=True)
class About:
    """A task's docstring: its first line, and the text under each heading."""

    first: str
    parts: dict[str, str]


def about(task: Task) -> About:
    """A task's docstring, taken apart at its fixed headings."""
    first, _, rest = (inspect.getdoc(type(task)) or "").partition("\n")
    pieces = re.split(rf"^({'|'.join(HEADINGS)})(?::[ ]|:?$)", rest, flags=re.MULTILINE)
    return About(first, {name: _sentence(text) for name, text in zip(pieces[1::2], pieces[2::2], strict=True)})


def _sentence(text: str) -> str:
    flat = plain(re.sub(r"\s+", " ", text))
    return flat[:1].upper() + flat[1:]


def plain(text: str) -> str:
    """Text that stands in Markdown as it is."""
    return re.sub(r"([\\`*_{}\[\]>|#])", r"\\\1", text.strip().replace("&", "&amp;").replace("<", "&lt;"))


def task_page(task: Task, picture: str | None, proof: Proof | None = None) -> str:
    """The page of a task; ``picture`` is the address of its moving picture, the still one beside it."""
    rows, limit = levels_rows(task)
    head = ["knob", *(f"level {level}" for level in LEVELS), "what it does"]
    table = [head, ["---", *["---:"] * len(LEVELS), "---"], *(map(plain, row) for row in rows)]
    items = {level: imagine(make_key(task, level, ROOT, 0)) for level in sorted({*EXAMPLES, PICTURED})}
    return (
        _templates()
        .get_template("task.md.j2")
        .render(
            task=task,
            about=about(task),
            picture=picture,
            level=PICTURED,
            seconds=items[PICTURED].layout.duration,
            drawn_with=drawn_with(task),
            kinds=", ".join(f"`{kind}`" for kind in question_kinds(task)),
            table="\n".join("| " + " | ".join(row) + " |" for row in table),
            limit=limit,
            clips=[
                {
                    "level": level,
                    "seconds": items[level].layout.duration,
                    "questions": [_example(items[level], question) for question in items[level].questions],
                }
                for level in EXAMPLES
            ],
            proof=proof,
            proofs=[
                {
                    "gate": row.gate,
                    "figure": "" if row.figure is None else f"{row.figure:.4g}",
                    "threshold": row.threshold,
                    "mark": {True: "passed", False: "**failed**", None: "not tested"}[row.passed],
                    "detail": plain(row.detail),
                }
                for row in (proof.rows if proof else ())
            ],
        )
    )


def _example(item: Item, question: Question) -> dict[str, Any]:
    shared = {name: getattr(question, name) for name in PublicQuestion.model_fields if hasattr(question, name)}
    public = PublicQuestion(
        **shared,
        question_id="",
        clip_id=item.clip_id,
        task=item.key.task,
        category=item.task.category,
        level=item.key.level,
        canary="",
    )
    spans = ", ".join(f"{span.start:.1f}–{span.end:.1f} s" for span in question.evidence[:SPANS])
    more = f" and {len(question.evidence) - SPANS} more" if len(question.evidence) > SPANS else ""
    return {
        "kind": question.kind,
        "reasoning": question.reasoning,
        "form": question.format.type.replace("_", " "),
        "chance": "" if question.chance is None else f", chance {100 * question.chance:.0f} %",
        "asked_at": "" if question.asked_at is None else f", asked at {question.asked_at:.1f} s",
        "text": question.text,
        "options": getattr(question.format, "options", ()),
        "answer": worded(public, question.answer),
        "evidence": f"{spans}{more}" or "none",
    }


@dataclass(frozen=True)
class Card:
    """A task as it stands in a list of tasks: with its picture, where there is one."""

    task: Task
    picture: str | None
    """Name of its moving picture, which lies beside its page."""


def list_page(title: str, folders: Sequence[tuple[str, str, Sequence[Card]]]) -> str:
    """A page of tasks as cards: for each part of it a heading, where its tasks' pages lie, and its tasks."""
    parts = [
        {
            "heading": heading,
            "cards": [
                {
                    "name": card.task.name,
                    "page": f"{folder}{card.task.name}.html",
                    "about": about(card.task).first.rstrip("."),
                    "still": card.picture and folder + str(Path(card.picture).with_suffix(".jpg")),
                    "moving": card.picture and folder + card.picture,
                }
                for card in cards
            ],
        }
        for heading, folder, cards in folders
        if cards
    ]
    return _templates().get_template("tasks.md.j2").render(title=title, parts=parts)


def of_category(cards: Sequence[Card]) -> dict[str, list[Card]]:
    """The cards of each category that has any, in the order of the categories."""
    found = {category: [card for card in cards if card.task.category == category] for category in CATEGORIES}
    return {category: own for category, own in found.items() if own}


def _templates() -> jinja2.Environment:
    return jinja2.Environment(  # noqa: S701 - Markdown
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "pages"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
