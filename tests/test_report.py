"""``morse score`` end to end: figures by hand, outcomes apart, bad files each with one line and exit code 2."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from datasets import question, write_dataset, write_responses

from harness.report import Report, make_report, score_files
from harness.responses import Response, read_responses
from morse.cli import main
from morse.errors import BadInput
from morse.schema import Choice, Permutation

OPTIONS = Choice(options=("red", "green", "blue", "pink"))


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Three clips: two spatial with two questions each, one temporal with a permutation."""
    return write_dataset(
        tmp_path / "set",
        [
            (question(1, OPTIONS, clip="a" * 16), "A"),
            (question(2, OPTIONS, clip="a" * 16), "B"),
            (question(3, OPTIONS, clip="b" * 16, level=3), "C"),
            (question(4, OPTIONS, clip="b" * 16, level=3), "D"),
            (question(5, Permutation(size=4), clip="c" * 16, category="temporal", chance=1 / 24), [3, 1, 2, 4]),
        ],
    )


def responses(tmp_path: Path, **texts: object) -> Path:
    return write_responses(
        tmp_path / "responses.jsonl", [{"question_id": name, "response": text} for name, text in texts.items()]
    )


def test_figures_by_hand(dataset, tmp_path):
    """Right: q1, q2; wrong: q5 (half of its steps right); unparsed: q3; missing: q4."""
    report = score_files(
        dataset, responses(tmp_path, q1="Answer: A", q2="(B)", q3="A or B", q5="Correct order: 3, 2, 1, 4")
    )
    accuracy = report.total.accuracy
    assert accuracy is not None and accuracy.error is not None
    assert (accuracy.mean, accuracy.questions, accuracy.clips) == (0.4, 5, 3)
    # residual sums of the clips: 2 × .6, 2 × −.4, −.4; Σ squares = 1.44 + .64 + .16; SE = √(2.24 × 3/2) / 5
    assert accuracy.error == pytest.approx((2.24 * 1.5) ** 0.5 / 5)
    assert report.total.chance == pytest.approx((4 * 0.25 + 1 / 24) / 5)
    assert report.total.rates.model_dump() == {"questions": 5, "scored": 3, "unparsed": 1, "missing": 1, "failed": 0}
    assert report.macro_accuracy is not None and report.macro_accuracy.mean == (0.5 + 0.0) / 2
    by_level = {group.name: group.accuracy.mean for group in report.groups["category, level"] if group.accuracy}
    assert by_level == {("spatial", "1"): 1.0, ("spatial", "3"): 0.0, ("temporal", "1"): 0.0}
    assert report.groups["format"][1].measures == {"step_accuracy": 0.5, "kendall_tau": pytest.approx(1 - 2 / 6)}


def test_failed_calls_count_for_nothing(dataset, tmp_path):
    rows = [{"question_id": "q1", "response": "A"}, {"question_id": "q2", "response": None, "error": "rate limit"}]
    report = score_files(dataset, write_responses(tmp_path / "r.jsonl", rows))
    assert report.total.rates.failed == 1 and report.total.accuracy is not None
    assert report.total.accuracy.questions == 4 and report.total.accuracy.mean == 0.25
    only = score_files(
        dataset, write_responses(tmp_path / "f.jsonl", [{"question_id": f"q{n}", "error": "down"} for n in range(1, 6)])
    )
    assert only.total.accuracy is None and only.score is None


def test_headline_follows_the_recipe(tmp_path):
    items = [
        (question(1, OPTIONS, clip="a" * 16), "A"),
        (question(2, OPTIONS, clip="b" * 16, category="temporal"), "A"),
    ]
    data = write_dataset(tmp_path / "set", items, headline="macro_accuracy")
    report = score_files(data, responses(tmp_path, q1="A", q2="B"))
    assert report.score == report.macro_accuracy
    odd = write_dataset(tmp_path / "odd", items, headline="beauty")
    with pytest.raises(BadInput, match="'beauty' is none of accuracy"):
        score_files(odd, responses(tmp_path, q1="A"))


def test_command_prints_and_writes_the_same_bytes_each_time(dataset, tmp_path):
    given = responses(tmp_path, q1="A [bold]\x1b[31m", q2="\ud800 B", q5="Correct order: 3, 1, 2, 4")
    outputs = []
    for name in ("one.json", "two.json"):
        result = CliRunner().invoke(main, ["score", str(dataset), str(given), "--json", str(tmp_path / name)])
        assert result.exit_code == 0, result.output
        assert "60.0 %" in result.output and "spatial" in result.output and "\x1b" not in result.output
        outputs.append((tmp_path / name).read_bytes())
    assert outputs[0] == outputs[1]
    assert Report.model_validate_json(outputs[0]).total.rates.missing == 2


