"""Towers on film: each block is weighed on a balance and put in its place, the pins go, and what tips tips in slow motion."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np

from generators.physical._stacks_world import (
    APART,
    DEEP,
    FIXED,
    KERB,
    PIN,
    PIN_AT,
    PLANK,
    SIDE,
    STAND,
    TALL,
    THICK,
    Tower,
    fall,
    leant,
    placed,
)
from morse.layout import Layout
from morse.meshes import flat, moved
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.style import Style, brightness
from morse.world import Body, Camera, Ground, World, pose

SLOW = 1.6
"""How many times slower than it happens the film shows a fall."""
DOWN, WEIGHED, CARRIED, AWAY, BETWEEN = 0.7, 1.7, 1.3, 0.7, 0.35
"""Seconds for a block's way to the balance, on it, to its tower, out of view, and until the next comes."""
DROPS, LAG, AFTER = 0.3, 0.15, 1.0
"""Seconds in which pins go down, after which a fall begins, and between a fall and what comes next."""
WATCHED = (2.2, 4.2)
"""Seconds for which a tower is watched that goes on standing."""
BALANCE = (0.0, -2.1)
"""Where the balance stands."""
ARM, SWING, PIVOT, STEM, PAN = 0.5, 0.13, 0.26, 0.2, (0.42, 0.42, 0.03)
"""The balance: half its beam, how far a pan goes up and down, the pivot's height, a pan's stem, a pan's extents."""
COUNTER = (0.27, 0.27, 0.27)
"""The counterweight: heavier than a light block, lighter than a heavy one."""
HIGH, PARKED, CRUISE, LIFTED = 3.9, 14.0, 2.0, 0.35
"""Heights from which blocks come, at which the hook waits, and at which blocks are carried; and how far the hook lets go of a block on the balance."""
LEANS = 3.0
"""Degrees from which on a tower is seen to tip."""
HUES = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")
SIDES = {2: ("left", "right"), 3: ("left", "middle", "right")}
HIGHER, GAP = 0.0015, 0.004
"""How far letters stand out, and by how much less than its place a block is wide."""
Array = np.ndarray
Path = list[tuple[float, tuple[float, float, float]]]


@dataclass(frozen=True)
class Visit:
    """A block on the balance: it comes, touches the pan, leaves it, and is in its place (or out of view)."""

    name: str
    heavy: bool
    tower: int | None
    comes: float
    on: float
    off: float
    ends: float


@dataclass(frozen=True)
class StacksEpisode:
    """``visits`` in order of time, ``released``: when the pins of each tower go; ``cases``: what question is asked of what."""

    towers: tuple[Tower, ...]
    visits: tuple[Visit, ...]
    released: tuple[float, ...]
    duration: float
    cases: MappingProxyType[str, Any]
    camera: Camera

    @property
    def sides(self) -> tuple[str, ...]:
        return SIDES[len(self.towers)]

    def visit(self, name: str) -> Visit:
        return next(visit for visit in self.visits if visit.name == name)

    def falls(self, number: int) -> tuple[float, float] | None:
        """From when to when a tower is seen to tip and what was on it to come to rest; None if it stands."""
        tower = self.towers[number]
        if tower.verdict == "stands":
            return None
        found, start = fall(tower), self.released[number] + LAG
        begins = int(np.argmax(np.abs(leant(found.poses[:, 0])) > LEANS))
        return round(start + float(found.times[begins]) * SLOW, 3), round(start + float(found.times[-1]) * SLOW, 3)


def timed(order: Sequence[tuple[str, bool, int | None]], first: float) -> tuple[Visit, ...]:
    """The visits of blocks (name, heavy, tower or None) to the balance, the first from a time on."""
    visits, now = [], first
    for name, heavy, tower in order:
        on = now + DOWN
        off = on + WEIGHED
        ends = off + (AWAY if tower is None else CARRIED)
        visits.append(Visit(name, heavy, tower, *(round(time, 3) for time in (now, on, off, ends))))
        now = ends + BETWEEN
    return tuple(visits)


