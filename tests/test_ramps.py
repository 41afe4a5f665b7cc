"""Lanes of different grip: ways against small steps of Newton's law and against pybullet, and what is to hold of every clip."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from generators.physical._ramp_track import BEND, GRAVITY, SIZE, Hit, Track, time_down, trip
from generators.physical._ramp_viewer import _raced
from generators.physical._ramp_world import HIGH, LOW, ranked
from morse.pipeline import Item, imagine, make_key
from morse.task import registry
from morse.world import World

TRACK = Track(math.radians(23.0), 0.2)


@cache
def clip(level: int, index: int) -> Item:
    return imagine(make_key(registry().task("ramps"), level, "test_ramps", index))


def test_times_by_hand() -> None:
    """Without friction s = g sin φ t² / 2; a ball takes √(7/5), a drum √(3/2), a hoop √2 times as long (but for a drag of 2 %)."""
    plain = math.sqrt(2 * 1.8 / (4.0 * math.sin(TRACK.slope)))
    assert time_down(TRACK, "wood", 0.0, 1.8) == pytest.approx(plain)
    for kind, longer in (("ball", 7 / 5), ("drum", 3 / 2), ("hoop", 2.0)):
        drag = 1 - 0.02 / math.tan(TRACK.slope)
        assert time_down(TRACK, kind, 0.0, 1.8) == pytest.approx(plain * math.sqrt(longer / drag))
    assert time_down(TRACK, "wood", math.tan(TRACK.slope), 1.8) == math.inf  # the angle of repose


def test_a_slide_is_what_small_steps_make() -> None:
    """Newton's second law with dry friction, 0.1 ms at a time, pressed on by its turning in the arc."""
    grip, dt = 0.11, 1e-4
    along, speed, time = -HIGH - SIZE / 2, 0.0, 0.0
    while speed > 0 or time == 0:
        slope = float(np.clip(TRACK.slope - along / BEND, 0.0, TRACK.slope))
        turning = speed * speed / BEND if 0 < along < BEND * TRACK.slope else 0.0
        friction = (grip if along < 0 else TRACK.flat) * (GRAVITY * math.cos(slope) + turning)
        speed += (GRAVITY * math.sin(slope) - friction) * dt
        along, time = along + speed * dt, time + dt
    way, _ = trip(TRACK, "wood", grip, TRACK.flat, HIGH)
    assert way.stops == pytest.approx(along, abs=0.01) and way.rests == pytest.approx(time, abs=0.01)


def test_twice_as_far_up_is_about_twice_as_far_out() -> None:
    out = [trip(TRACK, "wood", 0.1, 0.2, start)[0].stops - BEND * TRACK.slope for start in (LOW, HIGH)]
    assert out[1] / out[0] == pytest.approx(2.0, rel=0.1)


def test_collisions_keep_momentum() -> None:
    for ratio in (1 / 3, 1.0, 3.0):
        after, given = Hit(1.0, ratio, 0.9).speeds(2.0)
        assert after + ratio * given == pytest.approx(2.0) and given - after == pytest.approx(0.9 * 2.0)
    assert trip(TRACK, "wood", 0.1, 0.2, HIGH, Hit(1.2, 3.0))[0].stops < 1.2 - SIZE  # a heavier one throws it back


def test_pybullet_agrees_on_who_is_first() -> None:
    """A slippery block before a ball, a ball before a drum before a hoop, and a block above the angle of repose never."""
    racers = (
        (1, "ice", 1.8, 0.1, 0.4), (2, "hoop", 1.8, 0.2, 4.5), (3, "ball", 1.8, 0.2, 4.5), (4, "rubber", 1.8, 0.25, 2.0),
        (5, "drum", 1.8, 0.1, 4.5),
    )  # fmt: skip
    assert _raced(0.4, racers) == (1, 3, 5, 2)


def test_small_changes_change_no_arrival() -> None:
    """One per cent more or less friction on each lane, by turns, leaves winners and fields as they are."""
    for index in range(6):
        slides = clip(3, index).episode
        for pattern in range(4):
            signs = [1 if (lane ^ pattern) & 1 else -1 for lane in range(len(slides.grips))]
            grips = tuple(grip * (1 + 0.01 * sign) for grip, sign in zip(slides.grips, signs, strict=True))
            off = replace(
                slides,
                grips=grips,
                track=Track(slides.track.slope, slides.track.flat * (0.99 if pattern & 2 else 1.01)),
            )
            for line in slides.runs:
                before, after = ([made.takes(lane, item) for lane, item in enumerate(line)] for made in (slides, off))
                assert ranked(before) == ranked(after)
            item = slides.runs[2][slides.asked]
            assert math.floor(slides.field(slides.asked, item)) == math.floor(off.field(slides.asked, item))


def test_masses_stand_on_blocks_and_change_nothing() -> None:
    for index in range(6):
        item = clip(3, index)
        for question in item.questions:
            if question.kind == "masses":
                run = int(str(question.slots["run"])) - 1
                takes = [item.episode.takes(lane, one) for lane, one in enumerate(item.episode.runs[run])]
                assert question.answer == str(ranked(takes)[0] + 1)


def test_bodies_stand_on_their_lane() -> None:
    """No corner of a block sinks into its ramp or flat, nor hangs over it, by more than a block may over the arc."""
    item = clip(1, 0)
    world = item.layout.scene
    assert isinstance(world, World)
    track = item.episode.track
    name = "run 1 lane 2"
    times = item.layout.details["releases"][0] + np.arange(0, 5, 0.05)
    poses = world.poses_at(times)[:, world.index(name)]
    tilt = 2 * np.arctan2(poses[:, 4], poses[:, 6])
    for side in (-1, 1):
        x = poses[:, 0] + side * SIZE / 2 * np.cos(tilt) - SIZE / 2 * np.sin(tilt)
        z = poses[:, 2] - side * SIZE / 2 * np.sin(tilt) - SIZE / 2 * np.cos(tilt) - 0.05
        flat, ramp = x >= track.foot, x <= 0
        assert np.abs(z[flat]).max(initial=0.0) < 2e-3
        assert np.abs(z[ramp] - (track.rise - x[ramp] * math.tan(track.slope))).max(initial=0.0) < 2e-3
