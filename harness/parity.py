"""``morse parity``: which frames of a clip a harness is to show, and whether a decoder shows them.

The frames of a schedule go by number, from 0, of a clip of ``n`` frames at ``f`` frames a second (as in the views ``fps:R`` and ``frames:N``):

- R frames a second: floor(i · f / R) for i = 0, 1, … while it is below n;
- N frames: floor((i + ½) · n / N) for i = 0 … N − 1, the middles of N equal parts (each number once, where the clip has fewer than N).

What a frame holds is told by the hash of its decoded planes (Y, U, V as 8-bit 4:2:0), which H.264 defines to the bit: any decoder that conforms has the same.
What tools give is RGB, and each converts in its own way, so a decoder is held to the frames that FFmpeg decodes in order:
the same to the bit; near (mean absolute difference of at most :data:`TOLERANCE` levels of 255); other *colours* (the same picture by another matrix or range:
within that tolerance once colours are mapped linearly); or a *wrong frame*, where one up to :data:`NEAR` numbers away fits better than the one asked for.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from harness.columns import aligned, printable
from harness.report import write_text
from morse.dataset import Dataset, open_dataset
from morse.errors import BadInput
from morse.schema import Clip, Record
from morse.view.names import parse_view
from morse.view.schedule import schedule

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

SCHEDULES = ("fps:1", "frames:8", "frames:16", "frames:32")
TOLERANCE = 2.0
"""Levels of 255, on the average, by which conversions of one frame to RGB may differ."""
NEAR = 8
"""How many numbers away a frame is looked for that was shown instead."""
BETTER = 0.02
"""By how many levels another frame must fit better to be taken for the one that is shown, and by that share too."""
MOST_NAMED = 3
"""How many clips are named that a decoder cannot read."""
STRIDE, COARSE = 2, 4
"""Every how many pixels are compared of frames beside the one asked for, and where colours are mapped."""


class Frames(Record):
    """A line of the list of frames: what a harness is to show of a clip."""

    clip_id: str
    video: str
    video_sha256: str | None
    fps: int
    frames: int
    schedules: dict[str, tuple[int, ...]]
    """Schedule → numbers of frames."""
    hashes: dict[int, str]
    """Number → BLAKE2b-128 (hex) of the frame's planes, Y then U then V, without padding."""


@dataclass
class Verdict:
    """What a decoder does, over all frames that it was asked for."""

    decoder: str
    version: str
    frames: int = 0
    same: int = 0
    """Equal to the bit."""
    near: int = 0
    """Within the tolerance."""
    colours: int = 0
    """The same picture in other colours."""
    shifted: Counter[int] = field(default_factory=Counter)
    """By how many numbers (shown − asked for) → how many frames."""
    unlike: int = 0
    """Like no frame near the one asked for."""
    farthest: float = 0.0
    """The largest mean difference of a right frame, in levels."""
    errors: list[str] = field(default_factory=list)
    """Clips that it cannot read, and why."""

    @property
    def passed(self) -> bool:
        return bool(self.frames) and self.same + self.near == self.frames and not self.errors


Decoder = Callable[[Path, Sequence[int], int], np.ndarray]
"""File, numbers in rising order, frames a second → (numbers, height, width, 3), RGB, uint8."""


