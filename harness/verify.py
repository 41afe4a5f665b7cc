"""Whether a data set is what it says: every file hashed, every record made again, frames of a sample drawn again; and whether
what it asks passes every gate, as far as it has clips enough to tell.

A set without its private half can only be checked from outside (hashes, canary, decoded videos).
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from harness import gates
from harness.audit import print_table
from harness.clip_checks import (
    FRAMES,
    GATES,
    RECORDS,
    REFERENCES,
    TRACES,
    VIDEOS,
    Checked,
    Recorded,
    check_clip,
    telltale_tags,
    video_faults,
)
from harness.columns import printable
from harness.gates import Row as Verdict
from harness.gates.sample import Sample
from morse.dataset import CLIP_ID, MOST_LINE, Dataset, open_dataset, video_path
from morse.engine.local import Failure, Workers
from morse.errors import BadInput, WorkFailed
from morse.fingerprint import differences, fingerprint
from morse.footage import TASK as FOOTAGE
from morse.plan import ClipJob, Plan, jobs
from morse.progress import progress
from morse.schema import Clip, Manifest
from morse.task import registry
from morse.writing import Making, file_sha256

FILES, TELLTALES, MANIFEST = "files", "telltales", "manifest"
CHECKS = {
    FILES: "public files with the hash that the manifest names",
    TELLTALES: "public files that are named after their clip, and videos that say nothing of themselves but the canary",
    MANIFEST: "what the manifest says, against the plan",
    RECORDS: "clips whose row, questions and answers come out the same again",
    TRACES: "traces that come out the same again, with the tracks they name",
    FRAMES: "clips of the sample whose frames, file and tracks come out the same again",
    VIDEOS: "videos of the sample with the frames, size and rate that their row says",
    REFERENCES: "questions whose reference answer scores 1",
    GATES: "clips that pass the gates that look at one clip",
}
LOOKED_AT, NEIGHBOURS = 600, 20
"""Clips of each task and level of which frames, tricks and observers are looked at, and of which a neighbour is made."""


@dataclass
class Row:
    """One line of the table. ``passed`` is ``None`` for what could not be checked; ``note`` says why."""

    check: str
    checked: int = 0
    faults: list[str] = field(default_factory=list)
    note: str = ""

    @property
    def passed(self) -> bool | None:
        return False if self.faults else (True if self.checked else None)


@dataclass(frozen=True)
class Report:
    """All that ``morse verify`` found."""

    dataset: str
    rows: tuple[Row, ...]
    gates: tuple[Verdict, ...] = ()
    """Every gate on every task of the set, over its clips."""

    @property
    def passed(self) -> bool:
        return all(row.passed is not False for row in (*self.rows, *self.gates))

    def as_json(self) -> dict[str, Any]:
        rows = [asdict(row) | {"passed": row.passed, "what": CHECKS[row.check]} for row in self.rows]
        return {
            "dataset": self.dataset,
            "passed": self.passed,
            "checks": rows,
            "gates": [asdict(row) for row in self.gates],
        }


def verify(
    folder: Path,
    *,
    sample: float = 0.1,
    public_only: bool = False,
    frames: bool = True,
    workers: int = 1,
    limit: float = 1800.0,
) -> Report:
    """Check a data set. ``sample``: share of each task's clips that are drawn again (at least one), if ``frames``;
    ``public_only``: as if there were no private half.

    Raises :class:`BadInput` if there is no data set, :class:`WorkFailed` if its manifest cannot be read at all.
    """
    try:
        dataset = open_dataset(folder)
    except BadInput as error:
        if (folder / "public" / "manifest.json").exists():
            raise WorkFailed(str(error)) from None
        raise
    if public_only:
        dataset = replace(dataset, private=None)
    rows = {name: Row(name) for name in CHECKS}
    _check_files(dataset, rows[FILES])
    _check_telltales(dataset, rows[TELLTALES])
    tables = _Tables(dataset, rows[RECORDS].faults)
    plan = _plan(dataset, rows[MANIFEST])
    _check_manifest(dataset.manifest, plan, tables, rows[MANIFEST])
    found: tuple[Verdict, ...] = ()
    if plan is None:
        for name in (RECORDS, TRACES, FRAMES, REFERENCES, GATES):
            rows[name].note = "needs the private half"
        if frames:
            _check_videos(dataset, tables, sample, rows[VIDEOS])
    else:
        again = _redrawable(plan, rows[FRAMES]) if frames else False
        recorded = list(_recorded(dataset, plan, tables, sample if frames else 0.0, again, rows[RECORDS]))
        found = _check_clips(dataset, plan, recorded, rows, workers, limit)
    if not frames:
        rows[FRAMES].note = rows[VIDEOS].note = "left out (--no-frames)"
    elif not dataset.manifest.recipe.video:
        rows[FRAMES].note = rows[VIDEOS].note = "the set has no video"
    return Report(str(folder), tuple(rows.values()), found)


# ── the set as a whole ──────────────────────────────────────────────────────────────────────────────────────────────


def _check_files(dataset: Dataset, row: Row) -> None:
    named = dataset.manifest.files
    with progress("files", len(named)) as advance:
        for inside, sha256 in named.items():
            row.checked += 1
            try:
                if file_sha256(dataset.public_file(inside)) != sha256:
                    row.faults.append(f"public/{inside}: its hash is not the one that the manifest names")
            except BadInput as error:
                row.faults.append(str(error))
            advance(len(row.faults))
    there = {path.relative_to(dataset.public).as_posix() for path in dataset.public.rglob("*") if not path.is_dir()}
    row.faults += [
        f"public/{inside}: not named by the manifest" for inside in sorted(there - {*named, "manifest.json"})
    ]
    needed = {"questions.jsonl", "clips.parquet", "README.md"} - named.keys()
    row.faults += [f"public/{inside}: the manifest names no hash" for inside in sorted(needed)]


def _check_telltales(dataset: Dataset, row: Row) -> None:
    """What files tell beside what is in them: names that are not their clip's, tags of the videos."""
    for path in sorted(dataset.public.rglob("*")):
        if path.is_dir():
            continue
        row.checked += 1
        inside = path.relative_to(dataset.public).as_posix()
        if path.suffix == ".mp4":
            if not CLIP_ID.match(path.stem) or inside != video_path(path.stem):
                row.faults.append(f"public/{inside}: not named after a clip")
            try:
                row.faults += [f"public/{inside}: {fault}" for fault in telltale_tags(dataset.public_file(inside))]
            except BadInput as error:
                row.faults.append(str(error))


