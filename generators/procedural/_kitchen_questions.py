"""The questions on a recipe's shuffled clips, with answers, evidence and steps."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from pydantic import JsonValue

from generators.procedural._kitchen_recipe import Recipe, Workplace, sight
from generators.procedural._kitchen_viewer import NONE
from generators.procedural._planning import State, blocked, count_orders
from generators.procedural._shots import ALL_COLUMNS, HOLD
from morse.joined import JoinedScene
from morse.layout import Layout
from morse.options import pose_choice
from morse.schema import Boolean, Event, Evidence, Integer, Permutation, Question, Step
from morse.schema import Sequence as InOrder
from morse.schema import State as Interval
from morse.seeding import Rng


def records(recipe: Recipe[Workplace], joined: JoinedScene) -> tuple[list[Event], list[Interval]]:
    """What is recorded of the clips: their steps, and what is seen before and after each."""
    events, states = list[Event](), list[Interval]()
    for k, shot in enumerate(recipe.shots):
        seen = sight(shot, recipe.kitchen)
        begin, end = joined.begins(k), joined.begins(k) + joined.parts[k].scene.duration
        start, stop = round(begin + HOLD, 3), round(end - HOLD, 3)
        step = Event(
            id=f"step {k + 1}", kind=shot.kind, objects=shot.objects, start=start, end=stop, values={"clip": k + 1}
        )
        events.append(step)
        for when, a, b, kitchen in (("before", begin, start, seen.before), ("after", stop, end, seen.after)):
            values: dict[str, JsonValue] = {"clip": k + 1, "when": when, "kitchen": _plain(kitchen)}
            states.append(Interval(start=round(a, 3), end=round(b, 3), values=values, shown=True))
    truth: dict[str, JsonValue] = {"order": [*recipe.order], "mode": recipe.mode}
    states.append(Interval(start=0.0, end=joined.duration, values=truth))
    return events, states


def _plain(kitchen: State) -> dict[str, JsonValue]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in kitchen.items()}


class Asker:
    """Puts the questions on one clip set."""

    def __init__(self, recipe: Recipe[Workplace], layout: Layout, rng: Rng) -> None:
        self.recipe, self.layout, self.rng, self.order = recipe, layout, rng, recipe.order
        assert isinstance(layout.scene, JoinedScene)
        self.scene, self.count = layout.scene, len(recipe.shots)
        self.numbers: tuple[JsonValue, ...] = tuple(range(1, self.count + 1))
        self.words = {number: recipe.kitchen.phrase(s) for number, s in enumerate(recipe.shots, 1)}

    def questions(self) -> Iterator[Question]:
        recipe, rng, order, n = self.recipe, self.rng, self.order, self.count
        if recipe.mode == "stray":
            form = InOrder(vocabulary=tuple(map(str, self.numbers)), noun="clip number", length=n - 1)
            yield self.infer("order_stray", form, [str(number) for number in order], chance=1 / math.factorial(n))
        else:
            yield self.infer(
                "order" if recipe.mode == "whole" else "order_gap", Permutation(size=n), list[JsonValue](order)
            )
        yield from self.steps_shown()
        end = rng.fork("end").choice(("first", "last"))
        yield self.infer(end, Integer(), order[0 if end == "first" else -1], domain=self.numbers)
        if recipe.tricky and recipe.mode != "gap":
            yield self.infer("all_belong", Boolean(), recipe.mode == "whole")
        if recipe.mode == "stray":
            yield self.infer("stray", Integer(), recipe.stray, domain=self.numbers)
        if recipe.mode == "gap":
            yield from self.missing()
        else:
            yield from self.links()
        if recipe.mode == "whole":
            yield from self.upcoming()

    def steps_shown(self) -> Iterator[Question]:
        """What a clip shows, and which clip shows it: among the steps that are shown once."""
        rng = self.rng.fork("step shown")
        words = list(self.words.values())
        single = rng.shuffled([number for number in self.words if words.count(self.words[number]) == 1])
        if len(single) >= 3:
            chosen = single[:4]
            form, letter, values = pose_choice(
                rng, self.words[chosen[0]], [self.words[x] for x in chosen[1:]], len(chosen)
            )
            yield self.made(
                "step_shown", form, letter, "recall", [chosen[0]], option_values=values, slots={"clip": chosen[0]}
            )
        if single:
            slots: dict[str, JsonValue] = {"step": self.words[single[-1]]}
            yield self.made(
                "clip_of_step", Integer(), single[-1], "recall", [single[-1]], slots=slots, domain=self.numbers
            )

    def links(self) -> Iterator[Question]:
        """What comes after a clip, what it rests on, what rests on it."""
        recipe, order, rng = self.recipe, self.order, self.rng.fork("links")
        k = rng.choice(order)
        right = [*order, NONE][order.index(k) + 1]
        others = rng.shuffled([number for number in (*order, NONE) if number not in (k, right)])
        yield self.choice("next", "infer", k, right, others, [k, right or k], rng, inferred=True)
        steps = range(len(order))
        hard = {(i, j) for i in steps for j in blocked(recipe.start, recipe.plan, i, strictly=False)}
        soft = {(i, j) for i in steps for j in blocked(recipe.start, recipe.plan, i, strictly=True)}
        for kind, reasoning in (("needed", "explain"), ("blocked", "counterfactual")):
            pairs = sorted(hard) if kind == "blocked" else sorted((j, i) for i, j in hard)
            loose = soft if kind == "blocked" else {(j, i) for i, j in soft}
            posed = []
            for a, b in pairs:
                free = [order[c] for c in steps if c != a and (a, c) not in loose]
                if len(free) >= min(2, len(order) - 2):
                    posed.append((order[a], order[b], free))
            if posed:
                k, right, free = rng.choice(posed)
                yield self.choice(kind, reasoning, k, right, rng.shuffled(free), [k, right], rng, inferred=True)

    def missing(self) -> Iterator[Question]:
        """Which step was not filmed, and after which clip it comes."""
        recipe, rng = self.recipe, self.rng.fork("missing")
        shot = recipe.missing
        assert shot is not None and shot.position is not None
        before, after = recipe.number_of(shot.position - 1), recipe.number_of(shot.position + 1)
        others = rng.shuffled([number for number in self.words if number != before])
        yield self.choice("gap_after", "infer", None, before, others, [before, after], rng, inferred=True)
        right = recipe.kitchen.phrase(shot)
        near = [recipe.kitchen.phrase(replace(shot, objects=o)) for o in rng.shuffled(recipe.kitchen.twins(shot))]
        form, letter, values = pose_choice(rng, right, near)
        yield self.made("missing", form, letter, "explain", [before, after], option_values=values, inferred=True)

    def upcoming(self) -> Iterator[Question]:
        """The last clip shown is stopped before its step; the clip that follows it in the recipe gives the step away."""
        recipe, rng, k = self.recipe, self.rng.fork("upcoming"), self.count
        shot = recipe.shot(k)
        near = recipe.kitchen.twins(shot)
        if k == self.order[-1] or len(near) < 2 or shot.columns != ALL_COLUMNS:
            return
        follower = self.order[self.order.index(k) + 1]
        if recipe.shot(follower).columns != ALL_COLUMNS or self.may_lead_elsewhere(k, follower):
            return
        right = recipe.kitchen.phrase(shot)
        form, letter, values = pose_choice(
            rng,
            right,
            [recipe.kitchen.phrase(replace(shot, objects=o)) for o in rng.shuffled(near)],
            min(4, 1 + len(near)),
        )
        yield self.made(
            "upcoming", form, letter, "predict", [follower, k], option_values=values, slots={"clip": k},
            asked_at=self.layout.events[k - 1].start, inferred=True,
        )  # fmt: skip

    def may_lead_elsewhere(self, k: int, follower: int) -> bool:
        """Whether the clips also fit together if the step of clip ``k`` led to what another clip begins with."""
        shots, kitchen = self.recipe.shots, self.recipe.kitchen
        for other in self.order:
            if other not in (k, follower) and self.recipe.shot(other).columns == ALL_COLUMNS:
                way = replace(shots[k - 1], after=self.recipe.shot(other).before)
                sights = [sight(shot, kitchen) for shot in (*shots[: k - 1], way, *shots[k:])]
                if count_orders(sights, most=1):
                    return True
        return False

    def in_order(self, clips: Sequence[Any]) -> Iterable[tuple[int, int]]:
        """Pairs of the given clips of which the first comes before the second."""
        return pairwise(number for number in self.order if number in clips)

    def choice(
        self,
        kind: str,
        reasoning: Any,
        k: int | None,
        right: int,
        others: Sequence[int],
        clips: list[int],
        rng: Rng,
        **more: Any,
    ) -> Question:
        """A choice among clip numbers."""
        form, letter, values = pose_choice(
            rng,
            right,
            others,
            min(4, 1 + len(others)),
            wording=lambda v: f"clip {v}" if v else "none: its step is the last",
        )
        slots: dict[str, JsonValue] = {} if k is None else {"clip": k}
        return self.made(kind, form, letter, reasoning, clips, option_values=values, slots=slots, **more)

    def infer(self, kind: str, form: Any, answer: JsonValue, **more: Any) -> Question:
        """A question on the order of all clips."""
        return self.made(kind, form, answer, "infer", [*self.numbers], inferred=True, **more)

    def made(
        self, kind: str, form: Any, answer: JsonValue, reasoning: Any, clips: Sequence[Any], *,
        slots: dict[str, JsonValue] | None = None, asked_at: float | None = None, inferred: bool = False, **more: Any,
    ) -> Question:  # fmt: skip
        """A question whose evidence is the given clips, with its steps."""
        given = {
            "count": self.count,
            "gap": self.recipe.mode == "gap",
            "stray": self.recipe.mode == "stray",
            **(slots or {}),
        }
        evidence, steps = list[Evidence](), list[Step]()
        for number in sorted(dict.fromkeys(clips)):
            begin, event = self.scene.begins(number - 1), self.layout.events[number - 1]
            end = min(asked_at or math.inf, round(event.end + HOLD, 3))
            evidence.append(Evidence(start=begin, end=end, objects=event.objects))
            if asked_at is None or event.end <= asked_at:
                steps.append(Step(kind="perceive", claim=event.claim, time=round((event.start + event.end) / 2, 3)))
        if inferred:
            needs, pairs = tuple(range(len(steps))), self.in_order(clips)
            steps += [Step(kind="infer", claim=f"before(clip {a}, clip {b})", needs=needs) for a, b in pairs]
        return Question(
            kind=kind, slots=given, format=form, answer=answer, reasoning=reasoning, asked_at=asked_at,
            evidence=tuple(evidence), steps=tuple(steps), min_frames=max(2, len(evidence)), min_fps=1.0, **more,
        )  # fmt: skip
