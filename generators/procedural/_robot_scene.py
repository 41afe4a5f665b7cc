"""The robot's table in space and time: blocks on places, the arm behind them, and how each kind of step moves both."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from generators.procedural import _panda
from generators.procedural._planning import State
from generators.procedural._robot_domain import PLACES, height
from generators.procedural._shots import HOLD, Decoy, Shot
from morse.meshes import flat, moved
from morse.physics import GRAVITY
from morse.seeding import Rng
from morse.style import Style
from morse.world import Body, Camera, Ground, Shape, World, pose

Array = np.ndarray
SIDE = 0.062
"""Of a block (m)."""
AWAY, APART = 0.53, 0.165
"""How far in front of the arm's base the places are, and how far from each other (m)."""
PAD, THIN = 0.1, 0.004
SIGN = (0.008, 0.046, 0.046)
SIGN_AWAY = 0.645
OVER = 0.31
"""How high the hand goes between places (m)."""
REST = (0.43, 0.0, 0.33)
"""Where the grip is between steps."""
LIFT = 0.07
"""How high a block is that slips out of the hand (m)."""
HIGHER = 0.0006
"""How far a letter stands out of its face (m)."""
FRONT = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
TOP = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
"""Turn a figure of the plane so that it faces the camera, or upwards and upright for the camera."""
RATE = 24
"""Poses of a second of motion."""
CAMERA = Camera.still((1.7, 0.0, 0.56), (0.35, 0.0, 0.29), 38.0)
NEARER = (float(CAMERA.eyes[0, 0]) - SIGN_AWAY) / (float(CAMERA.eyes[0, 0]) - AWAY)
"""How much nearer to the middle a sign stands than its place, so that the camera sees it straight below."""
COLOURS = ("red", "blue", "green", "yellow", "purple", "orange", "cyan", "pink")
CLUTTER: Mapping[str, tuple[Shape, tuple[float, float, float]]] = {
    "mug": ("cylinder", (0.08, 0.08, 0.1)),
    "ball": ("sphere", (0.09, 0.09, 0.09)),
    "cone": ("cone", (0.1, 0.1, 0.15)),
    "tin": ("cylinder", (0.11, 0.11, 0.06)),
}
SPOTS = [(x, side * y) for x, y in ((0.5, 0.53), (0.28, 0.5), (0.1, 0.6), (0.02, 0.36)) for side in (-1, 1)]
"""Where clutter may lie (x, y), out of the arm's way."""


