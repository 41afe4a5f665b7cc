"""A row of tiles in space and time: they turn their letters to the viewer, move, turn away, and move on."""

from typing import Any

from generators.abstract._shuffle_moves import Move, Shuffle
from morse import gestures
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.timeline import WIDTH, Timeline

ROW, LABEL = 0.25, 0.62
"""Height of the row, and how far below the tiles the numbers of its places are, in canvas units."""
HIGH = 1.3
"""How far tiles rise or sink out of the row, in tiles."""
FLIP, HELD, AWAY = 0.5, (2.4, 3.0), (0.8, 1.2)
"""Seconds in which tiles turn round, for which the letters are seen before the first move, and between turns and moves."""
REST, STILL = 0.22, 0.2
"""Share of a move's time for which nothing moves after it, and seconds before a move that belong to what is to be seen of it."""


class RowShow:
    """The clock of a clip with a row of tiles."""

    def __init__(self, shuffle: Shuffle, rng: Rng) -> None:
        self.shuffle, self.rng, self.times = shuffle, rng, rng.steady("times")
        size = len(shuffle.row)
        self.step = min(2.4, (WIDTH - 0.8) / size)
        self.side = 0.84 * self.step
        self.xs = [(i - (size - 1) / 2) * self.step for i in range(size)]
        self.line = Timeline(0.0)
        self.events: list[Event] = []
        self.clock = round(self.times.uniform(0.7, 1.1), 3)
        self.tile_at = rng.fork("tiles").shuffled([f"tile {i + 1}" for i in range(size)])
        self.letter_of = dict(zip(self.tile_at, shuffle.row, strict=True))
        self.ends: list[float] = []
        """When each move is over."""
        self.spans: list[tuple[float, float, tuple[str, ...]]] = []
        """From shortly before each move until the tiles have lain still after it, and which tiles it moves."""
        self.movers: tuple[str, ...] = ()

    def layout(self) -> Layout:
        square = (self.side, self.side)
        for number, tile in enumerate(sorted(self.tile_at, key=self.rng.fork("depth").shuffled(self.tile_at).index)):
            at, z = (self.xs[self.tile_at.index(tile)], ROW), 2 + 0.1 * number
            letter = self.letter_of[tile]
            self.line.add(tile, at, square, z=z)
            self.line.add(f"back {tile}", at, square, z=z + 0.03, solid=False, tracked=False)
            self.line.add(letter, at, (0.6 * self.side, 0.6 * self.side), z=z + 0.06, opacity=0.0, solid=False)
            for rider in (f"back {tile}", letter):
                self.line.tie(rider, tile)
        up = self._flip(True)
        self._wait(*HELD)
        done = 0
        down = 0.0
        for act in self.shuffle.acts:
            if done == self.shuffle.seen and not down:
                self._wait(*AWAY)
                down = self._flip(False)
                self._wait(*AWAY)
            start, self.clock = self.clock, round(self.clock + self.shuffle.params.pace, 3)
            end = round(start + (1 - REST) * self.shuffle.params.pace, 3)
            if act is None:
                self._feint(start, end)
            else:
                self._move(act, start, end)
                self.ends.append(self.clock)
                self.spans.append((round(start - STILL, 3), self.clock, self.movers))
                done += 1
        self.line.duration = round(self.clock + self.times.uniform(0.7, 1.3), 3)
        letters = [Thing(id=letter, kind="letter", shape_fills_box=False) for letter in sorted(self.shuffle.row)]
        tiles = [Thing(id=tile, kind="tile", shape_fills_box=False) for tile in sorted(self.tile_at)]
        details: dict[str, Any] = {
            "ends": self.ends, "spans": self.spans, "up": up, "down": down, "xs": self.xs, "side": self.side,
            "tiles": self.letter_of,
        }  # fmt: skip
        return Layout(self.line, (*tiles, *letters), tuple(self.events), details=details)

    def _move(self, move: Move, start: float, end: float) -> None:
        before = [*self.tile_at]
        for place, tile in enumerate(before):
            self.tile_at[move.to(place)] = tile
        if move.kind == "jump":
            self._jump(before[move.a], move, start, end)
        else:
            pairs = [(place, move.to(place)) for place in range(len(before)) if move.to(place) > place]
            for a, b in pairs:
                for place, to in ((a, b), (b, a)):
                    far = abs(self.xs[to] - self.xs[place])
                    bend = min(0.5, HIGH * self.side / far)
                    self.line.move(before[place], (self.xs[to], ROW), start, end, bend=bend)
        low, high = min(move.a, move.b), max(move.a, move.b)
        ends = (low, high) if move.kind == "swap" else range(low, high + 1)
        objects, number = (str(move.a + 1), str(move.b + 1)), len(self.spans) + 1
        self.events.append(Event(id=f"move {number}", kind=move.kind, objects=objects, start=start, end=end))
        self.movers = tuple(before[i] for i in ends)

    def _jump(self, jumper: str, move: Move, start: float, end: float) -> None:
        """Up and out of the row, over to the new place while the others move up, and down."""
        out = ROW + HIGH * self.side * self.rng.fork(f"way {start}").choice((-1, 1))
        third = (end - start) / 3
        x = self.line.last_place(jumper)[0]
        self.line.move(jumper, (x, out), start, start + third)
        self.line.move(jumper, (self.xs[move.b], out), start + third, end - third)
        self.line.move(jumper, (self.xs[move.b], ROW), end - third, end)
        for place, tile in enumerate(self.tile_at):
            if tile != jumper and self.line.last_place(tile)[0] != self.xs[place]:
                self.line.move(tile, (self.xs[place], ROW), start + third, end - third)

    def _feint(self, start: float, end: float) -> None:
        """One or two tiles stir and stay where they are."""
        rng = self.rng.fork(f"feint {start}")
        what = rng.choice(("shake", "tilt", "feint"))
        one, other = rng.sample(self.tile_at, 2)
        if what == "shake":
            gestures.shake(self.line, one, start, end, 0.14 * self.side)
        elif what == "tilt":
            self._lean(one, start, end, rng.choice((-0.3, 0.3)))
        else:
            for tile, way in ((one, 1), (other, -1)):
                place = self.line.last_place(tile)
                gestures.feint(self.line, tile, (place[0], place[1] + way), start, end, 0.5 * self.side)
        number = sum(event.kind == "stirs" for event in self.events) + 1
        objects = (one, other) if what == "feint" else (one,)
        self.events.append(Event(id=f"stir {number}", kind="stirs", objects=objects, start=start, end=end))

    def _lean(self, tile: str, start: float, end: float, angle: float) -> None:
        for actor in (tile, f"back {tile}", self.letter_of[tile]):
            gestures.tilt(self.line, actor, start, end, angle)

    def _flip(self, up: bool) -> float:
        """All tiles turn their letters to the viewer, or away; returns when they have."""
        start, middle, end = self.clock, round(self.clock + FLIP / 2, 3), round(self.clock + FLIP, 3)
        for tile, letter in self.letter_of.items():
            for actor in (tile, f"back {tile}", letter):
                width = self.line.actors[actor].size[0]
                self.line.change(actor, "w", 0.03 * width, start, middle, ease="in")
                self.line.change(actor, "w", width, middle, end, ease="out")
            self.line.change(f"back {tile}", "opacity", 0.0 if up else 1.0, middle)
            self.line.change(letter, "opacity", 1.0 if up else 0.0, middle)
        self.clock = end
        return end if up else start

    def _wait(self, least: float, most: float) -> None:
        self.clock = round(self.clock + self.times.uniform(least, most), 3)
