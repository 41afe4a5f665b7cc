"""A stage for flat scenes: looks are manim mobjects, drawn by manim's Cairo camera, moved by the layout's timeline.

Each look is recorded once, as vectors, and set in at its place in each frame: where manim's own scene loop draws every
mobject anew in Python, here a frame costs one blit an actor. Frames depend on the timeline alone, not on which frames
were drawn before.
"""

import itertools
import logging
import math
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import cairo
import numpy as np

from morse.layout import Layout
from morse.stage.backdrop import backdrop
from morse.stage.frames import Canvas, PixelFormat, changing_frames, runs
from morse.style import Style
from morse.timeline import HEIGHT, WIDTH, Actor

if TYPE_CHECKING:
    from manim import Camera, Mobject

Look = Callable[[Mapping[str, float]], "Mobject"]
PLACE = ("x", "y", "scale", "angle", "opacity")
"""The channels that the stage applies itself; all others are a builder's."""
PRECISION = 16.0
"""Recorded units per canvas unit. Cairo keeps recorded points to 1/256 of a unit, and on replay the scale to 1/256 too: more
units would make points finer and sizes coarser. At 16 both are within 0.1 % of a look's size."""
PHASES = 8
"""Actors are placed to 1/8 of a pixel, so that sprites of moving actors are met again."""
SPRITE_BYTES = 48 << 20
MOST_LOOKS = 256
CHUNK = 256
BLOCK = 64
"""How many frames' places are worked out at once when single frames are asked for: likely the next ones are wanted too."""


