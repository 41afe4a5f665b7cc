"""The collisions of a run that can be asked about: what a viewer can tell of them, and what small changes do not tip."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache

import numpy as np
from pydantic import JsonValue

from morse.physics import NUDGES, STEP, Placed, Run, Touch, nudged, simulate
from morse.world import World

WEAK, GRAZE = 0.2, 0.035
"""A collision slower than this (m/s), or a passage nearer than this (m), is too hard to tell: nothing is asked beyond it."""
APART = 0.2
"""Seconds between collisions whose order is asked."""
LATE = 0.5
"""Seconds by which a collision of a run that must agree with the clip's may come later."""
Pair = tuple[str, str]
Reading = Callable[[Sequence[Touch]], JsonValue]


def met(touches: Iterable[Touch]) -> list[Touch]:
    """The first meeting of each pair: objects that stay together touch again and again, and nobody could count that."""
    first: dict[Pair, Touch] = {}
    for touch in touches:
        first.setdefault(touch.pair, touch)
    return list(first.values())


def read_kth(touches: Sequence[Touch], number: int) -> JsonValue:
    """The k-th pair to meet."""
    pairs = list(dict.fromkeys(touch.pair for touch in touches))
    return list(pairs[number - 1]) if number <= len(pairs) else None


def read_order(touches: Sequence[Touch], pairs: Sequence[Pair]) -> JsonValue:
    """The numbers of some pairs in the order in which they meet; None unless all do."""
    seen = [pair for pair in dict.fromkeys(touch.pair for touch in touches) if pair in pairs]
    return [pairs.index(pair) + 1 for pair in seen] if len(seen) == len(pairs) else None


def read_between(touches: Sequence[Touch], first: Pair, second: Pair) -> JsonValue:
    """How many pairs meet between two others; None unless both meet."""
    pairs = list(dict.fromkeys(touch.pair for touch in touches))
    return pairs.index(second) - pairs.index(first) - 1 if first in pairs and second in pairs else None


def chain_to(touches: Sequence[Touch], pair: Pair) -> frozenset[str]:
    """Who has a part in what leads to the first collision of a pair, if there is one: the hits followed backwards."""
    pairs = [touch.pair for touch in touches]
    chain = frozenset(pair)
    for earlier in reversed(pairs[: pairs.index(pair)] if pair in pairs else []):
        if chain.intersection(earlier):
            chain = chain.union(earlier)
    return chain


def read_causes(touches: Sequence[Touch], pair: Pair, among: Sequence[JsonValue]) -> JsonValue:
    """Which of some objects have a part in what leads to the first collision of a pair; None if there is none."""
    chain = chain_to(touches, pair)
    return [name for name in among if name in chain] if any(touch.pair == pair for touch in touches) else None


def read_first(touches: Sequence[Touch], name: str, after: float) -> JsonValue:
    """What an object collides with first after a time."""
    for touch in touches:
        if touch.time > after and name in touch.pair:
            return touch.b if touch.a == name else touch.a
    return None


@lru_cache(maxsize=4)
def half_step(things: tuple[Placed, ...], end: float, until: tuple[str, ...] = ()) -> Run:
    """What happens by half the time step; kept, since a question is tried and later derived again by the same run."""
    return simulate(things, end, step=STEP / 2, bare=True, until=until)


