"""One rule for each answer format: from a response to a score.

``value`` is 1 for a right answer and for nothing else, except that spans, boxes and masks are worth their overlap, which is 1
only for the answer itself. ``correct`` is the verdict that accuracy counts: for them an overlap of at least one half.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

from harness.metrics.boxes import viou
from harness.metrics.choices import per_option, soft
from harness.metrics.orders import kendall_tau, position_accuracy, step_accuracy
from harness.metrics.pixels import mask_viou
from harness.metrics.plans import spl
from harness.metrics.quantities import mean_relative_accuracy, within
from harness.metrics.registry import registered
from harness.metrics.sets import cell_accuracy, entry_accuracy, f1, precision, recall
from harness.metrics.spans import tiou
from harness.parsing import Parsed, parse
from harness.plans import check_plan
from harness.shapes import boxes, cells, floats, number, strings, table, texts
from morse.schema import (
    AnswerFormat,
    Boolean,
    Boxes,
    Choice,
    Grid,
    Integer,
    Mapping,
    Masks,
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
    """The metrics of the format (:func:`harness.metrics.of_format`), e.g. ``step_accuracy`` of a permutation; 0 where nothing
    could be read."""


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
    return Score(0.0, False, outcome, reason=reason, partial=dict.fromkeys(registered(format.type), 0.0))


def score_parsed(format: AnswerFormat, answer: JsonValue, parsed: Parsed) -> Score:
    """The score of a response that has been read."""
    if not parsed.readable:
        return _worthless(format, "unparsed", parsed.reason)
    said = parsed.value
    if said is None or answer is None:
        right = said is None and answer is None
        measures = dict.fromkeys(registered(format.type), float(right))
        return Score(float(right), right, "scored", said, abstained=said is None, partial=measures)
    value, partial, reason = _compared(format, answer, said)
    correct = value == 1.0 or (value >= OVERLAP - 1e-12 and isinstance(format, _OVERLAPPING))
    return Score(value, correct, "scored", said, reason, partial=partial)


_EQUAL = (Choice, Boolean, Integer, Text)
_OVERLAPPING = (Span, Boxes, Masks)


def _compared(format: AnswerFormat, answer: JsonValue, said: JsonValue) -> tuple[float, dict[str, float], str | None]:
    if isinstance(format, _EQUAL):
        return float(said == answer), {}, None
    match format:
        case Number():
            wanted_number, said_number = number(answer), number(said)
            nearness = mean_relative_accuracy(wanted_number, said_number)
            return float(within(format, wanted_number, said_number)), {"mean_relative_accuracy": nearness}, None
        case MultiChoice():
            true, chosen = set(strings(answer)), set(strings(said))
            finer = {"per_option": per_option(true, chosen, format.letters), "soft": soft(true, chosen)}
            return float(chosen == true), finer, None
        case Set() | Multiset():
            wanted, got = strings(answer), strings(said)
            finer = {"precision": precision(wanted, got), "recall": recall(wanted, got), "f1": f1(wanted, got)}
            return float(Counter(got) == Counter(wanted)), finer, None
        case Sequence():
            wanted, got = strings(answer), strings(said)
            return float(got == wanted), {"position_accuracy": position_accuracy(wanted, got)}, None
        case Permutation():
            wanted, got = strings(answer), strings(said)
            finer = {"step_accuracy": step_accuracy(wanted, got), "kendall_tau": kendall_tau(wanted, got)}
            return float(got == wanted), finer, None
        case Mapping():
            wanted_texts, said_texts = texts(answer), texts(said)
            finer = {"entry_accuracy": entry_accuracy(wanted_texts, said_texts)}
            return float(said_texts == wanted_texts), finer, None
        case Grid():
            wanted_cells, said_cells = cells(answer), cells(said)
            return float(said_cells == wanted_cells), {"cell_accuracy": cell_accuracy(wanted_cells, said_cells)}, None
        case Plan():
            problem, plan = PlanProblem.model_validate(answer), strings(said)
            outcome = check_plan(problem, plan)
            finer = {"spl": spl(problem.solution, plan, outcome.reached)}
            return float(outcome.reached), finer, outcome.reason
        case Span():
            overlap = tiou(floats(answer), floats(said))
            return overlap, {"tiou": overlap}, None
        case Boxes():
            overlap = viou(boxes(answer), boxes(said))
            return overlap, {"viou": overlap}, None
        case Masks():
            overlap = mask_viou(table(answer), table(said))
            return overlap, {"mask_viou": overlap}, None
