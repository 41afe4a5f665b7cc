"""Circuits of waiting parts: by hand, by other arithmetic (scipy's shortest paths), and as they are drawn."""

import math

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from generators.temporal._chain_show import DOWN
from generators.temporal._chain_viewer import Wiring
from generators.temporal._chain_world import Part, fate_of, first_after, quickest_way, run
from generators.temporal.causal_chain import CausalChain
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.schema import Span
from morse.stage.frames import Canvas
from tests.boxes import middle_of

CANVAS, FULL = Canvas(480, 270, 10), Canvas()
# switches a, b, c; then  all 2 s (a, b), any 1 s (a, c), 3 s (c);  then  any 1 s (first, second), all 2 s (second, third), 1 s (third)
BY_HAND = (
    (Part("all", 2, (0, 1)), Part("any", 1, (0, 2)), Part("any", 3, (2,))),
    (Part("any", 1, (0, 1)), Part("all", 2, (1, 2)), Part("all", 1, (2,))),
)
PRESSES = {0: 10.0, 1: 14.0, 2: 16.5}


def made(level: int, index: int = 0) -> Item:
    return imagine(make_key(CausalChain(), level, "circuit", index))


def test_a_circuit_worked_out_by_hand() -> None:
    first, second = run(BY_HAND, PRESSES, 3)[1:]
    assert [(one.time, one.by) for one in first] == [(16.0, 1), (11.0, 0), (19.5, 2)]
    assert [(one.time, one.by) for one in second] == [(12.0, 0), (21.5, 2), (20.5, 2)]


def test_what_becomes_of_lamps_without_a_press_by_hand() -> None:
    assert fate_of(BY_HAND, PRESSES, 3, 0, 0) == "later"  # then by c, at 18.5 s, through the second part
    assert fate_of(BY_HAND, PRESSES, 3, 1, 2) == "not at all"
    assert fate_of(BY_HAND, PRESSES, 3, 1, 0) == "at the same time"
    assert run(BY_HAND, {1: 14.0, 2: 16.5}, 3)[-1][0].time == 18.5


def test_the_next_lamp_is_told_only_where_it_is_clear() -> None:
    lit = run(BY_HAND, PRESSES, 3)[-1]
    assert first_after(lit, 15.0) == 2
    assert first_after(lit, 11.8) is None  # one comes on just then
    assert first_after(lit, 30.0) is None


def test_running_in_steps_agrees_with_the_closed_form() -> None:
    for index in range(5):
        episode = made(6, index).episode
        rows = episode.params.rows
        names: list[tuple[str, tuple[str, ...], bool, float]] = []
        for c, column in enumerate(episode.columns):
            for row, part in enumerate(column):
                sources = tuple(f"{c}.{source}" for source in part.inputs)
                names.append((f"{c + 1}.{row}", sources, part.waits_for == "all", float(part.seconds)))
        on = Wiring(tuple(names)).on({f"0.{row}": time for row, time in episode.presses.items()})
        for row, lit in enumerate(episode.lit()):
            stepped = on.get(f"{len(episode.columns)}.{row}", math.inf)
            assert stepped == lit.time or abs(stepped - lit.time) < 0.05
        assert rows == len(episode.columns[0])


@pytest.mark.parametrize("level", [1, 6, 10])
def test_the_quickest_way_is_that_of_dijkstra(level: int) -> None:
    episode = made(level, 1).episode
    rows = episode.params.rows
    size = rows * (len(episode.columns) + 1)
    weights = np.zeros((size, size))
    for c, column in enumerate(episode.columns):
        for row, part in enumerate(column):
            for source in part.inputs:
                weights[c * rows + source, (c + 1) * rows + row] = part.seconds
    far = dijkstra(csr_array(weights))
    for switch in range(rows):
        for lamp in range(rows):
            assert quickest_way(episode.columns, switch, lamp) == far[switch, size - rows + lamp]


