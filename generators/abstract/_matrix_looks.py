"""How a matrix, its covers and beads, and lettered cells look."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from generators.abstract._matrix_rules import SIDE, SLOTS
from generators.abstract._matrix_show import BEAD, CELL, CORNERS, XS, YS
from generators.abstract._matrix_world import CELLS, cell_name
from morse.layout import Layout
from morse.style import HUED, Style, brightness, mix

FIGURE, PITCH = 0.92, 0.98
"""Size of a figure, and how far apart the middles of two are, in canvas units."""
STRIPE = 0.17
"""How far apart stripes are; each is half as thick."""


def draw_matrix_board(layout: Layout, stage: Any, style: Style) -> None:
    """Put the matrix on a stage."""
    from manim import RoundedRectangle, VGroup

    from morse.stage.lettering import lettering

    face = style.pick("face", ("#fbf8f0", "#eef2f6", "#f6efe2", "#2b2f38"))
    ink = "#f4f2ea" if brightness(face) < 0.5 else "#1a1c21"
    hue = style.colour(style.pick("hue", [name for name in HUED if name not in ("yellow", "cyan", "pink")]))
    figure = mix(hue, "#ffffff", 0.45) if brightness(face) < 0.5 else mix(hue, "#000000", 0.15)
    bead = style.colour(style.pick("bead", ("orange", "pink", "cyan", "yellow")))
    for thing in layout.objects:
        if thing.kind == "bead":
            stage.add(thing.id, _bead(bead))
        else:
            stage.add(thing.id, cell_look(thing.attributes, face, ink, figure))
    cloth = style.pick("cloth", (style.accent, mix(style.accent, style.muted, 0.5), mix(style.muted, style.ink, 0.3)))
    if brightness(cloth) > 0.7:
        cloth = mix(cloth, "#000000", 0.3)
    pattern = style.pick("pattern", ("plain", "bars", "dots", "frame"))
    asked = {cell_name(cell) for cell in range(CELLS)} - {thing.id for thing in layout.objects}
    for cell in range(CELLS):
        name = cell_name(cell)
        lid = _lid(mix(cloth, style.background, 0.55) if name in asked else cloth, pattern, style)
        if name in asked:
            lid = VGroup(lid, lettering("?", 1.7, style.ink, font=style.font, cut="bold"))
        stage.add(f"lid {name}", lid)
    well = {"fill_color": mix(style.background, style.ink, 0.14), "fill_opacity": 1.0, "stroke_width": 0.0}
    parts = [
        RoundedRectangle(width=CELL[0] + 0.2, height=CELL[1] + 0.2, corner_radius=0.12, **well).shift((x, y, 0))
        for x in XS
        for y in YS
    ]
    names = [(text, (x, YS[0] + CELL[1] / 2 + 0.5)) for text, x in zip("abc", XS, strict=True)]
    names += [(str(row + 1), (XS[0] - CELL[0] / 2 - 0.75, YS[row])) for row in range(SIDE)]
    words = [lettering(text, 0.6, style.ink, font=style.font, cut="bold", at=at, on_line=True) for text, at in names]
    stage.add("board", VGroup(*parts, *words))
    for name in layout.timeline.actors:
        if name.startswith("letter "):
            stage.add(name, lettering(name[-1], 0.6, ink, font=style.font, cut="bold"))


def _bead(colour: str) -> Any:
    from manim import Circle, VGroup

    dark = mix(colour, "#000000", 0.72)
    ring = Circle(BEAD / 2, fill_color=dark, fill_opacity=1, stroke_width=0)
    body = Circle(BEAD / 2 - 0.06, fill_color=colour, fill_opacity=1, stroke_width=0)
    shine = Circle(0.06, fill_color="#ffffff", fill_opacity=0.85, stroke_width=0).shift((-0.07, 0.07, 0))
    return VGroup(ring, body, shine)


def _lid(cloth: str, pattern: str, style: Style) -> Any:
    from manim import Circle, RoundedRectangle, VGroup

    from morse.stage.shapes import polygon

    width, height = CELL[0] + 0.2, CELL[1] + 0.2
    dark, light = mix(cloth, "#000000", 0.35), mix(cloth, "#ffffff", 0.16)
    edge = {"stroke_color": dark, "stroke_width": 3 * style.line}
    parts: list[Any] = [
        RoundedRectangle(width=width, height=height, corner_radius=0.12, fill_color=cloth, fill_opacity=1, **edge)
    ]
    if pattern == "bars":
        for x in np.arange(-1.8, 1.9, 0.6):
            box = [(x - 0.1, -0.95), (x + 0.1, -0.95), (x + 0.1, 0.95), (x - 0.1, 0.95)]
            parts.append(polygon(box, light))
    elif pattern == "dots":
        parts += [
            Circle(0.09, fill_color=light, fill_opacity=1, stroke_width=0).shift((x, y, 0))
            for x in np.arange(-1.8, 1.9, 0.6)
            for y in (-0.7, 0.0, 0.7)
        ]
    elif pattern == "frame":
        parts.append(
            RoundedRectangle(
                width=width - 0.5,
                height=height - 0.5,
                corner_radius=0.1,
                fill_opacity=0,
                stroke_color=light,
                stroke_width=5,
            )
        )
    return VGroup(*parts)


def cell_look(seen: Mapping[str, Any], face: str, ink: str, colour: str) -> Any:
    """A card with a rail along its edge, on which there are places for a bead, and figures in a line."""
    from manim import Circle, Rectangle, RoundedRectangle, VGroup

    rail = mix(face, ink, 0.45)
    parts: list[Any] = [
        RoundedRectangle(
            width=CELL[0] + 0.16,
            height=CELL[1] + 0.16,
            corner_radius=0.1,
            fill_color=face,
            fill_opacity=1,
            stroke_width=0,
        ),
        Rectangle(width=CELL[0], height=CELL[1], fill_opacity=0, stroke_color=rail, stroke_width=4),
    ]
    for across, up in CORNERS:
        spot = Circle(0.1, fill_color=rail, fill_opacity=1, stroke_width=0)
        parts.append(spot.shift((across * CELL[0] / 2, up * CELL[1] / 2, 0)))
    if "number" in seen:
        xs = [(i - (seen["number"] - 1) / 2) * PITCH for i in range(seen["number"])]
    else:
        every = [(i - (SLOTS - 1) / 2) * PITCH for i in range(SLOTS)]
        xs = [x for x, mark in zip(every, str(seen["places"]), strict=True) if mark == "x"]
        faint = {"fill_color": mix(face, ink, 0.3), "fill_opacity": 1, "stroke_width": 0}
        parts += [Rectangle(width=0.5, height=0.06, **faint).shift((x, -0.72, 0)) for x in every]
    for x in xs:
        parts.append(figure_look(str(seen["shape"]), str(seen["fill"]), colour, face).shift((x, 0, 0)))
    return VGroup(*parts)


def figure_look(shape: str, fill: str, colour: str, face: str) -> Any:
    """A figure: its outline, and within it nothing, stripes, its lower half or all filled."""
    from manim import VGroup

    from morse.stage.shapes import polygon, symbol

    outline = symbol(shape, FIGURE, face)
    corners = outline.get_vertices()[:, :2]
    parts: list[Any] = []
    if fill == "solid":
        parts.append(polygon(corners, colour))
    elif fill == "half-filled":
        parts += _bands(corners, colour, [(corners[:, 1].min(), (corners[:, 1].min() + corners[:, 1].max()) / 2)])
    elif fill == "striped":
        low = corners[:, 1].min() + 0.35 * STRIPE
        parts += _bands(corners, colour, [(y, y + STRIPE / 2) for y in np.arange(low, corners[:, 1].max(), STRIPE)])
    return VGroup(*parts, polygon(corners, face, fill_opacity=0.0, stroke_color=colour, stroke_width=5.0))


def _bands(corners: np.ndarray, colour: str, bands: Sequence[tuple[float, float]]) -> list[Any]:
    """What of an outline lies between some heights, in thin slices."""
    from morse.stage.shapes import polygon

    parts = []
    for low, high in bands:
        count = max(2, round((high - low) / 0.02))
        edges = np.linspace(low, high, count + 1)
        for bottom, top in pairwise(edges.tolist()):
            crossed = _crossings(corners, (bottom + top) / 2)
            for left, right in zip(crossed[::2], crossed[1::2], strict=False):
                # slices overlap a little, so that no light shows between them
                parts.append(
                    polygon([(left, bottom - 0.004), (right, bottom - 0.004), (right, top), (left, top)], colour)
                )
    return parts


def _crossings(corners: np.ndarray, height: float) -> list[float]:
    """Where a level line crosses an outline, from left to right."""
    ends = np.roll(corners, -1, axis=0)
    crossed = (corners[:, 1] > height) != (ends[:, 1] > height)
    (x0, y0), (x1, y1) = corners[crossed].T, ends[crossed].T
    return sorted((x0 + (height - y0) / (y1 - y0) * (x1 - x0)).tolist())
