"""How figures, a house seen from above, its boxes and door, a ball and a crate look."""

from typing import Any

import numpy as np

from generators.abstract._social_plane import BALL, BOX, CRATE, CRATES, FIGURE, LEFT, TOP, WALL
from generators.abstract._social_show import DOOR
from morse.layout import Layout
from morse.style import HUED, Style, brightness, mix

FORMS = ("disc", "square", "triangle", "diamond", "hexagon", "cross", "house", "shield")


def draw_stage(layout: Layout, stage: Any, style: Style) -> None:
    """Put everything on a stage."""
    from manim import Circle, Line, RoundedRectangle, VGroup, VMobject

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon

    details, timeline = layout.details, layout.timeline
    way, world = details["way"], details["world"]
    ground = style.background
    floor = mix(ground, style.panel, 0.75)
    if abs(brightness(floor) - brightness(ground)) < 0.03:
        floor = mix(ground, style.ink, 0.08)
    brick = mix(style.muted, style.ink, 0.35)
    middle = (way * (LEFT + WALL) / 2, 0.0, 0.0)
    size = {"width": WALL - LEFT, "height": 2 * TOP}
    stage.backdrop(RoundedRectangle(0.08, fill_color="#000000", fill_opacity=0.14, stroke_width=0, **size).shift(
        (middle[0] + 0.1, -0.1, 0)))  # fmt: skip
    look = {"fill_color": floor, "fill_opacity": 1, "stroke_color": brick, "stroke_width": 18}
    stage.backdrop(RoundedRectangle(0.08, **look, **size).shift(middle))
    tone = mix(floor, style.ink, 0.06)
    for y in np.arange(-TOP + 0.83, TOP - 0.3, 0.83).tolist():
        ends = np.array([(way * (LEFT + 0.12), y, 0.0), (way * (WALL - 0.12), y, 0.0)])
        stage.backdrop(Line(ends[0], ends[1], stroke_color=tone, stroke_width=2.5))
    gap = polygon(
        [(way * WALL + a, world.door + b) for a, b in ((-0.14, -0.85), (0.14, -0.85), (0.14, 0.85), (-0.14, 0.85))],
        mix(floor, style.ink, 0.12),
    )
    stage.backdrop(gap)
    rail = mix(ground, style.ink, 0.2)
    for y in (CRATES + CRATE[1] / 2 + 0.03, CRATES - CRATE[1] / 2 - 0.03):
        stage.backdrop(Line((way * (WALL + 0.7), y, 0), (way * 7.8, y, 0), stroke_color=rail, stroke_width=2))
    stage.add("wall", VMobject())
    leaf = style.colour("brown") if not style.dark else mix(style.colour("brown"), "#ffffff", 0.3)
    stage.add("door", RoundedRectangle(0.06, width=DOOR[0] + 0.06, height=DOOR[1], fill_color=leaf, fill_opacity=1,
                                       stroke_color=mix(leaf, "#000000", 0.5), stroke_width=2.5))  # fmt: skip
    box = style.pick("box", (mix(style.accent, style.muted, 0.4), "#b98d5c", "#8c7a9a", "#6f8a94"))
    ink = "#16181d" if brightness(box) > 0.42 else "#fbfaf4"
    for thing in layout.objects:
        if thing.kind == "box":
            lid = RoundedRectangle(
                0.1, width=BOX, height=BOX, fill_color=box, fill_opacity=1, stroke_color=mix(box, "#000000", 0.5), stroke_width=4
            )  # fmt: skip
            inner = RoundedRectangle(0.06, width=BOX - 0.26, height=BOX - 0.26, stroke_color=mix(box, "#ffffff", 0.35),
                                     stroke_width=2.5, fill_opacity=0)  # fmt: skip
            number = thing.id.removeprefix("box ")
            stage.add(
                thing.id, VGroup(lid, inner, lettering(number, 0.66, ink, font=style.font, cut="bold", on_line=True))
            )
    ball = style.colour(style.pick("ball", ("red", "orange", "yellow")))
    stage.add("ball", VGroup(
        Circle(BALL / 2, fill_color=ball, fill_opacity=1, stroke_color=mix(ball, "#000000", 0.55), stroke_width=3),
        Circle(BALL * 0.13, fill_color="#ffffff", fill_opacity=0.8, stroke_width=0).shift((-0.06, 0.07, 0)),
    ))  # fmt: skip
    stage.add("crate", _crate(style))
    forms, hues = style.pick("forms", range(len(FORMS))), [name for name in HUED if name not in ("brown",)]
    first = style.pick("hue", range(len(hues)))
    for number, thing in enumerate(thing for thing in layout.objects if thing.kind == "figure"):
        form = FORMS[(forms + number) % len(FORMS)]
        hue = style.colour(hues[(first + number) % len(hues)])
        assert timeline.actors[thing.id].size == (FIGURE, FIGURE)
        stage.add(thing.id, _figure(form, thing.id, hue, style))


