"""A question as a model is given it: the files of its view, and the prompt.

Files are kept in a folder under the hash of all that they are made from, so that equal views are made once, and no tool that
remembers a file by its name takes one for another.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np

from morse.dataset import Dataset
from morse.errors import BadInput, WorkFailed
from morse.schema import Clip, PublicQuestion
from morse.seeding import digest
from morse.sound import Samples
from morse.store import cache_folder
from morse.view.names import View
from morse.view.schedule import Schedule, frames_until, schedule
from morse.view.transcript import Line, captions, transcript

VERSION = 1
"""Raised when the same view of the same clip comes to look different."""
MOST_CAPTION_LINES = 6
MOST_TOLD = 64
"""Up to how many pictures a prompt lists the times."""
QUALITY = 95
"""Of JPEG, with colours at full resolution."""


def views_folder(given: str | Path | None = None) -> Path:
    """Where files of views go: the given folder, or one in the user's cache."""
    return cache_folder("views") if given is None else Path(given)


@dataclass(frozen=True)
class Showing:
    """What a model is given for a question."""

    kind: Literal["video", "images", "text"]
    files: tuple[Path, ...]
    before: str
    """What is said before the pictures."""
    prompt: str
    """What is said after them."""
    frames: tuple[int, ...]
    """Numbers of the clip's frames that are seen, in order of time."""
    times: tuple[float, ...]
    """The same in seconds of the clip."""


class Screening:
    """Shows the clips of a data set in one view. Files go to ``folder``.

    Raises :class:`BadInput` where the set lacks what the view needs: videos, or for words of what happens the private half.
    """

    def __init__(self, data: Dataset, view: View, folder: Path) -> None:
        self.data, self.view, self.folder = data, view, folder
        self._sha256: dict[str, str] = {}

    @cached_property
    def clips(self) -> dict[str, Clip]:
        """The clips by id."""
        return {clip.clip_id: clip for clip in self.data.clips()}

    def plan(self, question: PublicQuestion) -> Schedule:
        """Which frames are shown for a question; nothing is made."""
        return schedule(self.view, self._clip(question), question.asked_at)

    def show(self, question: PublicQuestion) -> Showing:
        """Make what a question shows, unless it is there already."""
        clip, plan, view = self._clip(question), self.plan(question), self.view
        told = (
            transcript(self.data.trace(clip.clip_id), clip.duration, question.asked_at)
            if view.form == "transcript"
            else ""
        )
        before = self._before(plan, told)
        if clip.sound_hash is not None and view.pictures and view.form != "video":
            before = f"{before} {self._words('silent', {})}"
        prompt = self._words("question", {}) if view.question else question.prompt
        if not view.pictures:
            return Showing("text", (), before, prompt, (), ())
        files = self._files(clip, question, plan)
        kind = "video" if view.form == "video" else "images"
        return Showing(kind, files, before, prompt, plan.shown, plan.times)

    def _clip(self, question: PublicQuestion) -> Clip:
        try:
            return self.clips[question.clip_id]
        except KeyError:
            raise BadInput(f"{self.data.public}: clips.parquet has no clip {question.clip_id!r}") from None

    def _files(self, clip: Clip, question: PublicQuestion, plan: Schedule) -> tuple[Path, ...]:
        video, view = self.data.video(clip), self.view
        as_it_is = view == View() and frames_until(clip, question.asked_at) == clip.frames
        if as_it_is:
            return (video,)
        until = clip.duration if question.asked_at is None else question.asked_at
        lines = captions(self.data.trace(clip.clip_id), until) if view.captions else []
        writing = _Writing(lines, question.prompt if view.question else None)
        source = self._checked(clip, video)
        noise = view.amount if view.change == "noise" else 0.0
        name = digest("view", VERSION, source, view.form, plan.frames, clip.fps, noise, writing.words())
        place = self.folder / name[:2] / name[:32]
        made = place.with_suffix(".mp4") if view.form == "video" else place
        if not made.exists():
            from morse.view.sound import heard, rearranged

            pictures = _pictures(video, plan, writing, noise, source)
            if view.form == "video":
                sound = rearranged(heard(video), plan.frames, clip.fps) if clip.sound_hash is not None else None
                _film(made, pictures, clip.fps, self.data.manifest.canary, sound)
            else:
                _stills(made, pictures if view.form != "grid" else _paged(pictures, len(plan.frames)))
        return (made,) if view.form == "video" else tuple(sorted(made.iterdir()))

    def _checked(self, clip: Clip, video: Path) -> str:
        """The hash of a clip's video, which must be the one that the set names: files are kept under it."""
        from morse.writing import file_sha256

        if clip.clip_id not in self._sha256:
            found = file_sha256(video)
            if clip.video_sha256 is not None and found != clip.video_sha256:
                raise BadInput(f"{video}: not the video that clips.parquet names (see morse verify)")
            self._sha256[clip.clip_id] = found
        return self._sha256[clip.clip_id]

    def _before(self, plan: Schedule, told: str) -> str:
        from morse.view.pictures import columns_of

        if self.view.form == "video":
            return ""
        count = len(plan.frames)
        times = ", ".join(f"{mark:.2f}" for mark in plan.marks) if count <= MOST_TOLD else ""
        slots = {"count": count, "times": times, "seconds": f"{plan.seconds:.2f}", "transcript": told}
        slots |= {"columns": columns_of(count), "first": f"{plan.marks[0]:.2f}" if count else ""}
        slots |= {"last": f"{plan.marks[-1]:.2f}" if count else ""}
        return self._words("frames" if self.view.form in ("frames", "fps") else self.view.form, slots)

    def _words(self, block: str, slots: dict[str, object]) -> str:
        import jinja2

        from morse.wording import environment

        language = self.data.manifest.recipe.language
        try:
            template = environment().get_template(f"questions/{language}/views.j2")
        except jinja2.TemplateNotFound:
            raise BadInput(f"no words for views in language {language!r}; the view video needs none") from None
        return "".join(template.blocks[block](template.new_context(slots))).strip()


