"""Levels are harder to whoever sees, holds or works out only so much: simulated observers go down with the level."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from scipy import stats

from harness.gates import Batch, Row, gate
from harness.observers import PANEL, Puzzle
from harness.scoring import score
from harness.stats import holm
from morse.pipeline import Item

NAME = "levels are no easier to observers"
LEAST_CLIPS = 20


def observed(item: Item) -> Iterator[tuple[str, float]]:
    """(observer, its share of right answers to an item's questions), by the path that a model's text takes."""
    puzzles = [
        Puzzle.of_question(question, f"{item.clip_id}/{number}", item.layout.duration)
        for number, question in enumerate(item.questions)
    ]
    for name, observer in PANEL.items():
        right = [score(one.format, one.answer, observer.respond(one)).correct for one in puzzles]
        if right:
            yield name, sum(right) / len(right)


@gate(NAME)
def no_easier(batch: Batch) -> Iterable[Row]:
    """From the first level to the last no observer gets better. Whether they get worse is reported: levels may also be
    harder in ways that these observers do not feel, such as looks that are easily confused."""
    shares: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for level, samples in batch.levels.items():
        for sample in samples:
            for name, share in sample.observed:
                shares[name][level].append(share)
    tests = []
    for name, by_level in shares.items():
        levels = sorted(level for level, own in by_level.items() if len(own) >= LEAST_CLIPS)
        if len(levels) < 2:
            yield batch.row(NAME, None, "≤ 0", None, f"{name}: not tested (under two levels of {LEAST_CLIPS} clips)")
            continue
        first, last = np.array(by_level[levels[0]]), np.array(by_level[levels[-1]])
        means = ", ".join(f"level {level}: {np.mean(by_level[level]):.2f}" for level in levels)
        tests.append((f"{name}: {means}", float(last.mean() - first.mean()), _rise(first, last)))
    adjusted = holm([p for *_, p in tests])
    alpha = batch.alpha / 16
    for (detail, change, _), p in zip(tests, adjusted, strict=True):
        yield batch.row(NAME, change, f"≤ 0, p ≥ {alpha:.2g}", p >= alpha, f"{detail}; Holm p={p:.2g}")


def _rise(first: np.ndarray, last: np.ndarray) -> float:
    """One-sided p-value for "the last level's clips are not answered better", by Welch's test over clips."""
    change = float(last.mean() - first.mean())
    error = math.sqrt(first.var(ddof=1) / len(first) + last.var(ddof=1) / len(last))
    if error == 0:
        return 0.0 if change > 0 else 1.0
    return float(stats.norm.sf(change / error))
