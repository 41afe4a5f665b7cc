"""A body goes round a dot, graphs are shown, pucks swing until friction stops them: which law, which graph, which first?"""

from collections.abc import Iterable
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.physical._motion_board import draw_board, lay_out
from generators.physical._motion_questions import Asking
from generators.physical._motion_retold import retold
from generators.physical._motions import LAWS, MARKS, RATIOS, Motions, Wanted, draw_motions
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

LETTERS = "ABCDEFGHJKLMNPRSTUVXYZ"
AHEAD = (7, 8, 9, 10, 11)
"""Seconds after the cut for which the body's place is asked."""


class Params(TaskParams):
    sized_by: ClassVar[tuple[str, ...]] = ("pucks", "swings")
    pucks: int = ramp(4, per_level=0.3, most=6, least=4, limit=7, about="pucks that swing on rails")
    swings: int = ramp(
        4, per_level=0.25, most=7, least=4, limit=8, about="full swings that a puck makes at most before it rests"
    )


@register(category="physical", version=1, stage="manim", covers=("MORSE-500 physical",), unstable=True)
class GraphOfMotion(Task[Params, Motions]):
    """A body goes round a dot by an unknown law; then four graphs are shown; then pucks swing on rails until they rest.

    What is shown
        A body and a dot, with letters in six directions from it: the body goes round by a pull like a spring's, one like gravity, or a push
        across its way like a magnet's. Then four graphs of place against time for one puck, of which one is right; they differ in
        the length of a swing and in the number of swings. Then pucks, each with a letter, swing about marks on their rails, at their own pace,
        until dry friction stops them.
    What is asked
        How many full swings a puck makes and in which order pucks come to rest (recall); which graph is a puck's and how fast one swings
        as compared with another (infer); by which law the body goes (explain); in which direction it will be some seconds after the
        clip is cut (predict); how many swings there would be with half the friction, or from twice as far (counterfactual).
    Difficulty
        More pucks, more swings.
    Source
        New here, after the central forces, damped oscillations and frequency ratios of MORSE-500 and the graph items of the Force Concept
        Inventory and the Test of Understanding Graphs in Kinematics (Beichner 1994).
    """

    def simulate(self, params: Params, rng: Rng) -> Motions:
        aim = rng.steady("aim")
        swings = range(params.swings - 2, params.swings + 1)
        wanted = Wanted(
            swings=aim.choice(swings),
            ratio=aim.choice(RATIOS),
            law=aim.choice(LAWS),
            on=aim.integer(0, MARKS - 1),
            ahead=aim.choice(AHEAD),
        )
        letters = rng.fork("letters").sample(LETTERS, params.pucks + MARKS)
        return draw_motions(params.pucks, swings, wanted, letters, rng.fork("motions"))

    def layout(self, episode: Motions, rng: Rng) -> Layout:
        return lay_out(episode, rng)

    def ask(self, episode: Motions, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout).all(rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(question, shown)

    def draw(self, episode: Motions, layout: Layout, stage: Any, style: Style) -> None:
        draw_board(episode, stage, style)
