"""What who watches a robot at its table knows: which blocks can be moved, kept as stacks, not in the domain's form."""

from collections.abc import Iterable

from pydantic import JsonValue

from generators.procedural import _kitchen_viewer as viewer
from generators.procedural._kitchen_viewer import Deed, Knowledge, Seen, SeenClip
from generators.procedural._robot_domain import PLACES, phrase
from morse.grounding import boxes_by_second, whole_seconds
from morse.layout import Shown
from morse.schema import Question


def step_between(before: Seen, after: Seen) -> Deed | None:
    """The move of a block that turns one table into the other; ``None`` if none does."""
    changed = [block for block in before if before[block] != after.get(block)]
    if len(changed) != 1 or before.keys() != after.keys():
        return None
    block, target = changed[0], str(after[changed[0]])
    if block in before.values() or target in before.values():
        return None
    return ("lay" if target.startswith("place") else "stack"), (block, target)


class Stacks:
    """The blocks in stacks, from the bottom up."""

    def __init__(self, table: Seen) -> None:
        self.stacks: dict[str, list[str]] = {place: [] for place in PLACES}
        left = dict(table)
        while left:
            for block, under in list(left.items()):
                for place, stack in self.stacks.items():
                    if under == (stack[-1] if stack else place):
                        stack.append(block)
                        left.pop(block)
                        break

    def moves(self, block: str, target: str) -> bool:
        """Move a block if it can be moved there. Whether it lies there now."""
        source = next(stack for stack in self.stacks.values() if block in stack)
        if source[-1] != block:
            return False
        goal = next((stack for place, stack in self.stacks.items() if target == (stack[-1] if stack else place)), None)
        under = source[-2] if len(source) > 1 else next(p for p, s in self.stacks.items() if s is source)
        if under == target:
            return True
        if goal is None:
            return False
        goal.append(source.pop())
        return True

    def under(self, block: str) -> str:
        """What a block lies on."""
        place, stack = next((place, stack) for place, stack in self.stacks.items() if block in stack)
        return [place, *stack][stack.index(block)]


def cannot_be_done(order: Iterable[SeenClip], left_out: int) -> list[int]:
    """Which clips' steps fail for want of something if the step of clip ``left_out`` is not done."""
    row = list(order)
    return _carried_out(row, left_out)[1]


def _carried_out(row: list[SeenClip], left_out: int | None = None) -> tuple[Stacks, list[int]]:
    """The table after all steps that can be done, but for one that is left out, and the clips whose steps fail."""
    table, failed = Stacks(row[0].before), list[int]()
    for clip in row:
        if clip.number == left_out:
            continue
        if clip.kind == "slip":
            block = clip.objects[0]
            if next(stack for stack in table.stacks.values() if block in stack)[-1] != block:
                failed.append(clip.number)
        elif not table.moves(*clip.objects):
            failed.append(clip.number)
    return table, failed


def all_there(_: Seen) -> int:
    """Nothing is used up on a robot's table."""
    return 0


WATCHER = Knowledge(phrase, step_between, cannot_be_done, all_there)


def answer(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, from what is shown."""
    slots = question.slots
    clips = viewer.seen_clips(shown)
    slip = next((clip for clip in clips.values() if clip.kind == "slip"), None)
    if question.kind == "any_lost":
        return slip is not None
    if question.kind in ("lost", "lost_span", "where_lost"):
        return _loss(question.kind, shown)
    if question.kind in OWN:
        row = [clips[number] for number in viewer.ordered(shown, WATCHER, gap=False)]
        if question.kind == "again":
            after = row[[clip.kind for clip in row].index("slip") + 1]
            return after.number
        if question.kind == "steps":
            return [phrase(clip.kind, clip.objects) for clip in row]
        table, _ = _carried_out(row, int(str(slots["clip"])) if question.kind == "without" else None)
        if question.kind == "reached":
            return table.under(str(slots["block"])) == slots["target"]
        return table.under(str(slots["block"]))
    return viewer.answer(question, shown, WATCHER)


def _loss(kind: str, shown: Shown) -> JsonValue:
    """What is to be told of the step that fails: the one after which the table is as before."""
    clips = viewer.seen_clips(shown)
    failed = next(clip for clip in clips.values() if clip.before == clip.after)
    event = next(event for event in shown.events if event.values["clip"] == failed.number)
    if kind == "lost_span":
        return [event.start, event.end]
    if kind == "where_lost":
        return boxes_by_second(shown.scene, event.objects[0], whole_seconds(event.start, event.end))
    return event.objects[0]


OWN = ("again", "steps", "end_under", "reached", "without")
"""The kinds of question that only this table has and that rest on the order of the clips."""
