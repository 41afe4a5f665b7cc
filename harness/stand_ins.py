"""Stand-ins for a model: the reference, guessers that never see a clip, and simulated observers. They answer in text, down
the path of every response.

What they score is what a real model's score is to be compared with: the reference must reach 1, every guesser stays at
chance, and an observer shows what comes of so many frames, so much memory, or so many errors.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import click
from pydantic import JsonValue

from harness.columns import aligned
from harness.observers import PANEL, Observer, Puzzle
from harness.references import guessed, reference_response
from harness.report import Report, make_report
from harness.responses import Response
from harness.stats import Estimate
from morse.dataset import Dataset
from morse.errors import WorkFailed
from morse.schema import (
    Choice,
    Clip,
    Event,
    PrivateAnswer,
    PublicQuestion,
)
from morse.seeding import Key, Rng


@dataclass(frozen=True)
class Asked:
    """A question with its private half."""

    question: PublicQuestion
    private: PrivateAnswer
    clip: Clip
    events: tuple[Event, ...] = ()
    """What happens in the clip, where a stand-in needs it."""

    @property
    def like(self) -> tuple[str, int, str]:
        """What groups questions whose answers are drawn alike: task, level and question kind."""
        return self.question.task, self.question.level, self.question.kind


Guesser = Callable[[list[Asked]], Iterator[str]]


def _oracle(asked: list[Asked]) -> Iterator[str]:
    """The reference answer, written as the question wants it."""
    return (reference_response(item.question.format, item.private.answer) for item in asked)


def _chance(asked: list[Asked]) -> Iterator[str]:
    """One of the possible answers, at random."""
    for item in asked:
        rng = Rng(Key("stand-in", 1, 1, "test", item.question.question_id, 0), "chance")
        yield reference_response(item.question.format, guess(item, rng))


def _first(asked: list[Asked]) -> Iterator[str]:
    """The first option, or the first of the possible answers."""
    for item in asked:
        form, domain = item.question.format, item.private.domain
        first: JsonValue = domain[0] if domain else None
        if first is None:
            first = guess(item, Rng(Key("stand-in", 1, 1, "test", "first", 0), "first"))
        yield reference_response(form, first)


def _longest(asked: list[Asked]) -> Iterator[str]:
    """The longest option; elsewhere at random."""
    for item, other in zip(asked, _chance(asked), strict=True):
        form = item.question.format
        if isinstance(form, Choice):
            lengths = [len(option) for option in form.options]
            longest = lengths.index(max(lengths))
            yield reference_response(form, form.letters[longest])
        else:
            yield other


def _majority(asked: list[Asked]) -> Iterator[str]:
    """The answer that is right most often in the other clips of the task, level and question kind."""
    counts: dict[tuple[str, int, str], Counter[str]] = defaultdict(Counter)
    own: dict[tuple[str, int, str, str], Counter[str]] = defaultdict(Counter)
    for item in asked:
        said = reference_response(item.question.format, item.private.answer)
        counts[item.like][said] += 1
        own[(*item.like, item.question.clip_id)][said] += 1
    for item, other in zip(asked, _chance(asked), strict=True):
        elsewhere = counts[item.like] - own[(*item.like, item.question.clip_id)]
        yield elsewhere.most_common(1)[0][0] if elsewhere else other


def _observer(observer: Observer) -> Guesser:
    def respond(asked: list[Asked]) -> Iterator[str]:
        return (
            observer.respond(Puzzle.of_record(item.question, item.private, item.clip, item.events)) for item in asked
        )

    respond.__doc__ = f"A simulated observer that {observer.about}."
    return respond


LOSING = "lapse-10"
"""The observer that loses each event with probability 0.1: after n that matter it still knows 0.9ⁿ of the answers."""

STAND_INS: dict[str, Guesser] = {
    "oracle": _oracle,
    "chance": _chance,
    "first": _first,
    "longest": _longest,
    "majority": _majority,
} | {name: _observer(PANEL[name]) for name in ("frames-16", "memory-5", "error-5", "limited")}
STAND_INS[LOSING] = _observer(Observer(lapses=0.1))


KNOWING = frozenset(["oracle", "frames-16", "memory-5", "error-5", "limited", LOSING])
"""Those that know something of the clip."""


A_DOZEN = NormalDist().inv_cdf(1 - 0.05 / 12) / NormalDist().inv_cdf(0.975)
"""How much wider an interval must be that all of a dozen keep, 95 times in 100 (Bonferroni)."""


def guess(item: Asked, rng: Rng) -> JsonValue:
    """An answer of the wanted form that knows nothing of the clip."""
    return guessed(item.question.format, item.private.domain, item.private.answer, rng)


def asked_of(data: Dataset, events: bool = False) -> list[Asked]:
    """The questions of a data set as stand-ins are asked them, with the clips' ``events`` where that is wanted."""
    private = {answer.question_id: answer for answer in data.answers()}
    clips = {clip.clip_id: clip for clip in data.clips()}
    happened = {clip_id: data.trace(clip_id).events for clip_id in clips} if events else {}
    return [
        Asked(question, private[question.question_id], clips[question.clip_id], happened.get(question.clip_id, ()))
        for question in data.questions()
    ]


