"""Metrics by name. A file is a family; a metric is a pure function, registered with its range, what it averages, and its source.

Metrics of one answer take what was wanted and what was said; metrics of a set take the values of many. Which metrics a
question has follows from its answer format (:func:`of_format`). Nothing here asks a model. The families are imported when
they are asked for; those of arrays need numpy, and no answer format has one of their metrics.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

from morse.errors import BadInput, did_you_mean

F = TypeVar("F", bound=Callable[..., Any])

FAMILIES = (
    "abstention",
    "boxes",
    "chains",
    "choices",
    "groups",
    "orders",
    "pixels",
    "plans",
    "quantities",
    "reasoning",
    "sets",
    "spans",
    "steps",
    "text",
    "timing",
)
OF_ARRAYS = ("masks", "tracks")


@dataclass(frozen=True, slots=True)
class Metric:
    """A registered metric."""

    name: str
    function: Callable[..., Any]
    over: str
    """What one figure of it is taken over: "an answer", "questions", "positions of all orders" …"""
    low: float
    high: float
    source: str
    formats: tuple[str, ...] = ()
    """The answer formats whose questions have it, for metrics of one answer."""

    @property
    def about(self) -> str:
        """What it is, in its function's own words."""
        return " ".join((self.function.__doc__ or "").split())


METRICS: dict[str, Metric] = {}


def metric(
    name: str, over: str, source: str, *, low: float = 0.0, high: float = 1.0, formats: tuple[str, ...] = ()
) -> Callable[[F], F]:
    """Register a function as the metric of a name."""

    def add(function: F) -> F:
        if name in METRICS and METRICS[name].function.__module__ != function.__module__:
            raise ValueError(f"two metrics are called {name!r}")
        METRICS[name] = Metric(name, function, over, low, high, source, formats)
        return function

    return add


def load() -> dict[str, Metric]:
    """All metrics, of every family."""
    for family in (*FAMILIES, *OF_ARRAYS):
        import_module(f"{__name__}.{family}")
    return METRICS


def find(name: str) -> Metric:
    """The metric of a name. Raises :class:`BadInput` if there is none."""
    found = METRICS.get(name) or load().get(name)
    if found is None:
        raise BadInput(f"no metric {name!r}{did_you_mean(name, METRICS)}: there are {', '.join(sorted(METRICS))}")
    return found


@cache
def of_format(format_type: str) -> tuple[str, ...]:
    """The names of the metrics that one answer of a format has, beside right and wrong."""
    for family in FAMILIES:
        import_module(f"{__name__}.{family}")
    return tuple(name for name, entry in METRICS.items() if format_type in entry.formats)
