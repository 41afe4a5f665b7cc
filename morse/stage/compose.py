"""A stage for compositions: the scenes of a :class:`~morse.joined.JoinedScene` and their title cards, joined by moviepy.

Each scene is drawn by a stage of its own, opened when its first frame is due and closed soon after its last, so that
memory does not grow with the length of the clip.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from morse.joined import JoinedScene
from morse.layout import Layout
from morse.stage.frames import Canvas, PixelFormat, Stage, changing_frames, open_stage, runs
from morse.style import Style
from morse.timeline import HEIGHT, WIDTH, Timeline

if TYPE_CHECKING:
    from moviepy import VideoClip

Painter = Callable[[int, Any], None]
MOST_OPEN = 2
"""How many scenes' stages are held at once."""
_TO_BGRA = {"rgba": (2, 1, 0, 3), "rgb24": (2, 1, 0)}


@dataclass(frozen=True)
class _Piece:
    """A card (``k``: of which part; of the ending if there is no such part) or a scene, on the clip's frames ``first`` … ``first + count − 1``."""

    k: int
    is_card: bool
    first: int
    count: int


class ComposeStage:
    """Draws the parts of a joined scene one after another. A task's ``draw`` says with :meth:`paint` how a part looks."""

    pixel_format: PixelFormat = "bgra"

    def __init__(self, layout: Layout, canvas: Canvas, style: Style) -> None:
        if not isinstance(layout.scene, JoinedScene):
            raise TypeError(f"the scene is a {type(layout.scene).__name__}, not a JoinedScene")
        self.canvas, self.style, self._layout, self._scene = canvas, style, layout, layout.scene
        self._pieces = _pieces(layout.scene, canvas)
        self._painter: Painter = _unpainted
        self._fade = 0.0
        self._hidden: tuple[str, ...] = ()
        self._open: OrderedDict[tuple[int, bool], Stage] = OrderedDict()
        self._film: VideoClip | None = None

    def paint(self, painter: Painter, *, fade: float = 0.0) -> None:
        """Let ``painter(k, stage)`` fill the stage of part ``k``, each time that part is opened.

        ``fade``: seconds over which each scene comes out of the background colour and goes back to it.
        """
        self.close()
        self._painter, self._fade, self._film = painter, fade, None

    def part(self, k: int) -> Any:
        """The stage of part ``k``, filled; valid until another part is asked for."""
        return self._stage(k, False)

    def frames(self) -> Iterator[tuple[np.ndarray, int]]:
        """All frames in order, (height, width, 4), each with how often it is shown."""
        for piece in self._pieces:
            for start, repeat in runs(self._changing(piece)):
                yield self._picture(piece.first + start), repeat

    def frame_at(self, time: float) -> np.ndarray:
        """The frame shown at a time."""
        return self._picture(self._frame_number(time))

    def hide(self, *names: str) -> None:
        """Leave these objects undrawn from now on, in every part that has them (``hide()`` alone draws all again)."""
        known = {name for part in self._scene.parts for name in part.names()}
        unknown = [name for name in names if name not in known]
        if unknown:
            raise ValueError(f"no actor {unknown[0]!r} in any part")
        self._hidden = names
        for (k, is_card), stage in self._open.items():
            if not is_card:
                stage.hide(*self._hidden_in(k))

    def masks(self, time: float) -> dict[str, np.ndarray]:
        """Which pixels show each tracked object; none does while a card is up."""
        blank = np.zeros((self.canvas.height, self.canvas.width), dtype=bool)
        masks = dict.fromkeys(self._scene.tracks(np.zeros(0)).names, blank)
        number = self._frame_number(time)
        piece = self._piece_of(number)
        if not piece.is_card:
            masks |= self.part(piece.k).masks((number - piece.first + 0.5) / self.canvas.fps)
        return masks

    def close(self) -> None:
        """Free the stages that are open."""
        while self._open:
            self._open.popitem()[1].close()

    def _frame_number(self, time: float) -> int:
        return min(max(int(time * self.canvas.fps + 1e-6), 0), self._pieces[-1].first + self._pieces[-1].count - 1)

    def _piece_of(self, number: int) -> _Piece:
        return next(piece for piece in self._pieces if piece.first <= number < piece.first + piece.count)

    def _changing(self, piece: _Piece) -> np.ndarray:
        """Which frames of a piece differ from the one before, counted from its own first."""
        if piece.is_card:
            return np.zeros(piece.count, dtype=bool)
        times = np.arange(piece.count) / self.canvas.fps
        spans = self._scene.parts[piece.k].spans_of_change()
        if self._fade:
            spans = [*spans, (0.0, self._fade), (times[-1] - self._fade, times[-1])]
        return changing_frames(spans, times)

    def _picture(self, number: int) -> np.ndarray:
        """Frame ``number`` of the joined clip, asked for in the middle of its time, where no rounding can matter."""
        film = self._film = self._film or self._joined()
        pixels: Any = film.get_frame((number + 0.5) / self.canvas.fps)
        return pixels if pixels.dtype == np.uint8 else np.ascontiguousarray(pixels.round().astype(np.uint8))

    def _joined(self) -> "VideoClip":
        """All pieces as moviepy clips that draw their frames when asked, end to end."""
        from moviepy import VideoClip, concatenate_videoclips, vfx

        canvas, colour = self.canvas, _bgra(self.style.background)

        class Drawn(VideoClip):
            """A clip whose size is known, so that it need not draw a frame to be put together."""

            def with_updated_frame_function(self, frame_function: Callable[[float], np.ndarray]) -> "Drawn":
                made = self.copy()
                made.frame_function = frame_function
                return made

        clips = []
        for piece in self._pieces:
            clip = Drawn(duration=piece.count / canvas.fps)
            clip.size = (canvas.width, canvas.height)
            clip.frame_function = self._drawer(piece)
            if self._fade and not piece.is_card:
                clip = clip.with_effects([vfx.FadeIn(self._fade, colour), vfx.FadeOut(self._fade, colour)])
            clips.append(clip)
        return concatenate_videoclips(clips, method="chain")

    def _drawer(self, piece: _Piece) -> Callable[[float], np.ndarray]:
        return lambda time: _as_bgra(stage := self._stage(piece.k, piece.is_card), stage.frame_at(time))

    def _stage(self, k: int, is_card: bool) -> Stage:
        key = (k, is_card)
        if key not in self._open:
            while len(self._open) >= MOST_OPEN:
                self._open.popitem(last=False)[1].close()
            self._open[key] = self._card(k) if is_card else self._opened(k)
        self._open.move_to_end(key)
        return self._open[key]

    def _opened(self, k: int) -> Stage:
        part = self._scene.parts[k]
        stage = open_stage(part.stage, replace(self._layout, scene=part.scene), self.canvas, self.style)
        self._painter(k, stage)
        stage.hide(*self._hidden_in(k))
        return stage

    def _hidden_in(self, k: int) -> list[str]:
        names = self._scene.parts[k].names()
        return [name for name in self._hidden if name in names]

    def _card(self, k: int) -> Stage:
        """A still stage that shows the card of a part, or the last card."""
        from manim import Line, RoundedRectangle, VGroup

        from morse.stage.lettering import lettering

        style, parts = self.style, self._scene.parts
        says = parts[k].card if k < len(parts) else self._scene.ending
        timeline = Timeline(1.0)
        timeline.add("card", (0, 0), (WIDTH, HEIGHT), tracked=False)
        stage: Any = open_stage("manim", replace(self._layout, scene=timeline), self.canvas, style)
        text = lettering(says, 1.7, style.ink, font=style.font, cut="bold", on_line=True, most_width=11.0)
        panel = RoundedRectangle(
            width=max(7.0, text.width + 2.4), height=3.6, corner_radius=style.corner * 2, stroke_width=4 * style.line
        ).set_fill(style.panel, 1.0).set_stroke(style.muted)  # fmt: skip
        rule = Line((-1.1, -1.1, 0.0), (1.1, -1.1, 0.0), color=style.accent, stroke_width=8 * style.line)
        stage.add("card", VGroup(panel, text.shift([0, 0.15, 0]), rule))
        return stage


