"""What figures do, told from nothing but their tracks: by headings, distances, and who touches the crate or stands in a way.

None of it knows the acts or the policies that moved the figures.
"""

from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from pydantic import JsonValue

from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Scene, Shown
from morse.schema import Question
from morse.timeline import Array, Timeline

RATE = 12
"""Looks a second."""
FINE = 0.01
"""Seconds between looks where the moment of setting out or coming to rest is sought."""


class Measure(NamedTuple):
    """What counts as chasing and as barring the way: the least cosine of a heading to the other's place, how long (seconds)."""

    heading: float
    chase: float
    bar: float


STRICT, LAX = Measure(0.75, 2.2, 1.8), Measure(0.6, 2.0, 1.1)


class Deed(NamedTuple):
    """Something that somebody is seen to do, from about when to about when."""

    told: tuple[Any, ...]
    start: float
    end: float


class Story:
    """Deeds in order, up to a time, told when asked for. Chases: (pursuer, pursued). Pushes: (help or hinder, who, whom).
    Blocks: (who, whom). Puts: (who, box, who is in the house)."""

    def __init__(self, scene: Scene, names: tuple[str, ...], boxes: int, until: float, measure: Measure) -> None:
        self.scene, self.names, self.boxes, self.measure = scene, names, boxes, measure
        self.times, self.places = _tracks(scene, names, until)

    @cached_property
    def chases(self) -> list[Deed]:
        return _chases(self.times, self.places, self.names, self.measure)

    @cached_property
    def pushes(self) -> list[Deed]:
        return _pushes(self.scene, self.times, self.places, self.names)

    @cached_property
    def blocks(self) -> list[Deed]:
        return _blocks(self.scene, self.times, self.places, self.names, self.measure)

    @cached_property
    def puts(self) -> list[Deed]:
        return _puts(self.scene, self.times, self.places, self.names, self.boxes)


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    names = tuple(thing.id for thing in shown.objects if thing.kind == "figure")
    boxes = sum(thing.kind == "box" for thing in shown.objects)
    story = read(shown.scene, names, boxes, shown.duration, STRICT)
    slots, who = question.slots, str(question.slots.get("figure"))
    number = int(str(slots.get("number", 1)))
    match question.kind:
        case "chaser":
            return story.chases[number - 1].told[0]
        case "chased_in_turn":
            return [deed.told[1] for deed in story.chases]
        case "helped":
            return len({deed.told[2] for deed in story.pushes if deed.told[:2] == ("help", who)})
        case "blocker":
            return next(deed.told[0] for deed in story.blocks if deed.told[1] == who)
        case "turncoat":
            return _turned(story.pushes)
        case "chased_now":
            return pursued(shown.scene, names, who, shown.duration, STRICT)
        case "chase_span":
            pair = (who, slots["other"])
            return next((_exactly(shown.scene, deed) for deed in story.chases if deed.told == pair), None)
        case "where_chase":
            deed = story.chases[number - 1]
            start, end = (float(str(edge)) for edge in _exactly(shown.scene, deed))
            named = [int(str(second)) for second in _list(slots["seconds"])]
            return boxes_by_second(
                shown.scene, deed.told[bool(slots["flees"])], named or whole_seconds(start, end, 0.0)
            )
        case "order":
            deeds = [_first(story, told) for told in _list(slots["deeds"])]
            return [sorted(deeds).index(start) + 1 for start in deeds]
    seen = [deed for deed in story.puts if who in deed.told[2]]
    match question.kind:
        case "thinks" | "looks":
            return _box(seen[-1])
        case "expects":
            return _box([deed for deed in seen if slots["other"] in deed.told[2]][-1])
        case "last_seen":
            return story.puts.index(seen[-1]) + 1
        case "believers":
            there = [str(name) for name in _list(slots["figures"])]
            last = {name: [deed for deed in story.puts if name in deed.told[2]][-1] for name in there}
            believing: list[JsonValue] = [name for name in there if _box(last[name]) == slots["box"]]
            return believing
        case "had_stayed":
            start, end = [span for span in _absences(shown, who) if span[0] >= 0][number - 1]
            return _box([deed for deed in story.puts if deed in seen or start < deed.end < end][-1])
        case "had_kept_away":
            came = [end for _, end in _absences(shown, who) if end < shown.duration][number - 1]
            return _box([deed for deed in seen if deed.end < came][-1])
    raise ValueError(f"no question kind {question.kind!r}")


def _list(value: JsonValue) -> list[JsonValue]:
    assert isinstance(value, list)
    return value


def _box(deed: Deed) -> int:
    return int(deed.told[1].removeprefix("box "))


