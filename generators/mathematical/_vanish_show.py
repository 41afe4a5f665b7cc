"""A vanishing table in space and time: where its parts are, when they go, and when a cloth covers it."""

from typing import Any

from pydantic import JsonValue

from generators.mathematical._vanish_world import Vanishing
from morse.layout import Layout
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.timeline import HEIGHT, WIDTH, Timeline

FADE, DROP = 0.3, 0.45
"""Seconds in which a part fades, and in which the cloth falls or rises."""
AGAIN, TAIL = 1.7, 1.2
"""Seconds from the cloth's rise to the next part to go, and from the last one on, at least."""
WINK = 0.8
"""Seconds for which a cell is blank."""
NAMED = 3.0
"""How wide the column of names is."""


class Grid:
    """Where the cells of a table are: middles and sizes of its columns and rows, the labels being column 0 and row 0."""

    def __init__(self, rows: int, columns: int) -> None:
        self.wide = min(2.3, (15.2 - NAMED) / columns)
        self.high = min(1.4, 8.2 / (rows + 1))
        left, top = -(NAMED + self.wide * columns) / 2, self.high * (rows + 1) / 2
        self.xs = [left + NAMED / 2, *(left + NAMED + self.wide * (i + 0.5) for i in range(columns))]
        self.ys = [top - self.high * (i + 0.5) for i in range(rows + 1)]
        self.left, self.top = left, top

    def row(self, number: int) -> tuple[tuple[float, float], tuple[float, float]]:
        """Middle and size of a row, from 0, with its name."""
        return (0.0, self.ys[number + 1]), (-2 * self.left, self.high)

    def column(self, number: int) -> tuple[tuple[float, float], tuple[float, float]]:
        """Middle and size of a column, from 0, with its head."""
        return (self.xs[number + 1], 0.0), (self.wide, 2 * self.top)


class Show:
    """Places and times of a table."""

    def __init__(self, table: Vanishing, rng: Rng) -> None:
        self.table, self.rng = table, rng
        params, times = table.params, rng.fork("times")
        half = params.pieces // 2
        gaps = [times.uniform(0.9, 1.15) * params.pace for _ in table.order[1:]]
        first, second = sum(gaps[: half - 1]) + FADE + 0.7, sum(gaps[half:]) + FADE
        length = max(params.whole + first, AGAIN + second + TAIL) + times.uniform(0.0, 0.6)
        """How long the table is uncovered, before the cloth and after it: equally long."""
        self.covered = (round(length, 3), round(length + 2 * DROP + params.covered, 3))
        slack = length - (AGAIN + second + TAIL)
        starts = [length - first, self.covered[1] + AGAIN + slack * times.uniform(0.0, 0.5)]
        self.times: list[float] = []
        for turn in range(params.pieces):
            time = starts[turn >= half] if turn in (0, half) else self.times[-1] + gaps[turn - 1]
            self.times.append(round(time, 3))
        self.grid = Grid(len(table.names), len(table.heads))
        self.line = Timeline(round(self.covered[0] + self.covered[1], 3))

    @property
    def pieces(self) -> tuple[str, ...]:
        """What the parts that vanish are called."""
        return self.table.heads if self.table.columns else self.table.names

    def layout(self) -> Layout:
        table, line, grid = self.table, self.line, self.grid
        things = [Thing(id="labels", kind="labels", shape_fills_box=False)]
        size = (NAMED, 2 * grid.top) if table.columns else (-2 * grid.left, grid.high)
        line.add("labels", (grid.xs[0], 0.0) if table.columns else (0.0, grid.ys[0]), size, z=1, solid=False)
        events = []
        for number, name in sorted(enumerate(self.pieces), key=lambda pair: pair[1]):
            at, size = grid.column(number) if table.columns else grid.row(number)
            line.add(name, at, size, z=2, solid=False)
            kind = "column" if table.columns else "row"
            things.append(Thing(id=name, kind=kind, attributes={"name": name}, shape_fills_box=False))
        for turn, (piece, time) in enumerate(zip(table.order, self.times, strict=True)):
            name, end = self.pieces[piece], round(time + FADE, 3)
            line.change(name, "opacity", 0.0, time, end)
            events.append(Event(id=f"goes {turn + 1}", kind="vanishes", objects=(name,), start=time, end=end))
        down, up = self.covered
        line.add("cloth", (0.0, HEIGHT + 0.6), (WIDTH + 0.4, HEIGHT + 0.4), z=20, tracked=False)
        line.move("cloth", (0.0, 0.0), down, down + DROP)
        line.move("cloth", (0.0, HEIGHT + 0.6), up - DROP, up)
        events.append(Event(id="cloth", kind="covers", objects=(), start=down, end=up))
        winks = self._winks()
        rows: list[JsonValue] = [
            [self.cell(row, column) for column in range(len(table.heads))] for row in range(len(table.names))
        ]
        says: dict[str, JsonValue] = {"heads": [*table.heads], "names": [*table.names], "cells": rows}
        states = (State(start=0.0, end=self.times[0], values=says, shown=True),)
        events = sorted([*events, *(event for event, _ in winks)], key=lambda event: (event.start, event.id))
        details: dict[str, Any] = {"times": self.times, "grid": grid, "pieces": self.pieces}
        details |= {"winks": tuple(spot for _, spot in winks)}
        return Layout(line, tuple(things), tuple(events), states, details)

    def cell(self, row: int, column: int) -> int:
        numbers = self.table.numbers
        return numbers[column][row] if self.table.columns else numbers[row][column]

    def _winks(self) -> list[tuple[Event, tuple[float, float]]]:
        """Cells that are blank for a moment while their part still stands, a while before and after anything goes."""
        table, rng, made = self.table, self.rng.fork("winks"), []
        taken = [(time - 0.1, time + FADE + 0.1) for time in self.times] + [
            (self.covered[0] - 0.1, self.covered[1] + 0.1)
        ]
        for number in range(table.params.decoys):
            for _ in range(60):
                start = round(rng.uniform(1.0, self.times[-1] - WINK), 3)
                end = round(start + WINK, 3)
                turns = [turn for turn, time in enumerate(self.times) if time > end + 0.2]
                crowded = any(start < b and a < end for a, b in taken[len(self.times) :])
                if turns and not crowded:
                    break
            else:
                break
            taken.append((start, end))
            piece, field = table.order[rng.choice(turns)], rng.integer(0, table.params.fields - 1)
            row, column = (field, piece) if table.columns else (piece, field)
            name, at = f"blank {number + 1}", (self.grid.xs[column + 1], self.grid.ys[row + 1])
            self.line.add(
                name, at, (self.grid.wide - 0.16, self.grid.high - 0.16), z=3, opacity=0.0, solid=False, tracked=False
            )
            self.line.change(name, "opacity", 1.0, start, start + 0.12)
            self.line.change(name, "opacity", 0.0, end - 0.12, end)
            made.append((Event(id=name, kind="blanks", objects=(self.pieces[piece],), start=start, end=end), at))
        return made
