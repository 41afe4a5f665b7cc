"""A map, then the hall that it shows, as a camera sees it that walks through at eye height."""

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.planning._grid_ways import WAYS, Cell, named
from generators.spatial._hall_world import CLOCKWISE, Hall
from morse.joined import JoinedScene, Part
from morse.layout import Layout
from morse.meshes import Mesh, flat, joined, mesh_from_faces, moved
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.style import Style
from morse.timeline import EASES, Timeline
from morse.world import Body, Camera, Vector, World, pose

Array = np.ndarray
CELL, FLOOR = 0.56, 0.014
"""Metres: a cell's side, and how thick the floor is. The hall is a model: small, so that its shadows are sharp."""
EYE, DOWN = 0.42, math.radians(9)
"""Metres over the floor, and how far down the camera looks."""
FOV = 54.0
WIDE = math.degrees(math.atan(math.tan(math.radians(FOV / 2)) * 16 / 9))
"""Degrees from the middle of the view to its left and right edges."""
BACK = 0.196
"""Metres behind the middle of its cell at which the camera is, so that it sees the floor of the next cells."""
STEP, STARTS, TURNS, GLANCES = 0.8, 0.45, 1.15, 2.0
"""Seconds of a cell, more for a leg, of a quarter turn, and of a glance."""
ASIDE = math.radians(32)
"""How far a glance goes."""
WALL, HIGH = 0.042, 0.21
"""Metres: how thick and how high the walls around the hall are."""
KEYS = 14
AIM = 1.4
HIGHER = 0.0011
COLOURS = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")
SIZES: dict[str, Vector] = {
    "ball": (0.35, 0.35, 0.35),
    "cube": (0.308, 0.308, 0.308),
    "pillar": (0.1736, 0.1736, 0.532),
    "cone": (0.35, 0.35, 0.476),
    "diamond": (0.322, 0.322, 0.49),
    "cross": (0.364, 0.364, 0.448),
    "table": (0.336, 0.336, 0.28),
    "tower": (0.364, 0.364, 0.42),
}
"""Shapes of landmarks, with their extents."""


def _octagon(corners: int, radius: float) -> Array:
    angles = 2 * math.pi * np.arange(corners) / corners
    return radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)


SIGNS: dict[str, Array] = {
    "ball": _octagon(48, 0.42),
    "cube": np.array([(-0.38, -0.38), (0.38, -0.38), (0.38, 0.38), (-0.38, 0.38)]),
    "pillar": np.array([(-0.17, -0.46), (0.17, -0.46), (0.17, 0.46), (-0.17, 0.46)]),
    "cone": np.array([(-0.4, -0.42), (0.4, -0.42), (0.0, 0.46)]),
    "diamond": np.array([(0.0, -0.48), (0.34, 0.0), (0.0, 0.48), (-0.34, 0.0)]),
    "cross": np.array(
        [(-0.12, -0.46), (0.12, -0.46), (0.12, -0.0), (0.42, -0.0), (0.42, 0.24), (0.12, 0.24)]
        + [(0.12, 0.46), (-0.12, 0.46), (-0.12, 0.24), (-0.42, 0.24), (-0.42, -0.0), (-0.12, -0.0)]
    ),
    "table": np.array(
        [(-0.42, -0.36), (-0.22, -0.36), (-0.22, 0.14), (0.22, 0.14), (0.22, -0.36), (0.42, -0.36), (0.42, 0.36), (-0.42, 0.36)]
    ),
    "tower": np.array(
        [(-0.44, -0.42), (0.44, -0.42), (0.44, -0.14), (0.28, -0.14), (0.28, 0.14), (0.14, 0.14)]
        + [(0.14, 0.42), (-0.14, 0.42), (-0.14, 0.14), (-0.28, 0.14), (-0.28, -0.14), (-0.44, -0.14)]
    ),
}  # fmt: skip
"""What stands for them on the map: as they look from the side."""


