"""The library of rules by which a feature goes from cell to cell of a matrix, and what of the missing cell follows from them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations, permutations
from typing import NamedTuple

SHAPES = ("square", "triangle", "star", "cross", "heart", "moon")
FILLS = ("hollow", "striped", "half-filled", "solid")
PLACES = ("top left", "top", "top right", "right", "bottom right", "bottom", "bottom left", "left")
"""Where on the frame of a cell a bead may be, clockwise."""
SLOTS, STEPS, SIDE = 4, (-2, -1, 0, 1, 2), 3
"""Places for figures in a cell, places that a bead may go clockwise at a beat, and cells in a row or a column."""
AXES = ("row", "column")
DOMAINS: dict[str, tuple[int, ...]] = {
    "shape": tuple(range(len(SHAPES))),
    "fill": tuple(range(len(FILLS))),
    "number": (1, 2, 3, 4),
    "places": tuple(range(1, 1 << SLOTS)),
    "start": tuple(range(len(PLACES))),
    "step": STEPS,
}
"""Feature → its values: numbers of shapes, fills and places, a count, a set of slots (bit 0 is the first on the left), steps."""
Triple = tuple[int, int, int]
Cells = tuple[int | None, ...]
"""A feature of all nine cells, row by row; ``None``: not known."""


class Rule(NamedTuple):
    """What holds in every row or in every column (``axis``), by its name in the library."""

    axis: str
    name: str


def _shifted(slots: int, by: int) -> int:
    """A set of slots with each moved to the right, from the last one to the first."""
    return sum(1 << (slot + by) % SLOTS for slot in range(SLOTS) if slots >> slot & 1)


ONWARD = {f"on {by}": by for by in (1, 2, 3)} | {f"back {by}": -by for by in (1, 2, 3)}
THIRD: dict[str, dict[str, Callable[[int, int], int]]] = {
    "shape": {},
    "fill": {},
    "number": {
        "up": lambda a, b: b + 1 if b == a + 1 else 0,
        "down": lambda a, b: b - 1 if b == a - 1 else 0,
        "sum": lambda a, b: a + b,
        "difference": lambda a, b: a - b,
    },
    "places": {
        "right": lambda a, b: _shifted(b, 1) if b == _shifted(a, 1) != a else 0,
        "left": lambda a, b: _shifted(b, -1) if b == _shifted(a, -1) != a else 0,
        "or": lambda a, b: a | b if a | b not in (a, b) else 0,
        "and": lambda a, b: a & b if a & b not in (a, b) else 0,
        "xor": lambda a, b: a ^ b,
    },
    "start": {
        name: (lambda a, b, by=by: (b + by) % len(PLACES) if b == (a + by) % len(PLACES) else -1)
        for name, by in ONWARD.items()
    },
    "step": {
        "up": lambda a, b: b + 1 if b == a + 1 else 9,
        "down": lambda a, b: b - 1 if b == a - 1 else 9,
    },
}
"""Feature → name of a rule → what the third cell of a line has, given the first two (out of the domain: it cannot be)."""


def names_of(feature: str) -> tuple[str, ...]:
    """The rules that there are for a feature: two that all have, and its own."""
    return ("same", *THIRD[feature], "three")


def rules_of(feature: str) -> list[Rule]:
    return [Rule(axis, name) for axis in AXES for name in names_of(feature)]


@cache
def triples(feature: str, name: str) -> tuple[Triple, ...]:
    """All lines of three that a rule allows (for ``three``, of all sets of values)."""
    domain = DOMAINS[feature]
    if name == "same":
        return tuple((a, a, a) for a in domain)
    if name == "three":
        return tuple(permutations(domain, 3))
    made = ((a, b, THIRD[feature][name](a, b)) for a in domain for b in domain)
    return tuple(line for line in made if line[2] in domain)


@cache
def _allowed(feature: str, name: str) -> frozenset[Triple]:
    return frozenset(triples(feature, name))


@cache
def line_cells(axis: str) -> tuple[Triple, ...]:
    """The numbers of the cells of each row, or of each column."""
    rows = [(SIDE * i, SIDE * i + 1, SIDE * i + 2) for i in range(SIDE)]
    return tuple(rows) if axis == "row" else tuple(zip(*rows, strict=True))  # type: ignore[arg-type]


def holds(feature: str, rule: Rule, cells: Sequence[int]) -> bool:
    """Whether a rule holds in all lines of a matrix that is fully known."""
    lines = [tuple(cells[i] for i in line) for line in line_cells(rule.axis)]
    if rule.name == "three" and len({frozenset(line) for line in lines}) > 1:
        return False
    return all(line in _allowed(feature, rule.name) for line in lines)


def fillings(feature: str, rules: Iterable[Rule], cells: Cells, missing: int) -> set[int]:
    """All values that the missing cell may have so that one of the rules holds."""
    found = set()
    for value in DOMAINS[feature]:
        whole = [value if i == missing else cell for i, cell in enumerate(cells)]
        if any(holds(feature, rule, whole) for rule in rules):  # type: ignore[arg-type]
            found.add(value)
    return found


def alike(one: Rule, other: Rule) -> bool:
    """Whether two rules often hold at once: what is the same in each row may be the same three in each column."""
    names = {one.name, other.name}
    return one.axis != other.axis and "three" in names and names <= {"same", "three"}


def tells(rule: Rule, missing: int) -> bool:
    """Whether a rule can leave no doubt of the missing cell: what two cells have together does not say what the first had."""
    return rule.name not in ("or", "and") or any(line[-1] == missing for line in line_cells(rule.axis))


@cache
def rivals(feature: str, missing: int) -> list[tuple[Rule, ...]]:
    """All sets of four rules of which no two often hold at once."""
    sets = combinations([rule for rule in rules_of(feature) if tells(rule, missing)], 4)
    return [four for four in sets if not any(alike(a, b) for a, b in combinations(four, 2))]


_MANY = {1: "one place", 2: "two places", 3: "three places"}
_ONE_AXIS: Mapping[str, Mapping[str, str]] = {
    "shape": {"same": "all cells of a {axis} have the same shape", "three": "every {axis} has the same three shapes"},
    "fill": {"same": "all cells of a {axis} are filled alike", "three": "every {axis} has the same three fillings"},
    "number": {
        "same": "all cells of a {axis} have the same number of figures",
        "up": "in every {axis} there is one figure more from cell to cell, {way}",
        "down": "in every {axis} there is one figure less from cell to cell, {way}",
        "sum": "in every {axis} the last cell ({way}) has as many figures as the other two together",
        "difference": "in every {axis} the first cell ({way}) has as many figures as the other two together",
        "three": "every {axis} has the same three numbers of figures, in some order",
    },
    "places": {
        "same": "all cells of a {axis} have figures at the same places",
        "right": "in every {axis} ({way}) the figures move one place to the right from cell to cell, and from the last to the first",
        "left": "in every {axis} ({way}) the figures move one place to the left from cell to cell, and from the first to the last",
        "or": "in every {axis} ({way}) the last cell has figures where the first, the second or both have one",
        "and": "in every {axis} ({way}) the last cell has figures where both the first and the second have one",
        "xor": "in every {axis} ({way}) the last cell has figures where just one of the first and the second has one",
        "three": "every {axis} has the same three patterns of places, in some order",
    },
    "start": {
        "same": "all beads of a {axis} begin at the same place",
        **{
            name: f"in every {{axis}} ({{way}}) the bead begins {_MANY[abs(by)]} further {'clockwise' if by > 0 else 'counterclockwise'} from cell to cell"
            for name, by in ONWARD.items()
        },
        "three": "the beads of every {axis} begin at the same three places, in some order",
    },
    "step": {
        "same": "all beads of a {axis} go equally far, the same way, at each beat",
        "up": "in every {axis} ({way}) beads go at each beat one place further clockwise, or less far counterclockwise, than in the cell before",
        "down": "in every {axis} ({way}) beads go at each beat one place less far clockwise, or further counterclockwise, than in the cell before",
        "three": "every {axis} has the same three steps of beads, in some order",
    },
}


def rule_words(feature: str, rule: Rule) -> str:
    """A rule in words."""
    way = "left to right" if rule.axis == "row" else "top to bottom"
    return _ONE_AXIS[feature][rule.name].format(axis=rule.axis, way=way)
