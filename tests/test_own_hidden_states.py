"""The dial lock, the stack machine, the pointer walk and the conveyor: steps worked out by hand, and plans by a third search."""

from collections.abc import Callable
from typing import Any

import pytest

from generators.latent_state import conveyor, dial_lock, pointer_walk, stack_machine
from generators.latent_state._hidden_state import Operation
from harness.plans import check_plan, shortest_plan
from morse.errors import BadInput
from morse.pipeline import imagine, make_key
from morse.schema import Plan, PlanProblem
from morse.task import registry

LOCK = dial_lock.Lock((9, 0, 5), ((1, 1, -1), (0, 1, 1), (0, -1, 1)))
MACHINE = pointer_walk.Machine((0, 2), ((1, 2, 3, 4, 0), (2, 3, 4, 0, 1)))
STACKS = (("H", "J", "K"), (), ("L",))
QUEUES = (("H", "J", "K"), (), ("L",))
BY_HAND: list[tuple[Any, Callable[[], Any], Any, list[str], dict[str, str]]] = [
    (
        dial_lock.Rules(3, 1),
        dial_lock.Retold,
        LOCK,
        # a: 9 → 1, b: 0 → 2, c: 5 → 3; then c down by one to 2, b up by one to 3
        ["turn(a, +2)", "turn(c, -1)"],
        {"a": "1", "b": "3", "c": "2"},
    ),
    (
        stack_machine.Rules(2, 4, 3),
        stack_machine.Retold,
        STACKS,
        # K to the tray, J and H trade places, K onto b, L onto b
        ["pop(a)", "swap(a)", "push(b)", "push(b)"],
        {"a": "J H", "b": "K L", "tray": "empty"},
    ),
    (
        pointer_walk.Rules(5, 2, 2),
        pointer_walk.Retold,
        MACHINE,
        # x leads one node on, y two: star A → B → D, moon C → D
        ["press(star, x)", "press(moon, x)", "press(star, y)"],
        {"star": "D", "moon": "D"},
    ),
    (
        conveyor.Rules(2, 4, 3),
        conveyor.Retold,
        QUEUES,
        # H behind L, L to b, J behind H, H to b
        ["merge(a)", "split(b)", "merge(a)", "split(b)"],
        {"a": "K", "b": "L H", "belt": "J"},
    ),
]
NAMES = ("dial_lock", "stack_machine", "pointer_walk", "conveyor")


@pytest.mark.parametrize(("rules", "retold", "state", "operations", "wanted"), BY_HAND, ids=NAMES)
def test_both_tellings_do_what_a_person_would(
    rules: Any, retold: Callable[[], Any], state: Any, operations: list[str], wanted: dict[str, str]
) -> None:
    done, values = state, rules.values(state)
    for text in operations:
        operation = Operation.read(text)
        done, values = rules.after(done, operation), retold().redo(values, operation)
    assert wanted.items() <= rules.values(done).items()
    assert wanted.items() <= values.items()
    for text in reversed(operations):
        operation = Operation.read(text)
        done, values = rules.before(done, operation), retold().undo(values, operation)
    assert done == state
    assert values == rules.values(state)


@pytest.mark.parametrize(
    ("rules", "state", "text"),
    [
        (stack_machine.Rules(2, 4, 3), STACKS, "pop(b)"),
        (stack_machine.Rules(2, 4, 3), STACKS, "push(a)"),
        (stack_machine.Rules(2, 4, 3), STACKS, "swap(b)"),
        (conveyor.Rules(2, 4, 3), QUEUES, "merge(b)"),
        (conveyor.Rules(2, 4, 3), QUEUES, "split(a)"),
    ],
)
def test_what_cannot_be_done_leads_nowhere(rules: Any, state: Any, text: str) -> None:
    assert rules.after(state, Operation.read(text)) is None


@pytest.mark.parametrize("name", NAMES)
def test_no_plan_is_shorter_than_the_one_given(name: str) -> None:
    for index in range(4):
        item = imagine(make_key(registry().task(name), 1, "plans", index))
        problem = next(PlanProblem.model_validate(q.answer) for q in item.questions if isinstance(q.format, Plan))
        shortest = shortest_plan(problem)
        assert shortest is not None
        assert len(shortest) == len(problem.solution) == item.params.model_dump()["plan"]
        assert check_plan(problem, [*problem.solution]).reached
        assert not check_plan(problem, [*problem.solution[:-1]]).reached


@pytest.mark.parametrize(
    ("name", "knobs", "why"),
    [
        ("dial_lock", {"dials": 3, "links": 3}, "a dial turns only others"),
        ("stack_machine", {"stacks": 2, "tokens": 14}, "do not fit"),
        ("conveyor", {"lanes": 2, "parcels": 14}, "do not fit"),
    ],
)
def test_impossible_sizes_are_refused(name: str, knobs: dict[str, int], why: str) -> None:
    with pytest.raises(BadInput, match=why):
        registry().task(name).Params.at(1, knobs)
