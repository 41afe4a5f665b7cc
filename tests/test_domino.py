"""Dominoes: what falls over which gap by geometry, forks from either side, and answers to a row laid by hand."""

import math

import numpy as np
import pytest

from generators.physical._domino_falls import LIES, SLOW, Falls, dominoes, falls
from generators.physical._domino_retold import Retold
from generators.physical._domino_rows import HIGH, THICK, closed, draw_camera, draw_fork, mirrored, rolling, standing
from morse.physics import STEP, simulate
from morse.pipeline import imagine, make_key
from morse.seeding import Key, Rng
from morse.task import registry
from morse.world import World


def _rng(name: str, index: int = 0) -> Rng:
    return Key(name, 1, 1, "test", "root", index).stream("draw")


def _line(steps: list[float]) -> tuple:
    """Dominoes along x from 0 on, so many heights apart, and a ball that comes to the first."""
    places = np.concatenate([[0.0], np.cumsum(steps)]) * HIGH
    ball = rolling("ball 1", (-1.6, 0.0), (2.1, 0.0), 0.1)
    return (*(standing(f"a{i}", (float(x), 0.0, 0.0)) for i, x in enumerate(places)), ball)


@pytest.mark.parametrize("step", [STEP, STEP / 2])
@pytest.mark.parametrize(("gap", "falls_on"), [(0.4, True), (0.67, True), (0.85, True), (1.33, False), (1.42, False)])
def test_a_fall_gets_as_far_as_a_domino_reaches(gap: float, falls_on: bool, step: float) -> None:
    """The top of a falling domino comes as far as it is high, and it may slide a little; no ball rolls further than that."""
    reached = falls(_line([0.67, 0.67, gap, 0.67]), 5.0, step)
    assert ("a2" in reached.fell) and not reached.unclear
    assert ("a3" in reached.fell) == ("a4" in reached.fell) == falls_on


def test_one_missing_is_bridged_in_a_dense_row_alone() -> None:
    for step, falls_on in ((0.38, True), (0.67, False)):
        things = tuple(thing for thing in _line([step] * 5) if thing.body.name != "a3")
        assert ("a5" in falls(things, 5.0).fell) == falls_on


def test_a_further_domino_closes_a_gap() -> None:
    things = _line([0.4, 0.4, 1.38, 0.4])
    assert "a4" not in falls(things, 5.0).fell
    assert "a4" in falls(closed(things, "a2", "a3"), 5.0).fell


def test_what_stands_does_not_stir_until_it_is_touched() -> None:
    """Bit for bit: the one next to the gap too."""
    things = _line([0.4, 0.4, 1.4, 0.4])
    run = simulate(things, 5.0, touching=False)
    for name in ("a3", "a4"):
        poses = run.poses[:, run.names.index(name)]
        assert (poses == poses[0]).all()
    first = Falls(run, dominoes(things)).fell["a0"]
    before = run.times * SLOW < first.begins - 0.5
    assert (run.poses[before, 0] == run.poses[0, 0]).all()


def test_without_touches_the_same_happens() -> None:
    things = _line([0.4, 0.66, 0.4])
    with_touches, without = simulate(things, 5.0), simulate(things, 5.0, touching=False)
    count = min(len(with_touches.poses), len(without.poses))
    assert np.abs(with_touches.poses[:count] - without.poses[:count]).max() < 0.02
    assert [touch.pair for touch in with_touches.touches][:2] == [("a0", "ball 1"), ("a0", "a1")]


@pytest.mark.parametrize("index", range(3))
def test_a_fork_passes_a_fall_into_both_branches_but_back_into_neither(index: int) -> None:
    trunk, branches = ["b0", "b1", "b2"], [[f"c{i}" for i in range(5)], [f"d{i}" for i in range(5)]]
    row = draw_fork(_rng("fork", index), trunk, branches, 0.0, (False, index > 0, index > 1), 0)
    row = mirrored(mirrored(row))
    things = tuple(standing(name, spot) for name, spot in row.spots.items())
    x, y, _ = row.spots["b0"]
    into = falls((*things, rolling("ball 1", (x - 1.6, y), (2.1, 0.0), 0.1)), 6.0)
    assert set(into.fell) == set(row.names)
    x, y, turn = row.spots["d4"]
    away = (math.cos(turn), math.sin(turn))
    ball = rolling("ball 1", (x + 1.6 * away[0], y + 1.6 * away[1]), (-2.1 * away[0], -2.1 * away[1]), 0.1)
    back = falls((*things, ball), 6.0)
    assert {*trunk, *branches[1]} <= set(back.fell)
    assert not {"c2", "c3", "c4"} & set(back.fell)


@pytest.mark.parametrize("level", [1, 8])
def test_counts_are_those_of_the_film(level: int) -> None:
    """What lies at the end is low: its box in the picture is hardly as high as a domino that stands."""
    item = imagine(make_key(registry().task("domino"), level, "counted", 0))
    world = item.layout.scene
    assert isinstance(world, World)
    end = world.poses_at(np.array([world.duration]))[0]
    low = [
        body.name
        for body, pose in zip(world.bodies, end, strict=True)
        if body.size[2] == HIGH and pose[2] < 0.5 * HIGH * math.cos(math.radians(LIES)) + THICK / 2
    ]
    asked = {question.kind: question for question in item.questions}
    assert asked["total"].answer == len(low)
    row = Retold(item.layout.shown()).row(str(asked["reached"].slots["letter"]))
    assert asked["reached"].answer == sum(name in low for name in row)
    still = [name for name in row if name not in low]
    if "closed" in asked:
        assert asked["closed"].answer == len(still)


def test_the_camera_sees_where_rows_lie() -> None:
    camera = draw_camera(_rng("camera"))
    things = [
        standing(name, (x, y, 0.0))
        for name, (x, y) in zip("BCDE", [(-1.9, 1.35), (1.9, 1.35), (-1.9, -1.35), (1.9, -1.35)], strict=True)
    ]
    world = World(
        1.0,
        tuple(thing.body for thing in things),
        np.zeros(1),
        np.array([[(*t.position, *t.quaternion) for t in things]]),
        camera,
    )
    boxes = world.boxes(np.zeros(1))[0]
    assert (boxes > 0.02).all() and (boxes < 0.98).all()
