"""A crossing with lights and cars that come at random, wait or not, and never touch; and what is asked of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from math import ceil
from typing import NamedTuple

import numpy as np

from generators.temporal._traffic_cars import LONG, WIDE, Car
from generators.temporal._traffic_lights import ARMS, CLEAR, REDS, Program, draw_program
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

QUEUES = {"north": 1, "south": 1, "east": 3, "west": 3}
"""How many cars may wait at once."""
PATIENCE, PLAIN = 1.4, 1.0
"""Seconds for which a car that has to wait stands at least, and for which a light has been red when somebody does not heed
it, or when it is asked what it shows."""
REACTION, FOLLOW = 0.35, 0.55
"""Seconds from green until the first car that waits pulls away, and until each next one does."""
COUNTS = range(4)
"""How many cars may drive over in one green."""
SHIFTS = (2, 3, 4)
"""By how many seconds a car is thought earlier or later."""
MEAN = (11.0, 13.0)
"""How long acts last on average, in seconds: whatever the lights do, so that the length of a clip tells nothing of them."""
ASKED = 3
"""How often it is asked when a light turns green next."""


class Params(TaskParams):
    cars: int = ramp(12, per_level=1, least=12, limit=80, about="cars, each with a number")
    decoys: int = ramp(1, per_level=1, limit=60, about="walkers on the pavements, who mean nothing")

    @property
    def acts(self) -> int:
        """Stretches, an even number of them, at whose ends no car is to be seen; one ends halfway."""
        return max(4, 2 * ceil(self.cars / 12))


class Phase(NamedTuple):
    """A stretch in which a lamp of an arm's light is lit, the how-many-th of its kind."""

    arm: str
    number: int
    start: float
    end: float


class Asked(NamedTuple):
    """What is asked; cars by their place in the order of passing.

    ``passed`` a green; ``red``, ``red_again`` reds. ``next``: (arm, when that is asked, seconds that are none of the answers).
    ``safe``: (arm, two times at which it is and is not red). ``shifted``: (car, by how many seconds later). ``ordered``,
    ``waited``: four cars each.
    """

    passed: Phase
    red: Phase
    red_again: Phase
    safe: tuple[str, tuple[float, ...]]
    next: tuple[str, tuple[float, ...], float]
    shifted: tuple[int, int]
    ordered: tuple[int, ...]
    waited: tuple[int, ...]


@dataclass(frozen=True)
class Traffic:
    """``cars`` in the order in which they pass the stop lines, with their ``numbers``; ``ends``: of the acts, in seconds."""

    params: Params
    program: Program
    ends: tuple[float, ...]
    cars: tuple[Car, ...]
    numbers: tuple[int, ...]
    asked: Asked

    @property
    def duration(self) -> float:
        return self.ends[-1]

    @property
    def longest(self) -> int:
        """The car that waited longest."""
        return max(range(len(self.cars)), key=lambda i: self.cars[i].waits)

    @property
    def runner(self) -> int | None:
        """The car that drove over at red."""
        return next((i for i, car in enumerate(self.cars) if car.runs), None)

    def through(self, phase: Phase) -> list[int]:
        """The cars that pass a stop line in a phase."""
        return [i for i, car in enumerate(self.cars) if phase.start <= car.passes <= phase.end]

    def would_wait(self, car: int, later: float) -> bool:
        """Whether a car would have to wait, came it so much later, and no other before it."""
        return self.program.state(self.cars[car].arm, self.cars[car].line + later) != "green"


