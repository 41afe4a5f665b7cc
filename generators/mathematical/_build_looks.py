"""How a construction looks: lines of ruler and compass, signs and marks on a sheet."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from generators.mathematical._build_show import Stroke
from morse.layout import Layout
from morse.style import Style, brightness, mix

if TYPE_CHECKING:
    from matplotlib.path import Path

    from morse.stage.plot_stage import PlotStage, Values

HUES = ("red", "blue", "green", "purple", "orange")
DASHES = (0.2, 0.14)


def draw_construction(layout: Layout, stage: "PlotStage", style: Style) -> None:
    """Put everything that is constructed on a stage."""
    ground, ink = style.background, style.ink
    names = style.pick("hues", tuple((a, b) for a in HUES for b in HUES if a != b))
    made, marked = (_clear(style.colour(name), style) for name in names)
    colours = {"line": ink, "thin": mix(ground, ink, 0.45), "dash": made}
    widths = {"line": 0.085 * style.line, "thin": 0.045 * style.line, "dash": 0.065 * style.line}
    _sheet(stage, style)
    for actor, strokes in layout.details["strokes"].items():
        if actor.startswith("strike"):
            stage.line(actor, [(-0.32, -0.3), (0.32, 0.3)], ink, 0.09)
            stage.line(actor, [(-0.32, 0.3), (0.32, -0.3)], ink, 0.09)
        elif actor.startswith("signs"):
            _signs(stage, actor, strokes, marked, 0.055 * style.line)
        else:
            for stroke in strokes:
                _stroke(stage, actor, stroke, colours[stroke.look], widths[stroke.look])
    for thing in layout.objects:
        text = str(thing.attributes.get("text", ""))
        if thing.kind == "point":
            way = layout.details["letters"][thing.id]
            _words(stage, style, thing.id, thing.id, 0.6, ink, (0.52 * way.real, 0.48 * way.imag))
            _dot(stage, thing.id, made, ground, ink)
        elif thing.kind in ("mark", "wrong"):
            _words(stage, style, thing.id, text, 0.58, marked, (0.0, 0.0))


def _sheet(stage: "PlotStage", style: Style) -> None:
    """The sheet that is drawn on, with a margin, and in some looks with fine squares."""
    from morse.stage.plot_stage import rounded

    paper = mix(style.background, style.panel, 0.5)
    stage.outline(None, rounded(15.5, 8.6, style.corner), None, edge=mix(paper, style.ink, 0.22), line=0.04, z=-5)
    if style.pick("squares", (True, False, False)):
        faint = mix(style.background, style.ink, 0.07)
        for x in np.arange(-7.5, 7.6, 0.5):
            stage.line(None, [(x, -4.3), (x, 4.3)], faint, 0.02, z=-6)
        for y in np.arange(-4.0, 4.1, 0.5):
            stage.line(None, [(-7.75, y), (7.75, y)], faint, 0.02, z=-6)


def _stroke(stage: "PlotStage", actor: str, stroke: Stroke, colour: str, width: float) -> None:
    from matplotlib.path import Path

    dashes = DASHES if stroke.look == "dash" else ()
    if stroke.slide:
        offset = np.array([stroke.slide.real, stroke.slide.imag])

        def slid(values: "Values") -> "Path":
            return Path(stroke.points + offset * (1 - values["grow"]))

        stage.outline(actor, Path(stroke.points), None, edge=colour, line=width, dashes=dashes, reshape=slid)
        return
    stage.line(actor, stroke.points, colour, width, dashes=dashes, grows="grow" if stroke.grows else None)


def _signs(stage: "PlotStage", actor: str, strokes: Sequence[Stroke], colour: str, width: float) -> None:
    """All signs of a step as one shape."""
    from matplotlib.path import Path

    if strokes:
        path = Path.make_compound_path(*(Path(stroke.points) for stroke in strokes))
        stage.outline(actor, path, None, edge=colour, line=width)


def _dot(stage: "PlotStage", actor: str, fill: str, rim: str, ink: str) -> None:
    from matplotlib.path import Path

    stage.outline(actor, Path.circle(radius=0.15), mix(fill, ink, 0.25), edge=rim, line=0.05)


def _words(
    stage: "PlotStage", style: Style, actor: str, text: str, size: float, colour: str, at: tuple[float, float]
) -> None:
    """Text with a rim of the ground's colour, readable on lines."""
    from morse.stage.plot_stage import lettered

    path = lettered(text, size, style.font, "bold", "centre", at)
    stage.outline(actor, path, style.background, edge=style.background, line=0.16)
    stage.outline(actor, path, colour)


def _clear(colour: str, style: Style) -> str:
    """A colour that stands out from the ground."""
    if abs(brightness(colour) - brightness(style.background)) > 0.42:
        return colour
    return mix(colour, "#ffffff" if style.dark else "#000000", 0.4)
