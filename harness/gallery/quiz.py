"""``morse quiz``: a person answers a set's questions on the page, and is scored as a model is.

Each answer is written as a response in the words that the question asks for, and read again by the parser of ``morse score``
before it is taken. The file is whole after every answer; the same command again goes on where it stopped.
"""

import json
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from harness.gallery.contents import Contents, script
from harness.gallery.runs import runs_of
from harness.gallery.server import Refused
from harness.parsing import parse
from harness.references import reference_response
from harness.report import Report, make_report, write_text
from harness.responses import matched, read_responses
from harness.shapes import strings
from morse.dataset import Dataset
from morse.errors import BadInput
from morse.schema import AnswerFormat, Boxes, Masks, Plan, PublicQuestion
from morse.seeding import digest

LONGEST = 20_000
"""Characters that an answer may have."""
LONGEST_TIME = 86_400.0
"""Seconds that an answer may be said to have taken."""


class Quiz:
    """A quiz on the server: its files without the answers, until all questions are answered or the person stops."""

    def __init__(self, data: Dataset, file: Path, name: str, *, once: bool = False, most: int | None = None) -> None:
        self.data, self.path, self.name, self.once = data, file, name, once
        questions = list(data.questions())
        chosen = questions if most is None else dealt(questions, most)
        ids = {question.question_id for question in chosen}
        self.rows: dict[str, dict[str, Any]] = {}
        if file.exists():
            found = matched(read_responses(file), (question.question_id for question in questions), file)
            for one in found.values():
                if one.model != name:
                    raise BadInput(
                        f"{file}: holds the answers of {one.model or 'somebody without a name'!r}, not of {name!r}"
                    )
                self.rows[one.question_id] = _row(one.question_id, one.text, name, one.usage)
        self.asked = [question for question in questions if question.question_id in ids | self.rows.keys()]
        if once:  # the looks that one clip gets lie apart
            self.asked.sort(key=lambda question: digest("quiz", question.question_id))
        self._by_id = {question.question_id: question for question in self.asked}
        self._seen: set[str] = set()
        self._hidden = Contents(replace(data, private=None), {})
        self._open: Contents | None = None
        self._one_at_a_time = threading.Lock()
        self.actions = {"answer": self.answer, "seen": self.seen, "finish": self.finish}

    def file(self, name: str) -> bytes | Path | None:
        """A file of the page."""
        if self._open is not None:
            return self._open.file(name)
        if name == "data/index.js":
            quiz = {
                "name": self.name,
                "once": self.once,
                "questions": [
                    {
                        "id": question.question_id,
                        "clip": question.clip_id,
                        "answered": question.question_id in self.rows,
                        "seen": question.question_id in self._seen,
                    }
                    for question in self.asked
                ],
            }
            return script("index", self._hidden.index() | {"quiz": quiz})
        return self._hidden.file(name)

    def seen(self, given: Any) -> dict[str, Any]:
        """The person began to play the clip for a question, which happens once where so asked."""
        self._seen.add(self._question(given).question_id)
        return {}

    def answer(self, given: Any) -> dict[str, Any]:
        """Take an answer ``{question_id, value, seconds}`` and write the file anew."""
        question = self._question(given)
        text = response(question.format, given.get("value"))
        seconds = given.get("seconds")
        usage: dict[str, float] = {}
        if isinstance(seconds, int | float) and 0 <= seconds <= LONGEST_TIME:
            usage["seconds"] = round(float(seconds), 1)
        with self._one_at_a_time:
            if self._open is not None:
                raise Refused("the quiz is over")
            row = _row(question.question_id, text, self.name, usage)
            rows = self.rows | {question.question_id: row}
            write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows.values()), self.path)
            self.rows = rows
        return {"answered": len(self.rows)}

    def finish(self, given: Any) -> dict[str, Any]:
        """End the quiz: what came out, where the answers are here; from now on the page shows them beside the person's."""
        del given
        with self._one_at_a_time:
            runs = {}
            if self.rows:
                runs = runs_of(self.data, self.data.public.parent, [f"{self.name}={self.path}"])
            self._open = Contents(self.data, runs)
        report = self.report()
        summary: dict[str, Any] = {"answered": len(self.rows), "asked": len(self.asked), "file": str(self.path)}
        if report is not None:
            summary["score"] = report.total.accuracy.model_dump() if report.total.accuracy else None
            summary["chance"] = report.total.chance
            summary["groups"] = [
                {
                    "name": group.name,
                    "right": round(group.accuracy.mean * group.accuracy.questions) if group.accuracy else 0,
                    "questions": group.rates.questions,
                    "chance": group.chance,
                }
                for group in report.groups["category, level"]
            ]
        return summary

    def report(self) -> Report | None:
        """The report of ``morse score`` on the questions answered; ``None`` where there is none or the answers are not here."""
        if self.data.private is None or not self.rows:
            return None
        found = matched(read_responses(self.path), self._by_id, self.path)
        answers = {answer.question_id: answer for answer in self.data.answers() if answer.question_id in found}
        recipe = self.data.manifest.recipe
        return make_report(
            [self._by_id[name] for name in found],
            answers,
            found,
            recipe=recipe.name,
            recipe_version=recipe.version,
            headline=recipe.headline,
            complete=self.data.manifest.complete,
        )

    def _question(self, given: Any) -> PublicQuestion:
        question = self._by_id.get(str(given.get("question_id"))) if isinstance(given, dict) else None
        if question is None:
            raise Refused("that question is not asked here")
        return question


def _row(question_id: str, text: str, name: str, usage: dict[str, float]) -> dict[str, Any]:
    return {"question_id": question_id, "response": text, "model": name, "usage": usage}


def response(format: AnswerFormat, value: JsonValue) -> str:
    """An answer from the page as a model that keeps to the instruction would write it. Raises :class:`Refused` for what
    ``morse score`` could not read."""
    if value is None and not format.may_abstain:
        raise Refused("this question has an answer")
    try:
        if isinstance(format, Plan) and value is not None:
            text = "Answer: " + "; ".join(strings(value))
        else:
            text = reference_response(
                format, json.loads(value) if isinstance(format, Boxes | Masks) and isinstance(value, str) else value
            )
    except (TypeError, ValueError, OverflowError):
        raise Refused("that is not an answer of the form that is asked for") from None
    if len(text) > LONGEST:
        raise Refused("that is too long")
    parsed = parse(text, format)
    if not parsed.readable:
        raise Refused(f"that cannot be read: {parsed.reason}")
    return text


def dealt(questions: Iterable[PublicQuestion], most: int) -> list[PublicQuestion]:
    """At most so many questions, dealt in turn from each category and level; the same ones each time."""
    hands: dict[tuple[str, int], list[PublicQuestion]] = {}
    for question in sorted(questions, key=lambda question: digest("dealt", question.question_id)):
        hands.setdefault((question.category, question.level), []).append(question)
    order: Sequence[list[PublicQuestion]] = [hands[name] for name in sorted(hands)]
    found: list[PublicQuestion] = []
    for turn in range(max(map(len, order), default=0)):
        found += [hand[turn] for hand in order if turn < len(hand)]
    return found[:most]
