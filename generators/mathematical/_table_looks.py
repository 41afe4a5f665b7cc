"""How a table behind a window looks."""

from itertools import pairwise
from typing import Any

from generators.mathematical._table_show import HIGH, TOP, VISIBLE, WIDE
from morse.layout import Layout
from morse.style import Style, mix

SIZE = 0.78
"""Of the letters, in canvas units to the em."""


def draw_table(layout: Layout, stage: Any, style: Style) -> None:
    """Put a table, its window and the cells that light up on a stage."""
    from manim import Line, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon

    xs, timeline = layout.details["columns"], layout.timeline
    wall = mix(style.background, style.accent, style.amount("wall", 0.12, 0.3))
    rim = mix(wall, style.ink, 0.45)
    pale = mix(style.panel, style.background, 0.3)
    tints = style.pick(
        "tints", ((pale, pale), (pale, mix(pale, style.accent, 0.14)), (pale, mix(pale, style.muted, 0.18)))
    )
    ruled = style.pick("ruled", (True, False))
    bold = style.pick("bold", ("none", "names", "numbers"))
    corner = style.pick("corner", (0.02, 0.12, 0.3))

    def words(text: str, place: int, size: float, ink: str, cut: Any = "normal") -> Any:
        side, x = ("left", xs[0] - 1.7) if place == 0 else ("centre", xs[place])
        most = 3.2 if place == 0 else 2.3 if place == 1 else xs[-1] - xs[-2] - 0.2
        return lettering(
            text, size, ink, font=style.font, cut=cut, at=(x, 0.0), side=side, on_line=True, most_width=most
        )

    for name in ("above", "below"):
        width, height = timeline.actors[name].size
        cover = polygon(
            [(-width / 2, -height / 2), (width / 2, -height / 2), (width / 2, height / 2), (-width / 2, height / 2)],
            wall,
        )
        edge = -height / 2 if name == "above" else height / 2
        parts = [
            cover,
            Line((-width / 2, edge, 0), (width / 2, edge, 0), stroke_color=rim, stroke_width=6 * style.line),
        ]
        if name == "below":
            note = lettering("rows that are struck out do not count", 0.55, style.ink, font=style.font, at=(0.0, -0.1))
            parts.append(note)
        stage.add(name, VGroup(*parts))
    bottom = TOP - VISIBLE * HIGH
    hollow = mix(style.background, "#000000", 0.25)
    stage.backdrop(polygon([(-8, bottom), (8, bottom), (8, TOP), (-8, TOP)], hollow))
    number = 0
    for thing in layout.objects:
        width, height = timeline.actors[thing.id].size
        texts = thing.attributes["heads" if thing.kind == "head" else "cells"]
        assert isinstance(texts, list)
        if thing.kind == "head":
            fill = mix(wall, style.ink, 0.85)
            ink = style.background
            cuts = ["bold"] * len(texts)
        else:
            fill, ink = tints[number % 2], style.ink
            cuts = ["bold" if (bold == "names") == (i == 0) and bold != "none" else "normal" for i in range(len(texts))]
            number += 1
        panel = RoundedRectangle(width=width, height=height, corner_radius=corner, fill_color=fill, fill_opacity=1)
        parts: list[Any] = [panel.set_stroke(color=rim, width=2)]
        if ruled:
            edges = [(a + b) / 2 for a, b in pairwise(xs)]
            parts += [Line((x, -height / 2, 0), (x, height / 2, 0), stroke_color=rim, stroke_width=2) for x in edges]
        size = SIZE * (0.85 if thing.kind == "head" else 1.0)
        parts += [words(str(text), i, size, ink, cut) for i, (text, cut) in enumerate(zip(texts, cuts, strict=True))]
        if thing.attributes.get("struck") is True:
            strike = {"stroke_color": style.colour("red"), "stroke_width": 11}
            parts.append(Line((-WIDE / 2 + 0.1, 0, 0), (WIDE / 2 - 0.1, 0, 0), **strike))
        stage.add(thing.id, VGroup(*parts))
    light = style.pick("light", ("#ffd23e", "#7ee0ff", "#ff9db5"))
    for name, actor in timeline.actors.items():
        if name.startswith("light "):
            width, height = actor.size
            ring = RoundedRectangle(width=width, height=height, corner_radius=0.2, stroke_color=light, stroke_width=12)
            stage.add(name, ring)
