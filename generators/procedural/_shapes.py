"""Drawing with a few words: filled polygons, blocks, ovals and specks as manim mobjects, in canvas units."""

import math
from collections.abc import Sequence
from typing import Any

Point = tuple[float, float]


def blend(first: str, second: str, share: float) -> str:
    """A colour between two, ``share`` of the way to the second."""
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def shape(points: Sequence[Point], fill: str, opacity: float = 1.0, line: str | None = None, width: float = 2.0) -> Any:
    """A filled polygon; ``line``: the colour of its outline, if it has one."""
    from manim import VMobject

    made = VMobject(
        fill_color=fill, fill_opacity=opacity, stroke_width=width if line else 0.0, stroke_color=line or fill
    )
    return made.set_points_as_corners([*((x, y, 0.0) for x, y in points), (*points[0], 0.0)])


def block(x: float, y: float, wide: float, high: float, fill: str, corner: float = 0.0, **more: Any) -> Any:
    """A rectangle around (x, y), its corners cut round."""
    a, b, r = wide / 2, high / 2, min(corner, wide / 2, high / 2)
    turns = [(a - r, b - r, 0), (r - a, b - r, 1), (r - a, r - b, 2), (a - r, r - b, 3)]
    steps = range(5) if r else (0,)
    points = [
        (x + cx + r * math.cos(math.pi / 2 * (q + i / 4)), y + cy + r * math.sin(math.pi / 2 * (q + i / 4)))
        for cx, cy, q in turns
        for i in steps
    ]
    return shape(points, fill, **more)


def oval(x: float, y: float, wide: float, high: float, fill: str, sides: int = 20, **more: Any) -> Any:
    """An ellipse around (x, y), of so many sides."""
    steps = [math.tau * i / sides for i in range(sides)]
    return shape([(x + wide / 2 * math.cos(a), y + high / 2 * math.sin(a)) for a in steps], fill, **more)


def dots(where: Sequence[Point], size: float, fill: str, sides: int = 6) -> Any:
    """Many small polygons as one shape."""
    from manim import VMobject

    made = VMobject(fill_color=fill, fill_opacity=1.0, stroke_width=0.0)
    turn = math.pi / 4 if sides == 4 else 0.0
    for x, y in where:
        ring = [(x + size * math.cos(turn + math.tau * i / sides), y + size * math.sin(turn + math.tau * i / sides), 0.0)
                for i in range(sides + 1)]  # fmt: skip
        made.start_new_path(ring[0])
        made.add_points_as_corners(ring[1:])
    return made


def group(*parts: Any) -> Any:
    from manim import VGroup

    return VGroup(*[part for part in parts if part is not None])
