"""How a machine, its tokens and its charts look."""

from typing import Any

from generators.abstract._switch_show import BELT, LANE, LARGE, MACHINE, PASSING
from morse.layout import Layout
from morse.style import Style, brightness, mix


def draw_run(layout: Layout, stage: Any, style: Style) -> None:
    """Put the machine, its tokens and the charts on a stage."""
    _draw_belts(stage, style)
    _draw_machine(stage, style)
    plate = style.pick("plate", ("#f6f3ea", "#e4ebf0", "#ece4d8", "#3a3f4a"))
    for thing in layout.objects:
        width, height = layout.timeline.actors[thing.id].size
        if thing.kind in ("token", "product", "passer"):
            stage.add(thing.id, token_look(thing.attributes, width, plate, style))
        elif thing.kind == "circle":
            order: Any = thing.attributes["order"]
            stage.add(thing.id, _chart(thing.id, order, width, height, plate, style))


def _fill(colour: str, edge: str | None = None, line: float = 0.0) -> dict[str, Any]:
    """A flat look of a manim shape; ``line`` in manim's stroke units (4 are 0.04 canvas units)."""
    return {"fill_color": colour, "fill_opacity": 1.0, "stroke_color": edge or colour, "stroke_width": line}


def _draw_belts(stage: Any, style: Style) -> None:
    from manim import Circle, Rectangle

    belt = mix(style.background, style.ink, 0.38)
    for height, thick in ((BELT - 0.12, 0.24), (LANE - PASSING * LARGE / 2 - 0.06, 0.12)):
        stage.backdrop(Rectangle(width=16.4, height=thick, **_fill(belt)).shift((0, height, 0)))
    for i in range(15):
        wheel = Circle(0.13, **_fill(mix(belt, style.background, 0.5)))
        stage.backdrop(wheel.shift((-7.7 + 1.1 * i, BELT - 0.12, 0)))


def _draw_machine(stage: Any, style: Style) -> None:
    from manim import Circle, Rectangle, RoundedRectangle, VGroup

    shades = (style.accent, 0.3), (style.muted, 0.35), (style.ink, 0.6)
    tint, share = style.pick("body", shades)
    body = mix(tint, style.panel, share)
    dark, light, line = mix(body, "#000000", 0.45), mix(body, "#ffffff", 0.45), 3 * style.line
    wide, high = MACHINE
    corner = style.pick("corner", (0.15, 0.5, 0.9))
    hull = RoundedRectangle(width=wide, height=high, corner_radius=corner, **_fill(body, dark, line))
    mouths = [
        Rectangle(width=0.34, height=2.75, **_fill(dark)).shift((x, -0.53, 0))
        for x in (-wide / 2 + 0.17, wide / 2 - 0.17)
    ]
    front = style.pick("front", ("stripes", "window", "bolts"))
    if front == "stripes":
        parts = [Rectangle(width=1.7, height=0.08, **_fill(dark)).shift((-0.55, 1.3 - 0.3 * i, 0)) for i in range(3)]
    elif front == "window":
        pane = RoundedRectangle(width=1.9, height=0.9, corner_radius=0.2, **_fill(light, dark, line))
        parts = [pane.shift((-0.55, 1.05, 0))]
    else:
        parts = [Circle(0.13, **_fill(dark)).shift((-1.4 + 0.6 * i, 1.05, 0)) for i in range(4)]
    stage.add("machine", VGroup(hull, *mouths, *parts))
    stage.add("gear", gear(style.pick("teeth", (7, 9, 12)), 0.85, light, dark))
    glow = style.pick("lamp", ("#ffd23e", "#ff8c5a", "#7ee0ff"))
    halo = Circle(0.4, fill_color=glow, fill_opacity=0.35, stroke_width=0)
    stage.add("lamp", VGroup(halo, Circle(0.24, **_fill(glow, dark, line))))


