"""The lock of coupled dials in space and time, and how it looks."""

import math
from typing import Any, Generic

from pydantic import JsonValue

from generators.latent_state._hidden_looks import draw_passing, draw_table, table_colour
from generators.latent_state._hidden_show import Showing
from generators.latent_state._hidden_state import Life, Operation, S
from morse import gestures
from morse.layout import Layout
from morse.schema import Thing
from morse.seeding import Rng
from morse.style import Style, brightness, mix

WINDOW, KNOB, PLATE, LINE, ROUND = (1.5, 1.5), 1.05, 1.5, 0.72, 1.14
"""For dials 2.6 canvas units apart: width and height of a window, radius of a knob, width of a plate, height of its lines; and the
radius of the arrow round a knob, in radii of the knob."""
INK, PALE = "#1b1b1b", "#fbfaf4"
METALS = ("#c9a24b", "#a9b1b8", "#b87333", "#7d8f9e", "#8f7fa8")


class Case(Generic[S]):
    """The lock in space and time."""

    def __init__(self, life: Life[S], rng: Rng) -> None:
        self.rng = rng
        self.show: Showing[S] = Showing(life, rng)
        self.values = life.rules.values(life.seen)
        self.names = [name for name in self.values if len(name) == 1]
        count = len(self.names)
        links = len(str(self.values["a turns"]).split())
        self.size = size = min(14.6 / count / 2.6, 1.15, 8.3 / (5.8 + LINE * links))
        plate = _plate_height(links, size)
        self.height = 5.6 * size + plate
        low = 0.3 * size - self.height / 2
        knob = low + plate + 1.35 * size
        self.high = knob + 2.2 * size
        self.x = {name: (i - (count - 1) / 2) * 2.6 * size for i, name in enumerate(self.names)}
        line = self.show.line
        for name, x in self.x.items():
            line.add(f"window-{name}", (x, self.high), (WINDOW[0] * size, WINDOW[1] * size), z=1)
            line.add(f"plate-{name}", (x, low + plate / 2), (PLATE * size, plate), z=1)
            turn = rng.uniform(0, 2 * math.pi)
            line.add(f"knob-{name}", (x, knob), (2 * KNOB * size, 2 * KNOB * size), z=2, round=True, angle=turn)
            line.add(f"number-{name}", (x, self.high), (0.9 * size, 1.0 * size), z=2, solid=False)
            line.add(f"shutter-{name}", (x, self.high), (WINDOW[0] * size, WINDOW[1] * size), z=3)
            wide = 2.1 * ROUND * KNOB * size
            line.add(f"sign-{name}", (x, knob), (wide, wide), z=4, solid=False, opacity=0.0, amount=0)

    def layout(self) -> Layout:
        things = [
            Thing(id=f"{kind}-{name}", kind=kind) for kind in ("window", "knob", "shutter") for name in self.names
        ]
        for name in self.names:
            things.append(Thing(id=f"sign-{name}", kind="sign", shape_fills_box=False))
            number: dict[str, JsonValue] = {"number": self.values[name]}
            things.append(Thing(id=f"number-{name}", kind="number", attributes=number, shape_fills_box=False))
            turns: dict[str, JsonValue] = {"turns": self.values[f"{name} turns"]}
            things.append(Thing(id=f"plate-{name}", kind="plate", attributes=turns))
        self.show.play(self.reveal, self.turn, {"shake": self.shake, "feint": self.feint})
        size = self.size
        labels = [(name, (x, self.high + 1.2 * size)) for name, x in self.x.items()]
        case = (len(self.names) * 2.6 * size + 0.5, self.height)
        return self.show.layout(things, size=size, labels=labels, case=case)

    def reveal(self, start: float, up: float, down: float | None, end: float) -> tuple[str, ...]:
        height, slit = WINDOW[1] * self.size, 0.12 * self.size
        for name, x in self.x.items():
            shutter = f"shutter-{name}"
            self.show.line.change(shutter, "h", slit, start, up)
            self.show.line.move(shutter, (x, self.high + (height - slit) / 2), start, up)
            if down is not None:
                self.show.line.change(shutter, "h", height, down, end)
                self.show.line.move(shutter, (x, self.high), down, end)
        return tuple(f"{kind}-{name}" for kind in ("number", "plate") for name in self.names)

    def turn(self, operation: Operation, start: float, end: float) -> tuple[str, ...]:
        name, amount = operation.objects
        sign, knob, line = f"sign-{name}", f"knob-{name}", self.show.line
        line.change(sign, "amount", int(amount), start)
        line.change(sign, "opacity", 1.0, start, round(start + 0.2, 3))
        line.change(sign, "opacity", 0.0, end, round(end + 0.15, 3))
        angle = line.actors[knob].channels["angle"].last - int(amount) * 2 * math.pi / 10
        line.change(knob, "angle", angle, start, round(start + 0.5 * (end - start), 3))
        return (sign,)

    def shake(self, start: float, end: float) -> tuple[str, ...]:
        knob = f"knob-{self.rng.choice(self.names)}"
        gestures.shake(self.show.line, knob, start, end, 0.06 * self.size)
        return (knob,)

    def feint(self, start: float, end: float) -> tuple[str, ...]:
        knob = f"knob-{self.rng.choice(self.names)}"
        gestures.tilt(self.show.line, knob, start, end, self.rng.choice((-0.5, 0.5)))
        return (knob,)


