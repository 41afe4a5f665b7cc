"""The answers about the table once more, from where everything is seen a hundred times a second: every kink of a way needs a cause in sight.

None of it knows the laws by which the pucks were moved, but that they slow down evenly; what is foretold is stepped forward from how fast a
puck is seen to go.
"""

from collections.abc import Iterable
from functools import lru_cache
from math import hypot
from typing import NamedTuple

import numpy as np
from pydantic import JsonValue

from morse.grounding import SEEN, boxes_by_second, whole_seconds
from morse.layout import Scene, Shown
from morse.schema import Question
from morse.timeline import Array, Timeline

STEP = 0.01
"""Seconds between looks."""
LONG, TALL, ACROSS = 6.9, 3.45, 0.92
"""Half the length and the height of the table, and how wide pucks are."""
NEAR = 0.13
"""How near something is that is touched between two looks."""
KINK = 0.25
"""By how much, in canvas units a second, a velocity changes from one look to the next only if something happens."""
REST = 0.03


class Found(NamedTuple):
    """What breaks the laws, by whom, and when."""

    what: str
    who: str
    when: float


class Tracks:
    """Where all pucks are, at many times: (puck, time, 2), and whether they can be seen and how they look."""

    def __init__(self, scene: Scene, names: tuple[str, ...], until: float) -> None:
        assert isinstance(scene, Timeline)
        self.line, self.names = scene, names
        self.times = np.arange(0.0, until + 1e-9, STEP)
        self.places = np.stack([self._of(name) for name in names])
        self.there = np.stack([scene.actors[name].values("opacity", self.times) > 0.5 for name in names])
        self.velocity = np.diff(self.places, axis=1) / STEP

    def _of(self, name: str) -> Array:
        return np.stack([self.line.actors[name].values(axis, self.times) for axis in "xy"], axis=-1)

    def still(self) -> Array:
        """(time,): whether nothing moves."""
        return np.abs(self.velocity).max(axis=(0, 2)) < 1e-7

    def broken(self) -> Found | None:
        """The first break of the laws."""
        found = [*self._vanished(), *self._changed(), *self._passed(), *self._kinks()]
        return min(found, key=lambda one: (round(one.when, 1), ORDER.index(one.what))) if found else None

    def _vanished(self) -> Iterable[Found]:
        for who, there in zip(self.names, self.there, strict=True):
            gone = np.flatnonzero(~there)
            if len(gone):
                yield Found("vanishes", who, float(self.times[gone[0]]))

    def _changed(self) -> Iterable[Found]:
        for who in self.names:
            looks = self.line.actors[who].values("look", self.times)
            other = np.flatnonzero(looks != looks[0])
            if len(other):
                yield Found("changes", who, float(self.times[other[0]]))

    def _passed(self) -> Iterable[Found]:
        for i, who in enumerate(self.names):
            for j in range(len(self.names)):
                apart = np.linalg.norm(self.places[i] - self.places[j], axis=-1)
                both = (apart < ACROSS - 0.2) & self.there[i] & self.there[j]
                inside = np.flatnonzero(both)
                if i != j and len(inside) and np.linalg.norm(self.velocity[i, inside[0] - 1]) > 0.1:
                    first = inside[0] - np.argmax(apart[inside[0] :: -1] >= ACROSS)
                    yield Found("passes", who, float(self.times[first]))

    def _kinks(self) -> Iterable[Found]:
        """Changes of velocity with nothing that could have caused them, or that go the wrong way."""
        change = np.linalg.norm(np.diff(self.velocity, axis=1), axis=-1)
        for i, who in enumerate(self.names):
            frames = np.flatnonzero((change[i] > KINK) & self.there[i, 2:])
            for first in (int(frame) for frame in frames if not ((frames < frame) & (frames > frame - 3)).any()):
                before = self.velocity[i, max(first - 1, 0)]
                after = self.velocity[i, min(first + 3, self.velocity.shape[1] - 1)]
                at = first + 1
                what = self._unlawful(i, at, before, after)
                if what:
                    yield Found(what, who, float(self.times[at]))

    def _unlawful(self, i: int, at: int, before: Array, after: Array) -> str:
        """What is wrong with a kink, if anything."""
        (x, y), time = self.places[i, at], float(self.times[at])
        pace, then = float(np.linalg.norm(before)), float(np.linalg.norm(after))
        slow = pace < REST
        away = np.linalg.norm(self.places[:, at] - self.places[i, at], axis=-1)
        touched = [j for j in range(len(self.names)) if j != i and away[j] < ACROSS + NEAR and self.there[j, at]]
        if slow and touched and not self._struck(time, x, y):
            # pushed by another: straight away from it
            j = max(touched, key=lambda j: float(np.linalg.norm(self.velocity[j, at - 3])))
            push = self.places[i, at] - self.places[j, at - 2]
            off = float(np.dot(push, after) / max(np.linalg.norm(push) * then, 1e-9))
            return "strays" if off < 0.6 else ""
        rail = abs(x) > LONG - ACROSS / 2 - NEAR or abs(y) > TALL - ACROSS / 2 - NEAR
        if touched or self._struck(time, x, y):
            return ""
        if slow:
            return "starts"  # a rail sets nothing going
        if rail:
            return ""
        if then < REST:
            return "stops"
        straight = float(np.dot(before, after) / (pace * then))
        return "turns" if straight < 0.95 else "gains"

    def _struck(self, time: float, x: float, y: float) -> bool:
        """Whether the tip of the cue is at a place."""
        cue = self.line.actors["cue"]
        if cue.at("opacity", time) < 0.5:
            return False
        angle, half = cue.at("angle", time), cue.size[0] / 2
        tip = cue.at("x", time) + half * np.cos(angle), cue.at("y", time) + half * np.sin(angle)
        return bool(hypot(tip[0] - x, tip[1] - y) < ACROSS / 2 + NEAR)


