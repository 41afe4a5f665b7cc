"""Where data sets can be beside this machine's folders: whatever fsspec reaches by a URL, as ``s3://bucket/set``.

A store has no atomic renames and no locks, but an object appears whole or not at all, and one that must not replace another is
refused if another is there. :mod:`morse.spool` makes sets there by these two alone.
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from morse.dataset import PRIVATE, PUBLIC, has_size
from morse.errors import BadInput, MorseError, WorkFailed
from morse.seeding import digest

BATCH = 64
"""Files that are sent or fetched at once."""
URL = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def location(text: str) -> Path | str:
    """A path of this machine, or a store's URL as it is."""
    if not URL.match(text):
        return Path(text)
    if text.lower().startswith("file://"):
        return Path(unquote(urlsplit(text).path))
    return text.rstrip("/")


def cache_folder(*inside: str) -> Path:
    """A folder for what can be made again: ``~/.cache/morse/…``."""
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache").joinpath("morse", *inside)


class Store:
    """One data set's place in a store. Raises :class:`BadInput` for a URL that leads nowhere, and :class:`WorkFailed` later."""

    def __init__(self, url: str) -> None:
        import fsspec

        self.url = url
        protocol = url.partition("://")[0]
        try:
            self._fs: Any = fsspec.filesystem(protocol, skip_instance_cache=True, use_listings_cache=False)
        except ImportError as error:
            extra = ": pip install 'morse-bench[s3]'" if protocol in {"s3", "s3a"} else ""
            raise BadInput(f"{url}: {str(error).splitlines()[0]}{extra}") from None
        except ValueError as error:
            raise BadInput(f"{url}: {str(error).splitlines()[0]}") from None
        self._root = str(self._fs._strip_protocol(url)).rstrip("/")
        if not self._root.strip("/"):
            raise BadInput(f"{url}: give the set a name, for instance {protocol}://bucket/set")

    def read(self, inside: str) -> bytes | None:
        """A file's content, ``None`` if there is none."""
        with self._reached():
            try:
                return self._fs.cat_file(f"{self._root}/{inside}")
            except FileNotFoundError:
                return None

    def create(self, inside: str, content: bytes) -> None:
        """Write a new file. Raises :class:`FileExistsError` if one is there, whatever it holds."""
        with self._reached():
            self._fs.pipe_file(f"{self._root}/{inside}", content, mode="create")

    def write(self, inside: str, content: bytes) -> None:
        """Write a file, in the place of any that is there."""
        with self._reached():
            self._fs.pipe_file(f"{self._root}/{inside}", content)

    def send(self, folder: Path, names: Sequence[str]) -> None:
        """Copy files of a folder, under their names inside it; returns when all are there."""
        with self._reached():
            for batch in _batches(names):
                self._fs.put([f"{folder}/{name}" for name in batch], [f"{self._root}/{name}" for name in batch])

    def fetch(self, names: Sequence[str], folder: Path) -> None:
        """Copy files into a folder, each whole, under their names inside the store."""
        with self._reached():
            for batch in _batches(names):
                for name in batch:
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                parts = [f"{folder}/{name}.part" for name in batch]
                self._fs.get([f"{self._root}/{name}" for name in batch], parts)
                for part, name in zip(parts, batch, strict=True):
                    os.replace(part, folder / name)

    def sizes(self, under: str = "") -> dict[str, int]:
        """Every file under a folder, with its size in bytes. Raises :class:`BadInput` for names that lead out of it."""
        with self._reached():
            root = f"{self._root}/{under}".rstrip("/")
            try:
                found = self._fs.find(root, detail=True)
            except FileNotFoundError:
                return {}
        names = {path.removeprefix(f"{self._root}/"): int(about["size"] or 0) for path, about in found.items()}
        for name in names:
            pure = PurePosixPath(name)
            if pure.is_absolute() or ".." in pure.parts or "\\" in name or "\0" in name or str(pure) != name:
                raise BadInput(f"{self.url}: the name {name!r} leads out of the data set")
        return names

    def is_empty(self) -> bool:
        """Whether nothing is there."""
        with self._reached():
            try:
                return not self._fs.ls(self._root, detail=False)
            except FileNotFoundError:
                return True

    def remove(self, names: Sequence[str]) -> None:
        """Take files away; those that are not there do no harm."""
        with self._reached():
            for name in names:
                with suppress(FileNotFoundError):
                    self._fs.rm_file(f"{self._root}/{name}")

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """What goes wrong on the way becomes one line."""
        try:
            yield
        except (FileNotFoundError, FileExistsError, MorseError):
            raise
        except Exception as error:  # each kind of store has errors of its own
            local = isinstance(error, OSError) and error.filename is not None and os.path.exists(str(error.filename))
            if local:
                raise
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise WorkFailed(f"{self.url}: {reason}; give the same command again, which goes on from there") from None


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[first : first + BATCH] for first in range(0, len(names), BATCH))


TABLES = (f"{PUBLIC}/manifest.json", f"{PUBLIC}/questions.jsonl", f"{PUBLIC}/clips.parquet", f"{PUBLIC}/README.md")
SECRETS = (f"{PRIVATE}/answers.jsonl", f"{PRIVATE}/plan.json")


def at_hand(place: Path | str, whole: bool = True) -> Path:
    """The folder of a data set on this machine: of one in a store a copy, kept under the hash of its manifest.

    Without ``whole`` videos and traces are left where they are. Raises :class:`BadInput` if there is no finished set.
    """
    if isinstance(place, Path):
        return place
    import hashlib

    store = Store(place)
    manifest = store.read(TABLES[0])
    if manifest is None:
        raise BadInput(f"{place}: no finished data set there (no public/manifest.json)")
    folder = cache_folder("sets", digest(place)[:16], hashlib.sha256(manifest).hexdigest()[:16])
    sizes = store.sizes()
    wanted = [
        name for name in sizes if name.startswith((f"{PUBLIC}/", f"{PRIVATE}/")) and (whole or name in TABLES + SECRETS)
    ]
    store.fetch([name for name in wanted if not has_size(folder / name, sizes[name])], folder)
    return folder