def gear(teeth: int, radius: float, colour: str, dark: str) -> Any:
    """A toothed wheel."""
    import numpy as np
    from manim import Circle, VGroup

    from morse.stage.shapes import polygon

    angles = np.arange(4 * teeth) * np.pi / (2 * teeth)
    radii = np.where(np.arange(4 * teeth) % 4 < 2, radius, 0.78 * radius)
    corners = np.column_stack([np.cos(angles), np.sin(angles)]) * radii[:, None]
    wheel = polygon(corners, colour, stroke_color=dark, stroke_width=2.5)
    return VGroup(wheel, Circle(0.3 * radius, **_fill(dark)))


def token_look(seen: Any, side: float, plate: str, style: Style) -> Any:
    """A plate with a coloured shape and a row of dots under it."""
    from manim import Circle, RoundedRectangle, VGroup

    from morse.stage.shapes import symbol

    edge = _fill(plate, mix(plate, "#000000", 0.5), 2.5)
    if seen["plate"] == "round":
        form = Circle(side / 2, **edge)
    else:
        form = RoundedRectangle(width=side, height=side, corner_radius=0.08 * side, **edge)
    colour = style.colour(str(seen["colour"]))
    shape = symbol(str(seen["shape"]), 0.56 * side, colour).shift((0.0, 0.11 * side, 0.0))
    shape.set_stroke(mix(colour, "#000000", 0.5), width=2.0 * side / LARGE + 0.5)
    return VGroup(form, shape, _dots(int(seen["dots"]), 0.058 * side, 0.16 * side, plate, -0.31 * side))


def _dots(count: int, radius: float, step: float, plate: str, height: float = 0.0) -> Any:
    """So many dots in a row."""
    from manim import Circle, VGroup

    ink = "#17191d" if brightness(plate) > 0.5 else "#f7f7f4"
    return VGroup(
        *(Circle(radius, **_fill(ink)).shift(((i - (count - 1) / 2) * step, height, 0)) for i in range(count))
    )


def _chart(name: str, order: list[Any], width: float, height: float, plate: str, style: Style) -> Any:
    """The entries of a circle from left to right, with arrows between them and one from the last back to the first."""
    from manim import RoundedRectangle, VGroup, VMobject

    from morse.stage.shapes import polygon

    panel = mix(style.panel, style.muted, 0.12)
    ink = mix(panel, style.ink, 0.65)
    step = (width - 0.4) / len(order)
    parts: list[Any] = [RoundedRectangle(width=width, height=height, corner_radius=0.15, **_fill(panel, ink, 1.5))]
    for i, entry in enumerate(order):
        x = (i - (len(order) - 1) / 2) * step
        parts.append(_entry(name, entry, plate, panel, style).shift((x, 0.2, 0)))
        if i:
            left = x - step / 2
            parts.append(polygon([(left - 0.08, 0.09), (left + 0.1, 0.2), (left - 0.08, 0.31)], ink))
    end = (len(order) - 1) / 2 * step
    back = VMobject(stroke_color=ink, stroke_width=3.0)
    back.set_points_as_corners([(end, -0.25, 0), (end, -0.5, 0), (-end, -0.5, 0), (-end, -0.34, 0)])
    return VGroup(*parts, back, polygon([(-end - 0.12, -0.36), (-end + 0.12, -0.36), (-end, -0.18)], ink))


def _entry(name: str, entry: Any, plate: str, panel: str, style: Style) -> Any:
    from manim import Circle, RoundedRectangle, VGroup

    from morse.stage.shapes import symbol

    if name == "shapes":
        return symbol(str(entry), 0.68, mix(style.ink, panel, 0.15))
    if name == "colours":
        colour = style.colour(str(entry))
        return Circle(0.31, **_fill(colour, mix(colour, "#000000", 0.5), 2.0))
    face = RoundedRectangle(width=0.74, height=0.5, corner_radius=0.08, **_fill(plate, mix(plate, "#000000", 0.5), 2.0))
    return VGroup(face, _dots(int(entry), 0.068, 0.17, plate))
