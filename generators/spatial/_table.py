"""A table with objects between screens, a camera that goes round it, and what the camera sees from where."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from morse.errors import Rejected
from morse.meshes import Mesh, mesh_from_faces
from morse.seeding import Rng
from morse.timeline import EASES
from morse.world import ASPECT, Body, Camera, Ground, World, pose

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
AIM = (0.0, 0.0, 0.1)
FOV = 30.0
APPROACH = 28.0
"""Degrees of its way over which the camera comes near."""
RATE = 8.0
"""Instants a second at which views are looked up."""
STEP = 5.0
"""Degrees of the camera's way between the views at which visibility is measured."""


@dataclass(frozen=True)
class Way:
    """How the camera goes: from an azimuth (degrees), anticlockwise (1) or clockwise (−1) as seen from above.

    ``net``: how far it goes in all (degrees); ``other``: how far a camera of the other length goes. ``low`` and ``high``:
    its elevation at the start and at the end. ``angles``: how far it has gone at key ``times``. In the first, middle and
    last picture it is ``near`` (a share of its ``distance``), so that these show little.
    """

    start: float
    direction: int
    net: int
    other: int
    distance: float
    near: float
    low: float
    high: float
    times: Array
    angles: Array

    def camera(self, times: Array, angles: Array) -> Camera:
        """A camera that has gone ``angles`` degrees at ``times``."""
        turn = np.radians(self.start + self.direction * angles)
        rise = np.radians(self.low + (self.high - self.low) * EASES["smooth"](np.clip(angles / self.net, 0.0, 1.0)))
        around = np.stack([np.cos(turn) * np.cos(rise), np.sin(turn) * np.cos(rise), np.sin(rise)], axis=-1)
        off = np.abs(np.asarray(angles)[:, None] - self.stops).min(axis=1)
        share = self.near + (1 - self.near) * EASES["smooth"](np.clip(off / APPROACH - 0.2, 0.0, 1.0))
        return Camera.path(times, around * (self.distance * share)[:, None] + AIM, AIM, FOV)

    def nearest(self, steps: Array, times: Array) -> Array:
        """(times,): which of the views at ``steps`` is nearest at some times."""
        return np.rint((np.interp(times, self.times, self.angles) - steps[0]) / STEP).astype(int)

    @property
    def stops(self) -> Array:
        """How far it has gone in the first, middle and last picture."""
        return np.array([0.0, np.interp(self.times[-1] / 2, self.times, self.angles), self.angles[-1]])


@dataclass(frozen=True)
class Table:
    """What stands on the table, and what the camera sees of it.

    ``shapes``, ``places`` (n, 2) and ``sizes`` (n, 3: widths at foot and top, height) of the objects, which are the first bodies of ``world``
    (the screens follow); ``walls``: (screens, 2, 2), the ends of each screen. ``steps``: how far the camera has gone at each
    measured view; ``views``: (steps, n), the visible share. ``marks``: which of them are the first, middle and last picture.
    """

    world: World
    way: Way
    shapes: tuple[str, ...]
    places: Array
    sizes: Array
    walls: Array
    steps: Array
    views: Array
    marks: Array

    def at(self, times: Array) -> Array:
        """(times, n): visible shares at some times."""
        return self.views[self.way.nearest(self.steps, times)]


def draw_way(turns: int, pauses: int, half: float, rng: Rng) -> Way:
    """A camera's way round a table of half the given width. How long it takes does not depend on how far it goes."""
    lengths = [rng.steady("short").integer(22, 24) * 10, rng.steady("long").integer(33, 35) * 10]
    net, other = lengths if rng.steady("length").chance(0.5) else lengths[::-1]
    backs = [rng.uniform(30, 50) for _ in range(turns)]
    shares = [rng.uniform(0.85, 1.15) for _ in range(turns + 1)]
    scale = (net + math.fsum(backs)) / math.fsum(shares)
    legs = [leg for i, share in enumerate(shares) for leg in (share * scale, *(-back for back in backs[i : i + 1]))]
    for _ in range(pauses):
        longest = max(range(len(legs)), key=lambda i: abs(legs[i]))
        cut = rng.uniform(0.35, 0.65)
        legs[longest : longest + 1] = [legs[longest] * cut, legs[longest] * (1 - cut)]
    seconds = rng.uniform(16.0, 19.0) + 3.5 * turns
    weights = [abs(leg) + 8.0 for leg in legs]
    times, angles, clock, gone = [0.0], [0.0], 2.0 + rng.uniform(0.0, 0.8), 0.0
    for i, (leg, weight) in enumerate(zip(legs, weights, strict=True)):
        span = seconds * weight / math.fsum(weights)
        share = np.linspace(0.0, 1.0, max(2, round(span * 12) + 1))
        times += (clock + span * share).tolist()
        angles += (gone + leg * EASES["smooth"](share)).tolist()
        gone += leg
        clock += span + (rng.uniform(0.6, 2.2) if i + 1 < len(legs) else rng.uniform(2.2, 3.0))
    low = rng.uniform(16.0, 20.0)
    return Way(
        start=round(rng.uniform(0.0, 360.0), 2),
        direction=1 if rng.steady("direction").chance(0.5) else -1,
        net=net,
        other=other,
        distance=round(rng.uniform(2.3, 2.45) * half, 3),
        near=round(rng.uniform(0.52, 0.57), 3),
        low=round(low, 2),
        high=round(low + (rng.uniform(2.0, 6.0) if rng.chance(0.5) else 0.0), 2),
        times=np.round([*times, clock], 3),
        angles=np.round([*angles, gone], 3),
    )


