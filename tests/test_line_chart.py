"""Line charts: what comes up is what is keyed, and nothing is to be seen when a frame could give it away."""

from itertools import combinations

import numpy as np
import pytest

from generators.mathematical._lines_questions import looks_needed
from generators.mathematical._lines_show import BASE, LEFT, LEVEL, RIGHT
from generators.mathematical._lines_viewer import following
from generators.mathematical._lines_world import Dot, highest_place, last_over, trends, widest_step
from generators.mathematical.line_chart import LineCharts
from morse.pipeline import Item, imagine, make_key

SCROLLING = {"places": 20}


def item_of(index: int, level: int = 6, knobs: dict[str, int] | None = None) -> Item:
    return imagine(make_key(LineCharts(), level, "lines", index), knobs)


@pytest.mark.parametrize(
    ("run", "then"),
    [
        ([2, 4, 6, 8], 10),
        ([9, 7, 5, 3], 1),
        ([1, 2, 4, 8], 16),
        ([3, 7, 4, 8], 5),
        ([6, 5, 9, 8], 12),
        ([5, 6, 7, 8], 9),
    ],
)
def test_a_run_goes_on_by_its_rule(run: list[int], then: int) -> None:
    assert following(run) == then
    assert tuple(run) in [each for rule in trends()[then] for each in rule]


def test_no_run_of_four_has_two_ways_to_go_on() -> None:
    runs = [(run, then) for then, rules in trends().items() for rule in rules for run in rule]
    assert len({run for run, _ in runs}) == len(runs)
    assert all(following(list(run)) == then for run, then in runs)


def test_extremes_that_are_shared_are_none() -> None:
    assert highest_place([3, 9, 1]) == 1
    assert highest_place([9, 3, 9]) is None
    assert widest_step([1, 2, 8, 7]) == 1
    assert widest_step([1, 5, 1]) is None


def test_the_last_point_over_a_level_is_no_ring_and_not_on_the_level() -> None:
    order = [Dot(0, 0, 7), Dot(1, 0, 6), Dot(0, 1, 5), Dot(None, 1, 9)]
    assert last_over(order, 5) == 1
    assert last_over(order, 8) == -1


def test_looks_that_are_needed() -> None:
    assert looks_needed([(0, 2), (1, 3), (1.5, 4)]) == 1
    assert looks_needed([(0, 2), (3, 5), (1, 4)]) == 2
    assert looks_needed([(0, 1), (2, 3), (4, 5)]) == 3


@pytest.mark.parametrize("index", range(4))
def test_nothing_is_seen_of_any_point_where_a_single_frame_is_tried(index: int) -> None:
    item = item_of(index)
    ends = [question.asked_at or item.layout.duration for question in item.questions]
    assert len(set(ends)) == 3
    times = np.array(sorted({0.0, *ends, *(end / 2 for end in ends), *(end - 1 / 24 for end in ends)}))
    tracks = item.layout.scene.tracks(times)
    dots = [i for i, name in enumerate(tracks.names) if not name.startswith("key")]
    assert len(dots) == len(item.episode.order)
    assert tracks.visible[:, dots].max() == 0.0


@pytest.mark.parametrize(("index", "knobs"), [(0, None), (1, None), (2, SCROLLING), (3, SCROLLING)])
def test_points_stay_on_gridlines_apart_and_in_the_chart(index: int, knobs: dict[str, int] | None) -> None:
    item = item_of(index, knobs=knobs)
    line, chart = item.layout.timeline, item.episode
    times = np.arange(0.0, item.layout.duration, 0.1)
    tracks = item.layout.scene.tracks(times)
    for event, dot in zip(item.layout.details["events"], chart.order, strict=True):
        name = event.objects[0]
        seen = tracks.of(name)[1] > 0.5
        assert seen.sum() >= 20  # tenths of a second
        x, y = line.actors[name].values("x", times[seen]), line.actors[name].values("y", times[seen])
        assert np.allclose((y - BASE) / LEVEL, dot.level)
        assert LEFT < x.min() <= x.max() < RIGHT
    spots = {}
    for event in item.layout.details["events"]:
        actor = line.actors[event.objects[0]]
        spots[actor.name] = actor.values("x", times), actor.values("y", times), actor.values("opacity", times) > 0
    for one, other in combinations(spots.values(), 2):
        both = one[2] & other[2]
        assert not both.any() or np.hypot(one[0] - other[0], one[1] - other[1])[both].min() > 0.56


@pytest.mark.parametrize("index", range(6))
def test_the_chances_add_up_and_give_the_expected_value(index: int) -> None:
    item = item_of(index)
    written = {thing.id: thing.attributes["chance"] for thing in item.layout.objects if "chance" in thing.attributes}
    values = {
        event.objects[0]: dot.level * item.episode.scale
        for event, dot in zip(item.layout.details["events"], item.episode.order, strict=True)
    }
    percents = {name: int(str(text).removesuffix("%")) for name, text in written.items()}
    assert sum(percents.values()) == 100
    answer = next(question.answer for question in item.questions if question.kind == "expected")
    assert answer == pytest.approx(sum(percents[name] * values[name] for name in percents) / 100)
