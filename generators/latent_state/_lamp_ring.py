"""Lamps in a circle in space and time, and how they look."""

import math
from typing import Any

from pydantic import JsonValue

from generators.latent_state._hidden_looks import draw_passing, draw_table
from generators.latent_state._hidden_show import Showing
from generators.latent_state._hidden_state import Life, Operation
from morse import gestures
from morse.layout import Layout
from morse.schema import Thing
from morse.seeding import Rng
from morse.style import Style, mix

Lit = tuple[bool, ...]
"""Which lamps are on, from lamp 1 at the top, clockwise."""
RADIUS = 2.95
HAND = (0.62, 0.86)
"""Width and height of the pointer, in canvas units; its tip is its upper left corner."""


class Ring:
    """The circle in space and time."""

    def __init__(self, life: Life[Lit], rng: Rng) -> None:
        count = len(life.seen)
        self.life, self.rng, self.names = life, rng, [str(i + 1) for i in range(count)]
        self.show: Showing[Lit] = Showing(life, rng)
        self.size = min(1.3, 1.35 * math.pi * RADIUS / count)
        turns = [math.pi / 2 - 2 * math.pi * i / count for i in range(count)]
        self.spots = [(RADIUS * math.cos(turn), RADIUS * math.sin(turn)) for turn in turns]
        out = RADIUS + self.size / 2 + 0.36
        self.labels = [
            (((out + 0.14) * math.cos(turn), out * math.sin(turn)), name)  # numbers are wider than high
            for turn, name in zip(turns, self.names, strict=True)
        ]
        line = self.show.line
        for name, spot in zip(self.names, self.spots, strict=True):
            side = (self.size, self.size)
            line.add(f"bulb {name}", spot, side, z=3, round=True, solid=False, opacity=0.0)
            line.add(f"lamp {name}", spot, side, z=2, round=True)
            line.add(
                f"ring {name}", spot, (1.24 * self.size, 1.24 * self.size), z=4, round=True, solid=False, opacity=0.0
            )
        self.home = self._tip((0.0, 0.0))
        line.add("hand", self.home, HAND, z=8, solid=False)

    def layout(self) -> Layout:
        self.show.play(self.reveal, self.press, {"shake": self.shake, "feint": self.feint})
        things = [Thing(id="hand", kind="hand", shape_fills_box=False)]
        for name, lit in zip(self.names, self.life.seen, strict=True):
            state: dict[str, JsonValue] = {"state": "on" if lit else "off"}
            things.append(Thing(id=f"lamp {name}", kind="lamp", attributes={"number": name}))
            things.append(Thing(id=f"bulb {name}", kind="bulb", attributes=state, shape_fills_box=False))
            things.append(Thing(id=f"ring {name}", kind="ring", shape_fills_box=False))
        return self.show.layout(things, size=self.size, labels=self.labels)

    def reveal(self, start: float, up: float, down: float | None, end: float) -> tuple[str, ...]:
        self.show.fade((f"lamp {name}" for name in self.names), start, up, down, end, to=0.0)
        return self.show.fade((f"bulb {name}" for name in self.names), start, up, down, end)

    def press(self, operation: Operation, start: float, end: float) -> tuple[str, ...]:
        line, name = self.show.line, operation.objects[0]
        there, back = round(start + 0.25, 3), round(end - 0.25, 3)
        line.move("hand", self._tip(self.spots[int(name) - 1]), start, there)
        line.change(f"ring {name}", "opacity", 1.0, there)
        line.change(f"lamp {name}", "scale", 0.86, there, round(there + 0.15, 3))
        line.change(f"lamp {name}", "scale", 1.0, round(back - 0.15, 3), back)
        line.change(f"ring {name}", "opacity", 0.0, back)
        line.move("hand", self.home, back, end)
        return ("hand", f"ring {name}")

    def shake(self, start: float, end: float) -> tuple[str, ...]:
        name = self.rng.choice(self.names)
        gestures.shake(self.show.line, f"lamp {name}", start, end, 0.08 * self.size)
        return (f"lamp {name}",)

    def feint(self, start: float, end: float) -> tuple[str, ...]:
        gestures.feint(self.show.line, "hand", self._tip(self.rng.choice(self.spots)), start, end, 0.45 * RADIUS)
        return ("hand",)

    def _tip(self, spot: tuple[float, float]) -> tuple[float, float]:
        """Where the pointer is when its tip is at a place."""
        return spot[0] + HAND[0] / 2, spot[1] - HAND[1] / 2


def draw_ring(layout: Layout, stage: Any, style: Style) -> None:
    """Put the lamps on a stage."""
    from manim import Circle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon

    top, size = draw_table(stage, style), layout.details["size"]
    wire = mix(top, style.ink, 0.45)
    stage.backdrop(Circle(RADIUS, stroke_color=wire, stroke_width=4 * style.line, fill_opacity=0))
    shade = style.pick("shade", (mix(style.accent, top, 0.25), mix(style.ink, top, 0.45), style.muted))
    edge = {"stroke_color": mix(shade, "#000000", 0.5), "stroke_width": 2.5 * style.line}
    for (x, y), name in layout.details["labels"]:
        stage.backdrop(lettering(name, 0.46, style.ink, font=style.font, cut="bold", at=(x, y), on_line=True))
    glow, dark = style.pick("glow", ("#ffd54a", "#ffe27a", "#ffc94d")), "#3a3d42"
    for thing in layout.objects:
        if thing.kind == "lamp":
            knob = Circle(0.14 * size, fill_color=mix(shade, "#ffffff", 0.35), fill_opacity=1, stroke_width=0)
            stage.add(thing.id, VGroup(Circle(size / 2, fill_color=shade, fill_opacity=1, **edge), knob))
        elif thing.kind == "bulb":
            lit = thing.attributes["state"] == "on"
            rim = {"stroke_color": "#9a6b00" if lit else "#101214", "stroke_width": 3.0}
            bulb = Circle((0.32 if lit else 0.36) * size, fill_color=glow if lit else dark, fill_opacity=1, **rim)
            rays = [
                polygon([(r * math.cos(a + d), r * math.sin(a + d)) for r, d in rim_], mix(glow, "#9a6b00", 0.3))
                for a in (math.pi / 4 * i for i in range(8 if lit else 0))
                for rim_ in [[(0.37 * size, -0.12), (0.5 * size, 0.0), (0.37 * size, 0.12)]]
            ]
            stage.add(thing.id, VGroup(*rays, bulb))
        elif thing.kind == "ring":
            ring = Circle(0.62 * size, stroke_color=style.accent, stroke_width=7 * style.line, fill_opacity=0)
            stage.add(thing.id, ring)
        elif thing.kind == "hand":
            points = [(0.0, 0.0), (0.0, 0.82), (0.2, 0.64), (0.36, 1.0), (0.56, 0.91), (0.4, 0.56), (0.7, 0.54)]
            shape = [((x / 0.7 - 0.5) * HAND[0], (0.5 - y) * HAND[1]) for x, y in points]
            stage.add(thing.id, polygon(shape, "#fdfdfd", stroke_color="#16181b", stroke_width=3.5))
    draw_passing(layout, stage, style)
