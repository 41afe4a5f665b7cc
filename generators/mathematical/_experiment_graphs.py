"""Fields: rectangles of the canvas with an x and a y axis, and lists of graphs of which one is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from morse.errors import Rejected
from morse.seeding import Rng

Array = np.ndarray
Graph = tuple[float, ...]
"""The values of a graph, at places that its experiment says."""


@dataclass(frozen=True)
class Field:
    """Where a field lies (left, bottom, width and height in canvas units), and the values at the ends of its axes."""

    left: float
    bottom: float
    wide: float
    high: float
    x: tuple[float, float]
    y: tuple[float, float]

    def across(self, x: Array | float) -> Array:
        """From a value of x to the canvas."""
        return self.left + (np.asarray(x, dtype=float) - self.x[0]) / (self.x[1] - self.x[0]) * self.wide

    def up(self, y: Array | float) -> Array:
        """From a value of y to the canvas."""
        return self.bottom + (np.asarray(y, dtype=float) - self.y[0]) / (self.y[1] - self.y[0]) * self.high

    def points(self, x: Array | Sequence[float], y: Array | Sequence[float]) -> Array:
        """(n, 2): points of a graph on the canvas."""
        return np.stack([self.across(np.asarray(x)), self.up(np.asarray(y))], axis=1)

    @property
    def middle(self) -> tuple[float, float]:
        return self.left + self.wide / 2, self.bottom + self.high / 2


@dataclass(frozen=True)
class Lineup:
    """Four graphs, and which of them (from 0) is right."""

    graphs: tuple[Graph, ...]
    right: int


def line_up(right: Graph, wrong: Sequence[Graph], apart: float, aim: Rng, rng: Rng) -> Lineup:
    """The right graph among near misses, at a place from ``aim``.

    Raises :class:`Rejected` where two are nowhere further ``apart`` than so: an eye would take them for the same.
    """
    if any(np.abs(np.subtract(one, other)).max() < apart for one, other in combinations([right, *wrong], 2)):
        raise Rejected("graphs that look alike")
    place = aim.integer(0, len(wrong))
    graphs = rng.shuffled(wrong)
    return Lineup((*graphs[:place], right, *graphs[place:]), place)
