"""Objects roll and slide in, hit others and each other, and come to rest or leave."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.physical._arena import (
    COLOURS,
    SHAPES,
    Look,
    Window,
    draw_camera,
    draw_looks,
    filmed,
    reached,
    scatter,
    sent,
    shifted,
)
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.options import pose_choice, pose_multi_choice
from morse.physics import NUDGES, STEP, Placed, Run, Touch, nudged, simulate
from morse.schema import Event, Evidence, Integer, Permutation, Question, State, Step, Thing
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register
from morse.world import Body, Camera, World

WEAK, GRAZE = 0.2, 0.035
"""A collision slower than this (m/s), or a passage nearer than this (m), is too hard to tell: nothing is asked beyond it."""
APART = 0.2
"""Seconds between collisions whose order is asked."""
OPTIONS = 3
FPS = 4.0
"""The coarsest rate at which a collision is followed: it shows before, at and after the meeting."""
Pair = tuple[str, str]


class Params(TaskParams):
    resting: int = ramp(4, per_level=0.5, most=8, least=3, limit=9, about="objects that lie on the floor")
    movers: int = ramp(4, per_level=0.5, most=10, least=3, limit=12, about="objects that come in and hit something")
    decoys: int = ramp(1, per_level=0.4, most=6, limit=6, about="objects that come in and hit nothing")
    lead: float = ramp(0.0, per_level=0.4, limit=600, about="seconds, at most, before the first object comes in")
    twins: int = ramp(0, per_level=0.34, most=5, limit=20, about="objects like another in all but the material")
    pause: float = ramp(0.75, per_level=-0.02, most=0.55, least=0.4, limit=10, about="mean seconds between arrivals")


@dataclass(frozen=True)
class CollisionsEpisode:
    """``things``: the resting ones, then the movers, then the decoys, in the order in which they come in."""

    params: Params
    camera: Camera
    things: tuple[Placed, ...]
    run: Run
    duration: float

    @property
    def resting(self) -> tuple[str, ...]:
        return tuple(thing.body.name for thing in self.things[: self.params.resting])

    @property
    def movers(self) -> tuple[str, ...]:
        count = self.params.resting
        return tuple(thing.body.name for thing in self.things[count : count + self.params.movers])


@register(category="physical", version=1, stage="bullet", covers=("CLEVRER",), unstable=True)
class Collisions(Task[Params, CollisionsEpisode]):
    """Objects roll and slide in, hit others, push them on, and come to rest or leave.

    What is shown
        Cubes, balls and cylinders of rubber, metal and glass in eight colours. Some lie on the floor. Others come in one after
        the other and hit something, which may hit something else; then all comes to rest, while further objects pass
        through without touching any.
    What is asked
        Which collision was the k-th, the order of some collisions, how many there were between two; whose coming in was a
        cause of a collision; what an object hits next, after the clip is cut; what an object would have hit first if another
        had not been there.
    Difficulty
        More objects that lie, come in, and pass through; shorter pauses; more objects that differ from another in their
        material alone.
    Source
        CLEVRER (arXiv 1910.01442), with its four kinds of questions; answers filtered for stability as in PHYRE and CRAFT.
    """

    def simulate(self, params: Params, rng: Rng) -> CollisionsEpisode:
        camera = draw_camera(rng.fork("camera"))
        window = Window(camera)
        count = params.resting + params.movers + params.decoys
        twins = max(params.twins, count - len(COLOURS) * len(SHAPES))
        looks = draw_looks(rng.fork("looks"), count, min(twins, count // 2))
        lying = scatter(rng.fork("places"), looks[: params.resting])
        movers, last = _movers(rng.fork("movers"), window, looks[params.resting :][: params.movers], lying, params)
        things = [*lying, *movers]
        run = simulate(things, last + 3.5)
        if len(met(run.touches)) < 3:
            raise Rejected("too few collisions")
        # all collisions fall into the first half, so that no single look in the middle or at the end tells their order
        half = round(max(run.touches[-1].time + 0.4, last + 0.8) + rng.uniform(0.0, 0.8), 3)
        duration = round(2 * half, 3)
        ends = [tuple(pose[:2]) for pose in run.poses[-1].tolist()]
        things += _decoys(rng.fork("decoys"), window, looks[params.resting + params.movers :], ends, half)
        run = simulate(things, duration)
        _check(run, window, things, half)
        return CollisionsEpisode(params, camera, tuple(things), run, duration)

    def layout(self, episode: CollisionsEpisode, rng: Rng) -> Layout:
        run, start = episode.run, State(start=0.0, end=episode.duration, values=_initial(episode), shown=True)
        world = filmed(episode.things, run.times, run.poses, episode.camera, episode.duration)
        events = _events(episode)
        things = tuple(
            Thing(
                id=thing.body.name,
                kind=thing.body.name.split()[-1],
                colour=thing.body.colour,
                attributes={"material": thing.body.material, "comes_in": any(thing.velocity)},
            )
            for thing in episode.things
        )
        return Layout(world, things, tuple(events), (start,))

    def ask(self, episode: CollisionsEpisode, layout: Layout, rng: Rng) -> Iterable[Question]:
        return _Questions(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        things, duration = _placed(shown.states[0].values)
        slots = question.slots
        if question.kind == "without":
            things = tuple(thing for thing in things if thing.body.name != slots["gone"])
        touches = _half_step(things, duration).touches
        readings: dict[str, Callable[[], JsonValue]] = {
            "kth": lambda: read_kth(touches, int(str(slots["number"]))),
            "order": lambda: read_order(touches, [_pair(p) for p in _list(slots["pairs"])]),
            "between": lambda: read_between(touches, _pair(slots["first"]), _pair(slots["second"])),
            "causes": lambda: read_causes(touches, _pair(slots["pair"]), question.option_values),
            "next": lambda: read_first(touches, str(slots["object"]), shown.duration),
            "without": lambda: read_first(touches, str(slots["object"]), 0.0),
        }
        return readings[question.kind]()

    def draw(self, episode: CollisionsEpisode, layout: Layout, stage: Any, style: Style) -> None:
        """The bodies carry their looks; light, floor and backdrop come from the style."""


def met(touches: Iterable[Touch]) -> list[Touch]:
    """The first meeting of each pair: objects that stay together touch again and again, and nobody could count that."""
    return list({touch.pair: touch for touch in reversed(list(touches))}.values())[::-1]


def read_kth(touches: Sequence[Touch], number: int) -> JsonValue:
    """The k-th pair to meet."""
    pairs = list(dict.fromkeys(touch.pair for touch in touches))
    return list(pairs[number - 1]) if number <= len(pairs) else None


def read_order(touches: Sequence[Touch], pairs: Sequence[Pair]) -> JsonValue:
    """The numbers of some pairs in the order in which they meet; None unless all do."""
    seen = [pair for pair in dict.fromkeys(touch.pair for touch in touches) if pair in pairs]
    return [pairs.index(pair) + 1 for pair in seen] if len(seen) == len(pairs) else None


def read_between(touches: Sequence[Touch], first: Pair, second: Pair) -> JsonValue:
    """How many pairs meet between two others; None unless both meet."""
    pairs = list(dict.fromkeys(touch.pair for touch in touches))
    return pairs.index(second) - pairs.index(first) - 1 if first in pairs and second in pairs else None


def read_causes(touches: Sequence[Touch], pair: Pair, among: Sequence[JsonValue]) -> JsonValue:
    """Which objects have a part in what leads to the first collision of a pair: the chain followed backwards."""
    pairs = [touch.pair for touch in touches]
    if pair not in pairs:
        return None
    chain = set(pair)
    for earlier in reversed(pairs[: pairs.index(pair)]):
        if chain & set(earlier):
            chain |= set(earlier)
    return [name for name in among if name in chain]


def read_first(touches: Sequence[Touch], name: str, after: float) -> JsonValue:
    """What an object collides with first after a time."""
    for touch in touches:
        if touch.time > after and name in touch.pair:
            return touch.b if touch.a == name else touch.a
    return None


class _Questions:
    """Makes the questions of a clip. Those whose answer a small change of the physics tips are left out."""

    def __init__(self, episode: CollisionsEpisode, layout: Layout, rng: Rng) -> None:
        self.episode, self.layout, self.rng = episode, layout, rng
        assert isinstance(layout.scene, World)
        self.world = layout.scene
        self.touches = episode.run.touches
        self.nudges: dict[tuple[tuple[Placed, ...], int], Run] = {}
        self.movers, self.resting = set(episode.movers), set(episode.resting)

    def all(self) -> Iterator[Question]:
        for make in (self.kth, self.order, self.between, self.causes, self.next, self.without):
            question = make(self.rng.fork(make.__name__))
            if question is not None:
                yield question

    @cached_property
    def sure(self) -> list[Touch]:
        """The meetings up to the first thing that is hard to tell: a soft touch, a graze, or one that is hidden."""
        pairs = [touch.pair for touch in self.touches]
        grazes = [time for pair, (gap, time) in self.episode.run.gaps.items() if gap < GRAZE and pair not in pairs]
        end = min(grazes, default=math.inf)
        out: list[Touch] = []
        for touch in met(self.touches):
            if touch.time > end or touch.speed < WEAK or not self.shown[touch]:
                break
            out.append(touch)
        return out

    @cached_property
    def named(self) -> list[Touch]:
        """The sure ones that a question can name: none at about the time of another."""
        return [
            touch
            for touch in self.sure
            if all(abs(touch.time - other.time) > APART for other in met(self.touches) if other is not touch)
        ]

    @cached_property
    def plain(self) -> list[Touch]:
        """Those in which a mover hits an object that lay on the floor: of such no single frame tells the order."""
        return [t for t in self.named if self.movers & set(t.pair) and self.resting & set(t.pair)]

    @cached_property
    def shown(self) -> dict[Touch, bool]:
        """Whether both objects can be seen before and at their collision."""
        touches = met(self.touches)
        tracks = self.world.tracks(np.array([touch.time + shift for touch in touches for shift in (-0.25, -0.1, 0.0)]))
        rows = {touch: slice(3 * i, 3 * i + 3) for i, touch in enumerate(touches)}
        return {t: all(tracks.of(name)[1][rows[t]].min() >= 0.55 for name in t.pair) for t in touches}

    def holds(self, reading: Callable[[Sequence[Touch]], JsonValue]) -> bool:
        """Whether a reading is the same with half the step and with all parameters a little off."""
        truth = reading(self.touches)
        return truth is not None and all(reading(run.touches) == truth for run in self.variants(self.episode.things))

    def variants(self, things: tuple[Placed, ...]) -> Iterator[Run]:
        """Runs that must agree with the clip's, made when they are asked for."""
        duration = self.episode.duration
        yield _half_step(things, duration)
        for pattern in range(NUDGES):
            if (things, pattern) not in self.nudges:
                self.nudges[things, pattern] = simulate(nudged(things, pattern), duration / 2 + 1.0, bare=True)
            yield self.nudges[things, pattern]

    def kth(self, rng: Rng) -> Question | None:
        plain, number = self.plain, {touch: i + 1 for i, touch in enumerate(self.sure)}
        cases = [t for t in plain if self.holds(lambda touches, t=t: read_kth(touches, number[t]))]
        if len(plain) < OPTIONS or not cases:
            return None
        key = rng.choice(cases)
        others: list[JsonValue] = [list(touch.pair) for touch in rng.shuffled(plain) if touch is not key]
        form, letter, values = pose_choice(rng, list(key.pair), others, OPTIONS, wording=_both)
        return Question(
            kind="kth",
            slots={"number": number[key]},
            format=form,
            answer=letter,
            option_values=values,
            reasoning="recall",
            skills=("collision", "order"),
            evidence=tuple(self.seen(touch) for touch in self.sure[: number[key]]),
            steps=tuple(self.perceived(touch) for touch in self.sure[: number[key]]),
            min_fps=FPS,
        )

    def order(self, rng: Rng) -> Question | None:
        size = 3 if self.episode.params.movers < 7 else 4
        choices = list(combinations(self.named, size))
        for chosen in rng.sample(choices, min(6, len(choices))):
            order = rng.shuffled(chosen)
            pairs = [touch.pair for touch in order]
            if not self.holds(lambda touches, pairs=pairs: read_order(touches, pairs)):
                continue
            return Question(
                kind="order",
                slots={"pairs": [list(pair) for pair in pairs], "listed": [_both(list(pair)) for pair in pairs]},
                format=Permutation(size=size),
                answer=[order.index(touch) + 1 for touch in chosen],
                reasoning="recall",
                skills=("collision", "order"),
                evidence=tuple(self.seen(touch) for touch in chosen),
                steps=(
                    *(self.perceived(touch) for touch in chosen),
                    Step(kind="infer", claim="order by time", needs=tuple(range(size))),
                ),
                min_fps=FPS,
            )
        return None

    def between(self, rng: Rng) -> Question | None:
        cases: dict[int, list[tuple[Touch, Touch]]] = {}
        for one, other in combinations(self.plain, 2):
            count = self.sure.index(other) - self.sure.index(one) - 1
            if self.holds(lambda touches, a=one.pair, b=other.pair: read_between(touches, a, b)):
                cases.setdefault(count, []).append((one, other))
        domain = (0, 1, 2) if self.episode.params.movers < 7 else (0, 1, 2, 3)
        if any(count not in cases for count in domain):
            return None  # every answer must be there to choose from, or the rare ones would be asked for less often
        count = rng.choice(domain)
        one, other = rng.choice(cases[count])
        shown = self.sure[self.sure.index(one) : self.sure.index(other) + 1]
        return Question(
            kind="between",
            slots={
                "first": list(one.pair),
                "second": list(other.pair),
                "one": _both(list(one.pair)),
                "other": _both(list(other.pair)),
            },
            format=Integer(),
            answer=count,
            domain=domain,
            reasoning="infer",
            skills=("collision", "counting"),
            evidence=tuple(self.seen(touch) for touch in shown),
            steps=(
                *(self.perceived(touch) for touch in shown),
                Step(kind="infer", claim=f"count = {count}", needs=tuple(range(len(shown)))),
            ),
            min_fps=FPS,
        )

    def causes(self, rng: Rng) -> Question | None:
        """Whose coming in is a cause, among three movers that are not of the pair themselves."""
        cases: dict[int, list[tuple[Touch, list[str], list[str]]]] = {}
        for touch in self.named:
            among: list[JsonValue] = [name for name in self.episode.movers if name not in touch.pair]
            right = read_causes(self.touches, touch.pair, among)
            if not isinstance(right, list) or not right or len(right) == len(among) or len(among) < OPTIONS:
                continue
            if not self.holds(lambda touches, p=touch.pair, a=tuple(among): read_causes(touches, p, a)):
                continue
            names = [str(name) for name in right]
            for count in (1, 2):
                if len(right) >= count and len(among) - len(right) >= OPTIONS - count:
                    cases.setdefault(count, []).append((touch, names, [str(n) for n in among if n not in right]))
        if not cases:
            return None
        count = rng.choice(sorted(cases))
        touch, right, wrong = rng.choice(cases[count])
        right, wrong = rng.sample(right, count), rng.sample(wrong, OPTIONS - count)
        form, letters, values = pose_multi_choice(rng, right, wrong, wording=_the)
        shown = [t for t in self.sure if t.time <= touch.time]
        return Question(
            kind="causes",
            slots={"pair": list(touch.pair), "both": _both(list(touch.pair))},
            format=form,
            answer=letters,
            option_values=values,
            chance=1 / 6,
            reasoning="explain",
            skills=("collision", "cause"),
            evidence=tuple(self.seen(t) for t in shown),
            steps=(
                *(self.perceived(t) for t in shown),
                Step(kind="infer", claim=f"cause({', '.join(sorted(right))})", needs=tuple(range(len(shown)))),
            ),
            min_fps=FPS,
        )

    def next(self, rng: Rng) -> Question | None:
        """What a mover hits next; the key is equally often the nearest, second and third of the options."""
        cases: dict[int, list[tuple[Touch, str, str, float, list[str], list[str]]]] = {}
        for touch in self.plain:
            mover = next((name for name in touch.pair if name in self.movers), "")
            key = touch.b if touch.a == mover else touch.a
            before = [t for t in self.touches if mover in t.pair and t.time < touch.time]
            if before:
                continue
            for lead in (0.45, 0.7, 0.95, 1.2):
                cut = round(touch.time - lead, 3)
                tracks = self.world.tracks(np.array([cut - 0.3, cut]))
                if cut < 1.0 or tracks.of(mover)[1].min() < 0.6:
                    continue
                places = {n: (tracks.of(n)[0][1, :2] + tracks.of(n)[0][1, 2:]) / 2 * [16, 9] for n in tracks.names}
                away = {n: float(np.hypot(*(places[n] - places[mover]))) for n in self.resting}
                there = [n for n in sorted(self.resting) if tracks.of(n)[1][1] > 0.4 and n != key]
                near = [n for n in there if away[n] < away[key]]
                far = [n for n in there if away[n] >= away[key]]
                for rank in range(OPTIONS):
                    if len(near) >= rank and len(far) >= OPTIONS - 1 - rank:
                        cases.setdefault(rank, []).append((touch, mover, key, cut, near, far))
        cases = {
            rank: [c for c in some if self.holds(lambda touches, c=c: read_first(touches, c[1], c[3]))]
            for rank, some in cases.items()
        }
        if sum(map(bool, cases.values())) < OPTIONS:
            return None
        rank = rng.integer(0, OPTIONS - 1)
        touch, mover, key, cut, near, far = rng.choice(cases[rank])
        wrong = [*rng.sample(near, rank), *rng.sample(far, OPTIONS - 1 - rank)]
        form, letter, values = pose_choice(rng, key, wrong, OPTIONS, wording=_the)
        start = round(max(0.0, cut - 0.6), 3)
        return Question(
            kind="next",
            slots={"object": mover},
            format=form,
            answer=letter,
            option_values=values,
            reasoning="predict",
            skills=("collision", "prediction"),
            asked_at=cut,
            evidence=(Evidence(start=start, end=cut, objects=(mover,)), Evidence(start=0.0, end=cut, objects=(key,))),
            steps=(
                Step(kind="perceive", claim=f"moving({mover})", time=cut),
                Step(kind="infer", claim=f"collision({', '.join(touch.pair)})", needs=(0,)),
            ),
            min_fps=FPS,
        )

    def without(self, rng: Rng) -> Question | None:
        """What a mover would have hit first if an earlier one had not been there."""
        movers, first = self.episode.movers, {t.pair: t.time for t in self.sure}
        active = [name for name in movers if any(name in pair for pair in first)]
        for gone in rng.sample(active, min(2, len(active))):
            later = [name for name in movers[movers.index(gone) + 1 :]]
            things = tuple(thing for thing in self.episode.things if thing.body.name != gone)
            run = simulate(things, self.episode.duration / 2 + 1.0)
            found = [(name, read_first(run.touches, name, 0.0)) for name in later]
            found = [(name, other) for name, other in found if other in self.resting and self._clear(run, name)]
            changed = [case for case in found if case[1] != read_first(self.touches, case[0], 0.0)]
            for name, key in [*rng.shuffled(changed), *rng.shuffled([case for case in found if case not in changed])]:
                if question := self._without(rng, gone, name, str(key), things):
                    return question
        return None

    def _without(self, rng: Rng, gone: str, name: str, key: str, things: tuple[Placed, ...]) -> Question | None:
        if any(read_first(run.touches, name, 0.0) != key for run in self.variants(things)):
            return None
        hit = {n for touch in self.sure for n in touch.pair}
        really = read_first(self.touches, name, 0.0)
        wrong = rng.shuffled([n for n in sorted(self.resting & hit) if n not in (key, really)])
        wrong += rng.shuffled([n for n in sorted(self.resting - hit) if n not in (key, really)])
        if really in self.resting and really != key:
            wrong.insert(0, str(really))
        if len(wrong) < OPTIONS - 1:
            return None
        form, letter, values = pose_choice(rng, key, wrong, OPTIONS, wording=_the)
        told = [touch for touch in self.sure if gone in touch.pair or name in touch.pair]
        return Question(
            kind="without",
            slots={"gone": gone, "object": name},
            format=form,
            answer=letter,
            option_values=values,
            reasoning="counterfactual",
            skills=("collision", "counterfactual"),
            evidence=tuple(self.seen(touch) for touch in told),
            steps=(
                *(self.perceived(touch) for touch in told),
                Step(kind="infer", claim=f"without({gone}): first({name}, {key})", needs=tuple(range(len(told)))),
            ),
            min_fps=FPS,
        )

    def _clear(self, run: Run, name: str) -> bool:
        """Whether the first collision of an object in a run is no matter of millimetres."""
        first = next(touch for touch in run.touches if name in touch.pair)
        grazes = [pair for pair, (gap, time) in run.gaps.items() if gap < GRAZE and name in pair and time < first.time]
        return first.speed >= WEAK and not [pair for pair in grazes if pair != first.pair]

    def seen(self, touch: Touch) -> Evidence:
        return Evidence(start=round(touch.time - 0.35, 3), end=round(touch.time + 0.25, 3), objects=touch.pair)

    def perceived(self, touch: Touch) -> Step:
        return Step(kind="perceive", claim=f"collision({', '.join(touch.pair)})", time=round(touch.time, 3))


