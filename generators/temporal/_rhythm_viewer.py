"""The answers about rhythms once more, from when each lamp is seen to light up."""

from itertools import pairwise
from statistics import median

from pydantic import JsonValue

from generators.temporal._watch import watched
from morse.layout import Shown
from morse.schema import Question


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    lamps = [thing.id for thing in shown.objects if thing.kind == "lamp"]
    seen = watched(shown.scene, shown.duration, tuple((lamp, "lit", "lit", 1.0) for lamp in lamps))
    lit = {lamp: [one.start for one in seen if one.who == lamp] for lamp in lamps}
    gaps = {lamp: [after - before for before, after in pairwise(times)] for lamp, times in lit.items()}
    beat = {lamp: median(own) for lamp, own in gaps.items() if own}
    name, options = str(question.slots.get("lamp")), [str(option) for option in question.option_values]
    match question.kind:
        case "period":
            return round(beat[name], 2)
        case "flash_count":
            return len(lit[name])
        case "odd_rhythm":
            middle = median(beat[option] for option in options)
            return max(options, key=lambda option: abs(beat[option] - middle))
        case "left_out":
            return max(options, key=lambda option: max(gaps[option]) / beat[option])
        case "twin":
            return min(options, key=lambda option: apart(lit[option], lit[name]))
        case "next_flash":
            return min(options, key=lambda option: lit[option][-1] + beat[option])
        case "other_rhythm":
            first, last = lit[name][0], lit[name][-1]
            count = 1
            while first + count * beat[str(question.slots["other"])] <= last:
                count += 1
            return count
    raise ValueError(f"no question kind {question.kind!r}")


def apart(one: list[float], other: list[float]) -> float:
    """How far the flashes of two lamps lie from each other, at the worst: neither lamp has one that the other has not."""
    return max(min(abs(a - b) for b in rest) for some, rest in ((one, other), (other, one)) for a in some)
