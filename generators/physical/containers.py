"""Balls roll down a chute over doors that open and shut, and fall into bins that nobody can look into."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.physical._chute_looks import draw_chute as draw_figures
from generators.physical._chute_plan import Chute, Params, draw_chute
from generators.physical._chute_questions import Asking
from generators.physical._chute_show import layout_of
from generators.physical._chute_viewer import retold
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(
    category="physical", version=2, stage="bullet", covers=("Perception Test", "VideoReasonBench", "OVO-Bench"),
    unstable=True,
)  # fmt: skip
class Containers(Task[Params, Chute]):
    """Balls roll down a chute, fall through trap doors that open and shut, and are gone in bins with opaque fronts.

    What is shown
        A board with a chute that leads down from a feeder. In the chute are numbered trap doors, some behind a screen; below each door and
        beyond the chute's end stands a lettered bin. Balls of several colours, each colour with its mark, come out one after the other,
        roll over shut doors and fall through the first open one. What a bin holds is never seen.
    What is asked
        How many balls, or balls of a colour, a bin holds; which one holds the most, at several times; which colour fell in last; where a
        ball is now; which balls fell through a door; in which order bins got their first ball; whether a door behind a screen was open
        as a ball came to it; where a ball would be had a door stayed shut; how many a bin will hold as the doors stand; when a ball of
        a colour is on its way, if one ever comes, and where it is then.
    Difficulty
        More balls, at shorter pauses, of more colours; more doors, more of them behind screens, and doors that move for no ball.
    Source
        Own design, after the containers and counting under occlusion of the Perception Test (arXiv 2305.13786); rides by pybullet,
        kept only where small changes do not alter them.
    """

    def simulate(self, params: Params, rng: Rng) -> Chute:
        return draw_chute(params, rng)

    def layout(self, episode: Chute, rng: Rng) -> Layout:
        return layout_of(episode, rng)

    def ask(self, episode: Chute, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From where each ball is last seen; for what did not happen by rolling one at half the time step past the doors as they stand."""
        return retold(question, shown)

    def draw(self, episode: Chute, layout: Layout, stage: Any, style: Style) -> None:
        draw_figures(layout, stage, style)
