"""A user's videos, as they are found: what can be used of them, and why the rest cannot.

Nothing in a file is trusted: only containers of a short list are opened, from the disk alone, and a file that is broken, too
small, too short, too large, or has no picture is named with its reason and left out.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from morse.errors import BadInput
from morse.schema import Record

CONTAINERS = "mov,matroska,avi,mpegts,mpeg,ogg,flv,asf"
"""FFmpeg's names of the containers that are read; none of them refers to other files."""
ENDINGS = (".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".ts", ".mpg", ".mpeg", ".ogv", ".flv", ".wmv")
LEAST_SECONDS, MOST_SECONDS = 3.0, 24 * 3600.0
LEAST_SIDE, MOST_SIDE = 64, 8192
MOST_BYTES = 64 << 30
MOST_NAMES = 1 << 20
"""Bytes that a file of named segments may have."""


class Segment(Record):
    """A stretch of a video with a name: a step of what is done there."""

    start: float
    end: float
    name: str


@dataclass(frozen=True)
class Reel:
    """A video that can be used. ``size`` is its width and height as shown (a rotation is applied)."""

    path: Path
    seconds: float
    size: tuple[int, int]
    sha256: str
    segments: tuple[Segment, ...] = ()

    @property
    def name(self) -> str:
        return self.path.name

    def inside(self, width: int, height: int) -> tuple[int, int]:
        """The largest even size of its shape within a frame."""
        scale = min(width / self.size[0], height / self.size[1])
        return tuple(max(2, 2 * round(side * scale / 2)) for side in self.size)  # pyright: ignore[reportReturnType]


def find_reels(folder: Path, names: Path | None = None) -> tuple[list[Reel], dict[str, str]]:
    """The videos of a folder (not of folders within it) in order of name, and why others were left out, by file name.

    ``names``: a JSON file with the named segments of some, ``{"cake.mp4": [{"start": 0, "end": 4.5, "name": "sift the
    flour"}, …]}``. Raises :class:`BadInput` if there is no such folder or no video in it, or if the names are malformed.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder}: no such folder")
    files = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and not path.name.startswith(".")
    )
    if not files:
        raise BadInput(f"{folder}: no videos ({', '.join(ENDINGS)})")
    named = _named(names) if names is not None else {}
    unknown = sorted(named.keys() - {path.name for path in files})
    if unknown:
        raise BadInput(f"{names}: {unknown[0]!r} is no video of {folder}")
    reels: list[Reel] = []
    refused: dict[str, str] = {}
    for path in files:
        try:
            reels.append(_reel(path, named.get(path.name, ())))
        except BadInput as error:
            refused[path.name] = str(error)
    return reels, refused


@contextmanager
def projector(reel: Reel, width: int, height: int) -> Iterator[Any]:
    """A moviepy clip of a reel, scaled into a frame (its own shape kept); closed at the end."""
    from moviepy import VideoFileClip

    size = reel.inside(width, height)
    clip = VideoFileClip(str(reel.path.absolute()), audio=False, target_resolution=size)
    try:
        yield clip
    finally:
        clip.close()


def padded(pixels: np.ndarray, width: int, height: int) -> np.ndarray:
    """A picture (height, width, 3) in the middle of a black frame."""
    frame = np.zeros((height, width, 3), dtype=np.uint8)
    top, left = (height - pixels.shape[0]) // 2, (width - pixels.shape[1]) // 2
    frame[top : top + pixels.shape[0], left : left + pixels.shape[1]] = pixels
    return frame


def _reel(path: Path, segments: Sequence[Segment]) -> Reel:
    """Look at a file. Raises :class:`BadInput` with the reason why it cannot be used."""
    from morse.writing import file_sha256

    try:
        size = path.stat().st_size
        if not path.is_file():
            raise BadInput("not a file")
        if size > MOST_BYTES:
            raise BadInput(f"{size / (1 << 30):.0f} GB, more than {MOST_BYTES >> 30}")
        seconds, width, height = _measured(path)
        sha256 = file_sha256(path)
    except OSError as error:
        raise BadInput(error.strerror or type(error).__name__) from None
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        raise BadInput(f"{seconds:.1f} s long, not between {LEAST_SECONDS:.0f} s and {MOST_SECONDS / 3600:.0f} h")
    if min(width, height) < LEAST_SIDE or max(width, height) > MOST_SIDE:
        raise BadInput(f"{width}x{height}, not between {LEAST_SIDE} and {MOST_SIDE} pixels a side")
    for segment in segments:
        if not 0 <= segment.start < segment.end <= seconds + 0.05:
            raise BadInput(
                f"segment {segment.name!r} ({segment.start:g}–{segment.end:g} s) is not within its {seconds:.1f} s"
            )
    return Reel(path, seconds, (width, height), sha256, tuple(sorted(segments, key=lambda segment: segment.start)))


def _measured(path: Path) -> tuple[float, int, int]:
    """Seconds, and width and height as shown. Raises :class:`BadInput` for what is no video."""
    import av
    from av.error import FFmpegError

    options = {"protocol_whitelist": "file", "format_whitelist": CONTAINERS}
    try:
        with av.open(str(path.absolute()), options=options) as container:
            if not container.streams.video:
                raise BadInput("no picture in it")
            frame = next(container.decode(video=0), None)
            if frame is None:
                raise BadInput("no picture can be decoded")
            stream = container.streams.video[0]
            length = stream.duration * stream.time_base if stream.duration and stream.time_base else None
            seconds = float(length) if length else (container.duration or 0) / 1_000_000
            width, height = frame.width, frame.height
            return (seconds, height, width) if frame.rotation % 180 else (seconds, width, height)
    except (FFmpegError, ValueError, EOFError) as error:
        raise BadInput(f"not a video that can be read ({str(error).split(':')[0].split(']')[-1].strip()})") from None


def _named(path: Path) -> dict[str, list[Segment]]:
    try:
        if path.stat().st_size > MOST_NAMES:
            raise BadInput(f"{path}: larger than {MOST_NAMES >> 20} MB")
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path}: not JSON ({error})") from None
    if not isinstance(raw, dict):
        raise BadInput(f"{path}: not an object from file names to lists of segments")
    named: dict[str, list[Segment]] = {}
    for name, segments in raw.items():
        if not isinstance(segments, list):
            raise BadInput(f"{path}: {name!r} has no list of segments")
        try:
            named[name] = [Segment.model_validate(segment) for segment in segments]
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise BadInput(f"{path}: a segment of {name!r}: {where}: {first['msg'].lower()}") from None
    return named
