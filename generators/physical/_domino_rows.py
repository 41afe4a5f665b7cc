"""Rows of dominoes on a floor: where each stands, which bear letters, and the balls that come rolling towards them.

Lengths are in metres. A gap is called open if a falling domino does not reach over it, and bridged if it does.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from pydantic import JsonValue

from generators.physical._arena import Window, launched, slowing
from morse.errors import Rejected
from morse.physics import Placed
from morse.seeding import Rng
from morse.world import Body, Camera

HIGH, WIDE, THICK = 0.52, 0.28, 0.09
"""A domino's extents: up, across its row, and along it."""
BALL = 0.4
"""A ball's diameter."""
LANES = (1.35, 0.45, -0.45, -1.35)
"""Where rows run, from back to front. A fork takes two lanes, its trunk between them."""
DENSE, SPARSE = (0.36, 0.41), (0.65, 0.70)
"""From one domino to the next, in heights of a domino. Without one of them a dense row bridges the place, a sparse row does not."""
BRIDGED, OPEN = (0.78, 0.85), (1.33, 1.42)
FIRST, ASIDE, CURVE = 0.5, 0.165, 0.85
"""A fork: from the trunk's last domino to the first of both branches (in heights), how far aside they stand, and how long the
branches bend."""
LONGEST = 3.85
"""A row may be so long that the ball can still be seen coming."""
FRICTION, RESTITUTION, ROLLING = 0.6, 0.25, 0.028
BALL_MASS, SPEED = 2.0, (1.25, 1.45)
"""kg for a domino's 1, and the speed at which it hits, in m/s."""
SHORT = (0.35, 0.5)
"""How far before the row a ball stops that stops short."""
OUTSIDE = BALL / 2 + 0.5
"""How far beyond the edge of the picture a ball waits."""
Spot = tuple[float, float, float]
"""x, y, and the direction of the row there in radians."""


@dataclass(frozen=True)
class Row:
    """A row: one line, or a fork of a trunk (``lines[0]``) and two branches that go on from its end.

    ``lines``: names from the foot on; ``spots``: by name. ``start``: which end the ball comes to (the line's number; 0: the foot).
    ``comes``: ``hits`` the row, stops ``short``, or ``none``. ``gaps``: (name, name) around each open gap.
    """

    lines: tuple[tuple[str, ...], ...]
    spots: Mapping[str, Spot]
    start: int
    comes: str
    gaps: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for line in self.lines for name in line)

    @property
    def first(self) -> str:
        """The domino that the ball comes to."""
        return self.lines[0][0] if self.start == 0 else self.lines[self.start][-1]

    def towards(self, name: str) -> tuple[str, ...]:
        """The dominoes from the first to one, by the way that a fall takes; empty if none leads there."""
        trunk, *branches = self.lines
        if self.start == 0:
            ways = [(*trunk, *branch) for branch in branches] or [trunk]
        else:
            ways = [(*reversed(branches[self.start - 1]), *reversed(trunk))]
        way = next((way for way in ways if name in way), ())
        return way[: way.index(name) + 1] if way else ()


@dataclass(frozen=True)
class Ball:
    """A ball that comes rolling in. ``row``: the number of the row that it comes to."""

    name: str
    row: int
    placed: Placed


@dataclass(frozen=True)
class Plan:
    """All rows, who bears a letter, and the balls."""

    rows: tuple[Row, ...]
    letters: tuple[str, ...]
    balls: tuple[Ball, ...] = ()

    def row_of(self, name: str) -> Row:
        return next(row for row in self.rows if name in row.spots)

    @property
    def things(self) -> tuple[Placed, ...]:
        """All that moves."""
        return tuple(standing(name, spot) for row in self.rows for name, spot in row.spots.items()) + tuple(
            ball.placed for ball in self.balls
        )

    def of_row(self, row: Row) -> tuple[Placed, ...]:
        """The things of one row alone: rows do not reach each other."""
        balls = [ball.placed for ball in self.balls if self.rows[ball.row] is row]
        return (*(standing(name, spot) for name, spot in row.spots.items()), *balls)


def standing(name: str, spot: Spot) -> Placed:
    """A domino that stands on the floor."""
    x, y, turn = spot
    lettered = len(name) == 1
    body = Body(name, "box", (THICK, WIDE, HIGH), "white", tracked=lettered)
    quaternion = (0.0, 0.0, round(math.sin(turn / 2), 6), round(math.cos(turn / 2), 6))
    return Placed(body, (x, y, HIGH / 2), quaternion, friction=FRICTION, restitution=RESTITUTION)


