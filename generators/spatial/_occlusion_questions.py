"""What is asked about figures that go behind screens."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.spatial._occlusion_world import KINDS, MOST_HIDDEN, OUT, Place, Walk, Walks
from morse.errors import Rejected
from morse.grounding import boxes_by_second, plain_seconds
from morse.layout import Layout
from morse.options import pose_choice
from morse.schema import AnswerFormat, Boxes, Choice, Evidence, Integer, Question, Span, Step, Text
from morse.schema import Sequence as SequenceFormat
from morse.seeding import Rng

TIMES = (2, 3)
"""How often it is asked who is out of sight now, at least and at most."""
TRIES = 6
SURE = 0.3
"""Seconds by which a moment lies away from whatever begins or ends to be hidden."""
EDGE = 0.4
"""Seconds after which one that comes out is to be seen whole."""
MOST_SECONDS = 16
DID = {
    "passes": "it went straight on without stopping",
    "waits": "it stopped for a while and then went on",
    "turns": "it turned round and came back",
}


class Asking:
    """The questions of a clip. Raises :class:`Rejected` where one cannot be asked."""

    def __init__(self, walks: Walks, layout: Layout, rng: Rng) -> None:
        self.walks, self.layout, self.rng = walks, layout, rng
        self.marks, self.field = walks.marks, walks.field
        self.vocabulary = tuple(sorted(walks.marks))
        self.names: list[str] = layout.details["names"]
        self.straight = [walk for walk in walks.walks if walk.kind == "passes" and not walk.bulge]

    def all(self) -> Iterable[Question]:
        yield from self.hidden_now()
        yield self.ringed()
        yield self.most_hidden()
        yield self.order_out()
        yield self.when_hidden()
        yield self.where_out()
        yield self.times_hidden()
        yield self.did()
        yield self.next_place()
        yield self.not_turned()

    def hidden_now(self) -> Iterable[Question]:
        """At several times at which just one is out of sight, with one list of options."""
        moments = []
        for walk in self.walks.walks:
            others = [other for other in self.walks.walks if other is not walk]
            for _ in range(TRIES):
                at = round(self.rng.uniform(walk.hidden[0] + 2 * SURE, walk.hidden[1] - SURE), 3)
                if all(at < other.hidden[0] - SURE or at > other.hidden[1] + SURE for other in others):
                    moments.append((at, walk))
                    break
        if len(moments) < TIMES[0]:
            raise Rejected("seldom just one out of sight")
        options = tuple(self.rng.shuffled(self.marks))
        form = Choice(options=tuple(_the(mark) for mark in options))
        for at, walk in sorted(self.rng.sample(moments, min(len(moments), TIMES[1]))):
            letter = form.letters[options.index(self.marks[walk.figure])]
            before = [other for other in self.walks.of(walk.figure) if other.begin < at]
            yield self.question(
                "hidden_now", letter, form, (walk.figure,), before, {}, asked_at=at, option_values=options,
                reasoning="infer", skills=("tracking", "streaming"),
            )  # fmt: skip

    def ringed(self) -> Question:
        figure = self.layout.details["ringed"]
        ring = Evidence(start=self.layout.details["ring"], end=self.walks.duration, objects=(self.names[figure],))
        form = Text(vocabulary=self.vocabulary, noun="mark")
        return self.question(
            "ringed", self.marks[figure], form, (figure,), self.walks.of(figure), {}, more=(ring,), domain=self.vocabulary,
            reasoning="infer", skills=("tracking",),
        )  # fmt: skip

    def most_hidden(self) -> Question:
        return self.question(
            "most_hidden", self.walks.most, Integer(), (), self.walks.walks, {}, domain=MOST_HIDDEN, reasoning="recall",
            skills=("count", "simultaneity"),
        )  # fmt: skip

    def order_out(self) -> Question:
        last = sorted(self.walks.walks, key=lambda walk: walk.hidden[1])[-OUT:]
        order: list[JsonValue] = [self.marks[walk.figure] for walk in last]
        figures = sorted({walk.figure for walk in last})
        watched = [walk for walk in self.walks.walks if walk.figure in figures]
        form = SequenceFormat(vocabulary=self.vocabulary, noun="mark", length=OUT)
        return self.question(
            "order_out", order, form, figures, watched, {"count": OUT}, reasoning="recall", skills=("tracking", "order"),
            chance=1 / len(self.marks) ** OUT,
        )  # fmt: skip

    def when_hidden(self) -> Question:
        """One in five asks for a figure that never was."""
        never = self.rng.steady("when hidden").chance(0.2)
        figures = [f for f in range(len(self.marks)) if bool(self.walks.of(f)) != never]
        if not figures:
            raise Rejected("everybody is hidden once")
        figure = self.rng.choice(figures)
        own = self.walks.of(figure)
        answer: JsonValue = [round(time, 3) for time in own[-1].hidden] if own else None
        rest = () if own else (Evidence(start=0.0, end=self.walks.duration, objects=(self.names[figure],)),)
        return self.question(
            "when_hidden", answer, Span(may_abstain=True), (figure,), own, {"mark": self.marks[figure]}, more=rest,
            reasoning="recall", skills=("grounding", "time", "tracking"), chance=0.2,
        )  # fmt: skip

    def where_out(self) -> Question:
        """Where one is from its last coming out to the end."""
        for figure in self.rng.fork("where").shuffled(range(len(self.marks))):
            own = self.walks.of(figure)
            seconds = plain_seconds(own[-1].hidden[1], self.walks.duration, EDGE) if own else []
            if 2 <= len(seconds) <= MOST_SECONDS:
                boxes = boxes_by_second(self.layout.scene, self.names[figure], seconds)
                return self.question(
                    "where_out", boxes, Boxes(), (figure,), own, {"mark": self.marks[figure]}, reasoning="infer",
                    chance=0.0, skills=("grounding", "tracking"),
                )  # fmt: skip
        raise Rejected("nobody comes out late")

    def times_hidden(self) -> Question:
        often = self.walks.often
        fit = [figure for figure in range(len(self.marks)) if len(self.walks.of(figure)) == often]
        if not fit:
            raise Rejected("nobody out of sight so often")
        figure = self.rng.choice(fit)
        return self.question(
            "times_hidden", often, Integer(), (figure,), self.walks.of(figure), {"mark": self.marks[figure]},
            domain=tuple(self.walks.params.counts), reasoning="infer", skills=("tracking", "count"),
        )  # fmt: skip

    def did(self) -> Question:
        """What one did behind a screen, from when and where it came out."""
        fit = [walk for walk in self.walks.walks if walk.kind == self.walks.did and not walk.bulge]
        if not fit:
            raise Rejected("nobody does what is asked for")
        walk = self.rng.choice(fit)
        own = self.walks.of(walk.figure)
        number = own.index(walk) + 1
        form, letter, values = pose_choice(
            self.rng, walk.kind, [kind for kind in KINDS if kind != walk.kind], len(KINDS), wording=lambda kind: DID[str(kind)]
        )  # fmt: skip
        slots: dict[str, JsonValue] = {"mark": self.marks[walk.figure], "number": number}
        return self.question(
            "did", letter, form, (walk.figure,), own[:number], slots, option_values=values, reasoning="explain",
            skills=("cause", "tracking"),
        )  # fmt: skip

    def next_place(self) -> Question:
        """One is out of sight and goes straight on: to which place?"""
        for walk in self.rng.fork("next").shuffled(self.straight):
            at = round(self.rng.uniform(walk.hidden[0] + 2 * SURE, walk.hidden[1] - SURE), 3)
            free = self.free(walk, at)
            if len(free) == 2 and all(abs(at - edge) > SURE for other in self.walks.walks for edge in other.hidden):
                own = [other for other in self.walks.of(walk.figure) if other.begin < at]
                return self.place("next_place", walk, free, own, "predict", {"mark": self.marks[walk.figure]}, at)
        raise Rejected("nobody whose way can be foretold")

    def not_turned(self) -> Question:
        """The last that turned back: to which place would it have come?"""
        turned = [walk for walk in self.walks.walks if walk.kind == "turns"]
        if not turned:
            raise Rejected("nobody turns back")
        free = self.free(turned[-1], turned[-1].begin)
        if len(free) < 2:
            raise Rejected("too few free places")
        return self.place("not_turned", turned[-1], free, turned, "counterfactual", {}, None)

    def free(self, walk: Walk, at: float) -> list[Place]:
        """Two other places in the column that a figure is headed for on which nobody stands; fewer where there are not so many."""
        resting = self.walks.resting(at)
        own = [
            place
            for place in self.field.places
            if place.column == walk.goal.column and place not in (*resting, walk.goal)
        ]
        return self.rng.sample(own, 2) if len(own) > 1 and walk.goal not in resting else []

    def place(
        self,
        kind: str,
        walk: Walk,
        others: Sequence[Place],
        watched: Sequence[Walk],
        reasoning: Any,
        slots: dict[str, JsonValue],
        at: float | None,
    ) -> Question:
        number = self.field.number
        form, letter, values = pose_choice(
            self.rng, number(walk.goal), [number(place) for place in others], 3, wording=lambda value: f"place {value}"
        )
        seen = (walk.figure,) if slots else ()
        return self.question(
            kind, letter, form, seen, watched, slots, asked_at=at, option_values=values, reasoning=reasoning,
            skills=("extrapolation", "tracking"),
        )  # fmt: skip

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        marked: Sequence[int],
        watched: Sequence[Walk],
        slots: dict[str, JsonValue],
        *,
        more: tuple[Evidence, ...] = (),
        asked_at: float | None = None,
        **rest: Any,
    ) -> Question:
        """Evidence is the marks of some figures, as they are seen at first, each walk, and what else is given."""
        end = self.walks.duration if asked_at is None else asked_at
        looks, steps = [], []
        for figure in marked:
            until, name = self.layout.details["unmarked"], self.names[figure]
            looks.append(Evidence(start=0.0, end=until, objects=(name,)))
            place = self.field.number(self.walks.first[figure])
            steps.append(Step(kind="perceive", claim=f"at({self.marks[figure]}, {place})", time=until))
        for walk in watched:
            over = min(end, round(walk.end + SURE, 3))
            looks.append(Evidence(start=round(walk.begin - SURE, 3), end=over, objects=(self.names[walk.figure],)))
            steps.append(Step(kind="perceive", claim=self.claim(walk), time=round(walk.hidden[0], 3)))
            if len(steps) > 1:
                steps.append(
                    Step(kind="infer", claim=f"followed {self.claim(walk)}", needs=(len(steps) - 2, len(steps) - 1))
                )
        for look in more:
            looks.append(look)
            steps.append(Step(kind="perceive", claim=f"seen({', '.join(look.objects)})", time=look.start))
            steps.append(Step(kind="infer", claim="this is the one", needs=(len(steps) - 2, len(steps) - 1)))
        steps.append(Step(kind="infer", claim=f"{kind}: {answer}", needs=(len(steps) - 1,)))
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks), steps=tuple(steps), min_fps=3.0,
            min_frames=max(2, len(looks)), asked_at=asked_at, **rest,
        )  # fmt: skip

    def claim(self, walk: Walk) -> str:
        return f"hides({self.marks[walk.figure]})"


def _the(mark: JsonValue) -> str:
    return f"the {mark}"
