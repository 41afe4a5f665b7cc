"""Takes of one experiment: a ball thrown over a floor, by the laws or with one break of them. Flights are exact parabolas."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

Array = np.ndarray
FAULTS = ("hangs", "jumps", "turns", "floats", "gains")
"""How a take may break the laws: the ball stands still in mid-air, is suddenly elsewhere, turns back without touching anything, falls much
more slowly from some moment on, or comes back from the floor higher than it was before."""
NOTHING = "nothing"
GRAVITY, BOUNCE = 6.0, 0.8
"""Canvas units a second squared, and the share of its speed with which a ball leaves the floor."""
FLOOR, RADIUS = -2.9, 0.4
"""Height of the floor, and the ball's radius, in canvas units."""
GROUND = FLOOR + RADIUS
EDGE = 7.2
"""How far from the middle a ball may come."""
ZONES, ZONE = "ABCDEFGH", 1.9
"""Lettered stretches of the floor, and how wide each is."""
SUPPOSED, OVER, AHEAD = "CDEF", "CDEF", (-2, -1, 1, 2)
"""Stretches on which a take would have landed; over which one a ball is that is stopped in flight; and how many stretches on it lands."""
LASTS = 3.4
"""Seconds of a take, from the throw on."""
TRIES = 1500


class Params(TaskParams):
    takes: int = ramp(6, per_level=0.5, most=11, least=6, limit=30, about="takes of the experiment")
    plain: float = ramp(
        1.0,
        per_level=-0.05,
        most=0.6,
        least=0.6,
        limit=1.0,
        about="how plain breaks of the laws are (1: as plain as can be)",
    )
    moths: int = ramp(1, per_level=0.6, least=0, limit=40, about="moths that flutter by, which no law of balls binds")

    @property
    def broken(self) -> range:
        """How many takes may break a law."""
        return range(3, min(self.takes, 7))


class Arc(NamedTuple):
    """A stretch of flight: from a time of the take on, place, velocity, and pull downwards."""

    start: float
    x: float
    y: float
    vx: float
    vy: float
    pull: float

    def at(self, times: Array) -> tuple[Array, Array]:
        t = times - self.start
        return self.x + self.vx * t, self.y + self.vy * t - self.pull * t * t / 2

    def lands(self) -> float:
        """When it comes down to the floor, in seconds of the take."""
        return self.start + (self.vy + math.sqrt(self.vy**2 + 2 * self.pull * (self.y - GROUND))) / self.pull


@dataclass(frozen=True)
class Take:
    """A take: its stretches of flight in order, how it breaks the laws (``nothing``: it does not), and when in the take."""

    arcs: tuple[Arc, ...]
    fault: str
    when: float

    def at(self, times: Array) -> tuple[Array, Array]:
        """Places at some times of the take; before the throw where it is thrown from."""
        times = np.clip(np.asarray(times, float), 0.0, LASTS)
        starts = np.array([arc.start for arc in self.arcs])
        number = np.searchsorted(starts, times + 1e-9, side="right") - 1
        x, y = np.zeros_like(times), np.zeros_like(times)
        for i, arc in enumerate(self.arcs):
            here = number == i
            x[here], y[here] = arc.at(times[here])
        return x, y

    @property
    def lawful_landing(self) -> float:
        """Where it first comes down, or would have by the laws."""
        first = self.arcs[0]
        return first.x + first.vx * first.lands()


@dataclass(frozen=True)
class Takes:
    """All takes. ``judged``: of which it is asked what is wrong, if anything. ``foretold``: whose landing is foretold, after what seconds of
    flight, and over which stretch it is then. ``supposed``: of which it is asked where it would have landed."""

    params: Params
    takes: tuple[Take, ...]
    judged: int
    foretold: tuple[int, float, str]
    supposed: int


def zone_of(x: float) -> str | None:
    """The stretch of the floor, where it is clear."""
    place = x / ZONE + len(ZONES) / 2
    number = math.floor(place)
    return ZONES[number] if 0 <= number < len(ZONES) and 0.18 <= place - number <= 0.82 else None


