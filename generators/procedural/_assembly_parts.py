"""How each part of a machine looks: its outline tells it from the others, whatever its colour. Centred, in canvas units."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from generators.procedural._shapes import Point, blend, block, dots, group, oval, shape

Look = Callable[[str, str], Any]
"""A drawing from a colour and the colour of its outline."""
EDGE = 2.2


def ring(radius: float, sides: int, turn: float = 0.0, at: Point = (0.0, 0.0)) -> list[Point]:
    """The corners of a regular polygon."""
    angles = [turn + math.tau * i / sides for i in range(sides)]
    return [(at[0] + radius * math.cos(a), at[1] + radius * math.sin(a)) for a in angles]


def plate(points: Sequence[Point], fill: str, line: str) -> Any:
    return shape(points, fill, 1.0, line, EDGE)


def bar(start: Point, end: Point, wide: float, fill: str, line: str) -> Any:
    """A beam between two points."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    far = math.hypot(dx, dy)
    nx, ny = -dy / far * wide / 2, dx / far * wide / 2
    (a, b), (c, d) = start, end
    return plate([(a + nx, b + ny), (c + nx, d + ny), (c - nx, d - ny), (a - nx, b - ny)], fill, line)


def _sole(fill: str, line: str, wide: float = 1.8) -> Any:
    return block(0, -0.86, wide, 0.18, blend(fill, "#000000", 0.25), 0.04, line=line, width=EDGE)


def _bearing(fill: str, line: str) -> Any:
    """Where the axle sticks out, at the same height in all feet."""
    return group(
        oval(0, 0.8, 0.5, 0.3, blend(fill, "#ffffff", 0.25), line=line, width=EDGE),
        oval(0, 0.8, 0.2, 0.14, line),
    )


def _foot(*middle: Callable[[str, str], Any]) -> Look:
    return lambda fill, line: group(*(part(fill, line) for part in middle), _bearing(fill, line))


def _wave(fill: str, line: str) -> Any:
    coils = [
        bar((side * 0.5, -0.7 + 0.26 * i), (-side * 0.5, -0.57 + 0.26 * i), 0.13, fill, line)
        for i in range(5)
        for side in ((1,) if i % 2 else (-1,))
    ]
    links = [
        bar((side * 0.5, -0.57 + 0.26 * i), (side * 0.5, -0.44 + 0.26 * i), 0.13, fill, line)
        for i in range(5)
        for side in ((-1,) if i % 2 else (1,))
    ]
    return group(*links, *coils, block(0, 0.68, 1.1, 0.14, fill, 0.04, line=line, width=EDGE))


def _arch(fill: str, line: str) -> Any:
    outer = [(0.9 * math.cos(a), -0.86 + 1.7 * math.sin(a)) for a in [math.pi * i / 20 for i in range(21)]]
    inner = [(0.6 * math.cos(a), -0.86 + 1.3 * math.sin(a)) for a in [math.pi * i / 20 for i in range(20, -1, -1)]]
    return plate([*outer, *inner], fill, line)


_FEET: Mapping[str, Look] = {
    "pillar": _foot(lambda c, d: block(0, -0.05, 0.42, 1.6, c, line=d, width=EDGE), lambda c, d: _sole(c, d, 1.2)),
    "tripod": _foot(
        lambda c, d: bar((0, 0.7), (-0.85, -0.9), 0.17, c, d),
        lambda c, d: bar((0, 0.7), (0.85, -0.9), 0.17, c, d),
        lambda c, d: bar((0, 0.7), (0, -0.9), 0.17, c, d),
    ),
    "trestle": _foot(
        lambda c, d: bar((-0.2, 0.7), (-0.75, -0.9), 0.18, c, d),
        lambda c, d: bar((0.2, 0.7), (0.75, -0.9), 0.18, c, d),
        lambda c, d: block(0, -0.5, 1.5, 0.2, blend(c, "#ffffff", 0.3), line=d, width=EDGE),
    ),
    "arch": _foot(_arch),
    "block": _foot(
        *(
            lambda c, d, i=i: block(0, -0.72 + 0.4 * i, 1.8 - 0.42 * i, 0.4, blend(c, "#ffffff", 0.1 * i), line=d, width=EDGE)
            for i in range(4)
        )
    ),
    "spring": _foot(lambda c, d: _sole(c, d, 1.4), _wave),
}  # fmt: skip


def _cogwheel(fill: str, line: str) -> Any:
    teeth = [
        (r * math.cos(a), r * math.sin(a))
        for i in range(10)
        for a, r in (
            (math.tau * (i + share) / 10, radius)
            for share, radius in ((0.0, 0.68), (0.18, 0.9), (0.5, 0.9), (0.68, 0.68))
        )
    ]
    return group(plate(teeth, fill, line), oval(0, 0, 0.95, 0.95, blend(fill, "#000000", 0.22)))


def _spoked(fill: str, line: str) -> Any:
    rim = oval(0, 0, 1.62, 1.62, "#ffffff", opacity=0.0, line=line, width=13)
    tyre = oval(0, 0, 1.62, 1.62, "#ffffff", opacity=0.0, line=fill, width=8)
    spokes = [bar(ring(0.1, 6)[i], ring(0.76, 6)[i], 0.1, fill, line) for i in range(6)]
    return group(*spokes, rim, tyre, oval(0, 0, 0.5, 0.5, fill, line=line, width=EDGE))


def _star(fill: str, line: str) -> Any:
    outer, inner = ring(0.9, 5, math.pi / 2), ring(0.42, 5, math.pi / 2 + math.pi / 5)
    return plate([point for pair in zip(outer, inner, strict=True) for point in pair], fill, line)


