"""Making a data set from a recipe: try the recipe, then make every clip, then write the tables."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Literal

from morse.dataset import open_dataset
from morse.engine.carried import Carried, carried, landed
from morse.engine.local import NO_ROOM, Failure, Workers
from morse.engine.ray import RayWorkers
from morse.errors import BadInput, MorseError, WorkFailed
from morse.pipeline import imagine
from morse.plan import ClipJob, Plan, first_jobs, make_plan
from morse.progress import progress, spoken
from morse.schema import Manifest, Recipe
from morse.seeding import fresh_root
from morse.writing import (
    DatasetWriter,
    Making,
    check_same,
    clear_work,
    existing_plan,
    is_disk_full,
    is_finished,
    make_clip,
)

Engine = Literal["local", "ray"]
Pool = Workers | RayWorkers
TRIAL_LIMIT = 120.0
"""Seconds that the first clip of a recipe's part may take to be thought out."""


class Interrupted(MorseError):
    """The user stopped the work; nothing is lost."""

    exit_code = 130


def generate(
    recipe: Recipe,
    folder: Path,
    *,
    seed: str | None = None,
    workers: int | None = None,
    limit: float = 1800.0,
    engine: Engine = "local",
    ray_address: str | None = None,
    writer: Callable[[Path, Plan], DatasetWriter] = DatasetWriter,
    say: Callable[[str], None] = print,
) -> Manifest:
    """Make a data set in ``folder``, or go on with the one begun there from the same recipe (and seed, if given).

    Without ``seed`` a secret one of 256 bits is drawn and kept in ``private/`` first. ``limit``: seconds that a clip may
    take. ``engine``: processes on this machine, or a Ray cluster (:class:`~morse.engine.ray.RayWorkers`).
    ``writer``: what writes the set, where it is to go elsewhere from ``folder`` (:mod:`morse.spool`). Raises :class:`BadInput` before anything is written, :class:`WorkFailed` if the disk is full and
    :class:`Interrupted` on Ctrl-C; after both the same call goes on where it stopped. Clips that cannot be made are
    named in the manifest, which then says that the set is not complete.
    """
    there = existing_plan(folder)
    if there is not None and is_finished(folder):
        return _finished(folder, there, recipe, seed, say)
    plan = make_plan(recipe, root_of(seed, there))
    if there is not None:
        check_same(folder, there, plan)
    trial = partial(_try, plan) if there is None else None
    if engine == "local":
        make, pool = make_clip, settled(workers)
    else:
        make, pool = partial(carried, make_clip), RayWorkers(plan, ray_address, workers)
    return make_set(plan, folder, make, trial, pool, writer=writer, limit=limit, say=say)


def root_of(seed: str | None, there: Plan | None) -> str:
    """The root seed of a set: the one given, that of the set that was begun, or a fresh one. Raises :class:`BadInput` for an empty one."""
    if seed == "":
        raise BadInput("the seed is empty")
    return seed or (there.seed if there else fresh_root())


def make_set(
    plan: Plan,
    folder: Path,
    make: Callable[[Making, ClipJob], str | Carried],
    trial: Callable[[Pool], None] | None,
    pool: AbstractContextManager[Pool],
    *,
    writer: Callable[[Path, Plan], DatasetWriter] = DatasetWriter,
    limit: float = 1800.0,
    say: Callable[[str], None] = print,
) -> Manifest:
    """Make the clips of a plan that are not in ``folder`` yet, then the tables; see :func:`generate`.

    ``make``, run in worker processes, makes a clip and returns its line for the journal, with the clip's files where ``pool``
    has its processes on other machines. ``trial`` is called first, and
    what it raises is raised before anything is written.
    """
    with stoppable(), ExitStack() as stack:
        try:
            workers = stack.enter_context(pool)
            if trial is not None:
                trial(workers)
        except KeyboardInterrupt:
            raise Interrupted("stopped before anything was written") from None
        return _make(plan, folder, make, workers, writer, limit, say)


def finished_set(folder: Path, say: Callable[[str], None]) -> Manifest:
    """The manifest of a set that is there already; says so."""
    clear_work(folder)
    manifest = open_dataset(folder).manifest
    say(f"{folder} is finished already: {manifest.clips} clips, {manifest.questions} questions")
    return manifest


