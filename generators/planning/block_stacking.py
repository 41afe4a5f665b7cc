"""Blocks behind a screen: a crane moves them from stack to stack, and they are to stand as on a picture."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from pydantic import JsonValue, model_validator

from generators.planning._stack_looks import draw_block, draw_yard
from generators.planning._stack_questions import StackAsking
from generators.planning._stack_replay import Told
from generators.planning._stack_show import HIGH, WIDE, StackShow
from generators.planning._stack_world import SPREAD, StackParams, Stacks, Yard, rearranged
from morse.difficulty import ramp
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

LETTERS = "CDFGHJKLMNPRSTVWXZ"


class Params(StackParams):
    blocks: int = ramp(5, per_level=0.25, most=7, least=4, limit=7, about="blocks")
    stacks: int = ramp(3, per_level=0.15, most=4, least=3, limit=4, about="places for stacks")

    @model_validator(mode="after")
    def _goal_in_reach(self) -> Self:
        if self.goal > (most := 2 * self.blocks - SPREAD):
            raise ValueError(f"goal={self.goal} is out of reach: with blocks={self.blocks} at most {most}")
        return self


@dataclass(frozen=True)
class Site:
    params: Params
    yard: Yard


def free(_stacks: Stacks, _move: tuple[int, int]) -> bool:
    """Any block may stand on any other."""
    return True


@register(category="planning", version=1, stage="manim", covers=("MORSE-500", "RoboVQA"))
class BlockStacking(Task[Params, Site]):
    """Block stacking: a crane moves blocks from stack to stack behind a screen, and they are to stand as on a picture of a goal.

    What is shown
        Blocks with letters on stacks a, b, c … for a few seconds, then a screen before them. A picture of the goal is seen on the
        screen for a few seconds too: before the stacks, after them, or last. A crane goes to a stack, down behind the screen and up,
        and to another, down and up: it has moved the top block. Stacks that it only visits keep theirs.
    What is asked
        How many blocks were moved, what stands on a stack now (asked in mid-clip), on which stack a block ends; how many moves the
        goal needs at the least, which move begins a shortest plan, and moves that reach the goal.
    Difficulty
        More blocks, moves and visits that change nothing; goals further off; a faster crane and shorter looks.
    Source
        The blocks world (Winograd 1971) as a hidden state; chores of a robot arm as in MORSE-500's planning category.
    """

    def simulate(self, params: Params, rng: Rng) -> Site:
        names = rng.sample(LETTERS, params.blocks)
        start: list[list[str]] = [[] for _ in range(params.stacks)]
        for name in names:
            rng.choice(start).append(name)
        return Site(params, rearranged(tuple(map(tuple, start)), sorted(names), free, params, rng))

    def layout(self, episode: Site, rng: Rng) -> Layout:
        params = episode.params
        high = min(0.95, (HIGH - 0.3) / params.blocks)
        width = min(1.9, 0.62 * WIDE / params.stacks)
        return StackShow(episode.yard, params, dict.fromkeys(episode.yard.names, (width, high)), "block", rng).layout()

    def ask(self, episode: Site, layout: Layout, rng: Rng) -> Iterable[Question]:
        return StackAsking(episode.yard, layout, False, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return Told(shown, lambda _piles, _source, _target: True, False).answer(question)

    def draw(self, episode: Site, layout: Layout, stage: Any, style: Style) -> None:
        draw_yard(layout, stage, style, draw_block)
