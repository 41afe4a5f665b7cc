"""``morse preview --all``: clips of many tasks with their contact sheets, on one page to look at."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from morse.engine.local import Failure, Workers
from morse.errors import BadInput, did_you_mean
from morse.preview import preview
from morse.progress import progress
from morse.task import Task, registry

LIMIT = 900.0
"""Seconds that a clip may take."""
PAGE = "index.html"


@dataclass(frozen=True)
class Wanted:
    """A clip to make: of which task, at which level, and the rest as ``morse preview`` takes it."""

    task: str
    level: int
    folder: str
    root: str
    index: int
    style: str


def chosen(names: Sequence[str], category: str | None) -> list[Task]:
    """The tasks of these names, or of a category, or all. Raises :class:`BadInput` for what there is not."""
    tasks = registry().tasks
    if names:
        return [registry().task(name) for name in names]
    known = sorted({task.category for task in tasks.values()})
    if category is not None and category not in known:
        raise BadInput(f"no category {category!r}{did_you_mean(category, known)}: there are {', '.join(known)}")
    own = [task for task in tasks.values() if category in (None, task.category)]
    return sorted(own, key=lambda task: (task.category, task.name))


def write_page(
    tasks: Sequence[Task],
    levels: Sequence[int],
    folder: Path,
    *,
    root: str = "preview",
    index: int = 0,
    style: str = "varied",
    workers: int | None = None,
) -> tuple[Path, int]:
    """Make a clip of each task at each level in ``folder`` and a page of all contact sheets; returns its path and how many
    clips could not be made (the page says why)."""
    folder.mkdir(parents=True, exist_ok=True)
    work = [Wanted(task.name, level, str(folder), root, index, style) for task in tasks for level in levels]
    made: dict[tuple[str, int], Mapping[str, Any]] = {}
    failed = 0
    count = min(workers or os.cpu_count() or 1, len(work))
    with progress("clips", len(work)) as advance, Workers(count) as pool:
        for job, result in pool.run(clip_of, work, limit=LIMIT):
            fault = result.reason if isinstance(result, Failure) else ""
            made[job.task, job.level] = {"level": job.level, "fault": fault} if isinstance(result, Failure) else result
            failed += bool(fault)
            advance(failed)
    shown = [
        {
            "name": task.name,
            "category": task.category,
            "about": (task.__doc__ or "").strip().partition("\n")[0],
            "clips": [made[task.name, level] for level in levels],
        }
        for task in tasks
    ]
    page = folder / PAGE
    page.write_text(_template().render(tasks=shown, levels=levels), encoding="utf-8")
    return page, failed


def clip_of(wanted: Wanted) -> dict[str, Any]:
    """A clip made, as the page shows it: its files by name, its questions in words."""
    item, video, sheet = preview(
        wanted.task, wanted.level, Path(wanted.folder), root=wanted.root, index=wanted.index, style=wanted.style
    )
    questions = [
        {
            "kind": question.kind,
            "reasoning": question.reasoning,
            "asked_at": question.asked_at,
            "prompt": question.prompt,
            "answer": json.dumps(question.answer, ensure_ascii=False)[:2000],
        }
        for question in item.questions
    ]
    return {
        "level": wanted.level,
        "fault": "",
        "seconds": item.layout.duration,
        "video": video.name,
        "sheet": sheet.name,
        "questions": questions,
    }


def _template() -> Any:
    import jinja2

    import templates

    loader = jinja2.FileSystemLoader([*templates.__path__])
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined).get_template(
        "preview/page.html.j2"
    )
