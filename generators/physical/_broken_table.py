"""Pucks on a table seen from above: they glide in straight lines, slow down evenly, touch rails and one another. All in closed form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from math import cos, hypot, inf, sin, sqrt
from typing import NamedTuple

import numpy as np

from morse.errors import Rejected

WIDE, HIGH = 6.9, 3.45
"""How far the rails are from the middle of the table, in canvas units."""
RADIUS = 0.46
FRICTION, SAND = 1.2, 4.2
"""How fast pucks slow down on cloth and on sand, in canvas units a second squared."""
BOUNCE, RAIL = 0.92, 0.85
"""What share of the speed along the line of centres is left after a touch, and of all speed after a rail."""
CLEAR, FIRM, SQUARE = 0.16, 0.9, 0.55
"""How far pucks pass each other by at least, how fast one puck meets another at least, and what share of its speed is along the line of
centres then."""
APART = 0.15
"""Seconds between two touches at least."""
Place = tuple[float, float]


@dataclass(frozen=True)
class Patch:
    """An upright rectangle on the table: sand, or what a bridge covers."""

    x: float
    y: float
    w: float
    h: float

    def near(self, at: Place, margin: float) -> bool:
        """Whether a place is in it, or at most so far from it along both axes."""
        return abs(at[0] - self.x) <= self.w / 2 + margin and abs(at[1] - self.y) <= self.h / 2 + margin

    def edges_along(self, at: Place, way: Place) -> tuple[float, float]:
        """From how far to how far along a way it is; an empty stretch where the way misses it."""
        low, high = -inf, inf
        for here, step, middle, half in ((at[0], way[0], self.x, self.w / 2), (at[1], way[1], self.y, self.h / 2)):
            if abs(step) < 1e-12:
                if abs(here - middle) > half:
                    return 1.0, -1.0
                continue
            one, other = sorted(((middle - half - here) / step, (middle + half - here) / step))
            low, high = max(low, one), min(high, other)
        return low, high


class Leg(NamedTuple):
    """A stretch of a puck's way in a straight line: from when to when, from where, which way, how fast at first, and how it slows down."""

    start: float
    end: float
    at: Place
    way: Place
    speed: float
    slows: float

    def gone(self, time: float) -> float:
        t = min(max(time, self.start), self.end) - self.start
        return self.speed * t - self.slows * t * t / 2

    def place(self, time: float) -> Place:
        far = self.gone(time)
        return self.at[0] + far * self.way[0], self.at[1] + far * self.way[1]

    def pace(self, time: float) -> float:
        return self.speed - self.slows * (time - self.start)


def coordinate(legs: Sequence[Leg], axis: int, times: np.ndarray) -> np.ndarray:
    """A coordinate of a puck over its legs."""
    columns = np.array([(leg.start, leg.end, leg.at[axis], leg.way[axis], leg.speed, leg.slows) for leg in legs])
    number = np.clip(np.searchsorted(columns[:, 0], times + 1e-9, side="right") - 1, 0, len(columns) - 1)
    start, end, at, way, speed, slows = columns[number].T
    since = np.clip(times, start, end) - start
    return at + way * (speed * since - slows * since * since / 2)


class Touch(NamedTuple):
    """A moving puck touches a rail, or one that lies still; ``square``: the share of its speed that goes straight to the other."""

    time: float
    who: str
    what: str
    at: Place
    square: float = 1.0


class Break(NamedTuple):
    """How a law is broken, by which puck, when in the run (of a touch: at it), by how much, and in a touch by whom it is touched, or passes whom."""

    what: str
    who: str
    time: float
    much: float = 0.0
    other: str = ""


@dataclass(frozen=True)
class Table:
    """``sand`` and ``bridge`` never move."""

    sand: Patch
    bridge: Patch


@dataclass
class Run:
    """What comes of a stroke: the ways of all pucks that move, all touches, and where everything lies after it."""

    legs: dict[str, list[Leg]] = field(default_factory=dict)
    touches: list[Touch] = field(default_factory=list)
    rest: dict[str, Place] = field(default_factory=dict)
    ends: float = 0.0
    sandy: float = inf
    """When the first puck comes onto sand."""

    def first(self, who: str) -> Touch | None:
        """What a puck touches first of all."""
        return next((touch for touch in self.touches if touch.who == who), None)

    def place(self, who: str, time: float) -> Place:
        own = self.legs[who]
        return next((leg for leg in own if time <= leg.end), own[-1]).place(time)


@dataclass
class _Mover:
    at: Place
    way: Place
    speed: float
    since: float
    slows: float


