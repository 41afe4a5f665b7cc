"""Dice and urns: chances against fractions worked out by hand, against scipy, and against how often things come true."""

from fractions import Fraction
from statistics import fmean

import numpy as np
import pytest
from scipy import stats

from generators.mathematical._urn_acts import BACK, BIN, Act, Params, draw_trial, holds, moved
from generators.mathematical._urn_chances import after, both_are, face_is, is_like, mean, next_is
from generators.mathematical.dice_and_urns import DiceAndUrns
from harness.scoring import score
from morse.errors import Rejected
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.seeding import Key
from morse.stage.frames import Canvas

TWO = {"A": (2, 1), "B": (1, 1)}


def test_a_token_under_a_cover_is_weighed() -> None:
    slip = Act("slip", "A", 0, "B")
    assert next_is(after(TWO, [slip]), "B", 0) == Fraction(5, 9)  # 2/3 · 2/3 + 1/3 · 1/3
    seen = Act("draw", "B", 0, BACK)  # a star comes out of B: the cover hid a star 4 : 1
    assert next_is(after(TWO, [slip, seen]), "B", 0) == Fraction(3, 5)  # 4/5 · 2/3 + 1/5 · 1/3
    assert next_is(after(TWO, [slip, seen]), "A", 0) == Fraction(3, 5)  # 4/5 · 1/2 + 1/5 · 1


def test_what_is_seen_is_known() -> None:
    acts = [Act("draw", "A", 0, BIN), Act("draw", "A", 1, "B"), Act("draw", "B", 0, BACK)]
    belief = after(TWO, acts)
    assert len(belief) == 1
    assert (next_is(belief, "A", 0), next_is(belief, "B", 1)) == (1, Fraction(2, 3))


@pytest.mark.parametrize(("number", "other"), [(3, 5), (4, 4), (6, 2)])
def test_two_of_a_kind_are_hypergeometric(number: int, other: int) -> None:
    belief = after({"A": (number, other)}, [])
    assert float(both_are(belief, "A", 0)) == pytest.approx(stats.hypergeom.pmf(2, number + other, number, 2))
    with_return = stats.binom.pmf(2, 2, number / (number + other))
    assert float(both_are(belief, "A", 0, back=True)) == pytest.approx(with_return)


def test_what_a_box_is_filled_like() -> None:
    assert is_like((3, 1), (1, 3), [0, 0, 1]) == Fraction(3, 4)  # 9/64 against 3/64
    assert is_like((3, 1), (1, 3), []) == Fraction(1, 2)


def test_a_sign_leaves_some_faces() -> None:
    faces = (1, 1, 2, 4, 6, 6)
    assert face_is(faces, "even", 6) == Fraction(1, 2)
    assert mean(faces, "even") == Fraction(9, 2)
    assert mean(faces) == Fraction(10, 3)
    assert [holds(hint, 4) for hint in ("odd", "even", "over 3", "over 4", "under 5", "under 6")] == [0, 1, 1, 0, 1, 1]


@pytest.mark.parametrize("level", [1, 7])
def test_chances_come_true_as_often_as_they_say(level: int) -> None:
    params, like, coming = Params.at(level), [], []
    for index in range(500):
        try:
            trial = draw_trial(params, Key("test", 1, level, "test", "calibrated", index).stream("simulate"))
        except Rejected:
            continue
        one, other = trial.pair
        looks = [act.kind for act in trial.acts if act.what == "look"]
        like.append((trial.box == one) - float(is_like(trial.urns[one], trial.urns[other], looks)))
        held = trial.urns
        for act in trial.acts:
            held = moved(held, act)
        belief = after(trial.urns, trial.acts)
        coming.append(held["A"][0] / sum(held["A"]) - float(next_is(belief, "A", 0)))
    assert len(like) > 400
    assert abs(fmean(like)) < 0.06  # three standard errors of 450 coins of this spread
    assert abs(fmean(coming)) < 0.01


@pytest.mark.parametrize(("text", "right"), [("5/9", True), ("0.556", True), ("4/9", False), ("5 out of 9", False)])
def test_chances_are_read_as_fractions_and_as_decimals(text: str, right: bool) -> None:
    question = next(q for q in imagine(make_key(DiceAndUrns(), 1, "fractions", 0)).questions if q.kind == "next_is")
    assert score(question.format, round(5 / 9, 6), f"Answer: {text}").correct is right


@pytest.fixture(scope="module", params=[1, 8])
def item(request: pytest.FixtureRequest) -> Item:
    return imagine(make_key(DiceAndUrns(), request.param, "table", 2))


def test_tokens_go_where_they_are_said_to_go(item: Item) -> None:
    line, x = item.layout.timeline, item.layout.details["x"]
    for (_, end, name), act in zip(item.layout.details["spans"], item.episode.acts, strict=True):
        if act.what not in ("draw", "slip"):
            continue
        at = line.place(name, end)
        if act.to == BIN:
            assert abs(at[0]) < 3.0
            assert at[1] < -3.0
        else:
            assert at == pytest.approx((x[act.at if act.to == BACK else act.to], 0.2), abs=0.01)


def test_nothing_is_left_of_plates_tokens_and_rolls_at_the_end(item: Item) -> None:
    stage = staged(item, Canvas(640, 360, 24), style_of(item.key))
    shown = np.array(stage.frame_at(item.layout.duration))
    stage.hide(*(t.id for t in item.layout.objects if t.kind not in ("urn", "box")))
    assert np.array_equal(shown, stage.frame_at(item.layout.duration))
    stage.close()


def test_what_lies_behind_the_screen_is_not_drawn(item: Item) -> None:
    stage = staged(item, Canvas(640, 360, 24), style_of(item.key))
    faces = {thing.id: thing.attributes for thing in item.layout.objects if thing.kind == "hidden die"}
    assert faces
    assert all(not said for said in faces.values())
    sign = next(event for event in item.layout.events if event.objects[0].startswith("sign"))
    moment = (sign.start + sign.end) / 2
    shown = np.array(stage.frame_at(moment))
    stage.hide(*faces)
    assert np.array_equal(shown, stage.frame_at(moment))
    stage.close()
