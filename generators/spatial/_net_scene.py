"""A net on its stand, in space and time: cards that come one by one, lids that close over what is on them, turns, and a fold."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from generators.spatial._net_world import Net
from generators.spatial._roll_looks import COLOURS, FIGURES
from morse.layout import Layout
from morse.meshes import Mesh, flat, mesh_from_faces, moved
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.stage.marks import MARKS
from morse.style import Style
from morse.world import ASPECT, Body, Camera, World, pose

Array = np.ndarray
SIDE = 0.5
"""Metres: the side of a card of length 1."""
CARD, TILE, LID = 0.045, 0.012, 0.022
"""Metres: how thick a card is, the tile on it that bears the mark, and its lid."""
GAP, RIM, EDGE = 0.012, 0.036, 0.026
"""Metres by which a card, its tile and its lid are smaller all round than its place in the net."""
STAND = 1.15
"""Metres: the height of the stand."""
SHOWS = 0.002
"""Metres by which a tile, which is let into its card, stands out of it."""
OPEN = math.radians(116)
COMES, CLOSES, TURNS, FOLDS = 0.9, 0.55, 1.1, 2.4
"""Seconds of each movement."""
AWAY = np.array([0.0, 3.3, 1.5])
"""Where cards wait, from their places (metres): out of sight."""
FOV, ROOM = 30.0, 0.94
HIGHER = 0.0012
FIGURED: dict[str, tuple[Array, ...]] = {name: FIGURES[name] for name in FIGURES} | {
    name: (MARKS[name],) for name in ("crescent", "hourglass")
}
"""The outlines of the figures on cards; inside a second outline there is nothing."""


def mark_names(count: int, rng: Rng) -> list[str]:
    """So many names, of different colours and figures: "red star"; and one more, if there is another colour and figure."""
    pairs = zip(rng.shuffled([*COLOURS]), rng.shuffled([*FIGURED]), strict=True)
    return [f"{colour} {figure}" for colour, figure in pairs][: count + 1]


@dataclass(frozen=True)
class Look:
    """Colours by name."""

    card: str
    lid: str
    stand: str


LOOKS = (
    Look("brown", "white", "grey"),
    Look("black", "grey", "brown"),
    Look("grey", "white", "brown"),
    Look("black", "white", "brown"),
    Look("white", "brown", "grey"),
    Look("brown", "grey", "black"),
)


@dataclass(frozen=True)
class Plan:
    """When what happens, in seconds: for each card the spans of coming and of closing, the span of each turn, that of the fold,
    and the clip's duration."""

    comes: tuple[tuple[float, float], ...]
    closes: tuple[tuple[float, float], ...]
    turns: tuple[tuple[float, float], ...]
    folds: tuple[float, float]
    duration: float


def _schedule(net: Net, rng: Rng) -> Plan:
    time, comes, closes, turns = rng.uniform(0.4, 0.8), [], [], []

    def span(seconds: float) -> tuple[float, float]:
        nonlocal time
        start, time = round(time, 3), round(time + seconds, 3)
        return start, time

    for place in range(len(net.cards)):
        comes.append(span(COMES))
        time += net.hold * rng.uniform(1.0, 1.12)
        closes.append(span(CLOSES))
        for turn in net.turns:
            if turn.after == place + 1:
                time += net.pause * rng.uniform(0.8, 1.2)
                turns.append(span(TURNS))
        time += net.pause * rng.uniform(0.8, 1.2)
    time += rng.uniform(1.6, 2.0)
    folds = span(FOLDS)
    return Plan(tuple(comes), tuple(closes), tuple(turns), folds, round(time + rng.uniform(0.8, 1.3), 3))


