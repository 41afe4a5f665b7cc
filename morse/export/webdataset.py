"""WebDataset: tar shards of about 1 GB. A sample is a video with all questions that are asked of it: ``NAME.mp4``, ``NAME.json``."""

import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from morse.dataset import Dataset
from morse.export.entries import Entry

SHARD = 1_000_000_000
"""Bytes that a shard has at most, but for one that a single sample fills."""
END = 2 * tarfile.BLOCKSIZE + tarfile.RECORDSIZE
"""Bytes that a shard's end may take."""


def write(data: Dataset, found: Iterator[Entry], folder: Path, *, target: Path, answers: bool) -> None:
    """Write the shards ``00000.tar``, ``00001.tar``, …, and the card beside them."""
    shard, number = None, 0
    with ExitStack() as opened:
        for sample in _samples(found):
            about = json.dumps(_about(sample, answers), ensure_ascii=False).encode()
            video = sample[0].video.read_bytes()
            size = sum(2 * tarfile.BLOCKSIZE + len(content) for content in (video, about))  # with headers and padding
            if shard is None or shard.offset + size + END > SHARD:
                opened.close()
                file = folder / f"{number:05d}.tar"
                shard = opened.enter_context(tarfile.open(file, "w", format=tarfile.USTAR_FORMAT))
                number += 1
            _add(shard, f"{sample[0].name}.mp4", video)
            _add(shard, f"{sample[0].name}.json", about)
    (folder / "README.md").write_bytes(data.public_file("README.md").read_bytes())


def _samples(found: Iterator[Entry]) -> Iterator[list[Entry]]:
    """The questions of each clip by their videos: those asked of the whole clip share it."""
    held: dict[str, list[Entry]] = {}
    clip = ""
    for entry in found:
        if entry.clip.clip_id != clip:
            yield from held.values()
            held, clip = {}, entry.clip.clip_id
        held.setdefault(entry.sha256, []).append(entry)
    yield from held.values()


def _about(sample: list[Entry], answers: bool) -> dict[str, Any]:
    first = sample[0]
    questions = [
        entry.row() | (entry.answer.model_dump(mode="json") if answers and entry.answer is not None else {})
        for entry in sample
    ]
    clip = first.clip.model_dump(
        mode="json", include={"clip_id", "task", "category", "level", "fps", "width", "height"}
    )
    return {"clip": clip, "sha256": first.sha256, "asked_at": first.question.asked_at, "questions": questions}


def _add(shard: tarfile.TarFile, name: str, content: bytes) -> None:
    about = tarfile.TarInfo(name)  # no time, no owner: the same set gives the same bytes
    about.size, about.mode = len(content), 0o644
    shard.addfile(about, io.BytesIO(content))
