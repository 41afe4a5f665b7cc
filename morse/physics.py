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
SAMPLE = 1 / 60
"""Seconds between the poses that a run keeps."""
GRAVITY = 9.81
NEAR_MISS = 0.06
"""Metres between surfaces under which a passage is noted."""
_APART = 0.15
"""Seconds for which two bodies must be apart before they can touch anew."""
_FASTEST = 8.0
"""Nothing closes in faster than this, in m/s: bodies far apart need no look for a while."""
_STILL, _QUIET = 0.012, 6
"""A body that is slower than this for so many samples rests until something hits it (m/s; the quaternion counts like metres)."""
_STIFF = 40.0
"""How many times harder an upright body is to tip than its mass makes it."""
_OFF = 0.01
"""How much a nudge changes."""


@dataclass(frozen=True)
class Placed:
    """A body with what moves it.

    It comes into the world at ``start`` seconds with its ``velocity`` (m/s) and ``spin`` (rad/s); before that it waits,
    untouchable, at its place. ``quaternion``: x, y, z, w; ``mass`` in kg; ``rolling``: rolling friction, in metres (how far
    the pressure runs ahead of a rolling body). ``upright``: it resists tipping. The solver puts the one point at which two
    flat sides meet at a chance height, and a body that is free to tip then loses up to a third of its bounce to wobbling.
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
    upright: bool = False


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
    """What happened: ``times`` (k,), ``poses`` (k, bodies, 7), touches in order of time. All stays as it is at the end.

    ``gaps``: for pairs that came nearer than :data:`NEAR_MISS` without touching before, the least distance between their
    surfaces in metres, and when it was.
    """

    names: tuple[str, ...]
    times: Array
    poses: Array
    touches: tuple[Touch, ...]
    gaps: dict[tuple[str, str], tuple[float, float]]

    def beside(self, other: "Run") -> "Run":
        """Both runs as one, where no body of one comes near a body of the other."""
        longer = max(self.times, other.times, key=len)
        poses = [
            np.pad(run.poses, ((0, len(longer) - len(run.times)), (0, 0), (0, 0)), "edge") for run in (self, other)
        ]
        touches = sorted([*self.touches, *other.touches], key=lambda touch: touch.time)
        names = self.names + other.names
        return Run(names, longer, np.concatenate(poses, axis=1), tuple(touches), self.gaps | other.gaps)


def simulate(
    things: Sequence[Placed],
    duration: float,
    *,
    step: float = STEP,
    sleeping: bool = True,
    bare: bool = False,
    until: Sequence[str] = (),
    touching: bool = True,
) -> Run:
    """Let bodies move on the ground for some seconds, or until all rest and none is to come.

    Friction and restitution of a contact are the products of both bodies' (pybullet's rule; the ground has 1 and 0.3).
    Poses are kept every :data:`SAMPLE`. Leave a body out, or use :func:`nudged` ones, to see what would change.

    ``sleeping``: a body that hardly moves for a tenth of a second rests; right where friction stops everything, wrong for
    what swings. ``bare``: note touches alone, no poses and gaps. ``until``: stop when
    each of these bodies has touched another. ``touching``: note touches and gaps at all; without, many bodies close to each other
    (rows, stacks) take a fraction of the time.
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
    return _Running(bullet, client, things, step, sleeping, bare, touching).run(duration, until)


