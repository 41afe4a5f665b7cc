"""What is asked about a dark hall: where boxes are, how to solve it, what spoilt it, and what if a push had not been made."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from pydantic import JsonValue

from generators.planning._grid_ways import WAYS, beside, named
from generators.planning._sokoban_hall import Push, courses, plan_problem
from generators.planning._sokoban_world import AFTER, Haul, Moment, replayed
from morse.errors import Rejected
from morse.layout import Layout
from morse.options import pose_choice
from morse.schema import LETTERS, AnswerFormat, Choice, Evidence, Integer, Plan, Question, Span, Step
from morse.seeding import Rng

ASKED, LEAST_STAY = 0.15, 3.5
"""Seconds after a signal at which a question is asked, and for which a box stands where that is asked for."""


class HallAsking:
    """The questions of a clip."""

    def __init__(self, haul: Haul, layout: Layout, rng: Rng) -> None:
        self.haul, self.layout, self.rng = haul, layout, rng
        self.looks: tuple[Evidence, ...] = layout.details["looks"]
        self.signals: tuple[Evidence, ...] = layout.details["signals"]
        self.events = [event for event in layout.events if event.kind in ("step", "look")]

    def all(self) -> Iterable[Question]:
        yield self.how_many_looks()
        yield self.how_many_pushes()
        yield from self.box_now()
        yield self.stood()
        yield self.fewest()
        yield self.first_push()
        yield self.sequence()
        yield self.plan()
        yield self.stuck()
        yield self.without()

    def how_many_looks(self) -> Question:
        targets = self.haul.targets
        steps = [Step(kind="perceive", claim=event.claim, time=event.start) for event in self.events]
        steps.append(Step(kind="infer", claim=f"looks({targets.looks})", needs=tuple(range(len(steps)))))
        return Question(
            kind="looks", answer=targets.looks, format=Integer(), reasoning="recall", skills=("counting",),
            domain=targets.every["looks"], evidence=self.signals, steps=tuple(steps), min_frames=len(self.signals),
        )  # fmt: skip

    def how_many_pushes(self) -> Question:
        targets = self.haul.targets
        return self.question(
            "pushes", targets.pushes, Integer(), "infer", "state tracking", f"pushes({targets.pushes})",
            domain=targets.every["pushes"],
        )  # fmt: skip

    def box_now(self) -> Iterable[Question]:
        """The same question at several times, with the same options."""
        haul = self.haul
        box, times, cells = haul.where
        words = [named(haul.hall.cell(cell)) for cell in cells]
        form = Choice(options=tuple(words))
        for count in times:
            at = words.index(self.cell(haul.moments[count], box))
            yield self.question(
                "box_now", LETTERS[at], form, "infer", "state tracking", f"now {haul.names[box]}={words[at]}", count=count,
                asks=True, option_values=tuple(words), slots={"box": haul.names[box]},
            )  # fmt: skip

    def stood(self) -> Question:
        """From when to when a box stood on a cell; one in four asks for a cell where it never stood."""
        haul, events = self.haul, self.events
        stays = list[tuple[int, str, float, float]]()
        been = list[list[str]]()
        for box in range(len(haul.names)):
            path = [self.cell(moment, box) for moment in haul.moments]
            runs = [(cell, len([*run])) for cell, run in groupby(path)]
            been.append([cell for cell, _ in runs])
            first = 0
            for number, (cell, length) in enumerate(runs):
                if 0 < number < len(runs) - 1 and been[box].count(cell) == 1:
                    stays.append((box, cell, events[first - 1].start, events[first + length - 1].start))
                first += length
        stays = [stay for stay in stays if stay[3] - stay[2] >= LEAST_STAY]
        if not stays:
            raise Rejected("no box stands still long enough")
        box, cell, start, end = self.rng.choice(stays)
        answer: JsonValue = [start, end]
        if haul.targets.never:
            near = {beside(haul.hall.cell(at.boxes[box]), way) for at in haul.moments for way in WAYS}
            free = sorted(c for c in map(named, near) if self.floor(c) and c not in been[box])
            if not free:
                raise Rejected("no cell where the box has not stood")
            cell, answer = self.rng.choice(free), None
        return self.question(
            "stood", answer, Span(may_abstain=True), "infer", "grounding",
            f"never at({haul.names[box]}, {cell})" if answer is None else f"from {start} to {end}", chance=0.25,
            slots={"box": haul.names[box], "cell": cell},
        )  # fmt: skip

    def fewest(self) -> Question:
        length = self.haul.targets.fewest
        return self.question(
            "fewest", length, Integer(), "predict", "search", f"fewest({length})", count=self.haul.asked, asks=True,
            domain=self.haul.targets.every["fewest"],
        )  # fmt: skip

    def first_push(self) -> Question:
        """Which push brings the hall nearer to solved. Each of two boxes is to be pushed in each of two ways: none is the odd one out."""
        haul, rng = self.haul, self.rng.fork("first")
        tried = [
            (key, [(key[0], way), (box, key[1]), (box, way)])
            for key in haul.right
            for box in range(len(haul.names))
            for way in WAYS
            if box != key[0] and way != key[1]
        ]
        fitting = [(key, others) for key, others in tried if not any(push in haul.right for push in others)]
        if not fitting:
            raise Rejected("no pushes that would be wrong")
        key, others = rng.choice(fitting)
        form, letter, values = pose_choice(rng, self.said([key]), [self.said([push]) for push in others])
        return self.question(
            "first_push", letter, form, "predict", "planning", f"first(push({self.said([key])}))", count=haul.asked,
            asks=True, option_values=values,
        )  # fmt: skip

    def sequence(self) -> Question:
        """Which pushes solve it; the others can be made too, lead as far, and end elsewhere."""
        haul, rng = self.haul, self.rng.fork("sequence")
        at = haul.moments[haul.asked]
        found = courses(haul.hall, at.boxes, at.worker, haul.targets.fewest, rng)
        key = self.said(next(found)[1])
        form, letter, values = pose_choice(rng, key, (self.said(pushes) for _, pushes in found))
        return self.question(
            "sequence", letter, form, "predict", "planning", f"solves({key})", count=haul.asked, asks=True,
            option_values=values,
        )  # fmt: skip

    def plan(self) -> Question:
        haul, hall = self.haul, self.haul.hall
        cells = [(x, y) for x in range(hall.columns) for y in range(hall.rows) if self.floor(named((x, y)))]
        onward = {
            named(cell): {way: to for way in WAYS if self.floor(to := named(beside(cell, way)))} for cell in cells
        }
        at = haul.moments[haul.asked]
        goals = [named(cell) for cell in cells if hall.bit(cell) & hall.goals]
        boxes = [named(hall.cell(box)) for box in at.boxes]
        problem = plan_problem(onward, goals, boxes, named(hall.cell(at.worker)), haul.plan)
        return self.question(
            "plan", problem.model_dump(mode="json"), Plan(syntax="push(left)"), "predict", "planning",
            f"plan: {'; '.join(haul.plan)}", count=haul.asked, asks=True,
        )  # fmt: skip

    def stuck(self) -> Question:
        """Which push spoilt it, if one did: each of the last ones as often as none."""
        targets = self.haul.targets
        own = [str(targets.pushes - AFTER + 1 + i) for i in range(AFTER)] + ["none"]
        key = own[targets.fatal]
        form, letter, values = pose_choice(
            self.rng, key, [one for one in own if one != key],
            wording=lambda one: "none of the pushes" if one == "none" else f"push number {one}",
        )  # fmt: skip
        return self.question("stuck", letter, form, "explain", "search", f"spoilt by({key})", option_values=values)

    def without(self) -> Question:
        """Where a box would be, had one push not been made and all other arrows been followed."""
        haul, rng = self.haul, self.rng.fork("without")
        ends = {
            (number + 1, box): self.cell(self.instead(at), box)
            for number, at in enumerate(haul.numbers)
            for box in range(len(haul.names))
        }
        now = [self.cell(haul.moments[-1], box) for box in range(len(haul.names))]
        changed = [which for which, cell in ends.items() if cell != now[which[1]]]
        if not changed:
            raise Rejected("no push that matters")
        number, box = rng.choice(changed)
        key = ends[number, box]
        others = rng.shuffled(sorted({cell for which, cell in ends.items() if which[1] == box}))
        path = rng.shuffled(sorted({self.cell(moment, box) for moment in haul.moments}))
        around = rng.shuffled([named(beside(haul.hall.cell(haul.moments[-1].boxes[box]), way)) for way in WAYS])
        near = [cell for cell in [now[box], *others, *path, *around] if cell != key and self.floor(cell)]
        form, letter, values = pose_choice(rng, key, near)
        return self.question(
            "without", letter, form, "counterfactual", "state tracking", f"then at({haul.names[box]}, {key})",
            option_values=values, slots={"box": haul.names[box], "number": number},
        )  # fmt: skip

    def instead(self, number: int) -> Moment:
        """How the clip would end, had this signal been only a look."""
        signals = [*self.haul.signals]
        signals[number] = f"look {signals[number]}"
        return replayed(self.haul.hall, self.haul.moments[0], signals)[-1][0]

    def said(self, some: Iterable[Push]) -> str:
        """Pushes as options say them: ``K up, M left``."""
        return ", ".join(f"{self.haul.names[box]} {way}" for box, way in some)

    def cell(self, moment: Moment, box: int) -> str:
        return named(self.haul.hall.cell(moment.boxes[box]))

    def floor(self, cell: str) -> bool:
        hall = self.haul.hall
        x, y = ord(cell[0]) - 97, int(cell[1:]) - 1
        return 0 <= x < hall.columns and 0 <= y < hall.rows and bool(hall.bit((x, y)) & hall.floor)

    def followed(self, count: int) -> list[Step]:
        """The steps of following the worker over its first ``count`` signals; the last one says where everything is then."""
        haul = self.haul
        known = [
            Step(kind="perceive", claim=", ".join(f"{k}={v}" for k, v in state.values.items()), time=state.start)
            for state in self.layout.states
        ]
        appear = next(event for event in self.layout.events if event.kind == "appear")
        steps = [*known, Step(kind="perceive", claim=appear.claim, time=appear.start)]
        last: tuple[int, ...] = tuple(range(len(steps)))
        for number, event in enumerate(self.events[:count]):
            steps.append(Step(kind="perceive", claim=event.claim, time=event.start))
            if event.kind == "step":
                at, box = haul.moments[number + 1], haul.pushed[number]
                claim = f"at(worker, {named(haul.hall.cell(at.worker))})"
                if box is not None:
                    claim = f"push({haul.names[box]}, {self.cell(at, box)}), {claim}"
                steps.append(Step(kind="infer", claim=claim, needs=(*last, len(steps) - 1)))
                last = (len(steps) - 1,)
        return steps

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        reasoning: Any,
        skill: str,
        claim: str,
        *,
        count: int | None = None,
        asks: bool = False,
        **more: Any,
    ) -> Question:
        """A question that the hall and the first ``count`` signals (all) decide; with ``asks`` it is asked right after them."""
        count = len(self.signals) if count is None else count
        seen = [*self.looks, self.layout.details["appeared"], *self.signals[:count]]
        steps = self.followed(count)
        last = max((i for i, step in enumerate(steps) if step.kind == "infer"), default=len(steps) - 1)
        steps.append(Step(kind="infer", claim=claim, needs=(last,)))
        return Question(
            kind=kind, answer=answer, format=form, reasoning=reasoning, skills=(skill,), steps=tuple(steps),
            evidence=tuple(sorted(seen, key=lambda look: look.start)), min_frames=len(seen), min_fps=2.0,
            asked_at=round(self.signals[count - 1].end + ASKED, 3) if asks else None, **more,
        )  # fmt: skip
