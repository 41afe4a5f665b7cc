"""``morse evaluate``: ask a model a data set's questions, keep what it said, and score it.

Everything is in one folder: ``responses.jsonl``, which ``morse score`` takes, and ``logs/`` of inspect_ai. Every answer is kept as soon as it
comes (in inspect_ai's cache, which goes by all that was sent), so that the same command goes on where it was stopped, and asks again only what
failed.
"""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from harness.models.logs import needs_inspect, responses_of, row
from harness.report import write_text
from harness.responses import RUN_FILE, Response
from morse.errors import BadInput
from morse.generate import Interrupted
from morse.view.names import View, parse_view

RUNS = Path("outputs/runs")
RETRIES, ATTEMPT = 5, 600
"""How often a call is tried again, and the seconds that each try may take."""
STOPPED = "stopped; the same command goes on where it stopped"


def evaluate(
    dataset: Path,
    model: str,
    view: str,
    *,
    out: Path | None = None,
    views: Path | None = None,
    base_url: str | None = None,
    model_args: dict[str, Any] | None = None,
    limit: int | None = None,
    keep: bool = True,
    prices: tuple[float, float] | None = None,
    max_retries: int = RETRIES,
    attempt_timeout: int = ATTEMPT,
    **config: Any,
) -> tuple[Path, list[Response]]:
    """Ask a model every question (or the first ``limit``). Returns where the responses are, and the responses.

    ``prices``: dollars for a million tokens of input and of output. ``config`` goes to inspect_ai's ``GenerateConfig`` (``max_connections``, ``max_tokens``, ``temperature``, …). Raises
    :class:`BadInput` for a view, model or option that is not there, :class:`Interrupted` where it was stopped.
    """
    looked = parse_view(view)
    _check(dataset, looked)
    needs_inspect()
    from inspect_ai import eval as run
    from inspect_ai._util.error import PrerequisiteError
    from inspect_ai.model import CachePolicy, get_model

    from morse import inspect_entry

    name = model if "/" in model else f"stand-in/{model}"
    offline = name.startswith("stand-in/")
    arguments: dict[str, Any] = dict(model_args or {}) | ({"dataset": str(dataset)} if offline else {})
    folder = out or RUNS / re.sub(r"[^A-Za-z0-9_.+-]", "-", f"{dataset.resolve().name}-{model}-{looked.name}")
    given = {option: value for option, value in config.items() if value is not None}
    try:
        asked = get_model(name, base_url=base_url, memoize=False, **arguments)
        if prices is not None:
            _priced(name, *prices)
        logs = run(
            inspect_entry.clips(str(dataset), looked.name, None if views is None else str(views), limit),
            model=asked,
            log_dir=str(folder / "logs"),
            display="rich" if sys.stderr.isatty() else "none",
            fail_on_error=False,
            log_level="error",
            log_images=False,
            log_model_api=False,
            max_retries=max_retries,
            attempt_timeout=attempt_timeout,
            cache=CachePolicy(expiry=None) if keep and not offline else False,
            **given,
        )
    except KeyboardInterrupt:
        raise Interrupted(STOPPED) from None
    except PrerequisiteError as error:
        raise BadInput(_plain(str(error.message))) from None
    except (ValueError, TypeError, ImportError) as error:
        raise BadInput(f"{model}: {_plain(str(error))}") from None
    if not logs or logs[0].status == "cancelled":
        raise Interrupted(STOPPED)
    log = logs[0]
    found = responses_of(log)
    if not found:
        raise BadInput(f"{model}: nothing was answered ({_plain(log.error.message) if log.error else log.status})")
    file = folder / RUN_FILE
    write_text("".join(json.dumps(row(response), ensure_ascii=False) + "\n" for response in found), file)
    return file, found


def command(dataset: Path, model: str, view: str, **options: Any) -> int:
    """Evaluate, say where the responses are, and score them. Returns the exit code: 1 if calls failed."""
    from harness.report import score_files
    from harness.score_table import print_report
    from morse.dataset import open_dataset

    file, found = evaluate(dataset, model, view, **options)
    failed = [response for response in found if response.error is not None]
    click.echo(f"{file}: {len(found) - len(failed)} answers{_spent(found)}")
    if open_dataset(dataset).private is not None and len(failed) < len(found):
        print_report(score_files(dataset, file))
    if failed:
        reason = " ".join(str(failed[0].error).split())[:200]
        click.echo(f"{len(failed)} calls failed ({reason}); the same command asks them again", err=True)
        return 1
    return 0


def _check(dataset: Path, looked: View) -> None:
    """What can be told before a model is asked: that there are videos, and the words that the view needs."""
    from morse.dataset import open_dataset

    data = open_dataset(dataset)
    if looked.pictures and not data.manifest.recipe.video:
        raise BadInput(
            f"{dataset}: made without video (--no-video), so view {looked.name} shows nothing; transcript and blind do"
        )
    if (looked.form == "transcript" or looked.captions) and data.private is None:
        raise BadInput(f"{dataset}: view {looked.name} tells what happens, which is in the private/ half alone")


def _priced(model: str, input: float, output: float) -> None:
    """Tell inspect_ai what a million tokens of a model cost, in dollars."""
    from inspect_ai.model import ModelCost, ModelInfo, get_model_info, set_model_info

    cost = ModelCost(input=input, output=output, input_cache_write=input, input_cache_read=input)
    set_model_info(model, (get_model_info(model) or ModelInfo()).model_copy(update={"cost": cost}))


def _spent(found: Sequence[Response]) -> str:
    """Tokens and cost, where they were counted."""
    tokens = sum(response.usage.get("total_tokens", 0.0) for response in found)
    cost = sum(response.usage.get("total_cost", 0.0) for response in found)
    return (f", {tokens:,.0f} tokens" if tokens else "") + (f", {cost:,.2f} dollars" if cost else "")


def _plain(text: str) -> str:
    """One line, without rich's markup."""
    return " ".join(re.sub(r"\[/?[a-z][^\]]*\]", "", text).split())[:500]
