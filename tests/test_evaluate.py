"""``morse evaluate`` against a real HTTP server that speaks OpenAI's protocol and fails in every way that servers do."""

import base64
import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from harness.report import score_files
from morse.cli import main
from tests.chat_server import ChatServer, chat_server
from tests.numbered import CLIP_ID, FPS, number_of, write_numbered
from tests.toy_sets import ENVIRONMENT, start

pytest.importorskip("inspect_ai", reason="the extra run (inspect_ai) is not installed")
COUNTS = 7


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_numbered(tmp_path_factory.mktemp("numbered") / "set", counts=COUNTS)


@pytest.fixture(autouse=True)
def _own_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSPECT_CACHE_DIR", str(tmp_path / "inspect"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("OPENAI_VIDEO_BASE_URL", "OPENAI_VIDEO_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def right(prompt: str) -> str:
    """The reference answer to each prompt of the numbered set."""
    if number := re.search(r"Which number is (\d+)", prompt):
        return f"I see it.\nAnswer: {number[1]}"
    return "Answer: " + {"Is it": "a", "Up to": "b", "Which": "C"}[re.match("Is it|Up to|Which", prompt)[0]]  # type: ignore[index]


def arguments(folder: Path, url: str, *more: str) -> list[str]:
    return [
        *("evaluate", str(folder), "--model", "openai-video/some/model", "--base-url", url, "--out", "run"),
        *("-M", "first_wait=0.02", *more),
    ]


def evaluated(folder: Path, chat: ChatServer, *more: str) -> Result:
    return CliRunner().invoke(main, arguments(folder, chat.url, *more))


def rows(file: str = "run/responses.jsonl") -> dict[str, dict[str, Any]]:
    return {row["question_id"]: row for row in map(json.loads, Path(file).read_text().splitlines())}


def test_a_right_model_is_right_and_the_server_was_sent_the_videos(numbered: Path) -> None:
    with chat_server(right) as chat:
        result = evaluated(numbered, chat, "--max-tokens", "77", "--temperature", "0.5")
    assert result.exit_code == 0, result.output
    assert "accuracy: 100.0 %" in result.output
    assert "10 answers, 1,100 tokens" in result.output
    assert all(count == 1 for count in chat.tried.values()) and len(chat.tried) == 3 + COUNTS
    for request in chat.requests:
        assert (request["model"], request["path"]) == ("some/model", "/v1/chat/completions")
        assert (request["max_tokens"], request["temperature"]) == (77, 0.5)
    videos = [
        part["video_url"]["url"]
        for request in chat.requests
        for part in request["messages"][-1]["content"]
        if part["type"] == "video_url"
    ]
    whole = (numbered / f"public/videos/00/{CLIP_ID}.mp4").read_bytes()
    sent = [base64.b64decode(url.removeprefix("data:video/mp4;base64,")) for url in videos]
    assert sent.count(whole) == 2 + COUNTS
    (cut,) = (video for video in sent if video != whole)
    Path("cut.mp4").write_bytes(cut)
    assert _numbers(Path("cut.mp4")) == list(range(3 * FPS + 1)), (
        "the question asked at 3 s does not show what comes after"
    )
    (row,) = (row for name, row in rows().items() if name == "q3")
    assert row["model"] == "openai-video/some/model"
    assert row["usage"]["total_tokens"] == 110
    assert "frames" not in row, "which frames of a video a server looks at is not known"


