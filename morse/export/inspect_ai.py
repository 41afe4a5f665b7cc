"""A task for inspect_ai: ``samples.jsonl`` with the videos beside it, and ``task.py``, which asks and scores them.

``inspect eval FOLDER/task.py@NAME --model …`` runs it; the target of a sample is its answer as JSON, and its metadata has the answer format, which
is all that scoring needs. Where MORSE is installed, ``morse/samples`` with ``-T file=FOLDER/samples.jsonl`` does the same.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from morse.dataset import Dataset
from morse.export.entries import Entry, put, task_name, template


def write(data: Dataset, found: Iterator[Entry], folder: Path, *, target: Path, answers: bool) -> None:
    """Write the folder; without ``answers`` the targets are empty."""
    with (folder / "samples.jsonl").open("w", encoding="utf-8") as file:
        for entry in found:
            question = entry.row()
            video = {"type": "video", "video": put(entry, folder), "format": "mp4"}
            content = [video, {"type": "text", "text": question.pop("prompt")}]
            sample = {
                "id": question.pop("question_id"),
                "input": [{"role": "user", "content": content}],
                "target": json.dumps(entry.answer.answer, ensure_ascii=False) if answers and entry.answer else "",
                "metadata": question | {"view": "video", "data_set": data.sha256},
            }
            file.write(json.dumps(sample, ensure_ascii=False) + "\n")
    text = template("inspect_task.py.j2", name=task_name(data), sha256=data.sha256, answers=answers)
    (folder / "task.py").write_text(text, encoding="utf-8")
    (folder / "README.md").write_bytes(data.public_file("README.md").read_bytes())
