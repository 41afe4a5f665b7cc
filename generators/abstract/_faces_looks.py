"""How persons, their faces and what they bring each other look."""

from collections.abc import Mapping
from math import cos, pi, sin
from typing import Any

import numpy as np

from generators.abstract._faces_show import HEAD
from generators.abstract._faces_things import thing_look
from generators.abstract._faces_world import MOODS
from morse.layout import Layout
from morse.style import HUED, Style, brightness, mix

SKINS = ("#f7d7b8", "#eebf95", "#d69a68", "#b27a4c")
HAIRS = ("#2b1c14", "#5b3a22", "#8a5a2b", "#c9973f", "#7d2f1d", "#4a4a52")
CUTS = ("short", "bob", "bun", "curls", "spikes", "cap")
LINE = "#1b1210"


def draw_persons(layout: Layout, stage: Any, style: Style) -> None:
    """Put persons, things and the curtain on a stage."""
    from manim import VGroup

    from morse.stage.shapes import polygon, striped

    persons = [thing.id for thing in layout.objects if thing.kind == "person"]
    grown = layout.timeline.actors[persons[0]].size[0] / HEAD
    shade = mix(style.background, style.ink, style.amount("shade", 0.08, 0.18))
    for y in sorted({layout.timeline.place(f"body {who}", 0.0)[1] for who in persons}):
        low = y - 2.1 * grown - 0.14
        stage.backdrop(polygon([(-8, low), (8, low), (8, low + 0.55), (-8, low + 0.55)], shade))
    first = style.pick("first cut", range(len(CUTS)))
    for number, who in enumerate(persons):
        side = layout.timeline.actors[who].size[0]
        skin = style.pick(f"skin {who}", SKINS)
        hair = style.pick(f"hair {who}", HAIRS)
        shirt = style.colour(HUED[(number * 2 + style.pick("shirts", range(9))) % len(HUED)])
        cut = CUTS[(first + number) % len(CUTS)]

        def face(
            values: Mapping[str, float],
            r: float = side / 2,
            skin: str = skin,
            hair: str = hair,
            cut: str = cut,
            shirt: str = shirt,
        ) -> Any:
            return head_look(round(values["mood"]), r, skin, hair, cut, shirt)

        stage.add(f"body {who}", _bust(who, side / HEAD, skin, shirt, style))
        stage.add(who, face)
    for thing in layout.objects:
        if thing.kind != "person":
            size = layout.timeline.actors[thing.id].size[0]
            kind = thing.kind
            stage.add(
                thing.id, lambda values, kind=kind, size=size: thing_look(kind, size, values["used"] > 0.5, style)
            )
    cloth = style.pick("cloth", ("#8c2f39", "#2f5d8c", "#3f6b4f", "#6a4c8c"))
    parts = striped(16.8, 9.4, (cloth, mix(cloth, "#000000", 0.18)), stripes=15)
    hem = polygon([(-8.4, -4.7), (8.4, -4.7), (8.4, -4.4), (-8.4, -4.4)], mix(cloth, "#ffd76a", 0.6))
    stage.add("curtain", VGroup(parts, hem))


def _bust(who: str, grown: float, skin: str, shirt: str, style: Style) -> Any:
    """Neck, shoulders and a plate with the name."""
    from manim import Rectangle, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon

    dark = mix(shirt, "#000000", 0.4)
    t = np.linspace(0.0, pi, 24)
    top, low, half = -0.55 * grown, -2.1 * grown, 1.25 * grown
    arc = [(half * cos(a), low + (top - low) * sin(a) ** 0.6) for a in t]
    body = polygon(arc, shirt, stroke_color=dark, stroke_width=3)
    neck = Rectangle(
        width=0.6 * grown, height=0.7 * grown, fill_color=mix(skin, "#000000", 0.12), fill_opacity=1, stroke_width=0
    )
    plate = {"fill_color": style.panel, "fill_opacity": 1, "stroke_color": dark, "stroke_width": 2.5}
    ink = style.ink if abs(brightness(style.ink) - brightness(style.panel)) > 0.45 else LINE
    words = lettering(
        who, 0.62, ink, font=style.font, cut="bold", at=(0.0, -1.72 * grown), on_line=True, most_width=1.6
    )
    board = RoundedRectangle(width=1.9, height=0.72, corner_radius=0.14, **plate).shift((0, -1.72 * grown, 0))
    return VGroup(neck.shift((0, -0.62 * grown, 0)), body, board, words)


