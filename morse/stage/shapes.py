"""Shapes that tasks draw on the manim stage: symbols, coins, cups, soft shadows. Each is centred on the origin and fills
its box of ``width`` × ``height`` canvas units. Loads manim when called."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from morse.style import brightness, mix

SYMBOLS = ("star", "triangle", "square", "cross", "moon", "ring", "diamond", "heart", "arrow")
CUP_FORMS = ("tumbler", "bell", "bucket")
CupForm = Literal["tumbler", "bell", "bucket"]
_PROFILES: dict[str, list[tuple[float, float]]] = {
    "tumbler": [(0.0, 1.0), (1.0, 0.72)],
    "bell": [(0.0, 1.0), (0.12, 0.93), (0.5, 0.86), (0.7, 0.75), (0.85, 0.57), (0.95, 0.34), (1.0, 0.0)],
    "bucket": [(0.0, 1.0), (0.13, 1.0), (0.13, 0.9), (1.0, 0.76)],
}
"""Half width of a cup, as a share of the widest, at some heights."""


def polygon(points: Sequence[tuple[float, float]] | np.ndarray, fill: Any, **look: Any) -> Any:
    """A filled polygon; ``fill`` is a colour, or several from left to right. No outline unless ``look`` says so."""
    from manim import RIGHT, Polygon

    corners = np.column_stack([np.asarray(points, dtype=float), np.zeros(len(points))])
    settings = {"fill_opacity": 1.0, "stroke_width": 0.0, "sheen_direction": RIGHT} | look
    return Polygon(*corners, fill_color=fill, **settings)


def soft_shadow(width: float, height: float, strength: float = 0.3) -> Any:
    """An oval shadow that fades out towards its edge; ``strength``: how dark it is in the middle."""
    from manim import Ellipse, VGroup

    rings = 7
    layer = 1 - (1 - strength) ** (1 / rings)
    return VGroup(
        *(
            Ellipse(
                width=width * (1 - 0.6 * i / rings),
                height=height * (1 - 0.6 * i / rings),
                fill_color="#000000",
                fill_opacity=layer,
                stroke_width=0.0,
            )
            for i in range(rings)
        )
    )


def symbol(name: str, size: float, colour: str) -> Any:
    """One of :data:`SYMBOLS`, about ``size`` wide and high."""
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    if name == "star":
        angles = np.pi / 2 + np.arange(10) * np.pi / 5
        points = np.column_stack([np.cos(angles), np.sin(angles)]) * np.where(np.arange(10) % 2, 0.42, 1.05)[:, None]
    elif name == "triangle":
        points = np.array([(-0.95, -0.75), (0.95, -0.75), (0.0, 0.95)])
    elif name == "square":
        points = np.array([(-0.78, -0.78), (0.78, -0.78), (0.78, 0.78), (-0.78, 0.78)])
    elif name == "diamond":
        points = np.array([(0.0, -1.0), (0.68, 0.0), (0.0, 1.0), (-0.68, 0.0)])
    elif name == "cross":
        a, b = 0.3, 0.95
        points = np.array(
            [(-a, -b), (a, -b), (a, -a), (b, -a), (b, a), (a, a), (a, b), (-a, b), (-a, a), (-b, a), (-b, -a), (-a, -a)]
        )
    elif name == "arrow":
        points = np.array([(-0.3, -1.0), (0.3, -1.0), (0.3, 0.05), (0.85, 0.05), (0, 1.0), (-0.85, 0.05), (-0.3, 0.05)])
    elif name == "moon":
        outer = np.linspace(0.3 * np.pi, 1.7 * np.pi, 40)
        inner = np.linspace(1.7 * np.pi, 0.3 * np.pi, 40)
        bite = np.column_stack([np.cos(inner) * 0.72 + 0.17, np.sin(inner)])
        points = np.concatenate([np.column_stack([np.cos(outer), np.sin(outer)]), bite]) + (0.2, 0.0)
    elif name == "heart":
        points = np.column_stack(
            [
                np.sin(turn) ** 3,
                (13 * np.cos(turn) - 5 * np.cos(2 * turn) - 2 * np.cos(3 * turn) - np.cos(4 * turn)) / 16,
            ]
        ) * 0.98 + (0.0, 0.1)
    elif name == "ring":
        from manim import Annulus

        return Annulus(size * 0.26, size * 0.48, fill_color=colour, fill_opacity=1.0, stroke_width=0.0)
    else:
        raise ValueError(f"no symbol {name!r}: choose {', '.join(SYMBOLS)}")
    return polygon(points * size / 2, colour)


def coin(sign: str, size: float, colour: str) -> Any:
    """A coin with a symbol, in light and dark tones of one colour."""
    from manim import Circle, VGroup

    dark = mix(colour, "#000000", 0.45)
    sign_colour = mix(colour, "#000000", 0.72) if brightness(colour) > 0.5 else mix(colour, "#ffffff", 0.86)
    line = size * 0.05
    return VGroup(
        Circle(size / 2, fill_color=dark, fill_opacity=1.0, stroke_width=0.0),
        Circle(size / 2 - line, fill_color=colour, fill_opacity=1.0, stroke_width=0.0),
        symbol(sign, size * 0.56, sign_colour),
    )


def cup(form: CupForm, width: float, height: float, colour: str, bands: int = 0, band_colour: str = "#ffffff") -> Any:
    """A cup upside down, shaded from the side, with so many bands round it."""
    from manim import Ellipse, VGroup

    edge, light = mix(colour, "#000000", 0.5), mix(colour, "#ffffff", 0.3)
    heights, widths = zip(*_PROFILES[form], strict=True)
    depth = 0.08 * height
    lid = 2 * depth * widths[-1]
    low, high = -height / 2 + depth, height / 2 - lid / 2

    def rim(share: float, way: int) -> list[tuple[float, float]]:
        """The front edge of the round at a share of the height, from left to right (``way`` 1) or back (−1)."""
        half = float(np.interp(share, heights, widths)) * width / 2
        turn = np.linspace(np.pi, 2 * np.pi, 25)[::way]
        level = low + share * (high - low)
        return [(half * np.cos(a), level + depth * 2 * half / width * np.sin(a)) for a in turn]

    side = [(w * width / 2, low + h * (high - low)) for h, w in _PROFILES[form]]
    body = [*rim(0.0, 1), *side, *((-x, y) for x, y in reversed(side))]
    shades = [mix(colour, "#000000", 0.12), light, colour, mix(colour, "#000000", 0.3)]
    parts = [polygon(body, shades, stroke_color=edge, stroke_width=2.5)]
    for i in range(bands):
        share = 0.22 + 0.2 * i
        parts.append(
            polygon(
                [*rim(share, 1), *rim(share + 0.11, -1)],
                [mix(band_colour, "#000000", 0.1), band_colour, mix(band_colour, "#000000", 0.3)],
            )
        )
    if lid:
        parts.append(
            Ellipse(
                width=widths[-1] * width,
                height=lid,
                fill_color=light,
                fill_opacity=1.0,
                stroke_color=edge,
                stroke_width=2.5,
            ).shift((0.0, high, 0.0))
        )
    return VGroup(*parts)


def striped(width: float, height: float, colours: Sequence[str], stripes: int = 9) -> Any:
    """A cloth of upright stripes in turning colours."""
    from manim import VGroup

    wide = width / stripes
    corners = np.array([(0.0, -height / 2), (wide, -height / 2), (wide, height / 2), (0.0, height / 2)])
    return VGroup(*(polygon(corners + (i * wide - width / 2, 0.0), colours[i % len(colours)]) for i in range(stripes)))
