"""What the tasks of time rest on: Allen's relations, and clips whose first, middle and last moment give nothing away."""

import math
from itertools import product

import numpy as np
import pytest

from generators.temporal._acts import CONVERSE, RELATIONS, allen, moments, ordinal, pairs_in
from generators.temporal._clock_show import spoken
from generators.temporal._clock_world import Params, Slot, Touch, Wall
from generators.temporal._rhythm_viewer import apart
from generators.temporal._watch import relation_of
from morse.pipeline import Item, imagine, make_key
from morse.seeding import Rng
from morse.task import registry
from tests.boxes import middle_of

SPANS = [(start, end) for start, end in product(range(6), repeat=2) if start < end]
# after the table in Allen 1983
TABLE = {
    "before": ((0, 1), (2, 4)),
    "after": ((5, 6), (2, 4)),
    "meets": ((0, 2), (2, 4)),
    "met by": ((4, 6), (2, 4)),
    "overlaps": ((1, 3), (2, 4)),
    "overlapped by": ((3, 5), (2, 4)),
    "during": ((2, 3), (1, 4)),
    "contains": ((1, 5), (2, 4)),
    "starts": ((2, 3), (2, 4)),
    "started by": ((2, 6), (2, 4)),
    "finishes": ((3, 4), (2, 4)),
    "finished by": ((1, 4), (2, 4)),
    "equal": ((2, 4), (2, 4)),
}


@pytest.mark.parametrize("relation", RELATIONS)
def test_relations_are_those_of_the_table(relation: str) -> None:
    assert allen(*TABLE[relation]) == relation
    assert relation_of(*((float(a), float(b)) for a, b in TABLE[relation])) == relation


def test_each_pair_of_stretches_has_one_relation_and_its_converse_the_other_way_round() -> None:
    back = {**CONVERSE, **{after: before for before, after in CONVERSE.items()}, "equal": "equal"}
    back |= {"starts": "started by", "started by": "starts", "finishes": "finished by", "finished by": "finishes"}
    for a, b in product(SPANS, repeat=2):
        assert allen(b, a) == back[allen(a, b)]
        assert relation_of((a[0], a[1]), (b[0], b[1])) == allen(a, b)


@pytest.mark.parametrize("relation", RELATIONS)
def test_every_relation_can_be_planned_in_a_short_act(relation: str) -> None:
    assert pairs_in(relation, 8)


def test_acts_are_equally_long_and_the_middle_lies_in_the_rest_between_them() -> None:
    times, duration = moments(9, _rng())
    assert times[8] - times[0] == pytest.approx(times[17] - times[9], abs=0.01)
    assert times[8] + 0.8 < duration / 2 < times[9] - 0.8
    assert min(np.diff(times)) >= 0.8 - 1e-6


@pytest.mark.parametrize("name", ["event_order", "sequence_recall", "appearance_count"])
@pytest.mark.parametrize("level", [1, 6])
def test_first_middle_and_last_frame_look_alike(name: str, level: int) -> None:
    for index in range(6):
        item = imagine(make_key(registry().task(name), level, "still", index))
        first, middle, last = (_counted(item, share) for share in (0.0, 0.5, 1.0))
        assert first == middle == last


def test_a_question_asked_at_several_times_keeps_its_options_and_changes_its_answer() -> None:
    kinds = {"event_order": "last_ended", "sequence_recall": "before_latest", "appearance_count": "last_left"}
    kinds |= {"blink_rhythm": "next_flash", "clock_shift": "moved"}
    for name, kind in kinds.items():
        item = imagine(make_key(registry().task(name), 3, "streaming", 0))
        asked = [question for question in item.questions if question.kind == kind]
        assert len(asked) >= 2
        assert len({question.format.model_dump_json() for question in asked}) == 1
        assert len({str(question.slots) for question in asked}) == 1
        assert len({str(question.answer) for question in asked}) == len(asked)
        assert len({question.asked_at for question in asked}) == len(asked)


@pytest.mark.parametrize(
    ("number", "words"), [(1, "first"), (10, "tenth"), (11, "11th"), (21, "21st"), (22, "22nd"), (113, "113th")]
)
def test_ordinals(number: int, words: str) -> None:
    assert ordinal(number) == words


def test_clocks_read_what_is_worked_out_by_hand() -> None:
    slots = (Slot(0, False, 5), Slot(0, False, 5), Slot(0, True, 100), Slot(1, False, 5))
    # ash is set 35 minutes forward in view; elm stands still for a beat and is set back by 50 behind the curtain
    touches = (Touch(0, "ash", 35), Touch(1, "elm", -5, True), Touch(2, "elm", -50))
    params = Params.at(1)
    starts = {"ash": 710, "elm": 60, "oak": 0}
    wall = Wall(params, starts, slots, touches, (0, "elm"), 0, ("ash", ()), "elm", False, "oak", range(1), ())
    assert wall.passed() == 5 + 5 + 100 + 5
    assert [spoken(wall.reading(name)) for name in starts] == ["2:20", "2:00", "1:55"]
    assert [wall.off(name) for name in starts] == [35, -55, 0]
    assert wall.end_of(0) == 2
    assert wall.off("elm", wall.end_of(0)) == -5


def test_the_clock_in_the_box_is_the_one_whose_hands_rest_while_those_of_others_go_on() -> None:
    for index in range(8):
        item = imagine(make_key(registry().task("clock_shift"), 1 + index, "still", index))
        line = item.layout.timeline
        (question,) = (question for question in item.questions if question.kind == "where_still")
        boxes = question.answer
        assert isinstance(boxes, dict) and len(boxes) >= 2
        times = np.arange(min(map(int, boxes)), max(map(int, boxes)), 0.02)
        hands = {name: line.actors[f"hands {name}"].values("minutes", times) for name in sorted(item.episode.starts)}
        rests = [name for name, minutes in hands.items() if np.ptp(minutes) < 1e-9]
        middle = middle_of(boxes[min(boxes)])
        away = {name: math.dist(middle, line.place(name, 0.0)) for name in hands}
        assert min(away, key=lambda name: away[name]) in rests
        assert len(rests) == 1 or len(boxes) == 2  # in a second there may be no beat


def test_no_two_clocks_fall_out_of_step_at_once_and_one_never_does() -> None:
    for level in (1, 6):
        for index in range(8):
            wall = imagine(make_key(registry().task("clock_shift"), level, "step", index)).episode
            assert len({touch.slot for touch in wall.touches}) == len(wall.touches)
            assert wall.free not in [touch.clock for touch in wall.touches]
            assert wall.passed() in wall.params.totals


def _counted(item: Item, share: float) -> list[tuple[str, list[float]]]:
    """What belongs to the questions and can be seen at a share of the clip's length, and where."""
    tracks = item.layout.scene.tracks(np.array([share * item.layout.duration]))
    known = {thing.id for thing in item.layout.objects if thing.kind in ("card", "tile", "crossed", "creature")}
    seen = [i for i, who in enumerate(tracks.names) if who in known and tracks.visible[0, i] > 0]
    return [(tracks.names[i], tracks.boxes[0, i, [1, 3]].round(4).tolist()) for i in seen]


def _rng() -> Rng:
    return make_key(registry().task("event_order"), 1, "moments", 0).stream("layout")


def test_a_lamp_that_flashes_at_some_of_another_s_times_is_no_twin_of_it() -> None:
    every, second = [1.0, 2.0, 3.0, 4.0], [2.0, 4.0]
    assert apart(every, every) == apart(second, second) == 0.0
    assert apart(every, second) == apart(second, every) == 1.0
