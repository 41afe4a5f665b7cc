"""Figures pass on a road all the time, and few cards come up on a board: what was on one, what passed next to what, and when."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.temporal._needle_questions import Asking
from generators.temporal._needle_show import layout_of
from generators.temporal._needle_viewer import retold
from generators.temporal._needle_world import Params, Stream, draw_stream
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(
    category="temporal", version=2, stage="manim", covers=("LongVideoBench", "OVO-Bench", "V-STaR", "Video-Holmes")
)  # fmt: skip
class Needle(Task[Params, Stream]):
    """Needles in a stream: few cards come up on a board, anywhere in a clip of seconds or of an hour, while figures pass.

    What is shown
        A road on which trucks, boats, kites and the like with marks on them pass one after another, without end. Above it a
        board that is mostly empty; now and then it shows a card with a mark and a number, or a mark and a letter, and
        once a round card with a mark alone. Balls that roll by mean nothing.
    What is asked
        The number on the card with a mark (if it ever came); from when to when it was up; what was passing when it came; where one that passes once stays;
        what passed just before or after one that passes once; the n-th number card; how often a rare figure passed; the
        difference of two numbers; the number that the round card leads to by its mark, far away in the clip; what came
        first; the latest number so far, at several times; the n-th number card had one never come.
    Difficulty
        Longer clips (any length by --set seconds=3600), more cards, cards with letters, balls.
    Source
        Own design, after the referring questions of LongVideoBench (arXiv 2407.15754) and needles hidden at a depth in long
        clips; depths are uniform over the clip.
    """

    def simulate(self, params: Params, rng: Rng) -> Stream:
        return draw_stream(params, rng)

    def layout(self, episode: Stream, rng: Rng) -> Layout:
        return layout_of(episode, rng)

    def ask(self, episode: Stream, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """By going through what passed and what was shown, in its order."""
        return retold(question, shown)

    def draw(self, episode: Stream, layout: Layout, stage: Any, style: Style) -> None:
        from generators.temporal._needle_looks import draw_stream

        draw_stream(layout, stage, style)
