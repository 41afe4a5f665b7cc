"""Masks by second, as run-length codes (:mod:`harness.run_lengths`), without arrays."""

import math
from collections.abc import Mapping

from pydantic import JsonValue

from harness.metrics.registry import metric
from harness.run_lengths import decoded, overlap


@metric("mask_viou", "an answer", "VidSTG's vIoU (arXiv 2001.06891), of masks", formats=("masks",))
def mask_viou(wanted: Mapping[str, JsonValue], said: Mapping[str, JsonValue]) -> float:
    """The masks' IoU summed over the seconds that both name, divided by the seconds that either names."""
    overlaps = [overlap(decoded(code)[0], decoded(said[key])[0]) for key, code in wanted.items() if key in said]
    return math.fsum(overlaps) / (len(wanted) + len(said) - len(overlaps))
