"""The answers about a board once more: who pressed before a lamp lit, and where pulses would go, by how often each point was passed."""

from collections import Counter
from collections.abc import Iterable

from pydantic import JsonValue

from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Shown
from morse.schema import Event, Question


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    pressed = [event for event in shown.events if event.kind == "presses"]
    lights = [event for event in shown.events if event.kind == "lights"]
    slots = question.slots
    lamp, who, number = str(slots.get("lamp")), str(slots.get("who")), int(str(slots.get("number", 1)))
    own = [event for event in lights if event.objects == (lamp,)]
    match question.kind:
        case "who":
            return presser(own[number - 1], pressed)
        case "latest":
            return presser(own[-1], pressed)
        case "lamps_lit":
            return len({one.objects for one in lights if presser(one, pressed) == who})
        case "order":
            listed = slots["people"]
            assert isinstance(listed, list)
            edge = min if slots["way"] == "first" else max
            at = [edge(one.start for one in lights if presser(one, pressed) == name) for name in listed]
            numbers: list[JsonValue] = sorted(range(1, len(at) + 1), key=lambda number: at[number - 1])  # type: ignore[assignment]
            return numbers
        case "lit_span":
            mine = [one for one in lights if presser(one, pressed) == who]
            return [mine[number - 1].start, mine[number - 1].end] if number <= len(mine) else None
        case "where_lit":
            one = [one for one in lights if presser(one, pressed) == who][number - 1]
            named = slots["seconds"]
            assert isinstance(named, list)
            seconds = [int(str(second)) for second in named] or whole_seconds(one.start, one.end, 0.0)
            return boxes_by_second(shown.scene, one.objects[0], seconds)
        case "without":
            missing, later = int(str(slots["missing"])) - 1, int(str(slots["later"])) - 1
            kept = [event.objects[1] for event in pressed[: later + 1] if event is not pressed[missing]]
            return reached(kept, shown)
        case "next":
            more = slots["switches"]
            assert isinstance(more, list)
            return reached([*(event.objects[1] for event in pressed), *map(str, more)], shown)
    raise ValueError(f"no question kind {question.kind!r}")


def presser(lit: Event, pressed: Iterable[Event]) -> str:
    """Who pressed last before a lamp lit."""
    return max((event for event in pressed if event.start < lit.start), key=lambda event: event.start).objects[0]


def reached(switches: Iterable[str], shown: Shown) -> str:
    """The lamp that the last pulse of some switches reaches: at a point that an even number has passed it goes as the point showed at first."""
    like = {thing.id: thing.attributes for thing in shown.objects}
    first = {(p["column"], p["row"]): p["points"] == "down" for p in like.values() if "points" in p}
    lamps = {p["row"]: name for name, p in like.items() if "letter" in p}
    columns = 1 + max(int(str(column)) for column, _ in first)
    passed: Counter[tuple[int, int]] = Counter()
    row = 0
    for switch in switches:
        row = int(str(like[switch]["row"]))
        for column in range(columns):
            times, passed[column, row] = passed[column, row], passed[column, row] + 1
            row += 1 if first[column, row] != (times % 2 == 1) else 0
    return lamps[row]
