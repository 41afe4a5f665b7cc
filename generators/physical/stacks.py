"""Blocks are weighed and put on planks, and then the pins that hold the planks go: what stands, what tips, and to which side?"""

from collections.abc import Iterable
from typing import Any, Self

from pydantic import JsonValue, model_validator

from generators.physical._stacks_plan import CALLED, draw_episode
from generators.physical._stacks_questions import Asking
from generators.physical._stacks_retold import Retold
from generators.physical._stacks_show import StacksEpisode, draw_towers, lay_out
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register


class Params(TaskParams):
    towers: int = ramp(2, per_level=0.34, most=3, least=2, limit=3, about="towers")
    blocks: int = ramp(4, per_level=0.25, most=6, least=4, limit=8, about="blocks of a tower")
    decoys: int = ramp(0, per_level=0.5, most=3, limit=10, about="blocks that are weighed and taken away again")
    wait: float = ramp(
        2.2, per_level=0.4, limit=600, about="seconds, at least, between the last block and the first pins that go"
    )

    @model_validator(mode="after")
    def _lettered(self) -> Self:
        if self.towers * self.blocks + self.decoys > len(CALLED):
            raise ValueError(f"blocks={self.blocks}: there are letters for {len(CALLED)} blocks in all")
        return self


@register(category="physical", version=2, stage="bullet", covers=("ShapeStacks",))
class Stacks(Task[Params, StacksEpisode]):
    """Towers of blocks whose weights are told by a balance alone: each is a plank on a narrow stand that pins hold while it is loaded.

    What is shown
        A hook brings blocks with letters, one after the other. Each is set on a balance, whose pan goes down under it if it is heavy, and
        then put on one of the towers, in turns; some are taken away again. When all lie the pins of one tower after the other go, and
        the tower stands or tips over to one side, in slow motion.
    What is asked
        In which order blocks were put down, which of some are heavy, from when to when a tower tipped and where a block was meanwhile
        (recall); how many heavy blocks a tower has when the clip stops (infer); what each tower will do, asked before its pins go
        (predict); whether one tipped because of the weight of a block (explain); what it would have done without
        two of its blocks, with two in each other's place, or with the pins gone earlier
        (counterfactual).
    Difficulty
        More towers, blocks on each, and blocks that are weighed and taken away; a longer wait before anything falls.
    Source
        New here, after ShapeStacks (arXiv 1804.08018) and the towers of Battaglia, Hamrick and Tenenbaum (PNAS 2013), with weights
        that have to be seen earlier; answers are filtered for stability as in PHYRE and CRAFT.
    """

    def simulate(self, params: Params, rng: Rng) -> StacksEpisode:
        return draw_episode(rng, params.towers, params.blocks, params.decoys, params.wait)

    def layout(self, episode: StacksEpisode, rng: Rng) -> Layout:
        return lay_out(episode, rng)

    def ask(self, episode: StacksEpisode, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return Retold(shown).answer(question)

    def draw(self, episode: StacksEpisode, layout: Layout, stage: Any, style: Style) -> None:
        draw_towers(layout, stage, style)
