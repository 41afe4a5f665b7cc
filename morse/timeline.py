"""Flat scenes over time: actors whose place, size, angle, opacity and own channels are known at every instant.

A task's layout writes a timeline; the stage draws from it and the tracks are measured on it, so that what is shown and
what is recorded cannot differ. Canvas units: the frame is 16 wide and 9 high, origin in the middle, y up.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from morse.tracks import Tracks

WIDTH, HEIGHT = 16.0, 9.0
Array = np.ndarray
Motion = Callable[[Array], Array]

EASES: dict[str, Callable[[Array], Array]] = {
    "smooth": lambda p: p * p * (3 - 2 * p),
    "linear": lambda p: p,
    "out": lambda p: 1 - (1 - p) ** 2,
    "in": lambda p: p * p,
}
_EASE_NAMES = tuple(EASES)


class _Key(NamedTuple):
    start: float
    end: float
    before: float
    after: float
    ease: str
    motion: Motion | None = None


class Channel:
    """A number over time: a first value, then changes that do not overlap."""

    __slots__ = ("_table", "first", "keys")

    def __init__(self, first: float) -> None:
        self.first = first
        self.keys: list[_Key] | tuple[()] = ()  # most channels never change
        self._table: tuple[Array, Array] | None = None
        """Starts, ends, values before and after, one column a key; and the ease of each, by its number."""

    @property
    def last(self) -> float:
        """The value after all changes so far."""
        return self.keys[-1].after if self.keys else self.first

    def add(self, start: float, end: float, to: float, ease: str, motion: Motion | None = None) -> None:
        if self.keys and start < self.keys[-1].end - 1e-9:
            raise ValueError(f"a change at {start:.3f} s begins before the last one ends ({self.keys[-1].end:.3f} s)")
        if end < start:
            raise ValueError(f"a change ends at {end:.3f} s, before its start {start:.3f} s")
        last = self.last
        if to != last or motion is not None:
            self.keys = self.keys or []
            self.keys.append(_Key(start, end, last, to, ease, motion))
            self._table = None

    def values(self, times: Array) -> Array:
        """The channel at each time (seconds, any shape); a time less than a nanosecond before a change counts as at it."""
        out = np.full(times.shape, self.first, dtype=float)
        if not self.keys:
            return out
        if self._table is None:
            columns = np.array([(key.start, key.end, key.before, key.after) for key in self.keys]).T
            self._table = columns, np.array([_EASE_NAMES.index(key.ease) for key in self.keys])
        table, eases = self._table
        at = times + 1e-9
        latest = np.searchsorted(table[0], at, side="right") - 1
        start, end, before, after = table[:, latest]
        with np.errstate(divide="ignore", invalid="ignore"):
            progress = np.where(end > start, np.clip((at - start) / (end - start), 0.0, 1.0), 1.0)
        for number in np.unique(eases):
            here = (latest >= 0) & (eases[latest] == number)
            out[here] = (before + (after - before) * EASES[_EASE_NAMES[number]](progress))[here]
        for number in np.unique(latest) if any(key.motion is not None for key in self.keys) else ():
            key, here = self.keys[number], latest == number
            if number >= 0 and key.motion is not None:
                out[here] = key.motion(np.minimum(at[here], key.end))
        return out

    def spans(self) -> Iterable[tuple[float, float]]:
        """The stretches in which the channel changes."""
        return ((key.start, key.end) for key in self.keys if key.motion is not None or key.before != key.after)


@dataclass
class Actor:
    """Something that is drawn. ``size`` is its width and height in canvas units at scale 1, centred on (x, y)."""

    name: str
    size: tuple[float, float]
    z: float
    solid: bool
    round: bool
    tracked: bool
    channels: dict[str, Channel]

    def values(self, channel: str, times: Array) -> Array:
        return self.channels[channel].values(times)

    def at(self, channel: str, time: float) -> float:
        return float(self.channels[channel].values(np.array([time]))[0])


class Timeline:
    """The actors of a flat scene. Channels every actor has: ``x y scale angle opacity w h`` (``w``, ``h``: its size)."""

    def __init__(self, duration: float) -> None:
        self.duration = duration
        self.actors: dict[str, Actor] = {}

    def add(
        self,
        name: str,
        at: tuple[float, float],
        size: tuple[float, float],
        *,
        z: float = 0.0,
        opacity: float = 1.0,
        angle: float = 0.0,
        scale: float = 1.0,
        solid: bool = True,
        round: bool = False,
        tracked: bool = True,
        **channels: float,
    ) -> None:
        """Put an actor on the canvas.

        ``z``: who is in front. ``solid``: it hides what is behind it (``round``: as an ellipse). ``tracked``: it has a
        track (a label or a backdrop has none). ``angle`` in radians. ``channels``: further numbers the drawing depends on.
        """
        if name in self.actors:
            raise ValueError(f"two actors are called {name!r}")
        first = {"x": at[0], "y": at[1], "scale": scale, "angle": angle, "opacity": opacity, "w": size[0], "h": size[1]}
        first |= channels
        made = {channel: Channel(float(value)) for channel, value in first.items()}
        self.actors[name] = Actor(name, size, z, solid, round, tracked, made)

    def move(
        self,
        name: str,
        to: tuple[float, float],
        start: float,
        end: float,
        *,
        ease: str = "smooth",
        bend: float = 0.0,
    ) -> None:
        """Move an actor to a place. ``bend``: how far the path bulges to the left of its direction, as a share of its length."""
        actor = self.actors[name]
        x, y = actor.channels["x"], actor.channels["y"]
        (x0, y0), (x1, y1) = (x.last, y.last), to
        if bend == 0.0:
            x.add(start, end, x1, ease)
            y.add(start, end, y1, ease)
            return
        span, easing = max(end - start, 1e-9), EASES[ease]

        def along(a: float, b: float, side: float) -> Motion:
            def motion(times: Array) -> Array:
                p = easing(np.clip((times - start) / span, 0.0, 1.0))
                return a + (b - a) * p + side * bend * np.sin(math.pi * p)

            return motion

        x.add(start, end, x1, ease, along(x0, x1, -(y1 - y0)))
        y.add(start, end, y1, ease, along(y0, y1, x1 - x0))

    def change(
        self, name: str, channel: str, to: float, start: float, end: float | None = None, *, ease: str = "smooth"
    ) -> None:
        """Change a channel to a value, at once (``end=None``) or over a stretch."""
        self.actors[name].channels[channel].add(start, start if end is None else end, to, ease)

    def follow(self, name: str, channel: str, motion: Motion, start: float, end: float) -> None:
        """Let a channel follow ``motion(times) -> values`` from ``start`` to ``end``; it stays at its last value."""
        self.actors[name].channels[channel].add(start, end, float(motion(np.array([end]))[0]), "linear", motion)

    def tie(self, name: str, leader: str) -> None:
        """Give an actor the place of another for the whole clip: a shadow, a label."""
        mine, channels = self.actors[name].channels, self.actors[leader].channels
        mine["x"], mine["y"] = channels["x"], channels["y"]

    def place(self, name: str, time: float) -> tuple[float, float]:
        """Where an actor is at a time, in canvas units."""
        actor = self.actors[name]
        return actor.at("x", time), actor.at("y", time)

    def last_place(self, name: str) -> tuple[float, float]:
        """Where an actor is after all changes so far."""
        channels = self.actors[name].channels
        return channels["x"].last, channels["y"].last

    def spans_of_change(self, names: Iterable[str] | None = None) -> list[tuple[float, float]]:
        """When anything (or any of ``names``) changes: sorted stretches in seconds."""
        chosen = self.actors.values() if names is None else [self.actors[name] for name in names]
        return sorted(span for actor in chosen for channel in actor.channels.values() for span in channel.spans())

    def tracks(self, times: Array) -> Tracks:
        """Boxes and visible fractions of all tracked actors at the given times."""
        times = np.asarray(times, dtype=float)
        names = [name for name, actor in self.actors.items() if actor.tracked]
        shapes = {name: _Shape.of(actor, times) for name, actor in self.actors.items() if actor.tracked or actor.solid}
        boxes = np.stack([shapes[name].box() for name in names], axis=1) if names else np.zeros((len(times), 0, 4))
        visible = np.zeros((len(times), len(names)))
        for i, name in enumerate(names):
            above = [
                s for other, s in shapes.items() if other != name and s.actor.solid and s.actor.z > self.actors[name].z
            ]
            visible[:, i] = shapes[name].visible(above)
        return Tracks(tuple(names), times, boxes, visible)

    def mask(self, name: str, time: float, height: int, width: int) -> Array:
        """(height, width): the pixels whose middle an actor's shape covers, with no solid actor above it."""
        shapes = {other: _Shape.of(actor, np.array([time])) for other, actor in self.actors.items()}
        x = ((np.arange(width) + 0.5) / width - 0.5) * WIDTH
        y = (0.5 - (np.arange(height) + 0.5) / height) * HEIGHT
        px, py = (grid.reshape(1, -1) for grid in np.meshgrid(x, y))
        covered = shapes[name].covers(px, py)
        for other, shape in shapes.items():
            if other != name and shape.actor.solid and shape.actor.z > self.actors[name].z:
                covered &= ~shape.covers(px, py)
        return covered.reshape(height, width)


