"""Boxes under a broken line with whole values: what they add up to, and the exact integral, which is another number."""

from dataclasses import dataclass
from fractions import Fraction

from morse.errors import Rejected
from morse.seeding import Rng

TALL, WIDE = 4, 2
"""The line lies from −4 to 4; a box is two units wide, the line has a corner at every unit."""
RULES = ("left", "right", "middle", "trapezoid")
OTHERS = {"left": ("right",), "right": ("left",), "middle": ("left", "right"), "trapezoid": ("left", "right")}
"""For each rule, those that are asked about instead."""
MOST, OFF, BESIDE = 12, (2, 4), (2, 4, 6)
"""Greatest option; how far sum and integral are apart; how far the wrong options lie beside them."""


@dataclass(frozen=True)
class Sums:
    """``values`` of the line at 0, 1, 2 …, whose boxes are drawn by ``rule``; ``other``: a rule that is asked about instead.

    ``options``: of the sum and the integral, ``others``: of the other rule's sum. ``moments``: after how many boxes
    their sum is asked for, and one number of boxes for which it is not, last.
    """

    values: tuple[int, ...]
    rule: str
    other: str
    options: tuple[int, ...]
    others: tuple[int, ...]
    moments: tuple[int, ...]
    noise: tuple[tuple[int, ...], ...]

    @property
    def boxes(self) -> int:
        return (len(self.values) - 1) // WIDE

    @property
    def integral(self) -> int:
        """Of the line, exactly; even, as all sums are."""
        total = sum((Fraction(a + b, 2) for a, b in zip(self.values[:-1], self.values[1:], strict=True)), Fraction(0))
        assert total.denominator == 1
        return int(total)

    def sum(self, rule: str, count: int | None = None) -> int:
        """Of the first boxes (all) by a rule; what lies below the axis is negative."""
        return sum(area(self.values, rule, i) for i in range(self.boxes if count is None else count))


def area(values: tuple[int, ...], rule: str, box: int) -> int:
    """Of one box, signed."""
    left, middle, right = values[WIDE * box : WIDE * box + 3]
    match rule:
        case "left":
            return WIDE * left
        case "right":
            return WIDE * right
        case "middle":
            return WIDE * middle
    return left + right


def draw_sums(boxes: int, noise: int, aim: Rng, rng: Rng) -> Sums:
    """A line for which sum, integral and the other rule's sum are as wanted. Raises :class:`Rejected` where none is found."""
    rule = aim.choice(RULES)
    other = aim.choice(OTHERS[rule])
    while True:
        total, options = _four(None, aim)
        instead, others = _four(total, aim)
        sums = _all_sums(rule, total, other, instead, options[1])
        whole = all(number % 2 == 0 for number in sums.values())
        if whole and abs(sums["right"] - sums["left"]) <= WIDE * (2 * TALL - 2):
            break
    for _ in range(2000):
        values = _line(boxes, sums, rng)
        if values is None:
            continue
        world = Sums(values, rule, other, options, others, (), ())
        running = [world.sum(rule, count) for count in range(1, boxes + 1)]
        if not all(area(values, rule, box) for box in range(boxes)):
            continue
        fits = [pick for pick in _fours(boxes, rng) if len({running[i - 1] for i in pick}) == len(pick)]
        if not fits:
            continue
        moments = rng.shuffled(fits[0])
        grey = tuple(tuple(rng.integer(-TALL, TALL) for _ in values) for _ in range(noise))
        return Sums(values, rule, other, options, others, (*sorted(moments[:3]), moments[3]), grey)
    raise Rejected("no line as wanted")


def _four(near: int | None, aim: Rng) -> tuple[int, tuple[int, ...]]:
    """A number and the options for it: itself, another (``near``, or any), and both moved by the same amount.

    As both ways are as likely, nothing about the four numbers tells which is meant.
    """
    while True:
        apart, aside = (aim.choice(by) * aim.choice((-1, 1)) for by in (OFF, BESIDE))
        number = 2 * aim.integer(-MOST // 2, MOST // 2) if near is None else near - apart
        four = (number, number + apart, number + aside, number + apart + aside)
        if abs(apart) != abs(aside) and (near is not None or max(map(abs, four)) <= MOST):
            return number, four


def _all_sums(rule: str, total: int, other: str, instead: int, integral: int) -> dict[str, int]:
    """The sums of all rules from two of them and the integral, which is halfway between those of trapezoids and middles."""
    known = {rule: total, other: instead}
    if "trapezoid" in known:
        trapezoid = known["trapezoid"]
        middle = 2 * integral - trapezoid
    elif "middle" in known:
        middle = known["middle"]
        trapezoid = 2 * integral - middle
    else:
        trapezoid = (known["left"] + known["right"]) // 2
        middle = 2 * integral - trapezoid
    left = known.get("left", 2 * trapezoid - known.get("right", 0))
    return {"left": left, "right": 2 * trapezoid - left, "middle": middle, "trapezoid": trapezoid}


def _line(boxes: int, sums: dict[str, int], rng: Rng) -> tuple[int, ...] | None:
    """A line of these sums; ``None`` where the draw does not come out."""
    step = (sums["right"] - sums["left"]) // WIDE
    ends = [first for first in range(-TALL, TALL + 1) if abs(first + step) <= TALL]
    if not ends or (sums["right"] - sums["left"]) % WIDE:
        return None
    first = rng.choice(ends)
    even = _numbers(boxes - 1, sums["left"] // WIDE - first, rng)
    odd = _numbers(boxes, sums["middle"] // WIDE, rng)
    if even is None or odd is None or sums["left"] % WIDE or sums["middle"] % WIDE:
        return None
    corners = [first, *even, first + step]
    values = [value for pair in zip(corners, odd, strict=False) for value in pair]
    return (*values, corners[-1])


def _numbers(count: int, total: int, rng: Rng) -> list[int] | None:
    """Numbers from −4 to 4 of a wanted sum."""
    made = [rng.integer(-TALL, TALL) for _ in range(count - 1)]
    last = total - sum(made)
    return [*made, last] if abs(last) <= TALL else None


def _fours(boxes: int, rng: Rng) -> list[list[int]]:
    """Four numbers of boxes, evenly over the clip as far as it goes, in a few ways."""
    return [sorted(rng.sample(range(1, boxes + 1), 4)) for _ in range(8)]
