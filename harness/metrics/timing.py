"""When an answer comes: one question put at several times of a clip (OVO-Bench, Li et al. 2025, arXiv 2501.05510)."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.metrics.registry import metric

_SOURCE = "OVO-Bench, Li et al. 2025 (arXiv 2501.05510)"


@dataclass(frozen=True, slots=True)
class Probe:
    """One time at which a question was put. ``attempted``: the model gave an answer and did not say that it must wait."""

    time: float
    attempted: bool
    correct: bool


@metric("latency", "a question", _SOURCE, high=float("inf"))
def latency(probes: Sequence[Probe], ready: float) -> float | None:
    """Seconds from when the evidence is complete to the first probe that is answered rightly; ``None`` if none is.

    Right answers before the evidence is complete are luck and do not count."""
    times = [probe.time - ready for probe in probes if probe.correct and probe.time >= ready - 1e-9]
    return max(0.0, min(times)) if times else None


@metric("too_early", "probes before the evidence is complete", _SOURCE)
def too_early(questions: Sequence[tuple[Sequence[Probe], float]]) -> float | None:
    """Share of the probes before the evidence is complete (probes, when it is) that were answered; ``None`` without such."""
    early = [probe.attempted for probes, ready in questions for probe in probes if probe.time < ready - 1e-9]
    return sum(early) / len(early) if early else None


@metric("mean_of_modes", "modes", _SOURCE)
def mean_of_modes(modes: Sequence[Sequence[float]]) -> float:
    """The mean of the modes' means: backward tracing, real time, forward. ``modes``: a list of task accuracies each."""
    return sum(sum(tasks) / len(tasks) for tasks in modes) / len(modes)
