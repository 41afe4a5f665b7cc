"""How far apart two sets of scores are: paired on the same questions, or unpaired over fresh sets of one recipe.

Formulas as in Miller, "Adding error bars to evals" (arXiv 2411.00640), with the clip as the cluster throughout.
"""

import math
from collections.abc import Hashable, Sequence
from statistics import NormalDist

from harness.stats import clustered_error, t_quantile, wilson
from morse.schema import Record

Cluster = Hashable


class Difference(Record):
    """A difference of two means, first minus second, with its interval and p-value (two-sided, before any correction)."""

    mean: float
    error: float | None
    low: float
    high: float
    p: float
    questions: int
    """Questions that both answered, or of both sets together where the sets are different."""
    clips: int
    detectable: float | None
    """The difference that a comparison as large as this one finds four times in five, at the two-sided level 5 %."""


def paired(
    first: Sequence[float], second: Sequence[float], clips: Sequence[Cluster], confidence: float = 0.95
) -> Difference | None:
    """The difference of two scores of the same questions: the mean of the questions' differences, clustered by clip.

    Student's t with G − 1 degrees of freedom for G clips. Where all questions differ alike (two models that say the same),
    the interval is what so many clips leave open by Wilson's bound. ``None`` without questions.
    """
    n = len(first)
    if n == 0:
        return None
    apart = [a - b for a, b in zip(first, second, strict=True)]
    mean = math.fsum(apart) / n
    groups = len(set(clips))
    if groups < 2:
        return Difference(mean=mean, error=None, low=-1.0, high=1.0, p=1.0, questions=n, clips=groups, detectable=None)
    error = clustered_error(apart, clips)
    return _judged(mean, error, groups - 1, groups, n, confidence)


def unpaired(
    first: Sequence[float],
    first_clips: Sequence[Cluster],
    second: Sequence[float],
    second_clips: Sequence[Cluster],
    *,
    first_strata: Sequence[Hashable] | None = None,
    second_strata: Sequence[Hashable] | None = None,
    confidence: float = 0.95,
) -> Difference | None:
    """The difference of the means of two different sets, with Welch's degrees of freedom.

    ``strata`` (the task and level of each question): what the recipe fixes is no error, so that only the spread of clips within
    a task and level counts. ``None`` if one set is empty.
    """
    if not first or not second:
        return None
    mean = math.fsum(first) / len(first) - math.fsum(second) / len(second)
    one, freedom_one = stratified_error(first, first_clips, first_strata)
    other, freedom_other = stratified_error(second, second_clips, second_strata)
    n, groups = len(first) + len(second), len(set(first_clips)) + len(set(second_clips))
    if math.isnan(one) or math.isnan(other):
        return Difference(mean=mean, error=None, low=-1.0, high=1.0, p=1.0, questions=n, clips=groups, detectable=None)
    variance = one**2 + other**2
    if variance > 0:
        freedom = max(1, math.floor(variance**2 / (one**4 / freedom_one + other**4 / freedom_other)))
    else:
        freedom = min(freedom_one, freedom_other)
    return _judged(mean, math.sqrt(variance), freedom, groups, n, confidence)


def stratified_error(
    values: Sequence[float], clips: Sequence[Cluster], strata: Sequence[Hashable] | None = None
) -> tuple[float, int]:
    """The standard error of a mean of clips that were drawn within strata, and its degrees of freedom.

    Σ over strata of G/(G − 1) · Σ over its clips (Σ of the clip's residuals from the stratum's mean)² / n². Strata of one clip
    are put together.
    """
    labels: Sequence[Hashable] = strata if strata is not None else [0] * len(values)
    members: dict[Hashable, set[Cluster]] = {}
    for label, clip in zip(labels, clips, strict=True):
        members.setdefault(label, set()).add(clip)
    small = {label for label, own in members.items() if len(own) < 2}
    if len(small) == 1 and len(members) > 1:  # the one clip of a lone small stratum joins another stratum
        small.add(next(label for label in members if label not in small))
    grouped: dict[Hashable, tuple[list[float], list[Cluster]]] = {}
    for value, label, clip in zip(values, labels, clips, strict=True):
        own, at = grouped.setdefault(("small",) if label in small else ("stratum", label), ([], []))
        own.append(value)
        at.append(clip)
    variance, freedom = 0.0, 0
    for own, at in grouped.values():
        variance += (clustered_error(own, at) * len(own)) ** 2
        freedom += len(set(at)) - 1
    return math.sqrt(variance) / len(values), freedom


def _judged(mean: float, error: float, freedom: int, clips: int, n: int, confidence: float) -> Difference:
    from scipy import stats

    t = t_quantile(0.5 + confidence / 2, freedom)
    if error > 0:
        low, high = mean - t * error, mean + t * error
        p = 2 * float(stats.t.sf(abs(mean) / error, freedom))
        detectable = (t_quantile(0.975, freedom) + NormalDist().inv_cdf(0.8)) * error
    else:
        open_share = wilson(0.0, freedom + 1, t)[1]
        low, high = mean - open_share * (1 + mean), mean + open_share * (1 - mean)
        p = 1.0 if mean == 0 else min(1.0, 2 * 0.5 ** (freedom + 1))  # the sign test: all clips on one side
        detectable = None
    return Difference(
        mean=mean,
        error=error,
        low=max(-1.0, low),
        high=min(1.0, high),
        p=p,
        questions=n,
        clips=clips,
        detectable=detectable,
    )
