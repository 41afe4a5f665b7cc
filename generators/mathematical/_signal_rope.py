"""Two pulses on a rope between two ends, which throw them back upright or upside down: d'Alembert's solution by images."""

from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from generators.mathematical._experiment_graphs import Array, Graph, Lineup, line_up
from morse.errors import Rejected
from morse.seeding import Rng

LENGTH, HALF = 12, 1.25
"""Units that a rope is long, and half the width of a pulse."""
HEIGHTS = (1, 2, 3, 4)
SPEEDS = ((1.0, 0.25), (1.25, 0.2), (5 / 3, 0.15))
"""Units a second, and the seconds in which a pulse goes on by :data:`STEP`."""
STEP = 0.25
GRAPHED = np.linspace(0.0, LENGTH, 49)
"""Where a drawn rope has its values: every :data:`STEP` units."""
CLEAR = 1.5
"""How far a pulse is from an end, and from the middle between both pulses, when it can be seen whole."""
ENDS = ("fixed", "free")


@dataclass(frozen=True)
class Pulse:
    """Where its top is at first, which way it runs (1: to the right), and how high it is."""

    start: float
    way: int
    height: int


@dataclass(frozen=True)
class Rope:
    """``ends``: the left and the right one, ``fixed`` (a pulse comes back upside down) or ``free`` (upright).

    ``cut``, ``meeting``, ``later``: how far a pulse has gone when the clip is cut, when the two meet for the second time after it,
    having come back from the ends once more, and at the time for which graphs are shown. ``asked``: three such distances, at which the higher pulse is seen alone.
    """

    pulses: tuple[Pulse, Pulse]
    ends: tuple[str, str]
    speed: float
    beat: float
    cut: float
    meeting: float
    later: float
    asked: tuple[float, ...]
    lineup: Lineup
    others: tuple[tuple[Pulse, Pulse], ...]

    @property
    def sum(self) -> int:
        """How high the rope is where the tops of both pulses meet."""
        return sum(height_after(pulse, self.ends, self.meeting) for pulse in self.pulses)

    @property
    def sum_otherwise(self) -> int:
        """The same, had the right end been of the other kind."""
        left, right = self.ends
        ends = (left, ENDS[1 - ENDS.index(right)])
        return sum(height_after(pulse, ends, self.meeting) for pulse in self.pulses)

    @property
    def hits(self) -> list[tuple[float, int]]:
        """How far pulses have gone when a top is at an end, up to the cut, and at which end (0: left, 1: right)."""
        found = []
        for pulse in self.pulses:
            gone, end = (LENGTH - pulse.start, 1) if pulse.way > 0 else (pulse.start, 0)
            while gone < self.cut:
                found.append((gone, end))
                gone, end = gone + LENGTH, 1 - end
        return sorted(found)

    @property
    def higher(self) -> Pulse:
        return max(self.pulses, key=lambda pulse: abs(pulse.height))


def sign_in(cell: int, ends: tuple[str, str]) -> int:
    """By what a pulse is multiplied once it has come into a mirror image of the rope (0: the rope, 1: the one to its right …)."""
    signs = [-1 if end == "fixed" else 1 for end in ends]
    borders = range(cell) if cell > 0 else range(cell, 0)  # border j lies between the images j and j + 1
    return int(np.prod([signs[1 if j % 2 == 0 else 0] for j in borders], dtype=int)) if cell else 1


def place_of(pulse: Pulse, gone: float) -> tuple[float, int, int]:
    """Where a pulse's top is, which way it runs, and in which mirror image it would be had it gone straight on."""
    far = pulse.start + pulse.way * gone
    cell = int(np.floor(far / LENGTH))
    inside = far - cell * LENGTH
    return (inside, pulse.way, cell) if cell % 2 == 0 else (LENGTH - inside, -pulse.way, cell)


def height_after(pulse: Pulse, ends: tuple[str, str], gone: float) -> int:
    """How high a pulse is, with its sign, after it has gone so far."""
    return pulse.height * sign_in(place_of(pulse, gone)[2], ends)


def shape(pulses: tuple[Pulse, ...], ends: tuple[str, str], gone: float, x: Array) -> Array:
    """The rope when its pulses have gone so far: each is a raised cosine, and so are its images."""
    total = np.zeros_like(x)
    for pulse in pulses:
        far = pulse.start + pulse.way * gone
        here = int(np.floor(far / LENGTH))
        for cell in (here - 1, here, here + 1):
            image = cell * LENGTH + (x if cell % 2 == 0 else LENGTH - x)
            near = np.clip(np.abs(image - far) / HALF, 0.0, 1.0)
            total += pulse.height * sign_in(cell, ends) * (1 + np.cos(np.pi * near)) / 2
    return total


