"""Compositions: scenes joined by moviepy show what their own stages show, with cards between, in memory that stays small."""

import tracemalloc
from typing import Any

import numpy as np
import pytest

from benchmarks.commands import joined_memory
from morse.joined import JoinedScene, Part
from morse.layout import Layout
from morse.seeding import Key
from morse.stage.compose import ComposeStage
from morse.stage.frames import Canvas
from morse.stage.manim_stage import ManimStage
from morse.style import draw_style
from morse.timeline import Timeline

STYLE = draw_style(Key("toy", 1, 1, "test", "root", 0).stream("style"), wanted="plain")
CANVAS = Canvas(96, 54, 24)


def scene(shift: float) -> Timeline:
    """A square that rests, crosses the frame, and rests."""
    timeline = Timeline(2.0)
    timeline.add("square", (-5.0, shift), (2, 2))
    timeline.move("square", (5.0, shift), 0.5, 1.0)
    return timeline


def fill(_: int, stage: Any) -> None:
    from manim import Square

    stage.add("square", Square(2.0).set_fill("#cc2222", 1.0).set_stroke(width=0))


def composed(parts: list[Part], canvas: Canvas = CANVAS, fade: float = 0.0) -> ComposeStage:
    stage = ComposeStage(Layout(JoinedScene(parts), ()), canvas, STYLE)
    stage.paint(fill, fade=fade)
    return stage


def every_frame(stage: Any) -> list[bytes]:
    return [bytes(pixels) for pixels, repeat in stage.frames() for _ in range(repeat)]


TWO = [Part(scene(1.0), "Clip 1", 1.0), Part(scene(-2.0), "Clip 2", 1.0)]


def test_each_scene_shows_what_its_own_stage_shows() -> None:
    own = ManimStage(Layout(TWO[1].scene, ()), CANVAS, STYLE)
    fill(1, own)
    assert every_frame(composed(TWO))[96:144] == every_frame(own)


@pytest.mark.parametrize("fps", [24, 25, 7])
@pytest.mark.parametrize("fade", [0.0, 0.25])
def test_frames_in_order_are_the_frames_one_by_one(fps: int, fade: float) -> None:
    canvas = Canvas(96, 54, fps)
    parts = [Part(scene(1.0), "Clip 1", 0.7), Part(scene(-2.0), "", 1.0), Part(scene(0.0), "Clip 3", 1.1)]
    frames = every_frame(composed(parts, canvas, fade))
    alone = composed(parts, canvas, fade)
    assert len(frames) == canvas.frames(7.8)
    for i in reversed(range(len(frames))):
        assert bytes(alone.frame_at(i / fps)) == frames[i], i


def test_still_stretches_are_one_frame_repeated() -> None:
    repeats = [repeat for _, repeat in composed(TWO).frames()]
    assert sum(repeats) == 144
    assert repeats.count(24) >= 2  # the cards
    assert len(repeats) <= 2 * (1 + 1 + 13 + 1)


def test_cards_differ_and_fades_start_from_the_background() -> None:
    stage = composed(TWO, fade=0.25)
    first, second = stage.frame_at(0.5).copy(), stage.frame_at(3.5).copy()
    assert (first != second).any()
    background = [int(STYLE.background[i : i + 2], 16) for i in (5, 3, 1)]
    assert abs(stage.frame_at(1.0)[..., :3].astype(int) - background).mean() < 2.0
    assert abs(stage.frame_at(1.4)[..., :3].astype(int) - background).max() > 50


def test_a_last_card_comes_after_all_scenes() -> None:
    joined = JoinedScene(TWO, "The end", 1.0)
    stage = ComposeStage(Layout(joined, ()), CANVAS, STYLE)
    stage.paint(fill)
    assert joined.duration == 7.0
    assert joined.tracks(np.array([5.9, 6.0, 6.9])).of("square")[1].tolist() == [1.0, 0.0, 0.0]
    assert not stage.masks(6.5)["square"].any()
    assert (stage.frame_at(6.5) != stage.frame_at(5.9)).any()
    assert sum(repeat for _, repeat in stage.frames()) == 168


def test_tracks_masks_and_hiding_reach_the_parts() -> None:
    stage, joined = composed(TWO), JoinedScene(TWO)
    tracks = joined.tracks(np.array([0.5, 1.2, 4.2]))
    boxes, visible = tracks.of("square")
    assert visible.tolist() == [0.0, 1.0, 1.0]
    assert boxes[1, 1] < 0.5 < boxes[2, 1]  # above the middle in the first scene, below it in the second
    assert not stage.masks(0.5)["square"].any()
    shown = np.argwhere(stage.masks(4.2)["square"])
    assert shown[:, 0].mean() / 54 == pytest.approx((boxes[2, 1] + boxes[2, 3]) / 2, abs=0.02)
    drawn = stage.frame_at(4.2).copy()
    stage.hide("square")
    assert (stage.frame_at(4.2) != drawn).any()
    stage.hide()
    assert (stage.frame_at(4.2) == drawn).all()
    with pytest.raises(ValueError, match="circle"):
        stage.hide("circle")


def test_memory_does_not_grow_with_length() -> None:
    def peak(count: int) -> int:
        stage = composed([Part(scene(0.1 * (k % 20)), f"Clip {k}", 1.0) for k in range(count)])
        for _ in stage.frames():  # what is loaded and kept once
            break
        tracemalloc.start()
        opened = 0
        for _ in stage.frames():
            opened = max(opened, len(stage._open))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert opened <= 2
        return most

    assert peak(40) < 1.5 * peak(5) + 200_000


def test_ten_minutes_of_joined_episodes_take_hardly_more_memory_than_one() -> None:
    """Peak memory of a whole process that joins kitchen episodes and encodes them: ten minutes here; an hour by ``benchmarks.commands``."""
    (short, _), (long, made) = (joined_memory("kitchen", seconds, Canvas(128, 72, 6)) for seconds in (30.0, 600.0))
    assert made >= 600
    assert long < short + 30
