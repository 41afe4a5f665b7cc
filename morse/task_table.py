"""``morse tasks``: the table of all tasks, and what one task sets at each level."""

import inspect
import re

from rich.console import Console
from rich.table import Table

from morse.errors import BadInput
from morse.task import Task, registry
from morse.wording import environment

LEVELS = (1, 2, 3, 5, 10, 20)


def show_tasks(console: Console | None = None) -> None:
    """Print all tasks, by category, and the files that could not be read."""
    found = registry()
    table = Table("task", "category", "stage", "version", "what it is", "covers")
    for task in sorted(found.tasks.values(), key=lambda task: (task.category, task.name)):
        covers = ", ".join(task.covers)
        table.add_row(task.name, task.category, task.stage, str(task.version), _first_line(task), covers)
    console = console or Console()
    console.print(table)
    for module, error in found.errors.items():
        console.print(f"not loaded: {module}: {error}", style="red", markup=False, highlight=False)


def show_task(name: str, console: Console | None = None) -> None:
    """Print what a task shows and asks, and its knobs at some levels."""
    task = registry().task(name)
    console = console or Console()
    console.print(f"{task.name} ({task.category}, {task.stage}, version {task.version})\n", markup=False)
    console.print(inspect.getdoc(type(task)) or "", markup=False, highlight=False)
    console.print()
    console.print(levels_table(task))
    kinds = question_kinds(task)
    console.print(f"question kinds: {', '.join(kinds) or 'none'}", markup=False, highlight=False)


def levels_table(task: Task) -> Table:
    """The knobs of a task, one a row, at :data:`LEVELS`."""
    table = Table("knob", *(f"level {level}" for level in LEVELS), "what it does")
    rows, limit = levels_rows(task)
    for row in rows:
        table.add_row(*row)
    table.caption = limit
    return table


def levels_rows(task: Task) -> tuple[list[list[str]], str | None]:
    """A row for each knob of a task: its name, its value at each of :data:`LEVELS`, what it does. And why the task ends below
    the last of them, if it does."""
    values, limit = {}, None
    for level in LEVELS:
        try:
            values[level] = task.Params.at(level).model_dump()
        except BadInput as error:
            values[level] = {}
            limit = f"level {level}: {error}"
    rows = []
    for knob in task.Params.ramps():
        about = task.Params.model_fields[knob].description or ""
        rows.append([knob, *(f"{values[level].get(knob, '–')}" for level in LEVELS), about])
    return rows, limit


def question_kinds(task: Task, language: str = "en") -> list[str]:
    """The question kinds of a task: the blocks of its template."""
    template = environment().get_template(f"questions/{language}/{task.category}/{task.name}.j2")
    return [kind for kind in template.blocks if not kind.startswith("_")]


def _first_line(task: Task) -> str:
    lines = (inspect.getdoc(type(task)) or "").splitlines() or [""]
    return re.sub(r"\s+", " ", lines[0])
