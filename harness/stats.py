"""Means with standard errors that respect clips: the questions of one clip stand or fall together.

Formulas as in Miller, "Adding error bars to evals" (arXiv 2411.00640). What a score needs is here in plain Python, so that
scoring starts fast; what takes numpy and scipy is in :mod:`harness.comparison`, :mod:`harness.bootstrap` and
:mod:`harness.curves`.
"""

import math
from collections.abc import Hashable, Sequence
from statistics import NormalDist
from typing import Literal

from morse.schema import Record


class Estimate(Record):
    """A mean over questions with its 95 % interval."""

    mean: float
    error: float | None
    """Standard error, clustered by clip; unknown from one clip alone."""
    low: float
    high: float
    questions: int
    clips: int


class Curve(Record):
    """A difficulty curve, as :mod:`harness.curves` fits it."""

    threshold: float | None
    """The level at which half of what is above chance is left; ``None`` where it lies outside the levels tried."""
    low: float | None
    """Lower end of its interval; ``None``: below the levels tried."""
    high: float | None
    """Upper end of its interval; ``None``: above the levels tried."""
    width: float
    lapse: float
    chance: float
    """Mean chance of the questions."""
    design_effect: float
    """How many questions of a clip count as one independent one, on the average."""
    rises: float | None
    """p-value of "accuracy never rises with the level": small where some higher level is easier. ``None``: one level only."""
    falls: float | None
    """p-value of "accuracy does not fall with the level": small where the level makes it harder."""
    questions: int
    clips: int
    levels: tuple[int, ...]


def threshold_text(curve: Curve | None) -> str:
    """``4.2 (3.8 to 4.7)``; ``–`` without a curve; ``> 10`` or ``< 1`` where the threshold lies outside the levels tried."""
    if curve is None:
        return "–"
    low = f"{curve.low:.1f}" if curve.low is not None else f"<{curve.levels[0]}"
    high = f"{curve.high:.1f}" if curve.high is not None else f">{curve.levels[-1]}"
    if curve.threshold is not None:
        return f"{curve.threshold:.1f} ({low} to {high})"
    return f"<{curve.levels[0]}" if curve.low is None else f">{curve.levels[-1]}"


def clustered_error(
    values: Sequence[float],
    clusters: Sequence[Hashable],
    *,
    correction: Literal["clusters", "items", "none"] = "clusters",
) -> float:
    """The standard error of the mean of values that are drawn in clusters.

    With d the residuals, the variance is Σ over clusters (Σ of the cluster's d)² / n², which is too small by what estimating
    the mean takes. ``"clusters"`` multiplies it by G/(G − 1) for G clusters, as inspect_ai does: with one value a cluster this is
    the usual standard error of a mean. ``"items"`` multiplies only the part of the items themselves, Σ d² / n², by n/(n − 1),
    as lmms-eval does. ``"none"`` is Miller's equation 4 as it stands. Not a number for fewer than two clusters.
    """
    n = len(values)
    if n == 0:
        return math.nan
    mean = math.fsum(values) / n
    residuals: dict[Hashable, float] = {}
    for value, cluster in zip(values, clusters, strict=True):
        residuals[cluster] = residuals.get(cluster, 0.0) + (value - mean)
    if len(residuals) < 2:
        return math.nan
    variance = math.fsum(total * total for total in residuals.values()) / n**2
    if correction == "clusters":
        variance *= len(residuals) / (len(residuals) - 1)
    elif correction == "items":
        variance += math.fsum((value - mean) ** 2 for value in values) / n**2 / (n - 1)
    return math.sqrt(variance)


def estimate(values: Sequence[float], clusters: Sequence[Hashable], confidence: float = 0.95) -> Estimate | None:
    """The mean with its clustered standard error and interval; ``None`` without values.

    For values of 0 and 1 the interval is Wilson's at the effective sample size p(1 − p)/SE² (at most n; the number of clips
    where all values are equal), with Student's t at G − 1 degrees of freedom: it stays inside [0, 1] and keeps a width
    at 0 % and 100 %. For graded values it is mean ± t·SE, cut at the ends of the scale, and Wilson's for as many trials as
    there are clips where no clip differs from another. With one clip it is [0, 1].
    """
    n = len(values)
    if n == 0:
        return None
    mean = math.fsum(values) / n
    clips = len(set(clusters))
    if clips < 2:
        return Estimate(mean=mean, error=None, low=0.0, high=1.0, questions=n, clips=clips)
    error = clustered_error(values, clusters)
    t = t_quantile(0.5 + confidence / 2, clips - 1)
    if all(value in (0, 1) for value in values):
        spread = mean * (1 - mean)
        effective = clips if spread == 0 else min(float(n), spread / error**2 if error > 0 else float(n))
        low, high = wilson(mean, effective, t)
    elif error == 0:
        low, high = wilson(mean, clips, t)
    else:
        low, high = max(0.0, mean - t * error), min(1.0, mean + t * error)
    return Estimate(mean=mean, error=error, low=low, high=high, questions=n, clips=clips)


