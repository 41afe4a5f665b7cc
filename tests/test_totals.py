"""The figures of a report, each by hand, and that only those stand there that the questions have."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from datasets import answer, question, write_dataset, write_responses

from harness.figures import Figure
from harness.report import make_report
from harness.responses import Response
from morse.cli import main
from morse.schema import (
    Boxes,
    Choice,
    Condition,
    Effect,
    Evidence,
    Integer,
    Masks,
    MultiChoice,
    Operator,
    Permutation,
    Plan,
    PlanProblem,
    Sequence,
    Span,
    Step,
)

OPTIONS = Choice(options=("red", "green", "blue", "pink"))


def figures(items: list, texts: dict[int, str]) -> dict[str, Figure]:
    """The report's figures by name; ``items``: (question, answer[, steps])."""
    questions = [item[0] for item in items]
    answers = {item[0].question_id: answer(*item) for item in items}
    responses = {f"q{number}": Response(f"q{number}", text) for number, text in texts.items()}
    return {figure.name: figure for figure in make_report(questions, answers, responses, recipe="r").figures}


def test_a_set_of_single_choices_has_no_further_figures():
    items = [(question(n, OPTIONS, clip=str(n)), "A") for n in (1, 2)]
    assert figures(items, {1: "A", 2: "B"}) == {}


def test_options_and_positions_count_over_the_whole_set():
    """Options: "A, B" for A, C decides 2 of 4 rightly, and 0 of 2 where nothing is read: 2 of 6. Positions: 1 of 3 and 0 of 5."""
    four, two = MultiChoice(options=("p", "q", "r", "s")), MultiChoice(options=("p", "q"))
    items = [
        (question(1, four, clip="1"), ["A", "C"]),
        (question(2, two, clip="2"), ["A"]),
        (question(3, Permutation(size=3), clip="3"), [3, 1, 2]),
        (question(4, Permutation(size=5), clip="4"), [1, 2, 3, 4, 5]),
    ]
    found = figures(items, {1: "Answer: A, B", 2: "A or B", 3: "3, 2, 1", 4: "1, 2, 3"})
    assert (found["option_accuracy"].value, found["option_accuracy"].count) == (2 / 6, 6)
    assert (found["per_option"].value, found["per_option"].count) == ((2 / 4 + 0) / 2, 2)
    assert (found["step_accuracy_micro"].value, found["step_accuracy_micro"].count) == (1 / 8, 8)
    assert found["step_accuracy"].value == pytest.approx((1 / 3 + 0) / 2) and found["exact_order"].value == 0.0
    assert found["kendall_tau"].low == -1.0 and "positions" in found["step_accuracy_micro"].over


def test_what_when_and_where():
    """tIoU of [2, 6] and [4, 8] is ⅓; the box covers half of the wanted one in the one second: vIoU ½. The answer is right."""
    items = [
        (question(1, OPTIONS, clip="1"), "A"),
        (question(2, Span(), clip="1"), [2.0, 6.0]),
        (question(3, Boxes(), clip="1"), {"3": [0.0, 0.0, 1.0, 1.0]}),
    ]
    found = figures(items, {1: "A", 2: "From 4 to 8 seconds", 3: '{"3": [0, 0, 0.5, 1]}'})
    assert found["mean_iou"].value == pytest.approx(1 / 3)
    assert [found[f"recall_at_{at}"].value for at in (0.3, 0.5, 0.7)] == [1.0, 0.0, 0.0]
    assert found["viou"].value == found["reference_viou"].value == 0.5 and found["ap_at_0.5"].value == 1.0
    assert found["am"].value == pytest.approx((1 + 1 / 3 + 1 / 2) / 3) and found["joint"].value == 1.0
    assert found["lgm"].value == pytest.approx((13.815511 + 0.405465 + 0.693147) / 3, abs=1e-5)
    assert (found["am"].count, found["am"].over) == (1, "clips with questions of what, when and where")


