"""A strip of paper that runs under pens: when each place of it is under them, and how high they are."""

from itertools import accumulate

import numpy as np
from pydantic import JsonValue

from generators.mathematical._curves import Chart, heights
from morse.layout import Layout
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.style import HUED
from morse.timeline import Array, Motion, Timeline

LETTERS = ("f", "g", "h", "k")
PENS = (0.66, 0.56, 0.46, 0.36)
"""Sizes of the pens, each lying over the one before, which looks out behind it wherever they meet."""
RIGHT, WIDE, HIGH, BASE = 4.7, 10.6, 0.79, -3.35
"""In canvas units: where the pens are, how wide the window is, a y unit, and where y is 0."""
REST = 1.3
"""Seconds before the paper starts to run, and after it has stopped."""


class Paper:
    """Places and times of a chart."""

    def __init__(self, chart: Chart, rng: Rng) -> None:
        self.chart, self.rng = chart, rng
        steps = [rng.uniform(0.85, 1.15) * chart.pace for _ in range(chart.length)]
        rests = [rng.uniform(0.3, 1.2) if rng.chance(0.12) else 0.0 for _ in steps]
        ends = list(accumulate(a + b for a, b in zip(steps, rests, strict=True)))
        self.times = [0.0]
        """When the paper leaves each whole x, from its start on."""
        self.times += ends
        self.arrived = [0.0, *(end - rest for end, rest in zip(ends, rests, strict=True))]
        self.line = Timeline(round(2 * REST + ends[-1], 3))

    def when(self, x: float) -> float:
        """When the pens are at a place."""
        place = min(int(x), self.chart.length - 1)
        share = x - place
        return round(REST + self.times[place] + share * (self.arrived[place + 1] - self.times[place]), 3)

    def layout(self) -> Layout:
        chart, line, rng = self.chart, self.line, self.rng
        stops = sorted(
            {(REST + t, x) for x, pair in enumerate(zip(self.arrived, self.times, strict=True)) for t in pair}
        )
        moments, places = (np.array(column) for column in zip(*stops, strict=True))

        def run(times: Array) -> Array:
            return np.interp(times, moments, places)

        start, end = REST, round(REST + self.times[-1], 3)
        line.add("paper", (0.0, 0.0), (16.0, 9.0), z=0, solid=False, tracked=False, u=0.0)
        line.follow("paper", "u", run, start, end)
        letters = LETTERS[: len(chart.curves)]
        colours = rng.sample([hue for hue in HUED if hue not in ("yellow", "brown")], len(letters))
        things = []
        for i, (letter, colour, curve) in enumerate(zip(letters, colours, chart.curves, strict=True)):
            name, at = f"pen {letter}", (RIGHT, BASE + HIGH * curve[0])
            line.add(name, at, (PENS[i], PENS[i]), z=8 + i / 10, round=True, solid=False)
            line.follow(name, "y", self.drawn(curve, run), start, end)
            line.add(f"letter {letter}", at, (0.5, 0.5), z=7, solid=False, tracked=False)
            line.tie(f"letter {letter}", name)
            says: dict[str, JsonValue] = {"letter": letter}
            things.append(Thing(id=name, kind="pen", colour=colour, attributes=says, shape_fills_box=False))
        events = (Event(id="run", kind="runs", objects=tuple(thing.id for thing in things), start=start, end=end),)
        details = {"when": self.when, "letters": letters, "colours": colours}
        curve, rule, first, _ = chart.boxes
        things.append(
            Thing(id="boxes", kind="boxes", attributes={"curve": letters[curve], "rule": rule, "first": first})
        )
        drawn: dict[str, JsonValue] = {
            letter: [*map(float, curve)] for letter, curve in zip(letters, chart.curves, strict=True)
        }
        whole = State(start=0.0, end=line.duration, values=drawn)
        return Layout(line, tuple(things), events, (whole,), details)

    def drawn(self, curve: tuple[int, ...], run: Motion) -> Motion:
        return lambda times: BASE + HIGH * heights(curve, run(times))
