"""What two data sets have in common: ``morse verify DATASET --against OTHER``, the proof that a test side and a training side are disjoint.

How the two splits are drawn (:mod:`morse.splits`) says what must not be shared; all else is counted and told.
"""

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click
from pydantic import JsonValue

from harness.columns import aligned
from morse.dataset import Dataset, open_dataset
from morse.schema import Clip, Trace
from morse.splits import ANYTHING, SPLITS, Side, Split, chain_of
from morse.task import registry

CLIPS, PUZZLES, LOOKS, TASKS = "shared clips", "shared puzzles", "shared looks", "shared tasks"
LENGTHS, COMBINATIONS = "shared lengths", "shared combinations"
COMPARED = {
    CLIPS: "clips that the other set has too: by id, by frames, or by what happens together with how it looks",
    PUZZLES: "clips in which the same happens as in one of the other set, however it looks and whenever",
    LOOKS: "families of looks that the other set has too",
    TASKS: "tasks that the other set has too",
    LENGTHS: "clips with no longer a chain than the longest of their task in the set that should have shorter ones",
    COMBINATIONS: "combinations of a task's knobs that the other set has too",
}
PLAIN = "plain"
"""The look in which nothing varies: sharing it says nothing of a clip."""
MOST_NAMED = 5
"""How many of what is shared are named."""


@dataclass(frozen=True)
class Shared:
    """One line of the comparison."""

    check: str
    compared: int = 0
    """How many the first set has; 0: could not be compared, which ``note`` explains."""
    shared: tuple[str, ...] = ()
    """What the other set has too, in words."""
    forbidden: bool = True
    """Whether the two splits say that nothing of it is shared."""
    note: str = ""

    @property
    def passed(self) -> bool | None:
        return None if not self.compared else not (self.forbidden and self.shared)


@dataclass
class Half:
    """What is compared of one set."""

    split: Split
    clips: dict[str, Clip] = field(default_factory=dict)
    traces: dict[str, Trace] = field(default_factory=dict)
    """Empty without the private half."""


def overlap(folder: Path, other: Path) -> tuple[Shared, ...]:
    """What a set shares with another, a line each of :data:`COMPARED`.

    Raises :class:`~morse.errors.BadInput` if one of them is no data set.
    """
    here, there = _side(open_dataset(folder)), _side(open_dataset(other))
    tasks = _compared(TASKS, _tasks(here), _tasks(there), _opposite(here.split.tasks, there.split.tasks))
    if not (here.traces and there.traces):
        unknown = [Shared(name, note="needs both private halves") for name in (PUZZLES, LOOKS, LENGTHS, COMBINATIONS)]
        return _clips(here, there), *unknown[:2], tasks, *unknown[2:]
    mixed = _opposite(here.split.combinations, there.split.combinations)
    return (
        _clips(here, there),
        _compared(PUZZLES, _puzzles(here), _puzzles(there), forbidden=False),
        _compared(LOOKS, _families(here), _families(there), _opposite(here.split.looks, there.split.looks)),
        tasks,
        _lengths(here, there),
        _compared(COMBINATIONS, _combinations(here), _combinations(there), mixed),
    )


def command(folder: Path, other: Path, as_json: bool) -> int:
    """``morse verify --against``: prints the comparison. Returns the exit code: 1 if something is shared that must not be."""
    found = overlap(folder, other)
    passed = all(row.passed is not False for row in found)
    if as_json:
        rows = [asdict(row) | {"passed": row.passed, "what": COMPARED[row.check]} for row in found]
        said = {"dataset": str(folder), "against": str(other), "passed": passed, "shared": rows}
        click.echo(json.dumps(said, indent=1, ensure_ascii=False))
        return 0 if passed else 1
    heads = ("", "of", "shared", "may be", "what is counted")
    lines = [
        (
            row.check,
            str(row.compared or "–"),
            str(len(row.shared)) if row.compared else "–",
            _may(row),
            COMPARED[row.check],
        )
        for row in found
    ]
    click.echo("\n".join(aligned(heads, lines, right=(1, 2))))
    for row in found:
        if row.passed is False:
            for text in row.shared[:MOST_NAMED]:
                click.echo(f"{row.check}: {text}", err=True)
            if len(row.shared) > MOST_NAMED:
                click.echo(f"{row.check}: and {len(row.shared) - MOST_NAMED} more (--json has all)", err=True)
    return 0 if passed else 1