def _movers(
    rng: Rng, window: Window, looks: Sequence[Look], lying: Sequence[Placed], params: Params
) -> tuple[list[Placed], float]:
    """Things that come in one after the other, each towards one that lies there, often with another behind it."""
    out: list[Placed] = []
    aimed: list[Placed] = []
    arrival = 0.0
    for look in looks:
        for _ in range(12):
            fresh = [thing for thing in lying if thing not in aimed] or list(lying)
            one = rng.choice(fresh)
            other = rng.choice([thing for thing in lying if thing is not one])
            (x, y), (x2, y2) = one.position[:2], other.position[:2]
            heading = math.atan2(y2 - y, x2 - x) + rng.uniform(-0.12, 0.12)
            if abs(math.sin(heading)) > 0.6:
                heading = rng.choice((0.0, math.pi)) + rng.uniform(-0.5, 0.5)
            aside = rng.uniform(-0.2, 0.2)
            place = (x - math.sin(heading) * aside, y + math.cos(heading) * aside)
            try:
                out.append(sent(rng, window, look, place, heading, arrival, rng.uniform(1.4, 2.2)))
                aimed.append(one)
                break
            except Rejected:
                continue
        else:
            raise Rejected("no way in")
        arrival += params.pause * rng.uniform(0.7, 1.3)
    moved = shifted(out, rng.uniform(0.3, 0.7) + params.lead * rng.uniform(0.5, 1.0))
    return moved, arrival + moved[0].start - out[0].start


