"""The reward: its parts by hand, nothing for those who do not know, and the right order of good and bad responses."""

import itertools
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import mean

import pytest
from datasets import answer, press_one, question
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from harness.credit import boxes_credit, evidence_credit, partial_credit, span_credit
from harness.parsing import Parsed
from harness.references import gaming_responses, mutations, reference_response
from harness.reward import (
    Target,
    Weights,
    cited,
    reward,
    reward_fn,
    target_of,
    text_of,
    trl_reward,
    verifiers_reward,
)
from harness.run_lengths import read_mask
from harness.scoring import score_parsed
from morse.schema import (
    AnswerFormat,
    Boolean,
    Boxes,
    Choice,
    Evidence,
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
    Step,
    Text,
)
from morse.seeding import Key, Rng

OPTIONS = Choice(options=("red", "green", "blue", "pink"))
STEPS = (
    Step(kind="perceive", claim="at(coin, a1)", time=1.0),
    Step(kind="perceive", claim="swap(a1, b2)", time=4.0),
    Step(kind="perceive", claim="swap(c1, c2)", time=8.0),
    Step(kind="infer", claim="at(coin, b2)", needs=(0, 1)),
)
REASONED = "at(coin, a1) @ 1 s\nswap(a1, b2) @ 4.5 s\ninfer: at(coin, b2)\nEvidence: 0 to 2 s, 3 to 5 s\nAnswer: B"


def places(count: int, size: int, spot: str = "#") -> list[list[str]]:
    """All grids with one spot, the rest empty."""
    cells = range(count * size)
    return [[[spot if row * size + x == at else "." for x in range(size)] for row in range(count)] for at in cells]  # type: ignore[misc]


def square(left: float, top: float, side: float) -> JsonValue:
    """A mask on 36 × 64 pixels."""
    return read_mask([left, top, left + side, top + side], (36, 64))[0]


subsets = [list(chosen) for k in range(1, 5) for chosen in itertools.combinations("ABCD", k)]
EQUALLY_LIKELY: list[tuple[AnswerFormat, list]] = [
    (OPTIONS, list("ABCD")),
    (MultiChoice(options=("p", "q", "r", "s")), subsets),
    (Boolean(), [True, False]),
    (Integer(), list(range(10))),
    (Number(absolute=0.5), [float(n) for n in range(0, 40, 4)]),
    (Text(vocabulary=("red", "green", "blue", "pink")), ["red", "green", "blue", "pink"]),
    (Sequence(vocabulary=("a", "b", "c")), [list(s) for s in itertools.product("abc", repeat=3)]),
    (Permutation(size=4), [list(order) for order in itertools.permutations(range(1, 5))]),
    (Set(vocabulary=("a", "b", "c")), [list(s) for k in range(4) for s in itertools.combinations("abc", k)]),
    (Multiset(vocabulary=("a", "b")), [list(s) for s in itertools.combinations_with_replacement("ab", 2)]),
    (Mapping(keys=("k", "l"), vocabulary=("0", "1", "2")), [{"k": a, "l": b} for a in "012" for b in "012"]),
    (Grid(rows=2, columns=3, vocabulary=("#", ".")), places(2, 3)),
    (Span(), [[float(at), at + 6.0] for at in range(25)]),
    (Boxes(), [{"3": [x / 10, y / 10, x / 10 + 0.3, y / 10 + 0.3]} for x in range(8) for y in range(8)]),
    (Masks(height=36, width=64), [{"3": square(x / 10, y / 10, 0.3)} for x in range(8) for y in range(8)]),
    (Plan(syntax="press(a)"), [press_one(button) for button in "abc"]),
]
LENGTH = 30.0


def totals(format: AnswerFormat, answers: list, response: str, weights: Weights) -> float:
    """The mean total of one response over answers that are equally likely."""
    targets = [Target(format=format, answer=value, duration=LENGTH) for value in answers]
    return mean(reward(target, response, weights).total for target in targets)


@pytest.mark.parametrize("weights", [Weights(), Weights(partial=1, accuracy=0), Weights(format=0.2)], ids=str)
@pytest.mark.parametrize(("format", "answers"), EQUALLY_LIKELY, ids=[form.type for form, _ in EQUALLY_LIKELY])
def test_gaming_responses_get_no_more_than_chance(format, answers, weights):
    """Chance: what a response gets that gives one of the answers at random, in the form that was asked for."""
    guesses = [reference_response(format, value) for value in answers]
    chance = max(mean(totals(format, answers, guess, weights) for guess in guesses), 0.0)
    for trick, response in gaming_responses(format, LENGTH).items():
        assert totals(format, answers, response, weights) <= chance + 1e-9, trick


