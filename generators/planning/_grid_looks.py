"""How a board under fog looks: its edge with the names of cells, fog, signals, walker and birds."""

from collections.abc import Callable
from typing import Any

import numpy as np

from generators.planning._grid_show import BIRD, LAP, MIDDLE, PANEL, SHEETS, SIGNAL, GridShow, Part
from morse.layout import Layout
from morse.style import Style, mix


def draw_board(
    layout: Layout, stage: Any, style: Style, part: Callable[[Part], Any], mark: Callable[[str], Any]
) -> None:
    """Put a board on a stage. ``part`` and ``mark`` draw a part of the board and what stands on it, about the origin."""
    from manim import Circle, RoundedRectangle

    show: GridShow = layout.details["show"]
    side, wide, high = show.side, show.ground.columns * show.side, show.ground.rows * show.side
    table = mix(style.panel, style.muted, 0.25)
    rim = {"fill_color": table, "fill_opacity": 1, "stroke_color": mix(table, style.ink, 0.45), "stroke_width": 2.5}
    border = RoundedRectangle(width=wide + 1.1, height=high + 1.1, corner_radius=0.2 + 0.6 * style.corner, **rim)
    stage.backdrop(border.shift((MIDDLE[0] - 0.22, MIDDLE[1] + 0.22, 0.0)))
    _draw_names(show, stage, style)
    for own in show.parts:
        stage.add(own.name, part(own))
    for name in show.ground.marks:
        stage.add(name, mark(name))
    _draw_fog(show, stage, style)
    for bird in show.birds:
        stage.add(bird.id, _bird(style))
    if show.appeared is not None:
        plate = Circle(SIGNAL * 0.72, fill_color=mix(table, style.panel, 0.5), fill_opacity=1)
        plate.set_stroke(color=mix(table, style.ink, 0.45), width=2.5)
        stage.backdrop(plate.shift((*PANEL, 0.0)))
        stage.backdrop(walker(style, 1.5).shift((PANEL[0], PANEL[1] - 2.7, 0.0)))
        stage.add("walker", walker(style, 0.78 * side))
        stage.add("signal", lambda values: _arrow(style, values["hollow"] > 0.5))


def _draw_names(show: GridShow, stage: Any, style: Style) -> None:
    """Column letters above the board, row numbers at its left."""
    from morse.stage.lettering import lettering

    size = min(0.5, 0.62 * show.side)
    for x in range(show.ground.columns):
        at = show.spot((x, 0))
        name = lettering(chr(97 + x), size, style.ink, font=style.font, cut="bold", on_line=True)
        stage.backdrop(name.shift((at[0], at[1] + show.side / 2 + 0.27, 0.0)))
    for y in range(show.ground.rows):
        at = show.spot((0, y))
        name = lettering(str(y + 1), size, style.ink, font=style.font, cut="bold", on_line=True)
        stage.backdrop(name.shift((at[0] - show.side / 2 - 0.3, at[1], 0.0)))


def _draw_fog(show: GridShow, stage: Any, style: Style) -> None:
    from manim import Circle, Rectangle, VGroup

    fog = mix(style.muted, style.panel, style.amount("fog", 0.25, 0.5))
    if show.window:
        wide, high = show.ground.columns * show.side, show.ground.rows * show.side
        for name in SHEETS:
            stage.add(f"fog {name}", Rectangle(width=wide, height=high, fill_color=fog, fill_opacity=1, stroke_width=0))
        return
    for part in show.parts:
        width, height = part.size
        sheet = Rectangle(
            width=width + 2 * LAP, height=height + 2 * LAP, fill_color=fog, fill_opacity=1, stroke_width=0
        )
        puffs = []
        for i in range(4):
            share = [style.amount(f"{part.name} {i} {what}", 0.0, 1.0) for what in ("x", "y", "r")]
            radius = (0.1 + 0.12 * share[2]) * min(width, height)
            x, y = ((s - 0.5) * (d - 2 * radius) for s, d in zip(share, (width, height), strict=False))
            puff = Circle(radius, fill_color=mix(fog, style.panel, 0.35), fill_opacity=0.5, stroke_width=0)
            puffs.append(puff.shift((x, y, 0.0)))
        stage.add(f"fog {part.name}", VGroup(sheet, *puffs))


