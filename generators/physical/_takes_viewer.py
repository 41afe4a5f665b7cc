"""The answers about takes once more, from where each ball is seen: what no parabola between two touches of the floor explains."""

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from pydantic import JsonValue

from morse.grounding import boxes_by_second
from morse.layout import Scene, Shown
from morse.schema import Question

RATE = 60
"""Looks a second."""
LOW = -2.9 + 0.4
"""How high the middle of a ball is that lies on the floor, in canvas units."""
WIDE, HIGH = 16.0, 9.0
STRETCHES, WIDTH = "ABCDEFGH", 1.9


class Flight(NamedTuple):
    """What is seen of a take: times, places, and the break: its name (``nothing`` for none) and when."""

    times: np.ndarray
    x: np.ndarray
    y: np.ndarray
    what: str
    when: float


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    spans = tuple((e.objects[0], e.start, e.end) for e in shown.events if e.kind == "take")
    slots = question.slots
    number = int(str(slots.get("take", 0)))
    if question.kind == "lands":
        # the take is not over: its throw is told by when the ball begins to move
        return _zone(_landing(_part(shown.scene, f"ball {number}", shown.duration)))
    flights = {int(ball.split()[1]): _flight(shown.scene, ball, start, end) for ball, start, end in spans}
    broken = {n: one for n, one in flights.items() if one.what != "nothing"}
    match question.kind:
        case "real":
            (only,) = (n for n in question.option_values if int(str(n)) not in broken)
            return only
        case "fault":
            return flights[number].what
        case "moment":
            return round(flights[number].when, 2)
        case "count":
            return len(broken)
        case "latest":
            return flights[max(flights)].what
        case "same":
            return [str(n) for n, one in sorted(broken.items()) if n != number and one.what == flights[number].what]
        case "would_land":
            one = flights[number]
            before = one.times < one.when - 0.02
            return _zone(_landing((one.times[before], one.x[before], one.y[before])))
        case "where_broken":
            (which,) = (n for n, one in broken.items() if one.what == slots["fault"])
            return boxes_by_second(shown.scene, f"ball {which}", [int(str(s)) for s in slots["seconds"]])  # type: ignore[union-attr]
    raise ValueError(f"no question kind {question.kind!r}")


@lru_cache(maxsize=64)
def _flight(scene: Scene, ball: str, start: float, end: float) -> Flight:
    times, x, y = _seen(scene, ball, np.arange(start, end, 1 / RATE))
    what, when = _judged(times, x, y)
    return Flight(times, x, y, what, when)


def _seen(scene: Scene, ball: str, times: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places of a ball's middle in canvas units, from its boxes."""
    boxes, _ = scene.tracks(times).of(ball)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    return times, (middle[:, 0] - 0.5) * WIDE, (0.5 - middle[:, 1]) * HIGH


def _part(scene: Scene, ball: str, until: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What is seen of a flight that has begun not long before, from where the ball moves on."""
    times, x, y = _seen(scene, ball, np.arange(max(0.0, until - 3.0), until, 1 / RATE))
    moves = np.flatnonzero(np.abs(np.diff(x)) > 1e-6)
    return times[moves[0] + 1 :], x[moves[0] + 1 :], y[moves[0] + 1 :]


def _landing(flight: tuple[np.ndarray, np.ndarray, np.ndarray]) -> float:
    """Where a flight that is seen in part comes down, along the parabola through what is seen."""
    times, x, y = flight
    free = (y > LOW + 0.03) | (times < times[0] + 0.2)
    last = np.flatnonzero(~free)
    upto = last[0] if len(last) else len(times)
    t = times[:upto] - times[0]
    a, b, c = np.polyfit(t, y[:upto], 2)
    down = max(np.roots([a, b, c - LOW]).real)
    along = np.polyfit(t, x[:upto], 1)
    return float(np.polyval(along, down))


def _zone(x: float) -> str:
    return STRETCHES[int(np.floor(x / WIDTH + len(STRETCHES) / 2))]


def _judged(times: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[str, float]:
    """What is wrong with a flight, and since when: from jumps of place, ways that turn, stand or sag, and heights after bounces."""
    vx, step = np.diff(x) * RATE, 1 / RATE
    leap = np.flatnonzero(np.abs(np.diff(x)) > 0.6)
    if len(leap):
        return "jumps", float(times[leap[0] + 1])
    still = np.flatnonzero((np.abs(vx) < 1e-6) & (np.abs(np.diff(y)) < 1e-6) & (y[1:] > LOW + 0.3))
    if len(still) > 0.25 * RATE:
        return "hangs", float(times[still[0]])
    back = np.flatnonzero(np.sign(vx[1:]) != np.sign(vx[:-1]))
    if len(back):
        return "turns", float(times[back[0] + 1])
    # pull downwards, where nothing is touched: the median before and after
    pull = -np.diff(y, 2) / step**2
    weak = np.flatnonzero((pull > 0) & (pull < 3.6))
    strong = np.median(pull[: max(4, len(pull) // 40)])
    if len(weak) > 0.3 * len(pull) and strong > 4.0:
        return "floats", float(times[weak[0] + 1])
    touches = np.flatnonzero((np.diff(y)[:-1] < 0) & (np.diff(y)[1:] > 0)) + 1
    edges = [0, *touches.tolist(), len(y) - 1]
    tops = [float(y[a : b + 1].max()) for a, b in pairwise(edges)]
    for top, following, touch in zip(tops, tops[1:], touches, strict=False):
        if following > top:
            return "gains", float(times[touch])
    return "nothing", -1.0
