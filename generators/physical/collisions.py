"""Objects roll and slide in, hit others and each other, and come to rest or leave."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import JsonValue

from generators.physical._aimed import OPTIONS, Aim, Ways, draw_ways
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
from generators.physical._collisions_questions import Questions
from generators.physical._meetings import (
    LATE,
    Meetings,
    as_list,
    as_pair,
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
from morse.grounding import masks_by_second
from morse.layout import Layout, Shown
from morse.physics import Placed, Run, simulate
from morse.schema import Event, Masks, Omitted, Question, State, Thing
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register
from morse.world import Camera, World


class Params(TaskParams):
    resting: int = ramp(5, per_level=0.4, most=8, least=3, limit=9, about="objects that lie on the floor")
    movers: int = ramp(4, per_level=0.5, most=10, least=3, limit=12, about="objects that come in and hit something")
    decoys: int = ramp(1, per_level=0.4, most=6, limit=6, about="objects that come in and hit nothing")
    lead: float = ramp(0.0, per_level=0.4, limit=600, about="seconds, at most, before the first object comes in")
    twins: int = ramp(0, per_level=0.34, most=5, limit=20, about="objects like another in all but the material")
    pause: float = ramp(1.0, per_level=-0.03, most=0.7, least=0.4, limit=10, about="mean seconds between arrivals")


@dataclass(frozen=True)
class CollisionsEpisode:
    """``things``: the resting ones, then the movers, then the decoys, in the order in which they come in.

    ``aim``: the mover of which it is asked what it hits next.
    """

    params: Params
    camera: Camera
    things: tuple[Placed, ...]
    aim: Aim
    run: Run
    duration: float

    @cached_property
    def resting(self) -> tuple[str, ...]:
        return tuple(thing.body.name for thing in self.things[: self.params.resting])

    @cached_property
    def movers(self) -> tuple[str, ...]:
        count = self.params.resting
        return tuple(thing.body.name for thing in self.things[count : count + self.params.movers])


@register(category="physical", version=5, stage="bullet", covers=("CLEVRER",), unstable=True)
class Collisions(Task[Params, CollisionsEpisode]):
    """Objects roll and slide in, hit others, push them on, and come to rest or leave.

    What is shown
        Cubes, balls and cylinders of rubber, metal and glass in eight colours. Some lie on the floor. Others come in one after
        the other and hit something, which may hit something else; then all comes to rest, while further objects pass
        through without touching any.
    What is asked
        Which collision was the k-th, the order of some collisions, how many there were between two; whose coming in was a
        cause of a collision; what an object hits next, after the clip is cut, to be named and to be marked in the picture; what an object would have hit first if another
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
        coming = looks[params.resting : acting]
        asked = rng.integer(0, 1)
        ways = draw_ways(rng.fork("ways"), window, coming[asked], looks[:OPTIONS])
        others = scatter(
            rng.fork("places"),
            looks[OPTIONS : params.resting],
            ways.there,
            lambda thing: ways.free([*ways.there, thing]),
        )
        lying = [*ways.there, *others]
        movers, last, aim = _movers(rng.fork("movers"), window, coming, lying, params, ways, asked)
        run = simulate([*lying, *movers], last + 10.0)
        if read_first(run.touches, aim.mover, 0.0) != aim.key:
            raise Rejected("another way in")
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
        return CollisionsEpisode(params, camera, things, aim, run, round(2 * half, 3))

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

    def ask(self, episode: CollisionsEpisode, layout: Layout, rng: Rng) -> Iterable[Question | Omitted]:
        assert isinstance(layout.scene, World)
        last = float(str(layout.states[0].values["last"]))
        meetings = Meetings(episode.things, episode.run, layout.scene, last)
        return Questions(meetings, episode.movers, episode.resting, episode.aim).all(rng)

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        values, slots = shown.states[0].values, question.slots
        things, last = placed(values["things"]), float(str(values["last"]))
        if question.kind == "without":
            name, gone = str(slots["object"]), slots["gone"]
            rest = tuple(thing for thing in things if thing.body.name != gone)
            return read_first(half_step(rest, last, (name,)).touches, name, 0.0)
        touches = half_step(things, last).touches

        def marked(name: JsonValue) -> JsonValue:
            form, second = Masks(), int(str(slots["second"]))
            return masks_by_second(shown.scene, str(name), [second], form.height, form.width)

        readings: dict[str, Callable[[], JsonValue]] = {
            "kth": lambda: read_kth(touches, int(str(slots["number"]))),
            "order": lambda: read_order(touches, [as_pair(p) for p in as_list(slots["pairs"])]),
            "between": lambda: read_between(touches, as_pair(slots["first"]), as_pair(slots["second"])),
            "causes": lambda: read_causes(touches, as_pair(slots["pair"]), question.option_values),
            "next": lambda: read_first(touches, str(slots["object"]), shown.duration),
            "mark_next": lambda: marked(read_first(touches, str(slots["object"]), shown.duration)),
        }
        return readings[question.kind]()

    def draw(self, episode: CollisionsEpisode, layout: Layout, stage: Any, style: Style) -> None:
        """The bodies carry their looks; light, floor and backdrop come from the style."""


