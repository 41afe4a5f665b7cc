"""Examples of a rule on patterns, a new pattern and lettered ones, in time and space."""

from dataclasses import dataclass
from typing import Any

from generators.abstract._pattern_rules import Pattern, Rule, after, cell_name, written
from morse.layout import Layout
from morse.schema import Event, Thing
from morse.seeding import Rng
from morse.timeline import Timeline

LEFT, RIGHT, BETWEEN, MIDDLE = -4.15, 4.45, -0.2, -0.35
"""Where patterns are shown: x of the two places and of what stands between them, and y."""
SIDE, SMALL = 5.9, 3.3
"""Side of a pattern, and of a lettered one, in canvas units."""
OPTIONS = (-5.85, -1.95, 1.95, 5.85)
FADE, HOLD, LAST = 0.2, (2.2, 2.6), (3.4, 3.9)
"""Seconds: to come up or go, for which a pattern is there, and for which the lettered ones are."""


@dataclass(frozen=True)
class Lesson:
    """What is shown, and what is asked of it.

    ``others``: three rules that are not the rule. ``pairs``: examples; ``crossed``: false ones, each shown before the example
    whose number stands in ``crossed_at``. ``row``, ``cell``: to be asked for of the result. ``moved``: a cell of the new pattern, which
    bears a disc, and where the rule brings it. ``recalled``: example, before or after (0, 1), cell. ``overlap``: seconds for which before and after
    are seen together.
    """

    side: int
    palette: tuple[str, ...]
    rule: Rule
    others: tuple[Rule, ...]
    pairs: tuple[tuple[Pattern, Pattern], ...]
    crossed: tuple[tuple[Pattern, Pattern], ...]
    crossed_at: tuple[int, ...]
    new: Pattern
    row: int
    cell: int
    moved: tuple[int, int]
    recalled: tuple[int, int, int]
    overlap: float

    def rows(self, pattern: Pattern) -> list[Any]:
        """A pattern as it is written in records."""
        return [*written(pattern, self.side, self.palette)]


class Lecture:
    """The clock of a clip."""

    def __init__(self, lesson: Lesson, rng: Rng) -> None:
        self.lesson, self.times = lesson, rng.steady("times")
        self.line = Timeline(0.0)
        self.things: list[Thing] = []
        self.events: list[Event] = []
        count = 2 * (len(lesson.pairs) + len(lesson.crossed)) + 5
        self.numbers = rng.fork("names").shuffled(range(1, count + 1))
        self.clock = self.times.uniform(0.5, 1.0)

    def show(
        self, pattern: Pattern, x: float, side: float, kind: str, start: float, end: float | None, **more: Any
    ) -> str:
        """Let a pattern be seen for a while (``None``: to the end)."""
        name = f"pattern {self.numbers.pop()}"
        self.line.add(name, (x, MIDDLE), (side, side), z=2, opacity=0.0, solid=False)
        self.fade(name, start, end)
        attributes = {"rows": self.lesson.rows(pattern), **more}
        self.things.append(Thing(id=name, kind=kind, attributes=attributes, shape_fills_box=False))
        return name

    def mark(self, name: str, at: tuple[float, float], size: float, start: float, end: float | None) -> None:
        """Let a sign be seen for a while: an arrow, a number, a cross."""
        self.line.add(name, at, (size, size), z=4, opacity=0.0, solid=False, tracked=False)
        self.fade(name, start, end)

    def fade(self, name: str, start: float, end: float | None) -> None:
        self.line.change(name, "opacity", 1.0, round(start, 3), round(start + FADE, 3), ease="linear")
        if end is not None:
            self.line.change(name, "opacity", 0.0, round(end - FADE, 3), round(end, 3), ease="linear")

    def example(self, pair: tuple[Pattern, Pattern], number: int, crossed: bool) -> None:
        """Show a pattern and what becomes of it, numbered or crossed out."""
        kind = "false example" if crossed else "example"
        start, middle = self.clock, self.clock + self.times.uniform(*HOLD)
        change = middle - self.lesson.overlap
        end = change + self.times.uniform(*HOLD)
        self.mark(f"arrow {len(self.events)}", (BETWEEN, MIDDLE), 1.2, start, end)
        if not crossed:
            self.mark(f"number {number}", (BETWEEN, 2.0), 1.2, start, end)
        for word, pattern, x, first, last in (
            ("before", pair[0], LEFT, start, middle),
            ("after", pair[1], RIGHT, change, end),
        ):
            self.note(f"{kind} {word}", self.show(pattern, x, SIDE, kind, first, last), first, last)
            if crossed:
                self.mark(f"cross {number} {word}", (x, MIDDLE), SIDE, first, last)
        self.clock = end + self.times.uniform(0.25, 0.6)

    def note(self, kind: str, name: str, start: float, end: float) -> None:
        """Write down for how long a pattern can be seen."""
        event = f"{kind} {len(self.events) + 1}"
        start, end = round(start + FADE / 2, 3), round(end - FADE / 2, 3)
        self.events.append(Event(id=event, kind=kind, objects=(name,), start=start, end=end))


def lesson_layout(lesson: Lesson, rng: Rng) -> Layout:
    """The clip: examples, false ones among them, the new pattern, the lettered ones."""
    lecture = Lecture(lesson, rng)
    for number, pair in enumerate(lesson.pairs):
        for i, (at, false) in enumerate(zip(lesson.crossed_at, lesson.crossed, strict=True)):
            if at == number:
                lecture.example(false, i + 1, crossed=True)
        lecture.example(pair, number + 1, crossed=False)
    start = lecture.clock
    end = start + lecture.times.uniform(2.6, 3.1)
    marked = cell_name(lesson.moved[0], lesson.side)
    lecture.note("new", lecture.show(lesson.new, LEFT, SIDE, "new", start, end, marked=marked), start, end)
    y, x = divmod(lesson.moved[0], lesson.side)
    cell = SIDE / lesson.side
    spot = (LEFT - SIDE / 2 + (x + 0.5) * cell, MIDDLE + SIDE / 2 - (y + 0.5) * cell)
    lecture.mark("disc", spot, 0.5 * cell, start, end)
    lecture.mark("arrow new", (BETWEEN, MIDDLE), 1.2, start, end)
    lecture.mark("question", (RIGHT, MIDDLE), 3.0, start, end)
    for word, x in (("left", LEFT), ("right", RIGHT)):
        lecture.mark(f"names {word}", (x, MIDDLE), SIDE, 0.0, end)
    start = end + 0.3
    stop = start + lecture.times.uniform(*LAST)
    results = [after(lesson.new, rule, lesson.side) for rule in (lesson.rule, *lesson.others)]
    order = rng.fork("options").shuffled(range(4))
    for letter, place, x in zip("ABCD", order, OPTIONS, strict=True):
        name = lecture.show(results[place], x, SMALL, "option", start, None, letter=letter)
        lecture.note("option", name, start, stop + FADE / 2)
        lecture.mark(f"letter {letter}", (x, MIDDLE + SMALL / 2 + 0.6), 0.8, start, None)
    lecture.line.duration = round(stop, 3)
    events = tuple(sorted(lecture.events, key=lambda event: (event.start, event.id)))
    return Layout(lecture.line, tuple(lecture.things), events, details={"order": order})
