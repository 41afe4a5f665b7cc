"""Plans: how near those that reach their goal are to the shortest."""

from collections.abc import Iterable, Sequence

from harness.metrics.registry import metric


@metric(
    "spl",
    "an answer",
    "success weighted by path length, Anderson et al. 2018, On Evaluation of Embodied Navigation Agents (arXiv 1807.06757)",
    formats=("plan",),
)
def spl(shortest: Sequence[object], said: Sequence[object], reached: bool) -> float:
    """Length of the shortest plan over that of the plan given, 0 for one that fails or does not reach the goal."""
    if not reached:
        return 0.0
    return len(shortest) / max(len(shortest), len(said)) if said else 1.0


@metric(
    "optimality",
    "plans that reach their goal",
    "VideoReasonBench, Liu et al. 2025 (arXiv 2505.23359), accepts any such plan",
)
def optimality(ratios: Iterable[float]) -> float | None:
    """Mean length of the shortest plan over that of the plan given, over the plans that reach their goal (none: ``None``)."""
    reached = list(ratios)
    return sum(reached) / len(reached) if reached else None
