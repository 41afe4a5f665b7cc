"""Tracks: a box or points followed over the frames, as arrays."""

import numpy as np

from harness.metrics.registry import metric

PIXELS = (1, 2, 4, 8, 16)
"""The distances of average Jaccard, in pixels of a frame scaled to 256 × 256."""


@metric("track_iou", "frames of a track", "Perception Test, Pătrăucean et al. 2023 (arXiv 2305.13786)")
def track_iou(wanted: np.ndarray, said: np.ndarray) -> float:
    """Mean IoU of two tracks of boxes, (frames, 4): left, top, right, bottom. Frames whose wanted box is not a number are
    left out; a box that was said as not a number overlaps with nothing."""
    known = ~np.isnan(wanted).any(axis=1)
    wanted, said = wanted[known], said[known]
    width = np.minimum(wanted[:, 2], said[:, 2]) - np.maximum(wanted[:, 0], said[:, 0])
    height = np.minimum(wanted[:, 3], said[:, 3]) - np.maximum(wanted[:, 1], said[:, 1])
    shared = np.clip(width, 0, None) * np.clip(height, 0, None)
    areas = [(box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1]) for box in (wanted, said)]
    union = areas[0] + areas[1] - shared
    overlaps = np.divide(shared, union, out=np.zeros_like(union), where=union > 0)
    return float(np.nan_to_num(overlaps).mean())


@metric("average_jaccard", "points over all frames", "TAP-Vid, Doersch et al. 2022 (arXiv 2211.03726)")
def average_jaccard(
    wanted: np.ndarray, wanted_visible: np.ndarray, said: np.ndarray, said_visible: np.ndarray
) -> float:
    """Points (frames, points, 2) with their visibility (frames, points), in pixels of a 256 × 256 frame.

    At each distance of 1, 2, 4, 8, 16 pixels: a point that is visible in both and nearer than that is a true positive;
    Jaccard = true positives / (visible in the reference + false positives), where a false positive was said to be visible
    and is not a true one. The mean of the five.
    """
    squared = ((wanted - said) ** 2).sum(axis=-1)
    jaccards = []
    for distance in PIXELS:
        near = squared < distance**2
        true = (near & wanted_visible & said_visible).sum()
        false = (said_visible & ~(near & wanted_visible)).sum()
        total = wanted_visible.sum() + false
        jaccards.append(true / total if total else 1.0)
    return float(np.mean(jaccards))
