"""Lights and cars at a crossing seen from above: who had to wait, who drove at red, when a light turns green next."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.temporal._traffic_questions import Asking
from generators.temporal._traffic_show import Show
from generators.temporal._traffic_viewer import retold
from generators.temporal._traffic_world import Params, Traffic, draw_traffic
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="temporal", version=2, stage="plot", covers=("MORSE-500 temporal", "OVO-Bench", "RTV-Bench"))
class TrafficLights(Task[Params, Traffic]):
    """Traffic lights: cars come to a crossing, wait where their light is red, and drive on; one may not heed it.

    What is shown
        A crossing of two roads from above. A light with a letter stands at each stop line, its lamps red, amber and green
        from top to bottom; the lights of opposite sides change together, in a cycle that stays the same. Cars with numbers
        come, stop at amber and red, queue and drive straight on. Now and then there is no car. Walkers mean nothing.
    What is asked
        Which car waited longest, from when to when, and where it stood meanwhile; which of four had to wait; how many drove
        over during one green; which one, if any, drove over at red; in which order four drove over; how long a light was red,
        and from when to when; in how many seconds a light turns green next, asked three times; whether it is red now so that
        one may cross, asked twice; whether a car would have had to wait had it come earlier or later.
    Difficulty
        More cars, more walkers; with many cars a longer clip.
    Source
        Own design, after the traffic lights of MORSE-500 and the questions of OVO-Bench that are asked again as time goes on.
    """

    def simulate(self, params: Params, rng: Rng) -> Traffic:
        return draw_traffic(params, rng)

    def layout(self, episode: Traffic, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: Traffic, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From the places of cars and the lamps that are lit, fifty times a second."""
        return retold(question, shown)

    def draw(self, episode: Traffic, layout: Layout, stage: Any, style: Style) -> None:
        from generators.temporal._traffic_looks import draw_crossing

        draw_crossing(layout, stage, style)
