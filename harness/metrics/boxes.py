"""Boxes by second: ``{second: [left, top, right, bottom]}`` in fractions of the frame."""

import math
from collections.abc import Mapping, Sequence

from harness.metrics.registry import metric

Box = Sequence[float]
_VSTAR = "V-STaR, Cheng et al. 2025 (arXiv 2503.11495)"


def box_iou(wanted: Box, said: Box) -> float:
    """Intersection over union of two boxes; 0 where the union has no area."""
    left, top, right, bottom = wanted
    other_left, other_top, other_right, other_bottom = said
    width = (right if right < other_right else other_right) - (left if left > other_left else other_left)
    height = (bottom if bottom < other_bottom else other_bottom) - (top if top > other_top else other_top)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    union = (right - left) * (bottom - top) + (other_right - other_left) * (other_bottom - other_top) - shared
    return shared / union if union > 0 else 0.0


@metric("viou", "an answer", "VidSTG, Zhang et al. 2020 (arXiv 2001.06891)", formats=("boxes",))
def viou(wanted: Mapping[str, Box], said: Mapping[str, Box]) -> float:
    """The boxes' IoU summed over the seconds that both name, divided by the seconds that either names."""
    if wanted.keys() == said.keys() and all(list(box) == list(said[key]) for key, box in wanted.items()):
        return 1.0
    overlaps = [box_iou(box, said[key]) for key, box in wanted.items() if key in said]
    return math.fsum(overlaps) / (len(wanted) + len(said) - len(overlaps))


def reference_ious(wanted: Mapping[str, Box], said: Mapping[str, Box]) -> list[float]:
    """The IoU in each second that the reference names; 0 where no box was said. Boxes in other seconds cost nothing."""
    return [box_iou(wanted[key], said[key]) if key in said else 0.0 for key in wanted]


@metric("reference_viou", "an answer", _VSTAR)
def reference_viou(wanted: Mapping[str, Box], said: Mapping[str, Box]) -> float:
    """The mean IoU over the seconds that the reference names: V-STaR's vIoU, which asks for boxes at those seconds."""
    overlaps = reference_ious(wanted, said)
    return math.fsum(overlaps) / len(overlaps)


@metric("ap", "an answer", _VSTAR)
def ap(wanted: Mapping[str, Box], said: Mapping[str, Box], threshold: float) -> float:
    """V-STaR's AP at a threshold: share of the reference's seconds with an IoU of at least the threshold."""
    overlaps = reference_ious(wanted, said)
    return sum(overlap >= threshold - 1e-12 for overlap in overlaps) / len(overlaps)
