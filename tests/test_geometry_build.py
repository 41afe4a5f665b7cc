"""Constructions: school theorems, and marks that hold on the screen."""

from math import acos, degrees, hypot, sqrt

import numpy as np
import pytest

from generators.mathematical._build_questions import _said
from generators.mathematical._build_steps import FORMS, Figure, Step, angle_at, area, away, foot, made
from generators.mathematical._build_viewer import _step
from generators.mathematical.geometry_build import GeometryBuild
from harness.replay import replay_of
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.schema import Choice, Question
from morse.stage.frames import Canvas
from morse.timeline import Timeline

CANVAS = Canvas(640, 360, 24)
KITE: tuple[Step, ...] = (
    Step("segment", "B", ("A",), 4),
    Step("leg", "C", ("A", "B"), 3, 90, 1),
    Step("midpoint", "M", ("A", "C")),
    Step("foot", "F", ("B", "A", "C")),
    Step("bisector", "D", ("B", "A", "C")),
    Step("reflection", "E", ("B", "A", "C")),
    Step("parallel", "P", ("B", "C", "A")),
    Step("turned", "T", ("B", "A"), angle=60, side=1),
)


def figure(*steps: Step, heading: float = 0.7) -> Figure:
    return Figure("A", heading, steps, ("", ("", "", "")), ("", "", 0), 0, False, 2)


def item(level: int, index: int) -> Item:
    return imagine(make_key(GeometryBuild(), level, "build", index))


def asked(of: Item, kind: str) -> Question:
    return next(question for question in of.questions if question.kind == kind)


def test_a_right_triangle_with_sides_3_and_4() -> None:
    """Pythagoras, Thales, the altitude 12/5, Angle bisector theorem, and an equilateral triangle over AB."""
    p = figure(*KITE).places()
    assert abs(p["A"] - p["C"]) == pytest.approx(5)
    assert abs(p["M"] - p["B"]) == pytest.approx(2.5)
    assert abs(p["F"] - p["B"]) == pytest.approx(2.4)
    assert abs(p["D"] - p["A"]) / abs(p["D"] - p["C"]) == pytest.approx(4 / 3)
    assert abs(p["D"] - p["B"]) == pytest.approx(12 * sqrt(2) / 7)
    assert abs(p["E"] - p["B"]) == pytest.approx(4.8)
    assert abs(p["E"] - p["A"]) == pytest.approx(4)
    assert abs(p["P"] - p["B"]) == pytest.approx(5)
    assert area(p["A"], p["B"], p["T"]) == pytest.approx(4 * sqrt(3))
    assert angle_at(p["A"], p["T"], p["B"]) == pytest.approx(60)
    assert away(p["B"], p["A"], p["C"]) == pytest.approx(2.4)


def test_sides_are_told_apart_as_in_geometry() -> None:
    """Counterclockwise from the ray QP is to its left."""
    right = made(Step("leg", "C", ("A", "B"), 2, 90, 1), {"A": 0j, "B": 4 + 0j}, 0.0)
    assert right == pytest.approx(4 - 2j)
    assert made(Step("turned", "C", ("A", "B"), angle=90, side=1), {"A": 1 + 0j, "B": 0j}, 0.0) == pytest.approx(1j)


def test_a_leg_at_an_angle_obeys_the_law_of_cosines() -> None:
    for angle in (40, 75, 130):
        p = figure(Step("segment", "B", ("A",), 7), Step("leg", "C", ("A", "B"), 5, angle, -1)).places()
        assert abs(p["A"] - p["C"]) ** 2 == pytest.approx(49 + 25 - 70 * np.cos(np.radians(angle)))


def test_another_step_changes_what_rests_on_it_and_nothing_else() -> None:
    whole = figure(*KITE)
    other = whole.places({1: KITE[1]._replace(length=5, angle=90)})
    assert abs(other["A"] - other["C"]) == pytest.approx(sqrt(41))
    assert other["B"] == whole.places()["B"]
    assert other["T"] == whole.places()["T"]
    assert _said(KITE[1]._replace(length=5), "length") == "the segment BC had been made 5 long"


def test_the_second_way_makes_the_same_points() -> None:
    p = figure(*KITE).places()
    for step in KITE[1:]:
        at = [np.array([p[name].real, p[name].imag]) for name in step.of]
        found = _step(step.kind, at, step.angle, step.side, step.length)
        assert found.tolist() == pytest.approx([p[step.new].real, p[step.new].imag])


