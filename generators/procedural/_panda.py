"""Franka's Panda arm, from pybullet's own data: its links as meshes, where they are for given joints, and joints that reach a place.

The meshes and the joints are those of ``franka_panda`` in pybullet_data (Apache License 2.0); pybullet does the kinematics.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from morse.meshes import Mesh, joined
from morse.physics import connect
from morse.world import Body

Array = np.ndarray
JOINTS = 7
HOME = (0.0, -0.62, 0.0, -2.35, 0.0, 1.76, 0.785)
"""Joint angles (rad) at rest: the hand over the table, pointing down, near the base."""
LINKS = (*(f"link{i}" for i in range(8)), "hand", "finger-left", "finger-right")
"""The bodies of an arm, in the order of their poses."""
OPEN = 0.04
"""How far each finger is from the middle when the hand is open (m)."""
REACH = 0.1034
"""From the hand's frame to where the fingers grip (m)."""
SHADES = {"light": "#e9ebee", "dark": "#3a3f46"}
BRIGHT = 0.6
"""From which luma on a part of a link is painted light."""
_INDEX = (-1, 0, 1, 2, 3, 4, 5, 6, 8, 9, 10)
"""pybullet's numbers of the links of :data:`LINKS` (−1: the base)."""
_GRIP = 11
_TRIES = 8
_QUARTER = np.pi / 2
_JOINT_FRAMES = (
    (0.0, (0.0, 0.0, 0.333)),
    (-_QUARTER, (0.0, 0.0, 0.0)),
    (_QUARTER, (0.0, -0.316, 0.0)),
    (_QUARTER, (0.0825, 0.0, 0.0)),
    (-_QUARTER, (-0.0825, 0.384, 0.0)),
    (_QUARTER, (0.0, 0.0, 0.0)),
    (_QUARTER, (0.088, 0.0, 0.0)),
)
"""Of each joint in the frame before it: its tilt about x (rad) and its place (m), as in panda.urdf. Each turns about its own z."""
_PLAIN = ("link0", "link7")
"""Links of which the data has no finer mesh than the one for collisions."""
_ROUNDS = 200
GRAIN, FINE = 0.012, 0.006
"""The side of the cells of which a mesh keeps one point for each way it faces (m), for the links and for the fingers: a few pixels of
a clip."""


@dataclass(frozen=True)
class Part:
    """What is drawn of a link: a mesh a shade, all about the middle of the link's box, which is ``middle`` in the link's frame."""

    meshes: dict[str, Mesh]
    middle: Array
    size: tuple[float, float, float]

    @property
    def whole(self) -> Mesh:
        return joined([*self.meshes.values()])


def bodies(colour: str) -> Iterator[Body]:
    """The links as bodies without tracks; what of them is not ``light`` is let in by :func:`paint`.

    They count as nothing that hides others: seen from in front, the hand is above what it holds, and the fingers beside it.
    """
    for name in LINKS:
        part = _part(name)
        shown = part.meshes.get("light") or part.whole
        yield Body(name, "mesh", part.size, colour, "rubber", tracked=False, opaque=False, mesh=shown)


def paint(stage: Any) -> None:
    """Give the links their dark parts."""
    for name in LINKS:
        part = _part(name)
        if "light" in part.meshes and "dark" in part.meshes:
            stage.inlay(name, part.meshes["dark"], SHADES["dark"])


