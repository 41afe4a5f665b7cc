"""How a board with switches, points and lamps looks, and the hands that come to it."""

from math import cos, pi, sin
from typing import Any

import numpy as np

from generators.temporal._points_show import BUTTON, HAND, LAMP, LEFT, POINT, column_x, row_y
from generators.temporal._points_world import SWITCHES
from morse.layout import Layout
from morse.style import Style, mix

INK = "#1b1e24"


def draw_board(layers: int, layout: Layout, stage: Any, style: Style) -> None:
    """Put the board and all that comes to it on a stage."""
    from manim import Circle, Line, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon

    plate = style.pick("plate", ("#f7f4ea", "#e9eef3", "#eef2e6", "#f3eae2"))
    edge, wire = mix(plate, "#000000", 0.4), mix(plate, "#000000", style.amount("wire", 0.42, 0.58))
    stage.backdrop(
        RoundedRectangle(
            width=13.4, height=8.6, corner_radius=0.35, fill_color=plate, fill_opacity=1, stroke_color=edge,
            stroke_width=4 * style.line,
        ).shift((1.15, 0, 0))
    )  # fmt: skip
    for start, end in _wires(layers):
        stage.backdrop(Line((*start, 0), (*end, 0), stroke_color=wire, stroke_width=7 * style.line))
    glow = style.pick("glow", ("#ffd23e", "#ffc531", "#ffdc55"))
    button = style.pick("button", ("#b5404a", "#3f6fa8", "#4f8a5a"))
    metal = style.pick("metal", ("#dfe4ea", "#e8e0d2", "#d8e2dc"))
    cap = style.pick("cap", ("#5f6b7a", "#6b5f7a", "#5f7a6b"))
    sleeves = [style.colour(name) for name in ("blue", "green", "orange", "purple")]

    def text(
        words: str, size: float, colour: str, at: tuple[float, float] = (0.0, 0.0), most: float | None = None
    ) -> Any:
        return lettering(words, size, colour, font=style.font, cut="bold", at=at, most_width=most)

    hands = 0
    for thing in layout.objects:
        name = thing.id
        if thing.kind == "switch":
            knob = Circle(BUTTON / 2 - 0.04, **_flat(button, mix(button, "#000000", 0.5), 5))
            stage.add(name, VGroup(knob, text(name[-1], 0.62, "#ffffff")))
        elif thing.kind == "point":
            disc = Circle(POINT / 2 - 0.03, **_flat(metal, INK, 4))
            stage.add(name, VGroup(disc, _arrow(-0.55 if thing.attributes["points"] == "down" else 0.55, polygon)))
        elif thing.kind == "cap":
            disc = Circle(POINT / 2 - 0.03, **_flat(cap, INK, 4))
            stage.add(name, VGroup(disc, Circle(0.16, **_flat(mix(cap, "#ffffff", 0.35)))))
        elif thing.kind == "lamp":
            letter = str(thing.attributes["letter"])
            bulb = Circle(LAMP / 2 - 0.04, **_flat("#868a93", "#4a4d55", 4))
            stage.add(name, VGroup(bulb, text(letter, 0.66, "#ffffff")))
            rays = [
                polygon(
                    [(r * cos(a + d), r * sin(a + d)) for r, d in ((0.62, -0.14), (0.62, 0.14), (0.9, 0.0))], "#e8860b"
                )
                for a in (pi / 6 * i for i in range(12))
            ]
            lit = Circle(LAMP / 2 - 0.04, **_flat(glow, "#b46a00", 4))
            stage.add(f"{name} lit", VGroup(*rays, lit, text(letter, 0.66, INK)))
        elif thing.kind == "pulse":
            stage.add(
                name,
                VGroup(Circle(0.25, **_flat("#ffffff", "#d4380d", 4)), Circle(0.13, **_flat("#d4380d"))),
            )
        elif thing.kind == "hand":
            stage.add(
                name, VGroup(*_hand(sleeves[hands % len(sleeves)]), text(name, 0.6, "#ffffff", (-0.42, 0.0), 1.7))
            )
            hands += 1
        elif thing.kind == "ball":
            radius = layout.timeline.actors[name].size[0] / 2
            stage.add(name, Circle(radius, **_flat(style.accent, INK, 2)))


def _flat(colour: str, edge: str | None = None, line: float = 3.0) -> dict[str, Any]:
    return {
        "fill_color": colour,
        "fill_opacity": 1,
        "stroke_color": edge or colour,
        "stroke_width": line if edge else 0,
    }


def _wires(layers: int) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """From each switch to its point, and from each point to the two behind it."""
    wires = []
    for row in range(SWITCHES):
        y = row_y(row, SWITCHES, layers)
        wires.append(((LEFT, y), (column_x(0, layers), y)))
    for column in range(layers):
        for row in range(SWITCHES + column):
            start = (column_x(column, layers), row_y(row, SWITCHES + column, layers))
            for to in (row, row + 1):
                end = (column_x(column + 1, layers), row_y(to, SWITCHES + column + 1, layers))
                wires.append((start, end))
    return wires


def _arrow(slope: float, polygon: Any) -> Any:
    """An arrow to the right that rises or falls."""
    a = slope * pi / 2.2
    shape = np.array(
        [(-0.3, -0.06), (0.08, -0.06), (0.08, -0.19), (0.34, 0.0), (0.08, 0.19), (0.08, 0.06), (-0.3, 0.06)]
    )
    turn = np.array([[cos(a), sin(a)], [-sin(a), cos(a)]])
    return polygon(shape @ turn, "#c2255c")


def _hand(sleeve: str) -> list[Any]:
    """A hand in a sleeve that points to the right."""
    from manim import RoundedRectangle

    dark = mix(sleeve, "#000000", 0.45)
    skin, rim = "#e9b48c", "#8a5a3a"
    width, height = HAND
    cloth = RoundedRectangle(
        width=2.0, height=height - 0.1, corner_radius=0.12, **_flat(mix(sleeve, "#000000", 0.22), dark)
    ).shift((-width / 2 + 1.02, 0, 0))
    palm = RoundedRectangle(width=0.62, height=0.7, corner_radius=0.22, **_flat(skin, rim)).shift(
        (width / 2 - 0.72, 0, 0)
    )
    finger = RoundedRectangle(width=0.62, height=0.24, corner_radius=0.11, **_flat(skin, rim)).shift(
        (width / 2 - 0.32, 0.14, 0)
    )
    return [finger, palm, cloth]
