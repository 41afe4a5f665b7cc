"""Smooth meshes made in code: closed surfaces with normals, in metres, centred on the middle of their bounding box.

Pure numpy: the 3D world measures boxes on them, and the renderer draws them.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

Array = np.ndarray
SEGMENTS = 48
"""How many sides a round body has around its axis."""
BEVEL = 0.09
"""The radius of rounded edges, as a share of the shortest half side."""


@dataclass(frozen=True)
class Mesh:
    """A triangle mesh: ``vertices`` and ``normals`` (n, 3) of float32, ``faces`` (m, 3) of int32, outward by the right hand."""

    vertices: Array
    normals: Array
    faces: Array

    @cached_property
    def planes(self) -> list[tuple[Array, Array, Array, Array]]:
        """For each face a corner, the normal, and two vectors that give a point's shares along the two sides from there."""
        found = []
        for face in self.faces:
            corner, b, c = self.vertices[face].astype(float)
            one, two = b - corner, c - corner
            normal = np.cross(one, two)
            if normal @ normal > 1e-18:
                square = normal @ normal
                found.append((corner, normal, np.cross(two, normal) / square, np.cross(normal, one) / square))
        return found


@cache
def mesh_of(shape: str, size: tuple[float, float, float]) -> Mesh:
    """The mesh of a shape (``box``, ``sphere``, ``cylinder``, ``cone``) with its full extents along x, y and z.

    Cylinders and cones stand on the z axis. Raises :class:`ValueError` for another shape.
    """
    x, y, z = (side / 2 for side in size)
    if shape == "box":
        return _rounded_box((x, y, z), BEVEL * min(x, y, z))
    if shape == "sphere":
        return _sphere((x, y, z))
    if shape == "cylinder":
        bevel = BEVEL * min(x, z)
        return _lathe(_rounded([(0.0, -z), (x, -z), (x, z), (0.0, z)], bevel), y / x)
    if shape == "cone":
        bevel = BEVEL * min(x, z)
        return _stretched(_lathe(_rounded([(0.0, -z), (x, -z), (0.0, z)], bevel), y / x), (x, y, z))
    raise ValueError(f"no shape {shape!r}: choose box, sphere, cylinder or cone")


def mesh_from_faces(vertices: Array, faces: Array) -> Mesh:
    """A mesh with flat faces from bare geometry: every face gets its own three vertices and their normal."""
    corners = np.asarray(vertices, dtype=np.float32)[np.asarray(faces)]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    count = len(corners)
    return Mesh(
        corners.reshape(-1, 3), np.repeat(normals, 3, axis=0).astype(np.float32), np.arange(3 * count).reshape(-1, 3)
    )


def joined(meshes: Sequence[Mesh]) -> Mesh:
    """Several meshes as one."""
    starts = np.cumsum([0] + [len(mesh.vertices) for mesh in meshes[:-1]])
    return Mesh(
        np.concatenate([mesh.vertices for mesh in meshes]),
        np.concatenate([mesh.normals for mesh in meshes]),
        np.concatenate([mesh.faces + start for mesh, start in zip(meshes, starts, strict=True)]).astype(np.int32),
    )


def flat(rings: Sequence[Array]) -> Mesh:
    """A figure in the plane z = 0 that faces up: what lies inside an odd number of ``rings``, closed lines of points (n, 2)."""
    sides = np.concatenate([np.stack([ring, np.roll(ring, -1, axis=0)], axis=1) for ring in rings])
    levels = np.unique(sides[..., 1].round(7))
    corners: list[tuple[float, float, float]] = []
    for low, high in itertools.pairwise(levels.tolist()):
        # between two neighbouring levels no side begins or ends: the figure is a row of trapezoids there
        (x0, y0), (x1, y1) = np.moveaxis(sides[((sides[..., 1] > (low + high) / 2).sum(axis=1)) == 1], 0, -1)
        ends = [x0 + (x1 - x0) * np.clip((level - y0) / (y1 - y0), 0.0, 1.0) for level in (low, high)]
        order = np.argsort(ends[0] + ends[1], kind="stable")
        below, above = (x[order].tolist() for x in ends)
        for i in range(0, len(order) - 1, 2):
            corners += [
                (below[i], low, 0.0),
                (below[i + 1], low, 0.0),
                (above[i + 1], high, 0.0),
                (above[i], high, 0.0),
            ]
    starts = np.arange(0, len(corners), 4)[:, None]
    faces = np.concatenate([starts + [0, 1, 2], starts + [0, 2, 3]])
    return _mesh(np.array(corners), np.tile([0.0, 0.0, 1.0], (len(corners), 1)), faces)


