"""Clocks that show different times behind a curtain that goes up and down: how long it was, and which ones somebody set."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.temporal._clock_looks import draw_wall_of_clocks
from generators.temporal._clock_questions import Asking
from generators.temporal._clock_show import WallShow
from generators.temporal._clock_viewer import retold
from generators.temporal._clock_world import Params, Wall, draw_wall
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="temporal", version=3, stage="plot", covers=("MORSE-500 temporal", "OVO-Bench", "RTV-Bench"))
class ClockShift(Task[Params, Wall]):
    """Clocks that show different times hang behind a curtain; hours pass unseen, and some clocks are set or stand still.

    What is shown
        Clocks with names, each as far ahead of the others as it is. While the curtain is up all tick on by five minutes a beat;
        now and then one is set forward or back, or stands still for some beats. While it is down any time passes (less than
        twelve hours), and one clock may have been set. Hands that swing out and back mean nothing, nor do balls.
    What is asked
        How long it was in all, and behind the curtain; which clock was set there, if any; how far a clock has been set so far,
        at three times of the clip; how often clocks were set; from when to when one stood still, if it did, and where it is;
        what one would show had nobody touched it; what one will show when another shows a given time.
    Difficulty
        More clocks, more and longer looks, more sets, swings and balls.
    Source
        Own design, after the concurrent events of MORSE-500 and the questions of OVO-Bench that are asked again as time goes on.
    """

    def simulate(self, params: Params, rng: Rng) -> Wall:
        return draw_wall(params, rng)

    def layout(self, episode: Wall, rng: Rng) -> Layout:
        return WallShow(episode, rng).layout()

    def ask(self, episode: Wall, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From what each clock shows after every beat; how far most have gone is the time that passed."""
        return retold(question, shown)

    def draw(self, episode: Wall, layout: Layout, stage: Any, style: Style) -> None:
        draw_wall_of_clocks(layout, stage, style)
