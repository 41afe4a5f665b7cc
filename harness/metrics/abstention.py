"""Answering and leaving it: correct, incorrect, not attempted (SimpleQA, Wei et al. 2024; Video SimpleQA, Cao et al. 2025)."""

from collections.abc import Iterable
from typing import Literal

from harness.metrics.registry import metric

Verdict = Literal["correct", "incorrect", "not attempted"]
_SOURCE = "Video SimpleQA, Cao et al. 2025 (arXiv 2503.18923)"


@metric("co", "questions", _SOURCE)
def correct_overall(verdicts: Iterable[Verdict]) -> float:
    """CO = correct / all."""
    given = list(verdicts)
    return given.count("correct") / len(given)


@metric("cga", "questions that were attempted", _SOURCE)
def correct_given_attempted(verdicts: Iterable[Verdict]) -> float:
    """CGA = correct / (correct + incorrect); 0 where nothing was attempted."""
    given = list(verdicts)
    attempted = len(given) - given.count("not attempted")
    return given.count("correct") / attempted if attempted else 0.0


@metric("abstention_f", "questions", _SOURCE)
def f_score(verdicts: Iterable[Verdict]) -> float:
    """F = 2 · CGA · CO / (CGA + CO)."""
    given = list(verdicts)
    cga, co = correct_given_attempted(given), correct_overall(given)
    return 2 * cga * co / (cga + co) if cga + co else 0.0
