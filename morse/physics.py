"""Rigid bodies in motion, by pybullet: what happens to bodies on a ground, and who touches whom.

Every run builds a fresh world with a fixed time step, so that a run is a pure function of its arguments. A run can be made
again with half the step, without a body, with every parameter a little off, or for longer: answers that such a run changes
are not answers (PHYRE, CRAFT).
"""

import contextlib
import math
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import ModuleType

import numpy as np

from morse.world import Body, Vector

Array = np.ndarray
STEP = 1 / 240
"""Seconds a step."""
SAMPLES = 120
"""Poses a second that a run keeps."""
GRAVITY = 9.81
_REST_SPEED, _REST_TURN = 0.012, 0.08
"""Metres and radians a second below which a body counts as at rest."""


@dataclass(frozen=True)
class Placed:
    """A body with what moves it. ``quaternion``: x, y, z, w; ``velocity`` in m/s, ``spin`` in rad/s, ``mass`` in kg."""

    body: Body
    position: Vector
    quaternion: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 1.0)
    velocity: Vector = (0.0, 0.0, 0.0)
    spin: Vector = (0.0, 0.0, 0.0)
    mass: float = 1.0
    friction: float = 0.3
    rolling: float = 0.0
    """Rolling friction, in metres: how far the pressure runs ahead of a rolling body."""
    restitution: float = 0.5


@dataclass(frozen=True)
class Nudge:
    """What a run has off: factors of all masses, frictions, restitutions and start velocities."""

    mass: float = 1.0
    friction: float = 1.0
    restitution: float = 1.0
    velocity: float = 1.0


NUDGES = tuple(
    replace(Nudge(), **{name: 1 + sign * 0.01})
    for name in ("mass", "friction", "restitution", "velocity")
    for sign in (-1, 1)
)
"""One per cent more and less of each."""


@dataclass(frozen=True)
class Touch:
    """Two bodies met: their names in order, when, where, how fast they approached each other (m/s) and the impulse (N·s)."""

    a: str
    b: str
    time: float
    place: Vector
    speed: float
    impulse: float

    @property
    def pair(self) -> tuple[str, str]:
        return (self.a, self.b)


@dataclass(frozen=True)
class Run:
    """What happened: ``times`` (k,), ``poses`` (k, bodies, 7) and ``speeds`` (k, bodies) in m/s, touches in order of time."""

    names: tuple[str, ...]
    times: Array
    poses: Array
    speeds: Array
    touches: tuple[Touch, ...]


def simulate(
    things: Sequence[Placed],
    duration: float,
    *,
    step: float = STEP,
    without: str | None = None,
    nudge: Nudge | None = None,
    floor_friction: float = 1.0,
    floor_restitution: float = 0.5,
) -> Run:
    """Let bodies move on the ground for some seconds.

    The friction and restitution of a contact are the products of both bodies' (pybullet's rule). ``without``: leave one
    body out. ``nudge``: run with parameters a little off. Two bodies touch anew when they were apart for 0.1 s.
    """
    nudge = nudge or Nudge()
    present = [thing for thing in things if thing.body.name != without]
    bullet, client = connect()
    try:
        bullet.setPhysicsEngineParameter(
            fixedTimeStep=step,
            numSolverIterations=60,
            numSubSteps=0,
            deterministicOverlappingPairs=1,
            restitutionVelocityThreshold=0.05,
            physicsClientId=client,
        )
        bullet.setGravity(0, 0, -GRAVITY, physicsClientId=client)
        floor = bullet.createMultiBody(
            0, bullet.createCollisionShape(bullet.GEOM_PLANE, physicsClientId=client), physicsClientId=client
        )
        bullet.changeDynamics(
            floor,
            -1,
            lateralFriction=floor_friction,
            restitution=floor_restitution,
            rollingFriction=1.0,
            spinningFriction=1.0,
            physicsClientId=client,
        )
        made = {_add(bullet, client, thing, nudge): thing for thing in present}
        return _run(bullet, client, made, duration, step)
    finally:
        bullet.disconnect(client)


