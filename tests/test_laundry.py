"""Washing days in shuffled clips: which orders fit, and what water, heat and iron do to garments, worked out by hand."""

from itertools import permutations
from types import MappingProxyType

import pytest

from benchmarks.orders import accepted, valid_orders, views_of
from generators.procedural._kitchen_recipe import Recipe, sight
from generators.procedural._laundry_domain import FIXED, PATTERNS, PLACES, SHAPES, Laundry, phrase
from generators.procedural._laundry_garments import OUTLINES, garment
from generators.procedural._laundry_scene import place_of
from generators.procedural._planning import State, blocked, history
from morse.pipeline import Item, imagine, make_key
from morse.task import registry
from tests.test_laboratory import fits


def clip(level: int, index: int) -> Item:
    return imagine(make_key(registry().task("laundry"), level, "laundry tests", index))


@pytest.mark.parametrize("index", range(16))
def test_of_all_permutations_those_that_fit_are_right(index: int) -> None:
    item = clip(4, index)
    made: Recipe[Laundry] = item.episode
    if made.mode == "gap":
        pytest.skip("its order rests on the step that is missing")
    belonging = [k for k, shot in enumerate(made.shots, 1) if shot.position is not None]
    sights = {k: sight(shot, made.kitchen) for k, shot in enumerate(made.shots, 1)}
    fitting = {order for order in permutations(belonging) if fits([sights[k] for k in order])}
    question = next(question for question in item.questions if question.kind.startswith("order"))
    assert fitting == accepted(question, belonging)
    assert (len(fitting) > 1) == (made.mode == "free")
    assert valid_orders(item, question) == (fitting, fitting)
    assert len(views_of(item)) == len(made.shots)


DAY = Laundry(("plain shirt", "dotted sock", "striped towel"), frozenset({"plain shirt", "dotted sock"}), 2, FIXED)
START: State = MappingProxyType(
    {
        **dict.fromkeys(PLACES, ()),
        "pegs": ("plain shirt: dirty", "dotted sock: dirty", "striped towel: dirty"),
        "drawer": "empty", "dial": "off", "iron": "off", "detergent": 2,
    }
)  # fmt: skip
SCRIPT = (
    "put the plain shirt into the white basket", "put the dotted sock into the white basket",
    "put the striped towel into the colour basket", "load the plain shirt into the machine",
    "load the dotted sock into the machine", "load the striped towel into the machine", "put detergent into the drawer",
    "set the dial to 60 degrees", "let the machine wash", "let the machine spin", "hang the plain shirt on the line",
    "dry what hangs on the line", "lay the plain shirt on the board", "switch on the iron", "iron the plain shirt",
    "fold the plain shirt", "put the plain shirt on the shelf",
)  # fmt: skip


def test_a_washing_day_by_hand() -> None:
    steps = {phrase(action.kind, action.objects): action for action in DAY.actions()}
    plan = [steps[words] for words in SCRIPT]
    states = history(START, plan)
    assert all(action.fits(state) for action, state in zip(plan, states, strict=False))
    assert states[6]["machine"] == ("plain shirt: dirty", "dotted sock: dirty", "striped towel: dirty")
    # washed at 60 with a coloured towel: what is white takes on colour, wool shrinks, the towel stays as it is
    assert states[9]["machine"] == ("plain shirt: wet tinted", "dotted sock: wet shrunk tinted", "striped towel: wet")
    assert (states[9]["drawer"], states[9]["dial"], states[9]["detergent"]) == ("empty", "off", 1)
    assert states[11]["line"] == ("plain shirt: damp tinted",)
    assert states[12]["line"] == ("plain shirt: dry tinted",)
    assert states[15]["board"] == ("plain shirt: smooth tinted",)
    assert (states[-1]["board"], states[-1]["shelf"]) == ((), ("plain shirt: folded tinted",))
    assert blocked(START, plan, 7, strictly=False) == [8]  # no programme: no washing, though the rest could be done
    assert blocked(START, plan, 13, strictly=False) == [14]  # a cold iron
    assert blocked(START, plan, 10, strictly=False) == [11, 12, 14, 15, 16]  # it never leaves the machine
    mild = [steps["set the dial to 30 degrees"] if step.kind == "set60" else step for step in plan]
    assert history(START, mild)[9]["machine"] == ("plain shirt: wet", "dotted sock: wet", "striped towel: wet")


def test_a_wash_is_said_to_do_harm_where_a_garment_changes_its_size_or_colour() -> None:
    said = []
    for index in range(40):
        item = clip(3, index)
        question = next((question for question in item.questions if question.kind == "unharmed"), None)
        if question is None:
            continue
        shots = [shot for shot in item.episode.shots if shot.kind == "wash" and shot.position is not None]
        marks = ("shrunk", "tinted")
        counts = [[str(state["machine"]).count(mark) for mark in marks] for s in shots for state in (s.before, s.after)]
        assert question.answer == (counts[::2] == counts[1::2])
        said.append(question.answer)
    assert {True, False} == set(said)


def test_no_two_garments_share_a_place() -> None:
    for index in range(6):
        laundry: Laundry = clip(10, index).episode.kitchen
        for place in PLACES:
            here = [g for g in laundry.garments if "basket" not in place or laundry.basket(g) == place]
            here = here[:4] if place == "machine" else here[:1] if place == "board" else here
            assert len({place_of(laundry, g, place) for g in here}) == len(here)


def test_every_garment_looks_different() -> None:
    looks = set()
    for shape in SHAPES:
        for pattern in PATTERNS:
            drawn = garment(f"{pattern} {shape}", "#cc3333", "#eeaaaa", "#222222", 4, False)
            looks.add(tuple(tuple(map(tuple, part.points.round(3).tolist())) for part in drawn.get_family()))
    assert len(looks) == len(SHAPES) * len(PATTERNS) and set(OUTLINES) == set(SHAPES)
