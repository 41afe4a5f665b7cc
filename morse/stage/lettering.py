"""Text as outlines, from the fonts that matplotlib brings along: the same curves on every machine, for every stage.

No system font and no LaTeX: ``$…$`` is set by matplotlib's mathtext. Lengths are in canvas units where a size is given so.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

FONTS: dict[str, tuple[str, str]] = {
    "DejaVu Sans": ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    "DejaVu Serif": ("DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf"),
    "DejaVu Sans Mono": ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"),
    "STIXGeneral": ("STIXGeneral.ttf", "STIXGeneralBol.ttf"),
}
"""Font name → files of its normal and its bold cut."""
_MATH_SETS = {"DejaVu Serif": "dejavuserif", "STIXGeneral": "stix"}
Cut = Literal["normal", "bold"]
Side = Literal["left", "centre", "right"]


@dataclass(frozen=True)
class Outline:
    """A line of text as closed cubic curves; the baseline is y = 0, y points up, the pen starts at x = 0.

    ``curves``: (n, 4, 2), start, two handles, end; a new contour begins where a start is not the end before it. Filled
    by the non-zero rule. ``box``: left, bottom, right, top of the ink. ``advance``: how far the pen moved.
    ``capital``: height of a capital letter.
    """

    curves: np.ndarray
    box: tuple[float, float, float, float]
    advance: float
    capital: float

    @property
    def width(self) -> float:
        """Width of the ink."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        """Height of the ink."""
        return self.box[3] - self.box[1]


def font_file(font: str = "DejaVu Sans", cut: Cut = "normal") -> FilePath:
    """The file of a bundled font. Raises ``ValueError`` for a font that is not bundled."""
    import matplotlib

    if font not in FONTS:
        raise ValueError(f"no bundled font {font!r}: choose {', '.join(FONTS)}")
    return FilePath(matplotlib.get_data_path()) / "fonts" / "ttf" / FONTS[font][cut == "bold"]


def font_properties(font: str = "DejaVu Sans", cut: Cut = "normal") -> "FontProperties":
    """A bundled font for matplotlib, named by its file, so that no system font can take its place."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(
        fname=str(font_file(font, cut)), math_fontfamily=_MATH_SETS.get(font, "dejavusans"), size=100.0
    )


@lru_cache(maxsize=2048)
def outline(text: str, size: float, font: str = "DejaVu Sans", cut: Cut = "normal") -> Outline:
    """One line of text with letters ``size`` high (the em: a capital is about 0.72 of it).

    Text with two ``$`` is set as mathtext. Raises ``ValueError`` for a character that the font does not have.
    """
    is_math = text.count("$") >= 2
    if not is_math:
        _refuse_missing(text, font, cut)
    vertices, codes, advance = _set(text, font, cut, is_math)
    curves = _cubics(vertices, codes) * (size / 100.0)
    points = curves.reshape(-1, 2)
    low, high = (points.min(axis=0), points.max(axis=0)) if len(points) else (np.zeros(2), np.zeros(2))
    curves.setflags(write=False)
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return Outline(curves, box, advance * size / 100.0, _capital(font, cut) * size / 100.0)


def rings(line: Outline, steps: int = 5) -> list[np.ndarray]:
    """The contours of a line of text as closed lines of points (n, 2), the middle of its ink at (0, 0)."""
    shares = (np.arange(steps) / steps)[:, None, None]
    start, one, two, end = np.moveaxis(line.curves, 1, 0)
    points = (1 - shares) ** 3 * start + 3 * shares * (1 - shares) ** 2 * one
    points = points + 3 * shares**2 * (1 - shares) * two + shares**3 * end
    left, bottom, right, top = line.box
    points = np.swapaxes(points, 0, 1) - ((left + right) / 2, (bottom + top) / 2)
    breaks = np.flatnonzero((line.curves[1:, 0] != line.curves[:-1, 3]).any(axis=1)) + 1
    return [part.reshape(-1, 2) for part in np.split(points, breaks)]


def lettering(
    text: str,
    size: float,
    colour: str,
    *,
    font: str = "DejaVu Sans",
    cut: Cut = "normal",
    at: tuple[float, float] = (0.0, 0.0),
    side: Side = "centre",
    on_line: bool = False,
    most_width: float | None = None,
) -> Any:
    """A manim ``VMobject`` of a line of text, with ``at`` at its centre, or at its left or right end.

    ``on_line``: ``at`` is the middle of a capital's height, so that words side by side share a baseline; otherwise it is
    the middle of the ink, right for a symbol alone. Text wider than ``most_width`` is set smaller. Units: canvas units.
    """
    from manim import VMobject

    line = outline(text, size, font, cut)
    if most_width is not None and line.width > most_width:
        line = outline(text, size * most_width / line.width, font, cut)
    left, bottom, right, top = line.box
    x = {"left": left, "centre": (left + right) / 2, "right": right}[side]
    y = line.capital / 2 if on_line else (bottom + top) / 2
    points = np.zeros((len(line.curves) * 4, 3))
    points[:, :2] = line.curves.reshape(-1, 2) + (at[0] - x, at[1] - y)
    made = VMobject(fill_color=colour, fill_opacity=1.0, stroke_width=0.0)
    made.points = points
    return made


@lru_cache(maxsize=16)
def _font(font: str, cut: Cut) -> Any:
    from matplotlib.ft2font import FT2Font

    return FT2Font(str(font_file(font, cut)))


def _refuse_missing(text: str, font: str, cut: Cut) -> None:
    missing = [letter for letter in text if _font(font, cut).get_char_index(ord(letter)) == 0]
    if missing:
        raise ValueError(f"{font} has no {' '.join(map(repr, missing))} (in {text!r})")


@lru_cache(maxsize=16)
def _capital(font: str, cut: Cut) -> float:
    vertices, _, _ = _set("H", font, cut, False)
    return float(vertices[:, 1].max())


def _set(text: str, font: str, cut: Cut, is_math: bool) -> tuple[np.ndarray, np.ndarray, float]:
    """Vertices (n, 2), path codes (n,) and pen advance of a line, at 100 units to the em."""
    from matplotlib.textpath import TextToPath

    setter, properties = TextToPath(), font_properties(font, cut)
    vertices, codes = setter.get_text_path(properties, text, ismath=is_math)
    advance, _, _ = setter.get_text_width_height_descent(text, properties, is_math)
    return np.array(vertices, dtype=float).reshape(-1, 2), np.array(codes, dtype=int), float(advance)


def _cubics(vertices: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Matplotlib path segments as cubic curves, (n, 4, 2)."""
    from matplotlib.path import Path

    curves: list[np.ndarray] = []
    here = start = np.zeros(2)
    i = 0
    while i < len(codes):
        code = codes[i]
        if code == Path.MOVETO:
            here = start = vertices[i]
        elif code == Path.CURVE3:
            handle, end = vertices[i], vertices[i + 1]
            curves.append(np.stack([here, here + (handle - here) * 2 / 3, end + (handle - end) * 2 / 3, end]))
            here, i = end, i + 1
        elif code == Path.CURVE4:
            curves.append(np.stack([here, vertices[i], vertices[i + 1], vertices[i + 2]]))
            here, i = vertices[i + 2], i + 2
        elif code in (Path.LINETO, Path.CLOSEPOLY):
            end = start if code == Path.CLOSEPOLY else vertices[i]
            if not np.array_equal(here, end):
                curves.append(np.stack([here, here + (end - here) / 3, here + (end - here) * 2 / 3, end]))
            here = end
        i += 1
    return np.array(curves).reshape(-1, 4, 2)
