"""What is asked about pendulums and cradles."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from pydantic import JsonValue

from generators.physical._swing_show import AFTER, ball_name
from generators.physical._swing_world import (
    CLACKS,
    OUT,
    RATIOS,
    SWINGS,
    TOGETHER,
    Row,
    Swinging,
    Trial,
    swings_of,
)
from morse.errors import Rejected
from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Layout
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Boxes, Evidence, Integer, Permutation, Question, Span, Step, Text
from morse.seeding import Rng

TIMES, ORDERED = 3, 3
"""How often, at most, a question is asked again; pendulums that are put in order."""
FALSE = 0.25
"""How often it is asked when a ball swung that hung still."""
FPS = 8.0
"""The coarsest rate at which the fastest swings are followed."""


class Asking:
    """The questions of a clip."""

    def __init__(self, swinging: Swinging, layout: Layout, rng: Rng) -> None:
        self.swinging, self.layout, self.rng = swinging, layout, rng
        self.releases: list[float] = layout.details["releases"]
        self.ends: list[float] = layout.details["ends"]
        self.row, self.pair = (self.row_at(number) for number in (swinging.row, swinging.pair))

    def row_at(self, number: int) -> Row:
        row = self.swinging.experiments[number]
        assert isinstance(row, Row)
        return row

    def trial_at(self, number: int) -> Trial:
        trial = self.swinging.experiments[number]
        assert isinstance(trial, Trial)
        return trial

    def all(self) -> Iterable[Question]:
        yield from self.latest()
        made = (
            self.out(), self.which(), self.clacks(), self.more(), self.swings(), self.longer(), self.lengths(), self.calms(),
            self.masses(), self.step(), self.when(), self.where(),
        )  # fmt: skip
        yield from (question for question in made if question is not None)

    def latest(self) -> Iterable[Question]:
        """How many balls swung out to the right after the first impact of the cradle before, after some cradles."""
        trials = [i for i, one in enumerate(self.swinging.experiments) if isinstance(one, Trial) and i > 0]
        for i in trials[:TIMES]:
            answer = self.trial_at(i).cradle.out(1)[1]
            yield self.question(
                "latest", answer, Integer(), [i], {}, reasoning="recall", skills=("count", "streaming"), domain=OUT,
                asked_at=round(self.ends[i] + 0.05, 3),
            )  # fmt: skip

    def out(self) -> Question:
        """How many balls will be out at the right after the next impact, which comes behind the curtain."""
        i = self.swinging.foretold
        trial = self.trial_at(i)
        return self.question(
            "out", trial.cradle.out(trial.clacks + 1)[1], Integer(), [i], {"experiment": i + 1}, reasoning="predict",
            skills=("momentum", "prediction"), domain=OUT, asked_at=round(self.ends[i] + 0.05, 3),
        )  # fmt: skip

    def which(self) -> Question:
        """Which will be the innermost of these."""
        i = self.swinging.foretold
        trial = self.trial_at(i)
        right = trial.cradle.out(trial.clacks + 1)[1]
        return self.question(
            "which", trial.letters[-right], Text(vocabulary=tuple(sorted(trial.letters)), noun="ball"), [i], {"experiment": i + 1},
            reasoning="predict", skills=("momentum", "prediction"), domain=trial.letters[-len(OUT) :],
            asked_at=round(self.ends[i] + 0.05, 3),
        )  # fmt: skip

    def clacks(self) -> Question:
        """How many impacts there are until the curtain falls."""
        i = self.swinging.told
        return self.question(
            "clacks", self.trial_at(i).clacks, Integer(), [i], {"experiment": i + 1}, reasoning="recall", skills=("count",),
            domain=tuple(CLACKS),
        )  # fmt: skip

    def more(self) -> Question:
        """How many would have swung out to the right first had one more, or one less, been lifted."""
        i = self.swinging.told
        cradle = self.trial_at(i).cradle
        return self.question(
            "more", cradle.out(1)[1] + 1, Integer(), [i], {"experiment": i + 1}, reasoning="counterfactual",
            skills=("momentum", "counterfactual"), domain=tuple(number + 1 for number in OUT),
        )  # fmt: skip

    def swings(self) -> Question:
        """How many full swings a bob makes."""
        i, swinging = self.swinging.row, self.swinging
        calm = max(range(len(self.row.bobs)), key=lambda j: self.row.bobs[j].swing.damping)
        j = swinging.counted if swinging.counted != calm else (calm + 1) % len(self.row.bobs)
        bob = self.row.bobs[j]
        return self.question(
            "swings", swings_of(bob.swing.period), Integer(), [i], {"experiment": i + 1, "bob": bob.letter}, only=[bob.letter],
            reasoning="recall", skills=("oscillation", "count"), domain=tuple(SWINGS),
        )  # fmt: skip

    def longer(self) -> Question:
        """How many a bob would make on a string four times as long: half as many."""
        i = self.swinging.row
        bob = self.row.bobs[self.swinging.longer]
        return self.question(
            "longer", swings_of(2 * bob.swing.period), Integer(), [i], {"experiment": i + 1, "bob": bob.letter}, only=[bob.letter],
            reasoning="counterfactual", skills=("oscillation", "counterfactual"), domain=(2, 3, 4),
        )  # fmt: skip

    def lengths(self) -> Question:
        """Pendulums by the length of their strings, of which the board hides most."""
        i = self.swinging.row
        bobs = self.rng.fork("lengths").sample(self.row.bobs, ORDERED)
        order = sorted(range(ORDERED), key=lambda j: bobs[j].swing.length)
        slots: dict[str, JsonValue] = {"experiment": i + 1, "bobs": [bob.letter for bob in bobs]}
        return self.question(
            "lengths", [j + 1 for j in order], Permutation(size=ORDERED), [i], slots, only=[bob.letter for bob in bobs],
            reasoning="infer", skills=("oscillation", "compare"),
        )  # fmt: skip

    def calms(self) -> Question:
        """Whose swings die away the fastest."""
        i = self.swinging.row
        bob = max(self.row.bobs, key=lambda bob: bob.swing.damping)
        return self.of_bob("calms", bob.letter, "infer", "damping", {"experiment": i + 1})

    def masses(self) -> Question | None:
        """Which bob would have been back first had two changed masses: the same."""
        i, steady = self.swinging.row, self.rng.steady("masses")
        included = steady.chance(2 / len(self.row.bobs))
        first = min(self.row.bobs, key=lambda bob: bob.swing.period)
        cases = [
            both
            for both in combinations(self.row.bobs, 2)
            if both[0].mass != both[1].mass and (first in both) == included
        ]
        if not cases:
            return None
        one, other = self.rng.fork("masses").choice(cases)
        slots: dict[str, JsonValue] = {"experiment": i + 1, "one": one.letter, "other": other.letter}
        return self.of_bob("masses", first.letter, "counterfactual", "mass", slots)

    def step(self) -> Question:
        """How many full swings one will have made when two are in step again, cut before."""
        i = self.swinging.pair
        bob = next(one for one in self.pair.bobs if round(TOGETHER / one.swing.period) == self.pair.drawn)
        other = next(one for one in self.pair.bobs if one is not bob)
        return self.question(
            "step", round(TOGETHER / bob.swing.period), Integer(), [i], {"experiment": i + 1, "bob": bob.letter, "other": other.letter},
            reasoning="predict", skills=("oscillation", "prediction"), domain=tuple(RATIOS), asked_at=round(self.ends[i] + 0.05, 3),
        )  # fmt: skip

    def when(self) -> Question:
        """From when to when a ball is out at the right after the first impact; some hang still all the time."""
        rng = self.rng.fork("when")
        i = self.swinging.told
        trial = self.trial_at(i)
        cradle = trial.cradle
        begin, end = (round(self.releases[i] + cradle.impacts[k], 2) for k in (0, 1))
        most = max(cradle.left, cradle.right)
        idle = range(most, cradle.balls - most)
        wrong = bool(idle) and self.rng.steady("when").chance(FALSE)
        ball = rng.choice(idle) if wrong else rng.choice(range(cradle.balls - cradle.left, cradle.balls))
        answer: JsonValue = None if wrong else [begin, end]
        return self.question(
            "when", answer, Span(may_abstain=True), [], {"experiment": i + 1, "ball": trial.letters[ball]}, reasoning="recall", chance=FALSE, skills=("time",),
            looks=[Evidence(start=self.releases[i], end=round(end + 0.3, 3), objects=(ball_name(i, trial.letters[ball]),))],
            seen=[Step(kind="perceive", claim=f"clack({i + 1})", time=begin)],
        )  # fmt: skip

    def where(self) -> Question | None:
        """Where the bob with the longest string is."""
        i = self.swinging.row
        bob = max(self.row.bobs, key=lambda bob: bob.swing.length)
        seconds = self.rng.fork("where").sample(whole_seconds(self.releases[i] + 1.0, self.ends[i] - 0.5), 2)
        try:
            boxes = boxes_by_second(self.layout.scene, ball_name(i, bob.letter), sorted(seconds))
        except Rejected:
            return None
        return self.question(
            "where", boxes, Boxes(), [i], {"experiment": i + 1, "seconds": [*sorted(seconds)]}, reasoning="infer",
            skills=("grounding", "oscillation"), chance=0.0,
        )  # fmt: skip

    def of_bob(self, kind: str, letter: str, reasoning: Any, skill: str, slots: dict[str, JsonValue]) -> Question:
        """A question whose answer is a bob of the row."""
        letters = tuple(bob.letter for bob in self.row.bobs)
        return self.question(
            kind, letter, Text(vocabulary=letters, noun="bob"), [self.swinging.row], slots, reasoning=reasoning,
            skills=("oscillation", skill), domain=letters,
        )  # fmt: skip

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        watched: Sequence[int],
        slots: dict[str, JsonValue],
        *,
        only: Sequence[str] = (),
        looks: Sequence[Evidence] = (),
        seen: Sequence[Step] = (),
        **more: Any,
    ) -> Question:
        """Evidence is each experiment that is to be watched until its curtain falls, and further ``looks``."""
        spans, steps = [], []
        for i in watched:
            experiment, start = self.swinging.experiments[i], self.releases[i]
            end = round(self.ends[i] - AFTER, 3)
            if isinstance(experiment, Trial):
                cradle = experiment.cradle
                some = [*range(cradle.left), *range(cradle.balls - max(cradle.left, cradle.right), cradle.balls)]
                names = [ball_name(i, experiment.letters[ball]) for ball in dict.fromkeys(some)]
                impacts = [start + cradle.impacts[k] for k in range(experiment.clacks)]
                steps.append(Step(kind="perceive", claim=f"lifted({cradle.left}, {cradle.right})", time=start))
                steps += [
                    Step(kind="perceive", claim=f"clack({i + 1})", time=round(at, 3)) for at in impacts if at <= end
                ]
            else:
                names = [ball_name(i, bob.letter) for bob in experiment.bobs if not only or bob.letter in only]
                steps += [Step(kind="perceive", claim=f"swings({name})", time=start) for name in names]
            # lifted and held before
            spans.append(Evidence(start=round(start - 0.5, 3), end=end, objects=tuple(names)))
        more = {"min_frames": 4} | more
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=(*spans, *looks), min_fps=FPS,
            steps=concluding([*steps, *seen], f"{kind}: {answer}"), **more,
        )  # fmt: skip
