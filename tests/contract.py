"""What every task promises: each function looks for breaches and returns them as lines (none: the promise is kept)."""

import colorsys
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import av
import numpy as np

from harness.clip_checks import sound_faults
from harness.gates.evidence import RATE, within
from morse.difficulty import Ramp
from morse.pipeline import Item, clip_row, film, imagine, make_key, staged, style_of
from morse.stage.frames import Canvas
from morse.style import COLOURS
from morse.task import Task
from tests import golden
from tests.golden import SMALL

LEVELS = (1, 3, 6, 10)
FULL = Canvas()
STILL = Canvas(SMALL.width, SMALL.height, RATE)
SIMULATION_LIMIT = 15.0
LEAST_PIXELS, LEAST_VISIBLE = 12, 0.8
HUE_OFF, LIGHTNESS_OFF = 24.0, 0.22
"""How far a pixel's hue (degrees) and lightness may lie from the named colour's: styles vary by 5°, lights and shades add."""


def item_of(task: Task, level: int, index: int = 0) -> Item:
    return imagine(make_key(task, level, "contract", index))


def same_elsewhere(task: Task, folder: Path, levels: Iterable[int] = (1, 6), toys: bool = False) -> Iterator[str]:
    """Records and frames equal in a fresh process with another hash seed, made there in the reverse order."""
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    here = golden.fresh(task.name, list(levels), folder)
    command = [sys.executable, "-m", "tests.golden", "--fresh", task.name, json.dumps(list(levels)), str(folder)]
    done = subprocess.run(
        [*command, *(["--toys"] if toys else [])],
        env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        yield f"the fresh process failed: {done.stderr.strip().splitlines()[-1]}"
        return
    there = json.loads(done.stdout.splitlines()[-1])
    yield from (f"{what} differs in a fresh process" for what in here if here[what] != there[what])


def golden_kept(task: Task) -> Iterator[str]:
    """The golden file is there, of this version, and holds what the task makes."""
    path = golden.path_of(task)
    if not path.exists():
        yield f"no golden hash: python -m tests.golden {task.name}"
        return
    kept = json.loads(path.read_text())
    if kept["version"] != task.version:
        yield f"the golden hash is of version {kept['version']}: python -m tests.golden {task.name}"
        return
    made = golden.hashes(task)
    for level, expected in kept["hashes"].items():
        if made[level] != expected:
            yield f"level {level} makes other clips than version {task.version} did: raise the version"


def levels_generate(task: Task, limit: float = SIMULATION_LIMIT) -> Iterator[str]:
    """All levels make clips, the highest within the limit of processor time."""
    for level in LEVELS:
        started = time.process_time()
        item_of(task, level)
        spent = time.process_time() - started
        if spent > limit:
            yield f"level {level} takes {spent:.1f} s of processor time, over {limit:g} s"


def levels_grow(task: Task) -> Iterator[str]:
    """A higher level is larger in a ramped knob (further along its ramp) or longer."""
    ramps: dict[str, Ramp] = task.Params.ramps()
    if not ramps:
        yield "no knob has a ramp"
    for low, high in pairwise(LEVELS):
        before, after = task.Params.at(low).model_dump(), task.Params.at(high).model_dump()
        grown = [name for name, growth in ramps.items() if (after[name] - before[name]) * growth.per_level > 0]
        if not grown:
            longer = [item_of(task, high, i).layout.duration - item_of(task, low, i).layout.duration for i in range(4)]
            if sum(longer) <= 0:
                yield f"level {high} is neither longer than level {low} nor larger in a ramped knob"


def evidence_drawn(item: Item, canvas: Canvas = STILL, most: int = 6) -> Iterator[str]:
    """Evidence lies in the clip, and where the layout sees its objects best, the renderer's masks show them there."""
    layout = item.layout
    stage = staged(item, canvas, style_of(item.key))
    frames = np.arange(max(1, round(layout.duration * RATE)))
    try:
        named = [(e, name) for q in item.questions for e in q.evidence for name in e.objects]
        for evidence, name in named[:: max(1, len(named) // most)][:most]:
            if not 0 <= evidence.start <= evidence.end <= layout.duration + 1e-6:
                yield f"evidence {evidence.start}–{evidence.end} s of {layout.duration} s"
                continue
            times = frames[within(frames, evidence)] / RATE
            tracks = layout.scene.tracks(times)
            if name not in tracks.names:
                yield f"{name!r} has no track"
                continue
            boxes, visible = tracks.of(name)
            best = int(visible.argmax())
            if visible[best] < 0.5:
                yield f"{name!r} is at most {visible[best]:.2f} visible in {evidence.start}–{evidence.end} s"
                continue
            mask = stage.masks(float(times[best])).get(name)
            if mask is None or not mask.any():
                yield f"{name!r} at {times[best]:.2f} s is visible by the layout but not in the masks"
                continue
            left, top, right, bottom = _pixels(boxes[best], canvas)
            y, x = np.nonzero(mask)
            inside = (x >= left - 3) & (x < right + 3) & (y >= top - 3) & (y < bottom + 3)
            if inside.mean() < 0.8:
                yield f"{name!r} at {times[best]:.2f} s: {1 - inside.mean():.0%} of its mask lies outside its box"
    finally:
        stage.close()


def decodes_as_recorded(item: Item, folder: Path, canvas: Canvas = SMALL) -> Iterator[str]:
    """The file has the frames, size and rate of the clip's row, and sounds as the layout says."""
    path = folder / f"{item.clip_id}.mp4"
    film(item, path, canvas, style_of(item.key))
    row = clip_row(item, canvas, path.name, None, None)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        seen = (stream.width, stream.height, float(stream.average_rate or 0), sum(1 for _ in container.decode(stream)))
    wanted = (row.width, row.height, float(row.fps), row.frames)
    if seen != wanted:
        yield f"width, height, rate and frames are {seen}, recorded {wanted}"
    yield from sound_faults(path, item)
    if abs(row.duration - item.layout.duration) > 1 / canvas.fps:
        yield f"the row says {row.duration:.2f} s, the layout {item.layout.duration:.2f} s"


def pixels_show_objects(item: Item, canvas: Canvas = FULL, most: int = 8) -> Iterator[str]:
    """At full size, for objects that are large and visible enough: taking one away changes its box, and the middle of the
    box has the declared colour."""
    stage = staged(item, canvas, style_of(item.key))
    things = {thing.id: thing for thing in item.layout.objects}
    checked: set[str] = set()
    try:
        for share in (0.25, 0.5, 0.75, 0.05, 0.95):
            moment = round(item.layout.duration * share * canvas.fps) / canvas.fps
            tracks = item.layout.scene.tracks(np.array([moment]))
            for column, name in enumerate(tracks.names):
                left, top, right, bottom = (round(edge) for edge in _pixels(tracks.boxes[0, column], canvas))
                big = min(right - left, bottom - top) >= LEAST_PIXELS
                framed = left >= 0 and top >= 0 and right <= canvas.width and bottom <= canvas.height
                if name in checked or name not in things or len(checked) >= most or not (big and framed):
                    continue
                if tracks.visible[0, column] < LEAST_VISIBLE:
                    continue
                checked.add(name)
                stage.hide()
                shown = _rgb(stage.frame_at(moment), stage.pixel_format)
                mask = stage.masks(moment).get(name)
                stage.hide(name)
                without = _rgb(stage.frame_at(moment), stage.pixel_format)
                changed = np.abs(shown.astype(int) - without).max(axis=-1)[top:bottom, left:right] > 12
                least = 0.5 if things[name].shape_fills_box else 0.004
                if changed.mean() < least:
                    yield f"{name!r} at {moment:.2f} s: without it {changed.mean():.1%} of its box changes, not {least:.1%}"
                y, x = (top + bottom) // 2, (left + right) // 2
                colour = things[name].colour
                if mask is None or not mask.any():
                    yield f"{name!r} at {moment:.2f} s is visible by the layout but not in the masks"
                if colour is not None and mask is not None and mask[y, x]:
                    patch = np.median(shown[y - 1 : y + 2, x - 1 : x + 2].reshape(-1, 3), axis=0)
                    if not looks(patch, colour):
                        yield f"{name!r} at {moment:.2f} s: its middle is {patch.astype(int).tolist()}, not {colour}"
    finally:
        stage.close()
    if not checked and any(thing.colour is not None or thing.shape_fills_box for thing in item.layout.objects):
        yield f"no object is {LEAST_PIXELS} px large and {LEAST_VISIBLE:.0%} visible at five times of the clip"


def looks(pixel: np.ndarray, colour: str) -> bool:
    """Whether an RGB pixel (0 … 255) is of a named colour."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(pixel / 255))
    wanted, _, light = COLOURS[colour]
    if abs(lightness - light) > LIGHTNESS_OFF:
        return False
    if wanted is None:
        return (pixel.max() - pixel.min()) <= 40
    return abs((hue * 360 - wanted + 180) % 360 - 180) <= HUE_OFF and saturation >= 0.15


def _pixels(box: np.ndarray, canvas: Canvas) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(edge) for edge in box)
    return left * canvas.width, top * canvas.height, right * canvas.width, bottom * canvas.height


def _rgb(frame: np.ndarray, pixel_format: str) -> np.ndarray:
    pixels = frame[..., [2, 1, 0]] if pixel_format == "bgra" else frame[..., :3]
    return np.array(pixels)
