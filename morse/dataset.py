"""Reading a data set: ``public/`` with all that a model may see, ``private/`` with answers, traces and the seed.

A data set may come from anyone, so nothing in it is trusted: paths stay inside it, links are not followed out of it, sizes
are bounded before anything is read, and every record is checked against :mod:`morse.schema`. What is wrong is said in one
line (:class:`~morse.errors.BadInput`). Neither numpy nor pyarrow is imported before :meth:`Dataset.clips` or
:meth:`Dataset.tracks` is called.
"""

import hashlib
import json
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from morse.errors import BadInput
from morse.plan import Plan
from morse.schema import Clip, Manifest, PrivateAnswer, PublicQuestion, Record, Trace

if TYPE_CHECKING:
    import pyarrow

PUBLIC, PRIVATE, WORK = "public", "private", ".work"
SCHEMA_VERSION = 1
CLIP_ID = re.compile(r"^[0-9a-f]{16}$")
MOST_JSON = 256 << 20
"""Bytes that a manifest, plan or trace may have."""
MOST_LINE = 8 << 20
"""Bytes that a line of a JSONL file may have."""
MOST_PARQUET = 4 << 30
"""Uncompressed bytes that a parquet file may have."""
MOST_CELL = 64 << 10
"""Bytes that a text in a parquet file may have: a file of a few kilobytes can hold a long one a million times."""
MOST_CLIPS = 10_000_000

R = TypeVar("R", bound=Record)


def video_path(clip_id: str) -> str:
    """Where a clip's video is, inside ``public/``."""
    return f"videos/{clip_id[:2]}/{clip_id}.mp4"


def trace_path(clip_id: str) -> str:
    """Where a clip's trace is, inside ``private/``."""
    return f"traces/{clip_id[:2]}/{clip_id}.json"


def tracks_path(clip_id: str) -> str:
    """Where a clip's tracks are, inside ``private/``."""
    return f"traces/{clip_id[:2]}/{clip_id}.tracks.parquet"


