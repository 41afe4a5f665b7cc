"""How urns, tokens, plates, a box, a die and its screen look."""

from typing import Any

from generators.mathematical._urn_show import BIN_AT, DIE, PLATE, ROW, SCREEN, TOKEN, TROUGH, URN
from morse.layout import Layout
from morse.schema import Thing
from morse.style import HUED, Style, brightness, mix

CLAYS = ("#b5653f", "#7a8f6a", "#5f7f9e", "#8a6fa0", "#a8844f", "#9a5b5b")
DARK, PALE = "#17191d", "#fbfaf5"


def draw_trial_table(layout: Layout, stage: Any, style: Style) -> None:
    """Put everything on a stage."""
    from manim import Line, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon

    kinds = sorted({str(t.attributes["kind"]) for t in layout.objects if t.kind == "token"} | _on_plates(layout))
    hues = [name for name in HUED if name != "brown"]
    first = style.pick("hue", range(len(hues)))
    many = style.pick("many colours", (True, True, False))
    tones = {kind: style.colour(hues[(first + (3 * i if many else 0)) % len(hues)]) for i, kind in enumerate(kinds)}
    table = mix(style.background, style.ink, style.amount("table", 0.07, 0.15))
    stage.backdrop(polygon([(-8, -4.5), (8, -4.5), (8, -2.25), (-8, -2.25)], table))
    stage.backdrop(Line((-8, -2.25, 0), (8, -2.25, 0), stroke_color=mix(table, style.ink, 0.25), stroke_width=2))
    clay = style.pick("clay", CLAYS)
    form = style.pick("urn", ("vase", "jar", "pot"))
    for thing in layout.objects:
        if thing.kind == "urn":
            stage.add(thing.id, _urn(form, clay, thing.id, style))
        elif thing.kind == "box":
            stage.add(thing.id, _box(style))
        elif thing.kind == "plate":
            stage.add(thing.id, _plate(thing, layout.timeline.actors[thing.id].size[1], tones, style))
        elif thing.kind == "token":
            stage.add(thing.id, _token(str(thing.attributes["kind"]), tones, TOKEN))
        elif thing.kind == "cover":
            stage.add(thing.id, _cover(style))
        elif thing.kind in ("die", "hidden die"):
            stage.add(thing.id, _die(str(thing.attributes.get("face", "")), DIE, style))
        elif thing.kind == "sign":
            board = RoundedRectangle(0.14, width=2.3, height=0.9, fill_color="#fff6cf", fill_opacity=1, stroke_color=DARK,
                                     stroke_width=4)  # fmt: skip
            words = lettering(
                str(thing.attributes["says"]), 0.52, DARK, font=style.font, cut="bold", on_line=True, most_width=2.0
            )
            stage.add(thing.id, VGroup(board, words))
    pad = mix(style.accent, style.background, 0.3)
    stage.add(
        "tray",
        RoundedRectangle(
            0.2, width=2.5, height=0.5, fill_color=mix(pad, "#000000", 0.25), fill_opacity=1, stroke_width=0
        ),
    )
    cloth = mix(style.muted, style.panel, 0.2)
    folds = [
        Line(
            (x, -SCREEN[1] / 2 + 0.15, 0),
            (x, SCREEN[1] / 2 - 0.15, 0),
            stroke_color=mix(cloth, "#000000", 0.18),
            stroke_width=3,
        )
        for x in (-0.9, -0.45, 0.0, 0.45, 0.9)
    ]
    screen = RoundedRectangle(0.15, width=SCREEN[0], height=SCREEN[1], fill_color=cloth, fill_opacity=1,
                              stroke_color=mix(cloth, "#000000", 0.5), stroke_width=5)  # fmt: skip
    stage.add("screen", VGroup(screen, *folds))
    _bin(stage, style)


def _on_plates(layout: Layout) -> set[str]:
    return {kind for thing in layout.objects if thing.kind == "plate" for kind in thing.attributes} - {
        "of",
        "faces",
        "pair",
    }


def _bin(stage: Any, style: Style) -> None:
    """A trough: its back behind what falls in, its front before it."""
    from manim import VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon

    width, height = TROUGH
    metal = style.pick("metal", ("#6d7680", "#7d6f66", "#5d6f7d", "#75806a"))
    front = polygon(
        [(-width / 2, height / 2), (width / 2, height / 2), (width / 2 - 0.3, -height / 2), (-width / 2 + 0.3, -height / 2)],
        metal, stroke_color=mix(metal, "#000000", 0.5), stroke_width=4,
    )  # fmt: skip
    rim = polygon([(-width / 2, height / 2 - 0.22), (width / 2, height / 2 - 0.22), (width / 2, height / 2), (-width / 2, height / 2)],
                  mix(metal, "#ffffff", 0.25))  # fmt: skip
    word = lettering("bin", 0.52, PALE, font=style.font, cut="bold", at=(0.0, -0.14), on_line=True)
    stage.add("bin", VGroup(front, rim, word))
    assert BIN_AT[1] - height / 2 > -4.5


