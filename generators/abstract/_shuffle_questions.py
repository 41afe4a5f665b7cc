"""What is asked about a row of letters that is shuffled, at first in view."""

from collections.abc import Iterable, Sequence
from math import comb, factorial
from typing import Any

from pydantic import JsonValue

from generators.abstract._shuffle_moves import FAR, Shuffle, cycles, moved, rings_asked
from morse.layout import Layout
from morse.schema import AnswerFormat, Evidence, Integer, Question, Set, Step, Text
from morse.schema import Sequence as SequenceFormat
from morse.seeding import Rng


class Asking:
    """The questions of a clip."""

    def __init__(self, shuffle: Shuffle, layout: Layout, rng: Rng) -> None:
        self.shuffle, self.layout, self.rng = shuffle, layout, rng
        self.letters = tuple(sorted(shuffle.row))
        self.moves, self.seen = shuffle.moves, shuffle.seen
        self.all_moves = range(len(self.moves))
        self.hidden = range(self.seen, len(self.moves))
        self.rows = shuffle.rows()
        self.now = self.rows[-1]
        self.events = [event for event in layout.events if event.kind in ("swap", "jump", "turn")]

    def all(self) -> Iterable[Question]:
        yield self.spelled()
        yield from self.where()
        yield self.far()
        yield self.traded()
        yield self.how_many()
        yield self.restore()
        yield self.without()
        yield self.again()

    def spelled(self) -> Question:
        size = len(self.letters)
        form = SequenceFormat(vocabulary=self.letters, noun="letter", length=size)
        return self.question(
            "spelled", [*self.now], form, self.seen, self.hidden, {"count": size}, reasoning="infer",
            skills=("tracking",), chance=1 / factorial(size),
        )  # fmt: skip

    def where(self) -> Iterable[Question]:
        """The same question at several times, all with the letters out of view."""
        letter, marks = self.shuffle.tracked
        for mark in marks:
            last = mark == len(self.moves)
            yield self.question(
                "where", self.rows[mark].index(letter) + 1, Integer(), self.seen, range(self.seen, mark),
                {"letter": letter}, asked_at=None if last else self.layout.details["ends"][mark - 1], reasoning="infer",
                skills=("tracking", "streaming"), domain=tuple(range(1, len(self.letters) + 1)),
            )  # fmt: skip

    def far(self) -> Question:
        letter = self.shuffle.far
        far = abs(self.shuffle.row.index(letter) - self.now.index(letter))
        return self.question(
            "far", far, Integer(), 0, self.all_moves, {"letter": letter}, reasoning="infer", skills=("tracking",),
            domain=FAR,
        )  # fmt: skip

    def traded(self) -> Question:
        number = self.shuffle.swap
        before = self.rows[number]
        pair: list[JsonValue] = [*sorted((before[self.moves[number].a], before[self.moves[number].b]))]
        form = Set(vocabulary=self.letters, noun="letter")
        return self.question(
            "traded", pair, form, 0, range(number + 1), {"number": number + 1}, reasoning="recall", skills=("order",),
            chance=1 / comb(len(self.letters), 2),
        )  # fmt: skip

    def how_many(self) -> Question:
        return self.question(
            "moves", len(self.moves), Integer(), None, self.all_moves, {}, reasoning="recall", skills=("count",),
            domain=tuple(self.shuffle.params.counts),
        )  # fmt: skip

    def restore(self) -> Question:
        size = len(self.letters)
        swaps = size - cycles(self.shuffle.row, self.now)
        domain = tuple(sorted(size - rings for rings in rings_asked(size)))
        return self.question(
            "restore", swaps, Integer(), 0, self.all_moves, {}, reasoning="infer", skills=("tracking", "planning"),
            domain=domain,
        )  # fmt: skip

    def without(self) -> Question:
        number, place = self.shuffle.left_out
        row = moved(self.shuffle.row, [*self.moves[:number], *self.moves[number + 1 :]])
        slots: dict[str, JsonValue] = {"number": number + 1, "place": place + 1}
        return self.letter("without", row[place], 0, self.all_moves, slots, "counterfactual")

    def again(self) -> Question:
        place = self.shuffle.again
        row = moved(self.now, self.moves[self.seen :])
        return self.letter("again", row[place], self.seen, self.hidden, {"place": place + 1}, "predict")

    def letter(
        self, kind: str, key: str, look: int, moves: range, slots: dict[str, JsonValue], reasoning: Any
    ) -> Question:
        form = Text(vocabulary=self.letters, noun="letter")
        return self.question(
            kind, key, form, look, moves, slots, reasoning=reasoning, skills=("tracking",), domain=self.letters
        )

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        look: int | None,
        moves: Sequence[int],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        """Evidence is the row, as it is seen after so many moves (none or all in view), and each move from then on."""
        spans, details = self.layout.details["spans"], self.layout.details
        looks, steps = [], []
        if look is not None:
            start, end = (details["up"], spans[0][0]) if look == 0 else (details["ends"][look - 1], details["down"])
            looks.append(Evidence(start=round(start, 3), end=round(end, 3), objects=self.letters))
            steps.append(Step(kind="perceive", claim=f"row({', '.join(self.rows[look])})", time=round(end, 3)))
        for i in moves:
            start, end, tiles = spans[i]
            looks.append(Evidence(start=start, end=end, objects=tiles))
            steps.append(Step(kind="perceive", claim=self.events[i].claim, time=self.events[i].end))
            if len(steps) > 1:
                claim = f"after {i + 1}: {', '.join(self.rows[i + 1])}" if look is not None else f"moves: {i + 1}"
                steps.append(Step(kind="infer", claim=claim, needs=(len(steps) - 2, len(steps) - 1)))
        steps.append(Step(kind="infer", claim=f"{kind}: {answer}", needs=(len(steps) - 1,)))
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks), steps=tuple(steps), min_fps=3.0,
            min_frames=len(looks) + 1, **more,
        )  # fmt: skip
