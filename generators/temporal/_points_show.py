"""A board with switches, points and lamps in time and space: hands come, pulses run, lamps light."""

from pydantic import JsonValue

from generators.temporal._acts import add_balls
from generators.temporal._points_world import SWITCHES, Course
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.timeline import Timeline

BUTTON, POINT, LAMP, HAND = 1.0, 0.92, 1.16, (2.9, 1.0)
"""Sizes in canvas units: diameters of a switch, a point and a lamp, and the size of a hand with its sleeve."""
LEFT, RIGHT = -4.7, 6.4
"""Where the switches are, and the lamps."""
FIRST, SHOWN = 0.6, 2.6
"""When the points are shown, and for how many seconds."""
COME, WIRE, LIT, FADE = 0.6, 0.7, 2.0, 0.16
"""Seconds in which a hand comes, a pulse runs along a wire, a lamp is lit, and anything fades."""
GAP = (0.6, 1.1)
"""Seconds from when a lamp goes out to when the next hand comes."""


def column_x(column: int, layers: int) -> float:
    """Where a column is: 0 the first points, ``layers`` the lamps."""
    step = (RIGHT - LEFT) / (layers + 1)
    return LEFT + step * (column + 1)


def row_y(row: int, count: int, layers: int) -> float:
    """How high a row of so many is."""
    step = min(2.1, 7.4 / (SWITCHES + layers - 1))
    return ((count - 1) / 2 - row) * step


