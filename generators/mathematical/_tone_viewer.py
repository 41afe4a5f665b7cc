"""The answers about tones once more, from what is heard and when lights are seen to go on: no name is known but from its card."""

import math
from itertools import pairwise
from typing import NamedTuple

from pydantic import JsonValue

from generators.temporal._watch import Seen, watched
from morse.layout import Shown
from morse.schema import Question, Tone
from morse.timeline import Timeline

AT_ONCE = 0.2
"""Seconds within which a tone and a flash begin together."""
NOISE, NONE = "noise", "none"


class Heard(NamedTuple):
    """What a listener knows: cards with their sounds, the tones that count by their cards, flashes, when the pattern begins."""

    cards: dict[str, Tone]
    tones: list[tuple[Tone, str]]
    flashes: list[Seen]
    pattern: float


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    heard, slots = listen(shown), question.slots
    tones, flashes = heard.tones, heard.flashes
    match question.kind:
        case "tones":
            return len(tones)
        case "flashes":
            return len(flashes)
        case "together":
            return sum(tone_with(flash, tones) is not None for flash in flashes)
        case "every_second":
            return sum(tone_with(flash, tones[::2]) is not None for flash in flashes)
        case "between":
            first, second = (moment(flashes, str(slots[name])) for name in ("first", "second"))
            return sum(first + AT_ONCE < tone.start < second - AT_ONCE for tone, _ in tones)
        case "nth":
            return tones[int(str(slots["number"])) - 1][1]
        case "tone_of":
            flash = next((flash for flash in flashes if flash.who == slots["flash"]), None)
            return None if flash is None else tone_with(flash, tones) or NONE
        case "silent":
            silent = [flash.who for flash in flashes if tone_with(flash, tones) is None]
            return next(str(value) for value in question.option_values if value in silent)
        case "highest":
            accompanied = {tone_with(flash, tones) for flash in flashes}
            return next(name for name in reversed(by_pitch(heard)) if name in accompanied)
        case "scale":
            return [*by_pitch(heard)]
        case "silence":
            gaps = [(one.end, other.start) for (one, _), (other, _) in pairwise(tones)]
            start, end = max(gaps, key=lambda gap: gap[1] - gap[0])
            return [start, end]
        case "next_tone":
            return following([name for tone, name in tones if tone.start > heard.pattern])
    raise ValueError(f"no question kind {question.kind!r}")


def listen(shown: Shown) -> Heard:
    """What is heard and seen."""
    scene = shown.scene
    assert isinstance(scene, Timeline)
    things = shown.objects
    names = [thing.id for thing in things if thing.kind in ("tone", "noise")]
    labels = [thing.id for thing in things if thing.kind == "flash"]
    channels = (
        *((name, "lit", "card", 1.0) for name in names),
        *((label, "opacity", "flash", 1.0) for label in labels),
        *((f"sign {name}", "opacity", "sign", 1.0) for name in ("count", "pattern")),
    )
    seen = watched(scene, shown.duration, channels)
    signs = {one.who: one.start for one in seen if one.what == "sign"}
    begun = signs.get("sign count", math.inf)
    cards = {
        one.who: next(sound for sound in shown.sounds if abs(sound.start - one.start) < AT_ONCE)
        for one in seen
        if one.what == "card"
    }
    tones = [(sound, recognised(sound, cards)) for sound in shown.sounds if sound.start > begun - AT_ONCE]
    return Heard(
        cards,
        sorted((pair for pair in tones if pair[1] != NOISE), key=lambda pair: pair[0].start),
        [one for one in seen if one.what == "flash"],
        signs.get("sign pattern", math.inf),
    )


def recognised(sound: Tone, cards: dict[str, Tone]) -> str:
    """The card whose sound is of the same timbre and nearest in pitch."""
    return min(
        (name for name, other in cards.items() if other.timbre == sound.timbre),
        key=lambda name: abs(math.log(cards[name].pitch / sound.pitch)),
    )


def tone_with(flash: Seen, tones: list[tuple[Tone, str]]) -> str | None:
    """The tone that begins together with a flash."""
    return next((name for tone, name in tones if abs(tone.start - flash.start) < AT_ONCE), None)


def by_pitch(heard: Heard) -> list[str]:
    """The tones that were introduced, the lowest first."""
    return sorted((name for name in heard.cards if name != NOISE), key=lambda name: heard.cards[name].pitch)


def moment(flashes: list[Seen], label: str) -> float:
    """When a flash with a label begins."""
    return next(flash.start for flash in flashes if flash.who == label)


def following(names: list[str]) -> str:
    """What comes next, by the shortest pattern that fits all that was heard, twice through at least."""
    for length in range(1, len(names) // 2 + 1):
        if all(names[i] == names[i - length] for i in range(length, len(names))):
            return names[len(names) - length]
    raise ValueError(f"no pattern in {names}")
