"""Placing a model with few clips: each next clip is made at the level from which most is to be learned.

The Ψ-marginal method (Kontsevich and Tyler 1999; Prins 2013), which is QUEST+ (Watson 2017) for one dimension: a posterior over
threshold and width of the difficulty curve (:mod:`harness.curves`), and the next level is the one whose answer is expected
to leave the least entropy in what is known of the threshold. Clips can be made at any level at any time, so nothing limits the order::

    placement = Placement(highest=30, chance=0.25)
    while not placement.done(width=1.0):
        level = placement.next_level()
        ...                                   # make clips at this level, ask the model
        placement.observe(level, right=3, asked=4)

(The published QUEST+ packages bring pandas and xarray along for these few lines.)
"""

from dataclasses import dataclass, field

import numpy as np

from harness.curves import Grid, quantiles
from morse.errors import BadInput
from morse.schema import Record

Array = np.ndarray
WIDTHS = (0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.6)


class Standing(Record):
    """What is known of a model's threshold after some answers."""

    threshold: float
    low: float
    high: float
    width: float
    """Posterior mean width of the curve, in levels."""
    asked: int
    levels: dict[int, int]
    """How many questions were asked at each level."""


@dataclass
class Placement:
    """The posterior of one model in one category, and the choice of the next level."""

    highest: int = 10
    """The highest level that may be asked; thresholds up to two levels beyond it and below level 1 are thought possible."""
    chance: float = 0.25
    lapse: float = 0.0
    icc: float = 0.3
    """Correlation between the scores of two questions of one clip: k questions asked at once count as k / (1 + (k − 1) · icc)."""
    confidence: float = 0.95
    _grid: Grid = field(init=False, repr=False)
    _weight: Array = field(init=False, repr=False)
    _asked: dict[int, int] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        if self.highest < 2:
            raise BadInput(f"an adaptive placement needs at least levels 1 and 2, not only {self.highest}")
        if not 0 <= self.chance < 1 or not 0 <= self.lapse < 1 - self.chance:
            raise BadInput(f"no curve has a chance of {self.chance:g} and a lapse rate of {self.lapse:g}")
        if not 0 <= self.icc <= 1:
            raise BadInput(f"an intra-clip correlation is between 0 and 1, not {self.icc:g}")
        step = max(0.05, self.highest / 400)
        self._grid = Grid.over(-1.0, self.highest + 2.0, step=step, widths=WIDTHS, lapses=(self.lapse,))
        self._weight = np.full(len(self._grid.thresholds), 1 / len(self._grid.thresholds))
        self._right = np.stack([self._grid.right(level, self.chance) for level in range(1, self.highest + 1)])
        self._right = self._right.clip(1e-6, 1 - 1e-6)

    def next_level(self) -> int:
        """The level at which one more answer is expected to leave the threshold's posterior the least entropy; ties to the lower one."""
        shape = self._grid.shape
        at_hit = (self._right * self._weight).reshape(-1, *shape).sum(axis=(2, 3))
        at_miss = self._grid.marginal(self._weight) - at_hit
        hit = at_hit.sum(axis=1)
        left = hit * _entropy(at_hit / hit[:, None]) + (1 - hit) * _entropy(at_miss / (1 - hit)[:, None])
        return int(np.argmax(left < left.min() + 1e-12)) + 1

    def observe(self, level: int, right: float, asked: int = 1) -> None:
        """Take in the answers to the questions of one clip: ``right`` (in values from 0 to 1) of ``asked``."""
        if not 1 <= level <= self.highest:
            raise BadInput(f"level {level} is not between 1 and {self.highest}")
        if asked < 1 or not 0 <= right <= asked:
            raise BadInput(f"{right:g} right of {asked} questions cannot be")
        p = self._right[level - 1]
        worth = 1 / (1 + (asked - 1) * self.icc)
        log = np.log(self._weight, where=self._weight > 0, out=np.full_like(self._weight, -np.inf))
        log += worth * (right * np.log(p) + (asked - right) * np.log1p(-p))
        self._weight = np.exp(log - log.max())
        self._weight /= self._weight.sum()
        self._asked[level] = self._asked.get(level, 0) + asked

    def standing(self) -> Standing:
        """The threshold's median with its interval."""
        tail = (1 - self.confidence) / 2
        low, middle, high = quantiles(self._grid.axis, self._grid.marginal(self._weight), [tail, 0.5, 1 - tail])
        return Standing(
            threshold=round(float(middle), 3),
            low=round(float(low), 3),
            high=round(float(high), 3),
            width=round(float(np.exp(self._weight @ np.log(self._grid.widths))), 3),
            asked=sum(self._asked.values()),
            levels=dict(sorted(self._asked.items())),
        )

    def done(self, width: float, *, most: int | None = None) -> bool:
        """Whether the interval is at most ``width`` levels wide, or ``most`` questions have been asked."""
        found = self.standing()
        return found.high - found.low <= width or (most is not None and found.asked >= most)


def _entropy(mass: Array) -> Array:
    """The entropy of each row, in nats."""
    held = np.maximum(mass, 1e-300)
    return -(held * np.log(held)).sum(axis=1)


def information_bound(
    width: float, *, curve_width: float, chance: float, lapse: float = 0.0, confidence: float = 0.95
) -> float:
    """The fewest questions with which any procedure reaches an interval of ``width`` levels, even one that knows the curve's width.

    By Cramér and Rao: (2z / width)² divided by the largest Fisher information that one question can have on the threshold,
    p′² / (p (1 − p)), over all levels, whole or not.
    """
    from statistics import NormalDist

    share = np.linspace(1e-4, 1 - 1e-4, 20_001)
    rest = 1 - chance - lapse
    p = chance + rest * share
    best = float(((rest * share * (1 - share) / curve_width) ** 2 / (p * (1 - p))).max())
    return (2 * NormalDist().inv_cdf(0.5 + confidence / 2) / width) ** 2 / best
