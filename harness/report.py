"""``morse score``: what a model's responses to a data set are worth, with intervals, as a record."""

import math
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from pydantic import Field, JsonValue

from harness.failures import Failure, Seen, failure, near_miss, sampler, seen
from harness.figures import Figure, Judged
from harness.responses import Response, matched, read_responses, reordered
from harness.scoring import Outcome, Score, failed, score
from harness.stats import Curve, Estimate, estimate, macro_mean
from harness.totals import of_orders, totals
from morse.errors import BadInput, WorkFailed
from morse.schema import HEARING, PrivateAnswer, PublicQuestion, Record

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
    """Mean value: like accuracy, but spans, boxes and masks are worth their overlap."""
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
    skill: str = ""
    """The first of the question's skills."""
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
    evidence: Seen | None = None
    """Whether the evidence was in the frames that the model was given; ``None`` where the frames are not known, or where part of
    it is heard."""
    frames: int | None = None
    """How many frames the model was given; ``None`` where that is not known."""
    perceive: int = 0
    """How many reference steps are perceptions."""
    infer: int = 0
    """How many reference steps are inferences."""
    failure: Failure | None = None
    """Why it is wrong (or right by luck), where evidence or the steps that the response names tell it."""
    near_miss: str | None = None
    """How what was said differs from the answer."""
    response: str | None


class Miss(Record):
    """A way of being wrong, among the wrong answers to one kind of question that could be read."""

    task: str
    kind: str
    near_miss: str
    questions: int
    share: float


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
    """By ``category``, ``category, level``, ``reasoning``, ``task``, ``task, level``, ``task, kind`` and ``format``; by how much
    there is to ``perceive`` and to ``infer``, and by whether the ``evidence`` was shown (where the frames given are known); and
    by what was asked for (:mod:`harness.breakdown`)."""
    failures: dict[str, int] = Field(default={})
    """Why answers are wrong, where that can be told: ``not shown``, ``not perceived``, ``wrong inference``; and right by luck."""
    near_misses: tuple[Miss, ...] = ()
    """Which wrong answers were given, the commonest of each kind of question first."""
    curves: dict[str, Curve] = Field(default={})
    """The difficulty curve of each category, where it was asked for."""
    figures: tuple[Figure, ...] = ()
    """Every further metric that the questions have, each with what it averages (:mod:`harness.totals`)."""
    usage: dict[str, float]
    """Sums over all responses."""
    results: tuple[Result, ...]


HEADLINES = {
    "accuracy": "share of right answers, every question counting alike",
    "macro_accuracy": "mean of the categories' shares of right answers, every category counting alike",
    "value": "mean worth of the answers, every question counting alike; spans, boxes and masks are worth their overlap",
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
    "perceive": lambda result: (_amount(result.perceive),),
    "infer": lambda result: (_amount(result.infer),),
    "evidence": lambda result: (result.evidence or "frames not known",),
}


def _amount(steps: int) -> str:
    """A number of steps, in classes that each hold some questions; sorted by name they stand in their order."""
    return next((name for most, name in ((0, "0"), (1, "1"), (3, "2–3"), (7, "4–7")) if steps <= most), "8 or more")


def score_files(
    dataset: Path,
    responses: Path,
    *,
    shown: str | None = None,
    curves: bool = False,
    by: Sequence[str] = (),
    tool: str | None = None,
) -> Report:
    """Score a file of responses to a data set on disk.

    ``shown`` (``frames:32``, ``fps:1``) says which frames the model was given where the responses do not; ``curves`` fits the
    difficulty curves too; ``by`` asks for further tables (``skill,operations,size``: :mod:`harness.breakdown`); ``tool``: the responses are in the form of
    another tool (:mod:`harness.imports`). Raises :class:`BadInput` for a set without answers and for responses that are malformed, doubled or to unknown questions.
    """
    from morse.dataset import open_dataset

    data = open_dataset(dataset)
    questions = list(data.questions())
    answers = {answer.question_id: answer for answer in data.answers()}
    if unanswered := [question.question_id for question in questions if question.question_id not in answers]:
        raise BadInput(f"{dataset}: private/answers.jsonl has no answer to {unanswered[0]!r}")
    if tool is None:
        read = read_responses(responses)
    else:
        from harness.imports import read_foreign

        read = read_foreign(responses, tool)
    found = matched(read, answers, responses)
    if shown is not None:
        found = _with_frames(found, questions, sampler(shown), {clip.clip_id: clip.duration for clip in data.clips()})
    recipe = data.manifest.recipe
    report = make_report(
        questions,
        answers,
        found,
        recipe=recipe.name,
        recipe_version=recipe.version,
        headline=recipe.headline,
        complete=data.manifest.complete,
        others=reordered(read),
    )
    if by:
        from harness.breakdown import broken_down

        report = broken_down(report, data, by)
    return with_curves(report) if curves else report


def _with_frames(
    responses: dict[str, Response],
    questions: Iterable[PublicQuestion],
    times: Callable[[float], list[float]],
    durations: dict[str, float],
) -> dict[str, Response]:
    """The responses with the frames that their models must have been given, where they do not say."""
    found = dict(responses)
    for question in questions:
        response = found.get(question.question_id)
        if response is not None and response.frames is None:
            seconds = durations[question.clip_id] if question.asked_at is None else question.asked_at
            found[question.question_id] = replace(response, frames=tuple(times(seconds)))
    return found


