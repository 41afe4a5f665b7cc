"""What is asked about a table on which a law is broken once, or never."""

from collections.abc import Iterable, Mapping, Sequence
from math import hypot
from typing import Any

from pydantic import JsonValue

from generators.physical._broken_show import MARK
from generators.physical._broken_table import Place
from generators.physical._broken_viewer import seen_at
from generators.physical._broken_world import KINDS, NONE, RAILS, Scene, rail_ahead
from generators.temporal._acts import ordinal
from morse.grounding import boxes_by_second, seconds_to_ask
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Boolean, Boxes, Choice, Evidence, Integer, Number, Question, Span, Step, Text
from morse.seeding import Rng

ASKED = 0.5
"""Seconds after a stroke at which it is asked what is touched next."""
NEAR = 0.4
"""Seconds by which the moment of a break may be off."""
FPS = 6.0
"""The coarsest rate at which pucks are followed."""


class Asking:
    """The questions of a clip. Raises :class:`~morse.errors.Rejected` where one cannot be asked."""

    def __init__(self, scene: Scene, layout: Layout, rng: Rng) -> None:
        self.scene, self.layout, self.rng = scene, layout, rng
        self.hits: list[float] = layout.details["hits"]
        self.acts, self.names = scene.acts, scene.names
        self.broken = scene.broken
        self.every = range(len(self.acts))

    def all(self) -> Iterable[Question]:
        yield self.lawful()
        yield from self.kind()
        yield from self.culprit()
        yield from self.strokes()
        yield from self.moment()
        yield from self.run_span()
        yield from self.where_culprit()
        yield self.struck()
        yield from self.next()
        yield self.without()

    def lawful(self) -> Question:
        return self.question(
            "lawful",
            self.broken is None,
            Boolean(),
            self.every,
            {},
            reasoning="explain",
            skills=("physics", "broken law"),
        )

    def kind(self) -> Iterable[Question]:
        """Nothing is as likely as each of the ways to break a law."""
        if "kind" in self.scene.asks:
            words = (*KINDS, NONE)
            yield self.question(
                "kind", self.what, Text(vocabulary=words, noun="word"), self.every, {}, reasoning="explain",
                skills=("physics", "broken law"), domain=words,
            )  # fmt: skip

    def culprit(self) -> Iterable[Question]:
        """Nobody is as likely as each of the pucks."""
        if "culprit" in self.scene.asks:
            words = (*self.names, NONE)
            yield self.question(
                "culprit", self.who, Text(vocabulary=words, noun="letter"), self.every, {}, reasoning="infer",
                skills=("broken law", "tracking"), domain=words,
            )  # fmt: skip

    def strokes(self) -> Iterable[Question]:
        if self.broken is not None:
            count = sum(i <= self.broken for i in self.scene.strokes)
            yield self.question(
                "strokes", count, Integer(), range(self.broken + 1), {}, reasoning="infer", skills=("broken law", "count"),
                domain=tuple(range(1, self.scene.params.strokes + 1)),
            )  # fmt: skip

    def moment(self) -> Iterable[Question]:
        if self.broken is not None:
            form = Number(unit="seconds", absolute=NEAR)
            yield self.question(
                "moment", round(self.when, 2), form, [self.broken], {}, reasoning="recall", skills=("time", "broken law"),
                chance=0.02,
            )  # fmt: skip

    def run_span(self) -> Iterable[Question]:
        """One in four is of a clip in which no law is broken."""
        if "span" in self.scene.asks:
            answer: JsonValue = None
            if self.broken is not None:
                start, end = self.stretch(self.broken)
                answer = [round(start, 3), round(end, 3)]
            watched = self.every if self.broken is None else [self.broken]
            yield self.question(
                "run_span", answer, Span(may_abstain=True), watched, {}, reasoning="recall",
                skills=("grounding", "broken law"), chance=0.25,
            )  # fmt: skip

    def where_culprit(self) -> Iterable[Question]:
        """Where the one is that breaks a law, while anything moves in that run (and until it vanishes)."""
        if self.broken is None:
            return
        start, end = self.stretch(self.broken)
        seconds, named = seconds_to_ask(start, min(end, self.when) if self.what == "vanishes" else end)
        seen = seen_at(self.layout.scene, self.who, seconds)
        if seen != seconds or self.what == "vanishes":
            named = seen
        if seen:
            yield self.question(
                "where_culprit", boxes_by_second(self.layout.scene, self.who, seen), Boxes(), [self.broken],
                {"seconds": [*named]}, reasoning="explain", skills=("grounding", "broken law"), chance=0.0,
            )  # fmt: skip

    def struck(self) -> Question:
        number = self.scene.struck
        return self.question(
            "struck", self.acts[self.scene.strokes[number - 1]].who, Text(vocabulary=self.names, noun="letter"),
            self.scene.strokes[:number], {"number": number, "nth": ordinal(number)}, reasoning="recall",
            skills=("memory", "count"), domain=self.names,
        )  # fmt: skip

    def next(self) -> Iterable[Question]:
        """The same question at several times, with the same options and another answer each time."""
        keys = [one.key for one in self.scene.next]
        options = self.rng.fork("next").shuffled([*keys, *self.scene.spare])
        form = Choice(options=tuple(map(_said, options)))
        for one in self.scene.next:
            at = round(self.hits[one.act] + ASKED, 3)
            yield self.question(
                "next", form.letters[options.index(one.key)], form, [one.act], {}, reasoning="predict", asked_at=at,
                skills=("physics", "prediction", "streaming"), option_values=tuple(options),
            )  # fmt: skip

    def without(self) -> Question:
        """Options are two pucks, and two rails opposite each other; a puck is right as often as a rail."""
        one, rng = self.scene.without, self.rng.fork("without")
        act = self.acts[one.act]
        pucks = [name for name in sorted(act.before) if name not in (act.who, one.without)]
        ahead = one.key if one.key in RAILS else rail_ahead(act.before[act.who], act.velocity)
        rails = RAILS[:2] if ahead in RAILS[:2] else RAILS[2:]
        near = [rail for rail in rails if rail != one.key] + self.like(
            one.key, pucks, act.before, act.before[one.without]
        )
        form, letter, values = pose_choice(rng, one.key, near, wording=_said)
        number = self.scene.strokes.index(one.act) + 1
        slots: dict[str, JsonValue] = {"number": number, "nth": ordinal(number), "puck": one.without}
        return self.question(
            "without", letter, form, [one.act], slots, reasoning="counterfactual", skills=("physics", "counterfactual"),
            option_values=values,
        )  # fmt: skip

    def like(self, key: str, pucks: Sequence[str], lie: Mapping[str, Place], at: Place) -> list[str]:
        """Pucks that lie near the one that is right, the nearest first, so that where they lie does not tell which it is; where a rail is right,
        near the puck that is nearest to a place."""

        def off(name: str, place: Place) -> float:
            return hypot(lie[name][0] - place[0], lie[name][1] - place[1])

        first = key if key in pucks else min(pucks, key=lambda name: off(name, at))
        ranked = sorted(pucks, key=lambda name: off(name, lie[first]))
        return [name for name in ranked if name != key]

    @property
    def what(self) -> str:
        broken = None if self.broken is None else self.acts[self.broken].broken
        return NONE if broken is None else broken.what

    @property
    def who(self) -> str:
        broken = None if self.broken is None else self.acts[self.broken].broken
        return NONE if broken is None else broken.who

    @property
    def when(self) -> float:
        broken = None if self.broken is None else self.acts[self.broken].broken
        assert broken is not None and self.broken is not None
        return self.hits[self.broken] + broken.time

    def stretch(self, number: int) -> tuple[float, float]:
        """From when to when anything moves in an act."""
        return self.hits[number], self.hits[number] + self.acts[number].run.ends

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        watched: Sequence[int],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        """Evidence is each act that is to be watched, with the pucks that move in it."""
        until = more.get("asked_at") or self.layout.duration
        looks, steps = [], list[Step]()
        for i in watched:
            act, (start, end) = self.acts[i], self.stretch(i)
            end = min(max(end, start + 0.5), until)
            movers = tuple(sorted(act.run.legs)) or (act.who,)
            looks.append(Evidence(start=round(start, 3), end=round(end, 3), objects=movers))
            said = {"stroke": "strikes", "feint": "feints", "pull": "pulls", "starts": "starts"}[act.kind]
            steps.append(Step(kind="perceive", claim=f"{said}({act.who})", time=round(start, 3)))
            at = start + (act.broken.time if act.broken is not None else 0.0)
            if act.broken is not None and act.kind == "stroke" and at + MARK <= until:
                steps.append(
                    Step(kind="perceive", claim=f"{act.broken.what}({act.broken.who})", time=round(at, 3))
                )  # fmt: skip
        more = {"min_frames": 3 * len(looks)} | more
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks), min_fps=FPS,
            steps=concluding(steps, f"{kind}: {answer}"), **more,
        )  # fmt: skip


def _said(value: JsonValue) -> str:
    if value in RAILS:
        return f"the {value} rail"
    return "nothing" if value == "nothing" else f"puck {value}"
