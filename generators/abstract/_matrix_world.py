"""A matrix of nine cells, one of them missing, whose features go by rules; what can vary, and how one is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Self

from pydantic import JsonValue, model_validator

from generators.abstract._matrix_rules import (
    DOMAINS,
    FILLS,
    PLACES,
    SHAPES,
    SIDE,
    SLOTS,
    STEPS,
    Cells,
    Rule,
    fillings,
    line_cells,
    rivals,
    rules_of,
    triples,
)
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

CELLS = SIDE * SIDE


class Params(TaskParams):
    features: int = ramp(3, per_level=0.34, most=5, least=3, limit=5, about="features of cells that are not all alike")
    beats: int = ramp(4, per_level=0.34, least=4, about="beats for which each cell is watched")
    kept: int = ramp(2, per_level=-0.34, most=1, least=1, limit=3, about="cells that are uncovered at the same time")
    leaps: int = ramp(0, per_level=1, most=8, limit=8, about="cells that are uncovered out of their order")
    forks: int = ramp(
        2, per_level=0.25, most=3, least=2, limit=3, about="features in which the lettered options differ"
    )
    shakes: int = ramp(2, per_level=1, about="covers that shake, which means nothing")

    @model_validator(mode="after")
    def _options_differ(self) -> Self:
        if self.forks >= self.features:
            raise ValueError(f"forks={self.forks} needs more than {self.features} features that are not all alike")
        return self


@dataclass(frozen=True)
class Matrix:
    """What is shown, and what is asked of it. Cells are numbered row by row from 0.

    ``cells``: feature → its value in all nine. ``rules``: feature → its rule (``None``: the same everywhere). ``options``: feature →
    its value in the missing cell and another one, which the lettered options have. ``order``: cells as they are uncovered.
    ``fault``: (cell, beat from 1, step taken there), or ``None``. ``value``, ``ruled``: features to be asked for; ``rivals``: rules
    of which one holds of ``ruled``. ``recalled``: (cell, feature or "bead", beat). ``swap``: (axis, the line that changes
    steps with the missing cell's). ``sought``: (cell or ``None``, its description), to be found in time.
    """

    params: Params
    missing: int
    features: tuple[str, ...]
    cells: dict[str, tuple[int, ...]]
    rules: dict[str, Rule | None]
    options: dict[str, tuple[int, int]]
    order: tuple[int, ...]
    fault: tuple[int, int, int] | None
    value: str
    ruled: str
    rivals: tuple[Rule, ...]
    recalled: tuple[int, str, int]
    swap: tuple[str, int]
    later: int
    sought: tuple[int | None, tuple[int, ...]]

    def bead(self, cell: int, beat: int) -> int:
        """At which place the bead of a cell is at a beat (from 1)."""
        moved = self.cells["step"][cell] * (beat - 1)
        if self.fault is not None and self.fault[0] == cell and beat > self.fault[1]:
            moved += self.fault[2] - self.cells["step"][cell]
        return (self.cells["start"][cell] + moved) % len(PLACES)

    def description(self, cell: int) -> tuple[int, ...]:
        """What is to be told of a cell in words: shape, fill, how many figures, where the bead begins."""
        return _description(self.cells, self.features[2], cell)


def _description(cells: dict[str, tuple[int, ...]], figures: str, cell: int) -> tuple[int, ...]:
    held = cells[figures][cell]
    count = held if figures == "number" else held.bit_count()
    return cells["shape"][cell], cells["fill"][cell], count, cells["start"][cell]


def words_of(feature: str, value: int) -> JsonValue:
    """A value as it is written in records; a set of slots as ``xx.x``."""
    match feature:
        case "shape":
            return SHAPES[value]
        case "fill":
            return FILLS[value]
        case "start":
            return PLACES[value]
        case "places":
            return "".join("x" if value >> slot & 1 else "." for slot in range(SLOTS))
    return value


def cell_name(cell: int) -> str:
    """``b3``: the second column, the third row."""
    return f"{'abc'[cell % SIDE]}{cell // SIDE + 1}"


def draw_matrix(params: Params, rng: Rng) -> Matrix:
    """Each answer is drawn first, and the matrix around it."""
    wanted = rng.steady("wanted")
    missing = wanted.integer(0, CELLS - 1)
    figures = wanted.choice(("number", "places"))
    features = ("shape", "fill", figures, "start", "step")
    value = wanted.choice(("shape", "fill", "number") if figures == "number" else ("shape", "fill"))
    ruled = wanted.choice([name for name in (figures, "start", "step") if name != value])
    four = wanted.choice(rivals(ruled, missing))
    rule = wanted.choice(four)
    seen = [cell for cell in range(CELLS) if cell != missing]
    faulty = wanted.choice([None, *seen])
    recalled = (wanted.choice(seen), wanted.choice(("shape", "fill", "bead")), wanted.integer(2, params.beats))
    later, absent = params.beats + wanted.integer(1, 3), wanted.chance(0.25)
    pairs = {name: _pair(name, wanted.fork(name)) for name in features}

    forced = {value, ruled, "step"}
    others = [name for name in features if name not in forced]
    active = forced | {*rng.sample(others, params.features - len(forced))}
    varied = [name for name in features if name in active and name != ruled]
    free = [name for name in varied if name != value]
    forked = [value, *rng.sample(free, params.forks - 1)]
    cells, rules = {}, {}
    for name in features:
        if name not in active:
            cells[name], rules[name] = (pairs[name][0],) * CELLS, None
        elif name == ruled:
            cells[name], rules[name] = _ruled(name, (rule,), four, missing, None, rng)
        else:
            cells[name], rules[name] = _ruled(name, rules_of(name), (), missing, pairs[name], rng)
    return Matrix(
        params, missing, features, cells, rules, {name: pairs[name] for name in forked}, _order(seen, params.leaps, rng),
        _fault(faulty, cells["step"], params.beats, rng), value, ruled, four, recalled, _swap(cells["step"], missing, rng), later,
        _sought(cells, figures, seen, absent, rng),
    )  # fmt: skip


def _pair(feature: str, rng: Rng) -> tuple[int, int]:
    """Two values, either of which may be the missing cell's; of sets of slots two that differ in one slot."""
    domain = DOMAINS[feature]
    pairs = [(a, b) for a in domain for b in domain if a != b]
    if feature == "places":
        pairs = [(a, b) for a, b in pairs if (a ^ b).bit_count() == 1]
    return rng.choice(pairs)


def _ruled(
    feature: str, rules: Sequence[Rule], others: Sequence[Rule], missing: int, pair: tuple[int, int] | None, rng: Rng
) -> tuple[tuple[int, ...], Rule]:
    """Cells by one of the rules, which leave no doubt of the missing one: it has the first value of a pair, and the second one is
    seen elsewhere. None of ``others`` but the rule itself holds, whatever the missing cell is."""
    for _ in range(400):
        rule = rng.choice(rules)
        cells = _by_rule(feature, rule, missing, None if pair is None else pair[0], rng)
        if cells is None:
            continue
        seen: Cells = tuple(None if i == missing else cell for i, cell in enumerate(cells))
        if pair is not None and feature != "places" and pair[1] not in seen:
            continue
        if len({*seen}) < 3:  # None is one of them
            continue
        if any(fillings(feature, [other], seen, missing) for other in others if other != rule):
            continue
        if fillings(feature, rules_of(feature), seen, missing) == {cells[missing]}:
            return cells, rule
    raise Rejected(f"no cells that show the rule of the {feature}")


def _by_rule(feature: str, rule: Rule, missing: int, wanted: int | None, rng: Rng) -> tuple[int, ...] | None:
    """Cells by a rule, with a wanted value in one of them; ``None`` if it cannot be there."""
    cells = [0] * CELLS
    values = _three(feature, wanted, rng) if rule.name == "three" else []
    for numbers in line_cells(rule.axis):
        lines = [*permutations(values)] if values else [*triples(feature, rule.name)]
        if wanted is not None and missing in numbers:
            lines = [line for line in lines if line[numbers.index(missing)] == wanted]
        if not lines:
            return None
        for number, cell in zip(numbers, rng.choice(lines), strict=True):
            cells[number] = cell
    return tuple(cells)


def _three(feature: str, wanted: int | None, rng: Rng) -> list[int]:
    """Three values, the wanted one among them."""
    if wanted is None:
        return rng.sample(DOMAINS[feature], SIDE)
    return [wanted, *rng.sample([value for value in DOMAINS[feature] if value != wanted], SIDE - 1)]


def _order(seen: Sequence[int], leaps: int, rng: Rng) -> tuple[int, ...]:
    """The cells row by row, but so many of them at other times."""
    moving = rng.sample(range(len(seen)), min(leaps, len(seen)))
    order = [*seen]
    for place, cell in zip(moving, rng.shuffled([seen[place] for place in moving]), strict=True):
        order[place] = cell
    return tuple(order)


def _fault(cell: int | None, steps: Sequence[int], beats: int, rng: Rng) -> tuple[int, int, int] | None:
    if cell is None:
        return None
    return cell, rng.integer(1, beats - 1), rng.choice([step for step in STEPS if step != steps[cell]])


def _swap(steps: Sequence[int], missing: int, rng: Rng) -> tuple[str, int]:
    """A row or a column with which the missing cell's own would change steps, so that it matters."""
    row, column = divmod(missing, SIDE)
    ways = [("row", other, SIDE * other + column) for other in range(SIDE) if other != row]
    ways += [("column", other, SIDE * row + other) for other in range(SIDE) if other != column]
    able = [(axis, other) for axis, other, cell in ways if steps[cell] != steps[missing]]
    if not able:
        raise Rejected("steps that would matter nowhere else")
    return rng.choice(able)


def _sought(
    cells: dict[str, tuple[int, ...]], figures: str, seen: Sequence[int], absent: bool, rng: Rng
) -> tuple[int | None, tuple[int, ...]]:
    """A cell and its description, which is no other's; or a description that differs in one thing from a cell's, and is none's."""
    told = [_description(cells, figures, cell) for cell in seen]
    if not absent:
        alone = [cell for cell, own in zip(seen, told, strict=True) if told.count(own) == 1]
        if not alone:
            raise Rejected("no cell that looks like no other")
        cell = rng.choice(alone)
        return cell, _description(cells, figures, cell)
    own = rng.choice(told)
    near = [(*own[:place], other[place], *own[place + 1 :]) for place in range(len(own)) for other in told]
    false = [one for one in dict.fromkeys(near) if one not in told]
    if not false:
        raise Rejected("no description that is false")
    return None, rng.choice(false)
