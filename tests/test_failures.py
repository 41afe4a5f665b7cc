"""Why answers are wrong: evidence in the frames given or not, steps named or not, and which near miss, each worked by hand."""

import pytest
from click.testing import CliRunner
from datasets import answer, question, write_dataset, write_responses

from harness.failures import failure, near_miss, sampler, seen
from harness.report import score_files
from morse.cli import main
from morse.errors import BadInput
from morse.schema import (
    HEARING,
    AnswerFormat,
    Boolean,
    Choice,
    Evidence,
    Grid,
    Integer,
    Mapping,
    MultiChoice,
    Number,
    Permutation,
    Sequence,
    Set,
    Span,
    Step,
    Text,
)

SPANS = (Evidence(start=1.0, end=2.0), Evidence(start=5.0, end=5.5))


def test_evidence_is_seen_where_frames_lie_dense_enough():
    """At 2 frames a second no gap of a span may be longer than half a second."""
    assert seen(SPANS, [1.1, 1.5, 1.9, 5.2], 2.0) == "seen"
    assert seen(SPANS, [1.1, 1.9, 5.2], 2.0) == "partly seen"  # 0.8 s of the first span are not shown
    assert seen(SPANS, [1.1, 1.9, 5.2], 1.0) == "seen"
    assert seen(SPANS[:1], [1.1, 1.9], 2.0) == "partly seen"  # two glimpses are more than nothing
    assert seen(SPANS, [0.5, 3.0], 2.0) == "not seen"
    assert seen(SPANS, [1.1, 1.5, 1.9, 5.2], 2.0, asked_at=3.0) == "partly seen"
    assert seen(SPANS, [], 2.0) == "not seen"


def test_samplers():
    assert sampler("frames:4")(8.0) == [1.0, 3.0, 5.0, 7.0]
    assert sampler("fps:2")(1.2) == [0.0, 0.5, 1.0]
    for text in ("frames", "frames:0", "frames:1.5", "fps:-1", "every", "fps:x", "frames:1e9"):
        with pytest.raises(BadInput, match="frames:32"):
            sampler(text)


STEPS = (
    Step(kind="perceive", claim="swap(a, b)", time=3.0),
    Step(kind="perceive", claim="swap(b, c)", time=6.0),
    Step(kind="infer", claim="at(coin, c)", needs=(0, 1)),
)


def test_wrong_answers_are_sorted_by_where_they_went_wrong():
    private = answer(question(1, Integer()), 3).model_copy(update={"steps": STEPS})
    all_seen = "swap(a, b) @ 3.2 s\nswap(b, c) @ 6.5 s\ninfer: at(coin, b)\nAnswer: 4"
    half_seen = "swap(a, b) @ 3.2 s\nAnswer: 4"
    none_seen = "swap(a, d) @ 3.2 s\nswap(a, b) @ 9 s\nAnswer: 3"
    assert failure(private, all_seen, False, "seen") == "wrong inference"
    assert failure(private, all_seen, False, None) == "wrong inference"
    assert failure(private, half_seen, False, "seen") == "not perceived"
    assert failure(private, half_seen, False, "partly seen") == "not shown"
    assert failure(private, half_seen, False, "not seen") == "not shown"
    assert failure(private, none_seen, True, "seen") == "lucky"
    assert failure(private, half_seen, True, "seen") is None
    assert failure(private, "Answer: 3", True, "not seen") == "lucky"
    assert failure(private, "Answer: 4", False, "seen") is None and failure(private, None, False, None) is None