def lay_out(net: Net, rng: Rng) -> Layout:
    """The clip in space and time."""
    plan, look = _schedule(net, rng.fork("times")), rng.choice(LOOKS)
    filming = _Filming(net, plan)
    bodies = [*filming.bodies(look), *_stand(look)]
    moving = filming.poses()
    places = (STAND / 2 - CARD / 2, 0.03)
    still = np.array([pose((0.0, 0.0, height)) for height in places])
    poses = np.concatenate([moving, np.repeat(still[None], len(moving), axis=0)], axis=1)
    camera = _camera(net, math.radians(rng.uniform(55, 60)))
    world = World(plan.duration, tuple(bodies), filming.times, poses, camera)
    things = [
        Thing(id=mark_id(name), kind="mark", attributes={"name": name}, colour=name.split()[0], shape_fills_box=False)
        for name in net.names
    ] + [Thing(id=f"lid-{place}", kind="lid", shape_fills_box=False) for place in range(1, len(net.cards) + 1)]
    return Layout(world, tuple(things), tuple(_events(net, plan)), (), MappingProxyType({"plan": plan}))


def mark_id(name: str) -> str:
    """What tracks call the mark of a card."""
    return name.replace(" ", "-")


def _events(net: Net, plan: Plan) -> Iterator[Event]:
    for place, card in enumerate(net.cards):
        name, parent = net.names[place], card.parent
        objects = (mark_id(name),) if parent is None else (mark_id(name), mark_id(net.names[parent]))
        points = net.pointed(place)
        yield Event(
            id=f"come-{place + 1}", kind="come", objects=objects, start=plan.comes[place][0], end=plan.closes[place][1],
            values={"points": [round(points.real, 6) + 0.0, round(points.imag, 6) + 0.0]},
        )  # fmt: skip
        for number, (turn, (start, end)) in enumerate(zip(net.turns, plan.turns, strict=True), 1):
            if turn.after == place + 1:
                way = "clockwise" if turn.clockwise else "anticlockwise"
                yield Event(id=f"turn-{number}", kind="turn", objects=("stand", way), start=start, end=end)
    yield Event(id="fold", kind="fold", objects=("net",), start=plan.folds[0], end=plan.folds[1])


def _stand(look: Look) -> list[Body]:
    pole = Body("pole", "cylinder", (0.1, 0.1, STAND - CARD), look.stand, "metal", static=True, tracked=False)
    foot = Body("foot", "cylinder", (0.7, 0.7, 0.06), look.stand, "metal", static=True, tracked=False)
    return [pole, foot]


class _Filming:
    """Works out the poses of cards, tiles and lids at all keys at once."""

    def __init__(self, net: Net, plan: Plan) -> None:
        self.net, self.plan = net, plan
        spans = [(*plan.comes, 10), (*plan.closes, 8), (*plan.turns, 10), (plan.folds, 12)]
        keys = [0.0, plan.duration]
        for *some, steps in spans:
            for start, end in some:
                keys += [start + (end - start) * k / steps for k in range(steps + 1)]
        self.times = np.unique(np.round(keys, 4))
        self.yaw = np.zeros(len(self.times))
        for turn, span in zip(net.turns, plan.turns, strict=True):
            self.yaw += (-1 if turn.clockwise else 1) * math.pi / 2 * self.share(span)
        self.corners = [np.stack([np.real(flat), np.imag(flat)], axis=1) * SIDE for flat in net.flat]
        self.middles = [(c.min(axis=0) + c.max(axis=0)) / 2 for c in self.corners]

    def share(self, span: tuple[float, float]) -> Array:
        """How much of a movement is done at each key: soft at both ends."""
        p = np.clip((self.times - span[0]) / (span[1] - span[0]), 0.0, 1.0)
        return p * p * (3 - 2 * p)

    def bodies(self, look: Look) -> Iterator[Body]:
        """For each card the card itself, the tile with the mark, and the lid."""
        for place, name in enumerate(self.net.names):
            own = self.corners[place] - self.middles[place]
            box = self.net.solid.upright
            yield _plate(f"card-{place + 1}", inset(own, GAP), CARD, look.card, box, tracked=False)
            yield _plate(mark_id(name), inset(own, RIM), TILE, name.split()[0], box)
            yield _plate(f"lid-{place + 1}", inset(own, EDGE), LID, look.lid, box)

    def poses(self) -> Array:
        """(keys, bodies, 7)."""
        net, count = self.net, len(self.times)
        stand = _about(np.zeros(3), np.array([0.0, 0.0, 1.0]), self.yaw)
        stand[:, 2, 3] += STAND
        fold = self.share(self.plan.folds) * net.folded
        frames: list[Array] = []
        found = []
        for place, card in enumerate(net.cards):
            frame = np.broadcast_to(np.eye(4), (count, 4, 4))
            if card.parent is not None:
                corners = self.corners[card.parent]
                a, b = corners[card.at], corners[(card.at + 1) % len(corners)]
                own, other = (net.solid.normals[net.cards[i].face] for i in (place, card.parent))
                angle = math.acos(float(np.clip(own @ other, -1.0, 1.0)))
                frame = frames[card.parent] @ _about(np.array([*a, 0.0]), np.array([*(b - a), 0.0]), fold * angle)
            frames.append(frame)
            waits = np.eye(4) + np.zeros((count, 4, 4))
            waits[:, :3, 3] = AWAY * (1 - self.share(self.plan.comes[place]))[:, None]
            whole = waits @ stand @ frame
            middle = self.middles[place]
            for height in (0.0, CARD / 2 - TILE / 2 + SHOWS):
                found.append(_as_pose(whole, np.array([*middle, height])))
            side = self.hinge(place)
            corners = inset(self.corners[place], EDGE)
            a, b = corners[side], corners[(side + 1) % len(corners)]
            height = CARD / 2 + LID / 2 + 2 * SHOWS
            opened = OPEN * (1 - self.share(self.plan.closes[place]))
            lid = whole @ _about(np.array([*a, height - LID / 2]), np.array([*(b - a), 0.0]), opened)
            found.append(_as_pose(lid, np.array([*middle, height])))
        return np.stack(found, axis=1)

    def hinge(self, place: int) -> int:
        """The side of a card at which its lid hangs: the one farthest from the viewer as the card comes."""
        corners = self.net.flat[place]
        yaw = float(np.interp(self.plan.comes[place][1], self.times, self.yaw))
        away = [-1j * (np.roll(corners, -1) - corners)[side] for side in range(len(corners))]
        turned = [(way / abs(way) * complex(math.cos(yaw), math.sin(yaw))).imag for way in away]
        return int(np.argmax(np.round(turned, 6)))


