"""Scenes in space over time: bodies with poses, a camera, a ground. Pure: no renderer, no physics.

A task's layout makes a world; the stage draws it and the tracks are measured on it by projection and ray casts, so that
what is shown and what is recorded cannot differ. Metres, z up, the ground's surface at z = 0; the frame is 16:9.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Literal

import numpy as np

from morse.meshes import Mesh, mesh_of
from morse.tracks import Tracks

Array = np.ndarray
Vector = tuple[float, float, float]
Shape = Literal["box", "sphere", "cylinder", "cone", "mesh"]
Material = Literal["rubber", "metal", "glass"]
ASPECT = 16 / 9
NEAR, FAR = 0.1, 100.0
_RAYS = 11
"""Rays a side of an object's box, for its visible share."""


@dataclass(frozen=True)
class Body:
    """A rigid body. ``size``: full extents along its own x, y, z; cylinders and cones have their axis along z.

    ``tracked``: it has a track (a wall or a prop has none). ``opaque``: it hides what is behind it. A body of shape
    ``mesh`` brings its own ``mesh``, in metres and centred on its pose; ``size`` is then its bounding box.
    """

    name: str
    shape: Shape
    size: Vector
    colour: str
    material: Material = "rubber"
    static: bool = False
    tracked: bool = True
    opaque: bool = True
    mesh: Mesh | None = None

    @property
    def surface(self) -> Mesh:
        """The mesh that is drawn and measured."""
        if self.mesh is not None:
            return self.mesh
        return mesh_of(self.shape, self.size)

    @cached_property
    def outline(self) -> Array:
        """(n, 3): the points of the surface, each once; only the corners of its box for a body without a track."""
        if not self.tracked:
            return np.array(list(product(*((-side / 2, side / 2) for side in self.size))))
        return np.unique(self.surface.vertices.astype(float), axis=0)

    @property
    def reach(self) -> float:
        """The radius of a ball around the pose that holds the body."""
        if self.shape == "sphere":
            return max(self.size) / 2
        return math.hypot(*self.size) / 2


@dataclass(frozen=True)
class Ground:
    """What the bodies rest on: a ``floor`` without end, or a ``table`` (its top at z = 0) that stands on a floor.

    ``size``: the table's extents along x and y (a ``round`` table uses the first).
    """

    kind: Literal["floor", "table"] = "floor"
    size: tuple[float, float] = (4.0, 4.0)
    round: bool = False
    height: float = 0.9
    """Of the table's top over the floor."""


@dataclass(frozen=True)
class Camera:
    """A camera by key poses, linear between them: ``times`` (k,), ``eyes`` and ``targets`` (k, 3), ``fovs`` (k,).

    ``fovs`` are vertical fields of view in degrees. A still camera has one key. The camera is level: up is z.
    """

    times: Array
    eyes: Array
    targets: Array
    fovs: Array

    @classmethod
    def still(cls, eye: Vector, target: Vector, fov: float = 40.0) -> "Camera":
        """A camera that does not move."""
        return cls(np.zeros(1), np.array([eye], float), np.array([target], float), np.array([fov], float))

    @classmethod
    def path(cls, times: Array, eyes: Array, targets: Array | Vector, fov: float = 40.0) -> "Camera":
        """A camera along key places (give them densely where the path bends); ``targets`` one or one a key."""
        keys = np.asarray(times, float)
        return cls(
            keys,
            np.asarray(eyes, float),
            np.array(np.broadcast_to(np.asarray(targets, float), (len(keys), 3))),
            np.full(len(keys), fov),
        )

    def at(self, times: Array) -> tuple[Array, Array, Array]:
        """Eyes (t, 3), targets (t, 3) and fovs (t,) at some times."""

        def between(values: Array) -> Array:
            return np.stack([np.interp(times, self.times, column) for column in values.T], axis=-1)

        return between(self.eyes), between(self.targets), np.interp(times, self.times, self.fovs)

    def spans(self) -> list[tuple[float, float]]:
        """The stretches in which the camera moves or zooms."""
        keys = np.concatenate([self.eyes, self.targets, self.fovs[:, None]], axis=1)
        return _changes(self.times, np.abs(np.diff(keys, axis=0)).max(axis=1, initial=0.0) > 1e-9)

    def axes(self, times: Array) -> tuple[Array, Array, Array]:
        """Eyes (t, 3), rotations (t, 3, 3) whose rows are right, up and forward, and focal lengths (t,).

        A point at depth d, x to the right and y up of the axis is at (focal·x/d, focal·y/d) in half heights of the frame.
        """
        eyes, targets, fovs = self.at(np.asarray(times, float))
        forward = targets - eyes
        forward /= np.linalg.norm(forward, axis=-1, keepdims=True)
        flat = np.hypot(forward[:, 0], forward[:, 1])
        right = np.stack([forward[:, 1] / flat, -forward[:, 0] / flat, np.zeros_like(flat)], axis=-1)
        up = np.stack([right[:, 1] * forward[:, 2], -right[:, 0] * forward[:, 2], flat], axis=-1)
        return eyes, np.stack([right, up, forward], axis=-2), 1.0 / np.tan(np.radians(fovs) / 2)


