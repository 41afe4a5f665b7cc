"""A folder for the Hugging Face hub: parquet with the videos in it, a card, and Croissant metadata.

One row a question, videos in a ``Video`` column, so that ``datasets.load_dataset(FOLDER)`` gives questions that play. Questions of one clip
stand together and share its bytes: the column is written with a dictionary, in which each video stands once a row group.
"""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from morse.dataset import Dataset
from morse.export.croissant import croissant
from morse.export.entries import Entry
from morse.schema import Recipe
from morse.splits import TRAINING

if TYPE_CHECKING:
    import pyarrow

SHARD = 500_000_000
"""Bytes of video after which a new parquet file begins."""
GROUP = 100
"""Rows of a row group: what a reader must load at once."""
WORDS = ("question_id", "clip_id", "task", "category", "kind", "reasoning", "text", "prompt", "canary")
NUMBERS = {"level": "int32", "min_frames": "int32", "asked_at": "float64", "chance": "float64", "min_fps": "float64"}
CLIP_NUMBERS = {"duration": "float64", "fps": "int32"}
AS_JSON = ("format",)
"""Columns that hold JSON: the answer format, and with answers the answer, its evidence and steps."""
PRIVATE = ("answer", "evidence", "steps")


def write(data: Dataset, found: Iterator[Entry], folder: Path, *, target: Path, answers: bool) -> None:
    """Write the folder."""
    schema = _schema(answers)
    shards: list[Path] = []
    (folder / "data").mkdir()
    for shard in _shards(found):
        shards.append(folder / "data" / f"{len(shards):05d}.parquet")
        with _writer(shards[-1], schema) as writer:
            for group in shard:
                writer.write_table(_table([_row(entry, answers) for entry in group], schema))
    split = _split(data.manifest.recipe)
    named = [
        path.rename(path.with_name(f"{split}-{n:05d}-of-{len(shards):05d}.parquet")) for n, path in enumerate(shards)
    ]
    (folder / "README.md").write_text(_card(data, split), encoding="utf-8")
    (folder / "croissant.json").write_text(
        json.dumps(croissant(data, named, _columns(answers)), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def _split(recipe: Recipe) -> str:
    return "train" if recipe.split in TRAINING else recipe.split if recipe.split == "validation" else "test"


def _columns(answers: bool) -> dict[str, str]:
    """Every column but the video, and its type."""
    columns = dict.fromkeys(WORDS, "string") | {"skills": "list"} | NUMBERS | CLIP_NUMBERS
    return columns | dict.fromkeys((*AS_JSON, *(PRIVATE if answers else ())), "string")


def _schema(answers: bool) -> "pyarrow.Schema":
    import pyarrow as pa

    kinds = {"string": pa.string(), "int32": pa.int32(), "float64": pa.float64(), "list": pa.list_(pa.string())}
    columns = _columns(answers)
    fields = [pa.field("video", pa.struct([("bytes", pa.binary()), ("path", pa.string())]))]
    fields += [pa.field(name, kinds[kind]) for name, kind in columns.items()]
    value = {kind: {"dtype": kind, "_type": "Value"} for kind in ("string", "int32", "float64")}
    features: dict[str, Any] = {"video": {"_type": "Video"}}
    for name, kind in columns.items():
        features[name] = {"feature": value["string"], "_type": "Sequence"} if kind == "list" else value[kind]
    return pa.schema(fields, {"huggingface": json.dumps({"info": {"features": features}})})


def _writer(path: Path, schema: "pyarrow.Schema") -> Any:
    import pyarrow.parquet as pq

    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        use_dictionary=True,
        dictionary_pagesize_limit=1 << 30,  # videos are large, and each is to stand once
        write_page_index=True,
    )


def _table(rows: list[dict[str, Any]], schema: "pyarrow.Schema") -> "pyarrow.Table":
    import pyarrow as pa

    return pa.Table.from_pylist(rows, schema=schema)


def _row(entry: Entry, answers: bool) -> dict[str, Any]:
    row = entry.row() | {"duration": entry.clip.duration, "fps": entry.clip.fps}
    if answers and entry.answer is not None:
        row |= {name: entry.answer.model_dump(mode="json")[name] for name in PRIVATE}
    for name in (*AS_JSON, *(PRIVATE if answers else ())):
        row[name] = json.dumps(row[name], ensure_ascii=False)
    row["video"] = {"bytes": entry.video.read_bytes(), "path": f"{entry.name}.mp4"}
    return {name: row[name] for name in ("video", *_columns(answers))}


def _shards(found: Iterator[Entry]) -> Iterator[list[list[Entry]]]:
    """The row groups of each file."""
    shard: list[list[Entry]] = []
    size = 0
    while group := list(islice(found, GROUP)):
        shard.append(group)
        size += sum({entry.sha256: entry.video.stat().st_size for entry in group}.values())
        if size > SHARD:
            yield shard
            shard, size = [], 0
    if shard:
        yield shard


def _card(data: Dataset, split: str) -> str:
    """The data set's own card, its header told where the rows are."""
    card = data.public_file("README.md").read_text(encoding="utf-8")
    header = f"configs:\n- config_name: default\n  data_files:\n  - split: {split}\n    path: data/*.parquet\n"
    if card.startswith("---\n"):
        return "---\n" + header + card.removeprefix("---\n")
    return f"---\n{header}---\n\n{card}"
