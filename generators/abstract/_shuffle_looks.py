"""How a row of tiles and its places look."""

from typing import Any

from generators.abstract._shuffle_show import LABEL, ROW
from morse.layout import Layout
from morse.style import HUED, Style, brightness, mix


def draw_row(layout: Layout, stage: Any, style: Style) -> None:
    """Put the tiles, their backs and letters on a stage, and the places with their numbers behind them."""
    from manim import Circle, RoundedRectangle, Square, VGroup

    from morse.stage.lettering import lettering

    side, xs = layout.details["side"], layout.details["xs"]
    tray = mix(style.background, style.ink, 0.16)
    corner = side * style.pick("corner", (0.06, 0.16, 0.3))
    for number, x in enumerate(xs):
        well = {"stroke_color": mix(tray, style.ink, 0.3), "stroke_width": 3 * style.line}
        stage.backdrop(
            RoundedRectangle(
                corner, width=side * 1.1, height=side * 1.1, fill_color=tray, fill_opacity=1, **well
            ).shift((x, ROW, 0))
        )
        words = lettering(
            str(number + 1), 0.5, style.ink, font=style.font, at=(x, ROW - side / 2 - LABEL), on_line=True
        )
        stage.backdrop(words)
    face = style.pick("face", ("#f6efdc", "#e9eef2", style.panel))
    hue = style.colour(style.pick("back", [name for name in HUED if name != "yellow"]))
    many = style.pick("many colours", (True, False, False))
    hues = [style.colour(name) for name in HUED if name not in ("brown", "purple", "blue")]
    dots = style.pick("pattern", ("dots", "frame", "plain"))
    edge = {"stroke_color": mix(face, "#000000", 0.55), "stroke_width": 3.5}
    for number, (tile, letter) in enumerate(sorted(layout.details["tiles"].items())):
        body = mix(hues[number % len(hues)], "#ffffff", 0.45) if many else face
        ink = "#1b1d22" if brightness(body) > 0.45 else "#f7f5ee"
        stage.add(tile, RoundedRectangle(corner, width=side, height=side, fill_color=body, fill_opacity=1, **edge))
        cover: list[Any] = [RoundedRectangle(corner, width=side, height=side, fill_color=hue, fill_opacity=1, **edge)]
        light = mix(hue, "#ffffff", 0.35)
        if dots == "dots":
            cover += [
                Circle(0.05 * side, fill_color=light, fill_opacity=1, stroke_width=0).shift((a * side, b * side, 0))
                for a in (-0.26, 0, 0.26)
                for b in (-0.26, 0, 0.26)
            ]
        elif dots == "frame":
            cover.append(Square(0.62 * side, stroke_color=light, stroke_width=5, fill_opacity=0))
        stage.add(f"back {tile}", VGroup(*cover))
        stage.add(letter, lettering(letter, 0.72 * side, ink, font=style.font, cut="bold", on_line=True))
