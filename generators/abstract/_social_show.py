"""The house and the yard in space and time: what happened in the small steps of the world, as a timeline."""

from itertools import pairwise
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.abstract._social_acts import acted
from generators.abstract._social_plane import BALL, BOX, CRATE, FIGURE, TICK, TOP, WALL, Plane
from generators.abstract._social_script import Script, last_seen
from generators.abstract._social_viewer import LAX, STRICT, read
from morse.errors import Rejected
from morse.layout import Layout
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.timeline import Array, Motion, Timeline

DOOR = (0.22, 1.7)


def shown(script: Script, rng: Rng) -> Layout:
    """The clip. Raises :class:`Rejected` where somebody does not plainly do what it does."""
    world = acted(script, rng)
    way = rng.choice((1, -1))  # the house is on the left, or all is the other way round
    line = Timeline(round(world.now * TICK, 3))
    line.add("wall", (way * WALL, world.door), (0.22, 2 * TOP), z=0, solid=False, tracked=False)
    line.add("door", (way * WALL, world.door), DOOR, z=1, solid=False, tracked=False)
    for number, (x, y) in enumerate(world.boxes):
        line.add(f"box {number + 1}", (way * x, y), (BOX, BOX), z=4)
    line.add("ball", (way * world.ball_trail[0][0], world.ball_trail[0][1]), (BALL, BALL), z=3, round=True)
    line.add("crate", (way * world.crate_trail[0], 3.25), CRATE, z=3.5)
    for number, name in enumerate(rng.shuffled(script.names)):
        (x, y), z = world.trails[name][0], 2 + 0.1 * number
        line.add(name, (way * x, y), (FIGURE, FIGURE), z=z)
        _follow(line, name, "x", way * np.array(world.trails[name])[:, 0])
        _follow(line, name, "y", np.array(world.trails[name])[:, 1])
    ball = np.array(world.ball_trail)
    _follow(line, "ball", "x", way * ball[:, 0])
    _follow(line, "ball", "y", ball[:, 1])
    _follow(line, "crate", "x", way * np.array(world.crate_trail))
    for tick in np.flatnonzero(np.diff(np.array(world.doors, dtype=int))):
        opens = world.doors[tick + 1]
        line.change("door", "y", world.door + (1.5 if opens else 0.0) * (1 if world.door < 0 else -1),
                    round(tick * TICK, 3), round((tick + 3) * TICK, 3))  # fmt: skip
    events = _events(script, world)
    layout = Layout(line, _things(script), tuple(events), _states(script, events), {"world": world, "way": way})
    _plain(script, layout)
    return layout


def _follow(line: Timeline, name: str, channel: str, trail: Array) -> None:
    """Let a channel go where the steps lead, in stretches in which it moves."""
    moves = np.abs(np.diff(trail)) > 1e-9
    edges = np.flatnonzero(np.diff(np.concatenate([[False], moves, [False]]).astype(int)))
    for first, last in edges.reshape(-1, 2):
        line.follow(name, channel, _along(trail[first : last + 1], first * TICK), first * TICK, last * TICK)


def _along(part: Array, start: float) -> Motion:
    times = start + TICK * np.arange(len(part))
    return lambda at: np.interp(at, times, part)


def _things(script: Script) -> tuple[Thing, ...]:
    figures = [Thing(id=name, kind="figure", shape_fills_box=False) for name in script.names]
    boxes = [Thing(id=f"box {i + 1}", kind="box") for i in range(script.params.boxes)]
    return (*figures, *boxes, Thing(id="ball", kind="ball"), Thing(id="crate", kind="crate"))


def _events(script: Script, world: Plane) -> list[Event]:
    """Every deed with its times; puts say into which box, and acts of the crate which one it was (``act``)."""
    events = []
    for number, deed in enumerate(sorted(world.deeds, key=lambda deed: deed.start)):
        act = script.acts[deed.act]
        objects = (*deed.actors, f"box {act.box + 1}") if deed.kind == "put" else deed.actors
        values: dict[str, JsonValue] = {"act": deed.act}
        events.append(
            Event(
                id=f"e{number}", kind=deed.kind, objects=objects, start=round(deed.start * TICK, 4),
                end=round(deed.end * TICK, 4), values=values,
            )
        )  # fmt: skip
    return events


def _states(script: Script, events: list[Event]) -> tuple[State, ...]:
    """What each figure believes from one put to the next: nothing of it is shown."""
    watched, puts = script.watched(), [event for event in events if event.kind == "put"]
    states = []
    for i, event in enumerate(puts):
        believed: dict[str, JsonValue] = {}
        for name in script.names:
            last = last_seen(name, watched[: i + 1])
            believed[name] = None if last is None else puts[last].objects[1]
        end = puts[i + 1].end if i + 1 < len(puts) else events[-1].end
        values: dict[str, JsonValue] = {"ball": event.objects[1], "believed": believed}
        states.append(State(start=event.end, end=max(end, event.end), values=values))
    return tuple(states)


def _plain(script: Script, layout: Layout) -> None:
    """See that what figures do can be told from their tracks, by a narrow measure and by a wide one."""
    names, events = script.names, layout.events
    wanted: dict[str, Any] = {
        "chases": [event.objects for event in events if event.kind == "chase"],
        "pushes": [(event.kind, *event.objects) for event in events if event.kind in ("help", "hinder")],
        "blocks": [event.objects for event in events if event.kind == "block"],
        "puts": [
            (*event.objects, there)
            for event, there in zip((e for e in events if e.kind == "put"), script.watched(), strict=True)
        ],
    }  # fmt: skip
    for measure in (STRICT, LAX):
        story = read(layout.scene, names, script.params.boxes, layout.duration, measure)
        for what, deeds in wanted.items():
            seen = [deed.told for deed in getattr(story, what)]
            if seen != deeds:
                raise Rejected(f"{what} that are not plain")
    for kind in ("chase", "block"):
        starts = [event.start for event in events if event.kind == kind]
        if any(b - a < 1.0 for a, b in pairwise(starts)):
            raise Rejected("two begin at once")
