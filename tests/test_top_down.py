"""A walk through a hall: where it leads, what is where, and what would have been, on a map that was worked out by hand."""

import json

import numpy as np
import pytest

from generators.planning._grid_ways import Cell
from generators.spatial._hall_questions import Asking
from generators.spatial._hall_scene import lay_out, seen_from
from generators.spatial._hall_world import Act, Hall, Stand, along, draw_walk, walked
from generators.spatial.top_down import TopDown
from harness.scoring import score
from morse.layout import Layout
from morse.pipeline import imagine, make_key
from morse.schema import Plan, Question
from morse.seeding import Key
from morse.task import registry

UP, RIGHT, DOWN, LEFT = range(4)
LANDMARKS: dict[str, Cell] = {
    "red cone": (0, 0),
    "blue ball": (4, 0),
    "green cube": (0, 2),
    "yellow tower": (4, 2),
    "pink pillar": (0, 4),
    "cyan cross": (4, 4),
    "purple table": (2, 0),
}


def _hall() -> Hall:
    """From c5 up to c4, right to d4, up to d3, and there to the left.

        a     b     c     d     e
    1   cone        table       ball
    2
    3   cube              end   tower
    4               .     .
    5   pillar      start       cross
    """
    acts = (
        Act("leg", 1), Act("turn", side="right"), Act("leg", 1), Act("turn", side="left"), Act("leg", 1),
        Act("turn", side="left"),
    )  # fmt: skip
    others = (
        (Act("leg", 2), *acts[1:]),
        (acts[0], acts[1].mirrored, *acts[2:]),
        (Act("leg", 2), acts[1].mirrored, *acts[2:]),
    )
    return Hall(5, 5, LANDMARKS, Stand((2, 4), UP), acts, (acts, *others), 2, (1, 2, 3), 6.0, 0.5)


def _asked(seed: int) -> tuple[TopDown, Layout, list[Question]]:
    task, hall, key = TopDown(), _hall(), Key("hall", 1, 1, "test", f"root {seed}", 0)
    layout = lay_out(hall, key.stream("layout"))
    asked = []
    asking = Asking(hall, layout)
    for kind in (
        asking.cell,
        asking.heading,
        asking.lefts,
        asking.turned_when,
        asking.other_way,
        asking.back,
        asking.route,
    ):
        asked += kind(key.stream(kind.__name__))
    return task, layout, asked


@pytest.mark.parametrize("seed", range(8))
def test_both_ways_to_the_answers_agree_with_those_by_hand(seed: int) -> None:
    task, layout, asked = _asked(seed)
    for question in asked:
        again = task.rederive(question, layout.shown(question.asked_at))
        slots, truth = question.slots, question.truth
        if question.kind == "turned_when":
            turns = [event for event in layout.events if event.kind == "turn"]
            own = [turn for turn in turns if turn.objects[1] == slots["side"]]
            number = int(str(slots["number"]))
            assert truth == ([own[number - 1].start, own[number - 1].end] if number <= len(own) else None)
            continue
        if question.kind != "back":
            assert again == truth
        if question.kind == "cell":
            legs = [event.end for event in layout.events if event.kind == "leg"]
            assert question.asked_at is not None
            assert truth == ["c4", "d4", "d3"][sum(end < question.asked_at for end in legs) - 1]
        if question.kind == "heading":
            assert truth == "left"
        if question.kind == "lefts":
            assert truth == 2
        if question.kind == "route":
            assert truth == "c5 → c4 → d4 → d3"
        if question.kind == "other_way":
            # to the left at c4: b4, and left again is down; to the right at d4 is down
            assert (slots["number"], truth) in {(1, "b5"), (2, "d5")}


def test_where_landmarks_are_seen_from_the_end() -> None:
    """At d3, looking left from a third of a cell behind the middle."""
    bearings = {name: seen_from(_hall(), name, (3, 2), LEFT)[0] for name in LANDMARKS}
    assert bearings["green cube"] == pytest.approx(0)
    assert bearings["purple table"] == pytest.approx(-np.degrees(np.arctan2(2, 1.35)))
    assert bearings["red cone"] == pytest.approx(-np.degrees(np.arctan2(2, 3.35)))
    assert bearings["blue ball"] == pytest.approx(-np.degrees(np.arctan2(2, -0.65)))
    assert abs(bearings["yellow tower"]) == pytest.approx(180)


def test_a_way_back_counts_only_if_it_is_shortest_and_enters_no_landmark() -> None:
    _, _, asked = _asked(0)
    back = next(question for question in asked if question.kind == "back")
    assert isinstance(back.format, Plan)

    def right(*ways: str) -> bool:
        return score(back.format, back.answer, "Answer: " + "; ".join(f"move({way})" for way in ways)).correct

    assert right("down", "down", "left") and right("left", "down", "down")
    assert not right("down", "left")
    assert not right("down", "up", "down", "down", "left")
    assert not right("down", "down", "right", "left", "left")  # through the cross


def test_walks_stay_inside_and_stop_before_walls() -> None:
    for i in range(40):
        rng = Key("walks", 1, 1, "test", "root", i).stream("walk")
        start, acts = draw_walk(6, 5, 5, 2, 8, rng)
        stands = walked(start, acts)
        assert along(6, 5, start, acts) is not None
        assert sum(act.side == "left" for act in acts) == 2
        for stand in stands[1:]:
            assert 0 <= stand.cell[0] < 6 and 0 <= stand.cell[1] < 5
        for act, stand in zip(acts, stands[1:], strict=True):
            if act.kind == "leg":
                assert along(6, 5, stand, [Act("leg", 1)]) is not None


def test_four_walks_differ_in_pairs() -> None:
    """Each shares with one other all but a turn, with one all but a leg, and no landmark is on any of them."""
    for i in range(10):
        hall = imagine(make_key(registry().task("top_down"), 3, "four", i)).episode
        ends = {walked(hall.start, walk)[-1].cell for walk in hall.walks}
        assert len(hall.walks) == len(ends) == 4 and hall.acts in hall.walks
        for walk in hall.walks:
            passed = along(hall.columns, hall.rows, hall.start, walk)
            assert passed is not None and not {*passed} & {*hall.landmarks.values()}
            apart = sorted(sum(a != b for a, b in zip(walk, other, strict=True)) for other in hall.walks)
            assert apart == [0, 1, 1, 2]


def test_what_is_said_to_be_out_of_view_is_not_seen() -> None:
    for i in range(6):
        item = imagine(make_key(registry().task("top_down"), 6, "unseen", i))
        ids = {str(thing.attributes["name"]): thing.id for thing in item.layout.objects}
        names = [str(q.slots["name"]) for q in item.questions if q.kind == "side"]
        tracks = item.layout.scene.tracks(np.array([item.layout.duration - 0.05]))
        for name in names:
            assert tracks.of(ids[name])[1][0] == 0.0


def test_the_map_is_shown_first_and_never_again() -> None:
    item = imagine(make_key(registry().task("top_down"), 4, "map", 0))
    look = item.episode.look
    tracks = item.layout.scene.tracks(np.array([0.1, look - 0.1]))
    assert (tracks.visible == 1).all()
    assert item.layout.events[0].end == look >= 2.0
    assert (
        json.dumps([event.model_dump() for event in item.layout.events]).count('"map"') == 3
    )  # id, kind and object of one
