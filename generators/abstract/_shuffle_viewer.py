"""The answers about a shuffled row once more, from where each tile is seen before and after every move."""

from functools import lru_cache
from itertools import pairwise

import numpy as np
from pydantic import JsonValue

from morse.layout import Scene, Shown
from morse.schema import Question
from morse.timeline import Timeline


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    scene, slots = shown.scene, question.slots
    tiles = [thing.id for thing in shown.objects if thing.kind == "tile"]
    letters = [thing.id for thing in shown.objects if thing.kind == "letter"]
    moves = [event for event in shown.events if event.kind in ("swap", "jump", "turn")]
    ordered, face, hidden = _watched(
        scene, tuple(tiles), tuple(letters), (*(move.start - 0.01 for move in moves), shown.duration)
    )
    rows = [[face[tile] for tile in row] for row in ordered]
    place, number = int(str(slots.get("place", 1))) - 1, int(str(slots.get("number", 1))) - 1
    letter = str(slots.get("letter"))
    match question.kind:
        case "spelled":
            return [*rows[-1]]
        case "where":
            return rows[-1].index(letter) + 1
        case "far":
            return abs(rows[-1].index(letter) - rows[0].index(letter))
        case "traded":
            pair: list[JsonValue] = [*sorted(a for a, b in zip(rows[number], rows[number + 1], strict=True) if a != b)]
            return pair
        case "moves":
            return len(moves)
        case "restore":
            return _swaps(rows[-1], rows[0])
        case "without":
            return _replayed(rows[0], [_way(a, b) for i, (a, b) in enumerate(pairwise(ordered)) if i != number])[place]
        case "again":
            ways = [_way(a, b) for (a, b), unseen in zip(pairwise(ordered), hidden, strict=False) if unseen]
            return _replayed(rows[-1], ways)[place]
    raise ValueError(f"no question kind {question.kind!r}")


@lru_cache(maxsize=8)
def _watched(
    scene: Scene, tiles: tuple[str, ...], letters: tuple[str, ...], looks: tuple[float, ...]
) -> tuple[list[list[str]], dict[str, str], list[bool]]:
    """The tiles from left to right at some times; which letter lies on which tile; whether no letter is seen at each time."""
    assert isinstance(scene, Timeline)
    times = np.array(looks)
    xs = np.stack([scene.actors[tile].values("x", times) for tile in tiles])
    ordered = [[tiles[i] for i in np.argsort(column)] for column in xs.T]
    places = [float(scene.actors[letter].values("x", times[:1])[0]) for letter in letters]
    face = {tile: letters[places.index(x)] for tile, x in zip(tiles, xs[:, 0].tolist(), strict=True)}
    shown = np.stack([scene.actors[letter].values("opacity", times) for letter in letters])
    return ordered, face, [max(column) < 0.5 for column in shown.T.tolist()]


def _way(before: list[str], after: list[str]) -> list[int]:
    """Where what is at each place goes."""
    return [after.index(tile) for tile in before]


def _replayed(row: list[str], ways: list[list[int]]) -> list[str]:
    for way in ways:
        row = [row[way.index(place)] for place in range(len(row))]
    return row


def _swaps(row: list[str], goal: list[str]) -> int:
    """How many swaps put a row right, by doing them: each puts one letter where it belongs, which is as quick as can be."""
    row, count = [*row], 0
    for place, wanted in enumerate(goal):
        if row[place] != wanted:
            other = row.index(wanted)
            row[place], row[other] = row[other], row[place]
            count += 1
    return count
