"""A set made in parts by processes that know nothing of each other, as the jobs of an array under any scheduler, and put together.

Rank r of w makes every w-th clip, in a folder of its own that looks like a set which is being made: killed, it goes on where it stopped.
The set that is put together has the same bytes as one made in one place, since each clip is a pure function of its key.
"""

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from pydantic import Field

from morse.dataset import WORK, read_json
from morse.errors import BadInput, WorkFailed
from morse.generate import finished_set, make_clips, reported, settled, stoppable, written_to
from morse.plan import ClipJob, Plan, jobs, make_plan
from morse.schema import Manifest, Recipe, Record
from morse.writing import DatasetWriter, check_same, existing_plan, is_finished, make_clip

SHARE = f"{WORK}/share.json"


class Share(Record):
    """What a rank has done: ``.work/share.json`` of its folder, written when its clips are all tried."""

    rank: int = Field(ge=0)
    world_size: int = Field(ge=1)
    failed: dict[str, str] = Field(default={})
    """Clip id → reason."""


def share_folder(folder: Path, rank: int, world_size: int) -> Path:
    """Where a rank of so many works, beside the folder of the set: ``set.parts/3-of-16``."""
    return folder.with_name(f"{folder.name}.parts") / f"{rank}-of-{world_size}"


def share_of(plan: Plan, rank: int, world_size: int) -> Iterator[ClipJob]:
    """The clips of a rank."""
    return islice(jobs(plan), rank, None, world_size)


def work(
    recipe: Recipe,
    folder: Path,
    *,
    seed: str,
    rank: int,
    world_size: int,
    workers: int | None = None,
    limit: float = 1800.0,
    say: Callable[[str], None] = print,
) -> Share:
    """Make one rank's share of the set that ``folder`` is to hold, or go on with it. ``seed`` must be the same for all ranks.

    Raises :class:`BadInput` before anything is written, and like :func:`morse.generate.generate` what stops the work.
    """
    if not 0 <= rank < world_size:
        raise BadInput(f"rank {rank} of {world_size}: ranks are 0 to {world_size - 1}")
    place = share_folder(folder, rank, world_size)
    there = existing_plan(place)
    plan = make_plan(recipe, seed)
    if there is not None:
        check_same(place, there, plan)
    mine = {job.clip_id for job in share_of(plan, rank, world_size)}
    with stoppable(), written_to(place), settled(workers) as pool, DatasetWriter(place, plan) as writer:
        todo = (job for job in writer.pending() if job.clip_id in mine)
        make_clips(writer, todo, len(mine), make_clip, pool, limit)
        share = Share(rank=rank, world_size=world_size, failed=dict(sorted(writer.failed.items())))
        part = place / WORK / "parts" / "share.json"
        part.write_text(share.model_dump_json() + "\n", encoding="utf-8")
        os.replace(part, place / SHARE)
        say(
            f"{place}: {writer.done} of {len(mine)} clips of rank {rank} are made; when all ranks are: morse merge {folder}"
        )
    return share


def merge(folder: Path, places: list[Path], *, say: Callable[[str], None] = print) -> Manifest:
    """Put the shares in ``places`` together in ``folder``; they stay as they are (files are linked where that can be).

    Raises :class:`BadInput` for shares of different sets (another recipe, seed, version or fingerprint), and
    :class:`WorkFailed` if some clips are not made yet: nothing of that is lost, and the same call goes on.
    """
    if is_finished(folder):
        return finished_set(folder, say)
    if not places:
        raise BadInput(f"{folder.name}.parts: no shares there; `morse worker` makes them")
    plans = {place: existing_plan(place) for place in places}
    if strays := [place for place, plan in plans.items() if plan is None or not (place / WORK).is_dir()]:
        raise BadInput(f"{strays[0]}: not a share of `morse worker`")
    plan = plans[places[0]]
    assert plan is not None
    for place in (*places[1:], folder):
        if (other := plans.get(place) or existing_plan(place)) is not None:
            check_same(place, other, plan)
    with stoppable(), written_to(folder), DatasetWriter(folder, plan) as writer:
        reasons: dict[str, str] = {}
        for place in places:
            _take(writer, place, plan)
            if (place / SHARE).is_file():
                reasons |= read_json(place / SHARE, Share).failed
        missing = [job.clip_id for job in writer.pending()]
        if unmade := [clip_id for clip_id in missing if clip_id not in reasons]:
            raise WorkFailed(_unmade(folder, unmade, plan, places))
        writer.failed |= {clip_id: reasons[clip_id] for clip_id in missing}
        manifest = writer.finish()
    reported(folder, manifest, f"put together from {len(places)} shares", say)
    return manifest


def _take(writer: DatasetWriter, place: Path, plan: Plan) -> None:
    """Link or copy the clips of a share that are not there yet."""
    there = writer.clip_ids
    with DatasetWriter(place, plan) as source:
        for line in source.lines():
            record = json.loads(line)
            if record["clip"]["clip_id"] in there:
                continue
            for inside in record["files"]:
                target = writer.folder / inside
                target.parent.mkdir(parents=True, exist_ok=True)
                target.unlink(missing_ok=True)  # half of a copy that was stopped
                try:
                    os.link(place / inside, target)
                except OSError:  # another file system
                    shutil.copy2(place / inside, target)
            writer.record(line)


def _unmade(folder: Path, unmade: list[str], plan: Plan, places: list[Path]) -> str:
    """Which ranks have still to work, as far as the shares' names tell."""
    sizes = Counter(int(size) for place in places if (size := place.name.rpartition("-of-")[2]).isdecimal())
    text = f"{folder}: {len(unmade)} clips are not made yet"
    if len(sizes) == 1:
        [world_size] = sizes
        missing = {*unmade}
        late = [
            rank for rank in range(world_size) if any(j.clip_id in missing for j in share_of(plan, rank, world_size))
        ]
        text += f", those of rank {', '.join(map(str, late[:8]))}{' …' if len(late) > 8 else ''} of {world_size}"
    return text + "; give their `morse worker` commands again, then this one"
