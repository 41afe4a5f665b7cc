"""The stage of charts: what is drawn anew is what changes, and nothing of the user's settings shows or is changed."""

import subprocess
import sys
from hashlib import blake2b
from typing import Any

import matplotlib
import numpy as np
import pytest

from morse.layout import Layout
from morse.seeding import Key
from morse.stage.frames import Canvas
from morse.stage.plot_stage import PlotStage, part_of
from morse.style import draw_style
from morse.timeline import Timeline

CANVAS = Canvas(320, 180, 12)
STYLE = draw_style(Key("chart", 1, 1, "test", "root", 0).stream("style"))


def small_chart() -> PlotStage:
    """A bar that grows, a card that comes in front of it and goes, a counter, a line that is drawn, and stills."""
    timeline = Timeline(5.0)
    timeline.add("bar", (-5.0, 1.0), (4.0, 1.0), z=1)
    for day in range(4):
        timeline.change("bar", "w", 6.0 + 2 * day, 0.5 + day, 0.9 + day)
        timeline.change("bar", "x", -4.0 + day, 0.5 + day, 0.9 + day)
    timeline.add("card", (0.0, 1.0), (3.0, 3.0), z=3, opacity=0.0)
    timeline.change("card", "opacity", 1.0, 1.2, 1.5)
    timeline.change("card", "angle", 0.8, 2.0, 2.2)
    timeline.change("card", "opacity", 0.0, 3.0)
    timeline.add("counter", (6.0, 3.8), (2.0, 0.6), z=2, tracked=False, day=0)
    for day in range(4):
        timeline.change("counter", "day", day + 1, 0.5 + day)
    timeline.add("path", (0.0, -2.0), (8.0, 1.0), z=0, solid=False, drawn=0.0)
    timeline.change("path", "drawn", 1.0, 1.0, 4.5)
    timeline.add("stripe", (0.0, -3.0), (14.0, 0.6), z=-1, tracked=False)
    timeline.move("stripe", (0.0, -3.9), 3.2, 3.7)
    stage = PlotStage(Layout(timeline, ()), CANVAS, STYLE)
    stage.words(None, "Chart", 0.6, STYLE.ink, at=(0.0, 3.8), z=-3)
    stage.box("stripe", "#8080d0")
    stage.box("bar", "#c02020", corner=0.2)
    stage.box("card", "#20a040", edge="#000000", line=0.05)
    stage.reading("counter", lambda values: f"day {values['day']:.0f}", 0.5, STYLE.ink)
    stage.line("path", [(-4, 0), (0, 1), (4, 0)], STYLE.accent, 0.1, grows="drawn", dashes=(0.3, 0.2))
    stage.words(None, "in front", 0.5, STYLE.ink, at=(0.0, 1.0), z=9)
    return stage


def frames_of(stage: PlotStage) -> list[np.ndarray]:
    return [frame for pixels, repeat in stage.frames() for frame in [pixels.copy()] * repeat]


def test_every_frame_is_the_one_drawn_from_nothing() -> None:
    stage = small_chart()
    frames = frames_of(stage)
    assert len(frames) == CANVAS.frames(5.0)
    for number, frame in enumerate(frames):
        assert np.array_equal(frame, stage.frame_at(number / CANVAS.fps)), f"frame {number}"


def test_still_stretches_are_one_frame() -> None:
    repeats = [repeat for _, repeat in small_chart().frames()]
    assert len(repeats) < sum(repeats)
    assert max(repeats) >= 5  # nothing moves in the first half second


