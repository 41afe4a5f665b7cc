"""What somebody who watches knots being tied works out: from the drawn lines and from how each crossing was passed."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from pydantic import JsonValue

from generators.procedural import _kitchen_viewer as viewer
from generators.procedural._kitchen_viewer import Deed, Knowledge, Seen, SeenClip
from generators.procedural._knots_domain import phrase
from generators.spatial._rope_lines import LARGE, Curve, Drawing
from morse.layout import Shown
from morse.schema import Question

KNOWN = {
    1: "no knot",
    LARGE**2 - LARGE + 1: "overhand knot",
    LARGE**2 - 3 * LARGE + 1: "figure-eight knot",
    2 * LARGE**2 - 3 * LARGE + 2: "three-twist knot",
}
"""Alexander's polynomials of 0₁, 3₁, 4₁ and 5₂ (Rolfsen's table); no other knot of so few crossings has one of these."""


def _products() -> dict[tuple[int, ...], str]:
    """The brackets of two trefoils in a row, from the lowest power up: of a reef knot they are mirror images, of a granny alike."""
    left = np.zeros(13, int)
    left[[0, 8, 12]] = -1, -1, 1  # Kauffman's A⁷ − A³ − A⁻⁵
    right = left[::-1]
    pairs = {"reef knot": [(left, right)], "granny knot": [(left, left), (right, right)]}
    found = {name: [np.convolve(*pair) for pair in both] for name, both in pairs.items()}
    return {
        tuple((values * (1 if values[0] > 0 else -1)).tolist()): name for name, both in found.items() for values in both
    }


JOINTS = _products()


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    rope, clip = str(question.slots.get("rope")), question.slots.get("clip")
    clips = viewer.seen_clips(shown)
    if question.kind in ("outcome", "swapped", "bend", "bend_swapped", "mistake", "remaining"):
        belonging = viewer.ordered(shown, SAILOR, gap=bool(question.slots.get("gap")))
        last = next(clips[n].after or {} for n in reversed(belonging) if rope in (clips[n].after or {}))
        ways = [str(way) for way in last[rope]]
        crossings = read(shown, rope)
        if question.kind == "remaining":
            return len(crossings.met) - len(ways)
        if question.kind in ("outcome", "bend"):
            return crossings.knot(ways)
        if "swapped" in question.kind:
            return crossings.knot(turned(ways, clips[int(str(clip))]))
        return next(
            value
            for value in question.option_values
            if clips[int(str(value))].objects[0] == rope
            and crossings.knot(turned(ways, clips[int(str(value))])) == question.slots["name"]
        )
    return viewer.answer(question, shown, SAILOR)


def turned(ways: list[str], clip: SeenClip) -> list[str]:
    """The ways with the one of a clip's move the other way round."""
    place = int(clip.objects[1][-1]) - 1
    return [{"over": "under", "under": "over"}[way] if i == place else way for i, way in enumerate(ways)]


class Read:
    """A dashed line, read: its curves after those of the bight (if there is one), and where it meets these or itself, in the order in
    which an end comes there."""

    def __init__(self, curves: list[np.ndarray], bight: bool = False) -> None:
        self.bight = bight
        self.curves, found = curves, list[tuple[int, int]]()
        low, high = [np.min(curve, axis=0) for curve in curves], [np.max(curve, axis=0) for curve in curves]
        for j in range(len(curves)):
            for i in range(j - 1):
                near = (low[i] < high[j]).all() and (low[j] < high[i]).all()
                if near and Drawing((Curve(curves[i], True), Curve(curves[j], False))).meetings:
                    found.append((i, j))
        self.met = sorted(found, key=lambda pair: pair[1])

    def knot(self, ways: list[str]) -> str:
        """The knot that ways of passing the crossings make."""
        over = {again if way == "over" else first for (first, again), way in zip(self.met, ways, strict=True)}
        drawing = Drawing(tuple(Curve(points, i in over) for i, points in enumerate(self.curves)))
        return joint(drawing) if self.bight else KNOWN[drawing.polynomial([0])]


def joint(drawing: Drawing) -> str:
    """What joins a rope to a bight: by what they are when their ends are joined, the lower and the upper ones."""
    high = [max((0, 1), key=lambda i: chain.ends[i][1]) for chain in drawing.chains]
    found = drawing.bracket([((0, high[0]), (1, high[1])), ((0, 1 - high[0]), (1, 1 - high[1]))])
    if len(found) == 1:
        return "another knot" if drawing.linked(0, 1) else "no knot"
    lowest = min(found)
    values = [found.get(power, 0) for power in range(lowest, max(found) + 1)]
    return JOINTS.get(tuple(value * (1 if values[0] > 0 else -1) for value in values), "another knot")


def read(shown: Shown, rope: str) -> Read:
    says = next(thing.attributes for thing in shown.objects if thing.id == rope)
    lines, bight = says["line"], says.get("bight", [])
    assert isinstance(lines, list)
    assert isinstance(bight, list)
    return _read((*map(str, bight), *map(str, lines)), bool(bight))


@lru_cache(maxsize=16)
def _read(lines: tuple[str, ...], bight: bool) -> Read:
    return Read([np.array([float(number) for number in line.split()]).reshape(4, 2) for line in lines], bight)


def step_between(before: Seen, after: Seen) -> Deed | None:
    """The one move that turns one board into the other; ``None`` if none does, or too little is seen."""
    if before.keys() != after.keys():
        return None
    changed = [name for name in before if list(before[name]) != list(after[name])]
    if len(changed) != 1:
        return None
    old, new = list(before[changed[0]]), list(after[changed[0]])
    if new[:-1] != old:
        return None
    return str(new[-1]), (changed[0], f"crossing {changed[0][-1]}{len(new)}")


def cannot_be_done(order: Iterable[SeenClip], left_out: int) -> list[int]:
    """Which clips' moves fail if that of one is not made: an end that is not yet past a crossing cannot come to the next."""
    waiting = set[str]()
    failed = list[int]()
    for clip in order:
        if clip.number == left_out:
            waiting.add(clip.objects[0])
        elif clip.objects[0] in waiting:
            failed.append(clip.number)
    return failed


def still_to_do(board: Seen) -> int:
    """How much less than finished the ropes are."""
    return -sum(len(value) for value in board.values())


SAILOR = Knowledge(phrase, step_between, cannot_be_done, still_to_do)
