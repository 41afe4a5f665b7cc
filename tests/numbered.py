"""Videos whose frames say their number, in bars that are read back from any picture of them; and a data set of one such clip."""

import hashlib
from pathlib import Path

import numpy as np

from morse.dataset import trace_path, video_path
from morse.schema import Choice, Clip, Event, Integer, State, Text, Thing, Trace
from morse.stage.encoder import Encoder
from morse.stage.frames import Canvas
from morse.writing import clips_table
from tests.datasets import question, write_dataset

FPS, WIDTH, HEIGHT, BITS = 8, 128, 48, 8
CLIP_ID = "0" * 16


def picture(number: int) -> np.ndarray:
    """Frame ``number``: a white bar for each bit that is set, grey for others; the right edge stays red."""
    frame = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for bit in range(BITS):
        frame[:, 14 * bit : 14 * bit + 14] = 235 if number >> bit & 1 else 60
    frame[:, 14 * BITS :] = (200, 30, 30)
    return frame


def number_of(frame: np.ndarray) -> int | None:
    """Which frame a picture of ``WIDTH`` shows; ``None`` for a black one."""
    shades = [frame[4 : HEIGHT - 4, 14 * bit + 3 : 14 * bit + 11].mean() for bit in range(BITS)]
    return None if max(shades) < 30 else sum((shade > 147) << bit for bit, shade in enumerate(shades))


def write_video(file: Path, frames: int) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with Encoder(file, Canvas(WIDTH, HEIGHT, FPS), "rgb24", hashing=False) as encoder:
        for number in range(frames):
            encoder.write(picture(number))
    return file


def clip_of(frames: int, sha256: str | None = None) -> Clip:
    return Clip(
        clip_id=CLIP_ID,
        task="orbit",
        category="spatial",
        version=1,
        level=1,
        split="test",
        duration=frames / FPS,
        frames=frames,
        fps=FPS,
        width=WIDTH,
        height=HEIGHT,
        video=None if sha256 is None else video_path(CLIP_ID),
        video_sha256=sha256,
        frames_hash=None,
    )


def write_numbered(folder: Path, frames: int = 80, counts: int = 0) -> Path:
    """A data set of one clip of so many frames and three questions: the second is asked at 3 s, the third is a choice.

    ``counts``: so many further questions, whose answers are their numbers. Every prompt is another.
    """
    first = question(0, Text(vocabulary=("a", "b")))
    cut = question(1, Text(vocabulary=("a", "b")), asked_at=3.0)
    choice = question(2, Choice(options=("x", "y", "z")))
    prompts = ("Is it a or b?", "Up to now, a or b?", "Which one is it?\n\n(A) x\n(B) y\n(C) z")
    rows = [(row, prompt) for row, prompt in zip((first, cut, choice), prompts, strict=True)]
    rows += [(question(number, Integer()), f"Which number is {number}?") for number in range(3, 3 + counts)]
    asked = [row.model_copy(update={"clip_id": CLIP_ID, "prompt": prompt}) for row, prompt in rows]
    write_dataset(folder, list(zip(asked, ("a", "b", "C", *range(3, 3 + counts)), strict=True)))
    video = write_video(folder / "public" / video_path(CLIP_ID), frames)
    sha256 = hashlib.sha256(video.read_bytes()).hexdigest()
    clips_table([clip_of(frames, sha256).model_dump()], folder / "public/clips.parquet")
    trace = Trace(
        clip_id=CLIP_ID,
        index=0,
        attempt=0,
        rejections={},
        params={"hidden_knob": 7},
        style={},
        objects=(Thing(id="lamp", kind="street_lamp", colour="red", attributes={"mark": "star"}),),
        events=(
            Event(id="e0", kind="flash", objects=("lamp",), start=1.0, end=2.0, values={"how": "twice"}),
            Event(id="e1", kind="secret", objects=("lamp",), start=1.5, end=2.5, shown=False),
            Event(id="e2", kind="turn_off", objects=("lamp",), start=2.5, end=4.0),
        ),
        states=(
            State(start=0.5, end=6.0, values={"lamp": "on"}, shown=True),
            State(start=0.0, end=6.0, values={"lamp": "hidden"}),
            State(start=3.0, end=5.0, values={"lamp": "late"}, shown=True),
        ),
        latent="",
    )
    file = folder / "private" / trace_path(CLIP_ID)
    file.parent.mkdir(parents=True)
    file.write_text(trace.model_dump_json(), encoding="utf-8")
    return folder
