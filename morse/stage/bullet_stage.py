"""The 3D stage: films a :class:`~morse.world.World` with OpenGL, or with pybullet's TinyRenderer where there is no EGL.

With a still camera only the rectangles in which something changed are drawn; a frame in which nothing changed is the one
before, repeated.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import Any, Protocol

import numpy as np

from morse.layout import Layout
from morse.meshes import Mesh
from morse.stage.frames import Canvas, PixelFormat
from morse.stage.gl_renderer import GlRenderer, gl_name
from morse.stage.picture import (
    SOFT,
    Rectangle,
    View,
    contact_shadows,
    corners_of,
    parts_of,
    shadow_falls,
    shadow_matrix,
)
from morse.stage.studio import Studio, furnish, linear
from morse.style import Style
from morse.world import ASPECT, NEAR, World, rotations

Array = np.ndarray
_FINEST = 4
"""Decimals, in metres and of quaternions, to which poses are drawn."""
_CHUNK = 240
"""Frames whose poses are worked out at once: memory does not grow with the length of the clip."""


class Renderer(Protocol):
    """What draws a world's bodies."""

    def draw(
        self, poses: Array, view: View, hidden: frozenset[int], into: Array, area: Sequence[Rectangle]
    ) -> None: ...
    def ids(self, poses: Array, view: View) -> Array: ...
    def inlay(self, body: int, mesh: Mesh, colour: Array) -> None: ...
    def release(self) -> None: ...


