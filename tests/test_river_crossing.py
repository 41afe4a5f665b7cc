"""River crossing: puzzles whose answers have been known for long, plans against the checker's own search, clips that keep the rule."""

import pytest

from generators.planning._river_rules import Rules, plan_problem
from harness.plans import check_plan, shortest_plan
from morse.errors import BadInput
from morse.pipeline import Item, imagine, make_key
from morse.schema import PlanProblem, Question
from morse.task import registry

TASK = registry().task("river_crossing")
# the ferryman rows; the wolf eats the goat, the goat the cabbage
FERRYMAN, WOLF, GOAT, CABBAGE = 1, 2, 4, 8
ALCUIN = Rules(4, 2, FERRYMAN, (WOLF | GOAT, GOAT | CABBAGE))


def asked(item: Item, kind: str) -> list[Question]:
    return [question for question in item.questions if question.kind == kind]


def test_wolf_goat_and_cabbage_take_seven_crossings() -> None:
    far = ALCUIN.distances(1)
    assert far[15, 0] == 7
    # only the goat can go first
    assert [load for load, to in ALCUIN.onward((15, 0)) if far.get(to) == 6] == [FERRYMAN | GOAT]
    assert ALCUIN.alone((WOLF | GOAT, 1)) == [WOLF | GOAT]
    assert ALCUIN.alone((WOLF | GOAT, 0)) == []
    # with a boat for three, three crossings do; with all three pairs forbidden none
    assert Rules(4, 3, FERRYMAN, ALCUIN.pairs).distances(1)[15, 0] == 3
    assert (15, 0) not in Rules(4, 2, FERRYMAN, (*ALCUIN.pairs, WOLF | CABBAGE)).distances(1)


def test_a_ferryman_takes_people_one_by_one() -> None:
    # n passengers who get on with each other and one who rows: 2 n - 1 crossings
    for count in (2, 3, 4):
        assert Rules(count + 1, 2, 1, ()).distances(0)[0, 1] == 2 * count - 1


def test_the_plan_checker_knows_the_rules() -> None:
    sides = dict.fromkeys("FWGC", "left")
    solution = ["pair(F, G)", "alone(F)", "pair(F, W)", "pair(F, G)", "pair(C, F)", "alone(F)", "pair(F, G)"]
    problem = plan_problem(sides, "F", ["WG", "GC"], 2, "left", "right", solution)
    assert check_plan(problem, solution).reached
    assert len(shortest_plan(problem) or []) == 7
    wrong = {
        "pair(W, C)": "nobody rows",
        "alone(G)": "it cannot row",
        "pair(F, F)": "one passenger cannot be two",
        "alone(F); alone(F)": "wolf, goat and cabbage were left",
    }
    for plan in wrong:
        assert not check_plan(problem, plan.split("; ")).reached, plan
    taken = check_plan(problem, ["pair(F, G)", "pair(F, W)"])
    assert (taken.reached, taken.done) == (False, 1)  # the wolf is on the other bank


@pytest.mark.parametrize("index", range(3))
def test_plans_are_as_short_as_the_checker_finds(index: int) -> None:
    item = imagine(make_key(TASK, 1, "plans", index))
    (question,) = asked(item, "plan")
    problem = PlanProblem.model_validate(question.answer)
    assert check_plan(problem, list(problem.solution)).reached
    assert not check_plan(problem, list(problem.solution[:-1])).reached
    (fewest,) = asked(item, "fewest")
    assert len(shortest_plan(problem) or []) == len(problem.solution) == fewest.answer


@pytest.mark.parametrize("index", range(8))
def test_a_pair_is_left_alone_once_or_never(index: int) -> None:
    item = imagine(make_key(TASK, 3, "alone", index))
    trip = item.episode
    lost = [i for i, state in enumerate(trip.states) if trip.rules.alone(state)]
    (broken,), (alone,) = asked(item, "broken"), asked(item, "alone")
    assert ([str(i) for i in lost] or ["none"]) == [broken.truth]
    assert (alone.answer is None) == (not lost)
    for act in trip.acts:
        assert abs(act) & trip.rules.rowers
        assert abs(act).bit_count() <= trip.rules.seats


@pytest.mark.parametrize(("knob", "value"), [("passengers", 8), ("fewest", 7), ("turns", 0)])
def test_knobs_that_do_not_fit_are_refused(knob: str, value: int) -> None:
    with pytest.raises(BadInput, match=knob):
        TASK.Params.at(1, {knob: value})
