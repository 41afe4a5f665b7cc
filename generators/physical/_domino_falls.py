"""Which dominoes fall in a run, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from morse.errors import Rejected
from morse.physics import NUDGES, STEP, Placed, Run, nudged, simulate
from morse.world import rotations

SLOW = 2.5
"""How many times slower than it happens the film shows it."""
STIRS, FALLS, LIES = 4.0, 25.0, 40.0
"""Degrees: a domino begins to tip, falls, and lies in the end, leant more than this."""
RESTS = 4.0
"""A domino has come to lie when it leans as it does in the end, but for so many degrees."""


@dataclass(frozen=True)
class Fall:
    """A domino's fall in seconds of the film: it begins to tip, falls, and has come to lie."""

    begins: float
    time: float
    ends: float


@dataclass(frozen=True)
class Falls:
    """All falls of a run, by name."""

    run: Run
    names: tuple[str, ...]

    @cached_property
    def leant(self) -> np.ndarray:
        """(times, dominoes): how far each leans, in degrees."""
        columns = [self.run.names.index(name) for name in self.names]
        up = rotations(self.run.poses[:, columns, 3:])[..., 2, 2]
        return np.degrees(np.arccos(np.clip(up, -1.0, 1.0)))

    @cached_property
    def fell(self) -> dict[str, Fall]:
        """Those that lie in the end, in the order in which they fell."""
        found: dict[str, Fall] = {}
        times = self.run.times * SLOW
        for column, name in enumerate(self.names):
            leant = self.leant[:, column]
            if leant[-1] < LIES:
                continue
            ends = int(np.flatnonzero(np.abs(leant - leant[-1]) > RESTS)[-1]) + 1
            begins, falls = int(np.argmax(leant > STIRS)), int(np.argmax(leant > FALLS))
            found[name] = Fall(*(round(float(times[i]), 3) for i in (begins, falls, ends)))
        return dict(sorted(found.items(), key=lambda item: item[1].time))

    @property
    def unclear(self) -> bool:
        """Whether one neither stands nor lies in the end."""
        return bool(((self.leant[-1] > STIRS) & (self.leant[-1] < LIES)).any())

    def time(self, name: str) -> float | None:
        """When one falls, in seconds of the film; None if it does not."""
        fall = self.fell.get(name)
        return None if fall is None else fall.time

    def order(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those of some that fall, in order of time."""
        return tuple(name for name in self.fell if name in names)


def dominoes(things: Sequence[Placed]) -> tuple[str, ...]:
    return tuple(thing.body.name for thing in things if thing.body.shape == "box")


@lru_cache(maxsize=12)
def falls(things: tuple[Placed, ...], seconds: float, step: float = STEP) -> Falls:
    """What falls within some seconds (of physics); kept, since more than one question may rest on a run."""
    return Falls(simulate(things, seconds, step=step, touching=False), dominoes(things))


def firm(things: tuple[Placed, ...], seconds: float) -> tuple[Falls, ...]:
    """The runs that must agree with the one of some things: all parameters a little off, and half the time step."""
    runs = [Falls(simulate(nudged(things, i), seconds, touching=False), dominoes(things)) for i in range(NUDGES)]
    return (falls(things, seconds, STEP / 2), *runs)


def sure(things: tuple[Placed, ...], seconds: float, name: str) -> bool:
    """Whether it is the same in all these runs whether a domino falls. Raises :class:`Rejected` if that cannot be told."""
    truth = falls(things, seconds)
    if truth.unclear:
        raise Rejected("a domino neither stands nor lies")
    return all((name in other.fell) == (name in truth.fell) for other in firm(things, seconds))
