"""What is asked about clocks behind a curtain."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.temporal._acts import ordinal
from generators.temporal._clock_show import spoken
from generators.temporal._clock_world import DAY, GAPS, Wall
from morse.grounding import boxes_by_second, seconds_to_ask
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Boxes, Choice, Evidence, Integer, Question, Span, Step, Text
from morse.seeding import Rng

ASKED = 0.2
"""Seconds after the curtain is down at which a question is asked."""


class Asking:
    """The questions of a clip. Raises :class:`~morse.errors.Rejected` where options would read the same."""

    def __init__(self, wall: Wall, layout: Layout, rng: Rng) -> None:
        self.wall, self.layout, self.rng = wall, layout, rng
        self.acts: list[tuple[float, float]] = layout.details["acts"]
        self.names = sorted(wall.starts)

    def all(self) -> Iterable[Question]:
        yield self.elapsed()
        yield self.behind()
        yield self.unseen()
        yield from self.moved()
        yield self.sets()
        yield self.still()
        yield from self.where_still()
        yield self.untouched()
        yield self.then()

    def elapsed(self) -> Question:
        answer = self.wall.passed()
        return self.question(
            "elapsed", answer, Integer(unit="minutes"), self.names, range(len(self.acts)), {}, reasoning="infer",
            skills=("clock reading", "duration"), domain=tuple(self.wall.params.totals),
        )  # fmt: skip

    def behind(self) -> Question:
        gap = self.wall.gap
        minutes = next(slot.minutes for slot in self.wall.slots if slot.hidden and slot.act == gap)
        return self.question(
            "behind", minutes, Integer(unit="minutes"), self.names, (gap, gap + 1), self.number(gap), reasoning="infer",
            skills=("clock reading", "duration"), domain=tuple(GAPS),
        )  # fmt: skip

    def unseen(self) -> Question:
        """Which clock, if any, explains that readings no longer fit."""
        gap, who = self.wall.unseen
        vocabulary = (*self.names, "none")
        return self.question(
            "unseen", who or "none", Text(vocabulary=vocabulary, noun="clock"), self.names, (gap, gap + 1),
            self.number(gap), reasoning="explain", skills=("clock reading", "compare"), domain=vocabulary,
        )  # fmt: skip

    def moved(self) -> Iterable[Question]:
        """The same question at three times, with the same options."""
        clock, acts = self.wall.moved
        offs = [self.wall.off(clock, self.wall.end_of(act)) for act in acts]
        options = self.rng.fork("moved").shuffled(offs)
        form = Choice(options=tuple(map(_off, options)))
        for act, off in zip(acts, offs, strict=True):
            yield self.question(
                "moved", form.letters[options.index(off)], form, (clock, self.wall.free), range(act + 1), {"clock": clock},
                asked_at=round(self.layout.details["downs"][act] + ASKED, 3), option_values=tuple(options),
                reasoning="infer", skills=("clock reading", "streaming"),
            )  # fmt: skip

    def sets(self) -> Question:
        count = sum(not touch.stands for touch in self.wall.touches)
        return self.question(
            "sets", count, Integer(), self.names, range(len(self.acts)), {}, reasoning="infer",
            skills=("count", "compare"), domain=tuple(self.wall.counts),
        )  # fmt: skip

    def still(self) -> Question:
        """One in four asks for a clock that never stood still."""
        clock = self.wall.stopped
        stand = next((e for e in self.layout.events if e.kind == "stands" and e.objects == (clock,)), None)
        answer: JsonValue = None if stand is None else [stand.start, stand.end]
        acts = [i for i, (start, end) in enumerate(self.acts) if stand is None or start <= stand.start <= end]
        return self.question(
            "still", answer, Span(may_abstain=True), (clock, self.wall.free), acts, {"clock": clock}, reasoning="recall",
            skills=("grounding", "time"), chance=0.25,
        )  # fmt: skip

    def where_still(self) -> Iterable[Question]:
        """Where the clock is that stood still, if one alone did."""
        stands = [event for event in self.layout.events if event.kind == "stands"]
        if len(stands) != 1:
            return
        (stand,), (clock,) = stands, stands[0].objects
        seconds, named = seconds_to_ask(stand.start, stand.end)
        acts = [i for i, (start, end) in enumerate(self.acts) if start <= stand.start <= end]
        yield self.question(
            "where_still", boxes_by_second(self.layout.scene, clock, seconds), Boxes(), self.names, acts,
            {"seconds": [*named]}, reasoning="recall", skills=("grounding", "compare"), chance=0.0,
        )  # fmt: skip

    def untouched(self) -> Question:
        """Options are as far from each other as the clock is off, and the right one may be any of them."""
        clock, _ = self.wall.moved
        rng, off = self.rng.fork("untouched"), self.wall.off(clock)
        key = (self.wall.reading(clock) - off) % DAY
        first = rng.integer(-3, 0)
        near = [(key + off * step) % DAY for step in range(first, first + 4) if step]
        return self.reading(
            "untouched", key, near, (clock, self.wall.free), range(len(self.acts)), {"clock": clock}, rng
        )

    def then(self) -> Question:
        """Options are as far ahead or behind as the two clocks are at the end, and as they were at first."""
        clock, _ = self.wall.moved
        rng = self.rng.fork("then")
        other, minutes = rng.choice([name for name in self.names if name != clock]), 5 * rng.integer(0, DAY // 5 - 1)
        now = self.wall.reading(clock) - self.wall.reading(other)
        first = self.wall.starts[clock] - self.wall.starts[other]
        key = (minutes + now) % DAY
        near = [(minutes + apart) % DAY for apart in (-now, first, -first)]
        slots: dict[str, JsonValue] = {"clock": clock, "other": other, "minutes": minutes, "time": spoken(minutes)}
        return self.reading("then", key, near, (clock, other), [len(self.acts) - 1], slots, rng)

    def reading(
        self,
        kind: str,
        key: int,
        near: Sequence[int],
        clocks: Sequence[str],
        acts: Sequence[int],
        slots: dict[str, JsonValue],
        rng: Rng,
    ) -> Question:
        form, letter, values = pose_choice(rng, key, near, wording=lambda minutes: spoken(int(str(minutes))))
        more: dict[str, Any] = {"reasoning": "predict", "min_frames": 1} if kind == "then" else {}
        more = {"reasoning": "counterfactual"} | more
        return self.question(
            kind, letter, form, clocks, acts, slots, option_values=values, skills=("clock reading",), **more
        )

    def number(self, gap: int) -> dict[str, JsonValue]:
        return {"number": gap + 1, "nth": ordinal(gap + 1)}

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        clocks: Sequence[str],
        acts: Sequence[int],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        """Evidence is each act to be watched; read are the clocks at its beginning and end."""
        looks, steps = [], []
        for act in acts:
            start, end = self.acts[act]
            looks.append(Evidence(start=start, end=end, objects=tuple(clocks)))
            steps += [Step(kind="perceive", claim=f"reads({name}, act {act + 1})", time=start) for name in clocks]
            steps += [Step(kind="perceive", claim=f"follow({name}, act {act + 1})", time=end) for name in clocks]
        more = {"min_frames": 2 * len(looks)} | more
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks), min_fps=2.0,
            steps=concluding(steps, f"{kind}: {answer}"), **more,
        )  # fmt: skip


def _off(minutes: int) -> str:
    return f"{'forward' if minutes > 0 else 'back'} by {abs(minutes)} minutes"
