"""Tables that vanish: what is keyed follows from what is drawn, by other counts than the task's own."""

from itertools import permutations

import numpy as np
import pytest

from generators.mathematical._vanish_show import Grid
from generators.mathematical._vanish_viewer import following
from generators.mathematical._vanish_world import rules
from generators.mathematical.table_vanish import TableVanish
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.schema import Question
from morse.stage.frames import Canvas

NUMBERS = ((3, 7), (5, 7), (4, 2), (9, 2))


def item_of(index: int, level: int = 6, **knobs: int) -> Item:
    return imagine(make_key(TableVanish(), level, "vanish", index), knobs)


def asked(item: Item, kind: str) -> Question:
    return next(question for question in item.questions if question.kind == kind)


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ((0, 2, 1, 3), [(0, False)]),
        ((3, 1, 2, 0), [(0, True)]),
        ((0, 1, 2, 3), [(1, True)]),  # equal numbers go in any order
        ((0, 1, 3, 2), [(1, True)]),
        ((0, 2), [(0, False)]),  # 3 and 4, 5 and 9 are left
        ((1, 0), [(1, True)]),
        ((2, 0), []),
    ],
)
def test_rules_that_explain_what_has_gone(order: tuple[int, ...], found: list[tuple[int, bool]]) -> None:
    assert [*rules(NUMBERS, order)] == found


def test_what_goes_next() -> None:
    rows = {name: np.array(row) for name, row in zip("abcd", ((3, 7), (5, 1), (4, 2), (9, 4)), strict=True)}
    assert following(rows, ["a", "c"]) == "b"
    assert following(rows, ["d", "b"]) == "c"


@pytest.mark.parametrize("index", range(8))
def test_a_rule_is_keyed_where_one_sorts_the_table_and_no_other_does(index: int) -> None:
    item = item_of(index)
    order, numbers = item.episode.order, np.array(item.episode.numbers)
    steps = np.diff(numbers[list(order)], axis=0)
    sorted_by = [f for f in range(numbers.shape[1]) if (steps[:, f] >= 0).all() or (steps[:, f] <= 0).all()]
    fields = item.episode.names if item.episode.columns else item.episode.heads
    assert asked(item, "rule").answer == (fields[sorted_by[0]] if sorted_by else "none")
    assert len(sorted_by) <= 1


def test_what_would_go_next_is_told_by_one_rule_alone() -> None:
    told = [item for index in range(12) if (item := item_of(index)).episode.next is not None]
    assert told
    for item in told:
        turn, numbers, order = item.episode.next, item.episode.numbers, item.episode.order
        fits = []
        for rest in permutations(order[turn:]):
            table = np.array([numbers[piece] for piece in (*order[:turn], *rest)], dtype=float)
            whole = table[1:] - table[:-1]
            fits += [rest[0]] * bool(((whole >= 0).all(axis=0) | (whole <= 0).all(axis=0)).any())
        assert set(fits) == {order[turn]}


@pytest.mark.parametrize("index", range(6))
def test_the_table_is_whole_at_first_hidden_halfway_and_gone_in_the_end(index: int) -> None:
    item = item_of(index)
    length = item.layout.duration
    tracks = item.layout.scene.tracks(np.array([0.0, 2.0, length / 2, length - 0.05]))
    pieces = [i for i, name in enumerate(tracks.names) if name != "labels"]
    assert len(pieces) == item.params.model_dump()["pieces"]
    assert tracks.visible[:2, pieces].min() == 1.0
    assert tracks.visible[2].max() == 0.0
    assert tracks.visible[3, pieces].max() == 0.0


@pytest.mark.parametrize("index", range(6))
def test_nothing_vanishes_while_it_cannot_be_seen(index: int) -> None:
    item = item_of(index, level=12)
    covers = next(event for event in item.layout.events if event.kind == "covers")
    goes = sorted(event.start for event in item.layout.events if event.kind == "vanishes")
    assert min(goes) > 2.0
    assert all(abs(goes[i + 1] - goes[i]) > 0.8 for i in range(len(goes) - 1))
    assert not any(covers.start - 0.3 < time < covers.end + 0.8 for time in goes)
    for event in item.layout.events:
        if event.kind == "blanks":
            going = next(e for e in item.layout.events if e.kind == "vanishes" and e.objects == event.objects)
            assert event.end < going.start


def test_cells_lie_side_by_side_and_in_the_frame() -> None:
    for rows, columns in ((8, 3), (3, 8), (8, 5), (5, 8), (6, 3)):
        grid = Grid(rows, columns)
        assert grid.xs[-1] + grid.wide / 2 < 7.9
        assert grid.ys[0] + grid.high / 2 < 4.4
        assert np.allclose(np.diff(grid.xs[1:]), grid.wide)
        assert np.allclose(np.diff(grid.ys), -grid.high)


def test_a_cell_that_is_blank_for_a_moment_comes_back() -> None:
    item = item_of(1, decoys=4)
    event = next(event for event in item.layout.events if event.kind == "blanks")
    canvas = Canvas(640, 360, 24)
    stage = staged(item, canvas, style_of(item.key))
    x, y = item.layout.timeline.place(event.id, event.start)
    at = (
        slice(int((4.5 - y) * 40) - 12, int((4.5 - y) * 40) + 12),
        slice(int((x + 8) * 40) - 20, int((x + 8) * 40) + 20),
    )
    before, during, after = (
        stage.frame_at(time)[at].astype(int).copy() for time in (event.start - 0.05, (event.start + event.end) / 2, event.end + 0.05)
    )  # fmt: skip
    assert np.abs(before - during).max() > 60
    assert np.array_equal(before, after)
