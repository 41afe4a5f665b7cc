"""Towers of blocks whose weights are hidden: a plank on a narrow stand, loaded on both sides and held by pins until these go.

A block weighs one unit or four. When the pins go a tower stands if the middle of all its mass is over the stand, and else tips to the
side on which that is. Towers are drawn so that this is clear: the same places, with other weights, could have come to any of the three.
Metres and seconds of physics.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Any, Literal

import numpy as np

from morse.errors import Rejected
from morse.physics import NUDGES, STEP, Placed, nudged, simulate
from morse.seeding import Rng
from morse.world import Body, rotations

Verdict = Literal["left", "right", "stands"]
VERDICTS: tuple[Verdict, ...] = ("left", "right", "stands")
SIDE, PITCH = 0.34, 0.38
"""The side of a block, and how far apart the middles of two places on a plank are."""
PLACES, STACKED = (-2, -1, 0, 1, 2), 2
"""Places on a plank, counted from over the stand, and how many blocks lie on one at most."""
STAND, TALL = 0.14, 0.5
"""Half the width of a stand, and its height."""
PLANK, THICK, DEEP = 5.3 * PITCH, 0.08, 0.42
"""A plank's length, thickness and depth."""
PIN, PIN_AT = 0.07, 2.45 * PITCH
"""A pin's width and how far from the middle it stands."""
LIGHT, HEAVY, BOARD = 1.0, 4.0, 1.0
"""Weights of blocks and of a plank."""
INSIDE, BEYOND = 0.6, 1.6
"""How far from the middle of the stand the middle of mass is, in half widths of the stand: at most where a tower stands, at least where it
tips. What lies between could not be told by eye."""
APART, KERB = 2.64, (0.06, 0.9, 0.3)
"""How far apart towers stand, and the extents of the kerbs between them, at which what slides comes to lie."""
FRICTION, RESTITUTION, ROLLING = 0.75, 0.0, 0.05
LASTS, SHORT = 3.4, 0.5
"""Seconds in which a fall is over, and within which it is clear whether a tower falls and to which side."""
FIXED = 3
"""So many bodies of a tower never move: the stand and the kerbs."""
TIPPED, KEPT = 3.0, 1.0
"""Degrees by which a plank leans within that time: at least if it tips, at most if not."""
REST, STRAY = 0.012, 0.25
"""Metres: what is so near the place where it will lie is at rest; and how far over a kerb nothing may come."""


@dataclass(frozen=True)
class Load:
    """A block on a plank: its letter, its place, how many blocks lie under it there, and whether it is one of the heavy ones."""

    name: str
    place: int
    under: int
    heavy: bool

    @property
    def weight(self) -> float:
        return HEAVY if self.heavy else LIGHT

    @property
    def spot(self) -> tuple[float, float]:
        """Along x from the middle of the stand, and the height of its middle."""
        return self.place * PITCH, TALL + THICK + (self.under + 0.5) * SIDE


def centre(loads: Iterable[Load]) -> float:
    """How far to the right of the stand's middle the middle of mass is."""
    some = list(loads)
    return _centre([load.place for load in some], [load.weight for load in some])


def _centre(places: Sequence[int], weights: Sequence[float]) -> float:
    moment = sum(place * weight for place, weight in zip(places, weights, strict=True))
    return PITCH * moment / (sum(weights) + BOARD)


def verdict(loads: Iterable[Load]) -> Verdict | None:
    """What a tower does without its pins; None where it is too near to call."""
    return _verdict(centre(loads))


def _verdict(away: float) -> Verdict | None:
    if abs(away) <= INSIDE * STAND:
        return "stands"
    if abs(away) < BEYOND * STAND:
        return None
    return "right" if away > 0 else "left"


