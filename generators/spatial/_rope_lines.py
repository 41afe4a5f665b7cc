"""Ropes read off drawn lines: which lines join, where two cross and which lies on top, and what Alexander's polynomial says of them.

Nothing is known here of how the lines came about: they are curves in the plane, each flat on the table or over another.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import comb
from typing import NamedTuple

import numpy as np

NEAR = 0.02
"""Ends of lines that are no further apart are joined, in canvas units."""
SAMPLES = 24
TIP = 0.25
"""How much of the last part between two samples does not count at either end."""
LARGE = 10**7
"""Alexander's polynomial is worked out at this number: its coefficients are the digits."""


class Curve(NamedTuple):
    """A cubic curve, (4, 2): start, two handles, end; and whether it lies over another."""

    points: np.ndarray
    over: bool

    def at(self, share: np.ndarray) -> np.ndarray:
        """(n, 2): places along it."""
        t = np.asarray(share, float)[:, None]
        a, b, c, d = self.points
        return (1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t * t * (1 - t) * c + t**3 * d


class Meeting(NamedTuple):
    """Two curves cross, by their numbers; ``turn``: 1 where over turns to under anticlockwise, both taken from start to end, else −1."""

    over: int
    under: int
    place: tuple[float, float]
    turn: int


class Chain(NamedTuple):
    """A rope: its curves in order, each with the way in which it is gone along (1: from its start). ``ends``: none if it is closed."""

    curves: tuple[tuple[int, int], ...]
    ends: tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class Drawing:
    """Some drawn lines."""

    curves: tuple[Curve, ...]

    @cached_property
    def _samples(self) -> np.ndarray:
        share = np.linspace(0.0, 1.0, SAMPLES + 1)
        return np.stack([curve.at(share) for curve in self.curves])

    @cached_property
    def chains(self) -> tuple[Chain, ...]:
        """The ropes: first those with ends."""
        tips = np.stack([curve.points[i] for curve in self.curves for i in (0, 3)])
        order = np.lexsort((np.round(tips[:, 1], 3), tips[:, 0]))
        mate: dict[int, int] = {}
        for place, one in enumerate(order):
            for other in order[place + 1 :]:
                if tips[other, 0] - tips[one, 0] > NEAR:
                    break
                if abs(tips[other, 1] - tips[one, 1]) < NEAR:
                    mate[int(one)], mate[int(other)] = int(other), int(one)
        found, seen = list[Chain](), set[int]()
        starts = [tip for tip in range(len(tips)) if tip not in mate] + list(range(len(tips)))
        for start in starts:
            if start // 2 in seen:
                continue
            way, tip = list[tuple[int, int]](), start
            while tip // 2 not in seen:
                seen.add(tip // 2)
                way.append((tip // 2, 1 if tip % 2 == 0 else -1))
                last = tip ^ 1
                if last not in mate:
                    ends = tuple((float(tips[i, 0]), float(tips[i, 1])) for i in (start, last))
                    found.append(Chain(tuple(way), ends))
                    break
                tip = mate[last]
            else:
                found.append(Chain(tuple(way), ()))
        return tuple(found)

    @cached_property
    def chain_of(self) -> dict[int, int]:
        """The rope that each curve is of."""
        return {curve: number for number, chain in enumerate(self.chains) for curve, _ in chain.curves}

    @cached_property
    def meetings(self) -> tuple[Meeting, ...]:
        """All crossings, from left to right."""
        low, high = self._samples.min(axis=1), self._samples.max(axis=1)
        found = []
        for i, curve in enumerate(self.curves):
            if not curve.over:
                continue
            close = ((low < high[i]) & (high > low[i])).all(axis=1)
            for j in np.flatnonzero(close):
                if not self.curves[j].over:
                    met = _met(self._samples[i], self._samples[int(j)])
                    if met is not None:
                        found.append(Meeting(i, int(j), *met))
        return tuple(sorted(found, key=lambda one: one.place[0]))

    def over_line(self, x: float) -> list[tuple[float, int]]:
        """(height, curve) of all curves through a column that a vertical line meets."""
        return [
            (float(np.interp(x, points[:, 0], points[:, 1])), i)
            for i, points in enumerate(self._samples)
            if points[0, 0] < points[-1, 0] and points[0, 0] <= x <= points[-1, 0]
        ]

    def below(self, place: tuple[float, float]) -> int:
        """The curve straight below a place, the nearest."""
        x, y = place
        return max(one for one in self.over_line(x) if one[0] < y)[1]

    def polynomial(self, chains: Collection[int]) -> int:
        """Alexander's polynomial of some ropes, the others taken away and loose ends joined outside, at :data:`LARGE`, up to a unit.

        From the Wirtinger presentation read off the crossings (R. Fox, A quick trip through knot theory, 1962), by exact elimination
        (E. Bareiss 1968). 0 for what can be pulled apart.
        """
        ways = {curve: way for number in chains for curve, way in self.chains[number].curves}
        met = [one for one in self.meetings if one.over in ways and one.under in ways]
        unders = {one.under: one for one in met}
        arc_in, arc_out, arc_at, arcs = dict[int, int](), dict[int, int](), dict[int, int](), 0
        for number in chains:
            first, arc = arcs, arcs
            for curve, _ in self.chains[number].curves:
                arc_at[curve] = arc
                if curve in unders:
                    arc_in[curve], arc = arc, arc + 1
                    arc_out[curve] = arc
            own = [curve for curve, _ in self.chains[number].curves]
            if arc > first:  # what comes after the last crossing under is what came before the first
                arc_out = {c: first if c in own and a == arc else a for c, a in arc_out.items()}
                arc_at = {c: first if c in own and a == arc else a for c, a in arc_at.items()}
            arcs = max(arc, first + 1)
        size = arcs - 1
        if size > len(met):
            return 0
        rows = []
        for one in met:
            row = [0] * arcs
            a, b = arc_in[one.under], arc_out[one.under]
            if one.turn * ways[one.over] * ways[one.under] < 0:
                a, b = b, a
            row[arc_at[one.over]] += 1 - LARGE
            row[a] += LARGE
            row[b] -= 1
            rows.append(row[:size])
        value = abs(_determinant(rows[:size]))
        while value and value % LARGE == 0:
            value //= LARGE
        return value

    def bracket(self, joined: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> dict[int, int]:
        """Kauffman's bracket of all ropes, exponent → coefficient, a single ring counting 1: the sum over all ways to split all crossings.

        ``joined``: pairs of loose ends, each the number of a rope and 0 or 1, that are joined outside.
        """
        at = {curve: number for number, one in enumerate(self.meetings) for curve in (one.over, one.under)}
        edges, count = dict[int, tuple[int, int]](), 0
        tips = dict[tuple[int, int], int]()
        for number, chain in enumerate(self.chains):
            first = count
            for curve, _ in chain.curves:
                if curve in at:
                    edges[curve], count = (count, count + 1), count + 1
            if not chain.ends and count > first:  # the last is the first again
                last = next(curve for curve, _ in reversed(chain.curves) if curve in at)
                edges[last], count = (edges[last][0], first), count - 1
            tips[number, 0], tips[number, 1] = first, count
            count += 1
        ways = {curve: way for chain in self.chains for curve, way in chain.curves}
        splits = []
        for one in self.meetings:
            (a, b), (c, d) = edges[one.over], edges[one.under]
            along, across = ((a, d), (c, b)), ((a, c), (b, d))
            splits.append((along, across) if one.turn * ways[one.over] * ways[one.under] > 0 else (across, along))
        total: dict[int, int] = {}
        for state in product((0, 1), repeat=len(splits)):
            parent = list(range(count))

            def root(edge: int, parent: list[int] = parent) -> int:
                while parent[edge] != edge:
                    edge = parent[edge]
                return edge

            pairs = [pair for split, turn in zip(splits, state, strict=True) for pair in split[turn]]
            for one, other in (*pairs, *((tips[a], tips[b]) for a, b in joined)):
                parent[root(one)] = root(other)
            used = {edge for pair in edges.values() for edge in pair} | set(tips.values())
            loops = len({root(edge) for edge in used})
            power = len(state) - 2 * sum(state)
            for k in range(loops):  # (−A² − A⁻²) to the loops less one
                where = power + 2 * (loops - 1) - 4 * k
                total[where] = total.get(where, 0) + (-1) ** (loops - 1) * comb(loops - 1, k)
        return {power: value for power, value in total.items() if value}

    def knotted(self, chain: int) -> bool:
        """Whether a rope alone is knotted, if it crosses itself at most ten times."""
        return self.polynomial([chain]) != 1

    def linked(self, one: int, other: int) -> bool:
        """Whether two ropes hold each other."""
        return self.polynomial([one, other]) != 0

    def swapped(self, meeting: Meeting) -> "Drawing":
        """The same with over and under swapped at a crossing."""
        curves = list(self.curves)
        curves[meeting.over] = curves[meeting.over]._replace(over=False)
        curves[meeting.under] = curves[meeting.under]._replace(over=True)
        return Drawing(tuple(curves))


def _met(one: np.ndarray, other: np.ndarray) -> tuple[tuple[float, float], int] | None:
    """Where two lines of points cross, and to which side; ``None`` where they do not."""
    a, b = one[:-1], np.diff(one, axis=0)
    c, d = other[:-1], np.diff(other, axis=0)
    cross = b[:, None, 0] * d[None, :, 1] - b[:, None, 1] * d[None, :, 0]
    gap = c[None, :, :] - a[:, None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        s = (gap[..., 0] * d[None, :, 1] - gap[..., 1] * d[None, :, 0]) / cross
        t = (gap[..., 0] * b[:, None, 1] - gap[..., 1] * b[:, None, 0]) / cross
    hit = (s >= 0) & (s < 1) & (t >= 0) & (t < 1)
    for share, axis in ((s, 0), (t, 1)):  # where one line goes on as the other, they do not cross
        along = share + np.arange(hit.shape[axis]).reshape((-1, 1) if axis == 0 else (1, -1))
        hit &= (along > TIP) & (along < hit.shape[axis] - TIP)
    hits = np.argwhere(hit)
    if not len(hits):
        return None
    i, j = hits[0]
    place = a[i] + s[i, j] * b[i]
    return (float(place[0]), float(place[1])), 1 if cross[i, j] > 0 else -1


def _determinant(rows: Sequence[Sequence[int]]) -> int:
    """Of a square matrix of whole numbers, exactly."""
    m = [list(row) for row in rows]
    sign, before = 1, 1
    for k in range(len(m) - 1):
        if m[k][k] == 0:
            swap = next((i for i in range(k + 1, len(m)) if m[i][k]), None)
            if swap is None:
                return 0
            m[k], m[swap], sign = m[swap], m[k], -sign
        for i in range(k + 1, len(m)):
            for j in range(k + 1, len(m)):
                m[i][j] = (m[i][j] * m[k][k] - m[i][k] * m[k][j]) // before
        before = m[k][k]
    return sign * m[-1][-1] if m else 1