class _Tables:
    """The rows of the data set by clip, as they stand in the files."""

    def __init__(self, dataset: Dataset, faults: list[str]) -> None:
        self.clips: dict[str, dict[str, Any]] = {}
        try:
            self.clips = {clip.clip_id: clip.model_dump(mode="json") for clip in dataset.clips()}
        except BadInput as error:
            faults.append(str(error))
        self.questions = self._grouped(dataset.public_file, "questions.jsonl", faults)
        self.answers = self._grouped(dataset.private_file, "answers.jsonl", faults) if dataset.private else {}
        self.count = sum(map(len, self.questions.values()))
        for name, order in {"clips.parquet": self.clips, "questions.jsonl": self.questions}.items():
            if list(order) != sorted(order):
                faults.append(f"public/{name}: not in the order of clip ids")

    @staticmethod
    def _grouped(file_of: Callable[[str], Path], name: str, faults: list[str]) -> dict[str, list[bytes]]:
        groups: dict[str, list[bytes]] = defaultdict(list)
        try:
            path = file_of(name)
        except BadInput as error:
            faults.append(str(error))
            return groups
        try:
            with path.open("rb") as file:
                for number, line in enumerate(iter(partial(file.readline, MOST_LINE + 1), b""), 1):
                    if len(line) > MOST_LINE:
                        faults.append(f"{path.parent.name}/{name}, line {number}: longer than {MOST_LINE} bytes")
                        break
                    try:
                        groups[str(json.loads(line)["clip_id"])].append(line)
                    except (ValueError, KeyError, TypeError, RecursionError):
                        faults.append(f"{path.parent.name}/{path.name}, line {number}: not a record of a clip")
        except OSError as error:
            faults.append(f"{path.parent.name}/{path.name}: {error.strerror}")
        return groups