def _decoys(
    rng: Rng, window: Window, looks: Sequence[Look], ends: Sequence[tuple[float, float]], half: float
) -> list[Placed]:
    """Things that come in during the second half, well clear of all that lies there by then, and pass through or stop."""
    out: list[Placed] = []
    lying = list(ends)
    for i, look in enumerate(looks):
        for _ in range(300):
            place = (rng.uniform(-1.6, 1.6), rng.uniform(-1.5, 2.0))
            heading = rng.choice((0.0, math.pi)) + rng.uniform(-0.4, 0.4)
            speed = rng.choice((0.05, rng.uniform(0.8, 2.0)))
            try:
                made = sent(rng, window, look, place, heading, 0.0, speed)
            except Rejected:
                continue
            stop = reached(made, speed, place, heading)
            if min(_away(spot, made.position[:2], stop) for spot in lying) > 0.62:
                start = half * (1 + 0.75 * i / len(looks)) - 0.2
                out.append(shifted([made], round(start, 3))[0])
                lying.append(stop)
                break
        else:
            raise Rejected("no way through")
    return out


def _away(spot: tuple[float, float], start: Sequence[float], end: Sequence[float]) -> float:
    """The distance of a place from the line between two others."""
    way = (end[0] - start[0], end[1] - start[1])
    share = ((spot[0] - start[0]) * way[0] + (spot[1] - start[1]) * way[1]) / max(way[0] ** 2 + way[1] ** 2, 1e-9)
    share = min(max(share, 0.0), 1.0)
    return math.dist(spot, (start[0] + share * way[0], start[1] + share * way[1]))


