"""Who sees one frame, half of the clip or nothing knows as good as nothing of a hidden state; who sees all of it knows all.

The observer is symbolic: it is told those events and states whose time some frame falls into, tells the story again from these
alone (as the second way to the answers does), and answers in text. Where it cannot tell, it guesses.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import cache
from math import sqrt
from statistics import mean

import pytest
from pydantic import JsonValue

from generators.latent_state._hidden_search import deepening
from harness.references import guessed, reference_response
from harness.scoring import score
from morse.layout import Shown
from morse.pipeline import Item, imagine, make_key
from morse.schema import Choice, Question
from morse.seeding import Key, Rng
from morse.task import registry
from tests.solvers import tasks

CLIPS, FPS = 14, 8
View = Callable[[Item], list[float]]
"""The times of the frames that are given of a clip."""


def every_frame(seconds: float) -> list[float]:
    return [number / FPS for number in range(int(seconds * FPS) + 1)]


def uncovered(item: Item) -> float:
    """When the state is shown: the frame that tells most."""
    shown = item.layout.states[0]
    return (shown.start + shown.end) / 2


VIEWS: dict[str, View] = {
    "full": lambda item: every_frame(item.layout.duration),
    "frame with the state": lambda item: [uncovered(item)],
    "frame in the middle": lambda item: [item.layout.duration / 2],
    "last frame": lambda item: [item.layout.duration],
    "first half": lambda item: every_frame(item.layout.duration / 2),
    "blind": lambda item: [],
}


def witnessed(shown: Shown, frames: Iterable[float]) -> Shown:
    """What is left of a clip where only so many of its frames are seen."""
    looks = list(frames)

    def seen(start: float, end: float) -> bool:
        return any(start <= look <= end for look in looks)

    return replace(
        shown,
        events=tuple(event for event in shown.events if seen(event.start, event.end)),
        states=tuple(state for state in shown.states if seen(state.start, state.end)),
    )


def answered(item: Item, question: Question, view: View, luck: Rng) -> str:
    """What the observer says to a question."""
    shown = item.layout.shown(question.asked_at)
    frames = [time for time in view(item) if time <= shown.duration]
    said: JsonValue = None
    with suppress(IndexError, KeyError, ValueError, AssertionError, StopIteration):  # it cannot tell
        said = item.task.derived(question, witnessed(shown, frames))
    if isinstance(question.format, Choice):
        found = [
            letter
            for letter, value in zip(question.format.letters, question.option_values, strict=True)
            if value == said
        ]
        said = found[0] if found else None
    if said is None:
        said = guessed(question.format, question.domain, question.answer, luck)
    return reference_response(question.format, said)


@cache
def items(name: str) -> list[Item]:
    return [imagine(make_key(registry().task(name), 3, "collapse", index)) for index in range(CLIPS)]


def right(name: str, view: View) -> list[bool]:
    found = []
    for item in items(name):
        for number, question in enumerate(item.questions):
            luck = Rng(Key("collapse", 1, 1, "test", f"{item.clip_id}/{number}", 0), "guess")
            found.append(score(question.format, question.answer, answered(item, question, view, luck)).correct)
    return found


@pytest.fixture(autouse=True)
def _short_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a state that never was, the goal may be far: twice the length that plans have here is looked through."""
    defaults = deepening.__defaults__
    assert defaults is not None and len(defaults) == 2
    monkeypatch.setattr(deepening, "__defaults__", (defaults[0], 4))


@pytest.mark.parametrize("name", tasks())
def test_partial_views_collapse(name: str) -> None:
    rates = {view: mean(right(name, frames)) for view, frames in VIEWS.items()}
    chances = [question.chance or 0.0 for item in items(name) for question in item.questions]
    chance, error = mean(chances), sqrt(sum(p * (1 - p) for p in chances)) / len(chances)
    assert rates["full"] == 1.0
    for view in ("frame with the state", "frame in the middle", "last frame", "blind"):
        assert rates[view] <= chance + 3 * error, view
    assert rates["first half"] <= chance + (1 - chance) / 3, "a third of what there is above chance"
