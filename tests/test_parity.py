"""``morse parity``: the frames of each schedule by their formula, and decoders that show others told from those that convert colours otherwise."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import av
import numpy as np
import pytest
from click.testing import CliRunner, Result

from harness.decoders import by_opencv, by_pyav, installed
from harness.parity import Verdict, examine, frames_of, listed
from morse.cli import main
from morse.errors import BadInput
from morse.pipeline import row_of
from morse.plan import make_plan
from morse.schema import Clip
from morse.seeding import Key
from morse.stage.encoder import Encoder
from morse.stage.frames import Canvas
from morse.writing import DatasetWriter, make_clip
from tests.toy_sets import own_task, toy_recipe

FPS, COUNT, WIDTH, HEIGHT = 12, 60, 192, 108
Shown = Callable[[np.ndarray, Sequence[int]], np.ndarray]


def clip_of(frames: int, fps: int = FPS) -> Clip:
    key = Key("moving", 1, 1, "test", "root", 0)
    return row_of(key, "temporal", Canvas(WIDTH, HEIGHT, fps), frames, "videos/x.mp4", None, None)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Clip, np.ndarray]]:
    """A clip in which one small square moves over a coloured ground; what stands for its data set; and its frames as decoded (RGB)."""
    path = tmp_path_factory.mktemp("parity") / "clip.mp4"
    ground = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    ground[..., 0] = np.linspace(20, 230, WIDTH)
    ground[..., 1] = np.linspace(200, 40, HEIGHT)[:, None]
    ground[..., 2] = 120
    with Encoder(path, Canvas(WIDTH, HEIGHT, FPS), "rgb24") as encoder:
        for i in range(COUNT):
            picture = ground.copy()
            picture[40:52, 2 * i + 10 : 2 * i + 22] = (250, 250, 20)
            encoder.write(picture)
    with av.open(str(path)) as container:
        frames = np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])
    yield SimpleNamespace(video=lambda clip: path), clip_of(COUNT), frames


def verdict(clip: tuple[Any, Clip, np.ndarray], shown: Shown) -> Verdict:
    data, row, frames = clip
    (found,) = examine(data, [row], {"mine": ("1", lambda path, numbers, fps: shown(frames, numbers))})
    return found


def test_frames_go_by_the_formula() -> None:
    found = frames_of(clip_of(40, fps=8))  # by hand: every eighth frame; the middles of eight parts of five frames
    assert found["fps:1"] == (0, 8, 16, 24, 32)
    assert found["frames:8"] == (2, 7, 12, 17, 22, 27, 32, 37)
    assert found["frames:16"][:4] == (1, 3, 6, 8) and len(found["frames:16"]) == 16  # 1.25, 3.75, 6.25, 8.75
    assert frames_of(clip_of(5, fps=8))["frames:32"] == (0, 1, 2, 3, 4)
    assert frames_of(clip_of(41, fps=8))["fps:1"] == (0, 8, 16, 24, 32, 40)


def test_hashes_are_those_of_the_planes(clip: tuple[Any, Clip, np.ndarray]) -> None:
    data, row, _ = clip
    (found,) = listed(cast(Any, data), [row])
    assert set(found.hashes) == {number for numbers in found.schedules.values() for number in numbers}
    with av.open(str(data.video(row))) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number in found.hashes:
                rows = b"".join(
                    bytes(plane)[y * plane.line_size : y * plane.line_size + plane.width]
                    for plane in frame.planes
                    for y in range(plane.height)
                )
                assert found.hashes[number] == hashlib.blake2b(rows, digest_size=16).hexdigest()
    assert len(set(found.hashes.values())) == len(found.hashes)


@pytest.mark.parametrize("decode", [by_pyav, by_opencv])
def test_decoders_show_the_frames(
    clip: tuple[Any, Clip, np.ndarray], decode: Callable[[Path, Sequence[int], int], np.ndarray]
) -> None:
    data, row, _ = clip
    (found,) = examine(data, [row], {"it": ("1", decode)})
    assert found.passed and found.frames == len({n for shown in frames_of(row).values() for n in shown}), found


def bt601(frames: np.ndarray) -> np.ndarray:
    """What shows if planes made by BT.709 are turned back by BT.601 (both full range here)."""
    to_709 = np.array([[0.2126, 0.7152, 0.0722], [-0.1146, -0.3854, 0.5], [0.5, -0.4542, -0.0458]])
    from_601 = np.array([[1, 0, 1.402], [1, -0.344136, -0.714136], [1, 1.772, 0]])
    return np.clip(np.round(frames @ (from_601 @ to_709).T), 0, 255).astype(np.uint8)


def narrow(frames: np.ndarray) -> np.ndarray:
    """What shows if the full range is taken for the narrow one."""
    return np.clip(np.round(frames * (219 / 255) + 16), 0, 255).astype(np.uint8)


def test_right_frames_are_told_by_how_far_their_colours_are(clip: tuple[Any, Clip, np.ndarray]) -> None:
    same = verdict(clip, lambda frames, numbers: frames[[*numbers]])
    assert same.passed and same.same == same.frames and same.farthest == 0
    grain = np.arange(HEIGHT * WIDTH * 3).reshape(HEIGHT, WIDTH, 3) % 3 - 1  # −1, 0, 1: two thirds of a level
    near = verdict(clip, lambda frames, numbers: np.clip(frames[[*numbers]] + grain, 0, 255).astype(np.uint8))
    assert near.passed and near.near == near.frames and 0.5 < near.farthest < 0.7
    for change in (bt601, narrow):
        other = verdict(clip, lambda frames, numbers, change=change: change(frames[[*numbers]]))
        assert (other.colours, other.passed) == (other.frames, False), other
        assert other.farthest > 2 and not other.shifted and not other.unlike


@pytest.mark.parametrize("by", [1, -1, 3, -8])
@pytest.mark.parametrize("change", [None, bt601, narrow])
def test_wrong_frames_are_told_by_how_many(
    clip: tuple[Any, Clip, np.ndarray], by: int, change: Callable[[np.ndarray], np.ndarray] | None
) -> None:
    """Also where the mean difference to the right one is within the tolerance, since only a small square moves."""

    def shown(frames: np.ndarray, numbers: Sequence[int]) -> np.ndarray:
        found = frames[np.clip(np.array(numbers) + by, 0, COUNT - 1)]
        return found if change is None else change(found)

    _, row, frames = clip
    assert np.abs(frames[20].astype(int) - frames[21]).mean() < 2
    found = verdict(clip, shown)
    inside = sum(0 <= number + by < COUNT for number in {n for shown in frames_of(row).values() for n in shown})
    assert found.shifted[by] == inside and not found.passed, found
    assert found.shifted.total() + found.same + found.colours == found.frames and not found.unlike


def test_what_is_like_no_frame_and_what_fails(clip: tuple[Any, Clip, np.ndarray]) -> None:
    nothing = verdict(clip, lambda frames, numbers: frames[[*numbers]][:, ::-1])
    assert nothing.unlike == nothing.frames and not nothing.passed

    def raises(frames: np.ndarray, numbers: Sequence[int]) -> np.ndarray:
        raise RuntimeError("no such stream\nand more")

    for shown, words in (
        (raises, "no such stream"),
        (lambda frames, numbers: frames[:2], "gives uint8 of shape 2x108x192x3"),
    ):
        failed = verdict(clip, shown)
        assert not failed.passed and words in failed.errors[0] and "\n" not in failed.errors[0]


def morse(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with own_task():
        for name, video in (("set", True), ("words", False)):
            with DatasetWriter(tmp_path / name, make_plan(toy_recipe(count=2, video=video), "1")) as writer:
                for job in [*writer.pending()]:
                    writer.record(make_clip(writer.making, job))
                writer.finish()
    report, frames = tmp_path / "report.json", tmp_path / "frames.jsonl"
    result = morse("parity", tmp_path / "set", "--out", frames, "--json", report, "--clips", 3)
    assert result.exit_code == 0, result.output
    found = {row["decoder"]: row for row in json.loads(report.read_text())["decoders"]}
    assert {"pyav", "opencv"} <= found.keys() and all(row["passed"] and row["frames"] for row in found.values())
    assert len(frames.read_text().splitlines()) == 3
    one = morse("parity", tmp_path / "set", "--decoder", "pyav")
    assert one.exit_code == 0 and "opencv" not in one.stdout

    monkeypatch.setitem(
        __import__("harness.decoders").decoders.DECODERS, "pyav", (("av",), lambda *given: by_pyav(*given)[::-1])
    )
    turned = morse("parity", tmp_path / "set", "--decoder", "pyav")
    assert turned.exit_code == 1 and " NO" in turned.stdout

    for arguments, words in (
        (("set", "--decoder", "opencw"), "no decoder 'opencw' (did you mean 'opencv'?)"),
        (("words",), "made without video"),
        (("nothing",), "no such data set"),
    ):
        refused = morse("parity", tmp_path / arguments[0], *arguments[1:])
        assert (refused.exit_code, len(refused.stderr.splitlines())) == (2, 1) and words in refused.stderr, (
            refused.stderr
        )


def test_a_decoder_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.decoders._version", lambda package: "1" if package == "av" else None)
    assert [*installed()] == ["pyav"]
    with pytest.raises(BadInput, match="decoder decord is not installed"):
        installed(["decord"])
