"""Difficulty curves: thresholds recovered from simulated evaluations, intervals that cover, monotonicity by another library."""

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression

from harness.curves import _distance, falling, fit, monotone
from harness.stats import Curve
from tests.simulated import clustered_uniforms, source

LEVELS = range(1, 11)
EVALUATIONS = 80


def evaluation(
    seed: int, threshold: float, width: float, chance: float, clips: int, lapse: float = 0.0, icc: float = 0.3
):
    """Levels, values and clips of one evaluation with ``clips`` clips a level and four questions a clip."""
    level = np.repeat(list(LEVELS), clips * 4)
    p = chance + (1 - chance - lapse) * falling((level - threshold) / width)
    value = (clustered_uniforms(source(seed), 1, clips * 10, 4, icc)[0] < p).astype(float)
    return level.tolist(), value.tolist(), [i // 4 for i in range(len(level))]


def fitted(seed: int, threshold: float, width: float, chance: float, clips: int, **options) -> Curve:
    lapse = options.pop("true_lapse", 0.0)
    level, value, clip = evaluation(seed, threshold, width, chance, clips, lapse)
    found = fit(level, value, [chance] * len(level), clip, **options)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("threshold", "width", "chance", "clips"),
    [(5.4, 0.5, 0.25, 10), (4.0, 2.0, 0.25, 20), (7.0, 1.0, 0.1, 10), (3.0, 1.5, 0.5, 40)],
)
def test_thresholds_are_recovered(threshold, width, chance, clips):
    """|bias| ≤ 0.1 level over simulated evaluations, and intervals that hold the truth as often as they say."""
    found = [fitted(1000 + i, threshold, width, chance, clips) for i in range(EVALUATIONS)]
    medians = np.array([curve.threshold for curve in found if curve.threshold is not None])
    assert len(medians) == len(found)
    assert abs(medians.mean() - threshold) <= 0.1
    held = np.mean([(c.low is None or c.low <= threshold) and (c.high is None or threshold <= c.high) for c in found])
    assert held >= 0.89, held  # 95 % within 2.5 standard errors
    assert np.mean([curve.design_effect for curve in found]) == pytest.approx(1.9, abs=0.2)  # 1 + 3 × .3


def test_lapses_are_told_from_difficulty():
    """8 % lapses pull the threshold down where they are not reckoned with."""
    with_lapse = [fitted(50 + i, 5.0, 1.0, 0.25, 20, lapse=True, true_lapse=0.08) for i in range(25)]
    without = [fitted(50 + i, 5.0, 1.0, 0.25, 20, true_lapse=0.08) for i in range(25)]
    assert abs(np.mean([c.threshold or 0 for c in with_lapse]) - 5.0) <= 0.1
    assert np.mean([c.threshold or 0 for c in without]) < 4.8
    assert np.mean([c.lapse for c in with_lapse]) == pytest.approx(0.08, abs=0.03)


def test_a_threshold_outside_the_levels_is_open():
    easy = fitted(1, 30.0, 1.0, 0.25, 10)
    assert easy.threshold is None and easy.high is None
    hard = fitted(1, -8.0, 1.0, 0.25, 10)
    assert hard.threshold is None and hard.low is None


def test_perfect_steps_do_not_break_it():
    level = np.repeat(list(LEVELS), 8).tolist()
    step = fit(level, [float(at <= 4) for at in level], [0.0] * len(level), range(len(level)))
    assert (
        step is not None and step.threshold == pytest.approx(4.5, abs=0.1) and step.low is not None and step.low >= 4.0
    )
    assert fit([1] * 100, [1.0] * 100, [0.25] * 100, range(100)) is None
    assert fit([1, 2], [1.0, 0.0], [0.25, None], "ab") is None


def test_the_closest_falling_sequence_is_that_of_scikit_learn():
    draws = source(4)
    means, precision = draws.random((30, 7)), draws.random(7) + 0.1
    for row, distance in zip(means, _distance(means, precision), strict=True):
        closest = IsotonicRegression(increasing=False).fit_transform(np.arange(7), row, sample_weight=precision)
        assert distance == pytest.approx(float(((row - closest) ** 2 * precision).sum()))


def test_the_monotonicity_test_holds_its_level_and_finds_a_rise():
    """All levels equal is the hardest case: 5 % false alarms. A level that is easier than the one before is found."""
    level = np.repeat(list(LEVELS), 80).astype(float)
    clip = np.arange(len(level)) // 4
    flat = [
        monotone(level, (clustered_uniforms(source(i), 1, 200, 4, 0.3)[0] < 0.5).astype(float), clip, 1.9, 1000)
        for i in range(300)
    ]
    for alarms in (
        np.mean([rises < 0.05 for rises, _ in flat if rises]),
        np.mean([falls < 0.05 for _, falls in flat if falls]),
    ):
        assert alarms == pytest.approx(0.05, abs=0.04)
    p = np.where(level == 7, 0.97, 0.9 - 0.06 * level)
    odd = (clustered_uniforms(source(1), 1, 200, 4, 0.3)[0] < p).astype(float)
    rises, falls = monotone(level, odd, clip, 1.9)
    assert rises is not None and rises < 0.01 and falls is not None and falls < 0.01
    sound = (clustered_uniforms(source(1), 1, 200, 4, 0.3)[0] < 0.9 - 0.06 * level).astype(float)
    rises, falls = monotone(level, sound, clip, 1.9)
    assert rises is not None and rises > 0.2 and falls is not None and falls < 0.001
    assert monotone(np.ones(5), np.ones(5), np.arange(5), 1.0) == (None, None)
