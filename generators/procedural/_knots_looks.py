"""How fields with ropes look: a board, the dashed lines, ropes laid over and under, their taped ends, numbers at the crossings."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from generators.procedural._knots_domain import Board, Ways, laid
from generators.procedural._knots_scene import FIELD, LABEL, Way
from generators.procedural._shapes import block, group
from generators.procedural._shots import Shot
from generators.spatial._rope_looks import Cord, cord_of, draw_cord, paths, table_of
from morse.style import Style, brightness, mix
from morse.timeline import Timeline

WIDE = 0.25
LIFT = 0.4
"""How much of a rope, on either side of a crossing, is drawn as lying on top."""
INK = "#1b1d22"
TAPES = ("#e34b4b", "#2f7fd0", "#f2b233", "#3fae7a", "#f4f4f4", "#26282e")


class Props:
    """All looks of one clip set, in one style."""

    def __init__(self, board: Board, ways: Mapping[str, Way], style: Style) -> None:
        self.board, self.ways, self.style = board, ways, style
        self.table = table_of(style)
        self.field = mix(self.table, "#ffffff" if brightness(self.table) < 0.5 else "#000000", 0.07)
        self.cord: Cord = cord_of(style, self.field, WIDE)
        tapes = [tape for tape in TAPES if _apart(tape, self.cord.tone) > 0.55 and _apart(tape, self.field) > 0.4]
        self.tape = style.pick("tape", tapes or TAPES)
        self._made: dict[Any, Any] = {}

    def dress(self, shot: Shot, timeline: Timeline, places: Mapping[str, tuple[float, float]], stage: Any) -> None:
        """Give every actor of one clip its look."""
        stage.backdrop(self.once(("room", shot.columns), lambda: self.room(shot, places)))
        for name in timeline.actors:
            if name in self.ways:
                stage.add(name, self.rope(name, laid(shot.before, name), laid(shot.after, name)))
            elif name.startswith("crossing"):
                stage.add(name, self.once(name, lambda name=name: self.label(name)))
            elif name.startswith("tip"):
                stage.add(name, self.once("tip", self.tip))
            else:
                stage.add(name, self.growing(name.removeprefix("new of "), len(laid(shot.before, shot.objects[0]))))

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What ``make`` returns, made once for all clips."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def rope(self, rope: str, before: Ways, after: Ways) -> Callable[[Mapping[str, float]], Any]:
        def look(values: Mapping[str, float]) -> Any:
            ways = before if round(values["laid"]) == len(before) else after
            return self.once((rope, ways), lambda: self.laid_rope(self.ways[rope], ways))

        return look

    def laid_rope(self, way: Way, ways: Ways) -> Any:
        """A rope as far as it is laid, with what lies on top at each crossing drawn last."""
        led, lying, end = way.led, way.tracks[0], way.stop(len(ways))
        whole = [led.stretch(0.0, end)] if lying is led else [lying.points, led.stretch(0.0, end)]
        parts = draw_cord(whole, self.cord)
        tops = []
        for (first, again), passed in zip(way.crossed, ways, strict=False):
            track, top = (led, again) if passed == "over" else (lying, first)
            tops.append(track.stretch(top - LIFT, min(top + LIFT, end if track is led else track.length)))
        parts += draw_cord(tops, self.cord, lifted=True, gap=self.field)
        held = [led.place(0.0)] if lying is led else [led.place(0.0), *lying.points[[0, -1]]]
        tone = mix(self.style.accent, INK, 0.35)
        return group(*parts, *(block(x, y, 0.5, 0.62, tone, 0.12, line=INK, width=2.5) for x, y in held))

    def growing(self, rope: str, count: int) -> Callable[[Mapping[str, float]], Any]:
        way = self.ways[rope]
        start = way.stop(count)

        def look(values: Mapping[str, float]) -> Any:
            if values["grown"] < 0.1:
                return group()
            line = way.led.stretch(start, start + values["grown"])
            return group(
                *draw_cord([line[::2] if len(line) % 2 else np.concatenate([line[::2], line[-1:]])], self.cord)
            )

        return look

    def tip(self) -> Any:
        """The taped end of a rope, pointing to the right."""
        wide = WIDE + 0.06
        tape = np.array([(-0.24, -wide / 2), (0.12, -wide / 2), (0.2, 0.0), (0.12, wide / 2), (-0.24, wide / 2)])
        bands = [np.array([(x, -wide / 2), (x, wide / 2)]) for x in (-0.12, 0.0)]
        return group(
            paths([tape], fill_color=self.tape, stroke_color=INK, stroke_width=2.2),
            paths(bands, closed=False, stroke_color=INK, stroke_width=1.6),
        )

    def label(self, name: str) -> Any:
        """A number beside a crossing."""
        from manim import Circle

        from morse.stage.lettering import lettering

        disc = Circle(LABEL / 2, fill_color="#fffdf4", fill_opacity=1.0, stroke_color=INK, stroke_width=2.0)
        return group(disc, lettering(name[-1], 0.38, INK, font="DejaVu Sans", cut="bold"))

    def room(self, shot: Shot, places: Mapping[str, tuple[float, float]]) -> Any:
        """The board with its fields; those out of view are covered."""
        from manim import Circle

        from morse.stage.lettering import lettering

        parts: list[Any] = [block(0, 0, 16.2, 9.2, self.table)]
        edge = mix(self.field, INK, 0.5)
        ink = "#ffffff" if brightness(self.field) < 0.5 else INK
        for rope, (x, y) in places.items():
            if not shot.shows(self.board.column[rope]):
                cloth = mix(self.style.accent, self.table, 0.45)
                parts.append(block(x, y, *FIELD, cloth, 0.3, line=edge, width=3.0))
                folds = [np.array([(x + dx, y - 1.8), (x + dx + 0.5, y + 1.8)]) for dx in np.arange(-3.2, 3.2, 0.8)]
                parts.append(paths(folds, closed=False, stroke_color=mix(cloth, INK, 0.25), stroke_width=4.0))
                continue
            parts.append(block(x, y, *FIELD, self.field, 0.3, line=edge, width=3.0))
            way = self.ways[rope]
            dashes = [
                way.led.stretch(at, at + 0.16) + (x, y - 0.1) for at in np.arange(0.0, way.led.length - 0.2, 0.32)
            ]
            parts.append(paths(dashes, closed=False, stroke_color=ink, stroke_width=3.0, stroke_opacity=0.45))
            at = (x - FIELD[0] / 2 + 0.48, y + FIELD[1] / 2 - 0.46)
            parts.append(Circle(0.36, fill_color=ink, fill_opacity=1.0, stroke_width=0.0).shift((*at, 0.0)))
            parts.append(lettering(rope[-1], 0.56, self.field, font="DejaVu Sans", cut="bold", at=at))
        return group(*parts)


def _apart(one: str, two: str) -> float:
    """How different two colours are: 0 the same, 1.7 black and white."""
    parts = ([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] for colour in (one, two))
    return math.dist(*parts)
