"""Newton's tangents on polynomials with whole roots, in fractions."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from morse.errors import Rejected
from morse.seeding import Rng

REACH = 5
"""Roots and starts lie from −5 to 5."""
Exact = TypeVar("Exact", float, Fraction)
FLAT = 6
"""How many times as high as the curve's humps between its roots the touching points lie, at most: else it would look flat."""
LETTERS = "ABCDE"


@dataclass(frozen=True)
class Newton:
    """``roots`` from left to right, each with its letter. ``start``, and how many tangents are shown. ``instead``: another start."""

    roots: tuple[int, ...]
    letters: tuple[str, ...]
    start: Fraction
    shown: int
    instead: Fraction

    @property
    def places(self) -> list[Fraction]:
        """The start, where each tangent that is shown meets the axis, and where the next one would."""
        found = [self.start]
        for _ in range(self.shown + 1):
            found.append(tangent_root(self.roots, found[-1]))
        return found

    def letter_from(self, start: Fraction) -> str:
        """The letter of the root that Newton's method comes to."""
        root = root_from(self.roots, float(start))
        assert root is not None
        return self.letters[self.roots.index(root)]


def value_and_slope(roots: Sequence[int], x: Exact) -> tuple[Exact, Exact]:
    """Of ∏ (x − r), by the product rule."""
    value, slope = x * 0 + 1, x * 0
    for root in roots:
        value, slope = value * (x - root), slope * (x - root) + value
    return value, slope


def tangent_root(roots: Sequence[int], x: Fraction) -> Fraction:
    """Where the tangent at x meets the axis. Raises :class:`Rejected` if it is level."""
    value, slope = value_and_slope(roots, x)
    if slope == 0:
        raise Rejected("a level tangent")
    return x - value / slope


def root_from(roots: Sequence[int], x: float) -> int | None:
    """Which root Newton's method comes to; ``None`` where it goes far out or does not settle."""
    for _ in range(60):
        value, slope = value_and_slope(roots, x)
        if abs(slope) < 1e-9 or abs(x) > 30:
            return None
        x -= value / slope
        near = min(roots, key=lambda root: abs(root - x))
        if abs(x - near) < 1e-6:
            return near
    return None


def sure_root(roots: Sequence[int], x: Fraction) -> int | None:
    """The root from x, if it is the same from a little beside."""
    found = {root_from(roots, float(x) + off) for off in (-0.06, -0.03, 0.0, 0.03, 0.06)}
    return next(iter(found)) if len(found) == 1 else None


def draw_newton(degree: int, shown: int, rng: Rng) -> Newton:
    """A polynomial, a start and another one; letters are dealt out to roots at random, so that any is as likely as any other.

    Raises :class:`Rejected` where none is found.
    """
    near = 0
    for number in range(6000):
        if number % 100 == 0:  # about where the next tangent is to meet the axis: else most would come from outside
            near = rng.integer(1 - REACH, REACH - 1)
        roots = tuple(sorted(rng.sample(range(1 - REACH, REACH), degree)))
        start, instead = (
            Fraction(rng.integer(-4 * REACH, 4 * REACH), 4),
            Fraction(rng.integer(-2 * REACH, 2 * REACH), 2),
        )
        if abs(start - instead) < 1 or start in roots or min(abs(instead - root) for root in roots) < Fraction(1, 2):
            continue
        if not _shown_well(roots, start, shown, near):
            continue
        if sure_root(roots, start) is None or sure_root(roots, instead) is None:
            continue
        return Newton(roots, tuple(rng.shuffled(LETTERS[:degree])), start, shown, instead)
    raise Rejected("no polynomial as wanted")


def _shown_well(roots: Sequence[int], start: Fraction, shown: int, near: int) -> bool:
    """Whether tangents can be seen that meet the axis in new places, away from all roots, up to the one that is asked for."""
    x = float(start)
    for _ in range(shown + 1):
        value, slope = value_and_slope(roots, x)
        if abs(slope) < 1e-9:
            return False
        after = x - value / slope
        if abs(after) > REACH or abs(after - x) < 0.25 or min(abs(after - root) for root in roots) < 0.1:
            return False
        x = after
    return abs(x - near) <= 0.5 and highest(roots, float(start), shown) <= FLAT * _hump(roots)


def highest(roots: Sequence[int], start: float, shown: int) -> float:
    """How far from the axis tangents touch the curve, at most."""
    x, most = start, 0.0
    for _ in range(shown):
        value, slope = value_and_slope(roots, x)
        most, x = max(most, abs(value)), x - value / slope
    return most


def _hump(roots: Sequence[int]) -> float:
    """How far the curve goes from the axis between its outer roots, at most."""
    fine = [roots[0] + (roots[-1] - roots[0]) * i / 40 for i in range(1, 40)]
    return max(abs(value_and_slope(roots, x)[0]) for x in fine)


def formula(roots: Sequence[int]) -> str:
    """As mathtext, in factors."""
    factors = ["x" if root == 0 else f"(x{'-' if root > 0 else '+'}{abs(root)})" for root in roots]
    return rf"$p(x)={''.join(factors)}$"
