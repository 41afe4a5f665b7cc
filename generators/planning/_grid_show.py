"""A board under fog in space and time: its parts are seen one after another, never all at once, and a walker goes by signals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from generators.planning._grid_ways import Cell, Ways, named
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout
from morse.schema import Event, Evidence, State, Thing
from morse.seeding import Rng
from morse.timeline import Timeline

MIDDLE, WIDEST, HIGHEST = (-1.95, -0.25), 10.2, 7.7
"""Where the board is, and how large it may get, in canvas units."""
PANEL, SIGNAL = (5.75, 0.9), 2.1
"""Where the walker's signals are shown, and how large an arrow is."""
FADE, SLIDE, HELD, SEEN = 0.35, 0.7, 2.2, 2.3
"""Seconds for fog to lift, for the window to move on, for which a part of the board and the walker are to be seen at least."""
LIT, BETWEEN, CROSSING, BIRD = 0.85, 0.5, 2.6, 0.8
"""Seconds for which a signal is shown, and between two; for a bird to cross the frame; and its size."""
FOG, ABOVE, FRONT = 10.0, 12.0, 60.0
"""Depths of the fog, of what is seen above it, and of what passes over everything."""
LAP = 0.02
"""How far sheets of fog lap over each other and over the edge of the board, so that nothing shows at their seams."""
SHEETS = ("left", "right", "top", "bottom")


class GridParams(TaskParams):
    """The knobs of every task on a board under fog."""

    size: int = ramp(5, per_level=0.5, most=11, least=5, limit=11, about="rows of the board (columns: up to one more)")
    steps: int = ramp(6, per_level=1.4, least=4, about="about how many signals the walker gets")
    birds: int = ramp(1, per_level=0.4, about="birds that cross the frame and change nothing")
    view: int = ramp(0, limit=2, about="what hides the board: 1 patches of fog, 2 a moving window, 0 drawn per clip")
    held: float = ramp(HELD, least=HELD, limit=30, about="seconds for which each part of the board is seen, at least")


@dataclass(frozen=True)
class Ground:
    """A board: what the clip shows of each cell, the steps that can be made, and what stands where."""

    columns: int
    rows: int
    values: Mapping[Cell, str]
    ways: Ways
    marks: Mapping[str, Cell]


@dataclass(frozen=True)
class Stroll:
    """A walker: where it is seen, its signals (``up`` … for a step, ``look up`` … for none), the step after which it is asked for,
    and the cells where it may be then, the right one first."""

    start: Cell
    signals: tuple[str, ...]
    asked: int
    ends: tuple[Cell, ...]

    @property
    def steps(self) -> tuple[str, ...]:
        return tuple(signal for signal in self.signals if not signal.startswith("look"))


@dataclass(frozen=True)
class Part:
    """A part of the board that is seen at once: its cells, middle and size in canvas units."""

    name: str
    cells: tuple[Cell, ...]
    at: tuple[float, float]
    size: tuple[float, float]


