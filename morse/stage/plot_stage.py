"""Charts: actors of a timeline drawn by matplotlib's Agg renderer, and only what changes drawn anew.

The whole frame is one coordinate system, that of the timeline (16 × 9 units, origin in the middle). Drawings lie in one order,
back to front. In each short stretch of the clip everything behind the hindmost drawing that changes there is drawn once
and kept as pixels (the ground); a frame is the ground and what lies before it, so it has the same pixels as one drawn
from nothing. No pyplot; matplotlib's settings are the same whatever the user's own, and are left as they were.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from math import cos, sin
from typing import Any

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from morse.layout import Layout
from morse.stage.backdrop import backdrop
from morse.stage.frames import Canvas, PixelFormat, changing_frames, runs
from morse.stage.lettering import Cut, Side, outline
from morse.style import Style
from morse.timeline import HEIGHT, WIDTH, Actor

Values = Mapping[str, float]
Apply = Callable[[Any, Values], None]
Colour = str | tuple[float, float, float]
Point = tuple[float, float]

SETTINGS: dict[str, Any] = {
    "agg.path.chunksize": 0,
    "path.effects": [],
    "path.simplify": True,
    "path.simplify_threshold": 0.111111111111,
    "path.sketch": None,
    "path.snap": True,
    "patch.antialiased": True,
    "patch.linewidth": 1.0,
    "patch.force_edgecolor": False,
    "hatch.linewidth": 1.0,
}
"""What artists read from matplotlib's settings while they are made and drawn."""
DPI = 64.0
"""A power of two, so that no canvas is a pixel short after the division into inches."""


@contextmanager
def settings() -> Iterator[None]:
    """Matplotlib's settings as this stage needs them; the user's own come back afterwards. Make own artists inside."""
    own: Any = matplotlib.rcParams
    changed = {key: own[key] for key, value in SETTINGS.items() if own[key] != value}
    try:
        own.update({key: SETTINGS[key] for key in changed})
        yield
    finally:
        own.update(changed)


@dataclass(frozen=True)
class _Drawing:
    artist: Artist
    actor: Actor | None
    apply: Apply | None
    z: float


