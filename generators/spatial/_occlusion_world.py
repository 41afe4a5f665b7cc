"""Figures that look alike and go behind screens: who goes from where to where, when, and what it does out of sight."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np

from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng
from morse.stage.marks import MARKS

RADIUS = 0.4
"""Of a figure, in canvas units."""
SCREEN = 7.7
"""Height of the screens: no way may pass above or below them."""
GAP = {2: 1.45, 3: 1.2}
"""How far the middles of the places lie from the screens beside them, by the number of screens."""
OFFSET, PAUSE, REST = 1.5, (1.4, 1.7), 0.8
"""Seconds within which all of a round set off, for which one stops behind a screen, and for which nobody moves between rounds."""
LAST = 0.9
"""The part of a second with which a clip ends, so that its last whole second is no matter of doubt."""
CLEAR = 0.3
"""Seconds by which two times must lie apart whose order matters."""
APART = 2 * RADIUS + 0.12
"""How close the middles of two figures may come in the open."""
STEEP = 3
"""How many lanes a way may cross."""
MOST_HIDDEN = (2, 3, 4)
"""How many may be out of sight at once, at most."""
SIZES = (3, 3, 1, 1)
"""How likely it is that so many walk in a round."""
KINDS = ("passes", "waits", "turns")
OUT = 3
"""How many of the last to come out are asked for."""


class Params(TaskParams):
    figures: int = ramp(6, per_level=0.35, most=8, least=6, limit=9, about="figures that look alike")
    screens: int = ramp(2, per_level=0.25, most=3, least=2, limit=3, about="screens")
    lanes: int = ramp(4, per_level=0.2, most=5, least=4, limit=5, about="places one above the other")
    pairs: int = ramp(3, per_level=0.5, most=30, least=3, limit=200, about="rounds of walks, by twos")
    pace: float = ramp(4.2, per_level=-0.1, most=3.3, least=2.8, limit=10, about="seconds from place to place, about")

    @property
    def rounds(self) -> int:
        return 2 * self.pairs

    @property
    def counts(self) -> range:
        """How often the one for which that is asked may be out of sight: about as often as all others."""
        least = max(1, int(1.5 * self.rounds / self.figures) - 1)
        return range(least, least + 3)

    @property
    def round_seconds(self) -> float:
        return round(OFFSET + 1.1 * self.pace + PAUSE[1] + REST, 3)


class Place(NamedTuple):
    """Columns count from the left, lanes from the top, both from 0."""

    column: int
    lane: int


class Field:
    """Where places and screens are, in canvas units."""

    def __init__(self, params: Params) -> None:
        self.columns, self.lanes = params.screens + 1, params.lanes
        self.pitch = 14.0 / params.screens
        self.gap = GAP[params.screens]
        self.xs = [(column - params.screens / 2) * self.pitch for column in range(self.columns)]
        step = 7.2 / params.lanes
        self.ys = [step * ((params.lanes - 1) / 2 - lane) - 0.15 for lane in range(params.lanes)]
        self.places = [Place(column, lane) for column in range(self.columns) for lane in range(self.lanes)]

    def at(self, place: Place) -> tuple[float, float]:
        return self.xs[place.column], self.ys[place.lane]

    def number(self, place: Place) -> int:
        return self.places.index(place) + 1


class Walk(NamedTuple):
    """A figure sets off at ``begin`` for another place, a column on, which it would reach in so many ``seconds``.

    ``passes``: it goes on; ``waits``: halfway it stops for ``pause`` seconds; ``turns``: it turns back after a ``share`` of the
    way. ``bulge``: how far above the straight line it goes, in canvas units.
    """

    figure: int
    start: Place
    goal: Place
    kind: str
    begin: float
    seconds: float
    gap: float
    pause: float = 0.0
    share: float = 0.5
    bulge: float = 0.0

    @property
    def screen(self) -> int:
        return min(self.start.column, self.goal.column)

    @property
    def end(self) -> float:
        return self.begin + (2 * self.share if self.kind == "turns" else 1.0) * self.seconds + self.pause

    @property
    def hidden(self) -> tuple[float, float]:
        """From when to when more than half of it is out of sight; ``gap`` is the share of the way that is in the open."""
        return self.begin + self.gap * self.seconds, self.end - self.gap * self.seconds

    @property
    def arrives(self) -> Place:
        return self.start if self.kind == "turns" else self.goal

    def path(self, field: Field, times: np.ndarray) -> np.ndarray:
        """(times, 2): where its middle is."""
        walked = (times - self.begin) / self.seconds
        if self.kind == "turns":
            walked = np.minimum(walked, 2 * self.share - walked)
        elif self.kind == "waits":
            late = (times - self.begin - self.pause) / self.seconds
            walked = np.where(walked < self.share, walked, np.maximum(late, self.share))
        share = np.clip(walked, 0.0, 1.0)[:, None]
        start, goal = np.array(field.at(self.start)), np.array(field.at(self.goal))
        return start + (goal - start) * share + (0.0, self.bulge) * np.sin(np.pi * share)


@dataclass(frozen=True)
class Walks:
    """What happens: the mark and the first place of each figure, and all walks in the order of their beginnings.

    ``lead``: seconds until the first round. ``most``, ``often``: answers aimed at, how many at once at most and how often one. ``did``: the kind of walk asked about.
    """

    params: Params
    field: Field
    marks: tuple[str, ...]
    first: tuple[Place, ...]
    walks: tuple[Walk, ...]
    lead: float
    most: int
    often: int
    did: str

    @property
    def duration(self) -> float:
        """So long that nobody moves halfway through the clip."""
        return round(2 * self.lead + self.params.rounds * self.params.round_seconds - REST, 3)

    def of(self, figure: int) -> list[Walk]:
        return [walk for walk in self.walks if walk.figure == figure]

    def resting(self, time: float) -> list[Place]:
        """The places on which somebody stands at a time."""
        now = {figure: place for figure, place in enumerate(self.first)}
        for walk in self.walks:
            if walk.begin <= time:
                now[walk.figure] = walk.arrives
                if time < walk.end:
                    del now[walk.figure]
        return list(now.values())


def overlap(one: Walk, other: Walk) -> float:
    """For how many seconds two are out of sight together; negative: by how many they miss each other."""
    return min(one.hidden[1], other.hidden[1]) - max(one.hidden[0], other.hidden[0])


def draw_walks(params: Params, rng: Rng) -> Walks:
    """Rounds of walks at random. One figure never walks, and which one that is tells nothing of its place."""
    wanted = rng.steady("wanted")
    most, often, did = wanted.choice(MOST_HIDDEN), wanted.choice(params.counts), wanted.choice(KINDS)
    rounds = params.rounds * params.round_seconds - REST
    lead = round((wanted.integer(8, 10) - rounds % 1 + LAST) / 2, 4)
    field = Field(params)
    marks = tuple(rng.sample(tuple(MARKS), params.figures))
    first = tuple(rng.sample(field.places, params.figures))
    walkers = rng.sample(range(params.figures), params.figures - 1)
    sizes = [rng.weighted(range(1, most + 1), SIZES[:most]) for _ in range(params.rounds)]
    sizes[rng.integer(0, params.rounds - 1)] = most
    where, walks = list(first), []
    for number, size in enumerate(sizes):
        begin = lead + number * params.round_seconds
        made = _round(params, field, where, walkers, size, begin, rng)
        walks += made
        for walk in made:
            where[walk.figure] = walk.arrives
    peak = max(sum(w.hidden[0] <= walk.hidden[0] < w.hidden[1] for w in walks) for walk in walks)
    if peak != most:
        raise Rejected("not as many hidden at once as wanted")
    return Walks(params, field, marks, first, tuple(walks), lead, most, often, did)


def _round(
    params: Params, field: Field, where: Sequence[Place], walkers: Sequence[int], size: int, begin: float, rng: Rng
) -> list[Walk]:
    """So many figures set off, for different free places."""
    for _ in range(120):
        made = _start(params, field, where, rng.sample(walkers, size), begin, rng)
        if made and _clear(field, made):
            return sorted(made, key=lambda walk: walk.begin)
    raise Rejected("no ways that keep clear of each other")


def _start(
    params: Params, field: Field, where: Sequence[Place], movers: Sequence[int], begin: float, rng: Rng
) -> list[Walk]:
    goals: list[Place] = []
    for figure in movers:
        column, lane = where[figure]
        to = rng.choice([c for c in (column - 1, column + 1) if 0 <= c < field.columns])
        free = [
            place
            for place in field.places
            if place.column == to and abs(place.lane - lane) <= STEEP and place not in (*where, *goals)
        ]
        if not free:
            return []
        goals.append(rng.choice(free))
    screens = [min(where[figure].column, goal.column) for figure, goal in zip(movers, goals, strict=True)]
    walks = []
    for slot, (figure, goal, screen) in enumerate(zip(movers, goals, screens, strict=True)):
        # who is not alone behind a screen goes straight on: nothing else would tell who is who
        alone = screens.count(screen) == 1
        kind = rng.weighted(KINDS, (2, 1, 1)) if alone else "passes"
        walk = Walk(
            figure, where[figure], goal, kind, round(begin + OFFSET * (slot + rng.uniform(0, 0.7)) / len(movers), 3),
            round(params.pace * rng.uniform(0.9, 1.1), 3), field.gap / field.pitch,
        )  # fmt: skip
        if kind == "waits":
            walk = walk._replace(pause=round(rng.uniform(*PAUSE), 3))
        elif kind == "turns":
            walk = walk._replace(share=round(rng.uniform(0.46, 0.6), 3))
        elif alone and rng.chance(0.4):
            walk = walk._replace(bulge=round(rng.choice((-1, 1)) * rng.uniform(0.6, 1.0), 3))
        walks.append(walk)
    return walks


def _clear(field: Field, walks: Sequence[Walk]) -> bool:
    """No two come out at about the same time, just miss each other out of sight, or come close in the open."""
    if any(b - a < CLEAR for a, b in pairwise(sorted(walk.hidden[1] for walk in walks))):
        return False
    if any(abs(overlap(one, other)) < CLEAR for one, other in combinations(walks, 2)):
        return False
    times = np.arange(min(walk.begin for walk in walks), max(walk.end for walk in walks), 0.1)
    paths = [walk.path(field, times) for walk in walks]
    open_at = [(times < walk.hidden[0] + 0.4) | (times > walk.hidden[1] - 0.4) for walk in walks]
    if any(np.abs(path[:, 1]).max() > SCREEN / 2 - 1.1 * RADIUS for path in paths):
        return False
    for i, j in combinations(range(len(walks)), 2):
        both = open_at[i] & open_at[j]
        if both.any() and np.hypot(*(paths[i] - paths[j])[both].T).min() < APART:
            return False
    return True