class Meetings:
    """What happens in a clip, judged. ``last``: until when runs that must agree with the clip's go on, in seconds."""

    def __init__(self, things: tuple[Placed, ...], run: Run, world: World, last: float) -> None:
        self.things, self.run, self.world, self.last = things, run, world, last
        self.touches = run.touches
        self._nudged: list[Run] = []
        self.tipped = 0
        """How many readings a small change of the physics tipped, so far."""

    @cached_property
    def all(self) -> list[Touch]:
        return met(self.touches)

    @cached_property
    def clear(self) -> list[Touch]:
        """The meetings that can be told: none soft, and in none is one of the two hidden before or at it."""
        times = np.array([touch.time + shift for touch in self.all for shift in (-0.25, -0.1, 0.0)])
        tracks = self.world.tracks(times, dict.fromkeys(name for touch in self.all for name in touch.pair))
        least = {name: tracks.of(name)[1].reshape(-1, 3).min(axis=1) for name in tracks.names}
        shown = [all(least[name][i] >= 0.55 for name in touch.pair) for i, touch in enumerate(self.all)]
        return [touch for touch, seen in zip(self.all, shown, strict=True) if seen and touch.speed >= WEAK]

    @cached_property
    def doubts(self) -> list[tuple[Pair, float]]:
        """Who may seem to meet, or to miss each other, and when: soft or hidden meetings, and passages at a hair's breadth."""
        unclear = [(touch.pair, touch.time) for touch in self.all if touch not in self.clear]
        pairs = [touch.pair for touch in self.all]
        gaps = self.run.gaps.items()
        return unclear + [(pair, time) for pair, (gap, time) in gaps if gap < GRAZE and pair not in pairs]

    @cached_property
    def alone(self) -> list[Touch]:
        """The clear ones with no other at about their time, so that their place in the order can be told."""
        return [t for t in self.clear if not any(abs(t.time - o.time) <= APART for o in self.all if o is not t)]

    def sure(self, start: float, end: float, names: Container[str] | None = None) -> bool:
        """Whether nothing that is hard to tell happens between two times (to some objects)."""
        doubts = [pair for pair, time in self.doubts if start <= time <= end]
        return not (doubts if names is None else [pair for pair in doubts if pair[0] in names or pair[1] in names])

    def holds(self, reading: Reading) -> bool:
        """Whether a reading is the same with half the step and with all parameters a little off."""
        truth = reading(self.touches)
        if truth is None:
            return False
        held = all(reading(run.touches) == truth for run in self.variants())
        self.tipped += not held
        return held

    def variants(self) -> Iterator[Run]:
        """Runs that must agree with the clip's, made when they are asked for, as long as anything in them may be asked."""
        half = half_step(self.things, self.last)
        yield half
        for pattern in range(NUDGES):
            if pattern == len(self._nudged):
                pairs = [{touch.pair for touch in run.touches} for run in (half, *self._nudged)]
                end = max((t.time for t in self.clear if all(t.pair in some for some in pairs)), default=0.0) + LATE
                self._nudged.append(simulate(nudged(self.things, pattern), end, bare=True))
            yield self._nudged[pattern]


def firmly(things: tuple[Placed, ...], name: str, key: str, run: Run, last: float) -> bool:
    """Whether an object hits the same first in each run that must agree with a counterfactual one."""
    late = next(touch.time for touch in run.touches if name in touch.pair) + LATE
    nudges = (simulate(nudged(things, pattern), late, bare=True, until=(name,)) for pattern in range(NUDGES))
    return all(read_first(nudge.touches, name, 0.0) == key for nudge in nudges) and (
        read_first(half_step(things, last, (name,)).touches, name, 0.0) == key
    )


def clear(run: Run, name: str) -> bool:
    """Whether one can tell what an object hits first in a run that is only thought of: something that still lies untouched,
    not softly, and nothing before by a hair's breadth.
    """
    first = next(touch for touch in run.touches if name in touch.pair)
    earlier = [touch for touch in run.touches if touch.time < first.time and set(touch.pair) & set(first.pair)]
    grazes = [pair for pair, (gap, time) in run.gaps.items() if gap < GRAZE and name in pair and time < first.time]
    return first.speed >= WEAK and not earlier and all(pair == first.pair for pair in grazes)


def as_pair(value: JsonValue) -> Pair:
    """A pair as a record has it."""
    assert isinstance(value, list)
    return str(value[0]), str(value[1])


def as_list(value: JsonValue) -> list[JsonValue]:
    """A list as a record has it."""
    assert isinstance(value, list)
    return value
