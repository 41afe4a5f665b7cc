"""Pictures of clips for the documentation's pages: one that moves, and one that stands still beside it."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from morse.engine.local import Failure, Workers
from morse.errors import WorkFailed
from morse.pipeline import imagine, make_key, staged, style_of
from morse.progress import progress
from morse.stage.frames import Canvas
from morse.task import registry

LEVEL = 3
"""Level of the clips in the pictures."""
ROOT = "documentation"
"""The seed of all clips in the documentation."""
FRAMES, WIDTH, SHOWN = 48, 600, 9.6
"""Frames of a moving picture, pixels that it is wide, seconds that it lasts."""
LARGEST = 300_000
"""Bytes that a moving picture may have."""
QUALITIES = (80, 65, 50, 35, 20)
LIMIT = 300.0
"""Seconds that the drawing of one may take."""


@dataclass(frozen=True)
class Wanted:
    """A picture to draw: of which task, into which file (``.webp``; the still one beside it is a ``.jpg``)."""

    task: str
    file: Path


def draw_all(wanted: list[Wanted], workers: int) -> None:
    """Draw all pictures, in processes of their own if there is more than one worker. Raises :class:`WorkFailed` for the first
    that cannot be drawn."""
    with progress("pictures", len(wanted)) as advance:
        if workers == 1:
            for one in wanted:
                draw(one)
                advance()
            return
        with Workers(min(workers, max(1, len(wanted)))) as pool:
            for one, result in pool.run(draw, wanted, limit=LIMIT):
                if isinstance(result, Failure):
                    raise WorkFailed(f"{one.task}: no picture could be drawn: {result.reason}")
                advance()


def draw(wanted: Wanted) -> None:
    """The whole of a task's clip in frames at even distances, as an animated WebP; and the fullest of them as a JPEG."""
    frames = frames_of(wanted.task)
    wanted.file.parent.mkdir(parents=True, exist_ok=True)
    wanted.file.with_suffix(".jpg").write_bytes(max(map(_still, frames), key=len))
    wanted.file.write_bytes(moving(frames))  # last: where it is there, both are


def _still(frame: Image.Image) -> bytes:
    """A frame as a JPEG: the more there is to see, the more bytes (no curtain, no blank page, nothing half faded in)."""
    file = io.BytesIO()
    frame.save(file, "JPEG", quality=82)
    return file.getvalue()


def frames_of(name: str) -> list[Image.Image]:
    """So many frames of a task's clip, drawn alone: nothing between them is."""
    item = imagine(make_key(registry().task(name), LEVEL, ROOT, 0))
    canvas = Canvas()
    stage = staged(item, canvas, style_of(item.key))
    size = (WIDTH, round(WIDTH * canvas.height / canvas.width))
    times = canvas.times(item.layout.duration)
    chosen = times[np.linspace(0, len(times) - 1, min(FRAMES, len(times))).round().astype(int)]
    try:
        return [picture_of(stage.frame_at(float(time)), stage.pixel_format).resize(size) for time in chosen]
    finally:
        stage.close()


def picture_of(pixels: np.ndarray, form: str) -> Image.Image:
    """A stage's pixels as a picture."""
    return Image.fromarray(np.ascontiguousarray(pixels[..., 2::-1] if form == "bgra" else pixels[..., :3]))


def moving(frames: list[Image.Image]) -> bytes:
    """An animated WebP that goes round, of the best quality at which it is no larger than :data:`LARGEST`; of half the frames if
    there is none."""
    found = b""
    for shown in (frames, frames[::2]):
        for quality in QUALITIES:
            file = io.BytesIO()
            held = round(1000 * SHOWN / len(shown))
            shown[0].save(
                file,
                "WEBP",
                save_all=True,
                append_images=shown[1:],
                duration=held,
                loop=0,
                quality=quality,
                method=4,
                minimize_size=True,
            )
            found = file.getvalue()
            if len(found) <= LARGEST:
                return found
    return found
