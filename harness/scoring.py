"""One rule for each answer format: from a response to a score.

``value`` is 1 for a right answer and for nothing else, except that spans and boxes are worth their overlap, which is 1 only
for the answer itself. ``correct`` is the verdict that accuracy counts: for spans and boxes an overlap of at least one half.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

from harness.metrics.boxes import viou
from harness.metrics.choices import per_option, soft
from harness.metrics.orders import kendall_tau, position_accuracy, step_accuracy
from harness.metrics.plans import spl
from harness.metrics.quantities import mean_relative_accuracy, within
from harness.metrics.sets import cell_accuracy, entry_accuracy, f1, precision, recall
from harness.metrics.spans import tiou
from harness.parsing import Parsed, parse
from harness.plans import check_plan
from morse.schema import (
    AnswerFormat,
    Boolean,
    Boxes,
    Choice,
    Grid,
    Integer,
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
    Text,
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
    "plan": ("spl",),
    "span": ("tiou",),
    "boxes": ("viou",),
}
"""The metrics of :mod:`harness.metrics` that each answer format has beside right and wrong."""


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
    correct = value == 1.0 or (value >= OVERLAP - 1e-12 and isinstance(format, _OVERLAPPING))
    return Score(value, correct, "scored", said, reason, partial=partial)


_EQUAL = (Choice, Boolean, Integer, Text)
_OVERLAPPING = (Span, Boxes)


def _compared(format: AnswerFormat, answer: JsonValue, said: JsonValue) -> tuple[float, dict[str, float], str | None]:
    if isinstance(format, _EQUAL):
        return float(said == answer), {}, None
    match format:
        case Number():
            wanted_number, number = float(_scalar(answer)), float(_scalar(said))
            nearness = mean_relative_accuracy(wanted_number, number)
            return float(within(format, wanted_number, number)), {"mean_relative_accuracy": nearness}, None
        case MultiChoice():
            true, chosen = set(_strings(answer)), set(_strings(said))
            finer = {"per_option": per_option(true, chosen, format.letters), "soft": soft(true, chosen)}
            return float(chosen == true), finer, None
        case Set() | Multiset():
            wanted, got = _strings(answer), _strings(said)
            finer = {"precision": precision(wanted, got), "recall": recall(wanted, got), "f1": f1(wanted, got)}
            return float(Counter(got) == Counter(wanted)), finer, None
        case Sequence():
            wanted, got = _strings(answer), _strings(said)
            return float(got == wanted), {"position_accuracy": position_accuracy(wanted, got)}, None
        case Permutation():
            wanted, got = _strings(answer), _strings(said)
            finer = {"step_accuracy": step_accuracy(wanted, got), "kendall_tau": kendall_tau(wanted, got)}
            return float(got == wanted), finer, None
        case Mapping():
            wanted_entries, entries = _texts(answer), _texts(said)
            finer = {"entry_accuracy": entry_accuracy(wanted_entries, entries)}
            return float(entries == wanted_entries), finer, None
        case Grid():
            wanted_cells, cells = _cells(answer), _cells(said)
            return float(cells == wanted_cells), {"cell_accuracy": cell_accuracy(wanted_cells, cells)}, None
        case Plan():
            problem, plan = PlanProblem.model_validate(answer), _strings(said)
            outcome = check_plan(problem, plan)
            finer = {"spl": spl(problem.solution, plan, outcome.reached)}
            return float(outcome.reached), finer, outcome.reason
        case Span():
            overlap = tiou(_floats(answer), _floats(said))
            return overlap, {"tiou": overlap}, None
        case Boxes():
            overlap = viou(_boxes(answer), _boxes(said))
            return overlap, {"viou": overlap}, None


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


def _texts(value: JsonValue) -> dict[str, str]:
    return {key: str(entry) for key, entry in _object(value).items()}


def _boxes(value: JsonValue) -> dict[str, list[float]]:
    return {key: _floats(box) for key, box in _object(value).items()}


def _cells(value: JsonValue) -> list[list[str]]:
    if not isinstance(value, list):
        raise TypeError(f"not a grid: {value!r}")
    return [_strings(row) for row in value]