def rolling(name: str, place: Sequence[float], velocity: Sequence[float], start: float) -> Placed:
    """A ball that comes into the world at ``start`` (s), rolling."""
    radius, (vx, vy) = BALL / 2, velocity
    return Placed(
        Body(name, "sphere", (BALL, BALL, BALL), "grey", "metal"),
        (place[0], place[1], radius),
        velocity=(vx, vy, 0.0),
        spin=(round(-vy / radius, 4), round(vx / radius, 4), 0.0),
        start=start,
        mass=BALL_MASS,
        friction=0.5,
        rolling=ROLLING,
        restitution=0.2,
    )


def ball_to(name: str, row: Row, number: int, window: Window, rng: Rng, arrival: float) -> Ball:
    """A ball that gets to a row's first domino, or short of it, at about a time (s)."""
    x, y, turn = row.spots[row.first]
    back = turn + math.pi if row.start == 0 else turn
    away = (round(math.cos(back), 6), round(math.sin(back), 6))
    gap = BALL / 2 + THICK / 2 + (rng.uniform(*SHORT) if row.comes == "short" else 0.0)
    there = (x + away[0] * gap, y + away[1] * gap)
    far = _way_out(window, there, away)
    made = rolling(name, (0.0, 0.0), (0.0, 0.0), 0.0)
    speed = 0.02 if row.comes == "short" else rng.uniform(*SPEED)
    made = launched(made, (there[0] + away[0] * far, there[1] + away[1] * far), there, speed)
    start = max(0.1, arrival - (math.hypot(*made.velocity) - speed) / slowing(made))
    return Ball(name, number, rolling(name, made.position[:2], made.velocity[:2], round(start, 3)))


def _way_out(window: Window, there: tuple[float, float], away: tuple[float, float]) -> float:
    """How far from a place in a direction, about along x, a ball and its shadow are outside the picture."""
    for step in range(1, 80):
        far = 0.1 * step
        x, _ = window.place((there[0] + away[0] * (far - OUTSIDE), there[1] + away[1] * (far - OUTSIDE), BALL / 2))
        if not 0.0 < x < 1.0:
            return far
    raise Rejected("no way in from there")


def draw_line(rng: Rng, names: Sequence[str], lane: float, gaps: Mapping[int, float], dense: bool) -> Row:
    """One line along x, a little bent. ``gaps``: heights of a domino between some (by number) and the next."""
    stations = _stations(rng, len(names), dense, gaps)
    length = stations[-1]
    if length > LONGEST:
        raise Rejected("a row is too long")
    phase, bend = rng.uniform(0.0, 2 * math.pi), rng.uniform(0.0, 0.05)
    xs = np.linspace(-0.2, length + 0.2, 400)
    ys = bend * np.sin(xs * 1.9 + phase)
    shift = rng.uniform(-0.5, 0.5) * (LONGEST - length)
    spots = _along(xs - length / 2 + shift, ys - ys.mean() + lane, [s + 0.2 for s in stations])
    return Row((tuple(names),), dict(zip(names, spots, strict=True)), 0, "none", _open(names, gaps))


def draw_fork(
    rng: Rng, trunk: Sequence[str], branches: Sequence[Sequence[str]], lane: float, dense: Sequence[bool], broken: int
) -> Row:
    """A trunk along x that goes on in two branches. ``broken``: the branch that has an open gap (0: none)."""
    stem = _stations(rng, len(trunk), dense[0], {})
    spots = {name: (s - stem[-1], lane, 0.0) for name, s in zip(trunk, stem, strict=True)}
    gaps: list[tuple[str, str]] = []
    half = (LANES[0] - LANES[1]) / 2
    xs = np.linspace(0.0, 6.0, 1200)
    u = np.clip(xs / CURVE, 0.0, 1.0)
    for number, (names, side) in enumerate(zip(branches, (1, -1), strict=True), 1):
        ys = side * (ASIDE + (half - ASIDE) * (u * u * (3 - 2 * u)))
        some = {rng.integer(2, len(names) - 2): rng.uniform(*OPEN)} if number == broken else {}
        if not some and rng.chance(0.4):
            some = {rng.integer(1, len(names) - 2): rng.uniform(*BRIDGED)}
        stations = _stations(rng, len(names), dense[number], some)
        spots |= zip(names, _along(xs + FIRST * HIGH, ys + lane, stations), strict=True)
        gaps += _open(names, some)
    low, high = min(x for x, _, _ in spots.values()), max(x for x, _, _ in spots.values())
    if high - low > LONGEST:
        raise Rejected("a row is too long")
    shift = -(low + high) / 2 + rng.uniform(-0.5, 0.5) * (LONGEST - (high - low))
    spots = {name: (x + shift, y, turn) for name, (x, y, turn) in spots.items()}
    return Row((tuple(trunk), *map(tuple, branches)), spots, 0, "none", tuple(gaps))


