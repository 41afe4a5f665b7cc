"""How figures, places and screens look."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from morse.layout import Layout
from morse.stage.marks import MARKS
from morse.style import HUED, Style, brightness, mix

Screen = Callable[[float, float, Style], Any]


def draw_walks_shown(layout: Layout, stage: Any, style: Style) -> None:
    """Put places, figures, marks, screens and the ring on a stage."""
    from manim import Annulus, Circle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon, soft_shadow

    hue = style.colour(style.pick("figures", [name for name in HUED if name not in ("brown",)]))
    form = style.pick("form", ("ball", "button", "disc"))
    ink = "#17191e" if brightness(hue) > 0.42 else "#fbfaf5"
    pad = mix(style.background, style.ink, 0.12)
    screen = style.pick("screen", (_bricks, _cloud, _leaves, _slats))
    width, height = layout.timeline.actors["screen 1"].size
    wall = screen(width, height, style)
    for thing in layout.objects:
        actor = layout.timeline.actors[thing.id]
        if thing.kind == "place":
            edge = {"stroke_color": mix(pad, style.ink, 0.35), "stroke_width": 3 * style.line}
            spot = Circle(0.47, fill_color=pad, fill_opacity=1, **edge)
            stage.add(thing.id, spot)
            x, y = actor.at("x", 0.0), actor.at("y", 0.0)
            words = lettering(thing.id.split()[-1], 0.4, style.ink, font=style.font, at=(x, y + 0.68), on_line=True)
            stage.backdrop(words)
        elif thing.kind == "figure":
            stage.add(f"shadow of {thing.id}", soft_shadow(0.95, 0.95, 0.25).shift((0.06, -0.1, 0)))
            stage.add(thing.id, _figure(form, actor.size[0] / 2, hue))
        elif thing.kind == "mark":
            stage.add(thing.id, polygon(MARKS[thing.id] * actor.size[0] / 2.1, ink))
        elif thing.kind == "screen":
            stage.add(thing.id, wall)
        else:
            rim = mix(style.accent, style.ink, 0.15)
            stage.add(thing.id, VGroup(Annulus(0.43, 0.53, fill_color=rim, fill_opacity=1, stroke_width=0)))


def _figure(form: str, radius: float, hue: str) -> Any:
    """Round, the same whichever way it goes."""
    from manim import Circle, VGroup

    dark, light = mix(hue, "#000000", 0.45), mix(hue, "#ffffff", 0.28)
    body = [Circle(radius - 0.02, fill_color=hue, fill_opacity=1, stroke_color=dark, stroke_width=4)]
    if form == "ball":
        for share, size in ((0.1, 0.74), (0.18, 0.5)):
            shift = (-share * radius, share * radius, 0)
            shine = Circle(size * radius, fill_color=light, fill_opacity=0.4, stroke_width=0)
            body.append(shine.shift(shift))
    elif form == "button":
        body.append(Circle(0.76 * radius, stroke_color=dark, stroke_width=2.5, fill_color=light, fill_opacity=0.5))
    else:
        body.append(Circle(0.8 * radius, fill_color=light, fill_opacity=0.6, stroke_width=0))
    return VGroup(*body)


def _board(width: float, height: float, fill: str) -> Any:
    from manim import Rectangle

    edge = {"stroke_color": mix(fill, "#000000", 0.5), "stroke_width": 4}
    return Rectangle(width=width - 0.04, height=height - 0.04, fill_color=fill, fill_opacity=1, **edge)


def _bricks(width: float, height: float, style: Style) -> Any:
    """A wall in bond."""
    from manim import Rectangle, VGroup

    clay = style.pick("clay", ("#a9563f", "#8f6a55", "#8a8d92", "#b98a5a"))
    parts = [_board(width, height, mix(clay, "#ffffff", 0.45))]
    rows = round(height / 0.48)
    high, count = (height - 0.1) / rows, max(2, round(width / 1.05))
    wide = (width - 0.1) / count
    for row in range(rows):
        y = -height / 2 + 0.05 + (row + 0.5) * high
        cuts = [-width / 2 + 0.05 + (i - 0.5 * (row % 2)) * wide for i in range(count + 1 + row % 2)]
        cuts = [float(np.clip(cut, -width / 2 + 0.05, width / 2 - 0.05)) for cut in cuts]
        for number, (left, right) in enumerate(pairwise(cuts)):
            tone = mix(clay, "#000000", 0.05 * ((3 * row + 5 * number) % 4))
            brick = Rectangle(
                width=right - left - 0.06, height=high - 0.06, fill_color=tone, fill_opacity=1, stroke_width=0
            )
            parts.append(brick.shift(((left + right) / 2, y, 0)))
    return VGroup(*parts)


def _tufts(width: float, height: float, size: float, tones: tuple[str, ...], fill: str) -> Any:
    """A sheet covered with overlapping rounds that end at its edge."""
    from manim import Circle, Rectangle, VGroup

    sheet = Rectangle(width=width - 0.04, height=height - 0.04, fill_color=fill, fill_opacity=1, stroke_width=0)
    parts: list[Any] = [sheet]
    across, down = max(2, round(width / size)), round(height / size)
    radius = 0.78 * size
    xs = np.linspace(-(width / 2 - radius), width / 2 - radius, across)
    ys = np.linspace(height / 2 - radius, -(height / 2 - radius), down)
    for row, y in enumerate(ys):
        for column, x in enumerate(xs):
            tone = tones[(2 * row + 3 * column + row * column) % len(tones)]
            edge = {"stroke_color": mix(tone, "#000000", 0.14), "stroke_width": 2}
            parts.append(Circle(radius, fill_color=tone, fill_opacity=1, **edge).shift((x, y, 0)))
    return VGroup(*parts)


def _cloud(width: float, height: float, style: Style) -> Any:
    base = "#c9d3de" if style.dark else "#b9c7d6"
    return _tufts(width, height, 0.8, (base, mix(base, "#ffffff", 0.4), mix(base, "#ffffff", 0.2)), base)


def _leaves(width: float, height: float, style: Style) -> Any:
    base = style.pick("leaf", ("#4f7d46", "#5d8a5a", "#8c7a3a"))
    tones = (base, mix(base, "#ffffff", 0.14), mix(base, "#000000", 0.14))
    return _tufts(width, height, 0.55, tones, mix(base, "#000000", 0.3))


def _slats(width: float, height: float, style: Style) -> Any:
    """A fence of upright boards."""
    from manim import Line, Rectangle, VGroup

    wood = style.pick("wood", ("#b08552", "#86684a", "#9aa3ab"))
    parts: list[Any] = [_board(width, height, mix(wood, "#000000", 0.4))]
    count = max(3, round(width / 0.6))
    wide = (width - 0.1) / count
    for i in range(count):
        x = -width / 2 + 0.05 + (i + 0.5) * wide
        tone = mix(wood, "#000000", 0.06 * (i * 3 % 4))
        parts.append(
            Rectangle(width=wide - 0.05, height=height - 0.12, fill_color=tone, fill_opacity=1, stroke_width=0).shift(
                (x, 0, 0)
            )
        )
        for share in (-0.2, 0.15):
            grain = {"stroke_color": mix(tone, "#000000", 0.22), "stroke_width": 2}
            parts.append(
                Line((x + share * wide, -height / 2 + 0.4, 0), (x + share * wide, height / 2 - 0.7, 0), **grain)
            )
    return VGroup(*parts)
