"""``morse view --out``: the page as a folder that opens from disk, and that can be put on any web server."""

import os
import shutil
from pathlib import Path

from harness.gallery.contents import Contents
from morse.errors import BadInput, WorkFailed
from morse.progress import progress


def write_folder(contents: Contents, folder: Path) -> Path:
    """Write all files of the page, videos included, and return its ``index.html``, which is written last.

    A folder of an earlier page is written over; one that holds anything else is refused.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "data").is_dir():
        raise BadInput(f"{folder}: is there already, and is no page of `morse view`; give --out another folder")
    names = list(contents.names())
    with progress("files", len(names)) as advance:
        for name in names:
            try:
                _write(contents.file(name), folder / name)
            except OSError as error:
                raise WorkFailed(f"{folder / name}: {error.strerror}") from None
            advance()
    return folder / "index.html"


def _write(found: bytes | Path | None, path: Path) -> None:
    assert found is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    if isinstance(found, bytes):
        part.write_bytes(found)
    else:
        had = path.stat() if path.is_file() else None
        now = found.stat()
        if had is not None and (had.st_size, had.st_mtime_ns) == (now.st_size, now.st_mtime_ns):
            return
        shutil.copy2(found, part)
    part.replace(path)