class PlotStage:
    """A stage of matplotlib artists. ``draw`` fills it through :meth:`add` or the ready-made drawings below it."""

    pixel_format: PixelFormat = "rgba"

    def __init__(self, layout: Layout, canvas: Canvas, style: Style) -> None:
        self.layout, self.canvas, self.style = layout, canvas, style
        self.unit = canvas.width / WIDTH
        """Pixels in one canvas unit, across."""
        self._to_pixels = np.array(
            [[self.unit, 0, canvas.width / 2], [0, canvas.height / HEIGHT, canvas.height / 2], [0, 0, 1]]
        )
        self._renderer = RendererAgg(canvas.width, canvas.height, DPI)
        self._pixels = np.asarray(self._renderer.buffer_rgba())
        self._backdrop = np.full((canvas.height, canvas.width, 4), 255, np.uint8)
        self._backdrop[..., :3] = backdrop(canvas, style)
        self._drawings: list[_Drawing] = []
        self._hidden: frozenset[str] = frozenset()

    # ── filling it ──────────────────────────────────────────────────────────────────────────────────────────────────

    def add(self, actor: str | None, artist: Artist, apply: Apply | None = None, *, z: float | None = None) -> None:
        """Put an artist on the stage, in canvas units if it has no transform of its own.

        ``apply(artist, values)`` sets it from the values of the actor's channels whenever one of them has changed. Without
        an actor it is a still. ``z``: who is in front, the actor's unless given; of equals the later one.
        """
        bound = None if actor is None else self.layout.timeline.actors[actor]
        if not artist.is_transform_set():
            artist.set_transform(Affine2D(self._to_pixels))
        artist.set_snap(False)  # whole-pixel places would make slow motion jerk
        self._drawings.append(_Drawing(artist, bound, apply, z if z is not None else bound.z if bound else 0.0))

    def outline(
        self,
        actor: str | None,
        path: Path,
        fill: Colour | None,
        *,
        edge: Colour | None = None,
        line: float = 0.0,
        dashes: Sequence[float] = (),
        shade: Callable[[Values], Colour] | None = None,
        reshape: Callable[[Values], Path] | None = None,
        strength: float = 1.0,
        z: float | None = None,
    ) -> None:
        """Any shape, around its actor's place (or in canvas units without one), moved, turned, scaled and faded with it.

        ``line``: width of the edge, and ``dashes``: lengths on and off, in canvas units. ``shade``: the fill from the
        actor's channels; ``reshape``: the path from them. ``strength``: opacity of the whole at the actor's full opacity.
        """
        with settings():
            patch = PathPatch(path, facecolor=fill if fill is not None else "none", linewidth=0.0, alpha=strength)
            patch.set_edgecolor(edge if edge is not None and line > 0 else "none")
            patch.set_capstyle("butt" if dashes else "round")
            patch.set_joinstyle("round")
            if line > 0:
                width = line * self.unit * 72.0 / DPI
                patch.set_linewidth(width)
                if dashes:
                    patch.set_linestyle((0, [length / line for length in dashes]))

        reach = None if reshape is not None else float(np.hypot(*np.asarray(path.vertices).T).max()) + line

        def apply(drawn: PathPatch, values: Values) -> None:
            drawn.set_visible(values["opacity"] > 0.004 and (reach is None or _in_frame(values, reach)))
            if not drawn.get_visible():
                return
            if reshape is not None:
                drawn.set_path(reshape(values))
            if shade is not None:
                drawn.set_facecolor(shade(values))
            alpha = strength * min(1.0, values["opacity"])
            if alpha != drawn.get_alpha():
                drawn.set_alpha(alpha)
            drawn.set_transform(self._placed(values))

        self.add(actor, patch, apply if actor is not None else None, z=z)

    def polygon(
        self,
        actor: str | None,
        corners: Sequence[Point] | np.ndarray,
        fill: Colour,
        *,
        at: Point = (0.0, 0.0),
        strength: float = 1.0,
        z: float | None = None,
    ) -> None:
        """A filled figure with straight sides; ``at`` from the actor's place."""
        self.outline(actor, Path(np.asarray(corners, dtype=float) + np.array(at)), fill, strength=strength, z=z)

    def box(
        self,
        actor: str,
        fill: Colour | None,
        *,
        corner: float = 0.0,
        edge: Colour | None = None,
        line: float = 0.0,
        shade: Callable[[Values], Colour] | None = None,
        z: float | None = None,
    ) -> None:
        """A rectangle of the actor's ``w`` × ``h``, with rounded corners (radius in canvas units); it grows with them."""

        def reshape(values: Values) -> Path:
            return rounded(values["w"], values["h"], corner)

        self.outline(actor, Path.unit_rectangle(), fill, edge=edge, line=line, shade=shade, reshape=reshape, z=z)

    def words(
        self,
        actor: str | None,
        text: str,
        size: float,
        colour: Colour,
        *,
        at: Point = (0.0, 0.0),
        side: Side = "centre",
        cut: Cut = "normal",
        strength: float = 1.0,
        z: float | None = None,
    ) -> None:
        """A line of text in the style's font, ``size`` canvas units to the em; ``at`` from the actor's place: the middle
        of a capital's height, at the line's ``side``."""
        path = lettered(text, size, self.style.font, cut, side, at)
        self.outline(actor, path, colour, strength=strength, z=z)

    def reading(
        self,
        actor: str,
        text: Callable[[Values], str],
        size: float,
        colour: Colour,
        *,
        at: Point = (0.0, 0.0),
        side: Side = "centre",
        cut: Cut = "normal",
        strength: float = 1.0,
        z: float | None = None,
    ) -> None:
        """A line of text that says what the actor's channels are: a counter, a value."""

        def reshape(values: Values) -> Path:
            return lettered(text(values), size, self.style.font, cut, side, at)

        self.outline(actor, Path([(0, 0)]), colour, reshape=reshape, strength=strength, z=z)

    def line(
        self,
        actor: str | None,
        points: Sequence[Point] | np.ndarray,
        colour: Colour,
        width: float,
        *,
        dashes: Sequence[float] = (),
        grows: str | None = None,
        strength: float = 1.0,
        z: float | None = None,
    ) -> None:
        """A line through points; with ``grows``, a channel from 0 to 1 says how much of its length is there."""
        corners = np.asarray(points, dtype=float)
        reshape = None if grows is None else lambda values: part_of(corners, values[grows])
        self.outline(
            actor, Path(corners), None, edge=colour, line=width, dashes=dashes, reshape=reshape, strength=strength, z=z
        )

    # ── showing it ──────────────────────────────────────────────────────────────────────────────────────────────────

    def frames(self) -> Iterator[tuple[np.ndarray, int]]:
        """All frames, as :class:`~morse.stage.frames.Stage` says."""
        times = self.canvas.times(self.layout.duration)
        order = self._order()
        changes = [changing_frames(_spans(drawing), times) for drawing in order]
        hindmost = np.full(len(times), len(order))
        for i in range(len(order) - 1, -1, -1):
            hindmost[changes[i]] = i
        stretch, ground, level = -1, self._backdrop, -1
        values: list[Callable[[int], Values] | None] = []
        for first, count in runs(hindmost < len(order)):
            if first // self.canvas.fps != stretch:  # ground and channels are made for a second at a time
                stretch = first // self.canvas.fps
                window = slice(stretch * self.canvas.fps, (stretch + 1) * self.canvas.fps)
                values = [
                    _over(drawing.actor, times[window], window.start) if first == 0 or changed[window].any() else None
                    for drawing, changed in zip(order, changes, strict=True)
                ]
                wanted = int(hindmost[window].min())
                stale, level = wanted != level, wanted
            else:
                stale = False
            for drawing, changed, at in zip(order, changes, values, strict=True):
                if (first == 0 or changed[first]) and at is not None and drawing.apply is not None:
                    drawing.apply(drawing.artist, at(first))
            if stale:
                np.copyto(self._pixels, self._backdrop)
                self._draw(order[:level])
                ground = self._pixels.copy()
            else:
                np.copyto(self._pixels, ground)
            self._draw(order[level:])
            yield self._pixels, count

    def frame_at(self, time: float) -> np.ndarray:
        """The frame that is shown at a time."""
        order = self._set(time)
        np.copyto(self._pixels, self._backdrop)
        self._draw(order)
        return self._pixels

    def hide(self, *names: str) -> None:
        """Leave these actors undrawn (``hide()`` alone: draw all again)."""
        self._hidden = frozenset(names)

    def masks(self, time: float) -> dict[str, np.ndarray]:
        """Which pixels show each tracked actor: those that its drawings cover by more than half, and no later one does."""
        owner = np.full((self.canvas.height, self.canvas.width), -1)
        names = [name for name, actor in self.layout.timeline.actors.items() if actor.tracked]
        for drawing in self._set(time):
            self._pixels.fill(0)
            self._draw([drawing])
            name = drawing.actor.name if drawing.actor else ""
            owner[self._pixels[..., 3] > 127] = names.index(name) if name in names else -1
        return {name: owner == number for number, name in enumerate(names)}

    def close(self) -> None:
        """Forget all drawings."""
        self._drawings.clear()

    # ── how ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _order(self) -> list[_Drawing]:
        """What is drawn, back to front."""
        shown = [d for d in self._drawings if d.actor is None or d.actor.name not in self._hidden]
        return sorted(shown, key=lambda drawing: drawing.z)

    def _set(self, time: float) -> list[_Drawing]:
        """Set all artists for the frame shown at a time; returns them in order."""
        times = self.canvas.times(self.layout.duration)
        number = min(len(times) - 1, int(time * self.canvas.fps + 1e-6))
        order = self._order()
        for drawing in order:
            if drawing.actor is not None and drawing.apply is not None:
                drawing.apply(drawing.artist, _over(drawing.actor, times[number : number + 1], number)(number))
        return order

    def _draw(self, drawings: Sequence[_Drawing]) -> None:
        with settings():
            for drawing in drawings:
                drawing.artist.draw(self._renderer)

    def _placed(self, values: Values) -> Affine2D:
        """From a drawing's own units to pixels."""
        c, s = values["scale"] * cos(values["angle"]), values["scale"] * sin(values["angle"])
        return Affine2D(self._to_pixels @ np.array([[c, -s, values["x"]], [s, c, values["y"]], [0.0, 0.0, 1.0]]))


