"""Simulated observers: what they know follows from their limits, worked out by hand; higher levels are harder to them."""

from collections.abc import Callable
from dataclasses import replace
from statistics import mean

import pytest

from harness.audit import Depth, made
from harness.gates import Batch, load
from harness.gates.difficulty import NAME, no_easier
from harness.gates.sample import Sample
from harness.metrics.steps import claims, compare
from harness.observers import PANEL, Observer, Puzzle
from harness.reward import Target, Weights, reward
from harness.scoring import score
from morse.pipeline import imagine, make_key
from morse.schema import Choice, Evidence, Integer, Step
from morse.seeding import Key, Rng
from morse.task import Task, registry

load()
STEPS = (
    Step(kind="perceive", claim="at(coin, a1)", time=1.0),
    Step(kind="perceive", claim="swap(a1, b2)", time=5.0),
    Step(kind="infer", claim="at(coin, b2)", needs=(0, 1)),
    Step(kind="perceive", claim="swap(b2, c3)", time=9.0),
    Step(kind="infer", claim="at(coin, c3)", needs=(2, 3)),
)
EVIDENCE = (
    Evidence(start=0.0, end=2.0),
    Evidence(start=4.5, end=5.5),
    Evidence(start=6.5, end=7.5),
    Evidence(start=8.5, end=9.5),
)
PUZZLE = Puzzle("p", Choice(options=("a1", "b2", "c3", "d4")), "C", tuple("ABCD"), STEPS, EVIDENCE, 10.0)


def made_by(observer: Observer, puzzle: Puzzle = PUZZLE) -> list[int]:
    return observer.follow(puzzle, Rng(Key("t", 1, 1, "test", "r", 0), "test"))


def test_an_observer_without_limits_makes_every_step_and_says_so():
    said = Observer().respond(PUZZLE)
    assert score(PUZZLE.format, "C", said).correct
    assert compare(STEPS, claims(said))["all"].f1 == 1.0
    target = Target(format=PUZZLE.format, answer="C", steps=STEPS)
    assert reward(target, said, Weights(steps=1, consistency=1, format=1)).total == 1.0


def test_what_falls_between_the_frames_is_not_seen():
    """Four frames of 10 s stand at 1.25, 3.75, 6.25 and 8.75 s: they meet the first and the last evidence, not that of 5 s."""
    assert made_by(Observer(frames=4)) == [0, 3]
    # ten frames stand at .5, 1.5 …: every stretch of a second holds one
    assert made_by(Observer(frames=10)) == [0, 1, 2, 3, 4] and made_by(Observer(frames=0)) == []


def test_what_is_pushed_out_of_mind_cannot_be_used():
    """Holding two things: seeing the third evidence, which no step uses, leaves the inferred place (used last) and it; seeing
    the last swap pushes the place out. Holding three: nothing that is needed is lost."""
    assert made_by(Observer(memory=3)) == [0, 1, 2, 3, 4]
    assert made_by(Observer(memory=2)) == [0, 1, 2, 3]
    assert made_by(Observer(memory=2), replace(PUZZLE, evidence=(*EVIDENCE[:2], EVIDENCE[3]))) == [0, 1, 2, 3, 4]
    assert made_by(Observer(memory=1)) == [0, 1, 3]


def test_errors_come_at_their_rate():
    """All of 5 operations must succeed: .9⁵ = .59, beside a guess that is right in ¼: .59 + .41/4 = .69."""
    observer = Observer(error=0.1)
    tries = [Rng(Key("t", 1, 1, "test", "r", number), "test") for number in range(3000)]
    right = mean(score(PUZZLE.format, "C", observer.respond(PUZZLE, rng)).correct for rng in tries)
    assert right == pytest.approx(0.9**5 + (1 - 0.9**5) / 4, abs=0.03)


def test_an_observer_that_sees_nothing_is_at_chance():
    blind = [Observer(frames=0).respond(replace(PUZZLE, name=str(number))) for number in range(2000)]
    assert mean(score(PUZZLE.format, "C", said).correct for said in blind) == pytest.approx(1 / 4, abs=0.04)
    assert not claims(blind[0])


def test_without_reference_steps_all_evidence_must_be_seen():
    puzzle = Puzzle("q", Integer(), 3, (1, 2, 3, 4), (), EVIDENCE, 10.0)
    assert made_by(Observer(), puzzle)[-1] == 4 and score(Integer(), 3, Observer().respond(puzzle)).correct
    assert 4 not in made_by(Observer(frames=4), puzzle) and 4 not in made_by(Observer(memory=3), puzzle)


def test_an_observer_says_the_same_again():
    observer = PANEL["16 frames, 5 things, one error in 20"]
    assert observer.respond(PUZZLE) == observer.respond(PUZZLE)


@pytest.mark.parametrize("name", ["cups", "bar_race"])
def test_higher_levels_are_harder(name: str):
    """A limited observer goes down from level 1 to 5 to 12; the one without limits stays at 1."""
    rates: dict[str, list[float]] = {"sees all, no error": [], "16 frames, 5 things, one error in 20": []}
    for level in (1, 5, 12):
        items = [imagine(make_key(registry().task(name), level, "observers", index)) for index in range(12)]
        puzzles = [
            Puzzle.of_question(question, f"{item.clip_id}/{number}", item.layout.duration)
            for item in items
            for number, question in enumerate(item.questions)
        ]
        for observer, found in rates.items():
            found.append(mean(score(p.format, p.answer, PANEL[observer].respond(p)).correct for p in puzzles))
    best, limited = rates.values()
    assert best == [1.0, 1.0, 1.0]
    assert limited[0] > limited[1] >= limited[2] - 0.05 and limited[0] > limited[2] + 0.1, limited


def test_the_gate_finds_levels_that_get_easier(toys: Callable[[str], Task]):
    toy = toys("toy")
    levels = {
        level: [
            s for s in (made("toy", "r", level, i, Depth(observing=True)) for i in range(60)) if isinstance(s, Sample)
        ]
        for level in (1, 8)
    }
    rows = list(no_easier(Batch(toy, levels, {})))
    assert all(row.gate == NAME and row.passed for row in rows) and len(rows) == len(PANEL)
    swapped = list(no_easier(Batch(toy, {1: levels[8], 8: levels[1]}, {})))
    assert any(row.passed is False for row in swapped)
    few = list(no_easier(Batch(toy, {1: levels[1][:5], 8: levels[8][:5]}, {})))
    assert all(row.passed is None for row in few)
