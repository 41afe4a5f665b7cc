"""Functions on 0 … 8 that are broken lines with whole values, one after another applied to a number."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generators.mathematical._experiment_graphs import Array, Lineup, line_up
from morse.errors import Rejected
from morse.seeding import Rng

TOP = 8
NAMES = "fghkpq"
Line = tuple[int, ...]
"""The values at 0, 1 … 8."""
GRAPHED = np.linspace(0, TOP, 321)
APART = 2.0
STEEP = 2
"""How far two graphs of compositions are apart somewhere, at least; and how steep a function is at most."""


@dataclass(frozen=True)
class Functions:
    """``lines``: f, g, h … ``order``: in which they are shown. Asked for are f(g(… (``at``))), the one whole x with
    f(g(x)) = x (``fixed``), and the only x with f(x) = g(a) (``inverse``: a, x)."""

    lines: tuple[Line, ...]
    order: tuple[int, ...]
    at: int
    fixed: int
    inverse: tuple[int, int]
    lineup: Lineup
    noise: tuple[Line, ...]

    @property
    def value(self) -> int:
        return applied(self.lines, self.at)


def applied(lines: Sequence[Line], x: int) -> int:
    """The last line is applied first."""
    for line in reversed(lines):
        x = line[x]
    return x


def composite(lines: Sequence[Line], x: Array) -> Array:
    """The same anywhere between."""
    for line in reversed(lines):
        x = np.interp(x, np.arange(TOP + 1), line)
    return x


def draw_functions(count: int, noise: int, aim: Rng, rng: Rng) -> Functions:
    """Functions with wanted answers. Raises :class:`Rejected` where none are found."""
    value, fixed, inverse = aim.integer(0, TOP), aim.integer(0, TOP), aim.integer(0, TOP)
    for _ in range(3000):
        f = _line_with_end(inverse, rng)
        if fixed not in f:
            continue
        g = _any_line(rng)
        while f[g[fixed]] != fixed:
            g = _any_line(rng)
        backs = [a for a in range(TOP + 1) if g[a] == f[inverse]]
        if not backs or any(f[g[x]] == x for x in range(TOP + 1) if x != fixed):
            continue
        lines = (f, g, *(_any_line(rng) for _ in range(count - 2)))
        ats = [a for a in range(TOP + 1) if applied(lines, a) == value and a != fixed]
        if not ats:
            continue
        place = rng.integer(1, TOP - 2)
        other = (*g[:place], g[place + 1], g[place], *g[place + 2 :])
        wrong = [_graph((g, f)), _graph((f, other)), _graph((other, f))]
        try:
            lineup = line_up(_graph((f, g)), wrong, APART, aim.fork("place"), rng)
        except Rejected:
            continue
        grey = tuple(_any_line(rng) for _ in range(noise))
        order = tuple(rng.shuffled(range(count)))
        return Functions(lines, order, rng.choice(ats), fixed, (rng.choice(backs), inverse), lineup, grey)
    raise Rejected("no functions as wanted")


def _graph(lines: Sequence[Line]) -> tuple[float, ...]:
    return tuple(np.round(composite(lines, GRAPHED), 3).tolist())


NEAR = [[y for y in range(TOP + 1) if 1 <= abs(y - value) <= STEEP] for value in range(TOP + 1)]
"""To where a line may go from each value: up or down by one or two, so that a composition can still be read."""


def _any_line(rng: Rng) -> Line:
    values = [rng.integer(0, TOP)]
    while len(values) <= TOP:
        values.append(rng.choice(NEAR[values[-1]]))
    return tuple(values)


def _line_with_end(place: int, rng: Rng) -> Line:
    """A line that is the highest, or the lowest, at one place alone."""
    top = rng.integer(TOP - 2, TOP)
    sides = []
    for length in (place, TOP - place):
        values = [top]
        while len(values) <= length:
            values.append(rng.choice([y for y in NEAR[values[-1]] if y < top]))
        sides.append(values)
    line = (*sides[0][:0:-1], *sides[1])
    return line if rng.chance(0.5) else tuple(TOP - y for y in line)
