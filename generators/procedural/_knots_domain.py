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
from generators.spatial._rope_diagram import Column, Diagram, Polynomial, Spot, bracket
from generators.spatial._rope_tangles import Tangle, tangles
from morse.errors import Rejected
from morse.seeding import Rng

ROPES = ("rope A", "rope B", "rope C", "rope D")
WAYS = ("over", "under")
CROSSINGS = 5
NAMES = ("no knot", "overhand knot", "figure-eight knot", "three-twist knot")
"""What a rope may become: the knots 0₁, 3₁, 4₁ and 5₂ of Rolfsen's table."""
_SPANS = {0: "no knot", 3: "overhand knot", 4: "figure-eight knot", 5: "three-twist knot"}
Ways = tuple[str, ...]


@dataclass(frozen=True)
class Board:
    """``tangles``: the line of each rope; ``meant``: how its end is to pass; ``todo``: how many moves each makes in this session."""

    tangles: Mapping[str, Tangle]
    meant: Mapping[str, Ways]
    todo: Mapping[str, int]

    @property
    def ropes(self) -> tuple[str, ...]:
        return tuple(self.tangles)

    @property
    def column(self) -> Mapping[str, int]:
        """The field of each rope and of its crossings."""
        return {name: i for i, rope in enumerate(self.ropes) for name in (rope, *crossings_of(rope))}

    def actions(self) -> list[Action]:
        """Every move that there is."""
        return [_lead(rope, number, way) for rope in self.ropes for number in range(CROSSINGS) for way in WAYS]

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
            for number, label in enumerate(crossings_of(name)):
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


def crossings_of(rope: str) -> tuple[str, ...]:
    """The names of a rope's crossings, in the order in which its end comes to them."""
    return tuple(f"crossing {rope[-1]}{number + 1}" for number in range(CROSSINGS))


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
        (rope, crossings_of(rope)[number]),
        can=lambda s: len(laid(s, rope)) == number,
        does=lambda s: {rope: (*laid(s, rope), way)},
    )


@dataclass(frozen=True)
class Met:
    """A crossing as a rope's end comes to it: its column, and the spots between which the end passes, for the first time and again."""

    column: int
    first: tuple[Spot, Spot]
    again: tuple[Spot, Spot]


@lru_cache(maxsize=64)
def met_along(tangle: Tangle) -> tuple[Met, ...]:
    """The crossings of a tangle's line in the order in which the end comes to them again."""
    diagram = Diagram(1, tangle)
    path = diagram.ropes[0].path
    seen: dict[int, tuple[Spot, Spot]] = {}
    found = []
    for one, two in pairwise(path):
        column = min(one.at, two.at)
        if one.at == two.at or tangle[column].kind != "cross" or not _crosses(tangle[column], one, two):
            continue
        if column in seen:
            found.append(Met(column, seen[column], (one, two)))
        seen[column] = (one, two)
    return tuple(found)


def _crosses(column: Column, one: Spot, two: Spot) -> bool:
    return {one.lane, two.lane} == {column.lane, column.lane + 1}


def tied(tangle: Tangle, ways: Ways) -> Diagram:
    """The rope, with its end led as said at each crossing."""
    columns = list(tangle)
    for met, way in zip(met_along(tangle), ways, strict=True):
        one, two = sorted(met.again)
        rises = two.lane > one.lane
        columns[met.column] = columns[met.column]._replace(rising_over=rises == (way == "over"))
    return Diagram(1, tuple(columns))


@lru_cache(maxsize=1024)
def knot_of(tangle: Tangle, ways: Ways) -> str:
    """The knot that a rope is when both ends are pulled.

    By how far the bracket spreads: four times the crossings of an alternating knot without needless ones (Kauffman, Murasugi and
    Thistlethwaite 1987), which all knots of up to five crossings are; 5₁ does not come about on these lines.
    """
    value: Polynomial = bracket(tied(tangle, ways), [0])
    span = (max(value) - min(value)) // 4
    if (
        span == 5
        and sorted(value.values()) != [-2, -1, -1, 1, 1, 1]
        and sorted(value.values()) != [-1, -1, -1, 1, 1, 2]
    ):
        raise Rejected("a knot without a name here")
    return _SPANS[span]


@lru_cache
def lines() -> tuple[Tangle, ...]:
    """All lines along which a rope may be led: those of one strand with so many crossings."""
    known: dict[tuple[tuple[str, int], ...], Tangle] = {}
    for kind in ("knot", "slip"):
        for tangle in tangles(CROSSINGS)[kind]:
            known.setdefault(tuple((column.kind, column.lane) for column in tangle), tangle)
    return tuple(known.values())


def ways_to(tangle: Tangle, name: str) -> list[Ways]:
    """All ways to lead the end that make a knot."""
    return [ways for ways in product(WAYS, repeat=CROSSINGS) if knot_of(tangle, ways) == name]


def start_of(board: Board, left: Mapping[str, int]) -> State:
    """The board before the session: so many moves are left of each rope when it is over."""
    done = {rope: CROSSINGS - left[rope] - board.todo[rope] for rope in board.ropes}
    return MappingProxyType({rope: board.meant[rope][: done[rope]] for rope in board.ropes})
