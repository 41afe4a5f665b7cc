"""Runs down lanes of different grip: what goes down where, so that the answers that are wanted hold."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar, NamedTuple

import numpy as np

from generators.physical._ramp_track import BEND, END, SIZE, Array, Hit, Track, Trip, time_down, trip
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

HIGH, LOW = 1.8, (1.8 + SIZE / 2) / 2 - SIZE / 2
"""Metres of the front from the line at the start; the middle of a body is then twice as far up, or once."""
BLOCKS, ROUND = ("ice", "wood", "rubber"), ("ball", "drum", "hoop")
MASSES = (1, 2, 5)
"""Kilograms that stand on blocks; 0 for a block whose mass is not told."""
FIELDS = 7
WANTED = range(2, 6)
"""Numbers of fields in which a block comes to rest that is asked for: no grip brings it to rest in each of the first, the last lies at the pad."""
SLOWER = (1.066, 1.9)
"""How many times as long as without friction a wooden block takes on a lane."""
ICE, RUBBER = (0.34, 0.46), (1.2, 4.5)
"""The friction of ice and of rubber, in that of wood."""
STICKS, MOVES = 1.08, 0.82
"""Friction, in that which just holds a body, from which on one is sure to stay, and up to which one is sure to go."""
BEYOND = 1.36
"""How many times as much friction a lane has at least that holds rubber as one that does not."""
FLAT = (0.06, 0.75)
WINDOW = 6.2
"""Seconds in which everything in a run comes to rest."""
OUTCOMES = {"came": 1 / 3, "alike": 1.0, "waited": 3.0}
"""Which of two blocks that collide is heavier, and how heavy the waiting one then is in terms of the other."""
SAMPLES, TRIES, AGAIN = 300, 40, 40
LATEST = 4.0
"""Seconds to the last arrival, at most."""
LEAST_OUT = 0.6
"""Metres that a block runs out at least that is to hit another."""
BETWEEN = 0.12
"""What share of a field's width a block that is asked for may come to rest from its middle, at most."""


class Params(TaskParams):
    sized_by: ClassVar[tuple[str, ...]] = ("lanes", "pairs")
    lanes: int = ramp(4, least=3, limit=4, about="lanes beside each other")
    pairs: int = ramp(2, per_level=0.25, most=6, least=2, limit=40, about="pairs of runs, one after the other")
    gap: float = ramp(
        0.17, per_level=-0.002, most=0.15, least=0.15, limit=0.17, about="seconds, at least, between arrivals"
    )

    @property
    def runs(self) -> int:
        return 2 * self.pairs


class Item(NamedTuple):
    """What goes down a lane: its kind, from how far, and the mass that stands on it (blocks alone)."""

    kind: str
    start: float
    mass: int = 0


Line = tuple[Item | None, ...]
"""What is on each lane in a run."""


@dataclass(frozen=True)
class Clash:
    """In a run, on a lane, a block comes down and hits one that waits on the flat; which is heavier (``came``, ``waited``, ``alike``)."""

    run: int
    lane: int
    outcome: str
    hit: Hit


@dataclass(frozen=True)
class Slides:
    """What happens. ``grips``: the friction of a wooden block on each lane's ramp; ``factors``: that of each kind of block in that of wood.

    ``asked``: the lane whose block's field is foretold; ``counts``: how many bodies are to come to the line in each run but the first and
    the third; ``pairs``: whether the lanes of which it is asked what if their bodies, or masses, changed places hold the winner.
    """

    params: Params
    track: Track
    grips: tuple[float, ...]
    factors: Mapping[str, float]
    runs: tuple[Line, ...]
    clash: Clash
    asked: int
    counts: tuple[int, ...]
    pairs: tuple[bool, ...]

    def friction(self, lane: int, kind: str) -> float:
        return self.grips[lane] * self.factors.get(kind, 1.0)

    def takes(self, lane: int, item: Item | None) -> float:
        """Seconds to the line; infinite for what stays, and for nothing."""
        return (
            math.inf if item is None else time_down(self.track, item.kind, self.friction(lane, item.kind), item.start)
        )

    def trips(self, run: int) -> list[tuple[Trip, Trip | None] | None]:
        return self._trips[run]

    @cached_property
    def _trips(self) -> list[list[tuple[Trip, Trip | None] | None]]:
        found = []
        for number, line in enumerate(self.runs):
            found.append([None if item is None else self.trip(number, lane, item) for lane, item in enumerate(line)])
        return found

    def trip(self, run: int, lane: int, item: Item) -> tuple[Trip, Trip | None]:
        hits = self.clash.hit if (run, lane) == (self.clash.run, self.clash.lane) else None
        flat = self.track.flat * self.factors.get(item.kind, 1.0)
        return trip(self.track, item.kind, self.friction(lane, item.kind), flat, item.start, hits)

    def runs_out(self, lane: int) -> tuple[float, float]:
        """How far along from the line the flat begins for a block, and how far along it one of wood from high up runs out on it."""
        way = trip(self.track, "wood", self.grips[lane], self.track.flat, HIGH)[0]
        bend = BEND * self.track.slope
        return bend, way.stops - bend

    def field(self, lane: int, item: Item) -> float:
        """Where it comes to rest, in fields from the beginning of the first."""
        return in_fields(self.track, trip(
            self.track, item.kind, self.friction(lane, item.kind), self.track.flat * self.factors.get(item.kind, 1.0), item.start
        )[0])  # fmt: skip


