"""Each answer format's rule: references score 1, wrong neighbours less, tricks nothing; partial measures by hand."""

import pytest
from datasets import press_one
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.references import gaming_responses, mutations, reference_response
from harness.run_lengths import coded, read_mask
from harness.scoring import score
from morse.schema import (
    AnswerFormat,
    Boolean,
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
    Plan,
    Sequence,
    Set,
    Span,
    Text,
)
from morse.seeding import Key, Rng

WORDS = [
    "red",
    "dark blue",
    "blue",
    "a",
    "b2",
    "b",
    "green cup",
    "12",
    "12.5",
    "-3",
    "North-East",
    "i",
    "or else",
    "x",
    "none left",
]
words = st.lists(st.sampled_from(WORDS), min_size=2, max_size=8, unique=True).map(tuple)


@st.composite
def posed(draw: st.DrawFn) -> tuple[AnswerFormat, object]:
    """A format with an answer of it."""
    kind = draw(
        st.sampled_from(
            [
                "choice",
                "multi",
                "boolean",
                "integer",
                "number",
                "text",
                "sequence",
                "permutation",
                "set",
                "multiset",
                "mapping",
                "grid",
                "span",
                "boxes",
                "masks",
            ]
        )
    )
    vocabulary = draw(words)
    entry = st.sampled_from(vocabulary)
    abstain = draw(st.booleans())
    match kind:
        case "choice":
            format = Choice(options=vocabulary, may_abstain=abstain)
            return format, draw(st.sampled_from(format.letters))
        case "multi":
            format = MultiChoice(options=vocabulary)
            return format, sorted(draw(st.sets(st.sampled_from(format.letters), min_size=1)))
        case "boolean":
            return Boolean(may_abstain=abstain), draw(st.booleans())
        case "integer":
            return Integer(unit=draw(st.sampled_from(["", "cups", "s"]))), draw(st.integers(-(10**6), 10**6))
        case "number":
            decimals = draw(st.sampled_from([None, 0, 1, 3]))
            format = Number(
                decimals=decimals,
                unit=draw(st.sampled_from(["", "s", "m", "%"])),
                relative=draw(st.sampled_from([0.0, 0.05])),
            )
            return format, round(draw(st.floats(-1e5, 1e5)), 3 if decimals is None else decimals)
        case "text":
            return Text(vocabulary=vocabulary, may_abstain=abstain), draw(entry)
        case "sequence":
            return Sequence(vocabulary=vocabulary), draw(st.lists(entry, min_size=1, max_size=9))
        case "permutation":
            size = draw(st.integers(2, 12))
            return Permutation(size=size), draw(st.permutations(range(1, size + 1)))
        case "set":
            return Set(vocabulary=vocabulary), sorted(draw(st.sets(entry)), key=vocabulary.index)
        case "multiset":
            return Multiset(vocabulary=vocabulary), sorted(draw(st.lists(entry, max_size=6)), key=vocabulary.index)
        case "mapping":
            keys = ("left cup", "middle", "c3")[: draw(st.integers(1, 3))]
            return Mapping(keys=keys, vocabulary=vocabulary), {key: draw(entry) for key in keys}
        case "grid":
            rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
            cells = [[draw(entry) for _ in range(columns)] for _ in range(rows)]
            return Grid(rows=rows, columns=columns, vocabulary=vocabulary), cells
        case "span":
            start = round(draw(st.floats(0, 100)), 3)
            return Span(), [start, round(start + draw(st.floats(0.1, 50)), 3)]
    if kind == "masks":
        sides = draw(st.tuples(st.integers(1, 5), st.integers(6, 20), st.integers(1, 40)))
        code = coded([(sides[0], sides[1]), (sides[1] + 1, sides[1] + 1 + sides[2])], (9, 16))
        return Masks(height=9, width=16), {str(second): code for second in range(draw(st.integers(1, 3)))}
    box = [0.1, 0.2, draw(st.sampled_from([0.3, 0.95])), draw(st.sampled_from([0.4, 1.0]))]
    return Boxes(), {str(second): box for second in sorted(draw(st.sets(st.integers(0, 30), min_size=1, max_size=4)))}


def rng(seed: int = 0) -> Rng:
    return Rng(Key(task="t", version=1, level=1, split="test", root="r", index=seed), "test")


@given(posed())
@settings(max_examples=600, deadline=None)
def test_the_reference_scores_exactly_one(case):
    format, answer = case
    result = score(format, answer, reference_response(format, answer))
    assert result.value == 1.0 and result.correct, (reference_response(format, answer), result)


@given(posed(), st.integers(0, 99))
@settings(max_examples=600, deadline=None)
def test_mutated_references_score_less(case, seed):
    format, answer = case
    for other in mutations(format, answer, rng(seed)):
        result = score(format, answer, reference_response(format, other))
        assert result.value < 1.0, (answer, other)


