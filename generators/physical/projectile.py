"""Balls are thrown through a hall with boards and fall into bins: where do they land, and where would they?"""

from collections.abc import Iterable
from typing import Any, ClassVar

from pydantic import JsonValue, model_validator

from generators.physical._boards import build_hall
from generators.physical._throw_hall import draw_hall, lay_out
from generators.physical._throw_questions import BALLS, Asking
from generators.physical._throw_retold import retold
from generators.physical._throws import BINS, OPTIONS, Throwing, Wanted, draw_throws
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

COLOURS = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")
PATTERNS = ("plain", "ringed")
HALLS = 8
"""Halls that are tried, for one draw of the answers: most have no throws for all of them."""
LETTERS = "ABCDEFGHJKLMNPRSTUVXYZ"


class Params(TaskParams):
    sized_by: ClassVar[tuple[str, ...]] = ("throws", "boards")
    throws: int = ramp(6, per_level=0.5, most=12, least=6, limit=16, about="balls that are thrown one after the other")
    boards: int = ramp(4, per_level=0.34, most=7, least=4, limit=8, about="boards off which they bounce")
    bins: int = ramp(9, per_level=0.2, most=10, least=7, limit=11, about="bins into which they fall")
    bounces: int = ramp(
        2, per_level=0.2, most=3, least=2, limit=3, about="bounces, at most, of a ball that is asked for"
    )
    further: int = ramp(
        1, per_level=0.25, most=3, limit=4, about="bounces that are still to come, at most, when the clip is cut"
    )
    twins: int = ramp(0, per_level=0.5, most=6, limit=8, about="balls like another in all but the ring on them")
    pace: float = ramp(5.2, per_level=-0.03, most=4.9, least=4.9, limit=30, about="mean seconds for a throw")

    @model_validator(mode="after")
    def _different(self) -> "Params":
        if self.twins > self.throws // 2:
            raise ValueError(f"twins={self.twins} is too many: of throws={self.throws} every second could be one")
        return self


@register(
    category="physical", version=1, stage="manim", covers=("CLEVRER", "PHYRE", "MORSE-500 physical"), unstable=True
)
class Projectile(Task[Params, Throwing]):
    """Balls are thrown one after the other, bounce off boards and walls, and fall into bins that hide them.

    What is shown
        A hall from the side, in slow motion: boards with numbers at all angles, a row of bins with letters. Balls in eight colours, plain or
        with a ring, are held at a port and thrown. Each bounces off boards and walls or flies past them and vanishes in a bin.
    What is asked
        Into which bin a ball falls and how often it bounces (recall); which ball flies highest, how many fall into a bin (infer); what first
        turned a ball aside (explain); into which bin a ball is going to fall, cut in flight (predict); where one would have landed
        without a board (counterfactual).
    Difficulty
        More balls, boards and bins, more bounces after the cut, more balls that differ from another in the ring alone.
    Source
        New here, after the catapults of PHYRE and Virtual Tools, CLEVRER's kinds of questions, and MORSE-500's bouncing ball. Drawn flat: the
        third dimension would tell nothing of a throw seen from the side and hide where a ball comes down.
    """

    def simulate(self, params: Params, rng: Rng) -> Throwing:
        aim = rng.steady("aim")
        wanted = Wanted(
            bounces=aim.integer(0, params.bounces),
            counted=aim.integer(0, params.bins - 1),
            balls=aim.choice(BALLS),
            highest=aim.integer(0, params.throws - 1),
            landed=aim.integer(0, BINS - 1),
            turned=aim.integer(0, OPTIONS - 1),
            freed=aim.integer(0, OPTIONS - 1),
            foretold=aim.integer(0, OPTIONS - 1),
        )
        letters = rng.fork("letters").sample(LETTERS, params.bins)
        names = _names(params, rng.fork("names"))
        failed = Rejected("no hall")
        for number in range(HALLS):
            try:
                hall = build_hall(params.boards, letters, rng.fork(f"hall {number}"))
                fork = rng.fork(f"throws {number}")
                return draw_throws(hall, names, wanted, params.further, params.bounces, params.pace, fork)
            except Rejected as rejected:
                failed = rejected
        raise failed

    def layout(self, episode: Throwing, rng: Rng) -> Layout:
        return lay_out(episode, rng)

    def ask(self, episode: Throwing, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout).all(rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(question, shown)

    def draw(self, episode: Throwing, layout: Layout, stage: Any, style: Style) -> None:
        draw_hall(episode, stage, style)


def _names(params: Params, rng: Rng) -> list[str]:
    """Different names of balls; ``twins`` of them have the colour of another."""
    count = params.throws - params.twins
    colours = rng.sample(COLOURS, min(count, len(COLOURS)))
    names = [f"{rng.choice(PATTERNS)} {colour}" for colour in colours]
    others = [f"{pattern} {colour}" for colour in colours for pattern in PATTERNS]
    others = [name for name in others if name not in names]
    return rng.shuffled(names + rng.sample(others, params.throws - len(names)))
