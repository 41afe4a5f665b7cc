"""Scenes in space over time: bodies with poses, a camera, a ground. Pure: no renderer, no physics.

A task's layout makes a world; the stage draws it and the tracks are measured on it by projection and ray casts, so that
what is shown and what is recorded cannot differ. Metres, z up, the ground's surface at z = 0; the frame is 16:9.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
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
_BLOCK = 128
"""Instants that are measured at once: what fits the processor's cache is faster."""


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

    @property
    def corners(self) -> Array:
        """(8, 3): the corners of its box."""
        return np.array(list(product(*((-side / 2, side / 2) for side in self.size))))

    @cached_property
    def outline(self) -> Array:
        """(n, 3): the points of the surface, each once; only the corners of its box for a body without a track."""
        if not self.tracked:
            return self.corners
        if self.mesh is not None:
            return np.unique(self.mesh.vertices.astype(float), axis=0)
        return _points_of(self.shape, self.size)

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
        moved = np.abs(np.diff(self.poses, axis=0)).max(axis=(1, 2), initial=0.0) > 1e-7
        return sorted(_changes(self.times, moved) + self.camera.spans())

    def boxes(self, times: Array, bodies: Sequence[int] | None = None) -> Array:
        """(t, bodies, 4): boxes by projection of the surface, in fractions of the frame, not clipped to it.

        A body wholly behind the camera has the empty box (−1, −1, −1, −1).
        """
        return self._extents(np.asarray(times, float), range(len(self.bodies)) if bodies is None else bodies)[0]

    def tracks(self, times: Array, names: Iterable[str] | None = None) -> Tracks:
        """Boxes and visible fractions of the tracked bodies, or of those named alone, at some times."""
        times = np.asarray(times, float)
        wanted = [body.name for body in self.bodies if body.tracked] if names is None else list(names)
        chosen = [self.index(name) for name in wanted]
        others = [i for i, body in enumerate(self.bodies) if body.opaque and i not in chosen]
        boxes, visible = np.zeros((len(times), len(chosen), 4)), np.zeros((len(times), len(chosen)))
        for start in range(0, len(times), _BLOCK):
            part = slice(start, start + _BLOCK)
            rays = _Rays(self, times[part], chosen, others)
            boxes[part] = rays.boxes[:, : len(chosen)]
            for column in range(len(chosen)):
                visible[part, column] = rays.visible(column)
        return Tracks(tuple(wanted), times, boxes, visible)

    def mask(self, name: str, time: float, height: int, width: int) -> Array:
        """(height, width): the pixels in whose middle a body is the first that the camera meets, by ray casts."""
        index = self.index(name)
        others = [i for i, body in enumerate(self.bodies) if body.opaque and i != index]
        rays = _Rays(self, np.array([time]), [index], others)
        return rays.mask(0, height, width)

    def without(self, *names: str) -> "World":
        """The same world, had these bodies never been there."""
        kept = [i for i, body in enumerate(self.bodies) if body.name not in names]
        return replace(self, bodies=tuple(self.bodies[i] for i in kept), poses=self.poses[:, kept])

    def index(self, name: str) -> int:
        """The place of a body in ``bodies``."""
        return self._indices[name]

    @cached_property
    def _indices(self) -> dict[str, int]:
        return {body.name: i for i, body in enumerate(self.bodies)}

    def _extents(self, times: Array, bodies: Sequence[int], rough: Sequence[int] = ()) -> tuple[Array, Array]:
        """Boxes (t, bodies, 4), and the nearest and farthest depth (t, bodies, 2) of each body in metres; wider than needed
        for the ``rough`` ones."""
        poses, axes = self._poses_or_one(times)[:, list(bodies)], self.camera.axes(times)
        turned = rotations(poses[..., 3:])
        boxes, depths = np.full((len(times), len(bodies), 4), -1.0), np.zeros((len(times), len(bodies), 2))
        for column, index in enumerate(bodies):
            points = self._outline(index, poses[:, column, :3], turned[:, column], axes[0], index in rough)
            places, depth = _projected(points, *axes)
            front = depth > NEAR
            low = np.where(front, places, np.inf).min(axis=-1)
            high = np.where(front, places, -np.inf).max(axis=-1)
            some = front.any(axis=1)
            boxes[some, column] = np.concatenate([low, high]).T[some]
            depths[:, column, 0], depths[:, column, 1] = depth.min(axis=1), depth.max(axis=1)
            if self._is_ball(index):  # its rim has about one depth
                depths[:, column] += np.array([-1.0, 1.0]) * self.bodies[index].size[0]
        return boxes, depths

    def _poses_or_one(self, times: Array) -> Array:
        """(t, bodies, 7) as :meth:`poses_at`; a single row where nothing ever moves."""
        return self.poses if len(self.times) == 1 else self.poses_at(times)

    def _is_ball(self, index: int) -> bool:
        body = self.bodies[index]
        return body.shape == "sphere" and max(body.size) - min(body.size) < 1e-9

    def _outline(self, index: int, places: Array, turned: Array, eyes: Array, rough: bool) -> Array:
        """(t or 1, n, 3): points of the surface among which are those on the edge of what is seen (``rough``: or around it)."""
        body = self.bodies[index]
        if self._is_ball(index) and not rough:
            return _rim(places, body.size[0] / 2, eyes)
        return (body.corners if rough else body.outline) @ np.swapaxes(turned, 1, 2) + places[:, None]


