"""``morse generate``, ``worker``, ``merge`` and ``refresh``: from options to a recipe and a folder, and what is said at the end."""

import re
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from morse.errors import BadInput
from morse.generate import Engine
from morse.generate import generate as make
from morse.recipe import load_recipe, parse_levels, recipe_of
from morse.schema import Manifest, Recipe
from morse.seeding import digest
from morse.writing import is_finished

OUTPUTS = Path("outputs")
DEFAULT_LEVELS, DEFAULT_COUNT = "3", 10


def generate(
    *,
    seed: str | None,
    out: Path | str | None,
    workers: int | None,
    clip_limit: float,
    engine: Engine,
    ray_address: str | None,
    **options: Any,
) -> int:
    """Make what the options say. Returns the exit code: 1 if clips failed."""
    if ray_address is not None and engine != "ray":
        raise BadInput("--ray-address is for --engine ray")
    wanted = recipe_wanted(**options)
    folder = folder_of(wanted, out, seed)
    made = partial(make, wanted, seed=seed, workers=workers, limit=clip_limit, engine=engine, ray_address=ray_address)
    if isinstance(folder, Path):
        return said(folder, made(folder, say=click.echo))
    from morse.spool import make_in_store

    manifest = make_in_store(folder, lambda spool, writer, say: made(spool, writer=writer, say=say), click.echo)
    return said(folder, manifest)


def worker(
    *,
    rank: int,
    world_size: int,
    seed: str,
    out: Path | None,
    workers: int | None,
    clip_limit: float,
    **options: Any,
) -> int:
    """Make a rank's share of what the options say. Returns the exit code: 1 if clips failed."""
    from morse.engine.shard import work

    wanted = recipe_wanted(**options)
    share = work(
        wanted,
        folder_of(wanted, out, seed),
        seed=seed,
        rank=rank,
        world_size=world_size,
        workers=workers,
        limit=clip_limit,
        say=click.echo,
    )
    for clip_id, reason in list(share.failed.items())[:5]:
        click.echo(f"failed: clip {clip_id}: {reason}", err=True)
    return 1 if share.failed else 0


def merge(folder: Path, places: tuple[Path, ...]) -> int:
    """Put shares together; without ``places`` those beside the folder. Returns the exit code: 1 if clips failed."""
    from morse.engine.shard import merge as put_together

    beside = folder.with_name(f"{folder.name}.parts")
    return said(folder, put_together(folder, list(places) or sorted(beside.glob("*-of-*")), say=click.echo))


P = TypeVar("P", Path, Path | str)


def folder_of(wanted: Recipe, out: P | None, seed: str | None) -> P | Path:
    """Where a set goes: the place given, or a folder in ``outputs/`` named after recipe and seed."""
    return out or OUTPUTS / (wanted.name if seed is None else f"{wanted.name}-{digest('seed', seed)[:8]}")


def recipe_wanted(
    *,
    categories: tuple[str, ...],
    tasks: tuple[str, ...],
    difficulty: str | None,
    count: int | None,
    recipe: str | None,
    knobs: dict[str, Any],
    style: str | None,
    language: str | None,
    asks: tuple[str, ...],
    split: str | None,
    size: tuple[int, int] | None,
    fps: int | None,
    no_video: bool,
) -> Recipe:
    """The recipe that options give."""
    width, height = size or (None, None)
    settings = {"style": style, "language": language, "split": split, "width": width, "height": height, "fps": fps}
    settings = {name: value for name, value in settings.items() if value is not None}
    if asks:
        settings["asks"] = tuple(dict.fromkeys(asks))
    if no_video:
        settings["video"] = False
    if recipe is not None:
        given = {
            "--category": categories,
            "--task": tasks,
            "--difficulty": difficulty,
            "--count": count,
            "--set": knobs,
        }
        _refuse_beside_recipe(given | {f"--{name}": value for name, value in settings.items()})
        return load_recipe(recipe)
    levels, clips = parse_levels(difficulty or DEFAULT_LEVELS), count or DEFAULT_COUNT
    name = _name(categories, tasks, difficulty or DEFAULT_LEVELS, clips, settings, knobs)
    return recipe_of(name, categories, tasks, levels, clips, knobs=knobs, **settings)


def refresh(dataset: Path, out: Path | None, workers: int | None, limit: float) -> int:
    """Make a data set's recipe from a new secret seed. Returns the exit code."""
    from morse.dataset import open_dataset

    recipe = open_dataset(dataset).manifest.recipe
    folder = out or _next_free(dataset)
    return said(folder, make(recipe, folder, workers=workers, limit=limit, say=click.echo))


def said(folder: Path | str, manifest: Manifest) -> int:
    """Say what to do next with a set that was made. Returns the exit code: 1 if clips failed."""
    if not manifest.complete:
        click.echo(f"{len(manifest.failed)} clips failed; the same command again retries them", err=True)
        return 1
    click.echo(
        f'next: answer the prompts of {folder}/public/questions.jsonl in lines of {{"question_id": …, "response": …}}, '
        f"then: morse score {folder} RESPONSES.jsonl"
    )
    return 0


def _refuse_beside_recipe(options: dict[str, Any]) -> None:
    names = {"--video": "--no-video", "--width": "--size", "--height": "--size", "--asks": "--ask"}
    for name, value in options.items():
        if value not in (None, (), {}):
            raise BadInput(
                f"{names.get(name, name)} cannot be given with --recipe, which says it all; change a copy of it"
            )


def _name(
    categories: tuple[str, ...],
    tasks: tuple[str, ...],
    levels: str,
    count: int,
    settings: dict[str, Any],
    knobs: dict[str, Any],
) -> str:
    """A name from the options: ``physical-3-x20``, and a mark where more was set than names can tell."""
    words = [*dict.fromkeys(categories), *dict.fromkeys(tasks)] or ["set"]
    plain = re.sub(r"[^a-z0-9_.-]", "_", f"{'-'.join(words)[:60]}-{levels.replace(',', '.')}-x{count}".lower())
    mark = f"-{digest(settings, knobs)[:6]}" if settings or knobs else ""
    return (plain[:90] + mark).lstrip("-._")


def _next_free(dataset: Path) -> Path:
    """``set`` → ``set-fresh-1``, or the next number whose set is not finished (one that was begun is gone on with)."""
    base = dataset if dataset.name else dataset.absolute()
    stem, number = re.sub(r"-fresh-\d+$", "", base.name), 1
    while is_finished(folder := base.with_name(f"{stem}-fresh-{number}")):
        number += 1
    return folder
