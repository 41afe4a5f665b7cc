"""Timelines: motion, boxes and visibility against hand values (the frame is 16 × 9 units, the origin in the middle)."""

import math

import numpy as np
import pytest

from morse.timeline import Timeline


def test_motion_by_hand() -> None:
    scene = Timeline(10.0)
    scene.add("ball", (0.0, 0.0), (2.0, 2.0))
    scene.move("ball", (4.0, 0.0), 1.0, 3.0, ease="linear")
    scene.move("ball", (4.0, 2.0), 5.0, 7.0, ease="smooth")
    assert scene.place("ball", 0.5) == (0.0, 0.0)
    assert scene.place("ball", 1.5) == pytest.approx((1.0, 0.0))
    assert scene.place("ball", 4.0) == pytest.approx((4.0, 0.0))
    # smooth: p²(3 − 2p), a quarter of the way: 1/16 × 2.5 = 0.15625
    assert scene.place("ball", 5.5) == pytest.approx((4.0, 2 * 0.15625))
    assert scene.place("ball", 9.0) == pytest.approx((4.0, 2.0))


def test_a_bent_path_bulges_to_the_left_of_its_direction() -> None:
    scene = Timeline(2.0)
    scene.add("ball", (0.0, 0.0), (1.0, 1.0))
    scene.move("ball", (4.0, 0.0), 0.0, 2.0, bend=0.25)
    # halfway of a path of length 4 along +x: left is +y, by 0.25 × 4
    assert scene.place("ball", 1.0) == pytest.approx((2.0, 1.0))
    assert scene.place("ball", 2.0) == pytest.approx((4.0, 0.0), abs=1e-9)


def test_boxes_in_fractions_of_the_frame() -> None:
    scene = Timeline(1.0)
    scene.add("slab", (4.0, 2.25), (4.0, 2.0))
    scene.add("tilted", (0.0, 0.0), (2.0, 2.0), angle=math.pi / 4)
    scene.add("disc", (0.0, 0.0), (2.0, 2.0), angle=math.pi / 4, round=True)
    tracks = scene.tracks(np.array([0.0]))
    # left (4 − 2 + 8) / 16, top (4.5 − 2.25 − 1) / 9
    assert tracks.of("slab")[0][0] == pytest.approx([0.625, 1.25 / 9, 0.875, 3.25 / 9])
    half = math.sqrt(2)
    assert tracks.of("tilted")[0][0] == pytest.approx(
        [0.5 - half / 16, 0.5 - half / 9, 0.5 + half / 16, 0.5 + half / 9]
    )
    assert tracks.of("disc")[0][0] == pytest.approx([0.5 - 1 / 16, 0.5 - 1 / 9, 0.5 + 1 / 16, 0.5 + 1 / 9])


def test_what_is_in_front_hides_and_what_is_clear_does_not() -> None:
    scene = Timeline(3.0)
    scene.add("coin", (0.0, 0.0), (1.0, 1.0), z=0.0)
    scene.add("cup", (0.0, 0.0), (2.0, 2.0), z=1.0)
    scene.add("aside", (5.0, 0.0), (1.0, 1.0), z=0.0)
    scene.add("frame", (5.0, 0.0), (3.0, 3.0), z=2.0, solid=False)
    scene.change("cup", "opacity", 0.0, 1.0)
    scene.change("cup", "opacity", 1.0, 2.0)
    scene.move("cup", (1.0, 0.0), 2.0, 2.5, ease="linear")
    visible = {name: scene.tracks(np.array([0.0, 1.5, 2.6])).of(name)[1] for name in ("coin", "cup", "aside")}
    assert visible["coin"][:2] == pytest.approx([0.0, 1.0])
    assert visible["coin"][2] == pytest.approx(0.5, abs=0.1), "the cup's left edge stands on the coin's middle"
    assert visible["cup"] == pytest.approx([1.0, 0.0, 1.0])
    assert visible["aside"] == pytest.approx([1.0, 1.0, 1.0])


def test_outside_the_frame_is_not_seen() -> None:
    scene = Timeline(1.0)
    scene.add("half", (8.0, 0.0), (2.0, 2.0))
    scene.add("gone", (12.0, 0.0), (2.0, 2.0))
    tracks = scene.tracks(np.array([0.0]))
    assert tracks.of("half")[1][0] == pytest.approx(0.5, abs=0.1)
    assert tracks.of("gone")[1][0] == 0.0


def test_changes_must_not_overlap() -> None:
    scene = Timeline(5.0)
    scene.add("ball", (0.0, 0.0), (1.0, 1.0))
    scene.move("ball", (1.0, 0.0), 1.0, 3.0)
    with pytest.raises(ValueError, match="before the last one ends"):
        scene.move("ball", (2.0, 0.0), 2.0, 4.0)
    with pytest.raises(ValueError, match="two actors"):
        scene.add("ball", (0.0, 0.0), (1.0, 1.0))


def test_spans_of_change() -> None:
    scene = Timeline(5.0)
    scene.add("a", (0.0, 0.0), (1.0, 1.0))
    scene.add("b", (0.0, 0.0), (1.0, 1.0))
    scene.move("a", (1.0, 0.0), 1.0, 2.0)
    scene.change("b", "opacity", 0.5, 3.0)
    assert scene.spans_of_change() == [(1.0, 2.0), (3.0, 3.0)]
    assert scene.spans_of_change(["b"]) == [(3.0, 3.0)]
