"""What is asked about lamps that flash in rhythms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from math import ceil, floor
from typing import Any, NamedTuple

from pydantic import JsonValue

from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Choice, Evidence, Integer, Number, Question, Step
from morse.seeding import Rng

TIMES = (2, 3)
"""How often the question about the next flash is asked in a clip: at least, and at most."""
WITHIN = 0.22
"""Seconds by which a period may be misjudged."""


class Lamp(NamedTuple):
    """A lamp that flashes ``times`` times from ``start`` on, ``period`` seconds apart, but for the flash number ``skipped``."""

    period: float
    start: float
    times: int
    skipped: int | None

    def flashes(self) -> list[float]:
        """When each flash begins."""
        return [round(self.start + i * self.period, 3) for i in range(self.times) if i != self.skipped]


@dataclass(frozen=True)
class Row:
    """Lamps by their marks, in the order of their roles: two of a rhythm, the twin of the first, one of another rhythm, the one
    whose flashes are counted (out of ``counts``), the one that leaves out a flash, the rest.

    ``swapped``: (a lamp, another, how often it would flash in the other's rhythm), out of ``swaps``. ``due``: some lamps, and
    times at which to ask which of them is next, each with the answer.
    """

    lamps: dict[str, Lamp]
    seconds: float
    decoys: int
    counts: range
    swaps: range
    swapped: tuple[str, str, int]
    due: tuple[tuple[str, ...], tuple[tuple[float, str], ...]]


def swappable(lamps: Mapping[str, Lamp], count: int, rng: Rng) -> tuple[str, str, int] | None:
    """A lamp that would flash so often in the rhythm of another, where no flash would fall near the end."""
    for name, other in rng.shuffled([*permutations(lamps, 2)]):
        beats = (lamps[name].times - 1) * lamps[name].period / lamps[other].period
        if 0.2 <= beats - floor(beats) <= 0.8 and floor(beats) + 1 == count:
            return name, other, count
    return None


def next_ones(
    lamps: Mapping[str, Lamp], seconds: float, flash: float, rng: Rng
) -> tuple[tuple[str, ...], tuple[tuple[float, str], ...]] | None:
    """Three lamps, and times at which another of them is next: all are dark then, have flashed three times, and go on."""
    due: list[tuple[float, dict[str, float]]] = []
    for i in range(ceil((seconds - 6.0) / 0.17)):
        at, times = round(6.0 + 0.17 * i, 3), {}
        for name, lamp in lamps.items():
            done, since = divmod(at - lamp.start, lamp.period)
            if 2 <= done < lamp.times - 1 and flash + 0.05 < since < lamp.period - 0.15:
                times[name] = lamp.period - since
        if len(times) >= 3:
            due.append((at, times))
    for three in rng.shuffled([*combinations(lamps, 3)]):
        found: dict[str, list[float]] = {}
        for at, times in due:
            if all(name in times for name in three):
                key, second, *_ = sorted(three, key=lambda name: times[name])
                if times[second] - times[key] >= 0.4:
                    found.setdefault(key, []).append(at)
        if len(found) >= TIMES[0]:
            keys = rng.sample(sorted(found), min(len(found), TIMES[1]))
            return tuple(rng.shuffled(three)), tuple(sorted((rng.choice(found[key]), key) for key in keys))
    return None


class Asking:
    """The questions of a clip. Raises :class:`Rejected` where one cannot be asked."""

    def __init__(self, row: Row, rng: Rng, periods: Sequence[float], flash: float) -> None:
        self.row, self.rng, self.periods, self.flash = row, rng, periods, flash
        self.lamps, self.names = row.lamps, [*row.lamps]

    def all(self) -> Iterable[Question]:
        *group, counted, skips = self.names[:6]
        twin, odd = self.rng.shuffled((group[0], group[2])), group[3]
        lamp = self.lamps[counted]
        yield self.question(
            "period", lamp.period, Number(unit="seconds", absolute=WITHIN, decimals=1), [counted], {"lamp": counted},
            reasoning="infer", skills=("rhythm", "duration"), domain=tuple(self.periods),
        )  # fmt: skip
        yield self.question(
            "flash_count", lamp.times, Integer(), [counted], {"lamp": counted}, reasoning="recall", skills=("count",),
            domain=tuple(self.row.counts),
        )  # fmt: skip
        yield self.chosen("odd_rhythm", odd, group[:3], group, {}, "infer")
        others = self.rng.sample([name for name in self.names if name != skips], 3)
        yield self.chosen("left_out", skips, others, [skips, *others], {}, "recall")
        apart = [name for name in self.names if name not in twin]
        yield self.chosen("twin", twin[1], self.rng.sample(apart, 3), self.names, {"lamp": twin[0]}, "recall")
        yield from self.next_flash()
        yield self.other_rhythm()

    def chosen(
        self,
        kind: str,
        key: str,
        near: Sequence[str],
        watched: Sequence[str],
        slots: dict[str, JsonValue],
        reasoning: Any,
    ) -> Question:
        form, letter, values = pose_choice(self.rng, key, near, wording=_the)
        return self.question(
            kind, letter, form, watched, slots, reasoning=reasoning, skills=("rhythm", "compare"), option_values=values
        )  # fmt: skip

    def next_flash(self) -> Iterable[Question]:
        """The same question at several times, with the same options."""
        options, asked = self.row.due
        form = Choice(options=tuple(_the(name) for name in options))
        for at, key in asked:
            yield self.question(
                "next_flash", form.letters[options.index(key)], form, options, {}, asked_at=at,
                option_values=options, reasoning="predict", skills=("rhythm", "streaming"),
            )  # fmt: skip

    def other_rhythm(self) -> Question:
        name, other, count = self.row.swapped
        slots: dict[str, JsonValue] = {"lamp": name, "other": other}
        return self.question(
            "other_rhythm", count, Integer(), [name, other], slots, reasoning="counterfactual", skills=("rhythm", "count"),
            domain=tuple(self.row.swaps),
        )  # fmt: skip

    def question(
        self,
        kind: str,
        answer: JsonValue,
        form: AnswerFormat,
        watched: Sequence[str],
        slots: dict[str, JsonValue],
        **more: Any,
    ) -> Question:
        """Evidence is each flash of the lamps to be watched, up to when it is asked."""
        until = more.get("asked_at") or self.row.seconds
        looks = sorted(
            (round(start, 3), round(start + self.flash, 3), name)
            for name in watched
            for start in self.lamps[name].flashes()
            if start + self.flash <= until
        )
        evidence = tuple(Evidence(start=start, end=end, objects=(name,)) for start, end, name in looks)
        steps = [Step(kind="perceive", claim=f"flash({name})", time=start) for start, _, name in looks]
        return Question(
            kind=kind, answer=answer, format=form, slots=slots, evidence=evidence, steps=concluding(steps, f"{kind}: {answer}"),
            min_frames=max(2, 2 * len(looks)), **more,
        )  # fmt: skip


def _the(name: JsonValue) -> str:
    return f"the lamp with the {name}"
