"""How a road, a board, its cards and what passes look."""

from collections.abc import Callable
from math import cos, pi, sin
from typing import Any

import numpy as np

from generators.temporal._needle_show import BOARD, CARD, DISC, ROAD
from morse.layout import Layout
from morse.stage.marks import MARKS
from morse.style import Style, mix
from morse.timeline import WIDTH

INK, PALE = "#181b21", "#fffdf6"


def draw_stream(layout: Layout, stage: Any, style: Style) -> None:
    """Put the road, the board and all that comes on a stage."""
    from manim import Circle, VGroup

    _draw_land(stage, style)
    stage.add("board", _board(style))
    names = ("red", "blue", "green", "orange", "purple", "cyan")
    first = style.pick("first tone", range(len(names)))
    for thing in layout.objects:
        if thing.kind == "passer":
            figure = str(thing.attributes["figure"])
            tone = mix(style.colour(names[(first + [*FIGURES].index(figure)) % len(names)]), "#30343c", 0.12)
            shape, spot = FIGURES[figure](tone)
            stage.add(thing.id, VGroup(*shape, _mark(str(thing.attributes["mark"]), 0.5, INK, spot)))
        elif thing.kind == "card":
            stage.add(thing.id, _card(thing.attributes, style))
        elif thing.kind == "ball":
            radius = layout.timeline.actors[thing.id].size[0] / 2
            stage.add(
                thing.id, Circle(radius, fill_color=style.accent, fill_opacity=1, stroke_color=INK, stroke_width=2)
            )


def _flat(colour: str, edge: str | None = None, line: float = 3.0) -> dict[str, Any]:
    return {
        "fill_color": colour,
        "fill_opacity": 1,
        "stroke_color": edge or colour,
        "stroke_width": line if edge else 0,
    }


def _mark(name: str, size: float, colour: str, at: tuple[float, float]) -> Any:
    from morse.stage.shapes import polygon

    return polygon(MARKS[name] * size + at, colour)


def _draw_land(stage: Any, style: Style) -> None:
    """Hills behind, a road in front."""
    from manim import Rectangle

    from morse.stage.shapes import polygon

    ground = mix(style.background, style.pick("land", ("#6f9e5f", "#a8875f", "#7f8f9f", "#8f7fa8")), 0.42)
    x = np.linspace(-8.2, 8.2, 60)
    for depth, (height, swing) in enumerate(((-0.75, 0.55), (-1.25, 0.35))):
        phase = style.amount(f"hills {depth}", 0.0, 6.0)
        hill = height + swing * np.sin(x * (0.42 + 0.13 * depth) + phase) * np.cos(0.21 * x + phase)
        corners = np.concatenate([np.stack([x, hill], 1), [(8.2, -4.6), (-8.2, -4.6)]])
        stage.backdrop(polygon(corners, mix(ground, style.background, 0.55 - 0.35 * depth)))
    road = mix(style.pick("road", ("#4a4e57", "#5a5148", "#454b45")), "#000000", 0.1)
    stage.backdrop(Rectangle(width=WIDTH + 0.4, height=1.15, **_flat(road)).shift((0, ROAD - 1.2, 0)))
    for i in range(9):
        dash = Rectangle(width=0.9, height=0.09, **_flat(mix(road, "#ffffff", 0.6)))
        stage.backdrop(dash.shift((-7.6 + 1.9 * i, ROAD - 1.45, 0)))


def _board(style: Style) -> Any:
    """A frame on two ropes, with an empty face."""
    from manim import Line, RoundedRectangle, VGroup

    wood = style.pick("wood", ("#6b4f3a", "#3f4a5a", "#5a3f4f", "#3f5a4a"))
    (_, y), (width, height) = BOARD
    ropes = [Line((x, height / 2, 0), (x, 4.6 - y, 0), stroke_color=wood, stroke_width=7) for x in (-2.6, 2.6)]
    frame = RoundedRectangle(
        width=width, height=height, corner_radius=0.22, **_flat(wood, mix(wood, "#000000", 0.4), 4)
    )
    face = RoundedRectangle(
        width=width - 0.5, height=height - 0.5, corner_radius=0.12, **_flat(mix(wood, "#000000", 0.62))
    )
    return VGroup(*ropes, frame, face)


def _card(says: Any, style: Style) -> Any:
    from manim import Circle, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering

    paper = style.pick("paper", ("#fdfaf0", "#f2f5f8", "#f7efe2"))
    mark = str(says["mark"])
    if says["kind"] == "round":
        rim = Circle(DISC[0] / 2 - 0.04, **_flat("#e9b93a", "#7a5a10", 5))
        inner = Circle(DISC[0] / 2 - 0.28, **_flat("#f7d774", "#7a5a10", 3))
        return VGroup(rim, inner, _mark(mark, 0.66, INK, (0.0, 0.0)))
    sheet = RoundedRectangle(
        width=CARD[0], height=CARD[1], corner_radius=0.18, **_flat(paper, mix(paper, "#000000", 0.45), 4)
    )
    text = lettering(str(says["text"]), 2.1, INK, font=style.font, cut="bold", at=(1.15, 0.0))
    return VGroup(sheet, _mark(mark, 0.86, INK, (-1.6, 0.0)), text)


Parts = tuple[list[Any], tuple[float, float]]


def _wheels(places: tuple[float, ...], radius: float = 0.3) -> list[Any]:
    from manim import Circle

    wheels = []
    for x in places:
        wheels.append(Circle(radius, **_flat(INK)).shift((x, -1.05, 0)))
        wheels.append(Circle(radius * 0.45, **_flat("#b9bec8")).shift((x, -1.05, 0)))
    return wheels


