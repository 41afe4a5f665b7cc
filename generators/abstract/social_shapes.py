"""Figures in a yard and a house chase, help, hinder and block one another; a ball is moved while some of them do not see it."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.abstract._social_looks import draw_stage
from generators.abstract._social_questions import Asking
from generators.abstract._social_script import Params, Script, draw_script
from generators.abstract._social_show import shown as shown_in_space
from generators.abstract._social_viewer import retold
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="abstract", version=2, stage="manim", covers=("SIV-Bench", "RTV-Bench", "OVO-Bench"))
class SocialShapes(Task[Params, Script]):
    """Social shapes: figures that chase, flee, help, hinder and block, and what each believes about a hidden ball.

    What is shown
        A house with a door and numbered boxes, seen from above, and a yard. Figures, each with a letter and a shape of its own,
        go in and out. In the house the ball is put into one box after another; who is in the house then sees it, who is
        outside sees nothing of it. In the yard one chases another, one pushes a crate while others help or push against it,
        one keeps another from the door, and some go about for no reason.
    What is asked
        Who chased in the n-th chase, who was chased in turn, from when to when one chased another, if it did, and where the
        one or the other was meanwhile; how many one helped, who kept one from the door, who helped first and hindered later;
        in which order deeds began; whether one is being chased just now; where one believes the ball to be, now and at other
        times, and which put it saw last; where it would look had it stayed, or kept away; who believes it in a box; what one
        takes another to believe.
    Difficulty
        More figures, boxes, puts, chases and idle walks; more acts at once; from level 5 beliefs about beliefs.
    Source
        Heider and Simmel (1944), An experimental study of apparent behavior; helpers and hinderers after Hamlin, Wynn and
        Bloom (2007); false belief after Wimmer and Perner (1983) and Perner and Wimmer (1985). As in SIV-Bench, without people.
    """

    def simulate(self, params: Params, rng: Rng) -> Script:
        return draw_script(params, rng)

    def layout(self, episode: Script, rng: Rng) -> Layout:
        return shown_in_space(episode, rng)

    def ask(self, episode: Script, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """From tracks alone: headings, distances, who touches the crate, who is in the house when the ball moves."""
        return retold(question, shown)

    def draw(self, episode: Script, layout: Layout, stage: Any, style: Style) -> None:
        draw_stage(layout, stage, style)
