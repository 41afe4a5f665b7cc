"""Runs of bodies: they forget what ran before, bounce as restitution says, and are read in the order of what happened."""

import numpy as np
import pytest

from generators.physical._meetings import chain_to, met, read_between, read_causes, read_kth
from morse.physics import Placed, Run, Touch, nudged, simulate
from morse.world import Body


def _cylinder(name: str, x: float, speed: float = 0.0, start: float = 0.0) -> Placed:
    return Placed(
        Body(name, "cylinder", (0.4, 0.4, 0.4), "red"),
        (x, 0.0, 0.2),
        velocity=(speed, 0.0, 0.0),
        start=start,
        friction=0.0,
        restitution=0.8,
        upright=True,
    )


def _same(one: Run, other: Run) -> bool:
    return one.touches == other.touches and np.array_equal(one.poses, other.poses) and one.gaps == other.gaps


def test_a_run_forgets_what_ran_before() -> None:
    things = [_cylinder("a", -1.0, 2.0), _cylinder("b", 0.0), _cylinder("c", 0.7)]
    first = simulate(things, 2.0)
    simulate(nudged(things, 1), 2.0, bare=True)
    assert len(first.touches) >= 2 and _same(first, simulate(things, 2.0))


def test_upright_bodies_bounce_as_restitution_says() -> None:
    run = simulate([_cylinder("a", -1.0, 2.0), _cylinder("b", 0.0)], 1.0)
    (touch,) = run.touches
    assert touch.time == pytest.approx(0.6 / 2.0, abs=0.02)  # 0.6 m between the surfaces, at 2 m/s
    assert touch.speed == pytest.approx(2.0, abs=0.05)
    after = (run.poses[-1, :, 0] - run.poses[-31, :, 0]) / (run.times[-1] - run.times[-31])
    # equal masses: the sum of the speeds stays, their difference shrinks by 0.8 · 0.8
    assert after == pytest.approx([2.0 * (1 - 0.64) / 2, 2.0 * (1 + 0.64) / 2], abs=0.08)


def test_a_run_stops_when_the_named_body_is_hit() -> None:
    things = [_cylinder("a", -1.0, 2.0), _cylinder("b", 0.0), _cylinder("c", 1.5)]
    assert [t.pair for t in simulate(things, 3.0, until=("b",)).touches] == [("a", "b")]
    assert ("b", "c") in [t.pair for t in simulate(things, 3.0).touches]


def test_runs_beside_each_other_are_one() -> None:
    one, other = simulate([_cylinder("a", -1.0, 2.0), _cylinder("b", 0.0)], 1.0), simulate([_cylinder("c", 5.0)], 2.0)
    both = one.beside(other)
    assert both.names == ("a", "b", "c") and both.touches == one.touches and both.poses.shape == (len(both.times), 3, 7)
    assert np.array_equal(both.poses[: len(one.times), :2], one.poses)


def _touches(*pairs: str) -> list[Touch]:
    return [Touch(pair[0], pair[1], float(i + 1), (0.0, 0.0, 0.0), 1.0) for i, pair in enumerate(pairs)]


def test_a_pair_that_meets_again_keeps_its_place() -> None:
    touches = _touches("ab", "cd", "ab", "ac")
    assert [(t.pair, t.time) for t in met(touches)] == [(("a", "b"), 1.0), (("c", "d"), 2.0), (("a", "c"), 4.0)]
    assert read_kth(touches, 2) == ["c", "d"] and read_kth(touches, 3) == ["a", "c"] and read_kth(touches, 4) is None
    assert read_between(touches, ("a", "b"), ("a", "c")) == 1


def test_causes_are_followed_backwards() -> None:
    touches = _touches("ab", "de", "bc", "cf", "ag")
    assert chain_to(touches, ("c", "f")) == {"a", "b", "c", "f"}
    assert read_causes(touches, ("c", "f"), ["a", "d", "g"]) == ["a"]
    assert read_causes(touches, ("a", "f"), ["b"]) is None
