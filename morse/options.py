"""Options of choice questions: near misses from the simulation, never equal to the key or to each other."""

from collections.abc import Callable, Iterable

from pydantic import JsonValue

from morse.errors import Rejected
from morse.schema import LETTERS, Choice, MultiChoice, Question
from morse.seeding import Rng

NONE_SHARE = 0.25
"""At what share of the questions of a kind that may do so "none of these" stands in place of an option."""
NOT_IT = "none of these, which is wrong"
"""What "none of these" stands for where one of the other options is right."""


def pose_choice(
    rng: Rng,
    key: JsonValue,
    near_misses: Iterable[JsonValue],
    count: int = 4,
    *,
    wording: Callable[[JsonValue], str] = str,
) -> tuple[Choice, str, tuple[JsonValue, ...]]:
    """Make a choice question: its format, the letter of the key, and what each option stands for.

    ``near_misses`` are taken in their order, the nearest first, until there are ``count`` options; one that reads like an
    earlier option is passed over. The order of the options is random.

    Raises :class:`Rejected` if there are too few different near misses.
    """
    values: list[JsonValue] = [key]
    words = [wording(key)]
    for value in near_misses:
        if len(values) == count:
            break
        if wording(value) not in words and value not in values:
            values.append(value)
            words.append(wording(value))
    if len(values) < count:
        raise Rejected("too few different options")
    order = rng.shuffled(range(count))
    letter = LETTERS[order.index(0)]
    return Choice(options=tuple(words[i] for i in order)), letter, tuple(values[i] for i in order)


def pose_multi_choice(
    rng: Rng, right: Iterable[JsonValue], wrong: Iterable[JsonValue], *, wording: Callable[[JsonValue], str] = str
) -> tuple[MultiChoice, list[JsonValue], tuple[JsonValue, ...]]:
    """Make a multi-choice question of all given values, in random order: format, sorted right letters, option values."""
    true = list(right)
    values = rng.shuffled([*true, *wrong])
    letters: list[JsonValue] = [LETTERS[i] for i, value in enumerate(values) if value in true]
    if not letters or len({wording(value) for value in values}) < len(values):
        raise Rejected("options that read the same, or none that holds")
    return MultiChoice(options=tuple(wording(value) for value in values)), letters, tuple(values)


def offering_none(question: Question, rng: Rng, words: str) -> Question:
    """The question with "none of these" (in ``words``) as its last option, in place of a wrong one or, in one of k cases for k options,
    of the right one: then it is the key, and stands for what the key stood for. So each letter is as likely as it was."""
    form = question.format
    assert isinstance(form, Choice) and isinstance(question.answer, str)
    options, values = list(form.options), list(question.option_values)
    key = form.letters.index(question.answer)
    right = rng.chance(1 / len(options))
    gone = key if right else rng.choice([i for i in range(len(options)) if i != key])
    stands_for = values[key] if right else NOT_IT
    del options[gone], values[gone]
    place = len(options) if right else key - (gone < key)
    changed = form.model_copy(update={"options": (*options, words)})
    said, says = (f"{question.kind}: {letter}" for letter in (question.answer, LETTERS[place]))
    steps = [step.model_copy(update={"claim": says}) if step.claim == said else step for step in question.steps]
    more = {"format": changed, "option_values": (*values, stands_for), "answer": LETTERS[place], "steps": tuple(steps)}
    return question.model_copy(update=more)


def as_posed(question: Question) -> Question:
    """The question as a task posed it, for its second derivation: without what "none of these" stands for where it is wrong."""
    if NOT_IT not in question.option_values:
        return question
    return question.model_copy(update={"option_values": question.option_values[:-1]})