@dataclass
class _Shape:
    """An actor over some times, as arrays of one value a time."""

    actor: Actor
    x: Array
    y: Array
    half_w: Array
    half_h: Array
    angle: Array
    opacity: Array

    @classmethod
    def of(cls, actor: Actor, times: Array) -> "_Shape":
        scale = np.abs(actor.values("scale", times))
        half_w, half_h = actor.values("w", times) * scale / 2, actor.values("h", times) * scale / 2
        x, y, angle, opacity = (actor.values(c, times) for c in ("x", "y", "angle", "opacity"))
        return cls(actor, x, y, np.abs(half_w), np.abs(half_h), angle, opacity)

    def box(self) -> Array:
        """(times, 4): the upright box, in fractions of the frame."""
        cos, sin = np.abs(np.cos(self.angle)), np.abs(np.sin(self.angle))
        if self.actor.round:
            w = np.hypot(self.half_w * cos, self.half_h * sin)
            h = np.hypot(self.half_w * sin, self.half_h * cos)
        else:
            w, h = self.half_w * cos + self.half_h * sin, self.half_w * sin + self.half_h * cos
        left, right = (self.x - w) / WIDTH + 0.5, (self.x + w) / WIDTH + 0.5
        top, bottom = 0.5 - (self.y + h) / HEIGHT, 0.5 - (self.y - h) / HEIGHT
        return np.stack([left, top, right, bottom], axis=-1)

    def visible(self, above: Sequence["_Shape"]) -> Array:
        """(times,): the share of the actor inside the frame and not behind solid actors; 0 where it is transparent."""
        grid = np.linspace(-0.9, 0.9, 7)
        u, v = (a.ravel() for a in np.meshgrid(grid, grid))
        if self.actor.round:
            inside = u * u + v * v <= 1
            u, v = u[inside], v[inside]
        cos, sin = np.cos(self.angle)[:, None], np.sin(self.angle)[:, None]
        du, dv = u * self.half_w[:, None], v * self.half_h[:, None]
        px, py = self.x[:, None] + du * cos - dv * sin, self.y[:, None] + du * sin + dv * cos
        seen = (np.abs(px) <= WIDTH / 2) & (np.abs(py) <= HEIGHT / 2)
        for other in above:
            seen &= ~other.covers(px, py)
        return np.where(self.opacity > 0.5, seen.mean(axis=1), 0.0)

    def covers(self, px: Array, py: Array) -> Array:
        """Which points (times, n) lie behind this shape; a transparent shape covers none."""
        dx, dy = px - self.x[:, None], py - self.y[:, None]
        cos, sin = np.cos(self.angle)[:, None], np.sin(self.angle)[:, None]
        u = (dx * cos + dy * sin) / np.maximum(self.half_w, 1e-9)[:, None]
        v = (dy * cos - dx * sin) / np.maximum(self.half_h, 1e-9)[:, None]
        hit = u * u + v * v <= 1 if self.actor.round else (np.abs(u) <= 1) & (np.abs(v) <= 1)
        return hit & (self.opacity > 0.5)[:, None]
