"""What a clip costs: ``python -m benchmarks.rendering [--task cups] [--level 3]`` prints a table, one line a task.

All figures are CPU time of this process, all threads, per second of clip, after one clip to warm up; medians over a few
clips. *film*: drawing, encoding and hashing. *encode*: the same frames, drawn beforehand, through colour conversion and the
encoder alone. *ratio*: film to encode.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from time import process_time

import click
import numpy as np

from morse.pipeline import Item, film, imagine, make_key, staged, style_of
from morse.stage.encoder import Encoder
from morse.stage.frames import Canvas, Stage
from morse.style import Style
from morse.task import Task, registry

HELD = 256_000_000
"""Bytes of drawn frames that are held at once."""


@dataclass(frozen=True)
class Cost:
    """CPU-seconds of one clip of ``seconds``."""

    seconds: float
    imagine: float
    film: float
    encode: float


def cost_of(task: Task, level: int, index: int, canvas: Canvas, folder: Path, style: str = "varied") -> Cost:
    """Make a clip, then encode its frames again without drawing them."""
    begun = process_time()
    item = imagine(make_key(task, level, "benchmark", index))
    imagined = process_time() - begun
    look = style_of(item.key, style)
    begun = process_time()
    film(item, folder / "clip.mp4", canvas, look)
    filmed = process_time() - begun
    return Cost(item.layout.duration, imagined, filmed, encoding_alone(item, canvas, look, folder))


def encoding_alone(item: Item, canvas: Canvas, style: Style, folder: Path) -> float:
    """CPU-seconds for encoding an item's frames, without drawing and hashing them."""
    spent = 0.0
    stage = staged(item, canvas, style)
    try:
        with Encoder(folder / "again.mp4", canvas, stage.pixel_format, hashing=False) as encoder:
            for frames in _chunks(stage, canvas):
                begun = process_time()
                for pixels, repeat in frames:
                    encoder.write(pixels, repeat)
                spent += process_time() - begun
            begun = process_time()
        return spent + process_time() - begun
    finally:
        stage.close()


def _chunks(stage: Stage, canvas: Canvas) -> Iterator[Sequence[tuple[np.ndarray, int]]]:
    runs = stage.frames()
    at_once = max(1, HELD // (canvas.width * canvas.height * 4))
    while chunk := [(pixels.copy(), repeat) for pixels, repeat in islice(runs, at_once)]:
        yield chunk


@click.command(help=__doc__.replace("``", "") if __doc__ else "")
@click.option("--task", "names", multiple=True, help="Only this task (may be given several times).")
@click.option("--level", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--clips", type=click.IntRange(min=1), default=3, show_default=True, help="Clips a task.")
@click.option("--style", default="varied", show_default=True)
def main(names: tuple[str, ...], level: int, clips: int, style: str) -> None:
    found = registry()
    tasks = [found.task(name) for name in names] if names else list(found.tasks.values())
    canvas = Canvas()
    click.echo(f"level {level}, {canvas.width}×{canvas.height}, {canvas.fps} frames/s; CPU-seconds a clip-second")
    click.echo(f"{'task':<24}{'stage':<9}{'clip s':>8}{'imagine':>10}{'film':>8}{'encode':>8}{'ratio':>7}")
    for task in tasks:
        with tempfile.TemporaryDirectory() as folder:
            costs = [cost_of(task, level, index, canvas, Path(folder), style) for index in range(clips + 1)][1:]
        seconds, imagined, filmed, encoded = (
            median(figures)
            for figures in zip(
                *((c.seconds, c.imagine / c.seconds, c.film / c.seconds, c.encode / c.seconds) for c in costs),
                strict=True,
            )
        )
        ratio = median(cost.film / cost.encode for cost in costs)
        click.echo(
            f"{task.name:<24}{task.stage:<9}{seconds:>8.1f}{imagined:>10.4f}{filmed:>8.3f}{encoded:>8.3f}{ratio:>7.2f}"
        )
    for module, error in found.errors.items():
        click.echo(f"{module} cannot be loaded: {error}")


if __name__ == "__main__":
    main()
