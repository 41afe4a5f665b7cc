"""What is asked about a table that passes through a window."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import JsonValue

from morse.layout import Layout
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Evidence, Integer, Question, Step, Text


class Row(NamedTuple):
    name: str
    group: str
    numbers: tuple[int, ...]
    struck: bool


@dataclass(frozen=True)
class Table:
    """What stands in a table, and what is asked of it (columns of numbers from 0).

    ``heads``: over the groups, then over each column of numbers. ``looked_up``: (row, column). ``added``: (group, column, sum).
    ``ranked``: (column, its largest row, another one, the place of that). ``counted``: (column, a number, how many rows are
    over it). ``domains``: question kind → its answers.
    """

    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    back: int
    rest: float
    flashes: int
    looked_up: tuple[Row, int]
    added: tuple[str, int, int]
    ranked: tuple[int, Row, Row, int]
    counted: tuple[int, int, int]
    domains: Mapping[str, range]


class Asking:
    """The questions of a clip."""

    def __init__(self, table: Table, layout: Layout) -> None:
        self.table, self.seen = table, layout.details["seen"]
        self.kept = [row for row in table.rows if not row.struck]
        self.names = tuple(sorted(row.name for row in self.kept))

    def all(self) -> Iterable[Question]:
        table, head = self.table, self.table.heads
        row, column = table.looked_up
        yield self.question(
            "lookup", row.numbers[column], Integer(), [row], column, {"name": row.name}, reasoning="recall",
            skills=("find", "read"), domain=tuple(range(10, 60)), min_frames=1,
        )  # fmt: skip
        group, column, total = table.added
        members = [row for row in self.kept if row.group == group]
        yield self.question(
            "group_sum", total, Integer(), members, column, {"group": group, "group_by": head[0]}, reasoning="infer",
            skills=("read", "arithmetic"), domain=tuple(table.domains["group_sum"]),
        )  # fmt: skip
        column, first, other, place = table.ranked
        one = Text(vocabulary=self.names, noun="name")
        yield self.question(
            "arg_max", first.name, one, self.kept, column, reasoning="infer", skills=("read", "compare"),
            domain=self.names,
        )  # fmt: skip
        second = sorted(self.kept, key=lambda row: row.numbers[column])[-2]
        yield self.question(
            "runner_up", second.name, one, self.kept, column, reasoning="counterfactual",
            skills=("read", "compare", "imagine"), domain=self.names,
        )  # fmt: skip
        yield self.question(
            "place", place, Integer(), self.kept, column, {"name": other.name}, reasoning="infer",
            skills=("read", "compare", "count"), domain=tuple(range(1, len(self.kept) + 1)),
        )  # fmt: skip
        column, line, count = table.counted
        yield self.question(
            "count_over", count, Integer(), self.kept, column, {"line": line}, reasoning="infer",
            skills=("read", "count"), domain=tuple(table.domains["count_over"]),
        )  # fmt: skip

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        rows: Sequence[Row],
        column: int,
        slots: dict[str, JsonValue] | None = None,
        min_frames: int = 2,
        **more: Any,
    ) -> Question:
        """Each row is read in the first rest in which it is seen."""
        looks = [self.seen[row.name] for row in rows]
        head = self.table.heads[column + 1]
        steps = [
            Step(kind="perceive", claim=f"cell({row.name}, {head}, {row.numbers[column]})", time=round(start + 0.5, 3))
            for row, (_, start, _) in zip(rows, looks, strict=True)
        ]
        return Question(
            kind=kind, answer=answer, format=form, slots={"column": head} | (slots or {}), min_fps=1.0,
            evidence=tuple(Evidence(start=start, end=end, objects=(name, "head")) for name, start, end in looks),
            steps=concluding(steps, f"{kind}({answer})"), min_frames=max(min_frames, -(-len(rows) // 4)), **more,
        )  # fmt: skip
