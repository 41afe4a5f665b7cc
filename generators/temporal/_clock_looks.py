"""How clocks on a wall and the curtain before them look."""

from math import cos, pi, sin
from typing import TYPE_CHECKING

import numpy as np

from generators.temporal._acts import draw_balls
from generators.temporal._clock_show import CURTAIN, spoken
from morse.layout import Layout
from morse.style import HUED, Style, brightness, mix
from morse.timeline import HEIGHT, WIDTH

if TYPE_CHECKING:
    from matplotlib.path import Path

    from morse.stage.plot_stage import PlotStage, Values

ROMAN = ("XII", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI")


def draw_wall_of_clocks(layout: Layout, stage: "PlotStage", style: Style) -> None:
    """Put clocks, the plates with their names, the curtain and the balls on a stage."""
    from matplotlib.path import Path

    from morse.stage.plot_stage import rounded

    plate = mix(style.panel, style.background, 0.2)
    ink = style.ink if abs(brightness(style.ink) - brightness(plate)) > 0.45 else "#16181d"
    displays = style.pick("displays", ("none", "none", "some"))
    hues = [style.colour(name) for name in HUED]
    first = style.pick("first hue", range(len(hues)))
    round_ones = style.pick("round", (True, True, False))
    for number, thing in enumerate(thing for thing in layout.objects if thing.kind == "clock"):
        name = thing.id
        x, y = layout.timeline.place(name, 0.0)
        side = layout.timeline.actors[name].size[0]
        rim = hues[(first + number) % len(hues)] if style.pick("rims", (True, False)) else mix(style.ink, plate, 0.3)
        board = Path(np.asarray(rounded(side * 0.72, 0.62, 0.12).vertices) + (x, y - side / 2 - 0.5))
        board = Path(board.vertices, rounded(side * 0.72, 0.62, 0.12).codes)
        stage.outline(None, board, plate, edge=mix(ink, plate, 0.5), line=0.03, z=1)
        stage.words(None, name, 0.48, ink, at=(x, y - side / 2 - 0.5), cut="bold", z=2)
        if displays == "some" and number % 2:
            _display(stage, name, side, rim, style)
        else:
            _dial(stage, name, side, rim, round_ones, style)
    _curtain(stage, style)
    draw_balls(layout, stage, style)


def _dial(stage: "PlotStage", name: str, side: float, rim: str, is_round: bool, style: Style) -> None:
    from matplotlib.path import Path

    from morse.stage.plot_stage import rounded

    face, dark = style.pick("face", (("#fbfaf5", "#1b1d22"), ("#fff6dd", "#2b2118"), ("#23262e", "#f3f1ea")))
    r = side / 2
    body = Path.circle(radius=r - 0.05) if is_round else rounded(side - 0.1, side - 0.1, 0.45)
    stage.outline(name, body, face, edge=rim, line=0.14)
    figures = style.pick("figures", ("all", "quarters", "roman", "none"))
    for hour in range(12):
        turn = pi / 2 - hour * pi / 6
        quarter = hour % 3 == 0
        marked = figures == "all" or (figures in ("quarters", "roman") and quarter)
        inner = r * (0.82 if quarter else 0.86)
        ends = [(d * cos(turn), d * sin(turn)) for d in (inner, 0.92 * r)]
        stage.line(name, ends, dark, 0.09 if quarter else 0.05)
        if marked:
            text = ROMAN[hour] if figures == "roman" else str(hour or 12)
            stage.words(name, text, 0.24 * r, dark, at=(0.69 * r * cos(turn), 0.69 * r * sin(turn)), cut="bold")
    tips = style.pick("tips", ("blunt", "pointed"))
    colour = style.pick("hands", (dark, dark, mix(dark, style.colour("red"), 0.5)))

    def hands(values: "Values") -> "Path":
        minutes = values["minutes"]
        return Path.make_compound_path(
            _hand(minutes / 720, 0.47 * r, 0.12 * r, tips == "pointed"),
            _hand(minutes / 60, 0.84 * r, 0.06 * r, tips == "pointed"),
            Path.circle(radius=0.09 * r),
        )

    stage.outline(f"hands {name}", Path([(0, 0)]), colour, reshape=hands)


def _hand(turns: float, length: float, width: float, pointed: bool) -> "Path":
    """A hand that has gone round so often since twelve."""
    from matplotlib.path import Path

    tip = [(0.5 * width, length), (-0.5 * width, length)] if not pointed else [(0.0, length * 1.04)]
    corners = np.array([(-width, -0.16 * length), (width, -0.16 * length), *tip, (-width, -0.16 * length)])
    c, s = cos(2 * pi * turns), sin(2 * pi * turns)
    return Path(corners @ np.array([[c, -s], [s, c]]), closed=True)


def _display(stage: "PlotStage", name: str, side: float, rim: str, style: Style) -> None:
    """A clock that shows its time in figures."""
    from morse.stage.plot_stage import rounded

    case, light = style.pick("display", (("#15181c", "#7df29b"), ("#1b1410", "#ffb347"), ("#dfe6d8", "#1d2a1c")))
    stage.outline(
        name, rounded(side - 0.1, side - 0.1, 0.3), mix(rim, case, 0.3), edge=mix(rim, "#000000", 0.25), line=0.1
    )
    stage.outline(name, rounded(side * 0.88, side * 0.5, 0.14), case, edge=mix(rim, "#000000", 0.45), line=0.05)
    for low in (0.33, 0.38, 0.43):  # what it rings through
        stage.line(name, [(-side * 0.2, -side * low), (side * 0.2, -side * low)], mix(rim, "#000000", 0.45), 0.04)
    stage.reading(
        f"hands {name}", lambda values: spoken(round(values["minutes"])), side * 0.26, light, cut="bold"
    )  # fmt: skip


def _curtain(stage: "PlotStage", style: Style) -> None:
    """A roller blind with stripes and a bar at its lower edge."""
    cloth = style.pick("cloth", (style.accent, mix(style.accent, style.muted, 0.6), mix(style.muted, style.panel, 0.3)))
    other = mix(cloth, "#ffffff" if style.dark else "#000000", style.amount("stripes", 0.06, 0.2))
    stage.box("curtain", cloth)
    count = style.pick("stripe count", (0, 6, 10, 16))
    wide = (WIDTH + 0.4) / max(1, 2 * count)
    low, high = -(HEIGHT + 0.4) / 2, (HEIGHT + 0.4) / 2
    for i in range(count):
        x = -(WIDTH + 0.4) / 2 + 2 * i * wide
        stage.polygon("curtain", [(x, low), (x + wide, low), (x + wide, high), (x, high)], other)
    bar = HEIGHT - CURTAIN
    stage.polygon(
        "curtain",
        [(-9, low), (9, low), (9, low + bar + 0.2), (-9, low + bar + 0.2)],
        mix(cloth, "#000000", 0.45),
    )
