"""Objects roll and slide in, hit others and each other, and come to rest or leave."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise
from typing import Any, TypeVar

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
    passing,
    placed,
    recorded,
    scatter,
    sent,
    shifted,
)
from generators.physical._meetings import (
    APART,
    LATE,
    Meetings,
    Pair,
    chain_to,
    clear,
    firmly,
    half_step,
    met,
    read_between,
    read_causes,
    read_first,
    read_kth,
    read_order,
)
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.options import pose_choice, pose_multi_choice
from morse.physics import Placed, Run, Touch, simulate
from morse.schema import Event, Evidence, Integer, Permutation, Question, State, Step, Thing
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register
from morse.world import Camera, World

LEADS = tuple(round(0.4 + 0.2 * i, 1) for i in range(9))
"""Seconds before a collision at which the clip may be cut."""
OPTIONS = 3
SOON = 3
"""Of how many movers after the one that is thought away it is asked what they hit: of later ones nobody could tell."""
FPS = 4.0
"""The coarsest rate at which a collision is followed: it shows before, at and after the meeting."""
K = TypeVar("K")
C = TypeVar("C")


class Params(TaskParams):
    resting: int = ramp(4, per_level=0.5, most=8, least=3, limit=9, about="objects that lie on the floor")
    movers: int = ramp(4, per_level=0.5, most=10, least=3, limit=12, about="objects that come in and hit something")
    decoys: int = ramp(1, per_level=0.4, most=6, limit=6, about="objects that come in and hit nothing")
    lead: float = ramp(0.0, per_level=0.4, limit=600, about="seconds, at most, before the first object comes in")
    twins: int = ramp(0, per_level=0.34, most=5, limit=20, about="objects like another in all but the material")
    pause: float = ramp(1.0, per_level=-0.03, most=0.7, least=0.4, limit=10, about="mean seconds between arrivals")


@dataclass(frozen=True)
class CollisionsEpisode:
    """``things``: the resting ones, then the movers, then the decoys, in the order in which they come in."""

    params: Params
    camera: Camera
    things: tuple[Placed, ...]
    run: Run
    duration: float

    @cached_property
    def resting(self) -> tuple[str, ...]:
        return tuple(thing.body.name for thing in self.things[: self.params.resting])

    @cached_property
    def movers(self) -> tuple[str, ...]:
        count = self.params.resting
        return tuple(thing.body.name for thing in self.things[count : count + self.params.movers])


@register(category="physical", version=2, stage="bullet", covers=("CLEVRER",), unstable=True)
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
        acting = params.resting + params.movers
        count = acting + params.decoys
        twins = max(params.twins, count - len(COLOURS) * len(SHAPES))
        looks = draw_looks(rng.fork("looks"), count, min(twins, count // 2))
        lying = scatter(rng.fork("places"), looks[: params.resting])
        movers, last = _movers(rng.fork("movers"), window, looks[params.resting : acting], lying, params)
        run = simulate([*lying, *movers], last + 10.0)
        if len(met(run.touches)) < OPTIONS:
            raise Rejected("too few collisions")
        if run.touches[-1].time > last + 3.5:
            raise Rejected("a late collision")
        # all collisions fall into the first half, so that no single look in the middle or at the end tells their order
        half = round(max(run.touches[-1].time + 0.4, last + 0.8) + rng.uniform(0.0, 0.8), 3)
        decoys = passing(rng.fork("decoys"), window, looks[acting:], run, (half - 0.2, 1.75 * half - 0.2))
        run = run.beside(simulate(decoys, 2 * half))
        things = (*lying, *movers, *decoys)
        if (run.poses[:, :, 2] - [thing.body.size[2] / 2 for thing in things]).max() > 0.04:
            raise Rejected("an object topples")
        return CollisionsEpisode(params, camera, things, run, round(2 * half, 3))

    def layout(self, episode: CollisionsEpisode, rng: Rng) -> Layout:
        last = round(episode.run.touches[-1].time + LATE, 3)
        values: dict[str, JsonValue] = {"things": recorded(episode.things), "last": last}
        things = tuple(
            Thing(
                id=thing.body.name,
                kind=thing.body.name.split()[-1],
                colour=thing.body.colour,
                attributes={"material": thing.body.material, "comes_in": any(thing.velocity)},
            )
            for thing in episode.things
        )
        start = State(start=0.0, end=episode.duration, values=values, shown=True)
        world = filmed(episode.things, episode.run, episode.camera, episode.duration)
        return Layout(world, things, tuple(_events(episode)), (start,))

    def ask(self, episode: CollisionsEpisode, layout: Layout, rng: Rng) -> Iterable[Question]:
        assert isinstance(layout.scene, World)
        return _Questions(episode, layout.scene, float(str(layout.states[0].values["last"]))).all(rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        values, slots = shown.states[0].values, question.slots
        things, last = placed(values["things"]), float(str(values["last"]))
        if question.kind == "without":
            name, gone = str(slots["object"]), slots["gone"]
            rest = tuple(thing for thing in things if thing.body.name != gone)
            return read_first(half_step(rest, last, (name,)).touches, name, 0.0)
        touches = half_step(things, last).touches
        readings: dict[str, Callable[[], JsonValue]] = {
            "kth": lambda: read_kth(touches, int(str(slots["number"]))),
            "order": lambda: read_order(touches, [_pair(p) for p in _list(slots["pairs"])]),
            "between": lambda: read_between(touches, _pair(slots["first"]), _pair(slots["second"])),
            "causes": lambda: read_causes(touches, _pair(slots["pair"]), question.option_values),
            "next": lambda: read_first(touches, str(slots["object"]), shown.duration),
        }
        return readings[question.kind]()

    def draw(self, episode: CollisionsEpisode, layout: Layout, stage: Any, style: Style) -> None:
        """The bodies carry their looks; light, floor and backdrop come from the style."""


class _Questions:
    """Makes the questions of a clip. Those whose answer a small change of the physics tips are left out."""

    def __init__(self, episode: CollisionsEpisode, world: World, last: float) -> None:
        self.episode, self.world, self.last = episode, world, last
        self.meetings = Meetings(episode.things, episode.run, world, last)
        self.touches = episode.run.touches

    def all(self, rng: Rng) -> Iterator[Question]:
        for make in (self.kth, self.order, self.between, self.causes, self.next, self.without):
            question = make(rng.fork(make.__name__))
            if question is not None:
                yield question

    def plain(self, touches: Sequence[Touch]) -> list[Touch]:
        """Those in which a mover hits an object that lay on the floor: of such no single frame tells the order."""
        kinds = (self.episode.movers, self.episode.resting)
        return [t for t in touches if all(any(name in kind for name in t.pair) for kind in kinds)]

    def kth(self, rng: Rng) -> Question | None:
        number = {touch: i + 1 for i, touch in enumerate(self.meetings.all)}
        plain = self.plain(self.meetings.clear)
        tried = [touch for touch in self.plain(self.meetings.alone) if self.meetings.sure(0.0, touch.time)]
        cases = [t for t in tried if self.meetings.holds(lambda touches, t=t: read_kth(touches, number[t]))]
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
            **_followed(self.meetings.all[: number[key]]),
        )

    def order(self, rng: Rng) -> Question | None:
        size = 3 if self.episode.params.movers < 7 else 4
        choices = [
            chosen
            for chosen in combinations(self.meetings.clear, size)
            if all(later.time - earlier.time > APART for earlier, later in pairwise(chosen))
        ]
        for chosen in rng.sample(choices, min(6, len(choices))):
            order = rng.shuffled(chosen)
            pairs = [touch.pair for touch in order]
            if not self.meetings.holds(lambda touches, pairs=pairs: read_order(touches, pairs)):
                continue
            return Question(
                kind="order",
                slots={"pairs": [list(pair) for pair in pairs], "listed": [_both(list(pair)) for pair in pairs]},
                format=Permutation(size=size),
                answer=[order.index(touch) + 1 for touch in chosen],
                reasoning="recall",
                skills=("collision", "order"),
                **_followed(chosen, "order by time"),
            )
        return None

    def between(self, rng: Rng) -> Question | None:
        domain = (0, 1, 2) if self.episode.params.movers < 7 else (0, 1, 2, 3)
        cases: dict[int, list[tuple[Touch, Touch]]] = {count: [] for count in domain}
        for one, other in combinations(self.plain(self.meetings.alone), 2):
            count = self.meetings.all.index(other) - self.meetings.all.index(one) - 1
            if count in cases and self.meetings.sure(one.time, other.time):
                cases[count].append((one, other))
        found = _one_of_each(
            rng,
            cases,
            lambda case: self.meetings.holds(lambda touches: read_between(touches, case[0].pair, case[1].pair)),
        )
        if len(found) < len(domain):
            return None  # every answer must be there to choose from, or the rare ones would be asked for less often
        count = rng.choice(domain)
        one, other = found[count]
        shown = self.meetings.all[self.meetings.all.index(one) : self.meetings.all.index(other) + 1]
        pairs: list[JsonValue] = [list(one.pair), list(other.pair)]
        return Question(
            kind="between",
            slots={"first": pairs[0], "second": pairs[1], "one": _both(pairs[0]), "other": _both(pairs[1])},
            format=Integer(),
            answer=count,
            domain=domain,
            reasoning="infer",
            skills=("collision", "counting"),
            **_followed(shown, f"count = {count}"),
        )

    def causes(self, rng: Rng) -> Question | None:
        """Whose coming in is a cause, among three movers that are not of the pair themselves."""
        cases: dict[int, list[tuple[Touch, list[str], list[str]]]] = {1: [], 2: []}
        for touch in self.meetings.alone:
            chain = chain_to(self.touches, touch.pair)
            among = [name for name in self.episode.movers if name not in touch.pair]
            right, wrong = [n for n in among if n in chain], [n for n in among if n not in chain]
            if not self.meetings.sure(0.0, touch.time, chain):
                continue
            for count, some in cases.items():
                if len(right) >= count and len(wrong) >= OPTIONS - count:
                    some.append((touch, right, wrong))
        found = _one_of_each(
            rng,
            cases,
            lambda case: self.meetings.holds(lambda touches: read_causes(touches, case[0].pair, case[1] + case[2])),
        )
        if not found:
            return None
        count = rng.choice(list(found))
        touch, right, wrong = found[count]
        right, wrong = rng.sample(right, count), rng.sample(wrong, OPTIONS - count)
        chain = chain_to(self.touches, touch.pair)
        form, letters, values = pose_multi_choice(rng, right, wrong, wording=_the)
        return Question(
            kind="causes",
            slots={"pair": list(touch.pair), "both": _both(list(touch.pair))},
            format=form,
            answer=letters,
            option_values=values,
            chance=1 / 6,
            reasoning="explain",
            skills=("collision", "cause"),
            **_followed(
                [t for t in self.meetings.clear if t.time <= touch.time and chain.issuperset(t.pair)],
                f"cause({', '.join(sorted(right))})",
            ),
        )

    def next(self, rng: Rng) -> Question | None:
        """What a mover hits next; the key is equally often the nearest, second and third of the options."""
        cases: dict[int, list[tuple[Touch, str, str, float, list[str]]]] = {rank: [] for rank in range(OPTIONS)}
        for touch in self.plain(self.meetings.clear):
            mover, key = touch.pair if touch.a in self.episode.movers else touch.pair[::-1]
            if read_first(self.touches, mover, 0.0) != key:
                continue
            for cut, away in self.cuts(touch, mover):
                near = [name for name in self.episode.resting if away[name] < away[key]]
                far = [name for name in self.episode.resting if away[name] >= away[key] and name != key]
                for rank, some in cases.items():
                    if len(near) >= rank and len(far) >= OPTIONS - 1 - rank:
                        wrong = [*rng.sample(near, rank), *rng.sample(far, OPTIONS - 1 - rank)]
                        some.append((touch, mover, key, cut, wrong))

        def sound(case: tuple[Touch, str, str, float, list[str]]) -> bool:
            _, mover, key, cut, wrong = case
            seen = self.world.tracks(np.array([cut - 0.3, cut]), [mover, key, *wrong]).visible
            clear = seen[:, 0].min() >= 0.6 and seen[1].min() >= 0.4
            return bool(clear) and self.meetings.holds(lambda touches: read_first(touches, mover, cut))

        found = _one_of_each(rng, cases, sound)
        if len(found) < OPTIONS:
            return None
        touch, mover, key, cut, wrong = found[rng.integer(0, OPTIONS - 1)]
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

    def cuts(self, touch: Touch, mover: str) -> Iterator[tuple[float, dict[str, float]]]:
        """When the clip may be cut before a collision, and how far the resting objects are then from a mover in the picture."""
        times = [round(touch.time - lead, 3) for lead in LEADS if touch.time - lead >= 1.0]
        bodies = [self.world.index(name) for name in (mover, *self.episode.resting)]
        boxes = self.world.boxes(np.array([*times, *(time - 0.3 for time in times)]), bodies).reshape(
            2, -1, len(bodies), 4
        )
        middles = (boxes[0, ..., :2] + boxes[0, ..., 2:]) / 2 * [16, 9]
        away = np.hypot(*np.moveaxis(middles[:, 1:] - middles[:, :1], -1, 0)).tolist()
        inside = np.all((boxes[1, :, 0] >= 0) & (boxes[1, :, 0] <= 1), axis=-1).tolist()
        for time, row, whole in zip(times, away, inside, strict=True):
            if whole:
                yield time, dict(zip(self.episode.resting, row, strict=True))

    def without(self, rng: Rng) -> Question | None:
        """What a mover would have hit first if an earlier one had not been there; where it can be, something else than it did."""
        movers = self.episode.movers
        active = [name for name in movers[:-1] if any(name in touch.pair for touch in self.meetings.clear)]
        for gone in rng.sample(active, min(2, len(active))):
            things = tuple(thing for thing in self.episode.things if thing.body.name != gone)
            soon = movers[movers.index(gone) + 1 :][:SOON]
            run = simulate(things, self.last, until=soon)
            found = [(name, read_first(run.touches, name, 0.0)) for name in soon]
            found = [(name, other) for name, other in found if other in self.episode.resting and clear(run, name)]
            changed = [case for case in found if case[1] != read_first(self.touches, case[0], 0.0)]
            for name, key in [*rng.shuffled(changed), *rng.shuffled([case for case in found if case not in changed])]:
                if firmly(things, name, str(key), run, self.last):
                    return self._without(rng, gone, name, str(key))
        return None

    def _without(self, rng: Rng, gone: str, name: str, key: str) -> Question | None:
        resting, hit = self.episode.resting, {n for touch in self.meetings.clear for n in touch.pair}
        really = read_first(self.touches, name, 0.0)
        others = [other for other in rng.shuffled(resting) if other != key]
        wrong = sorted(others, key=lambda other: (other != really, other not in hit))
        if len(wrong) < OPTIONS - 1:
            return None
        form, letter, values = pose_choice(rng, key, wrong, OPTIONS, wording=_the)
        return Question(
            kind="without",
            slots={"gone": gone, "object": name},
            format=form,
            answer=letter,
            option_values=values,
            reasoning="counterfactual",
            skills=("collision", "counterfactual"),
            **_followed(
                [touch for touch in self.meetings.clear if gone in touch.pair or name in touch.pair],
                f"without({gone}): first({name}, {key})",
            ),
        )


def _one_of_each(rng: Rng, cases: Mapping[K, Sequence[C]], sound: Callable[[C], bool]) -> dict[K, C]:
    """For each kind of case one that is sound, where there is one; no more are looked at than it takes."""
    found: dict[K, C] = {}
    for kind, some in cases.items():
        case = next((case for case in rng.shuffled(some) if sound(case)), None)
        if case is not None:
            found[kind] = case
    return found


def _followed(touches: Sequence[Touch], *inferred: str) -> dict[str, Any]:
    """The evidence, steps and frame rate of a question that rests on some collisions."""
    seen = [Evidence(start=round(t.time - 0.35, 3), end=round(t.time + 0.25, 3), objects=t.pair) for t in touches]
    perceived = [Step(kind="perceive", claim=f"collision({', '.join(t.pair)})", time=round(t.time, 3)) for t in touches]
    needs = tuple(range(len(touches)))
    steps = (*perceived, *(Step(kind="infer", claim=claim, needs=needs) for claim in inferred))
    return {"evidence": tuple(seen), "steps": steps, "min_fps": FPS}


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
            aside = rng.uniform(-0.12, 0.12)
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
