"""Golden hashes of what tasks make: ``python -m tests.golden NAME…`` (or ``--all``) writes ``tests/golden/<category>/<task>.json``.

A hash covers the records (parameters, objects, events, states, questions), not the looks. Changing what a task makes means
raising its version: the command refuses to write another hash for the same version.
"""

import json
import sys
from pathlib import Path

from morse.pipeline import Item, film, imagine, make_key, style_of
from morse.seeding import digest
from morse.stage.frames import Canvas
from morse.task import Task, registry

FOLDER = Path(__file__).parent / "golden"
LEVELS, CLIPS = (1, 3, 6), 3
ROOT = "golden"
SMALL = Canvas(256, 144, 6)


def record_hash(item: Item) -> str:
    """Hash of a clip's records. Of unstable tasks only of what no processor's arithmetic can change."""
    layout = item.layout
    params = item.params.model_dump(mode="json")
    if item.task.unstable:
        return digest(params, [(thing.id, thing.kind, thing.colour) for thing in layout.objects])
    return digest(
        params,
        round(layout.duration, 3),
        [thing.model_dump(mode="json") for thing in layout.objects],
        [event.model_dump(mode="json") for event in layout.events],
        [state.model_dump(mode="json") for state in layout.states],
        [question.model_dump(mode="json") for question in item.questions],
    )


def hashes(task: Task) -> dict[str, str]:
    """Level → hash over its first clips."""
    made = {level: [imagine(make_key(task, level, ROOT, i)) for i in range(CLIPS)] for level in LEVELS}
    return {str(level): digest(*(record_hash(item) for item in items)) for level, items in made.items()}


def path_of(task: Task) -> Path:
    return FOLDER / task.category / f"{task.name}.json"


def write(task: Task) -> str:
    """Write a task's golden file; returns a line that says what was done."""
    path, now = path_of(task), {"version": task.version, "hashes": hashes(task)}
    if path.exists():
        before = json.loads(path.read_text())
        if before == now:
            return f"{task.name}: unchanged"
        if before["version"] >= task.version:
            raise SystemExit(
                f"{task.name}: makes other clips than before, but is still at version {task.version}: raise its version"
            )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(now, indent=1) + "\n")
    return f"{task.name}: wrote {path.relative_to(FOLDER.parent.parent)}"


def fresh(name: str, levels: list[int], folder: Path) -> dict[str, str]:
    """What another process makes of the same keys: record hashes in the reverse order, and the frames of the first clip."""
    task = registry().task(name)
    made = {}
    for level in reversed(levels):
        for index in reversed(range(2)):
            item = imagine(make_key(task, level, "contract", index))
            made[f"{level}/{index}"] = record_hash(item) if not task.unstable else digest(str(item.questions))
    first = imagine(make_key(task, levels[0], "contract", 0))
    made["frames"] = film(first, folder / f"fresh-{name}.mp4", SMALL, style_of(first.key))
    return made


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--fresh"]:
        _, name, levels, folder = arguments[:4]
        if "--toys" in arguments:
            from tests.conftest import toys_registered

            with toys_registered():
                print(json.dumps(fresh(name, json.loads(levels), Path(folder))))
        else:
            print(json.dumps(fresh(name, json.loads(levels), Path(folder))))
        return
    known = registry()
    for task in known.tasks.values() if arguments == ["--all"] else [known.task(name) for name in arguments]:
        print(write(task))


if __name__ == "__main__":
    main(sys.argv[1:])
