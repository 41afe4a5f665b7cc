"""Real or not: flights against small steps of the law, and breaks that are what they are called."""

import math

import numpy as np
import pytest

from generators.physical._takes_world import (
    BOUNCE,
    FAULTS,
    GRAVITY,
    GROUND,
    LASTS,
    NOTHING,
    Arc,
    Take,
    draw_take,
    zone_of,
)
from morse.pipeline import imagine, make_key
from morse.seeding import Key, Rng
from morse.task import registry


def rng(seed: int) -> Rng:
    return Rng(Key(task="t", version=1, level=1, split="test", root="r", index=seed), "test")


def test_a_fall_by_hand() -> None:
    """From 3 units above the ground at rest: t = √(2 · 3 / 6) = 1 s; at 2 units a second to the right it lands 2 units on."""
    arc = Arc(0.0, -1.0, GROUND + 3.0, 2.0, 0.0, GRAVITY)
    assert arc.lands() == pytest.approx(1.0)
    assert arc.at(np.array([1.0]))[0][0] == pytest.approx(1.0)


def stepped(take: Take) -> tuple[np.ndarray, np.ndarray]:
    """A lawful flight by small steps."""
    first, dt = take.arcs[0], 1e-4
    x, y, vy, found = first.x, first.y, first.vy, []
    for step in range(int(LASTS / dt)):
        if step % 500 == 0:
            found.append((x, y))
        x += first.vx * dt
        y += vy * dt - GRAVITY * dt * dt / 2
        vy -= GRAVITY * dt
        if y < GROUND and vy < 0:
            y, vy = GROUND, -vy * BOUNCE
    return np.array(found)[:, 0], np.array(found)[:, 1]


def test_lawful_takes_are_what_small_steps_make() -> None:
    for seed in range(12):
        take = draw_take(NOTHING, 1.0, None, rng(seed))
        x, y = take.at(np.arange(len(stepped(take)[0])) * 0.05)
        other_x, other_y = stepped(take)
        assert np.abs(x - other_x).max() < 0.01 and np.abs(y - other_y).max() < 0.02


@pytest.mark.parametrize("fault", FAULTS)
def test_breaks_are_what_they_are_called(fault: str) -> None:
    for seed in range(12):
        take = draw_take(fault, 0.6, None, rng(seed))
        before, after = take.at(np.array([take.when - 1e-6])), take.at(np.array([take.when + 1e-6]))
        leap = math.hypot(float(after[0][0] - before[0][0]), float(after[1][0] - before[1][0]))
        times = np.linspace(take.when, LASTS, 400)
        x, y = take.at(times)
        if fault == "jumps":
            assert leap > 2.0
            continue
        assert leap < 1e-3
        if fault == "hangs":
            assert np.ptp(y[times < take.when + 0.75]) < 1e-6 and y[0] > GROUND + 0.9
        elif fault == "turns":
            earlier = take.at(np.array([0.0, take.when]))[0]
            assert (x[5] - x[0]) * (earlier[1] - earlier[0]) < 0 and y[0] > GROUND + 0.9
        elif fault == "gains":
            was = take.at(np.linspace(0.0, take.when, 400))[1].max()
            assert y[:300].max() > was + 0.15 and abs(y[0] - GROUND) < 0.02
        else:
            assert take.arcs[-1].pull < GRAVITY / 2


def test_zones_are_clear() -> None:
    assert zone_of(0.95) == "E" and zone_of(6.65) == "H" and zone_of(-0.95) == "D"  # each 1.9 wide, four on each side
    assert zone_of(1.85) is None and zone_of(7.8) is None


def test_the_second_derivation_needs_no_name_of_a_break() -> None:
    """From the balls alone: events that name breaks are taken away."""
    task = registry().task("real_or_not")
    item = imagine(make_key(task, 4, "test", 0))
    shown = item.layout.shown()
    bare = type(shown)(
        shown.objects, tuple(e for e in shown.events if e.kind == "take"), (), shown.duration, shown.scene
    )
    asked = [q for q in item.questions if q.asked_at is None]
    assert len(asked) >= 6
    for question in asked:
        again = task.derived(question, bare)
        if question.kind == "moment":
            assert abs(float(str(again)) - float(str(question.answer))) < 0.05
        else:
            assert again == question.truth, question.kind
