"""How a river looks: banks, water, the boat and its cover, passengers, curtains, and the signs with the rules."""

from typing import Any

import numpy as np

from generators.planning._river_rules import BANKS
from generators.planning._river_show import BOAT, CARD, CURTAIN, SIGNS, TOKEN, RiverShow
from generators.planning._river_world import Voyage
from morse.layout import Layout
from morse.style import Style, brightness, mix
from morse.timeline import HEIGHT, WIDTH

HUES = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")
HATS = ("ears", "cap", "horns", "tuft", "round ears", "hat", "bow", "antennae")
SHORE = 3.65
"""How far the banks are from the middle."""


def draw_river(trip: Voyage, layout: Layout, stage: Any, style: Style) -> None:
    """Put a river on a stage."""
    from manim import Rectangle, RoundedRectangle

    show: RiverShow = layout.details["show"]
    water = mix(style.colour(style.pick("water", ("blue", "cyan"))), "#ffffff", style.amount("water", 0.3, 0.45))
    land = mix(
        style.colour(style.pick("land", ("green", "yellow", "orange"))), "#ffffff", style.amount("land", 0.35, 0.5)
    )
    stage.backdrop(Rectangle(width=WIDTH, height=HEIGHT, fill_color=water, fill_opacity=1, stroke_width=0))
    _waves(stage, style, water)
    for side in (-1, 1):
        stage.backdrop(_bank(side, land, style))
    wood = mix(style.colour("brown"), "#ffffff", style.amount("wood", 0.05, 0.25))
    stage.add("boat", _boat(BOAT, wood, trip.rules.seats))
    cloth = mix(style.colour(style.pick("cover", ("orange", "green", "purple"))), "#ffffff", 0.3)
    stage.add("cover", _cover(cloth, show.line.actors["cover"].size))
    curtain = mix(style.accent, style.panel, style.amount("curtain", 0.45, 0.65))
    for name in BANKS:
        stage.add(f"curtain {name}", _curtain(curtain, name, style))
    for i, name in enumerate(trip.names):
        stage.add(name, passenger(i, name, TOKEN, style))
    paper = mix(style.panel, "#ffffff", 0.75)
    for sign in SIGNS:
        board = RoundedRectangle(width=CARD[0], height=CARD[1], corner_radius=0.3, fill_color=paper, fill_opacity=1)
        stage.add(
            f"sign-{sign}",
            board.set_stroke(color=mix(style.accent, "#000000", 0.25), width=8).add(*_sign(sign, trip, show, style)),
        )


def _waves(stage: Any, style: Style, water: str) -> None:
    """Short strokes of lighter water."""
    from manim import VMobject

    for i in range(26):
        x, y = (style.amount(f"wave {i} {what}", -1, 1) for what in "xy")
        turn = np.linspace(0, 2 * np.pi, 13)
        points = np.column_stack([x * 3.3 + turn * 0.09 - 0.28, y * 4.2 + 0.05 * np.sin(turn), np.zeros(13)])
        wave = VMobject(stroke_color=mix(water, "#ffffff", 0.4), stroke_width=3).set_points_smoothly(points)
        stage.backdrop(wave)


def _bank(side: int, land: str, style: Style) -> Any:
    """A bank with a shore that runs in and out."""
    from manim import VGroup

    from morse.stage.shapes import polygon

    made = VGroup()
    for width, colour in ((0.22, mix(land, "#5a4a30", 0.4)), (0.0, land)):
        heights = np.linspace(-HEIGHT / 2, HEIGHT / 2, 60)
        phase = style.amount(f"shore {side}", 0, 6.28)
        edge = SHORE - width + 0.09 * np.sin(2.1 * heights + phase) + 0.05 * np.sin(5.3 * heights + phase)
        points = [
            *zip(edge * side, heights, strict=True),
            (WIDTH / 2 * side, HEIGHT / 2),
            (WIDTH / 2 * side, -HEIGHT / 2),
        ]
        made.add(polygon(np.array(points), colour))
    return made


def _boat(size: tuple[float, float], wood: str, seats: int) -> Any:
    """A boat from the side, with a bench for each seat."""
    from manim import Rectangle, VGroup

    from morse.stage.shapes import polygon

    width, height = size
    hull = np.array([(-0.5, 0.3), (0.5, 0.3), (0.38, -0.5), (-0.38, -0.5)]) * (width, height)
    rim = Rectangle(
        width=width, height=0.14 * height, fill_color=mix(wood, "#ffffff", 0.25), fill_opacity=1, stroke_width=0
    )
    made = VGroup(
        polygon(hull, wood, stroke_color=mix(wood, "#000000", 0.5), stroke_width=3), rim.shift((0, 0.3 * height, 0))
    )
    for i in range(seats):
        bench = Rectangle(width=0.5, height=0.16, fill_color=mix(wood, "#000000", 0.35), fill_opacity=1, stroke_width=0)
        made.add(bench.shift(((i - (seats - 1) / 2) * 0.9, -0.1 * height, 0)))
    return made


