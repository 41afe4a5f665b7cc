"""Replays: an answer follows from the steps that are claimed, as followed by hand here, or it does not."""

from pathlib import Path

import pytest
from pydantic import JsonValue

from harness.metrics.steps import Claim, claims
from harness.observers import Observer, Puzzle
from harness.references import reference_response
from harness.replay import claimed, replay_of, replays_of
from harness.reward import Target, Weights, reward, trl_reward
from morse.dataset import open_dataset
from morse.generate import generate
from morse.pipeline import Item, imagine, make_key
from morse.schema import Grid, Question, Recipe, RecipePart
from morse.task import registry
from tests.toy_sets import InProcess

TASKS = ("cups", "coin_cups", "file_system", "dial_lock")


def items(task: str, level: int = 2, count: int = 4) -> list[Item]:
    return [imagine(make_key(registry().task(task), level, "replay", index)) for index in range(count)]


def stated(question: Question, leave_out: int | None = None) -> str:
    """A response that names the reference steps, but for one, and gives the right answer."""
    lines = [
        f"{step.kind}: {step.claim}" + (f" @ {step.time:g} s" if step.time is not None else "")
        for number, step in enumerate(question.steps)
        if number != leave_out
    ]
    return "\n".join([*lines, reference_response(question.format, question.answer)])


def target_of(question: Question) -> Target:
    return Target(format=question.format, answer=question.answer, steps=question.steps)


@pytest.mark.parametrize("task", TASKS)
def test_the_reference_steps_lead_to_the_answer_and_no_steps_do_not(task: str) -> None:
    found = [(question, replay_of(item, question)) for item in items(task) for question in item.questions]
    known = [(question, replay) for question, replay in found if replay is not None]
    assert len(known) >= len(found) / 3
    for question, replay in known:
        assert reward(target_of(question), stated(question), replay=replay).consistency == 1.0
        bare = reference_response(question.format, question.answer)
        assert reward(target_of(question), bare, replay=replay).consistency == 0.0


def test_claims_that_lead_to_no_answer_of_the_form_are_no_answer() -> None:
    """Piles from which nothing was taken are longer than those that are asked for: no grid of the question's shape."""
    for item in items("card_piles", count=6):
        for question in item.questions:
            if isinstance(question.format, Grid):
                piles: JsonValue = [["x"] * question.format.columns] * (question.format.rows + 2)  # type: ignore[assignment]
                given = reward(target_of(question), stated(question), replay=lambda said, piles=piles: piles)
                assert given.consistency == 0.0
            replay_of(item, question)


def by_hand(question: Question, swaps: list[tuple[str, ...]], last: dict[str, str]) -> object:
    """What a cup game's swaps lead to: where a coin shown at the end was at first, or how many swaps move a place."""
    if question.kind == "swap_count":
        return sum(question.slots["place"] in pair for pair in swaps)
    place = next(place for place, name in last.items() if name == question.slots["coin"])
    for one, other in reversed(swaps):
        place = {one: other, other: one}.get(place, place)
    return place


def test_without_one_swap_something_else_follows() -> None:
    """Every swap left out in turn: the replay says what is right of the others."""
    tried = changed = 0
    for item in items("cups", count=16):
        shown = item.layout.shown()
        swaps = [event for event in shown.events if event.kind == "swap"]
        last = {str(place): str(name) for place, name in shown.states[0].values.items()}
        for question in item.questions:
            replay = replay_of(item, question)
            if replay is None or question.kind not in ("initial_place", "swap_count"):
                continue
            for out in swaps:
                kept = [event for event in swaps if event is not out]
                follows = replay([Claim("perceive", event.claim, event.start) for event in kept])
                wanted = by_hand(question, [event.objects for event in kept], last)
                letters = [letter for letter, v in zip("ABCDEFGH", question.option_values, strict=False) if v == wanted]
                assert follows == ((letters or [None])[0] if question.option_values else wanted)
                tried += 1
                changed += follows != question.answer
    assert tried > 20
    assert 0 < changed < tried


def test_claims_take_the_place_of_what_is_shown() -> None:
    item = items("cups")[0]
    shown = item.layout.shown()
    first, second = shown.events[:2]
    named = {name for event in shown.events for name in event.objects}
    other = next(
        (one, two) for one in sorted(named) for two in sorted(named) if one < two and {one, two} != set(first.objects)
    )
    said = claims(
        f"{second.kind}({', '.join(second.objects)}) @ {second.start + 0.5:.1f} s\n"
        f"{first.kind}({other[0]}, {other[1]}) @ {first.start:.1f} s\n"
        f"{first.kind}(nowhere, {other[1]}) @ {first.start:.1f} s\ndance(a1) @ 2 s\nAnswer: A"
    )
    told = claimed(shown, said)
    assert [event.objects for event in told.events] == [other, second.objects]  # in the order of their times
    assert told.states == shown.states


def test_an_observer_that_sees_all_is_consistent_and_a_lucky_guess_is_not() -> None:
    weights = Weights(accuracy=0, partial=0, consistency=1)
    item = items("file_system", count=1)[0]
    for number, question in enumerate(item.questions):
        replay = replay_of(item, question)
        if replay is None:
            continue
        puzzle = Puzzle.of_question(question, str(number), item.layout.duration)
        target = target_of(question)
        assert reward(target, Observer().respond(puzzle), weights, replay).total == 1.0
        blind = Observer(frames=0).respond(puzzle)
        assert reward(target, blind, weights, replay).total == 0.0


def test_replays_of_a_data_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("morse.generate.Workers", InProcess)
    recipe = Recipe(name="r", parts=(RecipePart(task="dial_lock", levels=(2,), count=1),), video=False)
    generate(recipe, tmp_path / "set", seed="replay", workers=1, say=lambda _: None)
    data = open_dataset(tmp_path / "set")
    replays = dict(replays_of(data))
    questions = {question.question_id: question for question in data.questions()}
    assert replays and replays.keys() <= questions.keys()
    name = sorted(replays)[0]
    private = next(answer for answer in data.answers() if answer.question_id == name)
    target = Target(format=questions[name].format, answer=private.answer, steps=private.steps)
    bare = reference_response(target.format, target.answer)
    steps = [f"{s.kind}: {s.claim}" + (f" @ {s.time:g} s" if s.time is not None else "") for s in private.steps]
    shaped = trl_reward(Weights(accuracy=0, partial=0, consistency=1), replays)
    columns = {"target": [target.model_dump_json()] * 2, "question_id": [name] * 2}
    assert shaped([bare, "\n".join([*steps, bare])], **columns) == [0.0, 1.0]
