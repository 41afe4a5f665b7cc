"""Euler's polygons for differential equations of first order, in fractions."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, TypeVar

from morse.errors import Rejected
from morse.seeding import Rng

LOW, HIGH = -5, 5
"""Between which values a polygon stays."""
Exact = TypeVar("Exact", float, Fraction)
H = Fraction(1, 2)
"""Half a step."""


class Equation(NamedTuple):
    """y′ = (``x`` x + ``y`` y + ``xy`` x y + ``yy`` y² + ``rest``) / ``under``; whole numbers."""

    x: int
    y: int
    xy: int
    yy: int
    rest: int
    under: int

    def slope(self, x: Exact, y: Exact) -> Exact:
        return (self.x * x + self.y * y + self.xy * x * y + self.yy * y * y + self.rest) / self.under

    def __str__(self) -> str:
        """As mathtext."""
        terms = [(self.yy, "y^2"), (self.xy, "xy"), (self.x, "x"), (self.y, "y"), (self.rest, "")]
        text = ""
        for number, letters in terms:
            if number:
                size = str(abs(number)) if abs(number) != 1 or not letters else ""
                text += ("-" if number < 0 else "+" if text else "") + size + letters
        return rf"$y'=\dfrac{{{text}}}{{{self.under}}}$"


def any_equation(rng: Rng) -> Equation:
    """Half of them are linear."""
    under, rest = rng.choice((2, 4)), rng.integer(-4, 4)
    if rng.chance(0.5):
        return Equation(rng.integer(-2, 2), rng.choice((-2, -1, 1, 2)), 0, 0, rest, under)
    if rng.chance(0.5):
        return Equation(0, rng.integer(-1, 1), rng.choice((-1, 1)), 0, rest, 4)
    return Equation(rng.integer(-2, 2), rng.integer(-1, 1), 0, rng.choice((-1, 1)), rest, 4)


@dataclass(frozen=True)
class Euler:
    """The polygon starts at (0, ``start``) with steps of 1, of which ``shown`` are drawn; the value is
    asked for after ``more`` steps more. ``halved``: for which x the value is asked for with half the step."""

    equation: Equation
    start: int
    shown: int
    more: int
    halved: int

    def polygon(self, step: Fraction, upto: int) -> list[Fraction]:
        """Values at 0, step, 2 steps … up to x."""
        return polygon(self.equation, Fraction(self.start), step, upto)

    @property
    def drawn(self) -> list[Fraction]:
        """The corners that are drawn."""
        return self.polygon(Fraction(1), self.shown)

    @property
    def over(self) -> bool:
        """Whether the last value that is drawn is above the true solution."""
        return float(self.drawn[-1]) > true_value(self.equation, self.start, self.shown)


def polygon(equation: Equation, start: Fraction, step: Fraction, upto: int) -> list[Fraction]:
    values, x = [start], Fraction(0)
    while x < upto:
        values.append(values[-1] + step * equation.slope(x, values[-1]))
        x += step
    return values


def true_value(equation: Equation, start: float, x: float) -> float:
    """By the classical method of Runge and Kutta in steps of 1/50."""
    here, y, step, rate = 0.0, float(start), 0.02, equation.slope
    for _ in range(round(x / step)):
        a = rate(here, y)
        b = rate(here + step / 2, y + step * a / 2)
        c = rate(here + step / 2, y + step * b / 2)
        d = rate(here + step, y + step * c)
        y, here = y + step * (a + 2 * b + 2 * c + d) / 6, here + step
        if abs(y) > 40:
            break
    return y


def draw_euler(shown: int, more: int, aim: Rng, rng: Rng) -> Euler:
    """A polygon whose last drawn value is above or below the true solution as wanted. Raises :class:`Rejected` where none is found."""
    over = aim.chance(0.5)
    for _ in range(2000):
        world = Euler(any_equation(rng), rng.integer(LOW + 2, HIGH - 2), shown, more, rng.integer(1, 2))
        values = world.polygon(Fraction(1), shown + more)
        steps = [abs(a - b) for a, b in pairwise(values)]
        if any(abs(value) > HIGH for value in values) or min(steps) < Fraction(1, 20) or steps[-1] < Fraction(1, 5):
            continue
        half = world.polygon(H, world.halved)[-1]
        if abs(half - values[world.halved]) < Fraction(1, 5) or abs(half) > HIGH:
            continue
        gap = float(values[shown]) - true_value(world.equation, world.start, shown)
        if 0.25 <= abs(gap) < 8 and (gap > 0) == over:
            return world
    raise Rejected("no polygon as wanted")
