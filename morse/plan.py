"""What a data set is to be: a recipe with its secret seed and the versions that make it, and the clips that follow from it."""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from morse import __version__
from morse.errors import BadInput
from morse.schema import Recipe, Record
from morse.seeding import Key, commitment, keyed_digest
from morse.splits import TRAINING, check


class Plan(Record):
    """``private/plan.json``: together with the code it makes the whole set again."""

    morse_version: str
    recipe: Recipe
    seed: str
    """The secret root seed."""
    task_versions: dict[str, int]
    fingerprint: dict[str, str]

    @property
    def salt(self) -> str:
        """Makes the commitment one to this use of the seed alone; given out together with it. It follows from the seed, so that a seed
        makes the same bytes each time; what keeps the seed secret are its own 256 bits."""
        return keyed_digest(self.seed, "salt")

    @property
    def commitment(self) -> str:
        return commitment(self.salt, self.seed)

    @property
    def canary(self) -> str:
        """The line that marks every public file, so that a training corpus that holds it can be told."""
        guid = uuid.UUID(keyed_digest(self.seed, "canary")[:32])
        use = "MORSE training data." if self.recipe.split in TRAINING else "MORSE benchmark data, not for training."
        return f"{use} canary GUID {guid}"


@dataclass(frozen=True)
class ClipJob:
    """A clip to be made: its key and the knobs set by hand."""

    key: Key
    knobs: Mapping[str, Any]

    @property
    def clip_id(self) -> str:
        return self.key.clip_id()


def make_plan(recipe: Recipe, seed: str) -> Plan:
    """The plan of a recipe on this machine. Raises :class:`BadInput` for anything that no clip could be made from."""
    from morse.fingerprint import fingerprint
    from morse.style import families_of
    from morse.task import registry
    from morse.wording import PROMPT_VERSION

    families_of(recipe.split, recipe.style)
    if recipe.prompt != PROMPT_VERSION:
        raise BadInput(
            f"recipe {recipe.name!r} wants prompt version {recipe.prompt}; this release has {PROMPT_VERSION}"
        )
    if abs(recipe.width / recipe.height - 16 / 9) > 0.02:
        raise BadInput(f"size {recipe.width}x{recipe.height}: scenes are 16:9, for instance 768x432 or 1280x720")
    found = registry()
    tasks = {part.task: found.task(part.task) for part in recipe.parts}
    for part in recipe.parts:
        for level in part.levels:
            try:
                params = tasks[part.task].Params.at(level, part.knobs)
            except BadInput as error:
                raise BadInput(f"task {part.task!r} at level {level}: {error}") from None
            check(tasks[part.task], level, params, recipe.split)
    return Plan(
        morse_version=__version__,
        recipe=recipe,
        seed=seed,
        task_versions={name: task.version for name, task in sorted(tasks.items())},
        fingerprint=fingerprint(
            (task.stage for task in tasks.values()), recipe.video, any(task.sound for task in tasks.values())
        ),
    )


def jobs(plan: Plan) -> Iterator[ClipJob]:
    """All clips of a plan. Clips of one task and level are numbered through all parts, so that none shares a key."""
    used: Counter[tuple[str, int]] = Counter()
    for part in plan.recipe.parts:
        for level in part.levels:
            for _ in range(part.count):
                index = used[part.task, level]
                used[part.task, level] += 1
                version = plan.task_versions[part.task]
                yield ClipJob(Key(part.task, version, level, plan.recipe.split, plan.seed, index), part.knobs)


def first_jobs(plan: Plan) -> Iterator[ClipJob]:
    """One clip of each part at its lowest level (and its highest, where knobs are set by hand), to try the recipe on."""
    used: Counter[tuple[str, int]] = Counter()
    for part in plan.recipe.parts:
        tried = {min(part.levels), max(part.levels)} if part.knobs else {min(part.levels)}
        for level in sorted(set(part.levels)):
            if level in tried:
                key = Key(
                    part.task,
                    plan.task_versions[part.task],
                    level,
                    plan.recipe.split,
                    plan.seed,
                    used[part.task, level],
                )
                yield ClipJob(key, part.knobs)
        for level in part.levels:
            used[part.task, level] += part.count
