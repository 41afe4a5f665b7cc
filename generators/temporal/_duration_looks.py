"""How lamps, kettles, fans, flags and windows on a wall look, at rest and while they go on."""

from math import cos, pi, sin
from typing import Any

import numpy as np

from generators.temporal._duration_show import PLATE
from morse.layout import Layout
from morse.style import Style, mix

MIDDLE = 0.45
"""How far above the middle of its plate a thing is; its letter is below."""
INK = "#1b1e24"


def draw_wall(layout: Layout, stage: Any, style: Style) -> None:
    """Put plates with things, what shows that they go on, and balls on a stage."""
    from manim import Circle, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import soft_shadow

    paper = style.pick("paper", ("#fdfbf5", "#eef2f6", "#f6efe3", "#e9efe6"))
    edge = mix(paper, "#000000", 0.35)
    corner = style.pick("corners", (0.12, 0.3, 0.55))
    tones = _tones(style)
    for number, thing in enumerate(thing for thing in layout.objects if thing.kind in DRAWN):
        tone = tones[number % len(tones)]
        shadow = soft_shadow(PLATE[0] * 0.98, 0.42, 0.35).shift((0, -PLATE[1] / 2 + 0.06, 0))
        plate = RoundedRectangle(
            width=PLATE[0], height=PLATE[1] - 0.1, corner_radius=corner, fill_color=paper, fill_opacity=1,
            stroke_color=edge, stroke_width=3 * style.line,
        )  # fmt: skip
        tag = RoundedRectangle(
            width=0.86, height=0.78, corner_radius=0.16, fill_color=mix(paper, INK, 0.1), fill_opacity=1, stroke_width=0
        ).shift((0, -1.32, 0))
        letter = str(thing.attributes["letter"])
        name = lettering(letter, 0.74, INK, font=style.font, cut="bold", at=(0, -1.32))
        rest, on = DRAWN[thing.kind](tone, style)
        stage.add(thing.id, VGroup(shadow, plate, tag, name, VGroup(*rest).shift((0, MIDDLE, 0))))
        stage.add(f"{thing.id} on", VGroup(*on).shift((0, MIDDLE, 0)))
        if thing.kind == "fan":
            stage.add(f"{thing.id} blades", _blades(tone))
    for thing in layout.objects:
        if thing.kind == "ball":
            radius = layout.timeline.actors[thing.id].size[0] / 2
            stage.add(
                thing.id, Circle(radius, fill_color=style.accent, fill_opacity=1, stroke_color=INK, stroke_width=2)
            )


def _tones(style: Style) -> list[str]:
    names = ("blue", "red", "green", "purple", "orange", "cyan", "brown")
    first = style.pick("first tone", range(len(names)))
    tones = [mix(style.colour(names[(first + i) % len(names)]), "#404652", 0.25) for i in range(len(names))]
    return tones if style.pick("many tones", (True, True, False)) else tones[:1]


def _flat(colour: str, edge: str | None = None, line: float = 3.0) -> dict[str, Any]:
    return {
        "fill_color": colour,
        "fill_opacity": 1,
        "stroke_color": edge or colour,
        "stroke_width": line if edge else 0,
    }


def _lamp(tone: str, style: Style) -> tuple[list[Any], list[Any]]:
    """A bulb that hangs from a cap, dark or with rays."""
    from manim import Circle, Line, Rectangle

    from morse.stage.shapes import polygon

    dark = mix(tone, "#000000", 0.4)
    cap = [Rectangle(width=0.62, height=0.4, **_flat(tone, dark)).shift((0, 0.72, 0))]
    cap += [Line((0, 0.92, 0), (0, 1.28, 0), stroke_color=dark, stroke_width=5)]
    bulb = Circle(0.56, **_flat("#7d8088", "#4a4d55")).shift((0, 0.02, 0))
    glow = style.pick("glow", ("#ffd23e", "#ffc531", "#ffdc55"))
    rays = [
        polygon(
            [(r * cos(a + d), r * sin(a + d) + 0.02) for r, d in ((0.7, -0.13), (0.7, 0.13), (1.12, 0.0))], "#ef9f0b"
        )
        for a in (pi / 2 + pi / 6 * i for i in range(2, 11))
    ]
    lit = Circle(0.56, **_flat(glow, "#b46a00")).shift((0, 0.02, 0))
    core = Circle(0.3, fill_color="#fff8d8", fill_opacity=0.9, stroke_width=0).shift((0, 0.02, 0))
    return [*cap, bulb], [*rays, lit, core]


def _kettle(tone: str, style: Style) -> tuple[list[Any], list[Any]]:
    """A kettle on a ring: flames below it and steam above its spout while it boils."""
    from manim import Arc, Circle, Rectangle

    from morse.stage.shapes import polygon

    dark = mix(tone, "#000000", 0.45)
    handle = Arc(radius=0.42, start_angle=0.15 * pi, angle=0.7 * pi, stroke_color=dark, stroke_width=9).shift(
        (-0.05, 0.12, 0)
    )
    spout = polygon([(0.42, -0.3), (0.98, 0.3), (0.82, 0.36), (0.3, 0.05)], tone, stroke_color=dark, stroke_width=3)
    belly = polygon(
        [(-0.72, -0.52), (0.62, -0.52), (0.5, 0.05), (0.28, 0.28), (-0.38, 0.28), (-0.6, 0.05)], tone, stroke_color=dark,
        stroke_width=3,
    )  # fmt: skip
    lid = Circle(0.1, **_flat(dark)).shift((-0.05, 0.36, 0))
    grate = Rectangle(width=1.9, height=0.12, **_flat("#50545e")).shift((0, -0.98, 0))
    flames = []
    for i in range(5):
        x = -0.6 + 0.3 * i - 0.05
        flames.append(polygon([(x - 0.15, -0.92), (x + 0.15, -0.92), (x + 0.03, -0.54)], "#e8590c"))
        flames.append(polygon([(x - 0.07, -0.92), (x + 0.07, -0.92), (x + 0.01, -0.72)], "#ffd43b"))
    steam = "#8fa3b5"
    puffs = [
        Circle(r, fill_color=steam, fill_opacity=0.9, stroke_color="#5d7183", stroke_width=2).shift((x, y, 0))
        for x, y, r in ((0.92, 0.5, 0.13), (1.03, 0.76, 0.18), (0.82, 1.02, 0.24))
    ]
    return [grate, handle, spout, belly, lid], [*flames, *puffs]


