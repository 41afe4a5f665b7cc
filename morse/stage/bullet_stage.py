"""The 3D stage: films a :class:`~morse.world.World` with OpenGL, or with pybullet's TinyRenderer where there is no EGL.

With a still camera only the rectangles in which something changed are drawn; a frame in which nothing changed is the one
before, repeated.
"""

import os
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any, Protocol

import numpy as np

from morse.layout import Layout
from morse.stage.frames import Canvas, PixelFormat
from morse.stage.gl_renderer import GlRenderer, Rectangle, View, gl_name, shadow_matrix
from morse.stage.studio import Studio, furnish, linear
from morse.style import Style
from morse.world import World, rotations

Array = np.ndarray
_CHUNK = 240
"""Frames whose poses are worked out at once: memory does not grow with the length of the clip."""


class Renderer(Protocol):
    """What draws a world's bodies."""

    def draw(self, poses: Array, view: View, hidden: frozenset[int], into: Array, area: list[Rectangle]) -> None: ...
    def ids(self, poses: Array, view: View) -> Array: ...
    def release(self) -> None: ...


class BulletStage:
    """Films a layout whose scene is a world. A task's ``draw`` has nothing to add: bodies carry their own looks."""

    pixel_format: PixelFormat = "rgba"

    def __init__(self, layout: Layout, canvas: Canvas, style: Style) -> None:
        if not isinstance(layout.scene, World):
            raise TypeError(f"the scene is a {type(layout.scene).__name__}, not a World")
        self.world, self.canvas, self.style = layout.scene, canvas, style
        eyes, targets, _ = self.world.camera.at(np.zeros(1))
        self.studio: Studio = furnish(style, (targets - eyes)[0, :2])
        self._hidden: frozenset[int] = frozenset()
        self._outlines = [np.unique(body.surface.vertices, axis=0).astype(float) for body in self.world.bodies]
        colours = {body.colour: linear(style.colour(body.colour)) for body in self.world.bodies}
        shadow = shadow_matrix(self.studio, *self._stretch())
        made = GlRenderer if _has_gl() else _tiny()
        self._renderer: Renderer = made(self.world, self.studio, colours, shadow, canvas.width, canvas.height)
        self._picture = np.zeros((canvas.height, canvas.width, 4), np.uint8)

    def frames(self) -> Iterator[tuple[np.ndarray, int]]:
        """All frames in order, each with the number of times it is shown."""
        before: tuple[Array, View] | None = None
        count = 0
        for poses, view in self._moments():
            area = self._changed(before, (poses, view))
            if before is not None and area:
                yield self._picture, count
                count = 0
            if area:
                self._renderer.draw(poses, view, self._hidden, self._picture, area)
                before = (poses, view)
            count += 1
        yield self._picture, count

    def frame_at(self, time: float) -> np.ndarray:
        """One frame alone, equal to the one that :meth:`frames` gives for that time."""
        picture = np.zeros_like(self._picture)
        poses = self.world.poses_at(np.array([time]))[0]
        self._renderer.draw(poses, View.of(self.world, time), self._hidden, picture, [self._whole])
        return picture

    def hide(self, *names: str) -> None:
        """Leave these bodies undrawn from now on, with their shadows (``hide()`` alone draws all again)."""
        self._hidden = frozenset(self.world.index(name) for name in names)

    def masks(self, time: float) -> dict[str, np.ndarray]:
        """Which pixels show each tracked body, from the renderer: (height, width) of bool."""
        ids = self._renderer.ids(self.world.poses_at(np.array([time]))[0], View.of(self.world, time))
        return {body.name: ids == i for i, body in enumerate(self.world.bodies) if body.tracked}

    def close(self) -> None:
        """Free what the stage holds."""
        self._renderer.release()

    @property
    def _whole(self) -> Rectangle:
        return (0, 0, self.canvas.width, self.canvas.height)

    def _moments(self) -> Iterator[tuple[Array, View]]:
        times = self.canvas.times(self.world.duration)
        for start in range(0, len(times), _CHUNK):
            part = times[start : start + _CHUNK]
            poses = self.world.poses_at(part)
            eyes, turns, focals = self.world.camera.axes(part)
            for i in range(len(part)):
                yield poses[i], View(eyes[i], turns[i], float(focals[i]))

    def _changed(self, before: tuple[Array, View] | None, now: tuple[Array, View]) -> list[Rectangle]:
        """The rectangles in which this frame differs from the one before."""
        if before is None or not _same(before[1], now[1]):
            return [self._whole]
        moved = np.flatnonzero((before[0] != now[0]).any(axis=1))
        parts = [
            self._touched(index, poses[index], now[1])
            for index in moved
            if int(index) not in self._hidden
            for poses in (before[0], now[0])
        ]
        return merged([part for part in parts if part[2] > part[0] and part[3] > part[1]])

    def _touched(self, index: int, pose: Array, view: View) -> Rectangle:
        """The rectangle that holds a body, its shadow and its contact shadow."""
        points = self._outlines[index] @ rotations(pose[3:]).T + pose[:3]
        depths = [0.0] if self.world.ground.kind == "floor" else [0.0, -self.world.ground.height]
        light, reach = self.studio.light, self.world.bodies[index].reach
        cast = [points - light * np.maximum((points[:, 2:] - depth) / light[2], 0.0) for depth in depths]
        soft = 0.06
        fringe = np.concatenate([np.stack([c + np.array(side) * soft for side in _SIDES]) for c in cast]).reshape(-1, 3)
        blob = pose[:3] * [1, 1, 0] + np.array(_SIDES) * reach * 2.1
        seen = (np.concatenate([points, fringe, blob]) - view.eye) @ view.turn.T
        if (seen[:, 2] < 0.2).any():
            return self._whole
        x = (0.5 + seen[:, 0] / seen[:, 2] * view.focal / (2 * 16 / 9)) * self.canvas.width
        y = (0.5 - seen[:, 1] / seen[:, 2] * view.focal / 2) * self.canvas.height
        return (
            max(int(np.floor(x.min())) - 2, 0),
            max(int(np.floor(y.min())) - 2, 0),
            min(int(np.ceil(x.max())) + 2, self.canvas.width),
            min(int(np.ceil(y.max())) + 2, self.canvas.height),
        )

    def _stretch(self) -> tuple[Array, Array]:
        """The box (low, high) in which shadows fall: where bodies are seen during the clip, and the ground under them."""
        places = self.world.poses[..., :3]
        reach = np.array([body.reach for body in self.world.bodies])
        centre = self.world.camera.at(np.zeros(1))[1][0] * [1, 1, 0]
        low = np.maximum((places - reach[:, None]).min(axis=(0, 1), initial=0.0), centre - 7.0)
        high = np.minimum((places + reach[:, None]).max(axis=(0, 1), initial=0.0), centre + 7.0)
        return np.minimum(low, high - 0.1) - [0.6, 0.6, 0.02], high + [0.6, 0.6, 0.1]