def _truck(tone: str) -> Parts:
    """A box on wheels with a cab at either end, so that it goes either way."""
    from manim import RoundedRectangle

    dark = mix(tone, "#000000", 0.5)
    box = RoundedRectangle(width=2.0, height=1.75, corner_radius=0.08, **_flat(PALE, dark, 4)).shift((0, 0.15, 0))
    bed = RoundedRectangle(width=2.9, height=0.42, corner_radius=0.1, **_flat(tone, dark)).shift((0, -0.84, 0))
    cabs = [
        RoundedRectangle(width=0.4, height=0.8, corner_radius=0.1, **_flat(tone, dark)).shift((x, -0.35, 0))
        for x in (-1.24, 1.24)
    ]
    return [bed, *cabs, box, *_wheels((-0.85, 0.85))], (0.0, 0.15)


def _boat(tone: str) -> Parts:
    """A hull on wheels under a sail."""
    from manim import Rectangle

    from morse.stage.shapes import polygon

    dark = mix(tone, "#000000", 0.5)
    mast = Rectangle(width=0.1, height=2.2, **_flat("#5b4a3a")).shift((0, 0.2, 0))
    sail = polygon(
        [(-1.05, -0.32), (1.05, -0.32), (0.62, 1.28), (-0.62, 1.28)], PALE, stroke_color=dark, stroke_width=4
    )
    hull = polygon(
        [(-1.45, -0.42), (1.45, -0.42), (0.95, -1.05), (-0.95, -1.05)], tone, stroke_color=dark, stroke_width=3
    )
    return [mast, sail, hull, *_wheels((-0.6, 0.6), 0.24)], (0.0, 0.42)


def _balloon(tone: str) -> Parts:
    """A balloon with a basket."""
    from manim import Circle, Line, Rectangle

    dark = mix(tone, "#000000", 0.5)
    bag = Circle(1.0, **_flat(tone, dark, 4)).shift((0, 0.34, 0))
    field = Circle(0.74, **_flat(PALE)).shift((0, 0.34, 0))
    ropes = [Line((s * 0.5, -0.5, 0), (s * 0.26, -0.98, 0), stroke_color=dark, stroke_width=3) for s in (-1, 1)]
    basket = Rectangle(width=0.7, height=0.38, **_flat("#9a6b3a", "#4f361c")).shift((0, -1.13, 0))
    return [*ropes, bag, field, basket], (0.0, 0.34)


def _kite(tone: str) -> Parts:
    """A kite with a tail of bows."""
    from manim import Line

    from morse.stage.shapes import polygon

    dark = mix(tone, "#000000", 0.5)
    body = polygon([(0, 1.34), (1.12, 0.36), (0, -0.98), (-1.12, 0.36)], tone, stroke_color=dark, stroke_width=4)
    field = polygon([(0, 1.0), (0.84, 0.34), (0, -0.6), (-0.84, 0.34)], PALE)
    tail = Line((0, -0.98, 0), (0.95, -1.26, 0), stroke_color=dark, stroke_width=4)
    bows = [
        polygon([(x - 0.16, y - 0.14), (x - 0.16, y + 0.14), (x + 0.16, y - 0.14), (x + 0.16, y + 0.14)], dark)
        for x, y in ((0.42, -1.1), (0.85, -1.23))
    ]
    return [tail, *bows, body, field], (0.0, 0.3)


def _rocket(tone: str) -> Parts:
    """A rocket that stands on its fins."""
    from morse.stage.shapes import polygon

    dark = mix(tone, "#000000", 0.5)
    turn = np.linspace(0, pi, 24)
    hull = np.array([(0.74 * cos(a), 0.42 + 0.92 * sin(a)) for a in turn] + [(-0.74, -0.9), (0.74, -0.9)])
    fins = [
        polygon([(s * 0.7, -0.1), (s * 1.3, -0.95), (s * 1.3, -1.3), (s * 0.7, -0.9)], dark) for s in (-1, 1)
    ]  # fmt: skip
    flame = polygon([(-0.4, -0.9), (0.4, -0.9), (0.2, -1.28), (0, -1.1), (-0.2, -1.28)], "#f0932b")
    field = polygon([(0.58 * cos(a), 0.08 + 0.62 * sin(a)) for a in np.linspace(0, 2 * pi, 40, endpoint=False)], PALE)
    return [flame, *fins, polygon(hull, tone, stroke_color=dark, stroke_width=4), field], (0.0, 0.08)


def _fish(tone: str) -> Parts:
    """A fish with two tails, so that it swims either way."""
    from morse.stage.shapes import polygon

    dark = mix(tone, "#000000", 0.5)
    turn = np.linspace(0, 2 * pi, 48, endpoint=False)
    body = np.stack([1.12 * np.cos(turn), 0.86 * np.sin(turn)], 1)
    tail = [polygon([(-0.95, 0), (-1.48, 0.62), (-1.3, 0), (-1.48, -0.62)], dark)]
    fins = [polygon([(-0.3, s * 0.7), (0.35, s * 0.7), (-0.1, s * 1.2)], dark) for s in (-1, 1)]
    field = polygon(np.stack([0.2 + 0.6 * np.cos(turn) - 0.2, 0.62 * np.sin(turn)], 1), PALE)
    eye = polygon([(0.86 + 0.09 * cos(a), 0.24 + 0.09 * sin(a)) for a in turn], INK)
    return [*tail, *fins, polygon(body, tone, stroke_color=dark, stroke_width=4), field, eye], (0.0, 0.0)


FIGURES: dict[str, Callable[[str], Parts]] = {
    "truck": _truck,
    "boat": _boat,
    "balloon": _balloon,
    "kite": _kite,
    "rocket": _rocket,
    "fish": _fish,
}
"""For each figure, how it looks, and where its mark goes."""