def draw_traffic(params: Params, rng: Rng) -> Traffic:
    """What is asked for is drawn first, and the rest around it."""
    aim = rng.steady("wanted")
    red_arm, red = aim.choice(ARMS), aim.choice(REDS)
    runs, count, waits = not aim.chance(1 / (params.cars + 1)), aim.choice(COUNTS), aim.chance(0.5)
    waiting, is_safe = aim.integer(1, 3), aim.chance(0.5)
    program = draw_program(red_arm, red, rng)
    ends = _ends(params.acts, aim.uniform(*MEAN), rng)
    numbers = tuple(rng.sample(range(10, 100), params.cars))
    cars = draw_cars(params, program, ends, runs, rng)
    stood = sorted((car.waits for car in cars), reverse=True)
    if stood[0] - stood[1] < 0.8:
        raise Rejected("two cars wait equally long")
    nobody = Phase("", 0, 0.0, 0.0)
    empty = Asked(nobody, nobody, nobody, ("", ()), ("", (), 0.0), (0, 0), (), ())
    traffic = Traffic(params, program, ends, cars, numbers, empty)
    lit = {
        lamp: [Phase(arm, *phase) for arm in ARMS for phase in program.phases(arm, lamp, traffic.duration)]
        for lamp in ("green", "red")
    }
    passed = [phase for phase in lit["green"] if len(traffic.through(phase)) == count]
    shifted = [*_shifts(traffic, waits)]
    who = {
        way: [i for i, car in enumerate(cars) if (car.slot is not None) == way and not car.runs]
        for way in (True, False)
    }
    if len(who[True]) < 3 or len(who[False]) < 3 or not passed or not shifted:
        raise Rejected("no cars as wanted")
    apart = [
        four for four in (rng.sample(range(len(cars)), 4) for _ in range(40)) if _told_apart([cars[i] for i in four])
    ]
    if not apart:
        raise Rejected("cars that pass together")
    asked = Asked(
        passed=rng.choice(passed), red=rng.choice([phase for phase in lit["red"] if phase.arm == red_arm]),
        red_again=rng.choice(lit["red"]), safe=_safe(traffic, is_safe, rng), next=_next(traffic, rng),
        shifted=rng.choice(shifted), ordered=tuple(apart[0]),
        waited=(*rng.sample(who[True], waiting), *rng.sample(who[False], 4 - waiting)),
    )  # fmt: skip
    return replace(traffic, asked=asked)


def _ends(acts: int, mean: float, rng: Rng) -> tuple[float, ...]:
    """When acts end that last so long on average: the first half of them as long as the second, else not equally long."""
    half, ends = acts // 2, [0.0]
    for _ in range(2):
        shares = [rng.uniform(0.86, 1.14) for _ in range(half)]
        ends += [ends[-1] + mean * half * sum(shares[: i + 1]) / sum(shares) for i in range(half)]
    return tuple(round(end, 3) for end in ends[1:])


def draw_cars(params: Params, program: Program, ends: Sequence[float], runs: bool, rng: Rng) -> tuple[Car, ...]:
    """Cars at random, act by act, that never touch; one of them drives over at red if ``runs``. In the order of passing."""
    every: list[Car] = []
    running = rng.integer(0, params.cars - 1) if runs else None
    for number, (begin, end) in enumerate(pairwise([0.0, *ends])):
        mine: list[Car] = []
        wanted = range(number, params.cars, params.acts)
        window = (begin + 0.25, end - 0.25)
        for car in sorted(wanted, key=lambda i: i == running):
            for _ in range(120):
                arm, line = rng.choice(ARMS), round(rng.uniform(*window), 3)
                made = _arrives(program, arm, line, mine, car == running)
                if made and window[0] < made.span[0] and made.span[1] < window[1] and _fits(made, mine):
                    mine.append(made)
                    break
            else:
                raise Rejected("no room for a car")
        every += mine
    return tuple(sorted(every, key=lambda car: car.passes))


def _arrives(program: Program, arm: str, line: float, others: Sequence[Car], runs: bool) -> Car | None:
    """A car that comes to the line at a time: whether it waits, and for how long; ``None`` where that would not be plain."""
    if not program.clear(arm, line):
        return None
    if runs:
        red = program.state(arm, line) == program.state(arm, line - PLAIN) == "red"
        return Car(arm, line, runs=True) if red and program.clear(_across(arm), line) else None
    queue = [car for car in others if car.arm == arm and car.slot is not None and car.goes > line]
    if program.state(arm, line) == "green":
        return Car(arm, line) if not queue else None
    if any(car.line > line for car in queue) or len(queue) >= QUEUES[arm]:
        return None
    green = program.next_green(arm, line)
    car = Car(arm, line, len(queue), round(green + REACTION + FOLLOW * len(queue), 3))
    if car.waits < PATIENCE or car.passes > green + program.green(arm) - CLEAR:
        return None
    return car


