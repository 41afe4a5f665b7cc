"""What all tests share: the toy tasks, and the key of the rotation that says which task is tested in full this time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import jinja2
import pytest

from morse import pipeline
from morse.task import Task, registry
from morse.wording import environment
from tests.toy import TEMPLATE, VARIANTS, ToyStage


@contextmanager
def toys_registered() -> Iterator[None]:
    """The registry with the toys in it, their template, and their stage."""
    loader = environment().loader
    assert loader is not None
    toys = {name: cls() for name, cls in VARIANTS.items()}
    for name, toy in toys.items():
        type(toy).name = name
    words = {f"questions/en/abstract/{name}.j2": TEMPLATE for name in toys}
    words["questions/en/abstract/mute.j2"] = "\n".join(TEMPLATE.replace("In all, how many {{ colour }} lamps light up?\n", "").splitlines())
    opened = pipeline.open_stage

    def open_stage(kind: str, layout: object, canvas: object, style: object) -> object:
        named = type(layout).__name__ == "Layout" and getattr(layout, "details", {}).get("toy")
        return ToyStage(layout, canvas, style) if named else opened(kind, layout, canvas, style)  # type: ignore[arg-type]

    registry().tasks.update(toys)
    environment().loader = jinja2.ChoiceLoader([jinja2.DictLoader(words), loader])
    pipeline.open_stage = open_stage  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in toys:
            del registry().tasks[name]
        environment().loader = loader
        pipeline.open_stage = opened


@pytest.fixture
def toys() -> Iterator[Callable[[str], Task]]:
    """The toy tasks, registered for the length of a test; gives the task of a name."""
    with toys_registered():
        yield registry().task
