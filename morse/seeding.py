"""Keyed, independent random streams: every draw in MORSE comes from here.

A stream is keyed by SHA-256 of (task, version, level, split, root seed, index, attempt, purpose), so that any clip
regenerates alone, in any order and any process, and a new colour never changes a puzzle. Only ``getrandbits`` and
``random`` of the Mersenne Twister are used, whose output Python guarantees across versions; what is derived from them is
written out here, so that a record does not change with a library.
"""

import hashlib
import hmac
import json
import math
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from json.encoder import encode_basestring_ascii
from typing import TypeVar

T = TypeVar("T")
_CANONICAL = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True)


def fresh_root() -> str:
    """A new secret root seed of 256 bits, as 64 hex digits (from the operating system's entropy)."""
    return secrets.token_hex(32)


def digest(*parts: object) -> str:
    """SHA-256 (hex) of the canonical JSON of ``parts``; unambiguous, unlike a joined string."""
    return hashlib.sha256(_CANONICAL.encode(parts).encode()).hexdigest()


def keyed_digest(root: str, *parts: object) -> str:
    """HMAC-SHA-256 (hex) of ``parts`` under the root seed: public names that reveal neither seed nor key."""
    message = _CANONICAL.encode(parts).encode()
    return hmac.new(root.encode(), message, hashlib.sha256).hexdigest()


def commitment(salt: str, root: str) -> str:
    """What is published of a secret seed: SHA-256 (hex) of the salt followed by the seed, both as ASCII text."""
    return hashlib.sha256((salt + root).encode()).hexdigest()


@dataclass(frozen=True)
class Key:
    """What a clip is a pure function of (together with overridden knobs and the renderers' fingerprint)."""

    task: str
    version: int
    level: int
    split: str
    root: str
    index: int

    @cached_property
    def _prefix(self) -> str:
        """What the canonical JSON of every stream's name begins with."""
        parts = [self.task, self.version, self.level, self.split, self.root, self.index]
        return _CANONICAL.encode(parts)[:-1]

    def name(self, attempt: int, purpose: str) -> int:
        """The seed of a stream: the :func:`digest` of the key, the redraw and the purpose, as a number."""
        text = f"{self._prefix},{attempt},{encode_basestring_ascii(purpose)}]"
        return int.from_bytes(hashlib.sha256(text.encode()).digest())

    def stream(self, purpose: str, attempt: int = 0) -> "Rng":
        """The random stream of one purpose (``simulate``, ``layout``, ``ask``, ``style``, …) at one redraw."""
        return Rng(self, purpose, attempt)

    def clip_id(self) -> str:
        """16 hex digits that name the clip in public."""
        return self._clip_id

    @cached_property
    def _clip_id(self) -> str:
        return keyed_digest(self.root, "clip", self.task, self.version, self.level, self.split, self.index)[:16]


class Rng:
    """A random stream with the draws that tasks need. Bounds are inclusive where integers are drawn."""

    def __init__(self, key: Key, purpose: str, attempt: int = 0) -> None:
        self._key, self._purpose, self._attempt = key, purpose, attempt

    @cached_property
    def _source(self) -> random.Random:
        # draws clips, and keeps no secret
        return random.Random(self._key.name(self._attempt, self._purpose))  # noqa: S311  # nosec B311

    def fork(self, purpose: str) -> "Rng":
        """An independent stream for a part of the work; how much is drawn from it changes nothing here."""
        return Rng(self._key, f"{self._purpose}/{purpose}", self._attempt)

    def steady(self, purpose: str) -> "Rng":
        """A stream that stays the same over redraws of the clip.

        A target drawn from it (the answer to aim at) is not biased by rejecting the draws that miss it.
        """
        return Rng(self._key, f"{self._purpose}/steady/{purpose}", 0)

    def unit(self) -> float:
        """Uniform in [0, 1)."""
        return self._source.random()

    def uniform(self, low: float, high: float) -> float:
        """Uniform in [low, high)."""
        return low + (high - low) * self._source.random()

    def octets(self, count: int) -> bytes:
        """``count`` random bytes, for draws by the million."""
        return self._source.getrandbits(8 * count).to_bytes(count, "little") if count else b""

    def integer(self, low: int, high: int) -> int:
        """Uniform over low, …, high, both included."""
        if high < low:
            raise ValueError(f"no integer from {low} to {high}")
        return low + self._up_to(high - low)

    def _up_to(self, most: int) -> int:
        """Uniform over 0, …, most."""
        draw, bits = self._source.getrandbits, most.bit_length()
        value = draw(bits) if bits else 0
        while value > most:
            value = draw(bits)
        return value

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self._source.random() < probability

    def normal(self, mean: float = 0.0, deviation: float = 1.0) -> float:
        """Gaussian, by Box and Muller."""
        radius = math.sqrt(-2.0 * math.log(1.0 - self._source.random()))
        return mean + deviation * radius * math.cos(2.0 * math.pi * self._source.random())

    def choice(self, items: Sequence[T]) -> T:
        """One of the items, uniformly."""
        if not items:
            raise ValueError("nothing to choose from")
        most = len(items) - 1
        draw, bits = (
            self._source.getrandbits,
            most.bit_length(),
        )  # _up_to, without the call: nothing is drawn more often
        place = draw(bits) if bits else 0
        while place > most:
            place = draw(bits)
        return items[place]

    def weighted(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """One of the items, with probability proportional to its weight."""
        mark = self._source.random() * math.fsum(weights)
        for item, weight in zip(items, weights, strict=True):
            mark -= weight
            if mark < 0:
                return item
        return items[max(i for i, weight in enumerate(weights) if weight > 0)]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in a uniformly random order, as a new list."""
        order = list(items)
        for i in range(len(order) - 1, 0, -1):
            j = self.integer(0, i)
            order[i], order[j] = order[j], order[i]
        return order

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """``count`` different items in random order."""
        if count > len(items):
            raise ValueError(f"cannot draw {count} of {len(items)} items")
        pool = list(items)
        for i in range(count):
            j = self.integer(i, len(pool) - 1)
            pool[i], pool[j] = pool[j], pool[i]
        return pool[:count]
