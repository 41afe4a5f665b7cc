"""Bodies that swing on rails until friction stops them, and a body that goes round a dot: their motion in closed form.

Distances in canvas units, times in seconds. Dry friction (of one strength, against the motion) takes the same from each half swing: between two
turning points a puck moves along half a cosine whose middle friction has pushed aside. The body goes round by one of three laws.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from morse.errors import Rejected
from morse.seeding import Rng

Array = np.ndarray
LAWS = ("spring", "gravity", "magnet")
"""A pull to the dot that grows with the distance; one that falls with its square; a push across the motion that keeps the speed."""
RATIOS = ((1, 2), (2, 3), (1, 1), (3, 2), (2, 1))
"""How fast one puck may swing as compared with another."""
PERIODS = (1.1, 2.6)
"""Seconds for which a full swing may last."""
REACH = (3.4, 5.2)
"""How far from their marks pucks are let go."""
MARKS = 6
"""Directions about the dot that have a letter."""
ROUND = (3.2, 6.2)
"""Seconds for which a round of the body may last."""
NEAR, FAR = (1.1, 1.45), (2.35, 2.75)
"""The least and the greatest distance of the body from the dot."""
OTHER = 1.5
"""How many times as long a full swing lasts in two of the graphs as in the others."""
ORDERED = 3
"""Pucks whose order is asked for."""
SPARE = 0.4
"""What may be left over of half a swing's loss, less with more swings: friction that is 1 % off then changes no number of swings, nor does
it where that number is doubled."""
OFF, ASIDE = 0.01, 0.4
"""How far a stable time is off, and how far (radians) from its ray the body may be then."""
APART = 0.8
"""Seconds between two pucks' coming to rest."""


@dataclass(frozen=True)
class Puck:
    """A puck on a rail: its letter, how far from its mark it is let go (negative: to the left), for how long a full swing
    lasts, how many it makes until it rests, and when it is let go.

    ``spare``: what of the loss of half a swing would be left after the last one, −1 … 1.
    """

    letter: str
    reach: float
    period: float
    swings: int
    start: float
    spare: float = 0.0

    @property
    def lasts(self) -> float:
        """Seconds until it rests."""
        return self.swings * self.period

    @property
    def push(self) -> float:
        """How far friction pushes the middle of half a swing aside."""
        return abs(self.reach) / (4 * self.swings + self.spare)

    def at(self, times: Array) -> Array:
        """How far from its mark it is, so long after it is let go."""
        half = self.period / 2
        number = np.clip(np.floor(times / half), 0, 2 * self.swings - 1)
        left = abs(self.reach) - 2 * self.push * number
        phase = np.clip(times / half - number, 0.0, 1.0)
        side = np.where(number % 2 == 0, 1.0, -1.0)
        out = side * (self.push + (left - self.push) * np.cos(math.pi * phase))
        return math.copysign(1.0, self.reach) * np.where(times <= 0, abs(self.reach), out)


