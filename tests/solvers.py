"""Two solvers for every clip with a hidden state: ``python -m tests.solvers [TASK…] [--clips 1000]`` prints how often they agree.

What a task makes is told a second time in other code, from what the clip shows alone. Both must agree on the state after
each operation and on the answer to every question. A plan must reach its goal for the checker, which knows the problem as data; a
search of the second kind must find none that is shorter; and where the checker's own breadth-first search gets through
all states that are as near, nor must that.
"""

import argparse
import inspect
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass

from generators.latent_state._hidden_replay import Retold, Values, operation_of
from generators.latent_state._hidden_show import DECOYS
from harness.plans import check_plan, shortest_plan
from morse.pipeline import Item, agree, imagine, make_key
from morse.schema import Event, Plan, PlanProblem
from morse.task import registry

LEVELS = (1, 3, 6, 10)
MOST_STATES = 150
"""So far the checker's breadth-first search goes."""


@dataclass
class Agreed:
    """On how much two solvers agree."""

    clips: int = 0
    states: int = 0
    answers: int = 0
    plans: int = 0
    breadth_first: int = 0
    """Plans for which the checker's own search, too, finds none that is shorter."""

    def add(self, other: "Agreed") -> None:
        self.clips, self.states, self.answers, self.plans, self.breadth_first = (
            a + b for a, b in zip(astuple(self), astuple(other), strict=True)
        )


def tasks() -> list[str]:
    """All tasks with a hidden state."""
    return [name for name, task in registry().tasks.items() if task.category == "latent_state"]


def solved(name: str, level: int, index: int, most_states: int = MOST_STATES) -> Agreed:
    """Solve a clip twice. Raises :class:`AssertionError` or :class:`~morse.errors.Disagreement`, which name it, where two answers differ."""
    item = imagine(make_key(registry().task(name), level, "solvers", index))
    where = f"{name} level {level} index {index}"
    found = Agreed(clips=1, states=_states(item, where))
    for question in item.questions:
        found.answers += 1  # compared when the clip was made
        if isinstance(question.format, Plan):
            again = item.task.derived(question, item.layout.shown(question.asked_at))
            assert agree(question, again), f"{where}, {question.kind}: {question.truth!r}, but {again!r}"
            found.plans += 1
            found.breadth_first += _shortest(PlanProblem.model_validate(again), most_states, where)
    return found


def _shortest(problem: PlanProblem, most_states: int, where: str) -> bool:
    """Whether the checker's search gets so far as to confirm that no plan is shorter."""
    solution = list(problem.solution)
    assert check_plan(problem, solution).reached, f"{where}: {solution} does not reach the goal"
    assert not check_plan(problem, solution[:-1]).reached, f"{where}: {solution[:-1]} reaches the goal"
    try:
        other = shortest_plan(problem, most_states)
    except OverflowError:
        return False
    assert other is not None and len(other) == len(solution), f"{where}: {solution}, but {other}"
    return True


def _states(item: Item, where: str) -> int:
    """Tell the operations again from the state that is shown; every state on the way must be the recorded one."""
    shown, *recorded = item.layout.states
    events = [event for event in item.layout.events if event.kind not in (*DECOYS, "wiggle")]
    assert len(recorded) == len(events) + 1, f"{where}: {len(recorded)} states, {len(events)} operations"
    redo, undo = _telling(item)
    back = bool(events) and events[0].start < shown.start
    told = [shown.values]
    for event in reversed(events) if back else events:
        told.append((undo if back else redo)(told[-1], event))
    for number, (values, state) in enumerate(zip(told[::-1] if back else told, recorded, strict=True)):
        assert values == state.values, f"{where}: after operation {number} {state.values}, but {values}"
    return len(recorded)


def _telling(item: Item) -> tuple[Callable[[Values, Event], Values], Callable[[Values, Event], Values]]:
    """What an operation does to recorded values, and how it is undone."""
    retold = getattr(sys.modules[type(item.task).__module__], "Retold", None)
    if retold is None:  # cups, which are told cup by cup
        return _swapped, _swapped
    telling: Retold = retold(len(item.layout.states[0].values)) if inspect.signature(retold).parameters else retold()
    return (
        lambda values, event: telling.redo(values, operation_of(event)),
        lambda values, event: telling.undo(values, operation_of(event)),
    )


def _swapped(values: Values, event: Event) -> Values:
    """The coins of two places trade places."""
    one, other = event.objects
    to = {one: other, other: one}
    return {to.get(place, place): coin for place, coin in values.items()}


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tasks", nargs="*", metavar="TASK")
    parser.add_argument("--clips", type=int, default=1000, help="of each task, dealt to the levels 1, 3, 6 and 10")
    parser.add_argument("--states", type=int, default=MOST_STATES, help="that the breadth-first search may go through")
    given = parser.parse_args(arguments)
    for name in given.tasks or tasks():
        started, total = time.perf_counter(), Agreed()
        for i in range(given.clips):
            total.add(solved(name, LEVELS[i % len(LEVELS)], i // len(LEVELS), given.states))
        print(
            f"{name}: both solvers agree on {total.clips} clips: {total.states} states, {total.answers} answers, {total.plans} plans "
            f"({total.breadth_first} of them searched breadth-first too) in {time.perf_counter() - started:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
