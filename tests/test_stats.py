"""Standard errors and intervals: against scipy and statsmodels-like formulas worked out anew, and by simulation."""

import itertools
import math
from statistics import NormalDist

import numpy as np
import pytest
from scipy import stats as reference

from harness.stats import Estimate, clustered_error, estimate, holm, macro_mean, pass_at_k, t_quantile, wilson
from tests.simulated import clustered_uniforms, source


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 10, 29, 99, 500, 2001, 200_000])
@pytest.mark.parametrize("probability", [0.6, 0.9, 0.975, 0.995])
def test_t_quantiles_are_those_of_scipy(freedom, probability):
    assert t_quantile(probability, freedom) == pytest.approx(reference.t.ppf(probability, freedom), rel=2e-5)


def test_wilson_interval_is_that_of_scipy():
    low, high = wilson(0.3, 50, NormalDist().inv_cdf(0.975))
    expected = reference.binomtest(15, 50).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((expected.low, expected.high))


def test_clustered_error_equals_the_published_formulas():
    """inspect_ai: √(Σ over clusters of Σ of the outer product of its residuals · G / (G − 1)) / n (``stderr(cluster=…)``).
    lmms-eval: √(s² / n + Σ over clusters of Σ over i ≠ j of d_i d_j / n²) with s² the sample variance (``clustered_stderr``).
    Miller's equation 4 has neither correction."""
    source = np.random.Generator(np.random.PCG64(3))  # noqa: TID251
    for _ in range(20):
        size = int(source.integers(5, 90))
        clusters = source.integers(0, 12, size)
        values = (source.random(size) < 0.3 + 0.04 * clusters).astype(float)
        if len(set(clusters.tolist())) < 2:
            continue
        residuals = values - values.mean()
        outer, cross = 0.0, 0.0
        for cluster in np.unique(clusters):
            own = residuals[clusters == cluster]
            outer += np.outer(own, own).sum()
            cross += sum(own[i] * own[j] for i in range(len(own)) for j in range(len(own)) if i != j)
        groups = len(np.unique(clusters))
        inspect_ai = math.sqrt(outer * groups / (groups - 1)) / size
        lmms_eval = math.sqrt(values.var(ddof=1) / size + cross / size**2)
        given = values.tolist(), clusters.tolist()
        assert clustered_error(*given) == pytest.approx(inspect_ai, abs=1e-9)
        assert clustered_error(*given, correction="items") == pytest.approx(lmms_eval, abs=1e-9)
        assert clustered_error(*given, correction="none") == pytest.approx(math.sqrt(outer) / size, abs=1e-9)


def test_pass_at_k_by_enumeration():
    """The share of the C(n, k) ways to pick k of n tries that hold a right one."""
    for tries in range(1, 7):
        for right in range(tries + 1):
            for k in range(1, tries + 1):
                ways = list(itertools.combinations([1] * right + [0] * (tries - right), k))
                assert pass_at_k(tries, right, k) == pytest.approx(sum(any(way) for way in ways) / len(ways))
    with pytest.raises(ValueError, match="no pass@3 from 1 right of 2 tries"):
        pass_at_k(2, 1, 3)


def test_pass_at_k_is_unbiased():
    """The mean over simulated epochs is 1 − (1 − p)^k."""
    source = np.random.Generator(np.random.PCG64(8))  # noqa: TID251
    right = source.binomial(8, 0.3, 40_000)
    for k in (1, 2, 5):
        table = [pass_at_k(8, c, k) for c in range(9)]
        assert np.mean([table[c] for c in right]) == pytest.approx(1 - 0.7**k, abs=0.004)


def test_holm_is_that_of_the_step_down_rule():
    """Holm's table worked by hand: 3 × .01, 2 × .02, then no smaller than before."""
    assert holm([0.04, 0.01, 0.02]) == pytest.approx([0.04, 0.03, 0.04])
    assert holm([0.5, 0.5]) == [1.0, 1.0]
    assert holm([]) == []


def test_one_question_a_clip_gives_the_usual_error():
    values = [0.0, 1.0, 1.0, 0.0, 1.0, 0.25]
    assert clustered_error(values, range(6)) == pytest.approx(np.std(values, ddof=1) / math.sqrt(6))