@pytest.mark.parametrize(
    "plan", ["press(a); press(b); press(c)", "press(a); press(b); press(a); press(b)", "press(b), (c)", "press(d)"]
)
def test_plans_that_try_everything_get_no_more_than_chance(plan):
    """One button must be lit at the end and no other: to press one at random is right in a third of the cases."""
    answers = [press_one(button) for button in "abc"]
    assert totals(Plan(syntax="press(a)"), answers, f"Answer: {plan}", Weights()) <= 1 / 3 + 1e-9


def credit(format: AnswerFormat, wanted: object, said: object) -> float:
    score = score_parsed(format, wanted, Parsed(said))  # type: ignore[arg-type]
    return partial_credit(format, wanted, score, LENGTH)  # type: ignore[arg-type]


UNKNOWING: dict[str, tuple[AnswerFormat, list, list]] = {
    "subset": (MultiChoice(options=("p", "q", "r", "s")), subsets, subsets),
    "set": (Set(vocabulary=tuple("abcde")), [list(s) for s in itertools.combinations("abcde", 2)], [["a"], list("abcde")]),
    "multiset": (
        Multiset(vocabulary=tuple("abc")),
        [list(s) for s in itertools.permutations("abc", 2)] + [[x, x] for x in "abc"],
        [["a", "a"], ["a", "b", "c"], ["b"]],
    ),
    "order": (
        Permutation(size=4),
        [list(order) for order in itertools.permutations(range(1, 5))],
        [[1, 2, 3, 4], [3, 1, 4, 2]],
    ),
    "sequence": (
        Sequence(vocabulary=tuple("abc")),
        [list(s) for s in itertools.permutations("aabc")],
        [list("aaaa"), list("aabc"), list("ab"), list("ccbaaa")],
    ),
    "grid": (Grid(rows=2, columns=3, vocabulary=("#", ".")), places(2, 3), [[["."] * 3] * 2, [["#", ".", "."]] * 2]),
}  # fmt: skip


@pytest.mark.parametrize("name", UNKNOWING)
def test_partial_credit_of_any_fixed_response_is_zero_on_average(name):
    """Over all arrangements of the answer that are equally likely, whatever is said."""
    format, answers, responses = UNKNOWING[name]
    for said in responses:
        got = {}
        for wanted in answers:
            got.setdefault(len(wanted) if name == "subset" else 0, []).append(credit(format, wanted, said))
        for credits in got.values():
            assert all(credit == 1.0 for credit in credits) or mean(credits) == pytest.approx(0.0, abs=1e-12), said


def test_partial_credit_by_hand():
    # one of two true options of four: |chosen|/|true| = ½; at random ½ · 2/4 = ¼; (½ − ¼) / ¾
    assert credit(MultiChoice(options=("p", "q", "r", "s")), ["A", "C"], ["A"]) == pytest.approx(1 / 3)
    # 2 of 4 places where ¼ is expected
    assert credit(Permutation(size=4), [1, 2, 3, 4], [1, 2, 4, 3]) == pytest.approx((1 / 2 - 1 / 4) / (3 / 4))
    # 3 of 4 cells; x stands in 1 of 4 and is said twice, o in 3 and twice: expected (2·1 + 2·3)/16 = ½
    grid = Grid(rows=2, columns=2, vocabulary=("x", "o"))
    assert credit(grid, [["x", "o"], ["o", "o"]], [["x", "o"], ["x", "o"]]) == pytest.approx((3 / 4 - 1 / 2) / (1 / 2))
    # F1 of {a, b} and {b, c, d}: 2 · 1 / 5; expected matches 2 · 3 / 6 = 1: the same
    assert credit(Set(vocabulary=tuple("abcdef")), ["a", "b"], ["b", "c", "d"]) == pytest.approx(0.0)
    assert credit(Number(), 5.0, 5.1) == 0.0 and credit(OPTIONS, "A", "B") == 0.0 and credit(OPTIONS, "A", "A") == 1.0
    assert partial_credit(Span(), [2.0, 6.0], score_parsed(Span(), [2.0, 6.0], Parsed([2.0, 5.0])), None) == 1.0
    assert partial_credit(OPTIONS, "A", score_parsed(OPTIONS, "A", Parsed(None, "unread"))) == 0.0


