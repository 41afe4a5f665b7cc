"""What is asked about a circuit that is hidden while it works."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.temporal._chain_world import FATES, QUICKEST, Circuit, Lit, fate_of, first_after, run
from morse.grounding import boxes_by_second, seconds_to_ask
from morse.layout import Layout
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Boxes, Choice, Evidence, Integer, Question, Set, Span, Step, Text
from morse.schema import Sequence as Row
from morse.seeding import Rng

SEEN = 1.0
"""Seconds for which it is looked at a switch that has turned, or a lamp that has come on."""


class Asking:
    """The questions of a clip."""

    def __init__(self, circuit: Circuit, layout: Layout, rng: Rng) -> None:
        self.circuit, self.layout, self.rng = circuit, layout, rng
        self.switches: list[str] = layout.details["switches"]
        self.lamps: list[str] = layout.details["lamps"]
        self.parts = [*layout.details["parts"]]
        self.lit = circuit.lit()
        self.on = sorted((one.time, row) for row, one in enumerate(self.lit) if one.by >= 0)

    def all(self) -> Iterable[Question]:
        yield self.presses()
        yield self.order()
        yield self.latest()
        yield self.trigger()
        yield self.way()
        yield self.where_trigger()
        yield self.fate()
        yield self.without()
        yield self.quickest()
        yield from self.next_lamp()

    def presses(self) -> Question:
        pressed = sorted(self.circuit.presses, key=lambda row: self.circuit.presses[row])
        form = Row(vocabulary=tuple(sorted(self.switches)), noun="switch")
        return self.question(
            "presses", [self.switches[row] for row in pressed], form, {}, pressed=pressed, reasoning="recall",
            skills=("order",), circuit=False,
        )  # fmt: skip

    def order(self) -> Question:
        rows = [row for _, row in self.on]
        form = Row(vocabulary=tuple(sorted(self.lamps)), noun="lamp")
        return self.question(
            "order", [self.lamps[row] for row in rows], form, {}, lamps=rows, reasoning="recall", skills=("order",),
            circuit=False,
        )  # fmt: skip

    def latest(self) -> Question:
        after = self.circuit.after
        rows = [row for time, row in self.on if time < self.circuit.presses[after]]
        return self.lamp(
            "latest", rows[-1], {"switch": self.switches[after]}, lamps=rows, pressed=[after], reasoning="recall",
            skills=("order",), circuit=False,
        )  # fmt: skip

    def trigger(self) -> Question:
        row = self.circuit.lamp
        form = Text(vocabulary=tuple(sorted(self.switches)), noun="switch")
        return self.question(
            "trigger", self.switches[self.lit[row].by], form, {"lamp": self.lamps[row]}, lamps=[row],
            pressed=[*self.circuit.presses], reasoning="explain", skills=("cause",), domain=tuple(sorted(self.switches)),
        )  # fmt: skip

    def way(self) -> Question:
        """From the press that made a lamp come on until it does."""
        row = self.circuit.lamp
        time, by = self.lit[row]
        answer: JsonValue = [round(self.circuit.presses[by], 3), round(time, 3)]
        return self.question(
            "way", answer, Span(), {"lamp": self.lamps[row]}, lamps=[row], pressed=[*self.circuit.presses],
            reasoning="explain", skills=("cause", "time"),
        )  # fmt: skip

    def where_trigger(self) -> Question:
        """Where the switch is whose press made a lamp come on, while the signal is on its way."""
        row = self.circuit.lamp
        time, by = self.lit[row]
        seconds, named = seconds_to_ask(self.circuit.presses[by], time)
        slots: dict[str, JsonValue] = {"lamp": self.lamps[row], "seconds": [*named]}
        return self.question(
            "where_trigger", boxes_by_second(self.layout.scene, self.switches[by], seconds), Boxes(), slots, lamps=[row],
            pressed=[*self.circuit.presses], reasoning="explain", skills=("cause", "grounding"), chance=0.0,
        )  # fmt: skip

    def fate(self) -> Question:
        row, switch = self.circuit.fate
        answer = fate_of(self.circuit.columns, self.circuit.presses, self.circuit.params.rows, row, switch)
        return self.question(
            "fate", answer, Text(vocabulary=FATES, noun="phrase"), self.named(row, switch), lamps=[row],
            pressed=[*self.circuit.presses], reasoning="counterfactual", skills=("cause",), domain=FATES,
        )  # fmt: skip

    def without(self) -> Question:
        """Which of the lamps that come on would not."""
        switch = self.circuit.without
        then = self.circuit.lit({row: time for row, time in self.circuit.presses.items() if row != switch})
        lost: list[JsonValue] = [*sorted(self.lamps[row] for _, row in self.on if then[row].by < 0)]
        return self.question(
            "without", lost, Set(vocabulary=tuple(sorted(self.lamps)), noun="lamp"), {"switch": self.switches[switch]},
            lamps=[row for _, row in self.on], pressed=[*self.circuit.presses], reasoning="counterfactual",
            skills=("cause",), chance=0.5 ** len(self.on),
        )  # fmt: skip

    def quickest(self) -> Question:
        """From the circuit alone."""
        switch, row, seconds = self.circuit.quickest
        least = self.circuit.params.columns + 1
        return self.question(
            "quickest", seconds, Integer(unit="seconds"), self.named(row, switch), reasoning="infer", skills=("path",),
            domain=tuple(range(least, least + QUICKEST)), min_frames=1,
        )  # fmt: skip

    def next_lamp(self) -> Iterable[Question]:
        """The same question at two times, with the same options: all lamps that it can be, and some more."""
        rows, rng = self.circuit.params.rows, self.rng.fork("next")
        keys: list[int] = []
        for at in self.circuit.moments:
            key = first_after(self._so_far(at), at)
            assert key is not None
            keys.append(key)
        rest = [row for row in range(rows) if row not in keys]
        options = [self.lamps[row] for row in rng.shuffled([*keys, *rng.sample(rest, 4 - len(keys))])]
        form = Choice(options=tuple(f"lamp {name}" for name in options))
        for at, key in zip(self.circuit.moments, keys, strict=True):
            seen = [row for row, time in self.circuit.presses.items() if time < at]
            yield self.question(
                "next_lamp", form.letters[options.index(self.lamps[key])], form, {}, pressed=seen, asked_at=at,
                option_values=tuple(options), lamps=[row for time, row in self.on if time < at], reasoning="predict",
                skills=("cause", "streaming"),
            )  # fmt: skip

    def _so_far(self, at: float) -> list[Lit]:
        presses = {row: time for row, time in self.circuit.presses.items() if time < at}
        return run(self.circuit.columns, presses, self.circuit.params.rows)[-1]

    def lamp(self, kind: str, row: int, slots: dict[str, JsonValue], **more: Any) -> Question:
        names = tuple(sorted(self.lamps))
        return self.question(
            kind, self.lamps[row], Text(vocabulary=names, noun="lamp"), slots, domain=names, **more
        )  # fmt: skip

    def named(self, lamp: int, switch: int) -> dict[str, JsonValue]:
        return {"lamp": self.lamps[lamp], "switch": self.switches[switch]}

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        slots: dict[str, JsonValue],
        *,
        pressed: Sequence[int] = (),
        lamps: Sequence[int] = (),
        circuit: bool = True,
        **more: Any,
    ) -> Question:
        """Evidence is the circuit while it is shown, each press, and each lamp that comes on."""
        until = more.get("asked_at") or self.layout.duration
        looks, steps = [], []
        if circuit:
            looks.append(Evidence(start=0.0, end=self.circuit.lead, objects=tuple(self.parts)))
            steps.append(Step(kind="perceive", claim="circuit()", time=round(self.circuit.lead / 2, 3)))
        happen = [(self.circuit.presses[row], self.switches[row], "press") for row in pressed]
        happen += [(self.lit[row].time, self.lamps[row], "lights") for row in lamps if self.lit[row].by >= 0]
        for time, name, what in sorted(happen):
            looks.append(Evidence(start=round(time, 3), end=round(min(time + SEEN, until), 3), objects=(name,)))
            steps.append(Step(kind="perceive", claim=f"{what}({name})", time=round(time, 3)))
        more = {"min_frames": max(2, len(looks))} | more
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks), min_fps=4.0,
            steps=concluding(steps, f"{kind}: {answer}"), **more,
        )  # fmt: skip
