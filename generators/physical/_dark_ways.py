"""How things slide in on a slippery floor: towards what, by a free way, and seen for long enough."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from generators.physical._arena import Window, launched, way_of
from generators.physical._dark_world import CLOSING
from generators.physical._meetings import GRAZE
from morse.errors import Rejected
from morse.physics import SAMPLE, Placed, Run
from morse.seeding import Rng

SLIPPERY = 0.5
"""Friction here, in that of the floor of :mod:`_arena`: what is hit goes on far enough to hit another, and what slides in is seen for longer."""
SPEED = (1.3, 1.8)
"""Metres a second at which something gets to what it is slid at."""
STEEP = (-0.65, 0.9)
"""How much of its way, at most, something may slide towards the camera (below 0) or away from it."""
SEEN = 0.4
"""Seconds for which the mover is in the picture at least before the curtain begins to close."""
CLOCK = np.arange(0.0, 6.0, 0.02)


def slick(thing: Placed) -> Placed:
    """A thing on a slippery floor."""
    return replace(thing, friction=round(thing.friction * SLIPPERY, 5), rolling=round(thing.rolling * SLIPPERY, 5))


def towards(
    rng: Rng, window: Window, made: Placed, target: Placed, lies: Sequence[Placed], gap: float, on: bool
) -> Placed | None:
    """Something on a free way in towards a thing, often with another behind it (``on``: where there is one, so that the thing may go
    ``on`` to hit that), and seen for a while before. ``gap``: seconds before it gets there from which on nothing more need be seen."""
    x, y = target.position[:2]
    apart = [(math.dist(other.position[:2], (x, y)), other.position[:2]) for other in lies if other is not target]
    behind = [math.atan2(b - y, a - x) for far, (a, b) in sorted(apart) if far < (1.5 if on else 1.9)]
    ways = behind if on else rng.shuffled(behind)[:2]
    if not on or not ways:
        ways = rng.shuffled([*ways, *(rng.choice((0.0, math.pi)) + rng.uniform(-0.7, 0.7) for _ in range(5))])
    for straight in [*ways, *ways]:
        off, wide = (0.05, 0.06) if on else (0.08, 0.14)
        heading, aside = straight + rng.uniform(-off, off), rng.uniform(-wide, wide)
        if not STEEP[0] < math.sin(heading) < STEEP[1]:
            continue
        ahead = (math.cos(heading), math.sin(heading))
        place = (x - ahead[1] * aside, y + ahead[0] * aside)
        try:
            far = window.way_out(place, (-ahead[0], -ahead[1]), made.body.reach)
        except Rejected:
            continue
        sent = launched(made, (place[0] - ahead[0] * far, place[1] - ahead[1] * far), place, rng.uniform(*SPEED))
        if _free(sent, target, lies) and _seen(window, sent, reaches(sent, target) - gap - CLOSING):
            return sent
    return None


def _free(sent: Placed, target: Placed, lies: Sequence[Placed]) -> bool:
    """Whether nothing is in its way until it gets there."""
    way = way_of(replace(sent, start=0.0), CLOCK[reaches(sent, target) >= CLOCK])
    return len(way) > 1 and all(
        np.hypot(*(way - other.position[:2]).T).min() > breadth(sent) + breadth(other) + GRAZE
        for other in lies
        if other is not target
    )


def _seen(window: Window, sent: Placed, end: float) -> bool:
    """Whether something that slides in is in the picture for long enough before a time."""
    way = way_of(replace(sent, start=0.0), np.array([end - SEEN, end]))
    return all(window.holds((x, y, 0.2), 0.025) for x, y in way.tolist())


def reaches(sent: Placed, target: Placed) -> float:
    """Seconds from when it sets out until something that slides touches a thing, about."""
    gaps = np.hypot(*(way_of(replace(sent, start=0.0), CLOCK) - target.position[:2]).T)
    return float(CLOCK[int(np.argmax(gaps < (sent.body.size[0] + target.body.size[0]) / 2))])


def breadth(thing: Placed) -> float:
    """How far from its middle a thing reaches to the side at most."""
    x, y, _ = thing.body.size
    return math.hypot(x, y) / 2 if thing.body.shape == "box" else x / 2


def lasting(things: Sequence[Placed]) -> Run:
    """What happens where nothing moves."""
    poses = np.array([[(*thing.position, *thing.quaternion) for thing in things]])
    return Run(tuple(thing.body.name for thing in things), np.zeros(1), poses, (), {})


def sliding(thing: Placed, row: int) -> Run:
    """How something slides in, up to a sample, that meets nothing."""
    times = np.arange(row + 1) * SAMPLE
    poses = np.tile([*thing.position, *thing.quaternion], (row + 1, 1, 1))
    poses[:, 0, :2] = way_of(thing, times)
    return Run((thing.body.name,), times, poses, (), {})


def at_sample(thing: Placed, run: Run, row: int, still: bool = False) -> Placed:
    """A thing as it lies, or slides, at a sample of a run."""
    poses = run.poses[:, run.names.index(thing.body.name)]
    x, y, *_ = poses[row].tolist()
    speed = (0.0, 0.0) if still else ((poses[row] - poses[row - 1]) / SAMPLE)[:2].tolist()
    turn = [round(part, 6) for part in poses[row, 3:].tolist()]
    return replace(
        thing,
        position=(round(x, 4), round(y, 4), thing.position[2] if still else round(thing.body.size[2] / 2, 4)),
        quaternion=(turn[0], turn[1], turn[2], turn[3]) if thing.body.shape != "sphere" else (0.0, 0.0, 0.0, 1.0),
        velocity=(round(speed[0], 4), round(speed[1], 4), 0.0),
        spin=(0.0, 0.0, 0.0),
        start=0.0,
    )