def _turned(pushes: list[Deed]) -> str:
    """Who helped, and hindered after that."""
    helped: list[str] = []
    for deed in pushes:
        if deed.told[0] == "help":
            helped.append(deed.told[1])
        elif deed.told[1] in helped:
            return deed.told[1]
    raise ValueError("nobody turned")


def _first(story: Story, told: JsonValue) -> float:
    """When a deed that is told as [kind, who, whom] began."""
    kind, *pair = _list(told)
    if kind in ("help", "hinder"):
        return next(deed.start for deed in story.pushes if deed.told == (kind, *pair))
    deeds = story.chases if kind == "chase" else story.blocks
    return next(deed.start for deed in deeds if deed.told == tuple(pair))


@lru_cache(maxsize=16)
def read(scene: Scene, names: tuple[str, ...], boxes: int, until: float, measure: Measure) -> Story:
    """The story up to a time; each is kept for the questions that follow."""
    return Story(scene, names, boxes, until, measure)


@lru_cache(maxsize=8)
def _tracks(scene: Scene, names: tuple[str, ...], until: float) -> tuple[Array, Array]:
    """Times, and places (figure, time, 2)."""
    times = np.arange(0.0, until, 1 / RATE)
    return times, np.stack([_place(scene, name, times) for name in names])


def _place(scene: Scene, name: str, times: Array) -> Array:
    assert isinstance(scene, Timeline)
    actor = scene.actors[name]
    return np.stack([actor.values("x", times), actor.values("y", times)], axis=-1)


