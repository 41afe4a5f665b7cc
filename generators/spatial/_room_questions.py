"""What is asked after a tour of a house."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, permutations
from typing import Any

from pydantic import JsonValue

from generators.spatial._room_house import COUNTS, MOVED, TURNS, WAYS, House, Point, Stood
from generators.spatial._room_pieces import MEASURES, piece
from generators.spatial._room_walk import FIRST
from morse.errors import Rejected
from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import (
    Boxes,
    Choice,
    Event,
    Evidence,
    Integer,
    Number,
    Permutation,
    Question,
    Span,
    Step,
    Text,
)
from morse.schema import (
    Sequence as Ordered,
)
from morse.seeding import Rng

QUADRANTS = ("ahead on the left", "ahead on the right", "behind on the left", "behind on the right")
COMPASS = ("north", "west", "south", "east")
"""Anticlockwise, from the way one looks at first."""
LEAN = 20.0
"""Degrees that a direction keeps from straight ahead and from straight beside."""
LARGER = 1.18
"""How many times as large as every other floor the largest one is."""
ABSENT = 0.25
"""How often one asks after a piece that is nowhere."""
MEASURED = 0.12
"""Relative tolerance of what is measured by eye with the rod."""


class Asking:
    """Makes the questions of a clip; one that cannot be asked there is left out."""

    def __init__(self, house: House, layout: Layout, rng: Rng) -> None:
        self.house, self.layout, self.rng = house, layout, rng
        self.seen: dict[str, tuple[float, float]] = layout.details["seen"]
        self.visits = [event for event in layout.events if event.kind == "visit"]
        self.looks = [event for event in layout.events if event.kind == "look"]
        self.walks = [event for event in layout.events if event.kind == "walk"]
        self.rod = next(event for event in layout.events if event.kind == "rod")
        self.letters = tuple(sorted(room.letter for room in house.rooms))

    def all(self) -> Iterable[Question]:
        for kind in (
            self.count,
            self.where_was,
            self.order,
            self.facing,
            self.way_back,
            self.heading,
            self.largest,
            self.distance,
            self.measure,
            self.back_in,
            self.moved,
            self.visited,
            self.find,
        ):
            yield from kind()

    def one(self, purpose: str, some: Sequence[Stood]) -> Stood:
        return self.rng.fork(purpose).choice(some)

    def letter(self, one: Stood) -> str:
        return self.house.rooms[one.room].letter

    def count(self) -> Iterator[Question]:
        kind = self.house.counted
        those = [one for one in self.house.stood if one.kind == kind]
        yield self.question(
            "count",
            those,
            slots={"kind": kind, "kinds": _plural(kind)},
            format=Integer(),
            answer=len(those),
            domain=COUNTS,
            reasoning="infer",
            skills=("counting", "memory"),
        )

    def where_was(self) -> Iterator[Question]:
        form = Text(vocabulary=self.letters, noun="room", may_abstain=True)
        more: dict[str, Any] = {"format": form, "reasoning": "recall", "skills": ("memory", "position")}
        steady = self.rng.steady("where")
        if steady.chance(ABSENT):
            evidence = tuple(Evidence(start=e.start, end=e.end) for e in self.looks)
            yield self.question("where_was", (), slots={"name": self.house.missing}, answer=None, evidence=evidence, **more)  # fmt: skip
            return
        room = steady.integer(0, len(self.house.rooms) - 1)
        one = self.one("where", self.house.inside(room))
        yield self.question("where_was", [one], signs=[room], slots={"name": one.name}, answer=self.letter(one), **more)

    def order(self) -> Iterator[Question]:
        rng = self.rng.fork("order")
        rooms = sorted(rng.sample(range(len(self.house.rooms)), 3))
        ranked = [rng.choice(self.house.inside(room)) for room in rooms]
        numbered = rng.shuffled(ranked)
        items = ", ".join(f"({i}) the {one.name}" for i, one in enumerate(numbered, 1))
        answer: list[JsonValue] = [numbered.index(one) + 1 for one in ranked]
        yield self.question(
            "order",
            ranked,
            slots={"items": items, "ids": [one.id for one in numbered]},
            format=Permutation(size=3),
            answer=answer,
            domain=tuple(list(order) for order in permutations((1, 2, 3))),
            reasoning="recall",
            skills=("order", "memory"),
        )

    def facing(self) -> Iterator[Question]:
        """Standing by one piece and looking at another, where a third is that stands in another room."""
        rng = self.rng.fork("facing")
        wanted = self.rng.steady("quadrant").choice(QUADRANTS)
        for _ in range(400):
            here, ahead, target = rng.sample(self.house.stood, 3)
            if here.room != ahead.room or target.room == here.room or math.dist(here.place, ahead.place) < 1.5:
                continue
            if quadrant(here.place, ahead.place, target.place) == wanted:
                form, letter, values = pose_choice(rng, wanted, [q for q in QUADRANTS if q != wanted])
                yield self.question(
                    "facing",
                    [here, ahead, target],
                    walks=True,
                    slots={"here": here.name, "ahead": ahead.name, "target": target.name},
                    format=form,
                    answer=letter,
                    option_values=values,
                    reasoning="infer",
                    skills=("perspective", "memory"),
                )
                return

    def way_back(self) -> Iterator[Question]:
        rooms = self.house.rooms
        turns: list[JsonValue] = []
        for room in reversed(rooms[1:-1]):
            assert room.before is not None and room.after is not None
            turns.append(_turn((room.after + 2) % 4, room.before))
        yield self.question(
            "way_back",
            (),
            walks=True,
            slots={"first": rooms[0].letter, "last": rooms[-1].letter, "between": len(turns)},
            format=Ordered(vocabulary=TURNS, noun="turn", length=len(turns)),
            answer=turns,
            reasoning="infer",
            skills=("self-motion", "route"),
            chance=3.0 ** -len(turns),
        )

    def heading(self) -> Iterator[Question]:
        """Asked in the middle of two of the walks, with one list of options."""
        rng = self.rng.fork("heading")
        for number in sorted(rng.sample(range(len(self.walks)), 2)):
            walk, room = self.walks[number], self.house.rooms[number]
            at = round((walk.start + walk.end) / 2, 2)
            assert room.after is not None
            key = COMPASS[(room.after - self.house.first) % 4]
            form = Choice(options=COMPASS)
            yield self.question(
                "heading",
                (),
                format=form,
                answer=form.letters[COMPASS.index(key)],
                option_values=COMPASS,
                reasoning="infer",
                skills=("self-motion", "direction"),
                asked_at=at,
                evidence=(Evidence(start=0.0, end=FIRST), Evidence(start=FIRST, end=at)),
                steps=(Step(kind="perceive", claim=f"turned({key})", time=at),),
            )

    def largest(self) -> Iterator[Question]:
        rng = self.rng.fork("largest")
        floors = {room.letter: room.size[0] * room.size[1] for room in self.house.rooms}
        groups = [trio for trio in combinations(floors, 3) if _stands_out([floors[one] for one in trio])]
        if not groups:
            return
        trio = rng.choice(groups)
        key = max(trio, key=lambda one: floors[one])
        form, letter, values = pose_choice(rng, key, rng.shuffled([one for one in trio if one != key]), 3, wording="room {}".format)  # fmt: skip
        yield self.question(
            "largest",
            (),
            signs=[i for i, room in enumerate(self.house.rooms) if room.letter in trio],
            slots={"rooms": [str(value) for value in values]},
            format=form,
            answer=letter,
            option_values=values,
            reasoning="infer",
            skills=("area", "comparison", "memory"),
        )

    def distance(self) -> Iterator[Question]:
        rng = self.rng.fork("distance")
        room = rng.integer(0, len(self.house.rooms) - 1)
        a, b = rng.sample(self.house.inside(room), 2)
        value = math.dist(a.place, b.place) * self.house.scale
        yield self.number("distance", [a, b], value, {"one": a.name, "other": b.name}, ("distance", "scale"))

    def measure(self) -> Iterator[Question]:
        one = self.one("measure", [one for one in self.house.stood if one.kind in MEASURES])
        axis = MEASURES[one.kind]
        value = piece(one.kind, one.measure).size[axis] * self.house.scale
        slots: dict[str, JsonValue] = {"name": one.name, "axis": axis, "how": "high" if axis == 2 else "wide from left to right"}  # fmt: skip
        yield self.number("measure", [one], value, slots, ("size", "scale"))

    def back_in(self) -> Iterator[Question]:
        """What stands where in the room before the last, when one comes back into it."""
        rooms, rng = self.house.rooms, self.rng.fork("back in")
        here = len(rooms) - 2
        after = rooms[here].after
        assert after is not None
        x, y = WAYS[(after + 2) % 4]
        middle = rooms[here].middle
        wanted = self.rng.steady("back in").choice(QUADRANTS)
        corners = [one for one in self.house.inside(here) if one.corner < 4]
        key = next(one for one in corners if _corner(middle, (middle[0] + x, middle[1] + y), one.place) == wanted)
        others: list[JsonValue] = [one.name for one in corners if one is not key]
        form, letter, values = pose_choice(rng, key.name, others, wording="the {}".format)
        yield self.question(
            "back_in",
            corners,
            walks=True,
            slots={"where": wanted, "last": rooms[-1].letter},
            format=form,
            answer=letter,
            option_values=values,
            reasoning="predict",
            skills=("perspective", "memory"),
        )

    def moved(self) -> Iterator[Question]:
        """How many of a kind a room would hold, had those of another room been brought there."""
        wanted = self.rng.steady("moved").choice(MOVED)
        counts = Counter((one.kind, one.room) for one in self.house.stood)
        found = [
            (kind, a, b)
            for kind in sorted({one.kind for one in self.house.stood})
            for a, b in permutations(range(len(self.house.rooms)), 2)
            if counts[kind, a] and counts[kind, a] + counts[kind, b] == wanted
        ]
        if not found:
            return
        kind, a, b = self.rng.fork("moved").choice(found)
        those = [one for one in self.house.stood if one.kind == kind and one.room in (a, b)]
        yield self.question(
            "moved",
            those,
            signs=[a, b],
            slots={
                "kind": kind,
                "kinds": _plural(kind),
                "from": self.house.rooms[a].letter,
                "to": self.house.rooms[b].letter,
            },
            format=Integer(),
            answer=wanted,
            domain=MOVED,
            reasoning="counterfactual",
            skills=("counting", "memory"),
        )

    def visited(self) -> Iterator[Question]:
        number = self.rng.fork("visited").integer(1, len(self.visits) - 1)
        visit = self.visits[number]
        one = self.one("visited", self.house.inside(number))
        yield self.question(
            "visited",
            [one],
            slots={"name": one.name},
            format=Span(),
            answer=[visit.start, visit.end],
            reasoning="infer",
            skills=("grounding", "memory"),
            chance=0.0,
        )

    def find(self) -> Iterator[Question]:
        """Where a piece is in the picture, told by its room and by what stands in the corner next to it."""
        rng = self.rng.fork("find")
        for one in rng.shuffled([one for one in self.house.stood if one.corner < 4]):
            seconds = whole_seconds(*self.seen[one.id], margin=0.02)[:1]
            try:
                boxes = boxes_by_second(self.layout.scene, one.id, seconds)
            except Rejected:
                continue
            beside = next(o for o in self.house.inside(one.room) if o.corner == (one.corner + 2) % 4)
            yield self.question(
                "find",
                [one, beside],
                slots={
                    "beside": beside.name,
                    "letter": self.letter(one),
                    "second": seconds[0],
                    "at": [*seconds],
                },
                format=Boxes(),
                answer=boxes,
                reasoning="infer",
                skills=("grounding", "position"),
                chance=0.0,
            )
            return

    def number(self, kind: str, those: Sequence[Stood], value: float, slots: Any, skills: tuple[str, ...]) -> Question:
        form = Number(unit="cm", relative=MEASURED)
        return self.question(kind, those, rod=True, slots=slots, format=form, answer=round(value, 2), reasoning="infer", skills=skills)  # fmt: skip

    def question(
        self,
        kind: str,
        those: Sequence[Stood],
        *,
        signs: Sequence[int] = (),
        walks: bool = False,
        rod: bool = False,
        **rest: Any,
    ) -> Question:
        """A question about some pieces and rooms; ``walks``: also about the way from room to room."""
        seen = [Evidence(start=0.0, end=FIRST, objects=("rod",))] if rod else []
        steps = [Step(kind="perceive", claim=self.rod.claim, time=1.0)] if rod else []
        names = [one.id for one in those] + [f"sign_{self.house.rooms[i].letter}" for i in signs]
        for name in names:
            start, end = self.seen[name]
            seen.append(Evidence(start=start, end=end, objects=(name,)))
            steps.append(Step(kind="perceive", claim=f"stands({name})", time=round((start + end) / 2, 3)))
        if walks:
            seen += [Evidence(start=walk.start, end=walk.end) for walk in self.walks]
            steps += [_step(walk) for walk in self.walks]
        answer = rest["answer"]
        said = "cannot be answered" if answer is None else answer
        fields = {"kind": kind, "evidence": tuple(seen), "steps": concluding(steps, f"{kind}: {said}")}
        return Question.model_validate(fields | rest)


def _step(event: Event) -> Step:
    return Step(kind="perceive", claim=event.claim, time=round((event.start + event.end) / 2, 3))


def quadrant(here: Point, ahead: Point, target: Point) -> str | None:
    """Where a place is for someone who looks from one place to another; ``None`` near the axes."""
    look = math.atan2(ahead[1] - here[1], ahead[0] - here[0])
    turn = math.degrees(math.atan2(target[1] - here[1], target[0] - here[0]) - look) % 360
    if min(turn % 90, 90 - turn % 90) < LEAN:
        return None
    return (QUADRANTS[0], QUADRANTS[2], QUADRANTS[3], QUADRANTS[1])[int(turn // 90)]


def _corner(here: Point, ahead: Point, place: Point) -> str:
    turn = math.degrees(
        math.atan2(place[1] - here[1], place[0] - here[0]) - math.atan2(ahead[1] - here[1], ahead[0] - here[0])
    )
    return (QUADRANTS[0], QUADRANTS[2], QUADRANTS[3], QUADRANTS[1])[int(turn % 360 // 90)]


def _turn(before: int, after: int) -> str:
    """Which way one turns who walked one way and walks on another."""
    return {0: "straight", 1: "left", 3: "right"}[(after - before) % 4]


def _stands_out(floors: Sequence[float]) -> bool:
    ranked = sorted(floors)
    return ranked[-1] >= LARGER * ranked[-2]


def _plural(kind: str) -> str:
    return "shelves" if kind == "shelf" else f"{kind}s"
