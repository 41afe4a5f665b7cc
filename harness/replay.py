"""Whether an answer follows from the steps that a response claims: they are replayed, and the task works the answer out from them.

What a task works its answers out from is what the clip shows (``Task.rederive``). Here it is told what the response claims to
have seen instead: events that were shown and claimed happen, those that were not claimed do not, and a claim of an event that
was not shown happens all the same (as in VerIPO, arXiv 2505.19000). So a response is consistent if its answer is right *of what it
says that it saw*.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pydantic import JsonValue

from harness.metrics.steps import TOLERANCE, Claim, canonical
from harness.parsing import Parsed
from harness.patterns import pattern
from harness.reward import Replay
from harness.scoring import score_parsed
from morse.dataset import Dataset
from morse.layout import Shown
from morse.pipeline import Item, imagine
from morse.plan import jobs
from morse.schema import Choice, Event, MultiChoice, Plan, Question
from morse.writing import question_id

_CLAIM = pattern(r"([^()]+)\(([^()]*)\)")
FAULTS = (ValueError, KeyError, IndexError, TypeError, AttributeError, ArithmeticError, StopIteration)
"""What a task may raise that is told of events which make no sense together."""


def replay_of(item: Item, question: Question) -> Replay | None:
    """The replay of a question of a fresh clip; ``None`` where it could tell nothing: the reference steps do not lead to the answer
    this way (it does not rest on events alone), or nothing leads to it too; and for plans, many of which are right."""
    shown = item.layout.shown(question.asked_at)

    def replay(said: list[Claim]) -> JsonValue:
        try:
            truth = item.task.derived(question, claimed(shown, said))
        except FAULTS:
            return None
        return _said(question, truth)

    def right(said: list[Claim]) -> bool:
        return score_parsed(question.format, question.answer, Parsed(replay(said))).correct

    reference = [Claim(step.kind, step.claim, step.time) for step in question.steps]
    if isinstance(question.format, Plan) or question.answer is None:
        return None
    return replay if right(reference) and not right([]) else None


def claimed(shown: Shown, said: Iterable[Claim]) -> Shown:
    """What is shown, with the events that are claimed in place of those that happen."""
    left = list(shown.events)
    found: list[Event] = []
    for claim in said:
        if claim.kind != "perceive" or claim.time is None:
            continue
        meant = [event for event in left if canonical(event.claim) == canonical(claim.claim)]
        meant = [event for event in meant if _away(event, claim.time) <= TOLERANCE]
        if meant:
            event = min(meant, key=lambda event: _away(event, claim.time or 0.0))
            left.remove(event)
            found.append(event)
        elif invented := _invented(shown, claim, claim.time):
            found.append(invented)
    found.sort(key=lambda event: (event.start, event.end))
    return replace(shown, events=tuple(found))


def _away(event: Event, time: float) -> float:
    """Seconds from a time to an event."""
    return max(event.start - time, time - event.end, 0.0)


def _invented(shown: Shown, claim: Claim, time: float) -> Event | None:
    """An event that was not shown, like one that was: of its kind, with as many of the clip's objects."""
    match = _CLAIM.fullmatch(claim.claim.strip())
    if match is None:
        return None
    named = {canonical(name): name for event in shown.events for name in event.objects}
    objects = [named.get(canonical(part)) for part in match[2].split(",")]
    for event in shown.events:
        if canonical(event.kind) == canonical(match[1]) and len(event.objects) == len(objects) and None not in objects:
            half = (event.end - event.start) / 2
            update = {"id": "claimed", "objects": tuple(objects), "start": time - half, "end": time + half}
            return event.model_copy(update=update)
    return None


def _said(question: Question, truth: JsonValue) -> JsonValue:
    """A truth in the terms that a response is read in: letters for options."""
    form = question.format
    if not isinstance(form, Choice | MultiChoice):
        return truth
    wanted = truth if isinstance(form, MultiChoice) and isinstance(truth, list) else [truth]
    texts = [json.dumps(value, sort_keys=True) for value in wanted]
    options = zip(form.letters, question.option_values, strict=True)
    letters = [letter for letter, value in options if json.dumps(value, sort_keys=True) in texts]
    if isinstance(form, MultiChoice):
        return [*letters]
    return letters[0] if letters else None


def replays_of(data: Dataset) -> Iterator[tuple[str, Replay]]:
    """The replays of a data set's questions by question id, for those that have one: its clips are imagined again from its seed.

    Raises :class:`BadInput` without ``private/``."""
    recipe = data.plan.recipe
    for job in jobs(data.plan):
        if job.clip_id in data.manifest.failed:
            continue
        item = imagine(job.key, job.knobs, recipe.language, recipe.asks)
        for number, question in enumerate(item.questions):
            if replay := replay_of(item, question):
                yield question_id(item.clip_id, number), replay
