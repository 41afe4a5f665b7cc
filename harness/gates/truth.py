"""The second way to the truth agrees, owes nothing to the stated answer, and makes exactly one option true."""

from collections.abc import Iterator

from pydantic import JsonValue

from harness.gates.sample import Finding, canonical, check
from morse.pipeline import Item, agree
from morse.schema import Boolean, Choice, Grid, Integer, Mapping, MultiChoice, Question, Sequence, Set, Text


@check("rederived answers agree")
def rederived(item: Item) -> Iterator[Finding]:
    for question in item.questions:
        again = item.task.derived(question, item.layout.shown(question.asked_at))
        fault = "" if agree(question, again) else f"answer {question.truth!r}, rederived {again!r}"
        yield Finding(question.kind, fault)


@check("rederiving ignores the answer")
def blindfold(item: Item) -> Iterator[Finding]:
    """The question is asked again with another answer and without evidence and steps: the truth must not move."""
    for question in item.questions:
        other = _another(question)
        if other is None and question.answer is None:
            continue
        asked = question.model_copy(update={"answer": other, "evidence": (), "steps": ()})
        try:
            again = item.task.derived(asked, item.layout.shown(question.asked_at))
        except (TypeError, KeyError, AttributeError, IndexError, ValueError) as error:
            yield Finding(question.kind, f"without its answer: {type(error).__name__}: {error}")
            continue
        fault = "" if agree(question, again) else f"rederived {again!r} when the answer is given as {other!r}"
        yield Finding(question.kind, fault)


def _another(question: Question) -> JsonValue:
    """A wrong answer of the question's own format (``None`` where none is at hand)."""
    form, answer = question.format, question.answer
    if isinstance(form, Choice) and isinstance(answer, str):
        return form.letters[(form.letters.index(answer) + 1) % len(form.options)]
    if isinstance(form, MultiChoice) and isinstance(answer, list):
        return [letter for letter in form.letters if letter not in answer] or [form.letters[0]]
    if isinstance(form, Boolean):
        return not answer
    if isinstance(form, Integer) and isinstance(answer, int):
        return answer + 1
    if isinstance(form, Text) and isinstance(answer, str):
        return next(entry for entry in form.vocabulary if entry != answer)
    if isinstance(form, Set) and isinstance(answer, list):
        return [entry for entry in form.vocabulary if entry not in answer]
    if isinstance(answer, list) and not isinstance(form, Grid):
        return list(reversed(answer))
    return None


@check("one option is true")
def one_true_option(item: Item) -> Iterator[Finding]:
    """Of the values that the options stand for, the rederived truth equals the key's alone (multi-choice: exactly those
    of the keyed letters)."""
    for question in item.questions:
        form = question.format
        if not isinstance(form, Choice | MultiChoice) or question.answer is None:
            continue
        truth = item.task.derived(question, item.layout.shown(question.asked_at))
        values = [canonical(value) for value in question.option_values]
        true = (
            [canonical(value) for value in truth] if isinstance(form, MultiChoice) and isinstance(truth, list) else []
        )
        true = true or [canonical(truth)]
        holding = [letter for letter, value in zip(form.letters, values, strict=True) if value in true]
        keyed = list(question.answer) if isinstance(question.answer, list) else [question.answer]
        fault = "" if holding == keyed else f"keyed {keyed}, but {holding} hold in {question.option_values!r}"
        yield Finding(question.kind, fault)


@check("answer in its domain")
def in_domain(item: Item) -> Iterator[Finding]:
    for question in item.questions:
        answer = question.answer
        if answer is None:
            continue
        faults = []
        if question.domain is not None:
            domain = [canonical(value) for value in question.domain]
            if canonical(answer) not in domain:
                faults.append(f"{answer!r} is not in the domain {question.domain!r}")
            if len(set(domain)) < len(domain):
                faults.append(f"the domain repeats itself: {question.domain!r}")
        if (entries := _entries(question)) is not None:
            form = question.format
            known = getattr(form, "vocabulary", ())
            faults += [f"{entry!r} is not in the vocabulary {known!r}" for entry in entries if entry not in known]
        yield Finding(question.kind, "; ".join(faults[:2]))


def _entries(question: Question) -> list[JsonValue] | None:
    """The vocabulary entries that an answer is made of."""
    form, answer = question.format, question.answer
    if isinstance(form, Text):
        return [answer]
    if isinstance(form, Mapping) and isinstance(answer, dict):
        return list(answer.values())
    if isinstance(form, Grid) and isinstance(answer, list):
        return [cell for row in answer if isinstance(row, list) for cell in row]
    if isinstance(form, Sequence | Set) or form.type == "multiset":
        return answer if isinstance(answer, list) else [answer]
    return None
