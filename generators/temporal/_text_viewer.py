"""The answers about texts once more, from which strips are seen when, where and how they move; strips tell what they read."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from pydantic import JsonValue

from generators.temporal._watch import watched
from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Shown
from morse.schema import Question
from morse.timeline import Timeline

EDGE = 0.3
"""Seconds at both ends of a text's stay in which it may still be coming or going."""
OVERLAP = 0.15
"""Seconds for which two things are there together at least."""


class Strip(NamedTuple):
    """A text as it is seen: what it reads at first and at last, when it is there, and the stretches in which a cloth is over it."""

    first: str
    last: str
    start: float
    end: float
    hidden: tuple[tuple[float, float], ...]

    def read_in(self, start: float, end: float) -> bool:
        """Whether it can be read at some time in a stretch."""
        times = np.arange(max(start, self.start), min(end, self.end), 0.02)
        open_ = np.ones(len(times), dtype=bool)
        for a, b in self.hidden:
            open_ &= (times < a) | (times > b)
        return bool(open_.sum() * 0.02 > OVERLAP)


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    strips, slots = strips_of(shown), question.slots
    named = {strip.first: strip for strip in strips}
    options = [str(option) for option in question.option_values]
    number = int(str(slots.get("number", 1))) - 1
    text = str(slots.get("text"))
    match question.kind:
        case "read" | "unedited":
            return [*strips[number].first]
        case "backwards":
            return [*reversed(strips[number].first)]
        case "in_order":
            return "".join(sorted(strips[number].first))  # digits come before letters
        case "read_all":
            return [*sorted({strip.first for strip in strips} & words(question))]
        case "nth":
            return strips[number].first
        case "within":
            return seen_in(strips, float(str(slots["start"])), float(str(slots["end"])), words(question))
        case "together":
            return seen_in(strips, named[text].start, named[text].end, words(question))
        case "when":
            return [named[text].start, named[text].end] if text in named else None
        case "where_text":
            strip = named[text]
            return boxes_by_second(shown.scene, strip.first, whole_seconds(strip.start, strip.end, EDGE))
        case "longest":
            return max(options, key=lambda option: named[option].end - named[option].start)
        case "gone":
            over = [strip for strip in strips if strip.first in options and strip.end < shown.duration]
            return max(over, key=lambda strip: strip.end).first
        case "moves" | "beside":
            return where(question.kind, named[text], shown)
        case "containing":
            return sum(str(slots["character"]) in strip.first for strip in strips)
        case "edited":
            return next(option for option in options if named[option].last != option)
        case "change":
            old, new = next((a, b) for a, b in zip(text, named[text].last, strict=True) if a != b)
            return [old, new]
        case "completes":
            typed = next(str(thing.attributes["typed"]) for thing in shown.objects if thing.kind == "line")
            return next(strip.first for strip in strips if strip.first.startswith(typed) and strip.first in options)
    raise ValueError(f"no question kind {question.kind!r}")


def words(question: Question) -> set[str]:
    """The texts that a question lists."""
    return set(getattr(question.format, "vocabulary", ()))


def strips_of(shown: Shown) -> list[Strip]:
    """The texts that have come, in the order of their coming."""
    texts = {thing.id: thing for thing in shown.objects if thing.kind == "text"}
    scene = shown.scene
    assert isinstance(scene, Timeline)
    cloths = [f"cloth {name}" for name in texts if f"cloth {name}" in scene.actors]
    channels = (
        *((name, "opacity", "there", 1.0) for name in texts),
        *((name, "edited", "edited", 1.0) for name in texts),
        *((cloth, "opacity", "cloth", 1.0) for cloth in cloths),
    )
    seen = watched(scene, shown.duration, channels)
    edited = {one.who for one in seen if one.what == "edited"}
    strips = []
    for one in seen:
        if one.what == "there":
            says = texts[one.who].attributes
            last = str(says["later" if one.who in edited else "reads"])
            hidden = tuple((cloth.start, cloth.end) for cloth in seen if cloth.who == f"cloth {one.who}")
            strips.append(Strip(str(says["reads"]), last, one.start, one.end, hidden))
    return strips


def seen_in(strips: Iterable[Strip], start: float, end: float, listed: set[str]) -> JsonValue:
    return [*sorted(strip.first for strip in strips if strip.first in listed and strip.read_in(start, end))]


def where(kind: str, strip: Strip, shown: Shown) -> str:
    """Which way a strip has moved from its coming to its going, or which mark is nearest to it."""
    scene = shown.scene
    assert isinstance(scene, Timeline)
    (x, y), (to_x, to_y) = (scene.place(strip.first, time) for time in (strip.start + 0.05, strip.end - 0.05))
    if kind == "moves":
        dx, dy = to_x - x, to_y - y
        return ("right" if dx > 0 else "left") if abs(dx) > abs(dy) else ("up" if dy > 0 else "down")
    marks = [thing.id for thing in shown.objects if thing.kind == "mark"]
    return min(marks, key=lambda mark: np.hypot(*np.subtract(scene.place(mark, 0.0), (x, y))))
