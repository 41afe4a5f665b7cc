"""A reward for training, from the same parser and rules as the score. No renderer, no judge, no state: any thread may call it.

Each part is 1 for a perfect response. What a response that does not know the clip gets on average is at most chance, whatever
it tries: lists of options, several answers, the whole clip, the whole frame (:mod:`harness.credit`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import JsonValue

from harness.credit import evidence_credit, partial_credit
from harness.metrics.steps import ANSWERS, Claim, claims, compare
from harness.numerals import numerals
from harness.parsing import Parsed
from harness.patterns import pattern
from harness.places import LONGEST, plain
from harness.scoring import Score, score, score_parsed
from morse.schema import AnswerFormat, Evidence, PrivateAnswer, PublicQuestion, Record, Step

Replay = Callable[[list[Claim]], JsonValue]
"""From the steps that a response claims to the answer that follows from them (``None``: none does); :mod:`harness.replay` makes
them of the tasks."""


class Target(Record):
    """What a response is rewarded against; its JSON is the column ``target`` of a training set."""

    format: AnswerFormat
    answer: JsonValue
    steps: tuple[Step, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    duration: float | None = None
    """Of the clip, in seconds."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts in the total, over the parts that the question has."""

    accuracy: float = 0.5
    partial: float = 0.5
    format: float = 0.0
    grounded: float = 0.0
    steps: float = 0.0
    consistency: float = 0.0


@dataclass(frozen=True, slots=True)
class Reward:
    """The parts of a reward, and their weighted mean. ``None``: the question has no such part."""

    format: float
    """1 if the answer stands where it was asked for (after "Answer:", in a tag or a box) and can be read."""
    accuracy: float
    """The score's verdict: 1 or 0."""
    partial: float
    """From −1 to 1: nearness, adjusted for what knowing nothing gets (:func:`harness.credit.partial_credit`)."""
    grounded: float | None
    """From −1 to 1: cited evidence against the true, adjusted likewise; 0 if none is cited; needs the clip's duration."""
    steps: float | None
    """F1 of the claimed steps against the reference's (:mod:`harness.metrics.steps`)."""
    consistency: float | None
    """Whether the answer follows from the claimed steps; 0 for a wrong answer, whatever it follows from.

    With a ``replay`` 1 or 0; without, the share of the steps that the conclusion rests on that are claimed."""
    total: float


DEFAULT = Weights()


def target_of(question: PublicQuestion, private: PrivateAnswer, duration: float | None = None) -> str:
    """The target of a question, as text for a column of a training set."""
    return Target(
        format=question.format,
        answer=private.answer,
        steps=private.steps,
        evidence=private.evidence,
        duration=duration,
    ).model_dump_json()


def reward(
    question: Target | Mapping[str, Any] | str,
    response: str,
    weights: Weights = DEFAULT,
    replay: Replay | None = None,
) -> Reward:
    """The reward of a response to a question (a target, or its JSON as text or mapping).

    Raises :class:`pydantic.ValidationError` for what is no target.
    """
    target = _target(question)
    given = score(target.format, target.answer, response)
    partial = partial_credit(target.format, target.answer, given, target.duration)
    marked = given.outcome == "scored" and _marked(response)
    said = claims(response) if target.steps and ("(" in response or "@" in response) else []
    named = compare(target.steps, said)["all"].f1 if target.steps else None
    parts: dict[str, float | None] = {
        "format": float(marked),
        "accuracy": float(given.correct),
        "partial": partial,
        "grounded": _grounded(target, response),
        "steps": named,
        "consistency": _consistency(target, given, said, replay),
    }
    counted = [(getattr(weights, name), part) for name, part in parts.items() if part is not None]
    scale = sum(weight for weight, _ in counted)
    total = sum(weight * part for weight, part in counted) / scale if scale else 0.0
    return Reward(
        format=float(marked),
        accuracy=float(given.correct),
        partial=partial,
        grounded=parts["grounded"],
        steps=named,
        consistency=parts["consistency"],
        total=total,
    )


