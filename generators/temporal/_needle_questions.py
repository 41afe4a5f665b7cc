"""What is asked about needles in a stream."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.temporal._acts import ordinal
from generators.temporal._needle_world import GAPS, NUMBERS, SLIDE, Card, Stream
from morse.grounding import boxes_by_second, plain_seconds
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Boolean, Boxes, Choice, Evidence, Integer, Question, Span, Step, Text
from morse.seeding import Rng
from morse.stage.marks import MARKS

MISSING = 0.2
"""How often a question is about a number card that is never shown."""
TIMES = 2
"""How often the question about the latest card is asked in a clip."""
CLEAR = 1.5
"""Seconds between two moments of which one is said to be earlier, at least."""


class Asking:
    """The questions of a clip; one that cannot be asked there is left out."""

    def __init__(self, stream: Stream, layout: Layout, rng: Rng) -> None:
        self.stream, self.layout, self.rng = stream, layout, rng
        self.cards, self.passes = stream.cards, stream.passes
        self.names = dict(zip(stream.cards, layout.details["names"], strict=True))
        self.numbered = stream.numbered()
        self.by_mark = {card.mark: card for card in self.numbered}

    def all(self) -> Iterable[Question]:
        yield self.number_on()
        yield self.card_span()
        if (passing := self.passing()) is not None:
            yield passing
        yield self.neighbour()
        if (where_pass := self.where_pass()) is not None:
            yield where_pass
        yield self.nth_card()
        yield self.how_many()
        yield self.difference()
        yield self.led_to()
        if (came_first := self.came_first()) is not None:
            yield came_first
        yield from self.latest()
        yield self.never_up()

    def number_on(self) -> Question:
        more = {"reasoning": "recall", "skills": ("reading", "retrieval")}
        form = Integer(may_abstain=True)
        if self.rng.steady("number on").chance(MISSING):
            return self.never("number_on", form, **more)
        card = self.by_mark[self.stream.asked]
        return self.question(
            "number_on", int(card.text), form, [card], [], {"mark": card.mark}, min_frames=1, chance=MISSING, **more
        )  # fmt: skip

    def card_span(self) -> Question:
        more = {"reasoning": "recall", "skills": ("grounding", "retrieval")}
        form = Span(may_abstain=True)
        if self.rng.steady("card span").chance(MISSING):
            return self.never("card_span", form, **more)
        card = self.rng.choice(self.numbered)
        return self.question(
            "card_span", [card.start, card.end], form, [card], [], {"mark": card.mark}, chance=MISSING, **more
        )  # fmt: skip

    def passing(self) -> Question | None:
        """Who was on the road when a card came, where nobody was coming or going just then."""
        plain = []
        for card in self.numbered:
            here = [i for i, one in enumerate(self.passes) if one.start + SLIDE <= card.start <= one.end - SLIDE - 0.2]
            plain += [(card, here[0])] if here else []
        if not plain:
            return None
        card, i = self.rng.choice(plain)
        form, letter, values = self.whos(i)
        return self.question(
            "passing", letter, form, [card], [i], {"mark": card.mark}, reasoning="recall", option_values=values,
            min_frames=1, skills=("retrieval", "simultaneity"),
        )  # fmt: skip

    def neighbour(self) -> Question:
        """Who came just before or just after the one that passes once."""
        way, i = self.rng.choice(("after", "before")), self.stream.alone
        key = i + 1 if way == "after" else i - 1
        form, letter, values = self.whos(key, but=i)
        return self.question(
            "neighbour", letter, form, [], sorted((i, key)), {"who": self.passes[i].who, "way": way}, reasoning="recall",
            option_values=values, skills=("retrieval", "order"),
        )  # fmt: skip

    def where_pass(self) -> Question | None:
        """Where one that passes once is while it stays, second by second."""
        one = self.passes[self.stream.alone]
        seconds = plain_seconds(one.start, one.end, SLIDE + 0.1)
        if not seconds:
            return None
        return self.question(
            "where_pass", boxes_by_second(self.layout.scene, one.who, seconds), Boxes(), [], [self.stream.alone],
            {"who": one.who}, reasoning="recall", skills=("grounding", "retrieval"), chance=0.0,
        )  # fmt: skip

    def whos(self, key: int, but: int | None = None) -> tuple[Choice, str, tuple[JsonValue, ...]]:
        """Options: the one in a place, and others that pass near it (and where these are too few, others like them)."""
        near = [i for d in (1, 2, 3) for i in (key - d, key + d) if 0 <= i < len(self.passes)]
        avoid = [self.passes[i].who for i in (key, but) if i is not None]
        others = self.rng.shuffled([self.passes[i].who for i in near])
        parts = [one.who.split() for one in self.passes]
        never = self.rng.shuffled(sorted({f"{a[0]} {b[1]}" for a in parts for b in parts}))
        misses = [who for who in (*others, *never) if who not in avoid]
        return pose_choice(self.rng, avoid[0], misses, wording=_the)

    def nth_card(self) -> Question:
        number = self.rng.integer(2, len(self.numbered))
        return self.question(
            "nth_card", self.numbered[number - 1].mark, _marks(), self.numbered[:number], [],
            {"number": number, "nth": ordinal(number)}, reasoning="recall", skills=("retrieval", "count"),
            min_frames=number, domain=tuple(MARKS),
        )  # fmt: skip

    def how_many(self) -> Question:
        figure, count = self.stream.rare
        own = [i for i, one in enumerate(self.passes) if one.who.split()[0] == figure]
        return self.question(
            "how_many", count, Integer(), [], own, {"figure": figure}, reasoning="recall", skills=("count",),
            domain=tuple(self.stream.params.counts),
        )  # fmt: skip

    def difference(self) -> Question:
        one, other = (self.by_mark[mark] for mark in self.rng.shuffled(self.stream.pair))
        return self.question(
            "difference", abs(int(one.text) - int(other.text)), Integer(), [one, other], [],
            {"mark": one.mark, "other": other.mark}, reasoning="infer", skills=("reading", "arithmetic"),
            domain=tuple(GAPS),
        )  # fmt: skip

    def led_to(self) -> Question:
        """The number on the card that has the mark of the round one."""
        sign = next(card for card in self.cards if card.kind == "round")
        card = self.by_mark[sign.mark]
        return self.question(
            "led_to", int(card.text), Integer(), [sign, card], [], {}, reasoning="infer", skills=("reading", "multi-hop"),
            domain=tuple(NUMBERS),
        )  # fmt: skip

    def came_first(self) -> Question | None:
        """Whether one that passes once came before a card, where either answer could have been asked for."""
        times = Counter(one.who for one in self.passes)
        able: dict[bool, list[tuple[int, Card]]] = {True: [], False: []}
        for i, one in enumerate(self.passes):
            for card in self.numbered if times[one.who] == 1 else ():
                if abs(card.start - one.start) >= CLEAR:
                    able[one.start < card.start].append((i, card))
        if not all(able.values()):
            return None
        yes = self.rng.steady("came first").chance(0.5)
        i, card = self.rng.choice(able[yes])
        return self.question(
            "came_first", yes, Boolean(), [card], [i], {"mark": card.mark, "who": self.passes[i].who}, reasoning="infer",
            skills=("order",),
        )  # fmt: skip

    def latest(self) -> Iterable[Question]:
        """The same question at two times, with the same options; the board is empty then, and halfway up to then it shows no
        number."""
        asked = []
        for i, card in enumerate(self.numbered):
            until = self.numbered[i + 1].start - 0.3 if i + 1 < len(self.numbered) else self.layout.duration - 0.2
            first = card.end + 0.3
            times = [first + (until - first) * self.rng.unit() for _ in range(60)] if until > first else []
            at = next((round(t, 3) for t in times if empty(self.cards, t) and empty(self.numbered, t / 2)), None)
            asked += [] if at is None else [(at, card)]
        if len(asked) < TIMES:  # to reject the clip would favour some places of the cards over others
            return
        asked = sorted(self.rng.sample(asked, TIMES))
        numbers = [int(card.text) for _, card in asked]
        others = [int(card.text) for card in self.numbered if int(card.text) not in numbers]
        others += self.rng.sample([n for n in NUMBERS if n not in numbers + others], 4)
        options = self.rng.shuffled([*numbers, *others[: 4 - len(numbers)]])
        form = Choice(options=tuple(map(str, options)))
        for at, card in asked:
            yield self.question(
                "latest", form.letters[options.index(int(card.text))], form, [card], [], {}, asked_at=at,
                option_values=tuple(options), reasoning="recall", skills=("retrieval", "streaming"),
            )  # fmt: skip

    def never_up(self) -> Question:
        """Which card would come n-th without an earlier one (or that one itself)."""
        number = self.rng.integer(1, len(self.numbered) - 1)
        left_out = self.rng.choice(self.numbered[:number])
        return self.question(
            "never_up", self.numbered[number].mark, _marks(), self.numbered[: number + 1], [],
            {"mark": left_out.mark, "number": number, "nth": ordinal(number)}, reasoning="counterfactual",
            skills=("order", "count"), domain=tuple(MARKS),
        )  # fmt: skip

    def never(self, kind: str, form: AnswerFormat, **more: Any) -> Question:
        """A question about a number card that is never shown."""
        mark = self.stream.missing
        step = Step(kind="perceive", claim=f"never(number, {mark})", time=self.layout.duration)
        return Question(
            kind=kind, answer=None, format=form, slots={"mark": mark}, steps=(step,), min_frames=len(self.cards) + 1,
            evidence=(Evidence(start=0.0, end=self.layout.duration),), min_fps=1.0, chance=MISSING, **more,
        )  # fmt: skip

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        cards: Sequence[Card],
        passes: Sequence[int],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        """Evidence is each card and each pass that is to be seen."""
        looks = [
            (card.start, card.end, self.names[card], f"shows({', '.join(filter(None, card[:3]))})") for card in cards
        ]
        looks += [
            (one.start, one.end, one.who, f"passes({one.who})") for one in (self.passes[i] for i in passes)
        ]  # fmt: skip
        looks.sort()
        steps = [Step(kind="perceive", claim=claim, time=round(start + 0.6, 3)) for start, _, _, claim in looks]
        evidence = tuple(Evidence(start=start, end=end, objects=(name,)) for start, end, name, _ in looks)
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=evidence,
            steps=concluding(steps, f"{kind}: {answer}"), **({"min_frames": max(2, len(looks)), "min_fps": 1.0} | more),
        )  # fmt: skip


def empty(cards: Iterable[Card], at: float) -> bool:
    """Whether the board shows none of some cards at a time."""
    return all(at < card.start - 0.15 or at > card.end + 0.15 for card in cards)


def _marks() -> Text:
    return Text(vocabulary=tuple(MARKS), noun="mark")


def _the(who: JsonValue) -> str:
    figure, mark = str(who).split()
    return f"the {figure} with the {mark}"