def _headings(places: Array, measure: Measure) -> Array:
    """(pursuer, pursued, time): whether the one heads for the other, which heads away, both at some speed."""
    speed = np.gradient(places, axis=1) * RATE
    pace = np.linalg.norm(speed, axis=-1)
    apart = places[None] - places[:, None]
    gap = np.linalg.norm(apart, axis=-1)
    unit = apart / np.maximum(gap, 1e-9)[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        after = np.einsum("pet,pt->pet", np.einsum("petc,ptc->pet", unit, speed), 1 / np.maximum(pace, 1e-9))
        away = np.einsum("pet,et->pet", np.einsum("petc,etc->pet", unit, speed), 1 / np.maximum(pace, 1e-9))
    quick = pace > 0.6
    return (after > measure.heading) & (away > -0.2) & quick[:, None] & quick[None] & (gap < 4.6) & (gap > 0.05)


def _chases(times: Array, places: Array, names: tuple[str, ...], measure: Measure) -> list[Deed]:
    on = _headings(places, measure)
    found = [
        Deed((names[p], names[e]), float(times[a]), float(times[b - 1]))
        for p, e in np.argwhere(on.sum(axis=-1) >= measure.chase * RATE * 0.8).tolist()
        for a, b in _runs(on[p, e], 0.6, measure.chase)
    ]
    return sorted(found, key=lambda deed: deed.start)


def _runs(on: Array, gap: float, least: float) -> list[tuple[int, int]]:
    """Stretches (first, past the last) that hold, breaks up to ``gap`` seconds left out, ``least`` seconds long."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(int))).reshape(-1, 2).tolist()
    joined: list[list[int]] = []
    for a, b in edges:
        if joined and a - joined[-1][1] <= gap * RATE:
            joined[-1][1] = b
        else:
            joined.append([a, b])
    return [(a, b) for a, b in joined if b - a >= least * RATE]


def pursued(scene: Scene, names: tuple[str, ...], who: str, until: float, measure: Measure) -> bool:
    """Whether someone has been after a figure for the last second, up to a time."""
    times = np.arange(until - 1.0, until, 1 / RATE)
    places = np.stack([_place(scene, name, times) for name in names])
    return bool((_headings(places, measure)[:, names.index(who)].mean(axis=-1) > 0.75).any())


def _exactly(scene: Scene, deed: Deed) -> list[JsonValue]:
    """From when the pursued sets out from rest to when the pursuer comes to rest."""
    middle = (deed.start + deed.end) / 2
    times = np.arange(max(0.0, middle - 6.0), middle + 6.0, FINE)
    rests = [np.abs(np.diff(_place(scene, name, times), axis=0)).max(axis=1) < 1e-7 for name in deed.told]
    before, after = times[1:] < middle, times[1:] > middle
    return [float(times[1:][rests[1] & before].max()), float(times[:-1][rests[0] & after].min())]


def _pushes(scene: Scene, times: Array, places: Array, names: tuple[str, ...]) -> list[Deed]:
    """Who joins the one that pushes the crate, on the same side or the other."""
    crate = _place(scene, "crate", times)
    speed = np.gradient(crate[:, 0]) * RATE
    off = places - crate[None]
    assert isinstance(scene, Timeline)
    reach = scene.actors["crate"].size[0] / 2 + scene.actors[names[0]].size[0] / 2
    touch = (np.abs(np.abs(off[..., 0]) - reach) < 0.12) & (np.abs(off[..., 1]) < 1.2)
    two = (touch.sum(axis=0) == 2) & (np.abs(speed) > 0.2)
    found = []
    for a, b in _runs(two, 0.2, 0.8):
        middle = (a + b) // 2
        pair = np.flatnonzero(touch[:, middle])
        came = [int(np.flatnonzero(~touch[i, :middle]).max(initial=-1)) for i in pair]
        pusher, visitor = (int(pair[i]) for i in np.argsort(came))
        same = off[pusher, middle, 0] * off[visitor, middle, 0] > 0
        with_it = speed[middle] * off[pusher, middle, 0] < 0  # the crate moves away from who pushed it
        if same == with_it:
            told = ("help" if same else "hinder", names[visitor], names[pusher])
            found.append(Deed(told, float(times[a]), float(times[b - 1])))
    return found


def _blocks(scene: Scene, times: Array, places: Array, names: tuple[str, ...], measure: Measure) -> list[Deed]:
    """Who keeps between the door and one that moves to and fro before it."""
    door = _place(scene, "door", np.zeros(1))[0]
    off = places - door
    outside = off[..., 0] * door[0] < 0
    far = np.linalg.norm(off, axis=-1)
    pace = np.linalg.norm(np.gradient(places, axis=1), axis=-1) * RATE
    unit = off / np.maximum(far, 1e-9)[..., None]
    near, guards = outside & (far < 3.0) & (pace > 0.25), outside & (far < 1.8)
    between = np.einsum("ytc,xtc->yxt", unit, unit) > measure.heading
    on = guards[:, None] & near[None] & between & (far[:, None] + 0.6 < far[None])
    found = [
        Deed((names[y], names[x]), float(times[a]), float(times[b - 1]))
        for y, x in np.argwhere(on.sum(axis=-1) >= measure.bar * RATE * 0.5).tolist()
        for a, b in _runs(on[y, x], 0.6, measure.bar)
    ]
    return sorted(found, key=lambda deed: deed.start)


def _puts(scene: Scene, times: Array, places: Array, names: tuple[str, ...], boxes: int) -> list[Deed]:
    """Each coming of the ball into another box: who carried it, into which, and who was in the house."""
    ball = _place(scene, "ball", times)
    middles = np.stack([_place(scene, f"box {i + 1}", np.zeros(1))[0] for i in range(boxes)])
    away = np.linalg.norm(ball[:, None] - middles[None], axis=-1)
    into = np.where(away.min(axis=1) < 0.05, away.argmin(axis=1), -1)
    rests = np.abs(np.diff(ball, axis=0)).max(axis=1) < 1e-7
    found: list[Deed] = []
    inside = _within(scene, places)
    for a, b in pairwise(range(len(times))):
        if into[a] < 0 <= into[b]:
            start = int(np.flatnonzero(rests[:a])[-1]) + 1
            on_the_way = slice(start, b)
            near = np.linalg.norm(places[:, on_the_way] - ball[on_the_way], axis=-1)
            carrier = names[int(np.median(near, axis=1).argmin())]
            there = tuple(name for name, here in zip(names, inside[:, b], strict=True) if here)
            found.append(Deed((carrier, f"box {into[b] + 1}", there), float(times[start]), float(times[b])))
    return found


def _within(scene: Scene, places: Array) -> Array:
    """Which places (…, 2) lie in the house, on the far side of its wall from the middle."""
    wall = _place(scene, "wall", np.zeros(1))[0, 0]
    return places[..., 0] * np.sign(wall) > abs(wall)


def _absences(shown: Shown, who: str) -> list[tuple[float, float]]:
    """From when to when a figure was out of the house after it had been in; to the end if it stays out. A figure that was
    out at first has also come in from then: counted by its coming, from before the clip."""
    times, places = _tracks(shown.scene, (who,), shown.duration)
    inside = _within(shown.scene, places[0])
    edges = np.flatnonzero(np.diff(inside.astype(int)))
    spans = [] if inside[0] else [(-1.0, float(times[edges[0]]) if len(edges) else np.inf)]
    for edge in edges:
        if inside[edge]:
            later = [other for other in edges if other > edge]
            spans.append((float(times[edge]), float(times[later[0]]) if later else np.inf))
    return spans