class BulletStage:
    """Films a layout whose scene is a world. Bodies carry their own looks; a task's ``draw`` may add inlays to them."""

    pixel_format: PixelFormat = "rgba"

    def __init__(self, layout: Layout, canvas: Canvas, style: Style) -> None:
        if not isinstance(layout.scene, World):
            raise TypeError(f"the scene is a {type(layout.scene).__name__}, not a World")
        self.world, self.canvas, self.style = layout.scene, canvas, style
        eyes, targets, _ = self.world.camera.at(np.zeros(1))
        self.studio: Studio = furnish(style, (targets - eyes)[0, :2])
        self._hidden: frozenset[int] = frozenset()
        colours = {body.colour: linear(style.colour(body.colour)) for body in self.world.bodies}
        shadow = shadow_matrix(self.studio, *self._stretch())
        made = GlRenderer if _has_gl() else _tiny()
        self._renderer: Renderer = made(self.world, self.studio, colours, shadow, canvas.width, canvas.height)
        self._picture = np.zeros((canvas.height, canvas.width, 4), np.uint8)
        self._alone = np.zeros_like(self._picture)
        self._last: tuple[Array, View] | None = None
        """What :attr:`_alone` shows: of a frame asked for alone, too, only what differs from the last such frame is drawn."""

    def inlay(self, name: str, mesh: Mesh, colour: str) -> None:
        """Put a mark into the surface of a body, of which it is a part from now on.

        ``mesh``: in the body's own axes, a little outside its surface; ``colour``: ``#rrggbb``.
        """
        self._renderer.inlay(self.world.index(name), mesh, linear(colour))
        self._last = None

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
        now = self._poses(np.array([time]))[0], View.of(self.world, time)
        area = self._changed(self._last, now)
        if area:
            self._renderer.draw(*now, self._hidden, self._alone, area)
            self._last = now
        return self._alone.copy()

    def hide(self, *names: str) -> None:
        """Leave these bodies undrawn from now on, with their shadows (``hide()`` alone draws all again)."""
        self._hidden = frozenset(self.world.index(name) for name in names)
        self._last = None

    def masks(self, time: float) -> dict[str, np.ndarray]:
        """Which pixels show each tracked body, from the renderer: (height, width) of bool."""
        ids = self._renderer.ids(self._poses(np.array([time]))[0], View.of(self.world, time))
        return {body.name: ids == i for i, body in enumerate(self.world.bodies) if body.tracked}

    def close(self) -> None:
        """Free what the stage holds."""
        self._renderer.release()

    def _poses(self, times: Array) -> Array:
        """(times, bodies, 7): where bodies are drawn. Nobody sees a tenth of a millimetre, but what creeps would be drawn anew."""
        return self.world.poses_at(times).round(_FINEST)

    def _moments(self) -> Iterator[tuple[Array, View]]:
        times = self.canvas.times(self.world.duration)
        for start in range(0, len(times), _CHUNK):
            part = times[start : start + _CHUNK]
            poses = self._poses(part)
            eyes, turns, focals = self.world.camera.axes(part)
            for i in range(len(part)):
                yield poses[i], View(eyes[i], turns[i], float(focals[i]))

    def _changed(self, before: tuple[Array, View] | None, now: tuple[Array, View]) -> list[Rectangle]:
        """The parts in which this frame differs from the one before."""
        whole = [(0, 0, self.canvas.width, self.canvas.height)]
        if before is None or not _same(before[1], now[1]):
            return whole
        moved = (before[0] != now[0]).any(axis=1)
        moved[list(self._hidden)] = False
        if not moved.any():
            return []
        points = np.concatenate([self._touched(poses, moved, now[1]) for poses in (before[0], now[0])])
        if np.isnan(points).any():
            return whole
        return parts_of(points, self.canvas.width, self.canvas.height)

    def _touched(self, poses: Array, some: Array, view: View) -> Array:
        """(bodies, points, 2): pixels between which some bodies with their shadows and contact shadows are; not a number where one
        is too near."""
        bodies = [self.world.bodies[i] for i in np.flatnonzero(some)]
        turns, places = rotations(poses[some, 3:]), poses[some, :3]
        levels = [0.0] if self.world.ground.kind == "floor" else [0.0, -self.world.ground.height]
        falls = [shadow_falls(bodies, turns, places, self.studio.light, level).corners() for level in levels]
        blobs = contact_shadows(bodies, turns, places)
        spots = np.where(blobs.darkness[:, None, None] > 0, blobs.corners(), places[:, None])
        dark = self._walled(corners_of(bodies, turns, places, SOFT), np.concatenate(falls, axis=1))
        points = np.concatenate([corners_of(bodies, turns, places), dark, spots], axis=1)
        seen = (points - view.eye) @ view.turn.T
        depth = np.where(seen[..., 2] < NEAR, np.nan, seen[..., 2])
        x = (0.5 + seen[..., 0] / depth * view.focal / (2 * ASPECT)) * self.canvas.width
        y = (0.5 - seen[..., 1] / depth * view.focal / 2) * self.canvas.height
        return np.stack([x, y], axis=-1)

    def _walled(self, corners: Array, falls: Array) -> Array:
        """(n, points, 3): where shadows end: on the ground at ``falls``, or on a wall that catches all of them before."""
        ends = np.concatenate([falls] * (-(-corners.shape[1] // falls.shape[1])), axis=1)
        for place, turn, half in self._walls:
            start, way = (corners - place) @ turn, -self.studio.light @ turn
            with np.errstate(divide="ignore", invalid="ignore"):
                one, other = (-half - start) / way, (half - start) / way
            enter, leave = np.fmin(one, other).max(axis=-1), np.fmax(one, other).min(axis=-1)
            caught = ((enter < leave) & (enter > 0)).all(axis=1)
            on_wall = corners - self.studio.light * enter[..., None]
            ends[caught] = np.resize(on_wall[caught].swapaxes(0, 1), (ends.shape[1], caught.sum(), 3)).swapaxes(0, 1)
        return ends

    @cached_property
    def _walls(self) -> list[tuple[Array, Array, Array]]:
        """Place, rotation and half extents of each upright box that stands for the whole clip, large enough to catch shadows."""
        found = []
        for i, body in enumerate(self.world.bodies):
            poses = self.world.poses[:, i]
            large = body.static and body.shape == "box" and body.material != "glass" and sorted(body.size)[1] > 1.0
            if large and (poses == poses[0]).all():
                found.append((poses[0, :3], rotations(poses[0, 3:]), np.array(body.size) / 2))
        return found

    def _stretch(self) -> tuple[Array, Array]:
        """The box (low, high) in which shadows fall: where bodies are seen during the clip, and the ground under them."""
        places = self.world.poses[..., :3]
        reach = np.array([body.reach for body in self.world.bodies])
        centre = self.world.camera.at(np.zeros(1))[1][0] * [1, 1, 0]
        low = np.maximum((places - reach[:, None]).min(axis=(0, 1), initial=0.0), centre - 7.0)
        high = np.minimum((places + reach[:, None]).max(axis=(0, 1), initial=0.0), centre + 7.0)
        return np.minimum(low, high - 0.1) - [0.6, 0.6, 0.02], high + [0.6, 0.6, 0.1]


def renderer_name() -> str:
    """What draws 3D scenes here, with its version: part of what frames depend on."""
    if _has_gl():
        return gl_name()
    return "pybullet TinyRenderer"


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
