"""A train of gears is seen, then covered; a crank turns it from outside: how do the covered gears turn?"""

from collections.abc import Iterable
from typing import Any, ClassVar

from pydantic import JsonValue, model_validator

from generators.spatial._gear_board import draw_gears, lay_out
from generators.spatial._gear_questions import Asking, Turning
from generators.spatial._gear_retold import retold
from generators.spatial._gear_train import build_train
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

LETTERS = "ABCDEFGHJKLMNPRSTUVXYZ"
AMOUNTS = (-3, -2, -1, 1, 2, 3)
"""Quarter turns of the crank that are one turn."""


class Params(TaskParams):
    sized_by: ClassVar[tuple[str, ...]] = ("gears", "turns")
    gears: int = ramp(4, per_level=0.4, most=8, least=3, limit=9, about="gears that the crank turns")
    loose: int = ramp(1, per_level=0.25, most=3, limit=4, about="gears that mesh with none")
    turns: int = ramp(3, per_level=0.8, least=2, about="turns of the crank")
    shakes: int = ramp(1, per_level=0.5, about="times that the crank is only shaken")
    ahead: int = ramp(1, per_level=0.34, most=4, least=1, limit=6, about="further turns supposed in a question")
    pause: float = ramp(0.8, per_level=-0.03, most=0.55, least=0.4, limit=10, about="mean seconds between turns")
    hold: float = ramp(4.0, per_level=-0.1, most=3.0, least=2.0, limit=60, about="seconds for which the gears are seen")

    @model_validator(mode="after")
    def _there_is_room(self) -> "Params":
        if self.gears + self.loose > 11:
            raise ValueError(f"gears={self.gears} and loose={self.loose}: there is room for 11 on the board")
        return self


@register(category="spatial", version=1, stage="manim", covers=("MORSE-500 spatial",))
class Gears(Task[Params, Turning]):
    """Gears that mesh are seen once, then covered by a lid, beside which a crank turns the first of them this way and that.

    What is shown
        A board with gears of different sizes, each with a letter and a mark. Those of a train mesh, the first with the gear of a
        crank; others stand loose. A lid is taken away, so that they are seen for some seconds, and put back. Then the crank turns by
        quarters of a turn, one way or the other, and now and then is only shaken. Nothing of the covered gears is seen.
    What is asked
        How many quarter turns the crank makes in all (recall); which way two covered gears go in one of its turns, where the mark of
        one points at the end (infer), after further turns (predict), and had one turn gone the other way (counterfactual).
    Difficulty
        More gears in the train and beside it, more turns and shakes of the crank, shorter looks and pauses, longer predictions.
    Source
        New here, after the gear trains of MORSE-500 and of tests of mechanical reasoning (Hegarty 1992).
    """

    def simulate(self, params: Params, rng: Rng) -> Turning:
        names = rng.sample(LETTERS, 1 + params.gears + params.loose)
        gears = build_train(params.gears, params.loose, names, rng.fork("gears"))
        totals = tuple(range(2 * params.turns - 1, 2 * params.turns + 3))
        total = rng.steady("total").choice(totals)
        for _ in range(400):
            turns = tuple(rng.choice(AMOUNTS) for _ in range(params.turns))
            if sum(map(abs, turns)) == total:
                break
        else:
            raise Rejected("no turns of that many quarters")
        acts: list[int | None] = [*range(params.turns)]
        for _ in range(params.shakes):
            acts.insert(rng.integer(0, len(acts)), None)
        return Turning(gears, turns, totals, params.ahead, tuple(acts), params.pause, params.hold)

    def layout(self, episode: Turning, rng: Rng) -> Layout:
        return lay_out(episode, rng)

    def ask(self, episode: Turning, layout: Layout, rng: Rng) -> Iterable[Question]:
        turns = [event for event in layout.events if event.kind == "turn"]
        seen = layout.states[0]
        return Asking(episode, turns, (seen.start, seen.end)).all(rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(question, shown)

    def draw(self, episode: Turning, layout: Layout, stage: Any, style: Style) -> None:
        draw_gears(episode, layout, stage, style)
