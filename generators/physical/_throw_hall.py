"""Balls, boards and bins in space and time, and how they look."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from generators.physical._flights import CLEAR, GRAVITY, MOUTH, RADIUS, SIDE, THICK, Array
from generators.physical._throws import Throw, Throwing, arcs
from morse.errors import Rejected
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.style import Style, brightness, mix
from morse.timeline import HEIGHT, Timeline

HOLD, REST = 0.9, 0.35
"""Seconds, at least, for which a ball is seen before it is thrown, and between its fall into a bin and the next ball."""
DEEP = -3.75
"""Where a ball in a bin stays: behind the bin's front."""
FRONT = (MOUTH + 0.08, -HEIGHT / 2 + 0.12)
"""From where to where the fronts of the bins go."""
WALL = 0.3
"""How thick a wall is."""
MATTS = ("#6f7f8f", "#8a7a66", "#5f7f74", "#7d6f8c", "#94705f")
PALE, DARK = "#fbfaf4", "#1b1b1b"


def lay_out(throwing: Throwing, rng: Rng) -> Layout:
    """The clip in space and time. Raises :class:`Rejected` if its pace is too fast for the flights."""
    hall = throwing.hall
    line = Timeline(0.0)
    things = [_wall(line, name, side) for name, side in (("left wall", -1), ("right wall", 1))]
    middle, high = (FRONT[0] + FRONT[1]) / 2, FRONT[0] - FRONT[1]
    line.add("fronts", (0.0, middle), (2 * SIDE, high), z=4.9, tracked=False)
    for number, letter in enumerate(hall.letters):
        left = -SIDE + number * hall.width
        line.add(f"bin {letter}", (left + hall.width / 2, middle), (hall.width - 0.1, high), z=5, solid=False)
        ends = {"left": round(left, 4), "right": round(left + hall.width, 4), "mouth": MOUTH}
        things.append(Thing(id=f"bin {letter}", kind="bin", attributes={"letter": letter, **ends}))
    for board in hall.boards:
        line.add(f"board {board.number}", board.middle, (2 * board.half, 2 * THICK), angle=board.angle, z=2)
        line.add(f"plate {board.number}", board.middle, (0.5, 0.5), z=3, solid=False, tracked=False)
        x, y = board.middle
        where = {"x": x, "y": y, "half": board.half, "angle": board.angle, "thick": THICK}
        things.append(Thing(id=f"board {board.number}", kind="board", attributes={"number": board.number, **where}))
    line.add("port", hall.port, (0.9, 0.9), z=1, solid=False, tracked=False)
    events: list[Event] = []
    clock = 0.0
    waits = _waits(throwing, rng)
    for throw, wait in zip(throwing.throws, waits, strict=False):
        ball = f"{throw.name} ball"
        line.add(ball, hall.port, (2 * RADIUS, 2 * RADIUS), z=4, round=True, solid=False, opacity=0.0)
        shown, start = round(clock + 0.15, 3), round(clock + wait, 3)
        line.change(ball, "opacity", 1.0, shown, round(shown + 0.2, 3))
        clock = _fly(line, ball, throw, throwing, start, events)
        pattern, colour = throw.name.split()
        things.append(Thing(id=ball, kind="ball", colour=colour, attributes={"pattern": pattern}))
    line.duration = round(clock + waits[-1], 3)
    return Layout(line, tuple(things), tuple(events))


def _wall(line: Timeline, name: str, side: int) -> Thing:
    high = HEIGHT / 2 - MOUTH
    line.add(name, (side * (SIDE + WALL / 2), MOUTH + high / 2), (WALL, high), z=0)
    return Thing(id=name, kind="wall", attributes={"face": side * SIDE})


def _waits(throwing: Throwing, rng: Rng) -> list[float]:
    """Seconds before each throw, and after the last: such that how long balls fly does not tell in the length of the clip."""
    count = len(throwing.throws)
    spare = count * throwing.pace + rng.uniform(0.0, 2.0) - sum(throw.lasts + HOLD + REST for throw in throwing.throws)
    if spare < 0:
        raise Rejected("flights that take too long")
    shares = [rng.uniform(0.5, 1.5) for _ in range(count + 1)]
    more = [spare * share / sum(shares) for share in shares]
    return [HOLD + REST * (i > 0) + extra for i, extra in enumerate(more[:-1])] + [REST + more[-1]]


