"""Responses out of a log of inspect_ai: what a model said to each question, what failed, what it cost."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.responses import Response
from morse.errors import BadInput

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog, EvalSample

MOST_ERROR = 500
"""Characters of a failed call's reason that are kept."""


def responses_of(log: "EvalLog") -> list[Response]:
    """The responses of a log, one a question: those that failed too, but not those that were never asked."""
    first_epoch = [sample for sample in log.samples or [] if sample.epoch == 1]
    return [_response(sample, log.eval.model) for sample in first_epoch if sample.error or sample.output.choices]


def read_log(path: Path) -> list[Response]:
    """The responses of a log file (``.eval`` or ``.json``). Raises :class:`BadInput` for what is no log, and for several epochs."""
    needs_inspect()
    from inspect_ai.log import read_eval_log

    try:
        log = read_eval_log(str(path))
    except (ValueError, KeyError, OSError, EOFError) as error:
        raise BadInput(
            f"{path}: not a log of inspect_ai ({str(error).splitlines()[0] if str(error) else type(error).__name__})"
        ) from None
    epochs = max((sample.epoch for sample in log.samples or []), default=0)
    if epochs > 1:
        raise BadInput(f"{path}: has {epochs} epochs; score one at a time (inspect eval --epochs 1)")
    found = responses_of(log)
    if not found:
        raise BadInput(f"{path}: holds no responses")
    return found


def needs_inspect() -> None:
    """Raises :class:`BadInput` where inspect_ai is not installed."""
    try:
        import inspect_ai  # noqa: F401
    except ImportError:
        raise BadInput("this needs inspect_ai: pip install 'morse-bench[run]'") from None


def row(response: Response) -> dict[str, Any]:
    """A response as a line of a file of responses."""
    found: dict[str, Any] = {"question_id": response.question_id, "response": response.text, "model": response.model}
    if response.error is not None:
        found["error"] = response.error
    if response.usage:
        found["usage"] = response.usage
    if response.frames is not None:
        found["frames"] = list(response.frames)
    return found


def _response(sample: "EvalSample", model: str) -> Response:
    frames = sample.metadata.get("frames")
    return Response(
        str(sample.id),
        "" if sample.error else sample.output.completion,
        model,
        _reason(sample.error.message) if sample.error else None,
        dict(_usage(sample)),
        tuple(map(float, frames)) if isinstance(frames, list) else None,
    )


def _reason(message: str) -> str:
    """Why a call failed, in one line: some providers write the whole request before it, videos and all."""
    return " ".join(message.strip().split("\n\n")[-1].split())[:MOST_ERROR] or "failed"


def _usage(sample: "EvalSample") -> Iterator[tuple[str, float]]:
    """Tokens, cost and seconds of the call that was answered (kept answers cost what they cost at first)."""
    usage = sample.output.usage
    for name, amount in (usage.model_dump(exclude_none=True) if usage else {}).items():
        if isinstance(amount, int | float) and amount:
            yield name, float(amount)
    if sample.output.time:
        yield "seconds", float(sample.output.time)