@dataclass(frozen=True)
class Tower:
    """Where the stand is along x, and the blocks in the order in which they are put there."""

    x: float
    loads: tuple[Load, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(load.name for load in self.loads)

    @property
    def verdict(self) -> Verdict | None:
        return verdict(self.loads)

    def load(self, name: str) -> Load:
        return self.loads[self.names.index(name)]

    def without(self, *names: str) -> tuple[Load, ...]:
        return tuple(load for load in self.loads if load.name not in names)

    def swapped(self, one: str, other: str) -> tuple[Load, ...]:
        """The blocks, had two of them come to lie in each other's place."""
        weighs = {one: self.load(other).heavy, other: self.load(one).heavy}
        called = {one: other, other: one}
        return tuple(
            replace(load, name=called.get(load.name, load.name), heavy=weighs.get(load.name, load.heavy))
            for load in self.loads
        )

    def lightened(self, name: str) -> tuple[Load, ...]:
        """The blocks, had one of them been light."""
        return tuple(replace(load, heavy=load.heavy and load.name != name) for load in self.loads)

    def until(self, name: str) -> tuple[Load, ...]:
        """The blocks that are there when one has just been put down."""
        return self.loads[: self.names.index(name) + 1]

    @property
    def free(self) -> tuple[str, ...]:
        """The blocks with nothing on them."""
        tops = {load.place: load.name for load in sorted(self.loads, key=lambda load: load.under)}
        return tuple(name for name in self.names if name in tops.values())


def draw_tower(rng: Rng, x: float, names: Sequence[str], wanted: Verdict) -> Tower:
    """A tower that does what is wanted. Where the blocks lie tells nothing of that: weights alone decide."""
    for _ in range(200):
        places = [rng.choice(PLACES) for _ in names]
        if max(places.count(place) for place in places) > STACKED or min(places) >= 0 or max(places) <= 0:
            continue
        found: dict[Verdict | None, list[tuple[bool, ...]]] = {one: [] for one in (*VERDICTS, None)}
        for heavy in product((False, True), repeat=len(names)):
            found[_verdict(_centre(places, [HEAVY if one else LIGHT for one in heavy]))].append(heavy)
        if all(found[one] for one in VERDICTS):
            weighs = rng.choice(found[wanted])
            return Tower(
                x,
                tuple(
                    Load(name, place, places[:i].count(place), heavy)
                    for i, (name, place, heavy) in enumerate(zip(names, places, weighs, strict=True))
                ),
            )
    raise Rejected("no places from which a tower may do anything")


def placed(loads: Sequence[Load], x: float = 0.0) -> tuple[Placed, ...]:
    """Stand, plank and blocks of a tower, at rest on each other."""
    stand = Body("stand", "box", (2 * STAND, DEEP, TALL), "white", static=True)
    plank = Body("plank", "box", (PLANK, DEEP, THICK), "white")
    kerbs = [Body(f"kerb {i}", "box", KERB, "white", static=True) for i in range(2)]
    more: dict[str, Any] = {"friction": FRICTION, "restitution": RESTITUTION, "rolling": ROLLING}
    return (
        Placed(stand, (x, 0.0, TALL / 2), **more),
        Placed(kerbs[0], (x - APART / 2, 0.0, KERB[2] / 2), **more),
        Placed(kerbs[1], (x + APART / 2, 0.0, KERB[2] / 2), **more),
        Placed(plank, (x, 0.0, TALL + THICK / 2), mass=BOARD, **more),
        *(
            Placed(
                Body(load.name, "box", (SIDE, SIDE, SIDE), "white"),
                (x + load.spot[0], 0.0, load.spot[1]),
                mass=load.weight,
                **more,
            )
            for load in loads
        ),
    )


def leant(poses: np.ndarray) -> np.ndarray:
    """By how many degrees planks with poses (…, 7) lean to the right."""
    return np.degrees(np.arcsin(np.clip(-rotations(poses[..., 3:])[..., 2, 0], -1.0, 1.0)))


def firm(loads: Sequence[Load]) -> bool:
    """Whether a tower does what the middle of its mass says, also with half the step and with all parameters a little off."""
    does = verdict(loads)
    things = placed(loads)
    things = (things[0], *things[FIXED:])  # so soon nothing comes to the kerbs
    runs = [(things, STEP), (things, STEP / 2), *((nudged(things, i), STEP) for i in range(NUDGES))]
    return does is not None and all(_does(some, step) == does for some, step in runs)


@lru_cache(maxsize=256)
def _does(things: tuple[Placed, ...], step: float) -> Verdict | None:
    run = simulate(things, SHORT, step=step, sleeping=False, touching=False)
    degrees = float(leant(run.poses[-1, 1]))
    if abs(degrees) <= KEPT:
        return "stands"
    if abs(degrees) < TIPPED:
        return None
    return "right" if degrees > 0 else "left"


@dataclass(frozen=True)
class Fall:
    """A fall, in seconds of physics: poses (times, 1 + blocks, 7) of the plank and the blocks in the order of the tower."""

    times: np.ndarray
    poses: np.ndarray


@lru_cache(maxsize=32)
def fall(tower: Tower) -> Fall:
    """What happens when the pins go. Raises :class:`Rejected` if it does not come to rest."""
    run = simulate(placed(tower.loads, tower.x), LASTS, sleeping=False, touching=False)
    poses = run.poses[:, FIXED:]
    off = np.abs(poses - poses[-1]).max(axis=(1, 2))
    rests = int(np.flatnonzero(off > REST)[-1]) + 1
    if rests > len(poses) - 10:
        raise Rejected("unstable: a fall does not end")
    if np.abs(poses[..., 0] - tower.x).max() > APART / 2 + STRAY or np.abs(poses[..., 1]).max() > 0.8:
        raise Rejected("a block falls too far")
    # the solver's last tremor is not shown
    return Fall(run.times[: rests + 1], np.concatenate([poses[:rests], poses[-1:]]))
