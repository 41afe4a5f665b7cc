"""``morse view`` and ``morse quiz``: from their arguments to a page, served or written."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from harness.gallery.contents import ON_DISK, SERVED, Contents
from harness.gallery.folder import write_folder
from harness.gallery.runs import runs_of
from harness.gallery.server import Server
from morse.command import OUTPUTS
from morse.dataset import open_dataset
from morse.errors import BadInput


def view(dataset: Path, runs: Sequence[str], *, out: Path | None, public: bool, port: int, browse: bool) -> None:
    """Serve the page about a data set until Ctrl-C, or write it to a folder."""
    data = open_dataset(dataset)
    if public:
        data = replace(data, private=None)
    contents = Contents(data, runs_of(data, dataset, runs), ON_DISK if out is not None else SERVED)
    if out is not None:
        click.echo(f"open {write_folder(contents, out)}")
        return
    _ = contents.questions, contents.answers  # a broken set is told here, not on the page
    serve(Server(contents, port), browse)


def serve(server: Server, browse: bool) -> None:
    """Serve until Ctrl-C."""
    click.echo(f"{server.url}  (Ctrl-C ends it)")
    if browse:
        click.launch(server.url)
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo()


def quiz(dataset: Path, *, out: Path | None, name: str, once: bool, most: int | None, port: int, browse: bool) -> None:
    """Serve a quiz about a data set until Ctrl-C; then say what came out."""
    from harness.gallery.quiz import Quiz
    from harness.score_table import print_report

    if not re.fullmatch(r"[\w.-]{1,60}", name):
        raise BadInput(f"--name {name!r}: give letters, digits, dots and dashes")
    data = open_dataset(dataset)
    if not data.manifest.recipe.video:
        raise BadInput(f"{dataset}: was made without video; there is nothing to watch")
    given = Quiz(data, out or OUTPUTS / f"{dataset.resolve().name}-{name}.jsonl", name, once=once, most=most)
    serve(Server(given, port, given.actions), browse)
    click.echo(f"{len(given.rows)} of {len(given.asked)} questions answered: {given.path}")
    if report := given.report():
        print_report(report)
