"""Plans are checked by interpreting data: four kinds of worlds, and their shortest plans counted by hand."""

import pytest

from harness.plans import check_plan, shortest_plan
from harness.references import reference_response
from harness.scoring import score
from morse.schema import Condition, Effect, Operator, Plan, PlanProblem

CUPS = ("a1", "a2", "b1")
SWAPS = PlanProblem(
    initial={"content(a1)": "coin", "content(a2)": "empty", "content(b1)": "key"},
    operators=(
        Operator(
            name="swap",
            parameters={"?x": CUPS, "?y": CUPS},
            needs=(Condition(term="?x", test="is not", value="?y"),),
            does=(Effect(action="swap", term="content(?x)", value="content(?y)"),),
        ),
    ),
    goal=(Condition(term="content(b1)", value="coin"), Condition(term="content(a1)", value="empty")),
    solution=("swap(a1, b1)", "swap(a1, a2)"),
    most_steps=3,
)
PILES = PlanProblem(
    initial={"pile(p1)": ["red", "blue"], "pile(p2)": []},
    operators=(
        Operator(
            name="move",
            parameters={"?from": ("p1", "p2", "p3"), "?to": ("p1", "p2", "p3")},
            needs=(
                Condition(term="pile(?from)", test="is not empty"),
                Condition(term="?from", test="is not", value="?to"),
            ),
            does=(
                Effect(action="push", term="pile(?to)", value="top(pile(?from))"),
                Effect(action="pop", term="pile(?from)"),
            ),
        ),
    ),
    goal=(Condition(term="top(pile(p2))", value="red"), Condition(term="size(pile(p2))", value=2)),
    solution=("move(p1, p2)", "move(p1, p2)"),
)


def tiles() -> PlanProblem:
    """A 2×2 sliding puzzle: tiles 1, 2, 3 and the blank; a tile moves into the blank next to it."""
    beside = [("c1", "c2"), ("c3", "c4"), ("c1", "c3"), ("c2", "c4")]
    facts = {f"next({x}, {y})": True for a, b in beside for x, y in ((a, b), (b, a))}
    return PlanProblem(
        initial={**facts, "place(1)": "c1", "place(2)": "c2", "place(3)": "c3", "place(blank)": "c4"},
        operators=(
            Operator(
                name="slide",
                parameters={"?t": ("1", "2", "3")},
                needs=(Condition(term="next(place(?t), place(blank))"),),
                does=(Effect(action="swap", term="place(?t)", value="place(blank)"),),
            ),
        ),
        goal=(Condition(term="place(1)", value="c2"), Condition(term="place(3)", value="c1")),
        solution=("slide(2)", "slide(1)", "slide(3)"),
    )


def blocks() -> PlanProblem:
    """STRIPS blocks with an arm: a on b; the goal is b on a."""
    names = ("a", "b")
    free = (Condition(term="arm", value="free"),)
    return PlanProblem(
        initial={"on(a, b)": True, "table(b)": True, "clear(a)": True, "arm": "free"},
        operators=(
            Operator(
                name="lift",
                parameters={"?x": names, "?y": names},
                needs=(*free, Condition(term="on(?x, ?y)"), Condition(term="clear(?x)")),
                does=(
                    Effect(action="set", term="on(?x, ?y)", value=False),
                    Effect(action="set", term="clear(?y)", value=True),
                    Effect(action="set", term="arm", value="?x"),
                ),
            ),
            Operator(
                name="take",
                parameters={"?x": names},
                needs=(*free, Condition(term="table(?x)"), Condition(term="clear(?x)")),
                does=(
                    Effect(action="set", term="table(?x)", value=False),
                    Effect(action="set", term="arm", value="?x"),
                ),
            ),
            Operator(
                name="put_down",
                parameters={"?x": names},
                needs=(Condition(term="arm", value="?x"),),
                does=(
                    Effect(action="set", term="table(?x)", value=True),
                    Effect(action="set", term="arm", value="free"),
                ),
            ),
            Operator(
                name="stack",
                parameters={"?x": names, "?y": names},
                needs=(
                    Condition(term="arm", value="?x"),
                    Condition(term="clear(?y)"),
                    Condition(term="?x", test="is not", value="?y"),
                ),
                does=(
                    Effect(action="set", term="on(?x, ?y)", value=True),
                    Effect(action="set", term="clear(?y)", value=False),
                    Effect(action="set", term="arm", value="free"),
                ),
            ),
        ),
        goal=(Condition(term="on(b, a)"), Condition(term="arm", value="free")),
        solution=("lift(a, b)", "put_down(a)", "take(b)", "stack(b, a)"),
    )


@pytest.mark.parametrize(("problem", "length"), [(SWAPS, 2), (PILES, 2), (tiles(), 3), (blocks(), 4)])
def test_solutions_and_shortest_plans(problem, length):
    assert check_plan(problem, [*problem.solution]).reached
    shortest = shortest_plan(problem)
    assert shortest is not None and len(shortest) == length
    assert check_plan(problem, shortest).reached
    answer = problem.model_dump(mode="json")
    assert score(Plan(syntax=problem.solution[0]), answer, reference_response(Plan(syntax="x"), answer)).value == 1.0


def test_illegal_moves_fail_with_a_reason():
    assert check_plan(PILES, ["move(p2, p1)"]).reason == "not allowed here: move(p2, p1)"
    assert check_plan(blocks(), ["take(b)"]).reason == "not allowed here: take(b)"
    assert check_plan(SWAPS, ["jump(a1)"]).reason == "no such operation: jump(a1)"
    assert check_plan(SWAPS, ["swap(a1)"]).reason == "swap takes 2 arguments: swap(a1)"
    assert check_plan(SWAPS, ["swap(a1, z9)"]).reason == "swap knows no z9"
    assert check_plan(SWAPS, ["swap(a1, b1)"]).reason == "the goal is not reached"
    assert check_plan(SWAPS, ["swap(a1, a2)"] * 4).reason == "4 operations, at most 3 allowed"
    assert check_plan(SWAPS, ["__import__('os')"]).reason == "no such operation: __import__('os')"


def test_any_right_plan_counts_not_only_the_stored_one():
    answer = SWAPS.model_dump(mode="json")
    format = Plan(syntax="swap(a1, b2)")
    assert score(format, answer, "Answer: swap(A2, a1); swap(a2, b1)").value == 1.0
    assert score(format, answer, "Answer: swap(a1, a2)").value == 0.0


def test_the_state_of_a_failed_operation_is_not_kept():
    before = dict(PILES.initial)
    check_plan(PILES, ["move(p1, p2)", "move(p3, p1)"])
    assert PILES.initial == before


def test_unreachable_goals_have_no_shortest_plan():
    problem = SWAPS.model_copy(update={"goal": (Condition(term="content(a1)", value="ring"),)})
    assert shortest_plan(problem) is None
    with pytest.raises(OverflowError):
        shortest_plan(problem, most_states=2)


def test_an_operation_needs_no_name_where_there_is_only_one():
    assert check_plan(SWAPS, ["(a1, b1)", "(a1, a2)"]).reached
    first = SWAPS.operators[0]
    several = SWAPS.model_copy(update={"operators": (first, first.model_copy(update={"name": "turn"}))})
    outcome = check_plan(several, ["(a1, b1)", "(a1, a2)"])
    assert not outcome.reached and outcome.done == 0 and outcome.reason == "no such operation: (a1, b1)"
    problem = SWAPS.model_dump(mode="json")
    assert score(Plan(syntax="swap(a1, a2)"), problem, "1st: (a1, b1)\n2nd: (a1, a2)").correct
