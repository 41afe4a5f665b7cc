"""A row of letters that changes place by swaps, jumps and turns of a stretch: what moves there are, and what they do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple, Self

from pydantic import model_validator

from morse.difficulty import TaskParams, ramp
from morse.errors import Rejected
from morse.seeding import Rng

LETTERS = "BCDFGHJKLMNPQRSTVXZ"
"""No vowels: a row spells no word."""
KINDS = ("swap", "jump", "turn")
COUNTS, ASKED = 4, 3
"""How many different answers there are to "how many moves", and how often the place of a letter is asked for."""
FAR = (1, 2, 3)
"""How far a letter may be from where it was, where that is asked."""


class Params(TaskParams):
    letters: int = ramp(6, per_level=0.5, most=12, least=5, limit=14, about="letters in the row")
    moves: int = ramp(6, per_level=1, most=60, least=6, limit=400, about="moves, at least (three more at most)")
    seen: float = ramp(0.4, per_level=-0.02, most=0.2, least=0.1, limit=0.5, about="share of moves made in view")
    feints: int = ramp(1, per_level=0.5, most=30, about="times that tiles stir and stay where they are, at least")
    pace: float = ramp(1.45, per_level=-0.04, most=1.1, least=1.0, limit=5, about="seconds for a move")

    @model_validator(mode="after")
    def _hidden_moves(self) -> Self:
        if self.moves - self.in_view(self.moves) < ASKED + 1:
            raise ValueError(f"moves={self.moves} and seen={self.seen:g} leave too few moves out of view")
        return self

    def in_view(self, moves: int) -> int:
        """How many of so many moves are made with the letters in view."""
        return max(2, int(moves * self.seen))

    @property
    def counts(self) -> range:
        return range(self.moves, self.moves + COUNTS)


class Move(NamedTuple):
    """``swap``: the letters at two places change places. ``jump``: the letter at ``a`` goes to ``b``, those between move up.
    ``turn``: the stretch from ``a`` to ``b`` is turned round. Places count from 0."""

    kind: str
    a: int
    b: int

    def to(self, place: int) -> int:
        """Where what is at a place goes."""
        low, high = min(self.a, self.b), max(self.a, self.b)
        if not low <= place <= high:
            return place
        if self.kind == "turn":
            return low + high - place
        if place == self.a:
            return self.b
        if self.kind == "swap":
            return self.a if place == self.b else place
        return place - 1 if self.a < self.b else place + 1

    def back(self) -> "Move":
        """The move that undoes this one."""
        return Move("jump", self.b, self.a) if self.kind == "jump" else self


def moved(row: Sequence[str], moves: Iterable[Move]) -> list[str]:
    """A row after some moves."""
    now = list(row)
    for kind, a, b in moves:
        if kind == "swap":
            now[a], now[b] = now[b], now[a]
        elif kind == "jump":
            now.insert(b, now.pop(a))
        else:
            now[a : b + 1] = now[a : b + 1][::-1]
    return now


def cycles(row: Sequence[str], other: Sequence[str]) -> int:
    """How many rings the letters go round in from one row to another (Cayley: swaps needed are letters less rings)."""
    to = [other.index(letter) for letter in row]
    left, found = [*range(len(to))], 0
    while left:
        place, found = left.pop(), found + 1
        while (place := to[place]) in left:
            left.remove(place)
    return found


def rings_asked(letters: int) -> tuple[int, ...]:
    """How many rings there may be where the swaps to the first row are asked for: some that are about equally likely."""
    return (1, 2, 3) if letters < 8 else (2, 3, 4)


@dataclass(frozen=True)
class Shuffle:
    """What happens: a first row, and acts, moves with ``None`` for a feint. The first ``seen`` moves are made in view.

    ``tracked``: a letter, and after how many moves each its place is asked for. ``swap``: a swap (its number from 0) in view.
    ``left_out``: (a move, a place) asked for had the move not been made. ``again``: a place after all hidden moves once more.
    """

    params: Params
    row: tuple[str, ...]
    acts: tuple[Move | None, ...]
    seen: int
    tracked: tuple[str, tuple[int, ...]]
    far: str
    swap: int
    left_out: tuple[int, int]
    again: int

    @property
    def moves(self) -> list[Move]:
        return [act for act in self.acts if act is not None]

    def rows(self) -> list[list[str]]:
        """The row at first, and after every move."""
        return [*accumulate(self.moves, lambda row, move: moved(row, [move]), initial=list(self.row))]


def draw_shuffle(params: Params, rng: Rng) -> Shuffle:
    """Moves at random, but for those that bring a letter to the places that are wanted for it. What is on the first place at
    the end was as likely on any place when it was last seen."""
    wanted = rng.steady("wanted")
    size, count = params.letters, wanted.choice(params.counts)
    places, rings = wanted.sample(range(size), ASKED), wanted.choice(rings_asked(size))
    first, far = wanted.integer(0, size - 1), wanted.choice(FAR)
    seen = params.in_view(count)
    for _ in range(400):
        row = tuple(rng.sample(LETTERS, size))
        marks = (*sorted(rng.sample(range(seen + 1, count), ASKED - 1)), count)
        letter = rng.choice(row)
        moves = _moves_to(row.index(letter), places, marks, size, rng)
        if moves is None or not any(move.kind == "swap" for move in moves[:seen]):
            continue
        place = 0
        for move in reversed(moves[seen:]):
            place = move.back().to(place)
        if place != first:
            continue
        now = moved(row, moves)
        apart = [one for one in row if abs(row.index(one) - now.index(one)) == far]
        if apart and cycles(row, now) == rings:
            break
    else:
        raise Rejected("no moves as wanted")
    swap = rng.choice([i for i, move in enumerate(moves[:seen]) if move.kind == "swap"])
    acts: list[Move | None] = [*moves]
    for _ in range(params.feints + params.counts[-1] - count):
        acts.insert(rng.integer(0, len(acts)), None)
    return Shuffle(
        params, row, tuple(acts), seen, (letter, marks), rng.choice(apart), swap, _left_out(row, moves, rng),
        _again(row, moves, seen, rng),
    )  # fmt: skip


def _moves_to(place: int, targets: Sequence[int], marks: Sequence[int], size: int, rng: Rng) -> list[Move] | None:
    """Moves that take what is at a place to some targets, one after so many moves each; no move undoes the one before."""
    moves = [_any_move(size, rng) for _ in range(marks[-1])]
    first = 0
    for mark, target in zip(marks, targets, strict=True):
        changed = rng.integer(first, mark - 1)
        for move in moves[first:changed]:
            place = move.to(place)
        goal = target
        for move in reversed(moves[changed + 1 : mark]):
            goal = move.back().to(goal)
        others = [i for i in range(size) if i != place]
        moves[changed] = Move("swap", *sorted((place, goal))) if goal != place else Move("swap", *rng.sample(others, 2))
        place, first = target, mark
    return None if any(a == b for a, b in pairwise(moves)) else moves


def _any_move(size: int, rng: Rng) -> Move:
    kind = rng.weighted(KINDS, (3, 2, 1))
    if kind == "swap":
        return Move(kind, *sorted(rng.sample(range(size), 2)))
    least = 2 if kind == "jump" else 3  # a jump over none and a turn of three are swaps
    while True:
        a, b = rng.sample(range(size), 2)
        if abs(a - b) >= least:
            return Move(kind, a, b) if kind == "jump" else Move(kind, min(a, b), max(a, b))


def _left_out(row: Sequence[str], moves: Sequence[Move], rng: Rng) -> tuple[int, int]:
    """A move, and a place where another letter would be without it, and neither the first one there."""
    now = moved(row, moves)
    for i in rng.shuffled(range(len(moves))):
        other = moved(row, [*moves[:i], *moves[i + 1 :]])
        free = [place for place, letter in enumerate(other) if letter not in (now[place], row[place])]
        if free:
            return i, rng.choice(free)
    raise Rejected("no move that matters")


def _again(row: Sequence[str], moves: Sequence[Move], seen: int, rng: Rng) -> int:
    """A place where all hidden moves made once more put a letter that is not there now, nor was when it was last seen."""
    in_view, now = moved(row, moves[:seen]), moved(row, moves)
    other = moved(now, moves[seen:])
    free = [place for place, letter in enumerate(other) if letter not in (now[place], in_view[place])]
    if not free:
        raise Rejected("the same moves once more change nothing")
    return rng.choice(free)
