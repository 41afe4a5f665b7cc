"""Pens draw curves on a strip of paper that runs under them: crossings, largest values, areas of boxes, rates of change."""

from collections.abc import Iterable
from typing import Any, Self

from pydantic import JsonValue, model_validator

from generators.mathematical._curve_questions import Asking
from generators.mathematical._curves import BOXES, SPAN, STEP, Chart, Wanted, draw_chart
from generators.mathematical._paper import Paper
from generators.mathematical._paper_viewer import retold
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

CHANGES = (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)
AREAS = range(STEP * 3 * BOXES, STEP * 6 * BOXES + 1, STEP)


class Params(TaskParams):
    length: int = ramp(16, per_level=2, least=16, limit=400, about="how far along the x axis the curves go (even)")
    curves: int = ramp(2, per_level=0.34, most=4, least=2, limit=4, about="pens with a letter, each with a curve")
    noise: int = ramp(1, per_level=0.34, most=3, limit=5, about="grey lines without a letter, which mean nothing")
    window: float = ramp(
        6.0, per_level=-0.2, most=4.0, least=3.5, limit=7.0, about="x units drawn that can be seen at once"
    )
    pace: float = ramp(1.2, per_level=-0.04, most=0.85, least=0.5, limit=5, about="seconds for an x unit")

    @model_validator(mode="after")
    def _even(self) -> Self:
        if self.length % STEP:
            raise ValueError(f"length={self.length} is odd: the curves go in steps of {STEP}")
        return self


@register(category="mathematical", version=2, stage="plot", covers=("MORSE-500 mathematical",))
class FunctionMotion(Task[Params, Chart]):
    """Function motion: curves are drawn by pens while the paper runs on, so that only their latest parts can be seen.

    What is shown
        A strip of ruled paper with numbered x and y that runs from right to left under two to four pens. Each pen has a
        letter and a colour and draws a curve as it goes up and down. Some units behind the pens the paper leaves the
        window. Under one curve boxes are drawn. Grey lines without a letter mean nothing.
    What is asked
        How often two curves cross; where a curve has its largest value; the area of the boxes drawn under one (a left,
        right or middle sum); a curve's average rate of change between two places; which curve is the highest at a
        place; how often two curves would cross if one were raised or lowered.
    Difficulty
        Longer curves, more of them, more grey lines, a smaller window, a faster paper.
    Source
        Own design, after the moving functions, Riemann sums and intersections of MORSE-500.
    """

    def simulate(self, params: Params, rng: Rng) -> Chart:
        aim = rng.steady("wanted")
        wanted = Wanted(
            crossings=aim.choice(crossings(params.length)),
            raised=aim.choice(raised(params.length)),
            peak=aim.integer(1, params.length // STEP - 1),
            change=aim.choice(CHANGES),
            area=aim.choice(AREAS),
            highest=aim.integer(0, params.curves - 1),
        )
        return draw_chart(params.length, params.curves, params.noise, params.window, params.pace, wanted, rng)

    def layout(self, episode: Chart, rng: Rng) -> Layout:
        return Paper(episode, rng).layout()

    def ask(self, episode: Chart, layout: Layout, rng: Rng) -> Iterable[Question]:
        domains: dict[str, tuple[JsonValue, ...]] = {
            "crossings": tuple(crossings(episode.length)),
            "raised": tuple(raised(episode.length)),
            "peak": tuple(range(STEP, episode.length, STEP)),
            "rate": tuple(change / SPAN for change in CHANGES),
            "area": tuple(AREAS),
        }
        return Asking(episode, layout, domains).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From the pens' ways over the paper, by interpolation, roots and minima (scipy)."""
        return retold(question, shown)

    def draw(self, episode: Chart, layout: Layout, stage: Any, style: Style) -> None:
        from generators.mathematical._paper_looks import draw_paper

        draw_paper(episode, layout, stage, style)


def crossings(length: int) -> range:
    """How often two curves may cross."""
    return range(length // 8 - 1, length // 8 + 4)


def raised(length: int) -> range:
    """How often they might if one were raised or lowered."""
    return range(length // 16 - 1, length // 16 + 3)
