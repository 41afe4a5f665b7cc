"""What is asked about texts that come and go."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from pydantic import JsonValue

from generators.temporal._acts import ordinal
from generators.temporal._text_world import CHARACTERS, CONTAINING, MARKS, PREFIX, WAYS, Item, Stream
from morse.errors import Rejected
from morse.grounding import boxes_by_second, plain_seconds
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Boxes, Choice, Evidence, Integer, Question, Set, Span, Step, Text
from morse.schema import Sequence as Row
from morse.seeding import Rng

READ = "read"
"""The skill of questions that ask what is written in the clip; the answers of those are measured by their tokens too."""


EDGE = 0.3
"""Seconds at both ends of a text's stay in which it may still be coming or going."""


class Asking:
    """The questions of a clip. Raises :class:`~morse.errors.Rejected` where one cannot be asked."""

    def __init__(self, stream: Stream, layout: Layout, rng: Rng) -> None:
        self.stream, self.layout, self.rng = stream, layout, rng
        self.items = stream.items
        self.plain = [item for item in stream.items if item.later is None]
        """Texts that can be named by what they read."""

    def all(self) -> Iterable[Question]:
        yield self.read()
        yield self.backwards()
        yield self.in_order()
        yield self.read_all()
        yield self.nth()
        yield self.within()
        yield self.together()
        yield self.when()
        if (where_text := self.where_text()) is not None:
            yield where_text
        yield self.moves()
        yield self.beside()
        yield self.longest()
        yield self.containing()
        yield from self.about_edits()
        yield from self.gone()
        yield self.completes()

    # ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self) -> Question:
        number, item = self.numbered("read")
        return self.characters("read", item.reads, number, self.items[:number], "recall")

    def backwards(self) -> Question:
        number, item = self.numbered("backwards")
        return self.characters("backwards", item.reads[::-1], number, self.items[:number], "infer")

    def characters(self, kind: str, answer: str, number: int, seen: Sequence[Item], reasoning: Any) -> Question:
        """An answer that is written out, character by character."""
        form = Row(vocabulary=tuple(CHARACTERS), noun="character", length=len(answer))
        given: dict[str, JsonValue] = {"nth": ordinal(number), "number": number}
        return self.question(
            kind, [*answer], form, seen, given, reasoning=reasoning, skills=(READ, "order"), chance=0.0
        )  # fmt: skip

    def in_order(self) -> Question:
        """The characters of a text, sorted: the options are those of four texts, so that none looks likelier."""
        rng = self.rng.fork("in_order")
        number, item = self.numbered("in_order")
        others = rng.shuffled([other for other in self.items if other is not item])
        form, letter, values = pose_choice(rng, _sorted(item.reads), [_sorted(other.reads) for other in others])
        return self.question(
            "in_order", letter, form, self.items[:number], {"nth": ordinal(number), "number": number},
            reasoning="infer", skills=(READ, "sort"), option_values=values,
        )  # fmt: skip

    def read_all(self) -> Question:
        """Each text that was shown stands beside one that was not."""
        rng = self.rng.fork("read_all")
        pairs = [
            (item.reads, wrong)
            for item, wrong in zip(self.items, self.stream.misread, strict=True)
            if item.later is None
        ]
        vocabulary = tuple(rng.shuffled([text for pair in pairs for text in pair]))
        answer: list[JsonValue] = [*sorted(text for text, _ in pairs)]
        return self.question(
            "read_all", answer, Set(vocabulary=vocabulary, noun="text"), self.plain, {}, reasoning="recall",
            skills=(READ,), chance=0.5 ** len(pairs),
        )  # fmt: skip

    # ── when ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def nth(self) -> Question:
        number, item = self.numbered("nth", self.plain)
        rng = self.rng.fork("nth options")
        others = sorted(
            (other for other in self.plain if other is not item), key=lambda other: abs(other.start - item.start)
        )
        near = rng.sample(others[:5], 3)
        form, letter, values = pose_choice(rng, item.reads, [other.reads for other in near])
        return self.question(
            "nth", letter, form, self.items[:number], {"nth": ordinal(number), "number": number}, reasoning="recall",
            skills=(READ, "order"), option_values=values,
        )  # fmt: skip

    def within(self) -> Question:
        start, end = self.stream.window
        seen = [item for item in self.plain if item.seen_in(start, end)]
        return self.some("within", seen, self.plain, {"start": f"{start:.1f}", "end": f"{end:.1f}"}, "recall")

    def together(self) -> Question:
        """Which texts were there at the same time as one of them, where that is clear of all."""
        rng = self.rng.fork("together")
        for item in rng.shuffled(self.plain):
            others = [other for other in self.plain if other is not item]
            seen = [other.seen_in(item.start, item.end) for other in others]
            if item.way != "covered" and None not in seen and 1 <= seen.count(True) < len(others):
                there = [other for other, there in zip(others, seen, strict=True) if there]
                return self.some("together", there, others, {"text": item.reads}, "infer", item)
        raise Rejected("no text of which it is clear which others are there")

    def some(
        self,
        kind: str,
        there: Sequence[Item],
        of: Sequence[Item],
        slots: dict[str, JsonValue],
        reasoning: Any,
        *also: Item,
    ) -> Question:
        vocabulary = tuple(self.rng.fork(f"{kind} words").shuffled([item.reads for item in of]))
        answer: list[JsonValue] = [*sorted(item.reads for item in there)]
        return self.question(
            kind, answer, Set(vocabulary=vocabulary, noun="text"), [*also, *there], slots, reasoning=reasoning,
            skills=(READ, "time"), chance=0.5 ** len(vocabulary),
        )  # fmt: skip

    def when(self) -> Question:
        """One in four asks for a text that was never shown."""
        rng = self.rng.fork("when")
        never = rng.steady("when").chance(0.25)
        item = rng.choice([item for item in self.plain if item.way == "pops" or item.moves])
        text = self.stream.misread[self.items.index(item)] if never else item.reads
        answer: JsonValue = None if never else [item.start, item.end]
        return self.question(
            "when", answer, Span(may_abstain=True), [item], {"text": text}, reasoning="recall",
            skills=("grounding", "time"), chance=0.25,
        )  # fmt: skip

    def where_text(self) -> Question | None:
        """Where a text is that moves, second by second."""
        for item in self.rng.fork("where").shuffled([item for item in self.plain if item.moves]):
            seconds = plain_seconds(item.start, item.end, EDGE)
            if len(seconds) >= 2:
                return self.question(
                    "where_text", boxes_by_second(self.layout.scene, item.reads, seconds), Boxes(), [item],
                    {"text": item.reads}, reasoning="recall", skills=("grounding", READ), chance=0.0,
                )  # fmt: skip
        return None

    def longest(self) -> Question:
        rng = self.rng.fork("longest")
        item = max(self.plain, key=lambda item: item.end - item.start)
        others = rng.sample([other for other in self.plain if other is not item], 3)
        form, letter, values = pose_choice(rng, item.reads, [other.reads for other in others])
        return self.question(
            "longest", letter, form, [item, *others], {}, reasoning="infer", skills=("duration", READ),
            option_values=values,
        )  # fmt: skip

    def gone(self) -> Iterable[Question]:
        """The same question at several times, with the same options."""
        four = [self.items[i] for i in self.stream.options]
        form = Choice(options=tuple(item.reads for item in four))
        for at in self.stream.moments:
            over = [item for item in four if item.end < at]
            last = max(over, key=lambda item: item.end)
            yield self.question(
                "gone", form.letters[four.index(last)], form, over, {}, reasoning="infer", asked_at=at,
                skills=("order", "streaming", READ), option_values=tuple(form.options),
            )  # fmt: skip

    # ── where ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def moves(self) -> Question:
        item = self.rng.fork("moves").choice([item for item in self.plain if item.way == self.stream.way])
        return self.question(
            "moves", item.way, Text(vocabulary=WAYS, noun="direction"), [item], {"text": item.reads},
            reasoning="recall", skills=("motion", READ), domain=WAYS,
        )  # fmt: skip

    def beside(self) -> Question:
        there = [item for item in self.plain if item.mark == self.stream.mark and item.way != "covered"]
        item = self.rng.fork("beside").choice(there)
        return self.question(
            "beside", item.mark, Text(vocabulary=MARKS, noun="mark"), [item], {"text": item.reads}, reasoning="recall",
            skills=("place", READ), domain=MARKS, min_frames=1,
        )  # fmt: skip

    # ── what it says ────────────────────────────────────────────────────────────────────────────────────────────────

    def containing(self) -> Question:
        character = self.stream.character
        count = sum(character in item.reads for item in self.items)
        return self.question(
            "containing", count, Integer(), self.items, {"character": character}, reasoning="infer",
            skills=(READ, "count"), domain=tuple(CONTAINING),
        )  # fmt: skip

    def about_edits(self) -> Iterable[Question]:
        """Which text is edited, how, and what it would read without that."""
        rng = self.rng.fork("edits")
        one, other = rng.sample([item for item in self.items if item.later is not None], 2)
        near = rng.sample(self.plain, 3)
        form, letter, values = pose_choice(rng, one.reads, [item.reads for item in near])
        yield self.question(
            "edited", letter, form, [one, *near], {}, reasoning="infer", skills=("change", READ), option_values=values
        )  # fmt: skip
        old, new = next((a, b) for a, b in zip(one.reads, one.later or "", strict=True) if a != b)
        kept = rng.choice([c for c in one.reads if c != old])
        never = rng.choice([c for c in CHARACTERS if c not in (*one.reads, new)])
        form, letter, values = pose_choice(
            rng, [old, new], [[old, never], [kept, new], [kept, never]], wording=_becomes
        )  # fmt: skip
        yield self.question(
            "change", letter, form, [one], {"text": one.reads}, reasoning="recall", skills=("change", READ),
            option_values=values,
        )  # fmt: skip
        number = self.items.index(other) + 1
        yield self.characters("unedited", other.reads, number, self.items[:number], "counterfactual")

    def completes(self) -> Question:
        """Options begin with what is typed and are the four combinations of two characters at two other places."""
        rng = self.rng.fork("completes")
        text = self.items[self.stream.typed].reads
        unused = [c for c in CHARACTERS if c not in text]
        if len(text) - PREFIX >= 2:
            a, b = sorted(rng.sample(range(PREFIX, len(text)), 2))
            x, y = rng.sample(unused, 2)
            near = [_with(text, {a: x}), _with(text, {b: y}), _with(text, {a: x, b: y})]
        else:
            near = [_with(text, {len(text) - 1: c}) for c in rng.sample(unused, 3)]
        form, letter, values = pose_choice(rng, text, near)
        typed = Evidence(start=self.stream.typing, end=self.layout.duration, objects=("line",))
        return self.question(
            "completes", letter, form, [self.items[self.stream.typed]], {"start": text[:PREFIX]}, reasoning="predict",
            skills=("memory", READ), option_values=values, also=(typed,),
        )  # fmt: skip

    def numbered(self, what: str, of: Sequence[Item] | None = None) -> tuple[int, Item]:
        """One of the texts but the first two and the last, and its number."""
        item = self.rng.fork(what).choice([item for item in of or self.items if item in self.items[2:-1]])
        return self.items.index(item) + 1, item

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        seen: Sequence[Item],
        slots: dict[str, JsonValue],
        also: tuple[Evidence, ...] = (),
        **more: Any,
    ) -> Question:
        """Evidence is each text to be read; of an edited one both readings."""
        looks, steps = [], []
        until = more.get("asked_at") or self.layout.duration
        for item in sorted(seen, key=lambda item: item.start):
            objects = (item.reads, item.mark) if kind == "beside" else (item.reads,)
            edges = [item.start, item.edit, item.end] if item.later is not None else [item.start, item.end]
            looks += [Evidence(start=a, end=min(b, until), objects=objects) for a, b in pairwise(edges) if a < until]
            steps.append(Step(kind="perceive", claim=f"text({item.reads})", time=item.start))
            if item.later is not None:
                steps.append(Step(kind="perceive", claim=f"edit({item.reads}, {item.later})", time=item.edit))
        more = {"min_frames": max(2, len(looks) + len(also))} | more
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=(*looks, *also),
            steps=concluding(steps, f"{kind}: {answer}"), **more,
        )  # fmt: skip


def _sorted(text: str) -> str:
    """Digits from the smallest, then letters by the alphabet."""
    return "".join(sorted(text, key=CHARACTERS.index))


def _with(text: str, changes: dict[int, str]) -> str:
    return "".join(changes.get(i, character) for i, character in enumerate(text))


def _becomes(pair: JsonValue) -> str:
    assert isinstance(pair, list)
    return f"{pair[0]} becomes {pair[1]}"
