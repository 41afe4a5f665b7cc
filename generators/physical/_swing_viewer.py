"""The answers about pendulums and cradles once more, from where each ball is seen: periods are measured, speeds are exchanged pair by pair."""

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from pydantic import JsonValue

from morse.grounding import boxes_by_second
from morse.layout import Shown
from morse.schema import Question
from morse.timeline import Timeline

Array = np.ndarray
RATE = 120
"""Looks a second."""
PULL = 130.0
ASIDE, FAR = 0.12, 0.35
"""How far aside a ball of a cradle is at most that hangs, and at least that is out."""


class Viewer:
    """Looks at one experiment from the release until the curtain is shut, or the clip ends."""

    def __init__(self, shown: Shown, number: int) -> None:
        assert isinstance(shown.scene, Timeline)
        self.line = shown.scene
        if not number:  # the latest
            number = max(int(event.id.split()[1]) for event in shown.events if event.kind == "release")
        self.number = number
        own = [thing for thing in shown.objects if thing.attributes["experiment"] == number]
        self.letters = [str(thing.attributes["letter"]) for thing in own]
        self.names = [thing.id for thing in own]
        self.release = next(event.start for event in shown.events if event.id == f"release {number}")
        until = np.arange(self.release, shown.duration, 0.01)
        shut = np.flatnonzero(self.line.actors["curtain"].values("y", until) < -0.44)
        end = float(until[shut[0]]) if len(shut) else shown.duration
        self.times = np.arange(self.release, end, 1 / RATE)
        xs = np.array([self.line.actors[name].values("x", self.times) for name in self.names])
        homes = [self._home(name, float(x[0])) for name, x in zip(self.names, xs, strict=True)]
        self.aside = xs - np.array(homes)[:, None]

    def _home(self, name: str, x: float) -> float:
        """Where a ball hangs at rest: over its plate, or in a cradle under the other end of its string."""
        plate = self.line.actors.get(f"plate {name}")
        if plate is not None:
            return plate.at("x", 0.0)
        return 2 * self.line.actors[f"string {name}"].at("x", self.release) - x

    # of cradles

    def meets(self) -> list[int]:
        """The looks at which all balls hang in a row, which is when they meet."""
        spread = np.abs(self.aside).sum(axis=0)
        low = (spread[1:-1] < spread[:-2]) & (spread[1:-1] <= spread[2:]) & (spread[1:-1] < 6 * ASIDE)
        return (np.flatnonzero(low) + 1).tolist()

    def lifted(self) -> tuple[int, int]:
        """How many balls are lifted at the left and the right."""
        return int((self.aside[:, 0] < -FAR).sum()), int((self.aside[:, 0] > FAR).sum())

    def leave(self) -> list[float]:
        """The speeds after the next impact, in units of how far out balls were: what is out at a side comes in from there, then
        neighbours that come nearer exchange their speeds until none do."""
        speeds = np.where(np.abs(self.aside[:, -1]) > FAR, -self.aside[:, -1], 0.0).tolist()
        again = True
        while again:
            again = False
            for i in range(len(speeds) - 1):
                if speeds[i] > speeds[i + 1] + 1e-6:
                    speeds[i], speeds[i + 1] = speeds[i + 1], speeds[i]
                    again = True
        return speeds

    # of pendulums

    def period(self, letter: str) -> float:
        """Of full swings, from when the bob goes through its lowest place."""
        aside = self.aside[self.letters.index(letter)]
        through = np.flatnonzero(np.sign(aside[1:]) != np.sign(aside[:-1]))
        share = aside[through] / (aside[through] - aside[through + 1])
        times = (through + share) / RATE
        return 2 * float(np.diff(times).mean())

    def lasts(self, letter: str) -> float:
        """What share of its reach a bob has left in its last swings."""
        aside = np.abs(self.aside[self.letters.index(letter)])
        return float(aside[-2 * RATE :].max() / aside[: 2 * RATE].max())

    @property
    def seconds(self) -> float:
        return float(self.times[-1] - self.times[0]) + 1 / RATE

    def returns(self, letter: str) -> int:
        """How often a bob comes back to the side at which it was let go."""
        aside = self.aside[self.letters.index(letter)]
        out = aside * math.copysign(1.0, float(aside[0]))
        turns = (out[1:-1] > out[:-2]) & (out[1:-1] >= out[2:]) & (out[1:-1] > 0)
        return int(turns.sum())

    def on_a_string(self, letter: str, times: float) -> int:
        """How often it would come back on a string so many times as long, by the pendulum's equation."""
        from scipy.integrate import solve_ivp

        long = times * PULL * (self.period(letter) / math.tau) ** 2

        def swinging(_: float, state: Sequence[float]) -> list[float]:
            return [state[1], -PULL / long * math.sin(state[0])]

        looks = np.arange(0.0, self.seconds, 0.02)
        angle = solve_ivp(swinging, (0.0, self.seconds), [0.1, 0.0], t_eval=looks, rtol=1e-6, atol=1e-8).y[0]
        return int(((angle[1:-1] > angle[:-2]) & (angle[1:-1] >= angle[2:]) & (angle[1:-1] > 0)).sum())


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    slots = question.slots
    viewer = Viewer(shown, int(str(slots.get("experiment", 0))))
    bob = str(slots.get("bob"))
    match question.kind:
        case "latest":
            first, second = viewer.meets()[:2]
            return int((viewer.aside[:, (first + second) // 2] > FAR).sum())
        case "out":
            return sum(speed > FAR for speed in viewer.leave())
        case "which":
            return next(letter for letter, speed in zip(viewer.letters, viewer.leave(), strict=True) if speed > FAR)
        case "clacks":
            return len(viewer.meets())
        case "more":
            left, right = viewer.lifted()
            # momentum and energy, in balls of one speed, leave one way only
            (ways,) = (
                (to_right, to_left) for to_right in range(9) for to_left in range(9)
                if to_right - to_left == left + 1 - right and to_right + to_left == left + 1 + right
            )  # fmt: skip
            return ways[0]
        case "swings":
            return viewer.returns(bob)
        case "longer":
            return viewer.on_a_string(bob, 4.0)
        case "lengths":
            listed = slots["bobs"]
            assert isinstance(listed, list)
            letters = [str(letter) for letter in listed]
            return [letters.index(letter) + 1 for letter in sorted(letters, key=viewer.period)]
        case "calms":
            return min(viewer.letters, key=viewer.lasts)
        case "masses":
            return min(viewer.letters, key=viewer.period)  # whatever they weigh
        case "step":
            return Fraction(viewer.period(str(slots["other"])) / viewer.period(bob)).limit_denominator(5).numerator
        case "when":
            aside = viewer.aside[viewer.letters.index(str(slots["ball"]))]
            first, second = viewer.meets()[:2]
            if aside[first:second].max() < FAR:
                return None
            return [round(float(viewer.times[i]), 2) for i in (first, second)]
        case "where":
            longest = max(viewer.letters, key=viewer.period)
            seconds = slots["seconds"]
            assert isinstance(seconds, list)
            name = viewer.names[viewer.letters.index(longest)]
            return boxes_by_second(shown.scene, name, [int(str(second)) for second in seconds])
    raise ValueError(f"no kind {question.kind!r}")
