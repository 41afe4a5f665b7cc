"""What is asked about a line chart whose points come up one by one."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.mathematical._lines_world import ACTS, ASKED, HIGH, LOW, MEANT, SUMS, LineChart, trends
from morse.layout import Layout
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Evidence, Integer, Number, Question, Step, Text
from morse.schema import Sequence as InOrder

LEGEND = 2.0
"""Seconds at the start in which the legend is read."""


class Asking:
    """The questions of a clip."""

    def __init__(self, chart: LineChart, layout: Layout) -> None:
        self.chart, self.details = chart, layout.details
        self.events = layout.details["events"]
        self.places = range(chart.params.places)
        self.days = tuple(place + 1 for place in self.places)
        self.numbers = {(dot.line, dot.place): i for i, dot in enumerate(chart.order) if dot.line is not None}
        """Line and place → number of the point in the order of coming up."""
        self.keys = tuple(sorted(f"key {name}" for name in chart.names))

    def all(self) -> Iterable[Question]:
        chart, scale = self.chart, self.chart.scale
        text = Text(vocabulary=chart.names, noun="name")
        levels = tuple(level * scale for level in range(LOW, HIGH + 1))
        line, place = chart.value
        yield self.question(
            "value", chart.lines[line][place] * scale, Integer(), [(line, place)], self.slots(line, place),
            reasoning="recall", skills=("find", "read"), domain=levels,
        )  # fmt: skip
        line, level = chart.dated
        dated = [x + 1 for x in self.places if chart.lines[line][x] == level]
        yield self.question(
            "dated", dated[0] if dated else None, Integer(may_abstain=True), self.whole(line),
            self.slots(line, value=level * scale), reasoning="recall", skills=("find", "read"), chance=0.2,
        )  # fmt: skip
        line = chart.peaked
        peak = chart.lines[line].index(max(chart.lines[line]))
        yield self.question(
            "peak", peak + 1, Integer(), self.whole(line), self.slots(line), reasoning="infer",
            skills=("read", "compare"), domain=self.days,
        )  # fmt: skip
        yield self.mean()
        yield self.expected()
        place = chart.highest
        first = max(range(len(chart.lines)), key=lambda i: chart.lines[i][place])
        yield self.question(
            "highest_at", chart.names[first], text, self.column(place), self.slots(place=place), reasoning="recall",
            skills=("find", "compare"), domain=chart.names,
        )  # fmt: skip
        yield from self.lasts(text)
        line, level = chart.counted
        count = sum(own > level for own in chart.lines[line])
        yield self.question(
            "over", count, Integer(), self.whole(line), self.slots(line, value=level * scale), reasoning="infer",
            skills=("read", "count"), domain=tuple(chart.params.counts),
        )  # fmt: skip
        line = chart.jumped
        own = chart.lines[line]
        place = max(self.places[:-1], key=lambda x: abs(own[x + 1] - own[x]))
        yield self.question(
            "jump", place + 1, Integer(), self.whole(line), self.slots(line), reasoning="infer",
            skills=("read", "compare"), domain=self.days[:-1],
        )  # fmt: skip
        line, following = chart.trend
        places = self.places[-4:]
        slots = self.slots(line) | {"first": places[0] + 1, "next": places[-1] + 2}
        yield self.question(
            "trend", following * scale, Integer(), [(line, x) for x in places], slots, reasoning="predict",
            skills=("read", "extrapolate"), domain=tuple(y * scale for y in trends()),
        )  # fmt: skip
        line, place, more = chart.lifted
        own = [y + more * (x == place) for x, y in enumerate(chart.lines[line])]
        yield self.question(
            "lifted", own.index(max(own)) + 1, Integer(), self.whole(line), self.slots(line, place, more=more * scale),
            reasoning="counterfactual", skills=("read", "compare", "imagine"), domain=self.days,
        )  # fmt: skip
        yield self.ordered()

    def mean(self) -> Question:
        (line, places), scale = self.chart.meant, self.chart.scale
        total = sum(self.chart.lines[line][x] for x in places)
        days = dict(zip(("first", "second", "third", "fourth"), (x + 1 for x in places), strict=True))
        return self.question(
            "mean", total * scale / MEANT, Number(absolute=scale / 16), [(line, x) for x in places], self.slots(line) | days,
            reasoning="infer", skills=("read", "arithmetic"), domain=tuple(total * scale / MEANT for total in SUMS),
        )  # fmt: skip

    def expected(self) -> Question:
        chart = self.chart
        weighed = sum(tag.tenths * chart.order[i].level for i, tag in chart.tags.items())
        points = [(dot.line, dot.place) for dot in (chart.order[i] for i in sorted(chart.tags)) if dot.line is not None]
        return self.question(
            "expected", weighed * chart.scale / 10, Number(absolute=chart.scale / 40), points, self.slots(),
            reasoning="infer", skills=("read", "arithmetic", "probability"), legend=False,
        )  # fmt: skip

    def lasts(self, text: Text) -> Iterable[Question]:
        """The same question at three times, with the same names to choose from and another answer each time."""
        chart = self.chart
        for acts in ASKED:
            count = acts * chart.each_act
            last = chart.last_over(acts)
            line = chart.order[last].line
            assert line is not None
            points = [(dot.line, dot.place) for dot in chart.order[last:count] if dot.line is not None]
            asked = None if acts == ACTS else round(acts * self.details["act"], 3)
            yield self.question(
                "last_over", chart.names[line], text, points, self.slots(value=chart.last * chart.scale), asked_at=asked,
                reasoning="infer", skills=("compare", "order", "streaming"), domain=chart.names, least=2,
            )  # fmt: skip

    def ordered(self) -> Question:
        chart, place = self.chart, self.chart.ordered
        points = sorted(self.column(place), key=lambda point: self.numbers[point])
        order: list[JsonValue] = [chart.names[line] for line, _ in points]
        return self.question(
            "order", order, InOrder(vocabulary=chart.names, noun="name", length=len(order)), points, self.slots(place=place),
            reasoning="explain", skills=("order", "time"), least=2, min_fps=2.0,
        )  # fmt: skip

    def whole(self, line: int) -> list[tuple[int, int]]:
        return [(line, place) for place in self.places]

    def column(self, place: int) -> list[tuple[int, int]]:
        return [(line, place) for line in range(len(self.chart.lines))]

    def slots(self, line: int | None = None, place: int | None = None, **more: JsonValue) -> dict[str, JsonValue]:
        given: dict[str, JsonValue] = {"unit": self.details["unit"], "amount": self.details["amount"]}
        given |= {} if line is None else {"line": self.chart.names[line]}
        return given | ({} if place is None else {"place": place + 1}) | more

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        points: Sequence[tuple[int, int]],
        slots: dict[str, JsonValue],
        legend: bool = True,
        least: int = 1,
        **more: Any,
    ) -> Question:
        """Evidence is each point as long as it can be seen, and the legend."""
        chart, numbers = self.chart, sorted(self.numbers[point] for point in points)
        events = [self.events[i] for i in numbers]
        looks = [Evidence(start=0.0, end=LEGEND, objects=self.keys)] if legend else []
        looks += [Evidence(start=event.start, end=event.end, objects=event.objects) for event in events]
        steps = []
        for i, event in zip(numbers, events, strict=True):
            dot = chart.order[i]
            assert dot.line is not None
            chance = f", {10 * chart.tags[i].tenths}%" if i in chart.tags and kind == "expected" else ""
            claim = f"point({chart.names[dot.line]}, {dot.place + 1}, {dot.level * chart.scale}{chance})"
            steps.append(Step(kind="perceive", claim=claim, time=event.start))
        more = {"min_fps": 1.0, "min_frames": max(least, looks_needed([(e.start, e.end) for e in events]))} | more
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks),
            steps=concluding(steps, f"{kind}({answer})"), **more,
        )  # fmt: skip


def looks_needed(spans: Iterable[tuple[float, float]]) -> int:
    """In how few moments something can be seen of every span."""
    count, last = 0, -1.0
    for start, end in sorted(spans, key=lambda span: span[1]):
        if start > last:
            count, last = count + 1, end
    return count
