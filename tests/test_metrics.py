"""Metrics against numbers worked out by hand here, or against another library."""

import itertools
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage, stats
from sklearn import metrics as sklearn_metrics

from harness import metrics
from harness.metrics import (
    abstention,
    boxes,
    chains,
    choices,
    groups,
    masks,
    orders,
    quantities,
    reasoning,
    sets,
    spans,
    steps,
    text,
    timing,
    tracks,
)
from harness.references import reference_response
from harness.scoring import score
from morse.errors import BadInput
from morse.schema import (
    Boxes,
    Choice,
    Grid,
    Integer,
    Mapping,
    Masks,
    MultiChoice,
    Multiset,
    Number,
    Permutation,
    Sequence,
    Set,
    Span,
    Step,
)


def test_every_metric_is_found_by_name_and_says_what_it_is():
    for name, entry in metrics.load().items():
        assert metrics.find(name) is entry and entry.about and entry.source and entry.over and entry.low < entry.high
    with pytest.raises(BadInput, match="did you mean 'kendall_tau'"):
        metrics.find("kendal_tau")


ANSWERED = [
    (Choice(options=("p", "q")), "A", "B"),
    (Integer(), 3, 4),
    (Number(absolute=0.1), 3.0, 4.0),
    (MultiChoice(options=("p", "q")), ["A"], ["A", "B"]),
    (Set(vocabulary=("p", "q")), ["p"], ["q"]),
    (Multiset(vocabulary=("p", "q")), ["p", "p"], ["q"]),
    (Sequence(vocabulary=("p", "q")), ["p", "q"], ["q"]),
    (Permutation(size=3), [1, 2, 3], [1, 3, 2]),
    (Mapping(keys=("k", "l"), vocabulary=("p", "q")), {"k": "p", "l": "p"}, {"k": "p", "l": "q"}),
    (Grid(rows=1, columns=2, vocabulary=("p", "q")), [["p", "q"]], [["q", "q"]]),
    (Span(), [1.0, 2.0], [1.0, 3.0]),
    (Boxes(), {"1": [0.0, 0.0, 0.5, 0.5]}, {"1": [0.0, 0.0, 0.5, 1.0]}),
    (
        Masks(height=2, width=2),
        {"1": {"size": [2, 2], "counts": [0, 2, 2]}},
        {"1": {"size": [2, 2], "counts": [0, 1, 3]}},
    ),
]


@pytest.mark.parametrize(("form", "answer", "other"), ANSWERED, ids=[form.type for form, *_ in ANSWERED])
def test_a_question_has_the_metrics_of_its_answer_format(form, answer, other):
    """However it was answered: rightly, wrongly, by abstaining, or so that nothing can be read."""
    names = metrics.of_format(form.type)
    for wanted, response in (
        (answer, reference_response(form, answer)),
        (answer, reference_response(form, other)),
        (answer, "who knows?"),
        (None, reference_response(form, other)),
    ):
        assert tuple(score(form, wanted, response).partial) == names
    assert bool(names) == (form.type not in ("choice", "integer"))


def test_only_metrics_of_arrays_need_numpy():
    code = "import sys; from harness.metrics import of_format; of_format('grid'); print('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
    assert not any(
        entry.formats
        for entry in metrics.load().values()
        if entry.function.__module__.split(".")[-1] in metrics.OF_ARRAYS
    )


# ── choices ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_options():
    """Wanted A, C of A–D. "A, B": A right, B wrong, C wrong, D right."""
    assert choices.per_option("AC", "AB", "ABCD") == 2 / 4
    assert (choices.soft("AC", "A"), choices.soft("AC", "AB"), choices.soft("AC", ""), choices.soft("AC", "AC")) == (
        0.5, 0.0, 0.0, 1.0,
    )  # fmt: skip
    # 2 of 4 options, and 2 of 2: 4 of 6, where the mean of the questions would be ¾
    assert choices.option_accuracy([("AC", "AB", "ABCD"), ("A", "A", "AB")]) == 4 / 6
    assert choices.accuracy([True, False, False, True, True]) == 3 / 5
    assert choices.mbin([[True, True, True], [True, False, True], [True], [False]]) == 2 / 4


# ── orders ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_orders():
    assert orders.exact_order([3, 1, 2], [3, 1, 2]) == 1.0 and orders.exact_order([3, 1, 2], [3, 2, 1]) == 0.0
    assert orders.step_accuracy([3, 1, 2], [3, 2, 1]) == 1 / 3
    # 1 of 3, 5 of 5, and no permutation: 6 of 10
    of_all = [([3, 1, 2], [3, 2, 1]), ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]), ([1, 2], [1, 1])]
    assert orders.step_accuracy_micro(of_all) == 6 / 10
    assert orders.position_accuracy("aba", "ab") == 2 / 3 and orders.position_accuracy("ab", "abab") == 2 / 4


