"""The gears, their lid and the crank in space and time, and how they look."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.spatial._gear_questions import WAYS, Turning
from generators.spatial._gear_retold import DIRECTIONS
from generators.spatial._gear_train import EIGHTH, Gear
from morse import gestures
from morse.layout import Layout
from morse.schema import Event, State, Thing
from morse.seeding import Rng
from morse.style import Style, brightness, mix
from morse.timeline import Timeline

LID, LID_AT, LID_AWAY = (11.9, 8.6), 1.85, 9.2
"""Width and height of the lid in canvas units, where its middle is from left to right, and how far up it is taken."""
SLIDE, TURN, SHAKE = 1.0, 2.0, 1.5
"""Seconds: to take the lid away, a turn of the crank however far, and a shake of it."""
METALS = ("#c9a24b", "#a9b1b8", "#b87333", "#8d9fae", "#9f8fb8")
DARK, PALE = "#1b1b1b", "#fbfaf4"


def lay_out(turning: Turning, rng: Rng) -> Layout:
    """The clip in space and time."""
    line = Timeline(0.0)
    ids = {gear.name: f"gear-{gear.name}" for gear in turning.gears} | {turning.gears[0].name: "crank"}
    for gear in turning.gears:
        side, crank = 2 * gear.reach, gear is turning.gears[0]
        seen = 1.0 if crank else 0.0
        line.add(ids[gear.name], gear.place, (side, side), z=4 if crank else 1, round=True, opacity=seen)
        line.add(
            f"letter {gear.name}", gear.place, (0.5, 0.5), z=5 if crank else 2, solid=False, tracked=False, opacity=seen
        )
    line.add("lid", (LID_AT, 0.0), LID, z=3)
    start = round(rng.uniform(0.6, 1.1), 3)
    opened = round(start + SLIDE, 3)
    closing = round(opened + turning.hold + rng.uniform(0.0, 0.5), 3)
    closed = round(closing + SLIDE, 3)
    line.move("lid", (LID_AT, LID_AWAY), start, opened)
    line.move("lid", (LID_AT, 0.0), closing, closed)
    for gear in turning.gears[1:]:
        for name in (ids[gear.name], f"letter {gear.name}"):
            line.change(name, "opacity", 1.0, start)
            line.change(name, "opacity", 0.0, closed)
    clock, events = closed + rng.uniform(0.5, 0.9), list[Event]()
    for number, act in enumerate(turning.acts, 1):
        begin = round(clock, 3)
        if act is None:
            end = round(begin + SHAKE, 3)
            gestures.tilt(line, "crank", begin, end, rng.choice((-0.45, 0.45)))
            events.append(Event(id=f"act-{number}", kind="shake", objects=("crank",), start=begin, end=end))
        else:
            end, turn = round(begin + TURN, 3), turning.turns[act]
            for gear in (turning.gears[0], *turning.train):
                last = line.actors[ids[gear.name]].channels["angle"].last
                line.change(ids[gear.name], "angle", last - turn * gear.ratio * math.pi / 2, begin, end)
            objects = ("crank", WAYS[turn < 0], str(abs(turn)))
            events.append(Event(id=f"act-{number}", kind="turn", objects=objects, start=begin, end=end))
        clock = end + turning.pause * rng.uniform(0.75, 1.25)
    line.duration = round(clock + rng.uniform(0.3, 1.2), 3)
    state = State(start=opened, end=closing, values=_values(turning), shown=True)
    return Layout(line, tuple(_things(turning, ids)), tuple(events), (state,), {"ids": ids})


def _values(turning: Turning) -> dict[str, JsonValue]:
    """For each gear its teeth, where its mark points, and with which gears it meshes; and which of them is the crank's."""
    gears = turning.gears
    values: dict[str, JsonValue] = {"crank": gears[0].name}
    for i, gear in enumerate(gears):
        beside = [other.name for j, other in enumerate(gears) if other.meshes == i or gear.meshes == j]
        values[gear.name] = ", ".join([str(gear.teeth), DIRECTIONS[gear.mark], *beside])
    return values


