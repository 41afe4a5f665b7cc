"""``morse score-video``: whether what happens in generated videos is what truly happens, object by object.

Each object of the true future is followed through the generated video (:mod:`harness.video_tracking`). At each moment it is right at the distances
of 1/8, 1/4, 1/2 and 1 of its own size, and its accuracy is the share of these four at which it is within: the position accuracy of TAP-Vid
(Doersch et al. 2022, arXiv 2211.03726), with distances that go by the object in place of pixels. With A the mean of that over objects and moments
and A₀ what the first frame gets, standing still all the time,

    skill = max(0, (A − A₀) / (1 − A₀)):

the skill score of forecast verification with persistence as the reference (Murphy, "Skill scores based on the mean square error and their relationships
to the correlation coefficient", 1988; Wilks, "Statistical Methods in the Atmospheric Sciences", eq. 8.4 of the third edition). What truly happens
has 1, doing nothing has 0. Both means are over the objects that move: *path* is the skill while they are under way, *final state* that over the last
:data:`FINAL` seconds (none where all ends as it began), each multiplied by the accuracy of what never moves, which is to stay. The score is the geometric
mean of both: a final state that was come to by no right way is luck. An object counts while it is at least half seen.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click
import numpy as np
from pydantic import ValidationError

from harness.columns import aligned, printable
from harness.report import write_record
from harness.stats import Estimate, estimate
from harness.video_tracking import SMALLEST, WIDTH, Course, followed
from morse.errors import BadInput
from morse.export.image_to_video import CLIPS, PRIVATE, Asked, Truth, future_path
from morse.progress import progress
from morse.schema import Record

SIZES = (1 / 8, 1 / 4, 1 / 2, 1.0)
"""The distances at which an object is right, in sizes of it (the root of its box's area)."""
RATE = 10.0
"""Moments a second at which videos are compared, at most."""
FINAL = 0.5
"""The last seconds, in which all is in its final state."""
MOVING = 0.1
"""How many of its sizes an object goes in a second while it moves."""
SLOWEST = 4.0
"""Frames a second that a video has at least: with fewer, things that look alike cannot be kept apart."""
SHORTEST = 0.5
"""The share of the time that a video lasts at least. What it lacks beyond that counts as not found."""
HELD = 0.25
"""Seconds for which the last frame stands in for what is missing: frame rates do not divide every length."""
SHAPES = 0.03
"""By how much the shape of the picture may differ from the true one."""
SMALLEST_SIDE, LARGEST_SIDE, MOST_FRAMES, MOST_BYTES = 64, 8192, 20_000, 2 << 30
KINDS = (".mp4", ".webm", ".mkv", ".mov")
MOST_LINE = 64 << 20

R = TypeVar("R", bound=Record)


class ClipScore(Record):
    """What a generated video is worth."""

    clip_id: str
    task: str
    category: str
    level: int
    score: float
    path: float = 0.0
    final: float | None = None
    """``None`` where all ends as it began, or the video was not compared."""
    objects: int = 0
    """How many were followed."""
    reason: str = ""
    """Why it was scored 0 without being compared, or what else was noticed."""


class VideoReport(Record):
    """``morse score-video --json``."""

    export: str
    videos: str
    score: Estimate
    """Over all clips of the export: what is missing or unusable counts as 0."""
    tasks: dict[str, Estimate]
    unusable: int
    clips: tuple[ClipScore, ...]


class Unusable(Exception):
    """A generated video that cannot be compared, and so is worth 0; says why."""


def command(export: Path, videos: Path, json_file: Path | None) -> None:
    """Score a folder of videos, print a table, and what could not be used. Raises :class:`BadInput` for what is no export with answers."""
    report = score_videos(export, videos)
    if json_file is not None:
        write_record(report, json_file)
    rows = [(name, *_figures([clip for clip in report.clips if clip.task == name])) for name in report.tasks]
    heads = ("task", "clips", "score", "path", "final state")
    click.echo("\n".join(aligned(heads, [*rows, ("all", *_figures(report.clips))], right=(1, 2, 3, 4))))
    mean = report.score
    click.echo(
        f"score: {mean.mean:.3f} ({mean.low:.3f} to {mean.high:.3f}, 95 % interval over clips); doing nothing is 0, the truth 1"
    )
    for clip in report.clips:
        if clip.reason:
            click.echo(f"{clip.clip_id}: {printable(clip.reason)}", err=True)


def _figures(clips: Iterable[ClipScore]) -> tuple[str, str, str, str]:
    every = [*clips]
    finals = [clip.final for clip in every if clip.final is not None]
    means = (_mean([clip.score for clip in every]), _mean([clip.path for clip in every]), _mean(finals))
    return str(len(every)), *(f"{mean:.3f}" if mean is not None else "–" for mean in means)  # type: ignore[return-value]


def _mean(values: list[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


def score_videos(export: Path, videos: Path) -> VideoReport:
    """Score the videos of a folder against the true futures of an export."""
    if not videos.is_dir():
        raise BadInput(f"{videos}: no such folder")
    try:
        import cv2  # noqa: F401
    except ImportError:
        raise BadInput("score-video needs OpenCV: pip install 'morse-bench[video]'") from None
    asked = {row.clip_id: row for row in _rows(export / CLIPS, Asked)}
    if not (export / PRIVATE).exists():
        raise BadInput(
            f"{export}: has no true futures; it was made without them (morse export … --to image-to-video --answers)"
        )
    truths = {row.clip_id: row for row in _rows(export / PRIVATE, Truth)}
    if asked.keys() != truths.keys() or not asked:
        raise BadInput(f"{export}: {CLIPS} and {PRIVATE} are not of the same clips")
    scores: list[ClipScore] = []
    with progress("videos", len(asked)) as advance:
        for clip_id, row in asked.items():
            scores.append(_scored(row, truths[clip_id], export, videos))
            advance(sum(bool(score.reason) for score in scores))
    tasks = dict.fromkeys(sorted(score.task for score in scores))
    return VideoReport(
        export=str(export),
        videos=str(videos),
        score=_estimate(scores),
        tasks={name: _estimate([score for score in scores if score.task == name]) for name in tasks},
        unusable=sum(bool(score.reason) and not score.objects for score in scores),
        clips=tuple(scores),
    )


def _estimate(scores: list[ClipScore]) -> Estimate:
    found = estimate([score.score for score in scores], [score.clip_id for score in scores])
    assert found is not None
    return found


def _scored(row: Asked, truth: Truth, export: Path, videos: Path) -> ClipScore:
    about = {"clip_id": row.clip_id, "task": row.task, "category": row.category, "level": row.level}
    try:
        file = _file_of(row, videos)
        true = _true_pictures(export / future_path(row.clip_id), row, truth)
        height = true[0].shape[0]
        shown, reason = sampled(file, truth.frames / row.fps, (WIDTH, height))
    except Unusable as error:
        return ClipScore(**about, score=0.0, reason=str(error))
    return compared(row, truth, true, shown).model_copy(update={"reason": reason})


@dataclass(frozen=True)
class Sampled:
    """Pictures of a video (height, width, 3; BGR) at moments, in seconds from its start. ``missing``: moments at which it is over."""

    times: list[float]
    pictures: list[np.ndarray]
    missing: int


def compared(row: Asked, truth: Truth, true: list[np.ndarray], shown: Sampled) -> ClipScore:
    """The score of a video from its pictures; ``true``: every picture of the true future, of the same size."""
    height = true[0].shape[0]
    scale = np.array([WIDTH, height, WIDTH, height])
    numbers = np.clip(np.round(np.array(shown.times) * row.fps).astype(int), 0, truth.frames - 1)
    late = np.arange(shown.missing) / RATE + (shown.times[-1] + 1 / RATE if shown.times else 0.0)
    times = np.concatenate([shown.times, late])
    last = times >= truth.frames / row.fps - FINAL - 1e-9
    ways: list[np.ndarray] = []
    ends: list[np.ndarray] = []
    stays: list[np.ndarray] = []
    tracked = [(Course(one.name, np.array(one.boxes) * scale, np.array(one.visible))) for one in truth.objects]
    tracked = [one for one in tracked if (one.boxes[0, 2:] - one.boxes[0, :2]).min() >= SMALLEST]
    every = np.concatenate([numbers, np.clip(np.round(late * row.fps).astype(int), 0, truth.frames - 1)])
    for one in tracked:
        rivals = [other for other in tracked if other is not one]
        found = followed(one, rivals, true, shown.pictures, numbers.tolist())
        found = np.concatenate([found, np.full((shown.missing, 2), np.nan)])
        counts = one.visible[every] >= 0.5
        size = float(np.sqrt(np.prod(one.boxes[0, 2:] - one.boxes[0, :2])))
        right = _within(found, one.centres, every, size)
        standing = _within(np.repeat(one.centres[:1], len(every), axis=0), one.centres, every, size)
        under_way = _under_way(one.centres, size, row.fps)
        if under_way is None:
            stays.append(right[counts])
            continue
        ways.append(np.stack([right[counts & under_way[every]], standing[counts & under_way[every]]]))
        ends.append(np.stack([right[counts & last], standing[counts & last]]))
    if not ways:
        raise BadInput(f"{row.clip_id}: nothing that moves in it is large enough to be followed")
    stayed = float(np.concatenate(stays).mean()) if stays else 1.0
    path, final = skill(*np.concatenate(ways, axis=1)), skill(*np.concatenate(ends, axis=1))
    path, final = (None if part is None else part * stayed for part in (path, final))
    parts = [part for part in (path, final) if part is not None]
    return ClipScore(
        clip_id=row.clip_id,
        task=row.task,
        category=row.category,
        level=row.level,
        score=round(math.prod(parts) ** (1 / len(parts)), 6) if parts else 0.0,
        path=round(path or 0.0, 6),
        final=None if final is None else round(final, 6),
        objects=len(ways) + len(stays),
    )


def skill(accuracy: np.ndarray, standing: np.ndarray) -> float | None:
    """(A − A₀) / (1 − A₀) of the means, at least 0; ``None`` where standing still is (nearly) right."""
    if not len(accuracy) or standing.mean() > 0.98:
        return None
    return max(0.0, float((accuracy.mean() - standing.mean()) / (1 - standing.mean())))


def _under_way(centres: np.ndarray, size: float, fps: int) -> np.ndarray | None:
    """(frames,): from when an object first moves until it last does, and a little before and after; ``None`` for what never moves."""
    steps = np.linalg.norm(np.diff(centres, axis=0), axis=1) * fps
    moving = np.flatnonzero(steps > MOVING * size)
    if not len(moving):
        return None
    under_way = np.zeros(len(centres), dtype=bool)
    under_way[max(0, moving[0] - fps // 4) : moving[-1] + 2 + fps // 4] = True
    return under_way


def _within(found: np.ndarray, centres: np.ndarray, numbers: np.ndarray, size: float) -> np.ndarray:
    """At which share of the distances each place is right. A moment may lie between two true frames: the nearest of three counts."""
    near = np.stack([np.clip(numbers + by, 0, len(centres) - 1) for by in (-1, 0, 1)])
    distances = np.linalg.norm(centres[near] - found, axis=-1).min(axis=0) / size
    return (np.nan_to_num(distances, nan=math.inf)[:, None] <= np.array(SIZES)).mean(axis=1)


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _rows(path: Path, model: type[R]) -> Iterator[R]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if len(line) > MOST_LINE:
                    raise BadInput(f"{path}, line {number}: longer than {MOST_LINE} bytes")
                try:
                    yield model.model_validate_json(line)
                except ValidationError as error:
                    first = error.errors(include_url=False, include_input=False)[0]
                    where = ".".join(map(str, first["loc"]))
                    raise BadInput(f"{path}, line {number}: {where or 'the line'}: {first['msg']}") from None
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}; not an export of morse export --to image-to-video") from None


def _file_of(row: Asked, videos: Path) -> Path:
    for kind in KINDS:
        file = videos / f"{row.clip_id}{kind}"
        if file.is_file():
            return file
    raise Unusable(f"no video {row.clip_id}.mp4 ({', '.join(KINDS[1:])})")


def _true_pictures(path: Path, row: Asked, truth: Truth) -> list[np.ndarray]:
    """Every picture of a true future. Raises :class:`BadInput` if it is not what its rows say."""
    if any(len(one.boxes) != truth.frames or len(one.visible) != truth.frames for one in truth.objects):
        raise BadInput(f"{path}: {PRIVATE} does not have every frame of it")
    try:
        height = max(2, round(WIDTH * row.height / row.width))
        pictures = [picture for _, picture in _decoded(path, (WIDTH, height), None)]
    except Unusable as error:
        raise BadInput(f"{path}: {error}") from None
    if len(pictures) != truth.frames:
        raise BadInput(f"{path}: {len(pictures)} frames, {PRIVATE} says {truth.frames}")
    return pictures


def sampled(path: Path, seconds: float, size: tuple[int, int]) -> tuple[Sampled, str]:
    """A video's pictures at :data:`RATE` moments a second or fewer, each with the time of the frame itself; and what was noticed.

    Raises :class:`Unusable` for what is no video, or has another shape, too few frames, or far too short a run.
    """
    wanted = [k / RATE for k in range(math.ceil(seconds * RATE - 1e-9))]
    chosen: list[tuple[float, np.ndarray]] = []
    before: tuple[float, np.ndarray] | None = None
    frames, over, k = 0, 0.0, 0
    for time, picture in _decoded(path, size, seconds):
        frames += 1
        if before is not None:
            over = time + (time - before[0])
        while k < len(wanted) and wanted[k] <= time + 1e-9:
            nearest = before if before is not None and wanted[k] - before[0] < time - wanted[k] else (time, picture)
            if not chosen or nearest[0] > chosen[-1][0]:
                chosen.append(nearest)
            k += 1
        before = time, picture
    if before is None:
        raise Unusable("no picture in it")
    if frames < 2 or (frames - 1) / max(before[0], 1e-9) < SLOWEST:
        raise Unusable(f"{frames} frames, fewer than {SLOWEST:g} a second")
    while k < len(wanted) and wanted[k] < over + HELD - 1e-9:
        if before[0] > chosen[-1][0]:
            chosen.append(before)
        k += 1
    if over < SHORTEST * seconds:
        raise Unusable(f"ends after {over:.1f} of {seconds:.1f} seconds")
    reason = (
        "" if k == len(wanted) else f"ends after {over:.1f} of {seconds:.1f} seconds: what is missing counts as wrong"
    )
    return Sampled([time for time, _ in chosen], [picture for _, picture in chosen], len(wanted) - k), reason


def _decoded(path: Path, size: tuple[int, int], seconds: float | None) -> Iterator[tuple[float, np.ndarray]]:
    """The frames of a video, scaled, each with its time from the first one on, up to some seconds."""
    import av
    import cv2
    from av.error import FFmpegError

    from morse.view.reel import CONTAINERS

    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unusable(f"larger than {MOST_BYTES >> 30} GiB")
        options = {"protocol_whitelist": "file", "format_whitelist": CONTAINERS}
        with av.open(str(path.absolute()), options=options) as container:
            if not container.streams.video:
                raise Unusable("no picture in it")
            stream = container.streams.video[0]
            stream.codec_context.thread_count = 1
            first: float | None = None
            last = -1.0
            for number, frame in enumerate(container.decode(stream)):
                _check_shape(frame.width, frame.height, size)
                if number >= MOST_FRAMES:
                    raise Unusable(f"more than {MOST_FRAMES} frames")
                time = float(frame.time) if frame.time is not None else number / float(stream.average_rate or 24)
                first = time if first is None else first
                if seconds is not None and time - first > seconds:
                    return
                if time - first <= last:
                    continue  # a frame that is over as soon as it begins
                last = time - first
                picture = frame.to_ndarray(format="bgr24")
                yield last, cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    except (FFmpegError, EOFError, OSError, ValueError, MemoryError) as error:
        raise Unusable(f"cannot be decoded ({getattr(error, 'strerror', None) or error})") from None


def _check_shape(width: int, height: int, size: tuple[int, int]) -> None:
    if min(width, height) < SMALLEST_SIDE or max(width, height) > LARGEST_SIDE:
        raise Unusable(f"{width}x{height} pixels: wants {SMALLEST_SIDE} to {LARGEST_SIDE} a side")
    wanted = size[0] / size[1]
    if abs(width / height / wanted - 1) > SHAPES:
        raise Unusable(f"{width}x{height} is another shape than the first frame (width : height = {wanted:.2f})")
