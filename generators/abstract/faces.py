"""Persons bring each other things, and faces change: who felt what and why, whose mood does not fit, how someone would feel."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.abstract._faces_looks import draw_persons
from generators.abstract._faces_questions import Asking
from generators.abstract._faces_show import Show
from generators.abstract._faces_viewer import retold
from generators.abstract._faces_world import Params, Story, draw_story
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="abstract", version=1, stage="manim", covers=("SIV-Bench", "StimuVAR", "Emotion-Qwen", "RTV-Bench"))
class Faces(Task[Params, Story]):
    """Cartoon persons with names do things to each other, and their moods change by habits that the clip shows.

    What is shown
        Three to six persons, calm at first. One after another a thing comes up at the left of one person and goes to the right of
        another: a present or a flower, an ice cream that is dropped, a toy car that breaks, a joke, a spider, a balloon that pops, a drum. The
        other's face becomes happy, sad, angry, surprised or afraid, and stays so until something else is done. Each person's mood goes
        by what is done, but one person's goes by who does it; at most one mood in the clip breaks such a habit. A curtain hides all
        halfway, and at the end, before the last effect is seen. Things that are taken back and heads that lean mean nothing.
    What is asked
        What someone felt after the n-th deed; what had made someone angry; who broke the own habit once; whose mood goes by who does it;
        how often a mood changed; how someone would feel at what never happened, and at what comes last; whose mood changed last, at three
        times; from when to when someone was in a mood, if ever.
    Difficulty
        More persons, deeds and kinds of deeds, these quicker, more things taken back and heads that lean.
    Source
        Own design, after the questions on moods and their causes of SIV-Bench (arXiv 2506.05425) and StimuVAR (arXiv 2409.00304).
    """

    def simulate(self, params: Params, rng: Rng) -> Story:
        return draw_story(params, rng)

    def layout(self, episode: Story, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: Story, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """By reading faces before and after each deed, and trying for each person whether moods go by the thing or by the doer."""
        return retold(question, shown)

    def draw(self, episode: Story, layout: Layout, stage: Any, style: Style) -> None:
        draw_persons(layout, stage, style)
