"""``morse plan``: how many clips a comparison takes, or what a number of clips can find.

n = (z₁₋α⁄₂ + z_power)² · Var(d) / δ² independent questions for a difference δ (Miller, arXiv 2411.00640, eq. 9); k questions of a
clip count as k / (1 + (k − 1) · ICC) of them (Kish).
"""

import math
from collections.abc import Hashable, Sequence
from statistics import NormalDist

from harness.runs import MEASURES, Run
from morse.errors import BadInput
from morse.schema import Record


class Assumed(Record):
    """What a plan rests on."""

    variance: float
    """Variance of one question's difference between two models (paired), or of one score times two (unpaired)."""
    icc: float
    """Correlation of that between two questions of one clip."""
    questions_per_clip: float
    paired: bool
    alpha: float
    """Two-sided level of one comparison, after Bonferroni's correction for ``comparisons``."""
    comparisons: int
    power: float


class SampleSize(Record):
    """The result of ``morse plan``."""

    points: float
    """The difference in percentage points that is found with the wanted power."""
    independent_questions: float
    questions: int
    clips: int
    """For each model; unpaired, each model gets as many of its own."""
    assumed: Assumed


def assume(
    *,
    accuracy: float,
    correlation: float,
    icc: float,
    questions_per_clip: float,
    unpaired: bool,
    alpha: float,
    power: float,
    models: int,
) -> Assumed:
    """Assumptions from figures as a recipe states them: Var(d) = 2 p (1 − p) (1 − ρ), with ρ = 0 for unpaired sets.

    For the fewest questions all pairs of ``models`` are thought to be compared, at α divided by their number: Holm's rule is never
    stricter.
    """
    comparisons = models * (models - 1) // 2
    rho = 0.0 if unpaired else correlation
    return Assumed(
        variance=2 * accuracy * (1 - accuracy) * (1 - rho),
        icc=icc,
        questions_per_clip=questions_per_clip,
        paired=not unpaired,
        alpha=alpha / comparisons,
        comparisons=comparisons,
        power=power,
    )


def from_pilot(first: Run, second: Run, like: Assumed) -> Assumed:
    """The variance, the correlation within clips and the questions per clip that two pilot runs on one set really have."""
    of = MEASURES["accuracy"]
    one, other = first.tries(of), second.tries(of)
    common = [question_id for question_id in one if question_id in other]
    clip = first.questions
    if len({clip[question_id].clip_id for question_id in common}) < 10:
        raise BadInput(
            f"pilot runs {first.name!r} and {second.name!r} have {len(common)} questions in common, of fewer than 10 clips"
        )
    clips = [clip[question_id].clip_id for question_id in common]
    x = [sum(one[i]) / len(one[i]) for i in common]
    y = [sum(other[i]) / len(other[i]) for i in common]
    per_clip = len(common) / len(set(clips))
    if like.paired:
        apart = [a - b for a, b in zip(x, y, strict=True)]
        variance, icc = _variance(apart), intraclass(apart, clips)
    else:
        variance = _variance(x) + _variance(y)
        icc = (
            (intraclass(x, clips) * _variance(x) + intraclass(y, clips) * _variance(y)) / variance if variance else 0.0
        )
    if variance == 0:
        raise BadInput(
            f"pilot runs {first.name!r} and {second.name!r} say the same of every question: nothing to plan by"
        )
    return like.model_copy(update={"variance": variance, "icc": icc, "questions_per_clip": per_clip})


def needed(points: float, assumed: Assumed) -> SampleSize:
    """The fewest clips that find a difference of ``points``."""
    questions = _z(assumed) ** 2 * assumed.variance / (points / 100) ** 2
    clips = max(2, math.ceil(questions / _worth(assumed) - 1e-9))
    return _size(points, questions, clips, assumed)


def found_by(clips: int, assumed: Assumed) -> SampleSize:
    """What ``clips`` clips find."""
    questions = clips * _worth(assumed)
    points = 100 * _z(assumed) * math.sqrt(assumed.variance / questions)
    return _size(points, questions, clips, assumed)


def intraclass(values: Sequence[float], clusters: Sequence[Hashable]) -> float:
    """The intra-class correlation by analysis of variance, for clusters of any sizes (Donner 1986); cut to [0, 1]."""
    members: dict[Hashable, list[float]] = {}
    for value, cluster in zip(values, clusters, strict=True):
        members.setdefault(cluster, []).append(value)
    n, groups = len(values), len(members)
    if groups < 2 or n == groups:
        return 0.0
    mean = math.fsum(values) / n
    means = {cluster: math.fsum(own) / len(own) for cluster, own in members.items()}
    between = math.fsum(len(own) * (means[c] - mean) ** 2 for c, own in members.items()) / (groups - 1)
    within = math.fsum((value - means[c]) ** 2 for c, own in members.items() for value in own) / (n - groups)
    size = (n - sum(len(own) ** 2 for own in members.values()) / n) / (groups - 1)
    total = between + (size - 1) * within
    return min(1.0, max(0.0, (between - within) / total)) if total > 0 else 0.0


def _variance(values: Sequence[float]) -> float:
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _z(assumed: Assumed) -> float:
    normal = NormalDist()
    return normal.inv_cdf(1 - assumed.alpha / 2) + normal.inv_cdf(assumed.power)


def _worth(assumed: Assumed) -> float:
    """How many independent questions a clip's questions count as."""
    k = assumed.questions_per_clip
    return k / (1 + (k - 1) * assumed.icc)


def _size(points: float, questions: float, clips: int, assumed: Assumed) -> SampleSize:
    asked = math.ceil(clips * assumed.questions_per_clip - 1e-9)
    return SampleSize(points=points, independent_questions=questions, questions=asked, clips=clips, assumed=assumed)


def print_plan(size: SampleSize) -> None:
    """The plan in a few lines, with a table of what other numbers of clips find."""
    from rich.console import Console
    from rich.table import Table

    console, assumed = Console(), size.assumed
    kind = "the same questions" if assumed.paired else "fresh sets of one recipe"
    console.print(
        f"[bold]{size.clips} clips[/] ({size.questions} questions)"
        + ("" if assumed.paired else " for each model")
        + f" find a difference of [bold]{size.points:.1f} points[/] between two models on {kind}, "
        f"{100 * assumed.power:g} times in 100."
    )
    console.print(
        f"Worth {size.independent_questions:.0f} independent questions; {assumed.questions_per_clip:.3g} a clip at a correlation "
        f"of {assumed.icc:.2f} within clips; variance of a {'difference' if assumed.paired else 'pair'} {assumed.variance:.3f}; "
        f"two-sided {100 * assumed.alpha:.3g} %"
        + (f" (shared by {assumed.comparisons} comparisons)" if assumed.comparisons > 1 else "")
        + ".",
        style="dim",
    )
    table = Table(box=None, pad_edge=False, header_style="dim")
    for head in ("clips", "questions", "finds"):
        table.add_column(head, justify="right")
    for factor in (0.25, 0.5, 1, 2, 4):
        other = found_by(max(2, round(size.clips * factor)), assumed)
        table.add_row(
            str(other.clips), str(other.questions), f"{other.points:.1f} points", style="bold" if factor == 1 else None
        )
    console.print(table)