@dataclass(frozen=True)
class World:
    """Bodies, their poses over time, a camera and a ground.

    ``times`` (k,) and ``poses`` (k, bodies, 7): x, y, z and a quaternion x, y, z, w at each key, positions linear and
    rotations slerped between keys, constant before the first and after the last. One key: nothing moves.
    """

    duration: float
    bodies: tuple[Body, ...]
    times: Array
    poses: Array
    camera: Camera
    ground: Ground = field(default_factory=Ground)

    def __post_init__(self) -> None:
        if self.poses.shape != (len(self.times), len(self.bodies), 7):
            raise ValueError(f"poses {self.poses.shape} for {len(self.times)} keys of {len(self.bodies)} bodies")
        if len({body.name for body in self.bodies}) < len(self.bodies):
            raise ValueError("two bodies have the same name")

    def poses_at(self, times: Array) -> Array:
        """(t, bodies, 7): all poses at some times."""
        times = np.asarray(times, float)
        if len(self.times) == 1:
            return np.repeat(self.poses, len(times), axis=0)
        after = np.clip(np.searchsorted(self.times, times, side="right"), 1, len(self.times) - 1)
        start, end = self.times[after - 1], self.times[after]
        share = np.clip((times - start) / (end - start), 0.0, 1.0)[:, None, None]
        a, b = self.poses[after - 1], self.poses[after]
        place = a[..., :3] + (b[..., :3] - a[..., :3]) * share
        return np.concatenate([place, _slerp(a[..., 3:], b[..., 3:], share)], axis=-1)

    def spans_of_change(self) -> list[tuple[float, float]]:
        """When the picture changes (a body or the camera moves): sorted stretches in seconds."""
        moved = np.abs(np.diff(self.poses, axis=0)).reshape(len(self.times) - 1, -1).max(axis=1, initial=0.0) > 1e-7
        return sorted(_changes(self.times, moved) + self.camera.spans())

    def project(self, points: Array, times: Array) -> tuple[Array, Array]:
        """Points (t, …, 3) seen at each time: places (t, …, 2) in fractions of the frame, and depths (t, …) in metres.

        A depth of 0 or less is behind the camera; its place means nothing.
        """
        return _projected(points, *self.camera.axes(times))

    def boxes(self, times: Array, bodies: Sequence[int] | None = None) -> Array:
        """(t, bodies, 4): boxes by projection of the surface, in fractions of the frame, not clipped to it.

        A body wholly behind the camera has the empty box (−1, −1, −1, −1).
        """
        times = np.asarray(times, float)
        poses = self.poses_at(times)
        chosen = range(len(self.bodies)) if bodies is None else bodies
        axes = self.camera.axes(times)
        out = np.full((len(times), len(chosen), 4), -1.0)
        for column, index in enumerate(chosen):
            points = self._outline(index, poses[:, index], times)
            places, depths = _projected(points, *axes)
            front = depths > NEAR
            low = np.where(front[..., None], places, np.inf).min(axis=1)
            high = np.where(front[..., None], places, -np.inf).max(axis=1)
            some = front.any(axis=1)
            out[some, column] = np.concatenate([low, high], axis=-1)[some]
        return out

    def tracks(self, times: Array) -> Tracks:
        """Boxes and visible fractions of the tracked bodies at some times."""
        times = np.asarray(times, float)
        boxes = self.boxes(times)
        tracked = [i for i, body in enumerate(self.bodies) if body.tracked]
        visible = np.zeros((len(times), len(tracked)))
        rays = _Rays(self, times, boxes)
        for column, index in enumerate(tracked):
            visible[:, column] = rays.visible(index)
        return Tracks(tuple(self.bodies[i].name for i in tracked), times, boxes[:, tracked], visible)

    def index(self, name: str) -> int:
        """The place of a body in ``bodies``."""
        return self._indices[name]

    @cached_property
    def _indices(self) -> dict[str, int]:
        return {body.name: i for i, body in enumerate(self.bodies)}

    def _outline(self, index: int, poses: Array, times: Array) -> Array:
        """(t, n, 3): points of the surface among which are those on the edge of what is seen."""
        body = self.bodies[index]
        if body.shape == "sphere" and max(body.size) - min(body.size) < 1e-9:
            return _rim(poses[:, :3], body.size[0] / 2, self.camera.at(times)[0])
        return body.outline @ np.swapaxes(rotations(poses[:, 3:]), 1, 2) + poses[:, None, :3]


