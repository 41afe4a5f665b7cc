"""Figures and screens in space and time: marks are shown, go, and the figures walk from place to place."""

from typing import Any

from generators.spatial._occlusion_world import RADIUS, REST, SCREEN, Walk, Walks
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.timeline import Motion, Timeline

GONE, FADE = 1.2, 0.4
"""Seconds before the first round at which the marks have gone, and in which they go."""


def walks_shown(walks: Walks, rng: Rng) -> Layout:
    """The clip; ``details`` has the names of the figures, when the marks go, and when the ring comes."""
    field, line = walks.field, Timeline(walks.duration)
    for place in field.places:
        line.add(
            f"place {field.number(place)}", field.at(place), (0.94, 0.94), z=0, solid=False, round=True, tracked=False
        )
    names = rng.fork("names").shuffled([f"figure {i + 1}" for i in range(len(walks.marks))])
    unmarked = round(walks.lead - GONE, 3)
    for number, (name, mark, place) in enumerate(zip(names, walks.marks, walks.first, strict=True)):
        size = (2 * RADIUS, 2 * RADIUS)
        line.add(f"shadow of {name}", field.at(place), size, z=1, solid=False, tracked=False)
        line.add(name, field.at(place), size, z=2 + number / 100, solid=False, round=True)
        line.add(mark, field.at(place), (1.1 * RADIUS, 1.1 * RADIUS), z=3, solid=False)
        line.tie(mark, name)
        line.tie(f"shadow of {name}", name)
        line.change(mark, "opacity", 0.0, unmarked, unmarked + FADE)
    for number in range(walks.params.screens):
        middle = (field.xs[number] + field.xs[number + 1]) / 2
        line.add(f"screen {number + 1}", (middle, 0.0), (field.pitch - 2 * field.gap, SCREEN), z=5)
    for walk in walks.walks:
        _walk(line, names[walk.figure], walk, walks)
    last = round(walks.duration - walks.lead + 0.2 + REST, 3)
    chosen = rng.fork("ring").integer(0, len(names) - 1)
    line.add("ring", line.last_place(names[chosen]), (1.06, 1.06), z=4, opacity=0.0, solid=False, round=True)
    line.change("ring", "opacity", 1.0, last, last + 0.3)
    events = [
        Event(
            id=f"walk {i + 1}", kind="hides", objects=(walks.marks[walk.figure],), start=round(walk.hidden[0], 3),
            end=round(walk.hidden[1], 3),
            values={"from": field.number(walk.start), "to": field.number(walk.goal), "does": walk.kind},
        )
        for i, walk in enumerate(walks.walks)
    ]  # fmt: skip
    details: dict[str, Any] = {"names": names, "unmarked": unmarked, "ringed": chosen, "ring": last + 0.3}
    things = (
        *(Thing(id=name, kind="figure") for name in sorted(names)),
        *(Thing(id=mark, kind="mark", shape_fills_box=False) for mark in sorted(walks.marks)),
        *(Thing(id=f"screen {i + 1}", kind="screen") for i in range(walks.params.screens)),
        *(Thing(id=f"place {i + 1}", kind="place", shape_fills_box=False) for i in range(len(field.places))),
        Thing(id="ring", kind="ring", shape_fills_box=False),
    )
    return Layout(line, things, tuple(events), details=details)


def _walk(line: Timeline, name: str, walk: Walk, walks: Walks) -> None:
    start, goal = walks.field.at(walk.start), walks.field.at(walk.goal)
    turn = (start[0] + (goal[0] - start[0]) * walk.share, start[1] + (goal[1] - start[1]) * walk.share)
    halfway = walk.begin + walk.share * walk.seconds
    if walk.kind == "passes":
        line.change(name, "x", goal[0], walk.begin, walk.end, ease="linear")
        line.follow(name, "y", _height(walk, walks), walk.begin, walk.end)
    else:
        line.move(name, turn, walk.begin, halfway, ease="linear")
        line.move(name, start if walk.kind == "turns" else goal, halfway + walk.pause, walk.end, ease="linear")


def _height(walk: Walk, walks: Walks) -> Motion:
    return lambda times: walk.path(walks.field, times)[:, 1]
