"""Differences between models: against formulas worked out anew and scipy, and by 2,000 simulated evaluations each."""

import math

import numpy as np
import pytest
from scipy import stats as reference

from harness.bootstrap import bootstrap, difference_of, mean_of
from harness.comparison import paired, stratified_error, unpaired
from harness.stats import estimate
from morse.recipe import Power
from tests.simulated import clustered_uniforms, source

EVALUATIONS = 2000
BAND = (0.93, 0.97)


def test_one_question_a_clip_is_the_paired_t_test():
    draws = source(1)
    a, b = draws.random(40), draws.random(40)
    found = paired(a.tolist(), b.tolist(), range(40))
    expected = reference.ttest_rel(a, b)
    interval = expected.confidence_interval(0.95)
    assert found is not None and found.error is not None
    assert found.p == pytest.approx(expected.pvalue, rel=1e-6)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=1e-6)
    assert found.detectable == pytest.approx(
        (2.022691 + 0.841621) * found.error, rel=1e-5
    )  # t at 39 degrees, z of 80 %


def test_one_question_a_clip_in_two_sets_is_welchs_test():
    draws = source(2)
    a, b = draws.random(30), 0.3 + 0.5 * draws.random(50)
    found = unpaired(a.tolist(), range(30), b.tolist(), range(50))
    expected = np.asarray(reference.ttest_ind(a, b, equal_var=False))[1]
    assert found is not None and found.mean == pytest.approx(a.mean() - b.mean())
    assert found.p == pytest.approx(float(expected), rel=0.02)  # degrees of freedom are rounded down