class Arm:
    """The arm in a client of pybullet of its own, its base at the origin, facing along x: what joints reach a place."""

    def __init__(self) -> None:
        self._bullet, self._client = connect()
        file = str(_data() / "panda.urdf")
        self._id = self._bullet.loadURDF(file, useFixedBase=True, physicsClientId=self._client)

    def reach(self, place: Sequence[float], turn: float = 0.0) -> tuple[float, ...]:
        """(7,) Joint angles, near those of :data:`HOME`, that bring the grip to a place with the hand pointing down, turned by
        ``turn`` about the vertical.

        Raises :class:`ValueError` for a place that the arm does not reach to within half a millimetre.
        """
        bullet, client = self._bullet, self._client
        wanted = bullet.getQuaternionFromEuler((np.pi, 0.0, turn))
        found: tuple[float, ...] = HOME
        for _ in range(_TRIES):
            for i, value in enumerate(found):
                bullet.resetJointState(self._id, i, value, physicsClientId=client)
            found = bullet.calculateInverseKinematics(
                self._id, _GRIP, list(place), wanted, maxNumIterations=_ROUNDS, residualThreshold=1e-7,
                physicsClientId=client,
            )[:JOINTS]  # fmt: skip
            if np.abs(grips(np.array([found]))[0][0] - place).max() < 5e-4:
                return found
        raise ValueError(f"the arm does not reach {tuple(place)}")

    def poses(self, joints: Sequence[float], gap: float) -> Array:
        """(11, 7) Where pybullet says that the frames of the links are: what :func:`poses` is tested against."""
        bullet, client = self._bullet, self._client
        for i, value in enumerate((*joints, 0.0, gap, gap)):
            if i != JOINTS:  # a fixed one
                bullet.resetJointState(self._id, i if i < JOINTS else i + 1, value, physicsClientId=client)
        base = [(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)]
        for index in _INDEX[1:]:
            state = bullet.getLinkState(self._id, index, computeForwardKinematics=True, physicsClientId=client)
            base.append((*state[4], *state[5]))
        return np.array(base)


def frames(joints: Array, gaps: Array) -> tuple[Array, Array]:
    """Where the frames of :data:`LINKS` are for joint angles (n, 7) and the fingers' distances ``gaps`` (n,) from the middle:
    rotation matrices (n, 11, 3, 3) and places (n, 11, 3)."""
    count = len(joints)
    turn, place = np.tile(np.eye(3), (count, 1, 1)), np.zeros((count, 3))
    turns, places = [turn], [place]
    for (tilt, offset), angle in zip(_JOINT_FRAMES, joints.T, strict=True):
        place = place + turn @ np.array(offset)
        turn = turn @ _about_x(tilt) @ _about_z(angle)
        turns.append(turn)
        places.append(place)
    place = place + turn @ np.array([0.0, 0.0, 0.107])
    turn = turn @ _about_z(np.full(count, -np.pi / 4))
    turns.append(turn)
    places.append(place)
    for side in (1.0, -1.0):
        offsets = np.stack([np.zeros(count), side * gaps, np.full(count, 0.0584)], axis=-1)
        turns.append(turn)
        places.append(place + (turn @ offsets[..., None])[..., 0])
    return np.stack(turns, axis=1), np.stack(places, axis=1)


def grips(joints: Array) -> tuple[Array, Array]:
    """Where the grip is, between the fingers' tips: (n, 3), and the hand's rotation matrices (n, 3, 3)."""
    turns, places = frames(joints, np.zeros(len(joints)))
    hand = LINKS.index("hand")
    return places[:, hand] + turns[:, hand] @ np.array([0.0, 0.0, 0.105]), turns[:, hand]


def poses(joints: Array, gaps: Array) -> Array:
    """(n, 11, 7) The poses of :func:`bodies` for joint angles (n, 7) and the fingers' distances (n,) from the middle."""
    from scipy.spatial.transform import Rotation

    turns, places = frames(joints, gaps)
    turns[:, -1] = turns[:, -1] @ _about_z(np.array([np.pi]))
    middles = np.array([_part(name).middle for name in LINKS])
    places = places + (turns @ middles[..., None])[..., 0]
    quaternions = Rotation.from_matrix(turns.reshape(-1, 3, 3)).as_quat().reshape(*places.shape[:2], 4)
    return np.concatenate([places, quaternions], axis=-1)


def _about_x(angle: float) -> Array:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])


def _about_z(angles: Array) -> Array:
    cos, sin, zero = np.cos(angles), np.sin(angles), np.zeros(len(angles))
    return np.stack([cos, -sin, zero, sin, cos, zero, zero, zero, zero + 1], axis=-1).reshape(-1, 3, 3)


@cache
def reach(place: tuple[float, float, float]) -> tuple[float, ...]:
    """The joint angles of :meth:`Arm.reach`, worked out once a process."""
    return _arm(os.getpid()).reach(place)


@cache
def _arm(process: int) -> Arm:
    return Arm()


