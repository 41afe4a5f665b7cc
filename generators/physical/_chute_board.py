"""A board with a chute, trap doors in it and bins below: its measures, and how a ball takes it, by pybullet.

Balls follow each other at such distances that they never meet on the chute, and what lies in a bin is out of sight; so every ball is
simulated alone, on the chute as the doors stand when it comes by.
"""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from morse.errors import Rejected
from morse.physics import NUDGES, SAMPLE, STEP, Placed, Run, nudged, simulate
from morse.world import Body, Vector

Array = np.ndarray
RADIUS = 0.165
"""All lengths in metres, all times in seconds."""
MOUTH, START = -2.62, -3.02
"""Where the feeder ends, and where a ball starts in it."""
GAP, PLANK = 0.56, 0.07
"""The length of a trap door, which is that of the hole that it leaves, and how thick doors and chute are."""
DEEP = 0.5
"""The depth of the chute and the bins, from the front to the board."""
WALL, RIM = 0.05, 0.98
"""How thick the walls of bins are, and how high."""
FIRST, END = -2.2, 3.28
"""Where the first bin begins and the last one ends; a stop stands there, against which balls may fall that roll over the chute's end."""
HIGHEST = 2.42
"""The surface of the chute at its upper end."""
SWING = 0.3
"""Seconds that a door takes to open or shut."""
OPEN = math.radians(91)
"""How far an open door has swung."""
STOP = 1.55
"""How high the stop rises over the last bin."""
SPEEDS, SLOPES = (0.86, 0.92, 0.98), (3.3, 3.8)
"""How fast balls leave the feeder, in m/s, and how steep a chute may be, in degrees."""
SURE, SLACK = 0.08, 0.12
"""Seconds before and after a ball comes by in which a door must stand still, and by which runs that must agree may differ there."""
LONGEST = 9.0
"""Seconds after which every ball lies still."""


@dataclass(frozen=True)
class Board:
    """A board of so many doors; its chute goes down to the right. ``speed`` of balls at the start, in m/s; ``slope`` in degrees."""

    doors: int
    speed: float
    slope: float

    @cached_property
    def bins(self) -> tuple[tuple[float, float], ...]:
        """Where each bin begins and ends along the board, the last one after the end of the chute."""
        wide = (END - FIRST) / (self.doors + 1)
        return tuple((FIRST + i * wide, FIRST + (i + 1) * wide) for i in range(self.doors + 1))

    @cached_property
    def gaps(self) -> tuple[tuple[float, float], ...]:
        """Where each door begins and ends along the board, shut."""
        along = GAP * math.cos(self.angle)
        middles = [(left + right) / 2 for left, right in self.bins[:-1]]
        return tuple((middle - along / 2, middle + along / 2) for middle in middles)

    @property
    def end(self) -> float:
        """Where the chute ends."""
        return self.bins[-1][0] + 0.12

    @property
    def angle(self) -> float:
        return math.radians(self.slope)

    def level(self, x: float) -> float:
        """The height of the chute's surface."""
        return HIGHEST - (x - START) * math.tan(self.angle)

    def plank(self, name: str, left: float, right: float, colour: str = "brown") -> Placed:
        """A straight piece of the chute."""
        long = (right - left) / math.cos(self.angle)
        middle = (left + right) / 2
        x, z = middle - math.sin(self.angle) * PLANK / 2, self.level(middle) - math.cos(self.angle) * PLANK / 2
        turn = (0.0, math.sin(self.angle / 2), 0.0, math.cos(self.angle / 2))
        return _fixed(name, (long, DEEP, PLANK), (x, 0.0, z), colour, turn)

    def door(self, number: int, angle: float) -> tuple[Vector, tuple[float, float, float, float]]:
        """The pose of a door that has swung down by an angle (0: shut), about its lower end."""
        hinge = self.gaps[number][1]
        lean = self.angle - angle
        back = np.array([-math.cos(lean), math.sin(lean)]) * GAP / 2
        under = -np.array([math.sin(lean), math.cos(lean)]) * PLANK / 2
        x, z = np.array([hinge, self.level(hinge)]) + back + under
        return (float(x), 0.0, float(z)), (0.0, math.sin(lean / 2), 0.0, math.cos(lean / 2))

    def fixtures(self, through: int) -> list[Placed]:
        """What a ball meets that falls through a door (``doors``: through none, over the end)."""
        if through < self.doors:
            left, right = self.gaps[through]
            place, turn = self.door(through, OPEN)
            pieces = [self.plank("above", START - 0.4, left), self.plank("beyond", right, self.end)]
            pieces.append(_fixed("door", (GAP, DEEP, PLANK), place, "grey", turn))
        else:
            pieces = [self.plank("above", START - 0.4, self.end)]
        walls = sorted({edge for edges in self.bins for edge in edges})
        pieces += [_fixed(f"wall {i}", (WALL, DEEP, RIM), (x, 0.0, RIM / 2), "brown") for i, x in enumerate(walls)]
        return [*pieces, _fixed("stop", (WALL, DEEP, STOP), (END, 0.0, RIM + STOP / 2), "brown")]

    def ball(self) -> Placed:
        """A ball in the feeder, as it starts."""
        ahead = np.array([math.cos(self.angle), 0.0, -math.sin(self.angle)]) * self.speed
        up = np.array([math.sin(self.angle), 0.0, math.cos(self.angle)]) * RADIUS
        place = np.array([START, 0.0, self.level(START)]) + up
        body = Body("ball", "sphere", (2 * RADIUS, 2 * RADIUS, 2 * RADIUS), "red")
        return Placed(
            body, _vector(place), velocity=_vector(ahead), spin=(0.0, self.speed / RADIUS, 0.0),
            mass=0.3, friction=0.6, rolling=0.006, restitution=0.45,
        )  # fmt: skip


