"""Fields of arrows whose components are polynomials of the second degree at most: flux, circulation, divergence and curl, exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from morse.errors import Rejected
from morse.seeding import Rng

COLUMNS, ROWS, LOOKED = 5, 3, 3
"""Places of the board of the field, and how many of its columns are looked at."""
MOST = 9
"""How large a component is at most where it is shown."""
LOCAL = tuple(range(-6, 7))
"""What divergence or curl may be."""
AROUND = tuple(range(-12, 13, 2))
"""What flux or circulation may be."""
SIZES = ((1, 1), (1, 2), (2, 1))
"""Width and height of a rectangle."""
MEASURES = (("divergence", "circulation"), ("curl", "flux"))
"""What is asked for: at a point, and round a rectangle."""
POWERS = ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2))
"""Of x and y, in the terms of a component."""
Terms = tuple[int, ...]


class Rectangle(NamedTuple):
    """Its letter, its lower left corner, its width and height."""

    letter: str
    x: int
    y: int
    wide: int
    high: int


@dataclass(frozen=True)
class Field:
    """A field (P, Q) and what is asked of it. ``first``, ``second``: factors of :data:`POWERS` in P and in Q.

    ``corner``: the lowest x and y of its board. ``columns``: the columns that are looked at (x), in that order. ``asked``: what
    is asked at ``point`` and round the first of ``rectangles``. ``altered``: the component that is changed and what it is multiplied by.
    """

    first: Terms
    second: Terms
    degree: int
    corner: tuple[int, int]
    columns: tuple[int, ...]
    asked: tuple[str, str]
    point: tuple[int, int]
    rectangles: tuple[Rectangle, ...]
    altered: tuple[str, int]

    def at(self, x: int, y: int) -> tuple[int, int]:
        return value(self.first, x, y), value(self.second, x, y)

    @property
    def rows(self) -> range:
        return range(self.corner[1], self.corner[1] + ROWS)

    def measured(self, measure: str) -> Fraction:
        """What is asked for."""
        if measure in ("divergence", "curl"):
            return at_point(measure, self.first, self.second, self.point)
        return around(measure, self.first, self.second, self.rectangles[0])

    def changed(self) -> Fraction:
        """What is asked for round the rectangle, had a component been multiplied everywhere."""
        name, factor = self.altered
        first = tuple(factor * term for term in self.first) if name == "x" else self.first
        second = tuple(factor * term for term in self.second) if name == "y" else self.second
        return around(self.asked[1], first, second, self.rectangles[0])


def value(terms: Terms, x: int, y: int) -> int:
    return sum(term * x**i * y**k for term, (i, k) in zip(terms, POWERS, strict=True))


def by_x(terms: Terms, x: int, y: int) -> int:
    """The derivative by x of a component."""
    _, a, _, aa, ab, _ = terms
    return a + 2 * aa * x + ab * y


def by_y(terms: Terms, x: int, y: int) -> int:
    _, _, b, _, ab, bb = terms
    return b + ab * x + 2 * bb * y


def at_point(measure: str, first: Terms, second: Terms, point: tuple[int, int]) -> Fraction:
    """Divergence ∂P/∂x + ∂Q/∂y or curl ∂Q/∂x − ∂P/∂y at a point."""
    if measure == "divergence":
        return Fraction(by_x(first, *point) + by_y(second, *point))
    return Fraction(by_x(second, *point) - by_y(first, *point))


def around(measure: str, first: Terms, second: Terms, r: Rectangle) -> Fraction:
    """Flux outward through, or circulation counterclockwise round, a rectangle's boundary.

    By the theorems of Gauss and Green it is the integral of divergence or curl over the rectangle; these are of the first
    degree, so it is their value in the middle times the area.
    """
    x, y = Fraction(2 * r.x + r.wide, 2), Fraction(2 * r.y + r.high, 2)
    _, a, b, aa, ab, bb = first
    _, c, d, cc, cd, dd = second
    p = (a + 2 * aa * x + ab * y) if measure == "flux" else -(b + ab * x + 2 * bb * y)
    q = (d + cd * x + 2 * dd * y) if measure == "flux" else (c + 2 * cc * x + cd * y)
    return (p + q) * r.wide * r.high


def draw_field(bends: int, rectangles: int, rng: Rng) -> Field:
    """A field with wanted measures. ``bends``: terms of the second degree; ``rectangles``: how many more are drawn.

    Raises :class:`Rejected` where none is found.
    """
    wanted = rng.steady("field")
    asked, local, whole = wanted.choice(MEASURES), wanted.choice(LOCAL), wanted.choice(AROUND)
    for _ in range(300):
        corner = rng.integer(-4, 0), rng.integer(-2, 0)
        columns = rng.sample(range(corner[0], corner[0] + COLUMNS), LOOKED)
        point = rng.integer(corner[0], corner[0] + COLUMNS - 1), rng.integer(corner[1], corner[1] + ROWS - 1)
        drawn = _rectangles(1 + rectangles, corner, rng)
        bent = rng.sample([(i, k) for i in range(2) for k in range(3, 6)], min(bends, 6))
        terms = [[rng.integer(-3, 3) for _ in range(3)] + [0, 0, 0] for _ in range(2)]
        for i, k in bent:
            terms[i][k] = rng.choice((-1, 1))
        # two terms give the wanted measures: each is a derivative in one of them and not in the other
        at, turned = (0, 1) if asked[0] == "divergence" else (1, 1), (1, 1) if asked[0] == "divergence" else (0, 1)
        terms[at[0]][at[1]] = terms[turned[0]][turned[1]] = 0
        terms[at[0]][at[1]] = int(local - at_point(asked[0], *_pair(terms), point))
        lacking = (whole - around(asked[1], *_pair(terms), drawn[0])) / (drawn[0].wide * drawn[0].high)
        if lacking.denominator != 1:
            continue
        terms[turned[0]][turned[1]] = int(lacking)
        first, second = _pair(terms)
        field = Field(
            first, second, 2 if bent else 1, corner, tuple(columns), asked, point, drawn,
            (rng.choice(("x", "y")), rng.choice((-1, 2, 3))),
        )  # fmt: skip
        shown = [number for x in columns for y in field.rows for number in field.at(x, y)]
        steep = max(map(abs, (*first[1:], *second[1:])))
        if max(map(abs, shown)) > MOST or steep > 5 or field.changed().denominator != 1:
            continue
        if field.changed() in (whole, 0) or not any(first[1:]) or not any(second[1:]):
            continue
        assert field.measured(asked[0]) == local and field.measured(asked[1]) == whole
        return field
    raise Rejected("no field as wanted")


def _pair(terms: Sequence[Sequence[int]]) -> tuple[Terms, Terms]:
    return tuple(terms[0]), tuple(terms[1])


def _rectangles(count: int, corner: tuple[int, int], rng: Rng) -> tuple[Rectangle, ...]:
    """Different rectangles on the lines of the board, the one that is asked for first."""
    made: list[Rectangle] = []
    letters = rng.sample(("K", "L", "M", "N", "R", "S", "T", "V"), count)
    while len(made) < count:
        wide, high = rng.choice(SIZES)
        x = corner[0] + rng.integer(0, COLUMNS - 1 - wide)
        y = corner[1] + rng.integer(0, ROWS - 1 - high)
        if all(other[1:] != (x, y, wide, high) for other in made):
            made.append(Rectangle(letters[len(made)], x, y, wide, high))
    return tuple(made)