def test_questions_of_one_clip_count_together():
    """Clip 1: recall right, 1 of 2 beyond right; clip 2: recall wrong, 1 of 1 beyond right. CA ½, RWR 1, group score ⅓."""
    items = [
        (question(1, OPTIONS, clip="1"), "A"),
        (question(2, OPTIONS, clip="1", reasoning="infer"), "A"),
        (question(3, OPTIONS, clip="1", reasoning="predict"), "A"),
        (question(4, OPTIONS, clip="2"), "A"),
        (question(5, OPTIONS, clip="2", reasoning="explain"), "A"),
    ]
    found = figures(items, {1: "A", 2: "A", 3: "B", 4: "B", 5: "A"})
    values = {name: figure.value for name, figure in found.items()}
    assert values == {"all_right": 0.0, "group_score": pytest.approx(1 / 3), "ca": 0.5, "rwr": 1.0, "delta": 0.5}
    assert {name: figure.count for name, figure in found.items()} == {
        "all_right": 2, "group_score": 3, "ca": 2, "rwr": 1, "delta": 3,
    }  # fmt: skip


def test_one_question_at_several_times():
    items = [(question(n, OPTIONS, clip="12"[n // 3], asked_at=float(n)), "A") for n in (1, 2, 3, 4)]
    found = figures(items, {1: "A", 2: "A", 3: "A", 4: "B"})
    assert (found["consistency_over_time"].value, found["consistency_over_time"].count) == (0.5, 2)


def test_leaving_questions_unanswered():
    """Right; rightly left; wrongly left; wrong: CO 2/4, CGA 2/3, F = 2 · ⅔ · ½ / (⅔ + ½) = 4/7."""
    form = Integer(may_abstain=True)
    items = [(question(n, form, clip=str(n)), value) for n, value in ((1, 3), (2, None), (3, 5), (4, 5))]
    left = "Answer: cannot be answered"
    found = figures(items, {1: "3", 2: left, 3: left, 4: "7"})
    assert found["co"].value == 0.5 and found["cga"].value == pytest.approx(2 / 3) and found["cga"].count == 3
    assert found["abstention_f"].value == pytest.approx(4 / 7)


def test_steps_are_judged_where_responses_name_them():
    steps = (
        Step(kind="perceive", claim="swap(a1, b2)", time=4.0),
        Step(kind="infer", claim="at(coin, b2)", needs=(0,)),
    )
    items = [(question(1, OPTIONS, clip="1"), "A", steps), (question(2, OPTIONS, clip="2"), "A", steps)]
    assert not any(name.startswith("steps") for name in figures(items, {1: "A", 2: "A"}))
    found = figures(items, {1: "swap(a1, b2) @ 5 s\nat(coin, c1)\nAnswer: A", 2: "A"})
    assert found["steps_perceive_recall"].value == 0.5 and found["steps_infer_recall"].value == 0.0
    assert found["steps_all_precision"].value == 0.25 and found["steps_all_precision"].count == 2


def test_failed_calls_are_left_out():
    items = [question(n, Permutation(size=2), clip=str(n)) for n in (1, 2)]
    answers = {item.question_id: answer(item, [1, 2]) for item in items}
    responses = {"q1": Response("q1", "1, 2"), "q2": Response("q2", "", error="down")}
    report = make_report(items, answers, responses, recipe="r")
    assert {figure.name: (figure.value, figure.count) for figure in report.figures}["exact_order"] == (1.0, 1)


def test_how_near_to_the_shortest_plans_are():
    """From a to b in one step or over c in two. The shortest, one that takes two steps, and one that never gets there: of the
    two that do, 1 and ½ are ¾ on average; with the third, ½."""
    go = Operator(
        name="go",
        parameters={"?to": ("a", "b", "c")},
        needs=(Condition(term="at", test="is not", value="?to"),),
        does=(Effect(action="set", term="at", value="?to"),),
    )
    goal = (Condition(term="at", value="b"),)
    problem = PlanProblem(initial={"at": "a"}, operators=(go,), goal=goal, solution=("go(b)",)).model_dump(mode="json")
    items = [(question(n, Plan(syntax="go(a)"), clip=str(n)), problem) for n in (1, 2, 3)]
    found = figures(items, {1: "go(b)", 2: "go(c), go(b)", 3: "go(c)"})
    assert (found["optimality"].value, found["optimality"].count) == (0.75, 2)
    assert (found["spl"].value, found["spl"].count) == (0.5, 3)
    assert "optimality" not in figures(items[2:], {3: "go(c)"})


def in_time(items: list, texts: dict[str, str]) -> dict[str, Figure]:
    """The report's figures by name; ``items``: (question, answer, where its evidence ends)."""
    answers = {
        item.question_id: answer(item, value).model_copy(update={"evidence": (Evidence(start=0.0, end=end),)})
        for item, value, end in items
    }
    responses = {name: Response(name, text) for name, text in texts.items()}
    report = make_report([item for item, *_ in items], answers, responses, recipe="r")
    return {figure.name: figure for figure in report.figures}


WAIT = "Answer: cannot be answered"


def test_how_soon_an_answer_comes_and_whether_it_comes_too_soon():
    """Two clips, asked at 2, 4, 6, 8 s what can be known from 5 s on. The first model waits at 2, guesses at 4, is wrong at 6 and right
    at 8: 3 s late. The second is right at 6: 1 s late; it waits at 2 and at 4. One of four early probes is answered."""
    form = Choice(options=("red", "green"), may_abstain=True)
    items = [
        (question(4 * clip + at // 2, form, clip=str(clip), asked_at=float(at)), None if at < 5 else "A", 5.0)
        for clip in (0, 1)
        for at in (2, 4, 6, 8)
    ]
    said = {"q1": WAIT, "q2": "A", "q3": "B", "q4": "A", "q5": WAIT, "q6": WAIT, "q7": "A", "q8": "A"}
    found = in_time(items, said)
    assert (found["latency"].value, found["latency"].count, found["latency"].high) == (2.0, 2, None)
    assert (found["too_early"].value, found["too_early"].count) == (0.25, 4)
    never = in_time(items, {name: WAIT for name in said})
    assert "latency" not in never and never["too_early"].value == 0.0


def test_what_was_and_what_is():
    """Asked at 10 s: of what ended at 3 s one of two is right, of what ended at 9 s the one. Mean of the modes: (½ + 1) / 2."""
    items = [(question(n, OPTIONS, clip=str(n), asked_at=10.0), "A", end) for n, end in ((1, 3.0), (2, 3.0), (3, 9.0))]
    found = in_time(items, {"q1": "A", "q2": "B", "q3": "A"})
    assert (found["mode_backward"].value, found["mode_real_time"].value) == (0.5, 1.0)
    assert (found["mean_of_modes"].value, found["mean_of_modes"].count) == (0.75, 2)


def test_boxes_are_tracks_and_masks():
    """Two seconds wanted. In one the left half of the wanted box is said (IoU ½, its middle 1/8 of 256 = 32 pixels off: beyond all
    distances), in the other nothing. Track IoU (½ + 0) / 2; J the same. Of no target, as much is said as of the other."""
    form = Boxes(may_abstain=True)
    items = [
        (question(1, form, clip="1"), {"3": [0.0, 0.0, 0.5, 1.0], "4": [0.0, 0.0, 0.5, 1.0]}),
        (question(2, form, clip="2"), None),
    ]
    half = '{"3": [0, 0, 0.25, 1]}'
    found = figures(items, {1: half, 2: half})
    assert found["track_iou"].value == 0.25 and found["track_iou"].count == 2
    assert found["average_jaccard"].value == 0.0
    assert found["j"].value == 0.25 and 0 <= found["f"].value < 0.5
    assert found["j_and_f"].value == pytest.approx((found["j"].value + found["f"].value) / 2)
    assert (found["robustness"].value, found["robustness"].low) == (0.0, None)
    right = figures(items, {1: json.dumps(items[0][1]), 2: WAIT})
    assert [right[name].value for name in ("track_iou", "average_jaccard", "j", "f", "robustness")] == [1.0] * 5


def test_masks_are_measured_as_masks():
    """Wanted at 3 s the left half; said the upper left quarter: J = ½. At 4 s, which is not wanted, something: J = 0."""
    form = Masks(height=4, width=4, may_abstain=True)
    left, quarter = [[0, 8, 8], [0, 2, 2, 2, 10]]
    items = [
        (question(1, form, clip="1"), {"3": {"size": [4, 4], "counts": left}}),
        (question(2, form, clip="2"), None),
    ]
    said = json.dumps({"3": {"size": [4, 4], "counts": quarter}, "4": [0, 0, 1, 1]})
    found = figures(items, {1: said, 2: WAIT})
    assert (
        found["mask_j"].value == 0.25
        and found["mask_j"].count == 2
        and found["mask_viou"].value == pytest.approx((0.25 + 1) / 2)
    )
    assert found["mask_robustness"].value == 1.0 and "j" not in found
    right = figures(items, {1: json.dumps(items[0][1]), 2: WAIT})
    assert [right[name].value for name in ("mask_j", "mask_f", "mask_j_and_f")] == [1.0] * 3


def test_captions_that_fit():
    """Of three questions one asks which caption fits, and is right; the others, one of them wrong, count for nothing here."""
    items = [(question(n, OPTIONS, clip=str(n)), "A") for n in (1, 2, 3)]
    assert "recall_at_1" not in figures(items, {1: "A", 2: "B", 3: "A"})
    items[0] = (items[0][0].model_copy(update={"skills": ("caption", "order")}), "A")
    found = figures(items, {1: "A", 2: "B", 3: "A"})["recall_at_1"]
    assert (found.value, found.count) == (1.0, 1)


def test_words_in_the_clip():
    """Wanted: K7 Q2 K7; said: K7 Q2 M1, of which two stand there: P = R = 2/3; the other says nothing: 0. Together 2 of 3 said, 2 of 5."""
    form = Sequence(vocabulary=("K7", "Q2", "M1"))
    items = [(question(1, form, clip="1"), ["K7", "Q2", "K7"]), (question(2, form, clip="2"), ["M1", "M1"])]
    assert not any(name.startswith("ocr") for name in figures(items, {1: "K7", 2: "K7"}))
    items = [(item.model_copy(update={"skills": ("read",)}), value) for item, value in items]
    found = figures(items, {1: "K7, Q2, M1", 2: "?"})
    assert found["ocr_precision"].value == found["ocr_recall"].value == found["ocr_f1"].value == pytest.approx(1 / 3)
    assert found["ocr_micro_precision"].value == pytest.approx(2 / 3) and found["ocr_micro_recall"].value == 0.4


def asked_again(folder: Path, file: Path, protocol: str, say) -> dict[str, Figure]:
    """The figures where a model that answers prompts (``say``) has been asked by a protocol, beside its plain responses."""
    run = CliRunner().invoke(main, ["prompts", str(folder), "--protocol", protocol, "--out", str(file)])
    assert run.exit_code == 0, run.output
    asked = [json.loads(line) for line in file.read_text().splitlines()]
    rows = [
        {"question_id": row["question_id"], "options": row["options"], "response": say(row["prompt"])} for row in asked
    ]
    given = write_responses(file.with_suffix(".responses.jsonl"), rows)
    out = file.with_suffix(".json")
    done = CliRunner().invoke(main, ["score", str(folder), str(given), "--json", str(out)])
    assert done.exit_code == 0, done.output
    return {row["name"]: Figure(**row) for row in json.loads(out.read_text())["figures"]}


def test_options_in_other_orders(tmp_path):
    """One model looks for the word, wherever it stands; one always says the letter A, and is right in one rotation of four and in
    one or two of three pairs; one knows the answer to the first question only."""
    prompt = "Which one?\n\n(A) red\n(B) green\n(C) blue\n(D) pink\n\nAnswer with the letter"
    items = [(question(n, OPTIONS, clip=str(n)).model_copy(update={"prompt": f"{n}: {prompt}"}), "C") for n in (1, 2)]
    folder = write_dataset(tmp_path / "set", items)

    def knows(prompt: str) -> str:
        return next(line for line in prompt.splitlines() if line.endswith("blue"))[:3]

    for protocol, orders in (("circular", 4), ("mbin", 3)):
        file = tmp_path / f"{protocol}.jsonl"
        found = asked_again(folder, file, protocol, knows)
        assert len(file.read_text().splitlines()) == 2 * orders
        assert (found[protocol].value, found[protocol].count) == (1.0, 2)
        assert asked_again(folder, file, protocol, lambda prompt: "A")[protocol].value == 0.0
        assert (
            asked_again(folder, file, protocol, lambda p: knows(p) if p.startswith("1") else "A")[protocol].value == 0.5
        )


@pytest.mark.parametrize("options", ["ab", "AA", 3, "A", "AZ"])
def test_orders_that_cannot_be_are_one_line(tmp_path, options):
    folder = write_dataset(tmp_path / "set", [(question(1, OPTIONS), "C")])
    given = write_responses(tmp_path / "r.jsonl", [{"question_id": "q1", "response": "A", "options": options}])
    done = CliRunner().invoke(main, ["score", str(folder), str(given)])
    assert done.exit_code == 2 and done.output.count("\n") == 1 and "options" in done.output
