"""A board, a cube and the case that closes around it, in space and time."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from pydantic import JsonValue

from generators.spatial._roll_path import WAYS, Act, Board, Rolling, Tile
from morse.layout import Layout
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.world import ASPECT, Body, Camera, World, pose

Array = np.ndarray
TILE, RIM, TOP = 0.5, 0.34, 0.05
"""Metres: a tile's side, which is the case's too, the rim around the board, and the board's height."""
HALF = TILE / 2
CUBE = 0.95 * TILE
PLATE, SIGN, THIN = 0.84 * TILE, 0.28, 0.012
"""The sides of a marked tile's plate and of a sign on the rim, and how thick both are (they are let into the board)."""
TAKEN, RAISED, FLIPPED = 1.1, 0.6, 1.7
"""Seconds: to take the case away, to lift the cube, to tip it over."""
LIFT, AWAY = 0.34, 2.6
"""How far the cube is lifted to be looked at, and the case taken up out of sight."""
FOV = 34.0
ROOM, INNER = 0.93, 0.62
"""The share of the frame in which the board lies, and the share of the board over which there is room for the cube."""
TIPPED = math.radians(27)
STEPS = 12
"""Keys of a quarter turn."""


@dataclass(frozen=True)
class Look:
    """The colours of a board by name (``#rrggbb`` for those of its tiles)."""

    case: str
    rim: str
    tiles: tuple[str, str]
    plate: str
    letter: str


LOOKS = (
    Look("white", "brown", ("#8d8375", "#a39a8b"), "black", "white"),
    Look("brown", "black", ("#8a929b", "#a2a9b1"), "white", "black"),
    Look("grey", "black", ("#6d7f74", "#80917f"), "white", "black"),
    Look("white", "black", ("#5f6f86", "#71819a"), "black", "white"),
    Look("brown", "white", ("#b3a68e", "#c4b8a2"), "black", "white"),
    Look("grey", "brown", ("#a08c78", "#b29f8b"), "white", "black"),
)


@dataclass(frozen=True)
class Schedule:
    """When what happens, in seconds: when the case is ``lifted``, how long each of two ``looks`` at the cube is, when it is seen
    (``show``), the span of each act, and the clip's duration."""

    lifted: float
    looks: tuple[float, float]
    show: tuple[float, float]
    acts: tuple[tuple[float, float], ...]
    duration: float


def lay_out(rolling: Rolling, rng: Rng) -> Layout:
    """The clip in space and time."""
    board, plan = rolling.board, _schedule(rolling, rng.fork("times"))
    # from the south or the north, so that the longer side lies across the frame, but always past a corner
    azimuth = math.radians(rng.choice((-90, 90)) + rng.choice((-1, 1)) * rng.uniform(28, 44))
    look = rng.choice(LOOKS)
    slab = Body("board", "box", _slab(board), look.rim, static=True, tracked=False, opaque=False)
    camera = _camera(_slab(board), azimuth, math.radians(rng.uniform(42, 50)))
    filming = Filming(rolling.start, board)
    filming.show(plan, _flip_axis(azimuth))
    for act, (start, end) in zip(rolling.acts, plan.acts, strict=True):
        filming.act(act, start, end)
    lying = {f"tile-{letter}": filming.over(tile) for letter, tile in rolling.letters.items()} | _signs(board)
    sides = {name: PLATE if name.startswith("tile") else SIGN for name in lying}
    flat = [Body(name, "box", (side, side, THIN), look.plate, static=True) for name, side in sides.items()]
    spots = np.array([(*place[:2], TOP - THIN / 4) for place in lying.values()])
    still = np.array([pose((0.0, 0.0, TOP / 2)), *(pose(tuple(spot)) for spot in spots.tolist())])
    moving = np.array(filming.keys)
    poses = np.concatenate([moving, np.repeat(still[None], len(moving), axis=0)], axis=1)
    case = Body("case", "box", (TILE, TILE, TILE), look.case)
    cube = Body("cube", "box", (CUBE, CUBE, CUBE), "black")
    world = World(plan.duration, (case, cube, slab, *flat), np.array(filming.times), poses, camera)
    return Layout(
        world,
        tuple(_things(rolling, lying)),
        tuple(_events(rolling, plan)),
        tuple(_states(rolling, plan)),
        MappingProxyType({"look": look, "azimuth": azimuth}),
    )


