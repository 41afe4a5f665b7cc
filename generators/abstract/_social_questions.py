"""What is asked about figures that chase, help and hinder one another, and about what each believes of the ball."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from pydantic import JsonValue

from generators.abstract._social_script import ASKED, HELPED, Script, last_seen, last_shared, parted
from generators.abstract._social_viewer import LAX, STRICT, pursued
from morse.errors import Rejected
from morse.grounding import boxes_by_second, seconds_to_ask
from morse.layout import Layout
from morse.schema import (
    AnswerFormat,
    Boolean,
    Boxes,
    Event,
    Evidence,
    Integer,
    Permutation,
    Question,
    Set,
    Span,
    Step,
    Text,
)
from morse.schema import Sequence as SequenceFormat
from morse.seeding import Rng

RATE = 4.0
"""Frames a second at which it is seen who heads for whom."""
SOON = 0.3
"""Seconds after the ball is in its box at which a question is asked."""
LISTED = 4
"""How many deeds are to be put in order."""


class Asking:
    """The questions of a clip. Raises :class:`~morse.errors.Rejected` where one cannot be asked."""

    def __init__(self, script: Script, layout: Layout, rng: Rng) -> None:
        self.script, self.layout, self.rng = script, layout, rng
        self.names = script.names
        self.chases = self._of("chase")
        self.pushes = self._of("help", "hinder")
        self.puts = self._of("put")
        self.watched = script.watched()
        self.boxes = [act.box + 1 for act in script.of("put")]
        self.outside = [name for name in self.names if name not in self._inside()]

    def all(self) -> Iterable[Question]:
        yield self.chaser()
        yield self.in_turn()
        yield self.helped()
        yield self.blocker()
        yield self.turncoat()
        yield from self.chased_now()
        yield self.span()
        yield self.where()
        yield self.order()
        yield from self.thinks()
        yield self.looks()
        yield self.last()
        yield self.had()
        yield from self.believers()
        if self.script.params.minds > 1:
            yield from self.expects()

    # ── who did what ────────────────────────────────────────────────────────────────────────────────────────────────

    def chaser(self) -> Question:
        number = self.rng.fork("chaser").integer(1, len(self.chases))
        deeds = self.chases[:number]
        return self.question(
            "chaser", deeds[-1].objects[0], Text(vocabulary=self.names, noun="figure"), deeds, {"number": number},
            reasoning="recall", skills=("social perception", "order"), domain=self.names,
        )  # fmt: skip

    def in_turn(self) -> Question:
        chased: list[JsonValue] = [deed.objects[1] for deed in self.chases]
        form = SequenceFormat(vocabulary=self.names, noun="figure", length=len(chased))
        return self.question(
            "chased_in_turn", chased, form, self.chases, {"count": len(chased)}, reasoning="recall",
            skills=("social perception", "order"), chance=len(self.names) ** -len(chased),
        )  # fmt: skip

    def helped(self) -> Question:
        name, count = self.script.helper
        return self.question(
            "helped", count, Integer(), self.pushes, {"figure": name}, reasoning="infer",
            skills=("social perception", "count"), domain=HELPED,
        )  # fmt: skip

    def blocker(self) -> Question:
        deed = self.rng.fork("blocker").choice(self._of("block"))
        others = tuple(name for name in self.names if name != deed.objects[1])
        return self.question(
            "blocker", deed.objects[0], Text(vocabulary=others, noun="figure"), [deed], {"figure": deed.objects[1]},
            reasoning="explain", skills=("social perception", "intention"), domain=others,
        )  # fmt: skip

    def turncoat(self) -> Question:
        name = self.script.turncoat
        return self.question(
            "turncoat", name, Text(vocabulary=self.names, noun="figure"), self.pushes, {}, reasoning="infer",
            skills=("social perception", "compare"), domain=self.names,
        )  # fmt: skip

    def chased_now(self) -> Iterable[Question]:
        """The same question in the midst of several chases, in which the figure flees or is after another itself."""
        name, marks = self.script.pursued
        for number, flees in marks:
            deed = self.chases[number]
            when = self._plain_moment(name, deed, flees)
            seen = Evidence(start=deed.start, end=when, objects=deed.objects)
            steps = (
                Step(kind="perceive", claim=deed.claim, time=round(when - 0.2, 3)),
                Step(kind="infer", claim=f"chased({name}): {'yes' if flees else 'no'}", needs=(0,)),
            )
            yield Question(
                kind="chased_now", answer=flees, format=Boolean(), slots={"figure": name}, asked_at=when,
                reasoning="infer", skills=("social perception", "streaming"), evidence=(seen,), steps=steps,
                min_frames=3, min_fps=RATE,
            )  # fmt: skip

    def _plain_moment(self, name: str, deed: Event, flees: bool) -> float:
        """A moment of a chase at which it is as plain by a wide measure as by a narrow one whether a figure flees."""
        rng = self.rng.fork(f"moment {deed.id}")
        for _ in range(8):
            when = round(rng.uniform(deed.start + 1.6, deed.end - 0.5), 2)
            told = [pursued(self.layout.scene, self.names, name, when, measure) for measure in (STRICT, LAX)]
            if told == [flees, flees]:
                return when
        raise Rejected("no moment that is plain")

    def span(self) -> Question:
        """One in four asks for a chase that never was, but the other way round."""
        one, other, happened = self.script.told
        deeds = [deed for deed in self.chases if deed.objects == ((one, other) if happened else (other, one))]
        answer: JsonValue = [deeds[0].start, deeds[0].end] if happened else None
        return self.question(
            "chase_span", answer, Span(may_abstain=True), deeds, {"figure": one, "other": other}, reasoning="recall",
            skills=("grounding", "social perception"), chance=0.25,
        )  # fmt: skip

    def where(self) -> Question:
        """Where the pursuer, or who flees, is in the chase that is also asked for in time: it is told by its number alone."""
        pair = {*self.script.told[:2]}
        number = next(i for i, deed in enumerate(self.chases, 1) if {*deed.objects} == pair)
        deed, flees = self.chases[number - 1], self.rng.fork("where").chance(0.5)
        seconds, named = seconds_to_ask(deed.start, deed.end)
        slots: dict[str, JsonValue] = {"number": number, "flees": flees, "seconds": [*named]}
        return self.question(
            "where_chase", boxes_by_second(self.layout.scene, deed.objects[flees], seconds), Boxes(), self.chases[:number],
            slots, reasoning="recall", skills=("grounding", "social perception"), chance=0.0,
        )  # fmt: skip

    def order(self) -> Question:
        """Deeds that were done once each, one of every sort at least, in the order in which they began."""
        rng = self.rng.fork("order")
        told = [deed for deed in self.layout.events if deed.kind in ("chase", "help", "hinder", "block")]
        once = [deed for deed in told if sum(deed.claim == other.claim for other in told) == 1]
        for _ in range(60):
            deeds = sorted(rng.sample(once, min(LISTED, len(once))), key=lambda deed: deed.start)
            apart = all(b.start - a.start >= 1.5 for a, b in pairwise(deeds))
            if apart and len(deeds) == LISTED and len({deed.kind for deed in deeds}) > 2:
                break
        else:
            raise Rejected("no deeds to put in order")
        listed = rng.shuffled(deeds)
        answer: list[JsonValue] = [deeds.index(deed) + 1 for deed in listed]
        slots: dict[str, JsonValue] = {"deeds": [[deed.kind, *deed.objects] for deed in listed]}
        return self.question(
            "order", answer, Permutation(size=LISTED), deeds, slots, reasoning="recall",
            skills=("social perception", "order"),
        )  # fmt: skip

    # ── who believes what ───────────────────────────────────────────────────────────────────────────────────────────

    def thinks(self) -> Iterable[Question]:
        """The same question after several puts, of a figure that misses one of them."""
        rng = self.rng.fork("thinks")
        for _ in range(60):
            asked = sorted(rng.sample(range(len(self.puts)), ASKED))
            seen = [name for name in self.names if last_seen(name, self.watched[: asked[0] + 1]) is not None]
            seen = [name for name in seen if not all(name in there for there in self.watched[: asked[-1] + 1])]
            if seen:
                break
        else:
            raise Rejected("nobody who misses something")
        others = [name for name in seen if len({last_seen(name, self.watched[: i + 1]) for i in asked}) > 1]
        name = rng.choice(others if others and rng.chance(0.7) else seen)
        for number in asked:
            last = last_seen(name, self.watched[: number + 1])
            assert last is not None
            yield self.belief(
                "thinks", self.boxes[last], name, number + 1, {"figure": name}, reasoning="infer",
                asked_at=round(self.puts[number].end + SOON, 3),
            )  # fmt: skip

    def looks(self) -> Question:
        rng = self.rng.fork("looks")
        astray = [name for name in self.outside if self.believed(name) not in (None, self.boxes[-1])]
        right = [name for name in self.outside if self.believed(name) == self.boxes[-1]]
        some = astray if astray and (not right or rng.chance(0.75)) else right
        if not some:
            raise Rejected("nobody outside who believes anything")
        name = rng.choice(some)
        return self.belief("looks", self.believed(name), name, None, {"figure": name}, reasoning="predict")

    def last(self) -> Question:
        """Of a figure that is in the house at first and outside at the middle of the clip and at the end: no such look tells."""
        name, number = self.script.last
        line, middle = self.layout.timeline, self.layout.duration / 2
        wall = line.place("wall", middle)[0]
        if line.place(name, middle)[0] / wall > 1:
            raise Rejected("inside at the middle of the clip")
        slots: dict[str, JsonValue] = {"figure": name, "count": len(self.puts)}
        return self.belief(
            "last_seen", number, name, None, slots, reasoning="explain", domain=tuple(range(1, len(self.puts) + 1))
        )

    def had(self) -> Question:
        name, number, goes = self.script.apart
        last = last_seen(name, parted(self.script))
        assert last is not None
        return self.belief(
            "had_stayed" if goes else "had_kept_away", self.boxes[last], name, None,
            {"figure": name, "number": number}, reasoning="counterfactual",
        )  # fmt: skip

    def believers(self) -> Iterable[Question]:
        """Only those are asked about who are outside at the end."""
        rng = self.rng.fork("believers")
        there = tuple(name for name in self.outside if self.believed(name) is not None)
        if len(there) < 2:
            return
        held = sorted({self.believed(name) or 0 for name in there})
        box = rng.choice(held) if rng.chance(0.8) else rng.integer(1, self.script.params.boxes)
        believing: list[JsonValue] = [name for name in there if self.believed(name) == box]
        slots: dict[str, JsonValue] = {"figures": [*there], "box": box}
        form = Set(vocabulary=there, noun="figure")
        yield self.belief(
            "believers", believing, "", None, slots, reasoning="infer", format=form, domain=None,
            chance=1 / (2 ** len(there) - 1), who=there,
        )  # fmt: skip

    def expects(self) -> Iterable[Question]:
        """What one must take another to believe, where the other has seen more since, if there are two like that."""
        rng = self.rng.fork("expects")
        pairs = [
            (one, other)
            for one in self.names
            for other in self.names
            if one != other and last_shared(one, other, self.watched) is not None
        ]
        if not pairs:
            return
        astray = [pair for pair in pairs if self.boxes[last_shared(*pair, self.watched) or 0] != self.believed(pair[1])]
        one, other = rng.choice(astray or pairs)
        last = last_shared(one, other, self.watched)
        assert last is not None
        yield self.belief(
            "expects", self.boxes[last], one, None, {"figure": one, "other": other}, reasoning="infer",
            who=(one, other),
        )  # fmt: skip

    def believed(self, name: str) -> int | None:
        """The box in which a figure believes the ball to be at the end."""
        last = last_seen(name, self.watched)
        return None if last is None else self.boxes[last]

    def belief(
        self,
        kind: str,
        answer: JsonValue,
        name: str,
        upto: int | None,
        slots: dict[str, JsonValue],
        *,
        format: AnswerFormat | None = None,
        who: Sequence[str] | None = None,
        **more: Any,
    ) -> Question:
        """A question that takes each put so far, and whether the figures it is about are in the house then."""
        who = (name,) if who is None else who
        looks, steps = [], []
        for deed, there in zip(self.puts[:upto], self.watched[:upto], strict=True):
            looks.append(
                Evidence(start=deed.start, end=deed.end, objects=(*dict.fromkeys((*deed.objects, "ball", *who)),))
            )
            before = (len(steps) - 1,) if steps else ()
            steps.append(Step(kind="perceive", claim=deed.claim, time=deed.end))
            seeing = [f"sees({one})" for one in who if one in there] or ["sees(nobody)"]
            steps.append(Step(kind="perceive", claim=", ".join(seeing), time=deed.end))
            needs = (*before, len(steps) - 2, len(steps) - 1)
            steps.append(Step(kind="infer", claim=f"known after {len(looks)}", needs=needs))
        steps.append(Step(kind="infer", claim=f"{kind}: {answer}", needs=(len(steps) - 1,)))
        given: dict[str, Any] = {"domain": tuple(range(1, self.script.params.boxes + 1))} | more
        return Question(
            kind=kind, answer=answer, format=format or Integer(), slots=slots, skills=("theory of mind", "tracking"),
            evidence=tuple(looks), steps=tuple(steps), min_frames=len(looks) + 1, min_fps=RATE, **given,
        )  # fmt: skip

    def question(
        self, kind: str, answer: JsonValue, form: AnswerFormat, deeds: Sequence[Event], slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:  # fmt: skip
        """A question that takes some deeds, one after another."""
        looks = [Evidence(start=deed.start, end=deed.end, objects=deed.objects) for deed in deeds]
        steps: list[Step] = []
        for number, deed in enumerate(deeds, 1):
            before = (len(steps) - 1,) if steps else ()
            steps.append(Step(kind="perceive", claim=deed.claim, time=round((deed.start + deed.end) / 2, 3)))
            steps.append(Step(kind="infer", claim=f"seen: {number}", needs=(*before, len(steps) - 1)))
        steps.append(Step(kind="infer", claim=f"{kind}: {answer}", needs=(len(steps) - 1,)))
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks), steps=tuple(steps),
            min_frames=len(looks) + 1, min_fps=RATE, **more,
        )  # fmt: skip

    def _of(self, *kinds: str) -> list[Event]:
        return [event for event in self.layout.events if event.kind in kinds]

    def _inside(self) -> list[str]:
        now = [*self.script.inside]
        for act in self.script.acts:
            if act.kind == "enter":
                now.append(act.actors[0])
            elif act.kind == "leave":
                now.remove(act.actors[0])
        return now