def _numbers(file: Path) -> list[int | None]:
    import av

    with av.open(str(file)) as container:
        return [number_of(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


def test_what_fails_for_a_while_is_tried_again(numbered: Path) -> None:
    with chat_server(right) as chat:
        chat.faults |= {"Is it": [429], "Up to": [500, 503], "Which one": ["cut"], "number is 3": ["slow"]}
        result = evaluated(numbered, chat, "--attempt-timeout", "2")
    assert result.exit_code == 0, result.output
    assert "accuracy: 100.0 %" in result.output
    tries = {prompt[:9]: count for prompt, count in chat.tried.items() if "number is" not in prompt}
    assert tries == {"Is it a o": 2, "Up to now": 3, "Which one": 2}
    assert chat.tried["Which number is 3?"] == 2


def test_what_fails_for_good_is_failed_never_wrong_and_asked_again_next_time(numbered: Path) -> None:
    with chat_server(right) as chat:
        chat.broken = {"number is 5": 500, "number is 6": 400, "number is 7": "cut"}
        first = evaluated(numbered, chat, "--max-retries", "1")
        assert first.exit_code == 1
        assert "3 calls failed" in first.stderr and "the same command asks them again" in first.stderr
        report = score_files(numbered, Path("run/responses.jsonl"))
        assert (report.total.rates.failed, report.total.rates.scored, report.total.rates.missing) == (3, 7, 0)
        assert report.total.accuracy is not None and report.total.accuracy.mean == 1.0
        assert rows()["q5"]["response"] == "" and "500" in rows()["q5"]["error"]
        assert chat.tried["Which number is 5?"] == 2, "one retry"
        assert chat.tried["Which number is 6?"] == 1, "a request that is wrong is not sent again"
        chat.broken.clear()
        before = dict(chat.tried)
        second = evaluated(numbered, chat, "--max-retries", "1")
    assert second.exit_code == 0, second.output
    again = {prompt for prompt, count in chat.tried.items() if count > before.get(prompt, 0)}
    assert again == {f"Which number is {number}?" for number in (5, 6, 7)}
    assert len(rows()) == 3 + COUNTS


def test_killed_half_way_it_goes_on_and_repeats_no_call(numbered: Path) -> None:
    with chat_server(right) as chat:
        chat.most = 4
        command = [sys.executable, "-c", "from morse.cli import main; main()"]
        more = ("--max-connections", "1")
        process = subprocess.Popen(
            [*command, *arguments(numbered, chat.url, *more)],
            env=ENVIRONMENT | _caches(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert chat.hanging.wait(120)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        assert chat.answered.total() == 4
        assert not Path("run/responses.jsonl").exists()
        chat.most = None
        result = evaluated(numbered, chat, *more)
    assert result.exit_code == 0, result.output
    assert "accuracy: 100.0 %" in result.output
    assert set(chat.answered.values()) == {1} and len(chat.answered) == 3 + COUNTS, chat.answered


def test_stopped_by_ctrl_c_it_says_how_to_go_on(numbered: Path) -> None:
    with chat_server(right) as chat:
        chat.most = 2
        command = arguments(numbered, chat.url, "--max-connections", "1")
        process = start(*command, cwd=Path.cwd(), **_caches())
        assert chat.hanging.wait(120)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "morse: stopped; the same command goes on where it stopped\n")
    assert not Path("run/responses.jsonl").exists()


def _caches() -> dict[str, Any]:
    import os

    return {name: os.environ[name] for name in ("INSPECT_CACHE_DIR", "XDG_CACHE_HOME")}


def test_the_log_and_morse_score_agree(numbered: Path) -> None:
    from inspect_ai.log import read_eval_log

    def half_right(prompt: str) -> str:
        return right(prompt) if "Is it" in prompt or re.search("[357]", prompt) else "I cannot tell."

    with chat_server(half_right) as chat:
        result = evaluated(numbered, chat)
    assert result.exit_code == 0, result.output
    (file,) = Path("run/logs").glob("*.eval")
    log = read_eval_log(str(file))
    assert log.results is not None
    metrics = log.results.scores[0].metrics
    report = score_files(numbered, Path("run/responses.jsonl"))
    assert report.total.accuracy is not None
    assert metrics["accuracy"].value == pytest.approx(report.total.accuracy.mean) == pytest.approx(0.4)
    by_id = {str(sample.id): sample for sample in log.samples or []}
    for row in report.results:
        scores = by_id[row.question_id].scores
        assert scores is not None
        (verdict,) = scores.values()
        assert verdict.metadata is not None
        assert (verdict.value, verdict.metadata["outcome"]) == (float(row.correct), row.outcome)
    assert file.stat().st_size < 200_000, "videos are not kept in the log"


def test_pictures_are_sent_with_the_times_that_are_recorded(numbered: Path) -> None:
    with chat_server(right) as chat:
        result = evaluated(numbered, chat, "--view", "frames:4", "--limit", "2")
    assert result.exit_code == 0, result.output
    parts = [[part["type"] for part in request["messages"][-1]["content"]] for request in chat.requests]
    assert parts == [["text", *["image_url"] * 4, "text"]] * 2
    assert rows()["q0"]["frames"] == [1.25, 3.75, 6.25, 8.75]
    assert max(rows()["q1"]["frames"]) <= 3.0


def test_a_server_on_the_same_disk_gets_the_address_of_the_file(numbered: Path) -> None:
    with chat_server(right) as chat:
        result = evaluated(numbered, chat, "-M", "media=file", "--limit", "1")
    assert result.exit_code == 0, result.output
    (video,) = (part for part in chat.requests[0]["messages"][-1]["content"] if part["type"] == "video_url")
    assert video["video_url"]["url"] == f"file://{numbered.resolve()}/public/videos/00/{CLIP_ID}.mp4"


def test_another_view_another_temperature_is_another_call(numbered: Path) -> None:
    with chat_server(right) as chat:
        for more in (["--view", "blind"], ["--view", "transcript"], ["--view", "blind", "--temperature", "1"]):
            assert evaluated(numbered, chat, "--limit", "1", *more).exit_code == 0
        assert chat.tried.total() == 3
        assert evaluated(numbered, chat, "--limit", "1", "--view", "blind").exit_code == 0
        assert chat.tried.total() == 3, "kept"
        assert evaluated(numbered, chat, "--limit", "1", "--view", "blind", "--no-cache").exit_code == 0
    assert chat.tried.total() == 4


def test_prices_make_costs(numbered: Path) -> None:
    with chat_server(right) as chat:
        result = evaluated(numbered, chat, "--limit", "2", "--prices", "1000", "10000")
    # a million input tokens for 1,000 dollars, output for 10,000: 100 · 0.001 + 10 · 0.01 = 0.2 a call
    assert result.exit_code == 0, result.output
    assert "0.40 dollars" in result.output
    assert rows()["q0"]["usage"]["total_cost"] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--model", "oracle", "--view", "frmaes:3"], "did you mean 'frames'"),
        (["--model", "oracel"], "did you mean 'oracle'"),
        (["--model", "openai-video/x"], "needs --base-url"),
        (
            ["--model", "openai-video/x", "--base-url", "http://127.0.0.1:1/v1", "-M", "media=tape"],
            "sent as data or as file",
        ),
        (["--model", "nobody/x"], "nobody"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(numbered: Path, options: list[str], says: str) -> None:
    result = CliRunner().invoke(main, ["evaluate", str(numbered), "--out", "run", *options])
    assert result.exit_code == 2, result.output
    assert says in result.stderr
    assert result.stderr.startswith("morse: ") and result.stderr.count("\n") == 1
    assert not Path("run").exists()


@pytest.mark.parametrize(("model", "accuracy"), [("oracle", 1.0), ("chance", None), ("blind", None)])
def test_offline_models_answer_as_in_morse_baselines(numbered: Path, model: str, accuracy: float | None) -> None:
    from harness.models.offline import OFFLINE
    from harness.stand_ins import respond
    from morse.dataset import open_dataset

    result = CliRunner().invoke(main, ["evaluate", str(numbered), "--model", model, "--out", "run", "--view", "blind"])
    assert result.exit_code == 0, result.output
    asked, said = respond(open_dataset(numbered), OFFLINE[model])
    wanted = {item.question.question_id: text for item, text in zip(asked, said, strict=True)}
    assert {name: row["response"] for name, row in rows().items()} == wanted
    report = score_files(numbered, Path("run/responses.jsonl"))
    assert accuracy is None or (report.total.accuracy and report.total.accuracy.mean == accuracy)


def test_inspect_ai_finds_everything_under_the_name_morse() -> None:
    from inspect_ai._util.registry import registry_lookup

    from morse import inspect_entry

    assert registry_lookup("task", "morse/clips") is inspect_entry.clips
    assert registry_lookup("task", "morse/samples") is inspect_entry.samples
    assert registry_lookup("scorer", "morse/strict") is inspect_entry.strict
