"""Linear maps of the plane with small entries: shears, turns, reflections, stretches, and sequences of them drawn as wanted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import cos, pi, sin
from typing import NamedTuple

import numpy as np

from morse.errors import Rejected
from morse.seeding import Rng

Matrix = tuple[float, float, float, float]
"""(a, b, c, d): takes (x, y) to (ax + by, cx + dy). Entries are halves of whole numbers, so that sums and products are exact."""
Point = tuple[float, float]
Array = np.ndarray
TIPS: dict[str, Point] = {"i": (1.0, 0.0), "j": (0.0, 1.0)}
UNIT: Matrix = (1.0, 0.0, 0.0, 1.0)
LARGEST = 6
"""How large the entries of a product are at most."""
REACH: tuple[int, int] = (6, 4)
"""How far out a point on the board may lie, in x and y."""
ENDS = range(-4, 5)
"""The coordinates that a marked point may come to, or start from."""
AREAS = (-4, -3, -2, -1, 1, 2, 3, 4)
"""By how much all maps together may multiply a signed area."""
DIRECTIONS: tuple[Point, ...] = ((1, 1), (1, -1), (2, 1), (1, 2), (2, -1), (1, -2))
"""Vectors of which one keeps its line."""
FEWEST_PAIRS = 6
"""How many pairs of maps there must be for each vector that is offered."""


class Map(NamedTuple):
    """A linear map: what it does in words, its matrix, and the angle (radians) where its motion is a turn."""

    name: str
    matrix: Matrix
    turn: float = 0.0

    def part(self, share: Array) -> tuple[Array, Array, Array, Array]:
        """The matrix on the way, a share (0 to 1) of the motion done: a turn turns, all else goes straight there."""
        if self.turn:
            c, s = np.cos(self.turn * share), np.sin(self.turn * share)
            return c, -s, s, c
        a, b, c, d = (u + (m - u) * share for u, m in zip(UNIT, self.matrix, strict=True))
        return a, b, c, d


def _catalogue() -> tuple[Map, ...]:
    made = []
    for k in (1.0, -1.0, 2.0, -2.0, 0.5, -0.5):
        made.append(Map(f"shear that takes (0, 1) to ({said(k)}, 1)", (1.0, k, 0.0, 1.0)))
        made.append(Map(f"shear that takes (1, 0) to (1, {said(k)})", (1.0, 0.0, k, 1.0)))
    for name, angle in (
        ("quarter turn counterclockwise", pi / 2),
        ("quarter turn clockwise", -pi / 2),
        ("half turn", pi),
    ):
        c, s = float(round(cos(angle))), float(round(sin(angle)))
        made.append(Map(name, (c, -s, s, c), angle))
    made.append(Map("reflection in the x axis", (1.0, 0.0, 0.0, -1.0)))
    made.append(Map("reflection in the y axis", (-1.0, 0.0, 0.0, 1.0)))
    made.append(Map("reflection in the line y = x", (0.0, 1.0, 1.0, 0.0)))
    made.append(Map("reflection in the line y = −x", (0.0, -1.0, -1.0, 0.0)))
    for k in (2.0, -2.0, 3.0, 0.5):
        made.append(Map(f"stretch along x by {said(k)}", (k, 0.0, 0.0, 1.0)))
        made.append(Map(f"stretch along y by {said(k)}", (1.0, 0.0, 0.0, k)))
    made.append(Map("stretch along x and y by 2", (2.0, 0.0, 0.0, 2.0)))
    return tuple(made)


def said(number: float) -> str:
    """A number as it is printed: −2, 0.5."""
    return f"{number:g}".replace("-", "−")


def spot(point: Iterable[float]) -> str:
    """A point as it is printed: (2, −1)."""
    return f"({', '.join(said(round(number, 6) + 0.0) for number in point)})"


def after(second: Matrix, first: Matrix) -> Matrix:
    """The matrix of one map after another."""
    a, b, c, d = second
    e, f, g, h = first
    return a * e + b * g + 0.0, a * f + b * h + 0.0, c * e + d * g + 0.0, c * f + d * h + 0.0


def product(maps: Iterable[Map]) -> Matrix:
    """The matrix of maps one after another, the first one first."""
    whole = UNIT
    for one in maps:
        whole = after(one.matrix, whole)
    return whole


def image(matrix: Matrix, point: Point) -> Point:
    a, b, c, d = matrix
    return a * point[0] + b * point[1] + 0.0, c * point[0] + d * point[1] + 0.0


def area_of(matrix: Matrix) -> float:
    """The determinant."""
    return matrix[0] * matrix[3] - matrix[1] * matrix[2]


def source(matrix: Matrix, point: Point) -> Point:
    """What a map takes to a point, by Cramer's rule."""
    a, b, c, d = matrix
    det = area_of(matrix)
    return (d * point[0] - b * point[1]) / det + 0.0, (a * point[1] - c * point[0]) / det + 0.0


