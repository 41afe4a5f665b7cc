"""A scene that goes on behind a curtain: what is seen of it before, what a hand may do as the curtain closes, and what comes of both.

All that happens behind the curtain begins with how things lie and move at the moment at which it is closed. The hand acts at that
moment, and each story of it is a run of its own from there.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from generators.physical._meetings import half_step, met
from morse.difficulty import TaskParams, ramp
from morse.physics import NUDGES, SAMPLE, Placed, Run, Touch, nudged, simulate
from morse.world import Camera

Array = np.ndarray
NOTHING, TAKEN, PUT, CARRIED, SWAPPED = "nothing", "taken", "put", "carried", "swapped"
CLOSING = 0.2
"""Seconds that the curtain takes to close or open."""
FAR, NEAR = 0.24, 0.07
"""Metres: what ends further away than the one has moved, what ends nearer than the other has not."""
LASTS = 6.0
"""Seconds from when the curtain is closed until which runs go on, if not all is at rest before."""
QUIET = 0.2
"""Seconds for which all is at rest at least before the curtain begins to open."""


class Params(TaskParams):
    resting: int = ramp(6, per_level=0.25, most=7, least=5, limit=8, about="things that lie on the floor")
    twins: int = ramp(0, per_level=0.34, most=4, limit=4, about="things like another in all but the material")
    early: int = ramp(0, per_level=0.25, most=1, limit=2, about="things that come in and hit something in plain sight")
    dark: float = ramp(4.2, per_level=0.15, least=4.2, limit=60, about="seconds for which the curtain is closed")


@dataclass(frozen=True)
class Act:
    """What a hand does: to which thing, with which other it changes places, or to which place it is carried or put."""

    kind: str
    thing: str = ""
    other: str = ""
    place: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Dark:
    """What happens.

    ``standing``: how all lies and moves when the curtain is closed, the ``mover`` last; ``spare``: one more, which a hand may put
    there; ``before``: what is seen until then; ``plain`` and ``run``: what follows if nobody interferes, and what does follow, both
    from then on. ``row``: the sample at which the curtain is closed; it begins to open at ``opens``.
    """

    params: Params
    camera: Camera
    starts: tuple[tuple[str, float], ...]
    """Who comes in, and when."""
    standing: tuple[Placed, ...]
    spare: Placed
    act: Act
    before: Run
    plain: Run
    run: Run
    row: int
    opens: float
    duration: float

    @property
    def mover(self) -> str:
        return self.standing[-1].body.name

    @property
    def closed(self) -> float:
        """When the curtain is closed, and the hand acts."""
        return round(self.row * SAMPLE, 3)

    @property
    def shut(self) -> float:
        """When the curtain begins to close."""
        return round(self.closed - CLOSING, 3)

    @cached_property
    def scene(self) -> tuple[Placed, ...]:
        return acted(self.standing, self.act, self.spare)

    @cached_property
    def resting(self) -> tuple[str, ...]:
        """All but the mover."""
        return tuple(thing.body.name for thing in self.standing[:-1])

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """Those of them that are still there when the curtain opens."""
        return tuple(name for name in self.resting if not (self.act.kind == TAKEN and name == self.act.thing))

    @cached_property
    def moved(self) -> tuple[str, ...]:
        """Those of these that then lie elsewhere."""
        return tuple(name for name in self.kept if math.dist(self.at_first(name), end_in(self.run, name)) > FAR)

    @cached_property
    def hidden(self) -> list[Touch]:
        """The first meetings of pairs behind the curtain, in seconds from when it is closed."""
        return met(self.run.touches)

    def at_first(self, name: str) -> tuple[float, float]:
        """Where a thing is as the curtain closes."""
        return next(thing.position[:2] for thing in self.standing if thing.body.name == name)


def end_in(run: Run, name: str) -> tuple[float, float]:
    """Where a thing is at the end of a run."""
    x, y = run.poses[-1, run.names.index(name), :2].tolist()
    return (x, y)


def acted(standing: Sequence[Placed], act: Act, spare: Placed | None = None) -> tuple[Placed, ...]:
    """The things after what a hand did."""
    if act.kind == TAKEN:
        return tuple(thing for thing in standing if thing.body.name != act.thing)
    if act.kind == PUT:
        assert spare is not None
        return (*standing[:-1], replace(spare, position=(*act.place, spare.position[2])), standing[-1])
    places: dict[str, tuple[float, float]] = {}
    if act.kind == CARRIED:
        places = {act.thing: act.place}
    elif act.kind == SWAPPED:
        at = {thing.body.name: thing.position[:2] for thing in standing}
        places = {act.thing: at[act.other], act.other: at[act.thing]}
    return tuple(
        replace(thing, position=(*places[thing.body.name], thing.position[2])) if thing.body.name in places else thing
        for thing in standing
    )


def strays(run: Run, other: Run) -> float:
    """How far, at most, a thing ends in one run from where it ends in the other; without end where one has a thing more."""
    if set(run.names) != set(other.names):
        return math.inf
    return max(math.dist(end_in(run, name), end_in(other, name)) for name in run.names)


def variants(things: tuple[Placed, ...]) -> Iterator[Run]:
    """Runs that must agree with one: with half the step, and with all parameters a little off."""
    yield half_step(things, LASTS)
    for pattern in range(NUDGES):
        yield simulate(nudged(things, pattern), LASTS, bare=True)