NEAR: list[tuple[AnswerFormat, object, object, str]] = [
    (Integer(), 7, 8, "one too many"),
    (Integer(), 7, 6, "one too few"),
    (Integer(), 7, 12, "too high"),
    (Number(absolute=0.1), 2.5, 1.0, "too low"),
    (Boolean(), True, False, "said no"),
    (Text(vocabulary=("red cup", "blue cup", "ring")), "red cup", "blue cup", "shares a word with the answer"),
    (Text(vocabulary=("red", "blue")), "red", "blue", "another entry"),
    (Permutation(size=4), [1, 2, 3, 4], [1, 3, 2, 4], "two neighbours exchanged"),
    (Permutation(size=4), [1, 2, 3, 4], [4, 2, 3, 1], "two exchanged"),
    (Permutation(size=4), [1, 2, 3, 4], [4, 3, 2, 1], "reversed"),
    (Permutation(size=4), [1, 2, 3, 4], [2, 3, 1, 4], "the same entries in another order"),
    (Sequence(vocabulary=("a", "b")), ["a", "b"], ["a", "b", "b"], "one too many"),
    (Sequence(vocabulary=("a", "b", "c")), ["a", "b", "b"], ["a", "b", "c"], "one entry wrong"),
    (Set(vocabulary=("a", "b", "c")), ["a", "b"], ["a"], "one missed"),
    (Set(vocabulary=("a", "b", "c")), ["a", "b"], ["a", "c"], "one exchanged for another"),
    (Mapping(keys=("l", "r"), vocabulary=("1", "2")), {"l": "1", "r": "2"}, {"l": "2", "r": "1"}, "two exchanged"),
    (Mapping(keys=("l", "r"), vocabulary=("1", "2")), {"l": "1", "r": "2"}, {"l": "1", "r": "1"}, "one entry wrong"),
    (Grid(rows=1, columns=3, vocabulary=("x", "o")), [["x", "o", "x"]], [["o", "x", "o"]], "several entries wrong"),
    (Span(), [2.0, 4.0], [5.0, 6.0], "too late"),
    (Span(), [2.0, 4.0], [1.0, 2.1], "too early"),
    (Span(), [2.0, 4.0], [0.0, 9.0], "too long"),
    (Span(), [2.0, 4.0], [3.0, 3.2], "too short"),
]


@pytest.mark.parametrize(("form", "right", "said", "name"), NEAR)
def test_near_misses(form, right, said, name):
    assert near_miss(form, answer(question(1, form), right), said, False) == name


def test_what_is_right_of_another_moment_is_told():
    places = Text(vocabulary=("a", "b", "c", "d"))
    steps = (*STEPS[:1], Step(kind="infer", claim="at(coin, b)"), *STEPS[1:])
    private = answer(question(1, places), "c").model_copy(update={"steps": steps})
    assert near_miss(places, private, "b", False) == "a state on the way"
    assert near_miss(places, private, "a", False) == "something else that happens"
    assert near_miss(places, private, "d", False) == "another entry"
    pairs = Choice(options=("a and b", "b and c", "c and d"))
    asked = answer(question(1, pairs), "A")
    chosen = asked.model_copy(update={"steps": STEPS, "option_values": (["a", "b"], ["c", "b"], ["c", "d"])})
    assert near_miss(pairs, chosen, "B", False) == "something else that happens"
    assert near_miss(pairs, chosen, "C", False) == "several entries wrong"


def test_options_are_told_by_what_they_stand_for():
    numbers = answer(question(1, Choice(options=("3", "4", "9"))), "A").model_copy(update={"option_values": (3, 4, 9)})
    assert near_miss(Choice(options=("3", "4", "9")), numbers, "B", False) == "one too many"
    assert near_miss(Choice(options=("3", "4", "9")), numbers, "C", False) == "too high"
    pairs = Choice(options=("a and b", "b and a"))
    private = answer(question(1, pairs), "A").model_copy(update={"option_values": (["a", "b"], ["b", "a"])})
    assert near_miss(pairs, private, "B", False) == "reversed"
    several = MultiChoice(options=("p", "q", "r"))
    assert near_miss(several, answer(question(1, several), ["A"]), ["A", "C"], False) == "one too many"
    assert near_miss(pairs, private, None, True) == "abstained, though there is an answer"
    assert near_miss(pairs, answer(question(1, pairs), None), "A", False) == "answered, though the premise is false"


