"""The answers once more, from the bodies as they are filmed: hulls of their points, in centimetres by the rod's own length."""

import itertools
import math
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.spatial._solid_shapes import STRANDS
from morse.layout import Shown
from morse.schema import Event, Question
from morse.world import World, rotations

Array = np.ndarray
EDGES = [(a, b) for a, b in itertools.combinations(range(8), 2) if (a ^ b) in (1, 2, 4)]
"""The edges of a box, between the corners of :attr:`morse.world.Body.corners`."""


class Retold:
    """What a clip shows, measured on the scene."""

    def __init__(self, shown: Shown) -> None:
        if not isinstance(shown.scene, World):
            raise TypeError("the scene is not a World")
        self.world, self.shown = shown.scene, shown
        self.bodies = {body.name: body for body in self.world.bodies}
        rod = next(event for event in shown.events if event.kind == "rod")
        self.scale = float(str(rod.values["cm"])) / self.bodies["rod"].size[0]

    def answer(self, question: Question) -> JsonValue:
        return getattr(self, question.kind)(question.slots)

    def event(self, kind: str, letter: str) -> Event | None:
        named = (letter, f"{letter}-rest")
        return next((e for e in self.shown.events if e.kind == kind and e.objects[0] in named), None)

    def place(self, name: str, time: float) -> Array:
        return self.world.poses_at(np.array([time]))[0, self.world.index(name)]

    def hull(self, name: str, stretch: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Any:
        """The convex hull of a body, in centimetres."""
        from scipy.spatial import ConvexHull

        return ConvexHull(self.bodies[name].surface.vertices.astype(float) * stretch * self.scale)

    def last(self, letter: str) -> list[str]:
        """The bodies that a solid consists of in the end."""
        if f"{letter}-tall" in self.bodies:
            return [f"{letter}-tall"]
        return [name for name in (letter, f"{letter}-top") if name in self.bodies]

    def room(self, letter: str) -> float:
        return math.fsum(float(self.hull(name).volume) for name in self.last(letter))

    def point(self, letter: str, solid: str) -> Array:
        stand = self.event("stand", solid)
        assert stand is not None
        return self.place(f"point {letter}", (stand.start + stand.end) / 2)[:3] * self.scale

    def length(self, slots: Any) -> JsonValue:
        return float(
            np.linalg.norm(self.point(slots["from"], slots["solid"]) - self.point(slots["to"], slots["solid"]))
        )

    def corner(self, slots: Any) -> JsonValue:
        p, q, r = (self.point(slots[name], slots["solid"]) for name in "pqr")
        one, two = p - q, r - q
        return math.degrees(math.atan2(float(np.linalg.norm(np.cross(one, two))), float(one @ two)))

    def surface(self, slots: Any) -> JsonValue:
        return math.fsum(float(self.hull(name).area) for name in self.last(slots["solid"]))

    def volume(self, slots: Any) -> JsonValue:
        return self.room(slots["solid"])

    def stacked(self, slots: Any) -> JsonValue:
        return self.room(slots["solid"])

    def ratio(self, slots: Any) -> JsonValue:
        return self.room(slots["solid"]) / self.room(slots["than"])

    def order(self, slots: Any) -> JsonValue:
        solids = list(slots["solids"])
        numbers: list[JsonValue] = [solids.index(name) + 1 for name in sorted(solids, key=self.room)]
        return numbers

    def stood(self, slots: Any) -> JsonValue:
        names = slots["solids"].replace(" and ", ", ").split(", ")
        chosen = (max if slots["which"] == "largest" else min)(names, key=self.room)
        stand = self.event("stand", chosen)
        assert stand is not None
        return [stand.start, stand.end]

    def scaled(self, slots: Any) -> JsonValue:
        wide, high = slots["factors"]
        return float(self.hull(slots["solid"], (wide, wide, high)).volume)

    def section(self, slots: Any) -> JsonValue:
        """How many edges of the solid lie on both sides of the sheet."""
        now, letter = self.shown.duration, slots["solid"]
        sheet = self.place(f"disc {letter}", now)
        normal = rotations(sheet[None, 3:])[0][:, 2]
        side = (self.bodies[letter].corners + self.place(letter, now)[:3] - sheet[:3]) @ normal > 0
        return sum(bool(side[a] != side[b]) for a, b in EDGES)

    def taken(self, slots: Any) -> JsonValue:
        if self.event("cut", slots["solid"]) is None:
            return None
        return float(self.hull(f"{slots['solid']}-off").volume)

    def level(self, letter: str, time: float) -> float:
        """How high the water stands in a vessel at a time, in centimetres."""
        name = f"{letter}-water"
        surface = self.place(name, time)[2] + self.bodies[name].size[2] / 2
        foot = self.place(letter, time)[2] - self.bodies[letter].size[2] / 2
        return float(surface - foot) * self.scale

    def water(self, slots: Any) -> JsonValue:
        letter = slots["solid"]
        stand = self.event("stand", letter)
        assert stand is not None
        full = float(self.hull(letter).volume)
        return full * self.level(letter, stand.end) / (self.bodies[letter].size[2] * self.scale)

    def rise(self, slots: Any) -> JsonValue:
        now, letter = self.shown.duration, slots["solid"]
        level = self.level(letter, now)
        return level + (level - self.level(letter, now - 1.0)) * slots["seconds"]

    def between(self, slots: Any) -> JsonValue:
        return float(self.hull(slots["solid"]).volume - self.hull(f"{slots['solid']}-inside").volume)

    def grew(self, slots: Any) -> JsonValue:
        return float(self.hull(f"{slots['solid']}-tall").area - self.hull(slots["solid"]).area)

    def wire(self, slots: Any) -> JsonValue:
        """The way along the middle of the wire."""
        points = self.bodies[f"{slots['solid']}-wire"].surface.vertices.astype(float)
        middle = points.reshape(-1, STRANDS, 3).mean(axis=1)
        return float(np.linalg.norm(np.diff(middle, axis=0), axis=1).sum()) * self.scale
