"""Motions told again, from where bodies are seen: turning points, accelerations, and integration of the equations that these show."""

import math
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from pydantic import JsonValue

from morse.layout import Shown
from morse.schema import Question
from morse.timeline import Timeline

Array = np.ndarray
RATE = 100
"""Places a second that are looked at."""
STILL = 0.02
"""Units a second under which a puck rests."""
TICK = 1 / 400
"""Seconds of a step of the integration of a puck's motion."""


@lru_cache(maxsize=32)
def _seen(line: Timeline, name: str, start: float, end: float) -> tuple[Array, Array]:
    """Times, and where an actor is seen (n, 2); kept, since each question looks again."""
    times = np.arange(start, end, 1 / RATE)
    actor = line.actors[name]
    clear = actor.values("opacity", times) > 0.5
    times = times[clear]
    return times, np.stack([actor.values("x", times), actor.values("y", times)], axis=1)


class Swinging:
    """A puck as it is seen: when it moves, and where it turns."""

    def __init__(self, times: Array, places: Array) -> None:
        x = places[:, 0]
        speed = np.diff(x) * RATE
        moving = np.flatnonzero(np.abs(speed) > STILL)
        self.first, self.last = int(moving[0]), int(moving[-1]) + 1
        self.rest = float(times[self.last])
        turns = [self.first] + [
            i + 1 for i in range(self.first, self.last - 1) if speed[i] * speed[i + 1] < 0 and abs(x[i + 1]) > 0
        ]
        self.turns = [float(x[i]) for i in turns] + [float(x[self.last])]
        self.halves = len(self.turns) - 1
        self.half = (self.rest - float(times[self.first])) / self.halves

    @property
    def push(self) -> float:
        """How far friction pushes the middle of half a swing aside: half of what a half swing loses, where it is seen best."""
        return (abs(self.turns[0]) - abs(self.turns[1])) / 2


@lru_cache(maxsize=16)
def swings_of(reach: float, pull: float, friction: float) -> int:
    """How many full swings a puck makes: integrated in small steps, with friction that holds it when the pull is weaker.

    ``pull``: of the spring, in 1/s²; ``friction`` in units/s².
    """
    x, v, turns = reach, 0.0, 0
    while True:
        if v == 0.0:
            if abs(pull * x) <= friction:
                return round(turns / 2)
            v = -math.copysign(1e-9, x)
        way = math.copysign(1.0, v)
        speed = v + TICK * (-pull * x - friction * way)
        x += TICK * speed
        if speed * v <= 0:
            turns, speed = turns + 1, 0.0
        v = speed


def law_of(places: Array) -> str:
    """The law by which a body goes about a dot at the origin, from its accelerations at different distances."""
    speeds = (places[2:] - places[:-2]) * RATE / 2
    pulls = (places[2:] - 2 * places[1:-1] + places[:-2]) * RATE**2
    spots = places[1:-1]
    distance = np.hypot(*spots.T)
    fast = np.hypot(*speeds.T)
    if fast.max() < 1.05 * fast.min():
        return "magnet"
    inward = np.log(np.maximum(-(pulls * spots).sum(axis=1) / distance, 1e-6))
    power = float(np.polyfit(np.log(distance), inward, 1)[0])
    return "spring" if power > 0 else "gravity"


def later(places: Array, seconds: float) -> Array:
    """Where a body about a dot will be after some seconds, by integration of its law (scipy)."""
    from scipy.integrate import solve_ivp

    law = law_of(places)
    place = places[-3]
    speed = (places[-1] - places[-5]) * RATE / 4
    pull = (places[-1] - 2 * places[-3] + places[-5]) * (RATE / 2) ** 2
    distance = float(np.hypot(*place))
    if law == "magnet":
        turn = float(speed[0] * pull[1] - speed[1] * pull[0]) / float(speed @ speed)
        strength = turn
    else:
        inward = -float(pull @ place) / distance
        strength = inward / distance if law == "spring" else inward * distance**2

    def change(_: float, state: Array) -> Array:
        x, y, vx, vy = state
        if law == "magnet":
            return np.array([vx, vy, -strength * vy, strength * vx])
        share = strength if law == "spring" else strength / math.hypot(x, y) ** 3
        return np.array([vx, vy, -share * x, -share * y])

    begin = np.array([*place, *speed])
    done = solve_ivp(change, (0.0, seconds + 2 / RATE), begin, method="DOP853", rtol=1e-6, atol=1e-7)
    return done.y[:2, -1]


@lru_cache(maxsize=4)
def _later(line: Timeline, end: float, seconds: float) -> Array:
    """Where the body will be some seconds after the end; kept, since gates ask again."""
    return later(_seen(line, "body", 0.0, end)[1], seconds)


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question from what is shown alone."""
    line = shown.scene
    assert isinstance(line, Timeline)
    slots: dict[str, Any] = question.slots
    if question.kind in ("law", "where"):
        if question.kind == "law":
            return law_of(_seen(line, "body", 0.0, shown.duration)[1])
        there = _later(line, shown.duration, float(slots["seconds"]))
        marks = {
            str(thing.attributes["letter"]): line.place(thing.id, 0.0)
            for thing in shown.objects
            if thing.kind == "mark"
        }
        apart = {letter: abs(_between(there, np.array(at))) for letter, at in marks.items()}
        return min(apart, key=lambda letter: apart[letter])

    def puck(letter: object) -> Swinging:
        return Swinging(*_seen(line, f"puck {letter}", 0.0, shown.duration))

    if question.kind == "order":
        letters = slots["pucks"]
        assert isinstance(letters, list)
        rests = [puck(letter).rest for letter in letters]
        return [number for _, number in sorted((rest, number) for number, rest in enumerate(rests, start=1))]
    if question.kind == "ratio":
        share = puck(slots["other"]).half / puck(slots["one"]).half
        ratios = [option for option in question.option_values if isinstance(option, list)]
        return min(
            ratios, key=lambda ratio: abs(math.log(share / float(Fraction(str(ratio[0])) / Fraction(str(ratio[1])))))
        )
    one = puck(slots["puck"])
    if question.kind == "swings":
        return round(one.halves / 2)
    if question.kind == "twice":
        pull = (math.pi / one.half) ** 2
        friction = one.push * pull
        far = slots["change"] == "twice as far"
        return swings_of(one.turns[0] * (2 if far else 1), pull, friction * (1 if far else 0.5))
    return min(_drawn(shown), key=lambda drawn: abs(drawn[1] - one.halves) + abs(drawn[2] - one.half))[0]


def _drawn(shown: Shown) -> list[tuple[int, int, float]]:
    """Of each graph its number, the half swings that it shows, and how long each lasts."""
    found = []
    for thing in shown.objects:
        if thing.kind == "graph":
            turns: Any = thing.attributes["turns"]
            found.append((int(thing.id.split()[1]), len(turns) - 1, turns[-1][0] / (len(turns) - 1)))
    return found


def _between(one: Array, other: Array) -> float:
    """The angle between two directions, in radians."""
    return math.atan2(one[0] * other[1] - one[1] * other[0], float(one @ other))