def _fits(car: Car, others: Sequence[Car]) -> bool:
    """Whether a car keeps clear of all others, and passes its line at a time of its own."""
    times = np.arange(car.span[0], car.span[1], 0.06)
    x, y = car.middle(times)
    for other in others:
        if other.span[1] < car.span[0] or car.span[1] < other.span[0]:
            continue
        u, v = other.middle(times)
        (w, h), (m, n) = _size(car), _size(other)
        near = 0.24 if car.arm == other.arm else 0.4 if car.runs or other.runs else 0.16
        if ((np.abs(x - u) < (w + m) / 2 + near) & (np.abs(y - v) < (h + n) / 2 + near)).any():
            return False
    return True


def _across(arm: str) -> str:
    return ARMS[(ARMS.index(arm) + 1) % len(ARMS)]


def _size(car: Car) -> tuple[float, float]:
    return (LONG, WIDE) if car.arm in ARMS[1::2] else (WIDE, LONG)


def _told_apart(cars: Sequence[Car]) -> bool:
    """Whether cars pass their stop lines one after another, well apart."""
    return all(abs(a.passes - b.passes) >= 0.7 for a, b in combinations(cars, 2))


def _shifts(traffic: Traffic, waits: bool) -> Iterator[tuple[int, int]]:
    """(car, seconds later or, negative, earlier) for which the car would wait, or not, as wanted, and plainly so."""
    for i, car in enumerate(traffic.cars):
        for shift in (way * seconds for seconds in SHIFTS for way in (-1, 1)):
            plain = traffic.program.clear(car.arm, car.line + shift)
            if plain and not car.runs and traffic.would_wait(i, shift) == waits:
                yield i, shift


def _safe(traffic: Traffic, first: bool, rng: Rng) -> tuple[str, tuple[float, ...]]:
    """A light, and two times: at one it has been red for a while, at the other another lamp; ``first``: red comes first."""
    program = traffic.program
    for _ in range(200):
        arm = rng.choice(ARMS)
        times = sorted(round(rng.uniform(2.0, traffic.duration - 1.0), 3) for _ in range(2))
        states = [program.state(arm, time) for time in times]
        plain = all(program.state(arm, time - PLAIN) == state for time, state in zip(times, states, strict=True))
        if plain and [state == "red" for state in states] == [first, not first]:
            return arm, tuple(times)
    raise Rejected("no times to ask whether it is safe")


def _next(traffic: Traffic, rng: Rng) -> tuple[str, tuple[float, ...], float]:
    """A light, three times after two cycles or more at which no car is in sight, and seconds that are none of the answers:
    all well apart."""
    period = traffic.program.period
    times = np.arange(2.2 * period, traffic.duration - 0.2, 0.05)
    seen = np.zeros(len(times), dtype=bool)
    for car in traffic.cars:
        seen |= (times > car.span[0] - 0.1) & (times < car.span[1] + 0.1)
    free = [round(float(time), 3) for time in times[~seen]]
    if len(free) < ASKED:
        raise Rejected("always a car in sight")
    for _ in range(200):
        arm, chosen = rng.choice(ARMS), sorted(rng.sample(free, ASKED))
        waits = [traffic.program.next_green(arm, time) - time for time in chosen]
        other = round(rng.uniform(0.5, period - 0.5), 1)
        clear = all(0.5 < wait < period - 0.5 for wait in waits) and min(b - a for a, b in pairwise(chosen)) > 2.0
        if clear and min(abs(a - b) for a, b in combinations([*waits, other], 2)) >= 1.0:
            return arm, tuple(chosen), other
    raise Rejected("lights that turn green equally soon")
