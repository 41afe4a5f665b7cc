"""Responses as other tools keep them: logs of inspect_ai, samples of lmms-eval, prediction files of VLMEvalKit.

They are read as any file of responses is: with one line for what is wrong, and a question that was asked twice is refused.
"""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from harness.responses import MOST_LINE, Response
from morse.errors import BadInput

FAILED = "Failed to obtain answer"
"""How VLMEvalKit's answers begin where there is none."""


def read_foreign(path: Path, tool: str) -> list[Response]:
    """The responses in a file of another tool. Raises :class:`BadInput`."""
    if not path.is_file():
        raise BadInput(f"{path}: no such file")
    found: list[Response] = []
    seen: set[str] = set()
    for response in _READERS[tool](path):
        if response.question_id in seen:
            raise BadInput(f"{path}: question {response.question_id!r} is answered twice")
        seen.add(response.question_id)
        found.append(response)
    if not found:
        raise BadInput(f"{path}: holds no responses")
    return found


def _inspect(path: Path) -> Iterator[Response]:
    from harness.models.logs import read_log

    yield from read_log(path)


def _lmms_eval(path: Path) -> Iterator[Response]:
    """``…_samples_TASK.jsonl`` (``--log_samples``): the answer after its filters, as it was scored there."""
    for number, sample in _json_lines(path):
        verdict, said = sample.get("morse_accuracy"), sample.get("filtered_resps")
        said = said[0] if isinstance(said, list) and said else said
        if not isinstance(verdict, dict) or not isinstance(said, str):
            raise BadInput(
                f"{path}, line {number}: not a sample of a task that morse exported (morse_accuracy, filtered_resps)"
            )
        yield Response(str(verdict.get("question_id")), said)


def _vlmevalkit(path: Path) -> Iterator[Response]:
    """``MODEL_MORSE-….tsv`` or ``.json``: the questions with a column ``prediction``."""
    rows = _table(path) if path.suffix.lower() == ".tsv" else _json_table(path)
    for number, row in rows:
        question_id, said = row.get("question_id"), row.get("prediction")
        if not isinstance(question_id, str) or not isinstance(said, str):
            raise BadInput(
                f"{path}, row {number}: has no question_id and prediction; give the file of predictions (PRED_FORMAT=tsv)"
            )
        failed = said.startswith(FAILED)
        yield Response(question_id, "" if failed else said, error=said[:500] if failed else None)


_READERS: dict[str, Callable[[Path], Iterator[Response]]] = {
    "inspect": _inspect,
    "lmms-eval": _lmms_eval,
    "vlmevalkit": _vlmevalkit,
}
TOOLS = tuple(_READERS)


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(iter(lambda: file.readline(MOST_LINE + 1), ""), 1):
                if len(line) > MOST_LINE:
                    raise BadInput(f"{path}, line {number}: longer than {MOST_LINE} characters")
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise BadInput(f"{path}, line {number}: not an object")
                yield number, row
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 text (byte {error.start})") from None
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path}: broken JSON ({error})") from None


def _json_table(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path}: neither TSV nor JSON ({error}); set PRED_FORMAT=tsv") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadInput(f"{path}: not a list of rows")
    yield from enumerate(rows, 1)


def _table(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    limit = csv.field_size_limit(MOST_LINE)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from enumerate(csv.DictReader(file, delimiter="\t"), 1)
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 text (byte {error.start})") from None
    except csv.Error as error:
        raise BadInput(f"{path}: broken TSV ({error})") from None
    finally:
        csv.field_size_limit(limit)
