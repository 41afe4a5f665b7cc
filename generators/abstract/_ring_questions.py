"""What is asked about movers that go round rings."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.abstract._ring_show import FADE, PLACES, STEP, Round
from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Boxes, Evidence, Integer, Question, Span, Step, Text
from morse.seeding import Rng

WHATS = {
    "still": "stays where it is",
    "back": "goes the other way, as far as the others go",
    "double": "goes twice as far as the others, the same way",
}
"""What a mover may do instead, in the words of the questions."""
NEVER = "always goes as most of the others do"
LENGTHS = (2, 3, 4)
"""For how many beats."""


class Asking:
    """The questions of a clip."""

    def __init__(self, episode: Round, layout: Layout, rng: Rng) -> None:
        self.episode, self.rng, self.layout = episode, rng, layout
        self.who = episode.asked.who

    def all(self) -> Iterable[Question]:
        yield self.which()
        yield self.what()
        yield self.since()
        yield self.lasted()
        yield self.stray_span()
        yield self.strayed()
        yield self.would_be()
        yield self.where_odd()

    def which(self) -> Question:
        """One out of all: what it does, it does alone."""
        movers, what = self.episode.movers, self.episode.asked.what
        letters = tuple(sorted(movers))
        form = Text(vocabulary=letters, noun="letter")
        return self.question(
            "which", self.who, form, movers, {"what": WHATS[what], "short": what}, domain=letters, reasoning="infer"
        )

    def what(self) -> Question:
        """Of a mover that never strays in a quarter of all clips: every option is as likely."""
        plain = self.episode.plain
        key, who = (self.episode.asked.what, self.who) if plain is None else ("never", plain)
        others = [what for what in (*WHATS, "never") if what != key]
        form, letter, values = pose_choice(
            self.rng.fork("what"), key, others, wording=lambda what: WHATS.get(str(what), NEVER)
        )
        return self.question("what", letter, form, [who], {"who": who}, option_values=values, reasoning="recall")

    def since(self) -> Question:
        first = self.episode.asked.first
        return self.question(
            "since", first, Integer(), [self.who], {"who": self.who}, domain=tuple(self.episode.firsts), reasoning="infer"
        )  # fmt: skip

    def lasted(self) -> Question:
        beats = self.episode.asked.beats
        return self.question(
            "lasted", beats, Integer(), [self.who], {"who": self.who}, domain=LENGTHS, reasoning="infer"
        )  # fmt: skip

    def stray_span(self) -> Question:
        """From when to when one strays; in a quarter of all clips it is one that never does."""
        starts, stray, plain = self.layout.details["starts"], self.episode.asked, self.episode.plain
        last = starts[stray.first + stray.beats - 1]
        answer: JsonValue = [starts[stray.first], round(last + STEP, 3)] if plain is None else None
        who = self.who if plain is None else plain
        return self.question(
            "stray_span",
            answer,
            Span(may_abstain=True),
            self.episode.movers,
            {"who": who},
            reasoning="infer",
            chance=0.25,
        )

    def strayed(self) -> Question:
        count = len(self.episode.strays)
        return self.question(
            "strayed", count, Integer(), self.episode.movers, {}, domain=(1, 2, 3, 4), reasoning="infer"
        )  # fmt: skip

    def would_be(self) -> Question:
        start = self.episode.places[self.episode.movers.index(self.who)]
        place = PLACES[(start + sum(self.episode.rule)) % len(PLACES)]
        form = Text(vocabulary=PLACES, noun="place")
        return self.question(
            "would_be", place, form, self.episode.movers, {"who": self.who}, domain=PLACES, reasoning="counterfactual"
        )  # fmt: skip

    def where_odd(self) -> Question:
        """The one out of all, to be found in the picture at the first two whole seconds after it begins to stray."""
        details, stray = self.layout.details, self.episode.asked
        gone, back = details["pause"]
        parts = ((details["starts"][stray.first], gone), (max(back, details["starts"][stray.first]), details["over"]))
        seconds = [second for start, end in parts for second in whole_seconds(start, end)][:2]
        slots: dict[str, JsonValue] = {"what": WHATS[stray.what], "short": stray.what, "seconds": [*seconds]}
        return self.question(
            "where_odd", boxes_by_second(self.layout.scene, self.who, seconds), Boxes(), self.episode.movers, slots,
            reasoning="infer", chance=0.0,
        )  # fmt: skip

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        watched: Sequence[str],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        """Evidence is all that those movers do, before and after the break."""
        details, beats = self.layout.details, len(self.episode.rule)
        spans = ((details["come"] + FADE, details["pause"][0]), (details["pause"][1], details["over"]))
        looks = tuple(
            Evidence(start=round(start, 3), end=round(end, 3), objects=tuple(watched)) for start, end in spans
        )
        starts = details["starts"]
        steps = [
            Step(kind="perceive", claim=f"beat {n + 1}({', '.join(watched)})", time=starts[n]) for n in range(beats)
        ]
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=looks, min_frames=beats + 1,
            steps=concluding(steps, f"{kind}: {answer}"), min_fps=2.0, skills=("tracking", "odd one out"), **more,
        )  # fmt: skip
