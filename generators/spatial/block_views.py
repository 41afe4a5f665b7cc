"""A solid of unit cubes is filmed by a camera that goes round it: what no single view shows, all together do."""

from collections.abc import Iterable
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.spatial._block_questions import Asking
from generators.spatial._block_retold import Retold
from generators.spatial._block_scene import draw_board, lay_out, reach_of
from generators.spatial._block_solid import Solid, draw_solid, way_round
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


class Params(TaskParams):
    sized_by: ClassVar[tuple[str, ...]] = ("cells",)
    columns: int = ramp(3, per_level=0.5, most=4, least=3, limit=5, about="cells of the board from west to east")
    rows: int = ramp(3, per_level=0.25, most=4, least=3, limit=5, about="cells of the board from south to north")
    tallest: int = ramp(3, least=2, limit=4, about="cubes of the tallest column")
    backs: int = ramp(0, per_level=0.34, about="times that the camera goes back by a side")
    rest: float = ramp(2.6, per_level=-0.06, most=2.1, least=2.0, limit=30, about="seconds of a rest, at least")

    @property
    def cells(self) -> int:
        return self.columns * self.rows


@register(category="spatial", version=1, stage="bullet", covers=("MORSE-500 spatial",))
class BlockViews(Task[Params, Solid]):
    """Columns of cubes stand on a board; a camera goes round and sees them from four sides, never all of them at once.

    What is shown
        A board with the signs of the four sides on its rim, and on its cells columns of equal cubes, up to three high; no cube hangs.
        The camera rests on each side of the board and goes round from one to the next, at higher levels now and then back. In
        every view some column is hidden, and each column's height is seen from somewhere.
    What is asked
        How many cubes there are, how many are missing to fill the smallest box around them, how high a column is, how high all are
        (a plan of numbers), how many squares of the surface are free, which row holds the most cubes (infer); how many cubes would
        be left without the top layer (counterfactual); which way the camera went (recall), and where it would get to (predict).
    Difficulty
        A larger board, more legs of the camera, some of them back, and shorter rests.
    Source
        New here, after the blocks of unit cubes of MORSE-500 and the cube-counting items of spatial ability tests.
    """

    def simulate(self, params: Params, rng: Rng) -> Solid:
        reach = reach_of(params.columns, params.rows, params.tallest)
        way = way_round(params.backs, reach, rng.fork("way"))
        steady = rng.steady("asked")
        asked = (steady.integer(0, params.columns - 1), steady.integer(0, params.rows - 1))
        heights = draw_solid(params.columns, params.rows, params.tallest, asked, way, rng)
        leg = rng.fork("leg").integer(0, len(way.sides) - 2)
        return Solid(heights, params.tallest, way, asked, leg, params.rest)

    def layout(self, episode: Solid, rng: Rng) -> Layout:
        return lay_out(episode, rng)

    def ask(self, episode: Solid, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout.events).all(rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return Retold(shown).answer(question)

    def draw(self, episode: Solid, layout: Layout, stage: Any, style: Style) -> None:
        draw_board(episode, layout, stage, style)
