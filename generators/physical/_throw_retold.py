"""Thrown balls told again, from where they are seen: bounces are jumps of the velocity, and what is not seen is thrown anew in pybullet.

Nothing here knows how the balls were thrown: gravity, velocities and the bounce are measured on the shown places.
"""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from pydantic import JsonValue

from morse.layout import Shown
from morse.physics import GRAVITY, STEP, Placed, simulate
from morse.schema import Question
from morse.timeline import Timeline
from morse.world import Body, Vector

Array = np.ndarray
RATE = 120
"""Places a second that are looked at."""
JUMP = 0.6
"""Units a second by which a velocity must jump in a bounce."""
METRES = 0.4
"""That a canvas unit stands for in pybullet's world: there nothing may be too fast."""
DEPTH = 1.0
"""How deep boards are there, in metres."""
FLOOR = -6.0
"""Where its ground is, in canvas units, far under the bins."""
UNSEEN = 0.73
"""The bounce where none has been seen."""
LONGEST = 6.6
"""Seconds of the clip after which a throw is given up."""


@dataclass(frozen=True)
class Path:
    """Where a ball is seen in flight: ``times`` (n,) and ``places`` (n, 2). It bounces between ``jumps`` and the next place."""

    times: Array
    places: Array

    @cached_property
    def speeds(self) -> Array:
        """(n − 1, 2): the mean velocity from each place to the next."""
        return np.diff(self.places, axis=0) * RATE

    @cached_property
    def pull(self) -> float:
        """Gravity, as it shows between bounces."""
        return float(-np.median(np.diff(self.speeds[:, 1])) * RATE)

    @cached_property
    def jumps(self) -> list[int]:
        """Numbers of the places just before a bounce."""
        change = np.diff(self.speeds, axis=0) + np.array([0.0, self.pull / RATE])
        found: list[int] = []
        for number in np.flatnonzero(np.hypot(*change.T) > JUMP / 4).tolist():
            if not found or number > found[-1] + 2:
                found.append(number)
        return [number for number in found if np.hypot(*(self.after(number) - self.before(number))) > JUMP]

    def before(self, jump: int) -> Array:
        """The velocity just before a bounce."""
        return self.speeds[max(jump - 1, 0)] - np.array([0.0, 1.0 * self.pull / RATE])

    def after(self, jump: int) -> Array:
        """The velocity just after a bounce."""
        return self.speeds[min(jump + 2, len(self.speeds) - 1)] + np.array([0.0, 2.0 * self.pull / RATE])


class Viewer:
    """What someone knows who watches the clip closely."""

    def __init__(self, shown: Shown) -> None:
        assert isinstance(shown.scene, Timeline)
        self.line, self.end = shown.scene, shown.duration
        self.things: dict[str, dict[str, Any]] = {
            thing.id: {"kind": thing.kind, **thing.attributes} for thing in shown.objects
        }
        self.begun = {event.objects[0]: event.start for event in shown.events if event.kind == "throw"}
        self.mouth = next(float(thing["mouth"]) for thing in self.things.values() if thing["kind"] == "bin")

    def path(self, ball: str) -> Path:
        """The flight of a ball, until it comes to a bin or the clip ends."""
        return _seen(self.line, ball, self.begun[ball], self.end, self.mouth)

    def bin_at(self, x: float) -> str | None:
        """The letter of the bin over which a place is."""
        for thing in self.things.values():
            if thing["kind"] == "bin" and thing["left"] <= x < thing["right"]:
                return thing["letter"]
        return None

    def hit(self, place: Array) -> str:
        """What is nearest to a place: a board or a wall."""
        return min((self._distance(name, place), name) for name in self.solid)[1]

    @property
    def solid(self) -> list[str]:
        return [name for name, thing in self.things.items() if thing["kind"] in ("board", "wall")]

    def normal(self, name: str) -> Array:
        thing = self.things[name]
        if thing["kind"] == "wall":
            return np.array([1.0, 0.0])
        return np.array([-math.sin(thing["angle"]), math.cos(thing["angle"])])

    def _distance(self, name: str, place: Array) -> float:
        thing = self.things[name]
        if thing["kind"] == "wall":
            return abs(thing["face"] - float(place[0]))
        far = place - np.array([thing["x"], thing["y"]])
        along = np.array([math.cos(thing["angle"]), math.sin(thing["angle"])])
        beyond = max(abs(float(far @ along)) - thing["half"], 0.0)
        return math.hypot(beyond, float(far @ self.normal(name))) - thing["thick"]

    def bounce(self) -> float:
        """The share of the speed across a board that bounces leave, as far as they are seen."""
        shares = []
        for ball in self.begun:
            path = self.path(ball)
            for jump in path.jumps:
                if 2 <= jump <= len(path.speeds) - 4:
                    normal = self.normal(self.hit(path.places[jump]))
                    into = float(path.before(jump) @ normal)
                    if abs(into) > 0.5:
                        shares.append(-float(path.after(jump) @ normal) / into)
        return float(np.median(shares)) if shares else UNSEEN

    def thrown_anew(self, ball: str, begin: Array, speed: Array, pull: float, gone: str | None = None) -> str | None:
        """The bin into which a ball would fall that sets out like this, with a board or wall taken away."""
        size = self.line.actors[ball].size[0]
        kept = tuple(self._solid(name) for name in self.solid if name != gone)
        slow = math.sqrt(GRAVITY / (METRES * pull))
        start = _metres(*begin.tolist())
        fast = (float(speed[0]) * METRES * slow, 0.0, float(speed[1]) * METRES * slow)
        body = Body("ball", "sphere", (size * METRES, size * METRES, size * METRES), "red")
        thrown = Placed(body, start, velocity=fast, mass=0.1, friction=0.0, restitution=self.bounce())
        x = _came_down(thrown, kept, _metres(0.0, self.mouth)[2], LONGEST / slow)
        return None if x is None else self.bin_at(x / METRES)

    def _solid(self, name: str) -> Placed:
        thing = self.things[name]
        if thing["kind"] == "wall":
            size, (x, y), angle = (0.4, 20.0), (thing["face"] + math.copysign(0.2, thing["face"]), 0.0), 0.0
        else:
            size, (x, y), angle = (2 * thing["half"], 2 * thing["thick"]), (thing["x"], thing["y"]), thing["angle"]
        body = Body(name, "box", (size[0] * METRES, DEPTH, size[1] * METRES), "grey", static=True)
        turn = (0.0, -math.sin(angle / 2), 0.0, math.cos(angle / 2))
        return Placed(body, _metres(x, y), turn, friction=0.0, restitution=1.0)


