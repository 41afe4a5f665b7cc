"""A task folder for lmms-eval: its YAML, the functions that it names, the questions, and the videos.

``python -m lmms_eval --include_path FOLDER --tasks NAME --model …`` runs it where lmms-eval is installed.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from morse.dataset import Dataset
from morse.export.entries import Entry, put, scoring, task_name, template


def write(data: Dataset, found: Iterator[Entry], folder: Path, *, target: Path, answers: bool) -> None:
    """Write the folder, which is to become ``target``."""
    with (folder / "questions.jsonl").open("w", encoding="utf-8") as file:
        for entry in found:
            row = {name: entry.row()[name] for name in ("question_id", "clip_id", "task", "level", "kind", "prompt")}
            row |= {"video": put(entry, folder), "scoring": scoring(entry)}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    name, rows = task_name(data), json.dumps(str(target.resolve() / "questions.jsonl"))
    manifest = data.manifest
    about = {"manifest": manifest, "recipe": manifest.recipe, "questions": manifest.questions}
    yaml = template("lmms_eval.yaml.j2", name=name, rows=rows, sha256=data.sha256, **about)
    (folder / f"{name}.yaml").write_text(yaml, encoding="utf-8")
    (folder / "utils.py").write_text(template("lmms_eval_utils.py.j2", name=name, sha256=data.sha256), encoding="utf-8")
