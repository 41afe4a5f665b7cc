"""Things that go on for a while, stop, and go on again: for how many whole seconds, drawn so that every comparison is clear."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil
from typing import ClassVar, NamedTuple, Self

from pydantic import model_validator

from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.schema import LETTERS
from morse.seeding import Rng

DOING = {"lamp": "lit", "kettle": "boiling", "fan": "turning", "flag": "flying", "window": "open"}
"""What there is, and what it is while it goes on."""
SHORTEST, BREAK = 2, 2
"""Seconds that a stretch, and the interruption between two, last at least."""
CLEAR = 1.25
"""By what factor one duration is longer than another where they are compared."""
STANDING = (2, 3, 4, 5, 7)
"""Seconds for which something has gone on when that is asked, each clear of the next."""
ROLES = 5
"""Things that go on in every clip: one whose total is asked, one that much longer or shorter, two equal ones, one with three stretches."""
TOTALS, GAPS = 8, 4
"""How many different answers there are to "how long in all" and to "how much longer"."""
COMPARED = 3
"""With how many others a thing is compared that is thought of as not interrupted."""


class Params(TaskParams):
    sized_by: ClassVar[tuple[str, ...]] = ("things",)
    things: int = ramp(
        6, per_level=0.5, most=10, least=6, limit=10, about="things on the wall, one of which never goes on"
    )
    seconds: int = ramp(16, per_level=1.5, least=16, about="seconds in each of the two acts")
    breaks: int = ramp(2, per_level=0.7, least=0, about="interruptions, beside those that every clip has")
    listed: int = ramp(3, per_level=0.34, most=6, least=3, limit=8, about="things to be put in order")
    decoys: int = ramp(1, per_level=0.8, about="things that shake and balls that pass, which means nothing")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.listed > self.things - 2:
            raise ValueError(f"listed={self.listed} is too many for {self.things} things: at most {self.things - 2}")
        return self

    @property
    def lengths(self) -> range:
        """For how many seconds a thing may go on in all (but the one with three stretches, which may go on for longer)."""
        return range(SHORTEST, self.seconds)

    @property
    def totals(self) -> range:
        """The answers to how long a thing went on that was interrupted."""
        low = 2 * SHORTEST + (self.seconds - 16) // 3
        return range(low, low + TOTALS)

    @property
    def gaps(self) -> range:
        """The answers to how much longer something went on."""
        low = max(3, ceil(self.totals[-1] / 5))
        return range(low, low + GAPS)


class Stretch(NamedTuple):
    """In which act (0 or 1), how many seconds after its beginning, and for how many whole seconds."""

    act: int
    start: float
    seconds: int


@dataclass(frozen=True)
class Board:
    """What goes on when, by name, and what is asked of it.

    ``idle``: what never goes on. ``total``: one that was interrupted. ``pair``: the one that went on longer, and the other. ``equal``:
    two that went on equally long. ``standing``: (one with three stretches; after how many seconds of each it is asked for
    how long it has gone on; the options). ``ordered``: things to be put in order. ``mended``: (a thing, those that it is
    compared with) if it had not been interrupted, or ``None``: then ``equal[0]`` is one of a list.
    """

    params: Params
    stretches: Mapping[str, tuple[Stretch, ...]]
    idle: tuple[str, ...]
    total: str
    pair: tuple[str, str]
    equal: tuple[str, str]
    standing: tuple[str, tuple[int, ...], tuple[int, ...]]
    ordered: tuple[str, ...]
    mended: tuple[str, tuple[str, ...]] | None

    def seconds(self, name: str) -> int:
        """For how long a thing goes on in all."""
        return sum(stretch.seconds for stretch in self.stretches[name])


def clear(one: float, other: float) -> bool:
    """Whether two durations differ plainly."""
    return max(one, other) >= CLEAR * min(one, other) and abs(one - other) >= 1


def all_clear(durations: Iterable[float]) -> bool:
    return all(clear(a, b) for a, b in combinations(durations, 2))


def draw_board(params: Params, rng: Rng) -> Board:
    """A board. What is asked for is drawn first, and the rest around it."""
    wanted = rng.steady("wanted")
    total, gap, same = wanted.choice(params.totals), wanted.choice(params.gaps), wanted.choice(params.lengths)
    mending, longer_ones = wanted.chance(0.5), wanted.integer(0, COMPARED - 1)
    options = tuple(wanted.sample(STANDING, 4))
    for _ in range(400):
        names, idle = _named(params, rng)
        lengths = [seconds + 1 + rng.integer(0, 2) for seconds in options[:3]]
        other = _other(total, gap, params, rng)
        if mending:
            same = rng.choice(params.lengths)
        totals = [total, other, same, same, sum(lengths)]
        for _ in names[ROLES:]:
            apart = [n for n in params.lengths if all(clear(n, known) for known in totals)]
            totals.append(rng.choice(apart or params.lengths))
        seconds = dict(zip(names, totals, strict=True))
        ordered = _ordered(seconds, params.listed, rng)
        mended = _mended(seconds, names[4], longer_ones, params.seconds, rng) if mending else None
        if ordered is None or (mending and mended is None) or not ring_of(seconds, names[2:4]):
            continue
        counts = _counts(names, seconds, params.breaks, mended[0] if mended else "", rng)
        stretches = {}
        for name in names:
            parts = lengths if name == names[4] else _parts(seconds[name], counts[name], SHORTEST, rng)
            whole = mended[2] if mended and mended[0] == name else None
            stretches[name] = _placed(parts, params.seconds, whole, rng)
        pair = (names[0], names[1]) if total > other else (names[1], names[0])
        return Board(
            params, stretches, idle, names[0], pair, (names[2], names[3]), (names[4], options[:3], options), ordered,
            mended[:2] if mended else None,
        )  # fmt: skip
    raise Rejected("no durations as wanted")


def _named(params: Params, rng: Rng) -> tuple[list[str], tuple[str, ...]]:
    """The names of what goes on, and of what never does; each letter once."""
    kinds = rng.sample([*DOING], rng.integer(2, len(DOING)))
    drawn = [f"{rng.choice(kinds)} {letter}" for letter in LETTERS[: params.things]]
    mixed = rng.shuffled(drawn)
    return mixed[:-1], (mixed[-1],)


def _other(total: int, gap: int, params: Params, rng: Rng) -> int:
    """A duration that differs by so much, and plainly."""
    return rng.choice([n for n in (total - gap, total + gap) if n in params.lengths and clear(n, total)])


def _ordered(seconds: Mapping[str, int], count: int, rng: Rng) -> tuple[str, ...] | None:
    """So many things, no two of which go on for about the same time."""
    chosen: list[str] = []
    for name in rng.shuffled([*seconds]):
        if all(clear(seconds[name], seconds[other]) for other in chosen):
            chosen.append(name)
    return tuple(chosen[:count]) if len(chosen) >= count else None


def ring_of(seconds: Mapping[str, int], equal: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of other things that differ plainly from each other and from two equal ones."""
    others = [name for name in seconds if name not in equal and clear(seconds[name], seconds[equal[0]])]
    return [(a, b) for a, b in combinations(others, 2) if clear(seconds[a], seconds[b])]