def _may(row: Shared) -> str:
    return row.note or ("none" if row.forbidden else "any number")


def _side(data: Dataset) -> Half:
    clips = {clip.clip_id: clip for clip in data.clips()}
    traces = {clip_id: data.trace(clip_id) for clip_id in clips} if data.private is not None else {}
    return Half(SPLITS.get(data.manifest.recipe.split, ANYTHING), clips, traces)


def _opposite(one: Side, other: Side) -> bool:
    return {one, other} == {"known", "held out"}


def _compared(check: str, here: dict[str, str], there: dict[str, str], forbidden: bool) -> Shared:
    """Values (each with a clip that has it) that both sets have."""
    both = [value for value in here if value in there]
    texts = tuple(f"{value}: clip {here[value]} here, clip {there[value]} there" for value in both)
    return Shared(check, len(here), texts, forbidden)


def _clips(here: Half, there: Half) -> Shared:
    names: dict[str, str] = {}
    for clip_id, clip in there.clips.items():
        names |= dict.fromkeys(_names(clip, there.traces.get(clip_id)), clip_id)
    texts: list[str] = []
    for clip_id, clip in here.clips.items():
        same = [names[name] for name in _names(clip, here.traces.get(clip_id)) if name in names]
        if same:
            texts.append(f"clip {clip_id} is clip {same[0]} there")
    return Shared(CLIPS, len(here.clips), tuple(texts))


def _names(clip: Clip, trace: Trace | None) -> list[str]:
    """All by which a clip is known to be the same as another."""
    names = [f"id {clip.clip_id}"]
    if clip.frames_hash is not None:
        names.append(f"frames {clip.frames_hash}")
    if trace is not None and trace.style.get("seed") != PLAIN:
        names.append(f"puzzle {trace.latent} in {trace.style.get('seed')}")
    return names


def _puzzles(half: Half) -> dict[str, str]:
    return {trace.latent: clip_id for clip_id, trace in half.traces.items()}


def _families(half: Half) -> dict[str, str]:
    return {str(trace.style.get("family")): clip_id for clip_id, trace in half.traces.items()}


def _tasks(half: Half) -> dict[str, str]:
    return {clip.task: clip_id for clip_id, clip in half.clips.items()}


def _combinations(half: Half) -> dict[str, str]:
    """Tasks with the values of all their knobs that change with the level."""
    found: dict[str, str] = {}
    for clip_id, trace in half.traces.items():
        task = half.clips[clip_id].task
        known = registry().tasks.get(task)
        changing = known.Params.ramps() if known is not None else trace.params
        knobs = " ".join(f"{knob}={trace.params.get(knob)}" for knob in changing)
        found[f"{task} with {knobs}"] = clip_id
    return found


def _lengths(here: Half, there: Half) -> Shared:
    """Clips of the side with longer chains whose chain is no longer than the other side's longest."""
    long, short = (there, here) if there.split.lengths == "held out" else (here, there)
    longest: dict[tuple[str, str], float] = {}
    for clip_id, trace in short.traces.items():
        task = short.clips[clip_id].task
        for knob, value in _chain(task, trace.params).items():
            longest[task, knob] = max(longest.get((task, knob), value), value)
    within: list[str] = []
    for clip_id, trace in long.traces.items():
        task = long.clips[clip_id].task
        chain = _chain(task, trace.params)
        if chain and all(value <= longest.get((task, knob), -math.inf) for knob, value in chain.items()):
            knobs = " ".join(f"{knob}={value:g}" for knob, value in chain.items())
            within.append(f"clip {clip_id} of {task}: {knobs} is no longer than the longest of the other set")
    return Shared(LENGTHS, len(long.traces), tuple(within), _opposite(here.split.lengths, there.split.lengths))


def _chain(task: str, params: dict[str, JsonValue]) -> dict[str, float]:
    known = registry().tasks.get(task)
    values = {knob: params.get(knob) for knob in chain_of(known)} if known is not None else {}
    return {knob: value for knob, value in values.items() if isinstance(value, int | float)}
