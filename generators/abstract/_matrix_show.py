"""A matrix in space and time: its cells are uncovered in turn, their beads go round, and at last lettered cells are shown."""

from itertools import product
from typing import Any

from pydantic import JsonValue

from generators.abstract._matrix_rules import PLACES, SIDE
from generators.abstract._matrix_world import CELLS, Matrix, cell_name, words_of
from morse.gestures import shake
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.timeline import Timeline

CELL, BEAD = (4.4, 2.3), 0.5
"""Width and height of a cell, and diameter of a bead, in canvas units."""
XS, YS = (-4.55, 0.35, 5.25), (2.44, -0.26, -2.96)
"""Middles of the columns and of the rows."""
OPTIONS_4 = ((-3.4, 1.75), (3.4, 1.75), (-3.4, -1.75), (3.4, -1.75))
OPTIONS_8 = tuple((x, y) for y in (2.85, 0.0, -2.85) for x in (-5.1, 0.0, 5.1))[:8]
LETTER = (-1.86, 0.78)
"""Where on an option its letter is."""
FADE, HOLD, STEP, REST, GAP = 0.26, 0.92, 0.32, 0.56, 0.2
"""Seconds: a cover comes or goes; before a bead's first step; a step; between steps; between cells."""
BREAK, STAGGER, LOOK = 1.5, 0.55, 2.1
"""Seconds for which all cells are covered halfway, between covers that close one after another, before the options' beads step."""
CORNERS = ((-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0))
"""Where the places of a frame are from its middle, in half widths and heights, in the order of the places' names."""


def spot(middle: tuple[float, float], place: int) -> tuple[float, float]:
    """Where a place of a cell's frame is."""
    across, up = CORNERS[place % len(PLACES)]
    return middle[0] + across * CELL[0] / 2, middle[1] + up * CELL[1] / 2


