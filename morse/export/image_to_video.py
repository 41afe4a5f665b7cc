"""For models that make videos: a first frame and what is to happen in words; the true future is kept apart, for ``morse score-video``.

``clips.jsonl`` has a line a clip: what to give to a model, and what to call the video that it makes. ``frames/`` has the first frames,
``starts/`` the clips up to them, for models that continue a video. ``private/`` (with the answers alone) has the true futures and where in
them everything is.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
from pydantic import Field

from morse.dataset import Dataset
from morse.errors import BadInput
from morse.export.entries import Entry
from morse.export.futures import LEAST_SECONDS, REST, Future, future_of
from morse.schema import Clip, Record
from morse.stage.encoder import Encoder
from morse.stage.frames import Canvas
from morse.view.reel import reel

CLIPS, PRIVATE = "clips.jsonl", "private/futures.jsonl"
RESTS = 0.004
"""Sides of the frame a second, below which a thing is at rest."""
MOVES = 0.03
"""How far things are from where they began, on the average of the frames and summed over things, in sides of the frame: less is not asked for."""


class Asked(Record):
    """A line of ``clips.jsonl``."""

    clip_id: str = Field(pattern="^[0-9a-f]{16}$")
    task: str
    category: str
    level: int
    image: str
    """The first frame (PNG): what the video that is made begins with."""
    start: str
    """The clip up to that frame."""
    prompt: str
    seconds: float = Field(gt=0, le=60)
    """How long the video is to be."""
    fps: int = Field(ge=1, le=240)
    width: int = Field(ge=16, le=8192)
    height: int = Field(ge=16, le=8192)
    save_as: str
    """The name of the video that is made, in the folder that is given to ``morse score-video``."""
    canary: str


class Follows(Record):
    """Where a thing is in each frame of a future."""

    name: str
    boxes: tuple[tuple[float, float, float, float], ...] = Field(max_length=20_000)
    """Left, top, right, bottom in fractions of the frame."""
    visible: tuple[float, ...] = Field(max_length=20_000)
    """The share of it that is seen."""


class Truth(Record):
    """A line of ``private/futures.jsonl``."""

    clip_id: str = Field(pattern="^[0-9a-f]{16}$")
    frames: int = Field(ge=2, le=20_000)
    objects: tuple[Follows, ...] = Field(min_length=1, max_length=500)


def future_path(clip_id: str) -> str:
    """Where a true future is, inside an export with answers."""
    return f"private/futures/{clip_id[:2]}/{clip_id}.mp4"


def write(data: Dataset, found: Iterator[Entry], folder: Path, *, target: Path, answers: bool) -> None:
    """Write the clips that a model can be held to, and say which ones were left out. ``found``, the questions, are not used.

    Raises :class:`BadInput` if there is none, or without the private half (what happens, and where, is said there).
    """
    del found, target
    asked: list[str] = []
    truths: list[str] = []
    left_out: Counter[str] = Counter()
    for clip in data.clips():
        future = future_of(clip.task, data.trace(clip.clip_id).events, clip.duration)
        if isinstance(future, str):
            left_out[future] += 1
            continue
        first, last = round(future.start * clip.fps), min(round(future.end * clip.fps), clip.frames - 1)
        objects = _objects(data, clip, first, last)
        if not _moves(objects):
            left_out[f"task {clip.task!r}: nothing that is seen at first moves"] += 1
            continue
        if future.motion:
            last = first + _over(objects, clip.fps)
            objects = _objects(data, clip, first, last)
        row = _asked(data, clip, future, first, last)
        _films(data.video(clip), clip, row, folder, first, last, data.manifest.canary, answers)
        asked.append(row.model_dump_json())
        truths.append(Truth(clip_id=clip.clip_id, frames=last - first + 1, objects=objects).model_dump_json())
    if not asked:
        raise BadInput(
            f"{data.public.parent}: no clip that could be asked for; {next(iter(left_out), 'there are none')}"
        )
    (folder / CLIPS).write_text("\n".join(asked) + "\n", encoding="utf-8")
    if answers:
        (folder / PRIVATE).write_text("\n".join(truths) + "\n", encoding="utf-8")
    (folder / "README.md").write_bytes(data.public_file("README.md").read_bytes())
    for reason, count in sorted(left_out.items()):
        click.echo(f"{count} {'clip' if count == 1 else 'clips'} left out: {reason}", err=True)


def _asked(data: Dataset, clip: Clip, future: Future, first: int, last: int) -> Asked:
    name, seconds = clip.clip_id, (last - first + 1) / clip.fps
    return Asked(
        clip_id=name,
        task=clip.task,
        category=clip.category,
        level=clip.level,
        image=f"frames/{name[:2]}/{name}.png",
        start=f"starts/{name[:2]}/{name}.mp4",
        prompt=f"{future.prompt} Go on for {seconds:.1f} seconds." if future.motion else future.prompt,
        seconds=seconds,
        fps=clip.fps,
        width=clip.width,
        height=clip.height,
        save_as=f"{name}.mp4",
        canary=data.manifest.canary,
    )


def _objects(data: Dataset, clip: Clip, first: int, last: int) -> tuple[Follows, ...]:
    """The tracks of what is at least half seen in the first frame."""
    boxes: dict[str, list[tuple[float, float, float, float]]] = {}
    visible: dict[str, list[float]] = {}
    for batch in data.tracks(clip.clip_id):
        columns = batch.to_pydict()
        sides = zip(columns["left"], columns["top"], columns["right"], columns["bottom"], strict=True)
        for frame, name, box, seen in zip(columns["frame"], columns["object"], sides, columns["visible"], strict=True):
            if first <= frame <= last:
                boxes.setdefault(name, []).append(tuple(round(side, 5) for side in box))
                visible.setdefault(name, []).append(round(seen, 4))
    return tuple(
        Follows(name=name, boxes=tuple(boxes[name]), visible=tuple(visible[name]))
        for name in boxes
        if visible[name][0] >= 0.5
    )


def _moves(objects: tuple[Follows, ...]) -> bool:
    """Whether something that is seen gets away from where it is at first, for some time."""
    away = 0.0
    for one in objects:
        boxes = np.array(one.boxes)
        centres, seen = (boxes[:, :2] + boxes[:, 2:]) / 2, np.array(one.visible) >= 0.5
        away += float(np.abs(centres - centres[0]).sum(axis=1)[seen].sum()) / len(boxes)
    return away >= MOVES


def _over(objects: tuple[Follows, ...], fps: int) -> int:
    """The number of the frame, from the first, at which all that is seen has come to rest, and a little more."""
    last = 0
    for one in objects:
        boxes, seen = np.array(one.boxes), np.array(one.visible) >= 0.5
        steps = np.abs(np.diff((boxes[:, :2] + boxes[:, 2:]) / 2, axis=0)).sum(axis=1) * fps
        last = max([last, *np.flatnonzero((steps > RESTS) & seen[1:])])
    most = len(objects[0].boxes) - 1
    return int(min(most, max(last + 1 + REST * fps, LEAST_SECONDS * fps)))


def _films(
    video: Path, clip: Clip, row: Asked, folder: Path, first: int, last: int, canary: str, answers: bool
) -> None:
    """The first frame, the clip up to it, and the true future from it on."""
    from PIL import Image

    canvas = Canvas(clip.width, clip.height, clip.fps)
    for inside in (row.image, row.start, *([future_path(clip.clip_id)] if answers else [])):
        (folder / inside).parent.mkdir(parents=True, exist_ok=True)
    with reel(video, clip.fps) as film:
        pictures = film.pictures(range((last if answers else first) + 1))
        with Encoder(folder / row.start, canvas, "rgb24", canary, hashing=False) as encoder:
            for _ in range(first):
                encoder.write(next(pictures))
            picture = next(pictures)
            encoder.write(picture)
        Image.fromarray(picture).save(folder / row.image)
        if answers:
            with Encoder(folder / future_path(clip.clip_id), canvas, "rgb24", canary, hashing=False) as encoder:
                encoder.write(picture)
                for picture in pictures:
                    encoder.write(picture)
