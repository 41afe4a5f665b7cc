"""What a viewer can work out from the clips of a kitchen alone: the second way to every answer.

Works on what is seen before and after each step, and on a cook's knowledge of what a step needs, kept here in a form of its
own (what lies where, not the domain's states).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import JsonValue

from generators.procedural._kitchen_domain import phrase
from morse.layout import Shown
from morse.schema import Question

Seen = Mapping[str, Any]
Deed = tuple[str, tuple[str, ...]]
NONE = 0
"""Stands for "no clip" among options that are clip numbers."""


@dataclass(frozen=True)
class SeenClip:
    """A numbered clip: the step it shows (empty if it has not been seen) and the kitchen before and after."""

    number: int
    kind: str
    objects: tuple[str, ...]
    before: Seen
    after: Seen | None


@dataclass(frozen=True)
class Knowledge:
    """What a viewer knows of the craft that is filmed."""

    phrase: Callable[[str, tuple[str, ...]], str]
    """A step in words, from its kind and objects."""
    step_between: Callable[[Seen, Seen], Deed | None]
    """The step that turns what is seen into what is seen later."""
    cannot_be_done: Callable[[Iterable[SeenClip], int], list[int]]
    """Which clips' steps fail if that of one clip is not done."""
    still_to_do: Callable[[Seen], int]
    """How much is still to be done, as far as it is seen; no step makes it more."""


def answer(question: Question, shown: Shown, craft: Knowledge) -> JsonValue:
    """The answer to a question on shuffled clips, from what is shown."""
    clips = seen_clips(shown)
    k, gap = question.slots.get("clip"), bool(question.slots.get("gap"))
    if question.kind == "step_shown":
        return craft.phrase(clips[int(str(k))].kind, clips[int(str(k))].objects)
    if question.kind == "clip_of_step":
        return next(n for n, c in clips.items() if craft.phrase(c.kind, c.objects) == question.slots["step"])
    if question.kind in ("stray", "all_belong"):
        stray = stray_of(clips)
        return stray if question.kind == "stray" else stray is None
    if question.kind in ("gap_after", "missing"):
        order, after = order_with_gap(clips, craft)
        step = craft.step_between(clips[after].after or {}, clips[order[order.index(after) + 1]].before)
        return after if question.kind == "gap_after" else craft.phrase(*step) if step else None
    if question.kind == "upcoming":
        step = step_to_come(clips, int(str(k)), craft)
        return craft.phrase(*step) if step else None
    order = ordered(shown, craft, gap=gap)
    if question.kind in ("order", "order_gap"):
        return list[JsonValue](order)
    if question.kind == "order_stray":
        return [str(number) for number in order]
    if question.kind in ("first", "last"):
        return order[0 if question.kind == "first" else -1]
    if question.kind == "next":
        return [*order, NONE][order.index(int(str(k))) + 1]
    row = [clips[number] for number in order]
    if question.kind == "needed":
        return next(v for v in question.option_values if k in craft.cannot_be_done(row, int(str(v))))
    failing = craft.cannot_be_done(row, int(str(k)))
    return next(value for value in question.option_values if value in failing)


def seen_clips(shown: Shown) -> dict[int, SeenClip]:
    """The clips by their number."""
    kitchens: dict[tuple[int, str], Seen] = {}
    for state in shown.states:
        kitchens[int(str(state.values["clip"])), str(state.values["when"])] = state.values["kitchen"]  # type: ignore[assignment]
    steps = {int(str(event.values["clip"])): event for event in shown.events}
    return {
        number: SeenClip(
            number,
            steps[number].kind if number in steps else "",
            steps[number].objects if number in steps else (),
            before,
            kitchens.get((number, "after")),
        )
        for (number, when), before in kitchens.items()
        if when == "before"
    }


def order_of(clips: Iterable[SeenClip]) -> list[int] | None:
    """The one order of the clips, found from the end backwards; ``None`` if there is none."""
    return _lead_to({}, list(clips))


def _lead_to(wanted: Seen, left: list[SeenClip]) -> list[int] | None:
    if not left:
        return []
    for clip in left:
        after = clip.after or {}
        if all(wanted.get(name, value) == value for name, value in after.items()):
            earlier = _lead_to({**wanted, **clip.before}, [other for other in left if other is not clip])
            if earlier is not None:
                return [*earlier, clip.number]
    return None


def stray_of(clips: Mapping[int, SeenClip]) -> int | None:
    """The clip without which the others have an order; ``None`` if all have one together."""
    if order_of(clips.values()) is not None:
        return None
    return next(n for n in clips if order_of(clip for clip in clips.values() if clip.number != n) is not None)


