"""Matrices: rules allow what is worked out by hand, options tell nothing by themselves, and what is drawn is what is keyed."""

from collections import Counter
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

from generators.abstract._matrix_rules import DOMAINS, Rule, fillings, names_of, rivals, rules_of, triples
from generators.abstract._matrix_show import CELL, options_of
from generators.abstract._matrix_viewer import LAWS
from generators.abstract._matrix_world import cell_name, words_of
from generators.abstract.matrix_completion import MatrixCompletion
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.stage.frames import Canvas

CANVAS = Canvas(640, 360, 24)
BY_HAND = {  # slots are bits from the left: 1 x..., 2 .x.., 4 ..x., 8 ...x
    ("number", "up"): [(1, 2, 3), (2, 3, 4)],
    ("number", "down"): [(3, 2, 1), (4, 3, 2)],
    ("number", "sum"): [(1, 1, 2), (1, 2, 3), (1, 3, 4), (2, 1, 3), (2, 2, 4), (3, 1, 4)],
    ("number", "difference"): [(2, 1, 1), (3, 1, 2), (3, 2, 1), (4, 1, 3), (4, 2, 2), (4, 3, 1)],
    ("step", "up"): [(-2, -1, 0), (-1, 0, 1), (0, 1, 2)],
    ("step", "down"): [(0, -1, -2), (1, 0, -1), (2, 1, 0)],
}
SOME = {
    ("places", "right"): [(1, 2, 4), (8, 1, 2), (9, 3, 6)],
    ("places", "left"): [(1, 8, 4), (3, 9, 12)],
    ("places", "or"): [(1, 2, 3), (3, 6, 7), (9, 6, 15)],
    ("places", "and"): [(3, 6, 2), (7, 14, 6)],
    ("places", "xor"): [(3, 6, 5), (15, 1, 14), (1, 2, 3)],
    ("start", "on 3"): [(0, 3, 6), (6, 1, 4)],
    ("start", "back 1"): [(0, 7, 6)],
}
NOT = {
    ("places", "or"): [(1, 3, 3), (1, 1, 1)],  # what one of the cells had already is no union that could be seen
    ("places", "and"): [(1, 2, 0), (3, 1, 1)],
    ("places", "right"): [(15, 15, 15), (5, 10, 10)],
    ("places", "xor"): [(3, 3, 0), (3, 6, 7)],
}


def item_of(level: int, index: int, root: str = "matrix") -> Item:
    return imagine(make_key(MatrixCompletion(), level, root, index))


def test_rules_allow_the_lines_that_are_worked_out_by_hand() -> None:
    for (feature, name), lines in BY_HAND.items():
        assert [*triples(feature, name)] == lines
    for (feature, name), lines in SOME.items():
        assert {*lines} <= {*triples(feature, name)}
    for (feature, name), lines in NOT.items():
        assert {*triples(feature, name)}.isdisjoint(lines)


@pytest.mark.parametrize("feature", ["number", "places", "start", "step"])
def test_a_viewer_allows_the_same_lines(feature: str) -> None:
    def told(value: int) -> object:
        return value if feature == "start" else words_of(feature, value)

    for name, law in LAWS[feature].items():
        allowed = {line for line in product(DOMAINS[feature], repeat=3) if law(*map(told, line))}
        assert allowed == {*triples(feature, name)}, name
    assert {*names_of(feature)} == {"same", "three", *LAWS[feature]}


def test_what_fills_a_gap_is_found_by_trying_all_values() -> None:
    #  1 1 2
    #  2 1 3     the last is the sum of the other two in every row, and in no other way are all three rows explained
    #  1 3 ?
    cells = (1, 1, 2, 2, 1, 3, 1, 3, None)
    assert fillings("number", rules_of("number"), cells, 8) == {4}
    assert fillings("number", [Rule("row", "up")], cells, 8) == set()
    #  1 2 3
    #  2 3 1     the same three in each row, whatever their order: and in each column
    #  3 1 ?
    assert fillings("number", rules_of("number"), (1, 2, 3, 2, 3, 1, 3, 1, None), 8) == {2}