def _spans(drawing: _Drawing) -> list[tuple[float, float]]:
    if drawing.actor is None or drawing.apply is None:
        return []
    return [span for channel in drawing.actor.channels.values() for span in channel.spans()]


def _in_frame(values: Values, reach: float) -> bool:
    """Whether some of a drawing may be in the frame, ``reach`` canvas units being the farthest from its place at scale 1."""
    room = reach * abs(values["scale"])
    return abs(values["x"]) <= WIDTH / 2 + room and abs(values["y"]) <= HEIGHT / 2 + room


def _over(actor: Actor | None, times: np.ndarray, first: int) -> Callable[[int], Values]:
    """An actor's values at some frames, the first of them being number ``first``, by frame number."""
    if actor is None:
        return lambda number: {}
    still = {name: channel.first for name, channel in actor.channels.items() if not channel.keys}
    moving = {name: channel.values(times).tolist() for name, channel in actor.channels.items() if channel.keys}
    return lambda number: still | {name: column[number - first] for name, column in moving.items()}


# ── paths ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_BEND = 0.5522847498
"""How far the handles of a cubic reach that is nearest to a quarter circle of radius 1."""
_ROUNDED = np.array([Path.MOVETO, *([Path.LINETO] + [Path.CURVE4] * 3) * 4, Path.CLOSEPOLY], dtype=Path.code_type)


