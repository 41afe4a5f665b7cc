"""What a viewer makes of a clip: when something is different from how it was at first, measured in the scene itself."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from morse.layout import Scene
from morse.timeline import Timeline

RATE = 40
"""Looks a second."""
TOGETHER = 0.35
"""Seconds within which two changes are one moment."""


class Seen(NamedTuple):
    """Something of somebody is different for a while. ``end`` is infinite where it still goes on."""

    who: str
    what: str
    start: float
    end: float


Channels = tuple[tuple[str, str, str, float], ...]
"""What to watch: (actor, channel, what it is called, how far it goes)."""


def watched(scene: Scene, until: float, channels: Channels) -> list[Seen]:
    """When the channels of actors are off their first value by more than half of what is given, in that direction, in order
    of beginning, as far as it is seen by a time."""
    seen = [one for one in _watched(scene, channels) if one.start <= until]
    return [one if one.end <= until else one._replace(end=np.inf) for one in seen]


@lru_cache(maxsize=4)
def _watched(scene: Scene, channels: Channels) -> tuple[Seen, ...]:
    assert isinstance(scene, Timeline)
    times = np.arange(0.0, scene.duration + 1e-9, 1 / RATE)
    found = []
    for actor, channel, what, reach in channels:
        if not scene.actors[actor].channels[channel].keys:
            continue
        values = scene.actors[actor].values(channel, times)
        on = (values - values[0]) / reach > 0.5
        edges = np.flatnonzero(on[1:] != on[:-1])
        changes = [float(time) for time in times[edges] + 0.5 / RATE] + [np.inf]
        found += [Seen(actor, what, *changes[i : i + 2]) for i in range(0, len(edges), 2)]
    return tuple(sorted(found, key=lambda seen: (seen.start, seen.who)))


def order_of(one: float, other: float) -> int:
    """−1, 0 or 1: the first time is earlier, the same moment, later."""
    return 0 if abs(one - other) < TOGETHER else (-1 if one < other else 1)


_BY_ENDS = {
    (-1, -1): "overlaps",
    (-1, 0): "finished by",
    (-1, 1): "contains",
    (0, -1): "starts",
    (0, 0): "equal",
    (0, 1): "started by",
    (1, -1): "during",
    (1, 0): "finishes",
    (1, 1): "overlapped by",
}


def relation_of(a: tuple[float, float], b: tuple[float, float]) -> str:
    """How a stretch lies to another, from the order of their ends."""
    match order_of(a[1], b[0]), order_of(a[0], b[1]):
        case -1, _:
            return "before"
        case _, 1:
            return "after"
        case 0, _:
            return "meets"
        case _, 0:
            return "met by"
    return _BY_ENDS[order_of(a[0], b[0]), order_of(a[1], b[1])]