@dataclass(frozen=True)
class Look:
    """The colours of the floor's squares (``#rrggbb``) and of the walls, by name."""

    squares: tuple[str, str]
    wall: str


LOOKS = (
    Look(("#b9b2a4", "#a8a193"), "brown"),
    Look(("#9aa3ab", "#8a939b"), "white"),
    Look(("#a4ab9c", "#949b8c"), "grey"),
    Look(("#b3a999", "#c1b8a9"), "grey"),
    Look(("#8f98a3", "#a0a8b2"), "brown"),
)


def landmark_names(count: int, rng: Rng) -> list[str]:
    """So many names, of different colours and shapes: "red cone"."""
    pairs = zip(rng.shuffled(COLOURS), rng.shuffled([*SIZES]), strict=True)
    return [f"{colour} {shape}" for colour, shape in pairs][:count]


def thing_id(name: str) -> str:
    """What tracks call a landmark, on the map and in the hall."""
    return name.replace(" ", "-")


def lay_out(hall: Hall, rng: Rng) -> Layout:
    """The clip in space and time."""
    filming = _Filming(hall, rng.fork("times"))
    look = rng.choice(LOOKS)
    joined_scene = JoinedScene([Part(_map(hall)), Part(filming.world(look), stage="bullet")])
    begins = joined_scene.begins(1)
    spans = [(round(begins + start, 3), round(begins + end, 3)) for start, end in filming.spans]
    things = [
        Thing(
            id=thing_id(name), kind="landmark", attributes={"name": name}, colour=name.split()[0], shape_fills_box=False
        )
        for name in hall.landmarks
    ]
    places: dict[str, JsonValue] = {name: named(cell) for name, cell in hall.landmarks.items()}
    state = State(start=0.0, end=hall.look, values=places, shown=True)
    events = [Event(id="map", kind="map", objects=("map",), start=0.0, end=hall.look)]
    for number, (act, (start, end)) in enumerate(zip(hall.acts, spans, strict=True), 1):
        how = str(act.cells) if act.kind == "leg" else act.side
        events.append(Event(id=f"act-{number}", kind=act.kind, objects=("camera", how), start=start, end=end))
    details = {"spans": spans, "look": look, "begins": begins}
    return Layout(joined_scene, tuple(things), tuple(events), (state,), MappingProxyType(details))


def middle_of(hall: Hall, cell: Cell) -> tuple[float, float]:
    """The middle of a cell in the hall, in metres: up on the map is along y."""
    return (cell[0] - (hall.columns - 1) / 2) * CELL, ((hall.rows - 1) / 2 - cell[1]) * CELL


def _map(hall: Hall) -> Timeline:
    scene, size = Timeline(hall.look), map_cell(hall)

    def at(cell: tuple[float, float]) -> tuple[float, float]:
        return (cell[0] - (hall.columns - 1) / 2) * size, ((hall.rows - 1) / 2 - cell[1]) * size - 0.3

    scene.add("sheet", at(((hall.columns - 1) / 2, (hall.rows - 1) / 2)), (1.0, 1.0), z=-2, tracked=False, solid=False)
    for cell in hall.cells:
        scene.add(f"cell {named(cell)}", at(cell), (size, size), z=-1, tracked=False, solid=False)
    for column in range(hall.columns):
        scene.add(f"column {column}", at((column, -0.86)), (0.5, 0.5), tracked=False, solid=False)
    for row in range(hall.rows):
        scene.add(f"row {row}", at((-0.86, row)), (0.5, 0.5), tracked=False, solid=False)
    for name, cell in hall.landmarks.items():
        scene.add(thing_id(name), at(cell), (0.84 * size, 0.84 * size), z=1)
    return scene


def map_cell(hall: Hall) -> float:
    """The side of a cell on the map, in canvas units."""
    return min(7.3 / hall.rows, 1.42)


