"""Curves through points with whole coordinates, flat at each of them: drawn so that what is asked of them has wanted answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from morse.errors import Rejected
from morse.seeding import Rng

STEP, LOW, HIGH = 2, 1, 8
"""How far the points of a curve are apart, and between which values they lie."""
SPAN, BOXES = 10, 4
"""How far the marks are apart, and how many boxes are drawn."""
RULES = ("left", "right", "middle")
"""Where a box has its height from the curve."""
Curve = tuple[int, ...]
"""The values of a curve at 0, 2, 4 …; between two of them it goes by 3 s² − 2 s³ of the way."""


@dataclass(frozen=True)
class Wanted:
    """The answers to aim at."""

    crossings: int
    raised: int
    peak: int
    change: int
    area: int
    highest: int


@dataclass(frozen=True)
class Chart:
    """Curves, and what is asked of them; curves are told by their numbers, places by x.

    ``pair``: the two whose crossings are counted. ``peaked``: (curve, x of its largest value). ``change``: (curve, first mark,
    how much it changes by the second). ``boxes``: (curve, rule, left end of the first box, area of all). ``highest``:
    (x, curve). ``raised``: (by how much the first of the pair is raised, crossings then).
    """

    length: int
    curves: tuple[Curve, ...]
    noise: tuple[Curve, ...]
    window: float
    pace: float
    pair: tuple[int, int]
    crossings: int
    peaked: tuple[int, int]
    change: tuple[int, int, int]
    boxes: tuple[int, str, int, int]
    highest: tuple[int, int]
    raised: tuple[float, int]


def any_curve(points: int, rng: Rng) -> Curve:
    """A curve at random that changes from each point to the next."""
    values = [rng.integer(LOW, HIGH)]
    while len(values) < points:
        values.append(rng.choice([value for value in range(LOW, HIGH + 1) if value != values[-1]]))
    return tuple(values)


def crossing_pair(points: int, crossings: int, peak: int, rng: Rng) -> tuple[Curve, Curve]:
    """Two curves that cross so often, and are apart at each of their points; the first has its largest value at ``peak`` alone."""
    places = rng.sample(range(1, points), crossings)
    above = rng.chance(0.5)
    first_above = [above := above != (place in places) for place in range(points)]
    most = HIGH if first_above[peak] else HIGH - 1
    one, other = [], []
    for place, is_above in enumerate(first_above):
        low, high = sorted(rng.sample(range(LOW, most), 2))
        if place == peak:
            one.append(most)
            other.append(low if is_above else HIGH)
        else:
            one.append(high if is_above else low)
            other.append(low if is_above else high)
    return tuple(one), tuple(other)


def crossings_of(one: Sequence[float], other: Sequence[float]) -> int:
    """How often two curves cross that are nowhere level at a point: between points their difference rises or falls throughout."""
    return sum((a > b) != (c > d) for (a, b), (c, d) in pairwise(zip(one, other, strict=True)))


def heights(curve: Curve, x: np.ndarray) -> np.ndarray:
    """The values of a curve at some places."""
    values = np.array(curve, dtype=float)
    place = np.clip((x // STEP).astype(int), 0, len(values) - 2)
    share = x / STEP - place
    return values[place] + (values[place + 1] - values[place]) * share * share * (3 - 2 * share)


def box_heights(curve: Curve, rule: str, first: int) -> list[int]:
    """How high the boxes are: at one of the curve's points each."""
    start = (first + {"left": 0, "right": STEP, "middle": STEP // 2}[rule]) // STEP
    return list(curve[start : start + BOXES])


def draw_chart(length: int, count: int, noise: int, window: float, pace: float, wanted: Wanted, rng: Rng) -> Chart:
    """Curves for which all the wanted answers hold. Raises :class:`Rejected` where they are not found."""
    points = length // STEP + 1
    for _ in range(300):
        one, other = crossing_pair(points, wanted.crossings, wanted.peak, rng)
        drawn = [one, other, *(any_curve(points, rng) for _ in range(count - 2))]
        order = rng.shuffled(range(count))
        curves = [drawn[i] for i in order]
        shifts = [
            shift
            for shift in (-3.5, -2.5, -1.5, 1.5, 2.5, 3.5)
            if crossings_of([value + shift for value in one], other) == wanted.raised
        ]
        changes = [
            (i, STEP * a, wanted.change)
            for i, c in enumerate(curves)
            for a in range(points - SPAN // STEP)
            if c[a + SPAN // STEP] - c[a] == wanted.change
        ]
        tops = [
            STEP * a
            for a in range(1, points - 1)
            if all(curves[wanted.highest][a] > c[a] for i, c in enumerate(curves) if i != wanted.highest)
        ]
        rule = rng.choice(RULES)
        odd = 1 if rule == "middle" else 0
        areas = [
            (i, rule, first, wanted.area)
            for i, c in enumerate(curves)
            for first in range(odd, length - STEP * BOXES + 1, STEP)
            if STEP * sum(box_heights(c, rule, first)) == wanted.area
        ]
        if shifts and changes and tops and areas:
            return Chart(
                length, tuple(curves), tuple(any_curve(points, rng) for _ in range(noise)), window, pace,
                (order.index(0), order.index(1)), wanted.crossings, (order.index(0), STEP * wanted.peak),
                rng.choice(changes), rng.choice(areas), (rng.choice(tops), wanted.highest),
                (rng.choice(shifts), wanted.raised),
            )  # fmt: skip
    raise Rejected("no curves as wanted")