def _check(run: Run, window: Window, things: Sequence[Placed], half: float) -> None:
    """Refuse what looks wrong or cannot be told."""
    if run.touches[-1].time > half - 0.2:
        raise Rejected("a collision in the second half")
    if not all(window.holds(touch.place, 0.03) for touch in run.touches):
        raise Rejected("a collision outside the picture")
    for i, thing in enumerate(things):
        heights = run.poses[:, i, 2] - thing.body.size[2] / 2
        if heights.max() > 0.04:
            raise Rejected("an object topples")


def _events(episode: CollisionsEpisode) -> list[Event]:
    """Who comes in when, and every collision with what brought it about."""
    last: dict[str, str] = {}
    events: list[Event] = []
    for thing in episode.things:
        if any(thing.velocity):
            number = f"in-{len(events) + 1}"
            events.append(
                Event(id=number, kind="enter", objects=(thing.body.name,), start=thing.start, end=thing.start + 0.5)
            )
            last[thing.body.name] = number
    for i, touch in enumerate(met(episode.run.touches)):
        causes = tuple(last[name] for name in touch.pair if name in last)
        time = round(touch.time, 3)
        events.append(
            Event(id=f"hit-{i + 1}", kind="collision", objects=touch.pair, start=time, end=time, causes=causes)
        )
        last |= dict.fromkeys(touch.pair, f"hit-{i + 1}")
    return sorted(events, key=lambda event: event.start)


