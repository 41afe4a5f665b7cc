"""Rolling over a board of tiles: the four ways, walks with given ends and visits, and how a cube lies after each move.

A side of the cube is named after where it was when the case closed around it (``up``, ``north``, …). How the cube lies is a
rotation matrix (3, 3) of integers, from its own axes to the board's: x east, y north, z up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from morse.seeding import Rng

Array = np.ndarray
Tile = tuple[int, int]
"""Column from the west and row from the south, both from 0."""
WAYS: dict[str, Tile] = {"north": (0, 1), "east": (1, 0), "south": (0, -1), "west": (-1, 0)}
AXES: dict[str, tuple[int, int, int]] = {"up": (0, 0, 1), "down": (0, 0, -1)} | {
    way: (x, y, 0) for way, (x, y) in WAYS.items()
}
"""The sides of a cube, and the directions in which they face at first."""
_SIDES = {axis: side for side, axis in AXES.items()}


class Act(NamedTuple):
    """A movement of the case: a ``roll`` over an edge or a ``slide`` to the next tile, or a ``tip`` onto an edge and back."""

    kind: Literal["roll", "slide", "tip"]
    way: str

    @property
    def moves(self) -> bool:
        return self.kind != "tip"


@dataclass(frozen=True)
class Board:
    columns: int
    rows: int

    @property
    def tiles(self) -> list[Tile]:
        return [(x, y) for y in range(self.rows) for x in range(self.columns)]

    def ways(self, tile: Tile) -> list[str]:
        """The ways that lead from a tile to another."""
        near = [(way, beside(tile, way)) for way in WAYS]
        return [way for way, (x, y) in near if 0 <= x < self.columns and 0 <= y < self.rows]

    def walk(self, start: Tile, end: Tile, moves: int, visited: Tile, visits: int, rng: Rng) -> list[str]:
        """A walk of so many moves that comes onto one tile so often, each that there is being equally likely.

        Raises :class:`ValueError` if there is none.
        """
        left, ways, at = _walks_left(self, end, moves, visited, visits), list[str](), start
        if not left[moves][(visits, *start)]:
            raise ValueError(f"no {moves} moves from {start} to {end} come {visits} times onto {visited}")
        for steps in reversed(range(moves)):
            found = [(way, beside(at, way)) for way in self.ways(at)]
            after = [visits - (tile == visited) for _, tile in found]
            weights = [
                float(left[steps][(more, *tile)]) if more >= 0 else 0.0
                for more, (_, tile) in zip(after, found, strict=True)
            ]
            chosen = rng.weighted(range(len(found)), weights)
            visits = after[chosen]
            ways.append(found[chosen][0])
            at = found[chosen][1]
        return ways


def _walks_left(board: Board, end: Tile, moves: int, visited: Tile, visits: int) -> list[Array]:
    """For each number of moves left, (visits + 1, columns, rows): how many walks from a tile to the end make so many more
    visits, as shares of the largest of these numbers."""
    now = np.zeros((visits + 1, board.columns, board.rows))
    now[(0, *end)] = 1.0
    found = [now]
    for _ in range(moves):
        arriving = now.copy()
        arriving[(slice(1, None), *visited)] = now[(slice(None, -1), *visited)]
        arriving[(0, *visited)] = 0.0
        now = np.zeros_like(now)
        now[:, 1:] += arriving[:, :-1]
        now[:, :-1] += arriving[:, 1:]
        now[:, :, 1:] += arriving[:, :, :-1]
        now[:, :, :-1] += arriving[:, :, 1:]
        now /= now.max()  # only their ratios matter, and long walks are many
        found.append(now)
    return found


def beside(tile: Tile, way: str) -> Tile:
    """The next tile on that side."""
    return tile[0] + WAYS[way][0], tile[1] + WAYS[way][1]


def apart(one: Tile, other: Tile) -> int:
    """The fewest moves between two tiles."""
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def turn_of(way: str) -> Array:
    """(3, 3): what a roll does, a quarter turn about the horizontal axis to the left of the way."""
    x, y = WAYS[way]
    axis = np.array([-y, x, 0])
    cross = np.array([[0, 0, axis[1]], [0, 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.outer(axis, axis) + cross


_TURNS = {way: turn_of(way) for way in WAYS}


def turned(acts: Iterable[Act], first: Array | None = None) -> list[Array]:
    """How the cube lies before, between and after the acts (one more)."""
    found = [np.eye(3, dtype=int) if first is None else first]
    for act in acts:
        found.append(_TURNS[act.way] @ found[-1] if act.kind == "roll" else found[-1])
    return found


def side_at(turn: Array, where: str) -> str:
    """Which side of the cube now faces that way."""
    x, y, z = (np.array(AXES[where]) @ turn).tolist()
    return _SIDES[x, y, z]


def stations(start: Tile, acts: Sequence[Act]) -> list[Tile]:
    """The tile before, between and after the acts (one more)."""
    found = [start]
    for act in acts:
        found.append(beside(found[-1], act.way) if act.moves else found[-1])
    return found


@dataclass(frozen=True)
class Rolling:
    """What happens, and what was aimed at.

    ``faces``: the side of the cube → the name of its face. ``visited``: the letter of the tile of which it is asked how often the
    case comes onto it (``visits``, one of ``likely_visits``); ``passed``: of one that it comes onto too, but not at the end. ``number``: of the roll whose way is asked for. ``counted``: the face that
    is on top after ``count`` rolls (one of ``likely_counts``). ``ahead``: further rolls to be supposed; ``pause`` between movements and
    ``hold`` of each look at the cube, in seconds.
    """

    board: Board
    start: Tile
    acts: tuple[Act, ...]
    faces: dict[str, str]
    letters: dict[str, Tile]
    visited: str
    visits: int
    likely_visits: tuple[int, ...]
    passed: str
    number: int
    counted: str
    count: int
    likely_counts: tuple[int, ...]
    ahead: int
    pause: float
    hold: float

    @property
    def rolls(self) -> list[int]:
        """The places of the rolls among the acts."""
        return [i for i, act in enumerate(self.acts) if act.kind == "roll"]

    def lies(self, acts: Iterable[Act], where: str) -> str:
        """The face that faces somewhere after some acts."""
        return self.face(turned(acts)[-1], where)

    def face(self, turn: Array, where: str) -> str:
        return self.faces[side_at(turn, where)]
