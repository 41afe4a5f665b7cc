"""Masks, as boolean arrays (height, width) or (frames, height, width)."""

import math
from collections.abc import Sequence

import numpy as np

from harness.metrics.registry import metric

_DAVIS = "DAVIS, Perazzi et al. 2016, A benchmark dataset and evaluation methodology for video object segmentation"
RADIUS = 0.008
"""How far a contour may be off, as a share of the frame's diagonal."""


@metric("j", "a frame", _DAVIS)
def region_similarity(wanted: np.ndarray, said: np.ndarray) -> float:
    """J: intersection over union of two masks; two empty masks are equal (1)."""
    union = np.logical_or(wanted, said).sum()
    return float(np.logical_and(wanted, said).sum() / union) if union else 1.0


def contour(mask: np.ndarray) -> np.ndarray:
    """The pixels of a mask's contour: those that differ from the neighbour to the right, below, or both."""
    mask = mask.astype(bool)
    grown = np.pad(mask, ((0, 1), (0, 1)), mode="edge")
    right, below, diagonal = grown[:-1, 1:], grown[1:, :-1], grown[1:, 1:]
    edge = (mask ^ right) | (mask ^ below) | (mask ^ diagonal)
    edge[-1] = (mask ^ right)[-1]
    edge[:, -1] = (mask ^ below)[:, -1]
    edge[-1, -1] = False
    return edge


def widened(mask: np.ndarray, radius: int) -> np.ndarray:
    """A mask with every pixel grown to a disc of the radius."""
    height, width = mask.shape
    padded = np.pad(mask, radius)
    found = np.zeros_like(mask)
    for dy in range(-radius, radius + 1):
        reach = math.isqrt(radius * radius - dy * dy)
        row = padded[radius + dy : radius + dy + height]
        sums = np.cumsum(np.pad(row, ((0, 0), (1, 0))), axis=1, dtype=np.int32)
        left = radius - reach
        found |= (sums[:, left + 2 * reach + 1 :][:, :width] - sums[:, left:][:, :width]) > 0
    return found


@metric("f", "a frame", _DAVIS)
def contour_accuracy(wanted: np.ndarray, said: np.ndarray) -> float:
    """F: the F-measure of two contours, whose pixels match within 0.008 of the frame's diagonal (rounded up to pixels).

    Two masks without contour: 1; one without: 0."""
    radius = math.ceil(RADIUS * math.hypot(*wanted.shape))
    mine, theirs = contour(wanted), contour(said)
    if not mine.any() or not theirs.any():
        return float(not mine.any() and not theirs.any())
    precise = (theirs & widened(mine, radius)).sum() / theirs.sum()
    recalled = (mine & widened(theirs, radius)).sum() / mine.sum()
    return float(2 * precise * recalled / (precise + recalled)) if precise + recalled else 0.0


@metric("j_and_f", "frames of a clip", _DAVIS)
def j_and_f(wanted: np.ndarray, said: np.ndarray) -> float:
    """J&F: the mean of mean J and mean F over the frames."""
    pairs = list(zip(wanted, said, strict=True))
    j = sum(region_similarity(a, b) for a, b in pairs) / len(pairs)
    f = sum(contour_accuracy(a, b) for a, b in pairs) / len(pairs)
    return (j + f) / 2


@metric("robustness", "queries", "R²-VOS, Li et al. 2023 (arXiv 2207.01203); ReVOS, Yan et al. 2024", low=-math.inf)
def robustness(without_target: Sequence[np.ndarray], with_target: Sequence[np.ndarray]) -> float:
    """1 − (area said for queries that have no target) / (area said for those that have one); not above 1."""
    positive = sum(int(mask.sum()) for mask in with_target)
    negative = sum(int(mask.sum()) for mask in without_target)
    if positive == 0:
        return 1.0 if negative == 0 else -math.inf
    return 1.0 - negative / positive


def box_mask(box: Sequence[float], height: int, width: int) -> np.ndarray:
    """A box in fractions of the frame as a mask, so that boxes are accepted where masks are asked: the pixels whose middle
    it covers."""
    left, top, right, bottom = box
    y, x = (np.arange(height) + 0.5) / height, (np.arange(width) + 0.5) / width
    return ((y >= top) & (y <= bottom))[:, None] & ((x >= left) & (x <= right))[None, :]