_SIDES = ((-1.0, -1.0, 0.0), (-1.0, 1.0, 0.0), (1.0, -1.0, 0.0), (1.0, 1.0, 0.0))


def renderer_name() -> str:
    """What draws 3D scenes here, with its version: part of what frames depend on."""
    if _has_gl():
        return gl_name()
    return "pybullet TinyRenderer"


def merged(parts: list[Rectangle]) -> list[Rectangle]:
    """Rectangles that cover the given ones and do not overlap; near ones become one where that adds little."""
    left = sorted(parts)
    done = False
    while not done:
        done = True
        for i in range(len(left)):
            for j in range(i + 1, len(left)):
                a, b = left[i], left[j]
                both = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
                overlap = a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
                if overlap or _area(both) < 1.15 * (_area(a) + _area(b)):
                    left[j] = both
                    del left[i]
                    done = False
                    break
            if not done:
                break
    return left


def _area(r: Rectangle) -> int:
    return (r[2] - r[0]) * (r[3] - r[1])


def _same(a: View, b: View) -> bool:
    return a.focal == b.focal and bool((a.eye == b.eye).all() and (a.turn == b.turn).all())


@cache
def _has_gl() -> bool:
    """Whether OpenGL draws here. ``MORSE_3D=tiny`` asks for the TinyRenderer instead."""
    if os.environ.get("MORSE_3D") == "tiny":
        reason = "MORSE_3D=tiny"
    else:
        try:
            gl_name()
            return True
        except Exception as error:  # whatever the driver says, the other renderer can do it
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    print(f"morse: 3D clips are drawn by pybullet's TinyRenderer, which is slow and plain ({reason})", file=sys.stderr)
    return False


def _tiny() -> Any:
    from morse.stage.tiny_renderer import TinyRenderer

    return TinyRenderer
