"""How a laid rope looks: a shaded ribbon of twisted strands with its shadow, drawn along any line. Loads manim when called."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from morse.style import Style, brightness, mix

Points = np.ndarray
ROPES = ("#cfa768", "#4f86c0", "#c4574f", "#5fa267", "#efe8d8", "#d98a3d", "#8d6bb0")
TABLES = ("#5a4231", "#37454f", "#2b5546", "#ead9bb", "#ece8df", "#3a3544", "#d5dde2")
APART = 0.3
"""How much brighter or darker than the table a rope is, at least."""


@dataclass(frozen=True)
class Cord:
    """A rope's look: its width in canvas units, its tones, and how far apart its strands are."""

    width: float
    tone: str
    lay: float
    slant: float

    @property
    def dark(self) -> str:
        return mix(self.tone, "#1a120a", 0.62)


def cord_of(style: Style, table: str, width: float) -> Cord:
    """The clip's rope, plain to see on its table."""
    tones = [tone for tone in ROPES if abs(brightness(tone) - brightness(table)) >= APART]
    return Cord(width, style.pick("rope", tones), style.amount("lay", 0.5, 0.72), style.pick("twist", (-1.0, 1.0)))


def table_of(style: Style) -> str:
    """The colour of the clip's table."""
    return mix(style.pick("table", TABLES), style.background, 0.12)


def paths(lines: Iterable[Points], *, closed: bool = True, **look: Any) -> Any:
    """Many lines of points (n, 2) as one mobject."""
    from manim import VMobject

    parts = []
    for line in lines:
        corners = np.concatenate([line, line[:1]]) if closed else line
        start, end = corners[:-1], corners[1:]
        parts.append(
            np.stack([start, start + (end - start) / 3, start + (end - start) * 2 / 3, end], axis=1).reshape(-1, 2)
        )
    settings: dict[str, Any] = {"stroke_width": 0.0, "fill_opacity": 1.0 if closed else 0.0} | look
    made = VMobject(**settings)
    flat = np.concatenate(parts) if parts else np.zeros((0, 2))
    made.points = np.column_stack([flat, np.zeros(len(flat))])
    return made


def ribbon(line: Points, width: float, longer: float = 0.0) -> Points:
    """The outline (2n, 2) of a band of a width along a line (n, 2), a little longer at both ends."""
    along = np.gradient(line, axis=0)
    along /= np.maximum(np.hypot(along[:, :1], along[:, 1:]), 1e-9)
    middle = line.copy()
    middle[0] -= along[0] * longer
    middle[-1] += along[-1] * longer
    across = np.stack([-along[:, 1], along[:, 0]], axis=1) * width / 2
    return np.concatenate([middle + across, (middle - across)[::-1]])


def draw_cord(lines: Sequence[Points], cord: Cord, *, lifted: bool = False, gap: str | None = None) -> list[Any]:
    """Ropes along some lines. ``lifted``: they lie on others, on which their shadow falls; ``gap``: the colour of a gap that they
    leave there as well, as diagrams of knots do."""
    if not lines:
        return []
    wide, parts = cord.width, list[Any]()
    if lifted:
        inner = [line[len(line) // 5 : -(len(line) // 5)] for line in lines]
        if gap is not None:
            parts.append(paths([ribbon(line, wide * 1.85) for line in inner], fill_color=gap))
        for share, strength in ((2.2, 0.16), (1.7, 0.34)) if gap is None else ():
            parts.append(
                paths([ribbon(line, wide * share) for line in inner], fill_color="#000000", fill_opacity=strength)
            )
    else:
        for share, strength in ((1.5, 0.1), (1.15, 0.16)):
            shade = [ribbon(line + (0.0, -0.1), wide * share) for line in lines]
            parts.append(paths(shade, fill_color="#000000", fill_opacity=strength))
    parts.append(paths([ribbon(line, wide + 0.075, 0.02) for line in lines], fill_color=cord.dark))
    parts.append(paths([ribbon(line, wide, 0.03) for line in lines], fill_color=cord.tone))
    for side, colour, opacity in ((-0.3, "#000000", 0.16), (0.22, "#ffffff", 0.22)):
        bands = [ribbon(_beside(line, side * wide), wide * 0.34, 0.03) for line in lines]
        parts.append(paths(bands, fill_color=colour, fill_opacity=opacity))
    marks = [mark for line in lines for mark in _twists(line, cord)]
    parts.append(
        paths(marks, closed=False, stroke_color=mix(cord.tone, "#1a120a", 0.5), stroke_width=2.6, stroke_opacity=0.9)
    )
    return parts


def _beside(line: Points, by: float) -> Points:
    """A line moved to the side that is up."""
    along = np.gradient(line, axis=0)
    along /= np.maximum(np.hypot(along[:, :1], along[:, 1:]), 1e-9)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    across[across[:, 1] < 0] *= -1
    return line + across * by


def _twists(line: Points, cord: Cord) -> list[Points]:
    """The grooves between the strands, as many as fit so that the next piece goes on evenly."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    far = np.concatenate([[0.0], np.cumsum(steps)])
    count = max(2, round(far[-1] / (cord.lay * cord.width)))
    along = np.gradient(line, axis=0)
    along /= np.maximum(np.hypot(along[:, :1], along[:, 1:]), 1e-9)
    if along[:, 0].sum() < 0:
        along = -along
    u = np.linspace(-1.0, 1.0, 5)
    lean = cord.slant * 0.42 * cord.width * np.sin(u * np.pi / 2)
    found = []
    for k in range(count):
        at = np.clip((k + 0.5) * far[-1] / count + lean, 0.0, far[-1])
        x, y = (np.interp(at, far, line[:, i]) for i in (0, 1))
        tx, ty = (np.interp(at, far, along[:, i]) for i in (0, 1))
        side = u * cord.width / 2 * 0.96
        found.append(np.stack([x - ty * side, y + tx * side], axis=1))
    return found