def test_four_questions_a_clip_at_icc_03_nearly_double_the_variance():
    """The design effect is 1 + 3 × .3 = 1.9; with values equal within clips it is 4."""
    same = [float(clip % 2) for clip in range(200) for _ in range(4)]
    clustered = clustered_error(same, [i // 4 for i in range(800)])
    independent = clustered_error(same, range(800))
    assert clustered / independent == pytest.approx(2.0, rel=0.01)


def test_intervals_keep_a_width_at_the_ends():
    none = estimate([0.0] * 40, [i // 4 for i in range(40)])
    assert (
        none is not None and none.mean == 0 and none.low == 0 and 0.2 < none.high < 0.4
    )  # ten clips, not forty questions
    single = estimate([1.0, 0.0], ["a", "a"])
    assert single is not None and (single.error, single.low, single.high) == (None, 0.0, 1.0)
    assert estimate([], []) is None


def test_macro_mean_counts_groups_alike():
    parts = [estimate([1.0, 1.0, 0.0, 1.0], range(4)), estimate([0.0, 1.0], range(2))]
    found = macro_mean([part for part in parts if part])
    assert found is not None and found.mean == 0.625
    assert found.error == pytest.approx(math.hypot(0.25, 0.5) / 2)


def test_macro_intervals_by_hand():
    """Two groups of ten clips, all right: each goes down to 10 / (10 + t²) with t = 2.262157; their mean by 1/√2 of that way."""
    right = estimate([1.0] * 10, range(10))
    assert right is not None and right.low == pytest.approx(10 / (10 + 2.262157**2), rel=1e-5)
    both = macro_mean([right, right])
    assert both is not None and (both.mean, both.high) == (1.0, 1.0)
    assert both.low == pytest.approx(1 - (1 - right.low) / math.sqrt(2))
    none = macro_mean([part for part in [estimate([0.0] * 10, range(10))] * 2 if part])
    assert none is not None and none.low == 0.0 and none.high == pytest.approx(1 - both.low)
    lone = macro_mean([right, Estimate(mean=0.5, error=None, low=0.0, high=1.0, questions=2, clips=1)])
    assert (
        lone is not None and lone.error is None and lone.low == pytest.approx(0.75 - math.hypot(1 - right.low, 0.5) / 2)
    )


@pytest.mark.parametrize("shares", [(0.5, 0.8, 0.3), (0.9, 0.6), (0.97, 0.99, 0.95, 0.98)], ids=str)
def test_macro_intervals_cover(shares):
    """2,000 evaluations over categories of different sizes, four questions a clip; near 100 % they may hold the truth too often."""
    draws = source(len(shares))
    held = np.zeros(2000)
    values = [clustered_uniforms(draws, 2000, 25 + 20 * i, 4, 0.3) < share for i, share in enumerate(shares)]
    for number in range(2000):
        parts = [estimate(of[number].astype(float).tolist(), [i // 4 for i in range(of.shape[1])]) for of in values]
        found = macro_mean([part for part in parts if part])
        assert found is not None
        held[number] = found.low <= np.mean(shares) <= found.high
    assert 0.93 <= held.mean() <= (0.99 if min(shares) > 0.9 else 0.97), held.mean()


def test_graded_values_that_are_all_alike_keep_a_width():
    found = estimate([0.5] * 12, range(12))
    assert found is not None and found.error == 0.0 and found.low < 0.3 and found.high > 0.7


@pytest.mark.parametrize(
    ("clips", "share", "spread"), [(100, 0.5, 0.3), (60, 0.8, 0.3), (200, 0.25, 0.15), (40, 0.4, 0.0)]
)
def test_intervals_cover_in_simulated_clustered_evaluations(clips, share, spread):
    """2,000 evaluations with four questions a clip, whose chances vary by clip: 93–97 % of the intervals hold the truth."""
    source = np.random.Generator(np.random.PCG64(clips))  # noqa: TID251
    clusters = [i // 4 for i in range(4 * clips)]
    held = 0
    for _ in range(2000):
        if spread:
            concentration = 1 / spread - 1
            chances = source.beta(share * concentration, (1 - share) * concentration, clips)
        else:
            chances = np.full(clips, share)
        values = (source.random((clips, 4)) < chances[:, None]).astype(float).ravel().tolist()
        found = estimate(values, clusters)
        assert found is not None
        held += found.low <= share <= found.high
    assert 0.93 <= held / 2000 <= 0.97, held / 2000