def turned(corners: Sequence[tuple[float, float]]) -> Mesh:
    """A round body with sharp edges about the z axis. ``corners``: distances from the axis and heights, from bottom to top."""
    profile = []
    for a, b in itertools.pairwise(np.asarray(corners, float)):
        along = (b - a) / np.linalg.norm(b - a)
        profile += [(point, np.array([along[1], -along[0]])) for point in (a, b)]
    return _lathe(profile, 1.0)


def moved(mesh: Mesh, turn: Array, place: Array) -> Mesh:
    """A mesh turned by a rotation matrix (3, 3), then shifted."""
    return _mesh(mesh.vertices @ np.asarray(turn).T + place, mesh.normals @ np.asarray(turn).T, mesh.faces)


def _mesh(vertices: Array, normals: Array, faces: Array) -> Mesh:
    normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return Mesh(vertices.astype(np.float32), normals.astype(np.float32), faces.astype(np.int32))


def _stretched(mesh: Mesh, half: tuple[float, float, float]) -> Mesh:
    """The mesh fitted to its box: rounding a sharp edge takes some of its extent away."""
    low, high = mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)
    scale = 2 * np.array(half) / (high - low)
    return _mesh((mesh.vertices - (low + high) / 2) * scale, mesh.normals / scale, mesh.faces)


def _sphere(half: tuple[float, float, float], rounds: int = 3) -> Mesh:
    """An icosahedron whose faces are split into four, ``rounds`` times: 1,280 faces for three."""
    g = (1 + math.sqrt(5)) / 2
    points = [[-1, g, 0], [1, g, 0], [-1, -g, 0], [1, -g, 0], [0, -1, g], [0, 1, g], [0, -1, -g], [0, 1, -g]]
    points += [[g, 0, -1], [g, 0, 1], [-g, 0, -1], [-g, 0, 1]]
    faces = [[0, 11, 5], [0, 5, 1], [0, 1, 7], [0, 7, 10], [0, 10, 11], [1, 5, 9], [5, 11, 4], [11, 10, 2]]
    faces += [[10, 7, 6], [7, 1, 8], [3, 9, 4], [3, 4, 2], [3, 2, 6], [3, 6, 8], [3, 8, 9], [4, 9, 5]]
    faces += [[2, 4, 11], [6, 2, 10], [8, 6, 7], [9, 8, 1]]
    corners = [tuple(np.array(p) / np.linalg.norm(p)) for p in points]
    for _ in range(rounds):
        middles: dict[tuple[int, int], int] = {}

        def middle(a: int, b: int, middles: dict[tuple[int, int], int] = middles) -> int:
            pair = (min(a, b), max(a, b))
            if pair not in middles:
                point = np.array(corners[a]) + np.array(corners[b])
                middles[pair] = len(corners)
                corners.append(tuple(point / np.linalg.norm(point)))
            return middles[pair]

        split = []
        for a, b, c in faces:
            ab, bc, ca = middle(a, b), middle(b, c), middle(c, a)
            split += [[a, ab, ca], [b, bc, ab], [c, ca, bc], [ab, bc, ca]]
        faces = split
    unit = np.array(corners)
    return _mesh(unit * half, unit / np.array(half), np.array(faces))


