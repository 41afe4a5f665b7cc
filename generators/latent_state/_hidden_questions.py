"""The questions of a clip with a hidden state: six skills, the same for every task of the family."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Generic, Literal

from pydantic import JsonValue

from generators.latent_state._hidden_show import DECOYS, look_rate
from generators.latent_state._hidden_state import Life, Operation, S, others
from morse.errors import Rejected
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Evidence, Integer, Plan, PlanProblem, Question, Reasoning, Step
from morse.seeding import Rng

KINDS: dict[str, tuple[Reasoning, str]] = {
    "operation_order": ("recall", "order"),
    "operation_number": ("recall", "order"),
    "operation_count": ("recall", "counting"),
    "hidden_value": ("infer", "state tracking"),
    "hidden_state": ("infer", "state tracking"),
    "value_after": ("infer", "state tracking"),
    "changed_count": ("infer", "state comparison"),
    "predicted_value": ("predict", "state prediction"),
    "plan": ("predict", "planning"),
}
"""The blocks of a task's template. Slots of each: ``shown``, ``far`` ("start" or "end": where the state is shown, and the other
end of the clip), and

- ``operation_order``: ``number``; ``operation_number``: ``words``; ``operation_count``: ``tally``; ``value_after``: ``number``,
  ``place``; ``hidden_value``: ``place``; ``predicted_value``: ``place``, ``further`` (operations in words);
- ``plan``: what the task's :meth:`~generators.latent_state._hidden_state.HiddenRules.plan` returns.

