"""A circuit in space and time: it is shown, then a blind comes down over its parts, then switches are pressed and lamps come on."""

import math

from pydantic import JsonValue

from generators.temporal._chain_world import LAMPS, Circuit
from morse import gestures
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.timeline import HEIGHT, Timeline

EDGE, TOP = 6.9, 3.55
"""How far from the middle switches and lamps are, and how high the first row is."""
PART, SWITCH, LAMP = (1.9, 1.0), (1.5, 0.86), 1.0
BLIND = (12.2, 8.7)
ROOM = 0.25
"""How much more room there is before the lamps than between other columns: wires cross there."""
FLIP, GLOW = 0.06, 0.06
"""Seconds in which a switch turns and a lamp comes on."""
DOWN = 0.9
"""Seconds in which the blind comes down."""


class Show:
    """Places and times of a circuit."""

    def __init__(self, circuit: Circuit, rng: Rng) -> None:
        self.circuit, self.rng = circuit, rng
        rows = circuit.params.rows
        self.line = Timeline(circuit.seconds)
        self.switches = rng.fork("switches").shuffled([str(number + 1) for number in range(rows)])
        self.lamps = rng.fork("lamps").shuffled(LAMPS[:rows])
        self.ys = [TOP - 2 * TOP * row / (rows - 1) for row in range(rows)]
        self.events: list[Event] = []

    def xs(self, column: int) -> float:
        """Where a column of parts stands."""
        return -EDGE + (column + 1) * 2 * EDGE / (self.circuit.params.columns + 1 + ROOM)

    def layout(self) -> Layout:
        circuit, line = self.circuit, self.line
        things = [*self.ends(), *self.parts()]
        line.add("blind", (0.0, HEIGHT + 0.2), BLIND, z=9)
        line.move("blind", (0.0, 0.0), circuit.lead, circuit.lead + DOWN)
        self.tell("covers", "blind", circuit.lead, circuit.lead + DOWN)
        things.append(Thing(id="blind", kind="blind"))
        self.shakes()
        events = tuple(sorted(self.events, key=lambda event: (event.start, event.id)))
        details = {"switches": self.switches, "lamps": self.lamps, "parts": self.names}
        return Layout(line, tuple(things), events, details=details)

    def ends(self) -> list[Thing]:
        """Switches and lamps, each in the order of their labels."""
        things, lit = [], self.circuit.lit()
        outlets = self.rng.fork("outlets").shuffled(self.ys)  # else the lamps of a switch would be those that are near
        for switch in sorted(self.switches):
            row = self.switches.index(switch)
            self.line.add(switch, (-EDGE, self.ys[row]), SWITCH, z=3, on=0.0)
            if row in self.circuit.presses:
                time = self.circuit.presses[row]
                self.line.change(switch, "on", 1.0, time, time + FLIP)
                self.tell("press", switch, time, time + FLIP)
            things.append(Thing(id=switch, kind="switch", attributes={"label": switch}, shape_fills_box=False))
        for lamp in sorted(self.lamps):
            row = self.lamps.index(lamp)
            self.line.add(lamp, (EDGE, outlets[row]), (LAMP, LAMP), z=3, round=True, lit=0.0)
            if lit[row].time < math.inf:
                time = round(lit[row].time, 3)
                self.line.change(lamp, "lit", 1.0, time, time + GLOW)
                self.tell("lights", lamp, time, time + GLOW)
            says: dict[str, JsonValue] = {"label": lamp, "from": [self.name(self.circuit.params.columns, row)]}
            things.append(Thing(id=lamp, kind="lamp", attributes=says, shape_fills_box=False))
        return things

    def parts(self) -> list[Thing]:
        things = []
        columns = self.circuit.columns
        self.names = {self.name(c + 1, row): (c, row) for c, column in enumerate(columns) for row in range(len(column))}
        for name, (column, row) in self.names.items():
            part = columns[column][row]
            self.line.add(name, (self.xs(column), self.ys[row]), PART, z=3)
            sources: list[JsonValue] = [self.name(column, source) for source in part.inputs]
            says: dict[str, JsonValue] = {"waits_for": part.waits_for, "seconds": part.seconds, "from": sources}
            things.append(Thing(id=name, kind="part", attributes=says, shape_fills_box=False))
        return things

    def name(self, column: int, row: int) -> str:
        """What stands in a row of a column, the switches being column 0."""
        return self.switches[row] if column == 0 else f"part {column}.{row + 1}"

    def shakes(self) -> None:
        """Switches are shaken now and then, when they are not pressed."""
        rng, shaken = self.rng.fork("shakes"), []
        for _ in range(20 * self.circuit.params.decoys):
            if len(shaken) == self.circuit.params.decoys:
                break
            switch = rng.choice(self.switches)
            start = round(rng.uniform(self.circuit.lead + DOWN, self.line.duration - 1.2), 3)
            pressed = self.circuit.presses.get(self.switches.index(switch), -9.0)
            if abs(pressed - start - 0.4) > 1.0 and all(abs(start - other) > 1.0 for other, _ in shaken):
                shaken.append((start, switch))
        for start, switch in sorted(shaken):
            gestures.shake(self.line, switch, start, start + 0.7, 0.16)
            self.tell("shakes", switch, start, start + 0.7)

    def tell(self, kind: str, name: str, start: float, end: float) -> None:
        number = sum(event.kind == kind for event in self.events) + 1
        self.events.append(
            Event(id=f"{kind} {number}", kind=kind, objects=(name,), start=round(start, 3), end=round(end, 3))
        )
