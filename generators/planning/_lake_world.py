"""Lakes whose ice has so many holes and falls into so many areas, their ends, and walkers on them."""

from dataclasses import dataclass
from typing import Any

from generators.planning._grid_questions import with_looks
from generators.planning._grid_show import Ground, Stroll
from generators.planning._grid_ways import Cell, areas, routes, walk_between, walks, ways_between
from morse.errors import Rejected
from morse.seeding import Rng

SHARE, SPREAD, SWAPS = 0.3, 5, 400
"""Share of cells that are holes, how many numbers each count may take, and how often a hole is moved."""


@dataclass(frozen=True)
class Targets:
    """The answers aimed at, and the numbers that each might as well be."""

    holes: int
    areas: int
    length: int
    routes: int
    steps: int
    every: dict[str, tuple[int, ...]]


def aimed(columns: int, rows: int, most_areas: int, most_routes: int, steps: int, rng: Rng) -> Targets:
    """The answers aimed at, each evenly from its numbers."""
    few = round(SHARE * columns * rows) - SPREAD // 2
    near = (columns + rows) // 2 - 1
    least = max(3, steps - 2)
    every = {
        "holes": tuple(range(few, few + SPREAD)),
        "areas": tuple(range(1, most_areas + 1)),
        "length": tuple(range(near, near + SPREAD)),
        "routes": tuple(range(1, most_routes + 1)),
        "steps": tuple(range(least, least + SPREAD)),
    }
    drawn = {what: rng.choice(numbers) for what, numbers in every.items()}
    return Targets(**drawn, every=every)


def lake_of(board: list[Cell], targets: Targets, rng: Rng) -> dict[Cell, Any] | None:
    """Ice with so many holes that falls into so many areas: holes are moved for as long as that brings it no further from the aim."""
    holes = rng.sample(board, targets.holes)
    ice = [cell for cell in board if cell not in holes]
    ways = ways_between(ice)
    off = abs(len(areas(ways)) - targets.areas)
    for _ in range(SWAPS):
        if off == 0:
            return dict(ways)
        i, j = rng.integer(0, len(holes) - 1), rng.integer(0, len(ice) - 1)
        holes[i], ice[j] = ice[j], holes[i]
        after = ways_between(ice)
        now = abs(len(areas(after)) - targets.areas)
        if now <= off:
            ways, off = after, now
        else:
            holes[i], ice[j] = ice[j], holes[i]
    return None


def ends_of(ways: dict[Cell, Any], targets: Targets, rng: Rng) -> tuple[Cell, Cell] | None:
    """Two cells so far apart, with so many shortest ways between them."""
    for start in rng.shuffled(list(ways)):
        fitting = [cell for cell, found in routes(ways, start).items() if found == (targets.length, targets.routes)]
        if fitting:
            return start, rng.choice(fitting)
    return None


def strolled(ground: Ground, steps: int, signals: int, rng: Rng) -> Stroll:
    """A walk of so many steps over the ice that holds the hut, among so many signals.

    Where the walker may be when it is asked for is drawn first, the right cell among the others last: who has not followed it
    cannot tell them apart.
    """
    land = routes(ground.ways, ground.marks["hut"])
    start = rng.choice(list(land))
    asked = rng.integer(max(3, steps - 2), steps)
    ends = list(walks(ground.ways, start, asked)[asked])
    if len(ends) < 4:
        raise Rejected("too few cells where the walker may be")
    chosen = tuple(rng.sample(ends, 4))
    way = walk_between(ground.ways, start, chosen[0], asked, rng)
    at = chosen[0]
    for _ in range(steps - asked):
        step = rng.choice(list(ground.ways[at]))
        at = ground.ways[at][step]
        way.append(step)
    return Stroll(start, with_looks(way, signals, rng), asked, chosen)