def _mended(
    seconds: Mapping[str, int], thrice: str, longer_ones: int, most: int, rng: Rng
) -> tuple[str, tuple[str, ...], int] | None:
    """A thing, others, and how long it is from its beginning to its end, so that just so many of them go on for longer than
    that, and if possible more than so many for longer than it does with its interruptions."""
    found, alike = [], []
    for name, own in seconds.items():
        if name == thrice or own < 2 * SHORTEST:
            continue
        others = [other for other in seconds if other != name]
        for whole in range(own + BREAK, most + 1):
            apart = [other for other in others if clear(seconds[other], whole)]
            for few in combinations(apart, COMPARED):
                still = sum(seconds[other] > whole for other in few)
                if still == longer_ones:
                    changed = sum(seconds[other] > own for other in few) > still
                    (found if changed else alike).append((name, few, whole))
    if not found and not alike:
        return None
    name, few, whole = rng.choice(found or alike)
    return name, tuple(rng.shuffled(few)), whole


def _counts(names: Sequence[str], seconds: Mapping[str, int], breaks: int, mended: str, rng: Rng) -> dict[str, int]:
    """In how many stretches each goes on."""
    counts = dict.fromkeys(names, 1)
    for name in (names[0], mended):
        if name:
            counts[name] = 2
    for _ in range(breaks):
        able = [n for n in names if n not in (names[4], mended) and seconds[n] >= SHORTEST * (counts[n] + 1)]
        able = [name for name in able if counts[name] < 4]
        if able:
            counts[rng.choice(able)] += 1
    return counts


def _parts(total: int, count: int, least: int, rng: Rng) -> list[int]:
    """A number as a sum of so many, none less than ``least``; all sums are equally likely."""
    free = total - least * count
    cuts = sorted(rng.sample(range(free + count - 1), count - 1))
    return [b - a - 1 + least for a, b in zip([-1, *cuts], [*cuts, free + count - 1], strict=True)]


def _placed(parts: Sequence[int], act: int, whole: int | None, rng: Rng) -> tuple[Stretch, ...]:
    """Stretches of these lengths somewhere in the acts, or (``whole``) all in one of them, over so many seconds."""
    if whole is not None:
        breaks = _parts(whole - sum(parts), len(parts) - 1, BREAK, rng)
        number, start = rng.integer(0, 1), rng.uniform(0.0, act - whole)
        starts = [start + sum(parts[:i]) + sum(breaks[:i]) for i in range(len(parts))]
        return tuple(Stretch(number, round(at, 3), n) for at, n in zip(starts, parts, strict=True))
    splits = [(parts[:i], parts[i:]) for i in range(len(parts) + 1)]
    able = [halves for halves in splits if all(sum(half) + BREAK * (len(half) - 1) <= act for half in halves)]
    if not able:
        raise Rejected("no room in an act")
    placed = []
    for number, half in enumerate(rng.choice(able)):
        free = act - sum(half) - BREAK * (len(half) - 1)
        for i, at in enumerate(sorted(rng.uniform(0.0, free) for _ in half)):
            placed.append(Stretch(number, round(at + sum(half[:i]) + BREAK * i, 3), half[i]))
    return tuple(placed)
