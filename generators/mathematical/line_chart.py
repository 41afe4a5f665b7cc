"""Points of several lines come up one by one on a chart and go again: values, extremes, means, chances, trends."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.mathematical._lines_questions import Asking
from generators.mathematical._lines_show import Show
from generators.mathematical._lines_viewer import retold
from generators.mathematical._lines_world import LineChart, Params, draw_chart
from generators.mathematical._race import NAMES
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="mathematical", version=1, stage="plot", covers=("MORSE-500 mathematical", "RTV-Bench"))
class LineCharts(Task[Params, LineChart]):
    """Line chart: its points come up one at a time and go again, so that the chart is never seen as a whole.

    What is shown
        A chart with three to six lines, each with a name, a mark and a colour. One after another their points come up, each on
        a gridline, with the piece of line that leads there, stay for two seconds and fade: place by place (the
        axis may scroll then), line by line, or in any order. A few points carry a chance in percent. Grey rings belong to no line.
    What is asked
        A line's value; on which day it had a value, if it had; where it is highest; the mean of some points; the expected
        value of the points with chances; which line is highest on a day; which was the last over a value so far,
        asked three times; how many points of a line are over a value; where it changes most; in which order points came up; how a line
        goes on; where a line would be highest had a point been higher.
    Difficulty
        More lines and places, more grey rings, points that follow each other faster and stay less long.
    Source
        Own design, after the line charts of MORSE-500 whose lines or points appear in turn.
    """

    def simulate(self, params: Params, rng: Rng) -> LineChart:
        return draw_chart(params, tuple(sorted(rng.sample(NAMES, params.lines))), rng)

    def layout(self, episode: LineChart, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: LineChart, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """By measuring where points come up against the gridlines; lines are told by their marks."""
        return retold(question, shown)

    def draw(self, episode: LineChart, layout: Layout, stage: Any, style: Style) -> None:
        from generators.mathematical._lines_looks import draw_lines

        draw_lines(episode, layout, stage, style)
