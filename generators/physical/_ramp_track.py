"""A track seen from the side, and how bodies slide and roll down it: stretches of constant acceleration, in closed form.

Metres and seconds of the clip. The track comes down straight, passes a line, turns to the level in a small arc and runs out on a flat.
Mass cancels out of every formula here; that is one of the things to be seen.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

Array = np.ndarray
GRAVITY = 4.0
"""Metres a second squared: real bodies, filmed slowly."""
SIZE = 0.3
"""The side of a block, and the diameter of what rolls."""
BEND, STEPS = 0.55, 12
"""The radius of the arc at the foot, and the stretches into which it is divided."""
END = 3.35
"""Where the pad at the end of the flat stands, from the line along the level."""
DRAG = 0.02
"""Of what rolls: the share of its weight that holds it back."""
INERTIA = {"ball": 0.4, "drum": 0.5, "hoop": 1.0}
"""The moment of inertia of what rolls, in units of mass times radius squared."""


@dataclass(frozen=True)
class Track:
    """A track: its ``slope`` (radians) and the friction of a wooden block on its ``flat``."""

    slope: float
    flat: float

    @property
    def foot(self) -> float:
        """Where the flat begins, from the line along the level."""
        return BEND * math.sin(self.slope)

    @property
    def rise(self) -> float:
        """How high the line is over the flat."""
        return BEND * (1 - math.cos(self.slope))

    def point(self, along: Array, off: float = 0.0) -> tuple[Array, Array, Array]:
        """x, z and slope of a way that keeps so far ``off`` the track, so far ``along`` it from the line."""
        sin, cos = math.sin(self.slope), math.cos(self.slope)
        radius = BEND - off
        turned = np.clip(self.slope - along / radius, 0.0, self.slope)
        before, after = np.minimum(along, 0.0), np.maximum(along - radius * self.slope, 0.0)
        x = self.foot - radius * np.sin(turned) + before * cos + after
        return x, BEND - radius * np.cos(turned) - before * sin, turned


@dataclass(frozen=True)
class Trip:
    """A way along the track: at ``starts`` (n,) seconds it is at ``places`` with ``speeds``, and then keeps ``rates`` (m/s²).

    ``arrives``: when its front comes to the line (infinite: never); ``rests``: from when on it stays where it is.
    """

    starts: Array
    places: Array
    speeds: Array
    rates: Array
    arrives: float
    rests: float

    def at(self, times: Array) -> Array:
        """Its places along the track."""
        times = np.clip(times, 0.0, self.rests)
        number = np.searchsorted(self.starts, times + 1e-12, side="right") - 1
        t = times - self.starts[number]
        return self.places[number] + self.speeds[number] * t + self.rates[number] / 2 * t * t

    @cached_property
    def stops(self) -> float:
        """Where it stays, along the track."""
        return float(self.at(np.array([self.rests]))[0])


def time_down(track: Track, kind: str, grip: float, start: float) -> float:
    """Seconds until the front of what starts so far from the line is there, ``grip``: the friction of what slides on its ramp."""
    rate = rate_down(track, kind, grip)
    return math.sqrt(2 * start / rate) if rate > 0 else math.inf


def rate_down(track: Track, kind: str, grip: float) -> float:
    """The acceleration down the ramp; what rolls gives a share of the pull to its turning."""
    pull, press = GRAVITY * math.sin(track.slope), GRAVITY * math.cos(track.slope)
    if kind in INERTIA:
        return (pull - DRAG * press) / (1 + INERTIA[kind])
    return pull - grip * press


class _Making:
    """A trip that is put together stretch by stretch."""

    def __init__(self, place: float, speed: float = 0.0, time: float = 0.0) -> None:
        self.rows: list[tuple[float, float, float, float]] = []
        self.time, self.place, self.speed = time, place, speed

    def go(self, far: float, rate: float) -> None:
        """On by so far, or until it stops."""
        square = self.speed * self.speed + 2 * rate * far
        if square < 0:
            far = -self.speed * self.speed / (2 * rate)
        speed = math.sqrt(max(square, 0.0))
        if far <= 0 or self.speed + speed == 0:
            return
        self.rows.append((self.time, self.place, self.speed, rate))
        self.time += 2 * far / (self.speed + speed)
        self.place, self.speed = self.place + far, speed

    def slow(self, speed: float, rate: float, most: float) -> None:
        """On with a speed (negative: back) that friction takes away, forward by so far at most."""
        far = min(speed * speed / (2 * rate), most if speed > 0 else math.inf)
        if far > 0:
            left = math.sqrt(max(speed * speed - 2 * rate * far, 0.0))
            self.rows.append((self.time, self.place, speed, -math.copysign(rate, speed)))
            self.time += 2 * far / (abs(speed) + left)
            self.place += math.copysign(far, speed)
        self.speed = 0.0

    def done(self, arrives: float) -> Trip:
        rows = np.array([*self.rows, (self.time, self.place, 0.0, 0.0)])
        starts, places, speeds, rates = rows.T.copy()
        return Trip(starts, places, speeds, rates, arrives, self.time)


def trip(
    track: Track, kind: str, grip: float, flat: float, start: float, hits: "Hit | None" = None
) -> tuple[Trip, Trip | None]:
    """The way of a body from its ``start`` (metres of its front from the line), and of what it ``hits`` on the flat.

    ``grip`` and ``flat``: the friction of what slides on its ramp and on the flat.
    """
    making = _Making(-start - SIZE / 2)
    rate = rate_down(track, kind, grip)
    if rate <= 0:
        return making.done(math.inf), None
    rolls = kind in INERTIA
    making.go(start + SIZE / 2, rate)
    arrives = math.sqrt(2 * start / rate)
    radius = BEND - (SIZE / 2 if rolls else 0.0)
    angles = np.linspace(track.slope, 0.0, STEPS + 1)
    squares = _round_the_bend(track, kind, flat, making.speed**2, radius, angles)
    for one, other in pairwise(squares):
        far = radius * track.slope / STEPS
        making.go(far, (other - one) / (2 * far))
    slower = GRAVITY * DRAG / (1 + INERTIA[kind]) if rolls else GRAVITY * flat
    pad = END - track.foot - SIZE / 2 + radius * track.slope
    if hits is None:
        making.slow(making.speed, slower, pad - making.place)
        return making.done(arrives), None
    touch = hits.place - SIZE
    making.go(touch - making.place, -slower)
    if making.place < touch - 1e-9:
        return making.done(arrives), None
    after, given = hits.speeds(making.speed)
    other = _Making(hits.place, time=making.time)
    making.slow(after, slower, pad - making.place)
    other.slow(given, slower, pad - other.place)
    other.rows.insert(0, (0.0, hits.place, 0.0, 0.0))
    return making.done(arrives), other.done(math.inf)


@dataclass(frozen=True)
class Hit:
    """A body that waits at a ``place`` of the flat, so many times (``ratio``) as heavy as the one that comes; ``bounce``: restitution."""

    place: float
    ratio: float
    bounce: float = 0.9

    def speeds(self, speed: float) -> tuple[float, float]:
        """The speeds of both after one comes with a speed: momentum stays, the difference shrinks by the restitution."""
        whole = 1 + self.ratio
        return speed * (1 - self.bounce * self.ratio) / whole, speed * (1 + self.bounce) / whole


def _round_the_bend(track: Track, kind: str, flat: float, square: float, radius: float, angles: Array) -> Array:
    """The squares of the speed at some slopes of the arc, for what comes in with the square of a speed.

    What slides is pressed on by its turning too, so d(v²)/dφ = −2Rg(sin φ − μ cos φ) + 2μ v², which is linear in v².
    """
    sin, cos = np.sin(angles), np.cos(angles)
    if kind in INERTIA:
        return square + 2 * GRAVITY * radius * (cos - cos[0]) / (1 + INERTIA[kind])
    pull = 2 * radius * GRAVITY / (1 + 4 * flat**2)
    steady = pull * ((1 - 2 * flat**2) * cos + 3 * flat * sin)
    return np.maximum(steady + (square - steady[0]) * np.exp(2 * flat * (angles - angles[0])), 0.0)