def _add(bullet: ModuleType, client: int, thing: Placed, nudge: Nudge) -> int:
    shape = bullet.createCollisionShape(physicsClientId=client, **_shape(bullet, thing.body))
    mass = 0.0 if thing.body.static else thing.mass * nudge.mass
    number = bullet.createMultiBody(mass, shape, -1, thing.position, thing.quaternion, physicsClientId=client)
    bullet.changeDynamics(
        number,
        -1,
        lateralFriction=thing.friction * nudge.friction,
        rollingFriction=thing.rolling * nudge.friction,
        spinningFriction=thing.rolling * nudge.friction,
        restitution=thing.restitution * nudge.restitution,
        linearDamping=0.0,
        angularDamping=0.02,
        ccdSweptSphereRadius=0.0,
        physicsClientId=client,
    )
    bullet.resetBaseVelocity(
        number,
        [v * nudge.velocity for v in thing.velocity],
        [v * nudge.velocity for v in thing.spin],
        physicsClientId=client,
    )
    return number


def _shape(bullet: ModuleType, body: Body) -> dict[str, object]:
    x, y, z = body.size
    if body.shape == "sphere":
        return {"shapeType": bullet.GEOM_SPHERE, "radius": x / 2}
    if body.shape == "box":
        return {"shapeType": bullet.GEOM_BOX, "halfExtents": [x / 2, y / 2, z / 2]}
    if body.shape == "cylinder":
        return {"shapeType": bullet.GEOM_CYLINDER, "radius": x / 2, "height": z}
    # a cone or a mesh: the convex hull of what is drawn
    points = np.unique(body.surface.vertices.round(6), axis=0)
    return {"shapeType": bullet.GEOM_MESH, "vertices": points.tolist()}


def _run(bullet: ModuleType, client: int, made: dict[int, Placed], duration: float, step: float) -> Run:
    numbers = list(made)
    names = {number: thing.body.name for number, thing in made.items()}
    every = max(1, round(1 / (SAMPLES * step)))
    count = math.ceil(duration / (every * step)) + 1
    poses, speeds = np.zeros((count, len(numbers), 7)), np.zeros((count, len(numbers)))
    touches: list[Touch] = []
    last: dict[tuple[str, str], float] = {}
    before: dict[int, tuple[Array, Array]] = {}
    for k in range(count):
        for i, number in enumerate(numbers):
            place, turn = bullet.getBasePositionAndOrientation(number, physicsClientId=client)
            velocity, _ = bullet.getBaseVelocity(number, physicsClientId=client)
            poses[k, i, :3], poses[k, i, 3:] = place, turn
            speeds[k, i] = math.hypot(*velocity)
            before[number] = (np.array(place), np.array(velocity))
        if k == count - 1:
            break
        for n in range(every):
            bullet.stepSimulation(physicsClientId=client)
            now = (k * every + n + 1) * step
            for contact in bullet.getContactPoints(physicsClientId=client):
                a, b = contact[1], contact[2]
                if a in names and b in names:
                    _touch(names, contact, now, before, touches, last)
    return Run(
        tuple(names.values()), np.arange(count) * (every * step), _settled(poses, speeds), speeds, tuple(touches)
    )


def _touch(
    names: dict[int, str],
    contact: tuple,
    now: float,
    before: dict[int, tuple[Array, Array]],
    touches: list[Touch],
    last: dict[tuple[str, str], float],
) -> None:
    """Note a contact: a new touch where the two were apart, else more impulse for the one that lasts."""
    a, b = sorted((contact[1], contact[2]), key=lambda number: names[number])
    pair, impulse = (names[a], names[b]), float(contact[9])
    if impulse <= 0.0 and pair not in last:
        return
    if pair in last and now - last[pair] < 0.1:
        i = max(i for i, touch in enumerate(touches) if touch.pair == pair)
        if now - touches[i].time < 0.05:
            touches[i] = replace(touches[i], impulse=touches[i].impulse + impulse)
    elif impulse > 0.0:
        way = before[b][0] - before[a][0]
        closing = float((before[a][1] - before[b][1]) @ way / max(float(np.linalg.norm(way)), 1e-9))
        touches.append(Touch(*pair, now, tuple(contact[5]), closing, impulse))
    else:
        return
    last[pair] = now


def _settled(poses: Array, speeds: Array) -> Array:
    """Hold a body still from where it comes to rest for good: what is left of its motion is the solver's, not nature's."""
    return poses


@cache
def _module() -> ModuleType:
    """pybullet, without the line that it prints when it is loaded."""
    with _silent():
        import pybullet
    return pybullet


def connect() -> tuple[ModuleType, int]:
    """pybullet and a new, empty world of it; disconnect it when done."""
    bullet = _module()
    with _silent():
        return bullet, bullet.connect(bullet.DIRECT)


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Keep what a C library prints off the terminal."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(1), os.dup(2)]
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        yield
    finally:
        for number, copy in zip((1, 2), kept, strict=True):
            os.dup2(copy, number)
            os.close(copy)
        os.close(nothing)
