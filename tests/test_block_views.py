"""Solids of cubes: what is free, hidden and left, counted by hand, and views that hide what they have to."""

import math

import numpy as np
import pytest

from generators.spatial._block_scene import lay_out, reach_of
from generators.spatial._block_solid import SIDES, Solid, Way, seen_shares, way_round
from generators.spatial.block_views import BlockViews
from morse.pipeline import imagine, make_key
from morse.schema import Question
from morse.seeding import Key
from morse.task import registry
from morse.world import World

STAIR = ((3, 1, 0), (0, 2, 1), (1, 1, 3))
"""Heights by row from the south, each from west to east."""
BY_HAND: dict[str, object] = {
    "number": 12,
    "missing": 15,  # 3 × 3 × 3 less 12
    "column": 2,
    "plan": [["1", "1", "3"], ["0", "2", "1"], ["3", "1", "0"]],
    "surface": 41,  # 72 squares, less 2 × 5 between layers, 2 × 7 between neighbours and 7 on the board
    "fullest": 3,  # 4, 3 and 5 cubes
    "left": 10,  # two columns have three cubes
    "way": "clockwise",
    "next": "west",
}


def _stair() -> Solid:
    """Filmed from the west, north, east and south: clockwise, seen from above."""
    azimuths = tuple(math.radians(180 - 90 * k + 12) for k in range(4))
    way = Way(("west", "north", "east", "south"), azimuths, math.radians(38), reach_of(3, 3, 3))
    return Solid(STAIR, 3, way, (1, 1), 1, 2.4)


def test_both_ways_to_the_answers_agree_with_those_by_hand() -> None:
    task, solid = BlockViews(), _stair()
    layout = lay_out(solid, Key("stair", 1, 1, "test", "root", 0).stream("layout"))
    asked = [*task.ask(solid, layout, Key("stair", 1, 1, "test", "root", 0).stream("ask"))]
    assert {question.kind: question.truth for question in asked} == BY_HAND
    assert {question.kind: task.rederive(question, layout.shown()) for question in asked} == BY_HAND


def test_a_wall_hides_what_stands_behind_it() -> None:
    heights = np.array([[2, 2, 2], [1, 1, 1], [0, 0, 0]])
    south, north = seen_shares(heights, np.array([(0.0, -10.0, 7.0), (0.0, 10.0, 7.0)]))
    assert (south[0] == 1).all() and (south[1] == 0).all()
    assert (north > 0.6).all()  # steps that rise away from the eye hide nothing


def test_what_is_said_to_be_seen_is_met_by_ray_casts() -> None:
    solid = _stair()
    world = lay_out(solid, Key("stair", 1, 1, "test", "root", 0).stream("layout")).scene
    assert isinstance(world, World)
    shares = seen_shares(np.array(STAIR), np.array([solid.way.eye(solid.way.azimuths[0], solid.level)]))[0]
    names = [body.name for body in world.bodies if body.name.startswith("cube-")]
    uppermost = {}
    for name in names:  # in the order of layers
        x, y, _ = world.poses[0, world.index(name), :3]
        uppermost[round(x / 0.5) + 1, round(y / 0.5) + 1] = name
    seen = [name for (column, row), name in uppermost.items() if shares[row, column] > 0]
    assert 3 <= len(seen) < len(uppermost)
    assert all(world.mask(name, 0.0, 270, 480).any() for name in seen)


@pytest.mark.parametrize("level", [1, 6])
def test_no_view_shows_all_heights_and_the_rests_together_do(level: int) -> None:
    item = imagine(make_key(registry().task("block_views"), level, "views", 0))
    solid = item.episode
    heights = np.array(solid.heights)
    eyes = np.array([solid.way.eye(azimuth, solid.level) for azimuth in solid.way.azimuths])
    shares = seen_shares(heights, eyes)
    assert (shares.max(axis=0) > 0.4).all()
    assert (shares.min(axis=(1, 2)) < 0.1).all()
    column, row = solid.asked
    assert min(shares[0, row, column], shares[-1, row, column]) < 0.1


def test_the_camera_comes_past_every_side_whatever_it_goes_back() -> None:
    for index in range(30):
        way = way_round(index % 4, 12.0, Key("way", 1, 1, "test", "root", index).stream("way"))
        assert sorted({*way.sides}) == sorted(SIDES)
        steps = {(SIDES.index(b) - SIDES.index(a)) % 4 for a, b in zip(way.sides, way.sides[1:], strict=False)}
        assert steps <= {1, 3}


def test_the_rests_are_at_the_sides_that_they_name() -> None:
    item = imagine(make_key(registry().task("block_views"), 3, "rests", 1))
    world = item.layout.scene
    assert isinstance(world, World)
    outward = {"north": (0, 1), "west": (-1, 0), "south": (0, -1), "east": (1, 0)}
    for event in item.layout.events:
        if event.kind == "rest":
            start, end = world.camera.at(np.array([event.start, event.end - 0.001]))[0]
            assert np.allclose(start, end, atol=1e-6) and event.end - event.start >= 2.0
            nearest = max(outward, key=lambda side: float(np.dot(outward[side], start[:2])))
            assert event.objects == (nearest,)


def _of(questions: tuple[Question, ...], kind: str) -> Question:
    return next(question for question in questions if question.kind == kind)


def test_the_number_asked_for_is_among_those_that_are_equally_likely() -> None:
    item = imagine(make_key(registry().task("block_views"), 1, "numbers", 0))
    number, missing = _of(item.questions, "number"), _of(item.questions, "missing")
    assert isinstance(number.answer, int) and isinstance(missing.answer, int)
    assert number.answer + missing.answer == 27
    assert number.domain is not None and missing.domain is not None
    assert len(number.domain) == len(missing.domain) == 5