def draw_case(layout: Layout, stage: Any, style: Style) -> None:
    """Put the lock on a stage."""
    from manim import Line, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering

    size = layout.details["size"]
    draw_table(stage, style)
    metal = style.pick("metal", METALS)
    case, dark = mix(table_colour(style), metal, 0.35), mix(metal, "#000000", 0.55)
    corner = style.pick("corners", (0.05, 0.14, 0.24)) * size

    def panel(width: float, height: float, colour: str, corner: float = corner) -> Any:
        look = {"fill_color": colour, "fill_opacity": 1, "stroke_color": dark, "stroke_width": 3 * style.line}
        return RoundedRectangle(width=width, height=height, corner_radius=corner, **look)

    width, height = layout.details["case"]
    stage.backdrop(panel(width, height, case, 0.3))
    for text, at in layout.details["labels"]:
        ink = INK if brightness(case) > 0.45 else PALE
        stage.backdrop(lettering(text, 0.62 * size, ink, font=style.font, cut="bold", at=at, on_line=True))
    window, shutter = (panel(WINDOW[0] * size, WINDOW[1] * size, colour) for colour in (PALE, metal))
    slats = [((-0.6 * size, y * size, 0), (0.6 * size, y * size, 0)) for y in (-0.4, 0.0, 0.4)]
    looks = {
        "window": window,
        "shutter": VGroup(shutter, *(Line(*slat, stroke_color=dark, stroke_width=3) for slat in slats)),
        "knob": _knob(size, metal, dark),
        "sign": lambda channels: _sign(round(channels["amount"]), size, PALE if style.dark else INK),
    }
    for thing in layout.objects:
        if thing.kind in looks:
            stage.add(thing.id, looks[thing.kind])
        elif thing.kind == "number":
            text = str(thing.attributes["number"])
            stage.add(thing.id, lettering(text, 1.25 * size, INK, font=style.font, cut="bold"))
        elif thing.kind == "plate":
            turned = str(thing.attributes["turns"]).replace("-", "−").split()
            lines = [
                lettering(text, 0.66 * size, INK, font="DejaVu Sans", cut="bold", at=(0.0, y), on_line=True)
                for text, y in zip(turned, _lines(len(turned), size), strict=True)
            ]
            stage.add(thing.id, VGroup(panel(PLATE * size, _plate_height(len(turned), size), PALE, 0.08), *lines))
    draw_passing(layout, stage, style)


def _plate_height(lines: int, size: float) -> float:
    return (LINE * lines + 0.16) * size


def _lines(count: int, size: float) -> list[float]:
    """How high the lines of a plate stand, from its middle."""
    return [((count - 1) / 2 - i) * LINE * size for i in range(count)]


def _knob(size: float, metal: str, dark: str) -> Any:
    """A round knob with a mark on its rim."""
    from manim import Circle, RoundedRectangle, VGroup

    plain = {"fill_opacity": 1, "stroke_width": 0}
    mark = RoundedRectangle(width=0.18 * size, height=0.3 * size, corner_radius=0.05, fill_color=PALE, **plain)
    return VGroup(
        Circle(KNOB * size, fill_color=dark, fill_opacity=1, stroke_color=mix(dark, "#000000", 0.5)),
        Circle(0.78 * KNOB * size, fill_color=metal, **plain),
        mark.shift((0.0, 0.82 * KNOB * size, 0.0)),
    )


def _sign(by: int, size: float, arrow: str) -> Any:
    """A disc that says by how much a knob is turned, and an arrow: with the clock for what raises the number."""
    from manim import Arc, Circle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon

    way, radius = (-1 if by > 0 else 1), ROUND * KNOB * size
    arc = Arc(radius, math.pi / 2 - way, way * 1.8, stroke_color=arrow, stroke_width=14 * size)
    end = math.pi / 2 + way * 0.8

    def spot(distance: float, angle: float) -> tuple[float, float]:
        return distance * math.cos(angle), distance * math.sin(angle)

    wide = 0.2 * size
    tip = polygon([spot(radius - wide, end), spot(radius + wide, end), spot(radius, end + way * 0.4)], arrow)
    disc = Circle(0.66 * KNOB * size, fill_color=PALE, fill_opacity=1, stroke_color=INK, stroke_width=3)
    text = f"{'+' if by > 0 else '−'}{abs(by)}"
    return VGroup(arc, tip, disc, lettering(text, 0.85 * size, INK, font="DejaVu Sans", cut="bold"))
