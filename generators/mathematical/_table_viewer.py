"""The table once more, put together from the rows that a viewer sees in the window."""

from functools import lru_cache

import numpy as np
from pydantic import JsonValue

from morse.layout import Scene, Shown
from morse.schema import Question


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    slots = question.slots
    heads = next(thing for thing in shown.objects if thing.kind == "head").attributes["heads"]
    assert isinstance(heads, list)
    visible = most_visible(shown.scene)
    read = [
        thing.attributes["cells"]
        for thing in shown.objects
        if thing.kind == "row" and thing.attributes["struck"] is False and visible[thing.id] > 0.9
    ]
    cells = np.array(read)
    numbers = cells[:, heads.index(slots["column"])].astype(int)
    names = cells[:, 0]
    match question.kind:
        case "lookup":
            return int(numbers[names == slots["name"]][0])
        case "group_sum":
            return int(numbers[cells[:, heads.index(slots["group_by"])] == slots["group"]].sum())
        case "arg_max":
            return str(names[numbers.argmax()])
        case "runner_up":
            return str(names[numbers.argsort()[-2]])
        case "place":
            return int((numbers >= numbers[names == slots["name"]][0]).sum())
        case "count_over":
            return int((numbers > slots["line"]).sum())
    raise ValueError(f"no question kind {question.kind!r}")


@lru_cache(maxsize=4)
def most_visible(scene: Scene) -> dict[str, float]:
    """How much of each object is seen at best."""
    tracks = scene.tracks(np.arange(0.0, scene.duration, 0.5))
    return dict(zip(tracks.names, tracks.visible.max(axis=0).tolist(), strict=True))
