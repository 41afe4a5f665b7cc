"""The rolling cube told again from the events that a clip shows: which face is where, as six names that change places."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from morse.layout import Shown
from morse.schema import Event, Question

Faces = dict[str, str]
"""Where a face is → its name."""
RING = {
    "north": ("up", "north", "down", "south"),
    "south": ("up", "south", "down", "north"),
    "east": ("up", "east", "down", "west"),
    "west": ("up", "west", "down", "east"),
}
"""For each way to roll: each place is taken by the face that was in the one before it."""
NEIGHBOUR = {"north": (0, 1), "south": (0, -1), "east": (1, 0), "west": (-1, 0)}


def rolled(faces: Faces, way: str) -> Faces:
    """The faces after a roll."""
    ring = RING[way]
    return faces | {ring[i]: faces[ring[i - 1]] for i in range(4)}


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question from shown events and states alone."""
    acts = [event for event in shown.events if event.kind in ("roll", "slide")]
    rolls = [event for event in acts if event.kind == "roll"]
    slots: dict[str, Any] = question.slots
    if question.kind == "direction":
        return way_of(rolls[slots["number"] - 1])
    if question.kind == "visits":
        return sum(spot == _tile(shown, slots["tile"]) for spot in _spots(shown, acts))
    faces = next(event.values for event in shown.events if event.kind == "show")
    first = {where: str(face) for where, face in faces.items()}
    if question.kind == "bottom":
        there = [i for i, spot in enumerate(_spots(shown, acts), 1) if spot == _tile(shown, slots["tile"])]
        return _after(first, acts[: there[-1]])["down"]
    if question.kind == "count":
        return sum(_after(first, rolls[: i + 1])["up"] == slots["face"] for i in range(len(rolls)))
    if question.kind == "without":
        return _after(first, [event for i, event in enumerate(rolls, 1) if i != slots["number"]])["up"]
    last = _after(first, rolls)
    for way in slots.get("further", ()):
        last = rolled(last, way)
    return last["up"]


def way_of(event: Event) -> str:
    return event.objects[1]


def _after(faces: Faces, events: Iterable[Event]) -> Faces:
    for event in events:
        if event.kind == "roll":
            faces = rolled(faces, way_of(event))
    return faces


def _tile(shown: Shown, letter: str) -> tuple[int, int]:
    return _place(shown.states[0].values[letter])


def _spots(shown: Shown, acts: Sequence[Event]) -> list[tuple[int, int]]:
    """The tile after each move, the first one being where the case is seen at first."""
    column, row = _place(next(state.values["case"] for state in shown.states if "case" in state.values))
    found = []
    for event in acts:
        east, north = NEIGHBOUR[way_of(event)]
        column, row = column + east, row + north
        found.append((column, row))
    return found


def _place(value: JsonValue) -> tuple[int, int]:
    """A tile as states write it: column and row."""
    column, row = str(value).split()
    return int(column), int(row)
