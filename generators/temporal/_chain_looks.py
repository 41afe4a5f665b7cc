"""How switches, parts, wires, lamps and the blind look."""

from collections.abc import Mapping
from math import cos, pi, sin
from typing import Any

from generators.temporal._chain_show import BLIND, EDGE, LAMP, PART, SWITCH
from morse.layout import Layout
from morse.schema import Thing
from morse.style import Style, mix

LIGHTS = ("#ffd23e", "#ffc04d", "#ffe066")
BLINDS = (("#4b5a6b", "#566778"), ("#6b5a4b", "#7a6858"), ("#4b6b5a", "#577a68"), ("#5e4b6b", "#6c587a"))
DARK = "#1c2026"


def draw_circuit_board(layout: Layout, stage: Any, style: Style) -> None:
    """Put a circuit on a stage."""
    from manim import Rectangle, VGroup

    from morse.stage.shapes import striped

    places = {thing.id: layout.timeline.place(thing.id, 0.0) for thing in layout.objects}
    wire = mix(style.ink, style.background, style.amount("wire", 0.2, 0.35))
    stage.backdrop(VGroup(*_wires(layout, places, wire, style)))
    light, tint = style.pick("light", LIGHTS), mix(style.panel, style.accent, style.amount("tint", 0.0, 0.12))
    for thing in layout.objects:
        if thing.kind == "switch":
            stage.add(thing.id, _switch(thing.id, light, style))
        elif thing.kind == "lamp":
            stage.add(thing.id, _lamp(thing.id, light, style))
        elif thing.kind == "part":
            stage.add(thing.id, _part(thing, tint, style))
    slats = [mix(colour, style.background, 0.3) for colour in style.pick("blind", BLINDS)]
    back = Rectangle(width=BLIND[0], height=BLIND[1], fill_color=slats[0], fill_opacity=1, stroke_width=0)
    stage.add("blind", VGroup(back, striped(BLIND[1], BLIND[0], slats, 14).rotate(pi / 2)))  # nothing shines through


def _wires(layout: Layout, places: Mapping[str, tuple[float, float]], colour: str, style: Style) -> list[Any]:
    """From what feeds to what is fed; two that lead to one part end side by side."""
    from manim import Line

    made = []
    for thing in layout.objects:
        sources = thing.attributes.get("from", [])
        assert isinstance(sources, list)
        x, y = places[thing.id]
        half = LAMP / 2 if thing.kind == "lamp" else PART[0] / 2
        for i, source in enumerate(map(str, sources)):
            from_x, from_y = places[source]
            out = SWITCH[0] / 2 if from_x < -EDGE + 0.1 else PART[0] / 2
            shift = 0.0 if len(sources) == 1 else 0.24 - 0.48 * i
            bend = (from_x + out + 0.12, from_y, 0), (x - half - 0.12, y + shift, 0)
            look = {"stroke_color": colour, "stroke_width": 5 * style.line}
            made.append(Line((from_x + out, from_y, 0), bend[0], **look))
            made.append(Line(*bend, **look))
            made.append(Line(bend[1], (x - half, y + shift, 0), **look))
    return made


def _part(thing: Thing, tint: str, style: Style) -> Any:
    """What it waits for, where it has two inputs, and for how long it holds the signal back."""
    from manim import RoundedRectangle, VGroup

    from morse.stage.lettering import lettering

    sources, seconds = thing.attributes["from"], thing.attributes["seconds"]
    assert isinstance(sources, list)
    waits = thing.attributes["waits_for"] == "all"
    both = len(sources) > 1
    edge = mix(style.ink, tint, 0.3)
    body = RoundedRectangle(
        width=PART[0], height=PART[1], corner_radius=0.46 if both and not waits else 0.08, fill_color=tint,
        fill_opacity=1, stroke_color=edge, stroke_width=(5 if both and waits else 3) * style.line,
    )  # fmt: skip
    lines = [lettering(f"{seconds} s", 0.5, style.ink, font=style.font, at=(0, -0.22 if both else 0.0), on_line=True)]
    if both:
        says = "ALL" if waits else "ANY"
        lines.append(lettering(says, 0.52, style.ink, font=style.font, cut="bold", at=(0, 0.22), on_line=True))
    return VGroup(body, *lines)


def _switch(name: str, light: str, style: Style) -> Any:
    from manim import Circle, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering

    def look(values: Mapping[str, float]) -> Any:
        on = values["on"]
        plate = RoundedRectangle(
            width=SWITCH[0], height=SWITCH[1], corner_radius=0.16, fill_color=style.panel, fill_opacity=1,
            stroke_color=style.muted, stroke_width=3 * style.line,
        )  # fmt: skip
        slot = RoundedRectangle(
            width=0.74, height=0.36, corner_radius=0.18, fill_color=mix("#6d747d", light, on), fill_opacity=1,
            stroke_color=DARK, stroke_width=2,
        ).shift((0.28, 0, 0))  # fmt: skip
        knob = Circle(0.2, fill_color="#f7f7f4", fill_opacity=1, stroke_color=DARK, stroke_width=3)
        label = lettering(name, 0.66, style.ink, font=style.font, cut="bold", at=(-0.42, 0), on_line=True)
        return VGroup(plate, slot, knob.shift((0.1 + 0.36 * on, 0, 0)), label)

    return look


def _lamp(name: str, light: str, style: Style) -> Any:
    from manim import Circle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon

    def look(values: Mapping[str, float]) -> Any:
        lit = values["lit"]
        glass = mix(mix(style.panel, "#7a808a", 0.35), light, lit)
        rays = [
            polygon(
                [(r * cos(a + d), r * sin(a + d)) for r, d in ((0.42, -0.16), (0.42, 0.16), (LAMP / 2, 0.0))],
                mix(light, "#b36b00", 0.25),
            )
            for a in (2 * pi * i / 12 for i in range(12))
        ]
        bulb = Circle(0.4, fill_color=glass, fill_opacity=1, stroke_color=DARK, stroke_width=3)
        ink = DARK if lit > 0.5 or not style.dark else "#f4f6f8"
        label = lettering(name, 0.56, ink, font=style.font, cut="bold", on_line=True)
        return VGroup(*(rays if lit > 0.5 else ()), bulb, label)

    return look
