"""What is asked about persons and their moods."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.abstract._faces_show import ASKED_AFTER, FELT, GONE
from generators.abstract._faces_world import CHANGES, ITEMS, MOODS, Deed, Story, changes
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Event, Evidence, Integer, Question, Span, Step, Text
from morse.seeding import Rng

RATE = 2.0
"""Moods hold, and things are seen, for more than half a second."""


def ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ending}"


def deed_words(item: str, doer: str, who: str) -> str:
    return f"{doer} {ITEMS[item].format(who=who)}"


class Asking:
    """The questions of a clip."""

    def __init__(self, story: Story, layout: Layout, rng: Rng) -> None:
        self.story, self.layout, self.rng = story, layout, rng
        self.does: list[Event] = [event for event in layout.events if event.kind == "does"]
        self.every = range(len(story.deeds))

    def all(self) -> Iterable[Question]:
        yield self.felt()
        yield self.caused()
        yield self.odd()
        yield self.by_whom()
        yield self.changed()
        yield self.instead()
        yield self.next()
        yield from self.latest()
        yield self.spanned()

    def felt(self) -> Question:
        """All moods are equally likely: which one a person's habit is, is drawn at random."""
        deed = self.story.deeds[self.story.felt]
        own = [i for i in self.of(deed.target) if i <= self.story.felt]
        slots: dict[str, JsonValue] = {"who": deed.target, "number": len(own), "nth": ordinal(len(own))}
        return self.mood("felt", deed.mood, own, slots, "recall", skills=("memory", "emotion"))

    def caused(self) -> Question:
        """Two things and two doers, all four together: none stands out."""
        number, item, doer = self.story.caused
        deed = self.story.deeds[number]
        turned = [i for i, mood in self.story.course(deed.target) if mood == deed.mood and i <= number]
        key: list[JsonValue] = [deed.item, deed.doer]
        near: list[JsonValue] = [[deed.item, doer], [item, deed.doer], [item, doer]]
        form, letter, values = pose_choice(
            self.rng.fork("caused"), key, near, wording=lambda value: deed_words(*value, deed.target)  # type: ignore[misc]
        )  # fmt: skip
        slots: dict[str, JsonValue] = {
            "who": deed.target, "mood": deed.mood, "number": len(turned), "nth": ordinal(len(turned)),
        }  # fmt: skip
        own = [i for i in self.of(deed.target) if i <= number]
        return self.question(
            "caused", letter, form, own, slots, option_values=values, reasoning="explain", skills=("cause", "emotion")
        )

    def odd(self) -> Question:
        """One of all persons, or none: all equally likely."""
        vocabulary = (*self.story.persons, "none")
        answer = "none" if self.story.odd is None else self.story.deeds[self.story.odd].target
        return self.question(
            "odd", answer, Text(vocabulary=vocabulary, noun="name"), self.every, {}, domain=vocabulary, reasoning="infer",
            skills=("induction", "odd one out"),
        )  # fmt: skip

    def by_whom(self) -> Question:
        return self.person("by_whom", self.story.by_doer, self.every, "infer", skills=("induction",))

    def changed(self) -> Question:
        who, most = self.story.counted, self.story.params.deeds
        return self.question(
            "changed", len(self.story.course(who)), Integer(), self.of(who), {"who": who},
            domain=tuple(range(most - CHANGES + 1, most + 1)), reasoning="recall", skills=("count", "emotion"),
        )  # fmt: skip

    def instead(self) -> Question:
        """What never happened to a person, but can be told by the person's habit."""
        return self.foretold("instead", self.story.instead, self.of(self.story.instead.target), "counterfactual")

    def next(self) -> Question:
        own = self.of(self.story.last.target)
        return self.foretold("next", self.story.last, [*own, len(self.story.deeds)], "predict")

    def foretold(self, kind: str, deed: Deed, watched: Sequence[int], reasoning: Any) -> Question:
        slots: dict[str, JsonValue] = {
            "who": deed.target, "doer": deed.doer, "item": deed.item, "deed": deed_words(deed.item, deed.doer, deed.target)
        }  # fmt: skip
        return self.mood(kind, deed.mood, watched, slots, reasoning, skills=("induction", "emotion"))

    def latest(self) -> Iterable[Question]:
        """The same question at three times."""
        for number in self.story.asked:
            done = self.story.deeds[: number + 1]
            last, who = max((changes(done, who)[-1][0], who) for who in self.story.persons if changes(done, who))
            at = round(self.layout.details["starts"][number] + GONE + ASKED_AFTER, 3)
            watched = range(max(0, last - 1), number + 1)
            yield self.person("latest", who, watched, "recall", asked_at=at, skills=("memory", "streaming"))

    def spanned(self) -> Question:
        """One in four is of a mood that never came."""
        who, mood, came = self.story.spanned
        answer: JsonValue = None
        watched = self.of(who)
        if came:
            course = self.story.course(who)
            place = next(i for i, (_, own) in enumerate(course) if own == mood)
            first, then = course[place][0], course[place + 1][0]
            answer = [round(self.layout.details["starts"][i] + FELT, 3) for i in (first, then)]
            watched = [i for i in watched if first <= i <= then]
        return self.question(
            "spanned", answer, Span(may_abstain=True), watched, {"who": who, "mood": mood}, reasoning="recall",
            skills=("grounding", "time"), chance=0.25,
        )  # fmt: skip

    def of(self, who: str) -> list[int]:
        """The numbers of the deeds that are done to a person."""
        return [i for i, deed in enumerate(self.story.deeds) if deed.target == who]

    def mood(
        self, kind: str, mood: str, watched: Sequence[int], slots: dict[str, JsonValue], reasoning: Any, **more: Any
    ) -> Question:
        form = Text(vocabulary=MOODS, noun="mood")
        return self.question(kind, mood, form, watched, slots, domain=MOODS, reasoning=reasoning, **more)

    def person(self, kind: str, who: str, watched: Sequence[int], reasoning: Any, **more: Any) -> Question:
        form = Text(vocabulary=self.story.persons, noun="name")
        return self.question(kind, who, form, watched, {}, domain=self.story.persons, reasoning=reasoning, **more)

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        watched: Sequence[int],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        """Evidence is each deed to be watched, with the thing and the face that may change."""
        deeds = [*self.story.deeds, self.story.last]
        looks, steps = [], []
        for number in watched:
            event, deed = self.does[number], deeds[number]
            looks.append(Evidence(start=event.start, end=event.end, objects=(event.objects[0], deed.target)))
            mood = deed.mood if number < len(self.story.deeds) else "?"
            steps.append(
                Step(kind="perceive", claim=f"{deed.item}({deed.doer}, {deed.target}, {mood})", time=event.end)
            )
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks), steps=concluding(steps, f"{kind}: {answer}"),
            min_frames=len(looks) + 1, min_fps=RATE, **more,
        )  # fmt: skip
