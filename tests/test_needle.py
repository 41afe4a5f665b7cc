"""Needles in a stream: anywhere in the clip, findable by their context, and an hour takes no more memory than a minute."""

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import stats

from benchmarks.commands import peak_memory
from harness.breakdown import broken_down, depth, duration
from harness.references import reference_response
from harness.report import make_report
from harness.responses import Response
from morse.cli import main
from morse.dataset import open_dataset
from morse.errors import BadInput
from morse.pipeline import Item, imagine, make_key
from morse.schema import Evidence, Question
from morse.stage.frames import Canvas
from morse.task import registry


def clip(index: int, level: int = 3, **knobs: float) -> Item:
    return imagine(make_key(registry().task("needle"), level, "haystack", index), knobs)


def asked(item: Item, kind: str) -> list[Question]:
    return [question for question in item.questions if question.kind == kind]


@pytest.mark.parametrize("index", range(5))
def test_what_is_recorded_is_what_the_scene_shows(index: int) -> None:
    """At the middle of each pass that one is in the picture and no other; of each card likewise; and never in between."""
    item = clip(index, 6)
    line = item.layout.timeline
    passers = [thing.id for thing in item.layout.objects if thing.kind == "passer"]
    cards = [thing.id for thing in item.layout.objects if thing.kind == "card"]
    for event in item.layout.events:
        at = (event.start + event.end) / 2
        if event.objects[0] in passers:
            assert [who for who in passers if abs(line.place(who, at)[0]) < 8] == [*event.objects]
        elif event.objects[0] in cards:
            assert [name for name in cards if line.actors[name].at("opacity", at) > 0] == [*event.objects]
    for at in (0.0, item.layout.duration / 2, item.layout.duration):
        assert not [who for who in passers if abs(line.place(who, at)[0]) < 9.5]
        assert not [name for name in cards if line.actors[name].at("opacity", at) > 0]


def test_needles_are_shown_for_two_seconds_and_what_passes_is_nearly_always_there() -> None:
    for index in range(10):
        item = clip(index, 1 + index)
        shown = [event for event in item.layout.events if event.kind == "shows"]
        assert min(event.end - event.start for event in shown) >= 2.0
        passes = [event for event in item.layout.events if event.id.startswith("pass ")]
        assert min(event.end - event.start for event in passes) >= 2.0
        assert sum(event.end - event.start for event in passes) > 0.8 * item.layout.duration


@pytest.mark.parametrize("seconds", [60.0, 600.0])
def test_needles_lie_at_every_depth_alike(seconds: float) -> None:
    depths = []
    for index in range(150):
        item = clip(index, seconds=seconds)
        for question in asked(item, "number_on"):
            if question.answer is not None:
                [span] = question.evidence
                depths.append((span.start + span.end) / 2 / seconds)
    assert stats.kstest(depths, "uniform").pvalue > 0.001
    assert min(np.histogram(depths, 5, (0, 1))[0]) > 0.1 * len(depths)


def test_the_card_that_another_leads_to_is_far_away() -> None:
    for index in range(20):
        item = clip(index, 5)
        for question in asked(item, "led_to"):
            one, other = question.evidence
            assert abs(one.start - other.start) >= item.layout.duration / 3


def test_no_number_is_up_when_the_latest_is_asked_for_nor_halfway_up_to_then() -> None:
    for index in range(15):
        item = clip(index, 4)
        line = item.layout.timeline
        cards = {thing.id: thing.attributes["kind"] for thing in item.layout.objects if thing.kind == "card"}
        latest = asked(item, "latest")
        assert len({question.format.model_dump_json() for question in latest}) <= 1
        assert len({str(question.answer) for question in latest}) == len(latest)
        for question in latest:
            assert question.asked_at is not None
            assert all(line.actors[name].at("opacity", question.asked_at) == 0 for name in cards)
            numbers = [name for name, kind in cards.items() if kind == "number"]
            assert all(line.actors[name].at("opacity", question.asked_at / 2) == 0 for name in numbers)