def in_fields(track: Track, way: Trip) -> float:
    """Where a way ends, in fields from the beginning of the first."""
    x = float(track.point(np.array([way.stops]), SIZE / 2)[0][0])
    return (x - track.foot) / (END - track.foot) * FIELDS


def ranked(takes: Sequence[float]) -> list[int]:
    """The lanes on which something arrives, in order."""
    return sorted((lane for lane, time in enumerate(takes) if time < math.inf), key=lambda lane: takes[lane])


def sure(slides: Slides, line: Line) -> bool:
    """Whether of no body it could be doubted that it goes, or stays."""
    steep = math.tan(slides.track.slope)
    shares = [
        slides.friction(lane, item.kind) / steep for lane, item in enumerate(line) if item and item.kind in BLOCKS
    ]
    return not any(MOVES < share < STICKS for share in shares)


def apart(takes: Sequence[float], gap: float) -> bool:
    """Whether all arrivals are so far apart."""
    times = sorted(time for time in takes if time < math.inf)
    return all(later - earlier >= gap for earlier, later in pairwise(times))


class _Sample(NamedTuple):
    """Ways to give lanes their grip: how many times as long as without friction wood takes (n, lanes), and its friction in that
    which just holds a body; rubber's friction (n, 2) between which so many lanes as wanted hold it."""

    longer: Array
    held: Array
    rubber: Array


def _sampled(rng: Rng, lanes: int, least: float, sticking: int) -> _Sample:
    """Lanes of which the roughest hold rubber and the others do not; wood takes longer from one to the next by ``least`` (a share)."""
    units = np.frombuffer(rng.octets(8 * SAMPLES * (2 * lanes + 1)), "<u8").reshape(SAMPLES, -1) / 2.0**64
    free, (low, high) = lanes - sticking, SLOWER
    top = high - least * max(sticking - 1, 0)
    # the roughest lane on which rubber slides
    most = min(_longer(_held(top) / BEYOND) if sticking else high, _longer(MOVES / RUBBER[0]))
    last = low + least * (free - 1) + (most - low - least * (free - 1)) * units[:, -1:]
    first = np.maximum(_longer(BEYOND * _held(last)), last + least)
    smooth = _spread(low, last - least, least, units[:, : free - 1])
    longer = np.concatenate([smooth, last, _spread(first, high, least, units[:, free:lanes])], axis=1)
    held = _held(longer)
    rubber = [np.full(SAMPLES, RUBBER[0]), np.minimum(RUBBER[1], MOVES / held[:, free - 1])]
    if sticking:
        rubber[0] = np.maximum(rubber[0], STICKS / held[:, free])
    good = (
        (np.diff(longer, axis=1).min(axis=1) >= least - 1e-9) & (longer[:, -1] <= high + 1e-9) & (rubber[0] < rubber[1])
    )
    order = np.argsort(units[:, lanes : 2 * lanes], axis=1, kind="stable")
    shuffled = [np.take_along_axis(values, order, axis=1)[good] for values in (longer, held)]
    return _Sample(shuffled[0], shuffled[1], np.stack(rubber, axis=1)[good])


def _held(longer: Any) -> Any:
    """The friction, in that which just holds a body, with which it takes so many times as long as without."""
    return 1 - 1 / longer**2


def _longer(held: Any) -> Any:
    """The other way round."""
    return 1 / np.sqrt(np.maximum(1 - held, 1e-9))


def _spread(low: Any, high: Any, least: float, units: Array) -> Array:
    """Values in order between two, at least so far apart."""
    count = units.shape[1]
    room = high - low - least * max(count - 1, 0)
    return low + np.sort(units, axis=1) * room + np.arange(count) * least


