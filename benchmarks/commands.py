"""What the commands cost beside drawing: ``python -m benchmarks.commands``.

Start times of `morse --help` and `morse score` (medians), clips a second without video on one core, and the
peak memory of a process that films a short clip and of one that films a long one, tracks and trace included; with `--hour`
also of one that makes an hour of `needle`, small, beside a minute of it, and of one that joins `kitchen` episodes to an hour.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import click

from morse.dataset import open_dataset
from morse.generate import generate
from morse.joined import JoinedScene, Part
from morse.pipeline import Item, film, imagine, make_key, style_of, trace_row
from morse.plan import make_plan
from morse.schema import Recipe, RecipePart
from morse.seeding import Key
from morse.stage.compose import ComposeStage, Painter
from morse.stage.encoder import Encoder
from morse.stage.frames import Canvas
from morse.task import registry
from morse.writing import DatasetWriter, make_clip, row_line, write_tracks_of

SHORT, LONG = 10.0, 600.0
"""Seconds of the clips whose memory is compared."""
MINUTE, HOUR = {"seconds": 60.0}, {"seconds": 3600.0}
TINY = Canvas(256, 144, 12)


def start_time(arguments: list[str], runs: int = 7) -> tuple[float, float]:
    """Median wall-clock and CPU seconds of a morse command in a fresh process."""
    command = [sys.executable, "-c", "from morse.cli import main; main()", *arguments]
    wall, spent = [], []
    for _ in range(runs):
        begun, before = time.perf_counter(), os.times()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = os.times()
        wall.append(time.perf_counter() - begun)
        spent.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return statistics.median(wall), statistics.median(spent)


def clips_a_second(task: str, level: int, count: int) -> float:
    """How many clips a second of CPU one process makes and records without video."""
    recipe = Recipe(name="benchmark", parts=(RecipePart(task=task, levels=(level,), count=count),), video=False)
    plan = make_plan(recipe, "0" * 64)
    with tempfile.TemporaryDirectory() as folder, DatasetWriter(Path(folder) / "set", plan) as writer:
        waiting = writer.pending()
        writer.record(make_clip(writer.making, next(waiting)))
        begun = time.process_time()
        for job in waiting:
            writer.record(make_clip(writer.making, job))
        return (count - 1) / (time.process_time() - begun)


def level_for(task: str, seconds: float) -> int:
    """The level whose clips last about so long (no less than those of level 1)."""
    low, high = length(task, 1), length(task, 21)
    return max(1, round(1 + (seconds - low) / (high - low) * 20))


def length(task: str, level: int) -> float:
    """Seconds of a task's first clip at a level."""
    return imagine(make_key(registry().task(task), level, "benchmark", 0)).layout.duration


def peak_memory(task: str, level: int, knobs: Mapping[str, Any] | None = None, canvas: Canvas | None = None) -> float:
    """Megabytes that a fresh process needs at most to think out and film a task's first clip at a level, and to write
    its tracks and trace."""
    size = canvas or Canvas()
    what = f"{task!r}, {level}, {dict(knobs or {})!r}, {(size.width, size.height, size.fps)!r}"
    code = f"from benchmarks.commands import make_one; make_one({what})"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout)


def joined_memory(task: str, seconds: float, canvas: Canvas = TINY) -> tuple[float, float]:
    """Megabytes that a fresh process needs at most to join episodes of a composed task to a film of so many seconds or more and to
    encode it, and how long the film is."""
    code = f"from benchmarks.commands import join; join({task!r}, {seconds}, {(canvas.width, canvas.height, canvas.fps)!r})"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    most, made = map(float, done.stdout.split())
    return most, made