def _fan(tone: str, style: Style) -> tuple[list[Any], list[Any]]:
    """A ring with blades; streaks run round them while they turn."""
    from manim import Arc, Circle, Rectangle

    dark = mix(tone, "#000000", 0.45)
    foot = Rectangle(width=0.26, height=0.4, **_flat("#50545e")).shift((0, -1.1, 0))
    ring = Circle(0.98, **_flat(mix(tone, "#ffffff", 0.82), dark, 5))
    streaks = [
        Arc(radius=r, start_angle=a, angle=0.28 * pi, stroke_color="#e8590c", stroke_width=8)
        for r, a in ((1.12, 0.08 * pi), (1.12, 0.66 * pi), (1.12, 1.5 * pi))
    ]
    return [foot, ring], streaks


def _blades(tone: str) -> Any:
    """Three blades about a hub."""
    from manim import Circle, VGroup

    from morse.stage.shapes import polygon

    dark = mix(tone, "#000000", 0.45)
    leaf = np.array([(0.0, 0.0), (0.34, 0.22), (0.42, 0.62), (0.1, 0.84), (-0.16, 0.6), (-0.12, 0.2)])
    blades = []
    for i in range(3):
        c, s = cos(2 * pi * i / 3), sin(2 * pi * i / 3)
        blades.append(polygon(leaf @ np.array([[c, s], [-s, c]]), tone, stroke_color=dark, stroke_width=2))
    return VGroup(*blades, Circle(0.17, **_flat(dark)))


def _flag(tone: str, style: Style) -> tuple[list[Any], list[Any]]:
    """A pole; the flag is at its top while it flies, rolled up at its foot else."""
    from manim import Circle, Rectangle

    from morse.stage.shapes import polygon

    pole = Rectangle(width=0.1, height=2.2, **_flat("#5b6069")).shift((-0.72, 0.05, 0))
    knob = Circle(0.11, **_flat("#c9a227")).shift((-0.72, 1.2, 0))
    foot = Rectangle(width=0.6, height=0.14, **_flat("#5b6069")).shift((-0.72, -1.03, 0))
    rolled = Rectangle(width=0.34, height=0.34, **_flat(tone, mix(tone, "#000000", 0.45))).shift((-0.5, -0.72, 0))
    x = np.linspace(-0.66, 0.98, 24)
    wave = 0.09 * np.sin((x + 0.66) * 4.2)
    cloth = np.concatenate([np.stack([x, 1.05 + wave], 1), np.stack([x, 0.1 + wave], 1)[::-1]])
    stripe = np.concatenate([np.stack([x, 0.72 + wave], 1), np.stack([x, 0.43 + wave], 1)[::-1]])
    return [pole, knob, foot, rolled], [
        polygon(cloth, tone, stroke_color=mix(tone, "#000000", 0.45), stroke_width=3),
        polygon(stripe, "#ffffff"),
    ]


def _window(tone: str, style: Style) -> tuple[list[Any], list[Any]]:
    """Shutters that are closed, or thrown open beside a bright room with a plant."""
    from manim import Circle, Rectangle

    from morse.stage.shapes import polygon

    dark = mix(tone, "#000000", 0.45)
    frame = Rectangle(width=1.3, height=1.75, **_flat("#f4f1e8", "#50545e", 5))
    shut = [Rectangle(width=0.58, height=1.6, **_flat(tone, dark)).shift((x, 0, 0)) for x in (-0.3, 0.3)]
    slats = [
        Rectangle(width=0.42, height=0.07, **_flat(dark)).shift((x, y, 0))
        for x in (-0.3, 0.3)
        for y in (-0.5, -0.2, 0.1, 0.4)
    ]
    sill = Rectangle(width=1.6, height=0.14, **_flat("#50545e")).shift((0, -0.96, 0))
    room = Rectangle(width=1.2, height=1.64, **_flat("#ffe9a8"))
    pot = polygon([(-0.24, -0.8), (0.24, -0.8), (0.32, -0.42), (-0.32, -0.42)], "#b5562b")
    leaves = [Circle(0.2, **_flat("#3f8f4f")).shift((a, b, 0)) for a, b in ((-0.2, -0.22), (0.2, -0.22), (0.0, 0.06))]
    wings = [
        polygon([(s * 0.66, -0.84), (s * 1.14, -0.98), (s * 1.14, 0.98), (s * 0.66, 0.84)], tone, stroke_color=dark,
                stroke_width=3)
        for s in (-1, 1)
    ]  # fmt: skip
    return [sill, frame, *shut, *slats], [room, *leaves, pot, *wings]


DRAWN = {"lamp": _lamp, "kettle": _kettle, "fan": _fan, "flag": _flag, "window": _window}
"""For each kind, how it looks at rest, and what is seen over that while it goes on."""