def keeps(matrix: Matrix, vector: Point) -> bool:
    """Whether a vector stays on its line through the origin."""
    x, y = image(matrix, vector)
    return x * vector[1] == y * vector[0]


def is_whole(numbers: Iterable[float], most: float = LARGEST) -> bool:
    return all(number == round(number) and abs(number) <= most for number in numbers)


def on_board(point: Point) -> bool:
    """Whether a point lies on a crossing of the board's lines, and not at the tip of a basis arrow or the origin."""
    whole = point[0] == round(point[0]) and point[1] == round(point[1])
    return (
        whole and abs(point[0]) <= REACH[0] and abs(point[1]) <= REACH[1] and point not in (*TIPS.values(), (0.0, 0.0))
    )


CATALOGUE = _catalogue()


@cache
def _by_area() -> dict[float, tuple[Map, ...]]:
    areas = {area_of(one.matrix): None for one in CATALOGUE}
    return {area: tuple(one for one in CATALOGUE if area_of(one.matrix) == area) for area in areas}


@cache
def pairs_keeping(vector: Point) -> tuple[tuple[Map, Map, tuple[Point, ...]], ...]:
    """Pairs of maps that one after the other keep a vector's line, which neither does alone, and all :data:`DIRECTIONS` that they keep."""
    found = []
    for first in CATALOGUE:
        for second in CATALOGUE:
            whole = after(second.matrix, first.matrix)
            kept = tuple(other for other in DIRECTIONS if keeps(whole, other))
            if first != second and vector in kept and len(kept) < 3 and not keeps(first.matrix, vector):
                found.append((first, second, kept))
    return tuple(found)


def pairs_for(key: Point, others: Iterable[Point]) -> list[tuple[Map, Map]]:
    """Pairs of maps that keep one vector's line and none of the others'."""
    rest = [other for other in others if other != key]
    return [(one, two) for one, two, kept in pairs_keeping(key) if not any(other in kept for other in rest)]


@cache
def offers() -> tuple[tuple[Point, ...], ...]:
    """Four vectors each, any of which may be the one that keeps its line: which it is, they do not tell."""
    fours = combinations(DIRECTIONS, 4)
    return tuple(four for four in fours if all(len(pairs_for(one, four)) >= FEWEST_PAIRS for one in four))


class Act(NamedTuple):
    """A map that is shown, whether it stays done, and the points that are marked on the grid (letter, place)."""

    map: Map
    kept: bool
    points: tuple[tuple[str, Point], ...] = ()


@dataclass(frozen=True)
class Wanted:
    """The answers to aim at: the area factor, some vectors of which the first alone keeps its line under a pair of maps,
    where a point comes to, where another starts."""

    area: int
    vectors: tuple[Point, ...]
    end: Point
    start: Point


@dataclass(frozen=True)
class Acts:
    """Maps in order, and what is asked of them. Numbers of maps count those that stay done, from 0.

    ``pair``: the first of the two maps that together keep the first of ``wanted.vectors``. ``point``: letter of the point whose end is
    asked for. ``star``: (how many maps come before it, its place). ``swaps``: pairs of maps in whose exchange the tip of
    ``tip`` would end elsewhere, each time in another place; the first is asked for. ``stops``: after how many maps the tip of
    ``follow`` is asked for. ``order``: maps whose order is asked for. ``named``: the map whose number is given. ``timed``: the name of a map
    whose time is asked for; it may be of one that never comes.
    """

    wanted: Wanted
    acts: tuple[Act, ...]
    pair: int
    point: str
    star: tuple[int, Point]
    tip: str
    swaps: tuple[tuple[int, int], ...]
    follow: str
    stops: tuple[int, int, int]
    order: tuple[int, ...]
    named: int
    timed: str

    @property
    def kept(self) -> list[Map]:
        return [act.map for act in self.acts if act.kept]

    @property
    def places(self) -> list[int]:
        """The numbers among all acts of the maps that stay done."""
        return [i for i, act in enumerate(self.acts) if act.kept]

    def swapped(self, pair: tuple[int, int]) -> Matrix:
        """All maps together, two of them in each other's place."""
        return product(exchanged(self.kept, pair))


LETTERS = ("A", "B", "C", "D", "E", "F", "G", "H", "K", "L", "M", "N", "P", "R", "S", "T")


def exchanged(maps: Sequence[Map], pair: tuple[int, int]) -> list[Map]:
    """The maps with two of them in each other's place."""
    order = list(maps)
    one, other = pair
    order[one], order[other] = order[other], order[one]
    return order


