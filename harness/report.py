"""``morse score``: what a model's responses to a data set are worth, with intervals, as a record and as a table."""

import math
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue

from harness.responses import Response, matched, read_responses
from harness.scoring import Outcome, Score, failed, score
from harness.stats import Estimate, estimate, macro_mean
from harness.totals import Figure, Judged, totals
from morse.errors import BadInput, WorkFailed
from morse.schema import PrivateAnswer, PublicQuestion, Record

if TYPE_CHECKING:
    from rich.table import Table

LONGEST_SHOWN = 20_000
"""Characters of a response that the report keeps (its end)."""


class Rates(Record):
    """How many questions came out how. Unparsed and missing ones count as wrong, failed ones for nothing."""

    questions: int
    scored: int
    unparsed: int
    missing: int
    failed: int


class Group(Record):
    """The questions that have something in common."""

    name: tuple[str, ...]
    accuracy: Estimate | None
    """Share of right answers; ``None`` where every call failed."""
    value: float | None
    """Mean value: like accuracy, but spans and boxes are worth their overlap."""
    chance: float | None
    """What guessing would score, over the questions whose chance is known."""
    rates: Rates
    measures: dict[str, float]
    """Means of the finer measures, each over the questions whose answer format has it."""


class Result(Record):
    """One question with what the model said and what that is worth."""

    question_id: str
    clip_id: str
    category: str
    task: str
    level: int
    kind: str
    reasoning: str
    format: str
    outcome: Outcome
    correct: bool
    value: float
    chance: float | None
    answer: JsonValue
    said: JsonValue
    """What was read in the response, in the format's own terms."""
    reason: str | None
    """Why nothing could be read, why the call failed, or why a plan is wrong."""
    abstained: bool
    measures: dict[str, float]
    response: str | None


class Report(Record):
    """The result of ``morse score``. The same data set and responses always give the same report."""

    schema_version: int = 1
    recipe: str
    recipe_version: int
    complete: bool
    """Whether the data set has all clips of its recipe."""
    model: str | None
    headline: str
    """Which figure is the recipe's headline: ``accuracy`` (micro), ``macro_accuracy`` or ``value``."""
    score: Estimate | None
    """The headline figure."""
    total: Group
    """Over all questions alike (micro)."""
    macro_accuracy: Estimate | None
    """Mean of the categories' accuracies, each category counting alike."""
    groups: dict[str, tuple[Group, ...]]
    """By ``category``, ``category, level``, ``reasoning``, ``task``, ``task, level``, ``task, kind`` and ``format``."""
    figures: tuple[Figure, ...] = ()
    """Every further metric that the questions have, each with what it averages (:mod:`harness.totals`)."""
    usage: dict[str, float]
    """Sums over all responses."""
    results: tuple[Result, ...]


HEADLINES = {
    "accuracy": "share of right answers, every question counting alike",
    "macro_accuracy": "mean of the categories' shares of right answers, every category counting alike",
    "value": "mean worth of the answers, every question counting alike; spans and boxes are worth their overlap",
}
"""What a recipe's headline may be, and what it averages."""

BY: dict[str, Callable[[Result], tuple[str | int, ...]]] = {
    "category": lambda result: (result.category,),
    "category, level": lambda result: (result.category, result.level),
    "reasoning": lambda result: (result.reasoning,),
    "task": lambda result: (result.task,),
    "task, level": lambda result: (result.task, result.level),
    "task, kind": lambda result: (result.task, result.kind),
    "format": lambda result: (result.format,),
}


def score_files(dataset: Path, responses: Path) -> Report:
    """Score a file of responses to a data set on disk.

    Raises :class:`BadInput` for a set without answers and for responses that are malformed, doubled or to unknown questions.
    """
    from morse.dataset import open_dataset

    data = open_dataset(dataset)
    questions = list(data.questions())
    answers = {answer.question_id: answer for answer in data.answers()}
    if unanswered := [question.question_id for question in questions if question.question_id not in answers]:
        raise BadInput(f"{dataset}: private/answers.jsonl has no answer to {unanswered[0]!r}")
    found = matched(read_responses(responses), answers, responses)
    recipe = data.manifest.recipe
    return make_report(
        questions,
        answers,
        found,
        recipe=recipe.name,
        recipe_version=recipe.version,
        headline=recipe.headline,
        complete=data.manifest.complete,
    )