def _foretold(sample: _Sample, line: Sequence[Item], slope: float, gap: float) -> Array:
    """(n,): the lane that wins a run, −1 where that could not be told."""
    free = {start: time_down(Track(slope, 0.0), "wood", 0.0, start) for start in (HIGH, LOW)}
    takes = np.stack([
        free[item.start] * sample.longer[:, lane] if item.kind == "wood"
        else np.full(len(sample.longer), time_down(Track(slope, 0.0), item.kind, 0.0, item.start))
        for lane, item in enumerate(line)
    ], axis=1)  # fmt: skip
    inside = np.sort(takes, axis=1)
    return np.where(inside[:, 1] - inside[:, 0] >= gap, takes.argmin(axis=1), -1)


def draw_slides(params: Params, rng: Rng) -> Slides:
    """Runs with the wanted answers, which are drawn first. Raises :class:`Rejected` where there are none."""
    aim, lanes = rng.steady("aim"), params.lanes
    winners = [aim.integer(0, lanes - 1) for _ in range(params.runs)]
    for run in range(
        3, params.runs, 2
    ):  # another one than two runs before: a lane that holds rubber can then show it in one of them
        winners[run] = (winners[run - 2] + aim.integer(1, lanes - 1)) % lanes
    counts = tuple(aim.integer(2, lanes) for _ in range(params.runs))
    pairs = tuple(aim.chance(2 / lanes) for _ in range(2))
    asked, field, sticking = aim.integer(0, lanes - 1), aim.choice(WANTED), _sticking(params, counts, aim)
    outcome, clashing = aim.choice(tuple(OUTCOMES)), 2 * aim.integer(0, params.pairs - 1) + 1
    slope = round(math.radians(aim.uniform(21.0, 25.0)), 4)
    least = params.gap / time_down(Track(slope, 0.0), "wood", 0.0, LOW)
    line = _composed(aim, params, asked, slope, _sampled(aim, lanes, least, sticking))
    sample = _sampled(rng.fork("grips"), lanes, least, sticking)
    for row in np.flatnonzero(_foretold(sample, line, slope, params.gap) == winners[2])[:40].tolist():
        held = sample.held[row].tolist()
        flat = _flat_for(field, slope, held[asked], rng)
        if flat is not None:
            break
    else:
        raise Rejected("no lanes for what is to be foretold")
    low, high = sample.rubber[row].tolist()
    factors = {
        "ice": round(rng.uniform(*ICE), 3),
        "wood": 1.0,
        "rubber": round(low + (high - low) * rng.uniform(0.1, 0.9), 3),
    }
    grips = tuple(round(share * math.tan(slope), 4) for share in held)
    first = tuple(Item("wood", LOW, rng.choice(MASSES)) for _ in range(lanes))
    slides = Slides(
        params, Track(slope, flat), grips, factors, (first,), Clash(clashing, 0, outcome, Hit(0.0, OUTCOMES[outcome])), asked, counts, pairs
    )  # fmt: skip
    runs, lane = _all_runs(slides, line, winners, sticking, rng.fork("runs"))
    bend, out = slides.runs_out(lane)
    clash = Clash(clashing, lane, outcome, Hit(round(bend + out * rng.uniform(0.25, 0.3) + SIZE, 3), OUTCOMES[outcome]))
    made = Slides(params, slides.track, grips, factors, runs, clash, asked, counts, pairs)
    if max(way.rests for way in _ways(made)) > WINDOW:
        raise Rejected("a body that moves for too long")
    return made


def _sticking(params: Params, counts: Sequence[int], aim: Rng) -> int:
    """How many lanes hold rubber, each number equally often: none where all bodies are to come to the line, since then none may stay."""
    lanes = params.lanes
    every = (1 / (lanes - 1)) ** params.pairs  # how often that is so
    if all(counts[run] == lanes for run in range(1, params.runs, 2)):
        return 0
    return 0 if aim.chance((1 / lanes - every) / (1 - every)) else aim.integer(1, lanes - 1)


