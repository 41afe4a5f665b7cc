"""Why an answer is wrong, as far as rules can tell: not shown, not perceived, wrongly inferred; and which near miss was taken.

- **Evidence.** A response may say at which times frames were given to the model. A span of evidence is seen if a frame lies in it
  and no gap inside it is longer than 1 / min_fps, the coarsest sampling at which the question guarantees it to be visible; with
  frames in it that lie further apart it is partly seen.
- **Steps.** Where a response writes its steps as claims (:mod:`harness.metrics.steps`), a wrong answer is sorted into what was not
  perceived and what was perceived but wrongly inferred; a right one without the perceptions is lucky (Video-Holmes).
- **Near misses.** How what was said differs from the answer, in the terms of the answer format: off by one, two neighbours
  exchanged, one entry missing; or a state or event of another moment, as the reference steps have it.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal

from pydantic import JsonValue

from harness.metrics.steps import claims, compare
from harness.responses import MOST_FRAMES
from morse.errors import BadInput
from morse.schema import LETTERS, AnswerFormat, Evidence, Grid, PrivateAnswer

Seen = Literal["seen", "partly seen", "not seen"]
Failure = Literal["not shown", "not perceived", "wrong inference", "lucky"]
LUCKY = 0.5
"""With less than this share of what is to be perceived, a right answer is luck."""


def seen(evidence: Sequence[Evidence], frames: Sequence[float], min_fps: float, asked_at: float | None = None) -> Seen:
    """How much of the evidence lies in the frames (times in seconds); frames after ``asked_at`` show nothing.

    Not seen: no frame lies in any of it. Seen: the frames lie in all of it, and dense enough.
    """
    times = sorted(time for time in frames if asked_at is None or time <= asked_at + 1e-6)
    inside = [[time for time in times if span.start - 1e-6 <= time <= span.end + 1e-6] for span in evidence]
    if not any(inside):
        return "not seen"
    dense = (_dense(span, own, min_fps) for span, own in zip(evidence, inside, strict=True))
    return "seen" if all(dense) else "partly seen"


def _dense(span: Evidence, inside: Sequence[float], min_fps: float) -> bool:
    marks = [span.start, *inside, span.end]
    return bool(inside) and all(b - a <= 1 / min_fps + 1e-6 for a, b in pairwise(marks))


def sampler(text: str) -> Callable[[float], list[float]]:
    """``frames:32`` or ``fps:1`` → the times that are shown of so many seconds of a clip.

    ``frames:N``: the middles of N equal parts, as most harnesses take them; ``fps:R``: from 0 on, R a second.
    """
    kind, _, number = text.partition(":")
    try:
        amount = float(number)
    except ValueError:
        amount = 0.0
    if kind not in ("frames", "fps") or not 0 < amount <= MOST_FRAMES or (kind == "frames" and amount != int(amount)):
        raise BadInput(f"{text!r} does not say what was shown: frames:32 (so many, evenly) or fps:1 (so many a second)")
    if kind == "frames":
        return lambda seconds: [(i + 0.5) * seconds / amount for i in range(int(amount))]
    return lambda seconds: [i / amount for i in range(min(MOST_FRAMES, math.floor(seconds * amount + 1e-9) + 1))]


def failure(private: PrivateAnswer, response: str | None, correct: bool, evidence: Seen | None) -> Failure | None:
    """Why an answer is wrong, or right by luck; ``None`` where nothing tells it."""
    if response is None:
        return None
    if evidence == "not seen":
        return "lucky" if correct else "not shown"
    perceivable = any(step.kind == "perceive" for step in private.steps)
    said = claims(response) if private.steps else []
    if not said or not perceivable:
        return "not shown" if evidence == "partly seen" and not correct else None
    recall = compare(private.steps, said)["perceive"].recall
    if correct:
        return "lucky" if recall < LUCKY else None
    if recall < 1:
        return "not shown" if evidence == "partly seen" else "not perceived"
    return "wrong inference"


# ── near misses ─────────────────────────────────────────────────────────────────────────────────────────────────────


def near_miss(format: AnswerFormat, private: PrivateAnswer, said: JsonValue, abstained: bool) -> str:
    """How a wrong answer differs from the right one, in a few words that are the same for all answers of the kind."""
    answer = private.answer
    if abstained:
        return "abstained, though there is an answer"
    if answer is None:
        return "answered, though the premise is false"
    match format.type:
        case "choice":
            meant = _meant(private, said)
            return _elsewhere(private, meant) or _apart(_meant(private, answer), meant)
        case "boolean":
            return "said yes" if said else "said no"
        case "text":
            return _elsewhere(private, said) or _apart(answer, said)
        case "integer" | "number":
            return _apart(answer, said)
        case "multi_choice" | "set" | "multiset":
            return _entries(_list(answer), _list(said))
        case "sequence" | "permutation":
            return _order(_list(answer), _list(said))
        case "mapping":
            pairs = (dict(answer), dict(said)) if isinstance(answer, dict) and isinstance(said, dict) else ({}, {})
            return _places([pairs[0][key] for key in pairs[0]], [pairs[1].get(key) for key in pairs[0]])
        case "grid":
            rows = format.rows if isinstance(format, Grid) else 0
            flat = [[cell for row in _list(value)[:rows] for cell in _list(row)] for value in (answer, said)]
            return _places(flat[0], flat[1])
        case "span":
            return _span(_list(answer), _list(said))
        case "boxes":
            return "boxes overlap less than half"
        case "masks":
            return "masks overlap less than half"
        case _:
            return "the plan does not reach the goal"


def _meant(private: PrivateAnswer, letter: JsonValue) -> JsonValue:
    """What an option stands for."""
    place = LETTERS.find(str(letter))
    return private.option_values[place] if 0 <= place < len(private.option_values) else letter


def _elsewhere(private: PrivateAnswer, said: JsonValue) -> str | None:
    """Whether what was said, no number, stands in a reference step: right of another moment than the one asked about."""
    words = {str(word) for word in said} if isinstance(said, list) else {str(said)}
    if not all(_number(word) is None for word in words) or not words:
        return None
    for kind, name in (("infer", "a state on the way"), ("perceive", "something else that happens")):
        for step in private.steps:
            terms = {part.strip() for part in re.split(r"[(),]", step.claim)}
            if step.kind == kind and words <= terms:
                return name
    return None


def _apart(answer: JsonValue, said: JsonValue) -> str:
    """Two single answers."""
    one, other = _number(answer), _number(said)
    if one is not None and other is not None:
        gap = other - one
        if abs(gap) <= 1 and one == int(one) and other == int(other):
            return "one too many" if gap > 0 else "one too few"
        return "too high" if gap > 0 else "too low"
    if isinstance(answer, list) and isinstance(said, list):
        return _order(answer, said)
    words, told = set(str(answer).casefold().split()), set(str(said).casefold().split())
    if len(words) > 1 and len(told) > 1 and words & told:
        return "shares a word with the answer"
    return "another entry"


def _entries(answer: list[JsonValue], said: list[JsonValue]) -> str:
    """Two bags: what was missed, what was added."""
    wanted, got = Counter(map(str, answer)), Counter(map(str, said))
    missed, added = sum((wanted - got).values()), sum((got - wanted).values())
    if not added:
        return "one missed" if missed == 1 else "several missed"
    if not missed:
        return "one too many" if added == 1 else "several too many"
    return "one exchanged for another" if missed == added == 1 else "some missed and some added"


def _order(answer: list[JsonValue], said: list[JsonValue]) -> str:
    """Two orders: neighbours exchanged, reversed, one left out."""
    wanted, got = list(map(str, answer)), list(map(str, said))
    if len(wanted) != len(got):
        return _entries(answer, said)
    if got == wanted[::-1]:
        return "reversed"
    return _places(wanted, got, neighbours=True)


def _places(wanted: Sequence[JsonValue], got: Sequence[JsonValue], *, neighbours: bool = False) -> str:
    """Two tables of as many places; ``neighbours``: which places lie side by side means something."""
    wrong = [i for i, (a, b) in enumerate(zip(wanted, got, strict=True)) if a != b]
    if len(wrong) == 2 and (wanted[wrong[0]], wanted[wrong[1]]) == (got[wrong[1]], got[wrong[0]]):
        return "two neighbours exchanged" if neighbours and wrong[1] == wrong[0] + 1 else "two exchanged"
    if neighbours and Counter(wanted) == Counter(got):
        return "the same entries in another order"
    return "one entry wrong" if len(wrong) == 1 else "several entries wrong"


def _span(answer: list[JsonValue], said: list[JsonValue]) -> str:
    if len(answer) != 2 or len(said) != 2:
        return "another span"
    (a, b), (c, d) = [[_number(x) or 0.0 for x in pair] for pair in (answer, said)]
    if d <= a:
        return "too early"
    if c >= b:
        return "too late"
    if c <= a and d >= b:
        return "too long"
    if c >= a and d <= b:
        return "too short"
    return "too early" if c < a else "too late"


def _number(value: JsonValue) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    try:
        number = float(str(value).split()[0]) if isinstance(value, str) and value.strip() else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _list(value: JsonValue) -> list[JsonValue]:
    return list(value) if isinstance(value, list) else [value]
