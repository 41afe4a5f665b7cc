"""What is asked of a train of gears under a lid."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any

from pydantic import JsonValue

from generators.spatial._gear_retold import DIRECTIONS
from generators.spatial._gear_train import Gear
from morse.errors import Rejected
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import Event, Evidence, Integer, Question, Step, Text
from morse.seeding import Rng

WAYS = ("clockwise", "anticlockwise")


@dataclass(frozen=True)
class Turning:
    """``gears``: the crank's first, then the train, then those that stand loose. ``turns``: of the crank, in quarters, clockwise;
    ``totals``: the numbers of quarters in all that are equally likely. ``ahead``: further turns to be supposed. ``acts``: what
    the crank does in order, the place of a turn in ``turns`` or ``None`` for a shake. ``pause`` between turns and ``hold`` of the look
    at the gears, in seconds."""

    gears: tuple[Gear, ...]
    turns: tuple[int, ...]
    totals: tuple[int, ...]
    ahead: int
    acts: tuple[int | None, ...]
    pause: float
    hold: float

    @property
    def train(self) -> tuple[Gear, ...]:
        """The gears that turn with the crank's."""
        return tuple(gear for gear in self.gears[1:] if gear.ratio != 0)


class Asking:
    """Makes the questions of a clip. ``turns``: the events; ``shown``: when the gears are seen."""

    def __init__(self, turning: Turning, turns: Sequence[Event], shown: tuple[float, float]) -> None:
        self.turning, self.turns, self.shown = turning, turns, shown

    def all(self, rng: Rng) -> list[Question]:
        telling = [gear for gear in self.turning.train if gear.tells]
        if not telling:
            raise Rejected("no mark to be asked for")
        asked = [self.ways(rng.fork("ways")), self.total()]
        net = sum(self.turning.turns)
        asked.append(self.mark("mark", rng.fork("mark"), telling, net, reasoning="infer"))
        further = self.further(rng.fork("further"))
        slots: dict[str, JsonValue] = {"further": [*further], "words": [in_words(turn) for turn in further]}
        asked.append(self.mark("after", rng.fork("after"), telling, net + sum(further), slots, reasoning="predict"))
        number = rng.fork("number").integer(1, len(self.turning.turns))
        other = net - 2 * self.turning.turns[number - 1]
        instead: dict[str, JsonValue] = {"number": number}
        asked.append(self.mark("instead", rng.fork("instead"), telling, other, instead, reasoning="counterfactual"))
        return asked

    def ways(self, rng: Rng) -> Question:
        """Two gears that turn with or against each other, and a turn of the crank by which the first goes the way aimed at."""
        steady = rng.steady("aim")
        aim, together = steady.choice(WAYS), steady.chance(0.5)
        train = self.turning.train
        found = [
            (a, b, number)
            for a, b in permutations(train, 2)
            for number, turn in enumerate(self.turning.turns, 1)
            if (a.ratio * b.ratio > 0) == together and WAYS[turn * a.ratio < 0] == aim
        ]
        if not found:
            raise Rejected("no gears that turn so")
        a, b, number = rng.choice(found)
        turn = self.turning.turns[number - 1]
        key: JsonValue = [WAYS[turn * gear.ratio < 0] for gear in (a, b)]
        others: list[JsonValue] = [[*pair] for pair in product(WAYS, repeat=2) if [*pair] != key]

        def words(value: JsonValue) -> str:
            assert isinstance(value, list)
            return f"{a.name} {value[0]}, {b.name} {value[1]}"

        form, letter, values = pose_choice(rng, key, others, wording=words)
        return self.question(
            "ways",
            f"turns({a.name}, {b.name})",
            (a, b),
            self.turns[:number],
            slots={"gears": [a.name, b.name], "number": number},
            format=form,
            answer=letter,
            option_values=values,
            reasoning="infer",
            skills=("mechanism", "order"),
        )

    def total(self) -> Question:
        total = sum(map(abs, self.turning.turns))
        return self.question(
            "total",
            f"quarters({total})",
            (),
            self.turns,
            format=Integer(),
            answer=total,
            domain=self.turning.totals,
            reasoning="recall",
            skills=("counting", "rotation"),
        )

    def further(self, rng: Rng) -> list[int]:
        return [rng.choice((-3, -2, -1, 1, 2, 3)) for _ in range(self.turning.ahead)]

    def mark(
        self,
        kind: str,
        rng: Rng,
        telling: Sequence[Gear],
        quarters: int,
        slots: dict[str, JsonValue] | None = None,
        **rest: Any,
    ) -> Question:
        """Where a gear's mark points after so many quarter turns of the crank."""
        gear = rng.choice(telling)
        key = DIRECTIONS[gear.turned(quarters)]
        return self.question(
            kind,
            f"points({gear.name}, {key})",
            (gear,),
            self.turns,
            slots={"gear": gear.name} | (slots or {}),
            format=Text(vocabulary=DIRECTIONS, noun="direction"),
            answer=key,
            domain=DIRECTIONS,
            skills=("mechanism", "ratio"),
            **rest,
        )

    def question(self, kind: str, claim: str, gears: Sequence[Gear], turns: Sequence[Event], **rest: Any) -> Question:
        """A question that rests on turns of the crank, and on the look at some gears."""
        steps = [
            Step(kind="perceive", claim=event.claim, time=round((event.start + event.end) / 2, 3)) for event in turns
        ]
        evidence = [Evidence(start=turns[0].start, end=turns[-1].end, objects=("crank",))]
        if gears:
            start, end = self.shown
            names = tuple(f"gear-{gear.name}" for gear in gears)
            evidence.insert(0, Evidence(start=start, end=end, objects=names))
        return Question(kind=kind, evidence=tuple(evidence), steps=concluding(steps, claim), **rest)


def in_words(turn: int) -> str:
    """A turn of the crank as a question says it."""
    amount = ("a quarter turn", "a half turn", "three quarters of a turn")[abs(turn) - 1]
    return f"{amount} {WAYS[turn < 0]}"
