"""Solids of unit cubes on a board, and what of them is seen from where.

A solid is given by the heights of its columns: no cube hangs, so there is nothing else to know. Lengths are in sides of a cell;
x is east, y north, z up, and the middle of the board's surface is the origin.
"""

import math
from dataclasses import dataclass

import numpy as np

from morse.errors import Rejected
from morse.seeding import Rng

Array = np.ndarray
Cell = tuple[int, int]
"""Column from the west and row from the south, both from 0."""
SIDES = ("north", "west", "south", "east")
"""The sides of the board in anticlockwise order, seen from above."""
SEEN, HIDDEN = 0.5, 0.04
"""The share of a column's upper square from which on it counts as seen, and that up to which nobody sees it."""
USUAL = 1.6
"""Cubes a column, about, that a solid has."""
SPREAD = 2
"""The number of cubes is this much more or less than usual, at most."""
DRAWN = 4096
"""Solids that are drawn at once."""
TRIED = 30
"""Solids among them that are looked at from all round."""
AROUND = 12
"""Views all round, beside those of the rests."""
LOOKED_AT = 0.28
"""The share of the tallest column's height at which the camera looks."""
_DOTS = np.array([(u, v) for u in (-0.36, 0, 0.36) for v in (-0.36, 0, 0.36)])
"""The points of a square that are looked for."""


@dataclass(frozen=True)
class Way:
    """How the camera goes round. ``sides``: where it rests, in order; ``azimuths`` (radians) at the rests, unwrapped, from the
    east anticlockwise; ``height`` (radians) of its view over the board."""

    sides: tuple[str, ...]
    azimuths: tuple[float, ...]
    height: float
    reach: float
    """From the point that it looks at."""

    def eye(self, azimuth: float, level: float) -> tuple[float, float, float]:
        """Where the camera is. ``level``: the height of the point that it looks at."""
        flat = self.reach * math.cos(self.height)
        return (
            flat * math.cos(azimuth),
            flat * math.sin(azimuth),
            level + self.reach * math.sin(self.height),
        )

    @property
    def clockwise(self) -> tuple[bool, ...]:
        """For each leg whether it goes clockwise, seen from above."""
        return tuple(after < before for before, after in zip(self.azimuths, self.azimuths[1:], strict=False))


@dataclass(frozen=True)
class Solid:
    """A solid, how it is filmed, and what was aimed at. ``heights[row][column]``: rows from the south, columns from the west."""

    heights: tuple[tuple[int, ...], ...]
    tallest: int
    way: Way
    asked: Cell
    """The column whose height is asked for."""
    leg: int
    """The leg of the camera's way that is asked for, from 0."""
    rest: float
    """Seconds of a rest."""

    @property
    def columns(self) -> int:
        return len(self.heights[0])

    @property
    def rows(self) -> int:
        return len(self.heights)

    @property
    def cubes(self) -> int:
        return sum(map(sum, self.heights))

    @property
    def level(self) -> float:
        """The height of the point that the camera looks at."""
        return LOOKED_AT * self.tallest


def likely_numbers(cells: int) -> tuple[int, ...]:
    """How many cubes a solid on so many cells may have."""
    usual = round(USUAL * cells)
    return tuple(range(usual - SPREAD, usual + SPREAD + 1))


def way_round(backs: int, reach: float, rng: Rng) -> Way:
    """A way once round in all, with so many legs back.

    It ends on the side where it began, so that neither the first picture nor the last tells which way round it was.
    """
    turn = rng.steady("turn").choice((-1, 1))
    legs = rng.shuffled([1] * (len(SIDES) + backs) + [-1] * backs)
    place = rng.integer(0, 3)
    places = [place]
    for leg in legs:
        places.append(places[-1] + turn * leg)
    azimuths = [math.radians(90 + 90 * at + rng.choice((-1, 1)) * rng.uniform(10, 26)) for at in places]
    height = math.radians(rng.uniform(36, 42))
    return Way(tuple(SIDES[at % 4] for at in places), tuple(azimuths), height, reach)


