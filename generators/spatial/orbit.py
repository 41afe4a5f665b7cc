"""Objects on a table between screens, filmed by a camera that goes round: no single view shows enough."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise, permutations
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.spatial._table import RATE, Table, measured, open_share, set_table, well_seen
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.options import pose_choice
from morse.schema import Evidence, Integer, Permutation, Question, State, Step, Thing
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register
from morse.world import World

Array = np.ndarray
COLOURS = ("red", "orange", "yellow", "cyan", "blue", "purple")
POINTED = ("cone", "pyramid")
QUADRANTS = ("in front, to the left", "in front, to the right", "behind, to the left", "behind, to the right")
CLEAR, SEEN, HIDDEN = 0.8, 0.06, 0.005
"""Visible shares: well seen, seen at all, not seen."""
WIDE = 100.0
"""A field of view (degrees) that leaves nothing on the table out."""
FEWEST = 5
"""Questions that a table must give."""
ORDERS = tuple(permutations((1, 2, 3)))


class Params(TaskParams):
    objects: int = ramp(9, per_level=1, most=24, least=8, limit=24, about="objects on the table")
    screens: int = ramp(4, least=3, limit=4, about="screens that part the table")
    turns: int = ramp(0, per_level=0.5, about="times the camera goes back a little")
    pauses: int = ramp(1, per_level=0.5, about="rests of the camera on its way")
    clutter: int = ramp(2, per_level=2, most=30, limit=40, about="small flat counters that nothing is asked about")


@dataclass(frozen=True)
class Episode:
    """A table whose objects have names. ``counted``: the colour to count; ``counts``: the equally likely numbers of it."""

    table: Table
    things: tuple[Thing, ...]
    counted: str
    counts: tuple[int, ...]


@register(category="spatial", version=1, stage="bullet", covers=("VSI-Bench", "SIRI-Bench", "MORSE-500 spatial"))
class Orbit(Task[Params, Episode]):
    """Objects stand on a table between screens; a camera goes round and never sees them all at once.

    What is shown
        A table with objects of different shape, colour, size and material. Upright screens part the table, so that each
        view shows some of it only. The camera goes round the table with rests, at higher levels back a little in between,
        and may rise.

    What is asked
        Where an object is for someone who stands at a second and faces a third (infer); which of four is nearest to a
        fifth, and the order of three by distance (infer); which object one screen hides in the first or last view (infer),
        and which would come into view if that screen were taken away (counterfactual); how many objects have a colour
        (infer); how far and which way round the camera went (infer); what a viewer on the opposite side would see from left
        to right (counterfactual), and the camera after another quarter turn (predict); in what order objects came into view
        (recall).

    Difficulty
        More objects, so that more share shapes and colours; more clutter; more turns and rests of the camera.

    Source
        The question kinds follow VSI-Bench (Yang et al., arXiv 2412.14171), with the answer kept out of every single view.
    """

    def simulate(self, params: Params, rng: Rng) -> Episode:
        table = set_table(params.objects, params.screens, params.clutter, params.turns, params.pauses, rng)
        counts = (3, 4, 5) if params.objects < 12 else (3, 4, 5, 6)
        if _alike(table, counts, rng.fork("estimate")) is None:
            raise Rejected("a view would tell the count")
        table = measured(table)
        group = _alike(table, counts, rng.fork("group"))
        if group is None:
            raise Rejected("a view tells the count")
        if None in well_seen(table.way, table.steps, table.views, CLEAR):
            raise Rejected("an object is not seen well")
        colours, counted = _colours(table.shapes, group, rng.fork("colours"))
        things = tuple(
            Thing(
                id=f"{colour}_{shape}",
                kind=shape,
                attributes={"name": f"{colour} {shape}"},
                colour=colour,
                shape_fills_box=shape not in POINTED,
            )
            for colour, shape in zip(colours, table.shapes, strict=True)
        )
        bodies = tuple(
            replace(body, name=things[i].id, colour=colours[i]) if i < len(things) else body
            for i, body in enumerate(table.world.bodies)
        )
        way = table.way
        world = replace(
            table.world, bodies=bodies, duration=float(way.times[-1]), camera=way.camera(way.times, way.angles)
        )
        return Episode(replace(table, world=world), things, counted, counts)

    def layout(self, episode: Episode, rng: Rng) -> Layout:
        table = episode.table
        values: dict[str, JsonValue] = {
            "places": {thing.id: place for thing, place in zip(episode.things, table.places.tolist(), strict=True)},
            "sizes": {thing.id: size for thing, size in zip(episode.things, table.sizes.tolist(), strict=True)},
            "screens": {name: wall for name, wall in zip(_screens(table), table.walls.tolist(), strict=True)},
        }
        state = State(start=0.0, end=table.world.duration, values=values)
        return Layout(scene=table.world, objects=episode.things, states=(state,))

    def ask(self, episode: Episode, layout: Layout, rng: Rng) -> Iterable[Question]:
        sight = _Sight.of(episode)
        kinds = (_facing, _nearest, _by_distance, _behind, _count, _travel, _opposite, _onward, _appeared)
        asked = [question for kind in kinds for question in kind(sight, rng.fork(kind.__name__))]
        if len(asked) < FEWEST:
            raise Rejected("too few questions")
        return asked

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return _Again(shown).answer(question)

    def draw(self, episode: Episode, layout: Layout, stage: Any, style: Style) -> None:
        """Nothing to add: the bodies carry their looks."""


def _screens(table: Table) -> list[str]:
    """The names of the screens, in the order of the walls."""
    count = len(table.shapes)
    return [body.name for body in table.world.bodies[count : count + len(table.walls)]]


def _alike(table: Table, counts: Sequence[int], rng: Rng) -> list[int] | None:
    """Objects to give one colour, so that none of the telling views gives their number away.

    No view shows all of them, and the scene has groups of every number that look the same in the first, middle and last view
    (as many of them are seen); which of the numbers it is, is drawn evenly.
    """
    seen, found = table.views > SEEN, []
    objects = range(len(table.shapes))
    for count in counts:
        few = math.comb(len(objects), count) <= 500
        groups = combinations(objects, count) if few else (rng.sample(objects, count) for _ in range(300))
        for group in map(list, groups):
            if len({table.shapes[i] for i in group}) == count and not seen[:, group].all(axis=1).any():
                found.append((tuple(seen[table.marks][:, group].sum(axis=1).tolist()), count, group))
    return _evenly(found, lambda _: counts, rng)


def _colours(shapes: Sequence[str], group: Sequence[int], rng: Rng) -> tuple[list[str], str]:
    """Colours of all objects, so that every description is unique, and the colour of the group, which no other has."""
    counted = rng.choice(COLOURS)
    colours = dict.fromkeys(group, counted)
    for i in rng.shuffled([i for i in range(len(shapes)) if i not in colours]):
        taken = [colours[j] for j in colours if shapes[j] == shapes[i]] + [counted]
        free = [colour for colour in rng.shuffled(COLOURS) if colour not in taken]
        colours[i] = min(free, key=list(colours.values()).count)
    return [colours[i] for i in range(len(shapes))], counted


def _evenly(found: Iterable[tuple[Any, Any, Any]], classes: Callable[[Any], Sequence[Any]], rng: Rng) -> Any:
    """One of the candidates (look, class, candidate), or ``None``.

    The look is what the telling views show of a candidate, the class stands for its answer. Only looks for which the scene
    has candidates of all ``classes`` that the look allows are used, and there the class is drawn evenly: whoever sees the
    telling views alone learns nothing of the answer.
    """
    looks: dict[Any, dict[Any, list[Any]]] = {}
    for look, answer, candidate in found:
        looks.setdefault(look, {}).setdefault(answer, []).append(candidate)
    full = [(look, those) for look, those in looks.items() if set(classes(look)) <= set(those)]
    if not full:
        return None
    look, those = rng.choice(full)
    return rng.choice(those[rng.choice(list(classes(look)))])


@dataclass(frozen=True)
class _Sight:
    """What ``ask`` needs of an episode: who is seen when.

    ``patterns``: for each object whether it is seen in the first, middle and last picture. ``apart``: (n, n), the two are
    in none of these pictures together. ``spans``: for each object the longest stretch in which it is seen well.
    """

    episode: Episode
    seen: Array
    patterns: list[tuple[bool, ...]]
    apart: Array
    spans: list[tuple[float, float] | None]

    @classmethod
    def of(cls, episode: Episode) -> "_Sight":
        table = episode.table
        seen = table.views > SEEN
        told = seen[table.marks].astype(int)
        patterns = [tuple(pattern) for pattern in (told > 0).T.tolist()]
        return cls(episode, seen, patterns, told.T @ told == 0, well_seen(table.way, table.steps, table.views, CLEAR))

    @property
    def unseen(self) -> list[int]:
        """The objects that none of the telling views shows."""
        return [i for i, pattern in enumerate(self.patterns) if not any(pattern)]

    @property
    def n(self) -> int:
        return len(self.patterns)

    def never(self, group: Sequence[int]) -> bool:
        """Whether no view shows all of a group."""
        return not self.seen[:, list(group)].all(axis=1).any()

    def name(self, i: int) -> str:
        return str(self.episode.things[i].attributes["name"])

    def question(
        self, kind: str, group: Sequence[int], claim: str, spans: Iterable[Evidence] = (), **rest: Any
    ) -> Question:
        """A question about some objects, with the stretches in which each is seen well as evidence."""
        things = self.episode.things
        evidence, steps = list(spans), []
        for i in group:
            start, end = self.spans[i] or (0.0, 0.0)
            start, end = max(start, (start + end) / 2 - 2.0), min(end, (start + end) / 2 + 2.0)
            evidence.append(Evidence(start=round(start, 3), end=round(end, 3), objects=(things[i].id,)))
            steps.append(Step(kind="perceive", claim=f"stands({things[i].id})", time=round((start + end) / 2, 3)))
        steps.append(Step(kind="infer", claim=claim, needs=tuple(range(len(steps)))))
        return Question(kind=kind, evidence=tuple(evidence), steps=tuple(steps), **rest)

    def pick(
        self, kind: str, rng: Rng, key: int, others: Sequence[int], claim: str, extra: Sequence[int] = (), **rest: Any
    ) -> Question:
        """A question that one of four objects answers."""
        names: list[JsonValue] = [self.name(i) for i in rng.shuffled(others)]
        form, letter, values = pose_choice(rng, self.name(key), names, wording="the {}".format)
        group = (*extra, key, *others)
        return self.question(kind, group, claim, format=form, answer=letter, option_values=values, **rest)

    def ordered(self, kind: str, ranked: Sequence[int], rng: Rng, extra: Sequence[int] = (), **rest: Any) -> Question:
        """A question for the order of three objects, which are numbered at random."""
        numbered = rng.shuffled(ranked)
        names: list[JsonValue] = [self.name(i) for i in numbered]
        slots = {"names": names, "items": ", ".join(f"({k}) the {name}" for k, name in enumerate(names, 1))}
        ids = ", ".join(self.episode.things[i].id for i in ranked)
        return self.question(
            kind,
            [*extra, *numbered],
            f"{kind}({ids})",
            slots=slots | rest.pop("slots", {}),
            format=Permutation(size=3),
            answer=[numbered.index(i) + 1 for i in ranked],
            domain=tuple(list(order) for order in ORDERS),
            **rest,
        )


def _facing(sight: _Sight, rng: Rng) -> Iterator[Question]:
    places, found = sight.episode.table.places, []
    for a, b, c in permutations(range(sight.n), 3):
        if not (sight.apart[a, b] and sight.apart[a, c] and sight.apart[b, c] and sight.never((a, b, c))):
            continue
        ahead, there = places[b] - places[a], places[c] - places[a]
        front, left = float(ahead @ there), float(ahead[0] * there[1] - ahead[1] * there[0])
        lean = min(abs(front), abs(left)) / math.hypot(front, left)
        if lean > math.sin(math.radians(18)) and min(math.hypot(*ahead), math.hypot(*there)) > 0.7:
            look = (sight.patterns[a], sight.patterns[b], sight.patterns[c])
            found.append((look, QUADRANTS[2 * (front < 0) + (left < 0)], (a, b, c)))
    chosen = _evenly(found, lambda _: QUADRANTS, rng)
    if chosen is None:
        return
    a, b, c = chosen
    answer = next(quadrant for _, quadrant, group in found if group == chosen)
    form, letter, values = pose_choice(rng, answer, [q for q in QUADRANTS if q != answer])
    yield sight.question(
        "facing",
        chosen,
        f"{answer}({sight.name(c)})",
        slots={"here": sight.name(a), "ahead": sight.name(b), "target": sight.name(c)},
        format=form,
        answer=letter,
        option_values=values,
        reasoning="infer",
        skills=("perspective", "memory"),
    )


def _distances(sight: _Sight) -> Array:
    places = sight.episode.table.places
    return np.hypot(*np.moveaxis(places[:, None] - places[None], -1, 0))


def _groups(sight: _Sight, size: int, rng: Rng) -> Iterator[tuple[int, ...]]:
    """An object, then ``size`` others that are in no telling view together with it; at most 600 draws."""
    for a in range(sight.n):
        others = [i for i in range(sight.n) if i != a and sight.apart[a, i]]
        if len(others) < size:
            continue
        few = math.comb(len(others), size) <= 60
        for rest in combinations(others, size) if few else (rng.sample(others, size) for _ in range(60)):
            if sight.never((a, *rest)):
                yield (a, *rest)


def _nearest(sight: _Sight, rng: Rng) -> Iterator[Question]:
    far, found = _distances(sight), []
    for a, *rest in _groups(sight, 4, rng):
        ranked = sorted(rest, key=lambda i: far[a, i])
        if far[a, ranked[1]] > 1.25 * far[a, ranked[0]]:
            look = tuple(sorted(sight.patterns[i] for i in rest))
            found.append((look, sight.patterns[ranked[0]], (a, *ranked)))
    chosen = _evenly(found, lambda look: look, rng)
    if chosen is None:
        return
    a, key, *others = chosen
    yield sight.pick(
        "nearest",
        rng,
        key,
        others,
        f"nearest({sight.name(a)}, {sight.name(key)})",
        extra=(a,),
        slots={"here": sight.name(a)},
        reasoning="infer",
        skills=("distance", "memory"),
    )


def _arranged(sight: _Sight, ranked: Sequence[int]) -> tuple[Any, Any, Sequence[int]]:
    """A candidate for a question of order: its look is who is seen in the telling views, its class the order of these."""
    arrangement = tuple(sight.patterns[i] for i in ranked)
    return tuple(sorted(arrangement)), arrangement, ranked


def _arrangements(look: tuple[Any, ...]) -> list[Any]:
    return list(permutations(look))


def _by_distance(sight: _Sight, rng: Rng) -> Iterator[Question]:
    far, found = _distances(sight), []
    for a, *rest in _groups(sight, 3, rng):
        ranked = sorted(rest, key=lambda i: far[a, i])
        if all(far[a, j] > 1.25 * far[a, i] for i, j in pairwise(ranked)):
            look, answer, _ = _arranged(sight, ranked)
            found.append((look, answer, (a, *ranked)))
    chosen = _evenly(found, _arrangements, rng)
    if chosen is not None:
        a, *ranked = chosen
        yield sight.ordered(
            "by_distance",
            ranked,
            rng,
            (a,),
            slots={"here": sight.name(a)},
            reasoning="infer",
            skills=("distance", "memory"),
        )


def _behind(sight: _Sight, rng: Rng) -> Iterator[Question]:
    """What a screen hides in the first or last view, asked as it is (``hidden``) or by taking it away (``removed``).

    The key is hidden by this screen alone. The other options are hidden too: without this screen's doing (``hidden``), or so
    that they stay hidden when it is gone (``removed``).
    """
    table = sight.episode.table
    screens = range(sight.n, sight.n + len(table.walls))
    found: dict[str, list[tuple[Any, Any, Any]]] = {"hidden": [], "removed": []}
    for view, mark in (("first", table.marks[0]), ("last", table.marks[2])):
        gone = [i for i in range(sight.n) if table.views[mark, i] <= HIDDEN]
        for screen in screens if len(gone) >= 4 else ():
            if not _opens(table, screen - sight.n, mark, gone):
                continue
            bare = _seen_without(table, gone, {screen}, mark)
            keys = [i for i in gone if bare[i] >= 0.6]
            if not keys:
                continue
            alone = _seen_without(table, gone, {*screens} - {screen}, mark, WIDE)
            others = {
                "hidden": [i for i in gone if alone[i] >= 0.9],
                "removed": [i for i in gone if bare[i] <= HIDDEN],
            }
            for kind, rest in others.items():
                for key, *wrong in ((key, *wrong) for key in keys for wrong in combinations(rest, 3)):
                    told = [sight.patterns[i] for i in (key, *wrong)]
                    candidate = (view, table.world.bodies[screen].name, key, wrong)
                    found[kind].append(((view, *sorted(told)), told[0], candidate))
    for kind, candidates in found.items():
        chosen = _evenly(candidates, lambda look: look[1:], rng)
        if chosen is None:
            continue
        view, screen, key, wrong = chosen
        end = table.world.duration
        moment = Evidence(start=0.0, end=2.0) if view == "first" else Evidence(start=round(end - 2.0, 3), end=end)
        yield sight.pick(
            kind,
            rng,
            key,
            wrong,
            f"hides({screen}, {sight.episode.things[key].id})",
            spans=(moment,),
            slots={"view": view, "screen": screen.replace("_", " ")},
            reasoning="infer" if kind == "hidden" else "counterfactual",
            skills=("occlusion", "memory"),
        )


def _opens(table: Table, wall: int, mark: int, gone: Sequence[int]) -> bool:
    """Whether a screen's absence might bring any of the hidden objects into sight (so that ray casts are worth while)."""
    sights = table.way.camera(np.zeros(1), table.steps[mark : mark + 1]).axes(np.zeros(1))
    rest = np.delete(table.walls, wall, axis=0)
    return any(open_share(sights, table.places[i], table.sizes[i], rest)[0] > 0.4 for i in gone)


