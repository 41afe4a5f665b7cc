"""Writes the documentation: ``python -m docs.site``, into ``build/docs`` (``pages/``, and ``html/`` where mkdocs is installed).

A page a task is made from its docstring, its ramps, and clips of its own; the tutorials and papers stand in the checkout.
mkdocs comes with the extra ``docs``: ``pip install -e '.[docs]'``.
"""

import argparse
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from docs.pictures import Wanted, draw_all
from docs.proofs import Proof, read_proofs
from docs.readme import MARKS
from docs.task_pages import Card, list_page, of_category, task_page
from morse.errors import MorseError
from morse.task import Task, registry

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent
OUT = ROOT / "build/docs"
AUDITS = ROOT / "outputs/audits"
"""Where examinations are looked for when none are named."""
PAPERS = {
    "coverage.md": ("Coverage", "docs/coverage.md"),
    "comparison.md": ("Where the comparison comes from", "docs/comparison.md"),
    "scale.md": ("Scale", "docs/scale.md"),
    "architecture.md": ("Architecture", "ARCHITECTURE.md"),
    "contributing.md": ("Contributing", "CONTRIBUTING.md"),
    "changelog.md": ("Changelog", "CHANGELOG.md"),
}
TUTORIALS = {
    "fresh_test_set": "Make a fresh test set",
    "score_a_model": "Score a model",
    "add_a_task": "Add a task",
    "train_with_rewards": "Train with rewards",
    "publish_sealed": "Publish a sealed test set",
}


def write_pages(
    folder: Path,
    tasks: Sequence[Task],
    *,
    pictures: bool = True,
    proofs: Mapping[str, Proof] | None = None,
    workers: int = 1,
) -> None:
    """Write all pages and ``mkdocs.yml``. A picture that is there for a task's version is kept."""
    pages = folder / "pages"
    cards = [Card(task, f"{task.name}-{task.version}.webp" if pictures else None) for task in tasks]
    wanted = [Wanted(c.task.name, pages / "tasks" / c.task.category / c.picture) for c in cards if c.picture]
    draw_all([one for one in wanted if not one.file.exists()], workers)
    for card in cards:
        page = task_page(card.task, card.picture, (proofs or {}).get(card.task.name))
        _write(pages / "tasks" / card.task.category / f"{card.task.name}.md", page)
    by_category = of_category(cards)
    for category, own in by_category.items():
        _write(pages / "tasks" / category / "index.md", list_page(_title(category), [("", "", own)]))
    parts = [
        (f"[{_title(category)}]({category}/index.md)", f"{category}/", own) for category, own in by_category.items()
    ]
    _write(pages / "tasks/index.md", list_page("Tasks", parts))
    for name in TUTORIALS:
        _write(pages / "tutorials" / f"{name}.md", tutorial(name))
    for name, (_, source) in PAPERS.items():
        shutil.copyfile(ROOT / source, pages / name)
    for picture in (*HERE.glob("*.jpg"), *HERE.glob("badges/*.svg")):
        copy = pages / picture.relative_to(HERE)
        copy.parent.mkdir(exist_ok=True)
        shutil.copyfile(picture, copy)
    shutil.copyfile(HERE / "pages/morse.css", pages / "morse.css")
    _write(pages / "index.md", _front(by_category))
    settings = (HERE / "pages/mkdocs.yml").read_text(encoding="utf-8")
    _write(folder / "mkdocs.yml", settings + _navigation(by_category))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _title(category: str) -> str:
    return category.replace("_", " ").capitalize()


def tutorial(name: str) -> str:
    """A tutorial, with the sections of the README that it takes over in their places."""
    text = (HERE / "tutorials" / f"{name}.md").read_text(encoding="utf-8")
    return re.sub(r"<!-- from the README: (.+?) -->", lambda found: readme_section(found[1]), text)


def readme_section(heading: str) -> str:
    """What stands under a heading of the README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(heading)}\n+(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    if found is None:
        raise ValueError(f"README has no section {heading!r}")
    return found[1].rstrip()


def _front(cards: Mapping[str, Sequence[Card]]) -> str:
    """The README, its links those of the site; its long table of tasks is told by the pages of the categories."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    begin, end = map(re.escape, MARKS)
    rows = [
        f"| [{_title(category)}](tasks/{category}/index.md) | {', '.join(f'[{c.task.name}](tasks/{category}/{c.task.name}.md)' for c in own)} |"
        for category, own in cards.items()
    ]
    table = "\n".join(["| category | tasks |", "|---|---|", *rows])
    text = re.sub(rf"{begin}.*?{end}", lambda _: table, text, flags=re.DOTALL)
    text = text.replace("](docs/", "](").replace("](CONTRIBUTING.md)", "](contributing.md)")
    return f"---\nhide: [navigation]\n---\n{text}"


def _navigation(cards: Mapping[str, Sequence[Card]]) -> str:
    lines = ["nav:", "  - Start: index.md", "  - Tutorials:"]
    lines += [f"      - {title}: tutorials/{name}.md" for name, title in TUTORIALS.items()]
    lines += ["  - Tasks:", "      - tasks/index.md"]
    for category, own in cards.items():
        lines += [f"      - {_title(category)}:", f"          - tasks/{category}/index.md"]
        lines += [f"          - {card.task.name}: tasks/{category}/{card.task.name}.md" for card in own]
    lines += ["  - Reference:", *(f"      - {title}: {name}" for name, (title, _) in PAPERS.items())]
    return "\n".join(lines) + "\n"


def build(folder: Path) -> Path:
    """Have mkdocs make HTML of the pages in ``folder``; any warning of its is an error. Returns the first page."""
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--config-file", folder / "mkdocs.yml"]
    subprocess.run(command, check=True, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"})
    return folder / "html/index.html"


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m docs.site", description="Write the documentation.")
    arguments.add_argument("--out", type=Path, default=OUT, help="default: build/docs")
    arguments.add_argument("--task", action="append", help="only this task's page; may be repeated")
    arguments.add_argument("--no-pictures", action="store_true", help="draw nothing")
    arguments.add_argument(
        "--audit",
        type=Path,
        help="what `morse audit --json` wrote, or a folder of such files, to be shown on the pages (default: outputs/audits, if it is there)",
    )
    arguments.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="processes that draw (default: a core each)"
    )
    given = arguments.parse_args()
    try:
        everything = sorted(registry().tasks.values(), key=lambda task: (task.category, task.name))
        tasks = [registry().task(name) for name in given.task] if given.task else everything
        audits = given.audit or (AUDITS if AUDITS.is_dir() else None)
        proofs = read_proofs(audits) if audits else None
        write_pages(given.out, tasks, pictures=not given.no_pictures, proofs=proofs, workers=given.workers)
    except MorseError as error:
        print(f"docs.site: {error}", file=sys.stderr)
        return error.exit_code
    if importlib.util.find_spec("mkdocs") is None:
        print(f"{given.out}/pages; for HTML: pip install -e '.[docs]', then again")
        return 0
    print(build(given.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
