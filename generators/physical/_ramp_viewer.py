"""The answers about runs down lanes once more, from how each body is seen to move: frictions are measured, and pybullet lets bodies down again."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from pydantic import JsonValue

from morse.grounding import boxes_by_second
from morse.layout import Shown
from morse.physics import STEP, Placed, simulate
from morse.schema import Question, Thing
from morse.world import Body, World

Array = np.ndarray
PULL, REAL = 4.0, 9.81
"""Metres a second squared: of the slowed clip, and of the engine."""
SIDE, ROUND = 0.3, {"ball": 0.4, "drum": 0.5, "hoop": 1.0}
BEND, PAD, HELD_BACK = 0.55, 3.35, 0.02
FIELDS, LETTERS = 7, "ABCDEFGHJKLMN"
TYRE = 4.5
"""How much better than wood what rolls holds on to its lane."""
STUCK = 9.0
"""A friction, in that of wood, of what was only seen to stay."""


@dataclass(frozen=True)
class Seen:
    """What is seen of a body from when it is let go: where it is (n, 3), how steep its lane is, how it starts off (m/s²), when its
    front passes the line, and when it comes to rest (both in seconds of the clip, infinite for never)."""

    release: float
    places: Array
    slope: float
    rate: float
    passes: float
    rests: float


class Viewer:
    """Looks at bodies, each once."""

    def __init__(self, shown: Shown) -> None:
        assert isinstance(shown.scene, World)
        self.world, self.end = shown.scene, shown.duration
        placed = {event.objects[0]: event.end for event in shown.events if event.kind == "place"}
        self.things = {thing.id: thing for thing in shown.objects if thing.id in placed}
        self.ready = placed
        self.looked: dict[str, Seen] = {}

    def name(self, run: int, lane: int) -> str:
        return f"run {run} lane {lane}"

    def run(self, number: int) -> dict[int, Thing]:
        """What is on which lane in a run."""
        return {
            int(str(thing.attributes["lane"])): thing for thing in self.things.values() if thing.attributes["run"] == number
        }  # fmt: skip

    def places(self, name: str, times: Array) -> Array:
        """(n, 3): where a body is."""
        own = self.world.poses[:, self.world.index(name), :3]
        until = np.minimum(times, self.end)
        return np.stack([np.interp(until, self.world.times, column) for column in own.T], axis=1)

    def seen(self, name: str) -> Seen:
        """Measure a body's way."""
        if name in self.looked:
            return self.looked[name]
        start = self.ready[name] + 0.15
        times = start + np.arange(0, 8.45, 1 / 60)
        places = self.places(name, times)
        x, _, z = places.T
        # all of a run are let go at once: from the pause between lowering and release the way is still
        moved = np.hypot(x - x[0], z - z[0])
        going = np.flatnonzero(moved > 0.003)
        # taken away in the end, or looked at until then
        away = np.flatnonzero(np.abs(np.diff(x)) > 0.5)
        last = int(away[0]) if len(away) else len(times) - 1
        if not len(going) or going[0] >= last:
            found = Seen(math.inf, places, self.steep(name), 0.0, math.inf, math.inf)
            self.looked[name] = found
            return found
        slope = self.steep(name)
        line = self.line(slope)
        along = (line[0] - x) / math.cos(slope)  # of the middle, up from the line, as long as it is on the ramp
        on_ramp = np.flatnonzero((moved > 0.02) & (along > SIDE / 2 + 0.02) & (np.arange(len(x)) <= last))
        down = along[0] - along[on_ramp]
        fit = np.polyfit(times[on_ramp], np.sqrt(down), 1)  # s = a/2 (t - t0)²
        rate, release = 2 * fit[0] ** 2, -fit[1] / fit[0]
        passes = math.inf
        past = np.flatnonzero((along <= SIDE / 2) & (np.arange(len(x)) <= last))
        if len(past):
            i = int(past[0])
            share = (along[i - 1] - SIDE / 2) / (along[i - 1] - along[i])
            passes = times[i - 1] + share * (times[i] - times[i - 1])
        step = np.hypot(np.diff(x), np.diff(z))[:last]
        still = int(np.flatnonzero(step > 2e-5)[-1]) + 1
        found = Seen(release, places, slope, rate, passes, float(times[still]))
        self.looked[name] = found
        return found

    def line(self, slope: float) -> tuple[float, float]:
        """x and height of where the middle of a body is over the line."""
        return SIDE / 2 * math.sin(slope), SIDE / 2 * math.cos(slope)

    @property
    def release(self) -> dict[int, float]:
        """When the bodies of each run were let go, from those that moved."""
        found: dict[int, float] = {}
        for name, thing in self.things.items():
            number = int(str(thing.attributes["run"]))
            if "waiting" not in name and number not in found and self.seen(name).release < math.inf:
                found[number] = self.seen(name).release
        return found

    def steep(self, name: str) -> float:
        """How steep lanes are: how far a block that waits in the first run is tilted."""
        first = next(one for one, thing in self.things.items() if thing.attributes["run"] == 1)
        key = np.searchsorted(self.world.times, self.ready[first] + 0.1)
        turn = self.world.poses[key, self.world.index(first), 3:]
        return 2 * math.atan2(float(turn[1]), float(turn[3]))

    def times(self, run: int) -> dict[int, float]:
        """When the body of each lane passes the line, of those that do."""
        found = {
            lane: self.seen(thing.id).passes
            for lane, thing in self.run(run).items()
            if thing.attributes["start"] != "flat"
        }
        return {lane: time for lane, time in found.items() if time <= self.end}

    def friction(self, name: str) -> float:
        """The friction of a block that slides."""
        seen = self.seen(name)
        return math.tan(seen.slope) - seen.rate / (PULL * math.cos(seen.slope))

    def grips(self) -> dict[int, float]:
        """The friction of wood on each lane, from the first run."""
        return {lane: self.friction(thing.id) for lane, thing in self.run(1).items()}

    def factor(self, kind: str) -> float:
        """The friction of a kind of block in that of wood."""
        if kind == "wood":
            return 1.0
        if kind in ROUND:
            return TYRE
        grips = self.grips()
        for name, thing in self.things.items():
            if thing.kind == kind and self.seen(name).rate > 0:
                return self.friction(name) / grips[int(str(thing.attributes["lane"]))]
        return STUCK

    def raced(self, run: dict[int, Thing], rates: bool = False) -> list[int]:
        """The lanes in the order in which bodies would come to the line."""
        grips = self.grips()
        slope = self.steep("")
        racers = tuple(
            (lane, thing.kind, 1.8 if thing.attributes["start"] == "high" else 0.825, round(grips[lane], 4), round(self.factor(thing.kind), 3))
            for lane, thing in sorted(run.items())
        )  # fmt: skip
        return list(_raced(round(slope, 4), racers))

    def field(self, lane: int) -> str:
        """Where a block of wood comes to rest that starts from high up, from how it slid on the ramp and the flat before."""
        from scipy.integrate import solve_ivp

        name = self.name(1, lane)
        seen, slope = self.seen(name), self.steep(name)
        x = seen.places[:, 0]
        foot = BEND * math.sin(slope)
        speeds = np.diff(x) * 60
        level = np.flatnonzero((x[1:-1] > foot + SIDE) & (speeds[1:] > 0.02))
        flat = -float(np.polyfit(level / 60, speeds[level], 1)[0]) / PULL
        square = 2 * seen.rate * (1.8 + SIDE / 2)

        def turning(angle: float, squared: Array) -> Array:
            return -2 * BEND * PULL * (math.sin(angle) - flat * math.cos(angle)) + 2 * flat * squared

        after = float(solve_ivp(turning, (slope, 0.0), [square], rtol=1e-7).y[0, -1])
        rests = after / (2 * flat * PULL)
        return LETTERS[math.floor(rests / (PAD - foot) * FIELDS)]

    def heavier(self, run: int, lane: int) -> str:
        """By the momentum that a block loses and another gains."""
        name = self.name(run, lane)
        times = self.seen(name).release + np.arange(0, 6.0, 1 / 60)
        x, other = self.places(name, times)[:, 0], self.places(f"{name} waiting", times)[:, 0]
        hit = int(np.flatnonzero(np.abs(np.diff(other)) > 1e-4)[0])
        before = float(x[hit - 1] - x[hit - 4]) / 3
        after, gained = float(x[hit + 4] - x[hit + 1]) / 3, float(other[hit + 4] - other[hit + 1]) / 3
        ratio = (before - after) / gained
        return "waited" if ratio > 1.6 else "came" if ratio < 0.6 else "alike"

    def rubber(self) -> int | None:
        """The lanes that hold rubber: those on which it was seen to stay, and rougher ones."""
        grips = self.grips()
        stayed, slid = [], []
        for name, thing in self.things.items():
            if thing.kind == "rubber":
                (slid if self.seen(name).rate > 0 else stayed).append(grips[int(str(thing.attributes["lane"]))])
        held = [lane for lane, grip in grips.items() if stayed and grip >= min(stayed)]
        gone = [lane for lane, grip in grips.items() if slid and grip <= max(slid)]
        return len(held) if len(held) + len(gone) == len(grips) else None


