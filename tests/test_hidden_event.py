"""What goes on behind a curtain: acts by hand, what is seen on both sides, and stories that are ruled out."""

import math
from itertools import pairwise

import numpy as np
import pytest

from generators.physical._arena import Look, launched, lying
from generators.physical._dark_ways import SPEED, slick
from generators.physical._dark_world import (
    CARRIED,
    FAR,
    LASTS,
    NOTHING,
    PUT,
    SWAPPED,
    TAKEN,
    Act,
    Dark,
    acted,
    end_in,
    strays,
)
from generators.physical.hidden_event import HiddenEvent
from harness.scoring import score
from morse.physics import simulate
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.schema import Boxes, Choice, Set
from morse.stage.frames import Canvas
from morse.world import World

CANVAS = Canvas(480, 270, 10)
CUBE, BALL = (Look(colour, "metal", shape) for colour, shape in (("red", "cube"), ("blue", "ball")))
ROW = (lying(CUBE, 0.44, 0.0, 0.0, 0.0), lying(BALL, 0.42, 1.0, 0.5, 0.0))
SLIDER = launched(lying(Look("green", "rubber", "cylinder"), 0.44, 0.0, 0.0, 0.0), (-2.0, 0.0), (0.0, 0.0), 1.2)
THINGS = (*ROW, SLIDER)


def made(level: int, index: int) -> Item:
    return imagine(make_key(HiddenEvent(), level, "dark", index))


def of(item: Item) -> tuple[Dark, World]:
    assert isinstance(item.layout.scene, World)
    return item.episode, item.layout.scene


def test_acts_by_hand() -> None:
    names = [thing.body.name for thing in THINGS]
    assert acted(THINGS, Act(NOTHING)) == THINGS
    assert [thing.body.name for thing in acted(THINGS, Act(TAKEN, names[0]))] == names[1:]
    one, other, _ = acted(THINGS, Act(SWAPPED, names[0], names[1]))
    assert one.position[:2] == (1.0, 0.5)
    assert other.position[:2] == (0.0, 0.0)
    assert one.position[2] == ROW[0].position[2]  # each keeps its own height
    carried = acted(THINGS, Act(CARRIED, names[1], place=(0.3, -0.7)))
    assert carried[1].position[:2] == (0.3, -0.7)
    spare = lying(Look("pink", "glass", "ball"), 0.4, 0.0, 0.0, 0.0)
    *_, put, last = acted(THINGS, Act(PUT, spare.body.name, place=(0.5, -0.5)), spare)
    assert put.position == (0.5, -0.5, spare.position[2])
    assert last == SLIDER


def test_a_thing_taken_away_is_not_hit_and_the_slider_goes_on() -> None:
    all_of_them = simulate(THINGS, LASTS)
    without = simulate(acted(THINGS, Act(TAKEN, ROW[0].body.name)), LASTS)
    assert end_in(without, SLIDER.body.name)[0] > end_in(all_of_them, SLIDER.body.name)[0] + 0.3
    assert all_of_them.touches
    assert not without.touches
    assert strays(all_of_them, without) == math.inf  # one has a thing more
    assert strays(all_of_them, all_of_them) == 0.0


def test_on_a_slippery_floor_things_slide_by_the_law_of_friction() -> None:
    """s = v² / 2 μ g, with half the friction of rubber on the floor of the other collision tasks (0.15)."""
    sent = slick(lying(Look("green", "rubber", "cube"), 0.44, 0.0, 0.0, 0.0))
    sent = launched(sent, (-1.0, 0.0), (1.0, 0.0), SPEED[0])
    first = math.hypot(*sent.velocity)
    assert first**2 == pytest.approx(SPEED[0] ** 2 + 2 * 0.075 * 9.81 * 2.0, rel=1e-3)
    end = end_in(simulate([sent], 10.0), sent.body.name)
    assert end[0] + 1.0 == pytest.approx(first**2 / (2 * 0.075 * 9.81), rel=0.02)


