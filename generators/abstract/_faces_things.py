"""How the things look that persons bring each other, before and after they have done what they do."""

from collections.abc import Callable
from math import cos, pi, sin
from typing import Any

import numpy as np

from morse.style import Style, mix

LINE = "#1b1210"
EDGE = {"stroke_color": LINE, "stroke_width": 2.5}


def thing_look(kind: str, size: float, used: bool, style: Style) -> Any:
    """A thing that fills its box of a size; ``used``: after its effect."""
    return LOOKS[kind](size, used, style)


def _oval(width: float, height: float, colour: str, at: tuple[float, float] = (0.0, 0.0), **look: Any) -> Any:
    from manim import Ellipse

    made = Ellipse(width=width, height=height, **({"fill_color": colour, "fill_opacity": 1.0} | EDGE | look))
    return made.shift((at[0], at[1], 0))


def _box(left: float, low: float, right: float, high: float, colour: str) -> Any:
    from morse.stage.shapes import polygon

    return polygon([(left, low), (right, low), (right, high), (left, high)], colour, **EDGE)


def _strokes(lines: list[list[tuple[float, float]]], width: float, colour: str = LINE) -> list[Any]:
    from manim import VMobject

    made = []
    for points in lines:
        line = VMobject(stroke_color=colour, stroke_width=width)
        line.set_points_as_corners([(x, y, 0.0) for x, y in points])
        made.append(line)
    return made


def _burst(s: float, colour: str, points: int = 10) -> Any:
    from morse.stage.shapes import polygon

    radii = [0.5 * s if i % 2 else 0.28 * s for i in range(2 * points)]
    return polygon([(r * cos(pi * i / points), r * sin(pi * i / points)) for i, r in enumerate(radii)], colour, **EDGE)


def _gift(s: float, used: bool, style: Style) -> Any:
    from manim import VGroup

    paper, band = style.colour("purple"), style.colour("yellow")
    lift = 0.17 * s if used else 0.0
    parts = [_box(-0.38 * s, -0.46 * s, 0.38 * s, 0.1 * s, paper), _box(-0.08 * s, -0.46 * s, 0.08 * s, 0.1 * s, band)]
    lid = [_box(-0.44 * s, 0.06 * s, 0.44 * s, 0.22 * s, paper), _box(-0.08 * s, 0.06 * s, 0.08 * s, 0.22 * s, band)]
    bow = [_oval(0.26 * s, 0.15 * s, band, (x * s, 0.29 * s)) for x in (-0.13, 0.13)]
    top = VGroup(*lid, *bow)
    if used:
        top.rotate(0.35).shift((0.05 * s, lift, 0))
    return VGroup(*parts, top).shift((0, 0.02 * s if not used else -0.06 * s, 0))


def _ice(s: float, used: bool, style: Style) -> Any:
    from manim import VGroup

    from morse.stage.shapes import polygon

    cone, cream = "#d9a05b", style.colour("pink")
    horn = polygon([(-0.22 * s, 0.05 * s), (0.22 * s, 0.05 * s), (0.0, -0.48 * s)], cone, **EDGE)
    lines = _strokes(
        [[(-0.12 * s, 0.05 * s), (0.06 * s, -0.32 * s)], [(0.12 * s, 0.05 * s), (-0.06 * s, -0.32 * s)]], 2.0
    )
    if not used:
        balls = [
            _oval(0.42 * s, 0.38 * s, cream, (0.0, 0.17 * s)),
            _oval(0.34 * s, 0.3 * s, "#fdf3dc", (0.0, 0.36 * s)),
        ]
        return VGroup(horn, *lines, *balls)
    fallen = VGroup(horn, *lines).rotate(pi).shift((0.02 * s, 0.3 * s, 0))
    puddle = [
        _oval(0.96 * s, 0.3 * s, cream, (0.0, -0.34 * s)),
        _oval(0.4 * s, 0.16 * s, "#fdf3dc", (0.14 * s, -0.3 * s)),
    ]
    return VGroup(*puddle, fallen)


def _car(s: float, used: bool, style: Style) -> Any:
    from manim import VGroup

    from morse.stage.shapes import polygon

    colour = style.colour("red")

    def half(side: int) -> Any:
        body = [
            (0.0, -0.16),
            (0.48, -0.16),
            (0.48, 0.02),
            (0.3, 0.06),
            (0.2, 0.28),
            (0.0, 0.28),
            (0.06, 0.16),
            (-0.05, 0.05),
        ]
        shell = polygon([(side * x * s, y * s) for x, y in body], colour, **EDGE)
        pane = polygon(
            [(side * x * s, y * s) for x, y in [(0.07, 0.08), (0.24, 0.08), (0.17, 0.22), (0.07, 0.22)]],
            "#d5ecf7",
            **EDGE,
        )
        wheel = _oval(0.24 * s, 0.24 * s, "#30343b", (side * 0.28 * s, -0.2 * s))
        return VGroup(shell, pane, wheel)

    left, right = half(-1), half(1)
    if used:
        left.rotate(0.5).shift((-0.02 * s, 0.02 * s, 0))
        right.rotate(-0.5).shift((0.02 * s, 0.02 * s, 0))
        sparks = _strokes(
            [
                [(0.0, 0.2 * s), (0.0, 0.46 * s)],
                [(-0.1 * s, 0.2 * s), (-0.2 * s, 0.44 * s)],
                [(0.1 * s, 0.2 * s), (0.2 * s, 0.44 * s)],
            ],
            4.0,
            "#e8a020",
        )
        return VGroup(left, right, *sparks)
    return VGroup(left, right, _box(-0.03 * s, -0.15 * s, 0.03 * s, 0.27 * s, colour))


