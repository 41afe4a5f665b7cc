"""Sokoban in the dark: a published level, halls that a person can solve, plans against the checker's own search."""

import pytest

from generators.planning._grid_ways import named
from generators.planning._sokoban_hall import Hall, pushed, solution, stepped
from generators.planning._sokoban_world import Moment, replayed
from harness.plans import check_plan, shortest_plan
from morse.errors import BadInput
from morse.pipeline import Item, imagine, make_key
from morse.schema import PlanProblem, Question
from morse.task import registry

TASK = registry().task("sokoban_small")
# the first level of Microban (David W. Skinner, 2000): its best solution has 33 steps, 8 of them pushes
MICROBAN = (" .##", "  ###", "*@   ", "  $  ", "  ###")
BEST = "dlUrrrdLullddrUluRuulDrddrruLdlUU"


def hall_of(rows: tuple[str, ...]) -> tuple[Hall, tuple[int, ...], int]:
    """Hall, boxes and worker from the signs in which such levels are written."""
    wide = max(map(len, rows))
    bare = Hall(wide, len(rows), 0, 0)
    found: dict[str, list[int]] = {}
    for y, row in enumerate(rows):
        for x, sign in enumerate(row.ljust(wide, "#")):
            found.setdefault(sign, []).append(bare.bit((x, y)))
    floor = sum(bit for sign, own in found.items() if sign != "#" for bit in own)
    goals = sum(bit for sign in ".*+" for bit in found.get(sign, ()))
    boxes = tuple(bit for sign in "$*" for bit in found.get(sign, ()))
    (worker,) = (bit for sign in "@+" for bit in found.get(sign, ()))
    return Hall(wide, len(rows), floor, goals), boxes, worker


def asked(item: Item, kind: str) -> Question:
    return next(question for question in item.questions if question.kind == kind)


def test_a_published_level_takes_as_many_pushes_and_steps_as_its_best_solution() -> None:
    hall, boxes, worker = hall_of(MICROBAN)
    known = hall.distances()
    assert known[hall.state(sum(boxes), worker)] == sum(step.isupper() for step in BEST) == 8
    made, written = solution(hall, known, boxes, worker)
    assert (len(made), len(written)) == (8, len(BEST))
    ways = {"u": "up", "d": "down", "l": "left", "r": "right"}
    for step in BEST:
        boxes, worker, moved = stepped(hall, boxes, worker, ways[step.lower()])
        assert (moved is not None) == step.isupper()
    assert sum(boxes) == hall.goals


def test_a_box_in_a_corner_cannot_be_solved() -> None:
    hall, boxes, worker = hall_of(("   .", " $@ ", "    "))
    known = hall.distances()
    # left to the wall, then never off it again, where no goal is
    assert known[hall.state(sum(boxes), worker)] == 3
    spoilt = pushed(hall, boxes, worker, (0, "left"))
    assert spoilt is not None
    assert hall.state(sum(spoilt[0]), spoilt[1]) not in known
    assert pushed(hall, boxes, worker, (0, "up")) is not None


def test_walls_and_boxes_stop_a_worker() -> None:
    hall, boxes, worker = hall_of((" @$$ ", "#   ."))
    start = Moment(boxes, worker)
    # two boxes in a row do not give way; one against a wall neither
    ends = [moved for _, moved in replayed(hall, start, ["right", "down", "look right", "right", "up"])]
    assert ends == [None, None, None, None, None]
    last = replayed(hall, start, ["down", "right", "right", "right", "up", "left"])[-1]
    assert last == (Moment(boxes, hall.bit((4, 0))), None)
    assert replayed(hall, Moment(boxes[:1], worker), ["right"])[-1] == (
        Moment((hall.bit((3, 0)),), hall.bit((2, 0))),
        0,
    )


@pytest.mark.parametrize("index", [0, 1])
def test_plans_work_and_no_shorter_one_has_fewer_pushes(index: int) -> None:
    item = imagine(make_key(TASK, 1, "plans", index))
    problem = PlanProblem.model_validate(asked(item, "plan").answer)
    pushes = [step for step in problem.solution if step.startswith("push")]
    assert len(pushes) == asked(item, "fewest").answer
    assert check_plan(problem, list(problem.solution)).reached
    assert not check_plan(problem, list(problem.solution[:-1])).reached
    shortest = shortest_plan(problem) or []
    assert 0 < len(shortest) <= len(problem.solution)
    assert sum(step.startswith("push") for step in shortest) >= len(pushes)


@pytest.mark.parametrize("spoilt", [True, False])
def test_a_hall_is_spoilt_where_the_checker_finds_no_plan(spoilt: bool) -> None:
    items = (imagine(make_key(TASK, 1, "spoilt", index)) for index in range(40))
    item = next(item for item in items if (asked(item, "stuck").truth != "none") == spoilt)
    problem, haul = PlanProblem.model_validate(asked(item, "plan").answer), item.episode
    end = haul.moments[-1]
    boxes = {f"holds({named(haul.hall.cell(box))})": True for box in end.boxes}
    kept = {term: value for term, value in problem.initial.items() if not term.startswith("holds")}
    last = kept | boxes | {"at(worker)": named(haul.hall.cell(end.worker))}
    assert (shortest_plan(problem.model_copy(update={"initial": last})) is None) == spoilt


@pytest.mark.parametrize(("knob", "value"), [("size", 8), ("boxes", 5), ("pushes", 12), ("view", 1)])
def test_knobs_that_do_not_fit_are_refused(knob: str, value: int) -> None:
    with pytest.raises(BadInput, match=knob):
        TASK.Params.at(1, {knob: value})
