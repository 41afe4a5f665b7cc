"""Social shapes: behaviours told from tracks made by hand, beliefs worked out by hand, and what is drawn is what is keyed."""

from itertools import pairwise
from math import dist

import numpy as np
import pytest

from generators.abstract._social_script import Act, Params, Script, draw_script, last_seen, last_shared, parted
from generators.abstract._social_viewer import LAX, STRICT, read
from generators.abstract.social_shapes import SocialShapes
from morse.errors import Rejected
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.seeding import Key
from morse.stage.frames import Canvas
from morse.timeline import Timeline
from tests.boxes import middle_of

NAMES = ("A", "B", "C")


def plane(*figures: tuple[float, float]) -> Timeline:
    """A house on the left whose wall is at −2.9, one box, a ball, a crate in the lane, and figures A, B, C."""
    line = Timeline(12.0)
    for name, at, size in (
        ("wall", (-2.9, 0), (0.2, 8.3)),
        ("door", (-2.9, 0), (0.2, 1.7)),
        ("box 1", (-7, 0), (1, 1)),
        ("ball", (-6, 2), (0.4, 0.4)),
        ("crate", (3.0, 3.25), (1.3, 1.9)),
    ):
        line.add(name, at, size)
    for name, at in zip(NAMES, figures, strict=True):
        line.add(name, at, (1.0, 1.0))
    return line


@pytest.mark.parametrize("measure", [STRICT, LAX])
def test_who_runs_behind_is_the_pursuer_and_who_passes_by_is_not(measure) -> None:
    line = plane((0.0, 0.0), (-2.0, 0.0), (6.0, -3.0))
    line.move("A", (7.0, 0.0), 1.0, 4.0, ease="linear")  # A runs, B behind it
    line.move("B", (5.0, 0.0), 1.0, 4.0, ease="linear")
    line.move("C", (-1.0, -3.0), 1.0, 4.0, ease="linear")  # C goes the other way
    line.move("B", (-2.0, 0.0), 6.0, 9.0, ease="linear")  # now B runs, A behind it
    line.move("A", (0.0, 0.0), 6.0, 9.0, ease="linear")
    assert [deed.told for deed in read(line, NAMES, 1, 12.0, measure).chases] == [("B", "A"), ("A", "B")]


def test_going_to_one_that_stands_still_is_no_chase() -> None:
    line = plane((0.0, 0.0), (7.0, 0.0), (0.0, -3.0))
    line.move("B", (1.2, 0.0), 1.0, 4.0, ease="linear")
    assert read(line, NAMES, 1, 12.0, LAX).chases == []


def test_who_pushes_along_helps_and_who_pushes_back_hinders() -> None:
    line = plane((1.85, 3.73), (1.85, -2.0), (6.5, -2.0))  # A leans on the crate from the left
    line.move("B", (1.85, 2.77), 1.0, 2.0)
    for name in ("A", "B", "crate"):
        line.move(name, (line.last_place(name)[0] + 1.0, line.last_place(name)[1]), 3.0, 4.5, ease="linear")
    line.move("B", (1.0, -2.0), 5.0, 6.0)
    line.move("C", (5.15, 2.77), 5.0, 7.0)
    for name in ("A", "C", "crate"):
        line.move(name, (line.last_place(name)[0] - 1.0, line.last_place(name)[1]), 8.0, 9.5, ease="linear")
    assert [deed.told for deed in read(line, NAMES, 1, 12.0, STRICT).pushes] == [
        ("help", "B", "A"),
        ("hinder", "C", "A"),
    ]


def test_who_stays_between_the_door_and_one_that_tries_bars_the_way() -> None:
    line = plane((-0.4, 0.0), (-1.6, 0.0), (5.0, -3.0))
    for i in range(4):
        side = 1.2 if i % 2 else -1.2
        line.move("A", (-0.6, side), 1.0 + i, 2.0 + i)
        line.move("B", (-1.7, 0.6 * side), 1.0 + i, 2.0 + i)
    assert [deed.told for deed in read(line, NAMES, 1, 12.0, STRICT).blocks] == [("B", "A")]


def script_by_hand(apart: tuple[str, int, bool]) -> Script:
    """A and B see the ball go to box 1; A goes out and misses box 2; comes back, sees box 3; goes out, misses box 1."""
    acts = [Act("put", ("B",), 0), Act("leave", ("A",)), Act("put", ("B",), 1), Act("enter", ("A",))]
    acts += [Act("put", ("B",), 2), Act("leave", ("A",)), Act("put", ("B",), 0)]
    return Script(Params(), NAMES, ("A", "B"), tuple(acts), ("A", ()), ("A", 0), "A", ("A", 1), apart, ("A", "B", True))


