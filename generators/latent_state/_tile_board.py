"""A board of sliding tiles in space and time, and how it looks."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import JsonValue

from generators.latent_state._hidden_looks import draw_passing, draw_table
from generators.latent_state._hidden_show import Showing
from generators.latent_state._hidden_state import Life, Operation
from morse import gestures
from morse.layout import Layout
from morse.schema import Thing
from morse.seeding import Rng
from morse.style import Style, brightness, mix

Board = tuple[int, ...]
"""The numbers row by row from the top, each from left to right; 0 is the gap."""
WAYS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
TILES = {
    False: ("#e9c46a", "#8fb8de", "#c8b6a6", "#a7c4a0", "#e5989b", "#cfd8dc"),
    True: ("#5b7c99", "#8a6d3b", "#4f7a5b", "#8c5a6e", "#6b6f8a", "#46606b"),
}
"""Colours of tiles, by whether the table is dark."""


@lru_cache(maxsize=64)
def neighbours(rows: int, columns: int) -> tuple[Mapping[str, int], ...]:
    """The places beside each place, by the way to them."""
    found = []
    for i in range(rows * columns):
        row, column = divmod(i, columns)
        found.append(
            {
                way: (row + down) * columns + column + across
                for way, (across, down) in WAYS.items()
                if 0 <= row + down < rows and 0 <= column + across < columns
            }
        )
    return tuple(found)


class Tiles:
    """The board in space and time."""

    def __init__(self, life: Life[Board], rng: Rng) -> None:
        *_, corner = life.rules.values(life.seen)
        rows, columns = int(corner[1:]), ord(corner[0]) - 96
        self.rng, self.rows, self.columns = rng, rows, columns
        self.show: Showing[Board] = Showing(life, rng)
        self.size = min(7.6 / rows, 13.0 / columns, 2.3)
        self.spots = [
            ((i % columns - (columns - 1) / 2) * self.size + 0.25, ((rows - 1) / 2 - i // columns) * self.size - 0.25)
            for i in range(rows * columns)
        ]
        # Which tile carries which number is told by neither its name nor its turn in drawing.
        first = life.walk.states[0]
        self.tile_at = rng.shuffled([f"tile-{i}" for i in range(1, rows * columns)])
        self.tile_at.insert(first.index(0), "")
        side = (0.92 * self.size, 0.92 * self.size)
        for i in sorted(range(len(first)), key=lambda place: self.tile_at[place]):
            if first[i]:
                self.show.line.add(self.tile_at[i], self.spots[i], side, z=2)
        for number, i in sorted((number, i) for i, number in enumerate(first) if number):
            name = f"number {number}"
            self.show.line.add(name, self.spots[i], (0.5 * self.size, 0.5 * self.size), z=3, solid=False, opacity=0.0)
            self.show.line.tie(name, self.tile_at[i])

    def layout(self) -> Layout:
        things = [Thing(id=f"tile-{i}", kind="tile") for i in range(1, self.rows * self.columns)]
        for number in range(1, self.rows * self.columns):
            attributes: dict[str, JsonValue] = {"number": number}
            things.append(Thing(id=f"number {number}", kind="number", attributes=attributes, shape_fills_box=False))
        self.show.play(self.reveal, self.move, {"shake": self.shake, "feint": self.feint})
        left, high = self.spots[0]
        labels = [(chr(97 + c), (self.spots[c][0], high + self.size / 2 + 0.32)) for c in range(self.columns)]
        labels += [
            (str(r + 1), (left - self.size / 2 - 0.4, self.spots[r * self.columns][1])) for r in range(self.rows)
        ]
        board = (self.columns * self.size, self.rows * self.size)
        return self.show.layout(things, size=self.size, board=board, labels=labels, middle=(0.25, -0.25, 0.0))

    def reveal(self, start: float, up: float, down: float | None, end: float) -> tuple[str, ...]:
        names = (f"number {number}" for number in range(1, self.rows * self.columns))
        return self.show.fade(names, start, up, down, end)

    def move(self, operation: Operation, start: float, end: float) -> tuple[str, ...]:
        gap = self.tile_at.index("")
        target = neighbours(self.rows, self.columns)[gap][operation.objects[0]]
        tile = self.tile_at[target]
        self.show.line.move(tile, self.spots[gap], start, round(start + 0.28 * (end - start), 3))
        self.tile_at[gap], self.tile_at[target] = tile, ""
        return (tile,)

    def shake(self, start: float, end: float) -> tuple[str, ...]:
        tile = self.rng.choice([tile for tile in self.tile_at if tile])
        gestures.shake(self.show.line, tile, start, end, 0.03 * self.size)
        return (tile,)

    def feint(self, start: float, end: float) -> tuple[str, ...]:
        gap = self.tile_at.index("")
        tile = self.tile_at[self.rng.choice([*neighbours(self.rows, self.columns)[gap].values()])]
        gestures.feint(self.show.line, tile, self.spots[gap], start, end, 0.35 * self.size)
        return (tile,)


def draw_tiles(layout: Layout, stage: Any, style: Style) -> None:
    """Put the board on a stage."""
    from manim import RoundedRectangle

    from morse.stage.lettering import lettering

    top, size = draw_table(stage, style), layout.details["size"]
    width, height = layout.details["board"]
    tile = style.pick("tiles", TILES[brightness(top) < 0.5])
    ink = "#1b1b1b" if brightness(tile) > 0.45 else "#f6f6f2"
    well = {"fill_color": mix(top, style.ink, 0.22), "fill_opacity": 1, "stroke_color": mix(top, style.ink, 0.5)}
    middle = layout.details["middle"]
    stage.backdrop(
        RoundedRectangle(width=width + 0.16, height=height + 0.16, corner_radius=0.12, stroke_width=3, **well).shift(
            middle
        )
    )
    for text, at in layout.details["labels"]:
        stage.backdrop(lettering(text, 0.42, style.ink, font=style.font, cut="bold", at=at, on_line=True))
    round_ = style.pick("corners", (0.04, 0.12, 0.22)) * size
    edge = {"stroke_color": mix(tile, "#000000", 0.45), "stroke_width": 2.5 * style.line}
    look = RoundedRectangle(
        width=0.92 * size, height=0.92 * size, corner_radius=round_, fill_color=tile, fill_opacity=1, **edge
    )
    for thing in layout.objects:
        if thing.kind == "tile":
            stage.add(thing.id, look)
        elif thing.kind == "number":
            text = str(thing.attributes["number"])
            number = lettering(text, 0.55 * size, ink, font=style.font, cut="bold", most_width=0.62 * size)
            stage.add(thing.id, number)
    draw_passing(layout, stage, style)
