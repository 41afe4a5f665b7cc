"""How a table with ropes looks: the table, the ropes, tags at their ends, flags, marks, scissors and cuts."""

from collections.abc import Callable
from typing import Any

import numpy as np

from generators.spatial._rope_looks import Cord, cord_of, draw_cord, paths, table_of
from generators.spatial._ropes_show import CROSSING_UP, END, FLAG, FLAG_UP, MARK, Strand
from morse.layout import Layout
from morse.stage.marks import MARKS
from morse.style import Style, brightness, mix
from morse.timeline import HEIGHT

WIDE = 0.32
INK, PALE = "#1b1d22", "#fffdf4"
SEAM = 0.05
"""How far a stretch of the table reaches under the one on its right."""


def draw_ropes(layout: Layout, stage: Any, style: Style) -> None:
    """Put the table and all that lies on it on a stage."""
    from manim import VGroup

    table = table_of(style)
    cord = cord_of(style, table, WIDE)
    strands: list[list[Strand]] = layout.details["strands"]
    looks: dict[str, Callable[[str], Any]] = {
        "end": lambda says: _end(says, layout, style, cord),
        "mark": _mark,
    }
    for thing in layout.objects:
        if thing.kind == "stretch":
            number = int(thing.id.split()[-1]) - 1
            size = layout.timeline.actors[thing.id].size
            parts = [*_boards(number, size, table, style), *draw_strands(strands[number], cord)]
            stage.add(thing.id, VGroup(*parts))
        elif thing.kind == "gap":
            stage.add(thing.id, _gap(table, cord))
        elif thing.kind == "scissors":
            stage.add(thing.id, lambda values: _scissors(values["open"], style))
        elif thing.kind == "flag":
            letter = str(thing.attributes["letter"])
            at_crossing = letter in layout.details["crossing flags"]
            stage.add(thing.id, _flag(letter, CROSSING_UP - 0.22 if at_crossing else FLAG_UP - WIDE / 2 + 0.02, style))
        else:
            stage.add(thing.id, looks[thing.kind](thing.id))


def draw_strands(strands: list[Strand], cord: Cord) -> list[Any]:
    """Drawn pieces, those that lie over others last."""
    flat = [_along(strand) for strand in strands if not strand.over]
    over = [_along(strand) for strand in strands if strand.over]
    return [*draw_cord(flat, cord), *draw_cord(over, cord, lifted=True)]


