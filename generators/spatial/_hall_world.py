"""Walks through a hall of square cells with landmarks, by legs and quarter turns, as someone makes them who looks ahead.

Cells are named as on the map: column letter from the left and row number from the top. Directions are those of the map.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal, NamedTuple

from generators.planning._grid_ways import WAYS, Cell, Ways, ways_between
from morse.errors import Rejected
from morse.seeding import Rng

CLOCKWISE = ("up", "right", "down", "left")
"""Directions on the map, each a quarter turn to the right of the one before."""
WALKS = 300
"""Walks that are tried."""
LONGEST = 3
"""Cells of a leg, at most."""


class Act(NamedTuple):
    """A movement of the camera: a ``leg`` of so many cells straight ahead, a quarter ``turn`` on the spot, or a ``glance`` to a side
    and back."""

    kind: Literal["leg", "turn", "glance"]
    cells: int = 0
    side: str = ""

    @property
    def mirrored(self) -> "Act":
        return self._replace(side="left" if self.side == "right" else "right")


class Stand(NamedTuple):
    """Where the camera is, and which way it looks (a place in :data:`CLOCKWISE`)."""

    cell: Cell
    heading: int

    @property
    def ahead(self) -> str:
        return CLOCKWISE[self.heading]


@dataclass(frozen=True)
class Hall:
    """A hall of ``columns`` × ``rows`` cells, ``landmarks`` (name → cell), and a walk. ``walks``: this one and three
    others that no landmark is in the way of. ``lefts``: how many turns to the left there are,
    one of ``likely``. ``look`` at the map and ``pause`` between movements, in seconds."""

    columns: int
    rows: int
    landmarks: dict[str, Cell]
    start: Stand
    acts: tuple[Act, ...]
    walks: tuple[tuple[Act, ...], ...]
    lefts: int
    likely: tuple[int, ...]
    look: float
    pause: float

    @property
    def cells(self) -> list[Cell]:
        return [(x, y) for y in range(self.rows) for x in range(self.columns)]

    @cached_property
    def free(self) -> Ways:
        """The steps between cells without landmarks."""
        taken = {*self.landmarks.values()}
        return ways_between([cell for cell in self.cells if cell not in taken])

    @cached_property
    def stands(self) -> list[Stand]:
        """Where the camera is before, between and after the acts."""
        return walked(self.start, self.acts)

    @property
    def end(self) -> Stand:
        return self.stands[-1]


def after(stand: Stand, act: Act) -> Stand:
    """Where an act leads."""
    x, y = WAYS[stand.ahead]
    turn = {"left": -1, "right": 1}[act.side] if act.kind == "turn" else 0
    cell = (stand.cell[0] + act.cells * x, stand.cell[1] + act.cells * y)
    return Stand(cell, (stand.heading + turn) % 4)


def walked(start: Stand, acts: Iterable[Act]) -> list[Stand]:
    """The stands before, between and after some acts."""
    found = [start]
    for act in acts:
        found.append(after(found[-1], act))
    return found


def draw_walk(columns: int, rows: int, turns: int, lefts: int, kept: int, rng: Rng) -> tuple[Stand, list[Act]]:
    """A start, and legs with turns between, of which so many are to the left. No leg ends right before a wall, of which nothing could be
    told. At the end each direction is equally likely; ``kept`` cells, at least, are not walked through. Raises :class:`Rejected` where none is found."""
    last = rng.steady("last").integer(0, 3)
    for _ in range(WALKS):
        sides = rng.shuffled(["left"] * lefts + ["right"] * (turns - lefts))
        heading = (last - sum(1 if side == "right" else -1 for side in sides)) % 4
        start = Stand((rng.integer(0, columns - 1), rng.integer(0, rows - 1)), heading)
        acts, cells, at = list[Act](), {start.cell}, start
        for side in [*sides, ""]:
            x, y = WAYS[at.ahead]
            room = next(
                n for n in range(columns + rows)
                if not (0 <= at.cell[0] + (n + 1) * x < columns and 0 <= at.cell[1] + (n + 1) * y < rows)
            )  # fmt: skip
            if room < 2:
                break
            leg = Act("leg", rng.integer(1, min(room - 1, LONGEST)))
            cells |= {(at.cell[0] + n * x, at.cell[1] + n * y) for n in range(1, leg.cells + 1)}
            acts += [leg, *([Act("turn", side=side)] if side else [])]
            at = after(at, leg)
            at = after(at, acts[-1]) if side else at
        else:
            if columns * rows - len(cells) >= kept and len({stand.cell for stand in walked(start, acts)}) >= 4:
                return start, acts
    raise Rejected("no walk with room for landmarks")


def with_glances(acts: Sequence[Act], glances: int, rng: Rng) -> tuple[Act, ...]:
    """The acts with glances strewn in, none at the very start or end."""
    made = [*acts]
    for _ in range(glances):
        made.insert(rng.integer(1, len(made) - 1), Act("glance", side=rng.choice(("left", "right"))))
    return tuple(made)


def along(columns: int, rows: int, start: Stand, acts: Iterable[Act]) -> list[Cell] | None:
    """All cells that a walk leads through, if it stays inside a hall."""
    cells, at = [start.cell], start
    for act in acts:
        for _ in range(act.cells):
            at = after(at, Act("leg", 1))
            if not (0 <= at.cell[0] < columns and 0 <= at.cell[1] < rows):
                return None
            cells.append(at.cell)
        at = after(at, act._replace(cells=0))
    return cells


def four_walks(
    columns: int, rows: int, start: Stand, acts: Sequence[Act], kept: int, rng: Rng
) -> tuple[list[tuple[Act, ...]], list[Cell]] | None:
    """A walk and three others, and the cells, ``kept`` at least, that all of them leave free.

    They differ in two things, the side of a turn and the length of a leg, each of which may be as it was: so none of the four stands
    in the middle of the others.
    """
    turns, legs = ([i for i, act in enumerate(acts) if act.kind == kind] for kind in ("turn", "leg"))
    for turn, leg, by in rng.shuffled([*product(turns, legs, (-1, 1))]):
        if not acts[leg].cells + by:
            continue
        longer = acts[leg]._replace(cells=acts[leg].cells + by)
        walks = [
            tuple(
                acts[turn].mirrored if flips and i == turn else longer if long and i == leg else act
                for i, act in enumerate(acts)
            )
            for flips, long in product((False, True), repeat=2)
        ]
        passed = [along(columns, rows, start, walk) for walk in walks]
        ends = {walked(start, walk)[-1].cell for walk in walks}
        if None in passed or len(ends) < len(walks):
            continue
        taken = {cell for cells in passed for cell in cells or ()}
        left = [(x, y) for y in range(rows) for x in range(columns) if (x, y) not in taken]
        if len(left) >= kept:
            return walks, left
    return None


def corners(stands: Sequence[Stand]) -> list[Cell]:
    """The cells in which a walk begins, turns and ends."""
    cells = [stand.cell for stand in stands]
    return [cell for i, cell in enumerate(cells) if i == 0 or cell != cells[i - 1]]
