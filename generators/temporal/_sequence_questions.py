"""What is asked about items that come up one after another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import JsonValue

from generators.temporal._acts import ordinal
from morse.errors import Rejected
from morse.layout import Layout
from morse.options import pose_choice
from morse.reasoning import concluding
from morse.schema import AnswerFormat, Choice, Evidence, Integer, Question, Step, Text
from morse.schema import Sequence as InOrder
from morse.seeding import Rng

RATE = 1.0
"""Frames a second at which every item, and the pause after it, is seen."""
TIMES = (2, 3)
"""How often the question about the one before the latest is asked in a clip: at least, and at most."""


class Item(NamedTuple):
    """A tile: its figure (a digit, a letter, or the name of a shape) and its colour."""

    figure: str
    colour: str


@dataclass(frozen=True)
class Recital:
    """What comes up in turn, and what is asked of it. A side is 0 for the figures, 1 for the colours.

    ``vocabularies``: of each side. ``crossed``: items that do not count, each with how many that count come before it.
    ``often``: (side, value, how often it comes), out of ``counts``. ``run``: (side, length of its longest run).
    """

    noun: str
    vocabularies: tuple[tuple[str, ...], tuple[str, ...]]
    items: tuple[Item, ...]
    crossed: tuple[tuple[int, Item], ...]
    aside: int
    hold: float
    counts: range
    often: tuple[int, str, int]
    run: tuple[int, int]


class Asking:
    """The questions of a clip. Raises :class:`Rejected` where one cannot be asked."""

    def __init__(self, recital: Recital, layout: Layout, rng: Rng) -> None:
        self.recital, self.layout, self.rng = recital, layout, rng
        self.kept: list[tuple[str, float, float]] = layout.details["kept"]
        self.count = len(recital.items)

    def all(self) -> Iterable[Question]:
        first = self.rng.integer(0, 1)
        yield self.whole("sequence", first, False)
        yield self.whole("backwards", 1 - first, True)
        yield self.nth_item()
        yield self.how_often()
        yield self.neighbour()
        yield self.longest_run()
        yield self.never()
        yield from self.before_latest()
        yield self.left_out()

    def row(self, side: int) -> list[str]:
        return [item[side] for item in self.recital.items]

    def whole(self, kind: str, side: int, back: bool) -> Question:
        answer: list[JsonValue] = [*self.row(side)]
        form = InOrder(vocabulary=self.recital.vocabularies[side], noun=self.noun(side))
        return self.question(
            kind, side, answer[::-1] if back else answer, form, range(self.count),
            reasoning="infer" if back else "recall", skills=("sequence", "order") if back else ("sequence",),
        )  # fmt: skip

    def nth_item(self) -> Question:
        side, place = self.rng.integer(0, 1), self.rng.integer(1, self.count - 2)
        answer = self.row(side)[place]
        return self.one("nth_item", side, answer, range(place + 1), {"number": place + 1}, (), reasoning="recall")

    def how_often(self) -> Question:
        side, value, count = self.recital.often
        return self.question(
            "how_often", side, count, Integer(), range(self.count), {"value": value}, reasoning="recall",
            skills=("count",), domain=tuple(self.recital.counts),
        )  # fmt: skip

    def neighbour(self) -> Question:
        """What comes just before or after one's k-th time: never that one again."""
        side, way = self.rng.integer(0, 1), self.rng.choice((-1, 1))
        row = self.row(side)
        places = [i for i in range(1, self.count - 1) if row[i + way] != row[i]]
        if not places:
            raise Rejected("no neighbours that differ")
        place = self.rng.choice(places)
        value, time = row[place], row[: place + 1].count(row[place])
        slots: dict[str, JsonValue] = {"value": value, "time": time, "time_in_words": ordinal(time)}
        slots["way"] = "after" if way > 0 else "before"
        watched = range(max(place, place + way) + 1)
        return self.one("neighbour", side, row[place + way], watched, slots, (value,), reasoning="recall")

    def longest_run(self) -> Question:
        side, length = self.recital.run
        return self.question(
            "longest_run", side, length, Integer(), range(self.count), reasoning="infer", skills=("sequence", "count"),
            domain=(1, 2, 3),
        )  # fmt: skip

    def never(self) -> Question:
        side = self.rng.integer(0, 1)
        row = self.row(side)
        key = self.rng.choice([value for value in self.recital.vocabularies[side] if value not in row])
        near = self.rng.sample([*dict.fromkeys(row)], 3)
        form, letter, values = pose_choice(self.rng, key, near)
        return self.question(
            "never", side, letter, form, range(self.count), reasoning="recall", skills=("sequence",), option_values=values
        )  # fmt: skip

    def before_latest(self) -> Iterable[Question]:
        """At several times, if there are any, with the same options. In none of these moments, nor halfway up to one, is a tile to be seen."""
        side = self.rng.integer(0, 1)
        row = self.row(side)
        found: dict[str, list[tuple[float, int]]] = {}
        busy = [(e.start - 0.1, e.end + 0.1) for e in self.layout.events if e.kind in ("tile", "crossed", "aside")]
        for latest in range(1, self.count):
            start = self.kept[latest][2]
            until = self.kept[latest + 1][1] if latest + 1 < self.count else self.layout.duration
            for share in (0.25, 0.5, 0.75):
                at = round(start + share * min(1.2, until - start), 3)
                if not any(a < moment < b for moment in (at, at / 2) for a, b in busy):
                    found.setdefault(row[latest - 1], []).append((at, latest))
                    break
        if len(found) < TIMES[0]:
            return  # hardly anything comes but one kind, in one run
        asked = self.rng.sample(sorted(found), min(len(found), TIMES[1]))
        others = [value for value in dict.fromkeys(row) if value not in asked]
        others += [value for value in self.recital.vocabularies[side] if value not in row]
        options = self.rng.shuffled([*asked, *others[: 4 - len(asked)]])
        form = Choice(options=tuple(options))
        for at, latest in sorted(self.rng.choice(found[value]) for value in asked):
            yield self.question(
                "before_latest", side, form.letters[options.index(row[latest - 1])], form, (latest - 1, latest),
                asked_at=at, option_values=tuple(options), reasoning="recall", skills=("sequence", "streaming"),
            )  # fmt: skip

    def left_out(self) -> Question:
        """Which would be number n if all of one kind were left out, of which some come before it."""
        side = self.rng.integer(0, 1)
        row = self.row(side)
        values = self.rng.shuffled([*dict.fromkeys(row)])
        for value in values:
            rest = [other for other in row if other != value]
            places = [i for i in range(1, len(rest)) if value in row[: i + 1]]
            if places:
                place = self.rng.choice(places)
                slots: dict[str, JsonValue] = {"value": value, "number": place + 1}
                watched = range(place + 1 + row.count(value))
                return self.one(
                    "left_out", side, rest[place], watched, slots, (value,), reasoning="counterfactual"
                )  # fmt: skip
        raise Rejected("nothing to leave out")

    def noun(self, side: int) -> str:
        return "colour" if side else self.recital.noun

    def one(
        self,
        kind: str,
        side: int,
        answer: str,
        watched: Sequence[int],
        slots: dict[str, JsonValue],
        without: tuple[str, ...],
        **more: Any,
    ) -> Question:
        """A question for one value, out of all but those that it cannot be."""
        domain = tuple(value for value in self.recital.vocabularies[side] if value not in without)
        form = Text(vocabulary=domain, noun=self.noun(side))
        return self.question(
            kind, side, answer, form, watched, slots, domain=domain, skills=("sequence", "order"), **more
        )

    def question(
        self,
        kind: str,
        side: int,
        answer: JsonValue,
        form: AnswerFormat,
        watched: Sequence[int],
        slots: dict[str, JsonValue] | None = None,
        **more: Any,
    ) -> Question:
        watched = [i for i in watched if i < self.count]
        looks = [Evidence(start=self.kept[i][1], end=self.kept[i][2], objects=(self.kept[i][0],)) for i in watched]
        row = self.row(side)
        steps = [
            Step(kind="perceive", claim=f"number {i + 1} is {row[i]}", time=self.kept[i][1] + 0.3) for i in watched
        ]
        given: dict[str, JsonValue] = {"noun": self.noun(side), "side": ("figure", "colour")[side]}
        return Question(
            kind=kind, answer=answer, format=form, slots=given | (slots or {}), evidence=tuple(looks), steps=concluding(steps, f"{kind}: {answer}"),
            min_frames=max(2, len(looks)), min_fps=RATE, **more,
        )  # fmt: skip
