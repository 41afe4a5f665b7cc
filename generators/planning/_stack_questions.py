"""The questions of a clip with stacks: what was moved, what stands where, and how to get to the goal."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.planning._stack_world import Stacks, Yard, moves_of, plan_problem, stack_name, values_of
from morse.errors import Rejected
from morse.layout import Layout
from morse.options import pose_choice
from morse.schema import AnswerFormat, Boolean, Evidence, Integer, Plan, Question, Reasoning, Step, Text
from morse.schema import Sequence as InOrder
from morse.seeding import Rng


class StackAsking:
    """What the questions of one clip are made with. ``sizes``: the rule is that nothing goes onto something smaller."""

    def __init__(self, yard: Yard, layout: Layout, sizes: bool, rng: Rng) -> None:
        self.yard, self.layout, self.sizes, self.rng = yard, layout, sizes, rng
        self.seen: Evidence = layout.details["seen"]
        self.goal: Evidence = layout.details["goal"]
        self.events = [event for event in layout.events if event.kind == "move"]
        self.looks = [Evidence(start=e.start, end=e.end, objects=("trolley",)) for e in self.events]
        self.noun, self.place = layout.details["show"].kind, "peg" if sizes else "stack"

    def all(self) -> Iterable[Question]:
        """The questions that all such clips have."""
        yield self.moves_made()
        yield self.thing_now() if self.sizes else self.stack_now()
        yield self.thing_place()
        yield self.fewest_moves()
        yield self.first_move()
        yield self.plan()

    def moves_made(self) -> Question:
        count = len(self.events)
        steps = [Step(kind="perceive", claim=event.claim, time=event.end) for event in self.events]
        return self.question(
            "moves_made",
            count,
            Integer(),
            "recall",
            "counting",
            steps,
            f"moves({count})",
            seen=False,
            domain=self.yard.counts,
        )

    def stack_now(self) -> Question:
        """What stands on a stack, asked right after a move."""
        yard = self.yard
        own: list[JsonValue] = [*yard.states[yard.asked][yard.stack]]
        form = InOrder(vocabulary=tuple(sorted(yard.names)), noun=self.noun)
        return self.question(
            "stack_now", own, form, "infer", "state tracking", self.followed(yard.asked),
            f"now {stack_name(yard.stack)}={' '.join(map(str, own))}", moves=yard.asked,
            asked_at=round(self.events[yard.asked - 1].end + 0.1, 3), slots={"stack": stack_name(yard.stack)},
        )  # fmt: skip

    def thing_now(self) -> Question:
        """On which stack a thing is right after a move: instead of :meth:`stack_now` where its size hints at what lies under what."""
        asked = self.yard.asked
        return self._placed("thing_now", asked, asked_at=round(self.events[asked - 1].end + 0.1, 3))

    def thing_place(self) -> Question:
        """On which stack a thing is at the end."""
        return self._placed("thing_place", len(self.events))

    def _placed(self, kind: str, moves: int, **more: Any) -> Question:
        """Where a thing is after some moves, one of which was its own."""
        yard, stacks = self.yard, tuple(map(stack_name, range(len(self.yard.goal))))
        thing = self.rng.choice(sorted({yard.states[i][move[0]][-1] for i, move in enumerate(yard.moves[:moves])}))
        at = next(stack_name(i) for i, own in enumerate(yard.states[moves]) if thing in own)
        return self.question(
            kind, at, Text(vocabulary=stacks, noun=self.place), "infer", "state tracking", self.followed(moves),
            f"{thing} on {at}", domain=stacks, slots={"thing": thing}, moves=moves, **more,
        )  # fmt: skip

    def fewest_moves(self) -> Question:
        length = len(self.yard.plan)
        return self.question(
            "fewest_moves", length, Integer(), "predict", "search", self.followed(len(self.events)), f"fewest({length})",
            goal=True, domain=self.yard.fewest,
        )  # fmt: skip

    def first_move(self) -> Question:
        """Which move begins a shortest plan; the others can be made too."""
        form, letter, values = pose_choice(
            self.rng, *self._written(self.yard.first), count=len(self.yard.first), wording=spoken
        )
        return self.question(
            "first_move", letter, form, "predict", "planning", self.followed(len(self.events)),
            f"first(move({values[ord(letter) - 65]}))", goal=True, option_values=values,
        )  # fmt: skip

    def legal_move(self) -> Question:
        """Whether the rule allows a move next, at the end of the clip."""
        end, count = self.yard.states[-1], range(len(self.yard.goal))
        able = moves_of(end, smaller_on_larger)
        barred = [(i, j) for i in count for j in count if i != j and end[i] and (i, j) not in able]
        right = self.rng.steady("legal").chance(0.5)
        if not barred:
            raise Rejected("no move that the rule forbids")
        source, target = map(stack_name, self.rng.choice(able if right else barred))
        return self.question(
            "legal_move", right, Boolean(), "infer", "rules", self.followed(len(self.events)),
            f"allowed(move({source}, {target}))={right}", slots={"source": source, "target": target},
        )  # fmt: skip

    def plan(self) -> Question:
        yard = self.yard
        plan = [(stack_name(a), stack_name(b)) for a, b in yard.plan]
        problem = plan_problem(_lists(yard.states[-1]), _lists(yard.goal), plan, self.sizes)
        return self.question(
            "plan", problem.model_dump(mode="json"), Plan(syntax="move(a, b)"), "predict", "planning",
            self.followed(len(self.events)), f"shortest plan: {'; '.join(problem.solution)}", goal=True,
        )  # fmt: skip

    def followed(self, moves: int) -> list[Step]:
        """The steps of following the stacks over the first ``moves`` moves."""
        yard = self.yard
        steps = [Step(kind="perceive", claim=_claim(yard.states[0]), time=self.seen.start)]
        for i in range(moves):
            steps.append(Step(kind="perceive", claim=self.events[i].claim, time=self.events[i].end))
            claim = f"after {i + 1}: {_claim(yard.states[i + 1])}"
            steps.append(Step(kind="infer", claim=claim, needs=(2 * i, 2 * i + 1)))
        return steps

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        reasoning: Reasoning,
        skill: str,
        steps: Sequence[Step],
        claim: str,
        *,
        moves: int | None = None,
        seen: bool = True,
        goal: bool = False,
        **more: Any,
    ) -> Question:
        """A question that the first ``moves`` moves (all) decide, with the stacks as they are seen and the goal, or without."""
        looks = self.looks[:moves] + [self.seen] * seen + [self.goal] * goal
        known, needs = [*steps], tuple(range(len(steps))) if not seen else (len(steps) - 1,)
        if goal:
            known.append(Step(kind="perceive", claim=f"goal: {_claim(self.yard.goal)}", time=self.goal.start))
            needs = (*needs, len(known) - 1)
        return Question(
            kind=kind, answer=answer, format=form, reasoning=reasoning, skills=(skill,), min_fps=2.0,
            evidence=tuple(sorted(looks, key=lambda look: look.start)), min_frames=max(2, len(looks)),
            steps=(*known, Step(kind="infer", claim=claim, needs=needs)), **more,
        )  # fmt: skip

    def _written(self, moves: Sequence[tuple[int, int]]) -> tuple[str, list[JsonValue]]:
        first, *others = (f"{stack_name(a)}, {stack_name(b)}" for a, b in moves)
        return first, [*others]


def smaller_on_larger(stacks: Stacks, move: tuple[int, int]) -> bool:
    """The rule of the tower of Hanoi, for things whose names are their sizes."""
    source, target = stacks[move[0]], stacks[move[1]]
    return not target or int(source[-1]) < int(target[-1])


def spoken(move: JsonValue) -> str:
    """A move as an option says it."""
    source, target = str(move).split(", ")
    return f"from {source} to {target}"


def _lists(stacks: Stacks) -> dict[str, tuple[str, ...]]:
    return {stack_name(i): own for i, own in enumerate(stacks)}


def _claim(stacks: Stacks) -> str:
    return ", ".join(f"{name}={own or 'empty'}" for name, own in values_of(stacks).items())
