"""What the scenes with a hidden state have in common to the eye: the table top, and what passes over it."""

from typing import Any

from generators.latent_state._hidden_show import BALL, CLOTH, CLOTH_HEIGHT
from morse.layout import Layout
from morse.style import Style, mix


def table_colour(style: Style) -> str:
    """The colour of the table in a style."""
    return style.pick("table", (style.panel, mix(style.panel, style.accent, 0.2), mix(style.panel, style.muted, 0.3)))


def draw_table(stage: Any, style: Style, width: float = 15.7, height: float = 8.7) -> str:
    """Draw a table top behind everything; returns its colour."""
    from manim import RoundedRectangle

    top = table_colour(style)
    frame = {
        "fill_color": top,
        "fill_opacity": 1,
        "stroke_color": mix(top, style.ink, 0.4),
        "stroke_width": 3 * style.line,
    }
    stage.backdrop(RoundedRectangle(width=width, height=height, corner_radius=2 * style.corner, **frame))
    return top


def draw_passing(layout: Layout, stage: Any, style: Style) -> None:
    """Give the balls and cloths of a layout their looks."""
    from manim import Circle

    from morse.stage.shapes import striped

    for thing in layout.objects:
        if thing.kind == "ball":
            edge = mix(style.panel, style.ink, 0.4)
            stage.add(thing.id, Circle(BALL / 2, fill_color=style.accent, fill_opacity=1, stroke_color=edge))
        elif thing.kind == "cloth":
            stage.add(thing.id, striped(CLOTH, CLOTH_HEIGHT, (style.accent, mix(style.accent, style.panel, 0.7))))
