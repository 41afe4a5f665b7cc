"""What is asked about lights and cars at a crossing."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.temporal._acts import ordinal
from generators.temporal._traffic_lights import REDS
from generators.temporal._traffic_world import COUNTS, Phase, Traffic
from morse.grounding import boxes_by_second, seconds_to_ask
from morse.layout import Layout
from morse.options import pose_multi_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Boolean, Boxes, Choice, Evidence, Integer, Question, Span, Step, Text
from morse.schema import Sequence as InOrder
from morse.seeding import Rng

AROUND = 0.7
"""Seconds before and after a moment in which it can be seen what happens."""
LEAST_SECONDS = 2
"""In how many whole seconds a car must stand where its place is asked for."""


class Asking:
    """The questions of a clip. Raises :class:`~morse.errors.Rejected` where options would read the same."""

    def __init__(self, traffic: Traffic, layout: Layout, rng: Rng) -> None:
        self.traffic, self.layout, self.rng, self.asked = traffic, layout, rng, traffic.asked
        self.letters: dict[str, str] = layout.details["letters"]
        self.names = [str(number) for number in traffic.numbers]
        self.sorted = tuple(sorted(self.names))

    def all(self) -> Iterable[Question]:
        traffic, asked = self.traffic, self.asked
        every = range(len(traffic.cars))
        waiting = [i for i in every if traffic.cars[i].slot is not None]
        number = Text(vocabulary=self.sorted, noun="car number")
        yield self.question(
            "longest", self.names[traffic.longest], number, self.stands(waiting), {}, reasoning="infer",
            skills=("time", "compare"), domain=self.sorted,
        )  # fmt: skip
        yield from self.longest_stop(waiting)
        four = asked.waited
        form, letters, values = pose_multi_choice(
            self.rng.fork("waited"), [self.names[i] for i in four if i in waiting],
            [self.names[i] for i in four if i not in waiting],
        )  # fmt: skip
        looks = self.stands(sorted(i for i in four if i in waiting)) + self.passings(
            i for i in four if i not in waiting
        )
        yield self.question(
            "waited", letters, form, looks, {}, reasoning="recall", skills=("track",), option_values=values,
        )  # fmt: skip
        phase, through = asked.passed, traffic.through(asked.passed)
        yield self.question(
            "passed", len(through), Integer(), [self.lit(phase, "green"), *self.passings(through)], self.slots(phase),
            reasoning="infer", skills=("count", "track"), domain=tuple(COUNTS),
        )  # fmt: skip
        everybody = (*self.sorted, "none")
        runner = traffic.runner
        yield self.question(
            "runner", "none" if runner is None else self.names[runner], number.model_copy(update={"vocabulary": everybody}),
            self.passings(every), {}, reasoning="explain", skills=("track", "rule"), domain=everybody,
        )  # fmt: skip
        listed = sorted(self.names[i] for i in asked.ordered)
        order: list[JsonValue] = [self.names[i] for i in sorted(asked.ordered)]
        yield self.question(
            "order", order, InOrder(vocabulary=tuple(listed), noun="car number", length=4), self.passings(sorted(asked.ordered)),
            {"cars": [*listed]}, reasoning="recall", skills=("order", "track"),
        )  # fmt: skip
        red = asked.red
        yield self.question(
            "red_for", round(red.end - red.start), Integer(unit="seconds"), self.turns(red, "red"), self.slots(red),
            reasoning="infer", skills=("duration",), domain=tuple(REDS),
        )  # fmt: skip
        red = asked.red_again
        yield self.question(
            "red_again", [red.start, red.end], Span(), self.turns(red, "red"), self.slots(red), reasoning="recall",
            skills=("grounding", "time"),
        )  # fmt: skip
        yield from self.next()
        yield from self.safe()
        yield self.shifted()

    def longest_stop(self, waiting: Sequence[int]) -> Iterable[Question]:
        """When the car that waited longest stood, and where."""
        car, name = self.traffic.cars[self.traffic.longest], f"car {self.names[self.traffic.longest]}"
        stop: list[JsonValue] = [round(car.stands, 3), round(car.goes, 3)]
        looks = self.stands(waiting)
        yield self.question(
            "longest_span", stop, Span(), looks, {}, reasoning="infer", skills=("grounding", "time", "compare")
        )
        seconds, named = seconds_to_ask(car.stands, car.goes)
        if len(seconds) >= LEAST_SECONDS:
            yield self.question(
                "where_longest", boxes_by_second(self.layout.scene, name, seconds), Boxes(), looks, {"seconds": [*named]},
                reasoning="infer", skills=("grounding", "time", "compare"), chance=0.0,
            )  # fmt: skip

    def next(self) -> Iterable[Question]:
        """The same question at three times, with the same options and another answer each time."""
        arm, times, other = self.asked.next
        program = self.traffic.program
        waits = [round(program.next_green(arm, time) - time, 1) for time in times]
        options = self.rng.fork("next").shuffled([*waits, other])
        form = Choice(options=tuple(f"in {wait:g} s" for wait in options))
        for time, wait in zip(times, waits, strict=True):
            greens = [phase for phase in program.phases(arm, "green", time) if phase[1] > 0][-2:]
            looks = [look for phase in greens for look in self.turns(Phase(arm, *phase), "green")]
            yield self.question(
                "next", form.letters[options.index(wait)], form, looks, {"light": self.letters[arm]}, asked_at=time,
                option_values=tuple(options), reasoning="predict", skills=("duration", "extrapolate", "streaming"),
            )  # fmt: skip

    def safe(self) -> Iterable[Question]:
        """Whether a light is red, at a time at which it is and at one at which it is not."""
        arm, times = self.asked.safe
        for time in times:
            lamp = self.traffic.program.state(arm, time)
            look = (time - 1.0, time, f"light {self.letters[arm]}", f"shows({self.letters[arm]}, {lamp})")
            yield self.question(
                "safe", lamp == "red", Boolean(), [look], {"light": self.letters[arm]}, asked_at=time, reasoning="infer",
                skills=("read", "streaming"), min_frames=1,
            )  # fmt: skip

    def shifted(self) -> Question:
        (i, later), traffic = self.asked.shifted, self.traffic
        car = traffic.cars[i]
        light = self.letters[car.arm]
        phases = [
            phase for lamp in ("green", "red") for phase in traffic.program.phases(car.arm, lamp, traffic.duration)
        ]
        near = min(phases, key=lambda phase: abs(phase[1] - car.line - later))
        way: JsonValue = "later" if later > 0 else "earlier"
        slots: dict[str, JsonValue] = {
            "car": self.names[i],
            "seconds": abs(later),
            "way": way,
            "later": later,
            "light": light,
        }
        looks = [
            *(self.passings([i]) if car.slot is None else self.stands([i])),
            *self.turns(Phase(car.arm, *near), ""),
        ]
        return self.question(
            "shifted", traffic.would_wait(i, later), Boolean(), looks, slots, reasoning="counterfactual",
            skills=("time", "imagine"),
        )  # fmt: skip

    def slots(self, phase: Phase) -> dict[str, JsonValue]:
        return {"light": self.letters[phase.arm], "number": phase.number, "nth": ordinal(phase.number)}

    # looks: from when, to when, what to look at, and what is seen there

    def stands(self, cars: Iterable[int]) -> list[tuple[float, float, str, str]]:
        """From when to when cars stand at their light."""
        own = [(self.traffic.cars[i], self.names[i]) for i in cars]
        return [
            (car.stands - 0.3, car.goes + 0.3, f"car {name}", f"waits({name}, {car.waits:.1f})") for car, name in own
        ]  # fmt: skip

    def passings(self, cars: Iterable[int]) -> list[tuple[float, float, str, str]]:
        """Cars when they drive over their stop line."""
        own = [(self.traffic.cars[i], self.names[i]) for i in cars]
        return [
            (
                car.passes - AROUND,
                car.passes + AROUND,
                f"car {name}",
                f"passes({name}, {self.lamp(car.arm, car.passes)})",
            )
            for car, name in own
        ]

    def lit(self, phase: Phase, lamp: str) -> tuple[float, float, str, str]:
        """A light as long as one lamp is lit."""
        letter = self.letters[phase.arm]
        return phase.start, phase.end, f"light {letter}", f"shows({letter}, {lamp})"

    def turns(self, phase: Phase, lamp: str) -> list[tuple[float, float, str, str]]:
        """A light when it changes, at the beginning and at the end of a phase."""
        letter, end = self.letters[phase.arm], self.traffic.duration
        return [
            (max(0.0, time - AROUND), min(end, time + AROUND), f"light {letter}", f"turns({letter}, {self.lamp(phase.arm, time + 0.1)})")
            for time in (phase.start, phase.end)
        ]  # fmt: skip

    def lamp(self, arm: str, time: float) -> str:
        return self.traffic.program.state(arm, time)

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        looks: Sequence[tuple[float, float, str, str]],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        until = more.get("asked_at") or self.traffic.duration
        evidence = [
            Evidence(start=round(start, 3), end=round(min(end, until), 3), objects=(what,))
            for start, end, what, _ in looks
        ]
        steps = [Step(kind="perceive", claim=claim, time=round((a + min(b, until)) / 2, 3)) for a, b, _, claim in looks]
        more = {"min_frames": max(2, len(looks)), "min_fps": 2.0} | more
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(evidence),
            steps=concluding(steps, f"{kind}({answer})"), **more,
        )  # fmt: skip
