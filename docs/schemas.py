"""Writes the JSON Schema of what the commands write: ``python -m docs.schemas``."""

import json
from pathlib import Path

from harness.report import Report
from harness.runs import Comparison
from harness.sample_size import SampleSize
from morse.schema import Record

FOLDER = Path(__file__).parent / "schemas"
PUBLISHED: dict[str, type[Record]] = {"report": Report, "comparison": Comparison, "plan": SampleSize}
"""``morse score --json``, ``morse compare --json`` and ``morse plan --json``."""


def schema(name: str) -> str:
    """The schema of one of them, as the file has it."""
    found = PUBLISHED[name].model_json_schema(mode="serialization")
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema"} | found, indent=1) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in PUBLISHED:
        (FOLDER / f"{name}.schema.json").write_text(schema(name), encoding="utf-8")
