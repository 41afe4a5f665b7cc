"""A table behind a window: how it moves on, and when each row can be read."""

from pydantic import JsonValue

from generators.mathematical._table_questions import Table
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.timeline import HEIGHT, WIDTH, Timeline

VISIBLE, HIGH, WIDE = 4, 1.3, 15.0
"""How many rows the window shows, how high a row is and how wide, in canvas units."""
TOP = 2.75
"""Where the window ends, above."""
MOVE = 0.55
"""Seconds for each move."""


class Show:
    """Places and times of a table."""

    def __init__(self, table: Table, rng: Rng) -> None:
        self.table, self.rng = table, rng
        self.up = rng.chance(0.6)  # new rows come from below, or from above
        offsets = draw_offsets(len(table.rows), table.back, rng)
        self.moves: list[tuple[float, int]] = []
        time = rng.uniform(0.9, 1.6)
        for offset in offsets:
            self.moves.append((round(time, 3), offset))
            time += MOVE + rng.uniform(table.rest, table.rest + 0.6)
        self.line = Timeline(round(time - table.rest + rng.uniform(0.2, 0.8), 3))

    def layout(self) -> Layout:
        table, line, rng = self.table, self.line, self.rng
        bottom = TOP - VISIBLE * HIGH
        for name, low, high in (("above", TOP, HEIGHT / 2), ("below", -HEIGHT / 2, bottom)):
            line.add(name, (0.0, (low + high) / 2), (WIDTH, high - low), z=5, tracked=False)
        line.add("head", (0.0, TOP + 0.55), (WIDE, 0.9), z=6, solid=False)
        heads: dict[str, JsonValue] = {"heads": ["name", *table.heads]}
        things = [Thing(id="head", kind="head", attributes=heads)]
        seen: dict[str, tuple[str, float, float]] = {}
        numbers = rng.shuffled(range(1, len(table.rows) + 1))
        ids = {row.name: f"row {number}" for row, number in zip(table.rows, numbers, strict=True)}
        for place, row in enumerate(table.rows):
            name = ids[row.name]
            first = next(i for i, (_, offset) in enumerate(self.moves) if self.inside(place, offset))
            start, end = self.rest_after(first)
            seen[row.name] = (name, start, end)
            self.send(name, place)
            cells: dict[str, JsonValue] = {"cells": [row.name, row.group, *map(str, row.numbers)], "struck": row.struck}
            things.append(Thing(id=name, kind="row", attributes=cells))
        events = [
            Event(
                id=f"move {i + 1}", kind="moves", objects=tuple(ids.values()), start=start, end=round(start + MOVE, 3)
            )
            for i, (start, _) in enumerate(self.moves)
        ]
        flashes = self.flashes()
        events = sorted([*events, *flashes], key=lambda event: (event.start, event.id))
        details = {"seen": seen, "columns": columns(len(table.heads))}
        return Layout(line, tuple(things), tuple(events), details=details)

    def inside(self, place: int, offset: int) -> bool:
        return 0 <= place - offset < VISIBLE

    def rest_after(self, move: int) -> tuple[float, float]:
        """From when to when the table rests after a move."""
        start = round(self.moves[move][0] + MOVE, 3)
        return start, self.moves[move + 1][0] if move + 1 < len(self.moves) else self.line.duration

    def height(self, place: int, offset: int) -> float:
        """Where a row is when so many rows have passed."""
        middle = TOP - HIGH * (place - offset + 0.5)
        return middle if self.up else 2 * TOP - VISIBLE * HIGH - middle

    def send(self, name: str, place: int) -> None:
        """Put a row into the timeline; it is drawn only around the times at which it passes the window."""
        line = self.line
        before = -VISIBLE
        line.add(name, (0.0, self.height(place, before)), (WIDE, HIGH - 0.08), z=2, opacity=0.0, solid=False)
        for start, offset in self.moves:
            end = round(start + MOVE, 3)
            was, there = self.inside(place, before), self.inside(place, offset)
            if was or there:
                line.change(name, "opacity", 1.0, start)
                line.move(name, (0.0, self.height(place, before)), start, start)
                line.move(name, (0.0, self.height(place, offset)), start, end)
                line.change(name, "opacity", float(there), end)
            before = offset

    def flashes(self) -> list[Event]:
        """Cells that light up while the table rests, each in a rest of its own as far as there are so many."""
        table, rng = self.table, self.rng
        rests = [i for i, (_, offset) in enumerate(self.moves) if 0 <= offset < len(table.rows)]
        events = []
        for number in range(table.flashes):
            move = rests[number % len(rests)] if number >= len(rests) else rng.choice(rests)
            start, end = self.rest_after(move)
            slot = rng.integer(0, VISIBLE - 1)
            xs = columns(len(table.heads))[1:]
            at = (rng.choice(xs), TOP - HIGH * (slot + 0.5))
            begin = round(start + rng.uniform(0.1, max(0.15, end - start - 0.9)), 3)
            over, name = round(min(end - 0.05, begin + 0.7), 3), f"light {number + 1}"
            self.line.add(name, at, (2.1, 1.1), z=4, opacity=0.0, solid=False, tracked=False)
            self.line.change(name, "opacity", 1.0, begin, begin + 0.15)
            self.line.change(name, "opacity", 0.0, over - 0.15, over)
            events.append(Event(id=name, kind="lights_up", objects=(name,), start=begin, end=over))
        return events


def draw_offsets(rows: int, back: int, rng: Rng) -> list[int]:
    """How many rows have passed the window's end after each move: on by one to three rows, back by one or two, so often."""
    offsets = [rng.integer(1, 3) - VISIBLE]
    while offsets[-1] < rows:
        offsets.append(offsets[-1] + rng.integer(1, 3))
    offsets[-1] = rows
    for _ in range(back):
        place = rng.integer(2, len(offsets) - 2)
        least = max(offsets[place] - 2, 1 - VISIBLE)
        if least < offsets[place]:
            offsets.insert(place + 1, rng.integer(least, offsets[place] - 1))
    whole = offsets[:1]
    for offset in offsets[1:]:
        while offset - whole[-1] > 3:  # never on by more than the window holds
            whole.append(whole[-1] + 3)
        if offset != whole[-1]:
            whole.append(offset)
    return whole


def columns(numbers: int) -> list[float]:
    """Where the middles of the columns are: names, groups, then the numbers (``numbers`` counts the groups too)."""
    narrow = (WIDE - 6.4) / (numbers - 1)
    return [-WIDE / 2 + 1.9, -WIDE / 2 + 5.0, *(-WIDE / 2 + 6.4 + narrow * (i + 0.5) for i in range(numbers - 1))]
