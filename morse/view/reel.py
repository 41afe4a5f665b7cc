"""Frames of a video file by their numbers, decoded as a stream: memory does not grow with the clip's length.

The file may come from anyone: it is opened from the disk alone, as one of a few containers, and what is broken is said in one line.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.error import FFmpegError

from morse.errors import BadInput

CONTAINERS = "mov,matroska"
"""FFmpeg's names of the containers that are read; none of them refers to other files."""
SAFE = {"protocol_whitelist": "file", "format_whitelist": CONTAINERS}
"""Options for FFmpeg: what is named a video may be a list of other files or addresses, and is not to lead to them."""
NEAR = 96
"""Frames that are rather decoded and dropped than jumped over."""
HELD = 24
"""Frames that are held at once where they are wanted backwards."""


@contextmanager
def reel(path: Path, fps: int) -> Iterator["Reel"]:
    """A video opened for reading. Raises :class:`BadInput` for what is no video."""
    try:
        with av.open(str(path.absolute()), options=SAFE) as container:
            if not container.streams.video:
                raise BadInput(f"{path}: no picture in it")
            yield Reel(path, container, fps)
    except (FFmpegError, EOFError) as error:
        raise BadInput(f"{path}: cannot be decoded ({getattr(error, 'strerror', None) or error})") from None


class Reel:
    """Gives the frames of a video (height, width, 3; RGB) by number."""

    def __init__(self, path: Path, container: Any, fps: int) -> None:
        self._path, self._container, self._fps = path, container, fps
        self._stream = container.streams.video[0]
        self._stream.codec_context.thread_count = 1
        self._decoded: Iterator[tuple[int, Any]] = iter(())
        self._next = -1

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._stream.width, self._stream.height

    def pictures(self, numbers: Sequence[int]) -> Iterator[np.ndarray]:
        """The frames of these numbers, in this order, which may go forwards, backwards and jump."""
        start = 0
        while start < len(numbers):
            stop = start + 1
            while stop < len(numbers) and numbers[stop] >= numbers[stop - 1]:
                stop += 1
            if stop == start + 1:
                stop = self._backwards(numbers, start)
                yield from reversed(list(self._forwards(numbers[start:stop][::-1])))
            else:
                yield from self._forwards(numbers[start:stop])
            start = stop

    @staticmethod
    def _backwards(numbers: Sequence[int], start: int) -> int:
        """Where a short run of falling numbers ends that begins at ``start``."""
        stop = start + 1
        while stop < len(numbers) and stop - start < HELD and numbers[stop] < numbers[stop - 1]:
            stop += 1
        return stop

    def _forwards(self, numbers: Sequence[int]) -> Iterator[np.ndarray]:
        last: tuple[int, np.ndarray] | None = None
        for number in numbers:
            if last is None or last[0] != number:
                last = number, self._at(number)
            yield last[1]

    def _at(self, number: int) -> np.ndarray:
        if not self._next <= number <= self._next + NEAR or self._next < 0:
            self._seek(number)
        for found, frame in self._decoded:
            self._next = found + 1
            if found == number:
                return frame.to_ndarray(format="rgb24")
            if found > number:
                break
        raise BadInput(f"{self._path}: has no frame {number}; it is not the clip that the data set names")

    def _seek(self, number: int) -> None:
        self._container.seek(round(number / self._fps / self._stream.time_base), stream=self._stream)
        self._decoded = ((round(float(f.time or 0) * self._fps), f) for f in self._container.decode(self._stream))
        self._next = 0
