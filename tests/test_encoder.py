"""The encoder, read back with PyAV and ffmpeg's own box order."""

from pathlib import Path

import av
import numpy as np
import pytest

from morse.stage.encoder import Encoder
from morse.stage.frames import Canvas

CANVAS = Canvas(96, 64, 12)


def picture(shade: int) -> np.ndarray:
    frame = np.full((64, 96, 3), 30, np.uint8)
    frame[:, : 8 + shade] = (200, 60, 60)
    return frame


def encode(path: Path, total: int = 60, comment: str = "") -> str:
    with Encoder(path, CANVAS, "rgb24", comment) as encoder:
        for number in range(0, total, 2):
            encoder.write(picture(number), 2)
    return encoder.frames_hash


def test_size_rate_frames_and_key_frames(tmp_path: Path) -> None:
    encode(tmp_path / "clip.mp4", comment="canary")
    with av.open(str(tmp_path / "clip.mp4")) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        assert (stream.width, stream.height, stream.average_rate, len(frames)) == (96, 64, 12, 60)
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert [round(float(frame.time or 0) * 12) for frame in frames] == list(range(60))
        keys = [number for number, frame in enumerate(frames) if frame.key_frame]
        assert max(np.diff([*keys, 60])) <= 24, "a key frame at least every 2 s"
        assert container.metadata["comment"] == "canary"


def test_the_index_comes_first(tmp_path: Path) -> None:
    encode(tmp_path / "clip.mp4")
    content = (tmp_path / "clip.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_equal_frames_give_equal_bytes_and_other_frames_another_hash(tmp_path: Path) -> None:
    first, second = encode(tmp_path / "a.mp4"), encode(tmp_path / "b.mp4")
    assert first == second
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
    assert encode(tmp_path / "c.mp4", 58) != first


def test_a_repeat_is_the_same_as_writing_again(tmp_path: Path) -> None:
    with Encoder(tmp_path / "a.mp4", CANVAS, "rgb24") as repeated:
        repeated.write(picture(3), 5)
    with Encoder(tmp_path / "b.mp4", CANVAS, "rgb24") as single:
        for _ in range(5):
            single.write(picture(3))
    assert repeated.frames == single.frames == 5
    assert repeated.frames_hash == single.frames_hash


def test_colours_survive(tmp_path: Path) -> None:
    encode(tmp_path / "clip.mp4")
    with av.open(str(tmp_path / "clip.mp4")) as container:
        frame = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    assert np.abs(frame[32, 3] - (200, 60, 60)).max() <= 12
    assert np.abs(frame[32, 80] - 30).max() <= 12


def test_nothing_is_left_of_a_clip_that_failed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), Encoder(tmp_path / "clip.mp4", CANVAS, "rgb24") as encoder:
        encoder.write(picture(1))
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
