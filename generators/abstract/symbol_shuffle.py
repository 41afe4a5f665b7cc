"""A row of letters is shuffled, at first in view and then face down: what it spells, and what became of each letter."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.abstract._shuffle_looks import draw_row
from generators.abstract._shuffle_moves import Params, Shuffle, draw_shuffle
from generators.abstract._shuffle_questions import Asking
from generators.abstract._shuffle_show import RowShow
from generators.abstract._shuffle_viewer import retold
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="abstract", version=1, stage="manim", covers=("MORSE-500 abstract", "RTV-Bench"))
class SymbolShuffle(Task[Params, Shuffle]):
    """Letters in a row swap, jump over others and turn round in stretches, at first in view and then face down.

    What is shown
        Tiles with letters on numbered places, face down at first. They turn up, are moved some times, turn away and are moved on:
        two trade places, one jumps to another place (those between move up), or a stretch is turned round. Tiles that stir and
        stay where they are mean nothing.
    What is asked
        What is spelled now; where a letter is, at three times; how far it is from where it was; which letters traded places in
        the n-th move; how many moves there were; how many swaps would put all letters back; which letter would be at a place had
        a move not been made, or were the hidden moves made once more.
    Difficulty
        More letters, more and quicker moves, fewer of them in view, more stirring.
    Source
        Own design, after the anagrams of MORSE-500.
    """

    def simulate(self, params: Params, rng: Rng) -> Shuffle:
        return draw_shuffle(params, rng)

    def layout(self, episode: Shuffle, rng: Rng) -> Layout:
        return RowShow(episode, rng).layout()

    def ask(self, episode: Shuffle, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From the order of the tiles before and after every move, and the letters that were seen on them."""
        return retold(question, shown)

    def draw(self, episode: Shuffle, layout: Layout, stage: Any, style: Style) -> None:
        draw_row(layout, stage, style)
