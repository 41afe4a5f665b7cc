"""A wall of things that go on and stop, in time and space."""

from math import pi

from generators.temporal._acts import add_balls
from generators.temporal._duration_world import DOING, Board
from morse.gestures import shake
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.timeline import Timeline

PLATE = (2.7, 3.7)
"""Size of a plate with a thing on it, in canvas units."""
RAMP = 0.2
"""Seconds in which something begins or stops; it counts from halfway through."""
TURNS = 0.8
"""How often a fan turns in a second."""
SHAKE = 0.7


class WallShow:
    """Where the things of a board are, and when what goes on."""

    def __init__(self, board: Board, rng: Rng) -> None:
        self.board, self.rng = board, rng
        times = rng.steady("times")
        lead, rest = times.uniform(1.2, 1.9), times.uniform(2.4, 3.2)
        length = board.params.seconds
        self.acts = [round(lead, 3), round(lead + length + rest, 3)]
        self.line = Timeline(round(2 * lead + 2 * length + rest, 3))

    def spans(self, name: str) -> list[tuple[float, float]]:
        """From when to when a thing goes on, each time."""
        return [
            (round(self.acts[s.act] + s.start, 3), round(self.acts[s.act] + s.start + s.seconds, 3))
            for s in self.board.stretches[name]
        ]

    def layout(self) -> Layout:
        board, line = self.board, self.line
        names = sorted([*board.stretches, *board.idle], key=lambda name: name.split()[1])
        things, events = [], []
        for name, at in zip(self.rng.fork("places").shuffled(names), places(len(names)), strict=True):
            kind, letter = name.split()
            line.add(name, at, PLATE, z=1)
            line.add(f"{name} on", at, PLATE, z=2, opacity=0.0, solid=False, tracked=False)
            if kind == "fan":
                line.add(f"{name} blades", (at[0], at[1] + 0.45), (1.7, 1.7), z=3, solid=False, tracked=False)
            things.append(Thing(id=name, kind=kind, attributes={"letter": letter}))
        spans = {name: self.spans(name) for name in board.stretches}
        for name, own in spans.items():
            for number, (start, end) in enumerate(own):
                self.go_on(name, start, end)
                seconds = board.stretches[name][number].seconds
                events.append(
                    Event(
                        id=f"{name} {number + 1}", kind=DOING[name.split()[0]], objects=(name,), start=start, end=end,
                        values={"seconds": seconds},
                    )
                )  # fmt: skip
        shakes = self.shakes((board.params.decoys + 1) // 2, names)
        balls, passes = add_balls(line, board.params.decoys // 2, line.duration, self.rng.fork("balls"))
        events = sorted([*events, *shakes, *passes], key=lambda event: (event.start, event.id))
        return Layout(line, (*things, *balls), tuple(events), details={"spans": spans})

    def go_on(self, name: str, start: float, end: float) -> None:
        """Let a thing go on for a while."""
        for at, there in ((start, 1.0), (end, 0.0)):
            self.line.change(f"{name} on", "opacity", there, at - RAMP / 2, at + RAMP / 2, ease="linear")
        if f"{name} blades" in self.line.actors:
            angle = self.line.actors[f"{name} blades"].channels["angle"].last
            turned = angle - 2 * pi * TURNS * (end - start)
            self.line.change(f"{name} blades", "angle", turned, start, end, ease="linear")

    def shakes(self, count: int, names: list[str]) -> list[Event]:
        """Things that shake with all that is on them, one after another at most once each."""
        rng, events = self.rng.fork("shakes"), []
        for number, name in enumerate(rng.sample(names, min(count, len(names)))):
            start = round(rng.uniform(0.2, self.line.duration - SHAKE - 0.2), 3)
            end = round(start + SHAKE, 3)
            for actor in (name, f"{name} on", f"{name} blades"):
                if actor in self.line.actors:
                    shake(self.line, actor, start, end, 0.12)
            events.append(Event(id=f"shake {number + 1}", kind="shakes", objects=(name,), start=start, end=end))
        return events


def places(count: int) -> list[tuple[float, float]]:
    """Two rows of plates, as even as can be."""
    rows = ((count + 1) // 2, count // 2)
    step = min(4.3, 15.4 / rows[0])
    return [((i - (row - 1) / 2) * step, y) for row, y in zip(rows, (2.1, -2.1), strict=True) for i in range(row)]
