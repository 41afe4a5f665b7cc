"""What every form of export is made of: questions, and for each the video that may be seen when it is asked.

A question that is asked at a time gets a file that is cut there, so that no other tool can show what comes after. Videos are named by
their content, because other tools keep frames and answers by file name, whatever is in the file.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from morse.dataset import Dataset
from morse.errors import BadInput, WorkFailed
from morse.schema import Clip, PrivateAnswer, PublicQuestion
from morse.view.names import View
from morse.view.show import Screening
from morse.writing import file_sha256

NAME_LENGTH = 32
"""Hex digits of a video's hash that name it."""


@dataclass(frozen=True)
class Entry:
    """A question with what may be seen for it."""

    question: PublicQuestion
    answer: PrivateAnswer | None
    clip: Clip
    video: Path
    """The file, wherever it is now."""
    sha256: str

    @property
    def name(self) -> str:
        """The video's name, made of its content."""
        return self.sha256[:NAME_LENGTH]

    @property
    def place(self) -> str:
        """Where the video goes inside an export: fewer than 10,000 files a folder."""
        return f"videos/{self.name[:2]}/{self.name}.mp4"

    def row(self) -> dict[str, Any]:
        """The question's public fields as JSON values."""
        return self.question.model_dump(mode="json")


def entries(data: Dataset, cache: Path, *, answers: bool) -> Iterator[Entry]:
    """The questions in the order of the set, those of a clip together; ``answers``: with the private half.

    Raises :class:`BadInput` for a set without video, or without the answers that are asked for.
    """
    if not data.manifest.recipe.video:
        raise BadInput(f"{data.public.parent}: made without video (--no-video); there is nothing to be shown elsewhere")
    private = {answer.question_id: answer for answer in data.answers()} if answers else {}
    screening, hashes = Screening(data, View(), cache), dict[Path, str]()
    for question in data.questions():
        (video,) = screening.show(question).files
        if video not in hashes:
            hashes[video] = file_sha256(video)
        answer = private.get(question.question_id)
        if answers and answer is None:
            raise BadInput(f"{data.public.parent}: private/answers.jsonl has no answer to {question.question_id!r}")
        yield Entry(question, answer, screening.clips[question.clip_id], video, hashes[video])


def put(entry: Entry, folder: Path) -> str:
    """Copy an entry's video into an export, unless it is there; returns its path inside."""
    target = folder / entry.place
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(entry.video, target)
    return entry.place


@contextmanager
def fresh_folder(folder: Path) -> Iterator[Path]:
    """A folder to write in, that becomes ``folder`` when all went well. Raises :class:`BadInput` if that is not free."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(f"{folder}: not empty; give another --out")
    part: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        part.chmod(0o755)
        yield part
        os.replace(part, folder)
    except OSError as error:
        raise WorkFailed(f"{folder}: {error.strerror or error}") from None
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)


def task_name(data: Dataset) -> str:
    """The set's name as a task of another tool: lmms-eval remembers answers by it, so the set's hash is in it."""
    return f"morse_{data.manifest.recipe.name.replace('-', '_').replace('.', '_')}_{data.sha256[:8]}"


def scoring(entry: Entry) -> str:
    """What :func:`harness.exported.judged` needs of a question, as JSON: one cell of another tool's table."""
    assert entry.answer is not None
    question = entry.row()
    about = {name: question[name] for name in ("question_id", "clip_id", "format")}
    return json.dumps(about | {"answer": entry.answer.answer}, ensure_ascii=False)


def template(file: str, /, **slots: object) -> str:
    """A file of an export, from ``templates/export/``."""
    from morse.wording import environment

    return environment().get_template(f"export/{file}").render(**slots) + "\n"
