"""A table on which a cue strikes pucks again and again, lawfully but for one moment, if at all; and what is asked of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, inf, pi, sin
from typing import NamedTuple

from generators.physical._broken_table import (
    CLEAR,
    FRICTION,
    HIGH,
    RADIUS,
    SUDDEN,
    WIDE,
    Break,
    Leg,
    Patch,
    Place,
    Run,
    Table,
    foreseen,
    rolled,
)
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

KINDS = ("passes", "turns", "vanishes", "gains", "stops", "changes", "strays", "starts")
"""How a puck may break the laws: it goes through another, turns with nothing near, vanishes in the open, gets faster, stops dead, turns into
something else, is struck and goes off some other way than it is pushed, or sets out with nothing to push it."""
NONE = "none"
RAILS = ("upper", "lower", "left", "right")
LETTERS = "ABCDEFGHJKLMNPRSTUVXYZ"
LONGEST = 4.3
"""Seconds that a run lasts at most."""
SOONEST = 0.9
"""Seconds after a stroke in which nothing is touched, so that the way of a puck can be seen before."""
SPEEDS, PULL = (3.2, 5.0), 1.7
"""How fast pucks are struck, and how a magnet draws one to itself, in canvas units and seconds."""
OPEN, QUICK = 0.45, 1.9
"""How far a puck is from all others, and how fast, at least, when it breaks a law in the middle of its way."""
THROUGH = 0.8
"""How squarely a puck must meet the one that it goes through."""
SIDEWAYS = 0.3
"""How often the rails that are asked about are those at the left and the right."""
SPARE = {"upper": 1.4, "lower": 1.4, "left": 0.7, "right": 0.7, "nothing": 7.0}
"""How likely rails, and nothing, are offered where they are not right (a puck: 2), so that they are right as often as pucks are."""
TIMES, TRIES = (2, 3), 260
"""How often it is asked what is touched next, at least and at most, and draws of a stroke."""


class Params(TaskParams):
    strokes: int = ramp(6, per_level=0.5, most=24, least=6, limit=60, about="strokes of the cue")
    pucks: int = ramp(6, per_level=0.34, most=9, least=6, limit=9, about="pucks on the table")
    decoys: int = ramp(
        2,
        per_level=0.4,
        most=12,
        least=2,
        limit=40,
        about="feints of the cue and pulls of the magnet, which are lawful",
    )
    plain: float = ramp(1.0, per_level=-0.05, most=0.5, least=0.5, limit=1.0, about="how plain a break of the laws is")


class Act(NamedTuple):
    """One thing that happens: a stroke of the cue, a feint of it before a puck, a pull of the magnet, or a start with no cause.

    ``velocity`` of the puck at first; ``before``: where all lay; ``run``: what comes of it (of a feint nothing); ``broken``: how a law is broken
    in it. Times of runs count from the stroke.
    """

    kind: str
    who: str
    velocity: Place
    before: Mapping[str, Place]
    run: Run
    broken: Break | None = None


class Foretold(NamedTuple):
    """An act, and what is touched first in it (``nothing`` possible), or would be if a puck were not there (``without``)."""

    act: int
    key: str
    without: str = ""


@dataclass(frozen=True)
class Scene:
    """``magnet``: where it is on a rail; ``iron``: the puck that it draws. ``next``: what is touched next, asked at several times;
    ``without``: counterfactual. ``asks``: which questions are asked although nothing is broken. ``spare``: options that are never right."""

    params: Params
    table: Table
    magnet: Place
    iron: str
    names: tuple[str, ...]
    start: Mapping[str, Place]
    acts: tuple[Act, ...]
    next: tuple[Foretold, ...]
    spare: tuple[str, ...]
    without: Foretold
    struck: int
    asks: frozenset[str]

    @property
    def strokes(self) -> list[int]:
        return [i for i, act in enumerate(self.acts) if act.kind == "stroke"]

    @property
    def broken(self) -> int | None:
        """The act in which a law is broken."""
        return next((i for i, act in enumerate(self.acts) if act.broken is not None), None)


def draw_scene(params: Params, rng: Rng) -> Scene:
    """What is asked for is drawn first, and the rest around it."""
    aim = rng.steady("aim")
    breaks, rail, sideways = aim.chance(0.5), aim.chance(0.5), aim.chance(SIDEWAYS)
    what, after = aim.choice(KINDS), aim.integer(1, params.strokes)
    asks = {
        "kind": aim.chance(1 / len(KINDS)), "culprit": aim.chance(1 / params.pucks), "span": aim.chance(1 / 3),
    }  # fmt: skip
    names = tuple(rng.sample(LETTERS, params.pucks))
    table, magnet, start = _set_up(names, rng.fork("table"))
    plan = _plan(params, what if breaks else NONE, after, rng.fork("plan"))
    otherwise = rng.fork("otherwise").choice([i for i, act in enumerate(plan) if act == ("stroke", NONE)])
    acts, rest, without = list[Act](), start, Foretold(-1, "")
    for number, (planned, fault) in enumerate(plan):
        own, made = rng.fork(f"act {number}"), None
        kind = "pull" if planned == "feint" and all(act.kind != "pull" for act in acts) else planned
        if without.act < 0 and number >= otherwise and (kind, fault) == ("stroke", NONE):
            found = _draw_otherwise(table, rest, RAILS[2:] if sideways else RAILS[:2], rail, own)
            if found is not None:
                made, key, puck = found
                without = Foretold(number, key, puck)
        acts.append(made or _draw_act(kind, fault, table, rest, magnet, names[0], params.plain, own))
        rest = dict(acts[-1].run.rest)
    if without.act < 0:
        raise Rejected("no stroke that can be thought otherwise")
    foretold, spare = _foretold(table, acts, names, rng.fork("next"))
    return Scene(
        params, table, magnet, names[0], tuple(sorted(names)), start, tuple(acts), foretold, spare,
        without, rng.fork("struck").integer(1, params.strokes),
        frozenset(name for name, wanted in asks.items() if wanted or breaks),
    )  # fmt: skip


def _plan(params: Params, what: str, after: int, rng: Rng) -> list[tuple[str, str]]:
    """(act, how a law is broken in it): strokes, with feints between them, none of them first (one is a pull of the magnet instead where
    there can be one); and a start with no cause, which takes the place of one."""
    plan = [
        ("stroke", what if what not in (NONE, "starts") and i + 1 == after else NONE) for i in range(params.strokes)
    ]
    gaps = [rng.integer(1, params.strokes) for _ in range(params.decoys)]
    alone = gaps[:-1] if what == "starts" else gaps
    decoys = [(gap, "feint") for gap in alone]
    if what == "starts":
        decoys.append((after, "starts"))
    whole = list[tuple[str, str]]()
    for i, stroke in enumerate(plan, 1):
        whole.append(stroke)
        own = [kind for gap, kind in decoys if gap == i]
        whole += [(kind, kind if kind == "starts" else NONE) for kind in rng.shuffled(own)]
    return whole


def _set_up(names: Sequence[str], rng: Rng) -> tuple[Table, Place, dict[str, Place]]:
    """A table, its magnet, and pucks, of which the first is of iron and may be drawn to the magnet at once."""
    for _ in range(60):
        table, magnet = _furnished(rng)
        start = _placed(table, magnet, names, rng)
        if _pulled(table, start, magnet, names[0]) is not None:
            return table, magnet, start
    raise Rejected("no way to the magnet")


def _furnished(rng: Rng) -> tuple[Table, Place]:
    """Sand, a bridge and a magnet, well apart."""
    for _ in range(200):
        bridge = Patch(rng.uniform(-4.0, 4.0), rng.uniform(-1.3, 1.3), *rng.choice(((1.5, 3.2), (1.7, 2.6))))
        sand = Patch(rng.uniform(-5.0, 5.0), rng.uniform(-1.8, 1.8), rng.uniform(2.0, 2.6), rng.uniform(1.8, 2.6))
        across = abs(bridge.x - sand.x) > (bridge.w + sand.w) / 2 + 1.1
        side, x = rng.choice((-1, 1)), rng.uniform(-5.6, 5.6)
        magnet = (x, side * (HIGH - RADIUS))
        if across and not bridge.near(magnet, 1.2) and not sand.near(magnet, 1.0):
            return Table(sand, bridge), magnet
    raise Rejected("no room for sand, bridge and magnet")


def _placed(table: Table, magnet: Place, names: Sequence[str], rng: Rng) -> dict[str, Place]:
    placed = dict[str, Place]()
    for name in names:
        for _ in range(200):
            at = (rng.uniform(-WIDE + 0.9, WIDE - 0.9), rng.uniform(-HIGH + 0.8, HIGH - 0.8))
            apart = all(hypot(at[0] - x, at[1] - y) > 2 * RADIUS + 0.6 for x, y in [*placed.values(), magnet])
            if apart and not table.bridge.near(at, RADIUS + 0.3):
                placed[name] = (round(at[0], 3), round(at[1], 3))
                break
        else:
            raise Rejected("no room for all pucks")
    return placed


def _draw_act(
    kind: str, fault: str, table: Table, rest: Mapping[str, Place], magnet: Place, iron: str, plain: float, rng: Rng
) -> Act:
    """An act of a kind, in which a law is broken or not. Raises :class:`Rejected` where there is none."""
    for _ in range(TRIES):
        if kind == "pull":
            pulled = _pulled(table, rest, magnet, iron)
            if pulled is not None:
                return Act("pull", iron, (0.0, 0.0), rest, pulled)
            kind = "feint"  # the iron puck cannot get to the magnet, or is there
        who = rng.choice(sorted(rest))
        if kind == "feint":
            way = rng.uniform(0, 2 * pi)
            return Act("feint", who, (cos(way), sin(way)), rest, Run(rest=dict(rest)))
        try:
            if kind == "starts":
                way, speed = rng.uniform(0, 2 * pi), rng.uniform(2.5, 3.1)
                velocity = (speed * cos(way), speed * sin(way))
                run = rolled(table, rest, who, velocity)
                if run.touches or run.sandy < run.ends or who == iron:
                    continue
                return Act("starts", who, velocity, rest, run, Break("starts", who, 0.0))
            velocity = _aimed(rest, who, rng)
            run = rolled(table, rest, who, velocity)
            first = run.first(who)
            if run.ends > LONGEST or (first is not None and first.time < SOONEST):
                continue
            if fault == NONE:
                return Act("stroke", who, velocity, rest, run)
            for broken in rng.shuffled([*_breaks(table, run, fault, plain, rng)])[:4]:
                other = rolled(table, rest, who, velocity, broken)
                if other.ends <= LONGEST and other.ends >= broken.time + (
                    0.0 if fault in ("stops", "vanishes") else 0.7
                ):
                    return Act("stroke", who, velocity, rest, other, broken)
        except Rejected:
            continue
    raise Rejected(f"no {kind} as wanted ({fault})")


def _draw_otherwise(
    table: Table, rest: Mapping[str, Place], rails: tuple[str, ...], rail: bool, rng: Rng
) -> tuple[Act, str, str] | None:
    """A lawful stroke at a puck towards one of two rails, what would have been touched were that puck not there (a rail, or another puck), and
    which puck it is."""
    for _ in range(2 * TRIES):
        who = rng.choice(sorted(rest))
        velocity = _aimed(rest, who, rng)
        if rail_ahead(rest[who], velocity) not in rails or not _may_reach(rest, who, velocity, rail):
            continue
        try:
            run = rolled(table, rest, who, velocity)
        except Rejected:
            continue
        first = run.first(who)
        if first is None or first.time < SOONEST or first.what not in rest or run.ends > LONGEST:
            continue
        left = {name: at for name, at in rest.items() if name != first.what}
        key = foreseen(table, left, who, velocity, SOONEST)
        if key is not None and key in (rails if rail else left):
            return Act("stroke", who, velocity, rest, run), key, first.what
    return None


def _may_reach(rest: Mapping[str, Place], who: str, velocity: Place, rail: bool) -> bool:
    """Whether a puck is on the way, not too near, and beyond it a rail, or another puck, that can be reached; roughly, to spare work."""
    (x, y), speed = rest[who], hypot(*velocity)
    u, v = velocity[0] / speed, velocity[1] / speed
    far = [
        along - 1.6 * RADIUS
        for name, (p, q) in rest.items()
        if name != who and (along := (p - x) * u + (q - y) * v) > 0 and abs((p - x) * v - (q - y) * u) < 2 * RADIUS
    ]
    edge = min((WIDE - RADIUS - abs(x) if u * x > 0 else WIDE - RADIUS + abs(x)) / max(abs(u), 1e-9),
               (HIGH - RADIUS - abs(y) if v * y > 0 else HIGH - RADIUS + abs(y)) / max(abs(v), 1e-9))  # fmt: skip
    goal = edge if rail else sorted(far)[1] if len(far) > 1 else inf
    soonest = speed * SOONEST - FRICTION * SOONEST**2 / 2
    return (
        len(far) > 0
        and (len(far) == 1) == rail
        and min(far) > soonest - 0.3
        and goal < min(speed**2 / (2 * FRICTION), edge + 0.01)
    )


def _aimed(rest: Mapping[str, Place], who: str, rng: Rng) -> Place:
    """A velocity: mostly towards another puck, at times anywhere."""
    speed, (x, y) = rng.uniform(*SPEEDS), rest[who]
    others = [name for name in sorted(rest) if name != who]
    if rng.chance(0.7) and others:
        p, q = rest[rng.choice(others)]
        far = hypot(p - x, q - y)
        side = rng.uniform(-0.55, 0.55) * 2 * RADIUS
        u, v = (p - x) / far, (q - y) / far
        u, v = u * far - v * side, v * far + u * side
        return speed * u / hypot(u, v), speed * v / hypot(u, v)
    way = rng.uniform(0, 2 * pi)
    return speed * cos(way), speed * sin(way)


def _breaks(table: Table, run: Run, fault: str, plain: float, rng: Rng) -> Iterator[Break]:
    """Ways to break a law so in a run."""
    if fault in ("passes", "strays"):
        for touch in run.touches:
            if touch.what in run.legs and fault == "passes" and touch.square > THROUGH:
                yield Break("passes", touch.who, touch.time, other=touch.what)
            elif touch.what in run.legs and fault == "strays":
                angle = rng.choice((-1, 1)) * (1.15 + 0.6 * plain)
                yield Break("strays", touch.what, touch.time, angle, touch.who)
        return
    assert fault in SUDDEN
    for who, legs in sorted(run.legs.items()):
        for leg in legs:
            time = round(rng.uniform(leg.start + 0.5, max(leg.start + 0.51, leg.end - 0.3)), 3)
            if time > leg.end - 0.3 or leg.pace(time) < QUICK or leg.slows > FRICTION:
                continue
            at = leg.place(time)
            others = [run.place(name, time) for name in run.legs if name != who]
            others += [place for name, place in run.rest.items() if name not in run.legs]
            free = all(hypot(at[0] - x, at[1] - y) > 2 * RADIUS + OPEN for x, y in others)
            inside = abs(at[0]) < WIDE - RADIUS - OPEN and abs(at[1]) < HIGH - RADIUS - OPEN
            if free and inside and not table.bridge.near(at, RADIUS + 0.3) and not table.sand.near(at, 0.3):
                much = {
                    "turns": rng.choice((-1, 1)) * (0.75 + 0.75 * plain),
                    "gains": 1.7 + 0.7 * plain,
                }.get(fault, 0.0)
                yield Break(fault, who, time, much)


def _pulled(table: Table, rest: Mapping[str, Place], magnet: Place, iron: str) -> Run | None:
    """The iron puck drawn to the magnet, ever faster, if its way is free and in the open."""
    if iron not in rest:
        return None
    (x, y), (p, q) = rest[iron], magnet
    far = hypot(p - x, q - y)
    if far < 1.6 or far > 7.0:
        return None
    u, v = (p - x) / far, (q - y) / far
    for name, (a, b) in rest.items():
        along = min(max((a - x) * u + (b - y) * v, 0.0), far)
        if name != iron and hypot(x + along * u - a, y + along * v - b) < 2 * RADIUS + CLEAR:
            return None
    steps = [(x + far * u * i / 24, y + far * v * i / 24) for i in range(25)]
    if any(table.bridge.near(at, RADIUS + 0.2) or table.sand.near(at, 0.2) for at in steps):
        return None
    time = (2 * far / PULL) ** 0.5
    leg = Leg(0.0, time, (x, y), (u, v), 0.0, -PULL)
    return Run({iron: [leg]}, [], {**rest, iron: magnet}, time)


def rail_ahead(at: Place, velocity: Place) -> str:
    """The rail that a way leads to, if nothing is on it."""
    far = {
        rail: (limit - where) / speed
        for rail, limit, where, speed in (
            ("right", WIDE - RADIUS, at[0], velocity[0]), ("left", WIDE - RADIUS, -at[0], -velocity[0]),
            ("upper", HIGH - RADIUS, at[1], velocity[1]), ("lower", HIGH - RADIUS, -at[1], -velocity[1]),
        )
        if speed > 1e-9
    }  # fmt: skip
    return min(far, key=lambda rail: far[rail])


def _foretold(
    table: Table, acts: Sequence[Act], names: Sequence[str], rng: Rng
) -> tuple[tuple[Foretold, ...], tuple[str, ...]]:
    """Lawful strokes with different first touches, and what else is offered."""
    found = dict[str, list[int]]()
    for i, act in enumerate(acts):
        if act.kind == "stroke" and act.broken is None:
            key = foreseen(table, act.before, act.who, act.velocity, SOONEST + 0.05)
            seen = not any(table.bridge.near(act.run.place(act.who, time), RADIUS) for time in (0.0, 0.15, 0.3, 0.5))
            if key is not None and seen:
                found.setdefault(key, []).append(i)
    if len(found) < TIMES[0]:
        raise Rejected("too few touches that can be foretold")
    keys = rng.sample(sorted(found), min(len(found), TIMES[1]))
    told = sorted(Foretold(rng.choice(found[key]), key) for key in keys)
    strikers = {acts[one.act].who for one in told}
    every = [*names, "upper", "lower", "left", "right", "nothing"]
    spare = [one for one in every if one not in keys and one not in strikers]
    # as often rails, or nothing, as these are right
    likely = [SPARE.get(one, 2.0) for one in spare]
    more = list[str]()
    while len(more) < 4 - len(keys):
        one = rng.weighted(spare, likely)
        more += [] if one in more else [one]
    return tuple(told), tuple(more)