def _plan(dataset: Dataset, row: Row) -> Plan | None:
    if dataset.private is None:
        return None
    try:
        return dataset.plan
    except BadInput as error:
        row.faults.append(str(error))
        return None


def _check_manifest(manifest: Manifest, plan: Plan | None, tables: _Tables, row: Row) -> None:
    wanted: dict[str, Any] = {"clips": len(tables.clips), "questions": tables.count, "complete": not manifest.failed}
    if plan is not None:
        names = ("morse_version", "recipe", "task_versions", "fingerprint", "canary", "commitment")
        wanted |= {name: getattr(plan, name) for name in names}
    for name, value in wanted.items():
        row.checked += 1
        if getattr(manifest, name) != value:
            source = "private/plan.json" if plan is not None and hasattr(plan, name) else "the tables"
            row.faults.append(f"public/manifest.json: {name} is not what {source} says")
    videos = {clip["video"]: clip["video_sha256"] for clip in tables.clips.values() if clip["video"]}
    named = {inside: sha256 for inside, sha256 in manifest.files.items() if inside.startswith("videos/")}
    row.checked += 1
    if videos != named:
        first = min(video for video in videos.keys() | named.keys() if videos.get(video) != named.get(video))
        row.faults.append(f"public/manifest.json: {first} is not as in clips.parquet")
    for clip_id, lines in tables.questions.items():
        if any(json.loads(line).get("canary") != manifest.canary for line in lines):
            row.faults.append(f"public/questions.jsonl: clip {clip_id} does not carry the manifest's canary")
    if not manifest.complete:
        row.faults.append(f"the set is not complete: {len(manifest.failed)} clips failed")


def _redrawable(plan: Plan, row: Row) -> bool:
    found = registry()
    tasks = [found.tasks[name] for name in plan.task_versions if name in found.tasks]
    here = fingerprint((task.stage for task in tasks), plan.recipe.video, any(task.sound for task in tasks))
    differ = differences(plan.fingerprint, here)
    if differ:
        row.note = f"made with other versions: {differ}"
    return not differ


def _recorded(
    dataset: Dataset, plan: Plan, tables: _Tables, sample: float, again: bool, row: Row
) -> Iterator[Recorded]:
    found = registry()
    by_task: dict[str, list[ClipJob]] = defaultdict(list)
    for job in sorted(jobs(plan), key=lambda job: job.clip_id):
        by_task[job.key.task].append(job)
    planned = {job.clip_id for of_task in by_task.values() for job in of_task}
    for clip_id in sorted((tables.clips.keys() | tables.questions.keys() | tables.answers.keys()) - planned):
        row.faults.append(f"clip {clip_id} does not follow from the seed")
    for task, of_task in sorted(by_task.items()):
        if task == FOOTAGE:
            row.note = "made from a user's footage, which is not in the set: no record can be made again"
            continue
        here = found.tasks[task].version if task in found.tasks else None
        if here != plan.task_versions[task]:
            state = "unknown here" if here is None else f"version {here} here"
            release = f"install morse-bench=={dataset.manifest.morse_version} to verify it"
            row.faults.append(f"task {task!r} is {state}, the set has version {plan.task_versions[task]}: {release}")
            continue
        looked_at = math.ceil(len(of_task) * sample) if plan.recipe.video else 0
        before: Counter[int] = Counter()
        for number, job in enumerate(of_task):
            name = job.clip_id
            if name in dataset.manifest.failed:
                continue
            if name not in tables.clips:
                row.faults.append(f"clip {name} is missing from public/clips.parquet")
                continue
            questions, answers = tuple(tables.questions.get(name, ())), tuple(tables.answers.get(name, ()))
            drawn, level = number < looked_at, job.key.level
            deep, beside = before[level] < LOOKED_AT, before[level] < NEIGHBOURS
            before[level] += 1
            yield Recorded(job, tables.clips[name], questions, answers, drawn and again, drawn, deep, beside)


