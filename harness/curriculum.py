"""Which level each task is at while a model learns: up where it earns enough, down where it earns too little.

The level follows from the rewards and their order alone. Only rewards of questions of the level that a task is at count, so those that
were under way when it changed move nothing.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from morse.errors import BadInput


@dataclass(frozen=True, slots=True)
class Rule:
    """When a task's level changes: once the mean of its last ``window`` rewards at the level is ``rise`` or more, or ``fall`` or less.

    Raises :class:`BadInput` for thresholds that cross and levels that are none.
    """

    rise: float = 0.8
    fall: float = 0.2
    window: int = 64
    lowest: int = 1
    highest: int | None = None

    def __post_init__(self) -> None:
        if not self.fall < self.rise:
            raise BadInput(f"a curriculum that falls at {self.fall} must rise at more, not at {self.rise}")
        if self.window < 1:
            raise BadInput(f"a curriculum needs a window of at least 1 reward, not of {self.window}")
        if self.lowest < 1 or (self.highest is not None and self.highest < self.lowest):
            raise BadInput(f"levels go from 1 up, not from {self.lowest} to {self.highest}")


class Curriculum:
    """The levels of some tasks."""

    def __init__(self, tasks: Iterable[str], rule: Rule | None = None) -> None:
        self.rule = rule or Rule()
        self.levels = dict.fromkeys(tasks, self.rule.lowest)
        self._rewards = {task: deque[float](maxlen=self.rule.window) for task in self.levels}
        self._ends: dict[str, int] = {}
        """Levels at which tasks were found to end."""

    def report(self, task: str, level: int, reward: float) -> int:
        """Count a reward; returns the task's level from now on. Raises :class:`BadInput` for a task that is not taught."""
        if task not in self.levels:
            raise BadInput(f"the curriculum has no task {task!r}: {', '.join(self.levels)}")
        if level != self.levels[task]:
            return self.levels[task]
        rewards = self._rewards[task]
        rewards.append(float(reward))
        if len(rewards) == self.rule.window:
            mean = sum(rewards) / len(rewards)
            change = (mean >= self.rule.rise) - (mean <= self.rule.fall)
            self._move(task, level + change)
        return self.levels[task]

    def mean(self, task: str) -> float | None:
        """The running mean of a task's rewards at its level; ``None`` where there is none yet."""
        rewards = self._rewards[task]
        return sum(rewards) / len(rewards) if rewards else None

    def ends_at(self, task: str, level: int) -> None:
        """A task has no clips at a level: it stays below from now on."""
        self._ends[task] = min(level, self._ends.get(task, level))
        if level <= self.levels[task] and level > self.rule.lowest:
            self.levels[task] = level - 1
            self._rewards[task].clear()

    def _move(self, task: str, level: int) -> None:
        highest = min(self.rule.highest or level, self._ends.get(task, level + 1) - 1)
        level = max(self.rule.lowest, min(level, highest))
        if level != self.levels[task]:
            self.levels[task] = level
            self._rewards[task].clear()

    def state_dict(self) -> dict[str, Any]:
        """All that the levels to come follow from, as JSON values."""
        rewards = {task: [*kept] for task, kept in self._rewards.items()}
        return {"levels": dict(self.levels), "rewards": rewards, "ends": dict(self._ends)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a state. Raises :class:`BadInput` for one of other tasks."""
        if state["levels"].keys() != self.levels.keys():
            raise BadInput(
                f"the state is of the tasks {', '.join(state['levels'])}, the stream has {', '.join(self.levels)}"
            )
        self.levels = {task: state["levels"][task] for task in self.levels}
        for task, kept in self._rewards.items():
            kept.clear()
            kept.extend(state["rewards"][task])
        self._ends = dict(state["ends"])