class _Writing:
    """What is written below the pictures."""

    def __init__(self, lines: list[Line], question: str | None) -> None:
        self.lines, self.question = lines, question
        self.captions = bool(lines)

    def words(self) -> list[object]:
        return [[[line.start, line.end, line.text] for line in self.lines], self.question]

    def at(self, time: float | None) -> str:
        """The captions of a moment."""
        return "\n".join(line.text for line in self.lines if time is not None and line.start <= time < line.end)


def _pictures(video: Path, plan: Schedule, writing: _Writing, noise: float, name: str) -> Iterator[np.ndarray]:
    from morse.view import pictures
    from morse.view.reel import reel

    times = [None if frame is None else frame / plan.fps for frame in plan.frames]
    with reel(video, plan.fps) as film:
        width, height = film.size
        frames = film.pictures([frame for frame in plan.frames if frame is not None])
        texts = {writing.at(time) for time in times} if writing.lines else set()
        lines = min(MOST_CAPTION_LINES, max((pictures.lines_of(text, width) for text in texts), default=0))
        captions = {text: pictures.strip(text, width, max(1, lines)) for text in sorted(texts)}
        question = pictures.strip(writing.question, width) if writing.question is not None else None
        for number, (frame, time) in enumerate(zip(plan.frames, times, strict=True)):
            picture = pictures.black(width, height) if frame is None else next(frames)
            if noise:
                picture = pictures.noisy(picture, noise, name, number)
            if captions:
                picture = pictures.below(picture, captions[writing.at(time)])
            yield picture if question is None else pictures.below(picture, question)


def _paged(frames: Iterable[np.ndarray], count: int) -> Iterator[np.ndarray]:
    from morse.view.pictures import page

    yield page(frames, count)


def _film(file: Path, pictures: Iterator[np.ndarray], fps: int, canary: str, sound: Samples | None) -> None:
    from morse.stage.encoder import Encoder
    from morse.stage.frames import Canvas

    with _made(file) as part:
        first = next(pictures)
        canvas = Canvas(first.shape[1], first.shape[0], fps)
        film = part / "film.mp4"
        with Encoder(film, canvas, "rgb24", canary, hashing=False, sound=sound) as encoder:
            encoder.write(first)
            for picture in pictures:
                encoder.write(picture)
        os.replace(film, file)


def _stills(folder: Path, pictures: Iterable[np.ndarray]) -> None:
    from PIL import Image

    with _made(folder) as part:
        for number, picture in enumerate(pictures):
            Image.fromarray(picture).save(part / f"{number:04d}.jpg", quality=QUALITY, subsampling=0)
        try:
            os.rename(part, folder)
        except OSError:
            if not folder.is_dir():
                raise


@contextmanager
def _made(place: Path) -> Iterator[Path]:
    """A folder to work in beside where something is to be, so that it comes there whole or not at all."""
    part: Path | None = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=place.parent))
        part.chmod(0o755)
        yield part
    except OSError as error:
        raise WorkFailed(f"{place.parent}: {error.strerror or error}") from None
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
