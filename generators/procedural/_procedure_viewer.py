"""What a viewer works out of the further questions on shuffled clips, from what the clips show alone."""

from collections.abc import Iterator
from typing import Any

from pydantic import JsonValue

from generators.procedural._free_order import Shown as ShownClip
from generators.procedural._free_order import order_problem
from generators.procedural._kitchen_viewer import Knowledge, Seen, SeenClip, ordered, seen_clips
from generators.procedural._kitchen_viewer import answer as basic_answer
from morse.layout import Shown
from morse.schema import Question

EITHER = 0
"""Stands for "it cannot be told" among options that are clip numbers."""


def answer(question: Question, shown: Shown, craft: Knowledge) -> JsonValue:
    """The answer to a question on shuffled clips, from what is shown."""
    clips, slots = seen_clips(shown), question.slots
    if question.kind == "order_free":
        return _any_order(list(clips.values()))
    if question.kind == "which_first":
        one, other = int(str(slots["one"])), int(str(slots["other"]))
        firsts = {min(one, other, key=way.index) for way in every_order(list(clips.values()))}
        return firsts.pop() if len(firsts) == 1 else EITHER
    if question.kind == "listed":
        return [craft.phrase(clips[number].kind, clips[number].objects) for number in sorted(clips)]
    if question.kind == "rule_kept":
        row = [clips[number] for number in ordered(shown, craft, gap=bool(slots.get("gap")))]
        done = [craft.phrase(clip.kind, clip.objects) for clip in row]
        return done.index(str(slots["first"])) < done.index(str(slots["then"]))
    return basic_answer(question, shown, craft)


def every_order(clips: list[SeenClip], wanted: Seen | None = None) -> Iterator[tuple[int, ...]]:
    """All orders that fit, found from the end backwards. ``wanted``: what a later clip begins with."""
    wanted = wanted or {}
    if not clips:
        yield ()
    for clip in clips:
        if all(wanted.get(name, value) == value for name, value in (clip.after or {}).items()):
            others = [other for other in clips if other is not clip]
            for way in every_order(others, {**wanted, **clip.before}):
                yield (*way, clip.number)


def _any_order(clips: list[SeenClip]) -> JsonValue:
    """The checker of an order: what is in view at first is what the first clip that shows it begins with."""
    found = next(every_order(clips))
    numbered = {clip.number: clip for clip in clips}
    first: dict[str, Any] = {}
    for number in found:
        first = {**numbered[number].before, **first}
    shown = [ShownClip(clip.number, clip.before, clip.after or {}) for clip in clips]
    return order_problem(first, shown, found)
