"""The answers about figures behind screens once more, from what can be seen of each figure, and where it was headed."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from pydantic import JsonValue

from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Scene, Shown
from morse.schema import Question
from morse.timeline import HEIGHT, WIDTH, Timeline

RATE = 24
"""Looks a second."""
EDGE = 0.4
"""Seconds after it has come out in which a figure may still be half behind a screen."""
LATE = 0.8
"""Seconds by which one comes out too late to have gone on all the time."""


class Absence(NamedTuple):
    """A figure is out of sight; ``end`` is infinite where it has not been seen again. Places as (x, y) in canvas units."""

    figure: str
    start: float
    end: float
    gone_at: tuple[float, float]
    heading: tuple[float, float]
    """Units a second, when last in full view."""
    back_at: tuple[float, float]


class Watching(NamedTuple):
    seen: dict[str, np.ndarray]
    absences: tuple[Absence, ...]
    marked: dict[str, str]
    """Figure → its mark."""
    ringed: str
    """The mark of the figure that is in the ring at the end of the clip."""


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    figures = tuple(thing.id for thing in shown.objects if thing.kind == "figure")
    marks = tuple(thing.id for thing in shown.objects if thing.kind == "mark")
    places = tuple(thing.id for thing in shown.objects if thing.kind == "place")
    watching = _watched(shown.scene, figures, marks)
    marked = watching.marked
    absent = [
        one if one.end <= shown.duration else one._replace(end=np.inf)
        for one in watching.absences
        if one.start <= shown.duration
    ]
    mark = str(question.slots.get("mark"))
    own = [one for one in absent if marked[one.figure] == mark]
    match question.kind:
        case "hidden_now":
            return next(marked[one.figure] for one in absent if one.end == np.inf)
        case "ringed":
            return watching.ringed
        case "most_hidden":
            return int((np.stack([watching.seen[name] for name in figures]) < 0.5).sum(axis=0).max())
        case "order_out":
            order: list[JsonValue] = [marked[one.figure] for one in sorted(absent, key=lambda one: one.end)]
            return order[-int(str(question.slots["count"])) :]
        case "when_hidden":
            return [own[-1].start, own[-1].end] if own else None
        case "next_place":
            return _headed_for(shown.scene, own[-1], places)
        case "not_turned":
            turned = [one for one in absent if _did(shown.scene, one) == "turns"]
            return _headed_for(shown.scene, turned[-1], places)
        case "did":
            return _did(shown.scene, own[int(str(question.slots["number"])) - 1])
        case "times_hidden":
            return len(own)
        case "where_out":
            return boxes_by_second(shown.scene, own[-1].figure, whole_seconds(own[-1].end, shown.duration, margin=EDGE))
    raise ValueError(f"no question kind {question.kind!r}")


@lru_cache(maxsize=4)
def _watched(scene: Scene, figures: tuple[str, ...], marks: tuple[str, ...]) -> Watching:
    times = np.arange(0.0, scene.duration + 1e-9, 1 / RATE)
    tracks = scene.tracks(times)
    seen, found = {}, []
    ways = {name: _canvas(tracks.of(name)[0]) for name in (*figures, *marks, "ring")}
    marked = {name: min(marks, key=lambda mark: _far(ways[mark][0], ways[name][0])) for name in figures}
    ringed = marked[min(figures, key=lambda name: _far(ways["ring"][-1], ways[name][-1]))]
    for name in figures:
        seen[name] = share = tracks.of(name)[1]
        middles = ways[name]
        hidden = share < 0.5
        edges = [*(np.flatnonzero(hidden[1:] != hidden[:-1]) + 1).tolist()]
        for gone, back in zip(edges[::2], edges[1::2], strict=True):
            full = int(np.flatnonzero(share[:gone] > 0.95)[-1])
            before = full - 6
            heading = (middles[full] - middles[before]) / (times[full] - times[before])
            start, end = (float(times[i]) - 0.5 / RATE for i in (gone, back))
            gone_at, toward, back_at = ((float(v[0]), float(v[1])) for v in (middles[full], heading, middles[back]))
            found.append(Absence(name, start, end, gone_at, toward, back_at))
    return Watching(seen, tuple(sorted(found, key=lambda one: one.start)), marked, ringed)


def _did(scene: Scene, one: Absence) -> str:
    """What it did out of sight, from the side on which it came out, and when."""
    away = (one.back_at[0] - one.gone_at[0]) / one.heading[0]
    if abs(one.back_at[0] - one.gone_at[0]) < 1.0:
        return "turns"
    return "waits" if one.end - one.start > away + LATE else "passes"


def _headed_for(scene: Scene, one: Absence, places: tuple[str, ...]) -> int:
    """The place on its line behind the screen, in the next column."""
    assert isinstance(scene, Timeline)
    spots = {name: (scene.actors[name].channels["x"].first, scene.actors[name].channels["y"].first) for name in places}
    columns = sorted({x for x, _ in spots.values()})
    crossed = next(b if one.heading[0] > 0 else a for a, b in pairwise(columns) if a < one.gone_at[0] < b)
    height = one.gone_at[1] + one.heading[1] / one.heading[0] * (crossed - one.gone_at[0])
    return int(min(places, key=lambda name: _far(spots[name], (crossed, height))).split()[-1])


def _canvas(boxes: np.ndarray) -> np.ndarray:
    """(times, 2): the middles of boxes, in canvas units."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2 - 0.5, 0.5 - (boxes[:, 1] + boxes[:, 3]) / 2
    return np.stack([x * WIDTH, y * HEIGHT], axis=1)


def _far(one: Sequence[float] | np.ndarray, other: Sequence[float] | np.ndarray) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))