class Show:
    """The clock of a clip with a matrix."""

    def __init__(self, matrix: Matrix, rng: Rng) -> None:
        self.matrix, self.rng, self.times = matrix, rng, rng.steady("times")
        self.line = Timeline(0.0)
        self.things: list[Thing] = []
        self.events: list[Event] = []
        self.clock = 0.0
        self.middles = {i: (XS[i % SIDE], YS[i // SIDE]) for i in range(CELLS)}
        self.opened: dict[int, float] = {}
        self.closed: dict[int, float] = {}
        """When each cell's cover begins to go, and when it is back."""

    def layout(self) -> Layout:
        line, matrix = self.line, self.matrix
        line.add("board", (0.0, 0.0), (15.0, 8.8), solid=False, tracked=False)
        for cell in range(CELLS):
            name, middle = cell_name(cell), self.middles[cell]
            line.add(f"lid {name}", middle, CELL, z=6, solid=False, tracked=False)
            if cell != matrix.missing:
                self.put(name, middle, "cell", self.look(cell), matrix.bead(cell, 1))
        half, rest = CELLS // 2, [self.times.uniform(0.0, 0.25) for _ in range(CELLS - 1)]
        slack = sum(rest[half:]) - sum(rest[:half])  # the middle of the time up to the questions lies in the break
        lead, tail = self.times.uniform(0.8, 1.2), self.times.uniform(0.4, 0.8)
        self.clock = lead + max(0.0, tail - lead + slack)
        tail += max(0.0, lead - tail - slack)
        for part in (range(half), range(half, CELLS - 1)):
            self.uncover_in_turn([(matrix.order[i], rest[i]) for i in part])
            self.clock += BREAK if part.start == 0 else tail
        asked = round(self.clock, 3)
        self.shake_covers(asked)
        options = self.show_options()
        line.duration = round(self.clock, 3)
        self.events.sort(key=lambda event: (event.start, event.id))
        details = {
            "asked": asked,
            "opened": self.opened,
            "closed": self.closed,
            "options": options,
            "order": self.letters,
        }
        return Layout(line, tuple(self.things), tuple(self.events), details=details)

    def look(self, cell: int) -> dict[str, JsonValue]:
        """What can be seen of a cell beside its bead."""
        return {
            name: words_of(name, values[cell])
            for name, values in self.matrix.cells.items()
            if name not in ("start", "step")
        }

    def put(self, name: str, middle: tuple[float, float], kind: str, look: dict[str, JsonValue], place: int) -> None:
        """A cell and its bead, not yet to be seen."""
        bead = f"bead {name.removeprefix('option ')}"
        self.line.add(name, middle, CELL, z=2, opacity=0.0, solid=False)
        self.line.add(bead, spot(middle, place), (BEAD, BEAD), z=4, opacity=0.0, solid=False, round=True)
        self.things.append(Thing(id=name, kind=kind, attributes=look, shape_fills_box=False))
        self.things.append(Thing(id=bead, kind="bead"))

    def fade(self, name: str, to: float, start: float) -> None:
        self.line.change(name, "opacity", to, round(start, 3), round(start + FADE, 3), ease="linear")

    def uncover_in_turn(self, cells: list[tuple[int, float]]) -> None:
        """Let cells be seen one after another, some of them together for a while; at the end all are covered."""
        kept = self.matrix.params.kept
        order = [cell for cell, _ in cells]
        for number, (cell, rest) in enumerate(cells):
            self.uncover(cell, rest)
            if number + 1 < len(cells) and number + 1 >= kept:
                self.cover(order[number + 1 - kept])
            self.clock += GAP
        for cell in order[len(cells) - kept :]:
            self.cover(cell)
            self.clock += STAGGER if cell != order[-1] else 0.0

    def uncover(self, cell: int, rest: float) -> None:
        matrix, name = self.matrix, cell_name(cell)
        self.opened[cell] = round(self.clock, 3)
        self.fade(f"lid {name}", 0.0, self.clock)
        for shown in (name, f"bead {name}"):
            self.fade(shown, 1.0, self.clock)
        self.clock += FADE + HOLD
        for beat in range(1, matrix.params.beats):
            here, there = matrix.bead(cell, beat), matrix.bead(cell, beat + 1)
            step = (there - here + 4) % len(PLACES) - 4
            self.go(f"bead {name}", self.middles[cell], here, step)
            self.note("steps", f"bead {name}", self.clock, self.clock + STEP)
            self.clock += STEP + REST
        self.clock += rest

    def go(self, bead: str, middle: tuple[float, float], place: int, step: int) -> None:
        """Let a bead go along the frame, clockwise if the step is positive."""
        ways = abs(step)
        for i in range(ways):
            place += 1 if step > 0 else -1
            start, end = (self.clock + STEP * share / ways for share in (i, i + 1))
            self.line.move(bead, spot(middle, place), round(start, 3), round(end, 3), ease="linear")

    def cover(self, cell: int) -> None:
        name, opened = cell_name(cell), self.opened[cell]
        self.fade(f"lid {name}", 1.0, self.clock)
        for shown in (name, f"bead {name}"):
            self.fade(shown, 0.0, self.clock)
        self.note("opens", name, opened + FADE / 2, self.clock + FADE / 2)
        self.clock += FADE
        self.closed[cell] = round(self.clock, 3)

    def note(self, kind: str, what: str, start: float, end: float) -> None:
        number = len(self.events) + 1
        event = Event(id=f"{kind} {number}", kind=kind, objects=(what,), start=round(start, 3), end=round(end, 3))
        self.events.append(event)

    def shake_covers(self, until: float) -> None:
        """Covers that lie on their cells shake now and then."""
        rng, length = self.rng.fork("shakes"), 0.6
        taken: list[tuple[float, int]] = []
        for _ in range(40 * self.matrix.params.shakes):
            if len(taken) == self.matrix.params.shakes:
                break
            cell, start = rng.integer(0, CELLS - 1), rng.uniform(0.4, until - 1.2)
            free = not self.opened.get(cell, until) - 0.3 < start + length or start > self.closed.get(cell, until) + 0.2
            if free and all(abs(start - other) > length + 0.1 for other, own in taken if own == cell):
                taken.append((start, cell))
        for start, cell in sorted(taken):
            begin, end = round(start, 3), round(start + length, 3)
            shake(self.line, f"lid {cell_name(cell)}", begin, end, 0.12)
            self.note("shakes", f"lid {cell_name(cell)}", begin, end)

    def show_options(self) -> tuple[float, float]:
        """Take the matrix away and show lettered cells, whose beads step as long as the others' did."""
        matrix = self.matrix
        for name in ("board", *(f"lid {cell_name(cell)}" for cell in range(CELLS))):
            self.fade(name, 0.0, self.clock)
        self.clock += FADE + 0.15
        looks = options_of(matrix)
        self.letters = self.rng.fork("options").shuffled(range(len(looks)))
        start, steps = self.clock, []
        places = OPTIONS_4 if len(looks) == 4 else OPTIONS_8
        for letter, number, middle in zip("ABCDEFGH"[: len(looks)], self.letters, places, strict=True):
            look = looks[number]
            seen = {name: words_of(name, value) for name, value in look.items() if name not in ("start", "step")}
            self.put(f"option {letter}", middle, "option", seen, look["start"])
            self.line.add(
                f"letter {letter}",
                (middle[0] + LETTER[0], middle[1] + LETTER[1]),
                (0.6, 0.7),
                z=5,
                solid=False,
                tracked=False,
            )
            self.line.change(f"letter {letter}", "opacity", 0.0, 0.0)
            for name in (f"option {letter}", f"bead {letter}", f"letter {letter}"):
                self.fade(name, 1.0, start)
            steps.append((f"bead {letter}", middle, look["start"], look["step"]))
        self.clock += FADE + LOOK
        for beat in range(1, matrix.params.beats):
            for bead, middle, first, step in steps:
                self.go(bead, middle, first + (beat - 1) * step, step)
            self.clock += STEP + REST
        self.clock += self.times.uniform(0.5, 0.9)
        end = round(self.clock, 3)
        self.events += [
            Event(
                id=f"option {letter}",
                kind="option",
                objects=(f"option {letter}",),
                start=round(start + FADE, 3),
                end=end,
            )
            for letter in "ABCDEFGH"[: len(looks)]
        ]
        return round(start + FADE, 3), end


def options_of(matrix: Matrix) -> list[dict[str, int]]:
    """The lettered cells, the missing one first: all that can be made of the two values of each feature that they differ in."""
    own: dict[str, int] = {name: values[matrix.missing] for name, values in matrix.cells.items()}
    made: list[dict[str, Any]] = []
    for chosen in product(*matrix.options.values()):
        made.append(own | dict(zip(matrix.options, chosen, strict=True)))
    return made
