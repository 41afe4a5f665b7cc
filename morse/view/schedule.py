"""Which frames of a clip a view shows, in which order: pure arithmetic on frame numbers, for all that show or check them."""

from dataclasses import dataclass

from morse.schema import Clip
from morse.seeding import Key, Rng
from morse.view.names import View

Frame = int | None
"""A frame's number in the clip; ``None`` for a picture in which nothing of the clip is seen."""


@dataclass(frozen=True)
class Schedule:
    """What is shown: pictures in order, and where in what is shown each stands."""

    frames: tuple[Frame, ...]
    marks: tuple[float, ...]
    """Seconds from the start of the (cut, changed) clip at which each picture stands there: what a model may be told."""
    seconds: float
    """How long the cut, changed clip is."""
    fps: int

    @property
    def shown(self) -> tuple[int, ...]:
        """The numbers of the frames that are seen, in order of time."""
        return tuple(sorted({frame for frame in self.frames if frame is not None}))

    @property
    def times(self) -> tuple[float, ...]:
        """When in the clip these frames stand, in seconds."""
        return tuple(round(frame / self.fps, 6) for frame in self.shown)


def frames_until(clip: Clip, asked_at: float | None) -> int:
    """How many frames of a clip may be seen when a question is asked: those that begin by then."""
    if asked_at is None:
        return clip.frames
    return max(1, min(clip.frames, int(asked_at * clip.fps + 1e-6) + 1))


def schedule(view: View, clip: Clip, asked_at: float | None = None) -> Schedule:
    """The pictures of a view of a clip (of a question that is asked at a time)."""
    line = _changed(view, clip, frames_until(clip, asked_at))
    places = _sampled(view, len(line), clip.fps)
    if view.change == "noise" and view.amount == 1.0:
        line = [None] * len(line)
    return Schedule(
        tuple(line[place] for place in places),
        tuple(round(place / clip.fps, 6) for place in places),
        len(line) / clip.fps,
        clip.fps,
    )


def _changed(view: View, clip: Clip, count: int) -> list[Frame]:
    line: list[Frame] = list(range(count))
    match view.change:
        case "half":
            return line[: (count + 1) // 2]
        case "masked":
            start, stop = round(count * (1 - view.amount) / 2), round(count * (1 + view.amount) / 2)
            return [None if start <= place < stop else frame for place, frame in enumerate(line)]
        case "reversed":
            return line[::-1]
        case "shuffled":
            return [frame for piece in _shuffled(line, int(view.amount), clip.clip_id) for frame in piece]
        case _:
            return line


def _shuffled(line: list[Frame], pieces: int, clip_id: str) -> list[list[Frame]]:
    """Equal pieces in an order that is not the clip's (where there are two or more)."""
    pieces = min(pieces, len(line))
    cut = [line[i * len(line) // pieces : (i + 1) * len(line) // pieces] for i in range(pieces)]
    rng = Rng(Key("view", 1, 1, "test", clip_id, pieces), "shuffled")
    mixed = rng.shuffled(cut)
    while pieces > 1 and mixed == cut:
        mixed = rng.shuffled(cut)
    return mixed


def _sampled(view: View, length: int, fps: int) -> list[int]:
    """Which places of the (changed) clip are taken."""
    match view.form:
        case "frames" | "grid":
            return sorted({int((i + 0.5) * length / view.frames) for i in range(view.frames)})
        case "fps":
            count = int((length - 1) * view.rate / fps + 1e-6) + 1
            return sorted({int(i * fps / view.rate + 1e-6) for i in range(count)})
        case "frame":
            return [{"first": 0, "middle": length // 2, "last": length - 1}[view.place]]
        case "video":
            return list(range(length))
        case _:
            return []
