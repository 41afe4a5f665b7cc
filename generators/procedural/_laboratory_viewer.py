"""What a chemist who watches knows: what each step needs, kept in a form of its own (which places hold something)."""

from collections.abc import Iterable

from generators.procedural._kitchen_viewer import Deed, Knowledge, Seen, SeenClip
from generators.procedural._laboratory_domain import phrase


def step_between(before: Seen, after: Seen) -> Deed | None:
    """The pouring or weighing that turns one view into the other; ``None`` if no such step does, or too little is seen."""
    if before.keys() != after.keys():
        return None
    changed = [name for name in before if before[name] != after[name]]
    taken = [name for name in changed if name.endswith((" bottle", " tub")) and before[name] == after[name] + 1]
    others = [name for name in changed if name not in taken]
    if len(taken) != 1 or len(others) != 1:
        return None
    (source,), (target,) = taken, others
    what = source.rpartition(" ")[0]
    if target == "balance":
        return ("weigh", (source, target)) if (before[target], after[target]) == ("empty", what) else None
    poured = list(after[target])[len(before[target]) :] == [f"1 {what} raw"]
    return ("pour", (source, target)) if poured and source.endswith(" bottle") else None


_NEEDS = {
    "add": ("balance",), "stir": ("beaker",), "shake": ("tube",), "boil": ("flask", "burner"), "cool": ("flask",),
    "filter": ("flask", "paper"),
}  # fmt: skip
"""What must be there for a kind of step: a thing that holds something, a fire, a fresh paper."""


def cannot_be_done(order: Iterable[SeenClip], left_out: int) -> list[int]:
    """Which clips' steps fail for want of something if the step of clip ``left_out`` is not done."""
    row = list(order)
    there: dict[str, bool] = {}
    for clip in row:  # a thing is as it was at the start until a clip shows it
        for name, value in clip.before.items():
            if name == "funnel":
                there.setdefault("paper", value == "paper")
            else:
                there.setdefault(name, value not in ("empty", "off") and bool(value))
    failed = list[int]()
    for clip in row:
        if clip.number == left_out:
            continue
        if _possible(clip, there):
            _do(clip, there)
        else:
            failed.append(clip.number)
    return failed


def _possible(clip: SeenClip, there: dict[str, bool]) -> bool:
    if clip.kind in ("light", "label", "fit"):
        return not there["paper" if clip.kind == "fit" else "burner" if clip.kind == "light" else "label"]
    if clip.kind == "douse":
        return there["burner"]
    return all(there[name] for name in _NEEDS.get(clip.kind, clip.objects[:1] if clip.kind == "empty" else ()))


def _do(clip: SeenClip, there: dict[str, bool]) -> None:
    what, target = clip.objects[0], clip.objects[-1]
    if clip.kind in ("weigh", "pour"):
        there[target] = True
    elif clip.kind in ("add", "empty"):
        there[what], there[target] = False, True
    elif clip.kind in ("light", "douse"):
        there["burner"] = clip.kind == "light"
    elif clip.kind == "fit":
        there["paper"] = True
    elif clip.kind == "filter":
        there["flask"] = there["paper"] = False
        there["receiver"] = True
    elif clip.kind == "label":
        there["label"] = True


def still_to_do(view: Seen) -> int:
    """How many doses are left; no step gives any back."""
    return sum(value for name, value in view.items() if name.endswith((" bottle", " tub")))


CHEMIST = Knowledge(phrase, step_between, cannot_be_done, still_to_do)
