"""The ``morse`` command. Thin: each command parses its arguments and calls the module that does the work."""

import gc
import os
import sys
from pathlib import Path
from typing import Any

import click

INTERRUPTED = 130
"""The exit code of what was stopped by Ctrl-C."""


class _Group(click.Group):
    """Prints a :class:`~morse.errors.MorseError` as one line and exits with its code."""

    def invoke(self, ctx: click.Context) -> Any:
        from harness.columns import printable
        from morse.errors import MorseError

        try:
            return super().invoke(ctx)
        except MorseError as error:
            if error.exit_code == INTERRUPTED:
                import signal

                signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends already: asked once more, it ends no other way
            click.echo(f"morse: {printable(str(error))}", err=True)  # it may tell what stands in a file from elsewhere
            sys.exit(error.exit_code)
        except click.UsageError as error:
            click.echo(f"morse: {' '.join(error.format_message().split())}", err=True)
            sys.exit(error.exit_code)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="morse-bench")
def main() -> None:
    """Make fresh video-reasoning test sets with exact ground truth, and score any model on them."""
    # else each start asks every installed package whether it has any
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.set_threshold(
        50_000
    )  # by default garbage is sought hundreds of times while modules load: a tenth of a command's start


def _knobs(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, Any]:
    import json

    knobs = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign:
            raise click.BadParameter(f"{text!r} is not of the form KNOB=VALUE")
        try:
            knobs[name] = json.loads(value)
        except ValueError:
            knobs[name] = value
    return knobs


set_option = click.option(
    "--set", "knobs", multiple=True, callback=_knobs, metavar="KNOB=VALUE", help="Set a knob by hand."
)


folder = click.Path(path_type=Path, file_okay=False)


class _Location(click.ParamType):
    """A folder of this machine (:class:`~pathlib.Path`), or the URL of a data set in a store (``str``)."""

    name = "directory|URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        from morse.store import location

        place = location(str(value))
        return folder.convert(place, param, ctx) if isinstance(place, Path) else place


workers_option = click.option(
    "--workers", type=click.IntRange(min=1), help="Processes to work in. [default: one a core]"
)
port_option = click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Where on this machine. [default: any that is free]"
)
browse_option = click.option("--browse", is_flag=True, help="Open it in the browser.")
limit_option = click.option(
    "--clip-limit", type=click.FloatRange(min=1), default=1800.0, show_default=True, help="Seconds a clip may take."
)


