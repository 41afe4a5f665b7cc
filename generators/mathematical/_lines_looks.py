"""How a line chart whose points come up one by one looks."""

from typing import TYPE_CHECKING

import numpy as np

from generators.mathematical._lines_show import BASE, DOT, LEFT, LEVEL, RIGHT
from generators.mathematical._lines_world import TOP, LineChart
from morse.layout import Layout
from morse.stage.marks import MARKS
from morse.style import Style, brightness, mix

if TYPE_CHECKING:
    from morse.stage.plot_stage import PlotStage


def draw_lines(chart: LineChart, layout: Layout, stage: "PlotStage", style: Style) -> None:
    """Put the axes, the legend, the points and the lines that lead to them on a stage."""
    from matplotlib.path import Path

    from morse.stage.plot_stage import rounded

    timeline, details = layout.timeline, layout.details
    top = BASE + LEVEL * TOP
    sheet = mix(style.panel, style.background, style.pick("sheet", (0.0, 0.3, 1.0)))
    rule = mix(sheet, style.ink, 0.26)
    middle = ((LEFT + RIGHT) / 2, (BASE + top) / 2)
    board = rounded(RIGHT - LEFT + 0.1, top - BASE + 0.5, style.pick("corner", (0.05, 0.25)))
    board = Path(np.asarray(board.vertices) + middle, board.codes)
    stage.outline(None, board, sheet, edge=mix(sheet, style.ink, 0.15), line=0.03, z=-5)
    dashes = style.pick("dashes", ((), (), (0.12, 0.1)))
    for level in range(TOP + 1):
        y = BASE + LEVEL * level
        stage.line(None, [(LEFT, y), (RIGHT, y)], rule, 0.028, dashes=dashes if level else (), z=-3)
        stage.words(f"level {level}", str(level * chart.scale), 0.47, style.ink, side="right")
    stage.line(None, [(LEFT, BASE), (LEFT, top)], style.ink, 0.05, z=-2)
    stage.line(None, [(LEFT, BASE), (RIGHT, BASE)], style.ink, 0.05, z=-2)
    for place in range(chart.params.places):
        name = f"place {place + 1}"
        stage.line(name, [(0.0, 0.38), (0.0, 0.5)], style.ink, 0.05)
        if style.pick("upright", (True, False)):
            stage.line(name, [(0.0, 0.5), (0.0, 0.5 + LEVEL * TOP)], rule, 0.02, dashes=(0.05, 0.12), z=-3)
        stage.words(name, str(place + 1), 0.5, style.ink)
    stage.words(None, details["unit"], 0.46, style.ink, at=((LEFT + RIGHT) / 2, -4.2), cut="bold")
    stage.words(None, details["amount"], 0.46, style.ink, at=(-7.6, top + 0.5), side="left", cut="bold")

    edge = style.ink if style.pick("edged", (True, False)) else mix(sheet, style.ink, 0.6)
    width = style.amount("thick", 0.075, 0.11)
    shades = [style.colour(colour) for colour in details["colours"]]
    figures = [MARKS[mark] * DOT / 2 for mark in details["marks"]]

    def mark(actor: str, line: int, at: tuple[float, float] = (0.0, 0.0)) -> None:
        stage.outline(
            actor, Path(np.vstack([figures[line], figures[line][:1]]) + at), shades[line], edge=edge, line=0.035
        )

    for line, name in enumerate(chart.names):
        key = f"key {name}"
        stage.line(key, [(-1.15, 0.0), (-0.25, 0.0)], shades[line], width)
        mark(key, line, (-0.7, 0.0))
        stage.words(key, name, 0.52, style.ink, at=(-0.1, 0.0), side="left")
    ring = mix(sheet, style.ink, 0.5)
    for number, (dot, event) in enumerate(zip(chart.order, details["events"], strict=True)):
        point = event.objects[0]
        if dot.line is None:
            stage.outline(point, Path.circle(radius=DOT / 2 - 0.04), None, edge=ring, line=0.07)
            continue
        piece = f"line {point.removeprefix('point ')}"
        if piece in timeline.actors:
            rise = LEVEL * (chart.lines[dot.line][dot.place - 1] - dot.level)
            stage.line(piece, [(-details["pitch"], rise), (0.0, 0.0)], shades[dot.line], width, grows="grown")
        mark(point, dot.line)
        if number in chart.tags:
            _chance(stage, f"chance {point.removeprefix('point ')}", chart, number, sheet, style)


def _chance(stage: "PlotStage", actor: str, chart: LineChart, number: int, sheet: str, style: Style) -> None:
    """A plate with a chance, over or under a point."""
    from matplotlib.path import Path

    from morse.stage.plot_stage import rounded

    tag = chart.tags[number]
    at = (0.0, 0.54 * tag.way)
    plate = mix(style.accent, sheet, 0.75)
    ink = style.ink if abs(brightness(style.ink) - brightness(plate)) > 0.45 else "#16181d"
    shape = rounded(1.1, 0.5, 0.12)
    stage.outline(actor, Path(np.asarray(shape.vertices) + at, shape.codes), plate, edge=ink, line=0.03)
    stage.words(actor, f"{10 * tag.tenths}%", 0.44, ink, at=at, cut="bold")
