"""Intervals by resampling clips, for figures that have no formula: a clip is drawn with all its questions or not at all.

A statistic is a function of weights: how often each clip was drawn. So all replicates are worked out at once.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from morse.seeding import Key, Rng

Array = np.ndarray
REPLICATES = 2000
MOST_WEIGHTS = 1 << 22
"""Weights that are held in memory at once."""


@dataclass(frozen=True)
class Resampled:
    """A figure's spread over replicates: its standard error and its percentile interval, in the figure's own shape."""

    error: Array
    low: Array
    high: Array


def stream(purpose: str) -> Rng:
    """The fixed random stream of an analysis: the same data always give the same interval."""
    return Rng(Key("statistics", 1, 1, "test", "analysis", 0), purpose)


def uniforms(rng: Rng, *shape: int) -> Array:
    """Uniform draws strictly between 0 and 1."""
    count = int(np.prod(shape))
    return ((np.frombuffer(rng.octets(4 * count), "<u4") + 0.5) / 2**32).reshape(shape)


def clip_weights(clips: int, replicates: int, rng: Rng) -> Array:
    """How often each clip is drawn in each replicate, (replicates, clips): as many draws as there are clips."""
    drawn = (uniforms(rng, replicates, clips) * clips).astype(np.int64)
    rows = np.arange(replicates)[:, None] * clips
    return np.bincount((drawn + rows).ravel(), minlength=replicates * clips).reshape(replicates, clips).astype(float)


def bootstrap(
    statistic: Callable[[Array], Array],
    clips: int,
    rng: Rng | None = None,
    *,
    replicates: int = REPLICATES,
    confidence: float = 0.95,
) -> Resampled:
    """The spread of a statistic of weights (replicates, clips) → (replicates, …) when clips are drawn anew.

    Replicates in which the statistic is not a number (a group without clips) are left out.
    """
    rng, rows = rng or stream("bootstrap"), max(1, MOST_WEIGHTS // max(1, clips))
    sizes = [min(rows, replicates - done) for done in range(0, replicates, rows)]
    figures = np.concatenate([statistic(clip_weights(clips, size, rng)) for size in sizes])
    tail = (1 - confidence) / 2
    low, high = np.nanquantile(figures, [tail, 1 - tail], axis=0)
    return Resampled(np.nanstd(figures, axis=0, ddof=1), low, high)


def difference_of(
    first: tuple[Sequence[float], Sequence[Hashable]], second: tuple[Sequence[float], Sequence[Hashable]]
) -> tuple[Callable[[Array], Array], int]:
    """The difference of two means as a statistic of clip weights, and the number of clips.

    Clips of both sets are drawn together; a clip that both have brings both models' answers along. With sets that share no clip
    each set's part varies as it would alone, but for the number of its clips, which a mean does not depend on.
    """
    number = {clip: i for i, clip in enumerate(dict.fromkeys([*first[1], *second[1]]))}
    parts = []
    for values, clusters in (first, second):
        where = np.array([number[clip] for clip in clusters])
        sums = np.bincount(where, weights=np.asarray(values, float), minlength=len(number))
        parts.append((sums, np.bincount(where, minlength=len(number)).astype(float)))
    (a, n), (b, m) = parts

    def statistic(weights: Array) -> Array:
        with np.errstate(invalid="ignore"):
            return (weights @ a) / (weights @ n) - (weights @ b) / (weights @ m)

    return statistic, len(number)


def mean_of(values: Sequence[float], clusters: Sequence[Hashable]) -> tuple[Callable[[Array], Array], int]:
    """The mean of values as a statistic of clip weights, and the number of clips."""
    number = {cluster: i for i, cluster in enumerate(dict.fromkeys(clusters))}
    where = np.array([number[cluster] for cluster in clusters])
    sums = np.bincount(where, weights=np.asarray(values, float))
    counts = np.bincount(where).astype(float)
    return lambda weights: (weights @ sums) / (weights @ counts), len(number)
