"""What is asked about tones that are heard and flashes that are seen."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from generators.mathematical._tone_score import BETWEEN, Beat, Score, silences
from generators.temporal._acts import ordinal
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import HEARING, AnswerFormat, Choice, Evidence, Integer, Question, Span, Step, Text
from morse.schema import Sequence as Order
from morse.seeding import Rng

NONE = "none"


class Asking:
    """The questions of a clip. Raises :class:`~morse.errors.Rejected` where options would read the same."""

    def __init__(self, score: Score, layout: Layout, rng: Rng) -> None:
        self.score, self.layout, self.rng = score, layout, rng
        self.zero: float = layout.details["zero"]
        self.names = tuple(sorted(score.names))
        """Not in the order of their pitches."""
        self.both = [beat for beat in score.tones if beat.flash is not None]

    def all(self) -> Iterable[Question]:
        score, params = self.score, self.score.params
        yield self.whole("tones", len(score.tones), score.tones, params.tones, "recall", ("count",))
        yield self.flashes()
        yield self.whole("together", len(self.both), score.beats, params.together, "infer", ("count", "synchrony"))
        left = sum(beat.flash is not None for beat in score.tones[::2])
        yield self.whole(
            "every_second", left, score.beats, params.left, "counterfactual", ("count", "synchrony")
        )  # fmt: skip
        yield self.between()
        yield self.nth()
        yield self.tone_of()
        yield self.silent()
        yield self.highest()
        yield self.scale()
        yield self.silence()
        yield from self.next_tone()

    def flashes(self) -> Question:
        flashes = self.score.flashes
        return self.question(
            "flashes", len(flashes), Integer(), flashes, {}, reasoning="recall", skills=("count",),
            domain=tuple(self.score.params.flashes),
        )  # fmt: skip

    def whole(
        self, kind: str, answer: int, beats: Sequence[Beat], domain: range, reasoning: Any, skills: tuple[str, ...]
    ) -> Question:
        return self.question(
            kind, answer, Integer(), beats, {}, reasoning=reasoning, skills=(HEARING, *skills), domain=tuple(domain)
        )  # fmt: skip

    def between(self) -> Question:
        one, other = (self.score.flash(label) for label in self.score.between)
        assert one is not None
        assert other is not None
        beats = [beat for beat in self.score.beats if one.start <= beat.start <= other.start]
        answer = sum(beat.tone is not None for beat in beats[1:-1])
        return self.question(
            "between", answer, Integer(), beats, {"first": one.flash, "second": other.flash}, reasoning="infer",
            skills=(HEARING, "count"), domain=tuple(BETWEEN),
        )  # fmt: skip

    def nth(self) -> Question:
        number = self.score.nth
        beats = self.score.tones[:number]
        return self.named(
            "nth", self.name(beats[-1]), beats, {"nth": ordinal(number), "number": number}, reasoning="recall",
            skills=(HEARING, "order"),
        )  # fmt: skip

    def tone_of(self) -> Question:
        """One in a few asks for a flash without a tone, and one for a flash that never came."""
        label = self.score.asked
        beat = self.score.flash(label)
        answer = None if beat is None else NONE if beat.tone is None else self.name(beat)
        vocabulary = (*self.names, NONE)
        form = Text(vocabulary=vocabulary, noun="tone", may_abstain=True)
        return self.question(
            "tone_of", answer, form, self.score.flashes if beat is None else [beat], {"flash": label},
            reasoning="infer", skills=(HEARING, "synchrony"), domain=vocabulary, chance=1 / (len(vocabulary) + 1),
        )  # fmt: skip

    def silent(self) -> Question:
        """Which of four flashes came without a tone."""
        rng = self.rng.fork("silent")
        key = rng.choice([beat for beat in self.score.flashes if beat.tone is None])
        near = rng.sample(self.both, 3)
        form, letter, values = pose_choice(rng, key.flash, [beat.flash for beat in near])
        beats = sorted((key, *near), key=lambda beat: beat.start)
        return self.question(
            "silent", letter, form, beats, {}, reasoning="infer", skills=(HEARING, "synchrony"), option_values=values
        )  # fmt: skip

    def highest(self) -> Question:
        rank = max(beat.tone or 0 for beat in self.both)
        return self.named(
            "highest", self.score.names[rank], self.both, {}, reasoning="infer", skills=(HEARING, "pitch")
        )  # fmt: skip

    def scale(self) -> Question:
        names = self.score.names
        form = Order(vocabulary=self.names, noun="tone", length=len(names))
        return self.question(
            "scale", list(names), form, (), {}, reasoning="infer", skills=(HEARING, "pitch"), introduced=True
        )  # fmt: skip

    def silence(self) -> Question:
        start, end = max(silences(self.score.beats), key=lambda silence: silence[1] - silence[0])
        answer: JsonValue = [round(self.zero + start, 3), round(self.zero + end, 3)]
        return self.question(
            "silence", answer, Span(), self.score.tones, {}, reasoning="infer", skills=(HEARING, "duration")
        )  # fmt: skip

    def next_tone(self) -> Iterable[Question]:
        """The same question at several times, with the same options."""
        score, rng = self.score, self.rng.fork("next")
        loop = [beat for beat in score.beats[score.looped :] if beat.tone is not None]
        keys = [score.names[score.motif[heard % len(score.motif)]] for heard in score.heard]
        rest = [name for name in score.names if name not in keys]
        options = rng.shuffled([*keys, *rng.sample(rest, 4 - len(keys))])
        form = Choice(options=tuple(f"the tone of the {name}" for name in options))
        for heard, key in zip(score.heard, keys, strict=True):
            last = loop[heard - 1]
            yield self.question(
                "next_tone", form.letters[options.index(key)], form, loop[:heard], {}, option_values=tuple(options),
                asked_at=round(self.zero + last.start + last.lasts + 0.1, 3), reasoning="predict",
                skills=(HEARING, "pattern", "streaming"), introduced=True,
            )  # fmt: skip

    def named(
        self, kind: str, answer: str, beats: Sequence[Beat], slots: dict[str, JsonValue], **more: Any
    ) -> Question:
        form = Text(vocabulary=self.names, noun="tone")
        return self.question(kind, answer, form, beats, slots, domain=self.names, introduced=True, **more)

    def name(self, beat: Beat) -> str:
        assert beat.tone is not None
        return self.score.names[beat.tone]

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        beats: Sequence[Beat],
        slots: dict[str, JsonValue],
        introduced: bool = False,
        **more: Any,
    ) -> Question:
        """Evidence is each beat with a tone or a flash, and where tones are named their introduction."""
        looks, steps = [], []
        for event in self.layout.events if introduced or kind == "tone_of" else ():
            if event.kind == "introduces":
                looks.append(Evidence(start=event.start, end=event.end, objects=event.objects))
                steps.append(Step(kind="perceive", claim=event.claim, time=event.start))
        for beat in beats:
            start = round(self.zero + beat.start, 3)
            flash = () if beat.flash is None else (beat.flash,)
            if beat.tone is None and beat.flash is None:
                continue
            looks.append(Evidence(start=start, end=round(start + beat.lasts, 3), objects=flash))
            if beat.tone is not None:
                steps.append(Step(kind="perceive", claim=f"tone({self.name(beat)})", time=start))
            if beat.flash is not None:
                steps.append(Step(kind="perceive", claim=f"flash({beat.flash})", time=start))
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=tuple(looks), min_frames=max(2, len(looks)),
            steps=concluding(steps, f"{kind}: {answer}"), **more,
        )  # fmt: skip
