"""Ropes that lie on a long table, drawn for what will be asked of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from generators.spatial._rope_diagram import (
    Column,
    Diagram,
    Piece,
    Rope,
    knotted,
    pieces_after,
    self_crossings,
)
from generators.spatial._rope_tangles import MOST, TangleKind, raised, some_tangle
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.schema import LETTERS
from morse.seeding import Rng
from morse.stage.marks import MARKS

OPEN_ROPES, ENDS, CUTS, SPARE = 3, 6, 3, 5
"""Ropes with loose ends and how many ends these have; cuts; places with a flag at which nothing is cut."""
END_NAMES, FLAG_NAMES = LETTERS[:8], LETTERS[10:]
GROWN = range(1, CUTS + 1)
CHANGES = (-1, 0, 1)
MOST_OWN = 10
"""Crossings of a rope with itself, up to which its invariants tell whether it is knotted (first exceptions of Alexander's polynomial: 11)."""
AHEAD = 4
"""Columns at either end of the table in which nothing is cut; and columns between two cuts."""
TRIES = 400


class Params(TaskParams):
    strands: int = ramp(4, per_level=0.25, most=5, least=4, limit=5, about="strands side by side")
    crossings: int = ramp(6, per_level=2, least=4, limit=120, about="crossings between the strands, outside tangles")
    tangles: int = ramp(
        4, per_level=0.25, most=7, least=4, limit=len(MARKS), about="tangles: knots, slips and rings, each with a mark"
    )
    pace: float = ramp(
        2.0, per_level=0.1, most=3.0, least=0.5, limit=4.0, about="units that the camera moves in a second (of 16)"
    )

    @property
    def columns(self) -> int:
        """How many columns the ropes take, whatever is in them."""
        most = self.crossings + self.tangles * (MOST + 2)
        return most + (2 - most) % 3

    @property
    def overs(self) -> range:
        """How often one rope may lie over another."""
        least = max(0, self.crossings // 8 - 1)
        return range(least, least + (4 if self.crossings > 8 else 3))

    @property
    def loops(self) -> range:
        """How many closed ropes there may be."""
        return range(1, self.tangles)


@dataclass(frozen=True)
class Targets:
    """What the answers shall be; drawn once, whatever is rejected afterwards."""

    aside: str
    """``count`` (how many ropes) or ``more`` (how many more pieces after the cuts)."""
    loops: int
    grown: int
    ends: tuple[int, int]
    overs: int
    knotted: bool
    swapped: bool
    closed: bool
    change: int
    """By how much there would be more pieces with a cut elsewhere (asked where not ``more`` is)."""
    freed: tuple[bool, ...]
    laid: bool

    @classmethod
    def drawn(cls, params: Params, rng: Rng) -> "Targets":
        aside, grown = rng.choice(("count", "more")), rng.choice(GROWN)
        least = 1 if aside == "count" else 1 + CUTS - grown
        one, other = rng.sample(range(ENDS), 2)
        return cls(
            aside, rng.integer(max(params.loops[0], min(least, params.loops[-1])), params.loops[-1]), grown, (one, other),
            rng.choice(params.overs), rng.chance(0.5), rng.chance(0.5), rng.chance(0.5), rng.choice(CHANGES),
            tuple(rng.chance(0.5) for _ in range(params.tangles)), rng.chance(0.5),
        )  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """A mark hangs on the bight of a tangle: ``column`` opens it."""

    name: str
    kind: TangleKind
    column: int
    rope: int
    """The rope that the mark hangs on."""
    on: int
    """The rope beside which the tangle is: for a ring, the one that it lies round or on."""


@dataclass(frozen=True)
class Table:
    """What lies on the table, and what is asked: numbers of ropes, pieces by their column and lanes."""

    params: Params
    targets: Targets
    diagram: Diagram
    end_names: str
    """Of the loose ends, in the diagram's order."""
    marks: tuple[Mark, ...]
    flags: dict[str, Piece]
    """Places where a rope may be cut, by the flag's letter."""
    cuts: tuple[str, ...]
    """Flags at which it is cut, from left to right."""
    crossing_flags: dict[str, int]
    """Letters at crossings (columns): ``on top`` and ``swapped`` ask for these."""
    upper_flag: str
    swapped_flag: str
    moved: tuple[str, str]
    """A cut, and the flag at which it might have been made instead."""
    over: tuple[int, int]
    pulled: int
    swapped_rope: int
    closed_mark: int
    without: int
    rightward: bool
    """The camera goes from left to right."""

    @property
    def ropes(self) -> tuple[Rope, ...]:
        return self.diagram.ropes


def draw_table(params: Params, rng: Rng) -> Table:
    """A table whose answers are those aimed at. Raises :class:`Rejected` where none is found."""
    targets = Targets.drawn(params, rng.steady("targets"))
    for attempt in range(TRIES):
        table = _try(params, targets, rng.fork(f"table {attempt}"))
        if table is not None:
            return table
    raise Rejected("no table with the answers that are wanted")


def _try(params: Params, targets: Targets, rng: Rng) -> Table | None:
    plain = _strands(params, targets, rng)
    if plain is None:
        return None
    pairs = [pair for pair in _ordered(range(OPEN_ROPES)) if _overs(plain, *pair) == targets.overs]
    free_loops = len(plain.ropes) - OPEN_ROPES
    if not pairs or free_loops > targets.loops or targets.loops - free_loops > params.tangles - 1:
        return None
    over = rng.choice(pairs)
    pulled, without = rng.integer(0, OPEN_ROPES - 1), rng.integer(0, OPEN_ROPES - 1)
    planned = _planned(params, targets, plain, targets.loops - free_loops, pulled, without, rng)
    diagram, opened = _put_in(plain, params, planned, rng)
    names = rng.sample(tuple(MARKS), params.tangles)
    marks = tuple(_mark(diagram, column, kind, name) for name, (column, kind) in zip(names, opened, strict=True))
    if len(self_crossings(diagram, pulled)) > MOST_OWN or knotted(diagram, pulled) != targets.knotted:
        return None
    swaps = _swaps(diagram, marks, targets.swapped)
    fits = [i for i, mark in enumerate(marks) if diagram.ropes[mark.rope].closed == targets.closed]
    uppers = [c for c in diagram.crossings if c.over != c.under and max(c.over, c.under) < OPEN_ROPES]
    if not swaps or not fits or not uppers:
        return None
    swapped_rope, swapped_at = rng.choice(swaps)
    upper = rng.choice(uppers)
    if abs(upper.column - swapped_at) < 2:
        return None
    letters = rng.sample(FLAG_NAMES, CUTS + SPARE + 2)
    chosen = _places(diagram, targets, (upper.column, swapped_at), rng)
    if chosen is None:
        return None
    cut_pieces, spare, moved_from, moved_to = chosen
    flags = dict(zip(letters, (*cut_pieces, *spare), strict=False))
    named = {piece: letter for letter, piece in flags.items()}
    return Table(
        params, targets, diagram, "".join(rng.sample(END_NAMES[:ENDS], ENDS)), marks, flags,
        tuple(named[piece] for piece in sorted(cut_pieces)),
        {letters[-2]: upper.column, letters[-1]: swapped_at}, letters[-2], letters[-1],
        (named[moved_from], named[moved_to]), over, pulled, swapped_rope, rng.choice(fits), without,
        rng.chance(0.5),
    )  # fmt: skip


def _ordered(numbers: Sequence[int]) -> list[tuple[int, int]]:
    return [(a, b) for a in numbers for b in numbers if a != b]


def _overs(diagram: Diagram, over: int, under: int) -> int:
    return sum((c.over, c.under) == (over, under) for c in diagram.crossings)


def _strands(params: Params, targets: Targets, rng: Rng) -> Diagram | None:
    """The strands alone, with which end belongs to which as wanted; in half the clips the ropes are laid one on another."""
    turns = params.strands - OPEN_ROPES
    on_left = rng.integer(0, turns)
    left, right = (_pairs(params.strands, count, rng) for count in (on_left, turns - on_left))
    columns, last = [], -1
    for _ in range(params.crossings):
        lane = rng.choice([i for i in range(params.strands - 1) if i != last or rng.chance(0.25)] or [0])
        columns.append(Column("cross", lane, rng.chance(0.5)))
        last = lane
    diagram = Diagram(params.strands, tuple(columns), left, right)
    one, other = targets.ends
    if not any({diagram.ends.index(spot) for spot in rope.ends} == {one, other} for rope in diagram.ropes):
        return None
    if not targets.laid:
        return diagram
    ranks = rng.shuffled(range(len(diagram.ropes)))
    for number, column in enumerate(columns):
        rises, falls = (diagram.owner[Piece(number, column.lane + i, column.lane + 1 - i)] for i in (0, 1))
        if rises != falls:
            columns[number] = column._replace(rising_over=ranks[rises] > ranks[falls])
    laid = Diagram(params.strands, tuple(columns), left, right)
    order = sorted(range(OPEN_ROPES), key=lambda rope: ranks[rope])
    touch = {frozenset((c.over, c.under)) for c in laid.crossings}
    return laid if all(frozenset(pair) in touch for pair in pairwise(order)) else None


def _pairs(strands: int, count: int, rng: Rng) -> tuple[int, ...]:
    """The lower lanes of so many neighbours that are joined at an end of the table."""
    ways = [pairs for pairs in combinations(range(strands - 1), count) if all(b - a > 1 for a, b in pairwise(pairs))]
    return rng.choice(ways)


def _planned(
    params: Params, targets: Targets, plain: Diagram, rings: int, pulled: int, without: int, rng: Rng
) -> list[tuple[TangleKind, int]]:
    """Each tangle's kind, and the rope that it is beside."""
    planned: list[tuple[TangleKind, int]] = [("knot" if targets.knotted else "slip", pulled)]
    everyone = range(len(plain.ropes))
    for number in range(rings):
        if targets.freed[number]:
            planned.append(("ring", without))
        elif rng.chance(0.5):
            planned.append(("ring", rng.choice([rope for rope in everyone if rope != without])))
        else:
            planned.append(("loose", rng.choice(everyone)))
    others = [rope for rope in range(OPEN_ROPES) if rope != pulled]
    while len(planned) < params.tangles:
        planned.append((rng.choice(("knot", "slip")), rng.choice(others)))
    return rng.shuffled(planned)


def _put_in(
    plain: Diagram, params: Params, planned: Sequence[tuple[TangleKind, int]], rng: Rng
) -> tuple[Diagram, list[tuple[int, TangleKind]]]:
    """The strands with tangles beside them, filled up with columns in which nothing happens; and where each tangle begins."""
    places = sorted(rng.sample(range(1, len(plain.columns)), min(len(planned), len(plain.columns) - 1)))
    while len(places) < len(planned):
        places = sorted([*places, rng.choice(places)])
    parts: list[tuple[TangleKind | None, tuple[Column, ...]]] = []
    todo = list(zip(places, planned, strict=True))
    for at in range(len(plain.columns) + 1):
        for place, (kind, rope) in todo:
            if place == at:
                lanes = [spot.lane for spot in plain.ropes[rope].path if spot.at == at]
                if not lanes:
                    raise Rejected("the rope does not come there")
                parts.append((kind, raised(some_tangle(kind, rng), rng.choice(lanes))))
        if at < len(plain.columns):
            parts.append((None, (plain.columns[at],)))
    spare = params.columns - sum(len(columns) for _, columns in parts)
    for _ in range(spare):
        parts.insert(rng.integer(0, len(parts)), (None, (Column("plain"),)))
    columns, opened = list[Column](), list[tuple[int, TangleKind]]()
    for kind, part in parts:
        if kind is not None:
            opened.append((len(columns), kind))
        columns += part
    return Diagram(plain.first, tuple(columns), plain.left, plain.right), opened


def _mark(diagram: Diagram, column: int, kind: TangleKind, name: str) -> Mark:
    lane = diagram.columns[column].lane
    first = diagram.columns[column + 1]
    bight = _owner_at(diagram, column + 1, lane)
    beside = first.lane if first.lane < lane else first.lane + 1
    return Mark(name, kind, column, bight, _owner_at(diagram, column + 1, beside))


def _owner_at(diagram: Diagram, at: int, lane: int) -> int:
    return next(i for i, rope in enumerate(diagram.ropes) if any(spot == (at, lane) for spot in rope.path))


def _swaps(diagram: Diagram, marks: Sequence[Mark], wanted: bool) -> list[tuple[int, int]]:
    """(rope, column): crossings in tangles on open ropes that decide, when they are swapped, as wanted."""
    found = []
    for mark in marks:
        if mark.kind not in ("knot", "slip") or len(self_crossings(diagram, mark.rope)) > MOST_OWN:
            continue
        end = next(c for c in range(mark.column, len(diagram.columns)) if diagram.columns[c].kind == "close")
        for column in range(mark.column + 1, end):
            if knotted(diagram.turned_over(column), mark.rope) == wanted:
                found.append((mark.rope, column))
    return found


def _places(
    diagram: Diagram, targets: Targets, taken: Sequence[int], rng: Rng
) -> tuple[list[Piece], list[Piece], Piece, Piece] | None:
    """Pieces to cut, others to flag, and a cut with the place where it might have been made; ``None`` where they do not come out."""
    straight = []
    for number in range(AHEAD, len(diagram.columns) - AHEAD):
        column = diagram.columns[number]
        if column.kind in ("plain", "cross") and number not in taken:
            straight += [
                Piece(number, lane, lane)
                for lane in range(diagram.strands[number])
                if column.kind == "plain" or lane not in (column.lane, column.lane + 1)
            ]
    by_rope: dict[bool, list[Piece]] = {True: [], False: []}
    for piece in straight:
        by_rope[diagram.ropes[diagram.owner[piece]].closed].append(piece)
    cuts = list[Piece]()
    closed_first = CUTS - targets.grown if targets.aside == "more" else rng.integer(0, min(2, targets.loops))
    for place in range(CUTS):
        cut_ropes = [diagram.owner[piece] for piece in cuts]
        pool = [
            piece
            for piece in by_rope[place < closed_first]
            if all(abs(piece.column - other.column) >= AHEAD for other in cuts)
            and not (place < closed_first and diagram.owner[piece] in cut_ropes)
        ]
        if not pool:
            return None
        cuts.append(rng.choice(pool))
    before = len(diagram.ropes)
    after = pieces_after(diagram, cuts)
    if targets.aside == "more" and after - before != targets.grown:
        return None
    free = [piece for piece in straight if all(piece.column != other.column for other in cuts)]
    ways = []
    for i, piece in enumerate(cuts):
        rest = [*cuts[:i], *cuts[i + 1 :]]
        for other in rng.sample(free, min(len(free), 24)):
            if targets.aside == "more" or pieces_after(diagram, [*rest, other]) - after == targets.change:
                ways.append((piece, other))
    if not ways:
        return None
    moved_from, moved_to = rng.choice(ways)
    spare = [moved_to]
    for kind in rng.shuffled([True, True, False, False]):
        pool = [piece for piece in by_rope[kind] if all(piece.column != other.column for other in (*cuts, *spare))]
        if pool:
            spare.append(rng.choice(pool))
    if len(spare) < SPARE:
        return None
    return cuts, spare, moved_from, moved_to
