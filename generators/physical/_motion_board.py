"""The body about its dot, the graphs, and the pucks on their rails, one after the other in the clip, and how they look."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.physical._motions import MARKS, PERIODS, Array, Motions, Puck
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.style import Style, brightness, mix
from morse.timeline import Timeline

RING, LETTERS_AT = 3.25, 3.72
"""How far from the dot the ends of its rays and the letters at them are."""
SEEN = 0.5
"""When the body appears: how far from the dot it is would be seen in the first frame, which tells something of its law."""
LOOK = 5.0
"""Seconds, at least, for which the graphs are seen."""
FADE = 0.3
WIDE, HIGH = 6.6, 2.75
"""Of the field of a graph."""
FIELDS = ((-3.55, 1.75), (4.15, 1.75), (-3.55, -2.3), (4.15, -2.3))
SIZE = 0.72
"""Of a puck."""
COLOURS = ("red", "orange", "green", "cyan", "blue", "purple")
PALE, DARK = "#fbfaf4", "#1b1b1b"


def lay_out(motions: Motions, rng: Rng) -> Layout:
    """The clip in space and time: the orbit, then the graphs, in whose time the middle of the clip lies, then the rails."""
    orbit = round(motions.cut + rng.uniform(0.6, 1.4), 3)
    rails = round(2.6 + max(motions.swings) * PERIODS[1] + rng.uniform(0.3, 1.3), 3)
    end = rng.uniform(0.6, 1.2)
    graphs = round(max(LOOK, rails + end - orbit + 0.5) + rng.uniform(0.0, 0.5), 3)
    begin = round(orbit + graphs, 3)
    line = Timeline(round(begin + rails + end, 3))
    things = [*_add_orbit(line, motions, orbit), *_add_graphs(line, motions, orbit, begin)]
    events: list[Event] = []
    done = round(begin + rails, 3)
    for number, puck in enumerate(motions.pucks):
        things += _add_rail(line, motions, number, (begin, done))
        start = round(begin + puck.start, 3)
        rest = round(start + puck.lasts, 3)
        name = f"puck {puck.letter}"
        events.append(
            Event(id=f"release-{number}", kind="release", objects=(name,), start=start, end=round(start + 0.1, 3))
        )
        events.append(Event(id=f"rest-{number}", kind="rest", objects=(name,), start=rest, end=round(rest + 0.1, 3)))
    details = {"orbit": orbit, "graphs": (orbit, begin), "rails": (begin, done)}
    return Layout(line, tuple(things), tuple(sorted(events, key=lambda event: event.start)), (), details)


def _shown(line: Timeline, name: str, start: float, end: float) -> None:
    """Let an actor be there for a while alone."""
    line.change(name, "opacity", 1.0, start, round(start + FADE, 3))
    line.change(name, "opacity", 0.0, round(end - FADE, 3), end)


def _add_orbit(line: Timeline, motions: Motions, end: float) -> list[Thing]:
    things = [Thing(id="dot", kind="dot"), Thing(id="body", kind="body")]
    line.add("dot", (0.0, 0.0), (0.5, 0.5), z=2, round=True, solid=False)
    line.add("rays", (0.0, 0.0), (8.0, 8.0), z=1, tracked=False, solid=False)
    line.add("body", _place(motions, 0.0), (0.5, 0.5), z=3, round=True, solid=False, opacity=0.0)
    for number, letter in enumerate(motions.marks):
        angle = math.tau * number / MARKS
        at = (LETTERS_AT * math.cos(angle), LETTERS_AT * math.sin(angle))
        line.add(f"mark {letter}", at, (0.7, 0.7), z=2, solid=False, round=True)
        line.change(f"mark {letter}", "opacity", 0.0, round(end - FADE, 3), end)
        things.append(Thing(id=f"mark {letter}", kind="mark", attributes={"letter": letter}, shape_fills_box=False))
    line.change("body", "opacity", 1.0, SEEN - 0.2, SEEN)
    for axis in (0, 1):
        line.follow("body", "xy"[axis], _along(motions, axis), 0.0, end)
    for name in ("dot", "rays", "body"):
        line.change(name, "opacity", 0.0, round(end - FADE, 3), end)
    return things


def _place(motions: Motions, time: float) -> tuple[float, float]:
    x, y = motions.orbit.at(np.array([time]))[0].tolist()
    return x, y


def _along(motions: Motions, axis: int) -> Callable[[Array], Array]:
    return lambda times: motions.orbit.at(times)[..., axis]


def _add_graphs(line: Timeline, motions: Motions, start: float, end: float) -> list[Thing]:
    things = []
    line.add("title", (0.0, 4.02), (12.0, 0.6), z=1, tracked=False, solid=False, opacity=0.0)
    _shown(line, "title", start, end)
    for number, at in enumerate(FIELDS, 1):
        name = f"graph {number}"
        line.add(name, at, (WIDE, HIGH), z=1, solid=False, opacity=0.0)
        _shown(line, name, start, end)
        things.append(
            Thing(
                id=name, kind="graph", attributes={"turns": _turns(motions.graphs[number - 1])}, shape_fills_box=False
            )
        )
    return things


def _turns(graph: Puck) -> list[JsonValue]:
    """The turning points that a graph shows, and its end: seconds, and the place from −1 to 1."""
    times = np.arange(2 * graph.swings + 1) * graph.period / 2
    return [
        [round(float(t), 3), round(float(x / abs(graph.reach)), 3)] for t, x in zip(times, graph.at(times), strict=True)
    ]


def _add_rail(line: Timeline, motions: Motions, number: int, shown: tuple[float, float]) -> list[Thing]:
    puck, count = motions.pucks[number], len(motions.pucks)
    y = (8.0 / count) * ((count - 1) / 2 - number)
    name = f"puck {puck.letter}"
    line.add(f"rail {puck.letter}", (0.0, y), (14.0, 0.6), z=1, tracked=False, solid=False, opacity=0.0)
    line.add(name, (puck.reach, y), (SIZE, SIZE), z=2, round=True, solid=False, opacity=0.0)
    start = shown[0] + puck.start
    line.follow(name, "x", lambda times: puck.at(times - start), start, start + puck.lasts)
    for actor in (f"rail {puck.letter}", name):
        _shown(line, actor, *shown)
    return [Thing(id=name, kind="puck", attributes={"letter": puck.letter})]


def draw_board(motions: Motions, stage: Any, style: Style) -> None:
    """Put everything on a stage."""
    from manim import Circle, Line, VGroup

    from morse.stage.lettering import lettering

    pale = mix(style.background, style.ink, 0.3)
    ink, strong = style.ink, 3 * style.line
    stage.add("dot", Circle(0.2, fill_color=ink, fill_opacity=1, stroke_width=0))
    angles = [math.tau * number / MARKS for number in range(MARKS)]
    rays = [
        Line(0.3 * way, RING * way, stroke_color=pale, stroke_width=strong)
        for way in (np.array([math.cos(angle), math.sin(angle), 0.0]) for angle in angles)
    ]
    stage.add("rays", VGroup(*rays))
    shade = style.colour(style.pick("body", COLOURS))
    rim = mix(shade, "#000000", 0.5)
    stage.add("body", Circle(0.24, fill_color=shade, fill_opacity=1, stroke_color=rim, stroke_width=2))
    for letter in motions.marks:
        stage.add(f"mark {letter}", lettering(letter, 0.56, ink, font=style.font, cut="bold"))
    graphed = motions.pucks[motions.graphed]
    stage.add("title", lettering(f"puck {graphed.letter}: where it is against time", 0.42, ink, font=style.font))
    last = max(graph.lasts for graph in motions.graphs)
    for number, graph in enumerate(motions.graphs, 1):
        stage.add(f"graph {number}", _graph(graph, number, last, style))
    for number, puck in enumerate(motions.pucks):
        line = Line((-6.6, 0, 0), (6.6, 0, 0), stroke_color=pale, stroke_width=6)
        mark = Line((0, -0.42, 0), (0, 0.42, 0), stroke_color=ink, stroke_width=strong)
        stage.add(f"rail {puck.letter}", VGroup(line, mark))
        colour = style.colour(COLOURS[(number + int(style.amount("turn", 0, 6))) % len(COLOURS)])
        edge = mix(colour, "#000000", 0.5)
        disc = Circle(SIZE / 2 - 0.02, fill_color=colour, fill_opacity=1, stroke_color=edge, stroke_width=3)
        sign = DARK if brightness(colour) > 0.5 else PALE
        stage.add(
            f"puck {puck.letter}", VGroup(disc, lettering(puck.letter, 0.42, sign, font="DejaVu Sans", cut="bold"))
        )


def _graph(graph: Puck, number: int, last: float, style: Style) -> Any:
    """A graph with its number, its axes and their names."""
    from manim import Line, RoundedRectangle, VGroup, VMobject

    from morse.stage.lettering import lettering

    ink, pale = style.ink, mix(style.panel, style.ink, 0.35)
    wide, high = WIDE - 0.8, HIGH - 0.85
    left, base = -WIDE / 2 + 0.45, 0.18
    parts = [
        RoundedRectangle(
            width=WIDE,
            height=HIGH,
            corner_radius=0.12,
            fill_color=style.panel,
            fill_opacity=1,
            stroke_color=pale,
            stroke_width=2,
        ),
        Line((left, base, 0), (left + wide, base, 0), stroke_color=pale, stroke_width=2),
        Line((left, base - high / 2, 0), (left, base + high / 2, 0), stroke_color=pale, stroke_width=2),
    ]
    step = 2 if last < 14 else 4
    across = wide / (last + 0.6)
    for second in range(0, int(last) + 1, step):
        x = left + second * across
        parts.append(Line((x, base - 0.07, 0), (x, base + 0.07, 0), stroke_color=pale, stroke_width=2))
        parts.append(lettering(str(second), 0.36, ink, font=style.font).move_to((x, base - high / 2 - 0.17, 0)))
    parts.append(lettering("s", 0.36, ink, font=style.font).move_to((left + wide, base - high / 2 - 0.17, 0)))
    times = np.linspace(0.0, last + 0.5, 420)
    places = graph.at(times) / abs(graph.reach) * high / 2 * 0.94
    curve = VMobject(stroke_color=style.accent, stroke_width=4 * style.line)
    curve.set_points_as_corners(np.stack([left + times * across, base + places, np.zeros_like(times)], axis=1))
    parts.append(curve)
    label = lettering(str(number), 0.5, ink, font=style.font, cut="bold")
    parts.append(label.move_to((WIDE / 2 - 0.3, HIGH / 2 - 0.34, 0)))
    return VGroup(*parts)