def join(task: str, seconds: float, size: tuple[int, int, int]) -> None:
    """Join one episode after the other until the film is long enough, encode it, and print this process' peak memory in
    megabytes and the seconds of the film. Every frame that is shown is drawn by its own episode's look."""
    canvas, joined, places = Canvas(*size), list[Part](), list[tuple[Key, int]]()
    first: Item | None = None
    while sum(part.lead + part.scene.duration for part in joined) < seconds:
        item = imagine(make_key(registry().task(task), 1 + len(joined) % 10, "benchmark", len(joined)))
        scene, first = item.layout.scene, first or item
        assert isinstance(scene, JoinedScene)
        places += [(item.key, k) for k in range(len(scene.parts))]
        joined += scene.parts
    assert first is not None

    @lru_cache(maxsize=2)
    def painter(key: Key) -> Painter:
        """How an episode looks: worked out when it is due, and forgotten."""
        item, looks = imagine(key), _Looks()
        item.task.draw(item.episode, item.layout, looks, style_of(item.key))
        return looks.painter

    whole = JoinedScene([replace(part, card=f"Clip {k}") for k, part in enumerate(joined, 1)])
    stage = ComposeStage(replace(first.layout, scene=whole), canvas, style_of(first.key))
    stage.paint(lambda k, part: painter(places[k][0])(places[k][1], part))
    with (
        tempfile.TemporaryDirectory() as folder,
        Encoder(Path(folder) / "clip.mp4", canvas, stage.pixel_format, "") as out,
    ):
        for pixels, repeat in stage.frames():
            out.write(pixels, repeat)
    print(_peak(), whole.duration)


class _Looks:
    """Takes what a task's ``draw`` says of the look of each part, instead of a stage."""

    def paint(self, painter: Painter, *, fade: float = 0.0) -> None:
        self.painter = painter


def make_one(task: str, level: int, knobs: Mapping[str, Any], size: tuple[int, int, int]) -> None:
    """Make a clip and print this process' peak memory in megabytes."""
    canvas = Canvas(*size)
    item = imagine(make_key(registry().task(task), level, "benchmark", 0), knobs)
    style = style_of(item.key)
    with tempfile.TemporaryDirectory() as folder:
        film(item, Path(folder) / "clip.mp4", canvas, style)
        write_tracks_of(item, canvas, Path(folder))
        row_line(trace_row(item, style))
    print(_peak())


def _peak() -> float:
    """This process' peak memory in megabytes; not ru_maxrss, which begins with that of the process that started this one."""
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


def score_arguments(task: str, folder: Path) -> list[str]:
    """A small data set without video and responses to it: the arguments of a command that scores them."""
    recipe = Recipe(name="benchmark", parts=(RecipePart(task=task, levels=(1,), count=2),), video=False)
    generate(recipe, folder / "set", seed="0" * 64, workers=1, say=lambda text: None)
    answers = folder / "responses.jsonl"
    rows = [{"question_id": q.question_id, "response": "Answer: 3"} for q in open_dataset(folder / "set").questions()]
    answers.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return ["score", str(folder / "set"), str(answers)]


@click.command(help=__doc__)
@click.option("--task", default="cups", show_default=True, help="Whose clips to make without video.")
@click.option("--level", type=click.IntRange(min=1), default=1, show_default=True, help="Of the clips without video.")
@click.option("--count", type=click.IntRange(min=2), default=400, show_default=True, help="Clips without video.")
@click.option("--film", "filmed", multiple=True, default=("cups", "bar_race"), show_default=True, help="Tasks to film.")
@click.option("--hour", is_flag=True, help="Also make an hour of needle (minutes of work).")
def main(task: str, level: int, count: int, filmed: tuple[str, ...], hour: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for what, arguments in (("--help", ["--help"]), ("score, a small set", score_arguments(task, Path(folder)))):
            wall, spent = start_time(arguments)
            click.echo(f"{f'morse {what}':<44}{wall:>8.2f} s ({spent:.2f} s of CPU)")
    click.echo(f"{f'{task} level {level} without video':<44}{clips_a_second(task, level, count):>8.0f} clips/s a core")
    for name in filmed:
        for seconds in (SHORT, LONG):
            at = level_for(name, seconds)
            what = f"peak memory, {name} level {at} ({length(name, at):.0f} s)"
            click.echo(f"{what:<44}{peak_memory(name, at):>8.0f} MB")
    for knobs in (MINUTE, HOUR) if hour else ():
        begun, before = time.perf_counter(), os.times()
        most = peak_memory("needle", 3, knobs, TINY)
        wall, spent = time.perf_counter() - begun, os.times().children_user - before.children_user
        what = f"peak memory, needle of {knobs['seconds']:.0f} s, {TINY.width}×{TINY.height}"
        click.echo(f"{what:<44}{most:>8.0f} MB ({wall:.0f} s, {spent:.0f} s of CPU)")
    for seconds in (60.0, 3600.0) if hour else ():
        most, made = joined_memory("kitchen", seconds)
        click.echo(f"{f'peak memory, kitchen episodes joined to {made:.0f} s':<44}{most:>8.0f} MB")


if __name__ == "__main__":
    main()