class BoardShow:
    """The clock of a clip with a board."""

    def __init__(self, course: Course, rng: Rng) -> None:
        self.course, self.rng = course, rng
        self.layers = course.params.layers
        self.line = Timeline(0.0)
        self.events: list[Event] = []
        self.presses: list[float] = []
        self.lit: list[tuple[float, float]] = []

    def layout(self) -> Layout:
        things = self.put()
        times = self.rng.steady("times")
        half = (len(self.course.presses) + 1) // 2
        gaps = [times.uniform(*GAP) for _ in range(half)]
        clock = FIRST + SHOWN + times.uniform(0.5, 0.9)
        before = clock
        count = len(self.course.presses)
        feinting = self.rng.fork("feints").sample(range(count), min(count, (self.course.params.feints + 1) // 2))
        for number in range(count):
            if number == half:
                clock += times.uniform(1.6, 2.4)
                gaps = times.shuffled(gaps)
            clock = self.press(number, clock) + gaps[number % half]
            if number in feinting:
                self.feint(number)
        missing = 2 * half - count
        length = COME + WIRE * (self.layers + 1) + LIT
        self.line.duration = round(clock + before + missing * (length + GAP[0]), 3)
        balls, rolls = add_balls(
            self.line, self.course.params.feints // 2, self.line.duration, self.rng.fork("balls")
        )  # fmt: skip
        events = sorted([*self.events, *rolls], key=lambda event: (event.start, event.id))
        details = {"presses": self.presses, "lit": self.lit}
        return Layout(self.line, (*things, *balls), tuple(events), details=details)

    def put(self) -> list[Thing]:
        """Switches, points under their caps, lamps, the pulse, and hands out of sight."""
        line, layers, things = self.line, self.layers, []
        for row in range(SWITCHES):
            name = f"switch {'ABC'[row]}"
            line.add(name, (LEFT, row_y(row, SWITCHES, layers)), (BUTTON, BUTTON), z=3, round=True, solid=False)
            things.append(Thing(id=name, kind="switch", attributes={"row": row}))
        for (column, row), down in self.course.down.items():
            name, at = f"point {column + 1}.{row + 1}", self.spot(column, row)
            line.add(name, at, (POINT, POINT), z=3, round=True, solid=False, tracked=False)
            line.add(f"{name} cap", at, (POINT, POINT), z=4, round=True, solid=False)
            line.change(f"{name} cap", "opacity", 0.0, FIRST - FADE, FIRST)
            line.change(f"{name} cap", "opacity", 1.0, FIRST + SHOWN, FIRST + SHOWN + FADE)
            says: dict[str, JsonValue] = {"column": column, "row": row, "points": "down" if down else "up"}
            things.append(Thing(id=name, kind="point", attributes=says))
            things.append(Thing(id=f"{name} cap", kind="cap"))
        for row, letter in enumerate(self.course.params.lamps):
            name, at = f"lamp {letter}", self.spot(layers, row)
            line.add(name, at, (LAMP, LAMP), z=3, round=True, solid=False)
            line.add(f"{name} lit", at, (1.5 * LAMP, 1.5 * LAMP), z=4, opacity=0.0, solid=False, tracked=False)
            things.append(Thing(id=name, kind="lamp", attributes={"letter": letter, "row": row}))
        line.add("pulse", (LEFT, 0.0), (0.5, 0.5), z=6, opacity=0.0, round=True, solid=False)
        things.append(Thing(id="pulse", kind="pulse", shape_fills_box=False))
        for who in sorted(self.course.people):
            line.add(who, (-10.0, 0.0), HAND, z=8, solid=False)
            things.append(Thing(id=who, kind="hand", attributes={"name": who}, shape_fills_box=False))
        self.events.append(Event(id="shown", kind="points shown", objects=(), start=FIRST, end=FIRST + SHOWN))
        return things

    def spot(self, column: int, row: int) -> tuple[float, float]:
        return column_x(column, self.layers), row_y(row, SWITCHES + column, self.layers)

    def press(self, number: int, start: float) -> float:
        """Let a hand press a switch, and the pulse run to its lamp; returns when the lamp goes out."""
        line, one = self.line, self.course.presses[number]
        at = round(start + COME, 3)
        y = row_y(one.switch, SWITCHES, self.layers)
        switch = f"switch {'ABC'[one.switch]}"
        line.move(one.who, (-10.0, y), start, start)
        line.move(one.who, (LEFT - BUTTON / 2 - HAND[0] / 2 + 0.35, y), start, at, ease="out")
        line.move(one.who, (-10.0, y), at + 0.9, at + 0.9 + COME, ease="in")
        line.change(switch, "scale", 0.84, at, at + 0.1)
        line.change(switch, "scale", 1.0, at + 0.25, at + 0.4)
        line.move("pulse", (LEFT, y), at, at)
        line.change("pulse", "opacity", 1.0, at, at)
        clock = at
        for column, row in enumerate(one.rows):
            line.move("pulse", self.spot(column, row), clock, clock + WIRE, ease="linear")
            clock = round(clock + WIRE, 3)
        line.change("pulse", "opacity", 0.0, clock, clock)
        end = round(clock + LIT, 3)
        lamp = f"lamp {one.lamp}"
        line.change(f"{lamp} lit", "opacity", 1.0, clock - FADE / 2, clock + FADE / 2, ease="linear")
        line.change(f"{lamp} lit", "opacity", 0.0, end - FADE / 2, end + FADE / 2, ease="linear")
        self.presses.append(at)
        self.lit.append((clock, end))
        self.tell("presses", (one.who, switch), at, at + 0.9)
        self.tell("lights", (lamp,), clock, end, (self.events[-1].id,))
        return end

    def tell(self, kind: str, objects: tuple[str, ...], start: float, end: float, causes: tuple[str, ...] = ()) -> None:
        number = sum(event.kind == kind for event in self.events) + 1
        self.events.append(
            Event(
                id=f"{kind} {number}",
                kind=kind,
                objects=objects,
                start=round(start, 3),
                end=round(end, 3),
                causes=causes,
            )
        )

    def feint(self, number: int) -> None:
        """While a lamp is lit, let somebody else's hand come near, and go again."""
        rng = self.rng.fork(f"feint {number}")
        busy = [press.who for press in self.course.presses[number : number + 2]]
        who = rng.choice([name for name in self.course.people if name not in busy])
        y = row_y(rng.integer(0, SWITCHES - 1), SWITCHES, self.layers)
        start = round(self.lit[number][0] + 0.2, 3)
        self.line.move(who, (-10.0, y), start, start)
        self.line.move(who, (LEFT - BUTTON / 2 - HAND[0] / 2 - 0.9, y), start, start + 0.6, ease="out")
        self.line.move(who, (-10.0, y), start + 0.9, start + 1.5, ease="in")
        self.tell("turns back", (who,), start, start + 1.5)