@pytest.mark.parametrize("index", range(3))
def test_nothing_is_seen_while_the_curtain_is_closed_and_nothing_moves_after(index: int) -> None:
    item = made(1, index)
    dark, world = of(item)
    closed = np.linspace(dark.closed + 0.02, dark.opens - 0.02, 9)
    assert world.tracks(closed).visible.max() == 0.0
    after = world.poses_at(np.array([dark.opens, world.duration]))
    assert np.abs(after[0, :-1, :3] - after[1, :-1, :3]).max() < 0.005
    stage = staged(item, CANVAS, style_of(item.key))
    assert not any(mask.any() for mask in stage.masks(float(closed[4])).values())
    # the whole picture is curtain: no two things seen before and after show through anywhere
    before, during = stage.frame_at(0.5), stage.frame_at(float(closed[4]))
    assert (np.abs(before.astype(int) - during)[..., :3].max(axis=2) > 0).mean() > 0.95
    stage.close()


@pytest.mark.parametrize("level", [1, 6])
@pytest.mark.parametrize("index", range(3))
def test_a_thing_only_jumps_by_hand_and_behind_the_curtain(level: int, index: int) -> None:
    dark, world = of(made(level, index))
    steps = np.linalg.norm(np.diff(world.poses[:, :-1, :3], axis=0), axis=2)
    for row, column in np.argwhere(steps > 0.08):
        assert row + 1 == dark.row
        assert world.bodies[column].name in (dark.act.thing, dark.act.other)


@pytest.mark.parametrize("index", range(3))
def test_what_is_under_way_goes_on_as_it_was_seen(index: int) -> None:
    """The mover keeps its direction, and slows down alike, on both sides of the moment at which the curtain is closed."""
    dark, world = of(made(3, index))
    way = world.poses[dark.row - 4 : dark.row + 5, world.index(dark.mover), :2]
    pace = np.linalg.norm(np.diff(way, axis=0), axis=1) * 60
    assert all(0.0 < one - other < 0.05 for one, other in pairwise(pace.tolist()))
    turns = np.diff(np.unwrap(np.arctan2(*np.diff(way, axis=0).T)))
    assert np.abs(turns).max() < 0.01


def test_answers_are_what_was_played() -> None:
    """Of acts, gone and new things, and hits, from the case itself; places from where things are in the last picture."""
    told: set[str] = set()
    for index in range(16):
        item = made(1, index)
        dark, world = of(item)
        hand = {name for name in (dark.act.thing, dark.act.other) if name}
        ends = dict(zip((b.name for b in world.bodies), world.poses[-1, :, :2], strict=True))
        for question in item.questions:
            told.add(question.kind)
            if question.kind == "act":
                assert isinstance(question.truth, list)
                assert question.truth[0] == dark.act.kind
                assert {str(name) for name in question.truth[1:]} == hand
            if question.kind == "moved":
                assert isinstance(question.answer, list)
                firsts = dict(zip((b.name for b in world.bodies), world.poses[0, :, :2], strict=True))
                assert isinstance(question.format, Set)
                moved = {name for name in question.format.vocabulary if math.dist(firsts[name], ends[name]) > FAR}
                assert {str(name) for name in question.answer} == moved
            if question.kind == "hits":
                assert question.answer == len({touch.pair for touch in dark.run.touches})
            if question.kind.startswith("where"):
                kind = {"where_gone": TAKEN, "where_new": PUT, "where_carried": CARRIED}[question.kind]
                assert (question.answer is None) == (dark.act.kind != kind)
    assert told == {
        "act", "first_hit", "would_hit", "moved", "hits", "hidden", "where_gone", "where_new", "where_carried"
    }  # fmt: skip


def test_forecaster_and_reporter_are_asked_with_the_same_options() -> None:
    pairs = 0
    for index in range(16):
        both = [question for question in made(1, index).questions if question.kind == "first_hit"]
        if len(both) == 2:
            dark, after = both
            pairs += 1
            assert isinstance(dark.format, Choice)
            assert dark.format == after.format
            assert (dark.asked_at, after.asked_at) == (pytest.approx(of(made(1, index))[0].closed + 0.4), None)
    assert pairs


def test_saying_that_there_is_none_is_right_where_there_is_none() -> None:
    right = {True: 0, False: 0}
    for index in range(30):
        for question in made(1, index).questions:
            if isinstance(question.format, Boxes):
                verdict = score(question.format, question.answer, "Answer: cannot be answered").correct
                assert verdict == (question.answer is None)
                right[verdict] += 1
    assert min(right.values()) > 0
