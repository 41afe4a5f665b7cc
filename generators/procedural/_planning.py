"""Procedures by search: a small planning language, and proofs about the order of what is shown of a procedure.

A domain is a list of grounded :class:`Action`; a state maps each object to its visible value. Procedures are not written
down: :func:`find_plan` searches for them, and :func:`count_orders` proves by enumeration how many orders of the shown
steps agree with what is seen before and after each.

Own search, not a planner library: what is wanted is not the shortest plan to a given goal but a random one of a given
length without a needless step, with states that can be drawn; that is a walk and an elimination, below.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import TypeVar

from morse.errors import Rejected
from morse.seeding import Rng

Value = str | int | tuple[str, ...]
State = Mapping[str, Value]
T = TypeVar("T")


def _always(_: State) -> bool:
    return True


@dataclass(frozen=True)
class Action:
    """One step: ``kind`` done to ``objects``.

    ``can``: without this the step cannot be done at all. ``should``: without this nobody would do it (a second ingredient
    on a full board); plans keep to both. ``does``: the new values of the objects that change, all of them visible.
    """

    kind: str
    objects: tuple[str, ...]
    can: Callable[[State], bool]
    does: Callable[[State], Mapping[str, Value]]
    should: Callable[[State], bool] = field(default=_always)

    def fits(self, state: State) -> bool:
        return self.can(state) and self.should(state)

    def after(self, state: State) -> State:
        return MappingProxyType({**state, **self.does(state)})


@dataclass(frozen=True)
class Sight:
    """What one clip shows: the values of the objects in view, before and after its step."""

    before: State
    after: State


def history(start: State, plan: Iterable[Action]) -> list[State]:
    """The state before each step, and the last one."""
    states = [start]
    for action in plan:
        states.append(action.after(states[-1]))
    return states


def find_plan(
    actions: Sequence[Action], start: State, steps: int, last: Sequence[str], rng: Rng, weights: Mapping[str, float]
) -> list[Action]:
    """A random plan of exactly ``steps`` steps, none of them needless, that ends with a step of a kind in ``last``.

    A random walk is cut down to the steps that its last step's result rests on; it is kept if that leaves the wanted
    number. Raises :class:`Rejected` if no walk does.
    """
    ending = last[0]
    by_kind: dict[str, list[Action]] = {}
    for action in actions:
        by_kind.setdefault(action.kind, []).append(action)
    for attempt in range(160):
        if attempt % 20 == 0:  # so that endings that few walks reach are as common as the others
            ending = rng.choice(last)
        states, walk = [start], list[Action]()
        for _ in range(2 * steps + 6):
            step = some_step(by_kind, states[-1], rng, weights)
            if step is None:
                break
            walk.append(step)
            states.append(step.after(states[-1]))
            if step.kind == ending and len(walk) >= steps:
                plan = without_needless(start, walk)
                if len(plan) == steps:
                    return plan
    raise Rejected("no plan of this length")


def some_step(
    by_kind: Mapping[str, Sequence[Action]], state: State, rng: Rng, weights: Mapping[str, float]
) -> Action | None:
    """A step that fits: of a kind drawn by weight among those that do, then any."""
    kinds = list(by_kind)
    while kinds:
        kind = rng.weighted(kinds, [weights[kind] for kind in kinds])
        fitting = [action for action in by_kind[kind] if action.fits(state)]
        if fitting:
            return rng.choice(fitting)
        kinds.remove(kind)
    return None


def without_needless(start: State, plan: Sequence[Action]) -> list[Action]:
    """The plan without the steps that its last step's result does not rest on (action elimination).

    Nakhost and Müller, "Action elimination and plan neighborhood graph search", ICAPS 2010.
    """
    goal = plan[-1].does(history(start, plan)[-2])
    kept = list(plan)
    i = len(kept) - 2
    while i >= 0:
        fewer = _possible(start, [*kept[:i], *kept[i + 1 :]], Action.fits)
        if fewer and fewer[-1] is kept[-1]:
            end = history(start, fewer)[-1]
            if all(end[name] == value for name, value in goal.items()):
                kept = fewer
        i = min(i, len(kept) - 1) - 1
    return kept


def _possible(start: State, plan: Sequence[Action], fits: Callable[[Action, State], bool]) -> list[Action]:
    """The steps that can be done when those that cannot are passed over."""
    state, done = start, list[Action]()
    for action in plan:
        if fits(action, state):
            state = action.after(state)
            done.append(action)
    return done


def blocked(start: State, plan: Sequence[Action], left_out: int, *, strictly: bool) -> list[int]:
    """Which later steps cannot be done if step ``left_out`` is not (counted in the plan).

    ``strictly``: also the steps that nobody would do then.
    """
    state, stopped = start, list[int]()
    for i, action in enumerate(plan):
        if i == left_out:
            continue
        if action.fits(state) if strictly else action.can(state):
            state = action.after(state)
        else:
            stopped.append(i)
    return stopped


def orders(sights: Sequence[Sight], known: State = MappingProxyType({})) -> Iterator[tuple[int, ...]]:
    """The orders of the clips that agree with all that is seen, by enumeration; ``known``: what is known before the first.

    An order agrees if each object in view has the value in which the clip that last showed it left it (a clip changes only
    what it shows).
    """

    def extend(done: tuple[int, ...], left: tuple[int, ...], known: State) -> Iterator[tuple[int, ...]]:
        if not left:
            yield done
        for i in left:
            if all(known.get(name, value) == value for name, value in sights[i].before.items()):
                yield from extend((*done, i), tuple(j for j in left if j != i), {**known, **sights[i].after})

    return extend((), tuple(range(len(sights))), known)


def count_orders(sights: Sequence[Sight], most: int = 2) -> int:
    """How many :func:`orders` there are; counting stops at ``most``."""
    return sum(1 for _ in islice(orders(sights), most))


def count_orders_with_gap(sights: Sequence[Sight], actions: Sequence[Action], most: int = 2) -> int:
    """How many orders agree if between two of the clips one step of the domain is not shown. Needs the whole state in view."""

    def extend(left: tuple[int, ...], state: State, gap_left: bool) -> int:
        if not left:
            return 0 if gap_left else 1
        found = _followers(left, state, gap_left)
        if gap_left:
            ways = [step.after(state) for step in actions if step.fits(state)]
            found += sum(_followers(left, way, False) for way in ways)
        return min(found, most)

    def _followers(left: tuple[int, ...], state: State, gap_left: bool) -> int:
        return sum(
            extend(tuple(j for j in left if j != i), sights[i].after, gap_left)
            for i in left
            if sights[i].before == state
        )

    every = tuple(range(len(sights)))
    return sum(extend(tuple(j for j in every if j != i), sights[i].after, True) for i in every)


def misfits(sights: Sequence[Sight]) -> list[int]:
    """The clips that can be left out so that the others have an order."""
    return [i for i in range(len(sights)) if count_orders([s for j, s in enumerate(sights) if j != i], most=1)]