def draw_rope(bounces: int, others: int, aim: Rng, rng: Rng) -> Rope:
    """A rope whose pulses have come back from its ends so often when the clip is cut, and then meet twice,
    the second time as high or low as wanted.

    Raises :class:`Rejected` where its pulses cannot be seen one by one when they should.
    """
    ends = (aim.choice(ENDS), aim.choice(ENDS))
    finals = [aim.choice((-1, 1)) * height for height in aim.sample(HEIGHTS, 2)]
    speed, beat = rng.choice(SPEEDS)
    together = rng.chance(0.5)
    for _ in range(300):
        left, right = STEP * rng.integer(6, 24), STEP * rng.integer(24, 42)
        middle = (left + right) / 2
        if (right - left) % (2 * STEP) or not 4.5 <= middle <= 7.5 or right - left < (5 if together else 3.5):
            continue
        first = (right - left) / 2 if together else LENGTH - (right - left) / 2
        meeting = first + LENGTH * (bounces if together else bounces - 1)
        ways = (1, -1) if together else (-1, 1)
        runs = [Pulse(at, way, 1) for at, way in zip((left, right), ways, strict=True)]
        signs = [height_after(run, ends, meeting + LENGTH) for run in runs]
        one, other = (Pulse(run.start, run.way, h * s) for run, h, s in zip(runs, finals, signs, strict=True))
        cut = meeting - STEP * rng.integer(7, 9)
        top = max((one, other), key=lambda pulse: abs(pulse.height))
        rest = other if top is one else one
        alone = [gone for gone in np.arange(0.5, cut - 0.4, STEP).tolist() if _told_apart(top, rest, gone)]
        afters = [
            gone
            for step in range(2, 60)
            if (gone := meeting + STEP * step) < meeting + LENGTH
            and round(gone / STEP) % 2 == 0
            and place_of(one, gone)[2] != place_of(one, meeting)[2]
            and place_of(other, gone)[2] != place_of(other, meeting)[2]
            and _alone(one, other, gone)
            and _alone(other, one, gone)
        ]
        if len(alone) < 6 or not afters:
            continue
        later, asked = rng.choice(afters), tuple(sorted(rng.sample(alone, 3)))
        runs_so = {(place_of(top, gone)[1], height_after(top, ends, gone)) for gone in asked}
        if min(b - a for a, b in pairwise(asked)) < 1 or len(runs_so) < 2:
            continue
        heights = [height_after(pulse, ends, later) for pulse in (one, other)]
        places = [place_of(pulse, later)[0] for pulse in (one, other)]
        graphs = [_still(places, (a * heights[0], b * heights[1])) for a, b in product((1, -1), repeat=2)]
        lineup = line_up(graphs[0], graphs[1:], 1.5, aim.fork("place"), rng)
        grey = tuple(_any_pulses(rng) for _ in range(others))
        return Rope((one, other), ends, speed, beat, cut, meeting + LENGTH, later, asked, lineup, grey)
    raise Rejected("no rope as wanted")


def _alone(pulse: Pulse, other: Pulse, gone: float) -> bool:
    """Whether a pulse is whole, away from the ends and from the other one."""
    at, away = place_of(pulse, gone)[0], place_of(other, gone)[0]
    return CLEAR <= at <= LENGTH - CLEAR and abs(at - away) >= 2 * CLEAR


def _told_apart(top: Pulse, rest: Pulse, gone: float) -> bool:
    """Whether it is plain which pulse is the higher one, now and a moment before: at an end the other may be twice its height."""
    return all(_alone(top, rest, at) and _alone(rest, top, at) for at in (gone - 2 * STEP, gone))


def _still(places: list[float], heights: tuple[int, int]) -> Graph:
    pulses = tuple(Pulse(at, 1, h) for at, h in zip(places, heights, strict=True))
    return tuple(np.round(shape(pulses, ("free", "free"), 0.0, GRAPHED), 3).tolist())


def _any_pulses(rng: Rng) -> tuple[Pulse, Pulse]:
    one, other = (
        Pulse(rng.uniform(low, low + 4), rng.choice((-1, 1)), rng.choice((-2, -1, 1, 2))) for low in (1.5, 6.5)
    )
    return one, other
