"""Operations on a running total, drawn so that they lead through wanted totals."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from morse.errors import Rejected
from morse.seeding import Rng

SIGNS = ("+", "−", "×", "÷")


class Operation(NamedTuple):
    """One of :data:`SIGNS`, and the number that goes with it."""

    sign: str
    number: int

    def __str__(self) -> str:
        return f"{self.sign}{self.number}"

    def after(self, total: int) -> int | None:
        """The total after it; ``None`` where that is no whole number from 0 on."""
        match self.sign:
            case "+":
                return total + self.number
            case "−":
                return total - self.number if total >= self.number else None
            case "×":
                return total * self.number
        return None if total % self.number else total // self.number


OPERATIONS = (
    *((Operation(sign, number), 1) for sign in "+−" for number in range(1, 10)),
    *((Operation("×", number), 4) for number in (2, 3, 4)),
    *((Operation("÷", number), 6) for number in (2, 3, 4)),
)
"""What tickets may say, each with how often it is drawn beside the others."""


@cache
def _steps(top: int) -> tuple[tuple[tuple[Operation, int, int], ...], ...]:
    """For each total up to ``top`` what may be done with it: operation, weight, total after it (from 1 to ``top``, another one)."""
    rows = []
    for total in range(top + 1):
        made = [(operation, weight, operation.after(total)) for operation, weight in OPERATIONS]
        rows.append(tuple((op, w, to) for op, w, to in made if to is not None and 1 <= to <= top and to != total))
    return tuple(rows)


class Courses:
    """All courses of operations from a start, whose totals, one after another, lie within bounds (both included).

    No total is over ``top``. Raises :class:`Rejected` if there is no such course.
    """

    def __init__(self, start: int, bounds: Sequence[tuple[int, int]], top: int) -> None:
        self.start, self.bounds, self.steps = start, bounds, _steps(top)
        ways = [[1] * (top + 1)]
        for low, high in reversed(bounds):
            onward = ways[-1]
            ways.append([sum(w * onward[to] for _, w, to in row if low <= to <= high) for row in self.steps])
        self.ways = ways[::-1]
        """How many ways lead on from each total, before each operation: with them a draw never ends in a blind alley."""
        if not self.ways[0][start]:
            raise Rejected("no operations that lead there")

    def draw(self, rng: Rng) -> tuple[Operation, ...]:
        """One of them, each as likely as the product of its operations' weights."""
        total, course = self.start, []
        for i, (low, high) in enumerate(self.bounds):
            mark = rng.integer(0, self.ways[i][total] - 1)
            for operation, weight, to in self.steps[total]:
                mark -= weight * self.ways[i + 1][to] if low <= to <= high else 0
                if mark < 0:
                    course.append(operation)
                    total = to
                    break
        return tuple(course)


def any_operation(rng: Rng) -> Operation:
    operations, weights = zip(*OPERATIONS, strict=True)
    return rng.weighted(operations, weights)


def totals_of(start: int, course: Sequence[Operation]) -> list[int] | None:
    """The total at the start and after each operation; ``None`` where one cannot be done in whole numbers from 0 on."""
    totals = [start]
    for operation in course:
        after = operation.after(totals[-1])
        if after is None:
            return None
        totals.append(after)
    return totals


def lost_without(start: int, course: Sequence[Operation], place: int) -> int | None:
    """By how much the last total is another without the operation at a place; ``None`` where that is no whole number from 0 on."""
    whole, less = totals_of(start, course), totals_of(start, [*course[:place], *course[place + 1 :]])
    return None if whole is None or less is None else abs(whole[-1] - less[-1])


def bracketed(operation: Operation, rng: Rng) -> str:
    """How an operation is written with its number as a sum, a difference or a product in brackets: ``×(5 − 3)``."""
    number = operation.number
    ways = [(f"{a}+{number - a}") for a in range(1, number)]
    ways += [f"{number + b}−{b}" for b in range(1, 10 - number)]
    ways += [f"{a}×{number // a}" for a in range(2, number) if number % a == 0] * 4
    return f"{operation.sign}({rng.choice(ways)})"