@pytest.mark.parametrize(("level", "index"), [(1, 0), (1, 1), (6, 0), (10, 1)])
def test_marks_hold_on_the_screen(level: int, index: int) -> None:
    """A length mark is as long as it says beside the first one; an angle mark is what the law of cosines gives."""
    clip = item(level, index)
    line = clip.layout.scene
    assert isinstance(line, Timeline)
    end = clip.layout.duration

    def apart(one: str, other: str) -> float:
        (x0, y0), (x1, y1) = line.place(one, end), line.place(other, end)
        return hypot(x1 - x0, y1 - y0)

    first = clip.episode.figure.steps[0]
    unit = apart(clip.episode.figure.first, first.new) / first.length
    for step in clip.episode.figure.steps:
        if step.new and step.length:
            assert apart(step.of[-1], step.new) == pytest.approx(step.length * unit)
        if step.angle:
            a, v, b = step.of[0], step.of[1], step.new
            cosine = (apart(a, v) ** 2 + apart(b, v) ** 2 - apart(a, b) ** 2) / (2 * apart(a, v) * apart(b, v))
            assert degrees(acos(cosine)) == pytest.approx(step.angle)


@pytest.mark.parametrize("index", range(9))
def test_the_circle_meets_the_line_as_often_as_keyed(index: int) -> None:
    """The distance of the centre by area over base; a line that touches does so exactly, any other is clear by a unit."""
    clip = item(3, index)
    p, q, count = clip.episode.figure.meets
    at, circle = clip.episode.figure.places(), clip.episode.figure.steps[-1]
    far = 2 * area(at[p], at[q], at[circle.of[0]]) / abs(at[p] - at[q])
    assert (
        asked(clip, "meets").answer
        == count
        == (2 if far < circle.length - 0.5 else 0 if far > circle.length + 0.5 else 1)
    )
    assert count != 1 or far == pytest.approx(circle.length, abs=1e-9)


@pytest.mark.parametrize("index", range(4))
def test_points_are_drawn_where_they_are(index: int) -> None:
    clip = item(2, index)
    stage = staged(clip, CANVAS, style_of(clip.key))
    for event, step in zip(clip.layout.events, clip.episode.figure.steps, strict=True):
        if step.new:
            masks = stage.masks(event.end - 0.2)
            x, y = clip.layout.timeline.place(step.new, event.end)
            rows, columns = np.nonzero(masks[step.new])
            near = np.hypot(columns + 0.5 - 320 - 40 * x, rows + 0.5 - 180 + 40 * y)
            assert near.min() < 2
            assert all(masks[name].any() for name in event.objects if name.startswith("mark"))
    stage.close()


@pytest.mark.parametrize("index", range(4))
def test_no_length_is_seen_when_the_latest_is_asked_for_nor_halfway(index: int) -> None:
    clip = item(4, index)
    for question in clip.questions:
        if question.kind == "latest":
            assert question.asked_at is not None
            shown = [
                actor.at("opacity", time)
                for name, actor in clip.layout.timeline.actors.items()
                for time in (question.asked_at, question.asked_at / 2)
                if name.endswith("length") or name.startswith(("wrong", "strike"))
            ]
            assert max(shown) < 0.01


@pytest.mark.parametrize("index", range(6))
def test_how_a_point_was_made_is_told_by_its_kind_alone(index: int) -> None:
    """All four ways would lead to places that are clearly apart."""
    clip = item(2, index)
    new, (r, p, q) = clip.episode.figure.form
    at = clip.episode.figure.places()
    ways = {
        "midpoint": (at[p] + at[q]) / 2,
        "foot": foot(at[r], at[p], at[q]),
        "bisector": made(Step("bisector", "", (r, p, q)), at, 0.0),
        "reflection": made(Step("reflection", "", (r, p, q)), at, 0.0),
    }
    question = asked(clip, "which")
    assert isinstance(question.format, Choice)
    assert sorted(map(str, question.option_values)) == sorted(FORMS)
    assert abs(ways[str(question.truth)] - at[new]) < 1e-9
    assert all(abs(z - at[new]) > 0.5 for kind, z in ways.items() if kind != question.truth)


@pytest.mark.parametrize("index", range(2))
def test_answers_follow_from_the_steps_that_are_named(index: int) -> None:
    """Told only what the reference steps say that was seen, a viewer comes to the same answer."""
    clip = item(3, index)
    for question in clip.questions:
        if question.answer is not None:
            replay = replay_of(clip, question)
            assert replay is not None, question.kind
