"""The verdict on a question that was exported: the strict score, from the one cell of JSON that went with it.

Other tools' files call this (:mod:`morse.export.lmms_eval`, :mod:`morse.export.vlmevalkit`), so that a response is worth there what
``morse score`` says. It goes with them in one file (:mod:`harness.one_file`).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from harness.scoring import score
from morse.schema import AnswerFormat

FORMAT: TypeAdapter[AnswerFormat] = TypeAdapter(AnswerFormat)


def judged(scoring: str | Mapping[str, Any], response: str | None) -> dict[str, Any]:
    """The verdict on a response: ``score`` (1 if right), ``value`` (spans, boxes and masks: the overlap), ``outcome``, what was
    ``parsed`` or for what ``reason`` nothing could be, and whose it is.

    Raises ``ValueError`` for a format that is none.
    """
    row = json.loads(scoring) if isinstance(scoring, str) else scoring
    found = score(FORMAT.validate_python(row["format"]), row["answer"], response)
    return {
        "question_id": row.get("question_id"),
        "clip_id": row.get("clip_id"),
        "score": float(found.correct),
        "value": found.value,
        "outcome": found.outcome,
        "parsed": found.parsed,
        "reason": found.reason,
    }


def accuracy(rows: Sequence[Mapping[str, Any]]) -> float:
    """The share of right answers; nan where there are none."""
    return sum(row["score"] for row in rows) / len(rows) if rows else float("nan")
