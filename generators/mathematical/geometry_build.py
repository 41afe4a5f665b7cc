"""A figure is constructed step by step with ruler and compass, and its marks show for a moment only: lengths, angles, areas."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.mathematical._build_questions import Asking
from generators.mathematical._build_show import BuildShow, Clip
from generators.mathematical._build_steps import draw_figure
from generators.mathematical._build_viewer import retold
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


class Params(TaskParams):
    legs: int = ramp(3, per_level=0.34, most=8, least=3, limit=9, about="segments with a marked length and angle")
    derived: int = ramp(
        3, per_level=0.5, most=10, least=3, limit=11, about="points made of others: midpoints, feet, reflections …"
    )
    struck: int = ramp(1, per_level=0.25, most=3, limit=3, about="lengths that are written wrong first and struck out")
    stay: int = ramp(2, per_level=-0.25, most=0, limit=40, about="steps for which what was drawn can still be seen")
    look: float = ramp(2.05, per_level=-0.05, most=1.5, least=1.1, limit=10, about="seconds that marks stand")


@register(category="mathematical", version=2, stage="plot", covers=("MORSE-500 mathematical", "RTV-Bench"))
class GeometryBuild(Task[Params, Clip]):
    """Geometry build: points are constructed one after another; each step is marked, and fades before the figure is whole.

    What is shown
        Segments of a marked length, at a marked angle to one before; then midpoints, feet of perpendiculars, bisectors,
        reflections, turns by a marked angle, parallels, in an order by chance, with the signs of geometry for right angles and equal parts. Last a
        circle of a marked radius. Marks go when the step is over, points and lines some steps later. A length that is struck
        out does not count; the one written beside it does.
    What is asked
        A length, an angle, an area, a ratio of areas that follow from the marks; which points lie on one line or on a circle; how many
        points circle and line have in common; a length had a step been another, or after one more step; how a point was made; the order of marks;
        which length was marked, if any; the latest one, at three times.
    Difficulty
        More segments, more points made of others, more lengths struck out; less time, and less of the figure left to see.
    Source
        Own design, after the geometry of VideoMathQA and SIRI-Bench, whose lengths and angles are shown and not told.
    """

    def simulate(self, params: Params, rng: Rng) -> Clip:
        return Clip(draw_figure(params.legs, params.derived, params.struck, params.stay, rng), params.look)

    def layout(self, episode: Clip, rng: Rng) -> Layout:
        return BuildShow(episode, rng).layout()

    def ask(self, episode: Clip, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """By doing every step anew with numpy, from the marks, and from where points are on the screen."""
        return retold(question, shown)

    def draw(self, episode: Clip, layout: Layout, stage: Any, style: Style) -> None:
        from generators.mathematical._build_looks import draw_construction

        draw_construction(layout, stage, style)