@lru_cache(maxsize=64)
def _raced(slope: float, racers: tuple[tuple[int, str, float, float, float], ...]) -> tuple[int, ...]:
    """Who comes to the line, in order, by pybullet at half its step: static ramps, each with a gate across it at the line."""
    things, gates = [], {}
    sin, cos = math.sin(slope), math.cos(slope)
    turn = (0.0, math.sin(slope / 2), 0.0, math.cos(slope / 2))
    for lane, kind, start, grip, factor in racers:
        y = 2.0 * lane

        def at(up: float, off: float, y: float = y) -> tuple[float, float, float]:
            """So far up from the line and so far off the ramp."""
            return (-up * cos + off * sin, y, 2.0 + up * sin + off * cos)

        ramp = Body(f"ramp {lane}", "box", (3.2, 0.6, 0.2), "grey", static=True)
        gate = Body(f"gate {lane}", "box", (0.04, 0.6, 0.6), "grey", static=True)
        things.append(Placed(ramp, at(1.2, -0.1), turn, friction=grip, restitution=0.0))
        things.append(Placed(gate, at(-0.02, 0.3), turn, friction=0.0, restitution=0.0))
        rolls = kind in ROUND
        form = "sphere" if kind == "ball" else "cylinder" if rolls else "box"
        # what rolls lies with its axis across the lane
        half = math.sqrt(0.5)
        lying = (half, 0.0, 0.0, half) if rolls else turn
        body = Body(f"body {lane}", form, (SIDE, SIDE, SIDE), "grey")
        gates[tuple(sorted((body.name, gate.name)))] = lane
        things.append(
            Placed(
                body, at(start + SIDE / 2, SIDE / 2), lying, velocity=(1e-4 * cos, 0.0, -1e-4 * sin), mass=1.0, friction=factor, restitution=0.0,
                rolling=HELD_BACK * SIDE / 2 if rolls else 0.0,
            )
        )  # fmt: skip
    run = simulate(things, 4.2 * math.sqrt(PULL / REAL), step=STEP / 2, bare=True)
    found = [gates[pair] for touch in run.touches if (pair := tuple(sorted(touch.pair))) in gates]
    return tuple(dict.fromkeys(found))


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    viewer, slots = Viewer(shown), question.slots
    run, lane = (int(str(slots.get(key, 0))) for key in ("run", "lane"))
    match question.kind:
        case "latest":
            number = max(int(str(thing.attributes["run"])) for thing in viewer.things.values())
            times = viewer.times(number)
            return str(min(times, key=lambda one: times[one]))
        case "passed":
            numbers = {int(str(thing.attributes["run"])) for thing in viewer.things.values()}
            return sum(len(viewer.times(number)) for number in sorted(numbers))
        case "order":
            times, lanes = viewer.times(run), slots["lanes"]
            assert isinstance(lanes, list)
            listed = [int(str(one)) for one in lanes]
            return [listed.index(one) + 1 for one in sorted(listed, key=lambda one: times[one])]
        case "grip":
            grips = viewer.grips()
            return [one for one, _ in sorted(grips.items(), key=lambda both: both[1])]
        case "heavier":
            return viewer.heavier(run, lane)
        case "first":
            return str(viewer.raced(viewer.run(3))[0])
        case "field":
            return viewer.field(lane)
        case "swapped":
            line = viewer.run(run)
            one, other = int(str(slots["one"])), int(str(slots["other"]))
            line[one], line[other] = line[other], line[one]
            return str(viewer.raced(line)[0])
        case "masses":
            return str(_by_formula(viewer, run, int(str(slots["one"])), int(str(slots["other"]))))
        case "rubber":
            return viewer.rubber()
        case "when":
            name = viewer.name(run, lane)
            seen = viewer.seen(name) if name in viewer.things else None
            return None if seen is None or seen.rests == math.inf else [round(seen.release, 2), round(seen.rests, 2)]
        case "where":
            times, seconds = viewer.times(run), slots["seconds"]
            assert isinstance(seconds, list)
            first = min(times, key=lambda one: times[one])
            return boxes_by_second(shown.scene, viewer.name(run, first), [int(str(second)) for second in seconds])
    raise ValueError(f"no kind {question.kind!r}")


def _by_formula(viewer: Viewer, run: int, one: int, other: int) -> int:
    """The lane that is first once two masses are changed: each block's pull less its friction, over its mass."""
    line = {lane: thing for lane, thing in viewer.run(run).items() if viewer.seen(thing.id).rate > 0}
    masses = {lane: float(str(thing.attributes["mass"])) or 1.0 for lane, thing in line.items()}
    masses[one], masses[other] = masses[other], masses[one]
    times = {}
    for lane, thing in line.items():
        seen, mass = viewer.seen(thing.id), masses[lane]
        far = 1.8 if thing.attributes["start"] == "high" else 0.825
        rate = seen.rate
        if thing.kind not in ROUND:
            force = mass * PULL * math.sin(seen.slope) - viewer.friction(thing.id) * mass * PULL * math.cos(seen.slope)
            rate = force / mass
        times[lane] = math.sqrt(2 * far / rate)
    return min(times, key=lambda lane: times[lane])