class _Rolling:
    """A run while it is worked out."""

    def __init__(self, table: Table, rest: Mapping[str, Place], broken: Break | None, strict: bool) -> None:
        self.table, self.broken, self.strict = table, broken, strict
        self.run = Run(rest=dict(rest))
        self.movers: dict[str, _Mover] = {}
        self.now = 0.0

    def start(self, who: str, at: Place, velocity: Place) -> None:
        speed = hypot(*velocity)
        if speed < 0.03:
            self.run.rest[who] = at
            return
        way = (velocity[0] / speed, velocity[1] / speed)
        low, high = self.table.sand.edges_along(at, way)
        sandy = low <= 1e-9 < high - 1e-9
        if sandy:
            self.run.sandy = min(self.run.sandy, self.now)
        self.movers[who] = _Mover(at, way, speed, self.now, SAND if sandy else FRICTION)

    def stop(self, who: str) -> Place:
        """End a leg here and now; returns where. Raises :class:`Rejected` where it passed another puck too near."""
        mover = self.movers.pop(who)
        leg = Leg(mover.since, self.now, mover.at, mover.way, mover.speed, mover.slows)
        self.run.legs.setdefault(who, []).append(leg)
        far = leg.gone(self.now)
        for other, (x, y) in self.run.rest.items():
            if self.strict and not self._ignored(who, other):
                along = (x - leg.at[0]) * leg.way[0] + (y - leg.at[1]) * leg.way[1]
                near = min(max(along, 0.0), far)
                apart = hypot(leg.at[0] + near * leg.way[0] - x, leg.at[1] + near * leg.way[1] - y)
                if along > 0 and 2 * RADIUS + 1e-6 < apart < 2 * RADIUS + CLEAR:
                    raise Rejected("pucks that nearly touch")
        return leg.place(self.now)

    def _ignored(self, who: str, other: str) -> bool:
        broken = self.broken
        return broken is not None and broken.what == "passes" and (broken.who, broken.other) == (who, other)

    def ahead(self, who: str) -> Iterator[tuple[float, str, str]]:
        """What comes next on a puck's way: how far off, of what kind, which."""
        mover = self.movers[who]
        (x, y), (u, v) = mover.at, mover.way
        yield mover.speed**2 / (2 * mover.slows), "rests", ""
        if abs(u) > 1e-12:
            yield (WIDE - RADIUS - x if u > 0 else WIDE - RADIUS + x) / abs(u), "rail", "right" if u > 0 else "left"
        if abs(v) > 1e-12:
            yield (HIGH - RADIUS - y if v > 0 else HIGH - RADIUS + y) / abs(v), "rail", "upper" if v > 0 else "lower"
        for other, (p, q) in self.run.rest.items():
            along = (p - x) * u + (q - y) * v
            off = (p - x) ** 2 + (q - y) ** 2 - along**2
            if along > 0 and off < 4 * RADIUS**2 and not self._ignored(who, other):
                yield along - sqrt(4 * RADIUS**2 - off), "puck", other
        low, high = self.table.sand.edges_along(mover.at, mover.way)
        if low < high:
            yield from ((far, "sand", "") for far in (low, high) if far > 1e-7)

    def roll(self) -> Run:
        for _ in range(60):
            if not self.movers:
                self.run.ends = self.now
                return self.run
            found = []
            for who, mover in self.movers.items():
                far, kind, what = min(self.ahead(who))
                left = max(mover.speed**2 - 2 * mover.slows * max(far, 0.0), 0.0)
                found.append((mover.since + (mover.speed - sqrt(left)) / mover.slows, who, kind, what))
            time, who, kind, what = min(found)
            broken = self.broken
            if (
                broken is not None
                and broken.what in SUDDEN
                and self.now < broken.time <= time
                and broken.who in self.movers
            ):
                self.now = broken.time
                self.breaks(broken)
                continue
            self.now = max(time, self.now)
            self.happens(who, kind, what)
        raise Rejected("no end of touches")

    def velocity(self, who: str) -> Place:
        mover = self.movers[who]
        pace = mover.speed - mover.slows * (self.now - mover.since)
        return pace * mover.way[0], pace * mover.way[1]

    def happens(self, who: str, kind: str, what: str) -> None:
        u, v = self.velocity(who)
        at = self.stop(who)
        if kind == "rests":
            self.run.rest[who] = at
        elif kind == "sand":
            nudge = (at[0] + 1e-6 * u, at[1] + 1e-6 * v)  # over the edge
            self.start(who, nudge, (u, v))
        elif kind == "rail":
            self.run.touches.append(Touch(self.now, who, what, at))
            turned = (-u, v) if what in ("left", "right") else (u, -v)
            self.start(who, at, (RAIL * turned[0], RAIL * turned[1]))
        else:
            self.meets(who, what, at, (u, v))

    def meets(self, who: str, other: str, at: Place, velocity: Place) -> None:
        p, q = self.run.rest.pop(other)
        n = ((p - at[0]) / (2 * RADIUS), (q - at[1]) / (2 * RADIUS))
        along = velocity[0] * n[0] + velocity[1] * n[1]
        square = along / hypot(*velocity)
        if self.strict and (along < FIRM or square < SQUARE):
            raise Rejected("a feeble touch")
        self.run.touches.append(Touch(self.now, who, other, at, square))
        given = (1 + BOUNCE) / 2 * along
        away, broken = n, self.broken
        if broken is not None and broken.what == "strays" and (broken.who, broken.other) == (other, who):
            away = turned(n, broken.much)
        self.start(other, (p, q), (given * away[0], given * away[1]))
        self.start(who, at, (velocity[0] - given * n[0], velocity[1] - given * n[1]))

    def breaks(self, broken: Break) -> None:
        """A break of the laws in the middle of a way."""
        velocity = self.velocity(broken.who)
        at = self.stop(broken.who)
        if broken.what == "stops":
            self.run.rest[broken.who] = at
        elif broken.what == "turns":
            self.start(broken.who, at, turned(velocity, broken.much))
        elif broken.what in ("gains", "changes"):
            much = broken.much if broken.what == "gains" else 1.0
            self.start(broken.who, at, (much * velocity[0], much * velocity[1]))
        self.broken = None


