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

from morse.world import Body, Vector, rotations

Array = np.ndarray
STEP = 1 / 120
"""Seconds a step."""
SAMPLE = 1 / 120
"""Seconds between the poses that a run keeps."""
GRAVITY = 9.81
NEAR_MISS = 0.25
"""Metres between surfaces under which a passage is noted."""
_APART = 0.15
"""Seconds for which two bodies must be apart before they can touch anew."""
_LOOK, _FASTEST = 4, 8.0
"""Who could meet whom is looked up every so many samples; nothing closes in faster than this, in m/s."""
_STILL = 0.012
"""Metres a second below which a body counts as still."""
_OFF = 0.01
"""How much a nudge changes."""


@dataclass(frozen=True)
class Placed:
    """A body with what moves it.

    It comes into the world at ``start`` seconds with its ``velocity`` (m/s) and ``spin`` (rad/s); before that it waits,
    untouchable, at its place. ``quaternion``: x, y, z, w; ``mass`` in kg; ``rolling``: rolling friction, in metres (how far
    the pressure runs ahead of a rolling body).
    """

    body: Body
    position: Vector
    quaternion: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 1.0)
    velocity: Vector = (0.0, 0.0, 0.0)
    spin: Vector = (0.0, 0.0, 0.0)
    start: float = 0.0
    mass: float = 1.0
    friction: float = 0.3
    rolling: float = 0.0
    restitution: float = 0.5


NUDGES = 4
"""Runs with every parameter of every body 1 % off, up or down: in two patterns of signs, and in the opposite of each."""


