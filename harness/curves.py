"""The difficulty curve: how the share of right answers falls with the level, and the level that a model reaches.

P(right | level) = g + (1 − g − l) / (1 + exp((level − θ) / w)): chance g is known of every question and fixed; θ, the
**threshold**, is the level at which half of what is above chance is left; w is the width (in levels, the curve falls from
three quarters to a quarter of its height over 2.2 w); l is the share of lapses on easy questions, 0 unless it is asked for.

θ and w are found over a grid with flat priors on θ and log w. A curve that never reaches half its height over the levels
tried gives an open interval, not a wild number. Questions of one clip count as the independent ones that they are worth: the
likelihood is divided by the design effect, the clips' summed scores for θ squared over the squared scores of the questions.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from harness.bootstrap import stream, uniforms
from harness.stats import Curve

Array = np.ndarray
LAPSES = (0.0, 0.02, 0.05, 0.1, 0.15)
FEWEST = 20
"""Questions that a curve takes at least."""


@dataclass(frozen=True)
class Grid:
    """The thresholds, widths and lapses that are tried, as flat arrays of all combinations."""

    thresholds: Array
    widths: Array
    lapses: Array
    shape: tuple[int, int, int]

    @classmethod
    def over(
        cls,
        low: float,
        high: float,
        *,
        step: float = 0.05,
        widths: Sequence[float] | None = None,
        lapses: Sequence[float] = (0.0,),
    ) -> "Grid":
        """Thresholds from ``low`` to ``high`` levels; widths from a fifth of a level to the range, evenly in their logarithm."""
        tried = np.asarray(widths) if widths is not None else np.geomspace(0.2, max(1.0, high - low), 25)
        theta = np.linspace(low, high, max(2, round((high - low) / step) + 1))
        t, w, l = np.meshgrid(theta, tried, np.asarray(lapses), indexing="ij")
        return cls(t.ravel(), w.ravel(), l.ravel(), (len(theta), len(tried), len(lapses)))

    def right(self, level: float, chance: float | Array) -> Array:
        """P(right) at a level under every combination."""
        return chance + (1 - chance - self.lapses) * falling((level - self.thresholds) / self.widths)

    @property
    def axis(self) -> Array:
        """The thresholds, each once."""
        return self.thresholds.reshape(self.shape)[:, 0, 0]

    def marginal(self, weight: Array) -> Array:
        """A posterior over the thresholds alone."""
        return weight.reshape(self.shape).sum(axis=(1, 2))


def falling(x: Array | float) -> Array:
    """1 / (1 + exp(x)), without overflow."""
    return 0.5 * (1 - np.tanh(np.asarray(x) / 2))


def posterior(log_likelihood: Array) -> Array:
    """The weights under a flat prior."""
    weight = np.exp(log_likelihood - log_likelihood.max())
    return weight / weight.sum()


def quantiles(axis: Array, mass: Array, wanted: Sequence[float]) -> Array:
    """Quantiles of a distribution over a grid, each point's mass spread evenly over its cell."""
    step = axis[1] - axis[0]
    edges = np.concatenate([[axis[0] - step / 2], axis + step / 2])
    return np.interp(wanted, np.concatenate([[0.0], np.cumsum(mass)]), edges)


def fit(
    levels: Sequence[int],
    right: Sequence[float],
    chances: Sequence[float | None],
    clips: Sequence[Hashable],
    *,
    lapse: bool = False,
    confidence: float = 0.95,
) -> Curve | None:
    """The curve of some questions, or ``None`` for fewer than 20 or all at one level.

    ``right`` are values in [0, 1]; a question without a known chance counts as one that cannot be guessed.
    """
    level, value = np.asarray(levels, float), np.asarray(right, float)
    chance = np.clip([0.0 if c is None else c for c in chances], 0.0, 0.99)
    tried = np.unique(level)
    if len(level) < FEWEST or len(tried) < 2:
        return None
    reach = max(1.0, tried[-1] - tried[0])
    step = max(0.02, reach / 200)
    grid = Grid.over(tried[0] - reach / 2, tried[-1] + reach / 2, step=step, lapses=LAPSES if lapse else (0.0,))
    cells, where = np.unique(np.stack([level, chance]), axis=1, return_inverse=True)
    where = where.ravel()
    asked, hits = np.bincount(where), np.bincount(where, weights=value)
    log = np.zeros(len(grid.thresholds))
    for (at, guess), n, k in zip(cells.T, asked, hits, strict=True):
        p = np.clip(grid.right(at, guess), 1e-9, 1 - 1e-9)
        log += k * np.log(p) + (n - k) * np.log1p(-p)
    number = {clip: i for i, clip in enumerate(dict.fromkeys(clips))}
    clip = np.array([number[c] for c in clips])
    best = int(np.argmax(log))
    effect = _design_effect(grid, best, level, value, chance, clip)
    weight = posterior(log / effect)
    mass = grid.marginal(weight)
    tail = (1 - confidence) / 2
    low, middle, high = quantiles(grid.axis, mass, [tail, 0.5, 1 - tail])
    first, last = float(tried[0]), float(tried[-1])
    rises, falls = monotone(level, value, clip, effect)
    return Curve(
        threshold=_within(middle, first, last),
        low=None if low < first else round(float(low), 3),
        high=None if high > last else round(float(high), 3),
        width=round(float(np.exp(weight @ np.log(grid.widths))), 3),
        lapse=round(float(weight @ grid.lapses), 3),
        chance=round(float(chance.mean()), 6),
        design_effect=round(effect, 3),
        rises=rises,
        falls=falls,
        questions=len(level),
        clips=len(number),
        levels=tuple(int(at) for at in tried),
    )


