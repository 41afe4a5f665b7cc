"""Solids come on a board one after another and are filmed from all round: how long, how large, how much, in centimetres."""

from collections.abc import Iterable
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.spatial._solid_acts import Parade, draw_parade
from generators.spatial._solid_board import draw_board
from generators.spatial._solid_questions import Asking
from generators.spatial._solid_retold import Retold
from generators.spatial._solid_show import lay_out
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


class Params(TaskParams):
    sized_by: ClassVar[tuple[str, ...]] = ("solids",)
    solids: int = ramp(4, per_level=0.5, least=4, about="solids that stand on the board one after another")
    cuts: int = ramp(1, per_level=0.34, most=4, least=1, about="solids that are cut through, at most")
    rest: float = ramp(1.0, per_level=-0.02, most=0.8, least=0.7, limit=20, about="seconds of a rest")


@register(category="spatial", version=2, stage="bullet", covers=("SIRI-Bench", "MORSE-500 spatial"))
class SolidGeometry(Task[Params, Parade]):
    """Solids stand on a board of squares one after another; only a rod at the start says how long a square is.

    What is shown
        A board of squares with two poles, whose bands are as high as a square is wide. A rod with its length in centimetres lies on the
        board at first and is taken away. Then solids come, each with a letter, and go again, while the camera goes round: cuboids,
        prisms, pyramids, cylinders, cones, frustums and balls, as they are, with corners marked, stretched, stacked, one cube in
        another, wound round by a wire, cut through along a sheet, or of glass and filled with water. All sides and heights are whole
        numbers of squares.
    What is asked
        The distance of two marked corners and the angle at a third, surface and volume of a solid, the ratio of two volumes and the order of three,
        what a cut took off (or that nothing was cut), how much water there is, what lies between two cubes, by how much a surface grew, how
        long a wire is, when the largest solid stood there (infer); the shape of a cut and the level of the water, before they come to
        be (predict); the volume, had the solid other proportions (counterfactual). The transcript view gives all measures in words.
    Difficulty
        More solids, more cuts among them, and shorter rests.
    Source
        After SIRI-Bench: solid geometry filmed by a moving camera, with no number in the text and one length shown. Numbers are right
        within 5 % where measures can be counted, and score by mean relative accuracy too. Slices, helices and nested cubes as in MORSE-500.
    """

    def simulate(self, params: Params, rng: Rng) -> Parade:
        return draw_parade(params.solids, params.cuts, params.rest, rng)

    def layout(self, episode: Parade, rng: Rng) -> Layout:
        return lay_out(episode, rng)

    def ask(self, episode: Parade, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return Retold(shown).answer(question)

    def draw(self, episode: Parade, layout: Layout, stage: Any, style: Style) -> None:
        draw_board(layout, stage, style)