class _Filming:
    """Works out when each act is and where the camera is then, in the time of the walk."""

    def __init__(self, hall: Hall, rng: Rng) -> None:
        self.hall = hall
        self.spans: list[tuple[float, float]] = []
        self.times: list[float] = [0.0]
        self.ways: list[tuple[float, float, float]] = []
        x, y = middle_of(hall, hall.start.cell)
        turn = _angle(hall.start.heading)
        self.ways.append((x, y, turn))
        time = rng.uniform(2.0, 2.4)
        for act, before, ends in zip(hall.acts, hall.stands[:-1], hall.stands[1:], strict=True):
            took = {"leg": STARTS + STEP * act.cells, "turn": TURNS, "glance": GLANCES}[act.kind] * rng.uniform(
                0.96, 1.04
            )
            (x0, y0), (x1, y1) = middle_of(hall, before.cell), middle_of(hall, ends.cell)
            side = 1 if act.side == "left" else -1
            for share in np.linspace(0.0, 1.0, KEYS * (2 if act.kind == "glance" else 1) + 1).tolist():
                eased = float(EASES["smooth"](np.array(share)))
                aside = {"leg": 0.0, "turn": eased * math.pi / 2, "glance": ASIDE * math.sin(math.pi * eased) ** 2}[
                    act.kind
                ]
                self.times.append(time + took * share)
                soft = 0.5 * share + 0.5 * eased
                self.ways.append((x0 + (x1 - x0) * soft, y0 + (y1 - y0) * soft, _angle(before.heading) + side * aside))
            self.spans.append((round(time, 3), round(time + took, 3)))
            time += took + hall.pause * rng.uniform(0.85, 1.15)
        self.duration = round(time + rng.uniform(1.8, 2.3), 3)

    def world(self, look: Look) -> World:
        hall = self.hall
        wide, deep = hall.columns * CELL, hall.rows * CELL
        bodies = [Body("floor", "box", (wide, deep, FLOOR), "grey", static=True, tracked=False, opaque=False)]
        poses = [pose((0.0, 0.0, FLOOR / 2))]
        for number, (x, y) in enumerate(((0, 1), (1, 0), (0, -1), (-1, 0))):
            size = (wide + 2 * WALL, WALL, HIGH) if y else (WALL, deep, HIGH)
            bodies.append(Body(f"wall-{number}", "box", size, look.wall, static=True, tracked=False))
            poses.append(pose((x * (wide + WALL) / 2, y * (deep + WALL) / 2, HIGH / 2)))
        for name, cell in hall.landmarks.items():
            colour, shape = name.split()
            x, y = middle_of(hall, cell)
            bodies.append(_landmark(thing_id(name), shape, colour))
            poses.append(pose((x, y, FLOOR + SIZES[shape][2] / 2)))
        return World(self.duration, tuple(bodies), np.zeros(1), np.array([poses]), self._camera())

    def _camera(self) -> Camera:
        x, y, turn = np.array(self.ways).T
        ahead = np.stack([np.cos(turn), np.sin(turn), np.zeros_like(turn)], axis=1)
        eyes = np.stack([x, y, np.full_like(x, FLOOR + EYE)], axis=1) - BACK * ahead
        targets = eyes + AIM * (ahead - [0.0, 0.0, math.tan(DOWN)])
        return Camera.path(np.array(self.times), eyes, targets, FOV)


def _angle(heading: int) -> float:
    x, y = WAYS[CLOCKWISE[heading]]
    return math.atan2(-y, x)


def _landmark(name: str, shape: str, colour: str) -> Body:
    size = SIZES[shape]
    primitive = {"ball": "sphere", "cube": "box", "pillar": "cylinder", "cone": "cone"}.get(shape)
    if primitive is not None:
        return Body(name, primitive, size, colour, static=True)  # type: ignore[arg-type]
    return Body(name, "mesh", size, colour, static=True, mesh=_MESHES[shape])


def _block(size: Vector, middle: Vector) -> Mesh:
    x, y, z = (side / 2 for side in size)
    points = np.array([(a * x, b * y, c * z) for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)]) + middle
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    return mesh_from_faces(points, np.array([t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))]))


