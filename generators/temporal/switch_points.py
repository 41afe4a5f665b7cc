"""People press switches, pulses run over points that turn as they pass, lamps light: who lit which, and which would have lit."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.temporal._points_questions import Asking
from generators.temporal._points_show import BoardShow
from generators.temporal._points_viewer import retold
from generators.temporal._points_world import Course, Params, draw_course
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="temporal", version=3, stage="manim", covers=("MORSE-500 temporal", "CLEVRER", "VideoReasonBench"))
class SwitchPoints(Task[Params, Course]):
    """Who switched what on: pulses run from switches over points to lamps, and every point that one passes turns.

    What is shown
        A board with three switches, lamps, and points between them. For a while the points show which way they send the
        next pulse, up or down; then they are capped, and turn unseen each time that a pulse has passed. Hands with names
        press switches; each time a pulse runs along the wires to one lamp, which lights for two seconds. Hands that turn
        back and balls that pass mean nothing.
    What is asked
        Who made a lamp light for the n-th time, and most lately up to now, at two times; how many different lamps somebody lit;
        in which order people lit one first, or last; from when to when the lamp was lit that a press switched on, if there
        was that press, and where that lamp is; which lamp a press would have lit had an earlier one not been; which will light
        when switches are pressed after the clip.
    Difficulty
        More presses, more points on the way of a pulse, more that means nothing.
    Source
        Own design, after MORSE-500's cause and effect and the hidden states of VideoReasonBench (arXiv 2505.23359); the
        points are those of marble computers such as Digi-Comp II (1965).
    """

    def simulate(self, params: Params, rng: Rng) -> Course:
        return draw_course(params, rng)

    def layout(self, episode: Course, rng: Rng) -> Layout:
        return BoardShow(episode, rng).layout()

    def ask(self, episode: Course, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From who pressed before each lamp lit, and by how often pulses have passed each point."""
        return retold(question, shown)

    def draw(self, episode: Course, layout: Layout, stage: Any, style: Style) -> None:
        from generators.temporal._points_looks import draw_board

        draw_board(episode.params.layers, layout, stage, style)
