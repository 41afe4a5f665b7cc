"""Lights at a crossing: when each is green, amber and red."""

from dataclasses import dataclass
from itertools import pairwise

from morse.seeding import Rng

ARMS = ("north", "east", "south", "west")
"""Where cars come from, clockwise; opposite ones have green together."""
AMBER, ALL_RED, GREENS = 1.0, 0.5, (2, 3, 4, 5)
"""Seconds of amber, and in which all lights are red; how long a light may be green."""
REDS = tuple(int(green + AMBER + 2 * ALL_RED) for green in GREENS)
"""How long the other lights are red then."""
CLEAR = 0.6
"""Seconds by which a car misses a change of its light at least."""


@dataclass(frozen=True)
class Program:
    """When lights are green. ``greens``: seconds of green for north and south, and for east and west; ``offset``: seconds
    that are over, when the clip begins, since north and south turned green."""

    greens: tuple[int, int]
    offset: float

    @property
    def period(self) -> float:
        return sum(self.greens) + 2 * (AMBER + ALL_RED)

    def since_green(self, arm: str, time: float) -> float:
        """Seconds since an arm's light turned green."""
        shift = 0.0 if arm in ARMS[::2] else self.greens[0] + AMBER + ALL_RED
        return (time + self.offset - shift) % self.period

    def green(self, arm: str) -> int:
        return self.greens[ARMS.index(arm) % 2]

    def state(self, arm: str, time: float) -> str:
        """The lamp that is lit: green, amber or red."""
        since, green = self.since_green(arm, time), self.green(arm)
        return "green" if since < green else "amber" if since < green + AMBER else "red"

    def next_green(self, arm: str, time: float) -> float:
        """When the light turns green next, after a time."""
        return time + self.period - self.since_green(arm, time)

    def clear(self, arm: str, time: float) -> bool:
        """Whether a time is not near a change of the light."""
        since, green = self.since_green(arm, time), self.green(arm)
        changes = (0.0, green, green + AMBER, self.period)
        return all(abs(since - change) >= (CLEAR if change != green + AMBER else 0.3) for change in changes)

    def changes(self, arm: str, end: float) -> list[tuple[float, str]]:
        """(when, to which lamp) in a clip of a length, from its start on."""
        green = self.green(arm)
        first = -self.since_green(arm, 0.0)
        turns = [
            (first + k * self.period + after, lamp)
            for k in range(int(end / self.period) + 3)
            for after, lamp in ((0.0, "green"), (green, "amber"), (green + AMBER, "red"))
        ]
        return [(round(time, 3), lamp) for time, lamp in turns if 0 < time < end]

    def phases(self, arm: str, lamp: str, end: float) -> list[tuple[int, float, float]]:
        """(the how-many-th time, from when, to when) a lamp is lit, where that begins and ends in the clip."""
        turns = [(0.0, self.state(arm, 0.0)), *self.changes(arm, end)]
        lit = [(a, b) for (a, now), (b, _) in pairwise(turns) if now == lamp]
        return [(number, a, b) for number, (a, b) in enumerate(lit, start=1) if a > 0]


def draw_program(arm: str, red: int, rng: Rng) -> Program:
    """Lights of which an arm's is red for so long."""
    other = GREENS[REDS.index(red)]
    own = rng.choice([green for green in GREENS if green + other <= 7])
    greens = (own, other) if arm in ARMS[::2] else (other, own)
    return Program(greens, round(rng.uniform(0.0, sum(greens) + 2 * (AMBER + ALL_RED)), 3))