def _size(_: click.Context, __: click.Parameter, text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    width, sign, height = text.lower().partition("x")
    if not (sign and width.isdigit() and height.isdigit()):
        raise click.BadParameter(f"{text!r} is not of the form WIDTHxHEIGHT")
    return int(width), int(height)


def recipe_options(command: Any) -> Any:
    """What a set is made from, as options."""
    options = (
        click.option("--category", "categories", multiple=True, help='A category of tasks, or "all"; may be repeated.'),
        click.option("--task", "tasks", multiple=True, help="A task; may be repeated."),
        click.option("--difficulty", default=None, metavar="LEVELS", help="3, 1-5 or 1,3,6. [default: 3]"),
        click.option(
            "--count",
            type=click.IntRange(min=1),
            help="Clips for each category (dealt to its tasks in turn) and each --task, at each level. [default: 10]",
        ),
        click.option(
            "--recipe", metavar="FILE|NAME", help="Make what a recipe says: mini, standard, hard, or a TOML file."
        ),
        set_option,
        click.option("--style", help="varied, plain, or a family of looks. [default: varied]"),
        click.option("--language", help="Of the questions. [default: en]"),
        click.option(
            "--ask",
            "asks",
            multiple=True,
            type=click.Choice(["steps", "evidence"]),
            help="What prompts ask for before the answer: the steps as claims, or where the evidence is; may be repeated.",
        ),
        click.option(
            "--split",
            help="train, or what to test on after it: L1 (new clips), L2 (held-out looks), L3 (held-out tasks), novel_composition, "
            "more_steps; also held_out_looks, and train_all, which holds out looks alone. All have streams of their own. "
            "[default: test]",
        ),
        click.option(
            "--size", callback=_size, metavar="WIDTHxHEIGHT", help="Of the frames, in pixels. [default: 768x432]"
        ),
        click.option("--fps", type=click.IntRange(1, 120), help="Frames a second. [default: 24]"),
        click.option("--no-video", is_flag=True, help="Questions, answers and traces only; far faster."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@recipe_options
@click.option("--seed", help="Makes the same set again. [default: a fresh secret one of 256 bits]")
@click.option(
    "--out",
    type=_Location(),
    help="Where the set goes: a folder, or s3://bucket/set (the extra `s3`) and what else fsspec reaches. [default: outputs/ and a name from the options]",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="Where clips are made: in processes of this machine, or on a Ray cluster (the extra `ray`), with the same bytes.",
)
@click.option(
    "--ray-address",
    metavar="HOST:PORT|auto",
    help="The cluster's head. [default: RAY_ADDRESS, else one is started on this machine for the run]",
)
@workers_option
@limit_option
@click.pass_context
def generate(ctx: click.Context, clip_limit: float, **options: Any) -> None:
    """Make a data set: fresh clips with questions, and their answers kept apart.

    The same command again goes on where it stopped, whatever stopped it.
    """
    from morse.command import generate as make

    ctx.exit(make(clip_limit=clip_limit, **options))


@main.command()
@click.option("--rank", type=click.IntRange(min=0), required=True, help="Which share: 0 to world size − 1.")
@click.option("--world-size", type=click.IntRange(min=1), required=True, help="How many shares there are.")
@recipe_options
@click.option("--seed", required=True, help="The seed of the set, the same for all ranks.")
@click.option("--out", type=folder, help="Where the set will be; its shares go beside it. [default: as for generate]")
@workers_option
@limit_option
@click.pass_context
def worker(ctx: click.Context, **options: Any) -> None:
    """Make one share of a data set, as a job of an array under any scheduler; `morse merge` puts the shares together.

    The same command again goes on where it stopped.
    """
    from morse.command import worker as make

    ctx.exit(make(**options))


@main.command()
@click.argument("dataset", type=folder)
@click.argument("shares", nargs=-1, type=folder)
@click.pass_context
def merge(ctx: click.Context, dataset: Path, shares: tuple[Path, ...]) -> None:
    """Put the SHARES of `morse worker` together as DATASET, with the bytes of a set made in one place.

    Without SHARES those beside DATASET are taken. Shares of different sets, or made with other versions, are refused.
    """
    from morse.command import merge as put_together

    ctx.exit(put_together(dataset, shares))


@main.command()
@click.argument("videos", type=folder)
@click.option("--names", type=click.Path(path_type=Path), help="JSON with the named segments of some videos.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(["order", "first", "backwards", "missing_middle", "speed"]),
    help="What is asked; may be repeated. [default: all, in turn]",
)
@click.option("--difficulty", default="3", metavar="LEVELS", show_default=True, help="3, 1-5 or 1,3,6.")
@click.option("--count", type=click.IntRange(min=1), default=10, show_default=True, help="Clips at each level.")
@click.option("--seed", help="Makes the same set again from the same videos. [default: a fresh secret one]")
@click.option("--out", type=folder, default=Path("outputs/footage"), show_default=True, help="Where the set goes.")
@click.option("--size", callback=_size, default="768x432", metavar="WIDTHxHEIGHT", show_default=True)
@click.option("--fps", type=click.IntRange(1, 120), default=24, show_default=True, help="Frames a second.")
@workers_option
@limit_option
@click.pass_context
def footage(ctx: click.Context, videos: Path, difficulty: str, clip_limit: float, **options: Any) -> None:
    """Make a data set from your own VIDEOS, a folder: cut, shuffled, turned round or sped up, and asked about.

    What cannot be used (broken, tiny, without picture) is named and left out, and so are stretches that hardly move or that
    look alike. Every answer is told a second time by finding the shown pictures again in the footage.
    """
    from morse.footage.command import footage as make
    from morse.recipe import parse_levels

    ctx.exit(make(videos, levels=parse_levels(difficulty), limit=clip_limit, **options))


@main.command()
@click.argument("dataset", type=folder)
@click.option("--out", type=folder, help="Where the fresh set goes. [default: beside DATASET]")
@workers_option
@limit_option
@click.pass_context
def refresh(ctx: click.Context, dataset: Path, out: Path | None, workers: int | None, clip_limit: float) -> None:
    """Make DATASET's recipe anew from a new secret seed: a fresh test set."""
    from morse.command import refresh as make

    ctx.exit(make(dataset, out, workers, clip_limit))


@main.command()
@click.argument("dataset", type=_Location())
@click.option(
    "--sample",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.1,
    show_default=True,
    help="Share of the clips whose frames are drawn again.",
)
@click.option("--public", "public_only", is_flag=True, help="Check the public half alone, as anyone can who has it.")
@click.option("--no-frames", is_flag=True, help="Draw and decode nothing.")
@click.option(
    "--against",
    type=folder,
    metavar="OTHER",
    help="Instead: what DATASET shares with the set OTHER, and whether their splits keep them apart.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@workers_option
@limit_option
@click.pass_context
def verify(
    ctx: click.Context,
    dataset: Path | str,
    sample: float,
    public_only: bool,
    no_frames: bool,
    against: Path | None,
    as_json: bool,
    workers: int | None,
    clip_limit: float,
) -> None:
    """Check a data set: hash its files, make every record again, draw a sample of its frames again.

    With --against OTHER: whether a test set and a training set are disjoint, in what their splits say: clips, looks, tasks, lengths,
    combinations of knobs.
    """
    import json

    from harness.verify import print_report
    from harness.verify import verify as check
    from morse.store import at_hand

    if against is not None:
        from harness.overlap import command

        ctx.exit(command(at_hand(dataset), against, as_json))
    report = check(
        at_hand(dataset),
        sample=sample,
        public_only=public_only,
        frames=not no_frames,
        workers=workers or os.cpu_count() or 1,
        limit=clip_limit,
    )
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=1, ensure_ascii=False))
    else:
        print_report(report)
    ctx.exit(0 if report.passed else 1)


@main.command()
@click.argument("dataset", type=folder)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file. [default: DATASET.reveal.json]")
@click.option(
    "--check",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Instead: check DATASET's public half against what its maker revealed.",
)
@click.pass_context
def reveal(ctx: click.Context, dataset: Path, out: Path | None, check: Path | None) -> None:
    """Give out what opens DATASET's commitment: its seed and salt. The set is of no use as a secret test from then on.

    With --check FILE: whether they open the commitment of a published half, and make every row and question of it.
    """
    from harness.report import write_record
    from harness.reveal import FEW_BITS, opening, proof
    from morse.dataset import open_dataset
    from morse.progress import progress

    data = open_dataset(dataset)
    if check is None:
        found = opening(data)
        file = out or Path(f"{str(dataset).rstrip('/')}.reveal.json")
        write_record(found, file)
        click.echo(f"{file}: the seed of {dataset}; whoever has the public half: morse reveal {dataset} --check {file}")
        if len(found.plan.seed) < FEW_BITS:
            click.echo("its seed is short: others could have found it by trying, before this", err=True)
        return
    with progress("clips", data.manifest.clips) as advance:
        found = proof(data, check, advance=advance)
    for fault in found.faults[:20]:
        click.echo(fault, err=True)
    if not found.faults:
        click.echo(f"{dataset} came from this seed: {found.clips} clips, {found.questions} questions made again alike")
    ctx.exit(1 if found.faults else 0)


@main.command()
@click.argument("name", required=False)
@click.option(
    "--stats", is_flag=True, help="Of NAME: how many draws are thrown away and why, and what is asked how often."
)
@click.option("--difficulty", default="1,3,6,10", show_default=True, metavar="LEVELS", help="With --stats.")
@click.option("--items", type=click.IntRange(min=1), default=50, show_default=True, help="With --stats: clips a level.")
def tasks(name: str | None, stats: bool, difficulty: str, items: int) -> None:
    """List all tasks, or say what task NAME shows, asks, and sets at each level."""
    from morse.recipe import parse_levels
    from morse.task_stats import show_stats
    from morse.task_table import show_task, show_tasks

    if stats and name is None:
        raise click.UsageError("--stats needs the name of a task")
    if name is None:
        show_tasks()
    elif stats:
        show_stats(name, parse_levels(difficulty), items)
    else:
        show_task(name)


@main.command()
@click.argument("names", nargs=-1, metavar="[TASK]...")
@click.option("--all", "everything", is_flag=True, help="All tasks.")
@click.option("--difficulty", default="1,3,6,10", show_default=True, metavar="LEVELS", help="3, 1-5 or 1,3,6.")
@click.option("--items", type=click.IntRange(min=1), help="Clips at each level. [default: what fits, up to 2500]")
@click.option("--seed", help="Examines the same clips again. [default: fresh ones]")
@click.option("--json", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write every row there.")
@workers_option
@click.pass_context
def audit(ctx: click.Context, names: tuple[str, ...], everything: bool, difficulty: str, **options: Any) -> None:
    """Examine tasks: fresh clips, made without pictures, through every gate. Exit code 1 if one fails."""
    from harness.audit import command
    from morse.recipe import parse_levels

    ctx.exit(command(names, everything, parse_levels(difficulty), **options))


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "everything", is_flag=True, help="Of all tasks; writes one page of all contact sheets.")
@click.option("--category", help="Of all tasks of a category; writes such a page too.")
@click.option("--difficulty", default="3", show_default=True, metavar="LEVELS", help="3, or for a page 1-5 or 1,5,10.")
@click.option("--index", type=click.IntRange(min=0), default=0, show_default=True, help="Which clip of the seed.")
@click.option("--seed", default="preview", show_default=True)
@click.option("--style", default="varied", show_default=True, help="varied, plain, or a family.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("outputs/preview"), show_default=True)
@set_option
@workers_option
@click.pass_context
def preview(ctx: click.Context, names: tuple[str, ...], everything: bool, category: str | None, **options: Any) -> None:
    """One clip of task NAME and its contact sheet, to look at; of several tasks or levels a page."""
    from morse.preview import command

    ctx.exit(command(names, everything, category, **options))


@main.command()
@click.argument("dataset", type=folder)
@click.option("--out", type=folder, help="Also write what each says to this folder, one responses file each.")
def baselines(dataset: Path, out: Path | None) -> None:
    """Let the reference, guessers that see no clip, and simulated observers answer DATASET, and score them.

    Learners that see only the text, the clip's length or one frame are trained on some of its clips and tested on the others.
    Whatever knows nothing of the clips and is yet above chance shows a defect of the questions.
    """
    from harness.learners import learned
    from harness.stand_ins import lines, print_baselines, write_and_score
    from morse.dataset import open_dataset

    data = open_dataset(dataset)
    found = lines(write_and_score(data, out))
    print_baselines([*found, *((one.name, one.score, one.chance, one.about) for one in learned(data))])


@main.command()
@click.argument("dataset", type=folder)
@click.option(
    "--model",
    required=True,
    metavar="PROVIDER/NAME",
    help="As inspect_ai names it; openai-video/NAME for any server that takes videos; or oracle, chance, blind, observer.",
)
@click.option(
    "--view",
    default="video",
    show_default=True,
    help="video, frames:N, fps:R, grid:N, frame, transcript or blind; +half, +masked, +reversed, +shuffled:R, +noise; +captions, +question.",
)
@click.option("--base-url", metavar="URL", help="Of the model's server, e.g. http://localhost:8000/v1.")
@click.option(
    "-M", "model_args", multiple=True, callback=_knobs, metavar="NAME=VALUE", help="For the provider; may be repeated."
)
@click.option("--out", type=folder, help="Where the run goes. [default: outputs/runs/ and a name from the options]")
@click.option("--views", type=folder, help="Where files of views are kept. [default: ~/.cache/morse/views]")
@click.option("--limit", type=click.IntRange(min=1), help="Ask only so many questions, the first ones.")
@click.option("--max-connections", type=click.IntRange(min=1), help="Calls at once. [default: the provider's]")
@click.option("--max-retries", type=click.IntRange(min=0), default=5, show_default=True, help="Of a call that fails.")
@click.option(
    "--attempt-timeout", type=click.IntRange(min=1), default=600, show_default=True, help="Seconds a try may take."
)
@click.option("--max-tokens", type=click.IntRange(min=1), help="Of an answer. [default: the model's]")
@click.option("--temperature", type=click.FloatRange(min=0), help="[default: the model's]")
@click.option("--prices", nargs=2, type=click.FloatRange(min=0), metavar="IN OUT", help="Dollars for a million tokens.")
@click.option("--no-cache", is_flag=True, help="Ask everything anew, and keep no answers to go on from.")
@click.pass_context
def evaluate(ctx: click.Context, dataset: Path, model: str, view: str, no_cache: bool, **options: Any) -> None:
    """Ask a model the questions of DATASET, through inspect_ai, and score what it says.

    The same command goes on where it was stopped: no call that was answered is repeated, calls that failed are. Exit code 1 if some failed.
    """
    from harness.models.evaluate import command

    ctx.exit(command(dataset, model, view, keep=not no_cache, **options))


@main.command()
@click.argument("dataset", type=_Location())
@click.argument("responses", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "tool",
    type=click.Choice(["inspect", "lmms-eval", "vlmevalkit"]),
    help="RESPONSES is a log of inspect_ai, samples of lmms-eval, or predictions of VLMEvalKit.",
)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Also write the whole report to this file.")
@click.option(
    "--html", "html_file", type=click.Path(path_type=Path, dir_okay=False), help="Also write a page to look at."
)
@click.option("--curves", is_flag=True, help="Also fit how accuracy falls with the level (always with --html).")
@click.option(
    "--shown", metavar="frames:N|fps:R", help="Which frames the model was given, where the responses do not say."
)
@click.option(
    "--by",
    multiple=True,
    metavar="NAME,NAME…",
    help="Also a table by these together: task, kind, skill, …, size, duration, depth, frames, or any knob; may be repeated.",
)
def score(
    dataset: Path | str,
    responses: Path,
    tool: str | None,
    json_file: Path | None,
    html_file: Path | None,
    curves: bool,
    shown: str | None,
    by: tuple[str, ...],
) -> None:
    """Score a model's RESPONSES (JSONL or CSV with question_id and response) to DATASET.

    Rows may also have model, error, usage, and frames: the times in seconds of the frames that the model was given, from which
    follows whether it could see the evidence.
    """
    from harness.report import score_files, write_record
    from harness.score_table import print_report
    from morse.store import at_hand

    dataset = at_hand(dataset, whole=bool(by or html_file))
    report = score_files(dataset, responses, shown=shown, curves=curves or html_file is not None, by=by, tool=tool)
    if json_file is not None:
        write_record(report, json_file)
    if html_file is not None:
        from harness.page import write_page

        write_page(report, dataset, html_file)
    print_report(report)


@main.command()
@click.argument("dataset", type=folder)
@click.option(
    "--protocol",
    type=click.Choice(["circular", "mbin"]),
    required=True,
    help="circular: every rotation of the options; mbin: the right option beside each wrong one.",
)
@click.option("--out", "file", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file of rows.")
def prompts(dataset: Path, protocol: str, file: Path) -> None:
    """Write DATASET's questions with their options in other orders, a JSON row each, to ask a model.

    Responses that repeat a row's question_id and options are scored with the others by `morse score`, which then gives the figure.
    """
    import json

    from harness.reordered import prompts as rows
    from harness.report import write_text
    from morse.dataset import open_dataset

    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows(open_dataset(dataset), protocol)]
    write_text("".join(lines), file)
    click.echo(f"{len(lines)} prompts in {file}")


@main.command()
@click.argument("dataset", type=folder)
@click.argument("runs", nargs=-1, metavar="[[NAME=]RUN]...")
@click.option(
    "--out", type=folder, help="Write the page to this folder, to be opened from disk, instead of serving it."
)
@click.option("--public", is_flag=True, help="Show only what the public half has: no answers, no events, no boxes.")
@port_option
@browse_option
def view(dataset: Path, runs: tuple[str, ...], out: Path | None, public: bool, port: int, browse: bool) -> None:
    """Look at DATASET: its clips, what happens in them, questions with evidence, and what models said.

    A RUN is a report of `morse score --json`, responses, or a folder of `morse evaluate`. The page is served on this machine alone, and loads nothing
    from elsewhere.
    """
    from harness.gallery.command import view as show

    show(dataset, runs, out=out, public=public, port=port, browse=browse)


@main.command()
@click.argument("dataset", type=folder)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file of responses. [default: outputs/ and the names of the set and the person]",
)
@click.option("--name", default="person", show_default=True, help="Who answers.")
@click.option("--once", is_flag=True, help="Each clip runs once through for each question, with pauses but never back.")
@click.option(
    "--questions", type=click.IntRange(min=1), help="At most so many, from all categories and levels. [default: all]"
)
@port_option
@browse_option
def quiz(
    dataset: Path, out: Path | None, name: str, once: bool, questions: int | None, port: int, browse: bool
) -> None:
    """Answer DATASET's questions yourself, on a page of this machine, and be scored as a model is.

    Answers are written as responses, one at a time; the same command again goes on where it stopped.
    """
    from harness.gallery.command import quiz as ask

    ask(dataset, out=out, name=name, once=once, most=questions, port=port, browse=browse)


@main.command()
@click.argument("dataset", type=folder)
@click.option(
    "--to",
    "form",
    required=True,
    type=click.Choice(
        ["huggingface", "webdataset", "inspect", "lmms-eval", "vlmevalkit", "training", "image-to-video"]
    ),
    help="The form of the export.",
)
@click.option(
    "--out", type=folder, help="Where it goes; a folder that is not there yet. [default: in outputs/exports/]"
)
@click.option(
    "--answers/--no-answers",
    default=None,
    help="Whether the answers go with it. [default: for tools that score, not for what is published]",
)
@click.option("--views", type=folder, help="Where videos that are cut are kept. [default: ~/.cache/morse/views]")
def export(dataset: Path, form: str, out: Path | None, answers: bool | None, views: Path | None) -> None:
    """Write DATASET in the form of another tool.

    huggingface: parquet, card and Croissant, for the hub. webdataset: tar shards. inspect: samples for inspect_ai.
    lmms-eval: a task folder. vlmevalkit: a TSV and its launcher. training: conversations with and without
    steps, preference pairs with reasons, negated questions, hints, captions, rewards' targets. Tools that score need morse-bench installed beside them.
    image-to-video: first frames, and in words what is to happen; --answers keeps the true futures with them, for `morse score-video`.
    A question that is asked at a time gets a video that ends there.
    """
    from morse.export.command import command

    command(dataset, form, out, answers, views)


@main.command()
@click.argument("dataset", type=folder)
@click.option(
    "--decoder",
    "decoders",
    multiple=True,
    help="pyav, opencv, torchcodec, decord; may be repeated. [default: all that are installed]",
)
@click.option("--clips", type=click.IntRange(min=1), help="At most so many, of all tasks in turn. [default: all]")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write which frames are to be shown of each clip, and their hashes, as JSONL.",
)
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Also write what was found there."
)
@click.pass_context
def parity(
    ctx: click.Context,
    dataset: Path,
    decoders: tuple[str, ...],
    clips: int | None,
    out: Path | None,
    json_file: Path | None,
) -> None:
    """Whether decoders show the same frames of DATASET at 1 frame a second and at 8, 16 and 32 frames. Exit code 1 if one does not.

    R frames a second are those of number floor(i * fps / R), N frames those of number floor((i + 1/2) * frames / N). A decoder that converts colours its own
    way is told from one that shows a wrong frame, and by how many numbers it is off.
    """
    from harness.parity import command

    ctx.exit(command(dataset, decoders, clips, out, json_file))