@dataclass(frozen=True)
class Dataset:
    """A data set on disk. Everything but the manifest is read when it is asked for, one record at a time.

    ``public`` and ``private`` are the folders of its halves; a set that was published has no ``private``.
    """

    public: Path
    private: Path | None
    manifest: Manifest

    def questions(self) -> Iterator[PublicQuestion]:
        """The questions, in the order of the file (by clip id)."""
        yield from _lines(self.public_file("questions.jsonl"), PublicQuestion, self.manifest.questions)

    def answers(self) -> Iterator[PrivateAnswer]:
        """The private half of each question, in the same order. Raises :class:`BadInput` without ``private/``."""
        yield from _lines(self.private_file("answers.jsonl"), PrivateAnswer, self.manifest.questions)

    def clips(self) -> Iterator[Clip]:
        """The clips, by id."""
        path = self.public_file("clips.parquet")
        rows = _Rows(path, self.manifest.clips)
        fields = list(Clip.model_fields)
        had = [name for name in fields if name in rows.columns or Clip.model_fields[name].is_required()]
        if rows.columns != had:  # sets made before videos could have sound do not say so
            raise BadInput(f"{path}: the columns are {', '.join(rows.columns)}, not {', '.join(fields)}")
        for number, row in enumerate(rows):
            try:
                clip = Clip.model_validate(row)
            except ValidationError as error:
                raise BadInput(f"{path}, row {number}: {_first(error)}") from None
            if not CLIP_ID.match(clip.clip_id) or clip.video not in (None, video_path(clip.clip_id)):
                raise BadInput(
                    f"{path}, row {number}: {clip.clip_id!r} and {clip.video!r} are not a clip and its video"
                )
            yield clip

    def video(self, clip: Clip) -> Path:
        """A clip's video file. Raises :class:`BadInput` for a set without video or a missing file."""
        if clip.video is None:
            raise BadInput(f"{self.public}: the set was made without video (--no-video)")
        return self.public_file(clip.video)

    def trace(self, clip_id: str) -> Trace:
        """A clip's hidden half."""
        return read_json(self.private_file(trace_path(_checked(clip_id))), Trace)

    def tracks(self, clip_id: str) -> Iterator["pyarrow.RecordBatch"]:
        """A clip's tracks in batches; columns ``frame object left top right bottom visible``."""
        yield from _Rows(self.private_file(tracks_path(_checked(clip_id)))).batches()

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the manifest, which holds the hash of every public file: tells sets apart for tools that go by names."""
        return hashlib.sha256(self.public_file("manifest.json").read_bytes()).hexdigest()

    @cached_property
    def plan(self) -> Plan:
        """The recipe with its secret seed."""
        return read_json(self.private_file("plan.json"), Plan)

    def public_file(self, inside: str) -> Path:
        """A file of ``public/``, checked to be a plain file inside it."""
        return _plain_file(self.public, inside)

    def private_file(self, inside: str) -> Path:
        """A file of ``private/``, checked to be a plain file inside it."""
        if self.private is None:
            raise BadInput(f"{self.public.parent}: no private/ half here, which has the answers (private/{inside})")
        return _plain_file(self.private, inside)


def open_dataset(path: Path | str) -> Dataset:
    """Open a data set by its folder (or that of its public half).

    Raises :class:`BadInput` if there is none, or none that is finished, or one of a newer schema.
    """
    folder = Path(path)
    if is_url(path):
        raise BadInput(f"{path}: only `morse score` and `morse verify` read from there; copy the set here first")
    if folder.name == PUBLIC and (folder / "manifest.json").is_file():
        folder = folder.parent if folder.parent != folder else folder
    if not folder.is_dir():
        raise BadInput(f"{folder}: no such data set")
    public, private = folder / PUBLIC, folder / PRIVATE
    if not (public / "manifest.json").exists():
        if (folder / WORK).is_dir():
            raise BadInput(f"{folder}: not finished yet; give its `morse generate` command again to go on with it")
        raise BadInput(f"{folder}: not a data set (no public/manifest.json)")
    if not public.resolve().is_relative_to(folder.resolve()):
        raise BadInput(f"{public}: a link out of the data set")
    if private.exists() and not private.resolve().is_relative_to(folder.resolve()):
        raise BadInput(f"{private}: a link out of the data set")
    manifest = _manifest(_plain_file(public, "manifest.json"))
    return Dataset(public, private if private.is_dir() else None, manifest)


def _manifest(path: Path) -> Manifest:
    raw = _parsed(path, _bounded_text(path, MOST_JSON))
    found = raw.get("schema_version") if isinstance(raw, dict) else None
    if isinstance(found, int) and found > SCHEMA_VERSION:
        raise BadInput(
            f"{path}: schema version {found}; this release reads up to {SCHEMA_VERSION}: install a newer one"
        )
    manifest = _validated(path, raw, Manifest)
    if manifest.clips > MOST_CLIPS or min(manifest.clips, manifest.questions) < 0:
        raise BadInput(f"{path}: {manifest.clips} clips, {manifest.questions} questions is not a data set")
    for inside in manifest.files:
        pure = PurePosixPath(inside)
        if pure.is_absolute() or ".." in pure.parts or "\\" in inside or "\0" in inside:
            raise BadInput(f"{path}: the file name {inside!r} leads out of the data set")
    return manifest


def read_json(path: Path, model: type[R]) -> R:
    """A record from a JSON file. Raises :class:`BadInput` with the line or the key that is wrong."""
    return _validated(path, _parsed(path, _bounded_text(path, MOST_JSON)), model)


def is_url(path: Path | str) -> bool:
    """Whether a path was meant as a URL (of whose slashes a :class:`~pathlib.Path` keeps one)."""
    return re.match("^[a-z][a-z0-9+.-]+:/", str(path)) is not None


def has_size(path: Path, size: int) -> bool:
    """Whether a file is there, of so many bytes."""
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def _checked(clip_id: str) -> str:
    if not CLIP_ID.match(clip_id):
        raise BadInput(f"{clip_id!r} is not a clip id (16 hex digits)")
    return clip_id


def _plain_file(root: Path, inside: str) -> Path:
    path = root / inside
    try:
        if not path.resolve(strict=True).is_relative_to(root.resolve()):
            raise BadInput(f"{path}: a link out of the data set")
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadInput(f"{path}: not a plain file")
    except (FileNotFoundError, NotADirectoryError):
        raise BadInput(f"{path}: no such file") from None
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None
    return path


def _bounded_text(path: Path, most: int) -> str:
    size = path.stat().st_size
    if size > most:
        raise BadInput(f"{path}: {size} bytes is too large (at most {most})")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 text (byte {error.start})") from None


def _parsed(path: Path, text: str, line: int | None = None) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"{path}, line {line or error.lineno}: broken JSON ({error.msg})") from None
    except RecursionError:
        raise BadInput(f"{path}, line {line or 1}: broken JSON (nested too deeply)") from None
    except ValueError as error:
        raise BadInput(f"{path}, line {line or 1}: broken JSON ({error})") from None


def _validated(path: Path, raw: Any, model: type[R]) -> R:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise BadInput(f"{path}: {_first(error)}") from None


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'the record'}: {first['msg']}"


def _lines(path: Path, model: type[R], most: int) -> Iterator[R]:
    """The records of a JSONL file, one a line, no more than ``most`` and none twice."""
    adapter = TypeAdapter(model)
    seen: set[str] = set()
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MOST_LINE + 1):
            number += 1
            if len(line) > MOST_LINE:
                raise BadInput(f"{path}, line {number}: longer than {MOST_LINE} bytes")
            if number > most:
                raise BadInput(f"{path}: more than the {most} questions that the manifest names")
            try:
                record = adapter.validate_json(line)
            except ValidationError as error:
                raise BadInput(f"{path}, line {number}: {_first(error)}") from None
            name = str(getattr(record, "question_id", number))
            if name in seen:
                raise BadInput(f"{path}, line {number}: question {name!r} a second time")
            seen.add(name)
            yield record
    if number < most:
        raise BadInput(f"{path}: {number} questions, the manifest names {most}")


class _Rows:
    """A parquet file of bounded size, read a batch of rows at a time."""

    def __init__(self, path: Path, rows: int | None = None) -> None:
        import pyarrow
        import pyarrow.parquet

        self.path = path
        try:
            file = pyarrow.parquet.ParquetFile(path)
            kinds = {field.name: field.type for field in file.schema_arrow}
            if nested := [name for name, kind in kinds.items() if pyarrow.types.is_nested(kind)]:
                raise BadInput(f"{path}: {nested[0]!r} holds lists or records, not single values")
            texts = [name for name, kind in kinds.items() if not pyarrow.types.is_primitive(kind)]
            self._plain = {name for name in texts if not pyarrow.types.is_dictionary(kinds[name])}
            self._file = pyarrow.parquet.ParquetFile(path, read_dictionary=texts)  # each text once a batch
            meta = self._file.metadata
            size = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
            self.columns: list[str] = self._file.schema_arrow.names
        except (pyarrow.ArrowException, OSError, ValueError, KeyError) as error:
            raise BadInput(f"{path}: not a parquet file ({str(error).splitlines()[0]})") from None
        if size > MOST_PARQUET:
            raise BadInput(f"{path}: {size} bytes unpacked is too large (at most {MOST_PARQUET})")
        if rows is not None and meta.num_rows != rows:
            raise BadInput(f"{path}: {meta.num_rows} clips, the manifest names {rows}")

    def batches(self) -> Iterator["pyarrow.RecordBatch"]:
        import pyarrow

        try:
            for batch in self._file.iter_batches(batch_size=4096):
                yield pyarrow.RecordBatch.from_arrays(
                    [self._bounded(name, batch.column(name)) for name in batch.schema.names], batch.schema.names
                )
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise BadInput(f"{self.path}: broken ({str(error).splitlines()[0]})") from None

    def _bounded(self, name: str, column: "pyarrow.Array") -> "pyarrow.Array":
        """A column as the file declares it, if none of its texts is too long."""
        import pyarrow
        import pyarrow.compute

        if not isinstance(column, pyarrow.DictionaryArray):
            return column
        longest = pyarrow.compute.max(pyarrow.compute.binary_length(column.dictionary)).as_py() or 0  # type: ignore[attr-defined]
        if longest > MOST_CELL:
            raise BadInput(f"{self.path}: a text of {longest} bytes is too long (at most {MOST_CELL})")
        return column.dictionary_decode() if name in self._plain else column

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for batch in self.batches():
            yield from batch.to_pylist()
