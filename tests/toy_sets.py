"""What the tests of data sets share: a task that costs next to nothing, the command line, and trees to compare."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jinja2

from morse.schema import Recipe, RecipePart
from morse.task import registry
from morse.wording import environment

OWN_TASKS = Path(__file__).parent / "own_tasks"
ENVIRONMENT = os.environ | {"MORSE_TASKS": str(OWN_TASKS), "PYTHONPATH": str(Path(__file__).parent.parent)}


@contextmanager
def own_task() -> Iterator[None]:
    """The task ``toy`` of ``tests/own_tasks`` in this process and in the workers that it starts."""
    before = os.environ.get("MORSE_TASKS")
    os.environ["MORSE_TASKS"] = str(OWN_TASKS)
    loader = environment().loader
    assert loader is not None
    toy = registry.__wrapped__().tasks["toy"]
    registry().tasks["toy"] = toy
    environment().loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(OWN_TASKS / "templates"), loader])
    try:
        yield
    finally:
        del registry().tasks["toy"]
        environment().loader = loader
        if before is None:
            del os.environ["MORSE_TASKS"]
        else:
            os.environ["MORSE_TASKS"] = before


def toy_recipe(count: int = 3, levels: tuple[int, ...] = (1, 2), video: bool = True) -> Recipe:
    part = RecipePart(task="toy", levels=levels, count=count)
    return Recipe(name="toys", parts=(part,), width=64, height=36, fps=8, video=video)


class InProcess:
    """Stands for the worker processes, which take longer to start than all that is checked here."""

    def __init__(self, count: int) -> None: ...

    def __enter__(self) -> "InProcess":
        return self

    def __exit__(self, *_: object) -> None: ...

    def run(
        self, function: Callable[[Any], Any], work: Iterable[Any], *, limit: float, tries: int = 2
    ) -> Iterator[tuple[Any, Any]]:
        return ((job, function(job)) for job in work)


def start(*arguments: str | Path, cwd: Path | None = None, **variables: str) -> subprocess.Popen[str]:
    """The ``morse`` command in a process of its own, which Ctrl-C stops even where the tests run in the background."""
    command = [sys.executable, "-c", "from morse.cli import main; main()", *map(str, arguments)]
    pipe = subprocess.PIPE
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)  # a process inherits it where it is ignored
    try:
        return subprocess.Popen(command, cwd=cwd, env=ENVIRONMENT | variables, stdout=pipe, stderr=pipe, text=True)
    finally:
        signal.signal(signal.SIGINT, before)


def morse(*arguments: str | Path, cwd: Path | None = None, **variables: str) -> tuple[int, str, str]:
    """Run the ``morse`` command: exit code, standard output, standard error."""
    process = start(*arguments, cwd=cwd, **variables)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def tree(folder: Path) -> dict[str, bytes | None]:
    """Every path under a folder with its bytes (``None`` for a folder)."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }
