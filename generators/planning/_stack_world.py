"""Stacks of things that are moved from the top of one onto another: legal moves, shortest plans, and what is aimed at."""

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pydantic import JsonValue

from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.schema import Condition, Effect, Operator, PlanProblem
from morse.seeding import Rng

Stacks = tuple[tuple[str, ...], ...]
"""What stands where: a tuple a stack, its bottom first."""
Move = tuple[int, int]
"""From the top of one stack (a number) onto another."""
Rule = Callable[[Stacks, Move], bool]
"""Whether the thing on top of one stack may be put onto the other, given that there is one."""
SPREAD, TRIES, MOST_STATES, OPTIONS = 5, 120, 20_000, 4


class StackParams(TaskParams):
    """The knobs of every task with stacks."""

    moves: int = ramp(5, per_level=1.3, least=4, about="about how many moves the crane makes")
    feints: int = ramp(1, per_level=0.4, about="times that the crane goes to two stacks and does nothing, at least")
    goal: int = ramp(2, per_level=0.3, most=6, least=2, limit=7, about="fewest moves that the goal may need")
    shown: float = ramp(
        4.0, per_level=-0.1, most=3.0, least=2.0, limit=60, about="seconds for which stacks and goal are seen"
    )
    speed: float = ramp(1.0, per_level=0.03, most=1.25, least=0.25, limit=1.25, about="speed of the crane")


@dataclass(frozen=True)
class Yard:
    """What happens in a clip of this kind.

    ``acts``: moves, and pairs of stacks that the crane only visits (in the same time: a count of moves does not show in the
    length of the clip). ``asked``: the move after which a stack is asked for.
    ``first``: moves as options, the first one the only one that begins a shortest plan.
    """

    states: tuple[Stacks, ...]
    moves: tuple[Move, ...]
    acts: tuple[tuple[str, Move], ...]
    goal: Stacks
    plan: tuple[Move, ...]
    asked: int
    stack: int
    first: tuple[Move, ...]
    counts: tuple[int, ...]
    fewest: tuple[int, ...]
    names: tuple[str, ...]


def stack_name(number: int) -> str:
    """Stacks are called a, b, c … from left to right."""
    return chr(97 + number)


def moved(stacks: Stacks, move: Move) -> Stacks:
    """The stacks after a move."""
    start, end = move
    top = stacks[start][-1]
    return tuple(own[:-1] if i == start else (*own, top) if i == end else own for i, own in enumerate(stacks))


def moves_of(stacks: Stacks, rule: Rule) -> list[Move]:
    """All moves that can be made."""
    count = range(len(stacks))
    return [(i, j) for i in count if stacks[i] for j in count if i != j and rule(stacks, (i, j))]


def unsettled(stacks: Stacks, goal: Stacks) -> int:
    """How many things do not stand as the goal has them, or not on what does: each needs a move at least."""
    count = 0
    for own, wanted in zip(stacks, goal, strict=True):
        same = 0
        while same < min(len(own), len(wanted)) and own[same] == wanted[same]:
            same += 1
        count += len(own) - same
    return count


def shortest(stacks: Stacks, goal: Stacks, rule: Rule) -> list[Move]:
    """A shortest plan, by A* with :func:`unsettled`. Raises :class:`Rejected` where the search grows too large."""
    queue: list[tuple[int, int, int, Stacks]] = [(unsettled(stacks, goal), 0, 0, stacks)]
    came: dict[Stacks, tuple[int, Stacks, Move | None]] = {stacks: (0, stacks, None)}
    number = 0
    while queue:
        _, back, _, at = heapq.heappop(queue)
        if at == goal:
            plan: list[Move] = []
            while (move := came[at][2]) is not None:
                plan.append(move)
                at = came[at][1]
            return plan[::-1]
        if -back > came[at][0]:
            continue
        for move in moves_of(at, rule):
            after, steps = moved(at, move), 1 - back
            if after not in came or steps < came[after][0]:
                came[after] = (steps, at, move)
                number += 1
                heapq.heappush(queue, (steps + unsettled(after, goal), -steps, number, after))
        if len(came) > MOST_STATES:
            raise Rejected("too large a search")
    raise Rejected("no plan")


