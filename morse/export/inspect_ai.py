"""Samples for inspect_ai: ``samples.jsonl`` with the videos beside it.

``inspect eval morse/samples -T file=FOLDER/samples.jsonl --model …`` runs it where MORSE is installed; the target of a sample is its answer as
JSON, and its metadata has the answer format, which is all that the scorer ``morse/strict`` needs.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from morse.dataset import Dataset
from morse.export.entries import Entry, put


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
    (folder / "README.md").write_bytes(data.public_file("README.md").read_bytes())
