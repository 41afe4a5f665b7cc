"""Adaptive placement in simulation: far fewer questions than a fixed grid, and near the bound that no procedure can beat."""

import numpy as np
import pytest

from harness.adaptive import Placement, information_bound
from harness.curves import falling
from morse.errors import BadInput
from tests.simulated import source

CHANCE = 0.25


def needed(threshold: float, curve_width: float, wanted: float, seed: int, *, fixed: bool = False) -> tuple[int, bool]:
    """How many questions a simulated model is asked until the interval is narrow enough, and whether it holds the threshold."""
    draws, placement = source(seed), Placement(highest=10, chance=CHANCE)
    asked = 0
    while not placement.done(wanted, most=3000):
        level = asked % 10 + 1 if fixed else placement.next_level()
        p = CHANCE + (1 - CHANCE) * float(falling((level - threshold) / curve_width))
        placement.observe(level, float(draws.random() < p))
        asked += 1
    found = placement.standing()
    return found.asked, found.low <= threshold <= found.high


def thresholds(count: int) -> np.ndarray:
    return np.linspace(2.5, 8.5, count)


def test_a_third_of_a_fixed_grids_items_for_the_same_interval():
    """A logistic width of half a level, an interval of 0.4 levels (± 0.2), thresholds anywhere over the ten levels."""
    adaptive = [needed(theta, 0.5, 0.4, i)[0] for i, theta in enumerate(thresholds(10))]
    grid = [needed(theta, 0.5, 0.4, i, fixed=True)[0] for i, theta in enumerate(thresholds(10))]
    assert np.mean(adaptive) <= np.mean(grid) / 3, (np.mean(adaptive), np.mean(grid))


@pytest.mark.parametrize(("curve_width", "wanted"), [(1.0, 0.6), (2.0, 1.2), (3.0, 2.2)])
def test_within_half_as_much_again_of_the_information_bound(curve_width, wanted):
    runs = [needed(theta, curve_width, wanted, 100 + i) for i, theta in enumerate(thresholds(12))]
    bound = information_bound(wanted, curve_width=curve_width, chance=CHANCE)
    assert np.mean([asked for asked, _ in runs]) <= 1.5 * bound
    assert np.mean([held for _, held in runs]) >= 0.8  # 95 % of 12, less 2.4 standard errors


def test_the_information_bound_by_hand():
    """Without chance a logistic question tells most where it is right half the time: p′² / p(1−p) = 1 / (4 w²)."""
    assert information_bound(1.0, curve_width=1.0, chance=0.0) == pytest.approx((2 * 1.959964) ** 2 * 4, rel=1e-4)
    assert information_bound(1.0, curve_width=2.0, chance=0.0) == pytest.approx((2 * 1.959964) ** 2 * 16, rel=1e-4)


def test_it_begins_in_the_middle_and_goes_where_the_answers_lead():
    easy, hard = Placement(highest=10), Placement(highest=10)
    first = easy.next_level()
    assert 3 <= first <= 8
    for _ in range(6):
        easy.observe(easy.next_level(), 1)
        hard.observe(hard.next_level(), 0)
    assert easy.next_level() >= 8 and hard.next_level() <= 2
    assert easy.standing().threshold > 8 > hard.standing().threshold


def test_the_posterior_is_bayes_rule():
    """A fine posterior worked out anew from all answers at once."""
    placement = Placement(highest=6, chance=0.2, icc=0.0)
    answers = [(2, 1), (3, 1), (4, 0), (3, 1), (5, 0), (1, 1)]
    for level, right in answers:
        placement.observe(level, right)
    theta, width = np.meshgrid(placement._grid.axis, sorted(set(placement._grid.widths.tolist())), indexing="ij")
    weight = np.ones_like(theta)
    for level, right in answers:
        p = 0.2 + 0.8 / (1 + np.exp((level - theta) / width))
        weight *= p if right else 1 - p
    mass = weight.sum(axis=1) / weight.sum()
    median = theta[np.searchsorted(mass.cumsum(), 0.5), 0]
    assert placement.standing().threshold == pytest.approx(median, abs=0.05)


def test_questions_of_a_clip_count_for_less_than_as_many_clips():
    together, apart = Placement(icc=0.3), Placement(icc=0.3)
    for level in (4, 5, 6, 5, 4, 6):
        together.observe(level, 2, asked=4)
        for _ in range(2):
            apart.observe(level, 1)
            apart.observe(level, 0)
    wide, narrow = together.standing(), apart.standing()
    assert wide.high - wide.low > narrow.high - narrow.low and wide.asked == narrow.asked == 24
    assert wide.levels == {4: 8, 5: 8, 6: 8}


def test_what_cannot_be_is_refused_in_one_line():
    placement = Placement(highest=5)
    for arguments, message in (
        ((6, 1), "level 6 is not between 1 and 5"),
        ((1, 3, 2), "3 right of 2"),
        ((1, 0, 0), "0 right of 0"),
    ):
        with pytest.raises(BadInput, match=message):
            placement.observe(*arguments)
    with pytest.raises(BadInput, match="levels 1 and 2"):
        Placement(highest=1)
    with pytest.raises(BadInput, match="no curve"):
        Placement(chance=0.9, lapse=0.2)
    with pytest.raises(BadInput, match="correlation"):
        Placement(icc=2)
