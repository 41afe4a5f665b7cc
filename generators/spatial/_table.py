"""A table with objects between screens, and what a camera that goes round it sees of them from where."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_

import numpy as np

from generators.spatial._sightlines import Sightlines, longest_runs, points_of, sight_lines
from generators.spatial._way import Way, draw_way
from morse.errors import Rejected
from morse.meshes import Mesh, mesh_from_faces
from morse.seeding import Rng
from morse.world import Body, Ground, World, pose

Array = np.ndarray
SHAPES = {  # name → body; widths at foot and top, and height, as shares of the object's size
    "cube": ("box", 0.92, 0.92, 0.92),
    "ball": ("sphere", 1.0, 1.0, 1.0),
    "cylinder": ("cylinder", 0.86, 0.86, 1.15),
    "cone": ("cone", 1.08, 0.0, 1.25),
    "pyramid": ("mesh", 1.12, 0.0, 0.95),
    "pillar": ("box", 0.62, 0.62, 1.55),
}
SCREENS = ("white", "black", "brown", "green")
SIZE, SCREEN, THICK, ROOM = 0.38, 1.3, 0.06, 0.6
"""Metres: an object, a screen's height and thickness, the distance that two objects keep."""
RATE = 8.0
"""Instants a second at which views are looked up."""
STEP = 4.0
"""Degrees of the camera's way between the views that are looked at."""
SEEN, CLEAR = 0.06, 0.9
"""Visible shares: seen at all, well seen."""


@dataclass(frozen=True)
class Table:
    """What stands on the table, and what the camera sees of it.

    ``shapes``, ``places`` (n, 2) and ``sizes`` (n, 3: widths at foot and top, height) of the objects, which are the first
    bodies of ``world`` (the screens follow); ``walls``: (screens, 2, 2), the ends of each screen. ``views``: (steps, n),
    the visible share when the camera has gone each of ``steps`` degrees, by lines of sight; ``told``: (3, n), the visible
    share in the first, middle and last picture, by ray casts.
    """

    world: World
    way: Way
    shapes: tuple[str, ...]
    places: Array
    sizes: Array
    walls: Array
    steps: Array
    views: Array
    told: Array

    def at(self, times: Array) -> Array:
        """(times, n): visible shares at some times."""
        return _at(self.way, self.steps, self.views, times)

    def lines(self, time: float) -> Sightlines:
        """The lines of sight at one time, rims included."""
        points = _points(self.shapes, self.sizes, rim=True)
        return sight_lines(
            self.world.camera.axes(np.array([time])),
            self.places,
            points,
            self.walls,
            SCREEN,
            _blockers(self.shapes, self.sizes),
        )

    @cached_property
    def seen(self) -> list[int]:
        """For each object a number with a bit for every view that shows it."""
        flags = np.concatenate([self.told, self.views]) > SEEN
        return [int("".join("01"[flag] for flag in column), 2) for column in flags.T.tolist()]

    def together(self, group: Sequence[int]) -> bool:
        """Whether a single view shows all of a group."""
        return reduce(and_, (self.seen[i] for i in group)) > 0

    @property
    def screens(self) -> list[str]:
        """The names of the screens, in the order of the walls."""
        count = len(self.shapes)
        return [body.name for body in self.world.bodies[count : count + len(self.walls)]]


