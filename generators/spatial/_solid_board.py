"""The board that solids stand on, what moves over it, and how it looks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from morse.layout import Layout
from morse.meshes import flat, moved
from morse.style import Style
from morse.timeline import EASES
from morse.world import Body, pose

Array = np.ndarray
CELL, TOP = 0.5, 0.08
"""Metres: a square's side, the board's height."""
GRID, RADIUS, RIM = 3, 4.9, 4.5
"""In squares: half the side of the grid, the board's radius, and how far out the letter of a solid stands."""
POLE = 6
"""Bands of a pole, each as high as a square's side."""
LIFT, AWAY = 11.0, 120.0
"""In squares: how high a solid is lifted out of view, and where it is kept while it is away."""
RAISED = 0.002
Spot = tuple[float, float, float]
GONE: Spot = (AWAY, AWAY, AWAY)


@dataclass(frozen=True)
class Look:
    """Colours by name (``#rrggbb`` for the squares)."""

    board: str
    squares: tuple[str, str]
    plate: str
    letter: str
    pole: tuple[str, str]


LOOKS = (
    Look("brown", ("#e8dfcd", "#b9a988"), "white", "black", ("white", "red")),
    Look("grey", ("#eceff2", "#aab4bf"), "black", "white", ("white", "blue")),
    Look("white", ("#93a1af", "#c9d2da"), "black", "white", ("yellow", "black")),
    Look("black", ("#ddd8ce", "#a79e8d"), "white", "black", ("white", "green")),
    Look("white", ("#9fae92", "#d4dcca"), "white", "black", ("white", "black")),
)


@dataclass
class Actor:
    """A body and its places over time, in squares over the board; ``turn``: a yaw, or a quaternion, that it keeps.

    ``faces``: it always turns to the camera; ``rim``: it stands on the rim, to the left in the picture, and its places say how high.
    """

    body: Body
    turn: float | tuple[float, float, float, float] = 0.0
    faces: bool = False
    rim: bool = False
    keys: list[tuple[float, Spot]] = field(default_factory=list)

    def at(self, time: float, spot: Spot) -> "Actor":
        self.keys.append((round(time, 4), spot))
        return self

    def go(self, start: float, end: float, spot: Spot, ease: str = "smooth", steps: int = 10) -> "Actor":
        """Go to a place, from where it is."""
        before = np.array(self.keys[-1][1])
        for share in np.linspace(0.0, 1.0, steps + 1).tolist():
            here = before + (np.array(spot) - before) * float(EASES[ease](np.array(share)))
            self.at(start + (end - start) * share, (float(here[0]), float(here[1]), float(here[2])))
        return self

    def jump(self, time: float, spot: Spot) -> "Actor":
        if self.keys:
            self.at(time - 0.002, self.keys[-1][1])
        return self.at(time, spot)


def poses_of(actors: Sequence[Actor], way: Sequence[tuple[float, float]], end: float) -> tuple[Array, Array]:
    """All keys and poses of some actors. ``way``: times and azimuths (degrees) of the camera; ``end``: the clip's duration."""
    keys = {0.0, round(end, 4)} | {round(time, 4) for time, _ in way}
    for actor in actors:
        keys.update(time for time, _ in actor.keys)
    times = np.array(sorted(keys))
    around = np.array(way)
    azimuth = np.radians(np.interp(times, around[:, 0], around[:, 1]))
    out = np.zeros((len(times), len(actors), 7))
    for i, actor in enumerate(actors):
        own = np.array([time for time, _ in actor.keys])
        places = np.array([spot for _, spot in actor.keys])
        for axis in range(3):
            out[:, i, axis] = np.interp(times, own, places[:, axis]) * CELL
        if actor.rim:
            at = azimuth - math.radians(40)
            out[:, i, 0], out[:, i, 1] = RIM * CELL * np.cos(at), RIM * CELL * np.sin(at)
        out[:, i, 2] += TOP
        if actor.faces or actor.rim:
            half = (azimuth + math.pi / 2) / 2
            out[:, i, 5], out[:, i, 6] = np.sin(half), np.cos(half)
        elif isinstance(actor.turn, tuple):
            out[:, i, 3:] = actor.turn
        else:
            out[:, i, 3:] = pose((0.0, 0.0, 0.0), actor.turn)[3:]
    return times, out


def upright_to(normal: Array) -> tuple[float, float, float, float]:
    """The quaternion that turns z to a unit vector."""
    x, y, z = normal.tolist()
    if z < -0.999999:
        return (1.0, 0.0, 0.0, 0.0)
    size = math.sqrt(2 * (1 + z))
    return (-y / size, x / size, 0.0, size / 2)


def draw_board(layout: Layout, stage: Any, style: Style) -> None:
    """Lay squares on the board, bands round the poles and letters on the plates."""
    from morse.stage.lettering import outline, rings

    look: Look = layout.details["look"]
    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], float)
    raised = np.array([0.0, 0.0, TOP / 2 + RAISED])
    for shade, colour in enumerate(look.squares):
        some = [
            (square + (x, y)) * CELL for x in range(-GRID, GRID) for y in range(-GRID, GRID) if (x + y) % 2 == shade
        ]
        stage.inlay("board", moved(flat(some), np.eye(3), raised), colour)
    for name, mesh, colour in layout.details["inlays"]:
        stage.inlay(name, mesh, style.colour(colour))
    upright = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
    sizes = {body.name: body.size for body in stage.world.bodies}
    for name, text, size in layout.details["words"]:
        line = outline(text, size * CELL, style.font, "bold")
        ink = "black" if name.removeprefix("tag ") in "PQRSTUVWXYZ" else look.letter
        front = np.array([0.0, -sizes[name][1] / 2 - RAISED, 0.0])
        stage.inlay(name, moved(flat(rings(line)), upright, front), style.colour(ink))
