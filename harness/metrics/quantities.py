"""Numbers: within a tolerance, and how near."""

from bisect import bisect_left

from harness.metrics.registry import metric
from morse.schema import Number

CONFIDENCES = (0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95)


@metric("within", "an answer", "SIRI-Bench, Song et al. 2025 (arXiv 2506.14512)")
def within(format: Number, answer: float, said: float) -> bool:
    """Whether a number is within the larger of the absolute and the relative tolerance; where the question asks for a
    number of decimals, within half a unit of the last one."""
    rounding = 0.5 * 10.0**-format.decimals if format.decimals is not None else 0.0
    tolerance = max(format.absolute, format.relative * abs(answer), rounding)
    return abs(said - answer) <= tolerance + 1e-9 * max(1.0, abs(answer))


@metric("mean_relative_accuracy", "an answer", "VSI-Bench, Yang et al. 2025 (arXiv 2412.14171)", formats=("number",))
def mean_relative_accuracy(answer: float, said: float) -> float:
    """Share of the ten thresholds θ = .50, .55 … .95 with a relative error under 1 − θ."""
    if answer == 0:
        return float(said == 0)
    error = abs(said - answer) / abs(answer)
    return bisect_left(CONFIDENCES, 1 - error - 1e-12) / len(CONFIDENCES)
