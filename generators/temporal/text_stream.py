"""Random texts come, move, are typed, covered, edited and go: what they read, when, where, and what one of them read before."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.temporal._text_looks import draw_texts
from generators.temporal._text_questions import Asking
from generators.temporal._text_show import Show
from generators.temporal._text_viewer import retold
from generators.temporal._text_world import Params, Stream, draw_stream
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="temporal", version=2, stage="manim", covers=("VidText", "OVO-Bench", "RTV-Bench"))
class TextStream(Task[Params, Stream]):
    """Texts of random characters come and go, so that nothing but reading them in time tells what they say.

    What is shown
        Strips with a few characters each, none of which is easily taken for another. They stand beside marks or move across; some
        are typed or erased letter by letter, some are covered by a cloth for a while, and of some one character is exchanged while
        they are there. Strips with bars instead of characters mean nothing. At the end the beginning of one of the texts is typed
        once more.
    What is asked
        What a text read, backwards and with its characters sorted; all texts, and those of a stretch of time; which one was the
        n-th, was there for longest, together with another, was the last to go (at several times); when a text was there, if ever, and where;
        how it moved, beside which mark it stood; how many contain a character; which one was edited, how, and what it would read
        otherwise; how the text goes on that is being typed.
    Difficulty
        More texts, longer ones, more strips that are none, less time from text to text.
    Source
        Own design, after the tasks of VidText (arXiv 2505.22810).
    """

    def simulate(self, params: Params, rng: Rng) -> Stream:
        return draw_stream(params, rng)

    def layout(self, episode: Stream, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: Stream, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From which strips are seen when and where in the scene itself."""
        return retold(question, shown)

    def draw(self, episode: Stream, layout: Layout, stage: Any, style: Style) -> None:
        draw_texts(layout, stage, style)
