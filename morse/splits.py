"""Splits: the sides of a study that trains on some clips and tests on others, disjoint by how they are drawn.

A split's name is a part of a clip's key, so that no two splits share a stream. Beyond that a split may be confined to one side
of four partitions, none of which depends on a seed:

- **looks**: the families of :data:`morse.style.HELD_OUT`, or all others;
- **tasks**: those that are held out by a hash of their name (:func:`is_held_out`), or all others;
- **lengths**: a chain of what happens that is longer than any up to level :data:`TRAINED_LEVELS` (:func:`longer`), or not;
- **combinations**: knobs whose values belong to levels :data:`APART` or more apart (:func:`apart`), or not. On the ramp all knobs
  rise together: few cups come with few swaps. Each value is seen in training, such a combination is not.

Source: the levels of generalisation of SEED-Bench-R1 (arXiv 2503.24376) for L1 to L3; the splits ``novel compositions`` and ``more
compositional steps`` of AGQA (arXiv 2103.16002).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from morse.difficulty import Ramp, TaskParams
from morse.errors import BadInput, did_you_mean
from morse.seeding import digest

if TYPE_CHECKING:
    from morse.task import Task

T = TypeVar("T")
Side = Literal["any", "known", "held out"]
TRAINED_LEVELS = 10
"""Chains of the training side are no longer than at this level."""
APART = 3
"""By how many levels the knobs of a held-out combination differ at least."""
HELD_OUT_OF = 4
"""One task in so many is held out, about."""
_SALT = 44  # with this one every category has tasks on both sides; a test holds it to that


class NotInSplit(BadInput):
    """A task, or a combination of knobs, that is not on a split's side."""


@dataclass(frozen=True)
class Split:
    """Which side of each partition a split's clips are from."""

    about: str
    looks: Side = "any"
    tasks: Side = "any"
    lengths: Side = "any"
    combinations: Side = "any"


ANYTHING = Split("everything, with streams of its own")
SPLITS: MappingProxyType[str, Split] = MappingProxyType(
    {
        "test": ANYTHING,
        "train": Split("to train on, with all of the following held out", "known", "known", "known", "known"),
        "train_all": Split("to train on, with nothing held out but looks", looks="known"),
        "held_out_looks": Split("everything, in looks that training never has", looks="held out"),
        "L1": Split("new clips of what training has", "known", "known", "known", "known"),
        "L2": Split("looks that training never has", "held out", "known", "known", "known"),
        "L3": Split("tasks that training never has", "known", "held out", "known", "known"),
        "novel_composition": Split(
            "values of knobs that training has, in combinations that it has not", "known", "known", "known", "held out"
        ),
        "more_steps": Split("longer chains than training has", "known", "known", "held out"),
    }
)
TRAINING = ("train", "train_all")
"""The splits that are made to be trained on."""

_HOW_FAR = (5, -5, 6, -6, 4, -4, 7, -7, 3, -3, 8, -8, 9, -9)
"""By how many levels the chain of a novel combination differs from the rest: the first of these that makes one."""

