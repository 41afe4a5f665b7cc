"""The answers about a rule on patterns once more: every rule is tried on what was seen, cell by cell."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, product

from pydantic import JsonValue

from morse.layout import Shown
from morse.schema import Question

LETTERS = {
    ".": "empty",
    "R": "red",
    "B": "blue",
    "Y": "yellow",
    "G": "green",
    "P": "purple",
    "O": "orange",
    "K": "black",
}
Rows = tuple[str, ...]
"""A pattern as it is written: letters for colours, a dot for an empty cell."""
Change = Callable[[Rows], Rows]
DIRECTIONS = ("up", "down", "left", "right")


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    looks: dict[str, Rows] = {thing.id: _rows(thing.attributes["rows"]) for thing in shown.objects}
    order = sorted(shown.events, key=lambda event: event.start)
    seen = {
        kind: [looks[event.objects[0]] for event in order if event.kind == kind]
        for kind in ("example before", "example after", "new")
    }
    slots = question.slots
    if question.kind == "recalled":
        side = "example before" if slots["side"] == "left" else "example after"
        return LETTERS[_at(seen[side][int(str(slots["number"])) - 1], str(slots["cell"]))]
    pairs = tuple(zip(seen["example before"], seen["example after"], strict=True))
    palette = slots["palette"]
    assert isinstance(palette, list)
    library = _library(tuple(str(name) for name in palette))
    known = _explanations(pairs, int(str(slots["count"])), tuple(str(name) for name in palette))
    new = seen["new"][0]
    match question.kind:
        case "rule":
            (only,) = (value for value in question.option_values if _named(value) in known)
            return only
        case "lettered":
            return [*_only(_made(new, rule, library) for rule in known)]
        case "whole":
            return [[LETTERS[letter] for letter in row] for row in _only(_made(new, rule, library) for rule in known)]
        case "cell":
            return LETTERS[_at(_only(_made(new, rule, library) for rule in known), str(slots["cell"]))]
        case "row":
            row = _only(_made(new, rule, library) for rule in known)[int(str(slots["row"])) - 1]
            return len(row) - row.count(".")
        case "moved":
            (cell,) = (str(thing.attributes["marked"]) for thing in shown.objects if thing.kind == "new")
            column, line = ord(cell[0]) - 97, int(cell[1:]) - 1
            marked = tuple(row[:column] + "K" + row[column + 1 :] if y == line else row for y, row in enumerate(new))
            made = _only(_made(marked, rule, library) for rule in known)
            ((x, y),) = [(row.index("K"), y) for y, row in enumerate(made) if "K" in row]
            return f"{chr(97 + x)}{y + 1}"
    raise ValueError(f"no question kind {question.kind!r}")


def _rows(value: JsonValue) -> Rows:
    assert isinstance(value, list)
    return tuple(str(row) for row in value)


def _at(rows: Rows, cell: str) -> str:
    return rows[int(cell[1:]) - 1][ord(cell[0]) - 97]


def _only(patterns: Iterator[Rows]) -> Rows:
    """The pattern on which all rules agree."""
    (only,) = dict.fromkeys(patterns)
    return only


Name = tuple[str, str]
"""A step: its layer and which way it goes."""


@lru_cache(maxsize=64)
def _library(palette: tuple[str, ...]) -> dict[Name, Change]:
    """Every step by its name, layer by layer in the order in which a rule takes them."""
    found: dict[Name, Change] = {("turn", way): change for way, change in TURNS.items()}
    found |= {("shift", way): _shift(way) for way in DIRECTIONS}
    found |= {("fall", way): _fall(way) for way in DIRECTIONS}
    letters = {name: letter for letter, name in LETTERS.items()}
    found |= {("outline", name): _outline(letters[name]) for name in palette}
    for one, other in combinations(palette, 2):
        found["swap", f"{one} and {other}"] = _swap(letters[one], letters[other])
    return found


def _across(rows: Rows) -> Rows:
    """Rows become columns."""
    return tuple(map("".join, zip(*rows, strict=True)))


def _mirrored(rows: Rows) -> Rows:
    """Left and right change places."""
    return tuple(row[::-1] for row in rows)


TURNS: dict[str, Change] = {
    "clockwise": lambda rows: _across(rows[::-1]),
    "counterclockwise": lambda rows: _across(rows)[::-1],
    "half": lambda rows: _mirrored(rows)[::-1],
    "sideways": _mirrored,
    "over": lambda rows: rows[::-1],
    "falling": _across,
    "rising": lambda rows: _across(_mirrored(rows)[::-1]),
}


def _shift(way: str) -> Change:
    return {
        "up": lambda rows: (*rows[1:], rows[0]),
        "down": lambda rows: (rows[-1], *rows[:-1]),
        "left": lambda rows: tuple(row[1:] + row[0] for row in rows),
        "right": lambda rows: tuple(row[-1] + row[:-1] for row in rows),
    }[way]


def _fall(way: str) -> Change:
    def settled(line: str) -> str:
        filled = line.replace(".", "")
        return filled.ljust(len(line), ".") if way in ("up", "left") else filled.rjust(len(line), ".")

    if way in ("left", "right"):
        return lambda rows: tuple(map(settled, rows))
    return lambda rows: _across(tuple(map(settled, _across(rows))))


def _outline(letter: str) -> Change:
    def changed(rows: Rows) -> Rows:
        wide = f".{'.' * len(rows)}."
        padded = (wide, *(f".{row}." for row in rows), wide)
        made = []
        for above, row, below in zip(padded, padded[1:], padded[2:], strict=False):
            cells = zip(row[1:-1], above[1:], below[1:], row, row[2:], strict=False)
            made.append("".join(letter if own == "." and {*near} != {"."} else own for own, *near in cells))
        return tuple(made)

    return changed


def _swap(one: str, other: str) -> Change:
    table = str.maketrans({one: other, other: one})
    return lambda rows: tuple(row.translate(table) for row in rows)


def _made(rows: Rows, rule: Sequence[Name], library: dict[Name, Change]) -> Rows:
    """What a rule makes of a pattern."""
    for name in rule:
        rows = library[name](rows)
    return rows


@lru_cache(maxsize=16)
def _explanations(
    pairs: tuple[tuple[Rows, Rows], ...], count: int, palette: tuple[str, ...]
) -> tuple[tuple[Name, ...], ...]:
    """The rules of so many steps that explain all pairs."""
    library = _library(palette)
    layers = [[name for name in library if name[0] == layer] for layer in dict.fromkeys(name[0] for name in library)]
    found = []
    start, end = pairs[0]
    for *chosen, last in combinations(layers, count):
        for first in product(*chosen):
            begun = _begun(start, first, palette)
            if last[0][0] == "swap" and _holes(begun) != _holes(end):
                continue
            found += [
                (*first, name)
                for name in last
                if library[name](begun) == end
                and all(_made(one, (*first, name), library) == other for one, other in pairs[1:])
            ]
    return tuple(found)


def _holes(rows: Rows) -> list[bool]:
    """Which cells are empty."""
    return [letter == "." for row in rows for letter in row]


@lru_cache(maxsize=4096)
def _begun(rows: Rows, rule: tuple[Name, ...], palette: tuple[str, ...]) -> Rows:
    """What the first steps of a rule make of a pattern: many rules begin alike."""
    return _made(rows, rule, _library(palette))


def _named(value: JsonValue) -> tuple[Name, ...]:
    assert isinstance(value, list)
    return tuple((str(layer), str(way)) for layer, way in value)  # type: ignore[misc]
