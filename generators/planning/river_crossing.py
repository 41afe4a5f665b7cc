"""A river with a boat and rules on signs: who is where behind the curtains, was a rule broken, and how few crossings are left."""

from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue

from generators.planning._river_looks import draw_river
from generators.planning._river_questions import RiverAsking
from generators.planning._river_show import RiverShow
from generators.planning._river_viewer import Told
from generators.planning._river_world import Params, Voyage, voyage
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


@register(category="planning", version=1, stage="manim", covers=("MORSE-500",))
class RiverCrossing(Task[Params, Voyage]):
    """River crossing: passengers with letters are rowed to and fro under rules that signs show, and are to meet on one bank.

    What is shown
        Both banks for a few seconds, then curtains before them. Signs, one after another: who can row and how many seats the boat has,
        which pairs may not be left on a bank without someone who rows, how many minutes each passenger needs to cross. Then the boat
        goes from bank to bank; those on board are seen, on some crossings only until a cover is spread. At times it turns back.
    What is asked
        How many crossings there are, who was on board of one, who is on a bank (asked at three times), how many minutes all crossings
        take; which crossing left a forbidden pair alone, if one did, and from when to when; how few crossings bring everyone to the
        wanted bank, who crosses first, a plan, and how few crossings would do if one rule were another.
    Difficulty
        More passengers, crossings and times that the boat turns back, more crossings under the cover, goals further off, shorter looks.
    Source
        Alcuin of York's wolf, goat and cabbage (about 800) with seeded rules; crossing times as in the bridge-and-torch puzzle.
    """

    def simulate(self, params: Params, rng: Rng) -> Voyage:
        return voyage(params, rng)

    def layout(self, episode: Voyage, rng: Rng) -> Layout:
        return RiverShow(episode, rng).layout()

    def ask(self, episode: Voyage, layout: Layout, rng: Rng) -> Iterable[Question]:
        return RiverAsking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return Told(shown).answer(question)

    def draw(self, episode: Voyage, layout: Layout, stage: Any, style: Style) -> None:
        draw_river(episode, layout, stage, style)