def test_the_report_counts_them(tmp_path):
    """Two clips; frames of the first show the evidence, those of the second do not."""
    items = [(question(i, Integer(), clip=f"{i // 2:016x}"), 5) for i in range(4)]
    folder = write_dataset(tmp_path / "set", items)
    lines = [
        answer(q, value).model_copy(update={"evidence": SPANS[:1], "steps": STEPS}).model_dump_json()
        for q, value in items
    ]
    (folder / "private/answers.jsonl").write_text("\n".join(lines) + "\n")
    rows: list[dict[str, object]] = [
        {"question_id": "q0", "response": "5", "frames": [1.0, 1.5, 2.0]},
        {"question_id": "q1", "response": "6", "frames": [1.0, 1.5, 2.0]},
        {"question_id": "q2", "response": "6", "frames": [0.0, 3.0]},
        {"question_id": "q3", "response": "6", "frames": [0.0, 3.0]},
    ]
    given = write_responses(tmp_path / "r.jsonl", rows)
    report = score_files(folder, given)
    evidence = {group.name[0]: group.accuracy.mean for group in report.groups["evidence"] if group.accuracy}
    assert evidence == {"seen": 0.5, "not seen": 0.0}
    assert report.failures == {"not shown": 2}
    assert [(miss.near_miss, miss.questions, miss.share) for miss in report.near_misses] == [("one too many", 3, 1.0)]
    assert [group.name for group in report.groups["perceive"]] == [("2–3",)]
    assert (report.results[0].perceive, report.results[0].infer) == (2, 1)
    printed = CliRunner().invoke(main, ["score", str(folder), str(given)])
    assert (
        printed.exit_code == 0 and "evidence in the frames given" in printed.output and "not shown 2" in printed.output
    )


BAD = [
    ('{"question_id": "q0", "response": "5", "frames": 3}', "frames must be a list"),
    ('{"question_id": "q0", "response": "5", "frames": [-1]}', "frames must be times in seconds"),
    ('{"question_id": "q0", "response": "5", "frames": ["a"]}', "frames must be times in seconds"),
    ('{"question_id": "q0", "response": "5", "frames": [NaN]}', "frames must be times in seconds"),
]


@pytest.mark.parametrize(("line", "message"), BAD)
def test_bad_frames_are_one_line(tmp_path, line, message):
    folder = write_dataset(tmp_path / "set", [(question(0, Integer()), 5)])
    (tmp_path / "r.jsonl").write_text(line + "\n")
    result = CliRunner().invoke(main, ["score", str(folder), str(tmp_path / "r.jsonl")])
    assert result.exit_code == 2 and message in result.output and result.output.count("\n") == 1
    odd = CliRunner().invoke(main, ["score", str(folder), str(tmp_path / "r.jsonl"), "--shown", "all"])
    assert odd.exit_code == 2 and odd.output.count("\n") == 1


def test_frames_do_not_tell_whether_sound_was_given(tmp_path):
    """Of a question that needs what is heard, frames that lie in the evidence say nothing."""
    asked = [question(0, Integer()), question(1, Integer()).model_copy(update={"skills": (HEARING, "count")})]
    folder = write_dataset(tmp_path / "set", [(item, 5) for item in asked])
    lines = [answer(item, 5).model_copy(update={"evidence": SPANS[:1]}).model_dump_json() for item in asked]
    (folder / "private/answers.jsonl").write_text("\n".join(lines) + "\n")
    rows: list[dict[str, object]] = [{"question_id": f"q{i}", "response": "6", "frames": [9.0]} for i in range(2)]
    report = score_files(folder, write_responses(tmp_path / "r.jsonl", rows))
    assert [result.evidence for result in report.results] == ["not seen", None]
    assert [result.failure for result in report.results] == ["not shown", None]
