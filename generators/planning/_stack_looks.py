"""How stacks, their screen, the picture of the goal and the crane look."""

from collections.abc import Callable
from typing import Any

from generators.planning._stack_show import (
    FLOOR,
    GRIPPER,
    HIGH,
    RAIL,
    ROPE,
    TROLLEY,
    WIDE,
    StackShow,
)
from generators.planning._stack_world import stack_name
from morse.layout import Layout
from morse.style import Style, brightness, mix

HUES = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")
Look = Callable[[str, int, tuple[float, float], Style], Any]
"""From a thing's name, its number among all, its size and the style to how it looks about the origin."""


def draw_yard(layout: Layout, stage: Any, style: Style, look: Look, poles: bool = False) -> None:
    """Put stacks on a stage; with ``poles``, the things of a stack are held by one."""
    from manim import Rectangle, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering

    show: StackShow = layout.details["show"]
    names, middle = show.yard.names, (0.0, FLOOR + HIGH / 2, 0.0)
    wall = mix(style.panel, style.muted, 0.2)
    edge = mix(wall, style.ink, 0.45)
    stage.backdrop(Rectangle(width=WIDE, height=HIGH, fill_color=wall, fill_opacity=1, stroke_width=0).shift(middle))
    base = Rectangle(width=WIDE, height=0.85, fill_color=mix(wall, style.ink, 0.25), fill_opacity=1, stroke_width=0)
    stage.backdrop(base.shift((0.0, FLOOR - 0.425, 0.0)))
    rail = Rectangle(width=15.4, height=0.16, fill_color=edge, fill_opacity=1, stroke_width=0)
    stage.backdrop(rail.shift((0.0, RAIL + 0.2, 0.0)))
    for i, x in enumerate(show.spots):
        name = lettering(stack_name(i), 0.6, style.ink, font=style.font, cut="bold", at=(x, FLOOR - 0.45), on_line=True)
        stage.backdrop(name)
        foot = Rectangle(
            width=0.8 * WIDE / len(show.spots), height=0.1, fill_color=edge, fill_opacity=1, stroke_width=0
        )
        stage.backdrop(foot.shift((x, FLOOR - 0.05, 0.0)))
        if poles:
            stage.backdrop(_pole(edge).shift((x, middle[1], 0.0)))
    for number, name in enumerate(names):
        stage.add(f"{show.kind}-{name}", look(name, number, show.size[name], style))
    cloth = mix(style.accent, style.panel, style.amount("screen", 0.55, 0.75))
    stage.add("screen", _screen(cloth, style))
    paper = mix(style.panel, "#ffffff", 0.6)
    back = RoundedRectangle(width=WIDE, height=HIGH, corner_radius=0.15, fill_color=paper, fill_opacity=1)
    back.set_stroke(color=style.accent, width=8)
    title = lettering("GOAL", 0.5, mix(style.accent, "#000000", 0.35), font=style.font, cut="bold")
    poster = [back, title.shift((-WIDE / 2 + 1.0, HIGH / 2 - 0.45, 0.0))]
    for x in show.spots:
        foot = Rectangle(
            width=0.8 * WIDE / len(show.spots), height=0.1, fill_color="#555555", fill_opacity=1, stroke_width=0
        )
        poster.append(foot.shift((x, -HIGH / 2 + 0.05, 0.0)))
        if poles:
            poster.append(_pole("#777777").shift((x, 0.0, 0.0)))
    for name, (x, y) in show.places(show.yard.goal).items():
        poster.append(look(name, names.index(name), show.size[name], style).shift((x, y - middle[1] + 0.06, 0.0)))
    stage.add("goal", VGroup(*poster))
    metal = mix(style.muted, style.ink, 0.5)
    box = RoundedRectangle(width=TROLLEY[0], height=TROLLEY[1], corner_radius=0.12, fill_color=metal, fill_opacity=1)
    stage.add("trolley", box.set_stroke(width=0))
    stage.add(
        "rope",
        Rectangle(width=ROPE, height=1.0, fill_color=metal, fill_opacity=1, stroke_width=0).stretch_to_fit_height(
            show.line.actors["rope"].size[1]
        ),
    )
    stage.add("gripper", lambda values: _gripper(values["shut"] > 0.5, metal))


def _pole(colour: str) -> Any:
    from manim import Rectangle

    pole = Rectangle(width=0.16, height=HIGH - 0.6, fill_color=colour, fill_opacity=1, stroke_width=0)
    return pole.shift((0.0, -0.3, 0.0))


def _screen(cloth: str, style: Style) -> Any:
    """A screen with folds."""
    from manim import Rectangle, VGroup

    made = VGroup(Rectangle(width=WIDE, height=HIGH, fill_color=cloth, fill_opacity=1, stroke_width=0))
    folds = style.pick("folds", (8, 11, 15))
    for i in range(folds):
        fold = Rectangle(width=WIDE / folds * 0.35, height=HIGH, fill_color=mix(cloth, "#000000", 0.12), fill_opacity=1)
        made.add(fold.set_stroke(width=0).shift(((i + 0.5) / folds * WIDE - WIDE / 2, 0.0, 0.0)))
    return made


def _gripper(shut: bool, metal: str) -> Any:
    """A hood with two jaws, apart or closed."""
    from manim import Rectangle, VGroup

    width, height = GRIPPER
    top = Rectangle(width=0.7 * width, height=0.32 * height, fill_color=metal, fill_opacity=1, stroke_width=0)
    made = VGroup(top.shift((0.0, 0.34 * height, 0.0)))
    for side in (-1, 1):
        jaw = Rectangle(width=0.16 * width, height=0.68 * height, fill_color=metal, fill_opacity=1, stroke_width=0)
        made.add(jaw.shift((side * (0.09 if shut else 0.42) * width, -0.16 * height, 0.0)))
    return made


def draw_block(name: str, number: int, size: tuple[float, float], style: Style) -> Any:
    """A block with its letter, in a colour that says nothing that the letter does not."""
    from manim import RoundedRectangle, VGroup

    from morse.stage.lettering import lettering

    first = style.pick("first hue", range(len(HUES)))
    colour = style.colour(HUES[(first + number) % len(HUES)])
    body = RoundedRectangle(
        width=size[0] - 0.04,
        height=size[1] - 0.03,
        corner_radius=0.25 * style.corner,
        fill_color=colour,
        fill_opacity=1,
    )
    body.set_stroke(color=mix(colour, "#000000", 0.5), width=2.5)
    ink = "#ffffff" if brightness(colour) < 0.55 else "#101010"
    return VGroup(body, lettering(name, 0.72 * size[1], ink, font=style.font, cut="bold"))
