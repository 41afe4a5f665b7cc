"""Frames in, H.264 out (PyAV, libx264): yuv420p, constant rate, a key frame at least every 2 s, faststart. Sound, where there
is some, goes in beside the frames as AAC.

One thread a clip, so that the bytes do not depend on how many clips are encoded at once.
"""

import hashlib
import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from morse.sound import RATE, Samples
from morse.stage.frames import Canvas, PixelFormat

BLOCK, BIT_RATE = 1024, 96_000
"""Samples of a block of AAC, and bits a second."""


class Encoder:
    """Writes one video file. Use as a context manager: the file appears under its name only when all went well.

    ``hashing``: keep ``frames_hash`` of what is written. ``sound``: what is heard; without it the file has no sound at all.
    """

    def __init__(
        self,
        path: Path,
        canvas: Canvas,
        pixel_format: PixelFormat,
        comment: str = "",
        *,
        hashing: bool = True,
        sound: Samples | None = None,
    ) -> None:
        self.path, self.canvas, self.pixel_format = path, canvas, pixel_format
        self.frames = 0
        self._part = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._hash = hashlib.blake2b(digest_size=32) if hashing else None
        self._reformatter = VideoReformatter()
        self._container = av.open(
            str(self._part), "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"}
        )
        if comment:
            self._container.metadata["comment"] = comment
        stream = self._container.add_stream("libx264", rate=Fraction(canvas.fps))
        stream.width, stream.height, stream.pix_fmt = canvas.width, canvas.height, "yuv420p"
        stream.time_base = Fraction(1, canvas.fps)
        stream.codec_context.thread_count = 1
        stream.codec_context.color_range = ColorRange.MPEG.value
        stream.codec_context.colorspace = Colorspace.ITU709.value
        stream.options = {
            "preset": "superfast",
            "crf": "20",
            "g": str(2 * canvas.fps),
            "flags": "+bitexact",
            "x264-params": "threads=1:colorprim=bt709:transfer=bt709:colormatrix=bt709",
        }
        self._stream = stream
        self._voice = None if sound is None else _Voice(self._container, sound)

    def write(self, pixels: np.ndarray, repeat: int = 1) -> None:
        """Append a frame (height, width, channels; uint8) shown ``repeat`` times."""
        picture = self._reformatter.reformat(
            VideoFrame.from_ndarray(pixels, format=self.pixel_format),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BILINEAR | Interpolation.ACCURATE_RND | Interpolation.BITEXACT,
            threads=1,
        )
        if self._hash is not None:
            self._hash.update(hashlib.blake2b(picture.to_ndarray().tobytes(), digest_size=32).digest() * repeat)
        for _ in range(repeat):
            picture.pts, picture.time_base = self.frames, Fraction(1, self.canvas.fps)
            self._container.mux(self._stream.encode(picture))
            self.frames += 1
        if self._voice is not None:
            self._voice.until(self.frames * RATE // self.canvas.fps)

    @property
    def frames_hash(self) -> str:
        """BLAKE2b-256 (hex) over the BLAKE2b-256 digests of the yuv420p frames written so far, repeats included."""
        if self._hash is None:
            raise ValueError("this encoder was made with hashing=False")
        return self._hash.hexdigest()

    def __enter__(self) -> "Encoder":
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        try:
            if kind is None:
                self._container.mux(self._stream.encode(None))
                if self._voice is not None:
                    self._voice.finish(round(self.frames * RATE / self.canvas.fps))
        finally:
            self._container.close()
            if kind is not None:
                self._part.unlink(missing_ok=True)
        if kind is None:
            os.replace(self._part, self.path)


class _Voice:
    """The sound of a file: one channel, a block at a time, as far as the frames are."""

    def __init__(self, container: OutputContainer, sound: Samples) -> None:
        stream = container.add_stream("aac", rate=RATE, layout="mono")
        stream.bit_rate = BIT_RATE
        stream.options = {"flags": "+bitexact"}
        self._container, self._stream, self._sound, self._next = container, stream, sound, 0

    def until(self, stop: int) -> None:
        """Encode all whole blocks before a sample."""
        while self._next + BLOCK <= stop:
            self._encode(self._next + BLOCK)

    def finish(self, stop: int) -> None:
        """Encode what is left before a sample, and what the encoder holds back."""
        self.until(stop)
        if self._next < stop:
            self._encode(stop)
        self._container.mux(self._stream.encode(None))

    def _encode(self, stop: int) -> None:
        block = AudioFrame.from_ndarray(self._sound(self._next, stop)[None], format="s16", layout="mono")
        block.sample_rate, block.pts, block.time_base = RATE, self._next, Fraction(1, RATE)
        self._container.mux(self._stream.encode(block))
        self._next = stop
