"""How a town of stops and roads looks."""

from collections.abc import Mapping
from typing import Any

from generators.planning._delivery_show import SIGN, STOP, TownShow
from morse.layout import Layout
from morse.style import Style, mix


def draw_town(layout: Layout, stage: Any, style: Style) -> None:
    """Put a town on a stage: ground, roads with blank signs, stops with letters, and signs with costs."""
    from manim import Circle, Line, RoundedRectangle, Square, VGroup

    from morse.stage.lettering import lettering

    show: TownShow = layout.details["show"]
    ground = mix(style.panel, style.muted, style.amount("ground", 0.1, 0.3))
    field = RoundedRectangle(
        width=15.4, height=8.6, corner_radius=0.2 + 0.8 * style.corner, fill_color=ground, fill_opacity=1
    )
    stage.backdrop(field.set_stroke(color=mix(ground, style.ink, 0.35), width=2.5))
    tar = mix(ground, style.ink, 0.4)
    for a, b in show.town.roads:
        start, end = ((*show.stops[stop], 0.0) for stop in (a, b))
        stage.backdrop(Line(start, end, stroke_color=tar, stroke_width=style.pick("road", (12, 15, 18))))
    for road in show.town.roads:
        blank = Circle(
            SIGN / 2, fill_color=mix(ground, style.ink, 0.22), fill_opacity=1, stroke_color=tar, stroke_width=3
        )
        stage.backdrop(blank.shift((*show.sign_at(road), 0.0)))
    house = style.colour(style.pick("stop", ("blue", "purple", "green")))
    square = style.pick("form", (False, True))
    for thing in layout.objects:
        if thing.kind == "stop":
            body = Square(STOP) if square else Circle(STOP / 2)
            body.set_fill(house, opacity=1).set_stroke(color=mix(house, "#000000", 0.5), width=3)
            name = lettering(str(thing.attributes["name"]), 0.6, "#ffffff", font=style.font, cut="bold")
            stage.add(thing.id, VGroup(body, name))
        else:
            stage.add(thing.id, lambda values: _sign(values, style))


def _sign(values: Mapping[str, float], style: Style) -> Any:
    """A round sign with a cost; a thick ring while it is lit."""
    from manim import Circle, VGroup

    from morse.stage.lettering import lettering

    lit = values["glow"] > 0.5
    face = Circle(SIGN / 2 - 0.05, fill_color="#ffffff" if not lit else style.colour("yellow"), fill_opacity=1)
    face.set_stroke(color=style.colour("red"), width=9 if lit else 5)
    return VGroup(face, lettering(str(round(values["cost"])), 0.6, "#101010", font="DejaVu Sans", cut="bold"))