def draw_solid(columns: int, rows: int, tallest: int, asked: Cell, way: Way, rng: Rng) -> tuple[tuple[int, ...], ...]:
    """The heights of a solid that no view shows whole, and the rests together do.

    The number of its cubes, the height of the column that is asked for and the fullest row are aimed at, each equally likely.
    Raises :class:`Rejected` where nothing fits among what is drawn.
    """
    number = rng.steady("number").choice(likely_numbers(columns * rows))
    height = rng.steady("height").integer(0, tallest - 1)
    fullest = rng.steady("fullest").integer(0, rows - 1)
    # empty cells are half as likely as each height
    octets = np.frombuffer(rng.octets(DRAWN * rows * columns), np.uint8).reshape(DRAWN, rows, columns)
    solids = np.minimum((octets.astype(int) * (2 * tallest + 1) // 256 + 1) // 2, tallest)
    sums = solids.sum(axis=2)
    fits = (sums.sum(axis=1) == number) & (solids[:, asked[1], asked[0]] == height) & (sums.argmax(axis=1) == fullest)
    fits &= (sums == sums.max(axis=1, keepdims=True)).sum(axis=1) == 1
    fits &= (solids.max(axis=(1, 2)) == tallest) & (sums[:, 0] > 0) & (sums[:, -1] > 0)
    fits &= (solids[:, :, 0].sum(axis=1) > 0) & (solids[:, :, -1].sum(axis=1) > 0)
    level = LOOKED_AT * tallest
    rests = np.array([way.eye(azimuth, level) for azimuth in way.azimuths])
    around = np.array([way.eye(2 * math.pi * k / AROUND, level) for k in range(AROUND)])
    for heights in solids[fits][:TRIED]:
        shares = seen_shares(heights, rests)
        if (shares.max(axis=0) < SEEN).any() or (shares.min(axis=(1, 2)) > HIDDEN).any():
            continue
        if shares[0, asked[1], asked[0]] > HIDDEN and shares[-1, asked[1], asked[0]] > HIDDEN:
            continue
        if (seen_shares(heights, around).min(axis=(1, 2)) <= HIDDEN).all():
            return tuple(tuple(row) for row in heights.tolist())
    raise Rejected("no solid that has to be seen from all round")


def seen_shares(heights: Array, eyes: Array) -> Array:
    """(views, rows, columns): the share of each column's upper square that is seen from each eye (views, 3).

    Lines of sight are met with the columns as boxes, all at once.
    """
    rows, columns = heights.shape
    y, x = np.mgrid[0:rows, 0:columns].reshape(2, -1)
    middle = np.stack([x - (columns - 1) / 2, y - (rows - 1) / 2], axis=1)
    tops = heights.reshape(-1).astype(float)
    points = np.concatenate(
        [
            (middle[:, None] + _DOTS).reshape(-1, 2),
            np.repeat(tops, len(_DOTS))[:, None] + 1e-3,
        ],
        axis=1,
    )
    low = np.concatenate([middle - 0.5, np.full((len(middle), 1), -1.0)], axis=1)
    high = np.concatenate([middle + 0.5, tops[:, None]], axis=1)
    shares = []
    for eye in eyes:
        along = eye - points
        along = np.where(np.abs(along) < 1e-9, 1e-9, along)[:, None]
        near, far = (low - points[:, None]) / along, (high - points[:, None]) / along
        first = np.minimum(near, far).max(axis=2)
        last = np.maximum(near, far).min(axis=2)
        free = ~((last > np.maximum(first, 0.0)) & (last > 1e-6)).any(axis=1)
        shares.append(free.reshape(len(tops), -1).mean(axis=1))
    return np.array(shares).reshape(len(eyes), rows, columns)
