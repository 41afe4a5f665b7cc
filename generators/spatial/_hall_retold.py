"""The answers about a walk once more, from where the camera and the landmarks are and from the map as it is drawn.

What ties the hall to the map is found from the landmarks alone: the affine map that takes their places to those of their signs.
"""

import math
from collections import deque
from functools import cached_property
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.planning._grid_ways import plan_problem
from generators.spatial._hall_scene import BACK
from morse.grounding import boxes_by_second
from morse.joined import JoinedScene
from morse.layout import Shown
from morse.schema import Question
from morse.timeline import Timeline
from morse.world import World

Array = np.ndarray
STEP = 0.01
"""Seconds between looks at the camera."""
STEPS = {"up": (0, 1), "down": (0, -1), "left": (-1, 0), "right": (1, 0)}
"""Directions on the map, in its own axes: y up."""


class Retold:
    """What a clip shows, read off from the camera's own way."""

    def __init__(self, shown: Shown) -> None:
        scene = shown.scene
        if not isinstance(scene, JoinedScene):
            raise TypeError("the scene is not joined")
        sheet, world = (part.scene for part in scene.parts)
        assert isinstance(sheet, Timeline) and isinstance(world, World)
        self.shown, self.scene, self.world, self.begins = shown, scene, world, scene.begins(1)
        self.names = {str(thing.attributes["name"]): thing.id for thing in shown.objects}
        self.signs = {name: np.array(sheet.place(thing, 0.0)) for name, thing in self.names.items()}
        self.spots = {name: world.poses[0, world.index(thing), :2] for name, thing in self.names.items()}
        cells = [name for name in sheet.actors if name.startswith("cell ")]
        self.cells = {name.removeprefix("cell "): np.array(sheet.place(name, 0.0)) for name in cells}

    def answer(self, question: Question) -> JsonValue:
        return getattr(self, question.kind)(question.slots, question)

    @cached_property
    def onto(self) -> Array:
        """(3, 2): takes a place in the hall (x, y, 1) to the map."""
        places = np.array([[*self.spots[name], 1.0] for name in self.names])
        return np.linalg.lstsq(places, np.array([self.signs[name] for name in self.names]), rcond=None)[0]

    def cell_at(self, place: Array) -> str:
        """The cell of the map in which a place on it is."""
        return min(self.cells, key=lambda name: float(np.linalg.norm(self.cells[name] - place)))

    def camera(self, times: Array) -> tuple[Array, Array]:
        """Where the camera is and looks (t, 2), at times of the clip."""
        eyes, targets, _ = self.world.camera.at(times - self.begins)
        ahead = (targets - eyes)[:, :2]
        return eyes[:, :2], ahead / np.linalg.norm(ahead, axis=1, keepdims=True)

    def cell_of(self, time: float) -> str:
        (eye,), _ = self.camera(np.array([time]))
        return self.cell_at(np.array([*eye, 1.0]) @ self.onto)

    @cached_property
    def turned(self) -> list[tuple[float, float, str]]:
        """Start, end and side of each quarter turn: where the view has swung by most of a right angle when it rests again."""
        times = np.arange(self.begins, self.shown.duration, STEP)
        ahead = self.camera(times)[1]
        swing = np.unwrap(np.arctan2(ahead[:, 1], ahead[:, 0]))
        moves = np.abs(np.diff(swing)) > 1e-4
        edges = np.flatnonzero(np.diff(np.concatenate([[False], moves, [False]]).astype(int)))
        found = []
        for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            if abs(swing[b] - swing[a]) > math.radians(60):
                found.append((float(times[a]), float(times[b]), "left" if swing[b] > swing[a] else "right"))
        return found

    def seen(self, name: str, turn: float = 0.0) -> float:
        """Radians to the left of straight ahead at which a landmark is at the end, after a turn on the spot."""
        (eye,), (ahead,) = self.camera(np.array([self.shown.duration]))
        way, spot = complex(*ahead), complex(*self.spots[name])
        middle = complex(*eye) + BACK * way
        way *= complex(math.cos(turn), math.sin(turn))
        away = (spot - (middle - BACK * way)) / way
        return math.atan2(away.imag, away.real)

    def cell(self, slots: dict[str, Any], question: Question) -> JsonValue:
        return self.cell_of(self.shown.duration)

    def heading(self, slots: dict[str, Any], question: Question) -> JsonValue:
        _, (ahead,) = self.camera(np.array([self.shown.duration]))
        way = ahead @ self.onto[:2]
        return max(STEPS, key=lambda word: float(np.dot(STEPS[word], way)))

    def route(self, slots: dict[str, Any], question: Question) -> JsonValue:
        times = [self.begins, *(start for start, _, _ in self.turned), self.shown.duration]
        cells = [self.cell_of(time) for time in times]
        return " → ".join(cell for i, cell in enumerate(cells) if i == 0 or cell != cells[i - 1])

    def side(self, slots: dict[str, Any], question: Question) -> JsonValue:
        angle = self.seen(slots["name"])
        return "behind" if abs(angle) > 0.75 * math.pi else "to the left" if angle > 0 else "to the right"

    def lefts(self, slots: dict[str, Any], question: Question) -> JsonValue:
        return sum(side == "left" for *_, side in self.turned)

    def turned_when(self, slots: dict[str, Any], question: Question) -> JsonValue:
        own = [(start, end) for start, end, side in self.turned if side == slots["side"]]
        return [*own[slots["number"] - 1]] if slots["number"] <= len(own) else None

    def where(self, slots: dict[str, Any], question: Question) -> JsonValue:
        name = next(name for name, sign in self.signs.items() if self.cell_at(sign) == slots["cell"])
        return boxes_by_second(self.scene, self.names[name], [slots["second"]])

    def next_view(self, slots: dict[str, Any], question: Question) -> JsonValue:
        turn = math.pi / 2 if slots["side"] == "left" else -math.pi / 2
        return min(self.names, key=lambda name: abs(self.seen(name, turn)))

    def other_way(self, slots: dict[str, Any], question: Question) -> JsonValue:
        """Whoever turns the other way looks back to where they would have gone: the rest of the way is mirrored at the turn."""
        turn = self.cells[self.cell_of(self.turned[slots["number"] - 1][0])]
        return self.cell_at(2 * turn - self.cells[self.cell_of(self.shown.duration)])

    def back(self, slots: dict[str, Any], question: Question) -> JsonValue:
        taken = {self.cell_at(sign) for sign in self.signs.values()}
        free = {name: place for name, place in self.cells.items() if name not in taken}
        side = min(float(np.linalg.norm(a - b)) for a in free.values() for b in free.values() if a is not b)
        onward: dict[str, dict[str, str]] = {name: {} for name in free}
        for name, place in free.items():
            for word, step in STEPS.items():
                spot = place + side * np.array(step)
                near = [other for other, there in free.items() if np.linalg.norm(there - spot) < side / 4]
                onward[name] |= dict.fromkeys([word], near[0]) if near else {}
        start, goal = self.cell_of(self.shown.duration), self.cell_of(self.begins)
        ways, queue = {start: list[str]()}, deque([start])
        while goal not in ways:
            at = queue.popleft()
            for word, other in onward[at].items():
                if other not in ways:
                    ways[other] = [*ways[at], word]
                    queue.append(other)
        problem = plan_problem(onward, start, goal, ways[goal])
        return problem.model_copy(update={"most_steps": len(ways[goal])}).model_dump(mode="json")
