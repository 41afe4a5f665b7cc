"""A dark hall in space and time: a light moves over it, then a worker goes by signals, at times in the light."""

from generators.planning._grid_show import ABOVE, FADE, PANEL, SIGNAL, SLIDE, GridShow, Ground
from generators.planning._grid_ways import Cell, named
from generators.planning._sokoban_hall import Hall
from generators.planning._sokoban_world import Haul
from morse.layout import Layout
from morse.schema import Event, Evidence
from morse.seeding import Rng

LIT, GOING, GAP = 0.75, 0.6, (0.32, 0.5)
"""Seconds for which a signal is shown, for the worker's step under it, and between two signals."""
BOX, FIGURE = 0.72, 0.74
"""Size of what stands in a cell, in cells."""
TURNS = {"up": 0.0, "left": 1.570796, "down": 3.141593, "right": -1.570796}
NO_WAYS: dict[Cell, dict[str, Cell]] = {}


def box_id(name: str) -> str:
    return f"box-{name}"


def ground_of(haul: Haul) -> Ground:
    """The hall as it is before the first signal."""
    hall, start = haul.hall, haul.moments[0]
    cells = [(x, y) for y in range(hall.rows) for x in range(hall.columns)]
    boxes = {box_id(name): hall.cell(box) for name, box in zip(haul.names, start.boxes, strict=True)}
    return Ground(hall.columns, hall.rows, {cell: _ground(hall, cell) for cell in cells}, NO_WAYS, boxes)


def _ground(hall: Hall, cell: Cell) -> str:
    bit = hall.bit(cell)
    return "goal" if bit & hall.goals else "floor" if bit & hall.floor else "wall"


class HallShow(GridShow):
    """The clock of a clip with a dark hall."""

    def __init__(self, haul: Haul, rng: Rng) -> None:
        super().__init__(ground_of(haul), haul.params, rng)
        self.haul = haul
        self.open = False
        """Whether the light is on the worker."""

    def hauled(self) -> Layout:
        """The whole clip: all parts of the hall, then the worker's signals, with birds in between."""
        haul = self.haul
        start = haul.hall.cell(haul.moments[0].worker)
        figure = (FIGURE * self.side, FIGURE * self.side)
        self.line.add("walker", self.spot(start), figure, z=3, solid=False)
        self.line.add("signal", PANEL, (SIGNAL, SIGNAL), z=ABOVE, opacity=0.0, hollow=0.0)
        self.survey(self.parts)
        own = next(part for part in self.parts if start in part.cells)
        look = next(look for look in self.looks if own.name in look.objects)
        self.appeared = Evidence(start=look.start, end=look.end, objects=("walker",))
        self.events.append(
            Event(id="appear", kind="appear", objects=("walker", named(start)), start=look.start, end=look.end)
        )
        self._wait(0.7)
        flights = self.rng.sample(range(len(haul.signals)), min(len(haul.signals), self.params.birds))
        for number, signal in enumerate(haul.signals):
            lit = number in haul.lit
            if number in flights and not (lit and self.open):
                self.bird()
            if lit != self.open:
                self._light(lit, haul.hall.cell(haul.moments[number].worker))
            self._go(number, signal)
        if self.open:
            self._light(False, haul.hall.cell(haul.moments[-1].worker))
        return self.layout()

    def _light(self, on: bool, cell: Cell) -> None:
        """Open the light round the worker, or close it."""
        start, self.clock = self.clock, round(self.clock + (SLIDE if on else FADE), 3)
        x, y = self.spot(cell)
        if on:
            self._slide((x, y, x, y), start, start)
            self._slide(self._round(cell), start, self.clock)
        else:
            self._slide((x, y, x, y), start, self.clock)
        self.open = on
        self._wait(0.15)

    def _round(self, cell: Cell) -> tuple[float, float, float, float]:
        """The cells round one, as far as they are in the hall: left, bottom, right, top."""
        last = (self.ground.columns - 1, self.ground.rows - 1)
        left, low = self.spot((max(0, cell[0] - 1), min(last[1], cell[1] + 1)))
        right, high = self.spot((min(last[0], cell[0] + 1), max(0, cell[1] - 1)))
        half = self.side / 2
        return left - half, low - half, right + half, high + half

    def _go(self, number: int, signal: str) -> None:
        """Show a signal, and what it makes the worker do."""
        haul = self.haul
        start, way = self.clock, signal.removeprefix("look ")
        end, there = round(start + LIT, 3), round(start + 0.1 + GOING, 3)
        kind = "look" if way != signal else "step"
        self.line.change("signal", "angle", TURNS[way], start)
        self.line.change("signal", "hollow", float(kind == "look"), start)
        self.line.change("signal", "opacity", 1.0, start)
        self.line.change("signal", "opacity", 0.0, end)
        after, box = haul.moments[number + 1], haul.pushed[number]
        if kind == "step":
            cell = haul.hall.cell(after.worker)
            self.line.move("walker", self.spot(cell), start + 0.1, there)
            if self.open:
                self._slide(self._round(cell), start + 0.1, there)
        self.events.append(Event(id=f"{kind} {number + 1}", kind=kind, objects=(way,), start=start, end=end))
        if box is not None:
            name, to = box_id(haul.names[box]), haul.hall.cell(after.boxes[box])
            self.line.move(name, self.spot(to), start + 0.1, there)
            objects, cause = (haul.names[box], named(to)), (f"step {number + 1}",)
            self.events.append(
                Event(id=f"push {number + 1}", kind="push", objects=objects, start=start, end=end, causes=cause, shown=False)
            )  # fmt: skip
        self.signals.append(Evidence(start=start, end=end, objects=("signal",)))
        self.clock = round(end + self.rng.uniform(*GAP), 3)