@dataclass(frozen=True)
class Ride:
    """How a ball takes the board: poses (k, 7) from its start on, each :data:`~morse.physics.SAMPLE` seconds later; when it is in the
    mouth of the feeder, and when it is out of sight in the bin; for each door that it comes to, when it comes on to it and when it is off."""

    poses: Array
    out: float
    gone: float
    by: tuple[tuple[float, float], ...]


@lru_cache(maxsize=256)
def rides(board: Board) -> tuple[Ride, ...]:
    """The ride through each door and over the end of the chute. Raises :class:`Rejected` where small changes would alter one."""
    found = [_ride(board, simulate(_scene(board, d), LONGEST), d) for d in range(board.doors + 1)]
    for through, ride in enumerate(found):
        scene = _scene(board, through)
        runs = [simulate(nudged(scene, pattern), LONGEST) for pattern in range(NUDGES)]
        for run in (*runs, simulate(scene, LONGEST, step=STEP / 2)):
            other = _ride(board, run, through)
            times = zip((other.gone, *np.ravel(other.by)), (ride.gone, *np.ravel(ride.by)), strict=True)
            if any(abs(a - b) > SLACK for a, b in times):
                raise Rejected("unstable: a ball that comes by at another time")
    return tuple(found)


def windows(board: Board) -> tuple[tuple[float, float], ...]:
    """For each door, from when to when after a ball's start it must not move, whether it is open or shut."""
    all_rides = rides(board)
    last = all_rides[-1]
    return tuple(
        (last.by[j][0] - SURE, max(last.by[j][1], all_rides[j].gone) + SURE) for j in range(board.doors)
    )  # fmt: skip


def _scene(board: Board, through: int) -> list[Placed]:
    return [board.ball(), *board.fixtures(through)]


def _ride(board: Board, run: Run, through: int) -> Ride:
    """What there is to a run, in which the ball must come to rest in its bin."""
    poses = run.poses[:, 0]
    x, z = poses[:, 0], poses[:, 2]
    left, right = board.bins[through]
    if not (left < x[-1] < right and z[-1] < RIM / 2) or np.abs(poses[:, 1]).max() > 0.02:
        raise Rejected("unstable: a ball that misses its bin")

    def first(holds: Array) -> float:
        return round(float(np.argmax(holds)) * SAMPLE, 4)

    gone = first(z + RADIUS < RIM)
    by = [(first(x + RADIUS > a), first(x - RADIUS > b)) for a, b in board.gaps[:through]]
    if through < board.doors:
        by.append((first(x + RADIUS > board.gaps[through][0]), gone))
    return Ride(poses, first(x - RADIUS > MOUTH), gone, tuple(by))


def _vector(values: Array) -> Vector:
    x, y, z = (float(value) for value in values)
    return (x, y, z)


def _fixed(
    name: str, size: Vector, place: Vector, colour: str, turn: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 1.0)
) -> Placed:
    body = Body(name, "box", size, colour, static=True, tracked=False)
    return Placed(body, place, turn, friction=1.0, restitution=0.5)
