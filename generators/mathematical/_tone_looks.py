"""How cards, signs, flashes and glimmers look."""

from collections.abc import Mapping
from math import cos, pi, sin
from typing import Any

from generators.mathematical._tone_show import CARD, FLASH, GLIMMER, NOISE, SCREEN, SIGN, SIGNS
from morse.layout import Layout
from morse.style import Style, mix

LIGHTS = ("#ffd23e", "#ffc04d", "#ffe27a", "#ffb347")
CLOTHS = ("#20262e", "#2b2340", "#14323a", "#32202a", "#1f2f24")
INK = "#1d1a12"


def draw_tones(layout: Layout, stage: Any, style: Style) -> None:
    """Put the cards, the sign, the screen and its flashes on a stage."""
    from manim import Circle, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering

    light = style.pick("light", LIGHTS)
    cloth = mix(style.pick("cloth", CLOTHS), style.background, 0.04)
    rim = mix(cloth, "#ffffff", 0.35)
    corner = min(0.45, 0.9 * style.corner + 0.08)

    def panel(size: tuple[float, float], fill: str, edge: str, width: float = 3.0) -> Any:
        return RoundedRectangle(
            width=size[0], height=size[1], corner_radius=corner, fill_color=fill, fill_opacity=1.0,
            stroke_color=edge, stroke_width=width * style.line,
        )  # fmt: skip

    stage.add("screen", VGroup(panel(SCREEN, cloth, rim, 5.0), *_trim(cloth, style)))
    stage.add("sign", panel(SIGN, style.panel, style.muted))
    for name, says in SIGNS.items():
        colour = style.ink if name == "listen" else style.accent
        words = lettering(says, 0.8, colour, font=style.font, cut="bold", on_line=True, most_width=SIGN[0] - 0.5)
        stage.add(f"sign {name}", words)
    stage.add("hint", _hint(style))
    for thing in layout.objects:
        if thing.kind in ("tone", "noise"):
            stage.add(thing.id, _card(thing.id, panel, light, style))
        elif thing.kind == "flash":
            stage.add(thing.id, _flash(str(thing.attributes["label"]), light, style))
        elif thing.kind == "glimmer":
            stage.add(thing.id, Circle(GLIMMER / 2, fill_color=light, fill_opacity=0.75, stroke_width=0))


def _card(name: str, panel: Any, light: str, style: Style) -> Any:
    """A card with its mark, lit or not; that of the noise is crossed out."""
    from manim import Line, VGroup

    from morse.stage.marks import MARKS
    from morse.stage.shapes import polygon

    def look(values: Mapping[str, float]) -> Any:
        lit = values["lit"] > 0.5
        face = light if lit else style.panel
        ink = INK if lit else style.ink
        body = panel((CARD, CARD), face, style.accent if lit else style.muted, 7.0 if lit else 3.0)
        if name != NOISE:
            return VGroup(body, polygon(MARKS[name] * 0.4, ink))
        jagged = [
            (r * cos(2 * pi * i / 22), r * sin(2 * pi * i / 22))
            for i, r in enumerate([0.46, 0.2, 0.38, 0.24] * 5 + [0.46, 0.2])
        ]
        a = CARD / 2 - 0.16
        cross = [Line((-a, s * a, 0), (a, -s * a, 0), stroke_color="#d03038", stroke_width=9) for s in (1, -1)]
        return VGroup(body, polygon(jagged, mix(ink, face, 0.35)), *cross)

    return look


def _flash(label: str, light: str, style: Style) -> Any:
    """A bright disc with rays and a label."""
    from manim import Circle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon

    form, half = style.pick("form", ("rays", "rings", "burst")), FLASH / 2
    pale = mix(light, "#ffffff", 0.45)
    if form == "rays":
        spread = 0.12
        rays = [
            polygon(
                [(half * 0.74 * cos(a - spread), half * 0.74 * sin(a - spread)), (half * cos(a), half * sin(a)),
                 (half * 0.74 * cos(a + spread), half * 0.74 * sin(a + spread))], light,
            )
            for a in (2 * pi * i / 16 for i in range(16))
        ]  # fmt: skip
        around = [*rays, Circle(half * 0.8, fill_color=light, fill_opacity=1, stroke_width=0)]
    elif form == "rings":
        around = [
            Circle(half * share, fill_color=light, fill_opacity=alpha, stroke_width=0)
            for share, alpha in ((0.98, 0.25), (0.92, 0.35), (0.84, 1.0))
        ]
    else:
        points = [(r * half * cos(pi * i / 14), r * half * sin(pi * i / 14)) for i, r in enumerate([0.98, 0.82] * 14)]
        around = [polygon(points, light)]
    core = Circle(half * 0.68, fill_color=pale, fill_opacity=1, stroke_width=0)
    return VGroup(*around, core, lettering(label, 1.05, INK, font="DejaVu Sans", cut="bold"))


def _trim(cloth: str, style: Style) -> list[Any]:
    """What the screen is set off with: small lamps along its edge, rings, or stripes, all faint and still."""
    from manim import Circle, Line

    faint, (width, height) = mix(cloth, "#ffffff", 0.16), SCREEN
    match style.pick("trim", ("lamps", "rings", "stripes")):
        case "lamps":
            places = [(-width / 2 + 0.4 + i * 0.6, s * (height / 2 - 0.25)) for i in range(25) for s in (-1, 1)]
            return [Circle(0.07, fill_color=faint, fill_opacity=1, stroke_width=0).shift((x, y, 0)) for x, y in places]
        case "rings":
            return [Circle(r, stroke_color=faint, stroke_width=3, fill_opacity=0) for r in (0.7, 1.4, 2.1, 2.8)]
    return [
        Line((-width / 2 + 0.1, y, 0), (width / 2 - 0.1, y, 0), stroke_color=faint, stroke_width=2)
        for y in (-2.3, -1.15, 0.0, 1.15, 2.3)
    ]


def _hint(style: Style) -> Any:
    """A loudspeaker, and that the sound matters."""
    from manim import Arc, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon

    words = lettering("Listen: the sound matters", 0.52, style.ink, font=style.font, on_line=True)
    left = -words.width / 2 - 0.7
    horn = polygon(
        [(-0.3, -0.12), (-0.12, -0.12), (0.1, -0.3), (0.1, 0.3), (-0.12, 0.12), (-0.3, 0.12)], style.ink
    ).shift((left, 0, 0))  # fmt: skip
    waves = [
        Arc(radius, -0.8, 1.6, arc_center=(left + 0.08, 0, 0), stroke_color=style.ink, stroke_width=5)
        for radius in (0.24, 0.4)
    ]
    return VGroup(words, horn, *waves)