def test_one_span_or_box_for_all_clips_earns_nothing():
    truths = [(at / 10, at / 10 + 5.0) for at in range(251)]
    for said in ((0.0, LENGTH), (10.0, 20.0), (12.5, 17.5), (0.0, 5.0), (14.9, 15.1)):
        assert mean(span_credit(truth, said, LENGTH) for truth in truths) <= 0.005
    assert span_credit([2.0, 7.0], [0.0, LENGTH], LENGTH) == pytest.approx(0.0)
    assert span_credit([2.0, 7.0], [2.0, 7.0], LENGTH) == 1.0 and span_credit([2.0, 7.0], [3.0, 7.0], LENGTH) > 0.7
    boxes = [{"0": [x / 20, y / 20, x / 20 + 0.25, y / 20 + 0.25]} for x in range(16) for y in range(16)]
    for box in ([0.0, 0.0, 1.0, 1.0], [0.25, 0.25, 0.75, 0.75], [0.375, 0.375, 0.625, 0.625], [0.0, 0.0, 0.2, 0.2]):
        assert mean(boxes_credit(truth, {"0": box}) for truth in boxes) <= 0.005
    assert evidence_credit([(2.0, 4.0), (8.0, 9.0)], [(0.0, LENGTH)], LENGTH) == pytest.approx(0.0)
    assert evidence_credit([(2.0, 4.0), (8.0, 9.0)], [(8.0, 9.0), (2.0, 4.0)], LENGTH) == 1.0
    for said in ((0.0, 10.0), (13.0, 17.0)):
        assert mean(evidence_credit([truth], [said], LENGTH) for truth in truths) <= 0.07


def test_the_parts_of_a_reward():
    """Two of three seen steps and the inferred one, no error: P 1, R ¾. Of the three steps below the answer all are named."""
    evidence = (Evidence(start=0.0, end=2.0), Evidence(start=3.0, end=5.0))
    target = Target(format=OPTIONS, answer="B", steps=STEPS, evidence=evidence, duration=20.0)
    found = reward(target, REASONED)
    assert (found.format, found.accuracy, found.partial, found.grounded, found.consistency) == (1.0,) * 5
    assert found.steps == pytest.approx(6 / 7) and found.total == 1.0
    wrong = reward(target, REASONED.replace("Answer: B", "C"))
    assert (wrong.format, wrong.accuracy, wrong.consistency, wrong.total) == (0.0, 0.0, 0.0, 0.0)
    bare = reward(target, "Answer: B")
    assert (bare.accuracy, bare.grounded, bare.steps, bare.consistency) == (1.0, 0.0, 0.0, 0.0)
    every = Weights(accuracy=2, partial=0, format=1, steps=1)
    assert reward(target, REASONED, every).total == pytest.approx((2 + 1 + 6 / 7) / 4)
    # a part that the question lacks does not count
    assert reward(Target(format=OPTIONS, answer="B"), "Answer: B", every).total == 1.0
    assert reward(Target(format=OPTIONS, answer="B"), "Answer: B").grounded is None


def test_consistency_by_replay():
    """The answer must be what the claimed steps lead to."""

    def replay(claimed):
        place = "A"
        for claim in claimed:
            place = "B" if claim.claim == "swap(a1, b2)" else place
        return place

    target = Target(format=OPTIONS, answer="B", steps=STEPS)
    assert reward(target, REASONED, replay=replay).consistency == 1.0
    assert reward(target, "Answer: B", replay=replay).consistency == 0.0
    assert reward(target, "Answer: A", replay=replay).consistency == 0.0


def test_cited_evidence():
    assert cited("Evidence: 3.0 to 5.5 s, 7 s - 9 s\nAnswer: A") == [(3.0, 5.5), (7.0, 9.0)]
    assert cited("**Evidence:** From 0:03 to 0:05") == [(3.0, 5.0)]
    assert cited("Evidence: 1-2\nEvidence: 4 to 6 s") == [(4.0, 6.0)] and cited("no evidence") == []


