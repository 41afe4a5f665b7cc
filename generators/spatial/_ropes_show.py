"""A table with ropes in space and time: where each strand lies, and how the camera goes along. Nothing is drawn here that a line does not say."""

from typing import Any, NamedTuple

import numpy as np
from pydantic import JsonValue

from generators.spatial._rope_diagram import Diagram, Piece
from generators.spatial._ropes_world import Table
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.timeline import HEIGHT, WIDTH, Motion, Timeline

COLUMN = 4 / 3
"""How wide a column is, in canvas units."""
PER_STRETCH = 3
"""Columns of a stretch of the table."""
MARGIN = 2
"""Columns of bare table at either end."""
GAP, SPREAD = 1.3, 7.3
"""How far apart strands lie, and how much room all have together, at most."""
BIGHT = 0.75
"""How far the handles of a strand that turns back reach, in columns."""
REST = 2.5
"""Seconds for which the camera stands still at first and at last."""
CUT = (-0.7, 0.0, 0.9)
"""Seconds before and after a cut at which scissors are there, and when they have closed."""
FLAG, END, MARK = 0.56, 0.8, 0.62
FLAG_UP, CROSSING_UP = 0.5, 0.64

Line = tuple[float, ...]
"""A cubic curve: x and y of its start, two handles and its end."""


class Strand(NamedTuple):
    """A drawn piece: where it lies on the table, and whether it lies on top of another."""

    line: Line
    over: bool


class Ground:
    """Where everything lies on the table: x from its left edge, y from its middle, in canvas units."""

    def __init__(self, diagram: Diagram, rng: Rng) -> None:
        self.diagram = diagram
        self.heights = [self._lanes(count, rng) for count in diagram.strands]
        self.stretches = (len(diagram.columns) + 2 * MARGIN) // PER_STRETCH
        self.length = self.stretches * PER_STRETCH * COLUMN

    @staticmethod
    def _lanes(count: int, rng: Rng) -> list[float]:
        gap = min(GAP, SPREAD / count)
        return [round(gap * (lane - (count - 1) / 2 + rng.uniform(-0.07, 0.07)), 3) for lane in range(count)]

    def x(self, at: float) -> float:
        """Where a boundary is."""
        return round(COLUMN * (MARGIN + at), 3)

    def through(self, piece: Piece) -> Line:
        """A strand through a column."""
        x0, x1 = self.x(piece.column), self.x(piece.column + 1)
        y0, y1 = self.heights[piece.column][piece.left], self.heights[piece.column + 1][piece.right]
        turn = {"open": 0.22, "close": 0.78}.get(
            self.diagram.columns[piece.column].kind, 0.5
        )  # well clear of the bight
        half = round(x0 + turn * (x1 - x0), 3)
        return (x0, y0, half, y0, half, y1, x1, y1)

    def bight(self, at: int, low: int, way: int) -> Line:
        """A strand that turns back, to the left (−1) or to the right (1) of a boundary."""
        x, reach = self.x(at), round(self.x(at) + way * BIGHT * COLUMN, 3)
        below, above = self.heights[at][low], self.heights[at][low + 1]
        return (x, below, reach, below, reach, above, x, above)

    def strands(self) -> list[Strand]:
        """All that is drawn of the ropes, from left to right."""
        diagram, last = self.diagram, len(self.diagram.columns)
        drawn = [Strand(self.bight(0, low, -1), False) for low in diagram.left]
        for number, column in enumerate(diagram.columns):
            for lane in range(diagram.strands[number]):
                right = column.through(lane)
                if right is not None:
                    crossing = column.kind == "cross" and lane in (column.lane, column.lane + 1)
                    over = crossing and (lane == column.lane) == column.rising_over
                    drawn.append(Strand(self.through(Piece(number, lane, right)), over))
            if column.kind == "open":
                drawn.append(Strand(self.bight(number + 1, column.lane, -1), False))
            if column.kind == "close":
                drawn.append(Strand(self.bight(number, column.lane, 1), False))
        return drawn + [Strand(self.bight(last, low, 1), False) for low in diagram.right]

    def middle(self, piece: Piece) -> tuple[float, float]:
        """The middle of a piece."""
        y = (self.heights[piece.column][piece.left] + self.heights[piece.column + 1][piece.right]) / 2
        return self.x(piece.column + 0.5), y

    def crossing(self, number: int) -> tuple[float, float]:
        lane = self.diagram.columns[number].lane
        ends = [self.heights[at][lane + i] for at in (number, number + 1) for i in (0, 1)]
        return self.x(number + 0.5), sum(ends) / 4


