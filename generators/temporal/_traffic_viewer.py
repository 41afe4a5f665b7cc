"""The answers about traffic once more, from where cars are at many moments and which lamps are lit then."""

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from pydantic import JsonValue

from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Scene, Shown
from morse.schema import Question
from morse.timeline import Timeline

STEP = 0.02
STOP_LINE, HALF = 1.9, 0.67
"""How far from the middle of the crossing the stop lines are, and half the length of a car."""
GREEN = 2


class Seen(NamedTuple):
    """What is seen of a car: when its front passes its stop line, how long it stands before it, when it would have been there
    without standing, and the light that it heeds."""

    passes: float
    stands: float
    free: float
    light: str


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    cars = tuple(thing.id for thing in shown.objects if thing.kind == "car")
    lights = tuple(thing.id for thing in shown.objects if thing.kind == "light")
    lamps = lamps_of(shown.scene, lights)
    slots = question.slots
    light = f"light {slots.get('light')}"
    number = int(str(slots.get("number", 0)))
    end = shown.duration
    if question.kind in ("next", "safe"):
        now = lamps[light](end)
        if question.kind == "safe":
            return now == 0
        turns = [a for a, _ in lamps[light].phases(GREEN) if 0 < a <= end]
        waits = turns[-1] + (turns[-1] - turns[-2]) * np.arange(1, 4) - end
        wait = float(waits[waits > 0][0])
        return min((float(str(value)) for value in question.option_values), key=lambda value: abs(value - wait))
    if question.kind in ("red_for", "red_again"):
        start, over = lamps[light].phases(0)[number - 1]
        return round(over - start) if question.kind == "red_for" else [start, over]
    seen = watched(shown.scene, cars, lights)
    match question.kind:
        case "longest":
            return str(max(seen, key=lambda car: seen[car].stands)).removeprefix("car ")
        case "longest_span" | "where_longest":
            car = max(seen, key=lambda car: seen[car].stands)
            start, over = rest(shown.scene, car)
            if question.kind == "longest_span":
                return [start, over]
            named = [int(str(second)) for second in list(slots["seconds"])]  # type: ignore[arg-type]
            return boxes_by_second(shown.scene, car, named or whole_seconds(start, over, 0.0))
        case "waited":
            values = [str(value) for value in question.option_values]
            return [value for value in values if seen[f"car {value}"].stands > 0.8]
        case "passed":
            start, over = lamps[light].phases(GREEN)[number - 1]
            return sum(start <= car.passes <= over for car in seen.values())
        case "runner":
            ran = [car for car, own in seen.items() if lamps[own.light](own.passes) == 0]
            return ran[0].removeprefix("car ") if ran else "none"
        case "order":
            named = [str(name) for name in list(question.slots["cars"])]  # type: ignore[arg-type]
            return sorted(named, key=lambda name: seen[f"car {name}"].passes)
        case "shifted":
            own = seen[f"car {slots['car']}"]
            there = own.free + float(str(slots["later"]))
            starts = [a for a, _ in lamps[own.light].phases(GREEN) if a > 0]
            lit = max((b - a for a, b in lamps[own.light].phases(GREEN)), default=0.0)
            return bool((there - starts[0]) % (starts[1] - starts[0]) > lit)
    raise ValueError(f"no question kind {question.kind!r}")


class Lamps:
    """Which lamp of a light is lit when."""

    def __init__(self, times: np.ndarray, lit: np.ndarray) -> None:
        self.times, self.lit = times, lit

    def __call__(self, time: float) -> int:
        return int(self.lit[int(time / STEP)])

    def phases(self, lamp: int) -> list[tuple[float, float]]:
        """From when to when a lamp is lit, each time."""
        edges = np.flatnonzero(np.diff(self.lit)) + 1
        bounds = [0.0, *self.times[edges].tolist(), float(self.times[-1])]
        return [(a, b) for a, b in pairwise(bounds) if self((a + b) / 2) == lamp]


@lru_cache(maxsize=4)
def lamps_of(scene: Scene, lights: tuple[str, ...]) -> dict[str, Lamps]:
    assert isinstance(scene, Timeline)
    times = np.arange(0.0, scene.duration + STEP, STEP)
    return {name: Lamps(times, scene.actors[name].values("lamp", times).round().astype(int)) for name in lights}


@lru_cache(maxsize=4)
def watched(scene: Scene, cars: tuple[str, ...], lights: tuple[str, ...]) -> dict[str, Seen]:
    """What is seen of each car, by its places alone."""
    assert isinstance(scene, Timeline)
    times = np.arange(0.0, scene.duration + STEP, STEP)
    spots = {name: np.array(scene.place(name, 0.0)) for name in lights}
    seen = {}
    for name in cars:
        x, y = (scene.actors[name].values(channel, times) for channel in ("x", "y"))
        moved = np.array([x[-1] - x[0], y[-1] - y[0]])
        way = moved / np.abs(moved).max()
        front = x * way[0] + y * way[1] + HALF
        passes = float(times[np.argmax(front >= -STOP_LINE)])
        speed = np.abs(np.gradient(front, STEP))
        still = (speed < 0.35) & (times < passes) & _between(front)
        comes = np.flatnonzero(_between(front) & (speed > 0.5))[3]
        free = float(times[comes] + (-STOP_LINE - front[comes]) / np.abs(speed[comes]))
        right = np.array([way[1], -way[0]])
        corner = -way + right  # the corner at the right of the stop line
        light = max(lights, key=lambda one: float(spots[one] @ corner))
        seen[name] = Seen(passes, float(still.sum() * STEP), free, light)
    return seen


def rest(scene: Scene, car: str) -> tuple[float, float]:
    """From when to when a car does not move at all, between its coming and its going."""
    assert isinstance(scene, Timeline)
    times = np.arange(0.0, scene.duration + STEP, STEP)
    way = sum(np.abs(np.diff(scene.actors[car].values(channel, times))) for channel in ("x", "y"))
    moves = np.flatnonzero(way > 1e-9)
    gap = int(np.argmax(np.diff(moves)))
    return float(times[moves[gap] + 1]), float(times[moves[gap + 1]])


def _between(front: np.ndarray) -> np.ndarray:
    """Where a car is on its way, neither before its coming nor after its going."""
    return (front > front.min() + 1e-6) & (front < front.max() - 1e-6)
