"""Throws through a hall that have the answers which are wanted."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from generators.physical._boards import Hall
from generators.physical._flights import GAP, GRAVITY, MOUTH, RADIUS, SIDE, TOP, Array, Board, Flights, Point
from morse.errors import Rejected
from morse.seeding import Rng

TRIES, AIMED, MANY = 50, 50, 140
"""Throws at random, at each board, and at one of them, among which the wanted ones are looked for."""
BOARDS = 1
"""Boards of which a ball may be freed that are tried."""
COMBINATIONS = 12
"""Choices of throws that are tried."""
TIMES = np.linspace(0.6, 2.6, 31)
"""Seconds that balls may take to get to where one is when the clip is cut."""
PLACES = 24
"""Places at which a ball may be when the clip is cut that are tried."""
LEAST = 5
"""Balls at least: one for each question that is about a single one."""
BINS, OPTIONS = 4, 3
"""Of how many bins one is right where a ball was seen to fall, and of how many bins or boards one elsewhere."""
HIGHER = 0.35
"""Units by which the ball that flies the highest does so."""


@dataclass(frozen=True)
class Throw:
    """A ball with its name, its flight (of one ball), and the bin into which it falls."""

    name: str
    flight: Flights
    bin: int

    @property
    def lasts(self) -> float:
        """Seconds from the throw to the bin."""
        return float(self.flight.end[0])

    @property
    def top(self) -> float:
        """How high it gets."""
        return float(self.flight.top[0])

    @property
    def hits(self) -> list[int]:
        """What it bounces off, in order."""
        return [hit for hit in self.flight.hits[0].tolist() if hit >= 0]


@dataclass(frozen=True)
class Wanted:
    """The answers to aim at: how many times a ball ``bounces``; how many ``balls`` fall into the bin ``counted``; the place in the order of throws of
    the ball that flies ``highest``; and the rank of the right option, from left to right, among the bins of a ball that ``landed``, the
    boards and walls that ``turned`` one, the bins of one ``freed`` of a board, and those of one that is ``foretold``."""

    bounces: int
    counted: int
    balls: int
    highest: int
    landed: int
    turned: int
    freed: int
    foretold: int


@dataclass(frozen=True)
class Throwing:
    """What happens, and what is asked of which ball: the options of each have the right one first.

    ``landed``, ``freed`` and ``foretold``: a ball and bins; ``turned``: a ball and what it may have hit first (boards by their number, then
    the left and the right wall). ``gone``: the board that the freed one is freed of; ``ahead``: seconds from the throw of the foretold one to
    when the clip is cut; ``counted``: a bin. ``bounces``: the largest answer to how many times a ball bounces; ``pace``: mean seconds for a throw.
    """

    hall: Hall
    throws: tuple[Throw, ...]
    landed: tuple[str, tuple[int, ...]]
    bounced: str
    turned: tuple[str, tuple[int, ...]]
    freed: tuple[str, tuple[int, ...]]
    gone: int
    foretold: tuple[str, tuple[int, ...]]
    ahead: float
    counted: int
    bounces: int
    pace: float

    @cached_property
    def named(self) -> dict[str, Throw]:
        return {throw.name: throw for throw in self.throws}


def _speeds(port: Point, count: int, rng: Rng) -> Array:
    """(count, 2): velocities at random with which balls would come down anywhere in the hall, were there no boards."""
    rise, far = (np.array([rng.uniform(low, high) for _ in range(count)]) for low, high in ((-0.5, 1.0), (-SIDE, SIDE)))
    up = np.sign(rise) * np.sqrt(2 * GRAVITY * np.abs(rise) * (TOP - RADIUS - 0.1 - port[1]))
    lasts = (up + np.sqrt(up**2 + 2 * GRAVITY * (port[1] - MOUTH))) / GRAVITY
    return np.stack([(far - port[0]) / lasts, up], axis=1).round(3)


def _at(board: Board, port: Point, count: int, rng: Rng) -> Array:
    """(count, 2): velocities with which balls come to some places on a board after some times, if nothing is in their way."""
    aside, lasts = (np.array([rng.uniform(low, high) for _ in range(count)]) for low, high in ((-0.9, 0.9), (GAP, 2.8)))
    ways = np.array(board.middle) + board.along * board.half * aside[:, None] - np.array(port)
    return (ways / lasts[:, None] + np.stack([np.zeros(count), GRAVITY / 2 * lasts], axis=1)).round(3)


def draw_throws(
    hall: Hall, names: Sequence[str], wanted: Wanted, further: int, bounces: int, pace: float, rng: Rng
) -> Throwing:
    """Throws for which the wanted answers hold. Raises :class:`Rejected` where there are none.

    The options of a question are such that some throw would make each the right one, and the right one is drawn among them: so no look
    at the hall tells it. ``further``: bounces of the foretold ball after the clip is cut, at most.
    """
    aimed = [_at(board, hall.port, AIMED, rng) for board in hall.boards]
    speeds = np.concatenate([_speeds(hall.port, TRIES, rng), *aimed])
    flights, bins = hall.fly(speeds)
    hits = flights.hits[bins >= 0, 0].tolist()
    left_to_right = sorted(range(len(hall.boards) + 2), key=lambda what: hall.place(what)[0])
    turned = _among([what for what in left_to_right if what in hits], OPTIONS, wanted.turned, rng)
    for gone in sorted({*hits} & {*range(len(hall.boards))}, key=hits.count, reverse=True)[:BOARDS]:
        # many more throws at the board that a ball is to be freed of, since few of them will do
        more = _at(hall.boards[gone], hall.port, MANY, rng)
        flights_there, bins_there = hall.fly(more)
        own = np.flatnonzero((flights_there.hits[:, 0] == gone) & (bins_there >= 0))
        otherwise = np.full(len(more), -1)
        otherwise[own] = hall.firm(more[own], gone)
        otherwise[otherwise == bins_there] = -1
        # all bins are of one board: where it hangs does not tell which is right
        others = sorted({*otherwise.tolist()} - {-1})
        if len(others) >= OPTIONS:
            break
    else:
        raise Rejected("too few bins without a board")
    freed = _among(others, OPTIONS, wanted.freed, rng)
    otherwise = np.concatenate([np.full(len(speeds), -1), otherwise])
    speeds, bins = np.concatenate([speeds, more]), np.concatenate([bins, bins_there])
    flights = flights.beside(flights_there)
    often = np.where(bins >= 0, flights.bounces, -1)
    first = np.where(bins >= 0, flights.hits[:, 0], -1)
    counted = wanted.counted
    reached = _among(sorted({*bins.tolist()} - {-1, counted}), BINS, wanted.landed, rng)
    groups = [
        bins == reached[0],
        often == wanted.bounces,
        first == turned[0],
        otherwise == freed[0],
        *[bins >= 0] * (len(names) - LEAST),
    ]
    inside = bins == counted
    may = [i for i in (1, 2, 3) if (groups[i] & inside).any()]
    falling = [*range(LEAST - 1, len(groups)), *rng.shuffled(may)][: wanted.balls]
    some = [np.flatnonzero(group & (inside == (i in falling))).tolist() for i, group in enumerate(groups)]
    if len(falling) < wanted.balls or not all(some):
        raise Rejected("no such throw")
    foretold, ahead, among = _foretold(hall, further, wanted.foretold, counted, rng.fork("foretold"))
    for _ in range(COMBINATIONS):
        chosen = [rng.choice(own) for own in some]
        tops = sorted([*flights.top[chosen].tolist(), *foretold.top.tolist()])
        if len({*chosen}) == len(chosen) and tops[-1] - tops[-2] >= HIGHER:
            break
    else:
        raise Rejected("no throws that go together")
    made = [Throw(name, flights.alone(row), int(bins[row])) for name, row in zip(names, chosen, strict=False)]
    last = Throw(names[-1], foretold, among[0])
    return Throwing(
        hall,
        tuple(_ordered([*made, last], last, wanted.highest, rng)),
        (names[0], reached),
        names[1],
        (names[2], turned),
        (names[3], freed),
        gone,
        (last.name, among),
        ahead,
        counted,
        bounces,
        pace,
    )


def _among(some: Sequence[int], count: int, rank: int, rng: Rng) -> tuple[int, ...]:
    """So many of some in order, the one with a rank first. Raises :class:`Rejected` if there are not so many."""
    if len(some) < count:
        raise Rejected("too few bins or boards within reach")
    chosen = [some[i] for i in sorted(rng.sample(range(len(some)), count))]
    return (chosen.pop(rank), *chosen)


def _foretold(hall: Hall, further: int, rank: int, unless: int, rng: Rng) -> tuple[Flights, float, tuple[int, ...]]:
    """A flight, a time at which its ball is where a ball on its way to any of three bins could be, and these bins, the right one
    first; ``unless``: none of them."""
    count = len(TIMES)
    for _ in range(3):
        seen = [
            (-math.copysign(rng.uniform(1.6, 5.0), hall.port[0]), rng.uniform(-0.8, 3.6) - hall.port[1])
            for _ in range(PLACES)
        ]
        times = np.tile(TIMES, PLACES)
        speeds = np.repeat(seen, count, axis=0) / times[:, None]
        speeds[:, 1] += GRAVITY / 2 * times
        speeds = speeds.round(3)
        ways, bins = hall.fly(speeds)
        begun = np.where(ways.bounces > 0, ways.times[:, 1], ways.end)
        good = np.flatnonzero(
            (bins >= 0) & (begun > times + 0.25) & (ways.bounces <= further) & (ways.end > times + 0.7)
        )
        bins = np.full(len(speeds), -1)
        bins[good] = hall.firm(speeds[good])
        bins = bins.reshape(PLACES, count)
        for place in range(PLACES):
            some = sorted({*bins[place].tolist()} - {-1, unless})
            if len(some) >= OPTIONS:
                among = _among(some, OPTIONS, rank, rng)
                chosen = place * count + rng.choice(np.flatnonzero(bins[place] == among[0]).tolist())
                return ways.alone(chosen), round(float(times[chosen]), 3), among
    raise Rejected("no place on the way to three bins")


def _ordered(made: Sequence[Throw], late: Throw, highest: int, rng: Rng) -> list[Throw]:
    """The throws in an order in which the one that flies highest has its place, and ``late`` is not the first."""
    best = max(made, key=lambda throw: throw.top)
    rest = [throw for throw in made if throw is not best and throw is not late]
    if highest == 0 and best is late:
        raise Rejected("the foretold throw comes first")
    if best is not late:
        begin = rng.choice(rest) if highest > 0 else None  # the foretold one is not the first
        rest = rng.shuffled([throw for throw in (*rest, late) if throw is not begin])
        rest = [begin, *rest] if begin else rest
    else:
        rest = rng.shuffled(rest)
    return [*rest[:highest], best, *rest[highest:]]


def arcs(flight: Flights) -> Iterator[tuple[float, float, Array, Array]]:
    """When each arc of a single flight begins and ends, and the place and the velocity with which it begins."""
    times = [time for time in flight.times[0].tolist() if math.isfinite(time)]
    for number, begin in enumerate(times):
        end = times[number + 1] if number + 1 < len(times) else float(flight.end[0])
        yield begin, end, flight.places[0, number], flight.speeds[0, number]