SUDDEN = ("stops", "turns", "gains", "changes", "vanishes")
"""Breaks of the laws in the middle of a way."""


def turned(way: Place, angle: float) -> Place:
    return way[0] * cos(angle) - way[1] * sin(angle), way[0] * sin(angle) + way[1] * cos(angle)


def rolled(
    table: Table,
    rest: Mapping[str, Place],
    who: str,
    velocity: Place,
    broken: Break | None = None,
    strict: bool = True,
) -> Run:
    """What comes of a puck's being set in motion, where all others lie still. With ``strict`` raises :class:`Rejected` where anything of it is
    not plain to see."""
    rolling = _Rolling(table, {name: at for name, at in rest.items() if name != who}, broken, strict)
    rolling.start(who, rest[who], velocity)
    run = rolling.roll()
    if strict:
        _plain(table, run)
    return run


def _plain(table: Table, run: Run) -> None:
    """Raises :class:`Rejected` where something happens under the bridge, two things happen at once, pucks come to lie too near, or two meet
    that both move."""
    if any(b.time - a.time < APART for a, b in pairwise(run.touches)):
        raise Rejected("two touches at once")
    hidden = RADIUS + 0.1
    if any(table.bridge.near(touch.at, hidden) for touch in run.touches) or any(
        table.bridge.near(at, hidden) for who, at in run.rest.items() if who in run.legs
    ):
        raise Rejected("something happens under the bridge")
    lying = [*run.rest.values()]
    if any(hypot(a[0] - b[0], a[1] - b[1]) < 2 * RADIUS + CLEAR for a, b in combinations(lying, 2)):
        raise Rejected("pucks that come to lie side by side")
    for one, other in combinations(run.legs, 2):
        mine, theirs = run.legs[one], run.legs[other]
        start = max(mine[0].start, theirs[0].start) + 0.1
        end = min(mine[-1].end, theirs[-1].end)
        times = np.arange(start, end, 1 / 40)
        if len(times):
            dx, dy = (coordinate(mine, axis, times) - coordinate(theirs, axis, times) for axis in (0, 1))
            if (dx * dx + dy * dy).min() < (2 * RADIUS + 0.03) ** 2:
                raise Rejected("two meet that both move")


def foreseen(table: Table, rest: Mapping[str, Place], who: str, velocity: Place, least: float) -> str | None:
    """What a puck set in motion touches first (``nothing``: it comes to rest before), where that is plain: it would be the same, were it a little
    slower or faster, or set off a little more to one side; no sand is on its way; and it takes ``least`` seconds at least."""
    found = set[str]()
    for turn in (0.0, -0.022, 0.022):
        for share in (1.0, 0.96, 1.04) if turn == 0.0 else (1.0,):
            u, v = turned(velocity, turn)
            try:
                run = rolled(table, rest, who, (share * u, share * v), strict=False)
            except Rejected:
                return None
            touch = run.first(who)
            end = run.legs[who][-1].end if touch is None else touch.time
            if end < least or run.sandy < end:
                return None
            found.add("nothing" if touch is None else touch.what)
    return found.pop() if len(found) == 1 else None
