"""What ``morse audit --json`` found, for the pages of the tasks that were examined."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from harness.audit import summary
from harness.gates import Row
from morse.errors import BadInput
from morse.task import registry


class Audit(BaseModel):
    """The file that ``morse audit --json`` writes."""

    seed: str
    levels: tuple[int, ...]
    versions: dict[str, int]
    rows: list[Row]


@dataclass(frozen=True)
class Proof:
    """The examination of a task in its present version: a row a gate, and on which clips."""

    rows: tuple[Row, ...]
    seed: str
    levels: tuple[int, ...]


def read_proofs(path: Path) -> dict[str, Proof]:
    """The examinations in a file, or in all ``*.json`` of a folder, by task; of several of one task the last by file name.

    Tasks that have changed since (and those that are gone) are left out. Raises :class:`BadInput` for other files.
    """
    tasks = registry().tasks
    found: dict[str, Proof] = {}
    for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        try:
            audit = Audit.model_validate_json(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise BadInput(f"{file}: {error.strerror}") from None
        except (ValidationError, UnicodeDecodeError):
            raise BadInput(f"{file}: is not what `morse audit --json` writes") from None
        rows = summary(audit.rows)
        for name, version in audit.versions.items():
            if name in tasks and tasks[name].version == version:
                found[name] = Proof(tuple(row for row in rows if row.task == name), audit.seed, audit.levels)
    return found