def _things(turning: Turning, ids: dict[str, str]) -> Iterator[Thing]:
    for gear in turning.gears:
        kind = "crank" if gear is turning.gears[0] else "gear"
        yield Thing(id=ids[gear.name], kind=kind, attributes={"letter": gear.name, "teeth": gear.teeth})
    yield Thing(id="lid", kind="lid")


def draw_gears(turning: Turning, layout: Layout, stage: Any, style: Style) -> None:
    """Put the board, its gears and the lid on a stage."""
    from manim import Circle, Line, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering

    top = style.pick("board", (style.panel, mix(style.panel, style.accent, 0.18), mix(style.panel, style.muted, 0.25)))
    edge = {"fill_opacity": 1, "stroke_color": mix(top, style.ink, 0.45), "stroke_width": 3 * style.line}
    stage.backdrop(RoundedRectangle(width=15.7, height=8.75, corner_radius=2 * style.corner, fill_color=top, **edge))
    metal = style.pick("metal", METALS)
    for gear in turning.gears:
        crank = gear is turning.gears[0]
        colour = style.accent if crank else mix(metal, "#ffffff", style.amount(f"shade {gear.name}", 0.0, 0.35))
        stage.add(layout.details["ids"][gear.name], VGroup(*_gear(gear, colour, crank)))
        disc = Circle(_hub(gear), fill_color=PALE, fill_opacity=1, stroke_color=DARK, stroke_width=2)
        letter = lettering(gear.name, 1.75 * _hub(gear), DARK, font="DejaVu Sans", cut="bold")
        stage.add(f"letter {gear.name}", VGroup(disc, letter))
    wood = style.pick("lid", ("#9a7b58", "#6f7f8c", "#7b8a6a", "#8a6f80"))
    line = mix(wood, "#000000", 0.35)
    width, height = LID
    slats = [
        Line((x, -height / 2, 0), (x, height / 2, 0), stroke_color=line, stroke_width=3)
        for x in np.linspace(-width / 2, width / 2, 8)[1:-1]
    ]
    plate = RoundedRectangle(width=width, height=height, corner_radius=0.15, fill_color=wood, fill_opacity=1)
    stage.add("lid", VGroup(plate.set_stroke(color=line, width=4), *slats))


def _hub(gear: Gear) -> float:
    """The radius of the disc with a gear's letter."""
    return min(0.34, 0.5 * gear.radius)


def _gear(gear: Gear, colour: str, crank: bool) -> Iterator[Any]:
    """A gear with its mark, and the crank's with a handle."""
    from manim import Circle

    from morse.stage.shapes import polygon

    pitch, root, tip = math.tau / gear.teeth, gear.radius - 0.55 * gear.module, gear.reach
    shape = [(-0.28, root), (-0.12, tip), (0.12, tip), (0.28, root)]
    corners = [
        (far * math.cos(angle), far * math.sin(angle))
        for tooth in range(gear.teeth)
        for aside, far in shape
        for angle in (gear.tilt + (tooth + aside) * pitch,)
    ]
    dark = mix(colour, "#000000", 0.5)
    yield polygon(corners, colour, stroke_color=dark, stroke_width=2.5)
    ring = gear.radius - 1.5 * gear.module
    yield Circle(ring, fill_color=mix(colour, "#000000", 0.14), fill_opacity=1, stroke_width=0)
    angle = math.radians(gear.mark * EIGHTH)
    along, aside = np.array([math.cos(angle), math.sin(angle)]), np.array([-math.sin(angle), math.cos(angle)])
    bright = PALE if brightness(colour) < 0.6 else DARK
    far = gear.radius - 0.3 * gear.module
    yield polygon(
        np.array([0.13 * aside, -0.13 * aside, far * along - 0.05 * aside, far * along + 0.05 * aside]), bright
    )
    yield Circle(0.1, fill_color=bright, fill_opacity=1, stroke_width=0).shift((*(along * (far - 0.06)), 0.0))
    if crank:
        yield Circle(0.17, fill_color=PALE, fill_opacity=1, stroke_color=DARK, stroke_width=5).shift(
            (*(along * ring), 0.0)
        )