def _projected(points: Array, eyes: Array, turn: Array, focal: Array) -> tuple[Array, Array]:
    """:meth:`World.project` for a camera's axes."""
    extra = points.ndim - 2
    eyes = eyes.reshape(len(eyes), *[1] * extra, 3)
    away = points - eyes
    seen = (away.reshape(len(away), -1, 3) @ np.swapaxes(turn, 1, 2)).reshape(away.shape)
    depth = seen[..., 2]
    scale = focal.reshape(-1, *[1] * extra) / np.maximum(np.abs(depth), 1e-9)
    return np.stack([0.5 + seen[..., 0] * scale / (2 * ASPECT), 0.5 - seen[..., 1] * scale / 2], axis=-1), depth


def pose(position: Vector, yaw: float = 0.0) -> Array:
    """A pose (7,) of an upright body turned by ``yaw`` radians about z."""
    return np.array([*position, 0.0, 0.0, math.sin(yaw / 2), math.cos(yaw / 2)])


def rotations(quaternions: Array) -> Array:
    """Rotation matrices (…, 3, 3) of quaternions (…, 4) in the order x, y, z, w."""
    x, y, z, w = np.moveaxis(quaternions / np.linalg.norm(quaternions, axis=-1, keepdims=True), -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def _slerp(a: Array, b: Array, share: Array) -> Array:
    cos = (a * b).sum(axis=-1, keepdims=True)
    b, cos = np.where(cos < 0, -b, b), np.abs(cos)
    angle = np.arccos(np.clip(cos, 0.0, 1.0))
    sin = np.sin(angle)
    near = sin < 1e-6
    with np.errstate(divide="ignore", invalid="ignore"):
        wa = np.where(near, 1 - share, np.sin((1 - share) * angle) / sin)
        wb = np.where(near, share, np.sin(share * angle) / sin)
    mixed = wa * a + wb * b
    return mixed / np.linalg.norm(mixed, axis=-1, keepdims=True)


def _rim(centres: Array, radius: float, eyes: Array, count: int = 64) -> Array:
    """(t, count, 3): the circle of a sphere along which lines from the eye touch it."""
    away = centres - eyes
    distance = np.maximum(np.linalg.norm(away, axis=-1, keepdims=True), radius * 1.0001)
    axis = away / distance
    side = np.cross(axis, np.where(np.abs(axis[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]]))
    side /= np.linalg.norm(side, axis=-1, keepdims=True)
    other = np.cross(axis, side)
    middle = centres - axis * (radius**2 / distance)
    wide = radius * np.sqrt(1 - (radius / distance) ** 2)
    angles = np.arange(count) * (2 * math.pi / count)
    circle = np.cos(angles)[:, None] * side[:, None] + np.sin(angles)[:, None] * other[:, None]
    return middle[:, None] + circle * wide[:, None]


def _changes(times: Array, changed: Array) -> list[tuple[float, float]]:
    """Merge the intervals between keys in which something changed."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], changed, [False]]).astype(int)))
    return [(float(times[a]), float(times[b])) for a, b in zip(edges[::2], edges[1::2], strict=True)]


class _Rays:
    """Ray casts from the camera, for what is in front of what."""

    def __init__(self, world: World, times: Array, boxes: Array) -> None:
        self.world, self.boxes = world, boxes
        self.poses = world.poses_at(times)
        self.bodies = rotations(self.poses[..., 3:])
        self.eyes, self.turn, self.focal = world.camera.axes(times)

    def visible(self, index: int) -> Array:
        """(t,): the share of a body's picture that is inside the frame and not behind another body."""
        box = self.boxes[:, index]
        out = np.zeros(len(box))
        ahead = np.flatnonzero((box[:, 2] > 0) & (box[:, 3] > 0) & (box[:, 0] < 1) & (box[:, 1] < 1))
        if not len(ahead):
            return out
        others = {
            other: self._overlap(index, other, ahead)
            for other, body in enumerate(self.world.bodies)
            if other != index and body.opaque
        }
        inside = (box[ahead] >= 0).all(axis=1) & (box[ahead] <= 1).all(axis=1)
        alone = inside & ~np.any([np.zeros(len(ahead), bool), *others.values()], axis=0)
        out[ahead[alone]] = 1.0
        unsure = np.flatnonzero(~alone)
        out[ahead[unsure]] = self._cast(index, ahead[unsure], {o: near[unsure] for o, near in others.items()})
        return out

    def _cast(self, index: int, ahead: Array, others: dict[int, Array]) -> Array:
        """The visible share at some frames (places in the arrays), where ``others`` says who could be in front."""
        steps = (np.arange(_RAYS) + 0.5) / _RAYS
        u, v = (grid.ravel() for grid in np.meshgrid(steps, steps))
        box = self.boxes[ahead, index]
        x = box[:, :1] + (box[:, 2:3] - box[:, :1]) * u
        y = box[:, 1:2] + (box[:, 3:] - box[:, 1:2]) * v
        lens = np.stack([(x - 0.5) * 2 * ASPECT, (0.5 - y) * 2, np.broadcast_to(self.focal[ahead, None], x.shape)], -1)
        along = np.einsum("tji,tnj->tni", self.turn[ahead], lens)
        own = self._hits(index, ahead, along)
        part = np.isfinite(own)
        seen = part & (x >= 0) & (x <= 1) & (y >= 0) & (y <= 1)
        for other, overlap in others.items():
            near = np.flatnonzero(overlap)
            if len(near):
                seen[near] &= ~(self._hits(other, ahead[near], along[near]) < own[near])
        return seen.sum(axis=1) / np.maximum(part.sum(axis=1), 1)

    def _overlap(self, index: int, other: int, frames: Array) -> Array:
        a, b = self.boxes[frames, index], self.boxes[frames, other]
        return (a[:, 0] < b[:, 2]) & (b[:, 0] < a[:, 2]) & (a[:, 1] < b[:, 3]) & (b[:, 1] < a[:, 3])

    def _hits(self, index: int, frames: Array, along: Array) -> Array:
        """(frames, n): how far along each ray it first meets a body, infinite where it misses."""
        body, turn = self.world.bodies[index], self.bodies[frames, index]
        half = np.array(body.size) / 2
        start = (self.eyes[frames] - self.poses[frames, index, :3])[:, None] @ turn
        way = along @ turn
        if body.mesh is not None:
            return _meet_mesh(start, way, body.mesh)
        return _MEET[body.shape](start / half, way / half)


def _meet_box(start: Array, way: Array) -> Array:
    """First meeting with the cube from −1 to 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = (-1 - start) / way, (1 - start) / way
    enter, leave = np.fmin(a, b).max(axis=-1), np.fmax(a, b).min(axis=-1)
    return np.where((enter <= leave) & (enter > 0), enter, np.inf)


def _roots(a: Array, b: Array, c: Array) -> tuple[Array, Array]:
    """Both solutions of a·t² + 2·b·t + c = 0, the smaller first; infinite where there is none."""
    inside = b * b - a * c
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(np.maximum(inside, 0.0))
        one, two = (-b - root) / a, (-b + root) / a
    good = (inside >= 0) & (np.abs(a) > 1e-12)
    return np.where(good, np.minimum(one, two), np.inf), np.where(good, np.maximum(one, two), np.inf)


def _meet_sphere(start: Array, way: Array) -> Array:
    """First meeting with the unit sphere."""
    first, _ = _roots((way * way).sum(-1), (start * way).sum(-1), (start * start).sum(-1) - 1)
    return np.where(first > 0, first, np.inf)


def _meet_cap(start: Array, way: Array, height: float) -> Array:
    """Meeting with the unit disc at a height."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (height - start[..., 2]) / way[..., 2]
        x, y = start[..., 0] + t * way[..., 0], start[..., 1] + t * way[..., 1]
        return np.where((t > 0) & (x * x + y * y <= 1), t, np.inf)


def _meet_cylinder(start: Array, way: Array) -> Array:
    """First meeting with the cylinder of radius 1 from z = −1 to 1."""
    flat, line = way[..., :2], start[..., :2]
    sides = _roots((flat * flat).sum(-1), (line * flat).sum(-1), (line * line).sum(-1) - 1)
    best = np.minimum(_meet_cap(start, way, -1.0), _meet_cap(start, way, 1.0))
    for t in sides:
        with np.errstate(invalid="ignore"):
            z = start[..., 2] + t * way[..., 2]
        best = np.where((t > 0) & (np.abs(z) <= 1), np.minimum(best, t), best)
    return best


def _meet_cone(start: Array, way: Array) -> Array:
    """First meeting with the cone from radius 1 at z = −1 to its tip at z = 1."""
    # radius (1 − z) / 2: x² + y² = ((1 − z) / 2)²
    lean_start, lean_way = (1 - start[..., 2]) / 2, -way[..., 2] / 2
    flat, line = way[..., :2], start[..., :2]
    sides = _roots(
        (flat * flat).sum(-1) - lean_way**2,
        (line * flat).sum(-1) - lean_start * lean_way,
        (line * line).sum(-1) - lean_start**2,
    )
    best = _meet_cap(start, way, -1.0)
    for t in sides:
        with np.errstate(invalid="ignore"):
            z = start[..., 2] + t * way[..., 2]
        best = np.where((t > 0) & (np.abs(z) <= 1), np.minimum(best, t), best)
    return best


def _meet_mesh(start: Array, way: Array, mesh: Mesh) -> Array:
    """First meeting with any face of a mesh, one face after the other."""
    best = np.full(way.shape[:-1], np.inf)
    for corner, normal, first, second in mesh.planes:
        with np.errstate(divide="ignore", invalid="ignore"):
            t = ((corner - start) @ normal) / (way @ normal)
            point = start - corner + t[..., None] * way
            u, v = point @ first, point @ second
        best = np.where((u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0), np.minimum(best, t), best)
    return best


_MEET = {"box": _meet_box, "sphere": _meet_sphere, "cylinder": _meet_cylinder, "cone": _meet_cone}
