"""How rings and their movers look."""

import math
from typing import Any

from generators.abstract._ring_show import DISC, PLACES, RADIUS, spot_on_ring
from morse.layout import Layout
from morse.style import HUED, Style, brightness, mix


def draw_rings(layout: Layout, stage: Any, style: Style) -> None:
    """Put rings and movers on a stage. Colours mean nothing."""
    from manim import Circle, RegularPolygon, VGroup

    from morse.stage.lettering import lettering

    line = mix(style.background, style.ink, style.amount("ring", 0.35, 0.5))
    peg = style.pick("pegs", (0.07, 0.11, 0.15))
    form = style.pick("form", ("disc", "hexagon", "octagon"))
    hues = [style.colour(name) for name in HUED if name != "brown"]
    one_colour = style.pick("one colour", (True, False, False))
    first = style.pick("hue", range(len(hues)))
    for number, thing in enumerate(layout.objects):
        track = Circle(RADIUS, stroke_color=line, stroke_width=4 * style.line, fill_opacity=0)
        pegs = [
            Circle(peg, fill_color=line, fill_opacity=1, stroke_width=0).shift((*spot_on_ring((0.0, 0.0), place), 0.0))
            for place in range(len(PLACES))
        ]
        stage.add(f"ring {thing.id}", VGroup(track, *pegs))
        colour = hues[first if one_colour else (first + number) % len(hues)]
        ink = "#16181d" if brightness(colour) > 0.45 else "#ffffff"
        face = {
            "fill_color": colour,
            "fill_opacity": 1.0,
            "stroke_color": mix(colour, "#000000", 0.5),
            "stroke_width": 3.0,
        }
        body = Circle(DISC / 2, **face)
        if form != "disc":
            sides = 6 if form == "hexagon" else 8
            body = RegularPolygon(sides, radius=DISC / 2, start_angle=math.pi / sides, **face)
        letter = lettering(thing.id, 0.56, ink, font=style.font, cut="bold")
        stage.add(thing.id, VGroup(body, letter))
