"""How what is in the glassware looks: each reagent's colour and mark, in layers, raw or stirred, shaken, boiled, cooled, filtered."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from generators.procedural._kitchen_food import average
from generators.procedural._laboratory_domain import Layer
from generators.procedural._shapes import Point, blend, block, dots, group, oval, shape

REAGENTS: Mapping[str, tuple[str, str]] = {
    "cobalt": ("#d0487a", "ring"), "copper": ("#3f8fd6", "dash"), "nickel": ("#3fa34d", "triangle"),
    "iodine": ("#7a3b1e", "cross"), "chrome": ("#f08c1e", "square"), "litmus": ("#7b4fb0", "dash"),
    "acid": ("#e8e04a", "triangle"), "lye": ("#f4f1e8", "cross"), "indigo": ("#2b3a8c", "ring"),
    "brine": ("#a9dbe6", "square"), "amber": ("#c9861a", "ring"), "rose": ("#f3a6b8", "cross"),
    "salt": ("#fafafa", "grain"), "sulfur": ("#f2d82e", "grain"), "zinc": ("#8f979e", "grain"),
    "rust": ("#a8431f", "grain"), "carbon": ("#26262b", "grain"), "jade": ("#2f9d78", "grain"),
}  # fmt: skip
"""Colour and mark of each reagent; powders are grain."""
HalfWidth = Callable[[float], float]


def flask_width(y: float) -> float:
    """Half the flask's inner width at a height: a cone with a neck."""
    return 0.78 - 0.53 * min(max((y + 0.8) / 1.2, 0.0), 1.0)


def tube_width(y: float) -> float:
    """Half the test tube's inner width, round at the bottom."""
    return 0.28 * math.sqrt(max(1 - max((-0.6 - y) / 0.32, 0.0) ** 2, 0.04))


INSIDE: Mapping[str, tuple[HalfWidth, float, float]] = {
    "tube": (tube_width, -0.88, 0.48),
    "beaker": (lambda _: 1.02, -1.02, 0.29),
    "flask": (flask_width, -0.8, 0.21),
    "receiver": (lambda _: 0.72, -0.68, 0.15),
}
"""Half the inner width at each height, the floor, and a dose's height."""


def contents(vessel: str, layers: Sequence[str]) -> Any:
    """What is in a vessel, layer on layer."""
    half, y, unit = INSIDE[vessel]
    parts = []
    for text in layers:
        made = Layer.read(text)
        parts.append(layer(made, half, y, y + made.doses * unit, unit))
        y += made.doses * unit
    return group(*parts) if parts else nothing()


def nothing() -> Any:
    return group(block(0, 0, 0.01, 0.01, "#ffffff", opacity=0.0))


def tint(layer: Layer) -> str:
    """The colour of a layer."""
    colour = average([REAGENTS[name][0] for name in layer.names])
    if layer.how == "boiled":
        return blend(colour, "#3a1420", 0.42)
    if layer.how in ("cooled", "filtered"):
        return blend(colour, "#ffffff", 0.45 if layer.how == "cooled" else 0.72)
    return colour


def layer(made: Layer, half: HalfWidth, low: float, high: float, unit: float) -> Any:
    """One layer between two heights."""
    colour, raw = tint(made), made.how == "raw"
    powder = raw and REAGENTS[made.names[0]][1] == "grain"
    ys = [low + (high - low) * i / 8 for i in range(9)]
    outline = [(-half(y), y) for y in ys] + [(half(y), y) for y in reversed(ys)]
    parts: list[Any] = [shape(outline, colour, 0.96)]
    count = 12 if powder else 4 + made.doses
    for i, name in enumerate(made.names):
        own, kind = REAGENTS[name]
        ink = blend(own, "#ffffff" if _dark(own) else "#2a1a1a", 0.45)
        if not raw:
            ink = blend(own, "#ffffff", 0.35) if _dark(colour) else blend(own, "#1a1014", 0.25)
        places = _spread(half, low, high, count, 0.31 * i)
        parts.append(mark(kind, places, 0.05 if unit > 0.2 else 0.036, ink))
    if made.how == "stirred":
        parts.append(swirl(half, low, high, blend(colour, "#ffffff", 0.45)))
    if made.how == "shaken":
        parts.append(foam(half, high))
    if made.how == "boiled":
        pale = blend(colour, "#ffffff", 0.75)
        parts += [
            oval(x, y, 0.15, 0.15, pale, opacity=0.0, line=pale, width=2.5)
            for x, y in _spread(half, low, high, 9, 0.77)
        ]
    if made.how == "cooled":
        parts.append(crystals(half, low, min(high, low + 0.4), average([REAGENTS[name][0] for name in made.names])))
    line = blend(colour, "#3a2a2a" if not _dark(colour) else "#ffffff", 0.4)
    parts.append(
        shape([(-half(high), high), (half(high), high), (half(high), high - 0.035), (-half(high), high - 0.035)], line)
    )
    return group(*parts)