BAD = {
    "broken JSON": ('{"question_id": "q1", "response": "A"}\n{"question_id"\n', "line 2: broken JSON"),
    "not an object": ("[1]\n", "line 1: must be an object"),
    "no id": ('{"response": "A"}\n', "line 1: question_id must be a text, not missing"),
    "number as id": ('{"question_id": 7, "response": "A"}\n', "question_id must be a text, not a number"),
    "number as response": ('{"question_id": "q1", "response": 7}\n', "line 1: response must be a text, not a number"),
    "null response": ('{"question_id": "q1", "response": null}\n', "response must be a text, not missing"),
    "unknown id": ('{"question_id": "q77", "response": "A"}\n', "1 of 1 responses are to questions .* 'q77'"),
    "duplicate": (
        '{"question_id": "q1", "response": "A"}\n\n{"question_id": "q1", "response": "B"}\n',
        r"line 3: question 'q1' is answered twice \(first on line 1\)",
    ),
    "two models": (
        '{"question_id": "q1", "response": "A", "model": "m"}\n{"question_id": "q2", "response": "A", "model": "n"}\n',
        "several models",
    ),
    "nested": ('{"question_id": "q1", "response": ' + "[" * 100_000 + "\n", "line 1: (broken JSON|JSON nested)"),
    "empty": ("", "holds no responses"),
    "usage": ('{"question_id": "q1", "response": "A", "usage": 3}\n', "usage must be an object"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_in_one_line(dataset, tmp_path, name):
    text, message = BAD[name]
    file = tmp_path / "bad.jsonl"
    file.write_text(text)
    with pytest.raises(BadInput, match=message):
        score_files(dataset, file)
    result = CliRunner().invoke(main, ["score", str(dataset), str(file), "--json", str(tmp_path / "out.json")])
    assert result.exit_code == 2 and result.output.count("\n") == 1 and not (tmp_path / "out.json").exists()


def test_csv_byte_order_mark_and_long_lines(tmp_path):
    table = tmp_path / "r.csv"
    table.write_bytes(
        '\ufeffquestion_id,response,model,error,usage\r\nq1,"two\nlines, B",m,,"{""tokens"": 5}"\r\nq2,,m,boom,\r\n'.encode()
    )
    first, second = read_responses(table)
    assert first == Response("q1", "two\nlines, B", "m", None, {"tokens": 5.0})
    assert (second.text, second.error) == ("", "boom")
    marked = tmp_path / "r.jsonl"
    marked.write_bytes(b'\xef\xbb\xbf{"question_id": "q1", "response": "B", "extra": 1}\n')
    assert read_responses(marked)[0].text == "B"
    for content, message in ((b"\xff\xfe{}", "not UTF-8"), (b" " * ((8 << 20) + 2), "longer than")):
        marked.write_bytes(content)
        with pytest.raises(BadInput, match=message):
            read_responses(marked)
    for content, message in (
        ("question_id,text\n", "no column 'response'"),
        ("question_id,response\nq1\n", "line 2: not 2 cells"),
        ('question_id,response\nq1,"a\n', "broken CSV"),
    ):
        table.write_text(content)
        with pytest.raises(BadInput, match=message):
            read_responses(table)


def test_a_published_half_cannot_be_scored(dataset, tmp_path):
    for file in (dataset / "private").iterdir():
        file.unlink()
    (dataset / "private").rmdir()
    with pytest.raises(BadInput, match="private"):
        score_files(dataset, responses(tmp_path, q1="A"))


def test_scoring_imports_nothing_heavy(dataset, tmp_path):
    given = responses(tmp_path, q1="A")
    code = (
        "import sys; from pathlib import Path; from harness.report import score_files;"
        f"score_files(Path({str(dataset)!r}), Path({str(given)!r}));"
        "print([name for name in ('numpy', 'scipy', 'matplotlib', 'manim', 'pybullet', 'moviepy', 'pyarrow', 'av', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.replace("'", '"')) == []


def test_reports_of_no_questions_hold_no_figures():
    report = make_report([], {}, {}, recipe="none")
    assert report.score is None and report.total.rates.questions == 0


def test_the_module_runs_the_command_too(dataset, tmp_path):
    given = responses(tmp_path, q1="A")
    done = subprocess.run(
        [sys.executable, "-m", "morse.cli", "score", str(dataset), str(given)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "20.0 %" in done.stdout


def test_published_schemas_are_those_of_the_records():
    from docs.schemas import FOLDER, PUBLISHED, schema

    for name in PUBLISHED:
        assert (FOLDER / f"{name}.schema.json").read_text() == schema(name), "run: python -m docs.schemas"


def test_a_recipe_may_say_in_words_what_its_headline_is(tmp_path):
    data = write_dataset(
        tmp_path / "set", [(question(1, OPTIONS), "A")], headline="accuracy: the mean over all questions"
    )
    assert score_files(data, responses(tmp_path, q1="A")).headline == "accuracy"
