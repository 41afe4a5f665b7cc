"""How the laundry looks: room, pegs, baskets, machine, line, heater, board, shelf and what hangs about, as manim mobjects."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from generators.procedural._laundry_domain import Laundry
from generators.procedural._laundry_garments import garment
from generators.procedural._laundry_scene import (
    APART,
    BOARD_TOP,
    BOARDS,
    FLOOR,
    HOLDING,
    PEGS,
    ROPES,
    ROW,
    SPOTS,
    WINDOW,
)
from generators.procedural._room import side_bars
from generators.procedural._shapes import Point, blend, block, dots, group, oval, shape
from generators.procedural._shots import Decoy, Shot
from morse.style import Style
from morse.timeline import Timeline

HUES = ("red", "blue", "green", "orange", "purple", "cyan", "yellow", "brown")


class Props:
    """All looks of one clip set, in one style."""

    def __init__(self, laundry: Laundry, style: Style) -> None:
        self.laundry, self.style = laundry, style
        self.line = "#252a31"
        self.edge = blend(style.ink, "#252a31", 0.6 if not style.dark else 0.2)
        self.wood = style.pick("wood", ("#b98556", "#9a6c48", "#c9a06c", "#8d6a4f"))
        self.casing = style.pick("casing", ("#e8ebee", "#d3dae0", "#e7e1d6", "#c5d3d8"))
        self.wall = blend(style.background, style.accent, style.amount("wall", 0.05, 0.16))
        self.floor = blend(style.panel, style.ink, 0.25)
        self._made: dict[Any, Any] = {}

    def dress(
        self, shot: Shot, timeline: Timeline, decoys: Sequence[Decoy], places: Mapping[str, Point], stage: Any
    ) -> None:
        """Give every actor of one clip its look."""
        stage.backdrop(self.room(shot, decoys))
        for name, actor in timeline.actors.items():
            if name in self.laundry.garments:
                stage.add(name, self.garment(name))
            elif " in " in name:
                when, _, what = name.partition(" in ")
                value = (shot.before if when == "before" else shot.after)[HOLDING[what]]
                stage.add(name, self.once((what, value), lambda what=what, value=value: self.shown(what, str(value))))
            elif name == "powder":
                stage.add(name, self.powder(actor.size))
            else:
                stage.add(name, self.once(name, lambda name=name: self.look(name)))

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What ``make`` returns, made once for all clips."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def garment(self, name: str) -> Callable[[Mapping[str, float]], Any]:
        """A garment; its channels say in what condition it is, and how wide it is just now."""
        style, white = self.style, name in self.laundry.white
        base = "#f7f5ef" if white else style.colour(HUES[self.laundry.slot(name)])
        ink = "#6f86a6" if white else blend(base, "#ffffff", 0.62)

        def made(look: float, tint: float) -> Any:
            return garment(name, base, ink, self.line, int(look), bool(tint))

        def look(values: Mapping[str, float]) -> Any:
            drawn = self.once((name, values["look"], values["tint"]), lambda: made(values["look"], values["tint"]))
            if values["w"] == 1.6:
                return drawn
            return drawn.copy().stretch(max(values["w"], 0.05) / 1.6, 0, about_point=(0.0, 0.0, 0.0))

        return look

    def look(self, name: str) -> Any:
        """The look of one actor that does not change."""
        if name.startswith("drip"):
            return shape([(0, 0.18), (0.09, -0.02), (0.0, -0.12), (-0.09, -0.02)], "#2f86d6")
        if name.startswith("warmth"):
            wave = [(0.12 * (-1) ** i, 0.18 * i - 0.36) for i in range(5)]
            return group(
                shape([*((x - 0.04, y) for x, y in wave), *((x + 0.04, y) for x, y in reversed(wave))], "#e8742a")
            )
        if name.endswith("basket"):
            return self.basket(name)
        return self.clothes_line() if name == "line" else getattr(self, name)()

    def shown(self, what: str, value: str) -> Any:
        """The look of drawer, dial and lamp."""
        from morse.stage.lettering import lettering

        if what == "dial":
            words, colour = ("off", "#7f8a80") if value == "off" else (f"{value}°", "#ffcf5a")
            return lettering(words, 0.4, colour, cut="bold", at=(0.0, 0.0), on_line=True)
        if what == "lamp":
            lit = value == "on"
            beams = [
                block(0.02 + dx, -0.1 + dy, a, b, "#ffe27a")
                for dx, dy, a, b in ((-0.24, 0, 0.16, 0.06), (0.24, 0, 0.16, 0.06), (0, 0.2, 0.06, 0.12))
            ]
            return group(
                oval(0.02, -0.1, 0.22, 0.22, "#ff5a2c" if lit else "#5d646b", line="#252a31", width=1.5),
                *(beams if lit else []),
            )
        if value == "empty":
            return block(0, 0, 0.9, 0.24, "#39424a", 0.04)
        grains = [(-0.3 + 0.1 * i, 0.05 + 0.05 * (i % 2)) for i in range(7)]
        return group(
            block(0, 0, 0.9, 0.24, "#39424a", 0.04),
            shape([(-0.42, -0.1), (-0.3, 0.1), (0.0, 0.16), (0.3, 0.1), (0.42, -0.1)], "#ffffff"),
            dots(grains, 0.035, "#3f8fe0", 5),
        )

    def room(self, shot: Shot, decoys: Sequence[Decoy]) -> Any:
        """Wall, floor, pegs, ropes and what has no part in the washing."""
        style, shift, edge = self.style, shot.shift, self.edge
        parts: list[Any] = [
            block(0, 0.3, 16, 8.4, self.wall),
            block(0, -4.2, 16, 0.6, self.floor),
            block(0, FLOOR, 16, 0.06, edge, opacity=0.5),
        ]
        parts += [block(4.0 * i - 8 + shift, 0.3, 0.04, 8.4, blend(self.wall, style.ink, 0.14)) for i in range(1, 4)]
        parts += [
            block(0, -2.3, 16, 3.2, blend(self.wall, style.ink, 0.06)),
            block(0, -0.68, 16, 0.08, blend(self.wall, style.ink, 0.22)),
        ]
        parts += [block(-2.6 + shift, 0.78, 2.2, 0.14, self.wood, 0.03, line=edge, width=1.2)]
        parts += [
            oval(x + shift, FLOOR + 0.02, wide, 0.2, "#000000", opacity=0.18)
            for x, wide in ((-7.0, 2.0), (-5.0, 2.0), (-2.0, 4.0), (2.0, 2.6), (6.1, 2.8))
        ]
        x = SPOTS["board"][0] + shift
        for side in (-1, 1):
            parts.append(
                shape(
                    [
                        (x + side * 1.05, BOARD_TOP),
                        (x + side * 1.2, BOARD_TOP),
                        (x - side * 0.95, FLOOR),
                        (x - side * 1.1, FLOOR),
                    ],
                    "#9aa3ad",
                    1.0,
                    edge,
                    1.2,
                )
            )
        parts += [self.decoy(decoy, shift) for decoy in decoys]
        return group(*parts, *side_bars(shot, style))

    def basket(self, name: str) -> Any:
        """A crate with a low front, and on it for what it is."""
        from morse.stage.lettering import lettering

        white = name == "white basket"
        front = "#eef1f3" if white else blend(self.style.accent, "#8a5a3a", 0.35)
        back = blend(front, "#000000", 0.35)
        ink = "#252a31" if white else "#ffffff"
        bars = [block(-0.72 + 0.36 * i, 0.2, 0.05, 2.2, blend(back, "#000000", 0.25)) for i in range(5)]
        words = lettering(
            "white" if white else "colours", 0.36, ink, cut="bold", at=(0.0, -1.14), on_line=True, most_width=1.5
        )
        return group(
            block(0, 0.1, 1.7, 2.7, back, 0.08, line=self.edge, width=1.5),
            *bars,
            block(0, -1.14, 1.84, 0.72, front, 0.08, line=self.edge, width=2),
            words,
        )

    def machine(self) -> Any:
        line, x, y = self.line, WINDOW[0] - SPOTS["machine"][0], WINDOW[1] - SPOTS["machine"][1]
        return group(
            block(0, 0, 3.7, 4.1, self.casing, 0.12, line=line, width=2.2),
            block(0, 1.66, 3.5, 0.6, blend(self.casing, "#000000", 0.12), 0.06),
            oval(x, y, 3.16, 3.16, blend(self.casing, "#000000", 0.35), 72, line=line, width=2),
            oval(x, y, 2.9, 2.9, "#41505c", 72),
            dots([(x + a, y + b) for a in (-0.8, 0.0, 0.8) for b in (-0.8, 0.0, 0.8)], 0.05, "#5d6e7b", 8),
        )  # fmt: skip

    def glass(self) -> Any:
        return group(
            oval(0, 0, 2.96, 2.96, "#ffffff", 72, opacity=0.0, line="#dfe6ea", width=7),
            shape([(-1.16, 0.4), (-0.7, 1.06), (-0.6, 0.96), (-1.02, 0.34)], "#ffffff", 0.5),
        )

    def water(self) -> Any:
        ups = [(-0.98 + 0.28 * i, 0.12 + 0.08 * (-1) ** i) for i in range(8)]
        bowl = [(-0.98, -0.2), (-0.8, -0.62), (-0.42, -0.94), (0.0, -1.02), (0.42, -0.94), (0.8, -0.62), (0.98, -0.2)]
        suds = [oval(x, y + 0.08, 0.22, 0.2, "#ffffff", line="#9cc4e4", width=1.2) for x, y in ups[1:-1]]
        return group(shape([*ups, *reversed(bowl)], "#4a9fe0", 0.55), *suds).scale(1.3, about_point=(0.0, 0.0, 0.0))

    def drawer(self) -> Any:
        return block(0, 0, 1.1, 0.42, blend(self.casing, "#ffffff", 0.3), 0.06, line=self.line, width=1.8)

    def dial(self) -> Any:
        return block(0, 0, 0.98, 0.5, "#1f2a30", 0.07, line=self.line, width=1.8)

    def detergent(self) -> Callable[[Mapping[str, float]], Any]:
        """The box of detergent, with a window that shows how many cups are left."""
        most = self.laundry.most_cups

        def box(level: float) -> Any:
            unit = 0.8 / most
            parts = [
                block(0, -0.05, 0.94, 1.2, blend(self.style.accent, "#3f6fd0", 0.5), 0.06, line=self.line, width=2)
            ]
            parts.append(block(0, -0.14, 0.62, 0.84, "#e9f2f8", 0.03))
            if level:
                parts.append(
                    block(0, -0.54 + level * unit / 2, 0.58, level * unit, "#ffffff", line="#3f8fe0", width=1.2)
                )
                parts.append(
                    dots(
                        [(x, -0.54 + unit * (r + 0.5)) for r in range(int(level)) for x in (-0.18, 0.0, 0.18)],
                        0.04,
                        "#3f8fe0",
                        6,
                    )
                )
            parts += [block(0.22, -0.54 + unit * i, 0.18, 0.035, self.line) for i in range(1, most + 1)]
            return group(*parts, block(0, 0.56, 0.5, 0.14, "#f2f2ee", 0.03, line=self.line, width=1.5))

        return lambda values: self.once(("detergent", values["level"]), lambda: box(values["level"]))

    def powder(self, size: Point) -> Any:
        spots = [(0.06 * ((i * 7) % 3 - 1), size[1] / 2 - size[1] * (i + 0.5) / 9) for i in range(9)]
        return dots(spots, 0.055, "#7fb2ea", 5)

    def clothes_line(self) -> Any:
        y0 = SPOTS["line"][1]
        parts = [block(0, y - y0, 3.9, 0.05, "#e9e2cf" if self.style.dark else "#6b5a44") for y in ROPES]
        parts += [
            block(side * 1.9, (ROPES[0] + ROPES[2]) / 2 - y0, 0.1, 3.3, self.wood, line=self.edge, width=1.2)
            for side in (-1, 1)
        ]
        pegs = [
            block(APART * (i - 1) + d, y - y0, 0.07, 0.22, "#d9a35a", line=self.edge, width=1)
            for y in ROPES
            for i in range(ROW)
            for d in (-0.18, 0.18)
        ]
        return group(*parts, *pegs)

    def pegs(self) -> Any:
        y0, made = SPOTS["pegs"][1], list[Any]()
        for y in PEGS:
            made.append(block(0, y - y0, 3.8, 0.18, self.wood, 0.05, line=self.edge, width=1.2))
            made += [oval(APART * (i - 1), y - y0, 0.16, 0.16, blend(self.wood, "#000000", 0.45)) for i in range(ROW)]
        return group(*made)

    def heater(self) -> Any:
        ribs = [block(-0.9 + 0.36 * i, 0.05, 0.27, 1.3, self.casing, 0.1, line=self.line, width=1.8) for i in range(6)]
        return group(
            block(0, -0.68, 2.2, 0.12, "#59626a"), *ribs, *[block(s * 0.8, -0.8, 0.16, 0.2, "#59626a") for s in (-1, 1)]
        )

    def glow(self) -> Any:
        return group(*[block(-0.9 + 0.36 * i, 0.05, 0.27, 1.3, "#f0742a", 0.1, opacity=0.9) for i in range(6)])

    def iron(self) -> Any:
        sole = shape(
            [(-0.52, -0.34), (0.52, -0.34), (0.5, -0.22), (0.34, 0.02), (-0.42, 0.08), (-0.5, -0.2)],
            blend(self.style.accent, "#4a6fa5", 0.4),
            1.0,
            self.line,
            2,
        )
        grip = shape(
            [
                (-0.42, 0.06),
                (-0.36, 0.3),
                (0.26, 0.24),
                (0.34, 0.02),
                (0.2, 0.02),
                (0.16, 0.13),
                (-0.26, 0.17),
                (-0.28, 0.06),
            ],
            "#3a4047",
            1.0,
            self.line,
            1.5,
        )
        return group(grip, sole, block(0, -0.34, 1.08, 0.07, "#d5dadf", line=self.line, width=1.2))

    def board(self) -> Any:
        cover = blend(self.style.accent, "#ffffff", 0.45)
        return group(
            shape([(-1.7, 0.1), (1.35, 0.1), (1.7, 0.0), (1.35, -0.12), (-1.7, -0.12)], cover, 1.0, self.line, 2),
            *[block(-1.4 + 0.4 * i, 0, 0.1, 0.18, blend(cover, "#ffffff", 0.5)) for i in range(7)],
        )

    def shelf(self) -> Any:
        y0 = SPOTS["shelf"][1]
        made = [block(0, 0, 3.9, 4.2, blend(self.wood, "#000000", 0.3), 0.05, line=self.edge, width=2)]
        made += [block(0, y - y0, 3.8, 0.14, self.wood) for y in BOARDS]
        made += [block(APART * (i - 0.5), 0, 0.04, 4.0, blend(self.wood, "#000000", 0.12)) for i in range(2)]
        return group(
            *made,
            *[block(side * 1.9, 0, 0.1, 4.2, self.wood) for side in (-1, 1)],
            block(0, 2.06, 3.9, 0.1, self.wood),
        )

    def finger(self) -> Any:
        skin = "#e3b48e"
        return group(
            shape([(-0.1, 0.06), (0.02, 0.12), (0.62, -0.5), (0.44, -0.66)], skin, 1.0, self.line, 1.6),
            shape([(0.4, -0.36), (0.66, -0.44), (1.0, -0.9), (0.66, -1.06), (0.34, -0.66)], skin, 1.0, self.line, 1.6),
        )

    def puff(self) -> Any:
        return group(
            *[
                oval(0.16 * i - 0.16, 0.06 * (i % 2), 0.3, 0.26, "#ffffff", opacity=0.85, line="#b8c4cc", width=1.2)
                for i in range(3)
            ]
        )

    def decoy(self, decoy: Decoy, shift: float) -> Any:
        """Something that hangs or stands about."""
        x, y, s = decoy.x + shift, decoy.y, self.style
        hue = ("red", "blue", "green", "orange", "purple", "cyan", "pink", "yellow")[decoy.tint]
        colour = blend(s.colour(hue), s.background, 0.25)
        pale = blend(colour, "#ffffff", 0.6)
        if decoy.kind == "clock":
            hands = [
                shape([(x - 0.03, y), (x + 0.03, y), (x, y + 0.3)], "#252a31"),
                block(x + 0.1, y, 0.22, 0.05, "#252a31"),
            ]
            return group(oval(x, y, 0.86, 0.86, "#fbfaf5", line=colour, width=7), *hands)
        if decoy.kind == "picture":
            hill = shape(
                [
                    (x - 0.36, y - 0.26),
                    (x - 0.1, y + 0.1),
                    (x + 0.08, y - 0.08),
                    (x + 0.2, y + 0.04),
                    (x + 0.36, y - 0.26),
                ],
                colour,
            )
            return group(block(x, y, 0.96, 0.76, self.wood, 0.03), block(x, y, 0.76, 0.56, pale), hill)
        if decoy.kind == "broom":
            bristles = shape(
                [(x - 0.16, y - 0.2), (x + 0.16, y - 0.2), (x + 0.3, y - 0.66), (x - 0.3, y - 0.66)],
                "#d9b060",
                1.0,
                self.edge,
                1.2,
            )
            return group(block(x, y + 0.4, 0.09, 1.3, colour, 0.03), bristles)
        if decoy.kind == "cat":
            dark = blend(colour, "#30261f", 0.5)
            ears = [
                shape([(x + d - 0.12, y + 0.08), (x + d, y + 0.36), (x + d + 0.12, y + 0.08)], dark)
                for d in (-0.15, 0.15)
            ]
            eyes = dots([(x - 0.09, y + 0.02), (x + 0.09, y + 0.02)], 0.04, "#f4e9a0", 8)
            return group(oval(x, y - 0.4, 0.6, 0.62, dark), oval(x, y, 0.5, 0.44, dark), *ears, eyes)
        leaves = [
            oval(x + dx, y + dy, 0.26, 0.32, blend("#4d8a4a", s.ink, 0.12))
            for dx, dy in ((-0.22, 0.16), (0.22, 0.16), (0.0, 0.38), (-0.1, 0.06), (0.12, 0.05))
        ]
        return group(*leaves, shape([(x - 0.26, y), (x + 0.26, y), (x + 0.18, y - 0.5), (x - 0.18, y - 0.5)], colour))
