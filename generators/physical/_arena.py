"""Objects on a floor, filmed from above: some lie there, others roll or slide in from outside the picture.

What the collision tasks share: looks and physics of the objects, the camera, how a thing is sent in so that it meets another.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pydantic import JsonValue

from morse.errors import Rejected
from morse.physics import GRAVITY, SAMPLE, Placed, Run
from morse.seeding import Rng
from morse.world import ASPECT, Body, Camera, Material, Shape, World

COLOURS = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")
SHAPES: dict[str, Shape] = {"cube": "box", "ball": "sphere", "cylinder": "cylinder"}
MATERIALS: tuple[Material, ...] = ("rubber", "metal", "glass")
DENSITY = {"rubber": 11.0, "metal": 24.0, "glass": 16.0}
"""kg a cubic metre, over a hundredth of nature's: only ratios matter."""
FRICTION = {"rubber": 0.15, "metal": 0.125, "glass": 0.105}
RESTITUTION = {"rubber": 0.72, "metal": 0.80, "glass": 0.84}
ROLLING = 0.028
HALF_WIDTH, NEAREST, FARTHEST = 1.75, -1.15, 1.35
"""The part of the floor, in metres from the middle, on which objects lie."""
MARGIN = 0.55
"""Metres beyond the edge of the picture at which things wait: their shadows stay outside too."""
CLEAR = 0.66
"""Metres between the middles of two objects that keep clear of each other: the largest cubes' corners, and as much again
as the eye needs to see the gap."""


@dataclass(frozen=True)
class Look:
    """What an object is called by."""

    colour: str
    material: Material
    shape: str

    @property
    def name(self) -> str:
        return f"{self.colour} {self.material} {self.shape}"


def draw_looks(rng: Rng, count: int, twins: int) -> list[Look]:
    """Different looks. ``twins``: so many share colour and shape with another and differ in material alone."""
    pairs = rng.sample([(colour, shape) for colour in COLOURS for shape in SHAPES], max(1, count - twins))
    looks = [Look(colour, rng.choice(MATERIALS), shape) for colour, shape in pairs]
    others = [Look(look.colour, m, look.shape) for look in looks for m in MATERIALS if m != look.material]
    return rng.shuffled(looks + rng.sample(others, count - len(looks)))


def body_of(look: Look, size: float) -> Body:
    """The body of a look: ``size`` is its height, and its width for all but cubes, which are a little smaller."""
    size = round(size * (0.86 if look.shape == "cube" else 1.0), 3)
    return Body(look.name, SHAPES[look.shape], (size, size, size), look.colour, look.material)


def lying(look: Look, size: float, x: float, y: float, yaw: float) -> Placed:
    """An object at rest on the floor."""
    body = body_of(look, size)
    volume = body.size[0] ** 3 * {"cube": 1.0, "ball": math.pi / 6, "cylinder": math.pi / 4}[look.shape]
    turn = yaw / 2 if look.shape == "cube" else 0.0
    return Placed(
        body,
        (round(x, 4), round(y, 4), round(body.size[2] / 2, 4)),
        (0.0, 0.0, round(math.sin(turn), 6), round(math.cos(turn), 6)),
        mass=round(DENSITY[look.material] * volume, 4),
        friction=FRICTION[look.material],
        rolling=ROLLING if look.shape == "ball" else 0.0,
        restitution=RESTITUTION[look.material],
        upright=look.shape != "ball",
    )


def draw_camera(rng: Rng) -> Camera:
    """A still camera that looks down on the floor from a little to one side."""
    turn, height = math.radians(rng.uniform(-14, 14)), math.radians(rng.uniform(37, 45))
    away = rng.uniform(7.4, 7.9)
    flat = away * math.cos(height)
    eye = (round(flat * math.sin(turn), 4), round(-flat * math.cos(turn), 4), round(away * math.sin(height), 4))
    return Camera.still(eye, (0.0, 0.12, 0.1), 26.0)


