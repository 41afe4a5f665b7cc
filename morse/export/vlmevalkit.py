"""For VLMEvalKit: a TSV of the questions, the videos, and a launcher that makes both known to it and runs it.

``python FOLDER/run.py --nframe 8 --model …`` runs it where VLMEvalKit is installed.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from morse.dataset import Dataset
from morse.export.entries import Entry, put, scoring, template

COLUMNS = ("index", "question_id", "video", "question", "scoring")
"""``scoring`` is JSON, so that pandas takes no answer for a number or for nothing."""


def write(data: Dataset, found: Iterator[Entry], folder: Path, *, target: Path, answers: bool) -> None:
    """Write the folder (``target``: where it will stand)."""
    with (folder / "questions.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(COLUMNS)
        for index, entry in enumerate(found):
            video = put(entry, folder).removeprefix("videos/").removesuffix(".mp4")
            table.writerow([index, entry.question.question_id, video, entry.question.prompt, scoring(entry)])
    text = template("vlmevalkit.py.j2", name=f"MORSE-{data.sha256[:8]}", sha256=data.sha256)
    (folder / "run.py").write_text(text, encoding="utf-8")
