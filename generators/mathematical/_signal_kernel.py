"""A kernel that slides over a signal: both are staircases of whole heights, so that the convolution is known exactly."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generators.mathematical._experiment_graphs import Array, Lineup, line_up
from morse.errors import Rejected
from morse.seeding import Rng

WIDE, TALL, TOP = 3, 5, 3
"""How many units a kernel is wide; how high the signal and the kernel are at most."""
VALUES = tuple(range(8, 24))
"""The values of the convolution that are asked for."""
APART = 5.0
"""How far two graphs of the convolution are apart somewhere, at least."""


@dataclass(frozen=True)
class Sliding:
    """``cells``: the signal's heights from 0 to 1, from 1 to 2 …; ``kernel``: the kernel's heights as it is before it is turned round.

    Asked for are the values at two places, with the kernel as it is (``at``) and turned back (``turned``: place, value).
    """

    cells: tuple[int, ...]
    kernel: tuple[int, ...]
    at: int
    peak: int
    turned: tuple[int, int]
    lineup: Lineup
    others: tuple[tuple[int, ...], ...]

    @property
    def end(self) -> int:
        """Where the kernel has left the signal."""
        return len(self.cells) + WIDE

    @property
    def values(self) -> tuple[int, ...]:
        """The convolution at 0, 1, 2 …; between them it goes in straight lines."""
        return convolved(self.cells, self.kernel)


def convolved(cells: Sequence[int], kernel: Sequence[int]) -> tuple[int, ...]:
    """∫ f(s) g(t − s) ds for whole t, where f has the heights ``cells`` and g the heights ``kernel``."""
    return tuple(
        sum(g * cells[t - 1 - j] for j, g in enumerate(kernel) if 0 <= t - 1 - j < len(cells))
        for t in range(len(cells) + len(kernel) + 1)
    )


def peaks(length: int) -> range:
    """Where the convolution may be the largest: wherever all of the kernel lies over the signal."""
    return range(WIDE, length + 1)


def draw_sliding(length: int, others: int, aim: Rng, rng: Rng) -> Sliding:
    """A signal and a kernel with wanted values and a wanted place of the largest. Raises :class:`Rejected` where none is found."""
    peak, value, turned = aim.choice(peaks(length)), aim.choice(VALUES), aim.choice(VALUES)
    for _ in range(1500):
        cells, kernel = any_steps(length, TALL, rng), tuple(rng.integer(1, TOP) for _ in range(WIDE))
        first = convolved(cells, kernel)
        turn = first.index(max(first)) - peak
        cells = cells[turn:] + cells[:turn]  # the highest place comes where it is wanted
        values, back = convolved(cells, kernel), convolved(cells, kernel[::-1])
        if kernel[0] == kernel[-1] or sum(v >= values[peak] - 1 for v in values) > 1:
            continue
        full = peaks(length)
        places = [t for t in full if values[t] == value]
        turns = [t for t in full if back[t] == turned != values[t]]
        if not (places and turns):
            continue
        i = rng.integer(1, length - 3)
        other = (*cells[:i], cells[i + 1], cells[i], *cells[i + 2 :])
        wrong = (back, convolved(other, kernel), convolved(other, kernel[::-1]))
        try:
            lineup = line_up(values, wrong, APART, aim.fork("place"), rng)
        except Rejected:
            continue
        grey = tuple(any_steps(length, TALL, rng) for _ in range(others))
        return Sliding(cells, kernel, rng.choice(places), peak, (rng.choice(turns), turned), lineup, grey)
    raise Rejected("no signal as wanted")


def any_steps(length: int, top: int, rng: Rng) -> tuple[int, ...]:
    """Whole heights at random, each another than the one before."""
    steps = [rng.integer(0, top)]
    while len(steps) < length:
        steps.append(rng.choice([height for height in range(top + 1) if height != steps[-1]]))
    return tuple(steps)


def between(values: Sequence[float], t: Array) -> Array:
    """A graph at any places, from its values at 0, 1, 2 …"""
    return np.interp(t, np.arange(len(values)), values)
