"""Chains: what, when and where of one thing, judged together (V-STaR, Cheng et al. 2025, arXiv 2503.11495)."""

import math
from collections.abc import Sequence

from harness.metrics.registry import metric

_VSTAR = "V-STaR, Cheng et al. 2025 (arXiv 2503.11495)"
CAP = 1 - 1e-6
"""The most that a part counts in LGM, where 1 would be worth infinity."""


@metric("am", "the parts of a chain", _VSTAR)
def am(accuracy: float, mean_tiou: float, mean_viou: float) -> float:
    """The arithmetic mean of accuracy, mean tIoU and mean vIoU."""
    return (accuracy + mean_tiou + mean_viou) / 3


@metric("lgm", "the parts of a chain", _VSTAR, high=-math.log(1 - CAP))
def lgm(accuracy: float, mean_tiou: float, mean_viou: float) -> float:
    """Logarithmic geometric mean: −⅓ Σ ln(1 − x) over accuracy, mean tIoU and mean vIoU; each x is capped below 1."""
    return -math.fsum(math.log(1 - min(part, CAP)) for part in (accuracy, mean_tiou, mean_viou)) / 3


@metric("mean_over_chains", "the two orders of a chain", _VSTAR, high=math.inf)
def mean_over_chains(figures: Sequence[float]) -> float:
    """mAM or mLGM: the mean over what→when→where and what→where→when."""
    return math.fsum(figures) / len(figures)


@metric("joint", "chains", _VSTAR)
def joint(chains: Sequence[tuple[bool, float, float]], least_tiou: float = 0.3, least_viou: float = 0.1) -> float:
    """Share of chains (answer right, tIoU, vIoU) in which all three are right: the answer, and both overlaps large enough."""
    return sum(right and t >= least_tiou and v >= least_viou for right, t, v in chains) / len(chains)
