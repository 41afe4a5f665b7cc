"""The answers about ropes on a table once more, from the lines that are drawn and from where tags, flags and marks are."""

from functools import lru_cache

import numpy as np
from pydantic import JsonValue

from generators.spatial._rope_lines import Curve, Drawing, Meeting
from morse.grounding import boxes_by_second
from morse.layout import Scene, Shown
from morse.schema import Question
from morse.timeline import Timeline

Place = tuple[float, float]


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    return Viewer(shown).answer(question)


class Viewer:
    """Somebody who has seen all that lies on the table."""

    def __init__(self, shown: Shown) -> None:
        self.shown = shown
        lines = tuple(
            (thing.id, tuple(str(line) for line in ropes))
            for thing in shown.objects
            if thing.kind == "stretch" and isinstance(ropes := thing.attributes["ropes"], list)
        )
        self.drawing = _drawing(shown.scene, lines)
        self.chains = self.drawing.chains

    def answer(self, question: Question) -> JsonValue:
        slots = {name: str(value) for name, value in question.slots.items()}
        match question.kind:
            case "count":
                return len(self.chains)
            case "more":
                return self.pieces(self.cuts()) - len(self.chains)
            case "had_cut":
                moved = [slots["instead"] if letter == slots["cut"] else letter for letter in self.cuts()]
                return self.pieces(moved) - self.pieces(self.cuts())
            case "partner":
                return next(letter for letter in self.letters(self.rope(slots["end"])) if letter != slots["end"])
            case "over":
                one, other = self.rope(slots["end"]), self.rope(slots["other"])
                return sum(self.pair(met) == (one, other) for met in self.drawing.meetings)
            case "on_top":
                upper = self.letters(self.pair(self.crossing(slots["flag"]))[0])
                return next(value for value in question.option_values if value in upper)
            case "closed":
                return not self.chains[self.marked(slots["mark"])].ends
            case "knotted":
                return self.drawing.knotted(self.rope(slots["end"]))
            case "swapped":
                met = self.crossing(slots["flag"])
                return self.drawing.swapped(met).knotted(self.pair(met)[0])
            case "free":
                rope = self.rope(slots["end"])
                marks = [thing.id for thing in self.shown.objects if thing.kind == "mark"]
                rings = [name.removeprefix("mark ") for name in marks]
                rings = [name for name in rings if not self.chains[self.marked(name)].ends]
                return [name for name in rings if self.drawing.linked(self.marked(name), rope)]
            case "laid":
                return self.laid([slots[name] for name in ("one", "two", "three")])
            case "strand_now":
                return self.strands_in_the_middle().index(self.rope(slots["end"])) + 1
            case "when_cut":
                return self.when_cut(self.rope(slots["end"]))
            case "where_end":
                start, end = int(slots["start"]), int(slots["stop"])
                other = next(letter for letter in self.letters(self.rope(slots["end"])) if letter != slots["end"])
                return boxes_by_second(self.shown.scene, f"end {other}", range(start, end + 1))
        raise ValueError(f"no question kind {question.kind!r}")

    def place(self, name: str) -> Place:
        assert isinstance(self.shown.scene, Timeline)
        return self.shown.scene.place(name, 0.0)

    def rope(self, letter: str) -> int:
        """The rope with an end by a tag."""
        x, y = self.place(f"end {letter}")
        far = {
            number: min(np.hypot(x - a, y - b) for a, b in chain.ends)
            for number, chain in enumerate(self.chains)
            if chain.ends
        }
        return min(far, key=lambda number: far[number])

    def letters(self, rope: int) -> list[str]:
        """The tags at a rope's ends."""
        names = [thing.id.removeprefix("end ") for thing in self.shown.objects if thing.kind == "end"]
        return [name for name in names if self.rope(name) == rope]

    def strands_in_the_middle(self) -> list[int]:
        """The ropes on the vertical middle line of the picture at the last moment, from above."""
        assert isinstance(self.shown.scene, Timeline)
        gone = self.place("stretch 1")[0] - self.shown.scene.place("stretch 1", self.shown.duration)[0]
        heights = {round(y, 1): self.drawing.chain_of[curve] for y, curve in self.drawing.over_line(gone)}
        return [heights[y] for y in sorted(heights, reverse=True)]

    def marked(self, mark: str) -> int:
        """The rope that turns back round a mark, on its left."""
        x, y = self.place(f"mark {mark}")
        turns = {}
        for number, curve in enumerate(self.drawing.curves):
            (x0, y0), (x1, _y1), _, (x3, y3) = curve.points.tolist()
            if x0 == x3 and x1 < x0:
                turns[number] = float(np.hypot(x - x0, y - (y0 + y3) / 2))
        return self.drawing.chain_of[min(turns, key=lambda number: turns[number])]

    def flagged(self, letter: str) -> int:
        """The rope below a flag."""
        return self.drawing.chain_of[self.drawing.below(self.place(f"flag {letter}"))]

    def crossing(self, letter: str) -> Meeting:
        """The crossing below a flag."""
        x, y = self.place(f"flag {letter}")
        return min(
            (met for met in self.drawing.meetings if met.place[1] < y),
            key=lambda met: float(np.hypot(x - met.place[0], y - met.place[1])),
        )

    def pair(self, met: Meeting) -> tuple[int, int]:
        """The ropes on top and below at a crossing."""
        return self.drawing.chain_of[met.over], self.drawing.chain_of[met.under]

    def cuts(self) -> list[str]:
        """The flags at which ropes have been cut."""
        return [event.objects[0].removeprefix("flag ") for event in self.shown.events if event.kind == "cut"]

    def pieces(self, cuts: list[str]) -> int:
        """How many pieces there are after cuts: each has two ends, but for rings that are whole."""
        cut = [self.flagged(letter) for letter in cuts]
        ends = sum(len(chain.ends) for chain in self.chains) + 2 * len(cut)
        return ends // 2 + sum(not chain.ends and number not in cut for number, chain in enumerate(self.chains))

    def laid(self, letters: list[str]) -> JsonValue:
        """The ropes with these ends from the lowest up: each lies over those before where they cross."""
        ropes = {self.rope(letter): letter for letter in letters}
        above = {
            (ropes[a], ropes[b]) for a, b in map(self.pair, self.drawing.meetings) if a != b and {a, b} <= ropes.keys()
        }
        left, order = list(letters), list[JsonValue]()
        while left:
            lowest = [one for one in left if not any((one, other) in above for other in left)]
            order.append(lowest[0])
            left.remove(lowest[0])
        return order

    def when_cut(self, rope: int) -> JsonValue:
        for event in self.shown.events:
            if event.kind == "cut" and self.flagged(event.objects[0].removeprefix("flag ")) == rope:
                return [event.start, event.end]
        return None


@lru_cache(maxsize=4)
def _drawing(scene: Scene, lines: tuple[tuple[str, tuple[str, ...]], ...]) -> Drawing:
    assert isinstance(scene, Timeline)
    curves = []
    for stretch, written in lines:
        x, _ = scene.place(stretch, 0.0)
        for line in written:
            how, *numbers = line.split()
            points = np.array([float(number) for number in numbers]).reshape(4, 2) + (x, 0.0)
            curves.append(Curve(np.round(points, 3), how == "over"))
    return Drawing(tuple(curves))
