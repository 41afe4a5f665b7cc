"""What is asked about who lit which lamp."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.temporal._acts import ordinal
from generators.temporal._points_show import COME
from generators.temporal._points_world import LAMPS, Course, run
from morse.errors import Rejected
from morse.grounding import boxes_by_second, seconds_to_ask
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Boxes, Choice, Evidence, Integer, Permutation, Question, Span, Step, Text
from morse.seeding import Rng

LISTED = 3
"""How many people are put in order."""
TIMES = 2
"""How often the question about the latest to light a lamp is asked in a clip."""


class Asking:
    """The questions of a clip. Raises :class:`~morse.errors.Rejected` where one cannot be asked."""

    def __init__(self, course: Course, layout: Layout, rng: Rng) -> None:
        self.course, self.layout, self.rng = course, layout, rng
        self.at: list[float] = layout.details["presses"]
        self.lit: list[tuple[float, float]] = layout.details["lit"]
        self.lamps = [press.lamp for press in course.presses]
        self.vocabulary = tuple(f"lamp {letter}" for letter in course.params.lamps)

    def all(self) -> Iterable[Question]:
        yield self.who()
        yield from self.latest()
        yield self.lamps_lit()
        yield self.order()
        yield self.lit_span()
        yield self.where_lit()
        yield self.without()
        yield self.next()

    def who(self) -> Question:
        """Whose press made a lamp light, one that lights more than once if there is one."""
        i = self.rng.choice(
            [n for n, lamp in enumerate(self.lamps) if self.lamps.count(lamp) > 1] or range(len(self.lamps))
        )
        number = self.lamps[: i + 1].count(self.lamps[i])
        key = self.course.presses[i].who
        others = self.rng.shuffled([name for name in self.course.people if name != key])
        form, letter, values = pose_choice(self.rng, key, others)
        alike = [n for n in range(i + 1) if self.lamps[n] == self.lamps[i]]
        return self.question(
            "who", letter, form, alike, self.lamp(self.lamps[i]) | {"number": number, "nth": ordinal(number)},
            reasoning="explain", skills=("cause", "count"), option_values=values,
        )  # fmt: skip

    def latest(self) -> Iterable[Question]:
        """Who lit a lamp most recently, at two times after it was lit by two people; no hand is seen then, nor halfway up to
        then, and no lamp is lit."""
        for lamp in self.rng.shuffled(sorted(set(self.lamps))):
            own = [i for i, other in enumerate(self.lamps) if other == lamp]
            times = {i: self.quiet(i, min([n for n in own if n > i], default=len(self.lamps))) for i in own}
            whos = {i: self.course.presses[i].who for i in own if times[i]}
            pairs = [(i, j) for i in whos for j in whos if i < j and whos[i] != whos[j]]
            if pairs:
                break
        else:
            raise Rejected("no lamp is lit by two people")
        options = self.rng.shuffled(self.course.people)
        form = Choice(options=tuple(options))
        for i in self.rng.choice(pairs):
            yield self.question(
                "latest", form.letters[options.index(whos[i])], form, [n for n in own if n <= i], self.lamp(lamp),
                reasoning="explain", skills=("cause", "streaming"), asked_at=self.rng.choice(times[i]),
                option_values=tuple(options),
            )  # fmt: skip

    def quiet(self, first: int, until: int) -> list[float]:
        """Times after some presses (from the first, up to the last one before ``until``) at which to ask."""
        after = [end + wait for _, end in self.lit[first:until] for wait in (0.15, 0.25, 0.35, 0.45)]
        hands = [(at - COME, at + 0.9 + COME) for at in self.at]
        hands += [(event.start, event.end) for event in self.layout.events if event.kind == "turns back"]
        return [round(at, 3) for at in after if not any(a <= at / 2 <= b for a, b in hands)]

    def lamps_lit(self) -> Question:
        who, count = self.course.lit
        return self.question(
            "lamps_lit", count, Integer(), self.by(who), {"who": who}, reasoning="infer", skills=("cause", "count"),
            domain=tuple(self.course.params.counts),
        )  # fmt: skip

    def order(self) -> Question:
        """By the first or by the last time that each of some people lit a lamp."""
        way = self.rng.choice(("first", "last"))
        listed = self.rng.sample(self.course.people, LISTED)
        at = {who: self.by(who)[0 if way == "first" else -1] for who in listed}
        ranked = sorted(listed, key=lambda who: at[who])
        answer: list[JsonValue] = [listed.index(who) + 1 for who in ranked]
        slots: dict[str, JsonValue] = {"people": [*listed], "way": way}
        return self.question(
            "order", answer, Permutation(size=LISTED), sorted(at.values()), slots, reasoning="infer", skills=("order",)
        )

    def lit_span(self) -> Question:
        """When the lamp was lit that somebody's n-th press lit; one in four asks for a press that there never was."""
        form, more = Span(may_abstain=True), {"reasoning": "explain", "skills": ("grounding", "cause"), "chance": 0.25}
        who, number = self.course.listed
        own = self.by(who)
        slots: dict[str, JsonValue] = {"who": who, "number": number, "nth": ordinal(number)}
        if number > len(own):
            return self.question("lit_span", None, form, own, slots, **more)
        return self.question("lit_span", [*self.lit[own[number - 1]]], form, own[:number], slots, **more)

    def where_lit(self) -> Question:
        """Where the lamp is that somebody's n-th press lit, while it was lit: of the one that is asked for in time, or of the last."""
        who, number = self.course.listed
        own = self.by(who)
        number = min(number, len(own))
        i = own[number - 1]
        seconds, named = seconds_to_ask(*self.lit[i])
        slots: dict[str, JsonValue] = {"who": who, "number": number, "nth": ordinal(number), "seconds": [*named]}
        boxes = boxes_by_second(self.layout.scene, f"lamp {self.lamps[i]}", seconds)
        return self.question(
            "where_lit", boxes, Boxes(), own[:number], slots, reasoning="explain", skills=("grounding", "cause"), chance=0.0
        )  # fmt: skip

    def by(self, who: str) -> list[int]:
        """The numbers of somebody's presses."""
        return [i for i, press in enumerate(self.course.presses) if press.who == who]

    def without(self) -> Question:
        i, j = self.course.without
        presses = self.course.presses
        switches = [press.switch for press in presses]
        other = run(self.course.down, self.course.params.layers, [*switches[:i], *switches[i + 1 :]])
        slots: dict[str, JsonValue] = {"missing": i + 1, "later": j + 1, "who": presses[i].who, "other": presses[j].who}
        slots |= {"nth": self.nth(i), "other_nth": self.nth(j)}
        return self.question(
            "without", f"lamp {LAMPS[other[j - 1][-1]]}", Text(vocabulary=self.vocabulary, noun="lamp"), range(j + 1),
            slots, reasoning="counterfactual", skills=("state tracking", "cause"), domain=self.vocabulary,
        )  # fmt: skip

    def next(self) -> Question:
        switches = [press.switch for press in self.course.presses]
        after = run(self.course.down, self.course.params.layers, [*switches, *self.course.next])
        top = self.course.next[-1]
        able = self.vocabulary[top : top + self.course.params.layers + 1]
        slots: dict[str, JsonValue] = {"switches": [f"switch {'ABC'[switch]}" for switch in self.course.next]}
        return self.question(
            "next", f"lamp {LAMPS[after[-1][-1]]}", Text(vocabulary=able, noun="lamp"), range(len(switches)), slots,
            reasoning="predict", skills=("state tracking", "prediction"), domain=able,
        )  # fmt: skip

    def nth(self, i: int) -> str:
        """The how-many-th press of somebody a press is."""
        who = self.course.presses[i].who
        return ordinal(sum(press.who == who for press in self.course.presses[: i + 1]))

    def lamp(self, letter: str) -> dict[str, JsonValue]:
        return {"lamp": f"lamp {letter}"}

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        watched: Sequence[int],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        """Evidence is each press that is to be seen, and the lamp that it lights; and the points where these matter."""
        steps, looks = [], []
        if kind in ("without", "next"):
            shown = next(event for event in self.layout.events if event.kind == "points shown")
            looks.append(Evidence(start=shown.start, end=shown.end))
            steps.append(Step(kind="perceive", claim="points shown()", time=round(shown.start + 1.0, 3)))
        for i in watched:
            press, (start, end) = self.course.presses[i], self.lit[i]
            looks.append(Evidence(start=self.at[i], end=round(self.at[i] + 0.9, 3), objects=(press.who,)))
            looks.append(Evidence(start=start, end=end, objects=(f"lamp {press.lamp}",)))
            steps.append(
                Step(kind="perceive", claim=f"presses({press.who}, switch {'ABC'[press.switch]})", time=self.at[i])
            )
            steps.append(Step(kind="perceive", claim=f"lights(lamp {press.lamp})", time=start))
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks),
            steps=concluding(steps, f"{kind}: {answer}"), **({"min_frames": max(2, 2 * len(watched)), "min_fps": 2.0} | more),
        )  # fmt: skip
