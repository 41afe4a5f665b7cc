"""The house as it is built and the camera's way through it: a look round in every room, and straight through the doors."""

import math
from types import MappingProxyType
from typing import Any

import numpy as np

from generators.spatial._room_house import WAYS, House, Room
from generators.spatial._room_pieces import box, piece, spindle
from morse.layout import Layout
from morse.meshes import Mesh, flat, joined, moved
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.style import Style
from morse.world import Body, Camera, World, pose

Array = np.ndarray
HIGH, THICK, DOOR, LINTEL = 2.5, 0.14, 1.1, 2.05
"""Metres: walls, their thickness, the width and the height of a door."""
EYE, PITCH, FOV = 1.55, 0.32, 56.0
"""The camera's height, how much it looks down (metres on a metre), and its vertical field of view in degrees."""
AHEAD = 5.0
"""Metres to the point that the camera looks at: the ground of the studio fades from there on."""
SIGN, SIGN_UP = 0.54, 1.58
PLATE = (0.86, 0.05, 0.34)
FIRST, REST, QUARTER, STRIDE = 2.4, 0.65, 1.5, 1.75
"""Seconds that the camera looks ahead at first, that it rests and that it takes for a quarter turn; metres a second."""
NEAR = 29.0
"""Degrees off the middle of the view up to which a piece is well seen."""