# ── its clips ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_clips(
    dataset: Dataset, plan: Plan, recorded: list[Recorded], rows: dict[str, Row], workers: int, limit: float
) -> tuple[Verdict, ...]:
    making = Making.of(dataset.public.parent, plan)
    made: list[Checked] = []
    with (
        progress("clips", len(recorded)) as advance,
        Workers(workers) as pool,
    ):
        bad = 0
        for clip, result in pool.run(partial(check_clip, making), recorded, limit=limit):
            name = clip.job.clip_id
            if isinstance(result, Failure):
                rows[RECORDS].checked += 1
                rows[RECORDS].faults.append(f"clip {name}: cannot be made again: {result.reason}")
                bad += 1
            else:
                made.append(result)
                bad += bool(result.faults)
                for check, count in result.counts.items():
                    rows[check].checked += count
                for check, fault in result.faults:
                    rows[check].faults.append(f"clip {name}: {fault}")
            advance(bad)
    for row in rows.values():
        row.faults.sort()
    return _gated(plan, made)


def _gated(plan: Plan, made: list[Checked]) -> tuple[Verdict, ...]:
    """Every gate on the clips of each task, in an order that does not depend on when each was done."""
    samples: dict[str, dict[int, list[Sample]]] = defaultdict(lambda: defaultdict(list))
    beside: dict[str, dict[int, list[Sample]]] = defaultdict(lambda: defaultdict(list))
    task_of = {job.clip_id: job.key.task for job in jobs(plan)}
    for one in sorted(made, key=lambda one: (one.sample.level, one.sample.index, one.sample.clip_id)):
        task = task_of[one.sample.clip_id]
        samples[task][one.sample.level].append(one.sample)
        if one.neighbour is not None:
            beside[task][one.sample.level].append(one.neighbour)
    found: list[Verdict] = []
    with progress("gates", len(samples)) as advance:
        for task in sorted(samples):
            batch = gates.Batch(registry().task(task), samples[task], beside[task], gates.ALPHA / len(samples))
            found += gates.run(batch)
            advance(sum(row.passed is False for row in found))
    return tuple(found)


def _check_videos(dataset: Dataset, tables: _Tables, sample: float, row: Row) -> None:
    by_task: dict[str, list[Clip]] = defaultdict(list)
    for raw in tables.clips.values():
        clip = Clip.model_validate(raw)
        if clip.video is not None:
            by_task[clip.task].append(clip)
    for clips in by_task.values():
        for clip in clips[: math.ceil(len(clips) * sample)]:
            row.checked += 1
            try:
                row.faults += video_faults(dataset.video(clip), clip, dataset.manifest.canary)
            except BadInput as error:
                row.faults.append(str(error))


def print_report(report: Report, most_faults: int = 20) -> None:
    """The table, and under it what is wrong."""
    from rich.console import Console
    from rich.table import Table

    table = Table("check", "figure", "pass", "what is counted")
    marks = {True: "[green]yes[/]", False: "[red]no[/]", None: "not tested"}
    for row in report.rows:
        figure = f"{row.checked - min(len(row.faults), row.checked)} of {row.checked}" if row.checked else "–"
        table.add_row(row.check, figure, marks[row.passed], row.note or CHECKS[row.check])
    console = Console()
    console.print(table)
    if report.gates:
        print_table(report.gates)
    faults = [f"{row.check}: {fault}" for row in report.rows for fault in row.faults]
    for fault in faults[:most_faults]:
        console.print(printable(fault), markup=False, highlight=False, soft_wrap=True)
    if len(faults) > most_faults:
        console.print(f"… and {len(faults) - most_faults} more (--json has all)")
