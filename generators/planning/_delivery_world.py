"""Towns of stops and roads, costs for which a chosen route is the cheapest, and the changes that lead to them."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from morse.errors import Rejected
from morse.seeding import Rng

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
LEAST, MOST = 1, 9
"""What a road may cost."""
SPREAD, SURVEYS, REPAIRS, TRIES, OPTIONS = 5, 60, 60, 60, 4
Road = tuple[str, str]
"""The two stops that it joins, in the order of the alphabet."""
Route = tuple[str, ...]


@dataclass(frozen=True)
class Town:
    """Stops at their places (column and row of a grid, counted from its middle), and roads."""

    places: Mapping[str, tuple[float, float]]
    roads: tuple[Road, ...]

    def beside(self, stop: str) -> list[str]:
        return [b if a == stop else a for a, b in self.roads if stop in (a, b)]


@dataclass(frozen=True)
class Change:
    """What a road costs from now on; the same as before, if it only flashes."""

    road: Road
    cost: int
    flash: bool


def town_of(columns: int, rows: int, rng: Rng) -> Town:
    """A grid of stops, with roads to the next ones and one slanting road at most in each square; some are left out."""
    names = rng.sample(LETTERS, columns * rows)
    grid = {(x, y): names[y * columns + x] for y in range(rows) for x in range(columns)}
    pairs: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for x, y in grid:
        pairs += [((x, y), to) for to in ((x + 1, y), (x, y + 1)) if to in grid]
        if (x + 1, y + 1) in grid and rng.chance(0.6):
            pairs.append(((x, y), (x + 1, y + 1)) if rng.chance(0.5) else ((x + 1, y), (x, y + 1)))
    kept = pairs
    for pair in rng.sample(pairs, len(pairs) // 6):
        left = [other for other in kept if other != pair]
        if all(sum(cell in other for other in left) >= 2 for cell in pair):
            kept = left
    places = {name: (x - (columns - 1) / 2, (rows - 1) / 2 - y) for (x, y), name in grid.items()}
    shaken = {name: (x + rng.uniform(-0.13, 0.13), y + rng.uniform(-0.1, 0.1)) for name, (x, y) in places.items()}
    return Town({name: shaken[name] for name in sorted(shaken)}, tuple(sorted(road(grid[a], grid[b]) for a, b in kept)))


def road(one: str, other: str) -> Road:
    """The road between two stops."""
    return (one, other) if one < other else (other, one)


def cheapest(town: Town, costs: Mapping[Road, int], start: str, goal: str) -> tuple[int, Route, bool]:
    """Cost and stops of the cheapest route (Dijkstra 1959), and whether no other is as cheap."""
    queue: list[tuple[int, Route]] = [(0, (start,))]
    done: dict[str, int] = {}
    found: list[tuple[int, Route]] = []
    times: dict[str, int] = {}
    while queue:
        cost, route = heapq.heappop(queue)
        at = route[-1]
        if found and cost > found[0][0]:
            break
        times[at] = times.get(at, 0) + 1
        if times[at] > 2 or cost > done.setdefault(at, cost):
            continue  # two ways of one cost to a stop are enough to know that the route is not the only one
        if at == goal:
            found.append((cost, route))
            continue
        for to in town.beside(at):
            if to not in route:
                heapq.heappush(queue, (cost + costs[road(at, to)], (*route, to)))
    if not found:
        raise Rejected("a stop out of reach")
    return found[0][0], found[0][1], len(found) == 1


def roads_of(route: Sequence[str]) -> list[Road]:
    """The roads of a route."""
    return [road(a, b) for a, b in pairwise(route)]


def costs_for(town: Town, route: Route, cost: int, rng: Rng) -> dict[Road, int] | None:
    """Costs for which a route is the only cheapest one and costs so much; ``None`` if none are found.

    Other roads start from any cost, and one on every route that is as cheap is made dearer until there is none.
    """
    own = roads_of(route)
    shares = dict.fromkeys(own, LEAST)
    for _ in range(cost - len(own) * LEAST):
        open_roads = [one for one in own if shares[one] < MOST]
        if not open_roads:
            return None
        shares[rng.choice(open_roads)] += 1
    costs = {one: shares.get(one, rng.integer(LEAST, MOST)) for one in town.roads}
    for _ in range(REPAIRS):
        total, found, alone = cheapest(town, costs, route[0], route[-1])
        if found == route and alone:
            return costs
        if found == route:
            costs = {one: value if one in shares else min(MOST, value + 1) for one, value in costs.items()}
            continue
        low = [one for one in roads_of(found) if one not in shares and costs[one] < MOST]
        if not low:
            return None
        dearer = rng.choice(low)
        costs[dearer] = min(MOST, costs[dearer] + 1 + max(0, cost - total))
    return None


def routes_for(town: Town, start: str, goal: str, cost: int, rng: Rng) -> list[Route]:
    """Four routes, each of which is the only cheapest one for some costs, at the cost aimed at. Raises :class:`Rejected`."""
    found: list[Route] = []
    for _ in range(SURVEYS):
        costs = {one: 1 + int(20 * rng.unit() ** 2) for one in town.roads}  # far apart, so that roundabout ways come up
        _, route, _ = cheapest(town, costs, start, goal)
        if route not in found and LEAST * len(route) <= cost and costs_for(town, route, cost, rng) is not None:
            found.append(route)
        if len(found) == OPTIONS:
            return found
    raise Rejected("too few routes")


def changed(costs: Mapping[Road, int], changes: Sequence[Change]) -> dict[Road, int]:
    """Costs after some changes."""
    return {**costs, **{change.road: change.cost for change in changes}}


def history(
    last: Mapping[Road, int], count: int, total: int, value: int, final: Sequence[Road], rng: Rng
) -> tuple[dict[Road, int], list[Change], int]:
    """Costs at first, ``total`` changes and flashes that end at the costs ``last``, ``count`` of them changes, and the number of
    one (from 0) that gives its road ``value``, to be changed once more later. The last change is of one of the roads ``final``.

    Made backwards: before a change its road costs anything else.
    """
    kinds = rng.shuffled([False] * count + [True] * (total - count))
    real = [i for i, flash in enumerate(kinds) if not flash]
    early, late = sorted(rng.sample(real, 2))
    able = [one for one in (final if late == real[-1] else last) if last[one] != value]
    if not able:
        raise Rejected("no road to be asked for")
    twice = rng.choice(able)
    now, made, roads = dict(last), list[Change](), list(last)
    for i in range(total - 1, -1, -1):
        others = [other for other in (final if i == real[-1] else roads) if other != twice]
        if not others:
            raise Rejected("no road for the last change")
        one = twice if i in (early, late) else rng.choice(others)
        made.append(Change(one, now[one], kinds[i]))
        if not kinds[i]:
            costs = [cost for cost in range(LEAST, MOST + 1) if cost != now[one]]
            now[one] = value if i == late else rng.choice(costs)
    return now, made[::-1], early