def nudged(things: Sequence[Placed], pattern: int) -> tuple[Placed, ...]:
    """The bodies with mass, friction, restitution and start velocity 1 % more or less, by one of :data:`NUDGES` patterns."""

    def factor(body: int, parameter: int) -> float:
        bit = (body ^ parameter ^ ((pattern >> 1) * (body // 2 + parameter // 2)) ^ pattern) & 1
        return 1 + (_OFF if bit else -_OFF)

    out = []
    for i, thing in enumerate(things):
        speed = factor(i, 3)
        out.append(
            replace(
                thing,
                mass=thing.mass * factor(i, 0),
                friction=thing.friction * factor(i, 1),
                rolling=thing.rolling * factor(i, 1),
                restitution=thing.restitution * factor(i, 2),
                velocity=tuple(v * speed for v in thing.velocity),
                spin=tuple(v * speed for v in thing.spin),
            )
        )
    return tuple(out)


@dataclass(frozen=True)
class Touch:
    """Two bodies met: their names in order, when, where, and how fast they came together (m/s along the line of impact)."""

    a: str
    b: str
    time: float
    place: Vector
    speed: float

    @property
    def pair(self) -> tuple[str, str]:
        return (self.a, self.b)


@dataclass(frozen=True)
class Run:
    """What happened: ``times`` (k,), ``poses`` (k, bodies, 7), touches in order of time.

    ``gaps``: for pairs that came nearer than :data:`NEAR_MISS` without touching before, the least distance between their
    surfaces in metres, and when it was.
    """

    names: tuple[str, ...]
    times: Array
    poses: Array
    touches: tuple[Touch, ...]
    gaps: dict[tuple[str, str], tuple[float, float]]


def simulate(
    things: Sequence[Placed], duration: float, *, step: float = STEP, sleeping: bool = True, bare: bool = False
) -> Run:
    """Let bodies move on the ground for some seconds.

    Friction and restitution of a contact are the products of both bodies' (pybullet's rule; the ground has 1 and 0.3).
    Poses are kept every :data:`SAMPLE`. Leave a body out, or use :func:`nudged` ones, to see what would change.

    ``sleeping``: a body slower than 0.8 m/s for 2 s is taken to rest; right where friction stops everything sooner, wrong
    for what swings. ``bare``: note touches alone, no poses and gaps (twice as fast).
    """
    bullet, client = _emptied()
    bullet.setPhysicsEngineParameter(
        fixedTimeStep=step,
        numSolverIterations=30,
        deterministicOverlappingPairs=1,
        restitutionVelocityThreshold=0.05,
        physicsClientId=client,
    )
    bullet.setGravity(0, 0, -GRAVITY, physicsClientId=client)
    plane = bullet.createCollisionShape(bullet.GEOM_PLANE, physicsClientId=client)
    floor = bullet.createMultiBody(0, plane, useMaximalCoordinates=1, physicsClientId=client)
    bullet.changeDynamics(floor, -1, lateralFriction=1.0, restitution=0.3, physicsClientId=client)
    return _Running(bullet, client, things, step, sleeping, bare).run(duration)


class _Running:
    """A world in motion."""

    def __init__(
        self, bullet: ModuleType, client: int, things: Sequence[Placed], step: float, sleeping: bool, bare: bool
    ) -> None:
        self._bullet, self._client, self._things, self._step = bullet, client, things, step
        self._sleeping, self._bare = sleeping, bare
        self._numbers: dict[int, int] = {}
        self._names = [thing.body.name for thing in things]
        self._reach = [thing.body.reach for thing in things]
        self._poses: list[tuple[float, ...]] = [(*thing.position, *thing.quaternion) for thing in things]
        # of the last samples: a touch changes the velocity over the sample in which it happens
        self._earlier = [self._poses, self._poses]
        self._moving: set[int] = set()
        self._candidates: list[tuple[int, int]] = []
        self._touches: list[Touch] = []
        self._together: dict[tuple[str, str], float] = {}
        self._gaps: dict[tuple[str, str], tuple[float, float]] = {}

    def run(self, duration: float) -> Run:
        every = max(1, round(SAMPLE / self._step))
        count = math.ceil(duration / SAMPLE - 1e-9) + 1
        kept = [self._poses]
        waiting = sorted(range(len(self._things)), key=lambda i: -self._things[i].start)
        for k in range(count - 1):
            now = k * SAMPLE
            came = False
            while waiting and self._things[waiting[-1]].start <= now + 1e-9:
                new = waiting.pop()
                self._numbers[new] = self._add(self._things[new])
                self._moving.add(new)
                came = True
            if came or k % _LOOK == 0:
                self._candidates = self._neighbours(NEAR_MISS + _FASTEST * _LOOK * SAMPLE)
            if self._moving:
                self._advance(now, every)
            kept.append(self._poses)
        poses = np.array(kept if not self._bare else kept[-1:]).reshape(-1, len(self._names), 7)
        if not self._bare:
            poses = _lifted(_held(poses), [thing.body for thing in self._things])
        times = np.arange(count if not self._bare else 1) * SAMPLE
        return Run(tuple(self._names), times, poses, tuple(self._touches), self._gaps)

    def _advance(self, now: float, steps: int) -> None:
        """One sample on."""
        near = [pair for pair in self._candidates if self._apart(*pair) < 0.1]
        for n in range(steps):
            self._bullet.stepSimulation(physicsClientId=self._client)
            for a, b in near:
                self._feel(a, b, now + (n + 1) * self._step)
        self._earlier = [self._earlier[1], self._poses]
        poses = list(self._poses)
        asked = self._moving.union(*near) if near else self._moving
        self._moving = set() if self._sleeping else set(self._numbers)
        for i in sorted(asked):
            place, turn = self._bullet.getBasePositionAndOrientation(self._numbers[i], physicsClientId=self._client)
            if (now_there := place + turn) != poses[i]:
                poses[i] = now_there
                self._moving.add(i)
        self._poses = poses
        if not self._bare:
            for a, b in self._candidates:
                if self._apart(a, b) < NEAR_MISS:
                    self._measure(a, b, now + SAMPLE)

    def _apart(self, a: int, b: int) -> float:
        """How far the balls around two bodies are apart, less than which the bodies cannot be."""
        p, q = self._poses[a], self._poses[b]
        return math.dist(p[:3], q[:3]) - self._reach[a] - self._reach[b]

    def _neighbours(self, limit: float) -> list[tuple[int, int]]:
        """The pairs, in order of names, of which one moves and that could come together soon."""
        pairs = {
            (a, b) if self._names[a] < self._names[b] else (b, a)
            for a in self._moving
            for b in self._numbers
            if a != b and self._apart(a, b) < limit
        }
        return sorted(pairs)

    def _feel(self, a: int, b: int, now: float) -> None:
        """Note a touch of two bodies, if they have one."""
        names = (self._names[a], self._names[b])
        points = self._bullet.getContactPoints(self._numbers[a], self._numbers[b], physicsClientId=self._client)
        pushing = [point for point in points if point[9] > 0]
        if not pushing:
            return
        if now - self._together.get(names, -1.0) > _APART:
            hardest = max(pushing, key=lambda point: point[9])
            normal = hardest[7]  # on the second body, towards the first
            closing = sum(n * (vb - va) for n, va, vb in zip(normal, self._velocity(a), self._velocity(b), strict=True))
            self._touches.append(Touch(*names, round(now, 6), tuple(hardest[5]), closing))
        self._together[names] = now

    def _velocity(self, i: int) -> tuple[float, ...]:
        """The velocity of a body before this sample."""
        if self._earlier[1][i][:3] == self._things[i].position:
            return self._things[i].velocity if i in self._numbers else (0.0, 0.0, 0.0)
        return tuple((q - p) / SAMPLE for p, q in zip(self._earlier[1][i][:3], self._poses[i][:3], strict=True))

    def _measure(self, a: int, b: int, now: float) -> None:
        """Note how near two bodies are."""
        names = (self._names[a], self._names[b])
        if names in self._together:
            return
        points = self._bullet.getClosestPoints(
            self._numbers[a], self._numbers[b], NEAR_MISS, physicsClientId=self._client
        )
        if points:
            gap = min(float(point[8]) for point in points)
            self._gaps[names] = min(self._gaps.get(names, (NEAR_MISS, now)), (gap, round(now, 6)))

    def _add(self, thing: Placed) -> int:
        bullet, client = self._bullet, self._client
        number = bullet.createMultiBody(
            0.0 if thing.body.static else thing.mass,
            bullet.createCollisionShape(physicsClientId=client, **_shape(bullet, thing.body)),
            -1,
            thing.position,
            thing.quaternion,
            useMaximalCoordinates=1,
            physicsClientId=client,
        )
        bullet.changeDynamics(
            number,
            -1,
            lateralFriction=thing.friction,
            rollingFriction=thing.rolling,
            spinningFriction=thing.rolling,
            restitution=thing.restitution,
            linearDamping=0.0,
            angularDamping=0.0,
            # a contact is dealt with when it happens, not some steps ahead: else restitution would depend on the step
            contactProcessingThreshold=0.0005,
            activationState=bullet.ACTIVATION_STATE_ENABLE_SLEEPING,
            physicsClientId=client,
        )
        if not self._sleeping:
            bullet.changeDynamics(
                number, -1, activationState=bullet.ACTIVATION_STATE_DISABLE_SLEEPING, physicsClientId=client
            )
        if not self._sleeping or any(thing.velocity) or any(thing.spin):
            bullet.resetBaseVelocity(number, thing.velocity, thing.spin, physicsClientId=client)
        else:  # nothing to work out before something hits it
            bullet.changeDynamics(number, -1, activationState=bullet.ACTIVATION_STATE_SLEEP, physicsClientId=client)
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


def _lifted(poses: Array, bodies: Sequence[Body]) -> Array:
    """Set bodies on the ground that the solver lets sink into it by a few millimetres."""
    out = poses.copy()
    for i, body in enumerate(bodies):
        up = np.abs(rotations(poses[:, i, 3:])[:, 2]) * (np.array(body.size) / 2)
        if body.shape == "sphere":
            low = poses[:, i, 2] - body.size[2] / 2
        elif body.shape in ("cylinder", "cone"):
            low = poses[:, i, 2] - np.hypot(up[:, 0], up[:, 1]) - up[:, 2]
        else:
            low = poses[:, i, 2] - up.sum(axis=1)
        out[:, i, 2] += np.where(low > -0.03, np.maximum(-low, 0.0), 0.0)
    return out


def _held(poses: Array) -> Array:
    """Hold a body still while it is all but still: what moves it then is the solver's doing, not nature's."""
    out = poses.copy()
    change = np.abs(np.diff(poses, axis=0))
    slow = (change[..., :3].max(axis=-1) < _STILL * SAMPLE) & (change[..., 3:].max(axis=-1) < 2 * _STILL * SAMPLE)
    for i in range(poses.shape[1]):
        last = np.maximum.accumulate(np.where(np.concatenate([[False], slow[:, i]]), 0, np.arange(len(poses))))
        out[:, i] = poses[last, i]
    return out


@cache
def _module() -> ModuleType:
    """pybullet, without the line that it prints when it is loaded."""
    with _silent():
        import pybullet
    return pybullet


def _emptied() -> tuple[ModuleType, int]:
    """pybullet and a world of it with nothing in it: made anew for each run, since only that forgets all (tested).

    The connection is kept between runs, as opening one takes as long as a second of motion.
    """
    bullet, client = _connection(os.getpid())
    bullet.resetSimulation(physicsClientId=client)
    return bullet, client


@cache
def _connection(process: int) -> tuple[ModuleType, int]:
    return connect()


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