def _data() -> Path:
    import pybullet_data

    return Path(pybullet_data.getDataPath()) / "franka_panda"


@cache
def _part(name: str) -> Part:
    file = "finger" if name.startswith("finger") else name
    kind = "collision" if file in _PLAIN else "visual"
    found = dict(_shaded(_data() / "meshes" / kind / f"{file}.obj", FINE if file == "finger" else GRAIN))
    points = np.concatenate([mesh.vertices for mesh in found.values()])
    low, high = points.min(axis=0).astype(float), points.max(axis=0).astype(float)
    middle = (low + high) / 2
    about = {
        shade: Mesh(mesh.vertices - middle.astype("f4"), mesh.normals, mesh.faces) for shade, mesh in found.items()
    }
    return Part(about, middle, tuple((high - low).tolist()))


def _shaded(path: Path, grain: float) -> Iterator[tuple[str, Mesh]]:
    """The faces of an OBJ file by the shade of their material."""
    lumas = _lumas(path.with_suffix(".mtl"))
    places, normals = list[list[float]](), list[list[float]]()
    faces: dict[str, list[list[tuple[int, int]]]] = {}
    shade = "light"
    for line in path.read_text().splitlines():
        word, *rest = line.split() or [""]
        if word == "v":
            places.append([float(value) for value in rest])
        elif word == "vn":
            normals.append([float(value) for value in rest])
        elif word == "usemtl":
            shade = "light" if lumas.get(rest[0], 1.0) >= BRIGHT else "dark"
        elif word == "f":
            corners = [corner.split("/") for corner in rest]
            ring = [(int(corner[0]) - 1, int(corner[2]) - 1 if len(corner) > 2 else -1) for corner in corners]
            faces.setdefault(shade, []).extend([ring[0], ring[i], ring[i + 1]] for i in range(1, len(ring) - 1))
    for shade in sorted(faces, reverse=True):
        yield shade, _thinned(_indexed(np.array(places), np.array(normals), faces[shade]), grain)


def _indexed(places: Array, normals: Array, faces: list[list[tuple[int, int]]]) -> Mesh:
    """A mesh of the corners in use, each once; where a file has no normals, faces are flat."""
    corners = np.array(faces)
    if not len(normals):
        from morse.meshes import mesh_from_faces

        return mesh_from_faces(places, corners[..., 0])
    used, index = np.unique(corners.reshape(-1, 2), axis=0, return_inverse=True)
    return Mesh(places[used[:, 0]].astype("f4"), normals[used[:, 1]].astype("f4"), index.reshape(-1, 3).astype("i4"))


def _thinned(mesh: Mesh, grain: float) -> Mesh:
    """The mesh with the points of each small cell that face about the same way made one: a clip shows no finer ones."""
    cells, ways = np.floor(mesh.vertices / grain).astype(int), np.rint(1.4 * mesh.normals).astype(int)
    spot = _firsts(cells)[1]
    kept, index = _firsts(np.concatenate([cells, ways], axis=1))
    places = _means(mesh.vertices, spot)[spot[kept]]  # one for all ways that a cell faces, or there would be cracks
    normals = _means(mesh.normals, index)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    faces = index[mesh.faces]
    a, b, c = faces.T
    whole = faces[(a != b) & (b != c) & (a != c)]
    return Mesh(places.astype("f4"), normals.astype("f4"), whole.astype("i4"))


def _firsts(rows: Array) -> tuple[Array, Array]:
    """Where each different row first stands, and which of them each row is."""
    _, first, index = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return first, index.reshape(-1)


def _means(values: Array, index: Array) -> Array:
    """The mean of the rows of each group."""
    count = np.bincount(index)[:, None]
    return np.stack([np.bincount(index, column) for column in values.T.astype(float)], axis=1) / count


def _lumas(path: Path) -> dict[str, float]:
    """How bright each material of an MTL file is."""
    found, name = dict[str, float](), ""
    for line in path.read_text().splitlines() if path.exists() else ():
        word, *rest = line.split() or [""]
        if word == "newmtl":
            name = rest[0]
        elif word == "Kd":
            red, green, blue = map(float, rest)
            found[name] = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return found
