"""How food looks: each ingredient whole, cut, in a jar, and in layers in a vessel, raw, mixed or browned."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from generators.procedural._kitchen_domain import parts_of
from generators.procedural._shapes import blend, block, dots, group, oval, shape

INGREDIENTS: Mapping[str, tuple[str, str]] = {
    "flour": ("#f4e6c8", "powder"), "milk": ("#fdfcf7", "liquid"), "cocoa": ("#5b3524", "powder"),
    "honey": ("#e39a1d", "liquid"), "rice": ("#f2f0e8", "grain"), "oats": ("#cfae7c", "grain"),
    "jam": ("#b3163f", "liquid"), "pesto": ("#4f8a34", "liquid"), "curry": ("#e8b51f", "powder"),
    "beans": ("#7e2231", "grain"), "peas": ("#7cbf4a", "grain"), "corn": ("#f2cf3c", "grain"),
    "grape": ("#6a3fa0", "liquid"), "water": ("#8cc7ea", "liquid"), "lentil": ("#d96f3c", "grain"),
    "poppy": ("#34374a", "grain"), "carrot": ("#ee7b1c", "piece"), "tomato": ("#d8322a", "piece"),
    "onion": ("#b0609a", "piece"), "cheese": ("#f2c230", "piece"), "apple": ("#7cb342", "piece"),
    "beet": ("#9c1f5a", "piece"), "potato": ("#c39a62", "piece"), "lemon": ("#f5dd3a", "piece"),
    "plum": ("#5a3a8c", "piece"), "leek": ("#a9cf7a", "piece"),
}  # fmt: skip
"""Colour and grain of each ingredient."""
HalfWidth = Callable[[float], float]
CRUST, GOLDEN, DARK = "#6f3f17", "#e0a03a", "#2a1a10"


def contents(vessel: str, layers: Sequence[str]) -> Any:
    """What lies in a vessel, layer on layer."""
    inner, low, room, unit = _INSIDE[vessel]
    heights = [unit * (0.6 + 0.4 * parts_of(name)[0]) for name in layers]
    shrink = min(1.0, room / sum(heights)) if heights else 1.0
    parts, y = [], low
    for name, height in zip(layers, heights, strict=True):
        parts.append(layer(name, inner, y, y + height * shrink))
        y += height * shrink
    return group(*parts) if parts else group(block(0, 0, 0.01, 0.01, "#ffffff", opacity=0.0))


def layer(name: str, half: HalfWidth, low: float, high: float) -> Any:
    """One layer between two heights."""
    brown = name.startswith("browned ")
    _, kinds = parts_of(name)
    colours = [INGREDIENTS[kind][0] for kind in kinds]
    colour = average(colours)
    if brown:
        colour, colours = blend(colour, CRUST, 0.62), [blend(c, CRUST, 0.5) for c in colours]
    ys = [low + (high - low) * i / 6 for i in range(7)]
    outline = [(-half(y), y) for y in ys] + [(half(y), y) for y in reversed(ys)]
    parts: list[Any] = [shape(outline, colour)]
    for i, (kind, shade) in enumerate(zip(kinds, colours, strict=True)):
        if len(kinds) > 1:
            places = [
                ((2 * ((j + 0.37 * i) * 0.5698402910 % 1.0) - 1) * (half((low + high) / 2) - 0.12),
                 low + 0.05 + (high - low - 0.1) * ((j + 0.61 * i) * 0.7548776662 % 1.0))
                for j in range(1, 9)
            ]  # fmt: skip
            parts.append(dots(places, 0.06, shade, 4 if INGREDIENTS[kind][1] == "piece" else 6))
        else:
            parts.append(specks(INGREDIENTS[kind][1], shade, half, low + 0.04, high - 0.04, 26))
    if brown:
        parts += [_strip(half, high - 0.1, high, CRUST), _strip(half, high - 0.05, high, GOLDEN)]
    else:
        parts.append(_strip(half, high - 0.035, high, blend(colour, "#3a2a1a", 0.3)))
    return group(*parts)


def specks(grain: str, colour: str, half: HalfWidth, low: float, high: float, count: int) -> Any:
    """Specks that tell an ingredient's texture, spread evenly over a band."""
    if high <= low or count <= 0:
        return None
    places = []
    for i in range(1, count + 1):
        y = low + (high - low) * (i * 0.7548776662 % 1.0)
        places.append(((2 * (i * 0.5698402910 % 1.0) - 1) * max(half(y) - 0.05, 0.0), y))
    dark = _lightness(colour) < 0.3
    speck = blend(colour, "#ffffff", 0.4) if dark else blend(colour, "#3a2a1a", 0.38)
    size, sides = {"powder": (0.022, 5), "grain": (0.05, 6), "piece": (0.085, 4), "liquid": (0.0, 5)}[grain]
    return dots(places, size, speck, sides) if size else None


def whole(name: str) -> Any:
    """An ingredient as it stands on the shelf."""
    colour = INGREDIENTS[name][0]
    return group(*_WHOLE[name](colour, blend(colour, DARK, 0.35))).scale(1.2, about_point=(0, 0, 0))


