"""Whether a data set is what it says: every file hashed, every record made again, frames of a sample drawn again.

A set without its private half can only be checked from outside (hashes, canary, decoded videos).
"""

import json
import math
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from morse.dataset import Dataset, open_dataset, trace_path, tracks_path, video_path
from morse.engine.local import Failure, Workers
from morse.errors import BadInput, WorkFailed
from morse.fingerprint import differences, fingerprint
from morse.pipeline import Item, clip_row, imagine, style_of, trace_row
from morse.plan import ClipJob, Plan, jobs
from morse.progress import progress
from morse.schema import Clip, Manifest, PrivateAnswer, PublicQuestion
from morse.task import registry
from morse.writing import Making, file_sha256, json_line, records_of, row_line, write_tracks_of, write_video

FILES, MANIFEST, RECORDS, TRACES = "files", "manifest", "records", "traces"
FRAMES, VIDEOS, REFERENCES, GATES = "frames drawn again", "videos decoded", "reference answers", "gates"
CHECKS = {
    FILES: "public files with the hash that the manifest names",
    MANIFEST: "what the manifest says, against the plan",
    RECORDS: "clips whose row, questions and answers come out the same again",
    TRACES: "traces that come out the same again, with the tracks they name",
    FRAMES: "clips of the sample whose frames, file and tracks come out the same again",
    VIDEOS: "videos of the sample with the frames, size and rate that their row says",
    REFERENCES: "questions whose reference answer scores 1",
    GATES: "clips that pass the gates that look at one clip",
}
Fault = tuple[str, str]
"""(check, what is wrong)."""


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

    @property
    def passed(self) -> bool:
        return all(row.passed is not False for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        rows = [asdict(row) | {"passed": row.passed, "what": CHECKS[row.check]} for row in self.rows]
        return {"dataset": self.dataset, "passed": self.passed, "checks": rows}


@dataclass(frozen=True)
class _Recorded:
    """A clip as the data set has it: raw lines, so that nothing is lost in reading."""

    job: ClipJob
    row: Mapping[str, Any]
    questions: tuple[bytes, ...]
    answers: tuple[bytes, ...]
    drawn_again: bool
    decoded: bool


def verify(
    folder: Path, *, sample: float = 0.1, frames: bool = True, workers: int = 1, limit: float = 1800.0
) -> Report:
    """Check a data set. ``sample``: share of each task's clips that are drawn again (at least one), if ``frames``.

    Raises :class:`BadInput` if there is no data set, :class:`WorkFailed` if its manifest cannot be read at all.
    """
    try:
        dataset = open_dataset(folder)
    except BadInput as error:
        if (folder / "public" / "manifest.json").exists():
            raise WorkFailed(str(error)) from None
        raise
    rows = {name: Row(name) for name in CHECKS}
    _check_files(dataset, rows[FILES])
    tables = _Tables(dataset, rows[RECORDS].faults)
    plan = _plan(dataset, rows[MANIFEST])
    _check_manifest(dataset.manifest, plan, tables, rows[MANIFEST])
    if plan is None:
        for name in (RECORDS, TRACES, FRAMES, REFERENCES, GATES):
            rows[name].note = "needs the private half"
        if frames:
            _check_videos(dataset, tables, sample, rows[VIDEOS])
    else:
        again = _redrawable(plan, rows[FRAMES]) if frames else False
        recorded = list(_recorded(dataset, plan, tables, sample if frames else 0.0, again, rows[RECORDS]))
        _check_clips(dataset, plan, recorded, rows, workers, limit)
    if not frames:
        rows[FRAMES].note = rows[VIDEOS].note = "left out (--no-frames)"
    elif not dataset.manifest.recipe.video:
        rows[FRAMES].note = rows[VIDEOS].note = "the set has no video"
    return Report(str(folder), tuple(rows.values()))


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


class _Tables:
    """The rows of the data set by clip, as they stand in the files."""

    def __init__(self, dataset: Dataset, faults: list[str]) -> None:
        self.clips: dict[str, dict[str, Any]] = {}
        try:
            self.clips = {clip.clip_id: clip.model_dump(mode="json") for clip in dataset.clips()}
        except BadInput as error:
            faults.append(str(error))
        self.questions = self._grouped(dataset.public / "questions.jsonl", faults)
        self.answers = self._grouped(dataset.private / "answers.jsonl", faults) if dataset.private else {}
        self.count = sum(map(len, self.questions.values()))
        for name, order in {"clips.parquet": self.clips, "questions.jsonl": self.questions}.items():
            if list(order) != sorted(order):
                faults.append(f"public/{name}: not in the order of clip ids")

    @staticmethod
    def _grouped(path: Path, faults: list[str]) -> dict[str, list[bytes]]:
        groups: dict[str, list[bytes]] = defaultdict(list)
        try:
            with path.open("rb") as file:
                for number, line in enumerate(file, 1):
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
    stages = [found.tasks[name].stage for name in plan.task_versions if name in found.tasks]
    differ = differences(plan.fingerprint, fingerprint(stages, plan.recipe.video))
    if differ:
        row.note = f"made with other versions: {differ}"
    return not differ


def _recorded(
    dataset: Dataset, plan: Plan, tables: _Tables, sample: float, again: bool, row: Row
) -> Iterator[_Recorded]:
    found = registry()
    by_task: dict[str, list[ClipJob]] = defaultdict(list)
    for job in sorted(jobs(plan), key=lambda job: job.clip_id):
        by_task[job.key.task].append(job)
    planned = {job.clip_id for of_task in by_task.values() for job in of_task}
    for clip_id in sorted((tables.clips.keys() | tables.questions.keys() | tables.answers.keys()) - planned):
        row.faults.append(f"clip {clip_id} does not follow from the seed")
    for task, of_task in sorted(by_task.items()):
        here = found.tasks[task].version if task in found.tasks else None
        if here != plan.task_versions[task]:
            state = "unknown here" if here is None else f"version {here} here"
            release = f"install morse-bench=={dataset.manifest.morse_version} to verify it"
            row.faults.append(f"task {task!r} is {state}, the set has version {plan.task_versions[task]}: {release}")
            continue
        looked_at = math.ceil(len(of_task) * sample) if plan.recipe.video else 0
        for number, job in enumerate(of_task):
            name = job.clip_id
            if name in dataset.manifest.failed:
                continue
            if name not in tables.clips:
                row.faults.append(f"clip {name} is missing from public/clips.parquet")
                continue
            questions, answers = tuple(tables.questions.get(name, ())), tuple(tables.answers.get(name, ()))
            drawn = number < looked_at
            yield _Recorded(job, tables.clips[name], questions, answers, drawn and again, drawn)


# ── one clip ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_clips(
    dataset: Dataset, plan: Plan, recorded: list[_Recorded], rows: dict[str, Row], workers: int, limit: float
) -> None:
    making = Making.of(dataset.public.parent, plan)
    with (
        progress("clips", len(recorded)) as advance,
        Workers(workers) as pool,
    ):
        bad = 0
        for clip, result in pool.run(partial(_check_clip, making), recorded, limit=limit):
            name = clip.job.clip_id
            if isinstance(result, Failure):
                rows[RECORDS].checked += 1
                rows[RECORDS].faults.append(f"clip {name}: cannot be made again: {result.reason}")
                bad += 1
            else:
                counts, faults = result
                bad += bool(faults)
                for check, count in counts.items():
                    rows[check].checked += count
                for check, fault in faults:
                    rows[check].faults.append(f"clip {name}: {fault}")
            advance(bad)
    for row in rows.values():
        row.faults.sort()