GOOD_TO_BAD: list[tuple[AnswerFormat, object, list[str]]] = [
    (OPTIONS, "B", ["Answer: B", "Answer: C"]),
    (MultiChoice(options=tuple("pqrstu")), ["A", "B", "C"], ["Answer: A, B, C", "Answer: A, B", "Answer: A", "Answer: D"]),
    (Permutation(size=5), [1, 2, 3, 4, 5], ["1, 2, 3, 4, 5", "1, 2, 3, 5, 4", "1, 2, 5, 3, 4", "2, 3, 4, 5, 1"]),
    (Sequence(vocabulary=tuple("abc")), list("abca"), ["a, b, c, a", "a, b, c", "a, b, b", "c, a, b"]),
    (Grid(rows=1, columns=4, vocabulary=tuple("xo")), [list("xoox")], ["x, o, o, x", "x, o, o, o", "x, o, x, o", "o, x, x, o"]),
    (Span(), [4.0, 10.0], ["4 to 10 s", "5 to 10 s", "7 to 12 s", "20 to 25 s"]),
    (Boxes(), {"1": [0.1, 0.1, 0.5, 0.5]}, ['{"1": [0.1, 0.1, 0.5, 0.5]}', '{"1": [0.1, 0.1, 0.45, 0.5]}', '{"1": [0.6, 0.6, 0.9, 0.9]}']),
    (Masks(height=36, width=64), {"1": square(0.25, 0.25, 0.25)}, ['{"1": [0.25, 0.25, 0.5, 0.5]}', '{"1": [0.25, 0.25, 0.45, 0.5]}', '{"1": [0.6, 0.6, 0.9, 0.9]}']),
]  # fmt: skip


@pytest.mark.parametrize(("format", "wanted", "responses"), GOOD_TO_BAD, ids=[case[0].type for case in GOOD_TO_BAD])
def test_better_responses_get_more(format, wanted, responses):
    target = Target(format=format, answer=wanted, duration=LENGTH)
    got = [reward(target, response).total for response in responses]
    assert got[0] == 1.0 and all(better > worse for better, worse in itertools.pairwise(got)), got


@pytest.mark.parametrize(("format", "answers"), EQUALLY_LIKELY, ids=[form.type for form, _ in EQUALLY_LIKELY])
def test_known_good_ranks_above_known_bad(format, answers):
    """The reference above each of its wrong neighbours, these not below what cannot be read by more than nothing known is."""
    rng = Rng(Key("t", 1, 1, "test", "r", 0), "test")
    for value in answers[:6]:
        target = Target(format=format, answer=value, duration=LENGTH)
        assert reward(target, reference_response(format, value)).total == 1.0
        for other in mutations(format, value, rng):
            assert -1.0 <= reward(target, reference_response(format, other)).total < 1.0
        assert reward(target, "I cannot say.").total == 0.0


def test_as_trl_and_verifiers_call_it():
    item = question(1, OPTIONS)
    target = target_of(item, answer(item, "B"), 12.5)
    assert Target.model_validate_json(target) == Target(format=OPTIONS, answer="B", duration=12.5)
    talk = [{"role": "user", "content": "?"}, {"role": "assistant", "content": [{"type": "text", "text": "Answer: B"}]}]
    completions = ["Answer: B", talk, [{"role": "assistant", "content": "Answer: C"}], "A or B", []]
    columns = {"prompts": ["?"] * 5, "completion_ids": [[1]] * 5, "trainer_state": None}
    assert reward_fn(completions, target=[target] * 5, **columns) == [1.0, 1.0, 0.0, 0.0, 0.0]
    shaped = trl_reward(Weights(accuracy=1, partial=0, format=1))
    assert shaped(completions, target=[json.loads(target)] * 5) == [1.0, 1.0, 0.5, 0.0, 0.0]
    assert verifiers_reward(talk, {"target": target}, prompt="?", answer="B", state={}) == 1.0
    assert verifiers_reward(talk, info={"target": target}, weights=Weights(accuracy=0, partial=0)) == 0.0
    assert text_of([{"role": "assistant", "content": None}]) == ""
    with pytest.raises(ValidationError):
        reward("{}", "Answer: B")
    with pytest.raises(ValueError, match="shorter"):
        reward_fn(["Answer: B"], target=[])


def test_abstaining_is_preserved_in_a_target():
    item = question(1, Integer(may_abstain=True))
    assert reward(target_of(item, answer(item, None)), "Answer: cannot be answered").total == 1.0


