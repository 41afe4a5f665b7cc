"""What a mechanic who watches knows: which steps a machine allows, kept in a form of its own (counts, not the domain's states)."""

from collections.abc import Iterable

from generators.procedural._assembly_domain import phrase
from generators.procedural._kitchen_viewer import Deed, Knowledge, Seen, SeenClip

_LEVEL = {"foot": 0, "wheel": 1, "nut": 2, "cover": 3, "bolts": 4, "top": 5}
"""How many things must stand at a place, no more and no fewer, for each kind of step there."""
_MOUNTED = {level: kind for kind, level in _LEVEL.items() if kind not in ("nut", "bolts")}


def step_between(before: Seen, after: Seen) -> Deed | None:
    """The mounting of a part that turns one bench into the other; ``None`` if none does, or too little is seen."""
    if before.keys() != after.keys():
        return None
    taken = [name for name in before if before[name] == "rack" and after[name] == "used"]
    changed = [name for name in before if before[name] != after[name] and name not in taken]
    if len(taken) != 1 or len(changed) != 1 or list(after[changed[0]]) != [*before[changed[0]], taken[0]]:
        return None
    return _MOUNTED[len(before[changed[0]])], (taken[0], changed[0])


def cannot_be_done(order: Iterable[SeenClip], left_out: int) -> list[int]:
    """Which clips' steps fail for want of something if the step of clip ``left_out`` is not done."""
    row = list(order)
    standing: dict[str, int] = {}
    for clip in row:  # a place is as it was at the start until a clip shows it
        for name, value in clip.before.items():
            if name.startswith("place "):
                standing.setdefault(name, len(value))
    failed = list[int]()
    for clip in row:
        if clip.number == left_out:
            continue
        places = [name for name in clip.objects if name in standing]
        wanted = 3 if clip.kind == "belt" else _LEVEL[clip.kind]
        if any(standing[place] != wanted for place in places):
            failed.append(clip.number)
        elif clip.kind != "belt":
            standing[places[0]] += 1
    return failed


def still_to_do(bench: Seen) -> int:
    """How much less than whole the machine is."""
    return -sum(len(value) if name.startswith("place ") else value in ("on", "used") for name, value in bench.items())


MECHANIC = Knowledge(phrase, step_between, cannot_be_done, still_to_do)
