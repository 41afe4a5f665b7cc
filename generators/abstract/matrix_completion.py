"""A matrix of nine cells is uncovered bit by bit, and one cell never is: what belongs there, by which rule, and where its bead would go."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.abstract._matrix_looks import draw_matrix_board
from generators.abstract._matrix_questions import Asking
from generators.abstract._matrix_show import Show
from generators.abstract._matrix_viewer import retold
from generators.abstract._matrix_world import Matrix, Params, draw_matrix
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="abstract", version=1, stage="manim", covers=("RAVEN", "MORSE-500 abstract", "RTV-Bench"))
class MatrixCompletion(Task[Params, Matrix]):
    """Cells of a matrix are uncovered in turn, while beads go round their frames; one cell is missing.

    What is shown
        Nine covered cells in three rows and columns. One after another eight are uncovered for a while: each has figures of one
        shape and filling (some number of them, or some of four places) and a bead that goes along its frame beat by beat, equally far
        each time; in one cell it may once do otherwise. Each feature goes by a rule of a library in every row or in every column (the
        same, one more, a sum, a union, the same three in any order, …). Then lettered cells are shown. Shaking covers mean nothing.
    What is asked
        Which lettered cell is the missing one; one of its features; which rule a feature goes by; in which cell the bead once
        strayed; where the missing cell's bead would be at a later beat, or if its row or column had changed steps with another; what a cell
        had; where the bead last covered came to rest, at three times; when a cell was to be seen, if it was.
    Difficulty
        More features that vary, more beats, fewer cells uncovered together and these out of order, eight options for four, more shaking.
    Source
        Raven's progressive matrices (1938) and RAVEN (Zhang et al. 2019, arXiv 1903.02741), with options balanced as in I-RAVEN
        (Hu et al. 2021, arXiv 2002.06838): each value is on as many options as its rival, so that options alone tell nothing.
    """

    def simulate(self, params: Params, rng: Rng) -> Matrix:
        return draw_matrix(params, rng)

    def layout(self, episode: Matrix, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: Matrix, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """By trying every rule, and every value of the missing cell, on what was seen of the others."""
        return retold(question, shown)

    def draw(self, episode: Matrix, layout: Layout, stage: Any, style: Style) -> None:
        draw_matrix_board(layout, stage, style)
