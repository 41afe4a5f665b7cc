"""A score of beats with tones, flashes and noises, drawn so that what is asked of it has the wanted answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import NamedTuple, Self

from pydantic import model_validator

from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.schema import Timbre
from morse.seeding import Rng
from morse.stage.marks import MARKS

LETTERS, DIGITS = "ACEFHKLNPRTVXY", "3479"
"""What labels are made of: nothing that is easily taken for another."""
STEP = 2 ** (5 / 12)
"""From one pitch to the next: a fourth, so that no two are octaves of each other, which sound alike."""
LASTS = (0.6, 0.82)
"""Seconds that a tone or a flash lasts."""
CLEAR = 0.5
"""Seconds by which the longest silence is longer than any other."""
COUNTS, TOGETHER, LEFT, BETWEEN = 4, 3, 4, range(2, 6)
"""How many answers there are to how many tones (and flashes), how many at once, how many of these without every second tone,
and how many tones between two flashes."""
TRIES = 400


class Params(TaskParams):
    beats: int = ramp(
        12, per_level=2, least=12, limit=80, about="beats before the pattern, some with a tone or a flash"
    )
    pitches: int = ramp(4, per_level=0.25, most=6, least=4, limit=6, about="different tones")
    motif: int = ramp(
        3, per_level=0.25, most=6, least=3, limit=12, about="tones of the pattern, at least (one more at most)"
    )
    decoys: int = ramp(2, per_level=1, about="noises, which are no tones, and glimmers, which are no flashes")
    pace: float = ramp(
        1.25, per_level=-0.03, most=1.02, least=1.0, limit=4, about="seconds from beat to beat, at least"
    )

    @model_validator(mode="after")
    def _labels_suffice(self) -> Self:
        most = len(LETTERS) * len(DIGITS) - 1
        if self.flashes[-1] > most:
            raise ValueError(f"beats={self.beats} needs {self.flashes[-1]} labels for flashes: there are {most}")
        return self

    @property
    def looped(self) -> int:
        """How many tones of the pattern are heard."""
        return 2 * (self.motif + 1) + 2

    @property
    def tones(self) -> range:
        """How many tones there may be."""
        return _from(self.looped + 3 + (self.beats - 12) // 2, COUNTS)

    @property
    def flashes(self) -> range:
        """How many flashes there may be."""
        return _from(7 + (self.beats - 12) // 2, COUNTS)

    @property
    def together(self) -> range:
        """How many flashes may come with a tone."""
        return _from(4 + (self.beats - 12) // 6, TOGETHER)

    @property
    def left(self) -> range:
        """How many of them may be left without every second tone."""
        return _from(self.together[0] // 2 - 1, LEFT)


def _from(first: int, count: int) -> range:
    return range(first, first + count)


class Beat(NamedTuple):
    """What begins at a time: a tone (its rank, 0 the lowest), a flash (its label), a noise; each lasts as long."""

    start: float
    lasts: float
    tone: int | None = None
    flash: str | None = None
    noise: bool = False


@dataclass(frozen=True)
class Score:
    """Beats from the moment on at which counting begins (time 0), and what is asked of them.

    ``names``: the mark that stands for each tone, the lowest first; ``pitches``: in Hz. ``looped``: the first beat of the pattern.
    ``nth``: which tone is asked for. ``asked``: the flash whose tone is asked for, which may never come. ``between``: two flashes.
    ``heard``: after how many tones of the pattern it is asked how it goes on. ``ends``: seconds of the clip after time 0.
    """

    params: Params
    names: tuple[str, ...]
    pitches: tuple[float, ...]
    timbre: Timbre
    noise: Timbre
    beats: tuple[Beat, ...]
    looped: int
    motif: tuple[int, ...]
    nth: int
    asked: str
    between: tuple[str, str]
    heard: tuple[int, ...]
    ends: float

    @property
    def tones(self) -> tuple[Beat, ...]:
        return tuple(beat for beat in self.beats if beat.tone is not None)

    @property
    def flashes(self) -> tuple[Beat, ...]:
        return tuple(beat for beat in self.beats if beat.flash is not None)

    def flash(self, label: str) -> Beat | None:
        return next((beat for beat in self.beats if beat.flash == label), None)


class _Wanted(NamedTuple):
    """The answers that a score must have."""

    tones: int
    flashes: int
    together: int
    left: int
    between: int
    asked: str


def draw_score(params: Params, rng: Rng) -> Score:
    """Raises :class:`Rejected` where no draw has the wanted answers."""
    steady = rng.steady("wanted")
    wanted = _Wanted(
        steady.choice(params.tones),
        steady.choice(params.flashes),
        steady.choice(params.together),
        steady.choice(params.left),
        steady.choice(BETWEEN),
        steady.weighted(("with", "without", "never"), (params.pitches, 1, 1)),
    )
    nth = steady.integer(3, params.tones[0] - 1)
    names = tuple(rng.sample([*MARKS], params.pitches))
    base = 196.0 * 2 ** (rng.integer(0, 6) / 12)
    pitches = tuple(round(base * STEP**rank, 2) for rank in range(params.pitches))
    labels = rng.sample([letter + digit for letter in LETTERS for digit in DIGITS], wanted.flashes + 1)
    for _ in range(TRIES):
        motif, asked_after = _motif(params, rng)
        ranks, on_time = _arranged(params, wanted, motif, rng) or ((), ())
        if not ranks:
            continue
        beats, looped = _beats(params, wanted, ranks, on_time, labels, rng)
        pair = _apart(beats, wanted.between, rng)
        if pair is None or not _one_longest(beats):
            continue
        asked = _asked(beats, wanted.asked, labels[-1], rng)
        ends = round(beats[-1].start + beats[-1].lasts + rng.uniform(0.9, 1.4), 3)
        timbre, noise = rng.choice(("flute", "reed")), rng.choice(("hiss", "horn"))
        return Score(
            params, names, pitches, timbre, noise, tuple(beats), looped, motif, nth, asked, pair, asked_after, ends
        )  # fmt: skip
    raise Rejected("no score as wanted")


def _motif(params: Params, rng: Rng) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """A pattern that is not itself a shorter one repeated, and after how many tones of it (twice through at least) it is asked
    what comes next, with different answers."""
    while True:
        length = rng.integer(params.motif, params.motif + 1)
        motif = tuple(rng.integer(0, params.pitches - 1) for _ in range(length))
        if any(motif == motif[-shift:] + motif[:-shift] for shift in range(1, length)):
            continue
        moments = range(2 * length, params.looped + 1)
        pairs = [(a, b) for a, b in combinations(moments, 2) if motif[a % length] != motif[b % length]]
        if pairs:
            return motif, rng.choice(pairs)


def _arranged(
    params: Params, wanted: _Wanted, motif: Sequence[int], rng: Rng
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The rank of each tone, and which tones come with a flash: as many as wanted, and as many with an odd number. The highest of
    them has any rank but the lowest. ``None`` where the pattern does not allow it."""
    free = wanted.tones - params.looped
    highest = rng.integer(1, params.pitches - 1)
    loop = [motif[i % len(motif)] for i in range(params.looped)]
    fit = [*range(free), *(free + i for i, rank in enumerate(loop) if rank <= highest)]
    odd, even = [i for i in fit if i % 2 == 0], [i for i in fit if i % 2]
    if len(odd) < wanted.left or len(even) < wanted.together - wanted.left:
        return None
    on_time = [*rng.sample(odd, wanted.left), *rng.sample(even, wanted.together - wanted.left)]
    ranks = [
        *(rng.integer(0, highest if i in on_time else params.pitches - 1) for i in range(free)),
        *loop,
    ]
    own = [i for i in on_time if i < free]
    if max(ranks[i] for i in on_time) < highest:
        if not own:
            return None
        ranks[rng.choice(own)] = highest
    return tuple(ranks), tuple(sorted(on_time))


