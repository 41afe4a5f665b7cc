"""Tying as a planning domain: fields with a dashed line each, along which the end of a rope is led, over or under what lies there.

A rope's value is the ways in which its end has passed its crossings so far: ``("over", "under")``. Which knot comes of them is worked
out from the crossings, never written down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from types import MappingProxyType

from generators.procedural._planning import Action, State
from generators.procedural._shots import Shot
from generators.spatial._rope_diagram import LOOP, Column, Diagram, Polynomial, Spot, bracket, knotted, linked
from generators.spatial._rope_tangles import tangles
from morse.errors import Rejected
from morse.seeding import Rng

ROPES = ("rope A", "rope B", "rope C", "rope D")
WAYS = ("over", "under")
ALONE = 5
"""Crossings of a rope that is tied by itself."""
NAMES = ("no knot", "overhand knot", "figure-eight knot", "three-twist knot")
"""What a rope may become: the knots 0₁, 3₁, 4₁ and 5₂ of Rolfsen's table."""
BENDS = ("no knot", "reef knot", "granny knot", "another knot")
"""What may join a rope to a bight: with the ends joined round the outside, 3₁ and its mirror image, 3₁ twice."""
BEND = Diagram(2, (Column("open", 0), *(Column("cross", lane) for lane in (1, 2, 2, 0, 0, 1)), Column("close", 2)))
"""The line of a rope that joins a bight: through the bight, round its two legs and back through it. The bight is the first rope of
the diagram, the rope that is led is the second."""
_SPANS = {0: "no knot", 3: "overhand knot", 4: "figure-eight knot", 5: "three-twist knot"}
Ways = tuple[str, ...]


@dataclass(frozen=True)
class Board:
    """``lines``: the line of each rope; ``meant``: how its end is to pass; ``todo``: how many moves each makes in this session."""

    lines: Mapping[str, Diagram]
    meant: Mapping[str, Ways]
    todo: Mapping[str, int]

    @property
    def ropes(self) -> tuple[str, ...]:
        return tuple(self.lines)

    @property
    def column(self) -> Mapping[str, int]:
        """The field of each rope and of its crossings."""
        return {name: i for i, rope in enumerate(self.ropes) for name in (rope, *self.crossings(rope))}

    def crossings(self, rope: str) -> tuple[str, ...]:
        """The names of a rope's crossings, in the order in which its end comes to them."""
        return tuple(crossing_of(rope, number) for number in range(len(self.meant[rope])))

    def actions(self) -> list[Action]:
        """Every move that there is."""
        return [
            _lead(rope, number, way) for rope in self.ropes for number in range(len(self.meant[rope])) for way in WAYS
        ]

    def plan(self, start: State, steps: int, rng: Rng) -> list[Action]:
        """The moves of the session, those of different ropes mixed at random; in half the cases one of them is made the other way."""
        turns = rng.shuffled([rope for rope, count in self.todo.items() for _ in range(count)])
        if len(turns) < steps:
            raise Rejected("fewer moves than are wanted")
        wrong = rng.integer(0, steps - 1) if rng.chance(0.5) else None
        done = {rope: len(laid(start, rope)) for rope in self.ropes}
        plan = []
        for place, rope in enumerate(turns[:steps]):
            way = self.meant[rope][done[rope]]
            plan.append(_lead(rope, done[rope], other(way) if place == wrong else way))
            done[rope] += 1
        return plan

    def phrase(self, shot: Shot) -> str:
        rope, crossing, *way = shot.objects
        return phrase(way[0] if way else shot.kind, (rope, crossing))

    def twins(self, shot: Shot) -> list[tuple[str, ...]]:
        """The same move made the other way, at another crossing, or with another rope."""
        rope, crossing = shot.objects
        near = [(rope, crossing, other(shot.kind))]
        for name in self.ropes:
            for number, label in enumerate(self.crossings(name)):
                if (
                    label != crossing
                    and number >= len(laid(shot.before, name))
                    and (name == rope or number == len(laid(shot.before, name)))
                ):
                    near += [(name, label, way) for way in WAYS]
        return near


def phrase(kind: str, objects: Sequence[str]) -> str:
    """A move in words."""
    rope, crossing = objects
    return f"the end of {rope} is led {kind} the rope at {crossing}"


def crossing_of(rope: str, number: int) -> str:
    """The name of a crossing, by its rope and its number from 0."""
    return f"crossing {rope[-1]}{number + 1}"


def laid(state: State, rope: str) -> Ways:
    """How the end of a rope has passed its crossings so far."""
    value = state[rope]
    assert isinstance(value, tuple)
    return value


def other(way: str) -> str:
    return "under" if way == "over" else "over"


def _lead(rope: str, number: int, way: str) -> Action:
    return Action(
        way,
        (rope, crossing_of(rope, number)),
        can=lambda s: len(laid(s, rope)) == number,
        does=lambda s: {rope: (*laid(s, rope), way)},
    )


