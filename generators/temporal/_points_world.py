"""A board of switches, points and lamps: a pulse goes the way that each point shows, and turns the point as it passes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

SWITCHES = 3
PEOPLE = 4
NAMES = (
    "Ada",
    "Ben",
    "Cleo",
    "Dan",
    "Eve",
    "Finn",
    "Gus",
    "Hana",
    "Ivo",
    "Joy",
    "Kim",
    "Leo",
    "Mia",
    "Noa",
    "Otto",
    "Pia",
)
LAMPS = "PQRSTUVWXYZ"


class Params(TaskParams):
    sized_by: ClassVar[tuple[str, ...]] = ("layers", "presses")
    layers: int = ramp(2, per_level=0.25, most=4, least=1, limit=4, about="points that each pulse passes")
    presses: int = ramp(8, per_level=0.7, least=8, about="times that somebody presses a switch")
    feints: int = ramp(1, per_level=0.6, about="hands that come and go and press nothing, and balls that pass")

    @property
    def lamps(self) -> str:
        """The letters of the lamps, from the top."""
        return LAMPS[: SWITCHES + self.layers]

    @property
    def counts(self) -> range:
        """How many different lamps somebody may light of whom that is asked."""
        low = min(max(1, self.presses // PEOPLE - 1), self.layers)
        return range(low, low + 3)

    @property
    def numbers(self) -> tuple[int, int]:
        """The how-many-th press of somebody may be asked for."""
        return self.presses // PEOPLE, self.presses // PEOPLE + 1


class Press(NamedTuple):
    """Who presses which switch (its row), over which rows the pulse goes from column to column, and so to which lamp."""

    who: str
    switch: int
    rows: tuple[int, ...]

    @property
    def lamp(self) -> str:
        return LAMPS[self.rows[-1]]


@dataclass(frozen=True)
class Course:
    """What happens, and what is asked of it.

    ``down``: for each point (column from 0, row), whether it first sends a pulse down. ``without``: the number of a press,
    and of a later one that would have lit another lamp without it. ``next``: switches that are pressed after the clip.
    ``lit``: somebody, and how many different lamps that one lights. ``listed``: (somebody, the how-many-th press), which there
    may not be.
    """

    params: Params
    people: tuple[str, ...]
    down: dict[tuple[int, int], bool]
    presses: tuple[Press, ...]
    without: tuple[int, int]
    next: tuple[int, ...]
    lit: tuple[str, int]
    listed: tuple[str, int]


class Board:
    """Points that turn as pulses pass them."""

    def __init__(self, down: dict[tuple[int, int], bool], layers: int) -> None:
        self.down, self.layers = dict(down), layers

    def send(self, switch: int) -> tuple[int, ...]:
        """Let a pulse go from a switch; returns its row in each column of points and in that of lamps."""
        rows = [switch]
        for column in range(self.layers):
            point = (column, rows[-1])
            rows.append(rows[-1] + self.down[point])
            self.down[point] = not self.down[point]
        return tuple(rows)


def run(down: dict[tuple[int, int], bool], layers: int, switches: Sequence[int]) -> list[tuple[int, ...]]:
    """The rows that the pulses of some switches pass, pressed one after another."""
    board = Board(down, layers)
    return [board.send(switch) for switch in switches]


def draw_course(params: Params, rng: Rng) -> Course:
    """A course. What is asked for is drawn first, and the rest around it."""
    wanted = rng.steady("wanted")
    lamp, offset, count = wanted.choice(params.lamps), wanted.integer(0, params.layers), wanted.choice(params.counts)
    never, number = wanted.chance(0.25), wanted.choice(params.numbers)
    layers = params.layers
    people = tuple(rng.sample(NAMES, PEOPLE))
    points = [(column, row) for column in range(layers) for row in range(SWITCHES + column)]
    for _ in range(400):
        down = {point: rng.chance(0.5) for point in points}
        switches = [rng.integer(0, SWITCHES - 1) for _ in range(params.presses)]
        after = _next(down, layers, switches, offset, rng)
        if not after:
            continue
        ways = run(down, layers, switches)
        changed = _changed(down, layers, switches, ways, lamp)
        for _ in range(30 if changed else 0):
            whos = _whos(people, params.presses, rng)
            lit = {who: {way[-1] for one, way in zip(whos, ways, strict=True) if one == who} for who in people}
            several = [who for who in people if len(lit[who]) == count]
            asked = [who for who in people if (whos.count(who) < number) == never]
            if all(lit.values()) and several and asked:
                presses = tuple(Press(*one) for one in zip(whos, switches, ways, strict=True))
                return Course(
                    params, people, down, presses, rng.choice(changed), after, (rng.choice(several), count),
                    (rng.choice(asked), number),
                )  # fmt: skip
    raise Rejected("no course as wanted")


def _whos(people: Sequence[str], count: int, rng: Rng) -> list[str]:
    """Who presses each time, nobody twice running."""
    whos: list[str] = []
    for _ in range(count):
        whos.append(rng.choice([who for who in people if who not in whos[-1:]]))
    return whos


def _next(
    down: dict[tuple[int, int], bool], layers: int, switches: Sequence[int], offset: int, rng: Rng
) -> tuple[int, ...]:
    """Two switches, pressed after all others, of which the last lights the lamp so many rows below the highest that it may
    light; empty if there are none."""
    more = [(a, b) for a in range(SWITCHES) for b in range(SWITCHES)]
    found = [pair for pair in more if run(down, layers, [*switches, *pair])[-1][-1] - pair[1] == offset]
    return rng.choice(found) if found else ()


def _changed(
    down: dict[tuple[int, int], bool], layers: int, switches: Sequence[int], ways: Sequence[tuple[int, ...]], lamp: str
) -> list[tuple[int, int]]:
    """Pairs of presses of which the later one would light this lamp, and does not, were it not for the earlier one."""
    found = []
    for i in range(len(switches) - 1):
        other = run(down, layers, [*switches[:i], *switches[i + 1 :]])
        for j in range(i + 1, len(switches)):
            now, then = ways[j][-1], other[j - 1][-1]
            if now != then and LAMPS[then] == lamp:
                found.append((i, j))
    return found
