"""Reading responses: JSONL with ``{"question_id", "response"}``, or CSV with the same columns, from any tool.

Optional: ``model``, ``error`` (the call to the model failed: there is no response to judge), ``usage`` (numbers, e.g.
tokens), ``frames`` (the times, in seconds, of the frames that the model was given) and ``options`` (the letters of the options that it was
shown, in the order shown, where that is not the question's: :mod:`harness.reordered`). The file may come from anyone: what is wrong with it is said in one line that names the line.
"""

import csv
import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from morse.errors import BadInput

MOST_LINE = 8 << 20
"""Characters that one line may have."""
MOST_FRAMES = 100_000
RUN_FILE = "responses.jsonl"
"""What ``morse evaluate`` calls the responses in a run's folder."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Response:
    """What a model said to a question. ``error`` is the reason why there is no response, where the call failed."""

    question_id: str
    text: str
    model: str | None = None
    error: str | None = None
    usage: dict[str, float] = field(default_factory=dict)
    frames: tuple[float, ...] | None = None
    options: str | None = None
    """The letters of the options shown, in their order; ``None``: those of the question."""


def read_responses(path: Path | str) -> list[Response]:
    """All responses of a file, in its order. Raises :class:`BadInput` with the line number of the first fault, for a
    question that is answered twice, and for a file with responses of several models."""
    path = Path(path)
    if not path.is_file():
        raise BadInput(f"{path}: no such file of responses")
    first: dict[tuple[str, str | None], int] = {}
    found: list[Response] = []
    try:
        for number, response in _rows(path):
            asked = (response.question_id, response.options)
            if asked in first:
                raise BadInput(
                    f"{path}, line {number}: question {response.question_id!r} is answered twice "
                    f"(first on line {first[asked]})"
                )
            first[asked] = number
            found.append(response)
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None
    models = sorted({response.model for response in found if response.model is not None})
    if len(models) > 1:
        raise BadInput(f"{path}: responses of several models ({', '.join(models[:_SHOWN])}); score one model at a time")
    if not found:
        raise BadInput(f"{path}: holds no responses")
    return found


def matched(responses: Iterable[Response], question_ids: Iterable[str], path: Path | str) -> dict[str, Response]:
    """The responses by question. Raises :class:`BadInput` if one names a question that the set does not have."""
    known = set(question_ids)
    given = list(responses)
    unknown = [response.question_id for response in given if response.question_id not in known]
    if unknown:
        shown = ", ".join(repr(question_id[:60]) for question_id in unknown[:_SHOWN])
        more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
        raise BadInput(
            f"{path}: {len(unknown)} of {len(given)} responses are to questions that this data set does not have: "
            f"{shown}{more}"
        )
    return {response.question_id: response for response in given if response.options is None}


def reordered(responses: Iterable[Response]) -> dict[str, dict[str, Response]]:
    """The responses to questions whose options were shown in another order, or in part: question → order → response."""
    found: dict[str, dict[str, Response]] = {}
    for response in responses:
        if response.options is not None:
            found.setdefault(response.question_id, {})[response.options] = response
    return found


def _rows(path: Path) -> Iterator[tuple[int, Response]]:
    return _csv_rows(path) if path.suffix.lower() == ".csv" else _json_rows(path)


def _json_rows(path: Path) -> Iterator[tuple[int, Response]]:
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        number = 0
        while line := file.readline(MOST_LINE + 1):
            number += 1
            where = f"{path}, line {number}"
            if len(line) > MOST_LINE:
                raise BadInput(f"{where}: longer than {MOST_LINE} characters")
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise BadInput(f"{where}: broken JSON ({getattr(error, 'msg', error)})") from None
            except RecursionError:
                raise BadInput(f"{where}: JSON nested too deep") from None
            if not isinstance(row, dict):
                raise BadInput(f'{where}: must be an object {{"question_id": …, "response": …}}')
            yield number, _response(row, where)


def _csv_rows(path: Path) -> Iterator[tuple[int, Response]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        limit = csv.field_size_limit(MOST_LINE)
        try:
            reader = csv.DictReader(file, strict=True)
            columns = list(reader.fieldnames or [])
            for wanted in ("question_id", "response"):
                if wanted not in columns:
                    raise BadInput(f"{path}: has no column {wanted!r} (its columns are {', '.join(columns[:12])})")
            if len(set(columns)) < len(columns):
                raise BadInput(f"{path}: a column stands there twice")
            for row in reader:
                where = f"{path}, line {reader.line_num}"
                if None in row or None in row.values():
                    raise BadInput(f"{where}: not {len(columns)} cells")
                cells: dict[str, object] = dict(row)
                for optional in ("model", "error", "usage", "frames", "options"):
                    if not cells.get(optional):
                        cells.pop(optional, None)
                for name in ("usage", "frames"):
                    if written := cells.get(name):
                        try:
                            cells[name] = json.loads(str(written))
                        except (ValueError, RecursionError):
                            raise BadInput(f"{where}: {name} is not JSON") from None
                yield reader.line_num, _response(cells, where)
        except csv.Error as error:
            raise BadInput(f"{path}: broken CSV ({error})") from None
        finally:
            csv.field_size_limit(limit)


def _response(row: dict[str, object], where: str) -> Response:
    question_id, text, error = row.get("question_id"), row.get("response"), row.get("error")
    if not isinstance(question_id, str) or not question_id:
        raise BadInput(f"{where}: question_id must be a text, not {_kind(question_id)}")
    if error is not None and not isinstance(error, str):
        error = json.dumps(error)[:500]
    if error == "":
        error = None
    if text is None and error is not None:
        text = ""
    if not isinstance(text, str):
        raise BadInput(f"{where}: response must be a text, not {_kind(text)}")
    model = row.get("model")
    if model is not None and not isinstance(model, str):
        raise BadInput(f"{where}: model must be a text, not {_kind(model)}")
    usage, frames = _usage(row.get("usage"), where), _frames(row.get("frames"), where)
    return Response(question_id, text, model, error, usage, frames, _options(row.get("options"), where))


def _options(options: object, where: str) -> str | None:
    if options is None:
        return None
    if not isinstance(options, str) or not re.fullmatch(r"[A-Z]{2,26}", options) or len(set(options)) < len(options):
        raise BadInput(f'{where}: options must be the letters of the options shown, each once, like "CABD"')
    return options


def _frames(frames: object, where: str) -> tuple[float, ...] | None:
    if frames is None:
        return None
    if not isinstance(frames, list) or len(frames) > MOST_FRAMES:
        raise BadInput(f"{where}: frames must be a list of at most {MOST_FRAMES} times in seconds, not {_kind(frames)}")
    if not all(isinstance(t, int | float) and not isinstance(t, bool) and 0 <= t < 1e9 for t in frames):
        raise BadInput(f"{where}: frames must be times in seconds, each a number of at least 0")
    return tuple(float(time) for time in frames)


def _usage(usage: object, where: str) -> dict[str, float]:
    if usage is None:
        return {}
    if not isinstance(usage, dict):
        raise BadInput(f"{where}: usage must be an object of numbers, not {_kind(usage)}")
    numbers: dict[str, float] = {}
    for name, value in usage.items():
        if (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and abs(value) < 1e18
            and math.isfinite(value)
        ):
            numbers[str(name)] = float(value)
    return numbers


def _kind(value: object) -> str:
    """A JSON value's kind, in words."""
    if value is None:
        return "missing"
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "an object",
        str: "an empty text",
    }
    return names.get(type(value), type(value).__name__)
