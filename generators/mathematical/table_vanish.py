"""A table is shown whole, then its rows or its columns vanish one by one: sums, products and ranks of what has gone."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.mathematical._race import NAMES
from generators.mathematical._vanish_questions import Asking
from generators.mathematical._vanish_show import Show
from generators.mathematical._vanish_viewer import retold
from generators.mathematical._vanish_world import Params, Vanishing, draw_vanishing
from generators.mathematical.scrolling_table import COLUMNS
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="mathematical", version=1, stage="plot", covers=("MORSE-500 mathematical", "RTV-Bench"))
class TableVanish(Task[Params, Vanishing]):
    """Vanishing table: a table is shown whole for a few seconds, then its rows or its columns vanish one by one.

    What is shown
        A table of small numbers with a name for each row and a head for each column. Its rows, or its columns, vanish one
        after another, some in the order of their numbers. Halfway a cloth covers the table for a while, and nothing happens.
        Single cells that are blank for a moment and come back mean nothing.
    What is asked
        A number; in which order all vanished, and what vanished next after one; what stood in the one that vanished last,
        asked three times; the product of the numbers of the first three to go; the scalar product of two of them; the sum of
        what still stood when one had gone; the largest of those that went before or after one; by which numbers they went, if
        by any, and which goes next by that; the product had two of them changed places in the order.
    Difficulty
        More rows and columns, more cells that go and come back, less time with the whole table, more under the cloth.
    Source
        Own design, after the tables of MORSE-500 that vanish by row or by column.
    """

    def simulate(self, params: Params, rng: Rng) -> Vanishing:
        by_column = rng.steady("columns").chance(0.5)
        rows, columns = (params.fields, params.pieces) if by_column else (params.pieces, params.fields)
        return draw_vanishing(
            params, by_column, tuple(rng.sample(NAMES, rows)), tuple(rng.sample(COLUMNS, columns)), rng
        )

    def layout(self, episode: Vanishing, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: Vanishing, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From the table as it stands at the start, as an array put in the order in which its parts fade."""
        return retold(question, shown)

    def draw(self, episode: Vanishing, layout: Layout, stage: Any, style: Style) -> None:
        from generators.mathematical._vanish_looks import draw_vanishing_table

        draw_vanishing_table(episode, layout, stage, style)