def make_report(
    questions: Iterable[PublicQuestion],
    answers: dict[str, PrivateAnswer],
    responses: dict[str, Response],
    *,
    recipe: str,
    recipe_version: int = 1,
    headline: str = "accuracy",
    complete: bool = True,
) -> Report:
    """Score responses by question id; a question without one is missing."""
    judged = [_judged(question, answers[question.question_id], responses) for question in questions]
    results = tuple(_result(item, responses.get(item.question.question_id)) for item in judged)
    groups = {name: _grouped(results, key) for name, key in BY.items()}
    total = _group((), results)
    macro = macro_mean([group.accuracy for group in groups["category"] if group.accuracy is not None])
    value = estimate(*_values(results, lambda result: result.value))
    headlines = {"accuracy": total.accuracy, "macro_accuracy": macro, "value": value}
    headline = headline.partition(":")[0].strip()  # recipes may say in words what it means: "accuracy: the mean over …"
    if headline not in headlines:
        raise BadInput(f"the recipe's headline {headline!r} is none of {', '.join(headlines)}")
    usage: dict[str, float] = {}
    for question_id in sorted(responses):
        for name, amount in responses[question_id].usage.items():
            usage[name] = usage.get(name, 0.0) + amount
    return Report(
        recipe=recipe,
        recipe_version=recipe_version,
        complete=complete,
        model=next((response.model for response in responses.values() if response.model), None),
        headline=headline,
        score=headlines[headline],
        total=total,
        macro_accuracy=macro,
        groups=groups,
        figures=totals(judged),
        usage=dict(sorted(usage.items())),
        results=results,
    )


def write_record(record: Record, file: Path) -> None:
    """Write a report (or another record) as JSON; all of it or nothing."""
    write_text(record.model_dump_json(indent=1) + "\n", file)


def write_text(text: str, file: Path) -> None:
    """Write a text file; all of it or nothing. Raises :class:`WorkFailed` where it cannot be written."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise WorkFailed(f"{file}: {error.strerror}") from None


def print_report(report: Report) -> None:
    """Print the report's tables to the terminal."""
    from rich.console import Console

    console = Console()
    total = report.total
    console.print(
        f"[bold]{_escaped(report.model or 'responses')}[/] on {_escaped(report.recipe)} v{report.recipe_version}"
    )
    if not report.complete:
        console.print("[red]The data set is incomplete: some of its clips could not be made.[/]")
    console.print(
        f"{report.headline.replace('_', ' ')}: [bold]{_interval(report.score)}[/]  (95 % interval, clustered by clip; "
        f"{HEADLINES[report.headline]})"
    )
    if report.macro_accuracy is not None and len(report.groups["category"]) > 1:
        console.print(f"mean of the categories, each counting alike: {_interval(report.macro_accuracy)}")
    console.print(f"chance: {_percent(total.chance)}   {_rates(total.rates)}\n")
    for by in ("category, level", "reasoning", "task, kind"):
        console.print(_table(report.groups[by], by.split(", ")))
        console.print()
    if report.figures:
        console.print(_figures(report.figures))


def _table(groups: Iterable[Group], names: Iterable[str]) -> "Table":
    """A row a group; rates stand there only where some question came out so."""
    from rich.table import Table

    members = list(groups)
    troubles = [
        name for name in ("unparsed", "missing", "failed") if any(getattr(group.rates, name) for group in groups)
    ]
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in names:
        table.add_column(name, justify="right" if name == "level" else "left")
    for head in ("accuracy", "95 %", "chance", "asked", "clips", *troubles):
        table.add_column(head, justify="right", no_wrap=True)
    for group in members:
        accuracy = group.accuracy
        table.add_row(
            *map(_escaped, group.name),
            _percent(accuracy.mean if accuracy else None),
            f"{100 * accuracy.low:.1f}–{100 * accuracy.high:.1f}" if accuracy else "–",
            _percent(group.chance),
            str(group.rates.questions),
            str(accuracy.clips) if accuracy else "0",
            *(str(getattr(group.rates, name)) for name in troubles),
        )
    return table