def _pieces(scene: JoinedScene, canvas: Canvas) -> tuple[_Piece, ...]:
    """Cards and scenes on the frame grid: a piece has the frames whose time lies in it."""
    total = canvas.frames(scene.duration)
    edges: list[tuple[int, bool, float]] = []
    for k, part in enumerate(scene.parts):
        if part.card:
            edges.append((k, True, scene.starts(k)))
        edges.append((k, False, scene.begins(k)))
    if scene.ending:
        edges.append((len(scene.parts), True, scene.starts(len(scene.parts))))
    firsts = [min(total, int(np.ceil(time * canvas.fps - 1e-6))) for _, _, time in edges] + [total]
    made = (_Piece(k, is_card, firsts[i], firsts[i + 1] - firsts[i]) for i, (k, is_card, _) in enumerate(edges))
    return tuple(piece for piece in made if piece.count)


def _as_bgra(stage: Stage, pixels: np.ndarray) -> np.ndarray:
    if stage.pixel_format == "bgra":
        return pixels
    made = np.full((*pixels.shape[:2], 4), 255, dtype=np.uint8)
    order = _TO_BGRA[stage.pixel_format]
    made[..., : len(order)] = pixels[..., order]
    return made


def _bgra(colour: str) -> list[int]:
    return [int(colour[5:7], 16), int(colour[3:5], 16), int(colour[1:3], 16), 255]


def _unpainted(k: int, _: Any) -> None:
    raise ValueError(f"part {k} has no look: the task's draw must call paint()")
