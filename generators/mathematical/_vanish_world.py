"""A table whose rows or columns vanish one by one, and what is asked of what has gone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

LEAST, MOST = 2, 12
"""Of the numbers in the table."""
ASKED = 3
"""How often it is asked what stood in the one that vanished last."""
MEANT = 3
"""Of how many that vanish the product is asked."""
SUMS = range(14, 29)
"""What the numbers that still stand may add up to."""


class Params(TaskParams):
    pieces: int = ramp(6, per_level=0.34, most=8, least=6, limit=8, about="rows, or columns, that vanish")
    fields: int = ramp(3, per_level=0.25, most=5, least=3, limit=5, about="numbers in each of them")
    decoys: int = ramp(
        1, per_level=1, limit=60, about="cells that are blank for a moment and come back, which means nothing"
    )
    whole: float = ramp(
        3.6, per_level=-0.05, most=3.0, least=2.2, limit=20, about="seconds that the table is whole, at least"
    )
    pace: float = ramp(1.4, least=0.8, limit=5, about="seconds from one to the next")
    covered: float = ramp(1.4, per_level=0.5, least=0.5, limit=600, about="seconds that the cloth lies over the table")


@dataclass(frozen=True)
class Vanishing:
    """A table, told as pieces that vanish (rows, or ``columns``) and the fields in each of them.

    ``numbers``: of each piece, field by field. ``order``: of vanishing. ``rule``: (field, whether the largest goes first), by
    which they vanish, or ``None``.

    What is asked, with pieces and fields by number: ``looked_up`` (piece, field), ``rest`` (the last to go before, field),
    ``multiplied`` a field, ``dotted`` the places in the order of two pieces, ``largest`` (a piece, field, those that go before
    or after it), ``next_to`` a piece, ``swapped`` (two pieces, field), ``latest`` (field, how many have gone each time, what
    else might be thought), ``next`` (after how many it is asked what goes then), where a rule tells.
    """

    params: Params
    columns: bool
    names: tuple[str, ...]
    heads: tuple[str, ...]
    numbers: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]
    rule: tuple[int, bool] | None
    looked_up: tuple[int, int]
    rest: tuple[int, int]
    multiplied: int
    dotted: tuple[int, int]
    largest: tuple[int, int, str]
    next_to: int
    swapped: tuple[int, int, int]
    latest: tuple[int, tuple[int, ...], int]
    next: int | None

    def number(self, turn: int, field: int) -> int:
        """What stands in a field of the piece that vanishes at a turn (from 0)."""
        return self.numbers[self.order[turn]][field]

    def standing(self, piece: int) -> tuple[int, ...]:
        """What still stands when a piece has vanished, in the order of vanishing."""
        return self.order[self.order.index(piece) + 1 :]

    def vanished(self, piece: int) -> tuple[int, ...]:
        """What has gone before a piece, in the order of vanishing."""
        return self.order[: self.order.index(piece)]

    def beside(self) -> tuple[int, ...]:
        """The pieces among which the largest is asked for."""
        piece, _, way = self.largest
        return self.standing(piece) if way == "after" else self.vanished(piece)


@dataclass(frozen=True)
class Wanted:
    """The answers to aim at: numbers, pieces, and ``rule``: the field by which they go (``None``: by none)."""

    looked_up: int
    rest: int
    largest: int
    last: bool
    following: int
    rule: int | None


def draw_vanishing(
    params: Params, columns: bool, names: tuple[str, ...], heads: tuple[str, ...], rng: Rng
) -> Vanishing:
    """A table for which all the wanted answers hold. Raises :class:`Rejected` where it is not found."""
    aim, pieces, fields = rng.steady("wanted"), range(params.pieces), range(params.fields)
    rule = [*fields, None][aim.integer(0, params.fields)]
    wanted = Wanted(
        looked_up=aim.integer(LEAST, MOST), rest=aim.choice(SUMS), largest=aim.choice(pieces), last=aim.chance(1 / params.pieces),
        following=aim.choice(pieces), rule=rule,
    )  # fmt: skip
    falling = rng.chance(0.5)
    free = [field for field in fields if field != rule]
    for _ in range(400):
        order = rng.shuffled(pieces)
        numbers = _numbers(params, order, rule, falling, rng)
        by = [*rules(numbers, order)]
        if by != ([] if rule is None else [(rule, falling)]) or (order[0] == wanted.following and not wanted.last):
            continue
        looked_up = [(p, f) for p in pieces for f in fields if numbers[p][f] == wanted.looked_up]
        rest = [*_rests(numbers, order, wanted.rest)]
        largest = [*_largest(numbers, order, wanted.largest)]
        latest = _latest(numbers, order, rng.choice(free), rng)
        if looked_up and rest and largest and latest:
            break
    else:
        raise Rejected("no table as wanted")
    turn = params.pieces - 1 if wanted.last else order.index(wanted.following) - 1
    one, other = rng.integer(0, 1), rng.integer(2, params.pieces - 1)
    return Vanishing(
        params, columns, names, heads, numbers, tuple(order), None if rule is None else (rule, falling),
        rng.choice(looked_up), rng.choice(rest), rng.choice(free), _pair(params, rng), rng.choice(largest), order[turn],
        (order[one], order[other], rng.choice(free)), latest, _turn(numbers, order, rule, falling, rng),
    )  # fmt: skip


def _numbers(
    params: Params, order: Sequence[int], rule: int | None, falling: bool, rng: Rng
) -> tuple[tuple[int, ...], ...]:
    """Numbers at random; those of one field in the order of vanishing, where there is a rule."""
    table = [[rng.integer(LEAST, MOST) for _ in range(params.fields)] for _ in order]
    if rule is not None:
        drawn = sorted(rng.sample(range(LEAST, MOST + 1), len(order)), reverse=falling)
        for piece, number in zip(order, drawn, strict=True):
            table[piece][rule] = number
    return tuple(map(tuple, table))


def rules(numbers: Sequence[Sequence[int]], order: Sequence[int]) -> Iterator[tuple[int, bool]]:
    """(field, whether the largest goes first) for each field by whose numbers the first that vanish may have gone."""
    for field in range(len(numbers[0])):
        own = [numbers[piece][field] for piece in order]
        left = [row[field] for piece, row in enumerate(numbers) if piece not in order]
        for falling in (False, True):
            ranked = sorted(own, reverse=falling)
            beyond = [number for number in left if (number > own[-1] if falling else number < own[-1])]
            if own == ranked and not beyond:
                yield field, falling


def _rests(numbers: Sequence[Sequence[int]], order: Sequence[int], total: int) -> Iterator[tuple[int, int]]:
    """(piece, field) such that what still stands there when the piece has vanished adds up to a total: two to four numbers."""
    for turn in range(len(order) - 5, len(order) - 2):
        for field in range(len(numbers[0])):
            if turn >= 0 and sum(numbers[piece][field] for piece in order[turn + 1 :]) == total:
                yield order[turn], field


def _largest(numbers: Sequence[Sequence[int]], order: Sequence[int], wanted: int) -> Iterator[tuple[int, int, str]]:
    """(piece, field, "before" or "after") such that of all that vanish then, three or more, a wanted one alone has the largest number."""
    for turn, piece in enumerate(order):
        for way, among in (("before", order[:turn]), ("after", order[turn + 1 :])):
            for field in range(len(numbers[0])):
                own = [numbers[one][field] for one in among]
                if len(among) < 3 or wanted not in among:
                    continue
                if numbers[wanted][field] == max(own) and own.count(max(own)) == 1:
                    yield piece, field, way


def _latest(
    numbers: Sequence[Sequence[int]], order: Sequence[int], field: int, rng: Rng
) -> tuple[int, tuple[int, ...], int] | None:
    """A field by which they do not go, how many have gone each time that it is asked what stood in the last one, and a number that is none of the answers.

    The answers differ, and any of them is as likely the smallest.
    """
    count = len(order)
    turns = (count // 3, 2 * count // 3, count)
    answers = [numbers[order[turn - 1]][field] for turn in turns]
    others = sorted({row[field] for row in numbers}.difference(answers))
    return (field, turns, rng.choice(others)) if others and len(set(answers)) == ASKED else None


def _pair(params: Params, rng: Rng) -> tuple[int, int]:
    """Two turns, far from each other."""
    return rng.choice([(a, b) for a, b in permutations(range(params.pieces), 2) if b - a > params.pieces // 2])


def _turn(
    numbers: Sequence[Sequence[int]], order: Sequence[int], rule: int | None, falling: bool, rng: Rng
) -> int | None:
    """After how many it is plain which one goes next, three or more of them being left."""
    turns = [
        turn for turn in range(3, len(order) - 2) if [*rules(numbers, order[:turn])] == [(rule, falling)]
    ]  # fmt: skip
    return rng.choice(turns) if turns and rule is not None else None
