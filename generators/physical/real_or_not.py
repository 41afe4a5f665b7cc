"""Takes of one experiment, some of which break a law of motion: which are real, what is wrong with the others, and when?"""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.physical._takes_questions import Asking
from generators.physical._takes_show import Show, draw_stage
from generators.physical._takes_viewer import retold
from generators.physical._takes_world import Params, Takes, draw_takes
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(
    category="physical", version=1, stage="manim", covers=("MORSE-500 physical", "H2VU", "LLMxBugs", "Video-Holmes")
)  # fmt: skip
class RealOrNot(Task[Params, Takes]):
    """Real or not: a ball is thrown over a floor in take after take, and some takes break a law of motion at some moment.

    What is shown
        Numbered takes, one after the other: a ball is held, then thrown, comes down on a floor with eight lettered stretches and bounces.
        In some takes it stands still in mid-air for a while, is suddenly elsewhere, turns back without touching anything, falls much more
        slowly from some moment on, or comes back from the floor higher than before. Moths that flutter by mean nothing.
    What is asked
        Which of four takes is real; what is wrong with one, if anything; when a law is broken, and where the ball is then; how many takes
        break one; what was wrong with the take before, at several times; which do it in the same way; on which stretch a ball in flight is going to
        come down; on which one it would have come down by the laws.
    Difficulty
        More takes, less plain breaks, more moths.
    Source
        Own design, after the real-or-not items of MORSE-500, the counter-sense items of H2VU and the anomalies of Video-Holmes; as many
        kinds of break as of none, so that whoever says what is usual is wrong.
    """

    def simulate(self, params: Params, rng: Rng) -> Takes:
        return draw_takes(params, rng)

    def layout(self, episode: Takes, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: Takes, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From where each ball is seen to be: what no parabola between two touches of the floor explains."""
        return retold(question, shown)

    def draw(self, episode: Takes, layout: Layout, stage: Any, style: Style) -> None:
        draw_stage(layout, stage, style)
