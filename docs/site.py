"""Writes the documentation: ``python -m docs.site``, into ``build/docs`` (``pages/``, and ``html/`` where mkdocs is installed).

A page a task is made from its docstring, its ramps, and clips of its own; the tutorials and papers stand in the checkout.
mkdocs comes with the extra ``docs``: ``pip install -e '.[docs]'``.
"""

import argparse
import importlib.util
import inspect
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from docs.readme import drawn_with
from harness.audit import summary
from harness.gates import Row
from harness.page import worded
from morse.pipeline import Item, imagine, make_key
from morse.preview import frames_of, preview
from morse.schema import PublicQuestion, Question
from morse.stage.frames import Canvas
from morse.task import CATEGORIES, Task, registry
from morse.task_table import LEVELS, levels_rows, question_kinds

ROOT = Path(__file__).parents[1]
OUT = ROOT / "build/docs"
EXAMPLES = (1, 3, 6)
"""Levels of the clips whose questions a page shows."""
PICTURED = 3
"""Level of the clip in a page's picture."""
FRAMES, WIDTH, HELD = 30, 480, 250
"""Frames of a picture, pixels that it is wide, milliseconds that a frame is held."""
PAPERS = {
    "coverage.md": "docs/coverage.md",
    "architecture.md": "ARCHITECTURE.md",
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
}
TUTORIALS = {
    "fresh_test_set": "Make a fresh test set",
    "score_a_model": "Score a model",
    "add_a_task": "Add a task",
    "train_with_rewards": "Train with rewards",
    "publish_sealed": "Publish a sealed test set",
}
HEADINGS = ("What is shown", "What is asked", "Difficulty", "Source")


@dataclass(frozen=True)
class About:
    """A task's docstring: its first line, and the text under each heading."""

    first: str
    parts: dict[str, str]


def about(task: Task) -> About:
    """A task's docstring, taken apart at its fixed headings."""
    first, _, rest = (inspect.getdoc(type(task)) or "").partition("\n")
    pieces = re.split(rf"^({'|'.join(HEADINGS)})(?::[ ]|:?$)", rest, flags=re.MULTILINE)
    return About(first, {name: _sentence(text) for name, text in zip(pieces[1::2], pieces[2::2], strict=True)})


def _sentence(text: str) -> str:
    flat = _plain(re.sub(r"\s+", " ", text))
    return flat[:1].upper() + flat[1:]


def _plain(text: str) -> str:
    """Text that stands in Markdown as it is."""
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", text.strip())


def task_page(task: Task, picture: str | None, seconds: float, proofs: Iterable[Row] = ()) -> str:
    """The page of a task in Markdown."""
    rows, limit = levels_rows(task)
    head = ["knob", *(f"level {level}" for level in LEVELS), "what it does"]
    table = [head, ["---", *["---:"] * len(LEVELS), "---"], *(map(_plain, row) for row in rows)]
    items = [imagine(make_key(task, level, "documentation", 0)) for level in EXAMPLES]
    return (
        _templates()
        .get_template("task.md.j2")
        .render(
            task=task,
            about=about(task),
            picture=picture,
            level=PICTURED,
            seconds=seconds,
            drawn_with=drawn_with(task),
            kinds=", ".join(f"`{kind}`" for kind in question_kinds(task)),
            table="\n".join("| " + " | ".join(row) + " |" for row in table),
            limit=limit,
            clips=[
                {
                    "level": item.key.level,
                    "seconds": item.layout.duration,
                    "questions": [_example(item, question) for question in item.questions],
                }
                for item in items
            ],
            proofs=[
                {
                    "gate": row.gate,
                    "figure": "" if row.figure is None else f"{row.figure:.4g}",
                    "threshold": row.threshold,
                    "mark": {True: "passed", False: "**failed**", None: "not tested"}[row.passed],
                    "detail": _plain(row.detail),
                }
                for row in proofs
            ],
        )
    )


def _example(item: Item, question: Question) -> dict[str, Any]:
    shared = {name: getattr(question, name) for name in PublicQuestion.model_fields if hasattr(question, name)}
    public = PublicQuestion(
        **shared,
        question_id="",
        clip_id=item.clip_id,
        task=item.key.task,
        category=item.task.category,
        level=item.key.level,
        canary="",
    )
    spans = ", ".join(f"{span.start:.1f}–{span.end:.1f} s" for span in question.evidence[:6])
    more = f" and {len(question.evidence) - 6} more" if len(question.evidence) > 6 else ""
    return {
        "kind": question.kind,
        "reasoning": question.reasoning,
        "form": question.format.type.replace("_", " "),
        "chance": "" if question.chance is None else f", chance {100 * question.chance:.0f} %",
        "text": question.text,
        "options": getattr(question.format, "options", ()),
        "answer": worded(public, question.answer),
        "evidence": f"{spans}{more}" or "none",
    }


def write_picture(task: Task, file: Path) -> float:
    """A clip of a task in fast motion, as an animated WebP; returns the clip's seconds."""
    with tempfile.TemporaryDirectory() as folder:
        item, video, _ = preview(task.name, PICTURED, Path(folder), root="documentation", canvas=Canvas(fps=8))
        frames = [
            image.resize((WIDTH, round(WIDTH * image.height / image.width))) for _, image in frames_of(video, FRAMES)
        ]
    file.parent.mkdir(parents=True, exist_ok=True)
    frames[0].save(file, save_all=True, append_images=frames[1:], duration=HELD, loop=0, quality=70, method=4)
    return item.layout.duration


