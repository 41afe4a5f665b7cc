"""A dark hall with boxes: a worker pushes them by signals, mostly out of sight, and all are to stand on goals."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.planning._grid_looks import draw_board
from generators.planning._sokoban_looks import draw_box, draw_part
from generators.planning._sokoban_questions import HallAsking
from generators.planning._sokoban_show import BOX, HallShow
from generators.planning._sokoban_viewer import Told
from generators.planning._sokoban_world import Haul, Params, hauled
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="planning", version=1, stage="manim", covers=("MORSE-500", "Sokoban"))
class SokobanSmall(Task[Params, Haul]):
    """Sokoban in the dark: a worker pushes boxes about a hall by signals, mostly out of sight, and each box is to stand on a goal.

    What is shown
        A dark hall with column letters and row numbers. A light moves over it and shows one part after another: walls, goals (framed
        cells), boxes with letters, the worker. Then the worker gets signals: a filled arrow is a step, which pushes a box that is in
        the way; a hollow one only a look. At times the light is on the cells round the worker, mostly all is dark. Birds cross.
    What is asked
        How many looks and pushes there are, where a box is now (asked at three times with the same options), from when to when it
        stood on a cell (or that it never did); in mid-clip how many pushes solve the hall at the least, which push comes first, which
        pushes solve it, and a plan; at the end which push made it impossible to solve, if one did, and where a box would be
        without one of the pushes.
    Difficulty
        More boxes, a larger hall, more signals and pushes, longer solutions, less light, more birds.
    Source
        Sokoban (Imabayashi 1981); halls are made backwards from solved ones as in Taylor and Parberry, "Procedural generation of
        Sokoban levels" (2011).
    """

    def simulate(self, params: Params, rng: Rng) -> Haul:
        return hauled(params, rng)

    def layout(self, episode: Haul, rng: Rng) -> Layout:
        return HallShow(episode, rng).hauled()

    def ask(self, episode: Haul, layout: Layout, rng: Rng) -> Iterable[Question]:
        return HallAsking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return Told(shown).answer(question)

    def draw(self, episode: Haul, layout: Layout, stage: Any, style: Style) -> None:
        show: HallShow = layout.details["show"]
        draw_board(
            layout,
            stage,
            style,
            lambda part: draw_part(part, show.ground, show.side, style),
            lambda mark: draw_box(mark.removeprefix("box-"), BOX * show.side, style),
        )