@pytest.mark.parametrize("level", [1, 6])
def test_a_lamp_hangs_on_its_trigger_and_on_no_other_press(level: int) -> None:
    for index in range(5):
        item = made(level, index)
        episode, names = item.episode, item.layout.details["switches"]
        (question,) = (question for question in item.questions if question.kind == "trigger")
        now = episode.lit()[episode.lamp].time
        for row, time in episode.presses.items():
            moved = run(episode.columns, {**episode.presses, row: time + 0.1}, episode.params.rows)[-1]
            shift = moved[episode.lamp].time - now
            assert shift == pytest.approx(0.1 if names[row] == question.answer else 0.0, abs=1e-9)


def test_the_way_lasts_at_least_as_long_as_the_quickest() -> None:
    for index in range(8):
        item = made(3, index)
        (question,) = (question for question in item.questions if isinstance(question.format, Span))
        assert isinstance(question.answer, list)
        start, end = (float(str(edge)) for edge in question.answer)
        episode = item.episode
        by = episode.lit()[episode.lamp].by
        assert end - start >= quickest_way(episode.columns, by, episode.lamp) - 1e-6


def test_parts_are_hidden_before_the_first_press() -> None:
    item = made(6)
    parts = [thing.id for thing in item.layout.objects if thing.kind == "part"]
    lead = item.episode.lead
    times = np.array([lead - 0.1, lead + DOWN + 0.05, min(item.episode.presses.values()), item.layout.duration - 0.05])
    tracks = item.layout.scene.tracks(times)
    for part in parts:
        assert tracks.of(part)[1].tolist() == [1.0, 0.0, 0.0, 0.0]


def test_lamps_are_seen_to_come_on_when_they_do() -> None:
    """The middle of a lamp, to the left of its letter, becomes brighter and yellower."""
    item = made(3, 2)
    stage = staged(item, CANVAS, style_of(item.key))
    try:
        for row, lit in enumerate(item.episode.lit()):
            if lit.time == math.inf:
                continue
            name = item.layout.details["lamps"][row]
            x, y = item.layout.timeline.place(name, 0.0)
            left, top = round((x - 0.3 + 8) * 30), round((4.5 - y) * 30)
            before, after = (
                np.array(stage.frame_at(lit.time + offset))[top, left, :3].astype(int) for offset in (-0.2, 0.3)
            )
            assert (after[2] - after[0]) - (before[2] - before[0]) > 60  # red minus blue, of BGRA
    finally:
        stage.close()


def test_nothing_of_the_circuit_shines_through_the_blind() -> None:
    item = made(3, 1)
    stage = staged(item, FULL, style_of(item.key))
    try:
        time = item.episode.lead + DOWN + 0.2
        shown = np.array(stage.frame_at(time))
        stage.hide(*(thing.id for thing in item.layout.objects if thing.kind == "part"))
        assert np.array_equal(shown, np.array(stage.frame_at(time)))
    finally:
        stage.close()


@pytest.mark.parametrize("level", [1, 6])
def test_circuits_of_a_level_have_as_many_parts_of_each_kind(level: int) -> None:
    """Else what becomes of lamps would be likelier one way or the other by the look of the first frame alone."""
    counts = set()
    for index in range(8):
        parts = [part for column in made(level, index).episode.columns for part in column]
        counts.add((sum(len(part.inputs) == 2 for part in parts), sum(part.waits_for == "all" for part in parts)))
    assert len(counts) == 1


@pytest.mark.parametrize("index", range(6))
def test_the_switch_in_the_box_is_the_one_that_the_lamp_hangs_on(index: int) -> None:
    item = made(3, index)
    episode, line = item.episode, item.layout.timeline
    where, way = (next(q for q in item.questions if q.kind == kind) for kind in ("where_trigger", "way"))
    now = episode.lit()[episode.lamp].time
    assert isinstance(where.answer, dict) and isinstance(way.answer, list)
    start, end = (float(str(edge)) for edge in way.answer)
    for second, box in where.answer.items():
        assert start < float(second) < end
        x, y = middle_of(box)
        names = item.layout.details["switches"]
        row = min(range(len(names)), key=lambda row: math.dist((x, y), line.place(names[row], 0.0)))
        late = run(episode.columns, {**episode.presses, row: episode.presses[row] + 0.1}, episode.params.rows)[-1]
        assert late[episode.lamp].time == pytest.approx(now + 0.1)
