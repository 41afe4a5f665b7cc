"""What is asked about a rule on patterns."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.abstract._pattern_rules import after, cell_name, record, rule_words
from generators.abstract._pattern_show import Lesson
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Choice, Event, Evidence, Grid, Integer, Question, Text
from morse.schema import Step as Reason
from morse.seeding import Rng

EMPTY = "empty"


class Asking:
    """The questions of a clip."""

    def __init__(self, lesson: Lesson, layout: Layout, rng: Rng) -> None:
        self.lesson, self.layout, self.rng = lesson, layout, rng
        self.result = after(lesson.new, lesson.rule, lesson.side)
        self.words = (EMPTY, *lesson.palette)
        self.lessons = [event for event in layout.events if event.kind in ("example before", "example after")]
        (self.new,) = (event for event in layout.events if event.kind == "new")

    def all(self) -> Iterable[Question]:
        yield self.rule()
        yield self.lettered()
        yield self.whole()
        yield self.cell()
        yield self.row()
        yield self.moved()
        yield self.recalled()

    def rule(self) -> Question:
        lesson = self.lesson
        misses: list[JsonValue] = [record(other, lesson.palette) for other in lesson.others]
        key = record(lesson.rule, lesson.palette)
        form, letter, values = pose_choice(self.rng, key, misses, wording=rule_words)
        return self.question("rule", letter, form, self.lessons, option_values=values, reasoning="infer")

    def lettered(self) -> Question:
        lesson, order = self.lesson, self.layout.details["order"]
        made: list[JsonValue] = [
            lesson.rows(after(lesson.new, rule, lesson.side)) for rule in (lesson.rule, *lesson.others)
        ]
        form = Choice(options=tuple(f"pattern {letter}" for letter in "ABCD"))
        options = [event for event in self.layout.events if event.kind == "option"]
        return self.question(
            "lettered", "ABCD"[order.index(0)], form, [*self.lessons, self.new, *options],
            option_values=tuple(made[place] for place in order), reasoning="predict",
        )  # fmt: skip

    def whole(self) -> Question:
        side = self.lesson.side
        cells: list[JsonValue] = [self.words[cell] for cell in self.result]
        rows: list[JsonValue] = [cells[i : i + side] for i in range(0, side * side, side)]
        form = Grid(rows=side, columns=side, vocabulary=self.words)
        return self.question("whole", rows, form, [*self.lessons, self.new], reasoning="predict")

    def cell(self) -> Question:
        """The colours, and being empty, are equally likely."""
        slots: dict[str, JsonValue] = {"cell": cell_name(self.lesson.cell, self.lesson.side)}
        return self.question(
            "cell", self.words[self.result[self.lesson.cell]], self.colour(), [*self.lessons, self.new], slots,
            domain=self.words, reasoning="predict",
        )  # fmt: skip

    def row(self) -> Question:
        """One to all but one are equally likely."""
        side, row = self.lesson.side, self.lesson.row
        count = sum(map(bool, self.result[row * side : (row + 1) * side]))
        return self.question(
            "row", count, Integer(), [*self.lessons, self.new], {"row": row + 1}, domain=tuple(range(1, side)),
            reasoning="predict",
        )  # fmt: skip

    def moved(self) -> Question:
        """All places are equally likely; the words do not say from where, for many rules leave cells in their places."""
        target = cell_name(self.lesson.moved[1], self.lesson.side)
        cells = tuple(cell_name(cell, self.lesson.side) for cell in range(self.lesson.side**2))
        form = Text(vocabulary=cells, noun="cell")
        return self.question(
            "moved", target, form, [*self.lessons, self.new], domain=cells, reasoning="counterfactual"
        )  # fmt: skip

    def recalled(self) -> Question:
        number, then, cell = self.lesson.recalled
        event = self.lessons[2 * number + then]
        slots: dict[str, JsonValue] = {
            "number": number + 1, "side": "right" if then else "left", "cell": cell_name(cell, self.lesson.side),
        }  # fmt: skip
        answer = self.words[self.lesson.pairs[number][then][cell]]
        return self.question("recalled", answer, self.colour(), [event], slots, domain=self.words, reasoning="recall")

    def colour(self) -> Text:
        return Text(vocabulary=self.words, noun="word")

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        watched: Iterable[Event],
        slots: dict[str, JsonValue] | None = None,
        **more: Any,
    ) -> Question:
        """Evidence is each pattern that is to be seen."""
        events = sorted(watched, key=lambda event: event.start)
        looks = tuple(Evidence(start=event.start, end=event.end, objects=event.objects) for event in events)
        steps = [Reason(kind="perceive", claim=event.claim, time=event.start) for event in events]
        count = len(self.lesson.rule)
        told: dict[str, JsonValue] = {
            "steps": "one step" if count == 1 else f"{count} steps", "count": count, "palette": [*self.lesson.palette],
        }  # fmt: skip
        return Question(
            kind=kind, answer=answer, format=form, slots=told | (slots or {}), evidence=looks, steps=concluding(steps, f"{kind}: {answer}"),
            skills=("memory",) if kind == "recalled" else ("induction",), min_frames=len(looks), min_fps=1.0, **more,
        )  # fmt: skip
