"""The train of gears told again, from what a clip shows: teeth that pass where gears mesh."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from pydantic import JsonValue

from morse.layout import Shown
from morse.schema import Event, Question

DIRECTIONS = ("right", "up right", "up", "up left", "left", "down left", "down", "down right")
"""Where a mark can point, anticlockwise."""
Gears = Mapping[str, list[str]]
"""Name → teeth, direction of the mark, and the names of the gears with which it meshes."""


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question from shown events and states alone."""
    turns = [quarters(event) for event in shown.events if event.kind == "turn"]
    slots: dict[str, Any] = question.slots
    if question.kind == "total":
        return sum(map(abs, turns))
    values = next(state.values for state in shown.states)
    gears = {name: str(value).split(", ") for name, value in values.items() if name != "crank"}
    crank = str(values["crank"])
    if question.kind == "ways":
        with_clock = turns[slots["number"] - 1] > 0
        found = []
        for name in slots["gears"]:
            same = len(_chain(gears, crank, name)) % 2 == 1
            found.append("clockwise" if with_clock == same else "anticlockwise")
        return found
    if question.kind == "instead":
        turns[slots["number"] - 1] *= -1
    turns += slots.get("further", [])
    return _mark(gears, crank, slots["gear"], turns)


def quarters(event: Event) -> int:
    """The quarter turns of an event, clockwise."""
    _, way, amount = event.objects
    return int(amount) if way == "clockwise" else -int(amount)


def _chain(gears: Gears, start: str, goal: str) -> list[str]:
    """The gears from one to another, each meshing with the next."""
    ways = [[start]]
    for way in ways:
        if way[-1] == goal:
            return way
        ways += [[*way, other] for other in gears[way[-1]][2:] if other and other not in way]
    raise ValueError(f"{start} does not turn {goal}")


def _mark(gears: Gears, crank: str, name: str, turns: Iterable[int]) -> str:
    """Where a gear's mark points in the end: as many teeth pass at every gear as pass at the crank's."""
    teeth = {gear: int(value[0]) for gear, value in gears.items()}
    against = len(_chain(gears, crank, name)) % 2 == 0
    at = Fraction(DIRECTIONS.index(gears[name][1]), 8)
    for turn in turns:
        passed = Fraction(turn * teeth[crank], 4)
        at += passed / teeth[name] * (1 if against else -1)
    return DIRECTIONS[int(at * 8) % 8]
