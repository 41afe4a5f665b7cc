"""Making a data set in a store (``--out s3://bucket/set``) so that nothing there looks complete before it is.

The set is made in a folder on this machine, the spool, as any other is. Its clips go up a batch at a time: first the files, then one
object with their lines of the journal, ``.work/journal/<hash>.jsonl``; what is up leaves the spool. When all clips are there the tables
go up, the manifest last, and ``.work/`` goes. So a clip counts only when all of it is there, a set only when all its clips are, and
another machine goes on with what is there: at most the last batch is made again. Two machines that make the same set at once write the
same bytes; of two that begin different ones the second is refused, by the plan that must be new.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from morse.dataset import PRIVATE, PUBLIC, WORK, has_size, trace_path, tracks_path, video_path
from morse.errors import BadInput, MorseError
from morse.plan import Plan
from morse.schema import Manifest
from morse.seeding import digest
from morse.store import SECRETS, TABLES, Store, cache_folder
from morse.writing import DatasetWriter, locked

PLAN, MANIFEST = f"{PRIVATE}/plan.json", f"{PUBLIC}/manifest.json"
JOURNAL = f"{WORK}/journal"
CLIPS, BYTES, SECONDS = 64, 256 << 20, 15.0
"""A batch goes up when it has so many clips, or bytes, or is so old."""

Writer = Callable[[Path, Plan], DatasetWriter]


def make_in_store(
    url: str, make: Callable[[Path, Writer, Callable[[str], None]], Manifest], say: Callable[[str], None]
) -> Manifest:
    """Make a data set in a store, or go on with the one begun there. ``make`` makes it in the folder it is given, by the
    writer it is given (:func:`morse.generate.generate`).

    Raises :class:`BadInput` for what cannot be gone on with, and what ``make`` raises.
    """
    store = Store(url)
    spool = cache_folder("spool", digest(url)[:16])
    spool.parent.mkdir(parents=True, exist_ok=True)
    with _spoken_of(spool, url), _alone_in(spool):
        noted = _fetch_begun(store, spool)
        manifest = make(
            spool,
            lambda folder, plan: StoreWriter(store, noted, folder, plan),
            lambda text: say(text.replace(str(spool), url)),
        )
        if manifest.complete:
            store.remove([*store.sizes(WORK)])
            shutil.rmtree(spool)
    return manifest


@contextmanager
def _alone_in(spool: Path) -> Iterator[None]:
    lock = locked(spool.with_suffix(".lock"), spool)
    try:
        yield
    finally:
        os.close(lock)


@contextmanager
def _spoken_of(spool: Path, url: str) -> Iterator[None]:
    """Errors name the set as the user does."""
    try:
        yield
    except MorseError as error:
        raise type(error)(str(error).replace(str(spool), url)) from None


def _fetch_begun(store: Store, spool: Path) -> frozenset[str]:
    """Make the spool what the store says: its plan, its manifest, and its journal with what this machine has made and not sent.

    Returns the clips whose lines are in the store's journal.
    """
    plan = store.read(PLAN)
    if plan is None:
        if not store.is_empty():
            raise BadInput(f"{store.url}: not empty, and not a data set that could be gone on with; give another --out")
        shutil.rmtree(spool, ignore_errors=True)
        return frozenset()
    if not (spool / PLAN).is_file() or (spool / PLAN).read_bytes() != plan:
        shutil.rmtree(spool, ignore_errors=True)
        _put(spool / PLAN, plan)
    for name in TABLES + SECRETS:
        if name != PLAN:
            (spool / name).unlink(missing_ok=True)
    manifest = store.read(MANIFEST)
    if manifest is not None:
        _put(spool / MANIFEST, manifest)
    there = {
        clip_id: line for name in sorted(store.sizes(JOURNAL)) for clip_id, line in _entries(store.read(name) or b"")
    }
    journal = spool / WORK / "journal.jsonl"
    here = dict(_entries(journal.read_bytes())) if journal.is_file() else {}
    _put(journal, b"".join((here | there).values()))
    return frozenset(there)


def _entries(journal: bytes) -> Iterator[tuple[str, bytes]]:
    """The whole lines of a journal, by clip."""
    for line in journal.splitlines(keepends=True):
        if line.endswith(b"\n"):
            yield json.loads(line)["clip"]["clip_id"], line


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


class StoreWriter(DatasetWriter):
    """A data set that is being made in a spool, for a store. ``noted``: the clips whose lines are in the store's journal."""

    def __init__(self, store: Store, noted: frozenset[str], folder: Path, plan: Plan) -> None:
        super().__init__(folder, plan)
        self._store, self._noted = store, noted
        self._there: dict[str, int] = {}
        self._unsent: list[dict[str, Any]] = []
        self._sent = time.monotonic()

    def record(self, line: str) -> None:
        super().record(line)
        self._unsent.append(json.loads(line))
        full = len(self._unsent) >= CLIPS or sum(sum(clip["files"].values()) for clip in self._unsent) >= BYTES
        if full or time.monotonic() - self._sent >= SECONDS:
            self._send()

    def finish(self) -> Manifest:
        self._send()
        of_failed = [
            name
            for clip_id in self.failed
            for name in (
                f"{PUBLIC}/{video_path(clip_id)}",
                f"{PRIVATE}/{trace_path(clip_id)}",
                f"{PRIVATE}/{tracks_path(clip_id)}",
            )
        ]
        self._store.remove([name for name in of_failed if name in self._there])
        manifest = super().finish()
        tables = [name for name in SECRETS + TABLES if name not in (PLAN, MANIFEST)]
        self._store.send(self.folder, tables)
        self._store.send(self.folder, [MANIFEST])
        return manifest

    def _begin(self) -> None:
        self._there = self._store.sizes()
        super()._begin()
        plan = (self.folder / PLAN).read_bytes()
        if PLAN not in self._there:
            try:
                self._store.create(PLAN, plan)
            except FileExistsError:  # begun by another machine since it was looked at
                if self._store.read(PLAN) != plan:
                    raise BadInput(f"{self._store.url}: another data set is being written there") from None
        self._unsent = [line for line in self._lines() if line["clip"]["clip_id"] not in self._noted]

    def _has(self, name: str, size: int) -> bool:
        return self._there.get(name) == size or has_size(self.folder / name, size)

    def _send(self) -> None:
        """Send what is made and not sent yet: the files, then their lines."""
        if self._unsent:
            files = {name: size for clip in self._unsent for name, size in clip["files"].items()}
            self._store.send(self.folder, [name for name in files if (self.folder / name).exists()])
            lines = "".join(json.dumps(clip, ensure_ascii=False) + "\n" for clip in self._unsent).encode()
            self._store.write(f"{JOURNAL}/{digest(lines.decode())[:24]}.jsonl", lines)
            self._there |= files
            for name in files:
                (self.folder / name).unlink(missing_ok=True)
            self._unsent = []
        self._sent = time.monotonic()