def _things(rolling: Rolling, lying: Iterable[str]) -> Iterator[Thing]:
    faces: dict[str, JsonValue] = {"faces": [*sorted(rolling.faces.values())]}
    yield Thing(id="case", kind="case")
    yield Thing(id="cube", kind="cube", attributes=faces)
    for name in lying:
        kind, _, letter = name.partition("-")
        attributes: dict[str, JsonValue] = {"letter": letter or kind[0].upper()}
        yield Thing(id=name, kind="tile" if letter else "sign", attributes=attributes, shape_fills_box=False)


def _events(rolling: Rolling, plan: Schedule) -> Iterator[Event]:
    start, end = plan.show
    yield Event(id="show", kind="show", objects=("cube",), start=start, end=end, values=dict(rolling.faces))
    for number, (act, (start, end)) in enumerate(zip(rolling.acts, plan.acts, strict=True), 1):
        yield Event(id=f"act-{number}", kind=act.kind, objects=("case", act.way), start=start, end=end)


def _states(rolling: Rolling, plan: Schedule) -> Iterator[State]:
    """Where the marked tiles are, and where the case stands at first: column and row."""
    tiles: dict[str, JsonValue] = {letter: f"{x} {y}" for letter, (x, y) in rolling.letters.items()}
    yield State(start=0.0, end=plan.duration, values=tiles, shown=True)
    x, y = rolling.start
    yield State(start=0.0, end=plan.lifted, values={"case": f"{x} {y}"}, shown=True)


class Filming:
    """Writes the poses of case and cube, one key after the other."""

    def __init__(self, start: Tile, board: Board) -> None:
        self.corner = -np.array([board.columns - 1, board.rows - 1]) * TILE / 2
        self.times: list[float] = []
        self.keys: list[tuple[Array, Array]] = []
        self.place, self.turn = self.over(start), np.array([0.0, 0.0, 0.0, 1.0])

    def over(self, tile: Tile) -> Array:
        """The middle of the case on a tile."""
        return np.array([*(self.corner + np.array(tile) * TILE), TOP + HALF])

    def key(self, time: float, case: Array, cube: Array) -> None:
        """Case and cube, as poses (7,), at a time."""
        self.times.append(time)
        self.keys.append((case, cube))

    def both(self, time: float) -> None:
        """Cube and case as one at a time."""
        here = np.concatenate([self.place, self.turn])
        self.key(time, here, here)

    def show(self, plan: Schedule, axis: Array) -> None:
        """Take the case away, lift the cube, tip it over by a half turn about ``axis``, and put the case back."""
        first = np.concatenate([axis, [0.0]])
        down, above, high = self.place, self.place + [0.0, 0.0, AWAY], self.place + [0.0, 0.0, LIFT]
        self.key(0.0, _upright(down), np.concatenate([down, first]))
        time = plan.lifted
        self.key(time, _upright(down), np.concatenate([down, first]))
        for share, eased in _eased(8):
            self.key(time + TAKEN * share, _upright(down + (above - down) * eased), np.concatenate([down, first]))
        time += TAKEN
        for share, eased in _eased(8):
            self.key(time + RAISED * share, _upright(above), np.concatenate([down + (high - down) * eased, first]))
        time += RAISED + plan.looks[0]
        self.key(time, _upright(above), np.concatenate([high, first]))
        for share, eased in _eased(2 * STEPS):
            half = (1 - eased) * math.pi / 2
            turn = np.array([*(axis * math.sin(half)), math.cos(half)])
            self.key(time + FLIPPED * share, _upright(above), np.concatenate([high, turn]))
        time += FLIPPED + plan.looks[1]
        self.key(time, _upright(above), _upright(high))
        for share, eased in _eased(8):
            self.key(time + RAISED * share, _upright(above), _upright(high + (down - high) * eased))
        time += RAISED
        for share, eased in _eased(8):
            self.key(time + TAKEN * share, _upright(above + (down - above) * eased), _upright(down))

    def act(self, act: Act, start: float, end: float) -> None:
        """A movement of the case, with the cube in it."""
        self.both(start)
        east, north = WAYS[act.way]
        away, first, before = np.array([east, north, 0.0]), self.place, self.turn.tolist()
        for share, eased in _eased(STEPS if act.kind != "slide" else 8):
            if act.kind == "slide":
                self.place = first + away * (TILE * eased)
            else:
                angle = eased * math.pi / 2 if act.kind == "roll" else TIPPED * math.sin(math.pi * share) ** 2
                cos, sin = math.cos(angle / 2), math.sin(angle / 2)
                along, rise = 1 - math.cos(angle) + math.sin(angle), math.cos(angle) + math.sin(angle) - 1
                self.place = first + [HALF * along * east, HALF * along * north, HALF * rise]
                self.turn = _product((-north * sin, east * sin, 0.0, cos), before)
            self.both(start + (end - start) * share)


