"""What all tests share: the toy tasks, and the key of the rotation that says which task is tested in full this time."""

import ast
import datetime
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import jinja2
import pytest

from morse import pipeline
from morse.seeding import digest
from morse.task import Task, registry
from morse.wording import environment
from tests.toy import TEMPLATE, VARIANTS, ToyStage


@contextmanager
def toys_registered() -> Iterator[None]:
    """The registry with the toys in it, their template, and their stage."""
    loader = environment().loader
    assert loader is not None
    toys = {name: cls() for name, cls in VARIANTS.items()}
    for name, toy in toys.items():
        type(toy).name = name
    words = {f"questions/en/abstract/{name}.j2": TEMPLATE for name in toys}
    words["questions/en/abstract/terse.j2"] = TEMPLATE.replace("Which colours are shown at all?\n", "")
    opened = pipeline.open_stage

    def open_stage(kind: str, layout: object, canvas: object, style: object) -> object:
        named = type(layout).__name__ == "Layout" and getattr(layout, "details", {}).get("toy")
        return ToyStage(layout, canvas, style) if named else opened(kind, layout, canvas, style)  # type: ignore[arg-type]

    registry().tasks.update(toys)
    environment().loader = jinja2.ChoiceLoader([jinja2.DictLoader(words), loader])
    pipeline.open_stage = open_stage  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in toys:
            del registry().tasks[name]
        environment().loader = loader
        pipeline.open_stage = opened


@pytest.fixture
def toys() -> Iterator[Callable[[str], Task]]:
    """The toy tasks, registered for the length of a test; gives the task of a name."""
    with toys_registered():
        yield registry().task


ROOT = Path(__file__).parents[1]

# ── the rotation ────────────────────────────────────────────────────────────────────────────────────────────────────

ROTATION = os.environ.get("MORSE_ROTATION") or datetime.datetime.now(datetime.UTC).date().isoformat()
"""Which tasks are tested in full: one in six by this key, and those whose files changed."""


def pytest_report_header() -> str:
    return f"rotation of the contract tests: MORSE_ROTATION={ROTATION}"


def in_full(name: str) -> bool:
    """Whether a task is tested in full this time: its turn, changed since the last commit but one, or asked for by ``all``."""
    turn = int(digest(ROTATION, name)[:8], 16) % 6 == 0
    return turn or ROTATION == "all" or not files_of(registry().task(name)).isdisjoint(_changed())


def files_of(task: Task) -> frozenset[str]:
    """The files that a task is made of, from the root of the checkout: its own, its template, and what it imports of ``generators``."""
    found: set[str] = set()
    ahead = [type(task).__module__]
    while ahead:
        path = f"{ahead.pop().replace('.', '/')}.py"
        if path not in found and (ROOT / path).is_file():
            found.add(path)
            tree = ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
            imported = (node.module or "" for node in tree if isinstance(node, ast.ImportFrom))
            ahead += [module for module in imported if module.startswith("generators.")]
    return frozenset(found | {f"templates/questions/en/{task.category}/{task.name}.j2"})


@cache
def _changed() -> tuple[str, ...]:
    """Files of tasks and their templates that differ from the commit before the last one (none outside a checkout)."""
    command = ["git", "diff", "--name-only", "HEAD~1", "--", "generators", "templates"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return tuple(done.stdout.splitlines())
