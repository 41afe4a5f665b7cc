"""Ropes lie on a long table, cross, turn back, are knotted or run through rings; the camera goes along once."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.spatial._ropes_looks import draw_ropes
from generators.spatial._ropes_questions import Asking
from generators.spatial._ropes_show import Show
from generators.spatial._ropes_viewer import retold
from generators.spatial._ropes_world import Params, Table, draw_table
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="spatial", version=1, stage="manim", covers=("MORSE-500 spatial", "RTV-Bench", "V-STaR"))
class Ropes(Task[Params, Table]):
    """Ropes on a long table: which hang together, which lie on top, which are knotted, linked, or fall apart when they are cut.

    What is shown
        A table several times as long as the picture, and a camera that goes along it once. Ropes that look alike run side by side,
        cross over and under each other, turn back; three have loose ends, which carry letters, others are closed. In tangles beside
        a strand, each with a mark, a rope is knotted, or laid so that it comes undone, or a closed ring lies round it. Flags with
        letters stand at places, and scissors cut the rope at some of them.
    What is asked
        How many ropes there are; which ends belong together; how often one crosses over another; which lies on top; whether one is
        closed; whether it is knotted when pulled, and would be with one crossing the other way round; which rings come free without
        a rope; how many pieces the cuts make, and would make elsewhere; in which order the ropes were laid; which strand is a rope now, at
        several times; when it is cut, and where it ends.
    Difficulty
        More crossings, strands and tangles, a faster camera.
    Source
        MORSE-500's ropes (count, cut, closed or knotted, layers), own design. Truths: L. Kauffman's bracket (Topology 26, 1987), and
        J. W. Alexander's polynomial (Trans. AMS 30, 1928) of the drawn lines.
    """

    def simulate(self, params: Params, rng: Rng) -> Table:
        return draw_table(params, rng)

    def layout(self, episode: Table, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: Table, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From the drawn lines: where they join and cross, and Alexander's polynomial."""
        return retold(question, shown)

    def draw(self, episode: Table, layout: Layout, stage: Any, style: Style) -> None:
        draw_ropes(layout, stage, style)