@main.command("score-video")
@click.argument("export", type=folder)
@click.argument("videos", type=folder)
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Also write every clip's score there."
)
def score_video(export: Path, videos: Path, json_file: Path | None) -> None:
    """Score VIDEOS, a folder of what a video model made of EXPORT (`morse export --to image-to-video --answers`).

    Each thing is followed through the video and held to its true way: the truth has 1, doing nothing 0. What is missing or cannot be used is
    named and has 0. Videos may have any frame rate from 4 and any size of the same shape.
    """
    from harness.generated import command

    command(export, videos, json_file)


@main.command()
@click.argument("runs", nargs=-1, required=True, metavar="[NAME=]RUN [NAME=]RUN...")
@click.option("--dataset", type=folder, help="The data set that runs given as responses answer.")
@click.option("--measure", default="accuracy", show_default=True, help="accuracy, or value (overlap counts).")
@click.option(
    "--by", metavar="GROUPING", help='Also within groups: category, task, reasoning, format, "task, level", …'
)
@click.option(
    "--views", is_flag=True, help="Two runs of one model, on the video and on its transcript: what was lost in seeing."
)
@click.option("--confidence", type=click.FloatRange(0.5, 0.9999), default=0.95, show_default=True)
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Also write all of it to this file."
)
def compare(
    runs: tuple[str, ...],
    dataset: Path | None,
    measure: str,
    by: str | None,
    views: bool,
    confidence: float,
    json_file: Path | None,
) -> None:
    """Compare models: differences with intervals, question by question.

    A RUN is a report of `morse score --json`, or responses to --dataset. Runs of one NAME are epochs of one model. Runs on fresh
    sets of one recipe are compared as two samples.
    """
    from harness.comparison_table import print_comparison, print_views
    from harness.report import write_record
    from harness.runs import compare as compared
    from harness.runs import read_runs

    by = by or ("reasoning" if views else None)
    found = compared(read_runs(runs, dataset), measure=measure, by=by, confidence=confidence)
    if json_file is not None:
        write_record(found, json_file)
    (print_views if views else print_comparison)(found)


