"""Pendulums and cradles: tables of the elliptic integral, the equation of motion integrated, momentum and energy, and balls that never overlap."""

import math
from functools import cache

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from generators.physical._swing_motion import CRADLE_GRAVITY, GRAVITY, Cradle, Swing, length_of
from generators.physical._swing_show import BALL
from generators.physical._swing_world import LEFT_OVER, SWINGS, WINDOW, Row, Trial
from morse.pipeline import Item, imagine, make_key
from morse.task import registry


@cache
def clip(level: int, index: int) -> Item:
    return imagine(make_key(registry().task("pendulum_cradle"), level, "test_pendulum_cradle", index))


def test_a_string_four_times_as_long_swings_half_as_often() -> None:
    assert length_of(2.0) / length_of(1.0) == pytest.approx(4.0)
    assert math.tau * math.sqrt(length_of(1.7) / GRAVITY) == pytest.approx(1.7)


@pytest.mark.parametrize(("degrees", "longer"), [(30, 1.01741), (60, 1.07318), (90, 1.18034)])
def test_the_period_of_wide_swings(degrees: float, longer: float) -> None:
    """T / T₀ from tables of the complete elliptic integral; the first impact comes after a quarter of a swing."""
    cradle = Cradle(5, 1, 0, math.radians(degrees))
    small = math.tau * math.sqrt(cradle.length / CRADLE_GRAVITY)
    assert 4 * cradle.impacts[0] / small == pytest.approx(longer, abs=2e-5)


def test_a_lifted_ball_moves_by_the_pendulums_equation() -> None:
    cradle = Cradle(5, 1, 0, 0.55)
    times = np.linspace(0.0, cradle.impacts[0], 20)
    path = solve_ivp(
        lambda _, s: [s[1], -CRADLE_GRAVITY / cradle.length * math.sin(s[0])],
        (0.0, times[-1]), [-0.55, 0.0], t_eval=times, rtol=1e-9, atol=1e-9,
    )  # fmt: skip
    assert np.abs(cradle.at(0, times) - path.y[0]).max() < 1e-4


def test_a_damped_bob_moves_by_its_equation() -> None:
    swing = Swing(0.1, 1.3, 0.24)
    times = np.linspace(0.0, 8.0, 60)
    path = solve_ivp(
        lambda _, s: [s[1], -GRAVITY / swing.length * math.sin(s[0]) - 2 * swing.damping * s[1]],
        (0.0, 8.0), [0.1, 0.0], t_eval=times, rtol=1e-9, atol=1e-9,
    )  # fmt: skip
    assert np.abs(swing.at(times) - path.y[0]).max() < 4e-3  # 0.1 rad is a small swing


@pytest.mark.parametrize(("left", "right"), [(1, 0), (3, 0), (2, 1), (1, 2), (3, 2)])
def test_impacts_keep_momentum_and_lose_little_energy(left: int, right: int) -> None:
    cradle = Cradle(6, left, right, 0.55)
    for number in range(4):
        at, moment = cradle.impacts[number], 1e-4
        before = [float(np.diff(cradle.at(ball, np.array([at - 2 * moment, at - moment])))[0]) for ball in range(6)]
        after = [float(np.diff(cradle.at(ball, np.array([at + moment, at + 2 * moment])))[0]) for ball in range(6)]
        assert sum(after) == pytest.approx(sum(before) * cradle.keeps, rel=1e-3, abs=1e-9)
        energies = [sum(speed**2 for speed in speeds) for speeds in (before, after)]
        assert energies[1] / energies[0] == pytest.approx(cradle.keeps**2, rel=1e-3)


@pytest.mark.parametrize(("left", "right"), [(1, 0), (3, 2), (2, 1)])
def test_balls_never_overlap(left: int, right: int) -> None:
    cradle = Cradle(6, left, right, 0.6)
    times = np.linspace(0.0, 8.0, 1500)
    angles = np.array([cradle.at(ball, times) for ball in range(6)])
    x = np.arange(6)[:, None] * 2 * BALL + cradle.length * np.sin(angles)
    y = -cradle.length * np.cos(angles)
    apart = np.hypot(np.diff(x, axis=0), np.diff(y, axis=0))
    assert apart.min() > 2 * BALL - 1e-6


def test_no_count_is_near_its_edge() -> None:
    """Two fifths of a swing are left over, so 1 % of the period more or less changes no number of swings, nor half of it."""
    for number in SWINGS:
        period = WINDOW / (number + LEFT_OVER)
        for off in (0.99, 1.01):
            assert math.floor(WINDOW / (period * off)) == number
            assert math.floor(WINDOW / (2 * period * off)) == number // 2


def test_what_hides_a_string_hides_its_pivot() -> None:
    """Every pivot hangs behind the board, so that no string's length is seen."""
    from generators.physical._swing_show import BOARD, LOW

    shortest = length_of(WINDOW / (max(SWINGS) + LEFT_OVER))
    assert shortest + LOW > BOARD + 0.1


def test_the_curtain_is_shut_where_one_look_could_tell() -> None:
    """At the first, the middle and the last moment of a clip."""
    for index in range(4):
        item = clip(3, index)
        curtain = item.layout.timeline.actors["curtain"]
        for share in (0.0, 0.5, 1.0):
            assert curtain.at("y", share * item.layout.duration) == pytest.approx(-0.45)


def test_experiments_have_what_is_asked() -> None:
    for index in range(6):
        swinging = clip(6, index).episode
        assert len(swinging.experiments) == swinging.params.experiments
        assert isinstance(swinging.experiments[swinging.row], Row) and isinstance(
            swinging.experiments[swinging.pair], Row
        )
        trial = swinging.experiments[swinging.told]
        assert isinstance(trial, Trial) and trial.cradle.left + trial.cradle.right < trial.cradle.balls
