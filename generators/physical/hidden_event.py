"""Something slides towards others as a curtain closes; what went on behind it is told from what is seen before and after."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.physical._dark_cases import draw_dark
from generators.physical._dark_questions import Asking
from generators.physical._dark_show import draw_curtain, layout_of
from generators.physical._dark_viewer import retold
from generators.physical._dark_world import Dark, Params
from morse.layout import Layout, Shown
from morse.schema import Omitted, Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="physical", version=1, stage="bullet", covers=("Black Swan", "CLEVRER", "V-STaR"), unstable=True)
class HiddenEvent(Task[Params, Dark]):
    """Before, behind the curtain, after: something slides towards other things, and a curtain hides what comes of it.

    What is shown
        Cubes, balls and cylinders on a floor. One slides in; before it hits anything a curtain closes. Behind it a hand may at once take a
        thing away, put one there, carry one elsewhere or make two change places, or do nothing; then things hit each other and come to
        rest. The curtain opens, and all is seen as it lies now.
    What is asked
        Of a forecaster, while the curtain is closed: what the one that moves will hit first. Of a detective: which story of the hand fits
        both sides, what was in fact hit first, how many hits there were, where what was carried is. Of a reporter: what lies elsewhere
        than before, when the scene was hidden, where what is gone was and what is new is, if there is any. And what would have been hit
        had nobody interfered.
    Difficulty
        More things, more of them alike, things that come in and hit others in plain sight before, longer darkness.
    Source
        Forecaster, detective and reporter of Black Swan (arXiv 2412.05725); stories are simulated, and kept only where the others end
        visibly otherwise and small changes alter nothing (PHYRE, CRAFT).
    """

    def simulate(self, params: Params, rng: Rng) -> Dark:
        return draw_dark(params, rng)

    def layout(self, episode: Dark, rng: Rng) -> Layout:
        return layout_of(episode, rng)

    def ask(self, episode: Dark, layout: Layout, rng: Rng) -> Iterable[Question | Omitted]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """By playing every story of a hand at half the step, and keeping the one that ends as is seen."""
        return retold(question, shown)

    def draw(self, episode: Dark, layout: Layout, stage: Any, style: Style) -> None:
        """The bodies carry their looks; the curtain has a mark on it."""
        draw_curtain(layout, stage, style)