def test_an_hour_is_thought_out_with_no_more_actors_than_a_minute() -> None:
    minute, hour = clip(0, seconds=60), clip(0, seconds=3600)
    assert len(hour.layout.timeline.actors) <= len(minute.layout.timeline.actors) + 10
    assert len(hour.layout.events) > 20 * len(minute.layout.events)
    assert hour.layout.duration == 3600


def test_too_many_cards_for_the_time_are_refused() -> None:
    with pytest.raises(BadInput, match="cards=7 and letters=0 are too many for 15 seconds"):
        clip(0, 1, cards=7)


def test_memory_stays_within_a_bound_over_ten_minutes() -> None:
    """Peak memory of a whole process, with renderer, encoder and tracks: ten minutes take hardly more than one."""
    tiny = Canvas(128, 72, 8)
    short, long = (peak_memory("needle", 3, {"seconds": seconds}, tiny) for seconds in (60.0, 600.0))
    assert long - short < 12  # megabytes; ten times the frames
    assert long < 400


def test_evidence_lies_where_it_says() -> None:
    assert duration(15.0) == "0–15 s" and duration(15.1) == "15–60 s" and duration(3600) == "600–3600 s"
    assert duration(4000) == "over 3600 s"
    assert depth([Evidence(start=10, end=12)], 100) == "0–20 %"
    assert depth([Evidence(start=98, end=100)], 100) == "80–100 %"
    assert depth([Evidence(start=10, end=12), Evidence(start=80, end=82)], 100) == "40–60 %"  # 46 %
    assert depth([Evidence(start=0, end=100)], 100) == "–" and depth([], 100) == "–"


def test_accuracy_by_duration_depth_and_frames(tmp_path: Path) -> None:
    """Whoever is right just where a frame falls into the evidence scores what counting the frames says."""
    folder = tmp_path / "set"
    options = "--task needle --difficulty 1,4 --count 12 --no-video --workers 1 --seed s"
    done = CliRunner().invoke(main, ["generate", *options.split(), "--out", str(folder)])
    assert done.exit_code == 0, done.output
    data = open_dataset(folder)
    answers = {answer.question_id: answer for answer in data.answers()}
    seconds = {row.clip_id: row.duration for row in data.clips()}
    questions = [question for question in data.questions() if question.kind == "card_span"]
    said, expected = {}, defaultdict(list)
    for number, question in enumerate(questions):
        answer, length = answers[question.question_id], seconds[question.clip_id]
        count = (8, 64)[number % 2]
        frames = tuple(length * (i + 0.5) / count for i in range(count))
        hit = any(e.start <= t <= e.end for e in answer.evidence for t in frames)
        text = reference_response(question.format, answer.answer if hit else [0.0, 0.5])
        said[question.question_id] = Response(question.question_id, text, frames=frames)
        part = "–"
        if answer.answer is not None:
            middle = sum(answer.answer) / 2 / length  # type: ignore[arg-type]
            part = ["0–20 %", "20–40 %", "40–60 %", "60–80 %", "80–100 %"][int(5 * middle)]
        expected["0–15 s" if length <= 15 else "60–180 s", part, str(count)].append(float(hit))
    report = broken_down(make_report(questions, answers, said, recipe="r"), data, ["duration, depth,frames"])
    groups = report.groups["duration, depth, frames"]
    found = {group.name: group.accuracy.mean for group in groups if group.accuracy is not None}
    assert found == {name: pytest.approx(sum(own) / len(own)) for name, own in expected.items()}
    assert len(found) >= 10 and len({*found.values()}) > 1
    rows = [json.dumps({"question_id": name, "response": one.text, "frames": one.frames}) for name, one in said.items()]
    (tmp_path / "responses.jsonl").write_text("\n".join(rows))
    printed = CliRunner(env={"COLUMNS": "200"}).invoke(
        main, ["score", str(folder), str(tmp_path / "responses.jsonl"), "--by", "duration,depth,frames"]
    )
    assert printed.exit_code == 0 and "60–180 s" in printed.output and "not known" in printed.output
