"""Bars on an axis that rescales: where they are over time (pure), and how the axis looks on a stage of charts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING

from morse.style import Style
from morse.timeline import Timeline

if TYPE_CHECKING:
    from morse.stage.plot_stage import PlotStage


@dataclass(frozen=True)
class Tick:
    """A gridline of an axis: its actor, the value it stands at, and whether the value is printed."""

    actor: str
    value: float
    printed: bool


@dataclass(frozen=True)
class Axis:
    """A value axis from zero, to the right (``flat``) or up. Lengths are in canvas units.

    ``low``: where zero is along it; ``length``: from zero to its end; ``side``: where the axis line is across it, and
    ``reach``: how far the gridlines go from there, over the bars.
    """

    flat: bool
    low: float
    length: float
    side: float
    reach: float

    def spot(self, along: float, across: float) -> tuple[float, float]:
        """The point at a length from zero and a place across."""
        return (self.low + along, across) if self.flat else (across, self.low + along)

    def size(self, along: float, across: float) -> tuple[float, float]:
        """Width and height of something so long along the axis and so thick across it."""
        return (along, across) if self.flat else (across, along)

    def add_bar(
        self, timeline: Timeline, name: str, share: float, across: float, thick: float, **channels: float
    ) -> None:
        """A bar that takes up a share of the axis; its channel ``glow`` is for flashes."""
        along = share * self.length
        timeline.add(name, self.spot(along / 2, across), self.size(along, thick), z=2, glow=0.0)

    def grow_bar(self, timeline: Timeline, name: str, share: float, start: float, end: float) -> None:
        """Let a bar grow, or shrink, to a share of the axis."""
        along = share * self.length
        place, extent = ("x", "w") if self.flat else ("y", "h")
        timeline.change(name, place, self.low + along / 2, start, end)
        timeline.change(name, extent, along, start, end)

    def add_ticks(self, timeline: Timeline, scales: Sequence[tuple[float, float, float]]) -> tuple[Tick, ...]:
        """Gridlines that move as the axis rescales. ``scales``: each top value, and from when to when it is gone over to
        (of the first: any times)."""
        made: dict[tuple[float, bool], Tick] = {}
        shown: set[tuple[float, bool]] = set()
        for number, (top, start, end) in enumerate(scales):
            wanted = [(value, printed) for value, printed in marks_of(top)]
            before = scales[max(0, number - 1)][0]
            for key in wanted:
                if key not in made:
                    made[key] = Tick(f"tick {key[0]:g}" if key[1] else f"line {key[0]:g}", *key)
                    where = self.spot(key[0] / before * self.length, self.side)
                    timeline.add(
                        made[key].actor, where, (0.1, 0.1), opacity=float(not number), solid=False, tracked=False
                    )
                elif key not in shown:
                    x, y = self.spot(key[0] / before * self.length, self.side)
                    timeline.change(made[key].actor, "x", x, start)
                    timeline.change(made[key].actor, "y", y, start)
                if number and key not in shown:
                    timeline.change(made[key].actor, "opacity", 1.0, start, end)
            for key in sorted(shown.union(wanted)) if number else ():
                timeline.move(made[key].actor, self.spot(key[0] / top * self.length, self.side), start, end)
                if key not in wanted:
                    timeline.change(made[key].actor, "opacity", 0.0, start, end)
            shown = set(wanted)
        return tuple(made.values())

    def draw(self, stage: "PlotStage", ticks: Iterable[Tick], style: Style, size: float = 0.4) -> None:
        """Draw gridlines, printed values and the axis line."""
        dashes = style.pick("grid dashes", ((), (0.12, 0.1), (0.04, 0.1)))
        outward = -1.0 if self.reach > 0 else 1.0
        for tick in ticks:
            across = (0.0, self.reach)
            points = [(0.0, a) if self.flat else (a, 0.0) for a in across]
            strength = 0.75 if tick.printed else 0.3
            stage.line(tick.actor, points, style.muted, 0.03, dashes=dashes, strength=strength, z=-2)
            if tick.printed:
                at = (0.0, outward * 0.34) if self.flat else (outward * 0.16, 0.0)
                side = "centre" if self.flat else "right" if outward < 0 else "left"
                stage.words(tick.actor, number_text(tick.value), size, style.ink, at=at, side=side, z=-1)
        ends = [self.spot(0.0, self.side), self.spot(0.0, self.side + self.reach)]
        stage.line(None, ends, style.ink, 0.05, z=4)


def marks_of(top: float) -> list[tuple[float, bool]]:
    """The gridlines of an axis up to ``top`` (1, 2 or 5 times a power of ten), value and whether it is printed."""
    step = tick_step(top)
    count = round(top / step)
    return [(round(i * step / 2, 9), i % 2 == 0) for i in range(2 * count + 1)]


def tick_step(top: float) -> float:
    """The distance of printed values on an axis up to ``top``: a fifth of it, or a quarter if it is 2 times a power of ten."""
    lead = round(top / 10 ** floor(log10(top) + 1e-9))
    return top / 4 if lead == 2 else top / 5


def number_text(value: float) -> str:
    """A value as an axis prints it: 250, 5k, 20M."""
    for power, letter in ((12, "T"), (9, "G"), (6, "M"), (3, "k")):
        if value >= 10 ** (power + (1 if power == 3 else 0)):
            return f"{value / 10**power:g}{letter}" if value < 1e16 else f"{value:.0e}".replace("e+", "e")
    return f"{value:g}"
