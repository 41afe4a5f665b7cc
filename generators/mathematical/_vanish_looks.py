"""How a table whose rows or columns vanish looks."""

from typing import TYPE_CHECKING

from generators.mathematical._vanish_show import NAMED, Grid
from generators.mathematical._vanish_world import Vanishing
from morse.layout import Layout
from morse.style import Style, brightness, mix
from morse.timeline import HEIGHT, WIDTH

if TYPE_CHECKING:
    from morse.stage.plot_stage import PlotStage


def draw_vanishing_table(table: Vanishing, layout: Layout, stage: "PlotStage", style: Style) -> None:
    """Put an empty board, the labels that stay, the rows or columns that go, and the cloth on a stage."""
    grid: Grid = layout.details["grid"]
    right, low = -grid.left, -grid.top
    board = mix(style.background, style.ink, style.amount("board", 0.05, 0.12))
    corners = [(grid.left, low), (right, low), (right, grid.top), (grid.left, grid.top)]
    shadow = [(x + 0.12, y - 0.12) for x, y in corners]
    stage.polygon(None, shadow, "#000000", strength=0.18, z=-6)
    stage.polygon(None, corners, board, z=-5)
    rule = mix(board, style.ink, 0.35)
    edges = [grid.left + NAMED + grid.wide * i for i in range(len(table.heads) + 1)]
    levels = [grid.top - grid.high * i for i in range(len(table.names) + 2)]
    for x in (grid.left, *edges):
        stage.line(None, [(x, low), (x, grid.top)], rule, 0.03, z=-4)
    for y in levels:
        stage.line(None, [(grid.left, y), (right, y)], rule, 0.03, z=-4)
    paper = mix(style.panel, style.background, 0.2)
    tints = style.pick(
        "tints", ((paper, paper), (paper, mix(paper, style.accent, 0.14)), (paper, mix(paper, style.muted, 0.16)))
    )
    dark = mix(style.accent, style.ink, style.pick("labels", (0.35, 0.75)))
    pale = style.panel if abs(brightness(style.panel) - brightness(dark)) > 0.4 else style.background
    if abs(brightness(pale) - brightness(dark)) < 0.4:
        pale = "#ffffff" if brightness(dark) < 0.5 else "#16181d"
    size = min(0.72, grid.high * 0.6)
    gap = 0.045

    def plate(actor: str, row: int, column: int, fill: str, origin: tuple[float, float]) -> None:
        x, y = grid.xs[column] - origin[0], grid.ys[row] - origin[1]
        w, h = (NAMED if column == 0 else grid.wide) / 2 - gap, grid.high / 2 - gap
        stage.polygon(actor, [(x - w, y - h), (x + w, y - h), (x + w, y + h), (x - w, y + h)], fill)

    def label(actor: str, row: int, column: int, text: str, origin: tuple[float, float]) -> None:
        plate(actor, row, column, dark, origin)
        x, y = grid.xs[column] - origin[0], grid.ys[row] - origin[1]
        at, side = ((x - NAMED / 2 + 0.3, y), "left") if column == 0 else ((x, y), "centre")
        stage.words(actor, text, min(size, 0.56), pale, at=at, side=side, cut="bold")

    cut = style.pick("numbers", ("normal", "bold"))

    def number(actor: str, row: int, column: int, text: str, origin: tuple[float, float]) -> None:
        plate(actor, row, column, tints[(column if table.columns else row) % 2], origin)
        at = (grid.xs[column] - origin[0], grid.ys[row] - origin[1])
        stage.words(actor, text, size, style.ink, at=at, cut=cut)

    fixed = layout.timeline.place("labels", 0.0)
    for i, text in enumerate(table.names if table.columns else table.heads, start=1):
        row, column = (i, 0) if table.columns else (0, i)
        label("labels", row, column, text, fixed)
    for i, name in enumerate(layout.details["pieces"], start=1):
        origin = layout.timeline.place(name, 0.0)
        label(name, *((0, i) if table.columns else (i, 0)), name, origin)
        for j, value in enumerate(table.numbers[i - 1], start=1):
            row, column = (j, i) if table.columns else (i, j)
            number(name, row, column, str(value), origin)
    for i, _ in enumerate(layout.details["winks"]):
        stage.box(f"blank {i + 1}", paper)
    _cloth(stage, style)


def _cloth(stage: "PlotStage", style: Style) -> None:
    """A cloth with folds and a hem."""
    cloth = mix(style.accent, style.background, style.amount("cloth", 0.1, 0.45))
    stage.box("cloth", cloth)
    fold = mix(cloth, "#000000", 0.14)
    count = style.pick("folds", (7, 9, 12))
    step = (WIDTH + 0.4) / count
    low, high = -(HEIGHT + 0.4) / 2, (HEIGHT + 0.4) / 2
    for i in range(count):
        x = -(WIDTH + 0.4) / 2 + step * (i + 0.62)
        stage.polygon(
            "cloth", [(x, low), (x + 0.38 * step, low), (x + 0.2 * step, high), (x + 0.05 * step, high)], fold
        )
    stage.polygon("cloth", [(-9, low), (9, low), (9, low + 0.35), (-9, low + 0.35)], mix(cloth, "#000000", 0.35))
