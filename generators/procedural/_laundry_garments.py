"""How garments look: an outline for each kind, a pattern that fills it, and dirt, drops, creases or folds over it. In a box of 1.6."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from generators.procedural._shapes import Point, blend, block, dots, group, oval, shape

OUTLINES: Mapping[str, tuple[Point, ...]] = {
    "shirt": ((-0.3, 0.7), (-0.14, 0.6), (0.14, 0.6), (0.3, 0.7), (0.76, 0.4), (0.6, 0.08), (0.42, 0.2), (0.42, -0.72),
              (-0.42, -0.72), (-0.42, 0.2), (-0.6, 0.08), (-0.76, 0.4)),
    "trousers": ((-0.42, 0.75), (0.42, 0.75), (0.54, -0.75), (0.13, -0.75), (0.0, 0.16), (-0.13, -0.75), (-0.54, -0.75)),
    "dress": ((-0.26, 0.78), (-0.12, 0.58), (0.12, 0.58), (0.26, 0.78), (0.36, 0.3), (0.24, 0.06), (0.72, -0.75),
              (-0.72, -0.75), (-0.24, 0.06), (-0.36, 0.3)),
    "skirt": ((-0.34, 0.56), (0.34, 0.56), (0.74, -0.6), (-0.74, -0.6)),
    "towel": ((-0.52, 0.74), (0.52, 0.74), (0.52, -0.74), (-0.52, -0.74)),
    "sweater": ((-0.24, 0.72), (0.24, 0.72), (0.5, 0.58), (0.8, -0.36), (0.56, -0.44), (0.43, 0.1), (0.43, -0.66),
                (-0.43, -0.66), (-0.43, 0.1), (-0.56, -0.44), (-0.8, -0.36), (-0.5, 0.58)),
    "sock": ((-0.32, 0.76), (0.16, 0.76), (0.16, -0.06), (0.64, -0.36), (0.62, -0.66), (0.1, -0.74), (-0.32, -0.34)),
    "scarf": ((-0.56, 0.7), (0.56, 0.7), (0.56, 0.34), (0.2, 0.34), (0.36, -0.66), (-0.12, -0.66), (-0.18, 0.34), (-0.56, 0.34)),
}  # fmt: skip
FOLDED: tuple[Point, ...] = ((-0.7, 0.3), (0.7, 0.3), (0.7, -0.56), (-0.7, -0.56))
DIRT, WATER = "#5a3a1c", "#2f86d6"


def garment(name: str, base: str, ink: str, line: str, look: int, tint: bool) -> Any:
    """A garment in one of its conditions (numbered from dirty to folded)."""
    pattern, kind = name.split()
    if tint:
        base = "#ef9db3"
    wet = {1: 0.34, 2: 0.16}.get(look, 0.0)
    base, ink = blend(base, "#1c2c48", wet), blend(ink, "#1c2c48", wet)
    if look == 5:
        return _folded(kind, pattern, base, ink, line, tint)
    outline = OUTLINES[kind]
    parts: list[Any] = [shape(outline, base), *figures(pattern, outline, ink)]
    if tint:
        parts.append(dots(_inside(outline, 0.42, 0.1), 0.09, "#d65f80", 9))
    parts += [*_trimmings(kind, ink, line), shape(outline, base, 0.0, line, 2.6)]
    parts += {0: _dirt, 1: _drops, 2: _few_drops, 3: _creases, 4: _gleam}[look](outline, line)
    return group(*parts)


def figures(pattern: str, outline: Sequence[Point], ink: str) -> list[Any]:
    """What a pattern puts into an outline."""
    if pattern == "striped":
        return _bars(outline, ink, 0.26, 0.11)
    if pattern == "checked":
        turned = [(y, x) for x, y in outline]
        upright = [block(y, (a + b) / 2, 0.07, b - a, ink) for y in _steps(0.26) for a, b in _chords(turned, y)]
        return [*_bars(outline, ink, 0.26, 0.07), *upright]
    if pattern == "dotted":
        return [dots(_inside(outline, 0.24, 0.06), 0.07, ink, 10)]
    if pattern == "starred":
        return [_star(x, y, 0.13, ink) for x, y in _inside(outline, 0.32, 0.09)]
    if pattern == "wavy":
        return [_wave(a, b, y, ink) for y in _steps(0.28) for a, b in _chords(outline, y) if b - a > 0.12]
    return []


def _bars(outline: Sequence[Point], ink: str, apart: float, wide: float) -> list[Any]:
    made = []
    for y in _steps(apart):
        low, high = _chords(outline, y - wide / 2), _chords(outline, y + wide / 2)
        if len(low) == len(high):
            made += [
                shape([(a, y - wide / 2), (b, y - wide / 2), (d, y + wide / 2), (c, y + wide / 2)], ink)
                for (a, b), (c, d) in zip(low, high, strict=True)
            ]
    return made


def _steps(apart: float) -> list[float]:
    return [round(apart * i, 3) for i in range(-3, 4)]


def _wave(a: float, b: float, y: float, ink: str) -> Any:
    count = max(2, round((b - a) / 0.12))
    ups = [(a + (b - a) * i / count, y + (0.05 if i % 2 else -0.05)) for i in range(count + 1)]
    return shape([*((x, v + 0.03) for x, v in ups), *((x, v - 0.03) for x, v in reversed(ups))], ink)


def _star(x: float, y: float, size: float, ink: str) -> Any:
    turns = [math.pi / 2 + math.pi * i / 5 for i in range(10)]
    return shape(
        [
            (x + size * (0.42 if i % 2 else 1) * math.cos(a), y + size * (0.42 if i % 2 else 1) * math.sin(a))
            for i, a in enumerate(turns)
        ],
        ink,
    )


def _chords(outline: Sequence[Point], y: float) -> list[tuple[float, float]]:
    """Where a horizontal line runs inside an outline."""
    cuts = []
    for (x0, y0), (x1, y1) in zip(outline, [*outline[1:], outline[0]], strict=True):
        if (y0 <= y) != (y1 <= y):
            cuts.append(x0 + (x1 - x0) * (y - y0) / (y1 - y0))
    cuts.sort()
    return list(zip(cuts[::2], cuts[1::2], strict=True))


def _inside(outline: Sequence[Point], apart: float, margin: float) -> list[Point]:
    """Points of a staggered grid that lie inside an outline, at some distance from its sides."""
    found = []
    for row in range(-4, 5):
        y = row * apart * 0.86
        shift = apart / 2 if row % 2 else 0.0
        for column in range(-5, 6):
            x = column * apart + shift
            if all(
                any(a + margin <= x <= b - margin for a, b in _chords(outline, v)) for v in (y - margin, y, y + margin)
            ):
                found.append((x, y))
    return found


def _trimmings(kind: str, ink: str, line: str) -> list[Any]:
    """Collars, bands, fringes and stitches."""
    if kind == "shirt":
        return [block(0, -0.06, 0.03, 1.2, line), dots([(0.06, y) for y in (0.36, 0.06, -0.24, -0.54)], 0.03, line, 8)]
    if kind == "trousers":
        return [block(0, 0.67, 0.84, 0.12, line, opacity=0.55)]
    if kind == "dress":
        return [block(0, 0.05, 0.48, 0.1, line, opacity=0.6)]
    if kind == "skirt":
        return [block(0, 0.5, 0.68, 0.12, line, opacity=0.6)]
    if kind == "towel":
        return [block(0, y, 1.02, 0.06, line, opacity=0.5) for y in (-0.5, -0.6)]
    made: list[Any] = []
    if kind == "sweater":
        made.append(block(0, 0.7, 0.5, 0.14, ink, 0.05, line=line, width=1.5))
    if kind == "scarf":
        made += [block(-0.06 + 0.09 * i, -0.7, 0.035, 0.16, line) for i in range(5)]
    foot = {"sweater": -0.56, "scarf": -0.5, "sock": 0.62}[kind]
    spans = _chords(OUTLINES[kind], foot)
    for a, b in spans[:1] if kind != "sweater" else spans[len(spans) // 2 : len(spans) // 2 + 1]:
        for i in range(4):  # a row of stitches: wool
            x = a + (b - a) * (i + 0.5) / 4
            made.append(
                shape(
                    [
                        (x - 0.06, foot + 0.06),
                        (x, foot - 0.02),
                        (x + 0.06, foot + 0.06),
                        (x + 0.06, foot),
                        (x, foot - 0.08),
                        (x - 0.06, foot),
                    ],
                    line,
                )
            )
    return made


def _dirt(outline: Sequence[Point], line: str) -> list[Any]:
    spots = _inside(outline, 0.34, 0.04)
    return [
        oval(x, y, 0.26 if i % 2 else 0.18, 0.17, DIRT, opacity=0.92, line="#ead8b8", width=1.2)
        for i, (x, y) in enumerate(spots[:: max(1, len(spots) // 6)])
    ]


def _drop(x: float, y: float, size: float) -> Any:
    return shape(
        [
            (x, y + 1.5 * size),
            (x + size * 0.8, y),
            (x + size * 0.5, y - size * 0.7),
            (x - size * 0.5, y - size * 0.7),
            (x - size * 0.8, y),
        ],
        WATER,
        1.0,
        "#dff0ff",
        1.4,
    )


def _drops(outline: Sequence[Point], line: str) -> list[Any]:
    spots = _inside(outline, 0.34, 0.04)
    return [_drop(x, y, 0.11) for x, y in spots[:: max(1, len(spots) // 8)]]


def _few_drops(outline: Sequence[Point], line: str) -> list[Any]:
    spots = _inside(outline, 0.34, 0.04)
    return [_drop(x, y, 0.08) for x, y in spots[1 :: max(1, len(spots) // 3)]]


def _creases(outline: Sequence[Point], line: str) -> list[Any]:
    made = []
    for i, y in enumerate((0.42, 0.12, -0.2, -0.5)):
        for a, b in _chords(outline, y):
            if b - a > 0.25:
                mid, half = (a + b) / 2, min(0.34, (b - a) / 2 - 0.05)
                ups = [(mid + half * (j / 2 - 1), y + (0.07 if (j + i) % 2 else -0.05)) for j in range(5)]
                made.append(
                    shape([*((x, v + 0.022) for x, v in ups), *((x, v - 0.022) for x, v in reversed(ups))], line)
                )
    return made


def _gleam(outline: Sequence[Point], line: str) -> list[Any]:
    x, y = max((b, y) for y in (0.3, 0.1) for _, b in _chords(outline, y))
    return [
        shape(
            [
                (x, y + 0.36),
                (x + 0.05, y + 0.19),
                (x + 0.2, y + 0.14),
                (x + 0.05, y + 0.09),
                (x, y - 0.08),
                (x - 0.05, y + 0.09),
                (x - 0.2, y + 0.14),
                (x - 0.05, y + 0.19),
            ],
            "#ffe27a",
            1.0,
            line,
            1.2,
        )
    ]


def _folded(kind: str, pattern: str, base: str, ink: str, line: str, tint: bool) -> Any:
    parts = [shape(FOLDED, base), *figures(pattern, FOLDED, ink)]
    if tint:
        parts.append(dots(_inside(FOLDED, 0.42, 0.1), 0.08, "#d65f80", 9))
    parts += [shape(FOLDED, base, 0.0, line, 2.6), block(0, -0.36, 1.36, 0.05, line), block(0, -0.47, 1.36, 0.04, line)]
    small = [(0.4 * x, 0.4 * y) for x, y in OUTLINES[kind]]
    return group(*parts, oval(0, 0.0, 0.74, 0.66, "#fbfaf5", line=line, width=1.6), shape(small, line))
