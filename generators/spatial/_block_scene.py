"""A board with a solid of cubes on it, and a camera that goes round it with rests, in space and time."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.spatial._block_solid import Solid
from morse.layout import Layout
from morse.meshes import flat, moved
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.style import Style
from morse.world import Body, Camera, World, pose

Array = np.ndarray
CELL, RIM, TOP = 0.5, 0.34, 0.06
"""Metres: a cell's side, the rim around the board, and the board's height."""
CUBE = 0.94 * CELL
"""A cube is a little smaller than its cell, so that its edges show."""
SIGN, THIN, HIGHER = 0.3, 0.012, 0.0012
"""The side of a sign on the rim, how thick it is, and how far what is let into a surface stands out."""
OUTWARD = {"north": (0, 1), "west": (-1, 0), "south": (0, -1), "east": (1, 0)}
FOV = 34.0
LEG = 1.9
"""Seconds, about, of a quarter round."""
KEYS = 24
"""Keys of a leg."""


@dataclass(frozen=True)
class Look:
    """Colours by name (``#rrggbb`` for the squares of the board)."""

    cubes: tuple[str, str]
    rim: str
    squares: tuple[str, str]
    plate: str
    letter: str


LOOKS = (
    Look(("orange", "yellow"), "brown", ("#d9cfbd", "#c9bda8"), "white", "black"),
    Look(("blue", "cyan"), "white", ("#8d949c", "#9da4ac"), "black", "white"),
    Look(("red", "white"), "grey", ("#868b94", "#979ca5"), "black", "white"),
    Look(("green", "yellow"), "brown", ("#cfc8b4", "#bfb7a0"), "white", "black"),
    Look(("purple", "pink"), "white", ("#98a0a8", "#a8b0b8"), "black", "white"),
    Look(("cyan", "white"), "brown", ("#8f8578", "#a09689"), "white", "black"),
)


def reach_of(columns: int, rows: int, tallest: int) -> float:
    """How far from what it looks at the camera has to be, in sides of a cell, to have all in view from everywhere."""
    rim = 2 * RIM / CELL
    ball = math.hypot((columns + rim) / 2, (rows + rim) / 2)
    return 0.98 * math.hypot(ball, 0.3 * tallest) / math.sin(math.radians(FOV / 2))


def lay_out(solid: Solid, rng: Rng) -> Layout:
    """The clip in space and time."""
    rests, duration = _schedule(solid, rng.fork("times"))
    look = rng.choice(LOOKS)
    size = (solid.columns * CELL + 2 * RIM, solid.rows * CELL + 2 * RIM, TOP)
    bodies = [Body("board", "box", size, look.rim, static=True, tracked=False, opaque=False)]
    poses = [pose((0.0, 0.0, TOP / 2))]
    for side, (east, north) in OUTWARD.items():
        bodies.append(Body(side, "box", (SIGN, SIGN, THIN), look.plate, static=True))
        poses.append(pose((east * (size[0] - RIM) / 2, north * (size[1] - RIM) / 2, TOP - THIN / 4)))
    shade = rng.integer(0, 1)
    for row, line in enumerate(solid.heights):
        for column, height in enumerate(line):
            for layer in range(height):
                colour = look.cubes[(row + column + layer + shade) % 2]
                name = f"cube-{len(bodies)}"
                bodies.append(Body(name, "box", (CUBE, CUBE, CUBE), colour, static=True, tracked=False))
                x, y = column - (solid.columns - 1) / 2, row - (solid.rows - 1) / 2
                poses.append(pose((x * CELL, y * CELL, TOP + (layer + 0.5) * CELL)))
    world = World(duration, tuple(bodies), np.zeros(1), np.array([poses]), _camera(solid, rests))
    things = tuple(
        Thing(id=side, kind="sign", attributes={"letter": side[0].upper()}, shape_fills_box=False) for side in OUTWARD
    )
    heights: JsonValue = [[*line] for line in solid.heights]
    state = State(start=0.0, end=duration, values={"heights": heights})
    events = tuple(_events(solid, rests))
    return Layout(world, things, events, (state,), MappingProxyType({"look": look}))


def _schedule(solid: Solid, rng: Rng) -> tuple[list[tuple[float, float]], float]:
    """The spans of the rests, and the clip's duration."""
    time, rests = 0.0, list[tuple[float, float]]()
    for _ in solid.way.sides:
        end = time + solid.rest + rng.uniform(0.0, 0.5)
        rests.append((round(time, 3), round(end, 3)))
        time = end + LEG * rng.uniform(0.9, 1.1)
    return rests, rests[-1][1]


def _camera(solid: Solid, rests: Sequence[tuple[float, float]]) -> Camera:
    """Still at the rests, soft at both ends of each leg."""
    way = solid.way
    times, azimuths = [rests[0][0]], [way.azimuths[0]]
    for (before, after), ((_, start), (end, _)) in zip(pairwise(way.azimuths), pairwise(rests), strict=True):
        for p in (k / KEYS for k in range(KEYS + 1)):
            times.append(start + (end - start) * p)
            azimuths.append(before + (after - before) * p * p * (3 - 2 * p))
    eyes = np.array([way.eye(azimuth, solid.level) for azimuth in azimuths]) * CELL + [0.0, 0.0, TOP]
    return Camera.path(np.array(times), eyes, (0.0, 0.0, solid.level * CELL + TOP), FOV)


def _events(solid: Solid, rests: Sequence[tuple[float, float]]) -> Iterator[Event]:
    for number, (side, (start, end)) in enumerate(zip(solid.way.sides, rests, strict=True), 1):
        yield Event(id=f"rest-{number}", kind="rest", objects=(side,), start=start, end=end)
        if number < len(rests):
            yield Event(
                id=f"leg-{number}",
                kind="leg",
                objects=(side, solid.way.sides[number]),
                start=end,
                end=rests[number][0],
            )


def draw_board(solid: Solid, layout: Layout, stage: Any, style: Style) -> None:
    """Lay squares on the board and letters on the signs, each upright for who stands on its side."""
    from morse.stage.lettering import outline, rings

    look: Look = layout.details["look"]
    corner = -np.array([solid.columns - 1, solid.rows - 1]) * CELL / 2
    square = 0.48 * CELL * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    cells = [(x, y) for y in range(solid.rows) for x in range(solid.columns)]
    for shade, colour in enumerate(look.squares):
        some = [square + corner + np.array(cell) * CELL for cell in cells if sum(cell) % 2 == shade]
        stage.inlay("board", moved(flat(some), np.eye(3), np.array([0, 0, TOP / 2 + HIGHER])), colour)
    for side, (east, north) in OUTWARD.items():
        turn = np.array([[-north, -east, 0], [east, -north, 0], [0, 0, 1]], float)
        letter = rings(outline(side[0].upper(), 0.8 * SIGN, style.font, "bold"))
        stage.inlay(side, moved(flat(letter), turn, np.array([0.0, 0.0, THIN / 2 + HIGHER])), style.colour(look.letter))