def lengths(count: int, rng: Rng) -> list[float]:
    """How long each clip's step takes. Both halves last equally long, so that the middle of the video is a card."""
    half = [rng.choice((4.0, 4.5, 5.0)) for _ in range(count // 2)]
    return [*half, *([4.5] * (count % 2)), *rng.shuffled(half)]


def clutter(count: int, rng: Rng) -> list[Decoy]:
    """Things that lie about in one clip, other ones in each, and mean nothing."""
    chosen = rng.sample(SPOTS, min(count, len(SPOTS)))
    return [Decoy(rng.choice(tuple(CLUTTER)), x, y, rng.integer(0, len(COLOURS) - 1)) for x, y in chosen]


def film_step(shot: Shot, colours: Mapping[str, str], decoys: Sequence[Decoy], length: float) -> World:
    """The world of one clip: the table at rest, the step, which takes ``length`` seconds, the table at rest."""
    moments = np.linspace(0.0, length, math.ceil(length * RATE) + 1)
    times = np.array([0.0, *(HOLD + moments), 2 * HOLD + length])
    joints, gaps, grasp = _deed(shot, np.clip((times - HOLD) / length, 0.0, 1.0))
    block, blocks = shot.objects[0], [*colours]
    rows = np.repeat(np.array([[pose(spot(shot.before, name)) for name in blocks]]), len(times), axis=0)
    rows[:, blocks.index(block)] = _carried(shot, times, joints, grasp)
    things, places = furniture(decoys)
    things += [Body(name, "box", (SIDE, SIDE, SIDE), colour) for name, colour in colours.items()]
    still = np.repeat(np.array([places]), len(times), axis=0)
    poses = np.concatenate([_panda.poses(joints, gaps), still, rows], axis=1)
    return World(
        2 * HOLD + length, (*_panda.bodies("white"), *things), times, poses, CAMERA, Ground("table", (1.5, 1.8))
    )


def spot(state: State, block: str) -> tuple[float, float, float]:
    """Where the middle of a block is."""
    under = block
    while under in state:
        under = str(state[under])
    return (AWAY, _aside(under), (height(state, block) - 0.5) * SIDE)


def furniture(decoys: Sequence[Decoy]) -> tuple[list[Body], list[Array]]:
    """What does not move: the places (by these names their signs, which nothing covers) and clutter, with their poses."""
    bodies, poses = list[Body](), list[Array]()
    for place in PLACES:
        bodies.append(Body(f"pad of {place}", "box", (PAD, PAD, THIN), "grey", static=True, tracked=False))
        poses.append(pose((AWAY, _aside(place), THIN / 2 - 0.003)))
        bodies.append(Body(place, "box", SIGN, "white", static=True))
        poses.append(pose((SIGN_AWAY, NEARER * _aside(place), SIGN[2] / 2)))
    for number, decoy in enumerate(decoys):
        shape, size = CLUTTER[decoy.kind]
        colour = COLOURS[decoy.tint]
        bodies.append(Body(f"{decoy.kind} {number}", shape, size, colour, static=True, tracked=False))
        poses.append(pose((decoy.x, decoy.y, size[2] / 2)))
    return bodies, poses


def dress(stage: Any, blocks: Sequence[str], style: Style) -> None:
    """Let the letters into the blocks and the figures into the signs."""
    from morse.stage.lettering import outline, rings

    _panda.paint(stage)
    for name, size, faces in (
        *((block, SIDE, (FRONT, TOP)) for block in blocks),
        *((place, SIGN[2], (FRONT,)) for place in PLACES),
    ):
        is_sign = name in PLACES
        mark = flat(rings(outline(name[-1], 0.74 * size, style.font, "bold")))
        for turn in faces:
            deep = SIGN[0] if is_sign else SIDE
            colour = "#14171a" if is_sign else "#ffffff"
            stage.inlay(name, moved(mark, turn, turn[:, 2] * (deep / 2 + HIGHER)), colour)


@dataclass(frozen=True)
class _Leg:
    """The arm goes from one share of the step to another through joint angles (k, 7), and its fingers from one gap to another."""

    start: float
    end: float
    through: Array
    gaps: tuple[float, float]


def _deed(shot: Shot, shares: Array) -> tuple[Array, Array, tuple[float, float]]:
    """Joint angles (n, 7) and gaps (n,) at shares of a step, and from which share to which the hand holds the block."""
    x, y, z = spot(shot.before, shot.objects[0])
    home, over = np.array([_panda.reach(REST)]), _upright(x, y, OVER, z)
    wide, tight = _panda.OPEN, SIDE / 2
    legs = [
        _Leg(0.0, 0.18, np.concatenate([home, over[:1]]), (wide, wide)),
        _Leg(0.18, 0.29, over, (wide, wide)),
        _Leg(0.30, 0.34, over[-1:], (wide, tight)),
    ]
    if shot.kind == "slip":
        up = _upright(x, y, z + LIFT, z)[::-1]
        legs += [
            _Leg(0.36, 0.48, up, (tight, tight)),
            _Leg(0.50, 0.54, up[-1:], (tight, 0.0)),
            _Leg(0.66, 0.76, _upright(x, y, OVER, z + LIFT)[::-1], (0.0, 0.0)),
            _Leg(0.76, 1.0, np.concatenate([over[:1], home]), (0.0, wide)),
        ]
        return *_along(legs, shares), (0.36, 0.50)
    x, y, z = spot(shot.after, shot.objects[0])
    there = _upright(x, y, OVER, z)
    legs += [
        _Leg(0.36, 0.46, over[::-1], (tight, tight)),
        _Leg(0.46, 0.64, np.concatenate([over[:1], there[:1]]), (tight, tight)),
        _Leg(0.64, 0.76, there, (tight, tight)),
        _Leg(0.78, 0.81, there[-1:], (tight, wide)),
        _Leg(0.81, 0.89, there[::-1], (wide, wide)),
        _Leg(0.89, 1.0, np.concatenate([there[:1], home]), (wide, wide)),
    ]
    return *_along(legs, shares), (0.36, 0.78)


def _along(legs: Sequence[_Leg], shares: Array) -> tuple[Array, Array]:
    """Joint angles and gaps at shares of a step; at rest between legs."""
    joints, gaps = np.zeros((len(shares), _panda.JOINTS)), np.zeros(len(shares))
    for leg in legs:
        here = shares >= leg.start
        part = np.clip((shares[here] - leg.start) / (leg.end - leg.start), 0.0, 1.0)
        part = part * part * (3 - 2 * part)
        known = np.linspace(0.0, 1.0, len(leg.through)) if len(leg.through) > 1 else np.zeros(1)
        joints[here] = np.stack([np.interp(part, known, column) for column in leg.through.T], axis=-1)
        gaps[here] = leg.gaps[0] + (leg.gaps[1] - leg.gaps[0]) * part
    return joints, gaps


def _carried(shot: Shot, times: Array, joints: Array, grasp: tuple[float, float]) -> Array:
    """(n, 7) The poses of the block that is moved: where it lies, in the hand, and where it comes to lie."""
    from scipy.spatial.transform import Rotation

    length = times[-1] - 2 * HOLD
    taken, left = HOLD + grasp[0] * length, HOLD + grasp[1] * length
    here, there = (pose(spot(state, shot.objects[0])) for state in (shot.before, shot.after))
    places, turns = _panda.grips(joints)
    first = int(np.flatnonzero(times >= taken)[0])
    out = np.repeat(there[None], len(times), axis=0)
    out[times < taken] = here
    held = (times >= taken) & (times <= left)
    out[held, :3] = places[held] + (turns[held] @ (turns[first].T @ (here[:3] - places[first]))[:, None])[..., 0]
    out[held, 3:] = Rotation.from_matrix(turns[held] @ turns[first].T).as_quat()
    if shot.kind == "slip":
        falling = times > left
        out[falling, 2] = np.maximum(here[2], here[2] + LIFT - GRAVITY / 2 * (times[falling] - left) ** 2)
    return out


def _upright(x: float, y: float, high: float, low: float) -> Array:
    """(k, 7) Joint angles for the grip on its way straight down."""
    heights = np.linspace(high, low, max(2, round((high - low) / 0.04)))
    return np.array([_panda.reach((x, round(y, 4), round(float(z), 4))) for z in heights])


def _aside(place: str) -> float:
    """How far to the right of the middle a place is, as the camera sees it."""
    return (PLACES.index(place) - (len(PLACES) - 1) / 2) * APART
