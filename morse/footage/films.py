"""Filming a puzzle: cards and takes joined with moviepy, streamed into the encoder; and the clip's line for the journal."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from morse.dataset import PRIVATE, PUBLIC, WORK, trace_path, video_path
from morse.errors import BadInput, Rejected
from morse.footage import CATEGORY
from morse.footage.puzzles import CARD_SECONDS, SMALL, Puzzle, Take, draw_puzzle, grey, retold
from morse.footage.reels import Reel, padded, projector
from morse.layout import Layout
from morse.pipeline import agree, row_of, style_of, worded
from morse.plan import ClipJob
from morse.schema import Event, State, Thing
from morse.seeding import digest
from morse.stage.frames import Canvas
from morse.style import Style
from morse.timeline import Timeline
from morse.writing import Making, file_sha256, journal_line, move, row_line, rows_of

MOST_ATTEMPTS = 40
"""Stretches of footage that are looked at for one clip."""
LOOKS = 24
"""Pictures of a take that are compared with the footage."""


def make_footage_clip(reels: Sequence[Reel], making: Making, job: ClipJob) -> str:
    """Make one clip from footage: its video and its trace, each moved to its place whole. Returns its line for the journal.

    Raises :class:`BadInput` if no stretch of the footage gives a question of the kind that is due.
    """
    key, rejections = job.key, Counter[str]()
    kinds: Sequence[str] = job.knobs["kinds"]
    kind = kinds[key.index % len(kinds)]
    style = style_of(key, making.style)
    parts = making.folder / WORK / "parts" / str(os.getpid())
    parts.mkdir(exist_ok=True)
    part = parts / f"{key.clip_id()}.mp4"
    for attempt in range(MOST_ATTEMPTS):
        try:
            puzzle = draw_puzzle(kind, reels, key.level, making.canvas.fps, key.stream("footage", attempt))
            frames, frames_hash = film_puzzle(puzzle, part, making.canvas, style, making.canary)
            check_film(puzzle, part)
            break
        except Rejected as rejected:
            rejections[rejected.reason] += 1
    else:
        reasons = ", ".join(f"{reason} ({count}×)" for reason, count in rejections.most_common(3))
        raise BadInput(f"no stretch of the footage gives a question {kind!r} at level {key.level}: {reasons}")
    questions = worded(puzzle.questions, CATEGORY, key, attempt, making.language, making.asks)
    video = video_path(key.clip_id())
    clip = row_of(key, CATEGORY, making.canvas, frames, video, file_sha256(part), frames_hash)
    files = move(part, making.folder, f"{PUBLIC}/{video}")
    part = parts / f"{clip.clip_id}.json"
    part.write_bytes(row_line(_trace(puzzle, job, attempt, rejections, style)))
    files |= move(part, making.folder, f"{PRIVATE}/{trace_path(clip.clip_id)}")
    return journal_line(clip, rows_of(key, CATEGORY, questions, making.canary), files)


def film_puzzle(puzzle: Puzzle, path: Path, canvas: Canvas, style: Style, comment: str) -> tuple[int, str]:
    """Film a puzzle into a file. Returns the number of frames and their hash."""
    from morse.stage.encoder import Encoder

    with Encoder(path, canvas, "rgb24", comment) as encoder:
        for card, take in puzzle.shown:
            if card:
                encoder.write(card_picture(card, canvas, style), round(CARD_SECONDS * canvas.fps))
            for pixels in take_frames(puzzle.reel, take, canvas):
                encoder.write(pixels)
    return encoder.frames, encoder.frames_hash


def take_frames(reel: Reel, take: Take, canvas: Canvas) -> Iterator[np.ndarray]:
    """The frames of a take, (height, width, 3), in a frame of the canvas' size."""
    from moviepy import ImageSequenceClip, concatenate_videoclips, vfx

    count = round(take.seconds * canvas.fps)
    with projector(reel, canvas.width, canvas.height) as film:
        clip = film.subclipped(take.start, min(take.end, film.duration))
        if take.backwards:  # read forwards, since a file is read backwards only by starting again for every frame
            stills = list(clip.iter_frames(fps=canvas.fps))
            clip = ImageSequenceClip(stills[::-1], fps=canvas.fps)
        elif take.turn is not None:
            head, tail = clip.subclipped(0, take.turn), clip.subclipped(take.turn)
            clip = concatenate_videoclips([head, tail.with_effects([vfx.MultiplySpeed(take.pace)])], method="chain")
        last = clip.duration - 0.5 / canvas.fps
        for number in range(count):
            pixels: Any = clip.get_frame(min(number / canvas.fps, last))
            yield padded(pixels, canvas.width, canvas.height)


def card_picture(text: str, canvas: Canvas, style: Style) -> np.ndarray:
    """A card with a line of text, (height, width, 3)."""
    from morse.stage.plot_stage import PlotStage

    stage = PlotStage(Layout(Timeline(1.0), ()), canvas, style)
    stage.polygon(None, [(-5, -1.8), (5, -1.8), (5, 1.8), (-5, 1.8)], style.panel, z=1)
    stage.line(None, [(-1.1, -1.1), (1.1, -1.1)], style.accent, 0.08, z=2)
    stage.words(None, text, 1.5, style.ink, at=(0.0, 0.15), cut="bold", z=3)
    pixels = np.ascontiguousarray(stage.frame_at(0.0)[..., :3])
    stage.close()
    return pixels


def check_film(puzzle: Puzzle, path: Path) -> None:
    """Tell every answer again from the finished video. Raises :class:`Rejected` where the footage does not bear it out."""
    seen = [_looks(path, start, end) for start, end in puzzle.spans()]
    for question in puzzle.questions:
        if not agree(question, retold(question, puzzle, seen)):
            raise Rejected(f"the pictures do not tell the answer to {question.kind!r}")


def _looks(path: Path, start: float, end: float) -> list[np.ndarray]:
    """Small grey pictures of a stretch of a made clip, evenly over it and away from its edges."""
    from moviepy import VideoFileClip

    width, height = SMALL
    with VideoFileClip(str(path.absolute()), audio=False, target_resolution=(width, height)) as clip:
        times = np.linspace(start, end, LOOKS + 2)[1:-1]
        pictures: list[Any] = [clip.get_frame(time) for time in times]
    return [grey(pixels) for pixels in pictures]


def _trace(puzzle: Puzzle, job: ClipJob, attempt: int, rejections: Counter[str], style: Style) -> dict[str, Any]:
    """The hidden half of the clip, as :class:`~morse.schema.Trace`: which stretch of which file each take is."""
    events = [
        Event(
            id=f"take {k + 1}",
            kind="shows",
            objects=("footage",),
            start=start,
            end=end,
            values={
                "from": take.source(0.0),
                "to": round(take.source(take.seconds), 3),
                "backwards": take.backwards,
                "pace": take.pace,
                "turn": take.turn,
            },
        )
        for k, (take, (start, end)) in enumerate(zip(puzzle.takes, puzzle.spans(), strict=True))
    ]
    thing = Thing(id="footage", kind="footage", attributes={"file": puzzle.reel.name, "sha256": puzzle.reel.sha256})
    return {
        "clip_id": job.clip_id,
        "index": job.key.index,
        "attempt": attempt,
        "rejections": rejections,
        "params": dict(job.knobs),
        "style": style.record(),
        "objects": [thing],
        "events": events,
        "states": list[State](),
        "latent": digest(job.key.task, puzzle.reel.sha256, [event.values for event in events]),
        "tracks_sha256": None,
    }
