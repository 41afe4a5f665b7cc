"""One that comes in and could be about to hit any of three things: no single frame tells which.

The place where it is when the clip is cut is drawn first, then three things to which it has a free way from there, then which
of them it hits; only then, backwards, where it came from. So the last frame would be the same for each of the three.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    slowing,
    way_of,
)
from morse.errors import Rejected
from morse.physics import SAMPLE, Placed, simulate
from morse.seeding import Rng
from morse.world import Body

OPTIONS = 3
AWAY = (1.35, 2.3)
"""How far the things are from where it is seen last, in metres."""
SEEN = 0.3
"""Seconds for which it is wholly in the picture before the clip is cut."""
GAP = 0.05
"""Metres between it and all that it passes, at least."""
CLOCK = np.arange(0.0, 4.0, 0.05)


@dataclass(frozen=True)
class Aim:
    """Who comes in, what it hits, what it could have hit as well; and when the clip is cut before that, in seconds."""

    mover: str
    key: str
    wrong: tuple[str, ...]
    cut: float


@dataclass(frozen=True)
class Ways:
    """A place (``here``) from which an object could get to any of the things ``there``; ``sent``: it, on the way to each.

    The times at which it sets out are such that it is ``here`` at 0 s.
    """

    here: tuple[float, float]
    there: tuple[Placed, ...] = ()
    sent: tuple[Placed, ...] = ()

    def further(self, rng: Rng, window: Window, look: Look, made: Placed, speed: float) -> "Ways | None":
        """These ways and one to another thing that lies somewhere on the floor, if there is one and it hides none of them."""
        away, turned = rng.uniform(*AWAY), rng.uniform(-math.pi, math.pi)
        x, y = self.here[0] + away * math.cos(turned), self.here[1] + away * math.sin(turned)
        if abs(x) > HALF_WIDTH or not NEAREST <= y <= FARTHEST:
            return None
        thing = lying(look, rng.uniform(0.40, 0.47), x, y, rng.uniform(0.0, math.pi / 2))
        if not all(apart(thing, other) for other in self.there):
            return None
        aside = rng.uniform(-0.1, 0.1) / away
        ahead = (math.cos(turned + aside), math.sin(turned + aside))
        try:
            back = window.way_out(self.here, (-ahead[0], -ahead[1]), made.body.reach)
        except Rejected:
            return None
        sent = launched(made, (self.here[0] - ahead[0] * back, self.here[1] - ahead[1] * back), self.here, speed)
        sent = replace(sent, start=-(math.hypot(*sent.velocity) - speed) / slowing(sent))
        before = way_of(sent, np.array([-SEEN]))[0]
        if not window.holds((*before, sent.position[2]), 0.07):
            return None
        ways = replace(self, there=(*self.there, thing), sent=(*self.sent, sent))
        return ways if ways.free(ways.there) else None

    def free(self, things: Sequence[Placed]) -> bool:
        """Whether all ways are free among things that lie still."""
        where = np.array([[thing.position[:2] for thing in things]])
        return all(self._free(i, things, where) for i in range(len(self.sent)))

    def free_at(self, cut: float, things: Sequence[Placed]) -> bool:
        """Whether all ways are free among things that move, if it is ``here`` at a time; those that lie there come first."""
        run = simulate(things, cut + CLOCK[-1])
        for i, sent in enumerate(self.sent):
            rows = ((cut + sent.start + CLOCK) / SAMPLE).astype(int).clip(0, len(run.times) - 1)
            if not self._free(i, things, run.poses[rows][:, :, :2]):
                return False
        return True

    def _free(self, target: int, things: Sequence[Placed], where: np.ndarray) -> bool:
        """Whether one way is free. ``where``: (times or 1, things, 2), those that lie ``there`` first."""
        sent = self.sent[target]
        reach = np.array([_breadth(thing.body) for thing in things]) + _breadth(sent.body)
        gaps = np.hypot(*np.moveaxis(where - way_of(sent, CLOCK + sent.start)[:, None], -1, 0)) - reach
        hits = np.flatnonzero(gaps[:, target] < 0)
        if not len(hits):
            return False
        moved = where[: hits[0] + 1, target] - self.there[target].position[:2]
        passed = np.delete(gaps[: hits[0] + 1], target, axis=1).min(initial=GAP)
        return bool(np.abs(moved).max() <= 0.001 and passed >= GAP)

    def taken(self, window: Window, rank: int, cut: float) -> tuple[Placed, Aim]:
        """It, on the way to what is by ``rank`` (0 … 2) the nearest in the last picture, and here at a time."""
        place = window.place((*self.here, 0.2))
        lies = [window.place(thing.position) for thing in self.there]
        order = sorted(
            range(OPTIONS), key=lambda i: math.hypot((lies[i][0] - place[0]) * 16, (lies[i][1] - place[1]) * 9)
        )
        names = [self.there[i].body.name for i in order]
        key, sent = names.pop(rank), self.sent[order[rank]]
        sent = replace(sent, start=round(cut + sent.start, 3))
        return sent, Aim(sent.body.name, key, tuple(names), round(cut, 3))

    @property
    def earliest(self) -> float:
        """Seconds that it needs at most to get here."""
        return -min(sent.start for sent in self.sent)


def draw_ways(rng: Rng, window: Window, look: Look, others: Sequence[Look]) -> Ways:
    """Where an object is seen last, and three things about it. Raises :class:`Rejected` if none are found."""
    made = lying(look, rng.uniform(0.40, 0.47), 0.0, 0.0, rng.uniform(0.0, math.pi / 2))
    for _ in range(40):
        ways = Ways((rng.uniform(-1.3, 1.3), rng.uniform(-1.0, 0.9)))
        # fast enough to get to the farthest, wherever it goes
        speed = math.sqrt(rng.uniform(0.5, 0.9) ** 2 + 2 * slowing(made) * AWAY[1])
        for other in others:
            tried = (ways.further(rng, window, other, made, speed) for _ in range(30))
            ways = next((more for more in tried if more), ways)
        if len(ways.there) == len(others):
            return ways
    raise Rejected("no place with three things about it")


def _breadth(body: Body) -> float:
    """How far from its middle a body reaches to the side."""
    x, y, _ = body.size
    return math.hypot(x, y) / 2 if body.shape == "box" else x / 2
