"""A broken rule: runs of pucks against small steps of the laws, breaks that are what they are called, and clips that give nothing away."""

from collections import Counter
from itertools import pairwise
from math import atan2, hypot, pi

import numpy as np
import pytest

from generators.physical._broken_table import (
    BOUNCE,
    FRICTION,
    HIGH,
    RADIUS,
    RAIL,
    SAND,
    WIDE,
    Break,
    Patch,
    Place,
    Run,
    Table,
    foreseen,
    rolled,
)
from generators.physical._broken_viewer import Tracks
from generators.physical._broken_world import KINDS, Params, _plan
from generators.physical.broken_rule import BrokenRule
from morse.pipeline import Item, imagine, make_key, staged, style_of
from morse.seeding import Key, Rng
from morse.stage.frames import Canvas
from tests.boxes import middle_of

BARE = Table(Patch(-20.0, 0.0, 1.0, 1.0), Patch(20.0, 0.0, 1.0, 1.0))
"""No sand and no bridge in reach."""


def clip(index: int, level: int = 3) -> Item:
    return imagine(make_key(BrokenRule(), level, "broken", index))


def test_a_glide_by_hand() -> None:
    """At 3 units a second, slowing down by 1.2: at rest after 2.5 s, 9 / 2.4 = 3.75 units on."""
    run = rolled(BARE, {"A": (-3.0, 1.0)}, "A", (3.0, 0.0))
    assert run.ends == pytest.approx(2.5)
    assert run.rest["A"] == pytest.approx((0.75, 1.0))


def test_a_straight_push_by_hand() -> None:
    """A reaches B at √(16 − 2 · 1.2 · 3) = √8.8 and gives it (1 + 0.92) / 2 of that; B glides on along the line of centres."""
    far = 3.0 + 2 * RADIUS
    run = rolled(BARE, {"A": (-6.0, 0.0), "B": (-6.0 + far, 0.0)}, "A", (4.0, 0.0))
    assert [(touch.who, touch.what) for touch in run.touches] == [("A", "B")]
    given = 0.96 * 8.8**0.5
    assert run.rest["B"] == pytest.approx((-6.0 + far + given**2 / 2.4, 0.0))


def stepped(table: Table, rest: dict[str, Place], who: str, velocity: Place, dt: float = 2e-4) -> dict[str, Place]:
    """Where all lie after a run, by small steps: pucks that overlap and approach exchange their speeds along the line of centres."""
    names = sorted(rest)
    place = np.array([rest[name] for name in names])
    speed = np.zeros_like(place)
    speed[names.index(who)] = velocity
    for _ in range(int(8 / dt)):
        pace = np.hypot(*speed.T)
        if not pace.any():
            break
        for i in np.flatnonzero(pace):
            x, y = place[i]
            sandy = abs(x - table.sand.x) < table.sand.w / 2 and abs(y - table.sand.y) < table.sand.h / 2
            slower = max(pace[i] - (SAND if sandy else FRICTION) * dt, 0.0)
            speed[i] *= slower / pace[i]
            if hypot(*speed[i]) < 0.03 * 0.5:
                speed[i] = 0.0
            place[i] += speed[i] * dt
            for axis, limit in ((0, WIDE - RADIUS), (1, HIGH - RADIUS)):
                if abs(place[i, axis]) > limit and place[i, axis] * speed[i, axis] > 0:
                    speed[i, axis] *= -1
                    speed[i] *= RAIL
            for j in range(len(names)):
                off = place[j] - place[i]
                apart = hypot(*off)
                if j != i and apart < 2 * RADIUS and (speed[i] - speed[j]) @ off > 0:
                    push = (1 + BOUNCE) / 2 * ((speed[i] - speed[j]) @ off) / apart**2 * off
                    speed[i], speed[j] = speed[i] - push, speed[j] + push
    return {name: (float(place[k, 0]), float(place[k, 1])) for k, name in enumerate(names)}


def test_lawful_runs_are_what_small_steps_make() -> None:
    compared = 0
    for index in range(6):
        scene = clip(index).episode
        for act in [act for act in scene.acts if act.kind == "stroke" and act.broken is None][:2]:
            by_steps = stepped(scene.table, dict(act.before), act.who, act.velocity)
            for name, (x, y) in act.run.rest.items():
                assert hypot(by_steps[name][0] - x, by_steps[name][1] - y) < 0.06, (index, name)
            compared += len(act.run.legs)
    assert compared >= 15


@pytest.mark.parametrize("what", ["stops", "turns", "gains", "vanishes", "changes"])
def test_a_break_in_the_middle_of_a_way(what: str) -> None:
    """After a second at 3 − 1.2 = 1.8 units a second the puck is 2.4 units on; what it does from there is worked out by hand."""
    much = {"turns": pi / 2, "gains": 2.0}.get(what, 0.0)
    run = rolled(BARE, {"A": (-3.0, 0.0)}, "A", (3.0, 0.0), Break(what, "A", 1.0, much))
    ends: dict[str, Place | None] = {
        "stops": (-0.6, 0.0), "turns": (-0.6, 1.8**2 / 2.4), "gains": (-0.6 + 3.6**2 / 2.4, 0.0), "vanishes": None,
        "changes": (0.75, 0.0),
    }  # fmt: skip
    assert run.rest.get("A") == (pytest.approx(ends[what]) if ends[what] else None)


