"""A crossing in space and time: lights that change, cars that come, wait and drive on, walkers on the pavements."""

from math import pi
from typing import Any

import numpy as np

from generators.temporal._traffic_cars import LANE, LONG, WIDE, Car, direction
from generators.temporal._traffic_lights import ARMS
from generators.temporal._traffic_world import Traffic
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.timeline import HEIGHT, WIDTH, Array, Motion, Timeline

LAMPS = ("red", "amber", "green")
"""From the top of a light to its foot."""
LIGHT, LAMP = (0.74, 1.9), 0.5
"""Sizes of a light and of a lamp."""
SPOTS = {"north": (-2.2, 3.05), "south": (2.2, -3.05), "east": (3.0, 2.65), "west": (-3.0, -2.65)}
"""Where the lights stand: beside the stop line of their lane."""
ROAD = 2 * LANE
"""Half the width of a road."""
WALK = ROAD + 0.32
"""How far walkers are from the middle of the road."""


class Show:
    """Places and times of a crossing."""

    def __init__(self, traffic: Traffic, rng: Rng) -> None:
        self.traffic, self.rng = traffic, rng
        self.line = Timeline(traffic.duration)
        self.letters: dict[str, str] = dict(zip(ARMS, rng.shuffled("ABCD"), strict=True))
        self.events: list[Event] = []

    def layout(self) -> Layout:
        things = [self._light(arm) for arm in sorted(ARMS, key=lambda arm: self.letters[arm])]
        cars = sorted(zip(self.traffic.numbers, self.traffic.cars, strict=True), key=lambda pair: pair[0])
        things += [self._car(number, car) for number, car in cars]
        things += [self._walker(number + 1) for number in range(self.traffic.params.decoys)]
        events = sorted(self.events, key=lambda event: (event.start, event.id))
        details: dict[str, Any] = {"letters": self.letters, "arms": {n: car.arm for n, car in cars}}
        return Layout(self.line, tuple(things), tuple(events), details=details)

    def _light(self, arm: str) -> Thing:
        program, letter = self.traffic.program, self.letters[arm]
        name, end = f"light {letter}", self.traffic.duration
        self.line.add(name, SPOTS[arm], LIGHT, z=1, solid=False, lamp=LAMPS.index(program.state(arm, 0.0)))
        for number, (time, lamp) in enumerate(program.changes(arm, end)):
            self.line.change(name, "lamp", LAMPS.index(lamp), time)
            self._tell(f"{name} {number}", f"turns_{lamp}", name, time, time)
        return Thing(id=name, kind="light", attributes={"letter": letter}, shape_fills_box=False)

    def _car(self, number: int, car: Car) -> Thing:
        name, (x, y) = f"car {number}", direction(car.arm)
        start, end = car.span
        (across,), (up,) = car.middle(np.array([start]))
        at = (float(across), float(up))
        self.line.add(name, at, (LONG, WIDE), z=3, angle=heading(car.arm), solid=False)
        parts = [(start, end)] if car.slot is None else [(start, round(car.stands, 3)), (car.goes, end)]
        for begin, over in parts:
            self.line.follow(name, "x" if x else "y", _along(car, x or y), begin, over)
        label = f"number {number}"
        self.line.add(label, at, (0.8, 0.6), z=4, solid=False, tracked=False)
        self.line.tie(label, name)
        if car.slot is not None:
            self._tell(f"{name} waits", "waits", name, car.stands, car.goes)
        self._tell(f"{name} passes", "passes", name, car.passes, car.passes)
        return Thing(id=name, kind="car", attributes={"number": number}, shape_fills_box=False)

    def _walker(self, number: int) -> Thing:
        """Somebody who walks along a pavement, from one edge to a corner and back to an edge."""
        rng, line, name = self.rng.fork(f"walker {number}"), self.line, f"walker {number}"
        sx, sy = rng.choice((-1, 1)), rng.choice((-1, 1))
        corner = (sx * WALK, sy * WALK)
        ends = [(sx * (WIDTH / 2 + 0.5), sy * WALK), (sx * WALK, sy * (HEIGHT / 2 + 0.5))]
        first, last = rng.shuffled(ends)
        pace = rng.uniform(0.75, 1.1)
        times = [abs(corner[0] - x) + abs(corner[1] - y) for x, y in (first, last)]
        start = round(rng.uniform(0.0, max(0.5, line.duration - sum(times) / pace)), 3)
        turn = round(start + times[0] / pace, 3)
        end = round(turn + times[1] / pace, 3)
        line.add(name, first, (0.42, 0.42), z=5, solid=False, round=True)
        line.move(name, corner, start, turn, ease="linear")
        line.move(name, last, turn, end, ease="linear")
        self._tell(name, "walks", name, start, min(end, line.duration))
        return Thing(id=name, kind="walker", shape_fills_box=False)

    def _tell(self, name: str, kind: str, who: str, start: float, end: float) -> None:
        self.events.append(Event(id=name, kind=kind, objects=(who,), start=round(start, 3), end=round(end, 3)))


def heading(arm: str) -> float:
    """Which way cars from an arm look, in radians."""
    return {"north": -pi / 2, "east": pi, "south": pi / 2, "west": 0.0}[arm]


def _along(car: Car, way: int) -> Motion:
    def motion(times: Array) -> Array:
        return way * car.along(times)

    return motion
