"""One rule for each answer format: from a response to a score.

``value`` is 1 for a right answer and for nothing else, except that spans and boxes are worth their overlap, which is 1 only
for the answer itself. ``correct`` is the verdict that accuracy counts: for spans and boxes an overlap of at least one half.
"""

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

from harness.parsing import Parsed, parse
from harness.plans import check_plan
from morse.schema import (
    AnswerFormat,
    Boxes,
    Grid,
    Mapping,
    MultiChoice,
    Multiset,
    Number,
    Permutation,
    Plan,
    PlanProblem,
    Sequence,
    Set,
    Span,
)

Outcome = Literal["scored", "unparsed", "failed", "missing"]
OVERLAP = 0.5
"""From which overlap on a span or the boxes count as correct."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a response is worth.

    ``unparsed`` and ``missing`` count as wrong; ``failed`` (the call to the model failed) counts for nothing.
    """

    value: float
    correct: bool
    outcome: Outcome
    parsed: JsonValue = None
    reason: str | None = None
    abstained: bool = False
    partial: dict[str, float] = field(default_factory=dict)
    """Finer measures of the format, e.g. ``step_accuracy`` of a permutation; 0 where nothing could be read."""


MEASURES: dict[str, tuple[str, ...]] = {
    "number": ("mean_relative_accuracy",),
    "multi_choice": ("per_option", "soft"),
    "set": ("precision", "recall", "f1"),
    "multiset": ("precision", "recall", "f1"),
    "sequence": ("position_accuracy",),
    "permutation": ("step_accuracy", "kendall_tau"),
    "mapping": ("entry_accuracy",),
    "grid": ("cell_accuracy",),
    "span": ("tiou",),
    "boxes": ("viou",),
}
"""The finer measures of each answer format that has some."""


def score(format: AnswerFormat, answer: JsonValue, response: str | None) -> Score:
    """The score of a model's response (``None``: there is none) against the answer."""
    if response is None:
        return _worthless(format, "missing", "no response")
    parsed = parse(response, format)
    return score_parsed(format, answer, parsed)


def failed(reason: str) -> Score:
    """The score of a call to a model that failed."""
    return Score(0.0, False, "failed", reason=reason)


def _worthless(format: AnswerFormat, outcome: Outcome, reason: str | None) -> Score:
    return Score(0.0, False, outcome, reason=reason, partial=dict.fromkeys(MEASURES.get(format.type, ()), 0.0))


def score_parsed(format: AnswerFormat, answer: JsonValue, parsed: Parsed) -> Score:
    """The score of a response that has been read."""
    if not parsed.readable:
        return _worthless(format, "unparsed", parsed.reason)
    said = parsed.value
    if said is None or answer is None:
        right = said is None and answer is None
        measures = dict.fromkeys(MEASURES.get(format.type, ()), float(right))
        return Score(float(right), right, "scored", said, abstained=said is None, partial=measures)
    value, partial, reason = _compared(format, answer, said)
    correct = value >= OVERLAP - 1e-12 if isinstance(format, Span | Boxes) else value == 1.0
    return Score(value, correct, "scored", said, reason, partial=partial)


def _compared(format: AnswerFormat, answer: JsonValue, said: JsonValue) -> tuple[float, dict[str, float], str | None]:
    partial: dict[str, float] = {}
    match format:
        case Number():
            right = within(format, float(_scalar(answer)), float(_scalar(said)))
            partial["mean_relative_accuracy"] = mean_relative_accuracy(float(_scalar(answer)), float(_scalar(said)))
        case MultiChoice():
            chosen, true = set(_strings(said)), set(_strings(answer))
            right = chosen == true
            decided = sum((letter in chosen) == (letter in true) for letter in format.letters)
            partial["per_option"] = decided / len(format.options)
            partial["soft"] = len(chosen) / len(true) if chosen and chosen <= true else 0.0
        case Set() | Multiset():
            right = Counter(_strings(said)) == Counter(_strings(answer))
            partial |= overlap(_strings(answer), _strings(said))
        case Sequence():
            wanted, got = _strings(answer), _strings(said)
            right = got == wanted
            same = sum(a == b for a, b in zip(wanted, got, strict=False))
            partial["position_accuracy"] = same / max(len(wanted), len(got), 1)
        case Permutation():
            wanted, got = _strings(answer), _strings(said)
            right = got == wanted
            partial["step_accuracy"] = sum(a == b for a, b in zip(wanted, got, strict=False)) / format.size
            partial["kendall_tau"] = kendall_tau(wanted, got)
        case Mapping():
            wanted, got = _object(answer), _object(said)
            right = got == wanted
            partial["entry_accuracy"] = sum(got.get(key) == wanted.get(key) for key in format.keys) / len(format.keys)
        case Grid():
            wanted, got = _cells(answer), _cells(said)
            right = got == wanted
            partial["cell_accuracy"] = _same_cells(wanted, got)
        case Plan():
            outcome = check_plan(PlanProblem.model_validate(answer), _strings(said))
            return float(outcome.reached), {}, outcome.reason
        case Span():
            return span_iou(_floats(answer), _floats(said)), {"tiou": span_iou(_floats(answer), _floats(said))}, None
        case Boxes():
            value = mean_box_iou(_object(answer), _object(said))
            return value, {"viou": value}, None
        case _:
            right = said == answer
    return float(right), partial, None