def _rounded_box(half: tuple[float, float, float], radius: float, steps: int = 2) -> Mesh:
    """A box whose edges and corners are rounded: each face a grid that is finer near its edges."""
    vertices, normals, faces = [], [], []
    turns = np.linspace(0, math.pi / 4, steps + 1)
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        for sign in (-1.0, 1.0):
            # directions over the face of a cube, then the point of the rounded box with that normal
            lines = np.concatenate([-np.tan(turns[::-1]), np.tan(turns)])
            inner = np.concatenate([-np.ones(steps + 1), np.ones(steps + 1)])
            side = len(lines)
            a, b = (grid.ravel() for grid in np.meshgrid(lines, lines, indexing="ij"))
            core_a, core_b = (grid.ravel() for grid in np.meshgrid(inner, inner, indexing="ij"))
            normal = np.zeros((side * side, 3))
            normal[:, axis], normal[:, u], normal[:, v] = sign, a, b
            normal /= np.linalg.norm(normal, axis=1, keepdims=True)
            core = np.zeros((side * side, 3))
            core[:, axis], core[:, u], core[:, v] = sign, core_a, core_b
            start = sum(len(part) for part in vertices)
            vertices.append(core * (np.array(half) - radius) + normal * radius)
            normals.append(normal)
            for i in range(side - 1):
                for j in range(side - 1):
                    p = start + i * side + j
                    quad = (p, p + side, p + side + 1, p + 1)
                    quad = quad if sign > 0 else quad[::-1]
                    faces += [[quad[0], quad[1], quad[2]], [quad[0], quad[2], quad[3]]]
    return _mesh(np.concatenate(vertices), np.concatenate(normals), np.array(faces))


def _rounded(corners: list[tuple[float, float]], radius: float, steps: int = 2) -> list[tuple[Array, Array]]:
    """A profile (distance from the axis, height) with rounded corners, as points with normals, from bottom to top."""
    out: list[tuple[Array, Array]] = []
    points = [np.array(corner) for corner in corners]
    sides = [(b - a) / np.linalg.norm(b - a) for a, b in itertools.pairwise(points)]
    outward = [np.array([side[1], -side[0]]) for side in sides]
    # mirrored at the axis where the profile ends there, so that a tip is rounded too
    for i, point in enumerate(points):
        before = outward[i - 1] if i else np.array([-outward[0][0], outward[0][1]])
        after = outward[i] if i < len(outward) else np.array([-outward[-1][0], outward[-1][1]])
        turn = math.acos(float(np.clip(before @ after, -1, 1)))
        if turn < 1e-6:
            out.append((point, before))
            continue
        middle = (before + after) / np.linalg.norm(before + after)
        centre = point - middle * radius / math.cos(turn / 2)
        for k in range(steps + 1):
            share = k / steps
            normal = (math.sin((1 - share) * turn) * before + math.sin(share * turn) * after) / math.sin(turn)
            spot = centre + normal * radius
            if spot[0] >= -1e-9:
                out.append((np.array([max(spot[0], 0.0), spot[1]]), normal))
    return out


def _lathe(profile: list[tuple[Array, Array]], squeeze: float) -> Mesh:
    """Turn a profile about the z axis; ``squeeze``: extent along y over extent along x."""
    angles = np.arange(SEGMENTS + 1) * (2 * math.pi / SEGMENTS)
    cos, sin = np.cos(angles), np.sin(angles)
    rings, ring_normals = [], []
    for (radius, height), (out, up) in profile:
        rings.append(np.stack([radius * cos, radius * sin * squeeze, np.full_like(cos, height)], axis=1))
        ring_normals.append(np.stack([out * cos, out * sin / squeeze, np.full_like(cos, up)], axis=1))
    side, faces = SEGMENTS + 1, []
    for i in range(len(rings) - 1):
        for j in range(SEGMENTS):
            p = i * side + j
            if profile[i][0][0] > 1e-9:
                faces.append([p, p + 1, p + side + 1])
            if profile[i + 1][0][0] > 1e-9:
                faces.append([p, p + side + 1, p + side])
    return _mesh(np.concatenate(rings), np.concatenate(ring_normals), np.array(faces))
