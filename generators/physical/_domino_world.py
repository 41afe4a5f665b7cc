"""A draw of rows of dominoes: which stands where, which falls and when, and which never does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from generators.physical._arena import Window
from generators.physical._domino_falls import SLOW, Falls, falls
from generators.physical._domino_rows import (
    BRIDGED,
    HIGH,
    LANES,
    LONGEST,
    OPEN,
    Ball,
    Plan,
    Row,
    ball_to,
    draw_fork,
    draw_line,
    mirrored,
    renamed,
    rounded,
)
from morse.errors import Rejected
from morse.seeding import Rng
from morse.world import Camera

WHYS = ("gap", "none", "short", "branch")
"""Why a domino stands in the end: an open gap before it, no ball, a ball that stopped short, a fall past it on the other branch."""
REACHED, BEYOND = (5, 9), (2, 6)
"""How many dominoes stand before the gap of the row with the gap, and how many behind it."""
CALLED = "BCDEFGHJKLMNPRSTUVXYZ"
APART, BESIDE = 0.42, 0.28
"""Metres between two dominoes with letters in a row, and along it between two in neighbouring rows."""
BEFORE, AFTER = 3.4, 6.6
"""Seconds of the film before the first ball gets to its row, and after the last has."""


class Knobs(Protocol):
    """What the draw needs of the task's knobs."""

    letters: int
    length: int
    branch: int
    lead: float
    pause: float


@dataclass(frozen=True)
class DominoEpisode:
    """``broken``: the row with the gap that is asked about; ``fork``, ``other``: the other rows. ``why``: which of :data:`WHYS` is asked
    for. ``duration`` in seconds of the film.
    """

    plan: Plan
    camera: Camera
    broken: Row
    fork: Row
    other: Row
    why: str
    falls: Falls
    duration: float

    @cached_property
    def started(self) -> tuple[Row, ...]:
        return tuple(row for row in self.plan.rows if row.comes == "hits")

    @property
    def seconds(self) -> float:
        """How long it all takes, by physics."""
        return self.duration / SLOW


def draw_episode(knobs: Knobs, camera: Camera, rng: Rng) -> DominoEpisode:
    why = rng.steady("why").choice(WHYS)
    reached, beyond = rng.steady("reached").integer(*REACHED), rng.steady("beyond").integer(*BEYOND)
    broken = _broken(rng.fork("broken"), reached, beyond)
    fork = _fork(rng.fork("fork"), knobs, why)
    other = _other(rng.fork("other"), knobs, why)
    rows = _laned(rng.fork("lanes"), broken, fork, other)
    rows = _lettered(rng.fork("letters"), rows, knobs.letters, reached)
    window = Window(camera)
    balls, last = _balls(rng.fork("balls"), rows, window, knobs)
    letters = tuple(name for row in rows for name in row.spots if len(name) == 1)
    plan = Plan(rows, letters, balls)
    duration = round(last + AFTER + rng.fork("end").uniform(0.0, 1.5), 2)
    found = falls(plan.things, round(duration / SLOW, 4))
    _check(plan, found, duration)
    return DominoEpisode(plan, camera, *rows, why, found, duration)


def _broken(rng: Rng, before: int, beyond: int) -> Row:
    """A line with an open gap, which a ball comes to."""
    count = before + beyond
    dense = count * 0.36 > LONGEST - 0.4 or rng.chance(0.4)
    gaps = {before - 1: rng.uniform(*OPEN)}
    if before > 5 and rng.chance(0.5):
        gaps[rng.integer(2, before - 3)] = rng.uniform(*BRIDGED)
    row = draw_line(rng, [f"a{i}" for i in range(count)], 0.0, gaps, dense)
    return replace(row, comes="hits")


def _fork(rng: Rng, knobs: Knobs, why: str) -> Row:
    trunk = [f"b{i}" for i in range(rng.integer(3, 4))]
    counts = rng.shuffled([knobs.branch, knobs.branch + rng.integer(1, 2)])
    branches = [[f"{'cd'[side]}{i}" for i in range(count)] for side, count in enumerate(counts)]
    dense = [rng.chance(0.5), *(count * 0.36 > 2.4 or rng.chance(0.5) for count in counts)]
    start = rng.integer(1, 2) if why == "branch" or rng.chance(0.25) else 0
    broken = rng.integer(1, 2) if rng.chance(0.2) else 0
    row = draw_fork(rng, trunk, branches, 0.0, dense, 0 if broken == start else broken)
    return replace(row, start=start, comes="hits")


