"""A road on which something passes all the time, and a board that shows few cards: needles anywhere in a long stream."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, NamedTuple, Self

from pydantic import model_validator

from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng
from morse.stage.marks import MARKS

FIGURES = ("truck", "boat", "balloon", "kite", "rocket", "fish")
NUMBERS = range(10, 100)
GAPS = range(1, 41)
"""By how much the numbers of two cards may differ where that is asked."""
LETTERS = "ACEFHKMPRTUVX"
"""What cards may say that have no number."""
COUNTS = 3
"""How many different answers there are to how often the rare figure passed."""
LEAD, REST = 0.45, 0.7
"""Seconds at the beginning and at the end, and in the middle of a clip, in which nothing is to be seen: half of the rest."""
CARD, APART = (2.1, 2.9), 0.3
"""For how many seconds a card is shown, and how many lie between two at least."""
PASS, SLIDE = 2.05, 0.4
"""Seconds from one that passes to the next at least, and in which it comes, or goes."""
FAR = 1 / 3
"""How far apart, as a share of the clip, two cards are of which one leads to the other."""
IDENTITIES = 20
"""How many different ones pass, at most, however long the clip is."""


class Params(TaskParams):
    sized_by: ClassVar[tuple[str, ...]] = ("seconds", "cards")
    seconds: float = ramp(
        15.0, per_level=20.0, least=15, limit=7200, about="length of the clip, in seconds: 3600 is an hour"
    )
    cards: int = ramp(3, per_level=0.34, most=7, least=3, limit=7, about="cards with numbers (the needles)")
    letters: int = ramp(0, per_level=0.5, most=10, limit=24, about="cards with letters, which are not asked for")
    pace: float = ramp(
        2.05, per_level=0.12, most=4.5, least=2.05, limit=60, about="seconds from one that passes to the next, at least"
    )
    decoys: int = ramp(0, per_level=0.5, most=8, limit=40, about="balls that roll through the picture")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        room = self.seconds / 2 - LEAD - REST
        shown = self.cards + self.letters + 1
        if ((shown + 1) // 2) * (CARD[0] + APART) > room:
            most = 2 * int(room / (CARD[0] + APART)) - 1
            raise ValueError(
                f"cards={self.cards} and letters={self.letters} are too many for {self.seconds:g} seconds: {most} in all"
            )
        if room / (self.pace + 1.0) < 2:
            raise ValueError(
                f"pace={self.pace:g} lets too few pass in {self.seconds:g} seconds: at most {room / 2 - 1:.1f}"
            )
        return self

    @property
    def acts(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """From when to when there is anything to be seen, before and after the middle of the clip."""
        middle = self.seconds / 2
        return (LEAD, middle - REST), (middle + REST, self.seconds - LEAD)

    @property
    def counts(self) -> range:
        """How often the rare figure may pass."""
        low = 1 if self.seconds < 60 else 2
        return range(low, low + COUNTS)


class Pass(NamedTuple):
    """Who (a figure and a mark) is on the road, from when to when."""

    who: str
    start: float
    end: float


class Card(NamedTuple):
    """What the board shows. ``kind``: ``number``, ``letter``, or ``round``, which has a mark alone."""

    kind: str
    mark: str
    text: str
    start: float
    end: float


@dataclass(frozen=True)
class Stream:
    """What passes and what is shown, each in order of time, and what is asked of it.

    ``alone``: the number, among the passes, of one that passes once only. ``rare``: (a figure, how often it passes).
    ``asked``: the mark of a number card. ``pair``: two number cards whose numbers differ by what is asked. ``missing``:
    a mark on no number card.
    """

    params: Params
    passes: tuple[Pass, ...]
    cards: tuple[Card, ...]
    alone: int
    rare: tuple[str, int]
    asked: str
    pair: tuple[str, str]
    missing: str

    def numbered(self) -> list[Card]:
        """The cards with numbers, in order of time."""
        return [card for card in self.cards if card.kind == "number"]


def draw_stream(params: Params, rng: Rng) -> Stream:
    """A stream. What is asked for is drawn first, and the rest around it."""
    wanted = rng.steady("wanted")
    gap, count = wanted.choice(GAPS), wanted.choice(params.counts)
    number = wanted.choice(NUMBERS)
    names = _whos(rng)
    spans = _pass_spans(params, rng)
    whos, alone, rare = _who_passes(len(spans), count, names, rng)
    passes = tuple(Pass(who, *span) for who, span in zip(whos, spans, strict=True))
    cards, asked, pair, missing = _cards(params, number, gap, rng)
    return Stream(params, passes, cards, alone, (rare, count), asked, pair, missing)


def _whos(rng: Rng) -> dict[str, list[str]]:
    """Who may pass, by figure: the first figure is the rare one."""
    figures = rng.shuffled(FIGURES)
    marks = rng.sample([*MARKS], 4)
    return {figure: [f"{figure} {mark}" for mark in marks] for figure in figures}


def _pass_spans(params: Params, rng: Rng) -> list[tuple[float, float]]:
    """One after another without a gap, as many as fit into each act."""
    spans = []
    for start, end in params.acts:
        room = end - start
        times = [start]
        while times[-1] + params.pace <= end + 1e-9:
            times.append(times[-1] + params.pace + rng.uniform(0.0, 0.45 * params.pace))
        if times[-1] > end:
            times.pop()
        slack = room - (times[-1] - start)
        stretch = 1 + slack / (times[-1] - start)
        times = [round(start + (time - start) * stretch, 3) for time in times]
        spans += [*pairwise(times)]
    return spans


def _who_passes(count: int, rare_ones: int, names: dict[str, list[str]], rng: Rng) -> tuple[list[str], int, str]:
    """Who passes in each place, the place of one that passes once only, and the rare figure.

    Nobody passes twice running, and whoever is next to the one that passes once differs from those further off.
    """
    rare, *others = names
    common = [who for figure in others for who in names[figure]]
    single = rng.choice(common)
    common = rng.sample([who for who in common if who != single], IDENTITIES - len(names[rare]) - 1)
    alone = rng.integer(1, count - 2)
    places = [i for i in range(count) if i != alone]
    special = rng.sample(places, min(rare_ones, len(places)))
    if len(special) < rare_ones:
        raise Rejected("too few pass")
    whos: list[str] = []
    for i in range(count):
        pool = names[rare] if i in special else [single] if i == alone else common
        near = whos[-3:]
        free = [who for who in pool if who not in near]
        if not free:
            raise Rejected("the same one would pass again at once")
        whos.append(rng.choice(free))
    return whos, alone, rare


def _cards(params: Params, number: int, gap: int, rng: Rng) -> tuple[tuple[Card, ...], str, tuple[str, str], str]:
    """All cards in order of time; the mark of one that is asked for, those of two that differ by ``gap``, and one of none."""
    spans = card_spans(params, rng)
    marks = rng.shuffled([*MARKS])
    numbered, missing = marks[: params.cards], marks[params.cards]
    base = rng.choice([n for n in NUMBERS if n not in (number,)])
    near = [n for n in (base - gap, base + gap) if n in NUMBERS and n != number]
    if not near:
        raise Rejected("no two numbers that differ so")
    numbers = [number, base, rng.choice(near)]
    numbers += rng.sample([n for n in NUMBERS if n not in numbers], params.cards - 3)
    far = [
        (i, j)
        for i, (start, _) in enumerate(spans)
        for j, (other, _) in enumerate(spans)
        if abs(start - other) >= FAR * params.seconds
    ]
    if not far:
        raise Rejected("no two cards far apart")
    round_one, target = rng.choice(far)
    places = rng.shuffled([i for i in range(len(spans)) if i not in (round_one, target)])
    # what the round card leads to is the card whose number was drawn for itself
    made = {round_one: ("round", numbered[0], ""), target: ("number", numbered[0], str(number))}
    for mark, value, place in zip(numbered[1:], numbers[1:], places, strict=False):
        made[place] = ("number", mark, str(value))
    for place in places[params.cards - 1 :]:
        made[place] = ("letter", rng.choice([missing, *marks[: params.cards + 1]]), rng.choice(LETTERS))
    cards = tuple(Card(*made[i], *span) for i, span in enumerate(spans))
    pair = (numbered[1], numbered[2])
    asked = rng.choice([numbered[0], numbered[1], *numbered[3:]])
    return cards, asked, pair, missing


def card_spans(params: Params, rng: Rng) -> list[tuple[float, float]]:
    """When the board shows something: uniformly over the clip, no two at a time and none over its middle."""
    count = params.cards + params.letters + 1
    for _ in range(300):
        lengths = [rng.uniform(*CARD) for _ in range(count)]
        first = [rng.chance(0.5) for _ in range(count)]
        spans: list[tuple[float, float]] = []
        for (start, end), own in zip(
            params.acts,
            ([n for n, f in zip(lengths, first, strict=True) if f is side] for side in (True, False)),
            strict=True,
        ):
            free = end - start - sum(own) - APART * max(0, len(own) - 1)
            if free < 0:
                break
            at = [
                start + x + sum(own[:i]) + APART * i for i, x in enumerate(sorted(rng.uniform(0.0, free) for _ in own))
            ]
            spans += [(round(a, 3), round(a + n, 3)) for a, n in zip(at, own, strict=True)]
        else:
            return spans
    raise Rejected("no room for the cards")


def depths(spans: Sequence[tuple[float, float]], seconds: float) -> list[float]:
    """Where in the clip each stretch lies, from 0 to 1, by its middle."""
    return [round((start + end) / 2 / seconds, 4) for start, end in spans]
