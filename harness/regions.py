"""Boxes and masks over time: the figures that need arrays, of a set's questions that ask where something is.

A box of each whole second is a track of the object, its middle a point track, and the pixels that it covers a mask.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from harness.metrics.masks import box_mask, contour_accuracy, region_similarity, robustness
from harness.metrics.tracks import average_jaccard, track_iou
from harness.run_lengths import Size, decoded

Boxed = Mapping[str, Sequence[float]]
Regions = Mapping[str, Any]
"""By second: a box, or the code of a mask."""
BOXES: Size = (180, 320)
"""Pixels of the masks that boxes become."""
SQUARE = 256
"""Pixels of the frame that point tracks are measured in."""


def tracks(pairs: Sequence[tuple[Boxed, Boxed]]) -> dict[str, float]:
    """``track_iou`` over the seconds of all references (wanted, said), and ``average_jaccard`` of the boxes' middles."""
    wanted = np.concatenate([_array(one, one) for one, _ in pairs])
    said = np.concatenate([_array(one, other) for one, other in pairs])
    shown, told = np.ones((len(wanted), 1), bool), ~np.isnan(said[:, :1])
    points = [SQUARE * (boxes[:, None, :2] + boxes[:, None, 2:]) / 2 for boxes in (wanted, np.nan_to_num(said))]
    return {
        "track_iou": track_iou(wanted, said),
        "average_jaccard": average_jaccard(points[0], shown, points[1], told),
    }


def _array(seconds: Boxed, boxes: Boxed) -> np.ndarray:
    """The boxes at some seconds, (seconds, 4); not a number where there is none."""
    return np.array([boxes.get(second, [np.nan] * 4) for second in seconds], float)


def masks(pairs: Sequence[tuple[Regions, Regions]]) -> dict[str, float]:
    """``j``, ``f`` and ``j_and_f``, over the seconds that either of wanted and said names."""
    j, f = [], []
    for wanted, said in pairs:
        for second in sorted({*wanted, *said}, key=int):
            one, other = _mask(wanted.get(second)), _mask(said.get(second))
            one, other = (mask if mask.size else np.zeros_like(pair) for mask, pair in ((one, other), (other, one)))
            j.append(region_similarity(one, other))
            f.append(contour_accuracy(one, other))
    return {"j": sum(j) / len(j), "f": sum(f) / len(f), "j_and_f": (sum(j) + sum(f)) / (2 * len(j))}


def _mask(region: Any) -> np.ndarray:
    """A box or a code as an array of truth values; an array without pixels where there is none."""
    if region is None:
        return np.zeros((0, 0), bool)
    if not isinstance(region, Mapping):
        return box_mask(region, *BOXES)
    runs, (height, width) = decoded(dict(region))
    pixels = np.zeros(height * width, bool)
    for start, end in runs:
        pixels[start:end] = True
    return pixels.reshape((height, width), order="F")


def robust(without_target: Sequence[Regions], with_target: Sequence[Regions]) -> float:
    """``robustness`` of what was said to queries without and with a target."""
    areas = [
        [_mask(region) for said in regions for region in said.values()] for regions in (without_target, with_target)
    ]
    return robustness(areas[0], areas[1])
