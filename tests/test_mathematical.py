"""The mathematical tasks: what is drawn is what is keyed, by other counts than the tasks' own."""

from collections import Counter
from fractions import Fraction
from itertools import pairwise, product
from math import prod

import numpy as np
import pytest

from generators.mathematical._curves import any_curve, box_heights, crossing_pair, crossings_of, heights
from generators.mathematical._machine_viewer import apply
from generators.mathematical._machine_walk import OPERATIONS, Courses, bracketed, totals_of
from generators.mathematical._paper import BASE, HIGH
from generators.mathematical.function_motion import FunctionMotion
from generators.mathematical.number_machine import NumberMachine
from generators.mathematical.scrolling_table import ScrollingTable
from morse.pipeline import imagine, make_key, staged, style_of
from morse.seeding import Key
from morse.stage.frames import Canvas

KEY = Key("test", 1, 1, "test", "root", 0)
CANVAS = Canvas(640, 360, 24)


def test_courses_are_counted_like_all_of_them_written_out() -> None:
    bounds = [(1, 12), (5, 5)]
    weights = dict(OPERATIONS)
    expected = 0
    for course in product(weights, repeat=2):
        totals = totals_of(6, course)
        moved = totals is not None and all(a != b for a, b in pairwise(totals))
        if totals is not None and moved and 1 <= totals[1] <= 12 and totals[2] == 5:
            expected += prod(weights[operation] for operation in course)
    assert Courses(6, bounds, 12).ways[0][6] == expected > 0


def test_courses_are_drawn_as_often_as_they_weigh() -> None:
    courses, rng = Courses(6, [(1, 12), (5, 5)], 12), KEY.stream("draw")
    first = Counter(courses.draw(rng)[0] for _ in range(4000))
    weights = {op: w * courses.ways[1][to] for op, w, to in courses.steps[6] if to <= 12}
    for operation, weight in weights.items():
        assert first[operation] / 4000 == pytest.approx(weight / courses.ways[0][6], abs=0.035)


@pytest.mark.parametrize(
    ("total", "text", "after"),
    [(4, "+3", 7), (4, "−3", 1), (4, "×(7−5)", 8), (12, "÷(2+1)", 4), (12, "−(3×2)", 6), (7, "÷2", Fraction(7, 2))],
)
def test_tickets_are_read_as_written(total: int, text: str, after: int | Fraction) -> None:
    assert apply(Fraction(total), text) == after


def test_brackets_are_worth_the_number_they_stand_for() -> None:
    rng = KEY.stream("brackets")
    for operation, _ in OPERATIONS:
        for _ in range(20):
            text = bracketed(operation, rng)
            assert text.startswith(f"{operation.sign}(")
            assert apply(Fraction(0), f"+{text[1:]}") == operation.number


@pytest.mark.parametrize("index", range(4))
def test_tickets_that_turn_back_are_never_in_the_machine(index: int) -> None:
    item = imagine(make_key(NumberMachine(), 6, "turning", index), {"rules": 4})
    machine, layout = item.layout.timeline.actors["machine"], item.layout
    turned = {
        name
        for name, ticket in zip(layout.details["names"], item.episode.tickets, strict=True)
        if "turned" in ticket.features
    }
    for event in layout.events:
        times = np.arange(event.start, event.end, 0.05)
        apart = np.abs(layout.timeline.actors[event.objects[0]].values("x", times) - machine.at("x", 0.0))
        assert (apart.min() < 0.5) == (event.objects[0] not in turned)


@pytest.mark.parametrize("index", range(4))
def test_no_look_shows_more_than_four_rows_and_each_row_rests_in_view(index: int) -> None:
    item = imagine(make_key(ScrollingTable(), 5, "window", index))
    table = item.episode
    times = np.arange(0.0, item.layout.duration, 0.1)
    tracks = item.layout.scene.tracks(times)
    rows = [name for name in tracks.names if name.startswith("row")]
    seen = np.stack([tracks.of(name)[1] > 0.95 for name in rows], axis=1)
    assert seen.sum(axis=1).max() == 4
    assert seen.sum(axis=0).min() >= 20  # tenths of a second
    assert not seen[0].any()
    assert not seen[-1].any()
    group = [table.added[0] == row.group and not row.struck for row in table.rows]
    names = [item.layout.details["seen"][row.name][0] for row in table.rows]
    own = [rows.index(name) for name, inside in zip(names, group, strict=True) if inside]
    assert not seen[:, own].all(axis=1).any()


def test_crossings_are_those_of_the_drawn_curves() -> None:
    rng = KEY.stream("curves")
    x = np.linspace(0, 20, 20001) + 1e-7
    for _ in range(40):
        wanted = rng.integer(0, 9)
        one, other = crossing_pair(11, wanted, rng.integer(1, 9), rng)
        above = heights(one, x[:-1]) > heights(other, x[:-1])
        assert int((above[1:] != above[:-1]).sum()) == crossings_of(one, other) == wanted


def test_boxes_are_as_high_as_the_curve_at_their_rule() -> None:
    curve = any_curve(9, KEY.stream("boxes"))
    for rule, first, offset in (("left", 4, 0.0), ("right", 4, 2.0), ("middle", 3, 1.0)):
        at = first + offset + 2.0 * np.arange(4)
        assert box_heights(curve, rule, first) == pytest.approx(heights(curve, at).tolist())


@pytest.mark.parametrize("level", [1, 5])
def test_pens_are_drawn_where_the_curve_is(level: int) -> None:
    item = imagine(make_key(FunctionMotion(), level, "pens", 0))
    stage = staged(item, CANVAS, style_of(item.key))
    chart, details = item.episode, item.layout.details
    for x in (2, 4, 8):
        moment = round(details["when"](x) * 24) / 24
        shown = chart.curves[-1][x // 2]  # the pen that lies above the others
        ys, _ = np.nonzero(stage.masks(moment)[f"pen {details['letters'][-1]}"])
        assert ys.min() + ys.max() + 1 == pytest.approx(2 * (4.5 - BASE - HIGH * shown) * 40, abs=5)
    stage.close()
