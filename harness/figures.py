"""What a report says in one figure, and what figures are made of."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from harness.metrics import METRICS
from harness.scoring import Score
from morse.schema import PrivateAnswer, PublicQuestion, Record


class Figure(Record):
    """One figure of a report."""

    name: str
    value: float
    over: str
    """What it averages."""
    count: int
    """How many of these there are."""
    low: float | None
    high: float | None
    """The metric's range; ``None``: no lower or upper end."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with its answer, the response and what that is worth."""

    question: PublicQuestion
    private: PrivateAnswer
    score: Score
    response: str


def figure(name: str, value: float | None, over: str, count: int, metric: str | None = None) -> Iterator[Figure]:
    """The figure of a name, with the range of its metric; nothing where there is no value."""
    if value is not None and count:
        entry = METRICS[metric or name]
        low, high = (end if math.isfinite(end) else None for end in (entry.low, entry.high))
        yield Figure(name=name, value=value, over=over, count=count, low=low, high=high)
