"""A line chart in space and time: when each point comes up and fades, and how the axis scrolls under it."""

from itertools import accumulate
from typing import Any

from pydantic import JsonValue

from generators.mathematical._lines_world import ACTS, TOP, LineChart
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.style import HUED
from morse.timeline import Timeline

LEFT, RIGHT, BASE, LEVEL = -6.3, 7.5, -3.25, 0.61
"""In canvas units: where the chart begins and ends, where level 0 is, and how high a level is."""
DOT, KEY = 0.56, (2.3, 0.7)
"""Sizes of a point and of a line of the legend."""
MARKS = ("circle", "square", "triangle", "diamond", "star", "plus")
UNITS = ("day", "week", "month", "round", "hour", "year")
AMOUNTS = ("tonnes", "visits", "coins", "sales", "litres", "votes")
COMES, GOES = 0.15, 0.25
"""Seconds in which a point comes up, and in which it fades."""
LEAD, TAIL, SCROLL = 0.55, 0.4, 0.4
"""Seconds without a point at the start and at the end of an act, and in which the axis scrolls by a place."""


class Show:
    """Places and times of a chart."""

    def __init__(self, chart: LineChart, rng: Rng) -> None:
        self.chart = chart
        times = rng.fork("times")
        gaps = [times.uniform(0.88, 1.12) * chart.params.pace for _ in range(chart.each_act - 1)]
        self.act = round(LEAD + sum(gaps) + chart.params.hold + GOES + TAIL, 3)
        """How long an act lasts, in seconds: all are equally long."""
        starts = [accumulate(times.shuffled(gaps), initial=act * self.act + LEAD) for act in range(ACTS)]
        self.starts = [round(start, 3) for act in starts for start in act]
        self.pitch = (RIGHT - LEFT) / chart.window
        self.scrolls = self._scrolls()
        self.line = Timeline(round(ACTS * self.act, 3))
        self.marks = rng.sample(MARKS, len(chart.lines))
        self.colours = rng.sample([hue for hue in HUED if hue not in ("yellow", "brown")], len(chart.lines))
        self.words = {"unit": rng.choice(UNITS), "amount": rng.choice(AMOUNTS)}
        self.keys = rng.shuffled(range(len(chart.lines)))
        """The lines, in the order of the legend."""
        self.numbers = rng.shuffled(range(1, len(chart.order) + 1))
        """What number each point has, so that its number tells nothing."""

    def _scrolls(self) -> list[float]:
        """When the axis goes on by a place, so that the place whose points come up is in sight."""
        chart, times, shift = self.chart, [], 0
        for dot, start in zip(chart.order, self.starts, strict=True):
            if chart.window < chart.params.places and dot.place - shift >= chart.window:
                times.append(round(start - SCROLL - 0.05, 3))
                shift += 1
        return times

    def layout(self) -> Layout:
        chart, line = self.chart, self.line
        things: list[Thing] = []
        for level in range(TOP + 1):
            name, says = f"level {level}", {"text": str(level * chart.scale)}
            line.add(name, (LEFT - 0.2, BASE + LEVEL * level), (0.9, 0.5), z=1, solid=False, tracked=False)
            things.append(Thing(id=name, kind="level", attributes=dict(says)))
        for place in range(chart.params.places):
            name = f"place {place + 1}"
            line.add(name, (self.across(place, 0), BASE - 0.5), (0.8, 0.5), z=1, solid=False, tracked=False)
            self._scroll(name, place, 0.0, line.duration, hides=True)
            things.append(Thing(id=name, kind="place", attributes={"text": str(place + 1)}))
        room = 15.2 / len(self.keys)
        for i, number in enumerate(self.keys):
            name = f"key {chart.names[number]}"
            line.add(name, (-7.6 + room * (i + 0.5), 3.95), KEY, z=1, solid=False)
            says = {"name": chart.names[number], "mark": self.marks[number]}
            things.append(Thing(id=name, kind="key", attributes=dict(says), shape_fills_box=False))
        events = [self._send(i) for i in range(len(chart.order))]
        things += sorted((self._thing(i) for i in range(len(chart.order))), key=lambda thing: thing.id)
        details: dict[str, Any] = {"events": tuple(events), "act": self.act, "pitch": self.pitch}
        details |= {"marks": self.marks, "colours": self.colours, "scrolls": tuple(self.scrolls)} | self.words
        return Layout(line, tuple(things), tuple(events), details=details)

    def across(self, place: int, shift: int) -> float:
        """Where a place is when the axis has gone on by so many places."""
        return LEFT + self.pitch * (place - shift + 0.5)

    def name(self, number: int) -> str:
        return f"{'ring' if self.chart.order[number].line is None else 'point'} {self.numbers[number]}"

    def _thing(self, number: int) -> Thing:
        """A point shows the mark of its line, and its chance where it has one."""
        line, says = self.chart.order[number].line, dict[str, JsonValue]()
        if line is None:
            return Thing(id=self.name(number), kind="ring", shape_fills_box=False)
        says["mark"] = self.marks[line]
        if number in self.chart.tags:
            says["chance"] = f"{10 * self.chart.tags[number].tenths}%"
        return Thing(
            id=self.name(number), kind="point", colour=self.colours[line], attributes=says, shape_fills_box=False
        )

    def _send(self, number: int) -> Event:
        """Let a point come up, with the piece of line that leads there, and fade."""
        chart, line, dot, name = self.chart, self.line, self.chart.order[number], self.name(number)
        start = self.starts[number]
        end = round(start + chart.params.hold, 3)
        over = round(end + GOES, 3)
        shift = sum(time < start for time in self.scrolls)
        at = (self.across(dot.place, shift), BASE + LEVEL * dot.level)
        line.add(name, at, (DOT, DOT), z=4, opacity=0.0, solid=False, round=True)
        self._fade(name, start, end, over)
        self._scroll(name, dot.place, start, over)
        if number in chart.tags:
            tag = f"chance {self.numbers[number]}"
            line.add(tag, at, (1.1, 0.5), z=5, opacity=0.0, solid=False, tracked=False)
            line.tie(tag, name)
            self._fade(tag, start, end, over)
        if dot.line is not None and dot.place and chart.way != "scattered":
            piece = f"line {self.numbers[number]}"
            line.add(piece, at, (0.1, 0.1), z=3, opacity=0.0, solid=False, tracked=False, grown=0.0)
            line.tie(piece, name)
            line.change(piece, "grown", 1.0, start, start + 0.3)
            self._fade(piece, start, end, over)
        return Event(id=f"comes {number + 1}", kind="comes_up", objects=(name,), start=start, end=end)

    def _fade(self, name: str, start: float, end: float, over: float) -> None:
        self.line.change(name, "opacity", 1.0, start, start + COMES)
        self.line.change(name, "opacity", 0.0, end, over)

    def _scroll(self, name: str, place: int, start: float, end: float, hides: bool = False) -> None:
        """Move something along with the axis; what is out of sight is hidden (``hides``)."""
        y = self.line.last_place(name)[1]
        if hides and place >= self.chart.window:
            self.line.actors[name].channels["opacity"].first = 0.0
        for shift, time in enumerate(self.scrolls, start=1):
            if start < time + SCROLL and time < end:
                self.line.move(name, (self.across(place, shift), y), time, time + SCROLL)
                if hides and place == shift - 1:
                    self.line.change(name, "opacity", 0.0, time, time + SCROLL)
                elif hides and place == shift + self.chart.window - 1:
                    self.line.change(name, "opacity", 1.0, time, time + SCROLL)
