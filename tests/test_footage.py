"""``morse footage``: real video files of other sizes, rates, codecs and rotations become a set that scores, and the rest is named."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from click.testing import CliRunner

from harness.references import reference_response
from harness.scoring import score
from morse.cli import main
from morse.dataset import open_dataset
from morse.errors import BadInput, Rejected
from morse.footage import films, puzzles
from morse.footage.puzzles import KINDS, Take, check_looks, draw_puzzle, pieces_at, retold
from morse.footage.reels import Reel, find_reels, padded
from morse.seeding import Key

SECONDS, SIZE = 40, (160, 90)


def pictures(seconds: float = SECONDS, fps: int = 10, size: tuple[int, int] = SIZE) -> Iterator[np.ndarray]:
    """A bright square on its way from left to right over bands that grow lighter: no moment is like another."""
    width, height = size
    for number in range(int(seconds * fps)):
        share = number / (seconds * fps)
        frame = np.full((height, width, 3), int(30 + 170 * share), np.uint8)
        frame[:: max(1, height // 8)] = 0
        left = int(share * (width - 12))
        frame[height // 4 : height // 2, left : left + 12] = (255, 60, int(255 * (number % fps) / fps))
        yield frame


def video(path: Path, frames: Iterator[np.ndarray], fps: int = 10, codec: str = "libx264") -> Path:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=fps)
        stream.pix_fmt = "yuv420p"
        for number, pixels in enumerate(frames):
            if number == 0:
                stream.height, stream.width = pixels.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two videos that can be used, and every kind that cannot."""
    from imageio_ffmpeg import get_ffmpeg_exe

    made = tmp_path_factory.mktemp("videos")
    video(made / "way.mp4", pictures())
    upright = video(made / "upright.mp4", (np.rot90(one).copy() for one in pictures(fps=15)), fps=15, codec="mpeg4")
    turned = ["-display_rotation", "90", "-i", str(upright), "-c", "copy", str(made / "turned.mov")]
    subprocess.run([get_ffmpeg_exe(), "-loglevel", "error", *turned], check=True)
    upright.unlink()
    video(made / "tiny.mp4", pictures(4, size=(32, 32)))
    video(made / "short.mp4", pictures(1))
    (made / "broken.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + b"junk" * 500)
    (made / "empty.mkv").write_bytes(b"")
    (made / "list.mp4").write_text("#EXTM3U\n#EXTINF:10,\n/etc/passwd\n")
    with av.open(str(made / "sound.mp4"), "w") as container:
        stream: Any = container.add_stream("aac", rate=44100)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        silence.sample_rate = 44100
        container.mux(stream.encode(silence))
        container.mux(stream.encode(None))
    (made / "notes.txt").write_text("no video")
    return made


def test_what_cannot_be_used_is_named_and_does_not_stop_the_others(folder: Path) -> None:
    reels, refused = find_reels(folder)
    assert [reel.name for reel in reels] == ["turned.mov", "way.mp4"]
    assert refused.keys() == {"tiny.mp4", "short.mp4", "broken.mp4", "empty.mkv", "list.mp4", "sound.mp4"}
    assert "32x32" in refused["tiny.mp4"]
    assert "1.0 s" in refused["short.mp4"]
    assert "no picture" in refused["sound.mp4"]
    assert all("\n" not in reason for reason in refused.values())
    assert all(abs(reel.seconds - SECONDS) < 0.2 for reel in reels)
    assert {reel.name: reel.size for reel in reels} == {"turned.mov": SIZE, "way.mp4": SIZE}, "the rotation is applied"


def test_a_folder_without_videos_and_malformed_names_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        find_reels(tmp_path / "nowhere")
    with pytest.raises(BadInput, match="no videos"):
        find_reels(tmp_path)
    names = tmp_path / "names.json"
    for text, message in (
        ("{", "not JSON"),
        ("[]", "not an object"),
        ('{"other.mp4": []}', "is no video of"),
        ('{"way.mp4": [{"start": 0, "end": 2}]}', "name: field required"),
    ):
        names.write_text(text)
        with pytest.raises(BadInput, match=message):
            find_reels(folder, names)
    names.write_text('{"way.mp4": [{"start": 30, "end": 400, "name": "too late"}]}')
    assert "not within" in find_reels(folder, names)[1]["way.mp4"]


@pytest.fixture(scope="module")
def reel(folder: Path) -> Reel:
    return next(reel for reel in find_reels(folder)[0] if reel.name == "way.mp4")


def test_stretches_that_stand_still_or_look_alike_are_refused(reel: Reel, tmp_path: Path) -> None:
    check_looks(reel, [Take(2, 6), Take(20, 24)])
    with pytest.raises(Rejected, match="look alike"):
        check_looks(reel, [Take(2, 6), Take(3, 7)])
    video(tmp_path / "still.mp4", (np.full((90, 160, 3), 90, np.uint8) for _ in range(100)))
    (still,), _ = find_reels(tmp_path)
    with pytest.raises(Rejected, match="hardly anything moves"):
        check_looks(still, [Take(2, 6)])


@pytest.mark.parametrize("kind", [*KINDS])
def test_answers_are_even_over_seeds(kind: str, reel: Reel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(puzzles, "check_looks", lambda reel, takes: None)
    answers: dict[str, int] = {}
    for index in range(300):
        rng = Key("footage", 1, 1, "test", "even", index).stream("footage")
        (question,) = draw_puzzle(kind, [reel], 1, 24, rng).questions
        truth = json.dumps(question.truth)
        answers[truth] = answers.get(truth, 0) + 1
    expected = {"order": 6, "first": 2, "backwards": 2, "missing_middle": 3, "speed": 3}[kind]
    assert len(answers) == expected
    assert max(answers.values()) - min(answers.values()) < 4.5 * (300 / expected) ** 0.5


def test_more_pieces_and_shorter_ones_at_higher_levels() -> None:
    assert [pieces_at(level) for level in (1, 3, 6, 10)] == [3, 4, 5, 7]
    assert puzzles.piece_seconds(1) > puzzles.piece_seconds(6) > puzzles.piece_seconds(30) == 1.5


def test_the_second_way_to_an_answer_sees_a_wrong_one(reel: Reel) -> None:
    rng = Key("footage", 1, 1, "test", "wrong", 0).stream("footage")
    puzzle = draw_puzzle("order", [reel], 1, 24, rng)
    filmed = [list(puzzles.pictures(reel, take.start, take.end)) for take in puzzle.takes]
    (question,) = puzzle.questions
    assert retold(question, puzzle, filmed) == question.truth
    assert retold(question, puzzle, filmed[::-1]) != question.truth


def test_two_options_that_would_fit_are_no_answer(reel: Reel) -> None:
    rng = Key("footage", 1, 1, "test", "gap", 0).stream("footage")
    puzzle = draw_puzzle("missing_middle", [reel], 1, 24, rng)
    filmed = [list(puzzles.pictures(reel, take.start, take.end)) for take in puzzle.takes]
    (question,) = puzzle.questions
    assert retold(question, puzzle, filmed) == question.truth
    right = filmed[2 + "ABC".index(str(question.answer))]
    assert retold(question, puzzle, [*filmed[:2], right, right, right]) is None


def test_a_take_is_shown_backwards_and_at_its_pace(reel: Reel) -> None:
    canvas = films.Canvas(160, 90, 10)

    def lefts(take: Take) -> np.ndarray:
        """Where the square is in each frame."""
        return np.array([np.argmax(one[30, :, 0] > 230) for one in films.take_frames(reel, take, canvas)])

    forward = lefts(Take(10, 20))
    assert len(forward) == 100
    assert np.all(np.diff(forward) >= 0)
    assert forward[-1] > forward[0]
    assert np.abs(lefts(Take(10, 20, backwards=True)) - forward[::-1]).max() <= 1
    faster = lefts(Take(10, 25, pace=2.0, turn=5.0))
    assert len(faster) == 100
    before, after = faster[45] - faster[5], faster[95] - faster[55]
    assert 1.7 < after / before < 2.3


def test_a_picture_is_padded_into_the_frame() -> None:
    frame = padded(np.full((4, 2, 3), 9, np.uint8), 6, 4)
    assert frame.shape == (4, 6, 3)
    assert frame[:, 2:4].min() == 9
    assert frame[:, :2].max() == frame[:, 4:].max() == 0


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["footage", *arguments])
    return result.exit_code, result.output


def test_a_set_is_made_scores_and_comes_out_the_same_again(folder: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.json"
    steps = [{"start": 8.0 * k, "end": 8.0 * k + 4, "name": f"step {'abcde'[k]}"} for k in range(5)]
    names.write_text(json.dumps({"way.mp4": steps}))
    common = (
        str(folder),
        "--names",
        str(names),
        "--difficulty",
        "1",
        "--count",
        "5",
        "--seed",
        "footage",
        "--size",
        "160x90",
    )
    code, said = run(*common, "--fps", "12", "--out", str(tmp_path / "one"), "--workers", "2")
    assert code == 0, said
    assert "left out: sound.mp4: no picture in it" in said
    one = open_dataset(tmp_path / "one")
    questions, answers = list(one.questions()), list(one.answers())
    assert {question.kind for question in questions} >= {*KINDS}
    for question, answer in zip(questions, answers, strict=True):
        assert score(question.format, answer.answer, reference_response(question.format, answer.answer)).value == 1.0
    clips = list(one.clips())
    assert all(
        answer.evidence[-1].end <= clip.duration
        for clip in clips
        for answer in answers
        if answer.clip_id == clip.clip_id
    )
    trace = one.trace(clips[0].clip_id)
    assert trace.objects[0].attributes["file"] in {"way.mp4", "turned.mov"}
    assert not any(name in (one.public / "questions.jsonl").read_text() for name in ("way.mp4", "turned.mov"))

    code, _ = run(*common, "--fps", "12", "--out", str(tmp_path / "two"), "--workers", "1")
    assert code == 0
    for inside in ("public/questions.jsonl", "private/answers.jsonl", "public/clips.parquet"):
        assert (tmp_path / "one" / inside).read_bytes() == (tmp_path / "two" / inside).read_bytes()

    code, said = run(*common, "--fps", "12", "--out", str(tmp_path / "one"))
    assert code == 0
    assert "finished already" in said
    os.utime(folder / "way.mp4")
    names.write_text(json.dumps({"way.mp4": steps[:4]}))
    code, said = run(*common, "--fps", "12", "--out", str(tmp_path / "one"))
    assert code == 2
    assert "footage" in said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--size", "101x57"], "multiple of 2"),
        (["--seed", ""], "the seed is empty"),
        (["--difficulty", "0"], "levels start at 1"),
        (["--kind", "sideways"], "sideways"),
    ],
)
def test_bad_options_get_one_line_and_write_nothing(
    options: list[str], message: str, folder: Path, tmp_path: Path
) -> None:
    code, said = run(str(folder), *options, "--out", str(tmp_path / "set"))
    assert code == 2
    (line,) = [line for line in said.splitlines() if not line.startswith("left out: ")]
    assert message in line
    assert not (tmp_path / "set").exists()


def test_too_little_footage_is_said_before_anything_is_written(folder: Path, tmp_path: Path) -> None:
    code, said = run(str(folder), "--difficulty", "40", "--out", str(tmp_path / "set"))
    assert code == 2
    assert "needs a video of" in said
    assert not (tmp_path / "set").exists()
