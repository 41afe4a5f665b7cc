"""Sums of a few sines, each with a whole number of waves in a span, and their spectra."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from generators.mathematical._experiment_graphs import Array, Graph, Lineup, line_up
from morse.seeding import Rng

SPAN = 6
"""Units of x in which each sine has a whole number of waves."""
WAVES = tuple(range(1, 9))
"""How many that may be."""
BINS = 8
"""The spectrum is drawn for 1 … so many waves in a span."""
STRENGTHS = ((3, 1), (2, 1), (1, 2), (1, 3))
STRENGTHS_OF_THREE = (*STRENGTHS, (3, 2), (2, 3))
"""Amplitudes of the slowest and the fastest of two, and of three sines."""


@dataclass(frozen=True)
class Tones:
    """``sines``: waves in a span, amplitude and phase of each, slowest first. ``kept``: whether the strongest sine is the one
    that would be left by the filter (else the weakest)."""

    sines: tuple[tuple[int, int, float], ...]
    spans: int
    kept_strongest: bool
    lineup: Lineup
    others: tuple[tuple[tuple[int, int, float], ...], ...]

    @property
    def kept(self) -> int:
        """Waves in a span of the sine that would be left."""
        by_strength = sorted(self.sines, key=lambda sine: sine[1])
        return by_strength[-1 if self.kept_strongest else 0][0]

    @property
    def end(self) -> int:
        return SPAN * self.spans


def summed(sines: Sequence[tuple[int, int, float]], x: Array) -> Array:
    """The sum of the sines at some places."""
    return sum((a * np.sin(2 * np.pi * k * x / SPAN + phase) for k, a, phase in sines), start=np.zeros_like(x))


def spectrum(amplitudes: dict[int, int]) -> Graph:
    """Amplitudes for 1 … :data:`BINS` waves in a span."""
    return tuple(float(amplitudes.get(k, 0)) for k in range(1, BINS + 1))


def draw_tones(count: int, spans: int, others: int, aim: Rng, rng: Rng) -> Tones:
    """Two or three sines, no two of them neighbours; the waves of the one that would be left come from ``aim``."""
    kept, strongest = aim.choice(WAVES), rng.chance(0.5)
    chosen = rng.choice([pick for pick in picks(count) if kept in pick])
    amplitudes = _amplitudes(chosen, kept, strongest, rng)
    moved = _moved(amplitudes, rng)
    wrong = [spectrum(one) for one in (_swapped(amplitudes), moved, _swapped(moved))]
    lineup = line_up(spectrum(amplitudes), wrong, 0.9, aim, rng)
    sines = tuple((k, amplitudes[k], rng.uniform(0.0, 2 * np.pi)) for k in chosen)
    grey = tuple(
        tuple((k, rng.integer(1, 2), rng.uniform(0.0, 2 * np.pi)) for k in rng.choice(picks(2))) for _ in range(others)
    )
    return Tones(sines, spans, strongest, lineup, grey)


def picks(count: int) -> list[tuple[int, ...]]:
    """Numbers of waves that sines may have together: no two are neighbours."""
    return [pick for pick in combinations(WAVES, count) if all(b - a >= 2 for a, b in pairwise(pick))]


def _amplitudes(chosen: Sequence[int], kept: int, strongest: bool, rng: Rng) -> dict[int, int]:
    """An amplitude for each, the one that is kept being the strongest or the weakest."""
    most = rng.choice((2, 3)) if len(chosen) == 2 else 3
    rest = rng.shuffled([k for k in chosen if k != kept])
    order = [*rest, kept] if strongest else [kept, *rest]
    levels = (1, most) if len(chosen) == 2 else (1, 2, 3)
    return dict(zip(order, levels, strict=True))


def _swapped(amplitudes: dict[int, int]) -> dict[int, int]:
    """The slowest and the fastest sine have each other's amplitude."""
    low, high = min(amplitudes), max(amplitudes)
    return amplitudes | {low: amplitudes[high], high: amplitudes[low]}


def _moved(amplitudes: dict[int, int], rng: Rng) -> dict[int, int]:
    """The slowest or the fastest sine is a little faster or slower; these sines too could be those of a signal."""
    ways = [(wave, wave + by) for wave in (min(amplitudes), max(amplitudes)) for by in (-1, 1)]
    moved = [{to if k == wave else k: a for k, a in amplitudes.items()} for wave, to in ways]
    return rng.choice([one for one in moved if tuple(sorted(one)) in picks(len(amplitudes))])
