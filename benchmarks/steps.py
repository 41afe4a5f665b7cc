"""Whether the answers of physical tasks stay as they are when the time step of the simulation is halved, and halved again.

`python -m benchmarks.steps TASK… --clips 500 --difficulty 3` makes clips as `morse generate --no-video` does, and derives the
answer to each question that they keep once more: by the task's second derivation, which simulates at half the step, and by the
same at a quarter of it.
"""

import contextlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from morse import physics
from morse.errors import Rejected
from morse.pipeline import Item, agree, imagine, make_key
from morse.task import registry

ROOT = "steps"


@click.command()
@click.argument("tasks", nargs=-1, required=True)
@click.option("--clips", default=500, show_default=True, type=click.IntRange(1), help="Clips of each task.")
@click.option("--difficulty", "level", default=3, show_default=True, type=click.IntRange(1), help="Their level.")
def main(tasks: tuple[str, ...], clips: int, level: int) -> None:
    """Derive the answers of TASKS again at half and at a quarter of the time step."""
    table = Table(
        "task", "clips", "questions", "dt and dt/2 agree", "dt and dt/4 agree", "left out as unstable", "differ at dt/4"
    )
    for name in tasks:
        task = registry().task(name)
        asked: Counter[str] = Counter()
        halved: Counter[str] = Counter()
        quartered: Counter[str] = Counter()
        dropped = 0
        for index in range(clips):
            item = imagine(make_key(task, level, ROOT, index))
            dropped += sum(count for reason, count in item.rejections.items() if reason.endswith(": unstable"))
            for question in item.questions:
                asked[question.kind] += 1
                halved[question.kind] += _again(item, question, 1)
                quartered[question.kind] += _again(item, question, 2)
        total = asked.total()
        moved = ", ".join(f"{kind} {asked[kind] - quartered[kind]}" for kind in asked if asked[kind] > quartered[kind])
        shares = [f"{count.total()} ({count.total() / total:.2%})" for count in (halved, quartered)]
        table.add_row(name, str(clips), str(total), *shares, str(dropped), moved or "–")
    Console(width=160).print(table)


def _again(item: Item, question: Any, finer: int) -> bool:
    """Whether the second derivation, its time step divided by ``finer``, gives the question's answer."""
    with _finer(finer):
        try:
            return agree(question, item.task.rederive(question, item.layout.shown(question.asked_at)))
        except (Rejected, LookupError, ValueError):  # what is found instead is not there, or nowhere to be seen
            return False


@contextlib.contextmanager
def _finer(factor: int) -> Iterator[None]:
    """Every run of a task with its time step divided."""
    plain = physics.simulate

    def simulate(*args: Any, step: float = physics.STEP, **more: Any) -> physics.Run:
        return plain(*args, step=step / factor, **more)

    users = [vars(module) for name, module in [*sys.modules.items()] if name.startswith("generators.")]
    users = [user for user in users if user.get("simulate") is plain]

    def put(function: Callable[..., physics.Run]) -> None:
        for user in users:
            user["simulate"] = function
            for kept in user.values():
                if hasattr(kept, "cache_clear"):  # runs that were kept are of another step
                    kept.cache_clear()

    put(simulate)
    try:
        yield
    finally:
        put(plain)


if __name__ == "__main__":
    main()
