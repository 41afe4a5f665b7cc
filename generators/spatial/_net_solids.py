"""Solids with flat faces, and what follows from which corners their faces share.

A face is the cycle of its corners, anticlockwise as seen from outside. Two faces are neighbours if one goes from a to b where the
other goes from b to a. Lengths are in sides of a card; the middle of the corners is the origin.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

import numpy as np

Array = np.ndarray
Edge = tuple[int, int]
"""A face and the place of the side among its own."""


@dataclass(frozen=True)
class Solid:
    """``corners`` (n, 3); ``faces``: cycles of corners. ``upright``: it is a box, so that each face has one of six directions."""

    name: str
    corners: Array
    faces: tuple[tuple[int, ...], ...]
    upright: bool = False

    @cached_property
    def across(self) -> dict[Edge, Edge]:
        """Side → the side of another face that it is joined to."""
        at = {(a, b): (face, i) for face in range(len(self.faces)) for i, (a, b) in enumerate(self.sides(face))}
        return {edge: at[b, a] for (a, b), edge in at.items()}

    def sides(self, face: int) -> list[tuple[int, int]]:
        """The sides of a face, each from corner to corner."""
        cycle = self.faces[face]
        return [*zip(cycle, (*cycle[1:], cycle[0]), strict=True)]

    def around(self, face: int) -> list[int]:
        """The neighbours of a face, clockwise as seen from outside."""
        return [self.across[face, i][0] for i in reversed(range(len(self.faces[face])))]

    def opposite(self, face: int) -> int | None:
        """The only face that shares no corner with a face, if there is just one."""
        apart = [other for other, cycle in enumerate(self.faces) if not {*cycle} & {*self.faces[face]}]
        return apart[0] if len(apart) == 1 else None

    def meet(self, faces: Sequence[int]) -> bool:
        """Whether some faces have a corner in common."""
        return bool(set.intersection(*({*self.faces[face]} for face in faces)))

    @cached_property
    def alike(self) -> bool:
        """Whether all faces are equal."""
        return len({len(face) for face in self.faces}) == 1 and len({*self._lengths.round(6)}) == 1

    @property
    def _lengths(self) -> Array:
        ends = np.array([side for face in range(len(self.faces)) for side in self.sides(face)])
        return np.linalg.norm(self.corners[ends[:, 0]] - self.corners[ends[:, 1]], axis=1)

    @property
    def triples(self) -> list[tuple[int, int, int]]:
        return [*combinations(range(len(self.faces)), 3)]

    @cached_property
    def normals(self) -> Array:
        """(faces, 3): the directions in which the faces look."""
        first = np.array([cycle[:3] for cycle in self.faces])
        a, b, c = np.moveaxis(self.corners[first], 1, 0)
        out = np.cross(b - a, c - b)
        return out / np.linalg.norm(out, axis=1, keepdims=True)

    @cached_property
    def flat(self) -> tuple[Array, ...]:
        """Each face (corners,) of complex numbers, laid down with its outside up, its first corner at 0 and its first side along
        the real axis."""
        found = []
        for cycle, normal in zip(self.faces, self.normals, strict=True):
            points = self.corners[[*cycle]]
            along = (points[1] - points[0]) / np.linalg.norm(points[1] - points[0])
            left = np.cross(normal, along)
            found.append((points - points[0]) @ along + 1j * ((points - points[0]) @ left))
        return tuple(found)


def _solid(
    name: str, corners: Sequence[Sequence[float]], faces: Sequence[Sequence[int]], upright: bool = False
) -> Solid:
    """A solid whose faces are given by their corners in any order."""
    points = np.array(corners, float)
    points -= points.mean(axis=0)
    cycles = []
    for face in faces:
        middle = points[[*face]].mean(axis=0)
        one = points[face[0]] - middle
        left = np.cross(middle, one)
        left *= np.linalg.norm(one) / np.linalg.norm(left)
        spokes = {corner: points[corner] - middle for corner in face}
        # rounded: the first one's is nought, which the last bits of a product, different on every processor, may put below it
        turn = {corner: round(math.atan2(spoke @ left, spoke @ one), 6) for corner, spoke in spokes.items()}
        cycles.append(tuple(sorted(face, key=lambda corner: turn[corner] % (2 * math.pi))))
    return Solid(name, points, tuple(cycles), upright)


def _box(name: str, height: float) -> Solid:
    corners = [*product((0.0, 1.0), (0.0, 1.0), (0.0, height))]
    sides = [(axis, corners[end][axis]) for axis in range(3) for end in (0, 7)]
    faces = [[i for i, corner in enumerate(corners) if corner[axis] == at] for axis, at in sides]
    return _solid(name, corners, faces, upright=True)


def _prism() -> Solid:
    corners = [(x, y, z) for z in (0.0, 1.0) for x, y in _pentagon()]
    sides = [[i, (i + 1) % 5, i + 5, (i + 1) % 5 + 5] for i in range(5)]
    return _solid("prism", corners, [[*range(5)], [*range(5, 10)], *sides])


def _pyramid() -> Solid:
    height = math.sqrt(1 - 1 / (2 * math.sin(math.pi / 5)) ** 2)
    corners = [*((x, y, 0.0) for x, y in _pentagon()), (0.0, 0.0, height)]
    return _solid("pyramid", corners, [[*range(5)], *([i, (i + 1) % 5, 5] for i in range(5))])


def _pentagon() -> list[tuple[float, float]]:
    """A regular pentagon with sides of length 1."""
    radius, angles = 1 / (2 * math.sin(math.pi / 5)), [2 * math.pi * i / 5 for i in range(5)]
    return [(radius * math.cos(angle), radius * math.sin(angle)) for angle in angles]


def _octahedron() -> Solid:
    half = math.sqrt(0.5)
    corners = [(half, 0, 0), (-half, 0, 0), (0, half, 0), (0, -half, 0), (0, 0, half), (0, 0, -half)]
    return _solid("octahedron", corners, [[x, y, z] for x, y, z in product((0, 1), (2, 3), (4, 5))])


SOLIDS: tuple[tuple[Solid, ...], ...] = (
    (_box("cube", 1.0),),
    (_box("box", 0.75), _box("box", 1.45)),
    (_pyramid(),),
    (_prism(),),
    (_octahedron(),),
)
"""Kinds of solids, in the order in which levels bring them."""
