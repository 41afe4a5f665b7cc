"""The second way to the answers: what was seen is read off the film, what was not is simulated again by half the time step."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.physical._domino_rows import rolling, standing
from morse.grounding import boxes_by_second, plain_seconds
from morse.layout import Shown
from morse.physics import STEP, Placed, Run, simulate
from morse.schema import Question
from morse.world import World

TIPS, FALLS, LIES, RESTS = (math.radians(degrees) for degrees in (4.0, 25.0, 40.0, 4.0))
SECONDS = 2.0
"""Before the cut, in which falls are counted."""


class Retold:
    """What a clip shows: lines of dominoes on the floor, balls, and the film."""

    def __init__(self, shown: Shown) -> None:
        if not isinstance(shown.scene, World):
            raise TypeError("the scene is not a World")
        self.shown, self.world = shown, shown.scene
        start: dict[str, Any] = shown.states[0].values
        self.rows: list[list[list[str]]] = [row["lines"] for row in start["rows"]]
        self.spots: dict[str, Sequence[float]] = start["dominoes"]
        self.balls: list[dict[str, Any]] = start["balls"]
        self.letters = [thing.id for thing in shown.objects if thing.kind == "domino"]
        self.seconds = round(float(self.world.duration) / float(start["slow"]), 4)

    def answer(self, question: Question) -> JsonValue:
        return getattr(self, question.kind)(question, question.slots)

    # ── read off the film ──

    def moments(self, name: str) -> tuple[float, float, float] | None:
        """When a domino begins to tip, falls, and lies; None if it stands at the end."""
        x, y = np.moveaxis(self.world.poses[:, self.world.index(name), 3:5], -1, 0)
        leant = 2 * np.arcsin(np.clip(np.hypot(x, y), 0.0, 1.0))
        if leant[-1] < LIES:
            return None
        moving = np.flatnonzero(np.abs(leant - leant[-1]) > RESTS)
        frames = (np.flatnonzero(leant > TIPS)[0], np.flatnonzero(leant > FALLS)[0], moving[-1] + 1)
        begins, falls, lies = (float(self.world.times[frame]) for frame in frames)
        return begins, falls, lies

    def seen(self, names: Sequence[str]) -> list[str]:
        """Those of some that fall, as they come down."""
        times = {name: moments[1] for name in names if (moments := self.moments(name)) is not None}
        return sorted(times, key=lambda name: times[name])

    def last(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        return self.seen([str(value) for value in question.option_values])[-1]

    def order(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        return [slots["letters"].index(name) + 1 for name in self.seen(slots["letters"])]

    def moment(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        moments = self.moments(slots["letter"])
        return None if moments is None else moments[1]

    def span(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        moments = [m for name in self.row(slots["letter"]) if (m := self.moments(name)) is not None]
        return [min(m[0] for m in moments), max(m[2] for m in moments)] if moments else None

    def where(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        begins, ends = (round(float(str(edge)), 2) for edge in self.span(question, slots))  # type: ignore[union-attr]
        return boxes_by_second(self.world, slots["letter"], plain_seconds(begins, ends, 0.3))

    def total(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        return len(self.seen([*self.spots]))

    def sooner(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        lines = {str(mark): self.line(str(mark)) for mark in question.option_values}
        return min(lines, key=lambda mark: self.moments(lines[mark][-1])[1])  # type: ignore[index]

    def lately(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        moments = [m[1] for name in self.letters if (m := self.moments(name)) is not None]
        return sum(self.shown.duration - SECONDS < time < self.shown.duration for time in moments)

    # ── simulated again ──

    def causes(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        """Followed back from one to who touched it first, again and again."""
        chain, run = [slots["letter"]], half_step(self.things(slots["letter"]), self.seconds, touching=True)
        while (other := _touched_by(run, chain)) is not None:
            chain.append(other)
        return [value for value in question.option_values if value in chain]

    def why(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        name, run = slots["letter"], self.again()
        if any(_lies(run, other) for other in self.line(name)):
            return "gap"
        if any(_lies(run, other) for other in self.row(name)):
            return "branch"
        number = next(i for i, row in enumerate(self.rows) if any(name in line for line in row))
        return "short" if any(ball["row"] == number for ball in self.balls) else "none"

    def reached(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        run = self.again()
        return sum(_lies(run, name) for name in self.row(slots["letter"]))

    def comes_down(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        return _lies(self.again(), slots["letter"])

    def without(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        things = tuple(thing for thing in self.things(slots["letter"]) if thing.body.name != slots["gone"])
        return _lies(half_step(things, self.seconds), slots["letter"])

    def closed(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        """The widest gap of the line is halved."""
        line = self.line(slots["letter"])
        places = np.array([self.spots[name][:2] for name in line])
        gap = int(np.hypot(*np.diff(places, axis=0).T).argmax())
        (x, y), (dx, dy) = (places[gap] + places[gap + 1]) / 2, places[gap + 1] - places[gap]
        further = standing("further", (float(x), float(y), math.atan2(dy, dx)))
        run = half_step((*self.things(slots["letter"]), further), self.seconds + 2.0)
        still = [name for name in line if self.moments(name) is None]
        return sum(_lies(run, name) for name in still)

    def again(self) -> Run:
        return half_step(self.things(), self.seconds)

    def things(self, name: str | None = None) -> tuple[Placed, ...]:
        """All that moves, or what there is of the row of one."""
        rows = [i for i, row in enumerate(self.rows) if name is None or any(name in line for line in row)]
        names = [one for i in rows for line in self.rows[i] for one in line]
        balls = [ball for ball in self.balls if ball["row"] in rows]
        return tuple(standing(one, tuple(self.spots[one])) for one in names) + tuple(  # type: ignore[arg-type]
            rolling(ball["name"], ball["place"], ball["velocity"], ball["start"]) for ball in balls
        )

    def row(self, name: str) -> list[str]:
        return next([one for line in row for one in line] for row in self.rows if any(name in line for line in row))

    def line(self, name: str) -> list[str]:
        return next(line for row in self.rows for line in row if name in line)


@lru_cache(maxsize=8)
def half_step(things: tuple[Placed, ...], seconds: float, touching: bool = False) -> Run:
    """What happens by half the time step; kept, since more than one question rests on it."""
    return simulate(things, seconds, step=STEP / 2, touching=touching)


def _lies(run: Run, name: str) -> bool:
    x, y = run.poses[-1, run.names.index(name), 3:5]
    return bool(2 * math.asin(min(1.0, math.hypot(x, y))) > LIES)


def _touched_by(run: Run, chain: Sequence[str]) -> str | None:
    """Who was the first to touch the last of a chain, of those that are not in it; None for a ball."""
    for touch in run.touches:
        if chain[-1] in touch.pair:
            other = touch.b if touch.a == chain[-1] else touch.a
            if other not in chain and not other.startswith("ball"):
                return other
            return None
    return None
