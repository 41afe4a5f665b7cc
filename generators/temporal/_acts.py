"""Stretches of time on a lattice of moments: what begins or ends together does so exactly, all else is well apart.

A clip has two acts of equal length with a rest between them, so that its first, middle and last frame show nothing.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate, combinations
from typing import TYPE_CHECKING, NamedTuple

from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.style import Style
from morse.timeline import HEIGHT, WIDTH, Timeline

if TYPE_CHECKING:
    from morse.stage.plot_stage import PlotStage

GAP = (0.8, 1.2)
"""Seconds between two moments of an act."""
SHORTEST, LONGEST = 2, 5
"""How many gaps a stay lasts."""
BALL = 0.46
"""Diameter of a ball that passes by, in canvas units."""


class Stay(NamedTuple):
    """Somebody does something from one moment to another (numbers on the lattice, the second act's after the first's)."""

    who: str
    what: str
    start: int
    end: int


def last_of(
    stays: Sequence[Stay],
    spans: Sequence[tuple[float, float]],
    some: Sequence[str],
    free: Mapping[float, Sequence[str]],
) -> dict[str, list[tuple[float, int]]]:
    """Who of some was the last whose stay was over: at which times, and by which stay (its number).

    ``spans``: the stays in seconds. ``free``: the times to be looked at, and of whom nothing is to be seen then; only times
    at which that is so of all of ``some``, and at which one of them alone was the last, are told.
    """
    found: dict[str, list[tuple[float, int]]] = {}
    for at, unseen in free.items():
        if not all(who in unseen for who in some):
            continue
        over = [i for i, (_, end) in enumerate(spans) if end < at and stays[i].who in some]
        last = max(over, key=lambda i: spans[i][1], default=None)
        if last is not None and sum(stays[i].end == stays[last].end for i in over) == 1:
            found.setdefault(stays[last].who, []).append((at, last))
    return found


def times_to_ask(found: Mapping[str, Sequence[tuple[float, int]]], most: int, rng: Rng) -> list[tuple[float, int]]:
    """At most so many of the times that :func:`last_of` tells, each with another one as the last."""
    chosen = rng.sample(sorted(found), min(len(found), most))
    return sorted(rng.choice(found[who]) for who in chosen)


def moments(ticks: int, rng: Rng) -> tuple[list[float], float]:
    """The times of ``ticks`` moments in each of two acts, and the length of the clip, in seconds."""
    lead, rest = rng.uniform(1.2, 1.9), rng.uniform(1.9, 2.7)
    gaps = [rng.uniform(*GAP) for _ in range(ticks - 1)]
    first = [*accumulate(gaps, initial=lead)]
    second = [*accumulate(rng.shuffled(gaps), initial=first[-1] + rest)]
    return [round(time, 3) for time in (*first, *second)], round(second[-1] + lead, 3)


def draw_stays(
    rng: Rng,
    count: int,
    ticks: int,
    most: int,
    whos: Sequence[str],
    planned: Sequence[Stay] = (),
    everybody: bool = False,
) -> list[Stay] | None:
    """So many stays, ``planned`` ones among them, at most ``most`` at once and one at a time of each who, with a rest between
    them; ``what`` is left empty. ``everybody``: all of ``whos`` have one. ``None`` if there is no room."""
    stays = list(planned)
    busy = [0] * (2 * ticks)
    own: dict[str, list[Stay]] = {who: [stay for stay in planned if stay.who == who] for who in whos}
    for stay in stays:
        _occupy(busy, stay)
    for _ in range(60 * count):
        if len(stays) >= count:
            return stays if max(busy) <= most else None
        length = rng.integer(SHORTEST, min(LONGEST, ticks - 1))
        start = rng.integer(0, 1) * ticks + rng.integer(0, ticks - 1 - length)
        end = start + length
        who = whos[len(stays)] if everybody and len(stays) < len(whos) else rng.choice(whos)
        if max(busy[start:end]) >= most or any(s.start <= end and start <= s.end for s in own[who]):
            continue
        stays.append(Stay(who, "", start, end))
        own[who].append(stays[-1])
        _occupy(busy, stays[-1])
    return None


def _occupy(busy: list[int], stay: Stay) -> None:
    for gap in range(stay.start, stay.end):
        busy[gap] += 1


def allen(a: tuple[int, int], b: tuple[int, int]) -> str:
    """Allen's relation of two stretches (J. F. Allen 1983, doi 10.1145/182.358434), by the name of one of the thirteen."""
    if a == b:
        return "equal"
    if a[1] < b[0]:
        return "before"
    if a[1] == b[0]:
        return "meets"
    if a[0] == b[0]:
        return "starts" if a[1] < b[1] else "started by"
    if a[1] == b[1]:
        return "finishes" if a[0] > b[0] else "finished by"
    if a[0] > b[0]:
        return CONVERSE[allen(b, a)]
    return "overlaps" if a[1] < b[1] else "contains"


CONVERSE = {"before": "after", "meets": "met by", "overlaps": "overlapped by", "contains": "during"}
RELATIONS = (
    *("before", "after", "meets", "met by", "overlaps", "overlapped by", "during", "contains"),
    *("starts", "started by", "finishes", "finished by", "equal"),
)


@cache
def pairs_in(relation: str, ticks: int) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
    """All pairs of stretches of one act, begun in its first moments, that are in a relation."""
    window = min(ticks, 2 * LONGEST + 2)
    spans = [(i, j) for i, j in combinations(range(window), 2) if SHORTEST <= j - i <= LONGEST]
    return tuple((a, b) for a in spans for b in spans if min(a[0], b[0]) == 0 and allen(a, b) == relation)


def planned_pair(relation: str, ticks: int, rng: Rng) -> tuple[tuple[int, int], tuple[int, int]]:
    """Two stretches in a relation, anywhere in either act."""
    a, b = rng.choice(pairs_in(relation, ticks))
    shift = rng.integer(0, 1) * ticks + rng.integer(0, ticks - 1 - max(a[1], b[1]))
    return (a[0] + shift, a[1] + shift), (b[0] + shift, b[1] + shift)


def add_balls(timeline: Timeline, count: int, duration: float, rng: Rng) -> tuple[list[Thing], list[Event]]:
    """Balls that roll through the picture and mean nothing."""
    things, events = [], []
    for number in range(count):
        start = round(rng.uniform(0.2, max(0.3, duration - 3.4)), 3)
        end = round(start + rng.uniform(1.6, 3.0), 3)
        way, side = rng.uniform(-0.42, 0.42) * HEIGHT, rng.choice((-1, 1))
        name = f"ball {number + 1}"
        timeline.add(name, (side * (WIDTH / 2 + 1), way), (BALL, BALL), z=50, round=True)
        timeline.move(name, (-side * (WIDTH / 2 + 1), rng.uniform(-0.42, 0.42) * HEIGHT), start, end, ease="linear")
        things.append(Thing(id=name, kind="ball"))
        events.append(Event(id=name, kind="passes", objects=(name,), start=start, end=end))
    return things, events


def draw_balls(layout: Layout, stage: "PlotStage", style: Style) -> None:
    """Give the balls that pass by their looks."""
    from matplotlib.path import Path

    for thing in layout.objects:
        if thing.kind == "ball":
            size = layout.timeline.actors[thing.id].size[0]
            stage.outline(thing.id, Path.circle(radius=size / 2), style.accent, edge=style.ink, line=0.03)


def ordinal(number: int) -> str:
    """first, second, … tenth, 11th, …"""
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    if number <= len(words):
        return words[number - 1]
    last = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{last}"
