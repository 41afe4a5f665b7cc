"""How a hall looks: floor, walls, goals and boxes."""

from itertools import pairwise
from typing import Any

import numpy as np

from generators.planning._grid_show import Ground, Part
from morse.style import Style, brightness, mix


def draw_part(part: Part, ground: Ground, side: float, style: Style) -> Any:
    """A part of the hall: tiles, goals with a frame that a box leaves in view, and walls of bricks or stone."""
    from manim import Circle, Square, VGroup

    tile = mix(
        style.colour(style.pick("tile", ("orange", "grey", "brown", "cyan"))),
        "#ffffff",
        style.amount("tile", 0.72, 0.84),
    )
    wall = mix(
        style.colour(style.pick("wall", ("grey", "brown", "blue", "purple"))),
        "#202020",
        style.amount("wall", 0.25, 0.45),
    )
    goal = mix(style.colour(style.pick("goal", ("green", "red", "purple"))), "#000000", 0.1)
    form = style.pick("goal form", ("frame", "corners"))
    made = VGroup()
    columns, rows = ({cell[i] for cell in part.cells} for i in (0, 1))
    middle = ((min(columns) + max(columns)) / 2, (min(rows) + max(rows)) / 2)
    for x, y in part.cells:
        at = ((x - middle[0]) * side, (middle[1] - y) * side, 0.0)
        if ground.values[x, y] == "wall":
            made.add(_wall(side, wall, style).shift(at))
            continue
        tone = mix(tile, "#000000", 0.05) if (x + y) % 2 else tile
        made.add(
            Square(side, fill_color=tone, fill_opacity=1)
            .set_stroke(color=mix(tile, "#000000", 0.22), width=1.5)
            .shift(at)
        )
        if ground.values[x, y] == "goal":
            dot = Circle(0.13 * side, fill_color=goal, fill_opacity=1, stroke_width=0)
            made.add(VGroup(_frame(0.9 * side, goal, form), dot).shift(at))
    return made


def _wall(side: float, colour: str, style: Style) -> Any:
    """A block of wall: courses of bricks, or one stone with a lit edge."""
    from manim import Rectangle, Square, VGroup

    made = VGroup(Square(side, fill_color=mix(colour, "#000000", 0.4), fill_opacity=1, stroke_width=0))
    if style.pick("masonry", ("bricks", "stone")) == "stone":
        made.add(Square(0.94 * side, fill_color=mix(colour, "#ffffff", 0.18), fill_opacity=1, stroke_width=0))
        inner = Square(0.78 * side, fill_color=colour, fill_opacity=1, stroke_width=0)
        return made.add(inner)
    high, gap = side / 3, 0.035 * side
    for row in range(3):
        edges = (0.0, 0.5, 1.0) if row % 2 else (0.0, 0.25, 0.75, 1.0)
        for left, right in pairwise(edges):
            brick = Rectangle(
                width=(right - left) * side - gap, height=high - gap, fill_color=colour, fill_opacity=1, stroke_width=0
            )
            made.add(brick.shift((((left + right) / 2 - 0.5) * side, (row - 1) * high, 0.0)))
    return made


def _frame(size: float, colour: str, form: str) -> Any:
    """The frame of a goal: whole, or its corners."""
    from manim import Square, VGroup

    from morse.stage.shapes import polygon

    if form == "frame":
        return Square(size, fill_opacity=0).set_stroke(color=colour, width=6)
    half, arm, thick = size / 2, 0.3 * size, 0.075 * size
    corner = np.array(
        [(-half, half), (-half + arm, half), (-half + arm, half - thick), (-half + thick, half - thick)]
        + [(-half + thick, half - arm), (-half, half - arm)]
    )
    return VGroup(*(polygon(corner * flip, colour) for flip in ((1, 1), (-1, 1), (1, -1), (-1, -1))))


def draw_box(name: str, size: float, style: Style) -> Any:
    """A crate with its letter on a plate."""
    from manim import Rectangle, RoundedRectangle, Square, VGroup

    from morse.stage.lettering import lettering

    wood = mix(
        style.colour(style.pick("wood", ("brown", "orange", "yellow"))), "#ffffff", style.amount("wood", 0.1, 0.3)
    )
    edge = mix(wood, "#000000", 0.55)
    made = VGroup(
        RoundedRectangle(
            width=size, height=size, corner_radius=0.06 * size, fill_color=wood, fill_opacity=1
        ).set_stroke(color=edge, width=3)
    )
    slat = mix(wood, "#000000", 0.22)
    if style.pick("crate", ("slats", "cross")) == "slats":
        for y in (-0.4, 0.4):
            made.add(
                Rectangle(width=0.94 * size, height=0.13 * size, fill_color=slat, fill_opacity=1, stroke_width=0).shift(
                    (0.0, y * size, 0.0)
                )
            )
    else:
        made.add(Square(0.9 * size, fill_opacity=0).set_stroke(color=slat, width=8))
    plate = mix(wood, "#ffffff", 0.75)
    made.add(Square(0.6 * size, fill_color=plate, fill_opacity=1).set_stroke(color=edge, width=1.5))
    ink = "#101010" if brightness(plate) > 0.5 else "#ffffff"
    return made.add(lettering(name, 0.62 * size, ink, font=style.font, cut="bold"))