@lru_cache(maxsize=512)
def _points_of(shape: str, size: Vector) -> Array:
    """(n, 3): the points of a shape's mesh, each once."""
    return np.unique(mesh_of(shape, size).vertices.astype(float), axis=0)


def _projected(points: Array, eyes: Array, turn: Array, focal: Array) -> tuple[Array, Array]:
    """Points (t or 1, n, 3) seen with a camera's axes: x and y (2, t, n) in fractions of the frame, and depths (t, n)."""
    if len(points) == 1:
        seen = (turn.reshape(-1, 3) @ points[0].T).reshape(len(turn), 3, -1)
    else:
        seen = turn @ np.swapaxes(points, 1, 2)
    seen = seen - turn @ eyes[..., None]
    scale = focal[:, None] / np.maximum(np.abs(seen[:, 2]), 1e-9)
    return np.stack([0.5 + seen[:, 0] * scale / (2 * ASPECT), 0.5 - seen[:, 1] * scale / 2]), seen[:, 2]


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
    """Ray casts from the camera, for what is in front of what: the ``chosen`` bodies, and ``others`` that may hide them.

    Below, a body is known by its place in the list of both.
    """

    def __init__(self, world: World, times: Array, chosen: Sequence[int], others: Sequence[int]) -> None:
        both = [*chosen, *others]
        self.bodies = [world.bodies[i] for i in both]
        self.hides = np.array([body.opaque for body in self.bodies])
        self.boxes, self.depths = world._extents(times, both, rough=others)  # pyright: ignore[reportPrivateUsage]
        poses = world._poses_or_one(times)[:, both]  # pyright: ignore[reportPrivateUsage]
        # components first, here and below: sums over a short last axis are slow
        self.places, self.turned = poses[..., :3].transpose(2, 0, 1), rotations(poses[..., 3:]).transpose(2, 3, 0, 1)
        self.eyes, turn, self.focal = world.camera.axes(times)
        self.turn = turn.transpose(1, 2, 0)

    def visible(self, index: int) -> Array:
        """(t,): the share of a body's picture that is inside the frame and not behind another body."""
        box = self.boxes[:, index]
        out = np.zeros(len(box))
        ahead = np.flatnonzero((box[:, 2] > 0) & (box[:, 3] > 0) & (box[:, 0] < 1) & (box[:, 1] < 1))
        if not len(ahead):
            return out
        box, rest, hides = box[ahead, None], self.boxes[ahead], self.hides.copy()
        hides[index] = False
        overlap = (box[..., :2] < rest[..., 2:]).all(axis=-1) & (rest[..., :2] < box[..., 2:]).all(axis=-1)
        overlap &= hides & (self.depths[ahead, :, 0] < self.depths[ahead, index, None, 1])
        inside = (box[:, 0, :2] >= 0).all(axis=1) & (box[:, 0, 2:] <= 1).all(axis=1)
        alone = inside & ~overlap.any(axis=1)
        out[ahead[alone]] = 1.0
        out[ahead[~alone]] = self._cast(index, ahead[~alone], overlap[~alone])
        return out

    def mask(self, index: int, height: int, width: int) -> Array:
        """(height, width): where a body's picture is not behind another body's, in the first frame."""
        left, top, right, bottom = self.boxes[0, index] * np.array([width, height] * 2)
        columns = np.arange(max(0, int(left) - 1), min(width, int(right) + 2))
        rows = np.arange(max(0, int(top) - 1), min(height, int(bottom) + 2))
        found = np.zeros((height, width), bool)
        if not len(columns) or not len(rows):
            return found
        u, v = (grid.reshape(1, -1) for grid in np.meshgrid((columns + 0.5) / width, (rows + 0.5) / height))
        frames = np.array([0])
        along = _combined(
            self.turn[..., frames, None], ((u - 0.5) * 2 * ASPECT, (0.5 - v) * 2, self.focal[frames, None])
        )
        own = self._hits(index, frames, along)
        seen = np.isfinite(own)
        for other in range(len(self.bodies)):
            if other != index and self.hides[other]:
                seen &= ~(self._hits(other, frames, along) < own)
        found[np.ix_(rows, columns)] = seen.reshape(len(rows), len(columns))
        return found

    def _cast(self, index: int, frames: Array, overlap: Array) -> Array:
        """The visible share at some frames, where ``overlap`` (frames, bodies) says who could be in front."""
        steps = (np.arange(_RAYS) + 0.5) / _RAYS
        u, v = (grid.ravel() for grid in np.meshgrid(steps, steps))
        left, top, right, bottom = (side[:, None] for side in self.boxes[frames, index].T)
        x, y = left + (right - left) * u, top + (bottom - top) * v
        lens = ((x - 0.5) * 2 * ASPECT, (0.5 - y) * 2, self.focal[frames, None])
        along = _combined(self.turn[..., frames, None], lens)
        own = self._hits(index, frames, along)
        part = np.isfinite(own)
        seen = part & (x >= 0) & (x <= 1) & (y >= 0) & (y <= 1)
        for other in np.flatnonzero(overlap.any(axis=0)).tolist():
            near = np.flatnonzero(overlap[:, other] & seen.any(axis=1))
            if len(near):
                seen[near] &= ~(self._hits(other, frames[near], along[:, near]) < own[near])
        return seen.sum(axis=1) / np.maximum(part.sum(axis=1), 1)

    def _hits(self, index: int, frames: Array, along: Array) -> Array:
        """(frames, n): how far along each ray (3, frames, n) it first meets a body, infinite where it misses."""
        body, own = self.bodies[index], frames if self.places.shape[1] > 1 else slice(None)
        turn = self.turned[..., own, index, None]
        start = _combined(turn, (self.eyes[frames].T - self.places[:, own, index])[..., None])
        way = _combined(turn, along)
        if body.mesh is not None:
            return _meet_mesh(start, way, body.mesh)
        half = np.array(body.size)[:, None, None] / 2
        return _MEET[body.shape](start / half, way / half)


