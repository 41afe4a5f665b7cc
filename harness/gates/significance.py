"""The tests behind the gates: each returns how surprising the figures are for a sound task."""

from collections.abc import Hashable, Sequence

import numpy as np
from scipy import stats


def above_chance(scores: Sequence[float], chances: Sequence[float], clips: Sequence[Hashable]) -> float:
    """One-sided p-value for "the mean score is not above the mean chance", with questions clustered in clips.

    The larger of two: Student's t over the clips' summed differences (scatter about 0, the value under the hypothesis),
    and the binomial tail, which is exact where successes are few.
    """
    scored, expected = np.asarray(scores, float), np.asarray(chances, float)
    clusters = np.unique(np.asarray([str(clip) for clip in clips]), return_inverse=True)[1]
    sums = np.bincount(clusters, weights=scored - expected)
    spread = float(np.sqrt((sums**2).sum()))
    total = float(sums.sum())
    if total <= 0 or spread == 0:
        return 1.0
    by_clip = float(stats.t.sf(total / spread, max(1, len(sums) - 1)))
    hits = int(np.floor(scored.sum() + 1e-9))
    exact = float(stats.binom.sf(hits - 1, len(scored), float(expected.mean())))
    return max(by_clip, exact)


def evenness(counts: np.ndarray, picks: Sequence[int]) -> tuple[float, int]:
    """χ² and degrees of freedom for "every position is right equally often".

    ``counts``: how often each of k positions was right; ``picks``: how many positions are right in each item. With one
    right position an item this is Pearson's χ²; with s of them each item has variance s(k−s)/k² a position and covariance
    −s(k−s)/k²(k−1), from which the factor (k−1)/k.
    """
    k = len(counts)
    size = np.asarray(picks, float)
    variance = float((size * (k - size)).sum()) / k**2
    if variance == 0:
        return 0.0, 0
    expected = float(size.sum()) / k
    return float(((counts - expected) ** 2).sum() / variance * (k - 1) / k), k - 1


def order_evenness(orders: Sequence[Sequence[int] | np.ndarray]) -> tuple[float, int]:
    """χ² and degrees of freedom for "every element stands at every place equally often" in permutations of 1 … n.

    Rows and columns of the n × n table of counts are both fixed, which leaves (n−1)² degrees and the factor (n−1)/n.
    """
    n = len(orders[0])
    table = np.zeros((n, n))
    for order in orders:
        table[np.arange(n), np.asarray(order) - 1] += 1
    expected = len(orders) / n
    return float(((table - expected) ** 2).sum() / expected * (n - 1) / n), (n - 1) ** 2


def effect(chi2: float, degrees: int, items: int) -> float:
    """Cramér's V of a goodness-of-fit χ², corrected for its bias (what chance alone adds is taken off)."""
    if degrees == 0 or items == 0:
        return 0.0
    return float(np.sqrt(max(0.0, chi2 - degrees) / (items * degrees)))


def chance_of_effect(limit: float, degrees: int, items: int) -> float:
    """How often V exceeds ``limit`` by chance where all is even: tells whether V may decide at this number of items."""
    return float(stats.chi2.sf(degrees + items * degrees * limit**2, degrees))