def pieces(name: str) -> Any:
    """An ingredient as a heap of pieces."""
    colour = INGREDIENTS[name][0]
    dark = blend(colour, DARK, 0.35)
    rows = [(0.0, 5), (0.17, 4), (0.34, 2)]
    spots = [((i - (n - 1) / 2) * 0.2, -0.4 + y) for y, n in rows for i in range(n)]
    tints = (colour, blend(colour, "#ffffff", 0.3), dark)
    heap = [block(x, y, 0.18, 0.18, tints[i % 3], 0.03, line=dark, width=1.0) for i, (x, y) in enumerate(spots)]
    return group(*heap).scale(1.2, about_point=(0, 0, 0))


def _lightness(colour: str) -> float:
    return sum(int(colour[i : i + 2], 16) for i in (1, 3, 5)) / 765


def average(colours: Sequence[str]) -> str:
    """The colour of all stirred together."""
    channels = [[int(colour[i : i + 2], 16) for colour in colours] for i in (1, 3, 5)]
    return "#" + "".join(f"{round(sum(channel) / len(channel)):02x}" for channel in channels)


def _strip(half: HalfWidth, low: float, high: float, colour: str) -> Any:
    """A band across a vessel between two heights."""
    return shape([(-half(high), high), (half(high), high), (half(low), low), (-half(low), low)], colour)


def bowl_width(y: float) -> float:
    """Half the bowl's inner width at a height."""
    return 1.2 * math.sqrt(max(1 - ((0.85 - y) / 1.75) ** 2, 0.02))


def _dish(y: float) -> float:
    return 0.84 + 0.1 * y


def _heap(y: float) -> float:
    """Half the width of what is heaped on the plate."""
    return 0.72 - 0.16 * (y + 0.6)


_INSIDE: Mapping[str, tuple[HalfWidth, float, float, float]] = {
    "bowl": (bowl_width, -0.68, 1.34, 0.31),
    "pot": (lambda _: 1.1, -0.56, 1.14, 0.27),
    "baking dish": (_dish, -0.42, 0.86, 0.24),
    "plate": (_heap, -0.54, 1.1, 0.25),
}
"""Half the inner width at each height, the floor, the room above it, and a portion's height."""


def _round(colour: str, dark: str) -> list[Any]:
    return [
        oval(0, -0.06, 0.86, 0.82, colour, line=dark, width=2),
        oval(-0.18, 0.12, 0.2, 0.14, blend(colour, "#ffffff", 0.5)),
    ]


def _leaves(y: float, fill: str = "#4d8a3a") -> Any:
    return group(
        *[
            shape([(0, y), (dx - 0.09, y + 0.2), (dx * 1.3, y + 0.34), (dx + 0.09, y + 0.16)], fill)
            for dx in (-0.2, 0.0, 0.2)
        ]
    )


_WHOLE: Mapping[str, Callable[[str, str], list[Any]]] = {
    "carrot": lambda c, d: [
        shape([(-0.27, 0.2), (0.0, 0.27), (0.27, 0.2), (0.06, -0.5), (-0.06, -0.5)], c, 1.0, d, 2),
        block(-0.06, 0.05, 0.26, 0.03, d),
        block(0.04, -0.14, 0.18, 0.03, d),
        _leaves(0.2),
    ],
    "tomato": lambda c, d: [*_round(c, d), _leaves(0.24)],
    "onion": lambda c, d: [
        *_round(c, d),
        oval(0, -0.06, 0.42, 0.8, c, opacity=0.0, line=d, width=2),
        shape([(-0.1, 0.3), (0.0, 0.5), (0.1, 0.3)], d),
    ],
    "cheese": lambda c, d: [
        shape([(-0.48, -0.3), (0.48, -0.3), (0.48, 0.12), (-0.05, 0.38)], c, 1.0, d, 2),
        dots([(0.1, -0.08), (0.32, 0.02), (-0.12, -0.16)], 0.08, d, 8),
    ],
    "apple": lambda c, d: [
        *_round(c, d),
        block(0.02, 0.42, 0.06, 0.24, "#5b3a22"),
        oval(0.17, 0.44, 0.28, 0.13, "#3f7d35"),
    ],
    "beet": lambda c, d: [
        *_round(c, d),
        shape([(-0.07, -0.44), (0.07, -0.44), (0.0, -0.56)], c),
        _leaves(0.26, "#7a2f4e"),
    ],
    "potato": lambda c, d: [
        oval(0, -0.1, 0.98, 0.66, c, line=d, width=2),
        dots([(-0.25, 0.0), (0.1, -0.2), (0.28, 0.02), (-0.05, 0.08)], 0.035, d),
    ],
    "lemon": lambda c, d: [
        oval(0, -0.08, 0.82, 0.6, c, line=d, width=2),
        oval(0.42, -0.08, 0.2, 0.18, c, line=d, width=2),
        oval(-0.16, 0.05, 0.2, 0.12, "#fffbd0"),
    ],
    "plum": lambda c, d: [*_round(c, d), block(0.1, -0.06, 0.03, 0.6, d), block(0.0, 0.42, 0.05, 0.2, "#5b3a22")],
    "leek": lambda c, d: [
        shape([(-0.13, -0.5), (0.13, -0.5), (0.15, 0.05), (-0.15, 0.05)], "#f4f6e6", 1.0, d, 2),
        shape(
            [(-0.15, 0.05), (0.15, 0.05), (0.34, 0.5), (0.06, 0.3), (0.0, 0.52), (-0.08, 0.3), (-0.32, 0.48)],
            c,
            1.0,
            d,
            2,
        ),
    ],
}
"""Each ingredient whole, from its colour and a darker one."""
