"""Questions that are put while a clip runs: the same one at several times, and what is asked before it can be answered."""

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from harness.figures import Figure, Judged, figure
from harness.metrics import groups, timing


def _repeated(judged: Sequence[Judged]) -> list[list[Judged]]:
    """The questions that are asked at several times of their clip."""
    asked: dict[tuple[str, str, str], list[Judged]] = defaultdict(list)
    for item in judged:
        slots = json.dumps(item.private.slots, sort_keys=True)
        asked[item.question.clip_id, item.question.kind, slots].append(item)
    return [own for own in asked.values() if len({item.question.asked_at for item in own}) > 1]


def over_time(judged: Sequence[Judged]) -> Iterator[Figure]:
    """Whether a question is right at all times at which it is asked."""
    repeated = [[item.score.correct for item in own] for own in _repeated(judged)]
    if repeated:
        value = groups.consistency_over_time(repeated)
        yield from figure("consistency_over_time", value, "questions asked at several times", len(repeated))


def _waiting(judged: Sequence[Judged]) -> Iterator[tuple[list[Judged], float]]:
    """Questions put at several times, at some of which they cannot be answered yet; and when they can."""
    for own in _repeated(judged):
        known = [item for item in own if item.question.asked_at is not None]
        answered = [item for item in known if item.private.answer is not None]
        if answered and len(answered) < len(known) and all(item.question.format.may_abstain for item in known):
            first = min(answered, key=_asked)
            yield known, max((span.end for span in first.private.evidence), default=_asked(first))


def _asked(item: Judged) -> float:
    return item.question.asked_at or 0.0


def probes(judged: Sequence[Judged]) -> Iterator[Figure]:
    """How soon an answer comes, and how often one comes too soon."""
    questions = [
        (
            [
                timing.Probe(
                    _asked(item), item.score.outcome == "scored" and not item.score.abstained, item.score.correct
                )
                for item in known
            ],
            ready,
        )
        for known, ready in _waiting(judged)
    ]
    waits = [timing.latency(probes, ready) for probes, ready in questions]
    known = [wait for wait in waits if wait is not None]
    mean = math.fsum(known) / len(known) if known else None
    over = "questions put at several times"
    yield from figure("latency", mean, f"{over} that were answered rightly at last, in seconds", len(known))
    early = sum(probe.time < ready - 1e-9 for probes, ready in questions for probe in probes)
    yield from figure("too_early", timing.too_early(questions), f"{over}, before the evidence is complete", early)


JUST_NOW = 2.0
"""Seconds before a question is asked in which evidence is of the present."""


def modes(judged: Sequence[Judged]) -> Iterator[Figure]:
    """OVO-Bench's three modes, by what a question asked at a time rests on: what was, what is, and what is waited for."""
    waited = {item.question.question_id for own, _ in _waiting(judged) for item in own}
    found: dict[str, dict[tuple[str, str], list[bool]]] = {}
    for item in judged:
        at, ends = item.question.asked_at, [span.end for span in item.private.evidence]
        if at is None or not ends:
            continue
        past = "backward" if max(ends) < at - JUST_NOW else "real time"
        mode = "forward" if item.question.question_id in waited else past
        found.setdefault(mode, {}).setdefault((item.question.task, item.question.kind), []).append(item.score.correct)
    if len(found) < 2:
        return
    tasks = [[sum(right) / len(right) for right in kinds.values()] for kinds in found.values()]
    for name, own in zip(found, tasks, strict=True):
        over = f"kinds of questions asked at a time, {name}"
        yield from figure(f"mode_{name.replace(' ', '_')}", sum(own) / len(own), over, len(own), "mean_of_modes")
    yield from figure("mean_of_modes", timing.mean_of_modes(tasks), f"modes: {', '.join(found)}", len(found))
