"""Graph of motion: the closed forms against the laws they stand for, and against small steps."""

import math

import numpy as np
import pytest

from generators.physical._motion_retold import law_of, swings_of
from generators.physical._motions import MARKS, Orbit, Puck
from morse.pipeline import imagine, make_key
from morse.task import registry


def test_a_puck_by_hand() -> None:
    # from 4.0 each half swing takes 1.0, so it turns at -3, 2, -1 and rests at 0 after two swings
    puck = Puck("A", 4.0, 2.0, 2, 0.0)
    assert puck.push == pytest.approx(0.5)
    assert puck.at(np.array([0.0, 1.0, 2.0, 3.0, 4.0, 9.0])) == pytest.approx([4.0, -3.0, 2.0, -1.0, 0.0, 0.0])


@pytest.mark.parametrize("spare", [-0.5, 0.0, 0.5])
def test_a_puck_obeys_spring_and_dry_friction(spare: float) -> None:
    puck = Puck("A", -4.4, 1.7, 3, 0.0, spare)
    pull = (2 * math.pi / puck.period) ** 2
    times = np.arange(0.0, puck.lasts, 0.001)
    x = puck.at(times)
    speed, change = np.gradient(x, 0.001), np.gradient(np.gradient(x, 0.001), 0.001)
    left = change + pull * x + pull * puck.push * np.sign(speed)
    away = np.abs(speed) > 0.3  # at the turning points the differences reach over a jump
    assert np.abs(left[away]).max() < 0.02 * pull * abs(puck.reach)
    assert abs(x[-1]) <= puck.push


@pytest.mark.parametrize(("reach", "swings", "spare"), [(4.0, 2, 0.0), (-3.5, 4, 0.4), (5.0, 6, -0.4)])
def test_swings_in_small_steps(reach: float, swings: int, spare: float) -> None:
    puck = Puck("A", reach, 1.9, swings, 0.0, spare)
    pull = (2 * math.pi / puck.period) ** 2
    assert swings_of(reach, pull, pull * puck.push) == swings
    assert swings_of(reach, pull, pull * puck.push / 2) == 2 * swings
    assert swings_of(2 * reach, pull, pull * puck.push) == 2 * swings


@pytest.mark.parametrize("way", [1, -1])
def test_orbits_obey_their_laws(way: int) -> None:
    times = np.arange(0.0, 5.0, 0.01)
    for law, power in (("spring", 1.0), ("gravity", -2.0)):
        places = Orbit(law, 1.2, 2.6, 4.3, 0.7, way, 0.2).at(times)
        pulls = np.diff(places, 2, axis=0) / 0.01**2
        distance = np.hypot(*places[1:-1].T)
        inward = -(pulls * places[1:-1]).sum(axis=1) / distance
        assert (
            np.abs(places[1:-1, 0] * pulls[:, 1] - places[1:-1, 1] * pulls[:, 0]).max()
            < 0.01 * np.abs(pulls).max() * distance.max()
        )
        assert inward / distance**power == pytest.approx(
            np.full(len(inward), inward[0] / distance[0] ** power), rel=0.01
        )
        assert (distance.min(), distance.max()) == pytest.approx((1.2, 2.6), abs=0.01)
        assert law_of(places) == law
    places = Orbit("magnet", 1.2, 2.6, 4.3, 0.7, way, 0.2).at(times)
    speeds = np.hypot(*np.diff(places, axis=0).T)
    assert speeds.max() == pytest.approx(speeds.min(), rel=0.001)
    assert law_of(places) == "magnet"


@pytest.mark.parametrize("index", range(4))
def test_the_body_is_on_rays_at_the_cut_and_later(index: int) -> None:
    motions = imagine(make_key(registry().task("graph_of_motion"), 2, "rays", index)).episode
    for time, mark in (
        (motions.cut, motions.first),
        (motions.cut + motions.wanted.ahead, motions.first + motions.wanted.on),
    ):
        x, y = motions.orbit.at(np.array([time]))[0]
        off = math.atan2(y, x) - math.tau * mark / MARKS
        assert abs(math.remainder(off, math.tau)) < 0.03
