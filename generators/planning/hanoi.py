"""Discs on pegs behind a screen: a crane moves them by the rule of the tower of Hanoi, and they are to stand as on a picture."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from pydantic import JsonValue, model_validator

from generators.planning._stack_looks import draw_block, draw_yard
from generators.planning._stack_questions import StackAsking, smaller_on_larger
from generators.planning._stack_replay import Piles, Told
from generators.planning._stack_show import HIGH, WIDE, StackShow
from generators.planning._stack_world import SPREAD, StackParams, Yard, rearranged
from morse.difficulty import ramp
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

PEGS = 3


class Params(StackParams):
    discs: int = ramp(4, per_level=0.2, most=6, least=3, limit=7, about="discs, number 1 the smallest")

    @model_validator(mode="after")
    def _goal_in_reach(self) -> Self:
        if self.goal > (most := 2**self.discs - 1 - SPREAD):
            raise ValueError(f"goal={self.goal} is out of reach: with discs={self.discs} at most {most}")
        return self


@dataclass(frozen=True)
class Tower:
    params: Params
    yard: Yard


@register(category="planning", version=1, stage="manim", covers=("MORSE-500",))
class Hanoi(Task[Params, Tower]):
    """Tower of Hanoi: a crane moves discs from peg to peg behind a screen, never onto a smaller one, and they are to stand as on a picture.

    What is shown
        Numbered discs on pegs a, b, c for a few seconds, then a screen before them. A picture of the goal is seen on the screen for
        a few seconds too: before the discs, after them, or last. A crane goes to a peg, down behind the screen and up, and to
        another, down and up: it has moved the top disc. Pegs that it only visits keep theirs.
    What is asked
        How many moves were made, what is on a peg now (asked in mid-clip), on which peg a disc ends; which move the rule allows
        next, how many moves the goal needs at the least, which move begins a shortest plan, and moves that reach the goal.
    Difficulty
        More discs, moves and visits that change nothing; goals further off; a faster crane and shorter looks.
    Source
        The tower of Hanoi (Lucas 1883) as a hidden state, from any position to any other.
    """

    def simulate(self, params: Params, rng: Rng) -> Tower:
        names = [str(number + 1) for number in range(params.discs)]
        start: list[list[str]] = [[] for _ in range(PEGS)]
        for name in reversed(names):  # the larger ones first: any placing then keeps the rule
            rng.choice(start).append(name)
        return Tower(params, rearranged(tuple(map(tuple, start)), names, smaller_on_larger, params, rng))

    def layout(self, episode: Tower, rng: Rng) -> Layout:
        params = episode.params
        high, widest = min(0.85, (HIGH - 0.9) / params.discs), 0.78 * WIDE / PEGS
        step = (widest - 1.2) / params.discs
        size = {name: (1.2 + step * int(name), high) for name in episode.yard.names}
        return StackShow(episode.yard, params, size, "disc", rng).layout()

    def ask(self, episode: Tower, layout: Layout, rng: Rng) -> Iterable[Question]:
        asking = StackAsking(episode.yard, layout, True, rng)
        return [*asking.all(), asking.legal_move()]

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return Told(shown, allowed, True).answer(question)

    def draw(self, episode: Tower, layout: Layout, stage: Any, style: Style) -> None:
        draw_yard(layout, stage, style, draw_block, poles=True)


def allowed(piles: Piles, source: str, target: str) -> bool:
    """The rule, by what is on the pegs: everything on the target is larger than what is moved."""
    return all(int(disc) > int(piles[source][-1]) for disc in piles[target])