def _check_clip(making: Making, clip: _Recorded) -> tuple[Counter[str], list[Fault]]:
    item = imagine(clip.job.key, clip.job.knobs, making.language)
    style = style_of(clip.job.key, making.style)
    counts: Counter[str] = Counter({RECORDS: 1, TRACES: 1, GATES: 1})
    faults = [*_differing_records(making, clip, item)]
    tracks_sha256 = _recorded_tracks(making, item)
    trace = making.folder / "private" / trace_path(item.clip_id)
    if _bytes(trace) != row_line(trace_row(item, style, tracks_sha256)):
        faults.append((TRACES, f"its trace differs (private/{trace_path(item.clip_id)})"))
    if making.video:
        tracks = making.folder / "private" / tracks_path(item.clip_id)
        if not tracks.is_file() or file_sha256(tracks) != tracks_sha256:
            faults.append((TRACES, f"its tracks differ (private/{tracks_path(item.clip_id)})"))
    if clip.drawn_again:
        counts[FRAMES] += 1
        with tempfile.TemporaryDirectory() as folder:
            video, frames_hash = write_video(item, making, style, Path(folder))
            if frames_hash != clip.row["frames_hash"]:
                faults.append((FRAMES, "other frames are drawn"))
            elif file_sha256(video) != clip.row["video_sha256"]:
                faults.append((FRAMES, "the same frames give another file"))
            if file_sha256(write_tracks_of(item, making.canvas, Path(folder))) != tracks_sha256:
                faults.append((FRAMES, "other tracks come out"))
    if clip.decoded:
        counts[VIDEOS] += 1
        path = making.folder / "public" / video_path(item.clip_id)
        faults += [(VIDEOS, fault) for fault in video_faults(path, Clip.model_validate(clip.row), making.canary)]
    scored, wrong = _reference_scores(clip)
    counts[REFERENCES] += scored
    faults += [(REFERENCES, fault) for fault in wrong]
    faults += [(GATES, fault) for fault in _gate_faults(item)]
    return counts, faults