CHAINS: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        **{name: ("steps",) for name in ("frozen_lake", "maze", "sign_tour", "sokoban_small")},
        **{name: ("moves",) for name in ("block_stacking", "hanoi", "symbol_shuffle")},
        **{name: ("beats",) for name in ("matrix_completion", "odd_motion", "tone_count")},
        **{name: ("turns",) for name in ("fold_net", "gears", "top_down")},
        **{
            name: ("pairs",)
            for name in "assembly kitchen knots laboratory laundry occlusion_track pendulum_cradle ramps robot_arm".split()
        },
        **{
            name: ("operations",)
            for name in "card_piles coin_cups conveyor dial_lock file_system lights_circle pointer_walk sliding_number stack_machine".split()
        },
        "appearance_count": ("visits",),
        "bar_race": ("days",),
        "blink_rhythm": ("flashes",),
        "broken_rule": ("strokes",),
        "clock_shift": ("sets",),
        "collisions": ("movers",),
        "containers": ("balls",),
        "cube_roll": ("rolls",),
        "cups": ("swaps",),
        "delivery_graph": ("changes",),
        "dice_and_urns": ("draws", "rolls"),
        "duration_compare": ("breaks",),
        "event_order": ("events",),
        "faces": ("deeds",),
        "function_motion": ("length",),
        "geometry_build": ("legs", "derived"),
        "linear_maps": ("maps",),
        "needle": ("seconds",),
        "number_machine": ("tickets",),
        "projectile": ("throws",),
        "real_or_not": ("takes",),
        "river_crossing": ("crossings",),
        "room_tour": ("rooms",),
        "ropes": ("crossings",),
        "rule_switch": ("tokens",),
        "scrolling_table": ("rows",),
        "sequence_recall": ("items",),
        "social_shapes": ("puts", "chases"),
        "solid_geometry": ("solids",),
        "switch_points": ("presses",),
        "text_stream": ("texts",),
        "traffic": ("cars",),
    }
)
"""The knobs of each task that count what happens one after another. A task of one's own names them in ``Params.chained_by``."""


def split_named(name: str) -> Split:
    """The split of a name; other names than those of :data:`SPLITS` are splits with nothing but streams of their own.

    Raises :class:`BadInput` for a name that can be taken for one of them.
    """
    if name in SPLITS:
        return SPLITS[name]
    same = [known for known in SPLITS if known.casefold() == name.casefold().replace("-", "_")]
    if meant := f" (did you mean {same[0]!r}?)" if same else did_you_mean(name, SPLITS):
        raise BadInput(f"no split {name!r}{meant}: those with a meaning are {', '.join(SPLITS)}")
    return ANYTHING


def is_held_out(task: str) -> bool:
    """Whether a task is one that training never has: the same for all seeds and releases, since it follows from the name alone."""
    return int(digest("held out of training", _SALT, task)[:8], 16) % HELD_OUT_OF == 0


def chain_of(task: "Task") -> tuple[str, ...]:
    """The knobs that count what happens one after another."""
    return task.Params.chained_by or CHAINS.get(task.name, ())


def longer(task: "Task", params: TaskParams) -> bool:
    """Whether a knob of the chain is beyond all that it has up to level :data:`TRAINED_LEVELS`."""
    ramps = task.Params.ramps()
    return any(getattr(params, knob) > ramps[knob].at(TRAINED_LEVELS) for knob in chain_of(task))


def apart(params: TaskParams) -> float:
    """How many levels lie between the knob that is furthest up its ramp and the one furthest down; 0 on the ramp itself.

    A knob's value may be that of several levels, or lie between two: the levels of two knobs are as far apart as the nearest two of
    them. What is beyond level :data:`TRAINED_LEVELS` counts as just above it. Knobs that do not change with the level do not count.
    """
    spans = [_levels_of(growth, getattr(params, knob)) for knob, growth in params.ramps().items() if _grows(growth)]
    return max(0.0, max(low for low, _ in spans) - min(high for _, high in spans)) if spans else 0.0


def filled(task: "Task", level: int, knobs: Mapping[str, Any], split: str) -> dict[str, Any]:
    """The knobs of a clip of a split, with those set that a level does not give: for ``more_steps`` a chain that is longer by
    :data:`TRAINED_LEVELS` levels, for ``novel_composition`` one of about five levels above or below, within what training has.

    What is set by hand stays. Raises :class:`NotInSplit` if the task cannot be in the split.
    """
    sides, given = split_named(split), dict(knobs)
    if sides == ANYTHING:
        return given
    chain, ramps = chain_of(task), task.Params.ramps()
    if level > TRAINED_LEVELS or given.keys() & set(chain) or not chain:
        pass
    elif sides.lengths == "held out":
        for above in range(level + TRAINED_LEVELS, level + 5 * TRAINED_LEVELS):
            longest = {knob: ramps[knob].at(above) for knob in chain}
            if any(longest[knob] > ramps[knob].at(TRAINED_LEVELS) for knob in chain):
                given |= longest
                break
    elif sides.combinations == "held out":
        for by in _HOW_FAR:
            other = {knob: ramps[knob].at(level + by) for knob in chain}
            if 1 <= level + by <= TRAINED_LEVELS and _are_apart(task, level, given | other):
                given |= other
                break
    try:
        params = task.Params.at(level, given)
    except BadInput as error:
        kind = BadInput if given == knobs else NotInSplit
        raise kind(f"task {task.name!r} at level {level}: {error}") from None
    check(task, level, params, split)
    return given


