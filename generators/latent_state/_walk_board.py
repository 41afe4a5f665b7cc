"""A state machine, its pieces and its keys in space and time, and how they look."""

import math
from collections import Counter
from typing import Any, Generic

import numpy as np
from pydantic import JsonValue

from generators.latent_state._hidden_looks import draw_passing, draw_table
from generators.latent_state._hidden_show import Showing
from generators.latent_state._hidden_state import Life, Operation, S
from morse import gestures
from morse.layout import Layout
from morse.schema import Thing
from morse.seeding import Rng
from morse.style import Style, brightness, mix

MIDDLE, REACH, NODE, AREA = (-2.35, 0.0), (4.2, 2.95), 0.46, (10.6, 8.2)
"""Middle and half axes of the ring of nodes, radius of a node, and the area of the machine, in canvas units."""
HOME, KEY, KEY_SIZE, PIECE, POINTER = 4.5, 6.45, (2.1, 1.3), 0.95, 0.66
"""Where pieces rest and where keys are, from left to right; sizes of keys, of pieces, and of their pointers at the nodes."""
BULGE = 1.0
"""How far the control point of an edge lies off its straight way: enough to part two that run opposite ways."""
DASHES = {"x": 1.0, "y": 0.6, "z": 0.28}
"""What share of an edge's dashes is drawn."""
HUES = (("red", "blue", "green"), ("orange", "blue", "purple"), ("purple", "green", "orange"))


class Board(Generic[S]):
    """The machine in space and time."""

    def __init__(self, life: Life[S], rng: Rng) -> None:
        self.rng = rng
        self.show: Showing[S] = Showing(life, rng)
        values = {name: str(value) for name, value in life.rules.values(life.seen).items()}
        self.edges = {name: value.split() for name, value in values.items() if len(name) == 1}
        self.at = {name: value for name, value in values.items() if len(name) > 1}
        nodes = [edge[0] for edge in next(iter(self.edges.values()))]
        turn = rng.uniform(0, 2 * math.pi)
        self.nodes = {
            node: _on_ring(turn - 2 * math.pi * i / len(nodes) + rng.uniform(-0.1, 0.1)) for i, node in enumerate(nodes)
        }
        self.keys = {key: (KEY, (1 - i) * 1.9) for i, key in enumerate(self.edges)}
        high = (len(self.at) - 1) / 2
        self.homes = {piece: (HOME, (high - i) * 1.7) for i, piece in enumerate(self.at)}
        line = self.show.line
        for key in self.edges:
            line.add(f"edges {key}", MIDDLE, AREA, z=1, solid=False, opacity=0.0)
            line.add(f"key-{key}", self.keys[key], KEY_SIZE, z=2)
        for node, spot in self.nodes.items():
            line.add(f"node-{node}", spot, (2 * NODE, 2 * NODE), z=2, round=True)
        shared = Counter(self.at.values())
        met: Counter[str] = Counter()
        for piece, node in self.at.items():
            line.add(f"piece-{piece}", self.homes[piece], (PIECE, PIECE), z=4, solid=False)
            spot = self._beside(node, met[node] - (shared[node] - 1) / 2)
            met[node] += 1
            line.add(f"pointer {piece}", spot, (POINTER, POINTER), z=3, solid=False, opacity=0.0)

    def _beside(self, node: str, number: float) -> tuple[float, float]:
        """A place outside the ring beside a node, ``number`` places along from the middle one."""
        x, y = self.nodes[node]
        away = math.atan2((y - MIDDLE[1]) / REACH[1] ** 2, (x - MIDDLE[0]) / REACH[0] ** 2)
        far, along = NODE + 0.48, 0.75 * number
        return (
            x + far * math.cos(away) - along * math.sin(away),
            y + far * math.sin(away) + along * math.cos(away),
        )

    def layout(self) -> Layout:
        things = [Thing(id=f"node-{node}", kind="node") for node in self.nodes]
        for key, edges in self.edges.items():
            ways: dict[str, JsonValue] = {"edges": [*edges]}
            things.append(Thing(id=f"edges {key}", kind="edges", attributes=ways, shape_fills_box=False))
            things.append(Thing(id=f"key-{key}", kind="key", attributes={"key": key}))
        for piece, node in self.at.items():
            things.append(Thing(id=f"piece-{piece}", kind="piece", attributes={"shape": piece}, shape_fills_box=False))
            where: dict[str, JsonValue] = {"shape": piece, "node": node}
            things.append(Thing(id=f"pointer {piece}", kind="pointer", attributes=where, shape_fills_box=False))
        self.show.play(self.reveal, self.press, {"shake": self.shake, "feint": self.feint})
        return self.show.layout(things, nodes=self.nodes, homes=self.homes)

    def reveal(self, start: float, up: float, down: float | None, end: float) -> tuple[str, ...]:
        names = (*(f"edges {key}" for key in self.edges), *(f"pointer {piece}" for piece in self.at))
        return self.show.fade(names, start, up, down, end)

    def press(self, operation: Operation, start: float, end: float) -> tuple[str, ...]:
        piece, key = operation.objects
        name = f"piece-{piece}"
        self.show.line.move(name, self._on(key), start, round(start + 0.18 * (end - start), 3), ease="out")
        self.show.line.move(name, self.homes[piece], round(end - 0.12, 3), round(end + 0.13, 3))
        return (name,)

    def _on(self, key: str) -> tuple[float, float]:
        x, y = self.keys[key]
        return x + 0.42, y

    def shake(self, start: float, end: float) -> tuple[str, ...]:
        name = f"piece-{self.rng.choice([*self.at])}"
        gestures.shake(self.show.line, name, start, end, 0.12)
        return (name,)

    def feint(self, start: float, end: float) -> tuple[str, ...]:
        name = f"piece-{self.rng.choice([*self.at])}"
        gestures.feint(self.show.line, name, self._on(self.rng.choice([*self.keys])), start, end, 0.55)
        return (name,)