def mark(kind: str, places: Sequence[Point], size: float, ink: str) -> Any:
    """A reagent's marks at some places."""
    if kind == "grain":
        return dots(places, size * 0.8, ink, 4)
    if kind in ("triangle", "square"):
        return dots(places, size * 1.2, ink, 3 if kind == "triangle" else 4)
    if kind == "ring":
        return group(*[oval(x, y, size * 2.4, size * 2.4, ink, opacity=0.0, line=ink, width=2.2) for x, y in places])
    if kind == "dash":
        return group(*[block(x, y, size * 3.2, size * 0.7, ink) for x, y in places])
    return group(
        *[block(x, y, a, b, ink) for x, y in places for a, b in ((size * 2.6, size * 0.7), (size * 0.7, size * 2.6))]
    )


def swirl(half: HalfWidth, low: float, high: float, ink: str) -> Any:
    """Two curved strokes that tell that something was stirred."""
    middle, reach = (low + high) / 2, half((low + high) / 2) * 0.72
    strokes = []
    for side in (-1, 1):
        ups = [
            (reach * (i / 6 - 1), middle + side * 0.22 * (high - low) * math.sin(math.pi * i / 6)) for i in range(13)
        ]
        strokes.append(shape([*ups, *[(x, y - 0.045) for x, y in reversed(ups)]], ink, 0.85))
    return group(*strokes)


def foam(half: HalfWidth, high: float) -> Any:
    """Bubbles on top of what was shaken."""
    wide = half(high)
    return group(
        *[
            oval((i / 2 - 1) * wide * 0.8, high + 0.05 * (i % 2), 0.2, 0.18, "#fdfdf8", line="#9aa3a8", width=1.5)
            for i in range(5)
        ]
    )


def crystals(half: HalfWidth, low: float, high: float, colour: str) -> Any:
    """Pointed crystals that have fallen to the bottom."""
    dark, wide = blend(colour, "#14101a", 0.45), half(low) - 0.1
    made = []
    for i in range(7):
        x, tall = (i / 3 - 1) * wide, (high - low) * (0.95 if i % 2 else 0.62)
        made.append(
            shape([(x - 0.1, low), (x - 0.06, low + tall * 0.7), (x, low + tall), (x + 0.06, low + tall * 0.7), (x + 0.1, low)],
                  blend(colour, "#ffffff", 0.25), 1.0, dark, 2.0)
        )  # fmt: skip
    return group(*made)


def heap(name: str) -> Any:
    """A heap of powder, as it lies in the weighing boat."""
    colour = REAGENTS[name][0]
    ink = blend(colour, "#ffffff" if _dark(colour) else "#2a1a1a", 0.45)
    grains = [
        (-0.26, 0.06),
        (-0.12, 0.14),
        (0.0, 0.24),
        (0.13, 0.15),
        (0.26, 0.05),
        (0.0, 0.08),
        (-0.4, 0.02),
        (0.4, 0.02),
    ]
    return group(
        shape([(-0.56, -0.04), (-0.3, 0.2), (0.0, 0.34), (0.3, 0.2), (0.56, -0.04)], colour, 1.0, ink, 1.5),
        dots(grains, 0.035, ink, 4),
    )


def _spread(half: HalfWidth, low: float, high: float, count: int, offset: float) -> list[Point]:
    """Places spread evenly over a band, inside the glass."""
    low, high = low + 0.07, high - 0.07
    if high <= low:
        low = high = (low + high) / 2
    places = []
    for i in range(1, count + 1):
        y = low + (high - low) * ((i * 0.7548776662 + offset) % 1.0)
        places.append(((2 * ((i * 0.5698402910 + offset) % 1.0) - 1) * max(half(y) - 0.1, 0.0), y))
    return places


def _dark(colour: str) -> bool:
    return sum(int(colour[i : i + 2], 16) for i in (1, 3, 5)) / 765 < 0.38