def test_any_order_that_keeps_the_precedences_is_valid():
    """Two chains, 1 → 2 and 3 → 4: 4! / (2 · 2) = 6 of the 24 orders."""
    before = [(1, 2), (3, 4)]
    valid = [order for order in itertools.permutations([1, 2, 3, 4]) if orders.valid_order([1, 2, 3, 4], order, before)]
    assert len(valid) == 6 and (1, 3, 2, 4) in valid and (2, 1, 3, 4) not in valid
    assert orders.valid_order([1, 2], [1, 2, 2], [(1, 2)]) == 0.0 and orders.valid_order([1, 2], [1], []) == 0.0


@given(st.permutations(range(7)), st.permutations(range(7)))
def test_kendall_tau_is_that_of_scipy(wanted, said):
    places = [[order.index(entry) for entry in range(7)] for order in (wanted, said)]
    assert orders.kendall_tau(wanted, said) == pytest.approx(stats.kendalltau(*places)[0])


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_mean_relative_accuracy():
    """An error of 12 % is under 1 − θ for θ = .50 … .85: eight of the ten thresholds."""
    assert quantities.mean_relative_accuracy(100.0, 112.0) == pytest.approx(0.8)
    assert quantities.mean_relative_accuracy(100.0, 100.0) == 1.0
    assert quantities.mean_relative_accuracy(10.0, 30.0) == 0.0
    assert quantities.mean_relative_accuracy(0.0, 0.0) == 1.0 and quantities.mean_relative_accuracy(0.0, 0.1) == 0.0
    assert len(quantities.CONFIDENCES) == 10


def test_within():
    form = Number(absolute=0.5, relative=0.02)
    assert quantities.within(form, 100.0, 102.0) and not quantities.within(form, 100.0, 102.1)


# ── sets ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_sets_with_repeats():
    """Wanted a, a, b; said a, b, c, c: one a and the b match."""
    wanted, said = ["a", "a", "b"], ["a", "b", "c", "c"]
    assert (sets.precision(wanted, said), sets.recall(wanted, said)) == (2 / 4, 2 / 3)
    assert sets.f1(wanted, said) == pytest.approx(2 / (4 / 2 + 3 / 2)) == 4 / 7
    assert sets.precision([], []) == sets.recall([], []) == sets.f1([], []) == 1.0
    assert sets.precision(["a"], []) == sets.recall([], ["a"]) == sets.f1([], ["a"]) == 0.0


@given(st.sets(st.sampled_from("abcdef"), min_size=1), st.sets(st.sampled_from("abcdef"), min_size=1))
@settings(max_examples=50, deadline=None)
def test_sets_are_those_of_sklearn(wanted, said):
    held = [[letter in entries for letter in "abcdef"] for entries in (wanted, said)]
    precision, recall, f1, _ = sklearn_metrics.precision_recall_fscore_support(
        *held,
        average="binary",
        zero_division=0.0,  # type: ignore[arg-type]
    )
    one, two = sorted(wanted), sorted(said)
    assert (sets.precision(one, two), sets.recall(one, two)) == (pytest.approx(precision), pytest.approx(recall))
    assert sets.f1(one, two) == pytest.approx(f1)


def test_tables():
    assert sets.entry_accuracy({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "1"}) == 1 / 3
    assert sets.cell_accuracy([["x", "o"], ["o", "o"]], [["x", "o"], ["x", "o"]]) == 3 / 4
    assert sets.cell_accuracy([["x", "o"], ["o", "o"]], [["x", "o"]]) == 0.0
    assert sets.cell_accuracy([["x"]], [["x", "o"]]) == 0.0


# ── spans and boxes ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_spans():
    assert spans.tiou([2, 6], [4, 8]) == 2 / 6
    assert spans.tiou([2, 6], [7, 9]) == 0.0 and spans.tiou([3, 3], [3, 3]) == 1.0 and spans.tiou([3, 3], [4, 4]) == 0.0
    assert (
        spans.tiop([2, 6], [5, 9]) == 1 / 4 and spans.tiop([2, 6], [3, 4]) == 1.0 and spans.tiop([2, 6], [3, 3]) == 1.0
    )
    # wanted 0–2 and 4–6, said 1–5: 1 + 1 of 4 + 4 − 2 seconds
    assert spans.union_tiou([(0, 2), (4, 6)], [(1, 5)]) == 2 / 6
    assert spans.union_tiou([(0, 2), (1, 3)], [(0, 3)]) == 1.0 and spans.union_tiou([], []) == 1.0
    overlaps = [0.2, 0.3, 0.5, 0.8]
    assert spans.mean_iou(overlaps) == pytest.approx(0.45)
    assert [spans.recall_at(overlaps, at) for at in (0.3, 0.5, 0.7)] == [3 / 4, 2 / 4, 1 / 4]


