"""The board in space and time: chute, doors, bins, screens and balls, and what is seen to happen."""

import math
from typing import NamedTuple

import numpy as np
from pydantic import JsonValue

from generators.physical._chute_board import (
    DEEP,
    END,
    GAP,
    MOUTH,
    OPEN,
    PLANK,
    RADIUS,
    RIM,
    START,
    STOP,
    SWING,
    WALL,
    Array,
)
from generators.physical._chute_plan import Chute, Swings
from morse.layout import Layout
from morse.physics import SAMPLE
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.world import Body, Camera, Vector, World, pose

WOODS = (("white", "brown", "grey"), ("grey", "white", "brown"), ("white", "grey", "brown"), ("grey", "brown", "white"))
"""Colours of the board, of the chute and the bins, and of doors and screens."""
PLATE, HIGHER = 0.36, 0.62
"""The side of a number plate on the board, and how far it is above the chute, in metres."""
BELOW, ABOVE, OUTSIDE, INSIDE = 0.74, 0.42, 0.1, 0.22
"""How far a screen reaches below and above a door, and beside it: away from the middle and, where more is seen behind it, towards it."""
BALL = (2 * RADIUS, 2 * RADIUS, 2 * RADIUS)
KEYS = 1 / 30
"""Seconds between the poses of the scene."""
THICK, TOP = 0.06, 3.2
"""How thick and how high the board is."""


class Look(NamedTuple):
    """The colours of the board, of the chute and the bins, and of doors and screens."""

    board: str
    wood: str
    door: str


def layout_of(chute: Chute, rng: Rng) -> Layout:
    """The clip in space and time."""
    look = Look(*rng.fork("look").choice(WOODS))
    side = -1.0 if chute.mirrored else 1.0
    bodies, poses = _fixed(chute, look)
    clock = np.arange(0.0, chute.duration + KEYS, KEYS)
    ways: list[Array] = [np.repeat(one[None], len(clock), axis=0) for one in poses]
    for door, swings in enumerate(chute.swings):
        bodies.append(Body(f"door {chute.number(door)}", "box", (GAP - 0.02, DEEP, PLANK), look.door, "metal"))
        ways.append(_door_way(chute, door, swings, clock))
    for ball in range(len(chute.into)):
        bodies.append(Body(f"ball {ball + 1}", "sphere", BALL, chute.tints[ball]))
        ways.append(_ball_way(chute, ball, clock))
    seen = np.stack(ways, axis=1)
    if chute.mirrored:  # the same, seen in a mirror: all turns are about the y axis
        seen[..., 0] *= -1
        seen[..., 4] *= -1
    world = World(chute.duration, tuple(bodies), clock, seen, _camera(rng.fork("camera"), side))
    recorded: dict[str, JsonValue] = {
        "doors": chute.board.doors, "speed": chute.board.speed, "slope": chute.board.slope, "mirrored": chute.mirrored,
        "marks": [f"{colour} {mark}" for colour, mark in chute.marks.items()],
    }  # fmt: skip
    start = State(start=0.0, end=chute.duration, values=recorded, shown=True)
    centre = world.poses[0, world.index("board"), :3]
    plates = {
        chute.number(door): (side * (a + b) / 2 - centre[0], chute.board.level((a + b) / 2) + HIGHER - centre[2])
        for door, (a, b) in enumerate(chute.board.gaps)
    }
    return Layout(world, _things(chute), _events(chute), (start,), details={"look": look, "plates": plates})


def _camera(rng: Rng, side: float) -> Camera:
    away, turn, high = 9.6, math.radians(rng.uniform(-4, 4)), rng.uniform(2.0, 2.5)
    eye = (round(away * math.sin(turn), 3), round(-away * math.cos(turn), 3), round(high, 3))
    return Camera.still(eye, (-0.12 * side, 0.0, 1.52), 24.4)


