"""How a camera goes round a table: there and back, with rests, near in the first, middle and last picture."""

import math
from dataclasses import dataclass

import numpy as np

from morse.seeding import Rng
from morse.timeline import EASES
from morse.world import Camera

Array = np.ndarray
AIM = (0.0, 0.0, 0.1)
FOV = 30.0
APPROACH = 28.0
"""Degrees of its way over which the camera comes near."""


@dataclass(frozen=True)
class Way:
    """How the camera goes: from an azimuth (degrees), anticlockwise (1) or clockwise (−1) as seen from above.

    ``net``: how far it goes in all (degrees); ``other``: how far a camera of the other length goes. ``low`` and ``high``:
    its elevation at the start and at the end. ``angles``: how far it has gone at key ``times``. In the first, middle and
    last picture it is ``near`` (a share of its ``distance``), so that these show little.
    """

    start: float
    direction: int
    net: int
    other: int
    distance: float
    near: float
    low: float
    high: float
    times: Array
    angles: Array

    def camera(self, times: Array, angles: Array) -> Camera:
        """A camera that has gone ``angles`` degrees at ``times``."""
        turn = np.radians(self.start + self.direction * angles)
        rise = np.radians(self.low + (self.high - self.low) * EASES["smooth"](np.clip(angles / self.net, 0.0, 1.0)))
        around = np.stack([np.cos(turn) * np.cos(rise), np.sin(turn) * np.cos(rise), np.sin(rise)], axis=-1)
        off = np.abs(np.asarray(angles)[:, None] - self.stops).min(axis=1)
        share = self.near + (1 - self.near) * EASES["smooth"](np.clip(off / APPROACH - 0.2, 0.0, 1.0))
        return Camera.path(times, around * (self.distance * share)[:, None] + AIM, AIM, FOV)

    @property
    def duration(self) -> float:
        return float(self.times[-1])

    @property
    def stops(self) -> Array:
        """How far it has gone in the first, middle and last picture."""
        return np.array([0.0, np.interp(self.duration / 2, self.times, self.angles), self.angles[-1]])

    def views(self, step: float) -> Array:
        """How far it has gone at views to look at: all ``step`` degrees, and wherever it rests or is in a telling picture."""
        rests = self.angles[1:][np.diff(self.angles) == 0]
        steps = np.arange(math.floor(self.angles.min() / step), math.ceil(self.angles.max() / step) + 1) * step
        return np.unique(np.concatenate([steps, rests, self.stops]))


def draw_way(turns: int, pauses: int, half: float, rng: Rng) -> Way:
    """A camera's way round a table of half the given width. How long it takes does not depend on how far it goes."""
    lengths = [rng.steady("short").integer(22, 24) * 10, rng.steady("long").integer(33, 35) * 10]
    net, other = lengths if rng.steady("length").chance(0.5) else lengths[::-1]
    backs = [rng.uniform(30, 50) for _ in range(turns)]
    shares = [rng.uniform(0.85, 1.15) for _ in range(turns + 1)]
    scale = (net + math.fsum(backs)) / math.fsum(shares)
    legs = [leg for i, share in enumerate(shares) for leg in (share * scale, *(-back for back in backs[i : i + 1]))]
    for _ in range(pauses):
        longest = max(range(len(legs)), key=lambda i: abs(legs[i]))
        cut = rng.uniform(0.35, 0.65)
        legs[longest : longest + 1] = [legs[longest] * cut, legs[longest] * (1 - cut)]
    seconds = rng.uniform(16.0, 19.0) + 3.5 * turns
    weights = [abs(leg) + 8.0 for leg in legs]
    times, angles, clock, gone = [0.0], [0.0], 2.0 + rng.uniform(0.0, 0.8), 0.0
    for i, (leg, weight) in enumerate(zip(legs, weights, strict=True)):
        span = seconds * weight / math.fsum(weights)
        share = np.linspace(0.0, 1.0, max(2, round(span * 12) + 1))
        times += (clock + span * share).tolist()
        angles += (gone + leg * EASES["smooth"](share)).tolist()
        gone += leg
        clock += span + (rng.uniform(0.6, 2.2) if i + 1 < len(legs) else rng.uniform(2.2, 3.0))
    low = rng.uniform(16.0, 20.0)
    return Way(
        start=round(rng.uniform(0.0, 360.0), 2),
        direction=1 if rng.steady("direction").chance(0.5) else -1,
        net=net,
        other=other,
        distance=round(rng.uniform(2.3, 2.45) * half, 3),
        near=round(rng.uniform(0.52, 0.57), 3),
        low=round(low, 2),
        high=round(low + (rng.uniform(2.0, 6.0) if rng.chance(0.5) else 0.0), 2),
        times=np.round([*times, clock], 3),
        angles=np.round([*angles, gone], 3),
    )
