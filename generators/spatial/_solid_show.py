"""The board, its solids and a camera that goes round them, in space and time."""

import math
from types import MappingProxyType
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.spatial._solid_acts import Act, Parade
from generators.spatial._solid_board import (
    CELL,
    GONE,
    GRID,
    LIFT,
    LOOKS,
    POLE,
    RADIUS,
    TOP,
    Actor,
    Spot,
    poses_of,
    upright_to,
)
from generators.spatial._solid_shapes import Solid, closed, wire
from morse.layout import Layout
from morse.meshes import Mesh, moved, turned
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.world import Body, Camera, Material, World

Array = np.ndarray
FOV, REACH, LOOK = 34.0, 16.3, 1.8
"""Of the camera: degrees, and in squares how far it is from the point that it looks at and how high that is."""
FALL, LEAVE, SMALL = 0.9, 0.8, 0.4
"""Seconds that a solid takes to come and to leave, and of a short pause."""
PAINTS = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")


class Show:
    """Puts the acts into space and time, one after another."""

    def __init__(self, parade: Parade, rng: Rng) -> None:
        self.parade, self.rng = parade, rng
        self.look = rng.choice(LOOKS)
        self.actors: list[Actor] = []
        self.events: list[Event] = []
        self.things: list[Thing] = []
        self.inlays: list[tuple[str, Mesh, str]] = []
        self.words: list[tuple[str, str, float]] = []
        """Body, text and size of letters on plates."""
        self.azimuth = -90.0 + rng.uniform(-40, 40)
        self.way: list[tuple[float, float]] = [(0.0, self.azimuth)]
        self.clock = 0.0
        self.paints = rng.shuffled(PAINTS)

    def lay_out(self) -> Layout:
        self.set_up()
        for number, act in enumerate(self.parade.acts):
            self.perform(act, self.paints[number % len(self.paints)])
        self.clock += 1.0
        way = np.array(self.way)
        elevation = math.radians(self.rng.uniform(25, 31))
        turn = np.radians(np.append(way[:, 1], way[-1, 1]))
        times = np.append(way[:, 0], self.clock)
        around = np.stack([np.cos(turn) * math.cos(elevation), np.sin(turn) * math.cos(elevation)], axis=1)
        eyes = np.concatenate([around, np.full((len(turn), 1), math.sin(elevation))], axis=1) * REACH * CELL
        look = (0.0, 0.0, LOOK * CELL + TOP)
        keep = np.append(np.diff(times) > 1e-6, True)
        camera = Camera.path(times[keep], eyes[keep] + look, look, FOV)
        keys, poses = poses_of(self.actors, self.way, self.clock)
        bodies = tuple(actor.body for actor in self.actors)
        world = World(self.clock, bodies, keys, poses, camera)
        details = MappingProxyType({"look": self.look, "inlays": self.inlays, "words": self.words})
        return Layout(world, tuple(self.things), tuple(self.events), (), details)

    def add(
        self,
        name: str,
        mesh: Mesh,
        colour: str,
        *,
        material: Material = "rubber",
        tracked: bool = False,
        opaque: bool = False,
        turn: float | tuple[float, float, float, float] = 0.0,
        faces: bool = False,
        rim: bool = False,
    ) -> Actor:
        size = np.ptp(mesh.vertices, axis=0).tolist()
        body = Body(
            name, "mesh", (size[0], size[1], size[2]), colour, material, tracked=tracked, opaque=opaque, mesh=mesh
        )
        self.actors.append(Actor(body, turn, faces, rim))
        return self.actors[-1]

    def box(self, name: str, size: Spot, colour: str, **more: Any) -> Actor:
        """A box with rounded edges; ``size`` in squares."""
        tracked = more.pop("tracked", False)
        body = Body(
            name, "box", (size[0] * CELL, size[1] * CELL, size[2] * CELL), colour, tracked=tracked, opaque=False
        )
        self.actors.append(Actor(body, **more))
        return self.actors[-1]

    def set_up(self) -> None:
        """The board with its poles, and the rod, which is taken away."""
        wide = 2 * RADIUS * CELL
        board = Body("board", "cylinder", (wide, wide, TOP), self.look.board, static=True, tracked=False, opaque=False)
        self.actors.append(Actor(board).at(0.0, (0.0, 0.0, -TOP / CELL / 2)))
        for name, (x, y) in {"west pole": (-GRID - 0.35, 0.0), "north pole": (0.0, GRID + 0.35)}.items():
            mesh = turned([(0.0, -POLE / 2 * CELL), (0.09 * CELL, -POLE / 2 * CELL), (0.09 * CELL, POLE / 2 * CELL), (0.0, POLE / 2 * CELL)])  # fmt: skip
            self.add(name, mesh, self.look.pole[0]).at(0.0, (x, y, POLE / 2))
            for band in range(0, POLE, 2):
                low, high = (band - POLE / 2) * CELL, (band + 1 - POLE / 2) * CELL
                ring = turned([(0.0, low), (0.1 * CELL, low), (0.1 * CELL, high), (0.0, high)])
                self.inlays.append((name, ring, self.look.pole[1]))
        long, end = float(self.parade.rod), 2.9
        left = -math.floor(long / 2)
        rod = self.box("rod", (long, 0.26, 0.26), "yellow", tracked=True)
        rod.at(0.0, (left + long / 2, 0.0, 0.13))
        text = f"{self.parade.rod * self.parade.side} cm"
        plate = self.box("rod plate", (0.56 * len(text) + 0.3, 0.1, 1.15), self.look.plate, rim=True)
        plate.at(0.0, (0.0, 0.0, 0.58))
        self.words.append(("rod plate", text, 0.86))
        place = rod.keys[0][1]
        rod.at(end, place).go(end, end + LEAVE, (*place[:2], place[2] + LIFT), "in").jump(end + LEAVE + 0.01, GONE)
        plate.at(end, (0.0, 0.0, 0.58)).go(end, end + 0.6, (0.0, 0.0, -1.4))
        self.things.append(Thing(id="rod", kind="rod", shape_fills_box=False))
        self.event("rod", ("rod",), 0.0, end, {"cm": self.parade.rod * self.parade.side})
        self.clock = end + LEAVE + SMALL

    def event(
        self, kind: str, objects: tuple[str, ...], start: float, end: float, values: dict[str, JsonValue] | None = None
    ) -> None:
        self.events.append(
            Event(
                id=f"e{len(self.events)}",
                kind=kind,
                objects=objects,
                start=round(start, 3),
                end=round(end, 3),
                values=values or {},
            )
        )

    def wait(self, seconds: float) -> None:
        self.clock += seconds

    def round_to(self, side: float) -> tuple[float, float, int]:
        """A way of more than a quarter round to where one looks at a side (an azimuth) at a slant: degrees, seconds and sense."""
        sign = 1 if self.rng.chance(0.5) else -1
        way = (sign * (side + self.rng.choice((-1, 1)) * self.rng.uniform(20, 50) - self.azimuth) - 100) % 360 + 100
        return way, way / 62, sign

    def orbit(self, degrees: float, seconds: float, sense: int = 0) -> None:
        """Go round, softly at both ends, in a sense (1: anticlockwise seen from above; 0: either)."""
        sign = sense or (1 if self.rng.chance(0.5) else -1)
        steps = max(8, round(12 * seconds))
        for share in np.linspace(0.0, 1.0, steps + 1).tolist():
            gone = sign * degrees * share * share * (3 - 2 * share)
            self.way.append((round(self.clock + seconds * share, 4), self.azimuth + gone))
        self.azimuth += sign * degrees
        self.clock += seconds

    def rest(self, share: float = 1.0) -> None:
        self.wait(self.parade.rest * share)

    def perform(self, act: Act, paint: str) -> None:
        """One act, from the solid's coming to its leaving."""
        self.here: list[tuple[Actor, Spot]] = []
        start = self.clock
        tag = self.box(f"tag {act.letter}", (0.95 + 0.5 * (len(act.letter) - 1), 0.12, 1.2), self.look.plate, rim=True)
        tag.at(0.0, (0.0, 0.0, -1.4)).at(start, (0.0, 0.0, -1.4)).go(start, start + 0.6, (0.0, 0.0, 0.6))
        self.words.append((f"tag {act.letter}", act.letter, 1.0))
        (a, b), high = act.solid.widths, act.solid.height
        self.middle = (act.spot[0] + a / 2, act.spot[1] + b / 2)
        main = self.solid(act, act.letter, act.solid, paint, tracked=True)
        self.things.append(Thing(id=act.letter, kind=act.solid.shape, colour=None, shape_fills_box=False))
        self.come(main, (*self.middle, high / 2))
        landed = start + FALL
        self.clock = landed
        getattr(self, f"_{act.kind}")(act, main, paint)
        leaving = self.clock
        values: dict[str, JsonValue] = {"shape": act.solid.shape, "squares": list(act.solid.size)}
        self.event("stand", (act.letter,), landed, leaving, values)
        for actor, spot in self.here:
            actor.at(leaving, spot).go(leaving, leaving + LEAVE, (*spot[:2], spot[2] + LIFT), "in")
            actor.jump(leaving + LEAVE + 0.01, GONE)
        tag.at(leaving, (0.0, 0.0, 0.6)).go(leaving, leaving + 0.6, (0.0, 0.0, -1.4))
        self.clock = leaving + LEAVE + SMALL

    def solid(self, act: Act, name: str, solid: Solid, paint: str, *, tracked: bool = False) -> Actor:
        glass = act.kind == "water" or (act.kind == "nest" and solid is act.solid)
        return self.add(
            name,
            solid.mesh(CELL),
            "white" if act.kind == "water" else paint,
            material="glass" if glass else "rubber",
            tracked=tracked,
        )

    def come(self, actor: Actor, spot: Spot, start: float | None = None) -> None:
        """Come down from above, to stay."""
        begin = self.clock if start is None else start
        actor.at(0.0, GONE).jump(begin, (*spot[:2], spot[2] + LIFT)).go(begin, begin + FALL, spot, "out")
        self.here.append((actor, spot))

    def _plain(self, act: Act, main: Actor, paint: str) -> None:
        self.rest()
        self.orbit(self.rng.uniform(150, 200), 2.7)
        self.rest()

    def _points(self, act: Act, main: Actor, paint: str) -> None:
        high = act.solid.height
        for letter, (x, y, z) in act.points:
            place = np.array([act.spot[0] + x, act.spot[1] + y, z])
            away = place - [*self.middle, high / 2]
            away /= np.linalg.norm(away)
            ball = Body(
                f"point {letter}", "sphere", (0.3 * CELL, 0.3 * CELL, 0.3 * CELL), "black", tracked=False, opaque=False
            )
            self.actors.append(Actor(ball))
            tag = self.box(f"tag {letter}", (0.74, 0.08, 0.78), "white", faces=True)
            self.words.append((f"tag {letter}", letter, 0.72))
            beside = place + away * 0.85
            for actor, spot in ((self.actors[-2], place), (tag, [*beside[:2], max(beside[2], 0.45)])):
                self.come(actor, (float(spot[0]), float(spot[1]), float(spot[2])), self.clock - FALL)
        self.rest(1.2)
        self.orbit(self.rng.uniform(150, 190), 2.7)
        self.rest()
        self.orbit(self.rng.uniform(80, 130), 1.9)
        self.rest()
        values: dict[str, JsonValue] = {letter: list(place) for letter, place in act.points}
        self.event("marks", (act.letter,), self.clock - self.parade.rest, self.clock, values)

    def _stretch(self, act: Act, main: Actor, paint: str) -> None:
        assert act.other is not None
        before, after = act.solid.height, act.other.height
        self.rest()
        self.orbit(self.rng.uniform(80, 110), 1.7)
        self.rest(0.5)
        start, end = self.clock, self.clock + 1.6
        main.at(start, (*self.middle, before / 2)).jump(start, GONE)
        self.here.clear()
        tall = self.solid(act, f"{act.letter}-tall", act.other, paint)
        tall.at(0.0, GONE).jump(start, (*self.middle, before - after / 2)).go(start, end, (*self.middle, after / 2))
        self.here.append((tall, (*self.middle, after / 2)))
        self.clock = end
        self.event("stretch", (act.letter,), start, end, {"height": after})
        self.rest()
        self.orbit(self.rng.uniform(60, 100), 1.4)
        self.rest()

    def _stack(self, act: Act, main: Actor, paint: str) -> None:
        assert act.other is not None
        self.rest()
        upper = self.solid(act, f"{act.letter}-top", act.other, self.second(paint))
        low = act.solid.height
        self.come(upper, (*self.middle, low + act.other.height / 2))
        self.clock += FALL
        self.event("stack", (act.letter,), self.clock - FALL, self.clock, {"shape": act.other.shape, "squares": list(act.other.size)})  # fmt: skip
        self.rest(0.7)
        self.orbit(self.rng.uniform(120, 170), 2.3)
        self.rest()

    def _nest(self, act: Act, main: Actor, paint: str) -> None:
        """The inner cube comes down inside the outer one, which is of glass."""
        assert act.other is not None
        inner = self.solid(act, f"{act.letter}-inside", act.other, self.second(paint))
        self.come(inner, (*self.middle, act.other.height / 2), self.clock - FALL)
        self.event("nest", (act.letter,), self.clock, self.clock + self.parade.rest, {"inside": act.other.height})
        self.rest()
        self.orbit(self.rng.uniform(140, 190), 2.5)
        self.rest()

    def _coil(self, act: Act, main: Actor, paint: str) -> None:
        wound = self.add(f"{act.letter}-wire", wire(act.solid, act.turns, 0.09, CELL), self.second(paint))
        self.come(wound, (*self.middle, act.solid.height / 2), self.clock - FALL)
        self.event("coil", (act.letter,), self.clock, self.clock + self.parade.rest, {"turns": act.turns})
        self.rest()
        self.orbit(self.rng.uniform(190, 230), 3.3)
        self.rest()

    def _cut(self, act: Act, main: Actor, paint: str) -> None:
        assert act.cut is not None
        low, high, ring = act.cut.parts(act.solid)
        corner = np.array([*act.spot, 0.0])
        middle = ring.mean(axis=0)
        wide = 2.3 * float(np.linalg.norm(ring - middle, axis=1).max()) * CELL
        disc = Body("disc " + act.letter, "cylinder", (wide, wide, 0.05 * CELL), "black" if self.look.squares[0] > "#c" else "white", "glass", tracked=False, opaque=False)  # fmt: skip
        sheet = Actor(disc, upright_to(np.array(act.cut.normal)))
        self.actors.append(sheet)
        at = middle + corner
        spot = (float(at[0]), float(at[1]), float(at[2]))
        self.rest(0.6)
        self.come(sheet, spot)
        self.clock += FALL
        self.here.pop()
        start = self.clock
        self.rest(0.8)
        self.orbit(*self.round_to(math.degrees(math.atan2(act.cut.normal[1], act.cut.normal[0]))))
        self.rest()
        self.event("sheet", (act.letter,), start, self.clock)
        begin, end = self.clock + 0.2, self.clock + 0.2 + FALL
        main.at(begin, (*self.middle, act.solid.height / 2)).jump(begin, GONE)
        self.here.clear()
        for name, part in (("rest", low), ("off", high)):
            shifted = [polygon + corner for polygon in part]
            box = np.concatenate(shifted)
            centre = (box.min(axis=0) + box.max(axis=0)) / 2
            mesh = closed([(polygon - centre) * CELL for polygon in shifted])
            actor = self.add(f"{act.letter}-{name}", mesh, paint, tracked=name == "rest")
            place = (float(centre[0]), float(centre[1]), float(centre[2]))
            actor.at(0.0, GONE).jump(begin, place)
            if name == "rest":
                self.here.append((actor, place))
            else:
                actor.go(begin, end, (*place[:2], place[2] + LIFT), "in").jump(end + 0.01, GONE)
        sheet.at(begin, spot).go(begin, end, (*spot[:2], spot[2] + LIFT), "in").jump(end + 0.01, GONE)
        self.things.append(Thing(id=f"{act.letter}-rest", kind="rest", shape_fills_box=False))
        self.clock = end + 0.01
        self.event("cut", (f"{act.letter}-rest",), begin, end)
        start = self.clock
        self.rest(0.7)
        self.orbit(self.rng.uniform(80, 130), 1.7)
        self.rest()
        self.event("rest", (f"{act.letter}-rest",), start, self.clock)

    def _water(self, act: Act, main: Actor, paint: str) -> None:
        inside, high = act.solid.mesh(CELL * 0.95), act.solid.height * 0.95
        if (
            act.solid.shape == "prism"
        ):  # its sloping side goes through the middle of its box, and must not lie in the glass
            (a, b), off = act.solid.widths, 0.014 * CELL
            inside = moved(inside, np.eye(3), np.array([-a * off, -b * off, 0.0]))
        water = self.add(f"{act.letter}-water", inside, "blue")
        under = (*self.middle, 0.02 - high / 2)
        self.rest(0.7)
        start, end = self.clock, self.clock + act.fill
        water.at(0.0, GONE).jump(start, under).go(start, end, (*self.middle, act.level - high / 2), "linear", 2)
        self.rest(0.5)
        self.orbit(self.rng.uniform(150, 200), 2.8)
        self.clock = end
        self.event("fill", (act.letter,), start, end, {"level": act.level})
        self.rest()
        self.orbit(self.rng.uniform(60, 90), 1.4)
        self.rest(0.6)
        self.here.append((water, (*self.middle, act.level - high / 2)))

    def second(self, paint: str) -> str:
        """A colour plainly unlike a solid's own."""
        return "white" if paint in ("blue", "purple", "red", "green") else "black"


def lay_out(parade: Parade, rng: Rng) -> Layout:
    """The clip in space and time."""
    return Show(parade, rng).lay_out()