@dataclass(frozen=True)
class Met:
    """A crossing as a rope's end comes to it: its column, and the spots between which the rope that lies there and the end pass."""

    column: int
    first: tuple[Spot, Spot]
    again: tuple[Spot, Spot]


@lru_cache(maxsize=64)
def met_along(line: Diagram) -> tuple[Met, ...]:
    """The crossings of a line in the order in which the end comes to them when a rope lies there."""
    seen: dict[int, tuple[Spot, Spot]] = {}
    found = []
    for rope in line.ropes:
        for one, two in pairwise(rope.path):
            column = min(one.at, two.at)
            if one.at == two.at or {one.lane, two.lane} != _crossed(line.columns[column]):
                continue
            if column in seen:
                found.append(Met(column, seen[column], (one, two)))
            seen[column] = (one, two)
    return tuple(found)


def _crossed(column: Column) -> set[int]:
    return {column.lane, column.lane + 1} if column.kind == "cross" else set()


def tied(line: Diagram, ways: Ways) -> Diagram:
    """The rope, with its end led as said at each crossing."""
    columns = list(line.columns)
    for met, way in zip(met_along(line), ways, strict=True):
        one, two = sorted(met.again)
        rises = two.lane > one.lane
        columns[met.column] = columns[met.column]._replace(rising_over=rises == (way == "over"))
    return Diagram(line.first, tuple(columns))


@lru_cache(maxsize=2048)
def knot_of(line: Diagram, ways: Ways) -> str:
    """The knot that a rope is when its ends are pulled, or that joins it to a bight.

    By how far the bracket spreads: four times the crossings of an alternating knot without needless ones (Kauffman, Murasugi and
    Thistlethwaite 1987), which all knots of up to five crossings are; 5₁ does not come about on these lines. For a bight, by the
    bracket with the ends joined round the outside. It and the rope come apart if that is the unknot and each joined to itself leaves two
    that are not linked: then the tangle is trivial (by D. Gabai's Property R, J. Diff. Geom. 26, 1987).
    """
    rope = tied(line, ways)
    if line.first == 1:
        value: Polynomial = bracket(rope, [0])
        return _SPANS[(max(value) - min(value)) // 4]
    around = Diagram(4, tuple(column._replace(lane=column.lane + 1) for column in rope.columns), (0, 2), (0, 2))
    value = bracket(around, [0])
    if not knotted(around, 0):
        return "another knot" if linked(Diagram(2, rope.columns, (0,), (0,)), 0, 1) else "no knot"
    for name, other_trefoil in (("reef knot", {-k: v for k, v in TREFOIL.items()}), ("granny knot", TREFOIL)):
        if any(same_up_to_a_unit(value, product_of(TREFOIL, other_trefoil, LOOP), way) for way in (1, -1)):
            return name
    return "another knot"


TREFOIL: Polynomial = {7: 1, 3: -1, -5: -1}
"""Kauffman's bracket of a trefoil with three crossings; the other's has the exponents with the other sign."""


def product_of(*factors: Polynomial) -> Polynomial:
    total: Polynomial = {0: 1}
    for factor in factors:
        terms = list(total.items())
        total = {}
        for a, x in terms:
            for b, y in factor.items():
                total[a + b] = total.get(a + b, 0) + x * y
    return {power: value for power, value in total.items() if value}


def same_up_to_a_unit(one: Polynomial, other: Polynomial, way: int) -> bool:
    """Whether two polynomials differ by ± a power alone, the other's exponents taken ``way`` times."""
    turned = {way * power: value for power, value in other.items()}
    shift = min(one) - min(turned)
    moved = {power + shift: value for power, value in turned.items()}
    return one in (moved, {power: -value for power, value in moved.items()})


@lru_cache
def lines() -> tuple[Diagram, ...]:
    """All lines along which a rope alone may be led: those of one strand with so many crossings."""
    known: dict[tuple[tuple[str, int], ...], Diagram] = {}
    for kind in ("knot", "slip"):
        for tangle in tangles(ALONE)[kind]:
            known.setdefault(tuple((column.kind, column.lane) for column in tangle), Diagram(1, tangle))
    return tuple(known.values())


@lru_cache(maxsize=256)
def ways_to(line: Diagram, name: str) -> tuple[Ways, ...]:
    """All ways to lead the end that make a knot."""
    every = product(WAYS, repeat=len(met_along(line)))
    return tuple(ways for ways in every if knot_of(line, ways) == name)


def start_of(board: Board, left: Mapping[str, int]) -> State:
    """The board before the session: so many moves are left of each rope when it is over."""
    done = {rope: len(board.meant[rope]) - left[rope] - board.todo[rope] for rope in board.ropes}
    return MappingProxyType({rope: board.meant[rope][: done[rope]] for rope in board.ropes})
