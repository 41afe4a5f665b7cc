"""Clocks on a wall that is curtained off now and then: time that passes seen and unseen, and clocks that somebody sets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

NAMES = (
    *("Ash", "Bay", "Birch", "Cedar", "Elm", "Fig", "Fir", "Hazel", "Holly", "Larch", "Lime", "Maple", "Oak", "Olive"),
    *("Palm", "Pear", "Pine", "Plum", "Rowan", "Willow", "Yew"),
)
DAY = 720
"""Minutes after which a dial shows the same again."""
TICK = 5
"""Minutes that all clocks go on by at a beat."""
GAPS = range(30, 150, 5)
"""Minutes that may pass behind the curtain where that is asked for; elsewhere up to :data:`LONGEST`."""
LONGEST = 480
SETS = tuple(range(10, 95, 5))
"""By how many minutes a clock is set forward or back; the one that is set more than once is so far off each time."""
TOTALS, COUNTS = 24, 4
"""How many different answers there are to "how long in all" and to "how often"."""
STANDS = (2, 3)
"""For how many beats a clock stands still."""


class Params(TaskParams):
    clocks: int = ramp(4, per_level=0.5, most=8, least=4, limit=8, about="clocks on the wall")
    acts: int = ramp(3, per_level=0.34, most=12, least=3, limit=40, about="stretches in which the curtain is up")
    beats: int = ramp(5, per_level=0.25, most=12, least=5, limit=40, about="beats in each of them (two more at most)")
    sets: int = ramp(4, per_level=0.5, most=40, least=4, about="times that a clock is set, at least")
    decoys: int = ramp(2, per_level=1, about="hands that swing out and back, and balls that pass, which means nothing")

    @property
    def most_sets(self) -> int:
        """How often clocks can be set, so that it is plain at every beat how far the others go."""
        return self.acts * (self.beats + 1) // 2

    @property
    def totals(self) -> range:
        """Minutes that may pass in all."""
        low = TICK * self.acts * (self.beats + 2) + 90 * (self.acts - 3) + GAPS[0] + GAPS[-1]
        return range(low, low + TICK * TOTALS, TICK)


class Slot(NamedTuple):
    """Minutes that pass at once: at a beat of an act (from 0), or (``hidden``) between an act and the next."""

    act: int
    hidden: bool
    minutes: int


class Touch(NamedTuple):
    """How far a clock falls out of step in a slot (its number), for being set, or (``stands``) for standing still at a beat."""

    slot: int
    clock: str
    minutes: int
    stands: bool = False


@dataclass(frozen=True)
class Wall:
    """What happens: each clock's first reading (minutes), the slots, and what sets clocks apart. At most one clock a slot.

    ``unseen``: (a gap from 0, the clock set in it or ``None``). ``gap``: one whose length is asked for. ``moved``: a clock
    set three times, and three acts after which it is off by different amounts, any of them as likely first as last. ``stopped``: a clock that stood still once,
    or (``idle``) never. ``free``: a clock that nobody ever touches. ``swings``: (slot, clock) of hands that swing.
    """

    params: Params
    starts: dict[str, int]
    slots: tuple[Slot, ...]
    touches: tuple[Touch, ...]
    unseen: tuple[int, str | None]
    gap: int
    moved: tuple[str, tuple[int, ...]]
    stopped: str
    idle: bool
    free: str
    counts: range
    swings: tuple[tuple[int, str], ...]

    def passed(self, upto: int | None = None) -> int:
        """Minutes that pass in the first slots (all)."""
        return sum(slot.minutes for slot in self.slots[:upto])

    def off(self, clock: str, upto: int | None = None) -> int:
        """By how many minutes a clock is ahead of where it would be untouched, after the first slots (all)."""
        end = len(self.slots) if upto is None else upto
        return sum(touch.minutes for touch in self.touches if touch.clock == clock and touch.slot < end)

    def reading(self, clock: str, upto: int | None = None) -> int:
        """What a clock shows after the first slots (all), in minutes from twelve."""
        return (self.starts[clock] + self.passed(upto) + self.off(clock, upto)) % DAY

    def end_of(self, act: int) -> int:
        """How many slots there are up to the end of an act."""
        return max(i for i, slot in enumerate(self.slots) if slot.act == act and not slot.hidden) + 1


def draw_wall(params: Params, rng: Rng) -> Wall:
    """What is asked for is drawn first, and the rest around it."""
    wanted = rng.steady("wanted")
    gap, unseen = wanted.integer(0, params.acts - 2), wanted.integer(0, params.acts - 2)
    behind, total, who = wanted.choice(GAPS), wanted.choice(params.totals), wanted.integer(0, params.clocks)
    low = min(params.sets, params.most_sets - COUNTS)
    counts = range(low, low + COUNTS)
    count, idle = wanted.choice(counts), wanted.chance(0.25)

    names = rng.sample(NAMES, params.clocks)
    hidden = [*sorted(names), None][who]
    moved = rng.choice([name for name in names if name != hidden])
    stopper = rng.choice([name for name in names if name != moved])
    free = rng.choice([name for name in names if name not in (hidden, moved, stopper)])
    slots = _slots(params, gap, behind, total, rng)
    touches = _Touches(slots, rng)
    touches.bar(unseen)
    if hidden is not None:
        touches.put(touches.gap(unseen), hidden, either_way(rng))
    touches.stand(stopper)
    acts, off = tuple(sorted(rng.sample(range(params.acts), 3))), 0
    offs = rng.sample([minutes * way for minutes in SETS for way in (-1, 1)], len(acts))
    if min(abs(a - b) for a, b in combinations(offs, 2)) < SETS[0]:
        raise Rejected("a clock is hardly set at all")
    for before, after, wish in zip((-1, *acts), acts, offs, strict=False):
        touches.put(touches.place(before, after), moved, wish - off)
        off = wish
    others = [name for name in names if name not in (free, moved)]
    while len(touches.sets) < count:
        touches.put(touches.place(-1, params.acts), rng.choice(others), either_way(rng))
    starts = {name: 5 * rng.integer(0, DAY // 5 - 1) for name in sorted(names)}
    stopped = rng.choice([name for name in names if name != stopper]) if idle else stopper
    swings = tuple(touches.swing(names) for _ in range((params.decoys + 1) // 2))
    return Wall(
        params, starts, slots, tuple(sorted(touches.made)), (unseen, hidden), gap, (moved, acts), stopped, idle, free,
        counts, swings,
    )  # fmt: skip


def either_way(rng: Rng) -> int:
    """By how many minutes a clock is set: forward or back."""
    return rng.choice(SETS) * rng.choice((-1, 1))


def _slots(params: Params, gap: int, behind: int, total: int, rng: Rng) -> tuple[Slot, ...]:
    """All beats and gaps, one gap of a given length, and so many minutes in all."""
    beats = [params.beats + rng.integer(0, 2) for _ in range(params.acts)]
    for _ in range(200):
        lengths = [rng.choice(GAPS) for _ in range(params.acts - 1)]
        lengths[gap] = behind
        rest = rng.choice([i for i in range(params.acts - 1) if i != gap])
        lengths[rest] += total - TICK * sum(beats) - sum(lengths)
        if GAPS[0] <= lengths[rest] <= LONGEST:
            break
    else:
        raise Rejected("no lengths as wanted")
    slots = []
    for act, number in enumerate(beats):
        slots += [Slot(act, False, TICK)] * number
        slots += [Slot(act, True, lengths[act])] if act < params.acts - 1 else []
    return tuple(slots)


class _Touches:
    """Sets and stands, at most one clock a slot."""

    def __init__(self, slots: Sequence[Slot], rng: Rng) -> None:
        self.slots, self.rng = slots, rng
        self.made: list[Touch] = []
        self.free = [*range(len(slots))]

    @property
    def sets(self) -> list[Touch]:
        return [touch for touch in self.made if not touch.stands]

    def gap(self, number: int) -> int:
        """The slot of a gap."""
        return next(i for i, slot in enumerate(self.slots) if slot.hidden and slot.act == number)

    def bar(self, number: int) -> None:
        """Leave a gap to what is put there by number."""
        self.free.remove(self.gap(number))

    def place(self, after: int, upto: int) -> int:
        """A free slot after the end of an act, up to the end of another."""
        places = [i for i in self.free if self._between(self.slots[i], after, upto)]
        if not places:
            raise Rejected("no free place to set a clock")
        return self.rng.choice(places)

    def put(self, slot: int, clock: str, minutes: int) -> None:
        if slot in self.free:
            self.free.remove(slot)
        self.made.append(Touch(slot, clock, minutes))

    def stand(self, clock: str) -> None:
        """Let a clock stand still for some beats, within an act."""
        beats = self.rng.choice(STANDS)
        runs = [run for run in self._runs(beats + 2) if all(i in self.free for i in run)]
        for i in self.rng.choice(runs)[1:-1]:
            self.free.remove(i)
            self.made.append(Touch(i, clock, -TICK, True))

    def swing(self, clocks: Sequence[str]) -> tuple[int, str]:
        """A beat at which no hand is out of step, and a clock."""
        places = [i for i in self.free if not self.slots[i].hidden]
        if not places:
            raise Rejected("no free place for hands to swing")
        place = self.rng.choice(places)
        self.free.remove(place)
        return place, self.rng.choice(clocks)

    def _runs(self, length: int) -> Iterator[range]:
        """Beats in a row, within an act."""
        for first in range(len(self.slots) - length + 1):
            run = range(first, first + length)
            if not any(self.slots[i].hidden for i in run):
                yield run

    def _between(self, slot: Slot, after: int, upto: int) -> bool:
        return (slot.act > after or (slot.act == after and slot.hidden)) and (
            slot.act < upto or (slot.act == upto and not slot.hidden)
        )