def expected(curve: Curve, level: float) -> float | None:
    """P(right) at a level by a fitted curve; ``None`` where its threshold lies outside the levels tried."""
    if curve.threshold is None:
        return None
    rest = 1 - curve.chance - curve.lapse
    return curve.chance + rest * float(falling((level - curve.threshold) / curve.width))


def _within(level: float, first: float, last: float) -> float | None:
    return round(float(level), 3) if first <= level <= last else None


def _design_effect(grid: Grid, best: int, level: Array, value: Array, chance: Array, clip: Array) -> float:
    """Squared sums by clip of the questions' scores for θ over their squares, at least 1."""
    shape = falling((level - grid.thresholds[best]) / grid.widths[best])
    rest = 1 - chance - grid.lapses[best]
    p = np.clip(chance + rest * shape, 1e-6, 1 - 1e-6)
    score = (value - p) / (p * (1 - p)) * rest * shape * (1 - shape)
    items = float((score**2).sum())
    together = float((np.bincount(clip, weights=score) ** 2).sum())
    groups = int(clip.max()) + 1
    if items <= 0 or groups < 3:
        return max(1.0, len(level) / groups)
    return max(1.0, together / items * groups / (groups - 2))


# ── monotonicity ────────────────────────────────────────────────────────────────────────────────────────────────────


def monotone(
    level: Array, value: Array, clip: Array, effect: float, draws: int = 4000
) -> tuple[float | None, float | None]:
    """p-values of "accuracy never rises with the level" and of "accuracy does not fall".

    Each is a likelihood-ratio test of ordered means against unordered ones: the squared distance of the levels' means from
    their closest falling (rising) sequence, in standard errors, beside what it is for equal means, the hardest case (Robertson,
    Wright and Dykstra 1988, ch. 2; the null distribution is drawn).
    """
    tried, where = np.unique(level, return_inverse=True)
    if len(tried) < 2:
        return None, None
    asked = np.bincount(where).astype(float)
    means = np.bincount(where, weights=value) / asked
    share = (np.bincount(where, weights=value) + 0.5) / (asked + 1)
    precision = asked / (share * (1 - share) * effect)
    from scipy.special import ndtri

    drawn = ndtri(uniforms(stream("monotone"), draws, len(tried))) / np.sqrt(precision)
    against_rise = _distance(means[None, :], precision)[0]
    against_fall = _distance(-means[None, :], precision)[0]
    null = _distance(drawn, precision)
    # "does not fall" is rejected for means far from every rising sequence; both null distributions are the same.
    return _tail(null, against_rise), _tail(null, against_fall)


def _tail(null: Array, seen: float) -> float:
    return 1.0 if seen <= 1e-12 else float((1 + (null >= seen - 1e-12).sum()) / (1 + len(null)))


def _distance(means: Array, precision: Array) -> Array:
    """Σ precision · (mean − closest falling sequence)² for rows of means, by the max–min formula of isotonic regression."""
    count = means.shape[1]
    total = np.concatenate([np.zeros((len(means), 1)), np.cumsum(means * precision, axis=1)], axis=1)
    mass = np.concatenate([[0.0], np.cumsum(precision)])
    closest = np.full_like(means, math.inf)
    for start in range(count):
        averages = (total[:, start + 1 :] - total[:, [start]]) / (mass[start + 1 :] - mass[start])
        largest = np.maximum.accumulate(averages[:, ::-1], axis=1)[:, ::-1]  # over all ends from here on
        closest[:, start:] = np.minimum(closest[:, start:], largest)
    return ((means - closest) ** 2 * precision).sum(axis=1)