def _on_ring(angle: float) -> tuple[float, float]:
    return MIDDLE[0] + REACH[0] * math.cos(angle), MIDDLE[1] + REACH[1] * math.sin(angle)


def draw_board(layout: Layout, stage: Any, style: Style) -> None:
    """Put the machine on a stage."""
    from manim import Circle, RoundedRectangle, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import symbol

    top = draw_table(stage, style)
    nodes = layout.details["nodes"]
    hues = style.pick("hues", HUES)
    colours = {
        key: mix(style.colour(hue), "#ffffff", 0.35 if style.dark else 0.0)
        for key, hue in zip("xyz", hues, strict=True)
    }
    plain = mix(top, style.ink, 0.1)
    edge = {"stroke_color": style.ink, "stroke_width": 3 * style.line, "fill_opacity": 1}
    for spot in layout.details["homes"].values():
        rest = Circle(0.66, fill_color=mix(top, style.ink, 0.16), fill_opacity=1, stroke_width=0)
        stage.backdrop(rest.shift((*spot, 0.0)))
    for thing in layout.objects:
        name = thing.id[-1]
        if thing.kind == "node":
            disc = Circle(NODE, fill_color=plain, **edge)
            stage.add(thing.id, VGroup(disc, lettering(name, 0.66, style.ink, font=style.font, cut="bold")))
        elif thing.kind == "key":
            width, height = KEY_SIZE
            back = RoundedRectangle(width=width, height=height, corner_radius=0.2, fill_color=plain, **edge)
            back.set_stroke(color=colours[name], width=6)
            letter = lettering(name, 0.8, style.ink, font="DejaVu Sans", cut="bold", at=(-0.62, 0.0))
            stage.add(thing.id, VGroup(back, letter))
        elif thing.kind == "edges":
            back = top if style.dark == (brightness(top) < 0.5) else style.panel
            arrows = [_arrow(nodes[way[0]], nodes[way[-1]], name, colours[name], back) for way in _texts(thing)]
            stage.add(thing.id, VGroup(*arrows).shift((-MIDDLE[0], -MIDDLE[1], 0.0)))
        elif thing.kind in ("piece", "pointer"):
            size = PIECE if thing.kind == "piece" else POINTER
            stage.add(thing.id, symbol(str(thing.attributes["shape"]), size, style.accent))
    draw_passing(layout, stage, style)


def _texts(thing: Thing) -> list[str]:
    edges = thing.attributes["edges"]
    assert isinstance(edges, list)
    return [str(edge) for edge in edges]


def _arrow(start: tuple[float, float], end: tuple[float, float], key: str, colour: str, back: str) -> Any:
    """An arrow that bulges to the left of its way, with its key's letter near its start; each key has dashes of its own."""
    from manim import Circle, Line, VGroup

    from morse.stage.lettering import lettering
    from morse.stage.shapes import polygon

    a, b = np.array(start), np.array(end)
    way = (b - a) / np.hypot(*(b - a))
    left = np.array((-way[1], way[0]))
    bend = (a + b) / 2 + BULGE * left

    def spot(t: Any) -> np.ndarray:
        t = np.asarray(t, dtype=float)[..., None]
        return (1 - t) ** 2 * a + 2 * t * (1 - t) * bend + t**2 * b

    path = spot(np.linspace(0, 1, 400))
    clear = path[(np.hypot(*(path - a).T) > NODE + 0.04) & (np.hypot(*(path - b).T) > NODE + 0.3)]
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(clear, axis=0).T))])
    dashes = max(1, round(lengths[-1] / 0.34)) if DASHES[key] < 1 else 1
    parts = []
    for i in range(dashes):
        ends = np.array((i, i + DASHES[key])) * lengths[-1] / dashes
        on = clear[(lengths >= ends[0] - 1e-9) & (lengths <= ends[1] + 1e-9)]
        line = Line((0, 0, 0), (1, 0, 0), stroke_color=colour, stroke_width=5)
        line.set_points_as_corners(np.column_stack([on, np.zeros(len(on))]))
        parts.append(line)
    tail = clear[-1]
    along = (spot(1.0) - tail) / np.hypot(*(spot(1.0) - tail))
    side = np.array((-along[1], along[0]))
    parts.append(polygon([tail + 0.14 * side, tail - 0.14 * side, tail + 0.29 * along], colour))
    at = clear[np.searchsorted(lengths, min(0.3 * lengths[-1], 0.9))]
    disc = Circle(0.27, fill_color=back, fill_opacity=1, stroke_color=colour, stroke_width=2)
    letter = lettering(key, 0.5, colour, font="DejaVu Sans", cut="bold")
    return VGroup(*parts, VGroup(disc, letter).shift((*at, 0.0)))
