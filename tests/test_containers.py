"""Balls in bins: rides by the laws of rolling, doors by hand, and what is drawn."""

import math

import numpy as np
import pytest

from generators.physical._chute_board import RADIUS, RIM, SLOPES, SPEEDS, START, Board, rides, windows
from generators.physical._chute_plan import Params, Swings, course
from generators.physical.containers import Containers
from morse.errors import BadInput
from morse.physics import GRAVITY, SAMPLE
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.stage.frames import Canvas
from morse.world import World

BOARD = Board(3, SPEEDS[1], SLOPES[1])
CANVAS = Canvas(480, 270, 10)


def made(level: int, index: int) -> Item:
    return imagine(make_key(Containers(), level, "bins", index))


def test_a_ball_rolls_down_as_a_solid_ball_must() -> None:
    slope = math.radians(SLOPES[1])
    friction = 0.006 * 1.0  # rolling friction of the ball times the friction of the chute
    down = 5 / 7 * GRAVITY * (math.sin(slope) - math.cos(slope) * friction / RADIUS)
    ride = rides(BOARD)[-1].poses
    for seconds in (0.5, 1.0, 1.5, 2.0):
        far = (SPEEDS[1] * seconds + down * seconds**2 / 2) * math.cos(slope)
        assert ride[round(seconds / SAMPLE), 0] - START == pytest.approx(far, rel=0.04)


@pytest.mark.parametrize("doors", [3, 4, 5])
@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("slope", SLOPES)
def test_each_ride_ends_at_rest_in_its_bin_and_never_off_the_plane(doors: int, speed: float, slope: float) -> None:
    board = Board(doors, speed, slope)
    for place, ride in enumerate(rides(board)):
        left, right = board.bins[place]
        x, y, z = ride.poses[-1, :3]
        assert left + RADIUS < x < right - RADIUS
        assert z == pytest.approx(RADIUS, abs=0.01)
        assert abs(y) < 0.01
        out_of_sight = ride.poses[round(ride.gone / SAMPLE) :, 2]
        assert (out_of_sight + RADIUS < RIM + 0.02).all()  # nothing bounces back into sight


def test_doors_are_asked_in_turn_by_hand() -> None:
    spans = windows(BOARD)
    shut, hangs = Swings(False, ()), Swings(True, ())
    late = Swings(False, (spans[1][1] + 0.1,))
    early = Swings(False, (spans[1][0] - 0.5,))
    moving = Swings(False, (spans[1][0] + 0.1,))
    assert course(BOARD, (shut, shut, shut), 0.0) == 3
    assert course(BOARD, (shut, late, hangs), 0.0) == 2
    assert course(BOARD, (shut, early, hangs), 0.0) == 1
    assert course(BOARD, (shut, moving, hangs), 0.0) is None
    assert course(BOARD, (hangs, early, hangs), 0.0, shut=(0, 1)) == 2


def test_two_screens_need_four_doors() -> None:
    with pytest.raises(BadInput, match="two screens need four doors"):
        Params.at(1, {"screens": 2})


@pytest.mark.parametrize("index", range(3))
def test_balls_never_touch_on_the_chute_nor_a_moving_door(index: int) -> None:
    item = made(10, index)
    world = item.layout.scene
    assert isinstance(world, World)
    chute = item.episode
    for time in np.arange(0.0, world.duration, 0.05):
        going = [i for i in range(len(chute.into)) if chute.out(i) < time < chute.gone(i)]
        places = [world.poses_at(np.array([time]))[0, world.index(f"ball {i + 1}"), :3] for i in going]
        gaps = [math.dist(a, b) for i, a in enumerate(places) for b in places[:i]]
        assert min(gaps, default=9.0) > 2 * RADIUS + 0.1


@pytest.mark.parametrize("level", [1, 6])
def test_a_ball_in_its_bin_and_a_door_behind_its_screen_are_not_drawn(level: int) -> None:
    item = made(level, 0)
    stage = staged(item, CANVAS, style_of(item.key))
    end = stage.masks(item.layout.duration - 0.05)
    assert not any(end[f"ball {i + 1}"].any() for i in range(len(item.episode.into)))
    assert not any(stage.masks(0.0)[f"ball {i + 1}"].any() for i in range(len(item.episode.into)))
    for time in np.arange(0.0, item.layout.duration, 1.0):
        masks = stage.masks(float(time))
        for thing in item.layout.objects:
            if thing.attributes.get("hidden"):
                assert masks[thing.id].sum() <= 3
    stage.close()


def test_counts_are_those_of_the_balls_that_end_in_front_of_each_letter() -> None:
    for index in range(4):
        item = made(6, index)
        world = item.layout.scene
        assert isinstance(world, World)
        last = world.poses[-1]
        for question in item.questions:
            if question.kind in ("held", "tinted"):
                front = last[world.index(f"bin {question.slots['bin']}"), 0]
                width = world.bodies[world.index(f"bin {question.slots['bin']}")].size[0]
                balls = [body for body in world.bodies if body.name.startswith("ball ")]
                tint = question.slots.get("colour")
                inside = [b for b in balls if abs(last[world.index(b.name), 0] - front) < width / 2]
                assert question.answer == sum(tint in (None, ball.colour) for ball in inside)


def test_frames_in_a_row_are_those_drawn_alone_though_shadows_end_on_the_board() -> None:
    item = made(1, 1)
    one, other = (staged(item, CANVAS, style_of(item.key)) for _ in range(2))
    shown = 0
    for number, (pixels, repeat) in enumerate(one.frames()):
        if number % 12 == 5:
            assert (pixels == other.frame_at(shown / CANVAS.fps)).all()
        shown += repeat
        if number > 90:
            break
    one.close()
    other.close()
