"""Newton's tangents, Euler's polygons, boxes under a line, functions of functions: seen step by step, and what comes next or instead."""

from collections.abc import Iterable
from typing import Any, Self

from pydantic import JsonValue, model_validator

from generators.mathematical._steps_euler import draw_euler
from generators.mathematical._steps_functions import draw_functions
from generators.mathematical._steps_newton import draw_newton
from generators.mathematical._steps_questions import Asking
from generators.mathematical._steps_show import Screen, Show, World
from generators.mathematical._steps_sums import draw_sums
from generators.mathematical._steps_viewer import retold
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

EXPERIMENTS = ("newton", "euler", "sums", "functions")
WIDEST = 8
"""How far the x axis of Euler's polygons goes."""


class Params(TaskParams):
    experiments: int = ramp(2, per_level=0.25, most=4, least=1, limit=4, about="experiments, one after another")
    degree: int = ramp(
        3, per_level=0.25, most=5, least=3, limit=5, about="degree of the polynomial whose tangents are drawn"
    )
    tangents: int = ramp(1, per_level=0.2, most=2, least=1, limit=2, about="tangents that are drawn")
    sides: int = ramp(2, per_level=0.25, most=4, least=2, limit=6, about="sides of Euler's polygon that are drawn")
    ahead: int = ramp(1, per_level=0.2, most=2, least=1, limit=3, about="sides more after which its value is asked for")
    boxes: int = ramp(4, per_level=0.34, most=7, least=4, limit=8, about="boxes that come")
    functions: int = ramp(
        2, per_level=0.25, most=4, least=2, limit=6, about="functions that are applied one after another"
    )
    noise: int = ramp(
        0, per_level=0.25, most=2, limit=4, about="grey lines beside those that count, which mean nothing"
    )
    pace: float = ramp(1.3, per_level=-0.04, most=0.95, least=0.7, limit=4, about="seconds for a step")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.sides + self.ahead > WIDEST:
            raise ValueError(
                f"sides={self.sides} and ahead={self.ahead} go beyond the x axis: at most {WIDEST} together"
            )
        return self


@register(category="mathematical", version=1, stage="plot", covers=("MORSE-500 mathematical",))
class FunctionSteps(Task[Params, Screen]):
    """Function steps: methods of analysis seen step by step, each step gone before the next.

    What is shown
        Two to four experiments. A polynomial's formula, its curve and the letters of its roots are shown and go; then come
        tangents of Newton's method, one at a time. A differential equation and its slopes are shown and go; then the sides of
        Euler's polygon. A broken line is seen two units at a time, and on each part comes a box (left, right or middle height)
        or a trapezoid; what lies below the axis counts as negative. Functions are drawn one after another; then four
        graphs of one applied to another. Grey lines mean nothing.
    What is asked
        Where the next tangent meets the axis, to which root the method goes, and from another start; the polygon's value some steps
        on, whether it is above the true solution, and its value with half the step; what the boxes add up to so far (at
        three times) and in all, the exact integral (never the same), the sum by another rule; the value of functions one
        inside another, a fixed point, an inverse, and which graph is the composition.
    Difficulty
        More experiments a clip, higher degrees, more tangents, sides, boxes and functions, more grey lines, a faster pace.
    Source
        Own design, after the Newton and Euler steps, Riemann sums, integrals and compositions of MORSE-500. Truths in fractions.
    """

    def simulate(self, params: Params, rng: Rng) -> Screen:
        aim = rng.steady("aim")
        names = aim.sample(EXPERIMENTS, params.experiments)
        return Screen({name: _world(name, params, aim.fork(name), rng.fork(name)) for name in names}, params.pace)

    def layout(self, episode: Screen, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: Screen, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From formulas as they are written, curves and boxes as they are drawn, by scipy's roots, solvers and quadrature."""
        return retold(question, shown)

    def draw(self, episode: Screen, layout: Layout, stage: Any, style: Style) -> None:
        from generators.mathematical._steps_looks import draw_screen

        draw_screen(episode, layout, stage, style)


def _world(name: str, params: Params, aim: Rng, rng: Rng) -> World:
    """One experiment, with wanted answers."""
    match name:
        case "newton":
            return draw_newton(params.degree, params.tangents, rng)
        case "euler":
            return draw_euler(params.sides, params.ahead, aim, rng)
        case "sums":
            return draw_sums(params.boxes, params.noise, aim, rng)
    return draw_functions(params.functions, params.noise, aim, rng)
