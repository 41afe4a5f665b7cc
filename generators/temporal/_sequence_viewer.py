"""The answers about a sequence once more, from when each tile can be seen."""

from pydantic import JsonValue

from generators.temporal._watch import watched
from morse.layout import Shown
from morse.schema import Question


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    slots = question.slots
    tiles = {thing.id: str(thing.attributes[str(slots["side"])]) for thing in shown.objects if thing.kind == "tile"}
    seen = watched(shown.scene, shown.duration, tuple((tile, "opacity", "there", 1.0) for tile in tiles))
    row = [tiles[one.who] for one in seen]
    value, number = str(slots.get("value")), int(str(slots.get("number", 0)))
    match question.kind:
        case "sequence":
            return [*row]
        case "backwards":
            return [*reversed(row)]
        case "nth_item":
            return row[number - 1]
        case "how_often":
            return row.count(value)
        case "neighbour":
            place = [i for i, other in enumerate(row) if other == value][int(str(slots["time"])) - 1]
            return row[place + 1] if slots["way"] == "after" else row[place - 1]
        case "longest_run":
            length = 1
            while any(len({*row[i : i + length + 1]}) == 1 for i in range(len(row) - length)):
                length += 1
            return length
        case "never":
            return next(option for option in question.option_values if option not in row)
        case "before_latest":
            return row[-2]
        case "left_out":
            return [other for other in row if other != value][number - 1]
    raise ValueError(f"no question kind {question.kind!r}")