def _seen_without(
    table: Table, objects: Sequence[int], bodies: set[int], mark: int, fov: float | None = None
) -> dict[int, float]:
    """How much of these objects a view would show if some bodies were not there (with another field of view)."""
    among = [(i, body) for i, body in enumerate(table.world.bodies) if i not in bodies]
    angle = table.steps[mark : mark + 1]
    camera = table.way.camera(np.zeros(1), angle)
    world = replace(
        table.world,
        bodies=tuple(body if i in objects else replace(body, tracked=False) for i, body in among),
        poses=table.world.poses[:, [i for i, _ in among]],
        camera=camera if fov is None else replace(camera, fovs=np.array([fov])),
    )
    return dict(zip(objects, world.tracks(np.zeros(1)).visible[0].tolist(), strict=True))


def _count(sight: _Sight, rng: Rng) -> Iterator[Question]:
    episode = sight.episode
    group = [i for i, thing in enumerate(episode.things) if thing.colour == episode.counted]
    yield sight.question(
        "count",
        group,
        f"number({episode.counted}, {len(group)})",
        slots={"colour": episode.counted},
        format=Integer(),
        answer=len(group),
        domain=episode.counts,
        reasoning="infer",
        skills=("counting", "memory"),
    )


def _travel(sight: _Sight, rng: Rng) -> Iterator[Question]:
    way = sight.episode.table.way
    ways = ["anticlockwise", "clockwise"][:: way.direction]
    turns: list[JsonValue] = [f"about {degrees}° {turn}" for degrees in (way.net, way.other) for turn in ways]
    form, letter, values = pose_choice(rng, turns[0], turns[1:])
    things, end = sight.episode.things, sight.episode.table.world.duration
    yield Question(
        kind="travel",
        format=form,
        answer=letter,
        option_values=values,
        reasoning="infer",
        skills=("self-motion",),
        evidence=(Evidence(start=0.0, end=end, objects=tuple(thing.id for thing in things)),),
        steps=(Step(kind="perceive", claim=f"orbit({turns[0]})", time=round(end, 3)),),
    )