def _diamond(size: Vector) -> Mesh:
    x, y, z = (side / 2 for side in size)
    points = np.array([(x, 0, 0), (0, y, 0), (-x, 0, 0), (0, -y, 0), (0, 0, z), (0, 0, -z)], float)
    faces = [(i, (i + 1) % 4, 4) for i in range(4)] + [((i + 1) % 4, i, 5) for i in range(4)]
    return mesh_from_faces(points, np.array(faces))


_MESHES: dict[str, Mesh] = {
    "diamond": _diamond(SIZES["diamond"]),
    "cross": joined(
        [
            _block((0.1008, 0.1008, 0.448), (0, 0, 0)),
            _block((0.364, 0.1008, 0.1008), (0, 0, 0.056)),
            _block((0.1008, 0.364, 0.1008), (0, 0, 0.056)),
        ]
    ),
    "table": joined(
        [_block((0.336, 0.336, 0.0728), (0, 0, 0.1036))]
        + [_block((0.0672, 0.0672, 0.2072), (x * 0.1288, y * 0.1288, -0.0364)) for x in (-1, 1) for y in (-1, 1)]
    ),
    "tower": joined(
        [_block((side, side, 0.14), (0, 0, z)) for side, z in ((0.364, -0.14), (0.2352, 0), (0.1176, 0.14))]
    ),
}


def draw_floor(hall: Hall, look: Look, stage: Any) -> None:
    """Lay the squares of the cells."""
    square = 0.5 * CELL * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    for shade, colour in enumerate(look.squares):
        some = [square + middle_of(hall, cell) for cell in hall.cells if sum(cell) % 2 == shade]
        stage.inlay("floor", moved(flat(some), np.eye(3), np.array([0.0, 0.0, FLOOR / 2 + HIGHER])), colour)


def draw_map(hall: Hall, stage: Any, style: Style) -> None:
    """Draw the map: cells, letters and numbers on its edges, and the landmarks as they look from the side."""
    from manim import Polygon, Rectangle

    from morse.stage.lettering import lettering
    from morse.style import mix

    size = map_cell(hall)
    sheet = Rectangle(width=hall.columns * size + 0.16, height=hall.rows * size + 0.16, stroke_width=0)
    stage.add("sheet", sheet.set_fill(style.ink, 1.0))
    for cell in hall.cells:
        shade = mix(style.panel, style.muted, 0.10 if sum(cell) % 2 else 0.28)
        square = Rectangle(width=size, height=size, stroke_width=1.5 * style.line, stroke_color=style.muted)
        stage.add(f"cell {named(cell)}", square.set_fill(shade, 1.0))
    labels = [(f"column {column}", chr(97 + column)) for column in range(hall.columns)]
    labels += [(f"row {row}", str(row + 1)) for row in range(hall.rows)]
    for name, text in labels:
        stage.add(name, lettering(text, 0.56, style.ink, font=style.font, cut="bold", on_line=True))
    for name in hall.landmarks:
        colour, shape = name.split()
        corners = [(x * 0.92 * size, y * 0.92 * size, 0.0) for x, y in SIGNS[shape].tolist()]
        sign = Polygon(*corners, stroke_color="#1c1c1c", stroke_width=2.5 * style.line)
        stage.add(thing_id(name), sign.set_fill(style.colour(colour), 1.0))


def seen_from(hall: Hall, name: str, cell: Cell, heading: int) -> tuple[float, float]:
    """Degrees to the left of straight ahead at which a landmark is from where the camera stands in a cell, and half its width."""
    turn = _angle(heading)
    x, y = middle_of(hall, cell)
    a, b = middle_of(hall, hall.landmarks[name])
    away = complex(a, b) - complex(x, y) + BACK * complex(math.cos(turn), math.sin(turn))
    bearing = away / complex(math.cos(turn), math.sin(turn))
    half = SIZES[name.split()[1]][0] * 0.71
    return math.degrees(math.atan2(bearing.imag, bearing.real)), math.degrees(math.asin(min(1.0, half / abs(away))))