def _other(rng: Rng, knobs: Knobs, why: str) -> Row:
    count = knobs.length + rng.integer(-1, 1)
    dense = count * 0.36 > LONGEST - 0.3 or rng.chance(0.5)
    gaps: dict[int, float] = {}
    if rng.chance(0.4):
        gaps[rng.integer(1, count - 3)] = rng.uniform(*BRIDGED)
    if rng.chance(0.3):
        gaps[rng.integer(2, count - 2)] = rng.uniform(*OPEN)
    row = draw_line(rng, [f"e{i}" for i in range(count)], 0.0, gaps, dense)
    comes = why if why in ("none", "short") else rng.choice(("hits", "hits", "short", "none"))
    return replace(row, comes=comes)


def _laned(rng: Rng, broken: Row, fork: Row, other: Row) -> tuple[Row, Row, Row]:
    """The rows, each in its own lane or two, and some with their foot at the right."""
    upper = rng.integer(0, 2)
    lanes = rng.shuffled([lane for i, lane in enumerate(LANES) if i not in (upper, upper + 1)])
    places = (lanes[0], (LANES[upper] + LANES[upper + 1]) / 2, lanes[1])
    rows: list[Row] = []
    for row, lane in zip((broken, fork, other), places, strict=True):
        moved = replace(row, spots={name: (x, y + lane, turn) for name, (x, y, turn) in row.spots.items()})
        rows.append(rounded(mirrored(moved) if rng.chance(0.5) else moved))
    return rows[0], rows[1], rows[2]


def _lettered(rng: Rng, rows: tuple[Row, Row, Row], count: int, before: int) -> tuple[Row, Row, Row]:
    """Letters for some dominoes: one on each side of the gap, in each branch, and in the other row, and more anywhere."""
    broken, fork, other = rows
    line, trunk = broken.lines[0], fork.lines[0]
    levels = [fork.spots[names[-1]][1] for names in fork.lines[1:]]
    straight = [
        [name for name in names if abs(fork.spots[name][1] - level) < 0.03]
        for names, level in zip(fork.lines[1:], levels, strict=True)
    ]
    first = [name for row in rows for name in [row.first]]
    wanted = [line[2:before], line[before:], *straight, other.lines[0]]
    spots = {name: spot for row in rows for name, spot in row.spots.items()}
    chosen: list[str] = []
    for names in [
        *wanted,
        *[[*line, *trunk[:-1], *straight[0], *straight[1], *other.lines[0]]] * (count - len(wanted)),
    ]:
        free = [name for name in names if name not in first and _clear(name, chosen, spots)]
        if not free:
            raise Rejected("no room for letters")
        chosen.append(rng.choice(free))
    called = dict(zip(chosen, rng.sample(CALLED, count), strict=True))
    return renamed(broken, called), renamed(fork, called), renamed(other, called)


def _clear(name: str, chosen: Sequence[str], spots: Mapping[str, tuple[float, float, float]]) -> bool:
    x, y, _ = spots[name]
    away = [(abs(x - spots[c][0]), abs(y - spots[c][1])) for c in chosen]
    return all(dx > APART or (dy > HIGH and dx > BESIDE) or dy > 1.2 for dx, dy in away)


def _balls(rng: Rng, rows: Sequence[Row], window: Window, knobs: Knobs) -> tuple[tuple[Ball, ...], float]:
    """The balls, numbered in the order in which they come; and when the last one hits a row, in seconds of the film."""
    hit = rng.shuffled([i for i, row in enumerate(rows) if row.comes == "hits"])
    arrival = BEFORE + knobs.lead * rng.uniform(0.5, 1.0)
    due: list[tuple[float, int]] = []
    for i in hit:
        due.append((arrival, i))
        arrival += knobs.pause * rng.uniform(0.75, 1.25)
    last = due[-1][0]
    due += [(rng.uniform(BEFORE + 2.0, last + 2.5), i) for i, row in enumerate(rows) if row.comes == "short"]
    made = [ball_to("ball", rows[i], i, window, rng, time / SLOW) for time, i in due]
    made.sort(key=lambda ball: ball.placed.start)
    return tuple(_named(ball, f"ball {n}") for n, ball in enumerate(made, 1)), last


def _named(ball: Ball, name: str) -> Ball:
    return replace(ball, name=name, placed=replace(ball.placed, body=replace(ball.placed.body, name=name)))


def _check(plan: Plan, found: Falls, duration: float) -> None:
    """Raise :class:`Rejected` where what happens is not what the rows are laid for."""
    if found.unclear:
        raise Rejected("a domino neither stands nor lies")
    if any(fall.ends > duration - 0.6 for fall in found.fell.values()):
        raise Rejected("a late fall")
    for row in plan.rows:
        if row.comes == "hits" and row.first not in found.fell:
            raise Rejected("a ball is too weak")
        if row.comes != "hits" and any(name in found.fell for name in row.names):
            raise Rejected("a row falls by itself")
