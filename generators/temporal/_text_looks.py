"""How texts on strips, marks, cloths and the line at the bottom look."""

from collections.abc import Callable, Mapping
from typing import Any

from generators.temporal._text_show import HIGH, MARK, WIDE, width
from morse.layout import Layout
from morse.style import Style, mix

INK = "#1b1e24"
TINTS = (
    ("#fff4d6", "#ffe3d0", "#e3f0ff", "#e6f5dc", "#f3e4f7"),
    ("#f6f6f2", "#eef0f3", "#f7f2ea"),
    ("#ffe9a8", "#bfe3ff", "#c9f0cf", "#ffd0d8"),
)
CLOTHS = (("#8e3b46", "#b35561"), ("#355c7d", "#4c7aa3"), ("#4a6b4f", "#648a69"), ("#6b5a86", "#8a77a8"))
MONO = "DejaVu Sans Mono"


def draw_texts(layout: Layout, stage: Any, style: Style) -> None:
    """Put the marks, the strips and what covers them on a stage."""
    from manim import Rectangle, VGroup

    from morse.stage.marks import MARKS
    from morse.stage.shapes import polygon, striped

    stage.backdrop(_table(style))
    tints = style.pick("tints", TINTS)
    form = style.pick("form", ("ribbon", "card", "tape"))
    cloth = style.pick("cloth", CLOTHS)
    ways: Mapping[str, str] = layout.details["ways"]
    actors = layout.timeline.actors
    for thing in layout.objects:
        if thing.kind == "mark":
            ink = mix(style.ink, style.background, 0.12)
            stage.add(thing.id, polygon(MARKS[thing.id] * (MARK / 2.1), ink))
        elif thing.kind == "text":
            tint = style.pick(f"tint {thing.id}", tints)
            says = (str(thing.attributes["reads"]), str(thing.attributes["later"]))
            caret = ways[thing.id] in ("typed", "erased")
            stage.add(thing.id, _strip(says, tint, form, caret, style))
            if f"cloth {thing.id}" in actors:
                size = actors[f"cloth {thing.id}"].size
                back = Rectangle(width=size[0], height=size[1], fill_color=cloth[0], fill_opacity=1, stroke_width=0)
                stage.add(f"cloth {thing.id}", VGroup(back, striped(*size, cloth)))  # nothing shines through
        elif thing.kind == "strip":
            stage.add(
                thing.id, _bars(thing.id, actors[thing.id].size, style.pick(f"tint {thing.id}", tints), form, style)
            )
        elif thing.kind == "line":
            stage.add("line", _line(str(thing.attributes["typed"]), style))


def _table(style: Style) -> Any:
    """A quiet frame round the field."""
    from manim import RoundedRectangle

    colour = mix(style.background, style.ink, style.amount("frame", 0.05, 0.1))
    return RoundedRectangle(
        width=15.6, height=7.7, corner_radius=0.2 + style.corner, fill_color=colour, fill_opacity=1.0,
        stroke_color=mix(style.background, style.ink, 0.25), stroke_width=2.5 * style.line,
    ).shift((0, 0.5, 0))  # fmt: skip


def _body(size: tuple[float, float], tint: str, form: str, style: Style) -> list[Any]:
    """What characters stand on, and its shadow."""
    from manim import RoundedRectangle

    from morse.stage.shapes import polygon

    w, h = size
    rim = mix(tint, "#000000", 0.45)
    look = {"fill_color": tint, "fill_opacity": 1.0, "stroke_color": rim, "stroke_width": 3 * style.line}
    shadow = RoundedRectangle(
        width=w - 0.04, height=h - 0.04, corner_radius=0.12, fill_color="#000000", fill_opacity=0.22
    )
    shadow.set_stroke(width=0).shift((0.05, -0.06, 0))
    if form == "ribbon":
        notch = 0.2
        corners = [
            (-w / 2, -h / 2), (w / 2, -h / 2), (w / 2 - notch, 0.0), (w / 2, h / 2), (-w / 2, h / 2), (-w / 2 + notch, 0.0),
        ]  # fmt: skip
        return [polygon(corners, tint, stroke_color=rim, stroke_width=3 * style.line)]
    corner = 0.22 if form == "card" else 0.05
    return [shadow, RoundedRectangle(width=w, height=h, corner_radius=corner, **look)]


def _strip(
    says: tuple[str, str], tint: str, form: str, caret: bool, style: Style
) -> Callable[[Mapping[str, float]], Any]:
    """A strip with as many characters as have been typed, before or after its edit."""
    from manim import Rectangle, VGroup

    from morse.stage.lettering import lettering

    length = len(says[0])
    body = _body((width(length), HIGH), tint, form, style)

    def look(values: Mapping[str, float]) -> Any:
        text, shown = says[values["edited"] > 0.5], round(values["letters"])
        parts = [part.copy() for part in body]
        for i, character in enumerate(text[:shown]):
            parts.append(_character(character, i, length, lettering))
        if caret and shown < length:
            x = (shown - (length - 1) / 2) * WIDE - 0.22
            parts.append(
                Rectangle(width=0.07, height=0.66, fill_color=INK, fill_opacity=1, stroke_width=0).shift((x, 0, 0))
            )
        return VGroup(*parts)

    return look


def _character(character: str, place: int, length: int, lettering: Callable[..., Any], ink: str = INK) -> Any:
    at = ((place - (length - 1) / 2) * WIDE, 0.0)
    return lettering(character, 0.94, ink, font=MONO, cut="bold", at=at, on_line=True)


def _bars(name: str, size: tuple[float, float], tint: str, form: str, style: Style) -> Any:
    """A strip without characters: bars of several widths."""
    from manim import Rectangle, VGroup

    parts = _body(size, tint, form, style)
    x, number = -size[0] / 2 + 0.4, 0
    while x < size[0] / 2 - 0.4:
        wide = style.amount(f"{name} bar {number}", 0.06, 0.22)
        bar = Rectangle(width=wide, height=HIGH * 0.58, fill_color=mix(INK, tint, 0.25), fill_opacity=1, stroke_width=0)
        parts.append(bar.shift((x + wide / 2, 0, 0)))
        x += wide + style.amount(f"{name} gap {number}", 0.08, 0.24)
        number += 1
    return VGroup(*parts)


def _line(typed: str, style: Style) -> Callable[[Mapping[str, float]], Any]:
    """The line at the bottom, on which a text is typed once more."""
    from manim import Rectangle, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering

    ink = "#eef2f6"

    def look(values: Mapping[str, float]) -> Any:
        shown = round(values["letters"])
        board = RoundedRectangle(
            width=9.0, height=0.86, corner_radius=0.12, fill_color="#1f242c", fill_opacity=1, stroke_color="#5b6470",
            stroke_width=3 * style.line,
        )  # fmt: skip
        parts = [board, lettering(">", 0.8, "#8fd08f", font=MONO, cut="bold", at=(-4.0, 0), on_line=True)]
        for i, character in enumerate(typed[:shown]):
            parts.append(lettering(character, 0.86, ink, font=MONO, cut="bold", at=(-3.2 + 0.6 * i, 0), on_line=True))
        caret = Rectangle(width=0.4, height=0.6, fill_color=ink, fill_opacity=0.85, stroke_width=0)
        parts.append(caret.shift((-3.2 + 0.6 * shown, 0, 0)))
        return VGroup(*parts)

    return look