ORDER = ("vanishes", "changes", "strays", "passes", "stops", "starts", "turns", "gains")


@lru_cache(maxsize=8)
def _tracks(scene: Scene, names: tuple[str, ...], until: float) -> Tracks:
    return Tracks(scene, names, until)


@lru_cache(maxsize=8)
def _judged(scene: Scene, names: tuple[str, ...], until: float) -> Found | None:
    return _tracks(scene, names, until).broken()


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    scene, slots = shown.scene, question.slots
    names = tuple(thing.id for thing in shown.objects if thing.kind == "puck")
    strokes = [event for event in shown.events if event.kind == "strikes"]
    if question.kind == "struck":
        return strokes[int(str(slots["number"])) - 1].objects[0]
    if question.kind == "next":
        tracks = Tracks(scene, names, shown.duration)
        return stepped(tracks, strokes[-1].objects[0], len(tracks.times) - 2)
    tracks = _tracks(scene, names, shown.duration)
    if question.kind == "without":
        stroke = strokes[int(str(slots["number"])) - 1]
        return stepped(tracks, stroke.objects[0], round(stroke.start / STEP) + 8, str(slots["puck"]))
    broken = _judged(scene, names, shown.duration)
    match question.kind:
        case "lawful":
            return broken is None
        case "kind":
            return "none" if broken is None else broken.what
        case "culprit":
            return "none" if broken is None else broken.who
    if broken is None:
        return None
    match question.kind:
        case "strokes":
            return sum(event.start <= broken.when for event in strokes)
        case "moment":
            return round(broken.when, 2)
    start, end = _stretch(tracks, broken.when)
    if question.kind == "run_span":
        return [start, end]
    if question.kind == "where_culprit":
        named = slots["seconds"]
        assert isinstance(named, list)
        return boxes_by_second(scene, broken.who, [int(str(s)) for s in named] or whole_seconds(start, end, 0.0))
    raise ValueError(f"no question kind {question.kind!r}")


def _stretch(tracks: Tracks, when: float) -> tuple[float, float]:
    """From when to when something moves around a time."""
    still = np.flatnonzero(tracks.still())
    here = round(when / STEP)
    before, after = still[still < here - 1], still[still > here]
    return float(tracks.times[before.max() + 1]), float(tracks.times[after.min()])


def stepped(tracks: Tracks, who: str, look: int, without: str = "") -> JsonValue:
    """What a puck touches next, stepped forward from a look; ``nothing`` if it comes to rest before. One may be thought away."""
    i = tracks.names.index(who)
    x, y = (float(value) for value in tracks.places[i, look])
    u, v = (float(value) for value in tracks.velocity[i, look - 1])
    earlier = tracks.velocity[i, look - 5]
    slows = (float(np.linalg.norm(earlier)) - hypot(u, v)) / (4 * STEP)
    others = {
        name: tracks.places[j, look]
        for j, name in enumerate(tracks.names)
        if name not in (who, without) and tracks.there[j, look]
    }
    dt = 0.002
    while (pace := hypot(u, v)) > slows * dt:
        u, v = u * (1 - slows * dt / pace), v * (1 - slows * dt / pace)
        x, y = x + u * dt, y + v * dt
        for name, (p, q) in others.items():
            if hypot(p - x, q - y) <= ACROSS:
                return name
        for rail, over in (
            ("right", x - LONG), ("left", -x - LONG), ("upper", y - TALL), ("lower", -y - TALL)
        ):  # fmt: skip
            if over + ACROSS / 2 >= 0:
                return rail
    return "nothing"


def seen_at(scene: Scene, who: str, seconds: Iterable[int]) -> list[int]:
    """The seconds at which a puck is well in sight."""
    asked = [*seconds]
    if not asked:
        return []
    _, visible = scene.tracks(np.array(asked, float)).of(who)
    return [second for second, share in zip(asked, visible, strict=True) if share >= SEEN]