class Show:
    """Puts a table into time."""

    def __init__(self, table: Table, rng: Rng) -> None:
        self.table, self.ground = table, Ground(table.diagram, rng.fork("lanes"))
        self.far = self.ground.length - WIDTH
        self.going = self.far / table.params.pace
        self.timeline = Timeline(round(2 * REST + self.going, 3))
        self.things: list[Thing] = []

    def layout(self) -> Layout:
        table, ground = self.table, self.ground
        parts: list[list[Strand]] = [[] for _ in range(ground.stretches)]
        wide = PER_STRETCH * COLUMN
        for strand in ground.strands():
            middle = (
                (strand.line[0] + strand.line[4]) / 2
                if strand.line[0] == strand.line[6]
                else (strand.line[0] + strand.line[6]) / 2
            )
            parts[min(max(int(middle / wide), 0), ground.stretches - 1)].append(strand)
        local: list[list[Strand]] = []
        for number, strands in enumerate(parts):
            middle = (number + 0.5) * wide
            moved = [Strand(_moved(strand.line, -middle), strand.over) for strand in strands]
            local.append(moved)
            self.put(
                f"stretch {number + 1}",
                "stretch",
                (middle, 0.0),
                (wide, HEIGHT),
                0.0,
                {"ropes": [_written(strand) for strand in moved]},
            )
        for spot, letter in zip(table.diagram.ends, table.end_names, strict=True):
            way = -1 if spot.at == 0 else 1
            at = (ground.x(spot.at) + way * 0.75, ground.heights[spot.at][spot.lane])
            self.put(f"end {letter}", "end", at, (END, END), 3.0, {"letter": letter})
        for letter, piece in table.flags.items():
            x, y = ground.middle(piece)
            self.put(f"flag {letter}", "flag", (x, y + FLAG_UP), (FLAG, FLAG), 3.0, {"letter": letter})
        for letter, number in table.crossing_flags.items():
            x, y = ground.crossing(number)
            self.put(f"flag {letter}", "flag", (x, y + CROSSING_UP), (FLAG, FLAG), 3.0, {"letter": letter})
        for mark in table.marks:
            lane = table.diagram.columns[mark.column].lane
            heights = ground.heights[mark.column + 1]
            at = (ground.x(mark.column + 1) - 0.06, (heights[lane] + heights[lane + 1]) / 2)
            self.put(f"mark {mark.name}", "mark", at, (MARK, MARK), 2.0, {"mark": mark.name})
        events = self.cut()
        ways = {
            f"end {letter}": 1 if spot.at == 0 else -1
            for spot, letter in zip(table.diagram.ends, table.end_names, strict=True)
        }
        details = {"strands": local, "show": self, "tag ways": ways, "crossing flags": tuple(table.crossing_flags)}
        return Layout(self.timeline, tuple(self.things), tuple(events), details=details)

    def put(
        self, name: str, kind: str, at: tuple[float, float], size: tuple[float, float], z: float,
        attributes: dict[str, JsonValue], *, opacity: float = 1.0, **channels: Any,
    ) -> None:  # fmt: skip
        """Put a thing on the table: the camera's way moves it over the picture."""
        start = 0.0 if self.table.rightward else self.far
        self.timeline.add(
            name, (at[0] - WIDTH / 2 - start, at[1]), size, z=z, opacity=opacity, solid=False, round=kind in ("flag", "end", "mark"),
            **channels,
        )  # fmt: skip
        self.timeline.follow(name, "x", self.passing(at[0]), REST, round(REST + self.going, 3))
        self.things.append(Thing(id=name, kind=kind, attributes=attributes, shape_fills_box=False))

    def passing(self, x: float) -> Motion:
        """Where in the picture a place of the table is."""
        pace, far, rightward = self.table.params.pace, self.far, self.table.rightward

        def motion(times: np.ndarray) -> np.ndarray:
            gone = np.clip((times - REST) * pace, 0.0, far)
            return x - WIDTH / 2 - (gone if rightward else far - gone)

        return motion

    def when(self, x: float, screen: float) -> float:
        """When a place of the table passes ``screen`` units before the middle of the picture, as the camera goes."""
        gone = x - WIDTH / 2 - screen if self.table.rightward else self.far - (x - WIDTH / 2 + screen)
        return round(REST + min(max(gone, 0.0), self.far) / self.table.params.pace, 3)

    def seen(self, left: float, right: float, until: float | None = None) -> tuple[float, float]:
        """From when to when a part of the table is in the picture as a whole (less a little)."""
        rightward, half = self.table.rightward, WIDTH / 2 - 0.3
        first, last = (right, left) if rightward else (left, right)
        start, end = self.when(first, half), self.when(last, -half)
        if (first - WIDTH / 2 <= half) if rightward else (first - self.far - WIDTH / 2 >= -half):
            start = 0.0
        if (last - self.far - WIDTH / 2 >= -half) if rightward else (last - WIDTH / 2 <= half):
            end = self.timeline.duration
        return start, end if until is None else min(end, until)

    def cut(self) -> list[Event]:
        """Scissors come to a place and cut the rope there."""
        events = []
        for letter in self.table.cuts:
            x, y = self.ground.middle(self.table.flags[letter])
            at = self.when(x, 1.0)
            begin, end = round(at + CUT[0], 3), round(at + CUT[2], 3)
            self.put(f"gap {letter}", "gap", (x, y), (0.5, 0.44), 1.0, {}, opacity=0.0)
            self.timeline.change(f"gap {letter}", "opacity", 1.0, at)
            name = f"scissors at {letter}"
            self.put(name, "scissors", (x + 0.1, y - 0.62), (1.0, 1.5), 4.0, {}, opacity=0.0, open=1.0)
            self.timeline.change(name, "opacity", 1.0, begin, begin + 0.15)
            self.timeline.change(name, "open", 0.0, at - 0.2, at, ease="linear")
            self.timeline.change(name, "opacity", 0.0, end - 0.15, end)
            events.append(Event(id=f"cut {letter}", kind="cut", objects=(f"flag {letter}",), start=begin, end=end))
        return sorted(events, key=lambda event: event.start)


def _moved(line: Line, by: float) -> Line:
    return tuple(round(value + (by if i % 2 == 0 else 0.0), 3) for i, value in enumerate(line))


def _written(strand: Strand) -> str:
    """A drawn piece in words: over or under, and the curve's eight numbers."""
    return " ".join(["over" if strand.over else "flat", *(f"{value:g}" for value in strand.line)])