def test_a_puck_that_passes_leaves_the_other_where_it_is_and_one_that_strays_leaves_the_line() -> None:
    rest = {"A": (-6.0, 0.0), "B": (-3.0, 0.0)}
    through = rolled(BARE, rest, "A", (4.6, 0.0), Break("passes", "A", 0.5, other="B"))
    assert through.rest["B"] == rest["B"] and through.rest["A"] == pytest.approx((-6.0 + 4.6**2 / 2.4, 0.0))
    off = rolled(BARE, rest, "A", (3.6, 0.0), Break("strays", "B", 0.6, 1.5, "A"))
    leg = off.legs["B"][0]
    assert atan2(leg.way[1], leg.way[0]) == pytest.approx(1.5)
    assert off.legs["A"][-1].way == pytest.approx((1.0, 0.0))


def test_what_is_foreseen_is_plain() -> None:
    """Straight at a puck is plain; along the edge of one, or so that it nearly reaches it, is not."""
    rest = {"A": (-5.0, 0.0), "B": (0.0, 0.0)}
    assert foreseen(BARE, rest, "A", (4.5, 0.0), 0.5) == "B"
    assert foreseen(BARE, {**rest, "B": (0.0, 2 * RADIUS)}, "A", (4.5, 0.0), 0.5) is None
    reach = 5.0 - 2 * RADIUS
    assert foreseen(BARE, rest, "A", ((2.4 * reach) ** 0.5 + 0.02, 0.0), 0.5) is None
    assert foreseen(BARE, rest, "A", (2.0, 0.0), 0.5) == "nothing"


def test_each_way_to_break_a_law_is_planned_after_the_stroke_that_is_wanted() -> None:
    rng = Rng(Key(task="t", version=1, level=1, split="test", root="r", index=0), "test")
    for what in KINDS:
        for after in (1, 4, 6):
            plan = _plan(Params(), what, after, rng)
            (where,) = (i for i, (_, fault) in enumerate(plan) if fault == what)
            assert sum(kind == "stroke" for kind, _ in plan[: where + 1]) == after
            assert len(plan) == Params().strokes + Params().decoys


@pytest.mark.parametrize("level", [1, 6, 10])
def test_every_kink_of_a_way_has_its_cause_in_sight_but_for_the_one_that_is_keyed(level: int) -> None:
    found = Counter[str]()
    for index in range(14):
        item = clip(index, level)
        scene = item.episode
        told = Tracks(item.layout.scene, scene.names, item.layout.duration).broken()
        number = scene.broken
        if number is None:
            assert told is None
            continue
        broken = scene.acts[number].broken
        assert told is not None and (told.what, told.who) == (broken.what, broken.who)
        assert told.when == pytest.approx(item.layout.details["hits"][number] + broken.time, abs=0.05)
        found[told.what] += 1
    assert len(found) >= 3


@pytest.mark.parametrize("index", range(10))
def test_what_is_asked_of_a_broken_law_fits_what_is_drawn(index: int) -> None:
    item = clip(index)
    asked = {question.kind: question for question in item.questions}
    number = item.episode.broken
    assert asked["lawful"].answer == (number is None)
    assert ("moment" in asked) == ("strokes" in asked) == (number is not None)
    if number is None or "where_culprit" not in asked:
        return
    boxes, who = asked["where_culprit"].answer, str(asked["culprit"].answer)
    start, end = asked["run_span"].answer  # type: ignore[misc]
    assert isinstance(boxes, dict)
    for second, box in boxes.items():
        assert start < float(second) < end  # type: ignore[operator]
        assert middle_of(box) == pytest.approx(item.layout.timeline.place(who, float(second)), abs=0.02)


def test_all_is_hidden_at_the_middle_and_at_the_end_and_nothing_moves_behind_the_cloth() -> None:
    for index in range(8):
        item = clip(index, 1 + index)
        tracks = item.layout.scene.tracks(np.array([item.layout.duration / 2, item.layout.duration - 0.01]))
        assert tracks.visible.max() == 0.0
        line = item.layout.timeline
        for act, hit in zip(item.episode.acts, item.layout.details["hits"], strict=True):
            for time in np.arange(hit - 0.7, hit + act.run.ends + 0.05, 0.1):
                assert line.place("cloth", float(time))[1] > 9.0


def test_what_vanishes_and_what_changes_does_so_in_the_picture() -> None:
    """The frame where the puck is: felt after it has vanished; another colour after it has changed."""
    canvas, wanted = Canvas(480, 270, 24), {"vanishes", "changes"}
    for index in range(200):
        item = clip(index, 2)
        number = item.episode.broken
        broken = None if number is None else item.episode.acts[number].broken
        if broken is None or broken.what not in wanted:
            continue
        wanted.discard(broken.what)
        at = item.layout.details["hits"][number] + broken.time
        stage = staged(item, canvas, style_of(item.key))
        try:
            x, y = item.layout.timeline.place(broken.who, at)
            row, column = round((4.5 - y - 0.33) * 30), round((x + 8) * 30)
            before, after = (
                np.array(stage.frame_at(at + late))[row - 1 : row + 2, column - 1 : column + 2, :3].astype(int).mean(axis=(0, 1))
                for late in (-0.03, 0.05)
            )  # fmt: skip
        finally:
            stage.close()
        assert np.abs(before - after).max() > 25
        if not wanted:
            return
    raise AssertionError(f"never seen: {wanted}")


def test_runs_end_in_time_and_nothing_touches_at_once() -> None:
    for index in range(10):
        for act in clip(index, 8).episode.acts:
            run: Run = act.run
            assert run.ends <= 4.3
            times = [touch.time for touch in run.touches]
            assert all(b - a >= 0.15 for a, b in pairwise(times))
