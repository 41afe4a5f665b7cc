"""From a world to a flat picture: the view, the rectangles that change, where shadows fall. Pure numpy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from morse.stage.studio import Studio
from morse.world import ASPECT, FAR, NEAR, Body, World

Array = np.ndarray
Rectangle = tuple[int, int, int, int]
"""left, top, right, bottom in pixels; right and bottom are outside."""
BLOB_REACH = 1.7
"""How far a contact shadow reaches, in half sizes of the body."""


@dataclass(frozen=True)
class View:
    """Where a picture is taken from: eye (3,), rotation (3, 3) with rows right, up, forward, and focal length."""

    eye: Array
    turn: Array
    focal: float

    @classmethod
    def of(cls, world: World, time: float) -> "View":
        """The world's camera at a time."""
        eyes, turns, focals = world.camera.axes(np.array([time]))
        return cls(eyes[0], turns[0], float(focals[0]))

    def matrix(self) -> Array:
        """(4, 4): world to clip space, y down, so that rows come out in the order of the picture."""
        project = np.zeros((4, 4))
        project[0, 0], project[1, 1] = self.focal / ASPECT, -self.focal
        project[2, 2], project[2, 3] = (FAR + NEAR) / (FAR - NEAR), -2 * FAR * NEAR / (FAR - NEAR)
        project[3, 2] = 1.0
        look = np.eye(4)
        look[:3, :3], look[:3, 3] = self.turn, -self.turn @ self.eye
        return project @ look


@dataclass(frozen=True)
class Blobs:
    """The contact shadows of all bodies: ``centres`` (n, 2), ``axes`` (n, 2, 2; columns in metres), ``darkness`` (n,)."""

    centres: Array
    axes: Array
    darkness: Array

    def corners(self) -> Array:
        """(n, 4, 3): the corners of what they darken."""
        reach = np.where(self.darkness > 0, BLOB_REACH, 0.0)[:, None, None]
        flat = np.einsum("nik,ck->nci", self.axes, [(-1, -1), (-1, 1), (1, -1), (1, 1)]) * reach + self.centres[:, None]
        return np.concatenate([flat, np.zeros_like(flat[..., :1])], axis=-1)


def contact_shadows(bodies: Sequence[Body], turns: Array, places: Array) -> Blobs:
    """Ellipses on the ground that fit the bodies' outlines from above, the fainter the higher a body is."""
    half = np.array([body.size for body in bodies]) / 2
    arms = turns * half[:, None, :]  # columns: the half axes in the world
    kinds = np.array([{"sphere": 2, "cylinder": 1, "cone": 1}.get(body.shape, 0) for body in bodies])

    def extent(arm: Array) -> Array:
        """How far a body reaches in a direction, from its half axes along it (n, …, 3)."""
        ball = np.sqrt((arm**2).sum(axis=-1))
        drum = np.hypot(arm[..., 0], arm[..., 1]) + np.abs(arm[..., 2])
        kind = kinds.reshape(-1, *[1] * (arm.ndim - 2))
        return np.where(kind == 2, ball, np.where(kind == 1, drum, np.abs(arm).sum(axis=-1)))

    _, directions = np.linalg.eigh(np.einsum("nik,njk->nij", arms[:, :2], arms[:, :2]))
    along = extent(np.einsum("nia,nik->nak", directions, arms[:, :2]))
    size = np.sqrt(along.prod(axis=-1))
    height = np.maximum(places[:, 2] - extent(arms[:, 2]), 0.0)
    darkness = 0.62 * np.exp(-height / (0.35 * size))
    darkness[places[:, 2] < 0] = 0.0
    return Blobs(places[:, :2], directions * along[:, None, :], np.where(darkness < 0.02, 0.0, darkness))


SOFT = 0.07
"""How far the soft edge of a shadow reaches, in metres."""
_CUBE = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])


@dataclass(frozen=True)
class Falls:
    """Rectangles of the ground that hold the bodies' shadows: ``centres`` (n, 3), ``axes`` (n, 2, 2; half sides, columns)."""

    centres: Array
    axes: Array

    def corners(self) -> Array:
        """(n, 4, 3)"""
        flat = np.einsum("nik,ck->nci", self.axes, [(-1, -1), (-1, 1), (1, -1), (1, 1)])
        return self.centres[:, None] + np.concatenate([flat, np.zeros_like(flat[..., :1])], axis=-1)


def corners_of(bodies: Sequence[Body], turns: Array, places: Array, more: float = 0.0) -> Array:
    """(n, 8, 3): the corners of the boxes that hold the bodies, ``more`` metres further out on every side."""
    boxes = _CUBE * (np.array([body.size for body in bodies]) + 2 * more)[:, None]
    return np.einsum("nij,ncj->nci", turns, boxes) + places[:, None]