def _finished(folder: Path, there: Plan, recipe: Recipe, seed: str | None, say: Callable[[str], None]) -> Manifest:
    check_same(folder, there, there.model_copy(update={"recipe": recipe, "seed": there.seed if seed is None else seed}))
    manifest = finished_set(folder, say)
    say(f"a fresh set of the same recipe: morse refresh {folder}")
    return manifest


def _try(plan: Plan, pool: Pool) -> None:
    """Think out one clip of each part, in worker processes, since what is wished for may be beyond this machine."""
    think = partial(_think, plan.recipe.language, plan.recipe.asks)
    for job, result in pool.run(think, first_jobs(plan), limit=TRIAL_LIMIT):
        if isinstance(result, Failure):
            if result.fatal:
                raise BadInput(result.reason)
            set_by_hand = " with " + " ".join(f"{name}={value}" for name, value in job.knobs.items())
            where = f"task {job.key.task!r} at level {job.key.level}{set_by_hand if job.knobs else ''}"
            raise BadInput(f"{where} makes no clip: {result.reason}")


def _think(language: str, asks: tuple[str, ...], job: ClipJob) -> None:
    imagine(job.key, job.knobs, language, asks)


def _make(
    plan: Plan,
    folder: Path,
    make: Callable[[Making, ClipJob], str | Carried],
    pool: Pool,
    opened: Callable[[Path, Plan], DatasetWriter],
    limit: float,
    say: Callable[[str], None],
) -> Manifest:
    begun = time.monotonic()
    with written_to(folder), opened(folder, plan) as writer:
        total = sum(part.count * len(part.levels) for part in plan.recipe.parts)
        if writer.done:
            say(f"going on with {folder}: {writer.done} of {total} clips are there")
        make_clips(writer, writer.pending(), total, make, pool, limit)
        manifest = writer.finish()
    reported(folder, manifest, f"made in {spoken(time.monotonic() - begun)}", say)
    return manifest


def make_clips(
    writer: DatasetWriter,
    todo: Iterable[ClipJob],
    total: int,
    make: Callable[[Making, ClipJob], str | Carried],
    pool: Pool,
    limit: float,
) -> None:
    """Make clips and note them; those that cannot be made stand in ``writer.failed``.

    Raises :class:`Interrupted` on Ctrl-C, :class:`WorkFailed` if the disk is full and :class:`BadInput` for a worker of another version.
    """
    try:
        with progress("clips", total, writer.done) as advance:
            for job, result in pool.run(partial(make, writer.making), todo, limit=limit):
                if not isinstance(result, Failure):
                    writer.record(landed(result, writer.folder) if isinstance(result, Carried) else result)
                elif result.reason == NO_ROOM:
                    raise _disk_full(writer.folder, f" with {writer.done} of {total} clips made")
                elif result.fatal:
                    raise BadInput(result.reason)
                else:
                    writer.failed[job.clip_id] = f"{job.key.task} level {job.key.level}: {result.reason}"[:300]
                advance(len(writer.failed))
    except KeyboardInterrupt:
        text = f"stopped with {writer.done} of {total} clips made; the same command again goes on from there"
        raise Interrupted(text) from None


def reported(folder: Path, manifest: Manifest, how: str, say: Callable[[str], None]) -> None:
    """Say what was made, and what could not be."""
    say(f"{folder}: {manifest.clips} clips, {manifest.questions} questions, {how}")
    for clip_id, reason in list(manifest.failed.items())[:5]:
        say(f"failed: clip {clip_id}: {reason}")


def _disk_full(folder: Path, when: str = "") -> WorkFailed:
    return WorkFailed(
        f"{folder}: the disk is full{when}; make room and give the same command again, which goes on from there"
    )


@contextmanager
def written_to(folder: Path) -> Iterator[None]:
    """What goes wrong while writing to a folder becomes one line."""
    try:
        yield
    except OSError as error:
        if is_disk_full(error):
            raise _disk_full(folder) from None
        raise WorkFailed(f"{error.filename or folder}: {error.strerror or error}") from None


@contextmanager
def settled(workers: int | None) -> Iterator[Workers]:
    """So many worker processes, by default one a core."""
    with Workers(workers or os.cpu_count() or 1) as pool:
        yield pool


@contextmanager
def stoppable() -> Iterator[None]:
    """Being asked to end (SIGTERM, as schedulers do) stops the work like Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