def _urn(form: str, clay: str, letter: str, style: Style) -> Any:
    from manim import Ellipse, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon, soft_shadow

    w, h = URN[0] / 2, URN[1] / 2
    profile = {
        "vase": [
            (0.62, 1.0),
            (0.5, 0.84),
            (0.55, 0.66),
            (0.9, 0.3),
            (1.0, -0.05),
            (0.92, -0.45),
            (0.7, -0.8),
            (0.6, -1.0),
        ],
        "jar": [(0.7, 1.0), (0.7, 0.86), (0.62, 0.78), (0.9, 0.6), (1.0, 0.4), (1.0, -0.7), (0.92, -0.92), (0.8, -1.0)],
        "pot": [(0.8, 1.0), (0.74, 0.85), (0.9, 0.5), (1.0, 0.1), (0.97, -0.35), (0.82, -0.75), (0.6, -1.0)],
    }[form]
    low = 0.93
    right = [(w * x, h * y * low) for x, y in profile]
    left = [(-x, y) for x, y in reversed(right)]
    dark, light = mix(clay, "#000000", 0.5), mix(clay, "#ffffff", 0.35)
    body = polygon(
        [*right, *left], [dark, clay, light, clay, mix(clay, "#000000", 0.3)], stroke_color=dark, stroke_width=4
    )
    mouth = Ellipse(width=2 * right[0][0], height=0.3, fill_color=mix(clay, "#000000", 0.7), fill_opacity=1, stroke_color=dark,
                    stroke_width=4).shift((0, right[0][1], 0))  # fmt: skip
    disc = Ellipse(width=1.1, height=1.1, fill_color=PALE, fill_opacity=1, stroke_color=dark, stroke_width=4).shift(
        (0, -0.15, 0)
    )
    name = lettering(letter, 0.8, DARK, font="DejaVu Sans", cut="bold", at=(0.0, -0.15))
    return VGroup(soft_shadow(2.5, 0.5).shift((0, -h * low, 0)), body, mouth, disc, name)


def _box(style: Style) -> Any:
    from manim import Ellipse, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon, soft_shadow

    wood = style.pick("wood", ("#3f4d63", "#5d4037", "#3f5d4d", "#5a4668"))
    dark, light = mix(wood, "#000000", 0.5), mix(wood, "#ffffff", 0.2)
    w, h = URN[0], URN[1] * 0.93
    body = RoundedRectangle(0.12, width=w, height=h, fill_color=wood, fill_opacity=1, stroke_color=dark, stroke_width=5)
    lid = polygon([(-w / 2, h / 2 - 0.5), (w / 2, h / 2 - 0.5), (w / 2, h / 2), (-w / 2, h / 2)], light)
    hole = Ellipse(width=1.3, height=0.26, fill_color=mix(wood, "#000000", 0.8), fill_opacity=1, stroke_width=0).shift(
        (0, h / 2 - 0.22, 0)
    )
    mark = lettering("?", 1.3, PALE, font="DejaVu Sans", cut="bold", at=(0.0, -0.3))
    return VGroup(soft_shadow(2.6, 0.5).shift((0, -h / 2, 0)), body, lid, hole, mark)


def _plate(thing: Thing, height: float, tones: dict[str, str], style: Style) -> Any:
    """What is in an urn, a row a kind; or two lines about the box; or the faces of the die."""
    from manim import RoundedRectangle, VGroup

    from morse.stage.lettering import lettering

    paper = style.panel if not style.dark else mix(style.panel, "#ffffff", 0.08)
    ink = DARK if brightness(paper) > 0.5 else PALE
    board = RoundedRectangle(0.16, width=PLATE, height=height, fill_color=paper, fill_opacity=1,
                             stroke_color=mix(ink, paper, 0.45), stroke_width=4)  # fmt: skip
    parts: list[Any] = [board]
    name = str(thing.attributes["of"])

    def words(text: str, at: tuple[float, float], size: float = 0.56, cut: Any = "bold") -> Any:
        return lettering(text, size, ink, font=style.font, cut=cut, at=at, on_line=True, most_width=PLATE - 0.3)

    if name == "box":
        pair = thing.attributes["pair"]
        assert isinstance(pair, list)
        parts += [
            words("filled like", (0.0, 0.36), 0.5, "normal"),
            words(f"{pair[0]} or {pair[1]}", (0.0, -0.34), 0.66),
        ]
    elif name == "die":
        faces = thing.attributes["faces"]
        assert isinstance(faces, list)
        parts.append(words("die faces", (0.0, height / 2 - 0.42), 0.5, "normal"))
        for i, face in enumerate(faces):
            spot = ((i % 3 - 1) * 0.85, 0.12 - 0.78 * (i // 3))
            parts.append(_die(str(face), 0.66, style).shift((*spot, 0)))
    else:
        kinds = [kind for kind in thing.attributes if kind != "of"]
        for i, kind in enumerate(kinds):
            y = height / 2 - 0.175 - ROW * (i + 0.5)
            parts.append(_token(kind, tones, 0.56).shift((-0.62, y, 0)))
            parts.append(words(f"× {thing.attributes[kind]}", (0.45, y)))
    return VGroup(*parts)


def _token(kind: str, tones: dict[str, str], size: float) -> Any:
    from morse.stage.shapes import coin

    return coin(kind, size, tones[kind])


def _cover(style: Style) -> Any:
    """A token in a bag: it cannot be told what it is."""
    from manim import Circle, VGroup

    from morse.stage.lettering import lettering

    cloth = mix(style.muted, "#808080", 0.5)
    round_ = Circle(
        TOKEN / 2, fill_color=cloth, fill_opacity=1, stroke_color=mix(cloth, "#000000", 0.55), stroke_width=5
    )
    ink = DARK if brightness(cloth) > 0.5 else PALE
    return VGroup(round_, lettering("?", 0.7, ink, font="DejaVu Sans", cut="bold"))


def _die(face: str, size: float, style: Style) -> Any:
    from manim import RoundedRectangle, VGroup

    from morse.stage.lettering import lettering

    ivory = style.pick("ivory", ("#fdf8e6", "#f2f5f7", "#ffe9d6", "#e8f3e2"))
    body = RoundedRectangle(0.18 * size, width=size, height=size, fill_color=ivory, fill_opacity=1, stroke_color=DARK,
                            stroke_width=4 if size > 1 else 2.5)  # fmt: skip
    return VGroup(body, lettering(face, 0.72 * size, DARK, font="DejaVu Sans", cut="bold")) if face else body