def command(dataset: Path, wanted: Sequence[str], most: int | None, out: Path | None, json_file: Path | None) -> int:
    """Write the list of frames, hold the decoders to it, print what they do. Returns the exit code: 1 if one shows something else."""
    from harness.decoders import installed

    data, decoders = open_dataset(dataset), installed(wanted)
    if not data.manifest.recipe.video:
        raise BadInput(f"{dataset}: made without video (--no-video)")
    clips = _spread([*data.clips()], most)
    if out is not None:
        write_text("".join(row.model_dump_json() + "\n" for row in listed(data, clips)), out)
        click.echo(f"{out}: the frames of {', '.join(SCHEDULES)} of {len(clips)} clips, with their hashes")
    verdicts = examine(data, clips, decoders)
    if json_file is not None:
        rows = [asdict(verdict) | {"passed": verdict.passed} for verdict in verdicts]
        write_text(
            json.dumps({"dataset": str(dataset), "clips": len(clips), "decoders": rows}, indent=1) + "\n", json_file
        )
    heads = ("decoder", "version", "frames", "same", "near", "farthest", "other colours", "wrong frame", "unlike", "")
    lines = [
        (
            verdict.decoder,
            verdict.version,
            *map(str, (verdict.frames, verdict.same, verdict.near, f"{verdict.farthest:.2f}", verdict.colours)),
            _shifts(verdict),
            str(verdict.unlike),
            "yes" if verdict.passed else "NO",
        )
        for verdict in verdicts
    ]
    click.echo("\n".join(aligned(heads, lines, right=range(2, 9))))
    for verdict in verdicts:
        for error in verdict.errors[:MOST_NAMED]:
            click.echo(f"{verdict.decoder}: {printable(error)}", err=True)
    return 0 if all(verdict.passed for verdict in verdicts) else 1


def _shifts(verdict: Verdict) -> str:
    return ", ".join(f"{count} by {by:+d}" for by, count in sorted(verdict.shifted.items())) or "0"


def _spread(clips: list[Clip], most: int | None) -> list[Clip]:
    """At most so many clips, of all tasks in turn."""
    if most is None or most >= len(clips):
        return clips
    by_task: dict[str, list[Clip]] = defaultdict(list)
    for clip in clips:
        by_task[clip.task].append(clip)
    turns = [clip for turn in zip_longest(*by_task.values()) for clip in turn if clip is not None]
    return turns[:most]


def frames_of(clip: Clip) -> dict[str, tuple[int, ...]]:
    """The numbers of the frames of each schedule."""
    return {name: schedule(parse_view(name), clip).shown for name in SCHEDULES}


def listed(data: Dataset, clips: Sequence[Clip]) -> Iterator[Frames]:
    """The list of frames of some clips, from the files as they are. Raises :class:`BadInput` for a video that is not as its row says."""
    for clip in clips:
        schedules = frames_of(clip)
        wanted = {number for numbers in schedules.values() for number in numbers}
        hashes: dict[int, str] = {}
        for number, frame in _in_order(data.video(clip), clip.frames):
            if number in wanted:
                planes = np.ascontiguousarray(frame.to_ndarray(format="yuv420p"))
                hashes[number] = hashlib.blake2b(planes.tobytes(), digest_size=16).hexdigest()
        yield Frames(
            clip_id=clip.clip_id,
            video=clip.video or "",
            video_sha256=clip.video_sha256,
            fps=clip.fps,
            frames=clip.frames,
            schedules=schedules,
            hashes=hashes,
        )


def examine(data: Dataset, clips: Sequence[Clip], decoders: dict[str, tuple[str, Decoder]]) -> list[Verdict]:
    """Hold decoders (name → version and how to decode) to the frames of all schedules of some clips."""
    verdicts = [Verdict(name, version) for name, (version, _) in decoders.items()]
    for clip in clips:
        numbers = sorted({number for shown in frames_of(clip).values() for number in shown})
        path = data.video(clip)
        given: dict[str, np.ndarray] = {}
        for verdict in verdicts:
            verdict.frames += len(numbers)
            try:
                found = decoders[verdict.decoder][1](path, numbers, clip.fps)
                if found.shape != (len(numbers), clip.height, clip.width, 3) or found.dtype != np.uint8:
                    raise ValueError(f"gives {found.dtype} of shape {'x'.join(map(str, found.shape))}")
                given[verdict.decoder] = found
            except Exception as error:  # whatever a decoder raises says that it cannot show the clip
                said = (str(error) or type(error).__name__).splitlines()[0]
                verdict.errors.append(f"clip {clip.clip_id}: {said[:200]}")
                verdict.unlike += len(numbers)
        fits = _fits(path, clip, numbers, given)
        for verdict in verdicts:
            for number in numbers if verdict.decoder in given else ():
                _judge(verdict, number, fits[verdict.decoder, number])
    return verdicts


