"""Writes the generated parts of the README: ``python -m docs.readme`` (table of tasks, badges), ``… --strip`` (its pictures too)."""

import html
import inspect
import re
import sys
import tempfile
import tomllib
from pathlib import Path

from morse.task import Task, registry
from morse.task_table import question_kinds

README = Path(__file__).parents[1] / "README.md"
BADGES = Path(__file__).parent / "badges"
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


def badges() -> dict[str, str]:
    """What the README says beside its title, each as a small picture: name → SVG. All of it is read from what it is about."""
    project = tomllib.loads((README.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tasks = registry().tasks.values()
    kinds = sum(len(question_kinds(task)) for task in tasks)
    facts = {
        "python": ("Python", project["requires-python"].replace(">=", "≥ ")),
        "licence": ("licence", project["license"]),
        "tasks": ("tasks", f"{len(tasks)} in {len({task.category for task in tasks})} categories"),
        "kinds": ("kinds of question", str(kinds)),
    }
    return {name: _badge(*fact) for name, fact in facts.items()}


def _badge(label: str, fact: str) -> str:
    left, right = 6.6 * len(label) + 12, 6.6 * len(fact) + 12
    words = [(label, left / 2, left - 12), (fact, left + right / 2, right - 12)]
    written = "".join(
        f'<text x="{x:.1f}" y="14" textLength="{w:.1f}">{html.escape(word)}</text>' for word, x, w in words
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right:.0f}" height="20" role="img" aria-label="{label}: {html.escape(fact)}">'
        f'<rect width="{left + right:.1f}" height="20" rx="4" fill="#30363d"/>'
        f'<path d="M{left:.1f} 0h{right - 4:.1f}a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4h-{right - 4:.1f}z" fill="#1f5fd6"/>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">{written}</g></svg>\n'
    )


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
    BADGES.mkdir(exist_ok=True)
    for name, picture in badges().items():
        (BADGES / f"{name}.svg").write_text(picture, encoding="utf-8")
    if "--strip" in sys.argv[1:]:
        write_strip()
