"""A wall of clocks in time and space: the curtain goes up and down, hands tick, are set, swing and stand still."""

from typing import Any

from pydantic import JsonValue

from generators.temporal._acts import add_balls
from generators.temporal._clock_world import DAY, TICK, Wall
from morse.layout import Layout
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.timeline import HEIGHT, WIDTH, Timeline

SIDE = {4: 3.3, 5: 2.9, 6: 2.9, 7: 2.9, 8: 2.9}
"""Width of a clock in canvas units, by how many there are."""
UP, TICKS, SWEEP = 0.5, 0.16, (0.34, 0.5)
"""Seconds in which the curtain goes up or down, in which hands tick, and when in a beat they are set, and for how long."""
SWING = 20
"""By how many minutes hands swing out."""
CURTAIN = 8.75
"""How far the curtain goes up."""


def spots(count: int, rng: Rng) -> list[tuple[float, float]]:
    """Where so many clocks hang: in a row, or in two."""
    rows = [count] if count <= 4 else [(count + 1) // 2, count // 2]
    places = []
    for number, row in enumerate(rows):
        y = 0.35 if len(rows) == 1 else (2.35, -1.9)[number]
        cell = (WIDTH - 0.6) / row
        for i in range(row):
            rise = rng.uniform(-0.9, 0.9) if len(rows) == 1 else rng.uniform(-0.08, 0.08)
            places.append(((i - (row - 1) / 2) * cell + rng.uniform(-0.1, 0.1), y + rise))
    return places


class WallShow:
    """The clock of a clip with clocks."""

    def __init__(self, wall: Wall, rng: Rng) -> None:
        self.wall, self.rng = wall, rng
        times = rng.steady("times")
        self.pace, self.times = times.uniform(1.05, 1.25), times
        self.clock = round(times.uniform(0.5, 1.0), 3)
        self.line = Timeline(0.0)
        self.events: list[Event] = []
        self.states: list[State] = []
        self.now = dict(wall.starts)
        """What each clock shows, in minutes that are not taken back to twelve."""
        self.moves: dict[str, list[tuple[float, float]]] = {name: [] for name in wall.starts}
        self.acts: list[tuple[float, float]] = []
        self.downs: list[float] = []

    def layout(self) -> Layout:
        names = self.rng.fork("order").shuffled([*self.wall.starts])
        side = SIDE[len(names)]
        things = []
        for name, at in zip(names, spots(len(names), self.rng.fork("spots")), strict=True):
            self.line.add(name, at, (side, side), z=1)
            self.line.add(f"hands {name}", at, (side, side), z=3, solid=False, tracked=False, minutes=self.now[name])
            things.append(Thing(id=name, kind="clock", attributes={"name": name}, shape_fills_box=False))
        self.line.add("curtain", (0.0, 0.0), (WIDTH + 0.4, HEIGHT + 0.4), z=20, tracked=False)
        number = 0
        for act in range(self.wall.params.acts):
            self._rise()
            first = self.clock
            self._wait(0.9, 1.3)
            while number < len(self.wall.slots) and not self.wall.slots[number].hidden:
                self._beat(number)
                number += 1
            self._wait(0.7, 1.0)
            self.acts.append((first, self.clock))
            self._fall()
            if act < self.wall.params.acts - 1:
                self._hidden(number)
                number += 1
        self.line.duration = round(self.clock + self.times.uniform(0.6, 1.2), 3)
        balls, passes = add_balls(
            self.line, self.wall.params.decoys // 2, self.line.duration, self.rng.fork("balls")
        )  # fmt: skip
        self._stands()
        events = sorted([*self.events, *passes], key=lambda event: (event.start, event.id))
        details: dict[str, Any] = {"acts": self.acts, "downs": self.downs, "moves": self.moves}
        return Layout(self.line, (*things, *balls), tuple(events), tuple(self.states), details)

    def _beat(self, number: int) -> None:
        """All hands tick but those that stand; then one clock may be set, or its hands swing."""
        start, touches = self.clock, [touch for touch in self.wall.touches if touch.slot == number]
        standing = [touch.clock for touch in touches if touch.stands]
        for name in self.now:
            if name not in standing:
                self._turn(name, TICK, start, start + TICKS)
        begin, end = start + SWEEP[0], start + sum(SWEEP)
        for touch in touches:
            if not touch.stands:
                self._turn(touch.clock, touch.minutes, begin, end)
                self._tell("sets", (touch.clock,), begin, end, minutes=touch.minutes)
        for place, name in self.wall.swings:
            if place == number:
                self._turn(name, SWING, begin, (begin + end) / 2)
                self._turn(name, -SWING, (begin + end) / 2, end)
                self._tell("swings", (name,), begin, end)
        self.clock = round(start + self.pace, 3)
        self._tell("beat", tuple(self.now), start, self.clock - 0.05)
        self._state(end, self.clock)

    def _hidden(self, number: int) -> None:
        """Time passes behind the curtain, and one clock may be set."""
        self._wait(0.6, 1.1)
        for name in self.now:
            self._turn(name, self.wall.slots[number].minutes, self.clock, self.clock)
        for touch in self.wall.touches:
            if touch.slot == number:
                self._turn(touch.clock, touch.minutes, self.clock, self.clock)
                self._tell("sets", (touch.clock,), self.clock, self.clock, shown=False, minutes=touch.minutes)
        self._wait(0.6, 1.1)

    def _turn(self, name: str, minutes: int, start: float, end: float) -> None:
        self.now[name] += minutes
        start, end = round(start, 3), round(end, 3)
        self.line.change(f"hands {name}", "minutes", self.now[name], start, end)
        self.moves[name].append((start, end))

    def _rise(self) -> None:
        start, self.clock = self.clock, round(self.clock + UP, 3)
        self.line.move("curtain", (0.0, CURTAIN), start, self.clock)
        self._tell("opens", (), start, self.clock)
        self._state(self.clock, self.clock + 0.9)

    def _fall(self) -> None:
        start, self.clock = self.clock, round(self.clock + UP, 3)
        self.line.move("curtain", (0.0, 0.0), start, self.clock)
        self._tell("closes", (), start, self.clock)
        self.downs.append(self.clock)

    def _stands(self) -> None:
        """The stretches in which a clock stood still."""
        for name in {touch.clock: None for touch in self.wall.touches if touch.stands}:
            start, end = standing_span(self, name)
            self._tell("stands", (name,), start, end)

    def _tell(
        self, kind: str, objects: tuple[str, ...], start: float, end: float, shown: bool = True, **values: Any
    ) -> None:
        number = sum(event.kind == kind for event in self.events) + 1
        self.events.append(
            Event(
                id=f"{kind} {number}", kind=kind, objects=objects, start=round(start, 3), end=round(end, 3), values=values,
                shown=shown,
            )
        )  # fmt: skip

    def _state(self, start: float, end: float) -> None:
        """What the clocks show, on the record."""
        values: dict[str, JsonValue] = {name: spoken(minutes) for name, minutes in self.now.items()}
        self.states.append(State(start=round(start, 3), end=round(end, 3), values=values, shown=True))

    def _wait(self, least: float, most: float) -> None:
        self.clock = round(self.clock + self.times.uniform(least, most), 3)


def standing_span(show: "WallShow", name: str) -> tuple[float, float]:
    """From the last movement of a clock's hands before it stood still to the next one."""
    first = next(touch.slot for touch in show.wall.touches if touch.clock == name and touch.stands)
    beats = [event for event in show.events if event.kind == "beat"]
    start = beats[sum(not slot.hidden for slot in show.wall.slots[:first])].start
    before = max(end for _, end in show.moves[name] if end <= start)
    return before, min(begin for begin, _ in show.moves[name] if begin >= start)


def spoken(minutes: int) -> str:
    """What a clock shows, as it is said: 3:40, 12:05."""
    hour, minute = divmod(minutes % DAY, 60)
    return f"{hour or 12}:{minute:02d}"
