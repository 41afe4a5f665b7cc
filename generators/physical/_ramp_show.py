"""Lanes, what goes down them in run after run, and how all looks."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from generators.physical._ramp_track import BEND, END, SIZE, Array, Trip
from generators.physical._ramp_world import BLOCKS, FIELDS, HIGH, LOW, WINDOW, Item, Slides
from morse.layout import Layout
from morse.meshes import Mesh, flat, joined, mesh_from_faces, moved
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.style import Style, mix
from morse.world import Body, Camera, Shape, World

EMPTY, LOWERED, HELD, SPARE = 0.4, 0.3, 2.1, 0.4
"""Seconds of a run: before bodies are set down, for that, until they are let go, and after all are taken away."""
BEFORE = EMPTY + LOWERED + HELD
LASTS = BEFORE + WINDOW + SPARE
STAYS = 1.0
"""Seconds after which it is seen that a body stays."""
LANE, PITCH, BASE = 0.53, 0.56, 0.05
"""Metres: how wide a lane is, how far apart two are, and how high the flat lies over the floor."""
TOP, PLATE, RIM = HIGH + SIZE + 0.12, 0.5, 0.42
"""How far up the ramps go from the line, how far lanes go on behind the pad, and how wide the rim with the letters is."""
AWAY, UP = -5.6, 0.4
"""Where bodies wait, and from how high they are set down."""
HAIR, OUT = 0.001, 0.0015
"""What is hardly anything, and how far marks stand out of a surface."""
PATTERNS = ("dots", "bars", "stripes", "checks", "chevrons")
LETTERS = "ABCDEFGHJKLMN"
FORMS: dict[str, Shape] = {"ball": "sphere", "drum": "cylinder", "hoop": "cylinder"}
COLOURS = {"ice": "cyan", "wood": "brown", "rubber": "black"}


@dataclass(frozen=True)
class Look:
    """Colours by name of the lanes, the rim and the pad; ``#rrggbb`` of what is drawn on the lanes, and of letters on the rim."""

    lanes: str
    rim: str
    pad: str
    ink: str
    letters: str


LOOKS = (
    Look("white", "black", "red", "#1d2126", "#fbfaf4"),
    Look("grey", "white", "red", "#14171a", "#14171a"),
    Look("white", "brown", "green", "#3b2f26", "#fbfaf4"),
    Look("grey", "brown", "orange", "#14171a", "#fbfaf4"),
    Look("white", "grey", "blue", "#1d2126", "#14171a"),
)


def body_name(run: int, lane: int) -> str:
    """What a body is called, counted from one."""
    return f"run {run + 1} lane {lane + 1}"


def across(lane: int, lanes: int) -> float:
    """The middle of a lane; the first is nearest."""
    return (lane - (lanes - 1) / 2) * PITCH


