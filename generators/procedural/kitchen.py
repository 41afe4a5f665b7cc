"""A recipe's steps are filmed one by one; the clips come shuffled, and what lies in the bowls tells their order."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from pydantic import JsonValue, model_validator

from generators.procedural import _kitchen_viewer as viewer
from generators.procedural._kitchen_domain import FRESH, JARS, phrase
from generators.procedural._kitchen_recipe import (
    Recipe,
    background,
    recipe_with_gap,
    recipe_with_stray,
    sight,
    stock,
    twins,
    whole_recipe,
)
from generators.procedural._kitchen_scene import ALL_COLUMNS, HOLD, film_step, shelf_places
from generators.procedural._planning import State, blocked
from morse.difficulty import TaskParams, ramp
from morse.joined import JoinedScene, Part
from morse.layout import Layout, Shown
from morse.options import pose_choice
from morse.schema import Boolean, Event, Evidence, Integer, Permutation, Question, Step, Thing
from morse.schema import Sequence as InOrder
from morse.schema import State as Interval
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

CARD = 1.25
NONE = 0
"""Stands for "no clip" among options that are clip numbers."""
KINDS = {"bowl": "vessel", "pot": "vessel", "baking dish": "vessel", "plate": "vessel"}


class Params(TaskParams):
    clips: int = ramp(3, per_level=0.5, least=3, about="clips to be put in order")
    jars: int = ramp(4, per_level=0.6, most=16, least=2, limit=len(JARS), about="jars on the shelves")
    fresh: int = ramp(2, per_level=0.4, most=6, least=1, limit=min(6, len(FRESH)), about="ingredients to chop")
    portions: int = ramp(2, per_level=0.2, least=1, about="portions that a full jar holds")
    narrow: int = ramp(0, per_level=0.34, about="clips that show only a part of the kitchen")
    tricks: int = ramp(0, per_level=0.34, most=1, limit=1, about="1: a clip may be of another recipe, or a step not filmed")
    decoys: int = ramp(1, per_level=0.5, most=9, limit=9, about="background things in each clip that do not matter")

    @model_validator(mode="after")
    def _enough_to_cook(self) -> "Params":
        if self.clips > self.jars * self.portions + self.fresh:
            raise ValueError(f"{self.clips} clips need more food than {self.jars} jars of {self.portions} portions hold")
        return self


@register(category="procedural", version=1, stage="compose", covers=("VCRBench", "MULTISCRIPT"))
class Cooking(Task[Params, Recipe]):
    """A recipe's steps are filmed one by one; the clips come shuffled, and what lies in the bowls tells their order.

    What is shown: a drawn kitchen: labelled jars, ingredients, board, bowl, pot, stove, oven, plate. Each clip follows a card
    "Clip k" and shows one step, with the kitchen at rest before and after. Recipes are found by search; one order alone
    agrees with what the clips show, proven by enumeration.

    What is asked: the order; the step of a clip and the clip of a step; first, last and next; which clip does not belong;
    which step was not filmed and where; what a step rests on; what could not be done without it; what comes next.

    Difficulty: more clips, jars, ingredients and portions; clips that show only a part of the kitchen; a clip of another
    recipe, or a step that was not filmed; more in the background that differs from clip to clip and means nothing.

    Source: the tasks of VCRBench and MULTISCRIPT, on recipes and drawings of our own.
    """

    def simulate(self, params: Params, rng: Rng) -> Recipe:
        kitchen, start = stock(params.jars, params.fresh, params.portions, rng.fork("kitchen"))
        tricky = bool(params.tricks) and params.clips >= 4
        mode = rng.steady("mode").choice(("whole", "whole", "stray", "stray", "gap") if tricky else ("whole",))
        if mode == "gap":
            recipe = recipe_with_gap(kitchen, start, params.clips, rng)
        else:
            make = recipe_with_stray if mode == "stray" else whole_recipe
            recipe = make(kitchen, start, params.clips, params.narrow, rng)
        return replace(recipe, tricky=tricky, decoys=params.decoys)

    def layout(self, episode: Recipe, rng: Rng) -> Layout:
        places = shelf_places(episode.kitchen, rng.fork("shelves"))
        scenes = [film_step(s, episode.kitchen, places, rng.fork(f"clip {k}")) for k, s in enumerate(episode.shots)]
        decoys = [background(s, episode.decoys, rng.fork(f"background {k}")) for k, s in enumerate(episode.shots)]
        joined = JoinedScene([Part(scene, f"Clip {k}", CARD) for k, scene in enumerate(scenes, 1)])
        events, states = list[Event](), list[Interval]()
        for k, shot in enumerate(episode.shots):
            seen = sight(shot, episode.kitchen)
            begin, end = joined.begins(k), joined.begins(k) + scenes[k].duration
            start, stop = round(begin + HOLD, 3), round(end - HOLD, 3)
            events.append(
                Event(id=f"step {k + 1}", kind=shot.kind, objects=shot.objects, start=start, end=stop, values={"clip": k + 1})
            )
            for when, a, b, kitchen in (("before", begin, start, seen.before), ("after", stop, end, seen.after)):
                values: dict[str, JsonValue] = {"clip": k + 1, "when": when, "kitchen": _plain(kitchen)}
                states.append(Interval(start=round(a, 3), end=round(b, 3), values=values, shown=True))
        truth: dict[str, JsonValue] = {"order": [*episode.order], "mode": episode.mode}
        states.append(Interval(start=0.0, end=joined.duration, values=truth))
        names = dict.fromkeys(name for s in scenes for name, actor in s.actors.items() if actor.tracked)
        things = tuple(_thing(name, episode) for name in names)
        return Layout(joined, things, tuple(events), tuple(states), {"places": places, "decoys": decoys})

    def ask(self, episode: Recipe, layout: Layout, rng: Rng) -> Iterable[Question]:
        yield from _Asker(episode, layout, rng).questions()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        clips = viewer.seen_clips(shown)
        k, gap = question.slots.get("clip"), bool(question.slots.get("gap"))
        if question.kind == "step_shown":
            return phrase(clips[int(str(k))].kind, clips[int(str(k))].objects)
        if question.kind == "clip_of_step":
            return next(n for n, c in clips.items() if phrase(c.kind, c.objects) == question.slots["step"])
        if question.kind in ("stray", "all_belong"):
            stray = viewer.stray_of(clips)
            return stray if question.kind == "stray" else stray is None
        if question.kind in ("gap_after", "missing"):
            order, after = viewer.order_with_gap(clips)
            step = viewer.step_between(clips[after].after or {}, clips[order[order.index(after) + 1]].before)
            return after if question.kind == "gap_after" else phrase(*step) if step else None
        if question.kind == "upcoming":
            here = clips.pop(int(str(k)))
            ways = (viewer.step_between(here.before, clip.before) for clip in clips.values())
            return next(phrase(*way) for way in ways if way)
        order = viewer.ordered(shown, gap=gap)
        if question.kind in ("order", "order_gap"):
            return list[JsonValue](order)
        if question.kind == "order_stray":
            return [str(number) for number in order]
        if question.kind in ("first", "last"):
            return order[0 if question.kind == "first" else -1]
        if question.kind == "next":
            return [*order, NONE][order.index(int(str(k))) + 1]
        row = [clips[number] for number in order]
        if question.kind == "needed":
            return next(v for v in question.option_values if k in viewer.cannot_be_done(row, int(str(v))))
        failing = viewer.cannot_be_done(row, int(str(k)))
        return next(value for value in question.option_values if value in failing)

    def draw(self, episode: Recipe, layout: Layout, stage: Any, style: Style) -> None:
        from generators.procedural._kitchen_props import Props

        props, details, joined = Props(episode.kitchen, style), layout.details, layout.scene
        assert isinstance(joined, JoinedScene)

        def paint(k: int, part: Any) -> None:
            props.dress(episode.shots[k], joined.parts[k].scene, details["decoys"][k], details["places"], part)

        stage.paint(paint, fade=style.pick("fade", (0.0, 0.15, 0.2)))


class _Asker:
    """Puts the questions on one clip set."""

    def __init__(self, recipe: Recipe, layout: Layout, rng: Rng) -> None:
        self.recipe, self.layout, self.rng, self.order = recipe, layout, rng, recipe.order
        self.count = len(recipe.shots)
        self.numbers: tuple[JsonValue, ...] = tuple(range(1, self.count + 1))
        self.words = {number: phrase(s.kind, s.objects) for number, s in enumerate(recipe.shots, 1)}

    def questions(self) -> Iterator[Question]:
        recipe, rng, order, n = self.recipe, self.rng, self.order, self.count
        if recipe.mode == "stray":
            form = InOrder(vocabulary=tuple(map(str, self.numbers)), noun="clip number", length=n - 1)
            yield self.infer("order_stray", form, [str(number) for number in order], chance=1 / math.factorial(n))
        else:
            yield self.infer("order" if recipe.mode == "whole" else "order_gap", Permutation(size=n), list[JsonValue](order))
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
            form, letter, values = pose_choice(rng, self.words[chosen[0]], [self.words[x] for x in chosen[1:]], len(chosen))
            yield self.made("step_shown", form, letter, "recall", [chosen[0]], option_values=values, slots={"clip": chosen[0]})
        if single:
            slots: dict[str, JsonValue] = {"step": self.words[single[-1]]}
            yield self.made("clip_of_step", Integer(), single[-1], "recall", [single[-1]], slots=slots, domain=self.numbers)

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
        right = phrase(shot.kind, shot.objects)
        near = [phrase(shot.kind, objects) for objects in rng.shuffled(twins(recipe.kitchen, shot))]
        form, letter, values = pose_choice(rng, right, near)
        yield self.made("missing", form, letter, "explain", [before, after], option_values=values, inferred=True)

    def upcoming(self) -> Iterator[Question]:
        """The last clip shown is stopped before its step; the clip that follows it in the recipe gives the step away."""
        recipe, rng, k = self.recipe, self.rng.fork("upcoming"), self.count
        shot = recipe.shot(k)
        near = twins(recipe.kitchen, shot)
        if k == self.order[-1] or len(near) < 2 or shot.columns != ALL_COLUMNS:
            return
        follower = self.order[self.order.index(k) + 1]
        if recipe.shot(follower).columns != ALL_COLUMNS:
            return
        right = phrase(shot.kind, shot.objects)
        form, letter, values = pose_choice(rng, right, [phrase(shot.kind, o) for o in rng.shuffled(near)], min(4, 1 + len(near)))
        yield self.made(
            "upcoming", form, letter, "predict", [follower, k], option_values=values, slots={"clip": k},
            asked_at=self.layout.events[k - 1].start, inferred=True,
        )  # fmt: skip

    def choice(
        self, kind: str, reasoning: Any, k: int | None, right: int, others: Sequence[int], clips: list[int], rng: Rng, **more: Any
    ) -> Question:
        """A choice among clip numbers."""
        form, letter, values = pose_choice(
            rng, right, others, min(4, 1 + len(others)), wording=lambda v: f"clip {v}" if v else "none: its step is the last"
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
        given = {"count": self.count, "gap": self.recipe.mode == "gap", "stray": self.recipe.mode == "stray", **(slots or {})}
        evidence, steps = list[Evidence](), list[Step]()
        for number in sorted(dict.fromkeys(clips)):
            begin, event = self.layout.scene.begins(number - 1), self.layout.events[number - 1]
            end = min(asked_at or math.inf, round(event.end + HOLD, 3))
            evidence.append(Evidence(start=begin, end=end, objects=event.objects))
            if asked_at is None or event.end <= asked_at:
                steps.append(Step(kind="perceive", claim=event.claim, time=round((event.start + event.end) / 2, 3)))
        if inferred:
            row = [number for number in self.order if number in clips]
            needs = tuple(range(len(steps)))
            steps += [Step(kind="infer", claim=f"before(clip {a}, clip {b})", needs=needs) for a, b in pairwise(row)]
        return Question(
            kind=kind, slots=given, format=form, answer=answer, reasoning=reasoning, asked_at=asked_at,
            evidence=tuple(evidence), steps=tuple(steps), min_frames=max(2, len(evidence)), min_fps=1.0, **more,
        )  # fmt: skip


def _plain(kitchen: State) -> dict[str, JsonValue]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in kitchen.items()}


def _thing(name: str, recipe: Recipe) -> Thing:
    if name.endswith(" jar"):
        return Thing(id=name, kind="jar", attributes={"holds": name.removesuffix(" jar")})
    return Thing(id=name, kind="ingredient" if name in recipe.kitchen.fresh else KINDS.get(name, "fixture"))