class ManimStage:
    """Draws the actors of a flat layout. A task's ``draw`` gives each its look with :meth:`add`.

    Looks are drawn around the origin in canvas units (16 × 9, y up; a manim stroke width of 4 is 0.04 units).
    """

    pixel_format: PixelFormat = "bgra"

    def __init__(self, layout: Layout, canvas: Canvas, style: Style) -> None:
        _camera()
        self.canvas, self.style = canvas, style
        self._timeline = layout.timeline
        self._actors = sorted(self._timeline.actors.values(), key=lambda actor: actor.z)
        self._looks: dict[str, _Looks] = {}
        self._hidden: tuple[str, ...] = ()
        self._block: tuple[int, list[_Placing]] = (-1, [])
        self._sprites = _Sprites(canvas)
        self._backdrop = _Picture(canvas)
        self._backdrop.pixels[..., :3] = backdrop(canvas, style)[..., ::-1]
        self._backdrop.pixels[..., 3] = 255
        self._base, self._frame = _Picture(canvas), _Picture(canvas)
        self._forget()

    def add(self, name: str, look: "Mobject | Look") -> None:
        """Give an actor its look: a mobject, or a function from the values of its other channels to a mobject.

        A mobject is stretched with the channels ``w`` and ``h``; a function gets them (rounded to 0.001, as all others) and is
        called once for each set of values.
        """
        if name not in self._timeline.actors:
            raise ValueError(f"no actor {name!r} in the timeline")
        self._looks[name] = _Looks(self._timeline.actors[name], look)
        self._forget()

    def backdrop(self, mobject: "Mobject") -> None:
        """Draw something behind all actors, for the whole clip."""
        look = _record(mobject)
        if look is not None:
            unit = (self.canvas.width / WIDTH, self.canvas.height / HEIGHT)
            where = cairo.Matrix(unit[0], 0, 0, -unit[1], self.canvas.width / 2, self.canvas.height / 2)
            self._backdrop.paint(look, where, 1.0)
        self._forget()

    def frames(self) -> Iterator[tuple[np.ndarray, int]]:
        """All frames in order, (height, width, 4), each with how often it is shown; the buffer is reused."""
        times = self.canvas.times(self._timeline.duration)
        drawn = runs(changing_frames(self._timeline.spans_of_change(), times))
        while part := list(itertools.islice(drawn, CHUNK)):
            places = self._places(times[[first for first, _ in part]])
            for place, (_, repeat) in zip(places, part, strict=True):
                yield self._paint(place), repeat

    def frame_at(self, time: float) -> np.ndarray:
        """The frame shown at a time; the buffer is reused."""
        return self._paint(self._place_at(time))

    def hide(self, *names: str) -> None:
        """Leave these actors undrawn from now on (``hide()`` alone draws all again)."""
        unknown = [name for name in names if name not in self._timeline.actors]
        if unknown:
            raise ValueError(f"no actor {unknown[0]!r} in the timeline")
        self._hidden = names
        self._forget()

    def masks(self, time: float) -> dict[str, np.ndarray]:
        """The pixels that each tracked actor owns: where it is the topmost of the tracked and solid actors."""
        owner = np.full((self.canvas.height, self.canvas.width), -1, dtype=np.int32)
        alone = _Picture(self.canvas)
        for i, (actor, place) in enumerate(zip(self._actors, self._place_at(time), strict=True)):
            if actor.tracked or actor.solid:
                alone.pixels[:] = 0
                self._put(alone, actor, place)
                owner[alone.read()[..., 3] > 127] = i
        return {actor.name: owner == i for i, actor in enumerate(self._actors) if actor.tracked}

    def close(self) -> None:
        """Free recordings and sprites."""
        self._looks.clear()
        self._sprites.clear()

    def _forget(self) -> None:
        """The next frame starts from the backdrop."""
        self._settled = 0
        self._last: _Placing | None = None
        self._base.copy(self._backdrop)

    def _places(self, times: np.ndarray) -> Iterator["_Placing"]:
        """For each time, each actor's channel values, in drawing order."""
        columns = []
        for actor in self._actors:
            values = np.stack([actor.values(channel, times) for channel in actor.channels], axis=1)
            columns.append([tuple(row) for row in np.round(values, 6).tolist()])
        return (tuple(column[i] for column in columns) for i in range(len(times)))

    def _place_at(self, time: float) -> "_Placing":
        times = self.canvas.times(self._timeline.duration)
        frame = min(max(int(time * self.canvas.fps + 1e-6), 0), len(times) - 1)
        first = frame - frame % BLOCK
        if self._block[0] != first:
            self._block = (first, list(self._places(times[first : first + BLOCK])))
        return self._block[1][frame - first]

    def _paint(self, place: "_Placing") -> np.ndarray:
        """Draw a frame over what has stayed as it was: the base holds the lowest actors, up to the first that moved."""
        if self._last is None:
            still = 0
        else:
            moved = (i for i, (a, b) in enumerate(zip(self._last, place, strict=True)) if a != b)
            still = next(moved, len(place))
        if still < self._settled:
            self._base.copy(self._backdrop)
            self._settled = 0
        for i in range(self._settled, still):
            self._put(self._base, self._actors[i], place[i])
        self._settled, self._last = still, place
        self._frame.copy(self._base)
        for i in range(still, len(place)):
            self._put(self._frame, self._actors[i], place[i])
        return self._frame.read()

    def _put(self, picture: "_Picture", actor: Actor, values: tuple[float, ...]) -> None:
        if actor.name in self._hidden:
            return
        if actor.name not in self._looks:
            raise ValueError(f"actor {actor.name!r} has no look: the task's draw must add one")
        channels = dict(zip(actor.channels, values, strict=True))
        opacity = min(max(channels["opacity"], 0.0), 1.0)
        if opacity < 1 / 255:
            return
        recording, stretch = self._looks[actor.name].at(channels)
        if recording is not None:
            self._sprites.put(picture, recording, channels, stretch, opacity)


_Placing = tuple[tuple[float, ...], ...]


