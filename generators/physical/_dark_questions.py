"""What is asked about what went on behind a curtain."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.physical._dark_cases import HITS
from generators.physical._dark_ways import SEEN
from generators.physical._dark_world import (
    CARRIED,
    CLOSING,
    LASTS,
    NOTHING,
    PUT,
    SWAPPED,
    TAKEN,
    Act,
    Dark,
    acted,
    end_in,
    strays,
    variants,
)
from generators.physical._meetings import clear, met, read_first
from morse.errors import Rejected
from morse.grounding import boxes_by_second
from morse.layout import Layout
from morse.options import pose_choice, pose_multi_choice
from morse.physics import Run, simulate
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Boxes, Evidence, Integer, Omitted, Question, Set, Span, Step
from morse.seeding import Rng
from morse.world import World

OPTIONS = 4
LYING = 1.2
"""Seconds before the curtain begins to close from which on it is seen where all lies: longer than the mover passes before any of it."""
TELLING = 0.4
"""How far, in metres, some thing must end from where another story would leave it, for the story to be ruled out."""
ABSENT = {TAKEN: 1 / 12, PUT: 1 / 12, CARRIED: 1 / 5}
"""How often it is asked what was taken away, put there or carried where nothing was: at a quarter of those questions, about."""
ABSTAIN = 0.25
NEARER = {
    1: {(0,): 1.6, (1,): 1.9, (2,): 3.0, (3,): 3.9},
    2: {(0, 1): 2.7, (0, 2): 2.9, (0, 3): 4.0, (1, 2): 4.5, (1, 3): 5.2, (2, 3): 8.0},
}
"""Which of four things hold, from the nearest to the mover in the end to the farthest, for one and for two that hold; and how often that
is looked for: the more often the less often it is found, so that it is asked about each as often as about the others."""
FIRST = {(0,): 1.25, (1,): 2.1, (2,): 4.4, (3,): 8.3}
"""The same for what was hit first."""
FPS = 4.0
Asked = Iterable[Question | Omitted]


class Asking:
    """The questions of a clip; one that cannot be asked there is left out."""

    def __init__(self, dark: Dark, layout: Layout, rng: Rng) -> None:
        self.dark, self.layout, self.rng = dark, layout, rng
        assert isinstance(layout.scene, World)
        self.world = layout.scene
        self.opened = round(dark.opens + CLOSING, 3)
        self.first = str(read_first(dark.plain.touches, dark.mover, 0.0))
        self.now = read_first(dark.run.touches, dark.mover, 0.0)
        self._told: dict[tuple[str, ...], bool] = {}
        tracks = self.world.tracks(np.array([dark.shut - SEEN, dark.shut - 0.02, layout.duration - 0.1]))
        visible = {name: tracks.of(name)[1] >= 0.55 for name in tracks.names}
        before = all(visible[name][:2].all() for name in (*dark.resting, dark.mover))
        if not before or not all(visible[name][2] for name in dark.run.names):
            raise Rejected("a thing hidden behind another")

    def all(self) -> Asked:
        asked: list[Callable[[], Asked]] = [
            self.act, self.first_hit, self.would_hit, self.moved, self.hits, self.hidden, self.where
        ]  # fmt: skip
        for ask in asked:
            yield from ask()

    def act(self) -> Asked:
        """What the hand did, out of four stories of which one fits what is seen before and after."""
        dark, rng = self.dark, self.rng.fork("act")
        if dark.act.kind not in (NOTHING, CARRIED, SWAPPED):
            return
        hand = sorted(filter(None, (dark.act.thing, dark.act.other)), key=dark.resting.index)
        others = [name for name in dark.resting if name not in hand]
        carried = sorted(rng.shuffled(others), key=lambda name: name not in dark.moved)
        pairs = rng.shuffled(list(combinations(others, 2)))
        # one in which nothing was done, two in which something was carried, one in which two changed places
        wanted = [(NOTHING,)] if dark.act.kind != NOTHING else []
        wanted += [story for name in carried if self.ruled_out(story := (CARRIED, name))][
            : 2 - (dark.act.kind == CARRIED)
        ]
        if dark.act.kind != SWAPPED:
            wanted += [story for pair in pairs[:4] if self.ruled_out(story := (SWAPPED, *pair))][:1]
        if len(wanted) < OPTIONS - 1 or not self.ruled_out(wanted[0]):
            yield Omitted(kind="act", reason="no case")
            return
        key: list[JsonValue] = [dark.act.kind, *hand]
        wrong: list[JsonValue] = [[*story] for story in wanted]
        form, letter, values = pose_choice(rng, key, wrong, OPTIONS, wording=_story)
        yield self.question(
            "act", letter, form, {"mover": dark.mover}, claim=f"hand({', '.join(str(part) for part in key)})",
            option_values=values, reasoning="explain", skills=("hypotheses", "physics", "occlusion"),
        )  # fmt: skip

    def ruled_out(self, story: tuple[str, ...]) -> bool:
        """Whether all would end visibly otherwise, had this been done."""
        if story not in self._told:
            self._told[story] = self._ruled_out(story)
        return self._told[story]

    def _ruled_out(self, story: tuple[str, ...]) -> bool:
        dark = self.dark
        if story[0] == NOTHING:
            return strays(dark.plain, dark.run) > TELLING
        act = (
            Act(SWAPPED, story[1], story[2])
            if story[0] == SWAPPED
            else Act(CARRIED, story[1], place=end_in(dark.run, story[1]))
        )
        if any(name not in dark.moved for name in story[1:]):
            return True
        return strays(simulate(acted(dark.standing, act), LASTS), dark.run) > TELLING

    @cached_property
    def told(self) -> bool:
        """Whether no other story of a hand could account for how all lies in the end."""
        dark, hand = self.dark, {self.dark.act.thing, self.dark.act.other}
        if dark.act.kind in (TAKEN, PUT):
            return True
        stories = [(NOTHING,)] if dark.act.kind != NOTHING else []
        stories += [(CARRIED, name) for name in dark.moved if dark.act.kind != CARRIED or name not in hand]
        stories += [(SWAPPED, *pair) for pair in combinations(dark.moved, 2) if {*pair} != hand]
        return all(self.ruled_out(story) for story in stories)

    def first_hit(self) -> Asked:
        """What the mover hits first: foretold as the curtain is closed, and told in the end, out of the same options."""
        dark, rng = self.dark, self.rng.fork("first hit")
        if not self.plainly or not clear(dark.plain, dark.mover):
            yield Omitted(kind="first_hit", reason="unstable" if not self.plainly else "no case")
            return
        must = [self.first, str(self.now)]
        fit = self.balanced("first", [str(self.now)], FIRST, must) if self.told and {*must} <= {*dark.kept} else None
        others = [name for name in dark.resting if name != self.first]
        some = fit or [self.first, *rng.sample(others, OPTIONS - 1)]
        wrong: list[JsonValue] = [name for name in some if name != self.first]
        form, letter, values = pose_choice(rng, self.first, wrong, OPTIONS, wording=_the)
        slots: dict[str, JsonValue] = {"mover": dark.mover, "stage": "dark"}
        more: dict[str, Any] = {"option_values": values, "skills": ("physics", "hypotheses", "streaming")}
        at = round(dark.closed + 0.4, 3)
        yield self.question("first_hit", letter, form, slots, f"collision({dark.mover}, {self.first})", until=at,
                            reasoning="predict", **more)  # fmt: skip
        if fit:
            yield self.question(
                "first_hit", form.letters[values.index(self.now)], form, {**slots, "stage": "after"},
                f"collision({dark.mover}, {self.now})", reasoning="explain", **more,
            )  # fmt: skip

    def balanced(
        self, purpose: str, right: Sequence[str], weights: Mapping[tuple[int, ...], float], must: Sequence[str] = ()
    ) -> list[str] | None:
        """Four things that are still there, such that it is no help to know how near each is to the mover in the end: which of them
        are ``right`` by that is drawn. None where there are no such four (with those that they ``must`` hold)."""
        run, mover = self.dark.run, end_in(self.dark.run, self.dark.mover)
        wanted = self.rng.steady(f"nearer: {purpose}").weighted([*weights], [*weights.values()])
        order = sorted(self.dark.kept, key=lambda name: math.dist(mover, end_in(run, name)))
        fit = [some for some in combinations(order, OPTIONS) if {*must} <= {*some}]
        fit = [some for some in fit if tuple(i for i, name in enumerate(some) if name in right) == wanted]
        rng = self.rng.fork(f"balanced: {purpose}")
        return rng.shuffled(rng.choice(fit)) if fit else None

    def one_or_two(self, purpose: str, right: Sequence[str]) -> list[str] | None:
        """Four such things of which one or two are right, whichever there are; first as many as is drawn."""
        count = self.rng.steady(purpose).integer(1, 2)
        return self.balanced(purpose, right, NEARER[count]) or self.balanced(purpose, right, NEARER[3 - count])

    @cached_property
    def plainly(self) -> bool:
        """Whether small changes leave what would be hit, had nobody interfered, as it is."""
        pairs = _pairs(self.dark.plain)
        return self.dark.act.kind == NOTHING or all(_pairs(run) == pairs for run in variants(self.dark.standing))

    def would_hit(self) -> Asked:
        """Which things would have been hit had nobody interfered."""
        dark, rng = self.dark, self.rng.fork("would hit")
        if dark.act.kind == NOTHING or not self.plainly:
            return
        hit = {name for pair in _pairs(dark.plain) for name in pair}
        some = self.one_or_two("would hit", [*hit])
        if some is None:
            return
        chosen, others = ([name for name in some if (name in hit) == so] for so in (True, False))
        form, letters, values = pose_multi_choice(
            rng, list[JsonValue](chosen), list[JsonValue](others), wording=_the
        )  # fmt: skip
        yield self.question(
            "would_hit", letters, form, {"mover": dark.mover}, f"plain: hit({', '.join(chosen)})", option_values=values,
            reasoning="counterfactual", skills=("counterfactual", "physics"), chance=1 / (2 ** len(form.options) - 1),
        )  # fmt: skip

    def moved(self) -> Asked:
        """Which things are elsewhere than before."""
        dark, rng = self.dark, self.rng.fork("moved")
        some = self.one_or_two("moved", dark.moved)
        if not dark.moved:
            some = rng.sample(dark.kept, OPTIONS)
        if some is None:
            return
        answer: list[JsonValue] = [name for name in some if name in dark.moved]
        yield self.question(
            "moved", answer, Set(vocabulary=tuple(some), noun="object"), {"mover": dark.mover},
            f"moved({', '.join(map(str, answer))})", reasoning="recall", skills=("memory", "compare"), chance=0.5**OPTIONS,
        )  # fmt: skip

    def hits(self) -> Asked:
        """How many pairs of things hit each other behind the curtain."""
        dark = self.dark
        if not self.told or (dark.act.kind == PUT and any(dark.act.thing in touch.pair for touch in dark.hidden)):
            return  # where it was put is no longer seen
        yield self.question(
            "hits", len(dark.hidden), Integer(), {}, f"hits: {len(dark.hidden)}", reasoning="infer",
            skills=("physics", "count", "occlusion"), domain=tuple(HITS),
        )  # fmt: skip

    def hidden(self) -> Asked:
        dark = self.dark
        look = Evidence(start=round(dark.shut - SEEN, 3), end=self.opened)
        steps = [
            Step(kind="perceive", claim="closes(curtain)", time=dark.closed),
            Step(kind="perceive", claim="opens(curtain)", time=dark.opens),
        ]
        yield Question(
            kind="hidden", answer=[dark.closed, dark.opens], format=Span(), reasoning="recall", skills=("grounding",),
            evidence=(look,), steps=concluding(steps, "hidden"), min_frames=4, min_fps=FPS, chance=0.0,
        )  # fmt: skip

    def where(self) -> Asked:
        """Where what was taken away was, where what was put there or carried is now; sometimes there is no such thing."""
        dark = self.dark
        before, after = math.floor(dark.shut - 0.05), math.ceil(self.opened + 0.1)
        for kind, what, second in (
            ("where_gone", TAKEN, before),
            ("where_new", PUT, after),
            ("where_carried", CARRIED, after),
        ):
            absent = self.rng.steady(kind).chance(ABSENT[what])
            if what == CARRIED and not self.told:
                continue
            if dark.act.kind == what:
                try:
                    boxes: JsonValue = boxes_by_second(self.world, dark.act.thing, [second])
                except Rejected:
                    continue
                claim = f"{what}({dark.act.thing})"
            elif absent and not (what == CARRIED and dark.act.kind == SWAPPED):
                boxes, claim = None, f"never({what})"
            else:
                continue
            yield self.question(
                kind, boxes, Boxes(may_abstain=True), {"second": second}, claim, chance=ABSTAIN,
                reasoning="explain" if what == CARRIED else "recall", skills=("grounding", "memory", "false premise"),
            )  # fmt: skip

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        slots: dict[str, JsonValue],
        claim: str,
        until: float | None = None,
        **more: Any,
    ) -> Question:
        """Evidence is the scene as the curtain closes and, where that may be seen, as it has opened."""
        dark = self.dark
        looks = [
            Evidence(start=round(dark.shut - LYING, 3), end=dark.shut, objects=dark.resting),
            Evidence(start=round(dark.shut - SEEN, 3), end=dark.shut, objects=(dark.mover,)),
        ]
        steps = [Step(kind="perceive", claim=f"moving({dark.mover})", time=dark.shut)]
        if until is None:
            looks.append(Evidence(start=self.opened, end=round(self.layout.duration, 3), objects=dark.run.names))
            steps += [Step(kind="perceive", claim=f"elsewhere({name})", time=self.opened) for name in dark.moved]
        more = {"min_frames": 3 if until is None else 2, "min_fps": FPS} | more
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks), asked_at=until,
            steps=concluding(steps, claim), **more,
        )  # fmt: skip


def _pairs(run: Run) -> list[tuple[str, str]]:
    """Who meets whom in a run, in order."""
    return [touch.pair for touch in met(run.touches)]


def _the(name: JsonValue) -> str:
    return f"the {name}"


def _story(story: JsonValue) -> str:
    assert isinstance(story, list)
    kind, *names = (str(part) for part in story)
    if kind == NOTHING:
        return "nobody touched anything; what was under way went on"
    if kind == CARRIED:
        return f"the {names[0]} was picked up and set down elsewhere, where it was not hit"
    return f"the {names[0]} and the {names[1]} were made to change places, and what was under way went on"