class Window:
    """The part of the floor that the camera sees."""

    def __init__(self, camera: Camera) -> None:
        eyes, turns, focals = camera.axes(np.zeros(1))
        self.eye, self.turn, self.focal = eyes[0], turns[0], float(focals[0])

    def place(self, point: Sequence[float]) -> tuple[float, float]:
        """Where a point is in the picture, in fractions of the frame."""
        right, up, depth = self.turn @ (np.asarray(point, float) - self.eye)
        return 0.5 + right * self.focal / depth / (2 * ASPECT), 0.5 - up * self.focal / depth / 2

    def holds(self, point: Sequence[float], border: float = 0.0) -> bool:
        """Whether a point is in the picture, so far from its border (fractions of the frame)."""
        x, y = self.place(point)
        return border <= x <= 1 - border and border <= y <= 1 - border

    def way_out(self, start: tuple[float, float], direction: tuple[float, float], reach: float) -> float:
        """How far from a place in a direction a ball is outside the picture, by :data:`MARGIN`; Rejected if too far."""
        for step in range(1, 80):
            far = 0.1 * step
            x, y = start[0] + direction[0] * far, start[1] + direction[1] * far
            depth = float(self.turn[2] @ (np.array([x, y, reach]) - self.eye))
            border = (reach + MARGIN) * self.focal / depth / (2 * ASPECT)
            px, py = self.place((x, y, reach))
            if px < -border or px > 1 + border or py > 1 + border * ASPECT:
                return far
            if py < 0.1:
                break
        raise Rejected("no way in from there")


def apart(one: Placed, other: Placed) -> bool:
    """Whether two objects that lie there keep enough distance."""
    return math.dist(one.position[:2], other.position[:2]) > 0.85


def scatter(
    rng: Rng, looks: Sequence[Look], there: Sequence[Placed], fits: Callable[[Placed], bool] = lambda _: True
) -> list[Placed]:
    """Objects that lie on the floor, apart from each other and from those that lie ``there``, where each ``fits``."""
    out: list[Placed] = []
    for look in looks:
        for _ in range(60):
            x, y = rng.uniform(-HALF_WIDTH, HALF_WIDTH), rng.uniform(NEAREST, FARTHEST)
            made = lying(look, rng.uniform(0.40, 0.47), x, y, rng.uniform(0.0, math.pi / 2))
            if all(apart(made, other) for other in (*there, *out)) and fits(made):
                out.append(made)
                break
        else:
            raise Rejected("no room on the floor")
    return out


def sent(
    rng: Rng, window: Window, look: Look, through: tuple[float, float], heading: float, arrival: float, speed: float
) -> Placed:
    """An object that comes in from outside and gets to a place at about a time (seconds) with a speed (m/s).

    ``heading``: the direction of its way in radians. It may have to start before 0 s: see :func:`shifted`.
    """
    made = lying(look, rng.uniform(0.40, 0.47), 0.0, 0.0, rng.uniform(0.0, math.pi / 2))
    ahead = (math.cos(heading), math.sin(heading))
    far = window.way_out(through, (-ahead[0], -ahead[1]), made.body.reach)
    made = launched(made, (through[0] - ahead[0] * far, through[1] - ahead[1] * far), through, speed)
    return replace(made, start=round(arrival - (math.hypot(*made.velocity) - speed) / slowing(made), 3))


def launched(made: Placed, start: tuple[float, float], through: tuple[float, float], speed: float) -> Placed:
    """An object that sets out from a place so that it gets through another with a speed (m/s)."""
    far = math.dist(start, through)
    ahead = ((through[0] - start[0]) / far, (through[1] - start[1]) / far)
    first = math.sqrt(speed**2 + 2 * slowing(made) * far)
    radius = made.body.size[0] / 2
    velocity = (round(first * ahead[0], 4), round(first * ahead[1], 4), 0.0)
    rolls = made.body.shape == "sphere"
    spin = (round(-velocity[1] / radius, 4), round(velocity[0] / radius, 4), 0.0) if rolls else (0.0, 0.0, 0.0)
    place = (round(start[0], 4), round(start[1], 4), made.position[2])
    return replace(made, position=place, velocity=velocity, spin=spin)


