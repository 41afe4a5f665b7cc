"""Lines of sight from a camera to points of upright objects, tested in the ground plan against screens and other objects.

Much cheaper than ray casts, since every view, object and point is tested at once; what is close to an edge is left out by
whoever asks (:data:`RIM`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from morse.world import ASPECT

Array = np.ndarray
RIM = 8
"""Each object's last points lie just outside its outline: where not even these are open, surely nothing of it is seen."""


@dataclass(frozen=True)
class Sightlines:
    """``inside`` (views, objects, points): in the frame; ``blocked`` (blockers, views, objects, points): something stands
    before it. The blockers are the screens, then the objects."""

    inside: Array
    blocked: Array

    def shares(self) -> Array:
        """(views, objects): the share of each object's points that are seen."""
        return (self.inside & ~self.blocked.any(axis=0)).mean(axis=-1)


def points_of(round_: bool, ball: bool, foot: float, top: float, high: float, rim: bool = False) -> Array:
    """(points, 2): places on an upright object's middle plane, sideways and up; with ``rim`` also some just outside."""
    rows = (0.04, 0.27, 0.5, 0.73, 0.95) if rim else (0.1, 0.5, 0.85)

    def width(v: float) -> float:
        return foot * 2 * math.sqrt(v * (1 - v)) if ball else foot + (top - foot) * v

    inner = [(u * width(v), v * high) for v in rows for u in (-0.44, -0.22, 0.0, 0.22, 0.44)]
    beside = 0.53 if round_ else 0.72  # a square's corners reach further
    outer = [(u * beside * width(v), v * high) for v in (0.1, 0.5, 0.9) for u in (-1, 1)]
    outer += [(u * 0.15 * foot, 1.05 * high) for u in (-1, 1)]
    return np.array(inner + outer if rim else inner)


def sight_lines(
    axes: tuple[Array, Array, Array],
    places: Array,
    points: Array,
    screens: Array,
    height: float,
    blockers: Array | Sequence[Array] = (),
) -> Sightlines:
    """``axes``: of a camera at some times; ``points`` (objects, points, 2) at ``places`` (objects, 2); ``screens``
    (screens, 2, 2) of a ``height``; ``blockers`` (objects, 3): widths at foot and top and heights of the objects as they
    hide each other, taken as round (none: they do not)."""
    eyes, turn, focal = axes
    ex, ey, ez = (part[:, None, None] for part in eyes.T)
    ax, ay = places[:, 0] - ex[..., 0], places[:, 1] - ey[..., 0]
    away = np.hypot(ax, ay)[..., None]
    dx = ax[..., None] - ay[..., None] / away * points[..., 0]
    dy = ay[..., None] + ax[..., None] / away * points[..., 0]
    dz = points[..., 1] - ez
    right, up, depth = (
        row[:, 0, None, None] * dx + row[:, 1, None, None] * dy + row[:, 2, None, None] * dz
        for row in np.moveaxis(turn, 1, 0)
    )
    scale = focal[:, None, None]
    inside = (np.abs(right) * scale <= depth * ASPECT) & (np.abs(up) * scale <= depth)
    blocked = np.zeros((len(screens) + len(blockers), *inside.shape), bool)
    for k, ((x, y), (x2, y2)) in enumerate(screens):
        along_x, along_y, to_x, to_y = x2 - x, y2 - y, x - ex, y - ey
        turned = dx * along_y - dy * along_x
        turned = np.where(np.abs(turned) < 1e-9, 1e-9, turned)
        t, s = (to_x * along_y - to_y * along_x) / turned, (to_x * dy - to_y * dx) / turned
        blocked[k] = (t > 0) & (t < 1) & (s > 0) & (s < 1) & (ez + t * dz < height)
    flat = dx * dx + dy * dy
    for k, (foot, top, tall) in enumerate(blockers):
        to_x, to_y = places[k, 0] - ex, places[k, 1] - ey
        t = (to_x * dx + to_y * dy) / flat
        miss, level = (t * dx - to_x) ** 2 + (t * dy - to_y) ** 2, ez + t * dz
        wide = foot + (top - foot) * np.clip(level / tall, 0.0, 1.0)
        within = wide * wide / 4 - miss
        if top:  # a line that comes down meets a flat top at its far side
            level = level + np.sqrt(np.maximum(within, 0.0) / flat) * dz
        blocked[len(screens) + k] = (t < 1) & (within > 0) & (level < tall)
        blocked[len(screens) + k, :, k] = False
    return Sightlines(inside, blocked)


def longest_runs(flags: Array) -> tuple[Array, Array]:
    """Start and length of the longest run of true values in each column."""
    rows = np.arange(1, len(flags) + 1)[:, None]
    runs = rows - np.maximum.accumulate(np.where(flags, 0, rows), axis=0)
    last, columns = runs.argmax(axis=0), np.arange(flags.shape[1])
    return last + 1 - runs[last, columns], runs[last, columns]
