"""Where every object is in the frame, over time: columnar, one array for all objects."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CHUNK = 256
"""Frames that are in memory at once while tracks are written."""


@dataclass(frozen=True)
class Tracks:
    """Boxes and visibility of objects at some times.

    ``boxes``: (times, objects, 4), left, top, right, bottom in fractions of the frame, not clipped to it.
    ``visible``: (times, objects), the share of the object that can be seen (0 hidden, 1 whole).
    """

    names: tuple[str, ...]
    times: np.ndarray
    boxes: np.ndarray
    visible: np.ndarray

    def of(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Boxes (times, 4) and visible shares (times,) of one object."""
        i = self.names.index(name)
        return self.boxes[:, i], self.visible[:, i]


def write_tracks(tracks: Callable[[np.ndarray], Tracks], times: np.ndarray, path: Path) -> None:
    """Write the tracks of a clip as parquet, one row for each frame and object, a stretch of frames at a time.

    Columns: ``frame`` (from 0), ``object``, ``left top right bottom`` (fractions of the frame), ``visible`` (share). An
    object's centre is the middle of its box.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    numbers = ("left", "top", "right", "bottom", "visible")
    schema = pa.schema(
        [("frame", pa.int32()), ("object", pa.dictionary(pa.int16(), pa.string()))]
        + [(name, pa.float32()) for name in numbers]
    )
    with pq.ParquetWriter(path, schema, compression="zstd", version="2.6") as writer:
        for start in range(0, len(times), CHUNK):
            part = tracks(times[start : start + CHUNK])
            count, objects = part.visible.shape
            if not objects:
                continue
            values = np.concatenate([part.boxes, part.visible[..., None]], axis=-1).reshape(-1, 5)
            values = np.round(values, 5).astype(np.float32) + np.float32(0)  # + 0: no negative zero
            frames = np.repeat(np.arange(start, start + count, dtype=np.int32), objects)
            which = np.tile(np.arange(objects, dtype=np.int16), count)
            names = pa.DictionaryArray.from_arrays(pa.array(which), pa.array(part.names, pa.string()))
            columns = [pa.array(frames), names, *(pa.array(values[:, i].copy()) for i in range(5))]
            writer.write_batch(pa.record_batch(columns, schema=schema))
