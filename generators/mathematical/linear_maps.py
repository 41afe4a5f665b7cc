"""A grid goes through linear maps one by one, some of which are undone; and a field of arrows is looked at column by column."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.mathematical._plane_field import draw_field
from generators.mathematical._plane_maps import AREAS, ENDS, Point, Wanted, draw_acts, offers
from generators.mathematical._plane_questions import Asking
from generators.mathematical._plane_show import Clip, PlaneShow
from generators.mathematical._plane_viewer import retold
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


class Params(TaskParams):
    maps: int = ramp(4, per_level=0.34, least=4, limit=60, about="maps that stay done")
    undone: int = ramp(1, per_level=0.5, least=1, limit=60, about="maps that are taken back at once, and do not count")
    points: int = ramp(1, per_level=0.34, limit=15, about="points marked beside the one that is asked for")
    bends: int = ramp(0, per_level=0.5, most=6, limit=6, about="terms of the second degree in the field of arrows")
    rectangles: int = ramp(
        0, per_level=0.34, most=4, limit=6, about="rectangles drawn beside the one that is asked for"
    )
    rest: float = ramp(
        2.1, per_level=-0.07, most=1.4, least=1.0, limit=10, about="seconds that the result of a map stands"
    )


@register(
    category="mathematical",
    version=3,
    none_of=("which", "swapped"),
    stage="plot",
    covers=("MORSE-500 mathematical", "RTV-Bench"),
)
class LinearMaps(Task[Params, Clip]):
    """Linear maps: a grid with basis arrows is sheared, turned, reflected and stretched; and a field of arrows is read.

    What is shown
        A board with numbered axes, and on it a grid with the arrows i and j. A linear map moves the grid; its result stands
        for a while. Either the grid fades and a new one comes, or it moves back: then the map is undone and does not count. Points with
        letters go with the grid; a star stands on the empty board once. Before or after that, on a board of its own, a lens goes
        over three columns of a field of arrows, each with its components; rectangles with letters are drawn.
    What is asked
        The matrix of all maps that count; where a marked point ends; which point comes to the star; the factor of signed
        area; which map was the n-th; their order; where a tip would end had two maps changed places; which vector keeps its line under
        two of them; where a tip is so far, at three times; when a map was done, if it was. Divergence or curl at a point, flux
        or circulation of a rectangle, and what it would be were a component multiplied.
    Difficulty
        More maps, more that are undone, more points, terms of the second degree in the field, more rectangles, less time.
    Source
        Own design, after the linear map of a grid, curl and flux of MORSE-500.
    """

    def simulate(self, params: Params, rng: Rng) -> Clip:
        aim = rng.steady("wanted")
        wanted = Wanted(aim.choice(AREAS), tuple(aim.shuffled(aim.choice(offers()))), any_end(aim), any_end(aim))
        absent = aim.chance(0.25)
        acts = draw_acts(params.maps, params.undone, params.points, wanted, absent, rng.fork("maps"))
        return Clip(acts, draw_field(params.bends, params.rectangles, rng.fork("field")), params.rest)

    def layout(self, episode: Clip, rng: Rng) -> Layout:
        return PlaneShow(episode, rng).layout()

    def ask(self, episode: Clip, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From where arrows and points are on the screen (least squares) and from the readings (quadrature)."""
        return retold(question, shown)

    def draw(self, episode: Clip, layout: Layout, stage: Any, style: Style) -> None:
        from generators.mathematical._plane_looks import draw_plane

        draw_plane(episode, layout, stage, style)


def any_end(rng: Rng) -> Point:
    """A point other than the origin whose coordinates are among :data:`ENDS`, its x as likely any of them."""
    x = rng.choice(ENDS)
    return float(x), float(rng.choice([y for y in ENDS if x or y]))
