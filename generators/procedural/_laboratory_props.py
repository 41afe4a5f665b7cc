"""How the laboratory looks: room, bottles and tubs, balance, glassware, burner, ice, funnel, thermometer, as manim mobjects."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from generators.procedural._kitchen_food import average
from generators.procedural._laboratory_domain import COLD, WARM, Laboratory, Layer, layers, reagent
from generators.procedural._laboratory_liquids import (
    INSIDE,
    REAGENTS,
    contents,
    flask_width,
    heap,
    mark,
    nothing,
    tint,
    tube_width,
)
from generators.procedural._laboratory_scene import BENCH, HOLDING, SHELVES, STANDS, STORE
from generators.procedural._room import name_tag, shelf_boards, side_bars
from generators.procedural._shapes import Point, blend, block, dots, group, oval, shape
from generators.procedural._shots import Decoy, Shot
from morse.style import Style
from morse.timeline import Timeline


class Props:
    """All looks of one clip set, in one style."""

    def __init__(self, laboratory: Laboratory, style: Style) -> None:
        self.laboratory, self.style = laboratory, style
        self.line = blend(style.ink, "#1d242b", 0.7 if not style.dark else 0.3)
        self.rim = blend(style.ink, "#ffffff", 0.3) if style.dark else blend(style.ink, "#6f8c9c", 0.4)
        self.glass = blend(style.background, "#b9d3de", 0.5)
        self.width = 2.8 * style.line
        self.steel = style.pick("steel", ("#aab2b9", "#9aa3ad", "#b8b2a6"))
        self.top = style.pick("bench", ("#4a5158", "#6a5a4a", "#3f4a52", "#7d7468"))
        self.board = style.pick("board", ("#8a949c", "#a98658", "#7f8a80", "#6f7a86"))
        self.casing = style.pick("casing", ("#e9ecee", "#d7dde2", "#ece6da"))
        self.front = blend(style.panel, style.accent, style.amount("front", 0.12, 0.34))
        self._made: dict[Any, Any] = {}

    def dress(
        self, shot: Shot, timeline: Timeline, decoys: Sequence[Decoy], places: Mapping[str, Point], stage: Any
    ) -> None:
        """Give every actor of one clip its look."""
        stage.backdrop(self.room(shot, decoys, places))
        for name, actor in timeline.actors.items():
            if name in ("stream", "grains", "drops"):
                stage.add(name, self.running(name, shot, actor.size))
            elif " in " in name:
                when, _, what = name.partition(" in ")
                held = (shot.before if when == "before" else shot.after)[HOLDING[what][0]]
                stage.add(name, self.once((what, held), lambda what=what, held=held: self.held(what, held)))
            else:
                stage.add(name, self.once(name, lambda name=name: self.look(name)))

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What ``make`` returns, made once for all clips."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def look(self, name: str) -> Any:
        """The look of one actor that does not change."""
        if name.endswith((" bottle", " tub")):
            return self.store(name)
        if name.startswith("bubble"):
            return oval(0, 0, 0.2, 0.2, "#ffffff", opacity=0.35, line="#ffffff", width=2.5)
        if name.startswith("steam"):
            pale = "#ffffff" if self.style.dark else blend("#ffffff", self.style.muted, 0.4)
            return group(*[oval(0.08 * (-1) ** i, 0.17 * i - 0.3, 0.24, 0.24, pale, opacity=0.75) for i in range(4)])
        return getattr(self, name)()

    def held(self, what: str, value: Any) -> Any:
        """The look of what something holds or shows."""
        if what in INSIDE:
            return contents(what, value)
        return {
            "balance": self.boat,
            "display": self.display,
            "funnel": self.paper_in,
            "reading": self.mercury,
            "fire": self.flame,
        }[what](value)

    def room(self, shot: Shot, decoys: Sequence[Decoy], places: Mapping[str, Point]) -> Any:
        """Wall, shelves with name tags, bench, stands, and what lies about."""
        style, shift = self.style, shot.shift
        panel = blend(style.background, style.ink, 0.045)
        parts: list[Any] = [block(0, -0.9, 16, 3.7, panel)]
        parts += [block(4.0 * i - 8, -0.9, 0.04, 3.7, style.background) for i in range(5)]
        parts += shelf_boards(self.board, SHELVES)
        for name, (x, y) in places.items():
            if shot.shows(self.laboratory.column[name]):
                parts += name_tag(reagent(name), x + shift, y - STORE[1] / 2 - 0.2, style, 1.2, 1.1)
        parts += [block(0, -3.65, 16, 1.8, self.front), block(0, BENCH - 0.11, 16, 0.22, self.top)]
        parts.append(block(0, BENCH - 0.25, 16, 0.06, blend(self.top, "#000000", 0.4)))
        edge = blend(self.front, style.ink, 0.25)
        parts += [block(4.0 * i - 8, -3.75, 0.05, 1.5, edge) for i in range(5)]
        parts += [oval(x + shift, BENCH + 0.02, wide, 0.16, "#000000", opacity=0.16)
                  for x, wide in ((-6.7, 2.5), (-4.75, 1.2), (-2.0, 2.5), (0.95, 2.0), (3.2, 1.4), (6.1, 2.9))]  # fmt: skip
        parts += self.stands(shift)
        parts += [self.decoy(decoy, shift) for decoy in decoys]
        return group(*parts, *side_bars(shot, style))

    def stands(self, shift: float) -> list[Any]:
        """What holds tube, flask and funnel."""
        steel, line = self.steel, self.line
        x, y = STANDS["tube"][0] + shift, STANDS["tube"][1]
        made: list[Any] = [
            block(x, y + 0.09, 1.1, 0.18, steel, 0.05, line=line, width=2),
            block(x - 0.46, y + 0.85, 0.1, 1.5, steel, line=line, width=1.5),
            block(x + 0.46, y + 0.85, 0.1, 1.5, steel, line=line, width=1.5),
            block(x, y + 1.45, 1.06, 0.13, steel, 0.04, line=line, width=2),
        ]
        x, y = STANDS["flask"][0] + shift, STANDS["flask"][1]
        made += [
            shape(
                [(x + s * 0.72, y + 1.2), (x + s * 0.82, y + 1.2), (x + s * 0.86, y), (x + s * 0.76, y)],
                steel,
                1.0,
                line,
                1.5,
            )
            for s in (-1, 1)
        ]
        made.append(block(x, y + 1.2, 1.8, 0.1, steel, 0.03, line=line, width=1.5))
        x, y = STANDS["funnel"][0] + shift, STANDS["funnel"][1]
        made += [
            block(x - 0.6, y + 0.06, 2.6, 0.12, steel, 0.05, line=line, width=2),
            block(x, y + 1.6, 0.12, 3.2, steel, 0.04, line=line, width=1.5),
            block(x - 0.42, y + 2.42, 0.9, 0.1, steel, 0.04, line=line, width=1.5),
        ]
        return made

    def store(self, name: str) -> Callable[[Mapping[str, float]], Any]:
        """A bottle or tub; its channel ``level`` says how many doses are in it."""
        what = reagent(name)
        make = self.bottle if name.endswith(" bottle") else self.tub
        return lambda values: self.once((name, values["level"]), lambda: make(what, values["level"]))

    def bottle(self, what: str, level: float) -> Any:
        colour, kind = REAGENTS[what]
        outline = [
            (-0.44, -0.62),
            (0.44, -0.62),
            (0.44, 0.14),
            (0.17, 0.38),
            (0.17, 0.6),
            (-0.17, 0.6),
            (-0.17, 0.38),
            (-0.44, 0.14),
        ]
        unit = 0.72 / self.laboratory.most_doses
        parts: list[Any] = [shape(outline, self.glass, 0.55)]
        if level:
            top = -0.58 + level * unit
            ink = blend(
                colour, "#ffffff" if sum(int(colour[i : i + 2], 16) for i in (1, 3, 5)) < 290 else "#2a1a1a", 0.45
            )
            rows = int(level)
            spots = [
                (x, -0.58 + unit * (r + 0.5))
                for r in range(rows)
                for x in (-0.24 + 0.08 * (r % 2), 0.16 + 0.08 * (r % 2))
            ]
            parts += [block(0, (top - 0.58) / 2, 0.8, top + 0.58, colour, 0.04), mark(kind, spots, 0.045, ink)]
            parts.append(block(0, top - 0.02, 0.8, 0.04, blend(colour, "#3a2a2a", 0.35)))
        ticks = [
            block(0.34, -0.58 + i * unit, 0.16, 0.035, self.line) for i in range(1, self.laboratory.most_doses + 1)
        ]
        parts += [*ticks, shape(outline, "#ffffff", 0.0, self.rim, self.width)]
        return group(
            *parts,
            block(0, 0.61, 0.5, 0.09, self.rim, 0.04),
            block(-0.33, -0.2, 0.06, 0.5, "#ffffff", 0.03, opacity=0.65),
        )

    def tub(self, what: str, level: float) -> Any:
        colour = REAGENTS[what][0]
        unit = 0.9 / self.laboratory.most_doses
        parts: list[Any] = [block(0, -0.1, 0.84, 1.06, self.glass, 0.1, opacity=0.55)]
        if level:
            top = -0.6 + level * unit
            ink = blend(
                colour, "#ffffff" if sum(int(colour[i : i + 2], 16) for i in (1, 3, 5)) < 290 else "#2a1a1a", 0.45
            )
            spots = [
                (x + 0.07 * (r % 2), -0.6 + unit * (r + 0.25 + 0.5 * h))
                for r in range(int(level))
                for h in (0, 1)
                for x in (-0.26, -0.05, 0.17)
            ]
            bumps = [(-0.37, top), (-0.2, top + 0.06), (0.0, top - 0.02), (0.2, top + 0.06), (0.37, top)]
            parts += [shape([(-0.37, -0.6), (0.37, -0.6), *reversed(bumps)], colour), dots(spots, 0.035, ink, 4)]
        ticks = [block(0.31, -0.6 + i * unit, 0.16, 0.035, self.line) for i in range(1, self.laboratory.most_doses + 1)]
        rim = block(0, -0.1, 0.84, 1.06, "#ffffff", 0.1, opacity=0.0, line=self.rim, width=self.width)
        return group(
            *parts,
            *ticks,
            rim,
            block(0, 0.5, 0.92, 0.24, blend(self.style.accent, "#ffffff", 0.1), 0.05, line=self.line, width=1.5),
        )

    def balance(self) -> Any:
        casing, line = self.casing, self.line
        return group(
            block(0, 0.34, 1.9, 0.1, self.steel, 0.04, line=line, width=2),
            block(0, 0.24, 0.3, 0.16, self.steel),
            shape([(-1.1, -0.5), (1.1, -0.5), (0.95, 0.18), (-0.95, 0.18)], casing, 1.0, line, 2),
            block(0, -0.18, 1.3, 0.46, "#20302a", 0.05, line=line, width=1.5),
        )

    def display(self, value: str) -> Any:
        """The balance's figure: five grams, or nothing."""
        from morse.stage.lettering import lettering

        return lettering(
            "0.0 g" if value == "empty" else "5.0 g", 0.4, "#9df0b0", cut="bold", at=(0.0, 0.0), on_line=True
        )

    def boat(self, value: str) -> Any:
        """The weighing boat, with a heap in it or empty."""
        tray = shape([(-0.72, 0.06), (0.72, 0.06), (0.5, -0.16), (-0.5, -0.16)], "#f6f4ee", 1.0, self.line, 2)
        return group(*([] if value == "empty" else [heap(value)]), tray)

    def tube(self) -> Any:
        ys = [-0.92 + 0.32 * (i / 8) ** 2 for i in range(9)]
        side = [(tube_width(y) + 0.05, y) for y in ys] + [(0.33, 0.9)]
        outline = [(-x, y) for x, y in reversed(side)] + side
        rim = block(0, 0.9, 0.82, 0.1, self.rim, 0.05)
        ticks = [block(0.2, -0.88 + 0.48 * i, 0.18, 0.04, self.line) for i in (1, 2, 3)]
        return group(
            shape(outline, self.glass, 0.22, self.rim, self.width),
            *ticks,
            rim,
            block(-0.2, 0.1, 0.06, 0.9, "#ffffff", 0.03, opacity=0.55),
        )

    def beaker(self) -> Any:
        from morse.stage.lettering import lettering

        outline = [(-1.08, 1.06), (-1.08, -1.0), (-1.0, -1.08), (1.0, -1.08), (1.08, -1.0), (1.08, 0.92), (1.2, 1.06)]
        ticks = [block(0.84, -1.02 + 0.29 * i, 0.34 if i % 2 == 0 else 0.22, 0.04, self.line) for i in range(1, 7)]
        figures = [
            lettering(str(10 * i), 0.26, self.line, cut="bold", at=(0.5, -1.02 + 0.29 * i), on_line=True)
            for i in (2, 4, 6)
        ]
        return group(
            shape(outline, self.glass, 0.2, self.rim, self.width * 1.2), *ticks, *figures,
            block(-0.86, 0.1, 0.09, 1.5, "#ffffff", 0.04, opacity=0.5),
        )  # fmt: skip

    def flask(self) -> Any:
        ys = [-0.84, 0.4, 0.82]
        side = [(flask_width(y) + 0.06, y) for y in ys]
        outline = [(-x, y) for x, y in reversed(side)] + side
        ticks = [block(flask_width(y) - 0.12, y, 0.2, 0.035, self.line) for y in (-0.8 + 0.42 * i for i in (1, 2, 3))]
        return group(
            shape(outline, self.glass, 0.2, self.rim, self.width * 1.2), *ticks, block(0, 0.84, 0.76, 0.1, self.rim, 0.05),
            shape([(-0.62, -0.6), (-0.54, -0.6), (-0.28, 0.2), (-0.34, 0.2)], "#ffffff", 0.5),
        )  # fmt: skip

    def receiver(self) -> Any:
        outline = [(-0.78, -0.73), (0.78, -0.73), (0.78, 0.56), (0.58, 0.72), (-0.58, 0.72), (-0.78, 0.56)]
        return group(
            shape(outline, self.glass, 0.2, self.rim, self.width * 1.2), block(0, 0.7, 1.36, 0.1, self.rim, 0.05),
            block(-0.64, 0.1, 0.07, 0.8, "#ffffff", 0.03, opacity=0.5),
        )  # fmt: skip

    def funnel(self) -> Any:
        cone = [(-0.82, 0.55), (0.82, 0.55), (0.13, -0.18), (0.1, -0.58), (-0.1, -0.58), (-0.13, -0.18)]
        return group(
            shape(cone, self.glass, 0.25, self.rim, self.width * 1.2), block(0, 0.55, 1.74, 0.08, self.rim, 0.04)
        )

    def paper(self) -> Any:
        return group(
            shape([(-0.62, 0.1), (0.62, 0.1), (0.0, -0.6)], "#fdfcf6", 1.0, "#8a8474", 2),
            block(0, 0.1, 1.3, 0.06, "#e4dfd0"),
        )

    def paper_in(self, value: str) -> Any:
        """What is in the funnel: nothing, a white paper, or one with crystals on it."""
        if value == "bare":
            return nothing()
        sheet = shape(
            [(-0.76, 0.64), (-0.38, 0.58), (0.0, 0.66), (0.38, 0.58), (0.76, 0.64), (0.1, -0.14), (-0.1, -0.14)],
            "#fdfcf6",
            1.0,
            "#8a8474",
            2,
        )
        if value == "paper":
            return group(sheet, block(0.0, 0.24, 0.03, 0.6, "#d8d2c2"))
        names = value.split("+")
        colour = average([REAGENTS[name][0] for name in names])
        dark = blend(colour, "#14101a", 0.45)
        residue = shape(
            [(-0.46, 0.34), (-0.2, 0.44), (0.0, 0.38), (0.24, 0.45), (0.46, 0.34), (0.1, -0.1), (-0.1, -0.1)],
            blend(colour, "#ffffff", 0.2),
            1.0,
            dark,
            2,
        )
        marks = [
            mark(REAGENTS[name][1], [((i - (len(names) - 1) / 2) * 0.2, 0.24), (0.0, 0.06)], 0.045, dark)
            for i, name in enumerate(names)
        ]
        return group(sheet, residue, *marks)

    def thermometer(self) -> Any:
        line = self.line
        ticks = [block(0.14, -0.5 + 0.3 * i, 0.16, 0.035, line) for i in range(7)]
        return group(
            block(0, -0.55, 0.05, 0.5, self.steel),
            block(-0.02, 0.35, 0.5, 2.3, "#f7f7f2", 0.22, line=line, width=2),
            block(0, 0.45, 0.12, 1.9, "#d5dadd", 0.06),
            *ticks,
            oval(0, -0.62, 0.3, 0.3, "#c8202c", line=line, width=1.5),
            block(0, -1.2, 0.8, 0.5, "#f7f7f2", 0.06, line=line, width=2),
        )

    def mercury(self, value: int) -> Any:
        """The thermometer's column and figure."""
        from morse.stage.lettering import lettering

        high = {COLD: 0.2, WARM: 0.55}.get(value, 1.85)
        colour = {COLD: "#2f6fd0", WARM: "#22262b"}.get(value, "#c8202c")
        return group(
            block(0, -0.55 + high / 2, 0.13, high, "#c8202c", 0.04),
            lettering(f"{value}°", 0.36, colour, cut="bold", at=(0.0, -1.2), on_line=True),
        )

    def burner(self) -> Any:
        line = self.line
        return group(
            block(0, -0.34, 0.8, 0.16, "#50565c", 0.05, line=line, width=1.5),
            block(0, 0.06, 0.24, 0.68, self.steel, 0.03, line=line, width=1.5),
            block(0.26, -0.16, 0.34, 0.1, "#b5573c", 0.03),
            block(0, -0.02, 0.34, 0.1, "#50565c", 0.02),
        )

    def flame(self, value: str) -> Any:
        if value == "off":
            return nothing()
        outer = [(-0.26, -0.14), (-0.3, 0.02), (-0.14, 0.2), (0.0, 0.42), (0.14, 0.2), (0.3, 0.02), (0.26, -0.14)]
        return group(
            shape(outer, "#f08a1e"),
            shape([(x * 0.62, y * 0.7 - 0.03) for x, y in outer], "#ffd65a"),
            shape([(x * 0.36, y * 0.5 - 0.06) for x, y in outer], "#3f8fe0"),
        )

    def ice(self) -> Any:
        cubes = [
            block(x, y, 0.34, 0.3, "#e4f5fc", 0.06, line="#7fb4cf", width=2)
            for x, y in ((-0.4, 0.42), (-0.08, 0.5), (0.28, 0.44), (0.4, 0.38), (-0.24, 0.36), (0.1, 0.38))
        ]
        tub = shape(
            [(-0.58, 0.36), (0.58, 0.36), (0.54, -0.48), (-0.54, -0.48)],
            blend(self.style.accent, "#ffffff", 0.35),
            1.0,
            self.line,
            2,
        )
        flakes = [block(0, -0.06, a, b, "#ffffff") for a, b in ((0.5, 0.05), (0.05, 0.5))]
        return group(*cubes, tub, *flakes, block(0, 0.34, 1.22, 0.08, self.line, 0.03, opacity=0.6))

    def label(self) -> Any:
        return group(
            block(0, 0, 0.94, 0.6, "#fff8dc", 0.05, line="#8a3b2a", width=3),
            *[block(0, y, 0.66, 0.07, "#8a3b2a") for y in (0.14, 0.0, -0.14)],
        )

    def rod(self) -> Any:
        return block(0, 0.3, 0.12, 2.6, blend(self.glass, "#ffffff", 0.5), 0.05, line=self.rim, width=2)

    def match(self) -> Any:
        return group(
            block(0.35, 0.2, 0.75, 0.09, "#d9b27a"),
            oval(-0.02, 0.2, 0.16, 0.18, "#b5302a"),
            oval(-0.02, 0.32, 0.16, 0.28, "#ffb13b"),
        )

    def cap(self) -> Any:
        return group(
            block(0, 0, 0.7, 0.5, self.steel, 0.1, line=self.line, width=2), block(0, 0.34, 0.12, 0.26, self.line, 0.04)
        )

    def running(self, kind: str, shot: Shot, size: Point) -> Any:
        """What runs from one thing into another: a stream, grains or drops."""
        source = shot.objects[0]
        wide, high = size
        if source.endswith((" bottle", " tub")):
            colour = REAGENTS[reagent(source)][0]
        elif source == "balance":
            colour = REAGENTS[str(shot.before[source])][0]
        else:
            colour = tint(Layer.read(layers(shot.before, source)[-1]))
        if kind == "stream":
            return block(0, 0, wide, high, colour, 0.06, line=blend(colour, "#20242a", 0.35), width=1.5)
        if kind == "grains":
            spots = [(0.06 * ((i * 7) % 3 - 1), high / 2 - high * (i + 0.5) / 14) for i in range(14)]
            return dots(spots, 0.055, blend(colour, self.style.ink, 0.12), 4)
        colour = blend(colour, "#ffffff", 0.35)
        return group(
            *[oval(0, high / 2 - high * (i + 0.5) / 4, 0.13, 0.2, colour, line=self.rim, width=1.5) for i in range(4)]
        )

    def decoy(self, decoy: Decoy, shift: float) -> Any:
        """Something that lies about."""
        x, y, s, line = decoy.x + shift, decoy.y, self.style, self.line
        hue = ("red", "blue", "green", "orange", "purple", "cyan", "pink", "yellow")[decoy.tint]
        colour = blend(s.colour(hue), s.background, 0.25)
        pale = blend(colour, "#ffffff", 0.55)
        if decoy.kind == "goggles":
            eyes = [oval(x + d, y, 0.5, 0.42, pale, line=colour, width=6) for d in (-0.28, 0.28)]
            return group(block(x, y, 1.36, 0.12, colour, 0.05), *eyes)
        if decoy.kind == "notebook":
            rings = [block(x - 0.36, y + 0.3 - 0.2 * i, 0.16, 0.07, line) for i in range(4)]
            return group(
                block(x, y, 0.76, 0.92, colour, 0.06, line=line, width=1.5),
                block(x + 0.08, y + 0.14, 0.4, 0.26, pale, 0.03),
                *rings,
            )
        if decoy.kind == "gloves":
            hands = []
            for side in (-1, 1):
                fingers = [
                    block(x + side * 0.28 + dx, y + 0.24, 0.1, 0.36, colour, 0.05) for dx in (-0.15, -0.03, 0.09)
                ]
                hands += [
                    *fingers,
                    block(x + side * 0.28 - 0.03, y - 0.12, 0.38, 0.5, colour, 0.08),
                    block(x + side * 0.28 - 0.03, y - 0.36, 0.44, 0.1, pale, 0.03),
                ]
            return group(*hands)
        if decoy.kind == "stool":
            legs = [
                shape(
                    [
                        (x + d * 0.3, y + 0.28),
                        (x + d * 0.38, y + 0.28),
                        (x + d * 0.52, y - 0.55),
                        (x + d * 0.44, y - 0.55),
                    ],
                    self.steel,
                )
                for d in (-1, 1)
            ]
            return group(*legs, block(x, y - 0.12, 0.8, 0.07, self.steel), block(x, y + 0.36, 1.0, 0.2, colour, 0.08))
        sleeves = [
            shape(
                [(x + d * 0.26, y + 0.46), (x + d * 0.52, y + 0.3), (x + d * 0.46, y - 0.2), (x + d * 0.3, y - 0.16)],
                pale,
                1.0,
                line,
                1.2,
            )
            for d in (-1, 1)
        ]
        return group(*sleeves, shape([(x - 0.3, y + 0.48), (x + 0.3, y + 0.48), (x + 0.36, y - 0.55), (x - 0.36, y - 0.55)], "#f2f4f5", 1.0, line, 1.5),
                     block(x, y - 0.05, 0.03, 0.95, line), block(x + 0.18, y + 0.1, 0.18, 0.16, colour))  # fmt: skip
