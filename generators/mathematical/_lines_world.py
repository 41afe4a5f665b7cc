"""Lines through points on the crossings of a grid, the order in which the points come up, and what is asked of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

LOW, HIGH, TOP = 1, 9, 10
"""Between which levels points lie; the axis goes from 0 to ``TOP``."""
ACTS = 6
"""Stretches of equal length, each with equally many points; at the end of each there is nothing to be seen."""
ASKED = (2, 4, 6)
"""After which of them is asked which line was the last to have a point over a level."""
WINDOW = 6
"""How many places can be seen at once where the axis scrolls."""
FIT = 12
"""How many places fit beside each other."""
SCALES = (1, 2, 5, 10, 20, 50)
"""How much a level may stand for."""
WAYS = ("across", "by line", "scattered")
"""In which order points come up: place by place, line by line, any."""
MEANT = 4
"""Of how many points the mean is asked."""
SUMS, LIFTS, LIMITS, LASTS = range(14, 27), range(2, 6), (4, 5), range(4, 8)
"""What their levels may add up to; by how many levels a point is thought higher; over which level points are counted, and
over which the last one is asked for."""
SHARES = ((2, 3, 5), (1, 3, 6), (2, 2, 6), (1, 4, 5), (3, 3, 4), (1, 2, 3, 4), (2, 2, 3, 3), (1, 2, 2, 5), (1, 1, 3, 5))
"""Chances in tenths that add up to one."""


class Params(TaskParams):
    lines: int = ramp(3, per_level=0.25, most=5, least=3, limit=6, about="lines, each with a name, a mark and a colour")
    places: int = ramp(6, per_level=0.5, most=12, least=6, limit=20, about="points of each line, one at each place")
    decoys: int = ramp(
        0, per_level=1.5, least=0, about="grey rings that belong to no line, at least (five more at most)"
    )
    pace: float = ramp(0.8, per_level=-0.02, most=0.62, least=0.55, limit=3, about="seconds from one point to the next")
    hold: float = ramp(2.4, per_level=-0.03, most=2.1, least=2.1, limit=4, about="seconds that a point can be seen")

    @property
    def counts(self) -> range:
        """How many points of a line may lie over a level."""
        return range(self.places // 2 - 2, self.places // 2 + 3)


class Dot(NamedTuple):
    """A point of a line (``None``: a grey ring) at a place, from 0, on a level."""

    line: int | None
    place: int
    level: int


class Tag(NamedTuple):
    """A chance in tenths, written over a point or (``way`` −1) under it."""

    tenths: int
    way: int


@dataclass(frozen=True)
class LineChart:
    """``lines``: their levels, place by place. ``order``: all points and rings as they come up. ``tags``: by the number in it.

    What is asked, with lines and places from 0: ``value`` (line, place), ``peaked`` a line, ``meant`` (line, places),
    ``highest`` a place, ``counted`` (line, level), ``jumped`` a line, ``trend`` (line, what comes next), ``lifted`` (line, place,
    levels up), ``ordered`` a place, ``dated`` (line, level), ``last`` a level.
    """

    params: Params
    names: tuple[str, ...]
    scale: int
    way: str
    window: int
    lines: tuple[tuple[int, ...], ...]
    order: tuple[Dot, ...]
    tags: Mapping[int, Tag]
    value: tuple[int, int]
    peaked: int
    meant: tuple[int, tuple[int, ...]]
    highest: int
    counted: tuple[int, int]
    jumped: int
    trend: tuple[int, int]
    lifted: tuple[int, int, int]
    ordered: int
    dated: tuple[int, int]
    last: int

    @property
    def each_act(self) -> int:
        """How many points and rings come up in each act."""
        return len(self.order) // ACTS

    def last_over(self, acts: int) -> int:
        """The last point over the level asked for that has come up in the first acts, by its number."""
        return last_over(self.order[: acts * self.each_act], self.last)


@dataclass(frozen=True)
class Wanted:
    """The answers to aim at: levels, places from 0, lines, and ``dated``: a place, or ``None`` where there is no such day.

    ``lifted``: (place of the highest point then, whether that is the point thought higher, by how much).
    """

    value: int
    peak: int
    total: int
    highest: int
    count: tuple[int, int]
    jump: int
    following: int
    lifted: tuple[int, bool, int]
    dated: int | None


def draw_wanted(params: Params, aim: Rng) -> Wanted:
    places = range(params.places)
    return Wanted(
        value=aim.integer(LOW, HIGH),
        peak=aim.choice(places),
        total=aim.choice(SUMS),
        highest=aim.integer(0, params.lines - 1),
        count=(aim.choice(LIMITS), aim.choice(params.counts)),
        jump=aim.choice(places[:-1]),
        following=aim.choice([*trends()]),
        lifted=(aim.choice(places), aim.chance(1 / params.places), aim.choice(LIFTS)),
        dated=None if aim.chance(0.2) else aim.choice(places),
    )


@cache
def trends() -> dict[int, tuple[tuple[tuple[int, ...], ...], ...]]:
    """What may come next → all runs of four levels that it follows, by their rule: the same step, two steps in turn, doubling."""
    runs: dict[int, dict[str, list[tuple[int, ...]]]] = {16: {"doubling": [(1, 2, 4, 8)]}}
    for first in range(LOW, HIGH + 1):
        for a in range(-6, 7):
            for b in range(-6, 7):
                run = (first, first + a, first + a + b, first + a + b + a)
                following = run[-1] + b
                if a and b and (abs(a) <= 2 or a != b) and 0 <= following <= 12 and all(LOW <= y <= HIGH for y in run):
                    rule = "the same step" if a == b else "two in turn"
                    runs.setdefault(following, {}).setdefault(rule, []).append(run)
    return {following: tuple(map(tuple, rules.values())) for following, rules in sorted(runs.items())}


def highest_place(line: Sequence[int]) -> int | None:
    """The place of the highest level; ``None`` where there are two of them."""
    most = max(line)
    return line.index(most) if line.count(most) == 1 else None


def widest_step(line: Sequence[int]) -> int | None:
    """The place from which to the next a line changes most; ``None`` where there are two of them."""
    return highest_place([abs(b - a) for a, b in pairwise(line)])


def draw_chart(params: Params, names: tuple[str, ...], rng: Rng) -> LineChart:
    """Lines for which all the wanted answers hold. Raises :class:`Rejected` where they are not found."""
    wanted = draw_wanted(params, rng.steady("wanted"))
    shape = rng.fork("shape")
    scale = shape.choice(SCALES)
    trending = shape.integer(0, params.lines - 1)
    run = shape.choice(shape.choice(trends()[wanted.following]))
    for _ in range(3000):
        lines = _levels(params, trending, run, rng)
        jumped = [i for i, line in enumerate(lines) if widest_step(line) == wanted.jump]
        peaks = [highest_place(line) for line in lines] if jumped else []
        peaked = [i for i, peak in enumerate(peaks) if peak == wanted.peak]
        if not peaked:
            continue
        limit, count = wanted.count
        counted = [i for i, line in enumerate(lines) if sum(level > limit for level in line) == count]
        lifted = [*_lifts(lines, peaks, wanted.lifted)] if counted else []
        if not lifted:
            continue
        columns = [*zip(*lines, strict=True)]
        value = [(i, x) for i, line in enumerate(lines) for x, level in enumerate(line) if level == wanted.value]
        highest = [x for x, column in enumerate(columns) if max(column) == column[wanted.highest]]
        dated = [*_dates(lines, wanted.dated)]
        if value and highest and dated:
            break
    else:
        raise Rejected("no lines as wanted")
    way, order = draw_order(params, lines, shape)
    return LineChart(
        params, names, scale, way, _window(params, way, shape), lines, order, draw_tags(order, shape),
        rng.choice(value), rng.choice(peaked), _meant(lines, wanted.total, rng), rng.choice(highest),
        (rng.choice(counted), limit), rng.choice(jumped), (trending, wanted.following), rng.choice(lifted),
        rng.integer(0, params.places - 1), rng.choice(dated), draw_last(order, shape),
    )  # fmt: skip


def _levels(params: Params, trending: int, run: Sequence[int], rng: Rng) -> tuple[tuple[int, ...], ...]:
    """Levels at random, no two lines on the same one at a place; the last of one line are a given run."""
    columns = []
    for place in range(params.places):
        number = place - params.places + len(run)
        if number < 0:
            columns.append(rng.sample(range(LOW, HIGH + 1), params.lines))
        else:
            free = [level for level in range(LOW, HIGH + 1) if level != run[number]]
            column = rng.sample(free, params.lines - 1)
            columns.append([*column[:trending], run[number], *column[trending:]])
    return tuple(zip(*columns, strict=True))


def _lifts(
    lines: Sequence[Sequence[int]], peaks: Sequence[int | None], wanted: tuple[int, bool, int]
) -> Iterator[tuple[int, int, int]]:
    """(line, place, levels) such that the line, with that point so much higher, has its highest point at the wanted place."""
    then, is_lifted, levels = wanted
    for i, line in enumerate(lines):
        if is_lifted and line[then] < max(line) < line[then] + levels:
            yield i, then, levels
        elif not is_lifted and peaks[i] == then:
            yield from ((i, x, levels) for x, level in enumerate(line) if x != then and level + levels < line[then])


def _dates(lines: Sequence[Sequence[int]], place: int | None) -> Iterator[tuple[int, int]]:
    """(line, level) such that the line is on that level at the place alone, or never."""
    for i, line in enumerate(lines):
        if place is None:
            yield from ((i, level) for level in range(LOW, HIGH + 1) if level not in line)
        elif line.count(line[place]) == 1:
            yield i, line[place]


def _meant(lines: Sequence[Sequence[int]], total: int, rng: Rng) -> tuple[int, tuple[int, ...]]:
    """A line and some of its places whose levels add up to a total."""
    for _ in range(400):
        line, places = rng.integer(0, len(lines) - 1), sorted(rng.sample(range(len(lines[0])), MEANT))
        if sum(lines[line][x] for x in places) == total:
            return line, tuple(places)
    raise Rejected("no points with that mean")


def _window(params: Params, way: str, rng: Rng) -> int:
    """How many places are seen at once."""
    scrolls = params.places > FIT or (way == "across" and params.places > WINDOW and rng.chance(0.6))
    return WINDOW if scrolls else params.places


def draw_order(params: Params, lines: Sequence[Sequence[int]], rng: Rng) -> tuple[str, tuple[Dot, ...]]:
    """The way and order in which all points come up, with grey rings among them so that all acts have equally many."""
    way = "across" if params.places > FIT else rng.steady("way").choice(WAYS)
    dots = [Dot(i, x, level) for i, line in enumerate(lines) for x, level in enumerate(line)]
    if way == "scattered":
        dots = rng.shuffled(dots)
    elif way == "by line":
        turns = rng.shuffled(range(len(lines)))
        dots = [dot for line in turns for dot in dots if dot.line == line]
    else:
        dots = [dot for x in range(params.places) for dot in rng.shuffled([dot for dot in dots if dot.place == x])]
    rings = params.decoys + (-len(dots) - params.decoys) % ACTS
    ringed = sorted(rng.sample(range(len(dots) + rings), rings))
    order: list[Dot] = []
    left = iter(dots)
    for number in range(len(dots) + rings):
        order.append(_ring(order, way, lines, rng) if number in ringed else next(left))
    return way, tuple(order)


NEAR = 8
"""Points that come up so soon after each other may be seen together."""


def _ring(before: Sequence[Dot], way: str, lines: Sequence[Sequence[int]], rng: Rng) -> Dot:
    """A grey ring where no line has a point, and no ring has been lately."""
    place = before[-1].place if before else 0
    places = range(max(0, place - 3), place + 1) if way == "across" else range(len(lines[0]))
    lately = {(dot.place, dot.level) for dot in before[-NEAR:]}
    free = [
        Dot(None, x, level)
        for x in places
        for level in range(LOW, HIGH + 1)
        if (x, level) not in lately and all(line[x] != level for line in lines)
    ]
    if not free:
        raise Rejected("no room for a grey ring")
    return rng.choice(free)


def last_over(order: Sequence[Dot], level: int) -> int:
    """The last point of a line over a level, by its number; −1 where there is none."""
    return max((i for i, dot in enumerate(order) if dot.line is not None and dot.level > level), default=-1)


def draw_last(order: Sequence[Dot], rng: Rng) -> int:
    """A level over which a point of another line was the last each time when that is asked."""
    levels = []
    for level in LASTS:
        last = [last_over(order[: acts * len(order) // ACTS], level) for acts in ASKED]
        if last[0] >= 0 and len({order[i].line for i in last}) == len(ASKED):
            levels.append(level)
    if not levels:
        raise Rejected("one line the last twice")
    return rng.choice(levels)


def draw_tags(order: Sequence[Dot], rng: Rng) -> dict[int, Tag]:
    """Chances at some points, written where no other point is near at the same time, so that it is plain whose they are."""
    shares = rng.shuffled(rng.choice(SHARES))
    tags: dict[int, Tag] = {}
    for number in rng.shuffled([i for i, dot in enumerate(order) if dot.line is not None]):
        dot = order[number]
        beside = {d.level for d in order[max(0, number - NEAR) : number + NEAR] if d.place == dot.place}
        ways = [way for way in (1, -1) if beside.isdisjoint((dot.level + way, dot.level + 2 * way))]
        if ways and all(abs(number - other) > 1 for other in tags):
            tags[number] = Tag(shares[len(tags)], ways[0])
        if len(tags) == len(shares):
            return tags
    raise Rejected("no room for the chances")