Predictions and plans start from the covered end: ``far`` is "end" for "go on from the end of the clip", "start" for "had this
been done at the start of the clip instead".
"""
OTHERS, OPTIONS, TRIES, OPERATIONS = 14, 4, 12, 6
"""Walks that might as well have been, options of a question, goals tried for a plan, and operations for each
step of a supposition."""
WINDOW = 2
"""Operations at either end of the clip that are not asked for by number where frames hint at them."""
Answers = Mapping[str, Sequence[str | None]]
"""Place → what the answer would be: in the clip, then in the walks that might have been (``None``: there is none)."""


def asked(life: Life[S], layout: Layout, rng: Rng) -> Iterable[Question]:
    """The questions of a clip. Raises :class:`Rejected` where too few walks differ."""
    return _Asking(life, layout, rng).all()


class _Asking(Generic[S]):
    def __init__(self, life: Life[S], layout: Layout, rng: Rng) -> None:
        self.life, self.rules, self.rng = life, life.rules, rng
        self.walk, self.count = life.walk, len(life.walk.operations)
        self.events = [event for event in layout.events if event.kind not in DECOYS]
        self.looks = [Evidence(start=e.start, end=e.end, objects=layout.details["looks"][e.id]) for e in self.events]
        shown = layout.states[0]
        self.open = Evidence(start=shown.start, end=shown.end, objects=layout.details["open"])
        self.glances = [Step(kind="perceive", claim=event.claim, time=event.end) for event in self.events]
        self.min_fps = look_rate(look.end - look.start for look in self.looks)
        far: Literal["start", "end"] = "start" if life.back else "end"
        self.ends: dict[str, JsonValue] = {"shown": "end" if life.back else "start", "far": far}
        self.others = others(life, OTHERS, rng)
        self.chain = list(self.chained())

    def all(self) -> Iterable[Question]:
        yield self.operation_order()
        if self.rules.numbered:
            yield self.operation_number()
        if len(self.life.targets.counts) > 1:
            yield self.operation_count()
        yield self.hidden_value()
        yield self.hidden_state()
        yield self.value_after()
        if len(self.life.targets.changes) > 1:
            yield self.changed_count()
        yield self.predicted_value()
        yield self.plan()

    def operation_order(self) -> Question:
        """Where operations look alike from one to the next, the options are others of the clip; else of other walks."""
        walks = [self.walk, *self.others]
        if self.rules.numbered:
            own = [str(operation) for operation in self.walk.operations]
            found = {str(k): [own[k], *own[:k], *own[k + 1 :]] for k in range(self.count)}
            if len(set(own)) < OPTIONS:
                for k in found:
                    found[k] += [str(walk.operations[int(k)]) for walk in self.others]
        else:
            inner = range(WINDOW, self.count - WINDOW)
            found = {str(k): [str(walk.operations[k]) for walk in walks] for k in inner}
        k, key, near = self.drawn(found)
        words = {text: self.rules.words(Operation.read(text)) for text in (key, *near)}
        form, letter, values = pose_choice(self.rng, key, near, wording=lambda claim: words[str(claim)])
        number = int(k) + 1
        steps = self.noticed(range(number), f"number {number} is {key}")
        slots: dict[str, JsonValue] = {"number": number}
        return self.question("operation_order", letter, form, range(number), steps, slots, option_values=values)

    def operation_number(self) -> Question:
        number = self.life.number
        operation = self.walk.operations[number - 1]
        steps = self.noticed(range(number), f"{operation} is number {number}")
        slots: dict[str, JsonValue] = {"operation": str(operation), "words": self.rules.words(operation)}
        domain = tuple(range(1, self.count + 1))
        return self.question("operation_number", number, Integer(), range(number), steps, slots, domain=domain)

    def operation_count(self) -> Question:
        holds, tally = self.rules.tallies()[self.life.tally], self.life.tally
        counted = [k for k, operation in enumerate(self.walk.operations) if holds(operation)]
        steps = self.noticed(counted, f"{len(counted)} operations: {tally}")
        every, domain = range(self.count), self.life.targets.counts
        slots: dict[str, JsonValue] = {"tally": tally}
        return self.question("operation_count", len(counted), Integer(), every, steps, slots, domain=domain)

    def hidden_value(self) -> Question:
        far = 0 if self.life.back else -1
        place, key, near = self.drawn(self.facts(walk.states[far] for walk in [self.walk, *self.others]))
        steps = self.followed(self.count, f"{place}: {key}")
        return self.chosen("hidden_value", key, near, range(self.count), steps, {"place": place})

    def hidden_state(self) -> Question:
        slots, form, answer = self.rules.whole(self.life.far, self.rng)
        steps = self.followed(self.count, f"at the {self.ends['far']}: {_claim(self.rules.values(self.life.far))}")
        return self.question("hidden_state", answer, form, range(self.count), steps, slots)

    def value_after(self) -> Question:
        """The value at a place after some operations: asked in mid-clip where the state is shown at the start."""
        for k in self.rng.shuffled(range(1, self.count)):
            found = self.facts(walk.states[k] for walk in [self.walk, *self.others])
            if self.fitting(found):
                break
        else:
            raise Rejected("too few different values after an operation")
        place, key, near = self.drawn(found)
        done = self.count - k if self.life.back else k
        watched = range(k, self.count) if self.life.back else range(k)
        at = None if self.life.back else round(self.events[k - 1].end + 0.2, 3)
        steps = self.followed(done, f"{place}: {key}")
        slots: dict[str, JsonValue] = {"place": place, "number": k}
        return self.chosen("value_after", key, near, watched, steps, slots, asked_at=at)

    def changed_count(self) -> Question:
        changed, domain = self.life.changed, self.life.targets.changes
        steps = self.followed(self.count, f"{changed} places differ")
        return self.question("changed_count", changed, Integer(), range(self.count), steps, domain=domain)

    def predicted_value(self) -> Question:
        """Further operations from the covered end of the clip. They can be done from that of other walks too, or those do not count."""
        far = 0 if self.life.back else -1
        for _ in range(4):
            further, state, ends = list[Operation](), self.life.far, [walk.states[far] for walk in self.others]
            for _ in range(self.rng.integer(3, self.life.params.ahead)):
                operation, ends = self.possible(state, further[-1] if further else None, ends)
                further.append(operation)
                state = _known(self.rules.after(state, operation))
            found = self.facts([state, *ends])
            if self.fitting(found):
                break
        else:
            raise Rejected("too few different predictions")
        place, key, near = self.drawn(found)
        steps = self.followed(self.count, f"then {', '.join(map(str, further))}: {place}: {key}")
        slots: dict[str, JsonValue] = {
            "place": place,
            "further": [self.rules.words(operation) for operation in further],
            "operations": [str(operation) for operation in further],
        }
        reasoning: Reasoning = "counterfactual" if self.life.back else "predict"
        return self.chosen("predicted_value", key, near, range(self.count), steps, slots, reasoning=reasoning)

    def plan(self) -> Question:
        slots, problem = self.goal()
        steps = self.followed(self.count, f"shortest plan: {'; '.join(problem.solution)}")
        form = Plan(syntax=self.rules.syntax)
        return self.question("plan", problem.model_dump(mode="json"), form, range(self.count), steps, slots)

    def goal(self) -> tuple[dict[str, JsonValue], PlanProblem]:
        """A goal, after some tries."""
        for _ in range(TRIES):
            with suppress(Rejected):
                return self.rules.plan(self.life.far, self.life.params.plan, self.rng)
        raise Rejected("no goal for a plan")

    def possible(self, state: S, last: Operation | None, others: Sequence[S]) -> tuple[Operation, list[S]]:
        """An operation that can be done in a state, of some drawn the one possible in most others too; and where it leads these."""
        for _ in range(TRIES):
            drawn: list[tuple[int, bool, Operation, list[S]]] = []
            for _ in range(OPERATIONS):
                operation = self.rules.supposed(state, others, last, self.rng)
                own = self.rules.after(state, operation) is not None
                led = [after for other in others if (after := self.rules.after(other, operation)) is not None]
                drawn.append((own + len(led), own, operation, led))
                if own and len(led) == len(others):
                    break
            # Were only those looked at that can be done here, a state in which little can be done would be likelier the clip's own.
            _, own, operation, led = max(drawn, key=lambda one: one[0])
            if own:
                return operation, led
        raise Rejected("nothing to suppose")

    def facts(self, states: Iterable[S]) -> Answers:
        """What is at each place in several states, the clip's own first."""
        own, *might = [self.rules.facts(state) for state in states]
        return {place: [value, *(facts.get(place) for facts in might)] for place, value in own.items()}

    def fitting(self, found: Answers) -> list[str]:
        """The places with as many different answers as a question has options."""
        return [place for place, answers in found.items() if len({*answers} - {None}) >= OPTIONS]

    def drawn(self, found: Answers) -> tuple[str, str, list[str]]:
        """A place, its answer, and the answers that it might as well have, in random order.

        Every different answer is to be right equally often, however many walks lead to it: the rarer one is here, the likelier
        its place is drawn.
        """
        places = self.fitting(found)
        if not places:
            raise Rejected("too few different options")
        shares = [1 / sum(other == found[place][0] for other in found[place]) for place in places]
        place = self.rng.weighted(places, shares)
        key, *near = dict.fromkeys(answer for answer in found[place] if answer is not None)
        return place, key, self.rng.sample(near, OPTIONS - 1)

    def noticed(self, numbers: Iterable[int], conclusion: str) -> list[Step]:
        return [*concluding((self.glances[k] for k in numbers), conclusion)]

    def followed(self, count: int, conclusion: str) -> list[Step]:
        """The steps from the state that is shown over ``count`` operations, away from it, to a conclusion."""
        steps = self.chain[: 1 + 2 * count]
        return [*steps, Step(kind="infer", claim=conclusion, needs=(len(steps) - 1,))]

    def chained(self) -> Iterable[Step]:
        """What is seen of the state, and what follows from each operation, away from there."""
        back = self.life.back
        values = [self.rules.values(state) for state in self.walk.states]
        yield Step(kind="perceive", claim=_claim(values[-1 if back else 0]), time=self.open.start)
        for done, k in enumerate(list(range(self.count))[:: -1 if back else 1]):
            old, new = (values[k + 1], values[k]) if back else (values[k], values[k + 1])
            changes = {place: value for place, value in new.items() if value != old.get(place)}
            yield self.glances[k]
            claim = f"{'before' if back else 'after'} {k + 1}: {_claim(changes)}"
            yield Step(kind="infer", claim=claim, needs=(2 * done, 2 * done + 1))

    def chosen(
        self,
        kind: str,
        key: str,
        near: Sequence[str],
        watched: Iterable[int],
        steps: list[Step],
        slots: dict[str, JsonValue],
        **fields: Any,
    ) -> Question:
        form, letter, values = pose_choice(self.rng, key, near)
        return self.question(kind, letter, form, watched, steps, slots, option_values=values, **fields)

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        watched: Iterable[int],
        steps: Sequence[Step],
        slots: dict[str, JsonValue] | None = None,
        reasoning: Reasoning | None = None,
        **fields: Any,
    ) -> Question:
        usual, skill = KINDS[kind]
        looks = [self.looks[k] for k in watched] + [self.open] * (usual != "recall")
        return Question(
            kind=kind,
            slots=self.ends | (slots or {}),
            format=form,
            answer=answer,
            reasoning=reasoning or usual,
            skills=(skill, "fast") if self.min_fps > 2 else (skill,),
            evidence=tuple(sorted(looks, key=lambda look: look.start)),
            steps=tuple(steps),
            min_frames=max(2, len(looks)),
            min_fps=self.min_fps,
            **fields,
        )


def _claim(values: Mapping[str, JsonValue]) -> str:
    """Values as a canonical claim: ``a1=5, b1=2``."""
    return ", ".join(f"{place}={value}" for place, value in values.items()) or "nothing changes"


def _known(state: S | None) -> S:
    if state is None:
        raise ValueError("an operation was drawn that cannot be done")
    return state
