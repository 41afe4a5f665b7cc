"""A clip of a stream as what is learned from: its questions, what is shown for each, and the target of the reward."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from harness.reward import Target
from morse.errors import BadInput
from morse.pipeline import Item, clip_row, film, imagine, make_key, staged, style_of
from morse.schema import Clip, Question
from morse.stage.frames import Canvas, Stage
from morse.task import registry
from morse.view.names import View, parse_view
from morse.view.schedule import frames_until, schedule
from morse.writing import question_id

Row = dict[str, Any]
MOST_DRAWS = 64
"""Clips that are thought out for one of the kinds of question that are wanted."""
SHOWN = ("frames", "fps", "frame", "video", "blind")
"""Forms of view that a stream shows."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """What the clips of a stream have in common."""

    root: str
    """The seed; the clips are those of the split ``train``."""
    view: str = "frames:8"
    """What is shown: ``frames:N``, ``fps:R`` and ``frame:PLACE`` as arrays, ``video`` as a file, ``blind`` as nothing."""
    canvas: Canvas = field(default_factory=lambda: Canvas(256, 144, 12))
    kinds: tuple[str, ...] = ()
    """The kinds of question that are asked; none: all."""
    questions: int = 1
    """How many questions of a clip are asked."""
    knobs: Mapping[str, Any] = field(default_factory=dict)
    style: str = "varied"
    language: str = "en"
    asks: tuple[str, ...] = ()
    folder: Path | None = None
    """Where videos go, for the view ``video``."""


@dataclass(frozen=True, slots=True)
class Job:
    """A clip that is to be made."""

    clip: int
    """Its number in the stream."""
    task: str
    level: int


def checked_view(lessons: Lessons) -> View:
    """The view of a stream. Raises :class:`BadInput` for one that it cannot show."""
    view = parse_view(lessons.view)
    if view.form not in SHOWN or view.captions or view.question or view.change == "noise":
        raise BadInput(
            f"a stream cannot show the view {view.name!r}; frames:8, fps:2, frame:last, video and blind it can"
        )
    if view.form == "video" and view.change:
        raise BadInput(f"a stream shows videos as they are, not {view.name!r}")
    if view.form == "video" and lessons.folder is None:
        raise BadInput("a stream of videos needs a folder for them")
    return view


def make(lessons: Lessons, job: Job) -> list[Row]:
    """The questions of a clip, with what is shown for each.

    A row has ``clip``, ``task``, ``level``, ``kind``, ``question_id``, ``prompt``, ``target`` (JSON text for :func:`harness.reward.reward`),
    and ``frames`` (uint8, frames × 3 × height × width) with their ``times`` in seconds, or ``video`` (a path). Nothing that comes
    after the question is shown.
    """
    view = checked_view(lessons)
    item, asked = _with_questions(lessons, job)
    seen = clip_row(item, lessons.canvas, None, None, None)
    rows = []
    for number, question in asked:
        target = Target(
            format=question.format,
            answer=question.answer,
            steps=question.steps,
            evidence=question.evidence,
            duration=item.layout.duration,
        )
        row = {"clip": job.clip, "task": job.task, "level": job.level, "kind": question.kind}
        row |= {"question_id": question_id(item.clip_id, number), "prompt": question.prompt}
        rows.append(row | {"target": target.model_dump_json()})
    questions = [question for _, question in asked]
    shown = (
        _videos(lessons, item, seen, questions)
        if view.form == "video"
        else _frames(lessons, view, item, seen, questions)
    )
    return [row | part for row, part in zip(rows, shown, strict=True)]


def _with_questions(lessons: Lessons, job: Job) -> tuple[Item, list[tuple[int, Question]]]:
    """The first clip of the job's that has one of the kinds that are wanted, and the questions that are asked of it."""
    task = registry().task(job.task)
    for draw in range(MOST_DRAWS):
        key = make_key(task, job.level, lessons.root, job.clip * MOST_DRAWS + draw, "train")
        item = imagine(key, lessons.knobs, lessons.language, lessons.asks)
        wanted = [
            (number, question)
            for number, question in enumerate(item.questions)
            if not lessons.kinds or question.kind in lessons.kinds
        ]
        if wanted:
            return item, key.stream("lessons").shuffled(wanted)[: lessons.questions]
    raise BadInput(
        f"task {job.task!r} at level {job.level} asked none of {', '.join(lessons.kinds)} in {MOST_DRAWS} clips"
    )


def _frames(lessons: Lessons, view: View, item: Item, clip: Clip, questions: list[Question]) -> Iterator[Row]:
    if view.form == "blind":
        yield from ({} for _ in questions)
        return
    stage = staged(item, lessons.canvas, style_of(item.key, lessons.style))
    drawn: dict[int | None, np.ndarray] = {None: np.zeros((3, clip.height, clip.width), np.uint8)}
    try:
        for question in questions:
            plan = schedule(view, clip, question.asked_at)
            for number in plan.frames:
                if number is not None and number not in drawn:
                    drawn[number] = _picture(stage, number / clip.fps)
            times = np.array(plan.marks, np.float32)
            yield {"frames": np.stack([drawn[number] for number in plan.frames]), "times": times}
    finally:
        stage.close()


def _picture(stage: Stage, time: float) -> np.ndarray:
    """A frame, 3 × height × width, red first."""
    pixels = stage.frame_at(time)[..., :3]
    ordered = pixels[..., ::-1] if stage.pixel_format == "bgra" else pixels
    return np.ascontiguousarray(ordered.transpose(2, 0, 1))


def _videos(lessons: Lessons, item: Item, clip: Clip, questions: list[Question]) -> Iterator[Row]:
    """A file a moment of asking: the clip up to there."""
    assert lessons.folder is not None
    lessons.folder.mkdir(parents=True, exist_ok=True)
    filmed: dict[int, Path] = {}
    for question in questions:
        until = frames_until(clip, question.asked_at)
        if until not in filmed:  # one that lies there already may be of another size or look
            filmed[until] = lessons.folder / f"{item.clip_id}-{until}.mp4"
            film(item, filmed[until], lessons.canvas, style_of(item.key, lessons.style), until=until)
        yield {"video": str(filmed[until])}
