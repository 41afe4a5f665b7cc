"""How the board and the faces of a rolling cube look: figures and letters let into flat surfaces."""

import math
from typing import Any

import numpy as np

from generators.spatial._roll_path import AXES, Array, Rolling
from generators.spatial._roll_scene import CUBE, PLATE, SIGN, THIN, TILE, TOP, Look
from morse.layout import Layout
from morse.meshes import flat, moved
from morse.seeding import Rng
from morse.style import Style

COLOURS = {
    "red": "white",
    "orange": "black",
    "yellow": "black",
    "green": "white",
    "cyan": "black",
    "blue": "white",
    "purple": "white",
    "pink": "black",
}
"""The colours of faces, each with that of the figure on it."""
FACE, FIGURE = 0.9, 0.3
"""The side of a face's plate, and the size of the figure on it (from its middle), as shares of the cube's side."""
HIGHER = 0.0012
"""Metres between what lies over each other on a surface."""


def _circle(radius: float, corners: int = 40, turn: float = 0.0) -> Array:
    angles = turn + np.arange(corners) * (2 * math.pi / corners)
    return radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _star() -> Array:
    return _circle(1.12, 10, math.pi / 2) * np.tile([1.0, 0.42], 5)[:, None]


def _plus() -> Array:
    a, b = 0.92, 0.3
    return np.array(
        [(a, -b), (a, b), (b, b), (b, a), (-b, a), (-b, b), (-a, b), (-a, -b), (-b, -b), (-b, -a), (b, -a), (b, -b)]
    )


FIGURES: dict[str, tuple[Array, ...]] = {
    "dot": (_circle(0.78),),
    "ring": (_circle(0.95), _circle(0.56)),
    "triangle": (_circle(1.08, 3, math.pi / 2),),
    "square": (_circle(1.08, 4, math.pi / 4),),
    "star": (_star(),),
    "plus": (_plus(),),
}
"""The outlines of the figures, one for each face; inside a second outline there is nothing."""


def face_names(rng: Rng) -> list[str]:
    """Six names, of different colours and figures: "red star"."""
    colours = rng.sample([*COLOURS], len(AXES))
    return [f"{colour} {figure}" for colour, figure in zip(colours, rng.shuffled([*FIGURES]), strict=True)]


def draw_faces(rolling: Rolling, stage: Any, style: Style) -> None:
    """Put the faces on the cube."""
    for side, name in rolling.faces.items():
        colour, figure = name.split()
        turn = _upright_on(side)
        out, side_half = np.array(AXES[side]), FACE * CUBE / 2
        plate = _circle(side_half * math.sqrt(2), 4, math.pi / 4)
        marks = [ring * FIGURE * CUBE for ring in FIGURES[figure]]
        stage.inlay("cube", moved(flat([plate]), turn, out * (CUBE / 2 + HIGHER)), style.colour(colour))
        stage.inlay("cube", moved(flat(marks), turn, out * (CUBE / 2 + 2 * HIGHER)), style.colour(COLOURS[colour]))


def _upright_on(side: str) -> Array:
    """(3, 3): turns what lies flat and faces up onto a side of the cube, its upper end up where there is one."""
    out = np.array(AXES[side], float)
    up = np.array([0.0, 0.0, 1.0]) if out[2] == 0 else np.array([0.0, 1.0, 0.0])
    return np.stack([np.cross(up, out), up, out], axis=1)


def draw_board(rolling: Rolling, layout: Layout, stage: Any, style: Style) -> None:
    """Lay tiles on the board, letters on the marked ones, and the signs of the ways on the rim."""
    from morse.stage.lettering import outline, rings

    look: Look = layout.details["look"]
    # letters stand upright for the camera, as nearly as the board's own axes allow
    quarter = round((layout.details["azimuth"] + math.pi / 2) / (math.pi / 2)) * math.pi / 2
    turn = np.array([[math.cos(quarter), -math.sin(quarter), 0], [math.sin(quarter), math.cos(quarter), 0], [0, 0, 1]])
    board = rolling.board
    corner = -np.array([board.columns - 1, board.rows - 1]) * TILE / 2
    square = _circle(0.485 * TILE * math.sqrt(2), 4, math.pi / 4)
    for shade, colour in enumerate(look.tiles):
        some = [square + corner + np.array(tile) * TILE for tile in board.tiles if sum(tile) % 2 == shade]
        stage.inlay("board", moved(flat(some), np.eye(3), np.array([0, 0, TOP / 2 + HIGHER])), colour)
    for thing in layout.objects:
        if thing.kind in ("tile", "sign"):
            size = PLATE if thing.kind == "tile" else SIGN
            letter = outline(str(thing.attributes["letter"]), 0.92 * size, style.font, "bold")
            mesh = moved(flat(rings(letter)), turn, np.array([0.0, 0.0, THIN / 2 + HIGHER]))
            stage.inlay(thing.id, mesh, style.colour(look.letter))