def draw_acts(count: int, undone: int, marks: int, wanted: Wanted, absent: bool, rng: Rng) -> Acts:
    """Maps for which all the wanted answers hold. Raises :class:`Rejected` where they are not found.

    ``undone``: how many more are done and taken back; ``marks``: how many more points are marked. ``absent``: the map whose
    time is asked for never comes.
    """
    for _ in range(500):
        drawn = _sequence(count, wanted, rng)
        if drawn is None:
            continue
        maps, pair = drawn
        firsts = [
            (i, start)
            for i in range(count - 1)
            if on_board(start := source(product(maps[i:]), wanted.end))
            and image(product(maps[i:]), start) == wanted.end
        ]
        stars = [(i, star) for i in range(2, count + 1) if on_board(star := image(product(maps[:i]), wanted.start))]
        follow = rng.choice((*TIPS,))
        stops = _stops(maps, TIPS[follow], rng)
        tip, swaps = _swaps(maps, rng)
        if firsts and stars and stops and swaps:
            break
    else:
        raise Rejected("no maps as wanted")
    taken = [one.name for one in maps]
    others = [one for one in CATALOGUE if one.name not in taken]
    more = rng.sample(others, min(undone, len(others)))
    more += [rng.choice(CATALOGUE) for _ in range(undone - len(more))]
    places = rng.sample(range(count + undone), count)
    kept, back = iter(maps), iter(more)
    acts = [(next(kept), True) if i in places else (next(back), False) for i in range(count + undone)]
    letters = rng.sample(LETTERS, len(LETTERS))
    first, start = rng.choice(firsts)
    own = [i for i, (_, stays) in enumerate(acts) if stays][first]
    marked = {own: (letters[0], start)}
    others_of = rng.sample([i for i in range(len(acts)) if i != own], min(marks, len(acts) - 1, len(LETTERS) - 1))
    for letter, i in zip(letters[1:], others_of, strict=False):
        marked[i] = (letter, _any_point(rng))
    names = [one.name for one, _ in acts]
    single = [name for name in names if names.count(name) == 1]
    unseen = [one.name for one in CATALOGUE if one.name not in names]
    if len(single) < 4 or (absent and not unseen):
        raise Rejected("too few different maps")
    once = [i for i, one in enumerate(maps) if one.name in single]
    if len(once) < 3:
        raise Rejected("too few different maps that stay done")
    return Acts(
        wanted,
        tuple(Act(one, stays, (marked[i],) if i in marked else ()) for i, (one, stays) in enumerate(acts)),
        pair, letters[0], rng.choice(stars), tip, swaps, follow, stops,
        tuple(rng.sample(once, min(4, len(once)))), rng.choice(once), rng.choice(unseen if absent else single),
    )  # fmt: skip


def _sequence(count: int, wanted: Wanted, rng: Rng) -> tuple[list[Map], int] | None:
    """Maps with the wanted area factor and pair whose products stay small, and the number of the pair's first."""
    couple = rng.choice(pairs_for(wanted.vectors[0], wanted.vectors))
    plain = [one for one in CATALOGUE if abs(area_of(one.matrix)) == 1 and one not in couple]
    middle = max(0, count - 3)
    stretched = rng.sample(
        [one for one in CATALOGUE if one not in plain and one not in couple], rng.integer(0, min(1, middle))
    )
    loose = [*stretched, *rng.sample(plain, min(middle - len(stretched), len(plain)))]
    loose += [rng.choice(plain) for _ in range(middle - len(loose))]
    lacking = wanted.area / area_of(product([*couple, *loose]))
    fitting = [one for one in _by_area().get(lacking, ()) if one not in couple and one not in loose]
    if not fitting:
        return None
    left: list[tuple[Map, ...]] = [couple, *((one,) for one in [*loose, rng.choice(fitting)])]
    maps: list[Map] = []
    while left:
        for i in rng.sample(range(len(left)), len(left)):
            onward = product([*maps, *left[i]])
            if all(abs(entry) <= LARGEST and 2 * entry == round(2 * entry) for entry in onward):
                maps += left.pop(i)
                break
        else:
            return None
    if not is_whole(product(maps)):
        return None
    return maps, maps.index(couple[0])


def _swaps(maps: Sequence[Map], rng: Rng) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A basis arrow, and three pairs of maps in whose exchange its tip ends in different places, none of them the true one."""
    tip = rng.choice((*TIPS,))
    ends = [image(product(maps), TIPS[tip])]
    pairs = [(i, k) for i in range(len(maps)) for k in range(i + 1, len(maps))]
    found: list[tuple[int, int]] = []
    for pair in rng.sample(pairs, len(pairs)):
        end = image(product(exchanged(maps, pair)), TIPS[tip])
        if end not in ends and is_whole(end):
            ends.append(end)
            found.append(pair)
        if len(found) == 3:
            return tip, tuple(found)
    return tip, ()


def _stops(maps: Sequence[Map], tip: Point, rng: Rng) -> tuple[int, int, int] | None:
    """Three numbers of maps after which a tip is in three different places."""
    ends = [image(product(maps[: i + 1]), tip) for i in range(len(maps))]
    for _ in range(6):
        one, two, three = sorted(rng.sample(range(1, len(maps) + 1), 3))
        if len({ends[one - 1], ends[two - 1], ends[three - 1]}) == 3:
            return one, two, three
    return None


def _any_point(rng: Rng) -> Point:
    while True:
        point = float(rng.integer(-REACH[0], REACH[0])), float(rng.integer(-REACH[1], REACH[1]))
        if on_board(point):
            return point
