"""Pendulums and Newton's cradles behind a curtain: how many swing out, who is slower, and what if?"""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.physical._swing_questions import Asking
from generators.physical._swing_show import Show, draw_theatre
from generators.physical._swing_viewer import retold
from generators.physical._swing_world import Params, Swinging, draw_swinging
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(
    category="physical", version=1, stage="manim", covers=("MORSE-500 physical", "CLEVRER", "RTV-Bench"), unstable=True
)  # fmt: skip
class PendulumCradle(Task[Params, Swinging]):
    """A curtain opens for one experiment after another: Newton's cradles, and pendulums whose strings vanish behind a board.

    What is shown
        Cradles of five to eight lettered balls, some of which are lifted at one end or at both and let go. Rows of bobs that
        all hang at one height, their kilograms beneath, on strings of different lengths, of which a board hides most; one comes to rest
        sooner than the others. Two pendulums that are let go in step and get out of it. The curtain falls while all swing.
    What is asked
        How many balls swung out in the cradle before (at several times), how many impacts there were, how many full swings a bob made, when a
        ball was out (recall); which strings are longer, whose swings die away, where the slowest bob is (infer); how many balls, and which, swing
        out at the next impact, behind the curtain, and how many swings until two are in step again (predict); one more ball lifted, a string four times as long, masses
        exchanged (counterfactual).
    Difficulty
        More experiments, more bobs, more balls.
    Source
        Galilei and Huygens; the oscillations of MORSE-500. Cradles by the elliptic integral from impact to impact, pendulums in closed form; told again
        from measured periods, speeds exchanged pair by pair, and the pendulum's equation integrated.
    """

    def simulate(self, params: Params, rng: Rng) -> Swinging:
        return draw_swinging(params, rng)

    def layout(self, episode: Swinging, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: Swinging, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(question, shown)

    def draw(self, episode: Swinging, layout: Layout, stage: Any, style: Style) -> None:
        draw_theatre(episode, layout, stage, style)