def check(task: "Task", level: int, params: TaskParams, split: str) -> None:
    """Raises :class:`NotInSplit` if clips of a task with such knobs are not on the split's side."""
    sides, where = split_named(split), f"task {task.name!r} at level {level}"
    if sides.tasks != "any" and is_held_out(task.name) != (sides.tasks == "held out"):
        here, there = (
            ("is held out of training", "L3") if sides.tasks == "known" else ("is one that training has", "L1")
        )
        other = ", train_all holds no task out" if split in TRAINING else ""
        raise NotInSplit(f"task {task.name!r} {here}, so it is not in split {split} (--split {there} has it{other})")
    ramps, chain = task.Params.ramps(), chain_of(task)
    over = [knob for knob in chain if getattr(params, knob) > ramps[knob].at(TRAINED_LEVELS)]
    if sides.lengths == "known" and over:
        most = ramps[over[0]].at(TRAINED_LEVELS)
        other = " or train_all" if split in TRAINING else ""
        raise NotInSplit(
            f"{where}: {over[0]}={getattr(params, over[0])} is longer than the {most} that training has at most: "
            f"that is for --split more_steps{other}"
        )
    if sides.lengths == "held out" and not over:
        bounds = ", ".join(f"{knob} over {ramps[knob].at(TRAINED_LEVELS)}" for knob in chain)
        raise NotInSplit(f"{where}: no chain that could be longer than training has ({bounds or 'no knob counts one'})")
    distance = apart(params)
    if sides.combinations == "known" and distance >= APART:
        other = " or train_all" if split in TRAINING else ""
        raise NotInSplit(
            f"{where}: its knobs are {distance:g} levels apart, a combination held out for --split novel_composition{other}"
        )
    if sides.combinations == "held out" and distance < APART:
        raise NotInSplit(
            f"{where}: its knobs are {distance:g} levels apart, which training has too; {APART} would be new"
        )


def eligible(tasks: list[T], tried: Callable[[T], object]) -> list[T]:
    """The tasks for which ``tried`` raises nothing; if there is none, what it raised for the first."""
    found: list[T] = []
    first: NotInSplit | None = None
    for task in tasks:
        try:
            tried(task)
            found.append(task)
        except NotInSplit as error:
            first = first or error
    if not found and first is not None:
        raise first
    return found


def _are_apart(task: "Task", level: int, knobs: Mapping[str, Any]) -> bool:
    """Whether a combination is one that the task can have, and held out."""
    try:
        return apart(task.Params.at(level, knobs)) >= APART
    except BadInput:
        return False


def _grows(growth: Ramp) -> bool:
    return growth.at(1) != growth.at(TRAINED_LEVELS)


def _levels_of(growth: Ramp, value: float) -> tuple[float, float]:
    """The lowest and the highest level that a knob's value can be of, or the two levels that it lies between."""
    sign = 1 if growth.per_level >= 0 else -1
    levels = range(1, TRAINED_LEVELS + 2)
    below = [level for level in levels if sign * growth.at(level) < sign * value]
    above = [level for level in levels if sign * growth.at(level) > sign * value]
    equal = [level for level in levels if growth.at(level) == value]
    low = equal[0] if equal else max(below, default=1)
    high = equal[-1] if equal else min(above, default=1)
    return low, float("inf") if not above else high
