"""A clip that is made where the data set's folder is not, and comes there as bytes."""

import json
import platform
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from morse.dataset import WORK
from morse.errors import WorkFailed
from morse.plan import ClipJob
from morse.writing import Making, is_disk_full, move


@dataclass(frozen=True)
class Carried:
    """A clip's line for the journal, and its files: place inside the data set → content."""

    line: str
    files: dict[str, bytes]


def carried(make: Callable[[Making, ClipJob], str], making: Making, job: ClipJob) -> Carried:
    """Make a clip by ``make`` in a folder that lasts no longer than this. Raises :class:`WorkFailed` if there is no room for that."""
    try:
        return _made_apart(make, making, job)
    except OSError as error:
        if is_disk_full(error):  # of this machine, which says nothing of the one with the data set
            raise WorkFailed(f"no room left in {gettempdir()} on {platform.node()}") from None
        raise


def _made_apart(make: Callable[[Making, ClipJob], str], making: Making, job: ClipJob) -> Carried:
    with TemporaryDirectory(prefix="morse-") as scratch:
        folder = Path(scratch)
        (folder / WORK / "parts").mkdir(parents=True)
        line = make(replace(making, folder=folder), job)
        return Carried(line, {inside: (folder / inside).read_bytes() for inside in json.loads(line)["files"]})


def landed(clip: Carried, folder: Path) -> str:
    """Write a clip's files to their places in the data set's folder, each whole. Returns its line for the journal."""
    for inside, content in clip.files.items():
        part = folder / WORK / "parts" / Path(inside).name
        part.write_bytes(content)
        move(part, folder, inside)
    return clip.line
