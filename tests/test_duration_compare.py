"""Durations: what a viewer counts at one frame a second is the answer, comparisons are clear, and supposing is not seeing."""

from itertools import combinations
from math import ceil

import numpy as np
import pytest

from generators.temporal._duration_world import Params, Stretch, clear
from morse.errors import BadInput
from morse.pipeline import Item, imagine, make_key
from morse.schema import Choice, Question
from morse.task import registry
from tests.boxes import middle_of


def clip(index: int, level: int = 3) -> Item:
    return imagine(make_key(registry().task("duration_compare"), level, "counting", index))


def asked(item: Item, kind: str) -> list[Question]:
    return [question for question in item.questions if question.kind == kind]


def counted(item: Item, name: str, phase: float, until: float | None = None) -> int:
    """In how many frames, one a second, a thing is seen to go on."""
    timeline = item.layout.timeline
    times = np.arange(phase, until or timeline.duration, 1.0)
    return int((timeline.actors[f"{name} on"].values("opacity", times) >= 0.5 - 1e-6).sum())


@pytest.mark.parametrize("index", range(8))
@pytest.mark.parametrize("phase", [0.05, 0.3, 0.55, 0.8])
def test_one_frame_a_second_is_enough_to_count_every_duration(index: int, phase: float) -> None:
    item = clip(index)
    for name, stretches in item.episode.stretches.items():
        true = sum(s.seconds for s in stretches)
        # a frame in the very middle of a change may fall to either side
        assert abs(counted(item, name, phase) - true) <= (1 if near_a_change(item, name, phase) else 0)
    total = asked(item, "total")[0]
    name = str(total.slots["x"])
    assert total.answer == sum(s.seconds for s in item.episode.stretches[name])


def near_a_change(item: Item, name: str, phase: float) -> bool:
    return any(
        min((t - phase) % 1, (phase - t) % 1) < 0.02 for span in item.layout.details["spans"][name] for t in span
    )


@pytest.mark.parametrize("index", range(20))
def test_what_is_compared_differs_plainly(index: int) -> None:
    item = clip(index, level=1 + index % 10)
    lasted = {name: sum(s.seconds for s in own) for name, own in item.episode.stretches.items()}

    def plain(one: float, other: float) -> bool:
        return max(one, other) / min(one, other) >= 1.25 and abs(one - other) >= 1

    for question in item.questions:
        match question.kind:
            case "longest":
                ranked = sorted((lasted[str(name)] for name in question.option_values), reverse=True)
                assert plain(*ranked[:2]) if question.slots["way"] == "longest" else plain(*ranked[-2:])
            case "order":
                assert all(plain(lasted[a], lasted[b]) for a, b in combinations(question.slots["things"], 2))  # type: ignore[arg-type]
            case "longer" | "difference" | "catch_up":
                assert plain(lasted[str(question.slots["x"])], lasted[str(question.slots["y"])])
            case "equal":
                for pair in question.option_values:
                    one, other = (lasted[name] for name in str(pair).split(" and "))
                    assert one == other if pair == question.truth else plain(one, other)
            case "until_now":
                assert all(plain(a, b) for a, b in combinations(map(int, question.option_values), 2))  # type: ignore[arg-type]
            case "uninterrupted":
                own = item.layout.details["spans"][str(question.slots["x"])]
                whole = own[-1][1] - own[0][0]
                assert all(plain(whole, lasted[name]) for name in question.slots["things"])  # type: ignore[union-attr]


def test_supposing_no_interruption_mostly_changes_the_answer() -> None:
    changed, every = 0, 0
    for index in range(60):
        item = clip(index)
        for question in asked(item, "uninterrupted"):
            lasted = {name: sum(s.seconds for s in own) for name, own in item.episode.stretches.items()}
            really = sum(lasted[n] > lasted[str(question.slots["x"])] for n in question.slots["things"])  # type: ignore[union-attr]
            changed, every = changed + (really != question.answer), every + 1
    assert every >= 15 and changed / every > 0.7


def test_each_pair_of_options_names_no_thing_oftener_than_another() -> None:
    for index in range(10):
        form = asked(clip(index), "equal")[0].format
        assert isinstance(form, Choice)
        named = [name for option in form.options for name in option.split(" and ")]
        assert {named.count(name) for name in named} == {2}


def test_up_to_now_counts_the_present_stretch_alone() -> None:
    for index in range(10):
        item = clip(index)
        for question in asked(item, "until_now"):
            at = question.asked_at
            assert at is not None
            name = str(question.slots["x"])
            start = max(start for start, _ in item.layout.details["spans"][name] if start < at)
            assert question.truth == round(at - start) and at - start == pytest.approx(round(at - start), abs=0.002)
            assert item.layout.timeline.actors[f"{name} on"].at("opacity", at + 0.3) == 1.0  # it goes on


def test_durations_are_clear_by_a_quarter() -> None:
    assert clear(5, 4) and clear(4, 5) and not clear(6, 5) and not clear(10, 9) and clear(1.25 * 8, 8)
    assert Stretch(0, 1.0, 3).seconds == 3


@pytest.mark.parametrize("level", [1, 4, 10, 25])
def test_every_wanted_difference_can_be_drawn(level: int) -> None:
    """Whatever total and difference are drawn, there is a duration that differs so, plainly."""
    params = Params.at(level)
    assert params.gaps[0] >= ceil(params.totals[-1] / 5)
    for total in params.totals:
        for gap in params.gaps:
            able = [n for n in (total - gap, total + gap) if n in params.lengths and clear(n, total)]
            assert able, (total, gap)


def test_more_to_order_than_there_are_is_refused() -> None:
    with pytest.raises(BadInput, match="listed"):
        Params.at(1, {"listed": 5})


@pytest.mark.parametrize("index", range(20))
def test_the_longest_stretch_of_all_is_asked_for_in_time_and_in_place(index: int) -> None:
    item = clip(index)
    every = sorted((b - a, a, b, name) for name, own in item.layout.details["spans"].items() for a, b in own)
    (seconds, start, end, name), second = every[-1], every[-2][0]
    plain = seconds >= 1.25 * second
    found = asked(item, "where_longest")
    assert len(found) == plain
    if plain:
        boxes = found[0].answer
        assert isinstance(boxes, dict)
        x, y = item.layout.timeline.place(name, 0.0)
        for at, box in boxes.items():
            assert start < int(at) < end
            assert middle_of(box) == pytest.approx((x, y), abs=0.02) or any(
                event.kind == "shakes" and event.objects == (name,) and event.start < int(at) < event.end
                for event in item.layout.events
            )
        span = asked(item, "longest_span")[0]
        assert span.answer is None or (span.slots["x"] == name and span.answer == [start, end])
