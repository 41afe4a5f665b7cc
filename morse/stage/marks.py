"""Marks: small plain figures that stand for a thing where its name does not, told apart by shape alone."""

from types import MappingProxyType

import numpy as np


def _turned(corners: int, first: float = 90.0, radii: tuple[float, ...] = (1.0,)) -> np.ndarray:
    """Corners evenly around the origin, the first at ``first`` degrees; radii are taken in turn."""
    angles = np.radians(first + np.arange(corners) * 360.0 / corners)
    radius = np.resize(radii, corners)
    return np.stack([radius * np.cos(angles), radius * np.sin(angles)], axis=1)


def _crescent() -> np.ndarray:
    outer, inner = np.radians(np.linspace(60, 300, 40)), np.radians(np.linspace(285, 75, 30))
    moon = np.stack([np.cos(outer), np.sin(outer)], axis=1)
    bite = np.stack([0.36 + 0.88 * np.cos(inner), 0.88 * np.sin(inner)], axis=1)
    return np.concatenate([moon, bite]) + (0.2, 0.0)


_A = 0.36
MARKS: MappingProxyType[str, np.ndarray] = MappingProxyType(
    {
        "circle": _turned(48) * 0.9,
        "square": _turned(4, 45.0) * 1.12,
        "triangle": _turned(3) * 1.12 - (0.0, 0.2),
        "diamond": _turned(4) * (0.82, 1.12),
        "star": _turned(10, radii=(1.12, 0.46)),
        "plus": np.array(
            [(-_A, -1), (_A, -1), (_A, -_A), (1, -_A), (1, _A), (_A, _A)]
            + [(_A, 1), (-_A, 1), (-_A, _A), (-1, _A), (-1, -_A), (-_A, -_A)]
        ),
        "arrow": np.array([(-_A, -1), (_A, -1), (_A, 0.1), (0.95, 0.1), (0, 1.1), (-0.95, 0.1), (-_A, 0.1)]),
        "crescent": _crescent(),
        "hourglass": np.array([(-0.85, -1), (0.85, -1), (0.16, 0), (0.85, 1), (-0.85, 1), (-0.16, 0)]),
    }
)
"""Name → corners (n, 2) of a closed outline about the origin, about 1 unit in radius."""
