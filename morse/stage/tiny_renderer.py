"""Draws a world with pybullet's TinyRenderer, on the CPU, where there is no EGL: slow and plain, but the same bodies.

It has one light, no shadows and no materials; the picture is drawn twice as large and scaled down.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from morse.meshes import Mesh
from morse.physics import connect
from morse.stage.picture import Rectangle, View
from morse.stage.studio import Studio
from morse.world import FAR, NEAR, World

Array = np.ndarray
_LARGER = 2


class TinyRenderer:
    """Draws the bodies of one world in one studio at one size. ``colours``: linear RGB by colour name."""

    def __init__(
        self, world: World, studio: Studio, colours: dict[str, Array], shadow: Array, width: int, height: int
    ) -> None:
        self.world, self.studio, self.width, self.height = world, studio, width, height
        self._bullet, self._client = connect()
        self._bodies = [
            self._add(body.surface.vertices, body.surface.normals, body.surface.faces, _encoded(colours[body.colour]))
            for body in world.bodies
        ]
        self._inlays: list[tuple[int, int]] = []
        corners = np.array([[-30, -30, 0], [30, -30, 0], [30, 30, 0], [-30, 30, 0]], dtype=float)
        faces, up = np.array([[0, 1, 2], [0, 2, 3]]), np.tile([0.0, 0.0, 1.0], (4, 1))
        self._floor = self._add(corners, up, faces, _encoded((studio.ground[0] + studio.ground[1]) / 2))
        self._back = np.clip(_encoded(studio.backdrop[0]) * 255, 0, 255).astype(np.uint8)

    def inlay(self, body: int, mesh: Mesh, colour: Array) -> None:
        """Draw a mesh with a body from now on, in a linear RGB colour."""
        self._inlays.append((self._add(mesh.vertices, mesh.normals, mesh.faces, _encoded(colour)), body))

    def draw(self, poses: Array, view: View, hidden: frozenset[int], into: Array, area: Sequence[Rectangle]) -> None:
        """Draw rectangles of the picture into ``into`` (height, width, 4); they come out of one full picture."""
        self._place(poses, hidden)
        pixels, ids = self._take(view, _LARGER)
        pixels[ids < 0, :3] = self._back
        shape = (self.height, _LARGER, self.width, _LARGER, 4)
        small = (pixels.reshape(shape).astype(np.uint16).sum(axis=(1, 3)) + 2) // _LARGER**2
        for left, top, right, bottom in area:
            into[top:bottom, left:right] = small[top:bottom, left:right].astype(np.uint8)
            into[top:bottom, left:right, 3] = 255

    def ids(self, poses: Array, view: View) -> Array:
        """(height, width) of int: which body each pixel shows, −1 for none."""
        self._place(poses, frozenset())
        _, ids = self._take(view, 1)
        out = np.full(ids.shape, -1)
        for body, i in self._parts():
            out[ids == body] = i
        return out

    def release(self) -> None:
        """Free the physics client that holds the bodies."""
        self._bullet.disconnect(self._client)

    def _add(self, vertices: Array, normals: Array, faces: Array, colour: Array) -> int:
        shape = self._bullet.createVisualShape(
            self._bullet.GEOM_MESH,
            vertices=vertices.tolist(),
            normals=normals.tolist(),
            indices=faces.ravel().tolist(),
            rgbaColor=[*colour.tolist(), 1.0],
            specularColor=[0.1, 0.1, 0.1],
            physicsClientId=self._client,
        )
        return self._bullet.createMultiBody(baseVisualShapeIndex=shape, physicsClientId=self._client)

    def _place(self, poses: Array, hidden: frozenset[int]) -> None:
        for body, i in self._parts():
            place = [0.0, 0.0, -1000.0] if i in hidden else poses[i, :3].tolist()
            self._bullet.resetBasePositionAndOrientation(
                body, place, poses[i, 3:].tolist(), physicsClientId=self._client
            )

    def _parts(self) -> list[tuple[int, int]]:
        """What is drawn: its number in pybullet, and the body that it is or belongs to."""
        return [*((number, i) for i, number in enumerate(self._bodies)), *self._inlays]

    def _take(self, view: View, larger: int) -> tuple[Array, Array]:
        look = np.eye(4)
        turn = view.turn * [[1], [1], [-1]]
        look[:3, :3], look[:3, 3] = turn, -turn @ view.eye
        project = np.zeros((4, 4))
        project[0, 0], project[1, 1] = view.focal * 9 / 16, view.focal
        project[2, 2], project[2, 3] = -(FAR + NEAR) / (FAR - NEAR), -2 * FAR * NEAR / (FAR - NEAR)
        project[3, 2] = -1.0
        light: Any = self.studio.light.tolist()
        _, _, pixels, _, ids = self._bullet.getCameraImage(
            self.width * larger,
            self.height * larger,
            viewMatrix=look.T.ravel().tolist(),
            projectionMatrix=project.T.ravel().tolist(),
            lightDirection=light,
            lightDistance=8.0,
            lightAmbientCoeff=0.68,
            lightDiffuseCoeff=0.42,
            lightSpecularCoeff=0.1,
            shadow=0,
            renderer=self._bullet.ER_TINY_RENDERER,
            physicsClientId=self._client,
        )
        size = (self.height * larger, self.width * larger)
        return np.array(pixels, dtype=np.uint8).reshape(*size, 4), np.array(ids).reshape(size)


def _encoded(colour: Array) -> Array:
    """Linear RGB as sRGB."""
    c = np.clip(colour, 0.0, 1.0)
    return np.where(c <= 0.0031308, c * 12.92, 1.055 * c ** (1 / 2.4) - 0.055)
