"""How the table and all that is on it looks, from above."""

from math import cos, pi, sin
from typing import Any

from generators.physical._broken_show import CUE
from generators.physical._broken_table import HIGH, RADIUS, WIDE
from morse.layout import Layout
from morse.style import HUED, Style, brightness, mix

FRAME = 0.5
"""How broad the rails are."""


def draw_table(layout: Layout, stage: Any, style: Style) -> None:
    """Put everything on a stage."""
    from morse.stage.shapes import soft_shadow

    _table(stage, style)
    _furniture(layout, stage, style)
    hues = [style.colour(name) for name in HUED if name not in ("brown", "green")]
    turn = int(style.amount("turn", 0, len(hues) - 1e-6))
    form = style.pick("form", ("ring", "dome", "plain"))
    for number, thing in enumerate(layout.objects):
        hue, letter = hues[(turn + 3 * number) % len(hues)], str(thing.attributes["letter"])
        other = hues[(turn + 3 * number + 4) % len(hues)]
        iron = bool(thing.attributes["iron"])
        looks = (_puck(letter, hue, form, iron, style), _block(letter, other, iron, style))
        stage.add(thing.id, lambda channels, looks=looks: looks[round(channels["look"])])
        stage.add(f"shadow of {thing.id}", soft_shadow(2 * RADIUS, 2 * RADIUS, 0.3).shift((0.06, -0.09, 0)))


def _flat(colour: str, edge: str | None = None, line: float = 3.0) -> dict[str, Any]:
    return {
        "fill_color": colour, "fill_opacity": 1, "stroke_color": edge or colour, "stroke_width": line if edge else 0,
    }  # fmt: skip


def _table(stage: Any, style: Style) -> None:
    from manim import Circle, Rectangle, RoundedRectangle

    felt = style.pick("felt", ("#2f6b57", "#31597d", "#5b4a78", "#7a4450", "#4c5a60", "#3d6f70"))
    wood = style.pick("wood", ("#6b4528", "#8a5f38", "#4a3a30", "#59402e"))
    if style.dark:
        felt, wood = mix(felt, "#0b0f16", 0.3), mix(wood, "#0b0f16", 0.3)
    w, h = 2 * (WIDE + FRAME), 2 * (HIGH + FRAME)
    stage.backdrop(RoundedRectangle(width=w, height=h, corner_radius=0.35, **_flat(wood, mix(wood, "#000000", 0.5), 4)))
    stage.backdrop(Rectangle(width=w - 0.5, height=h - 0.5, **_flat(mix(felt, "#000000", 0.25))))
    stage.backdrop(Rectangle(width=2 * WIDE, height=2 * HIGH, **_flat(felt, mix(felt, "#000000", 0.45), 3)))
    pale = mix(felt, "#ffffff", 0.12)
    for i in range(-2, 3):
        for side in (-1, 1):
            stud = Circle(0.07, **_flat(mix(wood, "#ffffff", 0.7)))
            stage.backdrop(stud.shift((2.7 * i, side * (HIGH + 0.38), 0)))
    stage.backdrop(Circle(1.1, stroke_color=pale, stroke_width=3 * style.line, fill_opacity=0))


