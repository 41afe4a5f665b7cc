"""Tickets with operations go into a machine one by one, but some do not count: what total the machine holds, and would hold."""

from collections.abc import Iterable
from typing import Any, Self

from pydantic import JsonValue, model_validator

from generators.mathematical._machine_questions import Asking, Run, Ticket
from generators.mathematical._machine_show import Show
from generators.mathematical._machine_viewer import retold
from generators.mathematical._machine_walk import Courses, Operation, any_operation, bracketed, lost_without
from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.layout import Layout, Shown
from morse.schema import Question
from morse.seeding import Rng
from morse.style import Style
from morse.task import Task, register

RULES = ("round", "starred", "lit", "turned")
"""Why a ticket does not count: it is round, has a star, comes while the lamp is lit, or turns back."""
ASIDE = ("after", "peak", "crossing")
"""What is asked beside the final total: one of these a clip, for each wants the totals on the way to be drawn for it."""
LOSSES = range(1, 9)
"""By how much the total may be another without one of the tickets."""
SPREAD = 4
"""How many numbers of tickets that count are possible at a level."""


class Params(TaskParams):
    tickets: int = ramp(9, per_level=1.6, least=9, limit=300, about="tickets that come")
    decoys: int = ramp(1, per_level=0.7, least=1, about="tickets that do not count, at least (three more at most)")
    rules: int = ramp(1, per_level=0.34, most=3, least=1, limit=4, about="reasons why a ticket does not count")
    brackets: int = ramp(0, per_level=0.6, about="tickets that count whose number is written with brackets, at most")
    top: int = ramp(40, per_level=5, most=95, least=40, limit=400, about="the greatest total that can come about")
    hold: float = ramp(1.5, per_level=-0.06, most=1.08, least=1.08, limit=10, about="seconds that a ticket can be read")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.tickets - self.decoys < 2 * SPREAD:
            most = self.tickets - 2 * SPREAD
            raise ValueError(f"decoys={self.decoys} is too many for {self.tickets} tickets: at most {most}")
        return self

    @property
    def counts(self) -> range:
        """How many tickets may count."""
        most = self.tickets - self.decoys
        return range(most - SPREAD + 1, most + 1)


@register(category="mathematical", version=1, stage="manim", covers=("MORSE-500 mathematical", "VideoReasonBench"))
class NumberMachine(Task[Params, Run]):
    """Number machine: operations go in one by one, and a sign says which do not count.

    What is shown
        A machine whose display shows a number at the start and then goes dark. Tickets, parcels or carts with operations
        (+ 3, − 4, × 2, ÷ 3, and × (5 − 3) at higher levels) come to its mouth one at a time. A sign says which do not count:
        round ones, those with a star, those that come while the lamp is lit, those that turn back. Stars, round ones and
        the lamp are there too where the sign does not name them, and mean nothing then.
    What is asked
        The total at the end; how many counted; the total after the k-th that counted, the largest total on the way, or which
        one took the total over a number; by how much the total would differ had one not counted; the total after two more.
    Difficulty
        More tickets, more that do not count, more reasons for that, brackets, larger totals, less time to read.
    Source
        Own design, after MORSE-500's arithmetic under distraction and the hidden states of VideoReasonBench (arXiv 2505.23359).
    """

    def simulate(self, params: Params, rng: Rng) -> Run:
        wanted = rng.steady("wanted")
        count, end, aside = wanted.choice(params.counts), wanted.choice(ends(params)), wanted.choice(ASIDE)
        bounds = [(1, params.top)] * (count - 1) + [(end, end)]
        start = rng.integer(2, params.top - 1)
        line = place = 0
        if aside == "after":
            line, place = wanted.choice(ends(params)), rng.integer(2, count - 2)
            bounds[place - 1] = (line, line)
        elif aside == "peak":
            line, place = wanted.choice(peaks(params)), rng.integer(1, count - 1)
            bounds = [(1, line)] * (count - 1) + [(end, end)]
            bounds[place - 1] = (line, line)
            start = rng.integer(2, line - 1)
        else:
            line, place = wanted.integer(params.top // 2, params.top // 2 + 8), wanted.choice(crossings(params))
            bounds = [(1, line) if i + 1 < place else bound for i, bound in enumerate(bounds)]
            bounds[place - 1] = (line + 1, params.top)
            start = rng.integer(2, line)
        number, loss = wanted.choice(crossings(params)), wanted.choice(LOSSES)
        course, number = losing(loss, number, crossings(params), Courses(start, bounds, params.top), rng)
        written = rng.sample(range(count), min(count, params.brackets))
        drawn = rng.sample(RULES, params.rules)
        rules = tuple(rule for rule in RULES if rule in drawn)
        tickets: list[Ticket] = []
        places, left = rng.sample(range(params.tickets), count), iter(enumerate(course))
        for i in range(params.tickets):
            turn, op = next(left) if i in places else (None, any_operation(rng))
            in_brackets = turn in written if turn is not None else rng.chance(len(written) / count)
            text = bracketed(op, rng) if in_brackets else str(op)
            tickets.append(Ticket(op, text, features(rules, turn is None, rng)))
        domains = {"total": ends(params), "after": ends(params), "peak": peaks(params), "crossing": crossings(params)}
        domains |= {"counted": params.counts, "without": LOSSES}
        return Run(start, tuple(tickets), rules, params.hold, (aside, line, place), (number, loss), domains)

    def layout(self, episode: Run, rng: Rng) -> Layout:
        return Show(episode, rng).layout()

    def ask(self, episode: Run, layout: Layout, rng: Rng) -> Iterable[Question]:
        return Asking(episode, layout, rng).all()

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        """By reading the tickets that go where the sign lets them count, with fractions."""
        return retold(question, shown)

    def draw(self, episode: Run, layout: Layout, stage: Any, style: Style) -> None:
        from generators.mathematical._machine_looks import draw_machine

        draw_machine(layout, stage, style)


def ends(params: Params) -> range:
    """The totals that are asked for."""
    return range(1, params.top // 2 + 1)


def peaks(params: Params) -> range:
    """What the largest total may be."""
    return range(params.top - 9, params.top + 1)


def crossings(params: Params) -> range:
    """Which of the tickets that count may take the total over a number."""
    return range(1, min(params.counts[0] - 1, 9))


def losing(
    loss: int, number: int, numbers: Iterable[int], courses: Courses, rng: Rng
) -> tuple[tuple[Operation, ...], int]:
    """A course whose total would be another by ``loss`` without its operation of a number, and that number.

    Where hardly any course is so, another one of ``numbers`` takes its place. Raises :class:`Rejected` where none does.
    """
    instead: list[tuple[tuple[Operation, ...], int]] = []
    for _ in range(80):
        course = courses.draw(rng)
        if lost_without(courses.start, course, number - 1) == loss:
            return course, number
        if not instead:
            instead = [(course, n) for n in numbers if lost_without(courses.start, course, n - 1) == loss]
    if not instead:
        raise Rejected("no course that so much depends on one of")
    return rng.choice(instead)


def features(rules: tuple[str, ...], breaks: bool, rng: Rng) -> frozenset[str]:
    """What a ticket is like: one that breaks a rule breaks one at least; what no rule names is there at random."""
    named = rng.choice(rules) if breaks else None
    return frozenset(
        rule
        for rule in RULES
        if rule == named
        or (rule in rules and breaks and rng.chance(0.15))
        or (rule not in rules and rule != "turned" and rng.chance(0.35))
    )