class Tour:
    """Builds the house and walks through it."""

    def __init__(self, house: House, rng: Rng) -> None:
        self.house, self.rng = house, rng
        self.bodies: list[Body] = []
        self.poses: list[Array] = []
        self.inlays: list[tuple[str, Mesh, str]] = []
        self.keys: list[tuple[float, float, float, float]] = []
        """Time, place and heading (radians, unwrapped) of the camera."""
        self.events: list[Event] = []
        self.wall, self.frame = rng.choice((("white", "brown"), ("grey", "white"), ("white", "grey")))
        self.rugs = rng.shuffled(("blue", "green", "red", "purple", "orange", "cyan"))

    def lay_out(self) -> Layout:
        self.build()
        self.walk()
        times, x, y, heading = np.array(self.keys).T
        eyes = np.stack([x, y, np.full_like(x, EYE)], axis=1)
        ahead = np.stack([np.cos(heading), np.sin(heading), np.full_like(x, -PITCH)], axis=1)
        camera = Camera.path(times, eyes, eyes + AHEAD * ahead, FOV)
        world = World(float(times[-1]), tuple(self.bodies), np.zeros(1), np.array([self.poses]), camera)
        things = [Thing(id=one.id, kind=one.kind, attributes={"name": one.name}, shape_fills_box=False) for one in self.house.stood]  # fmt: skip
        things += [Thing(id=f"sign_{room.letter}", kind="sign", shape_fills_box=False) for room in self.house.rooms]
        things.append(Thing(id="rod", kind="rod", shape_fills_box=False))
        details = MappingProxyType({"inlays": self.inlays, "seen": self.well_seen()})
        return Layout(world, tuple(things), tuple(self.events), (), details)

    def add(self, name: str, mesh: Mesh, colour: str, at: Array, *, tracked: bool = False) -> None:
        x, y, z = np.ptp(mesh.vertices, axis=0).tolist()
        self.bodies.append(Body(name, "mesh", (x, y, z), colour, static=True, tracked=tracked, opaque=False, mesh=mesh))
        self.poses.append(at)

    def block(self, name: str, low: Array, high: Array, colour: str, *, opaque: bool = True) -> None:
        size = (high - low).tolist()
        body = Body(name, "box", (size[0], size[1], size[2]), colour, static=True, tracked=False, opaque=opaque)
        self.bodies.append(body)
        middle = ((low + high) / 2).tolist()
        self.poses.append(pose((middle[0], middle[1], middle[2])))

    def build(self) -> None:
        sides: dict[tuple[float, ...], bool] = {}
        for room in self.house.rooms:
            for way in range(4):
                ends = _side(room, way)
                sides[ends] = sides.get(ends, False) or way in (room.before, room.after)
        for number, (ends, door) in enumerate(sides.items()):
            self.raise_wall(number, np.array(ends).reshape(2, 2), door)
        for number, room in enumerate(self.house.rooms):
            self.dress(number, room)
        for one in self.house.stood:
            made = piece(one.kind, one.measure)
            yaw = math.atan2(WAYS[one.back][1], WAYS[one.back][0]) - math.pi / 2
            self.add(one.id, made.mesh, one.colour, pose((*one.place, made.size[2] / 2 + 0.001), yaw), tracked=True)
            self.inlays += [(one.id, mesh, colour) for mesh, colour in made.parts]
        self.put_rod()

    def raise_wall(self, number: int, ends: Array, door: bool) -> None:
        """A wall between two points, perhaps with a door in its middle."""
        along = (ends[1] - ends[0]) / np.linalg.norm(ends[1] - ends[0])
        thick = np.abs(along[::-1]) * THICK / 2
        middle = ends.mean(axis=0)
        reach = along * THICK / 2
        parts = [(ends[0] - reach, ends[1] + reach)]
        if door:
            parts = [(ends[0] - reach, middle - along * DOOR / 2), (middle + along * DOOR / 2, ends[1] + reach)]
        for i, (a, b) in enumerate(parts):
            low, high = np.minimum(a, b) - thick, np.maximum(a, b) + thick
            self.block(f"wall {number} {i}", np.array([*low, 0.0]), np.array([*high, HIGH]), self.wall)
        if door:
            gap = np.abs(along) * DOOR / 2
            low, high = middle - gap - thick, middle + gap + thick
            self.block(f"lintel {number}", np.array([*low, LINTEL]), np.array([*high, HIGH]), self.wall)
            yaw = math.atan2(along[1], along[0])
            posts = [box((0.09, THICK + 0.06, LINTEL), (x, 0, LINTEL / 2)) for x in (-DOOR / 2 - 0.02, DOOR / 2 + 0.02)]
            top = box((DOOR + 0.13, THICK + 0.06, 0.09), (0, 0, LINTEL + 0.02))
            mesh = joined([*posts, top])
            centre = (mesh.vertices.min(axis=0) + mesh.vertices.max(axis=0)) / 2
            self.add(f"frame {number}", moved(mesh, np.eye(3), -centre), self.frame, pose((float(middle[0]), float(middle[1]), float(centre[2])), yaw))  # fmt: skip

    def dress(self, number: int, room: Room) -> None:
        """A rug on the floor, and the room's letter on two walls."""
        x, y = room.middle
        rug = np.array([room.size[0] * 0.2, room.size[1] * 0.2, 0.0])
        middle = np.array([x, y, 0.0])
        self.block(f"rug {number}", middle - rug, middle + rug + [0, 0, 0.03], self.rugs[number % len(self.rugs)], opaque=False)  # fmt: skip
        way = self.rng.integer(0, 1)
        for i, side in enumerate((way, way + 2)):
            ahead, beside = np.array(WAYS[side]), np.array(WAYS[(side + 1) % 4])
            reach = room.size[side % 2] / 2 - THICK / 2 - 0.03
            at = np.array(room.middle) + ahead * reach + beside * self.rng.choice((-1.05, 1.05))
            yaw = math.atan2(ahead[1], ahead[0]) - math.pi / 2
            name = f"sign_{room.letter}" if i == 0 else f"sign_{room.letter}_too"
            self.add(name, box((SIGN, 0.04, SIGN), (0, 0, 0)), "black", pose((float(at[0]), float(at[1]), SIGN_UP), yaw), tracked=i == 0)  # fmt: skip

    def put_rod(self) -> None:
        """An upright rod with bands before the camera's first view, and its length on a plate on top."""
        house = self.house
        ahead, beside = np.array(WAYS[house.first]), np.array(WAYS[(house.first + 1) % 4])
        x, y = (np.array(house.rooms[0].middle) + ahead * 1.75 + beside * self.rng.choice((-0.62, 0.62))).tolist()
        rod = house.rod
        self.add("rod", spindle([(0.03, -rod / 2), (0.03, rod / 2)]), "white", pose((x, y, rod / 2 + 0.001)), tracked=True)  # fmt: skip
        for band in range(0, round(rod / 0.2), 2):
            low = -rod / 2 + 0.2 * band
            self.inlays.append(("rod", spindle([(0.033, low), (0.033, low + 0.2)]), "#c3262d"))
        yaw = math.atan2(ahead[1], ahead[0]) - math.pi / 2
        self.add("rod plate", box(PLATE, (0, 0, 0)), "yellow", pose((x, y, rod + PLATE[2] / 2 + 0.02), yaw))

    def walk(self) -> None:
        house, rooms = self.house, self.house.rooms
        heading = _angle(house.first)
        time = FIRST
        self.keys += [(0.0, *rooms[0].middle, heading), (time, *rooms[0].middle, heading)]
        self.event("rod", ("rod",), 0.0, time, {"cm": round(house.scale * house.rod)})
        entered = 0.0
        for number, room in enumerate(rooms):
            start = time
            time, heading = self.look_round(room, time, heading)
            self.event("look", (f"sign_{room.letter}",), start, time)
            if room.after is None:
                break
            after = rooms[number + 1]
            far = math.dist(room.middle, after.middle)
            half = room.size[0 if room.after in (0, 2) else 1] / 2
            left, arrived = time, time + far / STRIDE
            through = left + (arrived - left) * half / far
            self.event("visit", (f"sign_{room.letter}",), entered, through)
            self.event("walk", (f"sign_{room.letter}", f"sign_{after.letter}"), left, arrived)
            self.keys.append((round(arrived, 4), *after.middle, heading))
            entered, time = through, arrived
        self.event("visit", (f"sign_{rooms[-1].letter}",), entered, time + REST)
        self.keys.append((round(time + REST, 3), *rooms[-1].middle, heading))

    def look_round(self, room: Room, time: float, heading: float) -> tuple[float, float]:
        """Turn once round, with a rest for every corner, and on to the door ahead; the time and the heading afterwards."""
        sense = 1 if self.rng.chance(0.5) else -1
        more = 315.0
        if room.after is not None:
            turn = round(math.degrees(_angle(room.after) - heading)) % 360
            sense = {90: 1, 270: -1}.get(turn, sense)
            more = 360.0 + (sense * turn) % 360
        gone, goals = 0.0, [45.0, 135.0, 225.0, 315.0, *([more] if room.after is not None else [])]
        for i, goal in enumerate(goals):
            seconds = QUARTER * (0.25 + 0.75 * (goal - gone) / 90)
            steps = max(6, round(16 * seconds))
            for share in (k / steps for k in range(1, steps + 1)):
                turned = gone + (goal - gone) * share * share * (3 - 2 * share)
                self.keys.append(
                    (round(time + seconds * share, 4), *room.middle, heading + sense * math.radians(turned))
                )
            time, gone = time + seconds, goal
            rest = REST if i < 4 else 0.15
            self.keys.append((round(time + rest, 4), *room.middle, heading + sense * math.radians(gone)))
            time += rest
        return round(time, 4), heading + sense * math.radians(gone)

    def event(self, kind: str, objects: tuple[str, ...], start: float, end: float, values: dict[str, Any] | None = None) -> None:  # fmt: skip
        name = f"e{len(self.events)}"
        self.events.append(Event(id=name, kind=kind, objects=objects, start=round(start, 3), end=round(end, 3), values=values or {}))  # fmt: skip

    def well_seen(self) -> dict[str, tuple[float, float]]:
        """For each piece and sign a stretch of the look round its room in which it is near the middle of the view."""
        times, _, _, heading = np.array(self.keys).T
        found = {}
        looks = [event for event in self.events if event.kind == "look"]
        places = {one.id: (one.room, one.place) for one in self.house.stood}
        for number, room in enumerate(self.house.rooms):
            name = f"sign_{room.letter}"
            index = next(i for i, body in enumerate(self.bodies) if body.name == name)
            places[name] = (number, (float(self.poses[index][0]), float(self.poses[index][1])))
        for name, (room, place) in places.items():
            at = np.arange(looks[room].start, looks[room].end, 1 / 48)
            middle = self.house.rooms[room].middle
            bearing = math.atan2(place[1] - middle[1], place[0] - middle[0])
            off = np.angle(np.exp(1j * (np.interp(at, times, heading) - bearing)))
            near = np.abs(off) < math.radians(NEAR)
            edges = np.flatnonzero(np.diff(np.concatenate([[0], near.astype(int), [0]])))
            start, end = max(zip(edges[::2], edges[1::2], strict=True), key=lambda run: run[1] - run[0])
            found[name] = (round(float(at[start]), 3), round(float(at[end - 1]), 3))
        return found


