"""A number machine in space and time: its display, its sign, its lamp, and the tickets that come to its mouth."""

from pydantic import JsonValue

from generators.mathematical._machine_questions import Run
from morse.layout import Layout
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.timeline import Timeline

MACHINE, TICKET, ROUND, LAMP = (4.9, 5.2), (4.2, 1.9), (4.6, 2.5), 0.8
"""Sizes in canvas units: of the machine, of a ticket, of a round one, of the lamp on the machine."""
DARK = 2.8
"""Seconds until the display goes dark."""
COME, GO, BACK = 0.55, 0.45, 0.95
"""Seconds that a ticket takes to come, to go to the mouth and to turn back from there."""
NOUNS = ("ticket", "parcel", "cart")
SIGN_LINES = {
    "round": "if it is round",
    "starred": "if it has a star",
    "lit": "if the lamp is lit",
    "turned": "if it turns back",
}
LINE = 0.74
"""Height of a line of the sign."""


class Show:
    """Places and times of a run."""

    def __init__(self, run: Run, rng: Rng) -> None:
        self.run, self.rng = run, rng
        self.way = rng.choice((-1, 1))  # tickets move to the right, or all is the other way round
        self.noun = rng.choice(NOUNS)
        self.mouth = (5.3 * self.way, -0.9)
        goes = GO + BACK + 0.1 if "turned" in run.rules else GO + 0.3
        self.passes: list[tuple[float, float]] = []
        time = DARK + 0.9
        for _ in run.tickets:
            start = round(time + COME, 3)
            hold = rng.uniform(run.hold, run.hold + 0.3)
            self.passes.append((start, round(start + hold + goes, 3)))
            time = self.passes[-1][1] + rng.uniform(0.2, 0.5) + (rng.uniform(0.4, 1.5) if rng.chance(0.12) else 0.0)
        self.goes = goes
        self.line = Timeline(round(time + rng.uniform(0.4, 1.0), 3))

    def layout(self) -> Layout:
        run, line, rng = self.run, self.line, self.rng
        x, _ = self.mouth
        line.add("machine", (x, -0.5), MACHINE, z=5)
        line.add("display", (x, 1.1), (2.9, 1.3), z=6)
        line.add("start number", (x, 1.1), (1.5, 0.9), z=7, solid=False)
        line.change("start number", "opacity", 0.0, DARK, DARK + 0.25)
        line.add("lamp", (x + 1.2 * self.way, 2.55), (LAMP, LAMP), z=6, round=True, lit=0.0)
        line.add("wheel", (x + 1.0 * self.way, -2.0), (1.5, 1.5), z=6, round=True)
        height = LINE * (len(run.rules) + 1) + 0.35
        line.add("sign", (-3.6 * self.way, 4.2 - height / 2), (7.4, height), z=1)
        rules: dict[str, JsonValue] = {"rules": list(run.rules)}
        things = [
            Thing(id="machine", kind="machine"),
            Thing(id="display", kind="display"),
            Thing(id="start number", kind="start", attributes={"number": str(run.start)}, shape_fills_box=False),
            Thing(id="lamp", kind="lamp"),
            Thing(id="wheel", kind="wheel", shape_fills_box=False),
            Thing(id="sign", kind="sign", attributes=rules),
        ]
        events, names = [], []
        numbers = rng.shuffled(range(1, len(run.tickets) + 1))
        for number, ticket, (start, end) in zip(numbers, run.tickets, self.passes, strict=True):
            name = f"ticket {number}"
            names.append(name)
            self.send(name, ticket.features, start, end)
            says: dict[str, JsonValue] = {"text": ticket.text, "star": "starred" in ticket.features}
            things.append(Thing(id=name, kind="ticket", attributes=says))
            events.append(Event(id=name, kind="comes", objects=(name,), start=start, end=end))
        states = (State(start=0.0, end=DARK, values={"display": run.start}, shown=True),)
        rate = 2.0 if "turned" in run.rules else 1.0
        details = {"names": names, "passes": self.passes, "dark": DARK, "noun": self.noun, "rate": rate}
        details |= {"rules": run.rules, "way": self.way}
        return Layout(line, tuple(things), tuple(events), states, details)

    def send(self, name: str, features: frozenset[str], start: float, end: float) -> None:
        """Let a ticket come, stay to be read, and go into the machine or turn back."""
        line, rng, way = self.line, self.rng, self.way
        size = ROUND if "round" in features else TICKET
        spot = (-2.3 * way + rng.uniform(-0.6, 0.6), rng.uniform(-1.8, -0.4))
        line.add(name, (-10.4 * way, rng.uniform(-3.0, 0.3)), size, z=3, round="round" in features)
        line.move(name, spot, start - COME, start, ease="out", bend=rng.uniform(-0.25, 0.25))
        leaves = round(end - self.goes, 3)
        if "lit" in features:
            line.change("lamp", "lit", 1.0, start - 0.3, start - 0.2)
            line.change("lamp", "lit", 0.0, end - 0.1, end)
        at = round(leaves + GO, 3)
        if "turned" in features:
            line.move(name, (self.mouth[0] - way * (MACHINE[0] + size[0]) / 2, self.mouth[1]), leaves, at)
            line.move(name, (-10.4 * way, rng.uniform(-3.3, -2.3)), at + 0.1, end, ease="in")
            return
        line.move(name, self.mouth, leaves, at, ease="in")
        turned = line.actors["wheel"].channels["angle"].last - way * rng.uniform(1.5, 3.0)
        line.change("wheel", "angle", turned, at - 0.15, at + 0.25)
