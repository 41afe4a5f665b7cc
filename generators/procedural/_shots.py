"""What one clip of a procedure shows, whatever the craft: its step, what is before and after, and how much is in view."""

from dataclasses import dataclass, replace

from generators.procedural._planning import State
from morse.seeding import Rng

ALL_COLUMNS = (0, 3)
HOLD = 2.0
"""Seconds that everything stands still before and after each step."""


@dataclass(frozen=True)
class Shot:
    """One clip: its step, the whole workplace before and after, and which columns are in view (first, last)."""

    kind: str
    objects: tuple[str, ...]
    before: State
    after: State
    position: int | None
    """Which step of the procedure it is, from 0; ``None`` for a clip of another procedure."""
    columns: tuple[int, int] = ALL_COLUMNS

    def shows(self, column: int) -> bool:
        return self.columns[0] <= column <= self.columns[1]

    def doing(self, objects: tuple[str, ...]) -> "Shot":
        """The same with other objects: only to be put in words."""
        return replace(self, objects=objects)

    @property
    def shift(self) -> float:
        """How far everything is moved to the right, so that what is in view is in the middle."""
        return 6.0 - 2.0 * (self.columns[0] + self.columns[1])


@dataclass(frozen=True)
class Decoy:
    """A thing in the background of one clip that has no part in the procedure."""

    kind: str
    x: float
    y: float
    tint: int


def step_lengths(count: int, rng: Rng) -> list[float]:
    """How long each clip's step takes. Both halves last equally long, so that the middle of the video is a card."""
    half = [rng.choice((1.5, 2.0, 2.5)) for _ in range(count // 2)]
    return [*half, *([2.0] * (count % 2)), *rng.shuffled(half)]