def _marked(response: str) -> bool:
    low = response[-LONGEST:].lower()
    return any(mark in low for mark in ANSWERS)


def _target(question: Target | Mapping[str, Any] | str) -> Target:
    if isinstance(question, Target):
        return question
    return _read(question) if isinstance(question, str) else Target.model_validate(dict(question))


@lru_cache(maxsize=8192)
def _read(text: str) -> Target:
    return Target.model_validate_json(text)


_EVIDENCE = pattern(r"(?:^|\n)[ \t>*#-]{0,8}evidence\**[ \t]*:\**([^\n]{1,1000})", re.IGNORECASE)
MOST_SPANS = 32


def cited(response: str) -> list[tuple[float, float]]:
    """The spans in the last line "Evidence: 3.0 to 5.5 s, 7.0 to 9.0 s" of a response; at most 32."""
    found = _EVIDENCE.findall(plain(response)) if "vidence" in response or "VIDENCE" in response else []
    if not found:
        return []
    times = [float(number) for number in numerals(found[-1], "s")]
    pairs = list(zip(times[::2], times[1::2], strict=False))[:MOST_SPANS]
    return [(start, end) for start, end in pairs if 0 <= start < end]


def _grounded(target: Target, response: str) -> float | None:
    if not target.evidence or not target.duration:
        return None
    spans = cited(response)
    if not spans:
        return 0.0
    return evidence_credit([(one.start, one.end) for one in target.evidence], spans, target.duration)


def _consistency(target: Target, given: Score, said: list[Claim], replay: Replay | None) -> float | None:
    if not target.steps:
        return None
    if not given.correct:
        return 0.0
    if replay is not None:
        follows = replay(said)
        right = score_parsed(target.format, target.answer, Parsed(follows)).correct
        return float(right and follows is not None)
    needed = _rests_on(target.steps)
    return compare([target.steps[number] for number in needed], said)["all"].recall


@lru_cache(maxsize=8192)
def _rests_on(steps: tuple[Step, ...]) -> tuple[int, ...]:
    """The steps that the last one rests on, itself included."""
    found: set[int] = set()
    waiting = [len(steps) - 1]
    while waiting:
        number = waiting.pop()
        if number not in found and 0 <= number < len(steps):
            found.add(number)
            waiting += steps[number].needs
    return tuple(sorted(found))


# ── as training libraries call it ───────────────────────────────────────────────────────────────────────────────────

Message = Mapping[str, Any]


def text_of(completion: str | Sequence[Message]) -> str:
    """A completion as text: itself, or the text of the last message of a conversation."""
    if isinstance(completion, str):
        return completion
    content = completion[-1].get("content") if completion else None
    if isinstance(content, list | tuple):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))
    return content if isinstance(content, str) else ""


def reward_fn(
    completions: Sequence[str | Sequence[Message]], *, target: Sequence[Any], **columns: object
) -> list[float]:
    """The totals of a batch, as TRL's trainers call it; ``target``: the column of that name. Other columns are not looked at."""
    return trl_reward(DEFAULT)(completions, target=target, **columns)


def trl_reward(weights: Weights, replays: Mapping[str, Replay] | None = None) -> Callable[..., list[float]]:
    """:func:`reward_fn` with other weights; with ``replays`` by question id (:func:`harness.replay.replays_of`) the training set
    has a column ``question_id`` too."""

    def morse_reward(
        completions: Sequence[str | Sequence[Message]],
        *,
        target: Sequence[Any],
        question_id: Sequence[str] | None = None,
        **columns: object,
    ) -> list[float]:
        names = question_id if question_id is not None else [""] * len(target)
        return [
            reward(of, text_of(completion), weights, (replays or {}).get(name)).total
            for completion, of, name in zip(completions, target, names, strict=True)
        ]

    return morse_reward


def verifiers_reward(
    completion: str | Sequence[Message], info: Mapping[str, Any], weights: Weights = DEFAULT, **others: object
) -> float:
    """The total of one rollout, as ``verifiers.Rubric`` calls it; ``info["target"]`` is the target."""
    return reward(info["target"], text_of(completion), weights).total
