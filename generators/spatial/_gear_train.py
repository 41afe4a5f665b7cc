"""A train of gears on a board: who meshes with whom, where they stand, and how far each turns with the crank."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from morse.errors import Rejected
from morse.seeding import Rng

MODULES = ((6, 0.15), (8, 0.135), (99, 0.12))
"""Canvas units of diameter for each tooth, for boards with up to so many gears."""
TEETH = (8, 12, 16, 24)
CRANKED = (12, 24)
"""Teeth of the gear that the crank turns."""
GAP = 0.34
"""Canvas units between gears that do not mesh, at least."""
EDGE, LEFT, RIGHT, HIGH = -4.0, -4.35, 7.6, 3.95
"""Where the crank's gear ends, and the part of the board on which the others stand: from x to x, and up and down."""
TRIES = 200
EIGHTH = 45
"""Degrees between the directions in which marks point after whole quarter turns of the crank."""


@dataclass(frozen=True)
class Gear:
    """``module``: canvas units of diameter for each tooth, the same for gears that mesh. ``tilt``: the angle of a tooth (radians) at the start; ``mark``: where its mark points then, in eighths of a turn
    anticlockwise from the right; ``ratio``: how far it turns for each turn of the crank, negative for the other way, 0 for one that
    meshes with none. ``meshes``: the gear nearer to the crank with which it meshes, by its place in the list, or −1."""

    name: str
    teeth: int
    module: float
    place: tuple[float, float]
    tilt: float
    mark: int
    ratio: float
    meshes: int

    @property
    def radius(self) -> float:
        """Of the circle on which it rolls on others."""
        return self.teeth * self.module / 2

    @property
    def reach(self) -> float:
        """Of the circle around its teeth."""
        return self.radius + 0.45 * self.module

    def turned(self, quarters: int) -> int:
        """Where its mark points after so many quarter turns of the crank clockwise, in eighths of a turn."""
        eighths = -2 * quarters * self.ratio
        return (self.mark + round(eighths)) % 8

    @property
    def tells(self) -> bool:
        """Whether its mark points in one of eight directions after every quarter turn of the crank."""
        return self.ratio != 0 and (2 * self.ratio) % 1 == 0


def build_train(gears: int, loose: int, names: Sequence[str], rng: Rng) -> tuple[Gear, ...]:
    """The crank's gear, then those of the train, then those that stand loose. Raises :class:`Rejected` if there is no room."""
    teeth = rng.choice(CRANKED)
    module = next(size for most, size in MODULES if gears + loose <= most)
    place = (EDGE - teeth * module / 2, rng.uniform(-2.0, 2.0))
    crank = Gear(names[0], teeth, module, place, rng.uniform(0, math.tau), rng.integer(0, 7), 1.0, -1)
    first = rng.choice((12, 16, 24))
    made = [crank]
    for number in range(1, gears + 1 + loose):
        for _ in range(TRIES):
            parent = 0 if number == 1 else rng.integer(max(1, number - 3), number - 1)
            gear = (
                _meshing(made, parent, first if number == 1 else rng.choice(TEETH), names[number], rng)
                if number <= gears
                else _loose(names[number], module, rng)
            )
            if _fits(gear, made):
                made.append(gear)
                break
        else:
            raise Rejected("no room for a gear")
    return tuple(made)


def _meshing(made: Sequence[Gear], number: int, teeth: int, name: str, rng: Rng) -> Gear:
    """A gear that meshes with one that stands there, on a side drawn at random."""
    parent = made[number]
    away = rng.uniform(-0.3, 0.3) if number == 0 else rng.uniform(0, math.tau)
    far = (parent.teeth + teeth) * parent.module / 2
    place = (parent.place[0] + far * math.cos(away), parent.place[1] + far * math.sin(away))
    # where the two meet, a tooth of one is in a gap of the other: the shares of a pitch add up to a half, however they turn
    share = (away - parent.tilt) * parent.teeth / math.tau
    tilt = away + math.pi - (0.5 - share) * math.tau / teeth
    return Gear(
        name,
        teeth,
        parent.module,
        place,
        tilt % math.tau,
        rng.integer(0, 7),
        -parent.ratio * parent.teeth / teeth,
        number,
    )


def _loose(name: str, module: float, rng: Rng) -> Gear:
    place = (rng.uniform(LEFT, RIGHT), rng.uniform(-HIGH, HIGH))
    return Gear(name, rng.choice(TEETH), module, place, rng.uniform(0, math.tau), rng.integer(0, 7), 0.0, -1)


def _fits(gear: Gear, made: Sequence[Gear]) -> bool:
    """Whether a gear stands on the board, clear of all others but the one with which it meshes."""
    reach, (x, y) = gear.reach, gear.place
    if x - reach < LEFT or x + reach > RIGHT or abs(y) + reach > HIGH:
        return False
    return all(
        math.dist(gear.place, other.place) >= gear.reach + other.reach + GAP
        for i, other in enumerate(made)
        if i != gear.meshes
    )
