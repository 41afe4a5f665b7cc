"""A clip's tracks as few key frames, between which a page draws straight lines."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow

TOLERANCE = np.array([0.002, 0.002, 0.002, 0.002, 0.04])
"""How far a straight line may be off: edges in fractions of the frame, the visible share."""
COLUMNS = ("left", "top", "right", "bottom", "visible")


def motion(batches: Iterable["pyarrow.RecordBatch"]) -> dict[str, list[list[float]]]:
    """For each object its key frames ``[frame, left, top, right, bottom, visible]``, in order."""
    rows: dict[str, list[np.ndarray]] = {}
    for batch in batches:
        frames = batch.column("frame").to_numpy(zero_copy_only=False)
        values = np.stack([frames, *(batch.column(n).to_numpy(zero_copy_only=False) for n in COLUMNS)], axis=-1)
        names = np.asarray(batch.column("object").to_pylist())
        for name in dict.fromkeys(names.tolist()):
            rows.setdefault(name, []).append(values[names == name])
    return {name: _rounded(np.concatenate(parts)) for name, parts in rows.items()}


def _rounded(rows: np.ndarray) -> list[list[float]]:
    return [[int(row[0]), *(round(float(value), 3) for value in row[1:])] for row in rows[key_rows(rows)]]


def key_rows(rows: np.ndarray) -> list[int]:
    """Which rows must stay so that straight lines between them are nowhere off by more than :data:`TOLERANCE`.

    ``rows``: (frames, 6), the frame's number first (Douglas and Peucker's way of thinning a line, 1973).
    """
    kept, ahead = {0, len(rows) - 1}, [(0, len(rows) - 1)]
    while ahead:
        first, last = ahead.pop()
        if last - first < 2:
            continue
        share = ((rows[first + 1 : last, 0] - rows[first, 0]) / (rows[last, 0] - rows[first, 0]))[:, None]
        straight = rows[first, 1:] + share * (rows[last, 1:] - rows[first, 1:])
        off = (np.abs(rows[first + 1 : last, 1:] - straight) / TOLERANCE).max(axis=1)
        worst = int(off.argmax())
        if off[worst] > 1:
            middle = first + 1 + worst
            kept.add(middle)
            ahead += [(first, middle), (middle, last)]
    return sorted(kept)