class Show:
    """Where everything is, and when."""

    def __init__(self, slides: Slides, rng: Rng) -> None:
        self.slides, self.rng = slides, rng
        self.lead = round(rng.steady("lead").uniform(0.2, 0.4), 3)
        self.lanes, self.runs = slides.params.lanes, len(slides.runs)
        self.duration = round(2 * self.lead + self.runs * LASTS + 0.2, 3)
        self.releases = [round(self.lead + run * LASTS + BEFORE, 3) for run in range(self.runs)]

    def layout(self) -> Layout:
        bodies, things, events, ways = [], [], [], []
        look = self.rng.choice(LOOKS)
        rolling = dict(
            zip(("ball", "drum", "hoop"), self.rng.sample(("red", "orange", "green", "blue", "purple"), 3), strict=True)
        )
        for run, line in enumerate(self.slides.runs):
            for lane, (item, trips) in enumerate(zip(line, self.slides.trips(run), strict=True)):
                if item is None or trips is None:
                    continue
                name = body_name(run, lane)
                parts = [(name, trips[0])] + ([(f"{name} waiting", trips[1])] if trips[1] is not None else [])
                for own, way in parts:
                    kind = item.kind
                    form = FORMS.get(kind, "box")
                    size = (SIZE, SIZE, SIZE * (0.8 if kind in ("drum", "hoop") else 1.0))
                    colour = {**COLOURS, **rolling}[kind]
                    bodies.append(Body(own, form, size, colour, "glass" if kind == "ice" else "rubber"))
                    ways.append((run, lane, item, way))
                    waits = own != name
                    start = "flat" if waits else "high" if item.start == HIGH else "low"
                    told = {"run": run + 1, "lane": lane + 1, "mass": item.mass, "start": start}
                    things.append(Thing(id=own, kind=kind, attributes=told, shape_fills_box=False))
                events += self.events(run, lane, item, *trips)
        events.sort(key=lambda event: (event.start, event.id))
        return Layout(
            self.world(bodies, ways, look), tuple(things), tuple(events),
            details={"releases": self.releases, "look": look, "patterns": self.rng.sample(PATTERNS, self.lanes)},
        )  # fmt: skip

    def events(self, run: int, lane: int, item: Item, way: Trip, waiting: Trip | None) -> Iterator[Event]:
        name, release = body_name(run, lane), self.releases[run]
        begin = round(release - HELD - LOWERED, 3)
        yield Event(id=f"place {name}", kind="place", objects=(name,), start=begin, end=round(begin + LOWERED, 3))
        if way.arrives == math.inf:
            yield Event(id=f"stay {name}", kind="stays", objects=(name,), start=release, end=round(release + STAYS, 3))
            return
        at = round(release + way.arrives, 3)
        yield Event(id=f"arrive {name}", kind="arrives", objects=(name,), start=at, end=at)
        end = round(release + way.rests, 3)
        yield Event(id=f"rest {name}", kind="rests", objects=(name,), start=end, end=end, causes=(f"arrive {name}",))
        if waiting is not None:
            other, hit = f"{name} waiting", round(release + float(waiting.starts[1]), 3)
            yield Event(
                id=f"hit {name}", kind="hits", objects=(name, other), start=hit, end=hit, causes=(f"arrive {name}",)
            )

    def world(self, bodies: list[Body], ways: list[tuple[int, int, Item, Trip]], look: Look) -> World:
        """Static bodies first, then the signs of the runs, then what goes down."""
        still, still_poses = self.still(look)
        signs = [
            Body(f"sign {run + 1}", "box", (0.56, 0.06, 0.5), "white", static=True, tracked=False, opaque=False)
            for run in range(self.runs)
        ]
        times = np.concatenate([[0.0], *(self.keys(run) for run in range(self.runs)), [self.duration]])
        poses = np.zeros((len(times), len(still) + len(signs) + len(bodies), 7))
        poses[..., 6] = 1.0
        poses[:, : len(still), :] = still_poses
        back = self.lanes * PITCH / 2 + 0.3
        for run in range(self.runs):
            start = self.lead + run * LASTS
            there = (times >= start - 1e-9) & (times < start + LASTS - 0.01)
            poses[:, len(still) + run, :3] = np.where(there[:, None], [END - 0.3, back, 0.25], [AWAY, back, 0.25])
        for number, (run, lane, item, way) in enumerate(ways):
            column = len(still) + len(signs) + number
            poses[:, column] = self.poses(times, run, lane, item, way)
        return World(self.duration, (*still, *signs, *bodies), times, poses, self.camera())

    def keys(self, run: int) -> Array:
        """The times at which a run has keys."""
        start, step = self.lead + run * LASTS, 0.002
        begin, release = start + EMPTY, self.releases[run]
        moving = np.arange(0, round(WINDOW * 60) + 1) / 60
        gone = release + WINDOW + 0.02
        return np.concatenate([
            [start - step, start, begin - step], begin + np.linspace(0, LOWERED, 16), release + moving,
            [gone, gone + step, start + LASTS - 0.005],
        ])  # fmt: skip

    def poses(self, times: Array, run: int, lane: int, item: Item, way: Trip) -> Array:
        """Where a body is, and how it is turned, at all keys."""
        out = np.zeros((len(times), 7))
        start, release = self.lead + run * LASTS, self.releases[run]
        y = self.y(lane)
        along = way.at(times - release)
        track = self.slides.track
        if item.kind in BLOCKS:
            ends = [track.point(along + side * SIZE / 2)[:2] for side in (-1, 1)]
            (x0, z0), (x1, z1) = ends
            tilt = np.arctan2(z0 - z1, x1 - x0)
            x, z = (x0 + x1) / 2 + np.sin(tilt) * SIZE / 2, (z0 + z1) / 2 + np.cos(tilt) * SIZE / 2
            out[:, 4], out[:, 6] = np.sin(tilt / 2), np.cos(tilt / 2)
        else:
            x, z, _ = track.point(along, SIZE / 2)
            half = (along - along[0]) / SIZE + (lane + run)  # half the angle: the way over the radius, over two
            s = math.sqrt(0.5)
            out[:, 3], out[:, 4], out[:, 5], out[:, 6] = (
                s * np.cos(half),
                s * np.sin(half),
                -s * np.sin(half),
                s * np.cos(half),
            )
        begin, end = start + EMPTY, release + WINDOW + 0.02
        lowered = np.clip((times - begin) / LOWERED, 0.0, 1.0)
        out[:, 0], out[:, 1], out[:, 2] = x, y, z + BASE + UP * (1 - lowered)
        gone = (times < begin - 1e-9) | (times > end + 0.001)
        out[gone] = [AWAY, y, SIZE / 2, 0.0, 0.0, 0.0, 1.0]
        return out

    def y(self, lane: int) -> float:
        return across(lane, self.lanes)

    def still(self, look: Look) -> tuple[list[Body], Array]:
        """The lanes, the rim and the pad."""
        track = self.slides.track
        mesh, (long, _, high) = _lane(track.slope)
        every = joined([moved(mesh, np.eye(3), np.array([0.0, self.y(lane), 0.0])) for lane in range(self.lanes)])
        size = (long, self.lanes * PITCH, high)
        # one body, so that its shadow is worked out once
        bodies = [Body("lanes", "mesh", size, look.lanes, static=True, tracked=False, opaque=False, mesh=every)]
        # a hair under the floor: what stands on it darkens the floor far around, and lanes are long
        poses = [(0.0, 0.0, -HAIR, 0.0, 0.0, 0.0, 1.0)]
        front = -self.lanes * PITCH / 2 - RIM / 2
        wide = END - track.foot
        bodies.append(Body("rim", "box", (wide, RIM, BASE), look.rim, static=True, tracked=False, opaque=False))
        poses.append((track.foot + wide / 2, front, BASE / 2, 0.0, 0.0, 0.0, 1.0))
        bodies.append(
            Body("pad", "box", (0.1, self.lanes * PITCH, 0.16), look.pad, static=True, tracked=False, opaque=False)
        )
        poses.append((END + 0.05, 0.0, BASE + 0.08, 0.0, 0.0, 0.0, 1.0))
        return bodies, np.array(poses)

    def camera(self) -> Camera:
        turn, height = math.radians(self.rng.uniform(-9, 9)), math.radians(self.rng.uniform(36, 41))
        away, target = 9.6, (0.96, -0.1, 0.24)
        flat_away = away * math.cos(height)
        eye = (
            target[0] + flat_away * math.sin(turn),
            target[1] - flat_away * math.cos(turn),
            target[2] + away * math.sin(height),
        )
        return Camera.still(eye, target, 23.5 if self.lanes < 4 else 24.5)


