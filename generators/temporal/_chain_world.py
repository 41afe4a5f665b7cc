"""A circuit of parts in columns between switches and lamps: when what comes on, and by which press, in closed form."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, NamedTuple

from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

SECONDS = (1, 2, 3)
"""How long parts hold a signal back."""
DOUBLE = 0.75
"""Share of parts that have two inputs."""
CLEAR = 0.45
"""Seconds by which what comes on, or is pressed, lies from all else that matters for an answer."""
Fate = Literal["not at all", "later", "at the same time"]
FATES: tuple[Fate, ...] = ("not at all", "later", "at the same time")
QUICKEST = 4
"""How many answers there are to how long the quickest way takes."""
TRIES = 600
LAMPS = "ABCDEFGH"


class Params(TaskParams):
    rows: int = ramp(4, per_level=0.25, most=6, least=4, limit=6, about="switches, lamps, and parts in a column")
    columns: int = ramp(2, per_level=0.25, most=4, least=2, limit=4, about="columns of parts")
    decoys: int = ramp(1, per_level=0.5, about="times that a switch is shaken and not pressed")
    study: float = ramp(
        0.5, per_level=0.0, least=0.2, limit=4, about="seconds for each part for which the circuit is shown"
    )


class Part(NamedTuple):
    """It comes on so many seconds after the first of its inputs, or after the last of them. ``inputs``: rows of the column before."""

    waits_for: Literal["all", "any"]
    seconds: int
    inputs: tuple[int, ...]


class Lit(NamedTuple):
    """When something comes on (infinite: never), and the switch whose press made it then (−1: none)."""

    time: float
    by: int


NEVER = Lit(math.inf, -1)


@dataclass(frozen=True)
class Circuit:
    """Columns of parts between switches and lamps; both are numbered by their rows from the top.

    ``presses``: the time of each switch's press, where it is pressed. ``lamp``: which one is asked about. ``fate``: a lamp, and the
    switch without which its fate is asked for. ``without``: the switch that is left out. ``quickest``: a switch and a lamp, and how many
    seconds the quickest way takes. ``moments``: when it is asked which lamp comes next. ``after``: the switch of whose press it is asked
    which lamp had come on last.
    """

    params: Params
    columns: tuple[tuple[Part, ...], ...]
    presses: Mapping[int, float]
    lamp: int
    fate: tuple[int, int]
    without: int
    quickest: tuple[int, int, int]
    moments: tuple[float, ...]
    after: int
    seconds: float
    lead: float

    def lit(self, presses: Mapping[int, float] | None = None) -> list[Lit]:
        """When each lamp comes on, and by which press."""
        return run(self.columns, self.presses if presses is None else presses, self.params.rows)[-1]


def run(columns: Sequence[Sequence[Part]], presses: Mapping[int, float], rows: int) -> list[list[Lit]]:
    """What comes on in each column, the switches first."""
    states = [[Lit(presses[row], row) if row in presses else NEVER for row in range(rows)]]
    for column in columns:
        before, now = states[-1], []
        for part in column:
            inputs = [before[row] for row in part.inputs]
            set_by = max(inputs) if part.waits_for == "all" else min(inputs)
            now.append(Lit(set_by.time + part.seconds, set_by.by) if set_by.time < math.inf else NEVER)
        states.append(now)
    return states


def first_after(lit: Iterable[Lit], time: float) -> int | None:
    """Which is the first to come on after a time; ``None`` where none does, or where that is a close thing."""
    later = sorted((one.time, row) for row, one in enumerate(lit) if time - CLEAR < one.time < math.inf)
    if not later or later[0][0] < time + CLEAR or (len(later) > 1 and later[1][0] - later[0][0] < CLEAR):
        return None
    return later[0][1]


def fate_of(circuit: Sequence[Sequence[Part]], presses: Mapping[int, float], rows: int, lamp: int, switch: int) -> Fate:
    """What becomes of a lamp without the press of a switch."""
    now = run(circuit, presses, rows)[-1][lamp].time
    then = run(circuit, {row: time for row, time in presses.items() if row != switch}, rows)[-1][lamp].time
    return "not at all" if then == math.inf else "at the same time" if then == now else "later"


def quickest_way(columns: Sequence[Sequence[Part]], switch: int, lamp: int) -> float:
    """The smallest sum of seconds along a way from a switch to a lamp; infinite where there is none."""
    best = {switch: 0.0}
    for column in columns:
        best = {
            row: min(best[i] for i in part.inputs if i in best) + part.seconds
            for row, part in enumerate(column)
            if any(i in best for i in part.inputs)
        }
    return best.get(lamp, math.inf)


def draw_circuit(params: Params, rng: Rng) -> Circuit:
    """Raises :class:`Rejected` where no draw can be asked about."""
    steady = rng.steady("wanted")
    fate, way = steady.choice(FATES), steady.choice(range(params.columns + 1, params.columns + 1 + QUICKEST))
    unpressed, rows = steady.integer(0, 1), params.rows
    # rows at the edge have fewer wires: which switch is asked for must not follow from that
    trigger, left_out = steady.integer(0, rows - 1), steady.integer(0, rows - 1)
    for _ in range(TRIES):
        columns = _columns(params, rng)
        if not _all_used(columns, rows):
            continue
        lead = round(3.0 + params.study * rows * params.columns, 2)
        spared = rng.sample([row for row in range(rows) if row not in (trigger, left_out)], unpressed)
        pressed = rng.shuffled([row for row in range(rows) if row not in spared])
        time, presses = lead + 1.6, {}
        for row in pressed:
            presses[row] = round(time, 2)
            time += rng.uniform(1.3, 2.6)
        states = run(columns, presses, rows)
        if not _clear(columns, states, presses):
            continue
        lit = states[-1]
        on = [row for row in range(rows) if lit[row].time < math.inf]
        if len(on) < 3:
            continue
        triggered = [row for row in on if lit[row].by == trigger]
        fates = [lamp for lamp in on if fate_of(columns, presses, rows, lamp, left_out) == fate]
        fates = [lamp for lamp in fates if quickest_way(columns, left_out, lamp) < math.inf] or fates
        losses = {s: [r for r in on if fate_of(columns, presses, rows, r, s) == "not at all"] for s in pressed}
        losing = [s for s, lost in losses.items() if 0 < len(lost) < len(on)]
        ways = [(s, r) for s in range(rows) for r in range(rows) if quickest_way(columns, s, r) == way]
        moments = _moments(columns, presses, rows, rng)
        if not triggered or not fates or not losing or not ways or moments is None:
            continue
        after = [
            row
            for row in pressed
            if min(abs(presses[row] - one.time) for one in lit) >= CLEAR
            and sum(one.time < presses[row] for one in lit) >= 1
        ]
        if not after:
            continue
        switch, lamp = rng.choice(ways)
        end = max(presses.values()) + max(SECONDS) * params.columns + 1.5
        return Circuit(
            params, columns, presses, rng.choice(triggered), (rng.choice(fates), left_out), rng.choice(losing), (switch, lamp, way),
            moments, rng.choice(after), round(end, 2), lead,
        )  # fmt: skip
    raise Rejected("no circuit that can be asked about")


def _columns(params: Params, rng: Rng) -> tuple[tuple[Part, ...], ...]:
    """Parts with inputs from the rows around theirs. At a level as many have two inputs, and as many of these wait for all, in every
    circuit: else what a press means would follow from how many there are."""
    rows, count = params.rows, params.rows * params.columns
    double = rng.sample(range(count), round(DOUBLE * count))
    waiting = double[: len(double) // 2]
    parts = []
    for number in range(count):
        row = number % rows
        near = [other for other in (row - 1, row, row + 1) if 0 <= other < rows]
        inputs = tuple(sorted(rng.sample(near, 2 if number in double else 1)))
        parts.append(Part("all" if number in waiting else "any", rng.choice(SECONDS), inputs))
    return tuple(tuple(parts[first : first + rows]) for first in range(0, count, rows))


def _all_used(columns: Sequence[Sequence[Part]], rows: int) -> bool:
    """Whether everything leads somewhere."""
    return all({row for part in column for row in part.inputs} == set(range(rows)) for column in columns)


def _clear(columns: Sequence[Sequence[Part]], states: Sequence[Sequence[Lit]], presses: Mapping[int, float]) -> bool:
    """Whether no two inputs of a part, and no two lamps, come on at nearly the same time."""
    for column, before in zip(columns, states, strict=False):
        for part in column:
            times = [before[row].time for row in part.inputs]
            if any(abs(a - b) < CLEAR for a, b in combinations([t for t in times if t < math.inf], 2)):
                return False
    lamps = [one.time for one in states[-1] if one.time < math.inf]
    return all(abs(a - b) >= CLEAR for a, b in combinations(lamps, 2))


def _moments(
    columns: Sequence[Sequence[Part]], presses: Mapping[int, float], rows: int, rng: Rng
) -> tuple[float, ...] | None:
    """Two moments at which, if nothing more were pressed, another lamp would be the next."""
    found: dict[int, list[float]] = {}
    start, end = min(presses.values()), max(presses.values()) + 2.0
    for step in range(round((end - start) / 0.1)):
        at = round(start + 0.4 + 0.1 * step, 1)
        so_far = {row: time for row, time in presses.items() if time < at}
        if any(abs(time - at) < CLEAR / 1.5 for time in presses.values()):
            continue
        row = first_after(run(columns, so_far, rows)[-1], at)
        if row is not None:
            found.setdefault(row, []).append(at)
    if len(found) < 2:
        return None
    return tuple(sorted(rng.choice(found[row]) for row in rng.sample(sorted(found), 2)))
