"""A table with cups on named places: where they stand, and how they are lifted, swapped and moved about."""

import math
from collections.abc import Iterable, Sequence

from pydantic import JsonValue

from morse import gestures
from morse.schema import Event
from morse.seeding import Rng
from morse.timeline import Timeline

SWAP_SECONDS = 2.2
"""How long two neighbours take to swap at speed 1."""
CUP, COIN, BALL, CLOTH = (1.15, 1.1), 0.7, 0.5, 4.0
"""Sizes on a table of size 1, in canvas units."""


class CupTable:
    """Where the places are, and what happens on the table when."""

    def __init__(self, cups: int, speed: float, gap: float, open_for: float, rng: Rng) -> None:
        self.speed, self.gap, self.open_for, self.rng, self.timeline = speed, gap, open_for, rng, Timeline(0.0)
        columns, rows = _grid(cups)
        wide, high = min(14.9 / columns, 4.0), min(8.0 / rows, 3.7)
        self.step, self.size = min(wide, high), min(wide / 2.1, high / 2.05)
        self.clock = round(rng.uniform(0.5, 1.2), 3)
        self.free: dict[str, float] = {}
        """Until when each cup is moving."""
        self.passing: list[tuple[str, str]] = []
        self.names: tuple[str, ...] = ()
        self.spots: list[tuple[float, float]] = []
        for i in range(cups):
            x, y = (i % columns - (columns - 1) / 2) * wide, ((rows - 1) / 2 - i // columns) * high + 0.15
            at = (x - 0.23 * self.size, y - 0.7 * self.size)
            self.names += (f"{chr(97 + i % columns)}{i // columns + 1}",)
            self.spots.append((x, y - 0.2 * self.size))
            self.timeline.add(self.names[-1], at, (1.96 * self.size, 0.5 * self.size), solid=False)
        # Neither a cup's number nor its turn in drawing tells where it stood at first.
        self.cup_at = rng.shuffled([f"cup-{i + 1}" for i in range(cups)])
        for i, cup in sorted(enumerate(self.cup_at), key=lambda pair: pair[1]):
            spot, flat = self.spots[i], (1.5 * self.size, 0.5 * self.size)
            self.timeline.add(cup, spot, (CUP[0] * self.size, CUP[1] * self.size), z=3 + i // columns)
            self.timeline.add(f"{cup} shadow", spot, flat, z=1, solid=False, tracked=False)
            self.timeline.tie(f"{cup} shadow", cup)

    def wait(self, seconds: float) -> None:
        """Let time pass, about so much."""
        self.clock = round(self.clock + seconds * self.rng.uniform(0.7, 1.3), 3)
        self.timeline.duration = max([self.clock, *self.free.values()])

    def hide(self, coins: Iterable[tuple[str, int]]) -> None:
        """Put coins under the cups of places; they are drawn only while the cups are up."""
        for coin, place in coins:
            at = (self.spots[place][0], self.spots[place][1] - 0.18 * self.size)
            self.timeline.add(coin, at, (COIN * self.size, COIN * self.size), z=2, round=True, solid=False, opacity=0.0)

    def reveal(self, coins: Sequence[str], last: bool = False) -> tuple[float, float]:
        """Lift all cups for a while, to the end of the clip if it is the last thing; returns when the coins lie open."""
        start = self.clock = max([self.clock, *self.free.values()])
        up, down = round(start + 0.7, 3), round(start + 0.7 + self.open_for + 0.25 * len(coins), 3)
        end = self.clock = down if last else round(down + 0.7, 3)
        for coin in coins:
            self.timeline.change(coin, "opacity", 1.0, start)
            self.timeline.change(coin, "opacity", float(last), end)
        for cup, (x, y) in zip(self.cup_at, self.spots, strict=True):
            self.timeline.move(cup, (x, y + 0.85 * self.size), start, up)
            self.timeline.change(f"{cup} shadow", "opacity", 0.0, start, up)
            if not last:
                self.timeline.move(cup, (x, y), down, end)
                self.timeline.change(f"{cup} shadow", "opacity", 1.0, down, end)
        self.wait(0.8)
        return up, down

    def show(self, kind: str, places: tuple[int, ...]) -> Event:
        """Show one movement as soon as its cups are free."""
        cups = [self.cup_at[place] for place in places]
        start = max([self.clock, *(self.free.get(cup, 0.0) for cup in cups)])
        if kind == "swap":
            end = self._swap(places, start)
        elif kind in ("ball", "cloth"):
            start = max([start, *self.free.values()])
            end = self._pass(kind, start)
        else:
            end = self._decoy(kind, places, start)
        self.free |= dict.fromkeys(cups, end)
        if kind not in ("wiggle", "tilt", "ball") or self.rng.chance(0.5):  # otherwise the next movement joins in
            self.clock = end
        self.wait(self.gap)
        objects = tuple(self.names[place] for place in places) or (self.passing[-1][0],)
        values: dict[str, JsonValue] = {"cups": list(cups)}
        return Event(id=f"{kind}@{start}", kind=kind, objects=objects, start=start, end=end, values=values)

    def _swap(self, places: tuple[int, ...], start: float) -> float:
        one, other = places
        length = math.dist(self.spots[one], self.spots[other])
        end = round(start + SWAP_SECONDS * (0.8 + 0.2 * length / self.step) / self.speed, 3)
        bend = 0.6 * self.size / length * self.rng.choice((-1, 1))
        for cup, place in ((self.cup_at[one], other), (self.cup_at[other], one)):
            self.timeline.move(cup, self.spots[place], start, end, bend=bend)
        self.cup_at[one], self.cup_at[other] = self.cup_at[other], self.cup_at[one]
        return end

    def _decoy(self, kind: str, places: tuple[int, ...], start: float) -> float:
        end = round(start + {"feint": 2.4, "stroll": 2.0}.get(kind, 1.2) / self.speed, 3)
        way, line = self.rng.choice((-1, 1)), self.timeline
        for place, towards in zip(places, reversed(places), strict=True):
            cup = self.cup_at[place]
            if kind == "tilt":
                gestures.tilt(line, cup, start, end, 0.2 * way)
            elif kind == "wiggle":
                gestures.shake(line, cup, start, end, 0.14 * self.size)
            elif kind == "stroll":
                gestures.stroll(line, cup, start, end, 0.35 * self.size * way)
            else:
                reach = min(0.22 * math.dist(self.spots[place], self.spots[towards]), 0.55 * self.size)
                gestures.feint(line, cup, self.spots[towards], start, end, reach)
        return end

    def _pass(self, kind: str, start: float) -> float:
        """Let a ball or a cloth cross the table."""
        name, end = f"{kind}-{len(self.passing) + 1}", round(start + 3.0, 3)
        self.passing.append((name, kind))
        box = (CLOTH * self.size, 8.4) if kind == "cloth" else (BALL * self.size, BALL * self.size)
        out = (8.0 + box[0] / 2) * self.rng.choice((-1, 1))
        height = 0.0 if kind == "cloth" else self.rng.uniform(-3.5, 3.5)
        self.timeline.add(name, (-out, height), box, z=10 + len(self.passing), round=kind == "ball")
        self.timeline.move(name, (out, height), start, end, ease="linear")
        return end


def _grid(cups: int) -> tuple[int, int]:
    """Columns and rows for so many places: few left empty, wider than high."""
    shapes = [(-(-cups // rows), rows) for rows in range(1, 5)]
    fitting = [(columns, rows) for columns, rows in shapes if rows <= columns <= 7]
    return min(fitting, key=lambda s: s[0] * s[1] - cups + 2 * abs(math.log(s[0] / s[1] / 1.5)))