def _open(names: Sequence[str], gaps: Mapping[int, float]) -> tuple[tuple[str, str], ...]:
    return tuple((names[i], names[i + 1]) for i, gap in sorted(gaps.items()) if gap > 1.0)


def _stations(rng: Rng, count: int, dense: bool, gaps: Mapping[int, float]) -> list[float]:
    """How far along the line each domino stands."""
    step = rng.uniform(*(DENSE if dense else SPARSE))
    steps = [gaps.get(i, step) * HIGH for i in range(count - 1)]
    return [sum(steps[:i]) for i in range(count)]


def _along(xs: np.ndarray, ys: np.ndarray, stations: Sequence[float]) -> list[Spot]:
    """Places so far along a line, with its direction there."""
    gone = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(xs), np.diff(ys)))])
    turns = np.arctan2(np.gradient(ys), np.gradient(xs))
    return [tuple(float(np.interp(s, gone, values)) for values in (xs, ys, turns)) for s in stations]  # type: ignore[misc]


def mirrored(row: Row) -> Row:
    """The same row with its foot at the other side."""
    return replace(row, spots={name: (-x, y, math.pi - turn) for name, (x, y, turn) in row.spots.items()})


def rounded(row: Row) -> Row:
    """The row with places as a record keeps them."""
    return replace(row, spots={n: (round(x, 4), round(y, 4), round(t, 5)) for n, (x, y, t) in row.spots.items()})


def without(plan: Plan, row: Row, gone: str) -> tuple[Placed, ...]:
    """The things of a row but for one domino."""
    return tuple(thing for thing in plan.of_row(row) if thing.body.name != gone)


def closed(things: Sequence[Placed], before: str, after: str) -> tuple[Placed, ...]:
    """Things of a row, and a further domino in the middle of a gap."""
    at = {thing.body.name: thing for thing in things}
    (x, y, _), (x2, y2, _) = at[before].position, at[after].position
    turn = math.atan2(y2 - y, x2 - x)
    return (*things, standing("further", (round((x + x2) / 2, 4), round((y + y2) / 2, 4), round(turn, 5))))


def recorded(plan: Plan, slow: float) -> dict[str, JsonValue]:
    """How everything starts: all that decides what happens. ``slow``: how many times slower the film shows it."""
    return {
        "slow": slow,
        "rows": [
            {"lines": [list(line) for line in row.lines], "gaps": [list(gap) for gap in row.gaps]} for row in plan.rows
        ],
        "dominoes": {name: list(spot) for row in plan.rows for name, spot in row.spots.items()},
        "balls": [
            {
                "name": ball.name,
                "row": ball.row,
                "place": list(ball.placed.position[:2]),
                "velocity": list(ball.placed.velocity[:2]),
                "start": ball.placed.start,
            }
            for ball in plan.balls
        ],
    }


def draw_camera(rng: Rng) -> Camera:
    """A still camera that looks down on the rows steeply, so that none hides what lies before the next."""
    turn, height, away = math.radians(rng.uniform(-5, 5)), math.radians(rng.uniform(56, 60)), 13.6
    flat = away * math.cos(height)
    eye = (round(flat * math.sin(turn), 4), round(-flat * math.cos(turn), 4), round(away * math.sin(height), 4))
    return Camera.still(eye, (0.0, -0.06, 0.0), 14.6)


def renamed(row: Row, names: Mapping[str, str]) -> Row:
    """The row with some of its dominoes called otherwise."""

    def called(name: str) -> str:
        return names.get(name, name)

    return replace(
        row,
        lines=tuple(tuple(map(called, line)) for line in row.lines),
        spots={called(name): spot for name, spot in row.spots.items()},
        gaps=tuple((called(a), called(b)) for a, b in row.gaps),
    )
