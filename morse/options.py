"""Options of choice questions: near misses from the simulation, never equal to the key or to each other."""

from collections.abc import Callable, Iterable

from pydantic import JsonValue

from morse.errors import Rejected
from morse.schema import LETTERS, Choice, MultiChoice
from morse.seeding import Rng


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