def with_curves(report: Report) -> Report:
    """The report with the difficulty curve of each category (fitted with numpy and scipy)."""
    from harness.runs import curves_of

    counted = [result for result in report.results if result.outcome != "failed"]
    curves = curves_of(counted, [float(result.correct) for result in counted])
    return report.model_copy(update={"curves": curves})


def make_report(
    questions: Iterable[PublicQuestion],
    answers: dict[str, PrivateAnswer],
    responses: dict[str, Response],
    *,
    recipe: str,
    recipe_version: int = 1,
    headline: str = "accuracy",
    complete: bool = True,
    others: Mapping[str, Mapping[str, Response]] | None = None,
) -> Report:
    """Score responses by question id; a question without one is missing. ``others``: responses to the questions with their
    options in other orders, by order."""
    questions = list(questions)
    judged = [_judged(question, answers[question.question_id], responses) for question in questions]
    results = tuple(_result(item, responses.get(item.question.question_id)) for item in judged)
    groups = {name: grouped(results, key) for name, key in BY.items()}
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
        figures=(*totals(judged), *_protocols(questions, answers, responses, others or {})),
        failures=dict(sorted(Counter(result.failure for result in results if result.failure).items())),
        near_misses=_misses(results),
        usage=dict(sorted(usage.items())),
        results=results,
    )


def _protocols(
    questions: Sequence[PublicQuestion],
    answers: dict[str, PrivateAnswer],
    responses: dict[str, Response],
    others: Mapping[str, Mapping[str, Response]],
) -> tuple[Figure, ...]:
    if not others:
        return ()
    from harness import reordered as orders

    return of_orders(orders.judged(questions, answers, responses, others))


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
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise WorkFailed(f"{file}: {error.strerror}") from None


def _judged(question: PublicQuestion, answer: PrivateAnswer, responses: dict[str, Response]) -> Judged:
    response = responses.get(question.question_id)
    if response is not None and response.error is not None:
        given: Score = failed(_clean(response.error)[:500])
    else:
        given = score(question.format, answer.answer, response.text if response else None)
    return Judged(question, answer, given, response.text if response else "")


def _result(item: Judged, response: Response | None) -> Result:
    question, answer, given = item.question, item.private, item.score
    evidence = None
    heard = HEARING in question.skills  # frames do not tell whether the sound was given
    if response is not None and response.frames is not None and answer.evidence and not heard:
        evidence = seen(answer.evidence, response.frames, question.min_fps, question.asked_at)
    wrong = given.outcome == "scored" and not given.correct
    judged = given.outcome in ("scored", "unparsed")
    return Result(
        question_id=question.question_id,
        clip_id=question.clip_id,
        category=question.category,
        task=question.task,
        level=question.level,
        kind=question.kind,
        reasoning=question.reasoning,
        skill=question.skills[0] if question.skills else "",
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
        evidence=evidence,
        frames=None if response is None or response.frames is None else len(response.frames),
        perceive=sum(step.kind == "perceive" for step in answer.steps),
        infer=sum(step.kind == "infer" for step in answer.steps),
        failure=failure(answer, item.response, given.correct, evidence) if judged else None,
        near_miss=near_miss(question.format, answer, given.parsed, given.abstained) if wrong else None,
        response=_clean(response.text[-LONGEST_SHOWN:]) if response else None,
    )


def _misses(results: Iterable[Result]) -> tuple[Miss, ...]:
    counts: dict[tuple[str, str], Counter[str]] = {}
    for result in results:
        if result.near_miss is not None:
            counts.setdefault((result.task, result.kind), Counter())[result.near_miss] += 1
    return tuple(
        Miss(task=task, kind=kind, near_miss=name, questions=count, share=count / own.total())
        for (task, kind), own in sorted(counts.items())
        for name, count in sorted(own.items(), key=lambda item: (-item[1], item[0]))
    )


def _clean(text: str) -> str:
    """Without lone surrogates, which no UTF-8 file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def grouped(results: Iterable[Result], key: Callable[[Result], tuple[str | float, ...]]) -> tuple[Group, ...]:
    """The results in groups of one key, sorted by it: numbers, in texts too, by their size."""
    members: dict[tuple[str | float, ...], list[Result]] = {}
    for result in results:
        members.setdefault(key(result), []).append(result)
    return tuple(_group(name, members[name]) for name in sorted(members, key=lambda name: [*map(_order, name)]))


def _order(part: str | float) -> list[tuple[bool, float, str]]:
    pieces = re.findall(r"\d+|\D+", part) if isinstance(part, str) else [part]
    return [
        (True, 0.0, piece) if isinstance(piece, str) and not piece.isdecimal() else (False, float(piece), "")
        for piece in pieces
    ]


def _values(results: Iterable[Result], of: Callable[[Result], float]) -> tuple[list[float], list[str]]:
    counted = [result for result in results if result.outcome != "failed"]
    return [of(result) for result in counted], [result.clip_id for result in counted]


def _group(name: tuple[str | float, ...], results: Iterable[Result]) -> Group:
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
