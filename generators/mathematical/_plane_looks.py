"""How a grid that goes through linear maps, and a field of arrows under a lens, look."""

from collections.abc import Sequence
from math import hypot
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from generators.mathematical._plane_field import COLUMNS, ROWS, Field
from generators.mathematical._plane_maps import TIPS, said
from generators.mathematical._plane_show import LENS, PLAQUE, Clip, field_spot
from morse.layout import Layout
from morse.stage.marks import MARKS
from morse.style import Style, brightness, mix

if TYPE_CHECKING:
    from matplotlib.path import Path

    from morse.stage.lettering import Cut, Side
    from morse.stage.plot_stage import PlotStage, Values

HALF = 3
"""The grid reaches so far from the origin before it is moved."""
SHORTEST, LONGEST = 0.45, 1.15
"""Lengths that arrows of the field may have, in canvas units: which is longer can be seen, how long they are is written."""
PAIRS = (("red", "blue"), ("orange", "purple"), ("red", "green"), ("purple", "green"), ("orange", "blue"))


def draw_plane(clip: Clip, layout: Layout, stage: "PlotStage", style: Style) -> None:
    """Put both boards and all that is on them on a stage."""
    look = _Look(stage, style)
    look.plane()
    look.grid()
    for thing in layout.objects:
        if thing.kind == "point":
            look.point(thing.id, str(thing.attributes["letter"]))
        elif thing.kind == "star":
            look.star()
        elif thing.kind == "rectangle":
            look.rectangle(thing.id, layout.timeline.actors[thing.id].size, str(thing.attributes["letter"]))
    look.field(clip.field, layout)


class _Text(NamedTuple):
    """A line of text: its size, its place, and which side of it is there."""

    text: str
    size: float
    at: tuple[float, float]
    side: "Side" = "centre"
    cut: "Cut" = "normal"