def inset(corners: Array, by: float) -> Array:
    """A convex polygon (n, 2), anticlockwise, with its sides moved inward."""
    sides = np.roll(corners, -1, axis=0) - corners
    inward = np.stack([-sides[:, 1], sides[:, 0]], axis=1) / np.linalg.norm(sides, axis=1)[:, None]
    before = np.roll(inward, 1, axis=0)
    return corners + by * (inward + before) / (1 + (inward * before).sum(axis=1))[:, None]


def _plate(name: str, corners: Array, thick: float, colour: str, box: bool, tracked: bool = True) -> Body:
    low, high = corners.min(axis=0), corners.max(axis=0)
    size = (float(high[0] - low[0]), float(high[1] - low[1]), thick)
    if box:
        return Body(name, "box", size, colour, tracked=tracked)
    return Body(name, "mesh", size, colour, tracked=tracked, mesh=_prism(corners, thick))


def _prism(corners: Array, thick: float) -> Mesh:
    count = len(corners)
    points = np.concatenate([np.c_[corners, np.full(count, z)] for z in (-thick / 2, thick / 2)])
    fan = [(0, i, i + 1) for i in range(1, count - 1)]
    faces = [(a + count, b + count, c + count) for a, b, c in fan] + [(a, c, b) for a, b, c in fan]
    for i in range(count):
        j = (i + 1) % count
        faces += [(i, j, j + count), (i, j + count, i + count)]
    return mesh_from_faces(points, np.array(faces))


def _about(point: Array, axis: Array, angles: Array) -> Array:
    """(n, 4, 4): turns by some angles about a line."""
    x, y, z = axis / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    turns = np.eye(3) + np.sin(angles)[:, None, None] * cross + (1 - np.cos(angles))[:, None, None] * cross @ cross
    found = np.zeros((len(angles), 4, 4))
    found[:, :3, :3], found[:, :3, 3], found[:, 3, 3] = turns, point - turns @ point, 1.0
    return found


