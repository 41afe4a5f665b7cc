"""``morse footage``: from a folder of videos to a data set of questions about them."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from morse import __version__
from morse.command import said
from morse.errors import BadInput
from morse.fingerprint import fingerprint
from morse.footage import TASK, VERSION
from morse.footage.films import make_footage_clip
from morse.footage.puzzles import KINDS, needed
from morse.footage.reels import Reel, find_reels
from morse.generate import finished_set, make_set, root_of, settled
from morse.plan import Plan
from morse.recipe import checked_recipe
from morse.schema import RecipePart
from morse.seeding import digest
from morse.writing import check_same, existing_plan, is_finished


def footage(
    folder: Path,
    *,
    out: Path,
    names: Path | None,
    levels: Sequence[int],
    count: int,
    kinds: Sequence[str],
    seed: str | None,
    size: tuple[int, int],
    fps: int,
    workers: int | None,
    limit: float,
) -> int:
    """Make a data set from a folder of videos, or go on with it. Returns the exit code: 1 if clips failed.

    ``count``: clips at each level, the kinds of question dealt in turn. Raises :class:`BadInput` if no video can be used.
    """
    reels, refused = find_reels(folder, names)
    for name, reason in refused.items():
        click.echo(f"left out: {name}: {reason}", err=True)
    if not reels:
        raise BadInput(f"{folder}: none of its {len(refused)} videos can be used")
    kinds = [kind for kind in KINDS if kind in kinds] or [*KINDS]
    longest = max(reel.seconds for reel in reels)
    for level in levels:
        for kind in kinds:
            if needed(kind, level) > longest:
                raise BadInput(
                    f"{kind!r} at level {level} needs a video of {needed(kind, level):.0f} s; the longest has {longest:.0f} s"
                )
    recipe = checked_recipe(
        TASK,
        [RecipePart(task=TASK, levels=tuple(levels), count=count, knobs={"kinds": kinds})],
        about="Questions about a user's own footage",
        width=size[0],
        height=size[1],
        fps=fps,
    )
    there = existing_plan(out)
    plan = Plan(
        morse_version=__version__,
        recipe=recipe,
        seed=root_of(seed, there),
        task_versions={TASK: VERSION},
        fingerprint=fingerprint(["compose"]) | {"footage": _fingerprint(reels)},
    )
    if there is not None:
        check_same(out, there, plan)
        if is_finished(out):
            finished_set(out, click.echo)
            return 0
    manifest = make_set(
        plan, out, partial(make_footage_clip, reels), None, settled(workers), limit=limit, say=click.echo
    )
    return said(out, manifest)


def _fingerprint(reels: Sequence[Reel]) -> str:
    """What the footage is: the hash of every file and of its names for segments."""
    return digest([[reel.sha256, [[one.start, one.end, one.name] for one in reel.segments]] for reel in reels])[:16]
