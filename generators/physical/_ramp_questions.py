"""What is asked about runs down lanes of different grip."""

import math
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from pydantic import JsonValue

from generators.physical._ramp_show import BEFORE, LASTS, LETTERS, STAYS, body_name
from generators.physical._ramp_world import FIELDS, OUTCOMES, Item, Slides, apart, ranked, sure
from morse.errors import Rejected
from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Layout
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Boxes, Choice, Evidence, Integer, Permutation, Question, Span, Step, Text
from morse.seeding import Rng

WORDS = {"came": "the one that came down", "waited": "the one that waited", "alike": "both alike"}
ORDERED, TIMES = 3, 3
"""Bodies whose order is asked for; how often, at most, a question is asked again."""
FALSE = 0.25
"""How often it is asked of what did not happen."""
FPS = 8.0
"""The coarsest rate at which arrivals are told apart."""


class Asking:
    """The questions of a clip."""

    def __init__(self, slides: Slides, layout: Layout, rng: Rng) -> None:
        self.slides, self.layout, self.rng = slides, layout, rng
        self.releases: list[float] = layout.details["releases"]
        self.lanes = slides.params.lanes
        self.names = tuple(str(lane + 1) for lane in range(self.lanes))
        self.takes = [[slides.takes(lane, item) for lane, item in enumerate(line)] for line in slides.runs]

    def all(self) -> Iterable[Question]:
        yield from self.latest()
        yield from self.passed()
        made = (
            self.order(), self.grip(), self.heavier(), self.first(), self.field(), self.swapped(), self.masses(),
            self.rubber(), self.when(), self.where(),
        )  # fmt: skip
        yield from (question for question in made if question is not None)

    def latest(self) -> Iterable[Question]:
        """Which lane was first in the run before, after some runs, when all is gone again."""
        runs = range(1, len(self.slides.runs), 2)[:TIMES]
        for run in runs:
            yield self.of_lane(
                "latest", ranked(self.takes[run])[0], [run], {}, "recall", "order", asked_at=self.over(run)
            )

    def passed(self) -> Iterable[Question]:
        """How many bodies came past the line so far, after some runs."""
        for run in range(1, len(self.slides.runs), 2)[:TIMES]:
            before, own = (sum(len(ranked(takes)) for takes in some) for some in (self.takes[:run], [self.takes[run]]))
            domain = tuple(before + more for more in range(2, self.lanes + 1))
            yield self.question(
                "passed", before + own, Integer(), range(run + 1), {}, reasoning="recall", asked_at=self.over(run),
                skills=("count", "streaming"), domain=domain, min_frames=3 * (run + 1),
            )  # fmt: skip

    def over(self, run: int) -> float:
        """A moment after a run, when all is gone again."""
        return round(self.releases[run] - BEFORE + LASTS + 0.2, 3)

    def order(self) -> Question:
        """In which order some arrived in a run."""
        rng = self.rng.fork("order")
        run = rng.choice([run for run, takes in enumerate(self.takes) if len(ranked(takes)) >= ORDERED])
        lanes = sorted(rng.sample(ranked(self.takes[run]), ORDERED))
        answer: list[JsonValue] = [lanes.index(lane) + 1 for lane in ranked(self.takes[run]) if lane in lanes]
        slots: dict[str, JsonValue] = {"run": run + 1, "lanes": [lane + 1 for lane in lanes]}
        return self.question(
            "order", answer, Permutation(size=ORDERED), [run], slots, reasoning="recall", skills=("order",), only=lanes
        )

    def grip(self) -> Question:
        """The lanes by how slippery they are."""
        lanes = sorted(range(self.lanes), key=lambda lane: self.slides.grips[lane])
        return self.question(
            "grip", [lane + 1 for lane in lanes], Permutation(size=self.lanes), [0], {}, reasoning="infer",
            skills=("friction", "compare"),
        )  # fmt: skip

    def heavier(self) -> Question:
        """Which of two blocks that collided is heavier."""
        clash = self.slides.clash
        words = self.rng.fork("heavier").shuffled(tuple(OUTCOMES))
        form = Choice(options=tuple(WORDS[word] for word in words))
        name = body_name(clash.run, clash.lane)
        hit = next(event for event in self.layout.events if event.kind == "hits")
        return self.question(
            "heavier", form.letters[words.index(clash.outcome)], form, [], {"run": clash.run + 1, "lane": clash.lane + 1},
            reasoning="explain", skills=("mass", "collision"), option_values=tuple(words),
            looks=[Evidence(start=round(hit.start - 0.5, 3), end=round(hit.start + 0.9, 3), objects=(name, f"{name} waiting"))],
            seen=[Step(kind="perceive", claim=f"hits({name}, {name} waiting)", time=hit.start)],
        )  # fmt: skip

    def first(self) -> Question:
        """Which lane is going to be first in the third run, before it begins."""
        return self.of_lane(
            "first",
            ranked(self.takes[2])[0],
            [0, 1],
            {},
            "predict",
            "prediction",
            asked_at=self.ready,
            looks=[self.waiting()],
        )

    @property
    def ready(self) -> float:
        """A moment just before the bodies of the third run are let go."""
        return round(self.releases[2] - 0.08, 3)

    def waiting(self, *lanes: int) -> Evidence:
        names = tuple(body_name(2, lane) for lane in lanes or range(self.lanes))
        return Evidence(start=round(self.ready - 0.8, 3), end=self.ready, objects=names)

    def field(self) -> Question:
        """In which field a block of the third run is going to rest, before it begins."""
        lane = self.slides.asked
        item = self.slides.runs[2][lane]
        assert item is not None
        letters = tuple(LETTERS[:FIELDS])
        end = round(self.releases[0] + self.slides.trips(0)[lane][0].rests + 0.5, 3)  # type: ignore[index]
        return self.question(
            "field", letters[math.floor(self.slides.field(lane, item))], Text(vocabulary=letters, noun="letter"), [],
            {"lane": lane + 1}, reasoning="predict", skills=("energy", "prediction"), asked_at=self.ready, domain=letters[2:6],
            looks=[Evidence(start=self.releases[0], end=end, objects=(body_name(0, lane),)), self.waiting(lane)],
            seen=[Step(kind="perceive", claim=f"rests({body_name(0, lane)})", time=round(end - 0.5, 3))],
        )  # fmt: skip

    def swapped(self) -> Question | None:
        """Which lane would have been first had the bodies of two lanes changed places."""
        rng, slides = self.rng.fork("swapped"), self.slides
        cases: dict[int, list[tuple[int, int, int]]] = {lane: [] for lane in range(self.lanes)}
        for run, line in enumerate(slides.runs):
            for a, b in combinations(range(self.lanes), 2):
                one, other = line[a], line[b]
                plain = one is not None and other is not None and (one.kind, one.start) != (other.kind, other.start)
                if not plain or run == slides.clash.run:
                    continue
                found = [*line]
                found[a], found[b] = other, one
                takes = [slides.takes(lane, item) for lane, item in enumerate(found)]
                order = ranked(takes)
                clear = len(order) > 1 and apart([takes[lane] for lane in order[:2]], slides.params.gap)
                if clear and sure(slides, tuple(found)) and (order[0] in (a, b)) == slides.pairs[0]:
                    cases[order[0]].append((run, a, b))
        order = self.rng.steady("swapped").shuffled(range(self.lanes))
        target = next((lane for lane in order if cases[lane]), None)
        if target is None:
            return None
        changed = [case for case in cases[target] if ranked(self.takes[case[0]])[0] != target]
        run, a, b = rng.choice(changed if changed and rng.chance(0.75) else cases[target])
        return self.of_lane(
            "swapped", target, [*dict.fromkeys((0, 1, run))], {"run": run + 1, "one": a + 1, "other": b + 1}, "counterfactual", "friction"
        )  # fmt: skip

    def masses(self) -> Question | None:
        """Which lane would have been first had two blocks changed masses: the same."""
        rng, slides = self.rng.fork("masses"), self.slides
        included, cases = slides.pairs[1], []
        for run, line in enumerate(slides.runs):
            for a, b in combinations(range(self.lanes), 2):
                masses = [_mass(line[lane]) for lane in (a, b)]
                moving = all(self.takes[run][lane] < math.inf for lane in (a, b))
                different = all(masses) and masses[0] != masses[1]
                if moving and different and (ranked(self.takes[run])[0] in (a, b)) == included:
                    cases.append((run, a, b))
        if not cases:
            return None
        run, a, b = rng.choice(cases)
        return self.of_lane(
            "masses", ranked(self.takes[run])[0], [run], {"run": run + 1, "one": a + 1, "other": b + 1}, "counterfactual", "mass"
        )  # fmt: skip

    def rubber(self) -> Question | None:
        """On how many lanes rubber blocks would have stayed, if the clip shows between which lanes its grip lies."""
        slides = self.slides
        rough = sorted(range(self.lanes), key=lambda lane: -slides.grips[lane])
        sticking = sum(slides.friction(lane, "rubber") > math.tan(slides.track.slope) for lane in range(self.lanes))
        looks, seen = [], []
        for lane in rough[max(sticking - 1, 0) : sticking + 1]:
            run = next(
                (run for run, line in enumerate(slides.runs) if (item := line[lane]) and item.kind == "rubber"), None
            )
            if run is None:
                return None
            name, stays = body_name(run, lane), self.takes[run][lane] == math.inf
            looks.append(Evidence(start=self.releases[run], end=round(self.releases[run] + STAYS, 3), objects=(name,)))
            seen.append(
                Step(
                    kind="perceive",
                    claim=f"{'stays' if stays else 'slides'}({name})",
                    time=round(self.releases[run] + STAYS, 3),
                )
            )
        return self.question(
            "rubber", sticking, Integer(), [0], {}, reasoning="counterfactual", skills=("friction", "count"),
            domain=tuple(range(self.lanes)), looks=looks, seen=seen,
        )  # fmt: skip

    def when(self) -> Question:
        """From when to when a body moved; now and then of one that was not there, or that stayed."""
        rng = self.rng.fork("when")
        every = [(run, lane) for run in range(1, len(self.takes)) for lane in range(self.lanes)]
        never = [case for case in every if self.takes[case[0]][case[1]] == math.inf]
        moving = [case for case in every if case not in never]
        wrong = bool(never) and self.rng.steady("when").chance(FALSE)
        run, lane = rng.choice(never if wrong else moving)
        both = self.slides.trips(run)[lane]
        release = self.releases[run]
        answer: JsonValue = None if wrong or both is None else [release, round(release + both[0].rests, 2)]
        there = [name for name in self.there(run) if wrong or name == body_name(run, lane)]
        end = round(release + (STAYS if wrong or both is None else both[0].rests), 3)
        return self.question(
            "when", answer, Span(may_abstain=True), [], {"run": run + 1, "lane": lane + 1}, reasoning="recall", chance=FALSE, skills=("time",),
            looks=[Evidence(start=release, end=end, objects=tuple(there))],
            seen=[Step(kind="perceive", claim=f"released(run {run + 1})", time=release)],
        )  # fmt: skip

    def where(self) -> Question | None:
        """Where the one that was first in a run is while it moves."""
        rng = self.rng.fork("where")
        for run in rng.shuffled(range(1, len(self.takes))):
            lane = ranked(self.takes[run])[0]
            both = self.slides.trips(run)[lane]
            assert both is not None
            release, name = self.releases[run], body_name(run, lane)
            seconds = whole_seconds(release + 0.3, release + min(both[0].rests, 3.6))[:2]
            try:
                boxes = boxes_by_second(self.layout.scene, name, seconds)
            except Rejected:
                continue
            return self.question(
                "where", boxes, Boxes(), [run], {"run": run + 1, "seconds": [*seconds]}, reasoning="recall",
                skills=("grounding", "order"), chance=0.0,
            )  # fmt: skip
        return None

    def there(self, run: int) -> list[str]:
        """What goes down in a run."""
        return [body_name(run, lane) for lane, item in enumerate(self.slides.runs[run]) if item is not None]

    def of_lane(
        self,
        kind: str,
        lane: int,
        runs: Sequence[int],
        slots: dict[str, JsonValue],
        reasoning: Any,
        skill: str,
        **more: Any,
    ) -> Question:
        """A question whose answer is a lane."""
        return self.question(
            kind, str(lane + 1), Text(vocabulary=self.names, noun="lane"), runs, slots, reasoning=reasoning, skills=("physics", skill),
            domain=self.names, **more,
        )  # fmt: skip

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        runs: Sequence[int],
        slots: dict[str, JsonValue],
        *,
        only: Sequence[int] = (),
        looks: Sequence[Evidence] = (),
        seen: Sequence[Step] = (),
        **more: Any,
    ) -> Question:
        """Evidence is each run that is to be watched until all that arrive have, and further ``looks``."""
        spans, steps = [], []
        for run in runs:
            lanes = [lane for lane in only or range(self.lanes) if self.slides.runs[run][lane] is not None]
            arrivals = [
                (self.releases[run] + self.takes[run][lane], lane) for lane in lanes if self.takes[run][lane] < math.inf
            ]
            end = max(time for time, _ in arrivals) + 0.3
            spans.append(
                Evidence(
                    start=self.releases[run], end=round(end, 3), objects=tuple(body_name(run, lane) for lane in lanes)
                )
            )
            steps += [
                Step(kind="perceive", claim=f"arrives({body_name(run, lane)})", time=round(time, 3))
                for time, lane in sorted(arrivals)
            ]  # fmt: skip
        steps += seen
        more = {"min_frames": 3} | more
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=(*spans, *looks), min_fps=FPS,
            steps=concluding(steps, f"{kind}: {answer}"), **more,
        )  # fmt: skip


def _mass(item: Item | None) -> int:
    return 0 if item is None else item.mass
