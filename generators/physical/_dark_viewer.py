"""What went on behind the curtain once more: every story of a hand is played at half the time step, and the one is kept that ends as seen."""

import math
from functools import lru_cache
from itertools import combinations

import numpy as np
from pydantic import JsonValue

from generators.physical._arena import placed
from generators.physical._dark_world import CARRIED, FAR, LASTS, NOTHING, PUT, SWAPPED, TAKEN, Act, acted, end_in
from generators.physical._meetings import half_step, met, read_first
from morse.grounding import boxes_by_second
from morse.layout import Shown
from morse.physics import STEP, Placed, Run, simulate
from morse.schema import Question, Set
from morse.world import World

Ends = tuple[tuple[str, float, float], ...]
Places = dict[str, tuple[float, float]]


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    world, slots = shown.scene, question.slots
    assert isinstance(world, World)
    close = next(event for event in shown.events if event.kind == "closes")
    if question.kind == "hidden":
        return [close.end, next(event for event in shown.events if event.kind == "opens").start]
    standing = placed(shown.states[0].values["things"])
    mover = standing[-1].body.name
    if question.kind == "would_hit":
        hit = {name for touch in half_step(standing, LASTS).touches for name in touch.pair}
        return [name for name in question.option_values if name in hit]
    if slots.get("stage") == "dark":
        return read_first(half_step(standing, LASTS, (mover,)).touches, mover, 0.0)
    before, after = _places(world, close.start - 0.01), _places(world, shown.duration - 0.02)
    moved = [n for n in before if n != mover and n in after and math.dist(before[n], after[n]) > FAR]
    if question.kind == "moved":
        vocabulary = question.format.vocabulary if isinstance(question.format, Set) else ()
        return [name for name in vocabulary if name in moved]
    gone, new = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
    second = [int(str(slots.get("second", 0)))]
    if question.kind in ("where_gone", "where_new"):
        found = gone if question.kind == "where_gone" else new
        return boxes_by_second(world, found[0], second) if found else None
    stories = _stories(moved, gone, new, after)
    spare = placed(shown.states[0].values["spare"])[0]
    act, run = _fitting(standing, spare, stories, tuple((name, *place) for name, place in after.items()))
    if question.kind == "act":
        return [act.kind, *(name for name in (act.thing, act.other) if name)]
    if question.kind == "where_carried":
        return boxes_by_second(world, act.thing, second) if act.kind == CARRIED else None
    if question.kind == "first_hit":
        return read_first(run.touches, mover, 0.0)
    if question.kind == "hits":
        return len(met(run.touches))
    raise ValueError(f"no question kind {question.kind!r}")


def _stories(moved: list[str], gone: list[str], new: list[str], after: Places) -> tuple[Act, ...]:
    """All that a hand can have done, by what is gone, new, or elsewhere."""
    if gone:
        return (Act(TAKEN, gone[0]),)
    if new:
        return (Act(PUT, new[0], place=after[new[0]]),)
    carried = [Act(CARRIED, name, place=after[name]) for name in moved]
    return (Act(NOTHING), *carried, *(Act(SWAPPED, one, other) for one, other in combinations(moved, 2)))


def _places(world: World, time: float) -> Places:
    """Where the things are that are in the picture at a time."""
    poses, boxes = world.poses_at(np.array([time]))[0], world.boxes(np.array([time]))[0]
    found = {}
    for body, pose, box in zip(world.bodies, poses.tolist(), boxes.tolist(), strict=True):
        if body.tracked and box[0] < 1 and box[2] > 0 and box[1] < 1 and box[3] > 0:
            found[body.name] = (pose[0], pose[1])
    return found


@lru_cache(maxsize=8)
def _fitting(standing: tuple[Placed, ...], spare: Placed, stories: tuple[Act, ...], ends: Ends) -> tuple[Act, Run]:
    """The story that ends most like what is seen, and how it goes."""
    runs = [simulate(acted(standing, act, spare), LASTS, step=STEP / 2) for act in stories]
    best = min(range(len(stories)), key=lambda i: max(math.dist(end_in(runs[i], name), (x, y)) for name, x, y in ends))
    return stories[best], runs[best]
