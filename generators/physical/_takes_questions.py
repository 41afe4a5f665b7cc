"""What is asked about takes of an experiment."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.physical._takes_show import FADE, MARK
from generators.physical._takes_world import AHEAD, FAULTS, LASTS, NOTHING, SUPPOSED, ZONE, ZONES, Takes, lawful
from morse.errors import Rejected
from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Layout
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Boxes, Choice, Evidence, Integer, Number, Question, Set, Step, Text
from morse.seeding import Rng

TIMES = 3
"""How often it is asked what was wrong with the take before."""
WORDS = {
    NOTHING: "nothing, it was as it must be",
    "hangs": "the ball stood still in mid-air",
    "jumps": "the ball was suddenly elsewhere",
    "turns": "the ball turned back in mid-air",
    "floats": "from some moment on the ball fell much more slowly",
    "gains": "the ball rose higher after the floor than before",
}
NEAR = 0.4
"""Seconds by which the moment of a break may be off."""
FPS = 6.0
"""The coarsest rate at which a flight is followed."""


class Asking:
    """The questions of a clip. Raises :class:`Rejected` where one cannot be asked."""

    def __init__(self, takes: Takes, layout: Layout, rng: Rng) -> None:
        self.takes, self.layout, self.rng = takes, layout, rng
        self.throws: list[float] = layout.details["throws"]
        self.faults = [take.fault for take in takes.takes]
        self.broken = [i for i, fault in enumerate(self.faults) if fault != NOTHING]

    def all(self) -> Iterable[Question]:
        yield self.real()
        yield self.fault()
        yield self.moment()
        yield self.count()
        yield self.same()
        yield from self.latest()
        yield self.lands()
        yield self.would_land()
        if (where := self.where_broken()) is not None:
            yield where

    def real(self) -> Question:
        """Which one of four obeys the laws."""
        rng = self.rng.fork("real")
        key = rng.choice(lawful(self.takes.takes))
        some = sorted([key, *rng.sample(self.broken, 3)])
        form = Choice(options=tuple(f"take {i + 1}" for i in some))
        return self.question(
            "real", form.letters[some.index(key)], form, some, {}, reasoning="explain",
            option_values=tuple(i + 1 for i in some), skills=("physics", "real or not"),
        )  # fmt: skip

    def fault(self) -> Question:
        i = self.takes.judged
        words = (NOTHING, *FAULTS)
        return self.question(
            "fault", self.faults[i], Text(vocabulary=words, noun="word"), [i], {"take": i + 1}, reasoning="explain",
            skills=("physics", "broken law"), domain=words,
        )  # fmt: skip

    def moment(self) -> Question:
        i = self.rng.fork("moment").choice(self.broken)
        at = round(self.throws[i] + self.takes.takes[i].when, 2)
        form = Number(unit="seconds", absolute=NEAR)
        return self.question(
            "moment", at, form, [i], {"take": i + 1}, reasoning="recall", skills=("time", "broken law"), chance=0.02
        )

    def count(self) -> Question:
        return self.question(
            "count", len(self.broken), Integer(), range(len(self.faults)), {}, reasoning="infer",
            skills=("count", "broken law"), domain=tuple(self.takes.params.broken),
        )  # fmt: skip

    def same(self) -> Question:
        """Which others break a law as one does."""
        rng = self.rng.fork("same")
        i = rng.choice(self.broken)
        others = [j for j in range(len(self.faults)) if j != i]
        answer: list[JsonValue] = [str(j + 1) for j in others if self.faults[j] == self.faults[i]]
        form = Set(vocabulary=tuple(str(j + 1) for j in others), noun="take")
        return self.question(
            "same", answer, form, range(len(self.faults)), {"take": i + 1}, reasoning="infer",
            skills=("compare", "broken law"), chance=0.5 ** len(others),
        )  # fmt: skip

    def latest(self) -> Iterable[Question]:
        """What was wrong with the take before, after some takes, with the same options; each time it is something else."""
        rng = self.rng.fork("latest")
        kinds = sorted(set(self.faults))
        if len(kinds) < TIMES:
            raise Rejected("too few kinds of takes to ask at several times")
        wanted = rng.sample(kinds, TIMES)
        spare = rng.choice([fault for fault in WORDS if fault not in wanted])
        options = rng.shuffled([*wanted, spare])
        form = Choice(options=tuple(WORDS[fault] for fault in options))
        for i in sorted(rng.choice([j for j, fault in enumerate(self.faults) if fault == one]) for one in wanted):
            at = round(self.throws[i] + LASTS + FADE + 0.1, 3)
            yield self.question(
                "latest", form.letters[options.index(self.faults[i])], form, [i], {}, reasoning="explain", asked_at=at,
                skills=("broken law", "streaming"), option_values=tuple(options),
            )  # fmt: skip

    def lands(self) -> Question:
        """Where a ball in flight is going to come down."""
        i, after, over = self.takes.foretold
        at = round(self.throws[i] + after, 3)
        near = [ZONES[ZONES.index(over) + ahead] for ahead in AHEAD]
        form = Choice(options=tuple(f"stretch {zone}" for zone in near))
        key = form.letters[near.index(self.landing(i))]
        return self.question(
            "lands", key, form, [i], {"take": i + 1}, until=at, reasoning="predict", skills=("physics", "prediction"),
            asked_at=at, option_values=tuple(near),
        )  # fmt: skip

    def would_land(self) -> Question:
        """Where a ball would have come down first had it kept to the laws."""
        i = self.takes.supposed
        form = Text(vocabulary=tuple(ZONES), noun="stretch")
        return self.question(
            "would_land", self.landing(i), form, [i], {"take": i + 1}, reasoning="counterfactual",
            skills=("physics", "counterfactual"), domain=tuple(SUPPOSED),
        )  # fmt: skip

    def landing(self, i: int) -> str:
        """On which stretch a take would land first by the laws."""
        return ZONES[math.floor(self.takes.takes[i].lawful_landing / ZONE + len(ZONES) / 2)]

    def where_broken(self) -> Question | None:
        """Where the ball is at the whole seconds after a take breaks a law."""
        for i in self.rng.fork("where").shuffled(self.broken):
            at, end = self.throws[i] + self.takes.takes[i].when, self.throws[i] + LASTS
            seconds = whole_seconds(at, end)[:2]
            alone = [j for j in self.broken if self.faults[j] == self.faults[i]] == [i]
            if alone and seconds:
                slots: dict[str, JsonValue] = {"fault": self.faults[i], "seconds": [*seconds]}
                try:
                    boxes = boxes_by_second(self.layout.scene, f"ball {i + 1}", seconds)
                except Rejected:  # out of the picture by then
                    continue
                return self.question(
                    "where_broken", boxes, Boxes(), [i], slots, reasoning="recall", skills=("grounding", "broken law"),
                    chance=0.0, min_frames=1,
                )  # fmt: skip
        return None

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        watched: Sequence[int],
        slots: dict[str, JsonValue],
        until: float | None = None,
        **more: Any,
    ) -> Question:
        """Evidence is each flight that is to be watched."""
        looks, steps = [], []
        for i in watched:
            start, end = self.throws[i], min(self.throws[i] + LASTS, until or self.layout.duration)
            ball, take = f"ball {i + 1}", self.takes.takes[i]
            looks.append(Evidence(start=start, end=round(end, 3), objects=(ball,)))
            at = start + take.when
            seen = take.when >= 0 and at + MARK <= end
            claim = f"{take.fault}({ball})" if seen else f"flies({ball})"
            steps.append(Step(kind="perceive", claim=claim, time=round(at if seen else start, 3)))
        more = {"min_frames": 3 * len(looks)} | more
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks), min_fps=FPS,
            steps=concluding(steps, f"{kind}: {answer}"), **more,
        )  # fmt: skip
