"""The library of changes of a square pattern of coloured cells, and the rules that are made of them."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from pydantic import JsonValue

from morse.seeding import Rng

COLOURS = {"red": "R", "blue": "B", "yellow": "Y", "green": "G", "purple": "P", "orange": "O"}
"""The colours of cells, and how they are written in records; an empty cell is written as a dot."""
Pattern = tuple[int, ...]
"""Cells row by row from the top, each from left to right; 0 is empty, others are numbers of colours."""
WAYS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
LAYERS = ("turn", "shift", "fall", "outline", "swap")
"""The kinds of steps, in the order in which a rule takes them."""


class Step(NamedTuple):
    """One step of a rule: its layer, and which way it goes (for colours: their numbers, as digits)."""

    layer: str
    way: str


Rule = tuple[Step, ...]
TURNS: dict[str, Callable[[int, int, int], tuple[int, int]]] = {
    "clockwise": lambda x, y, n: (y, n - 1 - x),
    "counterclockwise": lambda x, y, n: (n - 1 - y, x),
    "half": lambda x, y, n: (n - 1 - x, n - 1 - y),
    "sideways": lambda x, y, n: (n - 1 - x, y),
    "over": lambda x, y, n: (x, n - 1 - y),
    "falling": lambda x, y, n: (y, x),
    "rising": lambda x, y, n: (n - 1 - y, n - 1 - x),
}
"""From where in the old pattern a cell of the new one comes (x from the left, y from the top)."""
TURN_WORDS = {
    "clockwise": "a quarter turn clockwise",
    "counterclockwise": "a quarter turn counterclockwise",
    "half": "half a turn",
    "sideways": "left and right are mirrored",
    "over": "top and bottom are mirrored",
    "falling": "mirrored in the diagonal from top left to bottom right",
    "rising": "mirrored in the diagonal from bottom left to top right",
}


@lru_cache(maxsize=64)
def members(layer: str, colours: int) -> tuple[Step, ...]:
    """All steps of a layer."""
    if layer == "turn":
        ways = [*TURNS]
    elif layer in ("shift", "fall"):
        ways = [*WAYS]
    elif layer == "outline":
        ways = [str(colour) for colour in range(1, colours + 1)]
    else:
        ways = [f"{one}{other}" for one, other in combinations(range(1, colours + 1), 2)]
    return tuple(Step(layer, way) for way in ways)


def after(pattern: Pattern, rule: Sequence[Step], side: int) -> Pattern:
    """What a rule makes of a pattern."""
    for step in rule:
        pattern = stepped(pattern, step, side)
    return pattern


def stepped(pattern: Pattern, step: Step, side: int) -> Pattern:
    """What a step makes of a pattern."""
    if step.layer in ("turn", "shift"):
        return tuple(map(pattern.__getitem__, sources(step, side)))
    if step.layer == "swap":
        one, other = int(step.way[0]), int(step.way[1])
        return tuple(other if cell == one else one if cell == other else cell for cell in pattern)
    if step.layer == "outline":
        colour = int(step.way)
        near = neighbours(side)
        return tuple(
            cell or (colour if any(map(pattern.__getitem__, beside)) else 0)
            for cell, beside in zip(pattern, near, strict=True)
        )
    made = [0] * (side * side)
    for line in lines(step.way, side):
        filled = [pattern[i] for i in line if pattern[i]]
        for i, cell in zip(line, filled, strict=False):
            made[i] = cell
    return tuple(made)


@lru_cache(maxsize=256)
def sources(step: Step, side: int) -> tuple[int, ...]:
    """For a step that only moves cells: from where each one comes."""
    found = []
    for i in range(side * side):
        y, x = divmod(i, side)
        if step.layer == "turn":
            x, y = TURNS[step.way](x, y, side)
        else:
            across, down = WAYS[step.way]
            x, y = (x - across) % side, (y - down) % side
        found.append(y * side + x)
    return tuple(found)


@lru_cache(maxsize=64)
def neighbours(side: int) -> tuple[tuple[int, ...], ...]:
    """The cells that share a side with each cell."""
    return tuple(
        tuple(
            (y + down) * side + x + across
            for across, down in WAYS.values()
            if 0 <= x + across < side and 0 <= y + down < side
        )
        for y in range(side)
        for x in range(side)
    )


@lru_cache(maxsize=64)
def lines(way: str, side: int) -> tuple[tuple[int, ...], ...]:
    """Rows or columns, each from where falling cells come to rest."""
    span = range(side)
    if way in ("left", "right"):
        return tuple(tuple(y * side + x for x in (span if way == "left" else reversed(span))) for y in span)
    return tuple(tuple(y * side + x for y in (span if way == "up" else reversed(span))) for x in span)


def fitting(pairs: Sequence[tuple[Pattern, Pattern]], steps: int, colours: int, side: int) -> list[Rule]:
    """All rules of so many steps that make of each pattern the one it is paired with."""
    found: list[Rule] = []
    start, end = pairs[0]

    def go_on(pattern: Pattern, rule: Rule, first: int) -> None:
        if len(rule) == steps:
            if pattern == end and all(after(one, rule, side) == other for one, other in pairs[1:]):
                found.append(rule)
            return
        for number in range(first, len(LAYERS) - (steps - len(rule)) + 1):
            if LAYERS[number] == "swap" and [*map(bool, pattern)] != [*map(bool, end)]:
                continue  # colours that change places leave empty cells empty
            for step in members(LAYERS[number], colours):
                go_on(stepped(pattern, step, side), (*rule, step), number + 1)

    go_on(start, (), 0)
    return found


def any_rule(steps: int, colours: int, rng: Rng) -> Rule:
    layers = rng.sample(LAYERS, steps)
    return tuple(rng.choice(members(layer, colours)) for layer in LAYERS if layer in layers)


def rivals(rule: Rule, colours: int, rng: Rng) -> list[Rule]:
    """Three other rules. With the rule itself they are two ways of one step crossed with two of another (of a rule of one
    step: four ways of it), so that by itself none of the four stands out."""
    if len(rule) == 1:
        others = [step for step in members(rule[0].layer, colours) if step != rule[0]]
        return [(step,) for step in rng.sample(others, 3)]
    swapped = []
    for place in rng.sample(range(len(rule)), 2):
        others = [step for step in members(rule[place].layer, colours) if step != rule[place]]
        swapped.append((place, rng.choice(others)))

    def with_steps(*changes: tuple[int, Step]) -> Rule:
        steps = [*rule]
        for place, step in changes:
            steps[place] = step
        return tuple(steps)

    return [with_steps(swapped[0]), with_steps(swapped[1]), with_steps(*swapped)]


def any_pattern(side: int, colours: int, rng: Rng, allowed: Sequence[int] = ()) -> Pattern:
    """Cells at random, about half of them empty. ``allowed``: the colours to be used."""
    share = rng.uniform(0.45, 0.65)
    used = allowed or range(1, colours + 1)
    return tuple(rng.choice(used) if rng.chance(share) else 0 for _ in range(side * side))


def agreeing_pattern(one: Rule, other: Rule, side: int, colours: int, rng: Rng) -> Pattern | None:
    """A pattern of which two rules make the same; ``None`` if there seems to be none that is of use."""
    moves = [[step for step in rule if step.layer in ("turn", "shift")] for rule in (one, other)]
    places = [after(tuple(range(side * side)), steps, side) for steps in moves]
    alike = [*range(side * side)]  # of each cell the first one whose colour it must have
    for one_place, other_place in zip(*places, strict=True):
        first, second = sorted((alike[one_place], alike[other_place]))
        alike = [first if cell == second else cell for cell in alike]
    swaps = {int(digit) for rule in (one, other) for step in rule if step.layer == "swap" for digit in step.way}
    same_swap = [step for step in one if step.layer == "swap"] == [step for step in other if step.layer == "swap"]
    allowed = [colour for colour in range(1, colours + 1) if same_swap or colour not in swaps]
    for _ in range(8):
        pattern = any_pattern(side, colours, rng, allowed or [1])
        made = tuple(pattern[first] for first in alike)
        if len({*made}) >= 2 and after(made, one, side) == after(made, other, side):
            return made
    return None


def written(pattern: Sequence[int], side: int, palette: Sequence[str]) -> list[str]:
    """A pattern as text, a row a line: the letters of its colours, dots for empty cells."""
    letters = ["."] + [COLOURS[name] for name in palette]
    return ["".join(letters[cell] for cell in pattern[i : i + side]) for i in range(0, side * side, side)]


def record(rule: Rule, palette: Sequence[str]) -> list[JsonValue]:
    """A rule as JSON: of each step its layer, and which way it goes or its colours by name."""
    return [
        [layer, " and ".join(palette[int(digit) - 1] for digit in way) if layer in ("outline", "swap") else way]
        for layer, way in rule
    ]


def rule_words(recorded: JsonValue) -> str:
    """A recorded rule in words."""
    return ", then ".join(_step_words(*step) for step in recorded)  # type: ignore[union-attr, misc]


def _step_words(layer: str, way: str) -> str:
    if layer == "turn":
        return TURN_WORDS[way]
    if layer == "shift":
        return f"everything moves one cell {way} and comes in again opposite"
    if layer == "fall":
        return f"the coloured cells fall {way if way in ('up', 'down') else f'to the {way}'}"
    if layer == "outline":
        return f"empty cells that share a side with a coloured one turn {way}"
    return f"{way} change places"


def cell_name(cell: int, side: int) -> str:
    """``b3``: the second column from the left, the third row from the top."""
    return f"{chr(97 + cell % side)}{cell // side + 1}"