def _fixed(chute: Chute, look: Look) -> tuple[list[Body], list[Array]]:
    """What does not move, with its pose; drawn for a chute that goes down to the right."""
    board, bodies, poses = chute.board, [], []

    def put(name: str, size: Vector, place: Vector, colour: str, tracked: bool = False) -> None:
        bodies.append(Body(name, "box", size, colour, static=True, tracked=tracked))
        poses.append(pose(place))

    left, right = START - 0.5, END + 0.2
    put("board", (right - left, THICK, TOP), ((left + right) / 2, DEEP / 2 + 0.04, TOP / 2), look.board)
    begins = [START - 0.4, *(b for _, b in board.gaps)]
    for i, (a, b) in enumerate(zip(begins, [*(a for a, _ in board.gaps), board.end], strict=True)):
        piece = board.plank(f"chute {i + 1}", a, b, look.wood)
        bodies.append(piece.body)
        poses.append(np.array([*piece.position, *piece.quaternion]))
    # what stands between two bins is behind their fronts
    put("wall", (WALL, DEEP, RIM), (board.bins[0][0], 0.0, RIM / 2), look.wood)
    put("stop", (WALL, DEEP, RIM + STOP), (END, 0.0, (RIM + STOP) / 2), look.wood)
    for place, (a, b) in enumerate(board.bins):
        front = (b - a, WALL, RIM)
        put(f"bin {chute.letter(place)}", front, ((a + b) / 2, -DEEP / 2, RIM / 2), look.wood, True)
    level = board.level(START)
    mouth, back = MOUTH, START - 0.42
    wide, low, high = mouth - back, level - 0.16, level + 0.58
    put("feeder", (wide, WALL, high - low), ((mouth + back) / 2, -DEEP / 2 - 0.03, (high + low) / 2), look.door)
    put("feeder top", (wide, DEEP + 0.08, WALL), ((mouth + back) / 2, 0.0, high), look.door)
    put("feeder side", (WALL, DEEP, high - low), (back, 0.0, (high + low) / 2), look.door)
    for door, (a, b) in enumerate(board.gaps):
        middle, number = (a + b) / 2, chute.number(door)
        level = board.level(middle)
        if door in chute.screened:
            one, other = (OUTSIDE, INSIDE) if middle < 0 else (INSIDE, OUTSIDE)
            place = ((a - one + b + other) / 2, -DEEP / 2 - 0.06, level + (ABOVE - BELOW) / 2)
            put(f"screen {number}", (b - a + one + other, 0.03, BELOW + ABOVE), place, look.door, True)
    return bodies, poses


def _door_way(chute: Chute, door: int, swings: Swings, clock: Array) -> Array:
    """(clock, 7): a door that swings open and shut."""
    angle = np.full(len(clock), OPEN if swings.first else 0.0)
    stands = swings.first
    for move in swings.moves:
        share = np.clip((clock - move) / SWING, 0.0, 1.0)
        share = share * share * (3 - 2 * share)
        angle += (-OPEN if stands else OPEN) * share
        stands = not stands
    made: dict[float, list[float]] = {}
    for one in np.unique(angle).tolist():
        place, turn = chute.board.door(door, one)
        made[one] = [*place, *turn]
    return np.array([made[one] for one in angle.tolist()])


def _ball_way(chute: Chute, ball: int, clock: Array) -> Array:
    """(clock, 7): a ball that waits in the feeder, takes its ride and stays in its bin."""
    poses = chute.rides[chute.into[ball]].poses
    at = np.clip((clock - chute.starts[ball]) / SAMPLE, 0.0, len(poses) - 1.0)
    before = np.minimum(at.astype(int), len(poses) - 2)
    share = (at - before)[:, None]
    a, b = poses[before], poses[before + 1]
    b = np.where(((a[:, 3:] * b[:, 3:]).sum(axis=1) < 0)[:, None] & (np.arange(7) >= 3), -b, b)
    mixed = a + (b - a) * share
    mixed[:, 3:] /= np.linalg.norm(mixed[:, 3:], axis=1, keepdims=True)
    return mixed


def _things(chute: Chute) -> tuple[Thing, ...]:
    things = [
        Thing(id=f"ball {i + 1}", kind="ball", attributes={"colour": tint, "mark": chute.marks[tint]})
        for i, tint in enumerate(chute.tints)
    ]
    for door in range(chute.board.doors):
        hidden = door in chute.screened
        number = chute.number(door)
        things.append(
            Thing(
                id=f"door {number}", kind="door", attributes={"number": number, "hidden": hidden}, shape_fills_box=False
            )
        )
        if hidden:
            things.append(Thing(id=f"screen {number}", kind="screen", shape_fills_box=False))
    things += [Thing(id=f"bin {letter}", kind="bin", shape_fills_box=False) for letter in chute.letters]
    return tuple(things)


def _events(chute: Chute) -> tuple[Event, ...]:
    """Balls that come and fall into bins, and doors that open and shut; behind a screen unseen."""
    events: list[Event] = []
    for ball, place in enumerate(chute.into):
        name, tint = f"ball {ball + 1}", chute.tints[ball]
        came, gone = chute.out(ball), chute.gone(ball)
        values: dict[str, JsonValue] = {"colour": tint, "mark": chute.marks[tint]}
        events.append(Event(id=f"comes {ball + 1}", kind="comes", objects=(name,), start=came, end=came, values=values))
        into = (name, f"bin {chute.letter(place)}")
        cause = (f"comes {ball + 1}",)
        events.append(
            Event(
                id=f"falls {ball + 1}", kind="falls", objects=into, start=round(gone - 0.3, 3), end=gone, causes=cause
            )
        )
    for door, swings in enumerate(chute.swings):
        number, stands = chute.number(door), swings.first
        for i, move in enumerate(swings.moves):
            stands = not stands
            events.append(
                Event(
                    id=f"door {number}.{i + 1}", kind="opens" if stands else "shuts", objects=(f"door {number}",),
                    start=move, end=round(move + SWING, 3), shown=door not in chute.screened,
                )
            )  # fmt: skip
    return tuple(sorted(events, key=lambda event: (event.start, event.id)))
