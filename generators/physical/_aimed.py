"""One that comes in with several things free before it and hits any of them alike: no single frame tells which."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generators.physical._arena import (
    FARTHEST,
    HALF_WIDTH,
    NEAREST,
    Look,
    Window,
    apart,
    launched,
    lying,
    way_of,
)
from morse.errors import Rejected
from morse.physics import SAMPLE, Placed, simulate
from morse.seeding import Rng
from morse.world import Body

OPTIONS = 3
FAN = 0.95
"""How far from the middle of its view, in radians, a thing may lie that it could hit."""
FAR = (1.9, 4.2)
"""How far from where it starts, in metres."""
SEEN = (0.25, 0.4)
"""Seconds for which it is wholly in the picture before the clip is cut."""
LEAD = 0.35
"""Seconds from there to its hit, at least."""
GAP = 0.05
"""Metres between it and all that it passes, at least."""
TICK = 0.05
CLOCK = np.arange(0.0, 4.0, TICK)


@dataclass(frozen=True)
class Aim:
    """Who comes in, what it hits, and what it could have hit as well."""

    mover: str
    key: str
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Ways:
    """A place from which an object could get to any of three things (``there``); ``sent``: it, on the way to each."""

    there: tuple[Placed, ...]
    sent: tuple[Placed, ...]

    def with_another(
        self,
        rng: Rng,
        place: tuple[float, float],
        inward: float,
        look: Look,
        made: Placed,
        speed: float,
        window: Window,
    ) -> "Ways | None":
        """These ways and one to a thing that lies somewhere before the place, if that hides none of them."""
        thing = _before(rng, place, inward, look)
        if thing is None or not all(apart(thing, other) for other in self.there):
            return None
        sent = launched(made, place, _beside(rng, place, thing.position[:2]), speed)
        more = Ways((*self.there, thing), (*self.sent, sent))
        seen = _seen(sent, thing, window) and more._free(more.there, np.array([more.there_at()]))
        return more if seen else None

    def spare(self, thing: Placed) -> bool:
        """Whether a thing that lies somewhere leaves all ways free."""
        return self._free([*self.there, thing], np.array([[*self.there_at(), thing.position[:2]]]))

    def there_at(self) -> list[tuple[float, float]]:
        return [thing.position[:2] for thing in self.there]

    def free_at(self, start: float, things: Sequence[Placed]) -> bool:
        """Whether all ways are free from a time on, among things that move."""
        run = simulate(things, start + CLOCK[-1])
        rows = np.minimum(((start + CLOCK) / SAMPLE).astype(int), len(run.times) - 1)
        where = run.poses[rows][:, :, :2]
        order = [run.names.index(thing.body.name) for thing in self.there]
        order += [i for i in range(len(things)) if i not in order]
        return self._free([things[i] for i in order], where[:, order])

    def _free(self, things: Sequence[Placed], where: np.ndarray) -> bool:
        """``where``: (times or 1, things, 2), the three first."""
        reach = np.array([_breadth(thing.body) for thing in things]) + _breadth(self.sent[0].body)
        for target, sent in enumerate(self.sent):
            gaps = np.hypot(*np.moveaxis(where - way_of(sent, CLOCK + sent.start)[:, None], -1, 0)) - reach
            hits = np.flatnonzero(gaps[:, target] < 0)
            if not len(hits):
                return False
            moved = where[: hits[0] + 1, target] - self.there[target].position[:2]
            if np.abs(moved).max() > 0.001 or np.delete(gaps[: hits[0] + 1], target, axis=1).min(initial=GAP) < GAP:
                return False
        return True

    def taken(self, window: Window, rank: int) -> tuple[Placed, Aim]:
        """It, on the way to what is by ``rank`` the nearest in the picture from where it starts."""
        here = window.place((*self.sent[0].position[:2], 0.2))
        lies = [window.place(thing.position) for thing in self.there]
        order = sorted(
            range(OPTIONS), key=lambda i: math.hypot((lies[i][0] - here[0]) * 16, (lies[i][1] - here[1]) * 9)
        )
        names = [self.there[i].body.name for i in order]
        key = names.pop(rank)
        sent = self.sent[order[rank]]
        return sent, Aim(sent.body.name, key, tuple(names))


def draw_ways(rng: Rng, window: Window, look: Look, others: Sequence[Look]) -> Ways:
    """Where an object comes in, and three things that lie before it. Raises :class:`Rejected` if none are found."""
    made = lying(look, rng.uniform(0.40, 0.47), 0.0, 0.0, rng.uniform(0.0, math.pi / 2))
    for _ in range(40):
        middle = (rng.uniform(-HALF_WIDTH, HALF_WIDTH), rng.uniform(NEAREST, FARTHEST))
        inward = rng.choice((0.0, 0.0, math.pi, math.pi, math.pi / 2)) + rng.uniform(-0.2, 0.2)
        speed = rng.uniform(0.6, 1.1)
        try:
            far = window.way_out(middle, (-math.cos(inward), -math.sin(inward)), made.body.reach)
        except Rejected:
            continue
        place = (middle[0] - math.cos(inward) * far, middle[1] - math.sin(inward) * far)
        ways = Ways((), ())
        for other in others:
            for _ in range(30):
                further = ways.with_another(rng, place, inward, other, made, speed, window)
                if further:
                    ways = further
                    break
        if len(ways.there) == len(others):
            return ways
    raise Rejected("no place with three things before it")


def _before(rng: Rng, place: tuple[float, float], inward: float, look: Look) -> Placed | None:
    """A thing that lies somewhere before a place, if that is on the floor."""
    far, turned = rng.uniform(*FAR), inward + rng.uniform(-FAN, FAN)
    x, y = place[0] + far * math.cos(turned), place[1] + far * math.sin(turned)
    if abs(x) > HALF_WIDTH or not NEAREST <= y <= FARTHEST:
        return None
    return lying(look, rng.uniform(0.40, 0.47), x, y, rng.uniform(0.0, math.pi / 2))


def _seen(sent: Placed, thing: Placed, window: Window) -> bool:
    """Whether it is in the picture for long enough before it gets to a thing."""
    way = way_of(sent, CLOCK + sent.start)
    hits = np.flatnonzero(np.hypot(*(way - thing.position[:2]).T) < _breadth(sent.body) + _breadth(thing.body))
    if not len(hits):
        return False
    since = hits[0] - math.ceil((SEEN[1] + LEAD) / TICK) - 1
    return since >= 0 and window.holds((*way[since], sent.position[2]), 0.07)


def _beside(rng: Rng, place: tuple[float, float], aim: tuple[float, float]) -> tuple[float, float]:
    """A place a little to one side of one that is aimed at."""
    far, aside = math.dist(place, aim), rng.uniform(-0.1, 0.1)
    return aim[0] - (aim[1] - place[1]) / far * aside, aim[1] + (aim[0] - place[0]) / far * aside


def _breadth(body: Body) -> float:
    """How far from its middle a body reaches to the side."""
    x, y, _ = body.size
    return math.hypot(x, y) / 2 if body.shape == "box" else x / 2
