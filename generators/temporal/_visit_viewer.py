"""The answers about creatures that come and go once more, from when each can be seen."""

from collections import defaultdict

from pydantic import JsonValue

from generators.temporal._watch import TOGETHER, watched
from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Shown
from morse.schema import Question

EDGE = 0.24
"""Seconds at both ends of a visit in which a creature may still be coming or going."""


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    creatures = {thing.id: thing.attributes for thing in shown.objects if thing.kind == "creature"}
    seen = watched(shown.scene, shown.duration, tuple((who, "opacity", "out", 1.0) for who in creatures))
    slots = question.slots
    who, colour = str(slots.get("who")), str(slots.get("colour"))
    match question.kind:
        case "most_at_once":
            # just after somebody has come: those who have come and not gone
            return max(sum(a.start <= b.start + TOGETHER < a.end for a in seen) for b in seen)
        case "different":
            return len({one.who for one in seen})
        case "visits_of":
            return [one.who for one in seen].count(who)
        case "last_visit":
            own = [one for one in seen if who in (one.who, creatures[one.who]["colour"])]
            return [own[-1].start, own[-1].end] if own else None
        case "where_last":
            last = [one for one in seen if one.who == who][-1]
            return boxes_by_second(shown.scene, who, whole_seconds(last.start, last.end, margin=EDGE))
        case "stayed_longest":
            seconds: dict[str, float] = defaultdict(float)
            for one in seen:
                seconds[one.who] += one.end - one.start
            return max(question.option_values, key=lambda option: seconds[str(option)])
        case "together":
            visit = [one for one in seen if one.who == who][int(str(slots["number"])) - 1]
            shared = {one.who for one in seen if min(visit.end, one.end) - max(visit.start, one.start) > 0.1}
            return [option for option in question.option_values if option in shared]
        case "last_left":
            gone = [one for one in seen if one.end <= shown.duration and one.who in question.option_values]
            return max(gone, key=lambda one: one.end).who
        case "without_colour":
            return len({one.who for one in seen if creatures[one.who]["colour"] != colour})
    raise ValueError(f"no question kind {question.kind!r}")
