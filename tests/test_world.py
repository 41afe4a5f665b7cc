"""The 3D scene: visible shares by ray casts, against shares worked out by hand."""

import numpy as np
import pytest

from morse.joined import Part
from morse.world import Body, Camera, World, pose


def scene(*bodies: tuple[Body, tuple[float, float, float]]) -> World:
    """Bodies that stand still before a camera 10 m off on the negative y axis, 1 m up, that looks along y."""
    poses = np.array([[pose(place) for _, place in bodies]])
    camera = Camera.still((0.0, -10.0, 1.0), (0.0, 0.0, 1.0), 30.0)
    return World(1.0, tuple(body for body, _ in bodies), np.zeros(1), poses, camera)


def share(world: World, name: str) -> float:
    return float(world.tracks(np.zeros(1)).of(name)[1][0])


BALL = (Body("ball", "sphere", (1.0, 1.0, 1.0), "red"), (0.0, 0.0, 1.0))


def wall(x: float, y: float, opaque: bool = True) -> tuple[Body, tuple[float, float, float]]:
    """A wall 2 m wide whose left edge is at ``x``."""
    return Body("wall", "box", (2.0, 0.02, 2.0), "white", tracked=False, opaque=opaque), (x + 1.0, y, 1.0)


def test_what_stands_before_hides_its_part_alone() -> None:
    assert share(scene(BALL), "ball") == 1.0
    assert share(scene(BALL, wall(0.0, -1.0)), "ball") == pytest.approx(0.5, abs=0.06)
    assert share(scene(BALL, wall(-1.0, -1.0)), "ball") == 0.0
    # a quarter of the diameter left free: (arccos ½ − ½·sin 2·arccos ½) / π = 0.196 of the disc; the wall's edge at −0.225 m
    # at a distance of 9 m covers the ball (10 m) from −0.25 m on
    assert share(scene(BALL, wall(-0.225, -1.0)), "ball") == pytest.approx(0.196, abs=0.06)


def test_what_stands_behind_or_lets_light_through_hides_nothing() -> None:
    assert share(scene(BALL, wall(-1.0, 1.0)), "ball") == 1.0
    assert share(scene(BALL, wall(-1.0, -1.0, opaque=False)), "ball") == 1.0


def test_the_edge_of_the_frame_cuts() -> None:
    edge = 10.0 * np.tan(np.radians(15.0)) * 16 / 9
    half = scene((BALL[0], (float(edge), 0.0, 1.0)))
    assert share(half, "ball") == pytest.approx(0.5, abs=0.07)


@pytest.mark.parametrize("shape", ["box", "cylinder", "cone", "sphere"])
def test_two_of_a_shape_hide_each_other_by_depth(shape: str) -> None:
    near = Body("near", shape, (1.0, 1.0, 1.0), "red")  # type: ignore[arg-type]
    far = Body("far", shape, (1.0, 1.0, 1.0), "blue")  # type: ignore[arg-type]
    world = scene((near, (0.0, -2.0, 1.0)), (far, (0.0, 2.0, 1.0)))
    assert share(world, "near") == 1.0
    assert share(world, "far") == 0.0
    assert share(world.without("near"), "far") == 1.0


def test_some_tracks_are_the_same_as_among_all() -> None:
    more = Body("cone", "cone", (0.8, 0.8, 1.4), "blue")
    world = scene(BALL, wall(0.0, -1.0), (more, (-0.4, -0.5, 0.7)))
    every, one = world.tracks(np.zeros(1)), world.tracks(np.zeros(1), ["ball"])
    assert every.names == ("ball", "cone") and one.names == ("ball",)
    assert np.array_equal(one.of("ball")[0], every.of("ball")[0])
    assert np.array_equal(one.of("ball")[1], every.of("ball")[1])


def test_a_world_of_still_bodies_changes_while_its_camera_moves() -> None:
    times, eyes = np.array([0.0, 1.0, 2.0, 3.0]), np.array([[0, -4, 2], [0, -4, 2], [1, -4, 2], [1, -4, 2]], float)
    body = Body("ball", "sphere", (0.5, 0.5, 0.5), "red", static=True)
    camera = Camera.path(times, eyes, (0.0, 0.0, 0.0))
    world = World(3.0, (body,), np.zeros(1), np.array([[pose((0.0, 0.0, 0.25))]]), camera)
    assert world.spans_of_change() == [(1.0, 2.0)]
    assert Part(world, stage="bullet").spans_of_change() == [(1.0, 2.0)]
