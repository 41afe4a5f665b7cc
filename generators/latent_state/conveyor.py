"""Queues of parcels that merge into a belt and split from it again: first in, first out, with the letters seen once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, Self

from pydantic import JsonValue, model_validator

from generators.latent_state._conveyor_hall import Hall, draw_hall
from generators.latent_state._conveyor_retold import BELT, Retold, problem
from generators.latent_state._hidden_questions import asked
from generators.latent_state._hidden_replay import retold
from generators.latent_state._hidden_search import breadth_first
from generators.latent_state._hidden_state import HiddenParams, HiddenRules, Life, Operation, lived
from generators.latent_state._letter_rows import EMPTY, LETTERS, written
from morse.difficulty import ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import AnswerFormat, Grid, PlanProblem, Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

Queues = tuple[tuple[str, ...], ...]
"""The parcels of each lane, the next to leave first; the belt comes last."""


class Params(HiddenParams):
    sized_by: ClassVar[tuple[str, ...]] = ("lanes", "parcels")
    lanes: int = ramp(3, per_level=0.25, most=5, least=2, limit=6, about="lanes, besides the belt")
    parcels: int = ramp(7, per_level=0.6, most=12, least=5, limit=14, about="parcels on lanes and belt")
    room: int = ramp(
        4, per_level=0.25, most=6, least=3, limit=8, about="parcels that a lane and the belt have room for"
    )
    operations: int = ramp(6, per_level=1.7, least=6, about="operations in the clip")

    @model_validator(mode="after")
    def _enough_room(self) -> Self:
        if self.parcels > self.lanes * self.room:
            raise ValueError(f"parcels={self.parcels} do not fit: {self.lanes} lanes have room for {self.room} each")
        return self


class Spot(NamedTuple):
    """Where a parcel is, as far as a plan for it goes: in which queue, behind how many, and how long all queues are."""

    queue: int
    behind: int
    lengths: tuple[int, ...]


@dataclass(frozen=True)
class Rules(HiddenRules[Queues]):
    lanes: int
    parcels: int
    room: int
    numbered: ClassVar[bool] = False
    syntax: ClassVar[str] = "merge(a)"

    def any_state(self, rng: Rng) -> Queues:
        queues: list[tuple[str, ...]] = [()] * (self.lanes + 1)
        for parcel in rng.shuffled(LETTERS[: self.parcels]):
            to = rng.choice([i for i, queue in enumerate(queues) if len(queue) < self.room])
            queues[to] = (*queues[to], parcel)
        return tuple(queues)

    def any_operation(self, state: Queues, last: Operation | None, rng: Rng, back: bool) -> Operation:
        return rng.choice(possible(tuple(map(len, state)), self.room, back))

    def after(self, state: Queues, operation: Operation) -> Queues | None:
        queues, at, belt = [*state], ord(operation.objects[0]) - 97, state[-1]
        lane = state[at]
        if operation.kind == "merge" and lane and len(belt) < self.room:
            queues[at], queues[-1] = lane[1:], (*belt, lane[0])
        elif operation.kind == "split" and belt and len(lane) < self.room:
            queues[-1], queues[at] = belt[1:], (*lane, belt[0])
        else:
            return None
        return tuple(queues)

    def before(self, state: Queues, operation: Operation) -> Queues | None:
        queues, at, belt = [*state], ord(operation.objects[0]) - 97, state[-1]
        lane = state[at]
        if operation.kind == "merge" and belt and len(lane) < self.room:
            queues[at], queues[-1] = (belt[-1], *lane), belt[:-1]
        elif operation.kind == "split" and lane and len(belt) < self.room:
            queues[-1], queues[at] = (lane[-1], *belt), lane[:-1]
        else:
            return None
        return tuple(queues)

    def values(self, state: Queues) -> dict[str, JsonValue]:
        return {name: written(queue) for name, queue in zip(self.names, state, strict=True)}

    @property
    def names(self) -> tuple[str, ...]:
        return (*(chr(97 + i) for i in range(self.lanes)), BELT)

    def facts(self, state: Queues) -> Mapping[str, str]:
        named = zip(self.names, state, strict=True)
        return {f"{name}{i}": parcel for name, queue in named for i, parcel in enumerate(queue, start=1)}

    def words(self, operation: Operation) -> str:
        return f"{operation.kind} {operation.objects[0]}"

    def tallies(self) -> Mapping[str, Callable[[Operation], bool]]:
        return {name: lambda operation, name=name: operation.objects == (name,) for name in self.names[:-1]}

    def changed(self, one: Queues, other: Queues) -> int:
        return sum(len({*a} - {*b}) for a, b in zip(one, other, strict=True))

    def whole(self, state: Queues, rng: Rng) -> tuple[dict[str, JsonValue], AnswerFormat, JsonValue]:
        rows: list[JsonValue] = [[*queue, *[EMPTY] * (self.room - len(queue))] for queue in state]
        words = (*LETTERS[: self.parcels], EMPTY)
        return {"room": self.room}, Grid(rows=self.lanes + 1, columns=self.room, vocabulary=words, noun="parcel"), rows

    def plan(self, state: Queues, steps: int, rng: Rng) -> tuple[dict[str, JsonValue], PlanProblem]:
        """A parcel that becomes the last of another queue after so many operations at the earliest.

        All that is ahead of it has to leave before it: a plan that needs no more than that is a shortest one, even if it was
        found among the operations on one or two lanes alone.
        """
        lengths, belt = tuple(map(len, state)), self.lanes
        spots = [Spot(i, behind, lengths) for i, queue in enumerate(state) for behind in range(len(queue))]
        goals: list[tuple[Spot, int]] = []
        for spot in spots:
            out = spot.behind + 1
            through = out + lengths[belt] + out
            needed = [out if belt in (spot.queue, goal) else through for goal in range(belt + 1)]
            goals += [(spot, goal) for goal, least in enumerate(needed) if least == steps and goal != spot.queue]
        for spot, goal in rng.shuffled(goals):
            used = {spot.queue, goal}
            found = breadth_first(spot, lambda at, used=used: self._steps(at, used), steps)
            for end, plan in found.items():
                if end.queue == goal and end.behind == end.lengths[goal] - 1:
                    parcel, name = state[spot.queue][spot.behind], self.names[goal]
                    slots: dict[str, JsonValue] = {"parcel": parcel, "goal": name, "room": self.room}
                    return slots, problem(self.values(state), slots, plan)
        raise Rejected("no goal so far away")

    def _steps(self, spot: Spot, used: set[int]) -> Iterable[tuple[Operation, Spot]]:
        for operation in possible(spot.lengths, self.room):
            at, lengths = ord(operation.objects[0]) - 97, [*spot.lengths]
            if at not in used:
                continue
            queue, behind = spot.queue, spot.behind
            source, to = (at, self.lanes) if operation.kind == "merge" else (self.lanes, at)
            if queue == source:
                queue, behind = (source, behind - 1) if behind else (to, lengths[to])
            lengths[source], lengths[to] = lengths[source] - 1, lengths[to] + 1
            yield operation, Spot(queue, behind, tuple(lengths))


@lru_cache(maxsize=1 << 14)
def possible(lengths: tuple[int, ...], room: int, back: bool = False) -> tuple[Operation, ...]:
    """What can be done with queues so long, the belt the last of them (``back``: what can have made them so long)."""
    out, into = ("split", "merge") if back else ("merge", "split")
    found, belt = list[Operation](), lengths[-1]
    for i, length in enumerate(lengths[:-1]):
        if length and belt < room:
            found.append(Operation(out, (chr(97 + i),)))
        if belt and length < room:
            found.append(Operation(into, (chr(97 + i),)))
    return tuple(found)


@register(category="latent_state", version=1, stage="manim")
class Conveyor(Task[Params, Life[Queues]]):
    """Conveyor: lanes of parcels merge into a belt and split from it, and the letters on the parcels are seen only once.

    What is shown
        Lanes a, b, c … from the top, on which parcels wait for their turn at the right end, and below them a belt on which they
        wait at the left end. All parcels look alike but for their letters, which are seen before the first operation or after
        the last one, drawn per clip. merge takes the first parcel of a lane to the end of the belt, split takes the first
        parcel of the belt to the end of a lane; an arrow at the lane says which it is.
    What is asked
        What the k-th operation was, how many were done on a lane; the parcel at a place or all parcels at the covered end of the
        clip, the parcel at a place after the k-th operation; how many parcels changed queues; what further operations would
        lead to; operations that bring a parcel to the end of a queue.
    Difficulty
        More lanes and parcels, more operations; more movements that change nothing (parcels that shake or start and stop,
        passing balls, cloths); shorter pauses; predictions and plans of more operations.
    Source
        New here. Queues as a hidden state, in the six skills of VideoReasonBench (arXiv 2505.23359).
    """

    def simulate(self, params: Params, rng: Rng) -> Life[Queues]:
        rules = Rules(params.lanes, params.parcels, params.room)
        return lived(rules, params, rng, idle=("shake", "feint", "ball"))

    def layout(self, episode: Life[Queues], rng: Rng) -> Layout:
        return Hall(episode, rng).layout()

    def ask(self, episode: Life[Queues], layout: Layout, rng: Rng) -> Iterable[Question]:
        return asked(episode, layout, rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return retold(Retold(), question, shown)

    def draw(self, episode: Life[Queues], layout: Layout, stage: Any, style: Style) -> None:
        draw_hall(layout, stage, style)