def head_look(mood: int, r: float, skin: str, hair: str, cut: str, shirt: str) -> Any:
    """A head of a radius in a mood: 0 is calm, others are numbers of :data:`MOODS` from 1."""
    from manim import Circle, Ellipse, VGroup

    edge = {"stroke_color": mix(skin, "#000000", 0.5), "stroke_width": 3.0}
    back, front = _hair(cut, r, hair, shirt)
    ears = [Circle(0.15 * r, fill_color=skin, fill_opacity=1, **edge).shift((x * r, -0.08 * r, 0)) for x in (-0.8, 0.8)]
    skull = Ellipse(width=1.62 * r, height=1.72 * r, fill_color=skin, fill_opacity=1, **edge).shift((0, -0.08 * r, 0))
    name = "calm" if mood == 0 else MOODS[mood - 1]
    parts = [*_eyes(name, r), *_brows(name, r), *_mouth(name, r), *_signs(name, r, skin)]
    return VGroup(*back, *ears, skull, *front, *parts)


def _hair(cut: str, r: float, colour: str, shirt: str) -> tuple[list[Any], list[Any]]:
    """What of the hair is behind the head, and what is before it; the forehead stays free for the brows."""
    from manim import Circle

    from morse.stage.shapes import polygon

    dark = {"stroke_color": mix(colour, "#000000", 0.45), "stroke_width": 2.5}

    def cap(reach: float, low: float, tone: str) -> Any:
        """The top of the head, down to a line."""
        t = np.linspace(pi * reach, pi * (1 - reach), 30)
        outer = [(0.84 * r * cos(a), -0.08 * r + 0.95 * r * sin(a)) for a in t]
        inner = [(x, low * r + 0.1 * r * cos(1.6 * x / r)) for x in np.linspace(outer[-1][0], outer[0][0], 14)]
        edge = {"stroke_color": mix(tone, "#000000", 0.45), "stroke_width": 2.5}
        return polygon([*outer, *inner], tone, **edge)

    def blob(x: float, y: float, size: float) -> Any:
        return Circle(size * r, fill_color=colour, fill_opacity=1, **dark).shift((x * r, y * r, 0))

    match cut:
        case "bob":
            t = np.linspace(-0.15 * pi, 1.15 * pi, 40)
            sides = [(0.96 * r * cos(a), -0.02 * r + 0.97 * r * sin(a)) for a in t]
            return [polygon([*sides, (-0.82 * r, -0.8 * r), (0.82 * r, -0.8 * r)], colour, **dark)], [
                cap(0.2, 0.5, colour)
            ]
        case "bun":
            return [blob(0.0, 0.8, 0.2)], [cap(0.17, 0.52, colour)]
        case "curls":
            spots = [(0.74 * cos(a), 0.06 + 0.66 * sin(a)) for a in np.linspace(0.08 * pi, 0.92 * pi, 8)]
            return [blob(x, y, 0.22) for x, y in spots], [cap(0.22, 0.58, colour)]
        case "spikes":
            t = np.linspace(0.12 * pi, 0.88 * pi, 13)
            teeth = [
                ((0.97 if i % 2 else 0.78) * r * cos(a), (1.0 if i % 2 else 0.76) * r * sin(a)) for i, a in enumerate(t)
            ]
            return [polygon(teeth, colour, **dark)], [cap(0.22, 0.58, colour)]
        case "cap":
            brim = [(-0.9 * r, 0.5 * r), (0.9 * r, 0.5 * r), (0.78 * r, 0.62 * r), (-0.78 * r, 0.62 * r)]
            tone = mix(shirt, "#000000", 0.25)
            edge = {"stroke_color": mix(tone, "#000000", 0.45), "stroke_width": 2.5}
            return [], [cap(0.22, 0.55, tone), polygon(brim, tone, **edge)]
    return [], [cap(0.18, 0.56, colour)]


def _curve(points: list[tuple[float, float]], width: float, colour: str = LINE) -> Any:
    from manim import VMobject

    line = VMobject(stroke_color=colour, stroke_width=width)
    line.set_points_smoothly([(x, y, 0.0) for x, y in points])
    return line


def _eyes(mood: str, r: float) -> list[Any]:
    from manim import Circle, Ellipse

    wide, high, pupil, down = {
        "calm": (0.36, 0.34, 0.105, 0.0),
        "happy": (0.0, 0.0, 0.0, 0.0),
        "sad": (0.34, 0.3, 0.1, -0.05),
        "angry": (0.36, 0.24, 0.1, -0.02),
        "surprised": (0.46, 0.56, 0.1, 0.02),
        "afraid": (0.44, 0.5, 0.055, 0.0),
    }[mood]
    parts: list[Any] = []
    for side in (-1, 1):
        x, y = 0.34 * side * r, 0.08 * r
        if mood == "happy":
            parts.append(_curve([(x - 0.2 * r, y - 0.06 * r), (x, y + 0.13 * r), (x + 0.2 * r, y - 0.06 * r)], 7.0 * r))
            continue
        white = Ellipse(
            width=wide * r, height=high * r, fill_color="#ffffff", fill_opacity=1, stroke_color=LINE, stroke_width=2.5
        )
        black = Circle(pupil * r, fill_color=LINE, fill_opacity=1, stroke_width=0)
        parts += [white.shift((x, y, 0)), black.shift((x, y + down * r, 0))]
    return parts


