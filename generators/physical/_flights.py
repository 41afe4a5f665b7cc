"""Balls that fly and bounce off boards, worked out arc by arc in closed form, many flights at once.

Canvas units and seconds of the clip, seen from the side: x to the right, y up. Between two bounces a ball flies along a parabola;
it touches a board where that parabola meets a line, which is the root of a quadratic. So a flight has no time step.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

Array = np.ndarray
Point = tuple[float, float]
RADIUS, THICK = 0.24, 0.1
"""Of a ball, and half of what a board is thick."""
GRAVITY = 3.0
"""Units a second squared: a hall some metres high, filmed slowly."""
MOUTH, TOP, SIDE = -2.85, 4.4, 7.7
"""How high the bins' mouths are, how far up a ball stays in the picture, and how far from the middle the walls are."""
CLEAR = 0.05
"""By how much a ball must miss the end of a board, or the rim of a bin, for the miss to be seen (and the hit likewise)."""
WEAK = 0.5
"""Units a second: a softer bounce could not be told."""
GAP = 0.45
"""Seconds, at least, between bounces, and from the throw to the first: fewer could not be told apart."""
LONGEST = 6.4
"""Seconds that a flight may take."""
ARCS = 6
"""Arcs that a flight has at most."""


@dataclass(frozen=True)
class Board:
    """A board: its ``number``, its middle, half its length, and the angle at which it hangs in radians."""

    number: str
    middle: Point
    half: float
    angle: float

    @property
    def along(self) -> Array:
        return np.array([math.cos(self.angle), math.sin(self.angle)])

    @property
    def normal(self) -> Array:
        return np.array([-math.sin(self.angle), math.cos(self.angle)])


@dataclass(frozen=True)
class Flights:
    """Many flights. ``clean`` (n,): it ends in the mouth of a bin and no touch or miss on the way is hard to tell.

    ``end`` and ``x`` (n,): when and where it comes to the mouths; ``top`` (n,): the greatest height. ``hits`` (n, arcs): what
    it bounces off in order: the number of a board, or of the left or right wall, which come after the boards; −1 after the last. ``times`` (n, arcs), ``places`` and ``speeds`` (n, arcs, 2): when, where and how fast
    each arc begins; times after the last arc are infinite.
    """

    clean: Array
    end: Array
    x: Array
    top: Array
    hits: Array
    times: Array
    places: Array
    speeds: Array

    @property
    def bounces(self) -> Array:
        """(n,): how often each bounces."""
        return (self.hits >= 0).sum(axis=1)

    def beside(self, other: "Flights") -> "Flights":
        """These flights and others after them."""
        return Flights(*(np.concatenate([getattr(one, name.name) for one in (self, other)]) for name in fields(self)))

    def alone(self, number: int) -> "Flights":
        """One flight."""
        return Flights(*(getattr(self, name.name)[number : number + 1] for name in fields(self)))


