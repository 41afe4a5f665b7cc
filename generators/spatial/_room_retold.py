"""The answers about a house once more, from the camera's own way and from where the bodies are that it films."""

import math
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from pydantic import JsonValue

from morse.grounding import boxes_by_second
from morse.layout import Shown
from morse.schema import Event, Question
from morse.world import World

Array = np.ndarray


class Retold:
    """What a tour shows. A room is known by its sign, and what it holds by lines of sight from where the camera turns round."""

    def __init__(self, shown: Shown) -> None:
        if not isinstance(shown.scene, World):
            raise TypeError("the scene is not a World")
        self.world, self.shown = shown.scene, shown
        self.bodies = {body.name: body for body in self.world.bodies}
        self.looks = [event for event in shown.events if event.kind == "look"]

    def answer(self, question: Question) -> JsonValue:
        return getattr(self, question.kind)(question.slots)

    def place(self, name: str) -> Array:
        return self.world.poses[0, self.world.index(name), :3]

    def spot(self, name: str) -> complex:
        x, y, _ = self.place(name.replace(" ", "_"))
        return complex(x, y)

    @cached_property
    def scale(self) -> float:
        """Centimetres on the rod for a metre."""
        rod = next(event for event in self.shown.events if event.kind == "rod")
        return float(str(rod.values["cm"])) / self.bodies["rod"].size[2]

    def eye(self, event: Event) -> complex:
        x, y, _ = self.world.camera.at(np.array([(event.start + event.end) / 2]))[0][0]
        return complex(x, y)

    @cached_property
    def stops(self) -> dict[str, complex]:
        """Where the camera turns round, by the letter of the room."""
        return {event.objects[0].removeprefix("sign_"): self.eye(event) for event in self.looks}

    @cached_property
    def walls(self) -> Array:
        """(walls, 4): the walls in plan, lowest and highest x and y."""
        names = [name for name in self.bodies if name.startswith("wall ")]
        return np.array(
            [
                [
                    *(self.place(n)[:2] - np.array(self.bodies[n].size[:2]) / 2),
                    *(self.place(n)[:2] + np.array(self.bodies[n].size[:2]) / 2),
                ]
                for n in names
            ]
        )

    def meets(self, start: complex, way: complex) -> float:
        """How far along a way (in its own lengths) the first wall is."""
        at, along = np.array([start.real, start.imag]), np.array([way.real, way.imag])
        along = np.where(np.abs(along) < 1e-12, 1e-12, along)
        near, far = (self.walls[:, :2] - at) / along, (self.walls[:, 2:] - at) / along
        first, last = np.minimum(near, far).max(axis=1), np.maximum(near, far).min(axis=1)
        met = first[(last >= first) & (first > 1e-9)]
        return float(met.min(initial=np.inf))

    def room(self, name: str) -> str:
        """The nearest room from whose middle nothing hides the place of a piece."""
        spot = self.spot(name)
        open_ = [letter for letter, stop in self.stops.items() if self.meets(stop, spot - stop) > 1.0]
        return min(open_, key=lambda letter: abs(self.stops[letter] - spot))

    def pieces(self, kind: str) -> list[str]:
        return [thing.id for thing in self.shown.objects if thing.kind == kind]

    def count(self, slots: Any) -> JsonValue:
        return len([name for name in self.pieces(slots["kind"]) if self.room(name) in self.stops])

    def where_was(self, slots: Any) -> JsonValue:
        name = slots["name"].replace(" ", "_")
        return self.room(name) if name in self.bodies else None

    def order(self, slots: Any) -> JsonValue:
        names, letters = list(slots["ids"]), list(self.stops)
        ranked = sorted(names, key=lambda name: letters.index(self.room(name)))
        numbers: list[JsonValue] = [names.index(name) + 1 for name in ranked]
        return numbers

    def facing(self, slots: Any) -> JsonValue:
        here, ahead, target = (self.spot(slots[name]) for name in ("here", "ahead", "target"))
        bearing = (target - here) / (ahead - here)
        return _quadrant(bearing)

    def way_back(self, slots: Any) -> JsonValue:
        """By the turns between the straight lines from stop to stop, walked the other way."""
        stops = [*self.stops.values()][::-1]
        legs = [b - a for a, b in pairwise(stops)]
        turns: list[JsonValue] = []
        for one, two in pairwise(legs):
            turn = two / one
            turns.append("straight" if abs(turn.imag) < abs(turn.real) else "left" if turn.imag > 0 else "right")
        return turns

    def forward(self, time: float) -> complex:
        eyes, targets, _ = self.world.camera.at(np.array([time]))
        x, y, _ = (targets - eyes)[0]
        return complex(x, y)

    def heading(self, slots: Any) -> JsonValue:
        turn = self.forward(self.shown.duration) / self.forward(0.0)
        return ("north", "west", "south", "east")[round(math.atan2(turn.imag, turn.real) / (math.pi / 2)) % 4]

    def floor(self, letter: str) -> float:
        """By how far the walls are on either side, a little off the lines through the doors."""
        stop, spans = self.stops[letter], []
        for way in (1 + 0j, 1j):
            both = [min(self.meets(stop + off * way * 1j, sign * way) for off in (-1.1, 1.1)) for sign in (-1, 1)]
            spans.append(sum(both))
        return spans[0] * spans[1]

    def largest(self, slots: Any) -> JsonValue:
        return max(slots["rooms"], key=self.floor)

    def distance(self, slots: Any) -> JsonValue:
        return abs(self.spot(slots["one"]) - self.spot(slots["other"])) * self.scale

    def measure(self, slots: Any) -> JsonValue:
        name = slots["name"].replace(" ", "_")
        return float(np.ptp(self.bodies[name].surface.vertices[:, slots["axis"]])) * self.scale

    def back_in(self, slots: Any) -> JsonValue:
        *_, before, last = self.stops.items()
        ahead = before[1] - last[1]
        for thing in self.shown.objects:
            if thing.kind in ("sign", "rod") or self.room(thing.id) != before[0]:
                continue
            bearing = (self.spot(thing.id) - before[1]) / ahead
            beside = min(abs(bearing.real), abs(bearing.imag)) / abs(bearing)
            if beside > 0.2 and _quadrant(bearing) == slots["where"]:
                return str(thing.attributes["name"])
        return None

    def moved(self, slots: Any) -> JsonValue:
        return sum(self.room(name) in (slots["from"], slots["to"]) for name in self.pieces(slots["kind"]))

    def crossing(self, one: str, other: str) -> float:
        """When the camera passes the door between two rooms one of which follows the other: under a lintel."""
        walk = next(e for e in self.shown.events if e.kind == "walk" and e.objects == (f"sign_{one}", f"sign_{other}"))
        times = np.arange(walk.start, walk.end, 0.01)
        eyes = self.world.camera.at(times)[0][:, :2]
        doors = np.array([self.place(name)[:2] for name in self.bodies if name.startswith("lintel ")])
        far = np.linalg.norm(eyes[:, None] - doors[None], axis=2).min(axis=1)
        return float(times[int(far.argmin())])

    def visited(self, slots: Any) -> JsonValue:
        letters = list(self.stops)
        number = letters.index(self.room(slots["name"]))
        start = self.crossing(letters[number - 1], letters[number]) if number else 0.0
        end = self.crossing(letters[number], letters[number + 1]) if number + 1 < len(letters) else self.shown.duration
        return [start, end]

    def find(self, slots: Any) -> JsonValue:
        """The piece on the other side of the middle of the room than the one that is named."""
        stop, beside = self.stops[slots["letter"]], self.spot(slots["beside"])
        inside = [
            t.id for t in self.shown.objects if t.kind not in ("sign", "rod") and self.room(t.id) == slots["letter"]
        ]

        def across(name: str) -> float:
            bearing = (self.spot(name) - stop) / (beside - stop)
            return bearing.real / abs(bearing)

        return boxes_by_second(self.world, min(inside, key=across), slots["at"])


def _quadrant(bearing: complex) -> str:
    return f"{'ahead' if bearing.real > 0 else 'behind'} on the {'left' if bearing.imag > 0 else 'right'}"