def _all_runs(
    slides: Slides, line: Sequence[Item], winners: Sequence[int], sticking: int, rng: Rng
) -> tuple[tuple[Line, ...], int]:
    """All runs, and the lane of the collision: the first run, with which lanes are compared; the third, which is foretold; and those
    between and after, which show what is needed for it, how rubber fares on the lanes between which its grip lies, and the collision."""
    rough = sorted(range(len(line)), key=lambda lane: -slides.grips[lane])
    failed = Rejected("no bodies for a run")
    for number in range(AGAIN):
        turn = rng.fork(f"turn {number}")
        rolling = {item.kind: item for item in line if item.kind in ROUND}
        due = [Due(1, None, item) for item in rolling.values()]
        # rarely there is no room for it; then nothing is asked about rubber
        for lane in rough[max(sticking - 1, 0) : sticking + 1] if number < AGAIN - 2 else ():
            item = Item("rubber", turn.choice((HIGH, LOW)), turn.choice(MASSES))
            due.append(Due(2 * turn.integer(0, slides.params.pairs - 1) + 1, lane, item))
        taken = [one.lane for one in due if one.run == slides.clash.run]
        open_ones = [lane for lane in range(len(line)) if lane not in taken and slides.runs_out(lane)[1] > LEAST_OUT]
        if not open_ones:
            failed = Rejected("no lane for a collision")
            continue
        lane = turn.choice(open_ones)
        due.append(Due(slides.clash.run, lane, Item("wood", HIGH)))
        runs = [slides.runs[0]]
        try:
            for run in range(1, slides.params.runs):
                own = [one for one in due if one.run == run]
                runs.append(
                    tuple(line) if run == 2 else _filled(slides, own, run, winners[run], turn.fork(f"run {run}"))
                )
        except Rejected as rejected:
            failed = rejected
            continue
        return tuple(runs), lane
    raise failed


def _ways(slides: Slides) -> Iterator[Trip]:
    for run in range(len(slides.runs)):
        for both in slides.trips(run):
            yield from () if both is None else (way for way in both if way is not None)


class Due(NamedTuple):
    """What has to be in a run, on a lane (``None``: on any)."""

    run: int
    lane: int | None
    item: Item


def _composed(aim: Rng, params: Params, asked: int, slope: float, sample: _Sample) -> tuple[Item, ...]:
    """The run that is foretold: whichever lane is wanted to win, some grips make it win, so its look tells nothing."""
    for _ in range(60):
        kinds = [aim.choice(("wood", "wood", *ROUND)) for _ in range(params.lanes)]
        starts = [HIGH if aim.chance(0.7) else LOW for _ in range(params.lanes)]
        kinds[asked], starts[asked] = "wood", HIGH
        line = tuple(
            Item(kind, start, aim.choice(MASSES) if kind == "wood" else 0)
            for kind, start in zip(kinds, starts, strict=True)
        )
        won = _foretold(sample, line, slope, params.gap)
        rolling = len({*kinds} - {"wood"})
        if 0 < rolling <= params.lanes - 2 and all((won == lane).sum() > 8 for lane in range(params.lanes)):
            return line
    return tuple(Item("wood", HIGH, aim.choice(MASSES)) for _ in range(params.lanes))


def _flat_for(field: int, slope: float, held: float, rng: Rng) -> float | None:
    """The friction of the flat by which a wooden block comes to rest in a field, if what is seen of half the way tells so."""
    target = field + 0.5 + rng.uniform(-BETWEEN, BETWEEN)
    grip = held * math.tan(slope)

    def rests(flat: float, start: float) -> float:
        track = Track(slope, flat)
        return in_fields(track, trip(track, "wood", grip, flat, start)[0])

    low, high = FLAT
    if rests(low, HIGH) < target or rests(high, HIGH) > target:
        return None
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (middle, high) if rests(middle, HIGH) > target else (low, middle)
    flat = round((low + high) / 2, 4)
    return flat if math.floor(2 * rests(flat, LOW)) == field else None


def _filled(slides: Slides, due: Sequence[Due], run: int, winner: int, rng: Rng) -> Line:
    """A run with what is due in it, won on a lane, in which as many arrive as are wanted."""
    lanes, gap = slides.params.lanes, slides.params.gap
    fixed = {one.lane: one.item for one in due if one.lane is not None}
    if len(fixed) < sum(one.lane is not None for one in due):
        raise Rejected("two bodies for one lane")
    loose = [one.item for one in due if one.lane is None]
    free = [lane for lane in range(lanes) if lane not in fixed]
    if len(loose) > len(free):
        raise Rejected("too many bodies for a run")
    for _ in range(TRIES):
        some = [*loose, *(_any_item(rng) for _ in range(len(free) - len(loose)))]
        placed = fixed | dict(zip(free, rng.shuffled(some), strict=True))
        line = tuple(placed[lane] for lane in range(lanes))
        takes = [slides.takes(lane, item) for lane, item in enumerate(line)]
        order = ranked(takes)
        if len(order) != slides.counts[run] or order[0] != winner or takes[order[-1]] > LATEST:
            continue
        if apart(takes, gap) and sure(slides, line):
            return line
    raise Rejected("no bodies for a run")


def _any_item(rng: Rng) -> Item | None:
    if rng.chance(0.14):
        return None
    kind = rng.choice((*BLOCKS, *BLOCKS, *ROUND))
    return Item(kind, rng.choice((HIGH, HIGH, LOW)), rng.choice(MASSES) if kind in BLOCKS else 0)
