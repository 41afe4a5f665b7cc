"""Metrics by name. A file is a family; a metric is a pure function, registered with its range, what it averages, and its source.

Metrics of one answer take what was wanted and what was said; metrics of a set take the values of many. Which metrics a
question has follows from its answer format (:func:`of_format`). Nothing here asks a model. The families are imported when
they are asked for; those of arrays need numpy, and no answer format has one of their metrics.
"""

from functools import cache
from importlib import import_module

from harness.metrics.registry import METRICS, Metric, metric, registered
from morse.errors import BadInput, did_you_mean

__all__ = ["FAMILIES", "METRICS", "OF_ARRAYS", "Metric", "find", "load", "metric", "of_format", "registered"]

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
    return registered(format_type)
