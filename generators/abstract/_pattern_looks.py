"""How patterns, and the signs beside them, look."""

from typing import Any

from generators.abstract._pattern_rules import COLOURS
from generators.abstract._pattern_show import SIDE
from morse.layout import Layout
from morse.style import Style, brightness, mix


def draw_patterns(layout: Layout, stage: Any, style: Style) -> None:
    """Put the patterns on a stage."""
    from manim import Circle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon

    side = len(_rows(layout.objects[0]))
    for thing in layout.objects:
        stage.add(thing.id, pattern_look(_rows(thing), layout.timeline.actors[thing.id].size[0], style))
    ring = {"stroke_color": style.accent, "stroke_width": 4 * style.line, "fill_opacity": 0}
    bar, reach = 0.035 * SIDE, SIDE / 2
    cross = "#d23b3b" if style.pick("cross", (True, False)) else mix(style.ink, style.background, 0.2)
    for name in layout.timeline.actors:
        sign, _, what = name.partition(" ")
        if sign == "names":
            stage.add(name, _names(side, style))
        elif sign == "arrow":
            tip = [(-0.6, -0.16), (0.1, -0.16), (0.1, -0.42), (0.6, 0.0), (0.1, 0.42), (0.1, 0.16), (-0.6, 0.16)]
            stage.add(name, polygon(tip, style.accent))
        elif sign == "cross":
            lines = [
                [
                    (-reach, -way * reach + bar),
                    (-reach, -way * reach - bar),
                    (reach, way * reach - bar),
                    (reach, way * reach + bar),
                ]
                for way in (1, -1)
            ]
            edge = {"stroke_color": style.background, "stroke_width": 4.0}
            stage.add(name, VGroup(*(polygon(corners, cross, **edge) for corners in lines)))
        elif sign == "disc":
            size = layout.timeline.actors[name].size[0]
            stage.add(
                name, Circle(size / 2, fill_color="#ffffff", fill_opacity=1, stroke_color="#16181d", stroke_width=5.0)
            )
        elif sign == "number":
            stage.add(name, VGroup(Circle(0.5, **ring), _text(what, 0.62, style)))
        elif sign == "letter":
            stage.add(name, _text(what, 0.75, style))
        elif sign == "question":
            stage.add(name, lettering("?", 3.2, style.accent, font=style.font, cut="bold"))


def _rows(thing: Any) -> list[str]:
    return [str(row) for row in thing.attributes["rows"]]


def _text(words: str, size: float, style: Style) -> Any:
    from morse.stage.lettering import lettering

    return lettering(words, size, style.ink, font=style.font, cut="bold")


def _names(side: int, style: Style) -> Any:
    """Letters over the columns and numbers beside the rows of a large pattern."""
    from manim import VGroup

    from morse.stage.lettering import lettering

    colour, parts = mix(style.ink, style.background, 0.2), []
    for i in range(side):
        off = (i - (side - 1) / 2) * SIDE / side
        for text, at in ((chr(97 + i), (off, SIDE / 2 + 0.36)), (str(i + 1), (-SIDE / 2 - 0.36, -off))):
            parts.append(lettering(text, 0.5, colour, font=style.font, at=at, on_line=True))
    return VGroup(*parts)


def pattern_look(rows: list[str], side: float, style: Style) -> Any:
    """A square of cells; empty ones are hollow."""
    from manim import RoundedRectangle, VGroup

    names = {letter: name for name, letter in COLOURS.items()}
    ground = style.pick("ground", (mix(style.panel, style.muted, 0.15), "#2a2d33", "#e9e6dc"))
    line = mix(ground, "#ffffff" if brightness(ground) < 0.5 else "#000000", 0.28)
    round_ = style.pick("cells", (0.02, 0.12, 0.3))
    cell = side / len(rows)
    face = {"fill_color": ground, "fill_opacity": 1.0, "stroke_color": line, "stroke_width": 3.0}
    parts = [RoundedRectangle(width=side, height=side, corner_radius=0.04 * side, **face)]
    for y, row in enumerate(rows):
        for x, letter in enumerate(row):
            size = cell * (0.86 if letter != "." else 0.2)
            colour = style.colour(names[letter]) if letter != "." else line
            edge = mix(colour, "#000000", 0.4)
            square = RoundedRectangle(
                width=size, height=size, corner_radius=round_ * size, fill_color=colour, fill_opacity=1.0,
                stroke_color=edge, stroke_width=1.5 if letter != "." else 0.0,
            )  # fmt: skip
            parts.append(square.shift(((x + 0.5) * cell - side / 2, side / 2 - (y + 0.5) * cell, 0.0)))
    return VGroup(*parts)
