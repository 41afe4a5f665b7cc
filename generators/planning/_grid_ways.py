"""Ways over a grid of cells: distances, how many shortest ways there are, areas, walks, and plans as data."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from pydantic import JsonValue

from morse.errors import Rejected
from morse.schema import Condition, Effect, Operator, PlanProblem
from morse.seeding import Rng

Cell = tuple[int, int]
"""Column from the left and row from the top, both from 0."""
WAYS: dict[str, Cell] = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
Ways = Mapping[Cell, Mapping[str, Cell]]
"""Each cell that can be stood on, with the steps that can be made there and where they lead."""
BUDGET = 600


def named(cell: Cell) -> str:
    """A cell as the edges of the board name it: column letter and row number, ``c4``."""
    return f"{chr(97 + cell[0])}{cell[1] + 1}"


def cell_of(name: str) -> Cell:
    """The cell of a name."""
    return ord(name[0]) - 97, int(name[1:]) - 1


def beside(cell: Cell, way: str) -> Cell:
    """The next cell on that side, on the board or off it."""
    return cell[0] + WAYS[way][0], cell[1] + WAYS[way][1]


def ways_between(cells: Iterable[Cell], joined: Callable[[Cell, Cell], bool] = lambda _a, _b: True) -> Ways:
    """The steps between neighbouring cells, of those pairs that are ``joined``."""
    own = list(cells)
    known = frozenset(own)
    return {a: {way: b for way in WAYS if (b := beside(a, way)) in known and joined(a, b)} for a in own}


def routes(ways: Ways, start: Cell) -> dict[Cell, tuple[int, int]]:
    """For each cell that can be reached: the steps needed, and how many different shortest ways there are."""
    found = {start: (0, 1)}
    rim = [start]
    while rim:
        wider: list[Cell] = []
        for cell in rim:
            steps, count = found[cell]
            for after in ways[cell].values():
                if after not in found:
                    wider.append(after)
                    found[after] = (steps + 1, count)
                elif found[after][0] == steps + 1:
                    found[after] = (steps + 1, found[after][1] + count)
        rim = wider
    return found


def areas(ways: Ways) -> list[list[Cell]]:
    """The connected areas."""
    left, found = dict.fromkeys(ways), []
    while left:
        area = [*routes(ways, next(iter(left)))]
        found.append(area)
        for cell in area:
            del left[cell]
    return found


def shortest_way(ways: Ways, start: Cell, goal: Cell, rng: Rng) -> list[str]:
    """One of the shortest ways, each equally likely."""
    found, steps, at = routes(ways, goal), list[str](), start
    while at != goal:
        nearer = [way for way, after in ways[at].items() if found[after][0] == found[at][0] - 1]
        way = rng.weighted(nearer, [found[ways[at][way]][1] for way in nearer])
        steps.append(way)
        at = ways[at][way]
    return steps


def walks(ways: Ways, start: Cell, steps: int) -> list[dict[Cell, int]]:
    """For 0, 1, … ``steps`` steps: at which cells a walk can then be, and how many walks lead there."""
    layers = [{start: 1}]
    for _ in range(steps):
        after: dict[Cell, int] = {}
        for cell, count in layers[-1].items():
            for to in ways[cell].values():
                after[to] = after.get(to, 0) + count
        layers.append(after)
    return layers


def walk_between(ways: Ways, start: Cell, end: Cell, steps: int, rng: Rng) -> list[str]:
    """A walk of so many steps, each one equally likely. Steps lead both ways."""
    layers, at, made = walks(ways, end, steps), start, list[str]()
    for left in range(steps - 1, -1, -1):
        onward = [way for way, to in ways[at].items() if to in layers[left]]
        way = rng.weighted(onward, [layers[left][ways[at][way]] for way in onward])
        made.append(way)
        at = ways[at][way]
    return made


def wandering(ways: Ways, start: Cell, goal: Cell, steps: int, rng: Rng, direct: bool) -> list[str] | None:
    """A way of so many steps that comes to no cell twice (``direct``: nor beside one that it left earlier); ``None`` if none is found."""
    made: list[str] = []
    been = [start]
    tries = BUDGET

    def go() -> bool:
        nonlocal tries
        at, left = been[-1], steps - len(made)
        if at == goal:
            return left == 0
        tries -= 1
        for way in rng.shuffled(list(ways[at])) if tries > 0 else ():
            to = ways[at][way]
            far = abs(to[0] - goal[0]) + abs(to[1] - goal[1])
            if far > left - 1 or to in been:
                continue
            if direct and any(abs(to[0] - x) + abs(to[1] - y) == 1 for x, y in been[:-1]):
                continue
            made.append(way)
            been.append(to)
            if go():
                return True
            made.pop()
            been.pop()
        return False

    return [*made] if go() else None


def followed(ways: Ways, start: Cell, steps: Sequence[str]) -> Cell | None:
    """Where steps lead; ``None`` if one of them cannot be made."""
    at: Cell | None = start
    for way in steps:
        at = ways.get(at, {}).get(way) if at is not None else None
    return at


def plan_problem(ways: Mapping[str, Mapping[str, str]], start: str, goal: str, plan: Sequence[str]) -> PlanProblem:
    """The plan problem "from this cell to that", over the names of cells."""
    initial: dict[str, JsonValue] = {"at(walker)": start}
    for cell in sorted(ways):
        initial |= {f"next({way}, {cell})": to for way, to in sorted(ways[cell].items())}
    return PlanProblem(
        initial=initial,
        operators=(
            Operator(
                name="move",
                parameters={"?way": tuple(WAYS)},
                needs=(Condition(term="next(?way, at(walker))", test="is not empty"),),
                does=(Effect(action="set", term="at(walker)", value="next(?way, at(walker))"),),
            ),
        ),
        goal=(Condition(term="at(walker)", value=goal),),
        solution=tuple(f"move({way})" for way in plan),
    )


def by_name(ways: Ways) -> dict[str, dict[str, str]]:
    """Ways over the names of cells."""
    return {named(cell): {way: named(to) for way, to in onward.items()} for cell, onward in ways.items()}


def misled(ways: Ways, board: Ways, start: Cell, goal: Cell, least: int, count: int, rng: Rng) -> tuple[str, ...]:
    """A way to the goal that can be gone, and ``count`` others of the same length that would lead there on an open ``board``
    but cannot be gone. The right one comes first; ways are written ``up, left``.

    Raises :class:`Rejected` if there are too few.
    """
    near = routes(ways, start)[goal][0]
    steps = near + 2 * max(0, (least - near + 1) // 2)
    direct = steps == near
    right = wandering(ways, start, goal, steps, rng, direct)
    if right is None:
        raise Rejected("no way of that length")
    found = [", ".join(right)]
    for _ in range(12 * count):
        other = wandering(board, start, goal, steps, rng, direct)
        if other is not None and followed(ways, start, other) is None and ", ".join(other) not in found:
            found.append(", ".join(other))
        if len(found) > count:
            return tuple(found)
    raise Rejected("too few ways that mislead")
