"""Mazes in two areas, two cells of them that fit what is aimed at, and walkers that run against their walls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generators.planning._grid_questions import with_looks
from generators.planning._grid_show import Ground, Stroll
from generators.planning._grid_ways import WAYS, Cell, beside, routes, ways_between
from morse.errors import Rejected
from morse.seeding import Rng

SPREAD, TRIES, LEAST_CUT = 5, 60, 0.15
"""How many numbers each count may take, other ends tried, and the least share of cells that is cut off."""


@dataclass(frozen=True)
class Targets:
    """The answers aimed at, and the numbers that each might as well be."""

    length: int
    gaps: int
    bumps: int
    first: str
    reachable: bool
    every: dict[str, tuple[int, ...]]


def aimed(steps: int, columns: int, rows: int, rng: Rng) -> Targets:
    """The answers aimed at, each evenly from its numbers."""
    near, fewest = (columns + rows) // 2, max(1, (steps) // 3 - 1)
    every = {
        "length": tuple(range(near, near + SPREAD)),
        "gaps": tuple(range(1, SPREAD + 1)),
        "bumps": tuple(range(fewest, fewest + SPREAD)),
    }
    drawn = {what: rng.choice(numbers) for what, numbers in every.items()}
    return Targets(**drawn, first=rng.choice(list(WAYS)), reachable=rng.chance(0.5), every=every)


def carved(columns: int, rows: int, loops: int, rng: Rng) -> dict[Cell, Any] | None:
    """A maze in two areas that are not joined: a random tree, one passage shut, and some more opened in each area."""
    cells = [(x, y) for y in range(rows) for x in range(columns)]
    start = rng.choice(cells)
    joined: dict[tuple[Cell, Cell], None] = {}
    reached, rim = {start}, [start]
    bushy = rng.uniform(0.1, 0.5)
    while rim:  # growing-tree: mostly on from the newest cell, now and then from any
        at = rng.choice(rim) if rng.chance(bushy) else rim[-1]
        fresh = [cell for way in WAYS if (cell := beside(at, way)) not in reached and _inside(cell, columns, rows)]
        if not fresh:
            rim.remove(at)
            continue
        to = rng.choice(fresh)
        reached.add(to)
        rim.append(to)
        joined[at, to] = None
    shut = rng.choice(list(joined))
    del joined[shut]
    ways = _ways(cells, joined)
    area = dict.fromkeys(routes(ways, shut[0]))
    if not LEAST_CUT <= len(area) / len(cells) <= 1 - LEAST_CUT:
        return None
    walls = [
        (a, b)
        for a in cells
        for way in ("right", "down")
        if (b := beside(a, way)) in reached and b not in ways[a].values()
    ]
    within = [(a, b) for a, b in walls if (a in area) == (b in area)]
    for pair in rng.sample(within, min(loops, len(within))):
        joined[pair] = None
    return _ways(cells, joined)


def _inside(cell: Cell, columns: int, rows: int) -> bool:
    return 0 <= cell[0] < columns and 0 <= cell[1] < rows


def _ways(cells: list[Cell], joined: Mapping[tuple[Cell, Cell], None]) -> dict[Cell, Any]:
    return dict(ways_between(cells, lambda a, b: (a, b) in joined or (b, a) in joined))


def ends_of(ways: dict[Cell, Any], land: list[Cell], targets: Targets, rng: Rng) -> tuple[Cell, Cell] | None:
    """Two cells so far apart; all shortest ways from the second to the first begin with the same move, the one aimed at."""
    for start in rng.shuffled(land):
        far = {cell: steps for cell, (steps, _) in routes(ways, start).items()}
        fitting = [
            cell
            for cell, steps in far.items()
            if steps == targets.length and [way for way, to in ways[cell].items() if far[to] < steps] == [targets.first]
        ]
        if fitting:
            return start, rng.choice(fitting)
    return None


def strolled(ground: Ground, steps: int, bumps: int, rng: Rng) -> Stroll:
    """Steps of which so many run against a wall, with looks between them.

    Where the walker might as well have ended: where it would be, had as many others of its steps been stopped.
    """
    at = start = rng.choice(list(ground.ways))
    stopped = rng.sample(range(steps), bumps)
    made: list[str] = []
    for number in range(steps):
        gaps = [way for way in WAYS if f"gap-{way}" in ground.values[at]]
        free = [way for way in WAYS if (way in ground.ways[at]) == (number not in stopped) and way not in gaps]
        if not free:
            raise Rejected("no wall to run against, or no way on")
        made.append(rng.choice(free))
        at = ground.ways[at].get(made[-1], at)
    ends = [at]
    for _ in range(TRIES):
        others = rng.sample(range(steps), bumps)
        cells = [start]
        for number, way in enumerate(made):
            cells.append(cells[-1] if number in others else beside(cells[-1], way))
        if all(_inside(cell, ground.columns, ground.rows) for cell in cells) and cells[-1] not in ends:
            ends.append(cells[-1])
    if len(ends) < 4:
        raise Rejected("too few cells where the walker may end")
    return Stroll(start, with_looks(made, steps + 2, rng), steps, tuple(ends[:4]))
