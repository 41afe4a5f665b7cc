"""Experiments in shuffled clips: which orders fit, and what glassware shows after each step, worked out by hand."""

from itertools import permutations
from types import MappingProxyType

import pytest

from benchmarks.orders import accepted, by_doing, by_sight, valid_orders, views_of
from generators.procedural._kitchen_recipe import Recipe, sight
from generators.procedural._laboratory_domain import FIXED, Laboratory, phrase
from generators.procedural._laboratory_liquids import REAGENTS
from generators.procedural._planning import Sight, blocked, history
from harness.plans import check_plan
from morse.pipeline import Item, imagine, make_key
from morse.schema import PlanProblem
from morse.task import registry


def clip(level: int, index: int) -> Item:
    return imagine(make_key(registry().task("laboratory"), level, "laboratory tests", index))


def fits(sights: list[Sight]) -> bool:
    """Whether an order agrees with what is seen, by brute force."""
    known: dict[str, object] = {}
    for seen in sights:
        if any(name in known and known[name] != value for name, value in seen.before.items()):
            return False
        known.update(seen.after)
    return True


@pytest.mark.parametrize("index", range(24))
def test_of_all_permutations_those_that_fit_are_right(index: int) -> None:
    item = clip(4, index)
    made: Recipe[Laboratory] = item.episode
    if made.mode == "gap":
        pytest.skip("its order rests on the step that is missing")
    belonging = [k for k, shot in enumerate(made.shots, 1) if shot.position is not None]
    sights = {k: sight(shot, made.kitchen) for k, shot in enumerate(made.shots, 1)}
    fitting = {order for order in permutations(belonging) if fits([sights[k] for k in order])}
    question = next(question for question in item.questions if question.kind.startswith("order"))
    if made.mode != "free":
        assert fitting == {tuple(made.order)}
        return
    assert len(fitting) >= 2
    problem = PlanProblem.model_validate(question.answer)
    right = {o for o in permutations(belonging) if check_plan(problem, [f"clip{k}" for k in o]).reached}
    assert right == fitting


def test_a_pair_told_apart_is_in_one_order_in_all_that_fit() -> None:
    told = open_ = 0
    for index in range(60):
        item = clip(6, index)
        question = next((question for question in item.questions if question.kind == "which_first"), None)
        if question is None:
            continue
        one, other = int(str(question.slots["one"])), int(str(question.slots["other"]))
        ways = by_sight(sorted(views_of(item)), views_of(item))
        first = {min(one, other, key=way.index) for way in ways}
        assert question.truth == (first.pop() if len(first) == 1 else 0)
        told, open_ = told + (question.truth != 0), open_ + (question.truth == 0)
    assert told and open_


BENCH = Laboratory(
    ("cobalt", "acid"), ("salt",), 2, MappingProxyType({**FIXED, "cobalt bottle": 0, "acid bottle": 1, "salt tub": 2})
)
START = MappingProxyType(
    {
        "cobalt bottle": 2, "acid bottle": 1, "salt tub": 1, "balance": "empty", "funnel": "bare", "burner": "off",
        "label": "off", "thermometer": 20, "tube": (), "beaker": (), "flask": (), "receiver": (),
    }
)  # fmt: skip
SCRIPT = (
    "pour cobalt into the beaker", "weigh out salt", "tip the weighed powder into the beaker", "stir what is in the beaker",
    "empty the beaker into the flask", "pour acid into the flask", "light the burner", "boil what is in the flask",
    "put out the burner", "cool the flask in the ice", "lay a filter paper into the funnel",
    "pour what is in the flask through the funnel", "stick a label on the receiver",
)  # fmt: skip


def test_an_experiment_by_hand() -> None:
    steps = {phrase(action.kind, action.objects): action for action in BENCH.actions()}
    plan = [steps[words] for words in SCRIPT]
    states = history(START, plan)
    assert all(action.fits(state) for action, state in zip(plan, states, strict=False))
    assert states[3]["beaker"] == ("1 cobalt raw", "1 salt raw")
    assert states[4]["beaker"] == ("2 cobalt+salt stirred",)
    assert states[6]["flask"] == ("2 cobalt+salt stirred", "1 acid raw")
    assert (states[8]["flask"], states[8]["thermometer"]) == (("3 acid+cobalt+salt boiled",), 95)
    assert (states[10]["flask"], states[10]["thermometer"]) == (("3 acid+cobalt+salt cooled",), 5)
    end = states[-1]
    assert (end["flask"], end["receiver"]) == ((), ("3 acid+cobalt+salt filtered",))
    assert (end["funnel"], end["label"], end["thermometer"]) == ("acid+cobalt+salt", "on", 20)
    assert (end["cobalt bottle"], end["acid bottle"], end["salt tub"]) == (1, 0, 0)
    assert blocked(START, plan, 6, strictly=False) == [7, 8]  # no fire: no boiling, nothing to put out
    assert blocked(START, plan, 10, strictly=False) == [
        11
    ]  # no paper: no filtering (the label sticks to an empty receiver)
    assert blocked(START, plan, 1, strictly=False) == [2]  # nothing weighed: nothing to tip in


def test_every_reagent_looks_different() -> None:
    assert len({look for look in REAGENTS.values()}) == len(REAGENTS)


def test_the_enumerations_find_what_is_wrong() -> None:
    """An order that is not accepted is found: the proof can fail."""
    item = next(item for item in (clip(6, index) for index in range(20)) if item.episode.mode == "whole")
    question = next(question for question in item.questions if question.kind == "order")
    numbers = sorted(views_of(item))
    assert valid_orders(item, question) == (accepted(question, numbers),) * 2
    blind = {number: ({}, {}) for number in numbers}
    assert len(by_sight(numbers, blind)) > len(by_doing(item.episode, numbers, blind, gap=False)) >= 1
