"""The answers about a matrix once more: cells are read as they are seen, and every rule of the library is tried on them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from pydantic import JsonValue

from morse.layout import Shown
from morse.schema import Event, Question
from morse.timeline import Timeline

ROUND = ("top left", "top", "top right", "right", "bottom right", "bottom", "bottom left", "left")
ROWS = (("a1", "b1", "c1"), ("a2", "b2", "c2"), ("a3", "b3", "c3"))
COLUMNS = (("a1", "a2", "a3"), ("b1", "b2", "b3"), ("c1", "c2", "c3"))
EVERY = tuple(name for row in ROWS for name in row)
Law = Callable[[Any, Any, Any], bool]
"""Whether a rule allows three values, one after another."""


def _ring(by: int) -> Law:
    return lambda a, b, c: (b - a - by) % 8 == 0 and (c - b - by) % 8 == 0


def _set(text: str) -> set[int]:
    return {i for i, mark in enumerate(text) if mark == "x"}


def _rolled(text: str, by: int) -> str:
    return text[-by:] + text[:-by]


def _new(made: set[int], a: str, b: str, c: str) -> bool:
    """Whether a cell has what was made of two others, and that is neither of them."""
    return made == _set(c) and made not in (_set(a), _set(b))


LAWS: dict[str, dict[str, Law]] = {
    "shape": {},
    "fill": {},
    "number": {
        "up": lambda a, b, c: a + 1 == b == c - 1,
        "down": lambda a, b, c: a - 1 == b == c + 1,
        "sum": lambda a, b, c: c - b == a,
        "difference": lambda a, b, c: b + c == a,
    },
    "places": {
        "right": lambda a, b, c: a != b == _rolled(a, 1) and c == _rolled(b, 1),
        "left": lambda a, b, c: a != b == _rolled(a, -1) and c == _rolled(b, -1),
        "or": lambda a, b, c: _new(_set(a) | _set(b), a, b, c),
        "and": lambda a, b, c: _new(_set(a) & _set(b), a, b, c),
        "xor": lambda a, b, c: _set(a) ^ _set(b) == _set(c),
    },
    "start": {f"{way} {far}": _ring(far * sign) for way, sign in (("on", 1), ("back", -1)) for far in (1, 2, 3)},
    "step": {
        "up": lambda a, b, c: b - a == c - b == 1,
        "down": lambda a, b, c: b - a == c - b == -1,
    },
}
RANGES: dict[str, tuple[Any, ...]] = {
    "shape": ("square", "triangle", "star", "cross", "heart", "moon"),
    "fill": ("hollow", "striped", "half-filled", "solid"),
    "number": (1, 2, 3, 4),
    "places": tuple(f"{n:04b}".replace("0", ".").replace("1", "x") for n in range(1, 16)),
    "start": tuple(range(8)),
    "step": (-2, -1, 0, 1, 2),
}


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    scene, slots = shown.scene, question.slots
    assert isinstance(scene, Timeline)
    opens = [event for event in shown.events if event.kind == "opens"]
    if question.kind == "latest":
        last = max(opens, key=lambda event: event.end)
        return ROUND[_course(scene, last, shown.events)[-1]]
    courses = {event.objects[0]: _course(scene, event, shown.events) for event in opens}
    looks: dict[str, Mapping[str, Any]] = {
        thing.id: thing.attributes for thing in shown.objects if thing.kind == "cell"
    }
    steps = {name: [(b - a + 4) % 8 - 4 for a, b in pairwise(course)] for name, course in courses.items()}
    usual = {name: Counter(own).most_common(1)[0][0] for name, own in steps.items()}
    missing = next(name for name in EVERY if name not in courses)

    def seen(feature: str) -> dict[str, Any]:
        if feature == "start":
            return {name: course[0] for name, course in courses.items()}
        return usual if feature == "step" else {name: look[feature] for name, look in looks.items()}

    def found(feature: str) -> Any:
        (only,) = {value for _, value in _explanations(feature, seen(feature), missing)}
        return only

    cell = str(slots.get("cell"))
    match question.kind:
        case "complete":
            figures = "number" if "number" in next(iter(looks.values())) else "places"
            return [*map(found, ("shape", "fill", figures)), ROUND[found("start")], found("step")]
        case "value":
            return found(str(slots["name"]))
        case "rule":
            feature = str(slots["name"])
            fitting = {rule for rule, _ in _explanations(feature, seen(feature), missing)}
            (only,) = (value for value in question.option_values if tuple(value) in fitting)  # type: ignore[arg-type]
            return only
        case "odd":
            astray = [name for name, own in steps.items() if len({*own}) > 1]
            assert len(astray) < 2
            return astray[0] if astray else "none"
        case "later":
            return ROUND[(found("start") + found("step") * (int(str(slots["beat"])) - 1)) % 8]
        case "swapped":
            other = missing[0] + str(slots["other"]) if slots["axis"] == "row" else str(slots["other"]) + missing[1]
            return ROUND[(found("start") + usual[other] * (int(str(slots["beat"])) - 1)) % 8]
        case "recalled":
            return (
                ROUND[courses[cell][int(str(slots["beat"])) - 1]]
                if slots["name"] == "bead"
                else looks[cell][str(slots["name"])]
            )
        case "sought":
            fits = [name for name in courses if _fits(slots, looks[name], courses[name][0])]
            assert len(fits) < 2
            return _uncovered(scene, fits[0], shown.duration) if fits else None
    raise ValueError(f"no question kind {question.kind!r}")


def _course(scene: Timeline, opened: Event, events: Iterable[Event]) -> list[int]:
    """At which place a cell's bead is before and after each beat, from where it is to be seen."""
    name = opened.objects[0]
    bead = scene.actors[f"bead {name}"]
    ends = [event.end for event in events if event.kind == "steps" and event.objects == (bead.name,)]
    times = np.array([opened.start, *(end + 0.02 for end in sorted(ends))])
    x, y = scene.place(name, opened.start)
    wide, high = scene.actors[name].size
    across = np.rint(2 * (bead.values("x", times) - x) / wide).astype(int)
    up = np.rint(2 * (bead.values("y", times) - y) / high).astype(int)
    words = {(0, 1): "top", (1, 0): "right", (0, -1): "bottom", (-1, 0): "left"}
    found = []
    for a, u in zip(across.tolist(), up.tolist(), strict=True):
        text = words.get((a, u)) or f"{words[0, u]} {words[a, 0]}"
        found.append(ROUND.index(text))
    return found