def fly(boards: Sequence[Board], start: Point, speeds: Array, bounce: float | Array, gone: int | Array = -1) -> Flights:
    """Throw balls from a place with some velocities (n, 2).

    ``bounce``: the share of the speed across a board that a bounce leaves them. ``gone``: the number of the board that is not there
    (−1: all are). Both are of all balls, or of each (n,).
    """
    count = len(speeds)
    place, speed = np.broadcast_to(np.array(start), (count, 2)).copy(), np.array(speeds, dtype=float)
    now, left_over, missing = np.zeros(count), np.broadcast_to(bounce, count), np.broadcast_to(gone, count)
    clean, soft, top = np.zeros(count, bool), np.zeros(count, bool), np.full(count, start[1])
    end, x = np.full(count, np.inf), np.full(count, np.nan)
    hits = np.full((count, ARCS), -1)
    times, places, began = np.full((count, ARCS), np.inf), np.zeros((count, ARCS, 2)), np.zeros((count, ARCS, 2))
    faces = _Faces.of(boards)
    normals = np.array([*(board.normal for board in boards), (1.0, 0.0), (-1.0, 0.0)])
    left = np.arange(count)  # those that fly on; the arrays without a place in the result are of these alone
    for arc in range(ARCS):
        times[left, arc], places[left, arc], began[left, arc] = now, place, speed
        touch, doubt = faces.meet(place, speed, missing)
        walls = [_falls(SIDE - RADIUS + side * place[:, 0], side * speed[:, 0], 0.0) for side in (1.0, -1.0)]
        ends = np.stack([*touch, *walls, _falls(place[:, 1] - MOUTH, speed[:, 1], -GRAVITY / 2)])
        first = ends.argmin(axis=0)
        lasts = ends[first, np.arange(len(left))]
        peak = np.clip(speed[:, 1] / GRAVITY, 0.0, lasts)
        top[left] = np.maximum(top[left], place[:, 1] + speed[:, 1] * peak - GRAVITY / 2 * peak**2)
        place = place + speed * lasts[:, None] - np.stack([np.zeros(len(left)), GRAVITY / 2 * lasts**2], axis=1)
        now = now + lasts
        sound = (doubt > lasts) & (now < LONGEST) & (lasts > GAP)
        landed = sound & (first == len(ends) - 1)
        done = left[landed]
        clean[done], end[done], x[done] = True, now[landed], place[landed, 0]
        on = sound & ~landed
        left, place, speed, now = left[on], place[on], speed[on], now[on]
        left_over, missing, first, lasts = left_over[on], missing[on], first[on], lasts[on]
        if not len(left):
            break
        what = np.where(first < 2 * len(boards), first // 2, first - len(boards))
        hits[left, arc] = what
        speed[:, 1] -= GRAVITY * lasts
        into = (speed * normals[what]).sum(axis=1)
        soft[left] |= np.abs(into) < WEAK
        speed = speed - ((1 + left_over) * into)[:, None] * normals[what]
    return Flights(clean & ~soft & (top < TOP - RADIUS), end, x, top, hits, times, places, began)


@dataclass(frozen=True)
class _Faces:
    """Both faces of each board, one after the other: normals and directions (faces, 2), middles (faces, 2), half lengths (faces, 1)."""

    normal: Array
    along: Array
    middle: Array
    half: Array

    @classmethod
    def of(cls, boards: Sequence[Board]) -> "_Faces":
        both = [(board, side) for board in boards for side in (1.0, -1.0)]
        return cls(
            np.array([board.normal * side for board, side in both]).reshape(-1, 2),
            np.array([board.along * side for board, side in both]).reshape(-1, 2),
            np.array([board.middle for board, _ in both]).reshape(-1, 2),
            np.array([board.half for board, _ in both]).reshape(-1, 1),
        )

    def meet(self, place: Array, speed: Array, gone: Array) -> tuple[Array, Array]:
        """When balls cleanly touch each face (faces, n), and when they come so near an end that nobody could tell (n,)."""
        there = (np.arange(len(self.half)) // 2)[:, None] != gone
        gap, pull = RADIUS + THICK, -GRAVITY / 2
        high = self.normal @ place.T - (self.normal * self.middle).sum(axis=1)[:, None]
        rising, lifted = self.normal @ speed.T, pull * self.normal[:, 1:]
        aside = self.along @ place.T - (self.along * self.middle).sum(axis=1)[:, None]
        drifting, pulled = self.along @ speed.T, pull * self.along[:, 1:]
        with np.errstate(invalid="ignore"):
            touch = _falls(high - gap, rising, lifted)
            touch = np.where(np.abs(aside + drifting * touch + pulled * touch**2) <= self.half - CLEAR, touch, np.inf)
            near = _falls(high - gap - CLEAR, rising, lifted)
            beside = np.abs(aside + drifting * near + pulled * near**2) > self.half + RADIUS + CLEAR
            doubt = np.where(beside | (np.isfinite(touch) & (touch >= near)), np.inf, near)
            # each face looks at one end of its board: the two have opposite directions
            over = _falls(aside - self.half - RADIUS - CLEAR, drifting, pulled)
            clear = np.abs(high + rising * over + lifted * over**2) > gap + CLEAR
            doubt = np.minimum(doubt, np.where(clear, np.inf, over))
        return np.where(there, touch, np.inf), np.where(there, doubt, np.inf).min(axis=0, initial=np.inf)


def _falls(value: Array, rate: Array, bend: Array | float) -> Array:
    """When ``value + rate·t + bend·t²`` next comes down through 0, infinite where it does not."""
    inside = rate * rate - 4 * bend * value
    root = np.sqrt(np.maximum(inside, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        time = np.where(rate < 0, 2 * value / (root - rate), np.where(bend < 0, -(rate + root) / (2 * bend), np.inf))
    return np.where((inside >= 0) & (time > 1e-9), time, np.inf)