def _upright(place: Array) -> Array:
    return np.array([*place, 0.0, 0.0, 0.0, 1.0])


def _eased(steps: int) -> list[tuple[float, float]]:
    """Shares of a movement's time, and how far it is then: nearly even, but soft at both ends."""
    return [(p, 0.5 * p + 0.5 * p * p * (3 - 2 * p)) for p in (k / steps for k in range(1, steps + 1))]


def _product(q: Sequence[float], r: Sequence[float]) -> Array:
    """The quaternion (x, y, z, w) of the rotation r followed by q."""
    a, b, c, d = q
    x, y, z, w = r
    return np.array(
        [
            d * x + w * a + b * z - c * y,
            d * y + w * b + c * x - a * z,
            d * z + w * c + a * y - b * x,
            d * w - a * x - b * y - c * z,
        ]
    )


def _slab(board: Board) -> tuple[float, float, float]:
    """The size of the board with its rim."""
    return (board.columns * TILE + 2 * RIM, board.rows * TILE + 2 * RIM, TOP)


def _signs(board: Board) -> dict[str, Array]:
    """Where the signs of the four ways lie: in the middle of each side's rim."""
    x, y, _ = (side / 2 - RIM / 2 for side in _slab(board))
    return {way: np.array([east * x, north * y, TOP]) for way, (east, north) in WAYS.items()}


def _camera(slab: tuple[float, float, float], azimuth: float, height: float) -> Camera:
    """A camera (angles in radians) as near as has the whole board in view, with room above for the lifted cube."""
    x, y, _ = (side / 2 for side in slab)
    points = np.array(
        [(a * x, b * y, 0.0) for a in (-1, 1) for b in (-1, 1)]
        + [(a * INNER * x, b * INNER * y, LIFT + TILE) for a in (-1, 1) for b in (-1, 1)]
    )
    aside = np.array([math.cos(azimuth), math.sin(azimuth)])
    away = np.array([*(aside * math.cos(height)), math.sin(height)])
    still = Camera.still((away[0], away[1], away[2]), (0.0, 0.0, 0.0), FOV)
    _, turns, focals = still.axes(np.zeros(1))
    found = []
    for shift in np.linspace(-0.6, 0.6, 25):
        target = np.array([*(aside * shift), 0.0])
        right, up, forward = turns[0] @ (points - target).T
        reach = np.maximum(np.abs(right) / ASPECT, np.abs(up)) * float(focals[0]) / ROOM - forward
        found.append((float(reach.max()), target))
    distance, target = min(found, key=lambda one: one[0])
    ex, ey, ez = (target + away * distance).tolist()
    return Camera.still((ex, ey, ez), (float(target[0]), float(target[1]), 0.0), FOV)


def _flip_axis(azimuth: float) -> Array:
    """The horizontal diagonal of the cube about which a half turn swaps the three faces that a camera sees with the others."""
    quarter = math.floor(azimuth / (math.pi / 2)) * math.pi / 2 + math.pi / 4
    return np.array([-math.sin(quarter), math.cos(quarter), 0.0])


def _schedule(rolling: Rolling, rng: Rng) -> Schedule:
    lifted = rng.uniform(0.5, 0.9)
    looks = (rolling.hold + rng.uniform(0.0, 0.4), rolling.hold + rng.uniform(0.0, 0.4))
    seen = lifted + TAKEN + RAISED
    unseen = seen + looks[0] + FLIPPED + looks[1]
    time = unseen + RAISED + TAKEN + rng.uniform(0.4, 0.8)
    spans = []
    for act in rolling.acts:
        took = rng.uniform(0.92, 1.06) if act.kind == "roll" else rng.uniform(0.86, 1.0)
        spans.append((round(time, 3), round(time + took, 3)))
        time += took + rolling.pause * rng.uniform(0.75, 1.25)
    return Schedule(
        lifted, looks, (round(seen, 3), round(unseen, 3)), tuple(spans), round(time + rng.uniform(0.3, 1.0), 3)
    )
