"""What one who watches the washing knows: what each step needs, kept in a form of its own (which garment is where, dirty or not)."""

from collections.abc import Iterable

from generators.procedural._kitchen_viewer import Deed, Knowledge, Seen, SeenClip, ordered, seen_clips
from generators.procedural._laundry_domain import phrase
from morse.layout import Shown

_WAYS = {
    ("pegs", "white basket"): "sort", ("pegs", "colour basket"): "sort", ("white basket", "machine"): "load",
    ("colour basket", "machine"): "load", ("machine", "line"): "hang", ("line", "board"): "lay",
    ("board", "shelf"): "put away",
}  # fmt: skip
"""The kind of step that takes a garment from one place to another."""
_STAGES = ("pegs", "basket", "machine", "line", "board", "shelf")
_STATES = ("dirty", "wet", "damp", "dry", "smooth", "folded")


def step_between(before: Seen, after: Seen) -> Deed | None:
    """The carrying of one garment that turns one view into the other; ``None`` if no such step does, or too little is seen."""
    if before.keys() != after.keys():
        return None
    changed = [name for name in before if before[name] != after[name]]
    lists = [name for name in changed if isinstance(before[name], list | tuple)]
    if len(changed) != 2 or len(lists) != 2:
        return None
    sources = [name for name in lists if len(after[name]) < len(before[name])]
    if len(sources) != 1:
        return None
    (source,), (target,) = sources, [name for name in lists if name not in sources]
    gone = [text for text in before[source] if text not in after[source]]
    come = [text for text in after[target] if text not in before[target]]
    kind = _WAYS.get((source, target))
    if kind is None or gone != come or len(gone) != 1:
        return None
    return kind, (gone[0].partition(":")[0], source, target)


def cannot_be_done(order: Iterable[SeenClip], left_out: int) -> list[int]:
    """Which clips' steps fail for want of something if the step of clip ``left_out`` is not done."""
    row = list(order)
    where: dict[str, str] = {}
    things: dict[str, str | int] = {}
    known: set[str] = set()
    for clip in row:  # a place is as it was at the start until a clip shows it
        for name, value in clip.before.items():
            if isinstance(value, list | tuple):
                for text in value if name not in known else ():
                    where.setdefault(text.partition(":")[0], name)
            else:
                things.setdefault(name, value)
            known.add(name)
    failed = list[int]()
    for clip in row:
        if clip.number == left_out:
            continue
        if _possible(clip, where, things):
            _do(clip, where, things)
        else:
            failed.append(clip.number)
    return failed


def _possible(clip: SeenClip, where: dict[str, str], things: dict[str, str | int]) -> bool:
    kind, what = clip.kind, clip.objects[0]
    full = set(where.values())
    if kind in _WAYS.values():
        return where.get(what) == clip.objects[1]
    if kind == "wash":
        return "machine" in full and things["dial"] != "off"
    if kind == "press":
        return things["iron"] == "on" and where.get(what) == "board"
    needs = {
        "fold": where.get(what) == "board",
        "spin": "machine" in full,
        "dry": "line" in full,
        "heat": things.get("iron") == "off",
        "dose": things.get("detergent") != 0,
    }
    return needs[kind] if kind in needs else things["dial"] != kind.removeprefix("set")


def _do(clip: SeenClip, where: dict[str, str], things: dict[str, str | int]) -> None:
    if clip.kind in _WAYS.values():
        where[clip.objects[0]] = clip.objects[2]
    elif clip.kind.startswith("set"):
        things["dial"] = clip.kind.removeprefix("set")
    elif clip.kind == "wash":
        things["dial"] = "off"
    elif clip.kind == "heat":
        things["iron"] = "on"
    elif clip.kind == "dose":
        things["detergent"] = int(things["detergent"]) - 1


def still_to_do(view: Seen) -> int:
    """How far the garments still have to go; no step takes any back."""
    left = 0
    for name, value in view.items():
        if isinstance(value, list | tuple):
            stage = _STAGES.index("basket" if name.endswith("basket") else name)
            left -= sum(stage + _STATES.index(text.partition(": ")[2].split()[0]) for text in value)
    return left


LAUNDERER = Knowledge(phrase, step_between, cannot_be_done, still_to_do)


def unharmed(shown: Shown, *, gap: bool) -> bool:
    """Whether every garment comes out of the machine in the size and colour in which it went in."""
    clips = seen_clips(shown)
    for number in ordered(shown, LAUNDERER, gap=gap):
        clip = clips[number]
        texts = [*clip.before["machine"], *(clip.after or {})["machine"]] if clip.kind == "wash" else []
        marks = {(text.partition(":")[0], text.rpartition(": ")[2].partition(" ")[2]) for text in texts}
        if len(marks) > len({garment for garment, _ in marks}):
            return False
    return True
