"""Two rods that cool alike but for their diffusivity: the heat equation by its Fourier series."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from generators.mathematical._experiment_graphs import Array, Graph, Lineup, line_up
from morse.errors import Rejected
from morse.seeding import Rng

LENGTH = 12
"""Units that a rod is long."""
SETTLED = tuple(range(30, 71, 5))
"""Temperatures in the end that are asked for."""
RATIOS = ("4", "2", "1/2", "1/4")
"""How many times as large the other rod's diffusivity is."""
LONG = 5
"""How many times as long a rod cools in a graph that is wrong."""
PLACES = (3, 6, 9)
GRAPHED = np.linspace(0.0, LENGTH, 49)
"""Where a drawn graph has its values."""
APART = 11.0
"""Degrees by which two graphs differ somewhere, at least."""
TERMS = np.arange(1, 121)


@dataclass(frozen=True)
class Block:
    """A part of a rod that has one temperature at first."""

    start: int
    end: int
    degrees: int


@dataclass(frozen=True)
class Rods:
    """``blocks``: the temperatures at first, of both. ``ends``: the temperatures at which the ends are held, or ``None`` if no heat
    passes through them. ``diffusivity``: of the rod that is asked about, in square units a second, and ``ratio``: the other's
    by it. ``place``, ``settled``: where the temperature in the end is asked for, and what it is."""

    blocks: tuple[Block, ...]
    ends: tuple[int, int] | None
    diffusivity: float
    ratio: str
    lasts: float
    place: int
    settled: int
    lineup: Lineup
    others: tuple[tuple[Block, ...], ...]

    @property
    def faster(self) -> float:
        """The other rod's diffusivity."""
        top, _, bottom = self.ratio.partition("/")
        return self.diffusivity * int(top) / int(bottom or 1)


def cooled(blocks: Sequence[Block], ends: tuple[int, int] | None, spread: float, x: Array) -> Array:
    """Temperatures when diffusivity times time is ``spread``; at 0 the blocks themselves."""
    edges = np.array([block.start for block in blocks[1:]])
    degrees = np.array([block.degrees for block in blocks], dtype=float)
    if spread <= 0:
        return degrees[np.searchsorted(edges, x, side="right")]
    wave = TERMS * np.pi / LENGTH
    bounds = np.array([[block.start, block.end] for block in blocks], dtype=float)
    fading = np.exp(-spread * wave**2) * 2 / (TERMS * np.pi)
    if ends is None:
        shares = np.diff(np.sin(np.outer(bounds.ravel(), wave)).reshape(len(blocks), 2, -1), axis=1)[:, 0]
        mean = float(degrees @ (bounds[:, 1] - bounds[:, 0])) / LENGTH
        return mean + np.cos(np.outer(x, wave)) @ (degrees @ shares * fading)
    shares = -np.diff(np.cos(np.outer(bounds.ravel(), wave)).reshape(len(blocks), 2, -1), axis=1)[:, 0]
    line = ends[0] - ends[1] * (-1.0) ** TERMS
    still = ends[0] + (ends[1] - ends[0]) * x / LENGTH
    return still + np.sin(np.outer(x, wave)) @ ((degrees @ shares - line) * fading)


def draw_rods(others: int, aim: Rng, rng: Rng) -> Rods:
    """Rods that come to a wanted temperature, one cooling faster by a wanted ratio. Raises :class:`Rejected` where none is found."""
    settled, ratio, place = aim.choice(SETTLED), aim.choice(RATIOS), rng.choice(PLACES)
    lasts = float(rng.choice((5, 6, 7)))
    for _ in range(300):
        held = rng.chance(0.5)
        ends = _ends(settled, place, rng) if held else None
        blocks = _blocks(None if held else settled, rng)
        if blocks is None:
            continue
        spread = rng.uniform(0.022, 0.036) * LENGTH**2
        other = None if held else (blocks[0].degrees, blocks[-1].degrees)
        wrong = [drawn(blocks, at, times * spread) for at, times in ((ends, LONG), (other, 2), (other, LONG))]
        try:
            lineup = line_up(drawn(blocks, ends, 2 * spread), wrong, APART, aim.fork("place"), rng)
        except Rejected:
            continue
        grey = tuple(_any_blocks(rng) for _ in range(others))
        return Rods(blocks, ends, spread / lasts, ratio, lasts, place, settled, lineup, grey)
    raise Rejected("no rods as wanted")


def drawn(blocks: Sequence[Block], ends: tuple[int, int] | None, spread: float) -> Graph:
    """A graph of the temperatures, to a hundredth."""
    return tuple(np.round(cooled(blocks, ends, spread, GRAPHED), 2).tolist())


def _ends(settled: int, place: int, rng: Rng) -> tuple[int, int]:
    """Temperatures of the ends between which the straight line has the wanted value at a place."""
    return rng.choice([
        (a, b)
        for a, b in product(range(0, 101, 10), repeat=2)
        if a * (LENGTH - place) + b * place == settled * LENGTH and a != b
    ])  # fmt: skip


def _any_blocks(rng: Rng) -> tuple[Block, ...]:
    edges = [0, *sorted(rng.sample(range(2, LENGTH - 1), rng.integer(1, 3))), LENGTH]
    heat = [10 * rng.integer(0, 10)]
    for _ in edges[2:]:
        heat.append(rng.choice([t for t in range(0, 101, 10) if abs(t - heat[-1]) >= 30]))
    return tuple(Block(a, b, t) for (a, b), t in zip(pairwise(edges), heat, strict=True))


def _blocks(mean: int | None, rng: Rng) -> tuple[Block, ...] | None:
    """Blocks that are at least two units long, of a wanted mean; ``None`` where the draw has none."""
    blocks = _any_blocks(rng)
    if any(block.end - block.start < 2 for block in blocks):
        return None
    if mean is None:
        return blocks
    *before, last = blocks
    rest = mean * LENGTH - sum(block.degrees * (block.end - block.start) for block in before)
    degrees, left = divmod(rest, last.end - last.start)
    if left or degrees % 10 or not 0 <= degrees <= 100 or abs(degrees - before[-1].degrees) < 30:
        return None
    return (*before, Block(last.start, last.end, degrees))
