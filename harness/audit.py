"""The entrance examination of a task: fresh clips, mostly without pictures, through every gate."""

import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from harness import gates
from harness.gates import Batch, Row
from harness.gates.sample import CHECKS, Sample, sample_of
from harness.report import write_text
from morse.errors import BadInput, Disagreement, MorseError
from morse.pipeline import imagine, make_key, style_of
from morse.seeding import fresh_root
from morse.task import registry

LEVELS = (1, 3, 6, 10)
ENOUGH = 2500
"""Clips a level that decide everything: uniformity needs 2,000, a million latent states 2,450."""
LEAST = 120
CHECKED, LOOKED, SEEN, NEIGHBOURS = 300, 600, 120, 60
"""Clips a level on which checks are made, frames looked at, evidence sought, and clips of the next root seed."""
CHUNK = 20


@dataclass(frozen=True)
class Depth:
    """What is looked at in one clip."""

    checks: tuple[str, ...] = ()
    looks: bool = False
    gaming: bool = False
    observing: bool = False


@dataclass(frozen=True)
class Failure:
    """A clip that could not be made."""

    level: int
    index: int
    reason: str


def audit(
    name: str,
    root: str,
    *,
    levels: Sequence[int] = LEVELS,
    items: int | None = None,
    seconds: float = 60.0,
    workers: int | None = None,
    alpha: float = gates.ALPHA,
    learners: bool = True,
    report: Callable[[str], None] = lambda text: None,
) -> list[Row]:
    """Make fresh clips of a task and run all gates on them.

    ``items``: clips a level; ``None`` chooses 2,500 where these take less than ``seconds`` on one core, else what fits (at
    least 120). ``alpha``: how often a sound task may fail by chance. ``learners``: run the slow gates too. ``report`` is told what goes on.
    """
    gates.load()
    batch_levels: dict[int, list[Sample]] = {}
    neighbours: dict[int, list[Sample]] = {}
    failures: list[Failure] = []
    for level in levels:
        started = time.perf_counter()
        trial = [made(name, root, level, index, _depth(0)) for index in range(4)]
        count = items if items is not None else _fitting(name, root, level, seconds)
        report(f"{name} level {level}: {count} clips")
        results = trial[:count] + _make(name, root, level, range(len(trial), count), workers)
        beside = _make(name, neighbour(root), level, range(min(count, NEIGHBOURS)), workers, Depth())
        failures += [result for result in results if isinstance(result, Failure)]
        batch_levels[level] = [result for result in results if isinstance(result, Sample)]
        neighbours[level] = [result for result in beside if isinstance(result, Sample)]
        report(f"{name} level {level}: {len(batch_levels[level])} clips in {time.perf_counter() - started:.1f} s")
    task = registry().task(name)
    filled = {level: samples for level, samples in batch_levels.items() if samples}
    batch = Batch(task, filled, neighbours, alpha)
    rows = [_generated(batch, level, len(batch_levels[level]), failures) for level in levels]
    return rows + (gates.run(batch, learners) if filled else [])


def neighbour(root: str) -> str:
    """The root seed next to one: its last character moved on by one."""
    return root[:-1] + chr(ord(root[-1]) + 1) if root else "0"


def _generated(batch: Batch, level: int, count: int, failures: Iterable[Failure]) -> Row:
    own = [failure for failure in failures if failure.level == level]
    detail = f"{count} clips" + (f"; index {own[0].index}: {own[0].reason}" if own else "")
    return batch.row("clips are made", len(own) / max(1, count + len(own)), "0", not own, detail, level=level)


def _fitting(name: str, root: str, level: int, seconds: float) -> int:
    """How many clips fit into the time, by the cost of some that are thrown away."""
    started = time.perf_counter()
    tried = 0
    while tried < 3 or (time.perf_counter() - started < 0.5 and tried < 40):
        made(name, neighbour(root) + "/pace", level, tried, Depth())
        tried += 1
    each = (time.perf_counter() - started) / tried
    return max(LEAST, min(ENOUGH, int(seconds / each)))


def _depth(index: int) -> Depth:
    names = [name for name in CHECKS if name != "evidence visible" or index < SEEN] if index < CHECKED else []
    return Depth(tuple(names), index < LOOKED, index < CHECKED, index < CHECKED)


def made(name: str, root: str, level: int, index: int, depth: Depth) -> Sample | Failure:
    """One fresh clip, reduced to what the gates need."""
    key = make_key(registry().task(name), level, root, index)
    try:
        item = imagine(key)
        return sample_of(
            item,
            style_of(key).record(),
            depth.checks,
            looks=depth.looks,
            gaming=depth.gaming,
            observing=depth.observing,
        )
    except (Disagreement, MorseError) as error:
        return Failure(level, index, str(error))
    except Exception as error:  # a task is a plug-in: what it raises is a finding, not an end
        return Failure(level, index, f"{type(error).__name__}: {error}")