class _Picture:
    """A canvas of BGRA pixels that cairo draws on and numpy reads."""

    def __init__(self, canvas: Canvas) -> None:
        self.pixels = np.zeros((canvas.height, canvas.width, 4), dtype=np.uint8)
        self._surface = cairo.ImageSurface.create_for_data(
            self.pixels,  # pyright: ignore[reportArgumentType]  (any writable buffer)
            cairo.FORMAT_ARGB32,
            canvas.width,
            canvas.height,
            4 * canvas.width,
        )
        self._context = cairo.Context(self._surface)

    def copy(self, other: "_Picture") -> None:
        np.copyto(self.pixels, other.pixels)
        self._surface.mark_dirty()

    def read(self) -> np.ndarray:
        self._surface.flush()
        return self.pixels

    def blit(self, sprite: cairo.ImageSurface, left: int, top: int, opacity: float) -> None:
        self._surface.mark_dirty()
        self._context.set_source_surface(sprite, left, top)
        self._context.paint_with_alpha(opacity) if opacity < 1 else self._context.paint()

    def paint(self, recording: "_Recording", where: cairo.Matrix, opacity: float) -> None:
        self._surface.mark_dirty()
        _replay(self._context, recording, where, opacity)


@dataclass(frozen=True)
class _Recording:
    """A look as vectors. ``number`` tells it from every other; ``box``: left, bottom, right, top in canvas units."""

    number: int
    surface: cairo.RecordingSurface
    box: tuple[float, float, float, float]


class _Looks:
    """The look of one actor, recorded for each set of values it has been asked for."""

    def __init__(self, actor: Actor, look: "Mobject | Look") -> None:
        self._actor = actor
        self._still: _Recording | None = None
        self._build: Look | None = None
        if callable(look):
            self._build = look
        else:
            self._still = _record(look)
        self._built: OrderedDict[tuple[float, ...], _Recording | None] = OrderedDict()

    def at(self, channels: Mapping[str, float]) -> tuple[_Recording | None, tuple[float, float]]:
        """The recording for the values of the actor's channels, and how it is stretched."""
        if self._build is None:
            width, height = self._actor.size
            return self._still, (channels["w"] / width if width else 1.0, channels["h"] / height if height else 1.0)
        values = {name: round(value, 3) for name, value in channels.items() if name not in PLACE}
        key = tuple(values.values())
        if key not in self._built:
            self._built[key] = _record(self._build(values))
            if len(self._built) > MOST_LOOKS:
                self._built.popitem(last=False)
        self._built.move_to_end(key)
        return self._built[key], (1.0, 1.0)