def draw_camera(rng: Rng, towers: int) -> Camera:
    turn, height, away = math.radians(rng.uniform(-4, 4)), math.radians(rng.uniform(18, 21)), 12.0
    level = away * math.cos(height)
    target = (0.0, -0.6, 0.78 if towers == 3 else 0.62)
    eye = (level * math.sin(turn), target[1] - level * math.cos(turn), target[2] + away * math.sin(height))
    return Camera.still((round(eye[0], 4), round(eye[1], 4), round(eye[2], 4)), target, 24.0 if towers == 3 else 17.6)


def lay_out(episode: StacksEpisode, rng: Rng) -> Layout:
    """The clip in space and time."""
    keys = [np.arange(0.0, episode.duration + 0.04, 1 / 24)]
    for number, tower in enumerate(episode.towers):
        if tower.verdict != "stands":
            keys.append(episode.released[number] + LAG + fall(tower).times * SLOW)
    times = np.unique(np.concatenate(keys).round(6))
    hues = dict(zip((v.name for v in episode.visits), _coloured(rng, len(episode.visits)), strict=True))
    parts: list[tuple[Body, Array]] = []
    for number, tower in enumerate(episode.towers):
        parts += _tower(episode, number, tower, hues, times)
    for visit in episode.visits:
        if visit.tower is None:
            parts.append((_block(visit.name, hues[visit.name]), _along(_way(visit, None), times)))
    parts += [*_kerbs(len(episode.towers), len(times)), *_balance(episode.visits, times), *_hook(episode, times)]
    bodies, poses = zip(*parts, strict=True)
    world = World(episode.duration, bodies, times, np.stack(poses, axis=1), episode.camera, Ground())
    things = tuple(
        Thing(id=visit.name, kind="block", attributes={"letter": visit.name}, shape_fills_box=False)
        for visit in sorted(episode.visits, key=lambda visit: visit.name)
    )
    hidden = State(
        start=0.0,
        end=episode.duration,
        values={
            "towers": [
                {load.name: [load.place, load.under, load.weight] for load in tower.loads} for tower in episode.towers
            ]
        },
    )
    events = tuple(sorted(_events(episode), key=lambda event: event.start))
    return Layout(world, things, events, (hidden,), MappingProxyType({"hues": hues}))


def _coloured(rng: Rng, count: int) -> list[str]:
    hues: list[str] = []
    while len(hues) < count:
        hues += rng.shuffled(HUES)
    return hues[:count]


def _block(name: str, hue: str) -> Body:
    return Body(name, "box", (SIDE - GAP, SIDE - GAP, SIDE - GAP), hue)


def _along(path: Path, times: Array) -> Array:
    """(t, 7): poses of what goes from place to place, gently at both ends of each way."""
    own = np.tile(pose(path[0][1]), (len(times), 1))
    for (start, a), (end, b) in pairwise(path):
        share = np.clip((times - start) / max(end - start, 1e-6), 0.0, 1.0)
        soft = share * share * (3 - 2 * share)
        later = times > start
        own[later, :3] = (np.array(a) + (np.array(b) - np.array(a)) * soft[:, None])[later]
    return own


def _pan_height(down: bool) -> float:
    """Of the upper side of a pan."""
    return PIVOT + STEM + PAN[2] + (-SWING if down else SWING)


def _way(visit: Visit, load: tuple[float, float] | None) -> Path:
    """Where a block goes: from above to the pan, which sinks if it is heavy, and on to its place (x, height) or up again."""
    x, y = BALANCE[0] - ARM, BALANCE[1]
    lies, sunk = _pan_height(False) + SIDE / 2, _pan_height(visit.heavy) + SIDE / 2
    path: Path = [(visit.comes, (x, y, HIGH)), (visit.on, (x, y, lies)), (visit.on + 0.15, (x, y, lies))]
    path += [(visit.on + 0.6, (x, y, sunk)), (visit.off, (x, y, sunk))]
    if load is None:
        return [*path, (visit.ends, (x, y, HIGH))]
    up, over = visit.off + 0.35, visit.off + 0.85
    return [*path, (up, (x, y, CRUISE)), (over, (load[0], 0.0, CRUISE)), (visit.ends, (load[0], 0.0, load[1]))]


