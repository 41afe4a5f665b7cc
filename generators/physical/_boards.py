"""A hall with boards off which balls bounce and bins into which they fall."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generators.physical._flights import ARCS, CLEAR, RADIUS, SIDE, THICK, Array, Board, Flights, Point, fly
from morse.errors import Rejected
from morse.seeding import Rng

ANGLES = (100, 90, 85, 75, 65, 60, 50, 40, 20, 0, -20)
"""Of boards in degrees: positive ones face the place from which balls are thrown."""
LENGTHS = (0.55, 0.9)
"""Half lengths of boards."""
COLUMNS, NEAR, HEIGHTS = 5, 2.6, (-1.4, 2.4)
"""Columns of boards, how far from the wall at the port the first begins, and how high boards hang."""
PORT = 7.0
"""How far from the middle balls are thrown."""
OFF = 0.01
"""How much a stable answer bears of every parameter."""


@dataclass(frozen=True)
class Hall:
    """Boards, and bins side by side, by their letters from left to right; balls are thrown at ``port``.

    ``bounce``: the share of the speed across a board that a bounce leaves.
    """

    boards: tuple[Board, ...]
    letters: tuple[str, ...]
    port: Point
    bounce: float

    @property
    def width(self) -> float:
        """Of a bin."""
        return 2 * SIDE / len(self.letters)

    def place(self, what: int) -> Point:
        """Where a board is, or, by the numbers after theirs, the left or the right wall."""
        count = len(self.boards)
        return self.boards[what].middle if what < count else ((-SIDE, SIDE)[what - count], 0.0)

    def bins(self, x: Array) -> Array:
        """In which bin (from 0 at the left) balls fall that come down there; −1 at a rim."""
        place = (x + SIDE) / self.width
        inside = np.abs(place - np.floor(place) - 0.5) * self.width <= self.width / 2 - RADIUS - CLEAR
        return np.where(inside, np.floor(np.nan_to_num(place)), -1).astype(int)

    def fly(self, speeds: Array) -> tuple[Flights, Array]:
        """Throw balls: their flights, and in which bin each lands (−1 where it cannot be told)."""
        flights = fly(self.boards, self.port, speeds, self.bounce)
        return flights, np.where(flights.clean, self.bins(flights.x), -1)

    def firm(self, speeds: Array, gone: int | Array = -1) -> Array:
        """In which bin each ball lands as if one board were not there; −1 where it cannot be told, or where other boards or another
        bin are hit when the speed, its direction or the bounce are a little off."""
        off = np.vstack([(1.0, 1.0, 1.0), 1 + OFF * np.array([(1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)])])
        tries = fly(
            self.boards,
            self.port,
            (speeds[:, None] * off[:, :2]).reshape(-1, 2),
            np.tile(self.bounce * off[:, 2], len(speeds)),
            np.repeat(np.broadcast_to(gone, len(speeds)), len(off)),
        )
        bins = np.where(tries.clean, self.bins(tries.x), -1).reshape(-1, len(off))
        hits = tries.hits.reshape(len(speeds), len(off), ARCS)
        same = (bins == bins[:, :1]).all(axis=1) & (hits == hits[:, :1]).all(axis=(1, 2))
        return np.where(same, bins[:, 0], -1)


def build_hall(boards: int, letters: Sequence[str], rng: Rng) -> Hall:
    """A hall with boards across the ways of balls, clear of each other. Raises :class:`Rejected` if there is no room."""
    side = rng.choice((-1, 1))
    port = (side * PORT, round(rng.uniform(-0.4, 1.8), 3))
    bounce = round(rng.uniform(0.62, 0.85), 3)
    made: list[Board] = []
    room = (2 * SIDE - NEAR - 0.8) / COLUMNS
    for number, place in zip(rng.shuffled(range(1, boards + 1)), range(boards), strict=True):
        for _ in range(40):
            angle = math.radians(-side * rng.choice(ANGLES) + rng.uniform(-4, 4))
            half = round(rng.uniform(*LENGTHS), 3)
            # a board for each column first, so that a ball can come from above to any; then more wherever there is room
            column = place if place < COLUMNS else rng.uniform(0, COLUMNS - 1)
            aside = room * (column + 0.5 + rng.uniform(-0.2, 0.2)) + NEAR - SIDE
            middle = (round(-side * aside, 3), round(rng.uniform(*HEIGHTS), 3))
            board = Board(str(number), middle, half, round(angle, 4))
            if all(_apart(board, other) > 2 * (RADIUS + THICK) + 0.35 for other in made):
                made.append(board)
                break
        else:
            raise Rejected("no room for a board")
    return Hall(tuple(made), tuple(letters), port, bounce)


def _apart(one: Board, other: Board) -> float:
    """How far the middle lines of two boards are apart, about."""
    steps = np.linspace(-1, 1, 9)[:, None]
    a = np.array(one.middle) + one.along * one.half * steps
    b = np.array(other.middle) + other.along * other.half * steps
    return float(np.hypot(*(a[:, None] - b[None]).transpose(2, 0, 1)).min())