class _Running:
    """A world in motion."""

    def __init__(
        self,
        bullet: ModuleType,
        client: int,
        things: Sequence[Placed],
        step: float,
        sleeping: bool,
        bare: bool,
        touching: bool,
    ) -> None:
        self._bullet, self._client, self._things, self._step = bullet, client, things, step
        self._sleeping, self._bare, self._touching = sleeping, bare, touching
        self._numbers: dict[int, int] = {}
        self._names = [thing.body.name for thing in things]
        self._reach = [_reach(thing) for thing in things]
        self._poses: list[tuple[float, ...]] = [(*thing.position, *thing.quaternion) for thing in things]
        # of one sample before: a touch changes the velocity over the sample in which it happens
        self._before = self._poses
        self._quiet: dict[int, int] = {}
        """The bodies that move, in the order in which they began to, and for how many samples each hardly did."""
        self._due: dict[int, list[tuple[int, int]]] = {}
        """At which sample a pair could have come near each other: only then it is looked at."""
        self._touches: list[Touch] = []
        self._together: dict[tuple[str, str], float] = {}
        self._met: set[str] = set()
        self._gaps: dict[tuple[str, str], tuple[float, float]] = {}

    def run(self, duration: float, until: Sequence[str]) -> Run:
        every = max(1, round(SAMPLE / self._step))
        count = math.ceil(duration / SAMPLE - 1e-9) + 1
        kept = [self._poses]
        waiting = sorted(range(len(self._things)), key=lambda i: -self._things[i].start)
        for k in range(count - 1):
            while waiting and self._things[waiting[-1]].start <= k * SAMPLE + 1e-9:
                self._enter(waiting.pop(), k)
            if not self._quiet and not waiting:
                break
            if until and self._met.issuperset(until):
                break
            near = self._near(k) if self._touching else []
            if self._quiet:
                self._advance(k * SAMPLE, every, near)
            kept.append(self._poses)
        names, touches = tuple(self._names), tuple(self._touches)
        if self._bare:
            return Run(names, np.zeros(0), np.zeros((0, len(names), 7)), touches, {})
        poses = _lifted(np.array(kept).reshape(-1, len(names), 7), [thing.body for thing in self._things])
        return Run(names, np.arange(len(kept)) * SAMPLE, poses, touches, self._gaps)

    def _enter(self, new: int, k: int) -> None:
        """A body comes into the world at a sample."""
        still = {i for i, thing in enumerate(self._things) if thing.body.static}
        others = [old for old in self._numbers if old not in still or new not in still]
        pairs = [(old, new) if self._names[old] < self._names[new] else (new, old) for old in others]
        self._due.setdefault(k, []).extend(pairs)
        self._numbers[new] = self._add(self._things[new])
        if not self._sleeping or _moves(self._things[new]):
            self._quiet[new] = 0

    def _near(self, k: int) -> list[tuple[int, int]]:
        """The pairs that could touch before the next sample."""
        near = []
        for pair in self._due.pop(k, ()):
            samples = int(self._apart(*pair) / (_FASTEST * SAMPLE))
            self._due.setdefault(k + max(samples, 1), []).append(pair)
            if samples < 1 and (pair[0] in self._quiet or pair[1] in self._quiet):
                near.append(pair)
        return sorted(near)

    def _advance(self, now: float, steps: int, near: Sequence[tuple[int, int]]) -> None:
        """One sample on."""
        for n in range(1, steps + 1):
            self._bullet.stepSimulation(self._client)
            for a, b in near:
                self._feel(a, b, now + n * self._step)
        poses = list(self._poses)
        # what lies there is woken by what it touches: which that can be is known only where touches are looked for
        woken = (body for pair in near for body in pair) if self._touching else self._numbers
        for i in dict.fromkeys([*self._quiet, *woken]):
            place, turn = self._bullet.getBasePositionAndOrientation(self._numbers[i], self._client)
            there = place + turn
            if there == poses[i] and self._sleeping:
                self._quiet.pop(i, None)
                continue
            still = math.dist(there, poses[i]) < _STILL * SAMPLE
            poses[i] = there
            self._quiet[i] = self._quiet.get(i, 0) + 1 if still else 0
            if self._sleeping and self._quiet[i] >= _QUIET:
                del self._quiet[i]
                asleep = self._bullet.ACTIVATION_STATE_SLEEP
                self._bullet.changeDynamics(self._numbers[i], -1, activationState=asleep, physicsClientId=self._client)
        self._before, self._poses = self._poses, poses
        if not self._bare:
            for a, b in near:
                if self._apart(a, b) < NEAR_MISS:
                    self._measure(a, b, now + SAMPLE)

    def _apart(self, a: int, b: int) -> float:
        """How far the balls around two bodies are apart, less than which the bodies cannot be."""
        p, q = self._poses[a], self._poses[b]
        return math.dist(p[:3], q[:3]) - self._reach[a] - self._reach[b]

    def _feel(self, a: int, b: int, now: float) -> None:
        """Note a touch of two bodies, if they have one."""
        points = self._bullet.getContactPoints(self._numbers[a], self._numbers[b], physicsClientId=self._client)
        pushing = [point for point in points if point[9] > 0]
        if not pushing:
            return
        names = (self._names[a], self._names[b])
        if now - self._together.get(names, -1.0) > _APART:
            hardest = max(pushing, key=lambda point: point[9])
            normal = hardest[7]  # on the second body, towards the first
            closing = sum(n * (vb - va) for n, va, vb in zip(normal, self._velocity(a), self._velocity(b), strict=True))
            self._touches.append(Touch(*names, round(now, 6), tuple(hardest[5]), closing))
        self._together[names] = now
        self._met.update(names)

    def _velocity(self, i: int) -> tuple[float, ...]:
        """The velocity of a body before this sample."""
        if self._before[i][:3] == self._things[i].position:
            return self._things[i].velocity if i in self._numbers else (0.0, 0.0, 0.0)
        return tuple((q - p) / SAMPLE for p, q in zip(self._before[i][:3], self._poses[i][:3], strict=True))

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
        inertia = {}
        if thing.upright and not thing.body.static:
            x, y, z = bullet.getDynamicsInfo(number, -1, physicsClientId=client)[2]
            # pybullet takes the inertia only together with the mass; alone it would make the body immovable
            inertia = {"mass": thing.mass, "localInertiaDiagonal": (x * _STIFF, y * _STIFF, z)}
        awake = not self._sleeping or _moves(thing)
        state = (
            bullet.ACTIVATION_STATE_DISABLE_SLEEPING if not self._sleeping else bullet.ACTIVATION_STATE_ENABLE_SLEEPING
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
            # what lies there gives nothing to work out before something hits it
            activationState=state if awake else bullet.ACTIVATION_STATE_SLEEP,
            physicsClientId=client,
            **inertia,
        )
        if _moves(thing):
            bullet.resetBaseVelocity(number, thing.velocity, thing.spin, physicsClientId=client)
        return number


def _moves(thing: Placed) -> bool:
    return any(thing.velocity) or any(thing.spin)


def _reach(thing: Placed) -> float:
    """How far from its middle a body can touch another; for an upright one a ball that is less than it is high will do."""
    x, y, _ = thing.body.size
    if thing.upright:
        return (max(x, y) if thing.body.shape == "cylinder" else math.hypot(x, y)) / 2 + 0.01
    return thing.body.reach


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
