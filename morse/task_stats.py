"""``morse tasks NAME --stats``: how many draws a task throws away and why, and how often each question can be asked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from morse.pipeline import Item, imagine, make_key
from morse.progress import progress
from morse.task import Task, registry
from morse.task_table import question_kinds

MOST_REASONS = 5
"""Reasons of rejected draws that are named for a level."""


@dataclass(frozen=True)
class LevelStats:
    """What became of the draws at a level.

    ``clips``: how many were made. ``rejected``: draws thrown away, by reason. ``asked``: clips that ask a kind of question, by
    kind. ``omitted``: questions that clips do without, by (kind, reason). ``unstable``: all of those draws and questions
    that small changes of the physics, the time step or the camera tip.
    """

    clips: int
    rejected: Counter[str]
    asked: Counter[str]
    omitted: Counter[tuple[str, str]]

    @property
    def draws(self) -> int:
        return self.clips + self.rejected.total()

    @property
    def unstable_draws(self) -> int:
        return sum(count for reason, count in self.rejected.items() if is_unstable(reason))

    def unstable_questions(self, kind: str) -> float:
        """Of the questions of a kind that could have been asked, the share that is unstable."""
        tipped = sum(count for (of, reason), count in self.omitted.items() if of == kind and is_unstable(reason))
        return tipped / (tipped + self.asked[kind]) if tipped else 0.0


def is_unstable(reason: str) -> bool:
    """Whether a reason says that an answer does not survive small changes."""
    return "unstable" in reason


def level_stats(task: Task, items: Sequence[Item]) -> LevelStats:
    """Count what is recorded with clips of one level."""
    kinds = question_kinds(task)
    rejected, omitted, asked = Counter[str](), Counter[tuple[str, str]](), Counter[str]()
    for item in items:
        asked.update({question.kind for question in item.questions})
        for reason, count in item.rejections.items():
            kind, _, why = reason.partition(": ")
            if why and kind in kinds:
                omitted[kind, why] += count
            else:
                rejected[reason] += count
    return LevelStats(len(items), rejected, asked, omitted)


def show_stats(name: str, levels: Sequence[int], count: int, console: Console | None = None) -> None:
    """Make ``count`` clips of a task at each level, without pictures, and print what became of the draws.

    Raises :class:`BadInput` for a name or level that does not exist.
    """
    task = registry().task(name)
    stats: dict[int, LevelStats] = {}
    with progress("clips", count * len(levels)) as advance:
        for level in levels:
            items = []
            for index in range(count):
                items.append(imagine(make_key(task, level, "stats", index)))
                advance()
            stats[level] = level_stats(task, items)
    console = console or Console()
    console.print(draws_table(stats))
    console.print(kinds_table(task, stats))


def draws_table(stats: dict[int, LevelStats]) -> Table:
    """A row a level: how many draws were thrown away, and why."""
    table = Table("level", "clips", "draws", "rejected", "unstable, of all draws", "why")
    for level, found in stats.items():
        why = ", ".join(f"{reason} ({count})" for reason, count in found.rejected.most_common(MOST_REASONS))
        rejected = f"{found.rejected.total() / found.draws:.1%}"
        unstable = f"{found.unstable_draws / found.draws:.1%}"
        table.add_row(str(level), str(found.clips), str(found.draws), rejected, unstable, why or "–")
    return table


def kinds_table(task: Task, stats: dict[int, LevelStats]) -> Table:
    """A row a kind of question: in how many clips of each level it is asked, and what share of it was unstable."""
    table = Table("question", *(f"level {level}: asked, unstable" for level in stats))
    for kind in question_kinds(task):
        cells = (f"{s.asked[kind] / s.clips:.0%}, {s.unstable_questions(kind):.1%}" for s in stats.values())
        table.add_row(kind, *cells)
    return table
