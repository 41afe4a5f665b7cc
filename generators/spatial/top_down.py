"""A map is shown, then a walk through the hall that it shows, at eye height: where is the camera now, and what is where?"""

from collections.abc import Iterable
from typing import Any, ClassVar

from pydantic import JsonValue

from generators.spatial._hall_questions import Asking
from generators.spatial._hall_retold import Retold
from generators.spatial._hall_scene import draw_floor, draw_map, landmark_names, lay_out
from generators.spatial._hall_world import Hall, draw_walk, four_walks, with_glances
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

WALKS = 30
"""Walks among which one is looked for that three others are like."""


class Params(TaskParams):
    sized_by: ClassVar[tuple[str, ...]] = ("turns", "columns")
    columns: int = ramp(5, per_level=0.34, most=7, least=5, limit=9, about="columns of cells on the map")
    rows: int = ramp(5, per_level=0.25, most=6, least=5, limit=7, about="rows of cells on the map")
    landmarks: int = ramp(
        7, per_level=0.5, most=8, least=6, limit=8, about="landmarks, each of a shape and colour of its own"
    )
    turns: int = ramp(3, per_level=0.5, least=2, about="quarter turns on the way")
    glances: int = ramp(0, per_level=0.34, about="glances to a side and back: distractors")
    look: float = ramp(7.0, per_level=-0.2, most=5.0, least=2.0, limit=60, about="seconds for which the map is shown")
    pause: float = ramp(0.6, per_level=-0.02, most=0.4, least=0.3, limit=5, about="mean seconds between movements")


@register(category="spatial", version=2, stage="compose", covers=("MORSE-500 spatial", "VSI-Bench"))
class TopDown(Task[Params, Hall]):
    """A map of a hall with landmarks is shown, then a walk through the hall at eye height; the map does not say where it starts.

    What is shown
        A map of lettered and numbered cells, with landmarks of different shapes and colours. Then the hall itself, seen by a camera
        that goes straight ahead from cell to cell over a chequered floor, makes quarter turns, and at higher levels glances to a side.
    What is asked
        How many turns go to the left, when a certain one was made, if ever (recall); in which cell the camera is, asked at several
        times, which way it looks, which route it has gone, on which side of it a landmark is that is out of view, where in the
        picture the landmark of a cell is (infer); what comes into view after another turn, a shortest way back (predict); where
        the walk would have ended with one turn to the other side (counterfactual).
    Difficulty
        A larger hall, more turns, glances that change nothing, a shorter look at the map.
    Source
        New here, after the house tours of MORSE-500 and the route and map questions of VSI-Bench (Yang et al., arXiv 2412.14171).
    """

    def simulate(self, params: Params, rng: Rng) -> Hall:
        columns, rows, turns = params.columns, params.rows, params.turns
        least = max(0, (turns - 2) // 2)
        likely = tuple(range(least, min(turns, least + 3) + 1))[:4]
        lefts = rng.steady("lefts").choice(likely)
        for attempt in range(WALKS):
            own = rng.fork(f"walk {attempt}")
            start, legs = draw_walk(columns, rows, turns, lefts, params.landmarks + 2, own)
            acts = with_glances(legs, params.glances, own)
            found = four_walks(columns, rows, start, acts, params.landmarks, own)
            if found is not None:
                break
        else:
            raise Rejected("no walk with others like it")
        names = landmark_names(params.landmarks, rng.fork("names"))
        places = dict(zip(names, rng.sample(found[1], len(names)), strict=True))
        return Hall(columns, rows, places, start, acts, tuple(found[0]), lefts, likely, params.look, params.pause)

    def layout(self, episode: Hall, rng: Rng) -> Layout:
        return lay_out(episode, rng)

    def ask(self, episode: Hall, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout).all(rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return Retold(shown).answer(question)

    def draw(self, episode: Hall, layout: Layout, stage: Any, style: Style) -> None:
        def paint(part: int, own: Any) -> None:
            if part == 0:
                draw_map(episode, own, style)
            else:
                draw_floor(episode, layout.details["look"], own)

        stage.paint(paint)
