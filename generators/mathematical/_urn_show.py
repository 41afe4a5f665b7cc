"""Urns, a box and a die in a row: plates say what is in them, go away, and then tokens come out and the die is rolled."""

from pydantic import JsonValue

from generators.mathematical._urn_acts import BACK, BIN, Act, Trial
from morse import gestures
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.timeline import Timeline

URN, TOKEN, DIE, SCREEN, TROUGH = (2.3, 2.9), 1.3, 1.5, (2.7, 3.0), (7.0, 1.15)
"""Sizes in canvas units."""
FLOOR, MOUTH, HELD, ROLLED = -1.15, 0.2, 1.6, -1.0
"""Heights of the middle of urns, of their mouths, of a token that is held up, of the die when it lies."""
BIN_AT = (0.0, -3.7)
PLATE, ROW = 2.75, 0.68
"""Width of a plate, and how high one of its rows is."""
GONE = 0.4
"""Seconds in which plates go away."""
RISE, GO, GAP = 0.5, 0.65, 0.25


class TrialShow:
    """The clock of a clip."""

    def __init__(self, trial: Trial, rng: Rng) -> None:
        self.trial, self.rng, self.times = trial, rng, rng.steady("times")
        self.stations = rng.shuffled([*trial.urns, "box", "die"])
        step = 15.6 / len(self.stations)
        self.x = {name: (i - (len(self.stations) - 1) / 2) * step for i, name in enumerate(self.stations)}
        self.line = Timeline(0.0)
        self.clock = round(4.4 + 0.6 * trial.params.kinds + self.times.uniform(0.0, 0.6), 3)
        self.read = self.clock
        """Until when the plates can be read."""
        self.spans: list[tuple[float, float, str]] = []
        """From when to when each act is seen, and on what."""
        self.things: list[Thing] = []
        self.events: list[Event] = []

    def layout(self) -> Layout:
        trial, line = self.trial, self.line
        for name in self.stations:
            if name != "die":
                line.add(name, (self.x[name], FLOOR), URN, z=4)
                kind = "box" if name == "box" else "urn"
                self.things.append(Thing(id=name, kind=kind, shape_fills_box=False))
            self._plate(name)
        line.add("tray", (self.x["die"], -2.2), (2.5, 0.5), z=1, solid=False, tracked=False)
        line.add("bin", BIN_AT, TROUGH, z=7, tracked=False)
        line.add("screen", (self.x["die"], 6.3), SCREEN, z=8, tracked=False)
        self.clock += GONE + self.times.uniform(0.5, 0.9)
        for number, act in enumerate(trial.acts):
            start = round(self.clock, 3)
            if act.what == "shake":
                seen = self._shake(act, start)
            elif act.what == "roll":
                seen = self._roll(number, act, start)
            else:
                seen = self._draw(number, act, start)
            end = round(self.clock, 3)
            self.spans.append((start, end, seen))
            self.clock = end + GAP + self.times.uniform(0.0, 0.2)
        line.duration = round(self.clock + self.times.uniform(0.4, 0.9), 3)
        details = {"spans": self.spans, "read": self.read, "stations": self.stations, "x": self.x}
        return Layout(line, tuple(self.things), tuple(self.events), details=details)

    def _plate(self, name: str) -> None:
        """What is in an urn, what the box may be filled like, or the faces of the die."""
        trial, said = self.trial, {}
        if name in trial.urns:
            said = dict(zip(trial.kinds, trial.urns[name], strict=True))
        rows = trial.params.kinds if name in trial.urns else 2
        height = ROW * rows + (1.0 if name == "die" else 0.35)
        plate = f"plate {name}"
        self.line.add(plate, (self.x[name], MOUTH + 0.35 + height / 2), (PLATE, height), z=9)
        self.line.change(plate, "opacity", 0.0, self.read, self.read + GONE)
        attributes: dict[str, JsonValue] = {"of": name, **said}
        attributes |= {"faces": [*trial.faces]} if name == "die" else {}
        attributes |= {"pair": [*trial.pair]} if name == "box" else {}
        self.things.append(Thing(id=plate, kind="plate", attributes=attributes))

    def _draw(self, number: int, act: Act, start: float) -> str:
        """A token comes out of an urn or the box, is held up, and goes where it goes."""
        line, covered = self.line, act.what == "slip"
        name, x = f"token {number}", self.x[act.at]
        up, held = start + RISE, start + RISE + self.times.uniform(0.85, 1.1)
        self.clock = held + GO
        line.add(name, (x, MOUTH), (TOKEN, TOKEN), z=5, round=True, opacity=0.0, scale=0.2)
        line.change(name, "opacity", 1.0, start)
        line.change(name, "scale", 1.0, start, up)
        line.move(name, (x, HELD), start, up, ease="out")
        if act.to == BIN:
            to = (BIN_AT[0] + self.rng.uniform(-0.32, 0.32) * TROUGH[0], BIN_AT[1] - 0.1)
            line.move(name, to, held, self.clock, ease="in")
        else:
            place = self.x[act.at if act.to in (BACK, "") else act.to]
            half = held + (0.0 if place == x else 0.55 * GO)
            if place != x:
                line.move(name, (place, HELD), held, half)
            line.move(name, (place, MOUTH), half, self.clock, ease="in")
            line.change(name, "scale", 0.2, half, self.clock, ease="in")
        line.change(name, "opacity", 0.0, self.clock)
        said: dict[str, JsonValue] = {} if covered else {"kind": self.trial.kinds[act.kind]}
        self.things.append(Thing(id=name, kind="cover" if covered else "token", attributes=said, shape_fills_box=False))
        self.events.append(
            Event(
                id=f"e{number}",
                kind="slip" if covered else "draw",
                objects=(name,),
                start=start,
                end=round(self.clock, 3),
            )
        )
        return name

    def _roll(self, number: int, act: Act, start: float) -> str:
        """The die tumbles and lies; or it does so behind the screen, and a sign says something of it."""
        line, rng, x = self.line, self.times, self.x["die"]
        name = f"roll {number}"
        if act.hint:
            line.move("screen", (x, ROLLED), start, start + 0.5)
            start += 0.45
        lies = start + 0.65
        line.add(
            name, (x, 2.6), (DIE, DIE), z=6, opacity=0.0, angle=self.rng.uniform(4.0, 9.0) * self.rng.choice((-1, 1))
        )
        line.change(name, "opacity", 1.0, start, start + 0.1)
        line.move(name, (x, ROLLED), start, lies, ease="in")
        line.change(name, "angle", 0.0, start, lies, ease="out")
        seen, kind = name, "die"
        said: dict[str, JsonValue] = {"face": act.face}
        end = lies + rng.uniform(1.0, 1.25)
        if act.hint:
            seen, kind, said = f"sign {number}", "hidden die", {}
            line.add(seen, (x, ROLLED + 0.1), (2.3, 0.9), z=9, opacity=0.0)
            line.change(seen, "opacity", 1.0, lies, lies + 0.15)
            end += 0.5
            line.change(seen, "opacity", 0.0, end, end + 0.15)
            self.things.append(Thing(id=seen, kind="sign", attributes={"says": act.hint}))
            line.change(name, "opacity", 0.0, end, end + 0.15)
            line.move("screen", (x, 6.3), end + 0.2, end + 0.6)
            self.clock = end + 0.6
        else:
            line.change(name, "opacity", 0.0, end, end + 0.2)
            self.clock = end + 0.2
        self.things.append(Thing(id=name, kind=kind, attributes=said, shape_fills_box=False))
        self.events.append(
            Event(id=f"e{number}", kind="roll", objects=(seen,), start=round(lies, 3), end=round(end, 3))
        )
        return seen

    def _shake(self, act: Act, start: float) -> str:
        self.clock = start + 0.7
        gestures.shake(self.line, act.at, start, self.clock, 0.12)
        return act.at
