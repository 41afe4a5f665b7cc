"""The second way to the answers: weights and places are read off the film; whether a tower stands is a linear program over the forces
between its parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from pydantic import JsonValue

from morse.grounding import boxes_by_second, plain_seconds
from morse.layout import Shown
from morse.schema import Question
from morse.world import World

TIMES_AS_HEAVY = 4.0
"""As the questions say."""
SAME = 1e-6


@dataclass(frozen=True)
class Seen:
    """A block where it lies before the pins go: along x, its height, whether the balance went down under it, and since when it lies."""

    name: str
    x: float
    z: float
    heavy: bool
    since: float


class Retold:
    """What a clip shows: where each body is at each key of the film."""

    def __init__(self, shown: Shown) -> None:
        if not isinstance(shown.scene, World):
            raise TypeError("the scene is not a World")
        self.world, self.until = shown.scene, shown.duration
        self.names = [thing.id for thing in shown.objects]
        self.numbers = [i for i in range(3) if any(body.name == f"stand {i}" for body in self.world.bodies)]
        self.sides = ("left", "right") if len(self.numbers) == 2 else ("left", "middle", "right")

    def answer(self, question: Question) -> JsonValue:
        return getattr(self, question.kind)(question, question.slots)

    def poses(self, name: str) -> np.ndarray:
        return self.world.poses[:, self.world.index(name)]

    def time(self, key: int) -> float:
        return float(self.world.times[key])

    # ── read off the film ──

    def heavier(self, name: str) -> bool:
        """Whether the pan on which a block lies is lower than the other at any time."""
        block, pan, other = self.poses(name), self.poses("left pan"), self.poses("right pan")
        on = (np.abs(block[:, :2] - pan[:, :2]) < 0.02).all(axis=1) & (block[:, 2] - pan[:, 2] < 0.25)
        return bool((pan[on, 2] < other[on, 2]).any())

    def released(self, number: int) -> int:
        """The last key before the pins of a tower move."""
        return int(np.flatnonzero(np.abs(np.diff(self.poses(f"left pin {number}")[:, 2])) > SAME)[0])

    @cached_property
    def towers(self) -> list[list[Seen]]:
        """The blocks of each tower, in the order in which they came to lie."""
        found: list[list[Seen]] = []
        for number in self.numbers:
            key, x = self.released(number), self.poses(f"stand {number}")[0, 0]
            some: list[Seen] = []
            for name in self.names:
                own = self.poses(name)
                if abs(own[key, 0] - x) < 1.2 and abs(own[key, 1]) < 0.1 and own[key, 2] < 1.9:
                    moving = np.flatnonzero(np.abs(own[:key] - own[key]).max(axis=1) > SAME)
                    some.append(
                        Seen(name, own[key, 0], own[key, 2], self.heavier(name), self.time(int(moving[-1]) + 1))
                    )
            found.append(sorted(some, key=lambda seen: seen.since))
        return found

    def order(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        since = {seen.name: seen.since for tower in self.towers for seen in tower}
        return [slots["letters"].index(name) + 1 for name in sorted(slots["letters"], key=since.__getitem__)]

    def heavy(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        return [value for value in question.option_values if self.heavier(str(value))]

    def had(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        tower = self.towers[self.sides.index(slots["side"])]
        return sum(seen.heavy for seen in tower if seen.since <= self.until)

    def span(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        number = self.sides.index(slots["side"])
        plank = self.poses(f"plank {number}")
        # how far a plank is turned about the line of sight: twice the arc of its quaternion's second part
        leans = np.flatnonzero(2 * np.arcsin(np.abs(plank[:, 4])) > np.radians(3.0))
        if not len(leans):
            return None
        start = self.released(number)
        changes = [
            int(np.flatnonzero(np.abs(np.diff(self.poses(name)[start:], axis=0)).max(axis=1) > SAME)[-1]) + 1
            for name in (f"plank {number}", *(seen.name for seen in self.towers[number]))
        ]
        return [self.time(int(leans[0])), self.time(start + max(changes))]

    def where(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        number = next(i for i in self.numbers if slots["letter"] in [seen.name for seen in self.towers[i]])
        start, end = (round(float(str(edge)), 3) for edge in self.span(question, {"side": self.sides[number]}))  # type: ignore[union-attr]
        return boxes_by_second(self.world, slots["letter"], plain_seconds(start, end, 0.3))

    # ── balanced ──

    def tips(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        return self.does(slots["side"], lambda seen: seen)

    def cause(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        def lightened(seen: Seen) -> Seen:
            return replace(seen, heavy=seen.heavy and seen.name != slots["letter"])

        return self.does(slots["side"], lightened) == "stands"

    def absent(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        return self.without(slots["side"], *slots["letters"])

    def swapped(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        one, other = slots["letters"]
        return self.does(
            slots["side"],
            lambda seen: (
                replace(seen, heavy=self.heavier(other if seen.name == one else one))
                if seen.name in (one, other)
                else seen
            ),
        )

    def early(self, question: Question, slots: dict[str, Any]) -> JsonValue:
        tower = self.towers[self.sides.index(slots["side"])]
        last = next(seen.since for seen in tower if seen.name == slots["letters"][0])
        return self.does(slots["side"], lambda seen: seen if seen.since <= last else None)

    def without(self, side: str, *names: str) -> str:
        return self.does(side, lambda seen: None if seen.name in names else seen)

    def does(self, side: str, change: Callable[[Seen], Seen | None]) -> str:
        """What a tower does: it stands where forces can hold it; else it tips to where a pin, were it still there, would hold it."""
        number = self.sides.index(side)
        blocks = [kept for seen in self.towers[number] if (kept := change(seen)) is not None]
        stand = self.world.bodies[self.world.index(f"stand {number}")]
        x, half = float(self.poses(f"stand {number}")[0, 0]), stand.size[0] / 2
        feet = [x - half, x + half]
        wide = self.world.bodies[self.world.index(self.names[0])].size[0]
        if held(x, feet, blocks, wide):
            return "stands"
        for way in ("left", "right"):
            if held(x, [*feet, float(self.poses(f"{way} pin {number}")[0, 0])], blocks, wide):
                return way
        raise ValueError("nothing holds the tower")


def held(middle: float, feet: Sequence[float], blocks: Sequence[Seen], wide: float) -> bool:
    """Whether upward forces can hold a plank on some feet with blocks on it: of forces and of moments, for each part.

    Between two parts forces act at the two ends of the joint.
    """
    from scipy.optimize import linprog

    bodies = sorted(blocks, key=lambda seen: seen.z)
    weights = [1.0, *(TIMES_AS_HEAVY if seen.heavy else 1.0 for seen in bodies)]
    middles = [middle, *(seen.x for seen in bodies)]
    forces = [(foot, 0, -1) for foot in feet]
    for i, seen in enumerate(bodies):
        under = [j for j in range(i) if abs(bodies[j].x - seen.x) < wide / 2 and bodies[j].z < seen.z]
        forces += [(seen.x + end, i + 1, under[-1] + 1 if under else 0) for end in (-wide / 2, wide / 2)]
    rows = np.zeros((2 * len(weights), len(forces)))
    for column, (x, above, below) in enumerate(forces):
        rows[2 * above : 2 * above + 2, column] += (1.0, x)
        if below >= 0:
            rows[2 * below : 2 * below + 2, column] -= (1.0, x)
    pulls = np.array([[weight, weight * x] for weight, x in zip(weights, middles, strict=True)]).ravel()
    return linprog(np.zeros(len(forces)), A_eq=rows, b_eq=pulls, bounds=(0, None)).status == 0
