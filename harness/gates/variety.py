"""Clips are many and different: few duplicates, a large latent space, nothing shared between neighbouring seeds."""

from collections import Counter
from collections.abc import Iterable

from scipy import stats

from harness.gates import Batch, Row, gate
from harness.gates.sample import Sample

MOST_DUPLICATES = 0.001
LEAST_STATES = 1e6
FROM_LEVEL = 3
"""Below this level a task may be small: clips then count as the same only if they look the same too."""
CONFIDENCE = 0.95


@gate("duplicates")
def duplicates(batch: Batch) -> Iterable[Row]:
    for level, samples in batch.levels.items():
        names = Counter(_identity(sample, level) for sample in samples)
        repeated = sum(count - 1 for count in names.values())
        figure = repeated / len(samples)
        by_latent = len(samples) - len({sample.latent for sample in samples})
        detail = f"{repeated} of {len(samples)} clips; {by_latent} share what happens"
        if len(samples) < 1 / MOST_DUPLICATES and repeated == 0:
            passed, detail = None, f"not tested to the limit (none among {len(samples)})"
        else:
            # so many repeats must be likely where repeats are just as rare as allowed
            passed = float(stats.binom.sf(repeated - 1, len(samples), MOST_DUPLICATES)) >= batch.alpha / 16
        yield batch.row("duplicates", figure, f"≤ {MOST_DUPLICATES}", passed, detail, level=level)


def _identity(sample: Sample, level: int) -> str:
    return sample.latent if level >= FROM_LEVEL else sample.latent + sample.look


def collisions(samples: Iterable[Sample]) -> int:
    """Pairs of clips in which the same happens."""
    return sum(count * (count - 1) // 2 for count in Counter(sample.latent for sample in samples).values())


def states_between(pairs: int, collided: int) -> tuple[float, float]:
    """95 % bounds for the effective number of latent states, the inverse of the chance that two clips coincide.

    The number of colliding pairs is close to Poisson with mean pairs / states; its exact bounds are quantiles of χ².
    """
    most = float(stats.chi2.ppf(CONFIDENCE, 2 * (collided + 1))) / 2
    least = float(stats.chi2.ppf(1 - CONFIDENCE, 2 * collided)) / 2 if collided else 0.0
    return pairs / most, pairs / least if least else float("inf")


@gate("latent states")
def latent_states(batch: Batch) -> Iterable[Row]:
    for level, samples in batch.levels.items():
        pairs, collided = len(samples) * (len(samples) - 1) // 2, collisions(samples)
        least, most = states_between(pairs, collided)
        detail = f"{collided} collisions in {len(samples)} clips"
        if level < FROM_LEVEL:
            passed, detail = None, f"reported only below level {FROM_LEVEL}; {detail}"
        elif least >= LEAST_STATES:
            passed = True
        elif most < LEAST_STATES:
            passed = False
        else:
            passed, detail = None, f"not tested (undecided at n={len(samples)}); {detail}"
        yield batch.row("latent states", least, f"≥ {LEAST_STATES:.0e}", passed, detail, level=level)


@gate("neighbouring seeds share no clip")
def neighbours(batch: Batch) -> Iterable[Row]:
    name = "neighbouring seeds share no clip"
    for level, samples in batch.levels.items():
        others = batch.neighbours.get(level, [])
        if not others:
            yield batch.row(name, None, "0", None, "not tested (no clips of the next seed)", level=level)
            continue
        shared = {s.latent + s.look for s in samples} & {s.latent + s.look for s in others}
        shared |= {s.clip_id for s in samples} & {s.clip_id for s in others}
        if level >= FROM_LEVEL:  # a seed that only shifts or drops the index shows at the same or the next index
            own = {sample.index: sample.latent for sample in samples}
            shared |= {s.latent for s in others if s.latent in [own.get(s.index + step) for step in (-1, 0, 1)]}
        detail = f"{len(samples)} and {len(others)} clips"
        yield batch.row(name, float(len(shared)), "0", not shared, detail, level=level)


@gate("rejected draws")
def rejected(batch: Batch) -> Iterable[Row]:
    """Reported, not judged: how many draws were thrown away, and why."""
    for level, samples in batch.levels.items():
        thrown = sum(sample.attempt for sample in samples)
        reasons: Counter[str] = Counter()
        for sample in samples:
            reasons.update(sample.rejections)
        detail = ", ".join(f"{reason} ({count})" for reason, count in reasons.most_common(3)) or "none"
        share = thrown / (thrown + len(samples))
        yield batch.row("rejected draws", share, "–", None, f"reported: {detail}", level=level)