def _initial(episode: CollisionsEpisode) -> dict[str, JsonValue]:
    """How everything starts: all that decides what happens."""
    things: list[JsonValue] = [
        {
            "name": thing.body.name,
            "shape": thing.body.shape,
            "size": list(thing.body.size),
            "position": list(thing.position),
            "quaternion": list(thing.quaternion),
            "velocity": list(thing.velocity),
            "spin": list(thing.spin),
            "start": thing.start,
            "mass": thing.mass,
            "friction": thing.friction,
            "rolling": thing.rolling,
            "restitution": thing.restitution,
        }
        for thing in episode.things
    ]
    return {"things": things, "duration": episode.duration}


def _placed(values: dict[str, Any]) -> tuple[tuple[Placed, ...], float]:
    """The things of a shown state."""
    out = []
    for thing in values["things"]:
        colour, material, _ = thing["name"].split()
        body = Body(thing["name"], thing["shape"], tuple(thing["size"]), colour, material)
        moving = {key: tuple(thing[key]) for key in ("position", "quaternion", "velocity", "spin")}
        rest = {key: thing[key] for key in ("start", "mass", "friction", "rolling", "restitution")}
        out.append(Placed(body, **moving, **rest))
    return tuple(out), values["duration"]


@lru_cache(maxsize=4)
def _half_step(things: tuple[Placed, ...], duration: float) -> Run:
    return simulate(things, duration / 2 + 1.0, step=STEP / 2, bare=True)


def _the(name: JsonValue) -> str:
    return f"the {name}"


def _both(pair: JsonValue) -> str:
    one, other = _pair(pair)
    return f"the {one} and the {other}"


def _pair(value: JsonValue) -> Pair:
    assert isinstance(value, list)
    return str(value[0]), str(value[1])


def _list(value: JsonValue) -> list[JsonValue]:
    assert isinstance(value, list)
    return value