def shadow_falls(bodies: Sequence[Body], turns: Array, places: Array, light: Array, height: float = 0.0) -> Falls:
    """Where the shadows of bodies fall on the ground at a height."""
    corners = corners_of(bodies, turns, places)
    fallen = corners - light * np.maximum((corners[..., 2:] - height) / light[2], 0.0)
    along = light[:2] / np.hypot(*light[:2])
    frame = np.array([along, [-along[1], along[0]]])
    flat = fallen[..., :2] @ frame.T
    low, high = flat.min(axis=1) - SOFT, flat.max(axis=1) + SOFT
    centres = np.concatenate([(low + high) / 2 @ frame, np.full((len(low), 1), height)], axis=1)
    return Falls(centres, frame.T[None] * ((high - low) / 2)[:, None, :])


def shadow_matrix(studio: Studio, low: Array, high: Array) -> Array:
    """(4, 4): world to the shadow map's clip space, holding the box from ``low`` to ``high`` (3,)."""
    forward = -studio.light
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    turn = np.stack([right, np.cross(right, forward), forward])
    corners = np.array([[(low, high)[(i >> axis) & 1][axis] for axis in range(3)] for i in range(8)]) @ turn.T
    near, far = corners.min(axis=0) - 0.05, corners.max(axis=0) + 0.05
    out = np.eye(4)
    out[:3, :3] = turn * (2 / (far - near))[:, None]
    out[:3, 3] = -(far + near) / (far - near)
    return out


TILE = 8
"""Pixels a side of the squares in which what changed is kept."""
_ACROSS = np.stack([np.cos(np.arange(8) * np.pi / 8), np.sin(np.arange(8) * np.pi / 8)])
"""(2, 8): directions in which the extent of a group of points is taken; the first is to the right, the fifth down."""
A_PART = 40
"""How many tiles cost as much as one more rectangle."""
_MARGIN = 2.0
"""Pixels around what changed that are drawn with it."""


def parts_of(points: Array, width: int, height: int) -> list[Rectangle]:
    """Rectangles of a picture that hold the convex hull of each group of points (groups, points, 2; in pixels)."""
    across = points @ _ACROSS
    low, high = across.min(axis=1) - _MARGIN, across.max(axis=1) + _MARGIN
    rows, columns = -(-height // TILE), -(-width // TILE)
    middles = np.add.outer((np.arange(rows) + 0.5) * TILE, np.zeros(columns))[..., None] * _ACROSS[1]
    middles = middles + ((np.arange(columns) + 0.5) * TILE)[None, :, None] * _ACROSS[0]
    half = np.abs(_ACROSS).sum(axis=0) * TILE / 2
    tiles = np.zeros((rows, columns), bool)
    edges = np.stack([low[:, 0], low[:, 4], high[:, 0] + TILE, high[:, 4] + TILE], axis=1) // TILE
    for box, least, most in zip(edges.clip(0, [columns, rows] * 2).astype(int).tolist(), low, high, strict=True):
        left, top, right, bottom = box
        here = middles[top:bottom, left:right]
        tiles[top:bottom, left:right] |= ((here + half >= least) & (here - half <= most)).all(axis=-1)
    return [
        (left * TILE, top * TILE, min(right * TILE, width), min(bottom * TILE, height))
        for left, top, right, bottom in _cut(tiles, 0, 0)
    ]


def _cut(tiles: Array, left: int, top: int) -> list[Rectangle]:
    """Rectangles, in tiles, that hold all tiles that are set: cut in two, and again, wherever that saves more than it costs."""
    rows, columns = np.flatnonzero(tiles.any(axis=1)), np.flatnonzero(tiles.any(axis=0))
    if not len(rows):
        return []
    left, top = left + int(columns[0]), top + int(rows[0])
    tiles = tiles[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = tiles.shape
    least, best = height * width - A_PART, None
    for axis, part in enumerate((tiles, tiles.T)):
        if len(part) < 2:
            continue
        first = np.where(part.any(axis=1), part.argmax(axis=1), part.shape[1])
        last = np.where(part.any(axis=1), part.shape[1] - part[:, ::-1].argmax(axis=1), 0)
        filled = np.where(part.any(axis=1))[0]
        before = np.maximum.accumulate(last) - np.minimum.accumulate(first)
        after = np.maximum.accumulate(last[::-1])[::-1] - np.minimum.accumulate(first[::-1])[::-1]
        at = np.arange(1, len(part))
        # an empty stretch beside a cut belongs to neither part
        ends = filled[np.searchsorted(filled, at) - 1] + 1
        starts = filled[np.searchsorted(filled, at)]
        sizes = before[at - 1] * ends + after[at] * (len(part) - starts)
        k = int(sizes.argmin())
        if sizes[k] < least:
            least, best = int(sizes[k]), (axis, int(at[k]))
    if best is None:
        return [(left, top, left + width, top + height)]
    axis, at = best
    if axis == 0:
        return [*_cut(tiles[:at], left, top), *_cut(tiles[at:], left, top + at)]
    return [*_cut(tiles[:, :at], left, top), *_cut(tiles[:, at:], left + at, top)]