@given(posed(), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_order_does_not_matter_in_sets_and_multisets(case, random):
    format, answer = case
    if isinstance(format, Set | Multiset) and isinstance(answer, list):
        shuffled = [*answer]
        random.shuffle(shuffled)
        assert score(format, answer, reference_response(format, shuffled)).value == 1.0


@given(posed())
@settings(max_examples=300, deadline=None)
def test_abstaining_is_right_only_where_the_premise_is_false(case):
    format, answer = case
    if format.may_abstain:
        assert score(format, answer, reference_response(format, None)).value == 0.0
        assert score(format, None, reference_response(format, None)).value == 1.0
        assert score(format, None, reference_response(format, answer)).value == 0.0


ORDERS = [[1, 2, 3, 4], [2, 1, 3, 4], [4, 3, 2, 1], [2, 3, 4, 1]]
GAMED: list[tuple[AnswerFormat, list]] = [
    (Choice(options=("red", "green", "blue", "pink")), list("ABCD")),
    (Choice(options=("3", "4", "5", "6")), list("ABCD")),
    (MultiChoice(options=("p", "q", "r")), [["A"], ["B"], ["C"], ["A", "B"], ["A", "C"], ["B", "C"], ["A", "B", "C"]]),
    (Text(vocabulary=("red", "green", "blue", "pink")), ["red", "green", "blue", "pink"]),
    (Boolean(), [True, False]),
    (Integer(), list(range(10))),
    (Number(absolute=0.5), [float(n) for n in range(0, 40, 4)]),
    (Sequence(vocabulary=("a", "b", "c")), [[x, y] for x in "abc" for y in "abc"]),
    (Permutation(size=4), ORDERS),
    (Set(vocabulary=("a", "b", "c")), [[], ["a"], ["b"], ["a", "b"], ["a", "b", "c"]]),
    (Multiset(vocabulary=("a", "b")), [["a"], ["b"], ["a", "a"], ["a", "b"], ["b", "b"]]),
    (Mapping(keys=("k", "l"), vocabulary=("0", "1")), [{"k": x, "l": y} for x in "01" for y in "01"]),
    (Grid(rows=1, columns=2, vocabulary=("x", "o")), [[[x, y]] for x in "xo" for y in "xo"]),
    (Span(), [[float(at), at + 6.0] for at in range(25)]),
    (Boxes(), [{"3": [x / 10, y / 10, x / 10 + 0.3, y / 10 + 0.3]} for x in range(8) for y in range(8)]),
    (
        Masks(height=9, width=16),
        [
            {"3": read_mask([x / 10, y / 10, x / 10 + 0.3, y / 10 + 0.3], (9, 16))[0]}
            for x in range(8)
            for y in range(8)
        ],
    ),
    (Plan(syntax="press(a)"), [press_one(button) for button in "abc"]),
]


@pytest.mark.parametrize(("format", "answers"), GAMED, ids=[format.type for format, _ in GAMED])
def test_responses_that_game_the_format_gain_nothing(format, answers):
    """Over all answers that are equally likely, no trick is right more often than a plain guess; a trick that names several is
    never right. (What spans and boxes that fit no answer are worth beside that is no more than the middle's overlap.)"""
    for trick, response in gaming_responses(format, duration=30.0).items():
        scores = [score(format, answer, response) for answer in answers]
        assert sum(one.correct for one in scores) <= 1, (trick, response)
        if not isinstance(format, Span | Boxes | Masks):
            assert sum(one.value for one in scores) <= 1, (trick, response)
        if any(word in trick for word in ("or", "all options", "both", "range", "many", "tags", "whole")):
            assert not any(one.correct for one in scores), (trick, response)


def test_partial_measures_by_hand():
    permutation = score(Permutation(size=4), [3, 1, 2, 4], "Correct order: 3, 2, 1, 4").partial
    assert permutation["step_accuracy"] == 0.5
    assert permutation["kendall_tau"] == pytest.approx(1 - 2 * 1 / 6)  # one of six pairs is the wrong way round
    options = MultiChoice(options=("p", "q", "r", "s"))
    partial = score(options, ["A", "C"], "Answer: A").partial
    assert (partial["per_option"], partial["soft"]) == (0.75, 0.5)
    assert score(options, ["A", "C"], "Answer: A, B").partial["soft"] == 0.0
    grid = score(Grid(rows=2, columns=2, vocabulary=("x", "o")), [["x", "o"], ["o", "o"]], "Answer:\nx, o\nx, o")
    assert (grid.value, grid.partial["cell_accuracy"]) == (0.0, 0.75)
    mapping = Mapping(keys=("left", "right"), vocabulary=("1", "2"))
    assert score(mapping, {"left": "1", "right": "2"}, "left: 1, right: 1").partial["entry_accuracy"] == 0.5
    assert score(Sequence(vocabulary=("a", "b")), ["a", "b", "a"], "a, b").partial[
        "position_accuracy"
    ] == pytest.approx(2 / 3)


def test_spans_count_as_right_from_half_of_their_overlap():
    half = score(Span(), [2.0, 6.0], "Answer: From 4.0 to 6.0 seconds")
    assert (half.value, half.correct) == (0.5, True)
    less = score(Span(), [2.0, 6.0], "Answer: From 4.1 to 6.0 seconds")
    assert less.value == pytest.approx(1.9 / 4) and not less.correct


def test_numbers_are_right_within_the_larger_tolerance():
    format = Number(absolute=0.5, relative=0.02)
    assert score(format, 100.0, "102").correct and not score(format, 100.0, "102.1").correct
    assert score(format, 1.0, "1.5").correct and not score(format, 1.0, "1.51").correct
    assert score(Number(decimals=2), 1.2345, "1.23").correct
    assert not score(Number(decimals=2), 1.2345, "1.24").correct


def test_outcomes():
    format = Choice(options=("p", "q"))
    assert score(format, "A", None).outcome == "missing"
    assert score(format, "A", "no idea").outcome == "unparsed"
    assert score(format, "A", "B").outcome == "scored"