def order_with_gap(clips: Mapping[int, SeenClip], craft: Knowledge) -> tuple[list[int], int]:
    """The order of clips of which one in between is missing, and after which clip it is missing."""
    follows = {a.number: b.number for a in clips.values() for b in clips.values() if a.after == b.before}
    heads = [number for number in clips if number not in follows.values()]
    runs = []
    for number in heads:
        run = [number]
        while run[-1] in follows:
            run.append(follows[run[-1]])
        runs.append(run)
    first, second = sorted(runs, key=lambda run: -craft.still_to_do(clips[run[0]].before))
    if not craft.step_between(clips[first[-1]].after or {}, clips[second[0]].before):
        first, second = second, first
    return [*first, *second], first[-1]


def supplies(kitchen: Seen) -> int:
    """How much is still to be used up; no step gives anything back."""
    stages = {"rack": 3, "board": 2, "chopped": 1}
    return sum(
        value if isinstance(value, int) else stages.get(value, 0) if isinstance(value, str) else 0
        for value in kitchen.values()
    )


def ordered(shown: Shown, craft: Knowledge, *, gap: bool) -> list[int]:
    """The clips that belong, in their right order."""
    clips = seen_clips(shown)
    if gap:
        return order_with_gap(clips, craft)[0]
    stray = stray_of(clips)
    order = order_of(clip for clip in clips.values() if clip.number != stray)
    assert order is not None
    return order


def step_between(before: Seen, after: Seen) -> tuple[str, tuple[str, ...]] | None:
    """The pouring or placing that turns one kitchen into the other; ``None`` if no such step does, or too little is seen."""
    if before.keys() != after.keys():
        return None
    changed = [name for name in before if before[name] != after[name]]
    poured = [name for name in changed if name.endswith(" jar") and before[name] == after[name] + 1]
    filled = [name for name in changed if isinstance(before[name], list | tuple)]
    if len(changed) == 2 and len(poured) == len(filled) == 1:
        top = list(after[filled[0]])[len(before[filled[0]]) :]
        return ("pour", (poured[0], filled[0])) if [f"{name} jar" for name in top] == poured else None
    if len(changed) == 1 and before[changed[0]] == "rack" and after[changed[0]] == "board":
        return "place", (changed[0], "board")
    return None


def step_to_come(clips: Mapping[int, SeenClip], number: int, craft: Knowledge) -> Deed | None:
    """The step of a clip that broke off before it: it leads to what another clip begins with, and all clips then fit."""
    here, others = clips[number], [clip for clip in clips.values() if clip.number != number]
    for follower in others:
        step = craft.step_between(here.before, follower.before)
        if step and order_of([*others, replace(here, after=follower.before)]) is not None:
            return step
    return None


def cannot_be_done(order: Iterable[SeenClip], left_out: int) -> list[int]:
    """Which clips' steps fail for want of something if the step of clip ``left_out`` is not done."""
    cook, failed = _Cook(), list[int]()
    for clip in order:
        if clip.number != left_out and not cook.tries(clip):
            failed.append(clip.number)
    return failed


class _Cook:
    """Keeps in mind what lies on the board, which vessels hold something, and which fires are on."""

    def __init__(self) -> None:
        self.on_board: set[str] = set()
        self.cut: set[str] = set()
        self.filled: set[str] = set()
        self.hot: set[str] = set()
        self.inside = False

    def tries(self, clip: SeenClip) -> bool:
        """Do the step of a clip if it can be done."""
        if not self._can(clip):
            return False
        what, target = clip.objects[0], clip.objects[-1]
        if clip.kind == "place":
            self.on_board.add(what)
        elif clip.kind == "chop":
            self.cut.add(what)
        elif clip.kind in ("light", "heat"):
            self.hot.add(what)
        elif clip.kind in ("slide", "take out"):
            self.inside = clip.kind == "slide"
        elif clip.kind in ("pour", "scrape", "tip", "serve"):
            self.filled.add(target)
            self.filled -= {what}
            self.cut -= {what}
        return True

    def _can(self, clip: SeenClip) -> bool:
        what, target = clip.objects[0], clip.objects[-1]
        in_reach = not self.inside or "baking dish" not in (what, target)
        needs = {
            "pour": in_reach,
            "place": True,
            "chop": what in self.on_board,
            "scrape": what in self.cut and in_reach,
            "stir": what in self.filled,
            "tip": what in self.filled and in_reach,
            "serve": what in self.filled and in_reach,
            "fry": "stove" in self.hot and what in self.filled,
            "bake": "oven" in self.hot and self.inside and what in self.filled,
            "slide": not self.inside,
            "take out": self.inside,
        }
        return needs.get(clip.kind, True)


COOK = Knowledge(phrase, step_between, cannot_be_done, supplies)