@pytest.mark.parametrize(
    ("apart", "seen"),
    [
        (("A", 1, True), [0, 1, 2]),  # had it stayed in the first time, it would have seen the second put too
        (("A", 2, True), [0, 2, 3]),
        (("A", 1, False), [0]),  # had it not come back, only the first
    ],
)
def test_what_would_have_been_seen(apart: tuple[str, int, bool], seen: list[int]) -> None:
    script = script_by_hand(apart)
    assert [i for i, there in enumerate(script.watched()) if "A" in there] == [0, 2]
    assert [i for i, there in enumerate(parted(script)) if "A" in there] == seen
    assert all("B" in there for there in parted(script))


def test_beliefs_and_beliefs_about_beliefs() -> None:
    watched = [("A", "B"), ("A",), ("B", "C"), ("C",)]
    assert [last_seen(name, watched) for name in NAMES] == [1, 2, 3]
    assert last_shared("A", "B", watched) == last_shared("B", "A", watched) == 0
    assert last_shared("A", "C", watched) is None


@pytest.mark.parametrize("level", [1, 6, 12])
def test_only_who_knows_where_the_ball_is_takes_it_away(level: int) -> None:
    made = 0
    for index in range(40):
        key = Key("test", 1, level, "test", "knowing", index)
        try:
            script = draw_script(Params.at(level), key.stream("simulate"))
        except Rejected:  # redrawn in a clip
            continue
        made += 1
        watched, puts = script.watched(), script.of("put")
        for number, (before, act) in enumerate(pairwise(puts)):
            assert act.actors[0] in watched[number]
            assert act.actors[0] in watched[number + 1]
            assert act.box != before.box
    assert made >= 20


@pytest.fixture(scope="module", params=[1, 7])
def item(request: pytest.FixtureRequest) -> Item:
    return imagine(make_key(SocialShapes(), request.param, "walls", 1))


def test_nobody_goes_through_a_wall_or_out_of_the_picture(item: Item) -> None:
    line = item.layout.timeline
    times = np.arange(0, item.layout.duration, 1 / 24)
    wall, door = line.place("wall", 0.0)[0], line.place("door", 0.0)[1]
    for name in item.episode.names:
        x, y = (line.actors[name].values(channel, times) for channel in "xy")
        crossing = np.flatnonzero(np.diff(x > wall))
        assert np.abs(y[crossing] - door).max(initial=0.0) < 0.6
        assert np.abs(x).max() < 7.5
        assert np.abs(y).max() < 4.3


def test_the_ball_lies_where_it_was_put_and_is_out_of_sight_there(item: Item) -> None:
    layout = item.layout
    for event in (event for event in layout.events if event.kind == "put"):
        after = event.end + 0.05
        assert layout.timeline.place("ball", after) == pytest.approx(
            layout.timeline.place(event.objects[1], after), abs=1e-6
        )
        assert layout.scene.tracks(np.array([after])).of("ball")[1][0] == 0.0


def test_the_hidden_ball_cannot_be_seen_in_the_frame(item: Item) -> None:
    stage = staged(item, Canvas(640, 360, 24), style_of(item.key))
    event = next(event for event in item.layout.events if event.kind == "put")
    shown = np.array(stage.frame_at(event.end + 0.1))
    stage.hide("ball")
    assert np.array_equal(shown, stage.frame_at(event.end + 0.1))
    stage.close()


def test_a_chase_is_answered_for_the_moment_at_which_it_is_asked(item: Item) -> None:
    for question in (question for question in item.questions if question.kind == "chased_now"):
        under_way = [
            event
            for event in item.layout.events
            if event.kind == "chase" and event.start < (question.asked_at or 0.0) < event.end
        ]
        assert question.answer == any(event.objects[1] == question.slots["figure"] for event in under_way)


@pytest.mark.parametrize("index", range(6))
def test_the_one_in_the_box_is_the_one_that_flees_or_chases(index: int) -> None:
    """Who it is by the deeds on record; where it is by who is nearest to the middle of the box."""
    item = imagine(make_key(SocialShapes(), 3, "boxes", index))
    line = item.layout.timeline
    where = next(question for question in item.questions if question.kind == "where_chase")
    chases = sorted((event for event in item.layout.events if event.kind == "chase"), key=lambda event: event.start)
    deed = chases[int(str(where.slots["number"])) - 1]
    assert {*deed.objects} == {*item.episode.told[:2]}
    boxes, named = where.answer, where.slots["seconds"]
    assert isinstance(boxes, dict)
    every = [second for second in range(1000) if deed.start < second < deed.end]
    assert [*map(int, boxes)] == (named or every)
    assert {*map(int, boxes)} <= {*every}
    for second, box in boxes.items():
        middle = middle_of(box)
        away = {name: dist(middle, line.place(name, float(second))) for name in item.episode.names}
        assert min(away, key=lambda name: away[name]) == deed.objects[1 if where.slots["flees"] else 0]