def _profile(slope: float) -> Array:
    """(n, 2): the outline of a lane from the side, clockwise from the top of the ramp."""
    sin, cos = math.sin(slope), math.cos(slope)
    rise = BEND * (1 - cos) + BASE
    angles = np.linspace(slope, 0.0, 17)
    arc = np.stack([BEND * (sin - np.sin(angles)), BASE + BEND * (1 - np.cos(angles))], axis=1)
    right = END + PLATE
    return np.array([(-TOP * cos, rise + TOP * sin), *arc, (right, BASE), (right, 0.0), (-TOP * cos, 0.0)])


def _lane(slope: float) -> tuple[Mesh, tuple[float, float, float]]:
    """The mesh of a lane about the place on the floor under its line, and the sides of a box about that place that holds it."""
    profile = _profile(slope)
    n, half = len(profile), LANE / 2
    above = np.column_stack([profile[:, 0], np.full(n, -half), profile[:, 1] + HAIR])
    below = np.column_stack([profile[:, 0], np.full(n, -half), np.full(n, HAIR)])
    behind = np.array([0.0, LANE, 0.0])
    points = np.concatenate([above, above + behind, below, below + behind])
    faces = [(i, (i + 1) % n, (i + 1) % n + n) for i in range(n)] + [(i, (i + 1) % n + n, i + n) for i in range(n)]
    for i in range(n - 2):
        j = i + 1
        faces += [
            (i, i + 2 * n, j + 2 * n),
            (i, j + 2 * n, j),
            (i + n, j + 3 * n, i + 3 * n),
            (i + n, j + n, j + 3 * n),
        ]
    found = [face for face in faces if _area(points, face) > 1e-9]
    reach = np.abs(points).max(axis=0)
    return mesh_from_faces(points, np.array(found)), (2 * float(reach[0]), LANE, 2 * float(reach[2]))