@dataclass(frozen=True)
class Orbit:
    """A body about a dot. ``near`` and ``far``: its least and greatest distance; ``turn``: in which direction it is farthest (radians);
    ``way``: 1 anticlockwise, −1 clockwise; ``phase``: the share of its round that is over at the start, from the farthest point."""

    law: str
    near: float
    far: float
    period: float
    turn: float
    way: int
    phase: float

    def at(self, times: Array) -> Array:
        """(t, 2): where the body is, seen from the dot."""
        angle = 2 * math.pi * (times / self.period + self.phase)
        if self.law == "spring":
            flat = np.stack([self.far * np.cos(angle), self.near * np.sin(angle)], axis=-1)
        elif self.law == "magnet":
            radius, aside = (self.far + self.near) / 2, (self.far - self.near) / 2
            flat = np.stack([aside + radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
        else:
            long, share = (self.far + self.near) / 2, (self.far - self.near) / (self.far + self.near)
            turned = _kepler(angle, share)
            flat = np.stack([long * (np.cos(turned) + share), long * math.sqrt(1 - share**2) * np.sin(turned)], axis=-1)
        x, y = flat[..., 0], self.way * flat[..., 1]
        return np.stack(
            [x * math.cos(self.turn) - y * math.sin(self.turn), x * math.sin(self.turn) + y * math.cos(self.turn)],
            axis=-1,
        )

    def phases_at(self, direction: float) -> float:
        """The share of a round, from the farthest point, after which the body is seen from the dot in a direction."""
        shares = np.arange(0.0, 1.0, 0.0005)
        plain = Orbit(self.law, self.near, self.far, 1.0, self.turn, self.way, 0.0).at(shares)
        off = np.angle(np.exp(1j * (np.arctan2(plain[:, 1], plain[:, 0]) - direction)))
        return float(shares[int(np.abs(off).argmin())])


def _kepler(angle: Array, share: float) -> Array:
    """The eccentric anomaly, counted from the farthest point, of mean anomalies: Kepler's equation by Newton's steps."""
    turned = np.array(angle, dtype=float)
    for _ in range(12):
        turned = turned - (turned + share * np.sin(turned) - angle) / (1 + share * np.cos(turned))
    return turned


@dataclass(frozen=True)
class Wanted:
    """The answers to aim at: ``swings`` of the puck that is counted, the ``ratio`` of two, the ``law``, how many marks ``on`` the body will be,
    and ``ahead``: seconds after the cut for which it is asked."""

    swings: int
    ratio: tuple[int, int]
    law: str
    on: int
    ahead: int


@dataclass(frozen=True)
class Motions:
    """What happens. ``cut``: when the body is at the mark ``first`` and the clip may be cut; ``marks``: their letters, anticlockwise from the right.
    ``counted``, ``compared``, ``ordered`` and ``graphed``: pucks by their place; ``graphs``: what each of four graphs shows of the graphed one,
    the right one being number ``right``, from 0."""

    orbit: Orbit
    marks: tuple[str, ...]
    first: int
    cut: float
    pucks: tuple[Puck, ...]
    counted: int
    compared: tuple[int, int]
    ordered: tuple[int, ...]
    graphed: int
    graphs: tuple[Puck, ...]
    right: int
    wanted: Wanted
    swings: tuple[int, ...]
    """The numbers of swings that are equally likely."""


def draw_motions(count: int, swings: Sequence[int], wanted: Wanted, letters: Sequence[str], rng: Rng) -> Motions:
    """Motions for which the wanted answers hold. Raises :class:`Rejected` where they do not go together."""
    pucks, graphs = _pucks(letters[:count], swings, wanted, rng.fork("pucks"))
    order = rng.shuffled(range(count))
    counted, one, other, graphed = (order.index(i) for i in range(4))
    ordered = tuple(rng.sample(range(count), ORDERED))
    pucks = [pucks[i] for i in order]
    ends = sorted(pucks[i].start + pucks[i].lasts for i in ordered)
    if any(later - earlier < APART for earlier, later in pairwise(ends)):
        raise Rejected("two that come to rest at about the same time")
    orbit, first, cut = _orbit(wanted, rng.fork("orbit"))
    shuffled = rng.shuffled(graphs)
    return Motions(
        orbit, tuple(letters[count : count + MARKS]), first, cut, tuple(pucks), counted, (one, other), ordered, graphed,
        tuple(shuffled), shuffled.index(graphs[0]), wanted, tuple(swings),
    )  # fmt: skip


def _pucks(letters: Sequence[str], swings: Sequence[int], wanted: Wanted, rng: Rng) -> tuple[list[Puck], list[Puck]]:
    """The counted one, the two that are compared, the one with graphs, and the others; and the graphs, the right one first.

    The counted one is not that with the graphs: these would tell how many swings there may be.
    """
    fast, slow = wanted.ratio
    low, high = max(PERIODS[0], PERIODS[0] * fast / slow), min(PERIODS[1], PERIODS[1] * fast / slow)
    period = rng.uniform(low, high)
    # either of the two periods, and of the two numbers of swings, that the graphs show could be the right one
    short = rng.uniform(PERIODS[0], PERIODS[1] / OTHER)
    spans, numbers = rng.shuffled([short, short * OTHER]), rng.sample(swings, 2)
    periods = [rng.uniform(*PERIODS), period * slow / fast, period, spans[0]]
    periods += [rng.uniform(*PERIODS) for _ in letters[4:]]
    counts = [wanted.swings, rng.choice(swings), rng.choice(swings), numbers[0]]
    counts += [rng.choice(swings) for _ in letters[4:]]
    made = [
        Puck(
            letter,
            round(rng.uniform(*REACH) * rng.choice((-1, 1)), 3),
            round(span, 3),
            number,
            round(rng.uniform(0.8, 2.2), 3),
            round(rng.uniform(-1.0, 1.0) * (SPARE - 0.04 * number), 3),
        )
        for letter, span, number in zip(letters, periods, counts, strict=True)
    ]
    right = made[3]
    return made, [replace(right, period=round(span, 3), swings=number) for span in spans for number in numbers]


def _orbit(wanted: Wanted, rng: Rng) -> tuple[Orbit, int, float]:
    """An orbit, the number of a mark, and when the body is there, such that it is some marks on so many seconds later.

    The place at the cut and the seconds are drawn first and the period follows from them: neither tells the mark.
    """
    near, far = (round(rng.uniform(*span), 3) for span in (NEAR, FAR))
    shape = Orbit(wanted.law, near, far, 1.0, round(rng.uniform(0, math.tau), 4), rng.choice((-1, 1)), 0.0)
    first = rng.integer(0, MARKS - 1)
    direction = math.tau / MARKS
    here = shape.phases_at(first * direction)
    there = shape.phases_at((first + wanted.on) * direction)
    share = (there - here) % 1.0
    rounds = [n for n in (1, 2, 3) if ROUND[0] <= wanted.ahead / (n + share) <= ROUND[1]]
    if not rounds:
        raise Rejected("no period that fits")
    period = wanted.ahead / (rng.choice(rounds) + share)
    cut = round(rng.uniform(1.35, 1.6) * ROUND[1], 3)
    phase = (here - cut / period) % 1.0
    orbit = Orbit(wanted.law, near, far, round(period, 6), shape.turn, shape.way, round(phase, 6))
    places = orbit.at(cut + wanted.ahead * np.array([1 - OFF, 1 + OFF]))
    off = np.arctan2(places[:, 1], places[:, 0]) - (first + wanted.on) * direction
    if np.abs(np.angle(np.exp(1j * off))).max() > ASIDE:
        raise Rejected("a place that is passed too fast")
    return orbit, first, cut