# ── rules ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def within(format: Number, answer: float, said: float) -> bool:
    """Within the larger of the absolute and the relative tolerance; where the question asks for a number of decimals,
    within half a unit of the last one."""
    rounding = 0.5 * 10.0**-format.decimals if format.decimals is not None else 0.0
    tolerance = max(format.absolute, format.relative * abs(answer), rounding)
    return abs(said - answer) <= tolerance + 1e-9 * max(1.0, abs(answer))


_CONFIDENCES = (0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95)


def mean_relative_accuracy(answer: float, said: float) -> float:
    """Share of the ten thresholds θ = .50, .55 … .95 with relative error under 1 − θ (VSI-Bench; Yang et al. 2025)."""
    if answer == 0:
        return float(said == 0)
    error = abs(said - answer) / abs(answer)
    return sum(error < 1 - confidence - 1e-12 for confidence in _CONFIDENCES) / len(_CONFIDENCES)


def overlap(wanted: list[str], said: list[str]) -> dict[str, float]:
    """Precision, recall and F1 of the entries, counted with repeats. Both empty: all 1."""
    if not wanted and not said:
        return {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    matched = sum((Counter(wanted) & Counter(said)).values())
    precision = matched / len(said) if said else 0.0
    recall = matched / len(wanted) if wanted else 0.0
    return {"precision": precision, "recall": recall, "f1": 2 * matched / (len(said) + len(wanted))}


def kendall_tau(wanted: list[str], said: list[str]) -> float:
    """Kendall's τ between two orders of the same entries: 1 equal, −1 reversed."""
    place = {entry: i for i, entry in enumerate(said)}
    ranks = [place[entry] for entry in wanted]
    pairs = len(ranks) * (len(ranks) - 1) // 2
    inverted = sum(ranks[i] > ranks[j] for i in range(len(ranks)) for j in range(i + 1, len(ranks)))
    return 1.0 - 2.0 * inverted / pairs if pairs else 1.0


def span_iou(wanted: list[float], said: list[float]) -> float:
    """Temporal intersection over union of two spans; 0 where the union has no length, unless they are equal."""
    if wanted == said:
        return 1.0
    common = max(0.0, min(wanted[1], said[1]) - max(wanted[0], said[0]))
    union = (wanted[1] - wanted[0]) + (said[1] - said[0]) - common
    return common / union if union > 0 else 0.0


def box_iou(wanted: list[float], said: list[float]) -> float:
    """Intersection over union of two boxes ``[left, top, right, bottom]``."""
    width = min(wanted[2], said[2]) - max(wanted[0], said[0])
    height = min(wanted[3], said[3]) - max(wanted[1], said[1])
    common = max(0.0, width) * max(0.0, height)
    union = (wanted[2] - wanted[0]) * (wanted[3] - wanted[1]) + (said[2] - said[0]) * (said[3] - said[1]) - common
    return common / union if union > 0 else 0.0


def mean_box_iou(wanted: dict[str, JsonValue], said: dict[str, JsonValue]) -> float:
    """vIoU: the boxes' IoU summed over the seconds that both name, divided by the seconds that either names."""
    if wanted == said:
        return 1.0
    seconds = wanted.keys() | said.keys()
    total = math.fsum(box_iou(_floats(wanted[key]), _floats(said[key])) for key in sorted(wanted.keys() & said.keys()))
    return total / len(seconds) if seconds else 1.0


def _same_cells(wanted: list[list[str]], said: list[list[str]]) -> float:
    pairs = [(a, b) for row, other in zip(wanted, said, strict=True) for a, b in zip(row, other, strict=True)]
    return sum(a == b for a, b in pairs) / len(pairs)


# ── the shapes that answers have, for the type checker and for records from outside ────────────────────────────────


def _scalar(value: JsonValue) -> float | int | str:
    if isinstance(value, bool) or not isinstance(value, float | int | str):
        raise TypeError(f"not a scalar: {value!r}")
    return value


def _strings(value: JsonValue) -> list[str]:
    if not isinstance(value, list):
        raise TypeError(f"not a list: {value!r}")
    return [str(entry) for entry in value]


def _floats(value: JsonValue) -> list[float]:
    if not isinstance(value, list):
        raise TypeError(f"not a list: {value!r}")
    return [float(_scalar(entry)) for entry in value]


def _object(value: JsonValue) -> dict[str, JsonValue]:
    if not isinstance(value, dict):
        raise TypeError(f"not an object: {value!r}")
    return value


def _cells(value: JsonValue) -> list[list[str]]:
    if not isinstance(value, list):
        raise TypeError(f"not a grid: {value!r}")
    return [_strings(row) for row in value]
