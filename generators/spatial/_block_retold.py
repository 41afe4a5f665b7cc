"""The answers about a solid once more, from where its cubes are as they are filmed and from the camera's own way."""

import math
from typing import Any

import numpy as np
from pydantic import JsonValue

from morse.layout import Shown
from morse.schema import Question
from morse.world import World

Place = tuple[int, int, int]
STEPS: tuple[Place, ...] = ((1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1))


class Retold:
    """What a clip shows, cube by cube. Places count from the cube that is farthest to the south-west and lowest of the board."""

    def __init__(self, shown: Shown) -> None:
        if not isinstance(shown.scene, World):
            raise TypeError("the scene is not a World")
        world = shown.scene
        self.shown, self.camera = shown, world.camera
        chosen = [i for i, body in enumerate(world.bodies) if body.name.startswith("cube-")]
        places = world.poses[0, chosen, :3]
        # neighbours are one cell apart, which is the least distance of all
        cell = float(np.diff(np.unique(places[:, 2].round(6)), prepend=0.0)[1:].min())
        low = places.min(axis=0)
        self.cubes: set[Place] = {(int(x), int(y), int(z)) for x, y, z in np.rint((places - low) / cell)}

    def answer(self, question: Question) -> JsonValue:
        return getattr(self, question.kind)(question)

    def extents(self) -> Place:
        x, y, z = (max(axis) + 1 for axis in zip(*self.cubes, strict=True))
        return x, y, z

    def stacked(self, column: int, row: int) -> int:
        return sum((x, y) == (column, row) for x, y, _ in self.cubes)

    def number(self, question: Question) -> JsonValue:
        return len(self.cubes)

    def missing(self, question: Question) -> JsonValue:
        return math.prod(self.extents()) - len(self.cubes)

    def column(self, question: Question) -> JsonValue:
        slots: dict[str, Any] = question.slots
        return self.stacked(slots["from_west"] - 1, slots["from_south"] - 1)

    def plan(self, question: Question) -> JsonValue:
        columns, rows, _ = self.extents()
        return [[str(self.stacked(x, y)) for x in range(columns)] for y in reversed(range(rows))]

    def surface(self, question: Question) -> JsonValue:
        beside = ((x + a, y + b, z + c) for x, y, z in self.cubes for a, b, c in STEPS)
        return sum(place not in self.cubes and place[2] >= 0 for place in beside)

    def fullest(self, question: Question) -> JsonValue:
        _, rows, _ = self.extents()
        return max(range(rows), key=lambda row: sum(y == row for _, y, _ in self.cubes)) + 1

    def left(self, question: Question) -> JsonValue:
        _, _, layers = self.extents()
        return sum(z < layers - 1 for *_, z in self.cubes)

    def azimuth(self, time: float) -> float:
        x, y, _ = self.camera.at(np.array([time]))[0][0]
        return math.atan2(y, x)

    def turned(self, leg: int) -> str:
        """Which way the camera goes on a leg, by the middle of which it has turned by less than a half."""
        event = [event for event in self.shown.events if event.kind == "leg"][leg]
        turn = self.azimuth((event.start + event.end) / 2) - self.azimuth(event.start)
        return "anticlockwise" if math.sin(turn) > 0 else "clockwise"

    def way(self, question: Question) -> JsonValue:
        slots: dict[str, Any] = question.slots
        return self.turned(slots["rest"] - 1)

    def next(self, question: Question) -> JsonValue:
        """The last leg's turn goes on by a right angle; the nearest side is where the camera is then."""
        turn = math.pi / 2 if self.turned(-1) == "anticlockwise" else -math.pi / 2
        quarter = round((self.azimuth(self.shown.duration) + turn) / (math.pi / 2)) % 4
        return ("east", "north", "west", "south")[quarter]
