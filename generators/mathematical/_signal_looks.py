"""How experiments with signals, rods and ropes look."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from generators.mathematical._experiment_graphs import Array, Field
from generators.mathematical._experiment_looks import BIG, SMALL, Board
from generators.mathematical._signal_kernel import TALL, WIDE, Sliding, between
from generators.mathematical._signal_rods import LENGTH, Rods, cooled
from generators.mathematical._signal_rope import Pulse, Rope, shape
from generators.mathematical._signal_show import (
    RODS,
    Screen,
    drawn_at,
    kernel_field,
    panel_field,
    rod_field,
    rope_field,
    tones_field,
)
from generators.mathematical._signal_tones import SPAN, Tones, summed
from morse.layout import Layout
from morse.style import Style, mix

if TYPE_CHECKING:
    from matplotlib.path import Path

    from morse.stage.plot_stage import PlotStage, Values

FINE = np.linspace(0.0, LENGTH, 241)
TITLES = {
    "kernel": "signal * kernel",
    "tones": f"amplitude by waves in {SPAN} units",
    "rods": "rod {rod} at t = {time:g} s",
    "rope": "the rope at t = {time:.1f} s",
}


def draw_screen(screen: Screen, layout: Layout, stage: "PlotStage", style: Style) -> None:
    """Put all experiments and their graphs on a stage."""
    for name, world in screen.worlds.items():
        picture = _Picture(Board(name, stage, style, layout))
        match world:
            case Sliding():
                picture.slide(world)
            case Tones():
                picture.run(world, screen.window)
            case Rods():
                picture.cool(world)
            case Rope():
                picture.swing(world)
        picture.card(world)


class _Picture:
    """The drawings of one experiment on a board."""

    def __init__(self, board: Board) -> None:
        self.board, self.stage, self.style, self.name = board, board.stage, board.style, board.name

    def slide(self, world: Sliding) -> None:
        """The kernel's bars, the slot, and what of the signal is lit by it."""
        from matplotlib.path import Path

        field, style, stage = kernel_field(world), self.style, self.stage
        self.board.title("sliding board", "a kernel (already flipped) slides over a signal")
        self.board.axes(
            "sliding board",
            field,
            range(-WIDE, world.end + 1),
            range(TALL + 1),
            (1, 1),
            size=min(SMALL, 7.2 / (world.end + WIDE)),
        )
        across = field.wide / (world.end + WIDE)
        low, tall = -field.high / 2, field.high / (field.y[1] - field.y[0])
        for j, height in enumerate(world.kernel[::-1]):
            x = (j - WIDE / 2) * across
            box = [(x, low), (x + across, low), (x + across, low + tall * height), (x, low + tall * height), (x, low)]
            stage.outline("kernel", Path(box, closed=True), self.board.two, edge=style.ink, line=0.05)
            stage.words(
                "kernel", str(height), 0.62, style.ink, at=(x + across / 2, low + tall * height + 0.4), cut="bold"
            )
        half = WIDE / 2 * across
        frame = [(-half, low), (half, low), (half, -low), (-half, -low), (-half, low)]
        stage.outline("slot", Path(frame, closed=True), None, edge=self.board.two, line=0.11)
        for j in (1, 2):
            x = j * across - half
            stage.line("slot", [(x, low), (x, -low)], self.board.two, 0.04, dashes=(0.16, 0.12))
        tip = np.array([(half, -low), (half - 0.24, -low + 0.36), (half + 0.24, -low + 0.36)])
        stage.polygon("slot", tip, self.board.two)
        stage.words("slot", "t", 0.5, style.ink, at=(half + 0.45, -low + 0.2), cut="bold")

        def lit(cells: Sequence[int]) -> "Callable[[Values], Path]":
            def reshape(values: "Values") -> Path:
                t, made = values["t"], []
                for i, height in enumerate(cells):
                    a, b = max(float(i), t - WIDE), min(i + 1.0, t)
                    if b - a > 1e-6:
                        (x0, y0), (x1, y1) = field.points([a, b], [0.0, float(height)]).tolist()
                        made.append(Path([(x0, y0), (x0, y1), (x1, y1), (x1, y0), (x0, y0)], closed=True))
                return Path.make_compound_path(*made) if made else Path([(-20.0, 0.0)])

            return reshape

        self.board.trace("lit", lit(world.cells), self.board.one, 3, edge=style.ink, line=0.05)
        for cells in world.others:
            self.board.trace(
                "lit", self.steps(field, cells), None, 3.2, edge=self.board.grey, line=0.06, dashes=(0.1, 0.1)
            )

    def steps(self, field: Field, cells: Sequence[int]) -> "Callable[[Values], Path]":
        """A staircase without filling, as far as the slot shows it."""
        from matplotlib.path import Path

        def reshape(values: "Values") -> Path:
            t = values["t"]
            spots = [(x, h) for i, h in enumerate(cells) for x in (max(float(i), t - WIDE), min(i + 1.0, t))]
            inside = [
                (x, h)
                for (x, h), i in zip(spots, np.arange(len(spots)) // 2, strict=True)
                if t - WIDE < i + 1 and i < t
            ]
            return Path(field.points(*zip(*inside, strict=True))) if inside else Path([(-20.0, 0.0)])

        return reshape

    def run(self, world: Tones, window: float) -> None:
        """Paper, as far as it can be seen, and the pen at its right edge."""
        from matplotlib.path import Path

        from morse.stage.plot_stage import lettered

        field, style = tones_field(window, world), self.style
        most = int(field.y[1])
        self.board.title("tones board", "a pen draws a sum of sines")
        self.board.axes("tones board", field, (), range(-most, most + 1), (1, 1))

        def whole(u: float) -> list[int]:
            return list(range(max(0, int(np.ceil(u - window + 0.02))), int(np.floor(u + 1e-9)) + 1))

        def lines(values: "Values") -> Path:
            u = values["u"]
            ends = [
                (x, y)
                for place in whole(u)
                for x in [float(field.across(place - u))]
                for y in (field.bottom, field.bottom + field.high)
            ]
            return Path(ends, [Path.MOVETO, Path.LINETO] * (len(ends) // 2)) if ends else Path([(-20.0, 0.0)])

        def numbers(values: "Values") -> Path:
            u = values["u"]
            made = [
                lettered(
                    str(place),
                    SMALL,
                    style.font,
                    side="centre",
                    at=(round(float(field.across(place - u)), 3), field.bottom - 0.36),
                )
                for place in whole(u)
            ]
            return Path.make_compound_path(*made) if made else Path([(-20.0, 0.0)])

        def drawn(sines: Sequence[tuple[int, int, float]]) -> "Callable[[Values], Path]":
            def reshape(values: "Values") -> Path:
                u = values["u"]
                x = np.linspace(max(0.0, u - window), u, 260)
                return Path(field.points(x - u, summed(sines, x)))

            return reshape

        self.board.trace("strip", lines, None, -1.5, edge=self.board.rule, line=0.025)
        self.board.trace("strip", numbers, style.ink, -1)
        for sines in world.others:
            self.board.trace("strip", drawn(sines), None, 1, edge=self.board.grey, line=0.04)
        self.board.trace("strip", drawn(world.sines), None, 2, edge=self.board.one, line=self.board.thick)
        self.stage.outline("pen", Path.circle(radius=0.25), self.board.one, edge=style.ink, line=0.05)

    def cool(self, world: Rods) -> None:
        """A sheet a rod, with its temperatures."""
        if world.ends is None:
            ends = "no heat passes through the ends"
        else:
            ends = f"ends held at {world.ends[0]}° and {world.ends[1]}°"
        self.board.title("rods board", ends, room=10.7)
        self.board.clock("rods clock")
        for number, (letter, d) in enumerate(zip(RODS, (world.diffusivity, world.faster), strict=True)):
            field, name = rod_field(number), f"rod {letter}"
            self.board.axes(name, field, range(0, LENGTH + 1), range(0, 101, 10), (3, 2))
            at = np.array(field.middle)

            def profile(values: "Values", d: float = d, field: Field = field, at: Array = at) -> "Path":
                return self.board.path(field.points(*_heat(world, d * values["u"])) - at)

            def filled(values: "Values", d: float = d, field: Field = field, at: Array = at) -> "Path":
                x, y = _heat(world, d * values["u"])
                points = field.points([x[0], *x, x[-1]], [0.0, *y, 0.0]) - at
                return self.board.path(points)

            colour = (self.board.one, self.board.two)[number]
            self.board.trace(name, filled, colour, 2, strength=0.28)
            for other in world.others:

                def grey(
                    values: "Values", d: float = d, field: Field = field, at: Array = at, other: Any = other
                ) -> "Path":
                    return self.board.path(field.points(FINE, cooled(other, world.ends, d * values["u"], FINE)) - at)

                self.board.trace(name, grey, None, 2.5, edge=self.board.grey, line=0.045, dashes=(0.12, 0.1))
            self.board.trace(name, profile, None, 3, edge=colour, line=self.board.thick)
            spot = (0.0, field.high / 2 + 0.4)
            self.stage.words(name, f"rod {letter}", BIG, self.style.ink, at=spot, cut="bold", z=4)

    def swing(self, world: Rope) -> None:
        """The rope between two blocks that hide its ends."""
        field = rope_field()
        self.board.title("rope board", "pulses on a rope; its ends are hidden", room=10.7)
        self.board.clock("rope clock")
        self.board.axes("rope board", field, range(LENGTH + 1), range(-8, 9), (1, 2), 0.48)
        at = np.array(field.middle)
        for side in (0.0, LENGTH):
            x = float(field.across(side)) - at[0]
            y, away = float(field.up(0.0)) - at[1], 0.34 if side else -0.34
            block = [(x, y - 0.9), (x + away, y - 0.9), (x + away, y + 0.9), (x, y + 0.9)]
            self.stage.polygon("rope board", block, mix(self.style.ink, self.board.sheet, 0.3), z=-0.5)

        def rope(pulses: tuple[Pulse, ...]) -> "Callable[[Values], Path]":
            return lambda values: self.board.path(field.points(FINE, shape(pulses, world.ends, values["u"], FINE)) - at)

        for pulses in world.others:
            self.board.trace("rope", rope(pulses), None, 2, edge=self.board.grey, line=0.045, dashes=(0.12, 0.1))
        self.board.trace("rope", rope(world.pulses), None, 3, edge=self.board.one, line=self.board.thick * 1.2)

    def card(self, world: Sliding | Tones | Rods | Rope) -> None:
        """Four graphs with their numbers."""
        time = (
            2 * world.lasts
            if isinstance(world, Rods)
            else world.later / world.speed
            if isinstance(world, Rope)
            else 0.0
        )
        self.board.title(
            f"{self.name} card", TITLES[self.name].format(rod=RODS[0], time=time) + ": which graph?", y=4.05
        )
        xs, ys, numbers = {
            "kernel": (range(len(world.lineup.graphs[0])), range(0, 61, 5), (2, 2)),
            "tones": (range(1, 9), range(4), (1, 1)),
            "rods": (range(0, 13, 3), range(0, 101, 25), (1, 2)),
            "rope": (range(0, 13), range(-8, 9, 2), (2, 2)),
        }[self.name]
        for number, graph in enumerate(world.lineup.graphs, 1):
            field = panel_field(self.name, number - 1, world.lineup)
            actor, at = self.board.panel(number, field, xs, ys, numbers), np.array(field.middle)
            x = drawn_at(self.name, world.lineup.graphs)
            if self.name == "tones":
                for k, a in zip(x, graph, strict=True):
                    if a:
                        box = field.points([k - 0.2, k + 0.2, k + 0.2, k - 0.2], [0.0, 0.0, a, a]) - at
                        self.stage.polygon(actor, box, self.board.one, z=1)
            else:
                smooth = x if self.name == "kernel" else FINE
                y = between(graph, x) if self.name == "kernel" else _smooth(x, np.array(graph), FINE)
                self.stage.line(actor, field.points(smooth, y) - at, self.board.one, self.board.thick, z=1)


def _heat(world: Rods, spread: float) -> tuple[Array, Array]:
    """Temperatures along a rod; at first each edge of a block is upright."""
    if spread > 0:
        return FINE, cooled(world.blocks, world.ends, spread, FINE)
    corners = [(float(x), float(block.degrees)) for block in world.blocks for x in (block.start, block.end)]
    x, y = np.array(corners).T
    return x, y


def _smooth(x: Array, y: Array, fine: Array) -> Array:
    from scipy.interpolate import CubicSpline

    return CubicSpline(x, y)(fine)