def respond(data: Dataset, name: str) -> tuple[list[Asked], list[str]]:
    """The questions of a data set and what a stand-in says to each."""
    asked = asked_of(data, events=name == LOSING)
    return asked, list(STAND_INS[name](asked))


def write_and_score(data: Dataset, folder: Path | None) -> dict[str, Report]:
    """Let every stand-in answer a data set; write ``<name>.jsonl`` to ``folder`` if there is one; score them all."""
    reports = {}
    recipe = data.manifest.recipe
    for name in STAND_INS:
        asked, said = respond(data, name)
        rows = [
            {"question_id": item.question.question_id, "response": text, "model": name}
            for item, text in zip(asked, said, strict=True)
        ]
        if folder is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
                (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
            except OSError as error:
                raise WorkFailed(f"{folder}: {error.strerror}") from None
        responses = {
            str(row["question_id"]): Response(str(row["question_id"]), str(row["response"]), name) for row in rows
        }
        reports[name] = make_report(
            [item.question for item in asked],
            {item.question.question_id: item.private for item in asked},
            responses,
            recipe=recipe.name,
            recipe_version=recipe.version,
            headline=recipe.headline,
            complete=data.manifest.complete,
        )
    return reports


Line = tuple[str, Estimate | None, float | None, str]
"""(name, accuracy, chance, what it says)."""


def lines(reports: dict[str, Report]) -> list[Line]:
    """One line a stand-in."""
    return [
        (name, report.total.accuracy, report.total.chance, (STAND_INS[name].__doc__ or "").strip())
        for name, report in reports.items()
    ]


def print_baselines(found: Sequence[Line]) -> None:
    """Accuracy with its interval, beside what chance would get; who knows nothing and is yet above it is marked."""
    rows = [
        (
            name,
            f"{100 * accuracy.mean:.1f} %" if accuracy else "–",
            f"{100 * accuracy.low:.1f} to {100 * accuracy.high:.1f}" if accuracy else "too few questions",
            f"{100 * chance:.1f} %" if chance is not None else "–",
            str(accuracy.questions) if accuracy else "0",
            "ABOVE CHANCE" if name not in KNOWING and above_chance(accuracy, chance) else about,
        )
        for name, accuracy, chance, about in found
    ]
    heads = ("stand-in", "accuracy", "95 % interval", "chance", "asked", "what it says")
    click.echo("\n".join(aligned(heads, rows, right=(1, 2, 3, 4))))


def above_chance(accuracy: Estimate | None, chance: float | None) -> bool:
    """Whether chance lies so far below the interval that of a dozen guessers at chance one hardly ever seems to be above it."""
    if accuracy is None or chance is None:
        return False
    return accuracy.mean - A_DOZEN * (accuracy.mean - accuracy.low) > chance
