"""What is asked about a table that a camera has gone round: each question so that no single telling view gives it away."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise, permutations
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.spatial._sightlines import RIM
from generators.spatial._table import RATE, SEEN, Table, well_seen
from morse.errors import Rejected
from morse.grounding import masks_by_second, whole_seconds
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import Evidence, Integer, Masks, Permutation, Question, Step, Thing
from morse.seeding import Rng

Array = np.ndarray
QUADRANTS = ("in front, to the left", "in front, to the right", "behind, to the left", "behind, to the right")
HIDDEN = 0.005
"""A visible share that nobody sees."""
CLEARLY = 1.25
"""How many times farther something is that is farther."""
DRAWS = 40
"""Groups that are tried for each object, where there are many."""
Found = tuple[Any, Any, Any]
"""A candidate: its look, its class, and itself; see :func:`evenly`."""


def evenly(found: Iterable[Found], classes: Callable[[Any], Sequence[Any]], rng: Rng) -> Any:
    """One of the candidates (look, class, candidate), or ``None``.

    The look is what the telling views (the first, middle and last picture) show of a candidate, the class stands for its
    answer. Only looks for which the scene has candidates of all ``classes`` that the look allows are used, and there the
    class is drawn evenly: whoever sees the telling views alone learns nothing of the answer.
    """
    looks: dict[Any, dict[Any, list[Any]]] = {}
    for look, answer, candidate in found:
        looks.setdefault(look, {}).setdefault(answer, []).append(candidate)
    full = [(look, those) for look, those in looks.items() if set(classes(look)) <= set(those)]
    if not full:
        return None
    look, those = rng.choice(full)
    return rng.choice(those[rng.steady("class").choice(list(classes(look)))])


@dataclass(frozen=True)
class Sight:
    """A table whose objects have names, and who is seen on it when. ``counted``: the colour to count, of ``counts``
    equally likely numbers."""

    table: Table
    things: tuple[Thing, ...]
    counted: str
    counts: tuple[int, ...]

    @cached_property
    def patterns(self) -> list[tuple[bool, ...]]:
        """For each object whether it is seen in the first, middle and last picture."""
        return [tuple(column) for column in (self.table.told > SEEN).T.tolist()]

    @cached_property
    def apart(self) -> list[list[bool]]:
        """Whether two objects are in none of these pictures together."""
        return [[not any(a and b for a, b in zip(p, q, strict=True)) for q in self.patterns] for p in self.patterns]

    @cached_property
    def spans(self) -> list[tuple[float, float]]:
        """For each object when it is best seen, 4 s at most."""
        found = []
        for span in well_seen(self.table.way, self.table.steps, self.table.views):
            start, end = span or (0.0, 0.0)
            middle = (start + end) / 2
            found.append((round(max(start, middle - 2.0), 3), round(min(end, middle + 2.0), 3)))
        return found

    @cached_property
    def far(self) -> list[list[float]]:
        """(n, n): the distances between the objects."""
        places = self.table.places
        return np.hypot(*np.moveaxis(places[:, None] - places[None], -1, 0)).tolist()

    @property
    def everyone(self) -> range:
        return range(len(self.things))

    def name(self, i: int) -> str:
        return str(self.things[i].attributes["name"])

    def groups(self, size: int, rng: Rng) -> Iterator[tuple[int, list[int]]]:
        """An object and ``size`` others that are in no telling view together with it, and in no view all together."""
        for a in self.everyone:
            others = [i for i in self.everyone if i != a and self.apart[a][i]]
            for rest in some(others, size, rng):
                if not self.table.together([a, *rest]):
                    yield a, sorted(rest, key=lambda i: self.far[a][i])

    def question(
        self, kind: str, group: Sequence[int], claim: str, first: Sequence[Evidence] = (), **rest: Any
    ) -> Question:
        """A question about some objects, with the stretches in which each is well seen as evidence (after ``first``)."""
        ids, spans = [self.things[i].id for i in group], [self.spans[i] for i in group]
        seen = [Evidence(start=start, end=end, objects=(name,)) for name, (start, end) in zip(ids, spans, strict=True)]
        steps = [
            Step(kind="perceive", claim=f"stands({name})", time=round((start + end) / 2, 3))
            for name, (start, end) in zip(ids, spans, strict=True)
        ]
        return Question(kind=kind, evidence=(*first, *seen), steps=concluding(steps, claim), **rest)

    def pick(
        self, kind: str, rng: Rng, key: int, others: Sequence[int], claim: str, beside: Sequence[int] = (), **rest: Any
    ) -> Question:
        """A question that one of four objects answers."""
        names: list[JsonValue] = [self.name(i) for i in rng.shuffled(others)]
        form, letter, values = pose_choice(rng, self.name(key), names, wording="the {}".format)
        group = [*beside, key, *others]
        return self.question(kind, group, claim, format=form, answer=letter, option_values=values, **rest)

    def ordered(
        self, kind: str, ranked: Sequence[int], rng: Rng, beside: Sequence[int] = (), slots: Any = None, **rest: Any
    ) -> Question:
        """A question for the order of three objects, which are numbered at random."""
        numbered = rng.shuffled(ranked)
        names = [self.name(i) for i in numbered]
        listed = {"names": names, "items": ", ".join(f"({k}) the {name}" for k, name in enumerate(names, 1))}
        return self.question(
            kind,
            [*beside, *numbered],
            f"{kind}({', '.join(self.things[i].id for i in ranked)})",
            slots=listed | (slots or {}),
            format=Permutation(size=3),
            answer=[numbered.index(i) + 1 for i in ranked],
            domain=tuple(list(order) for order in permutations((1, 2, 3))),
            **rest,
        )

    def arranged(self, ranked: Sequence[int], candidate: Any) -> Found:
        """A candidate for a question of order: its class is the order of who is seen in the telling views."""
        arrangement = tuple(self.patterns[i] for i in ranked)
        return tuple(sorted(arrangement)), arrangement, candidate


def some(items: Sequence[int], size: int, rng: Rng, most: int = DRAWS) -> Iterable[Sequence[int]]:
    """All groups of a size, or ``most`` drawn at random where there are more."""
    if len(items) < size:
        return ()
    if math.comb(len(items), size) <= most:
        return combinations(items, size)
    return (rng.sample(items, size) for _ in range(most))


def arrangements(look: tuple[Any, ...]) -> list[Any]:
    return list(permutations(look))


def facing(sight: Sight, rng: Rng) -> Iterator[Question]:
    places, found = [complex(x, y) for x, y in sight.table.places.tolist()], []
    pairs = [(a, b) for a, b in permutations(sight.everyone, 2) if sight.apart[a][b] and sight.far[a][b] > 0.7]
    for a, b in pairs:
        for c in sight.everyone:
            if c in (a, b) or not sight.apart[a][c] or not sight.apart[b][c] or sight.far[a][c] <= 0.7:
                continue
            there = (places[c] - places[a]) / (places[b] - places[a])
            lean = min(abs(there.real), abs(there.imag)) / abs(there)
            if lean > math.sin(math.radians(18)) and not sight.table.together((a, b, c)):
                look = (sight.patterns[a], sight.patterns[b], sight.patterns[c])
                quadrant = QUADRANTS[2 * (there.real < 0) + (there.imag < 0)]
                found.append((look, quadrant, (a, b, c, quadrant)))
    chosen = evenly(found, lambda _: QUADRANTS, rng)
    if chosen is None:
        return
    *group, answer = chosen
    form, letter, values = pose_choice(rng, answer, [q for q in QUADRANTS if q != answer])
    here, ahead, target = map(sight.name, group)
    yield sight.question(
        "facing",
        group,
        f"{answer}({target})",
        slots={"here": here, "ahead": ahead, "target": target},
        format=form,
        answer=letter,
        option_values=values,
        reasoning="infer",
        skills=("perspective", "memory"),
    )


def nearest(sight: Sight, rng: Rng) -> Iterator[Question]:
    found = []
    for a, ranked in sight.groups(4, rng):
        if sight.far[a][ranked[1]] > CLEARLY * sight.far[a][ranked[0]]:
            look = tuple(sorted(sight.patterns[i] for i in ranked))
            found.append((look, sight.patterns[ranked[0]], (a, *ranked)))
    chosen = evenly(found, lambda look: look, rng)
    if chosen is not None:
        a, key, *others = chosen
        here = sight.name(a)
        claim, rest = f"nearest({here}, {sight.name(key)})", {"reasoning": "infer", "skills": ("distance", "memory")}
        yield sight.pick("nearest", rng, key, others, claim, (a,), slots={"here": here}, **rest)


def mark_nearest(sight: Sight, rng: Rng) -> Iterator[Question]:
    """The object nearest to another one, to be marked at a second at which it is in view and the other one is not."""
    form = Masks()
    for a in rng.shuffled(sight.everyone):
        key, second = sorted((i for i in sight.everyone if i != a), key=lambda i: sight.far[a][i])[:2]
        if sight.far[a][second] < CLEARLY * sight.far[a][key]:
            continue
        whole = whole_seconds(*sight.spans[key])
        seconds = [at for at in whole if sight.table.at(np.array([float(at)]))[0, a] <= HIDDEN]
        if seconds:
            at = rng.choice(seconds)
            try:
                mask = masks_by_second(sight.table.world, sight.things[key].id, [at], form.height, form.width)
            except Rejected:
                continue
            yield sight.question(
                "mark_nearest",
                [a, key],
                f"nearest({sight.name(a)}, {sight.name(key)})",
                slots={"here": sight.name(a), "second": at},
                format=form,
                answer=mask,
                chance=0.0,
                reasoning="infer",
                skills=("distance", "memory", "grounding"),
            )
            return


def by_distance(sight: Sight, rng: Rng) -> Iterator[Question]:
    found = [
        sight.arranged(ranked, (a, *ranked))
        for a, ranked in sight.groups(3, rng)
        if all(sight.far[a][j] > CLEARLY * sight.far[a][i] for i, j in pairwise(ranked))
    ]
    chosen = evenly(found, arrangements, rng)
    if chosen is not None:
        a, *ranked = chosen
        rest: dict[str, Any] = {"reasoning": "infer", "skills": ("distance", "memory")}
        yield sight.ordered("by_distance", ranked, rng, (a,), {"here": sight.name(a)}, **rest)


def behind(sight: Sight, rng: Rng) -> Iterator[Question]:
    """What a screen hides in the first or last view, asked as it is (``hidden``) or by taking it away (``removed``).

    The key is hidden by this screen alone. The other options are hidden too: without this screen's doing (``hidden``), or so
    that they stay hidden when it is gone (``removed``).
    """
    table, end = sight.table, sight.table.way.duration
    found: dict[str, list[Found]] = {"hidden": [], "removed": []}
    for view, told, time in (("first", table.told[0], 0.0), ("last", table.told[-1], end)):
        gone = [i for i in sight.everyone if told[i] <= HIDDEN]
        lines = table.lines(time)
        inside, blocked = lines.inside[0], lines.blocked[:, 0]
        for number, screen in enumerate(table.screens):
            bare = inside & ~np.delete(blocked, number, axis=0).any(axis=0)
            alone = ~(blocked[number] | blocked[len(table.screens) :].any(axis=0))
            keys = [i for i in gone if bare[i, :-RIM].mean() >= 0.6]
            others = {
                "hidden": [i for i in gone if alone[i, :-RIM].mean() >= 0.95],
                "removed": [i for i in gone if not bare[i].any()],
            }
            for kind, rest in others.items():
                for key in keys:
                    for wrong in some(rest, 3, rng):
                        pattern = [sight.patterns[i] for i in (key, *wrong)]
                        found[kind].append(((view, *sorted(pattern)), pattern[0], (view, screen, key, *wrong)))
    for kind, candidates in found.items():
        chosen = evenly(candidates, lambda look: look[1:], rng.fork(kind))
        if chosen is not None:
            view, screen, key, *wrong = chosen
            moment = (0.0, 2.0) if view == "first" else (round(end - 2.0, 3), end)
            yield sight.pick(
                kind,
                rng,
                key,
                wrong,
                f"hides({screen}, {sight.things[key].id})",
                first=[Evidence(start=moment[0], end=moment[1])],
                slots={"view": view, "screen": screen.replace("_", " ")},
                reasoning="infer" if kind == "hidden" else "counterfactual",
                skills=("occlusion", "memory"),
            )


def count(sight: Sight, rng: Rng) -> Iterator[Question]:
    group = [i for i, thing in enumerate(sight.things) if thing.colour == sight.counted]
    yield sight.question(
        "count",
        group,
        f"number({sight.counted}, {len(group)})",
        slots={"colour": sight.counted},
        format=Integer(),
        answer=len(group),
        domain=sight.counts,
        reasoning="infer",
        skills=("counting", "memory"),
    )


def travel(sight: Sight, rng: Rng) -> Iterator[Question]:
    way, end = sight.table.way, sight.table.way.duration
    ways = ["anticlockwise", "clockwise"][:: way.direction]
    turns: list[JsonValue] = [f"about {degrees}° {turn}" for degrees in (way.net, way.other) for turn in ways]
    form, letter, values = pose_choice(rng, turns[0], turns[1:])
    yield Question(
        kind="travel",
        format=form,
        answer=letter,
        option_values=values,
        reasoning="infer",
        skills=("self-motion",),
        evidence=(Evidence(start=0.0, end=end, objects=tuple(thing.id for thing in sight.things)),),
        steps=(Step(kind="perceive", claim=f"orbit({turns[0]})", time=end),),
    )


def _across(sight: Sight, rng: Rng, kind: str, gone: float, reasoning: str) -> Iterator[Question]:
    """The order from left to right of three objects, none of which a telling view shows, seen from elsewhere."""
    way, places = sight.table.way, sight.table.places
    azimuth = math.radians(way.start + way.direction * gone)
    eye = np.array([math.cos(azimuth), math.sin(azimuth)])
    right, found = np.array([-eye[1], eye[0]]), []
    # the order must not depend on how far from the table one imagines the viewer
    views = [places @ right / (share * way.distance - places @ eye) for share in (0.9 * way.near, 1.0)]
    for group in combinations([i for i in sight.everyone if not any(sight.patterns[i])], 3):
        ranked = sorted(group, key=lambda i: views[0][i])
        if min(np.diff(view[ranked]).min() for view in views) > 0.11 and not sight.table.together(group):
            found.append(ranked)
    if found:
        yield sight.ordered(kind, rng.choice(found), rng, reasoning=reasoning, skills=("perspective", "memory"))


def opposite(sight: Sight, rng: Rng) -> Iterator[Question]:
    return _across(sight, rng, "opposite", 180.0, "counterfactual")


def onward(sight: Sight, rng: Rng) -> Iterator[Question]:
    return _across(sight, rng, "onward", sight.table.way.net + 90.0, "predict")


def appeared(sight: Sight, rng: Rng) -> Iterator[Question]:
    times = np.arange(int(sight.table.way.duration * RATE)) / RATE
    shares = sight.table.at(times)
    # from when on it is plainly in view, and stays so for a second
    plain = np.lib.stride_tricks.sliding_window_view(shares, int(RATE), axis=0).min(axis=-1) > 0.4
    begins, comes = times[(shares > 0).argmax(axis=0)], times[plain.argmax(axis=0)]
    absent = [i for i in sight.everyone if begins[i] > 0 and plain[:, i].any() and sight.table.told[0, i] <= HIDDEN]
    found = []
    for group in combinations(absent, 3):
        ranked = sorted(group, key=lambda i: comes[i])
        if all(begins[j] - comes[i] > 1.1 for i, j in pairwise(ranked)):
            found.append(sight.arranged(ranked, ranked))
    chosen = evenly(found, arrangements, rng)
    if chosen is not None:
        yield sight.ordered("appeared", chosen, rng, reasoning="recall", skills=("order", "memory"))


KINDS = (facing, nearest, mark_nearest, by_distance, behind, count, travel, opposite, onward, appeared)
