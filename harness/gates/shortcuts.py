"""Nothing but watching helps: rules of thumb and learners that see too little stay at chance."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

import numpy as np

from harness import baselines
from harness.baselines import Asked, Scores
from harness.gates import Batch, Row, gate
from harness.gates.sample import Posed
from harness.gates.significance import above_chance
from harness.stats import holm

LEAST_QUESTIONS = 50
MOST_CLIPS = 600
"""Clips a level that learners look at: enough to see a gain of about 6 points."""
OPEN_CEILING = 0.1
"""How often one constant answer may be right where answers cannot be listed and the task states no chance."""
FRAMES = ("first frame", "middle frame", "last frame")
Guesser = Callable[[Sequence[Asked]], Scores | None]


def questions_of(batch: Batch, frame: int | None = None) -> dict[str, list[Asked]]:
    """Every question that is a pick from candidates, by kind; clips are numbered over all levels.

    With ``frame`` (0 first, 1 middle, 2 last) only the questions that need more than one frame, with what that one shows.
    """
    kinds: dict[str, list[Asked]] = defaultdict(list)
    number = 0
    for level, samples in batch.levels.items():
        for sample in samples[:MOST_CLIPS]:
            number += 1
            for question in sample.questions:
                c = question.candidates
                if c is None or not 0 < len(c.right) < len(c.texts):
                    continue
                if frame is not None and (question.looks is None or question.min_frames <= 1):
                    continue
                look = sample.looks[question.looks[frame]] if frame is not None and question.looks else None
                kinds[question.kind].append(Asked(number, level, round(sample.duration, 3), question, c, look))
    return dict(kinds)


def _tested(
    batch: Batch, gate_name: str, guessers: Iterable[tuple[str, str, Sequence[Asked], Guesser]], share: float
) -> Iterable[Row]:
    """Rows of one gate: each (baseline, kind, questions, guesser) tested against chance at every level, Holm over all.

    A guesser is not asked where no level has questions enough to decide.
    """
    tests: list[tuple[str, str, int, float, float, int, float]] = []
    few: dict[tuple[str, int], int] = {}
    for baseline, kind, asked, guesser in guessers:
        numbers = Counter(item.level for item in asked)
        if max(numbers.values(), default=0) < LEAST_QUESTIONS:
            few |= {(kind, level): number for level, number in numbers.items()}
            continue
        scores = guesser(asked)
        for level in batch.levels:
            if scores is None:
                continue
            own = [i for i, item in enumerate(asked) if item.level == level and not np.isnan(scores[i])]
            if not own:
                continue
            if len(own) < LEAST_QUESTIONS:
                few[kind, level] = len(own)
                continue
            scored, chances = [scores[i] for i in own], [asked[i].candidates.chance for i in own]
            p = above_chance(scored, chances, [asked[i].clip for i in own])
            tests.append((baseline, kind, level, float(np.mean(scored)), float(np.mean(chances)), len(own), p))
    adjusted = holm([test[-1] for test in tests])
    alpha = batch.alpha * share
    for (baseline, kind, level, figure, chance, n, _), p in zip(tests, adjusted, strict=True):
        detail = f"{baseline}: {figure:.3f}, chance {chance:.3f}, n={n}, Holm p={p:.2g}"
        yield batch.row(gate_name, figure - chance, f"0, p ≥ {alpha:.2g}", p >= alpha, detail, level=level, kind=kind)
    for (kind, level), n in few.items():
        detail = f"not tested (n={n} < {LEAST_QUESTIONS})"
        yield batch.row(gate_name, None, "0", None, detail, level=level, kind=kind)


def _each(
    kinds: dict[str, list[Asked]], guessers: dict[str, Guesser]
) -> Iterator[tuple[str, str, list[Asked], Guesser]]:
    """Every guesser on every kind of question."""
    for kind, asked in kinds.items():
        for name, guesser in guessers.items():
            yield name, kind, asked, guesser


@gate("rules of thumb at chance")
def rules(batch: Batch) -> Iterable[Row]:
    guessers: dict[str, Guesser] = {
        name: partial(baselines.by_rule, rule=rule) for name, rule in baselines.RULES.items()
    }
    guessers["majority answer"] = partial(baselines.majority, name=lambda c, j: c.texts[j])
    guessers["majority position"] = partial(baselines.majority, name=lambda c, j: f"{j}/{len(c.texts)}")
    yield from _tested(batch, "rules of thumb at chance", _each(questions_of(batch), guessers), 1 / 8)


@gate("constant answer at chance")
def constant(batch: Batch) -> Iterable[Row]:
    """For answers that cannot be listed: the best constant answer is right no oftener than stated, or than the ceiling."""
    name = "constant answer at chance"
    tests: list[tuple[str, int, Scores, float, float]] = []
    for level, samples in batch.levels.items():
        kinds: dict[str, list[tuple[int, Posed]]] = defaultdict(list)
        for clip, sample in enumerate(samples[:MOST_CLIPS]):
            for question in sample.questions:
                if question.candidates is None:
                    kinds[question.kind].append((clip, question))
        for kind, asked in kinds.items():
            if len(asked) < LEAST_QUESTIONS:
                detail = f"not tested (n={len(asked)} < {LEAST_QUESTIONS})"
                yield batch.row(name, None, str(OPEN_CEILING), None, detail, level=level, kind=kind)
                continue
            scores = [score for score in baselines.constant(asked) if not np.isnan(score)]
            limit = max(OPEN_CEILING, float(np.mean([question.chance or 0.0 for _, question in asked])))
            p = above_chance(scores, [limit] * len(scores), list(range(len(scores))))
            tests.append((kind, level, scores, limit, p))
    alpha = batch.alpha / 16
    for (kind, level, scores, limit, _), p in zip(tests, holm([test[-1] for test in tests]), strict=True):
        detail = f"best constant right in {np.mean(scores):.3f}, n={len(scores)}, Holm p={p:.2g}"
        yield batch.row(name, float(np.mean(scores)), f"{limit:.2f}", p >= alpha, detail, level=level, kind=kind)


@gate("blind learner at chance")
def blind(batch: Batch) -> Iterable[Row]:
    guessers: dict[str, Guesser] = {
        "numbers and shapes of the options": partial(baselines.learned, features=baselines.blind_features),
        "words": baselines.learned_words,
    }
    yield from _tested(batch, "blind learner at chance", _each(questions_of(batch), guessers), 1 / 8)


@gate("clip length at chance")
def length(batch: Batch) -> Iterable[Row]:
    guessers: dict[str, Guesser] = {"duration": partial(baselines.learned, features=baselines.length_features)}
    yield from _tested(batch, "clip length at chance", _each(questions_of(batch), guessers), 1 / 8)


@gate("one frame at chance")
def one_frame(batch: Batch) -> Iterable[Row]:
    shown = {kind for sample in batch for look in sample.looks for _, kind, *_ in look.objects}
    learner = partial(baselines.learned, features=baselines.frame_features(sorted(shown)[:8]))
    frames = (_each(questions_of(batch, place), {frame: learner}) for place, frame in enumerate(FRAMES))
    yield from _tested(batch, "one frame at chance", chain.from_iterable(frames), 1 / 8)
