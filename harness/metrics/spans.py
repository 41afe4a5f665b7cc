"""Spans of time ``[start, end]`` in seconds."""

from collections.abc import Iterable, Sequence

from harness.metrics.registry import metric

Span = Sequence[float]
_TALL = "TALL, Gao et al. 2017 (arXiv 1705.02101)"


def common(wanted: Span, said: Span) -> float:
    """Seconds that two spans share."""
    return max(0.0, min(wanted[1], said[1]) - max(wanted[0], said[0]))


@metric("tiou", "an answer", _TALL, formats=("span",))
def tiou(wanted: Span, said: Span) -> float:
    """Intersection over union of two spans; 1 if they are equal, also where they have no length."""
    if list(wanted) == list(said):
        return 1.0
    shared = common(wanted, said)
    union = (wanted[1] - wanted[0]) + (said[1] - said[0]) - shared
    return shared / union if union > 0 else 0.0


@metric("tiop", "an answer", "NExT-GQA, Xiao et al. 2024 (arXiv 2309.01327)")
def tiop(wanted: Span, said: Span) -> float:
    """Intersection over the span that was said: 1 for every span inside the wanted one."""
    length = said[1] - said[0]
    if length <= 0:
        return float(wanted[0] <= said[0] <= wanted[1])
    return common(wanted, said) / length


def joined(spans: Iterable[Span]) -> list[tuple[float, float]]:
    """The union of spans as spans that do not touch, in order."""
    found: list[tuple[float, float]] = []
    for start, end in sorted((float(span[0]), float(span[1])) for span in spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def seconds(spans: Iterable[Span]) -> float:
    """The length of the union of spans."""
    return sum(end - start for start, end in joined(spans))


@metric("union_tiou", "an answer", "intersection over union of two unions of spans")
def union_tiou(wanted: Iterable[Span], said: Iterable[Span]) -> float:
    """Intersection over union of two unions of spans (evidence in several places); both empty: 1."""
    one, two = joined(wanted), joined(said)
    shared = sum(common(a, b) for a in one for b in two)
    union = seconds(one) + seconds(two) - shared
    if union <= 0:
        return float(one == two)
    return shared / union


@metric("mean_iou", "spans", _TALL)
def mean_iou(overlaps: Sequence[float]) -> float:
    """The mean of overlaps (mIoU)."""
    return sum(overlaps) / len(overlaps)


@metric("recall_at", "spans", _TALL)
def recall_at(overlaps: Sequence[float], threshold: float) -> float:
    """R@1 at IoU = threshold: share of the overlaps that are at least the threshold."""
    return sum(overlap >= threshold - 1e-12 for overlap in overlaps) / len(overlaps)
