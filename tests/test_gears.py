"""Gears: teeth meet gaps however far the crank has turned, and how far each turns is told by hand."""

import math

import pytest

from generators.spatial._gear_retold import retold
from generators.spatial._gear_train import Gear, build_train
from morse.layout import Shown
from morse.pipeline import imagine, make_key
from morse.schema import Event, Question, State, Text
from morse.seeding import Key
from morse.task import registry
from morse.timeline import Timeline

GEARS = {"crank": "A", "A": "12, up, B", "B": "24, right, A, C", "C": "8, down, B", "D": "16, up"}
BY_HAND = (
    (["clockwise 1"], "A", "right"),
    (["clockwise 1"], "B", "up right"),  # half as fast, the other way
    (["clockwise 1"], "C", "up left"),  # 3 of its 8 teeth pass: 135 degrees from down over left
    (["anticlockwise 2", "clockwise 1"], "B", "down right"),
    (["clockwise 3", "anticlockwise 3"], "C", "down"),
    (["clockwise 2", "clockwise 2"], "B", "left"),
)


@pytest.mark.parametrize(("turns", "name", "direction"), BY_HAND)
def test_marks_by_hand(turns: list[str], name: str, direction: str) -> None:
    events = tuple(
        Event(id=str(i), kind="turn", objects=("crank", *turn.split()), start=i, end=i + 1.0)
        for i, turn in enumerate(turns, 3)
    )
    state = State(start=0.0, end=2.0, values=dict(GEARS), shown=True)
    directions = ("right", "up right", "up", "up left", "left", "down left", "down", "down right")
    form = Text(vocabulary=directions, noun="direction")
    question = Question(kind="mark", slots={"gear": name}, format=form, answer=direction, reasoning="infer")
    assert retold(question, Shown((), events, (state,), 20.0, Timeline(20.0))) == direction


@pytest.mark.parametrize("index", range(12))
def test_a_tooth_meets_a_gap_however_far_they_turn(index: int) -> None:
    rng = Key("gears", 1, 1, "test", "root", index).stream("gears")
    gears = build_train(6, 2, "ABCDEFGHI", rng)
    for crank in (0.0, 0.1, 1.7, -2.9):
        for gear in gears:
            if gear.meshes >= 0:
                parent = gears[gear.meshes]
                away = math.atan2(gear.place[1] - parent.place[1], gear.place[0] - parent.place[0])
                shares = _share(parent, away, crank) + _share(gear, away + math.pi, crank)
                assert math.isclose(shares % 1, 0.5, abs_tol=1e-6)


def _share(gear: Gear, towards: float, crank: float) -> float:
    """How far from a tooth a direction is, in pitches, when the crank has turned by an angle anticlockwise."""
    return (towards - gear.tilt - crank * gear.ratio) * gear.teeth / math.tau


def test_only_gears_that_mesh_touch() -> None:
    for index in range(20):
        episode = imagine(make_key(registry().task("gears"), 8, "touch", index)).episode
        for i, gear in enumerate(episode.gears):
            for j, other in enumerate(episode.gears[:i]):
                far = math.dist(gear.place, other.place) - gear.radius - other.radius
                if j == gear.meshes:
                    assert math.isclose(far, 0.0, abs_tol=1e-9)
                else:
                    assert far > 0.3