def test_masks_are_where_the_tracks_say() -> None:
    stage = small_chart()
    free, covered = stage.masks(0.2), stage.masks(2.4)
    tracks = stage.layout.timeline.tracks(np.array([0.2, 2.4]))
    boxes, visible = tracks.of("bar")
    assert set(free) == {"bar", "card", "path"}
    assert not free["card"].any()
    ys, xs = np.nonzero(free["bar"])
    edges = boxes[0] * np.array([CANVAS.width, CANVAS.height] * 2)
    assert np.allclose([xs.min(), ys.min(), xs.max() + 1, ys.max() + 1], edges, atol=1)
    assert not (covered["bar"] & covered["card"]).any()
    left, top, right, bottom = boxes[1] * np.array([CANVAS.width, CANVAS.height] * 2)
    assert visible[1] < 0.9
    assert covered["bar"].sum() / ((right - left) * (bottom - top)) == pytest.approx(visible[1], abs=0.08)
    assert covered["card"].sum() == pytest.approx(9.0 * (CANVAS.width / 16) ** 2, rel=0.1)  # words lie before it


def test_hidden_actors_are_not_drawn() -> None:
    stage = small_chart()
    whole = stage.frame_at(2.5).copy()
    bar = stage.masks(2.5)["bar"]
    stage.hide("bar")
    without = stage.frame_at(2.5).copy()
    assert (whole != without).any(axis=2)[bar].mean() > 0.98
    assert not stage.masks(2.5)["bar"].any()
    stage.hide()
    assert np.array_equal(stage.frame_at(2.5), whole)


def test_settings_of_the_user_neither_show_nor_change() -> None:
    plain = [frame.tobytes() for frame in frames_of(small_chart())]
    own: Any = {
        "path.sketch": (5, 50, 10),
        "path.snap": False,
        "patch.antialiased": False,
        "path.simplify_threshold": 0.9,
    }
    with matplotlib.rc_context():
        matplotlib.rcParams.update(own)
        before = dict(matplotlib.rcParams)
        assert [frame.tobytes() for frame in frames_of(small_chart())] == plain
        assert dict(matplotlib.rcParams) == before


def test_frames_are_the_same_in_another_process() -> None:
    code = "import sys, tests.test_plot_stage as t; print(t.digest_of_frames()); assert 'matplotlib.pyplot' not in sys.modules"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == digest_of_frames()


def digest_of_frames() -> str:
    return blake2b(b"".join(frame.tobytes() for frame in frames_of(small_chart()))).hexdigest()


def test_part_of_a_line_has_its_share_of_the_length() -> None:
    corners = np.array([(0.0, 0.0), (3.0, 4.0), (3.0, 14.0)])
    assert np.allclose(part_of(corners, 1 / 5).vertices, [(0, 0), (1.8, 2.4)])
    assert np.allclose(part_of(corners, 2 / 3).vertices, [(0, 0), (3, 4), (3, 9)])


def test_what_is_out_of_the_frame_is_not_drawn_and_what_touches_its_edge_is() -> None:
    timeline = Timeline(4.0)
    timeline.add("news", (30.0, 0.0), (6.0, 0.6), z=1)
    timeline.move("news", (-30.0, 0.0), 0.0, 4.0, ease="linear")
    timeline.add("arm", (9.0, 2.0), (4.0, 0.4), z=1)
    timeline.change("arm", "angle", np.pi / 2, 2.0, 2.5)
    stage = PlotStage(Layout(timeline, ()), CANVAS, STYLE)
    stage.words("news", "what is new today", 0.8, STYLE.ink)
    stage.line("arm", [(-2, 0), (2, 0)], STYLE.accent, 0.2)
    news, arm = (drawing.artist for drawing in stage._drawings)
    seen, ground = [], None
    for pixels, repeat in stage.frames():
        ground = pixels.copy() if ground is None else ground
        seen += [(news.get_visible(), arm.get_visible(), bool((pixels[60:120] != ground[60:120]).any()))] * repeat
    words, arms, changed = zip(*seen, strict=True)
    assert words[0] is words[-1] is False, "far out at the start and at the end"
    assert all(visible for visible, pixels in zip(words, changed, strict=True) if pixels), "never while it shows"
    assert sum(words) < 0.5 * len(words)
    assert all(arms), "lying down it reaches into the frame; upright it is out by less than its length"