def wilson(share: float, trials: float, z: float) -> tuple[float, float]:
    """Wilson's score interval for a share of trials (Wilson 1927)."""
    centre = share + z * z / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    low, high = (centre - half) / scale, (centre + half) / scale
    return (0.0 if share == 0 else max(0.0, low)), (1.0 if share == 1 else min(1.0, high))


def macro_mean(parts: Sequence[Estimate]) -> Estimate | None:
    """The mean of independent groups' means, each group counting alike.

    Its interval is put together from the groups' own (MOVER: Zou, Huang and Zhang 2009, "A note on confidence interval
    estimation for a linear function of binomial proportions"): each limit lies √Σ (mean − limit)² / k away, over the groups' means
    and limits. So it keeps a width where every group is at 0 % or 100 %, as theirs do.
    """
    if not parts:
        return None
    k = len(parts)
    mean = math.fsum(part.mean for part in parts) / k
    errors = [part.error for part in parts if part.error is not None]
    return Estimate(
        mean=mean,
        error=math.sqrt(math.fsum(error**2 for error in errors)) / k if len(errors) == k else None,
        low=max(0.0, mean - math.sqrt(math.fsum((part.mean - part.low) ** 2 for part in parts)) / k),
        high=min(1.0, mean + math.sqrt(math.fsum((part.high - part.mean) ** 2 for part in parts)) / k),
        questions=sum(part.questions for part in parts),
        clips=sum(part.clips for part in parts),
    )


def pass_at_k(tries: int, right: int, k: int) -> float:
    """The chance that at least one of ``k`` tries is right, unbiased, from ``right`` of ``tries`` independent ones.

    1 − C(tries − right, k) / C(tries, k): Chen et al., "Evaluating large language models trained on code" (arXiv 2107.03374),
    eq. 1. Raises :class:`ValueError` for more tries than there were.
    """
    if not 1 <= k <= tries or not 0 <= right <= tries:
        raise ValueError(f"no pass@{k} from {right} right of {tries} tries")
    return 1.0 - math.comb(tries - right, k) / math.comb(tries, k)


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values (Holm 1979): comparing each with α keeps the chance of any false alarm at α."""
    adjusted = [0.0] * len(p_values)
    worst = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        worst = max(worst, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = worst
    return adjusted


def t_quantile(probability: float, freedom: int) -> float:
    """The quantile of Student's t distribution, for probabilities over one half (Hill 1970, Algorithm 396, refined by
    Newton steps on the exact distribution)."""
    if freedom < 1 or not 0.5 <= probability < 1:
        raise ValueError(f"no t quantile at {probability} with {freedom} degrees of freedom")
    if probability == 0.5:
        return 0.0
    t = NormalDist().inv_cdf(probability)
    if freedom > 100_000:
        return t
    t *= 1 + (t * t + 1) / (4 * freedom) if freedom > 2 else 3.0
    for _ in range(60):
        step = (_t_distribution(t, freedom) - probability) / _t_density(t, freedom)
        step = max(-0.5 * (t + 1), min(0.5 * (t + 1), step))
        t -= step
        if abs(step) < 1e-12 * (1 + abs(t)):
            break
    return t


def _t_density(t: float, freedom: int) -> float:
    log = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - 0.5 * math.log(freedom * math.pi)
    return math.exp(log - (freedom + 1) / 2 * math.log1p(t * t / freedom))


def _t_distribution(t: float, freedom: int) -> float:
    """Student's distribution function by its finite series (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    angle = math.atan2(t, math.sqrt(freedom))
    cosine, sine = math.cos(angle), math.sin(angle)
    if freedom > 2000:
        return _t_by_simpson(t, freedom)
    term, total = (cosine, 0.0) if freedom % 2 else (1.0, 0.0)
    if freedom % 2:
        k = 1
        if freedom > 1:
            total = term
            for k in range(3, freedom - 1, 2):
                term *= cosine * cosine * (k - 1) / k
                total += term
        return 0.5 + (angle + (sine * total if freedom > 1 else 0.0)) / math.pi
    total = term
    for k in range(2, freedom - 1, 2):
        term *= cosine * cosine * (k - 1) / k
        total += term
    return 0.5 + sine * total / 2


def _t_by_simpson(t: float, freedom: int, pieces: int = 400) -> float:
    width = t / pieces
    heights = [_t_density(i * width, freedom) for i in range(pieces + 1)]
    odd, even = math.fsum(heights[1:-1:2]), math.fsum(heights[2:-1:2])
    return 0.5 + width / 3 * (heights[0] + heights[-1] + 4 * odd + 2 * even)