def test_clusters_widen_a_paired_difference():
    """Copies of each question add nothing: four equal questions a clip have the error of one."""
    draws = source(3)
    a, b = (draws.random(30) < 0.6).astype(float), (draws.random(30) < 0.5).astype(float)
    one = paired(a.tolist(), b.tolist(), range(30))
    four = paired(np.repeat(a, 4).tolist(), np.repeat(b, 4).tolist(), [i // 4 for i in range(120)])
    assert one is not None and four is not None and one.error is not None
    assert four.error == pytest.approx(one.error) and four.p == pytest.approx(one.p)


def test_what_strata_fix_is_no_error():
    """Two strata whose means differ by one and that do not vary inside have no error at all; by hand for one that does."""
    assert stratified_error([0.0, 0.0, 1.0, 1.0], "abcd", "xxyy")[0] == 0.0
    # within x: residuals ±.5, ±.5 → 2/(2−1) · .5 = 1; over n² = 16
    assert stratified_error([0.0, 1.0, 1.0, 1.0], "abcd", "xxyy") == pytest.approx((math.sqrt(1 / 16), 2))
    assert stratified_error([0.0, 1.0, 0.0, 1.0], "abcd", "wxyz") == stratified_error([0.0, 1.0, 0.0, 1.0], "abcd")


def test_the_same_answers_leave_open_what_so_few_clips_leave_open():
    same = paired([1.0, 0.0, 1.0], [1.0, 0.0, 1.0], "abc")
    assert same is not None and (same.mean, same.p) == (0.0, 1.0) and -0.9 < same.low < 0 < same.high < 0.9
    apart = paired([1.0] * 10, [0.0] * 10, range(10))
    assert apart is not None and apart.mean == 1.0 == apart.high and 0 < apart.low < 0.7
    assert apart.p == pytest.approx(2 * 0.5**10)
    alone = paired([1.0, 1.0], [0.0, 1.0], "aa")
    assert alone is not None and (alone.low, alone.high, alone.p, alone.error) == (-1.0, 1.0, 1.0, None)
    assert paired([], [], []) is None and unpaired([], [], [1.0], [0]) is None


@pytest.mark.parametrize(
    ("clips", "first", "second", "icc"), [(80, 0.6, 0.5, 0.3), (60, 0.45, 0.45, 0.0), (150, 0.8, 0.7, 0.5)]
)
def test_paired_intervals_cover(clips, first, second, icc):
    """Two models on the same questions, correlated through them and within clips."""
    draws = source(clips)
    common = clustered_uniforms(draws, EVALUATIONS, clips, 4, icc)
    mine = clustered_uniforms(draws, EVALUATIONS, clips, 4, icc)
    other = np.where(draws.random(common.shape) < 0.5, common, mine)
    ids = [i // 4 for i in range(4 * clips)]
    held = false_alarms = 0
    for a, b in zip((common < first).astype(float).tolist(), (other < second).astype(float).tolist(), strict=True):
        found = paired(a, b, ids)
        assert found is not None
        held += found.low <= first - second <= found.high
        false_alarms += found.p < 0.05
    assert BAND[0] <= held / EVALUATIONS <= BAND[1], held / EVALUATIONS
    if first == second:
        assert false_alarms / EVALUATIONS == pytest.approx(0.05, abs=0.015)


def test_unpaired_intervals_over_fresh_sets_cover():
    """Two fresh sets of one recipe: three levels with means far apart, 25 clips each, four questions a clip."""
    draws = source(11)
    levels = np.repeat([0.85, 0.55, 0.3], 25 * 4)
    ids, strata = [i // 4 for i in range(300)], np.repeat([1, 2, 3], 100).tolist()
    first = (clustered_uniforms(draws, EVALUATIONS, 75, 4, 0.3) < levels).astype(float)
    second = (clustered_uniforms(draws, EVALUATIONS, 75, 4, 0.3) < levels - 0.1).astype(float)
    held, plain, fixed = 0, [], []
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        found = unpaired(a, ids, b, ids, first_strata=strata, second_strata=strata)
        assert found is not None
        held += found.low <= 0.1 <= found.high
        if len(plain) < 50:
            without = unpaired(a, ids, b, ids)
            assert without is not None
            plain.append(without.error)
            fixed.append(found.error)
    assert BAND[0] <= held / EVALUATIONS <= BAND[1], held / EVALUATIONS
    assert np.mean(fixed) < 0.95 * np.mean(plain)


@pytest.mark.parametrize(("clips", "share"), [(60, 0.4), (150, 0.75)])
def test_bootstrapped_intervals_cover(clips, share):
    """All evaluations are resampled at once, by the same draws of clips."""
    values = (clustered_uniforms(source(clips), EVALUATIONS, clips, 4, 0.3) < share).astype(float)
    sums = values.reshape(EVALUATIONS, clips, 4).sum(axis=2)
    found = bootstrap(
        lambda weights: weights @ sums.T / (4 * weights.sum(axis=1, keepdims=True)), clips, replicates=1000
    )
    held = ((found.low <= share) & (share <= found.high)).mean()
    assert BAND[0] <= held <= BAND[1], held


def test_the_bootstrap_agrees_with_the_formula_and_repeats_itself():
    draws = source(5)
    clusters = draws.integers(0, 40, 200).tolist()
    values = draws.random(200).tolist()
    statistic, clips = mean_of(values, clusters)
    one, two = bootstrap(statistic, clips), bootstrap(statistic, clips)
    by_formula = estimate(values, clusters)
    assert by_formula is not None and float(one.error) == pytest.approx(by_formula.error, rel=0.06)
    assert (float(one.low), float(one.high)) == (float(two.low), float(two.high))


def test_bootstrapped_differences_agree_with_the_formulas():
    """Paired: the models' answers stay together. Unpaired: both sets vary."""
    draws = source(6)
    clips = [i // 4 for i in range(400)]
    common = clustered_uniforms(draws, 1, 100, 4, 0.3)[0]
    a, b = (common < 0.6).astype(float).tolist(), (0.9 * common + 0.1 * draws.random(400) < 0.5).astype(float).tolist()
    apart = [-1 - clip for clip in clips]
    for other, by_formula in ((clips, paired(a, b, clips)), (apart, unpaired(a, clips, b, apart))):
        statistic, number = difference_of((a, clips), (b, other))
        found = bootstrap(statistic, number)
        assert by_formula is not None and float(found.error) == pytest.approx(by_formula.error, rel=0.08)
        assert (float(found.low), float(found.high)) == pytest.approx((by_formula.low, by_formula.high), abs=0.02)


def test_the_planned_clips_find_the_planned_difference_four_times_in_five():
    """Differences −1, 0, 1 with mean 5 points and the variance 2p(1−p)(1−ρ) = .25, correlated .3 within clips of four."""
    clips = Power(points=5, questions_per_clip=4, icc=0.3).clips()
    assert clips == 373  # (1.959964 + .841621)² · .25 / .05² = 784.9 questions; · 1.9 / 4
    uniform = clustered_uniforms(source(17), EVALUATIONS // 2, clips, 4, 0.3)
    up, down = (0.25 + 0.05) / 2, (0.25 - 0.05) / 2
    ids = [i // 4 for i in range(4 * clips)]
    found = 0
    for row in uniform:
        result = paired((row < up).astype(float).tolist(), (row > 1 - down).astype(float).tolist(), ids)
        assert result is not None
        found += result.p < 0.05 and result.mean > 0
    assert found / (EVALUATIONS // 2) == pytest.approx(0.8, abs=0.04)
