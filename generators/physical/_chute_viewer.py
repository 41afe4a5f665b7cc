"""The answers about balls in bins once more: from where each ball is last seen, and by rolling a ball past the doors as they are seen to stand.

For what did not happen, one ball is rolled down a chute without holes at half the time step, and the doors that it comes to are asked
one after the other.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from pydantic import JsonValue

from generators.physical._chute_board import END, LONGEST, MOUTH, RADIUS, START, Board
from morse.grounding import boxes_by_second
from morse.layout import Shown
from morse.physics import SAMPLE, STEP, simulate
from morse.schema import Question
from morse.world import World


class Trip(NamedTuple):
    """A ball that was seen: its name, its colour, when it came and when it was gone, and where it was last seen (``None``: it still goes)."""

    name: str
    colour: str
    came: float
    gone: float
    bin: str | None


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    world, slots = shown.scene, question.slots
    assert isinstance(world, World)
    trips = _trips(shown)
    over = [trip for trip in trips if trip.bin is not None]
    letter, tint = str(slots.get("bin")), str(slots.get("colour"))
    number = int(str(slots.get("ball", 0)))
    match question.kind:
        case "held":
            return sum(trip.bin == letter for trip in over)
        case "tinted":
            return sum(trip.bin == letter and trip.colour == tint for trip in over)
        case "most":
            full = sorted((trip.bin or "" for trip in over), key=[trip.bin for trip in over].count)
            return full[-1]
        case "last_in":
            return max((trip for trip in over if trip.bin == letter), key=lambda trip: trip.gone).colour
        case "where_now":
            return trips[number - 1].bin or "chute"
        case "through":
            under = _bin_under(world, f"door {slots['door']}")
            return [str(i + 1) for i, trip in enumerate(trips[: int(str(slots["first"]))]) if trip.bin == under]
        case "first_fill":
            listed: Any = slots["listed"]
            first = [min(trip.gone for trip in over if trip.bin == one) for one in listed]
            return [int(i) + 1 for i in np.argsort(first)]
        case "was_open":
            return trips[number - 1].bin == _bin_under(world, f"door {slots['door']}")
        case "on_way":
            one = next((trip for trip in trips if trip.colour == tint), None)
            return None if one is None else [one.came, one.gone]
        case "where_seen":
            one = next(trip for trip in trips if trip.colour == tint)
            seconds: Any = slots["seconds"]
            return boxes_by_second(world, one.name, [int(second) for second in seconds])
        case "if_shut":
            return _rolled(shown, trips[number - 1], shut=str(slots["door"]), frozen=None)
        case "foretold":
            later = [_rolled(shown, trip, None, shown.duration) for trip in trips if trip.bin is None]
            return sum(trip.bin == letter for trip in over) + later.count(letter)
    raise ValueError(f"no question kind {question.kind!r}")


def _trips(shown: Shown) -> list[Trip]:
    """Every ball that came: it is gone when the rims of the bins hide all of it, and the bin is the one in front of it then."""
    world = shown.scene
    assert isinstance(world, World)
    fronts = {body.name: world.poses[0, i] for i, body in enumerate(world.bodies) if body.name.startswith("bin ")}
    rim = 2 * min(float(pose[2]) for pose in fronts.values())
    trips = []
    for event in shown.events:
        if event.kind != "comes":
            continue
        (name,), at = event.objects, event.start
        seen = slice(int(np.searchsorted(world.times, at)), int(np.searchsorted(world.times, shown.duration)))
        way = world.poses[seen, world.index(name), :3]
        under = np.flatnonzero(way[:, 2] + RADIUS < rim)
        last, where = math.inf, None
        if len(under):
            last = float(world.times[seen][under[0]])
            x = way[under[0], 0]
            where = min(fronts, key=lambda front: abs(fronts[front][0] - x)).removeprefix("bin ")
        trips.append(Trip(name, str(event.values["colour"]), at, last, where))
    return trips


def _bin_under(world: World, door: str) -> str:
    """The bin below a door."""
    x = world.poses[0, world.index(door), 0]
    fronts = {body.name: world.poses[0, i, 0] for i, body in enumerate(world.bodies) if body.name.startswith("bin ")}
    return min(fronts, key=lambda front: abs(fronts[front] - x)).removeprefix("bin ")


@lru_cache(maxsize=64)
def _rolling(doors: int, speed: float, slope: float) -> tuple[tuple[float, ...], ...]:
    """When a ball that rolls over shut doors comes to each, counted from the mouth; from a run at half the step."""
    board = Board(doors, speed, slope)
    smooth = board.plank("all", START - 0.4, END + 2.0)
    run = simulate([board.ball(), smooth], LONGEST / 2, step=STEP / 2)
    x = run.poses[:, 0, 0]
    edges = [a - RADIUS for a, _ in board.gaps]
    times = np.interp(edges, x, np.arange(len(x)) * SAMPLE)
    first = float(np.interp(MOUTH + RADIUS, x, np.arange(len(x)) * SAMPLE))
    return (tuple((times - first).tolist()),)


def _rolled(shown: Shown, trip: Trip, shut: str | None, frozen: float | None) -> str:
    """The bin of a ball that has come, were one door ``shut``, or if no door moves (hidden ones are shut) from ``frozen`` on."""
    values = shown.states[0].values
    doors = int(str(values["doors"]))
    (times,) = _rolling(doors, float(str(values["speed"])), float(str(values["slope"])))
    order = range(doors, 0, -1) if values["mirrored"] else range(1, doors + 1)
    hidden = {int(str(thing.attributes["number"])) for thing in shown.objects if thing.attributes.get("hidden")}
    for number, after in zip(order, times, strict=True):
        at = trip.came + after
        if number in hidden or str(number) == shut:
            continue
        if _hangs(shown, number, at if frozen is None else min(at, frozen)):
            world = shown.scene
            assert isinstance(world, World)
            return _bin_under(world, f"door {number}")
    return "A" if values["mirrored"] else "ABCDEF"[doors]


def _hangs(shown: Shown, number: int, at: float) -> bool:
    """Whether a door is seen to hang down at a time: its box is then higher than it is wide."""
    world = shown.scene
    assert isinstance(world, World)
    left, top, right, bottom = world.boxes(np.array([at]), [world.index(f"door {number}")])[0, 0]
    return (bottom - top) * 9 > (right - left) * 16
