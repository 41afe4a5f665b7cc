"""Learners that see too little, on the clips of a data set: the questions' text, the clips' length, or a single frame.

They are those of the gates (:mod:`harness.baselines`): each learns from some clips which candidate tends to be right and is
scored on clips that it has not seen, kind by kind. The clips are imagined again from the set's seed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from harness import baselines, gates
from harness.gates.sample import Sample, sample_of
from harness.gates.shortcuts import FRAMES, LEAST_QUESTIONS, Guesser, questions_of
from harness.stats import Estimate, estimate
from morse.dataset import Dataset
from morse.pipeline import imagine, style_of
from morse.plan import jobs
from morse.progress import progress
from morse.task import registry


@dataclass(frozen=True)
class Learned:
    """What a learner scores, over the questions that it was tested on."""

    name: str
    about: str
    score: Estimate | None
    """``None`` where no kind has questions enough to learn from."""
    chance: float | None


ABOUT: dict[str, str] = {
    "blind, options": "Learned from places, lengths and numbers of the options, and of the question.",
    "blind, words": "Learned from the words of question and options.",
    "clip length": "Learned from the clip's length.",
    **{frame: f"Learned from what the {frame} shows, and the question." for frame in FRAMES},
}


def learned(data: Dataset) -> list[Learned]:
    """Every learner on a data set. Raises :class:`BadInput` without ``private/``, which has the seed."""
    gates.load()
    scores: dict[str, list[tuple[float, float, tuple[str, int]]]] = {name: [] for name in ABOUT}
    for batch in _batches(data):
        for name, kind_scores in _of_task(batch):
            scores[name] += kind_scores
    return [
        Learned(
            name,
            ABOUT[name],
            estimate([score for score, _, _ in own], [clip for *_, clip in own]),
            sum(chance for _, chance, _ in own) / len(own) if own else None,
        )
        for name, own in scores.items()
    ]


def _batches(data: Dataset) -> Iterator[gates.Batch]:
    """The samples, with what their frames show, of each task that has questions enough of one kind."""
    recipe = data.plan.recipe
    counts = Counter((question.task, question.kind) for question in data.questions())
    enough = {task for (task, _), count in counts.items() if count >= LEAST_QUESTIONS}
    wanted = [job for job in jobs(data.plan) if job.key.task in enough and job.clip_id not in data.manifest.failed]
    samples: dict[str, dict[int, list[Sample]]] = defaultdict(lambda: defaultdict(list))
    if not wanted:
        return
    with progress("clips", len(wanted)) as advance:
        for job in wanted:
            item = imagine(job.key, job.knobs, recipe.language, recipe.asks)
            style = style_of(job.key, recipe.style).record()
            samples[job.key.task][job.key.level].append(sample_of(item, style, (), looks=True))
            advance(0)
    for task in sorted(samples):
        yield gates.Batch(registry().task(task), samples[task], {})


def _of_task(batch: gates.Batch) -> Iterator[tuple[str, list[tuple[float, float, tuple[str, int]]]]]:
    """(learner, its (score, chance, clip) of the questions that it was tested on), kind by kind."""
    kinds = sorted({kind for sample in batch for look in sample.looks for _, kind, *_ in look.objects})[:8]
    seeing = partial(baselines.learned, features=baselines.frame_features(kinds))
    learners: dict[str, tuple[Guesser, int | None]] = {
        "blind, options": (partial(baselines.learned, features=baselines.blind_features), None),
        "blind, words": (baselines.learned_words, None),
        "clip length": (partial(baselines.learned, features=baselines.length_features), None),
        **{frame: (seeing, place) for place, frame in enumerate(FRAMES)},
    }
    for name in ABOUT:
        learner, place = learners[name]
        for asked in questions_of(batch, place).values():
            if len(asked) < LEAST_QUESTIONS:
                continue
            found = learner(asked) or []
            yield (
                name,
                [
                    (score, item.candidates.chance, (batch.task.name, item.clip))
                    for item, score in zip(asked, found, strict=True)
                    if not np.isnan(score)
                ],
            )
