"""A stack machine whose tokens are seen once: they are popped to a tray, pushed back and swapped with their blank sides out."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, Self

from pydantic import JsonValue, model_validator

from generators.latent_state._hidden_questions import asked
from generators.latent_state._hidden_replay import retold
from generators.latent_state._hidden_search import breadth_first
from generators.latent_state._hidden_state import HiddenParams, HiddenRules, Life, Operation, lived
from generators.latent_state._letter_rows import EMPTY, LETTERS, written
from generators.latent_state._stack_rack import Rack, draw_rack
from generators.latent_state._stack_retold import TRAY, Retold, problem
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import AnswerFormat, Grid, PlanProblem, Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

OPPOSITE = {"pop": "push", "push": "pop", "swap": "swap"}
Stacks = tuple[tuple[str, ...], ...]
"""The tokens of each stack, the lowest first; the tray comes last."""


class Params(HiddenParams):
    sized_by: ClassVar[tuple[str, ...]] = ("stacks", "tokens")
    stacks: int = ramp(3, per_level=0.34, most=6, least=2, limit=7, about="stacks, besides the tray")
    tokens: int = ramp(7, per_level=0.6, most=12, least=5, limit=14, about="tokens on stacks and tray")
    room: int = ramp(
        4, per_level=0.25, most=6, least=3, limit=8, about="tokens that a stack and the tray have room for"
    )
    operations: int = ramp(6, per_level=1.7, least=6, about="operations in the clip")

    @model_validator(mode="after")
    def _enough_room(self) -> Self:
        if self.tokens > self.stacks * self.room:
            raise ValueError(f"tokens={self.tokens} do not fit: {self.stacks} stacks have room for {self.room} each")
        return self


class Spot(NamedTuple):
    """Where a token is, as far as a plan for it goes: in which stack, how many lie below it, and how high all stacks are."""

    stack: int
    below: int
    heights: tuple[int, ...]


@dataclass(frozen=True)
class Rules(HiddenRules[Stacks]):
    stacks: int
    tokens: int
    room: int
    numbered: ClassVar[bool] = False
    syntax: ClassVar[str] = "push(a)"

    def any_state(self, rng: Rng) -> Stacks:
        stacks: list[tuple[str, ...]] = [()] * (self.stacks + 1)
        for token in rng.shuffled(LETTERS[: self.tokens]):
            to = rng.choice([i for i, stack in enumerate(stacks) if len(stack) < self.room])
            stacks[to] = (*stacks[to], token)
        return tuple(stacks)

    def any_operation(self, state: Stacks, last: Operation | None, rng: Rng, back: bool) -> Operation:
        found = possible(tuple(map(len, state)), self.room, back)
        drawn = rng.choice(found)
        undone = None if last is None else Operation(OPPOSITE[last.kind], last.objects)
        if drawn == undone and len(found) > 1 and rng.chance(0.7):  # operations that are taken back are rarer
            drawn = rng.choice([operation for operation in found if operation != undone])
        return drawn

    def after(self, state: Stacks, operation: Operation) -> Stacks | None:
        stacks, at, tray = [*state], ord(operation.objects[0]) - 97, state[-1]
        stack = state[at]
        if operation.kind == "pop" and stack and len(tray) < self.room:
            stacks[-1], stacks[at] = (*tray, stack[-1]), stack[:-1]
        elif operation.kind == "push" and tray and len(stack) < self.room:
            stacks[at], stacks[-1] = (*stack, tray[-1]), tray[:-1]
        elif operation.kind == "swap" and len(stack) > 1:
            stacks[at] = (*stack[:-2], stack[-1], stack[-2])
        else:
            return None
        return tuple(stacks)

    def before(self, state: Stacks, operation: Operation) -> Stacks | None:
        return self.after(state, Operation(OPPOSITE[operation.kind], operation.objects))

    def values(self, state: Stacks) -> dict[str, JsonValue]:
        return {name: written(stack) for name, stack in zip(self.names, state, strict=True)}

    @property
    def names(self) -> tuple[str, ...]:
        return (*(chr(97 + i) for i in range(self.stacks)), TRAY)

    def facts(self, state: Stacks) -> Mapping[str, str]:
        named = zip(self.names, state, strict=True)
        return {f"{name}{i}": token for name, stack in named for i, token in enumerate(stack, start=1)}

    def words(self, operation: Operation) -> str:
        return f"{operation.kind} {operation.objects[0]}"

    def tallies(self) -> Mapping[str, Callable[[Operation], bool]]:
        return {name: lambda operation, name=name: operation.objects == (name,) for name in self.names[:-1]}

    def changed(self, one: Stacks, other: Stacks) -> int:
        return len(self.facts(one).items() - self.facts(other).items())

    def whole(self, state: Stacks, rng: Rng) -> tuple[dict[str, JsonValue], AnswerFormat, JsonValue]:
        facts = self.facts(state)
        rows: list[JsonValue] = [
            [facts.get(f"{name}{level}", EMPTY) for name in self.names] for level in range(self.room, 0, -1)
        ]
        words = (*LETTERS[: self.tokens], EMPTY)
        return {"room": self.room}, Grid(rows=self.room, columns=self.stacks + 1, vocabulary=words, noun="token"), rows

    def plan(self, state: Stacks, steps: int, rng: Rng) -> tuple[dict[str, JsonValue], PlanProblem]:
        """A token that gets to the top of a stack after so many operations at the earliest.

        Nothing takes more than one token off it at a time, and it goes from stack to stack by way of the tray: a plan that needs
        no more than that is a shortest one, even if it was found among the operations on these two stacks alone.
        """
        heights, tray = tuple(map(len, state)), self.stacks
        spots = [Spot(i, below, heights) for i, stack in enumerate(state) for below in range(len(stack))]
        goals = [
            (spot, goal)
            for spot in spots
            for goal in range(self.stacks)
            if steps == heights[spot.stack] - 1 - spot.below + (spot.stack != goal) + (spot.stack not in (goal, tray))
        ]
        for spot, goal in rng.shuffled(goals):
            used = {spot.stack, goal}

            def steps_of(at: Spot, used: Collection[int] = used) -> Iterable[tuple[Operation, Spot]]:
                return [(op, to) for op, to in self._steps(at) if ord(op.objects[0]) - 97 in used]

            for end, plan in breadth_first(spot, steps_of, steps).items():
                if end.stack == goal and end.below == end.heights[goal] - 1:
                    token, name = state[spot.stack][spot.below], chr(97 + goal)
                    slots: dict[str, JsonValue] = {"token": token, "goal": name, "room": self.room}
                    return slots, problem(self.values(state), slots, plan)
        raise Rejected("no goal so far away")

    def _steps(self, spot: Spot) -> Iterable[tuple[Operation, Spot]]:
        for operation in possible(spot.heights, self.room):
            at, heights = ord(operation.objects[0]) - 97, [*spot.heights]
            stack, below = spot.stack, spot.below
            if operation.kind == "swap":
                if stack == at and below >= heights[at] - 2:
                    below = 2 * heights[at] - 3 - below
            else:
                source, to = (at, self.stacks) if operation.kind == "pop" else (self.stacks, at)
                if stack == source and below == heights[source] - 1:
                    stack, below = to, heights[to]
                heights[source], heights[to] = heights[source] - 1, heights[to] + 1
            yield operation, Spot(stack, below, tuple(heights))


@lru_cache(maxsize=1 << 14)
def possible(heights: tuple[int, ...], room: int, back: bool = False) -> tuple[Operation, ...]:
    """What can be done with stacks so high, the tray the last of them (``back``: what can have made them so high)."""
    out, into = ("push", "pop") if back else ("pop", "push")
    found, tray = list[Operation](), heights[-1]
    for i, height in enumerate(heights[:-1]):
        name = (chr(97 + i),)
        if height and tray < room:
            found.append(Operation(out, name))
        if tray and height < room:
            found.append(Operation(into, name))
        if height > 1:
            found.append(Operation("swap", name))
    return tuple(found)


@register(category="latent_state", version=1, stage="manim")
class StackMachine(Task[Params, Life[Stacks]]):
    """Stack machine: tokens are popped to a tray, pushed onto stacks and swapped, and their letters are seen only once.

    What is shown
        Stacks a, b, c … from left to right and a tray at the right end, with tokens that all look alike but for their letters. The
        letters are seen before the first operation or after the last one, drawn per clip. pop takes the top token of a stack to the
        top of the tray, push puts the top token of the tray onto a stack, swap lets the two top tokens of a stack trade places; an
        arrow over the stack says which it is.
    What is asked
        What the k-th operation was, how many were done on a stack; the token at a place or all tokens at the covered end of the
        clip, the token at a place after the k-th operation; how many tokens changed place; what further operations would lead
        to; operations that bring a token to the top of a stack.
    Difficulty
        More stacks and tokens, more operations; more movements that change nothing (tokens that shake or are lifted and put back,
        passing balls, cloths); shorter pauses; predictions and plans of more operations.
    Source
        New here. A machine with stacks as a hidden state, in the six skills of VideoReasonBench (arXiv 2505.23359).
    """

    def simulate(self, params: Params, rng: Rng) -> Life[Stacks]:
        rules = Rules(params.stacks, params.tokens, params.room)
        return lived(rules, params, rng, idle=("shake", "feint", "ball"))

    def layout(self, episode: Life[Stacks], rng: Rng) -> Layout:
        return Rack(episode, rng).layout()

    def ask(self, episode: Life[Stacks], layout: Layout, rng: Rng) -> Iterable[Question]:
        return asked(episode, layout, rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(Retold(), question, shown)

    def draw(self, episode: Life[Stacks], layout: Layout, stage: Any, style: Style) -> None:
        draw_rack(layout, stage, style)
