"""Projectile: flights in closed form against small steps, by hand, and against pybullet at its whole and at half its step."""

import math

import numpy as np
import pytest

from generators.physical._flights import CLEAR, GRAVITY, MOUTH, RADIUS, THICK, Board, fly
from generators.physical._throw_retold import _came_down
from morse.physics import STEP
from morse.pipeline import imagine, make_key
from morse.task import registry


def test_a_free_throw_by_hand() -> None:
    flights = fly([], (-7.0, 0.15), np.array([[2.0, 3.0]]), 0.7)
    lasts = (3.0 + math.sqrt(9.0 + 2 * 3.0 * 3.0)) / 3.0  # down to 3 units below the start
    assert flights.end[0] == pytest.approx(lasts)
    assert flights.x[0] == pytest.approx(-7.0 + 2.0 * lasts)
    assert flights.top[0] == pytest.approx(0.15 + 9.0 / 6.0)


def test_a_drop_onto_a_level_board_by_hand() -> None:
    board = Board("1", (0.0, 0.0), 1.0, 0.0)
    flights = fly([board], (0.0, 2.0 + RADIUS + THICK), np.array([[0.0, 0.0]]), 0.5)
    falls = math.sqrt(2 * 2.0 / GRAVITY)
    assert flights.times[0, :3] == pytest.approx(
        [0.0, falls, falls + falls]
    )  # half as fast up, and down again: as long in all
    assert flights.speeds[0, 1] == pytest.approx([0.0, 0.5 * GRAVITY * falls])


@pytest.mark.parametrize("angle", [0.0, 0.5, -0.9, math.pi / 2])
def test_first_touches_are_those_of_small_steps(angle: float) -> None:
    board = Board("1", (0.0, 0.2), 1.1, angle)
    start = np.array([-7.0, 0.5])
    speeds = np.array([(across, up) for across in np.linspace(1.5, 6.0, 20) for up in np.linspace(-1.0, 4.0, 10)])
    flights = fly([board], (-7.0, 0.5), speeds, 0.7)
    times = np.arange(0.0, 5.0, 0.004)
    touched = 0
    for number, speed in enumerate(speeds):
        places = start + speed * times[:, None] - np.stack([0 * times, GRAVITY / 2 * times**2], axis=1)
        places = places[: int(np.argmax(places[:, 1] < MOUTH)) or None]
        far = places - board.middle
        beyond = np.maximum(np.abs(far @ board.along) - board.half, 0.0)
        gap = np.hypot(beyond, np.maximum(np.abs(far @ board.normal) - THICK, 0.0)) - RADIUS
        hit = flights.hits[number, 0] == 0
        if hit:
            assert abs(flights.times[number, 1] - times[int(np.argmax(gap < 0))]) < 0.01
            touched += 1
        elif flights.clean[number]:
            assert gap.min() > 0.8 * CLEAR or abs(places[int(gap.argmin()), 0]) > 7
    assert touched > 10


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_pybullet_lets_balls_fall_into_the_same_bins(share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its whole step, twice that of rederiving, as well as with half of it."""
    monkeypatch.setattr("generators.physical._throw_retold.STEP", 2 * share * STEP)
    _came_down.cache_clear()
    task, same = registry().task("projectile"), []
    for index in range(5):
        item = imagine(make_key(task, 3, "agree", index))
        asked = [question for question in item.questions if question.kind in ("foretold", "freed")]
        same += [task.derived(question, item.layout.shown(question.asked_at)) == question.truth for question in asked]
    _came_down.cache_clear()
    assert len(same) >= 9
    assert sum(same) >= len(same) - 1