def test_boxes():
    left, whole = [0.0, 0.0, 0.5, 1.0], [0.0, 0.0, 1.0, 1.0]
    corner = [0.25, 0.5, 0.75, 1.0]
    assert boxes.box_iou(left, whole) == 0.5
    assert boxes.box_iou(left, corner) == pytest.approx(0.125 / (0.5 + 0.25 - 0.125))
    wanted, said = {"1": left, "2": left}, {"1": whole, "3": whole}
    # one of the three seconds that either names has both boxes; of the reference's two, one
    assert boxes.viou(wanted, said) == pytest.approx(0.5 / 3) and boxes.reference_viou(wanted, said) == 0.25
    assert boxes.ap(wanted, said, 0.5) == 1 / 2 and boxes.ap(wanted, said, 0.6) == 0.0
    assert boxes.viou(wanted, dict(wanted)) == 1.0


def test_chains():
    """−ln(1 − .5) = .693147; −ln(1 − .2) = .223144; −ln(1 − .1) = .105361."""
    assert chains.am(0.5, 0.2, 0.1) == pytest.approx(0.8 / 3)
    assert chains.lgm(0.5, 0.2, 0.1) == pytest.approx((0.693147 + 0.223144 + 0.105361) / 3, abs=1e-6)
    assert chains.lgm(1.0, 1.0, 1.0) == pytest.approx(6 * math.log(10)) and chains.lgm(0, 0, 0) == 0.0
    assert chains.mean_over_chains([0.2, 0.4]) == pytest.approx(0.3)
    every = [(True, 0.3, 0.1), (True, 0.29, 0.5), (False, 1.0, 1.0), (True, 0.9, 0.05)]
    assert chains.joint(every) == 1 / 4


# ── tracks and masks ────────────────────────────────────────────────────────────────────────────────────────────────


def test_track_of_boxes():
    wanted = np.array([[0, 0, 2, 2], [0, 0, 2, 2], [np.nan] * 4, [0, 0, 2, 2]])
    said = np.array([[0, 0, 2, 2], [1, 0, 3, 2], [0, 0, 1, 1], [np.nan] * 4])
    assert tracks.track_iou(wanted, said) == pytest.approx((1 + 2 / 6 + 0) / 3)


def test_average_jaccard():
    """Four points in one frame: off by 0 and by 3 pixels; said to be hidden; and one that is hidden, said to be visible.

    Three are visible. Within 1 and 2 pixels: 1 true, 2 false → 1 / (3 + 2); within 4, 8, 16: 2 true, 1 false → 2 / (3 + 1).
    """
    wanted = np.array([[[10.0, 10.0], [20.0, 20.0], [30.0, 30.0], [40.0, 40.0]]])
    said = wanted + np.array([[[0, 0], [3, 0], [0, 0], [0, 0]]])
    seen = np.array([[True, True, True, False]])
    claimed = np.array([[True, True, False, True]])
    assert tracks.average_jaccard(wanted, seen, said, claimed) == pytest.approx((2 * 1 / 5 + 3 * 2 / 4) / 5)
    assert tracks.average_jaccard(wanted, seen, wanted, seen) == 1.0


def square(left: int, top: int, size: int = 20, shape: tuple[int, int] = (90, 160)) -> np.ndarray:
    mask = np.zeros(shape, bool)
    mask[top : top + size, left : left + size] = True
    return mask


def test_masks():
    """Two squares of 20, moved by 10: 200 of 600 pixels. The diagonal of 90 × 160 is 183.6: contours match within 2 pixels."""
    mask, moved = square(30, 30), square(40, 30)
    assert (
        masks.region_similarity(mask, moved) == 200 / 600 and masks.region_similarity(mask & False, mask & False) == 1
    )
    assert masks.contour_accuracy(mask, square(32, 30)) == 1.0 and masks.contour_accuracy(mask, square(33, 30)) < 1.0
    assert (
        masks.contour_accuracy(mask, mask & False) == 0.0 and masks.contour_accuracy(mask & False, mask & False) == 1.0
    )
    still, apart = np.array([mask, mask]), np.array([mask, square(100, 30)])
    assert masks.j_and_f(still, still) == 1.0 and masks.j_and_f(still, apart) == 0.5


