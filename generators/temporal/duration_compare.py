"""Lamps are lit, kettles boil, fans turn for a while: which went on longest, and how long, interruptions left out."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.temporal._duration_questions import Asking
from generators.temporal._duration_show import WallShow
from generators.temporal._duration_viewer import retold
from generators.temporal._duration_world import Board, Params, draw_board
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="temporal", version=2, stage="manim", covers=("MORSE-500 temporal", "OVO-Bench", "RTV-Bench"))
class DurationCompare(Task[Params, Board]):
    """Lamps are lit, kettles boil, fans turn, flags fly, windows are open for some seconds, stop, and go on again.

    What is shown
        Two rows of plates, each with a thing and its letter. In two acts, with a rest between, things go on for whole numbers
        of seconds, some of them in several stretches, some at the same time; one never does. Plates that shake and balls
        that pass mean nothing.
    What is asked
        Which of four went on longest or shortest; the order of several by duration; the seconds of each of a list; whether
        one went on longer than another, and by how much, or for how long the other must go on yet to come up with it; the
        total of one that was interrupted; which two went on equally long; how many would still have gone on longer than one
        had it not been interrupted; for how long one has gone on up to now, at three times of the clip; from when to when
        one's longest stretch was, if there was any; where that is which went on longest at a stretch.
    Difficulty
        More things, longer acts, more interruptions, more things to be put in order, more that means nothing.
    Source
        Own design, after the durations of MORSE-500 and the repeated questions of OVO-Bench and RTV-Bench.
    """

    def simulate(self, params: Params, rng: Rng) -> Board:
        return draw_board(params, rng)

    def layout(self, episode: Board, rng: Rng) -> Layout:
        return WallShow(episode, rng).layout()

    def ask(self, episode: Board, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """By watching from when to when each thing looks as it does while it goes on."""
        return retold(question, shown)

    def draw(self, episode: Board, layout: Layout, stage: Any, style: Style) -> None:
        from generators.temporal._duration_looks import draw_wall

        draw_wall(layout, stage, style)