def rounded(width: float, height: float, corner: float) -> Path:
    """A rectangle about the origin whose corners have a radius (less where it has no room)."""
    w, h = abs(width) / 2, abs(height) / 2
    r = min(corner, w, h)
    k = r * (1 - _BEND)
    vertices = [(-w + r, -h)]
    vertices += [(w - r, -h), (w - k, -h), (w, -h + k), (w, -h + r)]
    vertices += [(w, h - r), (w, h - k), (w - k, h), (w - r, h)]
    vertices += [(-w + r, h), (-w + k, h), (-w, h - k), (-w, h - r)]
    vertices += [(-w, -h + r), (-w, -h + k), (-w + k, -h), (-w + r, -h), (-w + r, -h)]
    return Path(vertices, _ROUNDED)


def part_of(points: np.ndarray, share: float) -> Path:
    """The first ``share`` (0 to 1) of the way along a line through points (n, 2)."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    reach = along[-1] * min(1.0, max(0.0, share))
    whole = points[along <= reach]
    end = [np.interp(reach, along, points[:, 0]), np.interp(reach, along, points[:, 1])]
    return Path(np.vstack([whole, end]))


@lru_cache(maxsize=1024)
def lettered(text: str, size: float, font: str, cut: Cut = "normal", side: Side = "left", at: Point = (0, 0)) -> Path:
    """A line of text as a path; ``at``: the middle of a capital's height, at the line's ``side``."""
    made = outline(text, size, font, cut)
    if not len(made.curves):
        return Path([at])
    left, _, right, _ = made.box
    shift = np.array([{"left": left, "centre": (left + right) / 2, "right": right}[side], made.capital / 2]) - at
    curves = made.curves - shift
    starts = np.concatenate([[True], np.any(curves[1:, 0] != curves[:-1, 3], axis=1)])
    vertices, codes = [], []
    for curve, starts_contour in zip(curves, starts, strict=True):
        if starts_contour:
            vertices.append(curve[0])
            codes.append(Path.MOVETO)
        vertices.extend(curve[1:])
        codes.extend([Path.CURVE4] * 3)
    return Path(np.array(vertices), codes)