def _crate(style: Style) -> Any:
    from manim import Line, Rectangle, VGroup

    wood = style.pick("wood", ("#a9794a", "#8f8f86", "#9c6b4f", "#7d8a6a"))
    dark = mix(wood, "#000000", 0.45)
    w, h = CRATE[0] / 2 - 0.05, CRATE[1] / 2 - 0.05
    planks = [Line((-w + 0.12, y, 0), (w - 0.12, y, 0), stroke_color=dark, stroke_width=2) for y in (-0.45, 0.0, 0.45)]
    braces = [Line((-w, -h, 0), (w, h, 0), stroke_color=dark, stroke_width=6)]
    body = Rectangle(
        width=2 * w + 0.06, height=2 * h + 0.06, fill_color=wood, fill_opacity=1, stroke_color=dark, stroke_width=5
    )
    return VGroup(body, *planks, *braces)


def _figure(form: str, letter: str, hue: str, style: Style) -> Any:
    """A flat figure with its letter, as wide and high as its box."""
    from manim import VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon

    points = _outline(form) * FIGURE / 2
    dark = mix(hue, "#000000", 0.5)
    shade = polygon(points + (0.05, -0.06), "#000000", fill_opacity=0.2)
    face = polygon(points * 0.96, hue, stroke_color=dark, stroke_width=4 * style.line)
    ink = "#14161a" if brightness(hue) > 0.4 else "#fdfcf7"
    low = -0.12 if form == "triangle" else 0.02 if form == "shield" else -0.04 if form == "house" else 0.0
    size = 0.5 if form in ("triangle", "diamond", "cross") else 0.6
    return VGroup(shade, face, lettering(letter, size, ink, font="DejaVu Sans", cut="bold", at=(0.0, low)))


def _outline(form: str) -> np.ndarray:
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    if form == "disc":
        return np.column_stack([np.cos(turn), np.sin(turn)]) * 0.97
    if form == "hexagon":
        turn = np.pi / 6 + np.arange(6) * np.pi / 3
        return np.column_stack([np.cos(turn), np.sin(turn)]) * 1.0
    corners = {
        "square": [(-0.86, -0.86), (0.86, -0.86), (0.86, 0.86), (-0.86, 0.86)],
        "triangle": [(-1.0, -0.84), (1.0, -0.84), (0.0, 0.98)],
        "diamond": [(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)],
        "cross": [(-0.46, -0.96), (0.46, -0.96), (0.46, -0.46), (0.96, -0.46), (0.96, 0.46), (0.46, 0.46),
                  (0.46, 0.96), (-0.46, 0.96), (-0.46, 0.46), (-0.96, 0.46), (-0.96, -0.46), (-0.46, -0.46)],
        "house": [(-0.82, -0.9), (0.82, -0.9), (0.82, 0.3), (0.0, 0.98), (-0.82, 0.3)],
        "shield": [(-0.85, 0.85), (0.85, 0.85), (0.85, -0.1), (0.5, -0.66), (0.0, -0.98), (-0.5, -0.66), (-0.85, -0.1)],
    }  # fmt: skip
    return np.array(corners[form])
