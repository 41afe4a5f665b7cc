"""What is let into the surfaces of the board: letters of bins, numbers of doors, and the marks on balls."""

from typing import Any

import numpy as np

from generators.physical._chute_board import RADIUS, WALL
from generators.physical._chute_show import PLATE, THICK, Array, Look
from morse.layout import Layout
from morse.meshes import Mesh, flat, mesh_from_faces, moved
from morse.stage.marks import MARKS
from morse.style import Style, brightness, mix

UPRIGHT = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""Turns what lies flat and faces up so that it stands and faces the camera."""
PROUD = 0.003
"""Metres by which a figure stands out from its surface."""
LETTER, FIGURE, MARK, SEAM = 0.5, 0.3, 0.098, 0.012
"""Sizes of letters on bins, of figures on plates, of marks on balls (from their middle) and of the lines at a bin's edges, in metres."""


def draw_chute(layout: Layout, stage: Any, style: Style) -> None:
    """Put all figures on their bodies."""
    from morse.stage.lettering import outline, rings

    look: Look = layout.details["look"]
    marks = layout.states[0].values["marks"]
    assert isinstance(marks, list)
    signs = dict(str(pair).split() for pair in marks)
    for body in stage.world.bodies:
        kind, _, name = body.name.partition(" ")
        if kind == "ball":
            ink = _ink(style, body.colour)
            stage.inlay(body.name, _bulged(MARKS[signs[body.colour]] * MARK), ink)
        elif kind == "bin":
            figure = moved(flat(rings(outline(name, LETTER, style.font, "bold"))), UPRIGHT, _front(0.0, 0.0, WALL))
            stage.inlay(body.name, figure, _ink(style, look.wood))
            edge = body.size[0] / 2 - SEAM / 2
            seams = [_rectangle(side * edge, 0.0, SEAM, body.size[2]) for side in (-1.0, 1.0)]
            dark = mix(style.colour(look.wood), "#000000", 0.45)
            stage.inlay(body.name, moved(flat(seams), UPRIGHT, _front(0.0, 0.0, WALL)), dark)
    plate = flat([_rectangle(0.0, 0.0, PLATE, PLATE)])
    for number, (x, z) in layout.details["plates"].items():
        figure = flat(rings(outline(str(number), FIGURE, style.font, "bold")))
        stage.inlay("board", moved(plate, UPRIGHT, _front(x, z, THICK)), style.colour(look.door))
        stage.inlay("board", moved(figure, UPRIGHT, _front(x, z, THICK + PROUD)), _ink(style, look.door))


def _rectangle(x: float, y: float, wide: float, high: float) -> Array:
    return np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (wide / 2, high / 2) + (x, y)


def _front(x: float, z: float, thick: float) -> Array:
    """A place a little before the front of a body that is so thick."""
    return np.array([x, -thick / 2 - PROUD, z])


def _ink(style: Style, ground: str) -> str:
    return style.colour("black" if brightness(style.colour(ground)) > 0.42 else "white")


def _bulged(ring: Array, splits: int = 2) -> Mesh:
    """A figure laid on the front of a ball: its faces are split until they follow the round."""
    made = moved(flat([ring[:: max(1, len(ring) // 20)]]), UPRIGHT, np.zeros(3))
    corners = made.vertices[made.faces].astype(float)
    for _ in range(splits):
        a, b, c = np.moveaxis(corners, 1, 0)
        ab, bc, ca = (a + b) / 2, (b + c) / 2, (c + a) / 2
        corners = np.concatenate([np.stack(t, axis=1) for t in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))])
    points = corners.reshape(-1, 3)
    flatter = np.minimum(np.hypot(points[:, 0], points[:, 2]), 0.98 * RADIUS)
    points[:, 1] = -np.sqrt(RADIUS**2 - flatter**2)
    points *= 1 + PROUD / RADIUS
    return mesh_from_faces(points, np.arange(len(points)).reshape(-1, 3))
