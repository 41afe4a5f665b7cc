"""Simulated observers: what they see, hold and work out is limited, and they answer in text like a model.

An observer looks at a few frames of the clip, holds a few things in mind, and now and then an operation goes wrong. It goes
through a question's reference steps: a step is *perceived* if a frame falls into the evidence that holds its time, *held*
until newer things push it out (evidence that no step uses pushes too), and *inferred* if all that it needs is still held.
If the last step succeeds, the observer knows the answer, else it guesses. So it shows how hard a question is for whoever
sees, remembers or reasons only so well, and what the harness makes of such answers, with no model at hand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from harness.references import guessed, reference_response
from morse.schema import AnswerFormat, Clip, Event, Evidence, PrivateAnswer, PublicQuestion, Question, Step
from morse.seeding import Key, Rng


@dataclass(frozen=True, slots=True)
class Puzzle:
    """What an observer is put before."""

    name: str
    """Names the question, for the observer's luck."""
    format: AnswerFormat
    answer: JsonValue
    domain: Sequence[JsonValue] | None
    steps: tuple[Step, ...]
    evidence: tuple[Evidence, ...]
    seconds: float
    """Of the clip, up to where it is asked."""
    events: frozenset[str] = frozenset()
    """Claims of what happens in the clip, where that is known: a step to perceive one of these is not about what stands still."""
    frames: tuple[float, ...] | None = None
    """The times of the frames that are given; ``None``: the whole clip, of which the observer chooses its own."""

    @classmethod
    def of_question(cls, question: Question, name: str, duration: float, events: Iterable[Event] = ()) -> "Puzzle":
        """From a fresh clip's question."""
        seconds = duration if question.asked_at is None else question.asked_at
        return cls(
            name,
            question.format,
            question.answer,
            question.domain,
            question.steps,
            question.evidence,
            seconds,
            frozenset(event.claim for event in events),
        )

    @classmethod
    def of_record(
        cls, question: PublicQuestion, private: PrivateAnswer, clip: Clip, events: Iterable[Event] = ()
    ) -> "Puzzle":
        """From a data set."""
        return cls(
            question.question_id,
            question.format,
            private.answer,
            private.domain,
            private.steps,
            private.evidence,
            clip.duration if question.asked_at is None else question.asked_at,
            frozenset(event.claim for event in events),
        )


@dataclass(frozen=True, slots=True)
class Observer:
    """What an observer is capable of. By default it sees every frame, forgets nothing and makes no error."""

    frames: int | None = None
    """How many frames it looks at, evenly over the clip; ``None``: all."""
    memory: int | None = None
    """How many things it holds in mind at once; ``None``: all."""
    error: float = 0.0
    """How often an operation, to perceive or to infer, goes wrong."""
    lapses: float = 0.0
    """How often it loses an event of the clip."""

    @property
    def about(self) -> str:
        """Its limits, in words."""
        limits = [] if self.frames is None else [f"looks at {self.frames} frames"]
        limits += [] if self.memory is None else [f"holds {self.memory} things in mind"]
        limits += [f"errs in {100 * self.error:g} % of its operations"] if self.error else []
        limits += [f"loses {100 * self.lapses:g} % of the events"] if self.lapses else []
        return ", ".join(limits) or "sees all, forgets nothing, makes no error"

    def respond(self, puzzle: Puzzle, rng: Rng | None = None) -> str:
        """Its response: the steps that it made, and the answer that it knows or guesses.

        The same observer says the same to the same puzzle unless it is given another ``rng``.
        """
        luck = rng or Rng(Key("observer", 1, 1, "test", puzzle.name, 0), "respond")
        made = self.follow(puzzle, luck.fork("steps"))
        lines = [_line(puzzle.steps[number]) for number in made] if puzzle.steps else []
        known = len(_steps(puzzle)) - 1 in made
        answer = puzzle.answer if known else guessed(puzzle.format, puzzle.domain, puzzle.answer, luck.fork("guess"))
        return "\n".join([*lines, reference_response(puzzle.format, answer)])

    def follow(self, puzzle: Puzzle, rng: Rng) -> list[int]:
        """Which steps it makes, in order: numbers of the reference steps, or where there are none, of what is to be seen."""
        looks, steps = self._looks(puzzle), _steps(puzzle)
        others = [one for one in puzzle.evidence if not any(_holds(one, step) for step in steps)]
        others = sorted((one for one in others if _seen(one, looks)), key=lambda one: one.end)
        held: list[int] = []
        made: list[int] = []
        for number, step in enumerate(steps):
            right = not rng.chance(self.error)
            if step.time is not None:
                while others and others[0].end <= step.time:
                    others.pop(0)
                    self._hold(held, -1)
            missing = [need for need in step.needs if need not in held]
            if step.kind == "perceive":
                right = right and self._perceives(step, puzzle.evidence, looks)
                if step.claim in puzzle.events:
                    right = right and not rng.chance(self.lapses)
            right = right and not missing
            for need in step.needs:
                if need in held:  # what is used is fresh again
                    held.remove(need)
                    held.append(need)
            if right:
                made.append(number)
                self._hold(held, number)
        return made

    def _hold(self, held: list[int], thing: int) -> None:
        held.append(thing)
        if self.memory is not None and len(held) > self.memory:
            held.pop(0)

    def _looks(self, puzzle: Puzzle) -> list[float] | None:
        given = None if puzzle.frames is None else list(puzzle.frames)
        if self.frames is None:
            return given
        if given is None:
            return [puzzle.seconds * (number + 0.5) / self.frames for number in range(self.frames)]
        return given[:: max(1, -(-len(given) // self.frames))] if self.frames else []

    def _perceives(self, step: Step, evidence: tuple[Evidence, ...], looks: list[float] | None) -> bool:
        spans = [one for one in evidence if _holds(one, step)]
        if step.time is None or not spans:
            return looks is None or bool(looks)
        return any(_seen(one, looks) for one in spans)


def _steps(puzzle: Puzzle) -> tuple[Step, ...]:
    """The reference steps; where there are none, each evidence is to be perceived, and the answer follows from all of it."""
    if puzzle.steps or not puzzle.evidence:
        return puzzle.steps
    seen = [Step(kind="perceive", claim="", time=(one.start + one.end) / 2) for one in puzzle.evidence]
    return (*seen, Step(kind="infer", claim="", needs=tuple(range(len(seen)))))


def _holds(evidence: Evidence, step: Step) -> bool:
    return step.time is not None and evidence.start - 1e-6 <= step.time <= evidence.end + 1e-6


def _seen(evidence: Evidence, looks: list[float] | None) -> bool:
    return looks is None or any(evidence.start <= look <= evidence.end for look in looks)


def _line(step: Step) -> str:
    time = f" @ {step.time:g} s" if step.time is not None else ""
    return f"{step.kind}: {step.claim}{time}"


PANEL: dict[str, Observer] = {
    "all-seeing": Observer(),
    "frames-16": Observer(frames=16),
    "memory-5": Observer(memory=5),
    "error-5": Observer(error=0.05),
    "limited": Observer(frames=16, memory=5, error=0.05),
    "unseeing": Observer(frames=0),
}
"""Observers with one limit each, one with all three, and the two ends."""