@main.command()
@click.option(
    "--detect", type=click.FloatRange(0, 100, min_open=True), metavar="POINTS", help="The difference to be found."
)
@click.option("--clips", type=click.IntRange(min=2), help="Instead: what this many clips find.")
@click.option("--questions-per-clip", type=click.FloatRange(min=1), default=4.0, show_default=True)
@click.option("--icc", type=click.FloatRange(0, 1), default=0.3, show_default=True, help="Correlation within a clip.")
@click.option(
    "--correlation",
    type=click.FloatRange(-1, 1, max_open=True),
    default=0.5,
    show_default=True,
    help="Between two models' scores.",
)
@click.option("--accuracy", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.5, show_default=True)
@click.option("--alpha", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.05, show_default=True)
@click.option("--power", type=click.FloatRange(0.5, 1, min_open=True, max_open=True), default=0.8, show_default=True)
@click.option(
    "--models", type=click.IntRange(2, 100), default=2, show_default=True, help="All pairs of so many are compared."
)
@click.option("--unpaired", is_flag=True, help="Each model answers a fresh set of its own.")
@click.option(
    "--pilot", nargs=2, metavar="RUN RUN", help="Take variance and correlations from two runs, as for compare."
)
@click.option("--dataset", type=folder, help="The data set that pilot runs given as responses answer.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def plan(
    detect: float | None,
    clips: int | None,
    pilot: tuple[str, str] | None,
    dataset: Path | None,
    as_json: bool,
    **assumptions: Any,
) -> None:
    """How many clips find a difference between two models, or what difference so many clips find."""
    from harness.runs import read_runs
    from harness.sample_size import assume, found_by, from_pilot, needed, print_plan

    if (detect is None) == (clips is None):
        raise click.UsageError("give one of --detect POINTS and --clips NUMBER")
    assumed = assume(**assumptions)
    if pilot is not None:
        runs = read_runs(pilot, dataset)
        if len(runs) < 2:
            raise click.UsageError("--pilot takes two runs of different names")
        assumed = from_pilot(runs[0], runs[1], assumed)
    size = needed(detect, assumed) if detect is not None else found_by(clips or 2, assumed)
    if as_json:
        click.echo(size.model_dump_json(indent=1))
    else:
        print_plan(size)


if __name__ == "__main__":
    main()
