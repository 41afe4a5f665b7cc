"""How paper that runs under pens looks."""

from collections.abc import Callable
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np

from generators.mathematical._curves import BOXES, STEP, Chart, box_heights, heights
from generators.mathematical._paper import BASE, HIGH, PENS, RIGHT, WIDE
from morse.layout import Layout
from morse.style import Style, mix

if TYPE_CHECKING:
    from matplotlib.path import Path

    from morse.stage.plot_stage import Values

TOP = 9
"""The highest line of the paper, in y units."""


def draw_paper(chart: Chart, layout: Layout, stage: Any, style: Style) -> None:
    """Put the paper, its curves and boxes, and the pens on a stage."""
    from matplotlib.path import Path

    from morse.stage.plot_stage import lettered

    unit, left = WIDE / chart.window, RIGHT - WIDE
    letters, colours = layout.details["letters"], [style.colour(name) for name in layout.details["colours"]]
    sheet = mix(style.panel, style.background, 0.2)
    rule = mix(sheet, style.ink, 0.3)
    box = [(left, BASE - 0.1), (RIGHT, BASE - 0.1), (RIGHT, BASE + TOP * HIGH), (left, BASE + TOP * HIGH)]
    stage.outline(None, Path([*box, box[0]]), sheet, edge=style.muted, line=0.05 * style.line, z=-3)
    for y in range(TOP + 1):
        at = BASE + y * HIGH
        stage.line(None, [(left, at), (RIGHT, at)], rule, 0.025, z=-2)
        stage.words(None, str(y), 0.5, style.ink, at=(left - 0.25, at), side="right", z=-2)
    stage.words(None, "y", 0.56, style.ink, at=(left - 0.85, BASE + (TOP - 0.2) * HIGH), side="right", cut="bold")
    stage.words(None, "x", 0.56, style.ink, at=(RIGHT + 0.3, BASE - 0.62), side="left", cut="bold")

    def spot(values: "Values", x: float) -> float:
        return RIGHT - (values["u"] - x) * unit

    def inside(values: "Values") -> range:
        """The whole places that can be seen."""
        return range(max(0, ceil(values["u"] - chart.window)), floor(values["u"] + 1e-9) + 1)

    def moving(reshape: "Callable[[Values], Path]", fill: Any = None, z: float = 0.0, **more: Any) -> None:
        stage.outline("paper", Path([(0.0, 0.0)]), fill, reshape=reshape, z=z, **more)

    def lines(values: "Values") -> "Path":
        ends = [(spot(values, x), BASE + y * HIGH) for x in inside(values) for y in (0, TOP)]
        return Path(ends, [Path.MOVETO, Path.LINETO] * (len(ends) // 2)) if ends else Path([(left, BASE)])

    def numbers(values: "Values") -> "Path":
        size = 0.5
        made = [
            lettered(str(x), size, style.font, side="centre", at=(0.0, 0.0)).transformed(
                _moved(spot(values, x), BASE - 0.6)
            )
            for x in inside(values)
            if spot(values, x) < RIGHT - 0.2 or x == chart.length
        ]
        return Path.make_compound_path(*made) if made else Path([(left, BASE)])

    moving(lines, edge=rule, line=0.025, z=-2)
    moving(numbers, style.ink, z=-1)

    def trace(curve: tuple[int, ...]) -> "Callable[[Values], Path]":
        def reshape(values: "Values") -> "Path":
            x = np.linspace(max(0.0, values["u"] - chart.window), values["u"], 140)
            return Path(np.stack([RIGHT - (values["u"] - x) * unit, BASE + HIGH * heights(curve, x)], axis=1))

        return reshape

    number, how, first, _ = chart.boxes
    tall = box_heights(chart.curves[number], how, first)

    def boxes(values: "Values") -> "Path":
        made = []
        for i in range(BOXES):
            a, b = first + STEP * i, first + STEP * (i + 1)
            if values["u"] >= b and spot(values, b) > left + 0.02:
                x0, x1 = max(left, spot(values, a)), spot(values, b)
                y1 = BASE + HIGH * tall[i]
                made.append(Path([(x0, BASE), (x1, BASE), (x1, y1), (x0, y1), (x0, BASE)], closed=True))
        return Path.make_compound_path(*made) if made else Path([(left, BASE)])

    moving(boxes, colours[number], z=-0.5, strength=0.3)
    moving(boxes, None, z=-0.4, edge=colours[number], line=0.05)
    for curve in chart.noise:
        moving(trace(curve), z=0.0, edge=mix(sheet, style.ink, 0.42), line=0.035)
    for i, (curve, colour) in enumerate(zip(chart.curves, colours, strict=True)):
        moving(trace(curve), z=1.0, edge=colour, line=style.amount("thick", 0.075, 0.11))

        def signs(values: "Values", curve: tuple[int, ...] = curve, i: int = i) -> "Path":
            at = np.array(
                [x + 0.5 for x in inside(values) if x % 4 == i and spot(values, x + 0.5) < RIGHT - 0.5], dtype=float
            )
            high = BASE + HIGH * heights(curve, at) + 0.36
            made = [
                lettered(letters[i], 0.5, style.font, "bold", "centre").transformed(_moved(spot(values, x), y))
                for x, y in zip(at.tolist(), high.tolist(), strict=True)
            ]
            return Path.make_compound_path(*made) if made else Path([(left, BASE)])

        moving(signs, colour, z=1.5)
        pen = f"pen {letters[i]}"
        stage.outline(pen, Path.circle(radius=PENS[i] / 2), colour, edge=style.ink, line=0.04)
        stage.words(f"letter {letters[i]}", letters[i], 0.66, style.ink, at=(0.66 + 0.5 * i, 0.0), cut="bold")


def _moved(x: float, y: float) -> Any:
    from matplotlib.transforms import Affine2D

    return Affine2D().translate(x, y)