def _area(points: Array, face: tuple[int, int, int]) -> float:
    a, b, c = points[list(face)]
    return float(np.linalg.norm(np.cross(b - a, c - a)))


FRONT = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]], float)
"""Turns what faces up to face the camera."""


class Marks:
    """What is let into surfaces, gathered so that all of one colour on one body is drawn at once."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], list[Mesh]] = {}

    def add(self, name: str, mesh: Mesh, colour: str) -> None:
        self.found.setdefault((name, colour), []).append(mesh)

    def put(self, stage: Any) -> None:
        for (name, colour), meshes in self.found.items():
            stage.inlay(name, joined(meshes), colour)


def draw_lanes(slides: Slides, layout: Layout, stage: Any, style: Style) -> None:
    """Let marks into the lanes, the rim, the signs and the bodies."""
    from morse.stage.lettering import outline, rings

    marks = Marks()

    def letter(text: str, size: float) -> Mesh:
        return flat(rings(outline(text, size, style.font, "bold")))

    look: Look = layout.details["look"]
    track, ink, sign = slides.track, look.ink, "#14171a"
    steep = np.array(
        [
            [math.cos(track.slope), 0, math.sin(track.slope)],
            [0, 1, 0],
            [-math.sin(track.slope), 0, math.cos(track.slope)],
        ]
    )
    rise = BASE + track.rise
    wide = (END - track.foot) / FIELDS
    colours = [style.colour(name) for name in ("blue", "orange", "green", "purple", "brown")]
    turn = int(style.amount("lane colours", 0, len(colours) - 1e-6))

    def on_ramp(lane: int, figure: Mesh, up: float, colour: str, out: float = OUT) -> None:
        """A figure on the ramp, its middle so far up from the line."""
        y = across(lane, len(slides.grips))
        place = np.array([-up * math.cos(track.slope), y, rise + up * math.sin(track.slope) + HAIR])
        marks.add("lanes", moved(figure, steep, place + steep @ np.array([0.0, 0.0, out])), colour)

    def on_flat(lane: int, figure: Mesh, x: float, colour: str, out: float = OUT) -> None:
        place = np.array([x, across(lane, len(slides.grips)), BASE + HAIR + out])
        marks.add("lanes", moved(figure, np.eye(3), place), colour)

    for lane, pattern in enumerate(layout.details["patterns"]):
        long = HIGH + SIZE
        ground = mix(colours[(turn + lane) % len(colours)], "#ffffff", 0.72)
        on_ramp(lane, flat([_box(long, LANE - 0.04)]), long / 2 + 0.05, ground)
        on_ramp(
            lane,
            flat(_pattern(pattern, long, LANE - 0.06)),
            long / 2 + 0.05,
            colours[(turn + lane) % len(colours)],
            2 * OUT,
        )
        for start in (HIGH, LOW):
            on_ramp(lane, flat([_box(0.035, LANE)]), start, ink, 3 * OUT)
        for k in range(8):
            for row in range(2):
                if (k + row) % 2 == 0:
                    step = LANE / 8
                    square = flat([_box(0.05, step) + [0.0, (k - 3.5) * step]])
                    on_ramp(lane, square, 0.025 - 0.05 * row, ink, 3 * OUT)
        for number in range(FIELDS + 1):
            on_flat(lane, flat([_box(0.018, LANE)]), track.foot + number * wide, ink)
        on_flat(lane, letter(str(lane + 1), 0.42), END + 0.31, ink)
    span = END - track.foot
    for number in range(FIELDS):
        place = (number + 0.5) * wide - span / 2
        marks.add(
            "rim", moved(letter(LETTERS[number], 0.36), np.eye(3), np.array([place, 0.0, BASE / 2 + OUT])), look.letters
        )
    for number in range(1, FIELDS):
        marks.add(
            "rim",
            moved(flat([_box(0.018, RIM)]), np.eye(3), np.array([number * wide - span / 2, 0.0, BASE / 2 + OUT])),
            look.letters,
        )
    for run in range(len(slides.runs)):
        marks.add(f"sign {run + 1}", moved(letter(str(run + 1), 0.42), FRONT, np.array([0.0, -0.03 - OUT, 0.0])), sign)
    for thing in layout.objects:
        _mark(thing, marks, letter)
    marks.put(stage)


def _mark(thing: Thing, marks: Marks, letter: Callable[[str, float], Mesh]) -> None:
    """What shows a body's kind beside its colour: grain, studs, spots, a cross, a hole; and the mass on a block."""
    half, name = SIZE / 2, thing.id
    top = np.array([0.0, 0.0, half + OUT])
    if thing.kind in BLOCKS:
        if thing.kind == "wood":
            for y in (-0.105, 0.105):
                marks.add(name, moved(flat([_box(0.24, 0.018) + [0.0, y]]), np.eye(3), top), "#5a3a20")
                marks.add(
                    name, moved(flat([_box(0.24, 0.016) + [0.0, y]]), FRONT, np.array([0, -half - OUT, 0])), "#5a3a20"
                )
        if thing.kind == "rubber":
            for x in (-0.1, 0.1):
                for y in (-0.1, 0.1):
                    stud = flat([_disc(0.022) + [x, y]])
                    marks.add(name, moved(stud, np.eye(3), top), "#8c9299")
                    marks.add(name, moved(stud, FRONT, np.array([0, -half - OUT, 0])), "#8c9299")
        mass = thing.attributes["mass"]
        figure = letter(str(mass) if mass else "?", 0.24)
        ink = "#10242c" if thing.kind == "ice" else "#fbfaf4"
        marks.add(name, moved(figure, FRONT, np.array([0.0, -half - OUT, 0.0])), ink)
        marks.add(name, moved(figure, np.eye(3), top), ink)
    elif thing.kind == "ball":
        for way in _ways():
            side = np.cross([0.3, 0.5, 0.81], way)
            side /= np.linalg.norm(side)
            turned = np.stack([side, np.cross(way, side), way], axis=1)
            marks.add(name, moved(flat([_disc(0.042)]), turned, way * (half + 0.0005)), "#fbfaf4")
    else:
        face = np.array([0.0, 0.0, 0.8 * half + OUT])
        if thing.kind == "hoop":
            marks.add(name, moved(flat([_disc(0.105)]), np.eye(3), face), "#08090b")
            for angle in (0.0, math.pi):
                spot = 0.128 * np.array([math.cos(angle), math.sin(angle)])
                marks.add(name, moved(flat([_disc(0.018) + spot]), np.eye(3), face), "#fbfaf4")
        else:
            for box in (_box(0.24, 0.05), _box(0.05, 0.24)):
                marks.add(name, moved(flat([box]), np.eye(3), face), "#fbfaf4")


