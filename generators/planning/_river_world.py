"""Rivers, crossings of them that may break a rule, and what is aimed at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Self

from pydantic import model_validator

from generators.planning._river_rules import Rules, State
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

LETTERS = "BDFGHKLMNPRSTVZ"
SPREAD, DRAWS, WALKS, MOMENTS, CANDIDATES, HOURS = 4, 300, 40, 3, 3, 9
"""Numbers that a count may take, rivers and walks tried, times at which a bank is asked for, crossings that may break a rule,
and the most minutes that one passenger needs."""
CHANGES = ("pair", "rower")
"""What is different in the river that is asked about instead: a pair may be left alone, one more can row."""
NEAREST = 3
"""How many numbers of fewest crossings are possible."""


class Params(TaskParams):
    passengers: int = ramp(5, per_level=0.25, most=7, least=5, limit=7, about="passengers")
    crossings: int = ramp(5, per_level=0.7, least=5, about="crossings, at least (three more at most)")
    turns: int = ramp(1, per_level=0.34, least=1, about="times that the boat turns back, at least (three more at most)")
    fewest: int = ramp(4, per_level=0.34, most=7, least=4, limit=8, about="fewest crossings that are left, at least")
    covered: float = ramp(0.25, per_level=0.08, most=0.9, limit=1.0, about="share of crossings under a cover")
    shown: float = ramp(
        3.6, per_level=-0.1, most=2.6, least=2.2, limit=30, about="seconds for which banks and signs are seen"
    )

    @model_validator(mode="after")
    def _goal_in_reach(self) -> Self:
        if self.fewest > (most := self.passengers):
            raise ValueError(f"fewest={self.fewest} is out of reach: with passengers={self.passengers} at most {most}")
        return self


@dataclass(frozen=True)
class Targets:
    """The answers aimed at, and the numbers that each might as well be. ``broken``: which of the candidates breaks a rule (or none),
    ``saved``: how many crossings fewer the changed river needs."""

    fewest: int
    crossings: int
    broken: int
    change: str
    saved: int
    extra: int
    every: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Voyage:
    """What happens. ``states``: before the first crossing and after each; ``loads``: of the crossings, ``acts``: of crossings and
    (negative) of those times that the boat turns back."""

    params: Params
    targets: Targets
    rules: Rules
    names: tuple[str, ...]
    minutes: tuple[int, ...]
    goal: int
    states: tuple[State, ...]
    loads: tuple[int, ...]
    acts: tuple[int, ...]
    covers: tuple[bool, ...]
    candidates: tuple[int, ...]
    changed: tuple[str, int, Rules]
    """What is changed (the number of a pair, or the bit of a passenger), and the rules with it."""

    def named(self, some: int) -> list[str]:
        """The passengers of a set of bits."""
        return [name for i, name in enumerate(self.names) if some >> i & 1]

    def time(self, load: int) -> int:
        """The minutes of a crossing: those of the slowest on board."""
        return max(minutes for i, minutes in enumerate(self.minutes) if load >> i & 1)

    @property
    def broken(self) -> int | None:
        """The crossing, from 0, that leaves a pair alone."""
        return self.candidates[self.targets.broken] if self.targets.broken < CANDIDATES else None


def aimed(params: Params, rng: Rng) -> Targets:
    """The answers aimed at, each evenly from its numbers."""
    every = {
        "fewest": tuple(range(params.fewest, params.fewest + NEAREST)),
        "crossings": tuple(range(params.crossings, params.crossings + SPREAD)),
    }
    drawn = {what: rng.choice(numbers) for what, numbers in every.items()}
    return Targets(
        **drawn, broken=rng.integer(0, CANDIDATES), change=rng.choice(CHANGES), saved=2 * rng.integer(0, 1),
        extra=rng.integer(-2, 2), every=every,
    )  # fmt: skip


def rules_of(count: int, rng: Rng) -> Rules:
    """Some rules: one or two rowers, two or three seats, and pairs of those who do not row."""
    seats, rowers = rng.weighted(((2, 1), (2, 2), (3, 1), (3, 2)), (3, 3, 2, 0 if count < 6 else 1))
    others = [1 << i for i in range(rowers, count)]
    pairs = [a | b for a, b in combinations(others, 2)]
    some = rng.sample(pairs, min(len(pairs), rng.integer(2, max(2, count - 2))))
    return Rules(count, seats, (1 << rowers) - 1, tuple(sorted(some)))


def changes(rules: Rules, change: str) -> Iterator[tuple[int, Rules]]:
    """The rules with each change of a kind."""
    if change == "pair":
        for pair in rules.pairs:
            yield pair, replace(rules, pairs=tuple(other for other in rules.pairs if other != pair))
    else:
        for i in range(rules.count):
            if not rules.rowers >> i & 1:
                yield 1 << i, replace(rules, rowers=rules.rowers | 1 << i)


def voyage(params: Params, rng: Rng) -> Voyage:
    """A river and crossings of it that fit what is aimed at."""
    steady = rng.steady("targets")
    targets, goal = aimed(params, steady), steady.integer(0, 1)
    for _ in range(DRAWS):
        rules = rules_of(params.passengers, rng)
        far = rules.distances(goal)
        ends = [state for state, steps in far.items() if steps == targets.fewest]
        if not ends:
            continue
        end = rng.choice(ends)
        fitting = [
            (which, other)
            for which, other in changes(rules, targets.change)
            if other.distances(goal).get(end) == targets.fewest - targets.saved
        ]
        if not fitting:
            continue
        candidates = tuple(sorted(rng.sample(range(targets.crossings - 1), CANDIDATES)))
        broken = candidates[targets.broken] if targets.broken < CANDIDATES else None
        made = crossed(rules, end, targets.crossings, broken, rng)
        if made is not None:
            which, other = rng.choice(fitting)
            return _told(params, targets, rules, goal, made, candidates, (targets.change, which, other), rng)
    raise Rejected("no river that fits the targets")


def crossed(
    rules: Rules, end: State, count: int, broken: int | None, rng: Rng
) -> tuple[tuple[State, ...], tuple[int, ...]] | None:
    """So many crossings to a state, of which that with the number ``broken`` alone leaves a pair alone; none undoes the last one."""
    layers: list[dict[State, int]] = [{end: 1}]
    for number in range(count - 1, -1, -1):  # the state before crossing ``number`` is after crossing ``number - 1``
        before: dict[State, int] = {}
        for state, ways in layers[-1].items():
            for _, other in rules.onward(state):
                if bool(rules.alone(other)) == (number - 1 == broken):
                    before[other] = before.get(other, 0) + ways
        layers.append(before)
    layers.reverse()
    starts = list(layers[0])
    for _ in range(WALKS if starts else 0):
        states, loads = [rng.choice(starts)], list[int]()
        for number in range(count):
            onward = [
                (load, to)
                for load, to in rules.onward(states[-1])
                if to in layers[number + 1] and load not in loads[-1:]
            ]
            if not onward:
                break
            load, to = rng.weighted(onward, [layers[number + 1][to] for _, to in onward])
            loads.append(load)
            states.append(to)
        if len(loads) == count:
            return tuple(states), tuple(loads)
    return None


def _told(
    params: Params,
    targets: Targets,
    rules: Rules,
    goal: int,
    made: tuple[tuple[State, ...], tuple[int, ...]],
    candidates: tuple[int, ...],
    changed: tuple[str, int, Rules],
    rng: Rng,
) -> Voyage:
    """A clip of crossings, with times the boat turns back strewn in and times for each passenger."""
    states, loads = made
    turns = params.crossings + SPREAD - 1 + params.turns - len(loads)
    order = rng.shuffled([True] * len(loads) + [False] * turns)
    acts, number = list[int](), 0
    for crosses in order:
        if crosses:
            acts.append(loads[number])
            number += 1
        else:
            safe = [load for load, to in rules.onward(states[number]) if not rules.alone(to)]
            if not safe:
                raise Rejected("nobody can turn back and leave no pair alone")
            acts.append(-rng.choice(safe))
    covers = tuple(rng.chance(params.covered) for _ in acts)
    names = tuple(rng.sample(LETTERS, rules.count))
    blank = Voyage(
        params, targets, rules, names, (), goal, states, loads, tuple(acts), covers, candidates, changed
    )  # fmt: skip
    return replace(blank, minutes=timed(blank, rng))


def timed(trip: Voyage, rng: Rng) -> tuple[int, ...]:
    """Minutes for each passenger, no two the same, so that all crossings together take what is aimed at."""
    count = trip.rules.count
    wanted = middle(len(trip.loads)) + trip.targets.extra
    for _ in range(DRAWS):
        minutes = tuple(rng.sample(range(1, HOURS + 1), count))
        if sum(replace(trip, minutes=minutes).time(load) for load in trip.loads) == wanted:
            return minutes
    raise Rejected("no times that fit")


def middle(crossings: int) -> int:
    """About how many minutes so many crossings take."""
    return 6 * crossings