def test_threads_get_what_one_thread_gets():
    cases = [
        (Target(format=form, answer=value, steps=STEPS, duration=LENGTH), reference_response(form, other))
        for form, answers in EQUALLY_LIKELY
        for value in answers[:8]
        for other in answers[:8]
    ]
    alone = [reward(*case) for case in cases]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            assert list(pool.map(lambda case: reward(*case), cases)) == alone


BAIT = [
    "Evidence: ",
    "1 to 2 s, ",
    "perceive: ",
    "infer: ",
    "swap(a1, b2)",
    " @ 3 s",
    "\n",
    "Answer: ",
    "B",
    "(",
    "\0",
    "\ud800",
    "@",
    "nan ",
    "9" * 50,
]


@given(
    st.sampled_from(EQUALLY_LIKELY),
    st.lists(st.one_of(st.sampled_from(BAIT), st.text(max_size=6)), max_size=30).map("".join),
)  # fmt: skip
@settings(max_examples=400, deadline=None)
def test_no_response_crashes_it_or_leaves_the_range(case, response):
    form, answers = case
    target = Target(format=form, answer=answers[0], steps=STEPS, evidence=(Evidence(start=1, end=2),), duration=LENGTH)
    found = reward(target, response, Weights(format=1, grounded=1, steps=1, consistency=1))
    for part in (found.partial, found.grounded, found.total):
        assert part is not None and -1.0 <= part <= 1.0
    for part in (found.format, found.accuracy, found.steps, found.consistency):
        assert part is not None and 0.0 <= part <= 1.0


@pytest.mark.parametrize(
    "bait", ["Evidence: 1 to 2 s, 3 to 4 s, ", "evidence*", "perceive: a @ 1 s\n", "swap(a1, b2) @ 4 s\n", "f(\n"]
)
def test_no_response_takes_long(bait):
    """64 kB of bait: at most 100 ms of this process's time, the best of five."""
    target = Target(
        format=OPTIONS, answer="B", steps=STEPS * 4, evidence=(Evidence(start=1, end=2),) * 8, duration=60.0
    )
    taken = []
    while len(taken) < 5 and min(taken, default=1.0) >= 0.1:
        start = time.process_time()
        reward(target, bait * (200_000 // len(bait)) + "\nAnswer: B")
        taken.append(time.process_time() - start)
    assert min(taken) < 0.1, taken


def targets_and_responses() -> list[tuple[str, str]]:
    """A wrong answer to a question of each format, and a reasoned right one."""
    rows = [
        (Target(format=form, answer=values[0], duration=LENGTH), reference_response(form, values[1]))
        for form, values in EQUALLY_LIKELY
    ]
    reasoned = Target(format=OPTIONS, answer="B", steps=STEPS, evidence=(Evidence(start=0, end=2),), duration=20.0)
    return [(target.model_dump_json(), said) for target, said in [*rows, (reasoned, REASONED)]]


BOXES: dict[str, JsonValue] = {str(second): [0.1, 0.1, 0.4, 0.4 + second / 100] for second in range(2)}
TWO_BOXES = Target(format=Boxes(), answer=BOXES, duration=LENGTH).model_dump_json()
BESIDE = reference_response(Boxes(), {second: [0.15, 0.1, 0.4, 0.5] for second in BOXES})


@pytest.mark.parametrize("rows", [targets_and_responses(), [(TWO_BOXES, BESIDE)]], ids=["every format", "boxes"])
def test_five_thousand_a_second(rows):
    """On one core, in the process's own time; the best of several, as others use the core too."""
    best = 0.0
    for _ in range(20):
        start = time.process_time()
        for _ in range(50):
            for target, response in rows:
                reward(target, response)
        best = max(best, 50 * len(rows) / (time.process_time() - start))
        if best >= 5000:
            break
    assert best >= 5000, best


def test_importing_is_quick_and_draws_in_nothing_heavy():
    code = (
        "import sys, time; start = time.process_time(); import harness.reward; print(time.process_time() - start);"
        "print(*{'numpy', 'scipy', 'matplotlib', 'manim', 'pybullet', 'moviepy', 'pyarrow', 'av', 'rich'} & {*sys.modules})"
    )
    best = 9.9
    for _ in range(8):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        taken, heavy, *_ = [*done.stdout.split("\n"), ""]
        assert heavy == ""
        best = min(best, float(taken))
        if best < 0.5:
            break
    assert best < 0.5
