"""What is asked about overlapping events."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any

from pydantic import JsonValue

from generators.temporal._acts import RELATIONS, Stay, allen, last_of, ordinal, times_to_ask
from generators.temporal._cards import ACTIONS, RAMP
from morse.captions import SKILL as CAPTION
from morse.captions import drawn
from morse.errors import Rejected
from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Layout
from morse.options import pose_choice, pose_multi_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Boxes, Choice, Evidence, Integer, Permutation, Question, Span, Step
from morse.seeding import Rng

WORDS = {
    "before": "X is over some time before Y begins",
    "after": "Y is over some time before X begins",
    "meets": "Y begins at the very moment at which X ends",
    "met by": "X begins at the very moment at which Y ends",
    "overlaps": "X begins first and ends first, Y begins in between",
    "overlapped by": "Y begins first and ends first, X begins in between",
    "during": "Y begins before X and ends after X",
    "contains": "X begins before Y and ends after Y",
    "starts": "both begin together, X ends first",
    "started by": "both begin together, Y ends first",
    "finishes": "both end together, Y begins first",
    "finished by": "both end together, X begins first",
    "equal": "both begin together and both end together",
}
CLEAR = tuple(
    name for name in RELATIONS if name in ("before", "after", "overlaps", "overlapped by", "during", "contains")
)
"""Relations in which no two ends fall on one moment."""
LEAST_SECONDS = 2
"""In how many whole seconds something must be seen for which it is asked where it is."""
TIMES = (2, 3)
"""How often the question about the last one to come to rest is asked in a clip: at least, and at most."""


@dataclass(frozen=True)
class Course:
    """What happens in so many moments an act (the stays in the order of beginning), and what is asked of it.

    ``pair``: two in a wanted relation. ``counted``: an action, and how often it occurs, out of ``counts``. ``span``: one to be
    found in time, or (``absent``) a card and an action that never meet. ``listed``: how many are to be put in order.
    """

    cards: tuple[str, ...]
    stays: tuple[Stay, ...]
    ticks: int
    decoys: int
    counts: range
    listed: int
    pair: tuple[int, int]
    counted: tuple[str, int]
    span: int
    absent: tuple[str, str] | None


def once(stays: Sequence[Stay]) -> list[int]:
    """Those that a card and an action name alone."""
    names = Counter(stay[:2] for stay in stays)
    return [i for i, stay in enumerate(stays) if names[stay[:2]] == 1]


def moment(stay: Stay, by_end: bool) -> int:
    return stay.end if by_end else stay.start


class Asking:
    """The questions of a clip. Raises :class:`Rejected` where one cannot be asked."""

    def __init__(self, course: Course, layout: Layout, rng: Rng) -> None:
        self.course, self.layout, self.rng = course, layout, rng
        self.stays, self.times = course.stays, layout.details["times"]
        self.spans = [(self.times[stay.start], self.times[stay.end]) for stay in self.stays]
        self.single = once(self.stays)

    def all(self) -> Iterable[Question]:
        yield self.relation()
        yield self.order()
        yield self.nth_event()
        yield self.where_nth()
        if (caption := self.caption()) is not None:
            yield caption
        yield self.overlapping()
        yield self.action_count()
        yield self.event_span()
        if (shared := self.shared_span()) is not None:
            yield shared
        yield from self.last_ended()
        yield self.shifted()

    def relation(self) -> Question:
        i, j = self.course.pair
        key = allen(self.stays[i][2:], self.stays[j][2:])
        return self.related(
            "relation", key, RELATIONS, [i, j], {"x": self.name(i), "y": self.name(j)}, reasoning="infer"
        )

    def order(self) -> Question:
        by_end = self.rng.chance(0.5)
        chosen: list[int] = []
        for i in self.rng.shuffled(self.single):
            if moment(self.stays[i], by_end) not in [moment(self.stays[j], by_end) for j in chosen]:
                chosen.append(i)
        chosen = chosen[: self.course.listed]
        if len(chosen) < self.course.listed:
            raise Rejected("too few events to put in order")
        ranked = sorted(chosen, key=lambda i: moment(self.stays[i], by_end))
        answer: list[JsonValue] = [chosen.index(i) + 1 for i in ranked]
        slots: dict[str, JsonValue] = {"events": [self.name(i) for i in chosen], "way": "end" if by_end else "begin"}
        form = Permutation(size=len(chosen))
        return self.question("order", answer, form, ranked, slots, reasoning="infer", skills=("order",))

    def where_nth(self) -> Question:
        """Where the card is that begins as the n-th, for as long as what it does goes on."""
        moments = [stay.start for stay in self.stays]
        first = min(moments)
        alone = [i for i, at in enumerate(moments) if moments.count(at) == 1 and at > first]
        for i in self.rng.fork("where").shuffled(alone):
            seconds = whole_seconds(*self.spans[i], margin=2 * RAMP)
            if len(seconds) >= LEAST_SECONDS:
                until = [j for j, at in enumerate(moments) if at <= moments[i]]
                boxes = boxes_by_second(self.layout.scene, self.stays[i].who, seconds)
                slots: dict[str, JsonValue] = {"number": len(until), "seconds": [*seconds]}
                return self.question(
                    "where_nth", boxes, Boxes(), until, slots, reasoning="recall", skills=("order", "grounding"), chance=0.0
                )  # fmt: skip
        raise Rejected("no event alone at its beginning for long")

    def nth_event(self) -> Question:
        by_end = self.rng.chance(0.5)
        moments = [moment(stay, by_end) for stay in self.stays]
        alone = [i for i in self.single if moments.count(moments[i]) == 1 and moments[i] > min(moments)]
        if not alone:
            raise Rejected("no event alone at its moment")
        i = self.rng.choice(alone)
        near = self.rng.sample([j for j in self.single if j != i], 3)
        form, letter, values = pose_choice(self.rng, self.name(i), [self.name(j) for j in near])
        until = [j for j, at in enumerate(moments) if at <= moments[i]]
        slots: dict[str, JsonValue] = {"number": len(until), "way": "end" if by_end else "begin"}
        return self.question(
            "nth_event", letter, form, until, slots, reasoning="recall", skills=("order", "count"), option_values=values
        )  # fmt: skip

    def caption(self) -> Question | None:
        deeds = [((stay.who, stay.what), start) for stay, (start, _) in zip(self.stays, self.spans, strict=True)]
        six = drawn(self.rng.fork("caption"), deeds, ACTIONS)
        if six is None:
            return None
        form, letter, values = pose_choice(self.rng.fork("captions"), six[0], six[1:], 6, wording=_told)
        names = [(str(who), str(what)) for who, what in six[0]]  # type: ignore[misc]
        watched = [i for i, stay in enumerate(self.stays) if stay[:2] in names]
        return self.question(
            "caption", letter, form, watched, {}, reasoning="recall", skills=(CAPTION, "order"), option_values=values
        )  # fmt: skip

    def overlapping(self) -> Question:
        """All sets of right options but none and all are equally likely."""
        count = self.rng.steady("overlapping").weighted((1, 2, 3), (4, 6, 4))
        for i in self.rng.shuffled(self.single):
            lie = {j: allen(self.stays[j][2:], self.stays[i][2:]) for j in self.single if j != i}
            apart = [j for j, relation in lie.items() if relation in ("before", "after")]
            shared = [j for j, relation in lie.items() if j not in apart and relation not in ("meets", "met by")]
            if len(shared) >= count and len(apart) >= 4 - count:
                right, wrong = self.rng.sample(shared, count), self.rng.sample(apart, 4 - count)
                names = [self.name(j) for j in right], [self.name(j) for j in wrong]
                form, letters, values = pose_multi_choice(self.rng, *names)
                return self.question(
                    "overlapping", letters, form, [i, *right, *wrong], {"x": self.name(i)}, reasoning="infer",
                    skills=("simultaneity",), option_values=values, chance=round(1 / 14, 4),
                )  # fmt: skip
        raise Rejected("no event that so many share time with")

    def action_count(self) -> Question:
        what, count = self.course.counted
        every = [i for i, stay in enumerate(self.stays) if stay.what == what]
        return self.question(
            "action_count", count, Integer(), every, {"what": what}, reasoning="recall", skills=("count",),
            domain=tuple(self.course.counts),
        )  # fmt: skip

    def event_span(self) -> Question:
        """One in four asks for something that never happened."""
        i = self.course.span
        form, more = Span(may_abstain=True), {"reasoning": "recall", "skills": ("grounding", "time")}
        if self.course.absent is not None:
            card, what = self.course.absent
            slots: dict[str, JsonValue] = {"x": f"the {card} is {what}", "card": card, "what": what, "number": 1}
            look = Evidence(start=0.0, end=self.layout.duration, objects=(card,))
            steps = (Step(kind="perceive", claim=f"never {what}({card})", time=self.layout.duration),)
            return Question(
                kind="event_span", answer=None, format=form, slots=slots, evidence=(look,), steps=steps, chance=0.25,
                min_frames=len(self.stays) + 1, reasoning="recall", skills=("grounding", "time"),
            )  # fmt: skip
        alike = [j for j, stay in enumerate(self.stays) if stay[:2] == self.stays[i][:2]]
        number = alike.index(i) + 1
        slots = {"x": self.name(i), "card": self.stays[i].who, "what": self.stays[i].what}
        slots["number"] = number
        return self.question("event_span", [*self.spans[i]], form, alike[:number], slots, chance=0.25, **more)

    def shared_span(self) -> Question | None:
        pairs = [
            (i, j)
            for i, j in permutations(self.single, 2)
            if min(self.stays[i].end, self.stays[j].end) - max(self.stays[i].start, self.stays[j].start) >= 2
        ]
        if not pairs:
            return None
        i, j = self.rng.choice(pairs)
        answer: list[JsonValue] = [max(self.spans[i][0], self.spans[j][0]), min(self.spans[i][1], self.spans[j][1])]
        slots: dict[str, JsonValue] = {"x": self.name(i), "y": self.name(j)}
        return self.question(
            "shared_span", answer, Span(), [i, j], slots, reasoning="infer", skills=("grounding", "simultaneity")
        )  # fmt: skip

    def last_ended(self) -> Iterable[Question]:
        """The same question at several times, with the same options; at none of them does a look at that time help: all that
        are listed are then at rest, and halfway up to then too."""
        own = {
            card: [span for stay, span in zip(self.stays, self.spans, strict=True) if stay.who == card]
            for card in self.course.cards
        }
        resting = {
            at: [card for card, spans in own.items() if rests(spans, at) and rests(spans, at / 2)]
            for at in (round(time + 0.5, 3) for time in self.times[2:])
        }
        for four in self.rng.shuffled([*combinations(self.course.cards, 4)])[:40]:
            cards = self.rng.shuffled(four)
            found = last_of(self.stays, self.spans, cards, resting)
            if len(found) >= TIMES[0]:
                break
        else:
            raise Rejected("too few changes of who was last")
        form = Choice(options=tuple(f"the {card}" for card in cards))
        for at, last in times_to_ask(found, TIMES[1], self.rng):
            before = [i for i, (start, _) in enumerate(self.spans) if start < at and self.stays[i].who in cards]
            yield self.question(
                "last_ended", form.letters[cards.index(self.stays[last].who)], form, before, {}, asked_at=at,
                option_values=tuple(cards), reasoning="recall", skills=("order", "streaming"),
            )  # fmt: skip

    def shifted(self) -> Question:
        """Had X begun when Z ended: the relation to Y, where that is clear although lengths are judged by eye."""
        wanted = self.rng.steady("shifted").choice(CLEAR)
        for _ in range(250):
            i, k, j = self.rng.sample(self.single, 3)
            (start, end), pivot = self.spans[i], self.spans[k][1]
            moved, fixed = (pivot, pivot + end - start), self.spans[j]
            apart = min(abs(a - b) for a in moved for b in fixed)
            if apart >= 0.75 and _clear(moved, fixed) == wanted:
                slots: dict[str, JsonValue] = {"x": self.name(i), "y": self.name(j), "z": self.name(k)}
                return self.related("shifted", wanted, CLEAR, [i, j, k], slots, reasoning="counterfactual")
        raise Rejected("no supposition as wanted")

    def related(
        self,
        kind: str,
        key: str,
        known: Sequence[str],
        watched: Sequence[int],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        near = self.rng.sample([name for name in known if name != key], 3)
        form, letter, values = pose_choice(self.rng, key, near, wording=lambda name: WORDS[str(name)])
        return self.question(
            kind, letter, form, watched, slots, option_values=values, skills=("order", "simultaneity"), **more
        )  # fmt: skip

    def name(self, i: int) -> str:
        who, what, *_ = self.stays[i]
        alike = [j for j, stay in enumerate(self.stays) if stay[:2] == (who, what)]
        return f"the {who} is {what}" + (f" for the {ordinal(alike.index(i) + 1)} time" if len(alike) > 1 else "")

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        watched: Sequence[int],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        """Evidence is each event to be watched, with some rest before and after it."""
        until = more.get("asked_at") or self.layout.duration
        watched = sorted(watched)
        looks = tuple(
            Evidence(
                start=round(max(0.0, self.spans[i][0] - 0.5), 3),
                end=round(min(until, self.spans[i][1] + 0.5), 3),
                objects=(self.stays[i].who,),
            )
            for i in watched
        )
        steps = [
            Step(kind="perceive", claim=f"{self.stays[i].what}({self.stays[i].who})", time=self.spans[i][0])
            for i in watched
        ]
        slots = {"cards": [*self.course.cards], **slots}
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=looks, steps=concluding(steps, f"{kind}: {answer}"),
            min_frames=2 * len(watched), **more,
        )  # fmt: skip


def _told(caption: JsonValue) -> str:
    (who, what), (whom, doing) = caption  # type: ignore[misc]
    return f"First the {who} is {what}, later the {whom} is {doing}."


def rests(spans: Iterable[tuple[float, float]], at: float) -> bool:
    """Whether a card is clearly at rest at a time."""
    return all(at <= start - 2 * RAMP or at >= end + 2 * RAMP for start, end in spans)


def _clear(a: tuple[float, float], b: tuple[float, float]) -> str:
    """The relation of two stretches none of whose ends meet."""
    if a[1] < b[0] or b[1] < a[0]:
        return "before" if a[1] < b[0] else "after"
    if a[0] < b[0]:
        return "overlaps" if a[1] < b[1] else "contains"
    return "during" if a[1] < b[1] else "overlapped by"
