"""Boards: how the sheets, axes, titles, clocks and graphs to choose from of an experiment look."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from generators.mathematical._experiment_graphs import Array, Field
from morse.layout import Layout
from morse.stage.lettering import Side, outline
from morse.style import HUED, Style, mix

if TYPE_CHECKING:
    from matplotlib.path import Path

    from morse.stage.plot_stage import PlotStage, Values

SMALL, BIG = 0.48, 0.56
"""Sizes of numbers on axes and of titles, in canvas units."""


class Board:
    """What the drawings of one experiment have in common: its colours, and ready-made parts."""

    def __init__(self, name: str, stage: "PlotStage", style: Style, layout: Layout) -> None:
        self.name, self.stage, self.style, self.layout = name, stage, style, layout
        self.sheet = mix(style.panel, style.background, 0.2)
        self.rule = mix(self.sheet, style.ink, 0.26)
        self.grey = mix(self.sheet, style.ink, 0.42)
        hues = [hue for hue in HUED if hue not in ("yellow", "brown", "cyan", "pink")]
        first = style.pick(f"hue {name}", range(len(hues)))
        self.one, self.two = (self.vivid(style.colour(hue)) for hue in (hues[first], hues[(first + 2) % len(hues)]))
        self.thick = style.amount("thick", 0.085, 0.12)

    def vivid(self, colour: str) -> str:
        """Lighter on a dark sheet."""
        return mix(colour, "#ffffff", 0.35) if self.style.dark else colour

    def title(self, actor: str, text: str, y: float = 3.98, room: float = 14.8, side: Side = "left") -> None:
        """A line at the upper left or right, no wider than there is room."""
        shift = self.layout.timeline.place(actor, 0.0)
        at = ((7.4 if side == "right" else -7.4) - shift[0], y - shift[1])
        size = min(BIG, BIG * room / outline(text, BIG, self.style.font, "bold").width)
        self.stage.words(actor, text, size, self.style.ink, at=at, side=side, cut="bold")

    def axes(
        self,
        actor: str,
        field: Field,
        xs: Sequence[float],
        ys: Sequence[float],
        numbers: tuple[int, int],
        gap: float = 0.14,
        size: float = SMALL,
    ) -> None:
        """A sheet with ruled lines at some values, each so many-th with its number (``numbers``: across, up), the latter
        by a ``gap`` from the sheet."""
        from matplotlib.path import Path

        from morse.stage.plot_stage import lettered

        origin = np.array(self.layout.timeline.place(actor, 0.0))
        left, bottom = np.array([field.left, field.bottom]) - origin
        right, top = left + field.wide, bottom + field.high
        sheet = [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]
        self.stage.outline(actor, Path(sheet, closed=True), self.sheet, edge=self.style.muted, line=0.05, z=-3)
        ends: list[tuple[float, float]] = []
        for x in xs:
            at = float(field.across(x)) - origin[0]
            ends += [(at, bottom), (at, top)]
        for y in ys:
            at = float(field.up(y)) - origin[1]
            ends += [(left, at), (right, at)]
        lines = Path(ends, [Path.MOVETO, Path.LINETO] * (len(ends) // 2))
        self.stage.outline(actor, lines, None, edge=self.rule, line=0.025, z=-2)
        font = self.style.font
        made = [
            lettered(_number(x), size, font, side="centre", at=(float(field.across(x) - origin[0]), bottom - 0.36))
            for x in xs[:: numbers[0]]
        ]
        made += [
            lettered(_number(y), SMALL, font, side="right", at=(left - gap, float(field.up(y) - origin[1])))
            for y in ys[:: numbers[1]]
        ]
        self.stage.outline(actor, Path.make_compound_path(*made), self.style.ink, z=-1)
        if field.y[0] < 0 < field.y[1]:
            zero = float(field.up(0.0)) - origin[1]
            self.stage.line(actor, [(left, zero), (right, zero)], self.style.ink, 0.04, z=-1)

    def trace(self, actor: str, reshape: "Callable[[Values], Path]", colour: str | None, z: float, **more: Any) -> None:
        from matplotlib.path import Path

        self.stage.outline(actor, Path([(0.0, 0.0)]), colour, reshape=reshape, z=z, **more)

    def clock(self, actor: str) -> None:
        """A clock at the upper right."""
        self.stage.reading(
            actor, lambda values: f"t = {values['u']:.1f} s", BIG, self.style.ink, at=(0.5, 0.0), side="right", cut="bold"
        )  # fmt: skip

    def path(self, points: Array) -> "Path":
        from matplotlib.path import Path

        return Path(points)

    def panel(
        self, number: int, field: Field, xs: Sequence[float], ys: Sequence[float], numbers: tuple[int, int]
    ) -> str:
        """The sheet of one of several graphs, with its number beside it. Returns its actor."""
        from matplotlib.path import Path

        actor, at = f"{self.name} graph {number}", np.array(field.middle)
        self.axes(actor, field, xs, [y for y in ys if field.y[0] <= y <= field.y[1]], numbers)
        corner = np.array([field.left - 1.3, field.bottom + field.high - 0.35]) - at
        disc = Path(np.asarray(Path.circle(radius=0.32).vertices) + corner, Path.circle().codes)
        self.stage.outline(actor, disc, self.sheet, edge=self.style.ink, line=0.05, z=3)
        spot = (float(corner[0]), float(corner[1]))
        self.stage.words(actor, str(number), BIG, self.style.ink, at=spot, cut="bold", z=3.1)
        return actor


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "−")