@lru_cache(maxsize=64)
def _seen(line: Timeline, ball: str, begin: float, end: float, mouth: float) -> Path:
    """Where a ball is in flight; kept, since each question looks at it again."""
    times = np.arange(begin, min(end, begin + LONGEST), 1 / RATE)
    actor = line.actors[ball]
    places = np.stack([actor.values("x", times), actor.values("y", times)], axis=1)
    under = np.flatnonzero(places[:, 1] <= mouth)
    last = int(under[0]) + 1 if len(under) else len(times)
    return Path(times[:last], places[:last])


def _metres(x: float, y: float) -> Vector:
    return (x * METRES, 0.0, (y - FLOOR) * METRES)


@lru_cache(maxsize=8)
def _came_down(ball: Placed, solid: tuple[Placed, ...], mouth: float, lasts: float) -> float | None:
    """Where a ball comes down through a height, by pybullet at half its step; kept, since gates ask again. ``None``: it does not."""
    run = simulate([ball, *solid], lasts, step=STEP / 2)
    high, along = run.poses[:, 0, 2], run.poses[:, 0, 0]
    under = np.flatnonzero(high <= mouth)
    if not len(under) or under[0] == 0:
        return None
    after = int(under[0])
    share = (high[after - 1] - mouth) / (high[after - 1] - high[after])
    return float(along[after - 1] + share * (along[after] - along[after - 1]))


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question from what is shown alone."""
    viewer, slots = Viewer(shown), question.slots
    if question.kind == "highest":
        tops = {ball: float(viewer.path(ball).places[:, 1].max()) for ball in viewer.begun}
        return max(tops, key=lambda ball: tops[ball]).removesuffix(" ball")
    if question.kind == "counted":
        return sum(viewer.bin_at(float(viewer.path(ball).places[-1, 0])) == slots["bin"] for ball in viewer.begun)
    ball = f"{slots['ball']} ball"
    path = viewer.path(ball)
    if question.kind == "landed":
        return viewer.bin_at(float(path.places[-1, 0]))
    if question.kind == "bounced":
        return len(path.jumps)
    if question.kind == "turned":
        return viewer.hit(path.places[path.jumps[0]]) if path.jumps else None
    if question.kind == "foretold":
        return viewer.thrown_anew(ball, path.places[-1], path.speeds[-1] - (0.0, path.pull / RATE / 2), path.pull)
    first = path.speeds[0] + (0.0, path.pull / RATE / 2)
    return viewer.thrown_anew(ball, path.places[0], first, path.pull, f"board {slots['board']}")