class _Sprites:
    """Looks as pixels, at the scale, angle and part of a pixel where they were last needed; the oldest are dropped."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._kept: OrderedDict[tuple[float, ...], tuple[cairo.ImageSurface, int, int]] = OrderedDict()
        self._bytes = 0

    def clear(self) -> None:
        self._kept.clear()
        self._bytes = 0

    def put(
        self,
        picture: _Picture,
        recording: _Recording,
        channels: Mapping[str, float],
        stretch: tuple[float, float],
        opacity: float,
    ) -> None:
        """Draw a look at its place."""
        unit_x, unit_y = self._canvas.width / WIDTH, self._canvas.height / HEIGHT
        x = round((WIDTH / 2 + channels["x"]) * unit_x * PHASES) / PHASES
        y = round((HEIGHT / 2 - channels["y"]) * unit_y * PHASES) / PHASES
        column, row = math.floor(x), math.floor(y)
        wide, high = round(channels["scale"] * stretch[0], 5), round(channels["scale"] * stretch[1], 5)
        if not wide or not high:
            return
        angle = round(channels["angle"], 5)
        cos, sin = math.cos(angle), math.sin(angle)
        turn = (unit_x * cos * wide, -unit_y * sin * wide, -unit_x * sin * high, -unit_y * cos * high)
        key = (recording.number, x - column, y - row, wide, high, angle)
        if key not in self._kept:
            where = cairo.Matrix(*turn, x - column, y - row)
            left, top, width, height = _pixel_box(recording.box, where)
            if width * height > 2 * self._canvas.width * self._canvas.height:
                picture.paint(recording, cairo.Matrix(*turn, x, y), opacity)
                return
            self._keep(key, _rasterised(recording, where, left, top, width, height), left, top)
        self._kept.move_to_end(key)
        sprite, left, top = self._kept[key]
        picture.blit(sprite, column + left, row + top, opacity)

    def _keep(self, key: tuple[float, ...], sprite: cairo.ImageSurface, left: int, top: int) -> None:
        self._kept[key] = (sprite, left, top)
        self._bytes += sprite.get_height() * sprite.get_stride()
        while self._bytes > SPRITE_BYTES and len(self._kept) > 1:
            oldest, _, _ = self._kept.popitem(last=False)[1]
            self._bytes -= oldest.get_height() * oldest.get_stride()


def _pixel_box(box: tuple[float, float, float, float], where: cairo.Matrix) -> tuple[int, int, int, int]:
    """Left, top, width and height in whole pixels of a box in canvas units, with a pixel to spare."""
    corners = [where.transform_point(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    left, top = (math.floor(min(corner[i] for corner in corners)) - 1 for i in (0, 1))
    right, bottom = (math.ceil(max(corner[i] for corner in corners)) + 1 for i in (0, 1))
    return left, top, right - left, bottom - top


def _rasterised(
    recording: _Recording, where: cairo.Matrix, left: int, top: int, width: int, height: int
) -> cairo.ImageSurface:
    sprite = cairo.ImageSurface(cairo.FORMAT_ARGB32, width, height)
    shifted = cairo.Matrix(where.xx, where.yx, where.xy, where.yy, where.x0 - left, where.y0 - top)
    _replay(cairo.Context(sprite), recording, shifted, 1.0)
    sprite.flush()
    return sprite


def _replay(context: cairo.Context, recording: _Recording, where: cairo.Matrix, opacity: float) -> None:
    context.save()
    context.set_matrix(where)
    context.scale(1 / PRECISION, 1 / PRECISION)
    context.set_source_surface(recording.surface, 0, 0)
    context.paint_with_alpha(opacity) if opacity < 1 else context.paint()
    context.restore()


_numbers = itertools.count()


def _record(mobject: "Mobject") -> _Recording | None:
    """Draw a mobject with manim's camera into a recording; ``None`` if there is nothing to see."""
    from manim import VMobject
    from manim.utils.family import extract_mobject_family_members

    camera = _camera()
    surface = cairo.RecordingSurface(cairo.CONTENT_COLOR_ALPHA, None)
    context = cairo.Context(surface)
    context.scale(PRECISION, PRECISION)
    for part in extract_mobject_family_members([mobject], use_z_index=True, only_those_with_points=True):
        if not isinstance(part, VMobject):
            raise TypeError(f"a look is made of vectorized mobjects, not of {type(part).__name__}")
        camera.display_vectorized(part, context)
    x, y, width, height = surface.ink_extents()
    if width <= 0 or height <= 0:
        return None
    box = (x / PRECISION, y / PRECISION, (x + width) / PRECISION, (y + height) / PRECISION)
    return _Recording(next(_numbers), surface, box)


@cache
def _camera() -> "Camera":
    """Manim's Cairo camera, which writes no file and says nothing. The first call loads manim."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    import manim

    root.handlers[:] = handlers  # manim turns the root logger into its console
    root.setLevel(level)
    for name in ("manim", "matplotlib"):
        logging.getLogger(name).setLevel(logging.ERROR)
    manim.config.disable_caching = True
    manim.config.media_dir = f"{tempfile.gettempdir()}/morse-manim"

    class BlueFirst(manim.Camera):
        """Manim swaps red and blue to fit its own pixel arrays; frames here are BGRA, cairo's order."""

        def set_cairo_context_color(self, ctx: cairo.Context, rgbas: Any, vmobject: manim.VMobject) -> manim.Camera:
            return super().set_cairo_context_color(ctx, np.asarray(rgbas)[:, [2, 1, 0, 3]], vmobject)

    return BlueFirst(pixel_width=16, pixel_height=9, frame_width=WIDTH, frame_height=HEIGHT)