def _along(strand: Strand) -> np.ndarray:
    t = np.linspace(0.0, 1.0, 31)[:, None]
    a, b, c, d = np.array(strand.line).reshape(4, 2)
    return (1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t * t * (1 - t) * c + t**3 * d


def _boards(number: int, size: tuple[float, float], table: str, style: Style) -> list[Any]:
    """A stretch of the table with its grain."""
    wide, high = size[0] / 2, HEIGHT / 2 + SEAM
    field = np.array([(-wide, -high), (wide + SEAM, -high), (wide + SEAM, high), (-wide, high)])
    parts = [paths([field], fill_color=table)]
    tone = "#000000" if brightness(table) > 0.5 else "#ffffff"
    kind = style.pick("grain", ("boards", "weave", "specks"))
    grain = list[np.ndarray]()
    if kind == "boards":
        for y in np.arange(-3.75, 4.0, 1.5):
            grain.append(np.array([(-wide, y), (wide, y)]))
        joints = [y for i, y in enumerate(np.arange(-4.5, 4.5, 1.5)) if style.pick(f"joint {number} {i}", (0, 0, 1))]
        grain += [
            np.array([(x, y + 0.75), (x, y + 2.25)])
            for i, y in enumerate(joints)
            for x in (style.amount(f"at {number} {i}", -1.8, 1.8),)
        ]
    elif kind == "weave":
        for x in np.arange(-1.8, 2.0, 0.4):
            grain.append(np.array([(x, -high), (x, high)]))
        for y in np.arange(-4.4, 4.5, 0.4):
            grain.append(np.array([(-wide, y), (wide, y)]))
    else:
        for i in range(46):
            x, y = style.amount(f"speck x {number} {i}", -2, 2), style.amount(f"speck y {number} {i}", -4.4, 4.4)
            grain.append(np.array([(x - 0.03, y), (x + 0.03, y + 0.02)]))
    strength = {"boards": 0.16, "weave": 0.05, "specks": 0.2}[kind]
    parts.append(paths(grain, closed=False, stroke_color=tone, stroke_width=2.0, stroke_opacity=strength))
    return parts


def _disc(radius: float, fill: str, edge: str, line: float = 2.5) -> Any:
    from manim import Circle

    return Circle(radius, fill_color=fill, fill_opacity=1.0, stroke_color=edge, stroke_width=line)


def _end(name: str, layout: Layout, style: Style, cord: Cord) -> Any:
    """A tag on a string, and the whipping at the rope's end."""
    from manim import VGroup

    from morse.stage.lettering import lettering

    way = layout.details["tag ways"][name]
    string = paths([np.array([(0.0, 0.0), (way * 0.62, 0.0)])], closed=False, stroke_color=INK, stroke_width=3.0)
    x = way * 0.7
    bar = np.array([(-0.1, -0.19), (0.1, -0.19), (0.1, 0.19), (-0.1, 0.19)]) + (x, 0.0)
    rings = [np.array([(x + dx, -0.19), (x + dx, 0.19)]) for dx in (-0.05, 0.0, 0.05)]
    whipping = [
        paths([bar], fill_color=mix(cord.tone, PALE, 0.55), stroke_color=cord.dark, stroke_width=2.0),
        paths(rings, closed=False, stroke_color=cord.dark, stroke_width=1.4),
    ]
    tag = style.pick("tag", ("#fffdf4", "#ffe9a8", "#dff0e4"))
    return VGroup(
        *whipping, string, _disc(END / 2, tag, INK, 3.0),
        lettering(name.rsplit(maxsplit=1)[-1], 0.6, INK, font="DejaVu Sans", cut="bold"),
    )  # fmt: skip


def _flag(letter: str, down: float, style: Style) -> Any:
    """A round sign whose point touches what it means."""
    from manim import VGroup

    from morse.stage.lettering import lettering

    tone = style.pick("flag", ("#f6d24a", "#8fd3f4", "#f7b7c5"))
    point = np.array([(-0.12, -0.16), (0.12, -0.16), (0.0, -down)])
    return VGroup(
        paths([point], fill_color=INK),
        _disc(FLAG / 2, tone, INK, 2.5),
        lettering(letter, 0.42, INK, font="DejaVu Sans", cut="bold"),
    )


def _mark(name: str) -> Any:
    """A mark on a disc that hangs by a thread on the bight left of it."""
    from manim import VGroup

    from morse.stage.shapes import polygon

    thread = paths([np.array([(0.0, 0.0), (-0.56, 0.0)])], closed=False, stroke_color=INK, stroke_width=3.0)
    return VGroup(thread, _disc(MARK / 2, PALE, INK, 2.5), polygon(MARKS[name.removeprefix("mark ")] * 0.2, INK))


def _gap(table: str, cord: Cord) -> Any:
    """Bare table where the rope was, and frayed ends."""
    from manim import VGroup

    wide, high = 0.22, 0.3
    bare = np.array([(-wide, -high), (wide, -high), (wide, high * 0.8), (-wide, high * 0.8)])
    fray = [
        np.array([(side * wide * 1.35, y), (side * wide * 0.45, y * 1.5)])
        for side in (-1, 1)
        for y in np.linspace(-0.14, 0.14, 5)
    ]
    return VGroup(
        paths([bare], fill_color=table),
        paths(fray, closed=False, stroke_color=cord.dark, stroke_width=6.0),
        paths(fray, closed=False, stroke_color=mix(cord.tone, PALE, 0.3), stroke_width=2.6),
    )


def _scissors(opened: float, style: Style) -> Any:
    """Scissors from below, more or less open."""
    from manim import VGroup

    angle = np.radians(4 + 20 * opened)
    steel, grip = "#d9dfe6", style.pick("grip", ("#d0433a", "#2f6fb5", "#e08a2c"))
    blade = np.array([(-0.05, -0.1), (0.09, -0.05), (0.07, 0.45), (0.0, 0.78), (-0.05, 0.4)])
    parts = list[Any]()
    for side in (-1, 1):
        turn = np.array([[np.cos(angle * side), -np.sin(angle * side)], [np.sin(angle * side), np.cos(angle * side)]])
        mirrored = blade * (-side, 1)
        shank = np.array([(-0.05, 0.0), (0.05, 0.0), (0.05, -0.42), (-0.05, -0.42)])
        hole = _disc(0.17, "#000000", grip, 8.0).set_fill(opacity=0.0)
        x, y = turn @ np.array([side * 0.1, -0.52])
        parts += [
            paths([mirrored @ turn.T], fill_color=steel, stroke_color=INK, stroke_width=2.0),
            paths([shank @ turn.T], fill_color=grip),
            hole.shift((x, y, 0.0)),
        ]
    return VGroup(*parts, _disc(0.05, INK, INK))
