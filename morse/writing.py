"""Writing a data set so that nothing half-made is ever in it: killed at any moment, it goes on where it stopped.

While it is made, ``.work/`` holds the lock, half-written files and the journal, one line a clip that is done. Videos and
traces move to their places whole. When all clips are there the tables are written, the manifest last, and ``.work/`` goes.
"""

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from pydantic_core import to_json

from morse import __version__
from morse.dataset import PRIVATE, PUBLIC, WORK, has_size, is_url, read_json, trace_path, tracks_path, video_path
from morse.errors import BadInput
from morse.pipeline import Item, clip_row, film, imagine, question_id, style_of, trace_row
from morse.plan import ClipJob, Plan, jobs
from morse.schema import Clip, Manifest, PrivateAnswer, PublicQuestion, Question
from morse.seeding import Key
from morse.stage.frames import Canvas
from morse.style import Style

BATCH = 4096
"""Clips whose rows are in memory at once while the tables are written."""


# ── one clip ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Making:
    """What the clips of a data set have in common while they are made."""

    folder: Path
    canvas: Canvas
    style: str
    language: str
    asks: tuple[str, ...]
    video: bool
    canary: str

    @classmethod
    def of(cls, folder: Path, plan: Plan) -> "Making":
        recipe = plan.recipe
        canvas = Canvas(recipe.width, recipe.height, recipe.fps)
        return cls(folder, canvas, recipe.style, recipe.language, recipe.asks, recipe.video, plan.canary)


def make_clip(making: Making, job: ClipJob) -> str:
    """Make one clip: its video, trace and tracks, each moved to its place whole. Returns its line for the journal."""
    item = imagine(job.key, job.knobs, making.language, making.asks)
    style = style_of(job.key, making.style)
    parts = making.folder / WORK / "parts" / str(os.getpid())
    files: dict[str, int] = {}
    video = video_sha256 = frames_hash = tracks_sha256 = None
    if making.video:
        parts.mkdir(exist_ok=True)
        video = video_path(item.clip_id)
        part, frames_hash = write_video(item, making, style, parts)
        video_sha256 = file_sha256(part)
        files |= move(part, making.folder, f"{PUBLIC}/{video}")
        part = write_tracks_of(item, making.canvas, parts)
        tracks_sha256 = file_sha256(part)
        files |= move(part, making.folder, f"{PRIVATE}/{tracks_path(item.clip_id)}")
    trace = row_line(trace_row(item, style, tracks_sha256))
    part = f"{parts}/{item.clip_id}.json"
    try:
        _write(part, trace)
    except FileNotFoundError:  # the first one there
        parts.mkdir()
        _write(part, trace)
    files |= move(part, making.folder, f"{PRIVATE}/{trace_path(item.clip_id)}")
    clip = clip_row(item, making.canvas, video, video_sha256, frames_hash)
    return journal_line(clip, rows_of(item.key, item.task.category, item.questions, making.canary), files)


def journal_line(clip: Clip, rows: Iterable[tuple[dict[str, Any], dict[str, Any]]], files: dict[str, int]) -> str:
    """The journal's line of a clip that is made: its row, the halves of its questions, and its files with their sizes."""
    questions, answers = zip(*rows, strict=True)
    return to_json({"clip": clip, "questions": questions, "answers": answers, "files": files}).decode()


def write_video(item: Item, making: Making, style: Style, folder: Path) -> tuple[Path, str]:
    """Film an item into ``folder``. Returns the file and the hash of its frames; a file cut short is an ``OSError``."""
    import av

    path = folder / f"{item.clip_id}.mp4"
    frames_hash = film(item, path, making.canvas, style, making.canary)
    with av.open(str(path)) as container:  # what FFmpeg could not write for lack of room it does not always report
        written = container.streams.video[0].frames
    if written != making.canvas.frames(item.layout.duration):
        raise OSError(errno.EIO, f"the video has {written} frames of {making.canvas.frames(item.layout.duration)}")
    return path, frames_hash


def write_tracks_of(item: Item, canvas: Canvas, folder: Path) -> Path:
    """Write an item's tracks, at every frame, into ``folder``."""
    from morse.tracks import write_tracks

    path = folder / f"{item.clip_id}.tracks.parquet"
    write_tracks(item.layout.scene.tracks, canvas.times(item.layout.duration), path)
    return path


_PUBLIC, _PRIVATE = tuple(PublicQuestion.model_fields), tuple(PrivateAnswer.model_fields)


