"""Tasks with a hidden state: transitions worked out by hand, even targets, and plans against a third solver."""

import pytest

from generators.latent_state import card_piles, coin_cups, file_system, lights_circle, sliding_number
from generators.latent_state._hidden_state import Operation, targets_of
from harness.plans import check_plan, shortest_plan
from morse.pipeline import imagine, make_key
from morse.schema import PlanProblem
from morse.task import registry

TASKS = ("card_piles", "coin_cups", "file_system", "lights_circle", "sliding_number")

BY_HAND = [
    # the gap in the middle of 1 2 3 / 4 _ 5 / 6 7 8 goes up: 2 comes down
    (sliding_number.Rules(3, 3), (1, 2, 3, 4, 0, 5, 6, 7, 8), "move(up)", (1, 0, 3, 4, 2, 5, 6, 7, 8)),
    # a press of lamp 1 switches lamps 8, 1 and 2
    (lights_circle.Rules(8), (True,) + (False,) * 7, "press(1)", (False, True, *(False,) * 5, True)),
    (coin_cups.Rules(3, 3, 3), ((1, 5), (2,), ()), "move(5, a, b)", ((1,), (2, 5), ())),
    (coin_cups.Rules(3, 3, 3), ((1, 5), (2,), ()), "take(2, b)", ((1, 5), (), ())),
    # bottom first: the lowest card of pile 1 becomes the highest of pile 2
    (card_piles.Rules(2, 3), (("7S", "KD"), ("2C",)), "move(1, 2)", (("KD",), ("2C", "7S"))),
    (card_piles.Rules(2, 3), (("7S", "KD"), ("2C",)), "add(AH, 1)", (("7S", "KD", "AH"), ("2C",))),
    (file_system.Rules(2, 6, 2), (("ant", "bee"), ("cat",)), "cp(docs, pics, ant, bee)", (("ant", "bee"), ("ant", "bee", "cat"))),
    (file_system.Rules(2, 6, 2), (("ant", "bee"), ("cat",)), "mv(docs, pics, bee)", (("ant",), ("bee", "cat"))),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "state", "text", "wanted"), BY_HAND)
def test_operations_by_hand_and_back(rules, state, text, wanted) -> None:
    operation = Operation.read(text)
    assert str(operation) == text
    assert rules.after(state, operation) == wanted
    assert rules.before(wanted, operation) == state


IMPOSSIBLE = [
    (sliding_number.Rules(3, 3), (0, 1, 2, 3, 4, 5, 6, 7, 8), "move(up)"),
    (coin_cups.Rules(3, 3, 3), ((1,), (2,), ()), "take(5, a)"),
    (card_piles.Rules(2, 3), ((), ("2C",)), "move(1, 2)"),
    (file_system.Rules(2, 6, 2), (("ant",), ("ant",)), "cp(docs, pics, ant)"),
]


@pytest.mark.parametrize(("rules", "state", "text"), IMPOSSIBLE)
def test_operations_that_cannot_be_done(rules, state, text) -> None:
    assert rules.after(state, Operation.read(text)) is None


def test_each_count_is_aimed_at_equally_often() -> None:
    targets = targets_of(coin_cups.Rules(4, 3, 3), 5)
    assert len(targets.counts) > 1 and len(targets.changes) > 1
    for row in targets.shares:
        assert sum(row) == pytest.approx(len(targets.changes), rel=0.006)
    for column in zip(*targets.shares, strict=True):
        assert sum(column) == pytest.approx(len(targets.counts), rel=0.006)


@pytest.mark.parametrize("name", TASKS)
def test_plans_are_shortest(name: str) -> None:
    """The checker's own breadth-first search, which knows the problem as data alone, finds nothing shorter."""
    task = registry().task(name)
    for index in range(3):
        item = imagine(make_key(task, 1, "plans", index))
        question = next(question for question in item.questions if question.kind == "plan")
        problem = PlanProblem.model_validate(question.answer)
        assert check_plan(problem, list(problem.solution)).reached
        shortest = shortest_plan(problem)
        assert shortest is not None and len(shortest) == len(problem.solution)
        assert not check_plan(problem, list(problem.solution[:-1])).reached


@pytest.mark.parametrize("name", TASKS)
def test_every_skill_is_asked(name: str) -> None:
    item = imagine(make_key(registry().task(name), 3, "skills", 0))
    skills = {skill for question in item.questions for skill in question.skills}
    assert {"order", "counting", "state tracking", "state comparison", "state prediction", "planning"} <= skills
    first = next(event for event in item.layout.events if event.id in item.layout.details["looks"])
    if item.layout.states[0].start < first.start:
        assert any(question.asked_at is not None for question in item.questions)


@pytest.mark.parametrize(
    "name", sorted(name for name, task in registry().tasks.items() if task.category == "latent_state")
)
@pytest.mark.parametrize("shown", [1, 2])
def test_when_and_how_long_the_state_is_shown_can_be_set(name: str, shown: int) -> None:
    for index in range(2):
        key = make_key(registry().task(name), 1, "shown", index)
        layout = imagine(key, {"shown": shown, "reveal": 6.0}).layout
        seen = next(state for state in layout.states if state.shown)
        assert seen.end - seen.start >= 6.0 - 1e-6
        event = layout.events[0 if shown == 1 else -1]
        assert seen.end <= event.start if shown == 1 else seen.start >= event.end - 1e-6
