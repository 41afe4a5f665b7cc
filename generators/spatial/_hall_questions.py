"""What is asked of a walk through a hall whose map has been shown before."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.planning._grid_ways import Cell, by_name, named, plan_problem, routes, shortest_way
from generators.spatial._hall_scene import WIDE, seen_from, thing_id
from generators.spatial._hall_world import CLOCKWISE, Hall, Stand, along, corners, walked
from morse.errors import Rejected
from morse.grounding import boxes_by_second, plain_seconds
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import Boxes, Choice, Evidence, Integer, Plan, Question, Span, Step
from morse.seeding import Rng

OPTIONS, MOMENTS = 4, 3
ASKED = 0.25
"""Seconds after a movement at which it is asked where the camera is."""
FALSE = 0.2
"""At what share of the questions for the time of a turn there are fewer turns."""
CLEAR = 12.0
"""Degrees, at least, that what is asked for is from the border of a quarter, or from the runner-up."""
UNSEEN = 2.0
"""Degrees outside the view from which on nothing of a landmark is seen."""
SEEN = 0.85
"""The visible share of a landmark that is to be found, at least."""
SHORTEST = 2
"""Moves of a plan, at least."""
FEWEST = 8
"""Questions that a clip must give."""
SIDES = ("to the left", "to the right", "behind")


class Asking:
    """Makes the questions of a clip; a kind that the walk does not allow is left out."""

    def __init__(self, hall: Hall, layout: Layout) -> None:
        self.hall, self.layout = hall, layout
        self.spans: list[tuple[float, float]] = layout.details["spans"]
        self.turns = [i for i, act in enumerate(hall.acts) if act.kind == "turn"]
        self.bearings = {name: seen_from(hall, name, hall.end.cell, hall.end.heading) for name in hall.landmarks}
        self.unseen = [name for name, (angle, half) in self.bearings.items() if abs(angle) - half > WIDE + UNSEEN]

    def all(self, rng: Rng) -> list[Question]:
        kinds: tuple[Callable[[Rng], Iterable[Question]], ...] = (
            self.cell, self.heading, self.route, self.side, self.lefts, self.turned_when, self.where, self.next_view,
            self.other_way, self.back,
        )  # fmt: skip
        asked = [question for kind in kinds for question in kind(rng.fork(kind.__name__))]
        if len(asked) < FEWEST:
            raise Rejected("too few questions")
        return asked

    def cell(self, rng: Rng) -> Iterable[Question]:
        """Asked after some legs that end in different cells: the same question, with the same options."""
        found: dict[Cell, int] = {}
        for i, act in enumerate(self.hall.acts):
            if act.kind == "leg" and i > 1:
                found.setdefault(self.hall.stands[i + 1].cell, i)
        if len(found) < 2:
            return
        chosen = rng.sample([*found.items()], min(MOMENTS, len(found)))
        asked = [cell for cell, _ in chosen]
        passed = rng.shuffled([cell for cell in self.hall.free if cell not in asked])
        # what else is offered has been passed through too, if there is enough
        stood = {stand.cell for stand in self.hall.stands}
        passed.sort(key=lambda cell: cell not in stood)
        options = rng.shuffled([named(cell) for cell in (*asked, *passed)][:OPTIONS])
        form = Choice(options=tuple(options))
        for cell, i in sorted(chosen, key=lambda one: one[1]):
            yield self.question(
                "cell", f"at(camera, {named(cell)})", until=i, format=form,
                answer=form.letters[options.index(named(cell))], option_values=form.options,
                asked_at=round(self.spans[i][1] + ASKED, 3), reasoning="infer",
                skills=("localisation", "streaming"),
            )  # fmt: skip

    def heading(self, rng: Rng) -> Iterable[Question]:
        form, key = Choice(options=CLOCKWISE), self.hall.end.ahead
        yield self.question(
            "heading", f"faces(camera, {key})", format=form, answer=form.letters[CLOCKWISE.index(key)],
            option_values=CLOCKWISE, reasoning="infer", skills=("direction", "localisation"),
        )  # fmt: skip

    def route(self, rng: Rng) -> Iterable[Question]:
        first, *others = (route_of(walked(self.hall.start, walk)) for walk in self.hall.walks)
        form, letter, values = pose_choice(rng, first, others)
        yield self.question(
            "route", f"route({first})", format=form, answer=letter, option_values=values,
            reasoning="infer", skills=("localisation", "order"),
        )  # fmt: skip

    def side(self, rng: Rng) -> Iterable[Question]:
        """Of a landmark that is out of view at the end, and not near the border between two sides."""
        key = rng.steady("side").choice(SIDES)
        middle = {"to the left": 90.0, "to the right": -90.0, "behind": 180.0}[key]
        able = [name for name in self.unseen if abs(_between(self.bearings[name][0], middle)) < 45 - CLEAR]
        if not able:
            raise Rejected("nothing out of view on that side")
        name = rng.choice(able)
        form = Choice(options=SIDES)
        yield self.question(
            "side", f"side({name}, {key})", slots={"name": name}, format=form,
            answer=form.letters[SIDES.index(key)], option_values=SIDES, reasoning="infer",
            skills=("localisation", "perspective"),
        )  # fmt: skip

    def lefts(self, rng: Rng) -> Iterable[Question]:
        yield self.question(
            "lefts", f"lefts({self.hall.lefts})", on_map=False, format=Integer(), answer=self.hall.lefts,
            domain=self.hall.likely, reasoning="recall", skills=("counting", "direction"),
        )  # fmt: skip

    def turned_when(self, rng: Rng) -> Iterable[Question]:
        false = rng.steady("false").chance(FALSE)
        by_side = {side: [i for i in self.turns if self.hall.acts[i].side == side] for side in ("left", "right")}
        # one turn too many on the side with fewer is about as high a number as a late turn on the other
        side = sorted(rng.shuffled([*by_side]), key=lambda side: len(by_side[side]))[0 if false else -1]
        own = by_side[side]
        number = len(own) + 1 if false else max(rng.integer(1, len(own)) for _ in range(2))
        answer: JsonValue = None if false else [*self.spans[own[number - 1]]]
        yield self.question(
            "turned_when", f"turned({side}, {number}, {'never' if false else answer})", on_map=False,
            until=None if false else own[number - 1], slots={"side": side, "number": number},
            format=Span(may_abstain=True), answer=answer, chance=FALSE, reasoning="recall", skills=("grounding", "time", "order"),
        )  # fmt: skip

    def where(self, rng: Rng) -> Iterable[Question]:
        """A landmark that is named by its cell on the map, at a whole second of a rest in which it is in view."""
        starts = [self.layout.details["begins"], *(end for _, end in self.spans)]
        ends = [*(start for start, _ in self.spans), self.layout.duration]
        rests = zip(starts, ends, strict=True)
        seconds = [second for rest in rests for second in plain_seconds(*rest, 0.2)]
        if not seconds:
            return
        tracks = self.layout.scene.tracks(np.array(seconds, float))
        inside = (tracks.boxes[..., :2] >= 0).all(axis=-1) & (tracks.boxes[..., 2:] <= 1).all(axis=-1)
        rows, columns = np.nonzero((tracks.visible > SEEN) & inside)
        if not len(rows):
            return
        i = rng.integer(0, len(rows) - 1)
        second, thing = seconds[int(rows[i])], tracks.names[int(columns[i])]
        name = next(name for name in self.hall.landmarks if thing_id(name) == thing)
        place = named(self.hall.landmarks[name])
        yield self.question(
            "where", f"in({place}, {name})", shown=(thing, float(second)), until=0,
            slots={"cell": place, "second": second}, format=Boxes(),
            answer=boxes_by_second(self.layout.scene, thing, [second]),
            reasoning="infer", skills=("grounding", "localisation"),
        )  # fmt: skip

    def next_view(self, rng: Rng) -> Iterable[Question]:
        """A quarter turn on the spot: what is nearest to the middle of the view then, of what is out of view now?"""
        side = rng.steady("side").choice(("left", "right"))
        heading = (self.hall.end.heading + (1 if side == "right" else -1)) % 4
        off = {name: abs(seen_from(self.hall, name, self.hall.end.cell, heading)[0]) for name in self.hall.landmarks}
        ranked = sorted(self.hall.landmarks, key=lambda name: off[name])
        key, second = ranked[:2]
        others = [name for name in self.unseen if name != key]
        if key not in self.unseen or off[key] > 25 or off[second] - off[key] < CLEAR or len(others) < 2:
            return
        form, letter, values = pose_choice(rng, key, rng.shuffled(others), min(OPTIONS, len(others) + 1))
        yield self.question(
            "next_view", f"ahead_then({key})", slots={"side": side}, format=form, answer=letter, option_values=values,
            reasoning="predict", skills=("localisation", "perspective"),
        )  # fmt: skip

    def other_way(self, rng: Rng) -> Iterable[Question]:
        """One turn to the other side, and all later moves as they were."""
        ends, hall, real = dict[int, Cell](), self.hall, self.hall.end.cell
        for number, turn in enumerate(self.turns, 1):
            acts = [act.mirrored if i == turn else act for i, act in enumerate(hall.acts)]
            passed = along(hall.columns, hall.rows, hall.start, acts)
            if passed and not {*passed} & {*hall.landmarks.values()}:
                ends[number] = walked(hall.start, acts)[-1].cell
        able = [number for number, cell in ends.items() if cell != real]
        if not able:
            return
        number = rng.choice(able)
        key = ends[number]
        near = [real, *(cell for cell in ends.values() if cell != key), *rng.shuffled([*self.hall.free])]
        form, letter, values = pose_choice(rng, named(key), [named(cell) for cell in near if cell != key])
        side = self.hall.acts[self.turns[number - 1]].mirrored.side
        yield self.question(
            "other_way", f"ends({named(key)})", slots={"number": number, "side": side}, format=form, answer=letter,
            option_values=values, reasoning="counterfactual", skills=("localisation", "direction"),
        )  # fmt: skip

    def back(self, rng: Rng) -> Iterable[Question]:
        """The shortest way back, if it is not too short to be a plan."""
        a, b = self.hall.end.cell, self.hall.start.cell
        if routes(self.hall.free, a).get(b, (0, 0))[0] < SHORTEST:
            return
        plan = shortest_way(self.hall.free, a, b, rng)
        problem = plan_problem(by_name(self.hall.free), named(a), named(b), plan)
        problem = problem.model_copy(update={"most_steps": len(plan)})
        yield self.question(
            "back", f"way_back({'; '.join(problem.solution)})", format=Plan(syntax="move(left)"),
            answer=problem.model_dump(mode="json"), reasoning="predict", skills=("planning", "localisation"),
        )  # fmt: skip

    def question(
        self, kind: str, claim: str, *, until: int | None = None, on_map: bool = True,
        shown: tuple[str, float] | None = None, **rest: Any,
    ) -> Question:  # fmt: skip
        """A question that rests on the map and on the acts up to number ``until``; or on what is ``shown`` at a second."""
        steps, evidence = list[Step](), list[Evidence]()
        if on_map:
            names = tuple(thing_id(name) for name in self.hall.landmarks)
            evidence.append(Evidence(start=0.0, end=self.hall.look, objects=names))
            steps.append(Step(kind="perceive", claim="map", time=round(self.hall.look / 2, 3)))
        events = [event for event in self.layout.events if event.kind != "map"]
        if shown is not None:
            thing, second = shown
            evidence.append(Evidence(start=second - 0.15, end=second + 0.15, objects=(thing,)))
            steps.append(Step(kind="perceive", claim=f"see({thing})", time=second))
            rest["min_fps"] = 5.0
        else:
            for event in events[: None if until is None else until + 1]:
                evidence.append(Evidence(start=event.start, end=event.end))
                steps.append(Step(kind="perceive", claim=event.claim, time=round((event.start + event.end) / 2, 3)))
        return Question(kind=kind, evidence=tuple(evidence), steps=concluding(steps, claim), **rest)


def route_of(stands: Sequence[Stand]) -> str:
    """A walk by the cells in which it begins, turns and ends: ``b2 → b4 → d4``."""
    return " → ".join(map(named, corners(stands)))


def _between(one: float, other: float) -> float:
    """The angle from one direction to another, between −180° and 180°."""
    return (one - other + 180.0) % 360.0 - 180.0
