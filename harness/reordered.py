"""One question with its options in other orders, or with two of them alone: CircularEval and MBin.

A response says in ``options`` which options its model was shown, by their letters in the question, in the order shown: ``CABD`` is a
rotation, ``DB`` the truth B beside the distractor D. Its letters are read as the model saw them. ``morse prompts`` writes such prompts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.metrics.groups import rotated
from harness.responses import Response
from harness.scoring import score
from morse.errors import BadInput
from morse.schema import LETTERS, Choice, PrivateAnswer, PublicQuestion

if TYPE_CHECKING:
    from morse.dataset import Dataset


def rotations(form: Choice) -> list[str]:
    """The orders of CircularEval: every rotation of the options, that of the question itself first."""
    return ["".join(rotated(form.letters, by)) for by in range(len(form.letters))]


def pairs(form: Choice, answer: str) -> list[str]:
    """The orders of MBin: the truth with each distractor, first and second in turn."""
    others = [letter for letter in form.letters if letter != answer]
    return [answer + other if place % 2 else other + answer for place, other in enumerate(others)]


def form_of(form: Choice, order: str) -> Choice:
    """The format with the options of an order."""
    return form.model_copy(update={"options": tuple(form.options[LETTERS.index(letter)] for letter in order)})


def prompt_of(question: PublicQuestion, order: str) -> str:
    """The question's prompt with the options of an order in place of its own."""
    form = question.format
    assert isinstance(form, Choice)
    listed, wanted = _listed(form.options), _listed(form_of(form, order).options)
    if listed not in question.prompt:
        raise BadInput(f"question {question.question_id}: its prompt does not list its options")
    return question.prompt.replace(listed, wanted)


def _listed(options: Sequence[str]) -> str:
    return "\n".join(f"({letter}) {option}" for letter, option in zip(LETTERS, options, strict=False))


@dataclass(frozen=True)
class Protocols:
    """How many questions were asked in all orders of a protocol, and whether each was right in all of them."""

    circular: tuple[tuple[bool, ...], ...]
    """For each question with a response to every rotation: the verdicts."""
    mbin: tuple[tuple[bool, ...], ...]
    """For each question with a response to every pair: the verdicts."""


def judged(
    questions: Sequence[PublicQuestion],
    answers: Mapping[str, PrivateAnswer],
    plain: Mapping[str, Response],
    reordered: Mapping[str, Mapping[str, Response]],
) -> Protocols:
    """The verdicts of both protocols. ``plain``: responses to the questions as they are, which are their own first rotation.

    Raises :class:`BadInput` for an order that is none of the question's options. A failed call leaves its question out.
    """
    circular: list[tuple[bool, ...]] = []
    mbin: list[tuple[bool, ...]] = []
    for question in questions:
        own = reordered.get(question.question_id)
        if not own:
            continue
        form, answer = question.format, answers[question.question_id].answer
        if not isinstance(form, Choice):
            raise BadInput(f"question {question.question_id} has no options to be shown in another order")
        if stray := [order for order in own if not set(order) <= set(form.letters)]:
            raise BadInput(f"question {question.question_id}: {stray[0]} are none of its options {form.letters}")
        given = {form.letters: plain[question.question_id], **own} if question.question_id in plain else {**own}
        circular += _verdicts(form, answer, rotations(form), given)
        if isinstance(answer, str):
            mbin += _verdicts(form, answer, _either(pairs(form, answer), given), given)
    return Protocols(tuple(circular), tuple(mbin))


def _either(orders: Sequence[str], given: Mapping[str, Response]) -> list[str]:
    """Pairs, turned round where they were asked so."""
    return [order if order in given else order[::-1] for order in orders]


def _verdicts(
    form: Choice, answer: object, orders: Sequence[str], given: Mapping[str, Response]
) -> Iterator[tuple[bool, ...]]:
    """One tuple of verdicts, if every order was answered; nothing else."""
    if any(order not in given or given[order].error is not None for order in orders):
        return
    verdicts = []
    for order in orders:
        wanted = LETTERS[order.index(answer)] if isinstance(answer, str) else None
        verdicts.append(score(form_of(form, order), wanted, given[order].text).correct)
    yield tuple(verdicts)


def prompts(data: "Dataset", protocol: str) -> Iterator[dict[str, object]]:
    """What to ask a model under ``circular`` or ``mbin``: a row for each question with options and each order, with the question's
    id, the order, the clip's file and the prompt. MBin needs ``private/``, which says what is true."""
    from morse.dataset import video_path

    answers = {answer.question_id: answer.answer for answer in data.answers()} if protocol == "mbin" else {}
    for question in data.questions():
        form = question.format
        if not isinstance(form, Choice):
            continue
        answer = answers.get(question.question_id)
        alone = pairs(form, answer) if isinstance(answer, str) else []
        orders = rotations(form) if protocol == "circular" else alone
        for order in orders:
            row: dict[str, object] = {"question_id": question.question_id, "options": order}
            if data.manifest.recipe.video:
                row["video"] = str(data.public / video_path(question.clip_id))
            yield row | {"asked_at": question.asked_at, "prompt": prompt_of(question, order)}
