"""The answers about a vanishing table once more: the table as an array, put in the order in which its parts are seen to fade."""

import numpy as np
from pydantic import JsonValue

from morse.layout import Shown
from morse.schema import Question
from morse.timeline import Timeline


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    from scipy.stats import kendalltau

    table = shown.states[0].values
    cells = np.array(table["cells"])
    by_column = any(thing.kind == "column" for thing in shown.objects)
    pieces, fields = (table["heads"], table["names"]) if by_column else (table["names"], table["heads"])
    assert isinstance(pieces, list)
    assert isinstance(fields, list)
    rows = dict(zip(map(str, pieces), cells.T if by_column else cells, strict=True))
    gone, slots = vanished(shown), question.slots
    turned = np.array([rows[name] for name in gone])
    field = fields.index(slots["field"]) if "field" in slots else 0
    piece = str(slots.get("piece"))
    match question.kind:
        case "lookup":
            return int(rows[piece][field])
        case "order":
            return [*gone]
        case "after":
            return dict(zip(gone, [*gone[1:], "none"], strict=True))[piece]
        case "latest":
            return int(turned[-1, field])
        case "product":
            return int(turned[:3, field].prod())
        case "dot":
            return int(turned[int(str(slots["one"])) - 1] @ turned[int(str(slots["other"])) - 1])
        case "rest":
            return int(turned[gone.index(piece) + 1 :, field].sum())
        case "largest":
            place = gone.index(piece)
            among = range(place) if slots["way"] == "before" else range(place + 1, len(gone))
            return max((turned[i, field], gone[i]) for i in among)[1]
        case "rule":
            whole = [float(np.asarray(kendalltau(range(len(gone)), column))[0]) for column in turned.T]
            found = [str(name) for name, value in zip(fields, whole, strict=True) if abs(abs(value) - 1) < 1e-9]
            return found[0] if found else "none"
        case "next":
            return following(rows, gone)
        case "swapped":
            other = str(slots["other"])
            swapped = [{piece: other, other: piece}.get(name, name) for name in gone]
            return int(np.prod([rows[name][field] for name in swapped[:2]]))
    raise ValueError(f"no question kind {question.kind!r}")


def vanished(shown: Shown) -> list[str]:
    """The parts that have gone, in the order in which they fell under half of their strength."""
    scene = shown.scene
    assert isinstance(scene, Timeline)
    names = [thing.id for thing in shown.objects if thing.kind in ("row", "column")]
    times = np.arange(0.0, shown.duration, 0.02)
    faint = {name: scene.actors[name].values("opacity", times) < 0.5 for name in names}
    return sorted((name for name in names if faint[name].any()), key=lambda name: faint[name].argmax())


def following(rows: dict[str, np.ndarray], gone: list[str]) -> str:
    """What goes next, by any column of numbers whose first ones, sorted either way, are those that have gone."""
    table, names = np.array([*rows.values()]), [*rows]
    places = [names.index(name) for name in gone]
    found = set[str]()
    for column in table.T:
        for way in (column, -column):
            ranked = np.argsort(way, kind="stable")
            if ranked[: len(gone)].tolist() == places:
                found.add(names[ranked[len(gone)]])
    (only,) = found
    return only
