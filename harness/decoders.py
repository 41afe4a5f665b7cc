"""What harnesses decode videos with, each asked for frames by number in its own way. Nothing is imported before it is asked for."""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from harness.parity import Decoder
from morse.errors import BadInput, did_you_mean


def by_pyav(path: Path, numbers: Sequence[int], fps: int) -> np.ndarray:
    """PyAV as MORSE's own views use it: by time, with jumps to key frames."""
    from morse.view.reel import reel

    with reel(path, fps) as film:
        return np.stack([*film.pictures(numbers)])


def by_opencv(path: Path, numbers: Sequence[int], fps: int) -> np.ndarray:
    """OpenCV's ``VideoCapture``, set to each number."""
    import cv2

    del fps
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    try:
        found: list[np.ndarray] = []
        for number in numbers:
            capture.set(cv2.CAP_PROP_POS_FRAMES, number)
            there, picture = capture.read()
            if not there:
                raise ValueError(f"gives no frame {number}")
            found.append(np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8))
        return np.stack(found)
    finally:
        capture.release()


def by_torchcodec(path: Path, numbers: Sequence[int], fps: int) -> np.ndarray:
    """torchcodec's ``VideoDecoder`` with its default, exact seeking."""
    from torchcodec.decoders import VideoDecoder  # pyright: ignore[reportMissingImports]

    del fps
    batch = VideoDecoder(str(path), num_ffmpeg_threads=1).get_frames_at(indices=[*numbers])
    return np.asarray(batch.data.permute(0, 2, 3, 1).numpy())


def by_decord(path: Path, numbers: Sequence[int], fps: int) -> np.ndarray:
    """decord's ``VideoReader``."""
    from decord import VideoReader, cpu  # pyright: ignore[reportMissingImports]

    del fps
    return np.asarray(VideoReader(str(path), ctx=cpu(0), num_threads=1).get_batch([*numbers]).asnumpy())


DECODERS: dict[str, tuple[tuple[str, ...], Decoder]] = {
    "pyav": (("av",), by_pyav),
    "opencv": (
        ("opencv-python-headless", "opencv-python", "opencv-contrib-python-headless", "opencv-contrib-python"),
        by_opencv,
    ),
    "torchcodec": (("torchcodec",), by_torchcodec),
    "decord": (("decord", "eva-decord"), by_decord),
}
"""Name → the packages that it may come from, and how it is asked."""


def installed(wanted: Sequence[str] = ()) -> dict[str, tuple[str, Decoder]]:
    """Name → version and decoder, of those that are installed (of ``wanted`` alone, if any are named).

    Raises :class:`BadInput` for one that is not known, or named and not installed.
    """
    for name in wanted:
        if name not in DECODERS:
            raise BadInput(f"no decoder {name!r}{did_you_mean(name, DECODERS)}: choose {', '.join(DECODERS)}")
    found: dict[str, tuple[str, Decoder]] = {}
    for name in dict.fromkeys(wanted or DECODERS):
        packages, decode = DECODERS[name]
        versions = [text for text in map(_version, packages) if text]
        if versions:
            found[name] = versions[0], decode
        elif wanted:
            raise BadInput(f"decoder {name} is not installed (package {packages[0]})")
    return found


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
