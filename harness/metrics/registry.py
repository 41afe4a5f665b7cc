"""Where metrics are registered by name, each with its range, what it averages, and its source."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


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


def registered(format_type: str) -> tuple[str, ...]:
    """The names of the metrics of one answer of a format, among the families that have been imported."""
    return tuple(name for name, entry in METRICS.items() if format_type in entry.formats)
