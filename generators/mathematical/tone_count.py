"""Tones are heard and flashes seen, together or not: how many, which, how high, when nothing sounds, what comes next."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.mathematical._tone_looks import draw_tones
from generators.mathematical._tone_questions import Asking
from generators.mathematical._tone_score import Params, Score, draw_score
from generators.mathematical._tone_show import Show
from generators.mathematical._tone_viewer import retold
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(
    category="mathematical", version=1, stage="manim", sound=True, covers=("FAVOR", "Omni-R1", "OVO-Bench")
)  # fmt: skip
class ToneCount(Task[Params, Score]):
    """Tones and flashes: the clip has sound, and most of what is asked cannot be told without it.

    What is shown
        Cards with marks light up one after another, each while its own tone is heard, and a last one with a noise that is no
        tone. Then a screen flashes, each time with another label, and tones are heard: some flashes come with a tone, some
        without, some tones without a flash. Noises are no tones, faint glimmers at the sides no flashes. From a sign on, the
        tones follow a pattern, twice through and more.
    What is asked
        How many tones, how many flashes, how many of them together, and how many without every second tone; how many tones
        between two flashes; which tone was the n-th, came with a flash (if that came at all), was the highest with a flash;
        which flash came without a tone; the tones from the lowest to the highest; from when to when the longest silence between
        two tones was; which tone comes next in the pattern, at two times.
    Difficulty
        More beats, more different tones, a longer pattern, more noises and glimmers, a quicker pace.
    Source
        Own design, after the tones and synchronised events of FAVOR and Omni-R1 (sound that matters beside the picture).
    """

    def simulate(self, params: Params, rng: Rng) -> Score:
        return draw_score(params, rng)

    def layout(self, episode: Score, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: Score, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """By listening: tones are known by the sounds of their cards, flashes by when they are seen to light up."""
        return retold(question, shown)

    def draw(self, episode: Score, layout: Layout, stage: Any, style: Style) -> None:
        draw_tones(layout, stage, style)