def _movers(
    rng: Rng, window: Window, looks: Sequence[Look], lying: Sequence[Placed], params: Params, ways: Ways, asked: int
) -> tuple[list[Placed], float, Aim]:
    """Things that come in one after the other, each towards one that lies there, often with another behind it; and when the
    last has come. The one of which it will be ``asked`` what it hits takes one of three ways.
    """
    rank = rng.steady("rank").integer(0, OPTIONS - 1)
    key = ways.taken(window, rank, 0.0)[1].key
    out: list[Placed] = []
    aims: list[Placed] = []
    arrival, due = 0.0, 0.0
    for i, look in enumerate(looks):
        if i == asked:
            due = arrival
        else:
            gone = ways.there if i < asked else [thing for thing in lying if thing.body.name == key]
            some = [thing for thing in lying if thing not in gone]
            out.append(_towards(rng, window, look, some or lying, lying, aims, arrival))
        arrival += params.pause * rng.uniform(0.7, 1.3) * (1.6 if asked - 1 <= i <= asked else 1.0)
    moved = shifted(out, rng.uniform(0.3, 0.7) + params.lead * rng.uniform(0.5, 1.0))
    delay = moved[0].start - out[0].start
    cut = max(1.0, ways.earliest + 0.3, due + delay - rng.uniform(0.2, 0.6))
    if not ways.free_at(cut, [*lying, *moved]):
        raise Rejected("the ways are not free")
    one, aim = ways.taken(window, rank, cut)
    return [*moved[:asked], one, *moved[asked:]], arrival + delay, aim


def _towards(
    rng: Rng,
    window: Window,
    look: Look,
    some: Sequence[Placed],
    lying: Sequence[Placed],
    aims: list[Placed],
    arrival: float,
) -> Placed:
    """Something that comes in towards one of ``some`` things, one that is not aimed at yet if there is any (``aims`` grows)."""
    for _ in range(12):
        fresh = [thing for thing in some if thing not in aims] or list(some)
        one = rng.choice(fresh)
        other = rng.choice([thing for thing in lying if thing is not one])
        (x, y), (x2, y2) = one.position[:2], other.position[:2]
        heading = math.atan2(y2 - y, x2 - x) + rng.uniform(-0.12, 0.12)
        if abs(math.sin(heading)) > 0.6:
            heading = rng.choice((0.0, math.pi)) + rng.uniform(-0.5, 0.5)
        aside = rng.uniform(-0.12, 0.12)
        place = (x - math.sin(heading) * aside, y + math.cos(heading) * aside)
        try:
            made = sent(rng, window, look, place, heading, arrival, rng.uniform(1.4, 2.2))
        except Rejected:
            continue
        aims.append(one)
        return made
    raise Rejected("no way in")


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
