"""What models said to a set's questions, with what that is worth where the answers are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.page import worded
from harness.parsing import parse
from harness.report import Result
from harness.responses import Response, matched, read_responses
from harness.runs import named_files, read_runs
from morse.dataset import Dataset
from morse.errors import BadInput
from morse.schema import PublicQuestion

LONGEST_SHOWN = 20_000
"""Characters of a response that the page shows (its end)."""


@dataclass(frozen=True)
class Said:
    """What one model said to one question, for a reader."""

    verdict: str
    """``right``, ``wrong``, ``unparsed``, ``missing``, ``failed``, or ``unscored`` where there is no answer to score by."""
    read: str | None
    """What was read in the response; ``None`` where nothing could be."""
    why: tuple[tuple[str, str], ...]
    """Why it scored so: a heading and a line each."""
    text: str | None
    """The response."""


def runs_of(data: Dataset, folder: Path, given: Sequence[str]) -> dict[str, dict[str, Said]]:
    """By run and question, what each ``[NAME=]FILE`` (a report or responses, as for ``morse compare``) says.

    Raises :class:`BadInput` for files that cannot be read or that answer other questions.
    """
    questions = {question.question_id: question for question in data.questions()}
    if data.private is None:
        return {name: _unscored(path, questions) for name, path in named_files(given)}
    found: dict[str, dict[str, Said]] = {}
    for run in read_runs(given, folder):
        for number, report in enumerate(run.epochs, start=1):
            name = run.name if len(run.epochs) == 1 else f"{run.name} ({number})"
            if strangers := [r.question_id for r in report.results if r.question_id not in questions]:
                raise BadInput(f"run {name!r} answers other questions than this set's ({strangers[0][:60]!r})")
            found[name] = {r.question_id: scored(r, questions[r.question_id]) for r in report.results}
    return found


def scored(result: Result, question: PublicQuestion) -> Said:
    """A result of ``morse score`` for a reader."""
    verdict = result.outcome if result.outcome != "scored" else "right" if result.correct else "wrong"
    why: list[tuple[str, str]] = []
    if result.outcome == "scored":
        equal = f"what was read is {'' if result.correct else 'not '}the reference answer"
        why.append(("rule", RULES.get(result.format, equal)))
    if result.near_miss:
        why.append(("apart", result.near_miss))
    if result.reason:
        why.append(("reason", result.reason))
    if result.failure:
        why.append(("why", FAILURES[result.failure]))
    if result.evidence:
        why.append(("evidence", f"{result.evidence} in the frames given"))
    if result.value not in (0.0, 1.0):
        why.append(("worth", f"{result.value:.3f}"))
    why += [(name.replace("_", " "), f"{value:.3f}") for name, value in result.measures.items()]
    read = worded(question, result.said) if result.outcome == "scored" else None
    return Said(verdict, read, tuple(why), result.response)


RULES = {
    "number": "right within the tolerance that the question allows",
    "set": "right if the entries are the same, in any order",
    "multiset": "right if the entries are the same as often, in any order",
    "multi_choice": "right if all letters that hold are named, and no other",
    "plan": "right if the plan, carried out, reaches the goal by allowed steps",
    "span": "right from an overlap of one half with the reference span",
    "boxes": "right from an overlap of one half with the reference boxes",
    "masks": "right from an overlap of one half with the reference masks",
}
"""What the verdict on an answer follows from, where it is not plain equality."""

FAILURES = {
    "not shown": "the evidence was not in the frames that the model was given",
    "not perceived": "of what is to be perceived, not all is among the steps that the response names",
    "wrong inference": "all was perceived, by the steps that the response names, but wrongly inferred from",
    "lucky": "right, though the evidence was not seen or not named",
}


def _unscored(path: Path, questions: Mapping[str, PublicQuestion]) -> dict[str, Said]:
    """Responses without a verdict, for a set whose answers are not here."""
    if path.suffix.lower() == ".json":
        raise BadInput(f"{path}: a report tells the answers, which this view of the set does not have; give responses")
    found = matched(read_responses(path), questions, path)
    return {name: _read(response, questions[name]) for name, response in found.items()}


def _read(response: Response, question: PublicQuestion) -> Said:
    if response.error is not None:
        return Said("failed", None, (("reason", response.error[:500]),), None)
    parsed = parse(response.text, question.format)
    if not parsed.readable:
        return Said("unparsed", None, (("reason", parsed.reason or ""),), response.text[-LONGEST_SHOWN:])
    return Said("unscored", worded(question, parsed.value), (), response.text[-LONGEST_SHOWN:])