def write_pages(
    folder: Path, tasks: Sequence[Task], *, pictures: bool = True, proofs: Mapping[str, Sequence[Row]] | None = None
) -> None:
    """Write all pages and ``mkdocs.yml``. A picture that is there for a task's version is kept."""
    pages = folder / "pages"
    for task in tasks:
        page = pages / "tasks" / task.category / f"{task.name}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        picture, seconds = page.with_name(f"{task.name}-{task.version}.webp"), 0.0
        if pictures and picture.exists():
            seconds = imagine(make_key(task, PICTURED, "documentation", 0)).layout.duration
        elif pictures:
            print(f"drawing {task.name}", file=sys.stderr, flush=True)
            seconds = write_picture(task, picture)
        found = (proofs or {}).get(task.name, ())
        page.write_text(task_page(task, picture.name if pictures else None, seconds, found), encoding="utf-8")
    (pages / "tasks/index.md").write_text(_task_list(tasks), encoding="utf-8")
    (pages / "tutorials").mkdir(exist_ok=True)
    for name in TUTORIALS:
        (pages / "tutorials" / f"{name}.md").write_text(tutorial(name), encoding="utf-8")
    for name, source in PAPERS.items():
        shutil.copyfile(ROOT / source, pages / name)
    for picture in (*Path(__file__).parent.glob("*.jpg"), *Path(__file__).parent.glob("badges/*.svg")):
        copy = pages / picture.relative_to(Path(__file__).parent)
        copy.parent.mkdir(exist_ok=True)
        shutil.copyfile(picture, copy)
    shutil.copyfile(Path(__file__).parent / "pages/morse.css", pages / "morse.css")
    (pages / "index.md").write_text(_front(), encoding="utf-8")
    settings = (Path(__file__).parent / "pages/mkdocs.yml").read_text(encoding="utf-8")
    (folder / "mkdocs.yml").write_text(settings + _navigation(tasks), encoding="utf-8")


def tutorial(name: str) -> str:
    """A tutorial, with the sections of the README that it takes over in their places."""
    text = (ROOT / "docs/tutorials" / f"{name}.md").read_text(encoding="utf-8")
    return re.sub(r"<!-- from the README: (.+?) -->", lambda found: readme_section(found[1]), text)


def readme_section(heading: str) -> str:
    """What stands under a heading of the README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(heading)}\n+(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    if found is None:
        raise ValueError(f"README has no section {heading!r}")
    return found[1].rstrip()


def _front() -> str:
    """The README, its links those of the site."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return text.replace("](docs/", "](").replace("](CONTRIBUTING.md)", "](contributing.md)")


def _task_list(tasks: Sequence[Task]) -> str:
    rows = ["# Tasks", ""]
    for category in CATEGORIES:
        own = [task for task in tasks if task.category == category]
        if own:
            rows += [f"## {category.replace('_', ' ')}", ""]
            rows += [f"- [{task.name}]({category}/{task.name}.md): {_plain(about(task).first)}" for task in own] + [""]
    return "\n".join(rows)


def _navigation(tasks: Sequence[Task]) -> str:
    lines = ["nav:", "  - Start: index.md", "  - Tutorials:"]
    lines += [f"      - {title}: tutorials/{name}.md" for name, title in TUTORIALS.items()]
    lines += ["  - Tasks:", "      - All: tasks/index.md"]
    for category in CATEGORIES:
        if own := [task.name for task in tasks if task.category == category]:
            lines.append(f"      - {category.replace('_', ' ')}:")
            lines += [f"          - {name}: tasks/{category}/{name}.md" for name in own]
    lines += ["  - Reference:", *(f"      - {name.removesuffix('.md').capitalize()}: {name}" for name in PAPERS)]
    return "\n".join(lines) + "\n"


def _templates() -> jinja2.Environment:
    return jinja2.Environment(  # noqa: S701 - Markdown
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "pages"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def read_proofs(file: Path) -> dict[str, list[Row]]:
    """The rows of ``morse audit --json``, one a gate, by task."""
    rows = [Row(**row) for row in json.loads(file.read_text(encoding="utf-8"))["rows"]]
    found: dict[str, list[Row]] = {}
    for row in summary(rows):
        found.setdefault(row.task, []).append(row)
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m docs.site", description="Write the documentation.")
    arguments.add_argument("--out", type=Path, default=OUT, help="default: build/docs")
    arguments.add_argument("--task", action="append", help="only this task's page; may be repeated")
    arguments.add_argument("--no-pictures", action="store_true", help="draw nothing")
    arguments.add_argument("--audit", type=Path, help="what `morse audit --json` wrote, to be shown on the pages")
    given = arguments.parse_args()
    everything = sorted(registry().tasks.values(), key=lambda task: (task.category, task.name))
    tasks = [task for task in everything if not given.task or task.name in given.task]
    proofs = read_proofs(given.audit) if given.audit else None
    write_pages(given.out, tasks, pictures=not given.no_pictures, proofs=proofs)
    if importlib.util.find_spec("mkdocs") is None:
        print(f"{given.out}/pages; for HTML: pip install -e '.[docs]', then again")
        return
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", given.out / "mkdocs.yml"], check=True
    )
    print(f"{given.out}/html/index.html")


if __name__ == "__main__":
    main()