def test_rules_that_are_offered_together_do_not_follow_from_each_other() -> None:
    for four in rivals("step", 4):
        assert not {("row", "three"), ("column", "three")} <= {*four}
        assert not {("row", "same"), ("column", "three")} <= {*four}
    assert all(rule.name not in ("and", "or") for four in rivals("places", 0) for rule in four)  # a1 is last in no line


@pytest.mark.parametrize(("level", "index"), [(1, 0), (1, 1), (5, 0), (5, 1), (8, 0)])
def test_options_are_balanced_so_that_their_majority_is_no_hint(level: int, index: int) -> None:
    matrix = item_of(level, index).episode
    looks = options_of(matrix)
    assert len(looks) == 2 ** len(matrix.options) == len({tuple(look.items()) for look in looks})
    for feature in matrix.features:
        counts = Counter(look[feature] for look in looks)
        assert sorted(counts.values()) in ([len(looks)], [len(looks) // 2] * 2)
        assert (len(counts) == 2) == (feature in matrix.options)


def test_the_missing_cell_is_as_often_with_either_of_two_values() -> None:
    """Of the two values of a number, the larger one is right as often as not: 4.5 standard deviations at most."""
    larger = [
        own > other
        for index in range(400)
        for feature, (own, other) in item_of(2, index, "even").episode.options.items()
        if feature in ("number", "step")
    ]
    assert abs(sum(larger) - len(larger) / 2) < 4.5 * np.sqrt(len(larger)) / 2


@pytest.mark.parametrize(("level", "index"), [(1, 0), (3, 1), (7, 0), (10, 1)])
def test_beads_step_evenly_but_for_one_at_most(level: int, index: int) -> None:
    item = item_of(level, index)
    matrix = item.episode
    uneven = {}
    for cell in matrix.order:
        places = [matrix.bead(cell, beat) for beat in range(1, matrix.params.beats + 1)]
        steps = Counter((b - a) % 8 for a, b in pairwise(places))
        if len(steps) > 1:
            uneven[cell_name(cell)] = sorted(steps.values())
    odd: Any = next(question for question in item.questions if question.kind == "odd").answer
    assert uneven == ({} if odd == "none" else {odd: [1, matrix.params.beats - 2]})


@pytest.mark.parametrize(("level", "index"), [(1, 0), (4, 0), (10, 0)])
def test_all_is_covered_halfway_to_the_questions_and_when_they_are_asked(level: int, index: int) -> None:
    layout = item_of(level, index).layout
    asked = layout.details["asked"]
    tracks = layout.scene.tracks(np.array([0.0, asked / 2, asked]))
    cells = [name for name in tracks.names if not name.startswith("letter")]
    assert sum(float(tracks.of(name)[1].max()) for name in cells) == 0.0


@pytest.mark.parametrize("level", [1, 6])
def test_beads_are_drawn_where_they_are_keyed(level: int) -> None:
    item = item_of(level, 0)
    matrix, details = item.episode, item.layout.details
    stage = staged(item, CANVAS, style_of(item.key))
    corners = [(-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0)]
    for cell in matrix.order[:3]:
        name = cell_name(cell)
        moment = details["closed"][cell] - 0.3
        ys, xs = np.nonzero(stage.masks(moment)[f"bead {name}"])
        x, y = item.layout.timeline.place(name, moment)
        across, up = corners[matrix.bead(cell, matrix.params.beats)]
        assert xs.mean() == pytest.approx((8 + x + across * CELL[0] / 2) * 40 - 0.5, abs=1.5)
        assert ys.mean() == pytest.approx((4.5 - y - up * CELL[1] / 2) * 40 - 0.5, abs=1.5)
    stage.close()
