"""Figures that look alike go behind screens and come out again: who is who follows from their ways alone."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.spatial._occlusion_looks import draw_walks_shown
from generators.spatial._occlusion_questions import Asking
from generators.spatial._occlusion_show import walks_shown
from generators.spatial._occlusion_viewer import retold
from generators.spatial._occlusion_world import Params, Walks, draw_walks
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="spatial", version=2, stage="manim", covers=("RTV-Bench", "V-STaR", "CLEVRER", "Perception Test"))
class OcclusionTrack(Task[Params, Walks]):
    """Figures that look alike walk behind screens, cross there, stop or turn back, and come out somewhere else.

    What is shown
        Places in columns, with screens from top to bottom between them. Each figure on a place shows its mark, then the marks go.
        Some at a time, figures walk to a place in the next column, behind the screen. Those that are behind a screen together go
        straight on at an even pace; one that is alone there may stop for a while, turn back, or take a bent way.
    What is asked
        Who is out of sight now, at three times; which mark the figure with the ring has; how many were out of sight at most; who
        came out last, in order; when one was out of sight; where it is since; how often it was; what one
        did behind the screen; to which place one that is out of sight goes, and one that turned back would have gone.
    Difficulty
        More figures, screens, places and rounds of walks, quicker walks.
    Source
        Own design, after the tunnel effect and object permanence (Burke 1952; Spelke 1990) and multiple object tracking
        through occlusion (Scholl and Pylyshyn 1999).
    """

    def simulate(self, params: Params, rng: Rng) -> Walks:
        return draw_walks(params, rng)

    def layout(self, episode: Walks, rng: Rng) -> Layout:
        return walks_shown(episode, rng)

    def ask(self, episode: Walks, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From when each figure is seen, where it is then, and how it was headed when it went out of sight."""
        return retold(question, shown)

    def draw(self, episode: Walks, layout: Layout, stage: Any, style: Style) -> None:
        draw_walks_shown(layout, stage, style)
