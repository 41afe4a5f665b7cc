"""The option "none of these": at its share, true in one of k cases for k options, and every letter as likely as before."""

from collections import Counter

from harness.parsing import parse
from morse.options import NOT_IT, as_posed, offering_none, pose_choice
from morse.schema import Choice, Question, Step
from morse.seeding import Key, Rng

WORDS = "none of these"


def rng(seed: int, purpose: str) -> Rng:
    return Rng(Key(task="t", version=1, level=1, split="test", root="r", index=seed), purpose)


def posed(seed: int) -> Question:
    form, letter, values = pose_choice(rng(seed, "pose"), 7, [8, 6, 5])
    steps = (Step(kind="infer", claim=f"sum: {letter}"), Step(kind="infer", claim="at(7)"))
    return Question(kind="sum", format=form, answer=letter, option_values=values, reasoning="infer", steps=steps)


def test_it_is_true_in_one_of_k_cases_and_letters_stay_even() -> None:
    letters: Counter[str] = Counter()
    true = 0
    for seed in range(4000):
        question = offering_none(posed(seed), rng(seed, "none"), WORDS)
        form = question.format
        assert isinstance(form, Choice) and len(form.options) == 4 and form.options[-1] == WORDS
        assert question.truth == 7 and question.steps[0].claim == f"sum: {question.answer}"
        assert question.steps[1].claim == "at(7)"
        holds = "7" not in form.options
        assert holds == (question.answer == "D")
        assert (question.option_values[-1] == NOT_IT) == (not holds)
        true += holds
        letters[str(question.answer)] += 1
    assert abs(true / 4000 - 1 / 4) < 0.03
    assert all(abs(count / 4000 - 1 / 4) < 0.03 for count in letters.values())


def test_the_task_is_asked_as_it_posed_the_question() -> None:
    shown = {as_posed(offering_none(posed(seed), rng(seed, "none"), WORDS)).option_values for seed in range(50)}
    assert all(7 in values and NOT_IT not in values for values in shown)


def test_it_can_be_said_in_words() -> None:
    form = Choice(options=("a red cube", "a blue ball", WORDS))
    assert parse("Answer: none of these", form).value == "C"
    assert parse("Answer: C", form).value == "C"