def _across(sight: _Sight, rng: Rng, kind: str, gone: float, reasoning: str) -> Iterator[Question]:
    """The order from left to right of three objects, none of which a telling view shows, seen from elsewhere."""
    way = sight.episode.table.way
    azimuth = math.radians(way.start + way.direction * gone)
    eye = np.array([math.cos(azimuth), math.sin(azimuth)])
    right, found = np.array([-eye[1], eye[0]]), []
    # the order must not depend on how far from the table one imagines the viewer
    places = sight.episode.table.places
    views = [places @ right / (share * way.distance - places @ eye) for share in (0.9 * way.near, 1.0)]
    for group in combinations(sight.unseen, 3):
        ranked = sorted(group, key=lambda i: views[0][i])
        if sight.never(group) and min(np.diff(view[ranked]).min() for view in views) > 0.11:
            found.append(ranked)
    if found:
        yield sight.ordered(kind, rng.choice(found), rng, reasoning=reasoning, skills=("perspective", "memory"))


def _opposite(sight: _Sight, rng: Rng) -> Iterator[Question]:
    return _across(sight, rng, "opposite", 180.0, "counterfactual")


def _onward(sight: _Sight, rng: Rng) -> Iterator[Question]:
    return _across(sight, rng, "onward", sight.episode.table.way.net + 90.0, "predict")


