"""Frames in, H.264 out (PyAV, libx264): yuv420p, constant rate, a key frame at least every 2 s, faststart.

One thread a clip, so that the bytes do not depend on how many clips are encoded at once.
"""

import hashlib
import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from morse.stage.frames import Canvas, PixelFormat


class Encoder:
    """Writes one video file. Use as a context manager: the file appears under its name only when all went well."""

    def __init__(self, path: Path, canvas: Canvas, pixel_format: PixelFormat, comment: str = "") -> None:
        self.path, self.canvas, self.pixel_format = path, canvas, pixel_format
        self.frames = 0
        self._part = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._hash = hashlib.blake2b(digest_size=32)
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
        digest = hashlib.blake2b(picture.to_ndarray().tobytes(), digest_size=32).digest()
        for _ in range(repeat):
            self._hash.update(digest)
            picture.pts, picture.time_base = self.frames, Fraction(1, self.canvas.fps)
            self._container.mux(self._stream.encode(picture))
            self.frames += 1

    @property
    def frames_hash(self) -> str:
        """BLAKE2b-256 (hex) over the BLAKE2b-256 digests of the yuv420p frames written so far, repeats included."""
        return self._hash.hexdigest()

    def __enter__(self) -> "Encoder":
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        try:
            if kind is None:
                self._container.mux(self._stream.encode(None))
        finally:
            self._container.close()
            if kind is not None:
                self._part.unlink(missing_ok=True)
        if kind is None:
            os.replace(self._part, self.path)