def _cover(cloth: str, size: tuple[float, float]) -> Any:
    """A cover with folds, rounded above."""
    from manim import Rectangle, RoundedRectangle, VGroup

    made = VGroup(RoundedRectangle(width=size[0], height=size[1], corner_radius=0.45, fill_color=cloth, fill_opacity=1))
    made.set_stroke(color=mix(cloth, "#000000", 0.45), width=3)
    for i in range(5):
        fold = Rectangle(width=0.12, height=size[1] - 0.35, fill_color=mix(cloth, "#000000", 0.15), fill_opacity=1)
        made.add(fold.set_stroke(width=0).shift(((i - 2) * 0.62, 0.0, 0.0)))
    return made


def _curtain(cloth: str, name: str, style: Style) -> Any:
    """A curtain with folds and the name of its bank."""
    from manim import Rectangle, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering

    width, height = CURTAIN
    made = VGroup(Rectangle(width=width, height=height, fill_color=cloth, fill_opacity=1, stroke_width=0))
    folds = style.pick("folds", (6, 8, 10))
    for i in range(folds):
        fold = Rectangle(
            width=0.4 * width / folds, height=height, fill_color=mix(cloth, "#000000", 0.12), fill_opacity=1
        )
        made.add(fold.set_stroke(width=0).shift(((i + 0.5) / folds * width - width / 2, 0.0, 0.0)))
    plate = RoundedRectangle(
        width=2.6, height=0.95, corner_radius=0.2, fill_color=mix(style.panel, "#ffffff", 0.6), fill_opacity=1
    )
    made.add(plate.set_stroke(color=mix(cloth, "#000000", 0.4), width=3))
    return made.add(lettering(name.upper(), 0.6, "#202020", font=style.font, cut="bold", on_line=True))


def passenger(number: int, name: str, size: float, style: Style) -> Any:
    """A passenger: a round figure with its letter, told apart by what is on its head too."""
    from manim import Circle, VGroup

    from morse.stage.lettering import lettering

    hue = (style.pick("first hue", range(len(HUES))) + number) % len(HUES)
    colour = style.colour(HUES[hue])
    dark = mix(colour, "#000000", 0.5)
    hat = HATS[(style.pick("first hat", range(len(HATS))) + number) % len(HATS)]
    made = VGroup(*_hat(hat, dark, colour))
    made.add(Circle(0.4, fill_color=colour, fill_opacity=1, stroke_color=dark, stroke_width=3).shift((0, -0.1, 0)))
    ink = "#ffffff" if brightness(colour) < 0.55 else "#101010"
    made.add(lettering(name, 0.58, ink, font=style.font, cut="bold").shift((0, -0.1, 0)))
    return made.scale(size, about_point=(0, 0, 0))


def _hat(name: str, dark: str, colour: str) -> list[Any]:
    """What a passenger has on its head, for a figure of size 1."""
    from manim import Circle

    from morse.stage.shapes import polygon

    def round_at(x: float, y: float, radius: float, fill: str) -> Any:
        return Circle(radius, fill_color=fill, fill_opacity=1, stroke_color=dark, stroke_width=2).shift((x, y, 0))

    pair = (-1, 1)
    if name == "ears":
        return [polygon(np.array([(0.12 * s, 0.2), (0.38 * s, 0.1), (0.36 * s, 0.5)]), dark) for s in pair]
    if name == "round ears":
        return [round_at(0.29 * s, 0.27, 0.15, colour) for s in pair]
    if name == "horns":
        return [polygon(np.array([(0.08 * s, 0.2), (0.22 * s, 0.16), (0.45 * s, 0.5)]), dark) for s in pair]
    if name == "antennae":
        sticks = [
            polygon(np.array([(0.08 * s, 0.2), (0.13 * s, 0.18), (0.22 * s, 0.42), (0.17 * s, 0.44)]), dark)
            for s in pair
        ]
        return [*sticks, *(round_at(0.2 * s, 0.43, 0.07, dark) for s in pair)]
    if name == "bow":
        return [polygon(np.array([(0.0, 0.33), (0.3 * s, 0.22), (0.3 * s, 0.5)]), dark) for s in pair]
    if name == "cap":
        return [polygon(np.array([(-0.34, 0.2), (0.34, 0.2), (0.26, 0.44), (-0.26, 0.44)]), dark)]
    if name == "hat":
        brim = polygon(np.array([(-0.42, 0.18), (0.42, 0.18), (0.42, 0.26), (-0.42, 0.26)]), dark)
        return [brim, polygon(np.array([(-0.2, 0.24), (0.2, 0.24), (0.2, 0.5), (-0.2, 0.5)]), dark)]
    return [polygon(np.array([(-0.16, 0.24), (0.16, 0.24), (0.02, 0.52), (0.0, 0.36), (-0.2, 0.48)]), dark)]