def _chunk(name: str, root: str, level: int, depth: Depth | None, indices: Sequence[int]) -> list[Sample | Failure]:
    gates.load()
    return [made(name, root, level, index, depth or _depth(index)) for index in indices]


def _make(
    name: str, root: str, level: int, indices: Sequence[int], workers: int | None, depth: Depth | None = None
) -> list[Sample | Failure]:
    """Samples in the order of their indices, from ``workers`` processes (1: in this one)."""
    chunks = [indices[start : start + CHUNK] for start in range(0, len(indices), CHUNK)]
    count = workers or os.cpu_count() or 1
    work = partial(_chunk, name, root, level, depth)
    if count == 1 or len(chunks) < 2:
        return [result for chunk in chunks for result in work(chunk)]
    from pebble import ProcessPool

    found: list[Sample | Failure] = []
    with ProcessPool(max_workers=count) as pool:
        results = pool.map(work, chunks).result()
        for chunk in chunks:
            try:
                found += next(results)
            except StopIteration:
                break
            except Exception as error:  # the process died under the clip
                found += [Failure(level, chunk[0], f"{type(error).__name__}: {error}")]
    return found


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────────


def summary(rows: Iterable[Row]) -> list[Row]:
    """One row for each task and gate: the first that failed, else the worst figure; with counts of what was tested."""
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        grouped.setdefault((row.task, row.gate), []).append(row)
    found = []
    for (task, name), own in grouped.items():
        failed = [row for row in own if row.passed is False]
        tested = [row for row in own if row.passed is not None]
        smaller_is_worse = own[0].threshold.startswith("≥")
        figures = [row for row in failed or tested or own if row.figure is not None]
        ordered = sorted(figures, key=lambda row: row.figure or 0.0, reverse=not smaller_is_worse)
        worst = ordered[0] if ordered else (failed or tested or own)[0]
        verdict = False if failed else (True if tested else None)
        where = [f"level {worst.level}"] if worst.level is not None else []
        where += [worst.kind] if worst.kind is not None else []
        counts = f"{len(tested)} of {len(own)} tested" + (f", {len(failed)} failed" if failed else "")
        detail = f"{worst.detail} ({', '.join([*where, counts])})"
        found.append(Row(name, task, None, None, worst.figure, worst.threshold, verdict, detail))
    return found


def print_table(rows: Iterable[Row]) -> None:
    """The table of proofs, task by gate."""
    from rich.console import Console
    from rich.table import Table

    table = Table("task", "gate", "figure", "wanted", "", "detail")
    for row in summary(rows):
        mark = {True: "[green]pass", False: "[bold red]FAIL", None: "–"}[row.passed]
        figure = "" if row.figure is None else f"{row.figure:.4g}"
        table.add_row(row.task, row.gate, figure, row.threshold, mark, row.detail.replace("[", "\\["))
    console = Console()
    (console if console.is_terminal else Console(width=180)).print(table)


def command(
    names: Sequence[str],
    everything: bool,
    levels: Sequence[int],
    items: int | None = None,
    seed: str | None = None,
    file: Path | None = None,
    workers: int | None = None,
) -> int:
    """``morse audit``: examine tasks, print the table, return the exit code. Raises :class:`BadInput` for unknown tasks."""
    from rich.console import Console

    chosen = _chosen(names, everything)
    root = seed or fresh_root()
    say = Console(stderr=True)
    say.print(f"seed of these clips: {root}", soft_wrap=True, highlight=False)
    rows: list[Row] = []
    with say.status("") as status:
        for name in chosen:
            rows += audit(
                name,
                root,
                levels=levels,
                items=items,
                workers=workers,
                alpha=gates.ALPHA / len(chosen),
                report=status.update,
            )
    print_table(rows)
    if file is not None:
        versions = {name: registry().task(name).version for name in chosen}
        content = {"seed": root, "levels": list(levels), "versions": versions, "rows": [asdict(row) for row in rows]}
        write_text(json.dumps(content, indent=1) + "\n", file)
    failed = sorted({(row.task, row.gate) for row in rows if row.passed is False})
    errors = registry().errors if everything else {}
    for module, reason in errors.items():
        say.print(f"{module}: cannot be loaded: {reason}", markup=False)
    say.print(f"{len(chosen)} tasks, {len(failed)} gates failed", markup=False)
    return 1 if failed or errors else 0


def _chosen(names: Sequence[str], everything: bool) -> list[str]:
    known = registry()
    if everything == bool(names):
        raise BadInput("name the tasks to audit, or --all")
    return list(known.tasks) if everything else [known.task(name).name for name in names]