def rows_of(
    key: Key, category: str, questions: Iterable[Question], canary: str
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The two halves of each of a clip's questions, ready for JSON."""
    clip_id = key.clip_id()
    place = {"task": key.task, "category": category, "level": key.level, "canary": canary, "clip_id": clip_id}
    for number, question in enumerate(questions):
        values = vars(question) | place | {"question_id": question_id(clip_id, number)}
        yield {field: values[field] for field in _PUBLIC}, {field: values[field] for field in _PRIVATE}


def row_line(row: dict[str, Any]) -> bytes:
    """A record that is ready for JSON as one line of it."""
    return to_json(row) + b"\n"


def file_sha256(path: Path) -> str:
    """SHA-256 (hex) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_disk_full(error: BaseException | None) -> bool:
    """Whether there was no room left on the disk (or in the user's quota)."""
    while error is not None:
        if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
            return True
        error = error.__cause__ or error.__context__
    return False


def _write(path: str, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)


FILE_TIME = 946_684_800
"""The time that all public files bear, in seconds since 1970: the first of 2000. Their own would tell in which order clips were made."""


def move(part: Path | str, folder: Path, inside: str) -> dict[str, int]:
    """Move a part to its place in a folder. Returns that place, and its size in bytes."""
    if inside.startswith(PUBLIC):
        os.utime(part, (FILE_TIME, FILE_TIME))
    place = f"{folder}/{inside}"  # strings: one clip in a hundred of those without video would be lost to paths
    size = os.stat(part).st_size
    try:
        os.replace(part, place)
    except FileNotFoundError:  # the first one there
        os.makedirs(os.path.dirname(place), exist_ok=True)
        os.replace(part, place)
    return {inside: size}


# ── the whole set ───────────────────────────────────────────────────────────────────────────────────────────────────


def existing_plan(folder: Path) -> Plan | None:
    """The plan of the data set that is being made, or is finished, in a folder; ``None`` if the folder is free.

    Raises :class:`BadInput` if there is something else, or if nothing can be written there.
    """
    if is_url(folder):
        raise BadInput(f"{folder}: only `morse generate` writes there")
    above = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not above.is_dir():
        raise BadInput(f"{above}: not a folder")
    if not os.access(above, os.W_OK | os.X_OK):
        raise BadInput(f"{above}: not writable")
    plan = folder / PRIVATE / "plan.json"
    if plan.is_file():
        return read_json(plan, Plan)
    if folder.exists() and any(path.name != WORK and not _is_bare(path) for path in folder.iterdir()):
        raise BadInput(f"{folder}: not empty, and not a data set that could be gone on with; give another --out")
    return None


def _is_bare(path: Path) -> bool:
    """Whether this is what a process leaves that was killed before it had written its plan."""
    return path.name == PRIVATE and path.is_dir() and not any(path.iterdir())


def is_finished(folder: Path) -> bool:
    """Whether the data set in a folder is complete."""
    manifest = folder / PUBLIC / "manifest.json"
    return manifest.is_file() and read_json(manifest, Manifest).complete


def check_same(folder: Path, there: Plan, wanted: Plan) -> None:
    """Refuse to go on with a data set that was begun from something else."""
    from morse.fingerprint import differences

    def refuse(what: str) -> None:
        raise BadInput(f"{folder} was begun {what}; give another --out")

    if there.recipe != wanted.recipe:
        raise BadInput(f"{folder} holds another recipe ({_recipe_difference(there, wanted)}); give another --out")
    if there.seed != wanted.seed:
        refuse("with another seed")
    if there.morse_version != wanted.morse_version:
        refuse(f"by morse {there.morse_version}, this is {wanted.morse_version}")
    for task, version in wanted.task_versions.items():
        if there.task_versions.get(task) != version:
            refuse(f"with version {there.task_versions.get(task)} of task {task!r}, this is {version}")
    if there.fingerprint != wanted.fingerprint:
        refuse(f"with other versions ({differences(there.fingerprint, wanted.fingerprint)})")


def _recipe_difference(there: Plan, wanted: Plan) -> str:
    old, new = there.recipe.model_dump(), wanted.recipe.model_dump()
    name = next(name for name in new if old[name] != new[name])
    if name == "parts":
        return "other tasks, levels, counts or knobs"
    return f"{name} {old[name]!r} there, {new[name]!r} here"


class DatasetWriter:
    """A data set that is being made. Use as a context manager: it holds the lock on the folder.

    Raises :class:`BadInput` if another process is writing there or nothing can be written.
    """

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder, self.plan = folder, plan
        self.making = Making.of(folder, plan)
        self.failed: dict[str, str] = {}
        self._work = folder / WORK
        self._done: dict[str, tuple[int, int]] = {}  # clip id → where its line stands in the journal
        self._lock: int | None = None
        self._journal: IO[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self._work.mkdir(parents=True, exist_ok=True)
            self._lock = locked(self._work / "lock", self.folder)
            self._begin()
        except OSError as error:
            self._release()
            if is_disk_full(error):
                raise
            raise BadInput(f"{self.folder}: {error.strerror or error}") from None
        except BaseException:
            self._release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._release()

    @property
    def done(self) -> int:
        """How many clips are made."""
        return len(self._done)

    @property
    def clip_ids(self) -> frozenset[str]:
        """The clips that are made."""
        return frozenset(self._done)

    def lines(self) -> Iterator[str]:
        """The journal's lines of the clips that are made, in the order of their ids."""
        return (json.dumps(line, ensure_ascii=False) for line in self._lines())

    def pending(self) -> Iterator[ClipJob]:
        """The clips that are still to be made."""
        return (job for job in jobs(self.plan) if job.clip_id not in self._done)

    def record(self, line: str) -> None:
        """Note a clip as made, by the line of :func:`make_clip`."""
        assert self._journal is not None
        raw = line.encode() + b"\n"
        clip_id = json.loads(line)["clip"]["clip_id"]
        place = self._journal.seek(0, os.SEEK_END)
        self._journal.write(raw)
        self._journal.flush()
        self._done[clip_id] = (place, len(raw))
        self.failed.pop(clip_id, None)

    def finish(self) -> Manifest:
        """Write the tables, the card and last the manifest; a complete set loses its ``.work/``."""
        public, private, tables = self.folder / PUBLIC, self.folder / PRIVATE, self._work / "tables"
        _emptied(tables)
        for clip_id in self.failed:
            for path in (public / video_path(clip_id), private / trace_path(clip_id), private / tracks_path(clip_id)):
                path.unlink(missing_ok=True)
        figures = _Figures()
        files = self._write_tables(tables, figures)
        manifest = Manifest(
            morse_version=__version__,
            recipe=self.plan.recipe,
            task_versions=self.plan.task_versions,
            fingerprint=self.plan.fingerprint,
            canary=self.plan.canary,
            commitment=self.plan.commitment,
            clips=len(self._done),
            questions=figures.questions,
            complete=not self.failed,
            failed=dict(sorted(self.failed.items())),
            files={},
        )
        (tables / "README.md").write_text(card(manifest, figures), encoding="utf-8")
        for name in ("questions.jsonl", "clips.parquet", "README.md"):
            files[name] = file_sha256(tables / name)
        manifest = manifest.model_copy(update={"files": dict(sorted(files.items()))})
        text = json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"
        (tables / "manifest.json").write_text(text, encoding="utf-8")
        public.mkdir(exist_ok=True)
        os.replace(tables / "answers.jsonl", private / "answers.jsonl")
        for name in ("questions.jsonl", "clips.parquet", "README.md", "manifest.json"):
            os.utime(tables / name, (FILE_TIME, FILE_TIME))
            os.replace(tables / name, public / name)
        if manifest.complete:
            clear_work(self.folder)
        return manifest

    def _begin(self) -> None:
        plan = self.folder / PRIVATE / "plan.json"
        if plan.exists() and read_json(plan, Plan) != self.plan:  # begun by another process since it was looked at
            raise BadInput(f"{self.folder}: another data set is being written there")
        _emptied(self._work / "parts")
        if not plan.exists():
            plan.parent.mkdir(exist_ok=True)
            part = self._work / "parts" / "plan.json"
            part.write_text(json.dumps(self.plan.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n")
            os.replace(part, plan)
        self._journal = (self._work / "journal.jsonl").open("a+b")
        self._read_journal(self._journal)

    def _read_journal(self, journal: IO[bytes]) -> None:
        wanted = {job.clip_id for job in jobs(self.plan)}
        journal.seek(0)
        place = 0
        for raw in journal:
            if not raw.endswith(b"\n"):  # the process was killed while it wrote this line
                break
            line = json.loads(raw)
            clip_id = line["clip"]["clip_id"]
            if clip_id in wanted and all(self._has(*file) for file in line["files"].items()):
                self._done[clip_id] = (place, len(raw))
            place += len(raw)
        journal.truncate(place)

    def _has(self, name: str, size: int) -> bool:
        return has_size(self.folder / name, size)

    def _lines(self) -> Iterator[dict[str, Any]]:
        """The journal's lines by clip id."""
        assert self._journal is not None
        for clip_id in sorted(self._done):
            place, size = self._done[clip_id]
            self._journal.seek(place)
            yield json.loads(self._journal.read(size))

    def _write_tables(self, tables: Path, figures: "_Figures") -> dict[str, str]:
        files: dict[str, str] = {}
        with (
            (tables / "questions.jsonl").open("wb") as questions,
            (tables / "answers.jsonl").open("wb") as answers,
            _ClipTable(tables / "clips.parquet") as clips,
        ):
            for line in self._lines():
                clip = line["clip"]
                clips.add(clip)
                figures.count(clip, line["questions"])
                questions.writelines(map(row_line, line["questions"]))
                answers.writelines(map(row_line, line["answers"]))
                if clip["video"]:
                    files[clip["video"]] = clip["video_sha256"]
        return files

    def _release(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def clear_work(folder: Path) -> None:
    """Take away what a finished set needs no more."""
    shutil.rmtree(folder / WORK, ignore_errors=True)


def clips_table(rows: Iterable[dict[str, Any]], path: Path) -> None:
    """Write ``clips.parquet`` from the rows of clips, in their order."""
    with _ClipTable(path) as table:
        for row in rows:
            table.add(row)


class _ClipTable:
    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        kinds = {int: pa.int32(), float: pa.float64()}
        self._schema = pa.schema(
            [(name, kinds.get(field.annotation, pa.string())) for name, field in Clip.model_fields.items()]  # type: ignore[arg-type]
        )
        self._batch = pa.RecordBatch
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd", version="2.6")
        self._rows: list[dict[str, Any]] = []

    def add(self, row: dict[str, Any]) -> None:
        self._rows.append(row)
        if len(self._rows) == BATCH:
            self._write()

    def _write(self) -> None:
        if self._rows:
            self._writer.write_batch(self._batch.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._write()
        self._writer.close()


class _Figures:
    """What the card tells of the clips and questions."""

    def __init__(self) -> None:
        self.questions = 0
        self.seconds = 0.0
        self.clips: Counter[tuple[str, str]] = Counter()
        self.levels: dict[str, set[int]] = {}
        self.asked: Counter[str] = Counter()
        self.reasoning: Counter[str] = Counter()
        self.formats: Counter[str] = Counter()

    def count(self, clip: dict[str, Any], questions: list[dict[str, Any]]) -> None:
        self.questions += len(questions)
        self.seconds += clip["duration"]
        self.clips[clip["category"], clip["task"]] += 1
        self.levels.setdefault(clip["task"], set()).add(clip["level"])
        self.asked[clip["task"]] += len(questions)
        self.reasoning.update(q["reasoning"] for q in questions)
        self.formats.update(q["format"]["type"] for q in questions)


def card(manifest: Manifest, figures: _Figures) -> str:
    """The data set card."""
    from morse.wording import environment

    tasks = [
        {
            "category": category,
            "task": task,
            "levels": ", ".join(map(str, sorted(figures.levels[task]))),
            "clips": clips,
            "questions": figures.asked[task],
        }
        for (category, task), clips in sorted(figures.clips.items())
    ]
    return (
        environment()
        .get_template("card/README.md.j2")
        .render(
            manifest=manifest,
            recipe=manifest.recipe,
            tasks=tasks,
            minutes=figures.seconds / 60,
            reasoning=sorted(figures.reasoning.items()),
            formats=sorted(figures.formats.items()),
        )
    )


def _emptied(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()


def locked(path: Path, folder: Path) -> int:
    """The lock's file descriptor. It goes with the process, however that ends."""
    while True:
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise BadInput(
                f"{folder}: another process is writing this data set; wait for it or give another --out"
            ) from None
        try:
            if os.path.samestat(os.fstat(lock), path.stat()):
                return lock
        except FileNotFoundError:
            pass
        os.close(lock)  # it was the lock of a set that has just been finished, and is gone
        path.parent.mkdir(parents=True, exist_ok=True)