def _combined(rows: Array, amounts: Array | tuple[Array, ...]) -> Array:
    """(3, …): the vectors ``rows`` (3, 3, …) times ``amounts`` (3, …), summed over the first axis."""
    return rows[0] * amounts[0] + rows[1] * amounts[1] + rows[2] * amounts[2]


def _dot(a: Array, b: Array) -> Array:
    total = a[0] * b[0]
    for x, y in zip(a[1:], b[1:], strict=True):
        total = total + x * y
    return total


def _meet_box(start: Array, way: Array) -> Array:
    """First meeting with the cube from −1 to 1. Rays (3, frames, n) from ``start`` (3, frames, 1), as in all of these."""
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = (-1 - start) / way, (1 - start) / way
    enter, leave = np.fmin(a, b).max(axis=0), np.fmax(a, b).min(axis=0)
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
    first, _ = _roots(_dot(way, way), _dot(start, way), _dot(start, start) - 1)
    return np.where(first > 0, first, np.inf)


def _meet_cap(start: Array, way: Array, height: float) -> Array:
    """Meeting with the unit disc at a height."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (height - start[2]) / way[2]
        x, y = start[0] + t * way[0], start[1] + t * way[1]
        return np.where((t > 0) & (x * x + y * y <= 1), t, np.inf)


def _meet_cylinder(start: Array, way: Array) -> Array:
    """First meeting with the cylinder of radius 1 from z = −1 to 1."""
    flat, line = way[:2], start[:2]
    sides = _roots(_dot(flat, flat), _dot(line, flat), _dot(line, line) - 1)
    best = np.minimum(_meet_cap(start, way, -1.0), _meet_cap(start, way, 1.0))
    for t in sides:
        with np.errstate(invalid="ignore"):
            z = start[2] + t * way[2]
        best = np.where((t > 0) & (np.abs(z) <= 1), np.minimum(best, t), best)
    return best


def _meet_cone(start: Array, way: Array) -> Array:
    """First meeting with the cone from radius 1 at z = −1 to its tip at z = 1."""
    # radius (1 − z) / 2: x² + y² = ((1 − z) / 2)²
    lean_start, lean_way = (1 - start[2]) / 2, -way[2] / 2
    flat, line = way[:2], start[:2]
    sides = _roots(
        _dot(flat, flat) - lean_way**2, _dot(line, flat) - lean_start * lean_way, _dot(line, line) - lean_start**2
    )
    best = _meet_cap(start, way, -1.0)
    for t in sides:
        with np.errstate(invalid="ignore"):
            z = start[2] + t * way[2]
        best = np.where((t > 0) & (np.abs(z) <= 1), np.minimum(best, t), best)
    return best


def _meet_mesh(start: Array, way: Array, mesh: Mesh) -> Array:
    """First meeting with any face of a mesh, one face after the other."""
    best = np.full(way.shape[1:], np.inf)
    for corner, normal, first, second in mesh.planes:
        from_corner = start - corner[:, None, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            t = -_dot(normal, from_corner) / _dot(normal, way)
            u = _dot(first, from_corner) + t * _dot(first, way)
            v = _dot(second, from_corner) + t * _dot(second, way)
            met = (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0)
        best = np.where(met, np.minimum(best, t), best)
    return best


_MEET = {"box": _meet_box, "sphere": _meet_sphere, "cylinder": _meet_cylinder, "cone": _meet_cone}
