"""The answers about persons and their moods once more: faces are read before and after each thing that comes to them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from pydantic import JsonValue

from morse.layout import Shown
from morse.schema import Question
from morse.timeline import Timeline

FALLING = 0.45
"""Seconds in which the curtain comes down."""
FACES = ("calm", "happy", "sad", "angry", "surprised", "afraid")


class Seen(NamedTuple):
    """What was seen to be done: which thing, by whom, to whom, when; the other's face before and after."""

    thing: str
    doer: str
    target: str
    time: float
    before: str
    after: str


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    slots, kind = question.slots, question.kind
    deeds, who = _watched(shown), str(slots.get("who"))
    number = int(str(slots.get("number", 1))) - 1
    own = [deed for deed in deeds if deed.target == who]
    turns = [deed for deed in own if deed.before != deed.after]
    match kind:
        case "felt":
            return own[number].after
        case "caused":
            turned = [deed for deed in turns if deed.after == slots["mood"]][number]
            return [turned.thing, turned.doer]
        case "changed":
            return len(turns)
        case "latest":
            return max((deed for deed in deeds if deed.before != deed.after), key=lambda deed: deed.time).target
        case "spanned":
            return _stretch(shown, who, str(slots["mood"]))
    reading = _reading(deeds)
    if kind == "by_whom":
        return next(name for name, by in reading.items() if by == "doer")
    if kind == "odd":
        strange = [name for name, by in reading.items() if _misfits(deeds, name, by)]
        assert len(strange) < 2
        return strange[0] if strange else "none"
    cause = str(slots["item"] if reading[who] == "thing" else slots["doer"])
    moods = Counter(deed.after for deed in own if getattr(deed, reading[who]) == cause)
    (mood, count), *others = moods.most_common()
    assert not others or others[0][1] < count
    return mood


def _watched(shown: Shown) -> list[Seen]:
    """All deeds in order but the last, whose effect is not to be seen."""
    scene = shown.scene
    assert isinstance(scene, Timeline)
    what = {thing.id: thing.kind for thing in shown.objects}
    found = []
    for event in sorted((event for event in shown.events if event.kind == "does"), key=lambda event: event.start):
        thing, doer, target = event.objects
        face = scene.actors[target]
        if scene.actors["curtain"].at("y", event.end + FALLING) < 1.0:
            continue  # the last one: the curtain falls before the face is seen to change
        before, after = (FACES[round(face.at("mood", time))] for time in (event.start, event.end))
        found.append(Seen(what[thing], doer, target, event.start, before, after))
    return found


def _misfits(deeds: Sequence[Seen], who: str, by: str) -> int:
    """How many of a person's moods are not the usual one of their cause."""
    moods: dict[str, list[str]] = defaultdict(list)
    for deed in deeds:
        if deed.target == who:
            moods[getattr(deed, by)].append(deed.after)
    return sum(len(own) - max(map(own.count, own)) for own in moods.values())


def _reading(deeds: Sequence[Seen]) -> dict[str, str]:
    """By what each person's mood goes, the thing or the doer: exactly one goes by the doer, one mood at most is a misfit."""
    persons = sorted({deed.target for deed in deeds})
    fitting = []
    for ways in product(("thing", "doer"), repeat=len(persons)):
        reading = dict(zip(persons, ways, strict=True))
        if ways.count("doer") == 1 and sum(_misfits(deeds, who, by) for who, by in reading.items()) <= 1:
            fitting.append(reading)
    (only,) = fitting
    return only


def _stretch(shown: Shown, who: str, mood: str) -> JsonValue:
    """From when to when a face is in a mood; ``None`` if it never is."""
    scene = shown.scene
    assert isinstance(scene, Timeline)
    times = np.arange(0.0, shown.duration, 0.01)
    there = times[np.rint(scene.actors[who].values("mood", times)) == FACES.index(mood)]
    if not len(there):
        return None
    assert there[-1] - there[0] < 0.01 * len(there) + 1e-6, "more than one stretch"
    return [round(float(there[0]), 2), round(float(there[-1]), 2)]