@dataclass(frozen=True)
class _Fit:
    """How far what is shown is from a true frame, in levels on the average."""

    apart: float
    """On every pixel, if it is the one asked for."""
    plain: float
    """On a part of them."""
    mapped: float
    """Once colours are mapped linearly; as ``plain`` where that is within the tolerance."""


def _fits(
    path: Path, clip: Clip, numbers: Sequence[int], given: dict[str, np.ndarray]
) -> dict[tuple[str, int], dict[int, _Fit]]:
    """(decoder, number asked for) → number of each true frame near it → how well that fits. True frames go by in order, one at a time."""
    fits: dict[tuple[str, int], dict[int, _Fit]] = defaultdict(dict)
    for j, frame in _in_order(path, clip.frames):
        near = [(i, number) for i, number in enumerate(numbers) if abs(number - j) <= NEAR]
        if not near or not given:
            continue
        true = frame.to_ndarray(format="rgb24")
        for name, pictures in given.items():
            for i, number in near:
                shown = pictures[i]
                apart = _difference(shown, true) if j == number else 0.0
                plain = _difference(shown[::STRIDE, ::STRIDE], true[::STRIDE, ::STRIDE])
                mapped = plain if plain <= TOLERANCE else _mapped(shown[::COARSE, ::COARSE], true[::COARSE, ::COARSE])
                fits[name, number][j] = _Fit(apart, plain, mapped)
    return fits


def _judge(verdict: Verdict, number: int, fits: dict[int, _Fit]) -> None:
    here = fits[number]
    if here.apart == 0:
        verdict.same += 1
        return
    alike = here.apart <= TOLERANCE
    value = (lambda fit: fit.plain) if alike else (lambda fit: fit.mapped)
    best = min(fits, key=lambda j: (value(fits[j]), abs(j - number)))
    if value(fits[best]) < value(here) * (1 - BETTER) - BETTER and value(fits[best]) <= TOLERANCE:
        verdict.shifted[best - number] += 1
        return
    if not alike and here.mapped > TOLERANCE:
        verdict.unlike += 1
        return
    verdict.farthest = max(verdict.farthest, here.apart)
    if alike:
        verdict.near += 1
    else:
        verdict.colours += 1


def _difference(one: np.ndarray, other: np.ndarray) -> float:
    """Mean absolute difference, in levels."""
    return float(np.abs(one.astype(np.int16) - other).mean())


def _mapped(shown: np.ndarray, true: np.ndarray) -> float:
    """The mean absolute difference that is left by the linear map of colours (3 × 4) that fits best."""
    colours = np.column_stack(
        [shown.reshape(-1, 3).astype(np.float32), np.ones(shown.shape[0] * shown.shape[1], np.float32)]
    )
    wanted = true.reshape(-1, 3).astype(np.float32)
    found, *_ = np.linalg.lstsq(colours, wanted, rcond=None)
    return float(np.abs(colours @ found - wanted).mean())


def _in_order(path: Path, count: int) -> Iterator[tuple[int, "VideoFrame"]]:
    """Every frame of a video, numbered as it is decoded. Raises :class:`BadInput` if there are not as many as there should be."""
    import av
    from av.error import FFmpegError

    from morse.view.reel import CONTAINERS

    number = -1
    try:
        options = {"protocol_whitelist": "file", "format_whitelist": CONTAINERS}
        with av.open(str(path.absolute()), options=options) as container:
            stream = container.streams.video[0]
            stream.codec_context.thread_count = 1
            for number, frame in enumerate(container.decode(stream)):
                yield number, frame
    except (FFmpegError, EOFError, IndexError) as error:
        raise BadInput(f"{path}: cannot be decoded ({getattr(error, 'strerror', None) or error})") from None
    if number + 1 != count:
        raise BadInput(f"{path}: {number + 1} frames, clips.parquet says {count}")