def _joke(s: float, used: bool, style: Style) -> Any:
    from manim import RoundedRectangle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon

    face = "#fffbe8"
    tail = polygon([(-0.2 * s, -0.2 * s), (0.02 * s, -0.2 * s), (-0.3 * s, -0.48 * s)], face, **EDGE)
    bubble = RoundedRectangle(
        width=0.98 * s, height=0.62 * s, corner_radius=0.2 * s, fill_color=face, fill_opacity=1, **EDGE
    ).shift((0, 0.1 * s, 0))
    words = lettering("HAHA" if used else "ha ha", 0.27 * s, LINE, cut="bold", at=(0.0, 0.1 * s), most_width=0.86 * s)
    return VGroup(tail, bubble, words)


def _spider(s: float, used: bool, style: Style) -> Any:
    from manim import VGroup

    dark, light = ("#b9a6d8", "#cdbde6") if style.dark else ("#3a3340", "#4d4456")
    reach = 1.0 if used else 0.82
    legs = []
    for side in (-1, 1):
        for height, foot in ((0.12, 0.4), (0.05, 0.15), (-0.04, -0.16), (-0.12, -0.4)):
            knee = (side * 0.33 * s * reach, (height + 0.16) * s)
            legs.append([(side * 0.12 * s, height * s), knee, (side * 0.49 * s * reach, foot * s * reach)])
    eyes = [_oval(0.12 * s, 0.14 * s, "#ffffff", (x * s, 0.13 * s)) for x in (-0.08, 0.08)]
    pupils = [_oval(0.04 * s, 0.05 * s, LINE, (x * s, 0.13 * s)) for x in (-0.08, 0.08)]
    body = [_oval(0.42 * s, 0.46 * s, dark, (0.0, -0.1 * s)), _oval(0.32 * s, 0.3 * s, light, (0.0, 0.12 * s))]
    return VGroup(*_strokes(legs, 5.0, dark), *body, *eyes, *pupils)


def _balloon(s: float, used: bool, style: Style) -> Any:
    from manim import VGroup

    colour = style.colour("blue")
    string = _strokes(
        [[(0.0, -0.2 * s), (0.05 * s, -0.32 * s), (-0.04 * s, -0.42 * s), (0.02 * s, -0.49 * s)]], 3.0, "#555555"
    )
    if used:
        from morse.stage.lettering import lettering

        return VGroup(*string, _burst(s, mix(colour, "#ffffff", 0.35)), lettering("POP", 0.26 * s, LINE, cut="bold"))
    ball = _oval(0.6 * s, 0.7 * s, colour, (0.0, 0.14 * s))
    shine = _oval(0.12 * s, 0.18 * s, "#ffffff", (-0.14 * s, 0.28 * s), stroke_width=0, fill_opacity=0.7)
    return VGroup(*string, ball, shine)


def _flower(s: float, used: bool, style: Style) -> Any:
    from manim import VGroup

    petal, green = style.colour("orange"), style.colour("green")
    stem = _strokes([[(0.0, -0.49 * s), (0.0, 0.1 * s)]], 7.0, green)
    leaf = _oval(0.28 * s, 0.13 * s, green, (0.15 * s, -0.26 * s)).rotate(0.4)
    reach, size = (0.24, 0.26) if used else (0.17, 0.2)
    leaves = [
        _oval(size * s, size * s, petal, (reach * s * cos(a), 0.2 * s + reach * s * sin(a)))
        for a in np.arange(6) * pi / 3
    ]
    return VGroup(*stem, leaf, *leaves, _oval(0.22 * s, 0.22 * s, style.colour("yellow"), (0.0, 0.2 * s)))


def _drum(s: float, used: bool, style: Style) -> Any:
    from manim import VGroup

    from morse.stage.shapes import polygon

    colour = style.colour("cyan")
    t = np.linspace(pi, 2 * pi, 16)
    side = [(0.36 * s * cos(a), -0.32 * s + 0.1 * s * sin(a)) for a in t]
    shell = polygon([*side, (0.36 * s, 0.1 * s), (-0.36 * s, 0.1 * s)], colour, **EDGE)
    cords = _strokes([[(x * s, -0.38 * s), ((x + 0.16) * s, 0.06 * s)] for x in (-0.3, -0.1, 0.12)], 2.5, "#ffffff")
    skin = _oval(0.72 * s, 0.22 * s, "#f7efdd", (0.0, 0.1 * s))
    low = 0.14 if used else 0.3
    sticks = _strokes(
        [[(-0.4 * s, 0.48 * s), (-0.1 * s, low * s)], [(0.4 * s, 0.48 * s), (0.1 * s, low * s)]], 6.0, "#8a5a2b"
    )
    waves = _strokes(
        [[(x * s, 0.34 * s), (x * 1.2 * s, 0.18 * s), (x * s, 0.02 * s)] for x in (-0.41, 0.41)], 4.0, "#e8a020"
    )
    return VGroup(shell, *cords, skin, *sticks, *(waves if used else ()))


LOOKS: dict[str, Callable[[float, bool, Style], Any]] = {
    "gift": _gift,
    "ice cream": _ice,
    "car": _car,
    "joke": _joke,
    "spider": _spider,
    "balloon": _balloon,
    "flower": _flower,
    "drum": _drum,
}
