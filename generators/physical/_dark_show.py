"""The scene with its curtain, in time and space, and how the curtain looks."""

from dataclasses import replace
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.physical._arena import recorded
from generators.physical._dark_world import CLOSING, NOTHING, PUT, Array, Dark
from generators.physical._meetings import met
from morse.layout import Layout
from morse.meshes import flat, moved
from morse.physics import SAMPLE
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.style import Style, brightness, mix
from morse.world import Body, Camera, World

CURTAIN = "curtain"
AWAY = (0.0, -4.5)
"""Where things are that are not there: on the floor before the picture, so that their shadows stay outside too."""
NIGH, LARGE = 0.6, 1.06
"""How far before the camera the curtain is, in metres, and how much larger than the picture there."""
COLOURS = ("grey", "brown", "black", "white")


def layout_of(dark: Dark, rng: Rng) -> Layout:
    """The clip in space and time."""
    count = int(dark.duration / SAMPLE) + 2
    clock = np.arange(count) * SAMPLE
    every = [*dark.standing, *([dark.spare] if dark.act.kind == PUT else [])]
    ways = [_way(dark, thing.body.name, count) for thing in every]
    colour = rng.fork("curtain").choice(COLOURS)
    curtain, way = _curtain(dark, clock, colour, rng.fork("curtain side").choice((-1.0, 1.0)))
    bodies = (*(thing.body for thing in every), curtain)
    world = World(dark.duration, bodies, clock, np.stack([*ways, way], axis=1), dark.camera)
    spare = replace(dark.spare, position=(0.0, 0.0, dark.spare.position[2]))  # where it is put is not told
    values: dict[str, JsonValue] = {"things": recorded(dark.standing), "spare": recorded([spare])}
    start = State(start=dark.closed, end=dark.duration, values=values, shown=True)
    things = tuple(
        Thing(
            id=thing.body.name, kind=thing.body.name.split()[-1], colour=thing.body.colour,
            attributes={"material": thing.body.material},
        )
        for thing in every
    )  # fmt: skip
    return Layout(world, things, _events(dark), (start,))


def _way(dark: Dark, name: str, count: int) -> Array:
    """(count, 7): a thing as it is seen until the curtain is closed, and from then on; out of the picture where it is not there."""
    way = np.tile([*AWAY, 0.3, 0.0, 0.0, 0.0, 1.0], (count, 1))
    for run, first, last in ((dark.before, 0, dark.row), (dark.run, dark.row, count)):
        if name in run.names:
            rows = np.arange(last - first).clip(0, len(run.times) - 1)
            way[first:last] = run.poses[rows, run.names.index(name)]
    return way


def _curtain(dark: Dark, clock: Array, colour: str, side: float) -> tuple[Body, Array]:
    """A board that slides before the camera from one side, and away again; till then, and from then on, it stands behind the camera, where
    its shadow cannot be seen."""
    camera: Camera = dark.camera
    eyes, turns, focals = camera.axes(np.zeros(1))
    right, up, forward = turns[0]
    high = 2 * NIGH / float(focals[0]) * LARGE
    wide = high * 16 / 9
    share = np.clip((clock - dark.shut) / CLOSING, 0.0, 1.0) - np.clip((clock - dark.opens) / CLOSING, 0.0, 1.0)
    share = share * share * (3 - 2 * share)
    aside = side * wide * 1.02 * (1 - share)
    places = eyes[0] + forward * NIGH + aside[:, None] * right
    places[share == 0.0] = (float(eyes[0, 0]), float(eyes[0, 1]) - 1.0, high)
    turn = _quaternion(np.stack([right, up, -forward], axis=1))
    body = Body(CURTAIN, "box", (round(wide, 4), round(high, 4), 0.01), colour, static=True, tracked=False)
    return body, np.concatenate([places, np.repeat(turn[None], len(clock), axis=0)], axis=1)


def _quaternion(matrix: Array) -> Array:
    """x, y, z, w of a rotation matrix (3, 3) whose turn is less than a half one."""
    w = np.sqrt(max(0.0, 1 + np.trace(matrix))) / 2
    axis = np.array(
        [matrix[2, 1] - matrix[1, 2], matrix[0, 2] - matrix[2, 0], matrix[1, 0] - matrix[0, 1]]
    )  # fmt: skip
    return np.array([*(axis / (4 * w)), w])


def _events(dark: Dark) -> tuple[Event, ...]:
    """What comes in and hits something in plain sight, the curtain, and, unseen, what goes on behind it."""
    opened = round(dark.opens + CLOSING, 3)
    events = [
        Event(id="closes", kind="closes", objects=(CURTAIN,), start=dark.shut, end=dark.closed),
        Event(id="opens", kind="opens", objects=(CURTAIN,), start=dark.opens, end=opened),
    ]
    for i, (name, start) in enumerate(dark.starts):
        events.append(Event(id=f"in-{i}", kind="enter", objects=(name,), start=start, end=round(start + 0.5, 3)))
    if dark.act.kind != NOTHING:
        objects = tuple(name for name in (dark.act.thing, dark.act.other) if name)
        events.append(
            Event(id="hand", kind=dark.act.kind, objects=objects, start=dark.closed, end=dark.closed, shown=False)
        )
    seen = [(touch.pair, round(touch.time, 3), True) for touch in met(dark.before.touches)]
    unseen = [(touch.pair, round(dark.closed + touch.time, 3), False) for touch in dark.hidden]
    for i, (pair, time, shown) in enumerate(seen + unseen):
        events.append(Event(id=f"hit-{i}", kind="collision", objects=pair, start=time, end=time, shown=shown))
    return tuple(sorted(events, key=lambda event: (event.start, event.id)))


def draw_curtain(layout: Layout, stage: Any, style: Style) -> None:
    """Put a large question mark and two stripes on the curtain."""
    from morse.stage.lettering import outline, rings

    body = stage.world.bodies[stage.world.index(CURTAIN)]
    wide, high, thick = body.size
    shade = style.colour(body.colour)
    ink = mix(shade, "#000000" if brightness(shade) > 0.4 else "#ffffff", 0.35)
    mark = flat(rings(outline("?", 0.62 * high, style.font, "bold")))
    above = np.array([0.0, 0.0, thick / 2 + 0.0008])
    stage.inlay(CURTAIN, moved(mark, np.eye(3), above), ink)
    stripe = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (0.012 * wide, high / 2)
    for x in (-0.3, 0.3):
        stage.inlay(CURTAIN, moved(flat([stripe + (x * wide, 0.0)]), np.eye(3), above), ink)
