"""What a million clips cost: ``python -m benchmarks.scale`` measures every task and writes ``docs/scale.md``.

A clip's cost is the CPU time of thinking it out, drawing, encoding and hashing it in a warm process, all threads. Clips are made side by
side on any number of cores and machines, so that wall-clock time is CPU time divided by cores.
"""

import platform
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from time import process_time

import click

from morse.pipeline import film, imagine, make_key, style_of
from morse.stage.frames import Canvas
from morse.task import Task, registry

PAGE = Path(__file__).parent.parent / "docs" / "scale.md"
MILLION = 1_000_000


@dataclass(frozen=True)
class Clips:
    """Means over the clips of a task: seconds of film, CPU-seconds to make one, with and without its film, and its bytes."""

    task: Task
    seconds: float
    spent: float
    bare: float
    size: float


def measured(task: Task, level: int, count: int, folder: Path) -> Clips:
    """Make ``count`` clips of a task, after one to warm up."""
    seconds, spent, bare, size = [], [], [], []
    for index in range(count + 1):
        begun = process_time()
        item = imagine(make_key(task, level, "scale", index))
        thought = process_time() - begun
        path = folder / "clip.mp4"
        film(item, path, Canvas(), style_of(item.key))
        if index:
            seconds.append(item.layout.duration)
            bare.append(thought)
            spent.append(process_time() - begun)
            size.append(path.stat().st_size)
    return Clips(task, fmean(seconds), fmean(spent), fmean(bare), fmean(size))


def page(found: list[Clips], level: int, count: int) -> str:
    """The page, as Markdown."""
    canvas = Canvas()
    rows = [
        f"| {one.task.category} | `{one.task.name}` | {one.seconds:.0f} | {one.spent:.2f} | {3600 / one.spent:,.0f} "
        f"| {3600 / one.bare:,.0f} | {one.size / 1e6:.2f} | {MILLION * one.spent / 3600:,.0f} | {MILLION * one.size / 1e9:,.0f} |"
        for one in sorted(found, key=lambda one: (one.task.category, one.task.name))
    ]
    spent, size = fmean(one.spent for one in found), fmean(one.size for one in found)
    return "\n".join(
        [
            "# What a million clips cost",
            "",
            f"Measured by `python -m benchmarks.scale` on {platform.machine()}, {count} clips a task at level {level}, "
            f"{canvas.width}×{canvas.height}, {canvas.fps} frames a second: CPU time to think out, draw, encode and hash a clip in a warm "
            "process. Clips are independent: wall-clock time is CPU time divided by cores (`--workers`, or `--engine ray` and `morse worker` on many machines).",
            "",
            f"A million clips, all {len(found)} tasks alike: **{MILLION * spent / 3600:,.0f} CPU-hours, {MILLION * size / 1e12:.2f} TB**.",
            "",
            "| category | task | clip, s | CPU-s a clip | clips a CPU-hour | without video | MB a clip | CPU-hours a million | GB a million |",
            "|---|---|---:|---:|---:|---:|---:|---:|---:|",
            *rows,
            "",
        ]
    )


@click.command(help=__doc__.replace("``", "") if __doc__ else "")
@click.option("--level", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--clips", type=click.IntRange(min=1), default=2, show_default=True, help="Clips a task.")
@click.option("--out", type=click.Path(path_type=Path), default=PAGE, show_default=True)
def main(level: int, clips: int, out: Path) -> None:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for task in registry().tasks.values():
            found.append(measured(task, level, clips, Path(folder)))
            click.echo(f"{task.name}: {found[-1].spent:.2f} CPU-s a clip of {found[-1].seconds:.0f} s", err=True)
    out.write_text(page(found, level, clips), encoding="utf-8")
    click.echo(str(out))


if __name__ == "__main__":
    main()