def rearranged(start: Stacks, names: Sequence[str], rule: Rule, params: StackParams, rng: Rng) -> Yard:
    """Random moves from ``start``, as many as aimed at, and a goal as far off as aimed at, to which one move alone is the first."""
    steady = rng.steady("targets")
    least = params.moves - SPREAD // 2
    counts, fewest = (
        tuple(range(max(2, least), max(2, least) + SPREAD)),
        tuple(range(params.goal, params.goal + SPREAD - 1)),
    )
    count, length = steady.choice(counts), steady.choice(fewest)
    states, moves = [start], list[Move]()
    for _ in range(count):
        free = [move for move in moves_of(states[-1], rule) if not moves or move[0] != moves[-1][1]]
        if not free:
            raise Rejected("no move left")
        moves.append(rng.choice(free))
        states.append(moved(states[-1], moves[-1]))
    end = states[-1]
    able = moves_of(end, rule)
    if len(able) < OPTIONS - 1:
        raise Rejected("too few moves to choose from")
    first = rng.choice(able)  # before the goal: so each move that can be made is the right one equally often
    for _ in range(TRIES):
        goal = wandered(moved(end, first), first[1], length - 1, rule, rng)
        if unsettled(end, goal) <= length and only_first(end, goal, first, length, rule):
            break
    else:
        raise Rejected("no goal so far away")
    others = rng.sample([move for move in able if move != first], min(len(able), OPTIONS) - 1)
    places = [(i, j) for i in range(len(start)) for j in range(len(start)) if i != j]
    visits = [("visit", rng.choice(places)) for _ in range(counts[-1] + params.feints - count)]
    made = iter([("move", move) for move in moves])
    order = rng.shuffled([None] * count + visits)
    acts = tuple(act or next(made) for act in order)
    asked = rng.integer(max(1, count - 2), count)
    full = [i for i, own in enumerate(states[asked]) if own]
    return Yard(
        tuple(states), tuple(moves), acts, goal, tuple(shortest(end, goal, rule)), asked, rng.choice(full), (first, *others),
        counts, fewest, tuple(names),
    )  # fmt: skip


def wandered(stacks: Stacks, last: int, steps: int, rule: Rule, rng: Rng) -> Stacks:
    """Where random moves lead, none of which moves on what the one before has moved (``last``: the stack that it went to)."""
    for _ in range(steps):
        free = [move for move in moves_of(stacks, rule) if move[0] != last]
        if not free:
            break
        move = rng.choice(free)
        stacks, last = moved(stacks, move), move[1]
    return stacks


def only_first(start: Stacks, goal: Stacks, first: Move, length: int, rule: Rule) -> bool:
    """Whether the goal is so many moves away, and every shortest plan begins with that move."""
    if len(shortest(start, goal, rule)) != length:
        return False
    others = (moved(start, move) for move in moves_of(start, rule) if move != first)
    return all(unsettled(after, goal) >= length or len(shortest(after, goal, rule)) >= length for after in others)


def values_of(stacks: Stacks, prefix: str = "") -> dict[str, JsonValue]:
    """Stacks as records keep them: name → what stands there, from bottom to top."""
    return {f"{prefix}{stack_name(i)}": " ".join(own) for i, own in enumerate(stacks)}


def plan_problem(
    values: Mapping[str, Sequence[str]], goal: Mapping[str, Sequence[str]], plan: Iterable[tuple[str, str]], sizes: bool
) -> PlanProblem:
    """The plan problem from stacks to stacks. ``sizes``: nothing may be put onto something smaller (names are numbers).

    ``head``: what is on top of a stack, its floor if it is empty; ``below``: what a thing stands on.
    """
    stacks = tuple(values)
    initial: dict[str, JsonValue] = {f"head({name})": (f"floor-{name}", *own)[-1] for name, own in values.items()}
    initial |= {f"below({thing})": under for thing, under in _stands(values)}
    needs = [
        Condition(term="below(head(?from))", test="is not empty"),
        Condition(term="?from", test="is not", value="?to"),
    ]
    if sizes:
        discs = sorted((disc for own in values.values() for disc in own), key=int)
        for disc in discs:
            under = [*(f"floor-{name}" for name in stacks), *(other for other in discs if int(other) > int(disc))]
            initial |= {f"fits({disc}, {thing})": True for thing in under}
        needs.append(Condition(term="fits(head(?from), head(?to))"))
    return PlanProblem(
        initial=initial,
        operators=(
            Operator(
                name="move",
                parameters={"?from": stacks, "?to": stacks},
                needs=tuple(needs),
                does=(
                    Effect(action="set", term="below(head(?from))", value="head(?to)"),
                    Effect(action="set", term="head(?to)", value="head(?from)"),
                    Effect(action="set", term="head(?from)", value="below(head(?from))"),
                ),
            ),
        ),
        goal=tuple(Condition(term=f"below({thing})", value=under) for thing, under in _stands(goal)),
        solution=tuple(f"move({a}, {b})" for a, b in plan),
    )


def _stands(values: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Each thing, by name, and what it stands on."""
    return sorted((thing, under) for name, own in values.items() for under, thing in pairwise((f"floor-{name}", *own)))