def set_table(objects: int, screens: int, clutter: int, turns: int, pauses: int, rng: Rng) -> Table:
    """Draw a table and the camera's way round it; the objects have no colours yet, and nothing is measured yet.

    ``views`` are estimates, good enough to see whether a table is worth measuring (:func:`measured`).
    """
    half = 1.8 * math.sqrt(objects / 8)
    way = draw_way(turns, pauses, half, rng.fork("way"))
    steps = np.arange(math.floor(way.angles.min() / STEP), math.ceil(way.angles.max() / STEP) + 1) * STEP
    marks = np.rint((way.stops - steps[0]) / STEP).astype(int)
    walls = _walls(screens, half, rng.fork("walls"))
    places, views = _places(objects, half, walls, way, steps, rng.fork("places"))
    draw = rng.fork("shapes")
    pool = [shape for _ in range(-(-objects // len(SHAPES))) for shape in draw.shuffled(list(SHAPES))]
    shapes = draw.shuffled(pool[:objects])
    widths = [SIZE * draw.choice((0.92, 1.0, 1.08, 1.16)) for _ in shapes]
    sizes = np.round([np.array(SHAPES[s][1:]) * w for s, w in zip(shapes, widths, strict=True)], 3)
    world = _world(shapes, places, sizes, walls, half, clutter, rng.fork("poses"))
    return Table(world, way, tuple(shapes), places, sizes, walls, steps, views, marks)


def measured(table: Table) -> Table:
    """The table with the views measured by ray casts."""
    few = replace(table.world, camera=table.way.camera(table.steps, table.steps))
    return replace(table, views=few.tracks(table.steps).visible)


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


def _places(count: int, half: float, walls: Array, way: Way, steps: Array, rng: Rng) -> tuple[Array, Array]:
    """(count, 2) places with room between them, and (steps, count) estimates of what is seen there.

    Each is in sight for a good part of the way; those that others hide too often are drawn again.
    """
    sights, size = way.camera(steps, steps).axes(steps), (SIZE, SIZE, SIZE)
    sparse = (sights[0][::2], sights[1][::2], sights[2][::2])
    places: list[Array] = []
    for _ in range(60 * count):
        radius, angle = (half - 0.3) * math.sqrt(rng.unit()), rng.uniform(0.0, 2 * math.pi)
        place = np.round([radius * math.cos(angle), radius * math.sin(angle)], 3)
        if any(math.dist(place, other) < ROOM for other in places) or _from_walls(place, walls) < 0.34:
            continue
        if longest_run(open_share(sparse, place, size, walls) > 0.95)[1] * 2 * STEP < 40.0:
            continue
        places.append(place)
        if len(places) == count:
            spots = np.array(places)
            views = estimated(sights, spots, np.full((count, 3), SIZE), walls)
            good = [span is not None for span in well_seen(way, steps, views, 0.95)]
            if all(good):
                return spots, views
            places = [place for place, fine in zip(places, good, strict=True) if fine]
    raise Rejected("no room on the table")


def well_seen(way: Way, steps: Array, views: Array, share: float) -> list[tuple[float, float] | None]:
    """For each object the longest stretch (seconds) in which so much of it is seen, or ``None`` if that is under 1.5 s."""
    times = np.arange(int(way.times[-1] * RATE) + 1) / RATE
    spans: list[tuple[float, float] | None] = []
    for column in (views[way.nearest(steps, times)] >= share).T:
        start, length = longest_run(column)
        good = (length - 1) / RATE >= 1.5
        spans.append((float(times[start]), float(times[start + length - 1])) if good else None)
    return spans


def _from_walls(place: Array, walls: Array) -> float:
    along = walls[:, 1] - walls[:, 0]
    share = np.clip(((place - walls[:, 0]) * along).sum(-1) / (along * along).sum(-1), 0.0, 1.0)
    return float(np.hypot(*(walls[:, 0] + share[:, None] * along - place).T).min())


def longest_run(flags: Array) -> tuple[int, int]:
    """Start and length of the longest run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    if not len(edges):
        return 0, 0
    lengths = edges[1::2] - edges[::2]
    best = int(lengths.argmax())
    return int(edges[2 * best]), int(lengths[best])


def estimated(sights: tuple[Array, Array, Array], places: Array, sizes: Array, walls: Array) -> Array:
    """(times, n): about how much of each object is in sight, without ray casts."""
    columns = []
    for i, (place, size) in enumerate(zip(places, sizes, strict=True)):
        others = [(places[j], sizes[j]) for j in range(len(places)) if j != i]
        columns.append(open_share(sights, place, size, walls, others))
    return np.stack(columns, axis=1)


def open_share(
    sights: tuple[Array, Array, Array],
    place: Array,
    size: Sequence[float] | Array,
    walls: Array,
    others: Sequence[tuple[Array, Array]] = (),
) -> Array:
    """(times,): the share of an object's upright middle plane in the frame with nothing on the line of sight.

    ``sights``: the camera's :meth:`~morse.world.Camera.axes` at the times. Lines are tested in the ground plan: where they
    cross a wall, or pass another object (place, size) taken as round, and how high they are there. ``size``: widths at foot
    and top, and height.
    """
    eyes, turn, focal = sights
    away = place - eyes[:, :2]
    side = np.stack([-away[:, 1], away[:, 0]], axis=-1) / np.hypot(*away.T)[:, None]
    u, v = (grid.ravel() for grid in np.meshgrid([-0.38, 0.0, 0.38], [0.1, 0.45, 0.75]))
    plan = place + side[:, None] * (u * (size[0] + (size[1] - size[0]) * v))[:, None]
    high = np.broadcast_to(v * size[2], plan.shape[:2])
    seen = (np.concatenate([plan, high[..., None]], axis=-1) - eyes[:, None]) @ np.swapaxes(turn, 1, 2)
    inside = np.abs(seen[..., :2]) * focal[:, None, None] <= seen[..., 2:] * np.array([ASPECT, 1.0])
    free = inside.all(axis=-1)
    start, rays, fall = eyes[:, None, :2], plan - eyes[:, None, :2], high - eyes[:, 2:]
    for a, b in walls:
        span, gap = b - a, a - start
        det = rays[..., 0] * span[1] - rays[..., 1] * span[0]
        det = np.where(np.abs(det) < 1e-9, 1e-9, det)
        t = (gap[..., 0] * span[1] - gap[..., 1] * span[0]) / det
        s = (gap[..., 0] * rays[..., 1] - gap[..., 1] * rays[..., 0]) / det
        free &= ~((t > 0) & (t < 1) & (s > 0) & (s < 1) & (eyes[:, 2:] + t * fall < SCREEN))
    for spot, (foot, top, tall) in others:
        t = ((spot - start) * rays).sum(-1) / (rays * rays).sum(-1)
        miss = start + t[..., None] * rays - spot
        height = eyes[:, 2:] + t * fall
        wide = foot + (top - foot) * np.clip(height / tall, 0.0, 1.0)
        free &= ~((t < 1) & (np.hypot(miss[..., 0], miss[..., 1]) < wide / 2) & (height < tall))
    return free.mean(axis=1)


def _pyramid(x: float, z: float) -> Mesh:
    """A pyramid on a square, ``x`` wide and ``z`` high."""
    x, z = x / 2, z / 2
    corners = np.array([[-x, -x, -z], [x, -x, -z], [x, x, -z], [-x, x, -z], [0.0, 0.0, z]])
    return mesh_from_faces(corners, np.array([[0, 2, 1], [0, 3, 2], [0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]]))


def _world(
    shapes: Sequence[str], places: Array, sizes: Array, walls: Array, half: float, clutter: int, rng: Rng
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
        if min(math.dist(place, spot) for spot in places) < 0.36 or _from_walls(np.array(place), walls) < 0.12:
            continue
        name, shade = f"counter_{len(bodies)}", rng.choice(("grey", "white", "brown"))
        bodies.append(Body(name, "cylinder", (wide, wide, 0.03), shade, static=True, tracked=False, opaque=False))
        poses.append(pose((*place, 0.015)))
    ground = Ground("table", (2 * half, 2 * half), round=True)
    return World(1.0, tuple(bodies), np.zeros(1), np.array(poses)[None], Camera.still((0, -1, 1), AIM), ground)
