"""How the kitchen looks: its furniture, jars, ingredients, vessels and what lies in them, as manim mobjects."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from generators.procedural._kitchen_domain import Kitchen, parts_of
from generators.procedural._kitchen_food import INGREDIENTS, average, bowl_width, contents, pieces, specks, whole
from generators.procedural._kitchen_scene import COUNTER, ITEM, SHELVES
from generators.procedural._room import name_tag, shelf_boards, side_bars
from generators.procedural._shapes import Point, blend, block, dots, group, oval, shape
from generators.procedural._shots import Decoy, Shot
from morse.style import Style
from morse.timeline import Timeline

WOODS = ("#b98556", "#8f6240", "#c9a06c", "#7a5238", "#a9764a")


class Props:
    """All looks of one clip set, in one style."""

    def __init__(self, kitchen: Kitchen, style: Style) -> None:
        self.kitchen, self.style = kitchen, style
        self.wood = style.pick("wood", WOODS)
        self.line = blend(style.ink, "#2a211b", 0.6) if not style.dark else blend(style.ink, "#2a211b", 0.35)
        self.glass_line = blend(style.ink, "#ffffff", 0.25) if style.dark else blend(style.ink, "#7f9aa8", 0.35)
        self.glass = blend(style.background, "#9db8c6", 0.45)
        self.width = 2.4 * style.line
        self.metal = style.pick("metal", ("#9aa3ab", "#b4b0a8", "#87909c", "#c2a878"))
        self.handle = style.pick("handle", ("#a5452f", "#30506e", "#3d6b4a", "#3a3330", "#c98a2b"))
        self.top = style.pick("counter", ("#d9cbb8", "#c9c4bd", "#b9a28a", "#8d8478", "#e5ddd0"))
        self._made: dict[tuple[str, Any], Any] = {}
        self.cabinet = blend(style.panel, style.accent, style.amount("cabinet", 0.14, 0.4))

    def dress(
        self, shot: Shot, timeline: Timeline, decoys: Sequence[Decoy], places: Mapping[str, Point], stage: Any
    ) -> None:
        """Give every actor of one clip its look."""
        stage.backdrop(self.room(shot, decoys, places))
        for name, actor in timeline.actors.items():
            stage.add(name, self.stream(shot, actor.size) if name == "stream" else self.look(name, shot))

    def once(self, key: tuple[str, Any], make: Callable[[], Any]) -> Any:
        """What ``make`` returns, made once for all clips."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def look(self, name: str, shot: Shot) -> Any:
        """The look of one actor."""
        held = (shot.before if name.startswith("before in ") else shot.after).get(name.partition(" in ")[2])
        return self.once((name, held), lambda: self._look(name, held if isinstance(held, tuple) else ()))

    def _look(self, name: str, held: tuple[str, ...]) -> Any:
        if name.endswith(" jar"):
            return self.jar(name.removesuffix(" jar"))
        if name in INGREDIENTS:
            return lambda values: self.once(
                (f"{name} cut", values["cut"]), lambda: pieces(name) if values["cut"] else whole(name)
            )
        if name.startswith(("before in ", "after in ")):
            return contents(name.partition(" in ")[2], held)
        if name.startswith("steam"):
            return self.steam()
        return {
            "board": self.board,
            "bowl": self.bowl,
            "pot": self.pot,
            "baking dish": self.dish,
            "plate": self.plate,
            "stove": self.stove,
            "oven": self.oven,
            "fire of stove": self.flames,
            "fire of oven": self.glow,
            "knob of stove": self.knob,
            "knob of oven": self.knob,
            "knife": self.knife,
            "whisk": self.whisk,
        }[name]()

    def room(self, shot: Shot, decoys: Sequence[Decoy], places: Mapping[str, Point]) -> Any:
        """Wall, shelves with name tags, counter and cupboards, and the black bars beside a narrow view."""
        style, shift = self.style, shot.shift
        parts: list[Any] = []
        tile = blend(style.background, style.ink, 0.05)
        parts += [block(0, -0.9, 16, 3.1, tile)]
        parts += [block(x, -0.9, 0.03, 3.1, style.background) for x in [i * 0.8 - 8 for i in range(21)]]
        parts += [block(0, y, 16, 0.03, style.background) for y in (-1.7, -0.9, -0.1)]
        parts += shelf_boards(self.wood, SHELVES)
        for name, (x, y) in places.items():
            if shot.shows(self.kitchen.column[name]):
                lip = y - ITEM[1] / 2 - 0.2
                parts += name_tag(name.removesuffix(" jar"), x + shift, lip, style, 1.2, 1.12)
        parts += [block(0, -3.6, 16, 1.9, self.cabinet), block(0, COUNTER - 0.11, 16, 0.22, self.top)]
        parts.append(block(0, COUNTER - 0.24, 16, 0.05, blend(self.top, "#000000", 0.35)))
        edge = blend(self.cabinet, style.ink, 0.3)
        for column in range(3):
            x = 4 * column - 6 + shift
            for door in (-0.97, 0.97):
                parts.append(
                    block(x + door, -3.65, 1.8, 1.5, blend(self.cabinet, "#ffffff", 0.08), 0.08, line=edge, width=1.5)
                )
                parts.append(block(x + door * 0.2, -3.45, 0.09, 0.4, self.metal, 0.04))
        parts += [self.decoy(decoy, shift) for decoy in decoys]
        return group(*parts, *side_bars(shot, style))

    def decoy(self, decoy: Decoy, shift: float) -> Any:
        """Something in the background."""
        x, y, s = decoy.x + shift, decoy.y, self.style
        tint = s.colour(("red", "blue", "green", "orange", "purple", "cyan", "pink", "yellow")[decoy.tint])
        tint = blend(tint, s.background, 0.25)
        if decoy.kind == "towel":
            stripes = [block(x, y + dy, 0.9, 0.1, blend(tint, "#ffffff", 0.6)) for dy in (-0.35, -0.15)]
            return group(block(x, y, 0.9, 1.1, tint, 0.04), *stripes, block(x, y + 0.58, 1.1, 0.09, self.metal, 0.04))
        if decoy.kind == "cat":
            dark = blend(tint, "#30261f", 0.55)
            ears = [
                shape([(x + d - 0.13, y + 0.42), (x + d, y + 0.72), (x + d + 0.13, y + 0.42)], dark)
                for d in (-0.16, 0.16)
            ]
            eyes = dots([(x - 0.1, y + 0.36), (x + 0.1, y + 0.36)], 0.045, "#f4e9a0", 8)
            tail = oval(x + 0.48, y - 0.35, 0.75, 0.16, dark)
            return group(oval(x, y - 0.15, 0.75, 0.95, dark), tail, oval(x, y + 0.35, 0.58, 0.5, dark), *ears, eyes)
        if decoy.kind == "plant":
            green = blend("#4d8a4a", s.ink, 0.15)
            leaves = [
                oval(x + dx, y + dy, 0.3, 0.36, green)
                for dx, dy in ((-0.28, 0.2), (0.28, 0.2), (0.0, 0.45), (-0.14, 0.1), (0.16, 0.08))
            ]
            return group(*leaves, shape([(x - 0.32, y), (x + 0.32, y), (x + 0.22, y - 0.6), (x - 0.22, y - 0.6)], tint))
        if decoy.kind == "ladle":
            return group(
                block(x, y + 0.15, 0.08, 0.8, self.metal, 0.03),
                oval(x, y - 0.35, 0.42, 0.36, self.metal),
                dots([(x, y + 0.6)], 0.06, self.line, 8),
            )
        if decoy.kind == "spatula":
            return group(
                block(x, y + 0.2, 0.08, 0.75, tint, 0.03),
                block(x, y - 0.33, 0.34, 0.5, self.metal, 0.05),
                dots([(x, y + 0.6)], 0.06, self.line, 8),
            )
        basket = [block(x, y - 0.42 + 0.17 * i, 1.0, 0.05, blend(self.wood, "#000000", 0.3)) for i in range(4)]
        return group(
            shape([(x - 0.55, y + 0.2), (x + 0.55, y + 0.2), (x + 0.45, y - 0.5), (x - 0.45, y - 0.5)], self.wood),
            *basket,
            oval(x, y + 0.22, 0.9, 0.22, tint),
        )

    def jar(self, ingredient: str) -> Callable[[Mapping[str, float]], Any]:
        """A glass jar; its channel ``level`` says how many portions are in it."""
        colour, grain = INGREDIENTS[ingredient]
        wide, high = ITEM
        body = high - 0.32
        unit = (body - 0.08) / max(self.kitchen.most_portions, 1)

        def filled(level: float) -> Any:
            foot = -high / 2 + 0.06
            parts: list[Any] = [block(0, -0.14, wide, body, self.glass, 0.14, opacity=0.55)]
            if level:
                fill = level * unit
                parts.append(block(0, foot + fill / 2, wide - 0.1, fill, colour, 0.06))
                parts.append(
                    specks(grain, colour, lambda _: wide / 2 - 0.09, foot + 0.06, foot + fill - 0.06, int(5 * level))
                )
                parts.append(block(0, foot + fill - 0.03, wide - 0.1, 0.06, blend(colour, "#3a2a1a", 0.3)))
            ticks = [
                block(wide / 2 - 0.16, foot + i * unit, 0.2, 0.035, self.line)
                for i in range(1, self.kitchen.most_portions)
            ]
            rim = block(0, -0.14, wide, body, "#ffffff", 0.14, opacity=0.0, line=self.glass_line, width=self.width)
            shine = block(-wide / 2 + 0.14, -0.1, 0.06, body - 0.35, "#ffffff", 0.03, opacity=0.7)
            lid = block(0, high / 2 - 0.15, wide * 0.82, 0.26, self.handle, 0.05)
            return group(*parts, *ticks, rim, shine, lid)

        return lambda values: self.once((f"filled {ingredient}", values["level"]), lambda: filled(values["level"]))

    def bowl(self) -> Any:
        ys = [-0.75 + 1.5 * i / 12 for i in range(13)]
        outline = [(-bowl_width(y) - 0.06, y) for y in ys] + [(bowl_width(y) + 0.06, y) for y in reversed(ys)]
        rim = block(0, 0.74, 2.56, 0.12, "#ffffff", 0.06, opacity=0.8, line=self.glass_line, width=self.width)
        foot = block(0, -0.72, 0.9, 0.1, self.glass_line, 0.04)
        return group(shape(outline, self.glass, 0.3, self.glass_line, self.width * 1.3), foot, rim, _shine(-0.95, 0.35))

    def pot(self) -> Any:
        walls = block(0, -0.02, 2.3, 1.3, self.glass, 0.16, opacity=0.25, line=self.glass_line, width=self.width * 1.3)
        grips = [block(side * 1.26, 0.3, 0.36, 0.2, self.handle, 0.08) for side in (-1, 1)]
        base = block(0, -0.62, 2.3, 0.12, self.metal, 0.05)
        rim = block(0, 0.62, 2.36, 0.1, self.metal, 0.05)
        return group(*grips, walls, base, rim, _shine(-0.92, 0.1))

    def dish(self) -> Any:
        outline = [(-0.92, 0.48), (0.92, 0.48), (0.8, -0.5), (-0.8, -0.5)]
        walls = shape(outline, self.glass, 0.3, self.glass_line, self.width * 1.3)
        grips = [block(side * 0.9, 0.42, 0.3, 0.13, self.handle, 0.06) for side in (-1, 1)]
        return group(walls, *grips, block(0, -0.46, 1.62, 0.09, self.glass_line, 0.03))

    def plate(self) -> Any:
        rim = blend("#ffffff", self.style.accent, 0.25)
        return group(
            shape(
                [(-0.87, 0.08), (0.87, 0.08), (0.5, -0.08), (-0.5, -0.08)], "#fbf8f2", 1.0, self.line, self.width * 0.7
            ),
            block(0, 0.05, 1.7, 0.05, rim),
        )

    def board(self) -> Any:
        colour = blend(self.wood, "#f0c890", 0.5)
        return group(
            block(0, 0, 3.3, 0.18, colour, 0.06, line=self.line, width=1.5), block(1.45, 0, 0.16, 0.06, self.line, 0.03)
        )

    def stove(self) -> Any:
        grate = [block(x, 0.2, 0.1, 0.16, "#2c2a2b") for x in (-1.0, -0.5, 0.5, 1.0)]
        return group(block(0, -0.02, 3.0, 0.24, "#3b3d42", 0.06), block(0, 0.28, 2.4, 0.06, "#2c2a2b"), *grate)

    def flames(self) -> Any:
        tongues = []
        for i, x in enumerate((-0.78, -0.4, 0.0, 0.4, 0.78)):
            h = 0.2 if i % 2 else 0.26
            tongues.append(
                shape(
                    [(x - 0.16, -0.13), (x - 0.1, 0.02), (x, h - 0.06), (x + 0.1, 0.02), (x + 0.16, -0.13)], "#2f8fe0"
                )
            )
            tongues.append(shape([(x - 0.09, -0.13), (x, h - 0.14), (x + 0.09, -0.13)], "#ffb13b"))
        return group(*tongues)

    def oven(self) -> Any:
        body = block(0, 0.06, 3.6, 2.0, blend(self.metal, "#3b3d42", 0.45), 0.1, line=self.line, width=1.5)
        window = block(0, -0.08, 2.7, 1.3, "#1d1b1d", 0.12, line=blend(self.metal, "#ffffff", 0.4), width=3)
        racks = [block(0, y, 2.6, 0.03, "#5b5a5e") for y in (-0.55, 0.25)]
        return group(body, window, *racks)

    def glow(self) -> Any:
        shades = ("#4a1f10", "#8c3517", "#d0622a")
        return group(*[block(0, -0.08 - 0.08 * i, 2.6 - 0.5 * i, 1.2 - 0.3 * i, shade, 0.1, opacity=0.9) for i, shade in enumerate(shades)],
                     block(0, -0.62, 2.3, 0.06, "#ffd05a", 0.03), block(0, 0.47, 2.3, 0.05, "#ffd05a", 0.03))  # fmt: skip

    def knob(self) -> Any:
        return group(
            oval(0, 0, 0.36, 0.36, "#efe9df", line=self.line, width=1.5), block(0, 0.08, 0.07, 0.2, "#c0392b", 0.02)
        )

    def knife(self) -> Any:
        blade = shape([(-0.75, -0.02), (0.2, -0.02), (0.2, 0.26), (-0.5, 0.26)], "#dfe4e8", 1.0, self.line, 1.5)
        return group(blade, block(0.5, 0.15, 0.62, 0.2, self.handle, 0.07))

    def whisk(self) -> Any:
        loops = [
            oval(0, -0.45, wide, 1.0, "#ffffff", opacity=0.0, line=self.metal, width=3) for wide in (0.5, 0.28, 0.06)
        ]
        return group(*loops, block(0, 0.5, 0.15, 0.95, self.handle, 0.06))

    def steam(self) -> Any:
        pale = "#ffffff" if self.style.dark else blend("#ffffff", self.style.muted, 0.35)
        return group(*[oval(0.07 * math.sin(2.2 * i), 0.16 * i - 0.3, 0.2, 0.24, pale, opacity=0.75) for i in range(4)])

    def stream(self, shot: Shot, size: tuple[float, float]) -> Any:
        """What runs from one vessel into another."""
        source = shot.objects[0]
        if source.endswith(" jar"):
            colour = INGREDIENTS[source.removesuffix(" jar")][0]
        else:
            value = shot.before[source]
            names = [kind for layer in (value if isinstance(value, tuple) else ()) for kind in parts_of(layer)[1]]
            colour = average([INGREDIENTS[name][0] for name in names])
        return block(0, 0, *size, colour, 0.05)


def _shine(x: float, y: float) -> Any:
    return block(x, y, 0.09, 0.55, "#ffffff", 0.04, opacity=0.6)
