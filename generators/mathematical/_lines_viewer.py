"""The answers about a line chart once more, from where points come up between the gridlines; lines are told by their marks."""

from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import numpy as np
from pydantic import JsonValue

from morse.layout import Scene, Shown
from morse.schema import Question
from morse.timeline import Timeline

Reading = tuple[str, int, int, str]
"""A point: its line, its place and value as the axes say, and the chance written at it, in the order of their coming up."""


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    points, slots = read(shown), question.slots
    name = str(slots.get("line"))
    own = {place: value for line, place, value, _ in points if line == name}
    places, values = np.array(sorted(own)), np.array([own[place] for place in sorted(own)])
    at = int(str(slots.get("place", 0)))
    there = {line: value for line, place, value, _ in points if place == at}
    match question.kind:
        case "value":
            return own[at]
        case "dated":
            found = places[values == slots["value"]]
            return int(found[0]) if len(found) else None
        case "peak":
            return int(places[values.argmax()])
        case "mean":
            wanted = [int(str(slots[key])) for key in ("first", "second", "third", "fourth")]
            return float(Fraction(sum(own[place] for place in wanted), len(wanted)))
        case "expected":
            chances = [(Fraction(chance.rstrip("%")) / 100, value) for *_, value, chance in points if chance]
            assert sum(chance for chance, _ in chances) == 1
            return float(sum(chance * value for chance, value in chances))
        case "highest_at":
            return max(there, key=lambda line: there[line])
        case "last_over":
            return [line for line, _, value, _ in points if value > int(str(slots["value"]))][-1]
        case "over":
            return int((values > slots["value"]).sum())
        case "jump":
            return int(places[np.abs(np.diff(values)).argmax()])
        case "trend":
            return following([int(value) for value in values[-4:]])
        case "lifted":
            values[places == at] += int(str(slots["more"]))
            return int(places[values.argmax()])
        case "order":
            return [line for line, place, *_ in points if place == at]
    raise ValueError(f"no question kind {question.kind!r}")


def following(run: list[int]) -> int:
    """What comes after four values: by the same factor, or by the step before the last, which is every second one."""
    if all(Fraction(b, a) == Fraction(run[1], run[0]) for a, b in pairwise(run)):
        return run[-1] * run[1] // run[0]
    steps = np.diff(run)
    assert steps[0] == steps[2], f"{run} follows no rule"
    return run[-1] + int(steps[1])


def read(shown: Shown) -> list[Reading]:
    """All points that have come up."""
    by_id = {thing.id: thing for thing in shown.objects}
    names = {str(t.attributes["mark"]): str(t.attributes["name"]) for t in shown.objects if t.kind == "key"}
    comes = sorted((event for event in shown.events if event.kind == "comes_up"), key=lambda event: event.start)
    came = [(by_id[event.objects[0]], event.start) for event in comes]
    points = [(thing, start) for thing, start in came if thing.kind == "point"]
    measured = _measured(
        shown.scene, _printed(shown, "level"), _printed(shown, "place"), tuple((thing.id, start) for thing, start in points)
    )  # fmt: skip
    return [
        (names[str(thing.attributes["mark"])], *spot, str(thing.attributes.get("chance", "")))
        for (thing, _), spot in zip(points, measured, strict=True)
    ]


def _printed(shown: Shown, kind: str) -> tuple[tuple[str, int], ...]:
    """The labels of an axis, with their numbers."""
    return tuple((thing.id, int(str(thing.attributes["text"]))) for thing in shown.objects if thing.kind == kind)


@lru_cache(maxsize=4)
def _measured(
    scene: Scene,
    levels: tuple[tuple[str, int], ...],
    labels: tuple[tuple[str, int], ...],
    points: tuple[tuple[str, float], ...],
) -> list[tuple[int, int]]:
    """Place and value of each point by the labels of the axes, a little after it came up."""
    assert isinstance(scene, Timeline)
    times = np.array([start + 0.1 for _, start in points])
    x, y = (np.array([scene.actors[name].at(c, start + 0.1) for name, start in points]) for c in "xy")
    heights, printed = np.array(sorted((scene.place(name, 0.0)[1], number) for name, number in levels)).T
    values = np.interp(y, heights, printed).round().astype(int)
    apart = np.abs(np.stack([scene.actors[name].values("x", times) for name, _ in labels]) - x)
    return [(labels[nearest][1], value) for nearest, value in zip(apart.argmin(axis=0), values.tolist(), strict=True)]
