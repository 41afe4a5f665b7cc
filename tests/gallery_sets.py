"""A small data set with videos, and what models said to it, for the tests of the gallery and the quiz."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from harness.gallery.server import Actions, Files, Server
from morse.dataset import open_dataset
from morse.generate import generate
from tests.toy_sets import InProcess, own_task, toy_recipe

HOSTILE = (
    "</script><script>window.pwned = 1</script><img src=x onerror='window.pwned = 2'>\"'`${window.pwned = 3}\u2028"
    "<svg onload='window.pwned = 4'> {{ 7 * 7 }} \u202e ]]> -->"
)


def make_toys(folder: Path, count: int = 2, video: bool = True) -> Path:
    """``count`` clips at each of two levels; each has the questions ``last`` and ``first``."""
    with own_task(), patch("morse.generate.Workers", InProcess):
        generate(toy_recipe(count, video=video), folder, seed="7b" * 32, workers=1, say=lambda _: None)
    return folder


def write_run(dataset: Path, file: Path, right: str) -> Path:
    """Responses from marks, one a question in the set's order: 1 right, 0 wrong, ? unreadable, - none."""
    rows = []
    for answer, mark in zip(open_dataset(dataset).answers(), right, strict=True):
        other = "b" if answer.answer == "a" else "a"
        text = {"1": f"I saw it. Answer: {answer.answer}", "0": f"Answer: {other}", "?": "It is hard to say."}.get(mark)
        if text is not None:
            rows.append({"question_id": answer.question_id, "response": text})
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


@contextmanager
def served(files: Files, actions: Actions | None = None) -> Iterator[Server]:
    """A server in a thread, which ends with the block."""
    with Server(files, 0, actions) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
