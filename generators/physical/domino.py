"""Balls bring down rows of dominoes, which stop at gaps, fork, or are never reached."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.physical._domino_questions import Asking
from generators.physical._domino_retold import Retold
from generators.physical._domino_rows import draw_camera
from generators.physical._domino_show import draw_rows, lay_out
from generators.physical._domino_world import DominoEpisode, draw_episode
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


class Params(TaskParams):
    letters: int = ramp(6, per_level=0.34, most=8, least=5, limit=8, about="dominoes that have a letter")
    length: int = ramp(
        7,
        per_level=0.34,
        most=10,
        least=5,
        limit=14,
        about="dominoes, about, of the row that may be reached by no ball",
    )
    branch: int = ramp(5, per_level=0.25, most=7, least=5, limit=9, about="dominoes of a branch, at least")
    lead: float = ramp(0.0, per_level=0.3, limit=600, about="seconds, at most, by which the first ball comes later")
    pause: float = ramp(
        3.2, per_level=-0.3, most=0.6, least=0.3, limit=60, about="mean seconds between two rows' first falls"
    )


@register(category="physical", version=1, stage="bullet", covers=("MORSE-500 temporal", "CLEVRER"), unstable=True)
class Domino(Task[Params, DominoEpisode]):
    """Rows of dominoes on a floor are brought down by balls, in slow motion.

    What is shown
        Three rows of dominoes, one of which forks. Balls come rolling in and hit a row at one of its ends, or stop before it. The fall
        goes along the row, over narrow gaps and up to a wide one, into both branches or out of one past the other. Some dominoes have a
        colour and, on a plate before them, a letter; a row may be reached by no ball.
    What is asked
        Which of some fell last, in which order, when one fell, from when to when its row did, where it was meanwhile (recall); how many
        with letters fell within the last seconds, at several times (recall); how many fell in all, which branch was sooner down (infer);
        who had a part in bringing one down, why one still stands (explain); how many of a row will lie and whether one comes down, after
        the clip is cut (predict); whether one would have come down without another, how many more with the gap closed (counterfactual).
    Difficulty
        More dominoes and letters; the rows fall at the same time; a later beginning.
    Source
        New here, after the domino counts of MORSE-500, with the questions of CLEVRER (arXiv 1910.01442); answers are filtered for
        stability as in PHYRE and CRAFT.
    """

    def simulate(self, params: Params, rng: Rng) -> DominoEpisode:
        return draw_episode(params, draw_camera(rng.fork("camera")), rng)

    def layout(self, episode: DominoEpisode, rng: Rng) -> Layout:
        return lay_out(episode, rng)

    def ask(self, episode: DominoEpisode, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return Retold(shown).answer(question)

    def draw(self, episode: DominoEpisode, layout: Layout, stage: Any, style: Style) -> None:
        draw_rows(episode, layout, stage, style)
