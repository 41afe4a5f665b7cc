"""Discrete hidden states: what a task says of its own, and walks through its states that fit the answers aimed at.

A task of this family shows a state once (at the start or at the end of the clip) and covers it; operations on it are seen all the
while. A task writes

- ``Params(HiddenParams)``: the size of its state;
- ``Rules(HiddenRules)``: states, operations, how an operation changes a state and how it is undone, facts and words, used to make
  the clip;
- ``Retold``: the same world told again in other code, over recorded values (:class:`~generators.latent_state._hidden_replay.Retold`,
  used by ``rederive`` alone);
- how it is laid out (:class:`~generators.latent_state._hidden_show.Showing`) and drawn;
- a template with the blocks of :data:`~generators.latent_state._hidden_questions.KINDS`.

Its methods are then one call each: ``simulate`` is :func:`lived`, ``ask`` is
:func:`~generators.latent_state._hidden_questions.asked`, ``rederive`` is :func:`~generators.latent_state._hidden_replay.retold`.

**Why nothing gives an answer away.** Counts that are asked for are drawn first, from a stream that rejection does not change, and
walks are drawn until one fits. Options of the other questions are what the answer would be had other operations been drawn from the
state that the clip shows (:func:`others`): who has seen only that state cannot tell the key from them.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Generic, NamedTuple, Self, TypeVar

from pydantic import JsonValue

from morse.difficulty import TaskParams, ramp
from morse.errors import BadInput, Rejected
from morse.schema import AnswerFormat, PlanProblem
from morse.seeding import Key, Rng

S = TypeVar("S", bound=Hashable)
TRIES, SURVEYED, ROUNDS, MOST_UNEVEN = 600, 400, 200, 0.005
MOST_COUNTS, LEAST_SHARE = 4, 0.04
"""How many different counts are aimed at, and how common each must be among free walks."""


class Operation(NamedTuple):
    """An operation as events, plans and claims write it: ``move(a, c)``."""

    kind: str
    objects: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(self.objects)})"

    @classmethod
    def read(cls, text: str) -> Self:
        """The operation that was written so."""
        kind, _, rest = text.partition("(")
        return cls(kind, tuple(part for part in rest.removesuffix(")").split(", ") if part))


class HiddenParams(TaskParams):
    """The knobs that every task of this family has; the size of its state comes on top."""

    operations: int = ramp(5, per_level=1.8, least=4, about="operations in the clip")
    decoys: int = ramp(1, per_level=0.7, about="movements that change nothing")
    cloths: int = ramp(0, per_level=0.25, most=3, about="cloths drawn over the scene between operations")
    shown: int = ramp(0, limit=2, about="when the state is shown: 1 at the start, 2 at the end, 0 drawn per clip")
    reveal: float = ramp(4.0, per_level=-0.1, most=3.0, least=2.0, limit=60, about="seconds for which it is shown")
    speed: float = ramp(1.0, per_level=0.03, most=1.2, least=0.25, limit=4, about="speed of the operations")
    gap: float = ramp(1.0, per_level=-0.04, most=0.6, least=0.5, limit=10, about="mean seconds between movements")
    ahead: int = ramp(3, per_level=0.25, most=5, least=3, limit=8, about="further operations supposed in questions")
    plan: int = ramp(2, per_level=0.25, most=4, least=1, limit=6, about="least operations that a plan needs")


class HiddenRules(ABC, Generic[S]):
    """What a task says of its world; each task has a frozen dataclass ``Rules`` of its own, so that :func:`targets_of` can remember it.

    ``numbered``: an operation that occurs once may be asked for by its number (no, where a single frame tells it). ``syntax``: an
    operation of a plan, as an example.
    """

    numbered: ClassVar[bool]
    syntax: ClassVar[str]

    @abstractmethod
    def any_state(self, rng: Rng) -> S:
        """A state to be shown."""

    @abstractmethod
    def any_operation(self, state: S, last: Operation | None, rng: Rng, back: bool) -> Operation:
        """An operation that can follow ``state`` (``back``: that can have led to it), the one before (after) being ``last``.

        Raises :class:`Rejected` if there is none.
        """

    def supposed(self, state: S, others: Sequence[S], last: Operation | None, rng: Rng) -> Operation:
        """An operation to be supposed in ``state``, which might as well be one of ``others``.

        Where some states are likelier than others to have an operation drawn that is possible in all of them, it must be drawn from
        any of them: else it would tell which is the clip's own.
        """
        return self.any_operation(state, last, rng, False)

    @abstractmethod
    def after(self, state: S, operation: Operation) -> S | None:
        """The state that an operation leads to; ``None`` if it cannot be done."""

    @abstractmethod
    def before(self, state: S, operation: Operation) -> S | None:
        """The state from which an operation led to this one; ``None`` if it cannot have."""

    @abstractmethod
    def values(self, state: S) -> dict[str, JsonValue]:
        """The state as records keep it, in one declared order."""

    @abstractmethod
    def facts(self, state: S) -> Mapping[str, str]:
        """What can be asked of a state: place → what is there. Where there is nothing to be asked, the place is missing."""

    @abstractmethod
    def words(self, operation: Operation) -> str:
        """An operation in words, as an option or a supposition names it."""

    @abstractmethod
    def tallies(self) -> Mapping[str, Callable[[Operation], bool]]:
        """Kinds of operations to be counted: words → which they are.

        They must be alike: nothing that a single frame shows (heights of piles, where a gap is) may tell which is larger.
        """

    @abstractmethod
    def changed(self, one: S, other: S) -> int:
        """In how many places two states differ."""

    def aims(self, changes: tuple[int, ...]) -> tuple[int, ...]:
        """Which of the likely numbers of changed places are aimed at: all, unless that told what tends to change."""
        return changes

    @abstractmethod
    def whole(self, state: S, rng: Rng) -> tuple[dict[str, JsonValue], AnswerFormat, JsonValue]:
        """The whole state, or all that a large part of it holds, as an answer; with the slots that name the part."""

    @abstractmethod
    def plan(self, state: S, steps: int, rng: Rng) -> tuple[dict[str, JsonValue], PlanProblem]:
        """A goal that needs ``steps`` operations from ``state``: slots that word it, and its checker with a shortest plan.

        What a covered state shows must not tell the plan. Raises :class:`Rejected` if no such goal is found.
        """


@dataclass(frozen=True)
class Walk(Generic[S]):
    """Operations in the order of the clip, and the states before, between and after them (one more)."""

    operations: tuple[Operation, ...]
    states: tuple[S, ...]


@dataclass(frozen=True)
class Life(Generic[S]):
    """What happens in a clip. ``back``: the state is shown at the end.

    ``tally``: the kind of operation that occurs as often as was aimed at; ``number``: of the operation that occurs once;
    ``changed``: how many places change. ``acts``: operations and the names of what distracts, in the order in which they are shown.
    """

    params: HiddenParams
    rules: HiddenRules[S]
    back: bool
    walk: Walk[S]
    tally: str
    number: int
    targets: "Targets"
    changed: int
    acts: tuple[Operation | str, ...]

    @property
    def seen(self) -> S:
        """The state that the clip shows."""
        return self.walk.states[-1 if self.back else 0]

    @property
    def far(self) -> S:
        """The state at the other end of the clip."""
        return self.walk.states[0 if self.back else -1]


def lived(rules: HiddenRules[S], params: HiddenParams, rng: Rng, idle: tuple[str, ...]) -> Life[S]:
    """Operations that fit the answers aimed at, mixed with what distracts (``idle``: the names of a task's decoys).

    Raises :class:`Rejected` if no walk is found.
    """
    targets = targets_of(rules, params.operations)
    steady = rng.steady("targets")
    back = steady.chance(0.5) if params.shown == 0 else params.shown == 2
    (count, changed), number = targets.drawn(steady), steady.integer(1, params.operations)
    tallies = rules.tallies()
    for _ in range(TRIES):
        walk = walked(rules, rules.any_state(rng), params.operations, back, rng, number if rules.numbered else 0)
        if walk is None or rules.changed(walk.states[0], walk.states[-1]) != changed:
            continue
        fitting = [name for name, holds in tallies.items() if sum(map(holds, walk.operations)) == count]
        if fitting:
            break
    else:
        raise Rejected("no operations that fit the targets")
    queue = iter(walk.operations)
    order = ["cloth"] * params.cloths + [rng.choice(idle) for _ in range(params.decoys)] + [""] * params.operations
    acts = tuple(act or next(queue) for act in rng.shuffled(order))
    return Life(params, rules, back, walk, rng.choice(fitting), number, targets, changed, acts)


def others(life: Life[S], most: int, rng: Rng) -> list[Walk[S]]:
    """Walks from the state that the clip shows that might as well have been its own: as often with so many changed places."""
    rules, targets, found = life.rules, life.targets, list[Walk[S]]()
    keeps = dict(zip(targets.changes, targets.keeps, strict=True))
    for _ in range(20 * most):
        walk = walked(rules, life.seen, len(life.walk.operations), life.back, rng)
        if walk is not None and rng.chance(keeps.get(rules.changed(walk.states[0], walk.states[-1]), 0.0)):
            found.append(walk)
        if len(found) == most:
            break
    return found


def walked(rules: HiddenRules[S], seen: S, steps: int, back: bool, rng: Rng, once: int = 0) -> Walk[S] | None:
    """A random walk from the state that is shown. ``once``: the number of an operation that occurs only there (0: none).

    ``None`` if that operation comes up again and again.
    """
    at = (steps - once if back else once - 1) if once else -1
    step, last, single = rules.before if back else rules.after, None, None
    states, operations = [seen], list[Operation]()
    for i in range(steps):
        for _ in range(12):
            operation = rules.any_operation(states[-1], last, rng, back)
            if operation != single and not (i == at and operation in operations):
                break
        else:
            return None
        single = operation if i == at else single
        state = step(states[-1], operation)
        if state is None:
            raise ValueError(f"{operation} cannot be done, but was drawn")
        states.append(state)
        operations.append(operation)
        last = operation
    order = -1 if back else 1
    return Walk(tuple(operations[::order]), tuple(states[::order]))


@dataclass(frozen=True)
class Targets:
    """How often an operation of a tallied kind occurs (``counts``), and how many places change (``changes``).

    ``shares[i][j]``: how often the two are aimed at together, so that each count alone is aimed at equally often. ``keeps[j]``: the
    probability with which to keep a free walk that changes so many places, so that kept walks aim at them as the clips do.
    """

    counts: tuple[int, ...]
    changes: tuple[int, ...]
    shares: tuple[tuple[float, ...], ...]
    keeps: tuple[float, ...]

    def drawn(self, rng: Rng) -> tuple[int, int]:
        """A count and a number of changes."""
        pairs = [(count, changed) for count in self.counts for changed in self.changes]
        return rng.weighted(pairs, [share for row in self.shares for share in row])


@lru_cache(maxsize=64)
def targets_of(rules: HiddenRules[S], operations: int) -> Targets:
    """The counts that free walks often have, at most four neighbouring ones of each, from a survey that is the same for everyone.

    Not every pair occurs (few moves cannot displace many tiles in one row): the surveyed table is fitted to even margins
    by iterative proportional fitting (Deming and Stephan 1940).
    """
    rng = Key("survey", 1, 0, "", "survey", 0).stream("survey")
    pairs: Counter[tuple[int, int]] = Counter()
    for i in range(SURVEYED):
        walk = walked(rules, rules.any_state(rng), operations, i % 2 == 0, rng)
        assert walk is not None
        changed = rules.changed(walk.states[0], walk.states[-1])
        pairs.update((sum(map(holds, walk.operations)), changed) for holds in rules.tallies().values())
    counts, changes = (_common([pair[side] for pair in pairs.elements()]) for side in (0, 1))
    changes = rules.aims(changes)
    table = [[float(pairs[count, changed]) for changed in changes] for count in counts]
    for _ in range(ROUNDS):
        table = [_scaled(row, len(changes)) for row in table]
        table = [
            list(row) for row in zip(*(_scaled(row, len(counts)) for row in zip(*table, strict=True)), strict=True)
        ]
    uneven = max(abs(sum(row) / len(changes) - 1) for row in table)
    if uneven > MOST_UNEVEN:
        raise BadInput(
            f"operations={operations} do not let the counts that are asked for come out evenly: set more of them"
        )
    free = Counter(changed for _, changed in pairs.elements())
    keeps = tuple(min(free[changed] for changed in changes) / free[changed] for changed in changes)
    return Targets(counts, changes, tuple(tuple(row) for row in table), keeps)


def _scaled(row: Sequence[float], total: float) -> list[float]:
    now = sum(row)
    return [value * total / now for value in row] if now else [*row]


def _common(found: Sequence[int]) -> tuple[int, ...]:
    """The commonest run of at most four counts, leaving out the rare ones."""
    times = Counter(found)
    least = min(LEAST_SHARE * len(found), max(times.values()))  # in long clips no count is common
    kept = sorted(value for value, count in times.items() if count >= least)
    starts = range(max(1, len(kept) - MOST_COUNTS + 1))
    best = max(starts, key=lambda start: sum(times[value] for value in kept[start : start + MOST_COUNTS]))
    return tuple(kept[best : best + MOST_COUNTS])
