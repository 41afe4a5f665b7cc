"""How tangents, polygons, boxes and functions look."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from generators.mathematical._experiment_graphs import Field
from generators.mathematical._experiment_looks import BIG, Board
from generators.mathematical._steps_euler import HIGH as RISE
from generators.mathematical._steps_euler import Euler
from generators.mathematical._steps_functions import GRAPHED, NAMES, TOP, Functions
from generators.mathematical._steps_newton import REACH, Newton, formula, value_and_slope
from generators.mathematical._steps_show import (
    BELOW,
    FIELDS,
    Screen,
    box_corners,
    curve_points,
    newton_field,
    sums_field,
)
from generators.mathematical._steps_sums import TALL, WIDE, Sums
from morse.layout import Layout
from morse.style import Style

if TYPE_CHECKING:
    from morse.stage.plot_stage import PlotStage

UNIT = range(-REACH, REACH + 1)


def draw_screen(screen: Screen, layout: Layout, stage: "PlotStage", style: Style) -> None:
    """Put all experiments on a stage."""
    for name, world in screen.worlds.items():
        board = Board(name, stage, style, layout)
        match world:
            case Newton():
                _newton(board, world)
            case Euler():
                _euler(board, world)
            case Sums():
                _sums(board, world)
            case Functions():
                _functions(board, world)


def _newton(board: Board, world: Newton) -> None:
    field, stage, style = newton_field(world), board.stage, board.style
    board.axes("newton board", field, UNIT, (0.0,), (1, 2))
    points = curve_points(world, field)
    for run in np.split(points, np.flatnonzero(np.isnan(points[:, 1]))):
        inside = run[~np.isnan(run[:, 1])]
        if len(inside) > 1:
            stage.line("newton given", inside, board.one, board.thick, z=3)
    board.title("newton given", formula(world.roots), room=9.2)
    board.title("newton board", "Newton's method", room=5.0, side="right")
    for letter in world.letters:
        stage.polygon(f"root {letter}", _ring(0.15), style.ink, at=(0.0, BELOW))
        stage.polygon(f"root {letter}", _ring(0.32), board.sheet, at=(0.0, BELOW - 0.55), strength=0.85)
        stage.words(f"root {letter}", letter, BIG, style.ink, at=(0.0, BELOW - 0.55), cut="bold")
    stage.outline("iterate", _circle(0.23), board.two, edge=style.ink, line=0.05)
    places = world.places
    spot = board.layout.timeline.place("start value", 0.0)
    text = f"start: x = {float(world.start):g}".replace("-", "−")
    stage.words(
        "start value", text, BIG, style.ink, at=(-14.4 + 7.4 - 7.0 - spot[0] + 6.6, 0.0), side="left", cut="bold"
    )
    for number, (x, after) in enumerate(pairwise(float(place) for place in places[: world.shown + 1]), 1):
        y = value_and_slope(world.roots, x)[0]
        at = np.array(board.layout.timeline.place(f"tangent {number}", 0.0))
        up, down = field.points([x, x], [0.0, y]) - at, field.points([x, after], [y, 0.0]) - at
        stage.line(f"tangent {number}", up, board.two, 0.05, dashes=(0.14, 0.1))
        stage.line(f"tangent {number}", down, board.two, board.thick)
        stage.polygon(f"tangent {number}", _ring(0.14) + down[0], style.ink)


def _euler(board: Board, world: Euler) -> None:
    field, stage, style = FIELDS["euler"], board.stage, board.style
    board.axes("euler board", field, range(9), range(-RISE, RISE + 1), (1, 1), 0.36)
    board.title("euler given", str(world.equation), y=3.64)
    board.title("euler board", "Euler's method, step 1", room=7.0, side="right")
    across, up = field.wide / 8, field.high / (2 * RISE + 1)
    for x in np.arange(0.25, 8.0, 0.5):
        for y in range(-RISE, RISE + 1):
            slope = world.equation.slope(float(x), float(y)) * up / across
            half = 0.17 / np.hypot(1.0, slope)
            at = field.points([x], [y])[0]
            ends = [at - (half, half * slope), at + (half, half * slope)]
            stage.line("euler given", ends, board.one, 0.05)
    stage.outline("point", _circle(0.23), board.two, edge=style.ink, line=0.05)
    spots = field.points(range(world.shown + 1), [float(value) for value in world.drawn])
    for number, (one, other) in enumerate(pairwise(spots), 1):
        stage.line(f"side {number}", [one, other], board.two, board.thick, grows="u")


def _sums(board: Board, world: Sums) -> None:
    field, stage = sums_field(world), board.stage
    board.axes("sums board", field, range(len(world.values)), range(-TALL, TALL + 1), (1, 1))
    board.title("sums board", "boxes between a line and the axis")
    for number in range(1, world.boxes + 1):
        x = WIDE * (number - 1)
        for name, which in (("box", board.two), ("part", board.one)):
            at = np.array(board.layout.timeline.place(f"{name} {number}", 0.0))
            if name == "box":
                corners = field.points(*zip(*box_corners(world, number - 1), strict=True)) - at
                stage.polygon(f"box {number}", corners, which, strength=0.45)
                stage.line(f"box {number}", [*corners, corners[0]], which, 0.06)
            else:
                grid = range(x, x + WIDE + 1)
                for grey in world.noise:
                    spots = field.points(grid, grey[x : x + WIDE + 1]) - at
                    stage.line(f"part {number}", spots, board.grey, 0.05, dashes=(0.12, 0.1))
                points = field.points(grid, world.values[x : x + WIDE + 1]) - at
                stage.line(f"part {number}", points, which, board.thick)


def _functions(board: Board, world: Functions) -> None:
    field, stage, style = FIELDS["functions"], board.stage, board.style
    board.axes("functions board", field, range(TOP + 1), range(TOP + 1), (1, 1))
    board.title("functions board", "functions, one after another")
    middle = np.array(field.middle)
    for number in world.order:
        colour = board.one if number % 2 == 0 else board.two
        for actor, grows in ((f"drawing {NAMES[number]}", "u"), (f"curve {NAMES[number]}", None)):
            for grey in world.noise:
                points = field.points(range(TOP + 1), np.roll(grey, number)) - middle
                stage.line(actor, points, board.grey, 0.05, dashes=(0.12, 0.1), grows=grows)
            points = field.points(range(TOP + 1), world.lines[number]) - middle
            stage.line(actor, points, colour, board.thick, grows=grows)
            spot = (field.wide / 2 - 0.2, 3.98 - middle[1])
            stage.words(actor, f"y = {NAMES[number]}(x)", BIG, style.ink, at=spot, side="right", cut="bold")
    board.title("functions card", "y = f(g(x)): which graph?", y=4.05)
    for number, graph in enumerate(world.lineup.graphs, 1):
        box = _panel(board, number)
        actor = board.panel(number, box, range(TOP + 1), range(TOP + 1), (2, 2))
        stage.line(actor, box.points(GRAPHED, graph) - np.array(box.middle), board.one, board.thick, z=1)


def _panel(board: Board, number: int) -> Field:
    from generators.mathematical._experiment_screen import panel

    return panel(number - 1, (0.0, TOP), (0.0, TOP))


def _ring(radius: float) -> np.ndarray:
    turn = np.linspace(0.0, 2 * np.pi, 33)
    return radius * np.stack([np.cos(turn), np.sin(turn)], axis=1)


def _circle(radius: float):  # type: ignore[no-untyped-def]
    from matplotlib.path import Path

    return Path.circle(radius=radius)
