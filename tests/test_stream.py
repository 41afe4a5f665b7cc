"""The stream: always the same questions for the same rewards, whoever makes them, and levels that follow what is earned."""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from harness.curriculum import Curriculum, Rule
from harness.lessons import Job, Lessons, Row, make
from harness.references import reference_response
from harness.reward import Target, reward
from harness.stream import Stream
from morse.errors import BadInput
from morse.stage.frames import Canvas
from morse.task import registry

TASKS = ("cups", "hanoi", "symbol_shuffle")
BLIND = Lessons("7", view="blind", questions=2)
QUICK = Rule(rise=0.9, fall=0.1, window=4, highest=3)


def taken(stream: Stream, count: int, earns: Callable[[int, Row], float] | None = None) -> list[Row]:
    """The next rows of a stream, each reported with what it earns."""
    rows = []
    for number, row in enumerate(itertools.islice(stream, count)):
        rows.append(row)
        if earns is not None:
            stream.report(row, earns(number, row))
    return rows


def named(rows: list[Row]) -> list[tuple[Any, ...]]:
    return [(row["clip"], row["task"], row["level"], row["question_id"], row["prompt"], row["target"]) for row in rows]


def wavering(number: int, row: Row) -> float:
    """All right for a while, then all wrong, then all right."""
    return float(number // 24 % 2 == 0)


# ── the curriculum ──────────────────────────────────────────────────────────────────────────────────────────────────


def levels(rewards: list[float], rule: Rule) -> list[int]:
    curriculum = Curriculum(["a"], rule)
    return [curriculum.report("a", curriculum.levels["a"], value) for value in rewards]


def test_the_level_rises_and_falls_by_the_mean_of_a_full_window() -> None:
    rule = Rule(rise=0.75, fall=0.25, window=4)
    assert levels([1, 1, 1], rule) == [1, 1, 1], "a window that is not full says nothing"
    assert levels([1, 1, 1, 0], rule) == [1, 1, 1, 2]
    assert levels([1, 1, 0, 0, 1, 1, 1], rule) == [1, 1, 1, 1, 1, 1, 2], "the window slides"
    assert levels([1, 1, 1, 1, 0, 0, 0, 1], rule) == [1, 1, 1, 2, 2, 2, 2, 1]
    assert levels([0] * 9, rule) == [1] * 9, "never below the lowest"
    assert levels([1] * 12, replace(rule, highest=2)) == [1, 1, 1] + [2] * 9


def test_rewards_of_another_level_move_nothing() -> None:
    curriculum = Curriculum(["a", "b"], Rule(window=2))
    assert [curriculum.report("a", 2, 1.0) for _ in range(5)] == [1] * 5 and curriculum.mean("a") is None
    curriculum.report("a", 1, 1.0)
    assert curriculum.report("a", 1, 1.0) == 2 and curriculum.levels == {"a": 2, "b": 1}
    curriculum.ends_at("a", 2)
    assert [curriculum.report("a", 1, 1.0) for _ in range(5)] == [1] * 5, "a task that ends stays below"


@pytest.mark.parametrize("bad", [{"rise": 0.2, "fall": 0.2}, {"window": 0}, {"lowest": 0}, {"lowest": 3, "highest": 2}])
def test_rules_that_are_none_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        Rule(**bad)


# ── the stream ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_rewards_give_the_same_stream_and_levels_follow_them() -> None:
    one, other = (taken(Stream(TASKS, BLIND, rule=QUICK, ahead=2), 90, wavering) for _ in range(2))
    assert named(one) == named(other)
    seen = [row["level"] for row in one if row["task"] == "cups"]
    assert max(seen) > 1 and any(a > b for a, b in itertools.pairwise(seen)), seen
    still = taken(Stream(TASKS, BLIND, rule=QUICK, ahead=2), 90)
    assert {row["level"] for row in still} == {1} and named(still)[:4] == named(one)[:4]
    assert {row["question_id"] for row in taken(Stream(TASKS, replace(BLIND, root="8")), 30)}.isdisjoint(
        row["question_id"] for row in one
    )
    assert len({row["question_id"] for row in one}) == 90, "no question comes twice"


def test_every_task_has_its_turn_and_asks_what_is_wanted() -> None:
    rows = taken(Stream(TASKS, replace(BLIND, questions=1)), 12)
    for turn in range(0, 12, 3):
        assert {row["task"] for row in rows[turn : turn + 3]} == set(TASKS)
    assert len({tuple(row["task"] for row in rows[turn : turn + 3]) for turn in range(0, 12, 3)}) > 1
    counted = taken(Stream(["hanoi"], replace(BLIND, kinds=("moves_made",), questions=1)), 5)
    assert {row["kind"] for row in counted} == {"moves_made"}


@pytest.mark.parametrize("stop", [1, 7, 16, 33])
def test_a_stream_goes_on_from_its_state(stop: int) -> None:
    whole = taken(Stream(TASKS, BLIND, rule=QUICK, ahead=3), 60, wavering)
    stream = Stream(TASKS, BLIND, rule=QUICK, ahead=3)
    begun = taken(stream, stop, wavering)
    state = json.loads(json.dumps(stream.state_dict()))
    resumed = Stream(TASKS, BLIND, rule=QUICK, ahead=3)
    resumed.load_state_dict(state)
    rest = taken(resumed, 60 - stop, lambda number, row: wavering(number + stop, row))
    assert named([*begun, *rest]) == named(whole)
    with pytest.raises(BadInput, match="the stream has hanoi"):
        Stream(["hanoi"], BLIND).load_state_dict(state)


def test_shares_have_no_clip_in_common_and_all_together() -> None:
    lessons = replace(BLIND, questions=1)
    whole = named(taken(Stream(TASKS, lessons), 24))
    shares = [
        Stream(TASKS, lessons, rank=rank, world_size=2).part(worker, 3) for rank in range(2) for worker in range(3)
    ]
    parts = [named(taken(share, 4)) for share in shares]
    assert sorted(itertools.chain(*parts)) == sorted(whole)
    third = Stream(TASKS, lessons, rank=1, world_size=3)
    with pytest.raises(BadInput, match="not of this share"):
        third.load_state_dict(Stream(TASKS, lessons).state_dict())


def test_workers_make_the_same_stream() -> None:
    lessons = Lessons("7", view="frames:3", canvas=Canvas(96, 54, 4), questions=2)
    here, ahead = (taken(Stream(TASKS[:2], lessons, rule=QUICK, workers=w, ahead=2), 12, wavering) for w in (0, 1))
    assert named(here) == named(ahead)
    assert all((one["frames"] == other["frames"]).all() for one, other in zip(here, ahead, strict=True))


# ── what a row shows ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def asked_early() -> Iterator[tuple[Lessons, Job]]:
    """A clip with a question that is asked before its end."""
    yield (
        Lessons("7", view="frames:4", canvas=Canvas(128, 72, 8), kinds=("before_latest",)),
        Job(3, "sequence_recall", 1),
    )


def test_frames_and_videos_show_the_same_and_end_where_the_question_is_asked(
    asked_early: tuple[Lessons, Job], tmp_path: Path
) -> None:
    lessons, job = asked_early
    (row,) = make(lessons, job)
    target = Target.model_validate_json(row["target"])
    assert row["frames"].shape == (4, 3, 72, 128) and row["frames"].dtype == np.uint8
    assert target.duration is not None
    make(replace(lessons, view="video", folder=tmp_path / "videos", canvas=Canvas(64, 36, 2), style="plain"), job)
    (filmed,) = make(replace(lessons, view="video", folder=tmp_path / "videos"), job)
    assert filmed["question_id"] == row["question_id"]
    with av.open(str(filmed["video"]), "r") as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(pictures) / 8 < target.duration - 1, "the rest of the clip is not in the file"
    for picture, time in zip(row["frames"], row["times"], strict=True):
        shown = pictures[round(float(time) * 8)].transpose(2, 0, 1)
        assert np.abs(shown.astype(int) - picture).mean() < 6


def test_videos_of_clips_that_are_past_are_not_kept(tmp_path: Path) -> None:
    lessons = Lessons("7", view="video", canvas=Canvas(96, 54, 2), folder=tmp_path)
    rows = taken(Stream(["hanoi"], lessons, ahead=1, keep=2), 4)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(Path(row["video"]).name for row in rows[2:])


def test_the_target_is_what_the_reference_earns_1_for() -> None:
    for row in taken(Stream(TASKS, replace(BLIND, questions=3)), 18):
        target = Target.model_validate_json(row["target"])
        assert reward(row["target"], reference_response(target.format, target.answer)).total == 1.0
        assert reward(row["target"], "I do not know").total <= 0


@pytest.mark.parametrize(
    ("tasks", "lessons", "options", "says"),
    [
        (["cupz"], BLIND, {}, "did you mean"),
        ([], BLIND, {}, "needs a task"),
        (["cups"], replace(BLIND, view="grid:9"), {}, "cannot show the view"),
        (["cups"], replace(BLIND, view="frames:8+captions"), {}, "cannot show the view"),
        (["cups"], replace(BLIND, view="video"), {}, "needs a folder"),
        (["cups"], BLIND, {"rank": 2, "world_size": 2}, "ranks go from 0"),
        (["cups"], BLIND, {"ahead": 0}, "at least 1"),
    ],
)
def test_what_cannot_be_streamed_is_said(
    tasks: list[str], lessons: Lessons, options: dict[str, Any], says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        Stream(tasks, lessons, **options)


def test_a_level_that_a_task_does_not_have_ends_its_rise(monkeypatch: pytest.MonkeyPatch) -> None:
    params = registry().task("hanoi").Params
    real = params.at

    def at(level: int, knobs: Any = None) -> Any:
        if level > 2:
            raise BadInput("no room for another disc")
        return real(level, knobs)

    monkeypatch.setattr(params, "at", at)
    stream = Stream(["hanoi"], replace(BLIND, questions=1), rule=Rule(window=1), ahead=1)
    assert [row["level"] for row in taken(stream, 8, lambda number, row: 1.0)] == [1, 1, 2, 2, 2, 2, 2, 2]
