"""What is asked of bodies in motion."""

from collections.abc import Sequence
from typing import Any

from pydantic import JsonValue

from generators.physical._motion_board import SEEN
from generators.physical._motions import LAWS, MARKS, ORDERED, RATIOS, Motions
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import Event, Evidence, Integer, Permutation, Question, Step, Text
from morse.seeding import Rng

FPS = 5.0
"""The coarsest rate at which the fastest swings are followed."""
SLOW_FPS = 3.0
"""The coarsest rate at which the body is followed about its dot."""
WORDS = {
    "spring": "a pull towards the dot that grows with the distance from it",
    "gravity": "a pull towards the dot that falls off with the square of the distance from it",
    "magnet": "a push of the same strength always straight across the way it goes",
}


class Asking:
    """Makes the questions of a clip."""

    def __init__(self, motions: Motions, layout: Layout) -> None:
        self.motions, self.layout = motions, layout
        self.released = {event.objects[0]: event for event in layout.events if event.kind == "release"}
        self.rested = {event.objects[0]: event for event in layout.events if event.kind == "rest"}

    def all(self, rng: Rng) -> list[Question]:
        return [
            self.law(rng.fork("law")),
            self.where(),
            self.graph(rng.fork("graph")),
            self.swings(),
            self.twice(rng.fork("twice")),
            self.ratio(rng.fork("ratio")),
            self.order(),
        ]

    def law(self, rng: Rng) -> Question:
        law = self.motions.orbit.law
        others: list[JsonValue] = [other for other in rng.shuffled(LAWS) if other != law]
        form, letter, values = pose_choice(rng, law, others, len(LAWS), wording=lambda one: WORDS[str(one)])
        end = round(self.layout.details["orbit"] - 0.4, 3)
        return Question(
            kind="law",
            format=form,
            answer=letter,
            option_values=values,
            evidence=(Evidence(start=SEEN, end=end, objects=("body", "dot")),),
            steps=concluding([Step(kind="perceive", claim="round(body, dot)", time=end / 2)], f"law({law})"),
            reasoning="explain",
            skills=("force", "orbit"),
            min_fps=SLOW_FPS,
        )

    def where(self) -> Question:
        motions = self.motions
        key = motions.marks[(motions.first + motions.wanted.on) % MARKS]
        cut, letters = motions.cut, tuple(sorted(motions.marks))
        at = Evidence(start=round(cut - 0.6, 3), end=cut, objects=tuple(f"mark {letter}" for letter in letters))
        steps = [Step(kind="perceive", claim=f"at({motions.marks[motions.first]})", time=cut)]
        return Question(
            kind="where",
            slots={"seconds": motions.wanted.ahead},
            format=Text(vocabulary=letters, noun="letter"),
            answer=key,
            domain=letters,
            asked_at=cut,
            evidence=(Evidence(start=SEEN, end=cut, objects=("body",)), at),
            steps=concluding(steps, f"at({key})"),
            reasoning="predict",
            skills=("orbit", "prediction"),
            min_fps=SLOW_FPS,
        )

    def graph(self, rng: Rng) -> Question:
        motions = self.motions
        right = motions.right + 1
        wrong: list[JsonValue] = [number for number in range(1, len(motions.graphs) + 1) if number != right]
        form, letter, values = pose_choice(rng, right, wrong, wording=lambda number: f"graph {number}")
        start, end = self.layout.details["graphs"]
        shown = Evidence(
            start=round(start + 0.4, 3), end=round(end - 0.4, 3), objects=tuple(f"graph {i}" for i in (right, *wrong))
        )
        return self.question(
            "graph",
            [motions.graphed],
            f"graph({right})",
            evidence=(shown,),
            slots={"puck": motions.pucks[motions.graphed].letter},
            format=form,
            answer=letter,
            option_values=values,
            reasoning="infer",
            skills=("graph", "oscillation"),
        )

    def swings(self) -> Question:
        puck = self.motions.pucks[self.motions.counted]
        return self.question(
            "swings",
            [self.motions.counted],
            f"swings({puck.letter}, {puck.swings})",
            slots={"puck": puck.letter},
            format=Integer(),
            answer=puck.swings,
            domain=self.motions.swings,
            reasoning="recall",
            skills=("oscillation", "counting"),
        )

    def twice(self, rng: Rng) -> Question:
        """Half the friction, or a start from twice as far, doubles the number of swings."""
        puck = self.motions.pucks[self.motions.counted]
        change = rng.choice(("half the friction", "twice as far"))
        return self.question(
            "twice",
            [self.motions.counted],
            f"swings_then({puck.letter}, {2 * puck.swings})",
            slots={"puck": puck.letter, "change": change},
            format=Integer(),
            answer=2 * puck.swings,
            domain=tuple(2 * number for number in self.motions.swings),
            reasoning="counterfactual",
            skills=("friction", "oscillation"),
        )

    def ratio(self, rng: Rng) -> Question:
        one, other = self.motions.compared
        names = [self.motions.pucks[i].letter for i in (one, other)]
        key: JsonValue = [*self.motions.wanted.ratio]
        others: list[JsonValue] = [[*ratio] for ratio in RATIOS if [*ratio] != key]
        form, letter, values = pose_choice(rng, key, others, len(RATIOS), wording=_ratio)
        return self.question(
            "ratio",
            [one, other],
            f"ratio({names[0]}, {names[1]}, {_ratio(key)})",
            slots={"one": names[0], "other": names[1]},
            format=form,
            answer=letter,
            option_values=values,
            reasoning="infer",
            skills=("frequency", "compare"),
        )

    def order(self) -> Question:
        chosen = self.motions.ordered
        names = [self.motions.pucks[i].letter for i in chosen]
        answer = sorted(range(1, ORDERED + 1), key=lambda i: self.rested[f"puck {names[i - 1]}"].start)
        return self.question(
            "order",
            chosen,
            f"rest_in_order({', '.join(names[i - 1] for i in answer)})",
            slots={"pucks": [*names]},
            format=Permutation(size=ORDERED),
            answer=[*answer],
            reasoning="recall",
            skills=("order", "friction"),
        )

    def question(
        self, kind: str, pucks: Sequence[int], claim: str, evidence: Sequence[Evidence] = (), **rest: Any
    ) -> Question:
        """A question that rests on some pucks' motions, from their release until they rest."""
        names = [f"puck {self.motions.pucks[i].letter}" for i in pucks]
        spans = [
            Evidence(start=self.released[n].start, end=round(self.rested[n].start + 0.4, 3), objects=(n,))
            for n in names
        ]
        seen: list[Event] = sorted((self.rested[name] for name in names), key=lambda event: event.start)
        steps = [Step(kind="perceive", claim=event.claim, time=event.start) for event in seen]
        return Question(
            kind=kind, evidence=(*evidence, *spans), steps=concluding(steps, claim), min_fps=FPS, **rest
        )  # fmt: skip


def _ratio(value: JsonValue) -> str:
    assert isinstance(value, list)
    return f"{value[0]} : {value[1]}"