def _arrow(style: Style, hollow: bool) -> Any:
    """A filled arrow for a step; an outline with a bar before its tip for a look."""
    from manim import VGroup

    from morse.stage.shapes import polygon, symbol

    made = symbol("arrow", SIGNAL * 0.9, style.accent)
    if not hollow:
        return made
    made.set_fill(opacity=0.0)
    made.set_stroke(color=style.accent, width=5)
    bar = np.array([(-0.62, 0.98), (0.62, 0.98), (0.62, 1.1), (-0.62, 1.1)])
    return VGroup(made.scale(0.82).shift((0.0, -0.1, 0.0)), polygon(bar, style.accent))


def walker(style: Style, size: float) -> Any:
    """The walker: a round figure with two eyes and a hat, about ``size`` wide and high."""
    from manim import Circle, VGroup

    from morse.stage.shapes import polygon

    coat = style.colour(style.pick("coat", ("red", "orange", "purple")))
    edge = mix(coat, "#000000", 0.55)
    body = Circle(size * 0.4, fill_color=coat, fill_opacity=1, stroke_color=edge, stroke_width=2)
    eyes = [
        VGroup(
            Circle(size * 0.11, fill_color="#ffffff", fill_opacity=1, stroke_width=0),
            Circle(size * 0.05, fill_color="#101010", fill_opacity=1, stroke_width=0),
        ).shift((x * size, 0.06 * size, 0.0))
        for x in (-0.15, 0.15)
    ]
    hat = np.array([(-0.3, 0.3), (0.3, 0.3), (0.0, 0.56)]) * size
    return VGroup(body, *eyes, polygon(hat, mix(coat, "#000000", 0.45))).shift((0.0, -0.06 * size, 0.0))


def _bird(style: Style) -> Any:
    from morse.stage.shapes import polygon

    wing = np.array(
        [(-1, 0.55), (-0.45, 0.35), (0, -0.05), (0.45, 0.35), (1, 0.55), (0.4, 0.05), (0, -0.45), (-0.4, 0.05)]
    )
    return polygon(wing * BIRD / 2, style.ink)


def flag(style: Style, size: float) -> Any:
    """A flag on a pole."""
    from manim import VGroup

    from morse.stage.shapes import polygon

    cloth = style.colour(style.pick("flag", ("red", "purple", "pink")))
    pole = np.array([(-0.34, -0.48), (-0.24, -0.48), (-0.24, 0.48), (-0.34, 0.48)]) * size
    sheet = np.array([(-0.24, 0.46), (0.44, 0.24), (-0.24, 0.02)]) * size
    return VGroup(
        polygon(pole, "#2a2320"), polygon(sheet, cloth, stroke_color=mix(cloth, "#000000", 0.4), stroke_width=1)
    )


def hut(style: Style, size: float) -> Any:
    """A hut with a roof and a door."""
    from manim import VGroup

    from morse.stage.shapes import polygon

    wall = style.colour(style.pick("hut", ("brown", "orange", "yellow")))
    edge = {"stroke_color": mix(wall, "#000000", 0.6), "stroke_width": 1.5}
    walls = np.array([(-0.34, -0.44), (0.34, -0.44), (0.34, 0.08), (-0.34, 0.08)]) * size
    roof = np.array([(-0.48, 0.06), (0.48, 0.06), (0.0, 0.48)]) * size
    door = np.array([(-0.1, -0.44), (0.1, -0.44), (0.1, -0.12), (-0.1, -0.12)]) * size
    return VGroup(
        polygon(walls, wall, **edge), polygon(roof, mix(wall, "#000000", 0.5), **edge), polygon(door, "#2a2320")
    )