def _tower(
    episode: StacksEpisode, number: int, tower: Tower, hues: dict[str, str], times: Array
) -> Iterator[tuple[Body, Array]]:
    """Stand, plank, pins and blocks, with their poses."""
    many, released = len(times), episode.released[number]
    yield (
        Body(f"stand {number}", "box", (2 * STAND, DEEP, TALL), "grey", tracked=False),
        np.tile(pose((tower.x, 0.0, TALL / 2)), (many, 1)),
    )
    for side, way in (("left", -1), ("right", 1)):
        x = tower.x + way * PIN_AT
        path: Path = [(released, (x, 0.0, TALL / 2)), (released + DROPS, (x, 0.0, -TALL / 2 - 0.02))]
        own = _along(path, times)
        # at one speed: it must be out of the plank's way at once
        own[:, 2] = TALL / 2 - (TALL + 0.02) * np.clip((times - released) / DROPS, 0.0, 1.0)
        yield Body(f"{side} pin {number}", "box", (PIN, PIN, TALL), "black", "metal", tracked=False), own
    plank = np.tile(pose((tower.x, 0.0, TALL + THICK / 2)), (many, 1))
    blocks = [
        _along(_way(episode.visit(load.name), (tower.x + load.spot[0], load.spot[1])), times) for load in tower.loads
    ]
    if tower.verdict != "stands":
        found, start = fall(tower), released + LAG
        some = placed(tower.loads, tower.x)[FIXED:]
        film = World(1.0, tuple(one.body for one in some), found.times * SLOW + start, found.poses, episode.camera)
        falling = film.poses_at(times)
        after = times >= start - 1e-9
        for i, own in enumerate((plank, *blocks)):
            own[after] = falling[after, i]
    yield Body(f"plank {number}", "box", (PLANK, DEEP, THICK), "brown", tracked=False), plank
    for load, own in zip(tower.loads, blocks, strict=True):
        yield _block(load.name, hues[load.name]), own


def _kerbs(towers: int, many: int) -> Iterator[tuple[Body, Array]]:
    for i in range(towers + 1):
        x = (i - towers / 2) * APART
        yield (
            Body(f"kerb {i}", "box", KERB, "grey", tracked=False),
            np.tile(pose((x, 0.0, KERB[2] / 2)), (many, 1)),
        )


def _balance(visits: Sequence[Visit], times: Array) -> Iterator[tuple[Body, Array]]:
    """Base, beam, pans with their stems, and the counterweight."""
    x, y = BALANCE
    low: Path = [(0.0, (SWING, 0.0, 0.0))]
    for visit in visits:
        if visit.heavy:
            low += [(visit.on + 0.15, (SWING, 0.0, 0.0)), (visit.on + 0.6, (-SWING, 0.0, 0.0))]
            low += [(visit.off + 0.05, (-SWING, 0.0, 0.0)), (visit.off + 0.5, (SWING, 0.0, 0.0))]
    lift = _along(low, times)[:, 0]
    many = len(times)
    yield (
        Body("balance", "box", (0.12, 0.2, PIVOT), "grey", tracked=False),
        np.tile(pose((x, y, PIVOT / 2)), (many, 1)),
    )
    beam, turn = np.tile(pose((x, y, PIVOT)), (many, 1)), np.arcsin(lift / ARM)
    beam[:, 3:] = np.stack([0 * turn, np.sin(turn / 2), 0 * turn, np.cos(turn / 2)], axis=1)
    yield Body("beam", "box", (2 * ARM + 0.06, 0.06, 0.06), "black", "metal", tracked=False), beam
    for name, way in (("left", -1), ("right", 1)):
        at = PIVOT - way * lift
        for part, size, above in (("stem", (0.05, 0.05, STEM), STEM / 2), ("pan", PAN, STEM + PAN[2] / 2)):
            own = np.tile(pose((x + way * ARM, y, 0.0)), (many, 1))
            own[:, 2] = at + above
            yield Body(f"{name} {part}", "box", size, "black", "metal", tracked=False), own
    counter = np.tile(pose((x + ARM, y, 0.0)), (many, 1))
    counter[:, 2] = PIVOT - lift + STEM + PAN[2] + COUNTER[2] / 2
    yield Body("counterweight", "cylinder", COUNTER, "grey", "metal", tracked=False), counter


