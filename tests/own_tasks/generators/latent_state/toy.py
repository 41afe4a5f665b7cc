"""A task that costs next to nothing, to try the engine on: squares light up one after another.

``TOY_FAULT`` makes it misbehave: ``crash:3 hang:4`` ends the process while clip 3 is drawn and hangs at clip 4; so do
``kill``, ``segfault``, ``error``, ``eat`` (memory) and ``full`` (the disk); ``crash-once:3`` at the first try alone; ``slow:0.1``: seconds a clip.
"""

import errno
import os
import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import JsonValue

from morse import pipeline
from morse.difficulty import TaskParams, ramp
from morse.layout import Layout, Shown
from morse.schema import Event, Evidence, Question, Text, Thing
from morse.seeding import Rng
from morse.stage.frames import Canvas
from morse.style import Style
from morse.task import Task, register
from morse.timeline import Timeline

NAMES = ("a", "b", "c", "d")


class Params(TaskParams):
    flashes: int = ramp(2, per_level=1, limit=500, about="squares that light up")


@dataclass(frozen=True)
class Flashes:
    order: tuple[str, ...]
    index: int


@register(category="latent_state", version=1, stage="plot", covers=("nothing",))
class Toy(Task[Params, Flashes]):
    """Squares light up one after another.

    What is shown: four squares.
    What is asked: which was last, and which was first.
    Difficulty: more squares light up.
    Source: none.
    """

    def simulate(self, params: Params, rng: Rng) -> Flashes:
        last = rng.steady("last").choice(NAMES)
        order = [rng.choice(NAMES) for _ in range(params.flashes - 1)]
        return Flashes((*order, last), rng._key.index)

    def layout(self, episode: Flashes, rng: Rng) -> Layout:
        line = Timeline(0.6 * len(episode.order) + 0.6)
        for i, name in enumerate(NAMES):
            line.add(name, (4.0 * i - 6, 0), (2, 2))
        events = tuple(
            Event(id=f"e{i}", kind="light", objects=(name,), start=0.6 * i, end=0.6 * i + 0.6)
            for i, name in enumerate(episode.order)
        )
        things = tuple(Thing(id=name, kind="square") for name in NAMES)
        return Layout(line, things, events, details={"index": episode.index})

    def ask(self, episode: Flashes, layout: Layout, rng: Rng) -> Iterable[Question]:
        for kind, i in (("last", -1), ("first", 0)):
            event = layout.events[i]
            yield Question(
                kind=kind,
                format=Text(vocabulary=NAMES, noun="square"),
                answer=episode.order[i],
                domain=NAMES,
                reasoning="recall",
                evidence=(Evidence(start=event.start, end=event.end, objects=event.objects),),
            )

    def rederive(self, question: Question, shown: Shown) -> JsonValue:
        return shown.events[-1 if question.kind == "last" else 0].objects[0]

    def draw(self, episode: Flashes, layout: Layout, stage: Any, style: Style) -> None:
        misbehave(episode.index)
        stage.order = episode.order


class ToyStage:
    """Grey frames with one bright quarter."""

    pixel_format = "rgb24"

    def __init__(self, layout: Layout, canvas: Canvas, style: Style) -> None:
        self.canvas, self._layout = canvas, layout
        self.order: tuple[str, ...] = ()

    def frames(self) -> Iterator[tuple[np.ndarray, int]]:
        for time_ in self.canvas.times(self._layout.duration):
            yield self.frame_at(float(time_)), 1

    def frame_at(self, time: float) -> np.ndarray:
        pixels = np.full((self.canvas.height, self.canvas.width, 3), 60, np.uint8)
        lit = min(int(time / 0.6), len(self.order) - 1)
        quarter = self.canvas.width // 4
        at = NAMES.index(self.order[lit]) * quarter
        pixels[:, at : at + quarter] = 60 + 30 * (lit % 5)
        return pixels

    def hide(self, *names: str) -> None: ...

    def masks(self, time: float) -> dict[str, np.ndarray]:
        return {}

    def close(self) -> None: ...


def misbehave(index: int) -> None:
    for text in filter(None, os.environ.get("TOY_FAULT", "").split()):
        fault, _, which = text.partition(":")
        if fault == "slow":
            time.sleep(float(which))
        elif index == int(which):
            if fault.endswith("-once"):
                tried = Path(os.environ["TOY_MARKS"]) / str(index)
                if tried.exists():
                    continue
                tried.touch()
            _fail(fault.removesuffix("-once"))


def _fail(fault: str) -> None:
    match fault:
        case "crash":
            os.abort()
        case "segfault":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "kill":
            os.kill(os.getpid(), 9)
        case "hang":
            time.sleep(1000)
        case "error":
            raise RuntimeError("the toy is broken")
        case "eat":
            held = [bytearray(1 << 28) for _ in range(1 << 12)]  # a terabyte
            raise RuntimeError(f"{len(held)} pieces were given")
        case "full":
            raise OSError(errno.ENOSPC, "No space left on device")


def _open_stage(kind: str, layout: object, canvas: Canvas, style: object) -> Any:
    if isinstance(layout, Layout) and "index" in layout.details:
        return ToyStage(layout, canvas, style)  # type: ignore[arg-type]
    return _real_open_stage(kind, layout, canvas, style)


_real_open_stage = pipeline.open_stage
pipeline.open_stage = _open_stage
