"""The stage for flat scenes: what it draws, that it draws the same whatever was drawn before, and lettering."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from morse.layout import Layout
from morse.seeding import Key
from morse.stage.frames import Canvas
from morse.stage.lettering import FONTS, lettering, outline
from morse.stage.manim_stage import ManimStage
from morse.style import draw_style
from morse.timeline import Timeline

CANVAS = Canvas(320, 180, 12)


def made(duration: float = 3.0) -> ManimStage:
    """A red box that crosses in front of a green one and a counter that ticks, on a plain background."""
    from manim import Rectangle

    line = Timeline(duration)
    line.add("still", (0.0, 0.0), (4.0, 4.0), z=1)
    line.add("mover", (-6.0, 0.0), (2.0, 2.0), z=2)
    line.add("count", (6.0, 3.0), (1.0, 1.0), z=0, tracked=False, solid=False, number=0.0)
    line.move("mover", (0.0, 0.0), 0.5, 1.5, bend=0.2)
    line.change("mover", "angle", 0.7, 2.0, 2.5)
    line.change("mover", "opacity", 0.3, 2.5, 2.8)
    line.change("count", "number", 1.0, 1.0)
    style = draw_style(Key("t", 1, 1, "test", "r", 0).stream("style"), wanted="plain")
    stage = ManimStage(Layout(scene=line, objects=()), CANVAS, style)
    stage.add("still", Rectangle(fill_color="#00ff00", width=4, height=4, fill_opacity=1.0, stroke_width=0.0))
    stage.add("mover", Rectangle(fill_color="#ff0000", width=2, height=2, fill_opacity=1.0, stroke_width=0.0))
    stage.add("count", lambda values: lettering(f"{values['number']:.0f}", 1.0, "#000000"))
    return stage


def all_frames(stage: ManimStage) -> list[np.ndarray]:
    return [pixels.copy() for pixels, repeat in stage.frames() for _ in range(repeat)]


def test_colours_and_places_are_those_asked_for() -> None:
    frame = made().frame_at(0.0)
    assert tuple(frame[90, 160]) == (0, 255, 0, 255)  # blue first; the middle of the canvas
    assert tuple(frame[90, 40]) == (0, 0, 255, 255)  # x = -6 of 16 units over 320 pixels
    assert tuple(frame[90, 40 + 18]) == (0, 0, 255, 255)
    assert tuple(frame[90, 40 + 22]) != (0, 0, 255, 255)


def test_a_frame_is_the_same_alone_backwards_and_in_order() -> None:
    frames, stage = all_frames(made()), made()
    assert len(frames) == 36
    for number in range(len(frames) - 1, -1, -1):
        assert np.array_equal(stage.frame_at(number / 12), frames[number]), number
    assert not np.array_equal(frames[8], frames[12])


def test_static_stretches_are_one_frame() -> None:
    drawn = list(made().frames())
    assert len(drawn) < 36
    assert drawn[0][1] >= 6  # nothing moves in the first half second


def test_bytes_are_equal_in_another_process_and_nothing_is_left_behind(tmp_path: Path) -> None:
    here = Path(__file__)
    code = f"import sys; sys.path.insert(0, {str(here.parent)!r}); import {here.stem} as t; print(t.fingerprint())"
    root = str(here.parent.parent)
    environment = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": root}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == fingerprint()
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def fingerprint() -> str:
    whole = hashlib.sha256()
    for pixels, repeat in made().frames():
        whole.update(pixels.tobytes())
        whole.update(bytes([repeat]))
    return whole.hexdigest()


def test_masks_give_each_pixel_to_the_topmost() -> None:
    stage = made()
    before, after = stage.masks(0.0), stage.masks(1.75)
    assert before["still"].sum() == 80 * 80  # 4 units of 20 pixels
    assert after["mover"].sum() == 40 * 40
    assert after["still"].sum() == 80 * 80 - 40 * 40
    assert not (after["still"] & after["mover"]).any()
    assert "count" not in after


def test_hidden_actors_are_not_drawn_until_shown_again() -> None:
    stage = made()
    whole = stage.frame_at(0.0).copy()
    stage.hide("mover")
    assert tuple(stage.frame_at(0.0)[90, 40]) != (0, 0, 255, 255)
    stage.hide()
    assert np.array_equal(stage.frame_at(0.0), whole)


def test_errors_name_the_actor() -> None:
    stage = made()
    with pytest.raises(ValueError, match="'ghost'"):
        stage.hide("ghost")
    with pytest.raises(ValueError, match="'ghost'"):
        stage.add("ghost", lettering("x", 1.0, "#000000"))


@pytest.mark.parametrize("font", FONTS)
def test_outlines_are_measured(font: str) -> None:
    small, large = outline("Hamburg", 1.0, font), outline("Hamburg", 2.0, font)
    assert large.width == pytest.approx(2 * small.width)
    assert small.box[1] < 0 < small.box[3]  # the g hangs below the baseline
    assert outline("H", 1.0, font).height == pytest.approx(outline("H", 1.0, font).capital)
    assert np.allclose(small.curves[1:, 0][1:5], small.curves[:-1, 3][1:5])  # curves join


def test_lettering_is_centred_fitted_and_refuses_what_a_font_lacks() -> None:
    word = lettering("Wide words", 1.0, "#000000", at=(2.0, -1.0), most_width=2.0)
    assert word.width == pytest.approx(2.0, abs=1e-6)
    assert word.get_center()[:2] == pytest.approx((2.0, -1.0), abs=1e-6)
    assert outline("$x^2$", 1.0).height > outline("x", 1.0).height
    with pytest.raises(ValueError, match="has no"):
        outline("中", 1.0)
