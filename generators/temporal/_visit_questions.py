"""What is asked about creatures that come and go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pydantic import JsonValue

from generators.temporal._acts import Stay, allen, last_of, ordinal, times_to_ask
from morse.errors import Rejected
from morse.grounding import boxes_by_second, plain_seconds
from morse.layout import Layout
from morse.options import pose_choice, pose_multi_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Boxes, Choice, Evidence, Integer, Question, Span, Step
from morse.seeding import Rng
from morse.stage.marks import MARKS

RAMP = 0.24
"""Seconds in which a creature comes, or goes; a visit begins halfway through."""
EARLIER = 0.35
"""By how many seconds a creature goes before the moment at which its stay ends, so that it is gone before the next one comes."""
TIMES = (2, 3)
"""How often the question about the last one to go is asked in a clip: at least, and at most."""
NOT_TOGETHER = {"before", "after", "meets", "met by"}
LEAST_SECONDS = 2
"""In how many whole seconds something must be seen for which it is asked where it is."""
LONGER = 1.3
"""Seconds by which the one that was out longest is ahead of the others."""


@dataclass(frozen=True)
class Visits:
    """Who comes when, in so many moments an act (``what`` of a stay: at which burrow), and what is asked of it.

    ``busiest``: how many at once, at most. ``often``: (a creature, how often it comes), out of ``counts``. ``without``: (a colour,
    how many creatures there are of others). ``missing``: a colour that never comes.
    """

    whos: tuple[str, ...]
    stays: tuple[Stay, ...]
    ticks: int
    decoys: int
    at_once: int
    creatures: int
    busiest: int
    often: tuple[str, int]
    counts: range
    without: tuple[str, int]
    missing: str


def out(stay: Stay, times: Sequence[float]) -> tuple[float, float]:
    """From when to when a creature is out, given the times of the moments."""
    return times[stay.start], round(times[stay.end] - EARLIER, 3)


class Asking:
    """The questions of a clip. Raises :class:`Rejected` where one cannot be asked."""

    def __init__(self, visits: Visits, layout: Layout, rng: Rng) -> None:
        self.visits, self.layout, self.rng = visits, layout, rng
        times = layout.details["times"]
        self.stays = visits.stays
        self.spans = [out(stay, times) for stay in self.stays]

    def all(self) -> Iterable[Question]:
        every, visits = range(len(self.stays)), self.visits
        yield self.count(
            "most_at_once", visits.busiest, range(visits.at_once - 2, visits.at_once + 1), every, {}, "infer"
        )
        number = range(visits.creatures, visits.creatures + 3)
        yield self.count("different", len(visits.whos), number, every, {}, "recall")
        who, count = visits.often
        own = [i for i in every if self.stays[i].who == who]
        yield self.count("visits_of", count, visits.counts, own, {"who": who}, "recall")
        yield self.last_visit()
        yield self.where_last()
        yield self.stayed_longest()
        yield self.together()
        yield from self.last_left()
        colour, left = visits.without
        rest = range(visits.creatures - 3, visits.creatures)
        yield self.count("without_colour", left, rest, every, {"colour": colour}, "counterfactual")

    def count(
        self, kind: str, answer: int, domain: range, watched: Sequence[int], slots: dict[str, JsonValue], reasoning: Any
    ) -> Question:
        return self.question(
            kind, answer, Integer(), watched, slots, reasoning=reasoning, skills=("count",), domain=tuple(domain)
        )  # fmt: skip

    def last_visit(self) -> Question:
        """Of a colour or of one creature; one in five asks for one that never came."""
        wanted = self.rng.steady("last visit")
        colours = sorted({who.split()[0] for who in self.visits.whos})
        by_colour, never = wanted.chance(0.5), wanted.chance(0.2)
        if never:
            others = [
                f"{colour} {mark}" for colour in colours for mark in MARKS if f"{colour} {mark}" not in self.visits.whos
            ]
            who = self.visits.missing if by_colour else self.rng.choice(others)
            span = Evidence(start=0.0, end=self.layout.duration)
            step = Step(kind="perceive", claim=f"never {who}", time=self.layout.duration)
            return Question(
                kind="last_visit", answer=None, format=Span(may_abstain=True), slots={"who": who}, evidence=(span,),
                steps=(step,), chance=0.2, min_frames=2, reasoning="recall", skills=("grounding", "time"),
            )  # fmt: skip
        subjects = [*self.rng.shuffled(colours if by_colour else []), *self.rng.shuffled(self.visits.whos)]
        who = next(subject for subject in subjects if self.alone_at_last(subject))
        own = self.stays_of(who)
        last = max(own, key=lambda i: self.spans[i][1])
        return self.question(
            "last_visit", [*self.spans[last]], Span(may_abstain=True), own, {"who": who}, reasoning="recall",
            skills=("grounding", "time"), chance=0.2,
        )  # fmt: skip

    def where_last(self) -> Question:
        """Where one creature is, while it is out for the last time."""
        for who in self.rng.fork("where").shuffled(self.visits.whos):
            own = self.stays_of(who)
            seconds = plain_seconds(*self.spans[own[-1]], RAMP)
            if len(seconds) >= LEAST_SECONDS:
                boxes = boxes_by_second(self.layout.scene, who, seconds)
                return self.question(
                    "where_last", boxes, Boxes(), own, {"who": who}, reasoning="recall", chance=0.0,
                    skills=("grounding", "place"),
                )  # fmt: skip
        raise Rejected("nobody is out for long at last")

    def stays_of(self, subject: str) -> list[int]:
        """The stays of a creature, or of all of a colour."""
        return [i for i, stay in enumerate(self.stays) if subject in (stay.who, stay.who.split()[0])]

    def alone_at_last(self, subject: str) -> bool:
        """Whether all others of these stays are over when the last one begins: always so for one creature."""
        *others, last = sorted(self.stays_of(subject), key=lambda i: self.spans[i][1])
        return all(self.stays[i].end <= self.stays[last].start for i in others)

    def stayed_longest(self) -> Question:
        seconds = {who: 0.0 for who in self.visits.whos}
        for stay, (start, end) in zip(self.stays, self.spans, strict=True):
            seconds[stay.who] += end - start
        for four in self.rng.shuffled([*combinations(self.visits.whos, 4)])[:60]:
            key, second, *_ = ranked = sorted(four, key=lambda who: -seconds[who])
            if seconds[key] - seconds[second] >= LONGER:
                form, letter, values = pose_choice(self.rng, key, self.rng.shuffled(ranked[1:]), wording=_the)
                watched = [i for i, stay in enumerate(self.stays) if stay.who in four]
                return self.question(
                    "stayed_longest", letter, form, watched, {}, reasoning="infer", skills=("duration", "compare"),
                    option_values=values,
                )  # fmt: skip
        raise Rejected("nobody was out clearly longest")

    def together(self) -> Question:
        """In one visit. All sets of right options but none and all are equally likely."""
        count = self.rng.steady("together").integer(1, 2)
        for visit in self.rng.shuffled(self.stays):
            own = [stay for stay in self.stays if stay.who == visit.who]
            relations = {
                other: {allen(stay[2:], visit[2:]) for stay in self.stays if stay.who == other}
                for other in self.visits.whos
                if other != visit.who
            }
            apart = [other for other, found in relations.items() if found <= NOT_TOGETHER]
            met = [other for other in relations if other not in apart]
            if len(met) >= count and len(apart) >= 3 - count:
                right, wrong = self.rng.sample(met, count), self.rng.sample(apart, 3 - count)
                form, letters, values = pose_multi_choice(self.rng, right, wrong, wording=_the)
                number = own.index(visit) + 1
                slots: dict[str, JsonValue] = {"who": visit.who, "number": number, "visits": len(own)}
                slots["which"] = "only" if len(own) == 1 else ordinal(number)
                watched = [i for i, stay in enumerate(self.stays) if stay.who in (visit.who, *right, *wrong)]
                return self.question(
                    "together", letters, form, watched, slots, reasoning="infer", skills=("simultaneity",),
                    option_values=values, chance=round(1 / 6, 4),
                )  # fmt: skip
        raise Rejected("no visit with so many others")

    def last_left(self) -> Iterable[Question]:
        """The same question at several times, with the same options; at none of them, nor halfway up to one, is any that is
        listed to be seen."""
        own = {
            who: [s for stay, s in zip(self.stays, self.spans, strict=True) if stay.who == who]
            for who in self.visits.whos
        }
        hidden = {
            at: [who for who, spans in own.items() if _away(spans, at) and _away(spans, at / 2)]
            for at in (round(time + 0.5, 3) for time in self.layout.details["times"][2:])
        }
        for three in self.rng.shuffled([*combinations(self.visits.whos, 3)])[:60]:
            found = last_of(self.stays, self.spans, three, hidden)
            if len(found) >= TIMES[0]:
                break
        else:
            raise Rejected("too few changes of who was last to go")
        options = self.rng.shuffled(three)
        form = Choice(options=tuple(_the(who) for who in options))
        for at, last in times_to_ask(found, TIMES[1], self.rng):
            watched = [i for i, (start, _) in enumerate(self.spans) if start < at and self.stays[i].who in three]
            yield self.question(
                "last_left", form.letters[options.index(self.stays[last].who)], form, watched, {}, asked_at=at,
                option_values=tuple(options), reasoning="recall", skills=("order", "streaming"),
            )  # fmt: skip

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        watched: Sequence[int],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        """Evidence is each visit that is to be seen."""
        looks = tuple(
            Evidence(start=self.spans[i][0], end=self.spans[i][1], objects=(self.stays[i].who,))
            for i in sorted(watched)
        )
        steps = [Step(kind="perceive", claim=f"out({look.objects[0]})", time=look.start) for look in looks]
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=looks, steps=concluding(steps, f"{kind}: {answer}"),
            min_frames=max(2, len(looks)), **more,
        )  # fmt: skip


def _the(who: JsonValue) -> str:
    return f"the {who}"


def _away(spans: Sequence[tuple[float, float]], at: float) -> bool:
    return all(at <= start - RAMP or at >= end + RAMP for start, end in spans)
