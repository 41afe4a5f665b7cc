"""What is asked about a machine that tickets go into."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import JsonValue

from generators.mathematical._machine_walk import Operation, totals_of
from morse.layout import Layout
from morse.schema import Evidence, Integer, Question, Step
from morse.seeding import Rng


class Ticket(NamedTuple):
    """An operation, how it is written, and what the ticket is like (by the names of rules)."""

    operation: Operation
    text: str
    features: frozenset[str]

    def counts(self, rules: Iterable[str]) -> bool:
        return not self.features.intersection(rules)


@dataclass(frozen=True)
class Run:
    """What comes, in order, and by which rules some do not count.

    ``aside``: (what else is asked, a total, the how-many-th ticket that counts). ``missed``: the
    how-many-th ticket that counts, and by how much the total would be another without it. ``domains``: question kind → its answers.
    """

    start: int
    tickets: tuple[Ticket, ...]
    rules: tuple[str, ...]
    hold: float
    aside: tuple[str, int, int]
    missed: tuple[int, int]
    domains: Mapping[str, range]


class Asking:
    """The questions of a clip."""

    def __init__(self, run: Run, layout: Layout, rng: Rng) -> None:
        self.run, self.layout, self.rng = run, layout, rng
        self.names: Sequence[str] = layout.details["names"]
        self.passes: Sequence[tuple[float, float]] = layout.details["passes"]
        self.counting = [i for i, ticket in enumerate(run.tickets) if ticket.counts(run.rules)]
        self.course = [run.tickets[i].operation for i in self.counting]
        totals = totals_of(run.start, self.course)
        assert totals is not None
        self.totals = totals

    def all(self) -> Iterable[Question]:
        count = len(self.counting)
        yield self.whole("total", self.totals[-1], count, reasoning="infer")
        yield self.counted()
        kind, line, place = self.run.aside
        if kind == "after":
            yield self.whole("after", line, place, {"number": place}, reasoning="infer")
        elif kind == "peak":
            yield self.whole("peak", line, count, reasoning="infer")
        else:
            yield self.whole("crossing", place, place, {"line": line}, reasoning="explain")
        number, loss = self.run.missed
        yield self.whole("without", loss, count, {"number": number}, reasoning="counterfactual")
        yield self.forecast()

    def counted(self) -> Question:
        every = range(len(self.run.tickets))
        steps = [self.seen(i) for i in every]
        steps.append(Step(kind="infer", claim=f"counted({len(self.counting)})", needs=tuple(every)))
        return self.question(
            "counted", len(self.counting), every, steps, reasoning="recall", skills=("count", "rule"),
            domain=tuple(self.run.domains["counted"]),
        )  # fmt: skip

    def forecast(self) -> Question:
        """The total after two more: as many possible answers as totals, and as likely."""
        add, times = self.rng.integer(1, 9), self.rng.integer(2, 3)
        added = Operation("+", add), Operation("×", times)
        more = self.rng.shuffled(added)
        ends = [totals_of(end, more) for end in self.run.domains["total"]]
        domain = tuple(totals[-1] for totals in ends if totals is not None)
        answer = totals_of(self.totals[-1], more)
        assert answer is not None and len(domain) == len(ends)
        slots: dict[str, JsonValue] = {"first": str(more[0]), "second": str(more[1])}
        return self.whole(
            "forecast", answer[-1], len(self.counting), slots, reasoning="predict", domain=domain
        )  # fmt: skip

    def whole(
        self,
        kind: str,
        answer: int,
        count: int,
        slots: dict[str, JsonValue] | None = None,
        **more: Any,
    ) -> Question:
        """A question that takes the running total after each of the first so many tickets that count."""
        last = self.counting[count - 1]
        watched = range(last + 1)
        steps = [Step(kind="perceive", claim=f"start({self.run.start})", time=0.5), *(self.seen(i) for i in watched)]
        totals = [0]
        for i in watched:
            if i in self.counting[:count]:
                number = self.counting.index(i) + 1
                steps.append(
                    Step(kind="infer", claim=f"total({number}, {self.totals[number]})", needs=(totals[-1], i + 1))
                )
                totals.append(len(steps) - 1)
        needs = tuple(totals) if kind in ("peak", "crossing") else (totals[-1],)
        steps.append(Step(kind="infer", claim=f"{kind}({answer})", needs=needs))
        more = {"domain": tuple(self.run.domains.get(kind, ()))} | more
        return self.question(kind, answer, watched, steps, slots, skills=("arithmetic", "rule"), **more)

    def seen(self, i: int) -> Step:
        """That a ticket is read, and does or does not count."""
        what = "counts" if i in self.counting else "does_not_count"
        return Step(
            kind="perceive", claim=f"{what}({self.run.tickets[i].text})", time=round(self.passes[i][0] + 0.3, 3)
        )

    def question(
        self,
        kind: str,
        answer: int,
        watched: Sequence[int],
        steps: Sequence[Step],
        slots: dict[str, JsonValue] | None = None,
        **more: Any,
    ) -> Question:
        looks = [Evidence(start=0.0, end=self.layout.details["dark"], objects=("start number", "sign"))]
        looks += [Evidence(start=self.passes[i][0], end=self.passes[i][1], objects=(self.names[i],)) for i in watched]
        given: dict[str, JsonValue] = {"noun": self.layout.details["noun"]}
        return Question(
            kind=kind, answer=answer, format=Integer(), slots=given | (slots or {}), evidence=tuple(looks), steps=tuple(steps),
            min_frames=len(looks), min_fps=self.layout.details["rate"], **more,
        )  # fmt: skip