def _sign(sign: str, trip: Voyage, show: RiverShow, style: Style) -> list[Any]:
    """What a sign shows, below its title."""
    from morse.stage.lettering import lettering

    titles = {"rows": "CAN ROW", "apart": "NEVER ALONE TOGETHER", "minutes": "MINUTES TO CROSS"}
    ink = "#202020"
    title = lettering(titles[sign], 0.56, ink, font=style.font, cut="bold", at=(0.0, 2.4), on_line=True, most_width=6.9)
    draw = {"rows": _rowers, "apart": _apart, "minutes": _minutes}[sign]
    return [title, *draw(trip, show, style, ink)]


def _rowers(trip: Voyage, show: RiverShow, style: Style, ink: str) -> list[Any]:
    """Those who row, each with an oar; the seats of the boat; and the bank where all are to meet."""
    from manim import Circle

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon, symbol

    made = []
    who = [i for i in show.order if trip.rules.rowers >> i & 1]
    for n, i in enumerate(who):
        x = (n - (len(who) - 1) / 2) * 2.6
        made.append(passenger(i, trip.names[i], 1.4, style).shift((x - 0.3, 1.15, 0)))
        oar = np.array(
            [
                (-0.05, -0.75),
                (0.05, -0.75),
                (0.05, 0.2),
                (0.16, 0.35),
                (0.16, 0.75),
                (-0.16, 0.75),
                (-0.16, 0.35),
                (-0.05, 0.2),
            ]
        )
        made.append(polygon(oar, "#7a4f27").rotate(-0.3, about_point=(0, 0, 0)).shift((x + 0.65, 1.15, 0)))
    made.append(lettering("SEATS", 0.5, ink, font=style.font, cut="bold", at=(-3.2, -0.75), side="left", on_line=True))
    for i in range(trip.rules.seats):
        seat = Circle(0.36, fill_color="#ffffff", fill_opacity=1).set_stroke(color=ink, width=4)
        made.append(seat.shift((-0.1 + i * 1.0, -0.75, 0)))
    made.append(lettering("ALL TO", 0.5, ink, font=style.font, cut="bold", at=(-3.2, -2.15), side="left", on_line=True))
    made.append(
        lettering(
            BANKS[trip.goal].upper(),
            0.5,
            ink,
            font=style.font,
            cut="bold",
            at=(-0.45, -2.15),
            side="left",
            on_line=True,
        )
    )
    arrow = symbol("arrow", 1.1, style.accent).rotate(np.pi / 2 * (1 - 2 * trip.goal))
    return [*made, arrow.shift((2.75, -2.15, 0))]


def _apart(trip: Voyage, show: RiverShow, style: Style, ink: str) -> list[Any]:
    """The pairs that must not be alone, with a bolt between."""
    from morse.stage.shapes import polygon

    pairs = [[i for i in show.order if pair >> i & 1] for pair in trip.rules.pairs]
    pairs = sorted(pairs, key=lambda pair: [show.order.index(i) for i in pair])
    columns = 1 if len(pairs) < 4 else 2
    rows = -(-len(pairs) // columns)
    step = min(1.75, 4.4 / rows)
    size = min(1.35 if columns == 1 else 1.1, 0.88 * step)
    apart = 0.62 * size + 0.33
    made = []
    for n, (one, other) in enumerate(pairs):
        x = 0.0 if columns == 1 else (n % 2 - 0.5) * 3.6
        y = -0.4 + ((rows - 1) / 2 - n // columns) * step
        for i, to in ((one, x - apart), (other, x + apart)):
            made.append(passenger(i, trip.names[i], size, style).shift((to, y, 0)))
        bolt = np.array(
            [(0.05, 0.5), (-0.25, -0.08), (-0.02, -0.08), (-0.1, -0.5), (0.25, 0.12), (0.02, 0.12), (0.2, 0.5)]
        )
        bolt *= 0.9 * size
        made.append(polygon(bolt, style.colour("red"), stroke_color="#5a0f0f", stroke_width=1.5).shift((x, y, 0)))
    return made


def _minutes(trip: Voyage, show: RiverShow, style: Style, ink: str) -> list[Any]:
    """Each passenger and its minutes."""
    from morse.stage.lettering import lettering

    count = trip.rules.count
    columns = 2 if count < 7 else 3
    rows = -(-count // columns)
    step, wide = 4.2 / rows, 6.8 / columns
    made = []
    for n, i in enumerate(show.order):
        x = (n % columns - (columns - 1) / 2) * wide
        y = -0.35 + ((rows - 1) / 2 - n // columns) * step
        made.append(passenger(i, trip.names[i], 1.2, style).shift((x - 0.55, y, 0)))
        made.append(
            lettering(str(trip.minutes[i]), 0.85, ink, font=style.font, cut="bold", at=(x + 0.6, y - 0.1), on_line=True)
        )
    return made
