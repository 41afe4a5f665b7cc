"""``morse quiz``: answers become responses that score as a model's do; a walk through it in Chromium."""

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from datasets import question

from harness.gallery.quiz import Quiz, dealt, response
from harness.gallery.server import Refused
from harness.parsing import parse
from harness.report import score_files
from harness.responses import read_responses
from harness.scoring import score
from morse.cli import main
from morse.dataset import open_dataset
from morse.errors import BadInput
from morse.schema import (
    Boolean,
    Boxes,
    Choice,
    Format,
    Grid,
    Integer,
    Mapping,
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
from tests.browser import chromium, opened
from tests.gallery_sets import make_toys, served

COLOURS = ("red", "blue", "green")
WORDS: dict[str, Any] = {"vocabulary": COLOURS}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four clips of two questions each, with videos."""
    return make_toys(tmp_path_factory.mktemp("made") / "set")


@pytest.fixture
def asked(made: Path, tmp_path: Path) -> Callable[..., Quiz]:
    return lambda **options: Quiz(open_dataset(made), tmp_path / "ada.jsonl", "ada", **options)


@pytest.mark.parametrize(
    ("format", "value", "read"),
    [
        (Choice(options=("x", "y", "z")), "B", "B"),
        (MultiChoice(options=("x", "y", "z")), ["C", "A"], ["A", "C"]),
        (Boolean(), False, False),
        (Integer(), "12", 12),
        (Number(decimals=1), "-3.25", -3.2),
        (Text(**WORDS), "blue", "blue"),
        (Sequence(**WORDS), ["red", "red", "blue"], ["red", "red", "blue"]),
        (Permutation(size=3), [3, 1, 2], [3, 1, 2]),
        (Set(**WORDS), [], []),
        (Multiset(**WORDS), ["red", "red"], ["red", "red"]),
        (Mapping(keys=("a", "b"), **WORDS), {"a": "red", "b": "red"}, {"a": "red", "b": "red"}),
        (Grid(rows=1, columns=2, **WORDS), [["red", "blue"]], [["red", "blue"]]),
        (Plan(syntax="swap(a, b)"), ["swap(a, b)", "swap(b, c)"], ["swap(a, b)", "swap(b, c)"]),
        (Span(), ["1.5", "2.25"], [1.5, 2.25]),
        (Boxes(), '{"1": [0.1, 0.2, 0.3, 0.4]}', {"1": [0.1, 0.2, 0.3, 0.4]}),
        (Integer(may_abstain=True), None, None),
    ],
)
def test_what_a_person_gives_is_read_as_it_was_meant(format: Format, value: Any, read: Any) -> None:
    parsed = parse(response(format, value), format)  # type: ignore[arg-type]
    assert parsed.readable and parsed.value == read


@pytest.mark.parametrize(
    ("format", "value"),
    [
        (Choice(options=("x", "y")), "C"),
        (Integer(), "2.5"),
        (Integer(), "many"),
        (Integer(), "1e999"),
        (Integer(), None),
        (Sequence(**WORDS), "red"),
        (Permutation(size=3), [1, 1, 2]),
        (Mapping(keys=("a", "b"), **WORDS), ["red", "red"]),
        (Grid(rows=1, columns=2, **WORDS), [["red"]]),
        (Span(), ["5"]),
        (Boxes(), "{"),
        (Plan(syntax="swap(a, b)"), "x" * 30_000),
        (Plan(syntax="swap(a, b)"), ["x" * 30_000]),
    ],
)
def test_what_could_not_be_scored_is_refused(format: Format, value: Any) -> None:
    with pytest.raises(Refused):
        response(format, value)  # type: ignore[arg-type]


def test_answers_are_written_one_at_a_time_and_gone_on_with(asked: Callable[..., Quiz], made: Path) -> None:
    quiz = asked()
    answers = list(open_dataset(made).answers())
    assert len(quiz.asked) == 8
    for answer in answers[:3]:
        quiz.answer({"question_id": answer.question_id, "value": answer.answer, "seconds": 3.14})
    rows = [json.loads(line) for line in quiz.path.read_text().splitlines()]
    assert rows[0] == {
        "question_id": answers[0].question_id,
        "response": f"Answer: {answers[0].answer}",
        "model": "ada",
        "usage": {"seconds": 3.1},
    }
    again = asked()
    assert again.rows == quiz.rows
    index = again.file("data/index.js")
    assert isinstance(index, bytes) and index.count(b'"answered":true') == 3
    again.answer({"question_id": answers[0].question_id, "value": "b" if answers[0].answer == "a" else "a"})
    assert [r.text for r in read_responses(again.path)] != [row["response"] for row in rows]
    assert len(read_responses(again.path)) == 3
    report = again.report()
    assert report is not None and (report.total.rates.questions, report.total.rates.missing) == (3, 0)
    assert [r.correct for r in report.results] == [False, True, True]
    assert score_files(made, again.path).total.rates.missing == 5


def test_no_answer_leaves_the_server_before_the_end(asked: Callable[..., Quiz], made: Path) -> None:
    quiz = asked()
    clip = quiz.asked[0].clip_id
    for name in ("data/index.js", f"data/{clip[:2]}/{clip}.js"):
        file = quiz.file(name)
        assert isinstance(file, bytes)
        for word in (b'"answer":', b"evidence", b"events", b"tracks", b"steps"):
            assert word not in file
    answer = next(answer for answer in open_dataset(made).answers() if answer.clip_id == clip)
    quiz.answer({"question_id": answer.question_id, "value": answer.answer})
    assert quiz.finish({})["score"]["mean"] == 1.0
    file = quiz.file(f"data/{clip[:2]}/{clip}.js")
    assert isinstance(file, bytes) and b'"evidence":' in file and b'"run":"ada"' in file
    with pytest.raises(Refused, match="over"):
        quiz.answer({"question_id": answer.question_id, "value": "a"})


def test_a_set_without_answers_can_be_answered(made: Path, tmp_path: Path) -> None:
    data = replace(open_dataset(made), private=None)
    quiz = Quiz(data, tmp_path / "r.jsonl", "ada")
    quiz.answer({"question_id": quiz.asked[0].question_id, "value": "a"})
    assert quiz.finish({}) == {"answered": 1, "asked": 8, "file": str(tmp_path / "r.jsonl")}
    assert quiz.report() is None


def test_anothers_file_is_left_alone(asked: Callable[..., Quiz]) -> None:
    quiz = asked()
    quiz.answer({"question_id": quiz.asked[0].question_id, "value": "a"})
    before = quiz.path.read_bytes()
    with pytest.raises(BadInput, match="of 'ada', not of 'bob'"):
        Quiz(quiz.data, quiz.path, "bob")
    assert quiz.path.read_bytes() == before


def test_questions_are_dealt_from_all_categories_and_levels() -> None:
    items = [
        question(i, Integer(), category=category, level=level)
        for i, (category, level) in enumerate([("spatial", 1)] * 20 + [("spatial", 2)] * 2 + [("temporal", 1)] * 20)
    ]
    found = dealt(items, 8)
    groups = [(one.category, one.level) for one in found]
    assert [groups.count(name) for name in (("spatial", 1), ("spatial", 2), ("temporal", 1))] == [3, 2, 3]
    assert dealt(reversed(items), 8) == found and len(dealt(items, 99)) == 42


def test_a_set_without_video_is_one_line(made: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(made, tmp_path / "set"))
    manifest = json.loads((copy / "public/manifest.json").read_text())
    manifest["recipe"]["video"] = False
    (copy / "public/manifest.json").write_text(json.dumps(manifest))
    for arguments, said in (([], "without video"), (["--name", "../x"], "letters, digits")):
        result = CliRunner().invoke(main, ["quiz", str(copy), *arguments])
        assert (result.exit_code, result.output.count("\n")) == (2, 1) and said in result.output


def test_what_is_posted_is_checked(asked: Callable[..., Quiz]) -> None:
    quiz = asked()
    with served(quiz, quiz.actions) as server:

        def post(name: str, body: bytes, origin: str = server.url.rstrip("/")) -> tuple[int, str]:
            request = urllib.request.Request(server.url + name, body, {"Origin": origin})
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, error.read().decode()

        one = {"question_id": quiz.asked[0].question_id, "value": "a"}
        assert post("answer", json.dumps(one).encode(), "http://evil.example")[0] == 403
        assert post("answer", b"{")[0] == 400
        assert post("answer", b"[1]")[0] == 422
        assert post("answer", json.dumps(one | {"value": "z"}).encode())[0] == 422
        assert post("answer", json.dumps({"question_id": "no", "value": "a"}).encode())[0] == 422
        assert post("other", b"{}")[0] == 404
        assert not quiz.path.exists()
        assert post("answer", json.dumps(one).encode()) == (200, '{"answered": 1}')


in_chromium = pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")
SHOWN = "document.querySelector('.ask .text')?.innerText"


@in_chromium
def test_a_walk_through_the_quiz(asked: Callable[..., Quiz], made: Path) -> None:
    """A person answers by mouse and keys, is told of an empty answer, stops, and sees what came out."""
    quiz = asked()
    keys = {answer.question_id: str(answer.answer) for answer in open_dataset(made).answers()}
    with served(quiz, quiz.actions) as server, opened(server.url, width=1400, height=1000) as page:
        assert page.until("document.querySelector('.ask')")
        page.click("#send")
        assert page.evaluate("document.querySelector('.fault').innerText") == "Give an answer first."
        assert not quiz.path.exists()
        for number, key in enumerate([keys[q.question_id] for q in quiz.asked[:3]]):
            assert page.until(f"app.view.waiting.length === {8 - number} && document.querySelector('.ask')")
            page.evaluate("document.activeElement.blur()")
            page.press(key)  # the toy's squares are called a to d
            page.press("Enter")
            assert page.until(f"app.view.waiting.length === {7 - number}")
        assert page.until("document.querySelector('.ask')")
        page.click("#later")
        assert page.until(f"app.view.waiting[0].id === {json.dumps(quiz.asked[4].question_id)}")
        page.resize(390, 844)
        assert page.until("document.documentElement.scrollWidth <= innerWidth")
        page.click("#stop")
        assert page.until("document.getElementById('result')?.innerText") == "100 %"
        page.click("#look")
        assert page.until("document.querySelectorAll('.card').length === 4")
        assert page.evaluate("document.querySelectorAll('.card .mark.right').length") == 3
        assert all(url.startswith((server.url, "data:")) for url in page.requests)
    assert [r.correct for r in score_files(made, quiz.path).results if r.outcome == "scored"] == [True] * 3
    assert [row["usage"]["seconds"] >= 0 for row in quiz.rows.values()] == [True] * 3


@in_chromium
def test_once_means_once(asked: Callable[..., Quiz], made: Path) -> None:
    """Nothing goes back, the clip is covered after its end, also after the page was loaded again; pauses are allowed."""
    quiz = asked(once=True)
    with served(quiz, quiz.actions) as server, opened(server.url, width=1000, height=800) as page:
        assert page.until("document.querySelector('.quiz video')?.readyState > 0")
        assert page.evaluate("document.querySelectorAll('.quiz input[type=range], .quiz .controls select').length") == 0
        page.click(".cover")
        assert page.until("app.view.player.now > 0.2")
        page.press(" ")
        assert page.until("app.view.player.video.paused")
        at = page.evaluate("app.view.player.now")
        page.press("ArrowLeft")
        page.press(",")
        assert page.evaluate("app.view.player.now") >= at
        page.press(" ")
        assert page.until("document.querySelector('.screen.spent')")
        page.press(" ")
        assert page.evaluate("app.view.player.video.paused")
        page.evaluate("(window.before = true, location.reload())")
        assert page.until("!window.before && document.querySelector('.quiz .screen.spent')")
        answer = next(a for a in open_dataset(made).answers() if a.question_id == quiz.asked[0].question_id)
        page.press(str(answer.answer))
        page.press("Enter")
        assert page.until("app.view.waiting.length === 7")
        assert page.until("document.querySelector('.quiz .screen:not(.spent)')")
    assert [*quiz.rows] == [quiz.asked[0].question_id]
    assert score(quiz.asked[0].format, answer.answer, quiz.rows[answer.question_id]["response"]).correct


@in_chromium
@pytest.mark.parametrize("kind", ["boxes", "masks"])
def test_a_place_is_drawn_over_the_picture(made: Path, tmp_path: Path, kind: str) -> None:
    """A person drags over the paused video at two seconds; what is sent is a box (or an outline) a second, in fractions."""
    copy = Path(shutil.copytree(made, tmp_path / "set"))
    shutil.rmtree(copy / "private")
    file = copy / "public/questions.jsonl"
    rows = [json.loads(line) | {"format": {"type": kind}} for line in file.read_text().splitlines()]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    quiz = Quiz(open_dataset(copy), tmp_path / "ada.jsonl", "ada")
    ring = [(0.2, 0.3), (0.6, 0.3), (0.6, 0.8), (0.2, 0.8)]
    with served(quiz, quiz.actions) as server, opened(server.url, width=1000, height=800) as page:
        assert page.until("document.querySelector('.quiz video')?.readyState > 0")
        page.evaluate("app.view.player.seek(0.2)")
        for second in (0, 1):
            assert page.until(
                f"!app.view.player.video.seeking && document.querySelector('.seconds output').innerText === '{second} s'"
            )
            page.drag(".pen", ring if kind == "masks" else [ring[0], (0.4, 0.4), ring[2]])
            page.click(".seconds button:last-child")
        assert page.evaluate("[...document.querySelectorAll('.picked button')].map(b => b.innerText)") == ["0 s", "1 s"]
        given = json.loads(page.evaluate("app.view.entry.value()"))
        wanted = [value for point in ring for value in point] if kind == "masks" else [0.2, 0.3, 0.6, 0.8]
        flat = given["1"] if kind == "boxes" else [value for point in given["1"] for value in point]
        assert flat == pytest.approx(wanted, abs=0.01)
        page.drag(".pen", [(0.5, 0.5)])  # a click alone draws nothing
        page.click(".picked button")  # the box of second 0 is taken out
        assert [*json.loads(page.evaluate("app.view.entry.value()"))] == ["1"]
        page.click("#send")
        assert page.until("app.view.waiting.length === 7")
    [row] = quiz.rows.values()
    question = quiz.asked[0]
    read = parse(row["response"], question.format)
    assert read.readable
    wanted = parse('Answer: {"1": [0.2, 0.3, 0.6, 0.8]}', question.format).value  # a box is read as a mask too
    assert score(question.format, wanted, row["response"]).value > 0.9
