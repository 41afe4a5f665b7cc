"""Furniture of few faces: what stands in rooms, as meshes in metres. x is to the side, −y is the front, the foot is at z = 0."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from morse.meshes import Mesh, joined, mesh_from_faces, moved

Array = np.ndarray
Vector = tuple[float, float, float]
WOOD, DARK, LINEN, LEAF, CLAY = "#8a6238", "#4a3524", "#f1ece1", "#3f7d3d", "#a9623f"
_CORNERS = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
_QUADS = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
"""The faces of a box, outward; the last two are its foot and its top."""


@dataclass(frozen=True)
class Piece:
    """A kind of furniture in one size: its whole mesh, and the parts of it that have a colour of their own."""

    mesh: Mesh
    parts: tuple[tuple[Mesh, str], ...] = ()

    @property
    def size(self) -> Vector:
        x, y, z = np.ptp(self.mesh.vertices, axis=0).tolist()
        return x, y, z


def box(size: Vector, at: Vector, ends: bool = True) -> Mesh:
    """A box with its middle at a place; without ``ends`` it has neither foot nor top."""
    quads = _QUADS if ends else _QUADS[:4]
    faces = [face for a, b, c, d in quads for face in ((a, b, c), (a, c, d))]
    return mesh_from_faces(_CORNERS * size + at, np.array(faces))


def spindle(rings: Sequence[tuple[float, float]], at: Vector = (0.0, 0.0, 0.0), sides: int = 8) -> Mesh:
    """A many-sided body about the z axis by distances from it and heights, from bottom to top, with a foot and a top."""
    turn = np.arange(sides) * (2 * math.pi / sides)
    levels = [np.stack([r * np.cos(turn), r * np.sin(turn), np.full(sides, z)], axis=1) for r, z in rings]
    vertices = np.concatenate([*levels, [(0.0, 0.0, rings[0][1]), (0.0, 0.0, rings[-1][1])]]) + at
    foot, top = sides * len(rings), sides * len(rings) + 1
    faces = []
    for i in range(sides):
        j = (i + 1) % sides
        faces += [(foot, j, i), (top, i + top - 1 - sides, j + top - 1 - sides)]
        for level in range(len(rings) - 1):
            a, b = level * sides + i, level * sides + j
            faces += [(a, b, b + sides), (a, b + sides, a + sides)]
    return mesh_from_faces(vertices, np.array(faces))


def _legs(wide: float, deep: float, high: float, thick: float = 0.07) -> Mesh:
    x, y = wide / 2 - thick / 2, deep / 2 - thick / 2
    return joined([box((thick, thick, high), (a, b, high / 2), ends=False) for a in (-x, x) for b in (-y, y)])


def _table(wide: float) -> tuple[list[Mesh], list[tuple[Mesh, str]]]:
    legs = _legs(wide - 0.1, 0.7, 0.68)
    return [box((wide, 0.8, 0.07), (0, 0, 0.715))], [(legs, WOOD)]


def _chair(high: float) -> tuple[list[Mesh], list[tuple[Mesh, str]]]:
    seat, back = box((0.5, 0.5, 0.08), (0, 0, 0.46)), box((0.5, 0.07, high - 0.5), (0, 0.215, 0.5 + (high - 0.5) / 2))
    return [seat, back], [(_legs(0.48, 0.48, 0.42, 0.06), WOOD)]


def _stool(high: float) -> tuple[list[Mesh], list[tuple[Mesh, str]]]:
    return [spindle([(0.24, high - 0.1), (0.24, high)])], [(_legs(0.36, 0.36, high - 0.1, 0.05), DARK)]


def _sofa(wide: float) -> tuple[list[Mesh], list[tuple[Mesh, str]]]:
    seat, back = box((wide, 0.85, 0.42), (0, 0, 0.21)), box((wide, 0.22, 0.45), (0, 0.315, 0.64))
    arms = [box((0.2, 0.85, 0.2), (x, 0, 0.52)) for x in (-wide / 2 + 0.1, wide / 2 - 0.1)]
    return [seat, back, *arms], []


def _bed(long: float) -> tuple[list[Mesh], list[tuple[Mesh, str]]]:
    """Its head is at the back."""
    cover, head = box((1.0, long, 0.45), (0, 0, 0.225)), box((1.0, 0.08, 0.95), (0, long / 2 + 0.04, 0.475))
    pillow = box((0.7, 0.35, 0.12), (0, long / 2 - 0.25, 0.5))
    return [cover], [(head, WOOD), (pillow, LINEN)]


def _shelf(high: float) -> tuple[list[Mesh], list[tuple[Mesh, str]]]:
    wide, deep, thick = 0.9, 0.34, 0.05
    sides = [box((thick, deep, high), (x, 0, high / 2)) for x in (-wide / 2 + thick / 2, wide / 2 - thick / 2)]
    boards = [box((wide - 2 * thick, deep, thick), (0, 0, thick / 2 + (high - thick) * i / 3)) for i in range(4)]
    books = [box((0.5, 0.2, 0.24), (-0.12 + 0.1 * i, 0, thick + 0.12 + (high - thick) * i / 3)) for i in range(3)]
    back = box((wide, 0.02, high), (0, deep / 2 + 0.01, high / 2))
    return [*sides, *boards, back], [(books[i], colour) for i, colour in enumerate((CLAY, LINEN, LEAF))]


def _lamp(high: float) -> tuple[list[Mesh], list[tuple[Mesh, str]]]:
    shade = spindle([(0.27, high - 0.34), (0.17, high)])
    return [shade], [(spindle([(0.17, 0.0), (0.17, 0.04)]), DARK), (box((0.05, 0.05, high - 0.34), (0, 0, high / 2 - 0.17), ends=False), DARK)]  # fmt: skip


def _plant(high: float) -> tuple[list[Mesh], list[tuple[Mesh, str]]]:
    """The pot has the colour that it is called by."""
    pot = spindle([(0.17, 0.0), (0.25, 0.4)])
    tuft = spindle([(0.05, 0.4), (0.36, 0.4 + (high - 0.4) * 0.45), (0.03, high)], sides=6)
    return [pot], [(tuft, LEAF)]


PIECES: dict[str, tuple[Callable[[float], tuple[list[Mesh], list[tuple[Mesh, str]]]], float, float]] = {
    "table": (_table, 1.0, 1.6),
    "chair": (_chair, 0.9, 1.1),
    "stool": (_stool, 0.45, 0.75),
    "sofa": (_sofa, 1.2, 1.65),
    "bed": (_bed, 1.3, 1.6),
    "shelf": (_shelf, 1.2, 2.0),
    "lamp": (_lamp, 1.3, 1.9),
    "plant": (_plant, 0.9, 1.4),
}
"""Kind → how it is made of its measure, and the least and the largest measure in metres."""
MEASURES = {"table": 0, "sofa": 0, "shelf": 2, "lamp": 2, "plant": 2, "chair": 2}
"""Of what can be measured: along which axis (0: its width, 2: its height)."""
DECIMETRES = 0.05
"""Measures are whole multiples of this, so that few meshes are made."""


@cache
def piece(kind: str, measure: float) -> Piece:
    """A piece of furniture, centred on the middle of its box."""
    plain, coloured = PIECES[kind][0](measure)
    whole = joined([*plain, *(mesh for mesh, _ in coloured)])
    middle = (whole.vertices.min(axis=0) + whole.vertices.max(axis=0)) / 2
    shift = -middle.astype(float)
    # a part that has a colour of its own lies a little outside the same part of the whole
    parts = tuple((moved(_larger(mesh), np.eye(3), shift), colour) for mesh, colour in coloured)
    return Piece(moved(whole, np.eye(3), shift), parts)


def _larger(mesh: Mesh) -> Mesh:
    return Mesh(mesh.vertices + 0.003 * mesh.normals, mesh.normals, mesh.faces)
