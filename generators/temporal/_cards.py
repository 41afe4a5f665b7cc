"""Cards with marks that light up, grow, shrink, rise, sink and tilt: how that runs over time (pure), and how it looks."""

from collections.abc import Sequence
from math import cos, pi, sin
from typing import TYPE_CHECKING

import numpy as np

from generators.temporal._acts import draw_balls
from morse.layout import Layout
from morse.schema import Thing
from morse.seeding import Rng
from morse.stage.marks import MARKS
from morse.style import HUED, Style, brightness, mix
from morse.timeline import Timeline

if TYPE_CHECKING:
    from matplotlib.path import Path

    from morse.stage.plot_stage import PlotStage, Values

CARD, RAMP = 1.7, 0.24
"""Side of a card in canvas units, and how many seconds it takes to become lit, large, …; an event begins halfway through."""
REACHES = (
    *(("lit", "lit", 1.0), ("scale", "large", 0.34), ("scale", "small", -0.36)),
    *(("y", "raised", 0.5), ("y", "lowered", -0.5), ("angle", "tilted", 0.5)),
)
"""What cards do: (channel, what it is called, how far it goes)."""
ACTIONS = tuple(what for _, what, _ in REACHES)
COLUMNS, ROWS = (-6.0, -3.0, 0.0, 3.0, 6.0), (2.8, 0.0, -2.8)


def add_cards(timeline: Timeline, names: Sequence[str], rng: Rng) -> list[Thing]:
    """Put cards on a board, at random places."""
    spots = rng.sample([(x, y) for x in COLUMNS for y in ROWS], len(names))
    things = []
    for name, (x, y) in zip(names, spots, strict=True):
        at = (x + rng.uniform(-0.3, 0.3), y + rng.uniform(-0.06, 0.06))
        timeline.add(f"glow {name}", at, (2.9, 2.9), z=1, opacity=0.0, solid=False, tracked=False)
        timeline.add(name, at, (CARD, CARD), z=2, lit=0.0)
        things.append(Thing(id=name, kind="card", attributes={"mark": name}))
    return things


def play(timeline: Timeline, card: str, what: str, start: float, end: float) -> None:
    """Let a card be lit, large, small, … for a while."""
    channel, _, reach = next(action for action in REACHES if action[1] == what)
    rest = timeline.actors[card].channels[channel].last
    for at, to, glow in ((start, rest + reach, 1.0), (end, rest, 0.0)):
        timeline.change(card, channel, to, at - RAMP / 2, at + RAMP / 2, ease="linear")
        if what == "lit":
            timeline.change(f"glow {card}", "opacity", glow, at - RAMP / 2, at + RAMP / 2)


def draw_cards(layout: Layout, stage: "PlotStage", style: Style) -> None:
    """Put the cards, the places where they rest and the balls on a stage."""
    from matplotlib.path import Path

    from morse.stage.plot_stage import rounded

    light = style.pick("light", ("#ffd23e", "#ffc531", "#ffe066"))
    face = style.pick("face", (style.panel, mix(style.panel, style.accent, 0.25), mix(style.panel, style.muted, 0.25)))
    corner, line = style.pick("corner", (0.08, 0.26, 0.45)), 0.05 * style.line
    rim = mix(light, "#b35c00", 0.0 if style.dark else 0.45)
    board = style.pick(
        "board", (style.background, mix(style.background, style.panel, 0.5), mix(style.background, style.muted, 0.18))
    )
    stage.outline(
        None,
        rounded(15.7, 8.75, 2 * style.corner),
        board,
        edge=mix(board, style.ink, 0.35),
        line=0.04 * style.line,
        z=-1,
    )
    hues = [name for name in HUED if name != "yellow"]
    first = style.pick("first hue", range(len(hues)))
    plain = style.pick("marks", (False, False, True))
    for number, thing in enumerate(thing for thing in layout.objects if thing.kind == "card"):
        x, y = layout.timeline.place(thing.id, 0.0)
        groove = rounded(CARD + 0.16, CARD + 0.16, corner + 0.08)
        groove = Path(np.asarray(groove.vertices) + (x, y), groove.codes)
        stage.outline(None, groove, mix(board, "#000000", 0.24), edge=style.muted, line=0.03, dashes=(0.12, 0.1), z=0)
        glow = f"glow {thing.id}"
        stage.outline(glow, rays(1.22, 1.47), None, edge=rim, line=0.09)

        def shade(values: "Values", face: str = face) -> str:
            return mix(face, light, values["lit"])

        stage.box(thing.id, face, corner=corner, edge=mix(style.ink, face, 0.25), line=line, shade=shade)
        colour = style.colour(hues[(first + number) % len(hues)])
        if plain or abs(brightness(colour) - brightness(face)) < 0.15:
            colour = style.ink

        def lit(values: "Values", colour: str = colour) -> str:
            return mix(colour, "#33260a", values["lit"])

        stage.outline(thing.id, Path(MARKS[str(thing.attributes["mark"])] * 0.52), colour, shade=lit)
    draw_balls(layout, stage, style)


def rays(inner: float, outer: float, count: int = 12) -> "Path":
    """Short strokes all around, from one distance to another."""
    from matplotlib.path import Path

    turns = [2 * pi * (i + 0.5) / count for i in range(count)]
    ends = [(r * cos(turn), r * sin(turn)) for turn in turns for r in (inner, outer)]
    return Path(ends, [Path.MOVETO, Path.LINETO] * count)
