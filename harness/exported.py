"""The verdict on a question that was exported: the strict score, from the one cell of JSON that went with it.

Other tools' files call this (:mod:`morse.export.lmms_eval`, :mod:`morse.export.vlmevalkit`), so that a response is worth there what
``morse score`` says.
"""

import json
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from harness.scoring import score
from morse.schema import AnswerFormat

FORMAT: TypeAdapter[AnswerFormat] = TypeAdapter(AnswerFormat)


def judged(scoring: str, response: str | None) -> dict[str, Any]:
    """The verdict on a response: ``score`` (1 if right), ``value`` (spans, boxes and masks: the overlap), ``outcome``, and whose it is."""
    row = json.loads(scoring)
    found = score(FORMAT.validate_python(row["format"]), row["answer"], response)
    return {
        "question_id": row["question_id"],
        "clip_id": row["clip_id"],
        "score": float(found.correct),
        "value": found.value,
        "outcome": found.outcome,
    }


def accuracy(rows: Sequence[dict[str, Any]]) -> float:
    """The share of right answers; nan where there are none."""
    return sum(row["score"] for row in rows) / len(rows) if rows else float("nan")