def _explanations(feature: str, seen: Mapping[str, Any], missing: str) -> Iterator[tuple[tuple[str, str], Any]]:
    """All rules that what is seen of a feature allows, each with what the missing cell then has."""
    laws: dict[str, Law] = {"same": lambda a, b, c: a == b == c, **LAWS[feature]}
    for value in RANGES[feature]:
        whole = {**seen, missing: value}
        for axis, lines in (("row", ROWS), ("column", COLUMNS)):
            read = [[whole[name] for name in line] for line in lines]
            for name, law in laws.items():
                if all(law(*line) for line in read):
                    yield (axis, name), value
            if len({*map(str, read[0])}) == 3 and len({str(sorted(line)) for line in read}) == 1:
                yield (axis, "three"), value


def _fits(slots: Mapping[str, JsonValue], look: Mapping[str, Any], start: int) -> bool:
    count = look["number"] if "number" in look else look["places"].count("x")
    told = (slots["shape"], slots["fill"], slots["count"], slots["start"])
    return told == (look["shape"], look["fill"], count, ROUND[start])


def _uncovered(scene: Timeline, name: str, end: float) -> JsonValue:
    """From when to when a cell is to be seen."""
    times = np.arange(0.0, end, 0.01)
    visible = times[scene.actors[name].values("opacity", times) > 0.5]
    return [round(float(visible[0]), 2), round(float(visible[-1]), 2)]
