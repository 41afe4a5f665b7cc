"""Bars on an axis that rescales, and what distracts from them: where they are over time (pure), and how they look."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING

from morse.schema import Event
from morse.seeding import Rng
from morse.style import Style, mix
from morse.timeline import Timeline

if TYPE_CHECKING:
    from morse.stage.plot_stage import PlotStage, Values

POINTER = "pointer"
SKIES = ("sun", "rain", "fog")


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
                if number and key not in shown:  # a new line comes in from beyond the axis: not seen before it is there
                    timeline.change(made[key].actor, "opacity", 1.0, round(start + 0.85 * (end - start), 3), end)
            for key in sorted(shown.union(wanted)) if number else ():
                timeline.move(made[key].actor, self.spot(key[0] / top * self.length, self.side), start, end)
                if key not in wanted:
                    timeline.change(made[key].actor, "opacity", 0.0, start, end)
            shown = set(wanted)
        return tuple(made.values())

    def draw_bar(self, stage: "PlotStage", name: str, colour: str, style: Style) -> None:
        """Draw a bar in a named colour, with its flashes."""
        fill = style.colour(colour)
        flash = style.pick("flash", ("#ffffff", style.ink))
        edge = style.ink if style.dark else style.pick("edge", (None, style.ink))

        def shade(values: "Values") -> str:
            return mix(fill, flash, 0.4 * values["glow"])

        stage.box(name, fill, corner=style.corner * 0.5, edge=edge, line=0.03 * style.line, shade=shade)

    def draw(self, stage: "PlotStage", ticks: Iterable[Tick], style: Style, size: float = 0.4) -> None:
        """Draw the ground of the plot, gridlines, printed values and the axis line."""
        if style.pick("panel", (True, False)):
            low, high = self.spot(-0.05, self.side), self.spot(self.length + 0.1, self.side + self.reach)
            corners = [low, (low[0], high[1]), high, (high[0], low[1])]
            stage.polygon(None, corners, style.panel, strength=0.7, z=-5)
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


def add_distractors(
    timeline: Timeline,
    axis: Axis,
    bars: Sequence[str],
    places: Sequence[str],
    count: int,
    first: float,
    rng: Rng,
) -> tuple[list[Event], dict[str, str]]:
    """Flashing bars, a pointer that sweeps along the axis, news of the weather in some places: one after another from the
    time ``first`` on. Returns what happens, and the lines of news by actor."""
    events: list[Event] = []
    news: dict[str, str] = {}
    slot = (timeline.duration - first) / max(1, count)
    for i in range(count):
        kind = rng.choice(("flash", "sweep", "news") if slot > 3 else ("flash", "sweep"))
        lasts = min(slot * 0.9, {"flash": 0.7, "sweep": 2.5, "news": 6.0}[kind])
        start = round(first + slot * i + rng.uniform(0.0, slot - lasts), 3)
        middle, end = round(start + lasts / 2, 3), round(start + lasts, 3)
        actor = {"flash": rng.choice(bars), "sweep": POINTER, "news": f"news_{i}"}[kind]
        if kind == "flash":
            timeline.change(actor, "glow", 1.0, start, middle)
            timeline.change(actor, "glow", 0.0, middle, end)
        elif kind == "sweep":
            edge = axis.side + axis.reach + 0.1
            if actor not in timeline.actors:
                timeline.add(actor, axis.spot(0.0, edge), (0.4, 0.4), z=5, opacity=0, solid=False, tracked=False)
            timeline.change(actor, "opacity", 1.0, start)
            timeline.move(actor, axis.spot(axis.length * rng.uniform(0.5, 1.0), edge), start, middle)
            timeline.move(actor, axis.spot(0.0, edge), middle, end)
            timeline.change(actor, "opacity", 0.0, end)
        else:
            weather = [f"{place} {rng.integer(2, 35)}°, {rng.choice(SKIES)}" for place in rng.sample(places, 3)]
            news[actor] = "   ".join(weather)
            timeline.add(actor, (13.5, -4.27), (9, 0.4), z=5, solid=False, tracked=False)
            timeline.move(actor, (-13.5, -4.27), start, end, ease="linear")
        events.append(Event(id=f"decoy_{i}", kind=kind, objects=(actor,), start=start, end=end))
    return events, news


def draw_distractors(stage: "PlotStage", axis: Axis, news: Mapping[str, str], style: Style) -> None:
    """Draw the pointer and the lines of news."""
    for actor, text in news.items():
        stage.words(actor, text, 0.36, style.ink, strength=0.75)
    if POINTER in stage.layout.timeline.actors:
        tip = [(0.0, -0.22), (0.2, 0.18), (-0.2, 0.18)]
        stage.polygon(POINTER, tip if axis.flat else [(y, x) for x, y in tip], style.accent)


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
