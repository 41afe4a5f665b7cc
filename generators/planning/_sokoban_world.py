"""Halls that take so many pushes to solve, and a worker who comes to that state, goes on, and may spoil it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from pydantic import model_validator

from generators.planning._grid_questions import with_looks
from generators.planning._grid_show import GridParams
from generators.planning._grid_ways import WAYS
from generators.planning._sokoban_hall import (
    Hall,
    Push,
    State,
    bits,
    far,
    pulls,
    pushed,
    pushes,
    shifted,
    solution,
    stepped,
    walk,
)
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.seeding import Rng

LETTERS = "KMPRTVXZ"
BLOCKED, DRAWS, TRIES, AFTER, SPREAD, NEVER, MOMENTS = 0.18, 40, 24, 3, 4, 3, 3
"""Share of cells that are walls, halls and walks tried, pushes after the state to solve, numbers that a count may take, the place
of "none" among the pushes that may spoil it, and how often it is asked where a box is."""
OPPOSITE = {"up": "down", "down": "up", "left": "right", "right": "left"}
MOST_DETOUR = 6
"""Steps that are added to bring a walk to its length, at most."""


class Params(GridParams):
    size: int = ramp(5, per_level=0.17, most=6, least=5, limit=7, about="rows of the hall (columns: up to one more)")
    boxes: int = ramp(2, per_level=0.2, most=3, least=2, limit=4, about="boxes, and goals")
    steps: int = ramp(18, per_level=2.0, least=15, about="how many signals the worker gets")
    pushes: int = ramp(4, per_level=0.7, least=4, about="pushes, at least (three more at most)")
    fewest: int = ramp(2, per_level=0.5, most=6, least=2, limit=8, about="fewest pushes to solve it, at least")
    lit: float = ramp(
        0.45, per_level=-0.03, most=0.15, limit=0.8, about="share of the signals that are given in the light"
    )
    view: int = ramp(2, least=2, limit=2, about="what hides the hall: always the dark, with one light that moves")

    @model_validator(mode="after")
    def _time_for_all(self) -> Self:
        if self.steps < 2 * (self.pushes + SPREAD) + 1:
            least = 2 * (self.pushes + SPREAD) + 1
            raise ValueError(f"steps={self.steps} is too few for pushes={self.pushes}: at least {least}")
        return self


@dataclass(frozen=True)
class Targets:
    """The answers aimed at, and the numbers that each might as well be. ``fatal``: which of the last pushes spoils it, or 3."""

    fewest: int
    pushes: int
    looks: int
    fatal: int
    never: bool
    every: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Moment:
    """After some signals: where each box is, and the worker (bits of the hall)."""

    boxes: tuple[int, ...]
    worker: int


@dataclass(frozen=True)
class Haul:
    """What happens. ``moments``: before the first signal and after each; ``pushed``: which box each signal pushes."""

    params: Params
    targets: Targets
    hall: Hall
    names: tuple[str, ...]
    signals: tuple[str, ...]
    moments: tuple[Moment, ...]
    pushed: tuple[int | None, ...]
    plan: tuple[str, ...]
    """The steps of a solution from the asked state on, as a plan writes them."""
    right: tuple[Push, ...]
    """The pushes that bring the asked state nearer to solved."""
    asked: int
    """After how many signals it is asked how to solve it."""
    where: tuple[int, tuple[int, ...], tuple[int, ...]]
    """A box, after how many signals it is asked where it is, and the cells where it may be."""
    lit: tuple[int, ...]

    @property
    def numbers(self) -> list[int]:
        """The signals that push a box."""
        return [i for i, box in enumerate(self.pushed) if box is not None]

    def said(self, push: Push) -> str:
        return f"{self.names[push[0]]} {push[1]}"


def aimed(params: Params, rng: Rng) -> Targets:
    """The answers aimed at, each evenly from its numbers."""
    every = {
        "fewest": tuple(range(params.fewest, params.fewest + SPREAD)),
        "pushes": tuple(range(params.pushes, params.pushes + SPREAD)),
        "looks": tuple(range(1, SPREAD + 1)),
    }
    drawn = {what: rng.choice(numbers) for what, numbers in every.items()}
    return Targets(**drawn, fatal=rng.integer(0, NEVER), never=rng.chance(0.25), every=every)


def hall_of(columns: int, rows: int, boxes: int, rng: Rng) -> Hall | None:
    """A hall with some walls in it, all of its floor in one piece, and goals anywhere."""
    cells = rng.shuffled([(x, y) for y in range(rows) for x in range(columns)])
    walls = round(BLOCKED * len(cells)) + rng.integer(-1, 1)
    bare = Hall(columns, rows, 0, 0)
    floor = sum(map(bare.bit, cells[walls:]))
    goals = sum(map(bare.bit, rng.sample(cells[walls:], boxes)))
    return Hall(columns, rows, floor, goals) if bare.region(goals & -goals, floor) == floor else None


Made = list[tuple[str, int | None]]
"""Steps, each with the box that it pushes."""


def led_up(hall: Hall, moment: Moment, count: int, rng: Rng) -> tuple[Moment, Made] | None:
    """So many pushes that end in a state: pulls out of it, backwards in time, mostly of what is near."""
    boxes, worker = list(moment.boxes), moment.worker
    seen, made = {tuple(boxes)}, Made()
    for _ in range(count):
        free = hall.floor & ~sum(boxes)
        steps = far(hall, worker, free)
        found: list[tuple[int, int, int]] = []
        for pull in pulls(hall, sum(boxes), hall.region(worker, free)):
            number = boxes.index(pull[0])
            if (*boxes[:number], pull[1], *boxes[number + 1 :]) not in seen:
                found.append(pull)
        if not found:
            return None
        box, to, end = rng.weighted(found, [1 / (1 + steps[to]) for _, to, _ in found])
        number = boxes.index(box)
        way = next(way for way, by in hall.shifts.items() if shifted(to, by) == box)
        made = [(way, number), *((step, None) for step in walk(hall, to, worker, free, rng)), *made]
        boxes[number], worker = to, end
        seen.add(tuple(boxes))
    return Moment(tuple(boxes), worker), made


def gone_on(hall: Hall, known: Mapping[State, int], moment: Moment, fatal: int, rng: Rng) -> Made | None:
    """Some pushes more, of which the one with the number ``fatal`` and none before it makes a solution impossible."""
    boxes, worker, made = moment.boxes, moment.worker, Made()
    for number in range(AFTER):
        free = hall.floor & ~sum(boxes)
        steps = far(hall, worker, free)
        fitting: list[tuple[int, str, int]] = []
        for box, way, to in pushes(hall, sum(boxes), hall.region(worker, free)):
            left = known.get(hall.state(sum(boxes) ^ box ^ to, box))
            if number > fatal or (left is None if number == fatal else (left or 0) > 0):
                fitting.append((box, way, to))
        if not fitting:
            return None
        behind = [shifted(box, -hall.shifts[way]) for box, way, _ in fitting]
        at = rng.weighted(range(len(fitting)), [1 / (1 + steps[cell]) for cell in behind])
        box, way, to = fitting[at]
        index = boxes.index(box)
        made += [*((step, None) for step in walk(hall, worker, behind[at], free, rng)), (way, index)]
        boxes, worker = tuple(to if other == box else other for other in boxes), box
    return made


def replayed(hall: Hall, start: Moment, signals: Iterable[str]) -> list[tuple[Moment, int | None]]:
    """Where each signal leaves boxes and worker, and which box it pushes."""
    made, at = list[tuple[Moment, int | None]](), start
    for signal in signals:
        box = None
        if not signal.startswith("look"):
            boxes, worker, box = stepped(hall, at.boxes, at.worker, signal)
            at = Moment(boxes, worker)
        made.append((at, box))
    return made


def filled_up(hall: Hall, start: Moment, made: Made, count: int, rng: Rng) -> tuple[Moment, list[str]] | None:
    """The steps with detours that push nothing, until there are so many: one more before the first, others to and fro."""
    if not 0 <= count - len(made) <= MOST_DETOUR:
        return None
    ways = [way for way, _ in made]
    if (count - len(ways)) % 2:
        free = hall.floor & ~sum(start.boxes)
        back = [way for way, by in hall.shifts.items() if shifted(start.worker, by) & free]
        if not back:
            return None
        way = rng.choice(back)
        start, ways = Moment(start.boxes, shifted(start.worker, hall.shifts[way])), [OPPOSITE[way], *ways]
    while len(ways) < count:
        place = rng.integer(0, len(ways))
        at = replayed(hall, start, ways[:place])[-1][0] if place else start
        aside = [way for way in WAYS if shifted(at.worker, hall.shifts[way]) & hall.floor & ~sum(at.boxes)]
        if aside:
            way = rng.choice(aside)
            ways[place:place] = [way, OPPOSITE[way]]
    return start, ways


def hauled(params: Params, rng: Rng) -> Haul:
    """A hall, a state of it so many pushes from solved, a worker who comes to it and goes on, and what will be asked of it."""
    steady = rng.steady("targets")
    columns, targets = params.size + steady.integer(0, 1), aimed(params, steady)
    for _ in range(DRAWS):
        hall = hall_of(columns, params.size, params.boxes, rng)
        known = hall.distances() if hall is not None else {}
        fitting = [state for state, steps in known.items() if steps == targets.fewest]
        if hall is None or not fitting:
            continue
        for _ in range(TRIES):
            boxes, low = rng.choice(fitting)
            worker = rng.choice([*bits(hall.region(low, hall.floor & ~boxes))])
            asked = Moment(tuple(rng.shuffled([*bits(boxes)])), worker)
            haul = _told(params, targets, hall, known, asked, rng)
            if haul is not None:
                return haul
    raise Rejected("no hall that fits the targets")


def _told(
    params: Params, targets: Targets, hall: Hall, known: Mapping[State, int], asked: Moment, rng: Rng
) -> Haul | None:
    """A clip about a state; ``None`` if none is found."""
    before = led_up(hall, asked, targets.pushes - AFTER, rng)
    after = gone_on(hall, known, asked, targets.fatal, rng) if before else None
    if before is None or after is None:
        return None
    whole = filled_up(hall, before[0], [*before[1], *after], params.steps - targets.looks, rng)
    if whole is None:
        return None
    start, ways = whole
    signals = with_looks(ways, params.steps, rng)
    run = replayed(hall, start, signals)
    moments, moved = (start, *(moment for moment, _ in run)), tuple(box for _, box in run)
    where = _where(moments, rng)
    if where is None or any(sum(moment.boxes) == hall.goals for moment in moments):
        return None
    numbers = [i for i, box in enumerate(moved) if box is not None]
    at = rng.integer(numbers[targets.pushes - AFTER - 1], numbers[targets.pushes - AFTER] - 1) + 1
    boxes, worker = moments[at].boxes, moments[at].worker
    made, written = solution(hall, known, boxes, worker)
    led = {(box, way): pushed(hall, boxes, worker, (box, way)) for box in range(params.boxes) for way in WAYS}
    right = [push for push, to in led.items() if to and known.get(hall.state(sum(to[0]), to[1])) == len(made) - 1]
    names = tuple(sorted(rng.sample(LETTERS, params.boxes)))
    return Haul(
        params, targets, hall, names, signals, moments, moved, tuple(written), tuple(right),
        at, where, _lit(len(signals), [at, *where[1]], params.lit, rng),
    )  # fmt: skip


def _where(moments: Sequence[Moment], rng: Rng) -> tuple[int, tuple[int, ...], tuple[int, ...]] | None:
    """A box that comes to four cells, those cells, and after how many signals it is asked on which of them it is."""
    for box in rng.shuffled(range(len(moments[0].boxes))):
        cells = list(dict.fromkeys(moment.boxes[box] for moment in moments))
        if len(cells) < SPREAD:
            continue
        first = rng.integer(0, len(cells) - SPREAD)
        listed = cells[first : first + SPREAD]
        times = [
            rng.choice([i for i, moment in enumerate(moments) if i > 0 and moment.boxes[box] == cell] or [0])
            for cell in rng.sample(listed, MOMENTS)
        ]
        if 0 not in times:
            return box, tuple(sorted(times)), tuple(rng.shuffled(listed))
    return None


def _lit(count: int, dark: Sequence[int], share: float, rng: Rng) -> tuple[int, ...]:
    """Signals that are given in the light, in runs of a few; none with or just before the moments after which something is asked."""
    lit: list[int] = []
    for _ in range(60):
        if len(lit) >= round(share * count):
            break
        run = rng.integer(2, 5)
        start = rng.integer(1, max(1, count - run - 1))
        own = [*range(start, start + run)]
        if not any(i in lit or i - 1 in lit or i + 1 in lit or i in dark or i + 1 in dark for i in own):
            lit += own
    return tuple(sorted(lit))