def _as_pose(frames: Array, middle: Array) -> Array:
    """(n, 7): the poses of what has its middle at a point of some frames (n, 4, 4)."""
    turn = frames[:, :3, :3]
    place = turn @ middle + frames[:, :3, 3]
    trace = turn[:, 0, 0] + turn[:, 1, 1] + turn[:, 2, 2]
    # the largest of the four squares is a safe divisor
    squares = np.stack([*(1 + 2 * turn[:, i, i] - trace for i in range(3)), 1 + trace], axis=1)
    x = turn[:, 2, 1] - turn[:, 1, 2], turn[:, 0, 2] - turn[:, 2, 0], turn[:, 1, 0] - turn[:, 0, 1]
    sums = np.zeros((len(turn), 4, 4))
    for i in range(3):
        for j in range(3):
            sums[:, i, j] = turn[:, i, j] + turn[:, j, i] if i != j else squares[:, i]
        sums[:, i, 3] = sums[:, 3, i] = x[i]
    sums[:, 3, 3] = squares[:, 3]
    rows = sums[np.arange(len(turn)), squares.argmax(axis=1)]
    return np.concatenate([place, rows / np.linalg.norm(rows, axis=1, keepdims=True)], axis=1)


def _camera(net: Net, height: float) -> Camera:
    """A camera in front of the net, as near as has all that it may turn and fold into in view."""
    reach = SIDE * max(float(np.abs(corners).max()) for corners in net.flat)
    angles = np.linspace(0.0, 2 * math.pi, 24, endpoint=False)
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1) * reach
    levels = ((1.0, STAND), (0.75, STAND - 0.8 * SIDE), (0.9, STAND + 0.75 * SIDE))  # flat, folding, and with lids open
    points = np.concatenate([np.c_[share * ring, np.full(len(ring), level)] for share, level in levels])
    away = np.array([0.0, -math.cos(height), math.sin(height)])
    _, turns, focals = Camera.still((away[0], away[1], away[2]), (0.0, 0.0, 0.0), FOV).axes(np.zeros(1))
    found = []
    for shift in np.linspace(-0.6, 0.6, 25):
        target = np.array([0.0, shift, STAND])
        right, up, forward = turns[0] @ (points - target).T
        far = np.maximum(np.abs(right) / ASPECT, np.abs(up)) * float(focals[0]) / ROOM - forward
        found.append((float(far.max()), target))
    distance, target = min(found, key=lambda one: one[0])
    ex, ey, ez = (target + away * distance).tolist()
    return Camera.still((ex, ey, ez), (0.0, float(target[1]), STAND), FOV)


def draw_marks(net: Net, stage: Any, style: Style) -> None:
    """Put a figure on each tile, upright for who looks along its arrowhead, and the arrowhead beside it."""
    for place, name in enumerate(net.names):
        colour, figure = name.split()
        corners, points = net.flat[place], net.pointed(place)
        middle = (
            complex(np.real(corners).min(), np.imag(corners).min())
            + complex(np.real(corners).max(), np.imag(corners).max())
        ) / 2
        centre = corners.mean() - middle
        side = corners[net.cards[place].pointer]
        far = float(((side - corners.mean()) * points.conjugate()).real) - RIM / SIDE
        sides = np.roll(corners, -1) - corners
        near = float(((corners - corners.mean()) * np.conj(-1j * sides / abs(sides))).real.min()) - RIM / SIDE
        size, low = (0.76 * near, 0.36 * near) if len(corners) == 3 else (0.62 * near, 0.26 * near)
        turn = points / 1j  # what points up is turned to point along
        head = np.array([(-0.5, -1.0), (0.5, -1.0), (0.0, 0.0)]) * (0.5 * near, 0.36 * near) + (0.0, far - 0.08 * near)
        rings = [ring * size - (0.0, low) for ring in FIGURED[figure]]
        for outlines in (rings, [head]):
            placed = []
            for ring in outlines:
                spots = (ring[:, 0] + 1j * ring[:, 1]) * turn + centre
                placed.append(np.stack([spots.real, spots.imag], axis=1) * SIDE)
            lifted = moved(flat(placed), np.eye(3), np.array([0.0, 0.0, TILE / 2 + HIGHER]))
            stage.inlay(mark_id(name), lifted, style.colour(COLOURS[colour]))