def _fan(fill: str, line: str) -> Any:
    blades = []
    for i in range(3):
        a = math.tau * i / 3 + 0.5
        centre = (0.5 * math.cos(a), 0.5 * math.sin(a))
        blades.append(
            plate(
                [
                    (
                        centre[0] + 0.4 * math.cos(t) * math.cos(a) - 0.3 * math.sin(t) * math.sin(a),
                        centre[1] + 0.4 * math.cos(t) * math.sin(a) + 0.3 * math.sin(t) * math.cos(a),
                    )
                    for t in [math.tau * j / 18 for j in range(18)]
                ],
                fill,
                line,
            )
        )
    return group(*blades, oval(0, 0, 0.44, 0.44, blend(fill, "#000000", 0.2), line=line, width=EDGE))


def _heart(fill: str, line: str) -> Any:
    turn = [math.tau * i / 40 for i in range(40)]
    points = [
        (
            0.88 * math.sin(t) ** 3,
            0.055 * (13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)) + 0.1,
        )
        for t in turn
    ]
    return plate(points, fill, line)


def _holed(rim: Look) -> Look:
    """A wheel with the hole for its axle."""
    return lambda c, d: group(rim(c, d), oval(0, 0, 0.2, 0.2, blend(d, "#000000", 0.4)))


_WHEELS: Mapping[str, Look] = {
    "cogwheel": _holed(_cogwheel),
    "spoked wheel": _holed(_spoked),
    "star wheel": _holed(_star),
    "fan": _holed(_fan),
    "heart wheel": _holed(_heart),
    "square wheel": _holed(
        lambda c, d: group(
            block(0, 0, 1.35, 1.35, c, 0.1, line=d, width=EDGE), block(0, 0, 0.85, 0.85, blend(c, "#ffffff", 0.3), 0.06)
        )
    ),
}

_OUTLINES: Mapping[str, list[Point]] = {
    "round cover": ring(1.06, 36),
    "square cover": ring(1.42, 4, math.pi / 4),
    "hexagon cover": ring(1.16, 6),
    "diamond cover": ring(1.24, 4),
    "arched cover": [(-0.95, -1.05), (0.95, -1.05), *[(0.95 * math.cos(a), 0.1 + 0.95 * math.sin(a)) for a in [math.pi * i / 20 for i in range(21)]]],
    "triangle cover": [(-1.2, -1.0), (1.2, -1.0), (0.0, 1.08)],
}  # fmt: skip
BOLTS = ((-0.98, 1.02), (0.98, 1.02), (-0.98, -1.02), (0.98, -1.02))
"""Where a cover's bolts sit."""


def _cover(name: str) -> Look:
    def look(fill: str, line: str) -> Any:
        glass = shape(_OUTLINES[name], "#cfe6f2", 0.16)
        rims = [shape(_OUTLINES[name], "#ffffff", 0.0, colour, width) for colour, width in ((line, 11), (fill, 7))]
        flanges = [block(0, y, 2.4, 0.24, fill, 0.06, line=line, width=EDGE) for y in (-1.02, 1.02)]
        return group(glass, *rims, *flanges, dots(BOLTS, 0.1, blend(line, "#000000", 0.5), 10))

    return look


_TOPS: Mapping[str, Look] = {
    "lamp": lambda c, d: group(
        block(0, -0.4, 0.5, 0.2, c, 0.03, line=d, width=EDGE),
        oval(0, 0.08, 0.72, 0.78, "#ffe9a3", line=d, width=EDGE),
        bar((-0.12, -0.2), (0.0, 0.15), 0.04, d, d),
        bar((0.12, -0.2), (0.0, 0.15), 0.04, d, d),
    ),
    "bell": lambda c, d: group(
        oval(0, -0.38, 0.24, 0.22, d),
        plate(
            [(-0.46, -0.34), (0.46, -0.34), (0.3, -0.12), (0.26, 0.2), (0.1, 0.4), (-0.1, 0.4), (-0.26, 0.2), (-0.3, -0.12)],
            c, d,
        ),
        oval(0, 0.42, 0.16, 0.14, c, line=d, width=EDGE),
    ),
    "handle": lambda c, d: group(
        bar((-0.34, -0.48), (-0.34, 0.2), 0.14, c, d),
        bar((0.34, -0.48), (0.34, 0.2), 0.14, c, d),
        block(0, 0.28, 0.96, 0.22, blend(c, "#ffffff", 0.3), 0.1, line=d, width=EDGE),
    ),
    "funnel": lambda c, d: plate(
        [(-0.13, -0.5), (0.13, -0.5), (0.13, -0.1), (0.48, 0.45), (-0.48, 0.45), (-0.13, -0.1)], c, d
    ),
    "flag": lambda c, d: group(
        block(-0.3, 0, 0.09, 1.0, d), plate([(-0.26, 0.46), (0.46, 0.22), (-0.26, -0.04)], c, d),
        block(-0.3, -0.45, 0.4, 0.1, d),
    ),
    "dial": lambda c, d: group(
        block(0, -0.4, 0.3, 0.2, c, line=d, width=EDGE),
        oval(0, 0.06, 0.84, 0.8, "#fbf8f0", line=d, width=EDGE * 1.6),
        bar((0, 0.06), (0.2, 0.28), 0.06, c, d),
        dots([(-0.28, 0.06), (0.28, 0.06), (0, 0.34)], 0.04, d),
    ),
}  # fmt: skip

LOOKS: Mapping[str, Look] = {**_FEET, **_WHEELS, **{name: _cover(name) for name in _OUTLINES}, **_TOPS}
"""The drawing of each part."""