class _Look:
    """A stage and the colours on it."""

    def __init__(self, stage: "PlotStage", style: Style) -> None:
        self.stage, self.style = stage, style
        self.ground = style.background
        self.ink = style.ink
        self.faint = mix(style.background, style.ink, style.amount("faint", 0.13, 0.2))
        names = style.pick("arrows", PAIRS)
        self.colours = {tip: _clear(style.colour(name), style) for tip, name in zip(TIPS, names, strict=True)}
        self.warp = mix(style.accent, style.ink, style.amount("warp", 0.0, 0.25))

    def words(self, actor: str, texts: Sequence[_Text], z: float) -> None:
        """Texts with a rim of the ground's colour, readable on lines; as one shape, for it lies before what moves."""
        from matplotlib.path import Path

        from morse.stage.plot_stage import lettered

        font = self.style.font
        path = Path.make_compound_path(*(lettered(t.text, t.size, font, t.cut, t.side, t.at) for t in texts))
        self.stage.outline(actor, path, self.ground, edge=self.ground, line=0.13, z=z)
        self.stage.outline(actor, path, self.ink, z=z)

    def plane(self) -> None:
        """The board of the maps: lines, axes and their numbers."""
        from matplotlib.path import Path

        ends = [(x, y) for x in range(-7, 8) for y in (-4.5, 4.5)] + [(x, y) for y in range(-4, 5) for x in (-8.0, 8.0)]
        self.stage.outline("plane", _segments(np.array(ends)), None, edge=self.faint, line=0.03, z=-3)
        axes = Path([(-8, 0), (8, 0), (0, -4.5), (0, 4.5)], [Path.MOVETO, Path.LINETO] * 2)
        self.stage.outline("plane", axes, None, edge=mix(self.ground, self.ink, 0.55), line=0.055, z=-2)
        texts = [_Text("x", 0.5, (7.65, -0.38), cut="bold"), _Text("y", 0.5, (0.35, 4.2), cut="bold")]
        texts += [_Text(said(x), 0.42, (x - (0.12 if x < 0 else 0.0), -0.34)) for x in range(-7, 8) if x]
        texts += [_Text(said(y), 0.42, (-0.2, y), "right") for y in range(-4, 5) if y]
        self.words("plane", texts, 3)

    def grid(self) -> None:
        """The grid that is moved, the unit square on it, and the arrows i and j."""
        from matplotlib.path import Path

        lines = np.array(
            [p for k in range(-HALF, HALF + 1) for p in ((k, -HALF), (k, HALF), (-HALF, k), (HALF, k))], dtype=float
        )
        rim = np.array([(-HALF, -HALF), (HALF, -HALF), (HALF, HALF), (-HALF, HALF), (-HALF, -HALF)], dtype=float)
        square = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], dtype=float)

        def moved(points: np.ndarray, values: "Values") -> np.ndarray:
            return points @ np.array([[values["a"], values["c"]], [values["b"], values["d"]]])

        self.stage.outline(
            "grid", Path(rim), self.warp, reshape=lambda v: Path(moved(rim, v)), strength=0.1, z=0.5
        )  # fmt: skip
        shade = self.style.accent
        self.stage.outline("grid", Path(square), shade, reshape=lambda v: Path(moved(square, v)), strength=0.38, z=0.7)
        self.stage.outline(
            "grid", Path(lines), None, edge=self.warp, line=0.045 * self.style.line, z=1,
            reshape=lambda v: _segments(moved(lines, v)),
        )  # fmt: skip
        self.stage.outline("grid", Path(rim), None, edge=self.warp, line=0.085, reshape=lambda v: Path(moved(rim, v)))
        for name, colour in self.colours.items():
            self._basis_arrow(name, colour)

    def _basis_arrow(self, name: str, colour: str) -> None:
        from matplotlib.path import Path

        from morse.stage.plot_stage import lettered

        letter = lettered(name, 0.62, self.style.font, "bold", "centre")

        def arrow(values: "Values") -> "Path":
            return _arrow((-values["x"], -values["y"]), (0.0, 0.0), 0.13, 0.46)

        def head(values: "Values") -> "Path":
            long = max(hypot(values["x"], values["y"]), 1e-6)
            back = min(0.46, long) / long
            return _arrow((-values["x"] * back, -values["y"] * back), (0.0, 0.0), 0.13, 0.46)

        def sign(values: "Values") -> "Path":
            long = max(hypot(values["x"], values["y"]), 1e-6)
            x, y = values["x"] / long, values["y"] / long
            return Path(np.asarray(letter.vertices) + (0.4 * x, 0.4 * y), letter.codes)

        shaft = f"shaft {name}"
        self.stage.outline(shaft, Path([(0, 0)]), colour, edge=self.ground, line=0.05, reshape=arrow)
        self.stage.outline(name, Path([(0, 0)]), colour, reshape=head)
        self.stage.outline(name, letter, self.ground, edge=self.ground, line=0.15, reshape=sign, z=5)
        self.stage.outline(name, letter, colour, reshape=sign, z=5)

    def point(self, name: str, letter: str) -> None:
        from matplotlib.path import Path

        fill = self.style.pick("points", (self.style.panel, mix(self.style.accent, self.style.panel, 0.75)))
        text = "#16181d" if brightness(fill) > 0.5 else "#ffffff"
        self.stage.outline(name, Path.circle(radius=0.3), fill, edge=self.ink, line=0.06)
        self.stage.words(name, letter, 0.46, text, cut="bold")

    def star(self) -> None:
        from matplotlib.path import Path

        corners = np.asarray(MARKS["star"]) * 0.36
        self.stage.outline(
            "star", Path([*corners, corners[0]], closed=True), self.style.accent, edge=self.ink, line=0.06
        )

    def rectangle(self, name: str, size: tuple[float, float], letter: str) -> None:
        from morse.stage.plot_stage import rounded

        body = rounded(*size, 0.0)
        self.stage.outline(name, body, self.style.accent, strength=0.16)
        self.stage.outline(name, body, None, edge=self.style.accent, line=0.13, z=3.1)
        self.words(name, [_Text(letter, 0.95, (0.0, 0.0), cut="bold")], 3.2)

    def field(self, field: Field, layout: Layout) -> None:
        """The board of the field, the lens, and what is seen under it."""
        from matplotlib.path import Path

        from morse.stage.plot_stage import rounded

        left, low = field.corner
        ends = [(field_spot(field, left + i, low)[0], y) for i in range(COLUMNS) for y in (-3.3, 3.6)]
        ends += [(x, field_spot(field, left, low + k)[1]) for k in range(ROWS) for x in (-7.2, 7.2)]
        self.stage.outline("lattice", _segments(np.array(ends)), None, edge=self.faint, line=0.04, z=-3)
        dot = Path.circle(radius=0.09)
        dots = [
            Path(np.asarray(dot.vertices) + field_spot(field, x, y), dot.codes)
            for x in range(left, left + COLUMNS)
            for y in range(low, low + ROWS)
        ]
        self.stage.outline("lattice", Path.make_compound_path(*dots), mix(self.ground, self.ink, 0.5), z=2)
        texts = [_Text("x", 0.56, (6.2, -3.75), cut="bold"), _Text("y", 0.56, (-7.5, 3.7), cut="bold")]
        texts += [_Text(said(x), 0.5, (field_spot(field, x, low)[0], -3.75)) for x in range(left, left + COLUMNS)]
        texts += [_Text(said(y), 0.5, (-7.35, field_spot(field, left, y)[1]), "right") for y in range(low, low + ROWS)]
        self.words("lattice", texts, 2)
        if "lens" in layout.timeline.actors:
            glass = mix(self.ground, self.style.accent, 0.35)
            self.stage.outline("lens", rounded(*LENS, 0.6), glass, edge=self.style.accent, line=0.05, strength=0.5)
        shown = [field.at(x, y) for x in field.columns for y in field.rows]
        largest = max(hypot(p, q) for p, q in shown)
        plaque, ink = self.style.panel, self.style.ink
        if abs(brightness(plaque) - brightness(ink)) < 0.4:
            ink = "#16181d" if brightness(plaque) > 0.5 else "#ffffff"
        for thing in layout.objects:
            if thing.kind == "reading":
                self.stage.outline(
                    thing.id, rounded(*PLAQUE, 0.2), plaque, edge=mix(plaque, ink, 0.5), line=0.035
                )  # fmt: skip
                self.stage.words(thing.id, str(thing.attributes["text"]), 0.46, ink, cut="bold")
                arrow = thing.id.replace("reading", "arrow")
                at = layout.timeline.actors[arrow]
                p, q = at.at("p", 0.0), at.at("q", 0.0)
                size = hypot(p, q)
                scale = (SHORTEST + (LONGEST - SHORTEST) * size / largest) / max(size, 1.0)
                body = _arrow((0.0, 0.0), (p * scale, q * scale), 0.12, 0.4) if size else Path.circle(radius=0.17)
                self.stage.outline(arrow, body, self.colours["i"], edge=self.ground, line=0.04)


def _segments(ends: np.ndarray) -> "Path":
    """Lines, each from one point to the next."""
    from matplotlib.path import Path

    return Path(ends, [Path.MOVETO, Path.LINETO] * (len(ends) // 2))


def _arrow(start: tuple[float, float], tip: tuple[float, float], width: float, head: float) -> "Path":
    """An arrow as a filled outline; one that is shorter than its head is all head."""
    from matplotlib.path import Path

    way = np.subtract(tip, start)
    long = float(np.hypot(*way))
    along = way / long if long > 1e-6 else np.array([1.0, 0.0])
    across = np.array([-along[1], along[0]])
    head = min(head, max(long, 0.12))
    neck, w = long - head, width / 2
    corners = [(0, w), (neck, w), (neck, 0.42 * head), (long, 0), (neck, -0.42 * head), (neck, -w), (0, -w), (0, w)]
    return Path(np.array(start) + np.array([a * along + b * across for a, b in corners]), closed=True)


def _clear(colour: str, style: Style) -> str:
    """A colour that stands out from the ground."""
    if abs(brightness(colour) - brightness(style.background)) > 0.3:
        return colour
    return mix(colour, "#ffffff" if style.dark else "#000000", 0.4)
