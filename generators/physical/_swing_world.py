"""Experiments with pendulums and cradles, so that the answers that are wanted hold."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from generators.physical._swing_motion import Cradle, Swing, length_of
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

WINDOW = 8.4
"""Seconds from when bobs are let go until the curtain hides them."""
SWINGS = range(4, 10)
"""Full swings that a bob makes in that time; two fifths of one are left over."""
LEFT_OVER = 0.4
TOGETHER = 9.6
"""Seconds until two pendulums are in step again."""
RATIOS = {2: (3, 5), 3: (2, 4, 5), 4: (3, 5), 5: (3, 4)}
"""Full swings that one makes until then, and that another may make."""
OUT = (1, 2, 3)
"""Balls that may be lifted at the left."""
CLACKS = range(5, 10)
"""Impacts until the curtain falls."""
EVEN = (6, 8)
"""The same where the next impact is foretold: what was lifted at the left goes out at the right then."""
MASSES = (1, 2, 5)
SIDEWAYS = 0.8
"""Canvas units by which bobs are pulled aside, at most."""
CALM, LASTING = 0.24, 0.04
"""How fast (1/s) the swings of one bob die away, and those of the others, at most."""
LETTERS = "ABCDEFGHJKLMN"


class Params(TaskParams):
    sized_by: ClassVar[tuple[str, ...]] = ("pairs", "bobs")
    pairs: int = ramp(2, per_level=0.25, most=6, least=2, limit=30, about="pairs of experiments, one after the other")
    bobs: int = ramp(3, per_level=0.5, most=5, least=3, limit=5, about="pendulums beside each other")
    balls: int = ramp(6, per_level=0.34, most=8, least=6, limit=8, about="balls of a cradle")

    @property
    def experiments(self) -> int:
        return 2 * self.pairs


@dataclass(frozen=True)
class Bob:
    """What hangs on a string: its letter, its kilograms, and how it swings."""

    letter: str
    mass: int
    swing: Swing


@dataclass(frozen=True)
class Row:
    """Pendulums let go together; ``together`` is when two of them are in step again (0: that is not asked), and ``drawn`` how many
    full swings the one makes until then that is asked for."""

    bobs: tuple[Bob, ...]
    together: float = 0.0
    drawn: int = 0


@dataclass(frozen=True)
class Trial:
    """A cradle, how many impacts there are before the curtain falls, and the letters of the balls from left to right."""

    cradle: Cradle
    clacks: int
    letters: tuple[str, ...]


Experiment = Row | Trial


@dataclass(frozen=True)
class Swinging:
    """All experiments in order. ``row``, ``pair``, ``told`` and ``foretold``: the places of the pendulums that are asked for, of the two that come in
    step again, of the cradle that is looked at again, and of the one that is foretold; ``counted``: the bob whose swings are counted; ``longer``: the one
    whose string is thought longer."""

    params: Params
    experiments: tuple[Experiment, ...]
    row: int
    pair: int
    told: int
    foretold: int
    counted: int
    longer: int


def swings_of(period: float) -> int:
    """Full swings before the curtain falls."""
    return math.floor(WINDOW / period)


def draw_row(params: Params, aim: Rng, rng: Rng) -> Row:
    """Pendulums whose bobs hang at one height while their strings are of different lengths."""
    numbers = aim.sample(SWINGS, params.bobs)
    calm = aim.integer(0, params.bobs - 1)
    letters = rng.sample(LETTERS[:8], params.bobs)
    side = rng.choice((-1, 1))
    bobs = []
    for i, number in enumerate(numbers):
        period = WINDOW / (number + LEFT_OVER)
        angle = side * min(SIDEWAYS / length_of(period), 0.25) * rng.uniform(0.93, 1.0)
        damping = CALM if i == calm else rng.uniform(0.0, LASTING)
        bobs.append(Bob(letters[i], rng.choice(MASSES), Swing(round(angle, 5), round(period, 4), round(damping, 4))))
    return Row(tuple(bobs))


def draw_pair(params: Params, aim: Rng, rng: Rng) -> Row:
    """Two pendulums whose periods are as small whole numbers."""
    one = aim.choice(tuple(RATIOS))
    other = aim.choice(RATIOS[one])
    letters = rng.sample(LETTERS[:8], 2)
    side = rng.choice((-1, 1))
    bobs = []
    for number, letter in zip((one, other), letters, strict=True):
        period = TOGETHER / number
        angle = side * 1.1 / length_of(period)
        bobs.append(Bob(letter, rng.choice(MASSES), Swing(round(angle, 5), round(period, 4))))
    return Row(tuple(bobs) if rng.chance(0.5) else (bobs[1], bobs[0]), TOGETHER, one)


def draw_trial(params: Params, aim: Rng, rng: Rng, clacks: Sequence[int] = CLACKS) -> Trial:
    """A cradle with some balls lifted."""
    left = aim.choice(OUT)
    balls = params.balls - rng.integer(0, 1)
    letters = tuple(rng.sample(LETTERS, balls))
    right = min(aim.integer(0, 2), balls - left - 1)
    return Trial(Cradle(balls, left, right, round(rng.uniform(0.5, 0.6), 3)), aim.choice(clacks), letters)


def draw_swinging(params: Params, rng: Rng) -> Swinging:
    """All experiments; what is asked for is drawn first."""
    aim = rng.steady("aim")
    kinds = ["pair", "foretold"]
    more = ["cradle", "row"] * params.pairs
    kinds += more[2 : params.experiments - 2]
    first, second = aim.shuffled(("told", "row"))
    kinds = [first, *aim.shuffled([second, *kinds])]
    made: list[Experiment] = []
    for number, kind in enumerate(kinds):
        own, part = aim.fork(f"aim {number}"), rng.fork(f"experiment {number}")
        if kind == "row":
            made.append(draw_row(params, own, part))
        elif kind == "pair":
            made.append(draw_pair(params, own, part))
        else:
            made.append(draw_trial(params, own, part, EVEN if kind == "foretold" else CLACKS))
    row = kinds.index("row")
    here = made[row]
    if not isinstance(here, Row):
        raise Rejected("no row")
    counted, longer = (aim.integer(0, params.bobs - 1) for _ in range(2))
    return Swinging(
        params, tuple(made), row, kinds.index("pair"), kinds.index("told"), kinds.index("foretold"), counted, longer
    )
