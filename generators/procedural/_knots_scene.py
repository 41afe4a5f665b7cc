"""Fields with ropes in space and time: the line of each rope, how far it is laid, and how its end goes on in a clip."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from generators.procedural._knots_domain import Board, laid, met_along
from generators.procedural._shots import HOLD, Shot
from generators.spatial._rope_diagram import Column, Diagram, Spot
from morse.timeline import EASES, Timeline

FIELD = (7.6, 4.1)
COLUMN, GAP = 0.84, 1.14
"""How wide a column of a line is, and how far apart its strands lie, at most."""
WIDE, HIGH = 6.75, 2.8
"""How wide and how high a line may be."""
PAST, BEFORE = 0.5, 0.8
"""How far past a crossing the end stops, and how far before the first one it lies at first, along the rope."""
LABEL, LABEL_UP = 0.44, 0.62
"""How large a crossing's number is, and how far above the crossing."""
STEPS = 14
GROW = 0.2
"""By how much a rope grows behind its end at a time: less than the tape on the end hides."""
Line = np.ndarray
"""A cubic curve, (4, 2)."""


def places_of(board: Board) -> dict[str, tuple[float, float]]:
    """The middle of each rope's field."""
    spots = ((-3.95, 2.2), (3.95, 2.2), (-3.95, -2.2), (3.95, -2.2))
    return dict(zip(board.ropes, spots, strict=True))


@dataclass(frozen=True, eq=False)
class Track:
    """Where a rope lies: cubic curves one after another."""

    curves: tuple[Line, ...]

    @cached_property
    def points(self) -> np.ndarray:
        """(n, 2): places along all of it."""
        t = np.linspace(0.0, 1.0, STEPS + 1)[:, None]
        parts = []
        for a, b, c, d in self.curves:
            part = (1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t * t * (1 - t) * c + t**3 * d
            parts.append(part[:-1])
        return np.concatenate([*parts, self.curves[-1][-1:]])

    @cached_property
    def far(self) -> np.ndarray:
        """(n,): how far along the rope each of them is."""
        return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(self.points, axis=0).T))])

    @property
    def length(self) -> float:
        return float(self.far[-1])

    def place(self, far: np.ndarray | float) -> np.ndarray:
        """Where a place along the rope is, (…, 2)."""
        return np.stack([np.interp(far, self.far, self.points[:, i]) for i in (0, 1)], axis=-1)

    def stretch(self, start: float, end: float) -> np.ndarray:
        """(n, 2): the line between two places along it."""
        inner = self.far[(self.far > start + 0.01) & (self.far < end - 0.01)]
        return self.place(np.concatenate([[start], inner, [end]]))

    def heading(self, far: np.ndarray | float) -> np.ndarray:
        """The direction of the rope at a place, as an angle."""
        step = self.place(np.asarray(far) + 0.05) - self.place(np.asarray(far) - 0.05)
        return np.arctan2(step[..., 1], step[..., 0])


