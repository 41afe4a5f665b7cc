"""Cars at a crossing: how they come, stand before their stop line, and drive over."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

SPEED, BRAKE, START = 4.0, 4.0, 3.2
"""Of cars, in canvas units and seconds: speed, and how hard they brake and pull away."""
LONG, WIDE, ROOM = 1.34, 0.84, 1.62
"""Length and width of a car, and how far cars that wait are apart."""
LANE, BOX = 0.72, 1.9
"""How far a lane's middle lies from the road's, and how far from the middle of the crossing the stop lines are."""
REACH = {"north": 4.5, "south": 4.5, "east": 8.0, "west": 8.0}
"""How far it is from the middle of the crossing to the edge of the picture."""
HEADWAY = 0.14
"""How far before its stop line the first car that waits stands."""


@dataclass(frozen=True)
class Car:
    """A car from an arm that would be at the stop line at a time (``line``), did it not have to wait; ``slot``: its place in
    the queue, from 0, or ``None``; ``goes``: when it pulls away. ``runs``: it drives over at red."""

    arm: str
    line: float
    slot: int | None = None
    goes: float = 0.0
    runs: bool = False

    @property
    def stop(self) -> float:
        """Where its front stands while it waits, along its way from the stop line."""
        return -(HEADWAY + ROOM * (self.slot or 0))

    @property
    def stands(self) -> float:
        """From when it stands."""
        return self.line + (self.stop + SPEED * SPEED / (2 * BRAKE)) / SPEED

    @property
    def waits(self) -> float:
        """For how long it stands."""
        return 0.0 if self.slot is None else self.goes - self.stands

    @property
    def passes(self) -> float:
        """When its front is over the stop line."""
        if self.slot is None:
            return self.line
        far, run_up = -self.stop, SPEED * SPEED / (2 * START)
        return self.goes + (sqrt(2 * far / START) if far <= run_up else SPEED / START + (far - run_up) / SPEED)

    @property
    def span(self) -> tuple[float, float]:
        """From before it comes into the picture until after it has left it."""
        start = self.line - (REACH[self.arm] - BOX + 0.95) / SPEED
        return round(start, 3), round(self.when(BOX + REACH[self.arm] + LONG + 0.95), 3)

    def when(self, way: float) -> float:
        """When its front has come so far beyond the stop line, far enough for it to be at full speed."""
        if self.slot is None:
            return self.line + way / SPEED
        return self.goes + SPEED / START + (way - self.stop - SPEED * SPEED / (2 * START)) / SPEED

    def front(self, times: np.ndarray) -> np.ndarray:
        """How far its front is beyond the stop line (negative: before it)."""
        free = SPEED * (times - self.line)
        if self.slot is None:
            return free
        left = np.clip(self.stands - times, 0.0, SPEED / BRAKE)
        braking = self.stop - BRAKE * left * left / 2 - SPEED * np.maximum(self.stands - SPEED / BRAKE - times, 0.0)
        since = np.maximum(times - self.goes, 0.0)
        run_up = np.minimum(since, SPEED / START)
        away = START * run_up * run_up / 2 + SPEED * (since - run_up)
        return np.where(times < self.goes, braking, self.stop + away)

    def along(self, times: np.ndarray) -> np.ndarray:
        """How far its middle is beyond the middle of the crossing, along its way."""
        return self.front(times) - BOX - LONG / 2

    def middle(self, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where its middle is, in canvas units: cars keep to the right."""
        x, y = direction(self.arm)
        ahead = self.along(times)
        return ahead * x + LANE * y, ahead * y - LANE * x


def direction(arm: str) -> tuple[int, int]:
    """Which way cars from an arm drive."""
    return {"north": (0, -1), "east": (-1, 0), "south": (0, 1), "west": (1, 0)}[arm]