class GridShow:
    """The clock of a clip: :meth:`survey` and :meth:`stroll` in any order, then :meth:`layout`."""

    def __init__(self, ground: Ground, params: GridParams, rng: Rng) -> None:
        self.ground, self.params, self.rng, self.line = ground, params, rng, Timeline(0.0)
        self.side = min(WIDEST / ground.columns, HIGHEST / ground.rows)
        self.clock = round(rng.uniform(0.8, 1.4), 3)
        self.window = (rng.steady("view").integer(1, 2) if params.view == 0 else params.view) == 2
        self.events: list[Event] = []
        self.states: list[State] = []
        self.looks: list[Evidence] = []
        self.signals: list[Evidence] = []
        self.birds: list[Thing] = []
        self.appeared: Evidence | None = None
        self.parts = self._split()
        for part in self.parts:
            self.line.add(part.name, part.at, part.size, z=1)
        for mark, cell in ground.marks.items():
            self.line.add(mark, self.spot(cell), (0.72 * self.side, 0.72 * self.side), z=2, solid=False)
        if self.window:
            whole = (ground.columns * self.side, ground.rows * self.side)
            for name, (x, y, w, h) in self._sheets(self._closed(rng.choice(self.parts))).items():
                self.line.add(f"fog {name}", (x, y), whole, z=FOG, tracked=False, w=w, h=h)
        else:
            for part in self.parts:
                self.line.add(f"fog {part.name}", part.at, part.size, z=FOG, tracked=False)

    def spot(self, cell: Cell) -> tuple[float, float]:
        """The middle of a cell, in canvas units."""
        left = MIDDLE[0] - self.ground.columns * self.side / 2
        top = MIDDLE[1] + self.ground.rows * self.side / 2
        return left + (cell[0] + 0.5) * self.side, top - (cell[1] + 0.5) * self.side

    def filmed(self, stroll: Stroll) -> Layout:
        """The whole clip: half the parts of the board, the walker, the birds that are left, the other parts."""
        half = len(self.parts) // 2
        self.survey(self.parts[:half])
        self.stroll(stroll)
        while len(self.birds) < self.params.birds:
            self.bird()
        self.survey(self.parts[half:])
        return self.layout()

    def survey(self, parts: Sequence[Part]) -> None:
        """Show some parts of the board, one after another."""
        for number, part in enumerate(parts):
            start = self.clock
            first, last = number == 0, number == len(parts) - 1
            up = round(start + (FADE if first or not self.window else SLIDE), 3)
            down = round(up + self.params.held + self.rng.uniform(0.0, 0.5), 3)
            self.clock = down
            if self.window:
                if first:
                    self._slide(self._closed(part), start, start)
                self._slide(self._opened(part), start, up)
                if last:
                    self.clock = round(down + FADE, 3)
                    self._slide(self._closed(part), down, self.clock)
            else:
                self.clock = round(down + FADE, 3)
                self.line.change(f"fog {part.name}", "opacity", 0.0, start, up)
                self.line.change(f"fog {part.name}", "opacity", 1.0, down, self.clock)
            values: dict[str, JsonValue] = {named(cell): self.ground.values[cell] for cell in part.cells}
            marks = [mark for mark, cell in self.ground.marks.items() if cell in part.cells]
            values |= {mark: named(self.ground.marks[mark]) for mark in marks}
            self.states.append(State(start=up, end=down, values=values, shown=True))
            self.looks.append(Evidence(start=up, end=down, objects=(part.name, *marks)))
            self._wait(0.3)

    def stroll(self, stroll: Stroll) -> None:
        """Show the walker where it starts, then its signals."""
        self.line.add("walker", self.spot(stroll.start), (0.78 * self.side, 0.78 * self.side), z=ABOVE, opacity=0.0)
        self.line.add("signal", PANEL, (SIGNAL, SIGNAL), z=ABOVE, opacity=0.0, hollow=0.0)
        start, up = self.clock, round(self.clock + FADE, 3)
        down = round(up + SEEN, 3)
        self.clock = round(down + FADE, 3)
        self.line.change("walker", "opacity", 1.0, start, up)
        self.line.change("walker", "opacity", 0.0, down, self.clock)
        where: dict[str, JsonValue] = {"cell": named(stroll.start)}
        self.events.append(Event(id="appear", kind="appear", objects=("walker",), start=up, end=down, values=where))
        self.appeared = Evidence(start=up, end=down, objects=("walker",))
        self._wait(0.8)
        flights = [*range(len(stroll.signals))]
        before = self.rng.sample(flights, min(len(flights), self.params.birds - self.params.birds // 2))
        for number, signal in enumerate(stroll.signals):
            if number in before:
                self.bird()
            self._signal(number, signal)
            self.clock = round(self.clock + BETWEEN + self.rng.uniform(0.0, 0.3), 3)

    def bird(self) -> None:
        """Let a bird cross the frame."""
        name, start, end = f"bird-{len(self.birds) + 1}", self.clock, round(self.clock + CROSSING, 3)
        out, height = 8.6 * self.rng.choice((-1, 1)), self.rng.uniform(-3.4, 3.4)
        self.line.add(name, (-out, height), (BIRD, BIRD), z=FRONT, solid=False)
        self.line.move(name, (out, height + self.rng.uniform(-1.0, 1.0)), start, end, ease="linear")
        self.birds.append(Thing(id=name, kind="bird", shape_fills_box=False))
        self.events.append(Event(id=f"{name} flies", kind="fly", objects=(name,), start=start, end=end))
        self.clock = end
        self._wait(0.4)

    def layout(self, **details: Any) -> Layout:
        """The clip in space and time. It ends after a pause, so that no look at the board falls on its middle."""
        still = [*self.looks, *([self.appeared] if self.appeared else [])]
        for _ in range(12):
            self.line.duration = round(self.clock + self.rng.uniform(0.4, 2.4), 3)
            middle = self.line.duration / 2
            if not any(look.start - 0.05 < middle < look.end + 0.05 for look in still):
                break
        things = [Thing(id=part.name, kind="area") for part in self.parts]
        things += [Thing(id=mark, kind="mark", shape_fills_box=False) for mark in self.ground.marks]
        if self.appeared is not None:
            things += [Thing(id=name, kind=name, shape_fills_box=False) for name in ("walker", "signal")]
        shared = {"show": self, "looks": tuple(self.looks), "signals": tuple(self.signals), "appeared": self.appeared}
        return Layout(self.line, (*things, *self.birds), tuple(self.events), tuple(self.states), {**shared, **details})

    def _signal(self, number: int, signal: str) -> None:
        start, end, way = self.clock, round(self.clock + LIT, 3), signal.removeprefix("look ")
        turns = {"up": 0.0, "left": 1.570796, "down": 3.141593, "right": -1.570796}
        self.line.change("signal", "angle", turns[way], start)
        self.line.change("signal", "hollow", float(way != signal), start)
        self.line.change("signal", "opacity", 1.0, start)
        self.line.change("signal", "opacity", 0.0, end)
        kind = "look" if way != signal else "step"
        self.events.append(
            Event(id=f"{kind} {number + 1}", kind=kind, objects=("signal",), start=start, end=end, values={"way": way})
        )
        self.signals.append(Evidence(start=start, end=end, objects=("signal",)))
        self.clock = end

    def _wait(self, seconds: float) -> None:
        self.clock = round(self.clock + seconds * self.rng.uniform(0.7, 1.3), 3)

    def _split(self) -> list[Part]:
        """The parts of the board, in the order in which they are seen."""
        most = 3 if self.ground.rows <= 7 else 4
        across, down = self._chunks(self.ground.columns, most), self._chunks(self.ground.rows, most)
        made: list[Part] = []
        order = iter(self.rng.shuffled(range(1, len(across) * len(down) + 1)))
        for columns in across:
            for rows in down:
                cells = tuple((x, y) for y in rows for x in columns)
                (x0, y0), (x1, y1) = self.spot(cells[0]), self.spot(cells[-1])
                size = (len(columns) * self.side, len(rows) * self.side)
                made.append(Part(f"area-{next(order)}", cells, ((x0 + x1) / 2, (y0 + y1) / 2), size))
        return self.rng.shuffled(made)

    def _chunks(self, count: int, most: int) -> list[list[int]]:
        """0, 1, … in nearly even runs of at most so many, the longer ones anywhere."""
        runs = -(-count // most)
        sizes = self.rng.shuffled([count // runs + (i < count % runs) for i in range(runs)])
        starts = [sum(sizes[:i]) for i in range(runs)]
        return [list(range(start, start + size)) for start, size in zip(starts, sizes, strict=True)]

    def _opened(self, part: Part) -> tuple[float, float, float, float]:
        (x, y), (w, h) = part.at, part.size
        return x - w / 2, y - h / 2, x + w / 2, y + h / 2

    def _closed(self, part: Part) -> tuple[float, float, float, float]:
        return (*part.at, *part.at)

    def _slide(self, window: tuple[float, float, float, float], start: float, end: float) -> None:
        for name, values in self._sheets(window).items():
            for channel, value in zip(("x", "y", "w", "h"), values, strict=True):
                self.line.change(f"fog {name}", channel, value, start, end)

    def _sheets(self, window: tuple[float, float, float, float]) -> dict[str, tuple[float, float, float, float]]:
        """The four sheets of fog around a window (left, bottom, right, top): middle, width and height of each."""
        wide, high = self.ground.columns * self.side / 2, self.ground.rows * self.side / 2
        left, right = MIDDLE[0] - wide - LAP, MIDDLE[0] + wide + LAP
        low, top = MIDDLE[1] - high - LAP, MIDDLE[1] + high + LAP
        inner = (window[0] + LAP, window[1] + LAP, window[2] - LAP, window[3] - LAP)
        boxes = (
            (left, low, inner[0], top),
            (inner[2], low, right, top),
            (window[0], inner[3], window[2], top),
            (window[0], low, window[2], inner[1]),
        )
        return {
            name: ((a + c) / 2, (b + d) / 2, c - a, d - b) for name, (a, b, c, d) in zip(SHEETS, boxes, strict=True)
        }
