"""The sound of a video file, and of a view of it: it goes with the frames, backwards where they do, silent where nothing is seen."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.error import FFmpegError

from morse.errors import BadInput
from morse.sound import RATE, Samples
from morse.view.reel import SAFE
from morse.view.schedule import Frame


def heard(path: Path) -> np.ndarray:
    """All samples of a video's sound, (n,) of int16, 48 kHz, one channel; none where it has no sound.

    Raises :class:`BadInput` for what cannot be decoded.
    """
    try:
        with av.open(str(path.absolute()), options=SAFE) as container:
            if not container.streams.audio:
                return np.zeros(0, dtype=np.int16)
            resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
            blocks = [
                made.to_ndarray()[0]
                for frame in (*container.decode(audio=0), None)
                for made in resampler.resample(frame)
            ]
    except (FFmpegError, EOFError) as error:
        raise BadInput(f"{path}: its sound cannot be decoded ({getattr(error, 'strerror', None) or error})") from None
    return np.concatenate(blocks) if blocks else np.zeros(0, dtype=np.int16)


def rearranged(sound: np.ndarray, frames: Sequence[Frame], fps: int) -> Samples:
    """What is heard while these frames are shown one after another, each for 1 / ``fps`` seconds, for an encoder."""
    made = np.zeros(round(len(frames) * RATE / fps), dtype=np.int16)
    for place, first, count, way in _runs(frames):
        start, stop = (round(number * RATE / fps) for number in (first, first + count))
        piece = sound[start:stop][::way]
        at = round(place * RATE / fps)
        made[at : at + len(piece)] = piece[: len(made) - at]
    return lambda start, stop: made[start:stop]


def _runs(frames: Sequence[Frame]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches of frames that run on or back: (place of the first, lowest number, how many, 1 or −1)."""
    start = 0
    while start < len(frames):
        first, stop = frames[start], start + 1
        if first is None:
            start = stop
            continue
        following = frames[stop] if stop < len(frames) else None
        way = -1 if following == first - 1 else 1
        while stop < len(frames) and frames[stop] == first + way * (stop - start):
            stop += 1
        count = stop - start
        yield start, first if way > 0 else first - count + 1, count, way
        start = stop
