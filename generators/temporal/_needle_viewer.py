"""The answers about a stream once more, from what was seen to pass and to be shown, in its order."""

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import JsonValue

from morse.layout import Shown
from morse.schema import Question


class Sight(NamedTuple):
    """Something that was seen: its start, its end, its name and what it is like."""

    start: float
    end: float
    name: str
    like: Mapping[str, JsonValue]


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    like = {thing.id: thing.attributes for thing in shown.objects}
    sights = [Sight(event.start, event.end, event.objects[0], like[event.objects[0]]) for event in shown.events]
    sights.sort(key=lambda sight: sight.start)
    road = [sight for sight in sights if "figure" in sight.like]
    board = [sight for sight in sights if sight.like.get("kind") == "number"]
    said = {str(card.like["mark"]): int(str(card.like["text"])) for card in board}
    slots = question.slots
    mark, who, number = str(slots.get("mark")), str(slots.get("who")), int(str(slots.get("number", 0)))
    match question.kind:
        case "number_on":
            return said.get(mark)
        case "passing":
            card = next(card for card in board if card.like["mark"] == mark)
            return next(one.name for one in road if one.start <= card.start < one.end)
        case "neighbour":
            place = [one.name for one in road].index(who)
            return road[place + (1 if slots["way"] == "after" else -1)].name
        case "card_span":
            card = next((card for card in board if card.like["mark"] == mark), None)
            return None if card is None else [card.start, card.end]
        case "nth_card":
            return str(board[number - 1].like["mark"])
        case "how_many":
            return sum(one.like["figure"] == slots["figure"] for one in road)
        case "difference":
            return abs(said[mark] - said[str(slots["other"])])
        case "led_to":
            sign = next(sight for sight in sights if sight.like.get("kind") == "round")
            return said[str(sign.like["mark"])]
        case "came_first":
            card = next(card for card in board if card.like["mark"] == mark)
            return next(one.start for one in road if one.name == who) < card.start
        case "latest":
            return int(str(board[-1].like["text"]))
        case "never_up":
            rest = [str(card.like["mark"]) for card in board if card.like["mark"] != mark]
            return rest[number - 1]
    raise ValueError(f"no question kind {question.kind!r}")