def _hook(episode: StacksEpisode, times: Array) -> Iterator[tuple[Body, Array]]:
    """A rod with a plate that holds blocks from above, and lets go of them on the balance."""
    x, y = BALANCE[0] - ARM, BALANCE[1]
    path: Path = [(episode.visits[0].comes - 0.02, (x, y, PARKED))]
    for visit in episode.visits:
        spot = None
        if visit.tower is not None:
            tower = episode.towers[visit.tower]
            x, height = tower.load(visit.name).spot
            spot = (tower.x + x, height)
        way = [(time, (x, y, z + SIDE / 2)) for time, (x, y, z) in _way(visit, spot)]
        (x, y, z), (_, _, sunk) = way[1][1], way[4][1]
        loose: Path = [(visit.on + 0.3, (x, y, z + LIFTED)), (visit.off - 0.3, (x, y, z + LIFTED))]
        path += [*way[:2], *loose, (visit.off, (x, y, sunk)), *way[5:]]
        x, y, z = way[-1][1]
        path += [(visit.ends + 0.05, (x, y, z)), (visit.ends + BETWEEN - 0.02, (x, y, HIGH + SIDE))]
    path.append((path[-1][0] + 0.02, (x, y, PARKED)))
    own = _along(path, times)
    for name, shape, size in (("grip", "box", (0.22, 0.22, 0.05)), ("rod", "cylinder", (0.06, 0.06, 4.0))):
        part = own.copy()
        part[:, 2] += size[2] / 2 + (0.05 if name == "rod" else 0.0)
        yield Body(name, shape, size, "grey", "metal", tracked=False), part  # type: ignore[arg-type]


def _events(episode: StacksEpisode) -> Iterator[Event]:
    for visit in episode.visits:
        yield Event(id=f"weigh-{visit.name}", kind="weigh", objects=(visit.name,), start=visit.on, end=visit.off)
        kind = "discard" if visit.tower is None else "put"
        where = {} if visit.tower is None else {"tower": episode.sides[visit.tower]}
        yield Event(
            id=f"{kind}-{visit.name}",
            kind=kind,
            objects=(visit.name,),
            start=visit.off,
            end=visit.ends,
            values={**where},
        )
    for number, tower in enumerate(episode.towers):
        start, side = episode.released[number], episode.sides[number]
        yield Event(
            id=f"release-{side}",
            kind="release",
            objects=(),
            start=start,
            end=round(start + DROPS, 3),
            values={"tower": side},
        )
        if (when := episode.falls(number)) is not None:
            yield Event(
                id=f"tip-{side}",
                kind="tip",
                objects=tower.names,
                start=when[0],
                end=when[1],
                causes=(f"release-{side}",),
                values={"tower": side, "to": str(tower.verdict)},
            )


def draw_towers(layout: Layout, stage: Any, style: Style) -> None:
    """Let the letters into the fronts of the blocks."""
    from morse.stage.lettering import outline, rings

    upright = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
    for name, hue in layout.details["hues"].items():
        ink = "#16181c" if brightness(style.colour(hue)) > 0.42 else "#fafafa"
        letter = flat(rings(outline(name, 0.98 * SIDE, "DejaVu Sans", "bold")))
        stage.inlay(name, moved(letter, upright, np.array([0.0, -SIDE / 2 - HIGHER, 0.0])), ink)