def _angle(way: int) -> float:
    return way * math.pi / 2


def _side(room: Room, way: int) -> tuple[float, ...]:
    """Both ends of a wall of a room, x and y, in a fixed order and rounded, so that neighbours have the same."""
    (x, y), (a, b) = room.middle, (room.size[0] / 2, room.size[1] / 2)
    dx, dy = WAYS[way]
    one, two = ((x + dx * a, y - b), (x + dx * a, y + b)) if dx else ((x - a, y + dy * b), (x + a, y + dy * b))
    return tuple(round(value, 4) + 0.0 for value in (*one, *two))


def lay_out(house: House, rng: Rng) -> Layout:
    """The clip in space and time."""
    return Tour(house, rng).lay_out()


def draw_house_looks(house: House, layout: Layout, stage: Any, style: Style) -> None:
    """Colour the parts of the furniture, and write letters on signs and the rod's length on its plate."""
    from morse.stage.lettering import outline, rings

    for name, mesh, colour in layout.details["inlays"]:
        stage.inlay(name, mesh, colour)
    upright = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])

    def write(name: str, text: str, size: float, thick: float, colour: str) -> None:
        front = np.array([0.0, -thick / 2 - 0.003, 0.0])
        letters = rings(outline(text, size, style.font, "bold"))
        stage.inlay(name, moved(flat(letters), upright, front), style.colour(colour))

    for room in house.rooms:
        for name in (f"sign_{room.letter}", f"sign_{room.letter}_too"):
            write(name, room.letter, 0.5 if len(room.letter) == 1 else 0.32, 0.04, "white")
    text = f"{round(house.scale * house.rod)} cm"
    write("rod plate", text, 0.27 if len(text) < 6 else 0.24, PLATE[1], "black")