def set_table(objects: int, screens: int, clutter: int, turns: int, pauses: int, rng: Rng) -> Table:
    """Draw a table and the camera's way round it; the objects have no colours yet."""
    half = 1.8 * math.sqrt(objects / 8)
    way = draw_way(turns, pauses, half, rng.fork("way"))
    steps = way.views(STEP)
    walls = _walls(screens, half, rng.fork("walls"))
    draw = rng.fork("shapes")
    pool = [shape for _ in range(-(-objects // len(SHAPES))) for shape in draw.shuffled(list(SHAPES))]
    shapes = draw.shuffled(pool[:objects])
    widths = [SIZE * draw.choice((0.92, 1.0, 1.08, 1.16)) for _ in shapes]
    sizes = np.round([np.array(SHAPES[s][1:]) * w for s, w in zip(shapes, widths, strict=True)], 3)
    places, views = _places(shapes, sizes, half, walls, way, steps, rng.fork("places"))
    world = _world(shapes, places, sizes, walls, half, way, clutter, rng.fork("poses"))
    pictures = np.array([0.0, way.duration / 2, way.duration])
    told = world.tracks(pictures, [body.name for body in world.bodies[:objects]]).visible
    return Table(world, way, tuple(shapes), places, sizes, walls, steps, views, told)


def _points(shapes: Sequence[str], sizes: Array, rim: bool = False) -> Array:
    found = [
        points_of(SHAPES[shape][0] in ("sphere", "cylinder", "cone"), shape == "ball", *size, rim=rim)
        for shape, size in zip(shapes, sizes.tolist(), strict=True)
    ]
    return np.stack(found)


def _blockers(shapes: Sequence[str], sizes: Array) -> Array:
    """(n, 3): the objects as they hide each other: round, of the same area in the ground plan."""
    square = np.array([SHAPES[shape][0] in ("box", "mesh") for shape in shapes])
    return sizes * np.where(square[:, None], [1.13, 1.13, 1.0], 1.0)


def _at(way: Way, steps: Array, views: Array, times: Array) -> Array:
    """The rows of the nearest views at some times."""
    return views[np.searchsorted((steps[1:] + steps[:-1]) / 2, np.interp(times, way.times, way.angles))]


def _walls(count: int, half: float, rng: Rng) -> Array:
    """(screens, 2, 2): screens that spread from a place near the middle of the table."""
    hub = np.array([rng.uniform(-0.1, 0.1), rng.uniform(-0.1, 0.1)]) * half
    first, spread = rng.uniform(0.0, 360.0), 360.0 / count
    walls = []
    for i in range(count):
        angle = math.radians(first + spread * (i + rng.uniform(-0.14, 0.14)))
        along = np.array([math.cos(angle), math.sin(angle)])
        walls.append([hub + along * 0.02, hub + along * half * rng.uniform(0.85, 0.92)])
    return np.round(np.array(walls), 3)


def _places(
    shapes: Sequence[str], sizes: Array, half: float, walls: Array, way: Way, steps: Array, rng: Rng
) -> tuple[Array, Array]:
    """(n, 2) places with room between them, and (steps, n) what is seen of the objects there.

    Each is in sight for a good part of the way; those that others hide too often are put elsewhere.
    """
    drawn = [((half - 0.3) * math.sqrt(rng.unit()), rng.uniform(0.0, 2 * math.pi)) for _ in range(40 * len(shapes))]
    spots = np.round([[radius * math.cos(angle), radius * math.sin(angle)] for radius, angle in drawn], 3)
    spots = spots[_from_walls(spots, walls) >= 0.34]
    apart = np.arange(math.ceil(steps[0] / STEP), steps[-1] / STEP, 2) * STEP
    middle = np.broadcast_to([[0.0, 0.1 * SIZE], [0.0, 0.8 * SIZE]], (len(spots), 2, 2))
    open_ = sight_lines(way.camera(apart, apart).axes(apart), spots, middle, walls, SCREEN).shares() == 1.0
    waiting = spots[longest_runs(open_)[1] * 2 * STEP >= 40.0].tolist()
    axes = way.camera(steps, steps).axes(steps)
    points, places = _points(shapes, sizes), []
    while waiting:
        place = waiting.pop(0)
        if any(math.dist(place, other) < ROOM for other in places):
            continue
        places.append(place)
        if len(places) == len(shapes):
            views = sight_lines(axes, np.array(places), points, walls, SCREEN, _blockers(shapes, sizes)).shares()
            good = [span is not None for span in well_seen(way, steps, views)]
            if all(good):
                return np.array(places), views
            places = [place for place, fine in zip(places, good, strict=True) if fine]
    raise Rejected("no room on the table")


def well_seen(way: Way, steps: Array, views: Array) -> list[tuple[float, float] | None]:
    """For each object the longest stretch (seconds) in which it is well seen, or ``None`` if that is under 1.5 s."""
    times = np.arange(int(way.duration * RATE) + 1) / RATE
    starts, lengths = longest_runs(_at(way, steps, views, times) >= CLEAR)
    return [
        (float(times[start]), float(times[start + length - 1])) if (length - 1) / RATE >= 1.5 else None
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True)
    ]


def _from_walls(places: Array, walls: Array) -> Array:
    """(n,): how far some places are from the nearest screen."""
    along, away = walls[:, 1] - walls[:, 0], places[:, None] - walls[:, 0]
    share = np.clip((away * along).sum(-1) / (along * along).sum(-1), 0.0, 1.0)
    return np.linalg.norm(away - share[..., None] * along, axis=-1).min(axis=-1)


def _pyramid(x: float, z: float) -> Mesh:
    """A pyramid on a square, ``x`` wide and ``z`` high."""
    x, z = x / 2, z / 2
    corners = np.array([[-x, -x, -z], [x, -x, -z], [x, x, -z], [-x, x, -z], [0.0, 0.0, z]])
    return mesh_from_faces(corners, np.array([[0, 2, 1], [0, 3, 2], [0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]]))


def _world(
    shapes: Sequence[str], places: Array, sizes: Array, walls: Array, half: float, way: Way, clutter: int, rng: Rng
) -> World:
    bodies, poses = [], []
    for i, (shape, (x, y), (wide, _, high)) in enumerate(zip(shapes, places.tolist(), sizes.tolist(), strict=True)):
        kind = SHAPES[shape][0]
        mesh = _pyramid(wide, high) if kind == "mesh" else None
        material = rng.choice(("rubber", "metal"))
        bodies.append(Body(f"object_{i}", kind, (wide, wide, high), "grey", material, static=True, mesh=mesh))  # type: ignore[arg-type]
        poses.append(pose((x, y, high / 2), rng.uniform(0.0, math.pi)))
    for (a, b), colour in zip(walls, rng.sample(SCREENS, len(walls)), strict=True):
        x, y = (a + b) / 2
        size = (round(math.dist(a, b), 3), THICK, SCREEN)
        bodies.append(Body(f"{colour}_screen", "box", size, colour, static=True, tracked=False))
        poses.append(pose((float(x), float(y), SCREEN / 2), math.atan2(*(b - a)[::-1])))
    spots = [*places, *((a + b) / 2 for a, b in walls)]
    while len(bodies) < len(spots) + clutter:
        radius, angle = (half - 0.15) * math.sqrt(rng.unit()), rng.uniform(0.0, 2 * math.pi)
        place = (radius * math.cos(angle), radius * math.sin(angle))
        wide = rng.uniform(0.06, 0.12)
        if min(math.dist(place, spot) for spot in places) < 0.36 or _from_walls(np.array([place]), walls)[0] < 0.12:
            continue
        name, shade = f"counter_{len(bodies)}", rng.choice(("grey", "white", "brown"))
        bodies.append(Body(name, "cylinder", (wide, wide, 0.03), shade, static=True, tracked=False, opaque=False))
        poses.append(pose((*place, 0.015)))
    ground = Ground("table", (2 * half, 2 * half), round=True)
    camera = way.camera(way.times, way.angles)
    return World(way.duration, tuple(bodies), np.zeros(1), np.array(poses)[None], camera, ground)
