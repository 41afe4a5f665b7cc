"""Sounds of a clip as data: timed tones, and the samples they stand for.

Samples are worked out in whole numbers from one period of each timbre, so that they are the same on every processor. They
are made a stretch at a time: memory does not grow with the length of the clip.
"""

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from types import MappingProxyType

import numpy as np

from morse.schema import Timbre, Tone

RATE = 48_000
"""Samples a second, one channel."""
LEVEL = 12_000
"""How far a sample of a tone goes at most, of 32,767: two tones at once are not clipped."""
ATTACK, RELEASE = RATE // 80, RATE // 16
"""Samples in which a tone comes up and dies away."""
PARTIALS: MappingProxyType[Timbre, tuple[float, ...]] = MappingProxyType(
    {
        "flute": (1.0, 0.12, 0.04),
        "reed": (1.0, 0.0, 0.55, 0.0, 0.3, 0.0, 0.16),
        "horn": (1.0, 0.7, 0.45, 0.28, 0.16, 0.08),
    }
)
"""How strong the partials of a timbre are, the lowest (the pitch that is heard) first. A hiss has none: it is noise."""
Samples = Callable[[int, int], np.ndarray]
"""The samples from one number up to another: (n,) of int16."""

_PHASE, _TABLE, _FULL, _NOISE = 32, 12, 12, 16
"""Bits of a phase, of the place in a period, of an envelope, of the place in the noise."""
_SECONDS_AT_ONCE = 8


def played(tones: Sequence[Tone]) -> Samples:
    """What is heard of tones, for an encoder."""
    return partial(samples, tones)


def samples(tones: Iterable[Tone], first: int, stop: int) -> np.ndarray:
    """The samples of tones from number ``first`` up to ``stop``: (n,) of int16."""
    total = np.zeros(max(0, stop - first), dtype=np.int64)
    for tone in tones:
        begin, count = round(tone.start * RATE), max(1, round(tone.seconds * RATE))
        low, high = max(first, begin), min(stop, begin + count)
        if low < high:
            total[low - first : high - first] += _tone(tone, np.arange(low - begin, high - begin), count)
    return np.clip(total, -32768, 32767).astype("<i2")


def sound_hash(tones: Sequence[Tone], seconds: float) -> str:
    """BLAKE2b-256 (hex) over all samples of a clip of so many seconds."""
    made, total = hashlib.blake2b(digest_size=32), round(seconds * RATE)
    for first in range(0, total, _SECONDS_AT_ONCE * RATE):
        made.update(samples(tones, first, min(total, first + _SECONDS_AT_ONCE * RATE)).tobytes())
    return made.hexdigest()


def _tone(tone: Tone, at: np.ndarray, count: int) -> np.ndarray:
    """The samples ``at`` these places of a tone of ``count`` samples."""
    attack, release = min(ATTACK, (count + 1) // 2), min(RELEASE, (count + 1) // 2)
    one = 1 << _FULL
    envelope = np.minimum(np.minimum(at * one // attack, (count - at) * one // release), one)
    if tone.timbre == "hiss":
        wave = _noise()[at % (1 << _NOISE)]
    else:
        step = round(tone.pitch / RATE * (1 << _PHASE))
        wave = _period(tone.timbre)[(at * step % (1 << _PHASE)) >> (_PHASE - _TABLE)]
    return wave * envelope * round(tone.loudness * 256) >> (_FULL + 8)


@cache
def _period(timbre: Timbre) -> np.ndarray:
    """One period of a timbre, as high as :data:`LEVEL`."""
    partials = PARTIALS[timbre]
    size = 1 << _TABLE
    wave = [
        math.fsum(part * math.sin(2 * math.pi * (k + 1) * i / size) for k, part in enumerate(partials))
        for i in range(size)
    ]
    top = max(map(abs, wave))
    return np.array([round(LEVEL * value / top) for value in wave], dtype=np.int64)


@cache
def _noise() -> np.ndarray:
    """White noise from a linear congruential generator (Numerical Recipes' constants), half as high: it sounds as loud as a tone."""
    made, state = [], 1
    for _ in range(1 << _NOISE):
        state = (1_664_525 * state + 1_013_904_223) % (1 << 32)
        made.append(((state >> 16) - (1 << 15)) * LEVEL // (1 << 16))
    return np.array(made, dtype=np.int64)