def _furniture(layout: Layout, stage: Any, style: Style) -> None:
    """Sand, bridge, magnet with its field, cue and cloth."""
    from manim import Arc, Circle, Line, Rectangle, RoundedRectangle, VGroup

    actors = layout.timeline.actors
    w, h = actors["sand"].size
    sand = style.pick("sand", ("#d9bd83", "#cfb07a", "#dcc79a"))
    parts: list[Any] = [
        RoundedRectangle(width=w, height=h, corner_radius=0.22, **_flat(sand, mix(sand, "#5a4420", 0.45), 3))
    ]
    for i in range(34):
        x, y = (style.amount(f"grain {axis} {i}", -0.44, 0.44) for axis in "xy")
        parts.append(Circle(0.035, **_flat(mix(sand, "#5a4420", 0.4))).shift((x * w, y * h, 0)))
    stage.add("sand", VGroup(*parts))

    w, h = actors["bridge"].size
    plank = style.pick("plank", ("#b98a55", "#a0764a", "#9aa0a8", "#c0a070"))
    parts = [Rectangle(width=w - 0.02, height=h - 0.02, **_flat(plank, mix(plank, "#000000", 0.55), 4))]
    count = round(h / 0.42)
    for i in range(1, count):
        y = -h / 2 + i * h / count
        parts.append(Line((-w / 2, y, 0), (w / 2, y, 0), stroke_color=mix(plank, "#000000", 0.35), stroke_width=3))
    for side in (-1, 1):
        beam = Rectangle(width=0.13, height=h - 0.02, **_flat(mix(plank, "#000000", 0.3)))
        parts.append(beam.shift((side * (w / 2 - 0.075), 0, 0)))
    stage.add("bridge", VGroup(*parts))

    side = 1 if actors["magnet"].at("y", 0.0) > 0 else -1

    def magnet(channels: Any) -> Any:
        on = channels["lit"] > 0.5
        red, steel = ("#e0353b", "#eef1f4") if on else ("#7d3a3e", "#8b9097")
        bow = Arc(0.36, start_angle=0 if side > 0 else pi, angle=pi, stroke_color=red, stroke_width=20)
        feet = [
            Rectangle(width=0.2, height=0.2, **_flat(steel)).shift((x, -side * 0.1, 0)) for x in (-0.36, 0.36)
        ]  # fmt: skip
        lamp = Circle(0.11, **_flat("#ffe14d" if on else "#3a3a3a", "#1b1b1b", 2)).shift((0, side * 0.12, 0))
        return VGroup(bow, *feet, lamp)

    stage.add("magnet", magnet)
    arcs = [
        Arc(
            radius,
            start_angle=pi if side > 0 else 0,
            angle=pi,
            stroke_color="#ffe14d",
            stroke_width=5,
            stroke_opacity=0.9,
        )
        for radius in (0.62, 0.86, 1.1)
    ]
    stage.add("field", VGroup(*[arc.shift((0, side * 0.46, 0)) for arc in arcs]))

    stick = style.pick("stick", ("#e2c08a", "#d8a866", "#c98f5a"))
    long, thick = CUE
    shaft = Rectangle(width=long - 0.2, height=thick, **_flat(stick, mix(stick, "#000000", 0.6), 2)).shift((-0.1, 0, 0))
    tip = Rectangle(width=0.2, height=thick, **_flat("#3b78c4", "#10243d", 2)).shift((long / 2 - 0.1, 0, 0))
    grip = Rectangle(width=0.8, height=thick, **_flat(mix(stick, "#000000", 0.65))).shift((-long / 2 + 0.4, 0, 0))
    stage.add("cue", VGroup(shaft, grip, tip))

    cloth = mix(style.background, style.accent, 0.35)
    parts = [Rectangle(width=16.4, height=9.2, **_flat(cloth, mix(cloth, "#000000", 0.4), 4))]
    for i in range(1, 16):
        x = -8.2 + i * 16.4 / 16
        shade = mix(cloth, "#000000", 0.07 if i % 2 else 0.14)
        parts.append(Line((x, -4.6, 0), (x, 4.6, 0), stroke_color=shade, stroke_width=14))
    stage.add("cloth", VGroup(*parts))


def _puck(letter: str, hue: str, form: str, iron: bool, style: Style) -> Any:
    """A round puck; the one of iron has a rim of rivets."""
    from manim import Circle, VGroup

    rim, light = mix(hue, "#000000", 0.55), mix(hue, "#ffffff", 0.3)
    parts: list[Any] = [Circle(RADIUS - 0.025, **_flat(hue, rim, 4))]
    if iron:
        parts = [
            Circle(RADIUS - 0.025, **_flat("#c9ced6", "#2b2f36", 4)),
            *_rivets(),
            Circle(0.31, **_flat(hue, rim, 2)),
        ]
    elif form == "ring":
        parts.append(Circle(0.36, stroke_color=light, stroke_width=4, fill_opacity=0))
    elif form == "dome":
        parts += [
            Circle(size, fill_color=light, fill_opacity=0.35, stroke_width=0).shift((-0.05, 0.06, 0))
            for size in (0.36, 0.24)
        ]
    return VGroup(*parts, _letter(letter, hue, style))


def _rivets() -> list[Any]:
    from manim import Circle

    angles = [i * pi / 4 for i in range(8)]
    return [Circle(0.04, **_flat("#2b2f36")).shift((0.375 * cos(a), 0.375 * sin(a), 0)) for a in angles]


def _block(letter: str, hue: str, iron: bool, style: Style) -> Any:
    """What a puck turns into: a square of another colour, with the same letter."""
    from manim import Square, VGroup

    side = 2 * RADIUS - 0.12
    parts: list[Any] = [Square(side, **_flat(hue, mix(hue, "#000000", 0.55), 5))]
    if iron:
        parts.append(Square(side - 0.16, stroke_color="#2b2f36", stroke_width=3, fill_opacity=0))
    return VGroup(*parts, _letter(letter, hue, style))


def _letter(letter: str, hue: str, style: Style) -> Any:
    from morse.stage.lettering import lettering

    ink = "#15171b" if brightness(hue) > 0.45 else "#fbfbf7"
    return lettering(letter, 0.5, ink, font=style.font, cut="bold")