def slowing(thing: Placed) -> float:
    """How fast an object gets slower that slides, or rolls, in m/s²."""
    if thing.body.shape == "sphere":
        return GRAVITY * thing.rolling / thing.body.size[0] * 10 / 7
    return GRAVITY * thing.friction


def shifted(things: Sequence[Placed], first: float) -> list[Placed]:
    """Things that come in, all by so much later that the first starts at ``first`` seconds."""
    delay = first - min(thing.start for thing in things)
    return [replace(thing, start=round(thing.start + delay, 3)) for thing in things]


def passing(rng: Rng, window: Window, looks: Sequence[Look], run: Run, times: tuple[float, float]) -> list[Placed]:
    """Things that come in between two times, clear of all in a run and of each other, and pass through or stop."""
    begin, end = times
    clock = np.arange(max(0.0, begin - 1.0), end + 8.0, 0.05)
    rows = np.minimum((clock / SAMPLE).astype(int), len(run.times) - 1)
    others = [run.poses[rows, i, :2] for i in range(len(run.names))]
    out: list[Placed] = []
    for i, look in enumerate(looks):
        start = round(begin + (end - begin) * i / len(looks), 3)
        for _ in range(300):
            place = (rng.uniform(-2.3, 2.3), rng.uniform(-1.5, 2.0))
            heading = rng.choice((0.0, math.pi)) + rng.uniform(-0.4, 0.4)
            try:
                made = sent(rng, window, look, place, heading, 0.0, rng.choice((0.05, rng.uniform(0.8, 2.0))))
            except Rejected:
                continue
            made = replace(made, start=start)
            way = way_of(made, clock)
            if all(np.hypot(*(way - other).T).min() > CLEAR for other in others):
                out.append(made)
                others.append(way)
                break
        else:
            raise Rejected("no way through")
    return out


def way_of(thing: Placed, clock: np.ndarray) -> np.ndarray:
    """(times, 2): where an object that comes in is, if it meets nothing."""
    speed, slower = math.hypot(*thing.velocity), slowing(thing)
    gone = np.clip(clock - thing.start, 0.0, speed / slower)
    far = speed * gone - slower / 2 * gone**2
    return np.array(thing.position[:2]) + far[:, None] * np.array(thing.velocity[:2]) / speed


def filmed(things: Sequence[Placed], run: Run, camera: Camera, duration: float) -> World:
    """The world that shows a run."""
    last = int(np.searchsorted(run.times, duration)) + 1
    return World(duration, tuple(thing.body for thing in things), run.times[:last], run.poses[:last], camera)


_VECTORS = ("position", "quaternion", "velocity", "spin")
_NUMBERS = ("start", "mass", "friction", "rolling", "restitution", "upright")


def recorded(things: Sequence[Placed]) -> list[JsonValue]:
    """How everything starts: all that decides what happens."""
    return [
        {"name": thing.body.name, "shape": thing.body.shape, "size": list(thing.body.size)}
        | {key: list(getattr(thing, key)) for key in _VECTORS}
        | {key: getattr(thing, key) for key in _NUMBERS}
        for thing in things
    ]


def placed(records: Any) -> tuple[Placed, ...]:
    """The things of a record."""
    out = []
    for record in records:
        colour, material, _ = record["name"].split()
        body = Body(record["name"], record["shape"], tuple(record["size"]), colour, material)
        vectors = {key: tuple(record[key]) for key in _VECTORS}
        out.append(Placed(body, **vectors, **{key: record[key] for key in _NUMBERS}))
    return tuple(out)
