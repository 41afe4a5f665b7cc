"""Where every object is in the frame, over time: columnar, one array for all objects."""

from dataclasses import dataclass

import numpy as np


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
