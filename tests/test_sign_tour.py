"""Sign tours: walks that a person finds on a board drawn here, plans against the checker's own search, knobs that are refused."""

import pytest

from generators.planning._grid_ways import by_name, ways_between
from generators.planning._tour_ways import between, shortest_tours, tour_problem
from harness.plans import check_plan, shortest_plan
from morse.errors import BadInput
from morse.pipeline import imagine, make_key
from morse.schema import Plan, PlanProblem
from morse.task import registry

TASK = registry().task("sign_tour")
# S . A      a corridor down the left, one along the top
# . # .
# B . C
RING = ways_between([(0, 0), (1, 0), (2, 0), (0, 1), (2, 1), (0, 2), (1, 2), (2, 2)])
S, A, B, C = (0, 0), (2, 0), (0, 2), (2, 2)


def test_a_ring_is_gone_round_either_way() -> None:
    apart = between(RING, [S, A, B, C])
    assert (apart[S, A], apart[S, C], apart[A, B]) == (2, 4, 4)
    assert shortest_tours(apart, S, [A, C]) == (4, [(A, C)])
    assert shortest_tours(apart, S, [A, B, C]) == (6, [(A, C, B), (B, C, A)])


def test_a_plan_comes_by_all_cells() -> None:
    moves = ["right", "right", "down", "down"]
    problem = tour_problem(by_name(RING), "a1", ["c1", "c3"], moves)
    assert check_plan(problem, list(problem.solution)).reached
    assert not check_plan(problem, [f"move({way})" for way in ("down", "down", "right", "right")]).reached
    assert not check_plan(problem, ["move(up)"]).reached
    assert len(shortest_plan(problem) or []) == 4


@pytest.mark.parametrize("index", [0, 1])
def test_tours_are_as_short_as_the_checker_finds(index: int) -> None:
    item = imagine(make_key(TASK, 1, "plans", index))
    (question,) = [question for question in item.questions if isinstance(question.format, Plan)]
    (tour,) = [question for question in item.questions if question.kind == "tour"]
    problem = PlanProblem.model_validate(question.answer)
    assert check_plan(problem, list(problem.solution)).reached
    assert not check_plan(problem, list(problem.solution[:-1])).reached
    assert len(shortest_plan(problem) or []) == len(problem.solution) == tour.answer


@pytest.mark.parametrize(("knob", "value"), [("marks", 8), ("size", 12), ("loops", 9)])
def test_knobs_that_do_not_fit_are_refused(knob: str, value: int) -> None:
    with pytest.raises(BadInput, match=knob):
        TASK.Params.at(1, {knob: value})
