"""A cue strikes pucks on a table, and once, or never, a law of motion is broken: how, by which puck, when, and where?"""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.physical._broken_looks import draw_table
from generators.physical._broken_questions import Asking
from generators.physical._broken_show import Show
from generators.physical._broken_viewer import retold
from generators.physical._broken_world import Params, Scene, draw_scene
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="physical", version=2, stage="manim", covers=("MORSE-500 physical", "H2VU", "LLMxBugs", "V-STaR"))
class BrokenRule(Task[Params, Scene]):
    """A broken rule: a long game of pucks on a table, in which a law of motion is broken at one moment, or at none.

    What is shown
        A table with rails from above. A cue comes and strikes lettered pucks, one after the other; they glide, slow down, bounce and
        push one another. There is sand, in which they stop sooner, a bridge, under which they are hidden, and a magnet that draws the
        one puck of iron while its field is on; at times the cue only feints. Half of the clips are lawful from beginning to end.
        In the others a puck once goes through another, turns with nothing near, vanishes in the open, gets faster, stops dead, turns
        into something else, is struck and goes off the wrong way, or sets out with nothing to push it. A cloth hides all halfway.
    What is asked
        Whether all is lawful; what is wrong; which puck breaks the law; after how many strokes; at which moment; from when to when the run
        lasts in which it does, if it does; where that puck is meanwhile; which puck was struck n-th; what a puck touches next, at
        several times; what it would have touched had another not been there.
    Difficulty
        More strokes, pucks and feints; breaks that are less plain.
    Source
        Own design, after the physical plausibility of IntPhys (arXiv 1803.07616) and the chain what, when, where of V-STaR
        (arXiv 2503.11495). As many ways to break a law as none, so that whoever says what is usual is wrong.
    """

    def simulate(self, params: Params, rng: Rng) -> Scene:
        return draw_scene(params, rng)

    def layout(self, episode: Scene, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: Scene, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From tracks a hundred times a second: every kink of a way needs a cause in sight; what is foretold is stepped forward."""
        return retold(question, shown)

    def draw(self, episode: Scene, layout: Layout, stage: Any, style: Style) -> None:
        draw_table(layout, stage, style)
