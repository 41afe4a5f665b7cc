"""Walks through a maze that come by all signs: the shortest ones by distances between signs, and what is aimed at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from generators.planning._grid_questions import with_looks
from generators.planning._grid_show import GridParams, Ground, Stroll
from generators.planning._grid_ways import Cell, Ways, areas, plan_problem, routes, shortest_way
from generators.planning._maze_world import carved
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.schema import Condition, Effect, PlanProblem
from morse.seeding import Rng

SIGNS = ("star", "triangle", "cross", "moon", "ring", "diamond", "heart")
DRAWS, TRIES, SPREAD, MOMENTS = 60, 120, 5, 2
"""Mazes and places of signs tried, numbers that a count may take, and numbers of steps for which it is asked
what the walker has come by."""


class Params(GridParams):
    marks: int = ramp(5, per_level=0.25, most=7, least=4, limit=7, about="signs that stand in the maze")
    loops: int = ramp(1, per_level=0.6, most=8, limit=8, about="passages beyond those that the maze needs")
    steps: int = ramp(14, per_level=1.6, least=12, about="about how many signals the walker gets")


@dataclass(frozen=True)
class Targets:
    """The answers aimed at, and the numbers that each might as well be. ``saved``: steps fewer without one of the signs."""

    length: int
    steps: int
    saved: int
    every: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Round:
    """What happens. ``signs``: the first is where the tour begins; ``tour``: the others in the order of the shortest walk by all;
    ``left_out``: the sign without which the tour would be so many steps shorter; ``been``: which sign each signal brings the walker
    onto, if one."""

    params: Params
    targets: Targets
    ground: Ground
    signs: tuple[str, ...]
    tour: tuple[str, ...]
    left_out: str
    stroll: Stroll
    cells: tuple[Cell, ...]
    been: tuple[str | None, ...]


def aimed(params: Params, rng: Rng) -> Targets:
    """The answers aimed at, each evenly from its numbers."""
    near = round(0.5 * params.size * (params.marks - 1)) + 2 - SPREAD // 2  # about the mean of random places
    most = params.steps
    every = {
        "length": tuple(range(near, near + SPREAD)),
        "steps": tuple(range(most - SPREAD, most)),
        "saved": tuple(range(SPREAD)),
    }
    drawn = {what: rng.choice(numbers) for what, numbers in every.items()}
    return Targets(**drawn, every=every)


def between(ways: Ways, cells: Sequence[Cell]) -> dict[tuple[Cell, Cell], int]:
    """Steps between each two of some cells."""
    return {(a, b): found[b][0] for a in cells for found in [routes(ways, a)] for b in cells}


def shortest_tours(
    apart: Mapping[tuple[Cell, Cell], int], start: Cell, others: Sequence[Cell]
) -> tuple[int, list[tuple[Cell, ...]]]:
    """How long the shortest walk from a cell by all others is, and in which orders it may come by them."""
    lengths = {order: sum(apart[pair] for pair in pairwise((start, *order))) for order in permutations(others)}
    least = min(lengths.values())
    return least, [order for order, length in lengths.items() if length == least]


def rounded(params: Params, rng: Rng) -> Round:
    """A maze with signs whose shortest tour is as long as aimed at, and one alone; and a walker that comes by some of them."""
    steady = rng.steady("targets")
    columns, rows = params.size + steady.integer(0, 1), params.size
    targets = aimed(params, steady)
    for _ in range(DRAWS):
        ways = carved(columns, rows, params.loops, rng)
        if ways is None:
            continue
        land = max(areas(ways), key=len)
        for _ in range(TRIES if len(land) > 2 * params.marks else 0):
            cells = rng.sample(land, params.marks)
            apart = between(ways, cells)
            length, orders = shortest_tours(apart, cells[0], cells[1:])
            if length != targets.length or len(orders) > 1:
                continue
            shorter = {out: shortest_tours(apart, cells[0], [c for c in cells[1:] if c != out])[0] for out in cells[1:]}
            fitting = [cell for cell, steps in shorter.items() if length - steps == targets.saved]
            if not fitting:
                continue
            signs = tuple(rng.sample(SIGNS, params.marks))
            named = dict(zip(cells, signs, strict=True))
            values = {cell: " ".join(onward) or "closed" for cell, onward in ways.items()}
            ground = Ground(
                columns,
                rows,
                values,
                ways,
                {sign: cell for cell, sign in sorted(named.items(), key=lambda one: one[1])},
            )
            tour = tuple(named[cell] for cell in orders[0])
            return _walked(params, targets, ground, signs, tour, named[rng.choice(fitting)], land, rng)
    raise Rejected("no maze that fits the targets")


def _walked(
    params: Params,
    targets: Targets,
    ground: Ground,
    signs: tuple[str, ...],
    tour: tuple[str, ...],
    left_out: str,
    land: list[Cell],
    rng: Rng,
) -> Round:
    """A walk from sign to sign, in random order, with some steps astray."""
    names = {cell: sign for sign, cell in ground.marks.items()}
    at = start = rng.choice([cell for cell in land if cell not in names])
    made: list[str] = []
    while len(made) < targets.steps:
        goal = rng.choice([cell for cell in (*names, *rng.sample(land, 2)) if cell != at])
        way = shortest_way(ground.ways, at, goal, rng)[: targets.steps - len(made)]
        for step in way:
            at = ground.ways[at][step]
        made += way
    signals = with_looks(made, params.steps, rng)
    cells = [start]
    for signal in signals:
        cells.append(cells[-1] if signal.startswith("look") else ground.ways[cells[-1]][signal])
    been = tuple(None if s.startswith("look") else names.get(cell) for s, cell in zip(signals, cells[1:], strict=True))
    stroll = Stroll(start, signals, 0, ())
    return Round(params, targets, ground, signs, tour, left_out, stroll, tuple(cells), been)


def tour_problem(
    ways: Mapping[str, Mapping[str, str]], start: str, others: Sequence[str], plan: Sequence[str]
) -> PlanProblem:
    """The plan problem "from this cell by all those", over the names of cells."""
    whole = plan_problem(ways, start, start, plan)
    (move,) = whole.operators
    been = Effect(action="set", term="been(next(?way, at(walker)))", value=True)
    return whole.model_copy(
        update={
            "operators": (move.model_copy(update={"does": (been, *move.does)}),),
            "goal": tuple(Condition(term=f"been({cell})") for cell in sorted(others)),
        }
    )
