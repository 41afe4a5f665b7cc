"""A hall with boxes as sets of bits: pushes and pulls, and how far every state is from solved, worked out backwards by pulls."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

from generators.planning._grid_ways import WAYS, Cell
from morse.schema import Condition, Effect, Operator, PlanProblem
from morse.seeding import Rng

State = tuple[int, int]
"""Where boxes are (a bit a cell), and the lowest bit of where the worker can walk to."""
Push = tuple[int, str]
"""A box, by its number, and the way it is pushed."""
Came = list[tuple[State, int, str]]
"""From which states and by which pushes one comes to a state."""


@dataclass(frozen=True)
class Hall:
    """Floor and goals, a bit a cell: row by row, with a column that is never floor at the end of each."""

    columns: int
    rows: int
    floor: int
    goals: int

    @property
    def stride(self) -> int:
        return self.columns + 1

    @cached_property
    def shifts(self) -> Mapping[str, int]:
        """By how many bits a step that way moves."""
        return {way: x + y * self.stride for way, (x, y) in WAYS.items()}

    def bit(self, cell: Cell) -> int:
        return 1 << (cell[1] * self.stride + cell[0])

    def cell(self, bit: int) -> Cell:
        y, x = divmod(bit.bit_length() - 1, self.stride)
        return x, y

    def region(self, seed: int, free: int) -> int:
        """All of ``free`` that can be walked to from ``seed``."""
        stride = self.stride
        while True:
            grown = (seed | seed << 1 | seed >> 1 | seed << stride | seed >> stride) & free
            if grown == seed:
                return seed
            seed = grown

    def state(self, boxes: int, worker: int) -> State:
        region = self.region(worker, self.floor & ~boxes)
        return boxes, region & -region

    def distances(self) -> dict[State, int]:
        """For each state that can be solved, the fewest pushes that solve it: pulls, breadth first, from all solved states."""
        free, rim = self.floor & ~self.goals, list[State]()
        while free:
            region = self.region(free & -free, free)
            rim.append((self.goals, region & -region))
            free &= ~region
        found = dict.fromkeys(rim, 0)
        steps = 0
        while rim:
            steps += 1
            wider: list[State] = []
            for boxes, low in rim:
                region = self.region(low, self.floor & ~boxes)
                for box, to, worker in pulls(self, boxes, region):
                    state = self.state(boxes ^ box ^ to, worker)
                    if state not in found:
                        found[state] = steps
                        wider.append(state)
            rim = wider
        return found


def bits(mask: int) -> Iterator[int]:
    """The single bits of a mask."""
    while mask:
        yield mask & -mask
        mask &= mask - 1


def shifted(bit: int, by: int) -> int:
    return bit << by if by >= 0 else bit >> -by


def pulls(hall: Hall, boxes: int, region: int) -> Iterator[tuple[int, int, int]]:
    """Pulls that can be made from within a region: the box, where it comes to be, and where the worker does."""
    free = hall.floor & ~boxes
    for box in bits(boxes):
        for by in hall.shifts.values():
            to = shifted(box, by)
            worker = shifted(to, by)
            if to & region and worker & free:
                yield box, to, worker


def pushes(hall: Hall, boxes: int, region: int) -> Iterator[tuple[int, str, int]]:
    """Pushes that can be made from within a region: the box, the way, and where it comes to be (the worker to where the box was)."""
    free = hall.floor & ~boxes
    for box in bits(boxes):
        for way, by in hall.shifts.items():
            to = shifted(box, by)
            if shifted(box, -by) & region and to & free:
                yield box, way, to


def far(hall: Hall, start: int, free: int) -> dict[int, int]:
    """Steps to every cell that can be walked to, by its bit."""
    found, rim, steps = {start: 0}, start, 0
    seen = start
    while rim:
        steps += 1
        stride = hall.stride
        rim = (rim << 1 | rim >> 1 | rim << stride | rim >> stride) & free & ~seen
        seen |= rim
        found |= dict.fromkeys(bits(rim), steps)
    return found


def walk(hall: Hall, start: int, goal: int, free: int, rng: Rng | None = None) -> list[str]:
    """A shortest walk; without ``rng`` always the same one."""
    steps, made, at = far(hall, goal, free), list[str](), start
    while at != goal:
        nearer = [way for way, by in hall.shifts.items() if steps.get(shifted(at, by), -1) == steps[at] - 1]
        made.append(rng.choice(nearer) if rng else nearer[0])
        at = shifted(at, hall.shifts[made[-1]])
    return made


def stepped(hall: Hall, boxes: Sequence[int], worker: int, way: str) -> tuple[tuple[int, ...], int, int | None]:
    """Boxes and worker after a step, and which box it pushed; a step against a wall, or a box that does not give way, changes nothing."""
    by = hall.shifts[way]
    to = shifted(worker, by)
    if not to & hall.floor:
        return tuple(boxes), worker, None
    if to not in boxes:
        return tuple(boxes), to, None
    beyond = shifted(to, by)
    if not beyond & hall.floor or beyond in boxes:
        return tuple(boxes), worker, None
    return tuple(beyond if box == to else box for box in boxes), to, list(boxes).index(to)


def pushed(hall: Hall, boxes: Sequence[int], worker: int, push: Push) -> tuple[tuple[int, ...], int] | None:
    """Boxes and worker after a push, for which the worker first walks to where it must stand; ``None`` if that cannot be."""
    number, way = push
    free = hall.floor & ~sum(boxes)
    if not shifted(boxes[number], -hall.shifts[way]) & hall.region(worker, free):
        return None
    after, at, moved = stepped(hall, boxes, shifted(boxes[number], -hall.shifts[way]), way)
    return None if moved is None else (after, at)


def solution(
    hall: Hall, known: Mapping[State, int], boxes: tuple[int, ...], worker: int
) -> tuple[list[Push], list[str]]:
    """A solution of the fewest pushes and, of those, the fewest steps: its pushes, and its steps, written ``move(up)``, ``push(left)``."""
    memo: dict[tuple[tuple[int, ...], int], tuple[int, list[Push], list[str]]] = {}

    def best(boxes: tuple[int, ...], worker: int) -> tuple[int, list[Push], list[str]]:
        if sum(boxes) == hall.goals:
            return 0, [], []
        if (boxes, worker) in memo:
            return memo[boxes, worker]
        free = hall.floor & ~sum(boxes)
        near = known[hall.state(sum(boxes), worker)] - 1
        found: tuple[int, list[Push], list[str]] | None = None
        for box, way, to in pushes(hall, sum(boxes), hall.region(worker, free)):
            if known.get(hall.state(sum(boxes) ^ box ^ to, box)) != near:
                continue
            number = boxes.index(box)
            after = tuple(to if other == box else other for other in boxes)
            steps, more, written = best(after, box)
            behind = shifted(box, -hall.shifts[way])
            lead = walk(hall, worker, behind, free)
            if found is None or steps + len(lead) + 1 < found[0]:
                made = [*(f"move({step})" for step in lead), f"push({way})"]
                found = (steps + len(made), [(number, way), *more], [*made, *written])
        assert found is not None, "a state that can be solved has a push that brings it nearer"
        memo[boxes, worker] = found
        return found

    _, made, written = best(boxes, worker)
    return made, written


def courses(hall: Hall, boxes: tuple[int, ...], worker: int, count: int, rng: Rng) -> Iterator[tuple[int, list[Push]]]:
    """Where boxes can be after ``count`` pushes and not after fewer, in random order, each with such pushes; goals come first."""
    layers: list[dict[State, Came]] = [{hall.state(sum(boxes), worker): []}]
    seen = set(layers[0])
    for _ in range(count):
        wider: dict[State, Came] = {}
        for state in layers[-1]:
            for box, way, to in pushes(hall, state[0], hall.region(state[1], hall.floor & ~state[0])):
                after = hall.state(state[0] ^ box ^ to, box)
                if after not in seen:
                    wider.setdefault(after, []).append((state, box, way))
        seen.update(wider)
        layers.append(wider)
    solved = [state for state in layers[-1] if state[0] == hall.goals]
    for end in rng.shuffled(solved)[:1] + rng.shuffled([state for state in layers[-1] if state[0] != hall.goals]):
        made, state = list[tuple[int, str]](), end
        for layer in reversed(layers[1:]):
            state, box, way = rng.choice(layer[state])
            made.append((box, way))
        places, said = list(boxes), list[Push]()
        for box, way in reversed(made):
            said.append((places.index(box), way))
            places[said[-1][0]] = shifted(box, hall.shifts[way])
        yield end[0], said


def plan_problem(
    onward: Mapping[str, Mapping[str, str]],
    goals: Iterable[str],
    boxes: Iterable[str],
    worker: str,
    plan: Sequence[str],
) -> PlanProblem:
    """The plan problem over the names of cells. ``onward``: for each cell of floor, the next ones."""
    initial: dict[str, JsonValue] = {"at(worker)": worker}
    for cell in sorted(onward):
        initial |= {f"next({way}, {cell})": to for way, to in sorted(onward[cell].items())}
    initial |= {f"holds({cell})": True for cell in sorted(boxes)}
    ahead, beyond = "next(?way, at(worker))", "next(?way, next(?way, at(worker)))"
    go = Effect(action="set", term="at(worker)", value=ahead)
    return PlanProblem(
        initial=initial,
        operators=(
            Operator(
                name="move",
                parameters={"?way": tuple(WAYS)},
                needs=(
                    Condition(term=ahead, test="is not empty"),
                    Condition(term=f"holds({ahead})", test="is empty"),
                ),
                does=(go,),
            ),
            Operator(
                name="push",
                parameters={"?way": tuple(WAYS)},
                needs=(
                    Condition(term=f"holds({ahead})", test="is not empty"),
                    Condition(term=beyond, test="is not empty"),
                    Condition(term=f"holds({beyond})", test="is empty"),
                ),
                does=(
                    Effect(action="set", term=f"holds({beyond})", value=True),
                    Effect(action="set", term=f"holds({ahead})", value=False),
                    go,
                ),
            ),
        ),
        goal=tuple(Condition(term=f"holds({cell})", test="is not empty") for cell in sorted(goals)),
        solution=tuple(plan),
    )
