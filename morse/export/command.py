"""``morse export``: from options to a folder in another tool's form."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import click

from morse.dataset import open_dataset
from morse.errors import BadInput
from morse.export.entries import Entry, entries, fresh_folder, task_name
from morse.progress import progress
from morse.view.show import views_folder

EXPORTS = Path("outputs/exports")


@dataclass(frozen=True)
class Form:
    """A form of export."""

    module: str
    """Where it is. Its ``write(data, entries, folder, target=…)`` makes the folder, which is to become ``target``."""
    scores: bool
    """Whether the tool scores, so that the answers go with it unless told otherwise."""
    then: str
    """What to do next."""
    questions: bool = True
    """Whether it is made of the questions; else of the clips alone."""


FORMS = {
    "huggingface": Form("morse.export.huggingface", False, "hf upload YOU/NAME {folder} --repo-type dataset"),
    "webdataset": Form("morse.export.webdataset", False, "webdataset.WebDataset(sorted(glob.glob('{folder}/*.tar')))"),
    "inspect": Form("morse.export.inspect_ai", True, "inspect eval {folder}/task.py@{task} --model …"),
    "lmms-eval": Form(
        "morse.export.lmms_eval",
        True,
        "python -m lmms_eval --include_path {folder} --tasks {task} --log_samples --output_path OUT --model …",
    ),
    "vlmevalkit": Form("morse.export.vlmevalkit", True, "python {folder}/run.py --nframe 8 --model …"),
    "image-to-video": Form(
        "morse.export.image_to_video",
        False,
        "make a video of each line of {folder}/clips.jsonl, then: morse score-video {folder} VIDEOS (of an export with --answers)",
        questions=False,
    ),
    "training": Form("harness.training", True, "datasets.load_dataset('json', data_files='{folder}/sft.jsonl')"),
}


def command(dataset: Path, form: str, out: Path | None, answers: bool | None, views: Path | None) -> None:
    """Write the export, with the scorer beside it, and say what to do with it. Raises :class:`BadInput` for a set that cannot go into the form."""
    from harness.one_file import put_scorer

    known = FORMS[form]
    data = open_dataset(dataset)
    given = known.scores if answers is None else answers
    if form in ("lmms-eval", "vlmevalkit", "training") and not given:
        why = "is made of them" if form == "training" else "scores what models say, for which it needs them"
        raise BadInput(f"--no-answers: {form} {why}")
    folder = out or EXPORTS / f"{dataset.resolve().name}-{form}"
    write: Callable[..., None] = import_module(known.module).write
    with fresh_folder(folder) as part, progress("questions", data.manifest.questions) as advance:

        def counted(found: Iterator[Entry]) -> Iterator[Entry]:
            for entry in found:
                yield entry
                advance()

        write(data, counted(entries(data, views_folder(views), answers=given)), part, target=folder, answers=given)
        if known.questions:
            put_scorer(part)
    made = f"{data.manifest.questions} questions" if known.questions else "first frames and prompts"
    click.echo(f"{folder}: {made}, {'WITH their answers' if given else 'without answers'}")
    click.echo(f"next: {known.then.format(folder=folder, task=task_name(data))}")