def _fly(line: Timeline, ball: str, throw: Throw, throwing: Throwing, start: float, events: list[Event]) -> float:
    """Let a ball fly from a time on, and tell what happens; returns when it is gone."""
    hall, number = throwing.hall, len(events)
    events.append(Event(id=f"throw-{number}", kind="throw", objects=(ball,), start=start, end=round(start + 0.2, 3)))
    names = [*(f"board {board.number}" for board in hall.boards), "left wall", "right wall"]
    fast = np.zeros(2)
    for begin, end, place, speed in arcs(throw.flight):
        for axis, pull in (("x", 0.0), ("y", -GRAVITY)):
            at = "xy".index(axis)
            motion = _arc(float(place[at]), float(speed[at]), pull, start + begin)
            line.follow(ball, axis, motion, start + begin, start + end)
        fast = speed - np.array([0.0, GRAVITY * (end - begin)])
    for i, (hit, time) in enumerate(zip(throw.hits, throw.flight.times[0, 1:].tolist(), strict=False)):
        moment = round(start + time, 3)
        events.append(
            Event(id=f"bounce-{number}-{i}", kind="bounce", objects=(ball, names[hit]), start=moment, end=moment)
        )
    landing = start + throw.lasts
    down = -float(fast[1])
    lasts = (-down + math.sqrt(down**2 + 2 * GRAVITY * (MOUTH - DEEP))) / GRAVITY
    x = float(throw.flight.x[0])
    low = -SIDE + throw.bin * hall.width + RADIUS + CLEAR / 2
    inside = _held(_arc(x, float(fast[0]), 0.0, landing), low, low + hall.width - 2 * RADIUS - CLEAR)
    line.follow(ball, "x", inside, landing, landing + lasts)
    line.follow(ball, "y", _arc(MOUTH, float(fast[1]), -GRAVITY, landing), landing, landing + lasts)
    gone = round(landing + lasts + 0.05, 3)
    line.change(ball, "opacity", 0.0, gone)
    target = f"bin {hall.letters[throw.bin]}"
    events.append(
        Event(id=f"land-{number}", kind="land", objects=(ball, target), start=round(landing, 3), end=round(gone, 3))
    )
    return gone


def _arc(place: float, speed: float, pull: float, begin: float) -> Callable[[Array], Array]:
    return lambda times: place + speed * (times - begin) + pull / 2 * (times - begin) ** 2


def _held(motion: Callable[[Array], Array], low: float, high: float) -> Callable[[Array], Array]:
    return lambda times: np.clip(motion(times), low, high)


def draw_hall(throwing: Throwing, stage: Any, style: Style) -> None:
    """Put the hall on a stage."""
    from manim import Circle, Line, Rectangle, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering

    hall, timber = throwing.hall, style.pick("board", MATTS)
    edge = mix(timber, "#000000", 0.45)
    wall = mix(style.background, style.ink, 0.35)
    high = HEIGHT / 2 - MOUTH
    for name in ("left wall", "right wall"):
        stage.add(name, Rectangle(width=WALL, height=high, fill_color=wall, fill_opacity=1, stroke_width=0))
    post = mix(style.background, style.ink, 0.55)
    for number in range(len(hall.letters) + 1):
        x = -SIDE + number * hall.width
        stage.backdrop(Line((x, FRONT[1], 0), (x, MOUTH, 0), stroke_color=post, stroke_width=9))
    low = FRONT[0] - FRONT[1]
    stage.add("fronts", Rectangle(width=2 * SIDE, height=low, fill_color=post, fill_opacity=1, stroke_width=0))
    panel = mix(style.panel, style.accent, style.amount("front", 0.1, 0.35))
    for letter in hall.letters:
        front = RoundedRectangle(
            width=hall.width - 0.1,
            height=low,
            corner_radius=0.4 * style.corner,
            fill_color=panel,
            fill_opacity=1,
            stroke_color=post,
            stroke_width=3 * style.line,
        )
        ink = DARK if brightness(panel) > 0.5 else PALE
        stage.add(f"bin {letter}", VGroup(front, lettering(letter, 0.85, ink, font=style.font, cut="bold")))
    for board in hall.boards:
        stage.add(
            f"board {board.number}",
            RoundedRectangle(
                width=2 * board.half,
                height=2 * THICK,
                corner_radius=0.05,
                fill_color=timber,
                fill_opacity=1,
                stroke_color=edge,
                stroke_width=2 * style.line,
            ),
        )
        disc = Circle(0.23, fill_color=PALE, fill_opacity=1, stroke_color=edge, stroke_width=3)
        number = lettering(board.number, 0.36, DARK, font="DejaVu Sans", cut="bold")
        stage.add(f"plate {board.number}", VGroup(disc, number))
    ring = Circle(0.42, fill_color=mix(style.background, style.ink, 0.15), fill_opacity=1)
    stage.add("port", ring.set_stroke(color=post, width=6))
    for throw in throwing.throws:
        stage.add(f"{throw.name} ball", _ball(throw.name, style))


def _ball(name: str, style: Style) -> Any:
    from manim import Annulus, Circle, VGroup

    pattern, colour = name.split()
    shade = style.colour(colour)
    rim = mix(shade, "#000000", 0.5)
    parts = [
        Circle(RADIUS - 0.01, fill_color=shade, fill_opacity=1, stroke_color=rim, stroke_width=2),
        Circle(RADIUS * 0.22, fill_color="#ffffff", fill_opacity=0.45, stroke_width=0).shift((-0.09, 0.1, 0.0)),
    ]
    if pattern == "ringed":
        ring = PALE if brightness(shade) < 0.6 else DARK
        parts[1] = Annulus(RADIUS * 0.64, RADIUS * 0.84, fill_color=ring, fill_opacity=1, stroke_width=0)
    return VGroup(*parts)
