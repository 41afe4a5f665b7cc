"""A table passes through a window that shows four of its rows at a time: look-ups, sums, ranks and counts over all of it."""

from collections.abc import Iterable
from typing import Any, Self

from pydantic import JsonValue, model_validator

from generators.mathematical._race import NAMES
from generators.mathematical._table_questions import Asking, Row, Table
from generators.mathematical._table_show import Show
from generators.mathematical._table_viewer import retold
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

GROUPS = (
    ("region", ("north", "south", "east")),
    ("wood", ("oak", "elm", "fir")),
    ("metal", ("gold", "iron", "zinc")),
    ("team", ("red", "blue", "grey")),
    ("line", ("tram", "bus", "ship")),
)
COLUMNS = ("mass", "cost", "size", "age", "load", "rate", "crew", "wins")
LEAST, MOST = 10, 59
"""Of the numbers in a column that is summed."""
FAR = 4
"""The first and the last row of a group that is summed lie at least so many rows apart: no look shows both."""


class Params(TaskParams):
    rows: int = ramp(9, per_level=1, most=40, least=9, limit=40, about="rows that count")
    struck: int = ramp(1, per_level=0.34, most=10, limit=10, about="rows that are struck out and do not count")
    columns: int = ramp(3, per_level=0.25, most=4, least=3, limit=4, about="columns of numbers")
    back: int = ramp(
        0, per_level=0.5, most=30, limit=60, about="times that the table goes back a little, and then on again"
    )
    rest: float = ramp(
        2.6, per_level=-0.05, most=2.05, least=2.05, limit=10, about="seconds that the table rests, at least"
    )
    flashes: int = ramp(1, per_level=1, most=60, limit=80, about="cells that light up, which means nothing")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.flashes > 2 * self.rows:
            raise ValueError(f"flashes={self.flashes} is too many for {self.rows} rows: at most {2 * self.rows}")
        return self

    @property
    def share(self) -> int:
        """How many rows a group has, about."""
        return max(3, self.rows // 3)

    @property
    def sums(self) -> range:
        """What the numbers of a group may add up to."""
        middle = self.share * (LEAST + MOST + 1) // 2
        return range(middle - 15, middle + 11)

    @property
    def counts(self) -> range:
        """How many rows may be over a number."""
        return range(self.rows // 2 - 2, self.rows // 2 + 4)


@register(category="mathematical", version=1, stage="manim", covers=("MORSE-500 mathematical", "VidText"))
class ScrollingTable(Task[Params, Table]):
    """Scrolling table: a table passes through a window and is never seen as a whole.

    What is shown
        A table with a name, a group and three or four numbers in each row, behind a window that four rows fit into. It
        moves on by one to three rows, rests for at least two seconds, and now and then goes back. Rows that are
        struck out do not count; cells that light up mean nothing. The window is empty at the start and at the end.
    What is asked
        A number in the table; which row has the largest of a column, and which would have without that one; what place a
        row takes; what the numbers of a group add up to; how many rows are over a number.
    Difficulty
        More rows, more that are struck out, more columns, more going back, shorter rests, more cells that light up.
    Source
        Own design, after the scrolling tables of MORSE-500.
    """

    def simulate(self, params: Params, rng: Rng) -> Table:
        wanted = rng.steady("wanted")
        value, total, rank = wanted.integer(LEAST, MOST), wanted.choice(params.sums), wanted.integer(1, params.rows)
        count, most = wanted.choice(params.counts), wanted.integer(0, params.rows - 1)
        group_by, groups = rng.choice(GROUPS)
        names = rng.sample(COLUMNS, params.columns)
        added, ranked, counted = rng.sample(range(params.columns), 3)
        group, size = rng.choice(groups), rng.integer(params.share - 1, params.share + 1)
        members = sorted(rng.sample(range(params.rows), size))
        if members[-1] - members[0] < FAR:
            raise Rejected("all of the group in one look")
        others = [name for name in groups if name != group]
        numbers = [[rng.integer(LEAST, MOST) for _ in names] for _ in range(params.rows)]
        for row, number in zip(members, summing_to(total, size, rng), strict=True):
            numbers[row][added] = number
        looked_up = rng.choice([row for row in range(params.rows) if row not in members])
        numbers[looked_up][added] = value
        heights = sorted(rng.sample(range(10, 100), params.rows), reverse=True)
        order = [most, *rng.shuffled([row for row in range(params.rows) if row != most])]
        for row, number in zip(order, heights, strict=True):
            numbers[row][ranked] = number
        line = rng.integer(30, 69)
        over = rng.sample(range(params.rows), count)
        for row in range(params.rows):
            numbers[row][counted] = rng.integer(line + 1, 99) if row in over else rng.integer(10, line)
        keys = rng.sample(NAMES, params.rows + params.struck)
        kept = [
            Row(keys[i], group if i in members else rng.choice(others), tuple(cells), False)
            for i, cells in enumerate(numbers)
        ]
        rows: list[Row] = []
        places, left = rng.sample(range(len(keys)), params.struck), iter(kept)
        for i in range(len(keys)):
            if i in places:
                cells = tuple(rng.integer(10, 99) for _ in names)
                rows.append(Row(keys[params.rows + places.index(i)], rng.choice(groups), cells, True))
            else:
                rows.append(next(left))
        return Table(
            (group_by, *names), tuple(rows), params.back, params.rest, params.flashes, (kept[looked_up], added),
            (group, added, total), (ranked, kept[most], kept[order[rank - 1]], rank), (counted, line, count),
            {"group_sum": params.sums, "count_over": params.counts},
        )  # fmt: skip

    def layout(self, episode: Table, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: Table, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From the rows that come into the window, put together again as a table."""
        return retold(question, shown)

    def draw(self, episode: Table, layout: Layout, stage: Any, style: Style) -> None:
        from generators.mathematical._table_looks import draw_table

        draw_table(layout, stage, style)


def summing_to(total: int, count: int, rng: Rng) -> list[int]:
    """So many numbers at random that add up to a total. Raises :class:`Rejected` where they are hard to find."""
    for _ in range(300):
        numbers = [rng.integer(LEAST, MOST) for _ in range(count - 1)]
        if LEAST <= total - sum(numbers) <= MOST:
            return rng.shuffled([*numbers, total - sum(numbers)])
    raise Rejected("no numbers with that sum")
