"""What is asked about how long things go on."""

from collections.abc import Iterable, Sequence
from itertools import combinations, permutations
from typing import Any

from pydantic import JsonValue

from generators.temporal._duration_world import COMPARED, DOING, Board, clear, ring_of
from morse.errors import Rejected
from morse.grounding import boxes_by_second, seconds_to_ask
from morse.layout import Layout
from morse.options import pose_choice
from morse.schema import (
    AnswerFormat,
    Boolean,
    Boxes,
    Choice,
    Evidence,
    Integer,
    Permutation,
    Question,
    Span,
    Step,
)
from morse.schema import Sequence as Listed
from morse.seeding import Rng


class Asking:
    """The questions of a clip. Raises :class:`~morse.errors.Rejected` where one cannot be asked."""

    def __init__(self, board: Board, layout: Layout, rng: Rng) -> None:
        self.board, self.layout, self.rng = board, layout, rng
        self.spans: dict[str, list[tuple[float, float]]] = layout.details["spans"]
        self.names = [*board.stretches]
        self.seconds = {name: board.seconds(name) for name in self.names}

    def all(self) -> Iterable[Question]:
        yield self.longest()
        yield self.order()
        yield self.longer()
        yield self.difference()
        yield self.total()
        yield self.equal()
        yield self.listed() if self.board.mended is None else self.uninterrupted()
        yield from self.until_now()
        yield self.longest_span()
        if (where := self.where_longest()) is not None:
            yield where

    def longest(self) -> Question:
        way = self.rng.choice(("longest", "shortest"))
        for four in self.rng.shuffled([*combinations(self.names, 4)]):
            key, second, *_ = ranked = sorted(four, key=lambda name: self.seconds[name], reverse=way == "longest")
            if clear(self.seconds[key], self.seconds[second]):
                form, letter, values = pose_choice(self.rng, key, self.rng.shuffled(ranked[1:]), wording=_worded)
                return self.question(
                    "longest", letter, form, four, {"way": way}, reasoning="infer", skills=("duration", "compare"),
                    option_values=values,
                )  # fmt: skip
        raise Rejected("nothing goes on for clearly longest")

    def order(self) -> Question:
        things = self.rng.shuffled(self.board.ordered)
        ranked = sorted(things, key=lambda name: self.seconds[name])
        answer: list[JsonValue] = [things.index(name) + 1 for name in ranked]
        slots: dict[str, JsonValue] = {"things": [*things], "doing": [*map(_worded, things)]}
        return self.question(
            "order", answer, Permutation(size=len(things)), things, slots, reasoning="infer",
            skills=("duration", "order"),
        )  # fmt: skip

    def longer(self) -> Question:
        yes = self.rng.steady("longer").chance(0.5)
        pairs = [(x, y) for x, y in permutations(self.names, 2) if clear(self.seconds[x], self.seconds[y])]
        x, y = self.rng.choice([(x, y) for x, y in pairs if (self.seconds[x] > self.seconds[y]) == yes])
        return self.question(
            "longer", yes, Boolean(), (x, y), self.two(x, y), reasoning="infer", skills=("duration", "compare")
        )

    def difference(self) -> Question:
        """By how much one went on longer, or for how long the other must go on yet to come up with it."""
        x, y = self.board.pair
        kind = self.rng.choice(("difference", "catch_up"))
        return self.question(
            kind, self.seconds[x] - self.seconds[y], Integer(unit="seconds"), (x, y), self.two(x, y),
            reasoning="infer" if kind == "difference" else "predict", skills=("duration", "arithmetic"),
            domain=tuple(self.board.params.gaps),
        )  # fmt: skip

    def total(self) -> Question:
        x = self.board.total
        return self.question(
            "total", self.seconds[x], Integer(unit="seconds"), (x,), self.one(x), reasoning="infer",
            skills=("duration", "arithmetic"), domain=tuple(self.board.params.totals),
        )  # fmt: skip

    def equal(self) -> Question:
        """Four pairs of four things in a ring, so that no thing is named oftener than another."""
        one, other = self.rng.shuffled(self.board.equal)
        a, b = self.rng.shuffled(self.rng.choice(ring_of(self.seconds, self.board.equal)))
        ring = [one, other, a, b, one]
        pairs = [_pair(*self.rng.shuffled(ring[i : i + 2])) for i in range(4)]
        form, letter, values = pose_choice(self.rng, pairs[0], pairs[1:])
        return self.question(
            "equal", letter, form, ring[:4], {}, reasoning="infer", skills=("duration", "compare"), option_values=values
        )  # fmt: skip

    def listed(self) -> Question:
        params = self.board.params
        first = self.board.equal[0]
        others = [n for n in self.names if n != first and self.seconds[n] in params.lengths]
        things = [first, *self.rng.sample(others, 2)]
        answer: list[JsonValue] = [str(self.seconds[name]) for name in things]
        form = Listed(vocabulary=tuple(map(str, params.lengths)), noun="number", length=len(things))
        slots: dict[str, JsonValue] = {"things": [*things], "doing": [*map(_worded, things)]}
        return self.question("list", answer, form, things, slots, reasoning="infer", skills=("duration",))

    def uninterrupted(self) -> Question:
        assert self.board.mended is not None
        x, others = self.board.mended
        whole = self.spans[x][-1][1] - self.spans[x][0][0]
        answer = sum(self.seconds[name] > whole for name in others)
        slots: dict[str, JsonValue] = {"things": [*others], "doing": [*map(_worded, others)]}
        slots |= self.one(x)
        return self.question(
            "uninterrupted", answer, Integer(), (x, *others), slots, reasoning="counterfactual",
            skills=("duration", "compare"), domain=tuple(range(COMPARED)),
        )  # fmt: skip

    def until_now(self) -> Iterable[Question]:
        """The same question in each of three stretches, with the same options."""
        x, after, options = self.board.standing
        form = Choice(options=tuple(f"{seconds} seconds" for seconds in self.rng.shuffled(options)))
        values = tuple(int(option.split()[0]) for option in form.options)
        for (start, _), seconds in zip(self.spans[x], after, strict=True):
            yield self.question(
                "until_now", form.letters[values.index(seconds)], form, (x,), self.one(x), reasoning="recall",
                skills=("duration", "streaming"), asked_at=round(start + seconds, 3), option_values=values,
            )  # fmt: skip

    def longest_span(self) -> Question:
        """Of what goes on longest at a stretch, if that is plain; one in four asks for something that never goes on."""
        form, skills = Span(may_abstain=True), ("grounding", "duration")
        if self.rng.steady("span").chance(0.25):
            x = self.board.idle[0]
            look = Evidence(start=0.0, end=self.layout.duration, objects=(x,))
            step = Step(kind="perceive", claim=f"never({x})", time=self.layout.duration)
            return Question(
                kind="longest_span", answer=None, format=form, slots=self.one(x), evidence=(look,), steps=(step,),
                chance=0.25, min_frames=2, min_fps=1.0, reasoning="recall", skills=skills,
            )  # fmt: skip
        most = self.most()
        for x in [most] if most is not None else self.rng.shuffled(self.names):
            ranked = sorted(self.spans[x], key=lambda span: span[0] - span[1])
            if len(ranked) == 1 or clear(ranked[0][1] - ranked[0][0], ranked[1][1] - ranked[1][0]):
                return self.question(
                    "longest_span", [*ranked[0]], form, (x,), self.one(x), reasoning="recall", skills=skills, chance=0.25
                )  # fmt: skip
        raise Rejected("no stretch is clearly longest")

    def most(self) -> str | None:
        """What goes on for the longest time without interruption, where that is plain."""
        (first, name), (second, _), *_ = sorted(
            ((end - start, name) for name in self.names for start, end in self.spans[name]), reverse=True
        )
        return name if clear(first, second) else None

    def where_longest(self) -> Question | None:
        """Where that is which goes on for the longest time without interruption, during that time."""
        if (x := self.most()) is None:
            return None
        seconds, named = seconds_to_ask(*max(self.spans[x], key=lambda span: span[1] - span[0]))
        return self.question(
            "where_longest", boxes_by_second(self.layout.scene, x, seconds), Boxes(), self.names, {"seconds": [*named]},
            reasoning="infer", skills=("grounding", "duration", "compare"), chance=0.0,
        )  # fmt: skip

    def one(self, x: str) -> dict[str, JsonValue]:
        return {"x": x, "x_is": _is(x)}

    def two(self, x: str, y: str) -> dict[str, JsonValue]:
        return self.one(x) | {"y": y, "y_is": _is(y)}

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        watched: Sequence[str],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        """Evidence is each stretch of what is to be watched; steps add the seconds of each up."""
        until = more.get("asked_at") or self.layout.duration
        looks = sorted(
            (start, min(end, until), name) for name in watched for start, end in self.spans[name] if start < until
        )
        steps = [
            Step(kind="perceive", claim=f"{_is(name)}({name}, {round(end - start)})", time=start)
            for start, end, name in looks
        ]
        seen, sums = len(steps), []
        for name in dict.fromkeys(watched):
            needs = tuple(i for i in range(seen) if looks[i][2] == name)
            lasted = sum(round(looks[i][1] - looks[i][0]) for i in needs)
            steps.append(Step(kind="infer", claim=f"total({name}, {lasted})", needs=needs))
            sums.append(len(steps) - 1)
        steps.append(Step(kind="infer", claim=f"{kind}: {answer}", needs=tuple(sums)))
        evidence = tuple(Evidence(start=start, end=round(end, 3), objects=(name,)) for start, end, name in looks)
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=evidence, steps=tuple(steps),
            min_frames=2 * len(looks), min_fps=1.0, **more,
        )  # fmt: skip


def _is(name: str) -> str:
    """What a thing is while it goes on."""
    return DOING[name.split(maxsplit=1)[0]]


def _worded(name: JsonValue) -> str:
    """A thing with what it is while it goes on: lamp A (lit)."""
    return f"{name} ({_is(str(name))})"


def _pair(one: str, other: str) -> str:
    return f"{one} and {other}"