@dataclass(frozen=True, eq=False)
class Way:
    """The line along which a rope is led, about the middle of its field; ``flipped``: from right to left."""

    line: Diagram
    flipped: bool

    @cached_property
    def tracks(self) -> tuple[Track, ...]:
        """Of the bight that lies there from the start, if there is one, and of the rope that is led, from where it is fixed."""
        around = Diagram(
            self.line.first,
            (Column("plain"), *(column for column in self.line.columns), Column("plain")),
        )
        return tuple(Track(tuple(self._curves(around, rope.path))) for rope in around.ropes)

    @property
    def led(self) -> Track:
        return self.tracks[-1]

    def _curves(self, around: Diagram, path: Sequence[Spot]) -> Iterator[Line]:
        last = len(around.columns)
        wide, gap = min(COLUMN, WIDE / (last - 1)), min(GAP, HIGH / (max(around.strands) - 1))

        def at(spot: Spot) -> tuple[float, float]:
            along = min(max(spot.at, 0.5), last - 0.5)  # what leads in and out is short
            return (along - last / 2) * wide, gap * (spot.lane - (around.strands[spot.at] - 1) / 2)

        flip = np.array([-1.0 if self.flipped else 1.0, 1.0])
        for one, two in pairwise(path):
            a, b = at(one), at(two)
            if one.at == two.at:
                before = around.columns[one.at - 1]
                opens = before.kind == "open" and before.lane == min(one.lane, two.lane)
                reach = wide * (-0.8 if opens else 0.8)
                curve = np.array([a, (a[0] + reach, a[1]), (b[0] + reach, b[1]), b])
            else:
                kind = around.columns[min(one.at, two.at)].kind
                left, right = sorted((a, b))
                half = left[0] + {"open": 0.25, "close": 0.75}.get(kind, 0.5) * (right[0] - left[0])
                curve = np.array([a, (half, a[1]), (half, b[1]), b])
            yield np.round(curve * flip, 3)

    @cached_property
    def crossed(self) -> list[tuple[float, float]]:
        """How far along the rope that lies there each crossing is, and how far along the one that is led."""
        paths = [[*pairwise(rope.path)] for rope in self.line.ropes]

        def far(rope: int, step: tuple[Spot, Spot]) -> float:
            track, place = self.tracks[rope], paths[rope].index(step) + 1  # after what leads in
            return float(track.far[STEPS * place + STEPS // 2])

        return [(far(0, met.first), far(-1, met.again)) for met in met_along(self.line)]

    def stop(self, count: int) -> float:
        """How far the rope is laid when its end has passed so many crossings."""
        if count == len(self.crossed):
            return self.led.length
        following = self.crossed[count][1]
        if count == 0:
            return max(0.6, following - BEFORE)
        here = self.crossed[count - 1][1]
        return min(here + PAST, (here + following) / 2)


def film_step(
    shot: Shot, board: Board, ways: dict[str, Way], places: dict[str, tuple[float, float]], length: float
) -> Timeline:
    """The timeline of one clip: the ropes at rest, the move, which takes ``length`` seconds, the ropes at rest."""
    timeline = Timeline(2 * HOLD + length)
    moved, start, end = shot.objects[0], HOLD, round(HOLD + length, 4)
    for rope in board.ropes:
        if not shot.shows(board.column[rope]):
            continue
        way, (x, y) = ways[rope], places[rope]
        behind = 0.0 if rope == moved else 0.9  # what rests is drawn first, once for many frames
        count = len(laid(shot.before, rope))
        timeline.add(rope, (x, y - 0.1), (FIELD[0] - 0.3, 3.1), z=1.0 - behind, solid=False, laid=float(count))
        for name, (_, again) in zip(board.crossings(rope), way.crossed, strict=True):
            at = way.led.place(again)
            timeline.add(
                name,
                (x + at[0], y - 0.1 + at[1] + LABEL_UP),
                (LABEL, LABEL),
                z=3.0 - 3.0 * behind,
                solid=False,
                round=True,
            )
        tip, angle = way.led.place(way.stop(count)), float(way.led.heading(way.stop(count)))
        at, beneath = (x + tip[0], y - 0.1 + tip[1]), rope == moved and shot.kind == "under"
        for name, z, seen in ((f"tip of {rope}", 1.4 - 1.4 * behind, 1.0), (f"tip below {rope}", 0.7, 0.0))[
            : 1 + beneath
        ]:
            timeline.add(name, at, (0.6, 0.6), z=z, angle=angle, opacity=seen, solid=False, tracked=False)
        if rope == moved:
            _lead_on(timeline, rope, way, count, (start, end), beneath)
    return timeline


def _lead_on(timeline: Timeline, rope: str, way: Way, count: int, span: tuple[float, float], beneath: bool) -> None:
    """The end goes along its line past the next crossing, on top of what lies there or beneath it."""
    start, end = span
    a, b = way.stop(count), way.stop(count + 1)
    x, y = timeline.place(rope, 0.0)
    grid = np.linspace(a, b, 200)
    turn = np.unwrap(way.led.heading(grid))
    turn = turn + (float(way.led.heading(a)) - turn[0])

    def gone(times: np.ndarray) -> np.ndarray:
        return a + (b - a) * EASES["smooth"](np.clip((times - start) / (end - start), 0.0, 1.0))

    for name in (f"tip of {rope}", f"tip below {rope}")[: 1 + beneath]:
        timeline.follow(name, "x", lambda times: x + way.led.place(gone(times))[..., 0], start, end)
        timeline.follow(name, "y", lambda times: y + way.led.place(gone(times))[..., 1], start, end)
        timeline.follow(name, "angle", lambda times: np.interp(gone(times), grid, turn), start, end)
    if beneath:
        for name, there in ((f"tip of {rope}", 0.0), (f"tip below {rope}", 1.0)):
            timeline.change(name, "opacity", there, start)
            timeline.change(name, "opacity", 1.0 - there, end)
    new = f"new of {rope}"
    timeline.add(new, (x, y), (FIELD[0] - 0.3, 3.1), z=0.5 if beneath else 1.2, solid=False, tracked=False, grown=0.0)
    timeline.follow(new, "grown", lambda times: np.round((gone(times) - a) / GROW) * GROW, start, end)
    timeline.change(rope, "laid", count + 1.0, end)
    timeline.change(new, "opacity", 0.0, end)
