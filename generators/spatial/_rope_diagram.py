"""Ropes on a table as a row of columns: strands run side by side, cross, turn back. What hangs together, and what is knotted.

Between two columns the strands lie on lanes, counted from below. A column changes one thing: two neighbours cross, two new strands
begin in a bight, or two neighbours end in one. Any knot or link can be laid out so.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

Kind = Literal["plain", "cross", "open", "close"]


class Column(NamedTuple):
    """What happens between two boundaries, at ``lane`` and the one above it.

    ``open``: two new strands begin there, joined on the left; ``close``: two end, joined on the right. ``rising_over``: where
    two cross, the strand that rises (seen from left to right) lies on top.
    """

    kind: Kind
    lane: int = 0
    rising_over: bool = True

    def through(self, lane: int) -> int | None:
        """The lane on the right of what comes in on a lane on the left; ``None`` where it turns back."""
        i = self.lane
        if self.kind == "cross" and lane in (i, i + 1):
            return 2 * i + 1 - lane
        if self.kind == "open":
            return lane if lane < i else lane + 2
        if self.kind == "close":
            return None if lane in (i, i + 1) else lane if lane < i else lane - 2
        return lane

    @property
    def more(self) -> int:
        """How many strands there are more on the right."""
        return {"open": 2, "close": -2}.get(self.kind, 0)


class Spot(NamedTuple):
    """A strand at a boundary: boundary ``at`` lies on the left of column ``at``."""

    at: int
    lane: int


class Piece(NamedTuple):
    """The strand through a column, by its lanes on the left and on the right."""

    column: int
    left: int
    right: int


class Crossing(NamedTuple):
    """Two ropes (perhaps the same) cross in a column."""

    column: int
    over: int
    under: int


@dataclass(frozen=True)
class Rope:
    """``path``: the spots in order from the first end to the other, or once round. ``ends``: the spots of the loose ends."""

    ends: tuple[Spot, ...]
    path: tuple[Spot, ...]
    pieces: tuple[Piece, ...]

    @property
    def closed(self) -> bool:
        return not self.ends


@dataclass(frozen=True)
class Diagram:
    """``first``: how many strands there are at the left; ``left``, ``right``: lower lanes of neighbours that are joined there."""

    first: int
    columns: tuple[Column, ...]
    left: tuple[int, ...] = ()
    right: tuple[int, ...] = ()

    @cached_property
    def strands(self) -> tuple[int, ...]:
        """How many strands there are at each boundary."""
        counts = [self.first]
        for column in self.columns:
            counts.append(counts[-1] + column.more)
        return tuple(counts)

    @cached_property
    def ends(self) -> tuple[Spot, ...]:
        """The loose ends: on the left from below, then on the right from below."""
        found = []
        for at, joined in ((0, self.left), (len(self.columns), self.right)):
            held = {lane for low in joined for lane in (low, low + 1)}
            found += [Spot(at, lane) for lane in range(self.strands[at]) if lane not in held]
        return tuple(found)

    @cached_property
    def ropes(self) -> tuple[Rope, ...]:
        """The ropes: first those with loose ends, in the order of their first ends, then the closed ones."""
        found, seen = list[Rope](), set[Spot]()
        for end in self.ends:
            if end not in seen:
                found.append(self._walk(end, 1 if end.at == 0 else -1))
                seen.update(found[-1].path)
        for at, count in enumerate(self.strands):
            for spot in (Spot(at, lane) for lane in range(count)):
                if spot not in seen:
                    found.append(self._walk(spot, 1))
                    seen.update(found[-1].path)
        return tuple(found)

    def _walk(self, start: Spot, way: int) -> Rope:
        """Follow a strand from a spot to the right (1) or to the left (−1), to its end or until it is back."""
        path, pieces = [start], list[Piece]()
        spot, last = start, len(self.columns)
        for _ in range(4 * sum(self.strands) + 4):
            if (way > 0 and spot.at == last) or (way < 0 and spot.at == 0):
                other = self._joined(spot)
                if other is None:
                    return Rope((start, spot) if start in self.ends else (), tuple(path), tuple(pieces))
                spot, way = other, -way
            elif way > 0:
                column = self.columns[spot.at]
                lane = column.through(spot.lane)
                if lane is None:
                    spot, way = Spot(spot.at, 2 * column.lane + 1 - spot.lane), -1
                else:
                    pieces.append(Piece(spot.at, spot.lane, lane))
                    spot = Spot(spot.at + 1, lane)
            else:
                column, before = self.columns[spot.at - 1], range(self.strands[spot.at - 1])
                lane = next((low for low in before if column.through(low) == spot.lane), None)
                if lane is None:
                    spot, way = Spot(spot.at, 2 * column.lane + 1 - spot.lane), 1
                else:
                    pieces.append(Piece(spot.at - 1, lane, spot.lane))
                    spot = Spot(spot.at - 1, lane)
            if spot == start and way == (1 if start.at < last else -1):
                return Rope((), tuple(path), tuple(pieces))
            path.append(spot)
        raise AssertionError("a strand without end")

    def _joined(self, spot: Spot) -> Spot | None:
        for low in self.left if spot.at == 0 else self.right:
            if spot.lane in (low, low + 1):
                return Spot(spot.at, 2 * low + 1 - spot.lane)
        return None

    @cached_property
    def owner(self) -> dict[Piece, int]:
        """The rope that each piece is of."""
        return {piece: number for number, rope in enumerate(self.ropes) for piece in rope.pieces}

    @cached_property
    def crossings(self) -> tuple[Crossing, ...]:
        found = []
        for number, column in enumerate(self.columns):
            if column.kind == "cross":
                rises = self.owner[Piece(number, column.lane, column.lane + 1)]
                falls = self.owner[Piece(number, column.lane + 1, column.lane)]
                over, under = (rises, falls) if column.rising_over else (falls, rises)
                found.append(Crossing(number, over, under))
        return tuple(found)

    def turned_over(self, column: int) -> "Diagram":
        """The same with over and under swapped in a column."""
        changed = list(self.columns)
        changed[column] = changed[column]._replace(rising_over=not changed[column].rising_over)
        turned = Diagram(self.first, tuple(changed), self.left, self.right)
        turned.__dict__["ropes"] = self.ropes  # what hangs together stays so
        return turned


Polynomial = dict[int, int]
"""A Laurent polynomial: exponent → coefficient."""
Matching = tuple[int, ...]
"""For each strand at a boundary, the number of the arc that it is an end of; negative where that arc ends at a loose end on the left."""
LOOP: Polynomial = {2: -1, -2: -1}


def bracket(diagram: Diagram, kept: Collection[int]) -> Polynomial:
    """Kauffman's bracket of some of the ropes, the others taken away: the arc or nothing at all counts as 1.

    Column by column in the Temperley-Lieb algebra (L. Kauffman, State models and the Jones polynomial, Topology 26, 1987). At
    most one of the ropes may have loose ends.
    """
    lanes = {spot for number in kept for spot in diagram.ropes[number].path}
    low = {
        at: {lane: i for i, lane in enumerate(sorted(s.lane for s in lanes if s.at == at))}
        for at in range(len(diagram.strands))
    }
    joined = {low[0][i]: low[0][i + 1] for i in diagram.left if Spot(0, i) in lanes}
    labels, free = [0] * len(low[0]), -1
    for lane in range(len(low[0])):
        if lane in joined:
            labels[lane] = labels[joined[lane]] = lane + 1
        elif lane not in joined.values():
            labels[lane], free = free, free - 1
    states: dict[Matching, Polynomial] = {_tidy(labels): {0: 1}}
    for number, column in enumerate(diagram.columns):
        i = column.lane
        if column.kind == "plain" or (column.kind != "open" and not {i, i + 1} <= low[number].keys()):
            continue
        if column.kind == "open" and i not in low[number + 1]:
            continue
        place = low[number + 1][i] if column.kind == "open" else low[number][i]
        after: dict[Matching, Polynomial] = {}
        for matching, weight in states.items():
            if column.kind == "open":
                _add(after, _opened(matching, place), weight)
                continue
            closed, loops = _closed(matching, place)
            turned = _times(weight, LOOP) if loops else weight
            if column.kind == "close":
                _add(after, closed, turned)
            else:
                step = 1 if column.rising_over else -1
                _add(after, matching, {power + step: value for power, value in weight.items()})
                _add(after, _opened(closed, place), {power - step: value for power, value in turned.items()})
        states = after
    for lane in sorted(
        (low[len(diagram.columns)][i] for i in diagram.right if Spot(len(diagram.columns), i) in lanes), reverse=True
    ):
        after = {}
        for matching, weight in states.items():
            closed, loops = _closed(matching, lane)
            _add(after, closed, _times(weight, LOOP) if loops else weight)
        states = after
    (total,) = states.values()
    return {power: value for power, value in total.items() if value}


def _tidy(labels: Sequence[int]) -> Matching:
    names: dict[int, int] = {}
    return tuple(label if label < 0 else names.setdefault(label, len(names) + 1) for label in labels)


def _opened(matching: Matching, place: int) -> Matching:
    return _tidy((*matching[:place], 99, 99, *matching[place:]))


def _closed(matching: Matching, place: int) -> tuple[Matching, bool]:
    """Two neighbours joined, and whether that closes a loop."""
    one, other = matching[place], matching[place + 1]
    rest = (*matching[:place], *matching[place + 2 :])
    if one == other:
        return _tidy(rest), True
    old, new = (one, other) if one > 0 else (other, one)
    return _tidy([new if label == old else label for label in rest]), False


def _add(states: dict[Matching, Polynomial], matching: Matching, weight: Polynomial) -> None:
    total = states.setdefault(matching, {})
    for power, value in weight.items():
        total[power] = total.get(power, 0) + value


def _times(one: Polynomial, other: Polynomial) -> Polynomial:
    product: Polynomial = {}
    for a, x in one.items():
        for b, y in other.items():
            product[a + b] = product.get(a + b, 0) + x * y
    return product


def knotted(diagram: Diagram, rope: int) -> bool:
    """Whether a rope stays knotted when all others are gone and its ends are pulled (or it is shaken out, if it is closed).

    By the bracket, which up to a unit is that of a plain rope for the unknot alone as long as there are at most 24 crossings (R. Tuzun and A. Sikora,
    J. Knot Theory Ramif. 30, 2021).
    """
    return not _unit(bracket(diagram, [rope]), loops=int(diagram.ropes[rope].closed))


def linked(diagram: Diagram, one: int, other: int) -> bool:
    """Whether two ropes, each without a knot of its own, hold each other; right for at most 8 crossings."""
    loops = sum(diagram.ropes[number].closed for number in (one, other))
    return not _unit(bracket(diagram, [one, other]), loops)


def _unit(polynomial: Polynomial, loops: int) -> bool:
    """Whether a bracket is that of so many loops that lie apart."""
    plain: Polynomial = {0: 1}
    for _ in range(loops):
        plain = _times(plain, LOOP)
    shift = min(polynomial, default=0) - min(plain)
    moved = {power + shift: value for power, value in plain.items()}
    return polynomial in (moved, {power: -value for power, value in moved.items()})


def self_crossings(diagram: Diagram, rope: int) -> list[int]:
    """The columns in which a rope crosses itself."""
    return [c.column for c in diagram.crossings if c.over == c.under == rope]


def pieces_after(diagram: Diagram, cuts: Iterable[Piece]) -> int:
    """How many pieces there are after cuts at some places."""
    cut = [diagram.owner[piece] for piece in cuts]
    return sum(max(1, cut.count(i)) if rope.closed else 1 + cut.count(i) for i, rope in enumerate(diagram.ropes))