def _ways() -> Array:
    """Directions spread over a ball."""
    corners = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float) / math.sqrt(3)
    return np.concatenate([corners, np.eye(3), -np.eye(3)])


def _box(wide: float, high: float) -> Array:
    return np.array([(-wide / 2, -high / 2), (wide / 2, -high / 2), (wide / 2, high / 2), (-wide / 2, high / 2)])


def _disc(radius: float, corners: int = 18) -> Array:
    angles = np.arange(corners) * (2 * math.pi / corners)
    return radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _pattern(name: str, long: float, wide: float) -> list[Array]:
    """The marks of a surface, over so long and wide a stretch about the middle."""
    found: list[Array] = []
    count = round(long / 0.17)
    xs = [(i + 0.5) / count * long - long / 2 for i in range(count)]
    for i, x in enumerate(xs):
        if name == "dots":
            found += [_disc(0.034) + [x, y] for y in (-0.3 * wide, 0.3 * wide)]
        elif name == "bars":
            found.append(_box(0.045, 0.9 * wide) + [x, 0.0])
        elif name == "checks":
            found.append(_box(long / count, wide / 2) + [x, wide / 4 * (1 if i % 2 else -1)])
        elif name == "chevrons":
            a, b, w = 0.06, 0.4 * wide, 0.05
            found.append(
                np.array([(-a, b), (-a + w, b), (a + w / 2, 0), (-a + w, -b), (-a, -b), (a - w / 2, 0)]) + [x, 0.0]
            )
    if name == "stripes":
        found = [_box(long, 0.05) + [0.0, y] for y in (-0.3 * wide, 0.0, 0.3 * wide)]
    return found
