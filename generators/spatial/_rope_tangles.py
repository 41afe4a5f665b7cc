"""Small tangles in a row of strands: one strand and a bight beside it, which end as a knot, as a slip that comes undone, or as a ring."""

from functools import lru_cache
from itertools import product
from typing import Literal

from generators.spatial._rope_diagram import Column, Diagram, knotted, linked
from morse.seeding import Rng

TangleKind = Literal["knot", "slip", "ring", "loose"]
"""``knot``: the strand is knotted; ``slip``: it is not, though it crosses itself; ``ring``: a closed ring that the strand runs through;
``loose``: a closed ring that only lies on or under it."""
LEAST, MOST = 3, 5
"""Crossings of a tangle."""
Tangle = tuple[Column, ...]


def some_tangle(kind: TangleKind, rng: Rng) -> Tangle:
    """A tangle of a kind beside lane 0, the columns of one strand that comes in and goes out."""
    sizes = [size for size in range(LEAST, MOST + 1) if kind in tangles(size)]
    return rng.choice(tangles(rng.choice(sizes))[kind])


@lru_cache
def tangles(crossings: int) -> dict[TangleKind, tuple[Tangle, ...]]:
    """All tangles of so many crossings by what they are, with no more than two crossings alike in a row."""
    found: dict[TangleKind, list[Tangle]] = {}
    for above, low in product((True, False), (0, 1)):
        for word in product(((0, True), (0, False), (1, True), (1, False)), repeat=crossings):
            touched = 0 if above else 1
            if word[0][0] != touched or word[-1][0] == low:
                continue  # the bight would only be twisted, not laid about the strand
            if any(a[0] == b[0] == c[0] for a, b, c in zip(word, word[1:], word[2:], strict=False)):
                continue
            columns = (
                Column("open", 1 if above else 0),
                *(Column("cross", lane, up) for lane, up in word),
                Column("close", low),
            )
            found.setdefault(kind_of(columns), []).append(columns)
    return {kind: tuple(columns) for kind, columns in found.items()}


def kind_of(tangle: Tangle) -> TangleKind:
    """What a tangle is."""
    diagram = Diagram(1, tangle)
    if len(diagram.ropes) == 1:
        return "knot" if knotted(diagram, 0) else "slip"
    return "ring" if linked(diagram, 0, 1) else "loose"


def raised(tangle: Tangle, by: int) -> Tangle:
    """The tangle beside another lane."""
    return tuple(column._replace(lane=column.lane + by) for column in tangle)
