"""Blocks slide and round bodies roll down lanes of different grip: who is first, how far do they get, and what if?"""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.physical._ramp_questions import Asking
from generators.physical._ramp_show import Show, draw_lanes
from generators.physical._ramp_viewer import retold
from generators.physical._ramp_world import Params, Slides, draw_slides
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(
    category="physical", version=1, stage="bullet", covers=("CLEVRER", "MORSE-500 physical", "RTV-Bench"), unstable=True
)  # fmt: skip
class Ramps(Task[Params, Slides]):
    """Run after run, bodies slide and roll down numbered lanes, pass a line and run out over lettered fields.

    What is shown
        Four lanes, equally steep, with different surfaces whose grip their looks do not tell; two starts on each, a line at the foot,
        and a flat of lettered fields with a pad at its end. In each run blocks of ice, wood and rubber (their kilograms on them),
        balls, drums and hoops are lowered and let go together, in slow motion. In the first run all are blocks of wood; in one run a block
        hits another of unknown mass that waits. Some bodies stay where they are.
    What is asked
        Who was first in the run before (at several times), how many are past the line so far (at several times), in which order some
        arrived, when one moved and where the first one was (recall); which lanes are slippery, which of two blocks that collided is heavier (infer,
        explain); who is going to be first and in which field a block is going to rest, before they are let go (predict); who would have been first with
        bodies, or masses, exchanged, and on how many lanes rubber would stay (counterfactual).
    Difficulty
        More runs, closer arrivals.
    Source
        Galilei's inclined planes; questions after CLEVRER and RTV-Bench. Motion in closed form (Newton's second law with dry friction, rolling
        without slipping), told again from measured accelerations by pybullet on static ramps and by quadrature of the arc.
    """

    def simulate(self, params: Params, rng: Rng) -> Slides:
        return draw_slides(params, rng)

    def layout(self, episode: Slides, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: Slides, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(question, shown)

    def draw(self, episode: Slides, layout: Layout, stage: Any, style: Style) -> None:
        draw_lanes(episode, layout, stage, style)