def _brows(mood: str, r: float) -> list[Any]:
    """Each from the inner end outwards: heights of its inner end, its middle and its outer end over the eye."""
    inner, middle, outer = {
        "calm": (0.34, 0.39, 0.33),
        "happy": (0.34, 0.42, 0.34),
        "sad": (0.42, 0.34, 0.22),
        "angry": (0.1, 0.24, 0.36),
        "surprised": (0.4, 0.5, 0.4),
        "afraid": (0.48, 0.42, 0.3),
    }[mood]
    width = {"angry": 11.0}.get(mood, 7.5) * r
    return [
        _curve(
            [
                (side * 0.13 * r, (0.08 + inner) * r),
                (side * 0.35 * r, (0.08 + middle) * r),
                (side * 0.57 * r, (0.08 + outer) * r),
            ],
            width,
        )
        for side in (-1, 1)
    ]


def _mouth(mood: str, r: float) -> list[Any]:
    from manim import Ellipse, Rectangle

    from morse.stage.shapes import polygon

    y, inside = -0.5 * r, "#6d1420"
    edge = {"stroke_color": LINE, "stroke_width": 3.0}
    match mood:
        case "happy":
            t = np.linspace(pi, 2 * pi, 24)
            low = [(0.44 * r * cos(a), y + 0.14 * r + 0.36 * r * sin(a)) for a in t]
            teeth = [
                (-0.4 * r, y + 0.13 * r),
                (0.4 * r, y + 0.13 * r),
                (0.36 * r, y + 0.03 * r),
                (-0.36 * r, y + 0.03 * r),
            ]
            return [polygon(low, inside, **edge), polygon(teeth, "#ffffff")]
        case "sad":
            return [_curve([(-0.32 * r, y - 0.14 * r), (0.0, y + 0.1 * r), (0.32 * r, y - 0.14 * r)], 8.0 * r)]
        case "angry":
            box = Rectangle(width=0.72 * r, height=0.26 * r, fill_color="#ffffff", fill_opacity=1, **edge).shift(
                (0, y, 0)
            )
            bars = [_curve([(x * r, y - 0.13 * r), (x * r, y), (x * r, y + 0.13 * r)], 2.5) for x in (-0.18, 0.0, 0.18)]
            return [box, *bars, _curve([(-0.36 * r, y), (0.0, y), (0.36 * r, y)], 2.5)]
        case "surprised":
            return [
                Ellipse(width=0.38 * r, height=0.5 * r, fill_color=inside, fill_opacity=1, **edge).shift(
                    (0, y - 0.02 * r, 0)
                )
            ]
        case "afraid":
            waves = [(x * r, y + (0.085 if i % 2 else -0.085) * r) for i, x in enumerate(np.linspace(-0.44, 0.44, 8))]
            return [_curve(waves, 8.0 * r)]
    return [_curve([(-0.22 * r, y), (0.0, y - 0.005 * r), (0.22 * r, y)], 7.0 * r)]


def _signs(mood: str, r: float, skin: str) -> list[Any]:
    """Tears, drops of sweat, red cheeks: what makes a mood plain at once."""
    from manim import Ellipse

    if mood == "happy":
        cheek = {"fill_color": mix(skin, "#e0405a", 0.5), "fill_opacity": 0.8, "stroke_width": 0}
        return [Ellipse(width=0.26 * r, height=0.16 * r, **cheek).shift((x * r, -0.2 * r, 0)) for x in (-0.58, 0.58)]
    if mood == "sad":
        return [_drop((-0.36 * r, -0.24 * r), 0.15 * r)]
    if mood == "afraid":
        return [_drop((0.66 * r, 0.38 * r), 0.12 * r), _drop((-0.66 * r, 0.3 * r), 0.12 * r)]
    return []


def _drop(at: tuple[float, float], size: float) -> Any:
    from morse.stage.shapes import polygon

    t = np.linspace(-0.2 * pi, 1.2 * pi, 24)
    round_part = [(size * cos(a + pi), size * sin(a + pi) * 1.0 - 0.3 * size) for a in t]
    corners = [(at[0] + x, at[1] + y) for x, y in [*round_part, (0.0, 1.5 * size)]]
    return polygon(corners, "#58b6f0", stroke_color="#1f5f93", stroke_width=2.5)