def _appeared(sight: _Sight, rng: Rng) -> Iterator[Question]:
    table, found = sight.episode.table, []
    times = np.arange(int(table.world.duration * RATE)) / RATE
    shares = table.at(times)
    begins = times[(shares > HIDDEN).argmax(axis=0)]
    comes = times[(shares > 0.6).argmax(axis=0)]
    for group in combinations([i for i in range(sight.n) if begins[i] > 0], 3):
        ranked = sorted(group, key=lambda i: comes[i])
        if all(begins[j] - comes[i] > 1.0 for i, j in pairwise(ranked)):
            found.append(_arranged(sight, ranked))
    chosen = _evenly(found, _arrangements, rng)
    if chosen is not None:
        yield sight.ordered("appeared", chosen, rng, reasoning="recall", skills=("order", "memory"))


class _Again:
    """The answers once more, from what is filmed: camera, poses and sizes, and lines of sight in the ground plan."""

    def __init__(self, shown: Shown) -> None:
        if not isinstance(shown.scene, World):
            raise TypeError("the scene is not a World")
        self.camera, self.things, self.duration = shown.scene.camera, shown.objects, shown.duration
        kinds = {thing.id: thing.kind for thing in shown.objects}
        self.places: dict[str, Array] = {}
        self.sizes: dict[str, Array] = {}
        self.screens: dict[str, Array] = {}
        for body, (x, y, _, _, _, sin, cos) in zip(shown.scene.bodies, shown.scene.poses[0], strict=True):
            wide, _, high = body.size
            if body.name in kinds:
                self.places[body.name] = np.array([x, y])
                self.sizes[body.name] = np.array([wide, 0.0 if kinds[body.name] in POINTED else wide, high])
            elif body.name.endswith("_screen"):
                half = np.array([cos * cos - sin * sin, 2 * sin * cos]) * wide / 2
                self.screens[body.name] = np.array([[x, y] - half, [x, y] + half])

    def answer(self, question: Question) -> JsonValue:
        return getattr(self, question.kind)(question)

    def spot(self, name: JsonValue) -> complex:
        x, y = self.places[str(name).replace(" ", "_")]
        return complex(x, y)

    def share(self, name: str, times: Array, screens: Iterable[str], fov: float | None = None) -> Array:
        """(times,): how much of an object is free of these screens and of other objects (with another field of view)."""
        camera = self.camera if fov is None else replace(self.camera, fovs=np.full_like(self.camera.fovs, fov))
        walls = np.array([self.screens[screen] for screen in screens])
        others = [(self.places[other], self.sizes[other]) for other in self.places if other != name]
        return open_share(camera.axes(times), self.places[name], self.sizes[name], walls, others)

    def facing(self, question: Question) -> JsonValue:
        here, ahead, target = (self.spot(question.slots[slot]) for slot in ("here", "ahead", "target"))
        bearing = (target - here) / (ahead - here)
        return QUADRANTS[2 * (bearing.real < 0) + (bearing.imag < 0)]

    def nearest(self, question: Question) -> JsonValue:
        here = self.spot(question.slots["here"])
        return min(question.option_values, key=lambda name: abs(self.spot(name) - here))

    def by_distance(self, question: Question) -> JsonValue:
        here = self.spot(question.slots["here"])
        return self.ranked(question, lambda name: abs(self.spot(name) - here))

    def ranked(self, question: Question, key: Callable[[str], float]) -> JsonValue:
        """The numbers of the listed objects, by rising key."""
        slot: Any = question.slots["names"]
        names: list[str] = list(slot)
        numbers: list[JsonValue] = [names.index(name) + 1 for name in sorted(names, key=key)]
        return numbers

    def hidden(self, question: Question) -> JsonValue:
        screen = str(question.slots["screen"]).replace(" ", "_")
        return min(question.option_values, key=lambda name: self.then(question, name, [screen], WIDE))

    def removed(self, question: Question) -> JsonValue:
        screen = str(question.slots["screen"]).replace(" ", "_")
        return max(
            question.option_values, key=lambda name: self.then(question, name, [s for s in self.screens if s != screen])
        )

    def then(self, question: Question, name: JsonValue, screens: Iterable[str], fov: float | None = None) -> float:
        """How much of an object these screens leave open in the view that a question asks about."""
        time = 0.0 if question.slots["view"] == "first" else self.duration
        return float(self.share(str(name).replace(" ", "_"), np.array([time]), screens, fov)[0])

    def count(self, question: Question) -> JsonValue:
        times = np.arange(int(self.duration * 2)) / 2
        those = [thing.id for thing in self.things if thing.colour == question.slots["colour"]]
        return sum(bool(self.share(name, times, self.screens).max() > 0.5) for name in those)

    def azimuths(self) -> Array:
        eyes = self.camera.at(np.arange(0.0, self.duration, 0.25))[0]
        return np.unwrap(np.arctan2(eyes[:, 1], eyes[:, 0]))

    def travel(self, question: Question) -> JsonValue:
        azimuths = self.azimuths()
        turned = math.degrees(azimuths[-1] - azimuths[0])
        turn = "anticlockwise" if turned > 0 else "clockwise"
        return f"about {10 * round(abs(turned) / 10)}° {turn}"

    def opposite(self, question: Question) -> JsonValue:
        x, y, _ = self.camera.at(np.zeros(1))[0][0]
        return self.from_left(question, -complex(x, y))

    def onward(self, question: Question) -> JsonValue:
        azimuths = self.azimuths()
        x, y, _ = self.camera.at(np.array([self.duration]))[0][0]
        return self.from_left(question, complex(x, y) * (1j if azimuths[-1] > azimuths[0] else -1j))

    def from_left(self, question: Question, eye: complex) -> JsonValue:
        """The order from left to right for an eye that looks at the middle of the table."""
        return self.ranked(question, lambda name: -math.atan2(*_parts((self.spot(name) - eye) / -eye)))

    def appeared(self, question: Question) -> JsonValue:
        times = np.arange(0.0, self.duration, 0.125)
        return self.ranked(
            question,
            lambda name: float((self.share(name.replace(" ", "_"), times, self.screens) > 0.5).argmax()),
        )


def _parts(number: complex) -> tuple[float, float]:
    return number.imag, number.real
