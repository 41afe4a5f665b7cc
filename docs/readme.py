"""Writes the generated parts of the README: ``python -m docs.readme`` (table of tasks), ``… --strip`` (its pictures too)."""

import inspect
import re
import sys
import tempfile
from pathlib import Path

from morse.task import Task, registry
from morse.task_table import question_kinds

README = Path(__file__).parents[1] / "README.md"
STRIP = Path(__file__).parent / "strip.jpg"
MARKS = ("<!-- tasks: written by `python -m docs.readme` -->", "<!-- /tasks -->")
LEVEL = 4
"""The level of the clips in the strip."""


def table() -> str:
    """All tasks as a Markdown table."""
    rows = ["| category | task | what it is | question kinds | drawn with |", "|---|---|---|---|---|"]
    for task in sorted(registry().tasks.values(), key=lambda task: (task.category, task.name)):
        about = (inspect.getdoc(type(task)) or "").splitlines()[0].rstrip(".")
        kinds = ", ".join(f"`{kind}`" for kind in question_kinds(task))
        rows.append(f"| {task.category} | `{task.name}` | {about} | {kinds} | {drawn_with(task)} |")
    return "\n".join(rows)


def drawn_with(task: Task) -> str:
    """The library that a task's stage is made with."""
    return {"plot": "matplotlib", "bullet": "pybullet", "compose": "manim, moviepy"}.get(task.stage, task.stage)


def with_table(text: str) -> str:
    """The README with its table of tasks written anew."""
    begin, end = MARKS
    return re.sub(f"{begin}.*?{end}", lambda _: f"{begin}\n{table()}\n{end}", text, flags=re.DOTALL)


def write_strip(path: Path = STRIP, frames: int = 4, width: int = 300) -> None:
    """A row of frames from a real clip of the first task of each category, one category below the other."""
    import av
    import numpy as np
    from PIL import Image

    from morse.pipeline import film, imagine, make_key, style_of
    from morse.stage.frames import Canvas

    canvas, gap = Canvas(), 6
    height = round(width * canvas.height / canvas.width)
    everyone = sorted(registry().tasks.values(), key=lambda task: (task.category, task.name), reverse=True)
    tasks = list({task.category: task for task in everyone}.values())[::-1]
    page = Image.new("RGB", (frames * (width + gap) - gap, len(tasks) * (height + gap) - gap), "#ffffff")
    for row, task in enumerate(tasks):
        item = imagine(make_key(task, LEVEL, "strip", 0))
        with tempfile.TemporaryDirectory() as folder:
            video = Path(folder) / "clip.mp4"
            film(item, video, canvas, style_of(item.key))
            with av.open(str(video)) as container:
                total = container.streams.video[0].frames
                wanted = [int(i) for i in np.linspace(0.04 * total, 0.96 * total - 1, frames)]
                for number, frame in enumerate(container.decode(video=0)):
                    if number in wanted:
                        small = frame.to_image().resize((width, height), Image.Resampling.LANCZOS)
                        page.paste(small, (wanted.index(number) * (width + gap), row * (height + gap)))
    page.save(path, quality=88, optimize=True)


if __name__ == "__main__":
    README.write_text(with_table(README.read_text()))
    if "--strip" in sys.argv[1:]:
        write_strip()
