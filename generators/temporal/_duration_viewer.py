"""The answers about durations once more, from when each thing looks as it does while it goes on."""

from collections import defaultdict

from pydantic import JsonValue

from generators.temporal._watch import Seen, watched
from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Shown
from morse.schema import Question
from morse.timeline import Timeline


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    assert isinstance(shown.scene, Timeline)
    names = [thing.id for thing in shown.objects if f"{thing.id} on" in shown.scene.actors]
    seen = watched(shown.scene, shown.duration, tuple((f"{name} on", "opacity", "on", 1.0) for name in names))
    own: dict[str, list[Seen]] = defaultdict(list)
    for one in seen:
        own[one.who.removesuffix(" on")].append(one)
    lasted = {name: round(sum(min(one.end, shown.duration) - one.start for one in own[name])) for name in names}
    slots = question.slots
    x, y = str(slots.get("x")), str(slots.get("y"))
    things = slots.get("things")
    listed = [str(name) for name in things] if isinstance(things, list) else []
    match question.kind:
        case "longest":
            ranked = sorted((str(name) for name in question.option_values), key=lambda name: lasted[name])
            return ranked[-1 if slots["way"] == "longest" else 0]
        case "order":
            ranked = sorted(listed, key=lambda name: lasted[name])
            return [listed.index(name) + 1 for name in ranked]
        case "list":
            return [str(lasted[name]) for name in listed]
        case "longer":
            return lasted[x] > lasted[y]
        case "difference" | "catch_up":
            return abs(lasted[x] - lasted[y])
        case "total":
            return lasted[x]
        case "equal":
            return next(
                pair for pair in question.option_values if len({lasted[name] for name in str(pair).split(" and ")}) == 1
            )
        case "uninterrupted":
            whole = own[x][-1].end - own[x][0].start
            return sum(lasted[name] > whole for name in listed)
        case "until_now":
            return round(shown.duration - own[x][-1].start)
        case "longest_span":
            if not own[x]:
                return None
            one = max(own[x], key=lambda one: one.end - one.start)
            return [one.start, one.end]
        case "where_longest":
            one = max(seen, key=lambda one: one.end - one.start)
            named = slots["seconds"]
            assert isinstance(named, list)
            seconds = [int(str(second)) for second in named] or whole_seconds(one.start, one.end, 0.0)
            return boxes_by_second(shown.scene, one.who.removesuffix(" on"), seconds)
    raise ValueError(f"no question kind {question.kind!r}")
