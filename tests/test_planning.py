"""Planning: searches against answers worked out by hand, plans against the checker's own search, knobs that are refused."""

import pytest

from generators.planning._delivery_world import Town, cheapest, costs_for, road
from generators.planning._grid_questions import cells_of, offset
from generators.planning._grid_show import Ground, Stroll
from generators.planning._grid_ways import areas, cell_of, misled, named, routes, walk_between, ways_between
from generators.planning._stack_questions import smaller_on_larger
from generators.planning._stack_world import plan_problem, shortest
from harness.plans import check_plan, shortest_plan
from morse.errors import BadInput
from morse.pipeline import imagine, make_key
from morse.schema import Plan, PlanProblem
from morse.seeding import Key
from morse.task import registry

# . . #
# # . .
# . # .
LAKE = ways_between([(0, 0), (1, 0), (1, 1), (2, 1), (0, 2), (2, 2)])
OPEN = ways_between([(x, y) for y in range(3) for x in range(3)])
RNG = Key("planning", 1, 1, "", "test", 0)


def test_cells_have_the_names_that_the_board_shows() -> None:
    assert [named(cell) for cell in ((0, 0), (2, 3), (9, 10))] == ["a1", "c4", "j11"]
    assert cell_of("j11") == (9, 10)
    assert offset(-2, 1) == "1 column to the right, 2 rows up"


def test_ways_over_a_lake_are_those_a_person_counts() -> None:
    found = routes(LAKE, (0, 0))
    assert found == {(0, 0): (0, 1), (1, 0): (1, 1), (1, 1): (2, 1), (2, 1): (3, 1), (2, 2): (4, 1)}
    assert sorted(map(len, areas(LAKE))) == [1, 5]
    # on an open board of 3 × 3 there are 4! / (2! 2!) shortest ways from corner to corner
    assert routes(OPEN, (0, 0))[2, 2] == (4, 6)


def test_walks_are_drawn_evenly() -> None:
    rng = RNG.stream("walks")
    drawn = [tuple(walk_between(OPEN, (0, 0), (1, 1), 2, rng)) for _ in range(400)]
    assert set(drawn) == {("right", "down"), ("down", "right")}
    assert 150 < drawn.count(("right", "down")) < 250


def test_only_the_first_of_the_sequences_can_be_walked() -> None:
    # of the six shortest ways across the open board only this one stays on the ice
    listed = misled(LAKE, OPEN, (0, 0), (2, 2), 4, 3, RNG.stream("misled"))
    assert listed[0] == "right, down, right, down"
    assert len(set(listed)) == 4
    assert all(sorted(moves.split(", ")) == ["down", "down", "right", "right"] for moves in listed)


def test_walls_stop_a_walker_and_looks_do_not_move_it() -> None:
    ground = Ground(3, 3, {}, LAKE, {})
    stroll = Stroll((0, 0), ("down", "right", "look left", "right", "down", "right"), 5, ())
    assert [named(cell) for cell in cells_of(ground, stroll)] == ["a1", "a1", "b1", "b1", "b1", "b2", "c2"]


def test_a_tower_of_three_discs_takes_seven_moves() -> None:
    tower = (("3", "2", "1"), (), ())
    plan = shortest(tower, ((), (), ("3", "2", "1")), smaller_on_larger)
    assert len(plan) == 7
    assert plan[0] == (0, 2)


def test_sussmans_blocks_take_three_moves() -> None:
    # C lies on A; A is to stand on B, and B on C (Sussman 1973)
    start, goal = (("A", "C"), ("B",), ()), ((), (), ("C", "B", "A"))
    assert shortest(start, goal, lambda _stacks, _move: True) == [(0, 2), (1, 2), (0, 2)]


def test_discs_never_go_onto_smaller_ones_in_a_plan() -> None:
    pegs, goal = {"a": ("2", "1"), "b": (), "c": ()}, {"a": (), "b": (), "c": ("2", "1")}
    problem = plan_problem(pegs, goal, [("a", "b"), ("a", "c"), ("b", "c")], True)
    assert check_plan(problem, list(problem.solution)).reached
    assert not check_plan(problem, ["move(a, c)", "move(a, c)"]).reached
    assert not check_plan(problem, ["move(b, c)"]).reached
    assert not check_plan(problem, ["move(a, b)", "move(b, b)", "move(a, c)", "move(b, c)"]).reached
    assert len(shortest_plan(problem) or []) == 3


def test_the_cheapest_route_is_the_one_a_person_finds() -> None:
    roads = tuple(sorted(road(*pair) for pair in ("AB", "BD", "AC", "CD", "BC")))
    town = Town({name: (0.0, 0.0) for name in "ABCD"}, roads)
    costs = {("A", "B"): 1, ("B", "D"): 9, ("A", "C"): 5, ("C", "D"): 2, ("B", "C"): 3}
    assert cheapest(town, costs, "A", "D") == (6, ("A", "B", "C", "D"), True)
    # with B–C at 4 the way over C alone costs 7 as well
    assert cheapest(town, costs | {("B", "C"): 4}, "A", "D")[::2] == (7, False)
    made = costs_for(town, ("A", "C", "B", "D"), 12, RNG.stream("costs"))
    assert made is None or cheapest(town, made, "A", "D") == (12, ("A", "C", "B", "D"), True)


@pytest.mark.parametrize("name", ["frozen_lake", "maze", "block_stacking", "hanoi"])
@pytest.mark.parametrize("index", [0, 1, 2])
def test_plans_are_as_short_as_the_checker_finds(name: str, index: int) -> None:
    item = imagine(make_key(registry().task(name), 1, "plans", index))
    (question,) = [question for question in item.questions if isinstance(question.format, Plan)]
    problem = PlanProblem.model_validate(question.answer)
    assert check_plan(problem, list(problem.solution)).reached
    assert not check_plan(problem, list(problem.solution[:-1])).reached
    assert len(shortest_plan(problem) or []) == len(problem.solution)


@pytest.mark.parametrize(
    ("name", "knob", "value"),
    [
        ("frozen_lake", "size", 12),
        ("frozen_lake", "areas", 5),
        ("maze", "loops", 3),
        ("block_stacking", "goal", 6),
        ("hanoi", "discs", 2),
    ],
)
def test_knobs_that_do_not_fit_are_refused(name: str, knob: str, value: int) -> None:
    with pytest.raises(BadInput, match=knob):
        registry().task(name).Params.at(1, {knob: value})
