"""The answers about overlapping events once more, from when each card is not as it was at first."""

from collections.abc import Iterable
from itertools import pairwise

from pydantic import JsonValue

from generators.temporal._cards import REACHES
from generators.temporal._watch import Seen, order_of, relation_of, watched
from morse.grounding import boxes_by_second
from morse.layout import Shown
from morse.schema import Question


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    cards = [thing.id for thing in shown.objects if thing.kind == "card"]
    channels = tuple((card, channel, what, reach) for card in cards for channel, what, reach in REACHES)
    seen = watched(shown.scene, shown.duration, channels)
    slots = question.slots
    match question.kind:
        case "relation":
            return relation_of(_named(seen, slots["x"])[2:], _named(seen, slots["y"])[2:])
        case "order":
            events = slots["events"]
            assert isinstance(events, list)
            at = [_named(seen, name)[3 if slots["way"] == "end" else 2] for name in events]
            numbers: list[JsonValue] = sorted(range(1, len(at) + 1), key=lambda number: at[number - 1])  # type: ignore[assignment]
            return numbers
        case "nth_event":
            column = 3 if slots["way"] == "end" else 2
            ranked = sorted(seen, key=lambda one: one[column])
            one = ranked[int(str(slots["number"])) - 1]
            return f"the {one.who} is {one.what}"
        case "where_nth":
            one = sorted(seen, key=lambda one: one.start)[int(str(slots["number"])) - 1]
            return boxes_by_second(shown.scene, one.who, [int(str(second)) for second in slots["seconds"]])  # type: ignore[union-attr]
        case "caption":
            begins = {(one.who, one.what): one.start for one in seen}

            def holds(caption: list[list[str]]) -> bool:
                return all((who, what) in begins for who, what in caption) and (
                    begins[caption[0][0], caption[0][1]] < begins[caption[1][0], caption[1][1]]
                )

            (only,) = (option for option in question.option_values if holds(option))  # type: ignore[arg-type]
            return only
        case "overlapping":
            own = _named(seen, slots["x"])
            others = [(name, _named(seen, name)) for name in question.option_values]
            return [name for name, one in others if min(own.end, one.end) - max(own.start, one.start) > 0.1]
        case "action_count":
            return sum(one.what == slots["what"] for one in seen)
        case "event_span":
            alike = [one for one in seen if (one.who, one.what) == (slots["card"], slots["what"])]
            if not alike:
                return None
            one = alike[int(str(slots["number"])) - 1]
            return [one.start, one.end]
        case "shared_span":
            one, other = (_named(seen, slots[name]) for name in "xy")
            start, end = sorted([one.start, one.end, other.start, other.end])[1:3]
            return [start, end]
        case "last_ended":
            over = [one for one in seen if one.end <= shown.duration and one.who in question.option_values]
            ranked = sorted(over, key=lambda one: one.end)
            assert all(order_of(a.end, b.end) < 0 for a, b in pairwise(ranked[-2:]))
            return ranked[-1].who
        case "shifted":
            x, y, z = (_named(seen, slots[name]) for name in "xyz")
            return relation_of((z.end, z.end + x.end - x.start), (y.start, y.end))
    raise ValueError(f"no question kind {question.kind!r}")


def _named(seen: Iterable[Seen], words: JsonValue) -> Seen:
    """The one event that is named so."""
    found = [one for one in seen if f"the {one.who} is {one.what}" == words]
    if len(found) != 1:
        raise ValueError(f"{words!r} was seen {len(found)} times")
    return found[0]
