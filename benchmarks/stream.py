"""How many questions a second a stream gives: ``python -m benchmarks.stream``.

Without pictures, with 8 frames of 256 × 144 and with videos of that size, made in this process and in workers; three questions a clip.
"""

import itertools
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import click

from harness.lessons import Lessons
from harness.stream import Stream

TASKS = ("cups", "hanoi", "sequence_recall", "symbol_shuffle")
QUESTIONS = 3


def questions_a_second(lessons: Lessons, workers: int, count: int) -> float:
    """The rate after the first clips, for which workers start and renderers are loaded."""
    rows = iter(Stream(TASKS, lessons, workers=workers, ahead=max(8, 4 * workers)))
    for _ in itertools.islice(rows, (6 + 12 * workers) * QUESTIONS):
        pass
    begun = time.perf_counter()
    for _ in itertools.islice(rows, count):
        pass
    return count / (time.perf_counter() - begun)


@click.command()
@click.option("--workers", default="0,2", show_default=True, help="Numbers of processes.")
@click.option("--count", default=120, show_default=True)
def main(workers: str, count: int) -> None:
    """Print the rates."""
    with tempfile.TemporaryDirectory() as folder:
        base = Lessons("0" * 64, questions=QUESTIONS, folder=Path(folder))
        for view in ("blind", "frames:8", "video"):
            for processes in map(int, workers.split(",")):
                rate = questions_a_second(replace(base, view=view), processes, count)
                click.echo(f"{view:9} {processes:>3} workers: {rate:8.1f} questions a second")


if __name__ == "__main__":
    main()