@pytest.mark.parametrize("moved", [(33, 30), (36, 34), (28, 41)])
def test_contour_accuracy_with_the_filters_of_scipy(moved):
    """The same figure with contours and discs made by scipy: a contour pixel is one whose 2 × 2 block is not all one."""
    one, two = square(30, 30), square(*moved)

    def outline(mask):
        blocks = [of(mask.astype(int), size=2, origin=-1) for of in (ndimage.maximum_filter, ndimage.minimum_filter)]
        return blocks[0] != blocks[1]

    y, x = np.mgrid[-2:3, -2:3]
    disc = x**2 + y**2 <= 4
    mine, theirs = outline(one), outline(two)
    precise = (theirs & ndimage.binary_dilation(mine, disc)).sum() / theirs.sum()
    recalled = (mine & ndimage.binary_dilation(theirs, disc)).sum() / mine.sum()
    harmonic = 2 * precise * recalled / (precise + recalled) if precise + recalled else 0.0
    assert masks.contour_accuracy(one, two) == pytest.approx(harmonic)


@given(st.integers(0, 2**20 - 1), st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_widened_masks_are_those_of_scipy(bits, radius):
    mask = np.array([bits >> i & 1 for i in range(20)], bool).reshape(4, 5)
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    assert (masks.widened(mask, radius) == ndimage.binary_dilation(mask, x**2 + y**2 <= radius**2)).all()


def test_robustness_and_boxes_as_masks():
    asked, none = [square(0, 0), square(5, 5)], [square(0, 0, 10), square(0, 0) & False]
    assert masks.robustness(none, asked) == 1 - 100 / 800
    box = masks.box_mask([0.25, 0.5, 0.5, 1.0], 90, 160)
    assert box.sum() == 45 * 40 and box[45:, 40:80].all()


# ── groups, reasoning, abstention, timing ───────────────────────────────────────────────────────────────────────────


def test_groups():
    assert groups.all_right([[True, True], [True, False], [False], [True]]) == 2 / 4
    assert groups.circular([[True] * 4, [True, True, False, True]]) == 1 / 2
    assert groups.consistency_over_time([[True, True], [False, False]]) == 1 / 2
    assert groups.rotated(["p", "q", "r"], 1) == ["r", "p", "q"] and groups.rotated(["p", "q", "r"], 3) == [
        "p",
        "q",
        "r",
    ]
    # 2 of 3 advanced ones count; the second group's basic question is wrong, so its 2 do not: 2 / 5
    assert groups.group_score([([True, True], [True, True, False]), ([True, False], [True, True])]) == 2 / 5
    pairs = [((True, True), (True, False)), ((True, True), (True, True)), ((False, True), (True, True))]
    assert groups.pair_scores(pairs) == {"text": 2 / 3, "video": 2 / 3, "group": 1 / 3}


def test_compositions():
    """All children right: 2 of 3 parents; a child wrong: 1 of 4; a parent without children is in neither."""
    C = reasoning.Composition
    entries = [C(True, (True, True)), C(True, (True,)), C(False, (True,))]
    entries += [C(True, (False, True)), *[C(False, (False,))] * 3, C(True, ())]
    assert reasoning.compositional_accuracy(entries) == 2 / 3 and reasoning.right_for_wrong_reasons(entries) == 1 / 4
    assert reasoning.delta(entries) == pytest.approx(1 / 4 - 2 / 3)
    assert reasoning.delta(entries[:3]) is None and reasoning.right_for_wrong_reasons(entries[:3]) is None
    assert reasoning.inconsistency([("yes", "no"), ("yes", "yes"), (None, "no"), ("3", "3")]) == 1 / 3
    assert reasoning.inconsistency([(None, "no")]) is None


def test_abstention():
    """5 correct, 3 incorrect, 2 not attempted: CO ½, CGA ⅝, F = 2 · ⅝ · ½ / (⅝ + ½) = 5/9."""
    verdicts: list[abstention.Verdict] = ["correct"] * 5 + ["incorrect"] * 3 + ["not attempted"] * 2  # type: ignore[assignment]
    assert abstention.correct_overall(verdicts) == 0.5 and abstention.correct_given_attempted(verdicts) == 5 / 8
    assert abstention.f_score(verdicts) == pytest.approx(5 / 9)
    assert abstention.f_score(["not attempted"]) == abstention.correct_given_attempted(["not attempted"]) == 0.0


def test_timing():
    """The evidence is complete at 10 s. A right answer at 8 s is luck; 12 s is the first that counts."""
    P = timing.Probe
    probes = [P(6, False, False), P(8, True, True), P(10, False, False), P(12, True, True), P(14, True, True)]
    assert timing.latency(probes, 10.0) == 2.0 and timing.latency(probes[:3], 10.0) is None
    assert timing.latency([P(10, True, True)], 10.0) == 0.0
    assert (
        timing.too_early([(probes, 10.0), ([P(1, False, False), P(2, False, False), P(9, True, True)], 3.0)]) == 1 / 4
    )
    assert timing.too_early([([P(9, True, True)], 3.0)]) is None
    assert timing.mean_of_modes([[0.2, 0.4], [0.6], [0.1, 0.2, 0.3]]) == pytest.approx((0.3 + 0.6 + 0.2) / 3)


# ── text and steps ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_text_in_the_clip():
    """Wanted QX7 B4 B4 zeta (4 tokens), said "b4, B4 QX7!" (3): B4 and QX7 match."""
    wanted, said = "QX7 B4 B4 zeta", "b4, B4 QX7!"
    assert (text.ocr_precision(wanted, said), text.ocr_recall(wanted, said)) == (2 / 3, 2 / 4)
    assert text.ocr_f1(wanted, said) == 4 / 7
    # with a second answer, 1 of 1: 3 matched of 4 said and 5 wanted
    assert text.ocr_micro([(wanted, said), ("K9", "K9")]) == {"precision": 3 / 4, "recall": 3 / 5, "f1": 6 / 9}


REFERENCE = (
    Step(kind="perceive", claim="at(coin, a1)", time=1.0),
    Step(kind="perceive", claim="swap(a1, b2)", time=4.0),
    Step(kind="infer", claim="at(coin, b2)", needs=(0, 1)),
    Step(kind="perceive", claim="swap(a1, b2)", time=9.0),
    Step(kind="infer", claim="at(coin, a1)", needs=(2, 3)),
)


def test_claims_are_read_from_lines_of_their_own():
    response = (
        "Let me think (carefully) about it.\n1. At( coin,a1 ) @ 1.5 s\n- swap(a1, b2) @ t=8s.\ninfer: at(coin, b2)\n"
        "perceive: the lamp is red @ 3\nI think it is there.\nat(coin, a1)\nAnswer:\nswap(a1, b2)"
    )
    assert [(c.kind, steps.canonical(c.claim), c.time) for c in steps.claims(response)] == [
        ("perceive", "at(coin,a1)", 1.5),
        ("perceive", "swap(a1,b2)", 8.0),
        ("infer", "at(coin,b2)", None),
        ("perceive", "the lamp is red", 3.0),
        ("infer", "at(coin,a1)", None),
    ]


def test_steps():
    """Seen: the coin at 1.5 s and the second swap at 8 s match, a third swap at 30 s does not; inferred: one of two, no error.

    perceive 2 of 3 claims, 2 of 3 steps; infer 1 of 1 and 1 of 2; all 3 of 4 and 3 of 5.
    """
    said = steps.claims("at(coin, a1) @ 1.5 s\nswap(a1, b2) @ 8 s\nswap(a1, b2) @ 30 s\ninfer: at(coin, b2)")
    counts = steps.compare(REFERENCE, said)
    assert counts == {"perceive": steps.Counts(2, 1, 3), "infer": steps.Counts(1, 0, 2), "all": steps.Counts(3, 1, 5)}
    nothing = steps.compare(REFERENCE[:2], [])
    figures = steps.step_scores([counts, nothing])
    # two responses have steps that are seen: P (2/3 + 0)/2, R (2/3 + 0)/2; one has steps that are inferred
    assert figures["perceive"] == pytest.approx({"precision": 1 / 3, "recall": 1 / 3, "f1": 1 / 3})
    assert figures["infer"] == pytest.approx({"precision": 1.0, "recall": 1 / 2, "f1": 2 / 3})
    precision, recall = (3 / 4) / 2, (3 / 5) / 2
    assert figures["all"]["f1"] == pytest.approx(2 * precision * recall / (precision + recall))


def test_a_claim_matches_within_three_seconds_and_once():
    late = steps.claims("swap(a1, b2) @ 12.1 s\nswap(a1, b2)")
    assert steps.compare(REFERENCE, late)["perceive"].matched == 0
    twice = steps.claims("at(coin, a1) @ 1 s\nat(coin, a1) @ 1 s")
    assert steps.compare(REFERENCE, twice)["perceive"] == steps.Counts(1, 1, 3)
