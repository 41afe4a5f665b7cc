"""What all stages have in common: a stage turns a layout into a stream of frames, drawing only where something changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

PixelFormat = Literal["rgb24", "bgra", "rgba"]


@dataclass(frozen=True)
class Canvas:
    """Size and rate of a clip: width and height in pixels, frames a second."""

    width: int = 768
    height: int = 432
    fps: int = 24

    def frames(self, duration: float) -> int:
        """How many frames a clip of so many seconds has."""
        return max(1, round(duration * self.fps))

    def times(self, duration: float) -> np.ndarray:
        """The time of each frame, in seconds."""
        return np.arange(self.frames(duration)) / self.fps


class Stage(Protocol):
    """A stage that ``Task.draw`` has filled.

    Arrays are (height, width, channels) of uint8 in ``pixel_format``, contiguous; a stage may reuse its buffer, so a
    frame is valid until the next one is asked for.
    """

    canvas: Canvas
    pixel_format: PixelFormat

    def frames(self) -> Iterator[tuple[np.ndarray, int]]:
        """All frames in order, each with the number of times it is shown (static stretches are one frame repeated)."""
        ...

    def frame_at(self, time: float) -> np.ndarray:
        """One frame alone, equal to the one that :meth:`frames` gives for that time."""
        ...

    def hide(self, *names: str) -> None:
        """Leave these actors undrawn from now on (``hide()`` alone draws all again)."""
        ...

    def masks(self, time: float) -> dict[str, np.ndarray]:
        """Which pixels show each tracked object, from the renderer: (height, width) of bool."""
        ...

    def close(self) -> None:
        """Free what the stage holds."""
        ...


def runs(changing: np.ndarray) -> Iterator[tuple[int, int]]:
    """Frame numbers to draw and how often each is shown. ``changing[i]``: frame i differs from frame i − 1."""
    starts = np.flatnonzero(np.concatenate([[True], changing[1:]]))
    ends = np.append(starts[1:], len(changing))
    yield from ((int(a), int(b - a)) for a, b in zip(starts, ends, strict=True))


def changing_frames(spans: list[tuple[float, float]], times: np.ndarray) -> np.ndarray:
    """For each frame time, whether anything changes between the frame before and it; ``spans`` are stretches of change."""
    changing = np.zeros(len(times), dtype=bool)
    if not len(times):
        return changing
    step = times[1] - times[0] if len(times) > 1 else 1.0
    for start, end in spans:
        first = int(np.searchsorted(times, start - 1e-9, side="left"))
        last = int(np.searchsorted(times, end + step - 1e-9, side="left"))
        changing[first : max(last, first + 1)] = True
    return changing


def open_stage(kind: str, layout: object, canvas: Canvas, style: object) -> Stage:
    """An empty stage of a kind (``manim``, ``plot``, ``bullet``, ``compose``) for a layout. Loads the renderer."""
    if kind == "manim":
        from morse.stage.manim_stage import ManimStage as Made
    elif kind == "plot":
        from morse.stage.plot_stage import PlotStage as Made
    elif kind == "bullet":
        from morse.stage.bullet_stage import BulletStage as Made
    elif kind == "compose":
        from morse.stage.compose import ComposeStage as Made
    else:
        raise ValueError(f"no stage {kind!r}")
    return Made(layout, canvas, style)  # type: ignore[arg-type]
