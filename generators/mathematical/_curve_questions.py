"""What is asked about curves that are drawn while the paper runs on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from generators.mathematical._curves import BOXES, SPAN, STEP, Chart
from morse.layout import Layout
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Evidence, Integer, Number, Question, Step, Text

ASIDE = 0.9
"""Seconds before and after a moment in which its place can be seen."""


class Asking:
    """The questions of a clip; ``domains``: question kind → its answers."""

    def __init__(self, chart: Chart, layout: Layout, domains: Mapping[str, tuple[JsonValue, ...]]) -> None:
        self.chart, self.layout, self.domains = chart, layout, domains
        self.when, self.letters = layout.details["when"], layout.details["letters"]

    def all(self) -> Iterable[Question]:
        chart, letters = self.chart, self.letters
        every = range(0, chart.length + 1, STEP)
        pair: dict[str, JsonValue] = {"one": letters[chart.pair[0]], "other": letters[chart.pair[1]]}
        looks = -(-chart.length // int(chart.window + 1))
        yield self.question(
            "crossings", chart.crossings, Integer(), every, chart.pair, pair, min_frames=looks, reasoning="infer",
            skills=("compare", "count"),
        )  # fmt: skip
        shift, count = chart.raised
        way: JsonValue = "raised" if shift > 0 else "lowered"
        yield self.question(
            "raised", count, Integer(), every, chart.pair, pair | {"way": way, "shift": f"{abs(shift):g}"},
            min_frames=looks, reasoning="counterfactual", skills=("compare", "imagine"),
        )  # fmt: skip
        curve, x = chart.peaked
        yield self.question(
            "peak", x, Integer(), every, [curve], {"one": letters[curve]}, min_frames=looks, reasoning="infer",
            skills=("compare", "read"),
        )  # fmt: skip
        curve, start, change = chart.change
        slots: dict[str, JsonValue] = {"one": letters[curve], "start": start, "end": start + SPAN}
        yield self.question(
            "rate", change / SPAN, Number(absolute=0.04, decimals=1), [start, start + SPAN], [curve], slots,
            min_frames=2, reasoning="infer", skills=("read", "arithmetic"),
        )  # fmt: skip
        curve, _, first, area = chart.boxes
        yield self.question(
            "area", area, Integer(), range(first, first + STEP * BOXES + 1, STEP), [curve], {"one": letters[curve]},
            min_frames=2, reasoning="infer", skills=("read", "arithmetic"),
        )  # fmt: skip
        x, curve = chart.highest
        yield self.question(
            "highest", letters[curve], Text(vocabulary=tuple(letters), noun="letter"), [x], range(len(letters)), {"x": x},
            min_frames=1, reasoning="recall", skills=("find", "compare"), domain=tuple(letters),
        )  # fmt: skip

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        places: Sequence[int],
        curves: Sequence[int],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        """Each curve is read at each place."""
        pens = tuple(f"pen {self.letters[i]}" for i in curves)
        moments = [self.when(x) for x in places]
        looks = [
            Evidence(
                start=round(max(0.0, at - ASIDE), 3), end=round(min(at + ASIDE, self.layout.duration), 3), objects=pens
            )
            for at in moments
        ]
        steps = [
            Step(
                kind="perceive",
                claim=f"values({x}, {', '.join(f'{self.letters[i]}={self.value(i, x):g}' for i in curves)})",
                time=at,
            )
            for x, at in zip(places, moments, strict=True)
        ]
        more = {"domain": self.domains.get(kind)} | more
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks), steps=concluding(steps, f"{kind}({answer})"), min_fps=1.0, **more
        )  # fmt: skip

    def value(self, curve: int, x: int) -> float:
        """A curve's value at a whole place: at its points, or halfway between two."""
        values = self.chart.curves[curve]
        return (values[x // STEP] + values[(x + 1) // STEP]) / 2
