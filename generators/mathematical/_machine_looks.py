"""How a number machine and its tickets look."""

from math import cos, pi, sin
from typing import Any

from generators.mathematical._machine_show import LAMP, LINE, MACHINE, ROUND, SIGN_LINES, TICKET
from morse.layout import Layout
from morse.style import Style, mix

INK, PALE = "#16181d", "#fbfaf4"
METALS = ("#5f7f9e", "#8a6fa0", "#5f8f78", "#a8744f", "#8b5f66", "#6b7480")


def draw_machine(layout: Layout, stage: Any, style: Style) -> None:
    """Put a machine, its sign and its tickets on a stage."""
    from manim import Circle, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon, symbol

    details, timeline = layout.details, layout.timeline
    way, rules, noun = details["way"], details["rules"], details["noun"]
    metal = style.pick("metal", METALS)
    dark, light = mix(metal, "#000000", 0.5), mix(metal, "#ffffff", 0.3)
    line = {"stroke_color": dark, "stroke_width": 4 * style.line}

    def panel(size: tuple[float, float], colour: str, corner: float, **look: Any) -> Any:
        return RoundedRectangle(
            width=size[0], height=size[1], corner_radius=corner, fill_color=colour, fill_opacity=1, **(line | look)
        )

    floor = mix(style.background, style.ink, style.amount("floor", 0.06, 0.16))
    stage.backdrop(polygon([(-8, -4.5), (8, -4.5), (8, -3.1), (-8, -3.1)], floor))
    slot = panel((0.5, 2.6), mix(metal, "#000000", 0.78), 0.1).shift((-way * (MACHINE[0] / 2 - 0.2), -0.4, 0))
    bolts = [
        Circle(0.11, fill_color=dark, fill_opacity=1, stroke_width=0).shift((x, y, 0))
        for x in (-2.15, 2.15)
        for y in (-2.3, 2.3)
    ]
    stage.add("machine", VGroup(panel(MACHINE, metal, style.pick("corner", (0.1, 0.35, 0.7))), slot, *bolts))
    glass = "#10161c"
    stage.add("display", panel((2.9, 1.3), glass, 0.12, stroke_color=light))
    digits = style.pick("digits", ("#7ef0a0", "#ffd166", "#8fd3ff", "#ffffff"))
    start = next(thing for thing in layout.objects if thing.kind == "start")
    stage.add(start.id, lettering(str(start.attributes["number"]), 1.25, digits, font="DejaVu Sans Mono", cut="bold"))

    def lamp(values: Any) -> Any:
        lit = values["lit"]
        bulb = Circle(LAMP * 0.42, fill_color=mix("#4a4438", "#fff06a", lit), fill_opacity=1, stroke_width=4)
        rays = [
            polygon(
                [(r * cos(a + d), r * sin(a + d)) for r, d in ((0.46, -0.12), (0.46, 0.12), (0.85, 0.0))], "#f5b70a"
            )
            for a in (2 * pi * (i + 0.5) / 8 for i in range(8))
        ]
        return VGroup(*(rays if lit > 0.5 else ()), bulb.set_stroke(color=INK))

    stage.add("lamp", lamp)
    spokes = [panel((1.45, 0.26), dark, 0.1, stroke_width=0).rotate(i * pi / 4) for i in range(4)]
    stage.add(
        "wheel",
        VGroup(
            *spokes,
            Circle(0.55, fill_color=dark, fill_opacity=1, stroke_width=0),
            Circle(0.3, fill_color=light, fill_opacity=1, stroke_width=0),
            Circle(0.12, fill_color=light, fill_opacity=1, stroke_width=0).shift((0.44, 0, 0)),
        ),
    )
    width, height = timeline.actors["sign"].size
    board = mix(style.panel, style.accent, style.amount("board", 0.0, 0.12))
    words = [f"A {noun} does not count", *(SIGN_LINES[rule] for rule in rules)]
    for i in range(2, len(words)):
        words[i] = f"or {words[i]}"
    lines = [
        lettering(
            text,
            0.6,
            style.ink,
            font=style.font,
            cut="normal" if i else "bold",
            side="left",
            on_line=True,
            at=(-width / 2 + 0.35, height / 2 - 0.2 - LINE * (i + 0.5)),
            most_width=width - 0.6,
        )
        for i, text in enumerate(words)
    ]
    stage.add("sign", VGroup(panel((width, height), board, 0.12, stroke_color=style.muted), *lines))
    tones = style.pick("tones", (("#fff7df",), ("#ffe3d3", "#dff0ff", "#e9f5d8", "#f3e2f7"), ("#f4f4f0", "#e4e7ec")))
    for number, thing in enumerate(thing for thing in layout.objects if thing.kind == "ticket"):
        tone = tones[number % len(tones)]
        form = timeline.actors[thing.id].round
        parts = [_body(noun, form, tone, INK)]
        middle = 0.15 if noun == "cart" else 0.0
        text = str(thing.attributes["text"])
        parts.append(lettering(text, 1.2, INK, font="DejaVu Sans", cut="bold", at=(0.0, middle), most_width=3.05))
        if thing.attributes["star"] is True:
            corner = (0.0, 0.82) if form else (1.7, 0.52)
            parts.append(symbol("star", 0.64, "#c2182b").shift((corner[0], corner[1] + middle, 0)))
        stage.add(thing.id, VGroup(*parts))


def _body(noun: str, is_round: bool, tone: str, ink: str) -> Any:
    """What a ticket is written on: oval or with corners, with the trimmings of a ticket, a parcel or a cart."""
    from manim import Circle, DashedVMobject, Ellipse, Line, RoundedRectangle, VGroup

    rim = mix(tone, "#000000", 0.55)
    width, height = ROUND if is_round else TICKET
    look = {"fill_color": tone, "fill_opacity": 1, "stroke_color": rim, "stroke_width": 4}
    parts = []
    if noun == "cart":
        for x in (-0.15, 0.15) if is_round else (-0.28, 0.28):
            wheel = Circle(0.24, fill_color=ink, fill_opacity=1, stroke_color=rim, stroke_width=3)
            parts.append(wheel.shift((x * width, -height / 2 + 0.12, 0)))
        height -= 0.3
    middle = (0, 0.15 if noun == "cart" else 0, 0)
    if is_round:
        body = Ellipse(width=width, height=height, **look)
        inner = Ellipse(width=width - 0.3, height=height - 0.3)
    else:
        body = RoundedRectangle(width=width, height=height, corner_radius=0.1, **look)
        inner = RoundedRectangle(width=width - 0.28, height=height - 0.28, corner_radius=0.06)
    parts.append(body.shift(middle))
    if noun == "ticket":
        parts.append(DashedVMobject(inner.set_stroke(color=rim, width=2), num_dashes=44))
    elif noun == "parcel":
        for x in (-0.4, 0.4):
            reach = height / 2 * (0.6 if is_round else 1.0)
            parts.append(Line((x * width, -reach, 0), (x * width, reach, 0), stroke_color="#c08a4a", stroke_width=6))
    return VGroup(*parts)
