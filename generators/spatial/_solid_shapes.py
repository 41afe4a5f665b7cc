"""Solids and what is known of them by formula. Lengths are in sides of a square of the board; a solid's foot is at z = 0."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from morse.meshes import Mesh, mesh_from_faces, turned

Array = np.ndarray
ANGULAR = ("cuboid", "prism", "pyramid")
ROUND = ("cylinder", "cone", "frustum", "ball")
STRANDS = 6
"""Sides of a wire."""


@dataclass(frozen=True)
class Solid:
    """``size``: width, depth and height of a cuboid and of a prism over a right triangle; side and height of a square pyramid;
    diameter and height of a cylinder or cone; lower and upper diameter and height of a frustum; diameter of a ball."""

    shape: str
    size: tuple[int, ...]

    @property
    def height(self) -> int:
        return self.size[-1]

    @property
    def widths(self) -> tuple[int, int]:
        """Along x and y."""
        return (self.size[0], self.size[1] if self.shape in ("cuboid", "prism") else self.size[0])

    @property
    def foot(self) -> float:
        """The area that it would cover if it were a prism or cylinder on its base."""
        a, b = self.widths
        return {"cuboid": a * b, "prism": a * b / 2, "pyramid": a * a}.get(self.shape, math.pi * a * a / 4)

    @property
    def volume(self) -> float:
        size, high = self.size, self.height
        if self.shape == "ball":
            return math.pi * high**3 / 6
        if self.shape == "frustum":
            return math.pi * high * (size[0] ** 2 + size[0] * size[1] + size[1] ** 2) / 12
        return self.foot * high / (3 if self.shape in ("cone", "pyramid") else 1)

    @property
    def surface(self) -> float:
        (a, b), high = self.widths, self.height
        match self.shape:
            case "cuboid":
                return 2 * (a * b + b * high + a * high)
            case "prism":
                return a * b + high * (a + b + math.hypot(a, b))
            case "pyramid":
                return a * a + 2 * a * math.hypot(high, a / 2)
            case "ball":
                return math.pi * a * a
            case "cylinder":
                return math.pi * a * (a / 2 + high)
        lower, upper = a / 2, (self.size[1] if self.shape == "frustum" else 0) / 2
        return math.pi * (lower**2 + upper**2 + (lower + upper) * math.hypot(high, lower - upper))

    @property
    def corners(self) -> list[tuple[float, float, float]]:
        """Of an angular solid, from the corner of its box that is lowest in x and y."""
        (a, b), high = self.widths, float(self.height)
        if self.shape == "pyramid":
            return [(0.0, 0.0, 0.0), (a, 0.0, 0.0), (a, a, 0.0), (0.0, a, 0.0), (a / 2, a / 2, high)]
        base = [(0.0, 0.0), (float(a), 0.0), (float(a), float(b)), (0.0, float(b))]
        if self.shape == "prism":
            del base[2]
        return [(x, y, z) for z in (0.0, high) for x, y in base]

    @property
    def faces(self) -> list[Array]:
        """The polygons of an angular solid."""
        points = np.array(self.corners)
        if self.shape == "pyramid":
            rings = [(0, 1, 2, 3), *((i, (i + 1) % 4, 4) for i in range(4))]
        else:
            n = len(points) // 2
            rings = [tuple(range(n)), tuple(range(n, 2 * n))]
            rings += [(i, (i + 1) % n, (i + 1) % n + n, i + n) for i in range(n)]
        return [points[list(ring)] for ring in rings]

    def mesh(self, scale: float) -> Mesh:
        """In metres for squares of a side of ``scale`` metres, centred on the middle of its box."""
        if self.shape in ANGULAR:
            a, b = self.widths
            return closed([(face - (a / 2, b / 2, self.height / 2)) * scale for face in self.faces])
        low, high = -self.height / 2 * scale, self.height / 2 * scale
        r = self.size[0] / 2 * scale
        if self.shape == "ball":
            return turned([(r * math.sin(t), -r * math.cos(t)) for t in np.linspace(0.0, math.pi, 33).tolist()])
        top = {"cylinder": self.size[0], "cone": 0, "frustum": self.size[1]}[self.shape] / 2 * scale
        return turned([(0.0, low), (r, low), (top, high), *([(0.0, high)] if top else [])])


@dataclass(frozen=True)
class Cut:
    """A plane through a cuboid: the part in which ``normal · place > reach`` is taken off (places from the box's lowest corner)."""

    normal: tuple[float, float, float]
    reach: float

    def parts(self, solid: Solid) -> tuple[list[Array], list[Array], Array]:
        """The polygons of what stays and of what is taken off, and the polygon of the cut."""
        normal = np.array(self.normal)
        below: list[Array] = []
        above: list[Array] = []
        edge: list[Array] = []
        for face in solid.faces:
            height = face @ normal - self.reach
            for sign, kept in ((-1, below), (1, above)):
                ring: list[Array] = []
                for i in range(len(face)):
                    j = (i + 1) % len(face)
                    if height[i] * sign >= 0:
                        ring.append(face[i])
                    if height[i] * height[j] < 0:
                        met = face[i] + (face[j] - face[i]) * height[i] / (height[i] - height[j])
                        ring.append(met)
                        edge.append(met)
                if len(ring) > 2:
                    kept.append(np.array(ring))
        cut = in_turn(np.unique(np.round(edge, 9), axis=0), normal)
        return [*below, cut], [*above, cut], cut

    def taken(self, solid: Solid) -> float:
        """The volume taken off, by inclusion and exclusion over the corners of the cuboid.

        For a plane n·x = d with all n > 0, {x ≥ 0, n·x ≤ d} is a simplex of d^m / (m! ∏ n), where m parts of n are not 0; what of it
        lies beyond the box's sides is taken away again.
        """
        sides = [float(side) for side in (*solid.widths, solid.height)]
        some = [i for i in range(3) if abs(self.normal[i]) > 1e-12]
        whole = math.prod(sides)
        normal = [abs(self.normal[i]) for i in some]
        # a falling part is mirrored, so that all are positive
        reach = self.reach + sum(-self.normal[i] * sides[i] for i in some if self.normal[i] < 0)
        under = 0.0
        for corner in product((0, 1), repeat=len(some)):
            left = reach - math.fsum(c * n * sides[i] for c, n, i in zip(corner, normal, some, strict=True))
            under += (-1) ** sum(corner) * max(left, 0.0) ** len(some)
        under *= whole / math.prod(sides[i] for i in some)
        return whole - under / (math.factorial(len(some)) * math.prod(normal))


def in_turn(points: Array, normal: Array) -> Array:
    """The corners of a convex polygon in a plane, in their order round it."""
    middle = points.mean(axis=0)
    first = points[0] - middle
    second = np.cross(normal, first)
    return points[np.argsort(np.arctan2((points - middle) @ second, (points - middle) @ first), kind="stable")]


def closed(polygons: Sequence[Array]) -> Mesh:
    """A convex body of flat polygons, each turned outward."""
    middle = np.concatenate(polygons).mean(axis=0)
    vertices: list[Array] = []
    faces: list[tuple[int, int, int]] = []
    for polygon in polygons:
        normal = np.cross(polygon[1] - polygon[0], polygon[2] - polygon[0])
        ring = polygon if normal @ (polygon.mean(axis=0) - middle) > 0 else polygon[::-1]
        start = len(vertices)
        vertices.extend(ring)
        faces += [(start, start + i, start + i + 1) for i in range(1, len(ring) - 1)]
    return mesh_from_faces(np.array(vertices), np.array(faces))


def wire(solid: Solid, turns: float, thick: float, scale: float) -> Mesh:
    """A wire wound evenly round a cylinder from its foot to its top, in metres, centred as the cylinder is."""
    radius, count = solid.size[0] / 2, round(turns * 36) + 1
    share = np.linspace(0.0, 1.0, count)
    angle = 2 * math.pi * turns * share
    out = np.stack([np.cos(angle), np.sin(angle), np.zeros(count)], axis=1)
    middle = out * radius + np.array([0.0, 0.0, 1.0]) * ((share - 0.5) * solid.height)[:, None]
    around = np.arange(STRANDS) * (2 * math.pi / STRANDS)
    normals = np.cos(around)[:, None] * out[:, None] + np.sin(around)[:, None] * np.array([0.0, 0.0, 1.0])
    vertices = (middle[:, None] + normals * thick) * scale
    faces = [face for i in range(count - 1) for j in range(STRANDS) for face in _quad(i, j)]
    return Mesh(
        vertices.reshape(-1, 3).astype(np.float32), normals.reshape(-1, 3).astype(np.float32), np.array(faces, np.int32)
    )


def _quad(i: int, j: int) -> Iterator[tuple[int, int, int]]:
    a, b = i * STRANDS + j, i * STRANDS + (j + 1) % STRANDS
    c, d = a + STRANDS, b + STRANDS
    # the strand's sides turn from outward to upward, and the wire runs anticlockwise
    yield a, d, b
    yield a, c, d