def _beats(
    params: Params, wanted: _Wanted, ranks: Sequence[int], on_time: Sequence[int], labels: Sequence[str], rng: Rng
) -> tuple[list[Beat], int]:
    """Beats in time, and the first one of the pattern."""
    free = wanted.tones - params.looped
    sounding = sorted(rng.sample(range(params.beats), free))
    still = [i for i in range(params.beats) if i not in sounding]
    silent = rng.sample(still, wanted.flashes - wanted.together)
    noises = (params.decoys + 1) // 2
    noisy = rng.sample(still, min(len(still), (noises + 1) // 2))
    between = rng.sample(range(1, params.looped), min(params.looped - 1, noises // 2))
    plan: list[tuple[int | None, bool, bool]] = []
    number = 0
    for i in range(params.beats):
        if i in sounding:
            plan.append((ranks[number], number in on_time, False))
            number += 1
        else:
            plan.append((None, i in silent, i in noisy))
    for i in range(params.looped):
        if i in between:
            plan.append((None, False, True))
        plan.append((ranks[number], number in on_time, False))
        number += 1
    left, beats, time = iter(labels), [], 0.0
    for tone, flash, noise in plan:
        time = round(time + rng.uniform(params.pace, params.pace + 0.25), 3)
        beats.append(Beat(time, round(rng.uniform(*LASTS), 3), tone, next(left) if flash else None, noise))
    return beats, params.beats


def _apart(beats: Sequence[Beat], count: int, rng: Rng) -> tuple[str, str] | None:
    """Two flashes with so many tones between them."""
    flashes = [beat for beat in beats if beat.flash is not None]
    pairs = [
        (one.flash, other.flash)
        for one, other in combinations(flashes, 2)
        if sum(beat.tone is not None and one.start < beat.start < other.start for beat in beats) == count
    ]
    if not pairs:
        return None
    one, other = rng.choice(pairs)
    return str(one), str(other)


def silences(beats: Sequence[Beat]) -> list[tuple[float, float]]:
    """The stretches from the end of a tone to the beginning of the next."""
    tones = [beat for beat in beats if beat.tone is not None]
    return [(round(one.start + one.lasts, 3), other.start) for one, other in pairwise(tones)]


def _one_longest(beats: Sequence[Beat]) -> bool:
    second, first = sorted(end - start for start, end in silences(beats))[-2:]
    return first - second >= CLEAR


def _asked(beats: Sequence[Beat], which: str, never: str, rng: Rng) -> str:
    if which == "never":
        return never
    wanted = [beat.flash for beat in beats if beat.flash is not None and (beat.tone is not None) == (which == "with")]
    return str(rng.choice(wanted))