def flown(x: float, y: float, vx: float, vy: float, fault: str, plain: float, rng: Rng, stays: bool = True) -> Take:
    """A take from a throw. Raises :class:`Rejected` where the break would not be plain, or the ball leaves the picture (where it has not
    to stay: before it has landed and risen again)."""
    arcs = [Arc(0.0, x, y, vx, vy, GRAVITY)]
    when, pull, bounces, broken = -1.0, GRAVITY, 0, False
    gaining = 1 if fault == "gains" else 0
    first = arcs[0].lands()
    planned = None
    if fault in ("hangs", "jumps", "turns", "floats"):
        planned = (
            rng.uniform(0.3, 0.75) * first if fault != "floats" else max(vy / GRAVITY, 0.15) + rng.uniform(0.0, 0.2)
        )
    while True:
        arc = arcs[-1]
        down = arc.lands() if arc.pull else math.inf
        if planned is not None and not broken and planned < down:
            broken, when = True, round(planned, 3)
            (px,), (py,) = arc.at(np.array([when]))
            speed = arc.vy - arc.pull * (when - arc.start)
            if py < GROUND + 1.0:
                raise Rejected("a break too near the floor")
            if fault == "hangs":
                held = 0.5 + 0.5 * plain
                arcs.append(Arc(when, px, py, 0.0, 0.0, 0.0))
                arcs.append(Arc(round(when + held, 3), px, py, arc.vx, speed, GRAVITY))
            elif fault == "jumps":
                far = (1.6 + 1.6 * plain) * rng.choice((-1, 1))
                arcs.append(Arc(when, px + far, py, arc.vx, speed, GRAVITY))
            elif fault == "turns":
                arcs.append(Arc(when, px, py, -arc.vx, speed, GRAVITY))
            else:
                pull = GRAVITY / (2.5 + 1.5 * plain)
                arcs.append(Arc(when, px, py, arc.vx, speed, pull))
            continue
        if down >= LASTS:
            break
        (lx,), _ = arc.at(np.array([down]))
        speed = -(arc.vy - arc.pull * (down - arc.start)) * BOUNCE
        bounces += 1
        if bounces == gaining:
            broken, when = True, round(down, 3)
            speed = speed / BOUNCE * (1.06 + 0.1 * plain)
        arcs.append(Arc(down, lx, GROUND, arc.vx, speed, arc.pull))
    if (fault != NOTHING) != broken or bounces == 0:
        raise Rejected("a take without its break, or that never lands")
    take = Take(tuple(arcs), fault, when)
    xs, ys = take.at(np.linspace(0.0, LASTS if stays else first + 0.3, 200))
    if np.abs(xs).max() > EDGE or ys.max() > 3.3 or (when > 0 and when > LASTS - 0.9):
        raise Rejected("out of the picture")
    return take


def draw_take(fault: str, plain: float, zone: str | None, rng: Rng) -> Take:
    """A take with this break; ``zone``: where its first landing would be by the laws."""
    for _ in range(TRIES):
        way = rng.choice((-1, 1))
        x, y = -way * rng.uniform(0.4, 6.4), rng.uniform(0.6, 1.7)
        vx, vy = way * rng.uniform(1.3, 3.0), rng.uniform(0.6, 2.0)
        landing = zone_of(x + vx * Arc(0.0, x, y, vx, vy, GRAVITY).lands())
        if landing is None or zone not in (None, landing):
            continue
        try:
            return flown(x, y, vx, vy, fault, plain, rng)
        except Rejected:
            continue
    raise Rejected(f"no take that {fault}")


def draw_stopped(fault: str, plain: float, over: str, to: str, rng: Rng) -> tuple[Take, float]:
    """A take that is over one stretch at a time of its first flight and lands on another; and that time."""
    for _ in range(TRIES):
        y, vy, share = rng.uniform(0.6, 1.7), rng.uniform(0.6, 2.0), rng.uniform(0.14, 0.24)
        here, there = ((ZONES.index(zone) + rng.uniform(0.3, 0.7) - len(ZONES) / 2) * ZONE for zone in (over, to))
        lands = Arc(0.0, 0.0, y, 0.0, vy, GRAVITY).lands()
        vx = (there - here) / (lands * (1 - share))
        try:
            return flown(here - vx * share * lands, y, vx, vy, fault, plain, rng, stays=False), round(share * lands, 3)
        except Rejected:
            continue
    raise Rejected("no take to foretell")


def draw_takes(params: Params, rng: Rng) -> Takes:
    """All takes; what is asked for is drawn first."""
    aim = rng.steady("aim")
    count, judged = aim.choice(params.broken), aim.choice((NOTHING, *FAULTS))
    over, ahead, supposed = aim.choice(OVER), aim.choice(AHEAD), aim.choice(SUPPOSED)
    others = [rng.choice(FAULTS) for _ in range(count - (judged != NOTHING))]
    moved = rng.choice(("jumps", "turns", "floats"))
    # one whose first landing is broken is asked of, besides the judged one; the one that is foretold breaks no law before it lands
    others[0] = moved
    obeying = params.takes - count
    faults = [judged, moved, *others[1:], *[NOTHING] * (obeying - (judged == NOTHING))]
    order = rng.shuffled(range(len(faults)))
    places = {kind: order.index(kind) for kind in range(len(faults))}
    calm = [i for i, fault in enumerate(faults) if fault in (NOTHING, "gains") and i != 1]
    if not calm:
        raise Rejected("no take to foretell")
    told = rng.choice(calm)
    to = ZONES[ZONES.index(over) + ahead]
    stopped, at = draw_stopped(faults[told], params.plain, over, to, rng.fork("stopped"))
    made = [
        stopped if i == told else draw_take(fault, params.plain, supposed if i == 1 else None, rng.fork(f"take {i}"))
        for i, fault in enumerate(faults)
    ]
    takes: list[Take] = [made[i] for i in order]
    if zone_of(_landing(made[1])) == supposed:
        raise Rejected("a break that does not change where it lands")
    return Takes(params, tuple(takes), places[0], (places[told], at, over), places[1])


def _landing(take: Take) -> float:
    """Where a take first comes down."""
    for arc, following in zip(take.arcs, take.arcs[1:], strict=False):
        if following.y == GROUND:
            (x,), _ = arc.at(np.array([following.start]))
            return float(x)
    return math.inf


def lawful(takes: Sequence[Take]) -> list[int]:
    return [i for i, take in enumerate(takes) if take.fault == NOTHING]
