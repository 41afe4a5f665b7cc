"""Figures behind screens: ways worked out by hand, and what the pictures themselves show."""

from itertools import combinations

import numpy as np
import pytest

from generators.spatial._occlusion_show import walks_shown
from generators.spatial._occlusion_viewer import retold
from generators.spatial._occlusion_world import Field, Params, Place, Walk, Walks
from generators.spatial.occlusion_track import OcclusionTrack
from morse.layout import Layout
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.schema import Choice, Integer, Question
from morse.seeding import Key
from morse.stage.frames import Canvas

TASK = OcclusionTrack()
CANVAS = Canvas(384, 216, 24)
PARAMS = Params.at(1)
FIELD = Field(PARAMS)
MARKS = ("star", "plus", "square", "circle", "arrow", "diamond")
FIRST = (Place(0, 0), Place(0, 3), Place(1, 1), Place(2, 0), Place(2, 1), Place(2, 2))
GAP = 1.45 / 7
"""Places are 7 apart, screens begin 1.45 from their middles: the share of a way that is in the open."""


def by_hand(*walks: Walk) -> Layout:
    episode = Walks(PARAMS, FIELD, MARKS, FIRST, walks, 5.0, 2, 1, "passes")
    return walks_shown(episode, Key("test", 1, 1, "test", "root", 0).stream("layout"))


def told(layout: Layout, kind: str, asked_at: float | None = None, **slots: str | int) -> object:
    question = Question(
        kind=kind, slots={**slots}, format=Integer(), answer=0, reasoning="infer", asked_at=asked_at
    )  # fmt: skip
    return retold(question, layout.shown(asked_at))


def item(level: int, index: int) -> Item:
    return imagine(make_key(TASK, level, "behind", index))


def test_a_walk_is_hidden_while_its_middle_is_behind_the_screen() -> None:
    straight = Walk(0, Place(0, 0), Place(1, 2), "passes", 10.0, 7.0, GAP)
    assert straight.hidden == pytest.approx((11.45, 15.55))
    assert straight._replace(kind="waits", pause=2.0).hidden == pytest.approx((11.45, 17.55))
    assert straight._replace(kind="turns", share=0.5).hidden == pytest.approx((11.45, 15.55))
    turned = straight._replace(kind="turns", share=0.5).path(FIELD, np.array([10.0, 12.0, 13.5, 15.0, 17.0]))
    assert turned[:, 0] == pytest.approx([-7, -5, -3.5, -5, -7])


def test_a_viewer_tells_what_was_done_by_hand() -> None:
    layout = by_hand(
        Walk(0, Place(0, 0), Place(1, 2), "passes", 6.0, 4.0, GAP),
        Walk(3, Place(2, 0), Place(1, 3), "turns", 7.0, 4.0, GAP, share=0.55),
        Walk(1, Place(0, 3), Place(1, 0), "waits", 14.0, 4.0, GAP, pause=1.6),
        Walk(0, Place(1, 2), Place(0, 0), "passes", 22.0, 4.0, GAP),
    )
    hidden = 4.0 * GAP
    assert told(layout, "hidden_now", asked_at=16.0) == "plus"
    assert told(layout, "most_hidden") == 2
    assert told(layout, "order_out", count=3) == ["circle", "plus", "star"]
    assert told(layout, "when_hidden", mark="plus") == pytest.approx([14 + hidden, 19.6 - hidden], abs=0.05)
    assert told(layout, "when_hidden", mark="square") is None
    assert told(layout, "times_hidden", mark="star") == 2
    for mark, number, what in (
        ("star", 1, "passes"),
        ("circle", 1, "turns"),
        ("plus", 1, "waits"),
        ("star", 2, "passes"),
    ):
        assert told(layout, "did", mark=mark, number=number) == what
    # the fourth place of the second column is number 8, its third number 7, the first of all number 1
    assert told(layout, "not_turned") == 8
    assert told(layout, "next_place", asked_at=8.0, mark="star") == 7
    assert told(layout, "next_place", asked_at=24.0, mark="star") == 1


@pytest.mark.parametrize(("level", "index"), [(1, 0), (1, 1), (6, 0), (10, 0)])
def test_only_who_is_alone_behind_a_screen_does_anything_else_than_go_straight_on(level: int, index: int) -> None:
    walks = item(level, index).episode.walks
    for one, other in combinations(walks, 2):
        behind = one.screen == other.screen and one.hidden[0] < other.hidden[1] and other.hidden[0] < one.hidden[1]
        if behind:
            assert one.kind == other.kind == "passes"
            assert one.bulge == other.bulge == 0


@pytest.mark.parametrize(("level", "index"), [(1, 0), (6, 1)])
def test_pictures_lack_just_the_one_who_is_said_to_be_out_of_sight(level: int, index: int) -> None:
    made = item(level, index)
    stage = staged(made, CANVAS, style_of(made.key))
    names = dict(zip(made.episode.marks, made.layout.details["names"], strict=True))
    asked = [question for question in made.questions if question.kind == "hidden_now"]
    assert len(asked) >= 2
    for question in asked:
        assert isinstance(question.format, Choice)
        assert question.asked_at is not None
        masks = stage.masks(question.asked_at)
        missing = [mark for mark, name in names.items() if not masks[name].any()]
        assert missing == [question.truth]
    stage.close()


@pytest.mark.parametrize(("level", "index"), [(1, 0), (1, 1), (3, 0), (6, 0)])
def test_nobody_is_hidden_halfway_through_nor_are_marks_to_be_seen_then(level: int, index: int) -> None:
    layout = item(level, index).layout
    tracks = layout.scene.tracks(np.array([layout.duration / 2]))
    for thing in layout.objects:
        if thing.kind in ("figure", "mark"):
            assert tracks.of(thing.id)[1][0] == (1.0 if thing.kind == "figure" else 0.0)


@pytest.mark.parametrize(("level", "index"), [(1, 0), (1, 39), (6, 31), (6, 38), (10, 0)])
def test_nobody_peeps_out_while_behind_a_screen(level: int, index: int) -> None:
    made = item(level, index)
    for walk in made.episode.walks:
        start, end = walk.hidden
        tracks = made.layout.scene.tracks(np.arange(start + 0.4, end - 0.4, 0.1))
        assert tracks.of(made.layout.details["names"][walk.figure])[1].max(initial=0.0) == 0.0
