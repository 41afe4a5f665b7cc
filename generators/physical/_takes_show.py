"""Takes one after the other, in time and space, and how they look."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.physical._takes_world import FLOOR, LASTS, RADIUS, ZONE, ZONES, Array, Take, Takes
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.style import HUED, Style, brightness, mix
from morse.timeline import Timeline

LEAD, FADE, HELD, GAP = 0.8, 0.24, 0.7, 0.5
"""Seconds before the first take, in which a ball comes or goes, for which it is held before the throw, and between two takes."""
MOTH = (0.62, 0.42)
MARK = 0.14
"""Seconds that a break of the laws takes at most to be seen."""


class Show:
    """Where everything is, and when."""

    def __init__(self, takes: Takes, rng: Rng) -> None:
        self.takes, self.rng = takes, rng
        each = 2 * FADE + HELD + LASTS + GAP
        self.throws = [round(LEAD + each * i + FADE + HELD, 3) for i in range(len(takes.takes))]
        tail = rng.steady("tail").uniform(0.4, 0.9)
        self.line = Timeline(round(LEAD + each * len(takes.takes) + tail, 3))

    def layout(self) -> Layout:
        line, events, things = self.line, [], []
        line.add("ground", (0.0, FLOOR - 0.8), (16.0, 1.6), z=1, tracked=False)
        for number, (take, throw) in enumerate(zip(self.takes.takes, self.throws, strict=True), 1):
            ball, label = f"ball {number}", f"label {number}"
            x, y = (float(values[0]) for values in take.at(np.zeros(1)))
            line.add(label, (-6.5, 3.95), (2.6, 0.7), z=2, opacity=0.0, solid=False, tracked=False)
            line.add(ball, (x, y), (2 * RADIUS, 2 * RADIUS), z=4, round=True, opacity=0.0, spin=0.0)
            begin, end = round(throw - HELD - FADE, 3), round(throw + LASTS, 3)
            for name in (label, ball):
                line.change(name, "opacity", 1.0, begin, round(begin + FADE, 3))
                line.change(name, "opacity", 0.0, end, round(end + FADE, 3))
            for axis in (0, 1):
                line.follow(ball, "xy"[axis], _along(take, axis, throw), throw, end)
            things.append(Thing(id=ball, kind="ball", attributes={"take": number}))
            thrown: dict[str, JsonValue] = {
                "at": [round(x, 3), round(y, 3)],
                "velocity": [round(v, 3) for v in take.arcs[0][3:5]],
            }
            events.append(Event(id=f"take {number}", kind="take", objects=(ball,), start=throw, end=end, values=thrown))
            if take.when >= 0:
                at = round(throw + take.when, 3)
                events.append(
                    Event(id=f"break {number}", kind=take.fault, objects=(ball,), start=at, end=round(at + MARK, 3))
                )
        things += self.moths()
        events.sort(key=lambda event: (event.start, event.id))
        return Layout(line, tuple(things), tuple(events), details={"throws": self.throws})

    def moths(self) -> list[Thing]:
        """Moths that flutter on ways of their own from the beginning to the end."""
        things = []
        for number in range(self.takes.params.moths):
            rng = self.rng.fork(f"moth {number}")
            name = f"moth {number + 1}"
            ways = [_flutter(rng, reach, middle) for reach, middle in ((6.6, 0.0), (1.6, 1.5))]
            x, y = (float(way(np.zeros(1))[0]) for way in ways)
            self.line.add(name, (x, y), MOTH, z=3, solid=False, tracked=False)
            for axis, way in zip("xy", ways, strict=True):
                self.line.follow(name, axis, way, 0.0, self.line.duration)
            things.append(Thing(id=name, kind="moth"))
        return things


def _along(take: Take, axis: int, throw: float) -> Callable[[Array], Array]:
    return lambda times: take.at(times - throw)[axis]


def _flutter(rng: Rng, reach: float, middle: float) -> Callable[[Array], Array]:
    slow, quick = rng.uniform(0.08, 0.16), rng.uniform(0.7, 1.1)
    turns = [rng.uniform(0.0, math.tau) for _ in range(2)]

    def place(times: Array) -> Array:
        wide = 0.9 * reach * np.sin(math.tau * slow * times + turns[0])
        return middle + wide + 0.1 * reach * np.sin(math.tau * quick * times + turns[1])

    return place


def draw_stage(layout: Layout, stage: Any, style: Style) -> None:
    """Put everything on a stage."""
    from manim import Circle, Ellipse, Line, Rectangle, VGroup

    from morse.stage.lettering import lettering

    soil = mix(style.background, style.ink, 0.28)
    edge, ink = mix(soil, style.ink, 0.5), style.ink
    ground = Rectangle(width=16.0, height=1.6, fill_color=soil, fill_opacity=1, stroke_width=0)
    parts: list[Any] = [ground, Line((-8.0, 0.8, 0), (8.0, 0.8, 0), stroke_color=edge, stroke_width=4 * style.line)]
    sign = "#161616" if brightness(soil) > 0.5 else "#fafafa"
    for number, letter in enumerate(ZONES):
        left = (number - len(ZONES) / 2) * ZONE
        parts += [
            Line((side, 0.8, 0), (side, 0.45, 0), stroke_color=edge, stroke_width=4 * style.line)
            for side in (left, left + ZONE)
        ]
        parts.append(lettering(letter, 0.66, sign, font=style.font, cut="bold").shift((left + ZONE / 2, -0.05, 0)))
    stage.add("ground", VGroup(*parts))
    hues = [style.colour(name) for name in HUED]
    turn = int(style.amount("turn", 0, len(hues) - 1e-6))
    form = style.pick("ball", ("plain", "band", "spots"))
    for thing in layout.objects:
        if thing.kind == "ball":
            number = int(str(thing.attributes["take"]))
            shade = hues[(turn + 3 * number) % len(hues)]
            rim, pale = mix(shade, "#000000", 0.55), mix(shade, "#ffffff", 0.45)
            disc = Circle(RADIUS - 0.02, fill_color=shade, fill_opacity=1, stroke_color=rim, stroke_width=3)
            marks: list[Any] = []
            if form == "band":
                marks = [Ellipse(2 * RADIUS - 0.1, 0.17, fill_color=pale, fill_opacity=1, stroke_width=0)]
            elif form == "spots":
                places = ((0.0, 0.13), (-0.13, -0.08), (0.13, -0.08))
                marks = [Circle(0.06, fill_color=pale, fill_opacity=1, stroke_width=0).shift((*p, 0)) for p in places]
            stage.add(thing.id, VGroup(disc, *marks))
            stage.add(f"label {number}", lettering(f"take {number}", 0.56, ink, font=style.font, cut="bold"))
        else:
            wing = mix(style.background, style.ink, 0.6)
            wings = [
                Ellipse(0.26, 0.36, fill_color=wing, fill_opacity=1, stroke_color=ink, stroke_width=1.5)
                .rotate(tilt)
                .shift((x, 0, 0))
                for x, tilt in ((-0.14, 0.5), (0.14, -0.5))
            ]
            stage.add(thing.id, VGroup(*wings, Line((0, -0.14, 0), (0, 0.14, 0), stroke_color=ink, stroke_width=4)))
