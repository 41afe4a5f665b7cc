"""``morse reveal``: what opens a set's commitment, so that anyone can see that its published half came from one seed.

The manifest of a published set holds SHA-256(salt + seed). Once the set has served, its maker gives out seed and salt: whoever has
the public half checks that they open the commitment, and makes every question again from them. A seed of 256 bits cannot be found to
fit a commitment afterwards, so the set was not chosen among many to suit a model.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from morse.dataset import Dataset, read_json
from morse.errors import BadInput, WorkFailed
from morse.footage import TASK as FOOTAGE
from morse.pipeline import clip_row, imagine
from morse.plan import Plan, jobs
from morse.schema import Clip, Manifest, Record
from morse.seeding import commitment
from morse.task import registry
from morse.writing import Making, row_line, rows_of

FEW_BITS = 16
"""Characters under which a seed can be guessed by trying."""


class Opening(Record):
    """What is given out: the plan of the set, whose seed was secret, and the salt."""

    plan: Plan
    salt: str


def opening(data: Dataset) -> Opening:
    """What opens a set's commitment. Raises :class:`BadInput` without ``private/``, and where it is not the set's own."""
    found = Opening(plan=data.plan, salt=data.plan.salt)
    if faults := list(_unlike(found, data.manifest)):
        raise BadInput(f"{data.public.parent}: {faults[0]}")
    return found


@dataclass(frozen=True)
class Proof:
    """What was checked with an opening, and what does not agree."""

    clips: int
    questions: int
    faults: tuple[str, ...]


def proof(data: Dataset, file: Path, *, advance: Callable[[int], None] = lambda faults: None) -> Proof:
    """Check a published half against an opening: the commitment, the canary, and every clip's row and questions made again.

    Raises :class:`BadInput` for a file that is no opening, and :class:`WorkFailed` where a task is not of the set's version here.
    """
    given = read_json(file, Opening)
    faults = list(_unlike(given, data.manifest))
    if faults:  # another seed makes other clips: nothing of them need be made
        return Proof(0, 0, tuple(faults))
    plan = given.plan
    for task, version in plan.task_versions.items():
        here = registry().tasks[task].version if task in registry().tasks else None
        if task == FOOTAGE or here != version:
            state = "unknown here" if here is None else f"version {here} here"
            raise WorkFailed(
                f"task {task!r} is {state}, the set has version {version}: install morse-bench=={plan.morse_version}"
            )
    rows = {clip.clip_id: clip for clip in data.clips()}
    lines: dict[str, list[bytes]] = defaultdict(list)
    for question in data.questions():
        lines[question.clip_id].append(row_line(question.model_dump(mode="json")))
    making = Making.of(data.public.parent, plan)
    questions = 0
    for job in jobs(plan):
        name = job.clip_id
        if name in data.manifest.failed:
            continue
        if name not in rows:
            faults.append(f"clip {name}, which follows from the seed, is not there")
            continue
        item = imagine(job.key, job.knobs, making.language, making.asks)
        there = rows.pop(name)
        again = clip_row(item, making.canvas, there.video, there.video_sha256, there.frames_hash)
        faults += [f"clip {name}: {field} is not what the seed makes" for field in _different(there, again)]
        made = [row_line(public) for public, _ in rows_of(item.key, item.task.category, item.questions, making.canary)]
        questions += len(made)
        if made != lines.pop(name, []):
            faults.append(f"clip {name}: its questions are not those that the seed makes")
        advance(len(faults))
    faults += [f"clip {name} does not follow from the seed" for name in sorted({*rows, *lines})]
    return Proof(data.manifest.clips, questions, tuple(faults))


def _different(one: Clip, other: Clip) -> Iterator[str]:
    return (name for name in Clip.model_fields if getattr(one, name) != getattr(other, name))


def _unlike(given: Opening, manifest: Manifest) -> Iterator[str]:
    """What of a manifest does not follow from an opening."""
    if commitment(given.salt, given.plan.seed) != manifest.commitment:
        yield "seed and salt do not open the commitment in public/manifest.json"
    for name in ("recipe", "canary", "task_versions", "fingerprint", "morse_version"):
        if getattr(given.plan, name) != getattr(manifest, name):
            yield f"{name} in public/manifest.json is not that of the seed's plan"
