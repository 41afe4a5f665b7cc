"""What is asked about a table whose rows or columns vanish."""

from collections.abc import Iterable, Sequence
from math import prod
from typing import Any

from pydantic import JsonValue

from generators.mathematical._vanish_world import LEAST, MEANT, MOST, SUMS, Vanishing
from morse.layout import Layout
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Choice, Evidence, Integer, Question, Step, Text
from morse.schema import Sequence as InOrder
from morse.seeding import Rng

BEFORE, AFTER = 0.8, 0.55
"""Seconds before a part goes from which it is looked at, and after it has begun to go at which a question is asked."""


class Asking:
    """The questions of a clip."""

    def __init__(self, table: Vanishing, layout: Layout, rng: Rng) -> None:
        self.table, self.layout, self.rng = table, layout, rng
        self.times: Sequence[float] = layout.details["times"]
        self.pieces: Sequence[str] = layout.details["pieces"]
        self.fields = table.names if table.columns else table.heads
        self.noun, self.across = ("column", "row") if table.columns else ("row", "column")
        self.names = tuple(sorted(self.pieces))
        self.gone = [self.pieces[piece] for piece in table.order]

    def all(self) -> Iterable[Question]:
        table, count = self.table, len(self.gone)
        one = Text(vocabulary=self.names, noun=self.noun)
        piece, field = table.looked_up
        yield self.question(
            "lookup", table.numbers[piece][field], Integer(), [piece], 0, self.slots(field, piece), reasoning="recall",
            skills=("find", "read"), domain=tuple(range(LEAST, MOST + 1)), min_frames=1,
        )  # fmt: skip
        yield self.question(
            "order", [*self.gone], InOrder(vocabulary=self.names, noun=self.noun, length=count), (), count,
            self.slots(), reasoning="recall", skills=("order", "time"), min_frames=count - 1,
        )  # fmt: skip
        turn = table.order.index(table.next_to)
        following = (*self.others(table.next_to), "none")
        yield self.question(
            "after", self.gone[turn + 1] if turn + 1 < count else "none", Text(vocabulary=following, noun=self.noun), (),
            min(count, turn + 2), self.slots(piece=table.next_to), reasoning="recall", skills=("order", "time"),
            domain=following,
        )  # fmt: skip
        yield from self.latest()
        field = table.multiplied
        yield self.question(
            "product", prod(table.number(turn, field) for turn in range(MEANT)), Integer(), table.order[:MEANT], MEANT,
            self.slots(field), reasoning="infer", skills=("order", "read", "arithmetic"),
        )  # fmt: skip
        a, b = table.dotted
        rows = [table.numbers[table.order[turn]] for turn in (a, b)]
        yield self.question(
            "dot", sum(x * y for x, y in zip(*rows, strict=True)), Integer(), [table.order[a], table.order[b]], b + 1,
            self.slots(one=a + 1, other=b + 1), reasoning="infer", skills=("order", "read", "arithmetic"), min_frames=3,
        )  # fmt: skip
        piece, field = table.rest
        left = table.standing(piece)
        yield self.question(
            "rest", sum(table.numbers[one][field] for one in left), Integer(), left, count - len(left),
            self.slots(field, piece), reasoning="infer", skills=("order", "read", "arithmetic"), domain=tuple(SUMS),
        )  # fmt: skip
        piece, field, way = table.largest
        beside = table.beside()
        first = max(beside, key=lambda one: table.numbers[one][field])
        yield self.question(
            "largest", self.pieces[first], one, beside, table.order.index(piece) + 1, self.slots(field, piece, way=way),
            reasoning="infer", skills=("order", "read", "compare"), domain=self.others(piece),
        )  # fmt: skip
        vocabulary = (*sorted(self.fields), "none")
        yield self.question(
            "rule", "none" if table.rule is None else self.fields[table.rule[0]],
            Text(vocabulary=vocabulary, noun=self.across), range(count), count, self.slots(), reasoning="explain",
            skills=("order", "read", "rule"), domain=vocabulary, min_frames=count - 1,
        )  # fmt: skip
        if table.next is not None:
            yield self.foretold(table.next)
        first, second, field = table.swapped
        order = [{first: second, second: first}.get(one, one) for one in table.order]
        yield self.question(
            "swapped", prod(table.numbers[one][field] for one in order[:2]), Integer(), order[:2],
            table.order.index(second) + 1, self.slots(field, first, other=self.pieces[second]), reasoning="counterfactual",
            skills=("order", "read", "arithmetic", "imagine"), min_frames=3,
        )  # fmt: skip

    def latest(self) -> Iterable[Question]:
        """The same question at three times, with the same options and another answer each time."""
        field, turns, other = self.table.latest
        answers = [self.table.number(turn - 1, field) for turn in turns]
        options = self.rng.fork("latest").shuffled([*answers, other])
        form = Choice(options=tuple(map(str, options)))
        for turn, answer in zip(turns, answers, strict=True):
            asked = None if turn == len(self.gone) else round(self.times[turn - 1] + AFTER, 3)
            yield self.question(
                "latest", form.letters[options.index(answer)], form, [self.table.order[turn - 1]], turn,
                self.slots(field), asked_at=asked, option_values=tuple(options), reasoning="recall",
                skills=("time", "read", "streaming"),
            )  # fmt: skip

    def foretold(self, turns: int) -> Question:
        """What goes next: one of those that still stand."""
        left = sorted(self.gone[turns:])
        form = Choice(options=tuple(self.rng.fork("next").shuffled(left)))
        return self.question(
            "next", form.letters[form.options.index(self.gone[turns])], form, range(len(self.gone)), turns, self.slots(),
            asked_at=round(self.times[turns - 1] + AFTER, 3), option_values=form.options, reasoning="predict",
            skills=("order", "read", "rule", "extrapolate"), min_frames=turns,
        )  # fmt: skip

    def others(self, piece: int) -> tuple[str, ...]:
        return tuple(name for name in self.names if name != self.pieces[piece])

    def slots(self, field: int | None = None, piece: int | None = None, **more: JsonValue) -> dict[str, JsonValue]:
        given: dict[str, JsonValue] = {"noun": self.noun, "across": self.across, "count": len(self.gone)}
        given |= {} if field is None else {"field": self.fields[field]}
        return given | ({} if piece is None else {"piece": self.pieces[piece]}) | more

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        read: Sequence[int],
        turns: int,
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        """Some parts are read while the table is whole, and the first so many are seen to go."""
        looks, steps = [], []
        names = [self.pieces[piece] for piece in read]
        if names:
            looks.append(Evidence(start=0.0, end=self.times[0], objects=tuple(names)))
        for piece, name in zip(read, names, strict=True):
            numbers = ", ".join(map(str, self.table.numbers[piece]))
            steps.append(Step(kind="perceive", claim=f"stands({name}, {numbers})", time=1.0))
        for turn in range(turns):
            time = self.times[turn]
            looks.append(Evidence(start=round(time - BEFORE, 3), end=round(time + 0.3, 3), objects=(self.gone[turn],)))
            steps.append(Step(kind="perceive", claim=f"goes({self.gone[turn]}, {turn + 1})", time=time))
        more = {"min_frames": 2, "min_fps": 2.0} | more
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks),
            steps=concluding(steps, f"{kind}({answer})"), **more,
        )  # fmt: skip
