"""What is asked about a matrix whose cells are uncovered in turn."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.abstract._matrix_rules import FILLS, PLACES, SHAPES, SIDE, Rule, rule_words
from generators.abstract._matrix_show import FADE, options_of
from generators.abstract._matrix_world import Matrix, cell_name, words_of
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Choice, Evidence, Integer, Question, Span, Step, Text
from morse.seeding import Rng

VALUES = {"shape": SHAPES, "fill": FILLS, "bead": PLACES}
NOUNS = {"shape": "shape", "fill": "filling", "number": "number of figures"}
FEATURES = {
    "number": "the number of figures",
    "places": "the arrangement of the figures",
    "start": "the first place of the bead",
    "step": "the step of the bead from beat to beat",
}
AFTER = 0.12
"""Seconds after a cover is back at which a question is asked."""


class Asking:
    """The questions of a clip."""

    def __init__(self, matrix: Matrix, layout: Layout, rng: Rng) -> None:
        self.matrix, self.layout, self.rng = matrix, layout, rng
        self.seen = [cell for cell in matrix.order]
        self.beats = matrix.params.beats
        self.opened, self.closed = layout.details["opened"], layout.details["closed"]

    def all(self) -> Iterable[Question]:
        yield self.complete()
        yield self.value()
        yield self.rule()
        yield self.odd()
        yield self.later()
        yield self.swapped()
        yield self.recalled()
        yield from self.latest()
        yield self.sought()

    def complete(self) -> Question:
        """Each value of a feature that options differ in is there as often as the other."""
        names = self.matrix.features
        looks = [[words_of(name, look[name]) for name in names] for look in options_of(self.matrix)]
        letters = "ABCDEFGH"[: len(looks)]
        order = self.layout.details["order"]
        form = Choice(options=tuple(f"cell {letter}" for letter in letters))
        start, end = self.layout.details["options"]
        shown = Evidence(start=start, end=end, objects=tuple(f"option {letter}" for letter in letters))
        return self.question(
            "complete", letters[order.index(0)], form, self.seen, {}, more_looks=(shown,), asked_at=None,
            option_values=tuple(looks[number] for number in order), reasoning="infer", skills=("induction", "memory"),
        )  # fmt: skip

    def value(self) -> Question:
        name = self.matrix.value
        answer = words_of(name, self.matrix.cells[name][self.matrix.missing])
        form: AnswerFormat = Integer() if name == "number" else Text(vocabulary=VALUES[name], noun=NOUNS[name])
        domain: tuple[JsonValue, ...] = (1, 2, 3, 4) if name == "number" else VALUES[name]
        slots: dict[str, JsonValue] = {"feature": NOUNS[name], "name": name}
        return self.question(
            "value", answer, form, self.seen, slots, domain=domain, reasoning="infer", skills=("induction",)
        )  # fmt: skip

    def rule(self) -> Question:
        """Any of the four was as likely to be the rule."""
        matrix, name = self.matrix, self.matrix.ruled
        rule = matrix.rules[name]
        assert rule is not None
        misses: list[JsonValue] = [[*other] for other in matrix.rivals if other != rule]
        form, letter, values = pose_choice(
            self.rng.fork("rule"), [*rule], misses, wording=lambda value: rule_words(name, Rule(*value))  # type: ignore[misc, arg-type]
        )  # fmt: skip
        slots: dict[str, JsonValue] = {"feature": FEATURES[name], "name": name}
        return self.question(
            "rule", letter, form, self.seen, slots, option_values=values, reasoning="explain", skills=("induction",)
        )

    def odd(self) -> Question:
        """One of all cells that are seen, or none: all equally likely."""
        fault = self.matrix.fault
        vocabulary = (*(cell_name(cell) for cell in sorted(self.seen)), "none")
        answer = "none" if fault is None else cell_name(fault[0])
        form = Text(vocabulary=vocabulary, noun="cell")
        return self.question(
            "odd", answer, form, self.seen, {}, domain=vocabulary, reasoning="infer", skills=("tracking", "odd one out")
        )

    def later(self) -> Question:
        beat = self.matrix.later
        place = PLACES[self.matrix.bead(self.matrix.missing, beat)]
        return self.place("later", place, self.seen, {"beat": beat}, "predict")

    def swapped(self) -> Question:
        """Where the bead of the missing cell would be with the step of the cell beside it in the other line."""
        (axis, line), missing = self.matrix.swap, self.matrix.missing
        other = SIDE * line + missing % SIDE if axis == "row" else SIDE * (missing // SIDE) + line
        place = (self.matrix.cells["start"][missing] + self.matrix.cells["step"][other] * (self.beats - 1)) % len(
            PLACES
        )
        own = missing // SIDE if axis == "row" else missing % SIDE
        names = "123" if axis == "row" else "abc"
        slots: dict[str, JsonValue] = {
            "axis": axis, "own": names[own], "other": names[line], "beat": self.beats, "cell": cell_name(missing),
        }  # fmt: skip
        return self.place("swapped", PLACES[place], self.seen, slots, "counterfactual")

    def recalled(self) -> Question:
        cell, name, beat = self.matrix.recalled
        answer = (
            PLACES[self.matrix.bead(cell, beat)] if name == "bead" else words_of(name, self.matrix.cells[name][cell])
        )
        what = {
            "shape": "the shape of its figures",
            "fill": "the filling of its figures",
            "bead": f"the place of its bead on the frame at beat {beat} (its first place is beat 1)",
        }[name]
        noun = {"shape": "shape", "fill": "filling", "bead": "place"}[name]
        slots: dict[str, JsonValue] = {"cell": cell_name(cell), "what": what, "name": name, "beat": beat}
        return self.question(
            "recalled", answer, Text(vocabulary=VALUES[name], noun=noun), [cell], slots, domain=VALUES[name],
            reasoning="recall", skills=("memory",),
        )  # fmt: skip

    def latest(self) -> Iterable[Question]:
        """The same question at three times, each just after a cell was covered."""
        for cell in sorted(self.rng.fork("latest").sample(self.seen, 3), key=self.seen.index):
            place = PLACES[self.matrix.bead(cell, self.beats)]
            at = round(self.closed[cell] + AFTER, 3)
            yield self.place("latest", place, [cell], {}, "recall", asked_at=at, skills=("memory", "streaming"))

    def sought(self) -> Question:
        """One in four is of a cell that was never shown."""
        cell, told = self.matrix.sought
        shape, fill, count, start = told
        slots: dict[str, JsonValue] = {
            "shape": SHAPES[shape], "fill": FILLS[fill], "count": count, "start": PLACES[start],
            "figures": f"{count} {FILLS[fill]} {SHAPES[shape]}{'' if count == 1 else 's' if SHAPES[shape] != 'cross' else 'es'}",
        }  # fmt: skip
        answer: JsonValue = None
        if cell is not None:
            answer = [round(self.opened[cell] + FADE / 2, 3), round(self.closed[cell] - FADE / 2, 3)]
        watched = self.seen if cell is None else [cell]
        return self.question(
            "sought", answer, Span(may_abstain=True), watched, slots, reasoning="recall", skills=("grounding", "time"), chance=0.25
        )  # fmt: skip

    def place(
        self, kind: str, place: str, cells: Sequence[int], slots: dict[str, JsonValue], reasoning: Any, **more: Any
    ) -> Question:
        more = {"skills": ("induction", "tracking")} | more
        form = Text(vocabulary=PLACES, noun="place")
        return self.question(kind, place, form, cells, slots, domain=PLACES, reasoning=reasoning, **more)

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        cells: Sequence[int],
        slots: dict[str, JsonValue],
        more_looks: tuple[Evidence, ...] = (),
        **more: Any,
    ) -> Question:
        """Evidence is each cell to be watched while it is uncovered; questions are asked before the options come."""
        looks, steps = [], []
        for cell in sorted(cells, key=self.seen.index):
            start, end = round(self.opened[cell] + FADE / 2, 3), round(self.closed[cell] - FADE / 2, 3)
            name = cell_name(cell)
            looks.append(Evidence(start=start, end=end, objects=(name, f"bead {name}")))
            steps.append(Step(kind="perceive", claim=f"{name}({self.told(cell)})", time=end))
        steps += [Step(kind="perceive", claim="options", time=look.end) for look in more_looks]
        more = {"asked_at": self.layout.details["asked"]} | more
        return Question(
            kind=kind, answer=answer, format=form, slots={"missing": cell_name(self.matrix.missing), "beats": self.beats} | slots,
            evidence=(*looks, *more_looks), steps=concluding(steps, f"{kind}: {answer}"), min_fps=2.0,
            min_frames=len(looks) + len(more_looks) + 1, **more,
        )  # fmt: skip

    def told(self, cell: int) -> str:
        """What is seen of a cell, as a claim says it."""
        matrix = self.matrix
        own = [str(words_of(name, matrix.cells[name][cell])) for name in matrix.features[:3]]
        return ", ".join([*own, *(PLACES[matrix.bead(cell, beat)] for beat in range(1, self.beats + 1))])
