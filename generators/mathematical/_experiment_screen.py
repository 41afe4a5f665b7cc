"""Programmes: experiments one after another in a clip, each followed by graphs to choose from."""

from collections.abc import Sequence
from typing import Any

from pydantic import JsonValue

from generators.mathematical._experiment_graphs import Field, Lineup
from morse.layout import Layout
from morse.schema import Event, State, Thing
from morse.timeline import Timeline

FADE, CARD = 0.3, 5.0
"""Seconds in which something appears or goes, and for which graphs are shown."""
PANELS = ((-6.1, 0.6), (1.75, 0.6), (-6.1, -3.7), (1.75, -3.7))
PANEL = (5.7, 2.8)
"""Left and lower edges of the fields of four graphs, and their size."""


class Programme:
    """A clip that is written from its start on. ``times``: name of an experiment → when what is seen there."""

    def __init__(self) -> None:
        self.line = Timeline(0.0)
        self.things: list[Thing] = []
        self.events: list[Event] = []
        self.states: list[State] = []
        self.times: dict[str, dict[str, Any]] = {}
        self.last = False
        """Whether what is put on the screen now stays to the end of the clip."""

    def layout(self, end: float) -> Layout:
        """All of it, up to its end."""
        self.line.duration = end
        return Layout(self.line, tuple(self.things), tuple(self.events), tuple(self.states), {"times": self.times})

    def put(
        self, name: str, at: tuple[float, float], size: tuple[float, float], start: float, end: float, **more: Any
    ) -> None:
        """An actor that is there from ``start`` to ``end`` alone."""
        self.line.add(name, at, size, solid=False, opacity=float(start == 0.0), **more)
        if start > 0.0:
            self.line.change(name, "opacity", 1.0, start, round(start + FADE, 3))
        if not self.last:
            self.line.change(name, "opacity", 0.0, round(end - FADE, 3), end)

    def thing(self, name: str, kind: str, **says: JsonValue) -> None:
        self.things.append(Thing(id=name, kind=kind, attributes=says, shape_fills_box=False))

    def line_up(self, name: str, lineup: Lineup, fields: Sequence[Field], start: float, end: float) -> None:
        """Four graphs, for some seconds."""
        self.put(f"{name} card", (0.0, 0.0), (15.0, 8.5), start, end, z=0, tracked=False)
        for number, (graph, field) in enumerate(zip(lineup.graphs, fields, strict=True), 1):
            self.put(f"{name} graph {number}", field.middle, (field.wide, field.high), start, end, z=1)
            self.thing(f"{name} graph {number}", "graph", drawn=[round(value, 3) for value in graph])
        self.times[name]["card"] = (round(start + FADE, 3), round(end - FADE, 3))


def panel(number: int, x: tuple[float, float], y: tuple[float, float]) -> Field:
    """The field of one of four graphs."""
    return Field(*PANELS[number], *PANEL, x, y)