def _differing_records(making: Making, clip: _Recorded, item: Item) -> Iterator[Fault]:
    row = clip_row(item, making.canvas, clip.row["video"], clip.row["video_sha256"], clip.row["frames_hash"])
    again = row.model_dump(mode="json")
    for name, value in again.items():
        if clip.row[name] != value:
            yield RECORDS, f"{name} in public/clips.parquet is {clip.row[name]!r}, not {value!r}"
    if (clip.row["video"] is not None) != making.video:
        yield RECORDS, "public/clips.parquet names a video in a set without, or none in a set with video"
    questions, answers = records_of(item, making.canary)
    for where, lines, records in (
        ("public/questions.jsonl", clip.questions, questions),
        ("private/answers.jsonl", clip.answers, answers),
    ):
        if len(lines) != len(records):
            yield RECORDS, f"{len(lines)} lines in {where}, not {len(records)}"
        for line, record in zip(lines, records, strict=False):
            if line != json_line(record):
                yield RECORDS, f"question {record.question_id} differs in {where}"


def _recorded_tracks(making: Making, item: Item) -> str | None:
    """The hash of the tracks that the recorded trace names; the rest of the trace is made again."""
    try:
        value = json.loads(_bytes(making.folder / "private" / trace_path(item.clip_id)))["tracks_sha256"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return value if isinstance(value, str) else None


def _reference_scores(clip: _Recorded) -> tuple[int, list[str]]:
    from harness.references import reference_response
    from harness.scoring import score

    wrong = []
    count = 0
    for question_line, answer_line in zip(clip.questions, clip.answers, strict=False):
        try:
            question, answer = (
                PublicQuestion.model_validate_json(question_line),
                PrivateAnswer.model_validate_json(answer_line),
            )
            count += 1
            scored = score(question.format, answer.answer, reference_response(question.format, answer.answer))
        except (ValueError, TypeError, KeyError) as error:
            wrong.append(f"a question cannot be scored ({str(error).splitlines()[0]})")
            continue
        if scored.value != 1.0:
            wrong.append(f"the reference answer of question {question.question_id} scores {scored.value:g}")
    return count, wrong


def _gate_faults(item: Item) -> Iterator[str]:
    from harness.gates import evidence, scoring, truth
    from harness.gates.sample import CHECKS as CLIP_CHECKS

    assert all((evidence, scoring, truth))  # importing them declares their checks
    for name, check in CLIP_CHECKS.items():
        for finding in check(item):
            if finding.fault:
                yield f"{name}, {finding.kind}: {finding.fault}"


def video_faults(path: Path, row: Clip, canary: str) -> list[str]:
    """What a decoded video has otherwise than its row says."""
    import av
    from av.error import FFmpegError

    faults = []
    try:
        with av.open(str(path)) as container:
            if canary not in container.metadata.get("comment", ""):
                faults.append(f"{path.name} does not carry the canary")
            stream = container.streams.video[0]
            keys, frames = [], 0
            for frame in container.decode(stream):
                if frame.key_frame:
                    keys.append(frames)
                if (frame.width, frame.height) != (row.width, row.height):
                    faults.append(
                        f"{path.name} has frames of {frame.width}x{frame.height}, not {row.width}x{row.height}"
                    )
                    break
                frames += 1
            rate = stream.average_rate
    except (FFmpegError, OSError, IndexError) as error:
        return [f"{path.name} cannot be decoded ({error})"]
    if not faults and frames != row.frames:
        faults.append(f"{path.name} has {frames} frames, not {row.frames}")
    if rate != row.fps and row.frames > 1:
        faults.append(f"{path.name} has {rate} frames a second, not {row.fps}")
    gaps = [b - a for a, b in zip(keys, [*keys[1:], frames], strict=True)]
    if gaps and max(gaps) > 2 * row.fps:
        faults.append(f"{path.name} has {max(gaps)} frames from one key frame to the next")
    return faults


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


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


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
    faults = [f"{row.check}: {fault}" for row in report.rows for fault in row.faults]
    for fault in faults[:most_faults]:
        console.print(fault, markup=False, highlight=False, soft_wrap=True)
    if len(faults) > most_faults:
        console.print(f"… and {len(faults) - most_faults} more (--json has all)")
