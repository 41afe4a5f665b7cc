"""Tokens are drawn from urns and put back or not, a box is filled like one of two, a die is rolled: counts and exact chances."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.mathematical._urn_acts import Params, Trial, draw_trial
from generators.mathematical._urn_looks import draw_trial_table
from generators.mathematical._urn_questions import Asking
from generators.mathematical._urn_show import TrialShow
from generators.mathematical._urn_viewer import retold
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="mathematical", version=1, stage="manim", covers=("MORSE-500 mathematical", "RTV-Bench"))
class DiceAndUrns(Task[Params, Trial]):
    """Dice and urns: draws with and without putting back, hidden results, and what they make likely.

    What is shown
        Urns, a box and a die, with plates that say what is in each urn at first, which two urns the box may be filled like, and
        the six faces of the die; then the plates go away. Tokens come out of the urns one at a time and go back, into
        another urn or into the bin; some go from urn to urn under a cover. Tokens from the box go back each time. Some rolls of the
        die lie behind a screen, and a sign says something of each. What shakes and gives nothing means nothing.
    What is asked
        Which kind came out as the n-th; how many of a kind went into the bin; how many are left in an urn, at three times;
        the most frequent face; the expected total of all rolls; how likely a hidden roll was a face, given its sign; how likely
        the next token, or both of the next two, are of a kind, and how likely it would be had a token stayed; how
        likely the box is filled like one urn, and what its next token is.
    Difficulty
        More kinds and urns, more draws, rolls and shakes, more tokens under a cover and rolls behind the screen.
    Source
        Own design, after the urns of Laplace's Théorie analytique des probabilités (1812) and MORSE-500's counting kinds.
    """

    def simulate(self, params: Params, rng: Rng) -> Trial:
        return draw_trial(params, rng)

    def layout(self, episode: Trial, rng: Rng) -> Layout:
        return TrialShow(episode, rng).layout()

    def ask(self, episode: Trial, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """By writing out all that covered tokens may be, and counting the ways with whole numbers."""
        return retold(question, shown)

    def draw(self, episode: Trial, layout: Layout, stage: Any, style: Style) -> None:
        draw_trial_table(layout, stage, style)