def _figures(figures: Iterable[Figure]) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for head, side in (("further metrics", "left"), ("", "right"), ("averaged over", "left"), ("count", "right")):
        table.add_column(head, justify="left" if side == "left" else "right")
    for figure in figures:
        table.add_row(figure.name, f"{figure.value:.3f}", figure.over, str(figure.count))
    return table


def _judged(question: PublicQuestion, answer: PrivateAnswer, responses: dict[str, Response]) -> Judged:
    response = responses.get(question.question_id)
    if response is not None and response.error is not None:
        given: Score = failed(_clean(response.error)[:500])
    else:
        given = score(question.format, answer.answer, response.text if response else None)
    return Judged(question, answer, given, response.text if response else "")


def _result(item: Judged, response: Response | None) -> Result:
    question, answer, given = item.question, item.private, item.score
    return Result(
        question_id=question.question_id,
        clip_id=question.clip_id,
        category=question.category,
        task=question.task,
        level=question.level,
        kind=question.kind,
        reasoning=question.reasoning,
        format=question.format.type,
        outcome=given.outcome,
        correct=given.correct,
        value=given.value,
        chance=question.chance,
        answer=answer.answer,
        said=given.parsed,
        reason=given.reason,
        abstained=given.abstained,
        measures=given.partial,
        response=_clean(response.text[-LONGEST_SHOWN:]) if response else None,
    )


def _clean(text: str) -> str:
    """Without lone surrogates, which no UTF-8 file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _grouped(results: Iterable[Result], key: Callable[[Result], tuple[str | int, ...]]) -> tuple[Group, ...]:
    members: dict[tuple[str | int, ...], list[Result]] = {}
    for result in results:
        members.setdefault(key(result), []).append(result)
    return tuple(_group(name, members[name]) for name in sorted(members))


def _values(results: Iterable[Result], of: Callable[[Result], float]) -> tuple[list[float], list[str]]:
    counted = [result for result in results if result.outcome != "failed"]
    return [of(result) for result in counted], [result.clip_id for result in counted]


def _group(name: tuple[str | int, ...], results: Iterable[Result]) -> Group:
    members = list(results)
    counted = [result for result in members if result.outcome != "failed"]
    outcomes = [result.outcome for result in members]
    chances = [result.chance for result in counted if result.chance is not None]
    measures: dict[str, list[float]] = {}
    for result in counted:
        for measure, value in result.measures.items():
            measures.setdefault(measure, []).append(value)
    return Group(
        name=tuple(map(str, name)),
        accuracy=estimate(*_values(members, lambda result: float(result.correct))),
        value=math.fsum(result.value for result in counted) / len(counted) if counted else None,
        chance=math.fsum(chances) / len(chances) if chances else None,
        rates=Rates(
            questions=len(members),
            scored=outcomes.count("scored"),
            unparsed=outcomes.count("unparsed"),
            missing=outcomes.count("missing"),
            failed=outcomes.count("failed"),
        ),
        measures={measure: math.fsum(values) / len(values) for measure, values in sorted(measures.items())},
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _interval(figure: Estimate | None) -> str:
    if figure is None:
        return "– (every call failed)"
    return f"{_percent(figure.mean)}, {100 * figure.low:.1f} to {100 * figure.high:.1f}"


def _rates(rates: Rates) -> str:
    parts = [f"{rates.questions} questions"]
    for name in ("unparsed", "missing", "failed"):
        if number := getattr(rates, name):
            note = " (not counted)" if name == "failed" else " (counted as wrong)"
            parts.append(f"{number} {name} ({_percent(number / rates.questions)}){note}")
    return ", ".join(parts)


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape("".join(character for character in text if character.isprintable()))
