"""How the workshop looks: wall, rack, bench, places, parts and what holds them together, as manim mobjects."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from generators.procedural._assembly_domain import PLACES, Workshop
from generators.procedural._assembly_parts import BOLTS, LOOKS, bar, plate, ring
from generators.procedural._assembly_scene import BELT_HIGH, BENCH, SHELVES
from generators.procedural._room import name_tag, shelf_boards, side_bars
from generators.procedural._shapes import Point, blend, block, group, oval, shape
from generators.procedural._shots import Decoy, Shot
from morse.style import Style
from morse.timeline import Timeline

PAINTS = ("#c9862f", "#8f9aa6", "#b5573c", "#4f7d8c", "#a58a4e", "#6f8a55", "#8a6a9a", "#c2a15a")
BRIGHT = "#e9c46a"


class Props:
    """All looks of one clip set, in one style."""

    def __init__(self, workshop: Workshop, style: Style) -> None:
        self.workshop, self.style = workshop, style
        self.line = blend(style.ink, "#20242a", 0.8 if not style.dark else 0.45)
        self.paint = {
            name: blend(style.pick(f"paint of {name}", PAINTS), style.accent, 0.12)
            for names in workshop.parts.values()
            for name in names
        }
        self.wood = style.pick("wood", ("#b98556", "#8f6240", "#6d7680", "#7a5238", "#56646e"))
        self.front = blend(style.panel, style.accent, style.amount("front", 0.14, 0.4))
        self.rubber = "#2b2d31" if not style.dark else "#d8d2c4"
        self._made: dict[Any, Any] = {}

    def dress(
        self, shot: Shot, timeline: Timeline, decoys: Sequence[Decoy], places: Mapping[str, Point], stage: Any
    ) -> None:
        """Give every actor of one clip its look."""
        stage.backdrop(self.room(shot, decoys, places))
        for name in timeline.actors:
            stage.add(
                name, self.belt if name.startswith("belt ") else self.once(name, lambda name=name: self.look(name))
            )

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What ``make`` returns, made once for all clips."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def look(self, name: str) -> Any:
        """The look of one actor."""
        if name in self.paint:
            return LOOKS[name](self.paint[name], self.line)
        if name in PLACES:
            return self.place(name)
        if name == "spanner":
            return self.spanner()
        return self.nut() if name.startswith("nut of ") else self.bolts()

    def room(self, shot: Shot, decoys: Sequence[Decoy], places: Mapping[str, Point]) -> Any:
        """Wall, rack with name tags, bench, clutter, and the black bars beside a narrow view."""
        style, shift = self.style, shot.shift
        board = blend(style.background, style.ink, 0.05)
        parts: list[Any] = [block(0, -0.95, 16, 3.9, board)]
        parts += [block(x, -0.95, 0.03, 3.9, style.background) for x in (-6, -4, -2, 0, 2, 4, 6)]
        parts += shelf_boards(self.wood, SHELVES)
        for name, (x, _) in places.items():
            if shot.shows(self.workshop.column[name]):
                lip = max(y for y in SHELVES if y < places[name][1]) - 0.2
                words = name.removesuffix(" cover").removesuffix("wheel").strip()
                parts += name_tag(words, x + shift, lip, style, 1.24, 1.14)
        parts += [block(0, -3.78, 16, 1.5, self.front), block(0, BENCH - 0.12, 16, 0.22, self.wood)]
        parts.append(block(0, BENCH - 0.26, 16, 0.06, blend(self.wood, "#000000", 0.4)))
        parts += [self.decoy(decoy, shift) for decoy in decoys]
        return group(*parts, *side_bars(shot, style))

    def place(self, name: str) -> Any:
        """A steel pad with the place's letter below it."""
        from morse.stage.lettering import lettering

        style, steel = self.style, "#9aa3ab"
        return group(
            block(0, 0.44, 2.5, 0.22, steel, 0.04, line=self.line, width=2),
            block(0, -0.14, 0.86, 0.8, style.panel, 0.1, line=self.line, width=2),
            lettering(name.removeprefix("place "), 0.66, style.ink, cut="bold", at=(0.0, -0.14), on_line=True),
        )

    def nut(self) -> Any:
        return group(plate(ring(0.3, 6), BRIGHT, "#33302a"), oval(0, 0, 0.26, 0.26, "#8a8f96", line="#33302a", width=2))

    def bolts(self) -> Any:
        """Four bright bolts with a slot, at the corners of a cover."""
        heads = [plate(ring(0.2, 6, 0.3, at), BRIGHT, "#33302a") for at in BOLTS]
        return group(*heads, *[block(x, y, 0.22, 0.06, "#33302a") for x, y in BOLTS])

    def belt(self, values: Mapping[str, float]) -> Any:
        """A belt between two hubs, or the half of it that is in view."""
        return self.once(("belt", values["left"], values["right"]), lambda: self._belt(values["left"], values["right"]))

    def _belt(self, left: float, right: float) -> Any:
        reach, r = (left + right), BELT_HIGH / 2 - 0.08
        arc = [math.pi * (0.5 + i / 16) for i in range(17)]
        near = [(r * math.cos(a) - reach, r * math.sin(a)) for a in arc]
        far = [(reach - r * math.cos(a), -r * math.sin(a)) for a in arc]
        path = (near if left else []) + ([] if left else [(-reach, -r)])
        path += far if right else [(reach, -r), (reach, r)]
        path += [] if left else [(-reach, r)]
        runs = list(zip(path, [*path[1:], path[0]], strict=True))
        open_at = reach if not right else -reach if not left else None
        sides = [run for run in runs if open_at is None or not all(abs(x - open_at) < 1e-6 for x, _ in run)]
        return group(*[bar(a, b, 0.15, self.rubber, self.rubber) for a, b in sides if math.dist(a, b) > 1e-6])

    def spanner(self) -> Any:
        """A spanner whose jaw is in the middle of its box, so that it turns about the nut."""
        steel = "#c3cad1"
        jaw = [(0.36 * math.cos(a), 0.36 * math.sin(a)) for a in [math.pi * (0.75 + i / 12 * 1.5) for i in range(13)]]
        return group(
            bar((0.22, -0.22), (0.95, -0.95), 0.24, steel, self.line),
            shape([*jaw, (0.08, 0.1), (-0.1, -0.08)], steel, 1.0, self.line, 2.0),
        )

    def decoy(self, decoy: Decoy, shift: float) -> Any:
        """Something that stands about."""
        x, y, s = decoy.x + shift, decoy.y, self.style
        hue = ("red", "blue", "green", "orange", "purple", "cyan", "pink", "yellow")[decoy.tint]
        tint = blend(s.colour(hue), s.background, 0.25)
        if decoy.kind == "oil can":
            spout = bar((x, y + 0.2), (x + 0.24, y + 0.52), 0.07, tint, self.line)
            return group(spout, plate([(x - 0.26, y - 0.35), (x + 0.26, y - 0.35), (x, y + 0.3)], tint, self.line))
        if decoy.kind == "mug":
            grip = oval(x + 0.25, y, 0.28, 0.34, tint, opacity=0.0, line=tint, width=5)
            return group(grip, block(x - 0.04, y, 0.46, 0.62, tint, 0.05, line=self.line, width=2))
        if decoy.kind == "spanner":
            return group(
                block(x, y, 0.13, 0.7, tint, 0.04),
                oval(x, y + 0.38, 0.34, 0.24, tint),
                oval(x, y - 0.38, 0.28, 0.2, tint),
            )
        fold = blend(tint, "#ffffff", 0.4)
        return group(block(x, y, 0.5, 0.7, tint, 0.05), block(x, y - 0.15, 0.5, 0.08, fold), block(x, y - 0.3, 0.5, 0.04, fold))  # fmt: skip
