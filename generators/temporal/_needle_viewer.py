"""The answers about a stream once more, from what was seen to pass and to be shown, in its order."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from pydantic import JsonValue

from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Scene, Shown
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
        case "where_pass":
            one = next(one for one in road if one.name == who)
            stays = [second for second in whole_seconds(one.start, one.end) if _rests(shown.scene, who, second)]
            return boxes_by_second(shown.scene, who, stays)
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


def _rests(scene: Scene, who: str, second: int) -> bool:
    """Whether one stands still just before, at and just after a second."""
    boxes, _ = scene.tracks(np.array([second - 0.05, second, second + 0.05])).of(who)
    return bool(np.abs(np.diff(boxes[:, 0])).max() < 1e-6)
